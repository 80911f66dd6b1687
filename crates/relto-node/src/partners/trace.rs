//! The way of one object: from whom it came, to whom it was released, and what was confirmed destroyed. For its custodian, as after a spillage.

use std::collections::BTreeSet;

use relto_gate::Arrival;
use relto_model::time::as_text;
use relto_model::{ObjectId, Stamp};
use relto_store::{Bodies, held};
use serde::{Deserialize, Serialize};

use super::recall::{self, RecalledFrom};
use super::{relay, release};
use crate::error::StoreError;
use crate::ingest::Eyes;
use crate::node::Node;
use crate::remove::removed_rows;

/// The way of an object.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// The object.
    pub object: String,
    /// The versions that this node holds.
    pub held: Vec<HeldVersion>,
    /// Versions that it held and has removed.
    pub removed: u64,
    /// When it was recalled and by whom, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recalled: Option<String>,
    /// To whom it was released from here.
    pub released: Vec<Released>,
    /// What partners have confirmed of its recall, or of its last new label, and those that were let go, of everything.
    pub receipts: Vec<RecalledFrom>,
}

impl Trace {
    /// Whether this node never had anything to do with the object.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.held.is_empty() && self.removed == 0 && self.recalled.is_none() && self.released.is_empty() && self.receipts.is_empty()
    }
}

/// A version that this node holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldVersion {
    /// As the object writes it.
    pub version: String,
    /// Who wrote it.
    pub owner: String,
    /// The collection.
    pub collection: String,
    /// Its label in words.
    pub label: String,
    /// Since when.
    #[serde(with = "as_text")]
    pub added: Stamp,
    /// By which partners it came, when not by its writer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub through: Vec<String>,
}

/// A release to one partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Released {
    /// The partner.
    pub partner: String,
    /// When the first version was released.
    #[serde(with = "as_text")]
    pub first: Stamp,
    /// How many versions were.
    pub versions: u64,
}

impl Node {
    /// The way of `id`; nothing is in it when this node never held it.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub fn trace(&self, id: &ObjectId) -> Result<Trace, StoreError> {
        let (facts, snapshot) = self.settled()?;
        let rows = Eyes::open_as_custodian(held(&*snapshot, id, None, Bodies::Without)?);
        let gone = removed_rows(&*snapshot, id, &|_| true)?;
        let places: BTreeSet<Arrival> = rows.iter().map(|row| row.arrival).chain(gone.iter().copied()).collect();
        let mut trace = Trace { object: id.to_string(), removed: gone.len() as u64, ..Trace::default() };
        for row in rows {
            let collection = facts.directory.collection_of(row.collection).map(|record| record.name.clone()).unwrap_or_default();
            let label = crate::labels::shown(&facts.gate, row.label);
            let through = relay::of(&*snapshot, row.arrival)?;
            trace.held.push(HeldVersion { version: row.version, owner: row.owner, collection, label, added: row.added, through });
        }
        for partner in facts.directory.partners() {
            let all = release::rows(&*snapshot, partner.name())?;
            let times: Vec<Stamp> = all.into_iter().filter(|(row, _)| places.contains(row)).map(|(_, at)| at).collect();
            if let Some(first) = times.iter().min() {
                trace.released.push(Released { partner: partner.name().to_owned(), first: *first, versions: times.len() as u64 });
            }
        }
        let partners = facts.directory.partners().map(|partner| partner.account.organisation.as_str());
        let organisations: Vec<&str> = std::iter::once(facts.directory.node.organisation.as_str()).chain(partners).collect();
        trace.recalled = recall::blocks(&*snapshot, id, &organisations)?;
        trace.receipts = recall::standing(&*snapshot, &facts.directory, id, true)?;
        for released in &trace.released {
            // What was released since it came back is not what it has destroyed.
            let last = release::last(&*snapshot, &released.partner, &places)?;
            trace.receipts.extend(recall::standing_of_all(&*snapshot, &released.partner, last)?);
        }
        Ok(trace)
    }
}
