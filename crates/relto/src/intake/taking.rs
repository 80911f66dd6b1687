//! Taking in: what was found becomes bundles, and these go the way of every load; documents are kept beside them, to be read again.

use std::collections::BTreeMap;

use bytes::Bytes;
use relto_intake::acquire::Document;
use relto_intake::kept::Kept;
use relto_intake::misp::{Event, Untold, Written};
use relto_intake::raw::Raw;
use relto_intake::{Analysis, Knowledge, analyse_corrected, analyse_reading, stix};
use relto_node::{DocumentsRequest, LoadReport, NewDocument, ReadDocument, Source};
use relto_policy::worlds::misp::restricts;

use super::documents::{self, Content, File, Found, passed_by, warn};
use super::fetching::is_address;
use super::library::{Library, Reader};
use super::proposing::{Asked, Proposing, unexpected};
use super::taken::Taken;
use crate::cli::Place;
use crate::command::{Command, Intaking, Outcome};
use crate::failure::Failure;
use crate::run::{Bar, run};

/// So many parts of one event are named that are not taken.
const UNTOLD_MAX: usize = 20;

/// Where things are taken in, and how.
pub(super) struct Taking {
    pub(super) place: Place,
    pub(super) request: DocumentsRequest,
    pub(super) published: Option<String>,
    /// The model that is asked as well.
    pub(super) model: Option<String>,
}

impl Taking {
    /// The lists and decisions that documents are read with now.
    ///
    /// # Errors
    /// [`Failure`] when there is no node, or it has no such collection or list.
    pub(super) fn library(&self) -> Result<Library, Failure> {
        Library::of(&self.place.data, Intaking::InputsFor(self.request.clone()))
    }

    /// Takes `files` in, all in one transaction; of what is in `taken`, nothing again.
    ///
    /// # Errors
    /// [`Failure`]; then nothing was stored.
    pub(super) fn take(&self, files: &[File], taken: Option<&mut Taken>) -> Result<LoadReport, Failure> {
        let library = self.library()?;
        let reader = library.reader(&library.names())?;
        let model = self.model.as_deref();
        let mut proposing = model.map(|name| Proposing::new(&self.place.data, name, &self.request.load, &reader.knowledge)).transpose()?;
        let bar = Bar::of_documents(files.len());
        let (mut batch, mut keys, mut refused) = (Batch::default(), Vec::new(), Refused::default());
        for file in files {
            // A file is taken whole or not at all.
            let (before, held) = (batch.documents.len(), keys.len());
            let mut add_all = || -> Result<(), Failure> {
                for found in file.documents()? {
                    let key = Taken::key(&self.request.load.collection, file.address(), &found);
                    if taken.as_ref().is_some_and(|taken| taken.has(&key)) || keys.contains(&key) {
                        continue;
                    }
                    self.add(file, found, (&reader, proposing.as_mut()), &mut batch)?;
                    keys.extend(taken.is_some().then_some(key));
                }
                Ok(())
            };
            if let Err(failure) = add_all() {
                batch.documents.truncate(before);
                keys.truncate(held);
                refused.add(failure);
            }
            bar.bar().inc(1);
        }
        drop(bar);
        if !self.request.load.keep_going || files.len() == refused.len() {
            refused.end(files.len())?;
        }
        if batch.documents.is_empty() && taken.is_some() {
            return Ok(refused.into_report(LoadReport::default()));
        }
        let command = Command::Intake(Intaking::Take { request: self.request.clone(), inputs: library.names().into_iter().collect() });
        let Outcome::Loaded(report) = run(&self.place.data, command, &batch.into_sources(), &Bar::of_objects())? else {
            return Err(unexpected());
        };
        report.marked.iter().for_each(|marked| warn("marked", marked));
        // Where something was left out, all is looked at again the next time.
        if let Some(taken) = taken.filter(|_| report.refused == 0) {
            taken.add(&keys)?;
        }
        let mut report = refused.into_report(report);
        if let Some(proposing) = proposing {
            proposing.tell(&mut report);
        }
        Ok(report)
    }

