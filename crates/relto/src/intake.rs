//! `relto intake`: what a document says, shown, or taken in as objects of a collection.
//!
//! Reading is `relto-intake`'s; here are files, folders and what people see. What is stored goes the way of every load.

mod documents;
pub(crate) mod pdf;
mod proposing;

use std::io::{self, Write};
use std::process::ExitCode;

use bytes::Bytes;
use relto_intake::acquire::Origin;
use relto_intake::page::{About, Choice};
use relto_intake::stix;
use relto_intake::{Additions, Analysis, Knowledge, analyse_reading};
use relto_node::{LoadRequest, Source};
use serde::Serialize;

use crate::cli::{Intake, Place};
use crate::command::{Command, Outcome};
use crate::directory::Directory;
use crate::failure::{Exit, Failure};
use crate::render::{GOOD, STRONG, WARNING, show_table, table};
use crate::run::{Bar, run};
use crate::sources;
use documents::{File, Found};
use proposing::{Asked, Proposing};

/// Rows of a table that people are shown.
const ROWS_MAX: usize = 40;

/// Reads the documents that `form` names, and takes them in if it says where.
///
/// # Errors
/// [`Failure`]; then nothing was stored.
pub(crate) fn intake(form: Intake) -> Result<ExitCode, Failure> {
    let Intake { data, collection, labelling, published, names, model, json, paths } = form;
    let names = names.iter().map(|file| sources::read_words(file)).collect::<Result<Vec<_>, _>>()?;
    let knowledge = Knowledge::with(&Additions { names, ..Additions::default() });
    let knowledge = knowledge.map_err(|error| {
        Failure::of("the lists of names cannot be used", &error).help("each is CSV with the header `name,type,aliases`; nothing was read")
    })?;
    match (data, collection) {
        (Some(data), Some(collection)) => {
            let reading = Reading { knowledge: &knowledge, published: published.as_deref(), model: model.as_deref() };
            store(&Place { data, json }, &labelling.request(collection, false), &paths, &reading)
        }
        _ if labelling.is_given() => {
            Err(Failure::new("a label is of what is stored").exit(Exit::Usage).help("add `--data DIR --collection NAME`, or give no label"))
        }
        _ => show(&paths, json, &knowledge),
    }
}

/// What is written of one document: what was read, and beside it where it came from.
#[derive(Serialize)]
struct Written<'w> {
    #[serde(flatten)]
    analysis: &'w Analysis,
    source: Told<'w>,
}

/// Where a document came from, and what it says of itself.
#[derive(Serialize)]
struct Told<'w> {
    #[serde(flatten)]
    origin: &'w Origin,
    #[serde(flatten)]
    about: &'w About,
}

/// Shows what is read, and stores nothing.
fn show(paths: &[String], json: bool, knowledge: &Knowledge) -> Result<ExitCode, Failure> {
    let files = documents::find(paths)?;
    if json {
        return show_as_json(&files, knowledge);
    }
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    let bar = Bar::of_documents(files.len());
    for file in &files {
        for found in file.documents()? {
            let (name, origin, about) = (found.name.clone(), found.document.origin.clone(), found.document.about.clone());
            let analysis = read(found, knowledge)?;
            crate::told(bar.bar().suspend(|| {
                heading(&name, &origin, &about, &mut out)?;
                summary(&analysis, &mut out)
            }))?;
        }
        bar.bar().inc(1);
    }
    crate::told(out.flush())
}

fn show_as_json(files: &[File], knowledge: &Knowledge) -> Result<ExitCode, Failure> {
    let mut found = Vec::new();
    for file in files {
        found.extend(file.documents()?);
        if files.len() > 1 || found.len() > 1 {
            let found = found.len().max(files.len());
            return Err(Failure::new(format!("`--json` writes what was read of one document, and here are {found}"))
                .help("name one file that holds one, or take them all in with `--data DIR --collection NAME`"));
        }
    }
    let Some(found) = found.pop() else { return Err(Failure::new("there is no document in it").help("a feed without items says nothing")) };
    let (origin, about) = (found.document.origin.clone(), found.document.about.clone());
    let analysis = read(found, knowledge)?;
    let written = Written { analysis: &analysis, source: Told { origin: &origin, about: &about } };
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    let written = serde_json::to_writer(&mut out, &written).map_err(io::Error::from).and_then(|()| writeln!(out));
    crate::told(written.and_then(|()| out.flush()))
}

