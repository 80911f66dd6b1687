//! What somebody is told of their own account: the attributes that the gate uses for them.

use relto_policy::GroupMembership;

use crate::reading::Reading;
use crate::records::Role;

/// An account as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnAccount {
    /// Its name.
    pub name: String,
    /// The organisation.
    pub organisation: String,
    /// All nationalities, ISO 3166-1 alpha-3.
    pub nations: Vec<String>,
    /// Groups of nations to which one of the nationalities belongs now.
    pub nations_groups: Vec<String>,
    /// Groups to which the account belongs itself, with dates where there are any.
    pub groups: Vec<String>,
    /// Clearances as they are written, `POLICY:LEVEL[@UNTIL]`.
    pub clearances: Vec<String>,
    /// Restrictive values held, as `POLICY:VALUE`.
    pub accesses: Vec<String>,
    /// What the law asks about beside that: property and value as JSON.
    pub facts: Vec<(String, String)>,
    /// What it may do.
    pub role: Role,
}

impl Reading<'_> {
    /// The account that reads.
    #[must_use]
    pub fn own_account(&self) -> OwnAccount {
        let (record, rules, now) = (self.record(), self.facts().gate.rules(), self.facts().gate.now());
        let belongs = |group: &&str| rules.memberships.members(group, now).any(|member| record.nations.contains(member));
        let facts = match serde_json::to_value(&record.facts) {
            Ok(serde_json::Value::Object(facts)) => facts.into_iter().filter(|(_, value)| !is_empty(value)).collect(),
            _ => Vec::new(),
        };
        OwnAccount {
            name: record.name.clone(),
            organisation: record.organisation.clone(),
            nations: record.nations.iter().cloned().collect(),
            nations_groups: rules.memberships.groups().filter(belongs).map(str::to_owned).collect(),
            groups: record.groups.iter().map(in_words).collect(),
            clearances: record.clearances.iter().map(|clearance| clearance.in_words(&rules.policies)).collect(),
            accesses: record.accesses.iter().map(|(policy, held)| format!("{policy}:{}", held.value)).collect(),
            facts: facts.into_iter().map(|(name, value)| (name, value.to_string())).collect(),
            role: record.role,
        }
    }
}

/// `GROUP[@FROM[..UNTIL]]`, as it is written.
fn in_words(membership: &GroupMembership) -> String {
    let from = membership.from.map(|from| format!("@{from}"));
    let until = membership.until.map(|until| format!("{}..{until}", if from.is_some() { "" } else { "@" }));
    [Some(membership.group.clone()), from, until].into_iter().flatten().collect()
}

fn is_empty(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Null => true,
        serde_json::Value::Array(all) => all.is_empty(),
        serde_json::Value::Object(members) => members.is_empty(),
        _ => false,
    }
}
