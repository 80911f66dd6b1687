//! Telling the index what the store holds: new rows in order of arrival, and what has become of those that it has.
//!
//! A row is added once and never changes, but for its label, and can be removed. New ones are those after the place that the index has come to.
//! Labels change only together with the facts, so that what the index has is compared with the store when the facts have changed, and also when
//! the counts of rows under a label differ. Commits come every so often: what crashes goes on from the last.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::time::Duration;

use relto_gate::custody::{self, Purpose};
use relto_gate::{Arrival, LabelId, Sealed};
use relto_store::{CollectionKey, Held, Order, Scan, Telling, TextError, each_row};
use tantivy::directory::error::LockError;
use tantivy::indexer::IndexWriterOptions;
use tantivy::{IndexWriter, TantivyError, Term};

use crate::index::{Index, Open, Place, failed};
use crate::schema::{FORMAT, Told, numbers};

/// Rows of one commit.
const COMMIT_ROWS: u64 = 100_000;
/// Rows between two words about progress.
const PROGRESS_ROWS: u64 = 1_000;
/// What the writer keeps in memory, in bytes.
const WRITER_BYTES: usize = 64 << 20;
/// How long another writer is waited for.
const LOCK_WAIT: Duration = Duration::from_secs(60);
const LOCK_STEP: Duration = Duration::from_millis(20);
const WRITING: &str = "being written";

/// Brings the index to the state of `telling`, unless it is there or past it. Returns how far it is.
///
/// # Errors
/// [`TextError`] when the index or the store fails.
pub(crate) fn catch_up(index: &Index, open: &mut Open, telling: &Telling<'_>) -> Result<Place, TextError> {
    let horizon = telling.snapshot.arrival()?.0;
    let is_past = |place: &Place| place.whole >= horizon || place.through.values().any(|through| *through > horizon);
    let place = open.place()?;
    if is_past(&place) {
        return Ok(place);
    }
    let writer = writer(&open.index)?;
    // Somebody else may have written while this one waited.
    let place = open.place()?;
    if is_past(&place) {
        return Ok(place);
    }
    let mut writing = Writing { index, writer, telling, place, horizon, done: 0, total: 0 };
    writing.write(open)?;
    let Writing { writer, place, .. } = writing;
    writer.wait_merging_threads().map_err(failed(WRITING))?;
    Ok(place)
}

fn writer(index: &tantivy::Index) -> Result<IndexWriter, TextError> {
    for _ in 0..LOCK_WAIT.as_millis() / LOCK_STEP.as_millis() {
        match index.writer_with_options(options()) {
            Err(TantivyError::LockFailure(LockError::LockBusy, _)) => std::thread::sleep(LOCK_STEP),
            found => return found.map_err(failed(WRITING)),
        }
    }
    Err(TextError::Busy)
}

/// One thread that takes rows in and one that merges: the machine is shared with whoever is served.
fn options() -> IndexWriterOptions {
    IndexWriterOptions::builder().num_worker_threads(1).num_merge_threads(1).memory_budget_per_thread(WRITER_BYTES).build()
}

struct Writing<'w> {
    index: &'w Index,
    writer: IndexWriter,
    telling: &'w Telling<'w>,
    place: Place,
    horizon: u64,
    done: u64,
    total: u64,
}

