//! Tests of `scan`.

use std::ops::ControlFlow;

use relto_gate::{Arrival, LabelId};
use relto_model::label::{Facet, PolicyId};
use relto_model::{Label, ObjectId, Stamp};
use relto_store::{Backend as _, Batch, CollectionKey, NewRow, Order, StoredLabel};

use super::*;
use crate::store::Sqlite;

const LABELS: u32 = 40;
const EVERY: CollectionKey = CollectionKey(1);

/// A store of `rows` rows: label 39 one row in 500, the others evenly; kind `tool` one row in 400.
fn store(rows: u64) -> (tempfile::TempDir, Sqlite) {
    let directory = tempfile::tempdir().unwrap();
    let store = Sqlite::open(&directory.path().join("s")).unwrap();
    let mut write = store.write().unwrap();
    for number in 0..LABELS {
        let label = Label::new(PolicyId::new("NATO"), Facet::at_level(u8::try_from(number).unwrap()));
        write.add_label(&StoredLabel { id: LabelId(number), label, shared: true }).unwrap();
    }
    for at in 1..=rows {
        let kind = if at % 400 == 7 { "tool" } else { "indicator" };
        let id = ObjectId::parse(&format!("{kind}--00000000-0000-4000-8000-{at:012x}")).unwrap();
        let label = LabelId(if at % 500 == 3 { LABELS - 1 } else { u32::try_from(at % u64::from(LABELS - 1)).unwrap() });
        let (added, version) = (Stamp(1), "2024-02-29T12:00:00Z");
        write
            .insert(&NewRow {
                arrival: Arrival(at),
                collection: EVERY,
                added,
                label,
                id: &id,
                version,
                siblings: false,
                owner: "o",
                body: b"{}",
            })
            .unwrap();
    }
    write.commit(Batch { stamp: Stamp(1), last: Arrival(rows) }).unwrap();
    (directory, store)
}

/// The effort of the first `take` rows after `after`, and how many rows there were.
fn effort(store: &Sqlite, after: u64, labels: &[LabelId], kinds: &[String], take: usize) -> (Effort, usize) {
    let lease = store.readers().lease().unwrap();
    let dictionary = store.dictionary_for(&lease, &crate::reading::standing(&lease).unwrap()).unwrap();
    let mut taken = 0;
    let asked = Scan {
        collection: EVERY,
        after: Arrival(after),
        before: Arrival(u64::MAX),
        labels,
        kinds,
        bodies: false,
        order: Order::OldestFirst,
        expected: take,
    };
    let effort = scan(&lease, &dictionary, &asked, &mut |_| {
        taken += 1;
        if taken < take { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    (effort.unwrap(), taken)
}

#[test]
fn effort_does_not_grow_with_the_store_or_the_depth() {
    let all: Vec<LabelId> = (0..LABELS).map(LabelId).collect();
    let readers: [(&str, &[LabelId], &[String]); 4] = [
        ("all", &all, &[]),
        ("one rare label", &[LabelId(LABELS - 1)], &[]),
        ("two labels", &[LabelId(5), LabelId(LABELS - 1)], &[]),
        ("all labels, a rare type", &all, &["tool".to_owned()]),
    ];
    for rows in [2_500, 25_000] {
        let (_directory, store) = store(rows);
        for depth in [0, 50, 80] {
            for (reader, labels, kinds) in readers {
                let (effort, taken) = effort(&store, rows * depth / 100, labels, kinds, 10);
                let partitions = labels.len() * 2;
                let bound = SKIPS_FREE + SKIPS_PER_PROBE * (partitions + taken) + 1;
                assert!(effort.skipped <= bound, "{reader} at {depth} % of {rows}: {effort:?}");
                assert!(effort.probes <= partitions + taken, "{reader} at {depth} % of {rows}: {effort:?}");
                assert!(taken == 10 || rows == 2_500, "{reader} at {depth} % of {rows} finds {taken}");
            }
        }
    }
}

#[test]
fn a_merge_reads_ahead_no_more_than_it_gave() {
    let (_directory, store) = store(25_000);
    let (effort, taken) = effort(&store, 0, &[LabelId(LABELS - 1)], &[], usize::MAX);
    assert_eq!(taken, 50);
    assert!(effort.probes <= 4, "one long read: {effort:?}");
}
