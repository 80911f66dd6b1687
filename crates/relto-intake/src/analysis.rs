//! From bytes to facts: [`analyse`], and the one form in which results leave, [`Analysis`].
//!
//! The same bytes and the same knowledge give the same JSON, byte for byte. Every fact has the raw span it rests on, and its
//! text is that span decoded: what stood there, not what we made of it.

use crate::chinese::script::NormalForm;
use crate::corrections::{self, Correction};
use crate::dates;
use crate::edit::Edit;
use crate::entities::{Found, Meaning, Names};
use crate::figures;
use crate::gazetteer::{EntityType, Named};
use crate::knowledge::Knowledge;
use crate::laundered::{self, PolarityFlag};
use crate::numbers::Grouping;
use crate::raw::Raw;
use crate::reading::{ApplyError, Reading};
use crate::relations::{self, Status};
use crate::repair::{self, gap::Gap};
use crate::span::{RawSpan, Taken, TextSpan};
use crate::text::{Language, holding, language, sentences};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What is read from a document.
#[derive(Clone, Debug, Serialize)]
pub struct Analysis {
    /// How often the text stands in the document.
    pub copies: usize,
    /// Sentences that a platform put around it.
    pub boilerplate: Vec<Boilerplate>,
    /// Everything that was changed to read it.
    pub edits: Vec<Edit>,
    /// Who and what it names.
    pub entities: Vec<Entity>,
    /// What it dates.
    pub dated_facts: Vec<DatedFact>,
    /// What it counts and measures.
    pub figures: Vec<Figure>,
    /// What it says of two entities.
    pub relations: Vec<Relation>,
    /// Where something is missing.
    pub gaps: Vec<Gap>,
    /// Where a word may say the opposite of what was meant.
    pub polarity_flags: Vec<PolarityFlag>,
    /// The bytes that arrived.
    #[serde(skip)]
    pub raw: Raw,
    /// The text as it arrived, before any repair: what a raw span says.
    #[serde(skip)]
    pub decoded: Reading,
    /// The text after repair, on which everything rests.
    #[serde(skip)]
    pub repaired: Reading,
    /// The second reading of a laundered text, by the lexicon; a proposal beside the first.
    #[serde(skip)]
    pub lexicon_reading: Option<Reading>,
}

/// A sentence around the text.
#[derive(Clone, Debug, Serialize)]
pub struct Boilerplate {
    /// As repaired.
    pub text: String,
    /// Where.
    pub span: RawSpan,
}

/// Something named.
#[derive(Clone, Debug, Serialize)]
pub struct Entity {
    /// Its main name, or the name that stands there if it may mean several.
    pub name: String,
    /// What it is; for an ambiguous name, what the first candidate is.
    #[serde(rename = "type")]
    pub kind: EntityType,
    /// What the name may mean, if more than one thing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<String>,
    /// The same with their types.
    #[serde(skip)]
    pub meanings: Vec<Named>,
    /// Where it is named, in order.
    pub mentions: Vec<Mention>,
}

/// A place where something is named.
#[derive(Clone, Debug, Serialize)]
pub struct Mention {
    /// What stands there in the document.
    pub text: String,
    /// The same as repaired.
    pub reading: String,
    /// Where.
    pub span: RawSpan,
}

/// Something that happened, or is to, at a date.
#[derive(Clone, Debug, Serialize)]
pub struct DatedFact {
    /// When, as precisely as stated.
    pub date: String,
    /// The sentence that says so.
    pub what: String,
    /// Whom the sentence names.
    pub parties: Vec<String>,
    /// Where the date stands.
    pub span: RawSpan,
    /// How the sentence says it; left out where it is stated.
    #[serde(skip_serializing_if = "Status::is_stated")]
    pub status: Status,
    /// The sentence it stands in.
    #[serde(skip)]
    pub sentence: RawSpan,
}

/// A number with its meaning.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// How much; negative for a fall.
    pub value: f64,
    /// Of what.
    pub unit: &'static str,
    /// What is measured, in the words of the text.
    pub meaning: String,
    /// Where.
    pub span: RawSpan,
    /// How the sentence says it; left out where it is stated.
    #[serde(skip_serializing_if = "Status::is_stated")]
    pub status: Status,
    /// The sentence it stands in.
    #[serde(skip)]
    pub sentence: RawSpan,
}

/// Something said of two entities.
#[derive(Clone, Debug, Serialize)]
pub struct Relation {
    /// Of whom.
    pub subject: String,
    /// What.
    pub predicate: &'static str,
    /// With or to whom.
    pub object: String,
    /// Where.
    pub span: RawSpan,
    /// Stated, or denied, doubted, planned, conditional, asked or attributed.
    pub status: Status,
    /// The sentence it stands in.
    #[serde(skip)]
    pub sentence: RawSpan,
}

