//! Large bodies and coded bodies, in both directions.

use std::io::{Read as _, Write as _};
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::http::StatusCode;
use bytes::Bytes;
use expect_test::expect;
use http_body::{Frame, SizeHint};
use serde_json::json;

use crate::harness::{Answer, MANIFEST, OBJECTS, TAXII, TestNode, check, envelope, id, identity};

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn zstd(body: &[u8]) -> Vec<u8> {
    zstd::encode_all(body, 1).unwrap()
}

fn post_coded(node: &TestNode, coding: &str, body: impl Into<Body>) -> Answer {
    let request = node.request("anna", "POST", OBJECTS).header("content-type", TAXII).header("content-encoding", coding);
    node.send(request.body(body.into()).unwrap())
}

#[test]
fn gzip_and_zstd_requests() {
    let node = TestNode::new();
    assert_eq!(post_coded(&node, "gzip", gzip(envelope(&[identity(1, 1)]).as_bytes())).status, StatusCode::ACCEPTED);
    assert_eq!(post_coded(&node, "zstd", zstd(envelope(&[identity(2, 1)]).as_bytes())).status, StatusCode::ACCEPTED);
    assert_eq!(post_coded(&node, "identity", envelope(&[identity(3, 1)])).status, StatusCode::ACCEPTED);
    assert_eq!(node.get("berta", OBJECTS).ids(), [id(1), id(2), id(3)]);
}

#[test]
fn an_unknown_coding_is_unsupported() {
    let node = TestNode::new();
    check(
        &post_coded(&node, "br", envelope(&[identity(1, 1)])),
        &expect![[r#"
            415 Unsupported Media Type
            accept-encoding: gzip, zstd
            {
              "title": "Unsupported content coding",
              "description": "this server reads gzip, zstd, or no coding at all",
              "http_status": "415"
            }
        "#]],
    );
    assert_eq!(post_coded(&node, "gzip, zstd", envelope(&[identity(1, 1)])).status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(node.get("anna", OBJECTS).json(), json!({}));
}

#[test]
fn a_broken_coding_is_malformed() {
    let node = TestNode::new();
    let whole = gzip(envelope(&[identity(1, 1)]).as_bytes());
    for body in [whole[..whole.len() - 9].to_vec(), b"not gzip at all".to_vec()] {
        assert_eq!(post_coded(&node, "gzip", body).status, StatusCode::BAD_REQUEST);
    }
    assert_eq!(node.get("anna", OBJECTS).json(), json!({}));
}

fn most(node: &TestNode) -> usize {
    usize::try_from(node.get("anna", "/taxii2/main/").json()["max_content_length"].as_u64().unwrap()).unwrap()
}

/// A small body that would grow beyond the limit stops growing there.
#[test]
fn zip_bombs() {
    let node = TestNode::new();
    let large = vec![b' '; most(&node) + 1];
    assert_eq!(post_coded(&node, "gzip", gzip(&large)).status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(post_coded(&node, "zstd", zstd(&large)).status, StatusCode::PAYLOAD_TOO_LARGE);
}

/// Never 413 up to `max_content_length` (section 4.2.1); one byte more, and it is.
#[test]
fn the_limit_is_what_the_api_root_says() {
    let node = TestNode::new();
    let most = most(&node);
    let mut body = envelope(&[identity(1, 1)]).into_bytes();
    body.resize(most, b' ');
    assert_eq!(node.post("anna", OBJECTS, body.clone()).status, StatusCode::ACCEPTED);
    body.push(b' ');
    let answer = node.post("anna", OBJECTS, body);
    assert_eq!((answer.status, answer.json()["http_status"].clone()), (StatusCode::PAYLOAD_TOO_LARGE, json!("413")));
}

/// A body that says how long it is and fails the test when it is read.
struct Announced(u64);

impl http_body::Body for Announced {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        panic!("the body was read")
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0)
    }
}

#[test]
fn what_is_announced_too_large_is_not_read() {
    let node = TestNode::new();
    let body = Announced(most(&node) as u64 + 1);
    assert_eq!(node.post("anna", OBJECTS, Body::new(body)).status, StatusCode::PAYLOAD_TOO_LARGE);
}

/// Whoever may not write has not a byte of the body read.
#[test]
fn the_body_of_whoever_may_not_write_is_not_read() {
    let node = TestNode::new();
    assert_eq!(node.post("carl", OBJECTS, Body::new(Announced(10))).status, StatusCode::FORBIDDEN);
    assert_eq!(node.post("berta", "/taxii2/main/collections/hidden/objects/", Body::new(Announced(10))).status, StatusCode::NOT_FOUND);
}

#[test]
fn many_objects_in_one_post() {
    let node = TestNode::new();
    let objects: Vec<_> = (0..3_000).map(|number| identity(number, 1)).collect();
    assert_eq!(node.add("anna", &objects).json()["success_count"], json!(3_000));
    let first = node.get("berta", OBJECTS);
    assert_eq!((first.ids().len(), first.next().is_some()), (1_000, true));
}

/// The same content under every coding that the client takes, and none when it takes none.
#[test]
fn gzip_and_zstd_responses() {
    let node = TestNode::new();
    let objects: Vec<_> = (0..500).map(|number| identity(number, 1)).collect();
    node.add("anna", &objects);
    let ask = |path: &str, coding: &str| {
        node.send(node.request("berta", "GET", path).header("accept-encoding", coding).body(Body::empty()).unwrap())
    };
    for path in [OBJECTS, MANIFEST] {
        let plain = node.get("berta", path).body;
        let gzipped = ask(path, "gzip");
        assert_eq!(gzipped.header("content-encoding"), Some("gzip"));
        let mut content = Vec::new();
        flate2::read::GzDecoder::new(&gzipped.body[..]).read_to_end(&mut content).unwrap();
        assert!(content == plain && gzipped.body.len() < plain.len() / 5, "{path}: {} of {}", gzipped.body.len(), plain.len());
        let zstandard = ask(path, "zstd, gzip;q=0.5");
        assert_eq!(zstandard.header("content-encoding"), Some("zstd"));
        assert_eq!(zstd::decode_all(&zstandard.body[..]).unwrap(), plain, "{path}");
        let other = ask(path, "br");
        assert_eq!((other.header("content-encoding"), &other.body), (None, &plain));
    }
}
