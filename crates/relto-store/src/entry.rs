//! What a backend hands over: one stored version of one object, unreadable outside this crate.

use relto_gate::{Arrival, LabelId};
use relto_model::Stamp;
use serde::{Deserialize, Serialize};

/// The number of a collection in the store. Never shown to anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CollectionKey(pub u32);

/// The columns of a stored row, as a backend reads them.
#[derive(Clone, Copy)]
pub struct EntryFields<'a> {
    /// Place in the order of arrival; unique on the node.
    pub arrival: Arrival,
    /// The collection it is in.
    pub collection: CollectionKey,
    /// When it arrived; equal within a batch.
    pub added: Stamp,
    /// Its effective label.
    pub label: LabelId,
    /// STIX id.
    pub id: &'a str,
    /// The version as the object writes it.
    pub version: &'a str,
    /// Whether the collection holds, or has held, another row of the same id.
    pub siblings: bool,
    /// The organisation that wrote it.
    pub owner: &'a str,
    /// The object's bytes as they arrived; empty when the scan asked for none, so that no page ends by bytes it does not send.
    pub body: &'a [u8],
}

/// One stored row. A backend makes it; only this crate reads it, and seals what it passes on.
pub struct Entry<'a>(EntryFields<'a>);

impl<'a> Entry<'a> {
    /// Wraps what a backend has read.
    #[must_use]
    pub fn new(fields: EntryFields<'a>) -> Self {
        Self(fields)
    }

    pub(crate) fn fields(&self) -> &EntryFields<'a> {
        &self.0
    }
}

impl std::fmt::Debug for Entry<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Entry")
    }
}