/// Reads a text.
///
/// # Errors
/// [`ApplyError`] if stages propose changes that do not fit each other: a fault of ours, not of the document.
pub fn analyse(bytes: Vec<u8>, knowledge: &Knowledge) -> Result<Analysis, ApplyError> {
    let raw = Raw::new(bytes);
    let decoded = raw.decode();
    analyse_reading(raw, decoded, knowledge)
}

/// Reads the text that `decoded` took out of `raw`: all of it, or what a page or feed says.
///
/// # Errors
/// As [`analyse`].
pub fn analyse_reading(raw: Raw, decoded: Reading, knowledge: &Knowledge) -> Result<Analysis, ApplyError> {
    analyse_corrected(raw, decoded, knowledge, &[])
}

/// Reads the text as [`analyse_reading`] does, with its names as `decisions` have them.
///
/// # Errors
/// As [`analyse`].
pub fn analyse_corrected(raw: Raw, decoded: Reading, knowledge: &Knowledge, decisions: &[Correction]) -> Result<Analysis, ApplyError> {
    let repaired = repair::repair(&decoded, &knowledge.chinese, &knowledge.cues)?;
    let reading = &repaired.reading;
    let normal = knowledge.chinese.script.normal_form(reading.text());
    let dates = knowledge.dates.find(normal.text());
    let date_spans: Vec<TextSpan> = dates.iter().map(|date| date.span).collect();
    let names = names(reading, &normal, knowledge, &date_spans, decisions);
    let in_name = |date: &dates::Found| within(&names.found, date.span).iter().any(|name| name.span.contains(date.span));
    let dates: Vec<dates::Found> = dates.into_iter().filter(|date| !in_name(date)).collect();
    let taken: Taken = dates.iter().map(|date| date.span).chain(names.found.iter().map(|name| name.span)).collect();
    let figures = knowledge.figures.find(normal.text(), grouping(normal.text()), taken);
    let hits = knowledge.lexicon.hits(reading, &knowledge.chinese);
    let lexicon_reading = if hits.is_empty() { None } else { Some(reading.apply(laundered::changes(&hits))?) };
    let segments = knowledge.chinese.words.segments(normal.text());
    let (date_places, figure_places): (Vec<TextSpan>, Vec<TextSpan>) =
        (dates.iter().map(|date| date.span).collect(), figures.iter().map(|figure| figure.span).collect());
    let said = knowledge.relations.find(&relations::Document {
        text: normal.text(),
        names: &names.found,
        dates: &date_places,
        ahead: &dates::ahead(&dates),
        figures: &figure_places,
        segments: &segments,
    });
    // In a laundered text no relation is asserted on a word that may stand for another.
    let (unsafe_ones, safe): (Vec<&relations::Read>, Vec<&relations::Read>) = said.relations.iter().partition(|read| {
        let cue = normal.original_span(read.cue.from, read.cue.to);
        hits.get(hits.partition_point(|hit| hit.span.to <= cue.from)).is_some_and(|hit| hit.span.overlaps(cue))
    });
    let mut polarity_flags = laundered::flags(reading, &hits);
    let place = Place { decoded: &decoded, reading, normal: &normal, sentences: sentences(normal.text()) };
    for read in unsafe_ones {
        let span = place.raw_span(read.cue);
        let last = polarity_flags.partition_point(|flag| flag.span.from <= span.from).checked_sub(1);
        if let Some(flag) = last.and_then(|at| polarity_flags.get_mut(at)).filter(|flag| span.to <= flag.span.to) {
            flag.relation = Some(format!("{} {} {}", read.subject, read.predicate, read.object));
            flag.sentence = Some(place.raw_span(place.sentence(read.cue)));
        }
    }
    let incomplete = names.incomplete.iter().map(|found| Gap { span: place.raw_span(found.place), inferred: Some(found.inferred.clone()) });
    let gaps: BTreeSet<Gap> =
        repaired.gaps.iter().cloned().chain(knowledge.clashes.find(reading, &knowledge.chinese)).chain(incomplete).collect();
    let places: Vec<&Gap> = gaps.iter().collect();
    Ok(Analysis {
        copies: repaired.copies,
        boilerplate: repaired.boilerplate.iter().map(|(text, span)| Boilerplate { text: text.clone(), span: *span }).collect(),
        edits: reading.edits().to_vec(),
        entities: entities(&names.found, &place),
        dated_facts: dated_facts(&dates, &said.dates, &names.found, &place),
        figures: figures.iter().zip(&said.figures).map(|(found, status)| figure(found, *status, &place)).collect(),
        relations: safe.iter().map(|read| relation(read, &place)).filter(|read| !is_torn(&places, read.span)).collect(),
        gaps: gaps.into_iter().collect(),
        polarity_flags,
        lexicon_reading,
        repaired: repaired.reading.clone(),
        decoded,
        raw,
    })
}

