//! Every error is a TAXII error message (section 3.6.1), with the status that the standard gives it.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use expect_test::expect;

use crate::harness::{Answer, OBJECTS, TestNode, check, envelope, id, identity};

/// What every error message has: a title, and the status as a text.
#[track_caller]
fn is_error(answer: &Answer, status: u16) {
    let json = answer.json();
    assert_eq!(answer.status.as_u16(), status, "{}", answer.shown());
    assert!(json["title"].as_str().is_some_and(|title| !title.is_empty()), "{json}");
    assert_eq!(json["http_status"], status.to_string(), "{json}");
}

/// One error of each status, each with a title.
#[test]
fn every_error_has_a_title_and_its_status() {
    let node = TestNode::new();
    let bare = |method: &str, path: &str| Request::builder().method(method).uri(path);
    is_error(&node.send(bare("GET", OBJECTS).body(Body::empty()).unwrap()), 401);
    is_error(&node.get("anna", "/taxii2/main/collections/inbox/objects/"), 403);
    is_error(&node.get("anna", "/taxii2/main/collections/none/"), 404);
    is_error(&node.send(node.request("anna", "PUT", OBJECTS).body(Body::empty()).unwrap()), 405);
    is_error(&node.post("anna", OBJECTS, "{"), 400);
    is_error(&node.post("anna", OBJECTS, "[]"), 422);
    is_error(&node.send(node.request("anna", "POST", OBJECTS).body(Body::from("{}")).unwrap()), 415);
}

#[test]
fn without_credentials_401_with_www_authenticate() {
    let answer = TestNode::new().send(Request::builder().uri("/taxii2/").body(Body::empty()).unwrap());
    check(
        &answer,
        &expect![[r#"
            401 Unauthorized
            www-authenticate: Bearer realm="relto"
            www-authenticate: Basic realm="relto", charset="UTF-8"
            {
              "title": "Sign in",
              "description": "send a token: `Authorization: Bearer TOKEN`, or Basic with your name and the token",
              "http_status": "401"
            }
        "#]],
    );
}

#[test]
fn methods_that_are_not_there_405_with_allow() {
    let node = TestNode::new();
    let send = |method: &str, path: &str| node.send(node.request("anna", method, path).body(Body::empty()).unwrap());
    check(
        &send("DELETE", OBJECTS),
        &expect![[r#"
            405 Method Not Allowed
            allow: GET, HEAD, POST
            {
              "title": "Method not allowed",
              "description": "this resource understands GET, HEAD, POST",
              "http_status": "405"
            }
        "#]],
    );
    for (method, path, allow) in [
        ("POST", "/taxii2/", "GET, HEAD"),
        ("DELETE", "/taxii2/main/collections/open/", "GET, HEAD"),
        ("PATCH", OBJECTS, "GET, HEAD, POST"),
        ("POST", &format!("{OBJECTS}{}/", id(1)), "GET, HEAD, DELETE"),
        ("OPTIONS", &format!("{OBJECTS}{}/versions/", id(1)), "GET, HEAD"),
    ] {
        let answer = send(method, path);
        is_error(&answer, 405);
        assert_eq!(answer.header("allow"), Some(allow), "{method} {path}");
    }
}

#[test]
fn unknown_paths_404() {
    let node = TestNode::new();
    for path in
        ["/taxii/", "/taxii2/other/", "/taxii2/main/collections/open/object/", "/taxii2/main/collections/%zz/", "/taxii2/main/status/x/"]
    {
        is_error(&node.get("anna", path), 404);
    }
}

#[test]
fn malformed_parameters_400_and_say_which() {
    let node = TestNode::new();
    for (query, parameter) in [
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=ten", "limit"),
        ("added_after=yesterday", "added_after"),
        ("next=nonsense", "next"),
        ("match[version]=newest", "match[version]"),
        ("match[colour]=red", "match[colour]"),
        ("limit=1&limit=2", "limit"),
        ("match[type]=%ff", "match[type]"),
    ] {
        let answer = node.get("anna", &format!("{OBJECTS}?{query}"));
        is_error(&answer, 400);
        let said = answer.json()["description"].as_str().unwrap().to_owned();
        assert!(said.contains(&format!("`{parameter}`")), "{query}: {said}");
    }
}

#[test]
fn all_beside_other_versions_400() {
    is_error(&TestNode::new().get("anna", &format!("{OBJECTS}?match[version]=all,last")), 400);
}

/// A read-only and a write-only collection: 403 for the one thing, for the other not (sections 5.3 to 5.8).
#[test]
fn rights_of_a_collection() {
    let node = TestNode::new();
    let at = |collection: &str, rest: &str| format!("/taxii2/main/collections/{collection}/{rest}");
    for rest in ["objects/", "manifest/", &format!("objects/{}/", id(1)), &format!("objects/{}/versions/", id(1))] {
        is_error(&node.get("anna", &at("inbox", rest)), 403);
    }
    assert_eq!(node.post("anna", &at("inbox", "objects/"), envelope(&[identity(1, 1)])).status, StatusCode::ACCEPTED);
    is_error(&node.post("anna", &at("archive", "objects/"), envelope(&[identity(1, 1)])), 403);
    assert_eq!(node.get("anna", &at("archive", "objects/")).status, StatusCode::OK);
    is_error(&node.post("carl", OBJECTS, envelope(&[identity(1, 1)])), 403);
    is_error(&node.post("otto", OBJECTS, envelope(&[identity(1, 1)])), 403);
}

/// Neither right: 404. Only one of the two: 403 (section 5.7).
#[test]
fn deletion_takes_both_rights() {
    let node = TestNode::new();
    let at = |collection: &str| format!("/taxii2/main/collections/{collection}/objects/{}/", id(1));
    is_error(&node.delete("anna", &at("inbox")), 403);
    is_error(&node.delete("anna", &at("archive")), 403);
    is_error(&node.delete("carl", &at("open")), 403);
    is_error(&node.delete("carl", &at("inbox")), 404);
}

#[test]
fn deletion_of_what_is_not_there_404() {
    let node = TestNode::new();
    node.add("anna", &[identity(1, 1)]);
    is_error(&node.delete("anna", &format!("{OBJECTS}{}/", id(2))), 404);
    is_error(&node.delete("anna", &format!("{OBJECTS}nonsense/")), 404);
    is_error(&node.delete("anna", &format!("{OBJECTS}{}/?match[version]=2030-01-01T00:00:00Z", id(1))), 404);
    is_error(&node.delete("anna", &format!("{OBJECTS}{}/?match[spec_version]=2.0", id(1))), 404);
    assert_eq!(node.delete("anna", &format!("{OBJECTS}{}/", id(1))).status, StatusCode::OK);
    is_error(&node.delete("anna", &format!("{OBJECTS}{}/", id(1))), 404);
}
