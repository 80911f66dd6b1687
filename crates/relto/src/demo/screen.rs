//! What the demo shows: what was loaded, who the people are, what each of them gets, and how to ask.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::process::{Command, Stdio};

use anstyle::{AnsiColor, Style};
use serde_json::Value as Json;

use crate::demo::data::Data;
use crate::demo::policy::{Policy, User};
use crate::demo::reckoning::id;
use crate::demo::stage::Play;
use crate::demo::tries::{self, Try};
use crate::failure::Failure;
use crate::render::{STRONG, WARNING, table};

/// Commands to paste.
const COMMAND: Style = AnsiColor::Cyan.on_default();

/// Shows everything.
///
/// # Errors
/// [`Failure`] when a command fails, or nobody reads.
pub(super) fn show(play: &Play, policy: &Policy, data: &Data) -> Result<(), Failure> {
    let got = policy
        .users
        .iter()
        .map(|user| Ok((user.name.as_str(), exported(play, &user.name, None)?)))
        .collect::<Result<BTreeMap<_, _>, Failure>>()?;
    let explained = explanations(play, policy)?;
    let mut out = anstream::stdout().lock();
    let written = introduction(play, policy, data, &mut out)
        .and_then(|()| who_gets_what(policy, data, &got, &mut out))
        .and_then(|()| reasons(play, data, &mut out))
        .and_then(|()| out.write_all(explained.as_bytes()))
        .and_then(|()| in_a_browser(play, policy, &mut out))
        .and_then(|()| commands(play, policy, &mut out))
        .and_then(|()| further(play, policy, &mut out))
        .and_then(|()| out.flush());
    written.map_err(|error| Failure::of("the demo cannot be shown", &error))
}

/// Said when somebody ended the demo.
pub(super) fn farewell() {
    // Nobody has to read it.
    let _ = writeln!(anstream::stdout(), "\nThe nodes and their directory are gone.");
}

/// The ids of a bundle that `relto export` writes for `name`, in order.
///
/// # Errors
/// [`Failure`] when there is none.
pub(super) fn exported(play: &Play, name: &str, collection: Option<&str>) -> Result<Vec<String>, Failure> {
    let mut command = Command::new(&play.binary);
    command.arg("export").arg("--data").arg(&play.node).args(["--as", name]);
    collection.iter().for_each(|collection| {
        command.args(["--collection", collection]);
    });
    let output = command.stdin(Stdio::null()).output().map_err(|error| Failure::of("`relto export` cannot be run", &error))?;
    ids_of(&output.stdout)
        .ok_or_else(|| Failure::new(format!("`relto export --as {name}` failed: {}", String::from_utf8_lossy(&output.stderr))))
}

/// The ids in a bundle.
pub(super) fn ids_of(bundle: &[u8]) -> Option<Vec<String>> {
    let bundle: Json = serde_json::from_slice(bundle).ok()?;
    Some(bundle.get("objects")?.as_array()?.iter().map(|object| id(object).to_owned()).collect())
}

fn introduction(play: &Play, policy: &Policy, data: &Data, out: &mut dyn Write) -> io::Result<()> {
    let objects = |collection: &str| data.of(collection).map(|load| load.objects.len()).sum::<usize>();
    writeln!(out, "{STRONG}A throw-away node of {} ({}), at {}{STRONG:#}\n", policy.organisation, policy.nation, play.taxii)?;
    for collection in &policy.collections {
        let count = objects(&collection.name);
        let unit = if count == 1 { "object " } else { "objects" };
        writeln!(out, "  {:<7} {count:>4} {unit}  {}", collection.name, collection.title)?;
    }
    writeln!(out, "\nLabelled by an illustrative release policy (demo/policy.json), for three people:\n")?;
    for User { name, nation, organisation, clearances, .. } in &policy.users {
        writeln!(out, "  {STRONG}{name:<7}{STRONG:#} {nation}  {organisation:<12} cleared {}", clearances.join(", "))?;
    }
    Ok(())
}

