//! What a document says, as notes and relationships, each with the words it rests on.
//!
//! A note ends in its quote: the raw bytes of its span, decoded, in `“ ”`; before it stands how it was read, where it was repaired. A relationship is written only for what is stated in
//! a sentence without a word that may say the opposite and without a place where something is missing.

use super::Relations;
use super::form::{self, Collected, Form};
use super::ground::{Ground, Grounds};
use super::things::Things;
use crate::analysis::{Analysis, DatedFact, Entity, Figure, Relation};
use crate::laundered::PolarityFlag;
use crate::relations::Status;
use crate::span::RawSpan;
use serde_json::{Value, json};

/// How sure a relation is at most: about half of those that are read from the gold set are what somebody reads there as well.
const RELATION: u8 = 50;

/// A sentence longer than this is quoted only where the date or figure itself stands: what nobody reads through proves nothing.
/// A relation across so much is not written.
const QUOTE_BYTES_MAX: usize = 4_000;
/// Characters of what a figure measures, and of an abstract.
pub(super) const WORDS_CHARACTERS_MAX: usize = 120;

const FLAGGED: &str = "A word here may say the opposite of what was meant.\n";
const TORN: &str = "Something is missing here.\n";

/// What is needed to write down what a document says.
pub(super) struct Says<'s> {
    pub(super) analysis: &'s Analysis,
    pub(super) form: &'s Form<'s>,
    pub(super) grounds: &'s Grounds<'s>,
    pub(super) things: &'s Things<'s>,
    pub(super) report_id: &'s str,
}

/// A note before it is written.
struct Note<'n> {
    /// What tells it apart from others on the same span.
    key: &'n str,
    words: String,
    span: RawSpan,
    about: Vec<&'n str>,
}

