//! What was read, as people and machines see it. Nothing is stored here.

use std::io::{self, Write};

use relto_intake::Analysis;
use relto_intake::acquire::Origin;
use relto_intake::misp::{Untold, Written};
use relto_intake::page::{About, Choice};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::render::{GOOD, STRONG, WARNING, show_table, table};

/// Rows of a table that people are shown.
const ROWS_MAX: usize = 40;

/// What is written of one document: what was read, and beside it where it came from.
#[derive(Serialize)]
pub(super) struct Read<'r> {
    /// Only where it is one of several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<&'r str>,
    #[serde(flatten)]
    pub(super) analysis: &'r Analysis,
    pub(super) source: Told<'r>,
}

/// Where a document came from, and what it says of itself.
#[derive(Serialize)]
pub(super) struct Told<'t> {
    #[serde(flatten)]
    pub(super) origin: &'t Origin,
    #[serde(flatten)]
    pub(super) about: &'t About,
}

/// What is written of an event of MISP.
#[derive(Serialize)]
pub(super) struct Event<'e> {
    pub(super) name: &'e str,
    pub(super) bundle: &'e RawValue,
    pub(super) untold: &'e [Untold],
}

/// What a document is and says of itself.
pub(super) fn heading(name: &str, origin: &Origin, about: &About, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{STRONG}{name}{STRONG:#}")?;
    let claims = [&about.title, &about.author, &about.published, &about.language, &about.address];
    let said: Vec<&str> = claims.into_iter().flatten().map(String::as_str).collect();
    if !said.is_empty() {
        writeln!(out, "it says of itself: {}", said.join("; "))?;
    }
    if origin.choice == Some(Choice::Shown) && origin.item.is_none() {
        writeln!(out, "{WARNING}its main text was not found{WARNING:#}: all that it shows is read")?;
    }
    if origin.rendition.is_some() {
        writeln!(out, "places are in the text that was made of it, not in its bytes")?;
    }
    Ok(())
}

/// What people are shown of an event.
pub(super) fn event(name: &str, written: &Written, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{STRONG}{name}{STRONG:#}")?;
    let mut objects = table(["becomes", "objects"]);
    for (kind, count) in &written.counts {
        objects.add_row([kind.as_str(), &count.to_string()]);
    }
    show_table(&objects, "it becomes nothing", out)?;
    for Untold { pointer, why } in written.untold.iter().take(ROWS_MAX) {
        writeln!(out, "{WARNING}not taken{WARNING:#}: {pointer}: {why}")?;
    }
    match written.untold.len().saturating_sub(ROWS_MAX) {
        0 => Ok(()),
        more => writeln!(out, "and {more} more, which `--json` names"),
    }
}

/// What people are shown of a document.
pub(super) fn summary(analysis: &Analysis, out: &mut dyn Write) -> io::Result<()> {
    let mut entities = table(["name", "type", "named"]);
    for entity in analysis.entities.iter().take(ROWS_MAX) {
        let name = if entity.candidates.is_empty() {
            entity.name.clone()
        } else {
            format!("{}: one of {}", entity.name, entity.candidates.join(", "))
        };
        entities.add_row([name, word(&entity.kind), entity.mentions.len().to_string()]);
    }
    show_table(&entities, "it names nobody that is known", out)?;
    let mut facts = table(["when, how much, or who", "what it says", "how"]);
    for fact in analysis.dated_facts.iter().take(ROWS_MAX) {
        facts.add_row([fact.date.as_str(), fact.what.as_str(), &word(&fact.status)]);
    }
    for figure in analysis.figures.iter().take(ROWS_MAX) {
        facts.add_row([format!("{} {}", figure.value, figure.unit), figure.meaning.clone(), word(&figure.status)]);
    }
    for relation in analysis.relations.iter().take(ROWS_MAX) {
        let said = format!("{} {} {}", relation.subject, relation.predicate, relation.object);
        facts.add_row([said, String::new(), word(&relation.status)]);
    }
    show_table(&facts, "it dates, counts and connects nothing", out)?;
    notes(analysis, out)
}

/// What was done to the text, and what to beware of.
fn notes(analysis: &Analysis, out: &mut dyn Write) -> io::Result<()> {
    if analysis.copies > 1 {
        writeln!(out, "the text stands in it {} times", analysis.copies)?;
    }
    let (edits, gaps, flags) = (analysis.edits.len(), analysis.gaps.len(), analysis.polarity_flags.len());
    if edits + gaps == 0 {
        writeln!(out, "{GOOD}the text is as it came{GOOD:#}")?;
    } else {
        writeln!(out, "{WARNING}{edits} repairs, {gaps} places where something is missing{WARNING:#}: `--json` names each")?;
    }
    if flags > 0 {
        writeln!(
            out,
            "{WARNING}{flags} words may say the opposite of what was meant{WARNING:#}: what rests on them is told as a claim, never as a fact"
        )?;
    }
    Ok(())
}

/// `name` in one line that no terminal obeys: what would end it, or turn it round, is written out.
pub(super) fn plain(name: &str) -> String {
    let obeyed = |c: char| c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let written = |c: char| if obeyed(c) { c.escape_default().to_string() } else { c.to_string() };
    name.chars().map(written).collect()
}

/// A closed word as it stands in JSON.
pub(super) fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
