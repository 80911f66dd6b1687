//! The repairs, in order, each a stage that proposes changes to the reading before it.
//!
//! ```text
//! notes -> byte shift -> notes that the shift hid -> punctuation -> votes of copies -> boilerplate -> later copies
//! ```
//!
//! A stage that finds nothing proposes nothing, so sound documents pass through unchanged. What a stage cannot decide becomes
//! a [`gap::Gap`].

pub mod align;
pub mod boilerplate;
pub mod gap;
pub mod notes;
pub mod punctuation;
pub mod repeat;
pub mod shift;

use crate::chinese::Chinese;
use crate::reading::{ApplyError, Reading};
use crate::span::RawSpan;
use boilerplate::Cues;
use gap::{Gap, TextGap};
use notes::NoteTable;
use repeat::Copies;

/// A repaired document.
#[derive(Clone, Debug)]
pub struct Repaired {
    /// The text once, without damage that could be undone.
    pub reading: Reading,
    /// How often the text stood in the document.
    pub copies: usize,
    /// Sentences around the text, as given, and where.
    pub boilerplate: Vec<(String, RawSpan)>,
    /// Places that could not be repaired, in order.
    pub gaps: Vec<Gap>,
}

/// Carries out every stage.
///
/// # Errors
/// [`ApplyError`] if a stage proposes changes that do not fit each other, which would be a fault of ours.
pub fn repair(decoded: &Reading, chinese: &Chinese, cues: &Cues) -> Result<Repaired, ApplyError> {
    let table = NoteTable::learn(decoded.text());
    let noteless = decoded.apply(table.changes(decoded))?;
    let shift::Repaired { changes, gaps } = shift::repair(&noteless, &table, chinese);
    let mut gaps = raw(&noteless, gaps);
    let shifted = noteless.apply(changes)?;
    let shifted = shifted.apply(table.changes(&shifted))?;
    gaps.extend(raw(&shifted, table.unexplained(shifted.text())));
    gaps.sort();
    let signed = shifted.apply(punctuation::changes(&shifted))?;
    let (voted, gaps) = vote(&signed, gaps)?;
    let sentences = cues.find(voted.text(), &chinese.script);
    let boilerplate = boilerplate::found(&voted, &sentences);
    let bare = voted.apply(boilerplate::removal(&sentences))?;
    let copies = Copies::find(bare.text());
    let reading = bare.apply(copies.removal())?;
    Ok(Repaired { reading, copies: copies.count(), boilerplate, gaps })
}

/// Lets copies vote; gaps that a vote closed are gaps no more.
fn vote(reading: &Reading, gaps: Vec<Gap>) -> Result<(Reading, Vec<Gap>), ApplyError> {
    let votes = Copies::find(reading.text()).votes(reading, &gaps);
    let closed: Vec<RawSpan> = votes.iter().map(|change| reading.raw(change.span)).collect();
    let is_open = |gap: &Gap| !closed.iter().any(|span| span.from < gap.span.to && gap.span.from < span.to);
    Ok((reading.apply(votes)?, gaps.into_iter().filter(is_open).collect()))
}

fn raw(reading: &Reading, gaps: Vec<TextGap>) -> Vec<Gap> {
    gaps.into_iter().map(|gap| Gap { span: reading.raw(gap.span), inferred: gap.inferred }).collect()
}
