//! What was taken in already, kept in the data directory: digests of documents, and what servers said of their addresses.
//!
//! It saves work and requests, and nothing depends on it: what is taken in twice is there once. A line is written after its load has ended.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::documents::{Content, Found};
use crate::failure::Failure;

/// The folder in the data directory.
const FOLDER: &str = "intake";
const TAKEN_FILE: &str = "taken";
const ADDRESSES_FILE: &str = "addresses.json";
/// Bytes of the file of addresses.
const ADDRESSES_BYTES_MAX: u64 = 64 << 20;

/// A digest of something that was taken in.
pub(super) type Key = [u8; 32];

/// What was taken in already.
#[derive(Debug)]
pub(super) struct Taken {
    folder: PathBuf,
    keys: HashSet<Key>,
    addresses: BTreeMap<String, Validators>,
}

/// What a server said of what it sent, so that it need not send it again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Validators {
    /// Its `ETag`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) etag: Option<String>,
    /// Its `Last-Modified`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) last_modified: Option<String>,
}

impl Taken {
    /// Reads what is kept in the data directory `data`.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be read.
    pub(super) fn open(data: &Path) -> Result<Self, Failure> {
        let folder = data.join(FOLDER);
        let made = fs::DirBuilder::new().mode(0o700).create(&folder);
        if let Err(error) = made.or_else(|error| if error.kind() == ErrorKind::AlreadyExists { Ok(()) } else { Err(error) }) {
            return Err(failed(&folder, &error));
        }
        let read = |name: &str| match fs::read(folder.join(name)) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
            read => read.map_err(|error| failed(&folder.join(name), &error)),
        };
        // A line that was cut short is one document that is read once more.
        let keys = String::from_utf8_lossy(&read(TAKEN_FILE)?).lines().filter_map(key_of_line).collect();
        let addresses = read(ADDRESSES_FILE)?;
        let addresses = if addresses.is_empty() || addresses.len() as u64 > ADDRESSES_BYTES_MAX {
            BTreeMap::new()
        } else {
            serde_json::from_slice(&addresses).unwrap_or_default()
        };
        Ok(Self { folder, keys, addresses })
    }

    /// The digest of something found in `collection`, by its words: a feed that has one item more is another file, and its items are the same.
    pub(super) fn key(collection: &str, address: Option<&str>, found: &Found) -> Key {
        let mut digest = Sha256::new();
        let mut put = |part: &str| {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part.as_bytes());
        };
        put(collection);
        put(address.unwrap_or_default());
        match &found.content {
            Content::Document(document) => {
                let item = document.origin.item.as_deref();
                put(item.unwrap_or_default());
                put(document.about.title.as_deref().unwrap_or_default());
                put(document.reading.text());
                // Of what has no text of its own, the bytes tell.
                put(if document.reading.text().is_empty() { &document.origin.sha256 } else { "" });
            }
            Content::Event(event) => put(&event.to_json()),
        }
        digest.finalize().into()
    }

    /// The digest of what `parts` name.
    pub(super) fn key_of(parts: &[&str]) -> Key {
        Sha256::digest(parts.join("\n").as_bytes()).into()
    }

    /// Whether it was taken in.
    pub(super) fn has(&self, key: &Key) -> bool {
        self.keys.contains(key)
    }

    /// Keeps that `keys` were taken in.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be written.
    pub(super) fn add(&mut self, keys: &[Key]) -> Result<(), Failure> {
        let new: Vec<&Key> = keys.iter().filter(|key| !self.keys.contains(*key)).collect();
        if new.is_empty() {
            return Ok(());
        }
        let path = self.folder.join(TAKEN_FILE);
        let lines: String = new.iter().map(|key| format!("{}\n", hex::encode(key))).collect();
        let file = OpenOptions::new().create(true).append(true).mode(0o600).open(&path);
        file.and_then(|mut file| file.write_all(lines.as_bytes())).map_err(|error| failed(&path, &error))?;
        self.keys.extend(keys);
        Ok(())
    }

    /// What the server said of what it sent last for `address`.
    pub(super) fn validators(&self, address: &str) -> Validators {
        self.addresses.get(address).cloned().unwrap_or_default()
    }

    /// Keeps what the server said of what it sent for `address`, once that was taken in.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be written.
    pub(super) fn keep_validators(&mut self, address: &str, validators: Validators) -> Result<(), Failure> {
        if self.validators(address) == validators {
            return Ok(());
        }
        self.addresses.insert(address.to_owned(), validators);
        let path = self.folder.join(ADDRESSES_FILE);
        let write = || -> io::Result<()> {
            let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
            serde_json::to_writer(&mut file, &self.addresses)?;
            file.persist(&path)?;
            Ok(())
        };
        write().map_err(|error| failed(&path, &error))
    }
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    Failure::of(&format!("{}: what was taken in already cannot be kept", path.display()), error).help("make the data directory writable")
}

fn key_of_line(line: &str) -> Option<Key> {
    let mut key = Key::default();
    hex::decode_to_slice(line, &mut key).ok()?;
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_there_again_and_a_cut_line_is_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let keys = [Taken::key_of(&["a"]), Taken::key_of(&["b"])];
        let mut taken = Taken::open(folder.path()).unwrap();
        assert!(!taken.has(&keys[0]));
        taken.add(&keys).unwrap();
        let validators = Validators { etag: Some("\"1\"".to_owned()), last_modified: None };
        taken.keep_validators("https://a.example/", validators.clone()).unwrap();
        let file = folder.path().join(FOLDER).join(TAKEN_FILE);
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, &text[..text.len() - 10]).unwrap();
        let again = Taken::open(folder.path()).unwrap();
        assert_eq!((again.has(&keys[0]), again.has(&keys[1])), (true, false));
        assert_eq!(again.validators("https://a.example/"), validators);
        assert_eq!(again.validators("https://b.example/"), Validators::default());
    }
}
