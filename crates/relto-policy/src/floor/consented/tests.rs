//! The two judges agree on every combination of label, reader, consents and instant; and consents open nothing but what pends for them.

use std::sync::Arc;

use relto_model::label::Clause;
use relto_model::{Facet, Label, PolicyId, Stamp, Value};

use crate::law::{Consent, ConsentedTo, RecipientFacts, Subject};
use crate::policy::{ADDRESSEES, TLP, tlp};
use crate::{Floor, LabelContext, Profile, Rules, Verdict, decide, explain_with, parse_label};

const LABELS: [&str; 11] = [
    "TLP:CLEAR",
    "TLP:CLEAR AND HANDLING:ORCON A",
    "TLP:CLEAR AND HANDLING:ORCON A; THIRD PARTY B",
    "TLP:CLEAR AND HANDLING:THIRD PARTY A",
    "TLP:CLEAR AND HANDLING:ORCON A; DISPLAY ONLY",
    "NATO SECRET AND HANDLING:ORCON A",
    "TLP:CLEAR AND LAW:GDPR PERSONAL AND HANDLING:ORCON A",
    "TLP:CLEAR, from 1970-01-01T00:00:00.000015Z TLP:CLEAR AND HANDLING:ORCON A",
    "TLP:RED",
    "TLP:RED AND HANDLING:ORCON A",
    "TLP:RED AND TLP:AMBER",
];

fn consents() -> Vec<Consent> {
    let originator = |name: &str| Subject::Originator(name.to_owned());
    let to = |name: &str| ConsentedTo::Organisation(name.to_owned());
    let consent = |subject, recipient, purpose: Option<&str>, until| Consent {
        subject,
        recipient,
        purpose: purpose.map(str::to_owned),
        from: Stamp(10),
        until,
        by: "anna".to_owned(),
        reference: "7".to_owned(),
    };
    vec![
        consent(originator("A"), to("C"), None, Some(Stamp(20))),
        consent(Subject::ThirdParty("B".to_owned()), to("C"), None, None),
        consent(Subject::ThirdParty("A".to_owned()), ConsentedTo::Person("max".to_owned()), None, None),
        consent(originator("A"), ConsentedTo::Nation("FRA".to_owned()), Some("Defence"), None),
        consent(originator("B"), to("C"), None, None),
        consent(Subject::Addressees, ConsentedTo::Person("max".to_owned()), None, Some(Stamp(15))),
    ]
}

fn profiles() -> Vec<Profile> {
    let mut all = Vec::new();
    for organisation in ["A", "B", "C"] {
        for nations in [&["FRA"] as &[&str], &["FRA", "USA"], &["JPN"]] {
            let nations = || nations.iter().map(|nation| (*nation).to_owned()).collect();
            let facts =
                RecipientFacts { country: Some("FRA".to_owned()), purpose: Some(" defence".to_owned()), ..RecipientFacts::default() };
            all.push(Profile::new(organisation, nations()));
            all.push(Profile { facts, person: Some("max".to_owned()), ..Profile::new(organisation, nations()) });
        }
    }
    all
}

#[test]
fn the_judges_agree_and_consents_open_what_pends_alone() {
    let rules = Arc::new(Rules::builtin().unwrap());
    let context = LabelContext { made: Stamp(0), owner: "A".to_owned(), collection: None };
    let (given, mut opened) = (consents(), 0);
    for instant in [9, 10, 15, 20].map(Stamp) {
        let mut floor = Floor::new(rules.clone(), instant);
        // As older stores hold it: RED that names persons itself.
        let clause = Clause::new(ADDRESSEES, ["max", "eve"].map(|name| Value::Person(name.to_owned())));
        let older = Label::new(PolicyId::new(TLP), Facet::at_level(tlp::RED).only(clause));
        let labels = LABELS.map(|text| (text, parse_label(text, &rules, &context).unwrap()));
        for (text, label) in labels.into_iter().chain([("TLP:RED for eve; max", older)]) {
            let ready = floor.label(&label);
            for profile in profiles() {
                let compiled = floor.profile(&profile);
                for chosen in 0..1u32 << given.len() {
                    let some: Vec<Consent> = (0..given.len()).filter(|at| chosen >> at & 1 == 1).map(|at| given[at].clone()).collect();
                    let alone = decide(&compiled, &ready);
                    let consented = floor.is_consented(&profile, &compiled, &ready, &some);
                    let fast = alone == Verdict::Permit || alone == Verdict::Pend && consented;
                    let (slow, findings) = explain_with(&profile, &label, &some, &rules, instant);
                    assert_eq!(fast, slow == Verdict::Permit, "{text} for {profile:?} at {instant} with {some:?}: {findings:?}");
                    // Not even where nobody asked first whether it pends.
                    assert!(alone <= Verdict::Pend || !consented, "{text} for {profile:?} at {instant} with {some:?}");
                    opened += u32::from(fast && alone == Verdict::Pend);
                }
            }
        }
    }
    assert!(opened > 100, "{opened} opened by consents");
}
