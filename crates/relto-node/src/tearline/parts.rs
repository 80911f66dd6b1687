//! Which parts of an object the readers of a label may not have, and whether the rest may be had by them.
//!
//! A part goes when the label does not cover its marking, a reference when it does not cover the label of what is referred to. What the
//! object is labelled as a whole must be covered, or explained by the parts that go: else the rest would be opened, and that is
//! relabelling, another act.

use std::collections::BTreeSet;
use std::sync::Arc;

use relto_model::object::GranularMarking;
use relto_model::reduce::Part;
use relto_model::{Label, ObjectId};
use relto_policy::release_check::covers;
use relto_policy::{LabelContext, Rules, display};
use relto_store::{Bodies, CollectionKey, Held, held};

use super::original::{Given, Original};
use super::{RemovedPart, TearlineError};
use crate::addressees::asks;
use crate::error::StoreError;
use crate::ingest::{Eyes, latest};
use crate::labels::meaning_of;
use crate::node::Writing;

const MARKED: &str = "STIX 2.1, section 7.2.3";
const REFERS: &str = "decision 0015: references are content";

/// What goes, why, and why nothing may stay.
pub(super) struct Judged {
    pub(super) parts: Vec<Part>,
    pub(super) removed: Vec<RemovedPart>,
    pub(super) refused: Option<String>,
}

pub(super) fn judge(
    writing: &mut Writing<'_>,
    original: &Original,
    target: &Label,
    context: &LabelContext,
) -> Result<Judged, TearlineError> {
    let rules = writing.before.gate.rules().clone();
    let mut judging = Judging { writing, rules, original, target, context, roof: target.clone(), found: Vec::new() };
    judging.markings()?;
    judging.references()?;
    let refused = judging.whole()?;
    let mut found = judging.found;
    found.sort_by(|one, other| one.0.cmp(&other.0));
    // What stands within a part that goes needs no line of its own.
    let mut kept: Vec<(Part, RemovedPart)> = Vec::new();
    for (part, why) in found {
        if !kept.iter().any(|(other, _)| other.covers(&part)) {
            kept.push((part, why));
        }
    }
    let (parts, removed) = kept.into_iter().unzip();
    Ok(Judged { parts, removed, refused })
}

struct Judging<'j, 'n> {
    writing: &'j mut Writing<'n>,
    rules: Arc<Rules>,
    original: &'j Original,
    target: &'j Label,
    context: &'j LabelContext,
    /// The target joined with the labels of all that goes.
    roof: Label,
    found: Vec<(Part, RemovedPart)>,
}

impl Judging<'_, '_> {
    fn markings(&mut self) -> Result<(), StoreError> {
        for GranularMarking { selectors, marking_ref, .. } in self.original.object.granular_markings() {
            let Some(marking) = marking_ref else { continue };
            let Some((label, because)) = self.above(&BTreeSet::from([marking.clone()]))? else { continue };
            for selector in selectors {
                self.remove(Part::selected(self.original.object.value(), selector), &label, because.clone(), MARKED);
            }
        }
        Ok(())
    }

    fn references(&mut self) -> Result<(), StoreError> {
        for reference in self.original.object.references() {
            if let Some(label) = self.label_of(&reference.id)?
                && !covers(self.target, &label, &self.rules.policies)
            {
                let because = format!("it refers to {}, which is for `{}`", reference.id, display(&label, &self.rules.policies));
                self.remove(Part::at(self.original.object.value(), &reference.pointer), &label, because, REFERS);
            }
        }
        Ok(())
    }

    fn remove(&mut self, part: Option<Part>, label: &Label, because: String, citation: &str) {
        // Both were read from this very object, so that the part is there.
        if let Some(part) = part {
            self.roof = self.roof.clone().join(label);
            self.found.push((part.clone(), RemovedPart { pointer: part.pointer(), because, citation: citation.to_owned() }));
        }
    }

