//! Writing an event: its organisation, attributes, objects, galaxies and reports, and last the report that holds them together.

mod attribute;
mod galaxy;
mod keeping;
mod object;

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use keeping::{labels_of, members, said};
use relto_model::Stamp;
use relto_model::kinds::Kinds;
use relto_model::object::Object;
use serde_json::{Value, json};

use super::items::{self, Item};
use super::layers::{Layer, Markings};
use super::{Event, MispError, Untold, Written, derived};

/// Characters of a name.
const NAME_CHARACTERS_MAX: usize = 200;
const THREAT_LEVELS: [&str; 4] = ["high", "medium", "low", "undefined"];

pub(super) fn write(event: &Event, restricts: &dyn Fn(&str) -> bool) -> Result<Written, MispError> {
    let item = &event.event;
    let wrong = |key: &str, why: &str| MispError::Event { pointer: format!("{}/{key}", event.pointer), why: why.to_owned() };
    let uuid = items::uuid(item).ok_or_else(|| wrong("uuid", "is no UUID"))?;
    let day = items::text(item, "date").and_then(|day| Stamp::parse(day).ok());
    let changed = items::seconds(item, "timestamp").or(day).ok_or_else(|| wrong("timestamp", "is no time, and neither is `date`"))?;
    let layer = Layer::of_event(item, restricts);
    let mut writing = Writing {
        uuid,
        created: day.map_or(changed, |day| day.min(changed)),
        changed,
        published: items::is_true(item, "published"),
        restricts,
        creator: None,
        objects: Vec::new(),
        known: BTreeSet::new(),
        definitions: BTreeMap::new(),
        of_all: Vec::new(),
        of_some: BTreeMap::new(),
        by_uuid: BTreeMap::new(),
        untold: Vec::new(),
        layer,
    };
    writing.all(item, &event.pointer);
    writing.finish(item, event)
}

struct Writing<'w> {
    uuid: String,
    created: Stamp,
    changed: Stamp,
    published: bool,
    restricts: &'w dyn Fn(&str) -> bool,
    /// Who may read the event.
    layer: Layer,
    creator: Option<String>,
    objects: Vec<Value>,
    known: BTreeSet<String>,
    /// Of markings, by id.
    definitions: BTreeMap<String, Value>,
    /// What every reader of the event may read.
    of_all: Vec<String>,
    /// What fewer may, by the markings beyond those of the event.
    of_some: BTreeMap<Markings, Vec<String>>,
    /// The objects of attributes and objects, with the markings beyond those of the event.
    by_uuid: BTreeMap<String, (String, Markings)>,
    untold: Vec<Untold>,
}

/// A part under way: where it stands, who may read it, when it was changed.
#[derive(Clone)]
struct Part {
    pointer: String,
    layer: Layer,
    /// The markings beyond those of the event: of the object that it stands in, and its own.
    markings: Markings,
    changed: Stamp,
}

