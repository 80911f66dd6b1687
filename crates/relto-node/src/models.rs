//! Models that may propose what documents say: which there are, what each may be sent, and what was.
//!
//! A model is a principal. It has nations, an organisation, memberships and clearances as an account has, and the gate decides what it gets as it
//! decides for any reader; beyond that nothing goes to it that asks for more than the label it is cleared for. It never signs in, and no
//! label can address it. Whoever asks it has the socket; what is allowed, what is sent and what came of it are settled and put on record here. What it
//! answered is kept under the hash of the request, so that the same document gives the same objects.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use relto_gate::LabelId;
use relto_model::{Label, Stamp};
use relto_policy::legal::{self, beside};
use relto_policy::{LabelContext, LabelError, Verdict, display, explain_with};
use relto_store::RecordKind;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::admin::users::{changed, settle};
use crate::admin::{AdminError, MODEL, MODEL_ID, UserChange, check_name};
use crate::error::StoreError;
use crate::facts::{Account, decode};
use crate::load::{LoadError, LoadRequest, Loading, Source, labelling};
use crate::node::{Node, Writing};
use crate::pieces;
use crate::preview::unmet;
use crate::records::{CollectionRecord, UserRecord};

/// Bytes of an answer that are kept at most.
pub const MODEL_ANSWER_BYTES_MAX: usize = 256 << 10;

/// A model as asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewModel {
    /// What it is called here.
    pub name: String,
    /// Where it is asked.
    pub endpoint: Endpoint,
    /// The label that nothing which goes to it may ask for more than.
    pub cleared: String,
    /// Who runs it: what the gate decides on.
    pub attributes: UserChange,
}

/// Where and how a model is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// The address of the API, without `/chat/completions`.
    pub url: String,
    /// The model, as the endpoint calls it.
    pub model: String,
    /// The file that holds the key, if it wants one. The key itself is not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_file: Option<String>,
    /// The certificate to believe, in PEM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// Whether text may go over a network without TLS.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_tls: bool,
    /// How long an answer may take, in seconds.
    pub timeout_s: u32,
}

/// A model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelRecord {
    /// What it is called here.
    pub name: String,
    /// Where it is asked.
    pub endpoint: Endpoint,
    /// The label that nothing which goes to it may ask for more than, as written.
    pub cleared: String,
    /// What the gate decides on. It has no token: nobody signs in with it.
    pub account: UserRecord,
}

/// What somebody is about to ask a model: one piece of one document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelAsked {
    /// The model.
    pub model: String,
    /// SHA-256 of the document, in hexadecimal.
    pub document: String,
    /// SHA-256 of the request, in hexadecimal.
    pub request: String,
    /// Bytes of the request.
    pub bytes: u64,
}

/// Whether a model may be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ModelDecision {
    /// It may; that it is, is on record.
    Granted(Endpoint),
    /// It need not be: this is what it answered.
    Kept(String),
    /// It may not.
    Withheld {
        /// What the document would be labelled, in words.
        labels: Vec<String>,
        /// Why it does not go there.
        because: Vec<String>,
    },
}

/// What came of asking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelAnswered {
    /// What was asked.
    pub asked: ModelAsked,
    /// What it wrote, to be kept.
    pub answer: Option<String>,
    /// How many proposals were taken.
    pub accepted: u64,
    /// How many were not, by reason.
    pub refused: BTreeMap<String, u64>,
    /// Why there is no answer.
    pub failed: Option<String>,
}

/// Why a model was not set, removed or asked; nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// There is no such model.
    #[error("there is no model `{0}`")]
    Absent(String),
    /// The gate would give it nothing of what it is cleared for.
    #[error("the model would not get what is labelled `{label}`: {because}")]
    Unseen {
        /// The label.
        label: String,
        /// The rules that are not met.
        because: String,
    },
    /// Longer than what is kept.
    #[error("an answer of {0} bytes is not kept: {MODEL_ANSWER_BYTES_MAX} are the most")]
    TooLong(usize),
    /// A name, attribute or label that is none.
    #[error(transparent)]
    Admin(#[from] AdminError),
    /// What would be asked about cannot be loaded.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<LabelError> for ModelError {
    fn from(error: LabelError) -> Self {
        AdminError::from(error).into()
    }
}

