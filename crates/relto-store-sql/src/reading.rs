//! What a state of the store answers, for snapshots and transactions alike.

use std::collections::BTreeMap;

use relto_gate::{Arrival, LabelId};
use relto_model::{Label, ObjectId, Stamp};
use relto_store::{BackendError, CollectionKey, Journal, RecordKind, StoredLabel, Visit};
use rusqlite::{Connection, OptionalExtension as _, Row};

use crate::checksum;
use crate::dictionary::{Dictionary, Extent, OTHER_KINDS};
use crate::error::{damaged, failed, narrow};
use crate::row::{COLUMNS, Delivery, READING, Stored, StoredId};

const READING_BATCHES: &str = "reading the batches";

/// Where a state stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing {
    pub(crate) arrival: Arrival,
    pub(crate) last_stamp: Option<Stamp>,
    pub(crate) extent: Extent,
}

/// Reads where the state of `connection` stands. As the first read of a transaction it also fixes the state.
pub(crate) fn standing(connection: &Connection) -> Result<Standing, BackendError> {
    const DOING: &str = "reading the last event";
    let sql = "SELECT (SELECT max(last) FROM batches), (SELECT max(id) FROM kinds), (SELECT max(id) FROM owners), (SELECT max(id) FROM partitions)";
    let mut statement = connection.prepare_cached(sql).map_err(failed(DOING))?;
    let number = |row: &Row<'_>, at: usize| row.get::<_, Option<i64>>(at);
    let read = |row: &Row<'_>| Ok((number(row, 0)?, number(row, 1)?, number(row, 2)?, number(row, 3)?));
    let (last, kinds, owners, partitions) = statement.query_row([], read).map_err(failed(DOING))?;
    let extent = Extent { kinds: kinds.unwrap_or(0), owners: owners.unwrap_or(0), partitions: partitions.unwrap_or(0) };
    let sql = "SELECT last, stamp, checksum FROM batches WHERE last = ?1";
    let batch = match last {
        Some(last) => batch(connection, sql, last)?,
        None => None,
    };
    Ok(Standing { arrival: batch.map_or(Arrival(0), |(last, _)| last), last_stamp: batch.map(|(_, stamp)| stamp), extent })
}

/// The one batch that `sql` finds.
fn batch(connection: &Connection, sql: &str, parameter: i64) -> Result<Option<(Arrival, Stamp)>, BackendError> {
    let mut statement = connection.prepare_cached(sql).map_err(failed(READING_BATCHES))?;
    let mut rows = statement.query([parameter]).map_err(failed(READING_BATCHES))?;
    rows.next().map_err(failed(READING_BATCHES))?.map(checked_batch).transpose()
}

/// Reads every batch.
pub(crate) fn batches(connection: &Connection) -> Result<(), BackendError> {
    let mut statement = connection.prepare("SELECT last, stamp, checksum FROM batches").map_err(failed(READING_BATCHES))?;
    let mut rows = statement.query([]).map_err(failed(READING_BATCHES))?;
    while let Some(row) = rows.next().map_err(failed(READING_BATCHES))? {
        checked_batch(row)?;
    }
    Ok(())
}

fn checked_batch(row: &Row<'_>) -> Result<(Arrival, Stamp), BackendError> {
    let number = |at: usize| row.get::<_, i64>(at).map_err(failed(READING_BATCHES));
    let (last, stamp) = (number(0)?, number(1)?);
    if number(2)? != checksum::of_batch(last, stamp) {
        return Err(damaged(format!("the batch that ended with event {last} is not as written")));
    }
    Ok((Arrival(narrow(last, "event")?), Stamp(stamp)))
}

pub(crate) fn arrival_at(connection: &Connection, stamp: Stamp) -> Result<Arrival, BackendError> {
    let sql = "SELECT last, stamp, checksum FROM batches WHERE stamp <= ?1 ORDER BY stamp DESC, last DESC LIMIT 1";
    Ok(batch(connection, sql, stamp.0)?.map_or(Arrival(0), |(last, _)| last))
}

/// Visits the rows of `id`, within one collection or in all.
pub(crate) fn rows_of(
    connection: &Connection,
    dictionary: &Dictionary,
    id: &ObjectId,
    within: Option<CollectionKey>,
    bodies: bool,
    visit: &mut Visit<'_>,
) -> Result<(), BackendError> {
    let kind = dictionary.kinds.number(id.kind()).unwrap_or(OTHER_KINDS);
    let sql = format!("SELECT {COLUMNS} FROM objects INDEXED BY objects_by_id WHERE id = ?1 ORDER BY arrival");
    let mut statement = connection.prepare_cached(&sql).map_err(failed(READING))?;
    let mut rows = statement.query([StoredId::of(id, kind)]).map_err(failed(READING))?;
    let mut delivery = None;
    while let Some(row) = rows.next().map_err(failed(READING))? {
        let stored = Stored::read(row)?;
        let partition = dictionary.partition(stored.partition)?;
        if partition.kind != kind || within.is_some_and(|within| within != partition.collection) {
            continue;
        }
        let delivery = match &mut delivery {
            Some(delivery) => delivery,
            None => delivery.insert(Delivery::new(connection, dictionary, bodies)?),
        };
        if delivery.visit(&stored, partition, visit)?.is_break() {
            break;
        }
    }
    Ok(())
}

