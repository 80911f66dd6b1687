//! What could meet each need of the labels that the reader does not meet. Nothing is promised here: [`smallest`](super) tries it all.

use std::collections::BTreeSet;

use relto_model::label::{Clause, Restriction};
use relto_model::{Facet, Label, PolicyId, Value};

use super::step::{Place, Step};
use super::{Asked, Change, all_of, facts, nothing};
use crate::policy::{ADDRESSEES, HANDLING, ORGANISATIONS, Policy, RELEASABLE_TO, TLP, TagValue};
use crate::profile::{Clearance, Profile};
use crate::{handling, legal, pending};

fn one(step: Step) -> Change {
    Change(BTreeSet::from([step]))
}

impl Asked<'_> {
    /// Combinations that may release, the smallest first.
    pub(super) fn candidates(self) -> Vec<Change> {
        let labels = (0..).zip(self.labels);
        all_of(labels.flat_map(|(number, labelled)| {
            let facets = labelled.label.facets_at(self.now);
            facets.iter().map(move |(id, facet)| self.facet(number, id, facet, facets.len() > 1))
        }))
    }

    /// Meeting the facet itself or one of its alternatives, or dropping it where that leaves others.
    fn facet(self, label: usize, id: &PolicyId, facet: &Facet, has_others: bool) -> Vec<Change> {
        let place = |way: &PolicyId| Place { label, facet: id.clone(), way: way.clone() };
        if self.meets(self.profile, &place(id), facet.clone()) {
            return nothing();
        }
        let ways = std::iter::once((id, facet)).chain(&facet.alternatives);
        let met = ways.flat_map(|(way, facet)| self.way(&place(way), facet));
        let may_go = has_others && id.as_str() != HANDLING && !legal::is_law(id);
        met.chain(may_go.then(|| one(Step::DropFacet(place(id))))).collect()
    }

    fn way(self, place: &Place, facet: &Facet) -> Vec<Change> {
        let Some(policy) = self.rules.policies.of(&place.way) else {
            return Vec::new();
        };
        let audiences = facet.permissive.iter().map(|clause| self.audience(place, policy, facet, clause));
        let values = facet.restrictive.iter().map(|value| self.value(place, policy, facet, value));
        all_of(std::iter::once(self.level(place, policy, facet)).chain(audiences).chain(values))
    }

    /// A clearance for the level, or the highest level below that the reader is cleared for.
    fn level(self, place: &Place, policy: &Policy, facet: &Facet) -> Vec<Change> {
        let is_cleared = |rank: u8| self.meets(self.profile, place, Facet::at_level(rank));
        if is_cleared(facet.level) {
            return nothing();
        }
        let known = policy.level_of_rank(facet.level).is_some();
        let grant = known.then(|| one(Step::Clearance(place.way.clone(), facet.level)));
        let below = policy.levels.iter().map(|level| level.rank).filter(|rank| *rank < facet.level && is_cleared(*rank)).max();
        grant.into_iter().chain(below.map(|rank| one(Step::Lower(place.clone(), rank)))).collect()
    }

    fn audience(self, place: &Place, policy: &Policy, facet: &Facet, clause: &Clause) -> Vec<Change> {
        if self.meets_part(place, Facet::at_level(facet.level).only(clause.clone())) {
            return nothing();
        }
        let held = clause.values.iter().filter_map(|value| match value {
            Value::RecipientsOf(collection) => Some(one(Step::Recipient(collection.clone()))),
            Value::Group { name, as_of } if self.rules.groups.contains(name) => Some(one(Step::Join(name.clone(), *as_of))),
            Value::Category(name) => {
                let given = |known: &&TagValue| known.tag == clause.tag && known.name == *name;
                let held = Restriction { tag: clause.tag.clone(), value: name.clone() };
                policy.permissive.iter().find(given).map(|_| one(Step::Access(place.way.clone(), held)))
            }
            _ => None,
        });
        held.chain(self.namings(place, clause)).collect()
    }

    /// Naming the reader as audiences of this kind name readers.
    fn namings(self, place: &Place, clause: &Clause) -> Vec<Change> {
        let name = |value: Value| Step::Name(place.clone(), clause.clone(), value);
        let mentions = |kind: fn(&Value) -> bool| clause.values.iter().any(kind);
        let of_nations = clause.tag == RELEASABLE_TO || mentions(|value| matches!(value, Value::Nation(_) | Value::Group { .. }));
        // Whom TLP:AMBER names is the collection's to say.
        let of_organisations =
            place.way.as_str() != TLP && (clause.tag == ORGANISATIONS || mentions(|value| matches!(value, Value::Organisation(_))));
        let of_addressees = pending::of_audience(&place.way, clause).is_some();
        let of_persons = clause.tag == ADDRESSEES || mentions(|value| matches!(value, Value::Person(_)));
        let nations = &self.profile.nations;
        let all_nations = nations.iter().map(|nation| name(Value::Nation(nation.clone()))).collect();
        let organisation = || one(name(Value::Organisation(self.profile.organisation.clone())));
        let named = |person| match of_addressees {
            true => Step::Addressee(place.label, person),
            false => name(Value::Person(person)),
        };
        let person = || self.profile.person.clone().map(|person| one(named(person)));
        let nations = (of_nations && !nations.is_empty()).then_some(Change(all_nations));
        nations.into_iter().chain(of_organisations.then(organisation)).chain(of_persons.then(person).flatten()).collect()
    }

    /// What meets a restrictive value, or the label without it.
    fn value(self, place: &Place, policy: &Policy, facet: &Facet, value: &Restriction) -> Vec<Change> {
        let mut alone = Facet::at_level(facet.level);
        alone.restrictive.insert(value.clone());
        if self.meets_part(place, alone) {
            return nothing();
        }
        let mut options = match place.way.as_str() {
            HANDLING => handling::asked(value).map(|_| one(Step::Consent(place.clone(), value.clone()))).into_iter().collect(),
            _ if legal::is_law(&place.way) => facts::options(value, self.profile, self.rules, self.now),
            _ => {
                let is_known = policy.restrictive.iter().any(|known| known.tag == value.tag && known.name == value.value);
                is_known.then(|| one(Step::Access(place.way.clone(), value.clone()))).into_iter().collect()
            }
        };
        options.push(one(Step::Drop(place.clone(), value.clone())));
        options
    }

    /// Whether the reader meets `part` of a facet, its level apart.
    fn meets_part(self, place: &Place, part: Facet) -> bool {
        let mut cleared = self.profile.clone();
        cleared.clearances.insert(Clearance { policy: place.way.clone(), level: u8::MAX, until: None });
        self.meets(&cleared, place, part)
    }

    /// Whether `profile` meets `facet` where `place` is.
    fn meets(self, profile: &Profile, place: &Place, facet: Facet) -> bool {
        self.permits(profile, &Label::new(place.way.clone(), facet), place.label, &BTreeSet::new())
    }
}
