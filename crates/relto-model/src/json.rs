//! JSON as STIX has it, I-JSON (RFC 7493): one pass from bytes to a value that refuses duplicate keys, numbers that lose
//! precision, and whatever passes a bound. It knows nothing of STIX itself; see [`crate::object`] for that.

use std::fmt;

use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Number, Value};

/// The largest object, in bytes. A file inside an artifact must fit (STIX 2.1, section 6.1 asks consumers for 10 MB).
pub const OBJECT_BYTES_MAX: usize = 16 << 20;
/// How deep lists and objects may nest, counting the object itself.
pub const NESTING_DEPTH_MAX: usize = 64;
/// Entries of one list, or keys of one JSON object.
pub const LIST_LENGTH_MAX: usize = 100_000;
/// Bytes of a key: the standard's bound for property names and dictionary keys (STIX 2.1, sections 3.1 and 2.3).
pub const KEY_LENGTH_MAX: usize = 250;
/// Bytes of a text.
pub const TEXT_BYTES_MAX: usize = OBJECT_BYTES_MAX;
/// The largest whole number that every JSON reader keeps (RFC 7493, section 2.2): 2^53 - 1.
pub const INTEGER_MAX: u64 = (1 << 53) - 1;

/// Where bytes stop being a STIX object's JSON, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError {
    /// A JSON pointer.
    pub pointer: String,
    /// What is wrong.
    pub message: String,
}

/// Reads `bytes`, which must be one JSON value and nothing else.
///
/// # Errors
/// [`JsonError`] points at the innermost place that was being read.
pub fn read(bytes: &[u8]) -> Result<Value, JsonError> {
    if bytes.len() > OBJECT_BYTES_MAX {
        return Err(JsonError { pointer: String::new(), message: format!("more than {OBJECT_BYTES_MAX} bytes") });
    }
    let mut trail = Trail::default();
    let mut source = serde_json::Deserializer::from_slice(bytes);
    let value = Seed { trail: &mut trail, depth: 0 }.deserialize(&mut source).and_then(|value| source.end().map(|()| value));
    value.map_err(|wrong| JsonError { pointer: trail.pointer(), message: trail.fault.take().unwrap_or_else(|| sentence(&wrong)) })
}

fn sentence(wrong: &serde_json::Error) -> String {
    format!("not JSON: {}", words(wrong))
}

/// The parser's words without the place, which whoever reports them knows better: a pointer, or a line of the file.
pub(crate) fn words(wrong: &serde_json::Error) -> String {
    let words = wrong.to_string();
    words.rsplit_once(" at line ").map_or(words.as_str(), |(words, _)| words).to_owned()
}

/// One step of a JSON pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step<'v> {
    Key(&'v str),
    Index(usize),
}

/// The pointer (RFC 6901) that `steps` make.
pub(crate) fn pointer<'v>(steps: impl IntoIterator<Item = Step<'v>>) -> String {
    let mut pointer = String::new();
    for step in steps {
        pointer.push('/');
        match step {
            Step::Key(key) if key.contains(['~', '/']) => pointer.push_str(&key.replace('~', "~0").replace('/', "~1")),
            Step::Key(key) => pointer.push_str(key),
            Step::Index(index) => pointer.push_str(&index.to_string()),
        }
    }
    pointer
}

/// What went wrong and, innermost first, where: filled only on the way out of an error, so that good input pays nothing.
#[derive(Default)]
struct Trail {
    fault: Option<String>,
    steps: Vec<Place>,
}

enum Place {
    Key(String),
    Index(usize),
}

impl Trail {
    fn fault<E: serde::de::Error>(&mut self, message: String) -> E {
        self.fault = Some(message);
        E::custom("refused")
    }

    fn pointer(&self) -> String {
        pointer(self.steps.iter().rev().map(|place| match place {
            Place::Key(key) => Step::Key(key),
            Place::Index(index) => Step::Index(*index),
        }))
    }
}

