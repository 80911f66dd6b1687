//! The documents that paths name: files, what is in folders and archives, the items of feeds, and standard input.

use std::io::Write;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use relto_intake::acquire::{self, Document, Member, ReadError};
use relto_intake::archive::Limits;
use relto_model::{Stamp, Timestamp};

use super::pdf;
use crate::failure::{Exit, Failure, chain};
use crate::render::WARNING;
use crate::sources;

/// How deep folders are looked into.
const DEPTH_MAX: usize = 32;
/// What stands for standard input.
const STANDARD_INPUT: &str = "-";

/// How PDFs begin.
const PDF: &[u8] = b"%PDF-";

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct File {
    /// As it was named.
    pub(super) name: String,
    /// Whether it was named itself, and not the folder that it is in.
    is_named: bool,
}

/// A document, with what people call it.
#[derive(Debug)]
pub(super) struct Found {
    /// The file, and where in it.
    pub(super) name: String,
    /// What its report says that it came from: no path of this machine.
    pub(super) title: String,
    pub(super) document: Document,
    /// The bytes that arrived, where the document is read from a rendition of them.
    pub(super) original: Option<Bytes>,
}

impl File {
    /// Its documents. What is none is told and passed by in a folder or archive, where it is in company; a file that was named must be one.
    ///
    /// # Errors
    /// [`Failure`] when it is missing, too long, damaged, hostile, or no document.
    pub(super) fn documents(&self) -> Result<Vec<Found>, Failure> {
        let bytes = sources::read_as_it_is(&self.name, Limits::default().bytes_max)?;
        let refused = |name: &str, error: &dyn std::error::Error| {
            Failure::new(format!("{name}: {}", chain(error))).help("give the text in it; nothing was stored")
        };
        let members = acquire::open(bytes.into(), Limits::default()).map_err(|error| refused(&self.shown(), &error))?;
        let mut found = Vec::new();
        for member in members {
            let (name, title) = (self.name_of(&member), self.title_of(&member));
            let is_alone = self.is_named && member.within.as_ref().is_none_or(|within| within.names.is_empty());
            let original = member.bytes.starts_with(PDF).then(|| Bytes::copy_from_slice(&member.bytes));
            match acquire::read(member, &mut pdf::render) {
                Ok(documents) => found.extend(documents.into_iter().map(|document| {
                    let item = document.origin.item.as_ref().map(|item| format!(": {item}")).unwrap_or_default();
                    Found { name: format!("{name}{item}"), title: title.clone(), document, original: original.clone() }
                })),
                Err(error @ ReadError::NoDocument(_)) if !is_alone => passed_by(&name, &error),
                Err(error) => return Err(refused(&name, &error)),
            }
        }
        Ok(found)
    }

    fn shown(&self) -> String {
        if self.name == STANDARD_INPUT { "standard input".to_owned() } else { self.name.clone() }
    }

    fn name_of(&self, member: &Member) -> String {
        let names = member.within.iter().flat_map(|within| within.names.iter().cloned());
        std::iter::once(self.shown()).chain(names).collect::<Vec<_>>().join(": ")
    }

    fn title_of(&self, member: &Member) -> String {
        let last = member.within.as_ref().and_then(|within| within.names.last());
        let named = last.map_or_else(|| self.shown(), Clone::clone);
        let file = Path::new(&named).file_name().map(|name| name.to_string_lossy().into_owned());
        file.unwrap_or_else(|| "a document".to_owned())
    }
}

fn passed_by(name: &str, error: &ReadError) {
    let _ = writeln!(anstream::stderr().lock(), "{WARNING}passed by{WARNING:#}: {name}: {error}");
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
            folder(&PathBuf::from(path), DEPTH_MAX, &mut files)?;
        } else {
            files.push(File { name: path.clone(), is_named: true });
        }
    }
    if files.is_empty() {
        return Err(Failure::new("there are no files in it").help("name files, or folders that hold some"));
    }
    Ok(files)
}

fn folder(path: &Path, depth: usize, files: &mut Vec<File>) -> Result<(), Failure> {
    let unreadable = |error| Failure::of(&format!("{}: cannot be read", path.display()), &error);
    let mut inside = Vec::new();
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        inside.push((entry.path(), entry.file_type().map_err(unreadable)?));
    }
    inside.sort_by(|one, other| one.0.cmp(&other.0));
    for (path, kind) in inside {
        // Links can lead round in a circle, and hidden files are not meant.
        let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if is_hidden {
            continue;
        }
        if kind.is_dir() && depth > 0 {
            folder(&path, depth - 1, files)?;
        } else if kind.is_file() {
            files.push(File { name: path.to_string_lossy().into_owned(), is_named: false });
        }
    }
    Ok(())
}

/// When a document was published: as `given`, or as it says itself, or else when its file was last changed, so that the same file gives the same objects.
///
/// # Errors
/// [`Failure`] when what was given is no time, or nothing is known.
pub(super) fn published(given: Option<&str>, file: &File, found: &Found) -> Result<Timestamp, Failure> {
    let said = found.document.about.published.as_deref().and_then(|said| Stamp::parse(said).ok());
    let stamp = match (given, said) {
        (Some(text), _) => Stamp::parse(text).map_err(|error| {
            Failure::of(&format!("`{text}` is no time"), &error).help("write a day, `2026-11-27`, or a time, `2026-11-27T12:00:00Z`")
        })?,
        (None, Some(said)) => said,
        (None, None) => changed(&file.name)
            .ok_or_else(|| Failure::new(format!("when `{}` was published is not known", found.name)).help("add `--published TIME`"))?,
    };
    Timestamp::parse(&stamp.to_string()).map_err(|error| Failure::of("the time cannot be written", &error))
}

fn changed(file: &str) -> Option<Stamp> {
    let changed = Path::new(file).metadata().ok()?.modified().ok()?;
    let since = changed.duration_since(std::time::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_micros()).ok().map(Stamp)
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
}
