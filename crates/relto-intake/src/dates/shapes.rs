//! The shapes of absolute dates, the longest first: a shape that holds another must be tried before it.

use super::point::{DateInterval, Point};
use super::{Read, ShapeError, month, names, number, ordinal_of, part_of_year, year};
use regex::{Captures, Regex};

/// Between the two ends of an interval. `Ч` in the shapes below stands for it, `М` for a month's name, `Г` for a year.
const TO: &str = r"\s*(?:–|—|-|−|~|～|至|到|\bto\b|\buntil\b|\bthrough\b|\band\b|\bau\b|\bà\b|\bet\b|\bbis\b|\bund\b|\bпо\b|\bдо\b|\bи\b|\bй\b|\bі\b|\bта\b)\s*(?:the |le |den |dem )?";
const YEAR: &str = r"(?:1[89]|20)\d\d";
/// A year's name behind it.
const YEAR_BEHIND: &str = r"(?:\s*(?:годах|годов|годы|года|году|год|роках|років|роки|року|році|рік|гг\.|рр\.|г\.|р\.))?";

/// Every shape, ready to use.
pub(super) fn compiled() -> Result<Vec<(Regex, Read)>, ShapeError> {
    let months = alternation(names::MONTHS.iter().flat_map(|forms| forms.iter().copied()));
    let compiled = |(shape, read): (&str, Read)| -> Result<(Regex, Read), ShapeError> {
        let shape = shape.replace('М', &format!(r"(?:{months})\.?")).replace('Ч', TO).replace('Г', YEAR).replace('Ш', YEAR_BEHIND);
        Ok((Regex::new(&format!("(?i){shape}"))?, read))
    };
    chinese().into_iter().chain(european()).map(compiled).collect()
}

/// The words as a pattern, the longest first.
pub(super) fn alternation<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let mut words: Vec<String> = words.map(regex::escape).collect();
    words.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
    words.dedup();
    words.join("|")
}

fn chinese() -> Vec<(&'static str, Read)> {
    vec![
        (r"(?P<y>Г)年(?P<m>\d{1,2})月(?P<d>\d{1,2})日Ч(?:(?P<y2>Г)年)?(?:(?P<m2>\d{1,2})月)?(?P<d2>\d{1,2})日", days),
        (r"(?P<y>Г)年(?P<m>\d{1,2})月Ч(?:(?P<y2>Г)年)?(?P<m2>\d{1,2})月", months),
        (r"(?P<y>Г)年?Ч(?P<y2>Г)年", years),
        (r"(?P<y>Г)年(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]", point),
        (r"(?P<y>Г)年第?(?P<part>[一二三四1-4])季度?", quarter),
        (r"(?P<y>Г)年(?P<part>[上下])半年", half),
        (r"(?P<y>Г)年(?P<m>\d{1,2})月份?", point),
        (r"(?P<century>\d{2}|二十|二十一|十九)世纪(?P<decade>\d0|[二三四五六七八九]十)年代", decade),
        (r"(?P<y>Г)年", point),
        (r"(?P<y>[一二][〇零○一二三四五六七八九]{3})年(?P<m>十?[一二三四五六七八九十])月(?P<d>[一二三四五六七八九十]{1,3})日", point),
        (r"(?P<y>[一二][〇零○一二三四五六七八九]{3})年(?P<m>十?[一二三四五六七八九十])月", point),
        (r"(?P<y>[一二][〇零○一二三四五六七八九]{3})年", point),
    ]
}

fn european() -> Vec<(&'static str, Read)> {
    vec![
        (
            r"\b(?P<d>\d{1,2})(?:er|\.|st|nd|rd|th)?\s+(?P<m>М)(?:\s+(?P<y>Г))?Ч(?P<d2>\d{1,2})(?:er|\.|st|nd|rd|th)?\s+(?P<m2>М),?\s+(?P<y2>Г)Ш",
            days_late,
        ),
        (r"\b(?P<d>\d{1,2})(?:er|\.|st|nd|rd|th)?Ч(?P<d2>\d{1,2})(?:er|\.|st|nd|rd|th)?\s+(?P<m2>М),?\s+(?P<y2>Г)Ш", days_late),
        (r"\b(?P<m>М)\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?Ч(?:(?P<m2>М)\s+)?(?P<d2>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y2>Г)", days_late),
        (r"\b(?P<m>М)(?:\s+(?P<y>Г)Ш)?Ч(?P<m2>М)\s+(?P<y2>Г)Ш", months_late),
        (r"\b(?P<d>\d{1,2})(?:er|\.|st|nd|rd|th)?\s+(?:of\s+)?(?P<m>М),?\s+(?P<y>Г)Ш", point),
        (r"\b(?P<m>М)\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>Г)\b", point),
        (r"\b(?P<part>first|second|third|fourth|1st|2nd|3rd|4th)\s+quarter\s+(?:of\s+)?(?P<y>Г)", quarter),
        (r"\b(?P<part>premier|deuxième|troisième|quatrième|1er|2e|3e|4e)\s+trimestre\s+(?:de\s+)?(?P<y>Г)", quarter),
        (r"\b(?P<part>erste[ns]?|zweite[ns]?|dritte[ns]?|vierte[ns]?|[1-4]\.)\s+Quartal\s+(?:des Jahres\s+)?(?P<y>Г)", quarter),
        (r"\b(?P<part>\p{Cyrillic}{3,12}|[1-4]-?\p{Cyrillic}{0,3})\s+квартал\p{Cyrillic}*\s+(?P<y>Г)Ш", quarter),
        (r"\bQ(?P<part>[1-4])\s*/?\s*(?P<y>Г)", quarter),
        (r"\bH(?P<part>[12])\s*/?\s*(?P<y>Г)", half),
        (r"\b(?P<part>first|second)\s+half\s+of\s+(?P<y>Г)", half),
        (r"\b(?P<part>premier|second|deuxième|1er|2e)\s+semestre\s+(?:de\s+)?(?P<y>Г)", half),
        (r"\b(?P<part>erste[ns]?|zweite[ns]?|[12]\.)\s+(?:Halbjahr|Halbjahrs|Halbjahres|Hälfte)\s+(?:des Jahres\s+)?(?P<y>Г)", half),
        (r"\b(?P<part>\p{Cyrillic}{3,8})\s+(?:полугоди\p{Cyrillic}*|півріччя|півріччі)\s+(?P<y>Г)Ш", half),
        (r"\b(?P<m>М),?\s+(?:de\s+|of\s+)?(?P<y>Г)Ш", point),
        (r"\b(?P<y>Г)-(?P<m>\d\d)-(?P<d>\d\d)\b", point),
        (r"\b(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>Г)\b", point),
        (r"\b(?P<d>1[3-9]|2\d|3[01])/(?P<m>\d{1,2})/(?P<y>Г)\b", point),
        (r"\b(?P<y>Г)/(?P<m>\d{1,2})/(?P<d>\d{1,2})\b", point),
        (r"\b(?P<y>Г)Ч(?P<y2>Г)Ш", years),
        (r"\b(?P<y>20\d\d)/(?P<short>\d\d)\b", season),
        (r"\b(?P<y>Г0)(?:s\b|er Jahre|-[ехых]{1,2}(?: год\p{Cyrillic}*| рок\p{Cyrillic}*)?)", ten_years),
        (r"\bannées\s+(?P<y>Г0)\b", ten_years),
        (r"\b(?P<y>Г)Ш", point),
    ]
}

