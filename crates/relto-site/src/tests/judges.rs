//! The second judge: the examples written out in Rust, slowly, from profile and label themselves. It shares no code with `facts`.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use relto_model::{Facet, Label, PolicyId, Stamp, Value};
use relto_policy::{Profile, Rules};

use super::world;

struct Case<'c> {
    profile: &'c Profile,
    label: &'c Label,
    rules: &'c Rules,
    now: Stamp,
}

impl Case<'_> {
    /// Whether everybody with this profile is in `group`: by the table through every nation, otherwise by a spell.
    fn is_in(&self, group: &str) -> bool {
        let Profile { nations, groups, .. } = self.profile;
        if self.rules.memberships.knows(group) {
            return !nations.is_empty() && nations.iter().all(|nation| self.rules.memberships.is_member(nation, group, self.now));
        }
        groups.iter().any(|spell| {
            spell.group == group && spell.from.is_none_or(|from| from <= self.now) && spell.until.is_none_or(|until| self.now < until)
        })
    }

    fn has_nation_in(&self, group: &str) -> bool {
        self.profile.nations.iter().any(|nation| self.rules.memberships.is_member(nation, group, self.now))
    }

    fn nations_within(&self, names: &[&str]) -> bool {
        self.profile.nations.iter().all(|nation| names.contains(&nation.as_str()))
    }

    fn nations_are(&self, name: &str) -> bool {
        self.profile.nations == BTreeSet::from([name.to_owned()])
    }

    fn cleared(&self, policy: &str) -> u8 {
        let held = self.profile.clearances.iter().filter(|held| held.until.is_none_or(|until| self.now < until));
        let own: Vec<_> = held.map(|held| (held.policy.as_str(), held.level)).collect();
        let counts = self
            .rules
            .equivalences
            .iter()
            .filter(|rule| own.iter().any(|(name, level)| *name == rule.held.0.as_str() && *level >= rule.held.1));
        let more: Vec<_> = counts.map(|rule| (rule.counts_as.0.as_str(), rule.counts_as.1)).collect();
        own.into_iter().chain(more).filter(|(name, _)| *name == policy).map(|(_, level)| level).max().unwrap_or(0)
    }

    fn facets(&self) -> impl Iterator<Item = (&PolicyId, &Facet)> {
        self.label.facets_at(self.now).iter()
    }

    fn level(&self, policy: &str) -> Option<u8> {
        self.facets().find(|(name, _)| name.as_str() == policy).map(|(_, facet)| facet.level)
    }

    fn restricts(&self, policy: &str, tag: &str, value: Option<&str>) -> bool {
        let facet = self.facets().find(|(name, _)| name.as_str() == policy).map(|(_, facet)| facet);
        facet.is_some_and(|facet| facet.restrictive.iter().any(|held| held.tag == tag && value.is_none_or(|value| held.value == value)))
    }

    fn holds(&self, policy: &str, tag: &str, value: &str) -> bool {
        self.profile.accesses.iter().any(|(name, held)| name.as_str() == policy && held.tag == tag && held.value == value)
    }

    fn values(&self) -> impl Iterator<Item = &Value> {
        self.facets().flat_map(|(_, facet)| &facet.permissive).flat_map(|clause| &clause.values)
    }

    fn names_group(&self, group: &str) -> bool {
        self.values().any(|value| matches!(value, Value::Group { name, .. } if name == group))
    }

    fn names_nation(&self, nation: &str) -> bool {
        self.values().any(|value| matches!(value, Value::Nation(code) if code == nation))
    }

    /// Nation by nation: it must be in each clause that names any.
    fn released_to(&self) -> BTreeSet<&str> {
        let is_of_table = |value: &Value| match value {
            Value::Nation(_) => true,
            Value::Group { name, .. } => self.rules.memberships.knows(name),
            _ => false,
        };
        let clauses: Vec<_> =
            self.facets().flat_map(|(_, facet)| &facet.permissive).filter(|clause| clause.values.iter().any(is_of_table)).collect();
        let admits = |value: &Value, nation: &str| match value {
            Value::Nation(code) => code == nation,
            Value::Group { name, as_of } => {
                self.rules.memberships.is_member(nation, name, *as_of) && self.rules.memberships.is_member(nation, name, self.now)
            }
            _ => false,
        };
        let all = relto_policy::nation::codes();
        let in_every =
            |nation: &&str| !clauses.is_empty() && clauses.iter().all(|clause| clause.values.iter().any(|value| admits(value, nation)));
        all.filter(in_every).collect()
    }

    /// The examples that forbid, in no order.
    fn forbidden(&self) -> BTreeSet<&'static str> {
        let tlp = self.level("TLP").unwrap_or(0);
        let organisation = self.profile.organisation.as_str();
        let (nato, eu) = (self.level("NATO"), self.level("EU"));
        let only_clear = self.facets().count() == 1 && self.level("TLP") == Some(1);
        let pair = self.names_nation("FRA") && self.names_nation("JPN") && self.released_to() == BTreeSet::from(["FRA", "JPN"]);
        let single = self.nations_are("USA") || self.nations_are("GBR") || self.nations_are("CAN");
        let cleared =
            |policy: &str, level: Option<u8>| level.is_some_and(|level| self.cleared(policy) >= level && self.cleared(policy) > 0);
        let personal = self.restricts("LAW", "GDPR", Some("PERSONAL"));
        let any_personal = personal || self.restricts("LAW", "GDPR", Some("SPECIAL"));
        let ours = organisation == "French Node" || self.restricts("HANDLING", "Originator Control", Some("French Node"));
        let day: i64 = self.now.to_string()[..10].replace('-', "").parse().unwrap();
        let atomal = self.is_in("NATO") && self.holds("NATO", "Additional Sensitivity", "ATOMAL");
        let rules = [
            ("bilateral-fra-jpn", pair && !(self.nations_within(&["FRA", "JPN"]) && self.is_in("FR-JP"))),
            ("five-eyes-undivided", self.names_group("FVEY") && self.has_nation_in("EU") && !self.is_in("FVEY")),
            ("embargo", !only_clear && self.profile.nations.iter().any(|nation| nation == "RUS" || nation == "BLR")),
            ("tk-single-nationals", self.restricts("USA", "SCI Controls", Some("TK")) && !single),
            ("atomal-all-nato", self.restricts("NATO", "Additional Sensitivity", Some("ATOMAL")) && !atomal),
            ("secret-cell", (nato.unwrap_or(0) >= 4 || eu.unwrap_or(0) >= 4) && !self.is_in("SECRET-CELL")),
            ("eu-levels-alike", nato.is_some() && eu.is_some() && !(cleared("EU", eu) && cleared("NATO", nato))),
            ("personal-data-purpose", personal && !self.is_in("PURPOSE-NETWORK-DEFENCE")),
            ("personal-data-third-countries", any_personal && !(self.is_in("EEA") || self.nations_within(&["CHE", "GBR", "JPN"]))),
            ("originators-we-know", self.restricts("HANDLING", "Originator Control", None) && !ours),
            ("amber-not-for-industry", tlp >= 3 && (organisation.ends_with(" Ltd") || organisation.ends_with(" GmbH"))),
            ("exercise-window", self.names_group("JTF-7") && !(20_260_301..20_260_401).contains(&day)),
        ];
        rules.into_iter().filter(|(_, forbids)| *forbids).map(|(id, _)| id).collect()
    }
}

