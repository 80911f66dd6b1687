//! What is known of one entity, in one place, as one account may see it: its records, when what was so, what it hangs together with, who says what, and where
//! they differ.
//!
//! Everything comes from objects that the account was cleared for: the index finds them by name and by reference, and nothing else is read. Where sources
//! differ, both are shown, with their words; none is said to be right. How an entity is told from its namesakes is in `naming`, what is read in `gather`.

mod differences;
mod facts;
mod gather;
mod naming;
mod neighbours;
mod said;
mod sources;

use std::collections::BTreeSet;

use relto_gate::{LabelId, Principal};
use relto_model::kinds::Kinds;
use relto_policy::BannerPart;
use serde::{Deserialize, Serialize};

use crate::node::Node;
use crate::searching::{Lens, SearchError};
use crate::session::Session;
use gather::{Known, Piece, name_of};
use sources::Sources;

pub use differences::{Contradiction, ContradictionOf, Side};
pub use facts::{EntityFact, Remark};
pub use neighbours::{Neighbour, NeighbourGroup, Reference, ReferenceGroup};
pub use sources::{EntitySource, SourceName};

pub(crate) use gather::{any_of, references};
pub(crate) use naming::{fold, is_called};

/// Most entries of one part that are shown.
pub const ENTITY_LIMIT_MAX: usize = 1_000;

/// Of what everything is to be shown.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct EntityRequest {
    /// An id, or words that are a name or an alias.
    pub what: String,
    /// Only what is of these types is meant by a name; empty means all.
    pub kinds: Vec<String>,
    /// Whether one object alone is meant, without others of its name.
    pub alone: bool,
    /// At most so many entries of each part are shown.
    pub limit: usize,
}

/// The first of several, and how many more there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part<T> {
    /// The first, in order.
    pub shown: Vec<T>,
    /// How many more.
    pub more: usize,
}

impl<T> Part<T> {
    /// The first `limit` of `all`.
    fn of(mut all: Vec<T>, limit: usize) -> Self {
        let more = all.len().saturating_sub(limit);
        all.truncate(limit);
        Self { shown: all, more }
    }
}

/// What is known of an entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntityAnswer {
    /// The banner over all that the answer is made of: whom it is for is not in it.
    pub label: String,
    /// The type of its first record.
    pub kind: String,
    /// What it is called; its id where it has no name.
    pub name: String,
    /// What else it is called, in order.
    pub aliases: Part<String>,
    /// The objects that are it, by id.
    pub records: Part<EntityRecord>,
    /// What is dated, by the begin of its interval.
    pub timeline: Part<EntityFact>,
    /// Its relationships, by their type and direction.
    pub neighbours: Part<NeighbourGroup>,
    /// What else it refers to and what refers to it, by property.
    pub references: Part<ReferenceGroup>,
    /// Notes and opinions about it, the newest first.
    pub remarks: Part<Remark>,
    /// Who says all that, those that say most first.
    pub sources: Part<EntitySource>,
    /// Where they differ.
    pub contradictions: Part<Contradiction>,
    /// Whether there is so much that not all of it was looked at.
    pub is_cut: bool,
}

/// One object that is the entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntityRecord {
    /// Its id.
    pub id: String,
    /// Its type.
    pub kind: String,
    /// What it is called; its id where it has no name.
    pub name: String,
    /// The version, if it has any.
    pub version: Option<String>,
    /// The collection that holds it.
    pub collection: String,
    /// The banner of its label.
    pub label: String,
    /// Who says that it is so.
    pub source: SourceName,
}

/// An entity of several that a name may mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntityChoice {
    /// The id of its first record.
    pub id: String,
    /// What that is called.
    pub name: String,
    /// How many records it has.
    pub records: usize,
    /// Their labels.
    #[serde(skip)]
    pub(crate) labels: Labels,
}

/// Numbers of labels, which tell in which order labels came to this node: nothing prints them.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct Labels(Vec<LabelId>);

impl std::fmt::Debug for Labels {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Labels")
    }
}

/// What a display shows of what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "there is one at a time, and it is read where it is made")]
pub enum EntityFound {
    /// What is known of it.
    Known(EntityAnswer),
    /// It may mean several.
    Several(Vec<EntityChoice>),
}

