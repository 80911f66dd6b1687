//! First figures: one bundle, one client, one run, one table; the peers, Relto, and beside them what the machine can do at all.
//!
//! nginx with the same page as a file bounds page reads; the `sqlite3` client with the same rows and indexes bounds loads. Relto and its
//! bounds are measured in turns, round by round, so that what else the machine does falls on both alike.
//!
//! `--objects N` sets the size of the bundle, `--scale N` the largest store of the second table (0: none), `--rounds N` how often each
//! workload runs (the median counts), `--seconds N` how long each time; `--relto-only` leaves the peers out, `--peers-only` Relto;
//! `--decisions` measures the decisions alone, without servers, and `--exchange` the exchange between nodes; they are measured at the end otherwise. `--write FILE` puts the tables where that file says.

mod decisions;
mod exchange;
pub mod http;
mod measure;
mod report;
mod scale;
pub mod servers;
mod table;

use crate::{clients, process, system};
use anyhow::{Context, Result};
use measure::{Walk, post, repeat, repeat_paths, walk};
use servers::{Node, Server};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use table::{BASIC, BEARER, Column, Reads};

/// medallion's work per page grows with the square of what it holds: more than this and a page takes most of a minute.
const MEDALLION_OBJECTS: usize = 500;
/// OpenTAXII stores about a hundred objects a second: more than this and the run would be spent waiting for it. The rest it gets by
/// `bench/fill.py`, so that it is read with as many as Relto.
const OPENTAXII_OBJECTS: usize = 1_500;
/// With so many it is fetched from by the OASIS client; its pages cost more the more it holds.
const OPENTAXII_EXCHANGED: usize = 20_000;
/// The page size of the walks; medallion's own default.
const PAGE: usize = 100;
/// Objects per POST.
const BATCH: usize = 100;

struct Options {
    objects: usize,
    scale: usize,
    rounds: usize,
    time: Duration,
    peers: bool,
    relto: bool,
    write: Option<PathBuf>,
}

impl Options {
    fn read(words: &[&str]) -> Result<Self> {
        let value = |name: &str| words.iter().position(|word| *word == name).map(|at| words.get(at + 1).copied().unwrap_or(""));
        let number = |name: &str, default: usize| -> Result<usize> {
            value(name).map_or(Ok(default), |text| text.parse().with_context(|| format!("{name} takes a number")))
        };
        Ok(Self {
            objects: number("--objects", 20_000)?,
            scale: number("--scale", 1_000_000)?,
            rounds: number("--rounds", 3)?.max(1),
            time: Duration::from_secs(number("--seconds", 2)?.max(1) as u64),
            peers: !words.contains(&"--relto-only"),
            relto: !words.contains(&"--peers-only"),
            write: value("--write").map(PathBuf::from),
        })
    }
}

/// Installs the peers, measures all, prints the tables.
pub fn run(words: &[&str]) -> Result<()> {
    let options = Options::read(words)?;
    if words.contains(&"--decisions") {
        return decide(&options);
    }
    if words.contains(&"--exchange") {
        return exchange(options);
    }
    system::for_bench()?;
    let python = clients::environment("venv-peers", &process::root().join("bench/requirements.txt"))?;
    let bin = python.parent().context("no folder of programs")?.to_path_buf();
    if options.relto {
        process::check(&mut process::cargo(&["build", "--quiet", "--release", "--package", "relto"]))?;
    }
    let machine = report::machine();
    let bench = Bench { folder: process::target().join("bench"), python, options };
    std::fs::create_dir_all(&bench.folder)?;
    let bundle = bench.bundle(bench.options.objects)?;
    let objects = lines(&bundle)?;

    let mut columns = Vec::new();
    if bench.options.peers {
        let few = objects.get(..MEDALLION_OBJECTS).unwrap_or(&objects);
        columns.push(bench.peer(servers::medallion(&bin, &bench.folder)?, few, few.len(), &|_| Ok(()))?);
        let fill = |server: &Server| servers::fill_opentaxii(&bin, &bench.folder, server, &bundle, OPENTAXII_OBJECTS);
        columns.push(bench.peer(servers::opentaxii(&bin, &bench.folder)?, &objects, OPENTAXII_OBJECTS, &fill)?);
    }
    if bench.options.relto {
        columns.extend(bench.relto(&bundle, &objects)?);
    }
    let mut text = format!("{machine}\n\n{}\n{}", table::figures(&columns), table::promises(&columns));
    if bench.options.relto && bench.options.scale > 0 {
        let by_size = scale::run(&bench.folder, &|size| bench.bundle_for_scale(size), bench.options.scale)?;
        text = format!("{text}\n{by_size}");
    }
    println!("\n{text}");
    bench.options.write.as_ref().map_or(Ok(()), |path| report::write(path, report::FIGURES, &text))?;
    if !bench.options.relto {
        return Ok(());
    }
    decide(&bench.options)?;
    exchange(bench.options)
}

