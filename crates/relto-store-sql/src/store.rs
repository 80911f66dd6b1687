//! Opening a store, and its snapshots and transactions.

use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};
use relto_store::{Backend, BackendError, Snapshot, Transaction};
use rusqlite::Connection;

use crate::dictionary::Dictionary;
use crate::pool::{self, Pool};
use crate::reading::Standing;
use crate::schema::{self, Content};
use crate::snapshot::View;
use crate::write::Write;

/// A store in one SQLite file with a write-ahead log beside it.
///
/// What was acknowledged survives `kill -9` and the loss of power. Several processes may have it open; one writes at a time.
pub struct Sqlite {
    // Closed before the writer, whose connection as the last one folds the log into the file.
    readers: Pool,
    writer: Mutex<Connection>,
    dictionary: RwLock<Arc<Dictionary>>,
}

impl Sqlite {
    /// Opens the store at `path`, made if there is nothing yet, and brings an earlier format to this release's.
    ///
    /// # Errors
    /// [`BackendError`] when the file is another program's, of a later format, damaged, or cannot be used; then it is left as it is.
    pub fn open(path: &Path) -> Result<Self, BackendError> {
        create(path).map_err(|source| BackendError::Failed { doing: "making the store's file", source: Box::new(source) })?;
        let mut writer = pool::open_writer(path)?;
        let content = schema::recognise(&writer)?;
        pool::make_durable(&writer)?;
        if content != Content::Store(schema::FORMAT) {
            schema::migrate(&mut writer)?;
        }
        let mut dictionary = Dictionary::default();
        dictionary.extend(&writer)?;
        Ok(Self { writer: Mutex::new(writer), readers: Pool::open(path)?, dictionary: RwLock::new(Arc::new(dictionary)) })
    }

    #[cfg(test)]
    pub(crate) fn readers(&self) -> &Pool {
        &self.readers
    }

    #[cfg(test)]
    pub(crate) fn writer(&self) -> &Mutex<Connection> {
        &self.writer
    }

    /// A dictionary that holds everything in the state of `connection`, which stands at `standing`.
    pub(crate) fn dictionary_for(&self, connection: &Connection, standing: &Standing) -> Result<Arc<Dictionary>, BackendError> {
        let known = self.dictionary.read().clone();
        if known.extent().covers(standing.extent) {
            return Ok(known);
        }
        let mut dictionary = Dictionary::clone(&known);
        dictionary.extend(connection)?;
        let dictionary = Arc::new(dictionary);
        self.publish(&dictionary);
        Ok(dictionary)
    }

    /// Makes what was committed known to later readers.
    pub(crate) fn publish(&self, dictionary: &Arc<Dictionary>) {
        let mut known = self.dictionary.write();
        if dictionary.extent().covers(known.extent()) {
            *known = dictionary.clone();
        }
    }
}

/// Makes an empty file that its owner alone may read, durably, unless there is one.
fn create(path: &Path) -> std::io::Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(_) => {
            let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
            File::open(parent)?.sync_all()
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

impl Backend for Sqlite {
    fn read(&self) -> Result<Box<dyn Snapshot + '_>, BackendError> {
        let lease = self.readers.lease()?;
        let view = View::begin(lease, |connection, standing| self.dictionary_for(connection, standing))?;
        Ok(Box::new(view))
    }

    fn write(&self) -> Result<Box<dyn Transaction + '_>, BackendError> {
        let connection = self.writer.lock();
        Ok(Box::new(Write::begin(self, connection)?))
    }
}

impl std::fmt::Debug for Sqlite {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Sqlite")
    }
}
