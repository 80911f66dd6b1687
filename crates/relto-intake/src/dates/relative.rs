//! Dates that lean on the date of the document: near days, weekdays, near years, and months or days without a year.
//!
//! The date of the document is the first day, or else month, that it states within its head; without one, nothing here is read.

use super::point::{DateInterval, Point, day_at, day_number};
use super::shapes::alternation;
use super::tense::{Tense, tense};
use super::{Found, ShapeError, month_of, names, number, ordinal_of, part_of_year};
use crate::span::{Taken, TextSpan};
use crate::text::{holding, sentences};
use regex::{Captures, Regex};

/// The dateline stands in the first so many bytes.
const HEAD_BYTES: usize = 700;
const HALF_YEAR_DAYS: i64 = 184;

#[derive(Debug)]
pub(super) struct Relative {
    near_days: Regex,
    weekdays: Regex,
    near_years: Regex,
    near_months: Regex,
    chinese_ranges: Regex,
    chinese_days: Regex,
    chinese_months: Regex,
    ranges: Regex,
    days: Regex,
    days_behind: Regex,
    months: Regex,
    weeks: Regex,
    quarters: Regex,
    halves: Regex,
}

type Read = fn(&Captures<'_>, Leaning) -> Option<DateInterval>;

/// What a date leans on.
#[derive(Clone, Copy)]
struct Leaning {
    /// The date of the document.
    today: Point,
    /// Whether its clause speaks of what was or what will be.
    tense: Tense,
}

impl Relative {
    pub(super) fn new() -> Result<Self, ShapeError> {
        let months = alternation(names::MONTHS.iter().flat_map(|forms| forms.iter().copied()));
        let alone = alternation(
            names::MONTHS
                .iter()
                .flat_map(|forms| forms.iter().copied())
                .filter(|name| name.chars().count() >= names::ALONE_CHARACTERS_MIN && !names::NEVER_ALONE.contains(name)),
        );
        let near_years = names::NEAR_YEARS.iter().flat_map(|(words, _)| words.iter().copied());
        Ok(Self {
            near_days: words(names::NEAR_DAYS.iter().flat_map(|(words, _)| words.iter().copied()))?,
            weekdays: Regex::new(&format!(
                r"(?i)(?:\b(?P<past>{})\s|\b(?P<next>{})\s|(?P<week>[上下本这]))?(?P<day>{})(?:\s(?:(?P<behind>dernier|passé)|(?P<ahead>prochain))\b)?",
                names::LAST,
                names::NEXT,
                alternation(names::WEEKDAYS.iter().flat_map(|words| words.iter().copied()))
            ))?,
            near_years: Regex::new(&format!(
                r"(?i)(?P<year>{})(?:(?P<m>\d{{1,2}})月(?:(?P<d>\d{{1,2}})[日号])?|第?(?P<part>[一二三四1-4])季度?|(?P<half>[上下])半年)?",
                alternation(near_years)
            ))?,
            near_months: words(names::NEAR_MONTHS.iter().flat_map(|(words, _)| words.iter().copied()))?,
            chinese_ranges: Regex::new(r"(?P<m>\d{1,2})月(?P<d>\d{1,2})日?[至到－—–-](?:(?P<m2>\d{1,2})月)?(?P<d2>\d{1,2})日")?,
            chinese_days: Regex::new(r"(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]")?,
            chinese_months: Regex::new(r"(?P<m>\d{1,2})月(?:份|[^\d份]|$)")?,
            ranges: Regex::new(&format!(
                r"(?i)\b(?P<d>\d{{1,2}})(?:er|\.|th|st|nd|rd)?\s*(?:–|—|-|\bto\b|\band\b|\bau\b|\bbis\b|\bund\b|\bпо\b|\bдо\b|\bet\b)\s*(?P<d2>\d{{1,2}})(?:er|\.|th|st|nd|rd)?\s+(?P<name>{months})\b"
            ))?,
            days: Regex::new(&format!(r"(?i)\b(?P<d>\d{{1,2}})(?:er|\.|th|st|nd|rd)?\s+(?:of\s+)?(?P<name>{months})\b"))?,
            days_behind: Regex::new(&format!(r"(?i)\b(?P<name>{months})\s+(?P<d>\d{{1,2}})(?:th|st|nd|rd)?\b"))?,
            months: Regex::new(&format!(r"(?i)\b(?P<name>{alone})\b"))?,
            weeks: words(names::NEAR_WEEKS.iter().flat_map(|(words, _)| words.iter().copied()))?,
            quarters: Regex::new(
                r"(?i)(?:第?(?P<zh>[一二三四1-4])季度?|\b(?P<part>first|second|third|fourth|erste[ns]?|zweite[ns]?|dritte[ns]?|vierte[ns]?|premier|deuxième|troisième|quatrième|перв\p{L}*|втор\p{L}*|трет\p{L}*|четв\p{L}*|перш\p{L}*|друг\p{L}*)\s+(?:quarter|quartal|trimestre|квартал\p{L}*))",
            )?,
            halves: Regex::new(
                r"(?i)(?:(?P<zh>[上下])半年|\b(?P<part>first|second|erste[ns]?|zweite[ns]?|premier|second|deuxième|перв\p{L}*|втор\p{L}*|перш\p{L}*|друг\p{L}*)\s+(?:half of the year|halbjahr|semestre|полугоди\p{L}*|півріччя|півріччі))",
            )?,
        })
    }

    /// What leans on the document's date, apart from what is already `taken`.
    pub(super) fn find(&self, text: &str, absolute: &[Found], mut taken: Taken) -> Vec<Found> {
        let Some(today) = dateline(absolute) else { return Vec::new() };
        let mut found: Vec<Found> = Vec::new();
        let sentences = sentences(text);
        let readers: [(&Regex, Read); 14] = [
            (&self.near_years, near_year),
            (&self.quarters, quarter),
            (&self.halves, half),
            (&self.weeks, week),
            (&self.near_months, near_month),
            (&self.near_days, near_day),
            (&self.weekdays, weekday),
            (&self.chinese_ranges, days_of_year),
            (&self.chinese_days, day_of_year),
            (&self.chinese_months, month_of_year),
            (&self.ranges, named_days),
            (&self.days, named_day),
            (&self.days_behind, named_day),
            (&self.months, named_month),
        ];
        for (shape, read) in readers {
            for captures in shape.captures_iter(text) {
                let Some(span) = calendar_words(&captures) else { continue };
                let free = !taken.overlaps(span) && is_word(text, span) && !is_name(text, span) && !is_beside(text, span, absolute);
                let leaning = || Leaning { today, tense: tense(text, holding(&sentences, span).unwrap_or(span), span) };
                if let Some(date) = free.then(|| read(&captures, leaning())).flatten() {
                    taken.take(span);
                    found.push(Found { span, date, is_turned: false });
                }
            }
        }
        found
    }
}

fn words<'w>(words: impl Iterator<Item = &'w str>) -> Result<Regex, ShapeError> {
    Ok(Regex::new(&format!("(?i){}", alternation(words)))?)
}

