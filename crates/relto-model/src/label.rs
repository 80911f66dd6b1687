//! The one structure that every marking scheme maps into, and its lattice.
//!
//! A [`Label`] is a conjunction of [`Facet`]s, one per policy. A facet restricts by level, by permissive [`Clause`]s (each names
//! who may read: the reader must meet every clause) and by restrictive values (the reader must hold every one). No clause
//! means unrestricted; a clause without values means nobody. What a reader meets or holds is `relto-policy`'s question.
//!
//! The published dominance rule for labels (ADatP-4774.1, 4.4) drops a permissive tag when two labels disagree, and so lets in
//! readers of neither. [`Label::join`] keeps both clauses: whoever may read the join may read each part, and nobody loses more.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::time::Stamp;

/// The name of a security policy, in upper case: `NATO`, `USA`, `EU`, `TLP`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PolicyId(Arc<str>);

impl PolicyId {
    /// The policy called `name`; names compare without regard to case.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(name.to_ascii_uppercase().into())
    }

    /// The name in upper case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PolicyId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}
impl fmt::Debug for PolicyId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// One entry of an audience.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// A nation by its ISO 3166-1 alpha-3 code.
    Nation(String),
    /// A group; to count, membership must hold at `as_of` (when the label was made) and when it is read.
    Group {
        /// The group's name, in upper case.
        name: String,
        /// When the label was made, or the last change of the group's membership before that.
        as_of: Stamp,
    },
    /// An organisation by name.
    Organisation(String),
    /// A person by the name of the account.
    Person(String),
    /// The organisations that a collection (by id) names as its recipients.
    RecipientsOf(String),
    /// The clients that the recipients of a collection (by id) have listed.
    ClientsOf(String),
    /// A value that only the policy of the facet knows, such as a project or a community; whoever was given that very value meets it.
    Category(String),
}

/// One permissive set: the reader must meet it. Empty values mean nobody.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Clause {
    /// The tag set the values belong to, such as `Releasable To`.
    pub tag: String,
    /// The audience.
    pub values: BTreeSet<Value>,
}

impl Clause {
    /// The clause of `tag` that admits `values`.
    pub fn new(tag: &str, values: impl IntoIterator<Item = Value>) -> Self {
        Self { tag: tag.to_owned(), values: values.into_iter().collect() }
    }
}

/// One restrictive value, such as `ATOMAL` of `Additional Sensitivity`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Restriction {
    /// The tag set the value belongs to.
    pub tag: String,
    /// The value that a reader must hold.
    pub value: String,
}

/// What one policy says about an object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Facet {
    /// The rank of the classification in its policy; higher is more sensitive. The policy names it.
    pub level: u8,
    /// Every one must be met.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub permissive: BTreeSet<Clause>,
    /// Every one must be held.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub restrictive: BTreeSet<Restriction>,
}

impl Facet {
    /// A facet that restricts by `level` alone.
    #[must_use]
    pub fn at_level(level: u8) -> Self {
        Self { level, permissive: BTreeSet::new(), restrictive: BTreeSet::new() }
    }

    /// The same facet for the audience of `clause` only.
    #[must_use]
    pub fn only(mut self, clause: Clause) -> Self {
        self.permissive.insert(clause);
        self.minimise();
        self
    }

    fn join(&mut self, other: &Self) {
        self.level = self.level.max(other.level);
        self.permissive.extend(other.permissive.iter().cloned());
        self.restrictive.extend(other.restrictive.iter().cloned());
        self.minimise();
    }

    /// Drops each clause that another one of its tag implies, so that equal meanings have equal forms.
    fn minimise(&mut self) {
        let all: Vec<Clause> = self.permissive.iter().cloned().collect();
        self.permissive.retain(|clause| {
            !all.iter().any(|other| other.tag == clause.tag && other.values != clause.values && other.values.is_subset(&clause.values))
        });
    }
}

/// A label: at least one facet; every facet must let the reader in.
// INVARIANT: not empty, and every facet minimal: equal meaning of clauses, equal form, equal digest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<PolicyId, Facet>", into = "BTreeMap<PolicyId, Facet>")]
pub struct Label(BTreeMap<PolicyId, Facet>);

/// A label must have at least one facet: nothing is public by omission.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a label needs at least one policy")]
pub struct EmptyLabel;

impl Label {
    /// The label of one facet.
    #[must_use]
    pub fn new(policy: PolicyId, mut facet: Facet) -> Self {
        facet.minimise();
        Self(BTreeMap::from([(policy, facet)]))
    }

    /// The least label that restricts at least as much as `self` and as `other`.
    #[must_use]
    pub fn join(mut self, other: &Self) -> Self {
        for (policy, facet) in &other.0 {
            match self.0.get_mut(policy) {
                Some(own) => own.join(facet),
                None => {
                    self.0.insert(policy.clone(), facet.clone());
                }
            }
        }
        self
    }

    /// The facets in the order of their policies' names.
    pub fn facets(&self) -> impl Iterator<Item = (&PolicyId, &Facet)> {
        self.0.iter()
    }

    /// SHA-256 of the RFC 8785 form: equal labels, equal digests.
    ///
    /// Map keys and set members are in order already and every number is a small integer, so that plain serialisation is canonical.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.to_json()).into()
    }

    /// The canonical JSON form, as stored.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json_canonicalizer::to_string(self).unwrap_or_default()
    }
}

impl TryFrom<BTreeMap<PolicyId, Facet>> for Label {
    type Error = EmptyLabel;
    fn try_from(mut facets: BTreeMap<PolicyId, Facet>) -> Result<Self, EmptyLabel> {
        facets.values_mut().for_each(Facet::minimise);
        if facets.is_empty() { Err(EmptyLabel) } else { Ok(Self(facets)) }
    }
}

impl From<Label> for BTreeMap<PolicyId, Facet> {
    fn from(label: Label) -> Self {
        label.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nations(codes: &[&str]) -> Clause {
        Clause::new("Releasable To", codes.iter().map(|code| Value::Nation((*code).to_owned())))
    }

    fn label(policy: &str, level: u8, clauses: &[Clause]) -> Label {
        let facet = clauses.iter().cloned().fold(Facet::at_level(level), Facet::only);
        Label::new(PolicyId::new(policy), facet)
    }

    #[test]
    fn join_keeps_both_audiences_and_drops_implied_ones() {
        let wide = label("NATO", 2, &[nations(&["FRA", "JPN"])]);
        let narrow = label("NATO", 4, &[nations(&["FRA"])]);
        assert_eq!(wide.clone().join(&narrow), narrow);
        let apart = wide.clone().join(&label("NATO", 1, &[nations(&["USA"])]));
        let (_, facet) = apart.facets().next().unwrap();
        assert_eq!((facet.level, facet.permissive.len()), (2, 2));
        assert_eq!(wide.clone().join(&label("USA", 4, &[])).facets().count(), 2);
    }

    #[test]
    fn nobody_stays_nobody() {
        let nobody = label("TLP", 5, &[Clause::new("Addressees", [])]);
        let join = nobody.join(&label("TLP", 1, &[]));
        assert!(join.facets().next().unwrap().1.permissive.iter().any(|clause| clause.values.is_empty()));
    }

    #[test]
    fn stored_form_round_trips() {
        let label = label("NATO", 4, &[nations(&["FRA"])]).join(&super::Label::new(PolicyId::new("tlp"), Facet::at_level(2)));
        let read: Label = serde_json::from_str(&label.to_json()).unwrap();
        assert_eq!(read.digest(), label.digest());
        assert!(serde_json::from_str::<Label>("{}").is_err());
    }
}
