//! One honest node of a federation, on a store that fails when told to and outlives it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use relto_http::exchange::pull::Answer;
use relto_http::link::LinkKey;
use relto_http::routes::{STATEMENTS, STATEMENTS_ALL};
use relto_model::Stamp;
use relto_model::kinds::Kinds;
use relto_node::{Clock, Node};
use relto_policy::dsse::SigningKey;
use relto_store::fault::{Fault, Faulty};
use relto_store::memory::Memory;
use relto_store::{Backend, BackendError, Snapshot, Transaction};
use tower::ServiceExt as _;

use crate::node::{WorldClock, WorldEntropy};

/// A disk that can be full: then nothing is written.
struct Disk {
    inner: Arc<dyn Backend>,
    is_full: Arc<AtomicBool>,
}

impl Backend for Disk {
    fn read(&self) -> Result<Box<dyn Snapshot + '_>, BackendError> {
        self.inner.read()
    }

    fn write(&self) -> Result<Box<dyn Transaction + '_>, BackendError> {
        if self.is_full.load(Ordering::SeqCst) {
            return Err(BackendError::Failed { doing: "writing", source: "the disk is full".into() });
        }
        self.inner.write()
    }
}

/// An honest node.
pub(super) struct Site {
    pub(super) name: String,
    pub(super) node: Arc<Node>,
    /// What is stored, beside all faults.
    pub(super) memory: Arc<Memory>,
    faulty: Arc<Faulty>,
    is_full: Arc<AtomicBool>,
    clock: Arc<WorldClock>,
    last: AtomicI64,
    /// How far its clock is from the world's, in microseconds, and how many microseconds it gains or loses in a second.
    skew: (i64, i64),
    entropy: Arc<WorldEntropy>,
    router: Router,
    runtime: Arc<tokio::runtime::Runtime>,
}

impl Site {
    pub(super) fn new(org: &super::plan::Org, seed: u64, now: Stamp, runtime: Arc<tokio::runtime::Runtime>) -> Self {
        let (memory, clock) = (Arc::new(Memory::default()), Arc::new(WorldClock::default()));
        let entropy = Arc::new(WorldEntropy::new(seed));
        let last = now.0 + org.skew.0;
        clock.set(Stamp(last));
        Node::create(memory.as_ref(), &org.name, &org.nation, clock.as_ref(), entropy.as_ref()).expect("a node in an empty store");
        clock.set(Stamp(last + 1));
        let is_full = Arc::new(AtomicBool::new(false));
        let (faulty, node, router) = open(&memory, &is_full, &clock, &entropy);
        let last = AtomicI64::new(last);
        Self { name: org.name.clone(), node, memory, faulty, is_full, clock, last, skew: org.skew, entropy, router, runtime }
    }

    /// Turns its clock to what it shows at `now`, so long after the world began, and seeds what it draws.
    pub(super) fn turn(&self, now: Stamp, micros: i64, seed: u64) {
        let shows = now.0 + self.skew.0 + micros / 1_000 * self.skew.1 / 1_000;
        let shows = shows.max(self.clock.now().0).max(self.last.load(Ordering::SeqCst));
        self.last.store(shows, Ordering::SeqCst);
        self.clock.set(Stamp(shows));
        self.entropy.begin(seed);
    }

    pub(super) fn now(&self) -> Stamp {
        self.clock.now()
    }

    /// Ends the node as a crash does, and opens it again on what it had stored.
    pub(super) fn crash(&mut self) {
        let (faulty, node, router) = open(&self.memory, &self.is_full, &self.clock, &self.entropy);
        (self.faulty, self.node, self.router) = (faulty, node, router);
    }

    /// Lets the `nth` call of the store from now on fail. Returns the number of that call.
    pub(super) fn fail(&self, nth: u64, fault: Fault) -> u64 {
        self.faulty.fail(nth, fault);
        self.faulty.calls() + nth
    }

    /// How many calls of the store there were.
    pub(super) fn calls(&self) -> u64 {
        self.faulty.calls()
    }

    /// Lets no call fail any more.
    pub(super) fn heal(&self) {
        self.faulty.heal();
    }

    pub(super) fn fill_disk(&self, is_full: bool) {
        self.is_full.store(is_full, Ordering::SeqCst);
    }

    /// The key that it is known by.
    pub(super) fn key(&self) -> [u8; 32] {
        let seeds = self.node.identity().expect("an identity");
        SigningKey::from_seed(seeds.first().expect("a key")).public().to_bytes()
    }

    /// What it answers the node of `key` that asks for `target` over a link.
    pub(super) fn ask(&self, key: [u8; 32], target: &str, wants_all_statements: bool) -> Answer {
        let mut request = Request::builder().uri(format!("/{target}")).header("accept", "application/taxii+json;version=2.1");
        if wants_all_statements {
            request = request.header(STATEMENTS, STATEMENTS_ALL);
        }
        let mut request = request.body(Body::empty()).expect("a request");
        request.extensions_mut().insert(LinkKey(key));
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.expect("an answer");
            let (head, body) = response.into_parts();
            let body = body.collect().await.expect("a whole body").to_bytes();
            let added_last = head.headers.get("x-taxii-date-added-last").and_then(|value| value.to_str().ok()).map(str::to_owned);
            Answer { status: head.status.as_u16(), added_last, body, asked: Stamp::default() }
        })
    }
}

fn open(
    memory: &Arc<Memory>,
    is_full: &Arc<AtomicBool>,
    clock: &Arc<WorldClock>,
    entropy: &Arc<WorldEntropy>,
) -> (Arc<Faulty>, Arc<Node>, Router) {
    let disk = Disk { inner: memory.clone(), is_full: is_full.clone() };
    let faulty = Arc::new(Faulty::new(Arc::new(disk)));
    let node = Node::open(faulty.clone(), clock.clone(), entropy.clone(), Kinds::builtin()).expect("the node opens");
    let node = Arc::new(node);
    let router = relto_http::router(relto_http::Application::new(node.clone()));
    (faulty, node, router)
}
