//! What the gate knows of somebody who reads: the attributes, not the person. Equal attributes are one profile.

use std::collections::{BTreeMap, BTreeSet};

use relto_model::label::Restriction;
use relto_model::{Label, PolicyId, Stamp, TimeError};
use serde::{Deserialize, Serialize};

use crate::law::RecipientFacts;
use crate::policy::{Level, Policies, Policy};
use crate::rules::Rules;
use crate::terms::Terms;
use crate::{nation, text::nearest};

/// A clearance for a level of one policy and for those below it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Clearance {
    /// The policy that it counts in.
    pub policy: PolicyId,
    /// The highest rank that it covers.
    pub level: u8,
    /// First instant when it counts no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Stamp>,
}

/// Membership in a group that is not in the table of nations: a task force, a working group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct GroupMembership {
    /// The group, in upper case.
    pub group: String,
    /// First instant; open when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Stamp>,
    /// First instant after; open when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Stamp>,
}

impl GroupMembership {
    /// Whether the spell covers `at`.
    #[must_use]
    pub fn covers(&self, at: Stamp) -> bool {
        self.from.is_none_or(|from| from <= at) && self.until.is_none_or(|until| at < until)
    }
}

/// The attributes that decide.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Profile {
    /// All nationalities, ISO 3166-1 alpha-3. Every one must be allowed.
    pub nations: BTreeSet<String>,
    /// The organisation.
    pub organisation: String,
    /// The account, when some label names it; `None` lets equal profiles be one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// Groups beside those of the nation.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub groups: BTreeSet<GroupMembership>,
    /// Clearances.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub clearances: BTreeSet<Clearance>,
    /// Restrictive values held, with their policies.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub accesses: BTreeSet<(PolicyId, Restriction)>,
    /// Ids of the collections that name the organisation as a recipient.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub recipient_of: BTreeSet<String>,
    /// Ids of the collections one of whose recipients lists the organisation as a client.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub client_of: BTreeSet<String>,
    /// What the law asks about, beside nations and organisation, which are the profile's own.
    #[serde(default)]
    pub facts: RecipientFacts,
    /// What was agreed with whoever has it: nothing outside these terms, whatever it is cleared for.
    #[serde(default, skip_serializing_if = "Terms::is_open")]
    pub terms: Terms,
}

/// The highest level of each policy that an agreement is about; of a policy that is not in it, all levels.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ceilings(BTreeMap<PolicyId, u8>);

impl Ceilings {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads `POLICY:LEVEL`, one for each policy; of two for one, the lower counts.
    ///
    /// # Errors
    /// [`AttributeError`] when a policy or level is none.
    pub fn parse<'t>(texts: impl IntoIterator<Item = &'t str>, policies: &Policies) -> Result<Self, AttributeError> {
        let mut ceilings = BTreeMap::new();
        for text in texts {
            let form = || AttributeError::Form { given: text.to_owned(), form: "POLICY:LEVEL" };
            let (policy, level) = text.split_once(':').ok_or_else(form)?;
            let (policy, level) = parse_level(policy.trim(), level.trim(), text, policies)?;
            let rank = ceilings.entry(PolicyId::new(&policy.name)).or_insert(level.rank);
            *rank = level.rank.min(*rank);
        }
        Ok(Self(ceilings))
    }

    /// Whether `label`, as it reads at `now`, is above none of them.
    #[must_use]
    pub fn admit(&self, label: &Label, now: Stamp) -> bool {
        self.is_empty() || label.facets_at(now).iter().all(|(policy, facet)| self.0.get(policy).is_none_or(|most| facet.level <= *most))
    }

    /// In words.
    #[must_use]
    pub fn in_words(&self, policies: &Policies) -> String {
        let one = |(policy, rank): (&PolicyId, &u8)| {
            format!("{policy} up to {}", policies.level_name(policy, *rank).unwrap_or("a level that is gone"))
        };
        self.0.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    /// Each as `POLICY:LEVEL`.
    #[must_use]
    pub fn written(&self, policies: &Policies) -> Vec<String> {
        let one = |(policy, rank): (&PolicyId, &u8)| format!("{policy}:{}", policies.level_name(policy, *rank).unwrap_or("?"));
        self.0.iter().map(one).collect()
    }
}

