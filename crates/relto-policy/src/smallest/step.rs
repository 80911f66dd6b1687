//! One step of a change, what it does to a profile or a label, and how it reads.

use std::collections::{BTreeMap, BTreeSet};

use relto_model::label::{Clause, Restriction};
use relto_model::{Facet, Label, PolicyId, Stamp, Value};

use super::facts::Fact;
use crate::law::{Consent, Subject};
use crate::policy::{HANDLING, Policies};
use crate::profile::{Clearance, GroupMembership, Profile};
use crate::text::display_value;
use crate::{handling, legal, pending};

/// Where in the labels a step is taken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The label, counted from 0.
    pub label: usize,
    /// The policy of its facet.
    pub facet: PolicyId,
    /// The policy of the alternative in it; the facet's own when the facet itself is meant.
    pub way: PolicyId,
}

/// One thing that somebody could do: first what lets in, then what lets in no more. Those on the recipient's side come first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Grant a clearance for this level of a policy.
    Clearance(PolicyId, u8),
    /// Give an access.
    Access(PolicyId, Restriction),
    /// Name the reader's organisation among the recipients of the collection with this id.
    Recipient(String),
    /// Make the reader a member of a group that the site has declared, since this instant or before.
    Join(String, Stamp),
    /// Obtain the consent that this value of the label asks for. It is tried as if the value were met, which is what a consent does.
    Consent(Place, Restriction),
    /// Name this account among the addressees of what carries the label, counted from 0. It is tried as if that label named it.
    Addressee(usize, String),
    /// Enter a fact that the law asks for.
    Fact(Fact),
    /// Lower the classification to this level.
    Lower(Place, u8),
    /// Name somebody in this audience.
    Name(Place, Clause, Value),
    /// Take a restrictive value away.
    Drop(Place, Restriction),
    /// Take the whole facet away.
    DropFacet(Place),
    /// End a clearance.
    EndClearance(Clearance),
    /// Take an access back.
    EndAccess(PolicyId, Restriction),
    /// End a membership.
    Leave(GroupMembership),
    /// No longer name the reader's organisation among the recipients of the collection with this id, nor among their clients.
    EndRecipient(String),
    /// Withdraw a consent to what carries the label of this number.
    Withdraw(usize, Consent),
    /// Take out a fact that the law asks for.
    Forget(Fact),
    /// No longer name somebody in this audience.
    Unname(Place, Clause, Value),
}

impl Step {
    /// Where a step on the label's side is taken; `None` on the recipient's.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::Clearance(..) | Self::Access(..) | Self::Recipient(_) | Self::Consent(..) | Self::Addressee(..) | Self::Fact(_) => None,
            Self::EndClearance(_) | Self::EndAccess(..) | Self::Leave(_) | Self::EndRecipient(_) => None,
            Self::Join(..) | Self::Withdraw(..) | Self::Forget(_) => None,
            Self::Lower(place, _) | Self::Drop(place, _) | Self::DropFacet(place) => Some(place),
            Self::Name(place, ..) | Self::Unname(place, ..) => Some(place),
        }
    }

    /// Whether it takes a demand of the law or of an owner from a label: no matter of judgement, but of whether the demand is there.
    pub(super) fn drops_a_demand(&self) -> bool {
        matches!(self, Self::Drop(place, _) if place.way.as_str() == HANDLING || legal::is_law(&place.way))
    }

    /// The step as an instruction to whoever may take it.
    #[must_use]
    pub fn in_words(&self, policies: &Policies) -> String {
        let level = |policy: &PolicyId, rank: u8| policies.level_name(policy, rank).unwrap_or("?").to_owned();
        match self {
            Self::Clearance(policy, rank) => format!("grant the clearance `{policy}:{}`", level(policy, *rank)),
            Self::Access(policy, held) => format!("give the access `{policy}:{}`", held.value),
            Self::Join(group, since) => format!("if it is so, enter that the reader is a member of {group} since {since} or before"),
            Self::Recipient(_) => "make the reader's organisation a recipient of the collection that the label names".to_owned(),
            Self::Consent(_, value) => format!("obtain the consent of {}", asked(value)),
            Self::Addressee(_, name) => {
                format!("name {name} as an addressee: `relto consent add OBJECT-ID --addressee {name} --by NAME --reference TEXT`")
            }
            Self::Fact(fact) => format!("if it is so, enter the fact that {}", fact.in_words()),
            Self::Lower(place, rank) => format!("lower {} to {}", place.way, level(&place.way, *rank)),
            Self::Name(place, clause, value) => format!("name {} in {} {}", display_value(value), place.way, clause.tag),
            Self::Drop(place, value) if self.drops_a_demand() => {
                format!("if it does not apply, drop {} {} from {}", value.tag, value.value, place.way)
            }
            Self::Drop(place, value) => format!("drop {} {} from {}", value.tag, value.value, place.way),
            Self::DropFacet(place) => format!("drop {} from the label", place.facet),
            Self::EndClearance(clearance) => format!("end the clearance `{}`", clearance.in_words(policies)),
            Self::EndAccess(policy, held) => format!("take back the access `{policy}:{}`", held.value),
            Self::Leave(membership) => format!("end the membership of {}", membership.group),
            Self::EndRecipient(_) => {
                "no longer make the reader's organisation a recipient of the collection that the label names".to_owned()
            }
            Self::Withdraw(_, consent) => format!("withdraw the consent of {} for {}", consent_of(&consent.subject), consent.recipient),
            Self::Forget(fact) => format!("if it is no longer so, take out the fact that {}", fact.in_words()),
            Self::Unname(place, clause, value) => format!("take {} out of {} {}", display_value(value), place.way, clause.tag),
        }
    }
}

