//! What a release hangs on: everything that the reader holds, that was consented to, or that an audience names.

use std::collections::BTreeSet;

use super::facts::Fact;
use super::step::{Place, Step};
use super::{Asked, CHANGES_MAX, Change, sorted};
use crate::policy::TLP;

/// So many things that could end are combined at most.
const COMBINED_MAX: usize = 40;

impl Asked<'_> {
    /// What withholds by itself; where nothing does, what does so two by two.
    pub(super) fn smallest_withdrawals(self) -> Vec<Change> {
        let withholds = |change: &Change| !self.releases(&change.0);
        let all = self.withdrawals();
        let single = all.iter().map(|step| Change(BTreeSet::from([step.clone()]))).filter(withholds).take(CHANGES_MAX);
        let mut found: Vec<Change> = single.collect();
        if found.is_empty() {
            let some = all.get(..COMBINED_MAX).unwrap_or(&all);
            let pairs =
                some.iter().enumerate().flat_map(|(at, one)| some.iter().skip(at + 1).map(move |other| [one.clone(), other.clone()]));
            found = pairs.map(|pair| Change(BTreeSet::from(pair))).filter(withholds).take(CHANGES_MAX).collect();
        }
        sorted(found)
    }

    fn withdrawals(self) -> Vec<Step> {
        let profile = self.profile;
        let recipient: BTreeSet<&String> = profile.recipient_of.union(&profile.client_of).collect();
        let held = (profile.clearances.iter().cloned().map(Step::EndClearance))
            .chain(profile.accesses.iter().map(|(policy, held)| Step::EndAccess(policy.clone(), held.clone())))
            .chain(profile.groups.iter().cloned().map(Step::Leave))
            .chain(recipient.into_iter().cloned().map(Step::EndRecipient))
            .chain(Fact::all_of(&profile.facts).into_iter().map(Step::Forget));
        let labels = (0..).zip(self.labels);
        let consents = labels
            .clone()
            .flat_map(|(number, labelled)| labelled.consents.iter().map(move |consent| Step::Withdraw(number, consent.clone())));
        let named = labels.flat_map(|(label, labelled)| {
            let facets = labelled.label.facets_at(self.now).iter();
            let ways = facets.flat_map(|(id, facet)| {
                let others = facet.alternatives.iter().map(move |(way, other)| (id, way, other));
                std::iter::once((id, id, facet)).chain(others)
            });
            // Whom TLP names is the collection's and the consents' to say.
            let ways = ways.filter(|(_, way, _)| way.as_str() != TLP);
            ways.flat_map(move |(id, way, facet)| {
                let place = Place { label, facet: id.clone(), way: way.clone() };
                let clauses = facet.permissive.iter().flat_map(|clause| clause.values.iter().map(move |value| (clause, value)));
                clauses.map(move |(clause, value)| Step::Unname(place.clone(), clause.clone(), value.clone()))
            })
        });
        held.chain(consents).chain(named).collect()
    }
}
