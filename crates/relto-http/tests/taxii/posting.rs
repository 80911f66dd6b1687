//! Adding objects (TAXII 2.1, section 5.5): what is taken, what is refused and how, and deletion (5.7).

use axum::http::StatusCode;
use expect_test::expect;
use serde_json::{Value as Json, json};

use crate::harness::{Answer, OBJECTS, TestNode, check, envelope, id, identity, unmarked};

#[track_caller]
fn counts(answer: &Answer) -> (u64, u64, u64, u64) {
    let json = answer.json();
    let count = |name: &str| json[name].as_u64().unwrap_or_else(|| panic!("{json}"));
    (count("total_count"), count("success_count"), count("failure_count"), count("pending_count"))
}

/// A duplicate MUST NOT be an error (section 5.5), word for word or with its keys in another order; the page stays as it was.
#[test]
fn an_exact_duplicate_is_no_error() {
    let node = TestNode::new();
    node.add("anna", &[identity(1, 1)]);
    let before = node.get("berta", OBJECTS);
    assert_eq!(counts(&node.add("anna", &[identity(1, 1)])), (1, 1, 0, 0));
    let reordered = format!("{{\"objects\":[{}]}}", reversed(&identity(1, 1)));
    assert_eq!(counts(&node.post("anna", OBJECTS, reordered)), (1, 1, 0, 0));
    assert_eq!(node.get("berta", OBJECTS), before);
}

fn reversed(object: &Json) -> String {
    let pairs: Vec<_> = object.as_object().unwrap().iter().rev().map(|(key, value)| format!("{}:{value}", json!(key))).collect();
    format!("{{{}}}", pairs.join(", "))
}

#[test]
fn a_duplicate_within_one_envelope_is_stored_once() {
    let node = TestNode::new();
    assert_eq!(counts(&node.add("anna", &[identity(1, 1), identity(1, 1)])), (2, 2, 0, 0));
    assert_eq!(node.get("berta", &format!("{OBJECTS}?match[version]=all")).ids(), [id(1)]);
}

