//! The documents that paths name: files, what is in folders, and standard input.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use relto_model::{Stamp, Timestamp};

use crate::failure::{Exit, Failure};
use crate::sources;

/// The longest document, in bytes.
const DOCUMENT_BYTES_MAX: u64 = 4 << 20;
/// How deep folders are looked into.
const DEPTH_MAX: usize = 32;
/// What is no text, by its first bytes.
const CONTAINERS: [(&[u8], &str); 5] = [
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "an archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
];

/// A document to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Document {
    /// As it was named.
    pub(super) name: String,
}

impl Document {
    /// What its report says that it came from: no path of this machine.
    pub(super) fn title(&self) -> String {
        let file = Path::new(&self.name).file_name().map(|name| name.to_string_lossy().into_owned());
        file.filter(|_| self.name != STANDARD_INPUT).unwrap_or_else(|| "standard input".to_owned())
    }

    /// Its bytes, unpacked.
    ///
    /// # Errors
    /// [`Failure`] when it is missing, too long, or no text.
    pub(super) fn content(&self) -> Result<Bytes, Failure> {
        let content = sources::read_one(&self.name, DOCUMENT_BYTES_MAX)?;
        match container(&content) {
            Some(what) => Err(Failure::new(format!("{}: is {what}, and this release reads texts", self.name))
                .help("give the text in it; nothing was stored")),
            None => Ok(content),
        }
    }
}

/// What stands for standard input.
const STANDARD_INPUT: &str = "-";

fn container(content: &[u8]) -> Option<&'static str> {
    let head = String::from_utf8_lossy(content.get(..512).unwrap_or(content)).trim_start_matches('\u{feff}').trim_start().to_lowercase();
    let is_page = ["<!doctype html", "<html", "<head", "<body"].iter().any(|tag| head.starts_with(tag));
    // Texts hold no NUL, but in UTF-16, which says so by its first character.
    let is_utf_16 = content.starts_with(b"\xff\xfe") || content.starts_with(b"\xfe\xff");
    if content.contains(&0) && !is_utf_16 {
        return Some("no text, or one in UTF-16 or UTF-32 that does not say so");
    }
    CONTAINERS.iter().find(|(magic, _)| content.starts_with(magic)).map(|(_, what)| *what).or(is_page.then_some("a web page"))
}

/// The documents that `paths` name, those of a folder by name.
///
/// # Errors
/// [`Failure`] when a folder cannot be read, or there is nothing.
pub(super) fn find(paths: &[String]) -> Result<Vec<Document>, Failure> {
    if paths.iter().filter(|path| *path == STANDARD_INPUT).count() > 1 {
        return Err(Failure::new("standard input can be read once").exit(Exit::Usage).help("give `-` once"));
    }
    let mut documents = Vec::new();
    for path in paths {
        if path != STANDARD_INPUT && Path::new(path).is_dir() {
            folder(&PathBuf::from(path), DEPTH_MAX, &mut documents)?;
        } else {
            documents.push(Document { name: path.clone() });
        }
    }
    if documents.is_empty() {
        return Err(Failure::new("there are no files in it").help("name files, or folders that hold some"));
    }
    Ok(documents)
}

fn folder(path: &Path, depth: usize, documents: &mut Vec<Document>) -> Result<(), Failure> {
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
            folder(&path, depth - 1, documents)?;
        } else if kind.is_file() {
            documents.push(Document { name: path.to_string_lossy().into_owned() });
        }
    }
    Ok(())
}

/// When `document` was published: as `given`, or else when its file was last changed, so that the same file gives the same objects.
///
/// # Errors
/// [`Failure`] when what was given is no time, or nothing is known.
pub(super) fn published(given: Option<&str>, document: &Document) -> Result<Timestamp, Failure> {
    let stamp = match given {
        Some(text) => Stamp::parse(text).map_err(|error| {
            Failure::of(&format!("`{text}` is no time"), &error).help("write a day, `2026-11-27`, or a time, `2026-11-27T12:00:00Z`")
        })?,
        None => changed(&document.name)
            .ok_or_else(|| Failure::new(format!("when `{}` was published is not known", document.name)).help("add `--published TIME`"))?,
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
    fn what_is_no_text_is_told_apart() {
        for (content, what) in [
            ("%PDF-1.7", Some("a PDF")),
            ("\u{feff} <!DOCTYPE HTML>", Some("a web page")),
            ("PK\u{3}\u{4}", Some("an archive")),
            ("A <html> tag", None),
            ("a\0b", Some("no text, or one in UTF-16 or UTF-32 that does not say so")),
            ("", None),
        ] {
            assert_eq!(container(content.as_bytes()), what, "{content}");
        }
    }

    #[test]
    fn folders_are_read_in_order_and_hidden_files_are_not() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("b")).unwrap();
        for name in ["c.txt", "b/a.txt", ".hidden"] {
            std::fs::write(folder.path().join(name), "text").unwrap();
        }
        let found = find(&[folder.path().to_string_lossy().into_owned()]).unwrap();
        let titles: Vec<String> = found.iter().map(Document::title).collect();
        assert_eq!(titles, ["a.txt", "c.txt"]);
        assert!(find(&["-".to_owned(), "-".to_owned()]).is_err());
    }
}
