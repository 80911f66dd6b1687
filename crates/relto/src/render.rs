//! Outcomes for people (tables, colour where a terminal reads it) and for machines (one line of JSON).
//!
//! An id or a token is the last line on standard output, alone. Nothing is decided here.

mod consents;
mod entity;
mod files;
mod found;
mod models;
mod partners;
mod requests;
mod shown;
mod tearline;

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{ContentArrangement, Table};
use relto_node::{Explained, LoadReport, Preview, PreviewedLabel, Relabelled, Withheld};
use serde_json::{Value as Json, json};

use crate::command::{Act, Check, CollectionFacts, EquivalenceFacts, GroupFacts, Outcome, Secret, State, UserFacts};
use crate::failure::Failure;

/// What is good.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// What somebody should look at.
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default();
/// What is wrong.
pub(crate) const WRONG: Style = AnsiColor::Red.on_default().bold();
/// What stands out.
pub(crate) const STRONG: Style = Style::new().bold();

/// Writes `outcome` to `out`.
///
/// # Errors
/// When `out` fails.
pub(crate) fn show(outcome: &Outcome, as_json: bool, out: &mut dyn Write) -> io::Result<()> {
    if as_json { writeln!(out, "{}", machine(outcome)) } else { human(outcome, out) }
}

/// Writes `failure`: what happened, the single findings, the next step; for machines as one line of JSON.
///
/// # Errors
/// When `out` fails.
pub(crate) fn show_failure(failure: &Failure, as_json: bool, out: &mut dyn Write) -> io::Result<()> {
    if as_json {
        let code = failure.exit.code();
        return writeln!(out, "{}", json!({"error": failure.message, "details": failure.details, "help": failure.help, "code": code}));
    }
    writeln!(out, "{WRONG}error:{WRONG:#} {}", failure.message)?;
    for detail in &failure.details {
        writeln!(out, "  {detail}")?;
    }
    failure.help.as_ref().map_or(Ok(()), |help| writeln!(out, "{GOOD}help:{GOOD:#} {help}"))
}

fn machine(outcome: &Outcome) -> Json {
    match outcome {
        Outcome::Done { act } => json!({"done": act}),
        Outcome::Made { name, secret: Secret::Id(id), .. } => json!({"name": name, "id": id}),
        Outcome::Made { name, secret: Secret::Token(token), .. } => json!({"name": name, "token": token}),
        Outcome::Users(users) => json!(users),
        Outcome::Collections(collections) => json!(collections),
        Outcome::Groups(groups) => json!(groups),
        Outcome::Equivalences(equivalences) => json!(equivalences),
        Outcome::Label { written, means, rules } => json!({"written": written, "means": means, "rules": rules}),
        Outcome::Written(documents) => json!(documents),
        Outcome::Relabelled(relabelled) => json!(relabelled),
        Outcome::Loaded(report) => json!(report),
        Outcome::Models(models) => json!(models),
        Outcome::ModelDecided(decision) => json!(decision),
        Outcome::Previewed(preview) => json!(preview),
        Outcome::Proposed(proposal) => json!(proposal),
        Outcome::Published(published) => json!(published),
        Outcome::Consented(consented) => json!(consented),
        Outcome::Consents(consents) => json!(consents),
        Outcome::ConsentRequested(request) => json!(request),
        Outcome::ConsentRequests(requests) => json!(requests),
        Outcome::Shown { object, user, versions } => json!({"object": object, "user": user, "versions": versions}),
        Outcome::Explained { object, user, versions } => json!({"object": object, "user": user, "versions": versions}),
        Outcome::Found(answer) => json!(answer),
        Outcome::Paths(answer) => json!(answer),
        Outcome::Entity(answer) => json!(answer),
        Outcome::Exported { objects } => json!({"objects": objects}),
        Outcome::Examined(checks) => json!(checks),
        Outcome::Acts(acts) => json!(acts),
        Outcome::Files(files) => json!(files),
        Outcome::Inputs(inputs) => json!(inputs),
        Outcome::Impact(impact) => json!(impact),
        Outcome::Card(card) => serde_json::from_str(card).unwrap_or_default(),
        Outcome::AgreementEffect(effect) => json!(effect),
        Outcome::Partner(partner) => json!(partner),
        Outcome::Partners(partners) => json!(partners),
        Outcome::Holdings { holdings, .. } => json!(holdings),
        Outcome::MediaWritten { written, .. } => json!(written),
        Outcome::MediaRead(read) => json!(read),
        Outcome::Recalled(recalled) => json!(recalled),
        Outcome::Traced(trace) => json!(trace),
        Outcome::Quarantine(waiting) => json!(waiting),
        Outcome::Taken(taken) => json!(taken),
        Outcome::InformationWritten(written) => json!(written),
        Outcome::InformationRequests(requests) => json!(requests),
    }
}

