//! The servers under measurement: each made from nothing in a folder of its own, started, and ended.

use super::http::{basic, free_port, wait_until_up};
use crate::process;
use anyhow::{Context, Result, bail};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const MEDALLION_COLLECTION: &str = "91a7b528-80eb-42ed-a74d-c6fbd5a26116";
const ROOT: &str = "c2b1b0a0-6e0e-4b4c-9d3f-0f6f3a1f7a11";

/// A running server and how to speak to it.
pub struct Server {
    /// Its name in the table.
    pub name: &'static str,
    child: Child,
    /// `host:port`.
    pub address: String,
    /// The header `Authorization` with name and password (Basic), as the OASIS clients send it; empty where nobody signs in.
    pub authorization: String,
    /// The same with a token, where the server takes one.
    pub bearer: Option<String>,
    /// The path of the collection that is read, with a closing slash.
    pub collection: String,
    /// From start to the first answer.
    pub started: Duration,
}

impl Drop for Server {
    /// SIGTERM, so that a server with workers ends those too.
    fn drop(&mut self) {
        if !self.runs() {
            return;
        }
        if process::output(Command::new("kill").args(["-TERM", &self.child.id().to_string()])).is_err() {
            drop(self.child.kill());
        }
        drop(self.child.wait());
    }
}

impl Server {
    /// SIGKILL: no chance to finish anything.
    pub fn kill(mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }

    /// The process id.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Whether the process still runs.
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// The cheapest way to sign in: a token where the server takes one.
    pub fn cheapest(&self) -> &str {
        self.bearer.as_ref().unwrap_or(&self.authorization)
    }

    /// The most memory that the server and its workers ever held, in MiB.
    pub fn peak_memory(&self) -> Option<f64> {
        let own = self.child.id();
        let workers = std::fs::read_to_string(format!("/proc/{own}/task/{own}/children")).unwrap_or_default();
        let processes = std::iter::once(own.to_string()).chain(workers.split_whitespace().map(str::to_owned));
        let kib: Vec<f64> = processes.filter_map(|id| high_water_mark(&id)).collect();
        (!kib.is_empty()).then(|| kib.iter().sum::<f64>() / 1024.0)
    }
}

fn high_water_mark(process: &str) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
}

fn spawn(command: &mut Command, log: &Path) -> Result<Child> {
    let log = std::fs::File::create(log)?;
    let child = command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn();
    child.with_context(|| format!("cannot start {}", command.get_program().to_string_lossy()))
}

/// medallion with its memory backend and the server that it ships with.
pub fn medallion(bin: &Path, folder: &Path) -> Result<Server> {
    let port = free_port()?;
    let address = format!("127.0.0.1:{port}");
    let data = folder.join("medallion-data.json");
    let configuration = folder.join("medallion.json");
    let root = format!("http://{address}/api/");
    let media = "application/taxii+json;version=2.1";
    let content = serde_json::json!({
        "/discovery": {"title": "bench", "default": root, "api_roots": [root]},
        "api": {
            "information": {"title": "root", "versions": [media], "max_content_length": 104_857_600},
            "status": [],
            "collections": [{"id": MEDALLION_COLLECTION, "title": "bench", "can_read": true, "can_write": true,
                "media_types": ["application/stix+json;version=2.1"], "objects": [], "manifest": []}],
        },
    });
    std::fs::write(&data, content.to_string())?;
    let backend = serde_json::json!({"module": "medallion.backends.memory_backend", "module_class": "MemoryBackend", "filename": data});
    let settings = serde_json::json!({"backend": backend, "users": {"bench": "bench"}, "taxii": {"max_page_size": 1000}});
    std::fs::write(&configuration, settings.to_string())?;
    let mut command = Command::new(bin.join("medallion"));
    command.args(["--host", "127.0.0.1", "--port", &port.to_string()]).arg(&configuration);
    let child = spawn(&mut command, &folder.join("medallion.log"))?;
    let authorization = basic("bench", "bench");
    let started = wait_until_up(&address, Some(&authorization), "/taxii2/")?;
    let collection = format!("/api/collections/{MEDALLION_COLLECTION}/");
    Ok(Server { name: "medallion", child, address, authorization, bearer: None, collection, started })
}

