//! Which nation is in which group, and when. A nation joins and leaves on known dates; both count (DESIGN.md, *Principal*).
//!
//! The rule is [`Memberships::counts`]: in the group when the label was made, and now, by rows that somebody still vouches for. What the
//! table says of the past alone, for words and for reports, is [`Memberships::is_member`].

use std::collections::BTreeMap;
use std::fmt;

use relto_model::Stamp;
use serde::Deserialize;

use crate::dated::{self, Due, Grants, Row, RowError, in_days};
use crate::nation;

/// One spell of one nation in one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The group, in upper case.
    pub group: String,
    /// The nation, ISO 3166-1 alpha-3.
    pub member: String,
}

impl fmt::Display for Membership {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} is in {}", self.member, self.group)
    }
}

/// A group whose later members may read what was labelled before they joined, because a policy authority signed that (`expand=at-access`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtAccess {
    /// The group, in upper case.
    pub group: String,
    /// Who signed it.
    pub signed_by: String,
}

impl fmt::Display for AtAccess {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} is expanded at access, signed by {}", self.group, self.signed_by)
    }
}

/// A row as the file has it: of a membership, or of how a group is expanded.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    group: String,
    member: Option<String>,
    expand: Option<Expand>,
    signed_by: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Expand {
    AtAccess,
}

/// Why a membership table is refused. Rows are counted from 1.
#[derive(Debug, thiserror::Error)]
pub enum MembershipError {
    /// Not a list of rows with dates.
    #[error("the membership table cannot be read: {0}")]
    Row(#[from] RowError),
    /// A row names a nation that ISO 3166-1 does not have.
    #[error("membership row {row}: `{member}` is not an ISO 3166-1 alpha-3 code")]
    Nation {
        /// The row.
        row: usize,
        /// What it says.
        member: String,
    },
    /// A row is neither a membership nor a signed expansion.
    #[error("membership row {row}: {reason}")]
    Entry {
        /// The row.
        row: usize,
        /// What is missing or too much.
        reason: &'static str,
    },
}

/// The dated table of nation-based groups.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Memberships {
    groups: BTreeMap<String, Vec<Row<Membership, Grants>>>,
    at_access: Vec<Row<AtAccess, Grants>>,
}

impl Memberships {
    /// The table that ships with Relto: NATO, EU, EEA, FVEY, AUKUS.
    ///
    /// # Errors
    /// Never for the shipped text; a test holds it.
    pub fn builtin() -> Result<Self, MembershipError> {
        Self::parse(include_str!("../data/memberships.json"))
    }

    /// Reads a table from its JSON form: rows of `group` and `member`, or of `group`, `expand` and `signed_by`, all with dates.
    ///
    /// # Errors
    /// [`MembershipError`] names the row.
    pub fn parse(text: &str) -> Result<Self, MembershipError> {
        let mut table = Self::default();
        for (at, row) in dated::parse_rows::<Entry, Grants>(text)?.into_iter().enumerate() {
            table.add(at + 1, row)?;
        }
        Ok(table)
    }

    fn add(&mut self, row: usize, entry: Row<Entry, Grants>) -> Result<(), MembershipError> {
        let Row { fact: Entry { group, member, expand, signed_by }, dated, .. } = entry;
        let group = group.to_ascii_uppercase();
        match (member, expand, signed_by.filter(|name| !name.trim().is_empty())) {
            (Some(member), None, None) if nation::index(&member).is_some() => {
                self.groups.entry(group.clone()).or_default().push(Row::new(Membership { group, member }, dated));
            }
            (Some(member), None, None) => return Err(MembershipError::Nation { row, member }),
            (None, Some(Expand::AtAccess), Some(signed_by)) => self.at_access.push(Row::new(AtAccess { group, signed_by }, dated)),
            (None, Some(Expand::AtAccess), None) => {
                return Err(MembershipError::Entry {
                    row,
                    reason: "`expand` at access needs `signed_by`, the policy authority that signed it",
                });
            }
            _ => return Err(MembershipError::Entry { row, reason: "a row has `member`, or `expand` and `signed_by`" }),
        }
        Ok(())
    }

