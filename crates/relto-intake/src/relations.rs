//! What a sentence says of two named things: a small grammar of a subject, a cue and an object in one clause.
//!
//! A relation is stated, denied, planned or attributed, by small words near the cue; it is never more than what the document
//! says. Pronouns are not followed, a subject is not carried into the next sentence, and of nested clauses the nearest names
//! count, so some relations are missed and some are read between the wrong two.

mod cues;

use crate::chinese::words::Segment;
use crate::entities::{Found, Meaning};
use crate::gazetteer::EntityType;
use crate::span::TextSpan;
use crate::text::sentences;
use cues::{ATTRIBUTED, DENIED, INSIDE, JOINING, PASSIVE_BEHIND, PLANNED, PREDICATES, Predicate};
use serde::Serialize;

/// How far, in bytes, a name may stand from the cue.
const REACH_BYTES: usize = 140;

/// How a relation is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// As a fact.
    Stated,
    /// As not so.
    Denied,
    /// As something to come.
    Planned,
    /// As what somebody says.
    Attributed,
}

/// A relation in places of the text that was searched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// Of whom.
    pub subject: String,
    /// What.
    pub predicate: &'static str,
    /// With or to whom.
    pub object: String,
    /// From the first of the words it rests on to the last.
    pub span: TextSpan,
    /// The word that says it.
    pub cue: TextSpan,
    /// How.
    pub status: Status,
}

/// Every relation in `text` (in simplified characters), whose names are `names` and whose Chinese words are `segments`, in order.
#[must_use]
pub fn find(text: &str, names: &[Found], segments: &[Segment<'_>]) -> Vec<Read> {
    let mut found = Vec::new();
    for sentence in sentences(text) {
        let clause = Sentence::new(text, sentence, names);
        for predicate in &PREDICATES {
            for cue in clause.cues(predicate).into_iter().filter(|cue| is_word(text, *cue, segments)) {
                clause.read(predicate, cue, &mut found);
            }
        }
        clause.places(&mut found);
    }
    found.sort_by(|a, b| (a.span, a.predicate, &a.subject, &a.object).cmp(&(b.span, b.predicate, &b.subject, &b.object)));
    found.dedup_by(|a, b| a.subject == b.subject && a.predicate == b.predicate && a.object == b.object);
    found
}

/// Names that stand together (`France, Germany and Italy`), as one end of a relation.
#[derive(Clone, Debug)]
struct Group {
    span: TextSpan,
    members: Vec<(String, EntityType)>,
}

struct Sentence<'t> {
    text: &'t str,
    lower: String,
    span: TextSpan,
    groups: Vec<Group>,
}

impl<'t> Sentence<'t> {
    fn new(text: &'t str, span: TextSpan, names: &[Found]) -> Self {
        let inside = crate::analysis::within(names, span).iter().filter(|name| span.contains(name.span));
        let mut groups: Vec<Group> = Vec::new();
        for name in inside {
            let (label, kind) = end(&name.meaning);
            let between = groups.last().and_then(|last| text.get(last.span.to..name.span.from)).unwrap_or("—");
            match groups.last_mut() {
                Some(last) if is_explained(between) && text.get(name.span.to..).is_some_and(|rest| rest.starts_with([')', '）'])) => {
                    last.span.to = name.span.to;
                }
                Some(last) if is_joined(between) && last.members.iter().all(|(_, other)| *other == kind) => {
                    last.span.to = name.span.to;
                    last.members.push((label, kind));
                }
                _ => groups.push(Group { span: name.span, members: vec![(label, kind)] }),
            }
        }
        Self { text, lower: lowered(text.get(span.range()).unwrap_or_default()), span, groups }
    }

    /// Where a cue of `predicate` stands outside of names.
    fn cues(&self, predicate: &Predicate) -> Vec<TextSpan> {
        let mut spans = Vec::new();
        for cue in predicate.cues.split('|') {
            let cue = cue.replace('_', " ");
            for (at, _) in self.lower.match_indices(cue.as_str()) {
                let span = TextSpan::new(self.span.from + at, self.span.from + at + cue.trim_end().len());
                let starts = self
                    .lower
                    .get(..at)
                    .and_then(|before| before.chars().next_back())
                    .is_none_or(|c| !c.is_alphabetic() || crate::chinese::script::is_han(c));
                if starts && !self.groups.iter().any(|group| group.span.overlaps(span)) {
                    spans.push(span);
                }
            }
        }
        spans.sort();
        spans
    }

