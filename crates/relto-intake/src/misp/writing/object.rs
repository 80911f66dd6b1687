//! Objects: one thing where their template is known, else what they hold; and what they say of each other.

use serde_json::json;

use super::keeping::members;
use super::{Part, Writing, shortened};
use crate::misp::items::{self, Item};
use crate::misp::{derived, objects};

impl Writing<'_> {
    pub(super) fn object(&mut self, item: &Item, part: &Part) {
        if items::is_true(item, "deleted") {
            return;
        }
        let name = items::text(item, "name").unwrap_or("object");
        let uuid = items::uuid(item).unwrap_or_else(|| derived(&[&self.uuid, "object", &part.pointer]).to_string());
        let held: Vec<(Part, &Item)> = items::list(item, "Attribute")
            .into_iter()
            .filter(|(_, attribute)| !items::is_true(attribute, "deleted"))
            .map(|(at, attribute)| (self.part(attribute, part, format!("{}/Attribute/{at}", part.pointer)), attribute))
            .collect();
        let (own, further): (Vec<_>, Vec<_>) = held.into_iter().partition(|(one, _)| one.markings == part.markings);
        let is_any = own.iter().any(|(_, attribute)| items::is_true(attribute, "to_ids"));
        // What nothing is to be detected by stands in no pattern.
        let counts = |attribute: &Item| !is_any || items::is_true(attribute, "to_ids");
        let parts: Vec<objects::Part<'_>> =
            own.iter().map(|(_, attribute)| if counts(attribute) { relation_and_value(attribute) } else { ("", "") }).collect();
        let written = objects::meaning(name, &parts).and_then(|(meaning, used)| {
            let mut whole = item.clone();
            whole.insert("to_ids".to_owned(), json!(is_any));
            whole.insert("type".to_owned(), json!(name));
            if let Some(category) = item.get("meta-category") {
                whole.insert("category".to_owned(), category.clone());
            }
            let value = used.first().and_then(|at| parts.get(*at)).map_or("", |(_, value)| value);
            let id = self.meant(meaning, &uuid, &whole, part, value).ok().flatten()?;
            Some((id, used))
        });
        let (mut inner, rest) = match written {
            Some((id, used)) => {
                self.by_uuid.insert(uuid.clone(), (id.clone(), part.markings.clone()));
                (vec![id], own.into_iter().enumerate().filter(|(at, _)| !used.contains(at)).map(|(_, one)| one).collect())
            }
            None => (Vec::new(), own),
        };
        // What it does not say of itself, its attributes say, each for those who may read it.
        for (one, attribute) in rest.iter().chain(&further) {
            self.attribute(attribute, one);
            let known = items::uuid(attribute).and_then(|uuid| self.by_uuid.get(&uuid)).filter(|_| one.markings == part.markings);
            inner.extend(known.map(|(id, _)| id.clone()));
        }
        if inner.len() > 1 || !self.by_uuid.contains_key(&uuid) {
            self.group(&uuid, name, item, part, &inner);
        }
    }

    /// The objects of one object of MISP, held together.
    pub(super) fn group(&mut self, uuid: &str, name: &str, item: &Item, part: &Part, inner: &[String]) {
        if inner.is_empty() {
            return self.not_told(part.pointer.clone(), "an object without attributes for its own readers");
        }
        let mut own = self.about(item);
        own.insert("labels".to_owned(), json!([format!("misp:name=\"{name}\"")]));
        own.extend(members(json!({ "name": shortened(name), "context": "unspecified", "object_refs": inner })));
        match self.add_part(format!("grouping--{uuid}"), own, part) {
            Ok(id) => drop(self.by_uuid.entry(uuid.to_owned()).or_insert((id, part.markings.clone()))),
            Err(why) => self.not_told(part.pointer.clone(), &why),
        }
    }

    pub(super) fn references(&mut self, item: &Item, part: &Part) {
        let Some((from, _)) = items::uuid(item).and_then(|uuid| self.by_uuid.get(&uuid)).cloned() else { return };
        for (at, reference) in items::list(item, "ObjectReference") {
            if items::is_true(reference, "deleted") {
                continue;
            }
            let pointer = format!("{}/ObjectReference/{at}", part.pointer);
            let to = items::text(reference, "referenced_uuid").and_then(|uuid| self.by_uuid.get(&uuid.to_ascii_lowercase())).cloned();
            let Some((to, markings)) = to else {
                self.not_told(pointer, "what it refers to is not in the event");
                continue;
            };
            let both = Part { pointer, markings: part.markings.union(&markings).cloned().collect(), ..part.clone() };
            let word = relationship_type(items::text(reference, "relationship_type").unwrap_or_default());
            let uuid = items::uuid(reference).unwrap_or_else(|| derived(&[&self.uuid, &from, &word, &to]).to_string());
            let mut own = members(json!({ "relationship_type": word, "source_ref": from, "target_ref": to }));
            own.extend(items::text(reference, "comment").map(|text| ("description".to_owned(), json!(text))));
            if let Err(why) = self.add_part(format!("relationship--{uuid}"), own, &both) {
                self.not_told(both.pointer, &why);
            }
        }
    }
}

fn relation_and_value(attribute: &Item) -> objects::Part<'_> {
    let relation = items::text(attribute, "object_relation").unwrap_or_default();
    (relation, items::text(attribute, "value").unwrap_or_default())
}

/// A word for a relationship, as STIX wants them.
fn relationship_type(word: &str) -> String {
    let clean = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let clean: String = word.chars().map(clean).collect();
    let clean = clean.trim_matches('-');
    if clean.is_empty() { "related-to".to_owned() } else { clean.to_owned() }
}
