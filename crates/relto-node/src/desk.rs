//! The release desk: what somebody wants to publish, who would get it, and the second person who looks at it.
//!
//! A [`Draft`] is stored nowhere. What it would come to is found by carrying it out in a transaction that is dropped ([`carrying`]), with its
//! writer's eyes: what those may not see counts as absent. Whoever may not publish alone proposes; a proposal waits in the store, under the join
//! of all labels that it would bring ([`keeping`]), for a release officer of the same organisation ([`deciding`]). What partners have of what was
//! published is told from the record of releases ([`released`]). Why: `docs/decisions/0030`.

mod carrying;
mod deciding;
mod keeping;
mod matrix;
mod released;

use std::collections::BTreeMap;

use bytes::Bytes;
use relto_model::{ObjectId, Stamp};
use relto_policy::{BannerPart, LabelError};

use crate::error::StoreError;
use crate::explaining::Decision;
use crate::reading::ReadError;

pub use released::{DeskRelease, FetchState, PartnerStanding, ReleasedObject};

/// Bytes of a draft at most.
pub const DRAFT_BYTES_MAX: usize = 4 << 20;
/// Objects of a draft at most.
pub const DRAFT_OBJECTS_MAX: usize = 2_000;
/// Recipients that a matrix has a column for; further accounts are counted.
pub const DESK_RECIPIENTS_MAX: usize = 40;
/// Proposals of one organisation that may wait at once.
pub const PROPOSALS_MAX: usize = 20;

/// What somebody wants to publish.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// What the file is called.
    pub name: String,
    /// A bundle, an envelope, a list, a single object, or JSON lines.
    pub content: Bytes,
    /// Name or id of the collection that it is for.
    pub collection: String,
    /// The label of all of it as people write it, joined with each object's own markings.
    pub label: Option<String>,
    /// The labels of single objects in place of that.
    pub labels: BTreeMap<ObjectId, String>,
}

/// Why the desk does nothing.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// There is no such thing, or not for this account.
    #[error("there is no such thing for this account")]
    Absent,
    /// The file is no JSON of any form that is known.
    #[error("{0}")]
    Form(String),
    /// The file has too many objects.
    #[error("{0} objects are more than the {DRAFT_OBJECTS_MAX} that one draft may have")]
    TooMany(usize),
    /// A label cannot be read.
    #[error(transparent)]
    Label(#[from] LabelError),
    /// Some objects would be refused.
    #[error("some objects would be refused")]
    Refused,
    /// What would happen is no longer what was shown.
    #[error("what would happen is no longer what was shown")]
    Changed,
    /// A second person has to look at it.
    #[error("a second person has to look at it")]
    SecondPerson,
    /// No release officer of the organisation may see all of it and decide.
    #[error("no other release officer of the organisation may see all of it")]
    NobodyDecides,
    /// Too many proposals of the organisation wait.
    #[error("{PROPOSALS_MAX} proposals of the organisation wait already")]
    Full,
    /// Nothing is read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What publishing a draft would come to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeskMatrix {
    /// What the file is called.
    pub name: String,
    /// The collection: its name and its title.
    pub collection: (String, String),
    /// Whom the matrix has a column for: partners first. Whoever does not look after the node's own releases has one for itself alone.
    pub recipients: Vec<DeskRecipient>,
    /// How many accounts there are beside those.
    pub further: usize,
    /// Every label that an object would have.
    pub labels: Vec<DeskLabel>,
    /// Every object that would be there, as the file has them.
    pub objects: Vec<DeskObject>,
    /// What would be refused.
    pub refused: Vec<DeskRefusal>,
    /// Whether whoever looks may publish it: a release officer, where no second person has to look at it first.
    pub may_publish: bool,
    /// The banner of all that is in it.
    pub banner: Vec<BannerPart>,
    /// Stands for all that the matrix shows: what is published is what was looked at.
    pub digest: String,
}

/// Somebody who would get objects or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskRecipient {
    /// The name.
    pub name: String,
    /// The organisation.
    pub organisation: String,
    /// Whether it is a partner's node.
    pub is_partner: bool,
    /// Whether it is whoever looks.
    pub is_self: bool,
}

/// A label, and what follows from it for each recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskLabel {
    /// In words, for whom it is included; for whoever looks after the node's own releases.
    pub words: Option<String>,
    /// Its banner.
    pub banner: Vec<BannerPart>,
    /// How many objects would have it.
    pub objects: usize,
    /// One for each recipient.
    pub cells: Vec<DeskCell>,
    /// How many of the further accounts would get what carries it.
    pub further: usize,
}

/// What follows for one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskCell {
    /// What follows.
    pub decision: Decision,
    /// Every rule that is not met, and why; none when it is released.
    pub because: Vec<(String, String)>,
}

/// An object that would be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskObject {
    /// Its id.
    pub id: ObjectId,
    /// What it is called, if it is called anything.
    pub title: Option<String>,
    /// Its effective label: a place in [`DeskMatrix::labels`].
    pub label: usize,
    /// The label that it was given for itself, as it was written.
    pub given: Option<String>,
    /// Whether the very same is there already, as far as its writer may see that.
    pub is_present: bool,
    /// What its writer should know: markings that could not be read, a label that stays.
    pub notes: Vec<String>,
    /// What the label does not cover in its text.
    pub findings: Vec<DeskFinding>,
}

/// Something in a text that its label does not cover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskFinding {
    /// The text, as a JSON pointer into the object.
    pub pointer: String,
    /// What was found.
    pub what: String,
    /// The text itself.
    pub snippet: String,
    /// Why it is listed.
    pub why: String,
}

/// An object that would be refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskRefusal {
    /// Where in the file: a JSON pointer, or a line.
    pub place: String,
    /// The object, if it can be read so far.
    pub id: Option<ObjectId>,
    /// Why.
    pub why: String,
}

/// What the desk has for somebody.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Desk {
    /// Whether the account publishes, and decides on what others propose.
    pub is_officer: bool,
    /// The collections that it may write to: name and title.
    pub collections: Vec<(String, String)>,
    /// What waits for somebody to decide on it, oldest first.
    pub waiting: Vec<DeskEntry>,
    /// What was decided on, newest first.
    pub decided: Vec<DeskEntry>,
    /// The banner of all that is listed.
    pub banner: Vec<BannerPart>,
}

/// A proposal or a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskEntry {
    /// Its id.
    pub id: String,
    /// What the file was called.
    pub name: String,
    /// The name of the collection.
    pub collection: String,
    /// Whose it is.
    pub by: String,
    /// When it was proposed, or published where nobody proposed it.
    pub at: Stamp,
    /// How many objects it has.
    pub objects: usize,
    /// What became of it.
    pub stage: DeskStage,
    /// The banner of all that is in it.
    pub banner: Vec<BannerPart>,
    /// Whether it is the own one of whoever looks.
    pub is_own: bool,
    /// Whether whoever looks may decide on it.
    pub may_decide: bool,
}

/// What became of a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeskStage {
    /// Nothing yet.
    Waiting,
    /// It was published.
    Published {
        /// By whom.
        by: String,
        /// When.
        at: Stamp,
    },
    /// It was turned down, or taken back by whoever proposed it.
    Declined {
        /// By whom.
        by: String,
        /// When.
        at: Stamp,
        /// Why.
        reason: String,
    },
}
