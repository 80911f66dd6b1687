//! What is known of an entity, read through the gate: its records, what refers to them, what is said of that, and what stands at the other ends.
//!
//! Each question to the index names ids, so that nothing is read but what refers to the entity or is referred to beside it. Each has a bound, and what
//! reached one is told.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use relto_gate::LabelId;
use relto_model::ObjectId;
use serde_json::Value as Json;

use super::naming::resolve;
use super::{EntityError, EntityRequest};
use crate::searching::{Lens, SearchError, Seen, title_of};

/// Records of one entity.
const RECORDS_MAX: usize = 500;
/// Objects of one sort that refer to the records.
const REFERRING_MAX: usize = 2_000;
/// Objects that refer to the records, and of which is asked what is said of them.
const SPOKEN_OF_MAX: usize = 500;
/// Objects at other ends whose names are looked up.
const ENDS_MAX: usize = 2_000;
/// Over so many relationships one record leads to its duplicates.
const DUPLICATE_STEPS_MAX: usize = 3;
/// Bytes and parts of one query, well below what the index takes.
const QUERY_BYTES_MAX: usize = 1_800;
const QUERY_IDS_MAX: usize = 40;
/// What refers to an entity, sort by sort: each has a bound of its own, so that a million objects that it made do not keep out what is said of it.
const SORTS: [&str; 4] = [
    "kind:sighting",
    "(kind:note OR kind:opinion)",
    "(kind:report OR kind:grouping)",
    "-kind:relationship -kind:sighting -kind:note -kind:opinion -kind:report -kind:grouping",
];

/// An object that was read.
#[derive(Debug)]
pub(super) struct Piece {
    pub object: Json,
    pub id: String,
    pub kind: String,
    pub label: LabelId,
    /// The banner of its label.
    pub banner: String,
    pub collection: String,
    /// Whose row it is; not shown.
    pub owner: String,
    content: u64,
}

impl Piece {
    /// A string property.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.object.get(name).and_then(Json::as_str)
    }

    /// Where it stands among others: nothing in it tells when it arrived.
    fn order(&self) -> (String, String, String, String, String) {
        let version = self.text("modified").unwrap_or_default().to_owned();
        (self.id.clone(), version, self.collection.clone(), self.banner.clone(), self.object.to_string())
    }
}

/// All that was read.
pub(super) struct Known {
    /// The objects that are the entity.
    pub records: Vec<Piece>,
    /// What refers to them.
    pub about: Vec<Piece>,
    /// What is said of what refers to them: opinions, and reports that hold it.
    pub further: Vec<Piece>,
    /// What else stands at the ends of references, by id.
    pub ends: BTreeMap<String, Piece>,
    /// Whether a bound was reached.
    pub is_cut: bool,
    record_ids: BTreeSet<String>,
}

impl Known {
    /// Reads what is known of what `request` means.
    pub(super) fn gather(lens: &Lens<'_>, request: &EntityRequest) -> Result<Self, EntityError> {
        let mut gathering = Gathering { lens, known: HashSet::new(), is_cut: false };
        let mut records = resolve(&mut gathering, request)?;
        gathering.known.extend(records.iter().map(|record| record.content));
        if records.len() > RECORDS_MAX {
            gathering.is_cut = true;
            records.truncate(RECORDS_MAX);
        }
        let mut about = gathering.relationships(&mut records, request.alone)?;
        let ids = ids_of(&records);
        for sort in SORTS {
            about.extend(gathering.read_all(&ids, "ref", sort, REFERRING_MAX)?);
        }
        about.sort_by_cached_key(Piece::order);
        let further = gathering.further(&about)?;
        let ends = gathering.ends(&[&records, &about, &further])?;
        Ok(Self { record_ids: ids_of(&records), records, about, further, ends, is_cut: gathering.is_cut })
    }

    /// As if these objects had been read, of one organisation for each maker.
    #[cfg(test)]
    pub(super) fn of(records: Vec<Json>, about: Vec<Json>, ends: Vec<Json>) -> Self {
        let piece = |object: Json| {
            let text = |name: &str| object.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
            let (id, kind, owner) = (text("id"), text("type"), text("created_by_ref"));
            let (label, banner, collection) = (LabelId(0), "TLP:CLEAR".to_owned(), "intel".to_owned());
            Piece { object, id, kind, label, banner, collection, owner, content: 0 }
        };
        let pieces = |objects: Vec<Json>| objects.into_iter().map(piece).collect::<Vec<_>>();
        let (records, about) = (pieces(records), pieces(about));
        let ends = pieces(ends).into_iter().map(|piece| (piece.id.clone(), piece)).collect();
        Self { record_ids: ids_of(&records), records, about, further: Vec::new(), ends, is_cut: false }
    }

