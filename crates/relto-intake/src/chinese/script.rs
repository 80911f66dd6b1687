//! Han characters, and traditional to simplified as a normal form to compare and search by.
//!
//! One character to one character, by the OpenCC table: places in a text stay comparable, and the few cases in which a phrase
//! decides (乾 in 乾隆) come out as the table has them. It is never written back into a reading.

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

/// The table of a normal form.
#[derive(Debug)]
pub struct Script {
    simplified: HashMap<char, char>,
    results: HashSet<char>,
}

/// Whether `c` is a Han character of the planes that documents use.
#[must_use]
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

impl Script {
    /// Reads a table of pairs, one a line: a traditional character and its simplified form.
    #[must_use]
    pub fn parse(table: &str) -> Self {
        let pair = |line: &str| {
            let mut chars = line.chars();
            Some((chars.next()?, chars.next()?))
        };
        let simplified: HashMap<char, char> = table.lines().filter_map(pair).collect();
        let results = simplified.values().copied().collect();
        Self { simplified, results }
    }

    /// The simplified form of `c`; itself where there is none.
    #[must_use]
    pub fn simplify(&self, c: char) -> char {
        if is_han(c) { self.simplified.get(&c).copied().unwrap_or(c) } else { c }
    }

    /// Whether only traditional texts have `c`.
    #[must_use]
    pub fn is_traditional(&self, c: char) -> bool {
        self.simplified.contains_key(&c)
    }

    /// Whether `c` replaces some traditional character (many of these, such as 后, stand in traditional texts too).
    #[must_use]
    pub fn is_simplified(&self, c: char) -> bool {
        self.results.contains(&c) && !self.simplified.contains_key(&c)
    }

    /// `text` in simplified characters, with the byte of `text` behind every byte of the result.
    #[must_use]
    pub fn normal_form(&self, text: &str) -> NormalForm {
        let mut form = NormalForm { text: String::with_capacity(text.len()), places: Vec::with_capacity(text.len() + 1) };
        for (at, c) in text.char_indices() {
            let simple = self.simplify(c);
            form.text.push(simple);
            form.places.resize(form.text.len(), at);
        }
        form.places.push(text.len());
        form
    }
}

/// A text in simplified characters that knows where each stands in the text it was made from.
#[derive(Debug)]
pub struct NormalForm {
    text: String,
    places: Vec<usize>,
}

impl NormalForm {
    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where byte `at`, the start of a character or the end of the text, stands in the original.
    #[must_use]
    pub fn original(&self, at: usize) -> usize {
        self.places.get(at).or(self.places.last()).copied().unwrap_or(0)
    }

    /// Where byte `at` of the original stands in the text; the reverse of [`Self::original`].
    #[must_use]
    pub fn place_of(&self, at: usize) -> usize {
        self.places.partition_point(|place| *place < at).min(self.text.len())
    }

    /// Where `from..to` stands in the original.
    #[must_use]
    pub fn original_span(&self, from: usize, to: usize) -> crate::span::TextSpan {
        crate::span::TextSpan::new(self.original(from), self.original(to))
    }
}
