//! A timeline as a picture: each fact a bar from its begin to its end, as exactly as both are known. `2023` is a whole year.

use relto_model::Stamp;
use relto_node::EntityFact;

/// How wide the picture is.
pub(super) const WIDTH: i32 = 920;
/// Left of the bars the facts are named.
pub(super) const NAMES: i32 = 270;
/// How high a row is.
const ROW: i32 = 24;
/// Above the rows stands the scale.
const HEAD: i32 = 30;
/// Facts in the picture; all of them are in the list below it.
const ROWS_MAX: usize = 60;
/// Letters of a fact's name.
const NAME_LETTERS: usize = 40;
/// Marks of the scale, about.
const TICKS: i64 = 8;
const DAY: i64 = 86_400_000_000;

/// The picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Timeline {
    pub height: i32,
    pub ticks: Vec<(i32, String)>,
    pub rows: Vec<Row>,
}

/// A fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub y: i32,
    pub name: String,
    /// What it says and when, in full.
    pub full: String,
    pub x: i32,
    pub width: i32,
    pub object: String,
    /// Whether it is stated, and nothing less.
    pub is_stated: bool,
}

impl Timeline {
    /// `None` when nothing is dated.
    pub(super) fn of(facts: &[EntityFact]) -> Option<Self> {
        let dated: Vec<(&EntityFact, i64, i64)> = facts
            .iter()
            .filter_map(|fact| {
                let at = fact.from.as_deref().or(fact.until.as_deref())?;
                let (begin, first_end) = span(at)?;
                let end = fact.until.as_deref().and_then(span).map_or(first_end, |(_, end)| end);
                Some((fact, begin, end.max(begin)))
            })
            .take(ROWS_MAX)
            .collect();
        let first = dated.iter().map(|(_, begin, _)| *begin).min()?;
        let last = dated.iter().map(|(_, _, end)| *end).max()?.max(first.saturating_add(DAY));
        let place = |at: i64| NAMES + part(at.saturating_sub(first), last.saturating_sub(first), WIDTH - NAMES - 40);
        let row = |(number, (fact, begin, end)): (usize, &(&EntityFact, i64, i64))| {
            let (x, until) = (place(*begin), place(*end));
            let when = [fact.from.as_deref(), fact.until.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" – ");
            Row {
                y: HEAD + i32::try_from(number).unwrap_or(0) * ROW,
                name: cut(&fact.what),
                full: format!("{when}: {} ({})", fact.what, fact.status),
                x,
                width: (until - x).max(4),
                object: fact.object.clone(),
                is_stated: fact.status == "stated",
            }
        };
        let rows: Vec<Row> = dated.iter().enumerate().map(row).collect();
        let height = HEAD + i32::try_from(rows.len()).unwrap_or(0) * ROW + 8;
        let ticks = ticks(first, last).into_iter().map(|(at, words)| (place(at), words)).collect();
        Some(Self { height, ticks, rows })
    }
}

/// `of` as a part of `whole`, in `length` units.
fn part(of: i64, whole: i64, length: i32) -> i32 {
    let share = i128::from(of) * i128::from(length) / i128::from(whole.max(1));
    i32::try_from(share).unwrap_or(length)
}

/// The first and the last instant of a date as exactly as it is known, in microseconds.
fn span(date: &str) -> Option<(i64, i64)> {
    let number = |part: Option<&str>| part.and_then(|part| part.parse::<i64>().ok());
    let mut parts = date.split('-');
    let (year, month) = (number(parts.next())?, number(parts.next()));
    match date.len() {
        4 => Some((at(year, 1)?, at(year + 1, 1)?)),
        7 => {
            let month = month?;
            Some((at(year, month)?, if month == 12 { at(year + 1, 1)? } else { at(year, month + 1)? }))
        }
        _ => {
            let begin = Stamp::parse(date).ok()?.0;
            Some((begin, if date.len() == 10 { begin.saturating_add(DAY) } else { begin }))
        }
    }
}