fn human(outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    match outcome {
        Outcome::Done { act } => writeln!(out, "{act}"),
        Outcome::Made { act, secret: Secret::Id(last) | Secret::Token(last), .. } => writeln!(out, "{act}\n{last}"),
        Outcome::Users(users) => show_users(users, out),
        Outcome::Collections(collections) => show_collections(collections, out),
        Outcome::Groups(groups) => show_groups(groups, out),
        Outcome::Equivalences(equivalences) => show_equivalences(equivalences, out),
        Outcome::Label { means, rules, .. } => {
            writeln!(out, "{STRONG}{means}{STRONG:#}")?;
            rules.iter().try_for_each(|rule| writeln!(out, "  {rule}"))
        }
        Outcome::Written(documents) => documents.iter().try_for_each(|document| writeln!(out, "{document}")),
        Outcome::Relabelled(relabelled) => show_relabelled(relabelled, out),
        Outcome::Loaded(report) => show_report(report, out),
        Outcome::Models(models) => models::show_models(models, out),
        // Nobody asks for it on the command line.
        Outcome::ModelDecided(_) => Ok(()),
        Outcome::Previewed(preview) => show_preview(preview, out),
        Outcome::Proposed(proposal) => tearline::show_proposal(proposal, out),
        Outcome::Published(published) => tearline::show_published(published, out),
        Outcome::Consented(consented) => consents::show_consented(consented, out),
        Outcome::Consents(given) => consents::show_consents(given, out),
        Outcome::ConsentRequested(request) => consents::show_requested(request, out),
        Outcome::ConsentRequests(requests) => consents::show_requests(requests, out),
        Outcome::Shown { object, versions, .. } => shown::show_objects(object, versions, out),
        Outcome::Explained { object, user, versions } => show_explained(object, user, versions, out),
        Outcome::Found(answer) => found::show_found(answer, out),
        Outcome::Paths(answer) => found::show_paths(answer, out),
        Outcome::Entity(answer) => entity::show_entity(answer, out),
        Outcome::Exported { objects } => writeln!(out, "{objects} objects"),
        Outcome::Examined(checks) => show_checks(checks, out),
        Outcome::Acts(acts) => show_acts(acts, out),
        Outcome::Files(files) => files::show_files(files, out),
        Outcome::Inputs(inputs) => files::show_inputs(inputs, out),
        Outcome::Impact(impact) => files::show_impact(impact, out),
        Outcome::Card(card) => write!(out, "{card}"),
        Outcome::AgreementEffect(effect) => partners::show_effect(effect, out),
        Outcome::Partner(partner) => partners::show_partner(partner, out),
        Outcome::Partners(all) => partners::show_partners(all, out),
        Outcome::Holdings { holdings, has_left } => partners::show_holdings(holdings, *has_left, out),
        Outcome::MediaWritten { written, .. } => partners::show_written(written, out),
        Outcome::MediaRead(read) => partners::show_read(read, out),
        Outcome::Recalled(recalled) => partners::show_recalled(recalled, out),
        Outcome::Traced(trace) => partners::show_trace(trace, out),
        Outcome::Quarantine(waiting) => partners::show_quarantine(waiting, out),
        Outcome::Taken(taken) => partners::show_taken(taken, out),
        Outcome::InformationWritten(written) => requests::show_written(written, out),
        Outcome::InformationRequests(all) => requests::show_requests(all, out),
    }
}

/// A table with these heads.
pub(crate) fn table<const N: usize>(heads: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic).set_header(heads);
    table
}

pub(crate) fn show_table(table: &Table, none: &str, out: &mut dyn Write) -> io::Result<()> {
    if table.row_count() == 0 { writeln!(out, "{none}") } else { writeln!(out, "{table}") }
}

