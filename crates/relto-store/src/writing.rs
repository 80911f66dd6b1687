//! What a writer must know of the rows that are there already, given to it sealed.

use std::ops::ControlFlow;

use bytes::Bytes;
use relto_gate::{Arrival, LabelId, Sealed};
use relto_model::{ObjectId, Stamp};

use crate::backend::{BackendError, Snapshot};
use crate::entry::CollectionKey;

/// A stored row, for judging a write against it.
#[derive(Clone)]
pub struct Held {
    /// Its place.
    pub arrival: Arrival,
    /// Its collection.
    pub collection: CollectionKey,
    /// When it arrived.
    pub added: Stamp,
    /// Its effective label.
    pub label: LabelId,
    /// The version as the object writes it.
    pub version: String,
    /// Whether it is already known to have siblings.
    pub siblings: bool,
    /// The organisation that wrote it.
    pub owner: String,
    /// The bytes that arrived.
    pub body: Bytes,
}

/// Every row of `id` in `collection`, oldest first, sealed.
///
/// # Errors
/// [`BackendError`] when the store fails.
pub fn held(snapshot: &dyn Snapshot, id: &ObjectId, collection: CollectionKey) -> Result<Vec<Sealed<Held>>, BackendError> {
    collect(snapshot, id, Some(collection))
}

/// Every row of `id` in any collection, oldest first, sealed.
///
/// # Errors
/// [`BackendError`] when the store fails.
pub fn held_everywhere(snapshot: &dyn Snapshot, id: &ObjectId) -> Result<Vec<Sealed<Held>>, BackendError> {
    collect(snapshot, id, None)
}

fn collect(snapshot: &dyn Snapshot, id: &ObjectId, collection: Option<CollectionKey>) -> Result<Vec<Sealed<Held>>, BackendError> {
    let mut rows = Vec::new();
    snapshot.rows_of(id, collection, true, &mut |entry| {
        let fields = entry.fields();
        let row = Held {
            arrival: fields.arrival,
            collection: fields.collection,
            added: fields.added,
            label: fields.label,
            version: fields.version.to_owned(),
            siblings: fields.siblings,
            owner: fields.owner.to_owned(),
            body: Bytes::copy_from_slice(fields.body),
        };
        rows.push(Sealed::new(row.label, row));
        ControlFlow::Continue(())
    })?;
    Ok(rows)
}