/// OpenTAXII over SQLite under one gunicorn worker, as its documentation has it.
pub fn opentaxii(bin: &Path, folder: &Path) -> Result<Server> {
    let port = free_port()?;
    let address = format!("127.0.0.1:{port}");
    let configuration = folder.join("opentaxii.yml");
    let database = |name: &str| {
        drop(std::fs::remove_file(folder.join(name)));
        format!("sqlite:///{}", folder.join(name).display())
    };
    std::fs::write(
        &configuration,
        format!(
            "---\ndomain: \"{address}\"\nauth_api:\n  class: opentaxii.auth.sqldb.SQLDatabaseAPI\n  parameters:\n    db_connection: {}\n    create_tables: yes\n    secret: bench-only\ntaxii1:\ntaxii2:\n  persistence_api:\n    class: opentaxii.persistence.sqldb.Taxii2SQLDatabaseAPI\n    parameters:\n      db_connection: {}\n      create_tables: yes\n  title: bench\n  public_discovery: true\n  max_content_length: 209715200\nlogging:\n  opentaxii: error\n  root: error\n",
            database("opentaxii-auth.db"),
            database("opentaxii.db"),
        ),
    )?;
    let run = |program: &str, arguments: &[&str]| {
        process::output(Command::new(bin.join(program)).args(arguments).env("OPENTAXII_CONFIG", &configuration))
    };
    let account = run("opentaxii-create-account", &["-u", "bench", "-p", "bench", "-a"])?;
    let token = account.split("token: ").nth(1).context("OpenTAXII made no token")?.trim().to_owned();
    run("opentaxii-add-api-root", &["-t", "root", "--default", "-i", ROOT])?;
    run("opentaxii-add-collection", &["-r", ROOT, "-t", "bench"])?;
    let mut command = Command::new(bin.join("gunicorn"));
    // Threads keep connections open, as every other server here does; gunicorn's default worker closes each.
    command.args(["opentaxii.http:app", "--bind", &address, "--config", "python:opentaxii.http", "--timeout", "300"]);
    command.args(["--worker-class", "gthread", "--threads", "2", "--keep-alive", "60"]);
    let child = spawn(command.env("OPENTAXII_CONFIG", &configuration), &folder.join("opentaxii.log"))?;
    let bearer = format!("Bearer {token}");
    let started = wait_until_up(&address, Some(&bearer), "/taxii2/")?;
    let list = super::http::Client::new(&address, Some(&bearer)).get_ok(&format!("/taxii2/{ROOT}/collections/"))?;
    let list: serde_json::Value = serde_json::from_slice(&list.body)?;
    let id = list["collections"][0]["id"].as_str().context("OpenTAXII lists no collection")?;
    let collection = format!("/taxii2/{ROOT}/collections/{id}/");
    let authorization = basic("bench", "bench");
    Ok(Server { name: "OpenTAXII", child, address, authorization, bearer: Some(bearer), collection, started })
}

/// Puts all but the first `skip` objects of the bundle into OpenTAXII's database.
pub fn fill_opentaxii(bin: &Path, folder: &Path, server: &Server, bundle: &Path, skip: usize) -> Result<()> {
    let url = format!("sqlite:///{}", folder.join("opentaxii.db").display());
    let collection = server.collection.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    process::check(Command::new(bin.join("python")).arg("bench/fill.py").arg(url).arg(collection).arg(bundle).arg(skip.to_string()))
}

/// nginx with one file that holds a page's bytes.
pub fn nginx(folder: &Path, pages: &[(&str, &[u8])]) -> Result<Server> {
    let port = free_port()?;
    let address = format!("127.0.0.1:{port}");
    let site = folder.join("site");
    std::fs::create_dir_all(&site)?;
    for (name, bytes) in pages {
        std::fs::write(site.join(name), bytes)?;
    }
    let configuration = folder.join("nginx.conf");
    let user = if process::output(Command::new("id").arg("-u"))?.trim() == "0" { "user root;" } else { "" };
    let place = folder.display();
    std::fs::write(
        &configuration,
        format!(
            "{user} daemon off; worker_processes 2; pid {place}/nginx.pid; error_log {place}/nginx.log;\nevents {{ worker_connections 256; }}\nhttp {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; default_type \"application/taxii+json;version=2.1\";\n client_body_temp_path {place}/body; proxy_temp_path {place}/proxy; fastcgi_temp_path {place}/fastcgi; uwsgi_temp_path {place}/uwsgi; scgi_temp_path {place}/scgi;\n server {{ listen {address}; root {}; }} }}\n",
            site.display()
        ),
    )?;
    let child = spawn(Command::new("nginx").arg("-c").arg(&configuration).arg("-p").arg(folder), &folder.join("nginx-out.log"))?;
    let first = pages.first().map_or("", |(name, _)| name);
    let started = wait_until_up(&address, None, &format!("/{first}"))?;
    Ok(Server { name: "nginx", child, address, authorization: String::new(), bearer: None, collection: "/".to_owned(), started })
}

/// A data directory of Relto with one collection to load and one to post to; one user who may do both, and one of another organisation.
pub struct Node {
    binary: PathBuf,
    data: PathBuf,
    token: String,
    outsider: String,
    loaded: String,
    posted: String,
}

/// How long a load took and the most memory that it held, in MiB.
#[derive(Debug, Clone, Copy)]
pub struct Loaded {
    pub time: Duration,
    pub memory: f64,
}

