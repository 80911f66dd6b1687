//! What an object rests on: its raw spans, which edits touched them, and how sure that leaves it.
//!
//! | text | `reading` | `status` | `confidence` |
//! |---|---|---|---|
//! | as it arrived | raw | stated | 75 |
//! | edited | repaired | repaired | the lowest of its edits, at most 75 |
//! | with a word that the lexicon reads otherwise | lexicon | lexicon-read | at most 30 |
//! | with a place where something is missing | as above | as above | at most 30 |
//! | a relation of two names | as above | as above | at most 50 |
//! | proposed by a model | as above | inferred | at most 15 |
//! | put together from two facts that stand near each other | as above | inferred | at most 30 |

use crate::analysis::Analysis;
use crate::edit::Edit;
use crate::laundered;
use crate::span::RawSpan;
use serde::Serialize;
use std::collections::BTreeSet;

/// On text as it arrived: the document is one source, and not our own eyes.
const STATED: u8 = 75;
/// On a guess.
const DOUBTFUL: u8 = 30;

/// Which reading an object rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ReadBy {
    Raw,
    Repaired,
    Lexicon,
}

/// How an object is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Status {
    Stated,
    Repaired,
    LexiconRead,
    Inferred,
}

/// What one object rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ground {
    pub(super) spans: Vec<RawSpan>,
    pub(super) reading: ReadBy,
    pub(super) status: Status,
    pub(super) rules: BTreeSet<&'static str>,
    pub(super) confidence: u8,
    /// Whether a word that may say the opposite stands in it.
    pub(super) is_flagged: bool,
    /// Whether something is missing in it, or right beside it.
    pub(super) is_torn: bool,
}

/// Everything that was done to a document, ready to be asked about a place.
pub(super) struct Grounds<'g> {
    edits: Places<&'g Edit>,
    flags: Places<()>,
    gaps: Places<()>,
}

impl Ground {
    /// The same, and no surer than `confidence`.
    pub(super) fn at_most(self, confidence: u8) -> Self {
        Self { confidence: self.confidence.min(confidence), ..self }
    }
}

impl<'g> Grounds<'g> {
    pub(super) fn of(analysis: &'g Analysis) -> Self {
        let second = analysis.lexicon_reading.iter().flat_map(|reading| reading.edits()).filter(|edit| edit.rule == laundered::RULE);
        Self {
            edits: Places::new(analysis.edits.iter().chain(second).map(|edit| (edit.span, edit)).collect()),
            flags: Places::new(analysis.polarity_flags.iter().map(|flag| (flag.span, ())).collect()),
            gaps: Places::new(analysis.gaps.iter().map(|gap| (gap.span, ())).collect()),
        }
    }

    /// What rests on `span`.
    pub(super) fn at(&self, span: RawSpan) -> Ground {
        let edits: Vec<&Edit> = self.edits.inside(span).copied().collect();
        let lowest = edits.iter().map(|edit| edit.confidence.as_hundredths()).min();
        let rules: BTreeSet<&'static str> = edits.iter().map(|edit| edit.rule.0).collect();
        let (is_flagged, is_torn) = (self.flags.touching(span), self.gaps.touching(span));
        let is_reread = is_flagged || rules.contains(laundered::RULE.0);
        let (reading, status) = match () {
            () if is_reread => (ReadBy::Lexicon, Status::LexiconRead),
            () if edits.is_empty() => (ReadBy::Raw, Status::Stated),
            () => (ReadBy::Repaired, Status::Repaired),
        };
        let most = if is_reread || is_torn { DOUBTFUL } else { STATED };
        let confidence = lowest.unwrap_or(STATED).min(most);
        Ground { spans: vec![span], reading, status, rules, confidence, is_flagged, is_torn }
    }

    /// Whether what stands in `span` may be asserted as what the document says.
    pub(super) fn is_sound(&self, span: RawSpan) -> bool {
        !self.flags.touching(span) && !self.gaps.touching(span)
    }

