//! Proper names of spaced scripts by their capitals: runs of capitalised words, acronyms, names in quotation marks, and the
//! last word of an earlier name standing for it (`the Agency`).
//!
//! German capitalises every noun, so a single word is taken there only as an acronym, in quotation marks or with a number. What a name is comes
//! from its own words, the words around it, or else is a guess: an organisation.

use super::forms::{agree, unify};
use super::heads::kind_by_words;
use super::letters::{
    AGAIN_LETTERS_MIN, SMALL_LETTERS_MAX, in_capitals, is_acronym, is_adjective, is_bent, is_code_name, is_heading, is_model,
    is_slavic_person, is_speech, is_whole_in_script, is_whole_word,
};
use super::nouns::{is_german_noun, is_title, noun_before, noun_kind, opener_bytes};
use super::short::short_forms;
use super::{Document, Found, Meaning, named};
use crate::dates::{ShapeError, is_calendar_word};
use crate::gazetteer::EntityType;
use crate::span::{Taken, TextSpan};
use crate::text::{Language, holding, language, sentences, tail};
use aho_corasick::{AhoCorasick, MatchKind};
use regex::Regex;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// Of these, what does not make a place of several words.
const NO_PLACE_BEFORE_LONG: &str = "at from to à vers у до из из-за із з";
/// Right before a name: it is a place.
const PLACE_BEFORE: &str = "in at near from à en vers dans в у во из із з під біля près bei aus nach";
/// Common given names: two or three capitalised words that begin with one name a person.
const GIVEN_NAMES: &str = include_str!("../../data/given-names.txt");
/// So far back the noun before a name is looked for.
const NOUN_BYTES: usize = 80;
/// More words in quotation marks are speech.
const QUOTED_WORDS_MAX: usize = 6;
/// Capitalised words that go on for longer are no name, but a table or noise: what looks at a name may look at all of it.
pub(super) const NAME_BYTES_MAX: usize = 400;
/// So many different names are looked for elsewhere.
const NAMES_AGAIN_MAX: usize = 2_000;
/// Codes of money are no acronyms of bodies.
const CURRENCIES: [&str; 8] = ["EUR", "USD", "GBP", "CHF", "UAH", "RUB", "CNY", "TWD"];

#[derive(Debug)]
pub(super) struct Proper {
    run: Regex,
    acronym: Regex,
    german: Regex,
    quoted: Regex,
    given: FxHashSet<&'static str>,
}

pub(super) struct Search<'s> {
    pub(super) given: &'s FxHashSet<&'static str>,
    pub(super) document: &'s Document<'s>,
    pub(super) sentences: Vec<TextSpan>,
    pub(super) taken: &'s [Found],
    pub(super) full: Taken,
    pub(super) found: Vec<Found>,
}

