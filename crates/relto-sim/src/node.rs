//! One node of a world: a store, a clock that the world turns, entropy that follows from the act, and the real router.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use bytes::Bytes;
use http_body_util::BodyExt as _;
use parking_lot::Mutex;
use relto_gate::Sealed;
use relto_gate::custody::{self, Purpose};
use relto_http::ClientCertificate;
use relto_http::link::LinkKey;
use relto_model::Stamp;
use relto_model::kinds::Kinds;
use relto_node::{Clock, Entropy, Node};
use relto_search::Index;
use relto_store::{Backend, Held};
use tower::ServiceExt as _;

use crate::draw::Draw;
use crate::site::CaveatEngine;

/// A clock that stands still until the world turns it.
#[derive(Default)]
pub struct WorldClock(AtomicI64);

impl WorldClock {
    /// Sets the time.
    pub fn set(&self, now: Stamp) {
        self.0.store(now.0, Ordering::SeqCst);
    }
}

impl Clock for WorldClock {
    fn now(&self) -> Stamp {
        Stamp(self.0.load(Ordering::SeqCst))
    }

    fn pause(&self, micros: u64) {
        self.0.fetch_add(i64::try_from(micros).unwrap_or(i64::MAX), Ordering::SeqCst);
    }
}

/// Entropy that is the same for the same act on both nodes, however much was drawn before.
pub struct WorldEntropy(Mutex<Draw>);

impl WorldEntropy {
    /// Draws that follow from `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(Draw::new(seed)))
    }

    /// Begins the draws of one act.
    pub fn begin(&self, seed: u64) {
        *self.0.lock() = Draw::new(seed);
    }
}

impl Entropy for WorldEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        let mut draw = self.0.lock();
        for chunk in bytes.chunks_mut(8) {
            let bits = draw.bits().to_le_bytes();
            chunk.copy_from_slice(&bits[..chunk.len()]);
        }
    }
}

/// By what somebody signs in.
#[derive(Debug, Clone, Copy)]
pub enum By<'b> {
    /// A token.
    Token(&'b str),
    /// The key of a node, over a link that has proved it.
    Link([u8; 32]),
}

/// A request for a page.
#[derive(Debug, Clone, Copy)]
pub struct Visit<'v> {
    /// The method.
    pub method: &'v str,
    /// Path and query.
    pub uri: &'v str,
    /// The cookie that the browser keeps.
    pub cookie: Option<&'v str>,
    /// The fields of a form, encoded.
    pub form: Option<&'v str>,
    /// The SHA-256 of the key of the certificate that the connection has proved.
    pub certificate: Option<[u8; 32]>,
}

/// A reply, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// A node and everything it stands on.
pub struct WorldNode {
    /// The store, which the world may look into and, for the twin, write to.
    pub backend: Arc<dyn Backend>,
    /// The node.
    pub node: Arc<Node>,
    clock: Arc<WorldClock>,
    entropy: Arc<WorldEntropy>,
    router: Router,
    runtime: Arc<tokio::runtime::Runtime>,
}

impl WorldNode {
    /// A new node of `organisation` in an empty `backend`, which reads [caveats](crate::site).
    ///
    /// # Panics
    /// When the node cannot be made; worlds are tests.
    #[must_use]
    pub fn new(backend: Arc<dyn Backend>, organisation: &str, now: Stamp, runtime: Arc<tokio::runtime::Runtime>) -> Self {
        let clock = Arc::new(WorldClock::default());
        clock.set(now);
        let entropy = Arc::new(WorldEntropy::new(1));
        Node::create(backend.as_ref(), organisation, "FRA", clock.as_ref(), entropy.as_ref()).expect("a node in an empty store");
        clock.set(Stamp(now.0 + 1));
        let node = Node::open_with(backend.clone(), clock.clone(), entropy.clone(), Kinds::builtin(), Some(Arc::new(CaveatEngine)));
        let node = Arc::new(node.expect("the node opens").searched_by(Arc::new(Index::in_memory())));
        let router = relto_http::router(relto_http::Application::new(node.clone()));
        Self { backend, node, clock, entropy, router, runtime }
    }

    /// Sets the time, and seeds the entropy.
    pub fn turn(&self, now: Stamp, seed: u64) {
        self.clock.set(now);
        self.entropy.begin(seed);
    }

    /// Begins an act: lets the node notice the time.
    pub fn begin(&self, now: Stamp, seed: u64) {
        self.turn(now, seed);
        assert!(self.node.is_healthy(), "the node cannot be used");
    }

    /// Sends a request through the real router.
    ///
    /// # Panics
    /// When there is no answer at all.
    #[must_use]
    pub fn send(&self, method: &str, uri: &str, token: &str, body: Option<&str>) -> Answer {
        self.send_by(method, uri, By::Token(token), body)
    }

    /// The same for whoever signs in `by` something.
    ///
    /// # Panics
    /// When there is no answer at all.
    #[must_use]
    pub fn send_by(&self, method: &str, uri: &str, by: By<'_>, body: Option<&str>) -> Answer {
        let request = Request::builder().method(method).uri(uri);
        let mut request = match by {
            By::Token(token) => request.header("authorization", format!("Bearer {token}")),
            By::Link(key) => request.extension(LinkKey(key)),
        };
        if body.is_some() {
            request = request.header("content-type", "application/taxii+json;version=2.1");
        }
        self.answer(request.body(Body::from(body.unwrap_or("").to_owned())).expect("a request"))
    }

    /// Sends a request as a browser does that is on a page of this node.
    ///
    /// # Panics
    /// When there is no answer at all.
    #[must_use]
    pub fn visit(&self, visit: &Visit<'_>) -> Answer {
        let mut request =
            Request::builder().method(visit.method).uri(visit.uri).header("host", "relto.example").header("accept", "text/html");
        if let Some(cookie) = visit.cookie {
            request = request.header("cookie", cookie);
        }
        if visit.form.is_some() {
            request = request.header("origin", "https://relto.example").header("content-type", "application/x-www-form-urlencoded");
        }
        let mut request = request.body(Body::from(visit.form.unwrap_or("").to_owned())).expect("a request");
        if let Some(key) = visit.certificate {
            request.extensions_mut().insert(ClientCertificate(key));
        }
        self.answer(request)
    }

    fn answer(&self, request: Request<Body>) -> Answer {
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.expect("an answer");
            let (head, body) = response.into_parts();
            let body = body.collect().await.expect("a whole body").to_bytes();
            Answer { status: head.status, headers: head.headers, body }
        })
    }
}

/// A row as it is stored, for a judge.
#[expect(clippy::disallowed_methods, reason = "the judge looks at raw rows, beside the gate that it judges")]
pub(crate) fn raw(row: Sealed<Held>) -> Held {
    custody::open(row, Purpose::Custodian)
}
