//! The censored twin as real processes: two directories that differ only in what the witness may not see, two servers, one answer.
//!
//! The worlds are lived through in process, on SQLite; then each store becomes the store of a data directory and is served. The two
//! processes have clocks and entropy of their own, so that the time of what the witness posts now, and the ids of its receipts, are masked.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use relto_sim::twin::{Lived, WITNESS, live, next, without_cursor};
use relto_sim::world::{Act, NO_STATUS, world};
use relto_store_sql::Sqlite;
use serde_json::{Value as Json, json};

use crate::support::{Node, Server};

const WORLDS: u64 = 5;
/// Random acts that each world goes through before it is served, and that it is asked about then.
const ACTS: usize = 60;
const ASKED: usize = 300;

#[test]
fn as_real_processes() {
    for seed in 1..=WORLDS {
        let compared = Pair::new(seed).compare(seed);
        assert!(compared > 80, "seed {seed}: {compared} answers say little");
    }
}

struct Pair {
    nodes: [Node; 2],
    servers: [Server; 2],
    lived: Lived,
    /// The id of the witness' last receipt on each.
    receipts: [String; 2],
}

impl Pair {
    fn new(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |number: usize| folder.path().join(format!("{number}.sqlite"));
        let made = AtomicUsize::new(0);
        let runtime = Arc::new(tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap());
        let lived = live(seed, ACTS, &|| Arc::new(Sqlite::open(&path(made.fetch_add(1, Ordering::Relaxed))).unwrap()), &runtime);
        let nodes = [0, 1].map(|number| {
            let node = Node::none();
            node.ok("relto init $D --org 'Node Org' --nation FRA");
            replace_store(&node, &path(number));
            node
        });
        let servers = [Server::start(&nodes[0]), Server::start(&nodes[1])];
        Self { nodes, servers, lived, receipts: [NO_STATUS.to_owned(), NO_STATUS.to_owned()] }
    }

    fn compare(&mut self, seed: u64) -> usize {
        let mut compared = 0;
        for act in world(seed + 1_000, ASKED) {
            let said = format!("seed {seed}: {act:?}");
            compared += match &act {
                Act::Read { path, query } => {
                    let path = |own: &Self, on: usize| path.path(query, &|name| own.collection(name), &|_| own.receipts[on].clone());
                    let paths = [path(self, 0), path(self, 1)];
                    self.ask("GET", &paths, None, &said)
                }
                Act::Walk { collection, manifest, query } => self.walk(collection, *manifest, query, &said),
                Act::Post { collection, objects, .. } => {
                    let path = format!("{}objects/", self.collection(collection));
                    self.ask("POST", &[path.clone(), path], Some(&json!({ "objects": objects }).to_string()), &said)
                }
                Act::Delete { collection, id, query, .. } => {
                    let path = format!("{}objects/{id}/?{query}", self.collection(collection));
                    self.ask("DELETE", &[path.clone(), path], None, &said)
                }
                Act::Export { collection } => self.export(*collection, &said),
                _ => 0,
            };
        }
        compared
    }

    fn collection(&self, name: &str) -> String {
        let id = self.lived.collections.get(name).filter(|id| id.as_bytes()[0] % 2 == 0);
        format!("/taxii2/main/collections/{}/", id.map_or(name, String::as_str))
    }

    fn token(&self) -> &str {
        &self.lived.tokens[WITNESS]
    }

    fn ask(&mut self, method: &str, paths: &[String; 2], body: Option<&str>, said: &str) -> usize {
        let answers = [0, 1].map(|on| self.servers[on].ask(method, self.token(), &paths[on], body));
        if method == "POST" {
            for (receipt, (_, body)) in self.receipts.iter_mut().zip(&answers) {
                let id = serde_json::from_slice(body).ok().and_then(|status: Json| Some(status.get("id")?.as_str()?.to_owned()));
                *receipt = id.unwrap_or_else(|| receipt.clone());
            }
        }
        let [full, twin] = [0, 1].map(|on| shown(&answers[on].0, &answers[on].1, &self.receipts[on]));
        assert!(full == twin, "{said}\n{method} {}\n--- full\n{full}\n--- twin\n{twin}", paths[0]);
        1
    }

    fn walk(&mut self, collection: &str, manifest: bool, query: &str, said: &str) -> usize {
        let base = format!("{}{}/?{query}", self.collection(collection), if manifest { "manifest" } else { "objects" });
        let mut cursors = [None, None];
        for page in 1..100 {
            let paths = cursors.map(|cursor: Option<String>| cursor.map_or_else(|| base.clone(), |next| format!("{base}&next={next}")));
            let answers = [0, 1].map(|on| self.servers[on].ask("GET", self.token(), &paths[on], None));
            let [full, twin] = [0, 1].map(|on| shown(&answers[on].0, &answers[on].1, &self.receipts[on]));
            assert!(full == twin, "{said}\npage {page} of {base}\n--- full\n{full}\n--- twin\n{twin}");
            cursors = answers.map(|(_, body)| next(&body));
            if cursors[0].is_none() {
                return page;
            }
        }
        panic!("a walk does not end: {said}");
    }

    fn export(&self, collection: Option<&str>, said: &str) -> usize {
        let only = collection.map_or_else(String::new, |name| format!(" --collection {name}"));
        let [full, twin] = [0, 1].map(|on| self.nodes[on].run(&format!("relto export --data $D --as {WITNESS}{only}")));
        assert_eq!((full.code, &full.out, &full.err), (twin.code, &twin.out, &twin.err), "{said}");
        1
    }
}

/// Gives the directory the store at `store`, which nobody has open any more.
fn replace_store(node: &Node, store: &Path) {
    let own = node.data().join("node.sqlite");
    for ending in ["", "-wal", "-shm"] {
        let file = |path: &Path| path.with_file_name(format!("{}{ending}", path.file_name().unwrap().to_str().unwrap()));
        let _ = std::fs::remove_file(file(&own));
        if file(store).exists() {
            std::fs::copy(file(store), file(&own)).unwrap();
        }
    }
}

/// An answer without what two processes cannot have in common: their cursors, their receipts' ids, and the time now.
fn shown(head: &str, body: &[u8], receipt: &str) -> String {
    let mut lines = head.lines();
    let status = lines.next().unwrap_or_default();
    let headers: BTreeMap<&str, &str> = lines.filter_map(|line| line.split_once(": ")).filter(|(name, _)| *name != "date").collect();
    let body = without_cursor(body).replace(receipt, "(receipt)");
    without_now(&format!("{status}\n{headers:#?}\n{body}"))
}

/// Stamps have six digits; every one of the world lies in its first minutes.
fn without_now(text: &str) -> String {
    const LENGTH: usize = "2026-06-01T00:00:00.000000Z".len();
    let is_stamp = |at: usize| {
        let bytes = &text.as_bytes()[at..at + LENGTH];
        bytes.iter().zip(b"0000-00-00T00:00:00.000000Z").all(|(own, form)| if *form == b'0' { own.is_ascii_digit() } else { own == form })
    };
    let mut masked = text.to_owned();
    for at in 0..text.len().saturating_sub(LENGTH - 1) {
        if is_stamp(at) && !text[at..].starts_with("2026-06-01T00:0") {
            masked.replace_range(at..at + LENGTH, "(now......................)");
        }
    }
    masked
}
