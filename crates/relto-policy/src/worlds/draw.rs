//! Random cases for the tests of this folder: seeded, so that a failure replays, and without a shrinker, so that thousands are quick.

use std::collections::BTreeSet;

/// SplitMix64 (Steele, Lea, Flood 2014).
pub(super) struct Draw(pub(super) u64);

impl Draw {
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(bound).unwrap()).unwrap()
    }

    pub(super) fn chance(&mut self, in_hundred: usize) -> bool {
        self.below(100) < in_hundred
    }

    pub(super) fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    pub(super) fn some<T: Copy + Ord>(&mut self, of: &[T], at_most: usize) -> BTreeSet<T> {
        (0..self.below(at_most + 1)).map(|_| self.one(of)).collect()
    }
}
