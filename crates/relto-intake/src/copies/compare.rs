//! Two prints side by side: the stretches of letters that stand in both, and what each has of its own.
//!
//! A stretch is found by its shingles and runs on for as long as both texts agree, so what is counted is text and not chance
//! shingles. It may stand in another order in the other text. Walks the lighter text once.

use super::print::Print;
use crate::span::RawSpan;
use std::ops::Range;

/// A stretch weighs at least so much: a phrase, not a word.
const STRETCH_WEIGHT_MIN: u32 = 14;
/// So many places of a shingle are tried, on from the last stretch and from the start of the text.
const PLACES_TRIED: usize = 4;

/// The same letters in both texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) first: Range<usize>,
    pub(super) second: Range<usize>,
}

/// The stretches that stand in both texts, in the order of the first, which should be the lighter one.
pub(super) fn stretches(first: &Print, second: &Print) -> Vec<Stretch> {
    let mut found = Vec::new();
    let (mut at, mut expected) = (0, 0);
    while let Some(value) = first.shingle(at) {
        let best = longest(first, second, at, value, expected);
        let stretch = best.map(|(place, count)| Stretch { first: first.letters_of(at, count), second: second.letters_of(place, count) });
        match (best, stretch) {
            (Some((place, count)), Some(stretch)) if first.weight_of(&stretch.first) >= STRETCH_WEIGHT_MIN => {
                found.push(stretch);
                at += count;
                expected = place + count;
            }
            _ => at += 1,
        }
    }
    found
}

/// Where in `second` the text from letter `at` of `first` goes on longest, and for how many shingles.
fn longest(first: &Print, second: &Print, at: usize, value: u32, expected: usize) -> Option<(usize, usize)> {
    let places = second.at(value);
    let ahead = places.partition_point(|place| (*place as usize) < expected);
    let tried = places.iter().skip(ahead).take(PLACES_TRIED).chain(places.iter().take(PLACES_TRIED));
    let run = |place: &u32| {
        let place = *place as usize;
        let agree = |off: &usize| first.shingle(at + off).is_some_and(|value| second.shingle(place + off) == Some(value));
        (place, (0..).take_while(agree).count())
    };
    // Of equally long ones the first tried: where the last stretch goes on.
    tried.map(run).reduce(|best, next| if next.1 > best.1 { next } else { best })
}

/// Ranges in order, those that touch made one.
pub(super) fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// What of `print` is in none of `covered` (in order, apart), where it weighs at least `weight_min`.
pub(super) fn own(print: &Print, covered: &[Range<usize>], weight_min: u32) -> Vec<Range<usize>> {
    let starts = std::iter::once(0).chain(covered.iter().map(|range| range.end));
    let ends = covered.iter().map(|range| range.start).chain(std::iter::once(print.letters()));
    starts
        .zip(ends)
        .map(|(start, end)| start..end)
        .filter(|range| range.start < range.end && print.weight_of(range) >= weight_min)
        .collect()
}

/// What `ranges` of `print` weigh together.
pub(super) fn weight(print: &Print, ranges: &[Range<usize>]) -> u32 {
    ranges.iter().map(|range| print.weight_of(range)).sum()
}

/// The raw bytes of each range.
pub(super) fn raw(print: &Print, ranges: &[Range<usize>]) -> Vec<RawSpan> {
    ranges.iter().filter_map(|range| print.raw(range)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::letters::Letters;
    use super::*;
    use crate::chinese::script::Script;
    use crate::raw::Raw;

    fn print(text: &str) -> Print {
        Print::new(Letters::of(&Raw::new(text.as_bytes().to_vec()).decode(), &Script::parse("")))
    }

    fn quotes(text: &str, ranges: &[Range<usize>]) -> Vec<String> {
        raw(&print(text), ranges).iter().map(|span| text[span.from..span.to].to_owned()).collect()
    }

    #[test]
    fn stretches_are_found_in_any_order_with_their_bytes() {
        let first = "The harbour was closed on Monday. Nobody knows who cut the cable.";
        let second = "WHO CUT the cable? Few know. -- Witnesses say: the harbour was closed on Tuesday.";
        let found = stretches(&print(first), &print(second));
        let ours: Vec<Range<usize>> = found.iter().map(|stretch| stretch.first.clone()).collect();
        let theirs: Vec<Range<usize>> = found.iter().map(|stretch| stretch.second.clone()).collect();
        assert_eq!(quotes(first, &ours), ["The harbour was closed on", "who cut the cable"]);
        assert_eq!(quotes(second, &theirs), ["the harbour was closed on", "WHO CUT the cable"]);
        assert_eq!(quotes(first, &own(&print(first), &merged(ours), 1)), ["Monday. Nobody knows"]);
    }

    #[test]
    fn strangers_share_no_stretch() {
        assert!(stretches(&print("港口管理局在去年夏天完成了三座碼頭的擴建"), &print("醫院的負責人說護士的數量仍然不足")).is_empty());
        assert!(stretches(&print(""), &print("short")).is_empty());
    }

    #[test]
    fn a_text_that_repeats_itself_is_walked_once() {
        let (first, second) = (print(&"ab".repeat(40_000)), print(&"ab".repeat(50_000)));
        let found = stretches(&first, &second);
        assert_eq!((found.len(), merged(vec![0..2, 6..9, 1..5])), (1, vec![0..5, 6..9]));
    }
}
