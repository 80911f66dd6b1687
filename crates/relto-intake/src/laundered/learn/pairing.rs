//! Two texts side by side, word by word: which words are the same, and what stands in place of what between them.
//!
//! Words that stand once in each text are the anchors, as far as they keep their order; between anchors the longest common
//! subsequence. Paragraphs that moved are left out, as are stretches too long to be laid side by side.

use super::Word;
use std::collections::BTreeMap;
use std::ops::Range;

/// Between two anchors so many places of a table are filled; longer stretches teach nothing.
const TABLE_MAX: usize = 40_000;

/// One step along both texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A word that both have, by its number in the second text.
    Same(usize),
    /// Words of the first in whose place the second has others.
    Other(Range<usize>, Range<usize>),
}

/// The steps along `first` and `second`, in order.
pub(super) fn pairing(first: &[Word], second: &[Word]) -> Vec<Step> {
    let mut same = Vec::new();
    let (mut i, mut j) = (0, 0);
    for (a, b) in anchors(first, second).into_iter().chain([(first.len(), second.len())]) {
        same.extend(common(first, second, i..a, j..b));
        if a < first.len() {
            same.push((a, b));
        }
        (i, j) = (a + 1, b + 1);
    }
    let mut steps = Vec::new();
    for (at, (a, b)) in same.iter().enumerate() {
        if let Some((before_a, before_b)) = at.checked_sub(1).and_then(|before| same.get(before))
            && before_a + 1 < *a
            && before_b + 1 < *b
        {
            steps.push(Step::Other(before_a + 1..*a, before_b + 1..*b));
        }
        steps.push(Step::Same(*b));
    }
    steps
}

/// Words that stand once in each text, without those that would turn the order around.
fn anchors(first: &[Word], second: &[Word]) -> Vec<(usize, usize)> {
    let ours = once(first);
    let mut pairs: Vec<(usize, usize)> = once(second).into_iter().filter_map(|(word, b)| ours.get(word).map(|a| (*a, b))).collect();
    pairs.sort_unstable();
    rising(&pairs)
}

/// Each word that stands once, and where.
fn once(words: &[Word]) -> BTreeMap<&str, usize> {
    let mut places: BTreeMap<&str, Option<usize>> = BTreeMap::new();
    for (at, word) in words.iter().enumerate() {
        places.entry(&word.text).and_modify(|place| *place = None).or_insert(Some(at));
    }
    places.into_iter().filter_map(|(word, place)| Some((word, place?))).collect()
}

/// The longest part of `pairs` (in the order of their first) in which the second rises as well.
fn rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // Of each length the pair with the least end, by number, and before each pair the one it follows.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    let second = |at: usize| pairs.get(at).map_or(0, |pair| pair.1);
    for (at, (_, b)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| second(*end) < *b);
        before.push(length.checked_sub(1).and_then(|shorter| ends.get(shorter).copied()));
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut at = ends.last().copied();
    let mut longest = Vec::with_capacity(ends.len());
    while let Some(here) = at {
        longest.extend(pairs.get(here));
        at = before.get(here).copied().flatten();
    }
    longest.reverse();
    longest
}

/// The longest common subsequence of two stretches; none where they are too long.
fn common(first: &[Word], second: &[Word], ours: Range<usize>, theirs: Range<usize>) -> Vec<(usize, usize)> {
    let (rows, columns) = (ours.len() + 1, theirs.len() + 1);
    if ours.is_empty() || theirs.is_empty() || rows.saturating_mul(columns) > TABLE_MAX {
        return Vec::new();
    }
    let is_same =
        |i: usize, j: usize| first.get(ours.start + i).map(|word| &word.text) == second.get(theirs.start + j).map(|word| &word.text);
    // How much is common from a place to the end.
    let mut table = vec![0_u32; rows * columns];
    let at = |table: &[u32], i: usize, j: usize| table.get(i * columns + j).copied().unwrap_or(0);
    for i in (0..rows - 1).rev() {
        for j in (0..columns - 1).rev() {
            let best = if is_same(i, j) { 1 + at(&table, i + 1, j + 1) } else { at(&table, i + 1, j).max(at(&table, i, j + 1)) };
            if let Some(place) = table.get_mut(i * columns + j) {
                *place = best;
            }
        }
    }
    let mut same = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i + 1 < rows && j + 1 < columns {
        if is_same(i, j) {
            same.push((ours.start + i, theirs.start + j));
            (i, j) = (i + 1, j + 1);
        } else if at(&table, i + 1, j) >= at(&table, i, j + 1) {
            i += 1;
        } else {
            j += 1;
        }
    }
    same
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chinese::Chinese;
    use crate::laundered::words::words;

    fn told(first: &str, second: &str) -> Vec<(String, String)> {
        let chinese = Chinese::builtin().unwrap();
        let (first, second) = (words(first, &chinese), words(second, &chinese));
        let text = |words: &[Word], range: Range<usize>| words[range].iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
        let other = |step: Step| match step {
            Step::Other(ours, theirs) => Some((text(&first, ours), text(&second, theirs))),
            Step::Same(_) => None,
        };
        pairing(&first, &second).into_iter().filter_map(other).collect()
    }

    #[test]
    fn what_stands_in_place_of_what() {
        let first = "the old port was shut after the storm and the ferry had to turn back to the north";
        let second = "the old harbour was closed down after the gale and the ferry had to turn back to the north";
        let wanted = [("port", "harbour"), ("shut", "closed down"), ("storm", "gale")];
        assert_eq!(told(first, second), wanted.map(|(ours, theirs)| (ours.to_owned(), theirs.to_owned())));
    }

    #[test]
    fn what_moved_teaches_nothing() {
        assert_eq!(told("alpha beta gamma delta epsilon zeta", "delta epsilon zeta alpha beta gamma"), []);
        assert_eq!(told("", "one two"), []);
    }
}
