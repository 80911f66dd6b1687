//! One promise each.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use relto_gate::{Arrival, LabelId};
use relto_model::Stamp;

use super::content::{COLLECTIONS, Content, LABELS, Row, add_labels, everything, id, label, rows_of, scanned};
use crate::backend::{Backend, BackendError, Batch, Journal, Scan, StoredLabel, Transaction};
use crate::entry::{CollectionKey, Entry};
use crate::record::RecordKind;

type Done = Result<(), BackendError>;

const HERE: CollectionKey = CollectionKey(1);

fn batch(stamp: i64, last: u64) -> Batch {
    Batch { stamp: Stamp(stamp), last: Arrival(last) }
}

/// Runs `act` in a transaction and commits it as the batch (`last`, `last`).
fn commit(store: &dyn Backend, last: u64, act: impl FnOnce(&mut dyn Transaction) -> Done) -> Done {
    let mut transaction = store.write()?;
    act(&mut *transaction)?;
    transaction.commit(batch(i64::try_from(last).unwrap_or(0), last))
}

fn read(store: &dyn Backend) -> Result<Content, BackendError> {
    Content::read(&*store.read()?)
}

fn all_labels() -> Vec<LabelId> {
    (0..LABELS).map(LabelId).collect()
}

pub(super) fn empty(store: &dyn Backend) -> Done {
    let snapshot = store.read()?;
    assert_eq!(Content::read(&*snapshot)?, Content::default());
    assert_eq!((snapshot.arrival()?, snapshot.last_stamp()?), (Arrival(0), None));
    assert_eq!(snapshot.arrival_at(Stamp(i64::MAX))?, Arrival(0));
    assert_eq!(snapshot.record(RecordKind::Node, "")?, None);
    assert!(rows_of(&*snapshot, &id("malware", 1), None)?.is_empty());
    Ok(())
}

pub(super) fn batches(store: &dyn Backend) -> Done {
    store.write()?.commit(batch(-5, 1))?;
    store.write()?.commit(batch(100, 4))?;
    store.write()?.commit(batch(101, 5))?;
    let snapshot = store.read()?;
    for (stamp, event) in [(i64::MIN, 0), (-6, 0), (-5, 1), (-4, 1), (99, 1), (100, 4), (101, 5), (102, 5), (i64::MAX, 5)] {
        assert_eq!(snapshot.arrival_at(Stamp(stamp))?, Arrival(event), "the last event by {stamp}");
    }
    assert_eq!((snapshot.arrival()?, snapshot.last_stamp()?), (Arrival(5), Some(Stamp(101))));
    let transaction = store.write()?;
    assert_eq!((transaction.arrival()?, transaction.last_stamp()?), (Arrival(5), Some(Stamp(101))));
    assert_eq!(transaction.arrival_at(Stamp(100))?, Arrival(4));
    Ok(())
}

pub(super) fn labels(store: &dyn Backend) -> Done {
    commit(store, 1, |transaction| (0..5).try_for_each(|number| transaction.add_label(&label(number))))?;
    // An equal label under a number of its own, as relabelled objects have.
    let twin = StoredLabel { id: LabelId(5), shared: false, ..label(0) };
    commit(store, 2, |transaction| {
        transaction.add_label(&twin)?;
        assert_eq!(transaction.labels()?.last(), Some(&twin), "a transaction sees its own labels");
        Ok(())
    })?;
    let expected: Vec<StoredLabel> = (0..5).map(label).chain([twin]).collect();
    assert_eq!(store.read()?.labels()?, expected);
    Ok(())
}

