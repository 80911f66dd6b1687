//! Short forms of names that a document introduced: the noun that says what the thing is (`the Agency`, `le ministère`, протокол), in capitals or
//! not, and the word of its own that a name keeps (`Lanhai` for Lanhai Precision, a surname, `Cormorant` for Project Cormorant).
//!
//! A short form means the nearest earlier name that has its word, or that is of the same kind in another language. Small nouns count only where an
//! article and what follows say that no other thing of the kind is meant.

use super::{Document, Found, Meaning};
use crate::gazetteer::{EntityType, Named, is_bent};
use crate::span::{Taken, TextSpan};
use crate::text::{Language, tail};
use rustc_hash::FxHashMap as HashMap;

/// Nouns that say what a thing is, a row for each kind; `~` lets a word go on.
const HEADS: [&str; 46] = [
    "ministry ministère ministerium министерств~ міністерств~",
    "agency agence agentur агентств~ агенці~",
    "department département departement департамент~",
    "commission kommission комисси~ комісі~",
    "committee comité ausschuss комитет~ комітет~",
    "council conseil rat rates совет~ рада ради раді раду радою",
    "institute institut институт~ інститут~",
    "centre center zentrum центр~",
    "fund fonds фонд~",
    "office bureau büro amt бюро",
    "university université universität университет~ університет~",
    "foundation fondation stiftung",
    "group groupe gruppe групп~ груп~",
    "alliance allianz альянс~",
    "consortium konsortium консорциум~ консорціум~",
    "coalition koalition коалици~ коаліці~",
    "authority autorité behörde управлени~ управлінн~",
    "service dienst служб~",
    "directorate direction direktion",
    "academy académie akademie академи~ академі~",
    "association verband ассоциаци~ асоціаці~",
    "parliament parlement parlament парламент~",
    "laboratory laboratoire лаборатори~ лабораторі~",
    "arbeitskreis",
    "network réseau netzwerk netz сеть сети мереж~",
    "project projet projekt vorhaben проект~ проєкт~",
    "programme program programm программ~ програм~",
    "initiative инициатив~ ініціатив~",
    "pool",
    "board",
    "exercise exercice übung учени~ навчан~",
    "forum форум~",
    "conference conférence konferenz конференц~",
    "agreement accord abkommen vereinbarung соглашени~ угод~",
    "arrangement",
    "treaty traité vertrag договор~ договір",
    "convention konvention übereinkommen конвенц~",
    "declaration déclaration erklärung декларац~",
    "charter charte charta харти~ харт~",
    "memorandum mémorandum меморандум~",
    "protocol protocole protokoll протокол~",
    "pact pacte pakt пакт~",
    "act gesetz",
    "regulation règlement verordnung регламент~",
    "code",
    "mechanism mécanisme mechanismus механизм~ механізм~",
];
/// What a small noun, or a German one, must stand behind.
const ARTICLES: &str =
    "the this that its le la l du au cet cette ce der die das dem den des dieser diese dieses diesem diesen zum zur vom beim im am";
/// Behind a noun these say that it is another one.
const OF: &str = "of for de du des d von für";
/// Endings of Slavic nouns and adjectives in the genitive: what stands in it says more of the noun before it.
const GENITIVE_ENDINGS: [&str; 16] =
    ["ии", "ия", "ов", "ей", "ого", "ой", "ых", "их", "ства", "ения", "ання", "ення", "ості", "ії", "ної", "ів"];
/// A word of its own has so many letters.
const OWN_LETTERS_MIN: usize = 4;
/// So many different words are followed.
const WORDS_MAX: usize = 400;

/// A word that may stand for names.
struct Word<'n> {
    text: String,
    /// Of a noun that says what a thing is, its row.
    head: Option<usize>,
    /// Where the names end that it may stand for, in order.
    uses: Vec<(usize, &'n Meaning)>,
}

