//! Whether a file is sound.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use relto_store::{BackendError, RecordKind};
use rusqlite::Connection;

use crate::dictionary::Dictionary;
use crate::error::{damaged, failed};
use crate::row::{COLUMNS, Delivery, Stored};
use crate::schema::{self, Content};
use crate::{pool, reading};

const DOING: &str = "checking the store";
/// So many faults of one sort are reported.
const FAULTS_MAX: usize = 20;

/// What is wrong with the store at `path`, in words; nothing when it is sound. Only reads, also while a server has it open.
///
/// # Errors
/// [`BackendError`] when the file is not a store, or cannot be read at all.
pub fn check(path: &Path) -> Result<Vec<String>, BackendError> {
    let connection = pool::open_reader(path)?;
    connection.execute_batch("BEGIN").map_err(failed(DOING))?;
    match schema::recognise(&connection)? {
        Content::Store(schema::FORMAT) => {}
        Content::Store(format) => {
            return Ok(vec![format!("it has the earlier format {format}: it is brought up to date when it is next opened")]);
        }
        Content::Nothing => return Ok(vec!["it is empty".to_owned()]),
    }
    let mut problems = structure(&connection)?;
    if problems.is_empty() {
        problems = integrity(&connection)?;
    }
    if problems.is_empty() {
        problems = contents(&connection)?;
    }
    Ok(problems)
}

/// Where the tables and indexes differ from those that this release makes.
fn structure(connection: &Connection) -> Result<Vec<String>, BackendError> {
    let mut model = Connection::open_in_memory().map_err(failed(DOING))?;
    schema::migrate(&mut model)?;
    let (found, expected) = (schema::definitions(connection)?, schema::definitions(&model)?);
    let missing =
        expected.iter().filter(|(name, _)| !found.iter().any(|(other, _)| other == name)).map(|(name, _)| format!("`{name}` is missing"));
    let foreign = found
        .iter()
        .filter(|(name, _)| !expected.iter().any(|(other, _)| other == name))
        .map(|(name, _)| format!("`{name}` is not of this store"));
    let differing = expected.iter().filter(|(name, sql)| found.iter().any(|(other, found)| other == name && found != sql));
    Ok(missing.chain(foreign).chain(differing.map(|(name, _)| format!("`{name}` is not as this release makes it"))).collect())
}

fn integrity(connection: &Connection) -> Result<Vec<String>, BackendError> {
    let mut statement = connection.prepare(&format!("PRAGMA integrity_check({FAULTS_MAX})")).map_err(failed(DOING))?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0)).map_err(failed(DOING))?;
    let faults: Vec<String> = rows.collect::<Result<_, _>>().map_err(failed(DOING))?;
    Ok(faults.into_iter().filter(|fault| fault != "ok").collect())
}

/// What SQLite cannot know: whether every row is as written, and the rows belong together.
fn contents(connection: &Connection) -> Result<Vec<String>, BackendError> {
    let mut problems = Vec::new();
    note(&mut problems, reading::labels(connection))?;
    for kind in RecordKind::ALL {
        note(&mut problems, reading::records(connection, kind, ""))?;
    }
    note(&mut problems, known_kinds(connection))?;
    note(&mut problems, reading::journal(connection, usize::MAX))?;
    note(&mut problems, reading::batches(connection))?;
    let mut dictionary = Dictionary::default();
    if note(&mut problems, dictionary.extend(connection))?.is_some() {
        objects(connection, &dictionary, &mut problems)?;
    }
    Ok(problems)
}

/// What was read, or its damage as a problem.
fn note<R>(problems: &mut Vec<String>, result: Result<R, BackendError>) -> Result<Option<R>, BackendError> {
    match result {
        Ok(read) => Ok(Some(read)),
        Err(BackendError::Damaged(what)) => {
            problems.push(what);
            Ok(None)
        }
        Err(other) => Err(other),
    }
}

fn known_kinds(connection: &Connection) -> Result<(), BackendError> {
    let mut statement = connection.prepare("SELECT DISTINCT kind FROM records").map_err(failed(DOING))?;
    let mut rows = statement.query([]).map_err(failed(DOING))?;
    while let Some(row) = rows.next().map_err(failed(DOING))? {
        let name: String = row.get(0).map_err(failed(DOING))?;
        if !RecordKind::ALL.iter().any(|kind| kind.name() == name) {
            return Err(damaged(format!("a record is of the unknown kind `{name}`")));
        }
    }
    Ok(())
}

/// Reads every object with its body, and compares the tallies.
fn objects(connection: &Connection, dictionary: &Dictionary, problems: &mut Vec<String>) -> Result<(), BackendError> {
    let mut delivery = Delivery::new(connection, dictionary, true)?;
    let mut counts: BTreeMap<i64, i64> = BTreeMap::new();
    let mut statement = connection.prepare(&format!("SELECT {COLUMNS} FROM objects ORDER BY arrival")).map_err(failed(DOING))?;
    let mut rows = statement.query([]).map_err(failed(DOING))?;
    while let Some(row) = rows.next().map_err(failed(DOING))? {
        let number: i64 = row.get(1).map_err(failed(DOING))?;
        *counts.entry(number).or_default() += 1;
        let read = Stored::read(row).and_then(|stored| {
            let partition = dictionary.partition(stored.partition)?;
            delivery.visit(&stored, partition, &mut |_| ControlFlow::Continue(()))
        });
        note(problems, read)?;
        if problems.len() >= FAULTS_MAX {
            return Ok(());
        }
    }
    problems.extend(orphans(connection)?);
    problems.extend(tallies(connection, &counts)?);
    Ok(())
}

fn orphans(connection: &Connection) -> Result<Vec<String>, BackendError> {
    let sql = format!("SELECT arrival FROM bodies WHERE arrival NOT IN (SELECT arrival FROM objects) LIMIT {FAULTS_MAX}");
    let mut statement = connection.prepare(&sql).map_err(failed(DOING))?;
    let rows = statement.query_map([], |row| row.get::<_, i64>(0)).map_err(failed(DOING))?;
    rows.map(|arrival| Ok(format!("row {} of `bodies` has no object", arrival.map_err(failed(DOING))?))).collect()
}

fn tallies(connection: &Connection, counts: &BTreeMap<i64, i64>) -> Result<Vec<String>, BackendError> {
    let mut statement = connection.prepare("SELECT partition, objects FROM tallies").map_err(failed(DOING))?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).map_err(failed(DOING))?;
    let stored: BTreeMap<i64, i64> = rows.collect::<Result<_, _>>().map_err(failed(DOING))?;
    let known = |of: &BTreeMap<i64, i64>, partition: &i64| of.get(partition).copied().unwrap_or(0);
    let partitions = stored.keys().chain(counts.keys().filter(|partition| !stored.contains_key(partition)));
    let differing = partitions.filter(|partition| known(&stored, partition) != known(counts, partition)).take(FAULTS_MAX);
    Ok(differing
        .map(|partition| format!("partition {partition} holds {} objects, not {}", known(counts, partition), known(&stored, partition)))
        .collect())
}
