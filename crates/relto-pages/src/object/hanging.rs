//! What hangs together with an object: relationships by type and direction, sightings, and what else mentions it, by kind.

use std::collections::BTreeMap;

use relto_model::kinds::Kinds;
use relto_node::{Referring, Sighted, Viewed};

use crate::objects::kind_name;
use crate::value::{Showing, Value};

/// All of it.
pub(super) struct Hanging {
    pub relations: Vec<Relations>,
    pub sightings: Vec<Sighting>,
    pub mentions: Vec<Mentions>,
    pub is_cut: bool,
}

/// Relationships of one type in one direction.
pub(super) struct Relations {
    pub kind: String,
    pub is_forward: bool,
    pub links: Vec<Relation>,
}

/// A relationship with the object at its other end.
pub(super) struct Relation {
    pub id: String,
    pub other: Value,
}

/// When and where the object was seen.
pub(super) struct Sighting {
    pub id: String,
    pub first: Option<String>,
    pub last: Option<String>,
    pub count: Option<u64>,
    pub by: Vec<Value>,
}

/// What else of one kind refers to the object.
pub(super) struct Mentions {
    pub kind: String,
    pub links: Vec<Value>,
}

impl Hanging {
    pub(super) fn of(showing: &Showing<'_>, kinds: &Kinds, viewed: &Viewed) -> Self {
        let mut relations: BTreeMap<(&str, bool), Vec<Relation>> = BTreeMap::new();
        let mut sightings: Vec<(&Sighted, &Referring)> = Vec::new();
        let mut mentions: BTreeMap<String, Vec<(&str, Value)>> = BTreeMap::new();
        for referring in &viewed.referring {
            match (&referring.relationship, &referring.sighting) {
                (Some((kind, other, is_forward)), _) => {
                    let relation = Relation { id: referring.id.clone(), other: showing.reference(other) };
                    relations.entry((kind.as_str(), !is_forward)).or_default().push(relation);
                }
                (None, Some(sighting)) => sightings.push((sighting, referring)),
                (None, None) => {
                    let title = referring.title.as_deref().unwrap_or(&referring.id);
                    let link = Value::Object(referring.id.clone(), title.to_owned());
                    mentions.entry(kind_name(showing.say, kinds, &referring.id)).or_default().push((title, link));
                }
            }
        }
        sightings.sort_by(|one, other| other.0.cmp(one.0).then_with(|| one.1.id.cmp(&other.1.id)));
        let mention = |(kind, mut links): (String, Vec<(&str, Value)>)| {
            links.sort_by_key(|(title, _)| title.to_lowercase());
            Mentions { kind, links: links.into_iter().map(|(_, link)| link).collect() }
        };
        Self {
            relations: relations
                .into_iter()
                .map(|((kind, is_backward), links)| Relations { kind: kind.to_owned(), is_forward: !is_backward, links })
                .collect(),
            sightings: sightings.into_iter().map(|(sighted, referring)| sighting(showing, sighted, referring)).collect(),
            mentions: mentions.into_iter().map(mention).collect(),
            is_cut: viewed.is_cut,
        }
    }
}

fn sighting(showing: &Showing<'_>, sighted: &Sighted, referring: &Referring) -> Sighting {
    Sighting {
        id: referring.id.clone(),
        first: sighted.first.clone(),
        last: sighted.last.clone(),
        count: sighted.count,
        by: sighted.by.iter().map(|id| showing.reference(id)).collect(),
    }
}
