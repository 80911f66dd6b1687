//! What is hidden answers as what is absent, on every endpoint. The twin holds this at large; here are the cases by name.

use axum::http::StatusCode;
use serde_json::{Value as Json, json};

use crate::harness::{Answer, OBJECTS, TestNode, envelope, id, identity, unmarked};

/// Two nodes, alike but that the first holds identity 1 where berta may not see it.
fn twins() -> (TestNode, TestNode) {
    let (holds, lacks) = (TestNode::new(), TestNode::new());
    holds.load("open", "NATO SECRET", &[unmarked(1, 2)]);
    lacks.clock.turn(1_000_000);
    (holds, lacks)
}

/// An answer without what differs between any two posts: status id and time.
fn told(answer: &Answer) -> (StatusCode, Json) {
    let mut json = answer.json();
    if let Some(status) = json.as_object_mut().filter(|status| status.contains_key("request_timestamp")) {
        status.remove("id");
        status.remove("request_timestamp");
    }
    (answer.status, json)
}

#[test]
fn reading_a_hidden_id() {
    let (holds, lacks) = twins();
    for rest in ["", "versions/", "?match[version]=all", "?match[version]=2026-01-02T00:00:00.000Z"] {
        let path = format!("{OBJECTS}{}/{rest}", id(1));
        assert_eq!(holds.get("berta", &path), lacks.get("berta", &path), "{rest}");
        assert_eq!(holds.get("berta", &path).status, StatusCode::NOT_FOUND, "{rest}");
        assert_eq!(holds.get("anna", &path).status, StatusCode::OK, "{rest}");
    }
    for query in ["", &format!("?match[id]={}", id(1)), "?match[version]=all&limit=1"] {
        assert_eq!(holds.get("berta", &format!("{OBJECTS}{query}")), lacks.get("berta", &format!("{OBJECTS}{query}")));
    }
}

#[test]
fn deleting_a_hidden_id() {
    let (holds, lacks) = twins();
    for query in ["", "?match[version]=last", "?match[spec_version]=2.0", "?match[version]=nonsense"] {
        let path = format!("{OBJECTS}{}/{query}", id(1));
        assert_eq!(holds.delete("berta", &path), lacks.delete("berta", &path), "{query}");
    }
    assert_eq!(holds.get("anna", OBJECTS).ids(), [id(1)]);
}

/// The very version, an older one, a newer one, with other content, revoked: all as if nothing were there.
#[test]
fn posting_a_hidden_id() {
    let mut other = identity(1, 2);
    other["name"] = json!("guessed");
    let mut revoked = identity(1, 3);
    revoked["revoked"] = json!(true);
    for object in [identity(1, 2), unmarked(1, 2), identity(1, 1), identity(1, 3), other, revoked] {
        let (holds, lacks) = twins();
        let posted = [&holds, &lacks].map(|node| told(&node.post("berta", OBJECTS, envelope(std::slice::from_ref(&object)))));
        assert_eq!(posted[0], posted[1], "{object}");
        assert_eq!(posted[0].1["failure_count"], json!(0));
        let pages = [&holds, &lacks].map(|node| node.get("berta", &format!("{OBJECTS}?match[version]=all")).json());
        assert_eq!(pages[0], pages[1], "{object}");
    }
}

/// A reference to a guessed id tells nothing: neither the receipt, nor who sees the object afterwards.
#[test]
fn referring_to_a_hidden_id() {
    let (holds, lacks) = twins();
    let mut object = identity(5, 1);
    object["created_by_ref"] = json!(id(1));
    let posted = [&holds, &lacks].map(|node| told(&node.post("berta", OBJECTS, envelope(std::slice::from_ref(&object)))));
    assert_eq!(posted[0], posted[1]);
    for node in [&holds, &lacks] {
        assert_eq!(node.get("carl", OBJECTS).ids(), [id(5)]);
    }
}

