//! The two judges agree, and the join of two labels is readable by exactly those who may read both.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::explicit_auto_deref,
    reason = "tests: what is not as it must be ends them"
)]

mod smallest;
mod terms;

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use relto_model::label::{Clause, Restriction};
use relto_model::{Facet, Label, PolicyId, Stamp, Value};
use relto_policy::law::{Consent, ConsentedTo, Held, Kind, RecipientFacts, Subject};
use relto_policy::policy::{
    ADDITIONAL_SENSITIVITY, ADDRESSEES, DISPLAY_ONLY, HANDLING, LAW, OBLIGATIONS, ORGANISATIONS, ORIGINATOR_CONTROL, RELEASABLE_TO,
    THIRD_PARTY,
};
use relto_policy::{
    Clearance, CompiledProfile, Equivalence, Floor, GroupMembership, Profile, Rules, Verdict, decide, explain, explain_with,
};

/// Cases for the two judges.
const CASES: u64 = 1_000_000;
/// Pairs of labels for the join; each is tried on several profiles.
const PAIRS: u64 = 50_000;

/// SplitMix64 (Steele, Lea, Flood 2014): small, seeded, and good enough to draw cases from.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn chance(&mut self, in_hundred: u64) -> bool {
        self.below(100) < in_hundred
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len() as u64) as usize]
    }

    fn some<T: Clone + Ord>(&mut self, of: &[T], at_most: u64) -> BTreeSet<T> {
        (0..self.below(at_most + 1)).map(|_| self.one(of).clone()).collect()
    }
}

const NATIONS: [&str; 7] = ["FRA", "USA", "DEU", "SWE", "GBR", "JPN", "ARM"];
const TABLE_GROUPS: [&str; 4] = ["NATO", "EU", "FVEY", "AUKUS"];
const OWN_GROUPS: [&str; 2] = ["JTF-7", "RED TEAM"];
const NAMES: [&str; 3] = ["A", "B", "C"];
const POLICIES: [(&str, &[u8]); 6] = [
    ("NATO", &[1, 2, 3, 4, 5]),
    ("USA", &[1, 3, 4, 5]),
    ("EU", &[1, 2, 3, 4, 5]),
    ("TLP", &[1, 2, 3, 4, 5]),
    ("ORG", &[0]),
    ("MOON", &[1]),
];
/// Before, at and after the changes that the table knows.
const TIMES: [&str; 7] =
    ["1990-01-01", "2019-06-01", "2020-01-31T22:59:59Z", "2020-01-31T23:00:00Z", "2021-09-15", "2024-03-06T23:59:59Z", "2026-11-23"];

fn time(draw: &mut Draw) -> Stamp {
    Stamp::parse(*draw.one(&TIMES)).unwrap()
}

fn value(draw: &mut Draw) -> Value {
    let name = (*draw.one(&NAMES)).to_owned();
    match draw.below(9) {
        0..=2 => Value::Nation((*draw.one(&NATIONS)).to_owned()),
        3 => Value::Group { name: (*draw.one(&TABLE_GROUPS)).to_owned(), as_of: time(draw) },
        4 => Value::Group { name: (*draw.one(&OWN_GROUPS)).to_owned(), as_of: time(draw) },
        5 => Value::Organisation(name),
        6 => Value::Person(name),
        7 => Value::Category(name),
        _ if draw.chance(50) => Value::RecipientsOf(name),
        _ => Value::ClientsOf(name),
    }
}

fn facet(draw: &mut Draw, levels: &[u8]) -> Facet {
    let facet = plain_facet(draw, levels);
    if draw.chance(90) {
        return facet;
    }
    let (policy, levels) = *draw.one(&POLICIES);
    facet.or(PolicyId::new(policy), plain_facet(draw, levels))
}

fn plain_facet(draw: &mut Draw, levels: &[u8]) -> Facet {
    let mut facet = Facet::at_level(if draw.chance(97) { *draw.one(levels) } else { 99 });
    for _ in 0..draw.below(3) {
        let tag = *draw.one(&[RELEASABLE_TO, ORGANISATIONS, ADDRESSEES]);
        let values: Vec<Value> = (0..draw.below(5)).map(|_| value(draw)).collect();
        facet = facet.only(Clause::new(tag, values));
    }
    if draw.chance(15) {
        facet.restrictive.insert(restriction(draw));
    }
    facet
}

