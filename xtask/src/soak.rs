//! A real node under posts, deletions and loads, ended by SIGKILL at any moment, again and again.
//!
//! What must hold after each start: everything acknowledged is there, once and with its own content; everything whose deletion was
//! acknowledged is gone; nothing is there that nobody sent. What was under way when the node died may be either.

use crate::bench::http::{Client, encode};
use crate::bench::servers::{Node, Server};
use crate::process;
use anyhow::{Context, Result, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

const BATCH: u64 = 40;
const POSTERS: usize = 2;
const LOADED_AT_ONCE: u64 = 3_000;
/// Every round reads everything: a store that holds more than this is put aside, so that most of the time goes to being killed.
const OBJECTS_MAX: usize = 60_000;
/// Worlds of federations when no number is given.
const WORLDS: u64 = 10_000;

/// What we know of each object by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Sent, without an answer so far.
    Sent,
    /// Acknowledged.
    Stored,
    /// Deletion sent, without an answer so far.
    Leaving,
    /// Deletion acknowledged.
    Gone,
}

#[derive(Default)]
struct Book {
    posted: Mutex<BTreeMap<u64, Fate>>,
    loaded: Mutex<BTreeMap<u64, Fate>>,
    next: AtomicU64,
}

impl Book {
    /// How many objects were ever sent.
    fn objects(&self) -> usize {
        usize::try_from(self.next.load(Ordering::Relaxed)).unwrap_or(usize::MAX)
    }

    fn take(&self, count: u64, book: &Mutex<BTreeMap<u64, Fate>>) -> std::ops::Range<u64> {
        let first = self.next.fetch_add(count, Ordering::Relaxed);
        mark(book, first..first + count, Fate::Sent);
        first..first + count
    }
}

fn mark(book: &Mutex<BTreeMap<u64, Fate>>, numbers: impl IntoIterator<Item = u64>, fate: Fate) {
    if let Ok(mut book) = book.lock() {
        book.extend(numbers.into_iter().map(|number| (number, fate)));
    }
}

/// Runs for the minutes given and prints what was checked; or lives through worlds of federations.
pub fn run(words: &[&str]) -> Result<()> {
    let number = |name: &str| words.iter().position(|word| *word == name).and_then(|at| words.get(at + 1)?.parse::<u64>().ok());
    if words.contains(&"--worlds") {
        return worlds(number("--worlds").unwrap_or(WORLDS), number("--seed").unwrap_or(1));
    }
    let minutes = number("--minutes").context("say how long: cargo xtask soak --minutes N, or --worlds N for federations in simulation")?;
    let mut seed = number("--seed").unwrap_or_else(|| u64::from(std::process::id()));
    println!("seed {seed} (sets when the node is killed; the operating system does the rest)");
    process::check(&mut process::cargo(&["build", "--quiet", "--release", "--package", "relto"]))?;
    let folder = process::target().join("soak");
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder)?;
    let start = Instant::now();
    let (mut stores, mut rounds, mut posted, mut loaded) = (0, 0, 0, 0);
    while start.elapsed() < Duration::from_secs(60 * minutes) {
        let node = Node::make(&process::binary("release"), &folder)?;
        let book = Book::default();
        while start.elapsed() < Duration::from_secs(60 * minutes) && book.objects() < OBJECTS_MAX {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let life = Duration::from_millis(100 + (seed >> 33) % 2_500);
            round(&node, &folder, &book, life, rounds % 3).with_context(|| format!("round {rounds}, killed after {life:?}"))?;
            rounds += 1;
        }
        let server = node.serve(&folder)?;
        let found = compare(&node, &server, &book)?;
        (stores, posted, loaded) = (stores + 1, posted + found.0, loaded + found.1);
    }
    println!(
        "{rounds} rounds on {stores} stores: {posted} posted and {loaded} loaded objects, all acknowledged ones among them, nothing else"
    );
    Ok(())
}

/// Lives through so many simulated federations, the first of this seed.
fn worlds(worlds: u64, seed: u64) -> Result<()> {
    let mut command = process::cargo(&["test", "--workspace", "--profile", "ci", "--test", "sim", "--", "federation::", "--nocapture"]);
    process::check(command.env("RELTO_WORLDS", worlds.to_string()).env("RELTO_SEED", seed.to_string()))
}

/// Starts, compares, works, kills. In every third round a load runs beside the server, in another one without it.
fn round(node: &Node, folder: &Path, book: &Book, life: Duration, kind: u64) -> Result<()> {
    if kind == 1 {
        let mut load = start_load(node, folder, book)?;
        std::thread::sleep(life / 4);
        drop(load.child.kill());
        finish_load(&mut load, book)?;
    }
    let server = node.serve(folder)?;
    compare(node, &server, book)?;
    let mut load = if kind == 2 { Some(start_load(node, folder, book)?) } else { None };
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..POSTERS {
            scope.spawn(|| post(node, &server, book, &stop));
        }
        std::thread::sleep(life);
        stop.store(true, Ordering::Relaxed);
        // The posters are in the middle of something now; give them no time to finish it.
        kill(&server);
    });
    server.kill();
    if let Some(load) = &mut load {
        finish_load(load, book)?;
    }
    Ok(())
}

fn kill(server: &Server) {
    drop(process::output(std::process::Command::new("kill").args(["-KILL", &server.process().to_string()])));
}

