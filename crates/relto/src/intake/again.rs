//! `relto intake open` and `relto intake again`: what waits for a decision, and documents read anew.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::process::ExitCode;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use relto_intake::kept::{Changes, Kept, Open};
use relto_model::Stamp;
use relto_node::{AgainReport, InputUse, KeptDocument, Reread, Source};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::library::{Library, Reader};
use crate::cli::Place;
use crate::command::{Command, Intaking, Outcome};
use crate::failure::Failure;
use crate::render::{GOOD, STRONG, WARNING, show_table, table};
use crate::run::{Bar, run};

/// How many documents are fetched at once.
const FETCHED_MAX: usize = 64;

/// What waits for a decision in one document.
#[derive(Serialize)]
struct OpenIn<'o> {
    report: &'o str,
    document: &'o str,
    label: &'o str,
    #[serde(flatten)]
    open: &'o Open,
}

/// Shows the names that may mean several things.
///
/// # Errors
/// [`Failure`] when the node cannot be asked.
pub(super) fn open(place: &Place) -> Result<ExitCode, Failure> {
    let library = Library::of(&place.data, Intaking::Kept { report: None })?;
    let documents = library.kept.iter().map(|document| Ok((document, read(document)?))).collect::<Result<Vec<_>, Failure>>()?;
    let waiting: Vec<OpenIn<'_>> = documents
        .iter()
        .flat_map(|(document, kept)| {
            let (report, label) = (document.report.as_str(), document.label.as_str());
            kept.open.iter().map(move |open| OpenIn { report, document: &kept.source.name, label, open })
        })
        .collect();
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    let written = if place.json { write_json(&waiting, &mut out) } else { show_open(&waiting, &mut out) };
    crate::told(written.and_then(|()| out.flush()))
}

pub(super) fn write_json(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value).map_err(io::Error::from)?;
    writeln!(out)
}

fn show_open(waiting: &[OpenIn<'_>], out: &mut dyn Write) -> io::Result<()> {
    for OpenIn { report, document, open, .. } in waiting {
        writeln!(out, "{STRONG}{}{STRONG:#} in {document}, {report}: “{}”", open.name, open.sentence)?;
        let at = open.spans.first().map(|span| format!("{}-{}", span.from, span.to)).unwrap_or_default();
        for candidate in &open.candidates {
            writeln!(
                out,
                "  relto intake correct --data DIR {report} --accept '{at}={}:{}'",
                candidate.name,
                super::shown::word(&candidate.kind)
            )?;
        }
        writeln!(out, "  relto intake correct --data DIR {report} --reject {at}")?;
    }
    if waiting.is_empty() { writeln!(out, "{GOOD}nothing waits for a decision{GOOD:#}") } else { Ok(()) }
}

/// What was kept of a document.
///
/// # Errors
/// [`Failure`] when another release wrote it.
pub(super) fn read(document: &KeptDocument) -> Result<Kept, Failure> {
    let read = serde_json::from_str(&document.kept);
    read.map_err(|error| {
        Failure::of(&format!("{}: what was kept of it cannot be read", document.report), &error).help("take the document in again")
    })
}

/// The bytes of `kept`, out of base64.
///
/// # Errors
/// [`Failure`] when they are not there.
pub(super) fn bytes(library: &Library, document: &KeptDocument) -> Result<Vec<u8>, Failure> {
    let missing =
        || Failure::new(format!("{}: its bytes are not there", document.report)).help("`relto doctor --data DIR` checks the directory");
    let content = library.contents.get(&document.place).ok_or_else(missing)?;
    STANDARD.decode(content).map_err(|_| missing())
}

/// Reads those documents anew that a change touches, and stores what became of them.
///
/// # Errors
/// [`Failure`]; then nothing was stored.
pub(super) fn again(place: &Place, dry_run: bool) -> Result<ExitCode, Failure> {
    let library = Library::of(&place.data, Intaking::Kept { report: None })?;
    let mut turn = Turn::new(&library)?;
    let touched = turn.touched()?;
    let bar = Bar::of_documents(touched.len());
    for some in touched.chunks(FETCHED_MAX) {
        let places = some.iter().map(|(document, _)| document.place).collect();
        let contents = Library::of(&place.data, Intaking::Contents { places })?;
        for (document, kept) in some {
            turn.read(document, kept, bytes(&contents, document)?)?;
            bar.bar().inc(1);
        }
    }
    drop(bar);
    let Turn { mut report, reread, .. } = turn;
    if !dry_run && !reread.is_empty() {
        let mut lines = Vec::new();
        for one in &reread {
            write_json(one, &mut lines).map_err(|error| Failure::of("the documents cannot be written", &error))?;
        }
        let source = Source { name: "the documents".to_owned(), content: Bytes::from(lines) };
        let outcome = run(&place.data, Command::Intake(Intaking::TakeAgain), &[source], &Bar::of_objects())?;
        if let Outcome::Loaded(loaded) = outcome {
            report.notes = loaded.notes;
        }
    }
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    let written = if place.json { write_json(&report, &mut out) } else { show_report(&report, dry_run, &mut out) };
    crate::told(written.and_then(|()| out.flush()))
}

fn show_report(report: &AgainReport, dry_run: bool, out: &mut dyn Write) -> io::Result<()> {
    let AgainReport { documents, touched, changed, added, revised, revoked, notes } = report;
    let mut shown = table(["documents", "touched", "say something else", "new objects", "later versions", "revoked"]);
    shown.add_row([documents, touched, changed, added, revised, revoked].map(ToString::to_string));
    show_table(&shown, "", out)?;
    notes.iter().try_for_each(|(note, count)| writeln!(out, "{WARNING}{note}{WARNING:#} ({count})"))?;
    if dry_run { writeln!(out, "nothing was changed") } else { Ok(()) }
}

type Names = BTreeSet<InputUse>;

/// One turn over all documents.
struct Turn<'l> {
    library: &'l Library,
    now: Stamp,
    /// By what there was before and what there is now.
    changes: BTreeMap<(Names, Names), Changes>,
    readers: BTreeMap<Names, Reader>,
    shipped: Reader,
    report: AgainReport,
    reread: Vec<Reread>,
}

