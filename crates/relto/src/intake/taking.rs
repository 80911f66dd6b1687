//! Taking in: what was found becomes bundles, and bundles go the way of every load.

use bytes::Bytes;
use relto_intake::acquire::Document;
use relto_intake::misp::{Event, Untold, Written};
use relto_intake::{Analysis, Knowledge, analyse_reading, stix};
use relto_node::{LoadReport, LoadRequest, Source};
use relto_policy::worlds::misp::restricts;

use super::documents::{self, Content, File, Found, passed_by};
use super::taken::Taken;
use crate::cli::Place;
use crate::command::{Command, Outcome};
use crate::failure::Failure;
use crate::run::{Bar, run};

/// So many parts of one event are named that are not taken.
const UNTOLD_MAX: usize = 20;

/// Where things are taken in, and how.
pub(super) struct Taking<'t> {
    pub(super) place: Place,
    pub(super) request: LoadRequest,
    pub(super) published: Option<String>,
    pub(super) knowledge: &'t Knowledge,
}

impl Taking<'_> {
    /// Takes `files` in, all in one transaction; of what is in `taken`, nothing again.
    ///
    /// # Errors
    /// [`Failure`]; then nothing was stored.
    pub(super) fn take(&self, files: &[File], mut taken: Option<&mut Taken>) -> Result<LoadReport, Failure> {
        let bar = Bar::of_documents(files.len());
        let (mut bundles, mut keys) = (Vec::with_capacity(files.len()), Vec::new());
        for file in files {
            for found in file.documents()? {
                let key = Taken::key(&self.request.collection, file.address(), &found);
                if taken.as_ref().is_some_and(|taken| taken.has(&key)) || keys.contains(&key) {
                    continue;
                }
                bundles.push(self.bundle(file, found)?);
                keys.extend(taken.is_some().then_some(key));
            }
            bar.bar().inc(1);
        }
        drop(bar);
        if bundles.is_empty() && taken.is_some() {
            return Ok(LoadReport::default());
        }
        let report = match run(&self.place.data, Command::Load(self.request.clone()), &bundles, &Bar::of_objects())? {
            Outcome::Loaded(report) => report,
            _ => return Err(Failure::new("the node answered something else than was asked").help("use one version of relto for both")),
        };
        if let Some(taken) = &mut taken {
            taken.add(&keys)?;
        }
        Ok(report)
    }

    fn bundle(&self, file: &File, found: Found) -> Result<Source, Failure> {
        let Found { name, title, content } = found;
        let bundle = match content {
            Content::Event(event) => {
                let Written { bundle, untold, .. } = write_event(&name, &event)?;
                tell_untold(&name, &untold);
                bundle
            }
            Content::Document(document) => self.bundle_of_document(file, &name, title, *document)?,
        };
        Ok(Source { name, content: Bytes::from(bundle) })
    }

    fn bundle_of_document(&self, file: &File, name: &str, title: String, document: Document) -> Result<String, Failure> {
        let published = documents::published(self.published.as_deref(), file, name, &document)?;
        let (origin, about) = (&document.origin, &document.about);
        // What a page says of its own address may be anything, and stands for it only where nobody knows better.
        let said = about.address.clone().or_else(|| file.address().map(str::to_owned));
        let source = stix::Source {
            name: title,
            media_type: Some(origin.media_type.to_owned()),
            published,
            address: said.filter(|address| is_web_address(address)),
            markings: Vec::new(),
            relations: stix::Relations::Claimed,
            title: about.title.clone(),
            item: origin.item.clone(),
            part_of: origin.part_of.as_ref().map(|letter| letter.message_id.clone().unwrap_or_else(|| letter.sha256.clone())),
            original_sha256: origin.rendition.as_ref().map(|_| origin.sha256.clone()),
        };
        let analysis = read(name, document, self.knowledge)?;
        stix::bundle(&analysis, &source).map_err(|error| Failure::of(&format!("{name}: cannot be written as STIX"), &error))
    }
}

/// What `document` says.
///
/// # Errors
/// [`Failure`] when it cannot be read.
pub(super) fn read(name: &str, document: Document, knowledge: &Knowledge) -> Result<Analysis, Failure> {
    analyse_reading(document.raw, document.reading, knowledge).map_err(|error| Failure::of(&format!("{name}: cannot be read"), &error))
}

/// `event` as STIX.
///
/// # Errors
/// [`Failure`] when it has not what every event has.
pub(super) fn write_event(name: &str, event: &Event) -> Result<Written, Failure> {
    event.write(&restricts).map_err(|error| Failure::of(name, &error).help("have MISP write the event again; nothing was stored"))
}

fn tell_untold(name: &str, untold: &[Untold]) {
    untold.iter().take(UNTOLD_MAX).for_each(|Untold { pointer, why }| passed_by(&format!("{name}: {pointer}"), why));
    if untold.len() > UNTOLD_MAX {
        passed_by(name, &format!("{} parts more: `relto intake --json FILE` names all", untold.len() - UNTOLD_MAX));
    }
}

fn is_web_address(address: &str) -> bool {
    const ADDRESS_BYTES_MAX: usize = 2000;
    let is_web = address.starts_with("https://") || address.starts_with("http://");
    is_web
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
