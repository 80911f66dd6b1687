//! By which partners a row came that another organisation wrote. What such a partner is to have no more, it takes along from those behind it.

use relto_gate::Arrival;
use relto_store::{Held, RecordKind, Snapshot};

use crate::error::StoreError;
use crate::facts::decode;
use crate::node::Writing;

fn key(row: Arrival) -> String {
    row.0.to_string()
}

/// The partners by which `row` came; none when its writer brought it, or it was written here.
pub(super) fn of(snapshot: &dyn Snapshot, row: Arrival) -> Result<Vec<String>, StoreError> {
    let stored = snapshot.record(RecordKind::Relay, &key(row))?;
    stored.map_or(Ok(Vec::new()), |stored| decode("relay", &key(row), &stored))
}

/// Notes that `row` came by `partner`: for the first time, or again.
pub(super) fn note(writing: &mut Writing<'_>, row: &Held, partner: &str, is_writer: bool) -> Result<(), StoreError> {
    let mut known = of(&*writing.transaction, row.arrival)?;
    // A row that is from before and has come by nobody else was brought by its writer.
    let is_new = row.added == writing.stamp;
    if is_writer {
        return if known.is_empty() { Ok(()) } else { Ok(writing.transaction.forget(RecordKind::Relay, &key(row.arrival))?) };
    }
    if known.iter().any(|relay| relay == partner) || (known.is_empty() && !is_new) {
        return Ok(());
    }
    known.push(partner.to_owned());
    writing.put(RecordKind::Relay, &key(row.arrival), &known)
}

/// Notes that `partner` brings `row` no more. Whether nobody is left who does.
pub(super) fn end(writing: &mut Writing<'_>, row: Arrival, partner: &str) -> Result<bool, StoreError> {
    let mut known = of(&*writing.transaction, row)?;
    known.retain(|relay| relay != partner);
    // The last one stays on record: those to whom the row went from here are told as well.
    if !known.is_empty() {
        writing.put(RecordKind::Relay, &key(row), &known)?;
    }
    Ok(known.is_empty())
}