fn restriction(draw: &mut Draw) -> Restriction {
    Restriction { tag: ADDITIONAL_SENSITIVITY.to_owned(), value: (*draw.one(&["ATOMAL", "CRYPTO"])).to_owned() }
}

fn label(draw: &mut Draw) -> Label {
    let one = |draw: &mut Draw| {
        if draw.chance(12) {
            return tagged(draw);
        }
        let known = if draw.chance(98) { 5 } else { 6 };
        let (policy, levels) = *draw.one(&POLICIES[..known]);
        Label::new(PolicyId::new(policy), facet(draw, levels))
    };
    let first = one(draw);
    match draw.below(10) {
        0 | 1 => first.join(&one(draw)),
        2 => first.then(time(draw), &one(draw)),
        3 => first.then(time(draw), &one(draw)).then(time(draw), &one(draw)).join(&one(draw)),
        _ => first,
    }
}

/// What law and handling say, without a classification.
const TAGS: [(&str, &str, &str); 10] = [
    (HANDLING, ORIGINATOR_CONTROL, "A"),
    (HANDLING, THIRD_PARTY, "B"),
    (HANDLING, OBLIGATIONS, DISPLAY_ONLY),
    (HANDLING, "Liked By", "A"),
    (LAW, "GDPR", "PERSONAL"),
    (LAW, "GDPR", "NONE"),
    (LAW, "ITAR", "VIII"),
    (LAW, "EUDU", "5A002"),
    (LAW, "RETAIN", "UNTIL 2021-01-01"),
    (LAW, "MOON", "FULL"),
];

fn tagged(draw: &mut Draw) -> Label {
    let (policy, tag, value) = *draw.one(&TAGS);
    let mut facet = Facet::at_level(0);
    facet.restrictive.insert(Restriction { tag: tag.to_owned(), value: value.to_owned() });
    Label::new(PolicyId::new(policy), facet)
}

fn facts(draw: &mut Draw) -> RecipientFacts {
    let country = draw.chance(70).then(|| (*draw.one(&NATIONS)).to_owned());
    let residence = draw.chance(60).then(|| draw.some(&NATIONS, 1).into_iter().map(str::to_owned).collect());
    let kind = draw.chance(70).then(|| *draw.one(&[Kind::Private, Kind::Military, Kind::PublicAuthority]));
    let frameworks = if draw.chance(20) { [Held::new("DPF").until(time(draw))].into() } else { BTreeSet::new() };
    RecipientFacts { headquarters: country.clone(), country, residence, kind, frameworks, ..RecipientFacts::default() }
}

fn profile(draw: &mut Draw) -> Profile {
    let nations = if draw.chance(97) { draw.some(&NATIONS, 2) } else { BTreeSet::new() };
    let mut profile = Profile::new(*draw.one(&NAMES), nations.into_iter().map(str::to_owned).collect());
    profile.person = draw.chance(50).then(|| (*draw.one(&NAMES)).to_owned());
    for _ in 0..draw.below(3) {
        let groups = if draw.chance(80) { &OWN_GROUPS[..] } else { &TABLE_GROUPS[..] };
        let group = (*draw.one(groups)).to_owned();
        let [from, until] = [draw.chance(50), draw.chance(30)].map(|dated| dated.then(|| time(draw)));
        profile.groups.insert(GroupMembership { group, from, until });
    }
    for _ in 0..draw.below(4) {
        let (policy, levels) = *draw.one(&POLICIES[..3]);
        let until = draw.chance(30).then(|| time(draw));
        profile.clearances.insert(Clearance { policy: PolicyId::new(policy), level: *draw.one(levels), until });
    }
    if draw.chance(40) {
        let policy = PolicyId::new(*draw.one(&["NATO", "USA"]));
        profile.accesses.insert((policy.clone(), restriction(draw)));
        let tag = (*draw.one(&[RELEASABLE_TO, ORGANISATIONS, ADDRESSEES])).to_owned();
        profile.accesses.insert((policy, Restriction { tag, value: (*draw.one(&NAMES)).to_owned() }));
    }
    if draw.chance(60) {
        profile.facts = facts(draw);
    }
    profile.recipient_of = draw.some(&NAMES, 1).into_iter().map(str::to_owned).collect();
    profile.client_of = draw.some(&NAMES, 1).into_iter().map(str::to_owned).collect();
    profile
}

