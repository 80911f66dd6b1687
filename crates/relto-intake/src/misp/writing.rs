//! Writing an event: its organisation, attributes, objects, galaxies and reports, and last the report that holds them together.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use relto_model::Stamp;
use relto_model::kinds::Kinds;
use relto_model::object::Object;
use serde_json::{Map, Value, json};

use super::attributes::{self, Meaning};
use super::items::{self, Item};
use super::layers::{Layer, Markings};
use super::patterns::Seen;
use super::{Event, MispError, Untold, Written, derived, galaxies, objects};

/// Characters of a name.
const NAME_CHARACTERS_MAX: usize = 200;
/// Tags that are said otherwise: as markings, and as the objects that they stand for.
const NO_LABELS: [&str; 2] = ["tlp:", "misp-galaxy:"];
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
        self.add(id.clone(), own, &Markings::new()).ok()?;
        Some(id)
    }

    fn attribute(&mut self, item: &Item, part: &Part) {
        if items::is_true(item, "deleted") {
            return;
        }
        let (Some(kind), Some(value)) = (items::text(item, "type"), items::text(item, "value")) else {
            return self.not_told(part.pointer.clone(), "an attribute without a type or value");
        };
        self.attached(item, part);
        let uuid = items::uuid(item).unwrap_or_else(|| derived(&[&self.uuid, "attribute", kind, value]).to_string());
        let written = self.meant(attributes::meaning(kind, value), &uuid, item, part, value);
        let id = match written {
            Ok(id) => id,
            Err(why) => {
                self.not_told(part.pointer.clone(), &format!("its `{kind}` is no value of STIX, and is told as a note: {why}"));
                self.note(&uuid, item, part, value)
            }
        };
        if let Some(id) = id {
            self.by_uuid.insert(uuid, (id.clone(), part.markings.clone()));
            self.galaxies(item, part, Some(&id));
        }
    }

    /// Writes what an attribute or object means, and says its id.
    fn meant(&mut self, meaning: Meaning, uuid: &str, item: &Item, part: &Part, value: &str) -> Result<Option<String>, String> {
        let to_ids = items::is_true(item, "to_ids");
        match meaning {
            Meaning::Seen(seen) if to_ids => self.indicator(uuid, item, part, ("stix", &seen.pattern())).map(Some),
            Meaning::Seen(seen) if !seen.observables.is_empty() => self.observed(uuid, item, part, seen).map(Some),
            Meaning::Rule(language) if to_ids => self.indicator(uuid, item, part, (language, value)).map(Some),
            Meaning::Named(kind) => self.named(kind, uuid, item, part, value).map(Some),
            Meaning::Seen(_) | Meaning::Rule(_) | Meaning::Said => Ok(self.note(uuid, item, part, value)),
        }
    }

    fn indicator(&mut self, uuid: &str, item: &Item, part: &Part, (language, pattern): (&str, &str)) -> Result<String, String> {
        let mut own = self.about(item);
        let from = items::instant(item, "first_seen").unwrap_or(part.changed);
        own.extend(members(json!({ "pattern": pattern, "pattern_type": language, "valid_from": from.to_string() })));
        if language == "stix" {
            own.insert("pattern_version".to_owned(), json!("2.1"));
        }
        if let Some(until) = items::instant(item, "last_seen").filter(|until| *until > from) {
            own.insert("valid_until".to_owned(), json!(until.to_string()));
        }
        if let Some(category) = items::text(item, "category") {
            own.insert("kill_chain_phases".to_owned(), json!([{ "kill_chain_name": "misp-category", "phase_name": category }]));
        }
        self.add_part(format!("indicator--{uuid}"), own, part)
    }

    fn observed(&mut self, uuid: &str, item: &Item, part: &Part, seen: Seen) -> Result<String, String> {
        let mut ids = Vec::new();
        for observable in self.of_their_own(uuid, seen.observables) {
            ids.push(self.add_observable(observable, part)?);
        }
        let first = items::instant(item, "first_seen").unwrap_or(part.changed);
        let last = items::instant(item, "last_seen").unwrap_or(first).max(first);
        let mut own = self.about(item);
        own.extend(members(
            json!({ "first_observed": first.to_string(), "last_observed": last.to_string(), "number_observed": 1, "object_refs": ids }),
        ));
        self.add_part(format!("observed-data--{uuid}"), own, part)
    }

    /// The same with ids of their own: under an id that follows from the value alone, what is for fewer readers would narrow what others said of it.
    fn of_their_own(&self, uuid: &str, observables: Vec<Value>) -> Vec<Value> {
        let mut text = json!(observables).to_string();
        for (at, observable) in observables.iter().enumerate() {
            let (Some(kind), Some(id)) = (said(observable, "type"), said(observable, "id")) else { continue };
            let own = if at == 0 { uuid.to_owned() } else { derived(&[uuid, kind, &at.to_string()]).to_string() };
            text = text.replace(&format!("\"{id}\""), &format!("\"{kind}--{own}\""));
        }
        serde_json::from_str(&text).unwrap_or(observables)
    }

    fn named(&mut self, kind: &str, uuid: &str, item: &Item, part: &Part, value: &str) -> Result<String, String> {
        let mut own = self.about(item);
        own.insert("name".to_owned(), json!(shortened(value)));
        if kind == "vulnerability" && value.to_ascii_uppercase().starts_with("CVE-") {
            own.insert("external_references".to_owned(), json!([{ "source_name": "cve", "external_id": value.to_ascii_uppercase() }]));
        }
        self.add_part(format!("{kind}--{uuid}"), own, part)
    }

    /// What has no other form: in the words that it came in.
    fn note(&mut self, uuid: &str, item: &Item, part: &Part, value: &str) -> Option<String> {
        let mut own = self.about(item);
        own.remove("description");
        let comment = items::text(item, "comment").map(|comment| format!("\n\n{comment}")).unwrap_or_default();
        let words = [items::text(item, "category"), items::text(item, "type").or_else(|| items::text(item, "name"))];
        let about = words.into_iter().flatten().collect::<Vec<_>>().join(": ");
        own.insert("abstract".to_owned(), json!(shortened(if about.is_empty() { "MISP" } else { &about })));
        own.extend(members(json!({ "content": format!("{value}{comment}"), "object_refs": [self.id_of_event()] })));
        match self.add_part(format!("note--{uuid}"), own, part) {
            Ok(id) => Some(id),
            Err(why) => {
                self.not_told(part.pointer.clone(), &why);
                None
            }
        }
    }

    fn object(&mut self, item: &Item, part: &Part) {
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
        let parts: Vec<objects::Part<'_>> = own.iter().map(|(_, attribute)| relation_and_value(attribute)).collect();
        let written = objects::meaning(name, &parts).and_then(|(meaning, used)| {
            let mut whole = item.clone();
            let is_any = own.iter().any(|(_, attribute)| items::is_true(attribute, "to_ids"));
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
    fn group(&mut self, uuid: &str, name: &str, item: &Item, part: &Part, inner: &[String]) {
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

    fn references(&mut self, item: &Item, part: &Part) {
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

    /// What the galaxies of `item` stand for, related to its object where it has one.
    fn galaxies(&mut self, item: &Item, part: &Part, of: Option<&str>) {
        for (at, galaxy) in items::list(item, "Galaxy") {
            let kind = items::text(galaxy, "type").unwrap_or_default();
            for (inner, cluster) in items::list(galaxy, "GalaxyCluster") {
                let pointer = format!("{}/Galaxy/{at}/GalaxyCluster/{inner}", part.pointer);
                let kind = items::text(cluster, "type").unwrap_or(kind);
                let part = self.part(cluster, part, pointer);
                let written = match galaxies::object_kind(kind) {
                    Some(object) => self.cluster(object, cluster, &part),
                    None => Err(format!("`{}` is no galaxy that STIX has an object for", shortened(kind))),
                };
                match written {
                    Ok(id) => drop(of.map(|of| self.relate(of, &id, &part))),
                    Err(why) => self.not_told(part.pointer, &why),
                }
            }
        }
    }

    fn cluster(&mut self, object: &str, cluster: &Item, part: &Part) -> Result<String, String> {
        let own = galaxies::properties(object, cluster).ok_or("a cluster without a name")?;
        let key = items::uuid(cluster).unwrap_or_else(|| said(&own, "name").unwrap_or_default().to_owned());
        let readers = part.markings.iter().cloned().collect::<Vec<_>>().join(" ");
        let id = format!("{object}--{}", derived(&[&self.uuid, "cluster", &key, &readers]));
        if self.known.contains(&id) {
            return Ok(id);
        }
        self.add_part(id, members(own), &Part { changed: self.changed, ..part.clone() })
    }

    fn relate(&mut self, from: &str, to: &str, part: &Part) {
        let word = if from.starts_with("indicator--") { "indicates" } else { "related-to" };
        let id = format!("relationship--{}", derived(&[&self.uuid, from, word, to]));
        let own = members(json!({ "relationship_type": word, "source_ref": from, "target_ref": to }));
        if let Err(why) = self.add_part(id, own, part) {
            self.not_told(part.pointer.clone(), &why);
        }
    }

    fn report(&mut self, item: &Item, part: &Part) {
        if items::is_true(item, "deleted") {
            return;
        }
        match items::text(item, "content") {
            Some(content) => {
                let uuid = items::uuid(item).unwrap_or_else(|| derived(&[&self.uuid, "report", content]).to_string());
                self.note(&uuid, item, part, content);
            }
            None => self.not_told(part.pointer.clone(), "a report without content"),
        }
    }

    fn attached(&mut self, item: &Item, part: &Part) {
        if items::text(item, "data").is_some() {
            self.not_told(format!("{}/data", part.pointer), "an attached file");
        }
        if !items::list(item, "Sighting").is_empty() {
            self.not_told(format!("{}/Sighting", part.pointer), "sightings");
        }
    }

    /// What every object of an attribute or object says.
    fn about(&self, item: &Item) -> Map<String, Value> {
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

    fn id_of_event(&self) -> String {
        format!("{}--{}", if self.published { "report" } else { "grouping" }, self.uuid)
    }

    /// Adds an object of a part, whose time is the later one of its own and the event's: who may read it is said by both.
    fn add_part(&mut self, id: String, own: Map<String, Value>, part: &Part) -> Result<String, String> {
        self.add(id.clone(), Value::Object(own), &part.markings)?;
        Ok(id)
    }

    fn add(&mut self, id: String, own: Value, further: &Markings) -> Result<(), String> {
        let object = self.domain_object(&id, own, further);
        self.take(id, object, further)
    }

    fn domain_object(&self, id: &str, own: Value, further: &Markings) -> Value {
        let mut object = members(json!({ "type": kind_of(id), "spec_version": "2.1", "id": id }));
        object.extend(self.creator.iter().map(|creator| ("created_by_ref".to_owned(), json!(creator))));
        object.extend(members(json!({ "created": self.created.to_string(), "modified": self.changed.to_string() })));
        object.extend(members(own));
        self.mark(&mut object, further);
        Value::Object(object)
    }

    fn add_observable(&mut self, observable: Value, part: &Part) -> Result<String, String> {
        let mut object = members(observable);
        self.mark(&mut object, &part.markings);
        let object = Value::Object(object);
        let id = said(&object, "id").unwrap_or_default().to_owned();
        self.take(id.clone(), object, &part.markings)?;
        Ok(id)
    }

    fn mark(&self, object: &mut Map<String, Value>, further: &Markings) {
        let markings: BTreeSet<&String> = self.layer.markings.iter().chain(further).collect();
        if !markings.is_empty() {
            object.insert("object_marking_refs".to_owned(), json!(markings));
        }
    }

    /// Keeps `object`, if it is one of STIX.
    fn take(&mut self, id: String, object: Value, further: &Markings) -> Result<(), String> {
        if self.known.contains(&id) {
            return Err("its UUID stands in the event more than once".to_owned());
        }
        Object::parse(Bytes::from(object.to_string()), &Kinds::default()).map_err(|error| error.to_string())?;
        self.known.insert(id.clone());
        self.objects.push(object);
        if further.is_empty() {
            self.of_all.push(id);
        } else {
            self.of_some.entry(further.clone()).or_default().push(id);
        }
        Ok(())
    }

    fn not_told(&mut self, pointer: String, why: &str) {
        self.untold.push(Untold { pointer, why: why.to_owned() });
    }

    fn finish(mut self, item: &Item, event: &Event) -> Result<Written, MispError> {
        let whole = self.whole(item, event);
        let refused = |why: String| MispError::Event { pointer: event.pointer.clone(), why };
        for (markings, ids) in std::mem::take(&mut self.of_some) {
            let readers = markings.iter().cloned().collect::<Vec<_>>().join(" ");
            let id = format!("grouping--{}", derived(&[&self.uuid, "readers", &readers]));
            let refs: Vec<&String> = std::iter::once(&whole.0).chain(&ids).collect();
            let own = json!({ "name": shortened(event.name()), "context": "unspecified", "object_refs": refs });
            self.add(id, own, &markings).map_err(refused)?;
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

fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

fn said<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}

fn kind_of(id: &str) -> &str {
    id.split_once("--").map_or(id, |(kind, _)| kind)
}

fn relation_and_value(attribute: &Item) -> objects::Part<'_> {
    let relation = items::text(attribute, "object_relation").unwrap_or_default();
    (relation, items::text(attribute, "value").unwrap_or_default())
}

/// The tags of `item` that are not said otherwise.
fn labels_of(item: &Item) -> Vec<String> {
    let is_said = |tag: &str| NO_LABELS.iter().any(|prefix| tag.to_lowercase().starts_with(prefix));
    items::tags(item).into_iter().filter(|tag| !is_said(tag)).map(str::to_owned).collect()
}

/// A word for a relationship, as STIX wants them.
fn relationship_type(word: &str) -> String {
    let clean = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let clean: String = word.chars().map(clean).collect();
    let clean = clean.trim_matches('-');
    if clean.is_empty() { "related-to".to_owned() } else { clean.to_owned() }
}

fn shortened(text: &str) -> String {
    crate::stix::shortened(text, NAME_CHARACTERS_MAX)
}
