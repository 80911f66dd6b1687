//! The form that all objects share: ids, times, markings, and the provenance extension.

use super::Source;
use super::ground::Ground;
use crate::raw::Raw;
use base64::Engine;
pub(crate) use relto_model::text::shortened;
use relto_model::{Stamp, Timestamp};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Name and version of the rules; a change of what they read or write changes it, and with it every id.
pub const RULES: &str = "relto-intake/2";

/// The property extension that says where an object comes from: `raw_sha256`, `encoding`, `spans` in raw bytes (with `rendition_sha256`, in that rendition), `reading`,
/// `status`, `rules`, `rule_version`.
pub const EXTENSION: &str = "extension-definition--4b8c0ff8-f0ff-438c-a5ae-11151e1b5e6b";

/// The namespace of our ids.
pub(crate) const NAMESPACE: Uuid = Uuid::from_u128(0xba8a_1537_1c13_44a7_819f_90d6_8ea5_3309);

/// What all objects of a document have in common.
pub(super) struct Form<'f> {
    raw: &'f Raw,
    sha256: String,
    source: &'f Source,
}

/// Objects in the order of writing, each id once, up to a bound.
pub(super) struct Collected {
    most: usize,
    left_out: usize,
    known: BTreeSet<String>,
    ids: Vec<String>,
    objects: Vec<Value>,
}

impl<'f> Form<'f> {
    pub(super) fn new(raw: &'f Raw, source: &'f Source) -> Self {
        Self { raw, sha256: raw.sha256_hex(), source }
    }

    pub(super) fn source(&self) -> &Source {
        self.source
    }

    /// Of the document as it arrived, of which a rendition may have been read.
    pub(super) fn original_sha256(&self) -> &str {
        self.source.original_sha256.as_deref().unwrap_or(&self.sha256)
    }

    /// The id of what `key` tells apart among the document's objects of `kind`.
    pub(super) fn id(&self, kind: &str, key: &str) -> String {
        id(&self.sha256, self.source.item.as_deref(), &self.source.published, kind, key)
    }

    /// The report: it is as sure as its parts, so it has no confidence of its own.
    pub(super) fn report(&self, own: Value, ground: &Ground) -> Value {
        self.object("report", self.id("report", ""), own, None, ground)
    }

    /// The text that was read of a document whose bytes say nothing of places: without it no span could be looked up.
    pub(super) fn rendition(&self) -> Value {
        let mut artifact = json!({
            "type": "artifact",
            "spec_version": "2.1",
            "id": "",
            "mime_type": "text/plain",
            "payload_bin": base64::engine::general_purpose::STANDARD.encode(self.raw.bytes()),
            "hashes": { "SHA-256": self.sha256 },
        });
        if let Some(object) = artifact.as_object_mut() {
            let id = relto_model::observable_id::of("artifact", object).map(|id| id.as_str().to_owned());
            object.insert("id".to_owned(), json!(id.unwrap_or_else(|| self.id("artifact", ""))));
            if !self.source.markings.is_empty() {
                object.insert("object_marking_refs".to_owned(), json!(self.source.markings));
            }
        }
        artifact
    }

    /// An object of `kind` with its `own` properties.
    pub(super) fn part(&self, kind: &str, key: &str, own: Value, ground: &Ground) -> Value {
        self.object(kind, self.id(kind, key), own, Some(ground.confidence), ground)
    }

    fn object(&self, kind: &str, id: String, own: Value, confidence: Option<u8>, ground: &Ground) -> Value {
        let time = self.source.published.as_str();
        let mut object = Map::new();
        for (name, value) in [("type", kind), ("spec_version", "2.1"), ("id", &id), ("created", time), ("modified", time)] {
            object.insert(name.to_owned(), json!(value));
        }
        if let Some(confidence) = confidence {
            object.insert("confidence".to_owned(), json!(confidence));
        }
        if !self.source.markings.is_empty() {
            let markings: Vec<&str> = self.source.markings.iter().map(relto_model::ObjectId::as_str).collect();
            object.insert("object_marking_refs".to_owned(), json!(markings));
        }
        if let Value::Object(own) = own {
            object.extend(own);
        }
        let extensions = object.entry("extensions").or_insert_with(|| json!({}));
        if let Some(extensions) = extensions.as_object_mut() {
            extensions.insert(EXTENSION.to_owned(), self.provenance(kind, ground));
        }
        Value::Object(object)
    }

