//! How well a row fits: BM25 over the reader's rows, names counting more than the rest.
//!
//! Sums are made in the order of the query, row by row, so that equal rows have equal scores to the last bit however the index is laid out.

use tantivy::DocId;

use super::plan::{Leaf, Plan};
use super::{Scored, Sight};
use crate::segment::Segment;

/// How soon more of a term is no better.
const K1: f64 = 1.2;
/// How much long texts count less.
const B: f64 = 0.75;
/// What a name counts beside the text.
const TITLE_WEIGHT: f64 = 2.0;

/// The rows of `fitting`, by segment, with their scores.
pub(crate) fn scored(plan: &Plan, sight: &Sight<'_>, fitting: Vec<Vec<DocId>>) -> Vec<Scored> {
    let means = Means::of(sight);
    let leaves: Vec<(&Leaf, f64)> =
        plan.leaves.iter().filter(|leaf| leaf.is_scored).map(|leaf| (leaf, means.rarity(sight.contents_in(&leaf.text)))).collect();
    let mut all = Vec::new();
    for (number, rows) in fitting.into_iter().enumerate() {
        let Some(segment) = sight.generation.segments.get(number) else { continue };
        let lists: Vec<Lists<'_>> = leaves.iter().map(|(leaf, rarity)| Lists::of(leaf, number, *rarity)).collect();
        all.extend(rows.into_iter().map(|row| Scored { segment: number, row, score: means.score(&lists, segment, row) }));
    }
    all
}

struct Lists<'l> {
    text: &'l [(DocId, u32)],
    title: &'l [(DocId, u32)],
    rarity: f64,
}

impl<'l> Lists<'l> {
    fn of(leaf: &'l Leaf, segment: usize, rarity: f64) -> Self {
        let text = leaf.text.get(segment).map(Vec::as_slice).unwrap_or_default();
        let title = leaf.title.get(segment).map(Vec::as_slice).unwrap_or_default();
        Self { text, title, rarity }
    }
}

struct Means {
    rows: f64,
    text_terms: f64,
    title_terms: f64,
}

impl Means {
    fn of(sight: &Sight<'_>) -> Self {
        let sums = sight.sums;
        let mean = |terms: u64| (number(terms) / number(sums.rows.max(1))).max(1.0);
        Self { rows: number(sums.rows), text_terms: mean(sums.text_terms), title_terms: mean(sums.title_terms) }
    }

    fn rarity(&self, rows: u64) -> f64 {
        let rows = number(rows);
        (1.0 + (self.rows - rows + 0.5) / (rows + 0.5)).ln()
    }

    fn score(&self, lists: &[Lists<'_>], segment: &Segment, row: DocId) -> f64 {
        let mut score = 0.0;
        for Lists { text, title, rarity } in lists {
            let of_text = times(text, row).map(|times| weight(times, segment.text_terms.get_val(row), self.text_terms));
            let of_title = times(title, row).map(|times| weight(times, segment.title_terms.get_val(row), self.title_terms));
            score += rarity * (of_text.unwrap_or(0.0) + TITLE_WEIGHT * of_title.unwrap_or(0.0));
        }
        score
    }
}

fn times(rows: &[(DocId, u32)], row: DocId) -> Option<u32> {
    let at = rows.binary_search_by_key(&row, |(row, _)| *row).ok()?;
    rows.get(at).map(|(_, times)| *times)
}

fn weight(times: u32, terms: u64, mean: f64) -> f64 {
    let times = f64::from(times);
    times * (K1 + 1.0) / (times + K1 * (1.0 - B + B * number(terms) / mean))
}

#[expect(clippy::cast_precision_loss, reason = "counts of rows and terms, far below 2^52")]
fn number(count: u64) -> f64 {
    count as f64
}
