//! The law's answer about a profile, in the terms of the gate: [`law`](crate::law) asks for facts about a recipient, and profiles have them.

use std::collections::BTreeMap;

use relto_model::label::Restriction;
use relto_model::{Facet, Label, PolicyId, Stamp};

use crate::Verdict;
use crate::law::{BESIDE_FULFILS, EXCHANGE_FULFILS, LawFinding, ObligationSet, Outcome, RecipientFacts, Refusal, assess as judge};
use crate::policy::{LAW, LAW_BESIDE};
use crate::profile::Profile;
use crate::rules::Rules;

/// Whether the facets of `policy` are legal tags.
#[must_use]
pub fn is_law(policy: &PolicyId) -> bool {
    fulfilled(policy.as_str()).is_some()
}

/// What an exchange surface can see to for tags of `policy`; `None` when they are no legal tags.
fn fulfilled(policy: &str) -> Option<ObligationSet> {
    match policy {
        LAW => Some(EXCHANGE_FULFILS),
        LAW_BESIDE => Some(BESIDE_FULFILS),
        _ => None,
    }
}

/// Every legal tag of `label`, at all its dates.
pub fn tags(label: &Label) -> impl Iterator<Item = &Restriction> {
    label.facets_ever().filter(|(policy, _)| is_law(policy)).flat_map(|(_, facet)| &facet.restrictive)
}

/// What the law says of `tag`, which stands under `policy`, and `profile` at `now`, and every rule that was applied. An obligation that no
/// exchange surface can see to is a denial; so is a policy that is no law.
#[must_use]
pub fn assess(profile: &Profile, policy: &PolicyId, tag: &Restriction, rules: &Rules, now: Stamp) -> (Verdict, Vec<LawFinding>) {
    let Some(fulfils) = fulfilled(policy.as_str()) else { return (Verdict::Deny, Vec::new()) };
    let assessment = judge(tag, &recipient(profile), &rules.law.tables, &rules.law.rules, now, fulfils);
    let verdict = match assessment.outcome {
        Outcome::Met(_) => Verdict::Permit,
        Outcome::Unmet(Refusal::Redact) => Verdict::Redact,
        Outcome::Unmet(Refusal::Pend) => Verdict::Pend,
        Outcome::Unmet(Refusal::Deny) => Verdict::Deny,
    };
    (verdict, assessment.findings)
}

/// The facts about whoever has `profile`. Nationality and organisation are the account's own; two statements of them could differ.
#[must_use]
pub fn recipient(profile: &Profile) -> RecipientFacts {
    let (nations, organisation) = (profile.nations.clone(), Some(profile.organisation.clone()));
    RecipientFacts { nations, organisation, ..profile.facts.clone() }
}

/// The label `given` to an object whose own markings say `own`: legal tags that those do not say stand beside it.
#[must_use]
pub fn beside(given: &Label, own: Option<&Label>) -> Label {
    let of_own = own.into_iter().flat_map(Label::facets_ever).filter(|(policy, _)| policy.as_str() == LAW);
    let carried: Vec<&Restriction> = of_own.flat_map(|(_, facet)| &facet.restrictive).collect();
    given.clone().map(|facets| set_apart(facets, &carried))
}

fn set_apart(mut facets: BTreeMap<PolicyId, Facet>, carried: &[&Restriction]) -> BTreeMap<PolicyId, Facet> {
    let (law, apart) = (PolicyId::new(LAW), PolicyId::new(LAW_BESIDE));
    let Some(mut told) = facets.remove(&law) else { return facets };
    let mut untold = Facet::at_level(0);
    untold.restrictive = told.restrictive.iter().filter(|tag| !carried.contains(tag)).cloned().collect();
    told.restrictive.retain(|tag| carried.contains(&tag));
    if !untold.restrictive.is_empty() {
        facets.entry(apart).or_insert(untold.clone()).restrictive.extend(untold.restrictive);
    }
    if !told.restrictive.is_empty() || facets.is_empty() {
        facets.insert(law, told);
    }
    facets
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{LabelContext, display, parse_label};

    #[test]
    fn tags_that_the_object_does_not_say_stand_beside_it() {
        let rules = Rules::builtin().unwrap();
        let context = LabelContext { made: Stamp(0), owner: "A".to_owned(), collection: None };
        let read = |text: &str| parse_label(text, &rules, &context).unwrap();
        for (given, own, expected) in [
            ("TLP:GREEN AND LAW:GDPR PERSONAL", None, "LAW:GDPR PERSONAL beside AND TLP:GREEN"),
            (
                "LAW:GDPR PERSONAL; RETAIN UNTIL 2030-01-01",
                Some("LAW:GDPR PERSONAL"),
                "LAW:GDPR PERSONAL AND LAW:RETAIN UNTIL 2030-01-01 beside",
            ),
            ("LAW:GDPR PERSONAL", Some("LAW:GDPR PERSONAL; ITAR VIII AND TLP:RED"), "LAW:GDPR PERSONAL"),
            ("LAW:GDPR PERSONAL", Some("TLP:GREEN"), "LAW:GDPR PERSONAL beside"),
            ("TLP:GREEN, from 2030-01-01 LAW:GDPR PERSONAL", None, "TLP:GREEN, from 2030-01-01T00:00:00.000000Z LAW:GDPR PERSONAL beside"),
            ("NATO SECRET", None, "NATO SECRET"),
        ] {
            let label = beside(&read(given), own.map(read).as_ref());
            assert_eq!(display(&label, &rules.policies), expected, "{given} on {own:?}");
        }
    }

    /// The law asks that personal data carry its tag: beside the object nobody is told.
    #[test]
    fn an_obligation_to_carry_is_not_met_from_beside() {
        let rules = Rules::builtin().unwrap();
        let now = Stamp::parse("2026-11-25").unwrap();
        let mut profile = Profile::new("CERT", ["JPN".to_owned()].into());
        profile.facts = serde_json::from_str(r#"{"country": "JPN", "headquarters": "JPN", "kind": "private", "residence": []}"#).unwrap();
        let verdict = |policy: &str, value: &str| {
            let tag = Restriction { tag: "GDPR".to_owned(), value: value.to_owned() };
            assess(&profile, &PolicyId::new(policy), &tag, &rules, now).0
        };
        assert_eq!((verdict(LAW, "PERSONAL"), verdict(LAW_BESIDE, "PERSONAL")), (Verdict::Permit, Verdict::Deny));
        assert_eq!(
            (verdict(LAW, "NONE"), verdict(LAW_BESIDE, "NONE"), verdict("NATO", "NONE")),
            (Verdict::Permit, Verdict::Permit, Verdict::Deny)
        );
    }
}
