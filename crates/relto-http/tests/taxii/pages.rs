//! Pages (TAXII 2.1, sections 3.2 to 3.5): order, borders, `next`, headers.

use axum::http::StatusCode;
use expect_test::expect;
use serde_json::json;

use crate::harness::{Answer, MANIFEST, OBJECTS, TestNode, check, id, identity, indicator, unmarked};

/// Batches of so many identities each, numbered on.
fn batches(sizes: &[u64]) -> TestNode {
    let node = TestNode::new();
    let mut number = 0;
    for size in sizes {
        let objects: Vec<_> = (0..*size).map(|at| identity(number + at, 1)).collect();
        node.add("anna", &objects);
        number += size;
    }
    node
}

/// The ids of every page of a walk.
fn walk(node: &TestNode, path: &str, query: &str) -> Vec<Vec<String>> {
    let mut page = node.get("berta", &format!("{path}?{query}"));
    let mut pages = vec![page.ids()];
    while let Some(next) = page.next() {
        page = node.get("berta", &format!("{path}?{query}&next={next}"));
        pages.push(page.ids());
        assert!(pages.len() < 100, "the walk does not end");
    }
    pages
}

fn sizes(pages: &[Vec<String>]) -> Vec<usize> {
    pages.iter().map(Vec::len).collect()
}

