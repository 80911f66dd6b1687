//! The two kinds of time: [`Timestamp`], STIX's, with whatever precision its author wrote (STIX 2.1, section 2.16),
//! and [`Stamp`], this node's own clock in microseconds, which TAXII prints with six digits (TAXII 2.1, section 2).

use std::fmt;

use serde::{Deserialize, Serialize};
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

/// Fractional digits beyond this are refused: no clock has them, and they cost every comparison.
pub const FRACTION_DIGITS_MAX: usize = 18;

/// A STIX time stamp: compared as an instant, returned as the text that arrived.
// INVARIANT: `text` is `YYYY-MM-DDTHH:MM:SS[.digits]Z` and names a real instant.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp {
    text: Box<str>,
}

/// Why a text is not a time stamp.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not the RFC 3339 form that the standard asks for.
    #[error("`{0}` is not an RFC 3339 time stamp in UTC ending in `Z` (STIX 2.1, section 2.16)")]
    Form(String),
    /// The form is right but there is no such day or hour.
    #[error("`{0}` names no real instant (STIX 2.1, section 2.16)")]
    Instant(String),
}

impl TimeError {
    /// What is wrong, without the section of the standard, for errors that name it themselves.
    #[must_use]
    pub fn reason(&self) -> String {
        crate::id::without_section(&self.to_string())
    }
}

impl Timestamp {
    /// Parses a STIX time stamp.
    ///
    /// # Errors
    /// [`TimeError`] when the form or the instant is wrong.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let form = || TimeError::Form(text.chars().take(60).collect());
        let bytes = text.as_bytes();
        let well_formed = bytes.len() >= 20
            && bytes.iter().enumerate().all(|(at, byte)| match at {
                4 | 7 => *byte == b'-',
                10 => *byte == b'T',
                13 | 16 => *byte == b':',
                0..=18 => byte.is_ascii_digit(),
                19 => *byte == b'.' || (*byte == b'Z' && bytes.len() == 20),
                _ if at + 1 == bytes.len() => *byte == b'Z',
                _ => byte.is_ascii_digit(),
            });
        if !well_formed || bytes.len() == 21 || bytes.len() > 21 + FRACTION_DIGITS_MAX {
            return Err(form());
        }
        calendar(text).ok_or_else(|| TimeError::Instant(text.chars().take(60).collect()))?;
        Ok(Self { text: text.into() })
    }

    /// The text that arrived.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// A text that sorts as the instants do, equal for equal instants: fraction without trailing zeros, no `Z`.
    #[must_use]
    pub fn sort_key(&self) -> &str {
        sort_key(&self.text)
    }

    /// Fractional digits as written.
    #[must_use]
    pub fn precision(&self) -> usize {
        self.text.len().saturating_sub(21)
    }

    /// The instant in this node's unit; digits beyond a microsecond are cut.
    #[must_use]
    pub fn stamp(&self) -> Stamp {
        let fraction: String = self.text.get(20..).unwrap_or("").trim_end_matches('Z').chars().take(6).collect();
        let micros = format!("{fraction:0<6}").parse::<i64>().unwrap_or(0);
        let seconds = calendar(&self.text).map_or(0, |instant| instant.assume_utc().unix_timestamp());
        Stamp(seconds.saturating_mul(1_000_000).saturating_add(micros))
    }
}

/// [`Timestamp::sort_key`] of a text that is known to be a time stamp, such as one read back from a store.
#[must_use]
pub fn sort_key(text: &str) -> &str {
    let text = text.trim_end_matches('Z');
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

/// The calendar part of a text already known to have the form; a leap second counts as the second before it.
fn calendar(text: &str) -> Option<PrimitiveDateTime> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u16>().ok();
    let month = Month::try_from(u8::try_from(number(5, 7)?).ok()?).ok()?;
    let date = Date::from_calendar_date(i32::from(number(0, 4)?), month, u8::try_from(number(8, 10)?).ok()?).ok()?;
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let second = if second == 60 && hour == 23 && minute == 59 { 59 } else { second };
    let time = Time::from_hms(u8::try_from(hour).ok()?, u8::try_from(minute).ok()?, u8::try_from(second).ok()?).ok()?;
    Some(PrimitiveDateTime::new(date, time))
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.sort_key() == other.sort_key()
    }
}
impl Eq for Timestamp {}
impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.sort_key().cmp(other.sort_key())
    }
}
impl std::hash::Hash for Timestamp {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.sort_key().hash(state);
    }
}
impl fmt::Display for Timestamp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}
impl fmt::Debug for Timestamp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}
impl TryFrom<String> for Timestamp {
    type Error = TimeError;
    fn try_from(text: String) -> Result<Self, TimeError> {
        Self::parse(&text)
    }
}
impl From<Timestamp> for String {
    fn from(timestamp: Timestamp) -> Self {
        timestamp.text.into_string()
    }
}

