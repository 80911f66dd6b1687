//! The print of a text: what is kept of it to find its copies and to check them.
//!
//! A shingle is a run of letters that weighs ten: five Han characters or ten letters of an alphabet, which say about as much
//! (five letters of an alphabet stand in every long text). Every shingle is kept with its place, so that what is found by the
//! sketches is checked on the text itself; the sketches are a signature by one permutation with its empty bins filled, and a
//! sample that is the same part of every text, by which a short text is found in a long one.

use super::letters::{Letters, weight};
use sha2::{Digest, Sha256};
use std::ops::Range;

/// What a shingle weighs.
pub(super) const SHINGLE_WEIGHT: u32 = 10;
/// Bins of the signature; a power of two.
const BINS: usize = 128;
const BIN_SHIFT: u32 = 32 - BINS.trailing_zeros();
/// Bins that must agree for two texts to be looked at: 64 bands of 2, so that even a tenth in common is noticed every other time.
const BAND_BINS: usize = 2;
/// One shingle in so many is in the sample.
const SAMPLE_OF: u32 = 8;
/// Shingles in the sample of one text.
pub(super) const SAMPLES_MAX: usize = 16_384;

/// What is kept of one text.
#[derive(Clone, Debug)]
pub(super) struct Print {
    places: Vec<(u32, u32)>,
    /// What all letters before each weigh, and all of them.
    weights: Vec<u32>,
    /// Shingles by the letter they start at.
    shingles: Vec<Shingle>,
    /// Their places, by value, then by place.
    order: Vec<u32>,
    /// Of the letters in a row; `None` for a text without any.
    digest: Option<[u8; 32]>,
    bands: Vec<u64>,
    /// In order, each once.
    sample: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Shingle {
    value: u32,
    letters: u8,
}

impl Print {
    /// The print of `letters`.
    pub(super) fn new(letters: Letters) -> Self {
        let mut weights = Vec::with_capacity(letters.chars.len() + 1);
        weights.push(0);
        weights.extend(letters.chars.iter().scan(0, |sum, c| {
            *sum += weight(*c);
            Some(*sum)
        }));
        let shingles = shingles(&letters.chars, &weights);
        let mut order: Vec<u32> = (0..).take(shingles.len()).collect();
        order.sort_by_key(|at| (value_at(&shingles, *at), *at));
        let digest = (!letters.chars.is_empty()).then(|| Sha256::digest(letters.chars.iter().collect::<String>()).into());
        Self { places: letters.places, weights, digest, bands: bands(&shingles), sample: sample(&shingles, &order), shingles, order }
    }

    /// What all its letters weigh.
    pub(super) fn weight(&self) -> u32 {
        self.weights.last().copied().unwrap_or(0)
    }

    /// What the letters of `range` weigh.
    pub(super) fn weight_of(&self, range: &Range<usize>) -> u32 {
        let before = |at: usize| self.weights.get(at).copied().unwrap_or_else(|| self.weight());
        before(range.end).saturating_sub(before(range.start))
    }

    /// How many letters it has.
    pub(super) fn letters(&self) -> usize {
        self.places.len()
    }

    /// The raw bytes of the letters of `range`; `None` for no letters.
    pub(super) fn raw(&self, range: &Range<usize>) -> Option<crate::span::RawSpan> {
        super::letters::raw(self.places.get(range.clone())?)
    }

    /// The digest of the letters; `None` for a text without any.
    pub(super) fn digest(&self) -> Option<&[u8; 32]> {
        self.digest.as_ref()
    }

    /// One number for each band of the signature.
    pub(super) fn bands(&self) -> &[u64] {
        &self.bands
    }

    /// The sampled shingles, in order, each once.
    pub(super) fn sample(&self) -> &[u32] {
        &self.sample
    }

    /// The shingle at letter `at`.
    pub(super) fn shingle(&self, at: usize) -> Option<u32> {
        self.shingles.get(at).map(|shingle| shingle.value)
    }

