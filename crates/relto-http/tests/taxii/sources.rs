//! One id, several sources: whose it is, which of several rows stand, what a marking means when two define it, and what follows for labels.

use axum::http::StatusCode;
use relto_model::ObjectId;
use relto_node::{ExportError, LoadReport, LoadRequest, PostError, Source};
use serde_json::{Value as Json, json};

use crate::harness::{Answer, OBJECTS, TestNode, address, envelope, id, identity, unmarked};

const HIDDEN: &str = "/taxii2/main/collections/hidden/objects/";
/// Relto's own extension definition.
const LABEL_EXTENSION: &str = "extension-definition--6c1f3fc4-6d7f-5c5b-9d3a-52d2a1b0c7e1";
const MARKING: &str = "marking-definition--bbbbbbbb-0000-4000-8000-000000000001";

/// A marking of Relto's own extension.
fn marking(policies: &Json) -> Json {
    json!({"type": "marking-definition", "spec_version": "2.1", "id": MARKING, "created": "2026-01-01T00:00:00.000Z",
        "extensions": {LABEL_EXTENSION: {"extension_type": "property-extension", "policies": policies}}})
}

/// For the members of NATO alone, or for everybody.
fn nato() -> Json {
    marking(&json!([{"policy": "NATO", "classification": "SECRET", "permissive": [{"tag": "Releasable To", "values": ["NATO"]}]}]))
}
fn everybody() -> Json {
    marking(&json!([{"policy": "TLP", "classification": "CLEAR"}]))
}

fn marked(number: u64, by: &str) -> Json {
    let mut object = unmarked(number, 1);
    object["object_marking_refs"] = json!([by]);
    object
}

fn counts(answer: &Answer) -> (i64, i64) {
    let json = answer.json();
    (json["success_count"].as_i64().unwrap(), json["failure_count"].as_i64().unwrap())
}

fn names(answer: &Answer) -> Vec<String> {
    let objects = answer.json()["objects"].as_array().cloned().unwrap_or_default();
    objects.iter().map(|object| object["name"].as_str().unwrap_or_default().to_owned()).collect()
}

fn named(mut object: Json, name: &str) -> Json {
    object["name"] = json!(name);
    object
}

/// A marking-definition that is refused is not believed, and goes along with nothing.
#[test]
fn a_refused_marking_means_nothing() {
    let node = TestNode::new();
    node.load("open", "TLP:GREEN", &[nato()]);
    let answer = node.post("berta", OBJECTS, envelope(&[everybody(), marked(1, MARKING)]));
    assert_eq!(counts(&answer), (1, 1), "{}", answer.shown());
    assert_eq!(node.get("carl", OBJECTS).ids(), [MARKING], "the marking alone, which is for everybody");
    assert_eq!(node.get("anna", &format!("{OBJECTS}{MARKING}/")).json()["objects"], json!([nato()]));
    assert!(node.get("anna", OBJECTS).ids().contains(&id(1)));
}

/// Of two definitions in one envelope it cannot be said which holds, whatever their order.
#[test]
fn two_definitions_of_one_marking_withhold() {
    for definitions in [[nato(), everybody()], [everybody(), nato()]] {
        let node = TestNode::new();
        let [first, second] = definitions;
        let answer = node.post("anna", OBJECTS, envelope(&[first, marked(1, MARKING), second, marked(2, MARKING)]));
        assert_eq!(counts(&answer), (3, 1), "{}", answer.shown());
        assert!(!node.get("carl", OBJECTS).ids().contains(&id(1)) && !node.get("carl", OBJECTS).ids().contains(&id(2)));
        assert!(node.get("anna", OBJECTS).ids().contains(&id(1)));
    }
}

