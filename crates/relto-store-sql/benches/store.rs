//! What the store costs from a thousand to a million objects: `cargo bench -p relto-store-sql [-- ROWS…]`.
//!
//! Objects of about 650 bytes under 200 labels, whose sizes follow Zipf, in one collection. Pages of 1,000 are asked for by a reader of all
//! labels, one of about 1 % of the rows, and one of a single label that one row in 10,000 has. Beside it the `sqlite3` client, if there is
//! one, loads the same rows into the same tables and indexes.

use std::collections::BTreeSet;
use std::error::Error;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use relto_gate::{Arrival, Gate, LabelId, LabelTable, ReleaseSet};
use relto_model::{ObjectId, Stamp};
use relto_policy::text::organisation_label;
use relto_policy::{Profile, Rules};
use relto_store::{
    Audience, Backend as _, Batch, Bodies, CollectionAccess, CollectionKey, Filter, NewRow, Position, Query, StoredLabel, VersionFilter,
    held, page,
};
use relto_store_sql::Sqlite;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const LABELS: u32 = 200;
/// The label that one row in 10,000 has.
const RARE: u32 = LABELS - 1;
/// The labels of the reader of about 1 %: the least of those that follow Zipf.
const FEW: std::ops::Range<u32> = 188..RARE;
const KINDS: [&str; 12] = [
    "indicator",
    "malware",
    "relationship",
    "attack-pattern",
    "tool",
    "identity",
    "report",
    "campaign",
    "file",
    "url",
    "ipv4-addr",
    "location",
];
const HERE: CollectionKey = CollectionKey(1);
const PAGE: usize = 1_000;

fn main() -> Result<()> {
    let sizes: Vec<u64> = std::env::args().skip(1).filter_map(|size| size.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![1_000, 10_000, 100_000, 1_000_000] } else { sizes };
    for rows in sizes {
        let directory = tempfile::tempdir()?;
        let path = directory.path().join("node.sqlite");
        let readers = Readers::new()?;
        let store = Sqlite::open(&path)?;
        let took = fill(&store, rows)?;
        say(&format!("{rows} objects: {:.0}/s stored, {} MiB", rate(rows, took), path.metadata()?.len() >> 20))?;
        pages(&store, &readers, rows)?;
        singles(&store, &readers, rows)?;
        commits(&store, rows)?;
        drop(store);
        client(directory.path(), rows)?;
    }
    Ok(())
}

fn say(line: &str) -> Result<()> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}

fn rate(rows: u64, took: Duration) -> f64 {
    rows as f64 / took.as_secs_f64()
}

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// From 0, each half as likely as one half its number.
    fn zipf(&mut self, end: u32) -> u32 {
        let uniform = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        let rank = (f64::from(end) + 1.0).powf(uniform) - 1.0;
        (rank as u32).min(end - 1)
    }
}

struct Readers {
    labels: Vec<StoredLabel>,
    all: ReleaseSet,
    few: ReleaseSet,
    one: ReleaseSet,
}

impl Readers {
    fn new() -> Result<Self> {
        let mut table = LabelTable::default();
        let mut labels = Vec::new();
        for number in 0..LABELS {
            let own = format!("organisation {number}");
            let also = if number == RARE {
                "one"
            } else if FEW.contains(&number) {
                "few"
            } else {
                "nobody"
            };
            let label = organisation_label(["all", also, &own]);
            table.insert(LabelId(number), Arc::new(label.clone()), true);
            labels.push(StoredLabel { id: LabelId(number), label, shared: true });
        }
        let gate = Gate::new(Arc::new(Rules::builtin()?), Arc::new(table), Stamp(0), None);
        let release = |name: &str| gate.release(name, &Profile::new(name, BTreeSet::from(["FRA".to_owned()])));
        Ok(Self { labels, all: release("all"), few: release("few"), one: release("one") })
    }
}

fn id(numbers: &mut Numbers) -> Result<ObjectId> {
    let (kind, high, low) = (numbers.zipf(KINDS.len() as u32) as usize, numbers.next(), numbers.next());
    let uuid =
        format!("{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}", high >> 32, high >> 16 & 0xFFFF, high & 0xFFF, low >> 52, low & 0xFFFF_FFFF_FFFF);
    Ok(ObjectId::parse(&format!("{}--{uuid}", KINDS.get(kind).ok_or("a kind")?))?)
}

