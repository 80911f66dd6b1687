//! Stories: documents that are copies of each other, in their order of appearance, with what each added and left out.
//!
//! A story begins with the document that appeared first. Each later one is of the story whose documents it copies. One that copies
//! two stories in the same stretches shows that they are one; one that takes different stretches from each is stitched together
//! from both and is told in both, without making them one.
//!
//! Stories are a function of the documents in the [`Index`]: the order in which these arrived does not matter, nor does what was
//! removed. The index holds what one reader may see (see [`crate::copies`]), so a story is that reader's story: a document that is
//! hidden from them is neither in it nor counted. What is published of it is written by [`crate::stix::story`].
//!
//! Whether a story looks coordinated is a hint for people: agencies and their customers look alike. Where a text really began is not
//! known here, only where it was first seen.

use crate::copies::{Index, Key, Kind, Pair};
use crate::span::RawSpan;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

mod grouping;
#[cfg(test)]
mod tests;

/// A story looks coordinated when so many names have its text,
const NAMES_MIN: usize = 3;
/// within so many microseconds (six hours),
const WINDOW_MICROS: i64 = 6 * 3_600 * 1_000_000;
/// each with so much of the text, in thousandths.
const SAME_TEXT_MIN: u32 = 800;

/// Documents that tell one story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Story {
    /// The documents in their order of appearance; two at least.
    pub members: Vec<Member>,
    /// Why it looks coordinated, if it does.
    pub coordination: Option<Coordination>,
}

/// A document of a story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Member {
    /// Which.
    pub key: Key,
    /// What it was made from; `None` for the first, and for one that resembles later ones alone.
    pub origin: Option<Origin>,
    /// Whether other stretches of it are of another story.
    pub is_stitched: bool,
}

/// How a document relates to the earlier one that has most of its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// The earlier one.
    pub key: Key,
    /// What kind of copies the two are.
    pub kind: Kind,
    /// How much of the document stands in the earlier one, in thousandths.
    pub per_mille: u32,
    /// Raw bytes of the document that the earlier one has.
    pub kept: Vec<RawSpan>,
    /// Raw bytes of the document that the earlier one does not have.
    pub added: Vec<RawSpan>,
    /// Raw bytes of the earlier one that the document does not have.
    pub left_out: Vec<RawSpan>,
}

/// One text under several names within hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Coordination {
    /// The documents, in their order of appearance.
    pub documents: Vec<Key>,
    /// Their names, in code point order.
    pub names: BTreeSet<String>,
    /// Whether one of them has the text in other words.
    pub is_laundered: bool,
}

impl Story {
    /// The document that appeared first.
    #[must_use]
    pub fn first(&self) -> Option<&Key> {
        self.members.first().map(|member| &member.key)
    }
}

/// The stories of `index`, in the order of appearance of their first documents; documents without copies are in none.
#[must_use]
pub fn stories(index: &Index) -> Vec<Story> {
    let pairs = index.pairs();
    let groups = grouping::group(index, &pairs);
    let mut times: BTreeMap<&Key, usize> = BTreeMap::new();
    groups.iter().flatten().for_each(|key| *times.entry(*key).or_default() += 1);
    let earlier = Earlier::of(&pairs);
    let story = |keys: &BTreeSet<&Key>| {
        let member = |key: &&Key| Member {
            key: (*key).clone(),
            origin: earlier.origin(key, keys),
            is_stitched: times.get(*key).is_some_and(|times| *times > 1),
        };
        let members: Vec<Member> = keys.iter().map(member).collect();
        Story { coordination: coordination(&members), members }
    };
    groups.iter().filter(|keys| keys.len() > 1).map(story).collect()
}

/// The pairs of each document with earlier ones.
struct Earlier<'p> {
    pairs: BTreeMap<&'p Key, Vec<&'p Pair>>,
}

impl<'p> Earlier<'p> {
    fn of(pairs: &'p [Pair]) -> Self {
        let mut earlier: BTreeMap<&Key, Vec<&Pair>> = BTreeMap::new();
        pairs.iter().for_each(|pair| earlier.entry(&pair.second).or_default().push(pair));
        Self { pairs: earlier }
    }

    /// The earlier document among `keys` that has most of `key`; of several the one that appeared first.
    fn origin(&self, key: &Key, keys: &BTreeSet<&Key>) -> Option<Origin> {
        let pairs = self.pairs.get(key).into_iter().flatten().filter(|pair| keys.contains(&pair.first));
        let best = pairs.reduce(|best, next| if next.found.second_per_mille > best.found.second_per_mille { next } else { best })?;
        let mut kept: Vec<RawSpan> = best.found.stretches.iter().map(|(_, theirs)| *theirs).collect();
        kept.sort_unstable();
        Some(Origin {
            key: best.first.clone(),
            kind: best.found.kind,
            per_mille: best.found.second_per_mille,
            kept,
            added: best.found.second_own.clone(),
            left_out: best.found.first_own.clone(),
        })
    }
}

/// The widest circle of names that have the text within the window, if it is wide enough; of equal ones the first.
fn coordination(members: &[Member]) -> Option<Coordination> {
    let has_text = |member: &&Member| member.origin.as_ref().is_none_or(|origin| origin.per_mille >= SAME_TEXT_MIN);
    let same: Vec<&Member> = members.iter().filter(has_text).collect();
    let circle = |from: usize| {
        let start = same.get(from)?.key.published.stamp().0;
        let rest = same.get(from..)?;
        let count = rest.iter().take_while(|member| member.key.published.stamp().0.saturating_sub(start) <= WINDOW_MICROS).count();
        let members = rest.get(..count)?;
        let names: BTreeSet<String> = members.iter().map(|member| member.key.name.clone()).collect();
        let is_laundered = members.iter().any(|member| member.origin.as_ref().is_some_and(|origin| origin.kind == Kind::Laundered));
        Some(Coordination { documents: members.iter().map(|member| member.key.clone()).collect(), names, is_laundered })
    };
    let circles = (0..same.len()).filter_map(circle).filter(|circle| circle.names.len() >= NAMES_MIN);
    circles.reduce(|best, next| if next.names.len() > best.names.len() { next } else { best })
}