fn rules(draw: &mut Draw) -> Arc<Rules> {
    static SHIPPED: LazyLock<Rules> = LazyLock::new(|| Rules::builtin().unwrap());
    let mut rules = Rules { groups: OWN_GROUPS.map(str::to_owned).into(), ..SHIPPED.clone() };
    for _ in 0..draw.below(3) {
        let side = |draw: &mut Draw| {
            let (policy, levels) = *draw.one(&POLICIES[..3]);
            (PolicyId::new(policy), *draw.one(levels))
        };
        rules.equivalences.insert(Equivalence { held: side(draw), counts_as: side(draw) });
    }
    Arc::new(rules)
}

fn consents(draw: &mut Draw) -> Vec<Consent> {
    let one = |draw: &mut Draw| {
        let name = (*draw.one(&NAMES)).to_owned();
        Consent {
            subject: draw.one(&[Subject::Addressees, Subject::Originator("A".to_owned()), Subject::ThirdParty("B".to_owned())]).clone(),
            recipient: if draw.chance(70) { ConsentedTo::Person(name) } else { ConsentedTo::Organisation(name) },
            purpose: None,
            from: time(draw),
            until: draw.chance(20).then(|| time(draw)),
            by: "anna".to_owned(),
            reference: "7".to_owned(),
        }
    };
    (0..draw.below(4)).map(|_| one(draw)).collect()
}

fn fast(profile: &Profile, label: &Label, rules: &Arc<Rules>, now: Stamp) -> Verdict {
    let mut floor = Floor::new(rules.clone(), now);
    let label = floor.label(label);
    decide(&floor.profile(profile), &label)
}

/// Whether `profile` may read an object that carries `label` and to whose release `consents` were given.
fn reads(profile: &Profile, label: &Label, consents: &[Consent], rules: &Arc<Rules>, now: Stamp) -> bool {
    let mut floor = Floor::new(rules.clone(), now);
    let label = floor.label(label);
    let compiled = floor.profile(profile);
    match decide(&compiled, &label) {
        Verdict::Permit => true,
        Verdict::Pend => floor.is_consented(profile, &compiled, &label, consents),
        Verdict::Redact | Verdict::Deny => false,
    }
}

#[test]
fn the_two_judges_agree() {
    let mut draw = Draw(2026);
    let (mut permitted, mut opened) = (0u64, 0u64);
    let mut worlds = 0u64;
    while worlds < CASES {
        let rules = rules(&mut draw);
        let now = time(&mut draw);
        let mut floor = Floor::new(rules.clone(), now);
        let mut profiles: Vec<_> = (0..20).map(|_| (profile(&mut draw), CompiledProfile::default())).collect();
        for _ in 0..20 {
            let label = label(&mut draw);
            let ready = floor.label(&label);
            let consents = consents(&mut draw);
            for (profile, compiled) in &mut profiles {
                floor.extend(profile, compiled);
                let verdict = decide(compiled, &ready);
                let (slow, findings) = explain(profile, &label, &rules, now);
                assert_eq!(verdict, slow, "profile {profile:?}\nlabel {label:?}\nat {now}\n{findings:?}");
                if verdict == Verdict::Pend {
                    let opens = floor.is_consented(profile, compiled, &ready, &consents);
                    let (slow, findings) = explain_with(profile, &label, &consents, &rules, now);
                    assert_eq!(opens, slow == Verdict::Permit, "{profile:?}\n{label:?}\n{consents:?}\nat {now}\n{findings:?}");
                    opened += u64::from(opens);
                }
                permitted += u64::from(verdict == Verdict::Permit);
                worlds += 1;
            }
        }
    }
    // Both answers must be common, or the agreement says little.
    assert!(permitted > CASES / 20 && permitted < CASES * 19 / 20, "{permitted} of {worlds} permitted");
    assert!(opened > CASES / 1_000, "{opened} of {worlds} opened by consents");
}

