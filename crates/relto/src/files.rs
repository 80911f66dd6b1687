//! Single files that commands read and make: bounded on the way in, never replaced on the way out.
//!
//! The data directory has its own rules (`directory`), and what is loaded has its own (`sources`).

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::failure::{Exit, Failure};

/// Opens a file for reading.
///
/// # Errors
/// [`Failure`] with exit code 3 when it is not there.
pub(crate) fn open(path: &Path) -> Result<File, Failure> {
    File::open(path).map_err(|error| {
        let exit = if error.kind() == io::ErrorKind::NotFound { Exit::NotFound } else { Exit::Failed };
        Failure::of(&format!("{}: cannot be read", path.display()), &error)
            .exit(exit)
            .help("name a file that is there and that you may read")
    })
}

/// The bytes of a file, of which no more is read than shows that it has more than `bytes_max`.
///
/// # Errors
/// [`Failure`] when it cannot be read.
pub(crate) fn read(path: &Path, bytes_max: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(bytes_max).unwrap_or(u64::MAX).saturating_add(1);
    open(path)?.take(limit).read_to_end(&mut bytes).map_err(|error| unread(path, &error))?;
    Ok(bytes)
}

/// The same as text, without a byte order mark.
///
/// # Errors
/// [`Failure`] when it cannot be read, or is not UTF-8.
pub(crate) fn read_text(path: &Path, bytes_max: usize) -> Result<String, Failure> {
    let text = String::from_utf8(read(path, bytes_max)?).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::new(format!("{}: not UTF-8 after {at} bytes", path.display())).help("save the file as UTF-8, and get the whole of it")
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// SHA-256 of a file of any length.
///
/// # Errors
/// [`Failure`] when it cannot be read.
pub(crate) fn sha256(path: &Path) -> Result<[u8; 32], Failure> {
    let (mut file, mut hasher) = (open(path)?, Sha256::new());
    io::copy(&mut file, &mut hasher).map_err(|error| unread(path, &error))?;
    Ok(hasher.finalize().into())
}

/// Makes an empty file that was not there.
///
/// # Errors
/// [`Failure`] when there is one, or it cannot be made.
pub(crate) fn begin(path: &Path, mode: u32) -> Result<File, Failure> {
    OpenOptions::new().write(true).create_new(true).mode(mode).open(path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Failure::new(format!("there is a file `{}` already", path.display()))
            .help("name another, or move that one away; it was not touched"),
        _ => Failure::of(&format!("{}: cannot be written", path.display()), &error).help("name a place where you may write"),
    })
}

/// Makes a file that was not there; what cannot be written whole is removed again.
///
/// # Errors
/// [`Failure`] when there is one, or it cannot be written.
pub(crate) fn create(path: &Path, bytes: &[u8], mode: u32) -> Result<(), Failure> {
    let failed = |error: io::Error| Failure::of(&format!("{}: cannot be written", path.display()), &error);
    let mut file = begin(path, mode)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|error| {
        remove(path);
        failed(error).help("free space on the disk; nothing was kept")
    })
}

/// Takes back a file that this command made.
pub(crate) fn remove(path: &Path) {
    // When that fails as well, what is left is a whole file that nobody was told of.
    let _ = std::fs::remove_file(path);
}

fn unread(path: &Path, error: &io::Error) -> Failure {
    Failure::of(&format!("{}: cannot be read", path.display()), error).help("name a file that you may read")
}
