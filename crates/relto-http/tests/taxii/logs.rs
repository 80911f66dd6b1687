//! Logs and traces hold ids of endpoints and accounts, statuses and times: nothing of what was asked for, given or sent.

use std::io;
use std::sync::{Arc, LazyLock};

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use parking_lot::Mutex;
use serde_json::json;
use tracing_subscriber::filter::LevelFilter;

use crate::harness::{OBJECTS, TAXII, TestNode, envelope, id, unmarked};

/// Everything that anything in this process logs, at every level.
static LOGGED: LazyLock<Arc<Mutex<Vec<u8>>>> = LazyLock::new(|| {
    let logged = Arc::<Mutex<Vec<u8>>>::default();
    let writer = logged.clone();
    let subscriber = tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).with_writer(move || Writer(writer.clone())).finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    logged
});

struct Writer(Arc<Mutex<Vec<u8>>>);

impl io::Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Part of everything that must not be logged.
const SECRET: &str = "z9secretz9";

#[test]
fn nothing_of_the_content_is_logged() {
    let logged = LOGGED.clone();
    let node = TestNode::new();
    let mut object = unmarked(77, 1);
    object["name"] = json!(SECRET);
    node.add("anna", &[object.clone()]);
    object["name"] = json!(format!("other {SECRET}"));
    object["created"] = json!(format!("not a date {SECRET}"));
    node.post("anna", OBJECTS, envelope(&[object]));
    node.post("anna", OBJECTS, format!("{{\"objects\": [{{\"{SECRET}\": "));
    node.post("anna", OBJECTS, format!("{{\"objects\": \"{SECRET}\"}}"));
    for query in ["match[type]", "match[id]", "match[version]", "next", "added_after", "limit"] {
        node.get("anna", &format!("{OBJECTS}?{query}={SECRET}"));
    }
    for path in [
        format!("/{SECRET}"),
        format!("/taxii2/main/collections/{SECRET}/"),
        format!("{OBJECTS}{SECRET}/"),
        format!("{OBJECTS}{}/", id(77)),
    ] {
        node.get("anna", &path);
        node.delete("anna", &path);
    }
    for authorization in
        [format!("Bearer {SECRET}"), format!("Basic {}", STANDARD.encode(format!("anna:{SECRET}"))), format!("Other {SECRET}")]
    {
        let request = axum::http::Request::builder().uri("/taxii2/").header("authorization", authorization).body(Body::empty()).unwrap();
        assert_eq!(node.send(request).status, 401);
    }
    let request = node.request("anna", "POST", OBJECTS).header("content-type", SECRET).header("x-other", SECRET);
    node.send(request.body(Body::from(SECRET)).unwrap());
    let request = node.request("anna", "POST", OBJECTS).header("content-type", TAXII).header("content-encoding", "gzip");
    node.send(request.body(Body::from(SECRET)).unwrap());
    let logged = String::from_utf8(logged.lock().clone()).unwrap();
    assert!(logged.contains("answered") && logged.contains("add-objects") && logged.contains("anna"), "{logged}");
    let basic = STANDARD.encode(format!("anna:{SECRET}"));
    for secret in [SECRET, &basic, &node.token("anna"), &node.token("anna")[6..], "000000000077"] {
        let line = logged.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret} was logged");
    }
}
