//! What refers to an object, and what an object refers to, as far as its reader may see either.

use std::collections::BTreeSet;

use relto_model::ObjectId;
use serde_json::Value as Json;

use crate::searching::title_of;

/// How deep references are looked for in an object.
pub(super) const DEPTH_MAX: usize = 32;

/// An object that refers to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referring {
    /// Its id.
    pub id: String,
    /// What it is called, if it is called anything.
    pub title: Option<String>,
    /// When it is a relationship: its type, the object at its other end, and whether it leads there.
    pub relationship: Option<(String, String, bool)>,
    /// When it is a sighting of the object.
    pub sighting: Option<Sighted>,
}

/// When, how often and where an object was seen, as a sighting says it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sighted {
    /// When it was seen last.
    pub last: Option<String>,
    /// When it was seen first.
    pub first: Option<String>,
    /// How often.
    pub count: Option<u64>,
    /// The objects that saw it.
    pub by: Vec<String>,
}

/// Every id that stands in a property for references, anywhere in `value`.
pub(crate) fn references(value: &Json, depth: usize, into: &mut BTreeSet<String>) {
    if depth == 0 {
        return;
    }
    match value {
        Json::Object(members) => {
            for (name, member) in members {
                let ids = match member {
                    Json::String(_) if name.ends_with("_ref") => std::slice::from_ref(member),
                    Json::Array(all) if name.ends_with("_refs") => all.as_slice(),
                    _ => &[],
                };
                into.extend(ids.iter().filter_map(Json::as_str).map(str::to_owned));
                references(member, depth - 1, into);
            }
        }
        Json::Array(members) => members.iter().for_each(|member| references(member, depth - 1, into)),
        _ => {}
    }
}

/// What `object` says of `id`, and whose name is wanted for that.
pub(super) fn referring(object: &Json, id: &ObjectId, wanted: &mut BTreeSet<String>) -> Option<Referring> {
    let text = |name: &str| object.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
    let (source, target) = (text("source_ref"), text("target_ref"));
    let is_forward = source == id.as_str();
    let other = if is_forward { target.clone() } else { source.clone() };
    let ends = is_forward || target == id.as_str();
    let relationship =
        (ends && text("type") == "relationship" && !other.is_empty()).then(|| (text("relationship_type"), other, is_forward));
    let sighting = (text("type") == "sighting" && text("sighting_of_ref") == id.as_str()).then(|| sighted(object));
    wanted.extend(relationship.as_ref().map(|(_, other, _)| other.clone()));
    wanted.extend(sighting.iter().flat_map(|sighting| sighting.by.clone()));
    Some(Referring { id: object.get("id")?.as_str()?.to_owned(), title: title_of(object), relationship, sighting })
}

fn sighted(object: &Json) -> Sighted {
    let text = |name: &str| object.get(name).and_then(Json::as_str).map(str::to_owned);
    let by = object.get("where_sighted_refs").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
    Sighted {
        last: text("last_seen"),
        first: text("first_seen"),
        count: object.get("count").and_then(Json::as_u64),
        by: by.map(str::to_owned).collect(),
    }
}
