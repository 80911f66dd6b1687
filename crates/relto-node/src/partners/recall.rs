//! Recalls: an originator calls an object back from everybody who has it, hop by hop.
//!
//! A recall is signed by its originator and goes on as it is. Whoever gets it destroys what that originator wrote of the object, lets it not
//! come in again, has those told to whom it sent the object on, and answers with a receipt. A relay can recall nothing of anybody else's.

mod destroying;
mod obeying;

use std::collections::BTreeSet;

use relto_gate::Arrival;
use relto_model::{ObjectId, Stamp};
use relto_policy::dsse::PinnedKeys;
use relto_store::{Bodies, RecordKind, Snapshot, held};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::notice::{self, Notice, NoticeRecord, Onward, Receipt};
use super::statement::pinned;
use super::{release, signed};
use crate::error::StoreError;
use crate::facts::{Directory, decode};
use crate::ingest::Eyes;
use crate::node::{Node, Writing};
use crate::records::NodeRecord;

use crate::remove::removed_rows;
use destroying::destroy;

/// The payload type of a signed recall.
const PAYLOAD_TYPE: &str = "application/vnd.relto.recall+json";
/// Under which key it stands when this node last did as a recall says. It is no object's id.
const LAST: &str = "last";
/// The longest reason, in characters.
const REASON_CHARS_MAX: usize = 1_000;

/// What is recalled, by whom, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Recall {
    /// The object; absent when it is everything that the originator wrote.
    pub object: Option<ObjectId>,
    /// The organisation that wrote it, and recalls it.
    pub originator: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Stamp,
    /// Whether it may never come in again. Else only this recipient is no longer to have it.
    pub is_final: bool,
    /// For which node it is, by a key of it in hexadecimal; absent when it is for everybody who has the object. Only the recall of one object for
    /// good is for everybody: any other would destroy, in whatever hands it came, what others may have. Of one object that a node is to have no
    /// more, it goes on to those who have it from there: what they have by nobody else goes, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// For whom a recall is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meant {
    /// For this node: all that its originator wrote of it goes.
    Here,
    /// For the node that brought the object here.
    Before,
    /// For nobody on its way.
    Elsewhere,
}

impl Recall {
    /// For whom it is, in the hands of the node that has the keys `own`.
    fn meant(&self, own: &[String]) -> Meant {
        match &self.to {
            Some(to) if own.contains(to) => Meant::Here,
            Some(_) if self.object.is_some() && !self.is_final => Meant::Before,
            None if self.object.is_some() && self.is_final => Meant::Here,
            _ => Meant::Elsewhere,
        }
    }

    /// Under which key it is kept. No id holds a line feed, and no organisation's name.
    fn key(&self) -> String {
        let final_key = match &self.object {
            Some(id) => recall_key(id, &self.originator),
            None => format!("everything\n{}", self.originator),
        };
        match &self.to {
            // What ends here and now blocks nothing, and two of them are two.
            Some(to) if !self.is_final || self.object.is_none() => format!("{final_key}\n{}\n{to}", self.at),
            _ => final_key,
        }
    }
}

/// A recall as it is kept, by the object's id and whoever recalled it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RecallRecord {
    /// The organisation that recalled it.
    pub by: String,
    /// Why, in its words.
    pub reason: String,
    /// When this node did as it was told.
    pub at: Stamp,
    /// The partner that told it first, and hears how far those are whom this node has told; this node itself, when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<String>,
    /// What was done.
    #[serde(flatten)]
    pub done: Done,
}

/// What was done as a recall says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Done {
    /// How many versions this node destroyed.
    #[serde(default)]
    pub destroyed: u64,
    /// Whether some of it had gone on to others, who are not told.
    #[serde(default)]
    pub kept: bool,
    /// The partners that have told it: of what each of them brought.
    #[serde(default)]
    pub by_partners: BTreeSet<String>,
}