struct Seed<'t> {
    trail: &'t mut Trail,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Value, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JSON")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }
    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Value, E> {
        if value > INTEGER_MAX { Err(too_large(self.trail)) } else { Ok(value.into()) }
    }
    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Value, E> {
        if value.unsigned_abs() > INTEGER_MAX { Err(too_large(self.trail)) } else { Ok(value.into()) }
    }
    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        // Every float of this size is whole: an integer that was written in too many digits, or one in scientific notation.
        let fits = value.abs() <= 9_007_199_254_740_991.0;
        Number::from_f64(value).filter(|_| fits).map(Value::Number).ok_or_else(|| too_large(self.trail))
    }
    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }
    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let Self { trail, depth } = self;
        deeper(trail, depth)?;
        let mut list = Vec::new();
        loop {
            match entries.next_element_seed(Seed { trail, depth: depth + 1 }) {
                Ok(Some(_)) if list.len() == LIST_LENGTH_MAX => {
                    return Err(trail.fault(format!("more than {LIST_LENGTH_MAX} entries")));
                }
                Ok(Some(value)) => list.push(value),
                Ok(None) => return Ok(Value::Array(list)),
                Err(wrong) => {
                    trail.steps.push(Place::Index(list.len()));
                    return Err(wrong);
                }
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let Self { trail, depth } = self;
        deeper(trail, depth)?;
        let mut map = Map::new();
        while let Some(Key(key)) = entries.next_key()? {
            if key.len() > KEY_LENGTH_MAX {
                return Err(trail.fault(format!("a key of more than {KEY_LENGTH_MAX} bytes")));
            }
            if map.len() == LIST_LENGTH_MAX {
                return Err(trail.fault(format!("more than {LIST_LENGTH_MAX} keys")));
            }
            match map.entry(key) {
                serde_json::map::Entry::Occupied(taken) => {
                    trail.steps.push(Place::Key(taken.key().clone()));
                    return Err(trail.fault("the key occurs twice".to_owned()));
                }
                serde_json::map::Entry::Vacant(free) => {
                    match entries.next_value_seed(Seed { trail, depth: depth + 1 }) {
                        Ok(value) => free.insert(value),
                        Err(wrong) => {
                            trail.steps.push(Place::Key(free.key().clone()));
                            return Err(wrong);
                        }
                    };
                }
            }
        }
        Ok(Value::Object(map))
    }
}

/// A key, owned, in one allocation.
#[derive(Deserialize)]
#[serde(transparent)]
struct Key(String);

fn too_large<E: serde::de::Error>(trail: &mut Trail) -> E {
    trail.fault("a number beyond 2^53 - 1 either way loses precision (RFC 7493)".to_owned())
}

fn deeper<E: serde::de::Error>(trail: &mut Trail, depth: usize) -> Result<(), E> {
    if depth >= NESTING_DEPTH_MAX {
        return Err(trail.fault(format!("nested more than {NESTING_DEPTH_MAX} deep")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &[u8]) -> (String, String) {
        let error = read(text).unwrap_err();
        (error.pointer, error.message)
    }

    #[test]
    fn reads_what_serde_json_reads() {
        let text = r#"{"a":[1,-2,3.5,{"b":null}],"c":"\u00e9\ud83d\ude00","d":true,"e":{}}"#;
        assert_eq!(read(text.as_bytes()).unwrap(), serde_json::from_str::<Value>(text).unwrap());
    }

    #[test]
    fn errors_point() {
        for (text, place, words) in [
            (r#"{"a":{"b/c":1,"b/c":2}}"#, "/a/b~1c", "twice"),
            (r#"{"a":[1,{"b":9007199254740992}]}"#, "/a/1/b", "2^53"),
            (r#"{"a":-9007199254740992}"#, "/a", "2^53"),
            (r#"{"a":123456789012345678901234567890}"#, "/a", "2^53"),
            (r#"{"a":[1,{"b":NaN}]}"#, "/a/1/b", "not JSON"),
            (r#"{"a":"\ud800"}"#, "/a", "escape"),
            (r#"{"a":"\udc00"}"#, "/a", "surrogate"),
            (r#"{"a":1} {}"#, "", "trailing"),
            (r#"{"a":1"#, "", "EOF"),
            ("", "", "EOF"),
        ] {
            let (pointer, message) = refused(text.as_bytes());
            assert_eq!(pointer, place, "{text}");
            assert!(message.contains(words), "{text}: {message}");
        }
        assert_eq!(refused(b"{\"a\":\"\xff\"}").0, "/a");
    }

    #[test]
    fn bounds() {
        let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read(deep(NESTING_DEPTH_MAX).as_bytes()).is_ok());
        assert!(refused(deep(NESTING_DEPTH_MAX + 1).as_bytes()).1.contains("deep"));
        let long = |entries: usize| format!("[{}1]", "1,".repeat(entries - 1));
        assert!(read(long(LIST_LENGTH_MAX).as_bytes()).is_ok());
        assert!(refused(long(LIST_LENGTH_MAX + 1).as_bytes()).1.contains("entries"));
        let key = |bytes: usize| format!("{{\"{}\":1}}", "k".repeat(bytes));
        assert!(read(key(KEY_LENGTH_MAX).as_bytes()).is_ok());
        assert!(refused(key(KEY_LENGTH_MAX + 1).as_bytes()).1.contains("key"));
        assert!(refused(&vec![b' '; OBJECT_BYTES_MAX + 1]).1.contains("bytes"));
        assert!(read(b"9007199254740991").is_ok());
    }
}
