//! Which documents may be copies of a text: those that share a band of its signature, or enough of its sample.
//!
//! Everything here is a function of the documents that are in, whatever the order in which they came or others went.

use super::print::Print;
use rustc_hash::FxHashMap as HashMap;
use std::collections::BTreeSet;

/// Number of a document inside one index.
pub(super) type Slot = u32;

/// Of the documents that share a band or a sampled shingle only so many are looked at, those of the least keys: a text with more
/// copies than that is joined through these.
pub(super) const SHARERS_MAX: usize = 64;
/// So many sampled shingles must be shared, and such a part of what the two samples could share.
const SHARED_MIN: usize = 2;
const SHARED_PART: usize = 12;

/// Signatures and samples of all documents.
#[derive(Clone, Debug, Default)]
pub(super) struct Sketches {
    bands: HashMap<u64, Vec<Slot>>,
    samples: HashMap<u32, Vec<Slot>>,
}

impl Sketches {
    /// Takes in a text.
    pub(super) fn add(&mut self, slot: Slot, print: &Print) {
        print.bands().iter().for_each(|band| self.bands.entry(*band).or_default().push(slot));
        print.sample().iter().for_each(|value| self.samples.entry(*value).or_default().push(slot));
    }

    /// Takes it out again, without a trace.
    pub(super) fn remove(&mut self, slot: Slot, print: &Print) {
        print.bands().iter().for_each(|band| take_out(&mut self.bands, band, slot));
        print.sample().iter().for_each(|value| take_out(&mut self.samples, value, slot));
    }

    /// How many documents have a sampled shingle.
    pub(super) fn documents_with(&self, value: u32) -> usize {
        self.samples.get(&value).map_or(0, Vec::len)
    }

    /// The sampled shingles that two texts share.
    pub(super) fn shared(first: &Print, second: &Print) -> Vec<u32> {
        let (first, second) = if first.sample().len() <= second.sample().len() { (first, second) } else { (second, first) };
        first.sample().iter().copied().filter(|value| second.sample().binary_search(value).is_ok()).collect()
    }

    /// The documents that may be copies of `print`; `nearest` gives the least keys of those that it is asked of, at most [`SHARERS_MAX`].
    pub(super) fn candidates<'p>(
        &self,
        print: &Print,
        nearest: impl Fn(&[Slot]) -> Vec<Slot>,
        print_of: impl Fn(Slot) -> Option<&'p Print>,
    ) -> BTreeSet<Slot> {
        let mut candidates: BTreeSet<Slot> =
            print.bands().iter().filter_map(|band| self.bands.get(band)).flat_map(|slots| nearest(slots)).collect();
        let mut shared: HashMap<Slot, usize> = HashMap::default();
        for slots in print.sample().iter().filter_map(|value| self.samples.get(value)) {
            nearest(slots).into_iter().for_each(|slot| *shared.entry(slot).or_default() += 1);
        }
        let is_enough = |slot: Slot, count: usize| {
            let possible = print_of(slot).map_or(0, |other| comparable(print.sample(), other.sample()));
            count >= SHARED_MIN && count * SHARED_PART >= possible
        };
        candidates.extend(shared.into_iter().filter(|(slot, count)| is_enough(*slot, *count)).map(|(slot, _)| slot));
        candidates
    }
}

fn take_out<K: std::hash::Hash + Eq>(lists: &mut HashMap<K, Vec<Slot>>, key: &K, slot: Slot) {
    let Some(slots) = lists.get_mut(key) else { return };
    slots.retain(|other| *other != slot);
    if slots.is_empty() {
        lists.remove(key);
    }
}

/// How many shingles two samples could share at most: of a very long text the sample is of lower values alone.
fn comparable(first: &[u32], second: &[u32]) -> usize {
    let up_to = |sample: &[u32], most: Option<&u32>| most.map_or(0, |most| sample.partition_point(|value| value <= most));
    let full = |sample: &[u32]| sample.len() >= super::print::SAMPLES_MAX;
    let first_part = if full(second) { up_to(first, second.last()) } else { first.len() };
    let second_part = if full(first) { up_to(second, first.last()) } else { second.len() };
    first_part.min(second_part)
}
