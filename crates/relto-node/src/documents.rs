//! Documents that objects were read from: their bytes, what is kept of them, and the lists and decisions that they are read with.
//!
//! Reading them is not done here. A document stands beside the row of its report and nowhere else: whoever may read that row may read the
//! document, whatever becomes of the row's label, and when the row goes, the document goes.
//!
//! Lists and decisions have a label. A document is read with those that everybody may see who may see the document, so that what a reader gets
//! never depends on a list that is hidden from them; one that is narrower is used where it is asked for, and what is read then carries the
//! join of both labels.

mod again;
mod inputs;
mod marked;
mod seen;
mod taking;

use relto_gate::{Arrival, LabelId};
use relto_model::Stamp;
use relto_policy::LabelError;
use relto_store::{RecordKind, Snapshot, part_key};
use serde::{Deserialize, Serialize};

use crate::admin::AdminError;
use crate::error::StoreError;
use crate::facts::decode;
use crate::load::{LoadError, LoadRequest};
use crate::models::forget_answers_on;
use crate::node::Writing;
use crate::reading::ReadError;

pub use again::{AgainReport, KeptDocument, Reread};
pub use inputs::{InputInForce, InputText, InputsFor, NewInput};
pub use seen::{SeenDocument, SeenDocuments, StoryRequest};

/// Which documents are taken in, and how.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DocumentsRequest {
    /// As a load.
    #[serde(flatten)]
    pub load: LoadRequest,
    /// Lists that are used though their label is narrower.
    pub with: Vec<String>,
    /// Whether a document is taken in though its text states a marking that the label does not cover.
    pub despite_markings: bool,
}

/// Something that a document was read with, as it was then.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct InputUse {
    /// Its name.
    pub name: String,
    /// SHA-256 of its text, in hexadecimal.
    pub sha256: String,
}

/// A document that was read, or an event that is data already, on its way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewDocument {
    /// How errors call it.
    pub name: String,
    /// The bundle of its objects.
    pub bundle: String,
    /// Its words as they arrived, which may state a marking; an event has its own.
    #[serde(default)]
    pub text: Option<String>,
    /// What is kept, to read it again; an event is not read.
    pub read: Option<ReadDocument>,
}

/// What is kept of a document that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadDocument {
    /// The id of its report.
    pub report: String,
    /// SHA-256 of the bytes that it is read from again, in hexadecimal.
    pub raw: String,
    /// The same of the bytes that arrived, where these are others.
    pub original: Option<String>,
    /// Where it came from, for whoever reads it again: nothing to this crate.
    pub source: String,
    /// What was read from it, for the same.
    pub kept: String,
    /// SHA-256 of what the rules read in it, in hexadecimal.
    pub by_rules: String,
    /// Whether something is proposed beside that.
    pub has_proposals: bool,
}

/// A document as it is recorded, under the arrival of its report's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DocumentRecord {
    /// The id of its report.
    pub report: String,
    /// The number of the collection that holds it.
    pub collection: u32,
    pub raw: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<String>,
    pub source: String,
    /// As [`ReadDocument::by_rules`]; nothing once it was read anew.
    pub by_rules: String,
    /// What it was read with.
    pub inputs: Vec<InputUse>,
    /// Whether a later row of the report has it now. Whoever may see this row alone still has the document by it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub superseded: bool,
}

/// Something that documents are read with, under its name; once it is out of use, under its name and digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct InputRecord {
    pub name: String,
    pub kind: String,
    /// For decisions: the report of the document that they are on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
    pub label: LabelId,
    pub since: Stamp,
    pub sha256: String,
    /// Since when it is out of use. It is kept while a document is not read anew without it, to tell which documents that touches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired: Option<Stamp>,
    pub text: String,
}

/// Why nothing was taken in, added or shown.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// The objects cannot be loaded.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// A name or account is none.
    #[error(transparent)]
    Admin(#[from] AdminError),
    /// The account cannot read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A partner gets pages, and only what can be said to it.
    #[error("`{0}` is a partner: stories are for people of this node")]
    Partner(String),
    /// There is no such list.
    #[error("there is no list `{0}`")]
    NoInput(String),
    /// A list is hidden from some who may read the document.
    #[error("the list `{0}` is for fewer than the document")]
    Narrower(String),
    /// A list was changed or removed while documents were read with it.
    #[error("the list `{0}` has changed meanwhile")]
    InputChanged(String),
    /// Texts state markings that the label does not cover.
    #[error("nothing was taken in: the label does not cover a marking in the text of {documents} document(s)")]
    Marked {
        /// How many.
        documents: usize,
        /// The markings: where, and why.
        found: Vec<String>,
    },
    /// Somebody would have to consent to the release of a list.
    #[error("the label of a list cannot ask for consents or addressees, which are given object by object")]
    Consents,
    /// No document was read under this id.
    #[error("no document was taken in as `{0}`")]
    NoDocument(String),
    /// Somebody read the document anew meanwhile.
    #[error("the document `{0}` was read anew meanwhile")]
    DocumentChanged(String),
    /// The bytes of a document were not handed in.
    #[error("the bytes of `{0}` are not there")]
    NoContent(String),
    /// The account sees no such report any more.
    #[error("what `{0}` may see has changed meanwhile")]
    Cut(String),
}

impl From<StoreError> for DocumentError {
    fn from(error: StoreError) -> Self {
        Self::Load(error.into())
    }
}

impl From<relto_store::BackendError> for DocumentError {
    fn from(error: relto_store::BackendError) -> Self {
        StoreError::from(error).into()
    }
}

impl From<LabelError> for DocumentError {
    fn from(error: LabelError) -> Self {
        Self::Load(error.into())
    }
}

/// Every document that is recorded, by the arrival of its report's row, in order.
pub(crate) fn documents(snapshot: &dyn Snapshot) -> Result<Vec<(Arrival, DocumentRecord)>, StoreError> {
    let mut documents = Vec::new();
    for (key, value) in snapshot.records(RecordKind::Document)? {
        let record = decode("document", &key, &value)?;
        documents.extend(key.parse().ok().map(|arrival| (Arrival(arrival), record)));
    }
    documents.sort_by_key(|(arrival, _)| *arrival);
    Ok(documents)
}

pub(crate) fn key(row: Arrival) -> String {
    part_key(row)
}

/// Under which key it stands what was read from a document.
fn kept_key(row: Arrival) -> String {
    format!("kept {}", row.0)
}

/// Under which key bytes stand.
pub(crate) fn raw_key(sha256: &str) -> String {
    format!("raw {sha256}")
}

/// Forgets the document of a row that goes, and its bytes and what models answered about them, unless they are another one's as well.
pub(crate) fn forget_document(writing: &mut Writing<'_>, row: Arrival) -> Result<(), StoreError> {
    let Some(stored) = writing.transaction.record(RecordKind::Document, &key(row))? else { return Ok(()) };
    let gone: DocumentRecord = decode("document", &key(row), &stored)?;
    writing.transaction.forget(RecordKind::Document, &key(row))?;
    writing.transaction.forget(RecordKind::Content, &kept_key(row))?;
    let left = documents(&*writing.transaction)?;
    let is_held = |sha256: &str| left.iter().any(|(_, other)| other.raw == sha256 || other.original.as_deref() == Some(sha256));
    for sha256 in std::iter::once(gone.raw.as_str()).chain(gone.original.as_deref()).filter(|sha256| !is_held(sha256)) {
        writing.transaction.forget(RecordKind::Content, &raw_key(sha256))?;
        forget_answers_on(writing, sha256)?;
    }
    inputs::forget_unused(writing)
}
