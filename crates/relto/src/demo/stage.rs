//! The throw-away node: made by this very binary's ordinary commands, each a process of its own, in a directory that is removed at the end.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use parking_lot::Mutex;
use serde_json::Value as Json;

use relto_node::Entropy as _;

use crate::ambient::OsEntropy;
use crate::demo::data::{Data, Load};
use crate::demo::policy::{Policy, User};
use crate::failure::Failure;

/// The directory, this binary, and the server once it runs.
pub(super) struct Stage {
    folder: PathBuf,
    binary: PathBuf,
    running: Mutex<Running>,
}

#[derive(Default)]
struct Running {
    /// Nothing is begun any more.
    over: bool,
    servers: Vec<Child>,
    said: Option<BufReader<ChildStdout>>,
}

/// The node as it stands, with everything that is needed to ask it.
pub(super) struct Play {
    /// How this binary is called on a command line.
    pub relto: String,
    /// This binary.
    pub binary: PathBuf,
    /// The data directory.
    pub node: PathBuf,
    /// TAXII discovery.
    pub taxii: String,
    /// Tokens by user.
    pub tokens: BTreeMap<String, String>,
    /// Passwords for the pages, by user.
    pub passwords: BTreeMap<String, String>,
    /// What the loads reported, in order.
    pub reports: Vec<Json>,
    /// The commands that made the node, one a line.
    pub made_with: PathBuf,
}

impl Play {
    /// The TAXII URL of a collection.
    pub(super) fn collection(&self, name: &str) -> String {
        format!("{}main/collections/{name}/", self.taxii)
    }

    /// Where people begin in a browser.
    pub(super) fn pages(&self) -> &str {
        self.taxii.strip_suffix("taxii2/").unwrap_or(&self.taxii)
    }

    /// The password of `name`.
    pub(super) fn password(&self, name: &str) -> &str {
        self.passwords.get(name).map_or("", String::as_str)
    }

    /// The token of `name`.
    pub(super) fn token(&self, name: &str) -> &str {
        self.tokens.get(name).map_or("", String::as_str)
    }

    /// The certificate that clients are to trust.
    pub(super) fn certificate(&self) -> PathBuf {
        self.node.join("tls/certificate.pem")
    }
}

impl Stage {
    /// An empty directory.
    ///
    /// # Errors
    /// [`Failure`] when there is no room for it.
    pub(super) fn new() -> Result<Self, Failure> {
        let binary = std::env::current_exe().map_err(|error| Failure::of("this program cannot be found", &error))?;
        let folder = tempfile::Builder::new().prefix("relto-demo-").tempdir();
        let folder = folder.map_err(|error| Failure::of("no temporary directory can be made", &error))?.keep();
        Ok(Self { folder, binary, running: Mutex::default() })
    }

