//! The documents that paths name: files, what is in folders, archives and mail, the items of feeds, events of MISP, what was fetched, and standard input.

use std::fs::FileType;
use std::io::{self, IsTerminal as _, Write};
use std::os::unix::fs::FileTypeExt as _;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use relto_intake::acquire::{self, Document, Member, ReadError};
use relto_intake::archive::Limits;
use relto_intake::misp;
use relto_model::{Stamp, Timestamp};

use super::pdf;
use super::shown::plain;
use crate::failure::{Exit, Failure, chain};
use crate::render::WARNING;
use crate::sources;

/// How deep folders are looked into.
const DEPTH_MAX: usize = 32;
/// What stands for standard input.
const STANDARD_INPUT: &str = "-";
/// What lists the events of a feed of MISP.
const MANIFEST: &str = "manifest.json";

/// How PDFs begin.
const PDF: &[u8] = b"%PDF-";

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct File {
    /// As people are told of it, in one line: not every path is a text.
    pub(super) name: String,
    /// Where it is.
    pub(super) path: PathBuf,
    /// Whether it was named itself, and not the folder that it is in.
    is_named: bool,
    /// What was fetched from its address.
    fetched: Option<FetchedFile>,
}

/// What an address answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FetchedFile {
    pub(super) bytes: Bytes,
    /// When the server says that it was changed.
    pub(super) changed: Option<Stamp>,
}

/// A document or event, with what people call it.
#[derive(Debug)]
pub(super) struct Found {
    /// The file, and where in it.
    pub(super) name: String,
    /// What its report says that it came from: no path of this machine.
    pub(super) title: String,
    pub(super) content: Content,
    /// The bytes that arrived, where the document is read from a rendition of them.
    pub(super) original: Option<Bytes>,
}

/// What was found.
#[derive(Debug)]
pub(super) enum Content {
    /// Something to be read.
    Document(Box<Document>),
    /// Data already.
    Event(misp::Event),
}

impl File {
    /// What was fetched from `address`.
    pub(super) fn fetched(address: &str, fetched: FetchedFile) -> Self {
        Self { name: address.to_owned(), path: PathBuf::new(), is_named: true, fetched: Some(fetched) }
    }

    /// One in a folder.
    pub(super) fn in_folder(path: &Path) -> Self {
        Self { name: plain(&path.to_string_lossy()), path: path.to_owned(), is_named: false, fetched: None }
    }

    /// One that was named itself.
    fn named(path: &str) -> Self {
        Self { is_named: true, ..Self::in_folder(Path::new(path)) }
    }

    /// Where it was fetched from.
    pub(super) fn address(&self) -> Option<&str> {
        self.fetched.is_some().then_some(self.name.as_str())
    }

    /// Its documents and events. What is none is told and passed by in a folder or archive, where it is in company; a file that was named must be one.
    ///
    /// # Errors
    /// [`Failure`] when it is missing, too long, damaged, hostile, or no document.
    pub(super) fn documents(&self) -> Result<Vec<Found>, Failure> {
        let refused =
            |name: &str, error: &dyn std::error::Error, next: &str| Failure::new(format!("{name}: {}", chain(error))).lasting().help(next);
        let opened = acquire::open(self.bytes()?.into(), Limits::default());
        let members = opened.map_err(|error| refused(&self.shown(), &error, "unpack it, and give what is in it"))?;
        // Beside the manifest of a feed of MISP, only events are meant.
        let is_feed = members.iter().any(|member| text(member).is_some_and(|text| misp::manifest(text).is_some()));
        let mut found = Vec::new();
        for member in members {
            let (name, title) = (self.name_of(&member), self.title_of(&member));
            if let Some(events) = text(&member).and_then(misp::events) {
                let events = events.map_err(|error| refused(&name, &error, "have MISP write the event again"))?;
                found.extend(events.into_iter().map(|event| of_event(&name, &title, event)));
                continue;
            }
            let is_alone = self.is_named && member.within.as_ref().is_none_or(|within| within.names.is_empty());
            if is_feed && is_alone {
                let what = "lists the events of a feed of MISP, which stand in other files";
                let help = "name the folder that it is in, or the address it came from";
                return Err(Failure::new(format!("{name}: {what}")).lasting().help(help));
            }
            if is_feed {
                continue;
            }
            let original = member.bytes.starts_with(PDF).then(|| Bytes::copy_from_slice(&member.bytes));
            match acquire::read(member, &mut pdf::render) {
                Ok(documents) => found.extend(documents.into_iter().map(|document| of_document(&name, &title, document, original.clone()))),
                Err(error @ ReadError::NoDocument(_)) if !is_alone => passed_by(&name, &error.to_string()),
                Err(error) => return Err(refused(&name, &error, "give the text in it")),
            }
        }
        Ok(found)
    }

