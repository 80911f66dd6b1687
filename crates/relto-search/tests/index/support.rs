//! A store of three collections, whose rows are for some of three organisations; the reader is of the first.

use std::collections::BTreeSet;
use std::sync::Arc;

use relto_gate::{Arrival, Gate, LabelId, LabelTable, ReleaseSet};
use relto_model::{Label, ObjectId, Stamp};
use relto_policy::text::organisation_label;
use relto_policy::{Profile, Rules};
use relto_search::Index;
use relto_store::memory::Memory;
use relto_store::{
    Audience, Backend as _, Batch, CollectionKey, Excerpt, Finder, Found, NewRow, Scope, StoredLabel, Telling, TextError, TextIndex as _,
    Transaction,
};
use serde_json::Value as Json;

/// Whom each label is for; the reader is of `A`.
pub(crate) const AUDIENCES: [&[&str]; 4] = [&["A"], &["A", "B"], &["B"], &["C"]];
/// The reader may not read the last.
pub(crate) const COLLECTIONS: [&str; 3] = ["intel", "open", "closed"];

pub(crate) fn label(audience: usize) -> Label {
    organisation_label(AUDIENCES[audience].iter().copied())
}

pub(crate) fn object_id(kind: &str, number: usize) -> ObjectId {
    ObjectId::parse(&format!("{kind}--00000000-0000-4000-8000-{number:012}")).unwrap()
}

/// A row of a store.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) collection: usize,
    pub(crate) audience: usize,
    pub(crate) owner: &'static str,
    pub(crate) object: Json,
}

/// A store, an index over it, and whoever reads.
pub(crate) struct World {
    pub(crate) store: Memory,
    pub(crate) index: Index,
    pub(crate) last: u64,
    pub(crate) facts: i64,
    /// The number of each label, by audience.
    pub(crate) numbers: Vec<LabelId>,
}

impl World {
    /// An empty one. `numbers` are those of the labels, so that nothing rests on them.
    pub(crate) fn new(index: Index, numbers: [u32; 4]) -> Self {
        let mut world = Self { store: Memory::default(), index, last: 0, facts: 1, numbers: numbers.map(LabelId).to_vec() };
        let numbers = world.numbers.clone();
        world.write(|transaction, _| {
            for (audience, id) in numbers.iter().enumerate() {
                transaction.add_label(&StoredLabel { id: *id, label: label(audience), shared: true }).unwrap();
            }
        });
        world
    }

    pub(crate) fn in_memory() -> Self {
        Self::new(Index::in_memory(), [0, 1, 2, 3])
    }

    /// Changes the store; `act` is given the last place that was used.
    pub(crate) fn write(&mut self, act: impl FnOnce(&mut dyn Transaction, &mut u64)) {
        let mut transaction = self.store.write().unwrap();
        let mut last = self.last;
        act(&mut *transaction, &mut last);
        last += 1;
        transaction.commit(Batch { stamp: Stamp(i64::try_from(last).unwrap()), last: Arrival(last) }).unwrap();
        self.last = last;
    }

    /// Stores `rows` in one batch, and returns their places.
    pub(crate) fn add(&mut self, rows: &[Row]) -> Vec<u64> {
        let (numbers, mut places) = (self.numbers.clone(), Vec::new());
        self.write(|transaction, last| {
            for row in rows {
                *last += 1;
                places.push(*last);
                let id = ObjectId::parse(row.object["id"].as_str().unwrap()).unwrap();
                let body = row.object.to_string();
                let new = NewRow {
                    arrival: Arrival(*last),
                    collection: CollectionKey(u32::try_from(row.collection).unwrap()),
                    added: Stamp(1),
                    label: numbers[row.audience],
                    id: &id,
                    version: row.object["modified"].as_str().unwrap_or_default(),
                    siblings: false,
                    owner: row.owner,
                    body: body.as_bytes(),
                };
                transaction.insert(&new).unwrap();
            }
        });
        places
    }

    /// Stores objects for the reader.
    pub(crate) fn add_open(&mut self, objects: &[Json]) -> Vec<u64> {
        let row = |object: &Json| Row { collection: 0, audience: 0, owner: "A", object: object.clone() };
        self.add(&objects.iter().map(row).collect::<Vec<_>>())
    }

    pub(crate) fn remove(&mut self, collection: usize, place: u64) {
        self.write(|transaction, _| transaction.remove(CollectionKey(u32::try_from(collection).unwrap()), Arrival(place)).unwrap());
    }

    /// Relabels a row, as a node does: by a change of the facts.
    pub(crate) fn relabel(&mut self, collection: usize, place: u64, audience: usize) {
        let label = self.numbers[audience];
        let key = CollectionKey(u32::try_from(collection).unwrap());
        self.write(|transaction, _| transaction.relabel(key, Arrival(place), label).unwrap());
        self.facts += 1;
    }

    fn release(&self) -> ReleaseSet {
        let mut labels = LabelTable::default();
        for (audience, id) in self.numbers.iter().enumerate() {
            labels.insert(*id, Arc::new(label(audience)), true);
        }
        let gate = Gate::new(Arc::new(Rules::builtin().unwrap()), Arc::new(labels), Stamp(1), None);
        gate.release("reader", &Profile::new("A", BTreeSet::new()))
    }

    pub(crate) fn words(&self, id: LabelId) -> String {
        self.numbers.iter().position(|known| *known == id).map(|audience| AUDIENCES[audience].join("+")).unwrap_or_default()
    }

    /// Asks the index, which catches up before.
    pub(crate) fn with_finder<R>(&self, act: impl FnOnce(&dyn Finder) -> R) -> R {
        let snapshot = self.store.read().unwrap();
        let collections: Vec<CollectionKey> = (0..3).map(CollectionKey).collect();
        let telling = Telling { snapshot: &*snapshot, collections: &collections, facts: Stamp(self.facts), progress: &|_, _| {} };
        let finder = self.index.as_of(&telling).unwrap().expect("the index is not past the store");
        act(finder.as_ref())
    }

    pub(crate) fn try_find(&self, query: &str, kinds: &[String]) -> Result<Found, TextError> {
        let (release, audience) = (self.release(), Audience::Partner { not_of: BTreeSet::from(["D".to_owned()]) });
        let readable: Vec<(CollectionKey, String)> =
            (0u32..2).map(|key| (CollectionKey(key), COLLECTIONS[key as usize].to_owned())).collect();
        let scope = Scope { release: &release, audience: &audience, collections: &readable, kinds, label_words: &|id| self.words(id) };
        self.with_finder(|finder| finder.find(query, &scope))
    }

    pub(crate) fn find(&self, query: &str) -> Found {
        self.try_find(query, &[]).unwrap()
    }

    /// The places of what is found, best first.
    pub(crate) fn places(&self, query: &str) -> Vec<u64> {
        self.find(query).candidates.iter().map(|candidate| candidate.arrival.0).collect()
    }

    pub(crate) fn mark(&self, query: &str, object: &Json) -> Vec<Excerpt> {
        self.with_finder(|finder| finder.mark(query, object.to_string().as_bytes(), 3).unwrap())
    }
}