/// Same id and version, other content: undefined by STIX 3.6, so refused, and said in `failures`.
#[test]
fn other_content_under_the_same_version_is_a_failure() {
    let node = TestNode::new();
    node.add("anna", &[identity(1, 1)]);
    let mut other = identity(1, 1);
    other["name"] = json!("another name");
    let answer = node.post("anna", OBJECTS, envelope(&[other, identity(2, 1)]));
    check(
        &answer,
        &expect![[r#"
            202 Accepted
            {
              "id": "6f4a2512-3cdb-4244-9839-a2a042537519",
              "status": "complete",
              "request_timestamp": "2026-06-01T00:00:02.000007Z",
              "total_count": 2,
              "success_count": 1,
              "successes": [
                {
                  "id": "identity--aaaaaaaa-0000-4000-8000-000000000002",
                  "version": "2026-01-01T00:00:00.000Z"
                }
              ],
              "failure_count": 1,
              "failures": [
                {
                  "id": "identity--aaaaaaaa-0000-4000-8000-000000000001",
                  "version": "2026-01-01T00:00:00.000Z",
                  "message": "an object with this id and version but other content is here already (STIX 2.1, section 3.6): give it a later `modified`"
                }
              ],
              "pending_count": 0
            }
        "#]],
    );
    assert_eq!(node.get("berta", OBJECTS).json()["objects"][0], identity(1, 1));
}

/// The others are stored; what failed is named with its id, its version and the place in what was sent.
#[test]
fn failures_are_named() {
    let node = TestNode::new();
    let mut bad = identity(1, 1);
    bad["created"] = json!("yesterday");
    let answer = node.post("anna", OBJECTS, envelope(&[identity(2, 1), bad]));
    assert_eq!((answer.status, counts(&answer)), (StatusCode::ACCEPTED, (2, 1, 1, 0)));
    let failure = answer.json()["failures"][0].clone();
    assert_eq!((failure["id"].as_str(), failure["version"].as_str()), (Some(id(1).as_str()), Some("2026-01-01T00:00:00.000Z")));
    assert!(failure["message"].as_str().unwrap().starts_with("/objects/1"), "{failure}");
    assert_eq!(node.get("berta", OBJECTS).ids(), [id(2)]);
}

/// What has no id cannot be named in a status: the envelope is refused whole, and nothing of it is kept.
#[test]
fn an_object_without_id_spoils_the_envelope() {
    let node = TestNode::new();
    let mut nameless = identity(2, 1);
    nameless.as_object_mut().unwrap().remove("id");
    let answer = node.post("anna", OBJECTS, envelope(&[identity(1, 1), nameless]));
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.json()["description"].as_str().unwrap().starts_with("/objects/1"), "{}", answer.shown());
    assert_eq!(node.get("anna", OBJECTS).json(), json!({}));
}

/// Malformed JSON 400; JSON that is no envelope of objects 422. Neither stores anything.
#[test]
fn what_is_no_envelope() {
    let node = TestNode::new();
    let whole = identity(1, 1).to_string();
    for (body, status) in [
        (String::new(), 400),
        ("{\"objects\": [".to_owned(), 400),
        (format!("{{\"objects\": [{whole},]}}"), 400),
        (format!("{{\"objects\": [{whole}]}} trailing"), 400),
        ("[]".to_owned(), 422),
        ("null".to_owned(), 422),
        ("{}".to_owned(), 422),
        ("{\"objects\": []}".to_owned(), 422),
        ("{\"objects\": null}".to_owned(), 422),
        (format!("{{\"objects\": {whole}}}"), 422),
        ("{\"objects\": \"many\"}".to_owned(), 422),
        (format!("{{\"objects\": [{whole}, 1]}}"), 422),
        (format!("{{\"objects\": [{whole}], \"objects\": [{whole}]}}"), 422),
    ] {
        let answer = node.post("anna", OBJECTS, body.clone());
        assert_eq!(answer.status.as_u16(), status, "{body}: {}", answer.shown());
        assert_eq!(answer.json()["http_status"], status.to_string());
    }
    assert_eq!(node.get("anna", OBJECTS).json(), json!({}));
}

#[test]
fn invalid_utf_8_is_malformed() {
    let node = TestNode::new();
    let body = envelope(&[identity(1, 1)]).replace("identity 1", "\u{1}").into_bytes();
    let body: Vec<u8> = body.into_iter().map(|byte| if byte == 1 { 0xff } else { byte }).collect();
    assert_eq!(node.post("anna", OBJECTS, body).status, StatusCode::BAD_REQUEST);
}

/// Deep nesting is a fault of its object, or of the envelope; never of the server.
#[test]
fn deep_nesting() {
    let node = TestNode::new();
    for depth in [200, 100_000] {
        let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let whole = identity(1, 1).to_string().replace("\"identity 1\"", &deep);
        let answer = node.post("anna", OBJECTS, format!("{{\"objects\": [{whole}]}}"));
        assert!([202, 400, 422].contains(&answer.status.as_u16()), "{}", answer.shown());
        assert!(answer.status != StatusCode::ACCEPTED || counts(&answer) == (1, 0, 1, 0), "{}", answer.shown());
        assert_eq!(node.post("anna", OBJECTS, deep).status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(node.get("anna", OBJECTS).json(), json!({}));
}

/// An id belongs to the organisation that first wrote it.
#[test]
fn a_new_version_is_its_owners_alone() {
    let node = TestNode::new();
    node.add("anna", &[identity(1, 1)]);
    let answer = node.post("berta", OBJECTS, envelope(&[identity(1, 2)]));
    assert_eq!(counts(&answer), (1, 0, 1, 0));
    assert_eq!(counts(&node.add("anna", &[identity(1, 2)])), (1, 1, 0, 0));
}

/// Labels are kept for good: one post cannot bring any number of them.
#[test]
fn sets_of_markings_are_bounded() {
    let node = TestNode::new();
    let marked = |number: u64| {
        let mut object = unmarked(number, 1);
        object["object_marking_refs"] = json!([format!("marking-definition--cccccccc-0000-4000-8000-{number:012}")]);
        object
    };
    let objects: Vec<_> = (0..1_003).map(marked).chain([unmarked(5_000, 1), marked(7)]).collect();
    let answer = node.post("anna", OBJECTS, envelope(&objects));
    assert_eq!(counts(&answer), (1_005, 1_001, 4, 0), "{}", answer.json()["failures"]);
    assert_eq!(answer.json()["failures"][3]["id"], json!(id(5_000)));
}

#[test]
fn what_was_revoked_stays_revoked() {
    let node = TestNode::new();
    let mut revoked = identity(1, 2);
    revoked["revoked"] = json!(true);
    node.add("anna", &[identity(1, 1), revoked]);
    assert_eq!(counts(&node.post("anna", OBJECTS, envelope(&[identity(1, 3)]))), (1, 0, 1, 0));
}

/// A contributor deletes what its organisation wrote; a release officer also what the node owns; versions one by one.
#[test]
fn deletion() {
    let node = TestNode::new();
    node.add("anna", &[identity(1, 1), identity(1, 2), identity(1, 3)]);
    node.load("open", "TLP:GREEN", &[identity(2, 1)]);
    let at = |number: u64, query: &str| format!("{OBJECTS}{}/{query}", id(number));
    assert_eq!(node.delete("berta", &at(1, "")).status, StatusCode::FORBIDDEN);
    assert_eq!(node.delete("olga", &at(1, "")).status, StatusCode::FORBIDDEN);
    assert_eq!(node.delete("anna", &at(2, "")).status, StatusCode::FORBIDDEN);
    assert_eq!(node.delete("olga", &at(2, "")).status, StatusCode::OK);
    assert_eq!(node.delete("anna", &at(1, "?match[version]=last")).status, StatusCode::OK);
    let versions = |node: &TestNode| node.get("berta", &format!("{OBJECTS}{}/versions/", id(1))).json()["versions"].clone();
    assert_eq!(versions(&node), json!(["2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z"]));
    assert_eq!(node.delete("anna", &at(1, "?match[version]=2026-01-01T00:00:00Z")).status, StatusCode::OK);
    assert_eq!(versions(&node), json!(["2026-01-02T00:00:00.000Z"]));
    assert_eq!(node.delete("anna", &at(1, "")).status, StatusCode::OK);
    assert_eq!(node.get("anna", OBJECTS).json(), json!({}));
}

/// With no marking, an object is for the node's and the poster's organisation.
#[test]
fn what_is_unmarked_is_for_the_node_and_its_poster() {
    let node = TestNode::new();
    node.add("anna", &[unmarked(1, 1)]);
    for (user, sees) in [("anna", 1), ("olga", 1), ("otto", 1), ("berta", 0), ("carl", 0)] {
        assert_eq!(node.get(user, OBJECTS).ids().len(), sees, "{user}");
    }
}

/// A clock that was set back holds the write: 503, and nothing is stored.
#[test]
fn a_clock_set_back_refuses_writes() {
    let node = TestNode::new();
    node.add("anna", &[identity(1, 1)]);
    node.clock.turn(-3_600_000_000);
    let answer = node.post("anna", OBJECTS, envelope(&[identity(2, 1)]));
    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, Some("1")));
    node.clock.turn(3_600_000_000);
    assert_eq!(node.get("anna", OBJECTS).ids(), [id(1)]);
}