    /// What is in it. Who may have to type or send it is told that it is waited for.
    fn bytes(&self) -> Result<Bytes, Failure> {
        let bytes_max = Limits::default().bytes_max;
        if let Some(fetched) = &self.fetched {
            return Ok(fetched.bytes.clone());
        }
        let is_input = self.is_standard_input();
        let kind = self.path.metadata().ok().map(|found| found.file_type());
        let is_typed = is_input && io::stdin().is_terminal();
        if is_typed || !is_input && kind.is_some_and(|kind| kind.is_fifo() || kind.is_char_device()) {
            warn("waiting", &format!("{} is read until it ends", self.shown()));
        }
        if is_input { sources::read_as_it_is(STANDARD_INPUT, bytes_max) } else { sources::read_path(&self.path, &self.name, bytes_max) }
    }

    fn is_standard_input(&self) -> bool {
        self.is_named && self.path == Path::new(STANDARD_INPUT)
    }

    /// What it is called; of an address without its query, which may hold a secret.
    fn shown(&self) -> String {
        if self.is_standard_input() {
            return "standard input".to_owned();
        }
        self.address_shown().unwrap_or(&self.name).to_owned()
    }

    /// Where it was fetched from, without query.
    pub(super) fn address_shown(&self) -> Option<&str> {
        self.address().map(|address| address.split(['?', '#']).next().unwrap_or(address))
    }

    fn name_of(&self, member: &Member) -> String {
        let names = member.within.iter().flat_map(|within| within.names.iter().cloned());
        std::iter::once(self.shown()).chain(names).collect::<Vec<_>>().join(": ")
    }

    fn title_of(&self, member: &Member) -> String {
        let last = member.within.as_ref().and_then(|within| within.names.last());
        let named = last.map_or_else(|| self.shown(), Clone::clone);
        if last.is_none() && self.fetched.is_some() {
            return named;
        }
        let path = if last.is_some() { Path::new(&named) } else { self.path.as_path() };
        let file = path.file_name().map(|name| plain(&name.to_string_lossy()));
        let file = if self.is_standard_input() && last.is_none() { Some(named) } else { file };
        file.unwrap_or_else(|| "a document".to_owned())
    }

    /// When it was last changed, as far as that is known.
    fn changed(&self) -> Option<Stamp> {
        if let Some(fetched) = &self.fetched {
            return fetched.changed;
        }
        let changed = self.path.metadata().ok()?.modified().ok()?;
        let since = changed.duration_since(std::time::UNIX_EPOCH).ok()?;
        i64::try_from(since.as_micros()).ok().map(Stamp)
    }
}

fn text(member: &Member) -> Option<&str> {
    std::str::from_utf8(&member.bytes).ok()
}

fn of_document(name: &str, title: &str, document: Document, original: Option<Bytes>) -> Found {
    // The part of a letter is named already.
    let item = document.origin.item.as_ref().filter(|_| document.origin.part_of.is_none());
    let item = item.map(|item| format!(": {item}")).unwrap_or_default();
    Found { name: format!("{name}{item}"), title: title.to_owned(), content: Content::Document(Box::new(document)), original }
}

