//! A store's whole content as plain values, and what each call does to it.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use relto_gate::{Arrival, LabelId};
use relto_model::label::{Clause, Facet, Label, PolicyId, Value};
use relto_model::{ObjectId, Stamp};

use crate::backend::{BackendError, Batch, Journal, NewRow, Order, Scan, Snapshot, StoredLabel, Transaction};
use crate::entry::{CollectionKey, Entry};
use crate::record::RecordKind;

/// The collections that the suite uses, the extremes among them.
pub(super) const COLLECTIONS: [CollectionKey; 4] = [CollectionKey(0), CollectionKey(1), CollectionKey(7), CollectionKey(u32::MAX)];
/// How many labels the suite uses.
pub(super) const LABELS: u32 = 12;

/// A row as it was written and must be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its place.
    pub arrival: Arrival,
    /// Its collection.
    pub collection: CollectionKey,
    /// When it arrived.
    pub added: Stamp,
    /// Its label.
    pub label: LabelId,
    /// STIX id.
    pub id: ObjectId,
    /// Version.
    pub version: String,
    /// Whether there are others of its id.
    pub siblings: bool,
    /// Who wrote it.
    pub owner: String,
    /// The bytes.
    pub body: Vec<u8>,
}

impl Row {
    /// A row that differs from others of its `arrival`, `label` and `kind` in what does not matter to most parts.
    pub(super) fn new(arrival: u64, collection: CollectionKey, label: u32, kind: &str) -> Self {
        Self {
            arrival: Arrival(arrival),
            collection,
            added: Stamp(i64::try_from(arrival / 10).unwrap_or(0)),
            label: LabelId(label),
            id: id(kind, arrival),
            version: format!("2024-02-29T12:00:{:02}.{:03}Z", arrival % 60, arrival % 1000),
            siblings: arrival.is_multiple_of(3),
            owner: format!("Œuvre {}", arrival % 4),
            body: format!("{{\"n\":{arrival},\"é\":\"ß\"}}").into_bytes(),
        }
    }

    /// Stores it.
    pub(super) fn insert(&self, transaction: &mut dyn Transaction) -> Result<(), BackendError> {
        transaction.insert(&NewRow {
            arrival: self.arrival,
            collection: self.collection,
            added: self.added,
            label: self.label,
            id: &self.id,
            version: &self.version,
            siblings: self.siblings,
            owner: &self.owner,
            body: &self.body,
        })
    }

    fn read(entry: &Entry<'_>) -> Option<Self> {
        let fields = entry.fields();
        Some(Self {
            arrival: fields.arrival,
            collection: fields.collection,
            added: fields.added,
            label: fields.label,
            id: ObjectId::parse(fields.id).ok()?,
            version: fields.version.to_owned(),
            siblings: fields.siblings,
            owner: fields.owner.to_owned(),
            body: fields.body.to_vec(),
        })
    }
}

/// An id of `kind` that `number` determines.
pub(super) fn id(kind: &str, number: u64) -> ObjectId {
    let first = number.wrapping_mul(0x9E37_79B9) & 0xFFFF_FFFF;
    // Ids compare as texts, so that the letters they came in must come back.
    let text = match number % 5 {
        0 => format!("{kind}--{first:08X}-0000-4000-8000-{number:012x}"),
        _ => format!("{kind}--{first:08x}-0000-4000-8000-{number:012x}"),
    };
    let parsed = ObjectId::parse(&text);
    assert!(parsed.is_ok(), "the suite's own id `{text}`");
    parsed.unwrap_or_else(|_| unreachable!("just checked"))
}

/// A label that `number` determines; every form of value occurs.
pub(super) fn label(number: u32) -> StoredLabel {
    let values = [
        Value::Nation("FRA".to_owned()),
        Value::Group { name: "NATO".to_owned(), as_of: Stamp(i64::from(number)) },
        Value::Organisation(format!("Bundesamt für “{number}”")),
        Value::Person("zoë".to_owned()),
        Value::RecipientsOf("c".to_owned()),
        Value::ClientsOf("c".to_owned()),
    ];
    let some = values.into_iter().skip(number as usize % 5);
    let facet = Facet::at_level(u8::try_from(number % 250).unwrap_or(0)).only(Clause::new("Releasable To", some));
    StoredLabel { id: LabelId(number), label: Label::new(PolicyId::new("NATO"), facet), shared: number.is_multiple_of(2) }
}

/// Everything a store holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    /// Rows by arrival.
    pub rows: BTreeMap<Arrival, Row>,
    /// Labels in order.
    pub labels: Vec<StoredLabel>,
    /// Records by kind and key.
    pub records: BTreeMap<(RecordKind, String), Vec<u8>>,
    /// Acts in order.
    pub journal: Vec<Journal>,
    /// The last batch.
    pub last: Option<Batch>,
}

