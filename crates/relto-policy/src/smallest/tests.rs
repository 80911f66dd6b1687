//! What is proposed for labels as people write them, in words; that each proposal works and is needed whole is a property in `tests/policy/smallest.rs`.

use super::*;
use crate::law::{ConsentedTo, Kind, RecipientFacts, Subject};
use crate::profile::{parse_access, parse_clearance};
use crate::text::{LabelContext, parse_label};

fn now() -> Stamp {
    Stamp::parse("2026-11-25").unwrap()
}

fn label(text: &str, rules: &Rules) -> Label {
    parse_label(text, rules, &context()).unwrap()
}

fn context() -> LabelContext {
    LabelContext { made: now(), owner: "ANSSI".to_owned(), collection: Some("c1".to_owned()) }
}

/// `kenji`, in `NISC`, with these clearances and accesses.
fn profile(nations: &[&str], clearances: &[&str], accesses: &[&str], rules: &Rules) -> Profile {
    let mut profile = Profile::new("NISC", nations.iter().map(|nation| (*nation).to_owned()).collect());
    profile.person = Some("kenji".to_owned());
    profile.clearances = clearances.iter().map(|one| parse_clearance(one, &rules.policies).unwrap()).collect();
    profile.accesses = accesses.iter().map(|one| parse_access(one, &rules.policies).unwrap()).collect();
    profile
}

fn words(changes: &[Change], rules: &Rules) -> Vec<String> {
    let one = |change: &Change| change.0.iter().map(|step| step.in_words(&rules.policies)).collect::<Vec<_>>().join(" + ");
    changes.iter().map(one).collect()
}

#[track_caller]
fn check(text: &str, profile: &Profile, rules: &Rules, expected: &[&str]) {
    assert_eq!(words(&smallest_changes(profile, &label(text, rules), rules, now()), rules), expected, "{text}");
}

#[test]
fn each_need_has_its_steps() {
    let rules = Rules::builtin().unwrap();
    let of = |nations: &[&str], clearances: &[&str]| profile(nations, clearances, &[], &rules);
    let japan = of(&["JPN"], &["NATO:RESTRICTED"]);
    check("TLP:CLEAR", &japan, &rules, &[]);
    check("NATO SECRET REL TO JPN", &japan, &rules, &["grant the clearance `NATO:SECRET`", "lower NATO to RESTRICTED"]);
    check("NATO RESTRICTED", &japan, &rules, &["name JPN in NATO Releasable To"]);
    check("NATO SECRET", &of(&["FRA"], &[]), &rules, &["grant the clearance `NATO:SECRET`", "lower NATO to UNCLASSIFIED"]);
    check(
        "NATO RESTRICTED",
        &of(&["JPN", "BRA"], &["NATO:RESTRICTED"]),
        &rules,
        &["name BRA in NATO Releasable To + name JPN in NATO Releasable To"],
    );
    check(
        "TLP:RED",
        &japan,
        &rules,
        &["name kenji as an addressee: `relto consent add OBJECT-ID --addressee kenji --by NAME --reference TEXT`"],
    );
    check("TLP:AMBER", &japan, &rules, &["make the reader's organisation a recipient of the collection that the label names"]);
    check("HANDLING:DISPLAY ONLY", &japan, &rules, &["if it does not apply, drop Obligations DISPLAY ONLY from HANDLING"]);
    check(
        "HANDLING:ORCON ANSSI",
        &japan,
        &rules,
        &["obtain the consent of ANSSI, the originator", "if it does not apply, drop Originator Control ANSSI from HANDLING"],
    );
}

#[test]
fn needs_combine_and_the_recipient_comes_first() {
    let rules = Rules::builtin().unwrap();
    let cleared = profile(&["USA"], &["USA:SECRET"], &[], &rules);
    check("SECRET//SI//NOFORN", &cleared, &rules, &["give the access `USA:SI`", "drop SCI Controls SI from USA"]);
    let nobody = profile(&["USA"], &["USA:CONFIDENTIAL"], &[], &rules);
    check(
        "SECRET//SI//NOFORN",
        &nobody,
        &rules,
        &[
            "grant the clearance `USA:SECRET` + give the access `USA:SI`",
            "grant the clearance `USA:SECRET` + drop SCI Controls SI from USA",
            "give the access `USA:SI` + lower USA to CONFIDENTIAL",
            "lower USA to CONFIDENTIAL + drop SCI Controls SI from USA",
        ],
    );
    check(
        "NATO SECRET AND HANDLING:ORCON ANSSI",
        &profile(&["FRA"], &["NATO:SECRET"], &[], &rules),
        &rules,
        &["obtain the consent of ANSSI, the originator", "if it does not apply, drop Originator Control ANSSI from HANDLING"],
    );
}

#[test]
fn the_law_names_facts_that_are_not_known_or_can_be_held() {
    let rules = Rules::builtin().unwrap();
    let mut france = profile(&["FRA"], &[], &[], &rules);
    check(
        "LAW:GDPR PERSONAL",
        &france,
        &rules,
        &[
            "if it is so, enter the fact that the reader's organisation is established in FRA",
            "if it does not apply, drop GDPR PERSONAL from LAW",
        ],
    );
    france.facts = RecipientFacts { country: Some("CHN".to_owned()), kind: Some(Kind::Private), ..RecipientFacts::default() };
    check("LAW:GDPR PERSONAL", &france, &rules, &["if it does not apply, drop GDPR PERSONAL from LAW"]);
}

