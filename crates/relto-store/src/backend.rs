//! The traits that a store implements. They name no database: SQLite stands behind them now, PostgreSQL will.

use std::ops::ControlFlow;

use relto_gate::{Arrival, LabelId};
use relto_model::{Label, ObjectId, Stamp};

use crate::entry::{CollectionKey, Entry};
use crate::record::RecordKind;

/// Why the store could not do what it was asked. Whoever reads learns only that it failed.
#[derive(Debug, thiserror::Error)]
pub enum BackendError {
    /// The database failed.
    #[error("the store failed while {doing}")]
    Failed {
        /// What it was doing.
        doing: &'static str,
        /// The database's own error.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// What is stored is not what this release wrote.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// A later release wrote it.
    #[error("the store has format {found}, this release reads up to {known}: use the release that wrote it, or a later one")]
    Format {
        /// The format found.
        found: i64,
        /// The newest known here.
        known: i64,
    },
}

/// Called for each entry of a scan, in its order; breaking ends the scan.
pub type Visit<'v> = dyn FnMut(&Entry<'_>) -> ControlFlow<()> + 'v;

/// In which order of arrival rows are visited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Those that arrived first come first.
    #[default]
    OldestFirst,
    /// Those that arrived last come first.
    NewestFirst,
}

/// Which rows of one collection to visit.
#[derive(Debug, Clone, Copy)]
pub struct Scan<'s> {
    /// The collection.
    pub collection: CollectionKey,
    /// Only rows that arrived later than this.
    pub after: Arrival,
    /// Only rows that arrived before this.
    pub before: Arrival,
    /// Only rows of these labels, in ascending order.
    pub labels: &'s [LabelId],
    /// Only objects of these types; empty means all.
    pub kinds: &'s [String],
    /// Whether bodies are wanted.
    pub bodies: bool,
    /// In which order.
    pub order: Order,
    /// About how many rows the caller will take; a hint.
    pub expected: usize,
}

impl<'s> Scan<'s> {
    /// Everything of `collection` under `labels`, which ascend, that arrived before `before`: oldest first, with bodies.
    #[must_use]
    pub fn all(collection: CollectionKey, labels: &'s [LabelId], before: Arrival) -> Self {
        let (after, expected) = (Arrival::default(), usize::MAX);
        Self { collection, after, before, labels, kinds: &[], bodies: true, order: Order::OldestFirst, expected }
    }
}

/// A row to store.
#[derive(Clone, Copy)]
pub struct NewRow<'r> {
    /// Its place, drawn by the caller, ascending within a transaction.
    pub arrival: Arrival,
    /// The collection.
    pub collection: CollectionKey,
    /// The batch's stamp.
    pub added: Stamp,
    /// Its effective label.
    pub label: LabelId,
    /// STIX id.
    pub id: &'r ObjectId,
    /// The version as the object writes it.
    pub version: &'r str,
    /// Whether the collection already holds a row of this id.
    pub siblings: bool,
    /// The organisation that wrote it.
    pub owner: &'r str,
    /// The bytes that arrived.
    pub body: &'r [u8],
}

/// A label as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredLabel {
    /// Its number.
    pub id: LabelId,
    /// The label.
    pub label: Label,
    /// Whether arriving objects of an equal label share the number.
    pub shared: bool,
}

/// An administrative act, kept in order and never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Journal {
    /// When.
    pub at: Stamp,
    /// What, as JSON.
    pub act: String,
}

/// One consistent state of the store.
pub trait Snapshot {
    /// The last event that this state holds. Every transaction draws at least one.
    ///
    /// # Errors
    /// [`BackendError`] when the store fails.
    fn arrival(&self) -> Result<Arrival, BackendError>;

    /// The last stamp that was given to a batch; `None` in an empty store.
    ///
    /// # Errors
    /// [`BackendError`] when the store fails.
    fn last_stamp(&self) -> Result<Option<Stamp>, BackendError>;

    /// The last event stamped at or before `stamp`; the zeroth when there is none.
    ///
    /// # Errors
    /// [`BackendError`] when the store fails.
    fn arrival_at(&self, stamp: Stamp) -> Result<Arrival, BackendError>;

    /// Visits the rows of `scan` in its order of arrival.
    ///
    /// # Errors
    /// [`BackendError`] when the store fails.
    fn scan(&self, scan: &Scan<'_>, visit: &mut Visit<'_>) -> Result<(), BackendError>;