pub(super) fn records(store: &dyn Backend) -> Done {
    let binary: Vec<u8> = (0..=255).collect();
    commit(store, 1, |transaction| {
        for kind in RecordKind::ALL {
            transaction.put(kind, "zoë", kind.name().as_bytes())?;
            transaction.put(kind, "Zoë", b"")?;
            transaction.put(kind, "", &binary)?;
        }
        transaction.put(RecordKind::User, "zoë", b"over")
    })?;
    commit(store, 2, |transaction| {
        transaction.forget(RecordKind::Group, "zoë")?;
        transaction.forget(RecordKind::Group, "never there")?;
        assert_eq!(transaction.record(RecordKind::Group, "zoë")?, None, "a transaction sees what it forgot");
        transaction.put(RecordKind::Status, "new", b"1")
    })?;
    let content = read(store)?;
    let get = |kind, key: &str| content.records.get(&(kind, key.to_owned())).cloned();
    assert_eq!(get(RecordKind::User, "zoë"), Some(b"over".to_vec()));
    assert_eq!(get(RecordKind::Collection, "zoë"), Some(b"collection".to_vec()));
    assert_eq!(get(RecordKind::Gain, ""), Some(binary));
    assert_eq!(get(RecordKind::Node, "Zoë"), Some(Vec::new()));
    assert_eq!(get(RecordKind::Group, "zoë"), None);
    assert_eq!(content.records.len(), RecordKind::ALL.len() * 3);
    let under =
        |prefix: &str| Ok::<_, BackendError>(store.read()?.records_under(RecordKind::Tearline, prefix)?.into_iter().map(|(key, _)| key));
    for (prefix, expected) in [("", &["", "Zoë", "zoë"][..]), ("Z", &["Zoë"]), ("zoë", &["zoë"]), ("zoë!", &[]), ("a", &[]), ("zz", &[])]
    {
        assert_eq!(under(prefix)?.collect::<Vec<_>>(), expected, "under {prefix:?}");
    }
    Ok(())
}

pub(super) fn journal(store: &dyn Backend) -> Done {
    let act = |at: i64| Journal { at: Stamp(at), act: format!("{{\"act\":\"été {at}\"}}") };
    // The order is that of appending, not that of the stamps.
    commit(store, 1, |transaction| [3, 1].into_iter().try_for_each(|at| transaction.append(&act(at))))?;
    commit(store, 2, |transaction| [2, 2].into_iter().try_for_each(|at| transaction.append(&act(at))))?;
    let snapshot = store.read()?;
    assert_eq!(snapshot.journal(0)?, []);
    assert_eq!(snapshot.journal(3)?, [act(1), act(2), act(2)]);
    assert_eq!(snapshot.journal(usize::MAX)?, [act(3), act(1), act(2), act(2)]);
    Ok(())
}

pub(super) fn rows(store: &dyn Backend) -> Done {
    let kinds = ["malware", "x-mitre-tactic", "marking-definition"];
    let mut rows: Vec<Row> = Vec::new();
    for (at, collection) in (1_u64..).zip(COLLECTIONS.iter().cycle().take(40)) {
        let kind = kinds.iter().cycle().nth(at as usize).copied().unwrap_or_default();
        rows.push(Row::new(at * 3, *collection, u32::try_from(at).unwrap_or(0) % LABELS, kind));
    }
    let odd = Row {
        added: Stamp(-1),
        version: "not a time".to_owned(),
        owner: String::new(),
        body: Vec::new(),
        ..Row::new(1_000_000_000_000, HERE, 1, "malware")
    };
    rows.push(odd);
    commit(store, 1_000_000_000_001, |transaction| {
        add_labels(transaction)?;
        rows.iter().try_for_each(|row| row.insert(transaction))?;
        assert_eq!(Content::read(transaction)?.rows.len(), rows.len(), "a transaction sees its own rows");
        Ok(())
    })?;
    assert_eq!(read(store)?.rows.into_values().collect::<Vec<_>>(), rows);
    Ok(())
}