fn body(id: &ObjectId, numbers: &mut Numbers) -> String {
    let filler: String = (0..26).map(|_| format!("{:016x} ", numbers.next())).collect();
    format!(
        r#"{{"type":"{}","spec_version":"2.1","id":"{id}","created":"2024-02-29T12:00:00.000Z","modified":"2024-02-29T12:00:00.000Z","description":"{filler}"}}"#,
        id.kind()
    )
}

/// Stores `rows` rows in one transaction, as a load does, and returns how long it took without making them up.
fn fill(store: &Sqlite, rows: u64) -> Result<Duration> {
    let mut numbers = Numbers(88_172_645_463_325_252);
    let mut took = Duration::ZERO;
    let begun = Instant::now();
    let mut write = store.write()?;
    Readers::new()?.labels.iter().try_for_each(|label| write.add_label(label))?;
    took += begun.elapsed();
    for at in 1..=rows {
        let id = id(&mut numbers)?;
        let body = body(&id, &mut numbers);
        let label = LabelId(if at.is_multiple_of(10_000) { RARE } else { numbers.zipf(RARE) });
        let begun = Instant::now();
        // As a load does, it looks for versions first.
        let there = held(&*write, &id, Some(HERE), Bodies::With)?;
        write.insert(&NewRow {
            arrival: Arrival(at),
            collection: HERE,
            added: Stamp(1),
            label,
            id: &id,
            version: "2024-02-29T12:00:00.000Z",
            siblings: !there.is_empty(),
            owner: "French Node",
            body: body.as_bytes(),
        })?;
        took += begun.elapsed();
    }
    let begun = Instant::now();
    write.commit(Batch { stamp: Stamp(1), last: Arrival(rows) })?;
    Ok(took + begun.elapsed())
}

fn query(after: u64, bodies: Bodies) -> Query {
    let filter = Filter { ids: None, kinds: Vec::new(), versions: VersionFilter::last() };
    let after = (after > 0).then_some(Position { visible: Arrival(after), row: Arrival(after) });
    Query {
        collection: CollectionAccess { key: HERE, gained: None },
        filter,
        after,
        added_after: None,
        rows_max: PAGE,
        bytes_max: 64 << 20,
        bodies,
    }
}

/// The median time of `act` over some hundred milliseconds, and what it returned.
fn median<R>(mut act: impl FnMut() -> Result<R>) -> Result<(Duration, R)> {
    let begun = Instant::now();
    let mut result = act()?;
    let mut times = Vec::new();
    while times.len() < 5 || (begun.elapsed() < Duration::from_millis(300) && times.len() < 500) {
        let begun = Instant::now();
        result = act()?;
        times.push(begun.elapsed());
    }
    times.sort();
    Ok((times.get(times.len() / 2).copied().unwrap_or_default(), result))
}

fn pages(store: &Sqlite, readers: &Readers, rows: u64) -> Result<()> {
    let one_type = || vec!["location".to_owned()];
    for (reader, release, bodies, kinds) in [
        ("all", &readers.all, Bodies::With, Vec::new()),
        ("1 %", &readers.few, Bodies::With, Vec::new()),
        ("0.01 %", &readers.one, Bodies::With, Vec::new()),
        ("all, manifest", &readers.all, Bodies::Without, Vec::new()),
        ("all, rare type", &readers.all, Bodies::With, one_type()),
        ("1 %, rare type", &readers.few, Bodies::With, one_type()),
    ] {
        let mut line = format!("  page of {reader:15}");
        for depth in [0, 50, 99] {
            let mut query = query(rows * depth / 100, bodies);
            query.filter.kinds.clone_from(&kinds);
            let (time, count) = median(|| Ok(page(&*store.read()?, release, &Audience::Own, &query)?.rows.len()))?;
            line.push_str(&format!(" | {depth:2} %: {:8.3} ms, {count:4} rows", time.as_secs_f64() * 1e3));
        }
        say(&line)?;
    }
    Ok(())
}

