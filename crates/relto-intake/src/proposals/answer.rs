//! What is taken of a model's answer: its proposals, each of the form that was asked for.
//!
//! An endpoint is a stranger. What it sends is bounded before it comes here, and again here; errors say where and what is wrong, and repeat
//! nothing of it.

use super::Refusal;
use crate::gazetteer::EntityType;
use serde::Deserialize;
use serde_json::Value;

/// Bytes of an answer at most, its envelope included.
pub const ANSWER_BYTES_MAX: usize = 256 << 10;
/// Proposals of one answer at most; one that has more is taken for none.
pub const PROPOSALS_MAX: usize = 64;
/// Characters of a quote at most.
pub(super) const QUOTE_CHARACTERS_MAX: usize = 600;
/// Characters of any other text at most.
const WORDS_CHARACTERS_MAX: usize = 200;

/// Why an answer is taken for none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// Longer than an answer can be.
    #[error("the answer has more than {ANSWER_BYTES_MAX} bytes")]
    TooLong,
    /// No chat completion.
    #[error("the answer is no chat completion (line {line}, column {column}): is the address that of an OpenAI-compatible endpoint?")]
    NotACompletion {
        /// From 1; 0 where nothing is known.
        line: usize,
        /// From 1; 0 where nothing is known.
        column: usize,
    },
    /// The model stopped before the end.
    #[error("the model stopped before its answer was whole")]
    CutShort,
    /// The model would not.
    #[error("the model refused to answer")]
    Declined,
    /// Not the JSON that was asked for.
    #[error("what the model wrote is not the JSON that was asked for (line {line}, column {column})")]
    NotProposals {
        /// From 1; 0 where nothing is known.
        line: usize,
        /// From 1; 0 where nothing is known.
        column: usize,
    },
    /// More than anybody would look through.
    #[error("the model proposes {0} things of one piece, and {PROPOSALS_MAX} are taken at most")]
    TooMany(usize),
}

/// The proposals of one answer, in order; those that are not of the form are refused one by one.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub(super) parts: Vec<Result<Proposal, Refusal>>,
}

/// A proposal as a model writes it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Proposal {
    Entity {
        quote: String,
        occurrence: Option<usize>,
        name: String,
        #[serde(rename = "type")]
        kind: EntityType,
    },
    Relation {
        quote: String,
        occurrence: Option<usize>,
        subject: String,
        predicate: String,
        object: String,
    },
    DatedFact {
        quote: String,
        occurrence: Option<usize>,
        date: String,
        words: String,
    },
    Figure {
        quote: String,
        occurrence: Option<usize>,
        value: f64,
        unit: String,
        words: String,
        meaning: String,
    },
}

/// The whole of what was asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    proposals: Vec<Value>,
}

/// What is read of a chat completion: endpoints add much to it.
#[derive(Deserialize)]
struct Completion {
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    message: Message,
    #[serde(default)]
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    content: Option<String>,
    #[serde(default)]
    refusal: Option<String>,
}

/// What the model wrote, out of the chat completion in `body`.
///
/// # Errors
/// [`AnswerError`] when it is none, was cut short, or the model declined.
pub fn content_of(body: &[u8]) -> Result<String, AnswerError> {
    if body.len() > ANSWER_BYTES_MAX {
        return Err(AnswerError::TooLong);
    }
    let completion: Completion =
        serde_json::from_slice(body).map_err(|error| AnswerError::NotACompletion { line: error.line(), column: error.column() })?;
    let choice = completion.choices.into_iter().next().ok_or(AnswerError::NotACompletion { line: 0, column: 0 })?;
    if choice.message.refusal.is_some() {
        return Err(AnswerError::Declined);
    }
    if choice.finish_reason.is_some_and(|reason| reason != "stop") {
        return Err(AnswerError::CutShort);
    }
    choice.message.content.ok_or(AnswerError::NotACompletion { line: 0, column: 0 })
}

impl Answer {
    /// Reads what a model wrote.
    ///
    /// # Errors
    /// [`AnswerError`] when it is not a list of proposals, or one that is too long.
    pub fn read(content: &str) -> Result<Self, AnswerError> {
        if content.len() > ANSWER_BYTES_MAX {
            return Err(AnswerError::TooLong);
        }
        let written: Written =
            serde_json::from_str(content).map_err(|error| AnswerError::NotProposals { line: error.line(), column: error.column() })?;
        if written.proposals.len() > PROPOSALS_MAX {
            return Err(AnswerError::TooMany(written.proposals.len()));
        }
        Ok(Self { parts: written.proposals.into_iter().map(proposal).collect() })
    }
}

fn proposal(value: Value) -> Result<Proposal, Refusal> {
    let proposal: Proposal = serde_json::from_value(value).map_err(|_| Refusal::Form)?;
    let is_long = |text: &&str| text.chars().count() > WORDS_CHARACTERS_MAX;
    if proposal.quote().chars().count() > QUOTE_CHARACTERS_MAX || proposal.words().iter().any(is_long) {
        return Err(Refusal::TooLong);
    }
    Ok(proposal)
}

impl Proposal {
    pub(super) fn quote(&self) -> &str {
        match self {
            Self::Entity { quote, .. } | Self::Relation { quote, .. } | Self::DatedFact { quote, .. } | Self::Figure { quote, .. } => quote,
        }
    }

    /// Which of the places where the quote stands, from 1.
    pub(super) fn occurrence(&self) -> Option<usize> {
        match self {
            Self::Entity { occurrence, .. }
            | Self::Relation { occurrence, .. }
            | Self::DatedFact { occurrence, .. }
            | Self::Figure { occurrence, .. } => *occurrence,
        }
    }

    /// Every text of it beside the quote.
    fn words(&self) -> Vec<&str> {
        match self {
            Self::Entity { name, .. } => vec![name],
            Self::Relation { subject, predicate, object, .. } => vec![subject, predicate, object],
            Self::DatedFact { date, words, .. } => vec![date, words],
            Self::Figure { unit, words, meaning, .. } => vec![unit, words, meaning],
        }
    }
}
