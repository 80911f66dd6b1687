//! First figures: one bundle, one client, one run, one table; the peers, Relto, and beside them what the machine can do at all.
//!
//! nginx with the same page as a file bounds page reads; the `sqlite3` client with the same rows and indexes bounds loads.
//! `--objects N` sets the size of the bundle, `--scale N` the largest store of the second table (0: none);
//! `--relto-only` and `--peers-only` measure less.

pub mod http;
mod measure;
pub mod servers;
mod table;

use crate::{clients, process, system};
use anyhow::{Context, Result};
use measure::{Walk, post, repeat, repeat_paths, walk};
use servers::{Node, Server};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use table::{Column, Table};

/// medallion's work per page grows with the square of what it holds: more than this and a page takes most of a minute.
const MEDALLION_OBJECTS: usize = 500;
/// The page size of the walks; medallion's own default.
const PAGE: usize = 100;
/// Objects per POST.
const BATCH: usize = 100;
/// No single workload runs longer.
const TIME: Duration = Duration::from_secs(8);

struct Options {
    objects: usize,
    scale: usize,
    peers: bool,
    relto: bool,
}

impl Options {
    fn read(words: &[&str]) -> Result<Self> {
        let number = |name: &str, default: usize| -> Result<usize> {
            match words.iter().position(|word| *word == name) {
                Some(at) => words.get(at + 1).and_then(|text| text.parse().ok()).with_context(|| format!("{name} takes a number")),
                None => Ok(default),
            }
        };
        Ok(Self {
            objects: number("--objects", 20_000)?,
            scale: number("--scale", 1_000_000)?,
            peers: !words.contains(&"--relto-only"),
            relto: !words.contains(&"--peers-only"),
        })
    }
}

/// Installs the peers, measures all, prints the tables.
pub fn run(words: &[&str]) -> Result<()> {
    let options = Options::read(words)?;
    system::for_bench()?;
    let python = clients::environment("venv-peers", &process::root().join("bench/requirements.txt"))?;
    let bin = python.parent().context("no folder of programs")?.to_path_buf();
    if options.relto {
        process::check(&mut process::cargo(&["build", "--quiet", "--release", "--package", "relto"]))?;
    }
    let folder = process::target().join("bench");
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder)?;
    let bundle = make_bundle(&python, &folder, options.objects)?;
    let objects = lines(&bundle)?;

    let mut columns = Vec::new();
    if options.peers {
        columns.push(medallion(&bin, &folder, &objects)?);
        columns.push(opentaxii(&bin, &folder, &objects)?);
    }
    if options.relto {
        columns.extend(relto(&folder, &bundle, &objects)?);
    }
    println!();
    Table::new(columns).print();
    if options.relto && options.scale > 0 {
        scale(&python, &folder, options.scale)?;
    }
    Ok(())
}

/// One object per line between the first and the last line of the bundle.
fn lines(bundle: &Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(bundle)?;
    Ok(text.lines().skip(1).filter(|line| line.starts_with('{')).map(|line| line.trim_end_matches(',').to_owned()).collect())
}

fn make_bundle(python: &Path, folder: &Path, objects: usize) -> Result<PathBuf> {
    let path = folder.join(format!("bundle-{objects}.json"));
    let mut command = Command::new(python);
    command.arg("bench/bundle.py").arg(objects.to_string()).arg(&path);
    match real_data()? {
        Some(atlas) => drop(command.arg(atlas)),
        None => println!("MITRE ATLAS is not at hand: generated indicators only"),
    }
    process::check(&mut command)?;
    Ok(path)
}

/// MITRE ATLAS as the repository carries it, or else the test data.
fn real_data() -> Result<Option<PathBuf>> {
    let tracked = process::output(Command::new("git").args(["ls-files", "*stix-atlas.json*"]))?;
    let shipped = tracked.lines().next().map(|path| process::root().join(path));
    let lent = std::env::var_os("RELTO_TEST_DATA").map(|data| Path::new(&data).join("stix-atlas/stix-atlas.json.zst"));
    Ok(shipped.or(lent).filter(|path| path.exists()))
}

fn medallion(bin: &Path, folder: &Path, objects: &[String]) -> Result<Column> {
    progress("medallion");
    let server = servers::medallion(bin, folder)?;
    let few = objects.get(..MEDALLION_OBJECTS.min(objects.len())).unwrap_or(objects);
    let mut column = Column::new(server.name);
    column.set("objects in the store", few.len() as f64);
    column.set("POST, objects/s", post(&server, &server.collection, few, BATCH)?.items_per_second());
    reads(&server, few, &mut column)?;
    Ok(column)
}

fn opentaxii(bin: &Path, folder: &Path, objects: &[String]) -> Result<Column> {
    progress("OpenTAXII");
    let server = servers::opentaxii(bin, folder)?;
    let mut column = Column::new(server.name);
    column.set("objects in the store", objects.len() as f64);
    column.set("POST, objects/s", post(&server, &server.collection, objects, BATCH)?.items_per_second());
    reads(&server, objects, &mut column)?;
    Ok(column)
}

