//! Addressees: TLP:RED is for nobody but those whom somebody names for the one object, and what refers to it for those whom all that it
//! refers to have in common.

use bytes::Bytes;
use relto_model::label::Clause;
use relto_model::{Facet, Label, ObjectId, PolicyId, Stamp, Value};
use relto_node::{ConsentError, ConsentOf, Decision, LoadReport, LoadRequest, NewConsent, Source, UserChange};
use relto_policy::law::Subject;
use relto_policy::policy::{ADDRESSEES, TLP, tlp};
use relto_sim::twin::put_under;
use serde_json::{Value as Json, json};

use crate::time::{OBJECT, Scene};

pub(crate) const RED: &str = "TLP:RED";
const RED_MARKING: &str = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1";
const NOBODY: [&str; 0] = [];
/// Everybody but the witness of the scene.
const OTHERS: [&str; 2] = ["quinn", "rene"];

pub(crate) fn id(number: u32) -> ObjectId {
    ObjectId::parse(&format!("identity--bbbbbbbb-0000-4000-8000-{number:012}")).unwrap()
}

pub(crate) fn object(number: u32) -> Json {
    json!({"type": "identity", "spec_version": "2.1", "id": id(number).as_str(), "name": "n", "created": "2026-01-01T00:00:00.000Z",
        "modified": "2026-01-01T00:00:00.000Z"})
}

/// An object that refers to another.
pub(crate) fn referring(number: u32, to: u32) -> Json {
    let mut object = object(number);
    object["created_by_ref"] = json!(id(to).as_str());
    object
}

pub(crate) fn naming(name: &str, until: Option<&str>) -> NewConsent {
    let of = ConsentOf { subject: Subject::Addressees, to: name.to_owned() };
    let (by, reference) = ("anna".to_owned(), "2026/7".to_owned());
    NewConsent { of, until: until.map(str::to_owned), purpose: None, by, reference }
}

/// A scene of which an object is [`RED`], with two more accounts.
pub(crate) fn scene() -> (Scene, [String; 2]) {
    let scene = Scene::new(RED);
    let tokens = OTHERS.map(|name| {
        let (nations, organisation) = (Some(vec!["FRA".to_owned()]), Some("Other Org".to_owned()));
        let change = UserChange { nations, organisation, role: Some("contributor".to_owned()), ..UserChange::default() };
        scene.node.node.add_user(name, &change).unwrap()
    });
    (scene, tokens)
}

impl Scene {
    pub(crate) fn turn(&self, seconds: i64) -> &Self {
        self.node.begin(Stamp(self.begin.0 + seconds * 1_000_000), 3);
        self
    }

    pub(crate) fn load_for(&self, seconds: i64, label: &str, addressees: &[&str], objects: &[Json]) -> LoadReport {
        let addressees = addressees.iter().map(|name| (*name).to_owned()).collect();
        let request = LoadRequest { collection: "intel".to_owned(), label: Some(label.to_owned()), addressees, ..LoadRequest::default() };
        let content = Bytes::from(json!({ "objects": objects }).to_string());
        self.turn(seconds).node.node.load(&request, &[Source { name: "scene".to_owned(), content }], &|_, _| {}).unwrap()
    }

    pub(crate) fn name(&self, seconds: i64, number: u32, new: &NewConsent) -> Result<Vec<String>, ConsentError> {
        self.turn(seconds).node.node.add_consent(&id(number), new).map(|consented| consented.gained)
    }

    /// Who is released object `number`, as the gate and the slow judge say.
    pub(crate) fn readers(&self, number: u32) -> Vec<&'static str> {
        let released = |name: &&str| self.node.node.explain(&id(number), name).unwrap()[0].verdict == Decision::Released;
        let exported = |name: &&str| {
            let mut bundle = Vec::new();
            self.node.node.reading_as(name).unwrap().export(Some("intel"), &mut bundle).unwrap();
            String::from_utf8(bundle).unwrap().contains(&format!("\"id\":\"{}\"", id(number)))
        };
        let everybody = ["witness", OTHERS[0], OTHERS[1]];
        let readers: Vec<&str> = everybody.into_iter().filter(released).collect();
        assert_eq!(readers, everybody.into_iter().filter(exported).collect::<Vec<_>>(), "explained and exported");
        readers
    }
}