impl Node {
    /// Adds a model, or replaces the one of this name. Answers from another address or model are forgotten.
    ///
    /// # Errors
    /// [`ModelError`]; then nothing has changed.
    pub fn set_model(&self, new: &NewModel) -> Result<(), ModelError> {
        check_name(MODEL, &new.name)?;
        check_name(MODEL_ID, &new.endpoint.model)?;
        self.write(|writing| {
            let policies = &writing.before.gate.rules().policies;
            let account = changed(UserRecord::new(&principal(&new.name)), &new.attributes, policies)?;
            let (account, shown) = settle(writing, account)?;
            let record = ModelRecord { name: new.name.clone(), endpoint: new.endpoint.clone(), cleared: new.cleared.clone(), account };
            let context = LabelContext { made: writing.stamp, owner: writing.before.directory.node.organisation.clone(), collection: None };
            let cleared = ceiling(writing, &record, &context)?;
            sees(writing, &record, &cleared)?;
            if model(writing, &new.name)?.is_none_or(|before| before.endpoint.url != new.endpoint.url) {
                forget_answers(writing, &new.name)?;
            }
            writing.put(RecordKind::Model, &record.name, &record)?;
            writing.facts_changed();
            let Endpoint { url, model, key_file, without_tls, timeout_s, .. } = &record.endpoint;
            let act = serde_json::json!({"act": "model set", "model": record.name, "url": url, "id": model, "cleared": record.cleared,
                "key": key_file.is_some(), "without_tls": without_tls, "timeout_s": timeout_s, "attributes": shown});
            Ok(writing.journal(&act)?)
        })
    }

    /// Removes a model, and all that it answered.
    ///
    /// # Errors
    /// [`ModelError`]; then nothing has changed.
    pub fn remove_model(&self, name: &str) -> Result<(), ModelError> {
        self.write(|writing| {
            model(writing, name)?.ok_or_else(|| ModelError::Absent(name.to_owned()))?;
            forget_answers(writing, name)?;
            writing.transaction.forget(RecordKind::Model, name).map_err(StoreError::from)?;
            Ok(writing.journal(&serde_json::json!({"act": "model remove", "model": name}))?)
        })
    }