/// Relto, then nginx with Relto's own page bytes and the `sqlite3` client with Relto's own rows.
fn relto(folder: &Path, bundle: &Path, objects: &[String]) -> Result<[Column; 3]> {
    progress("Relto");
    let node = Node::make(&process::binary("release"), folder)?;
    let mut column = Column::new("Relto");
    column.set("objects in the store", objects.len() as f64);
    column.set("load from file, objects/s", objects.len() as f64 / node.load(bundle)?.as_secs_f64());
    progress("sqlite3");
    let mut sqlite = Column::new("sqlite3");
    let time = servers::sqlite_load(&node.database()?, folder)?;
    sqlite.set("load from file, objects/s", objects.len() as f64 / time.as_secs_f64());
    progress("Relto, serving");
    let server = node.serve(folder)?;
    column.set("POST, objects/s", post(&server, &node.posting_path(&server), objects, BATCH)?.items_per_second());
    reads(&server, objects, &mut column)?;

    progress("nginx");
    let mut client = http::Client::new(&server.address, Some(&server.authorization));
    let small = client.get_ok(&format!("{}objects/?limit={PAGE}", server.collection))?.body;
    let large = client.get_ok(&format!("{}objects/?limit=1000", server.collection))?.body;
    drop(server);
    let nginx = servers::nginx(folder, &[("page100", &small), ("page1000", &large)])?;
    let mut file = Column::new(nginx.name);
    file.set("start, s", nginx.started.as_secs_f64());
    file.set("first page of 100, req/s", repeat(&nginx, "", "/page100", 1, TIME / 2)?.per_second());
    file.set("first page of 1000, req/s", repeat(&nginx, "", "/page1000", 1, TIME / 2)?.per_second());
    file.set("the same, 8 connections", repeat(&nginx, "", "/page1000", 8, TIME / 2)?.per_second());
    file.set("peak memory, MiB", nginx.peak_memory().unwrap_or(f64::NAN));
    Ok([column, file, sqlite])
}

/// Everything that reads, the same for every server.
fn reads(server: &Server, objects: &[String], column: &mut Column) -> Result<()> {
    let own = &server.authorization;
    column.set("start, s", server.started.as_secs_f64());
    let pages = walk(server, Walk::Objects, PAGE, TIME, &mut |_| ())?;
    column.set("walk by 100, pages/s", pages.per_second());
    column.set("walk by 100, objects/s", pages.items_per_second());
    let first = |limit: usize| format!("{}objects/?limit={limit}", server.collection);
    column.set("first page of 100, req/s", repeat(server, own, &first(PAGE), 1, TIME / 2)?.per_second());
    if objects.len() > MEDALLION_OBJECTS {
        column.set("first page of 1000, req/s", repeat(server, own, &first(1000), 1, TIME / 2)?.per_second());
        column.set("the same, 8 connections", repeat(server, own, &first(1000), 8, TIME / 2)?.per_second());
    }
    if let Some(basic) = &server.basic {
        column.set("first page of 100 with Basic", repeat(server, basic, &first(PAGE), 1, TIME / 2)?.per_second());
    }
    let filtered = format!("{}&added_after=2020-01-01T00:00:00.000000Z&match%5Btype%5D=indicator", first(PAGE));
    let answers = repeat(server, own, &filtered, 1, TIME / 2)?;
    column.set("added_after + type, req/s", answers.per_second());
    column.set("added_after + type, objects/s", answers.items_per_second());
    let entries = walk(server, Walk::Manifest, PAGE, TIME, &mut |_| ())?;
    column.set("manifest by 100, pages/s", entries.per_second());
    column.set("manifest by 100, entries/s", entries.items_per_second());
    let ids = objects.iter().step_by(objects.len() / 200 + 1).map(|object| object_id(object)).collect::<Result<Vec<_>>>()?;
    let paths: Vec<String> = ids.iter().map(|id| format!("{}objects/{id}/", server.collection)).collect();
    column.set("by id, req/s", repeat_paths(server, own, &paths, 1, TIME / 2)?.per_second());
    column.set("peak memory, MiB", server.peak_memory().unwrap_or(f64::NAN));
    Ok(())
}

fn object_id(object: &str) -> Result<String> {
    let value: serde_json::Value = serde_json::from_str(object)?;
    Ok(value["id"].as_str().context("an object without id")?.to_owned())
}

/// Page time over size of the store and depth in it.
fn scale(python: &Path, folder: &Path, largest: usize) -> Result<()> {
    println!("\nRelto by size of the store: pages of {PAGE}, one connection");
    println!(
        "{:>9} {:>12} {:>11} {:>11} {:>11} {:>9} {:>9}",
        "objects", "load, obj/s", "first, ms", "middle, ms", "last, ms", "start, s", "MiB"
    );
    let sizes = [1_000, 10_000, 100_000, 1_000_000, 10_000_000];
    for size in sizes.into_iter().filter(|size| *size <= largest) {
        let place = folder.join(format!("scale-{size}"));
        std::fs::create_dir_all(&place)?;
        let bundle = make_bundle(python, &place, size)?;
        let node = Node::make(&process::binary("release"), &place)?;
        let loaded = size as f64 / node.load(&bundle)?.as_secs_f64();
        let server = node.serve(&place)?;
        let mut times = Vec::new();
        walk(&server, Walk::Objects, PAGE, Duration::MAX, &mut |time| times.push(time.as_secs_f64() * 1e3))?;
        let part = |from: usize| median(times.iter().skip(from).take(10).copied().collect());
        let (first, middle, last) = (part(0), part(times.len() / 2), part(times.len().saturating_sub(10)));
        let memory = server.peak_memory().unwrap_or(f64::NAN);
        println!("{size:>9} {loaded:>12.0} {first:>11.3} {middle:>11.3} {last:>11.3} {:>9.2} {memory:>9.0}", server.started.as_secs_f64());
        drop(server);
        drop(std::fs::remove_dir_all(&place));
    }
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn progress(what: &str) {
    eprintln!("measuring {what}");
}
