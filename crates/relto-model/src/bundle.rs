//! Bodies of several objects, split without reading or copying the objects: bundles, envelopes, lists, single objects, JSON lines.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json::words;

/// One object of a body: where it stands, and its bytes as they arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawObject {
    /// A JSON pointer (`/objects/3`), or a line (`line 7`), with the column where the line stops being JSON.
    pub place: String,
    /// The bytes.
    pub bytes: Bytes,
}

/// Why a body cannot be split.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct BundleError {
    /// Line and column, or JSON pointer.
    pub place: String,
    /// What is wrong.
    pub message: String,
}

fn error(place: impl Into<String>, message: impl Into<String>) -> BundleError {
    BundleError { place: place.into(), message: message.into() }
}

#[derive(Deserialize)]
struct Head<'h> {
    #[serde(rename = "type", borrow)]
    kind: Option<std::borrow::Cow<'h, str>>,
    #[serde(borrow)]
    objects: Option<&'h RawValue>,
    #[serde(borrow)]
    object_marking_refs: Option<&'h RawValue>,
}

/// Splits `body`. A bundle without objects (which STIX 2.1, section 8, allows) is no objects.
///
/// # Errors
/// [`BundleError`] says where `body` stops being what it began as.
pub fn split(body: &Bytes) -> Result<Vec<RawObject>, BundleError> {
    let text = std::str::from_utf8(body)
        .map_err(|wrong| error(format!("byte {}", wrong.valid_up_to()), "not UTF-8: STIX is JSON in UTF-8 (STIX 2.1, section 1.6.5)"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    let first = values.next().ok_or_else(|| error("line 1", "the body is empty"))?.map_err(|wrong| syntax(&wrong))?;
    if text.get(values.byte_offset()..).is_some_and(|rest| !rest.trim().is_empty()) {
        return Ok(lines(body, text));
    }
    whole(body, first.get())
}

fn syntax(wrong: &serde_json::Error) -> BundleError {
    error(format!("line {}, column {}", wrong.line(), wrong.column()), words(wrong))
}

fn whole(body: &Bytes, text: &str) -> Result<Vec<RawObject>, BundleError> {
    if text.starts_with('[') {
        return list(body, text, "");
    }
    if !text.starts_with('{') {
        return Err(error("/", "must be a JSON object, or a list of objects"));
    }
    let head: Head<'_> = serde_json::from_str(text).map_err(|wrong| error("/", words(&wrong)))?;
    match (head.kind.as_deref(), head.objects) {
        (Some("bundle"), _) if head.object_marking_refs.is_some() => {
            Err(error("/object_marking_refs", "a bundle carries no markings (STIX 2.1, section 8)"))
        }
        (Some("bundle") | None, Some(objects)) => list(body, objects.get(), "/objects"),
        (Some("bundle"), None) => Ok(Vec::new()),
        _ => Ok(vec![RawObject { place: "/".to_owned(), bytes: body.slice_ref(text.as_bytes()) }]),
    }
}

fn list(body: &Bytes, text: &str, pointer: &str) -> Result<Vec<RawObject>, BundleError> {
    let objects: Vec<&RawValue> = serde_json::from_str(text).map_err(|_| error(pointer, "must be a list of objects"))?;
    let place = |at: usize| format!("{pointer}/{at}");
    let one = |(at, object): (usize, &RawValue)| RawObject { place: place(at), bytes: body.slice_ref(object.get().as_bytes()) };
    Ok(objects.into_iter().enumerate().map(one).collect())
}

/// One object a line; empty lines count and hold nothing.
fn lines(body: &Bytes, text: &str) -> Vec<RawObject> {
    let mut objects = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        // A line that is not JSON is one object that is refused as such: the others stand for themselves.
        let place = match serde_json::from_str::<&RawValue>(line) {
            Ok(_) => format!("line {number}"),
            Err(wrong) => format!("line {number}, column {}", wrong.column()),
        };
        objects.push(RawObject { place, bytes: body.slice_ref(line.trim().as_bytes()) });
    }
    objects
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Vec<(String, String)> {
        let objects = split(&Bytes::copy_from_slice(body.as_bytes())).unwrap();
        objects.into_iter().map(|object| (object.place, String::from_utf8(object.bytes.to_vec()).unwrap())).collect()
    }

    #[test]
    fn every_form() {
        let one = |place: &str, bytes: &str| (place.to_owned(), bytes.to_owned());
        assert_eq!(
            read(r#"{"type":"bundle","objects":[{"a": 1},{"b":2}]}"#),
            [one("/objects/0", r#"{"a": 1}"#), one("/objects/1", r#"{"b":2}"#)]
        );
        assert_eq!(read(r#"{"objects":[{"a":1}],"more":false}"#), [one("/objects/0", r#"{"a":1}"#)]);
        assert_eq!(read(r#" [{"a":1}] "#), [one("/0", r#"{"a":1}"#)]);
        assert_eq!(read(r#"{"type":"indicator","objects":1}"#), [one("/", r#"{"type":"indicator","objects":1}"#)]);
        assert_eq!(read("{\"a\":1}\n\n {\"b\":2} \n"), [one("line 1", r#"{"a":1}"#), one("line 3", r#"{"b":2}"#)]);
        assert_eq!(read(r#"{"type":"bundle","id":"bundle--1"}"#), []);
    }

    #[test]
    fn errors_name_the_place() {
        for (body, place) in [
            ("", "line 1"),
            ("{\"type\":\"bundle\",\n\"objects\":[{]}", "line 2, column 13"),
            (r#"{"type":"bundle","objects":{}}"#, "/objects"),
            (r#"{"type":"bundle","object_marking_refs":[],"objects":[]}"#, "/object_marking_refs"),
        ] {
            assert_eq!(split(&Bytes::copy_from_slice(body.as_bytes())).unwrap_err().place, place, "{body}");
        }
        assert_eq!(split(&Bytes::from_static(b"{\"a\":\"\xff\"}")).unwrap_err().place, "byte 6");
        let lines = split(&Bytes::from_static(b"{\"a\":1}\n{\"b\":}\n{}")).unwrap();
        assert_eq!(lines.iter().map(|line| line.place.as_str()).collect::<Vec<_>>(), ["line 1", "line 2, column 6", "line 3"]);
    }
}