fn at(year: i32, month: Option<u32>, day: Option<u32>) -> Option<DateInterval> {
    Point::new(year, month, day).map(DateInterval::At)
}

fn point(captures: &Captures<'_>) -> Option<DateInterval> {
    let day = captures.name("d").is_some().then(|| number(captures, "d"));
    let month = month(captures, "m");
    match day {
        Some(None) => None,
        day => at(year(captures, "y")?, month, day.flatten()),
    }
}

/// From a day to a day; what the second leaves out is as in the first.
fn days(captures: &Captures<'_>) -> Option<DateInterval> {
    let (y, m) = (year(captures, "y")?, month(captures, "m")?);
    let from = Point::new(y, Some(m), Some(number(captures, "d")?))?;
    let to = Point::new(year(captures, "y2").unwrap_or(y), Some(month(captures, "m2").unwrap_or(m)), Some(number(captures, "d2")?))?;
    DateInterval::between(from, to)
}

/// From a day to a day; what the first leaves out is as in the second, and a second month that is left out as in the first.
fn days_late(captures: &Captures<'_>) -> Option<DateInterval> {
    let y2 = year(captures, "y2")?;
    let m2 = month(captures, "m2").or_else(|| month(captures, "m"))?;
    let to = Point::new(y2, Some(m2), Some(number(captures, "d2")?))?;
    let m = month(captures, "m").unwrap_or(m2);
    let y = year(captures, "y").unwrap_or(if m > m2 { y2 - 1 } else { y2 });
    DateInterval::between(Point::new(y, Some(m), Some(number(captures, "d")?))?, to)
}

fn months(captures: &Captures<'_>) -> Option<DateInterval> {
    let y = year(captures, "y")?;
    let to = Point::new(year(captures, "y2").unwrap_or(y), month(captures, "m2"), None)?;
    DateInterval::between(Point::new(y, month(captures, "m"), None)?, to)
}

fn months_late(captures: &Captures<'_>) -> Option<DateInterval> {
    let (m, m2, y2) = (month(captures, "m")?, month(captures, "m2")?, year(captures, "y2")?);
    let y = year(captures, "y").unwrap_or(if m > m2 { y2 - 1 } else { y2 });
    DateInterval::between(Point::new(y, Some(m), None)?, Point::new(y2, Some(m2), None)?)
}

fn years(captures: &Captures<'_>) -> Option<DateInterval> {
    DateInterval::between(Point::Year(year(captures, "y")?), Point::Year(year(captures, "y2")?))
}

/// `2024/25`.
fn season(captures: &Captures<'_>) -> Option<DateInterval> {
    let y = year(captures, "y")?;
    let next = i32::try_from(number(captures, "short")?).ok()?;
    ((y + 1) % 100 == next).then(|| DateInterval::between(Point::Year(y), Point::Year(y + 1)))?
}

fn ten_years(captures: &Captures<'_>) -> Option<DateInterval> {
    let y = year(captures, "y")?;
    DateInterval::between(Point::Year(y), Point::Year(y + 9))
}

fn decade(captures: &Captures<'_>) -> Option<DateInterval> {
    let century = i32::try_from(number(captures, "century")?).ok()?;
    let y = (century - 1) * 100 + i32::try_from(number(captures, "decade")?).ok()?;
    DateInterval::between(Point::Year(y), Point::Year(y + 9))
}

fn quarter(captures: &Captures<'_>) -> Option<DateInterval> {
    part_of_year(year(captures, "y")?, ordinal_of(captures.name("part")?.as_str())?, 3)
}

fn half(captures: &Captures<'_>) -> Option<DateInterval> {
    let part = ordinal_of(captures.name("part")?.as_str()).filter(|part| *part <= 2)?;
    part_of_year(year(captures, "y")?, part, 6)
}
