//! Who and what a text speaks of: names of the gazetteer, names that brackets explain, titles in their marks, and names that
//! say what they are (`Ministry of …`, `Director Jane Doe`).
//!
//! A name that may mean several things is kept as such, with the candidates: people decide. Short forms (`the Agency`) mean the nearest
//! name that they may stand for, and a capital that acts means its government. A name that neither list nor shape explains is not found.

mod bodies;
mod brackets;
mod capitals;
mod compounds;
mod forms;
mod german;
mod han;
mod heads;
mod letters;
mod nouns;
mod proper;
mod shapes;
mod short;

use crate::chinese::Chinese;
use crate::chinese::script::NormalForm;
use crate::chinese::words::Segment;
use crate::dates::ShapeError;
use crate::gazetteer::{EntityType, Gazetteer, Named};
use crate::span::TextSpan;
use std::collections::BTreeMap;

pub use brackets::Incomplete;

/// Han names shorter than this must be words of their own.
const WORD_CHARACTERS_MAX: usize = 3;

/// So many different names of a document are looked for wherever else they stand.
const NAMES_AGAIN_MAX: usize = 2_000;

/// What a mention means.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Meaning {
    /// One thing.
    One(Named),
    /// One of these, by the name that stands there.
    Ambiguous(String, Vec<Named>),
}

/// A name in a text, in places of the normal form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where.
    pub span: TextSpan,
    /// What it means.
    pub meaning: Meaning,
}

/// The rules, compiled once.
#[derive(Debug)]
pub struct Entities {
    shapes: shapes::Shapes,
    brackets: brackets::Brackets,
    proper: proper::Proper,
    bodies: bodies::Bodies,
}

/// What the rules look at.
pub(crate) struct Document<'d> {
    pub(crate) text: &'d str,
    pub(crate) segments: &'d [Segment<'d>],
    pub(crate) gazetteer: &'d Gazetteer,
}

/// Everything found in a document.
#[derive(Debug, Default)]
pub struct Names {
    /// In order, apart from each other.
    pub found: Vec<Found>,
    /// Names from which characters seem to be missing.
    pub incomplete: Vec<Incomplete>,
}

impl Entities {
    /// Compiles the rules.
    ///
    /// # Errors
    /// [`ShapeError`] when one does not compile.
    pub fn new() -> Result<Self, ShapeError> {
        Ok(Self {
            shapes: shapes::Shapes::new()?,
            brackets: brackets::Brackets::new()?,
            proper: proper::Proper::new()?,
            bodies: bodies::Bodies::new()?,
        })
    }

    /// Every name in `normal`, in which `dates` stand.
    #[must_use]
    pub fn find(&self, normal: &NormalForm, chinese: &Chinese, gazetteer: &Gazetteer, dates: &[TextSpan]) -> Names {
        let segments = chinese.words.segments(normal.text());
        let document = Document { text: normal.text(), segments: &segments, gazetteer };
        let (mut explained, incomplete) = self.brackets.find(&document);
        let mut shaped = self.shapes.find(&document);
        shaped.extend(self.bodies.find(&document));
        let listed = capitals::acting(&document, self.proper.outside_quotes(&document, listed(&document)));
        explained.extend(titles_win(acronyms(&document, &explained), &listed));
        explained.extend(han::pairs(&document));
        let bodies = titles_win(han::bodies(&document), &listed);
        let mut found = disjoint(vec![explained, titles_win(shaped, &listed), bodies, listed]);
        let proper = self.proper.find(&document, &found, dates);
        found = disjoint(vec![found, proper]);
        numbered(&document, &mut found);
        let again = again(&document, &found);
        found = disjoint(vec![found, again]);
        let short = han::short_forms(&document, &found);
        found = disjoint(vec![found, short]);
        // What is longer is no name, whichever rule found it.
        found.retain(|name| name.span.to - name.span.from <= proper::NAME_BYTES_MAX);
        Names { found, incomplete }
    }
}

/// `REPMUS 23`, `Übung Nordlicht 2025`: the year right behind an exercise is a part of its name.
fn numbered(document: &Document<'_>, found: &mut [Found]) {
    for name in found {
        let is_event = matches!(&name.meaning, Meaning::One(named) if named.kind == EntityType::Event);
        let behind = document.text.get(name.span.to..).unwrap_or_default();
        let digits: String = behind.strip_prefix(' ').unwrap_or_default().chars().take_while(char::is_ascii_digit).collect();
        let goes_on = behind
            .get(digits.len() + 1..)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '%')) && !rest.starts_with(". "));
        let is_year = matches!(digits.parse::<u32>(), Ok(15..=39 | 2015..=2039));
        if is_event && is_year && !goes_on {
            name.span.to += digits.len() + 1;
        }
    }
}

/// Names of the gazetteer.
fn listed(document: &Document<'_>) -> Vec<Found> {
    let mentions = document.gazetteer.mentions(document.text).into_iter().filter(|mention| is_word(document, mention.span));
    mentions
        .filter_map(|mention| Some(Found { span: mention.span, meaning: meaning(document, mention.span, &mention.meanings)? }))
        .collect()
}

