//! Connections: how one is opened, and the few that readers share.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};
use relto_store::BackendError;
use rusqlite::{Connection, OpenFlags};

use crate::error::failed;

/// How many connections are kept open for readers. More readers than that at once open connections of their own.
pub(crate) const READERS_KEPT: usize = 8;
/// How long a writer waits for the writer of another process.
pub(crate) const WRITER_WAIT: Duration = Duration::from_secs(10);
const READER_CACHE_KIB: i64 = 8_192;
const WRITER_CACHE_KIB: i64 = 65_536;
/// After so many pages the log is copied into the file.
const LOG_PAGES: i64 = 2_000;
/// What the log is cut to after it has grown beyond it under a long reader or a large load.
const LOG_BYTES_KEPT: i64 = 64 << 20;
const STATEMENTS_KEPT: usize = 64;

/// Opens a connection that can write; creates the file if it is not there.
///
/// # Errors
/// [`BackendError`] when SQLite cannot open it.
pub(crate) fn open_writer(path: &Path) -> Result<Connection, BackendError> {
    open(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)
}

/// Opens a connection that can only read.
///
/// # Errors
/// [`BackendError`] when SQLite cannot open it.
pub(crate) fn open_reader(path: &Path) -> Result<Connection, BackendError> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.pragma_update(None, "cache_size", -READER_CACHE_KIB).map_err(failed("opening the store"))?;
    Ok(connection)
}

fn open(path: &Path, access: OpenFlags) -> Result<Connection, BackendError> {
    const DOING: &str = "opening the store";
    let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(failed(DOING))?;
    connection.busy_timeout(WRITER_WAIT).map_err(failed(DOING))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    for (name, value) in [("cell_size_check", 1), ("trusted_schema", 0)] {
        connection.pragma_update(None, name, value).map_err(failed(DOING))?;
    }
    Ok(connection)
}

/// Sets a writing connection so that what is committed survives the loss of the process and of power.
///
/// # Errors
/// [`BackendError`] when SQLite refuses.
pub(crate) fn make_durable(connection: &Connection) -> Result<(), BackendError> {
    const DOING: &str = "preparing the store for writing";
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).map_err(failed(DOING))?;
    if mode != "wal" {
        let source = format!("the file's place does not allow a write-ahead log: SQLite chose `{mode}`").into();
        return Err(BackendError::Failed { doing: DOING, source });
    }
    let set = |name: &str, value: i64| connection.pragma_update(None, name, value).map_err(failed(DOING));
    const FULL: i64 = 2;
    set("synchronous", FULL)?;
    set("fullfsync", 1)?;
    set("checkpoint_fullfsync", 1)?;
    set("foreign_keys", 1)?;
    set("cache_size", -WRITER_CACHE_KIB)?;
    connection.query_row(&format!("PRAGMA wal_autocheckpoint = {LOG_PAGES}"), [], |_| Ok(())).map_err(failed(DOING))?;
    connection.query_row(&format!("PRAGMA journal_size_limit = {LOG_BYTES_KEPT}"), [], |_| Ok(())).map_err(failed(DOING))
}

/// The connections of readers.
pub(crate) struct Pool {
    path: PathBuf,
    kept: Vec<Mutex<Connection>>,
}

/// A reader's connection, until dropped.
pub(crate) enum Lease<'p> {
    Kept(MutexGuard<'p, Connection>),
    Own(Connection),
}

impl Pool {
    pub(crate) fn open(path: &Path) -> Result<Self, BackendError> {
        let kept = (0..READERS_KEPT).map(|_| open_reader(path).map(Mutex::new)).collect::<Result<_, _>>()?;
        Ok(Self { path: path.to_owned(), kept })
    }

    /// A free connection. Nobody waits for one: a thread that already holds a snapshot could wait for ever.
    pub(crate) fn lease(&self) -> Result<Lease<'_>, BackendError> {
        match self.kept.iter().find_map(Mutex::try_lock) {
            Some(connection) => Ok(Lease::Kept(connection)),
            None => open_reader(&self.path).map(Lease::Own),
        }
    }
}

impl Deref for Lease<'_> {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        match self {
            Self::Kept(connection) => connection,
            Self::Own(connection) => connection,
        }
    }
}
