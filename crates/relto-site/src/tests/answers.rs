//! Single answers: errors withhold, what does not belong together withholds, who forbids is named, and the date is asked at its time.

use relto_gate::{Narrowed, Narrowing, Prepared};
use relto_model::{Facet, Label, PolicyId, Stamp};
use relto_policy::{Profile, Rules};

use super::{examples, parse};
use crate::{PreparedProfile, SiteEvaluationError, SitePolicies};

fn reader() -> Profile {
    Profile::new("French Node", ["FRA".to_owned()].into())
}

fn clear() -> Label {
    Label::new(PolicyId::new("TLP"), Facet::at_level(1))
}

fn at(day: &str) -> Stamp {
    Stamp::parse(day).unwrap()
}

fn rules() -> Rules {
    Rules::builtin().unwrap()
}

#[test]
fn a_policy_that_errs_withholds_and_says_so() {
    let site = parse(
        "@id(\"sum\") forbid (principal, action, resource) when { context.date * 9000000000000000000 < 0 };\n\
         @id(\"other\") forbid (principal, action, resource) when { principal.organisation == \"x\" };",
    );
    let (rules, now) = (rules(), at("2026-01-01"));
    let answer = site.permits(&reader(), &clear(), &rules, now);
    assert!(matches!(&answer, Err(SiteEvaluationError::Policy { policy, .. }) if policy == "sum"), "{answer:?}");
    let named = site.withheld_by(&reader(), &clear(), &rules, now);
    assert!(named.len() == 1 && named[0].id == "sum" && named[0].reason.as_ref().unwrap().starts_with("cannot be evaluated"), "{named:?}");
    assert!(!asked(&site, now, now));
}

/// As the gate asks.
fn asked(site: &SitePolicies, now: Stamp, then: Stamp) -> bool {
    let site: &dyn Narrowing = site;
    site.permits(&site.prepare_profile(&reader(), &rules(), now), &site.prepare_label(&clear(), &rules(), then))
}

#[test]
fn what_was_prepared_for_something_else_withholds() {
    let (site, other) = (parse(NONE), examples());
    let (now, later) = (at("2026-01-01"), at("2026-01-02"));
    assert!(asked(&site, now, now) && !asked(&site, now, later));
    let profile = site.prepare_profile(&reader(), &rules(), now);
    let foreign = Narrowing::prepare_label(&other, &clear(), &rules(), now);
    assert!(!site.as_ref_permits(&profile, &foreign));
    assert!(!site.as_ref_permits(&profile, &profile) && !site.as_ref_permits(&Prepared::new(1), &foreign));
    assert_ne!(site.digest(), other.digest());
    let year_zero = Stamp(i64::MAX);
    assert!(matches!(PreparedProfile::new(&reader(), &rules(), year_zero), Err(SiteEvaluationError::Facts(_))));
    assert!(!asked(&site, year_zero, year_zero));
    assert_eq!(site.withheld_by(&reader(), &clear(), &rules(), year_zero).len(), 1);
}

const NONE: &str = "@id(\"none\") forbid (principal, action, resource) when { principal.organisation == \"nobody\" };";

trait AsGate {
    fn as_ref_permits(&self, profile: &Prepared, label: &Prepared) -> bool;
}
impl AsGate for SitePolicies {
    fn as_ref_permits(&self, profile: &Prepared, label: &Prepared) -> bool {
        Narrowing::permits(self, profile, label)
    }
}

#[test]
fn who_forbids_is_named_in_the_order_of_the_file() {
    let site = parse(
        "@id(\"b\") @reason(\"because\") @citation(\"art. 1\") forbid (principal, action, resource);\n\
         @id(\"a\") forbid (principal, action, resource) when { resource.hasTag(\"TLP\") };\n\
         @id(\"c\") forbid (principal, action, resource) when { resource.hasTag(\"EU\") };",
    );
    let narrowed = |id: &str, reason: Option<&str>, citation: Option<&str>| Narrowed {
        id: id.to_owned(),
        reason: reason.map(str::to_owned),
        citation: citation.map(str::to_owned),
    };
    let named = site.withheld_by(&reader(), &clear(), &rules(), at("2026-01-01"));
    assert_eq!(named, [narrowed("b", Some("because"), Some("art. 1")), narrowed("a", None, None)]);
    assert!(parse(NONE).withheld_by(&reader(), &clear(), &rules(), at("2026-01-01")).is_empty());
}

#[test]
fn answers_that_ask_for_the_date_change_at_midnight() {
    let dated = parse("@id(\"dated\") forbid (principal, action, resource) unless { context.date < 20260102 };");
    let (noon, midnight) = (at("2026-01-01T12:00:00Z"), at("2026-01-02"));
    assert_eq!((dated.next_change(noon), dated.next_change(midnight)), (Some(midnight), Some(at("2026-01-03"))));
    assert!(asked(&dated, noon, noon) && !asked(&dated, midnight, midnight));
    assert_eq!(parse(NONE).next_change(noon), None);
}