/// How documents are read.
struct Reading<'r> {
    knowledge: &'r Knowledge,
    /// When they were published, where that was said.
    published: Option<&'r str>,
    /// The model that is asked as well.
    model: Option<&'r str>,
}

/// Writes each document as a report with everything read from it, and loads all of them in one transaction.
fn store(place: &Place, request: &LoadRequest, paths: &[String], reading: &Reading<'_>) -> Result<ExitCode, Failure> {
    // Whether there is a node is said before anything is read.
    Directory::find(&place.data)?;
    let mut proposing = reading.model.map(|name| Proposing::new(&place.data, name, request, reading.knowledge)).transpose()?;
    let files = documents::find(paths)?;
    let bar = Bar::of_documents(files.len());
    let mut bundles = Vec::with_capacity(files.len());
    for file in &files {
        for found in file.documents()? {
            bundles.push(bundle(file, found, reading, proposing.as_mut())?);
        }
        bar.bar().inc(1);
    }
    drop(bar);
    let mut outcome = run(&place.data, Command::Load(request.clone()), &bundles, &Bar::of_objects())?;
    if let (Some(proposing), Outcome::Loaded(report)) = (proposing, &mut outcome) {
        proposing.tell(report);
    }
    crate::show(place, &outcome)
}

fn bundle(file: &File, found: Found, reading: &Reading<'_>, proposing: Option<&mut Proposing<'_>>) -> Result<Source, Failure> {
    let published = documents::published(reading.published, file, &found)?;
    let name = found.name.clone();
    let (origin, about) = (&found.document.origin, &found.document.about);
    let source = stix::Source {
        name: found.title.clone(),
        media_type: Some(origin.media_type.to_owned()),
        published,
        address: about.address.clone().filter(|address| is_web_address(address)),
        markings: Vec::new(),
        relations: stix::Relations::Claimed,
        title: about.title.clone(),
        item: origin.item.clone(),
        original_sha256: origin.rendition.as_ref().map(|_| origin.sha256.clone()),
    };
    let analysis = read(found, reading.knowledge)?;
    let unwritable = |error: stix::WriteError| Failure::of(&format!("{name}: cannot be written as STIX"), &error);
    let alone = Source { name: name.clone(), content: Bytes::from(stix::bundle(&analysis, &source).map_err(unwritable)?) };
    let Some(proposing) = proposing else { return Ok(alone) };
    let sha256 = source.original_sha256.clone().unwrap_or_else(|| analysis.raw.sha256_hex());
    let proposals = proposing.propose(&Asked { name: &name, sha256: &sha256, analysis: &analysis, alone: &alone })?;
    let bundle = stix::bundle_with(&analysis, &source, proposing.proposer(), &proposals).map_err(unwritable)?;
    Ok(Source { content: Bytes::from(bundle), ..alone })
}

/// What a page says of its own address may be anything.
fn is_web_address(address: &str) -> bool {
    const ADDRESS_BYTES_MAX: usize = 2000;
    let is_web = address.starts_with("https://") || address.starts_with("http://");
    is_web
        && address.len() <= ADDRESS_BYTES_MAX
        && address.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '`'))
}

fn read(found: Found, knowledge: &Knowledge) -> Result<Analysis, Failure> {
    let Found { name, document, .. } = found;
    analyse_reading(document.raw, document.reading, knowledge).map_err(|error| Failure::of(&format!("{name}: cannot be read"), &error))
}

/// What a document is and says of itself.
fn heading(name: &str, origin: &Origin, about: &About, out: &mut dyn Write) -> io::Result<()> {
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

/// What people are shown of a document.
fn summary(analysis: &Analysis, out: &mut dyn Write) -> io::Result<()> {
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