fn singles(store: &Sqlite, readers: &Readers, rows: u64) -> Result<()> {
    let mut numbers = Numbers(88_172_645_463_325_252);
    let mut ids = Vec::new();
    for at in 1..=rows.min(1_000) {
        let id = id(&mut numbers)?;
        let _ = body(&id, &mut numbers);
        if !at.is_multiple_of(10_000) {
            numbers.zipf(RARE);
        }
        ids.push(id);
    }
    let mut next = ids.iter().cycle();
    let (by_id, found) = median(|| {
        let mut query = query(0, Bodies::With);
        query.filter.ids = next.next().map(|id| vec![id.clone()]);
        Ok(page(&*store.read()?, &readers.all, &Audience::Own, &query)?.rows.len())
    })?;
    let (absent, _) = median(|| Ok(held(&*store.read()?, &id(&mut numbers)?, Some(HERE), Bodies::Without)?.len()))?;
    let (snapshot, _) = median(|| Ok(store.read()?.arrival()?))?;
    let (tally, labels) = median(|| Ok(store.read()?.tally(HERE)?.len()))?;
    let micros = |time: Duration| time.as_secs_f64() * 1e6;
    say(&format!(
        "  by id {:.1} µs ({found} row) | absent id {:.1} µs | snapshot {:.1} µs | tally {:.1} µs ({labels} labels)",
        micros(by_id),
        micros(absent),
        micros(snapshot),
        micros(tally)
    ))
}

fn commits(store: &Sqlite, rows: u64) -> Result<()> {
    let mut numbers = Numbers(77);
    let mut times = Vec::new();
    for at in 1..=100 {
        let id = id(&mut numbers)?;
        let body = body(&id, &mut numbers);
        let begun = Instant::now();
        let mut write = store.write()?;
        let stamp = Stamp(i64::try_from(at)? + 1);
        let arrival = Arrival(rows + at);
        let (label, version, owner, body) = (LabelId(1), "2024-02-29T12:00:00.000Z", "French Node", body.as_bytes());
        write.insert(&NewRow { arrival, collection: HERE, added: stamp, label, id: &id, version, siblings: false, owner, body })?;
        write.commit(Batch { stamp, last: arrival })?;
        times.push(begun.elapsed());
    }
    times.sort();
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default().as_secs_f64() * 1e3;
    say(&format!("  commit of one row: median {:.2} ms, 95 % within {:.2} ms", at(50), at(95)))
}

/// The `sqlite3` client's rate for the same rows and indexes, by its fastest way in.
fn client(directory: &Path, rows: u64) -> Result<()> {
    let export = ".mode csv\n.output objects.csv\nSELECT arrival, partition, hex(id), version, added, owner, siblings, checksum FROM objects;\n\
                  .output bodies.csv\nSELECT arrival, checksum, CAST(body AS TEXT) FROM bodies;\n";
    if sqlite3(directory, "node.sqlite", export).is_err() {
        return say("  no `sqlite3` client here to compare with");
    }
    let import = "PRAGMA journal_mode = WAL;\nPRAGMA synchronous = FULL;\nPRAGMA cache_size = -65536;\n\
        CREATE TABLE objects (arrival INTEGER PRIMARY KEY, partition INTEGER, id TEXT, version TEXT, added INTEGER, owner INTEGER, siblings INTEGER, checksum INTEGER);\n\
        CREATE INDEX by_partition ON objects (partition);\nCREATE INDEX by_id ON objects (id);\n\
        CREATE TABLE bodies (arrival INTEGER PRIMARY KEY, checksum INTEGER, body TEXT);\n\
        .mode csv\n.import objects.csv objects\n.import bodies.csv bodies\n";
    let begun = Instant::now();
    sqlite3(directory, "client.sqlite", import)?;
    let took = begun.elapsed();
    say(&format!("  `sqlite3` client: {:.0}/s", rate(rows, took)))
}

fn sqlite3(directory: &Path, database: &str, script: &str) -> Result<()> {
    let mut command = Command::new("sqlite3");
    let mut child = command.arg(database).current_dir(directory).stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
    child.stdin.take().ok_or("no input")?.write_all(script.as_bytes())?;
    let status = child.wait()?;
    if status.success() { Ok(()) } else { Err(format!("sqlite3 ended with {status}").into()) }
}
