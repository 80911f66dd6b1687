//! What an entity hangs together with: relationships by their type, other references by their property.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::gather::{Piece, name_of, references};
use super::said::{quote_of, spells_of, status_of};
use super::sources::SourceName;
use super::{Part, View};

/// Relationships of one type in one direction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NeighbourGroup {
    /// Their type.
    pub relationship_type: String,
    /// Whether they lead from the entity to its neighbour.
    pub is_forward: bool,
    /// Where they lead, by name.
    pub neighbours: Part<Neighbour>,
}

/// What a relationship leads to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Neighbour {
    /// What it is called; its id where the account may see no name.
    pub name: String,
    /// Its id.
    pub id: String,
    /// When the relationship began, if it says so.
    pub from: Option<String>,
    /// When it ended.
    pub until: Option<String>,
    /// How it is said: `stated` or `revoked`.
    pub status: String,
    /// The words it rests on.
    pub quote: Option<String>,
    /// Who says it.
    pub source: SourceName,
    /// The relationship's id.
    pub relationship: String,
    /// The banner of the relationship's label.
    pub label: String,
}

/// References by one property.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferenceGroup {
    /// The property.
    pub property: String,
    /// The type of what refers, or is referred to.
    pub kind: String,
    /// Whether the entity refers, and is not referred to.
    pub is_forward: bool,
    /// What is at the other end, by name.
    pub objects: Part<Reference>,
}

/// An object at the other end of a reference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reference {
    /// What it is called; its id where the account may see no name.
    pub name: String,
    /// Its id.
    pub id: String,
    /// The banner of its label, if the account may see it.
    pub label: Option<String>,
}

impl View<'_> {
    /// The relationships, by type and direction; of each group at most `limit` are shown.
    pub(super) fn neighbours(&self, limit: usize) -> Vec<NeighbourGroup> {
        let mut groups: BTreeMap<(String, bool), Vec<Neighbour>> = BTreeMap::new();
        for piece in self.known.about.iter().filter(|piece| piece.kind == "relationship") {
            let (source, target) = (piece.text("source_ref").unwrap_or_default(), piece.text("target_ref").unwrap_or_default());
            for (here, there, is_forward) in [(source, target, true), (target, source, false)] {
                if self.known.is_record(here) {
                    let kind = piece.text("relationship_type").unwrap_or_default().to_owned();
                    groups.entry((kind, !is_forward)).or_default().push(self.neighbour(piece, there));
                }
            }
        }
        let group = |((relationship_type, is_backward), mut neighbours): ((String, bool), Vec<Neighbour>)| {
            neighbours.sort();
            neighbours.dedup();
            NeighbourGroup { relationship_type, is_forward: !is_backward, neighbours: Part::of(neighbours, limit) }
        };
        groups.into_iter().map(group).collect()
    }

    fn neighbour(&self, piece: &Piece, id: &str) -> Neighbour {
        let spell = spells_of(piece, self.kinds).into_iter().find(|spell| spell.properties != "created");
        let (from, until) = spell.map_or((None, None), |spell| (spell.from, spell.until));
        Neighbour {
            name: self.sources.called(id),
            id: id.to_owned(),
            from,
            until,
            status: status_of(piece),
            quote: quote_of(piece),
            source: self.sources.name_for(piece),
            relationship: piece.id.clone(),
            label: piece.banner.clone(),
        }
    }

    /// What the records refer to and what refers to them, by property; relationships, notes and opinions stand elsewhere.
    pub(super) fn references(&self, limit: usize) -> Vec<ReferenceGroup> {
        let mut groups: BTreeMap<(String, String, bool), Vec<Reference>> = BTreeMap::new();
        for (property, id) in self.known.records.iter().flat_map(|record| references(&record.object)) {
            let kind = id.split("--").next().unwrap_or_default().to_owned();
            let label = self.sources.find(id).map(|piece| piece.banner.clone());
            let reference = Reference { name: self.sources.called(id), id: id.to_owned(), label };
            groups.entry((property.to_owned(), kind, false)).or_default().push(reference);
        }
        let others = self.known.about.iter().filter(|piece| !matches!(piece.kind.as_str(), "relationship" | "note" | "opinion"));
        for piece in others {
            for (property, _) in references(&piece.object).into_iter().filter(|(_, id)| self.known.is_record(id)) {
                let reference = Reference { name: name_of(piece), id: piece.id.clone(), label: Some(piece.banner.clone()) };
                groups.entry((property.to_owned(), piece.kind.clone(), true)).or_default().push(reference);
            }
        }
        let group = |((property, kind, is_backward), mut objects): ((String, String, bool), Vec<Reference>)| {
            objects.sort();
            objects.dedup();
            ReferenceGroup { property, kind, is_forward: !is_backward, objects: Part::of(objects, limit) }
        };
        groups.into_iter().map(group).collect()
    }
}