/// The part about the exchange between nodes; OpenTAXII stands beside it unless peers are left out.
fn exchange(options: Options) -> Result<()> {
    let python = clients::environment("venv-peers", &process::root().join("bench/requirements.txt"))?;
    process::check(&mut process::cargo(&["build", "--quiet", "--release", "--package", "relto"]))?;
    let machine = report::machine();
    let bench = Bench { folder: process::target().join("bench"), python, options };
    std::fs::create_dir_all(&bench.folder)?;
    let bundle = bench.bundle(bench.options.objects)?;
    let peer = if bench.options.peers { Some(bench.filled_opentaxii()?) } else { None };
    let text = format!("{machine}\n\n{}", exchange::run(&bench.python, &bench.folder, &bundle, peer.as_ref())?);
    println!("\n{text}");
    bench.options.write.as_ref().map_or(Ok(()), |path| report::write(path, report::EXCHANGE, &text))
}

/// The part about decisions, which needs no server.
fn decide(options: &Options) -> Result<()> {
    let text = format!("{}\n\n{}", report::machine(), decisions::run()?);
    println!("\n{text}");
    options.write.as_ref().map_or(Ok(()), |path| report::write(path, report::DECISIONS, &text))
}

/// One object per line between the first and the last line of the bundle.
fn lines(bundle: &Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(bundle)?;
    Ok(text.lines().skip(1).filter(|line| line.starts_with('{')).map(|line| line.trim_end_matches(',').to_owned()).collect())
}

/// MITRE ATLAS as the repository carries it.
fn real_data() -> Result<PathBuf> {
    let tracked = process::output(Command::new("git").args(["ls-files", "*stix-atlas.json*"]))?;
    let path = tracked.lines().next().map(|path| process::root().join(path));
    path.context("the repository carries no MITRE ATLAS")
}

fn object_id(object: &str) -> Result<String> {
    let value: serde_json::Value = serde_json::from_str(object)?;
    Ok(value["id"].as_str().context("an object without id")?.to_owned())
}

struct Bench {
    folder: PathBuf,
    python: PathBuf,
    options: Options,
}

impl Bench {
    /// Real objects, then generated ones.
    fn bundle(&self, objects: usize) -> Result<PathBuf> {
        let path = self.folder.join(format!("bundle-{objects}.json"));
        let real = real_data()?;
        self.make(&path, Command::new(&self.python).arg("bench/bundle.py").arg(objects.to_string()).arg(&path).arg(real))
    }

    /// Generated objects, few of them for everybody.
    fn bundle_for_scale(&self, objects: usize) -> Result<PathBuf> {
        let path = self.folder.join(format!("bundle-{objects}-mixed.json"));
        let one_in = ["--one-in".to_owned(), scale::RARE.to_string()];
        self.make(&path, Command::new(&self.python).arg("bench/bundle.py").arg(objects.to_string()).arg(&path).args(one_in))
    }

    /// Made once: the same command always makes the same bytes.
    fn make(&self, path: &Path, command: &mut Command) -> Result<PathBuf> {
        let script = std::fs::metadata("bench/bundle.py")?.modified()?;
        if !path.metadata().and_then(|found| found.modified()).is_ok_and(|made| made > script) {
            process::check(command)?;
        }
        Ok(path.to_owned())
    }

    /// A peer that is posted the first of `objects`, filled with the rest, and read.
    fn peer(&self, server: Server, objects: &[String], posted: usize, fill: &dyn Fn(&Server) -> Result<()>) -> Result<Column> {
        eprintln!("measuring {}", server.name);
        let mut column = Column::new(server.name);
        column.add(table::OBJECTS, objects.len() as f64);
        let few = objects.get(..posted).unwrap_or(objects);
        column.add(table::POST, post(&server, &server.collection, few, BATCH)?.items_per_second());
        fill(&server)?;
        for _ in 0..self.options.rounds {
            self.reads(&server, objects, &mut column)?;
        }
        self.once(&server, &mut column);
        Ok(column)
    }

    /// OpenTAXII with the objects of the usual bundle.
    fn filled_opentaxii(&self) -> Result<Server> {
        let bin = self.python.parent().context("no folder of programs")?;
        let (server, few) = (servers::opentaxii(bin, &self.folder)?, self.bundle(OPENTAXII_EXCHANGED)?);
        servers::fill_opentaxii(bin, &self.folder, &server, &few, 0)?;
        Ok(server)
    }

