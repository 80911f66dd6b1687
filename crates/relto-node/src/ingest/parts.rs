//! The labels of an object's parts, as they were when it was taken in: what a display may show to whoever may not have all of it.

use std::collections::BTreeSet;

use relto_gate::{LabelId, PartLabels};
use relto_model::ObjectId;
use relto_model::object::{GranularMarking, Object};
use serde::{Deserialize, Serialize};

use super::batch::IncomingBatch;
use crate::error::StoreError;

/// What is kept of the parts of one row, under the number of its arrival.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PartsRecord {
    /// The effective label of the row when this was written; under another one it says nothing.
    pub whole: LabelId,
    /// The label of what is left without the parts.
    pub rest: LabelId,
    /// The parts that have markings of their own.
    pub parts: Vec<MarkedPart>,
}

/// Parts under one marking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MarkedPart {
    /// What it marks (STIX 2.1, section 7.2.3.1).
    pub selectors: Vec<String>,
    /// The label of the marking alone.
    pub label: LabelId,
}

impl PartsRecord {
    /// As the gate asks for them.
    pub(crate) fn labels(&self) -> PartLabels {
        PartLabels { whole: self.whole, rest: self.rest, parts: self.parts.iter().map(|part| part.label).collect() }
    }

    /// What the parts of these numbers are.
    pub(crate) fn selectors(&self, numbers: &[usize]) -> impl Iterator<Item = &str> {
        numbers.iter().filter_map(|number| self.parts.get(*number)).flat_map(|part| &part.selectors).map(String::as_str)
    }
}

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