    /// All models, by name.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub fn models(&self) -> Result<Vec<ModelRecord>, StoreError> {
        let (_, snapshot) = self.settled()?;
        let records = snapshot.records(RecordKind::Model)?.into_iter();
        records.map(|(name, stored)| decode(RecordKind::Model.name(), &name, &stored)).collect()
    }

    /// Whether a model may be asked about the document that `sources` would store by `request`: decided on the labels that the load would give it,
    /// at this moment. An answer that is there already stands for another; where it may be asked, that it is goes on record first.
    ///
    /// # Errors
    /// [`ModelError`]; then it must not be asked.
    pub fn ask_model(&self, asked: &ModelAsked, request: &LoadRequest, sources: &[Source]) -> Result<ModelDecision, ModelError> {
        let (_, snapshot) = self.settled()?;
        let stored = snapshot.record(RecordKind::Model, &asked.model).map_err(StoreError::from)?;
        let stored = stored.ok_or_else(|| ModelError::Absent(asked.model.clone()))?;
        let record: ModelRecord = decode(RecordKind::Model.name(), &asked.model, &stored)?;
        let kept = snapshot.record(RecordKind::ModelAnswer, &answer_key(asked)).map_err(StoreError::from)?;
        drop(snapshot);
        let decided = self.decide(&record, request, sources)?;
        let ModelAsked { model, document, request, bytes } = asked;
        let Decided { labels, because, legal } = decided;
        if !because.is_empty() {
            let act =
                serde_json::json!({"act": "model withheld", "model": model, "document": document, "labels": labels, "because": because});
            self.write(|writing| writing.journal(&act))?;
            return Ok(ModelDecision::Withheld { labels, because });
        }
        if let Some(kept) = kept {
            return Ok(ModelDecision::Kept(decode(RecordKind::ModelAnswer.name(), &answer_key(asked), &kept)?));
        }
        let act = serde_json::json!({"act": "model request", "model": model, "url": record.endpoint.url, "document": document,
            "request": request, "bytes": bytes, "labels": labels});
        self.write(|writing| writing.journal(&with(act, "facts", legal)))?;
        Ok(ModelDecision::Granted(record.endpoint))
    }

    /// Puts on record what came of asking, and keeps the answer.
    ///
    /// # Errors
    /// [`ModelError`]; then nothing has changed.
    pub fn model_answered(&self, answered: &ModelAnswered) -> Result<(), ModelError> {
        let ModelAnswered { asked, answer, accepted, refused, failed } = answered;
        if let Some(long) = answer.as_ref().map(String::len).filter(|length| *length > MODEL_ANSWER_BYTES_MAX) {
            return Err(ModelError::TooLong(long));
        }
        self.write(|writing| {
            // One that was removed meanwhile leaves nothing behind.
            let is_there = model(writing, &asked.model)?.is_some();
            if let Some(answer) = answer.as_ref().filter(|_| is_there) {
                writing.put(RecordKind::ModelAnswer, &answer_key(asked), answer)?;
            }
            let act = serde_json::json!({"act": "model answer", "model": asked.model, "document": asked.document,
                "request": asked.request, "accepted": accepted, "refused": refused});
            Ok(writing.journal(&with(act, "failed", failed.clone().map(Json::from)))?)
        })
    }

    /// The load, carried out and dropped: what its labels would be, and what in them keeps the document from the model.
    fn decide(&self, record: &ModelRecord, request: &LoadRequest, sources: &[Source]) -> Result<Decided, ModelError> {
        let pieces = pieces::split(sources)?;
        self.rehearse(|writing| {
            let found = writing.before.directory.collection(&request.collection).cloned();
            let collection = found.ok_or_else(|| LoadError::NoCollection(request.collection.clone()))?;
            let labelling = labelling(writing, request, &collection)?;
            let mut loading = Loading::new(self, &|_, _| (), pieces.len() as u64);
            let mut labels = BTreeSet::new();
            loading.run(writing, &collection, &labelling, &pieces, &mut |_, label| {
                labels.insert(label);
            })?;
            // What is here already keeps its label, and may be under a looser one than it is given now.
            if let Some(given) = &labelling.given {
                labels.insert(writing.intern(&beside(given, None))?);
            }
            let report = loading.into_report();
            if report.refused > 0 {
                return Err(LoadError::Refused { refused: report.refused, named: report.refusals }.into());
            }
            let context = LabelContext {
                made: labelling.made.unwrap_or(writing.stamp),
                owner: writing.before.directory.node.organisation.clone(),
                collection: Some(collection.id.clone()),
            };
            let cleared = ceiling(writing, record, &context)?;
            Ok(decided(writing, record, &collection, &labels, &cleared))
        })
    }
}

/// `act` with one more member, if there is one.
fn with(mut act: Json, member: &str, value: Option<Json>) -> Json {
    if let (Some(members), Some(value)) = (act.as_object_mut(), value) {
        members.insert(member.to_owned(), value);
    }
    act
}

/// What was decided on one document.
struct Decided {
    labels: Vec<String>,
    /// Empty when it may go.
    because: Vec<String>,
    /// On what facts, where the law asks for a record of them.
    legal: Option<Json>,
}

