//! The patterns of figures, built from the tables of [`super::units`], and what their words mean.

use super::units::{MONEY, ORDINALS, SCALES, SLAVIC_ENDINGS, TIMES, UNITS};
use crate::dates::ShapeError;
use crate::numbers::all_words;
use regex::Regex;

/// Digits, with the signs that may stand between them.
const DIGITS: &str = r"\d{1,3}(?:[ \u{a0}\u{202f}]\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)*";
const NUMERALS: &str = "〇零一二两三四五六七八九十百千";

#[derive(Debug)]
pub(super) struct Patterns {
    pub(super) western: Regex,
    pub(super) chinese_percent: Regex,
    pub(super) chinese_tenths: Regex,
    pub(super) chinese_number: Regex,
    pub(super) chinese_ordinal: Regex,
    pub(super) ordinal_digits: Regex,
    pub(super) ordinal_points: Regex,
    pub(super) ordinal_words: Regex,
}

impl Patterns {
    pub(super) fn new() -> Result<Self, ShapeError> {
        let scale = alternation(SCALES.iter().map(|(word, _)| *word));
        let unit = alternation(UNITS.iter().chain(TIMES).map(|(word, _)| *word));
        let money = MONEY.iter().map(|(sign, _)| regex::escape(sign)).collect::<Vec<_>>().join("|");
        let all = all_words();
        let words = alternation(all.iter().map(String::as_str));
        let behind = format!(r"(?P<scale>[\s\u{{a0}}\u{{202f}}-]?(?:{scale}))?(?P<unit>[\s\u{{a0}}\u{{202f}}-]?(?:{unit}))?");
        let western = format!(
            r"(?i)(?P<minus>[−-]|零下|\b(?:minus|moins|минус|мінус)\s)?(?:(?P<money>{money})\s?)?(?P<number>(?P<digits>{DIGITS})|\b(?P<words>(?:{words})(?:[ -](?:and |et )?(?:{words}))*))(?:{behind})"
        );
        let list = |words: fn(&(&'static str, &'static str, &'static str)) -> &'static str| {
            ORDINALS.iter().map(words).collect::<Vec<_>>().join(" ").replace(' ', "|")
        };
        let ordinals = format!("(?:{})|(?:{})[nrsm]?|(?:{})(?:{SLAVIC_ENDINGS})", list(|row| row.0), list(|row| row.1), list(|row| row.2));
        Ok(Self {
            western: Regex::new(&western)?,
            chinese_percent: Regex::new(&format!(r"(?P<all>百分之(?P<number>\d+(?:\.\d+)?|[{NUMERALS}]+(?:点[{NUMERALS}]+)?))"))?,
            chinese_tenths: Regex::new(
                "(?P<all>(?P<number>[一二两三四五六七八九])成(?P<half>半)?)(?:以上|左右|的|$|[^立为员本果就功长分效])",
            )?,
            chinese_number: Regex::new(&format!(
                r"(?P<number>[{NUMERALS}]+(?:点[{NUMERALS}]+)?)(?P<scale>万亿|亿|万)?(?P<unit>{})?",
                alternation(
                    UNITS.iter().chain(TIMES).map(|(word, _)| *word).filter(|word| word.chars().all(crate::chinese::script::is_han))
                )
            ))?,
            chinese_ordinal: Regex::new(&format!(
                r"(?P<all>第(?P<number>\d+|[{NUMERALS}]+))(?:次|届|轮|个|期|大|代|批|任|阶段|名|位|级|份|项|家|座|架|艘|天|年|场|版|季|块|颗|支|条生产线|部分|步|笔)"
            ))?,
            ordinal_digits: Regex::new(
                r"\b(?P<all>(?P<number>\d{1,3})(?:st|nd|rd|th|ère|ème|nde|re|er|e|-й|-я|-е|-го|-ї|-ої|-а|-му|-м|-та|-те|-ту|-ті|-ту))\s+\p{L}",
            )?,
            ordinal_points: Regex::new(
                r"\b(?:der|die|das|dem|den|des|zum|zur|im|am|vom|beim|unserer|seiner|ihrer|seine|ihre|eine|einer|einem|bereits)\s(?P<all>(?P<number>\d{1,3})\.)\s(?P<noun>\p{Lu}\p{Ll}+)",
            )?,
            ordinal_words: Regex::new(&format!(r"(?i)(?:^|[^\p{{L}}])(?P<all>{ordinals})\s+\p{{L}}"))?,
        })
    }
}

/// The words as a pattern, the longest first; `~` at the end lets a word go on, and other words end where letters do.
fn alternation<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let mut words: Vec<&str> = words.collect();
    words.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
    words.into_iter().map(pattern).collect::<Vec<_>>().join("|")
}

fn pattern(word: &str) -> String {
    let inner = word.split(' ').map(|part| regex::escape(part.trim_end_matches('~')) + if part.ends_with('~') { r"\p{L}*" } else { "" });
    let joined = inner.collect::<Vec<_>>().join(r"[\s\u{a0}]");
    let spaced = word.chars().next_back().is_some_and(|c| c.is_alphabetic() && !crate::chinese::script::is_han(c));
    if spaced { format!(r"{joined}\b") } else { joined }
}

/// The power of ten that `word` stands for.
pub(super) fn scale(word: &str) -> Option<f64> {
    longest(SCALES, word)
}

/// The unit that `word` stands for.
pub(super) fn unit(word: &str) -> Option<&'static str> {
    longest(UNITS, word).or_else(|| longest(TIMES, word))
}

/// The value of the longest entry that `word` is, or begins with where the entry lets words go on.
fn longest<T: Copy>(table: &[(&str, T)], word: &str) -> Option<T> {
    let word = word.trim_start_matches(['-', ' ', '\u{a0}', '\u{202f}']).replace(['\u{a0}', '\n'], " ").to_lowercase();
    let fits = |known: &str| {
        let mut parts = word.split(' ');
        let all = known.split(' ').all(|known| {
            let part = parts.next().unwrap_or_default();
            known.strip_suffix('~').map_or(known == part, |stem| part.starts_with(stem))
        });
        all && parts.next().is_none()
    };
    table.iter().filter(|(known, _)| fits(known)).max_by_key(|(known, _)| known.len()).map(|(_, value)| *value)
}

/// The rank that an ordinal word names.
pub(super) fn ordinal(word: &str) -> Option<u64> {
    let word = word.to_lowercase();
    let is_whole = |(whole, ..): &&(&str, &str, &str)| whole.split(' ').any(|known| known == word);
    let stem = |(_, german, slavic): &(&str, &str, &str)| {
        german.split(' ').chain(slavic.split(' ')).filter(|stem| word.starts_with(stem)).map(str::len).max().unwrap_or(0)
    };
    // `пят` begins `пятнадцат` as well: the longest beginning counts.
    let longest = || ORDINALS.iter().enumerate().max_by_key(|(_, row)| stem(row)).filter(|(_, row)| stem(row) > 0).map(|(at, _)| at);
    let at = ORDINALS.iter().position(|row| is_whole(&row)).or_else(longest)?;
    u64::try_from(at + 1).ok()
}
