//! Words taken out of a text: places where signs or small words stand together that no author lets stand together.
//!
//! Told by pairs that users own (`data/gaps.tsv`: left, tab, right). What is gone leaves a mark only sometimes, so the list of
//! gaps is a floor, not a count; and what stood there is not known from the place alone.

use crate::chinese::script::Script;
use crate::reading::Reading;
use crate::repair::gap::Gap;
use crate::repair::shift::MISSING;

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

    /// The empty places between clashing neighbours, and the characters that a repair left open.
    #[must_use]
    pub fn find(&self, reading: &Reading, script: &Script) -> Vec<Gap> {
        let normal = script.normal_form(reading.text());
        let mut gaps = Vec::new();
        for (left, right) in &self.pairs {
            let both = format!("{left}{right}");
            for (at, _) in normal.text().match_indices(&both) {
                let middle = normal.original(at + left.len());
                gaps.push(Gap { span: reading.raw(crate::span::TextSpan::new(middle, middle)), inferred: None });
            }
        }
        gaps.sort();
        gaps.dedup();
        gaps
    }
}

/// Whether a stretch of a reading has a character that is known to be missing.
#[must_use]
pub fn is_open(text: &str) -> bool {
    text.contains(MISSING)
}
