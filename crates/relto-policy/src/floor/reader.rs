//! A profile at one instant, as demands are put to it.

use relto_model::label::Restriction;
use relto_model::{PolicyId, Stamp};

use super::demand::{Audience, One};
use crate::Verdict;
use crate::nation::NationSet;
use crate::policy::HANDLING;
use crate::profile::{GroupMembership, Profile};
use crate::rules::Rules;
use crate::{handling, legal};

pub(super) struct Reader<'r> {
    profile: &'r Profile,
    nations: NationSet,
    /// Clearances that count now, those by equivalence included.
    levels: Vec<(PolicyId, u8)>,
    /// Memberships that hold now.
    groups: Vec<&'r GroupMembership>,
    rules: &'r Rules,
    now: Stamp,
}

impl<'r> Reader<'r> {
    pub(super) fn new(profile: &'r Profile, rules: &'r Rules, now: Stamp) -> Self {
        let mut nations = NationSet::default();
        profile.nations.iter().for_each(|nation| nations.insert(nation));
        let counting = profile.clearances.iter().filter(|clearance| clearance.until.is_none_or(|until| now < until));
        let mut levels: Vec<(PolicyId, u8)> = counting.map(|clearance| (clearance.policy.clone(), clearance.level)).collect();
        let equivalent: Vec<_> = rules
            .equivalences
            .iter()
            .filter(|rule| levels.iter().any(|(policy, level)| *policy == rule.held.0 && *level >= rule.held.1))
            .map(|rule| rule.counts_as.clone())
            .collect();
        levels.extend(equivalent);
        let groups = profile.groups.iter().filter(|membership| membership.covers(now)).collect();
        Self { profile, nations, levels, groups, rules, now }
    }

    pub(super) fn meets(&self, demand: &One) -> Verdict {
        let met = match demand {
            One::Nobody => false,
            One::Everybody => true,
            One::Level(policy, level) => self.levels.iter().any(|(own, highest)| own == policy && highest >= level),
            One::Audience(policy, audience) if self.is_in(policy, audience) => true,
            One::Audience(_, audience) if audience.asks.is_some() => return Verdict::Pend,
            One::Audience(..) => false,
            One::Value(policy, value) => return self.meets_value(policy, value),
        };
        if met { Verdict::Permit } else { Verdict::Deny }
    }

    fn meets_value(&self, policy: &PolicyId, value: &Restriction) -> Verdict {
        match policy.as_str() {
            HANDLING => handling::verdict(self.profile, value),
            _ if legal::is_law(policy) => legal::assess(self.profile, policy, value, self.rules, self.now).0,
            _ if self.holds(policy, value) => Verdict::Permit,
            _ => Verdict::Deny,
        }
    }

    fn is_in(&self, policy: &PolicyId, audience: &Audience) -> bool {
        let by_nation = !self.nations.is_empty() && self.nations.is_subset(&audience.nations);
        by_nation || self.is_named(audience) || audience.categories.iter().any(|category| self.holds(policy, category))
    }

    fn is_named(&self, audience: &Audience) -> bool {
        let profile = self.profile;
        audience.organisations.contains(&profile.organisation)
            || audience.groups.iter().any(|(name, as_of)| self.groups.iter().any(|own| own.group == *name && own.covers(*as_of)))
            || audience.persons.iter().any(|name| profile.person.as_ref() == Some(name))
            || audience.recipients_of.iter().any(|collection| profile.recipient_of.contains(collection))
            || audience.clients_of.iter().any(|collection| profile.client_of.contains(collection))
    }

    fn holds(&self, policy: &PolicyId, value: &Restriction) -> bool {
        self.profile.accesses.iter().any(|(own, held)| own == policy && held == value)
    }
}