    /// Everything that was read.
    pub(super) fn pieces(&self) -> impl Iterator<Item = &Piece> {
        self.records.iter().chain(&self.about).chain(&self.further).chain(self.ends.values())
    }

    /// Whether `id` is a record of the entity.
    pub(super) fn is_record(&self, id: &str) -> bool {
        self.record_ids.contains(id)
    }
}

/// One account reading what it may see, each content once.
pub(super) struct Gathering<'g> {
    lens: &'g Lens<'g>,
    known: HashSet<u64>,
    is_cut: bool,
}

impl Gathering<'_> {
    /// What fits `query`, in order; at most `most`. It does not count as read.
    pub(super) fn look(&mut self, query: &str, most: usize) -> Result<Vec<Piece>, SearchError> {
        let seen = self.lens.seen(query, most, &mut HashSet::new())?;
        Ok(self.pieces(seen, most))
    }

    /// What fits `query` and was not read before, in order; at most `most`.
    fn read(&mut self, query: &str, most: usize) -> Result<Vec<Piece>, SearchError> {
        let seen = self.lens.seen(query, most, &mut self.known)?;
        Ok(self.pieces(seen, most))
    }

    fn pieces(&mut self, seen: Vec<Seen>, most: usize) -> Vec<Piece> {
        self.is_cut |= seen.len() == most;
        let mut pieces: Vec<Piece> = seen.into_iter().filter_map(|seen| self.piece(seen)).collect();
        pieces.sort_by_cached_key(Piece::order);
        pieces
    }

    fn piece(&self, seen: Seen) -> Option<Piece> {
        let text = |name: &str| seen.object.get(name).and_then(Json::as_str).map(str::to_owned);
        let (id, kind, banner) = (text("id")?, text("type")?, self.lens.banner(seen.label));
        let Seen { object, content, label, collection, owner } = seen;
        Some(Piece { object, id, kind, label, banner, collection, owner, content })
    }

    /// What fits `rest` and has one of `ids` in `field`, in as many queries as it takes.
    fn read_all(&mut self, ids: &BTreeSet<String>, field: &str, rest: &str, most: usize) -> Result<Vec<Piece>, SearchError> {
        let mut pieces = Vec::new();
        for any in any_of(ids, field) {
            if pieces.len() >= most {
                self.is_cut = true;
                break;
            }
            pieces.extend(self.read(&format!("({any}) {rest}"), most - pieces.len())?);
        }
        Ok(pieces)
    }

    /// The relationships of `records`; what one of them says is a duplicate becomes a record as well, unless one object `alone` is meant.
    fn relationships(&mut self, records: &mut Vec<Piece>, alone: bool) -> Result<Vec<Piece>, SearchError> {
        let (mut all, mut new) = (Vec::new(), ids_of(records));
        for step in 0..=DUPLICATE_STEPS_MAX {
            let found = self.read_all(&new, "ref", "kind:relationship", REFERRING_MAX)?;
            let known = ids_of(records);
            new = found.iter().filter_map(duplicate).flatten().filter(|id| !known.contains(*id)).map(str::to_owned).collect();
            all.extend(found);
            if new.is_empty() || alone || step == DUPLICATE_STEPS_MAX || records.len() >= RECORDS_MAX {
                break;
            }
            let duplicates = self.read_all(&new, "id", "", RECORDS_MAX - records.len())?;
            new = ids_of(&duplicates);
            records.extend(duplicates);
        }
        records.sort_by_cached_key(Piece::order);
        Ok(all)
    }

    /// Opinions on what was read, and reports that hold it.
    fn further(&mut self, about: &[Piece]) -> Result<Vec<Piece>, SearchError> {
        let said = about.iter().filter(|piece| matches!(piece.kind.as_str(), "relationship" | "sighting" | "note" | "report" | "grouping"));
        let mut ids: BTreeSet<String> = said.map(|piece| piece.id.clone()).collect();
        if let Some(border) = ids.iter().nth(SPOKEN_OF_MAX).cloned() {
            self.is_cut = true;
            ids.split_off(&border);
        }
        self.read_all(&ids, "ref", "(kind:opinion OR kind:report OR kind:grouping)", REFERRING_MAX)
    }

    /// What the pieces refer to beside each other and is no part of them: other ends of relationships, and whoever said something.
    fn ends(&mut self, all: &[&[Piece]]) -> Result<BTreeMap<String, Piece>, SearchError> {
        let known: BTreeSet<&str> = all.iter().flat_map(|pieces| pieces.iter()).map(|piece| piece.id.as_str()).collect();
        let named = |piece: &Piece| -> Vec<String> {
            let single = ["source_ref", "target_ref", "created_by_ref", "sighting_of_ref"].iter().filter_map(|name| piece.text(name));
            single.map(str::to_owned).collect()
        };
        let of_records = all.first().into_iter().flat_map(|records| records.iter()).flat_map(|record| {
            let references = references(&record.object).into_iter();
            references.map(|(_, id)| id.to_owned()).collect::<Vec<_>>()
        });
        let mut ids: BTreeSet<String> = all.iter().flat_map(|pieces| pieces.iter()).flat_map(named).chain(of_records).collect();
        ids.retain(|id| !known.contains(id.as_str()));
        let pieces = self.read_all(&ids, "id", "", ENDS_MAX)?;
        let mut ends = BTreeMap::new();
        for piece in pieces {
            ends.entry(piece.id.clone()).or_insert(piece);
        }
        Ok(ends)
    }
}

