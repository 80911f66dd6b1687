//! What becomes of proposals: taken where they stand in the text, refused with a reason where they do not.

use super::answer::{Answer, Proposal};
use super::{Claim, Proposed, Refusal};
use crate::analysis::{Analysis, Entity};
use crate::chinese::script::is_han;
use crate::dates::point::{DateInterval, Point};
use crate::figures;
use crate::gazetteer::EntityType;
use crate::knowledge::Knowledge;
use crate::numbers::{Grouping, decimal};
use crate::relations::{self, Status};
use crate::span::{RawSpan, TextSpan};
use std::collections::{BTreeMap, BTreeSet};

/// What became of the proposals of a piece, or of a document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judged {
    /// What stands in the text, in the order of its places, each once.
    pub accepted: Vec<Proposed>,
    /// How many do not, and why.
    pub refused: BTreeMap<Refusal, usize>,
}

/// What stands in a piece, in places of the repaired text.
struct Standing {
    claim: Claim,
    quote: TextSpan,
}

impl Judged {
    /// What became of a whole document: of these and of `other`, which are of another piece.
    pub fn add(&mut self, other: Self) {
        self.accepted.extend(other.accepted);
        other.refused.into_iter().for_each(|(reason, count)| *self.refused.entry(reason).or_default() += count);
    }
}

/// Judges the `answer` to a `piece` of `analysis`' repaired text.
#[must_use]
pub fn judge(analysis: &Analysis, knowledge: &Knowledge, piece: TextSpan, answer: &Answer) -> Judged {
    let mut judged = Judged::default();
    let mut standing = Vec::new();
    let court = Court { analysis, piece };
    for part in &answer.parts {
        match part.as_ref().map_err(|reason| *reason).and_then(|proposal| court.try_one(proposal)) {
            Ok(stands) => standing.push(stands),
            Err(reason) => *judged.refused.entry(reason).or_default() += 1,
        }
    }
    let doubts = Doubts::of(analysis, knowledge, &standing);
    for Standing { claim, quote } in standing {
        let proposed = Proposed { what: claim, span: analysis.repaired.raw(quote), doubts: doubts.within(quote) };
        if judged.accepted.contains(&proposed) {
            *judged.refused.entry(Refusal::Known).or_default() += 1;
        } else {
            judged.accepted.push(proposed);
        }
    }
    judged.accepted.sort_by_key(|proposed| proposed.span);
    judged
}

/// One piece, before which proposals are tried.
struct Court<'c> {
    analysis: &'c Analysis,
    piece: TextSpan,
}

