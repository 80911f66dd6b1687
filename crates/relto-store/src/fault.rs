//! A store that fails when told to, to show that what is built on it survives every failure.
//!
//! [`Faulty`] counts the calls to the store it wraps and lets one of them fail: without having done anything, or after it was done, as
//! when a connection breaks before the answer arrives.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use relto_gate::{Arrival, LabelId};
use relto_model::{ObjectId, Stamp};

use crate::backend::{Backend, BackendError, Batch, Journal, NewRow, Scan, Snapshot, StoredLabel, Transaction, Visit};
use crate::entry::CollectionKey;
use crate::record::RecordKind;

/// How a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing was done.
    Undone,
    /// It was done, but reported as failed.
    Done,
}

/// A store whose n-th call fails.
pub struct Faulty {
    inner: Arc<dyn Backend>,
    plan: Plan,
}

#[derive(Default)]
struct Plan {
    calls: AtomicU64,
    next: Mutex<Option<(u64, Fault)>>,
}

impl Faulty {
    /// Wraps `inner`; nothing fails yet.
    #[must_use]
    pub fn new(inner: Arc<dyn Backend>) -> Self {
        Self { inner, plan: Plan::default() }
    }

    /// Lets one call fail: the next for 1, the one after for 2, and so on. Calls are those of [`Backend`], [`Snapshot`] and [`Transaction`].
    pub fn fail(&self, nth: u64, fault: Fault) {
        *self.plan.next.lock() = Some((self.calls().saturating_add(nth), fault));
    }

    /// Lets no further call fail. Whether there still was one to come.
    pub fn heal(&self) -> bool {
        self.plan.next.lock().take().is_some()
    }

    /// How many calls there were.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.plan.calls.load(Ordering::SeqCst)
    }
}

impl Plan {
    /// Counts one call, and says whether it fails.
    fn next(&self) -> Option<Fault> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst).saturating_add(1);
        self.next.lock().take_if(|(at, _)| *at == call).map(|(_, fault)| fault)
    }

    fn run<R>(&self, call: impl FnOnce() -> Result<R, BackendError>) -> Result<R, BackendError> {
        match self.next() {
            None => call(),
            Some(Fault::Undone) => Err(failure()),
            Some(Fault::Done) => call().and_then(|_| Err(failure())),
        }
    }
}

fn failure() -> BackendError {
    BackendError::Failed { doing: "what a test lets fail", source: "a fault was asked for".into() }
}

/// A snapshot or a transaction of the wrapped store.
struct Guarded<'f, T: ?Sized> {
    inner: Box<T>,
    plan: &'f Plan,
}

impl Backend for Faulty {
    fn read(&self) -> Result<Box<dyn Snapshot + '_>, BackendError> {
        let inner = self.plan.run(|| self.inner.read())?;
        Ok(Box::new(Guarded { inner, plan: &self.plan }))
    }

    fn write(&self) -> Result<Box<dyn Transaction + '_>, BackendError> {
        let inner = self.plan.run(|| self.inner.write())?;
        Ok(Box::new(Guarded { inner, plan: &self.plan }))
    }
}

impl<T: Snapshot + ?Sized> Snapshot for Guarded<'_, T> {
    fn arrival(&self) -> Result<Arrival, BackendError> {
        self.plan.run(|| self.inner.arrival())
    }
    fn last_stamp(&self) -> Result<Option<Stamp>, BackendError> {
        self.plan.run(|| self.inner.last_stamp())
    }
    fn arrival_at(&self, stamp: Stamp) -> Result<Arrival, BackendError> {
        self.plan.run(|| self.inner.arrival_at(stamp))
    }
    fn scan(&self, scan: &Scan<'_>, visit: &mut Visit<'_>) -> Result<(), BackendError> {
        self.plan.run(|| self.inner.scan(scan, visit))
    }
    fn rows_of(&self, id: &ObjectId, collection: Option<CollectionKey>, bodies: bool, visit: &mut Visit<'_>) -> Result<(), BackendError> {
        self.plan.run(|| self.inner.rows_of(id, collection, bodies, visit))
    }
    fn labels(&self) -> Result<Vec<StoredLabel>, BackendError> {
        self.plan.run(|| self.inner.labels())
    }
    fn records_under(&self, kind: RecordKind, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, BackendError> {
        self.plan.run(|| self.inner.records_under(kind, prefix))
    }
    fn record(&self, kind: RecordKind, key: &str) -> Result<Option<Vec<u8>>, BackendError> {
        self.plan.run(|| self.inner.record(kind, key))
    }
    fn journal(&self, limit: usize) -> Result<Vec<Journal>, BackendError> {
        self.plan.run(|| self.inner.journal(limit))
    }
    fn tally(&self, collection: CollectionKey) -> Result<Vec<(LabelId, u64)>, BackendError> {
        self.plan.run(|| self.inner.tally(collection))
    }
}

impl Transaction for Guarded<'_, dyn Transaction + '_> {
    fn add_label(&mut self, label: &StoredLabel) -> Result<(), BackendError> {
        self.plan.run(|| self.inner.add_label(label))
    }
    fn insert(&mut self, row: &NewRow<'_>) -> Result<(), BackendError> {
        self.plan.run(|| self.inner.insert(row))
    }
    fn mark_siblings(&mut self, collection: CollectionKey, arrival: Arrival) -> Result<(), BackendError> {
        self.plan.run(|| self.inner.mark_siblings(collection, arrival))
    }
    fn relabel(&mut self, collection: CollectionKey, arrival: Arrival, label: LabelId) -> Result<(), BackendError> {
        self.plan.run(|| self.inner.relabel(collection, arrival, label))
    }
    fn remove(&mut self, collection: CollectionKey, arrival: Arrival) -> Result<(), BackendError> {
        self.plan.run(|| self.inner.remove(collection, arrival))
    }
    fn put(&mut self, kind: RecordKind, key: &str, value: &[u8]) -> Result<(), BackendError> {
        self.plan.run(|| self.inner.put(kind, key, value))
    }
    fn forget(&mut self, kind: RecordKind, key: &str) -> Result<(), BackendError> {
        self.plan.run(|| self.inner.forget(kind, key))
    }
    fn append(&mut self, entry: &Journal) -> Result<(), BackendError> {
        self.plan.run(|| self.inner.append(entry))
    }
    fn commit(self: Box<Self>, batch: Batch) -> Result<(), BackendError> {
        let Self { inner, plan } = *self;
        plan.run(|| inner.commit(batch))
    }
}
