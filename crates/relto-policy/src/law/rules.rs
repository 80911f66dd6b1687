//! The table of legal rules: data that ships, that a lawyer can read (`docs/law.md`), and that a site's authority edits.
//!
//! A rule says for which values of a law's tag it speaks, what is required, on which grounds a release may rest, what must be seen to, and
//! what happens otherwise. Every rule in force that speaks for a value must be met; a value that none speaks for is denied.

use std::fmt;

use relto_model::Stamp;
use relto_model::label::Restriction;
use serde::{Deserialize, Serialize};

use super::condition::{Condition, Named};
use super::facts::same;
use super::obligation::{Obligation, ObligationSet};
use super::value::{Form, Reading};
use crate::dated::{Due, Grants, Row, RowError, Table, parse_rows};

/// What happens when a rule is not met; the later, the stricter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// Only without the parts that the tag speaks of.
    Redact,
    /// Not until somebody has decided.
    Pend,
    /// Not at all.
    Deny,
}

/// A ground that a release may rest on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ground {
    /// What it is, in the words of the law.
    pub says: String,
    /// Every one must be met.
    pub when: Vec<Condition>,
    /// What it asks of whoever passes the object on.
    #[serde(default)]
    pub obligations: Vec<Obligation>,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalRule {
    /// Its name in the table.
    pub id: String,
    /// The law, as in a tag: `GDPR`, `ITAR`.
    pub law: String,
    /// The forms of the values that it speaks for.
    pub values: Vec<Form>,
    /// Values that begin so are another rule's.
    #[serde(default)]
    pub except: Vec<Form>,
    /// What it is about, in one line.
    pub says: String,
    /// Where the rule stands.
    pub citation: String,
    /// The text of the law that was read.
    pub version: String,
    /// What happens when it is not met.
    pub otherwise: Refusal,
    /// Every one must be met, whatever the ground.
    #[serde(default)]
    pub requires: Vec<Condition>,
    /// One must be met.
    pub grounds: Vec<Ground>,
    /// What the rule asks of whoever passes the object on, whatever the ground.
    #[serde(default)]
    pub obligations: Vec<Obligation>,
}

impl fmt::Display for LegalRule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "rule {} ({})", self.id, self.citation)
    }
}

impl LegalRule {
    /// What the value of `tag` says, if the rule speaks for it.
    #[must_use]
    pub fn read(&self, tag: &Restriction) -> Option<Reading> {
        let is_mine = same(&self.law, &tag.tag) && !self.except.iter().any(|form| form.begins(&tag.value));
        if is_mine { self.values.iter().find_map(|form| form.read(&tag.value)) } else { None }
    }

    /// Whether nothing that `shipped` refuses or asks for gets easier under `self`: more may be required, fewer grounds may be left, more
    /// may have to be seen to, and what happens otherwise may be stricter.
    #[must_use]
    pub fn is_as_tight_as(&self, shipped: &Self) -> bool {
        let has_all = |own: &[Condition], theirs: &[Condition]| theirs.iter().all(|condition| own.contains(condition));
        let set = |list: &[Obligation]| ObligationSet::of(list);
        let rests_on_theirs = |own: &Ground| {
            let narrows = |theirs: &&Ground| {
                let all = set(&own.obligations).union(set(&self.obligations));
                has_all(&own.when, &theirs.when) && set(&theirs.obligations).is_subset(all)
            };
            shipped.grounds.iter().any(|theirs| narrows(&theirs))
        };
        self.law == shipped.law
            && self.values == shipped.values
            && self.except == shipped.except
            && self.otherwise >= shipped.otherwise
            && has_all(&self.requires, &shipped.requires)
            && set(&shipped.obligations).is_subset(set(&self.obligations))
            && self.grounds.iter().all(rests_on_theirs)
    }
}

