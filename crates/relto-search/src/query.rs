//! Queries: what somebody writes, read into what is looked for.
//!
//! ```text
//! fancy bear            both words, in any order           "fancy bear"     in this order
//! bear OR eagle         either                             -eagle           without
//! (bear OR eagle) nest  in parentheses                     hack*            what begins so
//! name:bear             in one property                    confidence:85    figures, dates and truth values are found so alone
//! kind:report           of a type                          label:SECRET     whose label has these words
//! collection:intel      in a collection                    after:2026-05    with a date not before May; before:2026-05 is before it
//! indicator--UUID       an object, and what refers to it   id:, ref:        one of the two
//! ```

mod parse;
mod pieces;

use crate::words::Segmenter;
use relto_intake::chinese::script::Script;

pub(crate) use parse::parse;
pub(crate) use pieces::{Atom, Phrase};

/// Longest query, in characters.
pub(crate) const CHARS_MAX: usize = 2_000;
/// Most things that one query looks for.
pub(crate) const PARTS_MAX: usize = 64;
/// Deepest parentheses.
pub(crate) const DEPTH_MAX: usize = 16;

/// What is looked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Query {
    /// All of them.
    All(Vec<Query>),
    /// Any of them.
    Any(Vec<Query>),
    /// What does not fit.
    Not(Box<Query>),
    /// A piece of text.
    Text(Text),
    /// An object, and what refers to it.
    Id {
        /// The number of its id.
        number: u64,
        /// Whether it is itself meant.
        itself: bool,
        /// Whether what refers to it is meant.
        references: bool,
    },
    /// Of a type.
    Kind(String),
    /// In a collection, by its name.
    Collection(String),
    /// With these words in its label.
    Label(String),
    /// With a date not before this one, in microseconds.
    After(i64),
    /// With a date before this one.
    Before(i64),
}

/// A piece of text that is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    /// The property that is to hold it, if that matters.
    pub property: Option<String>,
    /// What it is.
    pub phrase: Phrase,
    /// Where it stands in what was written, as bytes, when it is a word by itself.
    pub written: Option<(usize, usize)>,
}

/// What queries are read with.
pub(crate) struct Reading<'r> {
    /// Simplified characters.
    pub script: &'r Script,
    /// Words of scripts without spaces.
    pub segmenter: &'r Segmenter,
}

impl Query {
    /// The pieces of text that are looked for, in order; what is to be absent is not among them.
    pub(crate) fn texts(&self) -> Vec<&Text> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::texts).collect(),
            Self::Text(text) => vec![text],
            _ => Vec::new(),
        }
    }
}