    /// The letters of `count` shingles from the one at letter `at`.
    pub(super) fn letters_of(&self, at: usize, count: usize) -> Range<usize> {
        let last = at + count.saturating_sub(1);
        at..last + self.shingles.get(last).map_or(0, |shingle| usize::from(shingle.letters))
    }

    /// Where the shingle `value` stands, in order.
    pub(super) fn at(&self, value: u32) -> &[u32] {
        let from = self.order.partition_point(|at| value_at(&self.shingles, *at) < value);
        let rest = self.order.get(from..).unwrap_or_default();
        rest.get(..rest.partition_point(|at| value_at(&self.shingles, *at) == value)).unwrap_or_default()
    }
}

fn value_at(shingles: &[Shingle], at: u32) -> u32 {
    shingles.get(at as usize).map_or(u32::MAX, |shingle| shingle.value)
}

/// The shortest run from each letter that weighs enough.
fn shingles(chars: &[char], weights: &[u32]) -> Vec<Shingle> {
    let shingle = |at: usize| {
        let before = *weights.get(at)?;
        let run = weights.get(at + 1..)?.iter().take(SHINGLE_WEIGHT as usize);
        let letters = 1 + run.take_while(|sum| **sum - before < SHINGLE_WEIGHT).count();
        Some(Shingle { value: hash(chars.get(at..at + letters)?), letters: u8::try_from(letters).ok()? })
    };
    (0..chars.len()).map_while(shingle).collect()
}

fn hash(letters: &[char]) -> u32 {
    let mixed = letters.iter().fold(0_u64, |hash, c| (hash.rotate_left(5) ^ u64::from(*c)).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9).wrapping_shr(32) as u32
}

/// One number for each band: the least value of each of its bins, and the band.
fn bands(shingles: &[Shingle]) -> Vec<u64> {
    if shingles.is_empty() {
        return Vec::new();
    }
    let mut bins = [u32::MAX; BINS];
    for shingle in shingles {
        if let Some(bin) = bins.get_mut((shingle.value >> BIN_SHIFT) as usize) {
            *bin = shingle.value.min(*bin);
        }
    }
    let filled: Vec<u32> = (0..BINS).map(|bin| borrowed(&bins, bin)).collect();
    let number = |(band, bins): (usize, &[u32])| {
        let start = (band as u64 + 1).wrapping_mul(0x94d0_49bb_1331_11eb);
        bins.iter().fold(start, |hash, bin| (hash.rotate_left(23) ^ u64::from(*bin)).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    };
    filled.chunks(BAND_BINS).enumerate().map(number).collect()
}

/// The value of a bin; that of another, chosen by the bin alone, where it is empty, so that like texts borrow alike.
fn borrowed(bins: &[u32; BINS], bin: usize) -> u32 {
    let mut state = bin as u64;
    let choices = std::iter::once(bin).chain(std::iter::from_fn(|| {
        state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        Some((state >> 57) as usize)
    }));
    let value = |at: usize| bins.get(at).copied().filter(|value| *value != u32::MAX);
    // A full-period sequence comes past every bin within 2^64 steps; past sixteen rounds the fullest search is cheaper.
    choices.take(16 * BINS).find_map(value).or_else(|| bins.iter().copied().find(|value| *value != u32::MAX)).unwrap_or(u32::MAX)
}

/// The shingles whose value is in the lowest part of all values: the same part of every text, and the lowest of a very long one.
fn sample(shingles: &[Shingle], order: &[u32]) -> Vec<u32> {
    let values = order.iter().map(|at| value_at(shingles, *at)).take_while(|value| *value < u32::MAX / SAMPLE_OF);
    let mut sample: Vec<u32> = Vec::new();
    for value in values {
        if sample.len() >= SAMPLES_MAX {
            break;
        }
        if sample.last() != Some(&value) {
            sample.push(value);
        }
    }
    sample
}
