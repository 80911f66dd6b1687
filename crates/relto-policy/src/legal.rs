//! The law's answer about a profile, in the terms of the gate: [`law`](crate::law) asks for facts about a recipient, and profiles have them.

use relto_model::Stamp;
use relto_model::label::Restriction;

use crate::Verdict;
use crate::law::{EXCHANGE_FULFILS, LawFinding, Outcome, RecipientFacts, Refusal, assess as judge};
use crate::profile::Profile;
use crate::rules::Rules;

/// What the law says of `tag` and `profile` at `now`, and every rule that was applied. An obligation that no exchange surface can see to is a
/// denial.
#[must_use]
pub fn assess(profile: &Profile, tag: &Restriction, rules: &Rules, now: Stamp) -> (Verdict, Vec<LawFinding>) {
    let assessment = judge(tag, &recipient(profile), &rules.law.tables, &rules.law.rules, now, EXCHANGE_FULFILS);
    let verdict = match assessment.outcome {
        Outcome::Met(_) => Verdict::Permit,
        Outcome::Unmet(refusal) => of_refusal(refusal),
    };
    (verdict, assessment.findings)
}

/// A refusal as the gate says it.
#[must_use]
pub fn of_refusal(refusal: Refusal) -> Verdict {
    match refusal {
        Refusal::Redact => Verdict::Redact,
        Refusal::Pend => Verdict::Pend,
        Refusal::Deny => Verdict::Deny,
    }
}

/// The facts about whoever has `profile`. Nationality and organisation are the account's own; two statements of them could differ.
#[must_use]
pub fn recipient(profile: &Profile) -> RecipientFacts {
    let (nations, organisation) = (profile.nations.clone(), Some(profile.organisation.clone()));
    RecipientFacts { nations, organisation, ..profile.facts.clone() }
}
