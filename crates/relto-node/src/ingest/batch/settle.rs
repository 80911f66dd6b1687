//! The effective labels of a batch: each object's own joined with those of what it refers to.

use std::collections::BTreeMap;

use relto_gate::LabelId;
use relto_model::ObjectId;
use relto_model::time::sort_key;
use relto_store::{Bodies, CollectionKey, Held, RecordKind, held, part_key};

use super::IncomingBatch;
use crate::error::StoreError;
use crate::records::PartsRecord;

impl IncomingBatch<'_, '_> {
    /// Raises labels until each holds those of everything it refers to.
    pub(in crate::ingest) fn settle_labels(&mut self) -> Result<(), StoreError> {
        let mut settled: Vec<LabelId> = self.stored.iter().map(|stored| stored.label).collect();
        let referring: Vec<usize> =
            (0..self.stored.len()).filter(|at| self.stored.get(*at).is_some_and(|row| !row.references.is_empty())).collect();
        for at in &referring {
            let references = self.stored.get(*at).map(|stored| stored.references.clone()).unwrap_or_default();
            // What comes in this batch is released by its writer under its own label; a reference to it tells no more.
            for id in references.iter() {
                if !self.rows.contains_key(id)
                    && let Some(label) = self.outside_label(id)?
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

    /// Tells the label of every object of the batch that is here now.
    pub(in crate::ingest) fn each_label(&self, tell: &mut dyn FnMut(&ObjectId, LabelId)) {
        for (id, rows) in &self.rows {
            rows.iter().filter_map(|at| self.stored.get(*at)).for_each(|stored| tell(id, stored.label));
        }
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
        (0..self.stored.len()).try_for_each(|at| self.record_parts(at))
    }

    /// Records the labels of the parts of the row at `at`. What the object refers to is content of what is left of it without them.
    fn record_parts(&mut self, at: usize) -> Result<(), StoreError> {
        let Some(stored) = self.stored.get_mut(at) else { return Ok(()) };
        let (Some(row), Some(parts)) = (stored.row, stored.parts.take()) else { return Ok(()) };
        let (whole, mut rest, references) = (stored.label, parts.rest, stored.references.clone());
        for id in references.iter() {
            let referred: Vec<LabelId> = match self.rows.get(id) {
                Some(rows) => rows.iter().filter_map(|row| self.stored.get(*row)).map(|other| other.label).collect(),
                None => self.outside_label(id)?.into_iter().collect(),
            };
            for label in referred {
                rest = self.join(rest, label)?;
            }
        }
        self.writing.put(RecordKind::Part, &part_key(row), &PartsRecord { whole, rest, ..parts })
    }

    /// The join of the labels under which the writer may see the latest version of `id`, collection by collection. What its own organisation
    /// holds under the id counts alone, if there is such: it has released that, and nobody else's copy can narrow it.
    fn outside_label(&mut self, id: &ObjectId) -> Result<Option<LabelId>, StoreError> {
        if let Some(known) = self.outside.get(id) {
            return Ok(*known);
        }
        let rows = held(&*self.writing.transaction, id, None, Bodies::Without)?;
        let rows = self.author.eyes.open(self.writing, rows);
        let rows = latest(self.own_or_all(rows.iter().collect()));
        let around: Vec<LabelId> = rows.iter().filter_map(|row| self.label_around(row.collection)).collect();
        let label = self.joined(rows.iter().map(|row| row.label).chain(around))?;
        self.outside.insert(id.clone(), label);
        Ok(label)
    }

    /// What the author's organisation holds of `rows`, if anything, else all.
    pub(super) fn own_or_all<'r>(&self, mut rows: Vec<&'r Held>) -> Vec<&'r Held> {
        let is_own = |row: &&Held| row.owner == self.author.organisation;
        if rows.iter().any(is_own) {
            rows.retain(is_own);
        }
        rows
    }

    pub(super) fn joined(&mut self, labels: impl Iterator<Item = LabelId>) -> Result<Option<LabelId>, StoreError> {
        let mut joined = None;
        for label in labels {
            joined = Some(joined.map_or(Ok(label), |joined| self.join(joined, label))?);
        }
        Ok(joined)
    }

    /// The label of another collection, which whoever sees what it holds must meet too, unless everybody does.
    fn label_around(&self, collection: CollectionKey) -> Option<LabelId> {
        let record = self.writing.before.directory.collection_of(collection).filter(|record| record.key != self.collection.key)?;
        let label = self.writing.labels().get(record.label)?;
        (!self.writing.before.gate.rules().policies.is_for_everybody(label)).then_some(record.label)
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
}

fn set(labels: &mut [LabelId], at: usize, label: LabelId) {
    if let Some(slot) = labels.get_mut(at) {
        *slot = label;
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