/// The names in a text in which `dates` stand: as the rules find them, and then as people have decided.
fn names(reading: &Reading, normal: &NormalForm, knowledge: &Knowledge, dates: &[TextSpan], decisions: &[Correction]) -> Names {
    let names = knowledge.entities.find(normal, &knowledge.chinese, &knowledge.gazetteer, dates);
    let in_text = |span: RawSpan| {
        let span = reading.map().text(span);
        TextSpan::new(normal.place_of(span.from), normal.place_of(span.to))
    };
    let found = corrections::decided(names.found, decisions, &in_text);
    Names { found: corrections::merged(found, &knowledge.merges), ..names }
}

/// Whether one of `gaps`, in order, lies in `span`.
fn is_torn(gaps: &[&Gap], span: RawSpan) -> bool {
    let inside = gaps.get(gaps.partition_point(|gap| gap.span.from < span.from)..).unwrap_or_default();
    inside.iter().take_while(|gap| gap.span.from <= span.to).any(|gap| gap.is_within(span))
}

/// From places of the normal form to the reading and the raw bytes.
struct Place<'p> {
    decoded: &'p Reading,
    reading: &'p Reading,
    normal: &'p NormalForm,
    sentences: Vec<TextSpan>,
}

impl Place<'_> {
    fn raw_span(&self, span: TextSpan) -> RawSpan {
        self.reading.raw(self.normal.original_span(span.from, span.to))
    }

    fn sentence(&self, span: TextSpan) -> TextSpan {
        holding(&self.sentences, span).unwrap_or(span)
    }

    fn reading(&self, span: TextSpan) -> String {
        self.reading.slice(self.normal.original_span(span.from, span.to)).to_owned()
    }

    fn mention(&self, span: TextSpan) -> Mention {
        let raw = self.raw_span(span);
        Mention { text: self.decoded.quote(raw).to_owned(), reading: self.reading(span), span: raw }
    }
}

/// English and Chinese put commas between thousands.
fn grouping(text: &str) -> Grouping {
    if language(text) == Language::English { Grouping::Comma } else { Grouping::Point }
}

/// Of names in order, those that touch `span`.
pub(crate) fn within(names: &[Found], span: TextSpan) -> &[Found] {
    let from = names.partition_point(|name| name.span.to <= span.from);
    let to = names.partition_point(|name| name.span.from < span.to);
    names.get(from..to).unwrap_or_default()
}

fn entities(found: &[Found], place: &Place<'_>) -> Vec<Entity> {
    let mut by_meaning: BTreeMap<&Meaning, Vec<Mention>> = BTreeMap::new();
    for name in found {
        by_meaning.entry(&name.meaning).or_default().push(place.mention(name.span));
    }
    let mut entities: Vec<Entity> = by_meaning.into_iter().filter_map(|(meaning, mentions)| entity(meaning, mentions)).collect();
    entities.sort_by_key(|entity| entity.mentions.first().map(|mention| mention.span));
    entities
}

fn entity(meaning: &Meaning, mentions: Vec<Mention>) -> Option<Entity> {
    Some(match meaning {
        Meaning::One(named) => {
            Entity { name: named.name.clone(), kind: named.kind, candidates: Vec::new(), meanings: Vec::new(), mentions }
        }
        Meaning::Ambiguous(name, candidates) => Entity {
            name: name.clone(),
            kind: candidates.first()?.kind,
            candidates: candidates.iter().map(|candidate| candidate.name.clone()).collect(),
            meanings: candidates.clone(),
            mentions,
        },
    })
}

fn dated_facts(dates: &[dates::Found], statuses: &[Status], names: &[Found], place: &Place<'_>) -> Vec<DatedFact> {
    let fact = |(found, status): (&dates::Found, &Status)| {
        let sentence = place.sentence(found.span);
        let parties = within(names, sentence).iter().filter(|name| sentence.contains(name.span)).map(|name| match &name.meaning {
            Meaning::One(named) => named.name.clone(),
            Meaning::Ambiguous(name, _) => name.clone(),
        });
        let mut seen = BTreeSet::new();
        let parties = parties.filter(|party| seen.insert(party.clone())).collect();
        let (span, what) = (place.raw_span(found.span), place.reading(sentence));
        // A negation that made the bound denies nothing more: `not before 2025`.
        let status = if found.is_turned && *status == Status::Denied { Status::Stated } else { *status };
        DatedFact { date: found.date.to_string(), what, parties, span, status, sentence: place.raw_span(sentence) }
    };
    dates.iter().zip(statuses).map(fact).collect()
}

fn relation(read: &relations::Read, place: &Place<'_>) -> Relation {
    let (subject, object) = (read.subject.clone(), read.object.clone());
    let (span, sentence) = (place.raw_span(read.span), place.raw_span(place.sentence(read.span)));
    Relation { subject, predicate: read.predicate, object, span, status: read.status, sentence }
}

fn figure(found: &figures::Found, status: Status, place: &Place<'_>) -> Figure {
    let (span, sentence) = (place.raw_span(found.span), place.raw_span(place.sentence(found.span)));
    Figure { value: found.value, unit: found.unit, meaning: place.reading(found.meaning), span, status, sentence }
}