/// Why nothing is shown.
#[derive(Debug, thiserror::Error)]
pub enum EntityError {
    /// There is nothing of that id or name that the account may see.
    #[error("there is no object `{0}` for this user")]
    Absent(String),
    /// The name means several.
    #[error("`{what}` may mean {} entities", choices.len())]
    Several {
        /// What was asked for.
        what: String,
        /// What it may mean.
        choices: Vec<EntityChoice>,
    },
    /// The account cannot search.
    #[error(transparent)]
    Search(#[from] SearchError),
}

impl Node {
    /// What the account `name` may know of what `request` means. `progress` is told how many rows the index has taken in, of how many, when it has to catch up.
    ///
    /// # Errors
    /// [`EntityError`] when there is no such thing for the account, or several, or the account cannot search.
    pub fn entity(&self, name: &str, request: &EntityRequest, progress: &dyn Fn(u64, u64)) -> Result<EntityAnswer, EntityError> {
        self.through_lens(name, progress, &|lens| Ok(entity(lens, request, self.kinds())))?.map(|(answer, _)| answer)
    }

    /// The same for the account of `session`, for a display: what is known or which of several may be meant, the banner of it all, and whom it is for.
    ///
    /// # Errors
    /// As [`Node::entity`], but when several may be meant.
    pub fn entity_shown(
        &self,
        session: &Session,
        request: &EntityRequest,
    ) -> Result<(EntityFound, Vec<BannerPart>, Principal), EntityError> {
        let (found, principal) = self.through_lens_of(&|| self.reading(session), &|_, _| {}, &|lens| {
            let (found, labels) = match entity(lens, request, self.kinds()) {
                Ok((answer, labels)) => (EntityFound::Known(answer), labels),
                Err(EntityError::Several { choices, .. }) => {
                    let labels = choices.iter().flat_map(|choice| choice.labels.0.iter().copied()).collect();
                    (EntityFound::Several(choices), labels)
                }
                Err(error) => return Ok(Err(error)),
            };
            let label = labels.into_iter().fold(None, |all, label| lens.reading().joined(all, label));
            Ok(Ok((found, lens.reading().banner_of(label.as_ref()))))
        })?;
        let (found, banner) = found?;
        Ok((found, banner, principal))
    }
}

/// What is known, and the labels of all that it is made of.
fn entity(lens: &Lens<'_>, request: &EntityRequest, kinds: &Kinds) -> Result<(EntityAnswer, BTreeSet<LabelId>), EntityError> {
    let known = Known::gather(lens, request)?;
    let sources = Sources::of(&known);
    let limit = request.limit.min(ENTITY_LIMIT_MAX);
    let view = View { known: &known, sources: &sources, kinds };
    let first = known.records.first().ok_or_else(|| EntityError::Absent(request.what.clone()))?;
    let labels: BTreeSet<LabelId> = known.pieces().map(|piece| piece.label).collect();
    let answer = EntityAnswer {
        label: lens.banner_over(labels.iter().copied()),
        kind: first.kind.clone(),
        name: name_of(first),
        aliases: Part::of(aliases(&known.records), limit),
        records: Part::of(known.records.iter().map(|piece| view.record(piece)).collect(), limit),
        timeline: Part::of(view.timeline(), limit),
        neighbours: Part::of(view.neighbours(limit), limit),
        references: Part::of(view.references(limit), limit),
        remarks: Part::of(view.remarks(), limit),
        sources: Part::of(sources.list(&view.speaking()), limit),
        contradictions: Part::of(view.contradictions(), limit),
        is_cut: known.is_cut,
    };
    Ok((answer, labels))
}

/// All that was read, and how to look at it.
struct View<'v> {
    known: &'v Known,
    sources: &'v Sources<'v>,
    kinds: &'v Kinds,
}

impl View<'_> {
    fn record(&self, piece: &Piece) -> EntityRecord {
        EntityRecord {
            id: piece.id.clone(),
            kind: piece.kind.clone(),
            name: name_of(piece),
            version: piece.text("modified").map(str::to_owned),
            collection: piece.collection.clone(),
            label: piece.banner.clone(),
            source: self.sources.name_for(piece),
        }
    }
}

/// What the records are called beside the name of the first, each once.
fn aliases(records: &[Piece]) -> Vec<String> {
    let mut seen: BTreeSet<String> = records.first().map(|first| fold(&name_of(first))).into_iter().collect();
    let names: BTreeSet<String> = records.iter().flat_map(|record| naming::names_of(&record.object)).collect();
    names.into_iter().filter(|name| seen.insert(fold(name))).collect()
}

#[cfg(test)]
mod tests;
