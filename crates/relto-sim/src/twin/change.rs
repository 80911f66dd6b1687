//! Looking into a store and changing it, beside the gate that is under test.

use std::collections::BTreeMap;

use relto_gate::{Arrival, LabelId};
use relto_model::{Label, ObjectId, Stamp};
use relto_node::{ConsentRecord, PartsRecord, WayShown};
use relto_store::{Batch, Bodies, CollectionKey, Held, NewRow, RecordKind, StoredLabel, held, part_key};

use super::Shown;
use crate::node::{WorldNode, raw};

pub(super) fn labels(node: &WorldNode) -> BTreeMap<LabelId, Label> {
    let stored = node.backend.read().expect("a snapshot").labels().expect("labels");
    stored.into_iter().map(|label| (label.id, label.label)).collect()
}

/// What was consented to for single objects, by the number of their label.
pub(super) fn consents(node: &WorldNode) -> BTreeMap<LabelId, ConsentRecord> {
    let stored = node.backend.read().expect("a snapshot").records(RecordKind::Consent).expect("records").into_iter();
    let read =
        |(key, value): (String, Vec<u8>)| (LabelId(key.parse().expect("a number")), serde_json::from_slice(&value).expect("a record"));
    stored.map(read).collect()
}

pub(super) fn rows(node: &WorldNode, id: &ObjectId) -> Vec<Held> {
    let snapshot = node.backend.read().expect("a snapshot");
    let sealed = held(snapshot.as_ref(), id, None, Bodies::With).expect("rows");
    sealed.into_iter().map(raw).collect()
}

/// Puts every version of `id` under `label` behind the node's back, as another release may have left it.
///
/// # Panics
/// When the store fails; worlds are tests.
pub fn put_under(node: &WorldNode, id: &ObjectId, label: &Label, now: Stamp) {
    let rows = rows(node, id);
    let mut change = Change::begin(node, now);
    let number = change.label(label);
    for row in rows {
        change.transaction.relabel(row.collection, row.arrival, number).expect("a label");
    }
    change.commit();
}

/// One change to the twin, behind its back.
pub(super) struct Change<'n> {
    node: &'n WorldNode,
    transaction: Box<dyn relto_store::Transaction + 'n>,
    arrival: Arrival,
    now: Stamp,
}

impl<'n> Change<'n> {
    pub(super) fn begin(node: &'n WorldNode, now: Stamp) -> Self {
        let transaction = node.backend.write().expect("a transaction");
        let arrival = transaction.arrival().expect("an arrival");
        Self { node, transaction, arrival, now }
    }

    /// A number of its own for `label`: the witness has not gained it late.
    pub(super) fn label(&mut self, label: &Label) -> LabelId {
        let id = LabelId(self.transaction.labels().expect("labels").len() as u32);
        self.transaction.add_label(&StoredLabel { id, label: label.clone(), shared: false }).expect("a label");
        id
    }

    /// The same for what is `shown`, with its consents beside it.
    fn label_of(&mut self, shown: &Shown) -> LabelId {
        let id = self.label(&shown.label);
        if let Some((object, consents)) = &shown.consents {
            let record = ConsentRecord { object: object.clone(), consents: consents.clone() };
            self.put(RecordKind::Consent, &id.0.to_string(), &serde_json::to_vec(&record).expect("JSON"));
        }
        id
    }

    fn key(&self, collection: &str) -> CollectionKey {
        let record = self.transaction.record(RecordKind::Collection, collection).expect("a record").expect("the collection is there");
        let record: relto_node::CollectionRecord = serde_json::from_slice(&record).expect("a record");
        CollectionKey(record.key)
    }

    /// The next place in the order of events.
    pub(super) fn draw(&mut self) -> Arrival {
        self.arrival = Arrival(self.arrival.0 + 1);
        self.arrival
    }

    pub(super) fn insert(&mut self, shown: &Shown, _: &Held) {
        let arrival = self.draw();
        let (label, key) = (self.label_of(shown), self.key(&shown.collection));
        let id = ObjectId::parse(&shown.id).expect("an id");
        let there: Vec<Held> = rows_in(self.transaction.as_ref(), &id, key);
        for row in &there {
            self.transaction.mark_siblings(key, row.arrival).expect("a mark");
        }
        let row = NewRow {
            arrival,
            collection: key,
            added: self.now,
            label,
            id: &id,
            version: &shown.version,
            siblings: !there.is_empty(),
            owner: &shown.owner,
            body: &shown.body,
        };
        self.transaction.insert(&row).expect("a row");
        if let Some(rest) = &shown.rest {
            let ways = rest.iter().map(|(label, hidden)| WayShown { label: self.label(label), hidden: hidden.clone() }).collect();
            let record = PartsRecord { whole: label, ways };
            self.put(RecordKind::Part, &part_key(arrival), &serde_json::to_vec(&record).expect("JSON"));
        }
    }

    pub(super) fn relabel(&mut self, held: &Held, shown: &Shown) {
        let label = self.label_of(shown);
        self.transaction.relabel(held.collection, held.arrival, label).expect("a label");
    }

    pub(super) fn remove(&mut self, held: &Held) {
        self.transaction.remove(held.collection, held.arrival).expect("a row");
    }

    pub(super) fn put(&mut self, kind: RecordKind, key: &str, value: &[u8]) {
        self.transaction.put(kind, key, value).expect("a record");
    }

    pub(super) fn forget(&mut self, kind: RecordKind, key: &str) {
        self.transaction.forget(kind, key).expect("a record");
    }

    /// The batch stands after what the twin wrote itself, which may have waited a little for the clock.
    pub(super) fn commit(self) {
        let last = Arrival(self.arrival.0 + 1);
        let stamp = self.transaction.last_stamp().expect("a stamp").map_or(self.now, |stamp| stamp.max(self.now));
        self.transaction.commit(Batch { stamp, last }).expect("a commit");
        assert!(self.node.node.is_healthy());
    }
}

fn rows_in(transaction: &dyn relto_store::Transaction, id: &ObjectId, key: CollectionKey) -> Vec<Held> {
    let sealed = held(transaction, id, Some(key), Bodies::Without).expect("rows");
    sealed.into_iter().map(raw).collect()
}
