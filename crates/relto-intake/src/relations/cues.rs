//! Finds the words that say a relation, with the form they stand in.

use super::clauses::listed;
use super::predicates::{PREDICATES, Predicate};
use super::status::Form;
use super::words::{Kind, Word, han_run};
use rustc_hash::FxHashMap as HashMap;
use std::ops::Range;

/// So many words may stand between the parts of a separated verb.
const APART_WORDS_MAX: usize = 24;

/// A word, or words, that say a relation.
#[derive(Clone, Debug)]
pub(super) struct Cue {
    pub(super) predicate: &'static Predicate,
    /// Where its form shows.
    pub(super) at: usize,
    /// From its first to its last word.
    pub(super) words: Range<usize>,
    pub(super) form: Form,
    /// Whether it is said the other way round.
    pub(super) is_reversed: bool,
    /// Whether other words stand between its parts.
    pub(super) is_apart: bool,
}

/// Every form, by the first letter of the word it is known by.
#[derive(Debug)]
pub(super) struct Cues {
    rows: HashMap<char, Vec<Row>>,
}

#[derive(Debug)]
struct Row {
    predicate: &'static Predicate,
    words: Vec<&'static str>,
    form: Option<Form>,
    is_reversed: bool,
    is_apart: bool,
}

impl Cues {
    pub(super) fn new() -> Self {
        let mut rows: HashMap<char, Vec<Row>> = HashMap::default();
        for predicate in &PREDICATES {
            for row in predicate.cues.split('|').map(str::trim).filter(|row| !row.is_empty()).map(|row| row_of(predicate, row)) {
                // A separated verb is known by its last word, where it is complete.
                let known = if row.is_apart { row.words.last() } else { row.words.first() };
                if let Some(first) = known.and_then(|word| word.chars().next()) {
                    rows.entry(first).or_default().push(row);
                }
            }
        }
        let length = |row: &Row| (row.words.len(), row.words.iter().map(|word| word.len()).sum::<usize>());
        rows.values_mut().for_each(|rows| rows.sort_by_key(|row| std::cmp::Reverse(length(row))));
        Self { rows }
    }

    /// Every cue among `words`, in order; of one relation only the longest at a place.
    pub(super) fn find(&self, words: &[Word]) -> Vec<Cue> {
        let is_slavic = |letters: &str| words.iter().any(|word| word.text.contains(|c| letters.contains(c)));
        let is_ukrainian = is_slavic("іїєґ");
        let mut found: Vec<Cue> = Vec::new();
        for (at, word) in words.iter().enumerate() {
            let Some(rows) = word.text.chars().next().and_then(|first| self.rows.get(&first)) else { continue };
            for row in rows {
                let Some(range) = row.fits(words, at).filter(|range| !is_in_phrase(words, range)) else { continue };
                if found.iter().rev().take(4).any(|cue| std::ptr::eq(cue.predicate, row.predicate) && cue.words.contains(&at)) {
                    continue;
                }
                let shown = shown(&word.text, is_ukrainian, row.words.iter().any(|word| word.ends_with('~')));
                // What is a future in Ukrainian is an infinitive in Russian.
                let form = row.form.filter(|form| !(*form == Form::Future && shown == Form::Infinitive)).unwrap_or(shown);
                let cue = Cue { predicate: row.predicate, at, words: range, form, is_reversed: row.is_reversed, is_apart: row.is_apart };
                found.push(cue);
            }
        }
        found
    }
}

fn row_of(predicate: &'static Predicate, row: &'static str) -> Row {
    let (row, is_reversed) = row.strip_suffix('<').map_or((row, false), |row| (row, true));
    let marks = [('!', Form::Infinitive), ('+', Form::Future), ('?', Form::Hearsay), ('=', Form::Nominal)];
    let marked = marks.iter().find_map(|(mark, form)| row.strip_suffix(*mark).map(|row| (row, Some(*form))));
    let (row, form) = marked.unwrap_or((row, None));
    Row { predicate, words: row.split(' ').collect(), form, is_reversed, is_apart: row.contains('*') }
}

