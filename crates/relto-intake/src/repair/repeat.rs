//! One text several times in one document: copies are found, vote on each other's doubtful places, and the later ones go.
//!
//! Only whole copies count; a sentence said twice is the author's. A copy that is a stranger in more than a tenth is none.

use super::align::{Alignment, align};
use super::gap::Gap;
use crate::edit::{Confidence, Rule};
use crate::reading::{Change, Reading};
use crate::span::{RawSpan, TextSpan};
use std::collections::BTreeMap;

/// The rule that takes out later copies.
pub const REPEAT: Rule = Rule("repeated-text");
/// The rule by which one copy mends another.
pub const VOTE: Rule = Rule("copy-vote");

/// A document shorter than this has no copies worth looking for.
const CHARACTERS_MIN: usize = 160;
/// Stretches of the first part that are looked for further on.
const ANCHORS: usize = 24;
const ANCHOR_CHARACTERS: usize = 20;
/// Where anchors are taken: the first so many hundredths, so that three copies are found as well as two.
const ANCHOR_PERCENT: usize = 32;
/// How many in a hundred anchors must come again, and characters agree.
const RECURRING_PERCENT: usize = 60;
const AGREEING_PERCENT: usize = 90;
/// How far a copy may start from where its anchor says.
const START_SLACK: usize = 24;

/// The copies of a text, the first one first; none where a text stands once.
#[derive(Debug, Default)]
pub struct Copies {
    others: Vec<Copy>,
}

#[derive(Debug)]
struct Copy {
    span: TextSpan,
    differences: Vec<(TextSpan, TextSpan)>,
}

/// Characters with their places.
struct Text {
    chars: Vec<char>,
    places: Vec<usize>,
}

impl Text {
    fn new(text: &str) -> Self {
        let (mut places, chars): (Vec<usize>, Vec<char>) = text.char_indices().unzip();
        places.push(text.len());
        Self { chars, places }
    }

    fn span(&self, from: usize, to: usize) -> TextSpan {
        let place = |at: usize| self.places.get(at).or(self.places.last()).copied().unwrap_or(0);
        TextSpan::new(place(from), place(to))
    }

    fn slice(&self, from: usize, to: usize) -> &[char] {
        self.chars.get(from..to.min(self.chars.len())).unwrap_or_default()
    }
}

impl Copies {
    /// Looks for copies in `text`.
    #[must_use]
    pub fn find(text: &str) -> Self {
        let whole = Text::new(text);
        let starts = starts(&whole, text);
        let Some(second) = starts.first().copied() else { return Self::default() };
        let first = whole.slice(0, second);
        let mut copies = Self { others: Vec::new() };
        for start in starts {
            let alignment = align(first, whole.slice(start, whole.chars.len()));
            if alignment.agreeing * 100 >= first.len() * AGREEING_PERCENT {
                copies.others.push(copy(&whole, start, &alignment));
            }
        }
        if copies.others.is_empty() { Self::default() } else { copies }
    }

    /// How often the text stands in the document.
    #[must_use]
    pub fn count(&self) -> usize {
        1 + self.others.len()
    }

    /// Takes out all but the first.
    #[must_use]
    pub fn removal(&self) -> Vec<Change> {
        let removal = |copy: &Copy| Change { span: copy.span, to: String::new(), rule: REPEAT, confidence: Confidence::hundredths(99) };
        self.others.iter().map(removal).collect()
    }

    /// Mends doubtful places of one copy from another that has none there; three and more copies also outvote one.
    #[must_use]
    pub fn votes(&self, reading: &Reading, gaps: &[Gap]) -> Vec<Change> {
        let doubts = Doubts::new(reading, gaps);
        let mut votes = BTreeMap::new();
        for (ours, theirs) in self.others.iter().flat_map(|copy| &copy.differences) {
            let (from, to) = match (doubts.touch(reading, *ours), doubts.touch(reading, *theirs)) {
                (true, false) => (*ours, *theirs),
                (false, true) => (*theirs, *ours),
                _ => continue,
            };
            votes.entry(from).or_insert_with(|| reading.slice(to).to_owned());
        }
        for (ours, theirs) in self.outvoted(reading) {
            votes.entry(ours).or_insert(theirs);
        }
        disjoint(votes.into_iter().map(|(span, to)| Change { span, to, rule: VOTE, confidence: Confidence::hundredths(97) }).collect())
    }

