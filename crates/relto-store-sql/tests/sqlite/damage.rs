//! A damaged file gives errors or the right rows, never a row under another label.

use std::ops::ControlFlow;
use std::path::Path;

use relto_store::{Backend as _, BackendError, RecordKind, conformance::Content};
use relto_store_sql::{Sqlite, check};

use super::{add_batch, all, content, labels, open, path};

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

/// A closed file of a few hundred rows, and what it holds.
fn sound(directory: &tempfile::TempDir) -> (Vec<u8>, Content) {
    let store = open(&path(directory));
    (1..=30).for_each(|number| add_batch(&store, number).unwrap());
    let truth = content(&store).unwrap();
    drop(store);
    (std::fs::read(path(directory)).unwrap(), truth)
}

#[test]
fn flipped_bytes_never_change_a_label() {
    let directory = tempfile::tempdir().unwrap();
    let (bytes, truth) = sound(&directory);
    let mut numbers = Numbers(7);
    let mut reported = 0;
    const TRIALS: usize = 250;
    for _ in 0..TRIALS {
        let mut damaged = bytes.clone();
        for _ in 0..=numbers.below(4) {
            let at = numbers.below(damaged.len());
            damaged[at] ^= u8::try_from(1 + numbers.below(255)).unwrap();
        }
        reported += usize::from(!examine(&damaged, &truth));
    }
    assert!(reported > TRIALS / 4, "damage is noticed: {reported} of {TRIALS}");
}

#[test]
fn pages_that_trade_places_never_change_a_label() {
    const PAGE: usize = 4_096;
    let directory = tempfile::tempdir().unwrap();
    let (bytes, truth) = sound(&directory);
    let mut numbers = Numbers(11);
    for _ in 0..60 {
        let mut damaged = bytes.clone();
        let (from, to) = (numbers.below(bytes.len() / PAGE), numbers.below(bytes.len() / PAGE));
        damaged[to * PAGE..(to + 1) * PAGE].copy_from_slice(&bytes[from * PAGE..(from + 1) * PAGE]);
        examine(&damaged, &truth);
    }
}

#[test]
fn a_truncated_file_is_noticed() {
    let directory = tempfile::tempdir().unwrap();
    let (bytes, truth) = sound(&directory);
    for tenths in 1..10 {
        let whole = examine(&bytes[..bytes.len() * tenths / 10], &truth);
        assert!(!whole, "{tenths} tenths of a file");
    }
}

/// Reads all that can be read of a damaged file, and asserts that it is true. Whether nothing was noticed.
fn examine(damaged: &[u8], truth: &Content) -> bool {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(path(&directory), damaged).unwrap();
    let checked = matches!(check(&path(&directory)), Ok(problems) if problems.is_empty());
    let read = read(&path(&directory), truth);
    // What reading stumbles over, checking finds; checking also finds what no reader came by.
    assert!(read.is_ok() || !checked, "unnoticed by the check: {read:?}");
    checked
}

fn read(path: &Path, truth: &Content) -> Result<(), BackendError> {
    let store = Sqlite::open(path)?;
    let snapshot = store.read()?;
    let stored = snapshot.labels();
    if let Ok(stored) = &stored {
        assert!(stored.iter().all(|label| truth.labels.contains(label)), "labels read true");
    }
    let mut result = stored.map(drop);
    for label in labels() {
        for collection in 0..2 {
            let scanned = snapshot.scan(&all(collection, &[label]), &mut |entry| {
                let row = Content::row(entry).unwrap();
                assert_eq!((truth.rows.get(&row.arrival), row.label), (Some(&row), label), "a row reads true");
                ControlFlow::Continue(())
            });
            result = result.and(scanned);
        }
    }
    for row in truth.rows.values() {
        let found = snapshot.rows_of(&row.id, None, true, &mut |entry| {
            assert_eq!(Content::row(entry).as_ref(), Some(row), "a row found by id reads true");
            ControlFlow::Continue(())
        });
        result = result.and(found);
    }
    match snapshot.records(RecordKind::User) {
        Ok(records) => {
            let known = |key: String, value: &Vec<u8>| truth.records.get(&(RecordKind::User, key)) == Some(value);
            assert!(records.into_iter().all(|(key, value)| known(key, &value)), "records read true");
        }
        Err(error) => result = result.and(Err(error)),
    }
    result
}
