//! Where two copies of one text differ: a greedy walk that finds its feet again after each difference.
//!
//! Meant for copies that agree nearly everywhere; texts that do not are given up on early.

use std::ops::Range;

/// So many characters in a row must agree for two copies to be in step again.
const STEP: usize = 8;
/// Longest difference that is bridged, both sides together.
const DIFFERENCE_MAX: usize = 160;
/// More differences than this, and the texts are no copies.
const DIFFERENCES_MAX: usize = 400;

/// A stretch of one text in whose place the other has something else; either may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Characters of the first text.
    pub first: Range<usize>,
    /// Characters of the second text.
    pub second: Range<usize>,
}

/// Two texts side by side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alignment {
    /// In order.
    pub differences: Vec<Difference>,
    /// How many characters agree.
    pub agreeing: usize,
    /// How far the second text is a copy of the first.
    pub second_end: usize,
}

/// Walks `first` to its end along `second`, which may go on after it.
#[must_use]
pub fn align(first: &[char], second: &[char]) -> Alignment {
    let mut alignment = Alignment::default();
    let (mut i, mut j) = (0, 0);
    while let (Some(a), Some(b)) = (first.get(i), second.get(j)) {
        if a == b {
            alignment.agreeing += 1;
            (i, j) = (i + 1, j + 1);
            continue;
        }
        let Some((skip_first, skip_second)) = in_step_again(first.get(i..), second.get(j..)) else { break };
        alignment.differences.push(Difference { first: i..i + skip_first, second: j..j + skip_second });
        (i, j) = (i + skip_first, j + skip_second);
        if alignment.differences.len() > DIFFERENCES_MAX {
            break;
        }
    }
    alignment.second_end = j;
    alignment
}

/// The smallest skips after which both agree for a while, or to the end of the first.
fn in_step_again(first: Option<&[char]>, second: Option<&[char]>) -> Option<(usize, usize)> {
    let (first, second) = (first?, second?);
    let agree = |i: usize, j: usize| {
        let (a, b) = (first.get(i..)?, second.get(j..)?);
        let length = STEP.min(a.len());
        (length > 0 && a.get(..length) == b.get(..length)).then_some((i, j))
    };
    (1..=DIFFERENCE_MAX).find_map(|total| (0..=total).find_map(|i| agree(i, total - i)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn differences_are_found_and_bridged() {
        let alignment =
            align(&chars("the quick brown fox jumps over the lazy dog"), &chars("the quick red fox jumps over lazy dog and on"));
        let differences: Vec<_> = alignment.differences.iter().map(|d| (d.first.clone(), d.second.clone())).collect();
        assert_eq!(differences, [(10..15, 10..13), (31..35, 29..29)]);
        assert_eq!(alignment.second_end, 37);
    }

    #[test]
    fn strangers_do_not_align() {
        let alignment = align(&chars("one text about the weather in spring"), &chars("ANOTHER ONE, IN CAPITALS, ABOUT FISH"));
        assert!(alignment.agreeing < 5);
    }
}
