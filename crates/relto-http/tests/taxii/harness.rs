//! One node in memory, its clock and entropy, five accounts, four collections, and a way to ask that takes one line.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use bytes::Bytes;
use expect_test::Expect;
use http_body_util::BodyExt as _;
use parking_lot::Mutex;
use relto_http::{Application, router};
use relto_model::Stamp;
use relto_model::kinds::Kinds;
use relto_node::{Clock, Entropy, LoadRequest, NewCollection, Node, Source, UserChange};
use relto_store::memory::Memory;
use relto_store::{Backend, BackendError, Snapshot, Transaction};
use serde_json::{Value as Json, json};
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

/// The media type of every request and reply.
pub(crate) const TAXII: &str = "application/taxii+json;version=2.1";
/// TLP:GREEN: what carries it is for every account.
pub(crate) const GREEN: &str = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb";
/// Objects of a collection that everybody reads and writes.
pub(crate) const OBJECTS: &str = "/taxii2/main/collections/open/objects/";
/// Its manifest.
pub(crate) const MANIFEST: &str = "/taxii2/main/collections/open/manifest/";

/// A clock that stands still until the test turns it. A pause passes at once, and the test may do something in it.
pub(crate) struct TestClock {
    now: AtomicI64,
    in_pause: Mutex<Option<InPause>>,
}

type InPause = Box<dyn FnMut(u64) + Send>;

impl TestClock {
    pub(crate) fn turn(&self, micros: i64) {
        self.now.fetch_add(micros, Ordering::SeqCst);
    }

    /// Does `act` in every pause from now on; it hears how long the pause is.
    pub(crate) fn in_pause(&self, act: impl FnMut(u64) + Send + 'static) {
        *self.in_pause.lock() = Some(Box::new(act));
    }
}

impl Clock for TestClock {
    fn now(&self) -> Stamp {
        Stamp(self.now.load(Ordering::SeqCst))
    }

    fn pause(&self, micros: u64) {
        self.turn(i64::try_from(micros).unwrap());
        if let Some(act) = self.in_pause.lock().as_mut() {
            act(micros);
        }
        std::thread::yield_now();
    }
}

/// Numbers that look random and are the same in every run.
#[derive(Default)]
struct TestEntropy(AtomicU64);

impl Entropy for TestEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let at = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst);
            let mixed = (at ^ (at >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            *byte = (mixed >> 32) as u8;
        }
    }
}

/// A store in memory that does something before each read goes on, and fails when that fails.
#[derive(Default)]
pub(crate) struct HookedStore {
    memory: Memory,
    on_read: Mutex<Option<Hook>>,
}

type Hook = Box<dyn FnMut() -> Result<(), BackendError> + Send>;

impl HookedStore {
    pub(crate) fn on_read(&self, hook: impl FnMut() -> Result<(), BackendError> + Send + 'static) {
        *self.on_read.lock() = Some(Box::new(hook));
    }

    pub(crate) fn unhook(&self) {
        *self.on_read.lock() = None;
    }
}

impl Backend for HookedStore {
    fn read(&self) -> Result<Box<dyn Snapshot + '_>, BackendError> {
        let snapshot = self.memory.read()?;
        // Taken out while it runs, so that whatever it waits for may read.
        let hook = self.on_read.lock().take();
        if let Some(mut hook) = hook {
            let result = hook();
            self.on_read.lock().get_or_insert(hook);
            result?;
        }
        Ok(snapshot)
    }

    fn write(&self) -> Result<Box<dyn Transaction + '_>, BackendError> {
        self.memory.write()
    }
}

/// A whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn json(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {:?}", self.body))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The ids of the objects, in order.
    pub(crate) fn ids(&self) -> Vec<String> {
        let json = self.json();
        let objects = json["objects"].as_array().cloned().unwrap_or_default();
        objects.iter().map(|object| object["id"].as_str().unwrap().to_owned()).collect()
    }

    pub(crate) fn next(&self) -> Option<String> {
        self.json()["next"].as_str().map(str::to_owned)
    }

    /// Status, telling headers and body, for snapshots. What is random by design is named instead of shown.
    pub(crate) fn shown(&self) -> String {
        let mut shown = format!("{}\n", self.status);
        for name in ["allow", "www-authenticate", "x-taxii-date-added-first", "x-taxii-date-added-last", "accept-encoding", "retry-after"] {
            for value in self.headers.get_all(name) {
                let _ = writeln!(shown, "{name}: {}", value.to_str().unwrap());
            }
        }
        match serde_json::from_slice::<Json>(&self.body) {
            Ok(mut json) => {
                hide_cursor(&mut json);
                shown + &serde_json::to_string_pretty(&json).unwrap() + "\n"
            }
            Err(_) => shown + &String::from_utf8_lossy(&self.body) + "\n",
        }
    }
}

