//! The effective labels of a batch: each object's own joined with those of what it refers to, and its addressees with theirs.

use std::collections::BTreeMap;
use std::rc::Rc;

use relto_gate::{Arrival, LabelId};
use relto_model::ObjectId;
use relto_model::time::sort_key;
use relto_policy::law::Consent;
use relto_store::{Bodies, CollectionKey, Held, held};

use super::{Effective, IncomingBatch};
use crate::addressees;
use crate::error::StoreError;
use crate::ingest::parts::Way;
use crate::records::ConsentRecord;

impl IncomingBatch<'_, '_> {
    /// Raises labels until each holds those of everything it refers to, unless their originator has signed them.
    pub(in crate::ingest) fn settle_labels(&mut self) -> Result<(), StoreError> {
        let mut settled: Vec<Effective> = self.stored.iter().map(|stored| stored.effective.clone()).collect();
        let referring: Vec<usize> = (0..self.stored.len()).filter(|at| !self.is_stated() && self.refers(*at)).collect();
        for at in &referring {
            let references = self.stored.get(*at).map(|stored| stored.references.clone()).unwrap_or_default();
            // What comes in this batch is released by its writer under its own label; a reference to it tells no more.
            for id in references.iter() {
                if !self.rows.contains_key(id)
                    && let Some(outside) = self.outside(id)?
                    && let Some(slot) = settled.get_mut(*at)
                {
                    *slot = self.join(slot, &outside)?;
                }
            }
        }
        loop {
            let mut raised = false;
            for at in &referring {
                let Some(before) = settled.get(*at) else { continue };
                let mut joined = before.clone();
                let inside: Vec<usize> = self.inside(*at);
                for theirs in inside.into_iter().filter_map(|other| settled.get(other)) {
                    joined = self.join(&joined, theirs)?;
                }
                if joined != *before
                    && let Some(slot) = settled.get_mut(*at)
                {
                    (*slot, raised) = (joined, true);
                }
            }
            if !raised {
                break;
            }
        }
        self.give_numbers(&mut settled)?;
        self.apply(settled)
    }

    /// Whether the labels are signed by the originator of what carries them. They hold as they are: raised by what came before, a label would tell of
    /// that, and could not be passed on.
    pub(super) fn is_stated(&self) -> bool {
        self.delivered_to.is_some() && self.given.is_some()
    }

    fn refers(&self, at: usize) -> bool {
        self.stored.get(at).is_some_and(|row| !row.references.is_empty())
    }

    /// Tells the label of every object of the batch that is here now.
    pub(in crate::ingest) fn each_label(&self, tell: &mut dyn FnMut(&ObjectId, LabelId)) {
        for (id, rows) in &self.rows {
            rows.iter().filter_map(|at| self.stored.get(*at)).for_each(|stored| tell(id, stored.effective.label));
        }
    }

    /// The rows of this batch that the row at `at` refers to.
    pub(in crate::ingest) fn inside(&self, at: usize) -> Vec<usize> {
        let references = self.stored.get(at).map_or(&[] as &[ObjectId], |stored| &stored.references);
        references.iter().filter_map(|id| self.rows.get(id)).flatten().copied().filter(|other| *other != at).collect()
    }

    /// Gives what is for addressees a number of its own, beside which they stand.
    fn give_numbers(&mut self, settled: &mut [Effective]) -> Result<(), StoreError> {
        let names_somebody = |at: &usize| settled.get(*at).is_some_and(|one| one.addressees.as_ref().is_some_and(|all| !all.is_empty()));
        let is_new = |at: &usize| self.stored.get(*at).is_some_and(|stored| stored.row.is_some());
        let mut addressed: BTreeMap<ObjectId, Vec<usize>> = BTreeMap::new();
        for (id, rows) in &self.rows {
            let rows: Vec<usize> = rows.iter().copied().filter(|at| names_somebody(at) && is_new(at)).collect();
            if !rows.is_empty() {
                addressed.insert(id.clone(), rows);
            }
        }
        for (id, rows) in addressed {
            // Versions for the same addressees share one.
            let mut numbers = BTreeMap::new();
            for at in rows {
                if let Some(effective) = settled.get_mut(at) {
                    effective.label = self.own_number(&id, effective, &mut numbers)?;
                }
            }
        }
        Ok(())
    }

    fn own_number(
        &mut self,
        id: &ObjectId,
        effective: &Effective,
        numbers: &mut BTreeMap<(LabelId, Vec<Consent>), LabelId>,
    ) -> Result<LabelId, StoreError> {
        let label = self.writing.label(effective.label)?;
        let consents = addressees::beside(&label, effective.addressees.as_deref().unwrap_or_default());
        // An older label can name all of them itself.
        if consents.is_empty() {
            return Ok(effective.label);
        }
        let key = (effective.label, consents.clone());
        if let Some(known) = numbers.get(&key) {
            return Ok(*known);
        }
        let own = self.writing.add_label_of(&label, &ConsentRecord { object: id.clone(), consents })?;
        numbers.insert(key, own);
        Ok(own)
    }

    fn apply(&mut self, settled: Vec<Effective>) -> Result<(), StoreError> {
        for (stored, effective) in self.stored.iter_mut().zip(settled) {
            if let Some(arrival) = stored.row {
                if stored.effective.label != effective.label {
                    self.writing.transaction.relabel(CollectionKey(self.collection.key), arrival, effective.label)?;
                }
                stored.effective = effective;
            }
        }
        (0..self.stored.len()).try_for_each(|at| self.record_ways(at))
    }

