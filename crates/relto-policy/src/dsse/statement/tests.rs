//! Statements: what they bind, and each way in which they do not.

use bytes::Bytes;
use proptest::prelude::*;
use relto_model::kinds::Kinds;
use serde_json::{Value as Json, json};

use super::super::tests::{key, pinned};
use super::*;
use crate::spif::label::tests::label;

const ISSUED: Stamp = Stamp(1_795_608_000_000_000);

fn object(number: u32, version: &str, pattern: &str) -> Object {
    let text = json!({"type": "indicator", "spec_version": "2.1", "id": format!("indicator--00000000-0000-4000-8000-{number:012}"),
        "created": "2026-01-01T00:00:00.000Z", "modified": version, "pattern": pattern, "pattern_type": "stix",
        "valid_from": "2026-01-01T00:00:00Z"});
    Object::parse(Bytes::from(text.to_string()), &Kinds::builtin()).unwrap()
}

fn secret() -> LabelDigest {
    LabelDigest::of_xml(&label("NATO; SECRET; Context={NATO}")).unwrap()
}

fn subject() -> Subject {
    Subject::object(&object(1, "2026-01-01T00:00:00.000Z", "[ipv4-addr:value = '192.0.2.1']"))
}

fn bound() -> Envelope {
    bind(&stated(subject(), secret(), "French Node", ISSUED), &key(1)).unwrap()
}

/// The form is fixed, to the letter: others sign and verify it too.
#[test]
fn the_body() {
    let keys = pinned(&[("French Node", 1)]);
    let envelope =
        bind(&stated(Subject::document("report.pdf", b"abc"), LabelDigest::Stanag4774([7; 32]), "French Node", ISSUED), &key(1)).unwrap();
    let verified = envelope.verify(PAYLOAD_TYPE, &keys).unwrap();
    let expected = format!(
        r#"{{"issued":"2026-11-25T12:00:00.000000Z","label":{{"form":"stanag-4774","sha256":"{}"}},"originator":"French Node","subject":{{"document":"report.pdf","sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}},"version":1}}"#,
        "07".repeat(32)
    );
    assert_eq!(std::str::from_utf8(verified.payload).unwrap(), expected);
    let body: Json = serde_json::from_slice(bound().verify(PAYLOAD_TYPE, &keys).unwrap().payload).unwrap();
    assert_eq!(body["subject"]["object"], "indicator--00000000-0000-4000-8000-000000000001");
    assert_eq!(body["subject"]["version"], "2026-01-01T00:00:00.000Z");
}

#[test]
fn each_way_in_which_a_label_is_not_bound() {
    let keys = pinned(&[("French Node", 1), ("US Node", 2)]);
    let check = |envelope: &Envelope, subject: &Subject, label: LabelDigest, keys: &PinnedKeys| verify(envelope, subject, label, keys);
    assert_eq!(check(&bound(), &subject(), secret(), &keys).unwrap().originator, "French Node");
    let other = Subject::object(&object(2, "2026-01-01T00:00:00.000Z", "[ipv4-addr:value = '192.0.2.1']"));
    let later = Subject::object(&object(1, "2026-02-01T00:00:00.000Z", "[ipv4-addr:value = '192.0.2.1']"));
    let forged = Subject::object(&object(1, "2026-01-01T00:00:00.000Z", "[ipv4-addr:value = '192.0.2.2']"));
    let cases = [
        (&other, "it names `indicator--00000000-0000-4000-8000-000000000001`"),
        (&later, "it names version"),
        (&forged, "was changed"),
        (&Subject::document("a", b""), "an object where a document"),
    ];
    for (subject, words) in cases {
        let error = check(&bound(), subject, secret(), &keys).unwrap_err();
        assert!(matches!(&error, StatementError::WrongSubject(why) if why.contains(words)), "{error}");
    }
    let restricted = LabelDigest::of_xml(&label("NATO; RESTRICTED; Context={NATO}")).unwrap();
    let LabelDigest::Stanag4774(digest) = secret() else { panic!("a label in XML") };
    for label in [restricted, LabelDigest::Relto(digest)] {
        assert_eq!(check(&bound(), &subject(), label, &keys), Err(StatementError::WrongLabel));
    }
    let unknown = check(&bound(), &subject(), secret(), &pinned(&[("US Node", 2)]));
    assert!(matches!(unknown, Err(StatementError::NotVerified(NotVerified::UnknownKey(_)))), "{unknown:?}");
    let for_another = bind(&stated(subject(), secret(), "French Node", ISSUED), &key(2)).unwrap();
    let error = check(&for_another, &subject(), secret(), &keys);
    assert!(matches!(&error, Err(StatementError::WrongOriginator { signers, .. }) if signers == &["US Node"]), "{error:?}");
    let wrong_type = Envelope::sign("text/plain", b"{}".to_vec(), &[&key(1)]).unwrap();
    let error = check(&wrong_type, &subject(), secret(), &keys);
    assert!(matches!(error, Err(StatementError::NotVerified(NotVerified::WrongType { .. }))), "{error:?}");
}

