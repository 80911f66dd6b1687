//! A reading: one text of a document, the map back to its raw bytes, and the edits that made it.
//!
//! Readings are never changed. [`Reading::apply`] makes the next one beside the old, so every stage can be shown and undone.
//! What is right to edit is decided elsewhere (see [`crate::repair`] and [`crate::laundered`]).

use crate::edit::{Confidence, Edit, Rule};
use crate::map::{SpanMap, Splice};
use crate::span::{RawSpan, TextSpan};

/// One text of a document.
// INVARIANT: the map covers the text byte for byte.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    text: String,
    map: SpanMap,
    edits: Vec<Edit>,
}

/// An edit as proposed: in places of the reading it is to be applied to.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What is replaced; empty for a pure insertion.
    pub span: TextSpan,
    /// What stands there afterwards.
    pub to: String,
    /// Why.
    pub rule: Rule,
    /// How sure.
    pub confidence: Confidence,
}

/// Why changes cannot be applied together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// The change starts before the one in front of it ends.
    #[error("two changes overlap at byte {0} of the text")]
    Overlap(usize),
    /// No such place, or one inside a character.
    #[error("a change from byte {from} to {to} does not fit a text of {text_bytes} bytes")]
    Place {
        /// Start of the change.
        from: usize,
        /// End of the change.
        to: usize,
        /// Length of the text.
        text_bytes: usize,
    },
}

impl Reading {
    /// A reading straight from decoding.
    pub(crate) fn decoded(text: String, map: SpanMap) -> Self {
        Self { text, map, edits: Vec::new() }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where the text rests in the raw bytes.
    #[must_use]
    pub fn map(&self) -> &SpanMap {
        &self.map
    }

    /// The raw bytes that `span` rests on.
    #[must_use]
    pub fn raw(&self, span: TextSpan) -> RawSpan {
        self.map.raw(span)
    }

    /// What the raw bytes of `span` say in this reading: of the first one, the quote that a fact's span reproduces.
    #[must_use]
    pub fn quote(&self, span: RawSpan) -> &str {
        self.slice(self.map.text(span))
    }

    /// Every edit since decoding, in the order of the stages that made them.
    #[must_use]
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// The text of `span`; empty where there is no such place.
    #[must_use]
    pub fn slice(&self, span: TextSpan) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// This reading, then `sign` for whatever stands between them, then `other`, which rests on the same bytes further on; without edits.
    pub(crate) fn followed_by(&self, sign: &str, other: &Self) -> Self {
        let text = [self.text(), sign, other.text()].concat();
        Self::decoded(text, self.map.followed_by(sign.len(), &other.map))
    }

    /// The reading in which all `changes` have been made; this one stays as it is. Order of `changes` does not matter.
    ///
    /// # Errors
    /// [`ApplyError`] when changes overlap or do not fit the text; then nothing is made.
    pub fn apply(&self, mut changes: Vec<Change>) -> Result<Self, ApplyError> {
        changes.sort_by_key(|change| change.span);
        let mut text = String::with_capacity(self.text.len());
        let mut edits = self.edits.clone();
        let mut at = 0;
        for change in &changes {
            let replaced = self.replaced(at, change.span)?;
            text.push_str(self.text.get(at..change.span.from).unwrap_or_default());
            text.push_str(&change.to);
            at = change.span.to;
            edits.push(Edit {
                rule: change.rule,
                span: self.raw(change.span),
                from: replaced.to_owned(),
                to: change.to.clone(),
                confidence: change.confidence,
            });
        }
        text.push_str(self.text.get(at..).unwrap_or_default());
        let splices: Vec<Splice> = changes.iter().map(|change| Splice { span: change.span, inserted_bytes: change.to.len() }).collect();
        Ok(Self { text, map: self.map.spliced(&splices), edits })
    }

    fn replaced(&self, at: usize, span: TextSpan) -> Result<&str, ApplyError> {
        if span.from < at {
            return Err(ApplyError::Overlap(span.from));
        }
        let place = ApplyError::Place { from: span.from, to: span.to, text_bytes: self.text.len() };
        self.text.get(span.range()).ok_or(place)
    }
}