impl Row {
    /// From the first to the last word, if the row stands at `at`.
    fn fits(&self, words: &[Word], at: usize) -> Option<Range<usize>> {
        if !self.is_apart {
            if let Some(count) = self.words.first().and_then(|known| han_run(known, words.get(at..)?)) {
                return Some(at..at + count);
            }
            let here = words.get(at..at + self.words.len())?;
            return self.words.iter().zip(here).all(|(known, word)| is_form(known, word)).then_some(at..at + self.words.len());
        }
        let mut place = at + 1;
        let mut is_free = false;
        for known in self.words.iter().rev() {
            if *known == "*" {
                is_free = true;
                continue;
            }
            let from = if is_free { place.saturating_sub(APART_WORDS_MAX) } else { place.saturating_sub(1) };
            let before = words.get(from..place)?;
            let back = before.iter().rev().take_while(|word| !word.is_sign(&[';', ':'])).position(|word| is_form(known, word))?;
            place -= back + 1;
            is_free = false;
        }
        Some(place..at + 1)
    }
}

fn is_form(known: &str, word: &Word) -> bool {
    if word.kind != Kind::Word {
        return false;
    }
    known.strip_suffix('~').map_or(word.text == known, |begins| word.text.starts_with(begins))
}

/// `supply chain`, `принимает участие`: with the word behind it, it says something else.
fn is_in_phrase(words: &[Word], cue: &Range<usize>) -> bool {
    const PHRASES: [(&str, &str); 4] = [("suppl", "chain"), ("прин", "участ"), ("прийма", "участ"), ("供应", "链")];
    let text = |at: usize| words.get(at).map_or("", |word| word.text.as_str());
    PHRASES.iter().any(|(first, second)| text(cue.start).starts_with(first) && text(cue.end).starts_with(second))
}

/// The form that the ending of an unmarked word shows; French endings count where the row lets its word go on.
fn shown(word: &str, is_ukrainian: bool, is_open: bool) -> Form {
    const NOUNS: [&str; 18] = [
        "ion",
        "ions",
        "ство",
        "ства",
        "ству",
        "ством",
        "стве",
        "ення",
        "ение",
        "ения",
        "нням",
        "ением",
        "ання",
        "ание",
        "ка",
        "ки",
        "ку",
        "кой",
    ];
    let infinitive: &[&str] = if is_ukrainian { &["ти", "тися", "тись"] } else { &["ть", "ться", "ти", "тись"] };
    let is_cyrillic = word.starts_with(|c| matches!(c, '\u{400}'..='\u{4ff}'));
    let ends = |endings: &[&str]| endings.iter().any(|ending| word.ends_with(ending));
    match () {
        () if is_cyrillic && ends(&["тиме", "тимуть", "тимемо"]) => Form::Future,
        () if is_cyrillic && ends(infinitive) => Form::Infinitive,
        () if ends(&NOUNS) => Form::Nominal,
        () if is_cyrillic || !is_open => Form::Finite,
        () if ends(&["era", "eront", "ira", "iront", "dra", "dront"]) => Form::Future,
        () if ends(&["rait", "raient"]) => Form::Hearsay,
        () if ends(&["er", "ir"]) => Form::Infinitive,
        () => Form::Finite,
    }
}

/// Whether a cue is a passive that shows itself: a Slavic short participle or reflexive verb.
pub(super) fn is_passive(word: &str) -> bool {
    const ENDINGS: [&str; 16] =
        ["ан", "ана", "ано", "аны", "ані", "ен", "ена", "ено", "ены", "ені", "ён", "ется", "ются", "ється", "ються", "ялся"];
    let is_cyrillic = word.starts_with(|c| matches!(c, '\u{400}'..='\u{4ff}'));
    is_cyrillic && (ENDINGS.iter().any(|ending| word.ends_with(ending)) || listed("принят принята принято прийнято", word))
}
