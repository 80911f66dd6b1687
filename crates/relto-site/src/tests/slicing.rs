//! Slicing changes no answer, erring policies included; and two files together permit what each permits.

use std::sync::LazyLock;

use proptest::prelude::*;
use relto_policy::Profile;

use super::{EXAMPLES, examples, parse, world};
use crate::{PreparedProfile, SitePolicies};

/// Policies whose guards stand at the head, behind what errs, inside what is no conjunction, negated, and in every operator.
fn policies() -> SitePolicies {
    let errs = "context.date * 9000000000000000000 > 0";
    let conditions = [
        format!("when {{ resource.legal.contains(\"GDPR/PERSONAL\") && {errs} }}"),
        format!("when {{ {errs} && resource.legal.contains(\"GDPR/PERSONAL\") }}"),
        format!("when {{ principal.nations.contains(\"RUS\") && {errs} && resource.nations.contains(\"FRA\") }}"),
        format!("when {{ resource.nations.contains(\"JPN\") }} when {{ principal.nations.contains(\"JPN\") }} unless {{ {errs} }}"),
        format!("unless {{ {errs} || resource.nations.contains(\"CHE\") }} when {{ resource.nations.contains(\"CAN\") }}"),
        format!("when {{ principal.nations.contains(\"AUS\") || {errs} }} when {{ resource.policies.contains(\"USA\") }}"),
        "when { !resource.nations.contains(\"FRA\") && principal.nations.contains(\"DEU\") }".to_owned(),
        "when { resource.nations.contains(\"FRA\") || principal.nations.contains(\"FIN\") }".to_owned(),
        "when { resource.nations.contains(\"FRA\") == principal.nations.contains(\"GBR\") }".to_owned(),
        "when { if resource.nations.contains(\"FRA\") then false else principal.nations.contains(\"GBR\") }".to_owned(),
        "when { principal.groups.contains(\"NATO\") && resource.hasTag(\"EU\") && resource.getTag(\"EU\") == 2 }".to_owned(),
        "when { (resource.hasTag(\"EU\") && resource.getTag(\"EU\") == 3) || resource.categories.contains(\"NATO/Releasable To/a\") }"
            .to_owned(),
        "when { resource.organisations.containsAny([\"Ltd\", \"A/B%\"]) && resource.tag_sets.containsAll([\"A%2FB/C\"]) }".to_owned(),
        "unless { principal.organisation == \"Ltd\" } when { principal.nations.contains(\"FRA\") && resource.legal.contains(\"GDPR/SPECIAL\") }"
            .to_owned(),
        "unless { resource.restrictive.contains(\"A/B%2FC/D\") || principal.organisation != \"Ltd\" }".to_owned(),
    ];
    let text: String =
        conditions.iter().enumerate().map(|(at, body)| format!("@id(\"p{at}\") forbid (principal, action, resource) {body};\n")).collect();
    parse(&text)
}

static PAIRS: LazyLock<[(SitePolicies, SitePolicies); 2]> =
    LazyLock::new(|| [policies as fn() -> SitePolicies, examples].map(|make| (make(), make().unsliced())));
static FILES: LazyLock<Vec<SitePolicies>> =
    LazyLock::new(|| EXAMPLES.iter().map(|(name, text)| SitePolicies::parse(name, text).unwrap()).collect());
static ALLOWING: LazyLock<SitePolicies> =
    LazyLock::new(|| parse("@id(\"none\") forbid (principal, action, resource) when { principal.organisation == \"nobody\" };"));

#[test]
fn guards_are_found_where_nothing_errs_before_them() {
    let guarded: Vec<bool> = policies().summaries().map(|policy| policy.is_guarded).collect();
    let expected = [true, false, false, true, false, false, false, false, false, false, true, false, true, true, false];
    assert_eq!(guarded, expected);
    let guarded = examples().summaries().filter(|policy| policy.is_guarded).count();
    assert_eq!(guarded, 11, "all examples but the embargo");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sliced_and_unsliced_agree(profile in world::profile(), label in world::label(), now in world::day()) {
        let rules = world::rules();
        for (sliced, whole) in PAIRS.iter() {
            let answers = [sliced, whole].map(|site| site.permits(&profile, &label, &rules, now));
            // Which policy is named as the first to err is not promised, nor that one that does is asked when another is not.
            prop_assert_eq!(answers[0].as_ref() == Ok(&true), answers[1].as_ref() == Ok(&true), "{:?}", answers);
            prop_assert_eq!(answers[0].is_err(), answers[1].is_err(), "{:?}", answers);
        }
    }

    #[test]
    fn more_policies_permit_less(profile in world::profile(), label in world::label(), now in world::day()) {
        let rules = world::rules();
        let each = FILES.iter().all(|site| site.permits(&profile, &label, &rules, now) == Ok(true));
        prop_assert_eq!(PAIRS[1].0.permits(&profile, &label, &rules, now) == Ok(true), each);
        prop_assert_eq!(ALLOWING.permits(&profile, &label, &rules, now), Ok(true));
    }

    #[test]
    fn equal_attributes_are_one_profile(profile in world::profile(), label in world::label(), now in world::day(), person in "[a-z]{1,8}") {
        let (rules, site) = (world::rules(), &PAIRS[1].0);
        let named = Profile { person: Some(person), ..profile.clone() };
        prop_assert_eq!(site.permits(&profile, &label, &rules, now), site.permits(&named, &label, &rules, now));
        prop_assert!(PreparedProfile::new(&profile, &rules, now).is_ok());
    }
}
