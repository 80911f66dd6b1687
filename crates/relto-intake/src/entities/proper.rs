//! Proper names of spaced scripts by their capitals: runs of capitalised words, acronyms, names in quotation marks, and the
//! last word of an earlier name standing for it (`the Agency`).
//!
//! German capitalises every noun, so a single word is taken there only as an acronym, in quotation marks or with a number. What a name is comes
//! from its own words, the words around it, or else is a guess: an organisation.

use super::{Document, Found, Meaning, named, shapes::kind_by_words};
use crate::dates::{ShapeError, is_calendar_word};
use crate::gazetteer::EntityType;
use crate::span::{Taken, TextSpan};
use crate::text::{Language, holding, language, sentences, tail};
use regex::Regex;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// Words that begin sentences or titles and no names.
const OPENERS: &str = "The A An In On At It Its This That These Those But And Or For From By To Of With After Before Since Between When While If As We They He She I You No Not Our Their There All Some Both Each Other What Who How Why Also However According Le La Les Un Une Des Du De Il Elle Ils Elles En Au Aux Dans Pour Par Sur Avec Sans Ce Cette Ces Son Sa Ses Leur Leurs Mais Et Ou Si Selon Depuis Après Avant Entre Deux Trois Notre Nous Vous On Qui Que Der Die Das Ein Eine Im Am Zum В На По С У З За Из От До К О Об Для Не Но И А Это Как Что Если При Так Он Она Они Мы Вы Его Её Их Все По Після Для Від До Про Та Й І Це Як Що Якщо Він Вона Вони Ми Ви Його Її Їх Усі Всі Також Однак Во Со Наш Наша Эти Этот Эта Ці Цей Ця Dame Sir Mr Mrs Ms Dr Mme Lord Six Sept Seven Eight Nine Ten Eleven Three Four Five Cinq Quatre Huit Drei Vier Communiqué COMMUNIQUÉ PRESSE DE Selon Laut Nach Zu Frage Firma Fraktion Stadt Fregatte Werft Milliarden Millionen Mio Mrd Beitrag Antwort Mitglied Generalmajorin Beauftragter Mein Meine Warum Ende Anfang Mitte Geld Доповів Доповіла Глава Компания Компанія Сама Сам";
/// Right before a name: it is a place.
const PLACE_BEFORE: &str = "in at near from à en vers dans в у во из із з під біля près bei aus nach";
/// Nouns before a name, by their beginnings, with what they say it is.
const NOUN_KINDS: &[(&str, EntityType)] = &[
    ("vorhaben", EntityType::Programme),
    ("projekt", EntityType::Programme),
    ("projet", EntityType::Programme),
    ("project", EntityType::Programme),
    ("program", EntityType::Programme),
    ("програм", EntityType::Programme),
    ("програ", EntityType::Programme),
    ("проект", EntityType::Programme),
    ("проєкт", EntityType::Programme),
    ("logiciel", EntityType::Capability),
    ("assistent", EntityType::Capability),
    ("fregatte", EntityType::Capability),
    ("систем", EntityType::Capability),
    ("комплекс", EntityType::Capability),
    ("дрон", EntityType::Capability),
    ("беспилотник", EntityType::Capability),
    ("робот", EntityType::Capability),
    ("system", EntityType::Capability),
    ("système", EntityType::Capability),
    ("drohne", EntityType::Capability),
    ("drone", EntityType::Capability),
    ("завод", EntityType::Organisation),
    ("компан", EntityType::Organisation),
    ("центр", EntityType::Organisation),
    ("фирм", EntityType::Organisation),
    ("фонд", EntityType::Organisation),
    ("підприємств", EntityType::Organisation),
    ("firma", EntityType::Organisation),
    ("société", EntityType::Organisation),
    ("учени", EntityType::Event),
    ("навчан", EntityType::Event),
    ("exercice", EntityType::Event),
    ("übung", EntityType::Event),
    ("форум", EntityType::Event),
    ("договор", EntityType::Document),
    ("соглашени", EntityType::Document),
    ("угод", EntityType::Document),
    ("закон", EntityType::Document),
    ("доклад", EntityType::Document),
    ("доповід", EntityType::Document),
    ("стратег", EntityType::Document),
    ("rapport", EntityType::Document),
    ("bericht", EntityType::Document),
    ("studie", EntityType::Document),
    ("feuille", EntityType::Document),
    ("livre", EntityType::Document),
    ("радар", EntityType::Capability),
    ("ракет", EntityType::Capability),
    ("спутник", EntityType::Capability),
    ("супутник", EntityType::Capability),
    ("plattform", EntityType::Capability),
    ("plateforme", EntityType::Capability),
    ("platform", EntityType::Capability),
    ("software", EntityType::Capability),
    ("frigate", EntityType::Capability),
    ("frégate", EntityType::Capability),
    ("missile", EntityType::Capability),
    ("satellit", EntityType::Capability),
    ("antenne", EntityType::Capability),
    ("антенн", EntityType::Capability),
    ("камер", EntityType::Capability),
    ("réseau", EntityType::Programme),
    ("netz", EntityType::Programme),
    ("network", EntityType::Programme),
    ("initiative", EntityType::Programme),
    ("инициатив", EntityType::Programme),
    ("ініціатив", EntityType::Programme),
    ("мереж", EntityType::Programme),
    ("сеть", EntityType::Programme),
    ("сети", EntityType::Programme),
    ("exercise", EntityType::Event),
    ("forum", EntityType::Event),
    ("конференц", EntityType::Event),
    ("конкурс", EntityType::Event),
    ("mécanisme", EntityType::Instrument),
    ("mechanism", EntityType::Instrument),
    ("механизм", EntityType::Instrument),
    ("механізм", EntityType::Instrument),
    ("механізму", EntityType::Instrument),
    ("групп", EntityType::Organisation),
    ("груп", EntityType::Organisation),
    ("groupe", EntityType::Organisation),
    ("gruppe", EntityType::Organisation),
    ("konzern", EntityType::Organisation),
    ("institut", EntityType::Organisation),
    ("институт", EntityType::Organisation),
    ("інститут", EntityType::Organisation),
    ("werft", EntityType::Organisation),
    ("entreprise", EntityType::Organisation),
    ("unternehmen", EntityType::Organisation),
    ("предприяти", EntityType::Organisation),
];
/// Common given names: two or three capitalised words that begin with one name a person.
const GIVEN_NAMES: &str = include_str!("../../data/given-names.txt");
/// Ends of Slavic surnames.
const SURNAME_ENDINGS: [&str; 18] =
    ["ов", "ев", "ин", "ський", "ский", "цький", "цкий", "енко", "чук", "юк", "ук", "ова", "ева", "ська", "ская", "ич", "ук", "ко"];
