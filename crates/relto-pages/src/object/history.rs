//! The versions of an object, and in what two of them differ: each property with its pointer, the old and the new side by side.

use relto_node::{Compared, ViewedObject};

use crate::objects::moment;
use crate::paths::{bytes_path, version_path};
use crate::seal::Banner;
use crate::value::{Showing, Value};

/// The versions in one collection.
pub(super) struct History {
    pub id: String,
    pub collection: String,
    pub versions: Vec<Version>,
    /// The keys between which one may choose: which is compared with which now.
    pub chosen: Option<(String, String)>,
    bytes: Option<String>,
}

/// A version.
pub(super) struct Version {
    pub key: String,
    pub version: String,
    pub since: String,
    pub banner: Banner,
    pub href: String,
    pub is_shown: bool,
    /// Whether there is an older one to compare it with.
    pub has_before: bool,
}

impl History {
    pub(super) fn of(id: &str, object: &ViewedObject, compared: Option<&Compared>) -> Self {
        let collection = &object.shown.collection;
        let shown = compared.map(|compared| compared.version.as_str());
        let last = object.versions.len().saturating_sub(1);
        let version = |(at, version): (usize, &relto_node::ViewedVersion)| Version {
            key: version.key.clone(),
            version: version.version.clone(),
            since: moment(&version.since.to_string()),
            banner: Banner::new(&version.banner),
            href: version_path(id, collection, &version.key),
            is_shown: shown == Some(version.key.as_str()),
            has_before: at < last,
        };
        let versions: Vec<Version> = object.versions.iter().enumerate().map(version).collect();
        // What is shown with gaps is none of the versions that the reader may have.
        let own = versions.iter().find(|version| version.is_shown || (shown.is_none() && version.version == object.shown.version));
        let bytes = own.filter(|_| object.shown.gaps.is_empty()).map(|own| bytes_path(id, collection, &own.key));
        let chosen = compared.map(|compared| (compared.version.clone(), compared.against.clone().unwrap_or_default()));
        Self { id: id.to_owned(), collection: collection.clone(), versions, chosen, bytes }
    }

    /// Whether another version than the latest is shown.
    pub(super) fn is_older(&self) -> bool {
        self.chosen.is_some() && self.versions.first().is_some_and(|latest| !latest.is_shown)
    }

    /// Where the bytes of what is shown are, if they may be had.
    pub(super) fn bytes(&self) -> Option<String> {
        self.bytes.clone()
    }

    pub(super) fn is_chosen(&self, key: &str) -> bool {
        self.chosen.as_ref().map_or_else(|| self.versions.first().is_some_and(|first| first.key == key), |(version, _)| version == key)
    }

    pub(super) fn is_against(&self, key: &str) -> bool {
        self.chosen.as_ref().map_or_else(|| self.versions.get(1).is_some_and(|second| second.key == key), |(_, against)| against == key)
    }
}

/// In what two versions differ.
pub(super) struct Changes {
    pub version: String,
    pub against: String,
    pub rows: Vec<Change>,
    pub is_all: bool,
}

/// One difference.
pub(super) struct Change {
    pub pointer: String,
    /// The text that says what happened there.
    pub what: &'static str,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

impl Changes {
    /// `None` when there is nothing to compare with.
    pub(super) fn of(showing: &Showing<'_>, compared: &Compared) -> Option<Self> {
        let against = compared.against.clone()?;
        let change = |difference: &relto_node::Difference| {
            let value = |value: &Option<serde_json::Value>| value.as_ref().map(|value| showing.at(&difference.pointer, value));
            let what = match (&difference.before, &difference.after) {
                (None, _) => "change-added",
                (_, None) => "change-removed",
                _ => "change-changed",
            };
            Change { pointer: difference.pointer.clone(), what, before: value(&difference.before), after: value(&difference.after) }
        };
        let rows = compared.differences.iter().map(change).collect();
        Some(Self { version: compared.version.clone(), against, rows, is_all: compared.is_all })
    }
}
