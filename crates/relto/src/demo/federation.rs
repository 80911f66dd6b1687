//! Three nations' nodes that exchange: one publishes a warning, two receive it at different detail; then it is recalled, and one partner leaves. At last
//! one of them reads a public notice and a damaged copy of it, and the other has what was read.
//!
//! Every step is an ordinary command, and what a node has is what `relto export` writes for its reader. The story is played first and told
//! afterwards, so that telling it takes no time from it.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anstyle::{AnsiColor, Style};
use serde_json::Value as Json;

use crate::demo::screen::ids_of;
use crate::demo::stage::{Stage, quoted};
use crate::failure::Failure;
use crate::render::{GOOD, STRONG, WRONG};

const WARNING: &str = include_str!("../../../../demo/federation/warning.json");
/// Documents, each with the day on which it appeared.
const DOCUMENTS: [(&str, &[u8], &str); 2] = [
    ("notice.htm", include_bytes!("../../../../demo/intake/notice.htm"), "2023-07-13"),
    ("repost.txt", include_bytes!("../../../../demo/intake/repost.txt"), "2023-07-20"),
];
const COMMAND: Style = AnsiColor::Cyan.on_default();
/// How long a node may take to have what it is to have.
const WITHIN: Duration = Duration::from_secs(30);
/// Everybody is cleared by everybody to this much.
const CAST: [(&str, &str, &str, &str); 3] = [
    ("french", "French Node", "FRA", "NATO:SECRET"),
    ("american", "American Node", "USA", "NATO:SECRET"),
    ("japanese", "Japanese Node", "JPN", "NATO:RESTRICTED"),
];
/// For whom the reduced warning is.
const REDUCED: &str = "NATO RESTRICTED REL TO JPN";

/// A step of the story.
struct Step {
    title: String,
    /// The command, as it is shown, and what it said.
    command: String,
    said: String,
    /// What was measured or found, in words.
    found: Vec<String>,
    /// Whether each node had what it must have, and what that is.
    holds: Vec<(String, bool)>,
}

/// The three nodes and the story.
pub(super) struct Federation<'s> {
    stage: &'s Stage,
    steps: Vec<Step>,
}

impl<'s> Federation<'s> {
    /// The nodes, serving and acquainted: the French one releases, the others fetch.
    ///
    /// # Errors
    /// [`Failure`] of the first command that fails.
    pub(super) fn new(stage: &'s Stage) -> Result<Self, Failure> {
        let this = Self { stage, steps: Vec::new() };
        for (folder, organisation, nation, clearance) in CAST {
            let data = this.data(folder);
            this.relto(&["init", &data, "--org", organisation, "--nation", nation])?;
            this.relto(&["collection", "add", "--data", &data, "warnings", "--title", "Supply-disruption warnings"])?;
            let who = ["--nation", nation, "--org", organisation, "--clearance", clearance];
            this.relto(&[&["user", "add", "--data", &data, "reader"], who.as_slice()].concat())?;
            this.stage.serve(&stage.file(folder))?;
        }
        for other in [1, 2] {
            this.meet(0, other, &[])?;
            this.meet(other, 0, &["--pull"])?;
        }
        let files = DOCUMENTS.iter().map(|(name, content, _)| (*name, *content)).chain([("neon.json", WARNING.as_bytes())]);
        for (name, content) in files {
            std::fs::write(stage.file(name), content).map_err(|error| Failure::of("the demo's data cannot be written", &error))?;
        }
        Ok(this)
    }

