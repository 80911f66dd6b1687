//! What a writer must know of the rows that are there already, given to it sealed.

use std::ops::ControlFlow;

use bytes::Bytes as Body;
use relto_gate::{Arrival, LabelId, Sealed};
use relto_model::{ObjectId, Stamp};

use crate::backend::{BackendError, Scan, Snapshot};
use crate::entry::{CollectionKey, Entry};
use crate::page::Bodies;
use crate::record::RecordKind;

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
    pub body: Body,
}

/// Every row of `id`, in one collection or in all, oldest first, sealed; bodies are empty unless asked for.
///
/// # Errors
/// [`BackendError`] when the store fails.
pub fn held(
    snapshot: &dyn Snapshot,
    id: &ObjectId,
    collection: Option<CollectionKey>,
    bodies: Bodies,
) -> Result<Vec<Sealed<Held>>, BackendError> {
    let mut rows = Vec::new();
    snapshot.rows_of(id, collection, bodies == Bodies::With, &mut |entry| {
        let row = read(entry, bodies);
        rows.push(Sealed::new(row.label, row));
        ControlFlow::Continue(())
    })?;
    Ok(rows)
}

/// A row, and the record of how it can be shown in part.
pub type HeldWithParts = (Sealed<Held>, Option<Vec<u8>>);

/// Every row of `id` in the collection, oldest first, sealed and with its body; beside each what is recorded of its parts.
///
/// # Errors
/// [`BackendError`] when the store fails.
pub fn held_with_parts(snapshot: &dyn Snapshot, id: &ObjectId, collection: CollectionKey) -> Result<Vec<HeldWithParts>, BackendError> {
    let mut rows = Vec::new();
    snapshot.rows_of(id, Some(collection), true, &mut |entry| {
        rows.push(read(entry, Bodies::With));
        ControlFlow::Continue(())
    })?;
    let with_parts = |row: Held| Ok((snapshot.record(RecordKind::Part, &part_key(row.arrival))?, row));
    let rows = rows.into_iter().map(with_parts).map(|found| found.map(|(parts, row)| (Sealed::new(row.label, row), parts)));
    rows.collect()
}

/// Under which key the labels of the parts of a row are recorded.
#[must_use]
pub fn part_key(row: Arrival) -> String {
    row.0.to_string()
}

/// Visits every row of `collection` that carries one of `labels`, which ascend: oldest first, sealed, with bodies.
///
/// # Errors
/// [`BackendError`] when the store fails.
pub fn each_held(
    snapshot: &dyn Snapshot,
    collection: CollectionKey,
    labels: &[LabelId],
    visit: &mut dyn FnMut(Sealed<Held>) -> ControlFlow<()>,
) -> Result<(), BackendError> {
    let before = Arrival(snapshot.arrival()?.0.saturating_add(1));
    each_row(snapshot, &Scan::all(collection, labels, before), visit)
}

/// Visits the rows of `scan`: oldest first, sealed.
///
/// # Errors
/// [`BackendError`] when the store fails.
pub fn each_row(
    snapshot: &dyn Snapshot,
    scan: &Scan<'_>,
    visit: &mut dyn FnMut(Sealed<Held>) -> ControlFlow<()>,
) -> Result<(), BackendError> {
    let bodies = if scan.bodies { Bodies::With } else { Bodies::Without };
    snapshot.scan(scan, &mut |entry| {
        let row = read(entry, bodies);
        visit(Sealed::new(row.label, row))
    })
}

/// The places and ids of the rows of `collection` under any of `labels`, which ascend, that `owner` wrote: for whoever keeps the store, who learns nothing
/// else of them.
///
/// # Errors
/// [`BackendError`] when the store fails.
pub fn rows_of_owner(
    snapshot: &dyn Snapshot,
    collection: CollectionKey,
    labels: &[LabelId],
    owner: &str,
) -> Result<Vec<(Arrival, String)>, BackendError> {
    let before = Arrival(snapshot.arrival()?.0.saturating_add(1));
    let scan = Scan { bodies: false, ..Scan::all(collection, labels, before) };
    let mut rows = Vec::new();
    snapshot.scan(&scan, &mut |entry| {
        if entry.fields().owner == owner {
            rows.push((entry.fields().arrival, entry.fields().id.to_owned()));
        }
        ControlFlow::Continue(())
    })?;
    Ok(rows)
}

fn read(entry: &Entry<'_>, bodies: Bodies) -> Held {
    let fields = entry.fields();
    Held {
        arrival: fields.arrival,
        collection: fields.collection,
        added: fields.added,
        label: fields.label,
        version: fields.version.to_owned(),
        siblings: fields.siblings,
        owner: fields.owner.to_owned(),
        body: Body::copy_from_slice(if bodies == Bodies::With { fields.body } else { &[] }),
    }
}
