//! Scans against the model: ten thousand rows in pages, and random histories under random scans.

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any};
use proptest::prop_oneof;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use relto_gate::{Arrival, LabelId};
use relto_model::Stamp;

use super::content::{COLLECTIONS, Content, LABELS, Row, add_labels, everything, id, rows_of, scanned, taken};
use crate::backend::{Backend, BackendError, Batch, Order, Scan, Snapshot, Transaction};
use crate::entry::CollectionKey;

const KINDS: [&str; 4] = ["indicator", "malware", "tool", "x-rare"];
/// How many random histories are played.
const HISTORIES: u32 = 32;

/// Common rows everywhere, a rare label and a rare kind far apart, a collection loaded in one stretch.
pub(super) fn paging(store: &dyn Backend) -> Result<(), BackendError> {
    const ROWS: u64 = 10_000;
    let row = |at: u64| match at {
        _ if at.is_multiple_of(1_999) => Row::new(at, CollectionKey(1), 9, "tool"),
        _ if at.is_multiple_of(1_777) => Row::new(at, CollectionKey(1), 2, "x-rare"),
        4_000..5_000 => Row::new(at, CollectionKey(7), 3, "malware"),
        _ => Row::new(at, CollectionKey(1), u32::try_from(at % 7).unwrap_or(0), "indicator"),
    };
    let mut transaction = store.write()?;
    add_labels(&mut *transaction)?;
    (1..=ROWS).try_for_each(|at| row(at).insert(&mut *transaction))?;
    transaction.commit(Batch { stamp: Stamp(1), last: Arrival(ROWS) })?;
    let snapshot = store.read()?;
    let content = Content::read(&*snapshot)?;
    let all: Vec<LabelId> = (0..LABELS).map(LabelId).collect();
    let rare = ["x-rare".to_owned()];
    for (collection, labels, kinds, page) in [
        (CollectionKey(1), &all[..], &[][..], 1_000),
        (CollectionKey(1), &[LabelId(9)], &[], 2),
        (CollectionKey(1), &[LabelId(4), LabelId(9)], &[], 100),
        (CollectionKey(1), &all, &rare, 2),
        (CollectionKey(7), &all, &[], 300),
    ] {
        let scan = Scan { collection, labels, kinds, expected: page, ..everything() };
        for order in [Order::OldestFirst, Order::NewestFirst] {
            let scan = Scan { order, ..scan };
            assert_eq!(
                paged(&*snapshot, scan, page)?,
                content.scan(&scan),
                "pages of {page} of {labels:?}, {kinds:?} in {collection:?}, {order:?}"
            );
        }
    }
    Ok(())
}

/// All of `scan`, a page at a time.
fn paged(snapshot: &dyn Snapshot, mut scan: Scan<'_>, page: usize) -> Result<Vec<Row>, BackendError> {
    let mut rows: Vec<Row> = Vec::new();
    loop {
        let next = taken(snapshot, &scan, page)?;
        let Some(last) = next.last() else { return Ok(rows) };
        match scan.order {
            Order::OldestFirst => scan.after = last.arrival,
            Order::NewestFirst => scan.before = last.arrival,
        }
        rows.extend(next);
    }
}

/// A change of a random history.
#[derive(Debug, Clone)]
enum Act {
    /// As many rows, of one label, kind and collection.
    Insert {
        count: u64,
        collection: CollectionKey,
        label: u32,
        kind: &'static str,
    },
    /// A version of an object that others have versions of.
    Version {
        collection: CollectionKey,
        label: u32,
        object: u64,
    },
    /// The n-th row, counted around.
    Relabel {
        nth: usize,
        label: u32,
    },
    Mark {
        nth: usize,
    },
    Remove {
        nth: usize,
    },
}

/// A random scan; places count in thousandths of the last event.
#[derive(Debug, Clone)]
struct Query {
    collection: CollectionKey,
    after: u64,
    before: Option<u64>,
    labels: Vec<LabelId>,
    kinds: Vec<String>,
    take: usize,
    expected: usize,
    order: Order,
}

fn act() -> impl Strategy<Value = Act> {
    let (collection, label) = (prop_oneof![4 => Just(COLLECTIONS[1]), 1 => place()], prop_oneof![3 => Just(0), 2 => 0..LABELS]);
    let kind = prop_oneof![6 => Just(KINDS[0]), 1 => Just(KINDS[1]), 1 => Just(KINDS[2]), 1 => Just(KINDS[3])];
    let count = prop_oneof![3 => 1_u64..4, 1 => 100_u64..400];
    prop_oneof![
        5 => (count, collection, label, kind).prop_map(|(count, collection, label, kind)| Act::Insert { count, collection, label, kind }),
        2 => (place(), 0..LABELS, 0_u64..5).prop_map(|(collection, label, object)| Act::Version { collection, label, object }),
        1 => (any::<usize>(), 0..LABELS).prop_map(|(nth, label)| Act::Relabel { nth, label }),
        1 => any::<usize>().prop_map(|nth| Act::Mark { nth }),
        1 => any::<usize>().prop_map(|nth| Act::Remove { nth }),
    ]
}

fn place() -> impl Strategy<Value = CollectionKey> + Clone {
    proptest::sample::select(&COLLECTIONS[..])
}