#[test]
fn objects_manifest_and_versions() {
    let node = TestNode::new();
    node.add("anna", &[identity(1, 1)]);
    node.add("anna", &[identity(1, 2)]);
    check(
        &node.get("berta", &format!("{OBJECTS}?match[version]=all")),
        &expect![[r#"
            200 OK
            x-taxii-date-added-first: 2026-06-01T00:00:01.000007Z
            x-taxii-date-added-last: 2026-06-01T00:00:02.000007Z
            {
              "objects": [
                {
                  "type": "identity",
                  "spec_version": "2.1",
                  "id": "identity--aaaaaaaa-0000-4000-8000-000000000001",
                  "name": "identity 1",
                  "identity_class": "organization",
                  "created": "2026-01-01T00:00:00.000Z",
                  "modified": "2026-01-01T00:00:00.000Z",
                  "object_marking_refs": [
                    "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"
                  ]
                },
                {
                  "type": "identity",
                  "spec_version": "2.1",
                  "id": "identity--aaaaaaaa-0000-4000-8000-000000000001",
                  "name": "identity 1",
                  "identity_class": "organization",
                  "created": "2026-01-01T00:00:00.000Z",
                  "modified": "2026-01-02T00:00:00.000Z",
                  "object_marking_refs": [
                    "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"
                  ]
                }
              ]
            }
        "#]],
    );
    check(
        &node.get("berta", &format!("{MANIFEST}?match[version]=all&limit=1")),
        &expect![[r#"
            200 OK
            x-taxii-date-added-first: 2026-06-01T00:00:01.000007Z
            x-taxii-date-added-last: 2026-06-01T00:00:01.000007Z
            {
              "more": true,
              "next": "CURSOR",
              "objects": [
                {
                  "id": "identity--aaaaaaaa-0000-4000-8000-000000000001",
                  "date_added": "2026-06-01T00:00:01.000007Z",
                  "version": "2026-01-01T00:00:00.000Z",
                  "media_type": "application/stix+json;version=2.1"
                }
              ]
            }
        "#]],
    );
    check(
        &node.get("berta", &format!("{OBJECTS}{}/versions/?limit=1", id(1))),
        &expect![[r#"
            200 OK
            x-taxii-date-added-first: 2026-06-01T00:00:01.000007Z
            x-taxii-date-added-last: 2026-06-01T00:00:01.000007Z
            {
              "more": true,
              "next": "CURSOR",
              "versions": [
                "2026-01-01T00:00:00.000Z"
              ]
            }
        "#]],
    );
}

/// Objects, manifest, one object and versions all have both headers (section 3.2), with six digits.
#[test]
fn date_added_headers_on_all_four() {
    let node = batches(&[1, 1]);
    for path in [OBJECTS, MANIFEST, &format!("{OBJECTS}{}/", id(1)), &format!("{OBJECTS}{}/versions/", id(1))] {
        let answer = node.get("berta", path);
        for name in ["x-taxii-date-added-first", "x-taxii-date-added-last"] {
            let stamp = answer.header(name).unwrap();
            assert!(stamp.len() == 27 && stamp.ends_with('Z') && stamp.as_bytes()[19] == b'.', "{path} {name}: {stamp}");
        }
    }
    let both = node.get("berta", OBJECTS);
    assert!(both.header("x-taxii-date-added-first") < both.header("x-taxii-date-added-last"));
}

/// Empty lists are forbidden (section 2): no key at all, no headers, no `more`.
#[test]
fn an_empty_page_is_an_empty_object() {
    let node = TestNode::new();
    for path in [OBJECTS, MANIFEST] {
        let answer = node.get("berta", path);
        assert_eq!((answer.status, answer.json()), (StatusCode::OK, json!({})));
        assert_eq!((answer.header("x-taxii-date-added-first"), answer.header("x-taxii-date-added-last")), (None, None));
    }
}

#[test]
fn a_batch_shares_one_date_added() {
    let node = batches(&[3, 2]);
    let dates: Vec<_> =
        node.get("berta", MANIFEST).json()["objects"].as_array().unwrap().iter().map(|record| record["date_added"].clone()).collect();
    assert!(dates[0] == dates[1] && dates[1] == dates[2] && dates[2].as_str() < dates[3].as_str() && dates[3] == dates[4], "{dates:?}");
}

/// Whoever continues by the date of the last object loses nothing: a page does not end within a batch if it can help it.
#[test]
fn pages_end_on_a_stamps_border() {
    let node = batches(&[2, 2, 2]);
    assert_eq!(sizes(&walk(&node, OBJECTS, "limit=3")), [2, 2, 2]);
    assert_eq!(sizes(&walk(&node, OBJECTS, "limit=4")), [4, 2]);
    assert_eq!(sizes(&walk(&node, MANIFEST, "limit=5")), [4, 2]);
}

/// Only a batch larger than a page is split, and `next` takes up inside it.
#[test]
fn next_separates_equal_stamps() {
    let node = batches(&[1, 7, 1]);
    let pages = walk(&node, OBJECTS, "limit=3");
    assert_eq!(sizes(&pages), [1, 3, 3, 2]);
    assert_eq!(pages.concat(), (0..9).map(id).collect::<Vec<_>>());
    assert_eq!(walk(&node, MANIFEST, "limit=3"), pages);
}

/// Objects that a reader may not see leave no gap: a page is filled up behind the gate.
#[test]
fn a_page_is_filled_up_after_filtering() {
    let node = TestNode::new();
    for number in 0..4 {
        node.add("anna", &[unmarked(10 + number, 1)]);
        node.add("anna", &[identity(number, 1)]);
    }
    assert_eq!(sizes(&walk(&node, OBJECTS, "limit=2")), [2, 2]);
}

/// The last page has no `next` and no `more`, also when what follows is hidden.
#[test]
fn more_tells_nothing_of_what_is_hidden() {
    let node = TestNode::new();
    node.add("anna", &[identity(1, 1)]);
    node.add("anna", &[unmarked(2, 1)]);
    let answer = node.get("berta", &format!("{OBJECTS}?limit=1"));
    assert_eq!((answer.json().get("more"), answer.next()), (None, None));
}

#[test]
fn a_repeated_page_is_the_same_to_the_byte() {
    let node = batches(&[2, 2, 2]);
    let first = node.get("berta", &format!("{OBJECTS}?limit=2"));
    let next = first.next().unwrap();
    let (once, again) =
        (node.get("berta", &format!("{OBJECTS}?limit=2&next={next}")), node.get("berta", &format!("{OBJECTS}?limit=2&next={next}")));
    assert_eq!(once, again);
    assert_eq!(first, node.get("berta", &format!("{OBJECTS}?limit=2")));
}

/// The version is the object's own text, with its own digits (section 5.3.1), in every place.
#[test]
fn the_exact_modified_string_is_returned() {
    let node = TestNode::new();
    let mut object = identity(1, 1);
    object["modified"] = json!("2026-01-01T00:00:00.12340Z");
    node.add("anna", &[object.clone()]);
    assert_eq!(node.get("berta", OBJECTS).json()["objects"][0], object);
    assert_eq!(node.get("berta", MANIFEST).json()["objects"][0]["version"], object["modified"]);
    assert_eq!(node.get("berta", &format!("{OBJECTS}{}/versions/", id(1))).json()["versions"], json!([object["modified"]]));
}

/// An object comes out with the very bytes that went in, spaces and order of keys included.
#[test]
fn an_object_keeps_its_bytes() {
    let node = TestNode::new();
    let text = identity(1, 1).to_string().replace("\"identity_class\":", "\n  \"identity_class\" :\t");
    assert_eq!(node.post("anna", OBJECTS, format!("{{\"objects\":[ {text} ]}}")).status, StatusCode::ACCEPTED);
    let body = String::from_utf8(node.get("berta", OBJECTS).body.to_vec()).unwrap();
    assert_eq!(body, format!("{{\"objects\":[{text}]}}"));
}

fn walk_moving(node: &TestNode, send: impl Fn(&Answer, &str) -> String) -> Vec<String> {
    let mut page = node.get("berta", &format!("{OBJECTS}?limit=2"));
    let mut ids = page.ids();
    while let Some(next) = page.next() {
        page = node.get("berta", &format!("{OBJECTS}?limit=2&{}", send(&page, &next)));
        ids.extend(page.ids());
        assert!(ids.len() < 100, "the walk does not end");
    }
    ids
}

/// Some clients move `added_after` on while they follow `next`.
#[test]
fn next_together_with_a_moved_added_after() {
    let node = batches(&[2, 1, 2, 3]);
    let ids = walk_moving(&node, |page, next| format!("next={next}&added_after={}", page.header("x-taxii-date-added-first").unwrap()));
    assert_eq!(ids, (0..8).map(id).collect::<Vec<_>>());
}

/// Others only poll by the date of the last object.
#[test]
fn polling_by_added_after_alone() {
    let node = batches(&[2, 1, 2, 1]);
    let ids = walk_moving(&node, |page, _| format!("added_after={}", page.header("x-taxii-date-added-last").unwrap()));
    assert_eq!(ids, (0..6).map(id).collect::<Vec<_>>());
}

/// A cursor is good for its reader, endpoint, collection and filters, and for nothing else.
#[test]
fn a_cursor_is_good_for_its_request_alone() {
    let node = batches(&[1, 1, 1]);
    let next = node.get("berta", &format!("{OBJECTS}?limit=1")).next().unwrap();
    let status = |user: &str, path: &str, query: &str| node.get(user, &format!("{path}?limit=1&next={next}{query}")).status;
    assert_eq!(status("berta", OBJECTS, ""), StatusCode::OK);
    assert_eq!(status("berta", "/taxii2/main/collections/archive/objects/", ""), StatusCode::BAD_REQUEST);
    assert_eq!(status("berta", MANIFEST, ""), StatusCode::BAD_REQUEST);
    assert_eq!(status("berta", OBJECTS, "&match[type]=identity"), StatusCode::BAD_REQUEST);
    assert_eq!(status("carl", OBJECTS, ""), StatusCode::BAD_REQUEST);
}

/// The limit may change on the way, and a huge one is cut to the server's own.
#[test]
fn limits() {
    let node = batches(&[1, 1, 1]);
    let next = node.get("berta", &format!("{OBJECTS}?limit=1")).next().unwrap();
    assert_eq!(node.get("berta", &format!("{OBJECTS}?limit=50&next={next}")).ids(), [id(1), id(2)]);
    assert_eq!(node.get("berta", &format!("{OBJECTS}?limit=99999999999")).ids().len(), 3);
}

/// A page also ends when its objects grow large.
#[test]
fn a_page_is_bounded_in_bytes() {
    let node = TestNode::new();
    for number in 0..3 {
        let mut large = identity(number, 1);
        large["description"] = json!("x".repeat(5 << 20));
        node.add("anna", &[large]);
    }
    assert_eq!(sizes(&walk(&node, OBJECTS, "")), [1, 1, 1]);
}

/// `next` walks manifest and versions too, where the standard defines only `more`.
#[test]
fn manifest_and_versions_have_next() {
    let node = TestNode::new();
    for day in 1..=3 {
        node.add("anna", &[identity(1, day), indicator(u64::from(day))]);
    }
    assert_eq!(walk(&node, MANIFEST, "match[version]=all&limit=2").concat().len(), 6);
    let path = format!("{OBJECTS}{}/versions/", id(1));
    let mut page = node.get("berta", &format!("{path}?limit=1"));
    let mut versions = vec![page.json()["versions"][0].clone()];
    while let Some(next) = page.next() {
        assert_eq!(page.json()["more"], json!(true));
        page = node.get("berta", &format!("{path}?limit=1&next={next}"));
        versions.push(page.json()["versions"][0].clone());
    }
    assert_eq!(versions, [1, 2, 3].map(|day| json!(format!("2026-01-{day:02}T00:00:00.000Z"))));
}
