//! What a language model may add to a document: proposals, each of which must stand in the text.
//!
//! No model is asked here, and none has to be. This is what such a model is sent, what is taken of its answer, and what becomes of
//! that; whoever has sockets asks it. The rules read the document as ever, and what they say is untouched: [`crate::stix::bundle_with`]
//! adds notes beside it, and takes nothing away.
//!
//! ```text
//!  Analysis --> pieces --> request --> (a model) --> answer --> parts, each of a known form --> judged --> Proposed --> notes
//!               of the     closed                    sizes      or refused                      against the text
//!               repaired   lists,                    bounded                                    and what the rules read
//!               text       one piece
//! ```
//!
//! A text is data. What in it gives orders to a model can bring about nothing but proposals, and those are judged as any: the quote
//! stands in the piece that was sent, its names stand in the quote as whole words, types and predicates are those that we have, dates
//! and numbers have their digits in the quote. What the rules have read already is not said twice. Nothing that is proposed is ever stated:
//! it is inferred, of low confidence, bears the model's name, and is in doubt where the rules read the sentence as denied, planned or
//! the like. A piece is of one document, and nothing else goes along with it: no list of names, nothing that a store holds.
//!
//! Whether a piece may be sent at all is not decided here.

mod answer;
mod judge;
mod request;

pub use answer::{ANSWER_BYTES_MAX, Answer, AnswerError, PROPOSALS_MAX, content_of};
pub use judge::{Judged, judge};
pub use request::{PIECE_BYTES_MAX, PIECES_MAX, Pieces, Request, pieces, request};

use crate::gazetteer::EntityType;
use crate::relations::Status;
use crate::span::RawSpan;
use serde::Serialize;
use std::collections::BTreeSet;

/// Who proposes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposer {
    /// What the endpoint is called here.
    pub name: String,
    /// The model, as the endpoint calls it.
    pub model: String,
}

/// A proposal that stands in the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposed {
    /// What is proposed.
    pub what: Claim,
    /// The quote, in the bytes that arrived.
    pub span: RawSpan,
    /// How the rules read the words of the quote, where they do not read them as stated.
    pub doubts: BTreeSet<Status>,
}

/// What a proposal says.
#[derive(Clone, Debug, PartialEq)]
pub enum Claim {
    /// That something is named.
    Entity {
        /// Its name, as it stands in the quote.
        name: String,
        /// What it is.
        kind: EntityType,
    },
    /// That something is said of two names.
    Relation {
        /// Of whom.
        subject: String,
        /// What.
        predicate: &'static str,
        /// With or to whom.
        object: String,
    },
    /// That something is dated.
    DatedFact {
        /// When, as `YYYY[-MM[-DD]]`, or two of these with `/` between.
        date: String,
        /// The words that say so.
        words: String,
    },
    /// That something is counted or measured.
    Figure {
        /// How much.
        value: f64,
        /// Of what.
        unit: &'static str,
        /// The words that say so.
        words: String,
        /// What is measured, in words of the quote; may be empty.
        meaning: String,
    },
}

/// Why a proposal is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// It is not of the form that was asked for, or has a type that we do not have.
    Form,
    /// It is longer than anything that somebody would look through.
    TooLong,
    /// Its quote does not stand in the text that was sent.
    NoSuchQuote,
    /// Its quote stands there more than once, and it does not say which is meant.
    Ambiguous,
    /// Its quote begins or ends inside what stands for other bytes of the document.
    NotExact,
    /// Words that it rests on do not stand in its quote, or only as a part of others.
    NotInQuote,
    /// The rules have read it already.
    Known,
    /// Both ends of its relation are one, or are of a kind that the relation does not have.
    Ends,
    /// Its date is none, or its year does not stand in the quote.
    Date,
    /// Its number is not the one in the words that it gives.
    Number,
}

impl Refusal {
    /// Every reason, with what people are told.
    pub const ALL: [(Self, &'static str); 10] = [
        (Self::Form, "not of the form that was asked for"),
        (Self::TooLong, "too long"),
        (Self::NoSuchQuote, "the quote does not stand in the text"),
        (Self::Ambiguous, "the quote stands in the text more than once"),
        (Self::NotExact, "the quote cuts through a repair"),
        (Self::NotInQuote, "its words do not stand in the quote"),
        (Self::Known, "the rules have read it already"),
        (Self::Ends, "the relation cannot have these ends"),
        (Self::Date, "no date, or not the one in the quote"),
        (Self::Number, "not the number in the quote"),
    ];

    /// What people are told.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        Self::ALL.iter().find(|(reason, _)| *reason == self).map_or("", |(_, words)| words)
    }
}

#[cfg(test)]
mod tests;