impl Writing<'_> {
    fn write(&mut self, open: &mut Open) -> Result<(), TextError> {
        self.place.whole = 0;
        let facts_changed = self.place.facts != self.telling.facts.0;
        if facts_changed {
            for collection in self.telling.collections {
                self.compare(open, *collection)?;
            }
            self.commit()?;
        }
        let held = self.count(open)?;
        let mut wanted: HashMap<(CollectionKey, LabelId), u64> = HashMap::new();
        for collection in self.telling.collections {
            let tally = self.telling.snapshot.tally(*collection)?;
            wanted.extend(tally.into_iter().filter(|(_, rows)| *rows > 0).map(|(label, rows)| ((*collection, label), rows)));
        }
        self.total = wanted.values().sum::<u64>().saturating_sub(held.values().sum());
        for collection in self.telling.collections {
            let mut labels: Vec<LabelId> = wanted.keys().filter(|(of, _)| of == collection).map(|(_, label)| *label).collect();
            labels.sort_unstable();
            self.add_new(*collection, &labels)?;
        }
        self.commit()?;
        if self.count(open)? != wanted {
            for collection in self.telling.collections {
                self.compare(open, *collection)?;
            }
        }
        self.place.facts = self.telling.facts.0;
        self.place.whole = self.horizon;
        self.commit()?;
        (self.telling.progress)(self.total, self.total);
        Ok(())
    }

    /// Adds the rows of `collection` that came after the place that it has been told up to.
    fn add_new(&mut self, collection: CollectionKey, labels: &[LabelId]) -> Result<(), TextError> {
        let through = self.place.through.get(&collection.0).copied().unwrap_or_default();
        let scan = self.scan(collection, labels, (through, self.horizon), true);
        let mut outcome = Ok(());
        let snapshot = self.telling.snapshot;
        each_row(snapshot, &scan, &mut |row| {
            outcome = self.add(row).and_then(|arrival| {
                self.place.through.insert(collection.0, arrival);
                self.done += 1;
                if self.done.is_multiple_of(PROGRESS_ROWS) {
                    (self.telling.progress)(self.done, self.total.max(self.done));
                }
                if self.done.is_multiple_of(COMMIT_ROWS) { self.commit() } else { Ok(()) }
            });
            if outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        outcome?;
        self.place.through.insert(collection.0, self.horizon);
        Ok(())
    }

    /// Adds a row, and returns its place.
    fn add(&mut self, row: Sealed<Held>) -> Result<u64, TextError> {
        let held = opened(row);
        let told = Told { row: held.arrival.0, collection: held.collection.0, label: held.label.0, owner: &held.owner, body: &held.body };
        self.writer.add_document(self.index.means.fields.document(&told, &self.index.means.script)).map_err(failed(WRITING))?;
        Ok(held.arrival.0)
    }

    /// Tells the index of rows of `collection` that it has and that were removed, or have another label.
    fn compare(&mut self, open: &mut Open, collection: CollectionKey) -> Result<(), TextError> {
        let Some(through) = self.place.through.get(&collection.0).copied() else { return Ok(()) };
        let mut has = self.rows_of(open, collection)?;
        let mut labels: Vec<LabelId> = self.telling.snapshot.tally(collection)?.into_iter().map(|(label, _)| label).collect();
        labels.sort_unstable();
        let (mut other, snapshot) = (Vec::new(), self.telling.snapshot);
        each_row(snapshot, &self.scan(collection, &labels, (0, through), false), &mut |row| {
            let Held { arrival, label, .. } = opened(row);
            if has.remove(&arrival.0) != Some(u64::from(label.0)) {
                other.push((arrival.0, label));
            }
            ControlFlow::Continue(())
        })?;
        for row in has.into_keys().chain(other.iter().map(|(row, _)| *row)) {
            self.writer.delete_term(Term::from_field_u64(self.index.means.fields.row, row));
        }
        for (row, label) in other {
            let mut outcome = Ok(0);
            each_row(snapshot, &self.scan(collection, &[label], (row.saturating_sub(1), row), true), &mut |row| {
                outcome = self.add(row);
                ControlFlow::Break(())
            })?;
            outcome?;
        }
        Ok(())
    }

    /// The rows of `labels` after one place and up to another.
    fn scan<'s>(&self, collection: CollectionKey, labels: &'s [LabelId], (after, through): (u64, u64), bodies: bool) -> Scan<'s> {
        let before = Arrival(through.saturating_add(1));
        Scan { collection, after: Arrival(after), before, labels, kinds: &[], bodies, order: Order::OldestFirst, expected: usize::MAX }
    }

    fn commit(&mut self) -> Result<(), TextError> {
        self.place.format = FORMAT;
        let payload = serde_json::to_string(&self.place).map_err(failed(WRITING))?;
        let mut prepared = self.writer.prepare_commit().map_err(failed(WRITING))?;
        prepared.set_payload(&payload);
        prepared.commit().map_err(failed(WRITING))?;
        Ok(())
    }

    /// The rows of `collection` that the index has, with the numbers of their labels.
    fn rows_of(&self, open: &mut Open, collection: CollectionKey) -> Result<HashMap<u64, u64>, TextError> {
        let mut rows = HashMap::new();
        self.each_known(open, &mut |row, of, label| {
            if of == u64::from(collection.0) {
                rows.insert(row, label);
            }
        })?;
        Ok(rows)
    }

    /// How many rows of each label the index has in each collection.
    fn count(&self, open: &mut Open) -> Result<HashMap<(CollectionKey, LabelId), u64>, TextError> {
        let mut counts = HashMap::new();
        let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        self.each_known(open, &mut |_, collection, label| {
            *counts.entry((CollectionKey(small(collection)), LabelId(small(label)))).or_default() += 1;
        })?;
        Ok(counts)
    }

    /// Visits place, collection and label of every row that the index has.
    fn each_known(&self, open: &mut Open, visit: &mut dyn FnMut(u64, u64, u64)) -> Result<(), TextError> {
        const READING: &str = "being read";
        for segment in open.searcher()?.segment_readers() {
            let column = |name| segment.fast_fields().column_first_or_default::<u64>(name).map_err(failed(READING));
            let (rows, collections, labels) = (column(numbers::ROW)?, column(numbers::COLLECTION)?, column(numbers::LABEL)?);
            for row in segment.doc_ids_alive() {
                visit(rows.get_val(row), collections.get_val(row), labels.get_val(row));
            }
        }
        Ok(())
    }
}

#[expect(clippy::disallowed_methods, reason = "the index is a copy of the store, and is read through the gate as the store is")]
fn opened(row: Sealed<Held>) -> Held {
    custody::open(row, Purpose::Persist)
}
