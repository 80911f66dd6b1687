//! The one transaction that may run at a time.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::MutexGuard;
use relto_gate::{Arrival, LabelId};
use relto_model::{ObjectId, Stamp};
use relto_store::{BackendError, Batch, CollectionKey, Journal, NewRow, RecordKind, Scan, Snapshot, StoredLabel, Transaction, Visit};
use rusqlite::{Connection, OptionalExtension as _, Params, params};

use crate::checksum;
use crate::dictionary::{Dictionary, KINDS_MAX, OTHER_KINDS, Partition};
use crate::error::{damaged, failed};
use crate::reading::{self, Standing};
use crate::row::{COLUMNS, Stored, StoredId};
use crate::scan;
use crate::store::Sqlite;

/// A transaction on the writer's connection; dropped, it is rolled back.
pub(crate) struct Write<'s> {
    store: &'s Sqlite,
    connection: MutexGuard<'s, Connection>,
    standing: Standing,
    /// With what this transaction has entered.
    dictionary: Arc<Dictionary>,
    /// By how much partitions have grown.
    growth: BTreeMap<i64, i64>,
    /// Something failed half-way: nothing may be committed.
    is_broken: bool,
}

/// What is changed in a row.
enum Edit {
    Label(LabelId),
    Siblings,
}

/// Where a row is.
struct Located {
    number: i64,
    partition: Partition,
    siblings: bool,
}

impl<'s> Write<'s> {
    pub(crate) fn begin(store: &'s Sqlite, connection: MutexGuard<'s, Connection>) -> Result<Self, BackendError> {
        const DOING: &str = "beginning to write";
        if !connection.is_autocommit() {
            connection.execute_batch("ROLLBACK").map_err(failed(DOING))?;
        }
        connection.execute_batch("BEGIN IMMEDIATE").map_err(failed(DOING))?;
        let standing = reading::standing(&connection)?;
        let dictionary = store.dictionary_for(&connection, &standing)?;
        Ok(Self { store, connection, standing, dictionary, growth: BTreeMap::new(), is_broken: false })
    }

    /// Runs one change. After a failure the transaction only fails: SQLite may have rolled back, and what follows would stand alone.
    fn change<R>(&mut self, change: impl FnOnce(&mut Self) -> Result<R, BackendError>) -> Result<R, BackendError> {
        if self.is_broken || self.connection.is_autocommit() {
            let source = "an earlier change in the same transaction failed".into();
            return Err(BackendError::Failed { doing: "changing the store", source });
        }
        let result = change(self);
        self.is_broken = result.is_err();
        result
    }

    fn execute(&self, doing: &'static str, sql: &str, parameters: impl Params) -> Result<usize, BackendError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(failed(doing))?;
        statement.execute(parameters).map_err(failed(doing))
    }

    /// The number of the partition, which is made if it is new.
    fn partition(&mut self, partition: Partition) -> Result<i64, BackendError> {
        if let Some(number) = self.dictionary.number_of(partition) {
            return Ok(number);
        }
        let number = Arc::make_mut(&mut self.dictionary).push_partition(partition);
        let (collection, label) = (i64::from(partition.collection.0), i64::from(partition.label.0));
        let sum = checksum::of_partition(number, collection, label, partition.kind);
        let sql = "INSERT INTO partitions (id, collection, label, kind, checksum) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.execute("entering a label's partition", sql, [number, collection, label, partition.kind, sum])?;
        Ok(number)
    }

    fn kind(&mut self, name: &str) -> Result<i64, BackendError> {
        if let Some(number) = self.dictionary.kinds.number(name) {
            return Ok(number);
        }
        if usize::try_from(self.dictionary.kinds.last()).is_ok_and(|last| last >= KINDS_MAX) {
            return Ok(OTHER_KINDS);
        }
        let number = Arc::make_mut(&mut self.dictionary).kinds.push(name);
        let sql = "INSERT INTO kinds (id, name, checksum) VALUES (?1, ?2, ?3)";
        self.execute("entering a kind", sql, params![number, name, checksum::of_name(b'k', number, name)])?;
        Ok(number)
    }

    fn owner(&mut self, name: &str) -> Result<i64, BackendError> {
        if let Some(number) = self.dictionary.owners.number(name) {
            return Ok(number);
        }
        let number = Arc::make_mut(&mut self.dictionary).owners.push(name);
        let sql = "INSERT INTO owners (id, name, checksum) VALUES (?1, ?2, ?3)";
        self.execute("entering an owner", sql, params![number, name, checksum::of_name(b'o', number, name)])?;
        Ok(number)
    }