/// Why an attribute, as written on a command line, is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AttributeError {
    /// Not an ISO 3166-1 alpha-3 code.
    #[error("unknown nation `{given}`: write the ISO 3166-1 alpha-3 code{}", suggestion(.nearest))]
    Nation {
        /// What was written.
        given: String,
        /// A code like it.
        nearest: Option<String>,
    },
    /// No such policy.
    #[error("unknown policy `{given}` in `{whole}`: clearances are given in {known}")]
    Policy {
        /// What was written for the policy.
        given: String,
        /// The whole attribute.
        whole: String,
        /// The policies there are.
        known: String,
    },
    /// No such level in that policy.
    #[error("policy {policy} has no level `{given}`: it has {known}")]
    Level {
        /// The policy.
        policy: String,
        /// What was written.
        given: String,
        /// The levels there are.
        known: String,
    },
    /// The form is not the one asked for.
    #[error("`{given}` is not of the form {form}")]
    Form {
        /// What was written.
        given: String,
        /// What is asked for.
        form: &'static str,
    },
    /// A date that is none.
    #[error("in `{given}`: `{date}` is no date: write a day such as `2027-12-31`, or an RFC 3339 time in UTC")]
    Date {
        /// The whole attribute.
        given: String,
        /// What stands for the date.
        date: String,
        /// What is wrong with it.
        source: TimeError,
    },
    /// An equivalence within one policy, which would promote everybody who holds the lower level.
    #[error("`{0}` and `{1}` are of one policy, where the higher level covers the lower and no level counts as another")]
    OnePolicy(String, String),
    /// A spell that is over before it begins.
    #[error("in `{0}`: the spell ends before it begins")]
    Spell(String),
    /// No policy has this restrictive value.
    #[error("no policy knows the access `{given}`: there are {known}")]
    Access {
        /// What was written.
        given: String,
        /// The values there are.
        known: String,
    },
    /// Membership in a group of nations that the table does not have so.
    #[error("`{group}` is a group of nations, and the table does not say this of {nations}: remove `--member {group}`, the table decides")]
    Contradiction {
        /// The group.
        group: String,
        /// The nations of the profile.
        nations: String,
    },
}

fn suggestion(nearest: &Option<String>) -> String {
    nearest.as_ref().map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"))
}

/// Reads a nation code, in any case.
///
/// # Errors
/// [`AttributeError::Nation`] for an unknown code.
pub fn parse_nation(text: &str) -> Result<String, AttributeError> {
    let code = text.trim().to_ascii_uppercase();
    match nation::index(&code) {
        Some(_) => Ok(code),
        None => Err(AttributeError::Nation { given: text.to_owned(), nearest: nearest(&code, nation::codes()) }),
    }
}

/// Reads `POLICY:LEVEL[@UNTIL]`.
///
/// # Errors
/// [`AttributeError`] names the part that is wrong.
pub fn parse_clearance(text: &str, policies: &Policies) -> Result<Clearance, AttributeError> {
    let form = || AttributeError::Form { given: text.to_owned(), form: "POLICY:LEVEL[@UNTIL], such as `NATO:SECRET@2027-12-31`" };
    let (scope, until) = match text.split_once('@') {
        Some((scope, until)) => (scope, Some(date(until, text)?)),
        None => (text, None),
    };
    let (policy, level) = scope.split_once(':').ok_or_else(form)?;
    let (policy, level) = parse_level(policy.trim(), level.trim(), text, policies)?;
    Ok(Clearance { policy: PolicyId::new(&policy.name), level: level.rank, until })
}

/// Reads a level of a policy in which people hold clearances; `whole` is for the error.
///
/// # Errors
/// [`AttributeError`] when there is no such policy or level.
pub fn parse_level<'p>(policy: &str, level: &str, whole: &str, policies: &'p Policies) -> Result<(&'p Policy, &'p Level), AttributeError> {
    let known = || policies.with_clearances().map(|policy| policy.name.as_str()).collect::<Vec<_>>().join(", ");
    let policy = policies
        .with_clearances()
        .find(|known| known.name.eq_ignore_ascii_case(policy))
        .ok_or_else(|| AttributeError::Policy { given: policy.to_owned(), whole: whole.to_owned(), known: known() })?;
    let level = policy.level(level).ok_or_else(|| AttributeError::Level {
        policy: policy.name.clone(),
        given: level.to_owned(),
        known: policy.levels.iter().map(|level| level.name.as_str()).collect::<Vec<_>>().join(", "),
    })?;
    Ok((policy, level))
}

/// Reads `GROUP[@FROM[..UNTIL]]`.
///
/// # Errors
/// [`AttributeError`] when the name or a date is wrong.
pub fn parse_membership(text: &str) -> Result<GroupMembership, AttributeError> {
    let form = || AttributeError::Form { given: text.to_owned(), form: "GROUP[@FROM[..UNTIL]], such as `JTF-7@2026-01-01..2027-01-01`" };
    let (group, dates) = match text.split_once('@') {
        Some((group, dates)) => (group, Some(dates)),
        None => (text, None),
    };
    let group = group.trim().to_ascii_uppercase();
    // ` AND ` joins labels, so that no label could name such a group.
    let named = !group.is_empty()
        && group.len() <= 64
        && !group.contains(" AND ")
        && group.chars().all(|letter| letter.is_alphanumeric() || " -_".contains(letter));
    if !named {
        return Err(form());
    }
    let (from, until) = match dates.map(|dates| dates.split_once("..").unwrap_or((dates, ""))) {
        Some((from, until)) => (Some(date(from, text)?), if until.is_empty() { None } else { Some(date(until, text)?) }),
        None => (None, None),
    };
    if from.zip(until).is_some_and(|(from, until)| until <= from) {
        return Err(AttributeError::Spell(text.to_owned()));
    }
    Ok(GroupMembership { group, from, until })
}

