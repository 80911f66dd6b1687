//! Proper names of spaced scripts by their capitals: runs of capitalised words, acronyms, names in quotation marks, and the
//! last word of an earlier name standing for it (`the Agency`).
//!
//! German capitalises every noun, so a single word is taken there only as an acronym, in quotation marks or with a number. What a name is comes
//! from its own words, the words around it, or else is a guess: an organisation.

use super::{Document, Found, Meaning, named, shapes::kind_by_words, short::short_forms};
use crate::dates::{ShapeError, is_calendar_word};
use crate::gazetteer::EntityType;
use crate::span::{Taken, TextSpan};
use crate::text::{Language, holding, language, sentences, tail};
use regex::Regex;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// Words that begin sentences or titles and no names.
const OPENERS: &str = "The A An In On At It Its This That These Those But And Or For From By To Of With After Before Since Between When While If As We They He She I You No Not Our Their There All Some Both Each Other What Who How Why Also However According Le La Les Un Une Des Du De Il Elle Ils Elles En Au Aux Dans Pour Par Sur Avec Sans Ce Cette Ces Son Sa Ses Leur Leurs Mais Et Ou Si Selon Depuis Après Avant Entre Deux Trois Notre Nous Vous On Qui Que Der Die Das Ein Eine Im Am Zum В На По С У З За Из От До К О Об Для Не Но И А Это Как Что Если При Так Он Она Они Мы Вы Его Её Их Все По Після Для Від До Про Та Й І Це Як Що Якщо Він Вона Вони Ми Ви Його Її Їх Усі Всі Також Однак Во Со Наш Наша Эти Этот Эта Ці Цей Ця Dame Sir Mr Mrs Ms Dr Mme Lord Six Sept Seven Eight Nine Ten Eleven Three Four Five Cinq Quatre Huit Drei Vier Communiqué COMMUNIQUÉ PRESSE DE Selon Laut Nach Zu Frage Firma Fraktion Stadt Fregatte Werft Milliarden Millionen Mio Mrd Beitrag Antwort Mitglied Generalmajorin Beauftragter Mein Meine Warum Ende Anfang Mitte Geld Доповів Доповіла Глава Компания Компанія Сама Сам Den Dem Des Under Over Into Through During Without Within Against Across Behind Among Through Until Unless Because Although Though Then Thus Here There Now Only Even Still Yet Once Many Most Several Few More Such Same Any Every Another Dear Under Mein Unser Unsere Ihre Sein Seine Kein Keine Kleine Große State States Jede Jeder Alle Beide Viele Einige Dieser Diese Dieses Wir Sie Er Es Ich Man Wer Was Wie Wo Wenn Weil Aber Und Oder Auch Nur Noch Schon Nicht Seit Bis Vor Bei Mit Von Aus Auf An In Für Über Unter Durch Gegen Ohne Um Als Dass Quant Quelle Quel Quelles Quels Aucun Aucune Chaque Plusieurs Tous Toutes Tout Toute Comme Quand Lorsque Puis Alors Ainsi Aussi Enfin Malgré Sous Chez Vers Hors Voici États État Этих Этим Этой Наши Ваш Ваша Ваши Каждый Каждая Многие Один Одна Два Три Четыре Пять Между Через Перед Кроме Около Среди Сегодня Вчера Сейчас Теперь Тогда Здесь Там Где Когда Почему Кто Чем Также Тоже Уже Ещё Еще Впрочем Наконец Наші Ваше Ваші Кожен Багато Один Одна Між Через Перед Крім Серед Сьогодні Вчора Зараз Тепер Тоді Тут Там Де Коли Чому Хто Чим Також Теж Вже Ще Нарешті Щодо Прошу Стосовно";
/// Before a name they say that it is a person.
const TITLES: &str = "Mr Mrs Ms Dr Dame Sir Lord Lady Professor Prof General Admiral Vice-Admiral Rear-Admiral Colonel Major Captain Commander Lieutenant Brigadier Minister President Ambassador Senator Secretary Director Chancellor Commissioner Geschäftsführer Geschäftsführerin Vorstandschef Vorstandschefin Referatsleiter Referatsleiterin Abteilungsleiter Abteilungsleiterin Botschafter Botschafterin Kanzler Kommissar Unternehmenschef Firmenchef Gründer Gründerin Forscher Forscherin Analyst Analystin Experte Expertin Journalist Journalistin Verteidigungsminister Verteidigungsministerin Außenministerin Außenminister Kanzlerin Generalsekretär Herr Frau Vizeadmiral Konteradmiral Oberst Oberstleutnant Generalmajor Generalmajorin Generalleutnant Brigadegeneral Hauptmann Flottillenadmiral Staatssekretär Staatssekretärin Bundeskanzler Bundesminister Abgeordnete Abgeordneter Professorin Direktor Direktorin Präsident Präsidentin Sprecher Sprecherin Leiter Leiterin Ministerin Mme Monsieur Madame Général Colonel Amiral Генерал Полковник Министр Профессор Адмирал Директор Міністр Професор Генерал-майор Генерал-лейтенант";
/// German nouns before a name that are no part of it.
const GERMAN_NOUNS: &str = "Hersteller Lieferant Zulieferer Wettbewerber Konkurrent Konkurrentin Betreiber Anbieter Entwickler Ausrüster Auftragnehmer Mutterkonzern Tochterfirma Tochter Rüstungskonzern Chiphersteller Halbleiterhersteller Start-up Firma Werft Schiffswerft Agentur Sonar Radar Drohne Panzer Fregatte Korvette Rakete System Assistent Vorhaben Projekt Programm Netz Verbund Bündnis Messe Prüfstand Roboter Satellit Sensor Rechner Großrechner Chip Prozessor Verein Stiftung Institut";
/// Of these, what does not make a place of several words.
const NO_PLACE_BEFORE_LONG: &str = "at from to à vers у до из из-за із з";
/// Right before a name: it is a place.
const PLACE_BEFORE: &str = "in at near from à en vers dans в у во из із з під біля près bei aus nach";
/// Nouns before a name, by their beginnings, with what they say it is.
const NOUN_KINDS: &[(&str, EntityType)] = &[
    ("classifier", EntityType::Capability),
    ("sensor", EntityType::Capability),
    ("vehicle", EntityType::Capability),
    ("aircraft", EntityType::Capability),
    ("submarine", EntityType::Capability),
    ("processor", EntityType::Capability),
    ("model", EntityType::Capability),
    ("algorithm", EntityType::Capability),
    ("simulator", EntityType::Capability),
    ("prototype", EntityType::Capability),
    ("assistant", EntityType::Capability),
    ("radar", EntityType::Capability),
    ("sonar", EntityType::Capability),
    ("panzer", EntityType::Capability),
    ("prüfstand", EntityType::Capability),
    ("rechner", EntityType::Capability),
    ("großrechner", EntityType::Capability),
    ("rakete", EntityType::Capability),
    ("modell", EntityType::Capability),
    ("capteur", EntityType::Capability),
    ("véhicule", EntityType::Capability),
    ("supercalculateur", EntityType::Capability),
    ("modèle", EntityType::Capability),
    ("outil", EntityType::Capability),
    ("стенд", EntityType::Capability),
    ("аппарат", EntityType::Capability),
    ("апарат", EntityType::Capability),
    ("катер", EntityType::Capability),
    ("двигат", EntityType::Capability),
    ("двигун", EntityType::Capability),
    ("модел", EntityType::Capability),
    ("сервер", EntityType::Capability),
    ("процессор", EntityType::Capability),
    ("процесор", EntityType::Capability),
    ("суперкомп", EntityType::Capability),
    ("школ", EntityType::Event),
    ("семинар", EntityType::Event),
    ("выставк", EntityType::Event),
    ("виставк", EntityType::Event),
    ("messe", EntityType::Event),
    ("salon", EntityType::Event),
    ("workshop", EntityType::Event),
    ("wargame", EntityType::Event),
    ("manœuvre", EntityType::Event),
    ("manöver", EntityType::Event),
    ("coalition", EntityType::Organisation),
    ("коалиц", EntityType::Organisation),
    ("коаліц", EntityType::Organisation),
    ("consortium", EntityType::Organisation),
    ("консорциум", EntityType::Organisation),
    ("консорціум", EntityType::Organisation),
    ("корпорац", EntityType::Organisation),
    ("концерн", EntityType::Organisation),
    ("верф", EntityType::Organisation),
    ("объединени", EntityType::Organisation),
    ("об'єднанн", EntityType::Organisation),
    ("об’єднанн", EntityType::Organisation),
    ("fonds", EntityType::Instrument),
    ("fund", EntityType::Instrument),
    ("pool", EntityType::Programme),
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
    ("robot", EntityType::Capability),
    ("ускорител", EntityType::Capability),
    ("прискорювач", EntityType::Capability),
    ("accelerator", EntityType::Capability),
    ("beschleuniger", EntityType::Capability),
    ("torpedo", EntityType::Capability),
    ("munition", EntityType::Capability),
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
/// Letters of a code name in capitals (`BORÉAL`).
const CODE_LETTERS_MIN: usize = 5;
/// So many words in small letters are speech.
const SPEECH_WORDS_MIN: usize = 2;
/// A name that is looked for elsewhere has so many letters.
const AGAIN_LETTERS_MIN: usize = 4;
/// So many different names are looked for elsewhere.
const NAMES_AGAIN_MAX: usize = 2_000;
/// So far a line is looked at for small letters.
const LINE_CHARACTERS_MAX: usize = 200;
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
    fn run(&mut self, span: TextSpan, language: Language) {
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
        let is_title = TITLES.split(' ').any(|title| title == name);
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
    fn starts_sentence(&self, span: TextSpan) -> bool {
        let sentence = holding(&self.sentences, span);
        let before = sentence.and_then(|sentence| self.document.text.get(sentence.from..span.from)).unwrap_or_default();
        sentence.is_some()
            && (!before.contains(char::is_alphabetic) || before.trim_end().ends_with(['.', '?', '!', ':', '«', '„', '“', '•']))
    }

    /// A German run without the adjective of a town before it (`Grazer X`), and whether there was one.
    fn without_town(&self, span: TextSpan, language: Language) -> (TextSpan, bool) {
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

    /// A run without the titles before it, and whether there were any; German ones without common nouns too.
    fn without_titles(&self, span: TextSpan, language: Language) -> (TextSpan, bool) {
        let mut span = span;
        let mut has_title = self.has_title_before(span);
        while let Some((first, _)) = self.text(span).split_once(' ') {
            let is_title = TITLES.split(' ').any(|title| title == first);
            let is_noun = language == Language::German && GERMAN_NOUNS.split(' ').any(|noun| noun == first);
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
        self.text(span).contains(' ')
            && !last.is_empty()
            && (TITLES.split(' ').any(|title| title == last) || last == "M" && before.ends_with('.'))
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

    /// German capitals say nothing of a single word: a name is one that comes again, never behind an article or adjective, and once within a sentence.
    fn german_names(&mut self, runs: &[TextSpan]) {
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
        let before = tail(self.document.text.get(..span.from).unwrap_or_default(), NOUN_BYTES);
        let last = before.trim_end().rsplit([' ', '\u{a0}', '\n']).next().unwrap_or_default();
        last.is_empty()
            || last.ends_with([',', '.', ':', ';', '?', '!', '(', '„', '–'])
            || before.ends_with('\n')
            || ALONE.split(' ').any(|word| word == last)
            || last.ends_with('t') && last.starts_with(char::is_lowercase)
    }

    /// Names wherever else they stand, at the head of a sentence too.
    fn names_again(&mut self) {
        let mut names: BTreeMap<String, Meaning> = BTreeMap::new();
        for found in self.taken.iter().chain(&self.found) {
            let name = self.document.text.get(found.span.range()).unwrap_or_default();
            let is_name = name.starts_with(char::is_uppercase)
                && name.chars().count() >= AGAIN_LETTERS_MIN
                && name.chars().skip(1).any(char::is_alphabetic);
            let is_short = matches!(&found.meaning, Meaning::One(named) if !name.contains(' ') && named.name.contains(' '));
            if is_name && !is_short && names.len() < NAMES_AGAIN_MAX {
                names.entry(name.to_owned()).or_insert_with(|| found.meaning.clone());
            }
        }
        let words: Vec<&String> = names.keys().collect();
        let Ok(finder) = aho_corasick::AhoCorasick::builder().match_kind(aho_corasick::MatchKind::LeftmostLongest).build(words) else {
            return;
        };
        let mut again = Vec::new();
        for place in finder.find_iter(self.document.text) {
            let span = TextSpan::new(place.start(), place.end());
            let meaning = names.values().nth(place.pattern().as_usize());
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

/// How many bytes of a person's name are titles.
pub(super) fn title_bytes(name: &str) -> usize {
    let mut rest = name;
    while let Some((_, behind)) =
        rest.split_once(' ').filter(|(first, behind)| behind.contains(' ') && TITLES.split(' ').any(|title| title == *first))
    {
        rest = behind;
    }
    name.len() - rest.len()
}

/// Whether no letter or digit touches `span`, Han characters aside.
fn is_whole_in_script(text: &str, span: TextSpan) -> bool {
    let letter = |c: Option<char>| c.is_some_and(|c| (c.is_alphanumeric() || c == '_') && !crate::chinese::script::is_han(c));
    let before = text.get(..span.from).and_then(|before| before.chars().next_back());
    !letter(before) && !letter(text.get(span.to..).and_then(|after| after.chars().next()))
}

/// Whether a German noun only says what the name behind it is.
pub(super) fn is_german_noun(word: &str) -> bool {
    GERMAN_NOUNS.split(' ').any(|noun| noun == word)
}

fn is_whole_word(text: &str, span: TextSpan) -> bool {
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let before = text.get(..span.from).and_then(|before| before.chars().next_back());
    let after = text.get(span.to..).and_then(|after| after.chars().next());
    !letter(before) && !letter(after)
}

/// Whether what is quoted is what somebody says: several words in small letters, and no noun of a name.
fn is_speech(quoted: &str) -> bool {
    let small = quoted.split(' ').filter(|word| word.starts_with(char::is_lowercase) && word.chars().count() > SMALL_LETTERS_MAX).count();
    small >= SPEECH_WORDS_MIN && kind_by_words(quoted).is_none()
}

/// `Нур-2`: a name with the number of its model.
fn is_model(name: &str) -> bool {
    name.rsplit_once('-').is_some_and(|(_, number)| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()))
}

fn is_code_name(name: &str) -> bool {
    const VOWELS: &str = "AEIOUYÄÖÜÉÈÊÀÂÎÔÛАЕЁИОУЫЭЮЯІЇЄ";
    let vowels = name.chars().filter(|c| VOWELS.contains(*c)).count();
    is_acronym(name) && name.chars().count() >= CODE_LETTERS_MIN && vowels >= 2
}

fn is_acronym(word: &str) -> bool {
    word.chars().count() > 1 && word.chars().all(|c| c.is_uppercase() || c.is_ascii_digit() || c == '-')
}

/// Whether a German word may be a name by its end: nouns that are made of others have the ends of their kind.
fn is_german_name(word: &str) -> bool {
    const ENDS: [&str; 16] =
        ["ung", "heit", "keit", "schaft", "ion", "tät", "nis", "en", "er", "e", "ern", "eln", "ment", "ling", "tum", "ei"];
    word.chars().count() >= AGAIN_LETTERS_MIN && !ENDS.iter().any(|end| word.ends_with(end))
}

/// What the noun before a name says it is; `before` ends where the name begins. In `des robots de déminage X` it stands before a small word.
fn noun_before(before: &str) -> Option<EntityType> {
    let mut words = before.trim_end().rsplit([' ', '\u{a0}', '\n', '(', '\'', '’']).map(str::to_lowercase);
    let first = words.next()?;
    noun_kind(&first).or_else(|| {
        let second = words.next()?;
        if second == "de" || second == "d" { words.next().and_then(|third| noun_kind(&third)) } else { None }
    })
}

/// What a noun says that a name beside it is; German compounds say it by their end.
fn noun_kind(noun: &str) -> Option<EntityType> {
    let noun = noun.trim_matches([',', '«', '„', '“']);
    let begins = NOUN_KINDS.iter().find(|(begins, _)| noun.starts_with(begins)).map(|(_, kind)| *kind);
    let is_end = |end: &str| end.is_ascii() && end.len() > 5 && noun.len() > end.len() && noun.ends_with(end);
    begins.or_else(|| NOUN_KINDS.iter().find(|(end, _)| is_end(end)).map(|(_, kind)| *kind))
}

/// Forms of one Slavic name (`«Ледокол»`, `«Ледокола»`) get one meaning: that of the first, or of one that is known otherwise.
fn unify(text: &str, taken: &[Found], found: &mut [Found]) {
    let mut known: BTreeMap<String, Vec<(Vec<String>, Meaning)>> = BTreeMap::new();
    let words = |span: TextSpan| -> Vec<String> { text.get(span.range()).unwrap_or_default().split(' ').map(str::to_lowercase).collect() };
    let key = |words: &[String]| -> String { words.iter().flat_map(|word| word.chars().take(3)).collect() };
    let is_slavic = |words: &[String]| words.iter().all(|word| word.starts_with(|c| matches!(c, '\u{400}'..='\u{4ff}' | '«')));
    for other in taken {
        let words = words(other.span);
        if is_slavic(&words) && matches!(other.meaning, Meaning::One(_)) {
            known.entry(key(&words)).or_default().push((words, other.meaning.clone()));
        }
    }
    found.sort_by_key(|found| found.span);
    for name in found {
        let words = words(name.span);
        if !is_slavic(&words) {
            continue;
        }
        let forms = known.entry(key(&words)).or_default();
        let is_form = |other: &[String]| {
            other.len() == words.len()
                && other.iter().zip(&words).all(|(a, b)| a == b || crate::gazetteer::is_bent(a, b) || crate::gazetteer::is_bent(b, a))
        };
        match forms.iter().find(|(other, _)| is_form(other)) {
            Some((_, meaning)) => {
                let shown = kind_of(&name.meaning);
                name.meaning = meaning.clone();
                // The type that one of them shows holds for all, once `agree` has seen it.
                if let (Meaning::One(named), Some(kind)) = (&mut name.meaning, shown.filter(|kind| *kind != EntityType::Organisation))
                    && named.kind == EntityType::Organisation
                {
                    named.kind = kind;
                }
            }
            None => forms.push((words, name.meaning.clone())),
        }
    }
}

fn kind_of(meaning: &Meaning) -> Option<EntityType> {
    if let Meaning::One(named) = meaning { Some(named.kind) } else { None }
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
    let numbers =
        text.get(short.to..).is_some_and(|behind| behind.starts_with(' ') && behind.trim_start().starts_with(|c: char| c.is_ascii_digit()));
    let numbered = numbers && !before(text, short).any(char::is_alphabetic);
    let labels = text.get(short.to..).is_some_and(|behind| behind.starts_with(':')) && !before(text, short).any(char::is_alphabetic);
    let roman = text.get(short.range()).is_some_and(|word| word.chars().all(|c| matches!(c, 'I' | 'V' | 'X')));
    in_capitals(text, short) || labels || numbered || roman
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
