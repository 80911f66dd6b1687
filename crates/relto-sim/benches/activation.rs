//! What putting a file in force costs a node of 100 accounts and 10,000 labels: `cargo bench -p relto-sim`. One line for each figure,
//! `name<TAB>figure<TAB>wanted`, for `xtask bench`.
//!
//! A reader asks for facts all the while: the longest that it waits is the swap as anybody can notice it.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use relto_model::Stamp;
use relto_model::kinds::Kinds;
use relto_node::{Clock, Entropy, LoadRequest, NewCollection, Node, Source, UserChange};
use relto_policy::marking::LABEL_EXTENSION;
use relto_sim::twin::company_policy;
use relto_store_sql::Sqlite;
use serde_json::{Value as Json, json};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const ACCOUNTS: usize = 100;
const LABELS: usize = 10_000;
const NATIONS: [&str; 20] = [
    "FRA", "DEU", "USA", "GBR", "CAN", "JPN", "CHE", "FIN", "SWE", "NOR", "POL", "AUS", "ITA", "ESP", "NLD", "BEL", "DNK", "CZE", "KOR",
    "NZL",
];

struct System;

impl Clock for System {
    #[expect(clippy::disallowed_methods, reason = "a bench is a shell of its own, with the clock of the machine")]
    fn now(&self) -> Stamp {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Stamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }

    fn pause(&self, micros: u64) {
        std::thread::sleep(Duration::from_micros(micros));
    }
}

/// Counts: what is drawn here is never secret.
impl Entropy for System {
    fn fill(&self, bytes: &mut [u8]) {
        let now = self.now().0.to_le_bytes();
        bytes.iter_mut().zip(now.iter().cycle()).for_each(|(byte, value)| *byte = *value);
    }
}

fn main() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let backend = Arc::new(Sqlite::open(&directory.path().join("relto.sqlite"))?);
    Node::create(backend.as_ref(), "Node Org", "FRA", &System, &System)?;
    let node = Node::open(backend, Arc::new(System), Arc::new(System), Kinds::builtin())?;
    fill(&node)?;
    let stop = AtomicBool::new(false);
    let (activation, wait) = std::thread::scope(|scope| {
        let reader = scope.spawn(|| longest_wait(&node, &stop));
        let begun = Instant::now();
        let activated = node.activate(&company_policy("PUBLIC"), "a bench's reason").map(|_| begun.elapsed());
        stop.store(true, Ordering::Relaxed);
        (activated, reader.join())
    });
    let wait = wait.map_err(|_| "the reader ended early")?;
    say("activation: all accounts on all labels, s", activation?.as_secs_f64(), "")?;
    say("activation: longest that a reader waits, ms", wait.as_secs_f64() * 1e3, "at most 10")
}

fn say(name: &str, figure: f64, wanted: &str) -> Result<()> {
    Ok(writeln!(std::io::stdout(), "{name}, {ACCOUNTS} accounts, {LABELS} labels\t{figure}\t{wanted}")?)
}

/// Asks for facts until it is stopped. Returns the longest that an answer took.
fn longest_wait(node: &Node, stop: &AtomicBool) -> Duration {
    let mut longest = Duration::ZERO;
    while !stop.load(Ordering::Relaxed) {
        let begun = Instant::now();
        if !node.is_healthy() {
            return Duration::MAX;
        }
        longest = longest.max(begun.elapsed());
    }
    longest
}

/// Accounts of many nations, and an object under each of the labels, all in one load.
fn fill(node: &Node) -> Result<()> {
    let collection =
        NewCollection { name: "intel".to_owned(), title: None, label: None, can_read: true, can_write: true, recipients: Vec::new() };
    node.add_collection(&collection)?;
    for (at, nation) in (0..ACCOUNTS).zip(NATIONS.iter().cycle()) {
        let clearances = ["NATO:SECRET", "EU:SECRET"].iter().take(at % 3).map(|&clearance| clearance.to_owned()).collect();
        let (nations, organisation) = (Some(vec![(*nation).to_owned()]), Some(format!("Org {}", at % 40)));
        node.add_user(&format!("user {at}"), &UserChange { nations, organisation, clearances: Some(clearances), ..UserChange::default() })?;
    }
    let mut text = String::new();
    for at in 0..LABELS {
        let (marking, object) = marked(at);
        writeln!(text, "{marking}\n{object}")?;
    }
    let request = LoadRequest {
        collection: "intel".to_owned(),
        label: Some("TLP:CLEAR".to_owned()),
        label_date: None,
        addressees: Vec::new(),
        keep_going: false,
    };
    let source = Source { name: "bench".to_owned(), content: Bytes::from(text) };
    let report = node.load(&request, &[source], &|_, _| {})?;
    let held = node.examine()?.labels;
    if held < LABELS { Err(format!("{held} labels after {} objects, and {LABELS} are wanted", report.added).into()) } else { Ok(()) }
}

/// A marking-definition of its own, and an object that carries it: the audience is the set of nations that the bits of `at` choose.
fn marked(at: usize) -> (Json, Json) {
    let audience: BTreeSet<&str> =
        NATIONS.iter().enumerate().filter(|(bit, _)| (at + 1) >> bit & 1 == 1).map(|(_, nation)| *nation).collect();
    let id = format!("00000000-0000-4000-8000-{at:012}");
    let created = "2026-01-01T00:00:00.000Z";
    let marking = json!({"type": "marking-definition", "spec_version": "2.1", "id": format!("marking-definition--{id}"), "created": created,
        "extensions": {LABEL_EXTENSION: {"extension_type": "property-extension", "policies": [{"policy": "NATO", "classification": "SECRET",
            "permissive": [{"tag": "Releasable To", "values": audience}]}]}}});
    let object = json!({"type": "identity", "spec_version": "2.1", "id": format!("identity--{id}"), "created": created, "modified": created,
        "name": "n", "object_marking_refs": [marking["id"]]});
    (marking, object)
}
