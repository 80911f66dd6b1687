//! `relto intake`: what a document says, shown, or taken in as objects of a collection.
//!
//! Reading is `relto-intake`'s; here are files, folders and what people see. What is stored goes the way of every load.

mod again;
mod correct;
mod documents;
mod fetching;
mod library;
pub(crate) mod pdf;
mod proposing;
mod shown;
mod stories;
mod taken;
mod taking;
mod watching;

use std::io::{self, Write};
use std::process::ExitCode;

use relto_intake::{Additions, Knowledge};
use relto_node::{DocumentsRequest, LoadReport};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::cli::{InputForm, Intake, IntakeForm, Place};
use crate::command::{Command, Intaking, Outcome};
use crate::directory::Directory;
use crate::failure::{Exit, Failure};
use crate::run::{Bar, run};
use crate::sources;
use documents::{Content, File, Found};
use fetching::{Fetching, is_address};
use shown::{Event, Read, Told};
use taken::Taken;
use taking::{Refused, Taking};

/// How often addresses are asked again, unless said.
const EVERY: &str = "15m";

/// Reads the documents that `form` names, and takes them in if it says where.
///
/// # Errors
/// [`Failure`]; then nothing was stored.
pub(crate) fn intake(form: Intake) -> Result<ExitCode, Failure> {
    let Intake {
        form,
        data,
        collection,
        labelling,
        keep_going,
        despite_markings,
        with,
        published,
        names,
        model,
        watch,
        every,
        allow_private,
        json,
        paths,
    } = form;
    if let Some(form) = form {
        return further(form);
    }
    let every = watching::duration(every.as_deref().unwrap_or(EVERY))?;
    let fetching = Fetching::new(allow_private)?;
    match (data, collection) {
        (Some(data), Some(collection)) => {
            let request = DocumentsRequest { load: labelling.request(collection, keep_going), with, despite_markings };
            // Whether there is a node, and with what it reads, is said before anything is read.
            Directory::find(&data)?;
            let taking = Taking { place: Place { data, json }, request, published, model };
            taking.library()?.say_what_is_not_used();
            if watch {
                let mut taken = Taken::open(&taking.place.data)?;
                return watching::watch(&taking, &paths, &fetching, &mut taken, every);
            }
            store(&taking, &paths, &fetching)
        }
        _ if labelling.is_given() => {
            Err(Failure::new("a label is of what is stored").exit(Exit::Usage).help("add `--data DIR --collection NAME`, or give no label"))
        }
        _ => {
            let names = names.iter().map(|file| sources::read_table(file)).collect::<Result<Vec<_>, _>>()?;
            let knowledge = Knowledge::with(&Additions { names, ..Additions::default() });
            let knowledge = knowledge.map_err(|error| {
                Failure::of("the lists of names cannot be used", &error)
                    .help("each is CSV with the header `name,type,aliases`; nothing was read")
            })?;
            show(&files(&paths, &fetching)?, json, keep_going, &knowledge)
        }
    }
}

/// What is done about documents that are here.
fn further(form: IntakeForm) -> Result<ExitCode, Failure> {
    match form {
        IntakeForm::List(form) => list(form),
        IntakeForm::Open(place) => again::open(&place),
        IntakeForm::Correct(form) => correct::correct(&form),
        IntakeForm::Again { place, dry_run } => again::again(&place, dry_run),
        IntakeForm::Stories(form) => stories::stories(&form),
    }
}

fn list(form: InputForm) -> Result<ExitCode, Failure> {
    let (place, act) = match form {
        InputForm::Add { place, name, file, label } => {
            let text = sources::read_table(&file)?;
            let list = relto_intake::lists::List::parse(&text).map_err(|faults| crate::execute::unusable(&name, &faults))?;
            let kind = list.kind.word().to_owned();
            (place, Intaking::AddInput(relto_node::NewInput { name, kind, text, label, report: None }))
        }
        InputForm::Ls(place) => (place, Intaking::Inputs),
        InputForm::Remove { place, name } => (place, Intaking::RemoveInput { name }),
    };
    let outcome = run(&place.data, Command::Intake(act), &[], &Bar::of_objects())?;
    crate::show(&place, &outcome)
}

/// The files that `paths` name, those at addresses fetched.
fn files(paths: &[String], fetching: &Fetching) -> Result<Vec<File>, Failure> {
    let (addresses, places): (Vec<String>, Vec<String>) = paths.iter().cloned().partition(|path| is_address(path));
    let mut files = if places.is_empty() { Vec::new() } else { documents::find(&places)? };
    for address in addresses {
        files.push(fetching.file(&address)?);
    }
    Ok(files)
}