    fn add(
        &self,
        file: &File,
        found: Found,
        (reader, proposing): (&Reader, Option<&mut Proposing<'_>>),
        batch: &mut Batch,
    ) -> Result<(), Failure> {
        let Found { name, title, content, original } = found;
        match content {
            Content::Event(event) => {
                let Written { bundle, untold, .. } = write_event(&name, &event)?;
                tell_untold(&name, &untold);
                batch.add(&NewDocument { name, bundle, text: None, read: None })
            }
            Content::Document(document) => {
                let source = self.source(file, &name, title, &document)?;
                let report = stix::report_id(&document.raw.sha256_hex(), source.item.as_deref(), &source.published);
                let analysis = analyse_corrected(document.raw, document.reading, &reader.knowledge, &reader.decisions(&report));
                let analysis = analysis.map_err(|error| unreadable(&name, &error))?;
                let unwritten = |error: &dyn std::error::Error| Failure::of(&format!("{name}: cannot be written as STIX"), error);
                let mut kept = Kept::of(&analysis, source, &reader.knowledge).map_err(|error| unwritten(&error))?;
                let by_rules = Raw::new(kept.bundle.clone().into_bytes()).sha256_hex();
                let has_proposals = proposing.is_some();
                if let Some(proposing) = proposing {
                    let alone = Source { name: name.clone(), content: Bytes::from(kept.bundle.clone()) };
                    let sha256 = kept.source.original_sha256.as_ref().unwrap_or(&kept.raw_sha256);
                    let proposals = proposing.propose(&Asked { name: &name, sha256, analysis: &analysis, alone: &alone })?;
                    let bundle = stix::bundle_with(&analysis, &kept.source, proposing.proposer(), &proposals);
                    kept.bundle = bundle.map_err(|error| unwritten(&error))?;
                }
                let (raw, original_sha256) = (kept.raw_sha256.clone(), kept.source.original_sha256.clone());
                batch.contents.insert(raw.clone(), Bytes::copy_from_slice(analysis.raw.bytes()));
                batch.contents.extend(original_sha256.clone().zip(original));
                let source = serde_json::to_string(&kept.source).map_err(|error| unwritten(&error))?;
                let read = ReadDocument {
                    report,
                    raw,
                    original: original_sha256,
                    source,
                    kept: serde_json::to_string(&kept).map_err(|error| unwritten(&error))?,
                    by_rules,
                    has_proposals,
                };
                batch.add(&NewDocument { name, bundle: kept.bundle, text: Some(analysis.decoded.text().to_owned()), read: Some(read) })
            }
        }
    }

    /// Where a document comes from, as its report says it.
    fn source(&self, file: &File, name: &str, title: String, document: &Document) -> Result<stix::Source, Failure> {
        let (origin, about) = (&document.origin, &document.about);
        // What a page says of its own address may be anything, and stands for it only where nobody knows better.
        let said = about.address.clone().or_else(|| file.address_shown().map(str::to_owned));
        Ok(stix::Source {
            name: title,
            media_type: Some(origin.media_type.to_owned()),
            published: documents::published(self.published.as_deref(), file, name, document)?,
            address: said.filter(|address| is_web_address(address)),
            markings: Vec::new(),
            relations: stix::Relations::Claimed,
            title: about.title.clone(),
            item: origin.item.clone(),
            part_of: origin.part_of.clone(),
            original_sha256: origin.rendition.as_ref().map(|_| origin.sha256.clone()),
        })
    }
}

/// The files that cannot be read, each with the reason.
#[derive(Default)]
pub(super) struct Refused(Vec<Failure>);

impl Refused {
    pub(super) fn add(&mut self, failure: Failure) {
        self.0.push(failure);
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    /// Fails with all of them, where there are any among `files`.
    ///
    /// # Errors
    /// [`Failure`] that names each.
    pub(super) fn end(&mut self, files: usize) -> Result<(), Failure> {
        let mut all = std::mem::take(&mut self.0);
        if all.len() <= 1 {
            return all.pop().map_or(Ok(()), Err);
        }
        let message = format!("{} of {files} files cannot be read", all.len());
        let is_lasting = all.iter().all(|failure| failure.is_lasting);
        let details = all.into_iter().map(|failure| failure.message).collect();
        Err(Failure { details, is_lasting, ..Failure::new(message) }.help("mend what is named, or read the rest with `--keep-going`"))
    }

    /// Tells them where the rest is wanted, and fails otherwise.
    ///
    /// # Errors
    /// As [`Self::end`].
    pub(super) fn pass_or_end(mut self, keep_going: bool, files: usize) -> Result<(), Failure> {
        if !keep_going || self.len() == files {
            return self.end(files);
        }
        self.0.iter().for_each(|failure| warn("passed by", &failure.message));
        Ok(())
    }

    /// `report` with them.
    fn into_report(self, mut report: LoadReport) -> LoadReport {
        report.refused += self.0.len() as u64;
        report.refusals.extend(self.0.into_iter().map(|failure| failure.message));
        report
    }
}

/// Documents and events on their way to the node.
#[derive(Default)]
struct Batch {
    /// One a line.
    documents: Vec<u8>,
    /// Their bytes, by their digest.
    contents: BTreeMap<String, Bytes>,
}

impl Batch {
    fn add(&mut self, new: &NewDocument) -> Result<(), Failure> {
        serde_json::to_writer(&mut self.documents, new).map_err(|error| Failure::of(&new.name, &error))?;
        self.documents.push(b'\n');
        Ok(())
    }

    /// The documents, then the bytes of each.
    fn into_sources(self) -> Vec<Source> {
        let documents = Source { name: "the documents".to_owned(), content: Bytes::from(self.documents) };
        let contents = self.contents.into_iter().map(|(name, content)| Source { name, content });
        std::iter::once(documents).chain(contents).collect()
    }
}

/// What `document` says.
///
/// # Errors
/// [`Failure`] when it cannot be read.
pub(super) fn read(name: &str, document: Document, knowledge: &Knowledge) -> Result<Analysis, Failure> {
    analyse_reading(document.raw, document.reading, knowledge).map_err(|error| unreadable(name, &error))
}

fn unreadable(name: &str, error: &dyn std::error::Error) -> Failure {
    Failure::of(&format!("{name}: cannot be read"), error).lasting()
}

/// `event` as STIX.
///
/// # Errors
/// [`Failure`] when it has not what every event has.
pub(super) fn write_event(name: &str, event: &Event) -> Result<Written, Failure> {
    event.write(&restricts).map_err(|error| Failure::of(name, &error).lasting().help("have MISP write the event again"))
}

fn tell_untold(name: &str, untold: &[Untold]) {
    untold.iter().take(UNTOLD_MAX).for_each(|Untold { pointer, why }| passed_by(&format!("{name}: {pointer}"), why));
    if untold.len() > UNTOLD_MAX {
        passed_by(name, &format!("{} parts more: `relto intake --json FILE` names all", untold.len() - UNTOLD_MAX));
    }
}

fn is_web_address(address: &str) -> bool {
    const ADDRESS_BYTES_MAX: usize = 2000;
    is_address(address)
        && address.len() <= ADDRESS_BYTES_MAX
        && address.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '`'))
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_written_is_what_is_read() {
        // Two crates that do not know each other share the words of MISP.
        assert_eq!(relto_intake::misp::layers::EXTENSION, relto_policy::worlds::misp::MISP_EXTENSION);
    }
}
