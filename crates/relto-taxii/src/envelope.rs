//! Envelopes (TAXII 2.1, section 3.7): those that clients post, and the pages that servers give. Split into objects without reading them.

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
    /// There are no objects in it; begins with a JSON pointer.
    #[error("/objects: {0}")]
    Empty(&'static str),
}

#[derive(Deserialize)]
struct Envelope<'e> {
    #[serde(borrow)]
    objects: Option<&'e RawValue>,
}

/// A page as a server gives it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// The raw objects, in order; none when the server has nothing more.
    pub objects: Vec<Bytes>,
    /// Whether the server says that there is more.
    pub more: bool,
    /// Where the next page begins, in the server's words.
    pub next: Option<String>,
}

/// Longest `next` that is kept, in bytes.
pub const NEXT_BYTES_MAX: usize = 4096;

/// The page in `body`, read in one pass. What stands beside `objects`, `more` and `next` is not looked at.
///
/// # Errors
/// [`EnvelopeError::Form`] when it is no envelope of objects; one without any is a page without any.
pub fn page(body: &Bytes) -> Result<Page, EnvelopeError> {
    #[derive(Deserialize)]
    struct Given<'b> {
        #[serde(default)]
        more: bool,
        #[serde(default)]
        next: Option<String>,
        #[serde(default, borrow)]
        objects: Option<Vec<&'b RawValue>>,
    }
    // A list would be read as the members in their order.
    if !body.trim_ascii_start().starts_with(b"{") {
        return Err(EnvelopeError::Form("/: the body is no JSON object".to_owned()));
    }
    let given = serde_json::from_slice(body);
    let Given { more, next, objects } = given.map_err(|error| EnvelopeError::Form(format!("/: the body is no page: {error}")))?;
    match next {
        Some(next) if next.len() > NEXT_BYTES_MAX => Err(EnvelopeError::Form(format!("/next: more than {NEXT_BYTES_MAX} bytes"))),
        next => Ok(Page { objects: sliced(objects.unwrap_or_default(), body)?, more, next }),
    }
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
    let objects = envelope.objects.ok_or(EnvelopeError::Empty("there are no objects to add"))?;
    let objects: Vec<&RawValue> = serde_json::from_str(objects.get())
        .map_err(|_| EnvelopeError::Form("/objects: must be a list of objects (TAXII 2.1, section 3.7)".to_owned()))?;
    if objects.is_empty() {
        return Err(EnvelopeError::Empty("must not be empty (TAXII 2.1, section 2)"));
    }
    sliced(objects, body)
}

/// The bytes of `objects`, which are parts of `body`.
fn sliced(objects: Vec<&RawValue>, body: &Bytes) -> Result<Vec<Bytes>, EnvelopeError> {
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
    fn pages_of_servers() {
        let read = |body: &'static str| page(&Bytes::from_static(body.as_bytes()));
        assert_eq!(read("{}").unwrap(), Page::default());
        assert_eq!(read(r#"{"objects":[]}"#).unwrap(), Page::default());
        let full = read(r#"{"more":true,"next":"n","objects":[{"a":1}],"x_other":{"objects":[2]}}"#).unwrap();
        assert_eq!(full, Page { objects: vec![Bytes::from_static(br#"{"a":1}"#)], more: true, next: Some("n".to_owned()) });
        for bad in ["", "[]", r#"{"objects":[1]}"#, r#"{"more":"yes"}"#, r#"{"next":7}"#, r#"{"objects":{}}"#] {
            assert!(read(bad).is_err(), "{bad}");
        }
        assert!(page(&Bytes::from(format!(r#"{{"next":"{}"}}"#, "n".repeat(NEXT_BYTES_MAX + 1)))).is_err());
    }

    #[test]
    fn what_is_no_envelope_says_so() {
        for body in ["", "{", "nonsense", "{\"objects\":[{]}", "{\"objects\":[{}]} x"] {
            assert!(matches!(read(body), Err(EnvelopeError::Json(_))), "{body}");
        }
        for body in ["[]", "1", "{}", "{\"objects\":{}}", "{\"objects\":[]}", "{\"objects\":[1]}", "{\"objects\":[{}],\"objects\":[{}]}"] {
            assert!(matches!(read(body), Err(EnvelopeError::Form(_) | EnvelopeError::Empty(_))), "{body}");
        }
        let deep = format!("{{\"objects\":[{}{}]}}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(read(&deep).is_err());
        assert!(split(&Bytes::from_static(b"{\"objects\":[{\"a\":\"\xff\"}]}")).is_err());
    }
}