impl Node {
    /// `init`, `collection add` and `user add` as documented.
    pub fn make(binary: &Path, folder: &Path) -> Result<Self> {
        let data = folder.join("relto");
        drop(std::fs::remove_dir_all(&data));
        let run = |arguments: &[&str]| process::output(Command::new(binary).args(arguments));
        let place = data.to_str().context("the folder's name is not UTF-8")?;
        let last = |text: String| text.trim_end().lines().next_back().unwrap_or_default().trim().to_owned();
        run(&["init", place, "--org", "Bench", "--nation", "FRA"])?;
        let loaded = last(run(&["collection", "add", "--data", place, "loaded", "--label", "TLP:CLEAR"])?);
        let posted = last(run(&["collection", "add", "--data", place, "posted", "--label", "TLP:CLEAR"])?);
        let user = ["user", "add", "--data", place, "bench", "--nation", "FRA", "--org", "Bench", "--role", "contributor"];
        let token = last(run(&user)?);
        let outsider = last(run(&["user", "add", "--data", place, "outsider", "--nation", "USA", "--org", "Elsewhere"])?);
        Ok(Self { binary: binary.to_path_buf(), data, token, outsider, loaded, posted })
    }

    /// Loads a bundle with the command line.
    pub fn load(&self, bundle: &Path) -> Result<Loaded> {
        let start = Instant::now();
        let mut child = self.load_command(bundle).stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
        let mut memory = 0.0_f64;
        let status = loop {
            // A process that has ended tells no more, so that the last look before that counts.
            memory = high_water_mark(&child.id().to_string()).map_or(memory, |kib| memory.max(kib / 1024.0));
            if let Some(status) = child.try_wait()? {
                break status;
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        if !status.success() {
            bail!("`relto load` ended with {status}");
        }
        Ok(Loaded { time: start.elapsed(), memory })
    }

    /// The command that loads a bundle, not yet started.
    pub fn load_command(&self, bundle: &Path) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(["load", "--collection", "loaded", "--label", "TLP:CLEAR", "--data"]).arg(&self.data).arg(bundle);
        command
    }

    /// The database file: the largest one of the data directory.
    pub fn database(&self) -> Result<PathBuf> {
        let mut files: Vec<(u64, PathBuf)> = Vec::new();
        for entry in std::fs::read_dir(&self.data)? {
            let path = entry?.path();
            let is_database = std::fs::File::open(&path).is_ok_and(|mut file| {
                let mut head = [0; 16];
                file.read_exact(&mut head).is_ok() && head == *b"SQLite format 3\0"
            });
            if is_database {
                files.push((path.metadata()?.len(), path));
            }
        }
        files.into_iter().max().map(|(_, path)| path).context("no SQLite database in the data directory")
    }

    /// Starts `serve`; the collection that is read is the loaded one.
    pub fn serve(&self, folder: &Path) -> Result<Server> {
        let address = format!("127.0.0.1:{}", free_port()?);
        let mut command = Command::new(&self.binary);
        command.args(["serve", "--insecure-http", "--listen", &address, "--data"]).arg(&self.data);
        let child = spawn(&mut command, &folder.join("relto.log"))?;
        let bearer = format!("Bearer {}", self.token);
        let started = wait_until_up(&address, Some(&bearer), "/taxii2/")?;
        let discovery = super::http::Client::new(&address, Some(&bearer)).get_ok("/taxii2/")?;
        let discovery: serde_json::Value = serde_json::from_slice(&discovery.body)?;
        let root = discovery["api_roots"][0].as_str().context("Relto lists no API root")?;
        let path = root.split_once("://").map_or(root, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
        let collection = format!("/{}/collections/{}/", path.trim_matches('/'), self.loaded);
        let authorization = basic("bench", &self.token);
        Ok(Server { name: "Relto", child, address, authorization, bearer: Some(bearer), collection, started })
    }

    /// The header `Authorization` of somebody of another organisation.
    pub fn outsider(&self) -> String {
        format!("Bearer {}", self.outsider)
    }

    /// The path of the collection that is posted to.
    pub fn posting_path(&self, server: &Server) -> String {
        server.collection.replace(&self.loaded, &self.posted)
    }
}

/// Everything that a database holds as SQL: schema, rows, indexes.
pub fn sqlite_dump(database: &Path, folder: &Path) -> Result<PathBuf> {
    let dump = folder.join("dump.sql");
    let text = process::output(Command::new("sqlite3").arg(database).arg(".dump"))?;
    std::fs::write(&dump, format!("PRAGMA journal_mode=WAL;\nPRAGMA synchronous=FULL;\n{text}"))?;
    Ok(dump)
}

/// The `sqlite3` client fed with a dump, into a new file, as durably as Relto stores; how long that took.
pub fn sqlite_load(dump: &Path, folder: &Path) -> Result<Duration> {
    let copy = folder.join("copy.db");
    for suffix in ["", "-wal", "-shm"] {
        drop(std::fs::remove_file(format!("{}{suffix}", copy.display())));
    }
    let start = Instant::now();
    let status = Command::new("sqlite3").arg(&copy).stdin(std::fs::File::open(dump)?).stdout(Stdio::null()).status()?;
    if !status.success() {
        bail!("sqlite3 could not load its own dump");
    }
    Ok(start.elapsed())
}
