//! Envelopes that clients post (TAXII 2.1, section 3.7): split into objects without reading them.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;

/// Objects in one post at most.
pub const OBJECTS_MAX: usize = 200_000;

/// Why a body is no envelope of objects.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// Not JSON at all.
    #[error("the body is not JSON: {0}")]
    Json(String),
    /// JSON, but not of this form; begins with a JSON pointer.
    #[error("{0}")]
    Form(String),
}

#[derive(Deserialize)]
struct Envelope<'e> {
    #[serde(borrow)]
    objects: Option<&'e RawValue>,
}

/// The raw objects of `body` in order; the one at `n` stands at the JSON pointer `/objects/n`.
///
/// # Errors
/// [`EnvelopeError::Json`] when the body is not JSON, [`EnvelopeError::Form`] when it is not an envelope with a list of objects.
pub fn split(body: &Bytes) -> Result<Vec<Bytes>, EnvelopeError> {
    let text = std::str::from_utf8(body).map_err(|error| EnvelopeError::Json(error.to_string()))?;
    if text.trim().is_empty() {
        return Err(EnvelopeError::Json("it is empty".to_owned()));
    }
    let whole: &RawValue = serde_json::from_str(text).map_err(|error| EnvelopeError::Json(error.to_string()))?;
    if !whole.get().starts_with('{') {
        return Err(EnvelopeError::Form("/: must be a JSON object with a list `objects` (TAXII 2.1, section 3.7)".to_owned()));
    }
    let envelope: Envelope<'_> =
        serde_json::from_str(whole.get()).map_err(|error| EnvelopeError::Form(format!("/: the body is not an envelope: {error}")))?;
    let objects = envelope.objects.ok_or_else(|| EnvelopeError::Form("/objects: there are no objects to add".to_owned()))?;
    let objects: Vec<&RawValue> = serde_json::from_str(objects.get())
        .map_err(|_| EnvelopeError::Form("/objects: must be a list of objects (TAXII 2.1, section 3.7)".to_owned()))?;
    if objects.is_empty() {
        return Err(EnvelopeError::Form("/objects: must not be empty (TAXII 2.1, section 2)".to_owned()));
    }
    if objects.len() > OBJECTS_MAX {
        return Err(EnvelopeError::Form(format!("/objects: more than {OBJECTS_MAX} objects")));
    }
    if let Some(at) = objects.iter().position(|object| !object.get().starts_with('{')) {
        return Err(EnvelopeError::Form(format!("/objects/{at}: must be an object")));
    }
    Ok(objects.into_iter().map(|object| body.slice_ref(object.get().as_bytes())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Vec<Bytes>, EnvelopeError> {
        split(&Bytes::copy_from_slice(body.as_bytes()))
    }

    #[test]
    fn objects_keep_their_bytes() {
        let objects = read(r#" {"more": false, "objects": [ {"a" : 1 } , {"b":2}]} "#).unwrap();
        assert_eq!(objects, [&br#"{"a" : 1 }"#[..], br#"{"b":2}"#]);
    }

    #[test]
    fn what_is_no_envelope_says_so() {
        for body in ["", "{", "nonsense", "{\"objects\":[{]}", "{\"objects\":[{}]} x"] {
            assert!(matches!(read(body), Err(EnvelopeError::Json(_))), "{body}");
        }
        for body in ["[]", "1", "{}", "{\"objects\":{}}", "{\"objects\":[]}", "{\"objects\":[1]}", "{\"objects\":[{}],\"objects\":[{}]}"] {
            assert!(matches!(read(body), Err(EnvelopeError::Form(_))), "{body}");
        }
        let deep = format!("{{\"objects\":[{}{}]}}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(read(&deep).is_err());
        assert!(split(&Bytes::from_static(b"{\"objects\":[{\"a\":\"\xff\"}]}")).is_err());
    }
}