fn meaning(document: &Document<'_>, span: TextSpan, meanings: &crate::gazetteer::Meanings) -> Option<Meaning> {
    let mut named: Vec<Named> = meanings.iter().filter_map(|id| document.gazetteer.entry(*id)).cloned().collect();
    named.sort();
    match named.len() {
        0 | 1 => named.pop().map(Meaning::One),
        _ => Some(Meaning::Ambiguous(document.text.get(span.range())?.to_owned(), named)),
    }
}

/// Short Han names count only where the segmentation ends at both their ends.
fn is_word(document: &Document<'_>, span: TextSpan) -> bool {
    let name = document.text.get(span.range()).unwrap_or_default();
    if !name.starts_with(crate::chinese::script::is_han) || name.chars().count() > WORD_CHARACTERS_MAX {
        return true;
    }
    let segments = document.segments;
    let starts = segments.binary_search_by_key(&span.from, |segment| segment.from).is_ok();
    let ends = segments.binary_search_by_key(&span.to, |segment| segment.to).is_ok();
    // The list of words may not know the name: then its single characters are segments, which is as good.
    starts && ends
}

/// Acronyms that brackets explained, wherever else they stand.
fn acronyms(document: &Document<'_>, explained: &[Found]) -> Vec<Found> {
    let short: BTreeMap<&str, &Meaning> = explained
        .iter()
        .filter_map(|found| Some((document.text.get(found.span.range())?, &found.meaning)))
        .filter(|(text, _)| text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '&' | '-' | ' ')) && text.len() > 1)
        .collect();
    let mut found = Vec::new();
    for (acronym, meaning) in short.into_iter().take(NAMES_AGAIN_MAX) {
        for (at, _) in document.text.match_indices(acronym) {
            let span = TextSpan::new(at, at + acronym.len());
            if is_apart(document.text, span) {
                found.push(Found { span, meaning: meaning.clone() });
            }
        }
    }
    found
}

/// Whether no letter or digit touches `span`.
fn is_apart(text: &str, span: TextSpan) -> bool {
    let touches = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let before = text.get(..span.from).and_then(|before| before.chars().next_back());
    let after = text.get(span.to..).and_then(|after| after.chars().next());
    !touches(before) && !touches(after)
}

/// Han names that a rule found once, wherever else they stand.
fn again(document: &Document<'_>, found: &[Found]) -> Vec<Found> {
    let names: BTreeMap<&str, &Meaning> = found
        .iter()
        .filter_map(|found| Some((document.text.get(found.span.range())?, &found.meaning)))
        .filter(|(name, meaning)| {
            let is_person = matches!(meaning, Meaning::One(named) if named.kind == EntityType::Person);
            name.chars().count() > if is_person { 1 } else { 2 } && name.chars().all(crate::chinese::script::is_han)
        })
        .collect();
    let places = |(name, meaning): (&str, &Meaning)| -> Vec<Found> {
        let place = |(at, _): (usize, &str)| Found { span: TextSpan::new(at, at + name.len()), meaning: meaning.clone() };
        document.text.match_indices(name).map(place).collect()
    };
    names.into_iter().take(NAMES_AGAIN_MAX).flat_map(places).collect()
}

/// A shaped name that is exactly a listed one takes the list's meaning; one inside a longer listed name goes.
fn titles_win(shaped: Vec<Found>, listed: &[Found]) -> Vec<Found> {
    let meanings: BTreeMap<TextSpan, &Meaning> = listed.iter().map(|other| (other.span, &other.meaning)).collect();
    let meaning = |found: &Found| meanings.get(&found.span).map(|meaning| (*meaning).clone());
    let ends: BTreeMap<usize, usize> = listed.iter().map(|other| (other.span.to, other.span.from)).collect();
    let before = |span: TextSpan| listed.partition_point(|other| other.span.from <= span.from).checked_sub(1).and_then(|at| listed.get(at));
    let is_part = |found: &Found| before(found.span).is_some_and(|other| other.span != found.span && other.span.contains(found.span));
    // `KI-Verordnung der EU`: two listed names with a small word between.
    let is_both = |found: &Found| {
        let inside = |other: &&Found| found.span.contains(other.span);
        let first = before(found.span).filter(inside).filter(|other| other.span.from == found.span.from && other.span.to < found.span.to);
        let is_text = |other: &Found| matches!(&other.meaning, Meaning::One(named) if named.kind == EntityType::Document);
        first.is_some_and(is_text) && ends.get(&found.span.to).is_some_and(|from| *from > found.span.from)
    };
    let shaped = shaped.into_iter().filter(|found| !is_part(found) && !is_both(found));
    shaped.map(|found| Found { meaning: meaning(&found).unwrap_or(found.meaning), span: found.span }).collect()
}

/// All of `ranks` without overlaps: what explains more, then what is longer, wins; the rest goes.
fn disjoint(ranks: Vec<Vec<Found>>) -> Vec<Found> {
    let mut kept: BTreeMap<usize, Found> = BTreeMap::new();
    for rank in ranks {
        let mut rank = rank;
        rank.sort_by_key(|found| std::cmp::Reverse(found.span.to - found.span.from));
        for found in rank {
            let before = kept.range(..found.span.to).next_back();
            if before.is_none_or(|(_, other)| !other.span.overlaps(found.span)) {
                kept.insert(found.span.from, found);
            }
        }
    }
    kept.into_values().collect()
}

/// A name by itself.
pub(crate) fn named(name: &str, kind: EntityType) -> Meaning {
    Meaning::One(Named { name: name.to_owned(), kind })
}
