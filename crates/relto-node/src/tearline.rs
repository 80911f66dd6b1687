//! Tearlines: a reduced object for those who may not read all of the original, an object of its own (decision 0015).
//!
//! Proposed from the labels of its parts, looked through for what labels do not cover, published by a person. Both are one procedure: a
//! proposal is a publication whose transaction is dropped, so that the two cannot differ. For the custodian; what is published is an
//! object like any other, and nothing in it tells of the original. Which parts go is decided in [`parts`].

mod original;
mod parts;

use std::collections::BTreeSet;
use std::sync::Arc;

use relto_gate::LabelId;
use relto_model::object::{Class, Object, content_digest};
use relto_model::reduce::{Fresh, Part, reduce};
use relto_model::{Label, ObjectId, Timestamp};
use relto_policy::release_check::{Check, Finding, WordList, WordListError, check};
use relto_policy::{LabelContext, LabelError, display};
use relto_store::RecordKind;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Builder;

use self::original::Original;
use self::parts::{Judged, judge};
use crate::error::StoreError;
use crate::ingest::{Author, Definitions, Eyes, Labelling, Outcome, Told, take_in};
use crate::node::{Node, Writing};

/// For whom a tearline is, and what to look for in it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TearlineRequest {
    /// The label of its readers.
    pub label: String,
    /// Name or id of the collection that holds the original, when several do.
    pub collection: Option<String>,
    /// The site's word list.
    pub words: Option<String>,
}

/// Who looked at it, and with what result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// The person.
    pub reviewed_by: String,
    /// Why it is published.
    pub reason: String,
    /// The [`Proposal::content`] that was looked at; anything else is not published.
    pub content: Option<String>,
    /// Which findings stand.
    pub accepted: Accepted,
}

/// Findings that a reviewer lets stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Accepted {
    /// Those of these numbers, from 1.
    Numbers(BTreeSet<usize>),
    /// All.
    All,
}

/// A part that is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovedPart {
    /// The part of the original, as a JSON pointer.
    pub pointer: String,
    /// Why.
    pub because: String,
    /// Where the rule stands.
    pub citation: String,
}

/// What would be published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The original.
    pub original: String,
    /// The label of the tearline, in words.
    pub label: String,
    /// The collection that it would stand in.
    pub collection: String,
    /// The reduced object; its id and times are those of this proposal only. `None` when it is refused.
    pub object: Option<Json>,
    /// SHA-256 of the reduced object without its id and times: the same as long as the same would be published.
    pub content: Option<String>,
    /// What was left out.
    pub removed: Vec<RemovedPart>,
    /// Why there is no tearline for this label.
    pub refused: Option<String>,
    /// What the label does not cover in its text.
    pub findings: Vec<Finding>,
    /// The tearline that is published already for this label.
    pub exists: Option<String>,
}

/// What was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// The original.
    pub original: String,
    /// The tearline.
    pub tearline: String,
    /// Its label in words.
    pub label: String,
    /// The collection that it stands in.
    pub collection: String,
    /// The accounts that get it.
    pub recipients: Vec<String>,
}

