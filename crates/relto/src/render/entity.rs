//! What is known of an entity, for people: under one banner, part after part, and what contradicts each other side by side.

use std::io::{self, Write};

use relto_node::{
    Contradiction, EntityAnswer, EntityFact, EntityRecord, EntitySource, NeighbourGroup, Part, ReferenceGroup, Remark, Side, SourceName,
};

use super::found::one_line;
use super::shown::plain;
use super::{STRONG, WARNING, show_table, table};

/// Characters of an hour and a minute.
const MINUTE: usize = 5;

/// Writes `answer`, part by part; one that has nothing in it is left out.
///
/// # Errors
/// When `out` fails.
pub(super) fn show_entity(answer: &EntityAnswer, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "[{}]", one_line(&answer.label))?;
    writeln!(out, "{STRONG}{}{STRONG:#} ({})", one_line(&answer.name), answer.kind)?;
    if !answer.aliases.shown.is_empty() {
        let aliases: Vec<String> = answer.aliases.shown.iter().map(|alias| one_line(alias)).collect();
        writeln!(out, "also called: {}{}", aliases.join(", "), more_of(answer.aliases.more))?;
    }
    show_records(&answer.records, out)?;
    show_timeline(&answer.timeline, out)?;
    show_neighbours(&answer.neighbours, out)?;
    show_references(&answer.references, out)?;
    show_remarks(&answer.remarks, out)?;
    show_sources(&answer.sources, out)?;
    show_contradictions(&answer.contradictions, out)?;
    if answer.is_cut {
        writeln!(out, "{WARNING}there is so much that not all of it was looked at{WARNING:#}")?;
    }
    Ok(())
}

fn show_records(records: &Part<EntityRecord>, out: &mut dyn Write) -> io::Result<()> {
    head("Records", records, out)?;
    for record in &records.shown {
        writeln!(out, "  {}  {}", record.id, one_line(&record.name))?;
        let version = record.version.as_deref().map_or_else(String::new, |version| format!("version {version} "));
        writeln!(out, "    [{}] {version}in collection `{}`, {}", one_line(&record.label), record.collection, from(&record.source))?;
    }
    Ok(())
}

fn show_timeline(timeline: &Part<EntityFact>, out: &mut dyn Write) -> io::Result<()> {
    head("Timeline", timeline, out)?;
    let mut shown = table(["when", "what", "how", "who says so", "label"]);
    for fact in &timeline.shown {
        let how = fact.reading.as_ref().map_or_else(|| fact.status.clone(), |reading| format!("{}, {reading}", fact.status));
        let quote =
            fact.quote.as_ref().filter(|quote| **quote != fact.what).map_or_else(String::new, |quote| format!("\n“{}”", plain(quote)));
        let what = format!("{}{quote}", plain(&fact.what));
        shown.add_row([when(fact.from.as_deref(), fact.until.as_deref()), what, plain(&how), plain(&fact.source.name), plain(&fact.label)]);
    }
    show_rows(&shown, out)
}

fn show_neighbours(groups: &Part<NeighbourGroup>, out: &mut dyn Write) -> io::Result<()> {
    head("Relationships", groups, out)?;
    for group in &groups.shown {
        let kind = one_line(&group.relationship_type);
        let arrow = if group.is_forward { format!("--{kind}-->") } else { format!("<--{kind}--") };
        writeln!(out, "  {arrow}{}", more_of(group.neighbours.more))?;
        for neighbour in &group.neighbours.shown {
            let span = if neighbour.from.is_some() || neighbour.until.is_some() {
                format!(" {}", when(neighbour.from.as_deref(), neighbour.until.as_deref()))
            } else {
                String::new()
            };
            let status = if neighbour.status == "stated" { String::new() } else { format!(", {}", one_line(&neighbour.status)) };
            writeln!(out, "    {}{span}  {}", one_line(&neighbour.name), neighbour.id)?;
            writeln!(out, "      [{}] {}{status}", one_line(&neighbour.label), from(&neighbour.source))?;
        }
    }
    Ok(())
}

fn show_references(groups: &Part<ReferenceGroup>, out: &mut dyn Write) -> io::Result<()> {
    head("References", groups, out)?;
    for group in &groups.shown {
        let names: Vec<String> = group.objects.shown.iter().map(|object| one_line(&object.name)).collect();
        let (property, kind) = (one_line(&group.property), one_line(&group.kind));
        let arrow = if group.is_forward { format!("its {property}, {kind}") } else { format!("it is in {property} of {kind}") };
        writeln!(out, "  {arrow}: {}{}", names.join("; "), more_of(group.objects.more))?;
    }
    Ok(())
}

