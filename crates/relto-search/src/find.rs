//! Finding: from a query to the rows that fit, in their order, for one reader.
//!
//! Nothing here asks the index for a statistic. Every list of rows that is counted, scored or sorted holds rows that the reader may see, and no
//! others have ever been in it.

mod leaf;
mod plan;
mod score;
mod suggest;

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use relto_store::{Candidate, Excerpt, Finder, Found, Scope, TextError};
use tantivy::{DocId, Term};

use crate::index::{Means, failed, guarded};
use crate::mark::mark;
use crate::query::{self, Query};
use crate::segment::{Generation, Slot, Sums};
use crate::words::Segmenter;
use leaf::Rows;
use plan::Plan;

/// Rows that are told of one query at most.
const CANDIDATES_MAX: usize = 10_000;
/// Of so many of them it is said whether they are the only ones of their id.
const ASKED_ABOUT_MAX: usize = 1_000;
const SEARCHING: &str = "being searched";

/// The index as it stood when it was asked for.
pub(crate) struct Standing {
    means: Arc<Means>,
    generation: Arc<Generation>,
}

/// The rows that one reader may see.
pub(crate) struct Sight<'s> {
    pub means: &'s Means,
    pub generation: &'s Generation,
    /// For each slot, whether the reader may see what is in it.
    visible: Vec<bool>,
    /// What the reader's contents add up to.
    pub sums: Sums,
    /// Rows that the reader may see and that repeat another which it may see: they are found, and not counted. By segment.
    repeated: Vec<HashSet<DocId>>,
}

impl Standing {
    pub(crate) fn new(means: Arc<Means>, generation: Arc<Generation>) -> Self {
        Self { means, generation }
    }

    fn parse(&self, query: &str) -> Result<Query, TextError> {
        let reading = query::Reading { script: &self.means.script, segmenter: Segmenter::builtin().map_err(failed(SEARCHING))? };
        query::parse(query, &reading).map_err(|error| TextError::Query { at: error.at, reason: error.reason })
    }
}

impl Finder for Standing {
    fn find(&self, query: &str, scope: &Scope<'_>) -> Result<Found, TextError> {
        guarded(SEARCHING, || self.found(query, scope))
    }

    fn mark(&self, query: &str, body: &[u8], most: usize) -> Result<Vec<Excerpt>, TextError> {
        Ok(mark(&self.parse(query)?, body, most, &self.means.script))
    }
}

impl Standing {
    fn found(&self, query: &str, scope: &Scope<'_>) -> Result<Found, TextError> {
        let parsed = self.parse(query)?;
        let sight = Sight::of(&self.means, &self.generation, scope);
        let plan = Plan::of(&parsed, &sight, scope).map_err(failed(SEARCHING))?;
        let fitting = plan.fitting(&sight);
        let scored = score::scored(&plan, &sight, fitting);
        let more = scored.len() > CANDIDATES_MAX;
        let candidates = sight.candidates(scored, scope).map_err(failed(SEARCHING))?;
        let instead = suggest::instead(query, &parsed, &plan, &sight).map_err(failed(SEARCHING))?;
        Ok(Found { candidates, more, instead })
    }
}

impl<'s> Sight<'s> {
    fn of(means: &'s Means, generation: &'s Generation, scope: &Scope<'_>) -> Self {
        let mut sums = Sums::default();
        let mut visible = Vec::with_capacity(generation.slots.len());
        for (slot, of_slot) in &generation.slots {
            let is_visible = scope.release.permits(slot.label)
                && scope.collections.iter().any(|(key, _)| *key == slot.collection)
                && scope.audience.gets(&slot.owner);
            visible.push(is_visible);
            if is_visible {
                sums.add(*of_slot);
            }
        }
        let mut sight = Self { means, generation, visible, sums, repeated: vec![HashSet::new(); generation.segments.len()] };
        sight.count_each_content_once();
        sight
    }

    /// A content counts once for a reader, in however many rows it may be seen: a marking goes along under every label that carries it.
    fn count_each_content_once(&mut self) {
        let generation = self.generation;
        let further = |copies: &Vec<(usize, DocId)>| {
            let seen = copies.iter().copied().filter(|(segment, row)| self.sees(*segment, *row));
            seen.skip(1).collect::<Vec<_>>()
        };
        let repeated: Vec<(usize, DocId)> = generation.copies.iter().flat_map(further).collect();
        for (segment, row) in repeated {
            if let (Some(rows), Some(of_segment)) = (self.repeated.get_mut(segment), generation.segments.get(segment)) {
                rows.insert(row);
                self.sums.take_away(of_segment.sums_of(row));
            }
        }
    }

