//! Discovery, API root, collections, status: what they are and for whom (TAXII 2.1, sections 4, 5.1 and 5.2).

use axum::body::Body;
use axum::http::StatusCode;
use expect_test::expect;
use serde_json::json;

use crate::harness::{OBJECTS, TestNode, check, envelope, id, identity};

#[test]
fn discovery() {
    check(
        &TestNode::new().get("carl", "/taxii2/"),
        &expect![[r#"
            200 OK
            {
              "title": "Node Org",
              "description": "Relto: everything that you may see, and nothing else",
              "default": "/taxii2/main/",
              "api_roots": [
                "/taxii2/main/"
              ]
            }
        "#]],
    );
}

#[test]
fn api_root() {
    check(
        &TestNode::new().get("carl", "/taxii2/main/"),
        &expect![[r#"
            200 OK
            {
              "title": "Collections of this node",
              "description": "Objects that are released to whoever asks",
              "versions": [
                "application/taxii+json;version=2.1"
              ],
              "max_content_length": 104857600
            }
        "#]],
    );
}

/// The hidden one is not listed for whoever may not see it; rights are those of whoever asks.
#[test]
fn collections_for_a_reader() {
    check(
        &TestNode::new().get("carl", "/taxii2/main/collections/"),
        &expect![[r#"
            200 OK
            {
              "collections": [
                {
                  "id": "22c40b26-bdb7-4597-9715-a572759c1f5f",
                  "title": "archive",
                  "alias": "archive",
                  "can_read": true,
                  "can_write": false,
                  "media_types": [
                    "application/stix+json;version=2.1"
                  ]
                },
                {
                  "id": "b17560b8-1b2c-49b1-b95e-1927450fc989",
                  "title": "inbox",
                  "alias": "inbox",
                  "can_read": false,
                  "can_write": false,
                  "media_types": [
                    "application/stix+json;version=2.1"
                  ]
                },
                {
                  "id": "604cdb5f-b6fa-4968-9100-a33eb1b585b4",
                  "title": "open",
                  "alias": "open",
                  "can_read": true,
                  "can_write": false,
                  "media_types": [
                    "application/stix+json;version=2.1"
                  ]
                }
              ]
            }
        "#]],
    );
}

#[test]
fn collections_for_a_cleared_contributor() {
    let json = TestNode::new().get("anna", "/taxii2/main/collections/").json();
    let rights: Vec<_> = json["collections"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["alias"].clone(), one["can_read"].clone(), one["can_write"].clone()))
        .collect();
    let expected = [("archive", true, false), ("hidden", true, true), ("inbox", false, true), ("open", true, true)];
    assert_eq!(rights, expected.map(|(alias, read, write)| (json!(alias), json!(read), json!(write))));
}

/// An operator administers; it writes no objects.
#[test]
fn an_operator_writes_nowhere() {
    let json = TestNode::new().get("otto", "/taxii2/main/collections/").json();
    assert!(json["collections"].as_array().unwrap().iter().all(|one| one["can_write"] == json!(false)));
}

#[test]
fn an_alias_works_wherever_the_id_does() {
    let node = TestNode::new();
    node.add("anna", &[identity(1, 1)]);
    let by_alias = node.get("anna", "/taxii2/main/collections/open/");
    let collection = by_alias.json()["id"].as_str().unwrap().to_owned();
    for (alias, rest) in [("open", ""), ("open", "objects/"), ("open", "manifest/")] {
        let one = node.get("anna", &format!("/taxii2/main/collections/{alias}/{rest}"));
        let other = node.get("anna", &format!("/taxii2/main/collections/{collection}/{rest}"));
        assert_eq!((one.status, one.body), (StatusCode::OK, other.body));
    }
    let versions = format!("{}/versions/", id(1));
    assert_eq!(
        node.get("anna", &format!("{OBJECTS}{versions}")),
        node.get("anna", &format!("/taxii2/main/collections/{collection}/objects/{versions}"))
    );
}

#[test]
fn the_closing_slash_may_be_left_out() {
    let node = TestNode::new();
    node.add("anna", &[identity(1, 1)]);
    let object = format!("{OBJECTS}{}/", id(1));
    for path in [
        "/taxii2/",
        "/taxii2/main/",
        "/taxii2/main/collections/",
        "/taxii2/main/collections/open/",
        OBJECTS,
        &object,
        &format!("{object}versions/"),
    ] {
        assert_eq!(node.get("anna", path), node.get("anna", path.trim_end_matches('/')), "{path}");
    }
}

#[test]
fn head_is_get_without_a_body() {
    let node = TestNode::new();
    node.add("anna", &[identity(1, 1)]);
    let get = node.get("anna", OBJECTS);
    let head = node.send(node.request("anna", "HEAD", OBJECTS).body(Body::empty()).unwrap());
    assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0));
    for name in ["content-type", "x-taxii-date-added-first", "x-taxii-date-added-last", "cache-control"] {
        assert_eq!(head.header(name), get.header(name), "{name}");
    }
}

/// A post is answered with its status, which stays readable for its poster and is absent for everybody else.
#[test]
fn a_status_is_its_posters_alone() {
    let node = TestNode::new();
    let posted = node.post("anna", OBJECTS, envelope(&[identity(1, 1)]));
    check(
        &posted,
        &expect![[r#"
            202 Accepted
            {
              "id": "e57318c5-95e8-47d7-aebb-5743f5325e0b",
              "status": "complete",
              "request_timestamp": "2026-06-01T00:00:01.000007Z",
              "total_count": 1,
              "success_count": 1,
              "successes": [
                {
                  "id": "identity--aaaaaaaa-0000-4000-8000-000000000001",
                  "version": "2026-01-01T00:00:00.000Z"
                }
              ],
              "failure_count": 0,
              "pending_count": 0
            }
        "#]],
    );
    let path = format!("/taxii2/main/status/{}/", posted.json()["id"].as_str().unwrap());
    let own = node.get("anna", &path);
    assert_eq!((own.status, own.body), (StatusCode::OK, posted.body));
    let absent = node.get("berta", "/taxii2/main/status/00000000-0000-4000-8000-000000000000/");
    assert_eq!(absent.status, StatusCode::NOT_FOUND);
    for other in ["berta", "olga", "otto"] {
        assert_eq!(node.get(other, &path), absent, "{other}");
    }
}

/// Nothing of TAXII says how old, large or changed the store is to whoever may see none of it.
#[test]
fn replies_are_for_nobodys_cache() {
    let node = TestNode::new();
    for path in ["/taxii2/", "/taxii2/main/collections/", OBJECTS] {
        let answer = node.get("anna", path);
        assert_eq!(answer.header("cache-control"), Some("private, no-store"));
        assert_eq!((answer.header("etag"), answer.header("last-modified")), (None, None));
    }
}