/// So far back the noun before a name is looked for.
const NOUN_BYTES: usize = 80;
/// A word of a name that is longer has a capital.
const SMALL_LETTERS_MAX: usize = 3;
/// More words in quotation marks are speech.
const QUOTED_WORDS_MAX: usize = 6;
/// So far a line is looked at for small letters.
const LINE_CHARACTERS_MAX: usize = 200;
/// So many different words of names are followed.
const LAST_WORDS_MAX: usize = 200;
/// Codes of money are no acronyms of bodies.
const CURRENCIES: [&str; 8] = ["EUR", "USD", "GBP", "CHF", "UAH", "RUB", "CNY", "TWD"];

#[derive(Debug)]
pub(super) struct Proper {
    run: Regex,
    acronym: Regex,
    quoted: Regex,
    given: FxHashSet<&'static str>,
}

struct Search<'s> {
    given: &'s FxHashSet<&'static str>,
    document: &'s Document<'s>,
    sentences: Vec<TextSpan>,
    taken: &'s [Found],
    full: Taken,
    found: Vec<Found>,
}

impl Proper {
    pub(super) fn new() -> Result<Self, ShapeError> {
        let word = r"\p{Lu}[\p{Ll}\p{Lu}]+(?:[-'’]\p{Lu}?[\p{L}\d]+)*";
        let join = r"(?: | de | du | des | de la | d'| d’| van | von )";
        Ok(Self {
            run: Regex::new(&format!(r"{word}(?:{join}{word})*(?:[- ]\d{{1,3}}\b)?"))?,
            acronym: Regex::new(r"\b\p{Lu}{3,12}\b(?: Ost| West| Nord| Süd)?")?,
            quoted: Regex::new(r"[«„“](?:\s|\u{a0})?(?P<name>\p{Lu}[^«»„“”\n.,;:!?]{1,48}?)(?:\s|\u{a0})?[»“”]")?,
            given: GIVEN_NAMES.split_whitespace().collect(),
        })
    }

