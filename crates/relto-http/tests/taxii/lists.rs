//! Lists as people read them: what was taken back, what has no name, what would read as another name, and kinds that stand far down.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::Instant;

use crate::connection::start;
use crate::harness::{TestNode, id, identity, indicator};
use crate::people::{Visitor, is_tame, text};

#[test]
fn what_was_taken_back_says_so() {
    let node = TestNode::new();
    let mut taken = indicator(1);
    taken["revoked"] = json!(true);
    taken["name"] = json!("Beacon of old");
    node.load("open", "TLP:CLEAR", &[taken, identity(2, 1)]);
    let page = text(&Visitor::new(&node, "carl").get("/objects/"));
    let row = page.split_once("Beacon of old").unwrap().1.split_once("</tr>").unwrap().0;
    assert!(row.contains("taken back"), "{row}");
    assert_eq!(page.matches("taken back").count(), 1, "{page}");
}

#[test]
fn a_note_is_called_by_how_it_begins() {
    let node = TestNode::new();
    let note = json!({"type": "note", "spec_version": "2.1", "id": "note--00000000-0000-4000-8000-000000000007", "created": "2026-01-01T00:00:00.000Z",
        "modified": "2026-01-01T00:00:00.000Z", "content": format!("\n  Ports are closed {}", "x".repeat(300)), "object_refs": [id(2)]});
    node.load("open", "TLP:CLEAR", &[note, identity(2, 1)]);
    let page = text(&Visitor::new(&node, "carl").get("/objects/?kind=note"));
    let heading = page.split_once("<bdi>Ports are closed ").unwrap().1.split_once("</bdi>").unwrap().0;
    assert!(heading.ends_with('…') && heading.chars().count() < 100, "{heading}");
}

#[test]
fn no_name_reads_as_another() {
    let node = TestNode::new();
    let mut file = indicator(1);
    file["name"] = json!("invoice\u{202e}fdp.exe");
    node.load("open", "TLP:CLEAR", &[file]);
    let carl = Visitor::new(&node, "carl");
    for path in ["/objects/".to_owned(), format!("/objects/{}/", id(1).replace("identity", "indicator"))] {
        let page = text(&carl.get(&path));
        is_tame(&page);
        assert!(page.contains("invoice⟨U+202E⟩fdp.exe") && !page.contains('\u{202e}'), "{path}: {page}");
    }
}

#[test]
fn every_kind_can_be_asked_for_where_not_all_were_counted() {
    let node = TestNode::new();
    let many: Vec<_> = (2..1_103).map(|number| identity(number, 1)).collect();
    node.load("open", "TLP:CLEAR", &[indicator(1)]);
    node.load("open", "TLP:CLEAR", &many);
    let carl = Visitor::new(&node, "carl");
    let page = text(&carl.get("/objects/?rows=1"));
    assert!(page.contains("<option value=\"indicator\">") && page.contains("<option value=\"warning\">"), "{page}");
    assert!(!page.contains("kind=indicator"), "it was not counted");
    assert!(text(&carl.get("/objects/?kind=indicator")).contains("indicator--"));
}

#[test]
fn what_does_not_change_takes_no_other_method() {
    let node = TestNode::new();
    let page = text(&Visitor::new(&node, "carl").get("/me/"));
    let style = page.split_once("stylesheet\" href=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    for path in ["/healthz", &style] {
        let ask = |method: Method| node.send(Request::builder().method(method).uri(path).body(Body::empty()).unwrap()).status;
        assert_eq!((ask(Method::GET), ask(Method::HEAD)), (StatusCode::OK, StatusCode::OK), "{path}");
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::TRACE] {
            assert_eq!(ask(method.clone()), StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        }
    }
}

/// Nobody writes while a form is sent: one that drips in is given up, so that it holds no connection.
#[test]
fn a_form_that_drips_in_is_given_up() {
    let node = TestNode::out_of_time();
    node.block_on(async {
        let server = start(&node, None, relto_http::Limits::default());
        let mut stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
        let head = "POST /sign-in/ HTTP/1.1\r\nhost: x\r\norigin: https://x\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 10000\r\n\r\n";
        stream.write_all(head.as_bytes()).await.unwrap();
        let begun = Instant::now();
        let mut answer = [0; 12];
        loop {
            tokio::select! {
                read = stream.read_exact(&mut answer) => { read.unwrap(); break }
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
            }
            stream.write_all(b"a").await.unwrap();
        }
        assert_eq!(&answer, b"HTTP/1.1 400");
        assert!(begun.elapsed() < Duration::from_secs(40), "{:?}", begun.elapsed());
    });
}
