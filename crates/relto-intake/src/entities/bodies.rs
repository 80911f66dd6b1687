//! Names of bodies and texts that go on in small letters, as French, Russian and Ukrainian write them: `Бюро промышленности и безопасности`,
//! `Cour des comptes européenne`; and English and German ones with a list inside (`Ministry of Trade, Industry and Energy`).
//!
//! From a head word over what may belong to it up to a verb or a sign; where a verb is not told from a noun, a name comes out a word too long.

use super::heads::kind_by_words;
use super::{Document, Found, named};
use crate::dates::{ShapeError, is_calendar_word};
use crate::gazetteer::EntityType;
use crate::span::TextSpan;
use regex::{Captures, Regex};

/// Words that begin the name of a body, with their endings.
const SLAVIC_HEADS: &str = r"(?:Центр|Служб|Министерств|Агентств|Институт|Университет|Фонд|Комисси|Комитет|Управлени|Словар|Академи|Департамент|Ассоциаци|Агенці|Міністерств|Інститут|Університет|Комісі|Комітет|Управлінн|Словник|Академі|Асоціаці)\p{Ll}{0,3}|Бюро|Совет(?:а|у|ом|е)?|Рад(?:а|и|і|у|ою)|Збройн\p{Ll}+ [Сс]ил\p{Ll}*|Військово-\p{L}+ [Сс]ил\p{Ll}*|Военно-\p{L}+ [Сс]ил\p{Ll}*|Вооруж[её]нн\p{Ll}+ [Сс]ил\p{Ll}*";
/// Nouns of texts, and what they are about.
const SLAVIC_TEXTS: &str = "меморандум|протокол|деклар|конвенц|соглашен|договор|договір|угод|закон|харті|хартия|хартию|хартии|харт|положен|правил|стратег|регламент|кодекс|форум|университет|університет|академ";
const SLAVIC_ABOUT: &str = r"(?:\s(?:о|об|про|щодо)\s\p{Ll}{3,}(?:\s(?:(?:и|і|та|й|до|на|для|з|із|по)\s)?\p{Ll}{4,}){0,4})";
const SLAVIC_VERB_ENDINGS: [&str; 28] = [
    "вана", "вано", "вані", "жена", "ет", "ит", "ют", "ят", "ал", "ил", "ала", "ила", "али", "или", "ает", "ать", "ить", "ся", "сь", "ує",
    "ає", "ив", "ав", "ли", "ло", "ють", "ано", "ено",
];
/// Nouns of names of bodies that end like verbs.
const SLAVIC_NOUNS: [&str; 3] = ["справ", "країн", "сил"];
/// Words that go with a date or a verb, and with no name.
const SLAVIC_ENDS: [&str; 12] =
    ["сегодня", "сьогодні", "вчера", "вчора", "также", "також", "вместе", "разом", "года", "року", "только", "лише"];
const SLAVIC_WORDS_MAX: usize = 6;
const FRENCH_HEADS: &str = "Agence|Centre|Institut|Cour|Conseil|Comité|Office|Bureau|Direction|Parlement|Commission|Fondation|Académie|Université|École|Ministère|ministère|Secrétariat|Observatoire|Autorité|Forces|Fonds|Règlement|Pacte|Traité|Accord|Convention|Déclaration|Charte|Livre|Programme|Stratégie";
const FRENCH_ADJECTIVES: &str = "enne|éen|ien|ais|aise|aire|ale|al|aux|ique|ain|aine|ois|oise|ée|ine|ère|eure";
const FRENCH_JOINTS: &str = r"(?:de la |de l[’']|du |des |de |d[’'])";

#[derive(Debug)]
pub(super) struct Bodies {
    slavic: Regex,
    slavic_described: Regex,
    slavic_text: Regex,
    french: Regex,
    listed: Regex,
}

impl Bodies {
    pub(super) fn new() -> Result<Self, ShapeError> {
        let word = r"\p{Lu}[\p{L}-]+";
        Ok(Self {
            slavic: Regex::new(&format!(
                r"\b(?:{SLAVIC_HEADS})\b(?P<words>(?:\s(?:(?:и|і|та|й|з|із|с|по)\s)?[\p{{Ll}}'’]{{4,}}){{0,{SLAVIC_WORDS_MAX}}})(?P<end>\s«[^»\n]{{2,40}}»|\s\p{{Lu}}\p{{L}}+(?:\s\p{{Lu}}\p{{Ll}}{{3,}})?)?"
            ))?,
            slavic_described: Regex::new(
                r"\b\p{Lu}\p{Ll}+(?:ый|ий|ой|ого|ому|им|ым|ая|ой|ую|а|ої|ій|ою)(?:\s\p{Ll}+(?:ый|ий|ой|ого|ому|им|ым|ая|ой|ую|а|ої|ій|ою))?\s(?:университет|университе|університет|институт|інститут|центр|комитет|комітет|агентств|академи|академі|служб|рад)\p{Ll}{0,3}\b(?:\s\p{Ll}{3,}(?:ой|ей|ого|его|ых|их|ии|ия|ы|ів|ої|ості|ства|ння|ення|ения|ости|ки|ти)\b){0,3}(?:\s(?:України|Украины|России|Польши|Литвы|Латвии|Эстонии))?",
            )?,
            slavic_text: Regex::new(&format!(
                r"\b(?:\p{{Lu}}\p{{Ll}}+(?:ск|ськ|цьк|цк|зьк|зк)\p{{Ll}}{{1,3}}\s(?:{SLAVIC_TEXTS})\p{{Ll}}*{SLAVIC_ABOUT}?|(?:{})\p{{Ll}}*{SLAVIC_ABOUT})",
                SLAVIC_TEXTS.split('|').map(capital).collect::<Vec<_>>().join("|")
            ))?,
            french: Regex::new(&format!(
                r"\b(?P<head>{FRENCH_HEADS})(?P<adjective>(?:\s[\p{{L}}-]+(?:{FRENCH_ADJECTIVES})s?\b)*)(?P<rest>(?:\s(?:et\s)?{FRENCH_JOINTS}[\p{{L}}-]+(?:\s[\p{{L}}-]+(?:{FRENCH_ADJECTIVES})s?\b)?){{1,3}}(?:\ssur\s(?:la |le |les |l[’'])[\p{{L}}-]+)?)?"
            ))?,
            listed: Regex::new(&format!(
                r"\b(?:Ministry|Department|Committee|(?:\p{{L}}+-)?Institut|Ministerium|Bundesministerium)\s(?:of|for|für)\s(?:the\s)?{word}(?:\s{word})*(?:,\s{word}(?:\s{word})*)*,?\s(?:and|und)\s{word}"
            ))?,
        })
    }

