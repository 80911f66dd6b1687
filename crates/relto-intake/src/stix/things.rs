//! Who and what a document names, as objects: identities, locations, and the kinds that ship with us.
//!
//! A name that may mean several things becomes no object before somebody decides. Where a kind asks for what the document does not
//! say (the country of a place, the start of an event), the name is told in the report instead.

use super::country::{self, Where};
use super::form::{Collected, Form};
use super::ground::{Ground, Grounds};
use crate::analysis::{Analysis, DatedFact, Entity};
use crate::gazetteer::EntityType;
use crate::span::RawSpan;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The definitions that kinds of our own are read by (`relto-model/kinds`); a test holds them to those.
const EXTENSIONS: [(&str, &str); 5] = [
    ("capability", "extension-definition--f4b1c2de-5a0e-4d3c-8f62-0b9e7a6c1d25"),
    ("document", "extension-definition--8c9d1f60-2e47-4b7a-a1c3-5d6e0f92b814"),
    ("event", "extension-definition--1b7e6a93-94cf-4f05-bd28-c3a07e5d4f61"),
    ("instrument", "extension-definition--5e02c7b4-d86a-4139-9e5f-2a4f81c6d0b7"),
    ("programme", "extension-definition--a36d90f8-17b5-4c62-8d0b-e91f53c274a8"),
];

/// The objects of a document's names.
#[derive(Default)]
pub(super) struct Things<'a> {
    by_name: BTreeMap<&'a str, String>,
    /// By place, in order.
    mentions: Vec<(RawSpan, String)>,
    untold: Vec<&'a str>,
}

impl<'a> Things<'a> {
    /// Adds every object of a name to `collected`.
    pub(super) fn write(analysis: &'a Analysis, form: &Form<'_>, grounds: &Grounds<'_>, collected: &mut Collected) -> Self {
        let mut things = Self::default();
        let dates = Dates::of(analysis);
        for entity in analysis.entities.iter().filter(|entity| entity.candidates.is_empty()) {
            let Some(ground) = grounds.any_of(entity.mentions.iter().map(|mention| mention.span)) else { continue };
            match object(entity, ground, form, &dates).and_then(|object| collected.add(object)) {
                Some(id) => things.note(entity, id),
                None => things.untold.push(&entity.name),
            }
        }
        things.mentions.sort();
        things
    }

    fn note(&mut self, entity: &'a Entity, id: String) {
        self.mentions.extend(entity.mentions.iter().map(|mention| (mention.span, id.clone())));
        self.by_name.entry(&entity.name).or_insert(id);
    }

    /// The object of a name.
    pub(super) fn id(&self, name: &str) -> Option<&str> {
        self.by_name.get(name).map(String::as_str)
    }

    /// The objects that are named in `span`, in order, each once.
    pub(super) fn named_in(&self, span: RawSpan) -> Vec<&str> {
        let from = self.mentions.partition_point(|(mention, _)| mention.from < span.from);
        let inside = self.mentions.iter().skip(from).take_while(|(mention, _)| mention.from < span.to);
        let mut seen = BTreeSet::new();
        let ids = inside.filter(|(mention, _)| mention.to <= span.to).map(|(_, id)| id.as_str());
        ids.filter(|id| seen.insert(*id)).collect()
    }

    /// The names that have no object, though they mean one thing.
    pub(super) fn untold(&self) -> &[&'a str] {
        &self.untold
    }
}

fn object(entity: &Entity, ground: Ground, form: &Form<'_>, dates: &Dates<'_>) -> Option<Value> {
    let name = &entity.name;
    let (kind, own) = match entity.kind {
        EntityType::Organisation => ("identity", json!({ "name": name, "identity_class": "organization" })),
        EntityType::Person => ("identity", json!({ "name": name, "identity_class": "individual" })),
        EntityType::Place => ("location", location(name)?),
        EntityType::Document => ("document", ours("document", json!({ "title": name }))),
        EntityType::Instrument => ("instrument", ours("instrument", json!({ "title": name }))),
        EntityType::Programme => ("programme", ours("programme", json!({ "name": name }))),
        EntityType::Capability => ("capability", ours("capability", json!({ "name": name }))),
        EntityType::Event => return event(entity, ground, form, dates),
    };
    let key = format!("{:?}\n{name}", entity.kind);
    Some(form.part(kind, &key, own, &ground))
}