pub(super) fn changes(store: &dyn Backend) -> Done {
    let mut rows: Vec<Row> = (1..=6).map(|at| Row { siblings: false, ..Row::new(at, HERE, 1, "tool") }).collect();
    commit(store, 6, |transaction| {
        add_labels(transaction)?;
        rows.iter().try_for_each(|row| row.insert(transaction))
    })?;
    commit(store, 7, |transaction| {
        transaction.mark_siblings(HERE, Arrival(1))?;
        transaction.mark_siblings(HERE, Arrival(1))?;
        transaction.relabel(HERE, Arrival(2), LabelId(2))?;
        transaction.relabel(HERE, Arrival(3), LabelId(3))?;
        transaction.relabel(HERE, Arrival(3), LabelId(1))?;
        transaction.mark_siblings(HERE, Arrival(4))?;
        transaction.relabel(HERE, Arrival(4), LabelId(2))?;
        transaction.remove(HERE, Arrival(5))?;
        transaction.remove(HERE, Arrival(5))?;
        transaction.remove(CollectionKey(7), Arrival(6))
    })?;
    rows.retain(|row| row.arrival != Arrival(5));
    for row in &mut rows {
        row.siblings = matches!(row.arrival, Arrival(1 | 4));
        row.label = LabelId(if matches!(row.arrival, Arrival(2 | 4)) { 2 } else { 1 });
    }
    assert_eq!(read(store)?.rows.into_values().collect::<Vec<_>>(), rows);
    for missing in [(HERE, Arrival(5)), (CollectionKey(7), Arrival(6))] {
        assert!(store.write()?.relabel(missing.0, missing.1, LabelId(2)).is_err(), "a row that is not there has no label");
        assert!(store.write()?.mark_siblings(missing.0, missing.1).is_err(), "a row that is not there has no siblings");
    }
    assert_eq!(read(store)?.rows.into_values().collect::<Vec<_>>(), rows);
    Ok(())
}

pub(super) fn large_bodies(store: &dyn Backend) -> Done {
    let body = |length: usize| (0..=u8::MAX).cycle().take(length).collect::<Vec<u8>>();
    let lengths = [1, 4_000, 4_096, 70_000, 5 << 20, 3];
    let rows: Vec<Row> = (1..).zip(lengths).map(|(at, length)| Row { body: body(length), ..Row::new(at, HERE, 0, "artifact") }).collect();
    commit(store, 6, |transaction| {
        add_labels(transaction)?;
        rows.iter().try_for_each(|row| row.insert(transaction))
    })?;
    assert_eq!(read(store)?.rows.into_values().collect::<Vec<_>>(), rows);
    let mut seen = 0;
    let scan = Scan { collection: HERE, labels: &[LabelId(0)], bodies: false, ..everything() };
    let mut visit = |entry: &Entry<'_>| {
        assert!(entry.fields().body.is_empty(), "no body that was not asked for");
        seen += 1;
        ControlFlow::Continue(())
    };
    let snapshot = store.read()?;
    snapshot.scan(&scan, &mut visit)?;
    snapshot.rows_of(&id("artifact", 1), None, false, &mut visit)?;
    assert_eq!(seen, rows.len() + 1, "rows are visited without their bodies, too");
    Ok(())
}

fn one_of_many(collection: CollectionKey, at: u64, kind: &str) -> Row {
    Row { id: id(kind, 1), ..Row::new(at, collection, u32::try_from(at).unwrap_or(0) % LABELS, kind) }
}

