//! Where sources differ: their words side by side. Which of them is right is not said.
//!
//! Two things that are said contradict each other here when different sources say them of the same: one states a relation that the other denies; a figure of the
//! same meaning and unit, or the begin or end of the same relationship, has another value; records of the entity have another value of the same property; an
//! opinion disagrees with what it is about. Plans, doubts, conditions and questions contradict nothing.

use std::collections::{BTreeMap, BTreeSet};

use relto_model::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::gather::{Piece, is_revoked, references};
use super::naming::{NAMES, fold};
use super::said::{ATTRIBUTED, DENIED, STATED, What, of_note, quote_of};
use super::sources::{SourceKey, SourceName};
use super::{View, facts::comparable};

/// Properties of records in which sources need not agree: how a record is kept, texts, and how exactly something is known.
const NOT_COMPARED: [&str; 17] = [
    "id",
    "type",
    "spec_version",
    "created",
    "modified",
    "revoked",
    "confidence",
    "lang",
    "description",
    "summary",
    "abstract",
    "content",
    "outcome",
    "time_precision",
    "retrieved",
    "media_type",
    "source_url",
];
/// Longer values are texts, in bytes.
const VALUE_BYTES_MAX: usize = 200;

/// What differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContradictionOf {
    /// Whether a relation holds.
    Relation,
    /// When a relationship began or ended.
    Date,
    /// A figure.
    Figure,
    /// A property of the records.
    Property,
    /// An opinion and what it is about.
    Opinion,
}

/// Something in which sources differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contradiction {
    /// What differs.
    pub of: ContradictionOf,
    /// In what.
    pub about: String,
    /// What is said, each once; their order says nothing.
    pub sides: Vec<Side>,
}

/// What one source says, and how many others with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// What it says.
    pub value: String,
    /// How it says it.
    pub status: String,
    /// Its words.
    pub quote: Option<String>,
    /// Who says it.
    pub source: SourceName,
    /// How many other sources say the same.
    pub others: usize,
    /// The object that says it.
    pub object: String,
    /// The banner of that object's label.
    pub label: String,
}

/// Of what values are compared.
type Topic = (ContradictionOf, String);

/// One thing that is said.
struct Saying<'s> {
    piece: &'s Piece,
    /// Of what, in its words.
    about: String,
    status: String,
    value: String,
    quote: Option<String>,
}

/// What is said on each topic, by value in the form in which it is compared.
type Sayings<'s> = BTreeMap<Topic, BTreeMap<String, Vec<Saying<'s>>>>;