fn hide_cursor(json: &mut Json) {
    if let Some(next) = json.get_mut("next") {
        *next = json!("CURSOR");
    }
}

/// A node with its accounts:
///
/// | name | nation | organisation | role | cleared |
/// |---|---|---|---|---|
/// | anna | FRA | Org A | contributor | NATO SECRET |
/// | berta | DEU | Org B | contributor | - |
/// | carl | JPN | Org C | reader | - |
/// | olga | FRA | Node Org | release-officer | NATO SECRET |
/// | otto | FRA | Node Org | operator | - |
///
/// and collections: `open` and `inbox` (write only) and `archive` (read only) for all, `hidden` for whoever is cleared for NATO SECRET.
pub(crate) struct TestNode {
    pub(crate) node: Arc<Node>,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) application: Arc<Application>,
    router: Router,
    runtime: Runtime,
    tokens: HashMap<String, String>,
}

impl TestNode {
    pub(crate) fn new() -> Self {
        Self::on(Arc::new(Memory::default()))
    }

    /// A node whose runtime's time stands still, and leaps to the next timer whenever there is nothing to do.
    pub(crate) fn out_of_time() -> Self {
        let mut this = Self::new();
        this.runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        this
    }

    pub(crate) fn on(backend: Arc<dyn Backend>) -> Self {
        let start = relto_model::Timestamp::parse("2026-06-01T00:00:00Z").unwrap().stamp();
        let clock = Arc::new(TestClock { now: AtomicI64::new(start.0), in_pause: Mutex::new(None) });
        let entropy = Arc::<TestEntropy>::default();
        Node::create(backend.as_ref(), "Node Org", "FRA", clock.as_ref(), entropy.as_ref()).unwrap();
        let node = Arc::new(Node::open(backend, clock.clone(), entropy, Kinds::builtin()).unwrap());
        let application = Application::new(node.clone());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let mut this = Self { node, clock, router: router(application.clone()), application, runtime, tokens: HashMap::new() };
        this.furnish();
        this
    }

    fn furnish(&mut self) {
        self.add_user("anna", "FRA", "Org A", "contributor", &["NATO:SECRET"]);
        self.add_user("berta", "DEU", "Org B", "contributor", &[]);
        self.add_user("carl", "JPN", "Org C", "reader", &[]);
        self.add_user("olga", "FRA", "Node Org", "release-officer", &["NATO:SECRET"]);
        self.add_user("otto", "FRA", "Node Org", "operator", &[]);
        self.add_collection("open", None, true, true);
        self.add_collection("inbox", None, false, true);
        self.add_collection("archive", None, true, false);
        self.add_collection("hidden", Some("NATO SECRET"), true, true);
        let start = relto_model::Timestamp::parse("2026-06-01T00:00:01.000007Z").unwrap().stamp();
        self.clock.now.store(start.0, Ordering::SeqCst);
    }

    /// Adds an account, and writes its token down.
    fn add_user(&mut self, name: &str, nation: &str, organisation: &str, role: &str, clearances: &[&str]) {
        let change = UserChange {
            nations: Some(vec![nation.to_owned()]),
            organisation: Some(organisation.to_owned()),
            role: Some(role.to_owned()),
            clearances: Some(clearances.iter().map(|&clearance| clearance.to_owned()).collect()),
            ..UserChange::default()
        };
        let token = self.node.add_user(name, &change).unwrap();
        self.tokens.insert(name.to_owned(), token);
    }

    fn add_collection(&self, name: &str, label: Option<&str>, can_read: bool, can_write: bool) {
        let label = label.map(str::to_owned);
        self.node
            .add_collection(&NewCollection { name: name.to_owned(), title: None, label, can_read, can_write, recipients: vec![] })
            .unwrap();
    }

    /// The token of an account of this node.
    pub(crate) fn token(&self, name: &str) -> String {
        self.tokens[name].clone()
    }

