//! What consents open: asked after [`decide`](super::decide), and only where it pends.

use super::demand::{Compiled, One};
use super::{CompiledLabel, CompiledProfile, Floor};
use crate::law::{Consent, Subject, all_consent};
use crate::policy::HANDLING;
use crate::profile::Profile;
use crate::{handling, legal};

impl Floor {
    /// Whether `consents`, given for one object that carries `label`, meet everything that `profile` does not meet itself: each such
    /// demand asks for somebody's consent, and that one has consented. Compiled as for [`decide`](super::decide).
    #[must_use]
    pub fn is_consented(&self, profile: &Profile, compiled: &CompiledProfile, label: &CompiledLabel, consents: &[Consent]) -> bool {
        let recipient = legal::recipient(profile);
        let has = |subject: Subject| all_consent(&[subject], consents, &recipient, profile.person.as_deref(), self.now);
        self.are_met(compiled, label, &has)
    }

    fn are_met(&self, profile: &CompiledProfile, label: &CompiledLabel, has: &dyn Fn(Subject) -> bool) -> bool {
        let mut lacking = label.needs().flat_map(|needs| {
            let (lacking, _) = profile.lacking(needs);
            (0..64).filter(move |bit| lacking >> bit & 1 == 1).map(move |bit| needs.0 as usize * 64 + bit)
        });
        lacking.all(|number| self.compiled.get(number).is_some_and(|demand| self.is_met(profile, demand, has)))
    }

    fn is_met(&self, profile: &CompiledProfile, demand: &Compiled, has: &dyn Fn(Subject) -> bool) -> bool {
        match demand {
            Compiled::One(One::Value(policy, value)) if policy.as_str() == HANDLING => handling::subject(value).is_some_and(has),
            Compiled::One(One::Audience(_, audience)) => audience.asks.clone().is_some_and(has),
            Compiled::One(_) => false,
            Compiled::Either(ways) => ways.iter().any(|way| self.are_met(profile, way, has)),
        }
    }
}

#[cfg(test)]
mod tests;
