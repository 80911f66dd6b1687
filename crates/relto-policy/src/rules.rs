//! The facts that rules run on: the membership table, the groups a site knows, and which clearances count in which policy.

use std::collections::BTreeSet;
use std::sync::Arc;

use relto_model::{PolicyId, Stamp};
use serde::{Deserialize, Serialize};

use crate::law::{Law, LawRules, LawTables, RuleError, TableError};
use crate::membership::Memberships;
use crate::policy::Policies;
use crate::profile::{AttributeError, parse_level};

/// A clearance for `held` counts as one for `counts_as`. One direction only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Equivalence {
    /// Policy and rank that a person holds.
    pub held: (PolicyId, u8),
    /// Policy and rank that it then covers.
    pub counts_as: (PolicyId, u8),
}

impl Equivalence {
    /// Reads `POLICY:LEVEL` twice.
    ///
    /// # Errors
    /// [`AttributeError`] names the part that is wrong.
    pub fn parse(held: &str, counts_as: &str, policies: &Policies) -> Result<Self, AttributeError> {
        let side = |text: &str| {
            let (policy, level) = text
                .split_once(':')
                .ok_or_else(|| AttributeError::Form { given: text.to_owned(), form: "POLICY:LEVEL, such as `NATO:SECRET`" })?;
            let (policy, level) = parse_level(policy.trim(), level.trim(), text, policies)?;
            Ok((PolicyId::new(&policy.name), level.rank))
        };
        let (own, other) = (side(held)?, side(counts_as)?);
        if own.0 == other.0 {
            return Err(AttributeError::OnePolicy(held.to_owned(), counts_as.to_owned()));
        }
        Ok(Self { held: own, counts_as: other })
    }
}

/// A table that ships cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ShippedError {
    /// One of the law's tables, or that of memberships.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The law's rules.
    #[error(transparent)]
    Rules(#[from] RuleError),
}

/// Everything beside profile, label and time that a decision rests on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules {
    /// What labels may say.
    pub policies: Policies,
    /// What the law says.
    pub law: Arc<Law>,
    /// Groups of nations, dated.
    pub memberships: Memberships,
    /// Names of groups of persons and organisations that the site has declared.
    pub groups: BTreeSet<String>,
    /// Which clearances count in which policy.
    pub equivalences: BTreeSet<Equivalence>,
}

impl Rules {
    /// The shipped tables, with no group and no equivalence of a site.
    ///
    /// # Errors
    /// Never for the shipped tables; a test holds it.
    pub fn builtin() -> Result<Self, ShippedError> {
        let law = Law { rules: LawRules::builtin()?, tables: LawTables::builtin()? };
        Ok(Self { memberships: law.tables.memberships.clone(), law: Arc::new(law), ..Self::default() })
    }

    /// Whether a label may name `group`.
    #[must_use]
    pub fn knows_group(&self, group: &str) -> bool {
        self.memberships.knows(group) || self.groups.contains(group)
    }

    /// The instant to keep in a label made at `made` that names `group`.
    ///
    /// The last change of the group's membership says the same as `made` does and is shared by all labels of that generation. A group
    /// without a table keeps the day. Both lie at or before `made`: rounding can shut out a later member, never let one in.
    #[must_use]
    pub fn as_of(&self, group: &str, made: Stamp) -> Stamp {
        /// 0001-01-01: before every date of the table.
        const BEFORE_ALL: Stamp = Stamp(-62_135_596_800_000_000);
        if self.memberships.knows(group) { self.memberships.last_change(group, made).unwrap_or(BEFORE_ALL.min(made)) } else { made.day() }
    }
}