/// 20,000 random cases: the same verdict, and the same policies named for it. Every example forbids now and then, and none always.
#[test]
fn both_judges_say_the_same_of_the_examples() {
    const CASES: usize = 20_000;
    let (site, rules) = (super::examples(), world::rules());
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let strategy = (world::profile(), world::label(), world::day());
    let mut forbade: std::collections::BTreeMap<String, usize> = site.summaries().map(|policy| (policy.id.to_owned(), 0)).collect();
    let mut permitted = 0;
    for _ in 0..CASES {
        let (profile, label, now) = strategy.new_tree(&mut runner).unwrap().current();
        let expected = Case { profile: &profile, label: &label, rules: &rules, now }.forbidden();
        let context = || format!("{profile:?}\n{}\n{now}", label.to_json());
        assert_eq!(site.permits(&profile, &label, &rules, now), Ok(expected.is_empty()), "{expected:?}\n{}", context());
        let named = site.withheld_by(&profile, &label, &rules, now);
        assert_eq!(named.iter().map(|policy| policy.id.as_str()).collect::<BTreeSet<_>>(), expected, "{}", context());
        named.iter().for_each(|policy| *forbade.get_mut(&policy.id).unwrap() += 1);
        permitted += usize::from(expected.is_empty());
    }
    assert!(forbade.values().all(|count| (20..CASES / 2).contains(count)), "{forbade:?}");
    assert!((CASES / 20..CASES / 2).contains(&permitted), "{permitted}");
}
