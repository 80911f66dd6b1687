//! The one structure that every marking scheme maps into, and its lattice.
//!
//! A [`Label`] is a conjunction of [`Facet`]s, one per policy. A facet restricts by level, by permissive [`Clause`]s (each names
//! who may read: the reader must meet every clause) and by restrictive values (the reader must hold every one). No clause
//! means unrestricted; a clause without values means nobody. What a reader meets or holds is `relto-policy`'s question.
//!
//! A facet may have alternatives, its counterparts in other policies (STANAG 4774, `alternativeConfidentialityLabel`): who may read one of
//! them may read what carries the facet. And a label may become another one at dates that it gives (`SuccessionHandling`): it is a step
//! function of time, and all of the above holds at each instant.
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
    /// What the facet is in other policies; meeting one of them suffices. They have none of their own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub alternatives: BTreeMap<PolicyId, Facet>,
}

impl Facet {
    /// A facet that restricts by `level` alone.
    #[must_use]
    pub fn at_level(level: u8) -> Self {
        Self { level, permissive: BTreeSet::new(), restrictive: BTreeSet::new(), alternatives: BTreeMap::new() }
    }

    /// The same facet for the audience of `clause` only.
    #[must_use]
    pub fn only(mut self, clause: Clause) -> Self {
        self.permissive.insert(clause);
        self.minimise();
        self
    }

    /// The same facet, or `other`, its counterpart in `policy`, whose own alternatives are dropped.
    #[must_use]
    pub fn or(mut self, policy: PolicyId, mut other: Self) -> Self {
        other.alternatives.clear();
        other.minimise();
        self.alternatives.insert(policy, other);
        self
    }

    fn join(&mut self, other: &Self) {
        self.level = self.level.max(other.level);
        self.permissive.extend(other.permissive.iter().cloned());
        self.restrictive.extend(other.restrictive.iter().cloned());
        // Only where both have a counterpart in one policy does one suffice for both: who reads by it may read each part.
        self.alternatives.retain(|policy, _| other.alternatives.contains_key(policy));
        for (policy, own) in &mut self.alternatives {
            other.alternatives.get(policy).into_iter().for_each(|theirs| own.join(theirs));
        }
        self.minimise();
    }

    /// Drops each clause that another one of its tag implies, so that equal meanings have equal forms.
    fn minimise(&mut self) {
        let all: Vec<Clause> = self.permissive.iter().cloned().collect();
        self.permissive.retain(|clause| {
            !all.iter().any(|other| other.tag == clause.tag && other.values != clause.values && other.values.is_subset(&clause.values))
        });
        for other in self.alternatives.values_mut() {
            other.alternatives.clear();
            other.minimise();
        }
    }
}

/// A facet per policy; every one must let the reader in.
type Facets = BTreeMap<PolicyId, Facet>;

fn join_facets(own: &mut Facets, other: &Facets) {
    for (policy, facet) in other {
        match own.get_mut(policy) {
            Some(own) => own.join(facet),
            None => {
                own.insert(policy.clone(), facet.clone());
            }
        }
    }
}

/// A label: at least one facet; every facet must let the reader in. From each later date on, other facets hold.
// INVARIANT: at no time without facets, every facet minimal, no step equal to the one before: equal meaning of clauses, equal form, equal
// digest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Label {
    facets: Facets,
    later: BTreeMap<Stamp, Facets>,
}

/// The stored form. Names of policies are in upper case, so that none is called `later`.
#[derive(Serialize, Deserialize)]
struct Written {
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    later: BTreeMap<Stamp, Facets>,
    #[serde(flatten)]
    facets: Facets,
}

/// A label must have at least one facet: nothing is public by omission.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a label needs at least one policy")]
pub struct EmptyLabel;

impl Label {
    /// The label of one facet.
    #[must_use]
    pub fn new(policy: PolicyId, mut facet: Facet) -> Self {
        facet.minimise();
        Self { facets: BTreeMap::from([(policy, facet)]), later: BTreeMap::new() }
    }

