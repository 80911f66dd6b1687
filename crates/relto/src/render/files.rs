//! Files in force, what one would change, and lists for the intake, for people.

use std::io::{self, Write};

use relto_node::{CollectionImpact, FileInForce, Impact, InputInForce, LabelImpact};

use super::{GOOD, STRONG, WRONG, names, show_table, table};

pub(super) fn show_files(files: &[FileInForce], out: &mut dyn Write) -> io::Result<()> {
    let mut shown = table(["what", "name", "open up to", "in force since", "sha-256"]);
    for file in files {
        let open = file.open_up_to.as_deref().unwrap_or("-");
        shown.add_row([file.kind.word(), &file.name, open, &file.since.to_string(), file.sha256.get(..16).unwrap_or_default()]);
    }
    show_table(&shown, "no files: what is built in holds", out)
}

pub(super) fn show_inputs(inputs: &[InputInForce], out: &mut dyn Write) -> io::Result<()> {
    let mut shown = table(["name", "what", "label", "in use since", "sha-256", "documents read with it"]);
    for input in inputs {
        let (since, documents) = (input.since.to_string(), input.documents.to_string());
        shown.add_row([input.name.as_str(), &input.kind, &input.label, &since, input.sha256.get(..16).unwrap_or_default(), &documents]);
    }
    show_table(&shown, "no lists: `relto intake list add` adds some", out)
}

pub(super) fn show_impact(impact: &Impact, out: &mut dyn Write) -> io::Result<()> {
    if impact.changes.is_empty() && impact.collections.is_empty() {
        return writeln!(out, "with {STRONG}{}{STRONG:#} in force, nobody would see anything more or less", impact.file);
    }
    for LabelImpact { label, objects, named, released, withheld } in &impact.changes {
        writeln!(out, "{STRONG}{label}{STRONG:#}: {objects} object(s)")?;
        named.iter().try_for_each(|id| writeln!(out, "  {id}"))?;
        let more = objects.saturating_sub(named.len() as u64);
        if more > 0 {
            writeln!(out, "  and {more} more")?;
        }
        show_moves(released, withheld, out)?;
    }
    for CollectionImpact { collection, released, withheld } in &impact.collections {
        writeln!(out, "collection {STRONG}{collection}{STRONG:#}")?;
        show_moves(released, withheld, out)?;
    }
    writeln!(out, "nothing was changed; `relto policy activate` puts {} in force", impact.file)
}

fn show_moves(released: &[String], withheld: &[String], out: &mut dyn Write) -> io::Result<()> {
    if !released.is_empty() {
        writeln!(out, "  {GOOD}newly released to{GOOD:#} {}", names(released))?;
    }
    if !withheld.is_empty() {
        writeln!(out, "  {WRONG}newly withheld from{WRONG:#} {}", names(withheld))?;
    }
    Ok(())
}