#[test]
fn whoever_is_named_later_gets_it_as_new_until_the_end() {
    let (scene, _) = scene();
    assert_eq!(OBJECT, id(0).as_str());
    assert_eq!(scene.added(5, ""), NOBODY);
    assert_eq!(scene.node.node.explain(&id(0), "witness").unwrap()[0].verdict, Decision::Pending);
    assert_eq!(scene.name(10, 0, &naming("user:witness", Some("2026-06-01T00:00:20Z"))).unwrap(), ["witness"]);
    assert_eq!(scene.added(15, "added_after=2026-06-01T00:00:09Z"), ["2026-06-01T00:00:10.000000Z"]);
    assert_eq!(scene.added(20, ""), NOBODY);
    assert_eq!(scene.name(25, 0, &naming("user:quinn", None)).unwrap(), ["quinn"]);
    assert_eq!(scene.readers(0), ["quinn"]);
    let of = ConsentOf { subject: Subject::Addressees, to: "user:quinn".to_owned() };
    assert_eq!(scene.turn(30).node.node.remove_consent(&id(0), &of, "test").unwrap().lost, ["quinn"]);
    assert_eq!(scene.readers(0), NOBODY);
}

#[test]
fn whoever_is_named_at_once_has_it_as_it_arrives() {
    let (scene, _) = scene();
    scene.load_for(10, RED, &["witness"], &[object(1)]);
    scene.load_for(11, RED, &["quinn", "witness", "quinn"], &[object(2)]);
    assert_eq!(scene.added(12, ""), ["2026-06-01T00:00:10.000000Z", "2026-06-01T00:00:11.000000Z"]);
    assert_eq!([1, 2].map(|number| scene.readers(number)), [vec!["witness"], vec!["witness", "quinn"]]);
    let given = scene.node.node.consents(None).unwrap();
    let shown: Vec<_> = given.iter().map(|one| (one.label.as_str(), one.consent.recipient.to_string(), one.consent.by.as_str())).collect();
    let one = |name: &str| (RED, name.to_owned(), "Node Org");
    assert_eq!(shown, [one("user:witness"), one("user:quinn"), one("user:witness")]);
    // Loaded again for somebody else it stays as it is, and the load says so.
    let report = scene.load_for(13, RED, &["rene"], &[object(1)]);
    assert!(report.present == 1 && report.notes.keys().any(|note| note.contains("--addressee")), "{report:?}");
    assert!(scene.load_for(14, RED, &["witness"], &[object(1)]).notes.is_empty());
    assert_eq!(scene.readers(1), ["witness"]);
}

#[test]
fn another_label_names_its_own() {
    let (scene, _) = scene();
    let relabel = |seconds: i64, label: &str, names: &[&str]| {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let relabelled = scene.turn(seconds).node.node.relabel_for(&id(0), label, "test", &names).unwrap();
        (relabelled.gained, relabelled.lost)
    };
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(relabel(10, RED, &["witness"]), (names(&["witness"]), Vec::new()));
    assert_eq!(relabel(20, "TLP:GREEN", &[]), (names(&["quinn", "rene"]), Vec::new()));
    // Whoever had it keeps it where it was.
    assert_eq!(relabel(30, RED, &["quinn", "witness"]), (Vec::new(), names(&["rene"])));
    assert_eq!(scene.added(31, ""), ["2026-06-01T00:00:10.000000Z"]);
    assert_eq!(scene.node.node.consents(None).unwrap().len(), 2);
    assert_eq!(relabel(40, RED, &[]), (Vec::new(), names(&["quinn", "witness"])));
    assert!(scene.node.node.consents(None).unwrap().is_empty());
    // What asks for no addressees has none.
    relabel(50, "NATO UNCLASSIFIED", &["rene"]);
    assert!(scene.node.node.consents(None).unwrap().is_empty());
}

#[test]
fn a_marking_that_goes_along_takes_nothing_with_it() {
    let (scene, _) = scene();
    let marking = json!({"type": "marking-definition", "spec_version": "2.1", "created": "2026-01-01T00:00:00.000Z",
        "id": "marking-definition--aaaaaaaa-0000-4000-8000-000000000001", "definition_type": "statement",
        "definition": {"statement": "for the test"}});
    let mut carrying = object(1);
    carrying["object_marking_refs"] = json!([marking["id"]]);
    scene.load_for(10, RED, &["witness"], &[marking.clone(), carrying]);
    scene.turn(11).node.node.relabel(&ObjectId::parse(marking["id"].as_str().unwrap()).unwrap(), "TLP:GREEN", "test").unwrap();
    assert_eq!(scene.readers(1), ["witness"]);
}

