//! Words and how often they are used: segmentation, and the list the character model is made from.
//!
//! The list is a data file of this crate (see `data/README.md`). Words that a lexicon brings are added, so that they come out
//! whole; a word is only ever matched as a segment, never as a part of others.

use jieba_rs::{Jieba, TokenizeMode};

/// Why a list of words cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the word list cannot be read")]
pub struct WordsError(#[from] jieba_rs::Error);

/// A segmenter.
#[derive(Debug)]
pub struct Words {
    jieba: Jieba,
}

/// A word with its place in the segmented text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment<'t> {
    /// The word.
    pub word: &'t str,
    /// First byte.
    pub from: usize,
    /// One past the last byte.
    pub to: usize,
}

impl Words {
    /// Reads a list: word, space, frequency, one a line.
    ///
    /// # Errors
    /// [`WordsError`] when a frequency is no number.
    pub fn parse(list: &str) -> Result<Self, WordsError> {
        Ok(Self { jieba: Jieba::with_dict(&mut list.as_bytes())? })
    }

    /// Makes sure that `word` comes out whole wherever no likelier words cut across it.
    pub fn add(&mut self, word: &str) {
        if !self.jieba.has_word(word) {
            self.jieba.add_word(word, None, None);
        }
    }

    /// Whether `word` is in the list.
    #[must_use]
    pub fn has(&self, word: &str) -> bool {
        self.jieba.has_word(word)
    }

    /// The words of `text` (in simplified characters), in order, punctuation included.
    #[must_use]
    pub fn segments<'t>(&self, text: &'t str) -> Vec<Segment<'t>> {
        let tokens = self.jieba.tokenize(text, TokenizeMode::Default, false);
        tokens.into_iter().map(|token| Segment { word: token.word, from: token.byte_start, to: token.byte_end }).collect()
    }
}