    /// Without the places that are a part of a quoted name: «Дніпро Роботікс» is a company.
    pub(super) fn outside_quotes(&self, document: &Document<'_>, listed: Vec<Found>) -> Vec<Found> {
        let names = self.quoted.captures_iter(document.text).filter_map(|captures| captures.name("name"));
        // Whole sentences are quoted as well: they have words in small letters.
        let is_name =
            |name: &str| name.split(' ').all(|word| word.chars().count() <= SMALL_LETTERS_MAX || word.starts_with(char::is_uppercase));
        let quoted: Vec<TextSpan> =
            names.filter(|name| is_name(name.as_str())).map(|name| TextSpan::new(name.start(), name.end())).collect();
        let is_part = |found: &Found| {
            let last = quoted.partition_point(|span| span.from <= found.span.from).checked_sub(1).and_then(|at| quoted.get(at));
            let is_place = matches!(&found.meaning, Meaning::One(named) if named.kind == EntityType::Place);
            is_place && last.is_some_and(|span| span.contains(found.span) && *span != found.span)
        };
        listed.into_iter().filter(|found| !is_part(found)).collect()
    }

    /// Names apart from what is `taken`.
    pub(super) fn find(&self, document: &Document<'_>, taken: &[Found], dates: &[TextSpan]) -> Vec<Found> {
        let language = language(document.text);
        let full = taken.iter().map(|found| found.span).chain(dates.iter().copied()).collect();
        let mut search = Search { given: &self.given, document, sentences: sentences(document.text), taken, full, found: Vec::new() };
        for captures in self.quoted.captures_iter(document.text) {
            if let Some(name) = captures.name("name") {
                search.quoted(TextSpan::new(name.start(), name.end()));
            }
        }
        let acronyms = self.acronym.find_iter(document.text).map(|short| TextSpan::new(short.start(), short.end()));
        for span in acronyms.filter(|span| !is_heading(document.text, *span)) {
            let kind = search.kind(span, false);
            search.take(span, if kind == EntityType::Place { EntityType::Organisation } else { kind });
        }
        // Longer names first: a word of theirs that stands alone later means them.
        let runs = self.run.find_iter(document.text).map(|run| TextSpan::new(run.start(), run.end()));
        let runs = runs.filter(|run| !in_capitals(document.text, *run));
        let (long, single): (Vec<TextSpan>, Vec<TextSpan>) = runs.partition(|run| search.text(*run).contains(' '));
        long.into_iter().for_each(|run| search.run(run, language));
        search.last_words();
        single.into_iter().for_each(|run| search.run(run, language));
        agree(&mut search.found);
        search.found
    }
}

