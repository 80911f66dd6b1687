//! What a sentence says of two named things: a grammar of words, clauses, cues and ends, and how it is said.
//!
//! ```text
//!  sentence --> words --> clauses --> cues --> ends --> status
//!               names     hang on,    signs    who      what the words around
//!               are one   are quoted           whom     the cue make of it
//! ```
//!
//! A relation is never more than what the document says, and is stated only where nothing around its cue speaks against it ([`Status`]).
//! Pronouns are followed only to the nearest name that fits, so some relations are missed; some are read between the wrong two.

mod clauses;
mod cues;
mod ends;
mod groups;
mod operators;
mod predicates;
mod pronouns;
mod status;
mod words;

pub(crate) use predicates::Predicate;
pub use status::Status;

use crate::chinese::words::Segment;
use crate::dates::{Tense, tense};
use crate::entities::Found;
use crate::gazetteer::EntityType;
use crate::span::TextSpan;
use crate::text::sentences;
use clauses::Parts;
use cues::{Cue, Cues};
use ends::{Group, Search, allows};
use groups::{bare, groups};
use operators::{Effect, Operators};
use status::{Form, Reader};
use std::collections::BTreeSet;
use words::Kind;

/// Between a body or place and the place it is in.
const INSIDE: [&str; 25] = [
    " de ",
    ", de ",
    " in ",
    ", ",
    " (",
    " à ",
    " en ",
    " в ",
    " у ",
    " во ",
    " у місті ",
    " в городе ",
    " near ",
    " bei ",
    " of ",
    ", in ",
    ", à ",
    " im ",
    " aus ",
    " из ",
    " із ",
    " з ",
    " from ",
    " au ",
    ", au ",
];
/// Between a place and the body in it.
const HOLDING: [&str; 1] = ["的"];
/// Of a state or a part of it they say membership, of anything else that it is a part.
const BELONGING: &str = "belong belongs belonged входит входят входить входять gehört gehören gehörte appartient appartiennent";

/// So many sentences back a pronoun is followed.
const EARLIER_SENTENCES_MAX: usize = 3;

/// Beside an office: somebody stands in for it, or held it once.
const DEPUTIES: &str = "deputy vice assistant stellvertretende stellvertretender stellvertretenden vize adjoint adjointe заместитель заместителя заступник заступниця 副";
const FORMER: &str = "former ex late ehemalige ehemaliger ehemaligen früherer frühere früheren ancien ancienne бывший бывшая бывшего экс колишній колишня колишнього 前 前任 原";

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

/// The grammar, made once.
#[derive(Debug)]
pub struct Relations {
    cues: Cues,
    operators: Operators,
}

impl Default for Relations {
    fn default() -> Self {
        Self { cues: Cues::new(), operators: Operators::new() }
    }
}

/// What the grammar reads: a text in simplified characters, and what was found in it, each in order.
#[derive(Clone, Copy, Debug)]
pub struct Document<'d> {
    /// The text.
    pub text: &'d str,
    /// Its names.
    pub names: &'d [Found],
    /// Its dates, none of them in a name.
    pub dates: &'d [TextSpan],
    /// For each date, whether it is still to come for the author.
    pub ahead: &'d [bool],
    /// Its figures, none of them in a name or date.
    pub figures: &'d [TextSpan],
    /// Its Chinese words.
    pub segments: &'d [Segment<'d>],
}

/// What a text says, and how.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// Its relations, in order. What is said more than once in the same way is there once.
    pub relations: Vec<Read>,
    /// How each date is said.
    pub dates: Vec<Status>,
    /// How each figure is said.
    pub figures: Vec<Status>,
}

/// The names of all relations.
pub fn predicates() -> impl Iterator<Item = &'static str> {
    predicates::PREDICATES.iter().map(|predicate| predicate.name)
}

/// The relation called `name`.
pub(crate) fn predicate(name: &str) -> Option<&'static Predicate> {
    predicates::PREDICATES.iter().find(|predicate| predicate.name == name)
}

impl Relations {
    /// How the words at `places` are said, in a text whose names are not known: in order, for places that begin in a sentence.
    pub(crate) fn statuses(&self, text: &str, segments: &[Segment<'_>], places: &[TextSpan]) -> Vec<Status> {
        self.find(&Document { text, names: &[], dates: &[], ahead: &[], figures: places, segments }).figures
    }

    /// Every relation in `document`, and how its dates and figures are said.
    #[must_use]
    pub fn find(&self, document: &Document<'_>) -> Said {
        let mut said = Said::default();
        let (mut is_open, mut end) = (false, 0);
        let mut earlier: Vec<Vec<Group>> = Vec::new();
        for span in sentences(document.text) {
            // Speech ends with its paragraph, however it is marked.
            is_open &= !document.text.get(end..span.from).unwrap_or_default().contains('\n');
            end = span.to;
            let sentence = Sentence::new(document, span, is_open);
            is_open = sentence.parts.is_open;
            sentence.read(self, document, &earlier, &mut said);
            if !sentence.groups.is_empty() {
                earlier.push(sentence.groups);
                earlier.drain(..earlier.len().saturating_sub(EARLIER_SENTENCES_MAX));
            }
        }
        let found = &mut said.relations;
        found.sort_by(|a, b| (a.span, a.predicate, &a.subject, &a.object).cmp(&(b.span, b.predicate, &b.subject, &b.object)));
        let mut known = BTreeSet::new();
        found.retain(|read| known.insert((read.subject.clone(), read.predicate, read.object.clone(), read.status)));
        // What stands between sentences is said by none.
        said.dates.resize(document.dates.len(), Status::Hedged);
        said.figures.resize(document.figures.len(), Status::Hedged);
        said
    }
}

struct Sentence<'t> {
    text: &'t str,
    span: TextSpan,
    words: Vec<words::Word>,
    parts: Parts,
    groups: Vec<Group>,
}

