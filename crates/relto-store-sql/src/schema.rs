//! The tables, their format number, and the way from one format to the next.
//!
//! Bodies have a table of their own, so that manifests and walks that skip rows do not read them. `objects` has two indexes: by partition,
//! whose entries end in the arrival as every SQLite index ends in the row's key, and by id.

use relto_store::BackendError;
use rusqlite::{Connection, TransactionBehavior};

use crate::error::{damaged, failed};

/// The newest format that this release reads, and the one it writes.
pub const FORMAT: i64 = MIGRATIONS.len() as i64;

/// The step from each format to the next; the first makes an empty file format 1. A released step is never changed.
const MIGRATIONS: &[&str] = &[include_str!("schema.sql")];

/// `RLTO`: tells a store from any other SQLite file.
const APPLICATION_ID: i64 = 0x524C_544F;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// Nothing yet.
    Nothing,
    /// A store of this format.
    Store(i64),
}

/// Recognises what is in the file; changes nothing.
///
/// # Errors
/// [`BackendError`] when it is not a store, or one of a later format.
pub(crate) fn recognise(connection: &Connection) -> Result<Content, BackendError> {
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(failed("recognising the file"));
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    let format = number("PRAGMA user_version")?;
    match number("PRAGMA application_id")? {
        APPLICATION_ID if format > FORMAT => Err(BackendError::Format { found: format, known: FORMAT }),
        APPLICATION_ID if format > 0 => Ok(Content::Store(format)),
        0 if tables == 0 && format == 0 => Ok(Content::Nothing),
        _ => Err(damaged("the file is an SQLite database, but not the store of a node; it was left as it is")),
    }
}

/// Brings the file to this release's format, in one transaction.
///
/// # Errors
/// [`BackendError`] when it cannot; then nothing has changed.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), BackendError> {
    advance(connection, MIGRATIONS)
}

fn advance(connection: &mut Connection, migrations: &[&str]) -> Result<(), BackendError> {
    const DOING: &str = "bringing the store to this release's format";
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed(DOING))?;
    // Looked at again under the lock: another process may have been faster.
    let from = match recognise(&transaction)? {
        Content::Nothing => 0,
        Content::Store(format) => usize::try_from(format).unwrap_or(usize::MAX),
    };
    if from >= migrations.len() {
        return Ok(());
    }
    for step in migrations.iter().skip(from) {
        transaction.execute_batch(step).map_err(failed(DOING))?;
    }
    let format = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
    transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(failed(DOING))?;
    transaction.pragma_update(None, "user_version", format).map_err(failed(DOING))?;
    transaction.commit().map_err(failed(DOING))
}

/// Every table and index of the file by name, with its definition.
///
/// # Errors
/// [`BackendError`] when it cannot be read.
pub(crate) fn definitions(connection: &Connection) -> Result<Vec<(String, String)>, BackendError> {
    const DOING: &str = "reading the schema";
    let sql = "SELECT name, coalesce(sql, '') FROM sqlite_schema ORDER BY name";
    let mut statement = connection.prepare(sql).map_err(failed(DOING))?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).map_err(failed(DOING))?;
    rows.collect::<Result<_, _>>().map_err(failed(DOING))
}

#[cfg(test)]
mod tests;