impl View<'_> {
    /// Where sources differ, by what differs and in what.
    pub(super) fn contradictions(&self) -> Vec<Contradiction> {
        let mut sayings = Sayings::new();
        for piece in self.known.records.iter().chain(&self.known.about).filter(|piece| !is_revoked(piece)) {
            match piece.kind.as_str() {
                "relationship" => self.of_relationship(piece, &mut sayings),
                "note" => of_claim(piece, &mut sayings),
                _ => {}
            }
        }
        self.known.records.iter().filter(|record| !is_revoked(record)).for_each(|record| of_record(record, &mut sayings));
        let differing = sayings.into_iter().filter_map(|((of, _), values)| self.contradiction(of, values));
        differing.chain(self.opinions()).collect()
    }

    fn of_relationship<'s>(&'s self, piece: &'s Piece, sayings: &mut Sayings<'s>) {
        let relation = self.relation(piece);
        let quote = quote_of(piece);
        let mut say = |topic: Topic, key: String, about: String, value: String| {
            let saying = Saying { piece, about, status: STATED.to_owned(), value, quote: quote.clone() };
            sayings.entry(topic).or_default().entry(key).or_default().push(saying);
        };
        say((ContradictionOf::Relation, fold(&relation)), STATED_KEY.to_owned(), relation.clone(), relation.clone());
        for name in ["start_time", "stop_time"] {
            if let Some(time) = piece.text(name) {
                let about = format!("{relation}: {name}");
                say((ContradictionOf::Date, fold(&about)), comparable(time), about, time.to_owned());
            }
        }
    }

    /// What `values` come to, if different sources hold different ones.
    fn contradiction(&self, of: ContradictionOf, values: BTreeMap<String, Vec<Saying<'_>>>) -> Option<Contradiction> {
        let holders = |sayings: &Vec<Saying<'_>>| sayings.iter().map(|saying| self.holder(saying.piece)).collect::<BTreeSet<_>>();
        let held: Vec<BTreeSet<Holder>> = values.values().map(holders).collect();
        let everybody: BTreeSet<&Holder> = held.iter().flatten().collect();
        // One source that changes its mind contradicts itself alone.
        if held.len() < 2 || everybody.len() < 2 {
            return None;
        }
        let about = values.values().flatten().next().map(|saying| saying.about.clone())?;
        let sides = values.into_values().filter_map(|sayings| self.side(sayings)).collect();
        Some(Contradiction { of, about, sides })
    }

    fn side(&self, sayings: Vec<Saying<'_>>) -> Option<Side> {
        let sources: BTreeSet<SourceKey> = sayings.iter().map(|saying| self.sources.key(saying.piece)).collect();
        let first =
            sayings.into_iter().min_by_key(|saying| (saying.piece.id.clone(), saying.piece.banner.clone(), saying.value.clone()))?;
        Some(Side {
            value: first.value,
            status: first.status,
            quote: first.quote,
            source: self.sources.name_for(first.piece),
            others: sources.len().saturating_sub(1),
            object: first.piece.id.clone(),
            label: first.piece.banner.clone(),
        })
    }

    /// Opinions that disagree with something that somebody else says of the entity.
    fn opinions(&self) -> Vec<Contradiction> {
        let pieces = || self.known.records.iter().chain(&self.known.about).chain(&self.known.further);
        let mut by_id: BTreeMap<&str, &Piece> = BTreeMap::new();
        pieces().for_each(|piece| {
            by_id.entry(&piece.id).or_insert(piece);
        });
        let disagrees = |piece: &&Piece| {
            piece.kind == "opinion" && piece.text("opinion").is_some_and(|opinion| opinion.ends_with("disagree")) && !is_revoked(piece)
        };
        let mut found = Vec::new();
        for opinion in pieces().filter(disagrees) {
            let objects: BTreeSet<&str> =
                references(&opinion.object).into_iter().filter(|(name, _)| *name == "object_refs").map(|(_, id)| id).collect();
            for piece in objects.iter().filter_map(|id| by_id.get(id)).filter(|piece| self.holder(piece) != self.holder(opinion)) {
                let (value, ..) = self.words_of(piece);
                let sides = [*piece, opinion].map(|piece| {
                    let (value, status, quote) = self.words_of(piece);
                    self.side(vec![Saying { piece, about: String::new(), status, value, quote }])
                });
                found.push(Contradiction { of: ContradictionOf::Opinion, about: value, sides: sides.into_iter().flatten().collect() });
            }
        }
        found
    }

    /// Who holds what `piece` says. Versions that two organisations wrote under one id are of two, whoever they say made them.
    fn holder(&self, piece: &Piece) -> Holder {
        (self.sources.key(piece), self.known.is_record(&piece.id).then(|| piece.owner.clone()))
    }
}

type Holder = (SourceKey, Option<String>);

/// The keys of what is said of a relation; the order is that in which it is shown.
const STATED_KEY: &str = "0";
const DENIED_KEY: &str = "1";

/// What a note of a document claims.
fn of_claim<'s>(piece: &'s Piece, sayings: &mut Sayings<'s>) {
    let said = of_note(piece);
    if ![STATED, ATTRIBUTED, DENIED].contains(&said.status.as_str()) {
        return;
    }
    let is_denied = said.status == DENIED;
    let (mut value, mut about) = (said.what.in_words(), said.what.in_words());
    let (topic, key) = match said.what {
        What::Relation(relation) => {
            ((ContradictionOf::Relation, fold(&relation)), if is_denied { DENIED_KEY } else { STATED_KEY }.to_owned())
        }
        What::Figure { value: figure, unit, meaning } if !meaning.is_empty() => {
            let key = format!("{figure} {}", if is_denied { DENIED } else { "" });
            value = format!("{figure} {unit}").trim_end().to_owned();
            about = meaning;
            ((ContradictionOf::Figure, fold(&format!("{about} {unit}"))), key)
        }
        _ => return,
    };
    let saying = Saying { piece, about, status: said.status, value, quote: said.quote };
    sayings.entry(topic).or_default().entry(key).or_default().push(saying);
}

/// The properties of a record. Its name is compared among versions of one id: records are of one entity because they share one.
fn of_record<'s>(record: &'s Piece, sayings: &mut Sayings<'s>) {
    for (name, value) in record.object.as_object().into_iter().flatten() {
        let Some(value) = scalar(name, value) else { continue };
        let topic = if NAMES.contains(&name.as_str()) { format!("{name} {}", record.id) } else { format!("{name} {}", record.kind) };
        let key = Timestamp::parse(&value).map_or_else(|_| fold(&value), |time| time.sort_key().to_owned());
        let saying = Saying { piece: record, about: name.clone(), status: STATED.to_owned(), value, quote: quote_of(record) };
        sayings.entry((ContradictionOf::Property, topic)).or_default().entry(key).or_default().push(saying);
    }
}

/// A property's value, if it is one that can be compared.
fn scalar(name: &str, value: &Json) -> Option<String> {
    if NOT_COMPARED.contains(&name) || name.ends_with("_ref") {
        return None;
    }
    match value {
        Json::String(text) if text.len() <= VALUE_BYTES_MAX => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}
