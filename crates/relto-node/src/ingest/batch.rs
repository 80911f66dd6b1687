//! One batch on its way into the store: rows first, then the labels that references within the batch raise.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use relto_gate::{Arrival, LabelId};
use relto_model::object::Object;
use relto_model::{Label, ObjectId};
use relto_policy::text::organisation_label;
use relto_policy::{LabelContext, read_markings};
use relto_store::{Bodies, CollectionKey, Held, NewRow, held};
use serde_json::Value as Json;

use super::judge::{judge, open_to_write, same_content};
use super::{Author, Eyes, Labelling, Outcome, Receipt, version_of};
use crate::error::StoreError;
use crate::labels::marking_ids;
use crate::node::Writing;
use crate::records::CollectionRecord;

pub(super) struct IncomingBatch<'b, 'n> {
    writing: &'b mut Writing<'n>,
    author: Author<'b>,
    collection: &'b CollectionRecord,
    context: LabelContext,
    given: Option<Label>,
    default: Label,
    definitions: &'b HashMap<ObjectId, Object>,
    /// Rows stored in this batch, by id.
    rows: HashMap<ObjectId, Vec<usize>>,
    stored: Vec<Stored>,
    /// The label of what the writer may see under an id outside the batch.
    outside: HashMap<ObjectId, Option<LabelId>>,
    joins: HashMap<(LabelId, LabelId), LabelId>,
    own_labels: HashMap<Rc<[ObjectId]>, (LabelId, Vec<String>)>,
}

/// A row of this batch, or one that was there already and is the same.
struct Stored {
    row: Option<Arrival>,
    label: LabelId,
    references: Box<[ObjectId]>,
    markings: Rc<[ObjectId]>,
}

impl<'b, 'n> IncomingBatch<'b, 'n> {
    pub(super) fn new(
        writing: &'b mut Writing<'n>,
        author: Author<'b>,
        collection: &'b CollectionRecord,
        labelling: &Labelling,
        definitions: &'b HashMap<ObjectId, Object>,
    ) -> Result<Self, StoreError> {
        let node = writing.before.directory.node.clone();
        let context = LabelContext {
            made: labelling.made.unwrap_or(writing.stamp),
            owner: author.organisation.clone(),
            collection: Some(collection.id.clone()),
            addressees: labelling.addressees.clone(),
        };
        let own = organisation_label([node.organisation.as_str(), author.organisation.as_str()]);
        // A default that can no longer be read must not widen anything: the narrow one stands in.
        let set = node.default_label.as_deref().and_then(|text| writing.before.parse_label(text, &context).ok());
        Ok(Self {
            writing,
            author,
            collection,
            context,
            given: labelling.given.clone(),
            default: set.unwrap_or(own),
            definitions,
            rows: HashMap::new(),
            stored: Vec::new(),
            outside: HashMap::new(),
            joins: HashMap::new(),
            own_labels: HashMap::new(),
        })
    }

    /// Judges and stores one object under its own label.
    pub(super) fn add(&mut self, object: &Object) -> Result<Receipt, StoreError> {
        let key = CollectionKey(self.collection.key);
        let version = version_of(object);
        let (label, notes) = self.own_label(object)?;
        let there = held(&*self.writing.transaction, object.id(), Some(key), Bodies::With)?;
        let some_there = !there.is_empty();
        let (unmarked, all) = if some_there { self.look(object, there)? } else { (Vec::new(), Vec::new()) };
        let kinds = self.writing.node.kinds();
        let is_custodian = matches!(self.author.eyes, Eyes::Custodian);
        let verdict = judge(object, &self.author.organisation, is_custodian, &unmarked, kinds);
        let receipt = |outcome| Receipt { id: object.id().clone(), version: version.to_owned(), outcome, notes };
        match verdict {
            Some(Outcome::Present) => {
                let known = unmarked.iter().find(|row| same_content(object, row, kinds)).map_or(label, |row| row.label);
                self.note(object, None, known);
                return Ok(receipt(Outcome::Present));
            }
            Some(refused) => return Ok(receipt(refused)),
            None => {}
        }
        // The same content under the same label, hidden from the writer: stored once, answered as if it were new.
        if all.iter().any(|row| row.label == label && row.version == version && same_content(object, row, kinds)) {
            self.note(object, None, label);
            return Ok(receipt(Outcome::Added));
        }
        for row in all.iter().filter(|row| !row.siblings) {
            self.writing.transaction.mark_siblings(key, row.arrival)?;
        }
        let arrival = self.insert(object.id(), version, object.bytes(), label, some_there)?;
        self.note(object, Some(arrival), label);
        Ok(receipt(Outcome::Added))
    }