/// So many values are named to somebody who wrote an unknown one.
const KNOWN_MAX: usize = 40;

/// Reads a value that somebody holds: `ATOMAL`, or `NATO:ATOMAL` where two policies share a word.
///
/// # Errors
/// [`AttributeError::Access`] when no policy has it.
pub fn parse_access(text: &str, policies: &Policies) -> Result<(PolicyId, Restriction), AttributeError> {
    let (scope, name) = text.split_once(':').map_or((None, text), |(policy, name)| (Some(policy), name));
    let values = policies
        .iter()
        .filter(|policy| scope.is_none_or(|scope| policy.name.eq_ignore_ascii_case(scope.trim())))
        .flat_map(|policy| policy.values().map(move |value| (policy, value)));
    values
        .filter(|(_, value)| value.name.eq_ignore_ascii_case(name.trim()))
        .map(|(policy, value)| (PolicyId::new(&policy.name), Restriction { tag: value.tag.clone(), value: value.name.clone() }))
        .next()
        .ok_or_else(|| AttributeError::Access {
            given: text.to_owned(),
            known: policies
                .iter()
                .flat_map(|policy| policy.values().map(move |value| format!("{}:{}", policy.name, value.name)))
                .take(KNOWN_MAX)
                .collect::<Vec<_>>()
                .join(", "),
        })
}

fn date(text: &str, whole: &str) -> Result<Stamp, AttributeError> {
    Stamp::parse(text.trim()).map_err(|source| AttributeError::Date { given: whole.to_owned(), date: text.trim().to_owned(), source })
}

impl Profile {
    /// The profile of an organisation's account with `nations`, and nothing else yet.
    #[must_use]
    pub fn new(organisation: &str, nations: BTreeSet<String>) -> Self {
        Self {
            nations,
            organisation: organisation.to_owned(),
            person: None,
            groups: BTreeSet::new(),
            clearances: BTreeSet::new(),
            accesses: BTreeSet::new(),
            recipient_of: BTreeSet::new(),
            client_of: BTreeSet::new(),
            facts: RecipientFacts::default(),
            terms: Terms::default(),
        }
    }

    /// Checks the groups against the table of nations: a nation-based group comes from the table alone.
    ///
    /// # Errors
    /// [`AttributeError::Contradiction`] when the profile claims a group that one of its nations is not in, or is in from or until another
    /// day.
    pub fn check(&self, rules: &Rules, now: Stamp) -> Result<(), AttributeError> {
        let claimed = self.groups.iter().filter(|membership| rules.memberships.knows(&membership.group));
        for GroupMembership { group, from, until } in claimed {
            let is_member = |nation: &String, at: Stamp| rules.memberships.is_member(nation, group, at);
            // A claim that begins or ends elsewhere than the table would be dropped for it, and give more than was written.
            let agrees = |nation: &String| {
                is_member(nation, from.unwrap_or(now))
                    && from.is_none_or(|from| !is_member(nation, Stamp(from.0.saturating_sub(1))))
                    && until.is_none_or(|until| !is_member(nation, until))
            };
            if !self.nations.iter().all(agrees) {
                return Err(AttributeError::Contradiction {
                    group: group.clone(),
                    nations: self.nations.iter().cloned().collect::<Vec<_>>().join(" and "),
                });
            }
        }
        Ok(())
    }

    /// The next instant after `now` when one of the profile's own facts changes.
    #[must_use]
    pub fn next_change(&self, now: Stamp) -> Option<Stamp> {
        let clearances = self.clearances.iter().filter_map(|clearance| clearance.until);
        let groups = self.groups.iter().flat_map(|membership| [membership.from, membership.until]).flatten();
        clearances.chain(groups).chain(self.facts.next_change(now)).filter(|change| *change > now).min()
    }
}

impl Clearance {
    /// The clearance as it is written.
    #[must_use]
    pub fn in_words(&self, policies: &Policies) -> String {
        let level = policies.level_name(&self.policy, self.level).unwrap_or("?");
        let until = self.until.map_or_else(String::new, |until| format!("@{until}"));
        format!("{}:{level}{until}", self.policy)
    }
}