    /// Ends the server and removes the directory; nothing is begun any more.
    pub(super) fn clear(&self) {
        let mut running = self.running.lock();
        running.over = true;
        for mut server in running.servers.drain(..) {
            // What it serves is thrown away: there is nothing to finish.
            let _ = server.kill();
            let _ = server.wait();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }

    /// Makes the node and starts its server.
    ///
    /// # Errors
    /// [`Failure`] of the first command that fails.
    pub(super) fn build(&self, policy: &Policy, data: &Data) -> Result<Play, Failure> {
        let mut making = Making { stage: self, node: self.folder.join("node"), commands: Vec::new() };
        making.run(&["init", &making.node.display().to_string(), "--org", &policy.organisation, "--nation", &policy.nation])?;
        for collection in &policy.collections {
            let recipients: Vec<&str> = collection.recipients.iter().flat_map(|name| ["--recipient", name]).collect();
            making.on_node(&["collection", "add"], &[&[&collection.name, "--title", &collection.title], recipients.as_slice()].concat())?;
        }
        let (mut tokens, mut passwords) = (BTreeMap::new(), BTreeMap::new());
        for user in &policy.users {
            let said = making.add_user(user)?;
            tokens.insert(user.name.clone(), said.lines().last().unwrap_or_default().to_owned());
            passwords.insert(user.name.clone(), making.set_password(user)?);
        }
        let reports = data.loads.iter().map(|load| making.load(load)).collect::<Result<Vec<_>, _>>()?;
        let made_with = self.folder.join("made-with.txt");
        let text = format!("{}\n", making.commands.join("\n"));
        std::fs::write(&made_with, text).map_err(|error| Failure::of("the list of commands cannot be written", &error))?;
        let node = making.node;
        let taxii = self.serve(&node)?;
        Ok(Play { relto: called(&self.binary), binary: self.binary.clone(), node, taxii, tokens, passwords, reports, made_with })
    }

    /// Waits for the server to end, which it does only when something is wrong; says what.
    pub(super) fn wait_for_end(&self) -> Failure {
        let said = self.running.lock().said.take();
        if let Some(mut said) = said {
            let _ = std::io::copy(&mut said, &mut std::io::sink());
        }
        self.server_failure()
    }

    fn server_failure(&self) -> Failure {
        let mut log = String::new();
        let read = std::fs::File::open(self.log()).and_then(|mut file| file.read_to_string(&mut log));
        let last = read.ok().and_then(|_| log.lines().last().map(str::to_owned)).unwrap_or_default();
        Failure::new(format!("the demo's server ended: {last}"))
    }

    fn log(&self) -> PathBuf {
        self.folder.join("serve.log")
    }

    /// Starts `relto serve` on a free port and returns the address of TAXII discovery.
    pub(super) fn serve(&self, node: &Path) -> Result<String, Failure> {
        let failed = |error: std::io::Error| Failure::of("the demo's server cannot be started", &error);
        let log = std::fs::File::create(self.log()).map_err(failed)?;
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0", "--metrics", "off", "--json"]);
        command.arg("--data").arg(node).stdout(Stdio::piped()).stderr(log);
        let mut running = self.running.lock();
        if running.over {
            return Err(over());
        }
        let mut server = command.spawn().map_err(failed)?;
        let said = server.stdout.take();
        running.servers.push(server);
        drop(running);
        let mut said = said.map(BufReader::new).ok_or_else(|| self.server_failure())?;
        let mut line = String::new();
        said.read_line(&mut line).map_err(failed)?;
        // The first one stands for all: when it ends, the demo does.
        self.running.lock().said.get_or_insert(said);
        let address = serde_json::from_str::<Json>(&line).ok().and_then(|facts| Some(facts.get("taxii")?.as_str()?.to_owned()));
        address.ok_or_else(|| self.server_failure())
    }

    /// A file in the demo's directory.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// How this binary is called on a command line.
    pub(super) fn called(&self) -> String {
        called(&self.binary)
    }

    /// What a command says that must succeed; `line` is how it is shown.
    ///
    /// # Errors
    /// [`Failure`] when it does not, or the demo was ended.
    pub(super) fn say(&self, arguments: &[&str], line: &str) -> Result<String, Failure> {
        self.tell(arguments, line, "")
    }

    /// The same of a command that is told `input`.
    ///
    /// # Errors
    /// As [`Stage::say`].
    fn tell(&self, arguments: &[&str], line: &str, input: &str) -> Result<String, Failure> {
        if self.running.lock().over {
            return Err(over());
        }
        let failed = |error: std::io::Error| Failure::of(&format!("`{line}` cannot be run"), &error);
        let mut command = self.command(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(failed)?;
        if let Some(mut stdin) = child.stdin.take() {
            // A command that asks for nothing has closed it, which is no fault.
            let _ = stdin.write_all(input.as_bytes());
        }
        let output = child.wait_with_output().map_err(failed)?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let details = said.lines().map(str::to_owned).collect();
            return Err(Failure { details, ..Failure::new(format!("`{line}` failed")) });
        }
        String::from_utf8(output.stdout).map_err(|error| Failure::of("a command did not answer in UTF-8", &error))
    }

    /// This binary with `arguments`, without what the caller's surroundings would add.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(arguments).env_remove("RELTO_DATA").stdin(Stdio::null());
        command
    }
}