    /// The place, label and ways to show it of the row at `at`, if it is new and there are any.
    pub(in crate::ingest) fn stored_ways(&self, at: usize) -> Option<(Arrival, LabelId, Rc<[Way]>)> {
        let stored = self.stored.get(at).filter(|stored| !stored.ways.is_empty())?;
        Some((stored.row?, stored.effective.label, stored.ways.clone()))
    }

    pub(in crate::ingest) fn label_at(&self, at: usize) -> Option<LabelId> {
        self.stored.get(at).map(|stored| stored.effective.label)
    }

    /// What the row at `at` refers to and is not in this batch.
    pub(in crate::ingest) fn references_outside(&self, at: usize) -> Vec<ObjectId> {
        let references = self.stored.get(at).map_or(&[] as &[ObjectId], |stored| &stored.references);
        references.iter().filter(|id| !self.rows.contains_key(*id)).cloned().collect()
    }

    /// The label of what the writer may see under an id outside the batch.
    pub(in crate::ingest) fn outside_label(&mut self, id: &ObjectId) -> Result<Option<LabelId>, StoreError> {
        Ok(self.outside(id)?.map(|effective| effective.label))
    }

    /// For whom the latest version of `id` is, as far as the writer may see it, collection by collection. What its own organisation holds
    /// under the id counts alone, if there is such: it has released that, and nobody else's copy can narrow it.
    fn outside(&mut self, id: &ObjectId) -> Result<Option<Effective>, StoreError> {
        if let Some(known) = self.outside.get(id) {
            return Ok(known.clone());
        }
        let rows = held(&*self.writing.transaction, id, None, Bodies::Without)?;
        let rows = self.author.eyes.open(self.writing, rows);
        let rows = latest(self.own_or_all(rows.iter().collect()));
        let around: Vec<LabelId> = rows.iter().filter_map(|row| self.label_around(row.collection)).collect();
        let all: Vec<Effective> = rows.iter().map(|row| row.label).chain(around).map(|label| self.effective(label)).collect();
        let joined = self.joined(all)?;
        self.outside.insert(id.clone(), joined.clone());
        Ok(joined)
    }

    /// For whom that is which stands under the number `label`.
    pub(super) fn effective(&self, label: LabelId) -> Effective {
        Effective { label, addressees: addressees::of_number(self.writing.labels(), label, self.writing.stamp) }
    }

    /// What the author's organisation holds of `rows`, if anything, else all.
    pub(super) fn own_or_all<'r>(&self, mut rows: Vec<&'r Held>) -> Vec<&'r Held> {
        let is_own = |row: &&Held| row.owner == self.author.organisation;
        if rows.iter().any(is_own) {
            rows.retain(is_own);
        }
        rows
    }

    pub(super) fn joined(&mut self, all: Vec<Effective>) -> Result<Option<Effective>, StoreError> {
        let mut joined = None;
        for one in all {
            joined = Some(joined.map_or_else(|| Ok(one.clone()), |joined| self.join(&joined, &one))?);
        }
        Ok(joined)
    }

    /// The label of another collection, which whoever sees what it holds must meet too, unless everybody does.
    fn label_around(&self, collection: CollectionKey) -> Option<LabelId> {
        let record = self.writing.before.directory.collection_of(collection).filter(|record| record.key != self.collection.key)?;
        let label = self.writing.labels().get(record.label)?;
        (!self.writing.before.gate.rules().policies.is_for_everybody(label)).then_some(record.label)
    }

    fn join(&mut self, one: &Effective, other: &Effective) -> Result<Effective, StoreError> {
        let addressees = addressees::in_common(&one.addressees, &other.addressees);
        Ok(Effective { label: self.join_labels(one.label, other.label)?, addressees })
    }

    fn join_labels(&mut self, one: LabelId, other: LabelId) -> Result<LabelId, StoreError> {
        if one == other {
            return Ok(one);
        }
        if let Some(known) = self.joins.get(&(one, other)) {
            return Ok(*known);
        }
        let (first, second) = (self.writing.label(one)?, self.writing.label(other)?);
        let label = first.as_ref().clone().join(&second);
        // A number of its own, given by relabelling, stands for the same label: keep it where nothing is added.
        let joined = if label == *first { one } else { self.writing.intern(&label)? };
        self.joins.insert((one, other), joined);
        Ok(joined)
    }
}

/// The rows of the latest version in each collection.
pub(crate) fn latest(mut rows: Vec<&Held>) -> Vec<&Held> {
    let mut last: BTreeMap<CollectionKey, String> = BTreeMap::new();
    for row in &rows {
        let known = last.entry(row.collection).or_default();
        if known.as_str() < sort_key(&row.version) {
            sort_key(&row.version).clone_into(known);
        }
    }
    rows.retain(|row| last.get(&row.collection).is_some_and(|last| last == sort_key(&row.version)));
    rows
}

/// Whether `one` is for addressees for whom `other` is not.
pub(super) fn names_others(one: &Effective, other: &Effective) -> bool {
    let all = |of: &Effective| of.addressees.iter().flat_map(|all| all.iter().map(|consent| consent.recipient.clone())).collect::<Vec<_>>();
    let there = all(other);
    all(one).iter().any(|recipient| !there.contains(recipient))
}
