//! What opens and what does not, and what `check` finds.

use std::os::unix::fs::PermissionsExt as _;

use relto_gate::{Arrival, LabelId};
use relto_model::Stamp;
use relto_store::{Backend as _, BackendError, Batch, CollectionKey, NewRow};
use relto_store_sql::{FORMAT, Sqlite, check};
use rusqlite::Connection;

use super::{add_batch, content, open, path};

#[test]
fn what_was_stored_is_there_after_reopening() {
    let directory = tempfile::tempdir().unwrap();
    let before = {
        let store = open(&path(&directory));
        (1..=5).for_each(|number| add_batch(&store, number).unwrap());
        content(&store).unwrap()
    };
    assert_eq!(before.rows.len(), 50);
    assert!(!directory.path().join("node.sqlite-wal").exists(), "the last to close folds the log into the file");
    assert_eq!(content(&open(&path(&directory))).unwrap(), before);
    assert_eq!(check(&path(&directory)).unwrap(), Vec::<String>::new());
    assert_eq!(path(&directory).metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn two_processes_see_each_other() {
    let directory = tempfile::tempdir().unwrap();
    let (one, other) = (open(&path(&directory)), open(&path(&directory)));
    for number in 1..=6 {
        add_batch(if number % 2 == 0 { &one } else { &other }, number).unwrap();
        assert_eq!(content(&one).unwrap(), content(&other).unwrap());
    }
    assert_eq!(content(&one).unwrap().rows.len(), 60);
}

#[test]
fn a_dropped_transaction_takes_no_numbers() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(&path(&directory));
    let id = relto_model::ObjectId::parse("campaign--00000000-0000-4000-8000-000000000000").unwrap();
    for last in [false, true] {
        let mut write = store.write().unwrap();
        write.add_label(&super::label(0)).unwrap();
        let (arrival, collection, added, label) = (Arrival(1), CollectionKey(3), Stamp(1), LabelId(0));
        write.insert(&NewRow { arrival, collection, added, label, id: &id, version: "", siblings: false, owner: "o", body: b"" }).unwrap();
        if last {
            write.commit(Batch { stamp: Stamp(1), last: arrival }).unwrap();
        }
    }
    drop(store);
    assert_eq!(check(&path(&directory)).unwrap(), Vec::<String>::new());
    assert_eq!(open(&path(&directory)).read().unwrap().tally(CollectionKey(3)).unwrap(), [(LabelId(0), 1)]);
}

#[test]
fn a_later_format_is_refused_and_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    drop(open(&path(&directory)));
    Connection::open(path(&directory)).unwrap().pragma_update(None, "user_version", FORMAT + 1).unwrap();
    let before = std::fs::read(path(&directory)).unwrap();
    let error = Sqlite::open(&path(&directory)).unwrap_err();
    assert!(matches!(error, BackendError::Format { found, known } if found == FORMAT + 1 && known == FORMAT), "{error}");
    assert!(matches!(check(&path(&directory)), Err(BackendError::Format { .. })));
    assert_eq!(std::fs::read(path(&directory)).unwrap(), before);
}

#[test]
fn another_programs_file_is_refused_and_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    for sql in ["CREATE TABLE notes (text)", "PRAGMA user_version = 3", "PRAGMA application_id = 77"] {
        let file = directory.path().join("notes.sqlite");
        Connection::open(&file).unwrap().execute_batch(sql).unwrap();
        let before = std::fs::read(&file).unwrap();
        let error = Sqlite::open(&file).unwrap_err().to_string();
        assert!(error.contains("not the store of a node"), "{error}");
        assert!(check(&file).unwrap_err().to_string().contains("not the store of a node"));
        assert_eq!(std::fs::read(&file).unwrap(), before, "{sql}");
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1, "nothing lies beside it");
        std::fs::remove_file(&file).unwrap();
    }
}

#[test]
fn what_is_no_database_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(path(&directory), "Dear diary,\n".repeat(1_000)).unwrap();
    assert!(matches!(Sqlite::open(&path(&directory)), Err(BackendError::Damaged(_))));
    assert!(matches!(Sqlite::open(directory.path()), Err(BackendError::Failed { .. })));
    assert!(matches!(Sqlite::open(&directory.path().join("no/where")), Err(BackendError::Failed { .. })));
    assert!(matches!(check(&directory.path().join("nothing")), Err(BackendError::Failed { .. })));
}

#[test]
fn an_empty_file_becomes_a_store() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(path(&directory), "").unwrap();
    assert_eq!(check(&path(&directory)).unwrap(), ["it is empty"]);
    add_batch(&open(&path(&directory)), 1).unwrap();
    assert_eq!(content(&open(&path(&directory))).unwrap().rows.len(), 10);
}

#[test]
fn check_reads_beside_a_writer() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(&path(&directory));
    (1..=3).for_each(|number| add_batch(&store, number).unwrap());
    let mut write = store.write().unwrap();
    write.add_label(&super::label(9)).unwrap();
    assert_eq!(check(&path(&directory)).unwrap(), Vec::<String>::new());
}

#[test]
fn check_names_what_is_wrong() {
    for (sql, expected) in [
        ("DROP INDEX objects_by_id", "`objects_by_id` is missing"),
        ("CREATE TABLE notes (text)", "`notes` is not of this store"),
        ("DROP INDEX objects_by_id; CREATE INDEX objects_by_id ON objects (added)", "`objects_by_id` is not as this release makes it"),
        ("DELETE FROM bodies WHERE arrival = 20", "row 20 has no body"),
        ("DELETE FROM objects WHERE arrival = 20", "row 20 of `bodies` has no object"),
        ("UPDATE objects SET owner = 9 WHERE arrival = 20", "row 20 is not as written"),
        ("UPDATE objects SET partition = 1 WHERE arrival = 20", "row 20 is not as written"),
        ("UPDATE bodies SET body = x'00' WHERE arrival = 20", "the body of row 20 is not as written"),
        ("UPDATE labels SET body = replace(body, '1', '2') WHERE id = 1", "label 1 is not as written"),
        ("UPDATE records SET key = 'root' WHERE key = 'user 1'", "the user record `root` is not as written"),
        ("UPDATE records SET kind = 'x' WHERE key = 'user 1'", "a record is of the unknown kind `x`"),
        ("UPDATE journal SET act = 'nothing' WHERE id = 2", "act 2 of the journal is not as written"),
        ("UPDATE batches SET stamp = 5 WHERE last = 19", "the batch that ended with event 19 is not as written"),
        ("UPDATE tallies SET objects = 2 WHERE partition = 1", "partition 1 holds 5 objects, not 2"),
        ("PRAGMA foreign_keys = 0; DELETE FROM labels WHERE id = 2", "partition"),
    ] {
        let directory = tempfile::tempdir().unwrap();
        {
            let store = open(&path(&directory));
            (1..=3).for_each(|number| add_batch(&store, number).unwrap());
        }
        Connection::open(path(&directory)).unwrap().execute_batch(sql).unwrap();
        let found = check(&path(&directory)).unwrap();
        assert!(found.iter().any(|problem| problem.contains(expected)), "{sql}: {found:?}");
    }
}
