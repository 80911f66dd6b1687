//! By which partners a row came that another organisation wrote. What such a partner is to have no more, it takes along from those behind it.

use relto_gate::Arrival;
use relto_store::{Held, RecordKind, Snapshot};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::facts::decode;
use crate::node::Writing;

/// The ways by which a row came.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "Stored")]
struct Ways {
    /// Whether its writer brought it, or somebody here wrote it.
    by_writer: bool,
    /// The partners that brought it, who did not write it.
    relays: Vec<String>,
}

/// As it is stored; older stores note the relays of what its writer did not bring, and nothing else.
#[derive(Deserialize)]
#[serde(untagged)]
enum Stored {
    Relays(Vec<String>),
    Ways { by_writer: bool, relays: Vec<String> },
}

impl From<Stored> for Ways {
    fn from(stored: Stored) -> Self {
        match stored {
            Stored::Relays(relays) => Self { by_writer: false, relays },
            Stored::Ways { by_writer, relays } => Self { by_writer, relays },
        }
    }
}

fn key(row: Arrival) -> String {
    row.0.to_string()
}

/// The ways of `row`, if any is noted: what is not, was brought by its writer.
fn ways(snapshot: &dyn Snapshot, row: Arrival) -> Result<Option<Ways>, StoreError> {
    let stored = snapshot.record(RecordKind::Relay, &key(row))?;
    stored.map(|stored| decode("relay", &key(row), &stored)).transpose()
}

/// The partners by which `row` came; none when its writer brought it, or it was written here.
pub(super) fn of(snapshot: &dyn Snapshot, row: Arrival) -> Result<Vec<String>, StoreError> {
    Ok(ways(snapshot, row)?.filter(|ways| !ways.by_writer).map(|ways| ways.relays).unwrap_or_default())
}

/// The partners that brought `row` and did not write it, whether its writer did as well or not.
pub(super) fn all_of(snapshot: &dyn Snapshot, row: Arrival) -> Result<Vec<String>, StoreError> {
    Ok(ways(snapshot, row)?.map(|ways| ways.relays).unwrap_or_default())
}

/// Notes that `row` came by `partner`: for the first time, or again.
pub(super) fn note(writing: &mut Writing<'_>, row: &Held, partner: &str, is_writer: bool) -> Result<(), StoreError> {
    // A row that is from before and has come by nobody else was brought by its writer.
    let mut ways = ways(&*writing.transaction, row.arrival)?
        .unwrap_or_else(|| Ways { by_writer: is_writer || row.added != writing.stamp, relays: Vec::new() });
    let is_known = if is_writer { ways.by_writer } else { ways.relays.iter().any(|relay| relay == partner) };
    if is_known {
        return Ok(());
    }
    if is_writer {
        ways.by_writer = true;
    } else {
        ways.relays.push(partner.to_owned());
    }
    writing.put(RecordKind::Relay, &key(row.arrival), &ways)
}

/// Notes that `partner` brings `row` no more. Whether nobody is left who does.
pub(super) fn end(writing: &mut Writing<'_>, row: Arrival, partner: &str) -> Result<bool, StoreError> {
    let mut ways = ways(&*writing.transaction, row)?.unwrap_or_default();
    ways.relays.retain(|relay| relay != partner);
    // The last one stays on record: those to whom the row went from here are told as well.
    if ways.by_writer || !ways.relays.is_empty() {
        writing.put(RecordKind::Relay, &key(row), &ways)?;
    }
    Ok(!ways.by_writer && ways.relays.is_empty())
}