    /// The rows that the writer may see, and all of them for keeping house.
    fn look(&mut self, object: &Object, there: Vec<relto_gate::Sealed<Held>>) -> Result<(Vec<Held>, Vec<Held>), StoreError> {
        let visible = self.author.eyes.open(self.writing, there);
        let all = held(&*self.writing.transaction, object.id(), Some(CollectionKey(self.collection.key)), Bodies::With)?;
        Ok((visible, open_to_write(all)))
    }

    fn insert(&mut self, id: &ObjectId, version: &str, body: &[u8], label: LabelId, siblings: bool) -> Result<Arrival, StoreError> {
        let arrival = self.writing.draw();
        self.writing.transaction.insert(&NewRow {
            arrival,
            collection: CollectionKey(self.collection.key),
            added: self.writing.stamp,
            label,
            id,
            version,
            siblings,
            owner: &self.author.organisation,
            body,
        })?;
        Ok(arrival)
    }

    fn note(&mut self, object: &Object, row: Option<Arrival>, label: LabelId) {
        let references: Box<[ObjectId]> = object.references().iter().map(|reference| reference.id.clone()).collect();
        let stored = Stored { row, label, references, markings: marking_ids(object).into_iter().collect() };
        self.rows.entry(object.id().clone()).or_default().push(self.stored.len());
        self.stored.push(stored);
    }

    /// The label from the object's markings and the one it is given, without references.
    fn own_label(&mut self, object: &Object) -> Result<(LabelId, Vec<String>), StoreError> {
        let markings: Rc<[ObjectId]> = marking_ids(object).into_iter().collect();
        if let Some((label, notes)) = self.own_labels.get(&markings) {
            return Ok((*label, notes.clone()));
        }
        let mut found: BTreeMap<ObjectId, Option<Json>> = BTreeMap::new();
        for id in markings.iter() {
            found.insert(id.clone(), self.definition(id)?);
        }
        let rules = self.writing.before.gate.rules().clone();
        let reading = read_markings(markings.iter(), &|id| found.get(id).cloned().flatten(), &rules, &self.context);
        let label = match (reading.label, &self.given) {
            (Some(own), Some(given)) => own.join(given),
            (Some(own), None) => own,
            (None, Some(given)) => given.clone(),
            (None, None) => self.default.clone(),
        };
        let id = self.writing.intern(&label)?;
        self.own_labels.insert(markings, (id, reading.notes.clone()));
        Ok((id, reading.notes))
    }

    /// The marking-definition `id` as far as the writer may see it; of several that differ, none.
    fn definition(&mut self, id: &ObjectId) -> Result<Option<Json>, StoreError> {
        if let Some(object) = self.definitions.get(id) {
            return Ok(Some(object.value().clone()));
        }
        let rows = held(&*self.writing.transaction, id, None, Bodies::With)?;
        let visible = self.author.eyes.open(self.writing, rows);
        let mut contents = visible.iter().map(|row| serde_json::from_slice::<Json>(&row.body).ok());
        let first = contents.next().flatten();
        Ok(if contents.all(|other| other == first) { first } else { None })
    }

    /// Raises labels until each holds those of everything it refers to.
    pub(super) fn settle_labels(&mut self) -> Result<(), StoreError> {
        let mut settled: Vec<LabelId> = self.stored.iter().map(|stored| stored.label).collect();
        let referring: Vec<usize> =
            (0..self.stored.len()).filter(|at| self.stored.get(*at).is_some_and(|row| !row.references.is_empty())).collect();
        for at in &referring {
            let references = self.stored.get(*at).map(|stored| stored.references.clone()).unwrap_or_default();
            for id in references.iter() {
                if let Some(label) = self.outside_label(id)?
                    && let Some(slot) = settled.get(*at).copied()
                {
                    let joined = self.join(slot, label)?;
                    set(&mut settled, *at, joined);
                }
            }
        }
        loop {
            let mut raised = false;
            for at in &referring {
                let Some(mut label) = settled.get(*at).copied() else { continue };
                let before = label;
                let inside: Vec<usize> = self.inside(*at);
                for other in inside {
                    if let Some(theirs) = settled.get(other).copied() {
                        label = self.join(label, theirs)?;
                    }
                }
                raised |= label != before;
                set(&mut settled, *at, label);
            }
            if !raised {
                break;
            }
        }
        self.apply(&settled)
    }

