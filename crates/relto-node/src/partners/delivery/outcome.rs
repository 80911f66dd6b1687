//! What becomes of a delivery.

use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::partners::quarantine::QUARANTINE_MAX;

/// What became of a delivery.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// Objects stored.
    pub added: u64,
    /// Objects that were here already.
    pub present: u64,
    /// This node's own objects, which came back.
    pub own: u64,
    /// Objects put into quarantine.
    pub quarantined: u64,
}

impl Taken {
    pub(crate) fn add(&mut self, other: &Self) {
        self.added += other.added;
        self.present += other.present;
        self.own += other.own;
        self.quarantined += other.quarantined;
    }
}

/// Why a delivery changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// Nothing flows from this partner now.
    #[error("nothing flows from partner `{0}` now")]
    NotFlowing(String),
    /// Fetching from the partner has begun anew meanwhile: what was asked for before is asked for again.
    #[error("what was asked of `{0}` is out of date, and is asked for again")]
    BegunAnew(String),
    /// The agreement is not about the collection.
    #[error("the agreement with `{partner}` is not about collection `{collection}`")]
    NotAgreed {
        /// The partner.
        partner: String,
        /// The collection.
        collection: String,
    },
    /// Too much of it waits in quarantine.
    #[error("{QUARANTINE_MAX} objects of `{0}` wait in quarantine: somebody must look before more is fetched")]
    QuarantineFull(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
