//! Which label is decided on, and what is said when none is.

use super::super::label::Mode;
use super::super::label::tests::{clearance, information, label, label_text};
use super::super::valid::tests::{now, shipped};
use super::*;

fn of_kind(kind: LabelKind, text: &str) -> ConfidentialityLabel {
    let text = label_text(kind.element(), &information(text), "");
    ConfidentialityLabel::parse(&text, Mode::Strict).unwrap().value
}

fn asked(files: &[&str], labels: &[ConfidentialityLabel], clearance_text: &str) -> Assessment {
    let spifs: Vec<Spif> = files.iter().map(|file| shipped(file)).collect();
    let clearance = (!clearance_text.is_empty()).then(|| clearance(clearance_text));
    assess(&Question { spifs: &spifs, labels, clearance: clearance.as_ref(), language: None, at: now() })
}

fn says(assessment: &Assessment, words: &str) {
    assert!(assessment.reasons.iter().any(|reason| reason.contains(words)), "{:#?}\nlacks {words}", assessment.reasons);
}

const SECRET: &str = "NATO; SECRET; Context={NATO}";
const CLEARED: &str = "NATO; UNCLASSIFIED, SECRET; Context={NATO}";

#[test]
fn one_label_one_policy() {
    let answer = asked(&["nato-style.xml"], &[label(SECRET)], CLEARED);
    assert_eq!((answer.valid, answer.marking.as_deref(), answer.decision), (true, Some("NATO SECRET"), Some(Verdict::Permit)));
    assert_eq!(answer.translated, None);
    says(&answer, "ADatP-4774.1 3.11.4 rule 3");
    let unasked = asked(&["nato-style.xml"], &[label(SECRET)], "");
    assert_eq!((unasked.valid, unasked.decision), (true, None));
    let blank = asked(&["public.xml"], &[label("PUBLIC; UNMARKED")], "");
    assert_eq!(blank.marking.as_deref(), Some(""));
}

#[test]
fn what_is_not_valid_admits_nobody() {
    for text in
        ["NATO; SECRET; Context={MOON}", "MOON; SECRET", "NATO; SECRET; Context={NATO}; Additional Sensitivity:INFORMATIVE={ATOMAL}"]
    {
        let answer = asked(&["nato-style.xml"], &[label(text)], CLEARED);
        assert_eq!((answer.valid, answer.marking.clone(), answer.decision), (false, None, Some(Verdict::Deny)), "{text}");
        assert!(!answer.reasons.is_empty());
    }
    let mut lying = label(SECRET);
    lying.information.policy.id = Some("1.2.3".to_owned());
    assert!(!asked(&["nato-style.xml"], &[lying], CLEARED).valid);
}

#[test]
fn the_alternative_label_counts_in_its_policy() {
    let public = label("PUBLIC; UNMARKED");
    let alternative = of_kind(LabelKind::Alternative, "NATO; UNCLASSIFIED; Context={NATO}");
    for files in [&["nato-style.xml", "public.xml"][..], &["nato-style.xml"]] {
        let answer = asked(files, &[public.clone(), alternative.clone()], CLEARED);
        assert_eq!((answer.valid, answer.decision), (true, Some(Verdict::Permit)), "{:?}", answer.reasons);
    }
    let answer = asked(&["nato-style.xml", "public.xml"], &[public.clone(), alternative], "NATO; SECRET; Context={NATO}");
    assert_eq!((answer.marking.as_deref(), answer.decision), (Some(""), Some(Verdict::Deny)));
    says(&answer, "decided on the alternative label");
    let wrong = of_kind(LabelKind::Alternative, "NATO; UNCLASSIFIED; Context={MOON}");
    assert_eq!(asked(&["nato-style.xml", "public.xml"], &[public, wrong], CLEARED).decision, Some(Verdict::Deny));
}

#[test]
fn else_the_equivalences_else_nobody() {
    let files = ["nato-style.xml", "eu-style.xml"];
    let answer = asked(&files, &[label(SECRET)], "EU; SECRET; Releasable To={NATO, EU}");
    assert_eq!(answer.decision, Some(Verdict::Permit), "{:?}", answer.reasons);
    assert_eq!(answer.translated.as_ref().map(|label| label.marking.as_str()), Some("SECRET UE/EU SECRET RELEASABLE TO NATO"));
    says(&answer, "decided on what the equivalences make of the label");
    assert_eq!(asked(&files, &[label(SECRET)], "EU; SECRET; Releasable To={EU}").decision, Some(Verdict::Deny));
    let foreign = asked(&["nato-style.xml"], &[label(SECRET)], "EU; SECRET; Releasable To={NATO}");
    assert_eq!(foreign.decision, Some(Verdict::Deny));
    says(&foreign, "not met: the label is of policy NATO, the clearance of EU (ADatP-4774.1 3.11.4 rule 1)");
    let untranslatable = asked(&files, &[label("NATO; SECRET; Context={KFOR}")], "EU; SECRET; Releasable To={NATO}");
    assert_eq!((untranslatable.decision, untranslatable.translated.clone()), (Some(Verdict::Deny), None));
    says(&untranslatable, "KFOR of Context has no equivalent in EU");
}

#[test]
fn labels_are_not_mixed_up() {
    let files = ["nato-style.xml", "public.xml"];
    let metadata = of_kind(LabelKind::Metadata, "NATO; UNCLASSIFIED; Context={NATO}");
    assert!(asked(&files, std::slice::from_ref(&metadata), CLEARED).valid);
    for labels in [
        vec![label(SECRET), label(SECRET)],
        vec![label(SECRET), metadata],
        vec![of_kind(LabelKind::Alternative, SECRET), of_kind(LabelKind::Alternative, SECRET)],
        vec![],
    ] {
        assert_eq!(asked(&files, &labels, CLEARED).decision, Some(Verdict::Deny), "{labels:?}");
    }
    // An alternative of the same policy never overrules the originator's.
    let lower = of_kind(LabelKind::Alternative, "NATO; UNCLASSIFIED; Context={NATO}");
    assert_eq!(asked(&files, &[lower, label("NATO; TOP SECRET; Context={NATO}")], CLEARED).decision, Some(Verdict::Deny));
}