fn show_remarks(remarks: &Part<Remark>, out: &mut dyn Write) -> io::Result<()> {
    head("Notes and opinions", remarks, out)?;
    for remark in &remarks.shown {
        let status = if remark.status == "stated" { String::new() } else { format!(" ({})", one_line(&remark.status)) };
        writeln!(out, "  {}{status}", one_line(&remark.what))?;
        if let Some(quote) = &remark.quote {
            writeln!(out, "    “{}”", one_line(quote))?;
        }
        writeln!(out, "    [{}] {}, {}", one_line(&remark.label), from(&remark.source), remark.id)?;
    }
    Ok(())
}

fn show_sources(sources: &Part<EntitySource>, out: &mut dyn Write) -> io::Result<()> {
    head("Sources", sources, out)?;
    let mut shown = table(["source", "first", "last", "objects", "address"]);
    for source in &sources.shown {
        let text = |text: &Option<String>| text.as_deref().map(plain).unwrap_or_default();
        let day = |date: &Option<String>| date.as_deref().map(day).unwrap_or_default();
        shown.add_row([plain(&source.source.name), day(&source.first), day(&source.last), source.facts.to_string(), text(&source.address)]);
    }
    show_rows(&shown, out)
}

fn show_contradictions(contradictions: &Part<Contradiction>, out: &mut dyn Write) -> io::Result<()> {
    head("Contradictions; which side is right is not said", contradictions, out)?;
    for contradiction in &contradictions.shown {
        writeln!(out, "  {WARNING}{}{WARNING:#}", one_line(&contradiction.about))?;
        let mut shown = table(["one side", "another"]);
        let mut left: Option<&Side> = None;
        for side in &contradiction.sides {
            match left.take() {
                Some(one) => shown.add_row([in_words(one), in_words(side)]),
                None => {
                    left = Some(side);
                    continue;
                }
            };
        }
        if let Some(alone) = left {
            shown.add_row([in_words(alone), String::new()]);
        }
        show_rows(&shown, out)?;
    }
    Ok(())
}

/// What one side says, its words, and who it is.
fn in_words(side: &Side) -> String {
    let quote = side.quote.as_ref().filter(|quote| **quote != side.value).map_or_else(String::new, |quote| format!("“{}”\n", plain(quote)));
    let others = if side.others == 0 { String::new() } else { format!(" and {} more", side.others) };
    let (value, label, source) = (plain(&side.value), plain(&side.label), from(&side.source));
    format!("{} ({})\n{quote}{source}{others}\n[{label}] {}", value, plain(&side.status), side.object)
}

/// The head of a part that has something in it.
fn head<T>(words: &str, part: &Part<T>, out: &mut dyn Write) -> io::Result<()> {
    if part.shown.is_empty() { Ok(()) } else { writeln!(out, "\n{STRONG}{words}{STRONG:#}{}", more_of(part.more)) }
}

fn show_rows(shown: &comfy_table::Table, out: &mut dyn Write) -> io::Result<()> {
    if shown.row_count() == 0 { Ok(()) } else { show_table(shown, "", out) }
}

fn from(source: &SourceName) -> String {
    format!("from {}", one_line(&source.name))
}

fn more_of(more: usize) -> String {
    if more == 0 { String::new() } else { format!(" (and {more} more)") }
}

/// An interval as people read it.
fn when(from: Option<&str>, until: Option<&str>) -> String {
    match (from, until) {
        (Some(from), None) => day(from),
        (from, until) => format!("{} – {}", from.map(day).unwrap_or_default(), until.map(day).unwrap_or_default()).trim().to_owned(),
    }
}

/// A date as exact as it is, to the minute: midnight is the day.
fn day(date: &str) -> String {
    let is_midnight = |time: &str| time.chars().all(|one| matches!(one, '0' | ':' | '.' | 'Z'));
    match date.split_once('T') {
        Some((day, time)) if is_midnight(time) => plain(day),
        Some((day, time)) => plain(&format!("{day} {}", time.get(..MINUTE).unwrap_or(time))),
        None => plain(date),
    }
}