    fn read(&self, predicate: &Predicate, cue: TextSpan, found: &mut Vec<Read>) {
        let Some((subject, object)) = self.ends(predicate, cue) else { return };
        let span = TextSpan::new(subject.span.from.min(object.span.from).min(cue.from), subject.span.to.max(object.span.to).max(cue.to));
        if self.is_torn(&subject, &object, cue) {
            return;
        }
        let status = self.status(cue, span);
        for (subject, kind) in &subject.members {
            for (object, object_kind) in &object.members {
                let name = if matches!(object_kind, EntityType::Organisation | EntityType::Instrument) && self.is_joining(cue) {
                    "member-of"
                } else {
                    predicate.name
                };
                if subject != object && allows(predicate.subject, *kind) && allows(predicate.object, *object_kind) {
                    found.push(Read { subject: subject.clone(), predicate: name, object: object.clone(), span, cue, status });
                }
            }
        }
    }

    /// Whether clauses lie between: in Chinese a comma between cue and object, or two before the cue; elsewhere a semicolon.
    fn is_torn(&self, subject: &Group, object: &Group, cue: TextSpan) -> bool {
        let between = |from: usize, to: usize| self.text.get(from..to).unwrap_or_default();
        let (first, last) = if subject.span.from < object.span.from { (subject, object) } else { (object, subject) };
        let ahead = between(cue.to, last.span.from);
        let behind = between(first.span.to, cue.from);
        ahead.contains(['，', ';', '；']) || behind.matches('，').count() > 1 || behind.contains([';', '；'])
    }

    fn is_joining(&self, cue: TextSpan) -> bool {
        let here = self.lower.get(cue.from - self.span.from..).unwrap_or_default();
        JOINING.split('|').any(|begins| here.starts_with(begins))
    }

    /// The two ends of a relation: around the cue, both before it, or swapped where the cue is passive or the kinds say so.
    fn ends(&self, predicate: &Predicate, cue: TextSpan) -> Option<(Group, Group)> {
        let before: Vec<&Group> =
            self.groups.iter().filter(|group| group.span.to <= cue.from && cue.from - group.span.to <= REACH_BYTES).collect();
        let after = self.groups.iter().find(|group| group.span.from >= cue.to && group.span.from - cue.to <= REACH_BYTES);
        let last = before.last().copied();
        if predicate.mutual
            && let Some((first, rest)) = last.filter(|group| group.members.len() > 1).and_then(|group| group.members.split_first())
        {
            let span = last?.span;
            return Some((Group { span, members: vec![first.clone()] }, Group { span, members: rest.to_vec() }));
        }
        let earlier = before.len().checked_sub(2).and_then(|at| before.get(at)).copied();
        if let (Some(first), Some(second)) = (earlier, last)
            && let Some(order) = self.both_before(first, second)
        {
            return Some(if order { (first.clone(), second.clone()) } else { (second.clone(), first.clone()) });
        }
        let (subject, object) = match (last, after, earlier) {
            (Some(last), Some(after), _) => (last.clone(), after.clone()),
            // German puts the verb last.
            (Some(last), None, Some(earlier)) => (earlier.clone(), last.clone()),
            _ => return None,
        };
        let fits = |a: &Group, b: &Group| kinds_fit(predicate, a) && kinds_fit_object(predicate, b);
        let swap = self.is_passive(cue) || (!fits(&subject, &object) && fits(&object, &subject));
        Some(if swap { (object, subject) } else { (subject, object) })
    }

    /// Chinese puts both ends before the verb: `甲向乙供应`, and the other way round `甲由乙出资`.
    fn both_before(&self, first: &Group, second: &Group) -> Option<bool> {
        let between = self.text.get(first.span.to..second.span.from)?;
        let ends = |words: &[&str]| words.iter().any(|word| between.ends_with(word));
        if ends(&["由", "被"]) {
            return Some(false);
        }
        ends(&["向", "对", "与", "同", "为", "把", "将", "给", "是"]).then_some(true)
    }

    /// Whether `by` stands right behind the cue's word.
    fn is_passive(&self, cue: TextSpan) -> bool {
        let behind = self.lower.get(cue.to - self.span.from..).unwrap_or_default();
        let mut words = behind.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
        let rest_of_cue = behind.starts_with(char::is_alphabetic);
        let next = if rest_of_cue { words.nth(1) } else { words.next() };
        next.is_some_and(|word| PASSIVE_BEHIND.contains(&word))
    }

