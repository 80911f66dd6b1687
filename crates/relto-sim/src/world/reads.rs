//! What the witness asks for over TAXII.

use super::objects::object_id;
use super::{COLLECTIONS, USERS};
use crate::draw::Draw;

/// What the witness reads.
#[derive(Debug, Clone)]
pub enum Read {
    /// Discovery.
    Discovery,
    /// The API root.
    Root,
    /// All collections.
    Collections,
    /// A collection.
    Collection(&'static str),
    /// Objects of a collection.
    Objects(&'static str),
    /// Manifest of a collection.
    Manifest(&'static str),
    /// An object.
    Object(&'static str, String),
    /// The versions of an object.
    Versions(&'static str, String),
    /// The status of somebody's last post, or of none.
    Status(usize),
}

impl Read {
    /// Its path and query, given the path of a collection and the id of somebody's last status.
    #[must_use]
    pub fn path(&self, query: &str, collection: &dyn Fn(&str) -> String, status: &dyn Fn(usize) -> String) -> String {
        let path = match self {
            Self::Discovery => "/taxii2/".to_owned(),
            Self::Root => "/taxii2/main/".to_owned(),
            Self::Collections => "/taxii2/main/collections/".to_owned(),
            Self::Collection(name) => collection(name),
            Self::Objects(name) => format!("{}objects/", collection(name)),
            Self::Manifest(name) => format!("{}manifest/", collection(name)),
            Self::Object(name, id) => format!("{}objects/{id}/", collection(name)),
            Self::Versions(name, id) => format!("{}objects/{id}/versions/", collection(name)),
            Self::Status(user) => format!("/taxii2/main/status/{}/", status(*user)),
        };
        format!("{path}?{query}")
    }
}

pub(super) fn read(draw: &mut Draw) -> Read {
    let collection = draw.one(&COLLECTIONS);
    match draw.below(15) {
        0 => Read::Discovery,
        1 => Read::Root,
        2 => Read::Collections,
        3 => Read::Collection(collection),
        4 | 5 => Read::Objects(collection),
        6 => Read::Manifest(collection),
        7..10 => Read::Object(collection, object_id(draw)),
        10..14 => Read::Versions(collection, object_id(draw)),
        _ => Read::Status(draw.below(USERS.len())),
    }
}

pub(super) fn query(draw: &mut Draw) -> String {
    let mut parts = Vec::new();
    if draw.chance(50) {
        parts.push(format!("limit={}", 1 + draw.below(4)));
    }
    if draw.chance(25) {
        parts.push(format!("added_after=2026-06-01T00:00:{:02}Z", draw.below(60)));
    }
    if draw.chance(20) {
        parts.push(format!("match[type]={}", draw.one(&["indicator", "relationship,identity", "ipv4-addr", "marking-definition"])));
    }
    if draw.chance(20) {
        parts.push(format!("match[id]={},{}", object_id(draw), object_id(draw)));
    }
    if draw.chance(40) {
        let version = draw.one(&["all", "first", "last", "first,last", "2026-01-02T00:00:00.000Z", "last,2026-01-01T00:00:00Z"]);
        parts.push(format!("match[version]={version}"));
    }
    if draw.chance(5) {
        parts.push((draw.one(&["limit=0", "match[colour]=red", "next=nonsense", "match[spec_version]=2.0"])).to_owned());
    }
    parts.join("&")
}