#[test]
fn one_clearance_serves_every_label_that_asks_for_it() {
    let rules = Rules::builtin().unwrap();
    let france = profile(&["FRA"], &[], &[], &rules);
    let (object, collection) = (label("NATO SECRET", &rules), label("NATO RESTRICTED", &rules));
    let labels = [&object, &collection].map(|label| Labelled { label, consents: &[] });
    let changes = smallest_changes_of_all(&france, &labels, &rules, now(), &|_, _| true);
    let (clearance, lowered) = ("grant the clearance `NATO:SECRET`", "lower NATO to UNCLASSIFIED");
    let (below, both) = (format!("grant the clearance `NATO:RESTRICTED` + {lowered}"), format!("{lowered} + {lowered}"));
    assert_eq!(words(&changes, &rules), [clearance, &below, &both]);
}

#[test]
fn what_narrows_is_asked_of_every_proposal() {
    let mut rules = Rules::builtin().unwrap();
    rules.groups.insert("JTF-7".to_owned());
    let (japan, label) = (profile(&["JPN"], &[], &[], &rules), label("NATO UNCLASSIFIED REL TO JTF-7", &rules));
    let asked = |narrowing: &dyn Fn(&Profile, &Label) -> bool| {
        words(&smallest_changes_of_all(&japan, &[Labelled { label: &label, consents: &[] }], &rules, now(), narrowing), &rules)
    };
    let (join, name) = (
        "if it is so, enter that the reader is a member of JTF-7 since 2026-11-25T00:00:00.000000Z or before",
        "name JPN in NATO Releasable To",
    );
    assert_eq!(asked(&|_, _| true), [join, name]);
    assert_eq!(asked(&|profile, _| profile.groups.is_empty()), [name]);
    assert!(asked(&|_, _| false).is_empty());
}

#[test]
fn what_a_release_hangs_on_could_end() {
    let rules = Rules::builtin().unwrap();
    let japan = profile(&["JPN"], &["NATO:RESTRICTED"], &[], &rules);
    let (end, unname) = ("end the clearance `NATO:RESTRICTED`", "take JPN out of NATO Releasable To");
    check("NATO RESTRICTED REL TO JPN", &japan, &rules, &[end, unname]);
    // Of two clearances that suffice, both would have to end.
    let twice = profile(&["JPN"], &["NATO:RESTRICTED", "NATO:SECRET"], &[], &rules);
    check("NATO RESTRICTED REL TO JPN", &twice, &rules, &[unname]);
    let of_nato = profile(&["FRA"], &["NATO:RESTRICTED", "NATO:SECRET"], &[], &rules);
    check("NATO RESTRICTED", &of_nato, &rules, &["take NATO out of NATO Releasable To"]);
    let both = [
        "end the clearance `NATO:RESTRICTED` + end the clearance `NATO:SECRET`",
        "take FRA out of NATO Releasable To + take NATO out of NATO Releasable To",
    ];
    check("NATO RESTRICTED REL TO FRA, NATO", &of_nato, &rules, &both);
    let informed = profile(&["USA"], &["USA:SECRET"], &["SI"], &rules);
    let released = ["end the clearance `USA:SECRET`", "take back the access `USA:SI`", "take USA out of USA Releasable To"];
    check("SECRET//SI//NOFORN", &informed, &rules, &released);
}

#[test]
fn what_was_consented_to_is_not_asked_for_again() {
    let rules = Rules::builtin().unwrap();
    let japan = profile(&["JPN"], &[], &[], &rules);
    let label = label("NATO UNCLASSIFIED REL TO FRA AND HANDLING:ORCON ANSSI", &rules);
    let consent = Consent {
        subject: Subject::Originator("ANSSI".to_owned()),
        recipient: ConsentedTo::Person("kenji".to_owned()),
        purpose: None,
        from: Stamp(0),
        until: None,
        by: "anna".to_owned(),
        reference: "2026/7".to_owned(),
    };
    let asked = |consents: &[Consent]| {
        let changes = smallest_changes_of_all(&japan, &[Labelled { label: &label, consents }], &rules, now(), &|_, _| true);
        words(&changes, &rules)
    };
    let (name, consent_words) = ("name JPN in NATO Releasable To", "obtain the consent of ANSSI, the originator");
    assert_eq!(asked(std::slice::from_ref(&consent)), [name, "drop NATO from the label"]);
    let open = parse_label("NATO UNCLASSIFIED REL TO JPN AND HANDLING:ORCON ANSSI", &rules, &context()).unwrap();
    let labelled = [Labelled { label: &open, consents: &[consent] }];
    let withheld = words(&smallest_changes_of_all(&japan, &labelled, &rules, now(), &|_, _| true), &rules);
    assert_eq!(withheld, ["withdraw the consent of ANSSI, the originator for user:kenji", "take JPN out of NATO Releasable To"]);
    assert!(asked(&[]).contains(&format!("{consent_words} + {name}")), "{:?}", asked(&[]));
}

#[test]
fn a_policy_that_nobody_knows_can_only_be_dropped() {
    let rules = Rules::builtin().unwrap();
    let moon = Label::new(relto_model::PolicyId::new("MOON"), relto_model::Facet::at_level(1));
    let france = profile(&["FRA"], &[], &[], &rules);
    assert!(smallest_changes(&france, &moon, &rules, now()).is_empty());
    let both = moon.join(&label("TLP:GREEN", &rules));
    assert_eq!(words(&smallest_changes(&france, &both, &rules, now()), &rules), ["drop MOON from the label"]);
}