fn of_event(name: &str, title: &str, event: misp::Event) -> Found {
    Found { name: format!("{name}: {}", event.name()), title: title.to_owned(), content: Content::Event(event), original: None }
}

/// Tells that something was not taken, and why.
pub(super) fn passed_by(name: &str, why: &str) {
    warn("passed by", &format!("{name}: {why}"));
}

/// Tells something on standard error.
pub(super) fn warn(word: &str, what: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{WARNING}{word}{WARNING:#}: {what}");
}

/// The files that `paths` name, those of a folder by name.
///
/// # Errors
/// [`Failure`] when a folder cannot be read, or there is nothing.
pub(super) fn find(paths: &[String]) -> Result<Vec<File>, Failure> {
    if paths.iter().filter(|path| *path == STANDARD_INPUT).count() > 1 {
        return Err(Failure::new("standard input can be read once").exit(Exit::Usage).help("give `-` once"));
    }
    let mut files = Vec::new();
    for path in paths {
        if path != STANDARD_INPUT && Path::new(path).is_dir() {
            let mut passed = Vec::new();
            folder(&PathBuf::from(path), DEPTH_MAX, &mut files, &mut passed)?;
            passed.iter().for_each(|(path, why)| passed_by(&plain(&path.to_string_lossy()), why));
        } else {
            files.push(named(path)?);
        }
    }
    if files.is_empty() {
        return Err(Failure::new("there are no files in it").help("name files, or folders that hold some"));
    }
    Ok(files)
}

/// The file that `path` names.
///
/// # Errors
/// [`Failure`] when it is an address that is not fetched.
pub(super) fn named(path: &str) -> Result<File, Failure> {
    let scheme = path.split_once("://").or_else(|| path.split_once(":/")).map(|(scheme, _)| scheme);
    let is_scheme = |scheme: &str| scheme.len() > 1 && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    match scheme.filter(|scheme| is_scheme(scheme) && !Path::new(path).exists()) {
        Some(scheme) => Err(Failure::new(format!("addresses that begin with `{scheme}:` are not fetched"))
            .exit(Exit::Usage)
            .help("give an address that begins with `https://` or `http://`, or the path of a file")),
        None => Ok(File::named(path)),
    }
}

/// Adds the files in the folder `path` and in those in it, by name.
///
/// # Errors
/// [`Failure`] when it cannot be read.
pub(super) fn in_folder(path: &Path, files: &mut Vec<File>) -> Result<(), Failure> {
    // What a manifest names may be yet to come.
    folder(path, DEPTH_MAX, files, &mut Vec::new())
}

/// `passed` gets what is passed by, and why.
fn folder(path: &Path, depth: usize, files: &mut Vec<File>, passed: &mut Vec<(PathBuf, &'static str)>) -> Result<(), Failure> {
    let unreadable = |error| Failure::of(&format!("{}: cannot be read", plain(&path.to_string_lossy())), &error);
    let mut inside = Vec::new();
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        inside.push((entry.path(), entry.file_type().map_err(unreadable)?));
    }
    inside.sort_by(|one, other| one.0.cmp(&other.0));
    if let Some(events) = events_of_feed(path, &inside) {
        let (there, absent): (Vec<PathBuf>, Vec<PathBuf>) = events.into_iter().partition(|path| path.is_file());
        files.extend(there.iter().map(|path| File::in_folder(path)));
        passed.extend(absent.into_iter().map(|path| (path, "the manifest names it, and it is not there")));
        return Ok(());
    }
    for (path, kind) in inside {
        // Links can lead round in a circle, and hidden files are not meant.
        let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if is_hidden {
            continue;
        }
        if kind.is_dir() && depth > 0 {
            folder(&path, depth - 1, files, passed)?;
        } else if kind.is_file() {
            files.push(File::in_folder(&path));
        } else if is_stream(kind) {
            passed.push((path, "it is no file, but a pipe, a socket or a device"));
        }
    }
    Ok(())
}

/// Whether what is there comes when it likes, and may never end.
pub(super) fn is_stream(kind: FileType) -> bool {
    kind.is_fifo() || kind.is_socket() || kind.is_char_device() || kind.is_block_device()
}

/// The events in the folder of a feed of MISP: those that its manifest names, and nothing else that lies there.
fn events_of_feed(path: &Path, inside: &[(PathBuf, FileType)]) -> Option<Vec<PathBuf>> {
    let manifest = path.join(MANIFEST);
    inside.iter().find(|(path, kind)| *path == manifest && kind.is_file())?;
    let bytes = sources::read_path(&manifest, MANIFEST, misp::EVENTS_BYTES_MAX as u64).ok()?;
    let mut named = misp::manifest(std::str::from_utf8(&bytes).ok()?)?;
    named.sort();
    Some(named.iter().map(|uuid| path.join(format!("{uuid}.json"))).collect())
}

/// When a document was published: as `given`, or as it says itself, or else when its file was last changed, so that the same file gives the same objects.
///
/// # Errors
/// [`Failure`] when what was given is no time, or nothing is known.
pub(super) fn published(given: Option<&str>, file: &File, name: &str, document: &Document) -> Result<Timestamp, Failure> {
    let said = document.about.published.as_deref().and_then(|said| Stamp::parse(said).ok());
    let stamp = match (given, said) {
        (Some(text), _) => Stamp::parse(text).map_err(|error| {
            Failure::of(&format!("`{text}` is no time"), &error).help("write a day, `2026-11-27`, or a time, `2026-11-27T12:00:00Z`")
        })?,
        (None, Some(said)) => said,
        (None, None) => file
            .changed()
            .ok_or_else(|| Failure::new(format!("when `{name}` was published is not known")).help("add `--published TIME`"))?,
    };
    Timestamp::parse(&stamp.to_string()).map_err(|error| Failure::of("the time cannot be written", &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_read_in_order_and_hidden_files_are_not() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("b")).unwrap();
        for name in ["c.txt", "b/a.txt", ".hidden"] {
            std::fs::write(folder.path().join(name), "text").unwrap();
        }
        let files = find(&[folder.path().to_string_lossy().into_owned()]).unwrap();
        let titles: Vec<String> = files.iter().flat_map(|file| file.documents().unwrap()).map(|found| found.title).collect();
        assert_eq!(titles, ["a.txt", "c.txt"]);
        assert!(find(&["-".to_owned(), "-".to_owned()]).is_err());
    }

    #[test]
    fn of_a_feed_of_misp_only_the_events_that_it_names_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let uuid = "5b1e4f0a-0000-4000-8000-00000000000";
        std::fs::write(folder.path().join(MANIFEST), format!(r#"{{"{uuid}1":{{"info":"One"}},"{uuid}2":{{"info":"Two"}}}}"#)).unwrap();
        std::fs::write(folder.path().join(format!("{uuid}1.json")), format!(r#"{{"Event":{{"uuid":"{uuid}1","info":"One"}}}}"#)).unwrap();
        std::fs::write(folder.path().join("hashes.csv"), "a,b").unwrap();
        let files = find(&[folder.path().to_string_lossy().into_owned()]).unwrap();
        let names: Vec<String> = files.iter().flat_map(|file| file.documents().unwrap()).map(|found| found.name).collect();
        assert_eq!(names.len(), 1);
        assert!(names[0].ends_with("1.json: One"), "{names:?}");
        let manifest = find(&[folder.path().join(MANIFEST).to_string_lossy().into_owned()]).unwrap();
        assert!(manifest[0].documents().unwrap_err().to_string().contains("lists the events"));
    }
}