#[test]
fn what_refers_to_it_is_for_those_in_common() {
    let (scene, _) = scene();
    scene.load_for(10, RED, &["witness", "quinn"], &[object(1)]);
    scene.load_for(11, RED, &["quinn", "rene"], &[object(2)]);
    let both = json!({"type": "relationship", "spec_version": "2.1", "id": "relationship--bbbbbbbb-0000-4000-8000-000000000009",
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z", "relationship_type": "related-to",
        "source_ref": id(1).as_str(), "target_ref": id(2).as_str()});
    scene.load_for(12, "TLP:GREEN", &[], &[both.clone(), referring(3, 1)]);
    assert_eq!(scene.readers(3), ["witness", "quinn"]);
    let explained =
        |name: &str| scene.node.node.explain(&ObjectId::parse(both["id"].as_str().unwrap()).unwrap(), name).unwrap()[0].released;
    assert_eq!(["witness", "quinn", "rene"].map(explained), [false, true, false]);
    // One's own addressees are joined with theirs, in one load as well.
    scene.load_for(13, RED, &["witness"], &[referring(4, 1), referring(5, 2), referring(6, 7), object(7)]);
    assert_eq!([4, 5, 6].map(|number| scene.readers(number)), [vec!["witness"], vec![], vec!["witness"]]);
    // Who is named later for what is referred to is not named for what refers.
    scene.name(14, 1, &naming("user:rene", None)).unwrap();
    assert_eq!([1, 3].map(|number| scene.readers(number)), [vec!["witness", "quinn", "rene"], vec!["witness", "quinn"]]);
}

#[test]
fn what_is_posted_is_for_nobody_but_by_what_it_refers_to() {
    let (scene, [quinn, _]) = scene();
    scene.load_for(10, RED, &["quinn", "rene"], &[object(1)]);
    let mut red = object(2);
    red["object_marking_refs"] = json!([RED_MARKING]);
    let mut red_referring = referring(4, 1);
    red_referring["object_marking_refs"] = json!([RED_MARKING]);
    let body = json!({"objects": [red, referring(3, 1), red_referring]}).to_string();
    let posted = scene.turn(11).node.send("POST", "/taxii2/main/collections/intel/objects/", &quinn, Some(&body));
    let status: Json = serde_json::from_slice(&posted.body).unwrap();
    assert_eq!(status["success_count"], 3, "{status}");
    // All three accounts are of the poster's organisation, whose what is unmarked is; two are addressees of what it refers to.
    assert_eq!([2, 3, 4].map(|number| scene.readers(number)), [vec![], vec!["quinn", "rene"], vec![]]);
    scene.name(12, 2, &naming("user:witness", None)).unwrap();
    assert_eq!(scene.readers(2), ["witness"]);
}

#[test]
fn a_label_of_an_older_store_keeps_its_meaning() {
    let (scene, _) = scene();
    let clause = Clause::new(ADDRESSEES, [Value::Person("witness".to_owned())]);
    let label = Label::new(PolicyId::new(TLP), Facet::at_level(tlp::RED).only(clause));
    put_under(&scene.turn(10).node, &id(0), &label, Stamp(scene.begin.0 + 10_000_000));
    assert_eq!(scene.turn(11).readers(0), ["witness"]);
    // What refers to it has its addressees; one's own are joined with them.
    scene.load_for(12, "TLP:GREEN", &[], &[referring(1, 0)]);
    scene.load_for(13, RED, &["witness", "quinn"], &[referring(2, 0)]);
    assert_eq!([1, 2].map(|number| scene.readers(number)), [vec!["witness"], vec!["witness"]]);
    scene.name(14, 0, &naming("user:quinn", None)).unwrap();
    assert_eq!([0, 1].map(|number| scene.readers(number)), [vec!["witness", "quinn"], vec!["witness"]]);
}

#[test]
fn only_persons_and_only_where_the_label_asks() {
    let (scene, _) = scene();
    scene.load_for(10, "TLP:GREEN", &["witness"], &[object(1)]);
    assert!(matches!(scene.name(11, 1, &naming("user:witness", None)), Err(ConsentError::NotAsked { .. })));
    for recipient in ["Other Org", "nation:FRA"] {
        assert!(matches!(scene.name(12, 0, &naming(recipient, None)), Err(ConsentError::NotAPerson(_))));
    }
    assert!(matches!(scene.name(13, 0, &naming("user:nobody", None)), Err(ConsentError::NoUser(_))));
    assert!(scene.node.node.consents(None).unwrap().is_empty());
}
