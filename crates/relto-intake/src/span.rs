//! Two kinds of place, kept apart by type: [`RawSpan`] in the bytes that arrived, [`TextSpan`] in the text of one reading.
//!
//! Nothing outside this crate's readings should ever see a [`TextSpan`]: facts leave with raw spans (see [`crate::map`]).

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::ops::Range;

/// `[from, to)` in raw bytes; serialises as the pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RawSpan {
    /// First byte.
    pub from: usize,
    /// One past the last byte.
    pub to: usize,
}

/// `[from, to)` in bytes of the UTF-8 text of one reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextSpan {
    /// First byte.
    pub from: usize,
    /// One past the last byte.
    pub to: usize,
}

impl RawSpan {
    /// The span from `from` up to `to`.
    #[must_use]
    pub fn new(from: usize, to: usize) -> Self {
        Self { from, to }
    }
}

impl TextSpan {
    /// The span from `from` up to `to`.
    #[must_use]
    pub fn new(from: usize, to: usize) -> Self {
        Self { from, to }
    }

    /// For slicing.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.from..self.to
    }

    /// Whether no byte is in it.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.from >= self.to
    }

    /// Whether the two share a byte.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.from < other.to && other.from < self.to
    }

    /// Whether every byte of `other` is in it.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.from <= other.from && other.to <= self.to
    }
}

/// Spans that do not overlap, asked whether another one does; fast for texts with very many of them.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    ends: BTreeMap<usize, usize>,
}

impl Taken {
    /// Whether `span` shares a byte with one of them.
    #[must_use]
    pub fn overlaps(&self, span: TextSpan) -> bool {
        self.ends.range(..span.to).next_back().is_some_and(|(_, to)| *to > span.from)
    }

    /// Adds `span`, unless it overlaps; says whether it was added.
    pub fn take(&mut self, span: TextSpan) -> bool {
        let free = !span.is_empty() && !self.overlaps(span);
        if free {
            self.ends.insert(span.from, span.to);
        }
        free
    }
}

impl FromIterator<TextSpan> for Taken {
    fn from_iter<I: IntoIterator<Item = TextSpan>>(spans: I) -> Self {
        let mut taken = Self::default();
        spans.into_iter().for_each(|span| {
            taken.take(span);
        });
        taken
    }
}

impl Serialize for RawSpan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.from, self.to).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RawSpan {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <(usize, usize)>::deserialize(deserializer).map(|(from, to)| Self { from, to })
    }
}
