//! Facts with dates: when they hold in the world, when the node learned them, who says so, and until when they may be relied on unread.
//!
//! Two times are kept apart (a bitemporal table): `from` and `until` are those of the world, `learned` and `withdrawn` those of this node.
//! What a fact is, and what follows from it, is the business of the table that holds it: [`membership`](crate::membership).

use std::fmt;
use std::marker::PhantomData;

use relto_model::Stamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The dates of a fact, and who vouches for it.
// INVARIANT of a parsed row: no span ends before it begins; authority and source are not empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dated {
    /// First instant at which the fact holds; `None` is since ever.
    #[serde(default, with = "written_or_none", skip_serializing_if = "Option::is_none")]
    pub from: Option<Stamp>,
    /// First instant at which it no longer holds; `None` is open.
    #[serde(default, with = "written_or_none", skip_serializing_if = "Option::is_none")]
    pub until: Option<Stamp>,
    /// First instant at which the node knew it; `None` is since ever.
    #[serde(default, with = "written_or_none", skip_serializing_if = "Option::is_none")]
    pub learned: Option<Stamp>,
    /// First instant at which the node knew that the row had been wrong; `None` is never.
    #[serde(default, with = "written_or_none", skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Stamp>,
    /// Who decides what is true here.
    pub authority: String,
    /// Where it is written down.
    pub source: String,
    /// First instant after which the row may not be relied on until somebody has read it again.
    #[serde(with = "written")]
    pub review: Stamp,
}

impl Dated {
    /// Whether the fact holds in the world at `at`.
    #[must_use]
    pub fn is_valid(&self, at: Stamp) -> bool {
        covers(self.from, self.until, at)
    }

    /// Whether the node knows of it at `at`.
    #[must_use]
    pub fn is_known(&self, at: Stamp) -> bool {
        covers(self.learned, self.withdrawn, at)
    }

    /// What is wrong with the dates or the names beside them.
    fn fault(&self) -> Option<&'static str> {
        let backwards = |from: Option<Stamp>, until: Option<Stamp>| from.zip(until).is_some_and(|(from, until)| until <= from);
        if backwards(self.from, self.until) {
            Some("the spell ends before it begins")
        } else if backwards(self.learned, self.withdrawn) {
            Some("the row is withdrawn before it is learned")
        } else if self.authority.trim().is_empty() || self.source.trim().is_empty() {
            Some("`authority` and `source` say who vouches for the row and where it is written")
        } else {
            None
        }
    }
}

/// Whether `at` lies in the span; `from` belongs to it, `until` does not, and `None` is open.
pub(crate) fn covers(from: Option<Stamp>, until: Option<Stamp>, at: Stamp) -> bool {
    from.is_none_or(|from| from <= at) && until.is_none_or(|until| at < until)
}

/// What counting does for the reader, and so which way is closed when a row is past its review.
pub trait Effect {
    /// Whether a row stops counting at its review date.
    const ENDS_AT_REVIEW: bool;
}

/// A row that counts lets somebody in: a membership, an adequacy decision, a licence exception. Past review it no longer counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grants {}

/// A row that counts shuts somebody out: an embargo, an entity list. Past review it goes on counting; only an end in law ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proscribes {}

impl Effect for Grants {
    const ENDS_AT_REVIEW: bool = true;
}
impl Effect for Proscribes {
    const ENDS_AT_REVIEW: bool = false;
}

/// One fact and its dates. `E` says in the type which way it fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<T, E> {
    /// The fact.
    pub fact: T,
    /// Its dates.
    pub dated: Dated,
    effect: PhantomData<E>,
}

impl<T, E: Effect> Row<T, E> {
    /// A row of `fact`.
    #[must_use]
    pub fn new(fact: T, dated: Dated) -> Self {
        Self { fact, dated, effect: PhantomData }
    }

    /// Whether the row counts at `now` for what was so at `valid`, as far as the node knew at `known`.
    #[must_use]
    pub fn counts(&self, valid: Stamp, known: Stamp, now: Stamp) -> bool {
        self.dated.is_valid(valid) && self.dated.is_known(known) && (!E::ENDS_AT_REVIEW || now < self.dated.review)
    }

    /// Whether the row counts at `now` for what is so now.
    #[must_use]
    pub fn counts_now(&self, now: Stamp) -> bool {
        self.counts(now, now, now)
    }

    /// Whether the table as it stands says that the fact held at `at`: history, in which reviews and the node's own learning do not matter.
    #[must_use]
    pub fn held(&self, at: Stamp) -> bool {
        self.dated.withdrawn.is_none() && self.dated.is_valid(at)
    }

    /// Every instant at which an answer about this row changes, in no order.
    pub fn changes(&self) -> impl Iterator<Item = Stamp> {
        let Dated { from, until, learned, withdrawn, review, .. } = self.dated;
        let review = E::ENDS_AT_REVIEW.then_some(review);
        [from, until, learned, withdrawn, review].into_iter().flatten()
    }

    /// Whether somebody must read the row again by `by`. A row that was withdrawn needs no reading.
    #[must_use]
    pub fn is_due(&self, by: Stamp) -> bool {
        self.dated.withdrawn.is_none() && self.dated.review <= by
    }
}