/// The two ends of a relationship that says that they are one thing.
fn duplicate(piece: &Piece) -> Option<[&str; 2]> {
    let says = piece.text("relationship_type") == Some("duplicate-of") && !is_revoked(piece);
    says.then(|| [piece.text("source_ref"), piece.text("target_ref")]).and_then(|[source, target]| Some([source?, target?]))
}

/// Whether its maker has withdrawn it.
pub(super) fn is_revoked(piece: &Piece) -> bool {
    piece.object.get("revoked").and_then(Json::as_bool) == Some(true)
}

/// What the object is called, or else its id.
pub(super) fn name_of(piece: &Piece) -> String {
    title_of(&piece.object).unwrap_or_else(|| piece.id.clone())
}

fn ids_of(pieces: &[Piece]) -> BTreeSet<String> {
    pieces.iter().map(|piece| piece.id.clone()).collect()
}

/// Queries that together ask for all of `ids` in `field`. What is no id is nowhere.
pub(crate) fn any_of(ids: &BTreeSet<String>, field: &str) -> Vec<String> {
    let mut queries: Vec<(usize, String)> = Vec::new();
    for id in ids.iter().filter(|id| ObjectId::parse(id).is_ok()) {
        let part = format!("{field}:{id}");
        match queries.last_mut() {
            Some((count, query)) if *count < QUERY_IDS_MAX && query.len() + part.len() + 4 <= QUERY_BYTES_MAX => {
                *count += 1;
                query.push_str(" OR ");
                query.push_str(&part);
            }
            _ => queries.push((1, part)),
        }
    }
    queries.into_iter().map(|(_, query)| query).collect()
}

/// The ids that `object` refers to, each with the property that does so; markings are no references.
pub(crate) fn references(object: &Json) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    collect(object, "", &mut found);
    found
}

fn collect<'o>(value: &'o Json, name: &'o str, found: &mut Vec<(&'o str, &'o str)>) {
    match value {
        Json::String(id) if name.ends_with("_ref") || name.ends_with("_refs") => found.push((name, id)),
        Json::Array(list) => list.iter().for_each(|entry| collect(entry, name, found)),
        Json::Object(inner) => {
            let references = inner.iter().filter(|(name, _)| !matches!(name.as_str(), "object_marking_refs" | "granular_markings"));
            references.for_each(|(name, value)| collect(value, name, found));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn many_ids_are_asked_for_in_several_queries() {
        let id = |number: usize| format!("identity--00000000-0000-4000-8000-{number:012}");
        let ids: BTreeSet<String> = (0..95).map(id).chain(["no id) OR kind:report".to_owned()]).collect();
        let queries = any_of(&ids, "ref");
        assert_eq!(queries.iter().map(|query| query.matches("ref:").count()).sum::<usize>(), 95);
        assert!(queries.iter().all(|query| query.len() <= QUERY_BYTES_MAX && !query.contains("kind:")), "{queries:?}");
    }

    #[test]
    fn references_are_found_wherever_they_stand_and_markings_are_none() {
        let object = json!({"created_by_ref": "a", "object_refs": ["b", "c"], "object_marking_refs": ["d"], "granular_markings": [{"marking_ref": "e"}],
            "parts": [{"owner_ref": "f"}], "name": "g"});
        assert_eq!(references(&object), [("created_by_ref", "a"), ("object_refs", "b"), ("object_refs", "c"), ("owner_ref", "f")]);
    }
}