impl Court<'_> {
    fn try_one(&self, proposal: &Proposal) -> Result<Standing, Refusal> {
        let quote = self.place_of(proposal)?;
        let claim = match proposal {
            Proposal::Entity { name, kind, .. } => self.entity(quote, name, *kind)?,
            Proposal::Relation { subject, predicate, object, .. } => self.relation(quote, subject, predicate, object)?,
            Proposal::DatedFact { date, words, .. } => self.dated_fact(quote, date, words)?,
            Proposal::Figure { value, unit, words, meaning, .. } => self.figure(quote, *value, unit, words, meaning)?,
        };
        Ok(Standing { claim, quote })
    }

    /// Where the quote stands: in the piece, at one place, and on bytes of its own.
    fn place_of(&self, proposal: &Proposal) -> Result<TextSpan, Refusal> {
        let quote = proposal.quote();
        if quote.trim().is_empty() {
            return Err(Refusal::NoSuchQuote);
        }
        let text = self.analysis.repaired.slice(self.piece);
        let mut places = text.match_indices(quote).map(|(at, _)| self.piece.from + at);
        let from = match proposal.occurrence() {
            Some(number) => number.checked_sub(1).and_then(|before| places.nth(before)).ok_or(Refusal::NoSuchQuote)?,
            None => {
                let first = places.next().ok_or(Refusal::NoSuchQuote)?;
                if places.next().is_some() {
                    return Err(Refusal::Ambiguous);
                }
                first
            }
        };
        let place = TextSpan::new(from, from + quote.len());
        // There and back again: what is quoted of the bytes must be the quote, and no more.
        let reading = &self.analysis.repaired;
        if reading.map().text(reading.raw(place)) == place { Ok(place) } else { Err(Refusal::NotExact) }
    }

    /// Where `words` stand in the quote, as whole words.
    fn words_in(&self, quote: TextSpan, words: &str) -> Result<TextSpan, Refusal> {
        if words.trim().is_empty() {
            return Err(Refusal::NotInQuote);
        }
        let text = self.analysis.repaired.text();
        let places = self.analysis.repaired.slice(quote).match_indices(words).map(|(at, _)| quote.from + at);
        let mut places = places.map(|from| TextSpan::new(from, from + words.len()));
        places.find(|place| is_whole(text, *place)).ok_or(Refusal::NotInQuote)
    }

    fn entity(&self, quote: TextSpan, name: &str, kind: EntityType) -> Result<Claim, Refusal> {
        let place = self.words_in(quote, name)?;
        if self.named(name, place).is_some() {
            return Err(Refusal::Known);
        }
        Ok(Claim::Entity { name: name.to_owned(), kind })
    }

    fn relation(&self, quote: TextSpan, subject: &str, predicate: &str, object: &str) -> Result<Claim, Refusal> {
        let predicate = relations::predicate(predicate).ok_or(Refusal::Form)?;
        let (subject_place, object_place) = (self.words_in(quote, subject)?, self.words_in(quote, object)?);
        let (known_subject, known_object) = (self.named(subject, subject_place), self.named(object, object_place));
        let kind = |known: Option<&Entity>| known.filter(|entity| entity.candidates.is_empty()).map(|entity| entity.kind);
        let subject = known_subject.map_or(subject, |entity| &entity.name);
        let object = known_object.map_or(object, |entity| &entity.name);
        if subject == object || subject_place.overlaps(object_place) || !predicate.can_join(kind(known_subject), kind(known_object)) {
            return Err(Refusal::Ends);
        }
        if self.is_read(subject, predicate.name, object) || (predicate.is_mutual && self.is_read(object, predicate.name, subject)) {
            return Err(Refusal::Known);
        }
        Ok(Claim::Relation { subject: subject.to_owned(), predicate: predicate.name, object: object.to_owned() })
    }

    fn dated_fact(&self, quote: TextSpan, date: &str, words: &str) -> Result<Claim, Refusal> {
        let place = self.analysis.repaired.raw(self.words_in(quote, words)?);
        let (interval, years) = date_of(date).ok_or(Refusal::Date)?;
        let said = self.analysis.repaired.slice(quote);
        if years.iter().any(|year| !numbers_in(said).any(|number| number == format!("{year:04}"))) {
            return Err(Refusal::Date);
        }
        if self.analysis.dated_facts.iter().any(|fact| overlap(fact.span, place)) {
            return Err(Refusal::Known);
        }
        Ok(Claim::DatedFact { date: interval.to_string(), words: words.to_owned() })
    }

    fn figure(&self, quote: TextSpan, value: f64, unit: &str, words: &str, meaning: &str) -> Result<Claim, Refusal> {
        let unit = figures::units().get(unit).copied().ok_or(Refusal::Form)?;
        let place = self.analysis.repaired.raw(self.words_in(quote, words)?);
        if !meaning.is_empty() {
            self.words_in(quote, meaning)?;
        }
        if !is_number_of(value, words) {
            return Err(Refusal::Number);
        }
        let read = self.analysis.figures.iter().map(|figure| figure.span).chain(self.analysis.dated_facts.iter().map(|fact| fact.span));
        if read.into_iter().any(|span| overlap(span, place)) {
            return Err(Refusal::Known);
        }
        Ok(Claim::Figure { value, unit, words: words.to_owned(), meaning: meaning.to_owned() })
    }

    /// What the rules have read at `place`, or know by `name` elsewhere in the document.
    fn named(&self, name: &str, place: TextSpan) -> Option<&Entity> {
        let raw = self.analysis.repaired.raw(place);
        let holds = |span: RawSpan| span.from <= raw.from && raw.to <= span.to;
        let here = |entity: &&Entity| entity.mentions.iter().any(|mention| holds(mention.span));
        let called = |entity: &&Entity| entity.name == name || entity.mentions.iter().any(|mention| mention.reading == name);
        self.analysis.entities.iter().find(here).or_else(|| self.analysis.entities.iter().find(called))
    }

    /// Whether the rules have read this relation, in whatever way, or have set it aside because of a word that may say the opposite.
    fn is_read(&self, subject: &str, predicate: &str, object: &str) -> bool {
        let flagged = format!("{subject} {predicate} {object}");
        let same = |read: &crate::analysis::Relation| read.subject == subject && read.predicate == predicate && read.object == object;
        self.analysis.relations.iter().any(same)
            || self.analysis.polarity_flags.iter().any(|flag| flag.relation.as_deref() == Some(flagged.as_str()))
    }
}

/// Whether no word of a spaced script goes on over either end of `place`.
fn is_whole(text: &str, place: TextSpan) -> bool {
    let before =
        (text.get(..place.from).and_then(|text| text.chars().next_back()), text.get(place.from..).and_then(|text| text.chars().next()));
    let behind =
        (text.get(..place.to).and_then(|text| text.chars().next_back()), text.get(place.to..).and_then(|text| text.chars().next()));
    let goes_on = |sides: (Option<char>, Option<char>)| {
        let of_word = |c: char| c.is_alphanumeric() && !is_han(c);
        sides.0.is_some_and(of_word) && sides.1.is_some_and(of_word)
    };
    !goes_on(before) && !goes_on(behind)
}

