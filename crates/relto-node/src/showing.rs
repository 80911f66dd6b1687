//! An object on a display: all of it, or what is left of it for somebody who may not have some of its parts, with the gaps marked.
//!
//! What is exchanged is whole or withheld; only here the rest of an object is shown (decision 0017).

use std::collections::{BTreeMap, BTreeSet};

use relto_gate::{LabelId, clear_parts};
use relto_model::ObjectId;
use relto_model::object::{GranularMarking, Object};
use relto_model::reduce::{Part, conceal};
use relto_model::time::sort_key;
use relto_store::{Held, held_with_parts};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::error::StoreError;
use crate::node::Node;
use crate::reading::{CollectionView, Reading};
use crate::records::PartsRecord;

/// One version of an object, as it is shown to one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownObject {
    /// The name of the collection that holds it.
    pub collection: String,
    /// The version.
    pub version: String,
    /// The object, with null where something is withheld.
    pub object: Json,
    /// Where something is withheld, as JSON pointers.
    pub gaps: Vec<String>,
}

/// Why nothing is shown.
#[derive(Debug, thiserror::Error)]
pub enum ShowError {
    /// There is nothing under that id that the account may see anything of.
    #[error("there is no object `{0}` for this user")]
    Absent(ObjectId),
    /// What the account may see changed meanwhile.
    #[error("what this user may see has changed meanwhile: ask again")]
    Cut,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Reading<'_> {
    /// The latest version of `id` of each organisation of which the principal may see anything, in each collection, by name. Parts under a marking that
    /// withholds them are gaps.
    ///
    /// # Errors
    /// [`ShowError`] when there is nothing to show, or the store fails.
    pub fn show(&self, node: &Node, id: &ObjectId) -> Result<Vec<ShownObject>, ShowError> {
        Ok(self.show_labelled(node, id)?.into_iter().map(|(shown, _)| shown).collect())
    }

    /// The same, each with the number of the label of what is shown.
    pub(crate) fn show_labelled(&self, node: &Node, id: &ObjectId) -> Result<Vec<(ShownObject, LabelId)>, ShowError> {
        let mut all = Vec::new();
        for view in self.collections().into_iter().filter(|view| view.can_read) {
            let mut shown = self.shown_in(&view, node, id)?;
            // The order in which they arrived says nothing that this account sees elsewhere.
            shown.sort_by_cached_key(|(_, shown, label)| (shown.object.to_string(), self.banner_parts(*label)));
            // What somebody else wrote under the same id stands beside it and never in its place (decision 0008).
            let mut latest: BTreeMap<String, String> = BTreeMap::new();
            for (owner, shown, _) in &shown {
                let known = latest.entry(owner.clone()).or_default();
                let version = sort_key(&shown.version);
                if known.as_str() < version {
                    version.clone_into(known);
                }
            }
            let is_latest = |owner: &String, shown: &ShownObject| latest.get(owner).is_some_and(|last| last == sort_key(&shown.version));
            let mut standing: Vec<(ShownObject, LabelId)> = Vec::new();
            for (owner, shown, label) in shown {
                if is_latest(&owner, &shown) && !standing.iter().any(|(other, _)| *other == shown) {
                    standing.push((shown, label));
                }
            }
            all.extend(standing);
        }
        if self.principal().is_cut() {
            return Err(ShowError::Cut);
        }
        if all.is_empty() { Err(ShowError::Absent(id.clone())) } else { Ok(all) }
    }

    /// What may be shown of every version in the collection, with whoever wrote it and the label of what is shown.
    fn shown_in(&self, view: &CollectionView, node: &Node, id: &ObjectId) -> Result<Vec<(String, ShownObject, LabelId)>, StoreError> {
        let mut all = Vec::new();
        for (sealed, record) in held_with_parts(self.snapshot(), id, view.access().key)? {
            // A record that cannot be read is none, and `relto doctor` says so: an error here would tell that there is something.
            let record: Option<PartsRecord> = record.and_then(|bytes| serde_json::from_slice(&bytes).ok());
            let labels = record.as_ref().map(PartsRecord::labels);
            #[expect(clippy::disallowed_methods, reason = "this is the display: nothing but what is left is kept")]
            let shown = clear_parts(sealed, labels.as_ref(), self.principal(), |held, way| {
                if self.stays(&held.owner) {
                    return None;
                }
                let way = way.map(|way| record.as_ref().and_then(|record| record.ways.get(way)));
                // No way is all of it; a way that is not there is nothing.
                let (label, hidden) =
                    way.map_or_else(|| Some((held.label, BTreeSet::new())), |way| way.map(|way| (way.label, way.hidden.clone())))?;
                Some((held.owner.clone(), shown(&held, &hidden, view, node)?, label))
            });
            all.extend(shown.map(|shown| shown.get().clone()));
        }
        Ok(all)
    }
}

/// The row without the parts that the markings `hidden` are about; `None` when it cannot be shown so.
fn shown(row: &Held, hidden: &BTreeSet<ObjectId>, view: &CollectionView, node: &Node) -> Option<ShownObject> {
    let object = Object::parse(row.body.clone(), node.kinds()).ok()?;
    let is_hidden = |marking: &&GranularMarking| marking.marking_ref.as_ref().is_some_and(|id| hidden.contains(id));
    let selectors = object.granular_markings().iter().filter(is_hidden).flat_map(|marking| &marking.selectors);
    let parts = selectors.map(|selector| Part::selected(object.value(), selector)).collect::<Option<Vec<Part>>>()?;
    let (object, gaps) = conceal(&object, &parts)?;
    let gaps = gaps.iter().map(Part::pointer).collect();
    Some(ShownObject { collection: view.alias.clone(), version: row.version.clone(), object, gaps })
}
