//! A store in memory, for tests and simulations. Snapshots are whole copies behind one pointer; a commit swaps it.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use bytes::Bytes;
use parking_lot::{Mutex, MutexGuard, RwLock};
use relto_gate::{Arrival, LabelId};
use relto_model::{ObjectId, Stamp};

use crate::backend::{Backend, BackendError, Batch, Journal, NewRow, Order, Scan, Snapshot, StoredLabel, Transaction, Visit};
use crate::entry::{CollectionKey, Entry, EntryFields};
use crate::record::RecordKind;

/// A store in memory.
#[derive(Default)]
pub struct Memory {
    state: RwLock<Arc<State>>,
    writer: Mutex<()>,
}

#[derive(Clone, Default)]
struct State {
    rows: BTreeMap<(CollectionKey, Arrival), StoredRow>,
    by_id: BTreeMap<(ObjectId, Arrival), CollectionKey>,
    labels: Vec<StoredLabel>,
    records: BTreeMap<(RecordKind, String), Vec<u8>>,
    journal: Vec<Journal>,
    batches: Vec<Batch>,
}

#[derive(Clone)]
struct StoredRow {
    added: Stamp,
    label: LabelId,
    id: ObjectId,
    version: Box<str>,
    siblings: bool,
    owner: Box<str>,
    body: Bytes,
}

impl StoredRow {
    fn entry(&self, collection: CollectionKey, arrival: Arrival, bodies: bool) -> Entry<'_> {
        Entry::new(EntryFields {
            arrival,
            collection,
            added: self.added,
            label: self.label,
            id: self.id.as_str(),
            version: &self.version,
            siblings: self.siblings,
            owner: &self.owner,
            body: if bodies { &self.body } else { &[] },
        })
    }
}

impl Snapshot for Arc<State> {
    fn arrival(&self) -> Result<Arrival, BackendError> {
        Ok(self.batches.last().map_or(Arrival(0), |batch| batch.last))
    }

    fn last_stamp(&self) -> Result<Option<Stamp>, BackendError> {
        Ok(self.batches.last().map(|batch| batch.stamp))
    }

    fn arrival_at(&self, stamp: Stamp) -> Result<Arrival, BackendError> {
        Ok(self.batches.iter().rev().find(|batch| batch.stamp <= stamp).map_or(Arrival(0), |batch| batch.last))
    }

    fn scan(&self, scan: &Scan<'_>, visit: &mut Visit<'_>) -> Result<(), BackendError> {
        let after = (scan.collection, Arrival(scan.after.0.saturating_add(1)));
        if after.1 >= scan.before {
            return Ok(());
        }
        let rows = self.rows.range(after..(scan.collection, scan.before));
        let rows: &mut dyn Iterator<Item = _> = match scan.order {
            Order::OldestFirst => &mut { rows },
            Order::NewestFirst => &mut rows.rev(),
        };
        for ((collection, arrival), row) in rows {
            let wanted = scan.labels.binary_search(&row.label).is_ok()
                && (scan.kinds.is_empty() || scan.kinds.iter().any(|kind| kind == row.id.kind()));
            if wanted && visit(&row.entry(*collection, *arrival, scan.bodies)).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn rows_of(&self, id: &ObjectId, within: Option<CollectionKey>, bodies: bool, visit: &mut Visit<'_>) -> Result<(), BackendError> {
        for ((_, arrival), collection) in self.by_id.range((id.clone(), Arrival(0))..=(id.clone(), Arrival(u64::MAX))) {
            if within.is_some_and(|within| within != *collection) {
                continue;
            }
            let row = self.rows.get(&(*collection, *arrival));
            if row.is_some_and(|row| visit(&row.entry(*collection, *arrival, bodies)) == ControlFlow::Break(())) {
                break;
            }
        }
        Ok(())
    }

    fn labels(&self) -> Result<Vec<StoredLabel>, BackendError> {
        Ok(self.labels.clone())
    }

    fn records_under(&self, kind: RecordKind, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, BackendError> {
        let from = self.records.range((kind, prefix.to_owned())..);
        let under = from.take_while(|((stored, key), _)| *stored == kind && key.starts_with(prefix));
        Ok(under.map(|((_, key), value)| (key.clone(), value.clone())).collect())
    }

    fn record(&self, kind: RecordKind, key: &str) -> Result<Option<Vec<u8>>, BackendError> {
        Ok(self.records.get(&(kind, key.to_owned())).cloned())
    }

    fn journal(&self, limit: usize) -> Result<Vec<Journal>, BackendError> {
        Ok(self.journal.iter().skip(self.journal.len().saturating_sub(limit)).cloned().collect())
    }

    fn tally(&self, collection: CollectionKey) -> Result<Vec<(LabelId, u64)>, BackendError> {
        let mut counts: BTreeMap<LabelId, u64> = BTreeMap::new();
        for (_, row) in self.rows.range((collection, Arrival(0))..=(collection, Arrival(u64::MAX))) {
            *counts.entry(row.label).or_default() += 1;
        }
        Ok(counts.into_iter().collect())
    }
}

struct Write<'m> {
    memory: &'m Memory,
    state: Arc<State>,
    _guard: MutexGuard<'m, ()>,
}

impl Write<'_> {
    fn edit(&mut self) -> &mut State {
        Arc::make_mut(&mut self.state)
    }

    fn row(&mut self, collection: CollectionKey, arrival: Arrival) -> Result<&mut StoredRow, BackendError> {
        let missing = || BackendError::Damaged(format!("no row {} in collection {}", arrival.0, collection.0));
        self.edit().rows.get_mut(&(collection, arrival)).ok_or_else(missing)
    }
}

impl Snapshot for Write<'_> {
    fn arrival(&self) -> Result<Arrival, BackendError> {
        self.state.arrival()
    }
    fn last_stamp(&self) -> Result<Option<Stamp>, BackendError> {
        self.state.last_stamp()
    }
    fn arrival_at(&self, stamp: Stamp) -> Result<Arrival, BackendError> {
        self.state.arrival_at(stamp)
    }
    fn scan(&self, scan: &Scan<'_>, visit: &mut Visit<'_>) -> Result<(), BackendError> {
        self.state.scan(scan, visit)
    }
    fn rows_of(&self, id: &ObjectId, collection: Option<CollectionKey>, bodies: bool, visit: &mut Visit<'_>) -> Result<(), BackendError> {
        self.state.rows_of(id, collection, bodies, visit)
    }
    fn labels(&self) -> Result<Vec<StoredLabel>, BackendError> {
        self.state.labels()
    }
    fn records_under(&self, kind: RecordKind, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, BackendError> {
        self.state.records_under(kind, prefix)
    }
    fn record(&self, kind: RecordKind, key: &str) -> Result<Option<Vec<u8>>, BackendError> {
        self.state.record(kind, key)
    }
    fn journal(&self, limit: usize) -> Result<Vec<Journal>, BackendError> {
        self.state.journal(limit)
    }
    fn tally(&self, collection: CollectionKey) -> Result<Vec<(LabelId, u64)>, BackendError> {
        self.state.tally(collection)
    }
}

impl Transaction for Write<'_> {
    fn add_label(&mut self, label: &StoredLabel) -> Result<(), BackendError> {
        self.edit().labels.push(label.clone());
        Ok(())
    }

