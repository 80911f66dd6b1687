//! Taking objects in: judged against what their writer may see, labelled, stored in one transaction.
//!
//! The effective label of an object is fixed here: its own markings, the label it is given, and the labels of everything it refers to, as
//! far as its writer may see that. References within one batch count whatever their order. What the writer may not see counts as
//! absent: neither the label nor the answer tells of it.

mod batch;
mod definitions;
mod judge;
mod parts;
mod status;

use std::sync::Arc;

use relto_gate::LabelId;
use relto_model::object::Object;
use relto_model::{Label, ObjectId, Stamp};
use relto_policy::Terms;
use relto_policy::law::Consent;
use serde::{Deserialize, Serialize};

use crate::admin::AdminError;
use crate::error::StoreError;
use crate::labels::read_label;
use crate::node::{Node, Writing};
use crate::reading::CollectionView;
use crate::records::CollectionRecord;
use crate::session::{Session, account_of};

pub use status::{Attempt, PostError, Posted};

pub(crate) use batch::latest;
pub(crate) use definitions::{Carried, Definitions, carry, definitions};
pub(crate) use judge::Eyes;

/// The version that an object counts as when it carries no time at all (TAXII 2.1, section 3.4.1: a value consistent to the server).
pub const TIMELESS_VERSION: &str = "1970-01-01T00:00:00.000Z";

/// What became of one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is stored.
    Added,
    /// The very same was there already; nothing changed.
    Present,
    /// It was not stored, and why.
    Refused(String),
    /// It was not stored, and is not to be kept elsewhere either: it is outside the terms on which this node takes in from its writer. In words.
    NotAgreed(String),
}

/// The receipt for one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Its id.
    pub id: ObjectId,
    /// Its version, as it writes it.
    pub version: String,
    /// What became of it.
    pub outcome: Outcome,
    /// What its owner should know: markings that could not be read, synonyms.
    pub notes: Vec<String>,
}

/// The stored outcome of a post, for its poster alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StatusRecord {
    pub account: String,
    pub at: Stamp,
    pub body: String,
}

/// How a batch is labelled.
#[derive(Debug, Clone, Default)]
pub(crate) struct Labelling {
    /// Joined with each object's own markings.
    pub given: Option<Label>,
    /// When the labels were made; the batch's stamp when absent.
    pub made: Option<Stamp>,
    /// To whom what is TLP:RED goes, as far as nothing that it refers to goes to fewer.
    pub addressees: Vec<Consent>,
    /// The organisation that a partner delivered it to, if one did: TLP:AMBER is for it, and what cannot be read is refused.
    pub delivered_to: Option<String>,
    /// On which terms anything is taken in.
    pub accepts: Terms,
}

/// Who writes.
pub(crate) struct Author<'w> {
    pub organisation: String,
    pub eyes: &'w mut Eyes,
}

/// Who is told what becomes of a batch.
pub(crate) struct Told<'t> {
    /// What became of each object, in order.
    pub receipt: &'t mut dyn FnMut(Receipt),
    /// The effective label of each that is there now, in no order, once all are settled.
    pub label: &'t mut dyn FnMut(&ObjectId, LabelId),
}

/// Stores `objects` in `collection`, and tells what became of each. `definitions` are the marking-definitions among them.
///
/// # Errors
/// [`StoreError`] when the store fails.
pub(crate) fn take_in(
    writing: &mut Writing<'_>,
    author: Author<'_>,
    collection: &CollectionRecord,
    labelling: &Labelling,
    definitions: &Definitions,
    objects: &mut dyn Iterator<Item = Object>,
    told: Told<'_>,
) -> Result<(), StoreError> {
    let mut batch = batch::IncomingBatch::new(writing, author, collection, labelling, definitions)?;
    for object in objects {
        (told.receipt)(batch.add(&object)?);
    }
    batch.settle_labels()?;
    batch.each_label(told.label);
    batch.carry_definitions()
}

/// The version that an object counts as.
pub(crate) fn version_of(object: &Object) -> &str {
    object.version().map_or(TIMELESS_VERSION, relto_model::Timestamp::as_str)
}

impl Node {
    /// The label that `text` means for an object without owner or collection yet; for checking before anything is done.
    ///
    /// # Errors
    /// [`AdminError`] when the text is not a label, or the store fails.
    pub fn check_label(&self, text: &str) -> Result<Label, AdminError> {
        let (facts, snapshot) = self.settled()?;
        let context = relto_policy::LabelContext { made: self.now(), owner: facts.directory.node.organisation.clone(), collection: None };
        Ok(read_label(&facts, &*snapshot, text, &context)??)
    }

    /// `label` in words.
    #[must_use]
    pub fn label_in_words(&self, label: &Label) -> String {
        relto_policy::display(label, &self.facts().gate.rules().policies)
    }

    /// What a reader must meet to get what carries `label`, rule by rule in words, groups of nations with their members of today.
    #[must_use]
    pub fn label_rules(&self, label: &Label) -> Vec<String> {
        relto_policy::text::rules_in_words(label, self.facts().gate.rules(), self.now())
    }
}

/// The collection that `session`'s account may write to, judged on the facts of this transaction: they can have changed since the request
/// began. What is hidden now is absent.
fn writable(
    writing: &Writing<'_>,
    session: &Session,
    view: &CollectionView,
) -> Result<(CollectionRecord, std::sync::Arc<crate::facts::Account>), PostError> {
    let account = account_of(&writing.before, session).ok_or(PostError::NotWritable)?;
    let release = writing.before.gate.release(&account.name, &account.profile);
    let is_there =
        |record: &&Arc<CollectionRecord>| release.permits(record.label) && (account.reads(record) || account.brings_into(record));
    let record = writing.before.directory.collection_of(view.access.key).filter(is_there).ok_or(PostError::Absent)?;
    if !account.record.role.writes() || !record.can_write || !account.brings_into(record) {
        return Err(PostError::NotWritable);
    }
    Ok((record.as_ref().clone(), account))
}
