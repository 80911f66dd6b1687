//! Running the real binary: a node of one's own in a temporary directory, commands as people type them, a server, plain HTTP.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value as Json;

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_relto");

/// What a command said and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    /// Its last line on standard output.
    pub(crate) fn last(&self) -> &str {
        self.out.lines().last().unwrap_or_default()
    }

    /// Its standard output as JSON.
    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// A directory with a node in it.
pub(crate) struct Node {
    folder: tempfile::TempDir,
}

impl Node {
    /// A directory without a node.
    pub(crate) fn none() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A French node with a collection `intel`.
    pub(crate) fn new() -> Self {
        let node = Self::none();
        node.ok("relto init $D --org 'French Node' --nation FRA");
        node.ok("relto collection add --data $D intel");
        node
    }

    /// The data directory, `$D` in commands.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("node")
    }

    /// A file beside the node, `$F` in commands is the folder it is in.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// Runs `line` in a shell.
    pub(crate) fn run(&self, line: &str) -> Said {
        let output = self.command(line).stdin(Stdio::null()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// A shell with `line`, where `relto` is the binary under test.
    pub(crate) fn command(&self, line: &str) -> Command {
        let own = Path::new(BINARY).parent().unwrap().to_owned();
        let path = std::env::join_paths([own].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap()))).unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", line]).env("PATH", path).env("D", self.data()).env("F", self.folder.path()).env_remove("RELTO_DATA");
        command
    }

    /// Runs `line`, which must succeed.
    pub(crate) fn ok(&self, line: &str) -> Said {
        let said = self.run(line);
        assert_eq!(said.code, Some(0), "{line}: {said:?}");
        said
    }

    /// Runs `line`, which must end with `code`, an error that holds `words` and a next step, in JSON where that was asked for, and change nothing that anybody could see.
    pub(crate) fn refused(&self, line: &str, code: i32, words: &[&str]) {
        let before = self.state();
        let said = self.run(line);
        assert_eq!(said.code, Some(code), "{line}: {said:?}");
        assert!(said.out.is_empty(), "{line}: {said:?}");
        for word in words {
            assert!(said.err.contains(word), "{line}: no `{word}` in {}", said.err);
        }
        if line.contains("--json") {
            let error: Json = serde_json::from_str(&said.err).unwrap_or_else(|_| panic!("{line}: no JSON: {}", said.err));
            assert!(error["error"].is_string() && error["help"].is_string() && error["code"] == code, "{line}: {error}");
        } else {
            assert!(said.err.starts_with("error: ") && said.err.contains("help: "), "{line}: {}", said.err);
        }
        assert_eq!(self.state(), before, "{line} changed something");
    }

    /// Everything that a custodian can list; empty where there is no node.
    fn state(&self) -> Vec<String> {
        if !self.data().join("relto.json").exists() {
            return Vec::new();
        }
        ["user list", "collection list", "group list", "equivalence list", "policy list", "intake list ls", "log"]
            .map(|verb| self.run(&format!("relto {verb} --json --data $D")).out)
            .to_vec()
    }

    /// Adds a user and returns the token.
    pub(crate) fn user(&self, words: &str) -> String {
        self.ok(&format!("relto user add --data $D {words}")).last().to_owned()
    }

    /// What `name` may see, as `relto export` writes it.
    pub(crate) fn ids(&self, name: &str) -> BTreeSet<String> {
        ids(&self.ok(&format!("relto export --data $D --as {name}")).json())
    }
}

/// The ids of the objects of a bundle or an envelope.
pub(crate) fn ids(bundle: &Json) -> BTreeSet<String> {
    let objects = bundle["objects"].as_array().into_iter().flatten();
    objects.map(|object| object["id"].as_str().unwrap().to_owned()).collect()
}

/// A running server of a node; killed when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
}

impl Server {
    pub(crate) fn start(node: &Node) -> Self {
        Self::with(node, &["--listen", "127.0.0.1:0", "--insecure-http"])
    }

    /// With TLS, so that partners can link to it; at `address`, or at a free one.
    pub(crate) fn for_partners(node: &Node, address: Option<&str>) -> Self {
        Self::with(node, &["--listen", address.unwrap_or("127.0.0.1:0"), "--metrics", "off"])
    }

    fn with(node: &Node, options: &[&str]) -> Self {
        let mut command = Command::new(BINARY);
        command.arg("serve").args(options).args(["--json", "--data"]).arg(node.data());
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let facts: Json = serde_json::from_str(&line).unwrap();
        let address = facts["taxii"].as_str().unwrap().split_once("://").unwrap().1.strip_suffix("/taxii2/").unwrap();
        Self { child, address: address.to_owned() }
    }

    /// The head and the body of the answer to a request.
    pub(crate) fn ask(&self, method: &str, token: &str, path: &str, body: Option<&str>) -> (String, Vec<u8>) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let content = body.map_or_else(String::new, |body| {
            format!("Content-Type: application/taxii+json;version=2.1\r\nContent-Length: {}\r\n", body.len())
        });
        let accept = "Accept: application/taxii+json;version=2.1\r\n";
        write!(stream, "{method} {path} HTTP/1.0\r\n{accept}{content}Authorization: Bearer {token}\r\n\r\n{}", body.unwrap_or("")).unwrap();
        let mut reply = Vec::new();
        stream.read_to_end(&mut reply).unwrap();
        let end = reply.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        (String::from_utf8(reply[..end].to_vec()).unwrap(), reply[end + 4..].to_vec())
    }

    /// The status and the JSON of a GET.
    pub(crate) fn get(&self, token: &str, path: &str) -> (u16, Json) {
        let (head, body) = self.ask("GET", token, path, None);
        (head.split(' ').nth(1).unwrap().parse().unwrap(), serde_json::from_slice(&body).unwrap_or_default())
    }

    /// The status of a collection's objects, and their ids.
    pub(crate) fn objects(&self, token: &str, collection: &str) -> (u16, BTreeSet<String>) {
        let (status, reply) = self.get(token, &format!("/taxii2/main/collections/{collection}/objects/"));
        (status, ids(&reply))
    }

    /// Ends it in the ordinary way and returns its exit code.
    pub(crate) fn stop(mut self) -> Option<i32> {
        Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        self.child.wait().unwrap().code()
    }

    /// Ends it where it stands.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An indicator by number.
pub(crate) fn indicator(number: u32) -> String {
    indicator_with(number, "")
}

/// An indicator by number, with further properties.
pub(crate) fn indicator_with(number: u32, more: &str) -> String {
    format!(
        r#"{{"type":"indicator","spec_version":"2.1","id":"{}","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z","pattern":"[ipv4-addr:value = '192.0.2.{}']","pattern_type":"stix","valid_from":"2026-01-01T00:00:00Z"{more}}}"#,
        indicator_id(number),
        number % 256
    )
}

pub(crate) fn indicator_id(number: u32) -> String {
    format!("indicator--00000000-0000-4000-8000-{number:012}")
}

/// A bundle of `objects`.
pub(crate) fn bundle(objects: &[String]) -> String {
    format!(r#"{{"type":"bundle","id":"bundle--00000000-0000-4000-8000-000000000001","objects":[{}]}}"#, objects.join(",\n"))
}