/// Why `id` may not come in as one of `owners`', if one of them recalled it. A recall says nothing of what others write under the id.
pub(crate) fn blocks(snapshot: &dyn Snapshot, id: &ObjectId, owners: &[&str]) -> Result<Option<String>, StoreError> {
    for owner in owners {
        if let Some(recall) = record_under(snapshot, &recall_key(id, owner))? {
            return Ok(Some(format!("it was recalled by {} on {}", recall.by, recall.at)));
        }
    }
    Ok(None)
}

/// Whether anything was ever recalled here, by whomever.
pub(crate) fn is_any(snapshot: &dyn Snapshot) -> Result<bool, StoreError> {
    Ok(snapshot.record(RecordKind::Recall, LAST)?.is_some())
}

/// Under which key a recall stands. No id holds a line feed.
fn recall_key(id: &ObjectId, by: &str) -> String {
    format!("{id}\n{by}")
}

/// `recall` in an envelope that `node` signs, which is its originator.
pub(crate) fn sign(node: &NodeRecord, recall: &Recall) -> Result<Json, StoreError> {
    signed::sign(node, PAYLOAD_TYPE, recall)
}

/// The recall in `envelope`, if its originator signed it.
fn verified(envelope: &Json, pinned: &PinnedKeys) -> Result<Recall, String> {
    let (recall, signers): (Recall, _) = signed::open(envelope, PAYLOAD_TYPE, pinned)?;
    if !signers.contains(&recall.originator) {
        return Err("whoever signed the recall does not speak for its originator".to_owned());
    }
    Ok(recall)
}

/// Why nothing was recalled.
#[derive(Debug, thiserror::Error)]
pub enum RecallError {
    /// There is no such object, and there never was.
    #[error("there is no object `{0}` on this node")]
    Absent(ObjectId),
    /// Somebody else wrote it.
    #[error("`{owner}` wrote `{id}`, and only its originator recalls an object")]
    NotOwn {
        /// The object.
        id: ObjectId,
        /// Who wrote it.
        owner: String,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How a recall stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recalled {
    /// The object.
    pub object: String,
    /// Versions that this node held and has destroyed, now.
    pub destroyed: u64,
    /// Every partner to which it was released, and what it has confirmed.
    pub partners: Vec<RecalledFrom>,
}

/// A recall at one partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecalledFrom {
    /// The partner.
    pub partner: String,
    /// Of what it was told: `recall`; `label` of a new label, by which it keeps the object or destroys it; or `leaving`, that it is to destroy everything.
    #[serde(default)]
    pub told: String,
    /// Whether it has confirmed that it destroyed what it held.
    pub confirmed: bool,
    /// Versions that it destroyed.
    pub versions: u64,
    /// Those to whom it had sent it on.
    pub onward: Onward,
    /// Why it did not do so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Node {
    /// Recalls the object from everybody to whom it was released, and destroys it here. Done again, it says how far the recall is.
    ///
    /// # Errors
    /// [`RecallError`]; then nothing has changed.
    pub fn recall(&self, id: &ObjectId, reason: &str) -> Result<Recalled, RecallError> {
        self.identity()?;
        self.write(|writing| {
            let rows = Eyes::open_as_custodian(held(&*writing.transaction, id, None, Bodies::Without).map_err(StoreError::from)?);
            let directory = &writing.before.directory;
            let gone = removed_rows(&*writing.transaction, id, &|owner| !directory.is_partners(owner))?;
            let own = writing.before.directory.node.organisation.clone();
            let is_recalled = blocks(&*writing.transaction, id, &[&own])?.is_some();
            let (theirs, rows): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| writing.before.directory.is_partners(&row.owner));
            if rows.is_empty() && gone.is_empty() && !is_recalled {
                // What a partner wrote under the same id stands beside what is this node's own, and is no reason to keep that.
                let owner = theirs.into_iter().next().map(|row| row.owner);
                return Err(match owner {
                    Some(owner) => RecallError::NotOwn { id: id.clone(), owner },
                    None => RecallError::Absent(id.clone()),
                });
            }
            let mut recalled = Recalled { object: id.to_string(), ..Recalled::default() };
            if !is_recalled || !rows.is_empty() {
                let originator = own;
                let reason: String = reason.chars().take(REASON_CHARS_MAX).collect();
                let recall = Recall { object: Some(id.clone()), originator, reason, at: writing.stamp, is_final: true, to: None };
                let envelope = sign(&writing.before.directory.node, &recall)?;
                recalled.destroyed = destroy(writing, id, &recall.originator, None, true)?;
                note(writing, &recall, None, Done::default())?;
                pass_on(writing, None, Some(id), &envelope, rows.iter().map(|row| row.arrival).chain(gone).collect())?;
                writing.journal(&serde_json::json!({"act": "recall", "object": id.as_str(), "reason": recall.reason,
                    "destroyed": recalled.destroyed}))?;
            }
            recalled.partners = standing(&*writing.transaction, &writing.before.directory, id, false)?;
            Ok(recalled)
        })
    }

