//! Keeping what is written: each object valid, marked and once, and known to all readers of the event or to fewer.

use std::collections::BTreeSet;

use bytes::Bytes;
use relto_model::kinds::Kinds;
use relto_model::object::Object;
use serde_json::{Map, Value, json};

use super::{Part, Writing};
use crate::misp::Untold;
use crate::misp::items::{self, Item};
use crate::misp::layers::Markings;

/// Tags that are said otherwise: as markings, and as the objects that they stand for.
const NO_LABELS: [&str; 2] = ["tlp:", "misp-galaxy:"];

impl Writing<'_> {
    /// What every object of an attribute or object says.
    pub(super) fn about(&self, item: &Item) -> Map<String, Value> {
        let mut labels: Vec<String> = Vec::new();
        for key in ["type", "category"] {
            labels.extend(items::text(item, key).map(|word| format!("misp:{key}=\"{word}\"")));
        }
        if item.contains_key("to_ids") {
            labels.push(format!("misp:to_ids=\"{}\"", if items::is_true(item, "to_ids") { "True" } else { "False" }));
        }
        labels.extend(labels_of(item));
        let mut own = Map::new();
        own.extend(items::text(item, "comment").map(|comment| ("description".to_owned(), json!(comment))));
        if !labels.is_empty() {
            own.insert("labels".to_owned(), json!(labels));
        }
        own
    }

    pub(super) fn id_of_event(&self) -> String {
        format!("{}--{}", if self.published { "report" } else { "grouping" }, self.uuid)
    }

    /// Adds an object of a part, whose time is the later one of its own and the event's: who may read it is said by both.
    pub(super) fn add_part(&mut self, id: String, mut own: Map<String, Value>, part: &Part) -> Result<String, String> {
        own.insert("modified".to_owned(), json!(part.changed.max(self.changed).to_string()));
        self.add(&id, Value::Object(own), &part.markings)?;
        Ok(id)
    }

    /// Adds the object with the `id` and its `own` properties.
    pub(super) fn add(&mut self, id: &str, own: Value, further: &Markings) -> Result<(), String> {
        let object = self.domain_object(id, own, further);
        self.check(&object)?;
        self.keep(object, further);
        Ok(())
    }

    pub(super) fn domain_object(&self, id: &str, own: Value, further: &Markings) -> Value {
        let mut object = members(json!({ "type": kind_of(id), "spec_version": "2.1", "id": id }));
        object.extend(self.creator.iter().map(|creator| ("created_by_ref".to_owned(), json!(creator))));
        object.extend(members(json!({ "created": self.created.to_string(), "modified": self.changed.to_string() })));
        object.extend(members(own));
        self.mark(&mut object, further);
        Value::Object(object)
    }

    /// `observable` with the markings of `part`.
    pub(super) fn marked(&self, observable: Value, part: &Part) -> Value {
        let mut object = members(observable);
        self.mark(&mut object, &part.markings);
        Value::Object(object)
    }

    fn mark(&self, object: &mut Map<String, Value>, further: &Markings) {
        let markings: BTreeSet<&String> = self.layer.markings.iter().chain(further).collect();
        if !markings.is_empty() {
            object.insert("object_marking_refs".to_owned(), json!(markings));
        }
    }

    /// Whether `object` is one of STIX, and not there yet.
    pub(super) fn check(&self, object: &Value) -> Result<(), String> {
        if said(object, "id").is_some_and(|id| self.known.contains(id)) {
            return Err("its UUID stands in the event more than once".to_owned());
        }
        Object::parse(Bytes::from(object.to_string()), &Kinds::default()).map(drop).map_err(|error| error.to_string())
    }

    /// Keeps what was checked, as something for the readers of the event who meet the `further` markings as well.
    pub(super) fn keep(&mut self, object: Value, further: &Markings) {
        let id = said(&object, "id").unwrap_or_default().to_owned();
        self.known.insert(id.clone());
        self.objects.push(object);
        if further.is_empty() {
            self.of_all.push(id);
        } else {
            self.of_some.entry(further.clone()).or_default().push(id);
        }
    }

    pub(super) fn not_told(&mut self, pointer: String, why: &str) {
        self.untold.push(Untold { pointer, why: why.to_owned() });
    }
}

pub(super) fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

pub(super) fn said<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}

fn kind_of(id: &str) -> &str {
    id.split_once("--").map_or(id, |(kind, _)| kind)
}

/// The tags of `item` that are not said otherwise.
pub(super) fn labels_of(item: &Item) -> Vec<String> {
    let is_said = |tag: &str| NO_LABELS.iter().any(|prefix| tag.to_lowercase().starts_with(prefix));
    items::tags(item).unwrap_or_default().into_iter().filter(|tag| !is_said(tag)).map(str::to_owned).collect()
}
