//! How likely a character is after the two before it: a document's own habits over the general habits of words.
//!
//! The general part is a word list read as character pairs: within a word, and from the end of one word to the start of the
//! next. The document's part counts its own sound stretches. All in simplified characters. It ranks repairs; it proves none.

use std::collections::HashMap;

/// How much the general habit weighs against one sighting in the document.
const PAIR_PRIOR: f64 = 6.0;
const TRIPLE_PRIOR: f64 = 2.0;
/// Probability of a character that the word list does not have.
const UNSEEN: f64 = 1e-8;
/// Share of clause ends after a word, and of words that start a clause after punctuation.
const CLAUSE_SHARE: f64 = 0.1;

/// General habits, from a list of words.
#[derive(Debug, Default)]
pub struct WordModel {
    pairs: HashMap<(char, char), f64>,
    uses: HashMap<char, f64>,
    ends: HashMap<char, f64>,
    starts: HashMap<char, f64>,
    words: f64,
}

/// Habits of one document over the general ones.
#[derive(Debug)]
pub struct DocumentModel<'w> {
    words: &'w WordModel,
    singles: HashMap<char, f64>,
    pairs: HashMap<(char, char), f64>,
    triples: HashMap<(char, char, char), f64>,
}

impl WordModel {
    /// Reads the list that [`super::words::Words::parse`] reads; lines of another form count nothing.
    #[must_use]
    pub fn parse(list: &str) -> Self {
        let mut model = Self::default();
        for line in list.lines() {
            let Some((word, uses)) = line.split_once(' ') else { continue };
            model.count(word, uses.parse().unwrap_or(0.0));
        }
        model
    }

    fn count(&mut self, word: &str, uses: f64) {
        let mut before = None;
        for c in word.chars() {
            *self.uses.entry(c).or_default() += uses;
            match before {
                Some(previous) => *self.pairs.entry((previous, c)).or_default() += uses,
                None => *self.starts.entry(c).or_default() += uses,
            }
            before = Some(c);
        }
        if let Some(last) = before {
            *self.ends.entry(last).or_default() += uses;
            self.words += uses;
        }
    }

    /// Probability of `next` after `previous`.
    #[must_use]
    pub fn after(&self, previous: char, next: char) -> f64 {
        let of = |counts: &HashMap<char, f64>, c: char| counts.get(&c).copied().unwrap_or(0.0);
        let start = if super::script::is_han(next) { of(&self.starts, next) / self.words.max(1.0) } else { CLAUSE_SHARE };
        let uses = of(&self.uses, previous);
        if uses == 0.0 {
            return start * (1.0 - CLAUSE_SHARE) + UNSEEN;
        }
        let within = self.pairs.get(&(previous, next)).copied().unwrap_or(0.0) / uses;
        within + of(&self.ends, previous) / uses * start * (1.0 - CLAUSE_SHARE) + UNSEEN
    }
}

impl<'w> DocumentModel<'w> {
    /// A model that has seen no document yet.
    #[must_use]
    pub fn new(words: &'w WordModel) -> Self {
        Self { words, singles: HashMap::new(), pairs: HashMap::new(), triples: HashMap::new() }
    }

    /// Counts a sound stretch of the document, in simplified characters.
    pub fn learn(&mut self, stretch: &[char]) {
        for c in stretch {
            *self.singles.entry(*c).or_default() += 1.0;
        }
        for pair in stretch.windows(2) {
            if let [a, b] = pair {
                *self.pairs.entry((*a, *b)).or_default() += 1.0;
            }
        }
        for triple in stretch.windows(3) {
            if let [a, b, c] = triple {
                *self.triples.entry((*a, *b, *c)).or_default() += 1.0;
            }
        }
    }

    /// Natural logarithm of the probability of `c` after `a` and `b`.
    #[must_use]
    pub fn log_after(&self, a: char, b: char, c: char) -> f64 {
        let pair = self.pairs.get(&(b, c)).copied().unwrap_or(0.0) + PAIR_PRIOR * self.words.after(b, c);
        let pair = pair / (self.singles.get(&b).copied().unwrap_or(0.0) + PAIR_PRIOR);
        let triple = self.triples.get(&(a, b, c)).copied().unwrap_or(0.0) + TRIPLE_PRIOR * pair;
        (triple / (self.pairs.get(&(a, b)).copied().unwrap_or(0.0) + TRIPLE_PRIOR)).ln()
    }
}
