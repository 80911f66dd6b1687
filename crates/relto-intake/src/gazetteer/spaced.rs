//! Names of scripts that put spaces between words, matched word by word.
//!
//! Latin words may take a genitive `s`; Cyrillic ones any ending of up to three letters on a beginning that is kept; capitals
//! must be capitals. This lets a few strangers in (`Польша` and `Польше` are one, and so would be a rare surname alike).

use super::{Meanings, Mention};
use crate::span::TextSpan;
use rustc_hash::FxHashMap as HashMap;

/// Letters of a first word that are looked up.
const KEY_LETTERS: usize = 2;
/// A Cyrillic word shorter than this takes no ending.
const BENDING_LETTERS_MIN: usize = 4;
/// How many letters of a Cyrillic name an ending may replace, and how many it may have.
const REPLACED_MAX: usize = 2;
const ENDING_MAX: usize = 3;
/// How many letters of a Cyrillic name are kept at least.
const SHARED_MIN: usize = 3;

/// Endings of adjectives.
const ADJECTIVES: [&str; 16] =
    ["ий", "ый", "ая", "ое", "ого", "ому", "ую", "ие", "ых", "их", "ими", "ній", "ська", "ське", "ської", "ський"];

#[derive(Debug, Default)]
pub(super) struct Spaced {
    names: HashMap<String, Vec<(Vec<String>, Meanings)>>,
}

struct Word<'t> {
    text: &'t str,
    from: usize,
}

impl Spaced {
    pub(super) fn add(&mut self, alias: &str, meanings: Meanings) {
        let words: Vec<String> = words(alias).map(|word| word.text.to_owned()).collect();
        let Some(first) = words.first() else { return };
        let names = self.names.entry(key(first)).or_default();
        names.push((words, meanings));
        names.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
    }

    pub(super) fn mentions(&self, text: &str) -> Vec<Mention> {
        let all: Vec<Word<'_>> = words(text).collect();
        let mut mentions = Vec::new();
        let mut at = 0;
        while let Some(word) = all.get(at) {
            let found = self.names.get(&key(word.text)).and_then(|names| matching(names, &all, at, text));
            let Some((count, meanings)) = found else {
                at += 1;
                continue;
            };
            if let Some(last) = all.get(at + count - 1) {
                mentions.push(Mention { span: TextSpan::new(word.from, last.from + last.text.len()), meanings });
            }
            at += count;
        }
        mentions
    }
}

/// The longest name at `at`, with everything that its words may mean.
fn matching(names: &[(Vec<String>, Meanings)], all: &[Word<'_>], at: usize, text: &str) -> Option<(usize, Meanings)> {
    let fits = |name: &[String]| {
        let here = all.get(at..at + name.len());
        here.is_some_and(|here| name.iter().zip(here).all(|(name, word)| is_form(name, word.text)) && stand_together(here, text))
    };
    let length = names.iter().find(|(name, _)| fits(name)).map(|(name, _)| name.len())?;
    let exact =
        |name: &[String]| all.get(at..at + name.len()).is_some_and(|here| name.iter().zip(here).all(|(name, word)| name == word.text));
    let of_length = || names.iter().filter(|(name, _)| name.len() == length && fits(name));
    let exactly: Meanings = of_length().filter(|(name, _)| exact(name)).flat_map(|(_, meanings)| meanings.iter().copied()).collect();
    let meanings = if exactly.is_empty() { of_length().flat_map(|(_, meanings)| meanings.iter().copied()).collect() } else { exactly };
    Some((length, meanings))
}

/// Nothing but one space, hyphen or the like between words.
fn stand_together(words: &[Word<'_>], text: &str) -> bool {
    words.iter().zip(words.iter().skip(1)).all(|(a, b)| {
        let between = text.get(a.from + a.text.len()..b.from).unwrap_or_default();
        between.chars().count() <= 3 && !between.contains(['.', ',', ';', ':', '(', ')', '\n']) || between == ". "
    })
}

fn key(word: &str) -> String {
    word.chars().take(KEY_LETTERS).flat_map(char::to_lowercase).collect()
}

fn is_form(name: &str, word: &str) -> bool {
    if name == word {
        return true;
    }
    let capital = |text: &str| text.chars().next().is_some_and(char::is_uppercase);
    if capital(name) && !capital(word) {
        return false;
    }
    if name.chars().all(is_cyrillic) && word.chars().all(is_cyrillic) {
        return is_bent(name, word);
    }
    let acronym = name.chars().filter(|c| c.is_uppercase()).count() > 1;
    let all_capitals = word.chars().count() > 4 && !acronym && word.chars().all(|c| !c.is_lowercase());
    (all_capitals && name.to_uppercase() == word)
        || (!acronym && word.strip_prefix(name).is_some_and(|ending| matches!(ending, "s" | "es" | "n")))
}

fn is_bent(name: &str, word: &str) -> bool {
    // `Минский` is no form of `Минск`.
    let is_adjective = |word: &str| ADJECTIVES.iter().any(|ending| word.ends_with(ending));
    let letters = name.chars().count();
    if is_adjective(word) && !is_adjective(name) {
        return false;
    }
    if letters < BENDING_LETTERS_MIN || name.chars().nth(1).is_some_and(char::is_uppercase) {
        return false;
    }
    let shared = name.chars().zip(word.chars()).take_while(|(a, b)| a == b || (a.to_lowercase().eq(b.to_lowercase()))).count();
    shared + REPLACED_MAX >= letters && shared >= SHARED_MIN && word.chars().count() <= shared + ENDING_MAX
}

/// The part of a name's `word` that stands in every form of it.
pub(crate) fn without_ending(word: &str) -> &str {
    let letters = word.chars().count();
    if letters < BENDING_LETTERS_MIN || !word.chars().all(is_cyrillic) {
        return word;
    }
    let kept = (letters - REPLACED_MAX).max(SHARED_MIN);
    word.char_indices().nth(kept).map_or(word, |(at, _)| word.get(..at).unwrap_or(word))
}

/// The words of a name, as they are looked for.
pub(crate) fn spaced_words(name: &str) -> impl Iterator<Item = &str> {
    words(name).map(|word| word.text)
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{0400}'..='\u{04ff}' | '\'' | '’' | '-')
}

/// Words with their places; an apostrophe ends a word as in `l'OTAN`, but not inside a Cyrillic one.
fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let skipped = rest.find(is_word_letter)?;
        let from = at + skipped;
        let rest = text.get(from..)?;
        let cyrillic = rest.starts_with(is_cyrillic);
        let length = rest.find(|c| !(is_word_letter(c) || (cyrillic && matches!(c, '\'' | '’')))).unwrap_or(rest.len());
        at = from + length;
        Some(Word { text: rest.get(..length)?, from })
    })
}

fn is_word_letter(c: char) -> bool {
    c.is_alphanumeric() && !crate::chinese::script::is_han(c)
}
