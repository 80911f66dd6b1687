//! Which documents are of one story: each in its order of appearance, by the earlier documents it copies.

use crate::copies::{Index, Key, Pair};
use crate::span::RawSpan;
use std::collections::{BTreeMap, BTreeSet};

/// Two stories from which a document takes the same stretches are one, from this part on, in hundredths of the lesser part taken.
const SAME_STRETCHES_MIN: usize = 50;

/// Documents by story; one that is stitched together stands in several. In the order of appearance of the first of each.
pub(super) fn group<'i>(index: &'i Index, pairs: &'i [Pair]) -> Vec<BTreeSet<&'i Key>> {
    let mut earlier: BTreeMap<&Key, Vec<&Pair>> = BTreeMap::new();
    pairs.iter().for_each(|pair| earlier.entry(&pair.second).or_default().push(pair));
    let mut stories = Stories::default();
    for key in index.keys() {
        let taken = stories.taken(earlier.get(key).map(Vec::as_slice).unwrap_or_default());
        stories.place(key, &taken);
    }
    stories.members.into_values().collect()
}

/// Stories by number; numbers rise in the order of appearance.
#[derive(Default)]
struct Stories<'i> {
    members: BTreeMap<usize, BTreeSet<&'i Key>>,
    of: BTreeMap<&'i Key, BTreeSet<usize>>,
    next: usize,
}

impl<'i> Stories<'i> {
    /// The stories that a document takes from, with the raw bytes it has from each, in order and apart.
    fn taken(&self, pairs: &[&Pair]) -> BTreeMap<usize, Vec<RawSpan>> {
        let mut taken: BTreeMap<usize, Vec<RawSpan>> = BTreeMap::new();
        for pair in pairs {
            for story in self.of.get(&pair.first).into_iter().flatten() {
                taken.entry(*story).or_default().extend(pair.found.stretches.iter().map(|(_, theirs)| *theirs));
            }
        }
        taken.values_mut().for_each(|spans| *spans = merged(std::mem::take(spans)));
        taken
    }

    /// Puts a document into the stories that it takes from, or into a new one.
    fn place(&mut self, key: &'i Key, taken: &BTreeMap<usize, Vec<RawSpan>>) {
        let mut stories: BTreeSet<usize> = BTreeSet::new();
        for (story, spans) in taken {
            let same = stories.iter().copied().find(|earlier| taken.get(earlier).is_some_and(|other| is_same(other, spans)));
            match same {
                Some(earlier) => self.unite(earlier, *story),
                None => {
                    stories.insert(*story);
                }
            }
        }
        if stories.is_empty() {
            stories.insert(self.next);
            self.next += 1;
        }
        for story in &stories {
            self.members.entry(*story).or_default().insert(key);
        }
        self.of.insert(key, stories);
    }

    /// Makes `other` a part of `story`, which began before it.
    fn unite(&mut self, story: usize, other: usize) {
        let Some(members) = self.members.remove(&other) else { return };
        for key in &members {
            let of = self.of.entry(key).or_default();
            of.remove(&other);
            of.insert(story);
        }
        self.members.entry(story).or_default().extend(members);
    }
}

fn is_same(one: &[RawSpan], other: &[RawSpan]) -> bool {
    let both: usize = one.iter().flat_map(|a| other.iter().map(move |b| a.to.min(b.to).saturating_sub(a.from.max(b.from)))).sum();
    both * 100 >= length(one).min(length(other)) * SAME_STRETCHES_MIN
}

fn length(spans: &[RawSpan]) -> usize {
    spans.iter().map(|span| span.to.saturating_sub(span.from)).sum()
}

/// Spans in order, those that touch made one.
fn merged(mut spans: Vec<RawSpan>) -> Vec<RawSpan> {
    spans.sort_unstable();
    let mut merged: Vec<RawSpan> = Vec::new();
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.from <= last.to => last.to = last.to.max(span.to),
            _ => merged.push(span),
        }
    }
    merged
}