    fn provenance(&self, kind: &str, ground: &Ground) -> Value {
        let mut provenance = Map::new();
        let mut put = |name: &str, value: Value| provenance.insert(name.to_owned(), value);
        put("extension_type", json!("property-extension"));
        put("raw_sha256", json!(self.original_sha256()));
        if self.source.original_sha256.is_some() {
            // Then spans are places in it.
            put("rendition_sha256", json!(self.sha256));
        }
        put("encoding", json!(self.raw.encoding_name()));
        if let Some(media_type) = self.source.media_type.as_deref().filter(|media_type| kind == "report" && !media_type.is_empty()) {
            put("media_type", json!(media_type));
        }
        if !ground.spans.is_empty() {
            put("spans", json!(ground.spans));
        }
        put("reading", json!(ground.reading));
        put("status", json!(ground.status));
        if !ground.rules.is_empty() {
            put("rules", json!(ground.rules));
        }
        put("rule_version", json!(RULES));
        Value::Object(provenance)
    }
}

/// The id of the report of the bytes with the hash `sha256` (in hexadecimal), of the `item` of a feed if they are one, and the date `published`, as
/// [`super::bundle`] gives it.
#[must_use]
pub fn report_id(sha256: &str, item: Option<&str>, published: &Timestamp) -> String {
    id(sha256, item, published, "report", "")
}

/// The instant as STIX wants it where it tells versions apart.
pub(super) fn milliseconds(stamp: Stamp) -> String {
    let text = stamp.to_string();
    format!("{}Z", text.get(.."2026-03-01T08:00:00.000".len()).unwrap_or(&text))
}

fn id(sha256: &str, item: Option<&str>, published: &Timestamp, kind: &str, key: &str) -> String {
    // When an object was made never changes under one id (STIX 2.1, section 3.2).
    let item = item.map(|item| format!("\nitem {item}")).unwrap_or_default();
    let name = format!("{sha256}{item}\n{}\n{RULES}\n{kind}\n{key}", published.as_str());
    format!("{kind}--{}", Uuid::new_v5(&NAMESPACE, name.as_bytes()).hyphenated())
}

impl Collected {
    pub(super) fn at_most(most: usize) -> Self {
        Self { most, left_out: 0, known: BTreeSet::new(), ids: Vec::new(), objects: Vec::new() }
    }

    /// Adds `object`, unless its id is there already, and says what its id is; `None` when there is no more room.
    pub(super) fn add(&mut self, object: Value) -> Option<String> {
        let id = object.get("id").and_then(Value::as_str)?.to_owned();
        if self.known.contains(&id) {
            return Some(id);
        }
        if self.objects.len() >= self.most {
            self.left_out += 1;
            return None;
        }
        self.known.insert(id.clone());
        self.ids.push(id.clone());
        self.objects.push(object);
        Some(id)
    }

    /// Adds `object` even where there is no more room.
    pub(super) fn add_beyond(&mut self, object: Value) {
        self.most = self.most.max(self.objects.len() + 1);
        self.add(object);
    }

    /// How many objects had no room.
    pub(super) fn left_out(&self) -> usize {
        self.left_out
    }

    pub(super) fn ids(&self) -> &[String] {
        &self.ids
    }

    pub(super) fn into_objects(self) -> Vec<Value> {
        self.objects
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_counted_and_bounded() {
        let mut collected = Collected::at_most(1);
        assert_eq!(collected.add(json!({ "id": "a" })).as_deref(), Some("a"));
        assert_eq!(collected.add(json!({ "id": "a" })).as_deref(), Some("a"));
        assert_eq!(collected.add(json!({ "id": "b" })), None);
        assert_eq!((collected.ids().len(), collected.left_out()), (1, 1));
    }

    #[test]
    fn long_texts_are_cut_where_characters_end() {
        assert_eq!((shortened("会议", 2), shortened("会议举行", 3)), ("会议".to_owned(), "会议…".to_owned()));
    }
}