#[test]
fn a_document_is_its_bytes() {
    let keys = pinned(&[("A", 1)]);
    let envelope = bind(&stated(Subject::document("report.pdf", b"abc"), secret(), "A", ISSUED), &key(1)).unwrap();
    assert!(verify(&envelope, &Subject::document("renamed.pdf", b"abc"), secret(), &keys).is_ok());
    let error = verify(&envelope, &Subject::document("report.pdf", b"abd"), secret(), &keys).unwrap_err();
    assert_eq!(error.to_string(), "the statement is about other content: it names `report.pdf` with other bytes");
}

fn stated(subject: Subject, label: LabelDigest, originator: &str, issued: Stamp) -> Statement {
    Statement { subject, label, originator: originator.to_owned(), issued, place: None }
}

#[test]
fn a_place_is_signed_along() {
    let keys = pinned(&[("French Node", 1)]);
    let statement = Statement { place: Some([9; 32]), ..stated(subject(), secret(), "French Node", ISSUED) };
    let envelope = bind(&statement, &key(1)).unwrap();
    assert_eq!(verify(&envelope, &subject(), secret(), &keys).unwrap(), statement);
    assert!(statement.to_json().contains("\"place\":\"0909"));
}

/// Bodies that a pinned key signed and that are refused all the same.
#[test]
fn only_the_canonical_form_of_a_known_statement_counts() {
    let keys = pinned(&[("French Node", 1)]);
    let body = stated(subject(), secret(), "French Node", ISSUED).to_json();
    for (right, wrong, words) in [
        ("", "", ""),
        ("\"version\":1", "\"version\":2", "version 2 is not known"),
        ("\"issued\":", "\"issued\": ", "canonical form"),
        (".000000Z\",\"label", "Z\",\"label", "canonical form"),
        ("stanag-4774", "stanag-5636", "unknown variant"),
        ("\"originator\":", "\"also\":1,\"originator\":", "unknown field"),
        ("French Node", "", "the originator's name must be"),
        ("French Node", "French\\nNode", "the originator's name must be"),
        ("\"object\"", "\"document\"", "neither an object nor a document"),
        ("indicator--", "Indicator--", "a-z, 0-9 and hyphen"),
        ("\"sha256\":\"", "\"sha256\":\"0", "64 hexadecimal digits"),
        ("{\"issued\"", "{\"version\":1,\"issued\"", ""),
    ] {
        let text = body.replace(right, wrong);
        let text = if right.is_empty() { "[]".to_owned() } else { text };
        assert_ne!(text, body);
        let envelope = Envelope::sign(PAYLOAD_TYPE, text.into_bytes(), &[&key(1)]).unwrap();
        let error = verify(&envelope, &subject(), secret(), &keys).unwrap_err();
        assert!(matches!(&error, StatementError::Form(why) if why.contains(words)), "{right} -> {wrong}: {error}");
    }
    for (originator, name) in [("", "a"), ("A", ""), ("A\u{7}", "a"), ("A", "a\nb")] {
        assert!(bind(&stated(Subject::document(name, b""), secret(), originator, ISSUED), &key(1)).is_err());
    }
    assert!(bind(&stated(Subject::document("a", b""), secret(), "A", Stamp(i64::MAX)), &key(1)).is_err());
}

#[test]
fn labels_are_told_apart_by_what_they_say() {
    let one = label("NATO; SECRET; Context={NATO}");
    let read = |text: &str| ConfidentialityLabel::parse(text, crate::spif::label::Mode::Strict).unwrap().value;
    let spaced = one.to_xml().unwrap().replace("slab:", "x:").replace("xmlns:slab", "xmlns:x").replace("><", ">\n <");
    assert_eq!(LabelDigest::of_xml(&read(&spaced)), LabelDigest::of_xml(&one));
    let foreign = ConfidentialityLabel { foreign: vec!["more".to_owned()], ..one };
    assert!(LabelDigest::of_xml(&foreign).is_err());
}

proptest! {
    #[test]
    fn what_is_bound_verifies_and_nothing_else_does(name in "[a-zé\"\\\\ ]{1,20}", bytes in proptest::collection::vec(any::<u8>(), 0..50), label in any::<[u8; 32]>(),
        who in "[A-Z][A-Z\u{2028}<]{0,8}", micros in 0..4_000_000_000_000_000_i64, other in proptest::collection::vec(any::<u8>(), 0..50)) {
        let keys = pinned(&[(who.as_str(), 1)]);
        let (subject, label) = (Subject::document(&name, &bytes), LabelDigest::Relto(label));
        let envelope = bind(&stated(subject.clone(), label, &who, Stamp(micros)), &key(1)).unwrap();
        let envelope = Envelope::parse(envelope.to_json().as_bytes()).unwrap();
        let statement = verify(&envelope, &subject, label, &keys).unwrap();
        prop_assert_eq!(statement, stated(subject, label, &who, Stamp(micros)));
        let about_other = verify(&envelope, &Subject::document(&name, &other), label, &keys);
        prop_assert_eq!(about_other.is_ok(), other == bytes);
    }
}