fn over() -> Failure {
    Failure::new("the demo was ended")
}

/// The commands that make the node, as they are carried out.
struct Making<'s> {
    stage: &'s Stage,
    node: PathBuf,
    commands: Vec<String>,
}

impl Making<'_> {
    fn add_user(&mut self, user: &User) -> Result<String, Failure> {
        let clearances: Vec<&str> = user.clearances.iter().flat_map(|clearance| ["--clearance", clearance]).collect();
        let who = [user.name.as_str(), "--nation", &user.nation, "--org", &user.organisation, "--role", &user.role];
        self.on_node(&["user", "add"], &[&who, clearances.as_slice()].concat())
    }

    /// Gives `user` a password of its own for this demo, and returns it.
    fn set_password(&mut self, user: &User) -> Result<String, Failure> {
        let mut drawn = [0_u8; 8];
        OsEntropy.fill(&mut drawn);
        let password = hex::encode(drawn);
        let node = self.node.display().to_string();
        let arguments = ["user", "password", "--data", &node, &user.name];
        let line = format!("relto {}", arguments.map(quoted).join(" "));
        self.stage.tell(&arguments, &line, &format!("{password}\n"))?;
        self.commands.push(line);
        Ok(password)
    }

    /// Loads and returns what the load reported.
    fn load(&mut self, load: &Load) -> Result<Json, Failure> {
        let mut arguments =
            vec!["--json".to_owned(), "--collection".to_owned(), load.collection.to_owned(), "--label".to_owned(), load.label.clone()];
        if !load.refused.is_empty() {
            arguments.push("--keep-going".to_owned());
        }
        for (name, content) in &load.files {
            let path = self.stage.folder.join(name);
            std::fs::write(&path, content).map_err(|error| Failure::of("the demo's data cannot be written", &error))?;
            arguments.push(path.display().to_string());
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let said = self.on_node(&["load"], &arguments)?;
        serde_json::from_str(&said).map_err(|error| Failure::of("the load reported something else than JSON", &error))
    }

    fn on_node(&mut self, verb: &[&str], arguments: &[&str]) -> Result<String, Failure> {
        let node = self.node.display().to_string();
        self.run(&[verb, &["--data", &node], arguments].concat())
    }

    fn run(&mut self, arguments: &[&str]) -> Result<String, Failure> {
        let words: Vec<String> = arguments.iter().map(|word| quoted(word)).collect();
        let line = format!("relto {}", words.join(" "));
        let said = self.stage.say(arguments, &line)?;
        self.commands.push(line);
        Ok(said)
    }
}

/// How the binary at `path` is called on a command line: by its name where that finds it, else by its path.
fn called(path: &Path) -> String {
    let found =
        std::env::var_os("PATH").and_then(|dirs| std::env::split_paths(&dirs).map(|dir| dir.join("relto")).find(|file| file.is_file()));
    let same = found.and_then(|found| found.canonicalize().ok()).is_some_and(|found| path.canonicalize().is_ok_and(|path| path == found));
    if same { "relto".to_owned() } else { quoted(&path.display().to_string()) }
}

/// `word` as a shell reads it back.
pub(super) fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:=,@+%".contains(letter);
    if !word.is_empty() && word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_the_shell() {
        for (word, written) in [
            ("NATO:SECRET", "NATO:SECRET"),
            ("SECRET//REL TO USA", "'SECRET//REL TO USA'"),
            ("it's", r"'it'\''s'"),
            ("", "''"),
            ("$x", "'$x'"),
        ] {
            assert_eq!(quoted(word), written);
        }
    }
}
