//! Dates that lean on the date of the document: near days, weekdays, near years, and months or days without a year.
//!
//! The date of the document is the first day, or else month, that it states within its head; without one, nothing here is read.

use super::point::{DateInterval, Point, day_at, day_number};
use super::shapes::alternation;
use super::{Found, ShapeError, month_of, names, number, ordinal_of, part_of_year};
use crate::span::{Taken, TextSpan};
use regex::{Captures, Regex};

/// The dateline stands in the first so many bytes.
const HEAD_BYTES: usize = 700;
const HALF_YEAR_DAYS: i64 = 184;

#[derive(Debug)]
pub(super) struct Relative {
    near_days: Regex,
    weekdays: Regex,
    near_years: Regex,
    chinese_days: Regex,
    days: Regex,
    months: Regex,
    weeks: Regex,
    quarters: Regex,
    halves: Regex,
}

type Read = fn(&Captures<'_>, Point) -> Option<DateInterval>;

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
            weekdays: words(names::WEEKDAYS.iter().flat_map(|words| words.iter().copied()))?,
            near_years: Regex::new(&format!(r"(?i)(?P<year>{})(?:(?P<m>\d{{1,2}})月(?:(?P<d>\d{{1,2}})日)?)?", alternation(near_years)))?,
            chinese_days: Regex::new(r"(?P<m>\d{1,2})月(?P<d>\d{1,2})日")?,
            days: Regex::new(&format!(r"(?i)\b(?P<d>\d{{1,2}})(?:er|\.)?\s+(?P<name>{months})\b"))?,
            months: Regex::new(&format!(r"(?i)\b(?P<name>{alone})\b"))?,
            weeks: words(names::NEAR_WEEKS.iter().flat_map(|(words, _)| words.iter().copied()))?,
            quarters: Regex::new(
                r"(?i)(?:第?(?P<zh>[一二三四])季度|\b(?P<part>first|second|third|fourth|erste[ns]?|zweite[ns]?|dritte[ns]?|vierte[ns]?|premier|deuxième|troisième|quatrième|перв\p{L}*|втор\p{L}*|трет\p{L}*|четв\p{L}*|перш\p{L}*|друг\p{L}*)\s+(?:quarter|quartal|trimestre|квартал\p{L}*))",
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
        let readers: [(&Regex, Read); 9] = [
            (&self.quarters, quarter),
            (&self.halves, half),
            (&self.weeks, week),
            (&self.near_years, near_year),
            (&self.near_days, near_day),
            (&self.weekdays, weekday),
            (&self.chinese_days, day_of_year),
            (&self.days, named_day),
            (&self.months, named_month),
        ];
        for (shape, read) in readers {
            for captures in shape.captures_iter(text) {
                let Some(whole) = captures.get(0) else { continue };
                let span = TextSpan::new(whole.start(), whole.end());
                let free = !taken.overlaps(span) && is_word(text, span);
                if let Some(date) = free.then(|| read(&captures, today)).flatten() {
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

fn dateline(taken: &[Found]) -> Option<Point> {
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

fn near_day(captures: &Captures<'_>, today: Point) -> Option<DateInterval> {
    let day = day(today)?;
    day_at(day + of(captures, &names::NEAR_DAYS)?).map(DateInterval::At)
}

fn near_year(captures: &Captures<'_>, today: Point) -> Option<DateInterval> {
    let day = captures.name("d").and_then(|_| number(captures, "d"));
    Point::new(today.year() + of(captures, &names::NEAR_YEARS)?, number(captures, "m"), day).map(DateInterval::At)
}

/// The last such day up to the document's.
fn weekday(captures: &Captures<'_>, today: Point) -> Option<DateInterval> {
    let text = captures.get(0)?.as_str().to_lowercase();
    let wanted = names::WEEKDAYS.iter().position(|words| words.contains(&text.as_str()))?;
    let day = day(today)?;
    let back = (from_monday(day) - i64::try_from(wanted).ok()?).rem_euclid(7);
    day_at(day - back).map(DateInterval::At)
}

/// The week from Monday to Sunday.
fn week(captures: &Captures<'_>, today: Point) -> Option<DateInterval> {
    let day = day(today)?;
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

fn quarter(captures: &Captures<'_>, today: Point) -> Option<DateInterval> {
    part_of_year(today.year(), ordinal_of(captures.name("part").or(captures.name("zh"))?.as_str())?, 3)
}

fn half(captures: &Captures<'_>, today: Point) -> Option<DateInterval> {
    let part = ordinal_of(captures.name("part").or(captures.name("zh"))?.as_str()).filter(|part| *part <= 2)?;
    part_of_year(today.year(), part, 6)
}

fn day_of_year(captures: &Captures<'_>, today: Point) -> Option<DateInterval> {
    nearest(today, number(captures, "m")?, Some(number(captures, "d")?))
}

fn named_day(captures: &Captures<'_>, today: Point) -> Option<DateInterval> {
    nearest(today, month_of(&captures.name("name")?.as_str().to_lowercase())?, Some(number(captures, "d")?))
}

fn named_month(captures: &Captures<'_>, today: Point) -> Option<DateInterval> {
    nearest(today, month_of(&captures.name("name")?.as_str().to_lowercase())?, None)
}

/// In the document's year, unless that is more than half a year ahead: then in the year before.
fn nearest(today: Point, month: u32, day: Option<u32>) -> Option<DateInterval> {
    let in_year = |year: i32| Point::new(year, Some(month), day);
    let point = in_year(today.year())?;
    let ahead = day_number(point) - day_number(today);
    if ahead > HALF_YEAR_DAYS { in_year(today.year() - 1) } else { Some(point) }.map(DateInterval::At)
}
