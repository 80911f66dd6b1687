//! Consents: what opens by one is new at that moment and closes at its end; it is about the versions that are here, and about nothing else.

use relto_model::ObjectId;
use relto_node::{ConsentError, ConsentOf, Decision, NewConsent};
use relto_policy::law::Subject;

use crate::time::{OBJECT, Scene};

const ORCON: &str = "TLP:GREEN AND HANDLING:ORCON Org A";
const NOTHING: [&str; 0] = [];

fn object() -> ObjectId {
    ObjectId::parse(OBJECT).unwrap()
}

fn of(to: &str) -> ConsentOf {
    ConsentOf { subject: Subject::Originator("Org A".to_owned()), to: to.to_owned() }
}

fn to(to: &str, until: Option<&str>) -> NewConsent {
    let (by, reference) = ("anna".to_owned(), "2026/7".to_owned());
    NewConsent { of: of(to), until: until.map(str::to_owned), purpose: None, by, reference }
}

impl Scene {
    fn consent(&self, seconds: i64, new: &NewConsent) -> Result<Vec<String>, ConsentError> {
        self.at(seconds).node.node.add_consent(&object(), new).map(|consented| consented.gained)
    }

    fn decision(&self) -> Decision {
        self.node.node.explain(&object(), "witness").unwrap()[0].verdict
    }
}

#[test]
fn what_opens_by_consent_is_new_then_and_closes_at_its_end() {
    let scene = Scene::new(ORCON);
    assert_eq!(scene.added(5, ""), NOTHING);
    assert_eq!(scene.decision(), Decision::Pending);
    assert_eq!(scene.consent(10, &to("Other Org", Some("2026-06-01T00:00:20Z"))).unwrap(), ["witness"]);
    assert_eq!(scene.added(19, "added_after=2026-06-01T00:00:09Z"), ["2026-06-01T00:00:10.000000Z"]);
    assert_eq!(scene.decision(), Decision::Released);
    assert_eq!(scene.added(20, ""), NOTHING);
    assert_eq!(scene.decision(), Decision::Pending);
    assert!(!scene.node.node.consents(None).unwrap()[0].in_force);
    // Given anew it is new again; prolonged it is not.
    assert_eq!(scene.consent(30, &to("Other Org", Some("2026-06-01T00:00:40Z"))).unwrap(), ["witness"]);
    assert_eq!(scene.consent(35, &to("Other Org", None)).unwrap(), NOTHING);
    assert_eq!(scene.added(45, ""), ["2026-06-01T00:00:30.000000Z"]);
    assert_eq!(scene.node.node.consents(Some(&object())).unwrap().len(), 1);
    let consented = scene.at(50).node.node.remove_consent(&object(), &of("Other Org"), "withdrawn").unwrap();
    assert_eq!(consented.lost, ["witness"]);
    assert_eq!(scene.added(51, ""), NOTHING);
    assert!(scene.node.node.remove_consent(&object(), &of("Other Org"), "again").is_err());
}

#[test]
fn to_a_person_and_to_nobody_else() {
    let scene = Scene::new(ORCON);
    assert_eq!(scene.consent(10, &to("Third Org", None)).unwrap(), NOTHING);
    // The account has no country of establishment on record: what is not known is not consented to.
    assert_eq!(scene.consent(11, &to("nation:FRA", None)).unwrap(), NOTHING);
    assert_eq!(scene.consent(12, &to("user:witness", None)).unwrap(), ["witness"]);
    assert_eq!(scene.added(13, "").len(), 1);
}

#[test]
fn every_organisation_that_the_label_names_is_asked() {
    let third = |name: &str| {
        let of = ConsentOf { subject: Subject::ThirdParty(name.to_owned()), to: "Other Org".to_owned() };
        NewConsent { of, ..to("", None) }
    };
    let scene = Scene::new("TLP:GREEN AND HANDLING:ORCON Org A; THIRD PARTY Org B");
    assert_eq!(scene.consent(10, &to("Other Org", None)).unwrap(), NOTHING);
    assert_eq!(scene.consent(11, &third("Org B")).unwrap(), ["witness"]);
    // A source that is concealed is nobody who could be asked.
    let scene = Scene::new("TLP:GREEN AND HANDLING:THIRD PARTY FGI");
    assert!(matches!(scene.consent(10, &third("FGI")), Err(ConsentError::NotAsked { .. })));
}

#[test]
fn a_later_version_and_another_label_ask_anew() {
    let scene = Scene::new(ORCON);
    scene.consent(10, &to("Other Org", None)).unwrap();
    scene.at(11).load(ORCON, "2026-01-02T00:00:00.000Z");
    let version = |scene: &Scene, seconds| scene.added(seconds, "match[version]=all");
    assert_eq!(version(&scene, 12), ["2026-06-01T00:00:10.000000Z"]);
    scene.consent(13, &to("Other Org", None)).unwrap();
    assert_eq!(version(&scene, 14), ["2026-06-01T00:00:10.000000Z", "2026-06-01T00:00:13.000000Z"]);
    // Under another label that asks for the same, nobody has consented; the first label again does not bring it back.
    scene.at(15).node.node.relabel(&object(), "TLP:GREEN AND HANDLING:ORCON Org A; THIRD PARTY Org A", "test").unwrap();
    assert_eq!(version(&scene, 16), NOTHING);
    scene.at(17).node.node.relabel(&object(), ORCON, "test").unwrap();
    assert_eq!(version(&scene, 18), NOTHING);
    assert!(scene.node.node.consents(None).unwrap().is_empty());
    // Opened to everybody, whoever had it by consent keeps it where it was.
    scene.consent(20, &to("Other Org", None)).unwrap();
    scene.at(21).node.node.relabel(&object(), "TLP:GREEN", "test").unwrap();
    assert_eq!(version(&scene, 22), ["2026-06-01T00:00:20.000000Z", "2026-06-01T00:00:20.000000Z"]);
}

#[test]
fn what_cannot_be_consented_to_is_refused() {
    let scene = Scene::new(ORCON);
    let refused = |new: &NewConsent| scene.consent(10, new).unwrap_err();
    let by_another = NewConsent { of: ConsentOf { subject: Subject::Originator("Org C".to_owned()), ..of("Other Org") }, ..to("", None) };
    assert!(matches!(refused(&by_another), ConsentError::NotAsked { .. }));
    let as_third = NewConsent { of: ConsentOf { subject: Subject::ThirdParty("Org A".to_owned()), ..of("Other Org") }, ..to("", None) };
    assert!(matches!(refused(&as_third), ConsentError::NotAsked { .. }));
    assert!(matches!(refused(&to("user:nobody", None)), ConsentError::NoUser(_)));
    assert!(matches!(refused(&to("nation:ZZZ", None)), ConsentError::Recipient(_)));
    assert!(matches!(refused(&to("Other Org", Some("2026-06-01"))), ConsentError::Ended(_)));
    assert!(matches!(refused(&to("Other Org", Some("soon"))), ConsentError::Until(_)));
    assert!(matches!(refused(&NewConsent { reference: " ".to_owned(), ..to("Other Org", None) }), ConsentError::Unvouched));
    let absent = ObjectId::parse("identity--bbbbbbbb-0000-4000-8000-000000000009").unwrap();
    assert!(matches!(scene.node.node.add_consent(&absent, &to("Other Org", None)), Err(ConsentError::Absent(_))));
    assert!(scene.node.node.consents(None).unwrap().is_empty());
}