/// Somebody who cannot see a marking and writes something else under its id makes it unreadable for nobody else.
#[test]
fn a_marking_keeps_its_meaning_for_its_owner() {
    let node = TestNode::new();
    node.load("open", "NATO SECRET", &[nato()]);
    assert_eq!(counts(&node.post("berta", OBJECTS, envelope(&[everybody(), marked(9, MARKING)]))), (2, 0));
    node.load("open", "TLP:GREEN", &[marked(1, MARKING)]);
    assert!(node.get("anna", OBJECTS).ids().contains(&id(1)), "read as its owner wrote it");
    assert!(!node.get("carl", OBJECTS).ids().contains(&id(1)));
    let object = ObjectId::parse(&id(1)).unwrap();
    assert_eq!(node.node.relabel(&object, MARKING, "test").unwrap().label, "NATO SECRET");
    node.node.relabel(&object, "TLP:GREEN", "test").unwrap();
    let carried = node.get("carl", &format!("{OBJECTS}{MARKING}/")).json()["objects"].as_array().unwrap().clone();
    assert!(carried.contains(&nato()), "the definition that counts goes along, whatever stands under its id and label: {carried:?}");
}

/// What a stranger wrote under an id that it could not see stands beside the owner's object, and never in its place.
#[test]
fn a_stranger_hides_nothing() {
    let node = TestNode::new();
    node.load("open", "NATO SECRET", &[named(unmarked(1, 1), "the owner's")]);
    let mut forged = named(identity(1, 28), "the stranger's");
    forged["revoked"] = json!(true);
    assert_eq!(counts(&node.post("berta", OBJECTS, envelope(&[forged]))), (1, 0));
    assert_eq!(names(&node.get("carl", OBJECTS)), ["the stranger's"]);
    assert_eq!(names(&node.get("anna", OBJECTS)), ["the owner's", "the stranger's"]);
    node.load("open", "NATO SECRET", &[named(unmarked(1, 2), "the owner's, again")]);
    assert_eq!(names(&node.get("anna", OBJECTS)), ["the stranger's", "the owner's, again"]);
}

/// An id is its owner's in every collection.
#[test]
fn an_id_has_one_owner_on_the_node() {
    let node = TestNode::new();
    node.add("berta", &[identity(1, 1)]);
    assert_eq!(counts(&node.post("anna", HIDDEN, envelope(&[identity(1, 2)]))), (0, 1));
    assert_eq!(counts(&node.post("anna", HIDDEN, envelope(&[identity(2, 1)]))), (1, 0));
    assert_eq!(counts(&node.post("berta", OBJECTS, envelope(&[identity(2, 2)]))), (1, 0), "hidden, so that there is no other owner");
}

/// Each source holds its own row of an observable: a feed is released whoever had posted the same before, and removing one leaves the other.
#[test]
fn an_observable_is_held_by_each_source() {
    let mut posted = address(1);
    posted.as_object_mut().unwrap().remove("object_marking_refs");
    let node = TestNode::new();
    node.add("anna", std::slice::from_ref(&posted));
    let related = json!({"type": "relationship", "spec_version": "2.1", "id": "relationship--aaaaaaaa-0000-4000-8000-000000000001",
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z", "relationship_type": "related-to",
        "source_ref": posted["id"], "target_ref": posted["id"]});
    node.load("open", "TLP:GREEN", std::slice::from_ref(&posted));
    node.load("open", "TLP:GREEN", &[related]);
    assert_eq!(node.get("carl", OBJECTS).ids().len(), 2, "the feed's row, and what refers to it");
    let path = format!("{OBJECTS}{}/", posted["id"].as_str().unwrap());
    assert_eq!(node.get("anna", &path).ids().len(), 1, "one content is one object");
    assert_eq!(node.delete("anna", &path).status, StatusCode::OK);
    assert_eq!(node.get("anna", &path).ids().len(), 1);
    assert_eq!(node.delete("anna", &path).status, StatusCode::FORBIDDEN, "the feed's row is the node's");
    assert_eq!(node.delete("olga", &path).status, StatusCode::OK);
    assert_eq!(node.get("carl", &path).status, StatusCode::NOT_FOUND);
}

/// An observable has no versions: what a source says of it later stands beside what it said before.
#[test]
fn an_observable_can_be_described_again() {
    let node = TestNode::new();
    let mut again = address(1);
    again["x_seen"] = json!(2);
    node.load("open", "TLP:GREEN", &[address(1), again.clone()]);
    node.load("open", "TLP:GREEN", &[again]);
    assert_eq!(node.get("carl", OBJECTS).ids().len(), 2);
    let path = format!("{OBJECTS}{}/versions/", address(1)["id"].as_str().unwrap());
    assert_eq!(node.get("carl", &path).json()["versions"].as_array().unwrap().len(), 1);
}