    /// Visits every row of `id`, of one collection or of all, in order of arrival, with bodies if asked.
    ///
    /// # Errors
    /// [`BackendError`] when the store fails.
    fn rows_of(&self, id: &ObjectId, collection: Option<CollectionKey>, bodies: bool, visit: &mut Visit<'_>) -> Result<(), BackendError>;

    /// All labels by number.
    ///
    /// # Errors
    /// [`BackendError`] when the store fails.
    fn labels(&self) -> Result<Vec<StoredLabel>, BackendError>;

    /// All records of `kind`, ordered by key.
    ///
    /// # Errors
    /// [`BackendError`] when the store fails.
    fn records(&self, kind: RecordKind) -> Result<Vec<(String, Vec<u8>)>, BackendError> {
        self.records_under(kind, "")
    }

    /// The records of `kind` whose key begins with `prefix`, ordered by key. No others are read.
    ///
    /// # Errors
    /// [`BackendError`] when the store fails.
    fn records_under(&self, kind: RecordKind, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, BackendError>;

    /// One record.
    ///
    /// # Errors
    /// [`BackendError`] when the store fails.
    fn record(&self, kind: RecordKind, key: &str) -> Result<Option<Vec<u8>>, BackendError>;

    /// The last `limit` administrative acts, oldest first.
    ///
    /// # Errors
    /// [`BackendError`] when the store fails.
    fn journal(&self, limit: usize) -> Result<Vec<Journal>, BackendError>;

    /// How many rows each label has in `collection`.
    ///
    /// # Errors
    /// [`BackendError`] when the store fails.
    fn tally(&self, collection: CollectionKey) -> Result<Vec<(LabelId, u64)>, BackendError>;
}

/// What a committed transaction leaves behind for the order of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Batch {
    /// The stamp of everything in it; never earlier than one before.
    pub stamp: Stamp,
    /// The last event drawn.
    pub last: Arrival,
}

impl Batch {
    /// Checks that the batch stands after everything in `store`: its last event later, its stamp not earlier. Every backend asks before
    /// it commits; that two batches of one node differ in their stamps is the node's to see to.
    ///
    /// # Errors
    /// [`BackendError::Failed`] when it does not, or when the store fails.
    pub fn check_after(&self, store: &dyn Snapshot) -> Result<(), BackendError> {
        let (arrival, stamp) = (store.arrival()?, store.last_stamp()?);
        // The first batch stands after nothing.
        if stamp.is_none_or(|stamp| self.last > arrival && stamp <= self.stamp) {
            return Ok(());
        }
        Err(BackendError::Failed { doing: "committing", source: "the batch does not stand after those before it".into() })
    }
}

/// Changes that happen together or not at all. Dropped without [`commit`](Transaction::commit), it leaves no trace.
pub trait Transaction: Snapshot {
    /// Enters a label under its number.
    ///
    /// # Errors
    /// [`BackendError`] when the store fails.
    fn add_label(&mut self, label: &StoredLabel) -> Result<(), BackendError>;

    /// Stores a row.
    ///
    /// # Errors
    /// [`BackendError`] when the store fails.
    fn insert(&mut self, row: &NewRow<'_>) -> Result<(), BackendError>;

    /// Notes on a row that it has siblings.
    ///
    /// # Errors
    /// [`BackendError`] when the store fails.
    fn mark_siblings(&mut self, collection: CollectionKey, arrival: Arrival) -> Result<(), BackendError>;

    /// Gives a row another label.
    ///
    /// # Errors
    /// [`BackendError`] when the store fails.
    fn relabel(&mut self, collection: CollectionKey, arrival: Arrival, label: LabelId) -> Result<(), BackendError>;

    /// Removes a row.
    ///
    /// # Errors
    /// [`BackendError`] when the store fails.
    fn remove(&mut self, collection: CollectionKey, arrival: Arrival) -> Result<(), BackendError>;

    /// Writes a record, over an earlier one of its key.
    ///
    /// # Errors
    /// [`BackendError`] when the store fails.
    fn put(&mut self, kind: RecordKind, key: &str, value: &[u8]) -> Result<(), BackendError>;

    /// Removes a record.
    ///
    /// # Errors
    /// [`BackendError`] when the store fails.
    fn forget(&mut self, kind: RecordKind, key: &str) -> Result<(), BackendError>;

    /// Appends an administrative act.
    ///
    /// # Errors
    /// [`BackendError`] when the store fails.
    fn append(&mut self, entry: &Journal) -> Result<(), BackendError>;

    /// Makes everything durable at once.
    ///
    /// # Errors
    /// [`BackendError`] when the store fails; then nothing has happened.
    fn commit(self: Box<Self>, batch: Batch) -> Result<(), BackendError>;
}

/// A store.
pub trait Backend: Send + Sync {
    /// The state as of now.
    ///
    /// # Errors
    /// [`BackendError`] when the store fails.
    fn read(&self) -> Result<Box<dyn Snapshot + '_>, BackendError>;

    /// Begins the one transaction that may run at a time; waits for an earlier one.
    ///
    /// # Errors
    /// [`BackendError`] when the store fails.
    fn write(&self) -> Result<Box<dyn Transaction + '_>, BackendError>;
}