impl Search<'_> {
    fn text(&self, span: TextSpan) -> &str {
        self.document.text.get(span.range()).unwrap_or_default()
    }

    fn take(&mut self, span: TextSpan, kind: EntityType) {
        let name = self.text(span).to_owned();
        let money = CURRENCIES.contains(&name.split(' ').next().unwrap_or_default());
        if !is_calendar_word(&name) && !money && self.full.take(span) {
            self.found.push(Found { span, meaning: named(&name, kind) });
        }
    }

    fn quoted(&mut self, span: TextSpan) {
        let before =
            tail(self.document.text.get(..span.from).unwrap_or_default(), NOUN_BYTES).trim_end_matches(['«', '„', '“', ' ', '\u{a0}']);
        let noun = before.rsplit([' ', '\u{a0}', '\n']).next().unwrap_or_default().to_lowercase();
        let kind = noun_kind(&noun);
        let words = self.text(span).split(' ').count();
        if words <= QUOTED_WORDS_MAX {
            let kind = kind.or_else(|| kind_by_words(self.text(span))).unwrap_or(EntityType::Organisation);
            self.take(span, kind);
        }
    }

    /// A run of capitalised words, without what only begins the sentence.
    fn run(&mut self, span: TextSpan, language: Language) {
        let span = self.without_openers(span);
        let name = self.text(span);
        let numbered = name.ends_with(|c: char| c.is_ascii_digit()) && name.contains('-');
        let words = name.split(' ').filter(|word| word.starts_with(char::is_uppercase)).count();
        if name.chars().count() < 3 || (language == Language::German && !numbered && words < 2) || is_calendar_word(name) {
            return;
        }
        let starts = holding(&self.sentences, span).is_some_and(|sentence| sentence.from == span.from);
        if words < 2 && !numbered && (starts || language == Language::English && is_adjective(name)) {
            return;
        }
        if language == Language::German && !self.is_given(span) && (starts && is_bent(name) || name.contains(" von ")) {
            return;
        }
        let kind = self.kind(span, numbered);
        self.take(span, kind);
    }

    fn kind(&self, span: TextSpan, numbered: bool) -> EntityType {
        if let Some(kind) = kind_by_words(self.text(span)) {
            return kind;
        }
        let before = tail(self.document.text.get(..span.from).unwrap_or_default(), NOUN_BYTES).trim_end();
        let before = before.rsplit([' ', '\n', '(']).next().unwrap_or_default().to_lowercase();
        match () {
            () if is_slavic_person(self.text(span)) || self.is_given(span) => EntityType::Person,
            () if numbered => EntityType::Capability,
            () if noun_kind(&before).is_some() => noun_kind(&before).unwrap_or(EntityType::Organisation),
            () if PLACE_BEFORE.split(' ').any(|word| word == before) => EntityType::Place,
            () => EntityType::Organisation,
        }
    }

    /// Whether the first of two or three words is a given name.
    fn is_given(&self, span: TextSpan) -> bool {
        let name = self.text(span);
        let first = name.split([' ', '-']).next().unwrap_or_default();
        (2..=3).contains(&name.split(' ').count()) && self.given.contains(first)
    }

    fn without_openers(&self, span: TextSpan) -> TextSpan {
        TextSpan::new(span.from + opener_bytes(self.text(span)), span.to)
    }

    /// `the Agency`: a word of an earlier name that says what it is, standing alone with a capital; the nearest earlier name counts.
    fn last_words(&mut self) {
        let mut names: Vec<&Found> = self.taken.iter().chain(&self.found).collect();
        names.sort_by_key(|found| found.span);
        let mut by_word: BTreeMap<&str, Vec<(usize, &Meaning)>> = BTreeMap::new();
        for found in names {
            let name = self.document.text.get(found.span.range()).unwrap_or_default();
            let word = name.split(' ').find(|word| kind_by_words(word).is_some()).filter(|_| name.contains(' '));
            if let Some(word) = word.filter(|word| by_word.len() < LAST_WORDS_MAX || by_word.contains_key(word)) {
                by_word.entry(word).or_default().push((found.span.to, &found.meaning));
            }
        }
        let mut again = Vec::new();
        for (word, names) in by_word {
            for (at, _) in self.document.text.match_indices(word) {
                let span = TextSpan::new(at, at + word.len());
                let earlier = names.partition_point(|(to, _)| *to <= at).checked_sub(1).and_then(|at| names.get(at));
                if let Some((_, meaning)) = earlier.filter(|_| is_whole_word(self.document.text, span)) {
                    again.push(Found { span, meaning: (*meaning).clone() });
                }
            }
        }
        again.retain(|found| self.full.take(found.span));
        self.found.extend(again);
    }
}

