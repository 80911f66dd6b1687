//! The store on SQLite: it keeps every promise, opens what it should and nothing else, and survives damage and `kill -9`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests fail by panicking, as tests do")]

mod damage;
mod kill;
mod opening;

use std::path::{Path, PathBuf};

use relto_gate::{Arrival, LabelId};
use relto_model::label::{Clause, Facet, PolicyId, Value};
use relto_model::{Label, ObjectId, Stamp};
use relto_store::{Backend, BackendError, Batch, CollectionKey, Journal, NewRow, RecordKind, Scan, Snapshot, StoredLabel, conformance};
use relto_store_sql::Sqlite;

/// A store in a directory that goes when it does.
struct Temporary {
    store: Sqlite,
    _directory: tempfile::TempDir,
}

impl Backend for Temporary {
    fn read(&self) -> Result<Box<dyn Snapshot + '_>, BackendError> {
        self.store.read()
    }
    fn write(&self) -> Result<Box<dyn relto_store::Transaction + '_>, BackendError> {
        self.store.write()
    }
}

#[test]
fn sqlite_conforms() {
    conformance::check(&|| {
        let directory = tempfile::tempdir().unwrap();
        let store = Sqlite::open(&directory.path().join("node.sqlite")).unwrap();
        Box::new(Temporary { store, _directory: directory })
    });
}

fn path(directory: &tempfile::TempDir) -> PathBuf {
    directory.path().join("node.sqlite")
}

fn label(number: u32) -> StoredLabel {
    let clause = Clause::new("Releasable To", [Value::Organisation(format!("organisation {number}"))]);
    StoredLabel { id: LabelId(number), label: Label::new(PolicyId::new("NATO"), Facet::at_level(1).only(clause)), shared: true }
}

/// What batch `number` (from 1) adds: ten rows of label `number % 3`, an account, an act; the first also adds the labels.
fn add_batch(store: &Sqlite, number: u64) -> Result<(), BackendError> {
    let mut write = store.write()?;
    if number == 1 {
        (0..3).try_for_each(|number| write.add_label(&label(number)))?;
    }
    for at in number * 10..number * 10 + 10 {
        let id = ObjectId::parse(&format!("tool--{:08x}-0000-4000-8000-{at:012x}", at.wrapping_mul(0x9E37_79B9) & 0xFFFF_FFFF)).unwrap();
        write.insert(&NewRow {
            arrival: Arrival(at),
            collection: CollectionKey(u32::try_from(at % 2).unwrap()),
            added: stamp(number),
            label: LabelId(u32::try_from(number % 3).unwrap()),
            id: &id,
            version: "2024-02-29T12:00:00.000Z",
            siblings: false,
            owner: "Œuvre",
            body: &vec![u8::try_from(at % 250).unwrap(); usize::try_from(at * 37 % 5_000).unwrap()],
        })?;
    }
    write.put(RecordKind::User, &format!("user {number}"), format!("{{\"n\":{number}}}").as_bytes())?;
    write.append(&Journal { at: stamp(number), act: format!("act {number}") })?;
    write.commit(Batch { stamp: stamp(number), last: Arrival(number * 10 + 9) })
}

fn stamp(number: u64) -> Stamp {
    Stamp(i64::try_from(number).unwrap() * 1_000)
}

fn content(store: &dyn Backend) -> Result<conformance::Content, BackendError> {
    conformance::Content::read(&*store.read()?)
}

fn open(path: &Path) -> Sqlite {
    Sqlite::open(path).unwrap()
}

/// Every label of the suite.
fn labels() -> Vec<LabelId> {
    (0..3).map(LabelId).collect()
}

/// Everything of one collection with these labels.
fn all<'s>(collection: u32, labels: &'s [LabelId]) -> Scan<'s> {
    Scan::all(CollectionKey(collection), labels, Arrival(u64::MAX))
}