/// The begin of a month.
fn at(year: i64, month: i64) -> Option<i64> {
    Some(Stamp::parse(&format!("{year:04}-{month:02}-01")).ok()?.0)
}

/// Marks between two instants: years, months or days, as there is room.
fn ticks(first: i64, last: i64) -> Vec<(i64, String)> {
    let month_of = |instant: i64| {
        let text = Stamp(instant).to_string();
        let number = |range: std::ops::Range<usize>| text.get(range).and_then(|part| part.parse::<i64>().ok()).unwrap_or(0);
        number(0..4) * 12 + number(5..7) - 1
    };
    let (from, until) = (month_of(first), month_of(last));
    let is_within = |at: &i64| (first..=last).contains(at);
    if until - from < 3 {
        let days = (last - first) / DAY;
        let step = (days / TICKS).max(1) * DAY;
        let begin = first.div_euclid(DAY) * DAY;
        let marks = (0..=2 * TICKS).map(|number| begin + number * step).filter(is_within);
        return marks.map(|at| (at, Stamp(at).to_string().chars().take(10).collect())).collect();
    }
    let steps = [1, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 12_000];
    let step = steps.into_iter().find(|step| (until - from) / step <= TICKS).unwrap_or(120_000);
    let begin = from.div_euclid(step) * step;
    let marks = (0..=2 * TICKS).map(|number| begin + number * step).filter_map(|month| {
        let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
        let words = if step >= 12 { format!("{year}") } else { format!("{year}-{month:02}") };
        Some((at(year, month)?, words))
    });
    marks.filter(|(at, _)| is_within(at)).collect()
}

fn cut(words: &str) -> String {
    if words.chars().count() <= NAME_LETTERS {
        return words.to_owned();
    }
    let kept: String = words.chars().take(NAME_LETTERS - 1).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(from: &str, until: Option<&str>) -> EntityFact {
        let source = relto_node::SourceName { name: "somebody".to_owned(), id: None };
        let (what, status, object) = ("it was so".to_owned(), "stated".to_owned(), "note--1".to_owned());
        let (from, until) = (Some(from.to_owned()), until.map(str::to_owned));
        EntityFact { from, until, what, status, reading: None, quote: None, source, object, label: String::new() }
    }

    #[test]
    fn dates_are_as_long_as_they_are_exact() {
        let length = |date: &str| span(date).map(|(begin, end)| (end - begin) / DAY);
        assert_eq!(["2023", "2024", "2023-02", "2023-12", "2023-05-06"].map(length), [365, 366, 28, 31, 1].map(Some));
        assert_eq!(span("2023-05-06T07:08:09Z").map(|(begin, end)| end - begin), Some(0));
        assert_eq!([span("soon"), span("20x3"), span("2023-13"), span("")], [None; 4]);
    }

    #[test]
    fn everything_is_in_the_picture() {
        let facts = [fact("2020", None), fact("2023-05", Some("2024")), fact("2023-05-06T07:08:09Z", None), fact("never", None)];
        let timeline = Timeline::of(&facts).unwrap();
        assert_eq!(timeline.rows.len(), 3);
        assert!(timeline.rows.iter().all(|row| row.x >= NAMES && row.x + row.width <= WIDTH && row.width >= 4));
        assert!(timeline.ticks.len() >= 3 && timeline.ticks.iter().all(|(x, _)| (NAMES..WIDTH).contains(x)), "{:?}", timeline.ticks);
        assert!(timeline.rows[1].width > 100 && timeline.rows[2].width == 4);
    }

    #[test]
    fn one_instant_is_a_picture_too() {
        for date in ["2023-05-06T07:08:09Z", "0001", "9999-12-31T23:59:59Z", "2023-05-06"] {
            let timeline = Timeline::of(&[fact(date, None)]).unwrap();
            assert!(timeline.rows[0].x >= NAMES && timeline.rows[0].x + timeline.rows[0].width <= WIDTH, "{date}: {timeline:?}");
        }
        assert_eq!(Timeline::of(&[]), None);
    }
}