    /// Whether `group` is in the table.
    #[must_use]
    pub fn knows(&self, group: &str) -> bool {
        self.groups.contains_key(group)
    }

    /// The names of all groups, in order.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        self.groups.keys().map(String::as_str)
    }

    /// Whether `nation` counts at `now` as one of `group` for a label made at `then`: it was a member then and is one now, as far as the
    /// node knows now and by rows that are not past review. A group that is expanded at access asks for `now` alone.
    #[must_use]
    pub fn counts(&self, nation: &str, group: &str, then: Stamp, now: Stamp) -> bool {
        let is_one = |at: Stamp| self.spells(group).iter().any(|row| row.fact.member == nation && row.counts(at, now, now));
        is_one(now) && (self.expands_at_access(group, now) || is_one(then))
    }

    /// The nations that [`counts`](Self::counts) says yes to, a nation once per spell.
    pub fn counting(&self, group: &str, then: Stamp, now: Stamp) -> impl Iterator<Item = &str> {
        let spells = self.spells(group).iter().filter(move |row| row.counts_now(now)).map(|row| row.fact.member.as_str());
        spells.filter(move |nation| self.counts(nation, group, then, now))
    }

    /// Whether a policy authority has signed that `group` is expanded at access, and still vouches for it at `now`.
    #[must_use]
    pub fn expands_at_access(&self, group: &str, now: Stamp) -> bool {
        self.at_access.iter().any(|row| row.fact.group == group && row.counts_now(now))
    }

    /// Whether the table as it stands says that `nation` was in `group` at `at`. History: reviews do not matter here.
    #[must_use]
    pub fn is_member(&self, nation: &str, group: &str, at: Stamp) -> bool {
        self.members(group, at).any(|member| member == nation)
    }

    /// The nations in `group` at `at` by [`is_member`](Self::is_member), a nation once per spell.
    pub fn members(&self, group: &str, at: Stamp) -> impl Iterator<Item = &str> {
        self.spells(group).iter().filter(move |row| row.held(at)).map(|row| row.fact.member.as_str())
    }

    /// Whether the node, at `known`, took `nation` to be in `group` at `at`: for questions about past decisions.
    #[must_use]
    pub fn was_known(&self, nation: &str, group: &str, at: Stamp, known: Stamp) -> bool {
        self.spells(group).iter().any(|row| row.fact.member == nation && row.dated.is_valid(at) && row.dated.is_known(known))
    }

    /// The last instant at or before `at` when the members of `group` changed; `None` before the first.
    #[must_use]
    pub fn last_change(&self, group: &str, at: Stamp) -> Option<Stamp> {
        let spells = self.spells(group).iter().flat_map(|row| [row.dated.from, row.dated.until]);
        spells.flatten().filter(|change| *change <= at).max()
    }

    /// The next instant after `at` when an answer changes: a nation joins or leaves, the node learns of it, or a row is past review.
    #[must_use]
    pub fn next_change(&self, at: Stamp) -> Option<Stamp> {
        let spells = self.groups.values().flatten().flat_map(Row::changes);
        spells.chain(self.at_access.iter().flat_map(Row::changes)).filter(|change| *change > at).min()
    }

    /// The rows whose review falls within `days` of `now`, or has passed; the earliest first.
    #[must_use]
    pub fn due(&self, now: Stamp, days: u32) -> Vec<Due> {
        let by = in_days(now, days);
        let spells = self.groups.values().flatten().filter(|row| row.is_due(by)).map(Row::as_due);
        let mut due: Vec<Due> = spells.chain(self.at_access.iter().filter(|row| row.is_due(by)).map(Row::as_due)).collect();
        due.sort();
        due
    }

    fn spells(&self, group: &str) -> &[Row<Membership, Grants>] {
        self.groups.get(group).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests;
