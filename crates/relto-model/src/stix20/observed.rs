//! The cyber-observables inside an observed-data of STIX 2.0, as objects of their own.
//!
//! They carry the markings of what held them, so that no one learns by conversion what was withheld. Ids follow from content where the
//! standard says so (STIX 2.1, section 3.4), else from the observed-data's id and the key: the same input always gives the same ids.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{Changes, hash_names};
use crate::{ObjectId, observable_id};

/// Old name and new name of a property, by kind of object. What 2.1 has no place for gets an `x_` name.
#[rustfmt::skip]
const RENAMED: &[(&str, &str, &str, &str)] = &[
    ("directory", "created", "ctime", "directory: created renamed to ctime"),
    ("directory", "modified", "mtime", "directory: modified renamed to mtime"),
    ("directory", "accessed", "atime", "directory: accessed renamed to atime"),
    ("file", "created", "ctime", "file: created renamed to ctime"),
    ("file", "modified", "mtime", "file: modified renamed to mtime"),
    ("file", "accessed", "atime", "file: accessed renamed to atime"),
    ("file", "is_encrypted", "x_is_encrypted", "file: is_encrypted kept as x_is_encrypted"),
    ("file", "encryption_algorithm", "x_encryption_algorithm", "file: encryption_algorithm kept as x_encryption_algorithm"),
    ("file", "decryption_key", "x_decryption_key", "file: decryption_key kept as x_decryption_key"),
    ("process", "binary_ref", "image_ref", "process: binary_ref renamed to image_ref"),
    ("process", "created", "created_time", "process: created renamed to created_time"),
    ("process", "name", "x_name", "process: name kept as x_name"),
    ("process", "arguments", "x_arguments", "process: arguments kept as x_arguments"),
    ("user-account", "password_last_changed", "credential_last_changed", "user-account: password_last_changed renamed to credential_last_changed"),
    ("windows-registry-key", "modified", "modified_time", "windows-registry-key: modified renamed to modified_time"),
    ("archive-ext", "version", "x_version", "archive-ext: version kept as x_version"),
    ("raster-image-ext", "image_compression_algorithm", "x_image_compression_algorithm", "raster-image-ext: image_compression_algorithm kept with x_"),
    ("socket-ext", "protocol_family", "x_protocol_family", "socket-ext: protocol_family kept as x_protocol_family"),
];

/// Replaces `objects` by `object_refs` and returns what it held, in the order of the ids.
///
/// What cannot be taken apart without losing some of it stays as it is, for the standard's rules to refuse.
pub(super) fn take_apart(observed: &mut Map<String, Value>, changes: &mut Changes) -> Vec<Map<String, Value>> {
    let Some(mut parts) = observed.get("objects").and_then(parts) else { return Vec::new() };
    parts.values_mut().for_each(|part| renew(part, changes));
    let scope = observed.get("id").and_then(Value::as_str).unwrap_or_default();
    let ids = Naming { scope, parts: &parts, ids: BTreeMap::new() }.name_all();
    if ids.len() < parts.len() {
        return Vec::new();
    }
    observed.remove("objects");
    changes.note("observed-data: objects became objects of their own");
    let markings = markings(observed, &parts, changes);
    let mut objects: BTreeMap<String, Vec<Map<String, Value>>> = BTreeMap::new();
    for (key, mut part) in parts {
        let Some(id) = ids.get(&key) else { continue };
        resolve(&mut part, &ids);
        part.insert("id".to_owned(), json!(id));
        part.insert("spec_version".to_owned(), json!("2.1"));
        join_markings(&mut part, &Map::from_iter([(MARKINGS.to_owned(), json!(markings.get(&key)))]));
        // Two keys with one content are one object; what either is marked with holds.
        let same_id = objects.entry(id.to_string()).or_default();
        match same_id.iter_mut().find(|other| unmarked(other) == unmarked(&part)) {
            Some(same) => join_markings(same, &part),
            None => same_id.push(part),
        }
    }
    if !objects.is_empty() {
        observed.insert("object_refs".to_owned(), json!(objects.keys().collect::<Vec<_>>()));
    }
    objects.into_values().flatten().collect()
}

const MARKINGS: &str = "object_marking_refs";

/// What a container holds by key, if all of it are objects that say what they are.
fn parts(container: &Value) -> Option<BTreeMap<String, Map<String, Value>>> {
    let part = |(key, value): (&String, &Value)| {
        let part = value.as_object().filter(|part| part.get("type").is_some_and(Value::is_string))?;
        Some((key.clone(), part.clone()))
    };
    container.as_object()?.iter().map(part).collect()
}

fn unmarked(part: &Map<String, Value>) -> Map<String, Value> {
    let mut part = part.clone();
    part.remove(MARKINGS);
    part
}

fn join_markings(object: &mut Map<String, Value>, other: &Map<String, Value>) {
    let list = |object: &Map<String, Value>| object.get(MARKINGS).and_then(Value::as_array).cloned().unwrap_or_default();
    let mut joined = list(object);
    joined.extend(list(other).into_iter().filter(|mark| !list(object).contains(mark)));
    if !joined.is_empty() {
        object.insert(MARKINGS.to_owned(), Value::Array(joined));
    }
}

