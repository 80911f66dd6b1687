//! Tearlines for people, and what the release check finds. The snippets are for the custodian alone.

use std::io::{self, Write};

use relto_node::{Finding, PreviewedObject, Proposal, Published, RemovedPart};

use super::{GOOD, STRONG, WARNING, WRONG, names, show_table, table};

/// How many findings a preview for people shows.
const FINDINGS_SHOWN_MAX: usize = 50;

/// Writes what would be published.
///
/// # Errors
/// When `out` fails.
pub(super) fn show_proposal(proposal: &Proposal, out: &mut dyn Write) -> io::Result<()> {
    let Proposal { original, label, collection, object, content, removed, refused, findings, exists } = proposal;
    writeln!(out, "{STRONG}{original}{STRONG:#} for {STRONG}{label}{STRONG:#}, in collection `{collection}`")?;
    if let Some(object) = object {
        writeln!(out, "{object:#}")?;
    }
    let mut gone = table(["left out", "why", "rule"]);
    for RemovedPart { pointer, because, citation } in removed {
        gone.add_row([pointer, because, citation]);
    }
    show_table(&gone, "nothing is left out", out)?;
    if let Some(why) = refused {
        return writeln!(out, "{WRONG}no tearline{WRONG:#}: {why}");
    }
    show_findings(findings, out)?;
    if let Some(exists) = exists {
        writeln!(out, "{WARNING}published already{WARNING:#}: {exists}")?;
    }
    writeln!(out, "content {}", content.as_deref().unwrap_or_default())?;
    writeln!(out, "nothing was stored; --publish --reviewed-by NAME --reason TEXT publishes it under an id of its own")
}

fn show_findings(findings: &[Finding], out: &mut dyn Write) -> io::Result<()> {
    let mut shown = table(["no.", "what", "where", "text", "why", "rule"]);
    for (number, Finding { pointer, start, what, snippet, why, citation, .. }) in (1..).zip(findings) {
        shown.add_row([&number.to_string(), what.name(), &format!("{pointer} at {start}"), snippet, why, citation]);
    }
    show_table(&shown, "the check of its text found nothing; it knows no names, so look at it", out)
}

/// Writes what was published; the id of the tearline is the last line.
///
/// # Errors
/// When `out` fails.
pub(super) fn show_published(published: &Published, out: &mut dyn Write) -> io::Result<()> {
    let Published { original, tearline, label, collection, recipients } = published;
    writeln!(out, "published a tearline of {original} for {STRONG}{label}{STRONG:#}, in collection `{collection}`")?;
    writeln!(out, "{GOOD}released to{GOOD:#} {}", names(recipients))?;
    writeln!(out, "{tearline}")
}

/// Writes what the labels of `objects` do not cover in their texts.
///
/// # Errors
/// When `out` fails.
pub(super) fn show_object_findings(objects: &[PreviewedObject], out: &mut dyn Write) -> io::Result<()> {
    let all = || objects.iter().flat_map(|object| object.findings.iter().map(move |finding| (object, finding)));
    let count = all().count();
    if count == 0 {
        return Ok(());
    }
    writeln!(out, "{WARNING}what the labels do not cover{WARNING:#}: {count} finding(s)")?;
    let mut shown = table(["object", "what", "where", "text", "why"]);
    for (object, Finding { pointer, start, what, snippet, why, .. }) in all().take(FINDINGS_SHOWN_MAX) {
        shown.add_row([object.id.as_str(), what.name(), &format!("{pointer} at {start}"), snippet, why]);
    }
    writeln!(out, "{shown}")?;
    if count > FINDINGS_SHOWN_MAX {
        writeln!(out, "  and {} more, which --json names", count - FINDINGS_SHOWN_MAX)?;
    }
    Ok(())
}