fn show_users(users: &[UserFacts], out: &mut dyn Write) -> io::Result<()> {
    let mut shown = table(["name", "nations", "organisation", "member", "clearance", "access", "role", "state"]);
    for user in users {
        shown.add_row([
            user.name.as_str(),
            &user.nations.join(", "),
            &user.organisation,
            &user.members.join(", "),
            &user.clearances.join(", "),
            &user.accesses.join(", "),
            &user.role,
            if user.disabled { "disabled" } else { "in use" },
        ]);
    }
    show_table(&shown, "no users yet: `relto user add` makes one", out)
}

fn show_collections(collections: &[CollectionFacts], out: &mut dyn Write) -> io::Result<()> {
    let mut shown = table(["name", "id", "title", "label", "use", "recipients"]);
    for collection in collections {
        let recipients = collection.recipients.iter().map(|(organisation, clients)| {
            if clients.is_empty() { organisation.clone() } else { format!("{organisation} (clients: {})", clients.join(", ")) }
        });
        let used = match (collection.can_read, collection.can_write) {
            (true, true) => "read, write",
            (true, false) => "read",
            (false, true) => "write",
            (false, false) => "none",
        };
        let used = if collection.second_person { format!("{used}; a second person decides") } else { used.to_owned() };
        let recipients = recipients.collect::<Vec<_>>().join("; ");
        shown.add_row([collection.name.as_str(), &collection.id, &collection.title, &collection.label, &used, &recipients]);
    }
    show_table(&shown, "no collections yet: `relto collection add` makes one", out)
}

fn show_groups(groups: &[GroupFacts], out: &mut dyn Write) -> io::Result<()> {
    let mut shown = table(["group", "nations today"]);
    for group in groups {
        shown.add_row([group.name.as_str(), &group.nations.join(" ")]);
    }
    show_table(&shown, "no groups", out)
}

fn show_equivalences(equivalences: &[EquivalenceFacts], out: &mut dyn Write) -> io::Result<()> {
    let mut shown = table(["a clearance", "counts as"]);
    for equivalence in equivalences {
        shown.add_row([&equivalence.held, &equivalence.counts_as]);
    }
    show_table(&shown, "no equivalences: a clearance counts in its own policy only", out)
}

fn show_relabelled(relabelled: &Relabelled, out: &mut dyn Write) -> io::Result<()> {
    let Relabelled { rows, label, gained, lost } = relabelled;
    writeln!(out, "{rows} version(s) now have the label {STRONG}{label}{STRONG:#}")?;
    writeln!(out, "gained by: {}", names(gained))?;
    writeln!(out, "lost by:   {}", names(lost))?;
    if lost.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "{WARNING}note:{WARNING:#}      objects that refer to it keep their labels: `relto doctor` lists those that tell of it to more readers"
    )
}

pub(crate) fn names(names: &[String]) -> String {
    if names.is_empty() { "nobody".to_owned() } else { names.join(", ") }
}

/// Writes what a load did.
///
/// # Errors
/// When `out` fails.
pub(crate) fn show_report(report: &LoadReport, out: &mut dyn Write) -> io::Result<()> {
    let mut shown = table(["what", "objects", "detail"]);
    let mut row = |what: &str, count: u64, detail: &str| {
        shown.add_row([what, &count.to_string(), detail]);
    };
    row("added", report.added, "");
    if report.present > 0 {
        row("present", report.present, "there already, word for word");
    }
    report.refusals.iter().for_each(|refusal| row("refused", 1, refusal));
    let unnamed = report.refused.saturating_sub(report.refusals.len() as u64);
    if unnamed > 0 {
        row("refused", unnamed, "further objects");
    }
    report.marked.iter().for_each(|marking| row("marked", 1, marking));
    for (what, counts) in [("converted from 2.0", &report.converted), ("warning", &report.warnings), ("note", &report.notes)] {
        counts.iter().for_each(|(rule, count)| row(what, *count, rule));
    }
    show_table(&shown, "nothing", out)
}

/// How many objects of a label are named in a preview for people.
const OBJECTS_NAMED_MAX: usize = 10;