struct Load {
    child: std::process::Child,
    numbers: std::ops::Range<u64>,
}

fn start_load(node: &Node, folder: &Path, book: &Book) -> Result<Load> {
    let numbers = book.take(LOADED_AT_ONCE, &book.loaded);
    let path = folder.join("load.json");
    let objects: Vec<String> = numbers.clone().map(object).collect();
    std::fs::write(&path, format!("{{\"objects\":[{}]}}", objects.join(",\n")))?;
    let mut command = node.load_command(&path);
    let child = command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn()?;
    Ok(Load { child, numbers })
}

/// A load that ended well is acknowledged; any other may have stored a part.
fn finish_load(load: &mut Load, book: &Book) -> Result<()> {
    if load.child.wait()?.success() {
        mark(&book.loaded, load.numbers.clone(), Fate::Stored);
    }
    Ok(())
}

/// Posts and deletes until the server is gone.
fn post(node: &Node, server: &Server, book: &Book, stop: &AtomicBool) {
    let mut client = Client::new(&server.address, Some(&server.authorization));
    let path = format!("{}objects/", node.posting_path(server));
    while !stop.load(Ordering::Relaxed) {
        let numbers = book.take(BATCH, &book.posted);
        let objects: Vec<String> = numbers.clone().map(object).collect();
        let Ok(reply) = client.post(&path, format!("{{\"objects\":[{}]}}", objects.join(",")).as_bytes()) else { return };
        let status: serde_json::Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        if reply.status == 202 && status["status"] == "complete" && status["success_count"].as_u64() == Some(BATCH) {
            mark(&book.posted, numbers.clone(), Fate::Stored);
        }
        if numbers.start.is_multiple_of(BATCH * 5) {
            let number = numbers.start;
            mark(&book.posted, [number], Fate::Leaving);
            let Ok(reply) = client.delete(&format!("{path}{}/", id(number))) else { return };
            if reply.status == 200 {
                mark(&book.posted, [number], Fate::Gone);
            }
        }
    }
}

/// Both collections against the book; returns how many objects each holds.
fn compare(node: &Node, server: &Server, book: &Book) -> Result<(usize, usize)> {
    let posted = compare_one(server, &node.posting_path(server), &book.posted).context("posted objects")?;
    let loaded = compare_one(server, &server.collection, &book.loaded).context("loaded objects")?;
    Ok((posted, loaded))
}

fn compare_one(server: &Server, collection: &str, book: &Mutex<BTreeMap<u64, Fate>>) -> Result<usize> {
    let found = read_all(server, collection)?;
    let mut book = book.lock().map_err(|_| anyhow::anyhow!("a thread broke"))?;
    for (number, fate) in book.iter_mut() {
        let there = found.contains(number);
        match fate {
            Fate::Stored if !there => bail!("{} was acknowledged and is lost", id(*number)),
            Fate::Gone if there => bail!("{} was deleted and is back", id(*number)),
            // Whatever became of it must stay so from now on.
            Fate::Sent | Fate::Leaving => *fate = if there { Fate::Stored } else { Fate::Gone },
            Fate::Stored | Fate::Gone => {}
        }
    }
    if let Some(stranger) = found.iter().find(|number| !book.contains_key(number)) {
        bail!("{} is there and nobody sent it", id(*stranger));
    }
    Ok(found.len())
}

/// The numbers of all objects of a collection; each must stand there once, with its own content.
fn read_all(server: &Server, collection: &str) -> Result<BTreeSet<u64>> {
    let mut client = Client::new(&server.address, Some(&server.authorization));
    let first = format!("{collection}objects/?limit=1000");
    let mut path = first.clone();
    let mut found = BTreeSet::new();
    loop {
        let reply = client.get_ok(&path)?;
        let page: serde_json::Value = serde_json::from_slice(&reply.body)?;
        for item in page["objects"].as_array().into_iter().flatten() {
            let text = item["id"].as_str().context("an object without id")?;
            let number = text
                .rsplit('-')
                .next()
                .and_then(|tail| u64::from_str_radix(tail, 16).ok())
                .with_context(|| format!("a stranger: {text}"))?;
            let sent: serde_json::Value = serde_json::from_str(&object(number))?;
            if *item != sent {
                bail!("{text} is not what was sent: {item}");
            }
            if !found.insert(number) {
                bail!("{text} came twice");
            }
        }
        match page["next"].as_str().filter(|_| page["more"] == true) {
            Some(next) => path = format!("{first}&next={}", encode(next)),
            None => return Ok(found),
        }
    }
}

fn id(number: u64) -> String {
    format!("indicator--50a4c0de-0000-4000-8000-{number:012x}")
}

fn object(number: u64) -> String {
    let time = format!("2026-03-01T00:00:{:02}.{:03}Z", number % 60, number % 1000);
    format!(
        "{{\"type\":\"indicator\",\"spec_version\":\"2.1\",\"id\":\"{}\",\"created\":\"{time}\",\"modified\":\"{time}\",\"name\":\"Soak {number}\",\"pattern\":\"[ipv4-addr:value = '192.0.2.{}']\",\"pattern_type\":\"stix\",\"valid_from\":\"{time}\",\"object_marking_refs\":[\"marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487\"]}}",
        id(number),
        number % 256
    )
}
