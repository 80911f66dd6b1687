//! Pages, one after the other, against the whole order worked out by sorting.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;
use relto_gate::{Arrival, Gained, Gate, LabelId, LabelTable, Principal, clear};
use relto_model::{ObjectId, Stamp};
use relto_policy::text::organisation_label;
use relto_policy::{Profile, Rules};
use relto_store::memory::Memory;
use relto_store::{
    Audience, Backend as _, Batch, Bodies, CollectionAccess, CollectionKey, Filter, NewRow, Position, Query, StoredLabel, Transaction,
    VersionFilter, page, page_back,
};

const HERE: CollectionKey = CollectionKey(1);
/// The reader may see all but the last.
const LABELS: u32 = 6;

/// A row as the test knows it.
#[derive(Debug, Clone)]
struct Known {
    arrival: u64,
    label: u32,
    object: u8,
    version: u8,
    owner: &'static str,
    content: u8,
}

/// A world: rows and gains of labels at events in between, in batches.
#[derive(Debug, Clone)]
enum Event {
    Row { label: u32, object: u8, version: u8, owner: &'static str, content: u8 },
    Gain { label: u32 },
    Batch,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        8 => (0..LABELS, 0_u8..12, 0_u8..4, prop_oneof![3 => Just("o"), 1 => Just("p")], prop_oneof![4 => Just(0_u8), 1 => Just(1)])
            .prop_map(|(label, object, version, owner, content)| Event::Row { label, object, version, owner, content }),
        1 => (0..LABELS).prop_map(|label| Event::Gain { label }),
        1 => Just(Event::Batch),
    ]
}

fn id(object: u8) -> ObjectId {
    let kind = if object.is_multiple_of(3) { "tool" } else { "malware" };
    ObjectId::parse(&format!("{kind}--00000000-0000-4000-8000-0000000000{object:02x}")).unwrap()
}

fn version(number: u8) -> String {
    format!("2024-02-29T12:00:00.00{number}Z")
}

struct World {
    store: Memory,
    reader: Principal,
    rows: Vec<Known>,
    gains: BTreeMap<LabelId, Gained>,
    collection: Option<Gained>,
    /// Stamp of the batch of each event.
    stamps: Vec<i64>,
}

/// Stores the rows of `events`; the first gain, if `hidden`, is that of the whole collection.
fn world(events: &[Event], hidden: bool) -> World {
    let (mut rows, mut gains, mut collection, mut stamps) = (Vec::new(), BTreeMap::new(), None, vec![0]);
    let mut stamp = 1;
    for (at, event) in (1_u64..).zip(events) {
        stamps.push(stamp);
        match *event {
            Event::Row { label, object, version, owner, content } => {
                rows.push(Known { arrival: at, label, object, version, owner, content });
            }
            Event::Gain { label } => {
                let gained = Gained { arrival: Arrival(at), since: Stamp(stamp) };
                if hidden && collection.is_none() {
                    collection = Some(gained);
                } else {
                    gains.insert(LabelId(label), gained);
                }
            }
            Event::Batch => stamp += 1,
        }
    }
    let store = Memory::default();
    let table = labels(&store);
    for batch in stamps[1..].chunk_by(|one, other| one == other) {
        let last = stamps.partition_point(|stamp| *stamp <= batch[0]) as u64 - 1;
        let mut write = store.write().unwrap();
        rows.iter().filter(|row| stamps[row.arrival as usize] == batch[0]).for_each(|row| insert(&mut *write, row, batch[0], &rows));
        write.commit(Batch { stamp: Stamp(batch[0]), last: Arrival(last) }).unwrap();
    }
    let gate = Gate::new(Arc::new(Rules::builtin().unwrap()), Arc::new(table), Stamp(0), None);
    let profile = Arc::new(Profile::new("reader", BTreeSet::from(["FRA".to_owned()])));
    let reader = gate.principal("r".into(), profile, Arc::new(gains.clone()));
    World { store, reader, rows, gains, collection, stamps }
}

/// Enters the labels, all but the last for the reader.
fn labels(store: &Memory) -> LabelTable {
    let mut table = LabelTable::default();
    let mut write = store.write().unwrap();
    for number in 0..LABELS {
        let label = organisation_label([if number == LABELS - 1 { "nobody" } else { "reader" }, &format!("{number}")]);
        table.insert(LabelId(number), Arc::new(label.clone()), true);
        write.add_label(&StoredLabel { id: LabelId(number), label, shared: true }).unwrap();
    }
    write.commit(Batch { stamp: Stamp(0), last: Arrival(0) }).unwrap();
    table
}

fn insert(write: &mut dyn Transaction, row: &Known, stamp: i64, rows: &[Known]) {
    let siblings = rows.iter().filter(|other| other.object == row.object).count() > 1;
    let (arrival, added, label) = (Arrival(row.arrival), Stamp(stamp), LabelId(row.label));
    // The content, and as many spaces as tell the arrival: they do not count as content.
    let body = format!("{}{}", row.content, " ".repeat(row.arrival as usize));
    let (id, version) = (id(row.object), version(row.version));
    let (version, body, owner) = (version.as_str(), body.as_bytes(), row.owner);
    write.insert(&NewRow { arrival, collection: HERE, added, label, id: &id, version, siblings, owner, body }).unwrap();
}