fn decided(
    writing: &Writing<'_>,
    record: &ModelRecord,
    collection: &CollectionRecord,
    labels: &BTreeSet<LabelId>,
    cleared: &Label,
) -> Decided {
    let account = account(writing, record);
    let release = writing.acting_gate().release(&account.name, &account.profile);
    let policies = &writing.before.gate.rules().policies;
    let mut because = Vec::new();
    let around = [(collection.label, "collection: ")];
    for (label, before) in labels.iter().map(|label| (*label, "")).chain(around).filter(|(label, _)| !release.permits(*label)) {
        let unmet = unmet(writing, &account, label, before);
        because.extend(if unmet.is_empty() { vec![format!("{before}the gate withholds it")] } else { unmet });
    }
    because.extend((!collection.can_read).then(|| "the collection is write-only".to_owned()));
    let known: Vec<&Arc<Label>> = labels.iter().filter_map(|label| writing.labels().get(*label)).collect();
    if known.is_empty() || known.len() < labels.len() {
        because.push("its label is not known".to_owned());
    }
    if !known.iter().all(|label| asks_no_more(label, cleared, writing.stamp)) {
        because.push(format!("the model is cleared for `{}`, and its label asks for more, or for something else", record.cleared));
    }
    because.sort();
    because.dedup();
    let is_legal = known.iter().any(|label| legal::tags(label).next().is_some());
    let legal = is_legal.then(|| serde_json::json!(legal::recipient(&account.profile)));
    let in_words: BTreeSet<String> = known.iter().map(|label| display(label, policies)).collect();
    Decided { labels: in_words.into_iter().collect(), because, legal }
}

/// Whether whoever may read what carries `cleared` may read what carries `label`, because `label` demands nothing that `cleared` does not.
fn asks_no_more(label: &Label, cleared: &Label, now: Stamp) -> bool {
    label.clone().join(cleared).facets_at(now) == cleared.facets_at(now)
}

/// The label that a model is cleared for, as a document's would be read that is labelled now. One that can no longer be read clears it for nothing.
fn ceiling(writing: &Writing<'_>, record: &ModelRecord, context: &LabelContext) -> Result<Label, ModelError> {
    Ok(beside(&writing.read_label(&record.cleared, context)??, None))
}

/// Clearing a model for what it could not see is a slip of the pen.
fn sees(writing: &Writing<'_>, record: &ModelRecord, cleared: &Label) -> Result<(), ModelError> {
    let profile = writing.before.directory.profile(&record.account);
    let (verdict, findings) = explain_with(&profile, cleared, &[], writing.before.gate.rules(), writing.stamp);
    if verdict == Verdict::Permit {
        return Ok(());
    }
    let unmet = findings.iter().filter(|finding| !finding.is_met()).map(|finding| format!("{}: {}", finding.rule, finding.because));
    Err(ModelError::Unseen { label: record.cleared.clone(), because: unmet.collect::<Vec<_>>().join("; ") })
}

fn account(writing: &Writing<'_>, record: &ModelRecord) -> Account {
    Account {
        name: record.account.name.as_str().into(),
        profile: Arc::new(writing.before.directory.profile(&record.account)),
        record: record.account.clone(),
        gained: Arc::default(),
        gained_collections: BTreeMap::new(),
        partner: None,
    }
}

/// What the gate calls a model: no account has a colon in its name, so that no label can address one.
fn principal(name: &str) -> String {
    format!("model:{name}")
}

/// Under which key an answer stands: by its document first, with which it goes.
fn answer_key(asked: &ModelAsked) -> String {
    format!("{}\n{}\n{}", asked.document, asked.model, asked.request)
}

/// Forgets what any model answered about the document whose bytes have the hash `document`.
pub(crate) fn forget_answers_on(writing: &mut Writing<'_>, document: &str) -> Result<(), StoreError> {
    for (key, _) in writing.transaction.records_under(RecordKind::ModelAnswer, &format!("{document}\n"))? {
        writing.transaction.forget(RecordKind::ModelAnswer, &key)?;
    }
    Ok(())
}

fn model(writing: &Writing<'_>, name: &str) -> Result<Option<ModelRecord>, StoreError> {
    let stored = writing.transaction.record(RecordKind::Model, name)?;
    stored.map(|stored| decode(RecordKind::Model.name(), name, &stored)).transpose()
}

fn forget_answers(writing: &mut Writing<'_>, name: &str) -> Result<(), StoreError> {
    let is_its = |key: &str| key.split('\n').nth(1) == Some(name);
    for (key, _) in writing.transaction.records(RecordKind::ModelAnswer)?.into_iter().filter(|(key, _)| is_its(key)) {
        writing.transaction.forget(RecordKind::ModelAnswer, &key)?;
    }
    Ok(())
}