impl Content {
    /// Reads everything through every way there is, and asserts that the ways agree.
    ///
    /// # Errors
    /// What the store fails with.
    pub fn read(snapshot: &dyn Snapshot) -> Result<Self, BackendError> {
        let mut content = Self { labels: snapshot.labels()?, journal: snapshot.journal(usize::MAX)?, ..Self::default() };
        let labels: Vec<LabelId> = content.labels.iter().map(|label| label.id).collect();
        for collection in COLLECTIONS {
            let scan = Scan { collection, labels: &labels, ..everything() };
            let rows = scanned(snapshot, &scan)?;
            assert!(rows.is_sorted_by_key(|row| row.arrival), "rows of a scan ascend");
            assert_eq!(snapshot.tally(collection)?, tallied(&rows), "the tally of {collection:?}");
            content.rows.extend(rows.into_iter().map(|row| (row.arrival, row)));
        }
        for row in content.rows.values() {
            let found = rows_of(snapshot, &row.id, None)?;
            assert!(found.contains(row), "row {:?} is found by its id", row.arrival);
        }
        for kind in RecordKind::ALL {
            let records = snapshot.records(kind)?;
            assert!(records.is_sorted(), "records of {kind:?} are ordered");
            for (key, value) in records {
                assert_eq!(snapshot.record(kind, &key)?.as_ref(), Some(&value), "{kind:?} {key}");
                content.records.insert((kind, key), value);
            }
        }
        content.last = snapshot.last_stamp()?.map(|stamp| snapshot.arrival().map(|last| Batch { stamp, last })).transpose()?;
        Ok(content)
    }

    /// A visited row as a value; `None` when its id is none.
    #[must_use]
    pub fn row(entry: &Entry<'_>) -> Option<Row> {
        Row::read(entry)
    }

    /// The rows that `scan` must visit, in its order.
    pub(super) fn scan(&self, scan: &Scan<'_>) -> Vec<Row> {
        let wanted = |row: &&Row| {
            row.collection == scan.collection
                && row.arrival > scan.after
                && row.arrival < scan.before
                && scan.labels.contains(&row.label)
                && (scan.kinds.is_empty() || scan.kinds.iter().any(|kind| kind == row.id.kind()))
        };
        let mut rows: Vec<Row> = self.rows.values().filter(wanted).cloned().collect();
        if scan.order == Order::NewestFirst {
            rows.reverse();
        }
        rows
    }

    /// The rows that `id` must have.
    pub(super) fn rows_of(&self, id: &ObjectId, within: Option<CollectionKey>) -> Vec<Row> {
        let wanted = |row: &&Row| row.id == *id && within.is_none_or(|within| within == row.collection);
        self.rows.values().filter(wanted).cloned().collect()
    }
}

fn tallied(rows: &[Row]) -> Vec<(LabelId, u64)> {
    let mut counts: BTreeMap<LabelId, u64> = BTreeMap::new();
    rows.iter().for_each(|row| *counts.entry(row.label).or_default() += 1);
    counts.into_iter().collect()
}

/// A scan of all places, with bodies; collection and labels are to be filled in.
pub(super) fn everything<'s>() -> Scan<'s> {
    let (after, before) = (Arrival(0), Arrival(u64::MAX));
    Scan {
        collection: CollectionKey(0),
        after,
        before,
        labels: &[],
        kinds: &[],
        bodies: true,
        order: Order::OldestFirst,
        expected: usize::MAX,
    }
}

/// What `snapshot` visits for `scan`.
pub(super) fn scanned(snapshot: &dyn Snapshot, scan: &Scan<'_>) -> Result<Vec<Row>, BackendError> {
    taken(snapshot, scan, usize::MAX)
}

/// The first `count` rows that `snapshot` visits for `scan`.
pub(super) fn taken(snapshot: &dyn Snapshot, scan: &Scan<'_>, count: usize) -> Result<Vec<Row>, BackendError> {
    let mut rows = Vec::new();
    snapshot.scan(scan, &mut |entry| {
        rows.extend(Row::read(entry));
        if rows.len() < count { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    Ok(rows)
}

/// The rows of `id` with their bodies.
pub(super) fn rows_of(snapshot: &dyn Snapshot, id: &ObjectId, within: Option<CollectionKey>) -> Result<Vec<Row>, BackendError> {
    let mut rows = Vec::new();
    snapshot.rows_of(id, within, true, &mut |entry| {
        rows.extend(Row::read(entry));
        ControlFlow::Continue(())
    })?;
    Ok(rows)
}

/// Enters the suite's labels.
pub(super) fn add_labels(transaction: &mut dyn Transaction) -> Result<(), BackendError> {
    (0..LABELS).try_for_each(|number| transaction.add_label(&label(number)))
}