impl World {
    /// Where a row stands for the reader, and its date there.
    fn place(&self, row: &Known) -> (Position, i64) {
        let gained =
            [self.gains.get(&LabelId(row.label)).copied(), self.collection].into_iter().flatten().max_by_key(|gained| gained.arrival);
        let own = Position { visible: Arrival(row.arrival), row: Arrival(row.arrival) };
        match gained.filter(|gained| gained.arrival > own.row) {
            Some(gained) => (Position { visible: gained.arrival, ..own }, gained.since.0),
            None => (own, self.stamps[row.arrival as usize]),
        }
    }

    /// The arrivals of the rows that `query` asks for, in the reader's order.
    fn expected(&self, audience: &Audience, query: &Query) -> Vec<u64> {
        let visible: Vec<&Known> = self.rows.iter().filter(|row| row.label != LABELS - 1 && audience.gets(row.owner)).collect();
        let is_wanted = |row: &Known| {
            let represents = |row: &Known| {
                let hand = |row: &Known| (*audience != Audience::Own).then_some(row.owner);
                let content = |row: &Known| (hand(row), row.object, row.version, row.content);
                let same = visible.iter().filter(|other| content(other) == content(row));
                same.map(|other| self.place(other)).min() == Some(self.place(row))
            };
            let lineage = visible.iter().filter(|other| (other.object, other.owner) == (row.object, row.owner) && represents(other));
            let versions: BTreeSet<u8> = lineage.map(|other| other.version).collect();
            let filter = &query.filter;
            let of_version = filter.versions.all
                || (filter.versions.last && versions.last() == Some(&row.version))
                || (filter.versions.first && versions.first() == Some(&row.version));
            let of_kind = filter.kinds.is_empty() || filter.kinds.contains(&id(row.object).kind().to_owned());
            let of_id = filter.ids.as_ref().is_none_or(|ids| ids.contains(&id(row.object)));
            represents(row) && of_version && of_kind && of_id && query.added_after.is_none_or(|after| self.place(row).1 > after.0)
        };
        let mut rows: Vec<&Known> = visible.iter().copied().filter(|row| is_wanted(row)).collect();
        rows.sort_by_key(|row| self.place(row).0);
        rows.iter().map(|row| row.arrival).collect()
    }

    /// The arrivals that pages of `query` give, one page after the other.
    fn paged(&self, audience: &Audience, query: &Query) -> Vec<u64> {
        let (snapshot, mut query) = (self.store.read().unwrap(), query.clone());
        let mut rows = Vec::new();
        loop {
            let page = page(&*snapshot, self.reader.release(), audience, &query).unwrap();
            assert!(page.rows.len() <= query.rows_max);
            assert!(page.next.is_none() || !page.rows.is_empty(), "a page that is not the last holds something");
            for row in page.rows {
                let row = clear(row, &self.reader).unwrap();
                rows.push(row.get().body().len() as u64 - 1);
            }
            match page.next {
                Some(next) => query.after = Some(next),
                None => return rows,
            }
        }
    }

    /// The arrivals that pages of `query` give from the end on.
    fn paged_back(&self, audience: &Audience, query: &Query) -> Vec<u64> {
        let (snapshot, mut before) = (self.store.read().unwrap(), None);
        let mut rows = Vec::new();
        loop {
            let page = page_back(&*snapshot, self.reader.release(), audience, query, before).unwrap();
            assert!(page.rows.len() <= query.rows_max);
            rows.extend(page.rows.into_iter().map(|row| clear(row, &self.reader).unwrap().get().body().len() as u64 - 1));
            before = page.next;
            if before.is_none() {
                return rows;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pages_give_the_readers_order(
        events in vec(event(), 1..120),
        hidden in any::<bool>(),
        rows_max in prop_oneof![1_usize..8, Just(1_000)],
        added_after in proptest::option::of(0_i64..12),
        (last, first, all) in any::<(bool, bool, bool)>(),
        kinds in prop_oneof![Just(Vec::new()), Just(vec!["tool".to_owned()])],
        ids in proptest::option::of(vec(0_u8..13, 0..6)),
        not_of in proptest::option::of(prop_oneof![Just(BTreeSet::new()), Just(BTreeSet::from(["p".to_owned()]))]),
    ) {
        let world = world(&events, hidden);
        let audience = not_of.map_or(Audience::Own, |not_of| Audience::Partner { not_of });
        let versions = VersionFilter { last, first, all, specific: Vec::new() };
        let filter = Filter { ids: ids.map(|ids| ids.into_iter().map(id).collect()), kinds, versions };
        let collection = CollectionAccess { key: HERE, gained: world.collection };
        let added_after = added_after.map(Stamp);
        let query = Query { collection, filter, after: None, added_after, rows_max, bytes_max: 1 << 20, bodies: Bodies::With };
        prop_assert_eq!(world.paged(&audience, &query), world.expected(&audience, &query));
        let query = Query { added_after: None, filter: Filter { ids: None, ..query.filter }, ..query };
        let mut expected = world.expected(&audience, &query);
        expected.reverse();
        prop_assert_eq!(world.paged_back(&audience, &query), expected);
    }
}
