//! Who says it: the document that an object stands in, or else whoever made it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::gather::{Known, Piece, name_of};
use super::said::PROVENANCE;

/// Characters of a digest that are shown.
const DIGEST_SHOWN: usize = 12;

/// Who says something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SourceName {
    /// What it is called.
    pub name: String,
    /// The report or the identity that it is, if it is an object.
    pub id: Option<String>,
}

/// A source, and how much it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntitySource {
    /// What it is called, and the object that it is.
    #[serde(flatten)]
    pub source: SourceName,
    /// Where its document can be read, if it says so.
    pub address: Option<String>,
    /// When it first said something: a STIX time stamp.
    pub first: Option<String>,
    /// When it last did.
    pub last: Option<String>,
    /// How many objects of it speak of the entity.
    pub facts: usize,
}

/// What tells sources apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SourceKey {
    /// A report or a grouping, by its id.
    Document(String),
    /// A document that no report here stands for, by the digest of its bytes.
    Bytes(String),
    /// Whoever made the object, by id.
    Originator(String),
    /// Whoever the object names.
    Named(String),
    /// None is named: the collection it came in.
    Collection(String),
}

/// The sources of all that was read.
pub(super) struct Sources<'k> {
    /// What was read, by id.
    by_id: BTreeMap<&'k str, &'k Piece>,
    /// The documents that hold an object, by its id, the earliest first.
    documents: BTreeMap<&'k str, Vec<&'k Piece>>,
}

impl<'k> Sources<'k> {
    pub(super) fn of(known: &'k Known) -> Self {
        let mut reports: Vec<&Piece> =
            known.records.iter().chain(&known.about).chain(&known.further).filter(|piece| is_document(piece)).collect();
        reports.sort_by_key(|report| (told(report), report.id.as_str()));
        let mut documents: BTreeMap<&str, Vec<&Piece>> = BTreeMap::new();
        for report in reports {
            for id in report.object.get("object_refs").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str) {
                documents.entry(id).or_default().push(report);
            }
        }
        let mut by_id = BTreeMap::new();
        for piece in known.pieces() {
            by_id.entry(piece.id.as_str()).or_insert(piece);
        }
        Self { by_id, documents }
    }

    /// Who says what `piece` says: the document that holds it and has the same maker; its maker; another document that holds it; whoever it names.
    pub(super) fn key(&self, piece: &Piece) -> SourceKey {
        let holding = self.documents.get(piece.id.as_str()).map(Vec::as_slice).unwrap_or_default();
        let maker = piece.text("created_by_ref");
        let own = holding.iter().find(|report| report.text("created_by_ref") == maker);
        let document = |report: &&Piece| SourceKey::Document(report.id.clone());
        if is_document(piece) {
            return SourceKey::Document(piece.id.clone());
        }
        own.map(document)
            .or_else(|| {
                piece
                    .object
                    .pointer(&format!("/extensions/{PROVENANCE}/raw_sha256"))?
                    .as_str()
                    .map(|hash| SourceKey::Bytes(hash.to_owned()))
            })
            .or_else(|| maker.map(|maker| SourceKey::Originator(maker.to_owned())))
            .or_else(|| holding.first().map(document))
            .or_else(|| named(piece).map(SourceKey::Named))
            .unwrap_or_else(|| SourceKey::Collection(piece.collection.clone()))
    }

    /// What `key` is called.
    pub(super) fn name(&self, key: &SourceKey) -> SourceName {
        match key {
            SourceKey::Document(id) | SourceKey::Originator(id) => SourceName { name: self.called(id), id: Some(id.clone()) },
            SourceKey::Bytes(hash) => {
                let shown: String = hash.chars().take(DIGEST_SHOWN).collect();
                SourceName { name: format!("document with SHA-256 {shown}…"), id: None }
            }
            SourceKey::Named(name) => SourceName { name: name.clone(), id: None },
            SourceKey::Collection(name) => SourceName { name: format!("collection `{name}`, source not named"), id: None },
        }
    }

    /// The source of `piece`, as it is shown.
    pub(super) fn name_for(&self, piece: &Piece) -> SourceName {
        self.name(&self.key(piece))
    }

    /// Every source of what `speaks` of the entity, those that say most first.
    pub(super) fn list(&self, speaks: &[&Piece]) -> Vec<EntitySource> {
        let mut by_key: BTreeMap<SourceKey, Vec<&Piece>> = BTreeMap::new();
        for piece in speaks {
            by_key.entry(self.key(piece)).or_default().push(piece);
        }
        let mut sources: Vec<EntitySource> = by_key.iter().map(|(key, pieces)| self.source(key, pieces)).collect();
        sources
            .sort_by(|one, other| other.facts.cmp(&one.facts).then_with(|| (&one.first, &one.source).cmp(&(&other.first, &other.source))));
        sources
    }

    fn source(&self, key: &SourceKey, pieces: &[&Piece]) -> EntitySource {
        let document = match key {
            SourceKey::Document(id) => self.find(id),
            _ => None,
        };
        let references = document.and_then(|piece| piece.object.get("external_references")?.as_array()).into_iter().flatten();
        let address = references.filter_map(|reference| reference.get("url")?.as_str()).next().map(str::to_owned);
        let dates: BTreeSet<&str> = pieces.iter().filter_map(|piece| told(piece)).collect();
        let (first, last) = (dates.first().map(|date| (*date).to_owned()), dates.last().map(|date| (*date).to_owned()));
        EntitySource { source: self.name(key), address, first, last, facts: pieces.len() }
    }

    /// What was read of the object with this id.
    pub(super) fn find(&self, id: &str) -> Option<&'k Piece> {
        self.by_id.get(id).copied()
    }

    /// What the object with this id is called, as far as that was read.
    pub(super) fn called(&self, id: &str) -> String {
        self.find(id).map_or_else(|| id.to_owned(), name_of)
    }
}

/// Whether it is a document, and not in one.
fn is_document(piece: &Piece) -> bool {
    matches!(piece.kind.as_str(), "report" | "grouping")
}

/// When it was said.
fn told(piece: &Piece) -> Option<&str> {
    ["published", "created"].iter().find_map(|name| piece.text(name))
}

/// Whom the object names as the source of what it says.
fn named(piece: &Piece) -> Option<String> {
    let authors: Vec<&str> = piece.object.get("authors").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str).collect();
    if !authors.is_empty() {
        return Some(authors.join(", "));
    }
    piece.object.pointer("/external_references/0/source_name")?.as_str().map(str::to_owned)
}