    fn store_row(&mut self, row: &NewRow<'_>) -> Result<(), BackendError> {
        const DOING: &str = "storing an object";
        let kind = self.kind(row.id.kind())?;
        let partition = self.partition(Partition { collection: row.collection, label: row.label, kind })?;
        let owner = self.owner(row.owner)?;
        let stored = Stored {
            arrival: place(row.arrival)?,
            partition,
            id: StoredId::of(row.id, kind),
            version: row.version,
            added: row.added.0,
            owner,
            siblings: row.siblings,
        };
        let sql = "INSERT INTO objects (arrival, partition, id, version, added, owner, siblings, checksum) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let columns = params![stored.arrival, partition, stored.id, row.version, row.added.0, owner, row.siblings, stored.checksum()];
        self.execute(DOING, sql, columns)?;
        let sum = checksum::of_body(stored.arrival, row.body);
        self.execute(DOING, "INSERT INTO bodies (arrival, checksum, body) VALUES (?1, ?2, ?3)", params![stored.arrival, sum, row.body])?;
        self.grow(partition, 1);
        Ok(())
    }

    fn grow(&mut self, partition: i64, by: i64) {
        let growth = self.growth.entry(partition).or_default();
        *growth = growth.saturating_add(by);
    }

    fn edit(&mut self, collection: CollectionKey, arrival: Arrival, edit: Edit) -> Result<(), BackendError> {
        const DOING: &str = "changing an object's row";
        let missing = || damaged(format!("no row {} in collection {}", arrival.0, collection.0));
        let arrival = place(arrival)?;
        let before = self.locate(collection, arrival)?.ok_or_else(missing)?;
        let (number, siblings) = match edit {
            Edit::Label(label) => (self.partition(Partition { label, ..before.partition })?, before.siblings),
            Edit::Siblings => (before.number, true),
        };
        let checksum = |row: &Stored<'_>| Ok(Stored { partition: number, siblings, ..*row }.checksum());
        let sum = self.with_row(arrival, checksum)?.ok_or_else(missing)?;
        let sql = "UPDATE objects SET partition = ?2, siblings = ?3, checksum = ?4 WHERE arrival = ?1";
        self.execute(DOING, sql, params![arrival, number, siblings, sum])?;
        self.grow(before.number, -1);
        self.grow(number, 1);
        Ok(())
    }

    /// A row of `collection`, if it is there.
    fn locate(&self, collection: CollectionKey, arrival: i64) -> Result<Option<Located>, BackendError> {
        let locate = |row: &Stored<'_>| {
            let partition = self.dictionary.partition(row.partition)?;
            Ok(Located { number: row.partition, partition, siblings: row.siblings })
        };
        Ok(self.with_row(arrival, locate)?.filter(|row| row.partition.collection == collection))
    }

    fn with_row<R>(&self, arrival: i64, then: impl FnOnce(&Stored<'_>) -> Result<R, BackendError>) -> Result<Option<R>, BackendError> {
        const DOING: &str = "looking up an object's row";
        let sql = format!("SELECT {COLUMNS} FROM objects WHERE arrival = ?1");
        let mut statement = self.connection.prepare_cached(&sql).map_err(failed(DOING))?;
        let mut rows = statement.query([arrival]).map_err(failed(DOING))?;
        match rows.next().map_err(failed(DOING))? {
            Some(row) => then(&Stored::read(row)?).map(Some),
            None => Ok(None),
        }
    }

    fn remove_row(&mut self, collection: CollectionKey, arrival: Arrival) -> Result<(), BackendError> {
        const DOING: &str = "removing an object";
        let arrival = place(arrival)?;
        let Some(before) = self.locate(collection, arrival)? else { return Ok(()) };
        self.execute(DOING, "DELETE FROM objects WHERE arrival = ?1", [arrival])?;
        self.execute(DOING, "DELETE FROM bodies WHERE arrival = ?1", [arrival])?;
        self.grow(before.number, -1);
        Ok(())
    }

    fn finish(&mut self, batch: Batch) -> Result<(), BackendError> {
        const DOING: &str = "committing";
        batch.check_after(self)?;
        let sql = "INSERT INTO tallies (partition, objects) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET objects = objects + excluded.objects";
        for (partition, by) in std::mem::take(&mut self.growth) {
            self.execute(DOING, sql, [partition, by])?;
        }
        let last = place(batch.last)?;
        let sum = checksum::of_batch(last, batch.stamp.0);
        self.execute(DOING, "INSERT INTO batches (last, stamp, checksum) VALUES (?1, ?2, ?3)", [last, batch.stamp.0, sum])?;
        self.connection.execute_batch("COMMIT").map_err(failed(DOING))
    }
}

/// An arrival as stored. The last number is none, since ranges end before it.
fn place(arrival: Arrival) -> Result<i64, BackendError> {
    let number = i64::try_from(arrival.0).ok().filter(|number| *number < i64::MAX);
    number.ok_or_else(|| BackendError::Failed { doing: "numbering an event", source: "the numbers are used up".into() })
}

