//! German capitalises every noun: what tells a name there from a noun, and what before a name is none of it.

use super::heads::kind_by_words;
use super::letters::is_german_name;
use super::proper::Search;
use crate::gazetteer::EntityType;
use crate::span::TextSpan;
use crate::text::{Language, tail};
use std::collections::BTreeMap;

/// So far back the word before a name is looked for.
const LOOK_BYTES: usize = 80;

impl Search<'_> {
    /// A German run without the adjective of a town before it (`Grazer X`), and whether there was one.
    pub(super) fn without_town(&self, span: TextSpan, language: Language) -> (TextSpan, bool) {
        let name = self.text(span);
        let Some((first, behind)) = name.split_once(' ').filter(|_| language == Language::German && kind_by_words(name).is_none()) else {
            return (span, false);
        };
        let is_town = first.strip_suffix("er").is_some_and(|town| {
            let is_place = |name: &str| !self.document.gazetteer.meanings(name).is_empty();
            is_place(town) || is_place(&format!("{town}en")) || is_place(&format!("{town}e"))
        });
        if is_town { (TextSpan::new(span.to - behind.len(), span.to), true) } else { (span, false) }
    }

    /// German capitals say nothing of a single word: a name is one that comes again, never behind an article or adjective, and once within a sentence.
    pub(super) fn german_names(&mut self, runs: &[TextSpan]) {
        let mut by_word: BTreeMap<String, Vec<TextSpan>> = BTreeMap::new();
        for run in runs.iter().filter(|run| !self.full.overlaps(**run)) {
            by_word.entry(self.text(*run).to_owned()).or_default().push(*run);
        }
        for (word, places) in by_word {
            let numbered = word.contains('-') && word.ends_with(|c: char| c.is_ascii_digit());
            // `KfW`, `OpenAI`: no German noun has a capital within.
            let is_mixed = !word.contains('-') && word.chars().skip(1).any(char::is_uppercase) && word.chars().any(char::is_lowercase);
            if is_mixed {
                places.iter().for_each(|run| self.take(*run, EntityType::Organisation));
            } else if numbered {
                places.iter().for_each(|run| self.run(*run, Language::German));
            } else if places.len() > 1
                && is_german_name(&word)
                && places.iter().all(|run| self.stands_bare(*run))
                && !places.iter().all(|run| self.starts_sentence(*run))
            {
                places.iter().for_each(|run| self.take(*run, EntityType::Organisation));
            }
        }
    }

    /// Whether no article, number or word that bends with a noun stands before `span`.
    fn stands_bare(&self, span: TextSpan) -> bool {
        const ALONE: &str = "und oder aber dass ob weil wenn von mit an aus bei durch für gegen über um als wie hat ist will wird soll kann sagt zwischen hinter laut auch nur";
        let before = tail(self.document.text.get(..span.from).unwrap_or_default(), LOOK_BYTES);
        let last = before.trim_end().rsplit([' ', '\u{a0}', '\n']).next().unwrap_or_default();
        last.is_empty()
            || last.ends_with([',', '.', ':', ';', '?', '!', '(', '„', '–'])
            || before.ends_with('\n')
            || ALONE.split(' ').any(|word| word == last)
            || last.ends_with('t') && last.starts_with(char::is_lowercase)
    }
}