/// A reference to what stands in a closed collection is for those who see the collection.
#[test]
fn a_reference_into_a_closed_collection() {
    let node = TestNode::new();
    node.load("hidden", "TLP:GREEN", &[identity(1, 1)]);
    let mut report = identity(2, 1);
    report["created_by_ref"] = json!(id(1));
    node.load("open", "TLP:GREEN", &[report]);
    assert!(node.get("carl", OBJECTS).ids().is_empty());
    assert_eq!(node.get("anna", OBJECTS).ids(), [id(2)]);
}

/// Whoever gains an object by its new label sees its marking as well.
#[test]
fn a_marking_goes_along_when_relabelling() {
    let node = TestNode::new();
    node.load("open", "NATO SECRET", &[nato(), marked(1, MARKING)]);
    assert!(node.get("carl", OBJECTS).ids().is_empty());
    node.node.relabel(&ObjectId::parse(&id(1)).unwrap(), "TLP:GREEN", "test").unwrap();
    let mut seen = node.get("carl", OBJECTS).ids();
    seen.sort();
    assert_eq!(seen, [id(1), MARKING.to_owned()]);
    assert_eq!(node.get("anna", OBJECTS).ids(), [MARKING.to_owned(), id(1)], "once, and where they were");
}

/// Loading what is there says so when it would have restricted more, and widens nothing.
#[test]
fn loading_again_changes_no_label() {
    let node = TestNode::new();
    let load = |label: &str| {
        let request = LoadRequest { collection: "open".to_owned(), label: Some(label.to_owned()), ..LoadRequest::default() };
        let content = serde_json::to_vec(&[identity(1, 1)]).unwrap().into();
        let LoadReport { added, present, notes, .. } =
            node.node.load(&request, &[Source { name: "test".to_owned(), content }], &|_, _| {}).unwrap();
        node.clock.turn(1_000_000);
        (added, present, notes.len())
    };
    assert_eq!([load("TLP:GREEN"), load("TLP:GREEN"), load("NATO SECRET")], [(1, 0, 0), (0, 1, 0), (0, 1, 1)]);
    node.node.relabel(&ObjectId::parse(&id(1)).unwrap(), "NATO SECRET", "test").unwrap();
    assert_eq!(load("TLP:GREEN"), (0, 1, 0));
    assert!(node.get("carl", OBJECTS).ids().is_empty());
}

/// A post is judged on the facts that hold when it is stored: a collection that closed meanwhile is absent.
#[test]
fn a_collection_that_closes_during_a_post() {
    let node = TestNode::new();
    let session = node.node.sign_in(Some("berta"), &node.token("berta")).unwrap();
    let view = node.node.reading(&session).unwrap().collection("open").unwrap();
    let closed = relto_node::CollectionChange { label: Some("NATO SECRET".to_owned()), ..Default::default() };
    node.node.set_collection("open", &closed).unwrap();
    let posted = node.node.post(&session, &view, Vec::new(), |_| String::new());
    assert!(matches!(posted, Err(PostError::Absent)), "{posted:?}");
}

/// An export ends where what it was begun for has been cut.
#[test]
fn an_export_is_cut() {
    let node = TestNode::new();
    node.add("anna", &[identity(1, 1), identity(2, 1)]);
    let reading = node.node.reading_as("berta").unwrap();
    node.node.relabel(&ObjectId::parse(&id(1)).unwrap(), "NATO SECRET", "test").unwrap();
    let mut bundle = Vec::new();
    assert!(matches!(reading.export(None, &mut bundle), Err(ExportError::Cut)));
    assert!(!String::from_utf8_lossy(&bundle).contains("identity--"));
}

/// A bundle of nothing has no list of objects.
#[test]
fn an_export_of_nothing_is_a_valid_bundle() {
    let node = TestNode::new();
    let mut bundle = Vec::new();
    assert_eq!(node.node.reading_as("carl").unwrap().export(None, &mut bundle).unwrap(), 0);
    let bundle: Json = serde_json::from_slice(&bundle).unwrap();
    assert_eq!(bundle.as_object().unwrap().keys().collect::<Vec<_>>(), ["type", "id"]);
}
