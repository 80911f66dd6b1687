//! What of an object can be found: its strings, by the name of their property, and what it refers to.
//!
//! Everything that a reader of the whole object reads is text, and what names something for machines alone is not: ids, references and
//! markings are looked for as such. Dates, figures and truth values are found under their property only.

use relto_model::object::content_digest;
use relto_model::{ObjectId, Timestamp};
use serde_json::{Map, Value as Json};
use sha2::{Digest as _, Sha256};

/// Properties that say what an object is to machines.
const OF_MACHINES: [&str; 8] =
    ["id", "type", "spec_version", "created", "modified", "granular_markings", "object_marking_refs", "extension_type"];
/// Properties that name the object.
const TITLES: [&str; 5] = ["name", "title", "value", "aliases", "subject"];
/// The date of an object is the first of these that it has.
const DATES: [&str; 3] = ["published", "modified", "created"];
/// Deeper than any valid object.
const DEPTH_MAX: usize = 64;

/// A string of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Property<'o> {
    /// The name of the property at the top of the object, or of an extension, that holds it.
    pub name: &'o str,
    /// The string.
    pub text: std::borrow::Cow<'o, str>,
    /// Whether it is found under its property alone.
    pub is_value: bool,
}

impl Property<'_> {
    /// Whether it names the object.
    pub(crate) fn is_title(&self) -> bool {
        TITLES.contains(&self.name)
    }
}

/// What of an object can be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Content<'o> {
    /// Its id.
    pub id: &'o str,
    /// Its strings, in order.
    pub properties: Vec<Property<'o>>,
    /// The ids that it refers to.
    pub references: Vec<&'o str>,
    /// Its date, in microseconds.
    pub date: Option<i64>,
}

impl<'o> Content<'o> {
    /// Reads `object`; `None` when it has no id.
    pub(crate) fn of(object: &'o Json) -> Option<Self> {
        let object = object.as_object()?;
        let id = object.get("id")?.as_str()?;
        let date = DATES.iter().find_map(|name| Timestamp::parse(object.get(*name)?.as_str()?).ok());
        let mut content = Self { id, properties: Vec::new(), references: Vec::new(), date: date.map(|date| date.stamp().0) };
        content.read_top(object);
        Some(content)
    }

    fn read_top(&mut self, object: &'o Map<String, Json>) {
        for (name, value) in object {
            if name == "extensions" {
                // What an extension adds are properties like others (STIX 2.1, section 7.3).
                value.as_object().into_iter().flat_map(Map::values).filter_map(Json::as_object).for_each(|own| self.read_top(own));
            } else if !OF_MACHINES.contains(&name.as_str()) {
                self.read(name, name, value, 0);
            }
        }
    }

    fn read(&mut self, top: &'o str, name: &str, value: &'o Json, depth: usize) {
        if depth > DEPTH_MAX {
            return;
        }
        let is_reference = name.ends_with("_ref") || name.ends_with("_refs");
        match value {
            Json::String(id) if is_reference => self.references.push(id),
            Json::String(text) => match Timestamp::parse(text) {
                Ok(_) => self.push(top, text.split('T').next().unwrap_or_default().into(), true),
                Err(_) => self.push(top, text.into(), false),
            },
            Json::Number(number) => self.push(top, number.to_string().into(), true),
            Json::Bool(truth) => self.push(top, truth.to_string().into(), true),
            Json::Array(list) => list.iter().for_each(|entry| self.read(top, name, entry, depth + 1)),
            Json::Object(inner) => inner.iter().for_each(|(name, value)| self.read(top, name, value, depth + 1)),
            Json::Null => {}
        }
    }

    fn push(&mut self, name: &'o str, text: std::borrow::Cow<'o, str>, is_value: bool) {
        self.properties.push(Property { name, text, is_value });
    }
}

/// A number for an id. That two ids share one is as likely as a hash of 64 bits allows; then one is found for the other, if its reader may see it.
pub(crate) fn number_of_id(id: &str) -> u64 {
    first_bytes(&Sha256::digest(id.as_bytes()))
}

/// A number for an object's content, equal for what counts as equal.
pub(crate) fn number_of_content(body: &[u8]) -> u64 {
    first_bytes(&content_digest(body))
}

fn first_bytes(digest: &[u8]) -> u64 {
    digest.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// The id that `text` is, if it is one.
pub(crate) fn as_id(text: &str) -> Option<ObjectId> {
    ObjectId::parse(text).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_people_read_is_found_and_nothing_else() {
        let object = json!({
            "type": "report", "id": "report--00000000-0000-4000-8000-000000000001", "spec_version": "2.1",
            "created": "2026-01-01T00:00:00Z", "modified": "2026-02-01T00:00:00Z", "published": "2025-12-24T08:00:00Z",
            "created_by_ref": "identity--00000000-0000-4000-8000-000000000002",
            "name": "a name", "labels": ["one", "two"], "confidence": 85, "revoked": false,
            "external_references": [{"source_name": "a source", "url": "https://example.org/x", "hashes": {"MD5": "00ff"}}],
            "object_refs": ["indicator--00000000-0000-4000-8000-000000000003"],
            "object_marking_refs": ["marking-definition--00000000-0000-4000-8000-000000000004"],
            "extensions": {"extension-definition--00000000-0000-4000-8000-000000000005": {"extension_type": "property-extension", "quote": "said so"}},
        });
        let content = Content::of(&object).unwrap();
        let shown: Vec<String> = content
            .properties
            .iter()
            .map(|property| format!("{}{}{}", property.name, if property.is_value { "#" } else { "=" }, property.text))
            .collect();
        assert_eq!(
            shown.join("; "),
            "published#2025-12-24; name=a name; labels=one; labels=two; confidence#85; revoked#false; external_references=a source; \
             external_references=https://example.org/x; external_references=00ff; quote=said so"
        );
        assert_eq!(
            content.references,
            ["identity--00000000-0000-4000-8000-000000000002", "indicator--00000000-0000-4000-8000-000000000003"]
        );
        assert_eq!(content.date, Some(Timestamp::parse("2025-12-24T08:00:00Z").unwrap().stamp().0));
        assert_eq!(Content::of(&json!({"name": "no id"})), None);
    }
}