    /// The same label until `from`; from then on, what `other` says at each instant.
    #[must_use]
    pub fn then(mut self, from: Stamp, other: &Self) -> Self {
        self.later.retain(|at, _| *at < from);
        self.later.insert(from, other.facets_at(from).clone());
        self.later.extend(other.later.iter().filter(|(at, _)| **at > from).map(|(at, facets)| (*at, facets.clone())));
        self.drop_idle_steps();
        self
    }

    /// The label without what it was before `now`.
    #[must_use]
    pub fn since(mut self, now: Stamp) -> Self {
        self.facets = self.facets_at(now).clone();
        self.later.retain(|at, _| *at > now);
        self.drop_idle_steps();
        self
    }

    /// The label of what `change` makes of the facets of each time. Where it leaves none, those before stay: nothing is public by omission.
    #[must_use]
    pub fn map(mut self, change: impl Fn(BTreeMap<PolicyId, Facet>) -> BTreeMap<PolicyId, Facet>) -> Self {
        for facets in std::iter::once(&mut self.facets).chain(self.later.values_mut()) {
            let mut changed = change(facets.clone());
            changed.values_mut().for_each(Facet::minimise);
            if !changed.is_empty() {
                *facets = changed;
            }
        }
        self.drop_idle_steps();
        self
    }

    /// The least label that restricts at least as much as `self` and as `other`, at each instant.
    #[must_use]
    pub fn join(mut self, other: &Self) -> Self {
        let steps: BTreeSet<Stamp> = self.changes().chain(other.changes()).collect();
        let mut later = BTreeMap::new();
        for at in steps {
            let mut facets = self.facets_at(at).clone();
            join_facets(&mut facets, other.facets_at(at));
            later.insert(at, facets);
        }
        join_facets(&mut self.facets, &other.facets);
        self.later = later;
        self.drop_idle_steps();
        self
    }

    /// The facets before any later date, in the order of their policies' names.
    pub fn facets(&self) -> impl Iterator<Item = (&PolicyId, &Facet)> {
        self.facets.iter()
    }

    /// The facets that hold at `now`, by policy.
    #[must_use]
    pub fn facets_at(&self, now: Stamp) -> &BTreeMap<PolicyId, Facet> {
        self.later.range(..=now).next_back().map_or(&self.facets, |(_, facets)| facets)
    }

    /// The facets from each later date on, in order.
    pub fn later(&self) -> impl Iterator<Item = (Stamp, &BTreeMap<PolicyId, Facet>)> {
        self.later.iter().map(|(at, facets)| (*at, facets))
    }

    /// Every facet of every time, alternatives included, with its policy.
    pub fn facets_ever(&self) -> impl Iterator<Item = (&PolicyId, &Facet)> {
        let facets = self.facets.iter().chain(self.later.values().flatten());
        facets.flat_map(|(policy, facet)| std::iter::once((policy, facet)).chain(&facet.alternatives))
    }

    /// The dates from which the label is another, in order.
    pub fn changes(&self) -> impl Iterator<Item = Stamp> {
        self.later.keys().copied()
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

    fn drop_idle_steps(&mut self) {
        let mut before = &self.facets;
        let mut idle = Vec::new();
        for (at, facets) in &self.later {
            if facets == before {
                idle.push(*at);
            }
            before = facets;
        }
        self.later.retain(|at, _| !idle.contains(at));
    }
}

impl TryFrom<Facets> for Label {
    type Error = EmptyLabel;
    fn try_from(facets: Facets) -> Result<Self, EmptyLabel> {
        Self::try_from(Written { facets, later: BTreeMap::new() })
    }
}

impl TryFrom<Written> for Label {
    type Error = EmptyLabel;
    fn try_from(Written { mut facets, mut later }: Written) -> Result<Self, EmptyLabel> {
        let mut all = std::iter::once(&mut facets).chain(later.values_mut());
        if all.any(|facets| {
            facets.values_mut().for_each(Facet::minimise);
            facets.is_empty()
        }) {
            return Err(EmptyLabel);
        }
        let mut label = Self { facets, later };
        label.drop_idle_steps();
        Ok(label)
    }
}

impl From<Label> for Written {
    fn from(Label { facets, later }: Label) -> Self {
        Self { later, facets }
    }
}

#[cfg(test)]
mod tests;
