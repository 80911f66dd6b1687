//! Finds dates in Chinese, English, French, German, Russian and Ukrainian: absolute ones by shape, and ones that lean on the
//! date of the document (yesterday, on Monday, last year), for which the first full date in it is taken.
//!
//! What it does not read: dates of other calendars, eras, weeks by number, holidays, and years written in words outside Chinese.

mod names;
pub mod point;
mod relative;
mod shapes;
mod tense;

use crate::span::{Taken, TextSpan};
use crate::text::tail;
use names::{EARLIER, NEGATIONS, NOT_AFTER, NOT_BEFORE, SINCE, SINCE_BEHIND, UNTIL, UNTIL_BEHIND};
use point::{DateInterval, Point};
use regex::{Captures, Regex};
pub(crate) use tense::{Tense, tense};

/// How far a look backwards goes.
const LOOK_BYTES: usize = 160;

/// A date with its place in the text that was searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where.
    pub span: TextSpan,
    /// When.
    pub date: DateInterval,
    /// Whether a negation turned the bound around: `not before 2025` is from then on.
    pub is_turned: bool,
}

/// The shapes of dates, compiled once.
#[derive(Debug)]
pub struct Dates {
    shapes: Vec<(Regex, Read)>,
    relative: relative::Relative,
}

type Read = fn(&Captures<'_>) -> Option<DateInterval>;

/// A fault in a shape, which a test of this crate excludes.
#[derive(Debug, thiserror::Error)]
#[error("a shape of dates or figures does not compile")]
pub struct ShapeError(#[from] regex::Error);

impl Dates {
    /// Compiles the shapes.
    ///
    /// # Errors
    /// [`ShapeError`] when one does not compile.
    pub fn new() -> Result<Self, ShapeError> {
        Ok(Self { shapes: shapes::compiled()?, relative: relative::Relative::new()? })
    }

    /// Every date in `text` (in simplified characters), in order; they do not overlap.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<Found> {
        let (mut found, mut taken) = (Vec::new(), Taken::default());
        for (shape, read) in &self.shapes {
            for captures in shape.captures_iter(text) {
                let Some(whole) = captures.name("date").or(captures.get(0)) else { continue };
                let span = TextSpan::new(whole.start(), whole.end());
                if taken.overlaps(span) || !stands_alone(text, span) {
                    continue;
                }
                if let Some(date) = read(&captures) {
                    taken.take(span);
                    found.push(opened(text, span, date));
                }
            }
        }
        found.sort_by_key(|found| found.span);
        let leaning = self.relative.find(text, &found, taken);
        found.extend(leaning.into_iter().map(|found| opened(text, found.span, found.date)));
        found.sort_by_key(|found| found.span);
        found
    }
}

/// A date is not a part of a longer number or name.
fn stands_alone(text: &str, span: TextSpan) -> bool {
    let before = text.get(..span.from).and_then(|before| before.chars().next_back());
    let mut after = text.get(span.to..).unwrap_or_default().chars();
    let (after, second) = (after.next(), after.next());
    let code = after == Some('-') && second.is_some_and(|c| c.is_ascii_digit());
    let joins = |c: char| c.is_ascii_alphanumeric() || matches!(c, '$' | '€' | '£' | '_' | '%');
    // `mid-2025` is a date, `F-2025` is none.
    let is_within = text.get(..span.from).is_some_and(|before| ["mid-", "Mid-", "mi-"].iter().any(|part| before.ends_with(part)));
    !before.is_some_and(|c| joins(c) || c == '-' && !is_within) && !after.is_some_and(joins) && !code
}

/// A single moment that the words around it make the start or the end of something; a negation before them turns one into the other.
fn opened(text: &str, span: TextSpan, date: DateInterval) -> Found {
    let plain = Found { span, date, is_turned: false };
    let (from, to) = match date {
        DateInterval::At(point) => (point, point),
        DateInterval::Between(from, to) if is_part_of_year(text.get(span.range()).unwrap_or_default()) => (from, to),
        _ => return plain,
    };
    let before = tail(text.get(..span.from).unwrap_or_default(), LOOK_BYTES).trim_end();
    let after = text.get(span.to..).unwrap_or_default();
    let open = |date: DateInterval, is_turned: bool| Found { span, date, is_turned };
    if ends_with_word(before, NOT_BEFORE) || before_in_chinese(before, after) {
        return open(DateInterval::Since(from), true);
    }
    if ends_with_word(before, NOT_AFTER) {
        return open(DateInterval::Until(to), false);
    }
    if UNTIL_BEHIND.split('|').any(|word| after.starts_with(word)) {
        return open(DateInterval::Until(to), false);
    }
    // `von Juli 2026 an`, `from 2026 on`.
    let is_from = [("von", " an"), ("vom", " an"), ("from", " on"), ("from", " onwards")].iter().any(|(from, on)| {
        ends_with_word(before, from) && after.strip_prefix(on).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    });
    if is_from {
        return open(DateInterval::Since(from), false);
    }
    if SINCE_BEHIND.split('|').any(|word| after.starts_with(word)) || ends_with_word(before, SINCE) {
        return open(DateInterval::Since(from), false);
    }
    let is_until = ends_with_word(before, UNTIL) && !before.ends_with('在');
    match is_until && is_denied(before) {
        // `will not begin before 2025`, `did not join until 2025`; of `not by 2025` nobody knows when.
        true if ends_with_word(before, EARLIER) => open(DateInterval::Since(from), true),
        true => plain,
        false if is_until => open(DateInterval::Until(to), false),
        false => plain,
    }
}

/// 2025年前不: not before.
fn before_in_chinese(before: &str, after: &str) -> bool {
    let after = after.trim_start_matches(['之', '以']);
    after.strip_prefix('前').is_some_and(|rest| rest.starts_with(['不', '未', '没'])) && !before.ends_with('不')
}

/// Whether the clause that a date ends says no, as far back as a look goes.
fn is_denied(before: &str) -> bool {
    let clause =
        before.rsplit(['.', ',', ';', ':', '，', '。', '；', '：', '\n', '(']).next().unwrap_or_default().to_lowercase().replace('’', "'");
    let mut words = clause.split(|c: char| !(c.is_alphabetic() || c == '\''));
    words.any(|word| NEGATIONS.split('|').any(|known| known == word) || word.ends_with("n't") || word.starts_with("n'"))
}

/// For each of `found`, whether it begins after the date of the document.
pub(crate) fn ahead(found: &[Found]) -> Vec<bool> {
    let today = relative::dateline(found).map(point::day_number);
    let begins = |found: &Found| match found.date {
        DateInterval::At(point) | DateInterval::Between(point, _) | DateInterval::Since(point) => Some(point::day_number(point)),
        DateInterval::Until(_) => None,
    };
    found.iter().map(|found| today.zip(begins(found)).is_some_and(|(today, begins)| begins > today)).collect()
}

/// Whether `word` names a month or a weekday.
#[must_use]
pub fn is_calendar_word(word: &str) -> bool {
    let word = word.to_lowercase();
    month_of(&word).is_some() || names::WEEKDAYS.iter().any(|names| names.contains(&word.as_str()))
}

/// Whether a date is a quarter or a half of a year, by the word for it.
fn is_part_of_year(text: &str) -> bool {
    const WORDS: [&str; 10] = ["quart", "trimestre", "кварт", "季度", "half", "semestre", "halbjahr", "півріч", "полугод", "半年"];
    let text = text.to_lowercase();
    WORDS.iter().any(|word| text.contains(word))
}

/// Whether `text` ends with one of `words` (apart by `|`), whole.
fn ends_with_word(text: &str, words: &str) -> bool {
    let tail_from = text.char_indices().rev().nth(28).map_or(0, |(at, _)| at);
    let tail = text.get(tail_from..).unwrap_or_default().to_lowercase();
    words.split('|').any(|word| {
        let Some(rest) = tail.strip_suffix(word) else { return false };
        let spaced = !word.chars().next_back().is_some_and(crate::chinese::script::is_han);
        !spaced || rest.chars().next_back().is_none_or(|c| !c.is_alphanumeric())
    })
}

/// A captured number; Chinese digits count as well.
fn number(captures: &Captures<'_>, name: &str) -> Option<u32> {
    crate::numbers::integer(captures.name(name)?.as_str()).and_then(|value| u32::try_from(value).ok())
}

fn year(captures: &Captures<'_>, name: &str) -> Option<i32> {
    number(captures, name).and_then(|year| i32::try_from(year).ok())
}

fn month(captures: &Captures<'_>, name: &str) -> Option<u32> {
    let text = captures.name(name)?.as_str().to_lowercase();
    month_of(&text).or_else(|| number(captures, name))
}

/// The month that `name`, in lower case, names.
fn month_of(name: &str) -> Option<u32> {
    let at = names::MONTHS.iter().position(|forms| forms.contains(&name))?;
    u32::try_from(at + 1).ok()
}

/// Which quarter or half an ordinal names.
fn ordinal_of(text: &str) -> Option<u32> {
    let text = text.to_lowercase();
    let at = names::ORDINALS.iter().position(|forms| forms.iter().any(|form| text.starts_with(form)))?;
    u32::try_from(at + 1).ok()
}

/// The `part`-th of the equal parts of a year, each so many `months` long.
fn part_of_year(year: i32, part: u32, months: u32) -> Option<DateInterval> {
    let last = part * months;
    DateInterval::between(Point::new(year, Some(last + 1 - months), None)?, Point::new(year, Some(last), None)?)
}
