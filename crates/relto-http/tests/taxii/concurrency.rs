//! Pages while others write: nothing that was acknowledged is lost, and nothing comes twice.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use axum::http::StatusCode;
use parking_lot::Mutex;
use tokio::runtime::Runtime;

use crate::harness::{Answer, OBJECTS, TAXII, TestNode, envelope, id, identity, send, unmarked};

const WRITERS: u64 = 3;
const BATCHES: u64 = 30;
const BATCH_MAX: u64 = 4;

/// Asks from a thread of its own.
struct Client<'n> {
    node: &'n TestNode,
    runtime: Runtime,
    user: &'static str,
}

impl<'n> Client<'n> {
    fn new(node: &'n TestNode, user: &'static str) -> Self {
        Self { node, runtime: tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(), user }
    }

    fn get(&self, query: &str) -> Answer {
        let request = self.node.request(self.user, "GET", &format!("{OBJECTS}?{query}")).body(Body::empty()).unwrap();
        self.runtime.block_on(send(self.node.router(), request))
    }

    fn post(&self, body: String) -> Answer {
        let request = self.node.request(self.user, "POST", OBJECTS).header("content-type", TAXII).body(Body::from(body)).unwrap();
        self.runtime.block_on(send(self.node.router(), request))
    }
}

/// What is known to be stored, and how many still write.
struct Shared {
    acknowledged: Mutex<BTreeSet<String>>,
    writing: AtomicUsize,
}

impl Shared {
    fn is_quiet(&self) -> bool {
        self.writing.load(Ordering::SeqCst) == 0
    }
}

/// Batches of one to four objects; every other one holds an object that the readers may not see.
fn write(client: &Client<'_>, shared: &Shared, writer: u64) {
    for batch in 0..BATCHES {
        let number = (writer * BATCHES + batch) * 10;
        let visible: Vec<u64> = (number..=number + batch % BATCH_MAX).collect();
        let mut objects: Vec<_> = visible.iter().map(|number| identity(*number, 1)).collect();
        if batch % 2 == 0 {
            objects.push(unmarked(number + 9, 1));
        }
        assert_eq!(client.post(envelope(&objects)).status, StatusCode::ACCEPTED);
        shared.acknowledged.lock().extend(visible.into_iter().map(id));
    }
    shared.writing.fetch_sub(1, Ordering::SeqCst);
}

fn count(seen: &mut BTreeMap<String, usize>, answer: &Answer) {
    for id in answer.ids() {
        *seen.entry(id).or_default() += 1;
    }
}

/// Walks from the beginning again and again. Every walk holds each object at most once, and all that was acknowledged before it began.
fn walk(client: &Client<'_>, shared: &Shared, limit: usize) {
    loop {
        let is_last = shared.is_quiet();
        let before = shared.acknowledged.lock().clone();
        let mut page = client.get(&format!("limit={limit}"));
        let mut seen = BTreeMap::new();
        count(&mut seen, &page);
        while let Some(next) = page.next() {
            page = client.get(&format!("limit={limit}&next={next}"));
            count(&mut seen, &page);
        }
        assert!(seen.values().all(|times| *times == 1), "an object came twice in a walk by {limit}");
        assert!(before.iter().all(|id| seen.contains_key(id)), "an object was lost in a walk by {limit}");
        if is_last {
            return;
        }
    }
}

/// Polls by the date of the last object, following `next` or not, and has seen each object once in the end.
fn poll(client: &Client<'_>, shared: &Shared, limit: u64, follows: bool) {
    let (mut after, mut seen) = (String::from("2020-01-01T00:00:00Z"), BTreeMap::new());
    loop {
        let is_last = shared.is_quiet();
        let mut page = client.get(&format!("limit={limit}&added_after={after}"));
        loop {
            count(&mut seen, &page);
            if let Some(last) = page.header("x-taxii-date-added-last") {
                last.clone_into(&mut after);
            }
            let Some(next) = page.next().filter(|_| follows) else { break };
            page = client.get(&format!("limit={limit}&added_after={after}&next={next}"));
        }
        if is_last && page.next().is_none() {
            break;
        }
    }
    let acknowledged = shared.acknowledged.lock();
    assert!(seen.values().all(|times| *times == 1), "an object came twice to a poll by {limit}");
    assert!(seen.keys().eq(acknowledged.iter()), "a poll by {limit} saw {} of {}", seen.len(), acknowledged.len());
}

#[test]
fn pages_under_concurrent_writes() {
    let node = TestNode::new();
    let shared = Arc::new(Shared { acknowledged: Mutex::default(), writing: AtomicUsize::new(usize::try_from(WRITERS).unwrap()) });
    std::thread::scope(|threads| {
        for writer in 0..WRITERS {
            let (node, shared) = (&node, &shared);
            threads.spawn(move || write(&Client::new(node, if writer % 2 == 0 { "anna" } else { "berta" }), shared, writer));
        }
        for limit in [1, 3, 50] {
            let (node, shared) = (&node, &shared);
            threads.spawn(move || walk(&Client::new(node, "carl"), shared, limit));
        }
        for (limit, follows) in [(BATCH_MAX, false), (2, true), (7, true)] {
            let (node, shared) = (&node, &shared);
            threads.spawn(move || poll(&Client::new(node, "carl"), shared, limit, follows));
        }
    });
    assert_eq!(shared.acknowledged.lock().len() as u64, WRITERS * (0..BATCHES).map(|batch| 1 + batch % BATCH_MAX).sum::<u64>());
}
