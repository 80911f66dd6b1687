//! When facts change: a reply keeps those that it began with, a change reports completion when older replies have ended, and cuts those
//! that do not end in time. No test waits: the node's pauses pass at once, and do what the test wants done meanwhile.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};

use axum::body::Body;
use axum::response::Response;
use http_body_util::BodyExt as _;
use parking_lot::Mutex;
use relto_model::ObjectId;
use relto_node::{CUT_NOTICED_MICROS, REPLY_GRACE_MICROS};
use serde_json::json;
use tower::ServiceExt as _;

use crate::harness::{HookedStore, OBJECTS, TestNode, id, identity};

/// A node with one page of so many objects of 64 KiB each, which do not compress to much less.
pub(crate) fn large_page(count: u64) -> TestNode {
    let node = TestNode::out_of_time();
    let mut state = 1u64;
    let objects = (0..count).map(|number| {
        let mut object = identity(number, 1);
        let noise = (0..1 << 16).map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let byte = b'0' + u8::try_from(state >> 58).unwrap();
            char::from(if byte == b'\\' { b'z' } else { byte })
        });
        object["description"] = json!(noise.collect::<String>());
        object
    });
    node.add("anna", &objects.collect::<Vec<_>>());
    node
}

/// A reply whose head is there and whose body was not asked for yet.
fn begun(node: &TestNode, coding: &str) -> Response {
    let request = node.request("berta", "GET", OBJECTS).header("accept-encoding", coding).body(Body::empty()).unwrap();
    node.block_on(node.router().oneshot(request)).unwrap()
}

/// Takes object 0 from berta.
pub(crate) fn withdraw(node: &relto_node::Node) {
    node.relabel(&ObjectId::parse(&id(0)).unwrap(), "NATO SECRET", "test").unwrap();
}

/// Counts the pauses' time.
fn count_pauses(node: &TestNode) -> Arc<AtomicU64> {
    let paused = Arc::<AtomicU64>::default();
    let count = paused.clone();
    node.clock.in_pause(move |micros| {
        count.fetch_add(micros, Ordering::SeqCst);
    });
    paused
}

#[test]
fn a_change_with_nobody_reading_is_done_at_once() {
    let node = large_page(4);
    let paused = count_pauses(&node);
    withdraw(&node.node);
    assert_eq!(paused.load(Ordering::SeqCst), 0);
}

/// The reply goes on under the facts it began with, to its last byte; then the change is complete.
#[test]
fn a_change_waits_for_older_replies_and_they_keep_their_facts() {
    let node = large_page(20);
    let whole = node.get("berta", OBJECTS).body;
    let (reply, read) = (Mutex::new(Some(begun(&node, "identity"))), Arc::new(Mutex::new(None)));
    let (paused, result) = (Arc::<AtomicU64>::default(), read.clone());
    let count = paused.clone();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    node.clock.in_pause(move |micros| {
        if count.fetch_add(micros, Ordering::SeqCst) >= 10_000
            && let Some(reply) = reply.lock().take()
        {
            *result.lock() = Some(runtime.block_on(reply.into_body().collect()).unwrap().to_bytes());
        }
    });
    withdraw(&node.node);
    let paused = paused.load(Ordering::SeqCst);
    assert!((10_000..100_000).contains(&paused), "{paused}");
    assert!(read.lock().take() == Some(whole), "the reply was not the one that had begun");
    assert_eq!(node.get("berta", OBJECTS).ids(), (1..20).map(id).collect::<Vec<_>>());
}

/// Disabling an account is such a change too.
#[test]
fn disabling_an_account_waits_for_its_replies() {
    let node = large_page(4);
    let paused = count_pauses(&node);
    let reply = begun(&node, "identity");
    node.node.disable_user("berta", true).unwrap();
    assert_eq!(paused.load(Ordering::SeqCst), REPLY_GRACE_MICROS + CUT_NOTICED_MICROS);
    assert!(node.block_on(reply.into_body().collect()).is_err());
}

/// Posts change no facts: they wait for no reader, and no reply is cut for them.
#[test]
fn a_post_waits_for_no_reader() {
    let node = large_page(4);
    let reply = begun(&node, "identity");
    let paused = count_pauses(&node);
    node.add("anna", &[identity(50, 1)]);
    assert_eq!(paused.load(Ordering::SeqCst), 0);
    assert!(node.block_on(reply.into_body().collect()).is_ok());
}

/// After the grace a reply ends where it stands, whatever its coding.
#[test]
fn a_reply_is_cut_after_the_grace() {
    for coding in ["identity", "gzip", "zstd"] {
        let node = large_page(20);
        let paused = count_pauses(&node);
        let mut body = begun(&node, coding).into_body();
        let first = node.block_on(body.frame()).unwrap().unwrap().into_data().unwrap();
        withdraw(&node.node);
        assert_eq!(paused.load(Ordering::SeqCst), REPLY_GRACE_MICROS + CUT_NOTICED_MICROS, "{coding}");
        let (mut rest, mut error) = (0, None);
        while let Some(frame) = node.block_on(body.frame()) {
            match frame {
                Ok(frame) => rest += frame.into_data().map_or(0, |data| data.len()),
                Err(cut) => {
                    error = Some(cut);
                    break;
                }
            }
        }
        assert!(error.is_some(), "{coding}: the reply came to its end");
        assert!(first.len() + rest < 400_000, "{coding}: {rest} more bytes were sent");
    }
}

/// A request that has read the older facts and not begun to reply counts as an older reply: the change is complete after it.
#[test]
fn whoever_is_about_to_reply_counts() {
    let store = Arc::<HookedStore>::default();
    let node = TestNode::on(store.clone());
    node.add("anna", &[identity(0, 1)]);
    node.clock.turn(1_000_000);
    let (has_facts, facts_read) = mpsc::channel();
    let (go_on, may_go_on) = mpsc::channel::<()>();
    let (reads, is_reading) = mpsc::channel();
    let (end, may_end) = mpsc::channel::<()>();
    let mut waits = Some((has_facts, may_go_on));
    store.on_read(move || {
        if let Some((has_facts, may_go_on)) = waits.take() {
            has_facts.send(()).unwrap();
            may_go_on.recv().unwrap();
        }
        Ok(())
    });
    let session = node.node.sign_in(None, &node.token("berta")).unwrap();
    let pauses = Arc::<AtomicU64>::default();
    let ended = Arc::<AtomicU64>::default();
    let mut has_ended = false;
    std::thread::scope(|threads| {
        let (reader, ends) = (node.node.clone(), ended.clone());
        threads.spawn(move || {
            let reading = reader.reading(&session).unwrap();
            reads.send(()).unwrap();
            may_end.recv().unwrap();
            ends.store(1, Ordering::SeqCst);
            drop(reading);
        });
        facts_read.recv().unwrap();
        let count = pauses.clone();
        node.clock.in_pause(move |_| match count.fetch_add(1, Ordering::SeqCst) {
            0 => {
                go_on.send(()).unwrap();
                is_reading.recv().unwrap();
            }
            5 => end.send(()).unwrap(),
            _ => {}
        });
        withdraw(&node.node);
        has_ended = ended.load(Ordering::SeqCst) == 1;
        // Whatever came of it, the other thread waits no longer.
        node.clock.in_pause(|_| {});
    });
    assert!(has_ended, "the change was complete while an older reply ran");
    assert!(pauses.load(Ordering::SeqCst) > 5);
}