/// `Марта Козак`: Slavic months have no capital within a sentence.
fn is_name(text: &str, span: TextSpan) -> bool {
    let is_capital = text.get(span.range()).is_some_and(|word| word.starts_with(|c| matches!(c, 'А'..='Я' | 'І' | 'Є')));
    let behind = text.get(span.to..).and_then(|behind| behind.strip_prefix(' ')).unwrap_or_default();
    is_capital && behind.starts_with(char::is_uppercase)
}

/// Whether `span` is the weekday of a full date right behind it.
fn is_beside(text: &str, span: TextSpan, absolute: &[Found]) -> bool {
    let next = absolute.get(absolute.partition_point(|found| found.span.from < span.to));
    let between = next.and_then(|next| text.get(span.to..next.span.from)).unwrap_or("—");
    matches!(between.trim(), "" | "," | ", den" | ", le" | "le" | "den" | "the" | ", the" | ", dem" | ", am")
}

/// The words of the calendar: what only shows where a Chinese month ends is left out.
fn calendar_words(captures: &Captures<'_>) -> Option<TextSpan> {
    let whole = captures.get(0)?;
    let is_month_alone = captures.name("m").is_some() && captures.name("d").is_none() && captures.name("year").is_none();
    let end = captures.name("m").filter(|_| is_month_alone).map_or(whole.end(), |month| month.end() + '月'.len_utf8());
    Some(TextSpan::new(whole.start(), end))
}

