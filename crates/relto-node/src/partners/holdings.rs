//! What each side holds of the other's: shown before anything is stopped, and when a partner leaves.

use std::collections::BTreeMap;

use relto_store::{CollectionKey, rows_of_owner};
use serde::{Deserialize, Serialize};

use super::admin::PartnerError;
use crate::error::StoreError;
use crate::node::Node;

/// What two sides hold of each other's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holdings {
    /// The partner.
    pub partner: String,
    /// Versions that it wrote and this node holds, by collection.
    pub here: BTreeMap<String, u64>,
    /// Objects of it in quarantine.
    pub quarantined: u64,
    /// Versions that were released to it, by collection.
    pub there: BTreeMap<String, u64>,
    /// Partners to which versions that it wrote were released from here, and how many.
    pub onward: BTreeMap<String, u64>,
    /// Flows that end with it: `pull`, `push`, and reading here.
    pub flows: Vec<String>,
}

impl Node {
    /// What this node and the partner `name` hold of each other's.
    ///
    /// # Errors
    /// [`PartnerError`] when there is no such partner, or the store fails.
    pub fn holdings(&self, name: &str) -> Result<Holdings, PartnerError> {
        let (facts, snapshot) = self.settled().map_err(PartnerError::Store)?;
        let record = facts.directory.partner(name).cloned().ok_or_else(|| PartnerError::Absent(name.to_owned()))?;
        let mut holdings = Holdings { partner: name.to_owned(), ..Holdings::default() };
        let labels: Vec<_> = facts.gate.labels().iter().map(|(id, _)| id).collect();
        let mut theirs = std::collections::BTreeSet::new();
        for collection in facts.directory.collections.values() {
            let rows = rows_of_owner(&*snapshot, CollectionKey(collection.key), &labels, &record.account.organisation);
            let rows = rows.map_err(|error| PartnerError::Store(StoreError::from(error)))?;
            if !rows.is_empty() {
                holdings.here.insert(collection.name.clone(), rows.len() as u64);
            }
            theirs.extend(rows.into_iter().map(|(row, _)| row));
        }
        let waiting = super::quarantine::all(&*snapshot)?;
        holdings.quarantined = waiting.iter().filter(|waiting| waiting.partner == name).count() as u64;
        holdings.there = super::release::by_collection(&*snapshot, name)?;
        for other in facts.directory.partners().filter(|other| other.name() != name) {
            let released = super::release::rows(&*snapshot, other.name())?;
            let onward = released.keys().filter(|row| theirs.contains(row)).count() as u64;
            if onward > 0 {
                holdings.onward.insert(other.name().to_owned(), onward);
            }
        }
        let flows = [(record.pull, "this node fetches from it"), (record.push, "this node sends to it"), (true, "it reads and posts here")];
        holdings.flows = flows.into_iter().filter(|(flows, _)| *flows).map(|(_, flow)| flow.to_owned()).collect();
        Ok(holdings)
    }
}