fn asked(value: &Restriction) -> String {
    handling::subject(value).map_or_else(|| value.value.clone(), |subject| consent_of(&subject))
}

fn consent_of(subject: &Subject) -> String {
    match subject {
        Subject::Originator(name) => format!("{name}, the originator"),
        Subject::ThirdParty(name) => format!("{name}, a third party"),
        Subject::Addressees => "whoever names the addressees".to_owned(),
    }
}

/// `profile` once the steps on its side are taken.
pub(super) fn changed_profile(profile: &Profile, steps: &BTreeSet<Step>) -> Profile {
    let mut changed = profile.clone();
    for step in steps {
        match step {
            Step::Clearance(policy, level) => {
                changed.clearances.insert(Clearance { policy: policy.clone(), level: *level, until: None });
            }
            Step::Access(policy, held) => {
                changed.accesses.insert((policy.clone(), held.clone()));
            }
            Step::Recipient(collection) => {
                changed.recipient_of.insert(collection.clone());
            }
            Step::Join(group, _) => drop(changed.groups.insert(GroupMembership { group: group.clone(), from: None, until: None })),
            Step::Fact(fact) => fact.enter(&mut changed.facts),
            Step::EndClearance(clearance) => drop(changed.clearances.remove(clearance)),
            Step::EndAccess(policy, held) => drop(changed.accesses.remove(&(policy.clone(), held.clone()))),
            Step::Leave(membership) => drop(changed.groups.remove(membership)),
            Step::EndRecipient(collection) => {
                changed.recipient_of.remove(collection);
                changed.client_of.remove(collection);
            }
            Step::Forget(fact) => fact.leave(&mut changed.facts),
            // What these change is not the profile.
            Step::Consent(..) | Step::Addressee(..) | Step::Withdraw(..) => {}
            Step::Lower(..) | Step::Name(..) | Step::Unname(..) | Step::Drop(..) | Step::DropFacet(_) => {}
        }
    }
    changed
}

/// Label `number` as it is at `now`, once the steps in it are taken; `None` when nothing is left of it.
pub(super) fn changed_label(label: &Label, number: usize, steps: &BTreeSet<Step>, now: Stamp) -> Option<Label> {
    let place = |facet: &PolicyId, way: &PolicyId| Place { label: number, facet: facet.clone(), way: way.clone() };
    let mut facets: BTreeMap<PolicyId, Facet> = label.facets_at(now).clone();
    facets.retain(|id, _| !steps.contains(&Step::DropFacet(place(id, id))));
    for (id, facet) in &mut facets {
        change_way(facet, &place(id, id), steps);
        facet.alternatives.iter_mut().for_each(|(way, other)| change_way(other, &place(id, way), steps));
    }
    Label::try_from(facets).ok()
}

fn change_way(facet: &mut Facet, here: &Place, steps: &BTreeSet<Step>) {
    let lowered = steps.iter().find_map(|step| match step {
        Step::Lower(place, level) if place == here => Some(*level),
        _ => None,
    });
    facet.level = lowered.unwrap_or(facet.level);
    facet.restrictive.retain(|value| {
        let gone = [Step::Drop(here.clone(), value.clone()), Step::Consent(here.clone(), value.clone())];
        !gone.iter().any(|step| steps.contains(step))
    });
    let named = |clause: &Clause| {
        let added = steps.iter().filter_map(|step| match step {
            Step::Name(place, to, value) if place == here && to == clause => Some(value.clone()),
            Step::Addressee(label, name) if *label == here.label && pending::of_audience(&here.way, clause).is_some() => {
                Some(Value::Person(name.clone()))
            }
            _ => None,
        });
        let is_out = |value: &Value| steps.contains(&Step::Unname(here.clone(), clause.clone(), value.clone()));
        Clause::new(&clause.tag, clause.values.iter().filter(|value| !is_out(value)).cloned().chain(added))
    };
    facet.permissive = facet.permissive.iter().map(named).collect();
}