    fn insert(&mut self, row: &NewRow<'_>) -> Result<(), BackendError> {
        let stored = StoredRow {
            added: row.added,
            label: row.label,
            id: row.id.clone(),
            version: row.version.into(),
            siblings: row.siblings,
            owner: row.owner.into(),
            body: Bytes::copy_from_slice(row.body),
        };
        let state = self.edit();
        state.by_id.insert((row.id.clone(), row.arrival), row.collection);
        state.rows.insert((row.collection, row.arrival), stored);
        Ok(())
    }

    fn mark_siblings(&mut self, collection: CollectionKey, arrival: Arrival) -> Result<(), BackendError> {
        self.row(collection, arrival)?.siblings = true;
        Ok(())
    }

    fn relabel(&mut self, collection: CollectionKey, arrival: Arrival, label: LabelId) -> Result<(), BackendError> {
        self.row(collection, arrival)?.label = label;
        Ok(())
    }

    fn remove(&mut self, collection: CollectionKey, arrival: Arrival) -> Result<(), BackendError> {
        let state = self.edit();
        if let Some(row) = state.rows.remove(&(collection, arrival)) {
            state.by_id.remove(&(row.id, arrival));
        }
        Ok(())
    }

    fn put(&mut self, kind: RecordKind, key: &str, value: &[u8]) -> Result<(), BackendError> {
        self.edit().records.insert((kind, key.to_owned()), value.to_vec());
        Ok(())
    }

    fn forget(&mut self, kind: RecordKind, key: &str) -> Result<(), BackendError> {
        self.edit().records.remove(&(kind, key.to_owned()));
        Ok(())
    }

    fn append(&mut self, entry: &Journal) -> Result<(), BackendError> {
        self.edit().journal.push(entry.clone());
        Ok(())
    }

    fn commit(mut self: Box<Self>, batch: Batch) -> Result<(), BackendError> {
        batch.check_after(&*self)?;
        self.edit().batches.push(batch);
        // What stood there before is freed once nobody waits for the lock.
        let before = std::mem::replace(&mut *self.memory.state.write(), self.state);
        drop(before);
        Ok(())
    }
}

impl Backend for Memory {
    fn read(&self) -> Result<Box<dyn Snapshot + '_>, BackendError> {
        Ok(Box::new(self.state.read().clone()))
    }

    fn write(&self) -> Result<Box<dyn Transaction + '_>, BackendError> {
        let guard = self.writer.lock();
        let state = self.state.read().clone();
        Ok(Box::new(Write { memory: self, state, _guard: guard }))
    }
}
