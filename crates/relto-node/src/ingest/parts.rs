//! How an object may be shown to whoever may not have all of it: without some of its marked parts, under the label that is then left
//! (decision 0017). Worked out when the object is taken in, as its effective label is.

use std::collections::BTreeSet;
use std::rc::Rc;

use relto_gate::LabelId;
use relto_model::object::Object;
use relto_model::{Label, ObjectId};
use relto_store::{RecordKind, part_key};

use super::batch::IncomingBatch;
use crate::error::StoreError;
use crate::records::{PartsRecord, WayShown};

/// Up to so many markings of parts, each can be left out by itself; of more, all or none are.
const APART_MAX: usize = 3;

/// The markings of an object: of the whole, and those of single parts.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Markings {
    pub of_whole: Rc<[ObjectId]>,
    pub of_parts: Rc<[ObjectId]>,
}

impl Markings {
    pub(super) fn of(object: &Object) -> Self {
        let of_whole: BTreeSet<ObjectId> = object.object_markings().iter().chain(object.inner_markings()).cloned().collect();
        let of_parts: BTreeSet<ObjectId> = object.granular_markings().iter().filter_map(|marking| marking.marking_ref.clone()).collect();
        Self { of_whole: of_whole.into_iter().collect(), of_parts: of_parts.into_iter().collect() }
    }
}

/// One way to show an object.
pub(super) struct Way {
    /// What whoever it is shown to must meet, the object's references apart.
    label: Label,
    /// The markings whose parts are left out.
    hidden: BTreeSet<ObjectId>,
}

impl IncomingBatch<'_, '_> {
    /// Every way to show an object with these markings that is not all of it, those that leave out least first.
    ///
    /// What is left has the markings of the whole and what the object was given; where there is neither, what comes with no marking at all. Only
    /// markings that restrict more than that set a part apart.
    pub(super) fn ways(&mut self, markings: &Markings) -> Result<Rc<[Way]>, StoreError> {
        if markings.of_parts.is_empty() {
            return Ok(Rc::default());
        }
        let own = self.meaning(markings.of_whole.iter())?.label;
        let rest = self.with_given(own);
        let mut apart: Vec<(&ObjectId, Label)> = Vec::new();
        for id in markings.of_parts.iter() {
            let label = self.meaning(std::iter::once(id))?.label;
            apart.extend(label.filter(|label| rest.clone().join(label) != rest).map(|label| (id, label)));
        }
        let choices = if apart.len() <= APART_MAX { 1_usize << apart.len() } else { 2 };
        let is_shown = |choice: usize, at: usize| apart.len() <= APART_MAX && choice >> at & 1 == 1;
        let way = |choice: usize| {
            let parts = || apart.iter().enumerate();
            let shown = parts().filter(|(at, _)| is_shown(choice, *at)).map(|(_, (_, label))| label);
            let hidden = parts().filter(|(at, _)| !is_shown(choice, *at)).map(|(_, (id, _))| (*id).clone());
            Way { label: shown.fold(rest.clone(), Label::join), hidden: hidden.collect() }
        };
        // The last choice leaves nothing out.
        let mut ways: Vec<Way> = (0..choices.saturating_sub(1)).map(way).collect();
        ways.sort_by_key(|way| way.hidden.len());
        Ok(ways.into())
    }

    /// Records how the row at `at` may be shown. What it refers to is content of all that is shown of it.
    pub(super) fn record_ways(&mut self, at: usize) -> Result<(), StoreError> {
        let Some((row, whole, ways)) = self.stored_ways(at) else { return Ok(()) };
        let mut references: BTreeSet<LabelId> = self.inside(at).into_iter().filter_map(|other| self.label_at(other)).collect();
        for id in self.references_outside(at) {
            references.extend(self.outside_label(&id)?);
        }
        let mut record = PartsRecord { whole, ways: Vec::with_capacity(ways.len()) };
        for Way { label, hidden } in ways.iter() {
            let mut label = label.clone();
            for id in &references {
                label = label.join(&*self.writing.label(*id)?);
            }
            record.ways.push(WayShown { label: self.writing.intern(&label)?, hidden: hidden.clone() });
        }
        self.writing.put(RecordKind::Part, &part_key(row), &record)
    }
}