    fn status(&self, cue: TextSpan, span: TextSpan) -> Status {
        let part = |from: usize, to: usize| self.lower.get(from - self.span.from..to - self.span.from).unwrap_or_default();
        let near = part(span.from.min(cue.from), cue.to);
        let behind = part(cue.to, self.span.to);
        let behind: String = behind.chars().take(12).collect();
        let whole = self.lower.as_str();
        if DENIED.iter().any(|word| has_word(near, word)) || ["nicht", " pas ", "kein"].iter().any(|word| behind.contains(word)) {
            Status::Denied
        } else if PLANNED.iter().any(|word| has_word(near, word)) {
            Status::Planned
        } else if ATTRIBUTED.iter().any(|word| has_word(whole, word)) {
            Status::Attributed
        } else {
            Status::Stated
        }
    }

    /// A body or place right before the place it is in.
    fn places(&self, found: &mut Vec<Read>) {
        for (first, second) in self.groups.iter().zip(self.groups.iter().skip(1)) {
            let between = self.text.get(first.span.to..second.span.from).unwrap_or_default();
            let (Some((subject, kind)), Some((object, EntityType::Place))) = (first.members.last(), second.members.first()) else {
                continue;
            };
            // After a comma a body may be followed by another subject; only `town, country` is sure.
            let sure = between != ", " || *kind == EntityType::Place;
            let inside = sure && INSIDE.contains(&between) && matches!(kind, EntityType::Organisation | EntityType::Place);
            let listed = between == ", " && (first.members.len() > 1 || second.members.len() > 1);
            if inside && !listed && subject != object {
                let span = TextSpan::new(first.span.from, second.span.to);
                let (subject, object) = (subject.clone(), object.clone());
                found.push(Read { subject, predicate: "located-in", object, span, cue: span, status: Status::Stated });
            }
        }
    }
}

/// Whether a Chinese cue is a word of its own: 供应 "supply" is no part of 供应链 "supply chain".
fn is_word(text: &str, cue: TextSpan, segments: &[Segment<'_>]) -> bool {
    let han = text.get(cue.range()).is_some_and(|cue| cue.starts_with(crate::chinese::script::is_han));
    let starts = || segments.binary_search_by_key(&cue.from, |segment| segment.from).is_ok();
    let ends = || segments.binary_search_by_key(&cue.to, |segment| segment.to).is_ok();
    !han || (starts() && ends())
}

/// Lower case of the same length, so that places hold; letters whose lower case is longer or shorter stay.
fn lowered(text: &str) -> String {
    let lower = |c: char| {
        let mut lower = c.to_lowercase();
        lower.next().filter(|small| lower.len() == 0 && small.len_utf8() == c.len_utf8()).unwrap_or(c)
    };
    text.chars().map(lower).collect()
}

fn end(meaning: &Meaning) -> (String, EntityType) {
    match meaning {
        Meaning::One(named) => (named.name.clone(), named.kind),
        Meaning::Ambiguous(name, candidates) => (name.clone(), candidates.first().map_or(EntityType::Organisation, |first| first.kind)),
    }
}

fn is_explained(between: &str) -> bool {
    matches!(between.trim(), "(" | "（" | "”(" | "》(")
}

/// Only a comma or a word for "and" between two names.
fn is_joined(between: &str) -> bool {
    const JOINS: [&str; 24] = [
        ",", "and", "und", "et", "и", "і", "й", "та", "и в", "、", "和", "与", "及", "以及", ", and", "and the", "et la", "et le",
        "und die", ", the", ", la", "or", "oder", "ou",
    ];
    JOINS.contains(&between.trim())
}

fn allows(kinds: &[EntityType], kind: EntityType) -> bool {
    kinds.is_empty() || kinds.contains(&kind)
}

fn kinds_fit(predicate: &Predicate, group: &Group) -> bool {
    group.members.iter().any(|(_, kind)| allows(predicate.subject, *kind))
}

fn kinds_fit_object(predicate: &Predicate, group: &Group) -> bool {
    group.members.iter().any(|(_, kind)| allows(predicate.object, *kind))
}

/// Whether a word of `text` begins with `word`; the shortest words must be whole.
fn has_word(text: &str, word: &str) -> bool {
    let spaced = !word.starts_with(crate::chinese::script::is_han);
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|after| after.chars().next());
        let starts = word == "n't" || before.is_none_or(|c| !c.is_alphabetic());
        let whole =
            word.chars().count() > 3 || after.is_none_or(|c| !c.is_alphabetic()) || word.ends_with(['\'', '’', ' ']) || word == "n't";
        !spaced || (starts && whole)
    })
}
