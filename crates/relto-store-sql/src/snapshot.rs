//! A reader's state.

use std::collections::BTreeMap;
use std::sync::Arc;

use relto_gate::{Arrival, LabelId};
use relto_model::{ObjectId, Stamp};
use relto_store::{BackendError, CollectionKey, Journal, RecordKind, Scan, Snapshot, StoredLabel, Visit};

use crate::dictionary::Dictionary;
use crate::error::failed;
use crate::pool::Lease;
use crate::reading::{self, Standing};
use crate::scan;

/// One consistent state: a read transaction on a leased connection, ended when dropped.
pub(crate) struct View<'s> {
    lease: Lease<'s>,
    standing: Standing,
    dictionary: Arc<Dictionary>,
}

impl<'s> View<'s> {
    /// Fixes the state as of now. `dictionary` is given where the state stands and returns what covers it.
    pub(crate) fn begin(
        lease: Lease<'s>,
        dictionary: impl FnOnce(&Lease<'s>, &Standing) -> Result<Arc<Dictionary>, BackendError>,
    ) -> Result<Self, BackendError> {
        const DOING: &str = "beginning to read";
        if !lease.is_autocommit() {
            lease.execute_batch("ROLLBACK").map_err(failed(DOING))?;
        }
        lease.execute_batch("BEGIN").map_err(failed(DOING))?;
        let standing = reading::standing(&lease)?;
        let dictionary = dictionary(&lease, &standing)?;
        Ok(Self { lease, standing, dictionary })
    }
}

impl Drop for View<'_> {
    fn drop(&mut self) {
        // If it fails, the next reader of this connection tries again and reports it.
        let _ = self.lease.execute_batch("ROLLBACK");
    }
}

impl Snapshot for View<'_> {
    fn arrival(&self) -> Result<Arrival, BackendError> {
        Ok(self.standing.arrival)
    }

    fn last_stamp(&self) -> Result<Option<Stamp>, BackendError> {
        Ok(self.standing.last_stamp)
    }

    fn arrival_at(&self, stamp: Stamp) -> Result<Arrival, BackendError> {
        reading::arrival_at(&self.lease, stamp)
    }

    fn scan(&self, scan: &Scan<'_>, visit: &mut Visit<'_>) -> Result<(), BackendError> {
        scan::scan(&self.lease, &self.dictionary, scan, visit).map(drop)
    }

    fn rows_of(&self, id: &ObjectId, collection: Option<CollectionKey>, bodies: bool, visit: &mut Visit<'_>) -> Result<(), BackendError> {
        reading::rows_of(&self.lease, &self.dictionary, id, collection, bodies, visit)
    }

    fn labels(&self) -> Result<Vec<StoredLabel>, BackendError> {
        reading::labels(&self.lease)
    }

    fn records_under(&self, kind: RecordKind, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, BackendError> {
        reading::records(&self.lease, kind, prefix)
    }

    fn record(&self, kind: RecordKind, key: &str) -> Result<Option<Vec<u8>>, BackendError> {
        reading::record(&self.lease, kind, key)
    }

    fn journal(&self, limit: usize) -> Result<Vec<Journal>, BackendError> {
        reading::journal(&self.lease, limit)
    }

    fn tally(&self, collection: CollectionKey) -> Result<Vec<(LabelId, u64)>, BackendError> {
        reading::tally(&self.lease, &self.dictionary, collection, &BTreeMap::new())
    }
}
