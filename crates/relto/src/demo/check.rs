//! `relto demo --check`: runs the commands that the demo shows, through a shell, and compares every answer with what it must be.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{ExitCode, Stdio};

use serde_json::Value as Json;

use crate::demo::data::Data;
use crate::demo::policy::{Policy, User};
use crate::demo::reckoning::{Expected, Reckoning, count, id, ids};
use crate::demo::screen::{ids_of, shell};
use crate::demo::stage::Play;
use crate::demo::tries::{self, Aim};
use crate::failure::Failure;
use crate::render::{GOOD, STRONG, WARNING, WRONG};

/// A Python that has the OASIS client; without it, the first `python3` is asked whether it has.
const PYTHON: &str = "RELTO_DEMO_PYTHON";

/// Checks the demo at `play`. The exit code is 1 when any answer is not what it must be.
///
/// # Errors
/// [`Failure`] when the check itself cannot be made.
pub(super) fn check(play: &Play, policy: &Policy, data: &Data) -> Result<ExitCode, Failure> {
    let expected = Expected::shipped()?;
    let mut examination = Examination { play, policy, expected: &expected, path: path()?, done: 0, wrong: 0, skipped: 0 };
    examination.say(&format!("\n{STRONG}Checking{STRONG:#}"));
    let reckoning = expected.reckon(data, false)?;
    examination.answers(&reckoning, false)?;
    examination.pages(&reckoning)?;
    examination.strangers()?;
    examination.hidden_is_absent()?;
    examination.explanations()?;
    examination.reasons();
    examination.refusals(data);
    examination.run(&tries::equivalence(play, policy))?;
    examination.answers(&expected.reckon(data, true)?, true)?;
    let Examination { done, wrong, skipped, .. } = examination;
    examination.say(&format!("{done} checked, {wrong} wrong, {skipped} skipped"));
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Where commands are looked for: first beside the Python that is to be used.
fn path() -> Result<OsString, Failure> {
    let own = std::env::var_os(PYTHON).map(PathBuf::from).and_then(|python| Some(python.parent()?.to_owned()));
    let rest = std::env::var_os("PATH").unwrap_or_default();
    let all = own.into_iter().chain(std::env::split_paths(&rest));
    std::env::join_paths(all).map_err(|error| Failure::of(&format!("{PYTHON} names no usable directory"), &error))
}

struct Examination<'e> {
    play: &'e Play,
    policy: &'e Policy,
    expected: &'e Expected,
    path: OsString,
    done: usize,
    wrong: usize,
    skipped: usize,
}

