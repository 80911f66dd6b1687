//! Which nation is in which group, and when. A nation joins and leaves on known dates; both count (DESIGN.md, *Principal*).

use std::collections::BTreeMap;

use relto_model::Stamp;
use serde::{Deserialize, Serialize};

use crate::nation;

/// One spell of one nation in one group. `from` is inclusive, `until` exclusive; `None` is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// The group, in upper case.
    pub group: String,
    /// The nation, ISO 3166-1 alpha-3.
    pub member: String,
    /// First instant of the spell.
    #[serde(default, with = "written")]
    pub from: Option<Stamp>,
    /// First instant after the spell.
    #[serde(default, with = "written")]
    pub until: Option<Stamp>,
    /// Where the fact is from.
    #[serde(default)]
    pub source: String,
}

/// Dates in the table are written as people write them.
mod written {
    use relto_model::Stamp;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(clippy::ref_option, reason = "the signature serde's `with` asks for")]
    pub(super) fn serialize<S: Serializer>(stamp: &Option<Stamp>, serializer: S) -> Result<S::Ok, S::Error> {
        stamp.map(|stamp| stamp.to_string()).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Stamp>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| Stamp::parse(&text).map_err(serde::de::Error::custom)).transpose()
    }
}

/// Why a membership table is refused.
#[derive(Debug, thiserror::Error)]
pub enum MembershipError {
    /// Not the JSON list of rows that is expected.
    #[error("the membership table is not a list of rows: {0}")]
    Form(#[from] serde_json::Error),
    /// A row names a nation that ISO 3166-1 does not have.
    #[error("membership row {row}: `{member}` is not an ISO 3166-1 alpha-3 code")]
    Nation {
        /// The row, counted from 1.
        row: usize,
        /// What it says.
        member: String,
    },
    /// A spell that ends before it begins.
    #[error("membership row {row}: the spell ends before it begins")]
    Spell {
        /// The row, counted from 1.
        row: usize,
    },
}

/// The dated table of nation-based groups.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Memberships {
    groups: BTreeMap<String, Vec<Membership>>,
}

impl Memberships {
    /// The table that ships with Relto: NATO, EU, EEA, FVEY, AUKUS.
    ///
    /// # Errors
    /// Never for the shipped text; a test holds it.
    pub fn builtin() -> Result<Self, MembershipError> {
        Self::parse(include_str!("../data/memberships.json"))
    }

    /// Reads a table from its JSON form.
    ///
    /// # Errors
    /// [`MembershipError`] names the row.
    pub fn parse(text: &str) -> Result<Self, MembershipError> {
        let rows: Vec<Membership> = serde_json::from_str(text)?;
        let mut groups: BTreeMap<String, Vec<Membership>> = BTreeMap::new();
        for (at, row) in rows.into_iter().enumerate() {
            if nation::index(&row.member).is_none() {
                return Err(MembershipError::Nation { row: at + 1, member: row.member });
            }
            if row.from.zip(row.until).is_some_and(|(from, until)| until <= from) {
                return Err(MembershipError::Spell { row: at + 1 });
            }
            groups.entry(row.group.to_ascii_uppercase()).or_default().push(row);
        }
        Ok(Self { groups })
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

    /// Whether `nation` was in `group` at `at`.
    #[must_use]
    pub fn is_member(&self, nation: &str, group: &str, at: Stamp) -> bool {
        self.members(group, at).any(|member| member == nation)
    }

    /// The nations in `group` at `at`, a nation once per spell.
    pub fn members(&self, group: &str, at: Stamp) -> impl Iterator<Item = &str> {
        let spells = self.groups.get(group).map_or(&[] as &[_], Vec::as_slice);
        spells
            .iter()
            .filter(move |spell| spell.from.is_none_or(|from| from <= at) && spell.until.is_none_or(|until| at < until))
            .map(|spell| spell.member.as_str())
    }

    /// The last instant at or before `at` when the members of `group` changed; `None` before the first.
    #[must_use]
    pub fn last_change(&self, group: &str, at: Stamp) -> Option<Stamp> {
        self.changes(group).filter(|change| *change <= at).max()
    }

    /// The next instant after `at` when the members of any group change.
    #[must_use]
    pub fn next_change(&self, at: Stamp) -> Option<Stamp> {
        self.groups.keys().flat_map(|group| self.changes(group)).filter(|change| *change > at).min()
    }

    fn changes(&self, group: &str) -> impl Iterator<Item = Stamp> {
        let spells = self.groups.get(group).map_or(&[] as &[_], Vec::as_slice);
        spells.iter().flat_map(|spell| [spell.from, spell.until]).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(group: &str, at: &str) -> usize {
        Memberships::builtin().unwrap().members(group, Stamp::parse(at).unwrap()).count()
    }

    /// Sizes at dates that everybody can look up.
    #[test]
    fn shipped_table_has_the_known_sizes() {
        for (group, at, size) in [
            ("NATO", "1950-01-01", 12),
            ("NATO", "1999-03-11", 16),
            ("NATO", "2023-04-03", 30),
            ("NATO", "2023-04-04", 31),
            ("NATO", "2026-11-23", 32),
            ("EU", "2019-06-01", 28),
            ("EU", "2020-01-31", 28),
            ("EU", "2020-02-01", 27),
            ("FVEY", "2026-11-23", 5),
            ("AUKUS", "2021-09-14", 0),
            ("AUKUS", "2026-11-23", 3),
            ("EEA", "2026-11-23", 30),
        ] {
            assert_eq!(count(group, at), size, "{group} at {at}");
        }
    }

    #[test]
    fn bad_tables_are_refused_by_row() {
        for (text, part) in [
            ("{}", "not a list"),
            (r#"[{"group":"G","member":"XXX"}]"#, "row 1: `XXX`"),
            (r#"[{"group":"G","member":"FRA","from":"2020-01-01","until":"2019-01-01"}]"#, "ends before"),
            (r#"[{"group":"G","member":"FRA","from":"yesterday"}]"#, "yesterday"),
        ] {
            assert!(Memberships::parse(text).unwrap_err().to_string().contains(part), "{text}");
        }
    }
}
