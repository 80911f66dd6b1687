//! Times as XML writes them (XML Schema, part 2: `dateTime` and `date`), on this node's clock.
//!
//! A time without zone is refused: an hour here or there decides whether a label has been succeeded.

use relto_model::Stamp;

const DAY_MICROS: i64 = 86_400_000_000;
const MINUTE_MICROS: i64 = 60_000_000;

/// The instant of an `xs:dateTime` with zone; a fraction is cut at the microsecond.
#[must_use]
pub fn instant(text: &str) -> Option<Stamp> {
    if let Some(utc) = text.strip_suffix('Z') {
        return local(utc);
    }
    let (time, zone) = text.split_at_checked(text.len().checked_sub(6)?)?;
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<i64>().ok()).flatten();
    let minutes = number(hours).filter(|hours| *hours <= 14)? * 60 + number(minutes).filter(|minutes| *minutes < 60)?;
    let east = match zone.get(..1)? {
        "+" => minutes,
        "-" => -minutes,
        _ => return None,
    };
    Some(Stamp(local(time)?.0.checked_sub(east * MINUTE_MICROS)?))
}

fn local(text: &str) -> Option<Stamp> {
    Stamp::parse(&format!("{text}Z")).ok().filter(|_| text.len() > 10)
}

/// The first instant of an `xs:date` without zone, in UTC.
#[must_use]
pub fn day(text: &str) -> Option<Stamp> {
    (text.len() == 10).then(|| Stamp::parse(text).ok()).flatten()
}

/// The first instant that `text`, a `dateTime` or a `date`, allows.
#[must_use]
pub fn first(text: &str) -> Option<Stamp> {
    day(text).or_else(|| instant(text))
}

/// The last instant that `text`, a `dateTime` or a `date`, allows: a day lasts until its end.
#[must_use]
pub fn last(text: &str) -> Option<Stamp> {
    day(text).and_then(|day| day.0.checked_add(DAY_MICROS - 1)).map(Stamp).or_else(|| instant(text))
}

/// The day that a text such as `2015-11-11 09:23:00` or `20151106143020Z` begins with: dates of policies are written in many ways.
#[must_use]
pub fn leading_day(text: &str) -> Option<Stamp> {
    let text = text.trim();
    let compact = text.get(..8).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let dashed = || text.get(..10).map(str::to_owned);
    compact
        .and_then(|digits| Some(format!("{}-{}-{}", digits.get(..4)?, digits.get(4..6)?, digits.get(6..8)?)))
        .or_else(dashed)
        .and_then(|day_text| day(&day_text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_with_zones() {
        let noon = Stamp::parse("2020-08-02T12:00:00Z").ok();
        for same in ["2020-08-02T12:00:00Z", "2020-08-02T14:00:00+02:00", "2020-08-02T06:30:00-05:30", "2020-08-02T12:00:00.0000000Z"] {
            assert_eq!(instant(same), noon, "{same}");
        }
        for bad in [
            "",
            "2020-08-02",
            "2020-08-02T12:00:00",
            "2020-08-02T12:00:00+2:00",
            "2020-08-02T12:00:00+15:00",
            "noon",
            "2020-08-02Z",
            "é+02:00",
        ] {
            assert_eq!(instant(bad), None, "{bad}");
        }
    }

    #[test]
    fn days_in_many_forms() {
        let day = Stamp::parse("2015-11-06").ok();
        for same in ["2015-11-06", "20151106143020Z", "2015-11-06 09:23:00", "201511061430200Z", "2015-11-06T01:02:03Z"] {
            assert_eq!(leading_day(same), day, "{same}");
        }
        assert_eq!(leading_day("soon"), None);
        assert_eq!(last("2015-11-06").map(|stamp| stamp.to_string()).as_deref(), Some("2015-11-06T23:59:59.999999Z"));
        assert_eq!(first("2015-11-06"), day);
    }
}
