//! Random profiles and labels in which the examples find something to forbid, about as often as not.

use std::collections::BTreeSet;

use proptest::prelude::*;
use relto_model::label::{Clause, Restriction};
use relto_model::{Facet, Label, PolicyId, Stamp, Value};
use relto_policy::{Clearance, Equivalence, GroupMembership, Profile, Rules};

/// Days on both sides of every date in the examples and of memberships here.
pub(super) const DAYS: &[&str] = &["2020-01-31", "2026-02-28", "2026-03-01T12:00:00Z", "2026-03-31T23:59:59Z", "2026-04-01", "2027-06-01"];
const NATIONS: &[&str] = &["FRA", "DEU", "USA", "GBR", "CAN", "JPN", "CHE", "RUS", "FIN", "AUS"];
const GROUPS: &[&str] = &["NATO", "EU", "FVEY", "JTF-7", "FR-JP", "SECRET-CELL", "PURPOSE-NETWORK-DEFENCE"];
const ORGANISATIONS: &[&str] = &["French Node", "Steel Ltd", "Werk GmbH", "Ltd", "A/B%"];
const POLICIES: &[&str] = &["NATO", "EU", "USA", "TLP"];
const RESTRICTIONS: &[(&str, &str, &str)] = &[
    ("NATO", "Additional Sensitivity", "ATOMAL"),
    ("USA", "SCI Controls", "TK"),
    ("LAW", "GDPR", "PERSONAL"),
    ("LAW", "GDPR", "SPECIAL"),
    ("HANDLING", "Originator Control", "French Node"),
    ("HANDLING", "Originator Control", "Steel Ltd"),
    ("A/B", "C", "D"),
    ("A", "B/C", "D"),
];

pub(super) fn rules() -> Rules {
    let equivalences = BTreeSet::from([Equivalence::parse("NATO:SECRET", "EU:SECRET", &relto_policy::Policies::default()).unwrap()]);
    let groups = GROUPS.iter().map(|group| (*group).to_owned()).collect();
    Rules { equivalences, groups, ..Rules::builtin().unwrap() }
}

pub(super) fn day() -> impl Strategy<Value = Stamp> {
    proptest::sample::select(DAYS).prop_map(|day| Stamp::parse(day).unwrap())
}

fn restriction() -> impl Strategy<Value = (PolicyId, Restriction)> {
    proptest::sample::select(RESTRICTIONS)
        .prop_map(|(policy, tag, value)| (PolicyId::new(policy), Restriction { tag: tag.to_owned(), value: value.to_owned() }))
}

fn word(words: &'static [&'static str]) -> impl Strategy<Value = String> {
    proptest::sample::select(words).prop_map(str::to_owned)
}

fn membership() -> impl Strategy<Value = GroupMembership> {
    (word(GROUPS), proptest::option::of(day()), proptest::option::of(day())).prop_map(|(group, from, until)| GroupMembership {
        group,
        from,
        until,
    })
}

fn clearance() -> impl Strategy<Value = Clearance> {
    (word(POLICIES), 1..=5u8, proptest::option::of(day())).prop_map(|(policy, level, until)| Clearance {
        policy: PolicyId::new(&policy),
        level,
        until,
    })
}

pub(super) fn profile() -> impl Strategy<Value = Profile> {
    use proptest::collection::btree_set;
    let nations = btree_set(word(NATIONS), 1..3);
    let sets = (btree_set(membership(), 0..5), btree_set(clearance(), 0..4), btree_set(restriction(), 0..4));
    (nations, word(ORGANISATIONS), sets).prop_map(|(nations, organisation, (groups, clearances, accesses))| Profile {
        groups,
        clearances,
        accesses,
        ..Profile::new(&organisation, nations)
    })
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => word(NATIONS).prop_map(Value::Nation),
        2 => (word(GROUPS), day()).prop_map(|(name, as_of)| Value::Group { name, as_of }),
        1 => word(ORGANISATIONS).prop_map(Value::Organisation),
        1 => word(&["a", "b"]).prop_map(Value::Category),
        1 => word(&["a", "b"]).prop_map(Value::Person),
    ]
}

fn facet() -> impl Strategy<Value = Label> {
    use proptest::collection::{btree_set, vec};
    let clauses = vec(btree_set(value(), 0..4), 0..3);
    (word(POLICIES), 1..=5u8, clauses).prop_map(|(policy, level, clauses)| {
        let clauses = clauses.into_iter().map(|values| Clause { tag: "Releasable To".to_owned(), values });
        Label::new(PolicyId::new(&policy), clauses.fold(Facet::at_level(level), Facet::only))
    })
}

/// A label that may become another one.
pub(super) fn label() -> impl Strategy<Value = Label> {
    (timeless(), proptest::option::weighted(0.3, (day(), timeless()))).prop_map(|(label, later)| match later {
        Some((from, later)) => label.then(from, &later),
        None => label,
    })
}

fn timeless() -> impl Strategy<Value = Label> {
    use proptest::collection::vec;
    (vec(facet(), 1..3), vec(restriction(), 0..3)).prop_map(|(facets, restrictions)| {
        let restricted = restrictions.into_iter().map(|(policy, restriction)| {
            let mut facet = Facet::at_level(0);
            facet.restrictive.insert(restriction);
            Label::new(policy, facet)
        });
        let mut labels = facets.into_iter().chain(restricted);
        let first = labels.next().unwrap();
        labels.fold(first, |label, next| label.join(&next))
    })
}