pub(super) fn found_by_id(store: &dyn Backend) -> Done {
    let mut rows = Vec::new();
    for (at, collection) in (1_u64..).zip(COLLECTIONS.iter().cycle().take(12)) {
        rows.push(one_of_many(*collection, at * 2, "tool"));
        // Of another kind, but with the same UUID.
        rows.push(one_of_many(*collection, at * 2 + 1, "malware"));
    }
    commit(store, 30, |transaction| {
        add_labels(transaction)?;
        rows.iter().try_for_each(|row| row.insert(transaction))
    })?;
    let snapshot = store.read()?;
    let content = Content::read(&*snapshot)?;
    for kind in ["tool", "malware", "campaign"] {
        for within in COLLECTIONS.iter().map(|collection| Some(*collection)).chain([None]) {
            assert_eq!(rows_of(&*snapshot, &id(kind, 1), within)?, content.rows_of(&id(kind, 1), within));
        }
    }
    let mut seen = Vec::new();
    snapshot.rows_of(&id("tool", 1), None, false, &mut |entry| {
        seen.push(entry.fields().arrival);
        if seen.len() == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    assert_eq!(seen, [Arrival(2), Arrival(4)], "a visit can end early");
    Ok(())
}

pub(super) fn many_kinds(store: &dyn Backend) -> Done {
    const KINDS: u64 = 1_200;
    let kind = |number: u64| format!("x-kind-{number}");
    let rows: Vec<Row> = (1..=KINDS).map(|at| Row::new(at, HERE, 0, &kind(at % (KINDS - 50)))).collect();
    commit(store, KINDS, |transaction| {
        add_labels(transaction)?;
        rows.iter().try_for_each(|row| row.insert(transaction))
    })?;
    let snapshot = store.read()?;
    let content = Content::read(&*snapshot)?;
    assert!(content.rows.values().eq(rows.iter()), "all come back");
    for kinds in [vec![kind(1)], vec![kind(1_140)], vec![kind(1_141), kind(3)], vec!["x-none".to_owned()]] {
        let scan = Scan { collection: HERE, labels: &all_labels(), kinds: &kinds, expected: 10, ..everything() };
        assert_eq!(scanned(&*snapshot, &scan)?, content.scan(&scan), "{kinds:?}");
    }
    Ok(())
}

pub(super) fn isolation(store: &dyn Backend) -> Done {
    commit(store, 2, |transaction| {
        add_labels(transaction)?;
        Row::new(1, HERE, 0, "tool").insert(transaction)?;
        Row::new(2, HERE, 1, "tool").insert(transaction)
    })?;
    let before = store.read()?;
    let expected = Content::read(&*before)?;
    commit(store, 9, |transaction| {
        Row::new(3, CollectionKey(7), 2, "campaign").insert(transaction)?;
        transaction.relabel(HERE, Arrival(1), LabelId(5))?;
        transaction.remove(HERE, Arrival(2))?;
        transaction.put(RecordKind::User, "a", b"1")?;
        transaction.append(&Journal { at: Stamp(1), act: "{}".to_owned() })?;
        assert_eq!(read(store)?, expected, "nobody else sees an open transaction");
        Ok(())
    })?;
    assert_eq!(Content::read(&*before)?, expected, "an old snapshot stays as it was");
    let after = read(store)?;
    assert_ne!(after, expected, "a new snapshot sees what was committed");
    assert_eq!(after.rows.len(), 2);
    Ok(())
}

pub(super) fn dropped(store: &dyn Backend) -> Done {
    let fill = |transaction: &mut dyn Transaction| {
        add_labels(transaction)?;
        Row::new(1, HERE, 0, "tool").insert(transaction)?;
        transaction.put(RecordKind::User, "a", b"1")?;
        transaction.append(&Journal { at: Stamp(1), act: "{}".to_owned() })
    };
    let mut transaction = store.write()?;
    fill(&mut *transaction)?;
    drop(transaction);
    assert_eq!(read(store)?, Content::default());
    // The same again: not even its numbers are taken.
    commit(store, 1, fill)?;
    let before = read(store)?;
    let mut transaction = store.write()?;
    transaction.relabel(HERE, Arrival(1), LabelId(3))?;
    Row::new(2, CollectionKey(0), 4, "campaign").insert(&mut *transaction)?;
    transaction.forget(RecordKind::User, "a")?;
    drop(transaction);
    assert_eq!(read(store)?, before);
    Ok(())
}

/// Readers on their own threads, more than a store keeps ready, while a writer commits batches of ten.
pub(super) fn concurrency(store: &dyn Backend) -> Done {
    const READERS: usize = 12;
    const BATCHES: u64 = 20;
    commit(store, 1, add_labels)?;
    let is_over = AtomicBool::new(false);
    let look = || -> Done {
        let snapshot = store.read()?;
        let rows = scanned(&*snapshot, &Scan { collection: HERE, labels: &all_labels(), ..everything() })?;
        assert_eq!(rows.len() % 10, 0, "a batch is whole");
        let last = rows.last().map_or(Arrival(1), |row| row.arrival);
        assert_eq!(snapshot.arrival()?, last, "the last event and the rows are of one state");
        Ok(())
    };
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..READERS)
            .map(|_| {
                scope.spawn(|| {
                    while !is_over.load(Ordering::SeqCst) {
                        look()?;
                    }
                    look()
                })
            })
            .collect();
        let written = (0..BATCHES).try_for_each(|number| {
            let rows = number * 10 + 2..number * 10 + 12;
            commit(store, number * 10 + 11, |transaction| {
                rows.into_iter().try_for_each(|at| Row::new(at, HERE, 3, "tool").insert(transaction))
            })
        });
        is_over.store(true, Ordering::SeqCst);
        for reader in readers {
            let result = reader.join();
            assert!(matches!(result, Ok(Ok(()))), "a reader failed: {result:?}");
        }
        written
    })?;
    assert_eq!(read(store)?.rows.len(), 200);
    Ok(())
}
