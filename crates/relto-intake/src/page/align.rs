//! Words of one text found again in another, in order: anchors of many words that stand once on both sides first, then shorter ones
//! between them. Takes about linear time, whatever the texts.

use rustc_hash::FxHashMap;

/// Lengths of anchors, in words, longest first.
const ANCHORS: [usize; 4] = [12, 5, 2, 1];
/// From so many words on, an anchor that stands several times is taken where it stands next.
const REPEATED_MIN: usize = 5;

/// For every word of `page`, whether it is one of `text`. Matches are in order on both sides, and no word is used twice.
pub(super) fn matched(page: &[u64], text: &[u64]) -> Vec<bool> {
    let mut aligner = Aligner { page, text, matched: vec![false; page.len()] };
    let mut gaps = vec![Gap { page: (0, page.len()), text: (0, text.len()) }];
    for words in ANCHORS {
        gaps = gaps.into_iter().flat_map(|gap| aligner.split(gap, words)).collect();
    }
    aligner.matched
}

/// What is not matched yet, on both sides.
#[derive(Clone, Copy, Debug)]
struct Gap {
    page: (usize, usize),
    text: (usize, usize),
}

struct Aligner<'a> {
    page: &'a [u64],
    text: &'a [u64],
    matched: Vec<bool>,
}

impl Aligner<'_> {
    /// Matches anchors of so many `words` in `gap`, and returns what is left between them.
    fn split(&mut self, gap: Gap, words: usize) -> Vec<Gap> {
        let mut anchors = rising(&self.anchors(gap, words, true));
        if anchors.is_empty() && words >= REPEATED_MIN {
            anchors = self.anchors(gap, words, false);
        }
        let mut left = Vec::new();
        let mut at = (gap.page.0, gap.text.0);
        for (page, text) in anchors {
            if page < at.0 || text < at.1 {
                continue;
            }
            let back = self.equal_back((page, text), at);
            let forth = self.equal_forth((page, text), gap);
            left.extend(some_gap((at.0, page - back), (at.1, text - back)));
            self.mark(page - back, page + forth);
            at = (page + forth, text + forth);
        }
        left.extend(some_gap((at.0, gap.page.1), (at.1, gap.text.1)));
        left
    }

    /// Where anchors stand: those that stand once on both sides, in the order of the page; or else each where it stands next.
    fn anchors(&self, gap: Gap, words: usize, is_once: bool) -> Vec<(usize, usize)> {
        let page = places(self.page, gap.page, words);
        let text = places(self.text, gap.text, words);
        if is_once {
            let once = |places: &Vec<usize>| if let [place] = places.as_slice() { Some(*place) } else { None };
            let mut anchors: Vec<(usize, usize)> =
                text.iter().filter_map(|(anchor, places)| Some((once(page.get(anchor)?)?, once(places)?))).collect();
            anchors.sort_unstable();
            return anchors;
        }
        let mut next = gap.page.0;
        let mut anchors = Vec::new();
        let mut at = gap.text.0;
        while let Some(anchor) = self.text.get(at..gap.text.1).and_then(|rest| rest.get(..words)) {
            let found = page.get(anchor).and_then(|places| places.get(places.partition_point(|place| *place < next)));
            match found {
                Some(place) => {
                    anchors.push((*place, at));
                    (next, at) = (place + words, at + words);
                }
                None => at += 1,
            }
        }
        anchors
    }

    fn equal_back(&self, at: (usize, usize), from: (usize, usize)) -> usize {
        let page = self.page.get(from.0..at.0).unwrap_or_default().iter().rev();
        let text = self.text.get(from.1..at.1).unwrap_or_default().iter().rev();
        page.zip(text).take_while(|(one, other)| one == other).count()
    }

    fn equal_forth(&self, at: (usize, usize), gap: Gap) -> usize {
        let page = self.page.get(at.0..gap.page.1).unwrap_or_default().iter();
        let text = self.text.get(at.1..gap.text.1).unwrap_or_default().iter();
        page.zip(text).take_while(|(one, other)| one == other).count()
    }

    fn mark(&mut self, from: usize, to: usize) {
        self.matched.get_mut(from..to).unwrap_or_default().fill(true);
    }
}