    /// The rows of this batch that the row at `at` refers to.
    fn inside(&self, at: usize) -> Vec<usize> {
        let references = self.stored.get(at).map_or(&[] as &[ObjectId], |stored| &stored.references);
        references.iter().filter_map(|id| self.rows.get(id)).flatten().copied().filter(|other| *other != at).collect()
    }

    fn apply(&mut self, settled: &[LabelId]) -> Result<(), StoreError> {
        for (stored, label) in self.stored.iter_mut().zip(settled) {
            if let Some(arrival) = stored.row
                && stored.label != *label
            {
                self.writing.transaction.relabel(CollectionKey(self.collection.key), arrival, *label)?;
                stored.label = *label;
            }
        }
        Ok(())
    }

    /// The join of the labels under which the writer may see the latest version of `id`, collection by collection.
    fn outside_label(&mut self, id: &ObjectId) -> Result<Option<LabelId>, StoreError> {
        if let Some(known) = self.outside.get(id) {
            return Ok(*known);
        }
        let rows = held(&*self.writing.transaction, id, None, Bodies::Without)?;
        let visible = self.author.eyes.open(self.writing, rows);
        let own: BTreeSet<Arrival> = self.rows.get(id).into_iter().flatten().filter_map(|at| self.stored.get(*at)?.row).collect();
        let mut label = None;
        for row in latest(visible.into_iter().filter(|row| !own.contains(&row.arrival))) {
            label = Some(match label {
                Some(label) => self.join(label, row)?,
                None => row,
            });
        }
        self.outside.insert(id.clone(), label);
        Ok(label)
    }

    fn join(&mut self, one: LabelId, other: LabelId) -> Result<LabelId, StoreError> {
        if one == other {
            return Ok(one);
        }
        if let Some(known) = self.joins.get(&(one, other)) {
            return Ok(*known);
        }
        let find = |id| self.writing.labels().get(id).cloned();
        let (Some(first), Some(second)) = (find(one), find(other)) else {
            return Err(relto_store::BackendError::Damaged("a row has a label that is not in the store".to_owned()).into());
        };
        let label = first.as_ref().clone().join(&second);
        // A number of its own, given by relabelling, stands for the same label: keep it where nothing is added.
        let joined = if label == *first { one } else { self.writing.intern(&label)? };
        self.joins.insert((one, other), joined);
        Ok(joined)
    }

    /// Makes each marking-definition visible to whoever may see something that carries it: a row under that very label.
    pub(super) fn carry_definitions(&mut self) -> Result<(), StoreError> {
        let mut carried: BTreeMap<ObjectId, BTreeSet<LabelId>> = BTreeMap::new();
        for stored in self.stored.iter().filter(|stored| stored.row.is_some()) {
            for id in stored.markings.iter() {
                carried.entry(id.clone()).or_default().insert(stored.label);
            }
        }
        for (id, labels) in carried {
            let read = |writing: &Writing<'_>| held(&*writing.transaction, &id, None, Bodies::With);
            let all = open_to_write(read(self.writing)?);
            let visible = read(self.writing)?;
            let visible = self.author.eyes.open(self.writing, visible);
            let body = match self.definitions.get(&id) {
                Some(object) => Some((object.bytes().clone(), version_of(object).to_owned())),
                None => visible.first().map(|row| (row.body.clone(), row.version.clone())),
            };
            let Some((body, version)) = body else { continue };
            let here: Vec<&Held> = all.iter().filter(|row| row.collection.0 == self.collection.key).collect();
            let missing: Vec<LabelId> = labels.into_iter().filter(|label| here.iter().all(|row| row.label != *label)).collect();
            if missing.is_empty() {
                continue;
            }
            for row in here.iter().filter(|row| !row.siblings) {
                self.writing.transaction.mark_siblings(row.collection, row.arrival)?;
            }
            let several = here.len() + missing.len() > 1;
            for label in missing {
                self.insert(&id, &version, &body, label, several)?;
            }
        }
        Ok(())
    }
}

fn set(labels: &mut [LabelId], at: usize, label: LabelId) {
    if let Some(slot) = labels.get_mut(at) {
        *slot = label;
    }
}

/// The label of the latest version in each collection.
fn latest(rows: impl Iterator<Item = Held>) -> Vec<LabelId> {
    let mut by_collection: BTreeMap<CollectionKey, Held> = BTreeMap::new();
    for row in rows {
        let key = |held: &Held| relto_model::time::sort_key(&held.version).to_owned();
        let later = by_collection.get(&row.collection).is_none_or(|known| key(known) < key(&row));
        if later {
            by_collection.insert(row.collection, row);
        }
    }
    by_collection.into_values().map(|row| row.label).collect()
}
