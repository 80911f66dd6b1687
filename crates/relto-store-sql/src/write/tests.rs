//! Tests of `write`.

use relto_gate::{Arrival, LabelId};
use relto_model::label::{Facet, PolicyId};
use relto_model::{Label, ObjectId, Stamp};
use relto_store::{Backend as _, Batch, CollectionKey, NewRow, StoredLabel};

use super::*;

fn fresh() -> (tempfile::TempDir, Sqlite) {
    let directory = tempfile::tempdir().unwrap();
    let store = Sqlite::open(&directory.path().join("s")).unwrap();
    let mut write = store.write().unwrap();
    let label = Label::new(PolicyId::new("NATO"), Facet::at_level(1));
    write.add_label(&StoredLabel { id: LabelId(0), label, shared: true }).unwrap();
    write.commit(Batch { stamp: Stamp(1), last: Arrival(1) }).unwrap();
    (directory, store)
}

fn insert(write: &mut dyn Transaction, arrival: u64, label: u32, body: &[u8]) -> Result<(), BackendError> {
    let id = ObjectId::parse(&format!("tool--00000000-0000-4000-8000-{:012x}", arrival & 0xFFFF)).unwrap();
    let (collection, added, label) = (CollectionKey(1), Stamp(2), LabelId(label));
    write.insert(&NewRow { arrival: Arrival(arrival), collection, added, label, id: &id, version: "v", siblings: false, owner: "o", body })
}

fn count(store: &Sqlite) -> u64 {
    store.read().unwrap().tally(CollectionKey(1)).unwrap().iter().map(|(_, count)| count).sum()
}

#[test]
fn a_full_disk_undoes_the_whole_transaction() {
    let (_directory, store) = fresh();
    let limit = |pages: i64| {
        let writer = store.writer().lock();
        writer.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |row| row.get::<_, i64>(0)).unwrap()
    };
    let now = store.writer().lock().query_row("PRAGMA page_count", [], |row| row.get::<_, i64>(0)).unwrap();
    limit(now + 20);
    let mut write = store.write().unwrap();
    let failed = (10..1_000).find_map(|at| insert(&mut *write, at, 0, &[b' '; 3_000]).err());
    assert!(matches!(failed, Some(BackendError::Failed { .. })), "{failed:?}");
    // SQLite has rolled back by now: what follows must not stand alone.
    insert(&mut *write, 2_000, 0, b"{}").unwrap_err();
    write.put(RecordKind::User, "a", b"1").unwrap_err();
    write.commit(Batch { stamp: Stamp(3), last: Arrival(3_000) }).unwrap_err();
    assert_eq!(count(&store), 0);
    limit(1_000_000);
    let mut write = store.write().unwrap();
    insert(&mut *write, 10, 0, b"{}").unwrap();
    write.commit(Batch { stamp: Stamp(3), last: Arrival(10) }).unwrap();
    assert_eq!(count(&store), 1);
}

#[test]
fn a_row_of_no_label_is_refused() {
    let (_directory, store) = fresh();
    let mut write = store.write().unwrap();
    insert(&mut *write, 10, 7, b"{}").unwrap_err();
    // Half a row may be there: the transaction is lost.
    write.commit(Batch { stamp: Stamp(3), last: Arrival(10) }).unwrap_err();
    assert_eq!(count(&store), 0);
    // The partition that was made for it is not known either.
    let mut write = store.write().unwrap();
    insert(&mut *write, 10, 7, b"{}").unwrap_err();
}

#[test]
fn events_and_stamps_never_go_back() {
    let (_directory, store) = fresh();
    for (stamp, last) in [(0, 2), (2, 1), (3, 0)] {
        store.write().unwrap().commit(Batch { stamp: Stamp(stamp), last: Arrival(last) }).unwrap_err();
    }
    let mut write = store.write().unwrap();
    insert(&mut *write, 1 << 63, 0, b"{}").unwrap_err();
}