    /// Lets the node at `one` add the node at `other`, whose phrase its operator has read out.
    fn meet(&self, one: usize, other: usize, options: &[&str]) -> Result<(), Failure> {
        let ((one, ..), (folder, _, nation, clearance)) = (cast(one), cast(other));
        let card = self.relto(&["partner", "card", "--data", &self.data(folder)])?;
        let phrase: Json = serde_json::from_str(&card).map_err(|error| Failure::of("a card is no JSON", &error))?;
        let phrase = phrase.get("fingerprint").and_then(Json::as_str).unwrap_or_default().to_owned();
        let file = self.stage.file(&format!("{folder}.card.json"));
        std::fs::write(&file, card).map_err(|error| Failure::of("a card cannot be written", &error))?;
        let (data, file) = (self.data(one), file.display().to_string());
        let fixed = ["partner", "add", "--data", &data, &file, "--nation", nation, "--clearance", clearance, "--collection", "warnings"];
        self.relto(&[fixed.as_slice(), options, &["--fingerprint", &phrase]].concat()).map(drop)
    }

    /// Plays the story.
    ///
    /// # Errors
    /// [`Failure`] of the first command that fails.
    pub(super) fn play(&mut self) -> Result<(), Failure> {
        let warning = warning_id()?;
        let french = self.data("french");
        let file = self.stage.file("neon.json").display().to_string();
        self.act(
            "The French node publishes a warning, whose cause and exposures are NATO SECRET",
            &["load", "--data", &french, "--collection", "warnings", &file],
        )?;
        self.arrives("american", &[&warning]);
        self.lacks("japanese", &warning);
        let reviewed = ["--publish", "--reviewed-by", "Cpt. Durand", "--reason", "Japan is hit first"];
        let tearline = [&["tearline", "--data", &french, &warning, "--for", REDUCED], reviewed.as_slice()].concat();
        let reduced = self.act("Somebody publishes a reduced one for those who may not read all of it", &tearline)?;
        let reduced = reduced.lines().last().unwrap_or_default().to_owned();
        self.arrives("japanese", &[&reduced]);
        self.arrives("american", &[&warning, &reduced]);
        self.act("Why the Japanese node got no more", &["explain", "--data", &french, &warning, "--as", "Japanese Node"])?;
        let recall = ["recall", "--data", &french, &warning, "--reason", "it names a source"];
        self.act("The warning is recalled; the reduced one names no source, and stays", &recall)?;
        self.arrives("american", &[&reduced]);
        self.confirmed(&warning)?;
        self.act("What Japan's leaving would mean", &["partner", "remove", "--data", &french, "Japanese Node", "--what-if"])?;
        self.act(
            "Japan leaves: all flows end at once, and it destroys what it holds",
            &["partner", "remove", "--data", &french, "Japanese Node"],
        )?;
        self.arrives("japanese", &[]);
        self.arrives("american", &[&reduced]);
        self.read()
    }

    /// From the bytes of two documents to what a partner has of them.
    fn read(&mut self) -> Result<(), Failure> {
        let french = self.data("french");
        for (name, _, published) in DOCUMENTS {
            let file = self.stage.file(name).display().to_string();
            let to = ["--data", &french, "--collection", "warnings", "--label", "TLP:GREEN", "--published", published, &file];
            self.act(&format!("The French node reads {name}"), &[&["intake"], to.as_slice()].concat())?;
            self.repaired(&file)?;
        }
        let seen = ["intake", "stories", "--data", &french, "--as", "reader"];
        self.act("Two documents, one story: the second is a copy of the first", &seen)?;
        let stories: Json = serde_json::from_str(&self.relto(&[seen.as_slice(), &["--json"]].concat())?).unwrap_or_default();
        let story = stories.get(0).unwrap_or(&Json::Null);
        let id = |of: &Json, name: &str| of.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
        let documents = story.get("documents").and_then(Json::as_array).cloned().unwrap_or_default();
        let mut wanted: Vec<String> = documents.iter().map(|document| id(document, "report")).collect();
        let what = "one story has both, the notice first".to_owned();
        let sources: Vec<String> = documents.iter().map(|document| id(document, "source")).collect();
        let is_one = sources == DOCUMENTS.map(|(name, ..)| name) && stories.get(1).is_none();
        self.note(what.clone(), is_one, what);
        let publish = ["--publish", &id(story, "id"), "--collection", "warnings"];
        self.act("It publishes the story for its partner", &[seen.as_slice(), publish.as_slice()].concat())?;
        wanted.push(id(story, "id"));
        self.has("american", wanted);
        Ok(())
    }

