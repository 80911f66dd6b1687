//! Dates as their authors state them: a year, a month, a day, or an interval, open on one side where a text leaves it open.
//!
//! Written `YYYY[-MM[-DD]]`, an interval as two of these with `/` between, `..` for an open end.

use std::fmt;

/// A moment at the precision at which it was stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Point {
    /// A year.
    Year(i32),
    /// A month of a year.
    Month(i32, u32),
    /// A day.
    Day(i32, u32, u32),
}

/// A date or an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateInterval {
    /// One moment.
    At(Point),
    /// From one to the other, both included.
    Between(Point, Point),
    /// From here on.
    Since(Point),
    /// Up to here.
    Until(Point),
}

impl Point {
    /// A point that the calendar has; without a month the day is ignored.
    #[must_use]
    pub fn new(year: i32, month: Option<u32>, day: Option<u32>) -> Option<Self> {
        match (month, day) {
            (None, _) => Some(Self::Year(year)),
            (Some(month @ 1..=12), None) => Some(Self::Month(year, month)),
            (Some(month @ 1..=12), Some(day)) => (1..=days_in(year, month)).contains(&day).then_some(Self::Day(year, month, day)),
            _ => None,
        }
    }

    /// Its year.
    #[must_use]
    pub fn year(self) -> i32 {
        self.parts().0
    }

    /// Its year and month, unless it is a whole year.
    #[must_use]
    pub fn month(self) -> Option<(i32, u32)> {
        match self.parts() {
            (_, 0, _) => None,
            (year, month, _) => Some((year, month)),
        }
    }

    fn parts(self) -> (i32, u32, u32) {
        match self {
            Self::Year(year) => (year, 0, 0),
            Self::Month(year, month) => (year, month, 0),
            Self::Day(year, month, day) => (year, month, day),
        }
    }
}

impl DateInterval {
    /// The interval, if it does not run backwards.
    #[must_use]
    pub fn between(from: Point, to: Point) -> Option<Self> {
        (from.parts() < to.parts()).then_some(Self::Between(from, to))
    }
}

impl fmt::Display for Point {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(out, "{year:04}"),
            Self::Month(year, month) => write!(out, "{year:04}-{month:02}"),
            Self::Day(year, month, day) => write!(out, "{year:04}-{month:02}-{day:02}"),
        }
    }
}

impl fmt::Display for DateInterval {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(point) => point.fmt(out),
            Self::Between(from, to) => write!(out, "{from}/{to}"),
            Self::Since(point) => write!(out, "{point}/.."),
            Self::Until(point) => write!(out, "../{point}"),
        }
    }
}

fn days_in(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days from 1970-01-01 to a day; for a month or a year, to its first day.
#[must_use]
pub fn day_number(point: Point) -> i64 {
    let (year, month, day) = point.parts();
    let date = time_date(year, month.max(1), day.max(1));
    date.map_or(0, |date| i64::from(date.to_julian_day()) - i64::from(UNIX_EPOCH_JULIAN_DAY))
}

/// The day with this number.
#[must_use]
pub fn day_at(number: i64) -> Option<Point> {
    let date = time::Date::from_julian_day(i32::try_from(number).ok()?.checked_add(UNIX_EPOCH_JULIAN_DAY)?).ok()?;
    Some(Point::Day(date.year(), u32::from(u8::from(date.month())), u32::from(date.day())))
}

/// The Julian day on which 1970 began.
const UNIX_EPOCH_JULIAN_DAY: i32 = 2_440_588;

fn time_date(year: i32, month: u32, day: u32) -> Option<time::Date> {
    let month = time::Month::try_from(u8::try_from(month).ok()?).ok()?;
    time::Date::from_calendar_date(year, month, u8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_and_come_back() {
        assert_eq!(day_number(Point::Day(1970, 1, 1)), 0);
        for number in (-200_000..200_000).step_by(997) {
            assert_eq!(day_number(day_at(number).unwrap()), number);
        }
    }

    #[test]
    fn only_days_of_the_calendar() {
        assert_eq!(Point::new(2023, Some(2), Some(29)), None);
        assert_eq!(Point::new(2024, Some(2), Some(29)).unwrap().to_string(), "2024-02-29");
        assert_eq!(Point::new(2024, Some(13), None), None);
        assert_eq!(DateInterval::between(Point::Year(2024), Point::Year(2023)), None);
    }
}
