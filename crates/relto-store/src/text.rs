//! What a text index is to a store: it is told every row, and finds rows for one reader.
//!
//! An index is a copy of what the store holds, made for searching; it is never a source. It knows rows by their places alone: whoever is shown
//! one reads it through the gate ([`row_at`](crate::row_at)), with the label that the store says. Here is no index; `relto-search` has one.

use relto_gate::{Arrival, LabelId, ReleaseSet};
use relto_model::Stamp;
use serde::{Deserialize, Serialize};

use crate::backend::{BackendError, Snapshot};
use crate::entry::CollectionKey;
use crate::page::Audience;

/// Why nothing is found.
#[derive(Debug, thiserror::Error)]
pub enum TextError {
    /// The query cannot be understood.
    #[error("the query cannot be read at character {at}: {reason}")]
    Query {
        /// Where, counted in characters from one.
        at: usize,
        /// What is wrong there.
        reason: String,
    },
    /// Another process writes the index, and does not end.
    #[error("the search index is being written by another command, which does not end")]
    Busy,
    /// The index failed.
    #[error("the search index failed while {doing}")]
    Failed {
        /// What it was doing.
        doing: &'static str,
        /// Its own error.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] BackendError),
}

/// What an index is told from.
#[derive(Clone, Copy)]
pub struct Telling<'s> {
    /// The state that the index is to be a copy of.
    pub snapshot: &'s dyn Snapshot,
    /// Every collection of the node, in order.
    pub collections: &'s [CollectionKey],
    /// When the facts last changed: no row gets another label without that.
    pub facts: Stamp,
    /// Told how many rows have been taken in, and of how many.
    pub progress: &'s dyn Fn(u64, u64),
}

/// What one reader may be shown, and what it asked to be kept to.
#[derive(Clone, Copy)]
pub struct Scope<'s> {
    /// What the reader may see.
    pub release: &'s ReleaseSet,
    /// Whose writing is for the reader.
    pub audience: &'s Audience,
    /// The collections that the reader may read, with their names.
    pub collections: &'s [(CollectionKey, String)],
    /// Only objects of these types; empty means all.
    pub kinds: &'s [String],
    /// What the reader may know of a label under which it sees something.
    pub label_words: &'s dyn Fn(LabelId) -> String,
}

/// A row that fits a query and that its reader may see.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Its collection.
    pub collection: CollectionKey,
    /// Its place.
    pub arrival: Arrival,
    /// The label that the index was told of.
    pub label: LabelId,
    /// The type of the object.
    pub kind: std::sync::Arc<str>,
    /// Follows from the content, and is equal for equal content.
    pub content: u64,
    /// How well it fits; more is better.
    pub score: f64,
    /// Whether no other row of its object is held: then no other version can stand for it.
    pub is_alone: bool,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Found {
    /// The rows that fit best, best first. Rows of equal content are beside each other.
    pub candidates: Vec<Candidate>,
    /// Whether more rows fit than are told of.
    pub more: bool,
    /// The query with words that the reader's objects have instead of some that they have not; best first.
    pub instead: Vec<String>,
}

/// A piece of text of an object, and what fits in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excerpt {
    /// The name of the property.
    pub property: String,
    /// The piece.
    pub text: String,
    /// What fits, as bytes of `text`: first, and one past the last.
    pub marks: Vec<(usize, usize)>,
}

/// How far an index has come, for whoever keeps the store: it tells of every row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexProgress {
    /// The last event up to which every row is in it; the zeroth in one that is empty or half made.
    pub through: Arrival,
    /// How many rows it holds.
    pub rows: u64,
}

/// A text index.
pub trait TextIndex: Send + Sync {
    /// How far it has come; `None` when there is none yet.
    ///
    /// # Errors
    /// [`TextError::Failed`] when it cannot be read.
    fn progress(&self) -> Result<Option<IndexProgress>, TextError>;

    /// Brings the index to the state that `telling` is about. `None` when it is past it: whoever reads begins anew.
    ///
    /// # Errors
    /// [`TextError`] when the index or the store fails; the index is then as far as it came.
    fn as_of(&self, telling: &Telling<'_>) -> Result<Option<Box<dyn Finder>>, TextError>;
}

/// A text index that stands still.
pub trait Finder: Send + Sync {
    /// The rows within `scope` that fit `query`. Nothing in the answer depends on any other row: not order, scores, nor what is proposed instead.
    ///
    /// # Errors
    /// [`TextError`] when the query cannot be understood, or the index fails.
    fn find(&self, query: &str, scope: &Scope<'_>) -> Result<Found, TextError>;

    /// Where `query` fits in an object that its reader has been cleared for; at most `most` pieces, best first.
    ///
    /// # Errors
    /// [`TextError`] when the query cannot be understood.
    fn mark(&self, query: &str, body: &[u8], most: usize) -> Result<Vec<Excerpt>, TextError>;
}