impl Drop for Write<'_> {
    fn drop(&mut self) {
        if !self.connection.is_autocommit() {
            // If it fails, the next writer tries again and reports it.
            let _ = self.connection.execute_batch("ROLLBACK");
        }
    }
}

impl Snapshot for Write<'_> {
    fn arrival(&self) -> Result<Arrival, BackendError> {
        Ok(self.standing.arrival)
    }

    fn last_stamp(&self) -> Result<Option<Stamp>, BackendError> {
        Ok(self.standing.last_stamp)
    }

    fn arrival_at(&self, stamp: Stamp) -> Result<Arrival, BackendError> {
        reading::arrival_at(&self.connection, stamp)
    }

    fn scan(&self, scan: &Scan<'_>, visit: &mut Visit<'_>) -> Result<(), BackendError> {
        scan::scan(&self.connection, &self.dictionary, scan, visit).map(drop)
    }

    fn rows_of(&self, id: &ObjectId, collection: Option<CollectionKey>, bodies: bool, visit: &mut Visit<'_>) -> Result<(), BackendError> {
        reading::rows_of(&self.connection, &self.dictionary, id, collection, bodies, visit)
    }

    fn labels(&self) -> Result<Vec<StoredLabel>, BackendError> {
        reading::labels(&self.connection)
    }

    fn records_under(&self, kind: RecordKind, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, BackendError> {
        reading::records(&self.connection, kind, prefix)
    }

    fn record(&self, kind: RecordKind, key: &str) -> Result<Option<Vec<u8>>, BackendError> {
        reading::record(&self.connection, kind, key)
    }

    fn journal(&self, limit: usize) -> Result<Vec<Journal>, BackendError> {
        reading::journal(&self.connection, limit)
    }

    fn tally(&self, collection: CollectionKey) -> Result<Vec<(LabelId, u64)>, BackendError> {
        reading::tally(&self.connection, &self.dictionary, collection, &self.growth)
    }
}

impl Transaction for Write<'_> {
    fn add_label(&mut self, label: &StoredLabel) -> Result<(), BackendError> {
        self.change(|write| {
            let (id, body) = (i64::from(label.id.0), label.label.to_json());
            let sum = checksum::of_label(id, label.shared, &body);
            let sql = "INSERT INTO labels (id, shared, body, checksum) VALUES (?1, ?2, ?3, ?4)";
            write.execute("entering a label", sql, params![id, label.shared, body, sum]).map(drop)
        })
    }

    fn insert(&mut self, row: &NewRow<'_>) -> Result<(), BackendError> {
        self.change(|write| write.store_row(row))
    }

    fn mark_siblings(&mut self, collection: CollectionKey, arrival: Arrival) -> Result<(), BackendError> {
        self.change(|write| write.edit(collection, arrival, Edit::Siblings))
    }

    fn relabel(&mut self, collection: CollectionKey, arrival: Arrival, label: LabelId) -> Result<(), BackendError> {
        self.change(|write| write.edit(collection, arrival, Edit::Label(label)))
    }

    fn remove(&mut self, collection: CollectionKey, arrival: Arrival) -> Result<(), BackendError> {
        self.change(|write| write.remove_row(collection, arrival))
    }

    fn put(&mut self, kind: RecordKind, key: &str, value: &[u8]) -> Result<(), BackendError> {
        self.change(|write| {
            let sum = checksum::of_record(kind.name(), key, value);
            let sql = "INSERT INTO records (kind, key, value, checksum) VALUES (?1, ?2, ?3, ?4)
                       ON CONFLICT DO UPDATE SET value = excluded.value, checksum = excluded.checksum";
            write.execute("storing a record", sql, params![kind.name(), key, value, sum]).map(drop)
        })
    }

    fn forget(&mut self, kind: RecordKind, key: &str) -> Result<(), BackendError> {
        self.change(|write| {
            write.execute("removing a record", "DELETE FROM records WHERE kind = ?1 AND key = ?2", [kind.name(), key]).map(drop)
        })
    }

    fn append(&mut self, entry: &Journal) -> Result<(), BackendError> {
        const DOING: &str = "appending to the journal";
        self.change(|write| {
            let mut last = write.connection.prepare_cached("SELECT max(id) FROM journal").map_err(failed(DOING))?;
            let last: Option<i64> = last.query_row([], |row| row.get(0)).optional().map_err(failed(DOING))?.flatten();
            let id = last.unwrap_or(0).saturating_add(1);
            let sum = checksum::of_act(id, entry.at.0, &entry.act);
            let sql = "INSERT INTO journal (id, at, act, checksum) VALUES (?1, ?2, ?3, ?4)";
            write.execute(DOING, sql, params![id, entry.at.0, entry.act, sum]).map(drop)
        })
    }

    fn commit(mut self: Box<Self>, batch: Batch) -> Result<(), BackendError> {
        self.change(|write| write.finish(batch))?;
        self.store.publish(&self.dictionary);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