impl<'t> Sentence<'t> {
    fn new(document: &Document<'t>, span: TextSpan, is_open: bool) -> Self {
        let groups = groups(document.text, span, document.names);
        let in_group = |date: &TextSpan| groups.iter().any(|group| group.span.overlaps(*date));
        let dates = inside(document.dates, span).filter(|date| !in_group(date)).map(|date| (date, Kind::Number));
        let mut known: Vec<(TextSpan, Kind)> = groups.iter().map(|group| (group.span, Kind::Name)).chain(dates).collect();
        known.sort_by_key(|(span, _)| *span);
        let words = words::words(document.text, span, known.into_iter(), document.segments);
        let parts = clauses::parts(&words, is_open);
        Self { text: document.text, span, words, parts, groups }
    }

    fn read(&self, grammar: &Relations, document: &Document<'_>, earlier: &[Vec<Group>], said: &mut Said) {
        let (dates, figures) = (inside(document.dates, self.span), inside(document.figures, self.span));
        let operators = grammar.operators.find(&self.words);
        let reader = Reader { words: &self.words, parts: &self.parts, operators: &operators };
        let status = |place: TextSpan| reader.status(self.words.partition_point(|word| word.span.to <= place.from), Form::Place, false);
        said.dates.extend(dates.map(status));
        said.figures.extend(figures.map(status));
        let found = &mut said.relations;
        if self.groups.is_empty() {
            return;
        }
        let cues = grammar.cues.find(&self.words);
        let said_before = found.len();
        let search = Search { words: &self.words, parts: &self.parts, groups: &self.groups };
        for cue in cues {
            let by_pronoun = || search.ends_by_pronoun(&cue, earlier);
            let ends = if search.begins_with_pronoun(&cue) || search.is_possessed(&cue) {
                by_pronoun().or_else(|| search.ends(&cue))
            } else {
                search.ends(&cue).or_else(by_pronoun)
            };
            if self.is_former(&cue) {
                continue;
            }
            if let Some((subject, object)) = ends {
                let is_aside = matches!(cue.predicate.name, "leads" | "works-for" | "located-in");
                let status = reader.status(cue.at, cue.form, is_aside);
                let is_ahead = status == Status::Stated && cue.form == Form::Finite && self.is_ahead(&cue, document);
                self.say(&cue, &subject, &object, if is_ahead { Status::Planned } else { status }, found);
            }
        }
        self.ellipses(found, said_before);
        let is_open = |effect: Effect| matches!(effect, Effect::Ask | Effect::Condition);
        let asks = self.words.last().is_some_and(|word| word.is_sign(&['?', '？']));
        if !asks && !operators.iter().any(|operator| is_open(operator.effect)) {
            self.places(found);
        }
    }

    fn say(&self, cue: &Cue, subject: &Group, object: &Group, status: Status, found: &mut Vec<Read>) {
        let (Some(first), Some(last)) = (self.words.get(cue.words.start), self.words.get(cue.words.end - 1)) else { return };
        let words = TextSpan::new(first.span.from, last.span.to);
        let at = self.words.get(cue.at).map_or(words, |word| word.span);
        // What a pronoun stands for may be named in another sentence.
        let ends = || [subject.span, object.span].into_iter().filter(|end| self.span.contains(*end));
        let from = ends().map(|end| end.from).min().unwrap_or(words.from).min(words.from);
        let span = TextSpan::new(from, ends().map(|end| end.to).max().unwrap_or(words.to).max(words.to));
        for (subject, kind) in &subject.members {
            for (object, object_kind) in &object.members {
                if subject != object && allows(cue.predicate.subject, *kind) && allows(cue.predicate.object, *object_kind) {
                    let predicate = self.named(cue, *kind, *object_kind);
                    found.push(Read { subject: subject.clone(), predicate, object: object.clone(), span, cue: at, status });
                }
            }
        }
    }

