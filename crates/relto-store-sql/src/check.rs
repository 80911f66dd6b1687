//! Whether a file is sound.

use std::path::Path;

use relto_store::BackendError;
use rusqlite::Connection;

use crate::error::failed;
use crate::pool;
use crate::schema::{self, Content};

const DOING: &str = "checking the store";
/// SQLite reports so many faults at most.
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
