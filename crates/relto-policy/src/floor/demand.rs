//! What a facet asks of a reader, demand by demand, and each demand compiled for one instant.

use relto_model::label::{Clause, Restriction};
use relto_model::{Facet, PolicyId, Stamp, Value};

use super::CompiledLabel;
use crate::law::Subject;
use crate::nation::NationSet;
use crate::pending;
use crate::rules::Rules;

/// One thing that a reader must meet.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Demand {
    /// What nobody meets: a policy or a level that this node does not know.
    Nobody,
    /// What everybody meets: a level that needs no clearance.
    Everybody,
    /// A clearance for a level.
    Level(PolicyId, u8),
    /// An audience.
    Audience(PolicyId, Clause),
    /// A value to hold.
    Value(PolicyId, Restriction),
    /// A facet, or one of its alternatives.
    Either(PolicyId, Facet),
}

/// A demand, ready to be put to readers.
#[derive(Debug)]
pub(super) enum Compiled {
    One(One),
    /// One of these must be met; each is made of demands that were taken up before.
    Either(Vec<CompiledLabel>),
}

/// A demand that is put to a reader by itself.
#[derive(Debug)]
pub(super) enum One {
    Nobody,
    Everybody,
    Level(PolicyId, u8),
    Audience(PolicyId, Audience),
    Value(PolicyId, Restriction),
}

/// A clause for one instant.
#[derive(Debug, Default)]
pub(super) struct Audience {
    /// Nations named, and members of the named groups of nations, then and now.
    pub nations: NationSet,
    /// Groups without a table, and when the label was made.
    pub groups: Vec<(String, Stamp)>,
    pub organisations: Vec<String>,
    pub persons: Vec<String>,
    pub recipients_of: Vec<String>,
    pub clients_of: Vec<String>,
    /// Values that are held like restrictive ones.
    pub categories: Vec<Restriction>,
    /// Whose consent lets in others.
    pub asks: Option<Subject>,
}

/// The demands of a facet, without regard to its alternatives.
pub(super) fn of_facet(id: &PolicyId, facet: &Facet, rules: &Rules) -> Vec<Demand> {
    let Some(policy) = rules.policies.of(id).filter(|policy| policy.level_of_rank(facet.level).is_some()) else {
        return vec![Demand::Nobody];
    };
    let level = if policy.needs_clearance(facet.level) { Demand::Level(id.clone(), facet.level) } else { Demand::Everybody };
    let audiences = facet.permissive.iter().map(|clause| Demand::Audience(id.clone(), clause.clone()));
    let values = facet.restrictive.iter().map(|value| Demand::Value(id.clone(), value.clone()));
    std::iter::once(level).chain(audiences).chain(values).collect()
}

impl Demand {
    pub(super) fn compile(&self, rules: &Rules, now: Stamp) -> One {
        match self {
            // A facet with alternatives is compiled from its ways.
            Self::Nobody | Self::Either(..) => One::Nobody,
            Self::Everybody => One::Everybody,
            Self::Level(policy, level) => One::Level(policy.clone(), *level),
            Self::Audience(policy, clause) => {
                One::Audience(policy.clone(), Audience { asks: pending::of_audience(policy, clause), ..Audience::new(clause, rules, now) })
            }
            Self::Value(policy, value) => One::Value(policy.clone(), value.clone()),
        }
    }
}

impl Audience {
    fn new(clause: &Clause, rules: &Rules, now: Stamp) -> Self {
        let mut audience = Self::default();
        for value in &clause.values {
            match value {
                Value::Nation(code) => audience.nations.insert(code),
                Value::Group { name, as_of } if rules.memberships.knows(name) => {
                    rules.memberships.counting(name, *as_of, now).for_each(|nation| audience.nations.insert(nation));
                }
                Value::Group { name, as_of } => audience.groups.push((name.clone(), *as_of)),
                Value::Organisation(name) => audience.organisations.push(name.clone()),
                Value::Person(name) => audience.persons.push(name.clone()),
                Value::RecipientsOf(collection) => audience.recipients_of.push(collection.clone()),
                Value::ClientsOf(collection) => audience.clients_of.push(collection.clone()),
                Value::Category(name) => audience.categories.push(Restriction { tag: clause.tag.clone(), value: name.clone() }),
            }
        }
        audience
    }
}