impl<'l> Turn<'l> {
    fn new(library: &'l Library) -> Result<Self, Failure> {
        let now = library.now.ok_or_else(|| Failure::new("the node did not say what time it is"))?;
        let report = AgainReport { documents: library.kept.len(), ..AgainReport::default() };
        let shipped = library.reader(&Names::new())?;
        Ok(Self { library, now, changes: BTreeMap::new(), readers: BTreeMap::new(), shipped, report, reread: Vec::new() })
    }

    /// The documents that a change touches. The others are noted to be as they would be by now.
    fn touched(&mut self) -> Result<Vec<(&'l KeptDocument, Kept)>, Failure> {
        let mut touched = Vec::new();
        for document in &self.library.kept {
            let kept = read(document)?;
            let names = (document.before.iter().cloned().collect::<Names>(), document.now.iter().cloned().collect::<Names>());
            let has_other_inputs = names.0 != names.1;
            if self.changes_between(names)?.touches(&kept) {
                touched.push((document, kept));
            } else if has_other_inputs {
                self.reread.push(reread(document, None, None));
            }
        }
        self.report.touched = touched.len();
        Ok(touched)
    }

    fn changes_between(&mut self, names: (Names, Names)) -> Result<&Changes, Failure> {
        if !self.changes.contains_key(&names) {
            let script = &self.shipped.knowledge.chinese().script;
            let changes = Changes::between(&self.library.inputs(&names.0), &self.library.inputs(&names.1), script);
            self.changes.insert(names.clone(), changes.map_err(|error| Failure::of("the lists cannot be compared", &error))?);
        }
        self.changes.get(&names).ok_or_else(|| Failure::new("the lists cannot be compared"))
    }

    fn read(&mut self, document: &KeptDocument, kept: &Kept, bytes: Vec<u8>) -> Result<(), Failure> {
        let names: Names = document.now.iter().cloned().collect();
        if !self.readers.contains_key(&names) {
            self.readers.insert(names.clone(), self.library.reader(&names)?);
        }
        let reader = self.readers.get(&names).unwrap_or(&self.shipped);
        let read = kept.again(bytes, &reader.knowledge, &reader.decisions(&document.report), self.now);
        let (after, revision) = read.map_err(|error| Failure::of(&format!("{}: cannot be read again", document.report), &error))?;
        let report = &mut self.report;
        report.changed += usize::from(revision.changes.is_some());
        (report.added, report.revised, report.revoked) =
            (report.added + revision.added, report.revised + revision.changed, report.revoked + revision.withdrawn);
        let after = serde_json::to_string(&after).map_err(|error| Failure::of("the document cannot be kept", &error))?;
        self.reread.push(reread(document, Some(after), revision.changes));
        Ok(())
    }
}

fn reread(document: &KeptDocument, kept: Option<String>, changes: Option<String>) -> Reread {
    let base = hex::encode(Sha256::digest(&document.kept));
    Reread { place: document.place, base, kept, inputs: document.now.clone(), changes }
}