/// The date of the document: the first full date in its head, or else the first month.
pub(super) fn dateline(taken: &[Found]) -> Option<Point> {
    let head = taken.iter().filter(|found| found.span.from < HEAD_BYTES);
    let points: Vec<Point> = head.filter_map(|found| if let DateInterval::At(point) = found.date { Some(point) } else { None }).collect();
    let day = points.iter().find(|point| matches!(point, Point::Day(..)));
    day.or_else(|| points.iter().find(|point| matches!(point, Point::Month(..)))).copied()
}

/// Words of spaced scripts are not parts of longer ones.
fn is_word(text: &str, span: TextSpan) -> bool {
    let spaced = |c: char| c.is_alphabetic() && !crate::chinese::script::is_han(c);
    let before = text.get(..span.from).and_then(|before| before.chars().next_back());
    let after = text.get(span.to..).and_then(|after| after.chars().next());
    let inner =
        |end: Option<char>| text.get(span.range()).is_some_and(|word| word.chars().next().is_some_and(spaced)) && end.is_some_and(spaced);
    !inner(before) && !inner(after)
}

fn of<T: Copy>(captures: &Captures<'_>, table: &[(&[&str], T)]) -> Option<T> {
    let text = captures.name("year").or(captures.get(0))?.as_str().to_lowercase();
    table.iter().find(|(words, _)| words.contains(&text.as_str())).map(|(_, value)| *value)
}

fn near_day(captures: &Captures<'_>, leaning: Leaning) -> Option<DateInterval> {
    let day = day(leaning.today)?;
    let days = of(captures, &names::NEAR_DAYS)?;
    // `employs 300 people today` is nowadays: a day it is where something happened or is to happen.
    let is_spaced = captures.get(0).is_some_and(|word| !word.as_str().starts_with(crate::chinese::script::is_han));
    if days == 0 && is_spaced && leaning.tense == Tense::Unknown {
        return None;
    }
    day_at(day + days).map(DateInterval::At)
}

fn near_year(captures: &Captures<'_>, leaning: Leaning) -> Option<DateInterval> {
    let year = leaning.today.year() + of(captures, &names::NEAR_YEARS)?;
    let text = |name: &str| captures.name(name).map(|part| part.as_str());
    if let Some(part) = text("part") {
        return part_of_year(year, ordinal_of(part)?, 3);
    }
    if let Some(part) = text("half") {
        return part_of_year(year, ordinal_of(part)?, 6);
    }
    let day = captures.name("d").and_then(|_| number(captures, "d"));
    Point::new(year, number(captures, "m"), day).map(DateInterval::At)
}

fn near_month(captures: &Captures<'_>, leaning: Leaning) -> Option<DateInterval> {
    let (year, month) = leaning.today.month()?;
    let months = i64::from(year) * 12 + i64::from(month) - 1 + of(captures, &names::NEAR_MONTHS)?;
    let year = i32::try_from(months.div_euclid(12)).ok()?;
    Point::new(year, u32::try_from(months.rem_euclid(12) + 1).ok(), None).map(DateInterval::At)
}

/// The last such day up to the document's; in a plan, the next one.
fn weekday(captures: &Captures<'_>, leaning: Leaning) -> Option<DateInterval> {
    let text = captures.name("day")?.as_str().to_lowercase();
    let wanted = i64::try_from(names::WEEKDAYS.iter().position(|words| words.contains(&text.as_str()))?).ok()?;
    let day = day(leaning.today)?;
    if let Some(week) = captures.name("week") {
        let weeks = match week.as_str() {
            "上" => -1,
            "下" => 1,
            _ => 0,
        };
        return day_at(day - from_monday(day) + wanted + 7 * weeks).map(DateInterval::At);
    }
    let has = |name: &str| captures.name(name).is_some();
    let is_ahead = has("next") || has("ahead") || (leaning.tense == Tense::Future && !has("past") && !has("behind"));
    let back = (from_monday(day) - wanted).rem_euclid(7);
    let ahead = (wanted - from_monday(day)).rem_euclid(7);
    day_at(if is_ahead { day + ahead } else { day - back }).map(DateInterval::At)
}