#[test]
fn the_join_is_for_exactly_those_who_may_read_both() {
    let mut draw = Draw(4774);
    for _ in 0..PAIRS {
        let (rules, now) = (rules(&mut draw), time(&mut draw));
        let (one, other) = (label(&mut draw), label(&mut draw));
        let join = one.clone().join(&other);
        assert_eq!(join, other.clone().join(&one));
        assert_eq!(join, join.clone().join(&one));
        for _ in 0..10 {
            let (profile, consents) = (profile(&mut draw), consents(&mut draw));
            let reads = |label: &Label| reads(&profile, label, &consents, &rules, now);
            let (both, joined) = (reads(&one) && reads(&other), reads(&join));
            // An alternative that only one of them has is lost, and with it those who read by it.
            let exact = [&one, &other].iter().all(|label| label.facets_ever().all(|(_, facet)| facet.alternatives.is_empty()));
            assert!(if exact { joined == both } else { both || !joined }, "{profile:?}\n{one:?}\n{other:?}");
        }
    }
}

#[test]
fn taking_attributes_away_never_shows_more() {
    let mut draw = Draw(42);
    for _ in 0..PAIRS {
        let (rules, now, label, full) = (rules(&mut draw), time(&mut draw), label(&mut draw), profile(&mut draw));
        let mut less = full.clone();
        match draw.below(6) {
            5 => less.facts = RecipientFacts::default(),
            0 => less.clearances.clear(),
            1 => less.accesses.clear(),
            2 => less.groups.clear(),
            3 => less.recipient_of.clear(),
            _ => less.person = None,
        }
        let shown = |profile: &Profile| fast(profile, &label, &rules, now) == Verdict::Permit;
        assert!(shown(&full) || !shown(&less), "{full:?}\n{label:?}");
    }
}

/// The cases that reference texts and newspapers know, by date.
#[test]
fn joining_opens_nothing_old_and_leaving_closes_everything() {
    let rules = Arc::new(Rules::builtin().unwrap());
    let read = |nation: &str, group: &str, made: &str, now: &str| {
        let context = relto_policy::LabelContext { made: Stamp::parse(made).unwrap(), owner: "A".to_owned(), collection: None };
        let label = relto_policy::parse_label(&format!("{group} UNCLASSIFIED"), &rules, &context).unwrap();
        let profile = Profile::new("A", [nation.to_owned()].into());
        fast(&profile, &label, &rules, Stamp::parse(now).unwrap()) == Verdict::Permit
    };
    for (nation, group, made, now, expected) in [
        ("SWE", "NATO", "2024-03-06", "2026-11-23", false),
        ("SWE", "NATO", "2024-03-07", "2026-11-23", true),
        ("FIN", "NATO", "2024-03-06", "2026-11-23", true),
        ("GBR", "EU", "2019-06-01", "2020-01-31T22:59:59Z", true),
        ("GBR", "EU", "2019-06-01", "2020-01-31T23:00:00Z", false),
        ("GBR", "EU", "2019-06-01", "2026-11-23", false),
        ("ARM", "NATO", "2026-01-01", "2026-11-23", false),
    ] {
        assert_eq!(read(nation, group, made, now), expected, "{nation} reads {group} of {made} at {now}");
    }
}

/// Between two instants at which a fact or a label changes, no decision does: a release set may be kept that long.
#[test]
fn no_decision_changes_but_at_a_change() {
    let mut draw = Draw(77);
    for _ in 0..PAIRS {
        let (rules, now, label, profile) = (rules(&mut draw), time(&mut draw), label(&mut draw), profile(&mut draw));
        let changes = label.changes().chain(rules.memberships.next_change(now)).chain(profile.next_change(now));
        let laws = label.facets_ever().filter(|(policy, _)| policy.as_str() == LAW).flat_map(|(_, facet)| &facet.restrictive);
        let changes = changes.chain(rules.law.next_change(laws, now));
        let until = changes.filter(|change| *change > now).min().unwrap_or(Stamp(i64::MAX));
        let within = Stamp(now.0 + (draw.next() >> 1) as i64 % (until.0 - now.0).max(1));
        for at in [within, Stamp(until.0 - 1)] {
            assert_eq!(fast(&profile, &label, &rules, now), fast(&profile, &label, &rules, at), "{now} {at}\n{profile:?}\n{label:?}");
        }
    }
}

/// A restriction more never shows more, whatever it is.
#[test]
fn a_restriction_more_never_shows_more() {
    let mut draw = Draw(5);
    for _ in 0..PAIRS {
        let (rules, now, one, profile) = (rules(&mut draw), time(&mut draw), label(&mut draw), profile(&mut draw));
        let more = one.clone().join(&label(&mut draw));
        assert!(fast(&profile, &more, &rules, now) >= fast(&profile, &one, &rules, now), "{profile:?}\n{one:?}\n{more:?}");
    }
}
