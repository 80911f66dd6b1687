//! `北大西洋公约组织(NATO)`, `European Defence Agency (EDA)`: a name and its short form explain each other.
//!
//! Where the short form is known and the name in front lacks characters of the known name, the place is reported: a censor
//! takes words out of names as well.

use super::{Document, Found, Meaning, meaning, named};
use crate::chinese::script::is_han;
use crate::dates::ShapeError;
use crate::gazetteer::{EntityType, Meanings};
use crate::span::TextSpan;
use regex::Regex;

/// Longest name before a bracket, in words or Chinese words.
const NAME_WORDS_MAX: usize = 9;
const NAME_CHARACTERS_MIN: usize = 3;
const KNOWN_CHARACTERS_MAX: usize = 60;
/// Chinese words at which a name begins anew, whatever stands before.
const STOPS: &str = "和 与 及 以及 或 的 在 由 是 为 将 了 向 对 从 于 以 被 把 称 等 有 并 就 取 到 据 该 如 其 正在 包括 关于 利用 通过 成立 设立 建立 参加 加入 发布";
/// Small words inside names.
const INNER: [&str; 19] =
    ["of", "for", "and", "the", "on", "in", "de", "la", "le", "du", "des", "et", "für", "und", "der", "d", "l", "les", "à"];
/// How many characters a name may lack.
const LACKING_MAX: usize = 3;

/// The rule.
#[derive(Debug)]
pub(super) struct Brackets {
    bracket: Regex,
}

/// A name from which characters seem to be missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incomplete {
    /// The empty place, in the normal form.
    pub place: TextSpan,
    /// What stands there in the known name.
    pub inferred: String,
}

impl Brackets {
    pub(super) fn new() -> Result<Self, ShapeError> {
        Ok(Self { bracket: Regex::new(r"[（(](?P<short>\p{Lu}[\p{L}0-9&/-]{1,11})[)）]")? })
    }

    pub(super) fn find(&self, document: &Document<'_>) -> (Vec<Found>, Vec<Incomplete>) {
        let (mut found, mut incomplete) = (Vec::new(), Vec::new());
        for captures in self.bracket.captures_iter(document.text) {
            let (Some(all), Some(short)) = (captures.get(0), captures.name("short")) else { continue };
            if short.as_str().chars().filter(|c| c.is_uppercase()).count() < 2 {
                continue;
            }
            let known = document.gazetteer.meanings(short.as_str());
            let Some(name) = name_before(document, all.start(), short.as_str(), !known.is_empty()) else { continue };
            let short = TextSpan::new(short.start(), short.end());
            let meaning = explained(document, name, short, &known);
            incomplete.extend(known.iter().filter(|_| known.len() == 1).filter_map(|id| lacking(document, name, *id)));
            found.push(Found { span: name, meaning: meaning.clone() });
            found.push(Found { span: short, meaning });
        }
        (found, incomplete)
    }
}

/// The list's meaning of the name, else of the short form, else the name itself.
fn explained(document: &Document<'_>, name: TextSpan, short: TextSpan, known: &Meanings) -> Meaning {
    let text = document.text.get(name.range()).unwrap_or_default();
    let by_name = meaning(document, name, &document.gazetteer.meanings(text));
    let by_short = || meaning(document, short, known).filter(|meaning| matches!(meaning, Meaning::One(_)));
    by_name.or_else(by_short).unwrap_or_else(|| named(text, super::heads::kind_by_words(text).unwrap_or(EntityType::Organisation)))
}

fn name_before(document: &Document<'_>, end: usize, short: &str, known: bool) -> Option<TextSpan> {
    let before = document.text.get(..end)?;
    let quoted = before.strip_suffix(['”', '》', '»', '"']);
    let inner = quoted.unwrap_or(before);
    if let Some(listed) = listed_before(document, inner.trim_end().len()) {
        return Some(listed);
    }
    let last = inner.trim_end().chars().next_back()?;
    if is_han(last) { han_name(document, inner.len(), quoted.is_some()) } else { spaced_name(inner, short, known) }
}

/// The known name that ends right there.
fn listed_before(document: &Document<'_>, end: usize) -> Option<TextSpan> {
    let from = document.text.get(..end)?.char_indices().rev().nth(KNOWN_CHARACTERS_MAX).map_or(0, |(at, _)| at);
    let mentions = document.gazetteer.mentions(document.text.get(from..end)?);
    let last = mentions.last().filter(|mention| from + mention.span.to == end)?;
    let long = document.text.get(from + last.span.from..end)?.chars().count() > NAME_CHARACTERS_MIN;
    long.then_some(TextSpan::new(from + last.span.from, end))
}