/// How many bytes of a name only begin its sentence or say its role; all of it where nothing else is left.
pub(super) fn opener_bytes(name: &str) -> usize {
    let is_opener = |word: &str| OPENERS.split(' ').any(|opener| opener == word);
    let mut rest = name;
    // What joined the opener to the name is no part of it: `Antwort der Bundesregierung`.
    let is_joint = |word: &str, rest: &str| rest.len() < name.len() && word.starts_with(char::is_lowercase);
    while let Some((_, behind)) = rest.split_once(' ').filter(|(first, _)| is_opener(first) || is_joint(first, rest)) {
        rest = behind;
    }
    if is_opener(rest) { name.len() } else { name.len() - rest.len() }
}

fn is_whole_word(text: &str, span: TextSpan) -> bool {
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let before = text.get(..span.from).and_then(|before| before.chars().next_back());
    let after = text.get(span.to..).and_then(|after| after.chars().next());
    !letter(before) && !letter(after)
}

/// What the noun before a name says it is.
fn noun_kind(noun: &str) -> Option<EntityType> {
    NOUN_KINDS.iter().find(|(begins, _)| noun.starts_with(begins)).map(|(_, kind)| *kind)
}

/// Gives every mention of a name the type that one of them shows; an organisation is what nothing is shown for.
fn agree(found: &mut [Found]) {
    let shown: BTreeMap<String, EntityType> = found
        .iter()
        .filter_map(|found| if let Meaning::One(named) = &found.meaning { Some((named.name.clone(), named.kind)) } else { None })
        .filter(|(_, kind)| *kind != EntityType::Organisation)
        .collect();
    for found in found {
        if let Meaning::One(named) = &mut found.meaning
            && let Some(kind) = shown.get(&named.name)
        {
            named.kind = *kind;
        }
    }
}

/// Whether the capitals of an acronym say nothing: in a line of capitals, before a colon that opens a line, in a Roman number.
fn is_heading(text: &str, short: TextSpan) -> bool {
    let labels = text.get(short.to..).is_some_and(|behind| behind.starts_with(':')) && !before(text, short).any(char::is_alphabetic);
    let roman = text.get(short.range()).is_some_and(|word| word.chars().all(|c| matches!(c, 'I' | 'V' | 'X')));
    in_capitals(text, short) || labels || roman
}

/// Whether the whole line is in capitals.
fn in_capitals(text: &str, span: TextSpan) -> bool {
    let rest = text.get(span.from..).unwrap_or_default().chars().take_while(|c| *c != '\n').take(LINE_CHARACTERS_MAX);
    before(text, span).chain(rest).all(|c| !c.is_alphabetic() || c.is_uppercase())
}

/// The line before `span`, backwards.
fn before(text: &str, span: TextSpan) -> impl Iterator<Item = char> {
    text.get(..span.from).unwrap_or_default().chars().rev().take_while(|c| *c != '\n').take(LINE_CHARACTERS_MAX)
}

/// Two words of which the second ends like a surname.
fn is_slavic_person(name: &str) -> bool {
    let Some((first, last)) = name.split_once(' ').filter(|(_, last)| !last.contains(' ')) else { return false };
    let cyrillic = |word: &str| word.chars().all(|c| matches!(c, '\u{400}'..='\u{4ff}' | '-' | '\'' | '’'));
    cyrillic(first) && cyrillic(last) && last.starts_with(char::is_uppercase) && SURNAME_ENDINGS.iter().any(|ending| last.ends_with(ending))
}

/// Whether a German run begins with an adjective, which is capital only because it begins its sentence.
fn is_bent(name: &str) -> bool {
    const ENDINGS: [&str; 5] = ["e", "er", "es", "en", "em"];
    let first = name.split(' ').next().unwrap_or_default();
    ENDINGS.iter().any(|ending| first.ends_with(ending))
}

/// English words of nations: capital, and no names.
fn is_adjective(word: &str) -> bool {
    const ENDINGS: [&str; 9] = ["ish", "ese", "ian", "ean", "can", "ch", "ic", "man", "lander"];
    ENDINGS.iter().any(|ending| word.ends_with(ending))
}