pub(crate) fn labels(connection: &Connection) -> Result<Vec<StoredLabel>, BackendError> {
    const DOING: &str = "reading the labels";
    let mut statement = connection.prepare_cached("SELECT id, shared, body, checksum FROM labels ORDER BY id").map_err(failed(DOING))?;
    let mut rows = statement.query([]).map_err(failed(DOING))?;
    let mut labels = Vec::new();
    while let Some(row) = rows.next().map_err(failed(DOING))? {
        let number = |at: usize| row.get::<_, i64>(at).map_err(failed(DOING));
        let (id, shared) = (number(0)?, number(1)? != 0);
        let body = row.get_ref(2).and_then(|body| Ok(body.as_str()?)).map_err(failed(DOING))?;
        let not_as_written = || damaged(format!("label {id} is not as written"));
        if number(3)? != checksum::of_label(id, shared, body) {
            return Err(not_as_written());
        }
        let label: Label = serde_json::from_str(body).map_err(|_| not_as_written())?;
        labels.push(StoredLabel { id: LabelId(narrow(id, "label")?), label, shared });
    }
    Ok(labels)
}

/// The records of `kind` whose key begins with `prefix`: from the first on, as far as they do.
pub(crate) fn records(connection: &Connection, kind: RecordKind, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, BackendError> {
    let sql = "SELECT key, value, checksum FROM records WHERE kind = ?1 AND key >= ?2 ORDER BY key";
    read_records(connection, kind, prefix, sql)
}

pub(crate) fn record(connection: &Connection, kind: RecordKind, key: &str) -> Result<Option<Vec<u8>>, BackendError> {
    let sql = "SELECT key, value, checksum FROM records WHERE kind = ?1 AND key = ?2";
    Ok(read_records(connection, kind, key, sql)?.pop().map(|(_, value)| value))
}

fn read_records(connection: &Connection, kind: RecordKind, prefix: &str, sql: &str) -> Result<Vec<(String, Vec<u8>)>, BackendError> {
    const DOING: &str = "reading the records";
    let mut statement = connection.prepare_cached(sql).map_err(failed(DOING))?;
    let mut rows = statement.query((kind.name(), prefix)).map_err(failed(DOING))?;
    let mut records = Vec::new();
    while let Some(row) = rows.next().map_err(failed(DOING))? {
        let (key, value): (String, Vec<u8>) = row.get(0).and_then(|key| Ok((key, row.get(1)?))).map_err(failed(DOING))?;
        if !key.starts_with(prefix) {
            break;
        }
        if row.get::<_, i64>(2).map_err(failed(DOING))? != checksum::of_record(kind.name(), &key, &value) {
            return Err(damaged(format!("the {} record `{key}` is not as written", kind.name())));
        }
        records.push((key, value));
    }
    Ok(records)
}

pub(crate) fn journal(connection: &Connection, limit: usize) -> Result<Vec<Journal>, BackendError> {
    const DOING: &str = "reading the journal";
    let sql = "SELECT id, at, act, checksum FROM journal ORDER BY id DESC LIMIT ?1";
    let mut statement = connection.prepare_cached(sql).map_err(failed(DOING))?;
    let mut rows = statement.query([i64::try_from(limit).unwrap_or(i64::MAX)]).map_err(failed(DOING))?;
    let mut acts = Vec::new();
    while let Some(row) = rows.next().map_err(failed(DOING))? {
        let number = |at: usize| row.get::<_, i64>(at).map_err(failed(DOING));
        let (id, at, act): (_, _, String) = (number(0)?, number(1)?, row.get(2).map_err(failed(DOING))?);
        if number(3)? != checksum::of_act(id, at, &act) {
            return Err(damaged(format!("act {id} of the journal is not as written")));
        }
        acts.push(Journal { at: Stamp(at), act });
    }
    acts.reverse();
    Ok(acts)
}

/// How many rows each label has in `collection`; `pending` are changes that are not in the table yet, by partition.
pub(crate) fn tally(
    connection: &Connection,
    dictionary: &Dictionary,
    collection: CollectionKey,
    pending: &BTreeMap<i64, i64>,
) -> Result<Vec<(LabelId, u64)>, BackendError> {
    const DOING: &str = "counting objects";
    let mut statement = connection.prepare_cached("SELECT objects FROM tallies WHERE partition = ?1").map_err(failed(DOING))?;
    let mut counts: BTreeMap<LabelId, i64> = BTreeMap::new();
    for (partition, number) in dictionary.of_collection(collection) {
        let stored: Option<i64> = statement.query_row([number], |row| row.get(0)).optional().map_err(failed(DOING))?;
        let count = stored.unwrap_or(0).saturating_add(pending.get(&number).copied().unwrap_or(0));
        let sum = counts.entry(partition.label).or_default();
        *sum = sum.saturating_add(count);
    }
    counts.into_iter().filter(|(_, count)| *count != 0).map(|(label, count)| Ok((label, narrow(count, "a count")?))).collect()
}
