//! Interned labels: equal labels share one small number, and a release set is a bit per number.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use relto_model::Label;
use relto_policy::law::Consent;
use serde::{Deserialize, Serialize};

/// The number of an interned label on this node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LabelId(pub u32);

/// Every label of the node by number.
///
/// One label can have several numbers: a relabelled object gets a number of its own, so that those who gain it can be given it as new while
/// those who had it keep it where it was (DESIGN.md, *date added*). The first number of a label is the one that arriving objects share.
/// What an object was consented to stands beside the number that is its alone: never under a number that others share.
#[derive(Debug, Clone, Default)]
pub struct LabelTable {
    by_id: Vec<Option<Arc<Label>>>,
    shared: HashMap<[u8; 32], LabelId>,
    consents: BTreeMap<LabelId, Arc<[Consent]>>,
}

impl LabelTable {
    /// Enters `label` under `id`; with `shared`, arriving objects of an equal label use this number.
    pub fn insert(&mut self, id: LabelId, label: Arc<Label>, shared: bool) {
        let at = id.0 as usize;
        if self.by_id.len() <= at {
            self.by_id.resize(at + 1, None);
        }
        if shared {
            self.shared.entry(label.digest()).or_insert(id);
        }
        if let Some(slot) = self.by_id.get_mut(at) {
            *slot = Some(label);
        }
    }

    /// Says what was consented to for the one object whose number `id` is.
    pub fn set_consents(&mut self, id: LabelId, consents: Arc<[Consent]>) {
        self.consents.insert(id, consents);
    }

    /// The consents beside `id`; `None` when the number is not that of one object.
    #[must_use]
    pub fn consents(&self, id: LabelId) -> Option<&[Consent]> {
        self.consents.get(&id).map(Arc::as_ref)
    }

    /// The label of `id`.
    #[must_use]
    pub fn get(&self, id: LabelId) -> Option<&Arc<Label>> {
        self.by_id.get(id.0 as usize)?.as_ref()
    }

    /// The number that arriving objects labelled `label` share, if there is one yet.
    #[must_use]
    pub fn shared_id(&self, label: &Label) -> Option<LabelId> {
        self.shared.get(&label.digest()).copied()
    }

    /// All numbers in use with their labels, in order.
    pub fn iter(&self) -> impl Iterator<Item = (LabelId, &Arc<Label>)> {
        (0u32..).zip(&self.by_id).filter_map(|(id, label)| label.as_ref().map(|label| (LabelId(id), label)))
    }

    /// One more than the highest number in use.
    #[must_use]
    pub fn next_id(&self) -> LabelId {
        LabelId(u32::try_from(self.by_id.len()).unwrap_or(u32::MAX))
    }
}
