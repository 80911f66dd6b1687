//! Laundered text: rewritten word by word so that copies are not recognised, at the price of its meaning.
//!
//! A lexicon that users own says which word may stand for which, and where that turns a claim around (合作 "cooperation" written
//! for 竞争 "competition"). It gives a second reading beside the first and never replaces it. Only a document that shows
//! several words which no author writes is taken to be laundered; in any other, the same words mean what they say.
//!
//! Words are matched as segments (see [`crate::chinese::words`]), never as parts of others. How a lexicon is learnt from pairs of
//! texts is in [`learn`]; how copies are compared beneath it, where nothing is asserted, in [`level`].

pub mod learn;
pub mod level;
mod words;

use crate::chinese::Chinese;
use crate::chinese::words::Segment;
use crate::edit::{Confidence, Rule};
use crate::reading::{Change, Reading};
use crate::span::{RawSpan, TextSpan};
use rustc_hash::FxHashMap as HashMap;
use serde::Serialize;
use std::collections::BTreeSet;

/// The rule of the second reading.
pub const RULE: Rule = Rule("lexicon");
/// How sure a lexicon alone can be.
const CONFIDENCE: Confidence = Confidence::hundredths(60);
/// So many different telling words make a document laundered.
const TELLING_MIN: usize = 3;

/// What the lexicon knows of one word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What the author may have written, the likeliest first.
    pub candidates: Vec<String>,
    /// Whether a candidate says the opposite of the word.
    pub inverted: bool,
    /// Whether no author writes the word, so that it tells a laundered text.
    pub telling: bool,
}

/// Words in simplified characters with what they may stand for.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    entries: HashMap<String, Entry>,
}

/// A word on which the polarity of a claim depends: what is built on it is never asserted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PolarityFlag {
    /// Where.
    pub span: RawSpan,
    /// The word as it stands.
    pub word: String,
    /// The relation that rests on it, if one was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relation: Option<String>,
    /// The sentence of that relation.
    #[serde(skip)]
    pub sentence: Option<RawSpan>,
}

/// A word of the lexicon found in a reading.
#[derive(Clone, Copy, Debug)]
pub struct Hit<'l> {
    /// Where in the reading.
    pub span: TextSpan,
    /// What the lexicon says.
    pub entry: &'l Entry,
}

impl Lexicon {
    /// Reads lines of word, tab, candidates apart by `|`, and optionally tab and the remarks `inverted` and `telling`.
    /// Lines that start with `#` say something about the file.
    #[must_use]
    pub fn parse(table: &str) -> Self {
        let entry = |line: &str| {
            let mut fields = line.split('\t');
            let word = fields.next().filter(|word| !word.is_empty())?;
            let candidates = fields.next()?.split('|').map(str::to_owned).collect();
            let remarks = fields.next().unwrap_or_default();
            Some((word.to_owned(), Entry { candidates, inverted: remarks.contains("inverted"), telling: remarks.contains("telling") }))
        };
        Self { entries: table.lines().filter(|line| !line.starts_with('#')).filter_map(entry).collect() }
    }

    /// Adds a line of a list of words; any other adds nothing.
    pub(crate) fn add_listed(&mut self, listed: &crate::lists::Entry) {
        if let crate::lists::Entry::Word { word, candidates, remarks } = listed {
            let (inverted, telling) = (remarks.contains("inverted"), remarks.contains("telling"));
            self.entries.insert(word.clone(), Entry { candidates: candidates.clone(), inverted, telling });
        }
    }

    /// Every word, in code point order.
    #[must_use]
    pub fn words(&self) -> BTreeSet<&str> {
        self.entries.keys().map(String::as_str).collect()
    }

    /// The entry of `word`.
    #[must_use]
    pub fn entry(&self, word: &str) -> Option<&Entry> {
        self.entries.get(word)
    }

    /// The lexicon's words in `reading`, if it is laundered; none otherwise.
    #[must_use]
    pub fn hits(&self, reading: &Reading, chinese: &Chinese) -> Vec<Hit<'_>> {
        let normal = chinese.script.normal_form(reading.text());
        let segments = chinese.words.segments(normal.text());
        let known =
            |segment: &Segment<'_>| self.entries.get(segment.word).map(|entry| (normal.original_span(segment.from, segment.to), entry));
        let telling: BTreeSet<&str> = segments
            .iter()
            .filter(|segment| self.entry(segment.word).is_some_and(|entry| entry.telling))
            .map(|segment| segment.word)
            .collect();
        if telling.len() < TELLING_MIN {
            return Vec::new();
        }
        segments.iter().filter_map(known).map(|(span, entry)| Hit { span, entry }).collect()
    }
}

/// The second reading: every hit in its likeliest candidate, in simplified characters.
#[must_use]
pub fn changes(hits: &[Hit<'_>]) -> Vec<Change> {
    let change =
        |hit: &Hit<'_>| Some(Change { span: hit.span, to: hit.entry.candidates.first()?.clone(), rule: RULE, confidence: CONFIDENCE });
    hits.iter().filter_map(change).collect()
}

/// The hits that may say the opposite of what was meant.
#[must_use]
pub fn flags(reading: &Reading, hits: &[Hit<'_>]) -> Vec<PolarityFlag> {
    let inverted = hits.iter().filter(|hit| hit.entry.inverted);
    let flag = |hit: &Hit<'_>| {
        let word = reading.slice(hit.span).to_owned();
        PolarityFlag { span: reading.raw(hit.span), word, relation: None, sentence: None }
    };
    inverted.map(flag).collect()
}