/// Back over Chinese words to the nearest sign or word that begins a name anew.
fn han_name(document: &Document<'_>, end: usize, quoted: bool) -> Option<TextSpan> {
    let last = document.segments.partition_point(|segment| segment.to <= end);
    let before = document.segments.get(..last)?;
    let is_stop = |word: &str| !quoted && STOPS.split(' ').any(|stop| stop == word);
    let is_part = |word: &str| word.chars().all(|c| is_han(c) || matches!(c, '—' | '·')) && !is_stop(word);
    let words = before.iter().rev().take(NAME_WORDS_MAX).take_while(|segment| is_part(segment.word));
    let from = words.last()?.from;
    let name = document.text.get(from..end)?;
    (name.chars().count() >= NAME_CHARACTERS_MIN).then_some(TextSpan::new(from, end))
}

/// Back over capitalised words whose initials, in order, make the short form; a known short form vouches for any.
fn spaced_name(before: &str, short: &str, known: bool) -> Option<TextSpan> {
    let trimmed = before.trim_end();
    let mut words = Vec::new();
    let mut at = trimmed.len();
    for word in trimmed.rsplit([' ', '\u{a0}', '\'', '’']) {
        at = at.saturating_sub(word.len() + usize::from(at != trimmed.len()));
        let plain = word.trim_matches(['-', '«', '“', '"']);
        // Names go on in small letters in French, Russian and Ukrainian: there the initials alone say where one begins.
        let is_word = plain.chars().next().is_some_and(char::is_alphabetic);
        if !is_word || plain.ends_with([',', '.', ';', ':', ')', '»']) || words.len() >= NAME_WORDS_MAX {
            break;
        }
        words.push((word, TextSpan::new(trimmed.len() - consumed(&words) - word.len(), trimmed.len())));
    }
    let is_capital = |word: &str| word.trim_start_matches(['«', '“', '"', '-']).starts_with(char::is_uppercase);
    let spell = |count: &usize| {
        let name = words.get(..*count).unwrap_or_default();
        initials(name, short) && name.last().is_some_and(|(word, _)| is_capital(word) || short.chars().count() > 2)
    };
    let named = words.iter().take_while(|(word, _)| is_capital(word) || INNER.contains(word)).count();
    let named = words.get(..named).unwrap_or_default().iter().rposition(|(word, _)| !INNER.contains(word)).map_or(0, |at| at + 1);
    let count = (1..=words.len()).find(spell).or((known && named > 0).then_some(named))?;
    words.get(count - 1).map(|(_, span)| *span)
}

/// Bytes of the words so far with the space before each.
fn consumed(words: &[(&str, TextSpan)]) -> usize {
    words.iter().map(|(word, _)| word.len() + 1).sum()
}

/// Whether the first letters of the words (given from the last) make `short`, small words counting or not.
fn initials(words: &[(&str, TextSpan)], short: &str) -> bool {
    let letters = |with_inner: bool| -> String {
        let counted = words.iter().rev().filter(|(word, _)| with_inner || !INNER.contains(word));
        counted.flat_map(|(word, _)| word.split('-')).filter_map(|part| part.chars().next()).flat_map(char::to_uppercase).collect()
    };
    let short = short.to_uppercase();
    letters(false) == short || letters(true) == short
}

/// The first place at which `name` lacks characters of one of the known names, if it lacks only a few.
fn lacking(document: &Document<'_>, name: TextSpan, id: usize) -> Option<Incomplete> {
    let text = document.text.get(name.range())?;
    document.gazetteer.han_names(id).iter().find_map(|full| {
        let missing = full.chars().count().checked_sub(text.chars().count()).filter(|missing| (1..=LACKING_MAX).contains(missing))?;
        let kept = full.chars().zip(text.chars()).take_while(|(a, b)| a == b).count();
        let inferred: String = full.chars().skip(kept).take(missing).collect();
        let rest_agrees = full.chars().skip(kept + missing).eq(text.chars().skip(kept));
        let at = name.from + text.chars().take(kept).map(char::len_utf8).sum::<usize>();
        (rest_agrees && kept > 0 && at < name.to).then_some(Incomplete { place: TextSpan::new(at, at), inferred })
    })
}