impl Says<'_> {
    /// Adds every note and relationship to `collected`.
    pub(super) fn write(&self, collected: &mut Collected) {
        self.analysis.dated_facts.iter().for_each(|fact| self.date(fact, collected));
        self.analysis.figures.iter().for_each(|figure| self.figure(figure, collected));
        self.analysis.relations.iter().for_each(|relation| self.relation(relation, collected));
        self.analysis.polarity_flags.iter().for_each(|flag| self.flag(flag, collected));
        self.analysis.entities.iter().for_each(|entity| self.undecided(entity, collected));
        if collected.ids().is_empty() {
            collected.add(self.nothing());
        }
    }

    fn date(&self, fact: &DatedFact, collected: &mut Collected) {
        let span = quotable(fact.sentence, fact.span);
        let key = format!("date {} {} {}", fact.date, fact.span.from, fact.span.to);
        collected.add(self.note(Note {
            key: &key,
            words: format!("Dated {}{}", fact.date, remark(fact.status)),
            span,
            about: self.things.named_in(span),
        }));
    }

    fn figure(&self, figure: &Figure, collected: &mut Collected) {
        let span = quotable(figure.sentence, figure.span);
        let key = format!("figure {} {} {} {}", figure.value, figure.unit, figure.span.from, figure.span.to);
        let meaning = form::shortened(&figure.meaning, WORDS_CHARACTERS_MAX);
        let measured = if meaning.is_empty() { String::new() } else { format!(" ({meaning})") };
        let words = format!("Figure {} {}{measured}{}", figure.value, figure.unit, remark(figure.status));
        collected.add(self.note(Note { key: &key, words, span, about: self.things.named_in(span) }));
    }

    fn relation(&self, relation: &Relation, collected: &mut Collected) {
        if length(relation.span) > QUOTE_BYTES_MAX {
            return;
        }
        let ends = (self.things.id(&relation.subject), self.things.id(&relation.object));
        let is_asserted = self.form.source().relations == Relations::Asserted;
        let is_sound = is_asserted && self.grounds.is_sound(relation.span) && self.grounds.is_sound(relation.sentence);
        collected.add(match (ends, relation.status) {
            ((Some(source), Some(target)), Status::Stated) if is_sound => self.relationship(relation, source, target),
            _ => self.claim(relation, ends.0.into_iter().chain(ends.1).collect()),
        });
    }

    fn relationship(&self, relation: &Relation, source: &str, target: &str) -> Value {
        let own = json!({
            "relationship_type": relation.predicate,
            "description": self.quoted("The document says", relation.span),
            "source_ref": source,
            "target_ref": target,
        });
        self.form.part("relationship", &key(relation), own, &self.grounds.at(relation.span).at_most(RELATION))
    }

    /// A relation that is not asserted: how the document puts it, and why it is no more than a note.
    fn claim(&self, relation: &Relation, about: Vec<&str>) -> Value {
        let how = match relation.status {
            Status::Stated => "The document says",
            Status::Denied => "The document says that it is not so",
            Status::Planned => "The document says that it is planned",
            Status::Attributed => "The document says that somebody says",
            Status::Hedged => "The document leaves open whether",
            Status::Conditional => "The document says that under a condition",
            Status::Asked => "The document asks, or tells of a request",
        };
        let words = format!("{how}: {} {} {}", relation.subject, relation.predicate, relation.object);
        let span = quotable(relation.sentence, relation.span);
        self.note(Note { key: &key(relation), words, span, about })
    }

    fn flag(&self, flag: &PolarityFlag, collected: &mut Collected) {
        let Some(claim) = &flag.relation else { return };
        let words = format!("Not asserted: {claim}. The claim rests on the word {}", flag.word);
        let key = format!("flag {} {}", flag.span.from, flag.span.to);
        let span = quotable(flag.sentence.unwrap_or(flag.span), flag.span);
        collected.add(self.note(Note { key: &key, words, span, about: self.things.named_in(span) }));
    }

    fn undecided(&self, entity: &Entity, collected: &mut Collected) {
        let Some(first) = entity.mentions.first().filter(|_| !entity.candidates.is_empty()) else { return };
        let words = format!("Undecided: {} may mean {}", entity.name, entity.candidates.join(" or "));
        collected.add(self.note(Note { key: &format!("undecided {}", entity.name), words, span: first.span, about: Vec::new() }));
    }

    /// A report must have parts.
    fn nothing(&self) -> Value {
        let ground = super::ground::whole(self.analysis);
        let own =
            json!({ "abstract": "Nothing was read", "content": "Nothing was read from the document.", "object_refs": [self.report_id] });
        self.form.part("note", "nothing", own, &ground)
    }

    fn note(&self, note: Note<'_>) -> Value {
        let ground = self.grounds.at(note.span);
        let about = if note.about.is_empty() { vec![self.report_id] } else { note.about };
        let quote = self.quoted("The document", note.span);
        let doubts = doubts(&ground);
        let own = json!({
            "abstract": form::shortened(&note.words, WORDS_CHARACTERS_MAX),
            "content": format!("{}\n{doubts}{quote}", note.words),
            "object_refs": about,
        });
        self.form.part("note", note.key, own, &ground)
    }

    /// What stands in `span`, as it arrived; before it the same as repaired, where that differs.
    pub(super) fn quoted(&self, says: &str, span: RawSpan) -> String {
        let quote = self.analysis.decoded.quote(span);
        let reading = &self.analysis.repaired;
        let repaired = reading.slice(reading.map().text(span));
        let read = if repaired == quote || repaired.is_empty() { String::new() } else { format!("Read as: “{repaired}”\n") };
        format!("{read}{says}: “{quote}”")
    }
}

/// What is to be known of the text itself.
pub(super) fn doubts(ground: &Ground) -> String {
    let doubts = [(ground.is_flagged, FLAGGED), (ground.is_torn, TORN)];
    doubts.iter().filter(|(doubted, _)| *doubted).map(|(_, doubt)| *doubt).collect()
}

fn key(relation: &Relation) -> String {
    let Relation { subject, predicate, object, span, status, .. } = relation;
    // One stretch of text may deny what it plans.
    let how = if status.is_stated() { "" } else { remark(*status) };
    format!("{subject}\n{predicate}\n{object}\n{} {}{how}", span.from, span.to)
}

/// What a note adds of a date or figure that is not stated.
pub(super) fn remark(status: Status) -> &'static str {
    match status {
        Status::Stated => "",
        Status::Denied => ", denied",
        Status::Planned => ", planned",
        Status::Attributed => ", as somebody says",
        Status::Hedged => ", in doubt",
        Status::Conditional => ", under a condition",
        Status::Asked => ", as somebody asks",
    }
}

/// The sentence, or what in it is meant, where the sentence is too long to quote.
fn quotable(sentence: RawSpan, meant: RawSpan) -> RawSpan {
    if length(sentence) <= QUOTE_BYTES_MAX { sentence } else { meant }
}

fn length(span: RawSpan) -> usize {
    span.to.saturating_sub(span.from)
}