fn show_preview(preview: &Preview, out: &mut dyn Write) -> io::Result<()> {
    for PreviewedLabel { label, objects, recipients, withheld } in &preview.labels {
        writeln!(out, "{STRONG}{label}{STRONG:#}: {objects} object(s)")?;
        let of_label = preview.objects.iter().filter(|object| object.label == *label);
        of_label.take(OBJECTS_NAMED_MAX).try_for_each(|object| writeln!(out, "  {}", object.id))?;
        if *objects > OBJECTS_NAMED_MAX {
            writeln!(out, "  and {} more, which --json names", objects - OBJECTS_NAMED_MAX)?;
        }
        writeln!(out, "  {GOOD}released to{GOOD:#} {}", names(recipients))?;
        for Withheld { user, because } in withheld {
            writeln!(out, "  {WRONG}withheld from {user}{WRONG:#}: {}", because.join("; "))?;
        }
    }
    tearline::show_object_findings(&preview.objects, out)?;
    writeln!(out, "nothing was stored; `relto load` would say:")?;
    show_report(&preview.report, out)
}

fn show_explained(object: &str, user: &str, versions: &[Explained], out: &mut dyn Write) -> io::Result<()> {
    for version in versions {
        let (style, verdict) = consents::in_words(version.verdict);
        writeln!(out, "{STRONG}{object}{STRONG:#}")?;
        writeln!(
            out,
            "  version {} in collection `{}`, by {}, added {}",
            version.version, version.collection, version.owner, version.added
        )?;
        writeln!(out, "  label: {}", version.label)?;
        writeln!(out, "  {style}{verdict} {user}{style:#}")?;
        if let Some(since) = &version.visible_since {
            writeln!(out, "  date added, as {user} sees it: {since}")?;
        }
        for rule in &version.rules {
            let (style, mark) = if rule.met { (GOOD, "met    ") } else { (WRONG, "not met") };
            let citation = rule.citation.as_ref().map(|citation| format!(" ({citation})")).unwrap_or_default();
            writeln!(out, "    {style}{mark}{style:#}  {}: {}{citation}", rule.rule, rule.because)?;
            if let Some(change) = &rule.would_change {
                writeln!(out, "             would change it: {change}")?;
            }
        }
        if !version.smallest_changes.is_empty() {
            writeln!(out, "  any one of these would {} it:", if version.released { "withhold" } else { "release" })?;
        }
        for change in &version.smallest_changes {
            writeln!(out, "    - {}", change.join(", and "))?;
        }
        version.notes.iter().try_for_each(|note| writeln!(out, "    {WARNING}note   {WARNING:#}  {note}"))?;
    }
    Ok(())
}

fn show_checks(checks: &[Check], out: &mut dyn Write) -> io::Result<()> {
    let longest = checks.iter().map(|check| check.check.chars().count()).max().unwrap_or(0);
    for check in checks {
        let (style, mark) = match check.state {
            State::Good => (GOOD, "good   "),
            State::Warning => (WARNING, "look at"),
            State::Wrong => (WRONG, "wrong  "),
        };
        writeln!(out, "{style}{mark}{style:#}  {:longest$}  {}", check.check, check.found)?;
        if let Some(help) = &check.help {
            writeln!(out, "         {:longest$}  help: {help}", "")?;
        }
    }
    Ok(())
}

fn show_acts(acts: &[Act], out: &mut dyn Write) -> io::Result<()> {
    for Act { at, act } in acts {
        let name = act.get("act").and_then(Json::as_str).unwrap_or("act");
        let mut facts = Vec::new();
        act.as_object().into_iter().flatten().filter(|(key, _)| *key != "act").for_each(|(key, value)| name_facts(key, value, &mut facts));
        writeln!(out, "{at}  {STRONG}{name:<17}{STRONG:#} {}", facts.join(", "))?;
    }
    Ok(())
}

/// What an act says, without what it leaves empty.
fn name_facts(key: &str, value: &Json, facts: &mut Vec<String>) {
    match value {
        Json::Null | Json::Bool(false) => {}
        Json::Object(fields) if key == "user" => fields.iter().for_each(|(key, value)| name_facts(key, value, facts)),
        Json::Array(values) if values.is_empty() => {}
        Json::Array(values) => facts.push(format!("{key} {}", values.iter().map(in_words).collect::<Vec<_>>().join(" and "))),
        Json::String(text) if text.is_empty() => {}
        value => facts.push(format!("{key} {}", in_words(value))),
    }
}

fn in_words(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        value => value.to_string(),
    }
}