    /// Does as the notices of `partner` say, and returns what became of each. Done again, it does nothing more, and says how far it is.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails; then nothing has changed.
    pub fn obey(&self, partner: &str, notices: &[Notice]) -> Result<Vec<Receipt>, StoreError> {
        if notices.is_empty() {
            return Ok(Vec::new());
        }
        self.write(|writing| {
            let pinned = pinned(&writing.before);
            notices.iter().take(notice::NOTICES_MAX).map(|notice| obeying::obey(writing, partner, notice, &pinned)).collect()
        })
    }
}

/// When `by`, as it dates it, last said that this node is to have `id` no more.
pub(super) fn taken_back(writing: &Writing<'_>, id: &ObjectId, by: &str) -> Result<Option<Stamp>, StoreError> {
    let prefix = format!("{}\n", recall_key(id, by));
    let known = writing.transaction.records_under(RecordKind::Recall, &prefix)?;
    let at = |key: &str| {
        let (at, to) = key.get(prefix.len()..)?.split_once('\n')?;
        Stamp::parse(at).ok().filter(|_| writing.before.directory.node.public_keys().iter().any(|own| own == to))
    };
    Ok(known.iter().filter_map(|(key, _)| at(key)).max())
}

/// Whether this node has done as any recall says since `asked`. Where not, nothing that it asked for then has been recalled.
pub(super) fn has_recalled_since(writing: &Writing<'_>, asked: Stamp) -> Result<bool, StoreError> {
    let last = writing.transaction.record(RecordKind::Recall, LAST)?;
    let last: Option<Stamp> = last.map(|stored| decode("recall", LAST, &stored)).transpose()?;
    Ok(last.is_some_and(|last| last >= asked))
}

