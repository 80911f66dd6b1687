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

/// Endings of nouns and adjectives in any case.
const ENDINGS: &str = "а я о е ё є ы и і ї у ю й ь ой ей ою ею єю ом ем ём єм ам ям ах ях ами ями ов ев ів їв ій ий ый ая яя ое ее ые ие ої ію ия ія ии ії ию ью ві ові еві єві ого его ьего ому ему ым им ую юю ых их ими ьма ьми";
/// Of Ukrainian towns in `ів`.
const TOWN_ENDINGS: &str = "ова ові овом єва єві євом ева еві евом";
/// Endings of adjectives.
const ADJECTIVES: [&str; 24] = [
    "ский",
    "ская",
    "ское",
    "ского",
    "скому",
    "скую",
    "ские",
    "ских",
    "скими",
    "ским",
    "ской",
    "цкий",
    "цкая",
    "цкого",
    "ський",
    "ська",
    "ське",
    "ської",
    "ській",
    "ську",
    "ські",
    "ських",
    "ськими",
    "ського",
];

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
                let to = last.from + last.text.len();
                // The point of `U.S.` is a part of it.
                let is_initial =
                    last.text.chars().count() == 1 && count > 1 && text.get(to..).is_some_and(|behind| behind.starts_with('.'));
                mentions.push(Mention { span: TextSpan::new(word.from, to + usize::from(is_initial)), meanings });
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
        here.is_some_and(|here| {
            name.iter().zip(here).all(|(form, word)| is_form(form, word.text, name.len() == 1)) && stand_together(here, text)
        })
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
        let is_initial = between == "." && a.text.chars().count() == 1;
        between.chars().count() <= 3 && !between.contains(['.', ',', ';', ':', '(', ')', '\n']) || between == ". " || is_initial
    })
}

fn key(word: &str) -> String {
    word.chars().take(KEY_LETTERS).flat_map(char::to_lowercase).collect()
}

/// Whether `word` is a form of `name`, a name of one word (`is_alone`) or a part of one.
fn is_form(name: &str, word: &str, is_alone: bool) -> bool {
    if name == word {
        return true;
    }
    let capital = |text: &str| text.chars().next().is_some_and(char::is_uppercase);
    if capital(name) && !capital(word) {
        return false;
    }
    if name.chars().all(is_cyrillic) && word.chars().all(is_cyrillic) {
        return is_bent_form(name, word, is_alone);
    }
    let acronym = name.chars().filter(|c| c.is_uppercase()).count() > 1;
    let all_capitals = word.chars().count() > 4 && !acronym && word.chars().all(|c| !c.is_lowercase());
    (all_capitals && name.to_uppercase() == word)
        || (!acronym && word.strip_prefix(name).is_some_and(|ending| matches!(ending, "s" | "es" | "n")))
}

/// Whether `word` is the Cyrillic `name` with another ending.
pub(crate) fn is_bent(name: &str, word: &str) -> bool {
    is_bent_form(name, word, true)
}

fn is_bent_form(name: &str, word: &str, is_alone: bool) -> bool {
    // `Минский` is no form of `Минск`.
    let is_adjective = |word: &str| ADJECTIVES.iter().any(|ending| word.ends_with(ending));
    let letters = name.chars().count();
    if is_alone && is_adjective(word) && !is_adjective(name) {
        return false;
    }
    if letters < BENDING_LETTERS_MIN || name.chars().nth(1).is_some_and(char::is_uppercase) {
        return false;
    }
    let shared = name.chars().zip(word.chars()).take_while(|(a, b)| a == b || (a.to_lowercase().eq(b.to_lowercase()))).count();
    let rest = |word: &str| word.chars().skip(shared).flat_map(char::to_lowercase).collect::<String>();
    let (old, new) = (rest(name), rest(word));
    let is_ending = |ending: &str| ending.is_empty() || ENDINGS.split(' ').any(|known| known == ending);
    // `Дана` is no form of `Дания`: what ends so keeps its vowel.
    let keeps = !matches!(old.as_str(), "ия" | "ія") || new.starts_with(['и', 'і']);
    let is_plain = keeps && is_ending(&old) && is_ending(&new) && !(new.is_empty() && matches!(old.as_str(), "я" | "ия" | "ія"));
    // Ukrainian towns: `Київ`, `Києва`.
    let is_town = matches!(old.as_str(), "ів" | "їв") && TOWN_ENDINGS.split(' ').any(|known| known == new);
    shared + REPLACED_MAX >= letters && shared >= SHARED_MIN && word.chars().count() <= shared + ENDING_MAX && (is_plain || is_town)
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
