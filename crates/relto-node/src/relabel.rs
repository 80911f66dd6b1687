//! Giving an object another label, up or down: an act of the custodian, with a reason, in the journal.
//!
//! Who could see it before and still can keeps it where it was; who gains it gets it as new. Both are said by the label number alone: the
//! object gets one at which every account stands as it must (see `LabelTable`).

use std::collections::{BTreeMap, BTreeSet};

use relto_gate::{Arrival, Gained, LabelId};
use relto_model::object::Object;
use relto_model::{Label, ObjectId};
use relto_policy::{LabelContext, LabelError, display};
use relto_store::{Bodies, Held, held};

use crate::error::StoreError;
use crate::ingest::{Carried, Eyes, carry};
use crate::labels::{marking_ids, of_first_owner};
use crate::node::{Node, Writing};

/// Why an object keeps its label.
#[derive(Debug, thiserror::Error)]
pub enum RelabelError {
    /// There is no such object on this node.
    #[error("there is no object `{0}` on this node")]
    Absent(ObjectId),
    /// An addressee is no account.
    #[error("there is no user `{0}` to address: `relto user list` shows all")]
    Addressee(String),
    /// The label cannot be read.
    #[error(transparent)]
    Label(#[from] LabelError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What relabelling changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Relabelled {
    /// Versions that have the label now.
    pub rows: usize,
    /// The label in words.
    pub label: String,
    /// Accounts that see it now and did not before.
    pub gained: Vec<String>,
    /// Accounts that saw it before and do not now.
    pub lost: Vec<String>,
}

impl Node {
    /// Gives every version of `id` the label written `text`, whatever it had, and journals `reason`.
    ///
    /// # Errors
    /// [`RelabelError`]; then nothing has changed.
    pub fn relabel(&self, id: &ObjectId, text: &str, reason: &str) -> Result<Relabelled, RelabelError> {
        self.relabel_for(id, text, reason, &[])
    }

    /// As [`Node::relabel`], with the accounts that TLP:RED names.
    ///
    /// # Errors
    /// [`RelabelError`]; then nothing has changed.
    pub fn relabel_for(&self, id: &ObjectId, text: &str, reason: &str, addressees: &[String]) -> Result<Relabelled, RelabelError> {
        let addressees: BTreeSet<String> = addressees.iter().cloned().collect();
        self.write(|writing| {
            if let Some(unknown) = addressees.iter().find(|name| !writing.before.directory.accounts.contains_key(*name)) {
                return Err(RelabelError::Addressee(unknown.clone()));
            }
            let rows = held(&*writing.transaction, id, None, Bodies::With).map_err(StoreError::from)?;
            let rows = Eyes::Custodian.open(writing, rows);
            if rows.is_empty() {
                return Err(RelabelError::Absent(id.clone()));
            }
            let before: BTreeSet<String> = rows.iter().map(|row| crate::labels::shown(&writing.before.gate, row.label)).collect();
            let mut result = Relabelled::default();
            for row in &rows {
                let label = meant(writing, row, text, &addressees)?;
                result.label = display(&label, &writing.before.gate.rules().policies);
                let target = move_row(writing, row, &label, &mut result)?;
                carry_markings(writing, row, target)?;
                result.rows += 1;
            }
            for names in [&mut result.gained, &mut result.lost] {
                names.sort();
                names.dedup();
            }
            writing.facts_changed();
            let act =
                serde_json::json!({"act": "label set", "object": id.as_str(), "label": result.label, "before": before, "reason": reason});
            writing.journal(&act)?;
            Ok(result)
        })
    }
}

/// The label that `text` means for the object of `row`; the id of a marking-definition means what that marking means.
fn meant(writing: &mut Writing<'_>, row: &Held, text: &str, addressees: &BTreeSet<String>) -> Result<Label, RelabelError> {
    let collection = writing.before.directory.collection_of(row.collection).map(|collection| collection.id.clone());
    let context = LabelContext { made: writing.stamp, owner: row.owner.clone(), collection, addressees: addressees.clone() };
    Ok(writing.read_label(text, &context)??)
}

/// Makes the marking-definitions of `row` visible to whoever sees it under its new label, as they were to those who saw it before.
fn carry_markings(writing: &mut Writing<'_>, row: &Held, target: LabelId) -> Result<(), StoreError> {
    let Ok(object) = Object::parse(row.body.clone(), writing.node.kinds()) else { return Ok(()) };
    for id in marking_ids(&object) {
        let mut rows = Eyes::open_as_custodian(held(&*writing.transaction, &id, Some(row.collection), Bodies::With)?);
        rows.retain(|other| other.label == row.label);
        let node = &writing.before.directory.node.organisation;
        if let Some(before) = of_first_owner(rows, &[&row.owner, node]).first() {
            let definition = Carried { id: &id, version: &before.version, owner: &before.owner, body: &before.body };
            carry(writing, row.collection, &definition, BTreeSet::from([target]))?;
        }
    }
    Ok(())
}

/// Gives the row the label, and returns its number.
fn move_row(writing: &mut Writing<'_>, row: &Held, label: &Label, result: &mut Relabelled) -> Result<LabelId, StoreError> {
    let event = writing.draw();
    let label = &label.clone().since(writing.stamp);
    let fresh = writing.intern(label)?;
    let wanted = standing(writing, row.label, fresh, event, result);
    let known: Vec<LabelId> = writing.labels().iter().filter(|(_, known)| known.as_ref() == label).map(|(id, _)| id).collect();
    let target = match known.into_iter().find(|id| fits(writing, *id, row.arrival, &wanted)) {
        Some(fitting) => fitting,
        None => number_for(writing, label, &wanted)?,
    };
    writing.transaction.relabel(row.collection, row.arrival, target)?;
    Ok(target)
}

/// A number of its own for `label`, at which every account stands as `wanted` says.
fn number_for(writing: &mut Writing<'_>, label: &Label, wanted: &Standing) -> Result<LabelId, StoreError> {
    let id = writing.add_label(label, false)?;
    for (account, gained) in wanted {
        if let Some(gained) = gained {
            writing.grant(account, id, *gained);
        }
    }
    Ok(id)
}

/// How each account that will see the row must stand to its label: gained when, or as it arrived.
type Standing = BTreeMap<String, Option<Gained>>;

fn standing(writing: &Writing<'_>, old: LabelId, new: LabelId, event: Arrival, result: &mut Relabelled) -> Standing {
    let gate = writing.acting_gate();
    let mut wanted = Standing::new();
    for (name, account) in &writing.before.directory.accounts {
        let release = gate.release(name, &account.profile);
        match (release.permits(old), release.permits(new)) {
            (true, true) => {
                wanted.insert(name.clone(), writing.gained(name, old));
            }
            (false, true) => {
                wanted.insert(name.clone(), Some(Gained { arrival: event, since: writing.stamp }));
                result.gained.push(name.clone());
            }
            (true, false) => result.lost.push(name.clone()),
            (false, false) => {}
        }
    }
    wanted
}

/// Whether every account already stands to `label` as wanted. A gain before the row arrived changes nothing for it.
fn fits(writing: &Writing<'_>, label: LabelId, row: Arrival, wanted: &Standing) -> bool {
    let effective = |gained: Option<Gained>| gained.filter(|gained| gained.arrival > row);
    wanted.iter().all(|(name, gained)| effective(writing.gained(name, label)) == effective(*gained))
}