fn some_gap(page: (usize, usize), text: (usize, usize)) -> Option<Gap> {
    (page.0 < page.1 && text.0 < text.1).then_some(Gap { page, text })
}

/// Where each run of so many words stands within `range` of `all`, in order.
fn places(all: &[u64], range: (usize, usize), words: usize) -> FxHashMap<&[u64], Vec<usize>> {
    let mut places: FxHashMap<&[u64], Vec<usize>> = FxHashMap::default();
    for (index, run) in all.get(range.0..range.1).unwrap_or_default().windows(words).enumerate() {
        places.entry(run).or_default().push(range.0 + index);
    }
    places
}

/// The longest selection of `pairs`, in order of their firsts, in which seconds rise as well.
fn rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // For each length, the pair with the lowest second that ends such a selection; and for each pair, the one before it.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    let second = |index: usize| pairs.get(index).map_or(0, |pair| pair.1);
    for (index, pair) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| second(*end) < pair.1);
        before.push(length.checked_sub(1).and_then(|length| ends.get(length).copied()));
        match ends.get_mut(length) {
            Some(end) => *end = index,
            None => ends.push(index),
        }
    }
    let mut selection = Vec::with_capacity(ends.len());
    let mut at = ends.last().copied();
    while let Some(index) = at {
        selection.extend(pairs.get(index));
        at = before.get(index).copied().flatten();
    }
    selection.reverse();
    selection
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> Vec<u64> {
        text.split_whitespace().map(|word| word.bytes().fold(7, |hash, byte| hash * 31 + u64::from(byte))).collect()
    }

    /// The words of `page` that are matched, the others as points.
    fn check(page: &str, text: &str, expected: &str) {
        let found = matched(&words(page), &words(text));
        let shown: Vec<&str> = page.split_whitespace().zip(found).map(|(word, found)| if found { word } else { "." }).collect();
        assert_eq!(shown.join(" "), expected);
    }

    #[test]
    fn words_are_found_in_order() {
        check("menu a b c d e f foot", "a b c d e f", ". a b c d e f .");
        check("a menu a b c d e f a", "a b c d e f", ". . a b c d e f .");
        check("one two x three four", "one two three four", "one two . three four");
        check("one two three four", "one two y three four", "one two three four");
        // Twice on the page, once in the text.
        let twice = "a b c d e f g h i j k l m a b c d e f g h i j k l m";
        check(twice, "a b c d e f g h i j k l m", "a b c d e f g h i j k l m . . . . . . . . . . . . .");
        check("a b", "", ". .");
        check("", "a b", "");
    }

    proptest! {
        #[test]
        fn what_is_matched_is_part_of_both_in_order(page in proptest::collection::vec(0_u64..9, 0..60), text in proptest::collection::vec(0_u64..9, 0..60)) {
            let found: Vec<u64> = page.iter().zip(matched(&page, &text)).filter(|(_, found)| *found).map(|(word, _)| *word).collect();
            let mut rest = text.iter();
            prop_assert!(found.iter().all(|word| rest.any(|other| other == word)), "{found:?} is not in {text:?}");
        }

        #[test]
        fn a_text_with_parts_taken_out_is_found_whole(page in proptest::collection::vec(0_u64..1_000_000, 1..80), from in 0_usize..80, take in 0_usize..80) {
            let from = from.min(page.len());
            let to = (from + take).min(page.len());
            let text = [&page[..from], &page[to..]].concat();
            let found = matched(&page, &text).into_iter().filter(|found| *found).count();
            prop_assert_eq!(found, text.len());
        }
    }
}