/// Whether `partner` has told this node since `asked` that it is to have `owner`'s `id` no more: what it gave before that was on its way.
pub(super) fn was_told_since(writing: &Writing<'_>, id: &ObjectId, owner: &str, partner: &str, asked: Stamp) -> Result<bool, StoreError> {
    for (key, stored) in writing.transaction.records_under(RecordKind::Recall, &format!("{}\n", recall_key(id, owner)))? {
        let recall: RecallRecord = decode("recall", &key, &stored)?;
        if recall.at >= asked && recall.done.by_partners.contains(partner) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The recall that is kept under `key`, if this node has done as it says.
fn record_under(snapshot: &dyn Snapshot, key: &str) -> Result<Option<RecallRecord>, StoreError> {
    snapshot.record(RecordKind::Recall, key)?.map(|bytes| decode("recall", key, &bytes)).transpose()
}

/// Notes that this node has done as `recall` says: of one that is final, the object does not come in again.
fn note(writing: &mut Writing<'_>, recall: &Recall, through: Option<&str>, done: Done) -> Result<(), StoreError> {
    let reason = recall.reason.chars().take(REASON_CHARS_MAX).collect();
    let (by, through) = (recall.originator.clone(), through.map(str::to_owned));
    let record = RecallRecord { by, reason, at: writing.stamp, through, done };
    writing.put(RecordKind::Recall, LAST, &record.at)?;
    writing.put(RecordKind::Recall, &recall.key(), &record)
}

/// Has every partner told to which one of `rows` was released, but the one that it came from.
fn pass_on(
    writing: &mut Writing<'_>,
    from: Option<&str>,
    id: Option<&ObjectId>,
    envelope: &Json,
    rows: Vec<Arrival>,
) -> Result<(), StoreError> {
    let partners: Vec<String> = writing.before.directory.partners().map(|partner| partner.name().to_owned()).collect();
    for partner in partners.iter().filter(|partner| Some(partner.as_str()) != from) {
        if release::any_of(&*writing.transaction, partner, &rows)? {
            notice::put(writing, partner, id, notice::What::Recall(envelope.clone()))?;
        }
    }
    Ok(())
}

/// How far those have come whom this node has told of the recall in `envelope`.
fn onward(writing: &Writing<'_>, from: &str, envelope: &Json) -> Result<Onward, StoreError> {
    let mut onward = Onward::None;
    for partner in writing.before.directory.partners().filter(|partner| partner.name() != from) {
        for (_, told) in notice::of(&*writing.transaction, partner.name())? {
            if matches!(&told.told, notice::What::Recall(recall) if recall == envelope) {
                let is_done = told.receipt.as_ref().is_some_and(|receipt| receipt.done && receipt.is_final());
                onward = if is_done && onward != Onward::Pending { Onward::Complete } else { Onward::Pending };
            }
        }
    }
    Ok(onward)
}

/// What each partner has confirmed of the recall of `id`, or `with_labels` of the last that it was told of it.
pub(crate) fn standing(
    snapshot: &dyn Snapshot,
    directory: &Directory,
    id: &ObjectId,
    with_labels: bool,
) -> Result<Vec<RecalledFrom>, StoreError> {
    let mut all = Vec::new();
    for partner in directory.partners() {
        let is_meant =
            |told: &NoticeRecord| told.object.as_ref() == Some(id) && (with_labels || matches!(told.told, notice::What::Recall(_)));
        all.extend(last_told(snapshot, partner.name(), &is_meant)?);
    }
    Ok(all)
}

/// What the partner has confirmed of the recall of everything, as when it was let go, if that was after `since`.
pub(super) fn standing_of_all(snapshot: &dyn Snapshot, partner: &str, since: Option<Stamp>) -> Result<Option<RecalledFrom>, StoreError> {
    let is_meant = |told: &NoticeRecord| {
        told.object.is_none() && matches!(told.told, notice::What::Recall(_)) && since.is_none_or(|since| told.at >= since)
    };
    last_told(snapshot, partner, &is_meant)
}

fn last_told(snapshot: &dyn Snapshot, partner: &str, is_meant: &dyn Fn(&NoticeRecord) -> bool) -> Result<Option<RecalledFrom>, StoreError> {
    let told = notice::of(snapshot, partner)?.into_iter().map(|(_, told)| told).filter(is_meant).last();
    Ok(told.map(|NoticeRecord { object, told, receipt, .. }| RecalledFrom {
        partner: partner.to_owned(),
        told: match told {
            notice::What::Recall(_) if object.is_none() => "leaving",
            notice::What::Recall(_) => "recall",
            _ => "label",
        }
        .to_owned(),
        confirmed: receipt.as_ref().is_some_and(|receipt| receipt.done),
        versions: receipt.as_ref().map_or(0, |receipt| receipt.versions),
        onward: receipt.as_ref().map_or(Onward::Pending, |receipt| receipt.onward),
        reason: receipt.and_then(|receipt| receipt.reason),
    }))
}