fn location(name: &str) -> Option<Value> {
    Some(match country::of(name)? {
        Where::Country(code) => json!({ "name": name, "country": code }),
        Where::Town(code) => json!({ "name": name, "country": code, "city": name }),
        Where::Region(region) => json!({ "name": name, "region": region }),
    })
}

/// `own`, with the definition that `kind` is read by.
fn ours(kind: &str, mut own: Value) -> Value {
    let definition = EXTENSIONS.iter().find(|(known, _)| *known == kind);
    if let (Some((_, definition)), Some(own)) = (definition, own.as_object_mut()) {
        own.insert("extensions".to_owned(), json!({ *definition: { "extension_type": "new-sdo" } }));
    }
    own
}

/// An event begins at the one date that its sentence has, if it has one: an inference, and told as such.
fn event(entity: &Entity, ground: Ground, form: &Form<'_>, dates: &Dates<'_>) -> Option<Value> {
    let fact = entity.mentions.iter().find_map(|mention| dates.alone_beside(mention.span))?;
    let (from, to) = fact.date.split_once('/').map_or((fact.date.as_str(), None), |(from, to)| (from, Some(to)));
    let (start, precision) = instant(from)?;
    let mut own = json!({
        "name": entity.name,
        "description": format!("When it was is inferred from the date beside its name, {}.", fact.date),
        "start_time": start,
        "time_precision": precision,
    });
    let end = to.and_then(instant).map(|(end, _)| end).filter(|end| *end > start);
    if let (Some(own), Some(end)) = (own.as_object_mut(), end) {
        own.insert("end_time".to_owned(), json!(end));
    }
    Some(form.part("event", &entity.name, ours("event", own), &ground.inferred_with(fact.span)))
}

/// The first instant of a date as stated, and how exactly it is known.
fn instant(date: &str) -> Option<(String, &'static str)> {
    match date.len() {
        4 if date.bytes().all(|byte| byte.is_ascii_digit()) => Some((format!("{date}-01-01T00:00:00Z"), "year")),
        7 => Some((format!("{date}-01T00:00:00Z"), "month")),
        10 => Some((format!("{date}T00:00:00Z"), "day")),
        _ => None,
    }
}

/// Dates by the sentence they stand in.
struct Dates<'a> {
    by_sentence: BTreeMap<usize, Vec<&'a DatedFact>>,
}

impl<'a> Dates<'a> {
    fn of(analysis: &'a Analysis) -> Self {
        let mut by_sentence: BTreeMap<usize, Vec<&DatedFact>> = BTreeMap::new();
        for fact in &analysis.dated_facts {
            by_sentence.entry(fact.sentence.from).or_default().push(fact);
        }
        Self { by_sentence }
    }

    /// The date of the sentence that holds `place`, if there is just one.
    fn alone_beside(&self, place: RawSpan) -> Option<&'a DatedFact> {
        let (_, facts) = self.by_sentence.range(..=place.from).next_back()?;
        match facts.as_slice() {
            [fact] if place.to <= fact.sentence.to => Some(fact),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_kinds_are_read_by_their_definitions() {
        let kinds = relto_model::kinds::Kinds::builtin();
        for (name, definition) in EXTENSIONS {
            assert_eq!(kinds.get(name).map(|kind| kind.id().as_str()), Some(definition), "{name}");
        }
    }

    #[test]
    fn dates_are_instants_at_their_precision() {
        assert_eq!(instant("2023"), Some(("2023-01-01T00:00:00Z".to_owned(), "year")));
        assert_eq!(instant("2023-05"), Some(("2023-05-01T00:00:00Z".to_owned(), "month")));
        assert_eq!(instant("2023-05-17"), Some(("2023-05-17T00:00:00Z".to_owned(), "day")));
        assert_eq!(instant(".."), None);
    }
}
