//! Words taken out of a text: places where signs or small words stand together that no author lets stand together.
//!
//! Told by pairs of whole words and signs that users own (`data/gaps.tsv`: left, tab, right). What is gone leaves a mark only sometimes, so the list of
//! gaps is a floor, not a count; and what stood there is not known from the place alone.

use crate::chinese::Chinese;
use crate::reading::Reading;
use crate::repair::gap::Gap;

/// Pairs that cannot stand together, in simplified characters.
#[derive(Clone, Debug, Default)]
pub struct Clashes {
    pairs: Vec<(String, String)>,
}

impl Clashes {
    /// Reads pairs, one a line; lines that start with `#` say something about the file.
    #[must_use]
    pub fn parse(table: &str) -> Self {
        let pair = |line: &str| line.split_once('\t').map(|(left, right)| (left.to_owned(), right.trim_end().to_owned()));
        Self { pairs: table.lines().filter(|line| !line.starts_with('#')).filter_map(pair).collect() }
    }

    /// The empty places between clashing neighbours, in order.
    #[must_use]
    pub fn find(&self, reading: &Reading, chinese: &Chinese) -> Vec<Gap> {
        let normal = chinese.script.normal_form(reading.text());
        let segments = chinese.words.segments(normal.text());
        let starts = |at: usize| segments.binary_search_by_key(&at, |segment| segment.from).is_ok();
        let mut gaps = Vec::new();
        for (left, right) in &self.pairs {
            let both = format!("{left}{right}");
            let whole = |at: usize| starts(at) && starts(at + left.len());
            for (at, _) in normal.text().match_indices(&both).filter(|(at, _)| whole(*at)) {
                let middle = normal.original(at + left.len());
                gaps.push(Gap { span: reading.raw(crate::span::TextSpan::new(middle, middle)), inferred: None });
            }
        }
        gaps.sort();
        gaps.dedup();
        gaps
    }
}