/// A row that somebody must read again, in words, for `relto doctor`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    /// The review date.
    pub review: Stamp,
    /// What the row says.
    pub what: String,
    /// Who decides what is true here.
    pub authority: String,
    /// Where it is written down.
    pub source: String,
    /// Whether the row stops counting at that date; a prohibition goes on.
    pub stops: bool,
}

/// The instant `days` after `now`.
#[must_use]
pub fn in_days(now: Stamp, days: u32) -> Stamp {
    const DAY_MICROS: i64 = 86_400_000_000;
    Stamp(now.0.saturating_add(i64::from(days).saturating_mul(DAY_MICROS)))
}

/// Rows of one kind of fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table<T, E>(Vec<Row<T, E>>);

impl<T, E> Default for Table<T, E> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T, E: Effect> Table<T, E> {
    /// A table of `rows`.
    #[must_use]
    pub fn new(rows: Vec<Row<T, E>>) -> Self {
        Self(rows)
    }

    /// All rows, in the order of the file.
    #[must_use]
    pub fn rows(&self) -> &[Row<T, E>] {
        &self.0
    }

    /// The facts that count at `now`.
    pub fn counting(&self, now: Stamp) -> impl Iterator<Item = &T> {
        self.0.iter().filter(move |row| row.counts_now(now)).map(|row| &row.fact)
    }

    /// The next instant after `now` when an answer changes.
    #[must_use]
    pub fn next_change(&self, now: Stamp) -> Option<Stamp> {
        self.0.iter().flat_map(Row::changes).filter(|change| *change > now).min()
    }

    /// The rows whose review falls within `days` of `now`, or has passed; the earliest first.
    #[must_use]
    pub fn due(&self, now: Stamp, days: u32) -> Vec<Due>
    where
        T: fmt::Display,
    {
        let by = in_days(now, days);
        let mut due: Vec<Due> = self.0.iter().filter(|row| row.is_due(by)).map(Row::as_due).collect();
        due.sort();
        due
    }
}

impl<T: fmt::Display, E: Effect> Row<T, E> {
    pub(crate) fn as_due(&self) -> Due {
        Due {
            review: self.dated.review,
            what: self.fact.to_string(),
            authority: self.dated.authority.clone(),
            source: self.dated.source.clone(),
            stops: E::ENDS_AT_REVIEW,
        }
    }
}

/// Why a table is refused. Rows are counted from 1.
#[derive(Debug, thiserror::Error)]
pub enum RowError {
    /// Not a list.
    #[error("the table is not a list of rows: {0}")]
    Form(#[source] serde_json::Error),
    /// A row lacks a field, has one that is not known, or a value that is none.
    #[error("row {row}: {reason}")]
    Fields {
        /// The row.
        row: usize,
        /// What is wrong, as the reader of JSON says it.
        reason: String,
    },
    /// A row contradicts itself.
    #[error("row {row}: {reason}")]
    Sense {
        /// The row.
        row: usize,
        /// What is wrong.
        reason: &'static str,
    },
}

/// Reads a list of rows. Fields of the dates and of the fact stand side by side; what is not known is refused.
///
/// # Errors
/// [`RowError`] names the row.
pub fn parse_rows<T: DeserializeOwned, E: Effect>(text: &str) -> Result<Vec<Row<T, E>>, RowError> {
    let rows: Vec<Map<String, Value>> = serde_json::from_str(text).map_err(RowError::Form)?;
    rows.into_iter().enumerate().map(|(at, fields)| row(at + 1, fields)).collect()
}

fn row<T: DeserializeOwned, E: Effect>(row: usize, fields: Map<String, Value>) -> Result<Row<T, E>, RowError> {
    const DATES: [&str; 7] = ["from", "until", "learned", "withdrawn", "authority", "source", "review"];
    let (dates, fact): (Map<_, _>, Map<_, _>) = fields.into_iter().partition(|(name, _)| DATES.contains(&name.as_str()));
    let wrong = |error: serde_json::Error| RowError::Fields { row, reason: error.to_string() };
    let fact = T::deserialize(Value::Object(fact)).map_err(wrong)?;
    let dated = Dated::deserialize(Value::Object(dates)).map_err(wrong)?;
    dated.fault().map_or(Ok(Row::new(fact, dated)), |reason| Err(RowError::Sense { row, reason }))
}

/// Dates in a table are written as people write them: a day, or RFC 3339.
pub(crate) mod written {
    use relto_model::Stamp;
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde's `with` asks for")]
    pub(crate) fn serialize<S: Serializer>(stamp: &Stamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(stamp)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Stamp, D::Error> {
        let text = String::deserialize(deserializer)?;
        Stamp::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// The same for a date that may be open.
pub(crate) mod written_or_none {
    use relto_model::Stamp;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(clippy::ref_option, reason = "the signature serde's `with` asks for")]
    pub(crate) fn serialize<S: Serializer>(stamp: &Option<Stamp>, serializer: S) -> Result<S::Ok, S::Error> {
        stamp.map(|stamp| stamp.to_string()).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Stamp>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| Stamp::parse(&text).map_err(serde::de::Error::custom)).transpose()
    }
}

#[cfg(test)]
mod tests;
