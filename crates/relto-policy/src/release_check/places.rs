//! The texts of an object that people read or write, with what may be looked for in each: ids, times, hashes and the like are none.

use relto_model::Timestamp;
use relto_model::object::{Class, Object};
use serde_json::Value;

/// A text in an object.
pub(super) struct Place<'v> {
    /// A JSON pointer to it.
    pub(super) pointer: String,
    pub(super) text: &'v str,
    /// Whether it is written for people, so that personal data in it is no part of what the object is about.
    pub(super) is_prose: bool,
}

/// Properties that hold no words, at any depth.
const WORDLESS: &[&str] = &[
    "type",
    "id",
    "spec_version",
    "created",
    "modified",
    "hashes",
    "payload_bin",
    "object_marking_refs",
    "granular_markings",
    "lang",
    "pattern_type",
    "pattern_version",
    "extension_type",
    "schema",
    "mime_type",
    "encryption_algorithm",
    "serial_number",
];
/// Properties of cyber-observables that are prose all the same.
const PROSE_OF_OBSERVABLES: &[&str] = &["body", "subject", "comment", "description", "data"];
/// Properties of other objects that state what the object is about.
const STATEMENTS: &[&str] = &["pattern", "url", "cpe", "objects"];

/// Tells every text of `object`, in the order in which its JSON has them.
pub(super) fn each_text<'v>(object: &'v Object, tell: &mut dyn FnMut(Place<'v>)) {
    if let Some(map) = object.value().as_object() {
        let is_observable = object.class() == Class::Sco;
        map.iter().for_each(|(key, value)| below(key, value, format!("/{}", escaped(key)), !is_observable, tell));
    }
}

fn below<'v>(key: &str, value: &'v Value, pointer: String, is_prose: bool, tell: &mut dyn FnMut(Place<'v>)) {
    if WORDLESS.contains(&key) || key.ends_with("_ref") || key.ends_with("_refs") || key.ends_with("_hex") {
        return;
    }
    let is_prose = (is_prose && !STATEMENTS.contains(&key)) || PROSE_OF_OBSERVABLES.contains(&key) || key.starts_with("x_");
    match value {
        Value::String(text) if Timestamp::parse(text).is_err() => tell(Place { pointer, text, is_prose }),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(index, entry)| below(key, entry, format!("{pointer}/{index}"), is_prose, tell));
        }
        Value::Object(map) => {
            map.iter().for_each(|(key, entry)| below(key, entry, format!("{pointer}/{}", escaped(key)), is_prose, tell));
        }
        _ => {}
    }
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