    /// Notes how much of the document at `file` was repaired, and that each repair stands where it says.
    fn repaired(&mut self, file: &str) -> Result<(), Failure> {
        let read: Json = serde_json::from_str(&self.relto(&["intake", "--json", file])?).unwrap_or_default();
        let content = std::fs::read(file).map_err(|error| Failure::of("the demo's data cannot be read", &error))?;
        let edits = read.get("edits").and_then(Json::as_array).cloned().unwrap_or_default();
        let stands = |edit: &Json| {
            let end = |at: usize| usize::try_from(edit.get("span")?.get(at)?.as_u64()?).ok();
            let from = edit.get("from").and_then(Json::as_str);
            end(0).zip(end(1)).and_then(|(first, last)| content.get(first..last)) == from.map(str::as_bytes)
        };
        let names = read.get("entities").and_then(Json::as_array).map_or(0, Vec::len);
        let what = format!("{} repairs, each where it says, and {names} names", edits.len());
        self.note(what.clone(), names > 0 && edits.iter().all(stands), what);
        Ok(())
    }

    /// Tells the story.
    ///
    /// # Errors
    /// [`Failure`] when nobody reads.
    pub(super) fn show(&self) -> Result<(), Failure> {
        let mut out = anstream::stdout().lock();
        let mut text = format!("\n{STRONG}Three nations exchange{STRONG:#}: each runs a node, in {}\n", self.stage.file("").display());
        for Step { title, command, said, found, .. } in &self.steps {
            text.push_str(&format!("\n{STRONG}{title}{STRONG:#}\n{COMMAND}{command}{COMMAND:#}\n{said}"));
            found.iter().for_each(|line| text.push_str(&format!("  {line}\n")));
        }
        out.write_all(text.as_bytes()).map_err(|error| Failure::of("the demo cannot be shown", &error))
    }

    /// Says of each node whether it had what it must have, after each step. Whether all had.
    pub(super) fn check(&self) -> bool {
        let mut out = anstream::stdout().lock();
        let all: Vec<&(String, bool)> = self.steps.iter().flat_map(|step| &step.holds).collect();
        for (what, holds) in &all {
            // A closed pipe ends no check: the exit code says what came of it.
            let _ = if *holds { writeln!(out, "{GOOD}good{GOOD:#}     {what}") } else { writeln!(out, "{WRONG}wrong{WRONG:#}    {what}") };
        }
        let wrong = all.iter().filter(|(_, holds)| !holds).count();
        let _ = writeln!(out, "{} checked between three nodes, {wrong} wrong", all.len());
        wrong == 0 && !all.is_empty()
    }

    /// Carries out a step, and remembers it.
    fn act(&mut self, title: &str, arguments: &[&str]) -> Result<String, Failure> {
        let words: Vec<String> = arguments.iter().map(|word| quoted(word)).collect();
        let command = format!("{} {}", self.stage.called(), words.join(" "));
        let said = self.stage.say(arguments, &command)?;
        self.steps.push(Step { title: title.to_owned(), command, said: said.clone(), found: Vec::new(), holds: Vec::new() });
        Ok(said)
    }

    /// Waits until the reader at `node` sees just `wanted`, and notes how long it took.
    fn arrives(&mut self, node: &str, wanted: &[&str]) {
        self.awaits(node, wanted.iter().map(|id| (*id).to_owned()).collect(), |seen, wanted| seen == wanted);
    }

    /// The same of `wanted` beside other things.
    fn has(&mut self, node: &str, wanted: Vec<String>) {
        self.awaits(node, wanted.into_iter().collect(), BTreeSet::is_superset);
    }

