//! A site's word list: code names, projects, people that must not leave in a text, whatever its label.
//!
//! One entry a line, `#` begins a comment; an entry may have several words, and ends in `*` when any ending will do. Case does not count,
//! in any script. An entry matches whole words; in scripts that put no spaces between words it matches anywhere.

use aho_corasick::AhoCorasick;

use super::{Hit, What};

/// How many entries a list may have.
pub const WORDS_MAX: usize = 20_000;
/// How long an entry may be, in bytes.
pub const WORD_BYTES_MAX: usize = 200;

/// Why a text is no word list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WordListError {
    /// Too many entries.
    #[error("a word list has at most {WORDS_MAX} entries")]
    TooMany,
    /// An entry that cannot be matched as it is meant.
    #[error("line {line}: {why}")]
    Entry {
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        why: String,
    },
}

/// A list of words to look for.
#[derive(Debug, Clone)]
pub struct WordList {
    entries: Vec<Entry>,
    matcher: AhoCorasick,
    citation: String,
}

#[derive(Debug, Clone)]
struct Entry {
    folded: String,
    any_ending: bool,
    why: String,
}

impl WordList {
    /// Reads a site's list.
    ///
    /// # Errors
    /// [`WordListError`] names the line.
    pub fn parse(text: &str) -> Result<Self, WordListError> {
        let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.split('#').next().unwrap_or_default().trim()));
        let entries: Vec<Entry> =
            lines.filter(|(_, word)| !word.is_empty()).map(|(line, word)| entry(line, word)).collect::<Result<_, _>>()?;
        Self::new(entries, "the site's word list")
    }

    /// A list of `texts` that were taken out of an object, so that it can be seen whether they still stand elsewhere in it. Texts of fewer
    /// than four characters are left out: they would be found everywhere.
    #[must_use]
    pub fn of_removed<'t>(texts: impl IntoIterator<Item = &'t str>) -> Option<Self> {
        let worth = texts.into_iter().map(str::trim).filter(|text| text.chars().count() >= 4);
        let entries = worth.take(WORDS_MAX).map(|text| Entry {
            folded: fold(text).0,
            any_ending: false,
            why: "it was taken out elsewhere in the object".to_owned(),
        });
        Self::new(entries.collect(), "the parts that were taken out").ok()
    }

    fn new(entries: Vec<Entry>, citation: &str) -> Result<Self, WordListError> {
        if entries.len() > WORDS_MAX {
            return Err(WordListError::TooMany);
        }
        let matcher = AhoCorasick::new(entries.iter().map(|entry| &entry.folded)).map_err(|_| WordListError::TooMany)?;
        Ok(Self { entries, matcher, citation: citation.to_owned() })
    }

    /// How many entries it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn find(&self, text: &str) -> Vec<Hit> {
        if self.entries.is_empty() {
            return Vec::new();
        }
        let (folded, origins) = fold(text);
        let mut hits = Vec::new();
        for found in self.matcher.find_overlapping_iter(&folded) {
            let Some(entry) = self.entries.get(found.pattern().as_usize()) else { continue };
            let whole = is_border(&folded, found.start()) && (entry.any_ending || is_border(&folded, found.end()));
            let (Some(start), Some(end)) = (origins.get(found.start()), origins.get(found.end())) else { continue };
            if whole {
                hits.push(Hit::new(*start..*end, What::Word, entry.why.clone(), self.citation.clone()));
            }
            if hits.len() > super::FINDINGS_MAX {
                break;
            }
        }
        hits
    }
}

fn entry(line: usize, word: &str) -> Result<Entry, WordListError> {
    let wrong = |why: &str| Err(WordListError::Entry { line, why: why.to_owned() });
    let (stem, any_ending) = word.strip_suffix('*').map_or((word, false), |stem| (stem, true));
    match stem {
        "" => wrong("`*` alone would match every word"),
        _ if stem.contains('*') => wrong("`*` stands at the end of an entry, and once"),
        _ if word.len() > WORD_BYTES_MAX => wrong("the entry is too long: 200 bytes at most"),
        _ => Ok(Entry { folded: fold(stem).0, any_ending, why: format!("line {line} of the list") }),
    }
}

/// `text` without regard to case, blanks as one space each, and for each byte of it the byte of `text` that it comes from; one more for the
/// end. A letter is put into upper case and then into lower: so ß meets SS, and ς meets σ, as full case folding has it (Unicode, 3.13).
fn fold(text: &str) -> (String, Vec<usize>) {
    let (mut folded, mut origins) = (String::with_capacity(text.len()), Vec::with_capacity(text.len() + 1));
    for (at, character) in text.char_indices() {
        if character.is_whitespace() {
            if !folded.ends_with(' ') {
                folded.push(' ');
            }
        } else {
            folded.extend(character.to_uppercase().flat_map(char::to_lowercase));
        }
        origins.resize(folded.len(), at);
    }
    origins.push(text.len());
    (folded, origins)
}

/// Whether a word can begin or end at the byte `at`.
fn is_border(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|text| text.chars().next_back());
    let after = text.get(at..).and_then(|text| text.chars().next());
    let joins = |character: char| (character.is_alphanumeric() || character == '_') && !is_unspaced(character);
    !(before.is_some_and(joins) && after.is_some_and(joins))
}

/// Whether the letter is of a script that is written without spaces between words.
fn is_unspaced(character: char) -> bool {
    matches!(u32::from(character),
        0x0e00..=0x0eff | 0x1000..=0x109f | 0x1780..=0x17ff | 0x3040..=0x30ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff
        | 0x20000..=0x3fffd)
}