/// Stamps as people read them, in RFC 3339: for `#[serde(with = "relto_model::time::as_text")]`. Microseconds are read as well.
pub mod as_text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use super::Stamp;

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Text(String),
        Micros(i64),
    }

    impl Written {
        fn stamp<E: Error>(self) -> Result<Stamp, E> {
            match self {
                Self::Text(text) => Stamp::parse(&text).map_err(E::custom),
                Self::Micros(micros) => Ok(Stamp(micros)),
            }
        }
    }

    /// Writes the stamp.
    ///
    /// # Errors
    /// The serializer's.
    pub fn serialize<S: Serializer>(stamp: &Stamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(stamp)
    }

    /// Reads a stamp.
    ///
    /// # Errors
    /// When it is none.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Stamp, D::Error> {
        Written::deserialize(deserializer)?.stamp()
    }

    /// The same of one that may be absent.
    pub mod optional {
        use serde::{Deserialize, Deserializer, Serializer};

        use super::{Stamp, Written};

        /// Writes the stamp, or null.
        ///
        /// # Errors
        /// The serializer's.
        pub fn serialize<S: Serializer>(stamp: &Option<Stamp>, serializer: S) -> Result<S::Ok, S::Error> {
            match stamp {
                Some(stamp) => serializer.collect_str(stamp),
                None => serializer.serialize_none(),
            }
        }

        /// Reads a stamp, or none.
        ///
        /// # Errors
        /// When it is neither.
        pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Stamp>, D::Error> {
            Option::<Written>::deserialize(deserializer)?.map(Written::stamp).transpose()
        }
    }
}

/// An instant of this node's clock: microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Stamp(pub i64);

impl Stamp {
    /// Parses an RFC 3339 time, or a day (`2019-06-30`, its first instant) as people write dates on a command line.
    ///
    /// # Errors
    /// [`TimeError`] when the text is neither.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let whole = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
        Timestamp::parse(&whole).map(|timestamp| timestamp.stamp()).map_err(|error| match error {
            TimeError::Form(_) => TimeError::Form(text.chars().take(60).collect()),
            TimeError::Instant(_) => TimeError::Instant(text.chars().take(60).collect()),
        })
    }

    /// The first instant of this stamp's day, in UTC.
    #[must_use]
    pub fn day(self) -> Self {
        const DAY_MICROS: i64 = 86_400_000_000;
        Self(self.0.div_euclid(DAY_MICROS).saturating_mul(DAY_MICROS))
    }
}

impl fmt::Display for Stamp {
    /// TAXII 2.1, section 2: exactly six fractional digits and `Z`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.div_euclid(1_000_000);
        let instant = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH).to_offset(UtcOffset::UTC);
        write!(
            out,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z",
            instant.year(),
            u8::from(instant.month()),
            instant.day(),
            instant.hour(),
            instant.minute(),
            instant.second(),
            self.0.rem_euclid(1_000_000)
        )
    }
}
impl fmt::Debug for Stamp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compared_as_instants_returned_as_received() {
        let short = Timestamp::parse("2024-02-29T12:00:00Z").unwrap();
        let long = Timestamp::parse("2024-02-29T12:00:00.000Z").unwrap();
        assert_eq!(short, long);
        assert_eq!(long.as_str(), "2024-02-29T12:00:00.000Z");
        assert!(Timestamp::parse("2024-02-29T12:00:00.0001Z").unwrap() > long);
        assert!(Timestamp::parse("2024-02-29T12:00:01Z").unwrap() > Timestamp::parse("2024-02-29T12:00:00.999999999Z").unwrap());
    }

    #[test]
    fn refused() {
        for bad in [
            "",
            "2024-02-29",
            "2023-02-29T12:00:00Z",
            "2024-02-29T24:00:00Z",
            "2024-02-29T12:00:00",
            "2024-02-29T12:00:00.Z",
            "2024-02-29T12:00:00+01:00",
            "2024-02-29t12:00:00z",
            "2024-02-29T12:00:00.1234567890123456789Z",
            "2024-02-29T12:00:0éZ",
        ] {
            assert!(Timestamp::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn stamps_print_six_digits() {
        let stamp = Stamp::parse("2019-06-30T01:02:03.5Z").unwrap();
        assert_eq!(stamp.to_string(), "2019-06-30T01:02:03.500000Z");
        assert_eq!(Stamp::parse("2019-06-30").unwrap(), stamp.day());
        assert_eq!(Stamp(-1).to_string(), "1969-12-31T23:59:59.999999Z");
    }
}
