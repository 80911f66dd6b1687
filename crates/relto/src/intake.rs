//! `relto intake`: what a document says, shown, or taken in as objects of a collection.
//!
//! Reading is `relto-intake`'s; here are files, folders and what people see. What is stored goes the way of every load.

mod documents;

use std::io::{self, Write};
use std::process::ExitCode;

use bytes::Bytes;
use relto_intake::stix;
use relto_intake::{Additions, Analysis, Knowledge, analyse};
use relto_node::{LoadRequest, Source};

use crate::cli::{Intake, Place};
use crate::command::Command;
use crate::directory::Directory;
use crate::failure::{Exit, Failure};
use crate::render::{GOOD, STRONG, WARNING, show_table, table};
use crate::run::{Bar, run};
use crate::sources;
use documents::Document;

/// Rows of a table that people are shown.
const ROWS_MAX: usize = 40;

/// Reads the documents that `form` names, and takes them in if it says where.
///
/// # Errors
/// [`Failure`]; then nothing was stored.
pub(crate) fn intake(form: Intake) -> Result<ExitCode, Failure> {
    let Intake { data, collection, labelling, published, names, json, paths } = form;
    let names = names.iter().map(|file| sources::read_words(file)).collect::<Result<Vec<_>, _>>()?;
    let knowledge = Knowledge::with(&Additions { names, ..Additions::default() });
    let knowledge = knowledge.map_err(|error| {
        Failure::of("the lists of names cannot be used", &error).help("each is CSV with the header `name,type,aliases`; nothing was read")
    })?;
    match (data, collection) {
        (Some(data), Some(collection)) => {
            store(&Place { data, json }, labelling.request(collection, false), &paths, published.as_deref(), &knowledge)
        }
        _ if labelling.is_given() => {
            Err(Failure::new("a label is of what is stored").exit(Exit::Usage).help("add `--data DIR --collection NAME`, or give no label"))
        }
        _ => show(&paths, json, &knowledge),
    }
}

/// Shows what is read, and stores nothing.
fn show(paths: &[String], json: bool, knowledge: &Knowledge) -> Result<ExitCode, Failure> {
    let documents = documents::find(paths)?;
    if json && documents.len() != 1 {
        let found = documents.len();
        return Err(Failure::new(format!("`--json` writes what was read of one document, and here are {found}"))
            .help("name one file, or take them all in with `--data DIR --collection NAME`"));
    }
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    let bar = Bar::of_documents(documents.len());
    for document in &documents {
        let analysis = read(document, knowledge)?;
        bar.bar().inc(1);
        let written = if json {
            serde_json::to_writer(&mut out, &analysis).map_err(io::Error::from).and_then(|()| writeln!(out))
        } else {
            bar.bar().suspend(|| summary(document, &analysis, &mut out))
        };
        crate::told(written)?;
    }
    crate::told(out.flush())
}

/// Writes each document as a report with everything read from it, and loads all of them in one transaction.
fn store(
    place: &Place,
    request: LoadRequest,
    paths: &[String],
    published: Option<&str>,
    knowledge: &Knowledge,
) -> Result<ExitCode, Failure> {
    // Whether there is a node is said before anything is read.
    Directory::find(&place.data)?;
    let documents = documents::find(paths)?;
    let bar = Bar::of_documents(documents.len());
    let mut bundles = Vec::with_capacity(documents.len());
    for document in &documents {
        let analysis = read(document, knowledge)?;
        let published = documents::published(published, document)?;
        let source = stix::Source {
            name: document.title(),
            media_type: None,
            published,
            address: None,
            markings: Vec::new(),
            relations: stix::Relations::Claimed,
        };
        let bundle = stix::bundle(&analysis, &source)
            .map_err(|error| Failure::of(&format!("{}: cannot be written as STIX", document.name), &error))?;
        bundles.push(Source { name: document.name.clone(), content: Bytes::from(bundle) });
        bar.bar().inc(1);
    }
    drop(bar);
    let outcome = run(&place.data, Command::Load(request), &bundles, &Bar::of_objects())?;
    crate::show(place, &outcome)
}

fn read(document: &Document, knowledge: &Knowledge) -> Result<Analysis, Failure> {
    let content = document.content()?;
    analyse(content.into(), knowledge).map_err(|error| Failure::of(&format!("{}: cannot be read", document.name), &error))
}

/// What people are shown of a document.
fn summary(document: &Document, analysis: &Analysis, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{STRONG}{}{STRONG:#}", document.name)?;
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
    let mut facts = table(["when, how much, or who", "what it says"]);
    for fact in analysis.dated_facts.iter().take(ROWS_MAX) {
        facts.add_row([fact.date.as_str(), fact.what.as_str()]);
    }
    for figure in analysis.figures.iter().take(ROWS_MAX) {
        facts.add_row([format!("{} {}", figure.value, figure.unit), figure.meaning.clone()]);
    }
    for relation in analysis.relations.iter().take(ROWS_MAX) {
        let said = format!("{} {} {}", relation.subject, relation.predicate, relation.object);
        facts.add_row([said, word(&relation.status)]);
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

/// A closed word as it stands in JSON.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