    /// What rests on each of `spans` alone: as sure as the surest.
    pub(super) fn any_of(&self, spans: impl Iterator<Item = RawSpan>) -> Option<Ground> {
        let grounds: Vec<Ground> = spans.map(|span| self.at(span)).collect();
        let spans = grounds.iter().flat_map(|ground| ground.spans.iter().copied()).collect();
        let surest = grounds.into_iter().min_by_key(|ground| (ground.status, std::cmp::Reverse(ground.confidence)))?;
        Some(Ground { spans, ..surest })
    }
}

impl Ground {
    /// The same, as what `rule` put forward and nobody has looked at.
    pub(super) fn proposed_by(mut self, rule: &'static str, confidence: u8) -> Self {
        self.rules.insert(rule);
        self.status = Status::Inferred;
        self.at_most(confidence)
    }

    /// The same with `span` beside it, as a guess.
    pub(super) fn inferred_with(mut self, span: RawSpan) -> Self {
        self.spans.push(span);
        self.status = Status::Inferred;
        self.confidence = self.confidence.min(DOUBTFUL);
        self
    }
}

/// What the report rests on.
pub(super) fn whole(analysis: &Analysis) -> Ground {
    let rules: BTreeSet<&'static str> = analysis.edits.iter().map(|edit| edit.rule.0).collect();
    let (reading, status) = if rules.is_empty() { (ReadBy::Raw, Status::Stated) } else { (ReadBy::Repaired, Status::Repaired) };
    let spans = vec![RawSpan::new(0, analysis.raw.bytes().len())];
    Ground { spans, reading, status, rules, confidence: STATED, is_flagged: false, is_torn: false }
}

/// Spans with what belongs to them, asked which of them lie in another; fast where few are nested.
struct Places<T> {
    items: Vec<(RawSpan, T)>,
    /// The furthest end up to each item.
    furthest: Vec<usize>,
}

impl<T> Places<T> {
    fn new(mut items: Vec<(RawSpan, T)>) -> Self {
        items.sort_by_key(|(span, _)| *span);
        let mut end = 0;
        let furthest = items.iter().map(|(span, _)| {
            end = end.max(span.to);
            end
        });
        Self { furthest: furthest.collect(), items }
    }

    /// Those that share a byte with `span`, and the empty ones between two of its bytes.
    fn inside(&self, span: RawSpan) -> impl Iterator<Item = &T> {
        let here = self.near(span).filter(move |(item, _)| item.from < span.to && span.from < item.to);
        here.map(|(_, what)| what)
    }

    /// Whether one of them lies in `span` or right beside it.
    fn touching(&self, span: RawSpan) -> bool {
        self.near(span).any(|(item, _)| item.from <= span.to && span.from <= item.to)
    }

    /// Those that start before the end of `span`, backwards for as long as one may reach its start.
    fn near(&self, span: RawSpan) -> impl Iterator<Item = &(RawSpan, T)> {
        let count = self.items.partition_point(|(item, _)| item.from <= span.to);
        let before = self.items.iter().zip(&self.furthest).take(count).rev();
        before.take_while(move |(_, furthest)| span.from <= **furthest).map(|(item, _)| item)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_by_what_they_touch() {
        let spans = [(0, 40), (5, 5), (10, 12), (20, 20), (30, 35)];
        let places = Places::new(spans.iter().map(|(from, to)| (RawSpan::new(*from, *to), (*from, *to))).collect());
        let inside = |from, to| places.inside(RawSpan::new(from, to)).copied().collect::<Vec<_>>();
        assert_eq!(inside(11, 25), [(20, 20), (10, 12), (0, 40)]);
        assert_eq!(inside(12, 20), [(0, 40)], "what only touches is not inside");
        assert!(places.touching(RawSpan::new(40, 44)));
        assert!(!places.touching(RawSpan::new(41, 44)));
    }
}