fn overlap(one: RawSpan, other: RawSpan) -> bool {
    one.from < other.to && other.from < one.to
}

/// The date that `text` writes, and its years.
fn date_of(text: &str) -> Option<(DateInterval, Vec<i32>)> {
    match text.split_once('/') {
        None => point(text).map(|point| (DateInterval::At(point), vec![point.year()])),
        Some((from, to)) => {
            let (from, to) = (point(from)?, point(to)?);
            DateInterval::between(from, to).map(|interval| (interval, vec![from.year(), to.year()]))
        }
    }
}

/// `YYYY[-MM[-DD]]`.
fn point(text: &str) -> Option<Point> {
    let mut parts = text.split('-');
    let mut next = |length: usize| match parts.next() {
        None => Some(None),
        Some(part) if part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit()) => Some(part.parse::<u32>().ok()),
        Some(_) => None,
    };
    let (year, month, day) = (next(4)??, next(2)?, next(2)?);
    if parts.next().is_some() {
        return None;
    }
    Point::new(i32::try_from(year).ok()?, month, day)
}

/// The numbers of digits in `text`.
fn numbers_in(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty())
}

/// Whether `words` say `value`, whatever its sign: with its digits; where no word stands beside them that may be a power of ten, as they stand.
fn is_number_of(value: f64, words: &str) -> bool {
    let same = value.is_finite() && !digits(words).is_empty() && digits(&value.to_string()) == digits(words);
    let number = words.trim_matches(|c: char| !c.is_ascii_digit());
    let is_it = |grouping| decimal(number, grouping).is_some_and(|read| (read - value.abs()).abs() <= f64::EPSILON * value.abs());
    same && (words.chars().any(char::is_alphabetic) || is_it(Grouping::Comma) || is_it(Grouping::Point))
}

/// The digits that tell one number from another, whatever its sign, point and power of ten.
fn digits(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    digits.trim_matches('0').to_owned()
}

/// How the rules read single words, where they do not read them as stated.
struct Doubts {
    words: Vec<(TextSpan, Status)>,
}

impl Doubts {
    fn of(analysis: &Analysis, knowledge: &Knowledge, standing: &[Standing]) -> Self {
        if standing.is_empty() {
            return Self { words: Vec::new() };
        }
        let text = analysis.repaired.text();
        let normal = knowledge.chinese.script.normal_form(text);
        let segments = knowledge.chinese.words.segments(normal.text());
        let quotes = together(standing.iter().map(|stands| stands.quote).collect());
        let is_quoted = |at: usize| quotes.get(quotes.partition_point(|quote| quote.to <= at)).is_some_and(|quote| quote.from <= at);
        let places = words_of(normal.text(), |at| is_quoted(normal.original(at)));
        let statuses = knowledge.relations.statuses(normal.text(), &segments, &places);
        let place = |place: &TextSpan| normal.original_span(place.from, place.to);
        let words = places.iter().zip(statuses).filter(|(_, status)| !status.is_stated());
        Self { words: words.map(|(word, status)| (place(word), status)).collect() }
    }

    fn within(&self, quote: TextSpan) -> BTreeSet<Status> {
        self.words.iter().filter(|(word, _)| word.overlaps(quote)).map(|(_, status)| *status).collect()
    }
}

/// `spans` in order, those that touch as one.
fn together(mut spans: Vec<TextSpan>) -> Vec<TextSpan> {
    spans.sort();
    let mut joined: Vec<TextSpan> = Vec::new();
    for span in spans {
        match joined.last_mut().filter(|last| span.from <= last.to) {
            Some(last) => last.to = last.to.max(span.to),
            None => joined.push(span),
        }
    }
    joined
}

/// The words of `text` that begin where `is_meant` says, in order; every Han character is one.
fn words_of(text: &str, is_meant: impl Fn(usize) -> bool) -> Vec<TextSpan> {
    let mut words: Vec<TextSpan> = Vec::new();
    let mut goes_on = false;
    for (at, c) in text.char_indices() {
        let to = at + c.len_utf8();
        match words.last_mut().filter(|word| goes_on && word.to == at && c.is_alphanumeric() && !is_han(c)) {
            Some(word) => word.to = to,
            None if c.is_alphanumeric() && (!goes_on || is_han(c)) && is_meant(at) => words.push(TextSpan::new(at, to)),
            None => {}
        }
        goes_on = c.is_alphanumeric() && !is_han(c);
    }
    words
}