impl Examination<'_> {
    /// What everybody gets, over TAXII and on the command line.
    fn answers(&mut self, reckoning: &Reckoning, after: bool) -> Result<(), Failure> {
        let has_client = self.has_client()?;
        for user in self.policy.users.clone() {
            let when = if after { " (equivalence stands)" } else { "" };
            for shown in tries::of_user(self.play, self.policy, &user) {
                let what = format!("{}: {:?}{when}", shown.user, shown.aim).to_lowercase();
                match shown.aim {
                    Aim::Count => self.equal(&what, self.run(&shown.text)?.trim(), &self.figure("atlas", &user.name, after).to_string()),
                    Aim::Object => self.object(&what, &self.run(&shown.text)?, reckoning, &user.name),
                    Aim::Client if has_client => self.client(&what, &self.run(&shown.text)?, &user.name, after),
                    Aim::Client => {}
                }
            }
            for collection in self.policy.collections.clone() {
                let command = tries::export(self.play, &user.name, &collection.name);
                let got = ids_of(self.run(&command)?.as_bytes()).unwrap_or_default();
                let mut sorted = got.clone();
                sorted.sort_unstable();
                let must: Vec<String> = ids(reckoning, &collection.name, &user.name).into_iter().collect();
                let what = format!("{}: export of {}{when}", user.name, collection.name);
                self.holds(&what, sorted == must, &format!("{} objects, reckoned {}", got.len(), must.len()));
                self.equal(
                    &format!("{what}, figure"),
                    &count(reckoning, &collection.name, &user.name).to_string(),
                    &self.figure(&collection.name, &user.name, after).to_string(),
                );
            }
        }
        Ok(())
    }

    fn figure(&self, collection: &str, name: &str, after: bool) -> usize {
        self.expected.counts(after).get(collection).and_then(|counts| counts.get(name)).copied().unwrap_or(usize::MAX)
    }

    /// The one object itself, or the answer that there is none.
    fn object(&mut self, what: &str, said: &str, reckoning: &Reckoning, name: &str) {
        let answer: Json = serde_json::from_str(said).unwrap_or_default();
        let explained = &self.policy.explained;
        if ids(reckoning, "atlas", name).contains(explained) {
            let got = answer.get("objects").and_then(|objects| objects.get(0)).map(id).unwrap_or_default();
            self.equal(what, got, explained);
        } else {
            self.equal(what, answer.get("http_status").and_then(Json::as_str).unwrap_or_default(), "404");
        }
    }

    /// What the OASIS client prints: a number and a title for each collection.
    fn client(&mut self, what: &str, said: &str, name: &str, after: bool) {
        let mut got: Vec<&str> = said.lines().collect();
        got.sort_unstable();
        let line = |(name_of, title): (&str, &str)| format!("{} {title}", self.figure(name_of, name, after));
        let mut must: Vec<String> = self.policy.collections.iter().map(|one| line((&one.name, &one.title))).collect();
        must.sort_unstable();
        self.equal(what, &got.join("; "), &must.join("; "));
    }

    /// Whoever has no token gets nothing.
    fn strangers(&mut self) -> Result<(), Failure> {
        let users = self.policy.users.clone();
        let names: Vec<&str> = users.iter().map(|user| user.name.as_str()).collect();
        let [first, second, ..] = names.as_slice() else { return Ok(()) };
        let another = self.play.token(second);
        for (what, credentials) in [
            ("no credentials", String::new()),
            ("a wrong token", format!("-u {first}:{}", another.chars().rev().collect::<String>())),
            ("somebody else's token", format!("-u {first}:{another}")),
            ("nobody's name", format!("-u nobody:{another}")),
        ] {
            let said = self.run(&self.curl(&format!("-o /dev/null -w '%{{http_code}}' {credentials}"), &self.play.collection("atlas")))?;
            self.equal(&format!("{what} is refused"), &said, "401");
        }
        Ok(())
    }

    /// Each of the people signs in to the pages, and finds the one object or nothing; with a wrong password nobody does.
    fn pages(&mut self, reckoning: &Reckoning) -> Result<(), Failure> {
        let (pages, explained) = (self.play.pages().to_owned(), self.policy.explained.clone());
        for user in self.policy.users.clone() {
            let jar = self.play.node.with_file_name(format!("{}.cookies", user.name)).display().to_string();
            let form = |password: &str| {
                let fields = format!("--data-urlencode name={} --data-urlencode password={password}", user.name);
                format!("-o /dev/null -w '%{{http_code}}' -c '{jar}' -H 'origin: {}' {fields}", pages.trim_end_matches('/'))
            };
            let code = |this: &Self, arguments: &str, path: &str| this.run(&this.curl(arguments, &format!("{pages}{path}")));
            self.equal(&format!("{}: a wrong password is refused", user.name), &code(self, &form("wrong"), "sign-in/")?, "403");
            let entered = code(self, &form(self.play.password(&user.name)), "sign-in/")?;
            self.equal(&format!("{}: signs in to the pages", user.name), &entered, "303");
            let asked = format!("-b '{jar}' -o /dev/null -w '%{{http_code}}'");
            let found = code(self, &asked, &format!("objects/{explained}/"))?;
            let must = if ids(reckoning, "atlas", &user.name).contains(&explained) { "200" } else { "404" };
            self.equal(&format!("{}: the page of the one object", user.name), &found, must);
            let desk = if user.role == "release-officer" { "200" } else { "404" };
            self.equal(&format!("{}: the page on which labels are made", user.name), &code(self, &asked, "label/")?, desk);
        }
        Ok(())
    }

    /// A hidden object's address answers as one where nothing is, header for header.
    fn hidden_is_absent(&mut self) -> Result<(), Failure> {
        let Some(User { name, .. }) = self.policy.users.last().cloned() else { return Ok(()) };
        let (kind, _) = self.policy.explained.split_once("--").unwrap_or_default();
        let absent = format!("{kind}--00000000-0000-4000-8000-000000000000");
        let credentials = format!("-i -u {name}:{}", self.play.token(&name));
        for more in ["", "versions/"] {
            let ask =
                |this: &Self, object: &str| this.run(&this.curl(&credentials, &format!("{}{more}", tries::object_url(this.play, object))));
            let (hidden, absent) = (ask(self, &self.policy.explained)?, ask(self, &absent)?);
            self.equal(&format!("{name}: a hidden object {more}is as an absent one"), &undated(&hidden), &undated(&absent));
            self.holds(&format!("{name}: an absent object {more}is not found"), absent.contains("404"), &undated(&absent));
        }
        Ok(())
    }

    fn explanations(&mut self) -> Result<(), Failure> {
        for user in self.policy.users.clone() {
            let said = self.run(&tries::explain(self.play, self.policy, &user.name))?;
            let readers = self.expected.readers.get("NATO SECRET");
            let verdict = if readers.is_some_and(|readers| readers.contains(&user.name)) { "released to" } else { "withheld from" };
            self.holds(&format!("{}: explained", user.name), said.contains(&format!("{verdict} {}", user.name)), &said);
        }
        Ok(())
    }

    /// Markings that nobody here can read are named with the reason.
    fn reasons(&mut self) {
        let notes = self.play.reports.iter().filter_map(|report| report.get("notes")).map(ToString::to_string).collect::<String>();
        for marking in ["e3896452-4dcf-4e19-a571-8571c1c530a2", "5e57c739-391a-4eb3-b6be-7d15ca92d5ec"] {
            let said = notes.contains(&format!("marking-definition--{marking}: ")) && notes.contains("withheld from all but");
            self.holds(&format!("marking {marking} withholds, with its reason"), said, &notes);
        }
    }

    /// What is faulty is refused and counted, and nothing else is.
    fn refusals(&mut self, data: &Data) {
        for (report, load) in self.play.reports.iter().zip(&data.loads) {
            let count = |what: &str| report.get(what).and_then(Json::as_u64).unwrap_or(u64::MAX);
            let (added, refused) = (load.objects.len() as u64, load.refused.values().sum::<usize>() as u64);
            let what = format!("load of {}, {}", load.collection, load.what);
            self.equal(
                &what,
                &format!("{} added, {} refused", count("added"), count("refused")),
                &format!("{added} added, {refused} refused"),
            );
        }
    }

    /// Whether the OASIS client is there; in CI it has to be.
    fn has_client(&mut self) -> Result<bool, Failure> {
        let asked = shell("python3 -c 'import taxii2client'").env("PATH", &self.path).stdin(Stdio::null()).output();
        let there = asked.map_err(|error| Failure::of("no shell can be run", &error))?.status.success();
        if !there && std::env::var_os("CI").is_some() {
            self.holds("the OASIS client is there", false, &format!("python3 has no taxii2client; name one that has in {PYTHON}"));
        } else if !there {
            self.skipped += 1;
            self.say(&format!(
                "{WARNING}skipped{WARNING:#}  the OASIS client: python3 has no taxii2client (`pip install taxii2-client`, or set {PYTHON})"
            ));
        }
        Ok(there)
    }

    fn curl(&self, arguments: &str, url: &str) -> String {
        format!("curl -s --cacert '{}' {arguments} {url}", self.play.certificate().display())
    }

    /// What `text` writes, run by a shell as somebody would who pasted it.
    fn run(&self, text: &str) -> Result<String, Failure> {
        let output = shell(text).env("PATH", &self.path).stdin(Stdio::null()).output();
        let output = output.map_err(|error| Failure::of("no shell can be run", &error))?;
        let mut said = String::from_utf8_lossy(&output.stdout).into_owned();
        if !output.status.success() {
            let last = String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or_default().to_owned();
            said.push_str(&format!("[{}] {last}", output.status));
        }
        Ok(said)
    }

    fn equal(&mut self, what: &str, got: &str, must: &str) {
        self.holds(what, got == must, &format!("`{got}`, must be `{must}`"));
    }

    fn holds(&mut self, what: &str, holds: bool, found: &str) {
        self.done += 1;
        if holds {
            return self.say(&format!("{GOOD}good{GOOD:#}     {what}"));
        }
        self.wrong += 1;
        self.say(&format!("{WRONG}wrong{WRONG:#}    {what}: {found}"));
    }

    fn say(&self, line: &str) {
        // A closed pipe ends no check: the exit code says what came of it.
        let _ = writeln!(anstream::stdout(), "{line}");
    }
}

/// A reply without its `date` header.
fn undated(reply: &str) -> String {
    reply.lines().filter(|line| !line.to_ascii_lowercase().starts_with("date:")).collect::<Vec<_>>().join("\n")
}