    /// Every such name.
    pub(super) fn find(&self, document: &Document<'_>) -> Vec<Found> {
        let text = document.text;
        let plain =
            |pattern: &Regex| -> Vec<TextSpan> { pattern.find_iter(text).map(|name| TextSpan::new(name.start(), name.end())).collect() };
        let texts = plain(&self.slavic_text).into_iter().map(|span| without_verb(text, span));
        let bodies = slavic_bodies(&self.slavic, text).into_iter().map(|span| without_person(document, span));
        let french = self.french.captures_iter(text).filter_map(|captures| french_body(&captures));
        let described = plain(&self.slavic_described).into_iter().map(|span| without_verb(text, span));
        let spans = bodies.into_iter().chain(described).chain(texts).chain(french).chain(plain(&self.listed));
        let found = |span: TextSpan| {
            let name = text.get(span.range())?;
            Some(Found { span, meaning: named(name, kind_by_words(name).unwrap_or(EntityType::Organisation)) })
        };
        spans.filter_map(found).collect()
    }
}

/// Every Slavic body; a search goes on behind the name that was found, not behind what the verb cut off.
fn slavic_bodies(pattern: &Regex, text: &str) -> Vec<TextSpan> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(captures) = pattern.captures_at(text, at) {
        let body = slavic_body(&captures);
        let head = captures.name("words").map_or(text.len(), |words| words.start());
        at = body.map_or(head, |body| body.to).max(at + 1);
        at = (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
        found.extend(body);
    }
    found
}

/// The head word and the words behind it up to a verb; the name of a country or a quoted name may close it.
fn slavic_body(captures: &Captures<'_>) -> Option<TextSpan> {
    let all = captures.get(0)?;
    let words = captures.name("words")?;
    let span = TextSpan::new(all.start(), all.end());
    // `Центр «Пролив»` is a centre, and its name is quoted.
    if words.is_empty() && captures.name("end").is_some_and(|end| end.as_str().contains('«')) {
        return None;
    }
    let to = verb(words.as_str()).map_or(span.to, |at| words.start() + at);
    all.as_str().get(..to - all.start())?.trim_end().contains(' ').then_some(TextSpan::new(span.from, to))
}

/// A name up to the name of a state in it: what has a capital behind that is a person (`Министерства обороны Латвии Ансис Лиепа`).
fn without_person(document: &Document<'_>, span: TextSpan) -> TextSpan {
    let name = document.text.get(span.range()).unwrap_or_default();
    let Some((before, last)) = name.rsplit_once(' ').filter(|(_, last)| last.starts_with(char::is_uppercase)) else { return span };
    let country = before.rsplit(' ').next().unwrap_or_default();
    let is_person = country.starts_with(char::is_uppercase)
        && !document.gazetteer.meanings(country).is_empty()
        && document.gazetteer.meanings(&format!("{country} {last}")).is_empty();
    if is_person { TextSpan::new(span.from, span.from + before.len()) } else { span }
}

/// `word` with a capital.
fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// A name without what a verb begins in it.
fn without_verb(text: &str, span: TextSpan) -> TextSpan {
    let to = text.get(span.range()).and_then(verb).map_or(span.to, |at| span.from + at);
    TextSpan::new(span.from, to)
}

/// Where in `words` a verb, or what cannot be part of a name, begins, with a joint before it.
fn verb(words: &str) -> Option<usize> {
    let is_verb = |word: &str| {
        SLAVIC_ENDS.contains(&word)
            || is_calendar_word(word)
            || crate::numbers::of_words(word).is_some()
            || (!SLAVIC_NOUNS.contains(&word) && SLAVIC_VERB_ENDINGS.iter().any(|ending| word.ends_with(ending)))
    };
    let mut at = 0;
    let mut joint = None;
    for word in words.split(' ') {
        let from = at;
        at += word.len() + 1;
        if !word.is_empty() && from > 0 && word.starts_with(char::is_lowercase) {
            if word.chars().count() <= 2 {
                joint = Some(from - 1);
                continue;
            }
            if is_verb(word) {
                return Some(joint.unwrap_or(from - 1));
            }
        }
        joint = None;
    }
    None
}

/// A French head word with what describes it; a head alone, or with an adjective that any body may have, names none.
fn french_body(captures: &Captures<'_>) -> Option<TextSpan> {
    let all = captures.get(0)?;
    let describes = captures.name("rest").is_some() || captures.name("adjective").is_some_and(|adjective| !adjective.is_empty());
    // A head in small letters needs a name behind it.
    let is_small = captures.name("head").is_some_and(|head| head.as_str().starts_with(char::is_lowercase));
    let is_named = all.as_str().chars().skip(1).any(char::is_uppercase);
    (describes && (!is_small || is_named)).then_some(TextSpan::new(all.start(), all.end()))
}
