//! The compiled floor: the mandatory rule of ADatP-4774.1, 3.11.4, over bit sets.
//!
//! Labels and profiles are compiled for one instant, so that time, group membership and equivalences are no longer questions when
//! [`decide`] runs. Whoever keeps compiled values must drop them at the next change of any fact; `relto-gate` does.

use relto_model::label::{Clause, Restriction};
use relto_model::{Facet, Label, PolicyId, Stamp, Value};

use crate::Verdict;
use crate::nation::NationSet;
use crate::policy;
use crate::profile::{GroupMembership, Profile};
use crate::rules::Rules;

/// A label, ready to be decided at one instant.
#[derive(Debug, Clone)]
pub struct CompiledLabel {
    /// `None` for a policy that this release does not know: it admits nobody.
    facets: Vec<Option<CompiledFacet>>,
}

#[derive(Debug, Clone)]
struct CompiledFacet {
    policy: PolicyId,
    /// The clearance that is needed, if any.
    level: Option<u8>,
    clauses: Vec<CompiledClause>,
    restrictive: Vec<Restriction>,
}

#[derive(Debug, Clone)]
struct CompiledClause {
    /// Nations named, and members of the named groups of nations, then and now.
    nations: NationSet,
    /// Groups without a table, and when the label was made.
    groups: Vec<(String, Stamp)>,
    organisations: Vec<String>,
    persons: Vec<String>,
    recipients_of: Vec<String>,
    clients_of: Vec<String>,
    /// Values that are held like restrictive ones.
    categories: Vec<Restriction>,
}

/// A profile, ready to be decided at one instant.
#[derive(Debug, Clone)]
pub struct CompiledProfile {
    nations: NationSet,
    levels: Vec<(PolicyId, u8)>,
    /// Memberships that hold now.
    groups: Vec<GroupMembership>,
    profile: Profile,
}

impl CompiledLabel {
    /// Compiles `label` as it reads at `now`.
    #[must_use]
    pub fn new(label: &Label, rules: &Rules, now: Stamp) -> Self {
        Self { facets: label.facets().map(|(policy, facet)| compile_facet(policy, facet, rules, now)).collect() }
    }
}

fn compile_facet(id: &PolicyId, facet: &Facet, rules: &Rules, now: Stamp) -> Option<CompiledFacet> {
    let policy = policy::of(id)?;
    policy.level_of_rank(facet.level)?;
    Some(CompiledFacet {
        policy: id.clone(),
        level: (facet.level > policy.clearance_above).then_some(facet.level),
        clauses: facet.permissive.iter().map(|clause| compile_clause(clause, rules, now)).collect(),
        restrictive: facet.restrictive.iter().cloned().collect(),
    })
}

fn compile_clause(clause: &Clause, rules: &Rules, now: Stamp) -> CompiledClause {
    let mut compiled = CompiledClause {
        nations: NationSet::default(),
        groups: Vec::new(),
        organisations: Vec::new(),
        persons: Vec::new(),
        recipients_of: Vec::new(),
        clients_of: Vec::new(),
        categories: Vec::new(),
    };
    for value in &clause.values {
        match value {
            Value::Nation(code) => compiled.nations.insert(code),
            Value::Group { name, as_of } if rules.memberships.knows(name) => {
                let then = rules.memberships.members(name, *as_of);
                then.filter(|nation| rules.memberships.is_member(nation, name, now)).for_each(|nation| compiled.nations.insert(nation));
            }
            Value::Group { name, as_of } => compiled.groups.push((name.clone(), *as_of)),
            Value::Organisation(name) => compiled.organisations.push(name.clone()),
            Value::Person(name) => compiled.persons.push(name.clone()),
            Value::RecipientsOf(collection) => compiled.recipients_of.push(collection.clone()),
            Value::ClientsOf(collection) => compiled.clients_of.push(collection.clone()),
            Value::Category(name) => compiled.categories.push(Restriction { tag: clause.tag.clone(), value: name.clone() }),
        }
    }
    compiled
}

impl CompiledProfile {
    /// Compiles `profile` as it stands at `now`.
    #[must_use]
    pub fn new(profile: &Profile, rules: &Rules, now: Stamp) -> Self {
        let mut nations = NationSet::default();
        profile.nations.iter().for_each(|nation| nations.insert(nation));
        let mut levels: Vec<(PolicyId, u8)> = profile
            .clearances
            .iter()
            .filter(|clearance| clearance.until.is_none_or(|until| now < until))
            .map(|clearance| (clearance.policy.clone(), clearance.level))
            .collect();
        let equivalent: Vec<_> = rules
            .equivalences
            .iter()
            .filter(|rule| levels.iter().any(|(policy, level)| *policy == rule.held.0 && *level >= rule.held.1))
            .map(|rule| rule.counts_as.clone())
            .collect();
        levels.extend(equivalent);
        let groups = profile.groups.iter().filter(|membership| membership.covers(now)).cloned().collect();
        Self { nations, levels, groups, profile: profile.clone() }
    }

    fn is_cleared(&self, policy: &PolicyId, level: u8) -> bool {
        self.levels.iter().any(|(own, highest)| own == policy && *highest >= level)
    }

    fn meets(&self, policy: &PolicyId, clause: &CompiledClause) -> bool {
        let by_nation = !self.nations.is_empty() && self.nations.is_subset(&clause.nations);
        by_nation || self.is_named(clause) || clause.categories.iter().any(|category| self.holds(policy, category))
    }

    fn is_named(&self, clause: &CompiledClause) -> bool {
        let profile = &self.profile;
        clause.organisations.contains(&profile.organisation)
            || clause.groups.iter().any(|(name, as_of)| self.groups.iter().any(|own| own.group == *name && own.covers(*as_of)))
            || clause.persons.iter().any(|name| profile.person.as_ref() == Some(name))
            || clause.recipients_of.iter().any(|collection| profile.recipient_of.contains(collection))
            || clause.clients_of.iter().any(|collection| profile.client_of.contains(collection))
    }

    fn holds(&self, policy: &PolicyId, restriction: &Restriction) -> bool {
        self.profile.accesses.iter().any(|(own, value)| own == policy && value == restriction)
    }
}

/// Whether `profile` may read what carries `label`. Both must be compiled for the same instant and rules.
#[must_use]
pub fn decide(profile: &CompiledProfile, label: &CompiledLabel) -> Verdict {
    let admitted = |facet: &CompiledFacet| {
        facet.clauses.iter().all(|clause| profile.meets(&facet.policy, clause))
            && facet.level.is_none_or(|level| profile.is_cleared(&facet.policy, level))
            && facet.restrictive.iter().all(|restriction| profile.holds(&facet.policy, restriction))
    };
    let permitted = !label.facets.is_empty() && label.facets.iter().all(|facet| facet.as_ref().is_some_and(admitted));
    if permitted { Verdict::Permit } else { Verdict::Deny }
}