    /// How many contents there are among `rows`, by segment, all of which the reader may see.
    pub(crate) fn contents_in<'r>(&self, rows: impl IntoIterator<Item = &'r Rows>) -> u64 {
        let of_segment = |(rows, repeated): (&Rows, &HashSet<DocId>)| match repeated.is_empty() {
            true => rows.len(),
            false => rows.iter().filter(|(row, _)| !repeated.contains(row)).count(),
        };
        rows.into_iter().zip(&self.repeated).map(|pair| of_segment(pair) as u64).sum()
    }

    /// Whether the reader may see `row` of the segment.
    pub(crate) fn sees(&self, segment: usize, row: DocId) -> bool {
        self.slot_of(segment, row).is_some_and(|slot| self.visible.get(slot).copied().unwrap_or(false))
    }

    /// The slot of `row`; `None` when it was removed.
    pub(crate) fn slot_of(&self, segment: usize, row: DocId) -> Option<usize> {
        let slot = *self.generation.segments.get(segment)?.slots.get(row as usize)?;
        (slot != crate::segment::NO_SLOT).then_some(slot as usize)
    }

    /// For each slot, whether the reader may see it and `fits` says yes.
    pub(crate) fn slots(&self, fits: impl Fn(&Slot) -> bool) -> Vec<bool> {
        self.generation.slots.iter().zip(&self.visible).map(|((slot, _), visible)| *visible && fits(slot)).collect()
    }

    /// The rows of a segment that the reader may see.
    pub(crate) fn all_of(&self, segment: usize) -> Vec<DocId> {
        let rows = self.generation.segments.get(segment).map_or(0, |segment| segment.slots.len());
        (0..u32::try_from(rows).unwrap_or(u32::MAX)).filter(|row| self.sees(segment, *row)).collect()
    }

    /// The best of `scored`, in their order: by score, then the newest first, then by content. What is equal in all of that is the same object.
    fn candidates(&self, mut scored: Vec<Scored>, scope: &Scope<'_>) -> tantivy::Result<Vec<Candidate>> {
        let by_score = |one: &Scored, other: &Scored| other.score.total_cmp(&one.score);
        if scored.len() > CANDIDATES_MAX {
            let (_, border, _) = scored.select_nth_unstable_by(CANDIDATES_MAX - 1, by_score);
            let least = border.score;
            scored.retain(|one| one.score >= least);
        }
        let mut found: Vec<Sortable> = scored.into_iter().filter_map(|one| self.sortable(&one)).collect();
        found.sort_by(|one, other| one.compare(other, scope));
        found.truncate(CANDIDATES_MAX);
        found.iter().enumerate().map(|(rank, one)| self.candidate(one, rank < ASKED_ABOUT_MAX)).collect()
    }

    fn sortable(&self, scored: &Scored) -> Option<Sortable<'_>> {
        let segment = self.generation.segments.get(scored.segment)?;
        let (slot, _) = self.generation.slots.get(self.slot_of(scored.segment, scored.row)?)?;
        let arrival = segment.rows.get_val(scored.row);
        let id = segment.ids.get_val(scored.row);
        Some(Sortable {
            score: scored.score,
            date: segment.date(scored.row),
            content: segment.contents.get_val(scored.row),
            id,
            arrival,
            slot,
        })
    }

    fn candidate(&self, found: &Sortable<'_>, is_asked_about: bool) -> tantivy::Result<Candidate> {
        let is_alone = is_asked_about && self.is_alone(found.id)?;
        let Slot { collection, label, kind, .. } = found.slot;
        Ok(Candidate {
            collection: *collection,
            arrival: relto_gate::Arrival(found.arrival),
            label: *label,
            kind: kind.clone(),
            content: found.content,
            score: found.score,
            is_alone,
        })
    }

    /// Whether the id with this number has one row. Rows that the reader may not see count as well: then the store is asked, which does not count
    /// them.
    fn is_alone(&self, id: u64) -> tantivy::Result<bool> {
        let term = Term::from_field_u64(self.means.fields.id, id);
        let mut rows = 0;
        for segment in &self.generation.segments {
            rows += segment.reader.inverted_index(self.means.fields.id)?.doc_freq(&term)?;
        }
        Ok(rows <= 1)
    }
}

/// A row that fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scored {
    pub segment: usize,
    pub row: DocId,
    pub score: f64,
}

struct Sortable<'s> {
    score: f64,
    date: Option<i64>,
    content: u64,
    id: u64,
    arrival: u64,
    slot: &'s Slot,
}

impl Sortable<'_> {
    fn compare(&self, other: &Self, scope: &Scope<'_>) -> Ordering {
        let name = |one: &Self| scope.collections.iter().find(|(key, _)| *key == one.slot.collection).map(|(_, name)| name);
        let label = |one: &Self| (scope.label_words)(one.slot.label);
        let by_rank = other.score.total_cmp(&self.score).then(other.date.cmp(&self.date)).then(self.content.cmp(&other.content));
        let by_home = || name(self).cmp(&name(other)).then_with(|| label(self).cmp(&label(other)));
        by_rank.then_with(by_home).then_with(|| self.arrival.cmp(&other.arrival))
    }
}