fn query() -> impl Strategy<Value = Query> {
    let labels = prop_oneof![
        2 => Just((0..LABELS).map(LabelId).collect::<Vec<_>>()),
        3 => proptest::sample::subsequence((0..LABELS).map(LabelId).collect::<Vec<_>>(), 0..=LABELS as usize),
        2 => (1..LABELS).prop_map(|label| vec![LabelId(label)]),
    ];
    let kinds = prop_oneof![2 => Just(Vec::new()), 1 => proptest::sample::subsequence(KINDS.to_vec(), 1..=KINDS.len())];
    let end = proptest::option::of(0_u64..1_100);
    let sizes = (prop_oneof![1 => Just(usize::MAX), 2 => 1_usize..200], prop_oneof![1 => Just(usize::MAX), 2 => 0_usize..50]);
    let order = prop_oneof![Just(Order::OldestFirst), Just(Order::NewestFirst)];
    (place(), 0_u64..1_100, end, labels, kinds, sizes, order).prop_map(
        |(collection, after, before, labels, kinds, (take, expected), order)| Query {
            collection,
            after: if after > 1_000 { 0 } else { after },
            before,
            labels,
            kinds: kinds.into_iter().map(str::to_owned).collect(),
            take,
            expected,
            order,
        },
    )
}

/// Plays random histories, each on a store of its own, and asks random questions in between.
pub(super) fn random(fresh: &dyn Fn() -> Box<dyn Backend>) {
    let history = (vec(vec(act(), 1..15), 1..5), vec(query(), 20));
    let mut runner = TestRunner::new(Config { cases: HISTORIES, failure_persistence: None, ..Config::default() });
    let result = runner.run(&history, |(batches, queries)| {
        let outcome = play(&*fresh(), &batches, &queries);
        outcome.map_err(|error| TestCaseError::fail(format!("{error:?}")))
    });
    assert!(result.is_ok(), "random histories: {result:?}");
}

fn play(store: &dyn Backend, batches: &[Vec<Act>], queries: &[Query]) -> Result<(), BackendError> {
    let mut model = Content::default();
    let mut next = 1;
    for (number, acts) in (0_i64..).zip(batches) {
        let mut transaction = store.write()?;
        if number == 0 {
            add_labels(&mut *transaction)?;
            model.labels = transaction.labels()?;
        }
        for act in acts {
            carry_out(act, &mut *transaction, &mut model, &mut next)?;
        }
        ask(&*transaction, &model, queries)?;
        let batch = Batch { stamp: Stamp(number * 10), last: Arrival(next) };
        next += 1;
        transaction.commit(batch)?;
        model.last = Some(batch);
        ask(&*store.read()?, &model, queries)?;
    }
    assert_eq!(Content::read(&*store.read()?)?, model);
    Ok(())
}

fn carry_out(act: &Act, transaction: &mut dyn Transaction, model: &mut Content, next: &mut u64) -> Result<(), BackendError> {
    let chosen =
        |nth: usize, model: &Content| model.rows.values().nth(nth % model.rows.len().max(1)).map(|row| (row.collection, row.arrival));
    match *act {
        Act::Insert { count, collection, label, kind } => {
            let rows = (*next..*next + count).map(|at| Row::new(at, collection, label, kind));
            *next += count;
            store_all(rows, transaction, model)
        }
        Act::Version { collection, label, object } => {
            let row = Row { id: id("campaign", object), ..Row::new(*next, collection, label, "campaign") };
            *next += 1;
            store_all([row], transaction, model)
        }
        Act::Relabel { nth, label } => {
            let Some((collection, arrival)) = chosen(nth, model) else { return Ok(()) };
            model.rows.entry(arrival).and_modify(|row| row.label = LabelId(label));
            transaction.relabel(collection, arrival, LabelId(label))
        }
        Act::Mark { nth } => {
            let Some((collection, arrival)) = chosen(nth, model) else { return Ok(()) };
            model.rows.entry(arrival).and_modify(|row| row.siblings = true);
            transaction.mark_siblings(collection, arrival)
        }
        Act::Remove { nth } => {
            let Some((collection, arrival)) = chosen(nth, model) else { return Ok(()) };
            model.rows.remove(&arrival);
            transaction.remove(collection, arrival)
        }
    }
}

fn store_all(rows: impl IntoIterator<Item = Row>, transaction: &mut dyn Transaction, model: &mut Content) -> Result<(), BackendError> {
    for row in rows {
        row.insert(transaction)?;
        model.rows.insert(row.arrival, row);
    }
    Ok(())
}

fn ask(snapshot: &dyn Snapshot, model: &Content, queries: &[Query]) -> Result<(), BackendError> {
    let end = model.rows.keys().next_back().map_or(1, |last| last.0 + 1);
    for query in queries {
        let scan = Scan {
            collection: query.collection,
            after: Arrival(query.after * end / 1_000),
            before: query.before.map_or(Arrival(u64::MAX), |before| Arrival(before * end / 1_000)),
            labels: &query.labels,
            kinds: &query.kinds,
            bodies: true,
            order: query.order,
            expected: query.expected,
        };
        let mut expected = model.scan(&scan);
        expected.truncate(query.take);
        assert_eq!(taken(snapshot, &scan, query.take)?, expected, "{query:?}");
        assert_eq!(scanned(snapshot, &Scan { expected: query.take, ..scan })?, model.scan(&scan), "{query:?}");
    }
    for object in 0..5 {
        assert_eq!(rows_of(snapshot, &id("campaign", object), None)?, model.rows_of(&id("campaign", object), None));
    }
    Ok(())
}