/// The short forms of `names` (in order) in the document, apart from what is in `full`, to which they are added.
pub(super) fn short_forms(document: &Document<'_>, names: &[&Found], full: &mut Taken, language: Language) -> Vec<Found> {
    let words = words_of(document, names);
    let mut by_letter: HashMap<char, Vec<&Word<'_>>> = HashMap::default();
    for word in &words {
        let first = word.text.chars().next().into_iter();
        let others =
            word.head.into_iter().flat_map(|row| HEADS.get(row).into_iter()).flat_map(|row| row.split(' ')).filter_map(first_letter);
        for letter in first.chain(others).collect::<std::collections::BTreeSet<char>>() {
            by_letter.entry(letter).or_default().push(word);
        }
    }
    let mut found = Vec::new();
    for span in tokens(document.text) {
        let text = document.text.get(span.range()).unwrap_or_default();
        let lower = text.to_lowercase();
        let Some(candidates) = first_letter(&lower).and_then(|letter| by_letter.get(&letter)).filter(|_| !full.overlaps(span)) else {
            continue;
        };
        let meant = candidates
            .iter()
            .filter(|word| word.is_meant(text, &lower, language) && stands_for(document.text, span, text, word.head.is_some(), language))
            .filter_map(|word| word.uses.partition_point(|(to, _)| *to <= span.from).checked_sub(1).and_then(|at| word.uses.get(at)))
            .max_by_key(|(to, _)| *to);
        if let Some((_, meaning)) = meant
            && full.take(span)
        {
            found.push(Found { span, meaning: (*meaning).clone() });
        }
    }
    found
}

fn first_letter(word: &str) -> Option<char> {
    word.chars().next()
}

/// Every word that may stand for one of `names`.
fn words_of<'n>(document: &Document<'_>, names: &[&'n Found]) -> Vec<Word<'n>> {
    let mut words: Vec<Word<'n>> = Vec::new();
    let mut places: HashMap<(String, Option<usize>), usize> = HashMap::default();
    for found in names {
        let Meaning::One(named) = &found.meaning else { continue };
        let text = document.text.get(found.span.range()).unwrap_or_default();
        for (word, head) in shortened(text, named) {
            let next = words.len();
            let at = *places.entry((word.clone(), head)).or_insert(next);
            if at == next && next < WORDS_MAX {
                words.push(Word { text: word, head, uses: Vec::new() });
            }
            words.get_mut(at).into_iter().for_each(|known| known.uses.push((found.span.to, &found.meaning)));
        }
    }
    words
}

/// The words that may stand for the name `text` of `named`, in small letters, each with its row if it says what the thing is.
fn shortened(text: &str, named: &Named) -> Vec<(String, Option<usize>)> {
    if named.kind == EntityType::Place {
        return Vec::new();
    }
    let mut words = Vec::new();
    if named.kind != EntityType::Person && (text.contains([' ', '-']) || is_acronym(text) || is_compound(text)) {
        let all = || text.split([' ', '-']).chain(named.name.split([' ', '-']));
        words.extend(all().find_map(|word| head(&word.to_lowercase())).map(|row| (first_of(row), Some(row))));
    }
    words.extend(own_word(text, named.kind).map(|word| (word.to_lowercase(), None)));
    words
}

fn first_of(row: usize) -> String {
    HEADS.get(row).and_then(|row| row.split(' ').next()).unwrap_or_default().to_owned()
}

/// The word that a name keeps when it is shortened: a surname, the first word of a company, what follows the noun of a project.
fn own_word(text: &str, kind: EntityType) -> Option<&str> {
    let words: Vec<&str> = text.split(' ').collect();
    let first = words.first().copied()?;
    let own = match kind {
        EntityType::Person => words.last().copied().filter(|_| words.len() > 1),
        EntityType::Organisation if words.len() > 1 && head(&first.to_lowercase()).is_none() => words.first().copied(),
        EntityType::Programme | EntityType::Event | EntityType::Capability if words.len() == 2 && head(&first.to_lowercase()).is_some() => {
            words.last().copied()
        }
        _ => None,
    };
    let is_name = |word: &&str| word.starts_with(char::is_uppercase) && word.chars().count() >= OWN_LETTERS_MIN && !is_common(word);
    // `European Space Agency` is not called European; a company has no small words and no noun of the table.
    let is_body = kind == EntityType::Organisation
        && words.iter().any(|word| word.starts_with(char::is_lowercase) || head(&word.to_lowercase()).is_some());
    own.filter(is_name).filter(|_| !is_body)
}

/// Words that many names begin with.
fn is_common(word: &str) -> bool {
    const COMMON: &str = "European National North South East West Northern Southern Eastern Western United Federal International Royal Central Atlantic Baltic Nordic Allied Joint Defence Defense General Global World American British Advanced First New Forces Force Armed";
    COMMON.split(' ').any(|common| common == word)
}

fn is_acronym(text: &str) -> bool {
    text.chars().count() > 1 && text.chars().all(|c| c.is_uppercase() || c.is_ascii_digit())
}

/// A German word that hides the noun at its end.
fn is_compound(text: &str) -> bool {
    head(&text.to_lowercase()).is_some() && head_of_word(&text.to_lowercase()).is_none()
}

/// The row of the noun that `word`, in small letters, is or ends with.
fn head(word: &str) -> Option<usize> {
    let ends = |known: &&str| {
        known.chars().count() > OWN_LETTERS_MIN
            && (word.ends_with(*known) || word.strip_suffix('s').is_some_and(|word| word.ends_with(*known)))
    };
    head_of_word(word)
        .or_else(|| HEADS.iter().position(|row| row.split(' ').filter(|known| !known.ends_with('~')).any(|known| ends(&known))))
}

fn head_of_word(word: &str) -> Option<usize> {
    HEADS.iter().position(|row| row.split(' ').any(|known| is_noun(known, word)))
}

/// Whether `word`, in small letters, is a noun that says what a thing is.
pub(super) fn is_head(word: &str) -> bool {
    head_of_word(word).is_some()
}

fn is_noun(known: &str, word: &str) -> bool {
    let bent = |word: &str| ["s", "es", "n", "en"].iter().any(|ending| word.strip_suffix(*ending).is_some_and(|word| word == known));
    known
        .strip_suffix('~')
        .map_or(known == word || bent(word), |begins| word.strip_prefix(begins).is_some_and(|ending| ending.chars().count() <= 3))
}

impl Word<'_> {
    fn is_meant(&self, text: &str, lower: &str, language: Language) -> bool {
        match self.head {
            Some(row) => head_of_word(lower) == Some(row),
            None => {
                let is_genitive = || language == Language::German && lower.strip_suffix('s').is_some_and(|word| word == self.text);
                text.starts_with(char::is_uppercase)
                    && (lower == self.text || is_genitive() || language == Language::EastSlavic && is_bent(&self.text, lower))
            }
        }
    }
}