/// The markings of each part: those of the whole, and the granular ones that reach into it, which leave the whole. A granular marking that is
/// not of the standard's form, or selects what is not there, stays: nothing that withholds is dropped.
fn markings(
    observed: &mut Map<String, Value>,
    parts: &BTreeMap<String, Map<String, Value>>,
    changes: &mut Changes,
) -> BTreeMap<String, Vec<Value>> {
    let of_whole = observed.get(MARKINGS).and_then(Value::as_array).cloned().unwrap_or_default();
    let mut marks: BTreeMap<String, Vec<Value>> = parts.keys().map(|key| (key.clone(), of_whole.clone())).collect();
    let Some(Value::Array(granular)) = observed.get_mut("granular_markings") else { return marks };
    granular.retain_mut(|marking| {
        let Some(mark) = marking.get("marking_ref").filter(|mark| mark.is_string()).cloned() else { return true };
        let Some(Value::Array(selectors)) = marking.get_mut("selectors") else { return true };
        selectors.retain(|selector| {
            let reached = selector.as_str().map(|selector| reached(selector, parts)).unwrap_or_default();
            for (_, marks) in marks.iter_mut().filter(|(key, marks)| reached.contains(&key.as_str()) && !marks.contains(&mark)) {
                marks.push(mark.clone());
            }
            reached.is_empty()
        });
        if selectors.is_empty() {
            changes.note("observed-data: granular markings of objects moved to the objects they cover");
        }
        !selectors.is_empty()
    });
    if granular.is_empty() {
        observed.remove("granular_markings");
    }
    marks
}

/// The keys of the parts that a selector reaches: all for `objects`, one for `objects.KEY` and what is in it.
fn reached<'p>(selector: &str, parts: &'p BTreeMap<String, Map<String, Value>>) -> Vec<&'p str> {
    let mut steps = selector.split('.');
    if steps.next() != Some("objects") {
        return Vec::new();
    }
    let key = steps.next();
    parts.keys().map(String::as_str).filter(|part| key.is_none_or(|key| key == *part)).collect()
}

/// New names for old, in an observable and in its extensions.
fn renew(part: &mut Map<String, Value>, changes: &mut Changes) {
    let kind = part.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    rename(&kind, part, changes);
    part.get_mut("hashes").and_then(Value::as_object_mut).into_iter().for_each(|hashes| hash_names(hashes, changes));
    let Some(Value::Object(extensions)) = part.remove("extensions") else { return };
    let mut renewed = Map::new();
    for (name, mut extension) in extensions {
        if let Some(extension) = extension.as_object_mut() {
            rename(&name, extension, changes);
            request_headers(extension, changes);
        }
        let known = name.ends_with("-ext") || name.starts_with("extension-definition--");
        if !known {
            changes.note("a custom extension's name given the ending -ext");
        }
        renewed.insert(if known { name } else { format!("{name}-ext") }, extension);
    }
    if !renewed.is_empty() {
        part.insert("extensions".to_owned(), Value::Object(renewed));
    }
}

fn rename(kind: &str, object: &mut Map<String, Value>, changes: &mut Changes) {
    for (_, from, to, rule) in RENAMED.iter().filter(|(of, ..)| *of == kind) {
        changes.rename(object, from, to, rule);
    }
}

/// In 2.0 a header has one value; in 2.1 a list of them.
fn request_headers(extension: &mut Map<String, Value>, changes: &mut Changes) {
    for value in extension.get_mut("request_header").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut) {
        if value.is_string() {
            *value = json!([value.take()]);
            changes.note("http-request-ext: header values made lists");
        }
    }
}

/// Finds the id of every part, those first that others' ids depend on.
struct Naming<'p> {
    scope: &'p str,
    parts: &'p BTreeMap<String, Map<String, Value>>,
    ids: BTreeMap<String, ObjectId>,
}

impl Naming<'_> {
    fn name_all(mut self) -> BTreeMap<String, ObjectId> {
        for key in self.parts.keys() {
            self.name(key, 0);
        }
        self.ids
    }

    /// `depth` ends circles of references: whoever closes one counts as unnamed.
    fn name(&mut self, key: &str, depth: usize) {
        let Some(part) = self.parts.get(key).filter(|_| !self.ids.contains_key(key) && depth < 8) else { return };
        let Some(kind) = part.get("type").and_then(Value::as_str) else { return };
        let mut resolved = part.clone();
        for name in observable_id::contributing(kind).unwrap_or_default().iter().filter(|name| name.ends_with("_ref")) {
            if let Some(other) = part.get(*name).and_then(Value::as_str) {
                self.name(other, depth + 1);
            }
        }
        resolve(&mut resolved, &self.ids);
        if let Some(id) = observable_id::of(kind, &resolved).or_else(|| self.id_of_place(kind, key)) {
            self.ids.entry(key.to_owned()).or_insert(id);
        }
    }

    /// An id in the form of a random one, from where the part stands.
    fn id_of_place(&self, kind: &str, key: &str) -> Option<ObjectId> {
        let digest = Sha256::digest(format!("{}\n{key}", self.scope));
        let bytes = digest.first_chunk::<16>()?;
        ObjectId::new(kind, uuid::Builder::from_random_bytes(*bytes).into_uuid())
    }
}

/// Puts ids where `…_ref` and `…_refs` hold keys.
fn resolve(part: &mut Map<String, Value>, ids: &BTreeMap<String, ObjectId>) {
    for (name, value) in part.iter_mut() {
        resolve_value(name, value, ids);
    }
}

fn resolve_value(name: &str, value: &mut Value, ids: &BTreeMap<String, ObjectId>) {
    match value {
        Value::String(text) if name.ends_with("_ref") || name.ends_with("_refs") => {
            if let Some(id) = ids.get(text.as_str()) {
                *text = id.to_string();
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|entry| resolve_value(name, entry, ids)),
        Value::Object(map) => map.iter_mut().for_each(|(name, entry)| resolve_value(name, entry, ids)),
        _ => {}
    }
}
