//! Which consent answers a demand, written out slowly: it shares nothing with [`law::consent`](crate::law::consent) but
//! the values, and how names compare.

use relto_model::Stamp;

use crate::law::facts::same;
use crate::law::{Consent, ConsentedTo, Subject};
use crate::profile::Profile;

/// The first of `consents` by which `subject` lets `profile` in at `now`.
pub(super) fn answering<'c>(consents: &'c [Consent], subject: &Subject, profile: &Profile, now: Stamp) -> Option<&'c Consent> {
    consents.iter().find(|consent| {
        let has_begun = consent.from <= now;
        let has_ended = matches!(consent.until, Some(end) if end <= now);
        has_begun && !has_ended && consent.subject == *subject && goes_to(consent, profile) && is_for_its_purpose(consent, profile)
    })
}

fn goes_to(consent: &Consent, profile: &Profile) -> bool {
    match &consent.recipient {
        ConsentedTo::Organisation(name) => *name == profile.organisation,
        ConsentedTo::Person(name) => profile.person.as_ref() == Some(name),
        ConsentedTo::Nation(code) => {
            let nations: Vec<&String> = profile.nations.iter().collect();
            nations == [code] && profile.facts.country.as_ref() == Some(code)
        }
    }
}

fn is_for_its_purpose(consent: &Consent, profile: &Profile) -> bool {
    match (&consent.purpose, &profile.facts.purpose) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(given), Some(asked)) => same(given, asked),
    }
}