/// Whether what stands around `span` lets it stand for a name.
fn stands_for(text: &str, span: TextSpan, word: &str, is_head: bool, language: Language) -> bool {
    let behind = text.get(span.to..).unwrap_or_default();
    let joined = behind.starts_with('-') && behind.chars().nth(1).is_some_and(char::is_alphanumeric);
    let before = tail(text.get(..span.from).unwrap_or_default(), 40);
    if joined || before.ends_with('-') {
        return false;
    }
    let next = behind.strip_prefix([' ', '\u{a0}']).unwrap_or_default();
    let next: &str = next.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    if !is_head {
        // With another capital behind it, it is another name.
        return !next.starts_with(char::is_uppercase) || language == Language::German;
    }
    let last = before.trim_end().trim_end_matches(['\'', '’']);
    let last = last.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase();
    let is_definite = ARTICLES.split(' ').any(|article| article == last);
    let is_other = OF.split(' ').any(|of| of == next)
        || next.starts_with(char::is_uppercase) && language != Language::German
        || behind.starts_with([' ']) && next.is_empty() && behind.trim_start().starts_with(['«', '„', '“']);
    let is_small = word.starts_with(char::is_lowercase);
    match language {
        _ if is_other => false,
        Language::EastSlavic => !is_small || !GENITIVE_ENDINGS.iter().any(|ending| next.ends_with(ending)),
        Language::German => is_definite,
        _ => is_definite || !is_small,
    }
}

/// The words of spaced scripts with their places.
fn tokens(text: &str) -> impl Iterator<Item = TextSpan> + '_ {
    let is_letter = |c: char| c.is_alphanumeric() && !crate::chinese::script::is_han(c);
    let mut at = 0;
    std::iter::from_fn(move || {
        let from = at + text.get(at..)?.find(is_letter)?;
        let rest = text.get(from..)?;
        at = from + rest.find(|c| !is_letter(c)).unwrap_or(rest.len());
        Some(TextSpan::new(from, at))
    })
}
