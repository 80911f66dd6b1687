//! The labels of an object's parts, as they were when it was taken in: what a display may show to whoever may not have all of it.

use std::collections::BTreeSet;

use relto_gate::LabelId;
use relto_model::ObjectId;
use relto_model::object::{GranularMarking, Object};

use super::batch::IncomingBatch;
use crate::error::StoreError;
use crate::records::{MarkedPart, PartsRecord};

impl IncomingBatch<'_, '_> {
    /// The labels of the parts of `object`, whose own label is `whole`; `None` when no part has a marking.
    ///
    /// What is left without them has the markings of the whole and what the object was given. Where there is neither, it has what comes with no
    /// marking at all.
    pub(super) fn parts_of(&mut self, object: &Object, whole: LabelId) -> Result<Option<PartsRecord>, StoreError> {
        let marked = |marking: &GranularMarking| Some((marking.selectors.clone(), marking.marking_ref.clone()?));
        let marked: Vec<(Vec<String>, ObjectId)> = object.granular_markings().iter().filter_map(marked).collect();
        if marked.is_empty() {
            return Ok(None);
        }
        let around: BTreeSet<ObjectId> = object.object_markings().iter().chain(object.inner_markings()).cloned().collect();
        let own = self.meaning(around.iter())?.label;
        let rest = self.writing.intern(&self.with_given(own))?;
        let mut parts = Vec::with_capacity(marked.len());
        for (selectors, marking) in marked {
            // A marking that restricts nothing sets no part apart.
            if let Some(label) = self.meaning(std::iter::once(&marking))?.label {
                parts.push(MarkedPart { selectors, label: self.writing.intern(&label)? });
            }
        }
        Ok(Some(PartsRecord { whole, rest, parts }))
    }
}