    /// Relto, nginx with Relto's own page bytes, and the `sqlite3` client with Relto's own rows.
    fn relto(&self, bundle: &Path, objects: &[String]) -> Result<[Column; 3]> {
        eprintln!("measuring Relto");
        let (mut column, mut sqlite, mut file) = (Column::new("Relto"), Column::new("sqlite3"), Column::new("nginx"));
        column.add(table::OBJECTS, objects.len() as f64);
        let node = self.load(bundle, objects.len(), &mut column, &mut sqlite)?;
        let server = node.serve(&self.folder)?;
        let posted = objects.chunks(objects.len().div_ceil(self.options.rounds).max(1));
        for part in posted {
            column.add(table::POST, post(&server, &node.posting_path(&server), part, BATCH)?.items_per_second());
        }
        let mut client = http::Client::new(&server.address, Some(server.cheapest()));
        let small = client.get_ok(&Walk::Objects.first(&server.collection, PAGE))?.body;
        let large = client.get_ok(&Walk::Objects.first(&server.collection, 1000))?.body;
        let nginx = servers::nginx(&self.folder, &[("page100", &small), ("page1000", &large)])?;
        for _ in 0..self.options.rounds {
            self.pages(
                &server,
                [&Walk::Objects.first(&server.collection, PAGE), &Walk::Objects.first(&server.collection, 1000)],
                &mut column,
            )?;
            self.pages(&nginx, ["/page100", "/page1000"], &mut file)?;
            self.reads(&server, objects, &mut column)?;
        }
        self.once(&server, &mut column);
        self.once(&nginx, &mut file);
        Ok([column, file, sqlite])
    }

    /// Loads by Relto and by the `sqlite3` client in turns, each into a new store; returns the last of Relto's.
    fn load(&self, bundle: &Path, objects: usize, column: &mut Column, sqlite: &mut Column) -> Result<Node> {
        let mut dump = None;
        let mut node = Node::make(&process::binary("release"), &self.folder)?;
        for round in 0..self.options.rounds {
            if round > 0 {
                node = Node::make(&process::binary("release"), &self.folder)?;
            }
            column.add(table::LOAD, objects as f64 / node.load(bundle)?.time.as_secs_f64());
            let dump = match &dump {
                Some(dump) => dump,
                None => dump.insert(servers::sqlite_dump(&node.database()?, &self.folder)?),
            };
            sqlite.add(table::LOAD, objects as f64 / servers::sqlite_load(dump, &self.folder)?.as_secs_f64());
        }
        Ok(node)
    }

    /// The pages that nginx serves as well: one of 100, one of 1000, and that over several connections.
    fn pages(&self, server: &Server, [small, large]: [&str; 2], column: &mut Column) -> Result<()> {
        let rate = |path: &str, connections: usize| repeat(server, &server.authorization, path, connections, self.options.time);
        column.add(BASIC.page, rate(small, 1)?.per_second());
        column.add(table::PAGE_1000, rate(large, 1)?.per_second());
        column.add(table::PAGE_PARALLEL, rate(large, 8)?.per_second());
        Ok(())
    }

    /// Everything that reads, the same for every TAXII server, by each way to sign in that it has.
    fn reads(&self, server: &Server, objects: &[String], column: &mut Column) -> Result<()> {
        if server.name == "OpenTAXII" {
            let large = Walk::Objects.first(&server.collection, 1000);
            column.add(table::PAGE_1000, repeat(server, &server.authorization, &large, 1, self.options.time)?.per_second());
        }
        self.reads_as(server, &server.authorization, objects, &BASIC, column)?;
        server.bearer.as_ref().map_or(Ok(()), |bearer| self.reads_as(server, bearer, objects, &BEARER, column))
    }

    fn reads_as(&self, server: &Server, who: &str, objects: &[String], rows: &Reads, column: &mut Column) -> Result<()> {
        let time = self.options.time;
        column.add_rate(rows.walk, walk(server, who, Walk::Objects, PAGE, time)?);
        let first = Walk::Objects.first(&server.collection, PAGE);
        // Relto's plain page is measured in turns with nginx's.
        if server.name != "Relto" || rows.page != BASIC.page {
            column.add(rows.page, repeat(server, who, &first, 1, time)?.per_second());
        }
        let filtered = format!("{first}&added_after=2020-01-01T00:00:00.000000Z&match%5Btype%5D=indicator");
        column.add_rate(rows.since, repeat(server, who, &filtered, 1, time)?);
        column.add_rate(rows.manifest, walk(server, who, Walk::Manifest, PAGE, time)?);
        let ids = objects.iter().step_by(objects.len() / 200 + 1).map(|object| object_id(object)).collect::<Result<Vec<_>>>()?;
        let paths: Vec<String> = ids.iter().map(|id| format!("{}objects/{id}/", server.collection)).collect();
        column.add(rows.by_id, repeat_paths(server, who, &paths, 1, time)?.per_second());
        Ok(())
    }

    /// What is there once a run.
    fn once(&self, server: &Server, column: &mut Column) {
        column.add("start, s", server.started.as_secs_f64());
        column.add("peak memory, MiB", server.peak_memory().unwrap_or(f64::NAN));
    }
}
