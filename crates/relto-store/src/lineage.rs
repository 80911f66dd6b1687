//! Which of several rows of one id stand, among those that one reader may see.
//!
//! Versions of an object follow each other in the hand of the organisation that wrote them, its *lineage*: what somebody else wrote under the
//! same id, because the object was hidden from them, stands beside it and never in its place. Rows of one version and content are one, as when
//! a marking-definition goes along under several labels; the one that became visible first stands for them. To a partner, the same of two
//! organisations are two: what stands there must not depend on which of them came first. One version with several contents, as of an
//! observable that two sources describe, stands in each.

use std::collections::{BTreeSet, HashMap};

use crate::page::{Audience, Position};

/// A row that the reader may see.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) position: Position,
    pub(crate) owner: String,
    /// The sort key of its version.
    pub(crate) version: String,
    /// The digest of its content, where it matters: see [`contents_matter`].
    pub(crate) content: [u8; 32],
}

/// Whether rows can be told apart by version alone.
pub(crate) fn contents_matter(rows: &[Seen]) -> bool {
    let versions: BTreeSet<&str> = rows.iter().map(|row| row.version.as_str()).collect();
    versions.len() < rows.len()
}

/// The rows that stand, by where they stand.
#[derive(Debug, Default)]
pub(crate) struct Lineages(HashMap<Position, Standing>);

/// Where a row stands in its lineage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) is_first: bool,
    pub(crate) is_last: bool,
}

impl Lineages {
    pub(crate) fn of(mut rows: Vec<Seen>, audience: &Audience) -> Self {
        rows.sort_by_key(|row| row.position);
        let mut known = BTreeSet::new();
        let hand = |row: &Seen| matches!(audience, Audience::Partner { .. }).then(|| row.owner.clone());
        rows.retain(|row| known.insert((hand(row), row.version.clone(), row.content)));
        let mut bounds: HashMap<&str, (&str, &str)> = HashMap::new();
        for row in &rows {
            let (first, last) = bounds.entry(&row.owner).or_insert((&row.version, &row.version));
            *first = (*first).min(&row.version);
            *last = (*last).max(&row.version);
        }
        let standing = |row: &Seen| {
            let (first, last) = bounds.get(row.owner.as_str()).copied().unwrap_or_default();
            (row.position, Standing { is_first: first == row.version, is_last: last == row.version })
        };
        Self(rows.iter().map(standing).collect())
    }

    /// How the row at `position` stands; `None` when another stands for it.
    pub(crate) fn standing(&self, position: Position) -> Option<Standing> {
        self.0.get(&position).copied()
    }
}

#[cfg(test)]
mod tests {
    use relto_gate::Arrival;

    use super::*;

    /// `owner version content`, in the order in which they became visible; which stand, and as what.
    fn check(rows: &[(&str, &str, u8)], expected: &[&str]) {
        check_for(&Audience::Own, rows, expected);
    }

    fn check_for(audience: &Audience, rows: &[(&str, &str, u8)], expected: &[&str]) {
        let seen = |(at, (owner, version, content)): (usize, &(&str, &str, u8))| Seen {
            position: Position { visible: Arrival(at as u64), row: Arrival(at as u64) },
            owner: (*owner).to_owned(),
            version: (*version).to_owned(),
            content: [*content; 32],
        };
        let rows: Vec<Seen> = rows.iter().enumerate().map(seen).collect();
        let lineages = Lineages::of(rows.clone(), audience);
        let shown = rows.iter().map(|row| match lineages.standing(row.position) {
            None => "-",
            Some(Standing { is_first: true, is_last: true }) => "only",
            Some(Standing { is_first: true, is_last: false }) => "first",
            Some(Standing { is_first: false, is_last: true }) => "last",
            Some(Standing { is_first: false, is_last: false }) => "between",
        });
        assert_eq!(shown.collect::<Vec<_>>(), expected, "{rows:?}");
    }

    #[test]
    fn versions_of_one_hand_follow_each_other() {
        check(&[("A", "2", 2), ("A", "1", 1), ("A", "3", 3)], &["between", "first", "last"]);
    }

    #[test]
    fn a_stranger_stands_beside_and_not_in_the_place() {
        check(&[("A", "1", 1), ("B", "9", 9)], &["only", "only"]);
        check(&[("B", "9", 9), ("A", "1", 1), ("A", "2", 2)], &["only", "first", "last"]);
    }

    #[test]
    fn a_copy_is_one_with_what_was_seen_first() {
        check(&[("A", "1", 1), ("A", "1", 1), ("B", "1", 1)], &["only", "-", "-"]);
        check(&[("B", "1", 1), ("A", "1", 1), ("A", "2", 2)], &["only", "-", "only"]);
    }

    #[test]
    fn each_owners_copy_goes_to_a_partner() {
        let partner = Audience::Partner { not_of: BTreeSet::new() };
        check_for(&partner, &[("A", "1", 1), ("A", "1", 1), ("B", "1", 1)], &["only", "-", "only"]);
        check_for(&partner, &[("B", "1", 1), ("A", "1", 1), ("A", "2", 2)], &["only", "first", "last"]);
    }

    #[test]
    fn one_version_stands_in_each_of_its_contents() {
        check(&[("A", "0", 1), ("A", "0", 2), ("B", "0", 3)], &["only", "only", "only"]);
    }
}