/// Why a table of rules is refused. Rows are counted from 1.
#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    /// A row cannot be read.
    #[error("the table of legal rules cannot be read: {0}")]
    Row(#[from] RowError),
    /// Two rows of one name.
    #[error("legal rule {row}: there is a rule `{id}` already")]
    Twice {
        /// The row.
        row: usize,
        /// Its name.
        id: String,
    },
    /// A row without forms, or without grounds, speaks for nothing.
    #[error("legal rule {row}: a rule has at least one form in `values` and one ground in `grounds`")]
    Empty {
        /// The row.
        row: usize,
    },
    /// A site's row would let in what the shipped row does not.
    #[error("legal rule {row}: `{id}` may be renewed and tightened, not loosened, and its dates stay but for `review`")]
    Looser {
        /// The row.
        row: usize,
        /// Its name.
        id: String,
    },
}

/// The rules, each with its dates. Past review a rule denies.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LawRules(Table<LegalRule, Grants>);

impl LawRules {
    /// The table that ships with Relto.
    ///
    /// # Errors
    /// Never for the shipped text; a test holds it.
    pub fn builtin() -> Result<Self, RuleError> {
        Self::parse(include_str!("../../data/law/rules.json"))
    }

    /// Reads a table.
    ///
    /// # Errors
    /// [`RuleError`] names the row.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        let rows: Vec<Row<LegalRule, Grants>> = parse_rows(text)?;
        for (at, row) in rows.iter().enumerate() {
            let rule = &row.fact;
            if rule.values.is_empty() || rule.grounds.is_empty() {
                return Err(RuleError::Empty { row: at + 1 });
            }
            if rows.iter().take(at).any(|other| other.fact.id == rule.id) {
                return Err(RuleError::Twice { row: at + 1, id: rule.id.clone() });
            }
        }
        Ok(Self(Table::new(rows)))
    }

    /// This table with a site's own rows: one of a known name takes the place of that rule if it is as tight, another is added.
    ///
    /// # Errors
    /// [`RuleError`] names the row of the site's text.
    pub fn with_site(self, text: &str) -> Result<Self, RuleError> {
        let site = Self::parse(text)?;
        let mut rows = self.0.rows().to_vec();
        for (at, own) in site.0.rows().iter().enumerate() {
            match rows.iter_mut().find(|row| row.fact.id == own.fact.id) {
                Some(row) if own.fact.is_as_tight_as(&row.fact) && has_same_dates(own, row) => *row = own.clone(),
                Some(_) => return Err(RuleError::Looser { row: at + 1, id: own.fact.id.clone() }),
                None => rows.push(own.clone()),
            }
        }
        Ok(Self(Table::new(rows)))
    }

    /// All rules, in the order of the table.
    #[must_use]
    pub fn rows(&self) -> &[Row<LegalRule, Grants>] {
        self.0.rows()
    }

    /// The laws that the table knows, in its order, each once.
    #[must_use]
    pub fn laws(&self) -> Vec<&str> {
        let mut laws: Vec<&str> = Vec::new();
        for row in self.rows() {
            if !laws.contains(&row.fact.law.as_str()) {
                laws.push(&row.fact.law);
            }
        }
        laws
    }

    /// What `tag` names and the rules in force ask about: purposes, contracts, mandates, authorisations.
    #[must_use]
    pub fn named(&self, tag: &Restriction, now: Stamp) -> Vec<Named> {
        let in_force = self.rows().iter().filter(|row| row.dated.is_valid(now) && row.dated.is_known(now));
        let named = in_force.filter_map(|row| Some((&row.fact, row.fact.read(tag)?))).flat_map(|(rule, reading)| {
            let conditions = rule.requires.iter().chain(rule.grounds.iter().flat_map(|ground| &ground.when));
            conditions.filter_map(|condition| condition.named(&reading)).collect::<Vec<_>>()
        });
        named.collect()
    }

    /// The next instant after `now` when a rule begins, ends or is past review.
    #[must_use]
    pub fn next_change(&self, now: Stamp) -> Option<Stamp> {
        self.0.next_change(now)
    }

    /// The rules whose review falls within `days` of `now`, or has passed; the earliest first.
    #[must_use]
    pub fn due(&self, now: Stamp, days: u32) -> Vec<Due> {
        self.0.due(now, days)
    }
}

fn has_same_dates(own: &Row<LegalRule, Grants>, shipped: &Row<LegalRule, Grants>) -> bool {
    let dates = |row: &Row<LegalRule, Grants>| [row.dated.from, row.dated.until, row.dated.learned, row.dated.withdrawn];
    dates(own) == dates(shipped)
}