impl Proper {
    pub(super) fn new() -> Result<Self, ShapeError> {
        let word = r"\p{Lu}[\p{Ll}\p{Lu}]+(?:[-'’]\p{Lu}?[\p{L}\d]+)*";
        let join = r"(?: | de | du | des | de la | d'| d’| van | von )";
        Ok(Self {
            run: Regex::new(&format!(r"{word}(?:{join}{word})*(?:[- ]\d{{1,3}}\b)?"))?,
            acronym: Regex::new(r"\p{Lu}{3,12}(?: Ost\b| West\b| Nord\b| Süd\b)?")?,
            german: Regex::new(
                r"\b(?:[Dd](?:er|ie|as|em|en|es)|[Bb]eim|[Vv]om|[Zz]u[mr]|[Ii]m|[Aa]m)\s(?P<name>\p{Lu}\p{Ll}{3,}(?:kommando|ministerium|kriminalamt|verteidigungsamt|wirtschaftsamt|zollamt|rechnungshof|kanzleramt|presseamt)(?:e?s)?)\b",
            )?,
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
        let full: Taken = taken.iter().map(|found| found.span).collect();
        let mut search = Search { given: &self.given, document, sentences: sentences(document.text), taken, full, found: Vec::new() };
        // A date in a quoted name is a part of it.
        for captures in self.quoted.captures_iter(document.text) {
            if let Some(name) = captures.name("name") {
                search.quoted(TextSpan::new(name.start(), name.end()));
            }
        }
        dates.iter().for_each(|date| {
            search.full.take(*date);
        });
        let acronyms = self.acronym.find_iter(document.text).map(|short| TextSpan::new(short.start(), short.end()));
        let is_noun = |span: &TextSpan| super::short::is_head(&search.text(*span).to_lowercase());
        let acronyms: Vec<TextSpan> = acronyms
            .filter(|span| is_whole_in_script(document.text, *span) && !is_heading(document.text, *span) && !is_noun(span))
            .collect();
        for span in acronyms {
            let kind = search.kind(span, false);
            search.take(span, if kind == EntityType::Place { EntityType::Organisation } else { kind });
        }
        if language == Language::German {
            for name in self.german.captures_iter(document.text).filter_map(|captures| captures.name("name")) {
                search.take(TextSpan::new(name.start(), name.end()), EntityType::Organisation);
            }
        }
        // Longer names first: a word of theirs that stands alone later means them.
        let runs = self.run.find_iter(document.text).map(|run| TextSpan::new(run.start(), run.end()));
        let runs =
            runs.filter(|run| !in_capitals(document.text, *run)).flat_map(|run| free(document.text, run, &search.full)).collect::<Vec<_>>();
        let (long, single): (Vec<TextSpan>, Vec<TextSpan>) = runs.into_iter().partition(|run| search.text(*run).contains(' '));
        long.into_iter().for_each(|run| search.run(run, language));
        search.short_forms(language);
        if language == Language::German {
            search.german_names(&single);
        } else {
            single.into_iter().for_each(|run| search.run(run, language));
        }
        search.names_again();
        unify(document.text, taken, &mut search.found);
        agree(&mut search.found);
        search.found
    }
}

/// The parts of a run of capitalised words that are not taken.
fn free(text: &str, run: TextSpan, full: &Taken) -> Vec<TextSpan> {
    if !full.overlaps(run) {
        return vec![run];
    }
    let name = text.get(run.range()).unwrap_or_default();
    let mut parts: Vec<TextSpan> = Vec::new();
    let mut at = run.from;
    let mut is_open = false;
    for word in name.split(' ') {
        let span = TextSpan::new(at, at + word.len());
        at = span.to + 1;
        let is_free = word.starts_with(char::is_uppercase) && !full.overlaps(span);
        match parts.last_mut().filter(|_| is_free && is_open) {
            Some(last) => last.to = span.to,
            None if is_free => parts.push(span),
            None => {}
        }
        is_open = is_free;
    }
    parts
}

impl Search<'_> {
    pub(super) fn text(&self, span: TextSpan) -> &str {
        self.document.text.get(span.range()).unwrap_or_default()
    }

    pub(super) fn take(&mut self, span: TextSpan, kind: EntityType) {
        let name = self.text(span).to_owned();
        let money = CURRENCIES.contains(&name.split(' ').next().unwrap_or_default());
        if !is_calendar_word(&name) && !money && self.full.take(span) {
            self.found.push(Found { span, meaning: named(&name, kind) });
        }
    }

    fn quoted(&mut self, span: TextSpan) {
        let before =
            tail(self.document.text.get(..span.from).unwrap_or_default(), NOUN_BYTES).trim_end_matches(['«', '„', '“', ' ', '\u{a0}']);
        let kind = noun_before(before);
        let words = self.text(span).split(' ').count();
        if words <= QUOTED_WORDS_MAX {
            let kind = kind
                .or_else(|| kind_by_words(self.text(span)))
                .or_else(|| self.noun_behind(span))
                .or_else(|| is_model(self.text(span)).then_some(EntityType::Capability))
                .unwrap_or(EntityType::Organisation);
            if !is_speech(self.text(span)) {
                self.take(span, kind);
            }
        }
    }

    /// A run of capitalised words, without what only begins the sentence; German ones without what they are of.
    pub(super) fn run(&mut self, span: TextSpan, language: Language) {
        if span.to - span.from > NAME_BYTES_MAX {
            return;
        }
        let span = self.without_openers(span);
        let parts = [" von ", " des ", " de "].iter().filter(|_| language == Language::German).find_map(|joint| {
            let (before, behind) = self.text(span).split_once(joint)?;
            (before.contains(' ') || *joint != " von ").then_some((before.len(), behind.len()))
        });
        match parts {
            Some((before, behind)) => {
                self.run(TextSpan::new(span.from, span.from + before), language);
                self.run(TextSpan::new(span.to - behind, span.to), language);
            }
            None => self.plain_run(span, language),
        }
    }

    /// A run without the adjective of a town, titles and nouns before the name, if that is one.
    fn plain_run(&mut self, span: TextSpan, language: Language) {
        let (whole, is_of_town) = self.without_town(span, language);
        let (span, has_title) = self.without_titles(whole, language);
        let noun = self.text(whole).split(' ').next().filter(|_| whole != span).and_then(|noun| noun_kind(&noun.to_lowercase()));
        let name = self.text(span);
        let numbered = name.ends_with(|c: char| c.is_ascii_digit()) && name.contains('-');
        let words = name.split(' ').filter(|word| word.starts_with(char::is_uppercase)).count();
        let is_told = numbered || is_of_town || has_title || noun.is_some();
        let is_title = is_title(name);
        if name.chars().count() < 3 || is_calendar_word(name) || is_title || language == Language::German && words < 2 && !is_told {
            return;
        }
        let starts = self.starts_sentence(span);
        let is_adjective = || is_adjective(name) || self.document.gazetteer.is_nationality(name);
        if words < 2 && !is_told && (starts || language == Language::English && is_adjective()) {
            return;
        }
        if language == Language::German && !self.is_given(span) && !has_title && (starts && is_bent(name) || name.contains(" von ")) {
            return;
        }
        let is_slavic = name.starts_with(|c| matches!(c, '\u{400}'..='\u{4ff}'));
        // A Slavic body is quoted or has its noun; two capitals alone are a person.
        let is_pair = is_slavic && words == 2 && !numbered && kind_by_words(name).is_none();
        let is_noun_of = is_slavic && words == 2 && name.split(' ').nth(1).is_some_and(|head| kind_by_words(head).is_some());
        if (is_pair || is_noun_of) && starts && !self.is_given(span) && !is_slavic_person(name) {
            return;
        }
        let is_person = has_title || is_pair || self.is_author(span, words);
        let kind = if is_person { EntityType::Person } else { noun.unwrap_or_else(|| self.kind(span, numbered)) };
        self.take(span, kind);
    }

    /// Whether nothing but signs and numbers stands before `span` in its sentence.
    pub(super) fn starts_sentence(&self, span: TextSpan) -> bool {
        let sentence = holding(&self.sentences, span);
        let before = sentence.and_then(|sentence| self.document.text.get(sentence.from..span.from)).unwrap_or_default();
        sentence.is_some()
            && (!before.contains(char::is_alphabetic) || before.trim_end().ends_with(['.', '?', '!', ':', '«', '„', '“', '•']))
    }

    /// A run without the titles before it, and whether there were any; German ones without common nouns too.
    fn without_titles(&self, span: TextSpan, language: Language) -> (TextSpan, bool) {
        let mut span = span;
        let mut has_title = self.has_title_before(span);
        while let Some((first, _)) = self.text(span).split_once(' ') {
            let is_title = is_title(first);
            let is_noun = language == Language::German && is_german_noun(first);
            if !is_title && !is_noun {
                break;
            }
            has_title |= is_title;
            span = TextSpan::new(span.from + first.len() + 1, span.to);
        }
        (span, has_title)
    }

    fn has_title_before(&self, span: TextSpan) -> bool {
        let before = tail(self.document.text.get(..span.from).unwrap_or_default(), NOUN_BYTES).trim_end();
        let last = before.trim_end_matches('.').rsplit([' ', '\u{a0}', '\n']).next().unwrap_or_default();
        self.text(span).contains(' ') && !last.is_empty() && (is_title(last) || last == "M" && before.ends_with('.'))
    }

    /// Whether two or three words stand alone behind a word for whose work it is, or before a verb of saying.
    fn is_author(&self, span: TextSpan, words: usize) -> bool {
        const BY: [&str; 6] = ["by", "By", "par", "Par", "von", "Von"];
        const SAYS: &str = "says said argues argued warns warned writes wrote adds added explains explained sagt sagte erklärt erklärte warnt warnte meint schreibt berichtete betonte estime affirme explique déclare";
        let before = tail(self.document.text.get(..span.from).unwrap_or_default(), NOUN_BYTES);
        let line = before.rsplit('\n').next().unwrap_or_default();
        let behind = self.document.text.get(span.to..).unwrap_or_default();
        let next = behind.trim_start_matches([' ', ',']).split([' ', ',', '.', '\n']).next().unwrap_or_default();
        let has_byline = BY.iter().any(|by| line.trim_end().ends_with(by))
            && behind.trim_start_matches(' ').starts_with(['\n', ','])
            && line.chars().count() < 40;
        let is_bare = kind_by_words(self.text(span)).is_none() && self.text(span).split(' ').all(|word| !is_acronym(word));
        (2..=3).contains(&words) && is_bare && (has_byline || SAYS.split(' ').any(|says| says == next))
    }

    /// Names wherever else they stand, at the head of a sentence too.
    fn names_again(&mut self) {
        let mut names: BTreeMap<String, Meaning> = BTreeMap::new();
        for found in self.taken.iter().chain(&self.found) {
            let name = self.document.text.get(found.span.range()).unwrap_or_default();
            let is_name = name.starts_with(char::is_uppercase)
                && name.len() <= NAME_BYTES_MAX
                && name.chars().count() >= AGAIN_LETTERS_MIN
                && name.chars().skip(1).any(char::is_alphabetic);
            let is_short = matches!(&found.meaning, Meaning::One(named) if !name.contains(' ') && named.name.contains(' '));
            if is_name && !is_short && names.len() < NAMES_AGAIN_MAX {
                names.entry(name.to_owned()).or_insert_with(|| found.meaning.clone());
            }
        }
        let (words, meanings): (Vec<String>, Vec<Meaning>) = names.into_iter().unzip();
        let Ok(finder) = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(words) else { return };
        let mut again = Vec::new();
        for place in finder.find_iter(self.document.text) {
            let span = TextSpan::new(place.start(), place.end());
            let meaning = meanings.get(place.pattern().as_usize());
            if let Some(meaning) = meaning.filter(|_| is_whole_word(self.document.text, span) && !self.full.overlaps(span)) {
                again.push(Found { span, meaning: meaning.clone() });
            }
        }
        again.retain(|found| self.full.take(found.span));
        self.found.extend(again);
    }

    /// What the noun right behind an English name says it is: `the Blue Heron programme`.
    fn noun_after(&self, span: TextSpan) -> Option<EntityType> {
        let word = self.document.text.get(span.to..)?.strip_prefix(' ')?.split(|c: char| !c.is_alphabetic()).next()?;
        let is_english = word.is_ascii() && word.starts_with(char::is_lowercase) && word.len() > 4;
        if is_english { noun_kind(word) } else { None }
    }

    /// What an apposition behind a name says it is: `BORÉAL, ce réseau de stations`.
    fn noun_behind(&self, span: TextSpan) -> Option<EntityType> {
        const BEFORE: &str = "a an the ce cet cette un une le la ein eine das der die";
        let behind = self.document.text.get(span.to..)?.trim_start_matches(['»', '“', '”', '\u{a0}', ' ']).strip_prefix([',', '—', '–'])?;
        let mut words = behind.split([' ', '\'', '’', ',', '.', '\n']).filter(|word| !word.is_empty());
        let first = words.next()?;
        if BEFORE.split(' ').any(|word| word == first) || first == "l" {
            words.take(3).find_map(|word| noun_kind(&word.to_lowercase()))
        } else {
            noun_kind(&first.to_lowercase())
        }
    }

    fn kind(&self, span: TextSpan, numbered: bool) -> EntityType {
        if let Some(kind) = kind_by_words(self.text(span)) {
            return kind;
        }
        let before = tail(self.document.text.get(..span.from).unwrap_or_default(), NOUN_BYTES).trim_end();
        let noun = noun_before(before);
        let last = before.rsplit([' ', '\n', '(']).next().unwrap_or_default().to_lowercase();
        // Goods and orders go to and from companies of several words as well.
        let is_long = self.text(span).contains(' ');
        let is_place =
            PLACE_BEFORE.split(' ').any(|word| word == last) && !(is_long && NO_PLACE_BEFORE_LONG.split(' ').any(|word| word == last));
        match () {
            () if is_slavic_person(self.text(span)) || self.is_given(span) => EntityType::Person,
            () if numbered => EntityType::Capability,
            () if noun.is_some() => noun.unwrap_or(EntityType::Organisation),
            () if self.noun_after(span).is_some() => self.noun_after(span).unwrap_or(EntityType::Organisation),
            () if self.noun_behind(span).is_some() => self.noun_behind(span).unwrap_or(EntityType::Organisation),
            // A code name: nothing explains it, and it can be spoken.
            () if is_code_name(self.text(span)) => EntityType::Programme,
            () if is_place && !is_acronym(self.text(span)) => EntityType::Place,
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

    /// `the Agency`, and whatever else stands for an earlier name.
    fn short_forms(&mut self, language: Language) {
        let mut names: Vec<&Found> = self.taken.iter().chain(&self.found).collect();
        names.sort_by_key(|found| found.span);
        let again = short_forms(self.document, &names, &mut self.full, language);
        self.found.extend(again);
    }
}