    fn awaits(&mut self, node: &str, wanted: BTreeSet<String>, is_there: impl Fn(&BTreeSet<String>, &BTreeSet<String>) -> bool) {
        let begun = Instant::now();
        let mut holds = false;
        while !holds && begun.elapsed() < WITHIN {
            holds = self.seen(node).is_some_and(|seen| is_there(&seen, &wanted));
        }
        let (organisation, millis) = (organisation(node), begun.elapsed().as_millis());
        let names: Vec<&str> = wanted.iter().map(|id| id.split("--").next().unwrap_or(id)).collect();
        let what = if names.is_empty() { "nothing of it".to_owned() } else { format!("{} object(s): {}", names.len(), names.join(", ")) };
        let seen = if holds {
            format!("the {organisation} has {what}, seen {millis} ms later")
        } else {
            format!("the {organisation} has not {what}")
        };
        self.note(seen.clone(), holds, seen);
    }

    fn lacks(&mut self, node: &str, id: &str) {
        let lacks = self.seen(node).is_some_and(|seen| !seen.contains(id));
        let what = format!("the {} has nothing of it", organisation(node));
        self.note(what.clone(), lacks, what);
    }

    /// Waits until the recall is confirmed.
    fn confirmed(&mut self, id: &str) -> Result<(), Failure> {
        let (data, begun) = (self.data("french"), Instant::now());
        let is_confirmed = |said: &str| {
            let said: Json = serde_json::from_str(said).unwrap_or_default();
            let partners = said.get("partners").and_then(Json::as_array).cloned().unwrap_or_default();
            !partners.is_empty() && partners.iter().all(|partner| partner.get("confirmed").and_then(Json::as_bool) == Some(true))
        };
        let mut confirmed = false;
        while !confirmed && begun.elapsed() < WITHIN {
            confirmed = is_confirmed(&self.relto(&["recall", "--data", &data, id, "--json"])?);
        }
        let what = "whoever had it has confirmed that it was destroyed".to_owned();
        self.note(what.clone(), confirmed, what);
        Ok(())
    }

    fn note(&mut self, found: String, holds: bool, what: String) {
        if let Some(step) = self.steps.last_mut() {
            step.found.push(found);
            step.holds.push((what, holds));
        }
    }

    /// What the reader at `node` sees, but for marking-definitions.
    fn seen(&self, node: &str) -> Option<BTreeSet<String>> {
        let said = self.relto(&["export", "--data", &self.data(node), "--as", "reader"]).ok()?;
        let ids = ids_of(said.as_bytes()).unwrap_or_default();
        Some(ids.into_iter().filter(|id| !id.starts_with("marking-definition--")).collect())
    }

    fn relto(&self, arguments: &[&str]) -> Result<String, Failure> {
        self.stage.say(arguments, &format!("relto {}", arguments.join(" ")))
    }

    fn data(&self, folder: &str) -> String {
        let path: PathBuf = self.stage.file(folder);
        path.display().to_string()
    }
}

fn cast(at: usize) -> (&'static str, &'static str, &'static str, &'static str) {
    CAST.get(at).copied().unwrap_or_default()
}

fn organisation(folder: &str) -> &'static str {
    CAST.iter().find(|(name, ..)| *name == folder).map_or("", |(_, organisation, ..)| organisation)
}

/// The id of the warning in the shipped file.
fn warning_id() -> Result<String, Failure> {
    let bundle: Json = serde_json::from_str(WARNING).map_err(|error| Failure::of("the demo's warning cannot be read", &error))?;
    let objects = bundle.get("objects").and_then(Json::as_array);
    let warning = objects.and_then(|objects| objects.iter().find(|object| object.get("type").and_then(Json::as_str) == Some("warning")));
    let id = warning.and_then(|warning| warning.get("id")?.as_str()).map(str::to_owned);
    id.ok_or_else(|| Failure::new("the demo's warning is not there"))
}