    /// The meaning of the markings `ids` when the target does not cover it, in words too.
    fn above(&self, ids: &BTreeSet<ObjectId>) -> Result<Option<(Label, String)>, StoreError> {
        let reading = meaning_of(ids, &self.writing.before, &*self.writing.transaction, self.context)?;
        let Some(label) = reading.label.filter(|label| !covers(self.target, label, &self.rules.policies)) else { return Ok(None) };
        let because = match reading.notes.first().filter(|_| reading.withheld) {
            Some(note) => note.clone(),
            None => format!(
                "{} reads `{}`",
                ids.iter().map(ObjectId::as_str).collect::<Vec<_>>().join(", "),
                display(&label, &self.rules.policies)
            ),
        };
        Ok(Some((label, because)))
    }

    /// Why the rest of the object may not be had by the target's readers, or why they need no tearline.
    fn whole(&mut self) -> Result<Option<String>, TearlineError> {
        let object = &self.original.object;
        let labels: Vec<Label> =
            self.original.rows.iter().filter_map(|row| self.writing.labels().get(row.label)).map(|label| label.as_ref().clone()).collect();
        if labels.len() != self.original.rows.len() {
            return Ok(Some("its label is not in the store".to_owned()));
        }
        if labels.iter().any(|label| covers(self.target, label, &self.rules.policies)) {
            let whoever = format!("whoever may read `{}` may read the object itself", display(self.target, &self.rules.policies));
            let by_name = if asks(self.target) { ", once named for it: `relto consent add --addressee`" } else { "" };
            return Ok(Some(whoever + by_name));
        }
        let markings = object.object_markings().iter().chain(object.inner_markings()).cloned().collect();
        if let Some((_, because)) = self.above(&markings)? {
            return Ok(Some(format!("{MARKED_ABOVE}: {because}")));
        }
        let given = match self.original.given(self.writing)? {
            Given::Nothing => None,
            Given::Set => labels.first().cloned(),
            Given::Loaded(text) => match self.writing.read_label(&text, self.context)? {
                Ok(label) => Some(label),
                Err(_) => return Ok(Some(format!("{MARKED_ABOVE}: it was loaded as `{text}`, which cannot be read now"))),
            },
        };
        if let Some(given) = given.filter(|given| !covers(self.target, given, &self.rules.policies)) {
            return Ok(Some(format!("{MARKED_ABOVE}: it was given the label `{}`", display(&given, &self.rules.policies))));
        }
        let unexplained = labels.iter().find(|label| !covers(&self.roof, label, &self.rules.policies));
        Ok(unexplained.map(|label| {
            format!("{MARKED_ABOVE}: its label is `{}`, and no part that goes accounts for that", display(label, &self.rules.policies))
        }))
    }

    /// The label of what `id` refers to, as the author's own references count it: `None` when nothing is held under it.
    fn label_of(&mut self, id: &ObjectId) -> Result<Option<Label>, StoreError> {
        let rows = held(&*self.writing.transaction, id, None, Bodies::Without)?;
        let rows = Eyes::Custodian.open(self.writing, rows);
        let mut rows: Vec<&Held> = rows.iter().collect();
        let is_own = |row: &&Held| row.owner == self.context.owner;
        if rows.iter().any(is_own) {
            rows.retain(is_own);
        }
        let mut joined: Option<Label> = None;
        for row in latest(rows) {
            let around = self.label_around(row.collection);
            let Some(label) = self.writing.labels().get(row.label) else { continue };
            let label = around.iter().fold(label.as_ref().clone(), Label::join);
            joined = Some(joined.map_or_else(|| label.clone(), |joined| joined.join(&label)));
        }
        Ok(joined)
    }

    /// The label of another collection than the tearline's, unless everybody sees it.
    fn label_around(&self, collection: CollectionKey) -> Option<Label> {
        let record = self.writing.before.directory.collection_of(collection).filter(|record| record.key != self.original.collection.key)?;
        self.writing
            .labels()
            .get(record.label)
            .filter(|label| !self.rules.policies.is_for_everybody(label))
            .map(|label| label.as_ref().clone())
    }
}

const MARKED_ABOVE: &str = "the whole object is marked above: relabel it, or write a tearline by hand";