    /// Loads objects as the custodian, under `label`.
    pub(crate) fn load(&self, collection: &str, label: &str, objects: &[Json]) {
        let request = LoadRequest { collection: collection.to_owned(), label: Some(label.to_owned()), ..LoadRequest::default() };
        let content = serde_json::to_vec(objects).unwrap().into();
        self.node.load(&request, &[Source { name: "test".to_owned(), content }], &|_, _| {}).unwrap();
        self.clock.turn(1_000_000);
    }

    /// Runs `future` on the node's runtime.
    pub(crate) fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }

    pub(crate) fn router(&self) -> Router {
        self.router.clone()
    }

    /// Sends `request` as it is.
    pub(crate) fn send(&self, request: Request<Body>) -> Answer {
        self.runtime.block_on(send(self.router.clone(), request))
    }

    /// A request of `user`, with TAXII's own headers.
    pub(crate) fn request(&self, user: &str, method: &str, path: &str) -> axum::http::request::Builder {
        let request = Request::builder().method(method).uri(path).header("accept", TAXII);
        request.header("authorization", format!("Bearer {}", self.token(user)))
    }

    pub(crate) fn get(&self, user: &str, path: &str) -> Answer {
        self.send(self.request(user, "GET", path).body(Body::empty()).unwrap())
    }

    pub(crate) fn delete(&self, user: &str, path: &str) -> Answer {
        self.send(self.request(user, "DELETE", path).body(Body::empty()).unwrap())
    }

    /// Posts a raw body.
    pub(crate) fn post(&self, user: &str, path: &str, body: impl Into<Body>) -> Answer {
        let answer = self.send(self.request(user, "POST", path).header("content-type", TAXII).body(body.into()).unwrap());
        self.clock.turn(1_000_000);
        answer
    }

    /// Posts objects to `open`; all must be taken.
    pub(crate) fn add(&self, user: &str, objects: &[Json]) -> Answer {
        let answer = self.post(user, OBJECTS, envelope(objects));
        assert_eq!((answer.status, &answer.json()["failure_count"]), (StatusCode::ACCEPTED, &json!(0)), "{}", answer.shown());
        answer
    }
}

pub(crate) async fn send(router: Router, request: Request<Body>) -> Answer {
    let (head, body) = router.oneshot(request).await.unwrap().into_parts();
    Answer { status: head.status, headers: head.headers, body: body.collect().await.unwrap().to_bytes() }
}

/// Asks, and compares the answer.
#[track_caller]
pub(crate) fn check(answer: &Answer, expected: &Expect) {
    expected.assert_eq(&answer.shown());
}

/// An envelope of `objects`.
pub(crate) fn envelope(objects: &[Json]) -> String {
    json!({"objects": objects}).to_string()
}

/// The id of identity number `number`.
pub(crate) fn id(number: u64) -> String {
    format!("identity--aaaaaaaa-0000-4000-8000-{number:012}")
}

/// A valid identity for everybody (TLP:GREEN), at a version of day `day`.
pub(crate) fn identity(number: u64, day: u32) -> Json {
    let mut identity = unmarked(number, day);
    identity["object_marking_refs"] = json!([GREEN]);
    identity
}

/// A valid identity with no marking, which is for the node's and its poster's organisation.
pub(crate) fn unmarked(number: u64, day: u32) -> Json {
    json!({"type": "identity", "spec_version": "2.1", "id": id(number), "name": format!("identity {number}"), "identity_class": "organization",
        "created": "2026-01-01T00:00:00.000Z", "modified": format!("2026-01-{day:02}T00:00:00.000Z")})
}

/// A valid indicator for everybody.
pub(crate) fn indicator(number: u64) -> Json {
    json!({"type": "indicator", "spec_version": "2.1", "id": format!("indicator--aaaaaaaa-0000-4000-8000-{number:012}"),
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z", "object_marking_refs": [GREEN],
        "pattern": "[ipv4-addr:value = '192.0.2.1']", "pattern_type": "stix", "valid_from": "2026-01-01T00:00:00Z"})
}

/// A valid IPv4 address, which has no version of its own, for everybody.
pub(crate) fn address(last: u8) -> Json {
    json!({"type": "ipv4-addr", "spec_version": "2.1", "id": format!("ipv4-addr--aaaaaaaa-0000-4000-8000-{last:012}"),
        "value": format!("192.0.2.{last}"), "object_marking_refs": [GREEN]})
}