/// Shows what is read, and stores nothing.
fn show(files: &[File], json: bool, keep_going: bool, knowledge: &Knowledge) -> Result<ExitCode, Failure> {
    if json {
        return show_as_json(files, keep_going, knowledge);
    }
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    let bar = Bar::of_documents(files.len());
    let mut refused = Refused::default();
    for file in files {
        let mut show_all = || -> Result<io::Result<()>, Failure> {
            for found in file.documents()? {
                if let Err(error) = show_one(found, knowledge, &bar, &mut out)? {
                    return Ok(Err(error));
                }
            }
            Ok(Ok(()))
        };
        match show_all() {
            Ok(written) => {
                crate::told(written)?;
            }
            Err(failure) => refused.add(failure),
        }
        bar.bar().inc(1);
    }
    let ended = crate::told(out.flush())?;
    refused.pass_or_end(keep_going, files.len())?;
    Ok(ended)
}

fn show_one(found: Found, knowledge: &Knowledge, bar: &Bar, out: &mut dyn Write) -> Result<io::Result<()>, Failure> {
    let Found { name, content, .. } = found;
    match content {
        Content::Document(document) => {
            let (origin, about) = (document.origin.clone(), document.about.clone());
            let analysis = taking::read(&name, *document, knowledge)?;
            Ok(bar.bar().suspend(|| {
                shown::heading(&name, &origin, &about, out)?;
                shown::summary(&analysis, out)
            }))
        }
        Content::Event(event) => {
            let written = taking::write_event(&name, &event)?;
            Ok(bar.bar().suspend(|| shown::event(&name, &written, out)))
        }
    }
}

/// Of one document its form, of several `{"documents": [...]}`, each with its name. Nothing is written before all is read.
fn show_as_json(files: &[File], keep_going: bool, knowledge: &Knowledge) -> Result<ExitCode, Failure> {
    let bar = Bar::of_documents(files.len());
    let (mut all, mut refused) = (Vec::new(), Refused::default());
    for file in files {
        match file.documents() {
            Ok(found) => all.extend(found),
            Err(failure) => refused.add(failure),
        }
        bar.bar().inc(1);
    }
    refused.pass_or_end(keep_going, files.len())?;
    let is_one = all.len() == 1;
    let mut written = all.into_iter().map(|found| as_json(found, is_one, knowledge)).collect::<Result<Vec<_>, _>>()?;
    drop(bar);
    let written = match written.pop() {
        None => {
            let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
            return Err(Failure::new(format!("{}: there is no document in it", names.join(", "))).help("a feed without items says nothing"));
        }
        Some(only) if is_one => only,
        Some(last) => {
            #[derive(Serialize)]
            struct Documents {
                documents: Vec<Box<RawValue>>,
            }
            written.push(last);
            json_of("the documents", &Documents { documents: written })?
        }
    };
    let mut out = anstream::stdout().lock();
    crate::told(writeln!(out, "{}", written.get()).and_then(|()| out.flush()))
}

fn as_json(found: Found, is_one: bool, knowledge: &Knowledge) -> Result<Box<RawValue>, Failure> {
    let Found { name, content, .. } = found;
    match content {
        Content::Document(document) => {
            let (origin, about) = (document.origin.clone(), document.about.clone());
            let analysis = taking::read(&name, *document, knowledge)?;
            let source = Told { origin: &origin, about: &about };
            json_of(&name, &Read { name: (!is_one).then_some(&name), analysis: &analysis, source })
        }
        Content::Event(event) => {
            let written = taking::write_event(&name, &event)?;
            let bundle = RawValue::from_string(written.bundle).map_err(|error| Failure::of(&name, &error))?;
            json_of(&name, &Event { name: &name, bundle: &bundle, untold: &written.untold })
        }
    }
}

fn json_of(name: &str, value: &impl Serialize) -> Result<Box<RawValue>, Failure> {
    serde_json::value::to_raw_value(value).map_err(|error| Failure::of(&format!("{name}: cannot be written as JSON"), &error))
}

/// Writes each document as a report with everything read from it, and each event as what it says, and loads all of them in one transaction; what is at
/// addresses is taken in one by one after that, unless it is as it was when it was taken in last.
fn store(taking: &Taking, paths: &[String], fetching: &Fetching) -> Result<ExitCode, Failure> {
    let (addresses, places): (Vec<String>, Vec<String>) = paths.iter().cloned().partition(|path| is_address(path));
    let mut report = if places.is_empty() { LoadReport::default() } else { taking.take(&documents::find(&places)?, None)? };
    if !addresses.is_empty() {
        let mut taken = Taken::open(&taking.place.data)?;
        for address in &addresses {
            let more = match fetching.take(address, taking, &mut taken) {
                Err(failure) if taking.request.load.keep_going => {
                    LoadReport { refused: 1, refusals: vec![failure.message], ..LoadReport::default() }
                }
                other => other?,
            };
            fetching::add(&mut report, more);
        }
    }
    crate::show(&taking.place, &Outcome::Loaded(report))
}