    /// Whether a present tense stands beside a date to come: `tritt nächstes Jahr bei`.
    fn is_ahead(&self, cue: &Cue, document: &Document<'_>) -> bool {
        let clause = self.parts.clauses.iter().find(|clause| (clause.from..clause.to).contains(&cue.at));
        let words = clause.and_then(|clause| self.words.get(clause.from..clause.to)).unwrap_or_default();
        let (Some(first), Some(last)) = (words.first(), words.last()) else { return false };
        let clause = TextSpan::new(first.span.from, last.span.to);
        let dates = document.dates.iter().zip(document.ahead).filter(|(date, is_ahead)| **is_ahead && clause.contains(**date));
        dates.into_iter().any(|(date, _)| tense(self.text, clause, *date) != Tense::Past)
    }

    /// `Slovakia will not`: a clause of a name and a negation denies of it what the sentence says of another.
    fn ellipses(&self, found: &mut Vec<Read>, from: usize) {
        const HELPERS: &str = "will would did does do has have is was were are non pas plus auch aber а но та але";
        const NEGATIONS: &str = "not n't nicht non pas нет ні не";
        let Some(model) = found
            .get(from..)
            .and_then(|here| here.iter().rev().find(|read| matches!(read.status, Status::Stated | Status::Planned)))
            .cloned()
        else {
            return;
        };
        for clause in &self.parts.clauses {
            let words = self.words.get(clause.from..clause.to).unwrap_or_default();
            let mut names = words.iter().filter(|word| word.kind == Kind::Name);
            let (Some(name), None) = (names.next(), names.next()) else { continue };
            let small = || words.iter().filter(|word| word.kind == Kind::Word);
            let is_bare = small().all(|word| {
                clauses::listed(HELPERS, &word.text) || clauses::listed(NEGATIONS, &word.text) || word.text.chars().count() <= 2
            });
            let denies = small().any(|word| clauses::listed(NEGATIONS, &word.text));
            let group = self.groups.iter().find(|group| group.span == name.span && model.cue.to < group.span.from);
            if let Some((subject, _)) =
                group.and_then(|group| group.members.first()).filter(|(subject, _)| is_bare && denies && *subject != model.object)
            {
                let span = TextSpan::new(model.span.from, words.last().map_or(model.span.to, |word| word.span.to));
                found.push(Read { subject: subject.clone(), status: Status::Denied, span, ..model.clone() });
            }
        }
    }

    /// Whether the cue is an office that somebody does not hold any more.
    fn is_former(&self, cue: &Cue) -> bool {
        matches!(cue.predicate.name, "leads" | "works-for") && self.is_beside(cue, FORMER)
    }

    /// Whether one of the two words before the cue is in `list`.
    fn is_beside(&self, cue: &Cue, list: &str) -> bool {
        let before = self.words.get(cue.words.start.saturating_sub(2)..cue.words.start).unwrap_or_default();
        before.iter().any(|word| clauses::listed(list, &word.text))
    }

    /// Whoever joins a body is its member, whoever joins anything else takes part; a state belongs to a body as a member, a body as its part.
    fn named(&self, cue: &Cue, subject: EntityType, object: EntityType) -> &'static str {
        let belongs = self.words.get(cue.at).is_some_and(|word| clauses::listed(BELONGING, &word.text));
        match cue.predicate.name {
            "leads" if self.is_beside(cue, DEPUTIES) => "works-for",
            "member-of" if belongs && subject != EntityType::Place => "part-of",
            "member-of" if matches!(object, EntityType::Organisation | EntityType::Instrument) => "member-of",
            "member-of" => "participates-in",
            name => name,
        }
    }

    /// A body or place right before the place it is in, or right behind it in Chinese.
    fn places(&self, found: &mut Vec<Read>) {
        for (first, second) in self.groups.iter().zip(self.groups.iter().skip(1)) {
            let between = self.text.get(first.span.to..second.span.from).unwrap_or_default();
            let (Some(before), Some(behind)) = (first.members.last(), second.members.first()) else { continue };
            let between = bare(between);
            let between = between.as_str();
            let is_body = |kind: EntityType| matches!(kind, EntityType::Organisation | EntityType::Place);
            // After a comma a body may be followed by another subject; only `town, country` is sure.
            let sure = between != ", " || before.1 == EntityType::Place;
            let listed = between == ", " && (first.members.len() > 1 || second.members.len() > 1);
            let (subject, object) = match () {
                () if HOLDING.contains(&between) && before.1 == EntityType::Place && is_body(behind.1) => (behind, before),
                () if INSIDE.contains(&between) && sure && !listed && behind.1 == EntityType::Place && is_body(before.1) => {
                    (before, behind)
                }
                () => continue,
            };
            if subject.0 != object.0 {
                let span = TextSpan::new(first.span.from, second.span.to);
                let (subject, object) = (subject.0.clone(), object.0.clone());
                found.push(Read { subject, predicate: "located-in", object, span, cue: span, status: Status::Stated });
            }
        }
    }
}

/// Of places in order and apart, those that begin in `span`.
fn inside(places: &[TextSpan], span: TextSpan) -> impl Iterator<Item = TextSpan> + '_ {
    let from = places.partition_point(|place| place.from < span.from);
    places.iter().skip(from).take_while(move |place| place.from < span.to).copied()
}