fn who_gets_what(policy: &Policy, data: &Data, got: &BTreeMap<&str, Vec<String>>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{STRONG}Who gets how many{STRONG:#}")?;
    let sets: BTreeMap<&str, BTreeSet<&str>> = got.iter().map(|(name, ids)| (*name, ids.iter().map(String::as_str).collect())).collect();
    let names = policy.users.iter().map(|user| user.name.as_str());
    let mut shown = table(["label", "what", "objects"]);
    shown.set_header(["label", "what", "objects"].into_iter().chain(names.clone()));
    for load in &data.loads {
        let of = |name: &str| load.objects.iter().filter(|object| sets.get(name).is_some_and(|ids| ids.contains(id(object)))).count();
        let counts = names.clone().map(|name| of(name).to_string());
        shown.add_row([load.label.clone(), load.what.clone(), load.objects.len().to_string()].into_iter().chain(counts));
    }
    let all = data.loads.iter().map(|load| load.objects.len()).sum::<usize>();
    let counts = names.clone().map(|name| sets.get(name).map_or(0, BTreeSet::len).to_string());
    shown.add_row(["all".to_owned(), String::new(), all.to_string()].into_iter().chain(counts));
    shown.column_iter_mut().skip(2).for_each(|column| {
        column.set_cell_alignment(comfy_table::CellAlignment::Right);
    });
    writeln!(out, "{shown}")
}

/// What the loads refused, and what they had to say of markings.
fn reasons(play: &Play, data: &Data, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{STRONG}What was refused or withheld on loading, and why{STRONG:#}")?;
    for (report, load) in play.reports.iter().zip(&data.loads) {
        let collection = load.collection;
        for (fault, count) in &load.refused {
            writeln!(out, "  {WARNING}{collection:<6}{WARNING:#} {count} refused: {fault}")?;
        }
        for note in report.get("notes").and_then(Json::as_object).into_iter().flat_map(|notes| notes.keys()) {
            writeln!(out, "  {WARNING}{collection:<6}{WARNING:#} {note}")?;
        }
    }
    Ok(())
}

fn in_a_browser(play: &Play, policy: &Policy, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "\n{STRONG}In a browser{STRONG:#}: {COMMAND}{}{COMMAND:#} (the certificate is the node's own). Sign in as\n",
        play.pages()
    )?;
    for User { name, role, .. } in &policy.users {
        writeln!(out, "  {STRONG}{name:<7}{STRONG:#} password {}  {role}", play.password(name))?;
    }
    Ok(())
}

fn commands(play: &Play, policy: &Policy, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{STRONG}Ask as each of them{STRONG:#}: paste into another terminal. For each: how many ATLAS objects; one object;")?;
    writeln!(out, "all collections through the OASIS client (`pip install taxii2-client`).")?;
    for user in &policy.users {
        writeln!(out, "\n{STRONG}{}{STRONG:#}", user.name)?;
        for Try { text, .. } in tries::of_user(play, policy, user) {
            writeln!(out, "{COMMAND}{text}{COMMAND:#}")?;
        }
    }
    Ok(())
}

/// The commands that explain the one object to each of the people, and what they say.
fn explanations(play: &Play, policy: &Policy) -> Result<String, Failure> {
    let mut text = format!("\n{STRONG}Why the one object goes to some and not to others{STRONG:#}\n");
    for user in &policy.users {
        let command = tries::explain(play, policy, &user.name);
        let said = shell(&command).stdin(Stdio::null()).env("CLICOLOR_FORCE", "1").output();
        let said = said.map_err(|error| Failure::of(&format!("`{command}` cannot be run"), &error))?;
        text.push_str(&format!("\n{COMMAND}{command}{COMMAND:#}\n{}", String::from_utf8_lossy(&said.stdout)));
    }
    Ok(text)
}

/// `sh -c TEXT`.
pub(super) fn shell(text: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", text]).env_remove("RELTO_DATA");
    command
}

fn further(play: &Play, policy: &Policy, out: &mut dyn Write) -> io::Result<()> {
    let (held, counts_as) = &policy.equivalence;
    writeln!(out, "\n{STRONG}Change something while it runs{STRONG:#}: let {held} count as {counts_as}, and ask as amelie again.")?;
    writeln!(out, "{COMMAND}{}{COMMAND:#}\n", tries::equivalence(play, policy))?;
    writeln!(out, "The commands that made this node are in {}.", play.made_with.display())
}

/// The last that is said: how it ends.
///
/// # Errors
/// [`Failure`] when nobody reads.
pub(super) fn last(play: &Play) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    let folder = play.node.parent().unwrap_or(&play.node).display();
    let said = writeln!(out, "\n{STRONG}Ctrl-C{STRONG:#} ends all nodes and removes their directory, {folder}.").and_then(|()| out.flush());
    said.map_err(|error| Failure::of("the demo cannot be shown", &error))
}
