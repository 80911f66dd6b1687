//! Terms of an agreement only ever withhold, and withhold just what they say: held against a second reading of the tags by hand.

use std::collections::BTreeSet;

use relto_model::label::Restriction;
use relto_model::{Facet, Label, PolicyId, Stamp};
use relto_policy::law::{Authorisation, Held, RecipientFacts};
use relto_policy::policy::LAW;
use relto_policy::{Ceilings, Profile, Rules, Terms};

use super::{Draw, PAIRS, consents, label, profile, reads, rules, time};

const LAWS: [&str; 6] = ["GDPR", "PURPOSE", "PROP", "NDA", "NATSEC", "ITAR"];
const PURPOSES: [&str; 3] = ["cyber defence", "CRISIS RESPONSE", "sales"];
const GROUNDS: [&str; 4] = ["C-1", "c-2", "TA-1", "9(2)(g)"];
/// Tags, with what they name: purposes, or a ground.
const NAMING: [(&str, &str, &[&str], Option<&str>); 9] = [
    ("PURPOSE", "cyber defence", &["cyber defence"], None),
    ("PURPOSE", "CRISIS RESPONSE, SALES", &["crisis response", "sales"], None),
    ("PROP", "UNDER C-1", &[], Some("c-1")),
    ("NDA", "UNDER C-2", &[], Some("c-2")),
    ("ITAR", "VIII UNDER TA-1", &[], Some("ta-1")),
    ("NATSEC", "UNDER C-1", &[], Some("c-1")),
    ("GDPR", "SPECIAL BASIS 9(2)(G)", &[], Some("9(2)(g)")),
    // A basis of processing that nobody is asked for names nothing.
    ("GDPR", "PERSONAL BASIS C-2", &[], None),
    ("GDPR", "NONE", &[], None),
];

fn some(draw: &mut Draw, of: &[&str]) -> Option<BTreeSet<String>> {
    draw.chance(50).then(|| of.iter().filter(|_| draw.chance(60)).map(|one| (*one).to_owned()).collect())
}

fn terms(draw: &mut Draw, rules: &Rules) -> Terms {
    let drawn: [&[&str]; 4] = [&[], &[], &["NATO:RESTRICTED"], &["USA:SECRET", "NATO:CONFIDENTIAL"]];
    let levels = *draw.one(&drawn);
    Terms {
        levels: Ceilings::parse(levels.iter().copied(), &rules.policies).unwrap(),
        collections: None,
        laws: some(draw, &LAWS),
        purposes: some(draw, &PURPOSES),
        grounds: some(draw, &GROUNDS),
    }
}

fn named(draw: &mut Draw) -> Label {
    let (law, value, _, _) = *draw.one(&NAMING);
    let mut facet = Facet::at_level(0);
    facet.restrictive.insert(Restriction { tag: law.to_owned(), value: value.to_owned() });
    let tagged = Label::new(PolicyId::new(LAW), facet);
    if draw.chance(60) { tagged } else { tagged.join(&label(draw)) }
}

fn holder(draw: &mut Draw) -> Profile {
    let mut holder = profile(draw);
    let held = |draw: &mut Draw| -> BTreeSet<Held> {
        let until = |draw: &mut Draw, held: Held| if draw.chance(20) { held.until(time(draw)) } else { held };
        GROUNDS.iter().filter_map(|ground| if draw.chance(60) { Some(until(draw, Held::new(ground))) } else { None }).collect()
    };
    let authorisation = |held: Held| Authorisation { law: "ITAR".to_owned(), covers: ["VIII".to_owned()].into(), held };
    holder.facts = RecipientFacts {
        purpose: draw.chance(80).then(|| (*draw.one(&PURPOSES)).to_owned()),
        instruments: held(draw),
        frameworks: held(draw),
        mandates: held(draw),
        authorisations: held(draw).into_iter().map(authorisation).collect(),
        ..holder.facts
    };
    holder
}

/// Whether `terms` are about `label`, by the tags as they are written above.
fn within(terms: &Terms, label: &Label, rules: &Rules, now: Stamp) -> bool {
    let has =
        |all: &Option<BTreeSet<String>>, name: &str| all.as_ref().is_none_or(|all| all.iter().any(|one| one.eq_ignore_ascii_case(name)));
    terms.levels.admit(label, now)
        && label.facets_at(now).iter().all(|(policy, facet)| {
            policy.as_str() != LAW
                || facet.restrictive.iter().all(|tag| {
                    let told = NAMING.iter().find(|(law, value, _, _)| *law == tag.tag && *value == tag.value);
                    let (purposes, ground) = told.map_or((&[] as &[&str], None), |(_, _, purposes, ground)| (purposes, *ground));
                    let in_force = |law: &str| rules.law.rules.rows().iter().any(|row| row.fact.law == law && row.dated.is_valid(now));
                    has(&terms.laws, &tag.tag)
                        && (!in_force(&tag.tag)
                            || (purposes.is_empty() || purposes.iter().any(|one| has(&terms.purposes, one)))
                                && ground.is_none_or(|ground| has(&terms.grounds, ground)))
                })
        })
}

/// What somebody reads who has an agreement with these terms.
fn reads_under(
    holder: &Profile,
    terms: &Terms,
    label: &Label,
    rules: &std::sync::Arc<Rules>,
    now: Stamp,
    given: &[relto_policy::law::Consent],
) -> bool {
    terms.outside(label, rules, now).is_none() && reads(&holder.clone().under(terms), label, given, rules, now)
}

#[test]
fn terms_never_release_more_and_withhold_what_they_say() {
    let mut draw = Draw(29);
    let (mut kept, mut released) = (0, 0);
    for _ in 0..PAIRS / 5 {
        let rules = rules(&mut draw);
        let now = if draw.chance(80) { Stamp::parse("2026-11-23").unwrap() } else { time(&mut draw) };
        let (terms, holder, label, consents) = (terms(&mut draw, &rules), holder(&mut draw), named(&mut draw), consents(&mut draw));
        let before = reads(&holder, &label, &consents, &rules, now);
        let under = reads_under(&holder, &terms, &label, &rules, now, &consents);
        let what = || format!("{terms:?}\n{holder:?}\n{label:?}\nat {now}");
        assert!(before || !under, "more is released with terms than without\n{}", what());
        assert_eq!(terms.outside(&label, &rules, now).is_none(), within(&terms, &label, &rules, now), "{}", what());
        // The same facts, struck out by hand, and no more is read.
        let count = |ground: &Held| terms.grounds.as_ref().is_none_or(|all| all.iter().any(|one| one.eq_ignore_ascii_case(&ground.id)));
        let mut struck = holder.clone();
        struck.facts.instruments.retain(count);
        struck.facts.frameworks.retain(count);
        struck.facts.mandates.retain(count);
        struck.facts.authorisations.retain(|authorisation| count(&authorisation.held));
        struck.facts.purpose = struck.facts.purpose.filter(|own| terms.purposes.as_ref().is_none_or(|all| all.contains(own)));
        let expected = within(&terms, &label, &rules, now) && reads(&struck, &label, &consents, &rules, now);
        assert_eq!(under, expected, "{}", what());
        let narrower =
            Terms { laws: Some(BTreeSet::new()), purposes: Some(BTreeSet::new()), grounds: Some(BTreeSet::new()), ..terms.clone() };
        assert!(under || !reads_under(&holder, &narrower, &label, &rules, now, &consents), "narrower terms release more\n{}", what());
        released += usize::from(under);
        kept += usize::from(before && !under);
    }
    assert!(released > 100 && kept > 100, "{released} released, {kept} kept: both must be common");
}