#[test]
fn a_hidden_collection_is_absent() {
    let node = TestNode::new();
    let requests = |user: &'static str, collection: &str| {
        let at = |rest: &str| format!("/taxii2/main/collections/{collection}/{rest}");
        let object = format!("objects/{}/", id(1));
        let gets = ["", "objects/", "manifest/", &object, &format!("{object}versions/"), "objects/?limit=0", "objects/?next=x"]
            .map(|rest| node.get(user, &at(rest)));
        let mut answers = gets.to_vec();
        answers.push(node.delete(user, &at(&object)));
        answers.push(node.post(user, &at("objects/"), envelope(&[identity(1, 1)])));
        answers.push(node.post(user, &at("objects/"), "nonsense"));
        answers
    };
    let hidden = requests("berta", "hidden");
    assert_eq!(hidden, requests("berta", "absent"));
    assert!(hidden.iter().all(|answer| answer.status == StatusCode::NOT_FOUND));
    assert_eq!(node.get("anna", "/taxii2/main/collections/hidden/").status, StatusCode::OK);
}

/// An object in a collection that somebody may not see is absent for them there, and nowhere else.
#[test]
fn what_becomes_visible_appears_as_new() {
    let node = TestNode::new();
    node.load("open", "NATO SECRET", &[unmarked(1, 1)]);
    node.add("anna", &[identity(2, 1)]);
    let before = node.get("berta", OBJECTS).header("x-taxii-date-added-last").unwrap().to_owned();
    node.node.relabel(&relto_model::ObjectId::parse(&id(1)).unwrap(), "TLP:GREEN", "test").unwrap();
    node.clock.turn(1_000_000);
    assert_eq!(node.get("berta", &format!("{OBJECTS}?added_after={before}")).ids(), [id(1)]);
    assert_eq!(node.get("berta", OBJECTS).ids(), [id(2), id(1)]);
    assert_eq!(node.get("anna", OBJECTS).ids(), [id(1), id(2)]);
}

/// A definition of a statement, which restricts nothing.
fn statement(number: u64) -> Json {
    json!({"type": "marking-definition", "spec_version": "2.1", "id": format!("marking-definition--aaaaaaaa-0000-4000-8000-{number:012}"),
        "created": "2026-01-01T00:00:00.000Z", "definition_type": "statement", "definition": {"statement": format!("statement {number}")}})
}

/// A version of identity 1 that carries statement `number`.
fn stated(day: u32, number: u64) -> Json {
    let mut version = unmarked(1, day);
    version["object_marking_refs"] = json!([statement(number)["id"]]);
    version
}

/// Versions that were relabelled, and the markings that went along, have the order and the dates that they would have had, had they arrived
/// at that moment, whoever saw which of them before.
#[test]
fn what_is_relabelled_stands_as_if_it_had_just_arrived() {
    let (first, second) = (stated(1, 2), stated(2, 1));
    for labels in [["NATO SECRET", "NATO SECRET"], ["NATO SECRET", "ORG:Node Org"], ["ORG:Node Org", "NATO SECRET"]] {
        let (holds, lacks) = (TestNode::new(), TestNode::new());
        for node in [&holds, &lacks] {
            node.load("hidden", "NATO SECRET", &[statement(1), statement(2)]);
        }
        for (label, version) in labels.into_iter().zip([&first, &second]) {
            holds.load("open", label, std::slice::from_ref(version));
            lacks.clock.turn(1_000_000);
        }
        holds.node.relabel(&relto_model::ObjectId::parse(&id(1)).unwrap(), "TLP:GREEN", "test").unwrap();
        holds.clock.turn(1_000_000);
        lacks.load("open", "TLP:GREEN", &[first.clone(), second.clone()]);
        for query in ["", "?match[version]=all", "?match[version]=first"] {
            for path in [OBJECTS.to_owned(), OBJECTS.replace("objects", "manifest")] {
                let path = format!("{path}{query}");
                assert_eq!(holds.get("berta", &path), lacks.get("berta", &path), "{labels:?} {path}");
            }
        }
        assert_eq!(holds.get("berta", &format!("{OBJECTS}?match[version]=all")).ids().len(), 4, "{labels:?}");
    }
}