/// The week from Monday to Sunday.
fn week(captures: &Captures<'_>, leaning: Leaning) -> Option<DateInterval> {
    let day = day(leaning.today)?;
    let monday = day - from_monday(day) + 7 * of(captures, &names::NEAR_WEEKS)?;
    DateInterval::between(day_at(monday)?, day_at(monday + 6)?)
}

/// The number of the document's day, if it states one.
fn day(today: Point) -> Option<i64> {
    matches!(today, Point::Day(..)).then(|| day_number(today))
}

/// Days since Monday; the first of January 1970 was a Thursday.
fn from_monday(day: i64) -> i64 {
    (day + 3).rem_euclid(7)
}

fn quarter(captures: &Captures<'_>, leaning: Leaning) -> Option<DateInterval> {
    part_of_year(leaning.today.year(), ordinal_of(captures.name("part").or(captures.name("zh"))?.as_str())?, 3)
}

fn half(captures: &Captures<'_>, leaning: Leaning) -> Option<DateInterval> {
    let part = ordinal_of(captures.name("part").or(captures.name("zh"))?.as_str()).filter(|part| *part <= 2)?;
    part_of_year(leaning.today.year(), part, 6)
}

fn day_of_year(captures: &Captures<'_>, leaning: Leaning) -> Option<DateInterval> {
    nearest(leaning, number(captures, "m")?, Some(number(captures, "d")?)).map(DateInterval::At)
}

fn month_of_year(captures: &Captures<'_>, leaning: Leaning) -> Option<DateInterval> {
    nearest(leaning, number(captures, "m")?, None).map(DateInterval::At)
}

fn days_of_year(captures: &Captures<'_>, leaning: Leaning) -> Option<DateInterval> {
    let month = number(captures, "m")?;
    let from = nearest(leaning, month, Some(number(captures, "d")?))?;
    let to = Point::new(from.year(), number(captures, "m2").or(Some(month)), Some(number(captures, "d2")?))?;
    DateInterval::between(from, to)
}

fn named_days(captures: &Captures<'_>, leaning: Leaning) -> Option<DateInterval> {
    let month = named(captures)?;
    let to = nearest(leaning, month, Some(number(captures, "d2")?))?;
    DateInterval::between(Point::new(to.year(), Some(month), Some(number(captures, "d")?))?, to)
}

fn named_day(captures: &Captures<'_>, leaning: Leaning) -> Option<DateInterval> {
    nearest(leaning, named(captures)?, Some(number(captures, "d")?)).map(DateInterval::At)
}

fn named_month(captures: &Captures<'_>, leaning: Leaning) -> Option<DateInterval> {
    nearest(leaning, named(captures)?, None).map(DateInterval::At)
}

fn named(captures: &Captures<'_>) -> Option<u32> {
    month_of(&captures.name("name")?.as_str().to_lowercase())
}

/// In the document's year, unless the tense of the clause, or more than half a year ahead, says that it is the year before or behind.
fn nearest(leaning: Leaning, month: u32, day: Option<u32>) -> Option<Point> {
    let today = leaning.today;
    let in_year = |year: i32| Point::new(year, Some(month), day);
    let point = in_year(today.year())?;
    let ahead = day_number(point) - day_number(today);
    // A month that has begun is both behind and ahead.
    let is_now = day.is_none() && today.month() == Some((today.year(), month));
    match leaning.tense {
        Tense::Future if ahead < 0 && !is_now => in_year(today.year() + 1),
        Tense::Past if ahead > 0 && !is_now => in_year(today.year() - 1),
        Tense::Unknown if ahead > HALF_YEAR_DAYS => in_year(today.year() - 1),
        _ => Some(point),
    }
}