    /// Places of the first copy where more than half of all copies have one and the same other text.
    fn outvoted(&self, reading: &Reading) -> BTreeMap<TextSpan, String> {
        let mut ballots: BTreeMap<(TextSpan, &str), usize> = BTreeMap::new();
        for (ours, theirs) in self.others.iter().flat_map(|copy| &copy.differences) {
            *ballots.entry((*ours, reading.slice(*theirs))).or_default() += 1;
        }
        let wins = |(_, votes): &(_, usize)| votes * 2 > self.count();
        ballots.into_iter().filter(wins).map(|((span, text), _)| (span, text.to_owned())).collect()
    }
}

/// Raw places that rest on a guess.
struct Doubts {
    spans: Vec<RawSpan>,
}

impl Doubts {
    fn new(reading: &Reading, gaps: &[Gap]) -> Self {
        let guesses = reading.edits().iter().filter(|edit| edit.confidence < Confidence::hundredths(90)).map(|edit| edit.span);
        Self { spans: gaps.iter().map(|gap| gap.span).chain(guesses).collect() }
    }

    fn touch(&self, reading: &Reading, span: TextSpan) -> bool {
        let raw = reading.raw(span);
        self.spans.iter().any(|doubt| doubt.from <= raw.to && raw.from <= doubt.to)
    }
}

/// Without the later of two that overlap.
fn disjoint(changes: Vec<Change>) -> Vec<Change> {
    let mut kept: Vec<Change> = Vec::new();
    for change in changes {
        if kept.last().is_none_or(|last| last.span.to <= change.span.from) {
            kept.push(change);
        }
    }
    kept
}

fn copy(whole: &Text, start: usize, alignment: &Alignment) -> Copy {
    let place = |difference: &super::align::Difference| {
        let (ours, theirs) = (&difference.first, &difference.second);
        (whole.span(ours.start, ours.end), whole.span(start + theirs.start, start + theirs.end))
    };
    Copy { span: whole.span(start, start + alignment.second_end), differences: alignment.differences.iter().map(place).collect() }
}

/// Where copies after the first start, as characters.
fn starts(whole: &Text, text: &str) -> Vec<usize> {
    let length = whole.chars.len();
    if length < CHARACTERS_MIN {
        return Vec::new();
    }
    let anchors: Vec<(usize, Vec<usize>)> =
        (0..ANCHORS).filter_map(|k| anchor(whole, text, k * length * ANCHOR_PERCENT / 100 / ANCHORS)).collect();
    let recurring = anchors.iter().filter(|(_, places)| !places.is_empty()).count();
    if recurring * 100 < ANCHORS * RECURRING_PERCENT {
        return Vec::new();
    }
    let mut periods: Vec<usize> = anchors.iter().filter_map(|(at, places)| places.first().map(|place| place - at)).collect();
    periods.sort_unstable();
    let period = periods.get(periods.len() / 2).copied().unwrap_or(length);
    if period < CHARACTERS_MIN / 2 {
        return Vec::new();
    }
    let regular = |at: usize, places: &[usize]| {
        let steps = std::iter::once(&at).chain(places).zip(places).map(|(a, b)| b - a);
        !places.is_empty() && steps.into_iter().all(|step| step.abs_diff(period) <= START_SLACK + period / 50)
    };
    let Some((at, places)) = anchors.iter().find(|(at, places)| regular(*at, places)) else { return Vec::new() };
    places.iter().map(|place| start_near(whole, place - at)).collect()
}

/// The stretch at character `at`, and the characters where it comes again.
fn anchor(whole: &Text, text: &str, at: usize) -> Option<(usize, Vec<usize>)> {
    let span = whole.span(at, at + ANCHOR_CHARACTERS);
    let needle = text.get(span.range())?;
    let rest = text.get(span.to..)?;
    let character = |byte: usize| whole.places.partition_point(|place| *place < byte);
    Some((at, rest.match_indices(needle).map(|(byte, _)| character(span.to + byte)).collect()))
}

/// The place nearest to `guess` where the text begins as it did at first.
fn start_near(whole: &Text, guess: usize) -> usize {
    let head = whole.slice(0, 6);
    let begins = |at: &usize| whole.slice(*at, at + head.len()) == head;
    let near = (0..START_SLACK).flat_map(|off| [guess.checked_sub(off), Some(guess + off)]);
    near.flatten().find(begins).unwrap_or(guess)
}
