//! The timeline, and what is remarked: each fact with its time, its words, how it is said, and by whom.

use std::cmp::Reverse;

use relto_model::Stamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::View;
use super::gather::{Piece, name_of, references};
use super::said::{What, ends_of, of_note, quote_of, reading_of, spells_of, status_of};
use super::sources::SourceName;

/// Something that is dated.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EntityFact {
    /// When it began or was: a STIX time stamp, or a date as exact as it is known (`2023`, `2023-05`).
    pub from: Option<String>,
    /// When it ended, if that is said.
    pub until: Option<String>,
    /// What was so.
    pub what: String,
    /// How it is said: `stated`, `denied`, `planned`, `attributed`, `doubted`, `conditional`, `asked`, `not-asserted`, `revoked`, or as its kind has it.
    pub status: String,
    /// How it was read from its document, where it was not just read: `repaired`, `lexicon-read`, `inferred`.
    pub reading: Option<String>,
    /// The words it rests on.
    pub quote: Option<String>,
    /// Who says it.
    pub source: SourceName,
    /// The object that says it.
    pub object: String,
    /// The banner of that object's label.
    pub label: String,
}

/// A note or an opinion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// Its id.
    pub id: String,
    /// When it was made.
    pub created: Option<String>,
    /// What it says; of an opinion how far it agrees.
    pub what: String,
    /// How it is said.
    pub status: String,
    /// The words it rests on.
    pub quote: Option<String>,
    /// Who says it.
    pub source: SourceName,
    /// The banner of its label.
    pub label: String,
}

impl View<'_> {
    /// Everything that speaks of the entity: its records, and what refers to them otherwise than as their maker.
    pub(super) fn speaking(&self) -> Vec<&Piece> {
        let about = self.known.about.iter().filter(|piece| self.speaks(piece));
        self.known.records.iter().chain(about).chain(&self.known.further).collect()
    }

    /// All that is dated, by the begin of its interval.
    pub(super) fn timeline(&self) -> Vec<EntityFact> {
        let mut facts: Vec<EntityFact> = self.speaking().into_iter().flat_map(|piece| self.facts_of(piece)).collect();
        facts.sort_by_cached_key(|fact| (place(fact), fact.clone()));
        facts.dedup();
        facts
    }

    /// Notes and opinions, the newest first.
    pub(super) fn remarks(&self) -> Vec<Remark> {
        let said = self.known.about.iter().chain(&self.known.further).filter(|piece| matches!(piece.kind.as_str(), "note" | "opinion"));
        let mut remarks: Vec<Remark> = said.map(|piece| self.remark(piece)).collect();
        remarks.sort_by_cached_key(|remark| (Reverse(remark.created.clone()), remark.id.clone(), remark.label.clone()));
        remarks
    }

    fn remark(&self, piece: &Piece) -> Remark {
        let (what, status, quote) = self.words_of(piece);
        let created = piece.text("created").map(str::to_owned);
        Remark { id: piece.id.clone(), created, what, status, quote, source: self.sources.name_for(piece), label: piece.banner.clone() }
    }

    fn speaks(&self, piece: &Piece) -> bool {
        references(&piece.object).iter().any(|(name, id)| *name != "created_by_ref" && self.known.is_record(id))
    }

    /// What a piece says as of when.
    fn facts_of(&self, piece: &Piece) -> Vec<EntityFact> {
        let (what, status, quote) = self.words_of(piece);
        let fact = |what: String, from, until| EntityFact {
            from,
            until,
            what,
            status: status.clone(),
            reading: reading_of(piece),
            quote: quote.clone(),
            source: self.sources.name_for(piece),
            object: piece.id.clone(),
            label: piece.banner.clone(),
        };
        if piece.kind == "note"
            && let What::Date(date) = of_note(piece).what
        {
            let (from, until) = ends_of(&date);
            return vec![fact(quote.clone().unwrap_or(what), from, until)];
        }
        let is_own = self.known.is_record(&piece.id);
        let spells = spells_of(piece, self.kinds).into_iter();
        spells
            .map(|spell| fact(if is_own { format!("{what}: {}", spell.properties) } else { what.clone() }, spell.from, spell.until))
            .collect()
    }

    /// What a piece says in words, how it says it, and the words it rests on.
    pub(super) fn words_of(&self, piece: &Piece) -> (String, String, Option<String>) {
        let called = |name: &str| piece.text(name).map(|id| self.sources.called(id)).unwrap_or_default();
        let what = match piece.kind.as_str() {
            "note" => {
                let said = of_note(piece);
                return (said.what.in_words(), said.status, said.quote);
            }
            "relationship" => self.relation(piece),
            "opinion" => format!("opinion: {}", piece.text("opinion").unwrap_or_default()),
            "sighting" => match piece.object.get("count").and_then(Json::as_u64) {
                Some(count) => format!("{} sighted {count} times", called("sighting_of_ref")),
                None => format!("{} sighted", called("sighting_of_ref")),
            },
            kind => format!("{kind} “{}”", name_of(piece)),
        };
        (what, status_of(piece), quote_of(piece))
    }

    /// A relationship in words: what its source is called, its type, what its target is called.
    pub(super) fn relation(&self, piece: &Piece) -> String {
        let called = |name: &str| piece.text(name).map(|id| self.sources.called(id)).unwrap_or_default();
        format!("{} {} {}", called("source_ref"), piece.text("relationship_type").unwrap_or_default(), called("target_ref"))
    }
}

/// Where a fact stands in time: by its begin, or else its end; the less exact date first, and undated ones last.
fn place(fact: &EntityFact) -> (bool, String) {
    let at = fact.from.as_ref().or(fact.until.as_ref());
    (at.is_none(), at.map(|at| comparable(at)).unwrap_or_default())
}

/// A date in a form that sorts as the instants do.
pub(super) fn comparable(date: &str) -> String {
    Stamp::parse(date).ok().filter(|_| date.len() > 10).map_or_else(|| date.to_owned(), |stamp| stamp.to_string())
}
