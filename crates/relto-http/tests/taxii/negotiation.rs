//! Media types and content codings (TAXII 2.1, sections 1.6.8, 3.1; RFC 9110).

use axum::body::Body;
use axum::http::StatusCode;
use expect_test::expect;

use crate::harness::{OBJECTS, TAXII, TestNode, check, envelope, identity};

fn accepted(accept: &[&str]) -> StatusCode {
    let node = TestNode::new();
    let request = axum::http::Request::builder().uri(OBJECTS).header("authorization", format!("Bearer {}", node.token("anna")));
    let request = accept.iter().fold(request, |request, value| request.header("accept", *value));
    node.send(request.body(Body::empty()).unwrap()).status
}

#[test]
fn a_versionless_accept_is_accepted() {
    for accept in [&[][..], &["application/taxii+json"], &["*/*"], &["application/*"], &["Application/TAXII+json; Version=2.1"]] {
        assert_eq!(accepted(accept), StatusCode::OK, "{accept:?}");
    }
}

#[test]
fn quality_values_in_accept_are_understood() {
    assert_eq!(accepted(&["application/taxii+json;version=2.1;q=0.5, text/html"]), StatusCode::OK);
    assert_eq!(accepted(&["text/html", "application/taxii+json;q=0.1"]), StatusCode::OK);
    assert_eq!(accepted(&["application/taxii+json;version=2.1;q=0"]), StatusCode::NOT_ACCEPTABLE);
}

#[test]
fn another_version_is_not_acceptable() {
    for accept in ["application/taxii+json;version=2.0", "application/vnd.oasis.taxii+json;version=2.0", "application/json", "text/html"] {
        assert_eq!(accepted(&[accept]), StatusCode::NOT_ACCEPTABLE, "{accept}");
    }
    let node = TestNode::new();
    let request = axum::http::Request::builder().uri("/taxii2/").header("authorization", format!("Bearer {}", node.token("anna")));
    let answer = node.send(request.header("accept", "application/json").body(Body::empty()).unwrap());
    check(
        &answer,
        &expect![[r#"
            406 Not Acceptable
            {
              "title": "Not acceptable",
              "description": "this server answers in application/taxii+json;version=2.1",
              "http_status": "406"
            }
        "#]],
    );
}

fn content(content_type: Option<&str>) -> StatusCode {
    let node = TestNode::new();
    let mut request = node.request("anna", "POST", OBJECTS);
    if let Some(content_type) = content_type {
        request = request.header("content-type", content_type);
    }
    node.send(request.body(Body::from(envelope(&[identity(1, 1)]))).unwrap()).status
}

#[test]
fn a_versionless_content_type_is_accepted() {
    assert_eq!(content(Some("application/taxii+json")), StatusCode::ACCEPTED);
}

#[test]
fn white_space_and_charset_in_content_type_are_accepted() {
    for content_type in [
        "application/taxii+json ; version=2.1",
        "application/taxii+json; version=\"2.1\"; charset=utf-8",
        "application/taxii+json;charset=UTF-8",
    ] {
        assert_eq!(content(Some(content_type)), StatusCode::ACCEPTED, "{content_type}");
    }
}

#[test]
fn another_content_type_is_unsupported() {
    for content_type in
        [None, Some("application/json"), Some("application/taxii+json;version=2.0"), Some("*/*"), Some("text/plain; charset=utf-8")]
    {
        assert_eq!(content(content_type), StatusCode::UNSUPPORTED_MEDIA_TYPE, "{content_type:?}");
    }
}

#[test]
fn every_reply_is_taxii() {
    let node = TestNode::new();
    for path in ["/taxii2/", "/taxii2/main/", OBJECTS, "/taxii2/nowhere/", "/nowhere", "/taxii2/main/collections/none/objects/?limit=0"] {
        assert_eq!(node.get("anna", path).header("content-type"), Some(TAXII), "{path}");
    }
}