impl Writing<'_> {
    fn all(&mut self, item: &Item, pointer: &str) {
        self.define(&self.layer.clone());
        self.creator = items::inner(item, "Orgc").or_else(|| items::inner(item, "Org")).and_then(|org| self.organisation(org));
        let event = Part { pointer: pointer.to_owned(), layer: self.layer.clone(), markings: Markings::new(), changed: self.changed };
        self.galaxies(item, &event, None);
        for (at, attribute) in items::list(item, "Attribute") {
            let part = self.part(attribute, &event, format!("{pointer}/Attribute/{at}"));
            self.attribute(attribute, &part);
        }
        let all: Vec<(Part, &Item)> = items::list(item, "Object")
            .into_iter()
            .map(|(at, object)| (self.part(object, &event, format!("{pointer}/Object/{at}")), object))
            .collect();
        all.iter().for_each(|(part, object)| self.object(object, part));
        // What they refer to is written by now.
        all.iter().for_each(|(part, object)| self.references(object, part));
        for (at, report) in items::list(item, "EventReport") {
            let part = self.part(report, &event, format!("{pointer}/EventReport/{at}"));
            self.report(report, &part);
        }
        for (key, why) in [("ShadowAttribute", "a proposal"), ("Sighting", "a sighting")] {
            items::list(item, key).iter().for_each(|(at, _)| self.not_told(format!("{pointer}/{key}/{at}"), why));
        }
    }

    /// The part at `pointer`, in what `outer` is.
    fn part(&mut self, item: &Item, outer: &Part, pointer: String) -> Part {
        let layer = Layer::of_part(item, &outer.layer, self.restricts);
        self.define(&layer);
        let markings = outer.markings.iter().chain(&layer.markings).filter(|id| !self.layer.markings.contains(*id)).cloned().collect();
        let changed = items::seconds(item, "timestamp").unwrap_or(self.changed);
        Part { pointer, layer, markings, changed }
    }

    fn define(&mut self, layer: &Layer) {
        let id = layer.definition.as_ref().and_then(|definition| definition.get("id")?.as_str());
        if let (Some(id), Some(definition)) = (id, &layer.definition) {
            self.definitions.insert(id.to_owned(), definition.clone());
        }
    }

    fn organisation(&mut self, org: &Item) -> Option<String> {
        let name = items::text(org, "name")?;
        let key = items::uuid(org).unwrap_or_else(|| name.to_owned());
        let id = format!("identity--{}", derived(&[&self.uuid, "organisation", &key]));
        let mut own = json!({ "name": shortened(name), "identity_class": "organization" });
        if let (Some(uuid), Some(own)) = (items::uuid(org), own.as_object_mut()) {
            own.insert("external_references".to_owned(), json!([{ "source_name": "MISP organisation", "external_id": uuid }]));
        }
        self.add(&id, own, &Markings::new()).ok()?;
        Some(id)
    }

    fn finish(mut self, item: &Item, event: &Event) -> Result<Written, MispError> {
        let whole = self.whole(item, event);
        let refused = |why: String| MispError::Event { pointer: event.pointer.clone(), why };
        for (markings, ids) in std::mem::take(&mut self.of_some) {
            let readers = markings.iter().cloned().collect::<Vec<_>>().join(" ");
            let id = format!("grouping--{}", derived(&[&self.uuid, "readers", &readers]));
            let refs: Vec<&String> = std::iter::once(&whole.0).chain(&ids).collect();
            let own = json!({ "name": shortened(event.name()), "context": "unspecified", "object_refs": refs });
            self.add(&id, own, &markings).map_err(refused)?;
        }
        Object::parse(Bytes::from(whole.1.to_string()), &Kinds::default()).map_err(|error| refused(error.to_string()))?;
        let id = format!("bundle--{}", derived(&[&self.uuid, "bundle", &self.changed.to_string()]));
        let objects: Vec<Value> = std::iter::once(whole.1).chain(self.definitions.into_values()).chain(self.objects).collect();
        let mut counts = BTreeMap::new();
        for object in &objects {
            *counts.entry(said(object, "type").unwrap_or_default().to_owned()).or_default() += 1;
        }
        let bundle = json!({ "type": "bundle", "id": id, "objects": objects }).to_string();
        Ok(Written { bundle, counts, untold: self.untold })
    }

    /// The report or grouping of the event, with its id. What fewer may read is not among its references.
    fn whole(&self, item: &Item, event: &Event) -> (String, Value) {
        let id = self.id_of_event();
        let mut own = members(json!({ "name": shortened(event.name()) }));
        if event.name().chars().count() > NAME_CHARACTERS_MAX {
            own.insert("description".to_owned(), json!(event.name()));
        }
        let mut labels = labels_of(item);
        let level = items::number(item, "threat_level_id").and_then(|level| usize::try_from(level).ok()?.checked_sub(1));
        labels.extend(level.and_then(|at| THREAT_LEVELS.get(at)).map(|word| format!("misp:threat-level=\"{word}\"")));
        if !labels.is_empty() {
            own.insert("labels".to_owned(), json!(labels));
        }
        let published = items::seconds(item, "publish_timestamp").unwrap_or(self.changed);
        match self.published {
            true => drop(own.insert("published".to_owned(), json!(published.to_string()))),
            false => drop(own.insert("context".to_owned(), json!("suspicious-activity"))),
        }
        own.insert("object_refs".to_owned(), json!(self.of_all));
        own.insert("external_references".to_owned(), json!([{ "source_name": "MISP event", "external_id": self.uuid }]));
        let object = self.domain_object(&id, Value::Object(own), &Markings::new());
        (id, object)
    }
}

fn shortened(text: &str) -> String {
    crate::stix::shortened(text, NAME_CHARACTERS_MAX)
}
