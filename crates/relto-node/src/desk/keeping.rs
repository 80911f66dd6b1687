//! What is kept of a proposal and of a release, under the join of the labels of all that is in it: the gate opens it, or it is absent.

use relto_gate::{Gate, LabelId, Principal, Sealed, clear};
use relto_model::time::as_text;
use relto_model::{Label, ObjectId, Stamp};
use relto_policy::banner_parts;
use relto_store::{RecordKind, Snapshot};
use serde::{Deserialize, Serialize};

use super::{DeskEntry, DeskError, DeskStage, PROPOSALS_MAX};
use crate::error::StoreError;
use crate::facts::{Account, Directory, decode};
use crate::node::Writing;
use crate::records::Role;

/// Of an organisation so many decided ones are kept; beyond, the oldest are forgotten.
const DECIDED_MAX: usize = 200;

/// A proposal, or what became of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct DeskRecord {
    pub id: String,
    /// The organisation whose officers decide on it.
    pub organisation: String,
    /// Who proposed it, or published it where nobody did.
    pub by: String,
    #[serde(with = "as_text")]
    pub at: Stamp,
    /// What the file was called.
    pub name: String,
    /// The id of the collection.
    pub collection: String,
    /// The join of the labels of all that is in it.
    pub label: LabelId,
    pub stage: Stage,
}

/// What became of it, and what is left of it then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Stage {
    Waiting {
        objects: Vec<Proposed>,
    },
    Published {
        by: String,
        #[serde(with = "as_text")]
        at: Stamp,
        /// Each with its version.
        objects: Vec<(ObjectId, String)>,
    },
    Declined {
        by: String,
        #[serde(with = "as_text")]
        at: Stamp,
        reason: String,
        objects: usize,
    },
}

/// An object that waits, with the effective label that it was proposed under: it is published under that or a narrower one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Proposed {
    /// As it came.
    pub body: String,
    pub label: Label,
}

impl DeskRecord {
    fn key(&self) -> String {
        key(&self.organisation, &self.id)
    }

    fn is_waiting(&self) -> bool {
        matches!(self.stage, Stage::Waiting { .. })
    }

    /// Whether `account` may decide on it: a release officer of the organisation, and never whoever proposed it.
    pub(super) fn is_decided_by(&self, account: &Account) -> bool {
        let of_here = account.record.organisation == self.organisation && account.partner.is_none();
        of_here && account.record.role == Role::ReleaseOfficer && account.record.name != self.by
    }

    /// As `account` is shown it in `collection`.
    pub(super) fn entry(&self, gate: &Gate, account: &Account, collection: &str) -> DeskEntry {
        let (stage, objects) = match &self.stage {
            Stage::Waiting { objects } => (DeskStage::Waiting, objects.len()),
            Stage::Published { by, at, objects } => (DeskStage::Published { by: by.clone(), at: *at }, objects.len()),
            Stage::Declined { by, at, reason, objects } => {
                (DeskStage::Declined { by: by.clone(), at: *at, reason: reason.clone() }, *objects)
            }
        };
        let label = gate.labels().get(self.label);
        DeskEntry {
            id: self.id.clone(),
            name: self.name.clone(),
            collection: collection.to_owned(),
            by: self.by.clone(),
            at: self.at,
            objects,
            banner: label.map(|label| banner_parts(label, &gate.rules().policies, gate.now())).unwrap_or_default(),
            is_own: self.by == account.record.name,
            may_decide: self.is_waiting() && self.is_decided_by(account),
            stage,
        }
    }
}

fn key(organisation: &str, id: &str) -> String {
    format!("{organisation}\n{id}")
}

/// What `principal`, whose account is of `organisation`, may see of its desk, oldest first.
pub(super) fn all(snapshot: &dyn Snapshot, principal: &Principal, organisation: &str) -> Result<Vec<DeskRecord>, StoreError> {
    let kept = sealed(snapshot, organisation)?.into_iter().map(|record| Sealed::new(record.label, record));
    Ok(kept.filter_map(|record| Some(clear(record, principal)?.get().clone())).collect())
}

/// The one called `id`, if `principal` may see it.
pub(super) fn one(snapshot: &dyn Snapshot, principal: &Principal, organisation: &str, id: &str) -> Result<Option<DeskRecord>, StoreError> {
    let key = key(organisation, id);
    let Some(bytes) = snapshot.record(RecordKind::Desk, &key)? else { return Ok(None) };
    let record: DeskRecord = decode("desk", &key, &bytes)?;
    Ok(clear(Sealed::new(record.label, record), principal).map(|record| record.get().clone()))
}

/// What is kept for `organisation`, oldest first, whoever may see it.
fn sealed(snapshot: &dyn Snapshot, organisation: &str) -> Result<Vec<DeskRecord>, StoreError> {
    let of_organisation = snapshot.records_under(RecordKind::Desk, &key(organisation, ""))?;
    let read = |(key, value): &(String, Vec<u8>)| decode::<DeskRecord>("desk", key, value);
    let mut all: Vec<DeskRecord> = of_organisation.iter().map(read).collect::<Result<_, _>>()?;
    all.sort_by(|one, other| (one.at, &one.id).cmp(&(other.at, &other.id)));
    Ok(all)
}

/// Keeps `record`, within the bounds of its organisation.
pub(super) fn keep(writing: &mut Writing<'_>, record: &DeskRecord) -> Result<(), DeskError> {
    let all = sealed(&*writing.transaction, &record.organisation)?;
    let others = || all.iter().filter(|other| other.id != record.id);
    if record.is_waiting() && others().filter(|other| other.is_waiting()).count() >= PROPOSALS_MAX {
        return Err(DeskError::Full);
    }
    let decided: Vec<&DeskRecord> = others().filter(|other| !other.is_waiting()).collect();
    for oldest in decided.iter().take((decided.len() + 1).saturating_sub(DECIDED_MAX)) {
        writing.transaction.forget(RecordKind::Desk, &oldest.key()).map_err(StoreError::from)?;
    }
    Ok(writing.put(RecordKind::Desk, &record.key(), record)?)
}

/// Whether somebody but `by` could decide on what `record` holds: may see all of it, and is an officer of the organisation.
pub(super) fn has_somebody_who_decides(gate: &Gate, directory: &Directory, record: &DeskRecord, collection: LabelId) -> bool {
    let decides = |account: &Account| {
        let sees = || gate.release(&account.record.name, &account.profile);
        let is_let_in = || sees().permits(record.label) && sees().permits(collection);
        !account.record.disabled && record.is_decided_by(account) && is_let_in()
    };
    directory.accounts.values().any(|account| decides(account))
}
