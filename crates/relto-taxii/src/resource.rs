//! The resources of TAXII 2.1 as they stand on the wire. Lists are absent rather than empty (section 2).

use std::rc::Rc;

use relto_model::Stamp;
use serde::Serialize;

/// Discovery (section 4.1.1).
#[derive(Debug, Serialize)]
pub struct Discovery<'d> {
    /// The server's name.
    pub title: &'d str,
    /// What it is.
    pub description: &'d str,
    /// The API root to begin with.
    pub default: &'d str,
    /// All API roots.
    pub api_roots: &'d [&'d str],
}

/// An API root (section 4.2.1).
#[derive(Debug, Serialize)]
pub struct ApiRoot<'d> {
    /// The root's name.
    pub title: &'d str,
    /// What is under it.
    pub description: &'d str,
    /// Media types of TAXII.
    pub versions: &'d [&'d str],
    /// The largest body that is taken, in bytes.
    pub max_content_length: u64,
}

/// A collection (section 5.2.1).
#[derive(Debug, Serialize)]
pub struct Collection<'d> {
    /// Its id.
    pub id: &'d str,
    /// Its title.
    pub title: &'d str,
    /// Its alias, which works wherever its id does.
    pub alias: &'d str,
    /// Whether the one who asks may read objects.
    pub can_read: bool,
    /// Whether the one who asks may write objects.
    pub can_write: bool,
    /// Media types of objects.
    pub media_types: &'d [&'d str],
}

/// All collections (section 5.1.1).
#[derive(Debug, Serialize)]
pub struct Collections<'d> {
    /// The collections.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub collections: Vec<Collection<'d>>,
}

/// A manifest (section 5.3.1), with `next`, which the resource lacks but the endpoint takes.
#[derive(Debug, Serialize)]
pub(crate) struct Manifest<'d> {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<&'d str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<ManifestRecord<'d>>,
}

/// One record of a manifest.
#[derive(Debug, Serialize)]
pub(crate) struct ManifestRecord<'d> {
    pub id: &'d str,
    pub date_added: Rc<str>,
    pub version: &'d str,
    pub media_type: &'d str,
}

/// The versions of an object (section 5.8.1), with `next` alike.
#[derive(Debug, Serialize)]
pub(crate) struct Versions<'d> {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<&'d str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<&'d str>,
}

/// One object's outcome in a status (section 4.3.1).
#[derive(Debug, Serialize)]
pub struct StatusDetail<'d> {
    /// The object's id.
    pub id: &'d str,
    /// Its version.
    pub version: &'d str,
    /// Why, for a failure; a note, for a success.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub message: &'d str,
}

/// The outcome of a post (section 4.3.1). Posts are carried out before they are answered, so nothing is ever pending.
#[derive(Debug)]
pub struct Status<'d> {
    /// The status' id.
    pub id: &'d str,
    /// When the request was carried out.
    pub at: Stamp,
    /// Stored, or there already.
    pub successes: Vec<StatusDetail<'d>>,
    /// Not stored.
    pub failures: Vec<StatusDetail<'d>>,
}

#[derive(Serialize)]
struct StatusResource<'d> {
    id: &'d str,
    status: &'static str,
    request_timestamp: String,
    total_count: usize,
    success_count: usize,
    #[serde(skip_serializing_if = "slice_is_empty")]
    successes: &'d [StatusDetail<'d>],
    failure_count: usize,
    #[serde(skip_serializing_if = "slice_is_empty")]
    failures: &'d [StatusDetail<'d>],
    pending_count: usize,
}

fn slice_is_empty(details: &&[StatusDetail<'_>]) -> bool {
    details.is_empty()
}

impl Status<'_> {
    /// The resource as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let resource = StatusResource {
            id: self.id,
            status: "complete",
            request_timestamp: self.at.to_string(),
            total_count: self.successes.len() + self.failures.len(),
            success_count: self.successes.len(),
            successes: &self.successes,
            failure_count: self.failures.len(),
            failures: &self.failures,
            pending_count: 0,
        };
        serde_json::to_string(&resource).unwrap_or_default()
    }
}

/// Any resource as JSON.
#[must_use]
pub fn to_json(resource: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(resource).unwrap_or_default()
}