/// Why nothing was published, or nothing can be said.
#[derive(Debug, thiserror::Error)]
pub enum TearlineError {
    /// There is no such object on this node, or not in that collection.
    #[error("there is no object `{0}` here")]
    Absent(ObjectId),
    /// There is no such collection.
    #[error("there is no collection `{0}`")]
    NoCollection(String),
    /// Several collections or organisations hold it, and it must be said which is meant.
    #[error("`{0}` is held in several collections or by several organisations")]
    Ambiguous(ObjectId),
    /// The stored bytes are no longer an object.
    #[error("the stored bytes of `{0}` are no longer an object")]
    Damaged(ObjectId),
    /// The label cannot be read.
    #[error(transparent)]
    Label(#[from] LabelError),
    /// The word list cannot be read.
    #[error("the word list cannot be read: {0}")]
    Words(#[from] WordListError),
    /// There is no tearline for this label.
    #[error("no tearline for this label: {0}")]
    Refused(String),
    /// One is published already.
    #[error("a tearline of this version for this label is published already: `{0}`")]
    Exists(String),
    /// Findings that nobody has accepted.
    #[error("findings that nobody has accepted: {}", numbers(.0))]
    Findings(Vec<usize>),
    /// What would be published is not what was looked at.
    #[error("the original, its markings or what it refers to have changed: what would be published is not what was looked at")]
    Changed,
    /// Nobody is named, or no reason.
    #[error("a tearline is published by a person, for a reason")]
    Unreviewed,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn numbers(numbers: &[usize]) -> String {
    numbers.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")
}

/// What is kept of a published tearline, under the original's id and the label: for the custodian alone.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct TearlineRecord {
    original: String,
    version: String,
    tearline: ObjectId,
    created: Timestamp,
    label: String,
    reviewed_by: String,
}

/// A tearline on its way: everything that publishing needs.
struct Draft {
    original: Original,
    target: Label,
    context: LabelContext,
    reduced: Option<Object>,
    created: Timestamp,
    key: String,
    proposal: Proposal,
}

impl Node {
    /// What would be published of `id` for those who may read what `request` names: what was left out and why, what its text says
    /// beyond the label, or why there is none. Nothing is stored.
    ///
    /// # Errors
    /// [`TearlineError`] when there is no such object, or the label cannot be read.
    pub fn propose_tearline(&self, id: &ObjectId, request: &TearlineRequest) -> Result<Proposal, TearlineError> {
        self.rehearse(|writing| {
            let mut draft = Draft::make(writing, id, request)?;
            match draft.store(writing) {
                Ok(_) => {}
                Err(TearlineError::Refused(why)) => draft.refuse(why),
                Err(other) => return Err(other),
            }
            Ok(draft.proposal)
        })
    }

    /// Publishes what [`Node::propose_tearline`] proposes: an object of the original's owner, in its collection, under exactly that
    /// label; with a journal entry, and a record of whose tearline it is. A later version of the original gives a later version of it.
    ///
    /// # Errors
    /// [`TearlineError`]; then nothing has changed.
    pub fn publish_tearline(&self, id: &ObjectId, request: &TearlineRequest, review: &Review) -> Result<Published, TearlineError> {
        if review.reviewed_by.trim().is_empty() || review.reason.trim().is_empty() {
            return Err(TearlineError::Unreviewed);
        }
        self.write(|writing| {
            let draft = Draft::make(writing, id, request)?;
            draft.accept(review)?;
            let (tearline, label) = draft.store(writing)?;
            draft.record(writing, &tearline, review)?;
            let recipients = recipients(writing, &draft, label);
            let Proposal { original, label, collection, .. } = draft.proposal;
            Ok(Published { original, tearline: tearline.to_string(), label, collection, recipients })
        })
    }
}

impl Draft {
    fn make(writing: &mut Writing<'_>, id: &ObjectId, request: &TearlineRequest) -> Result<Self, TearlineError> {
        let words = request.words.as_deref().map(WordList::parse).transpose()?;
        let original = Original::find(writing, id, request.collection.as_deref())?;
        let context =
            LabelContext { made: writing.stamp, owner: original.row.owner.clone(), collection: Some(original.collection.id.clone()) };
        let target = writing.read_label(&request.label, &context)??.since(writing.stamp);
        let Judged { parts, removed, refused } = judge(writing, &original, &target, &context)?;
        let key = format!("{id} {}", hex::encode(target.digest()));
        let known = record_of(writing, &key)?;
        let (fresh, created, modified) = fresh(writing, &original, known.as_ref())?;
        let proposal = Proposal {
            original: id.to_string(),
            label: display(&target, &writing.before.gate.rules().policies),
            collection: original.collection.name.clone(),
            object: None,
            content: None,
            removed,
            refused,
            findings: Vec::new(),
            exists: known.filter(|known| known.version == original.row.version).map(|known| known.tearline.to_string()),
        };
        let mut draft = Self { original, target, context, reduced: None, created, key, proposal };
        draft.reduce(writing, &parts, &fresh, &modified, words.as_ref());
        Ok(draft)
    }

    /// Leaves `parts` out and looks at what is left, unless there is a reason against it.
    fn reduce(&mut self, writing: &Writing<'_>, parts: &[Part], id: &ObjectId, modified: &Timestamp, words: Option<&WordList>) {
        if self.proposal.refused.is_some() {
            return;
        }
        let object = &self.original.object;
        match reduce(object, parts, &Fresh { id, created: &self.created, modified }, writing.node.kinds()) {
            Ok(reduced) => {
                let mut texts = Vec::new();
                parts.iter().filter_map(|part| part.of(object.value())).for_each(|value| texts_of(value, &mut texts));
                let gone = WordList::of_removed(texts);
                let words: Vec<&WordList> = words.into_iter().chain(&gone).collect();
                let rules = writing.before.gate.rules();
                let looked_for = Check { label: &self.target, rules, context: &self.context, words: &words };
                self.proposal.findings = check(&reduced, &looked_for);
                self.proposal.content = Some(content(&reduced));
                self.proposal.object = Some(reduced.value().clone());
                self.reduced = Some(reduced);
            }
            Err(why) => self.refuse(why.to_string()),
        }
    }

    fn refuse(&mut self, why: String) {
        self.proposal.refused.get_or_insert(why);
        (self.proposal.object, self.proposal.content, self.reduced) = (None, None, None);
    }

    /// Whether `review` covers all that is to be said against it.
    fn accept(&self, review: &Review) -> Result<(), TearlineError> {
        if let Some(why) = &self.proposal.refused {
            return Err(TearlineError::Refused(why.clone()));
        }
        if let Some(exists) = &self.proposal.exists {
            return Err(TearlineError::Exists(exists.clone()));
        }
        if review.content.is_some() && review.content != self.proposal.content {
            return Err(TearlineError::Changed);
        }
        let is_open = |number: &usize| match &review.accepted {
            Accepted::All => false,
            Accepted::Numbers(accepted) => !accepted.contains(number),
        };
        let open: Vec<usize> = (1..=self.proposal.findings.len()).filter(is_open).collect();
        if open.is_empty() { Ok(()) } else { Err(TearlineError::Findings(open)) }
    }

    /// Stores the reduced object as a load does. Returns its id and the number of its label, which is the one asked for or refuses.
    fn store(&self, writing: &mut Writing<'_>) -> Result<(ObjectId, LabelId), TearlineError> {
        let refused = |why: String| Err(TearlineError::Refused(why));
        let Some(reduced) = &self.reduced else { return refused(self.proposal.refused.clone().unwrap_or_default()) };
        let (mut receipts, mut labels) = (Vec::new(), Vec::new());
        let mut eyes = Eyes::Custodian;
        let author = Author { organisation: self.original.row.owner.clone(), eyes: &mut eyes };
        let labelling = Labelling { given: Some(self.target.clone()), made: Some(writing.stamp), ..Labelling::default() };
        let told = Told { receipt: &mut |receipt| receipts.push(receipt), label: &mut |_, label| labels.push(label) };
        let mut objects = std::iter::once(reduced.clone());
        take_in(writing, author, &self.original.collection, &labelling, &Definitions::new(), &mut objects, told)?;
        if let Some(Outcome::Refused(why)) = receipts.first().map(|receipt| receipt.outcome.clone()) {
            return refused(why);
        }
        let [label] = labels.as_slice() else { return refused("it was not stored as one object".to_owned()) };
        match writing.labels().get(*label) {
            Some(effective) if **effective == self.target => Ok((reduced.id().clone(), *label)),
            Some(effective) => refused(format!(
                "with what it carries and refers to it would have the label `{}`",
                display(effective, &writing.before.gate.rules().policies)
            )),
            None => refused("its label is not in the store".to_owned()),
        }
    }

    /// Writes down whose tearline it is, and who published it.
    fn record(&self, writing: &mut Writing<'_>, tearline: &ObjectId, review: &Review) -> Result<(), StoreError> {
        let Proposal { original, label, collection, removed, findings, .. } = &self.proposal;
        let record = TearlineRecord {
            original: original.clone(),
            version: self.original.row.version.clone(),
            tearline: tearline.clone(),
            created: self.created.clone(),
            label: label.clone(),
            reviewed_by: review.reviewed_by.clone(),
        };
        writing.put(RecordKind::Tearline, &self.key, &record)?;
        let removed: Vec<&str> = removed.iter().map(|part| part.pointer.as_str()).collect();
        writing.journal(&serde_json::json!({"act": "tearline publish", "object": original, "tearline": tearline.as_str(), "label": label,
            "collection": collection, "removed": removed, "findings accepted": findings.len(), "reviewed by": review.reviewed_by,
            "reason": review.reason}))
    }
}

/// The id and times of the reduced object: the next version of the tearline that there is, where it can have versions, or a new object.
fn fresh(
    writing: &Writing<'_>,
    original: &Original,
    known: Option<&TearlineRecord>,
) -> Result<(ObjectId, Timestamp, Timestamp), TearlineError> {
    let unwritable = |_| TearlineError::Refused("the clock's time cannot be written as a STIX time stamp".to_owned());
    let now = Timestamp::parse(&writing.stamp.to_string()).map_err(unwritable)?;
    match known.filter(|_| original.object.class() != Class::Sco) {
        Some(known) => Ok((known.tearline.clone(), known.created.clone(), now)),
        None => {
            let uuid = Builder::from_random_bytes(writing.node.random()).into_uuid();
            let id = ObjectId::new(original.object.kind(), uuid).unwrap_or_else(|| original.object.id().clone());
            Ok((id, now.clone(), now))
        }
    }
}

fn record_of(writing: &Writing<'_>, key: &str) -> Result<Option<TearlineRecord>, StoreError> {
    let Some(bytes) = writing.transaction.record(RecordKind::Tearline, key)? else { return Ok(None) };
    let read = serde_json::from_slice(&bytes);
    read.map(Some).map_err(|source| StoreError::Record { kind: RecordKind::Tearline.name(), key: key.to_owned(), source })
}

/// SHA-256 of what would be published, apart from its id and times.
fn content(object: &Object) -> String {
    let mut value = object.value().clone();
    if let Some(map) = value.as_object_mut() {
        map.retain(|key, _| !matches!(key.as_str(), "id" | "created" | "modified"));
    }
    hex::encode(content_digest(value.to_string().as_bytes()))
}

/// The texts in `value`.
fn texts_of<'v>(value: &'v Json, texts: &mut Vec<&'v str>) {
    match value {
        Json::String(text) => texts.push(text),
        Json::Array(list) => list.iter().for_each(|entry| texts_of(entry, texts)),
        Json::Object(map) => map.values().for_each(|entry| texts_of(entry, texts)),
        _ => {}
    }
}

/// The accounts that get what carries `label` in the draft's collection.
fn recipients(writing: &Writing<'_>, draft: &Draft, label: LabelId) -> Vec<String> {
    let gate: Arc<_> = writing.acting_gate();
    let collection = &draft.original.collection;
    let accounts = writing.before.directory.accounts.iter().filter(|(_, account)| !account.record.disabled && collection.can_read);
    let gets = accounts.filter(|(name, account)| {
        let release = gate.release(name, &account.profile);
        release.permits(label) && release.permits(collection.label) && account.reads(collection)
    });
    gets.map(|(name, _)| name.clone()).collect()
}
