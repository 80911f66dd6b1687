//! Archives, taken apart in memory: zip, tar, and what gzip or Zstandard packs, with bounds on all that a bomb makes large.
//!
//! Names of members are told and never used as paths. Links, devices, folders and hidden members are passed over. What is in a
//! member is for [`crate::acquire`] to say.

use crate::raw::Raw;
use rawzip::CompressionMethod;
use std::io::{Error, Read};

/// Below so many bytes a text of one repeated line is no bomb, however well it packs.
const RATIO_FREE_BYTES: u64 = 1 << 20;
/// Characters of a member's name.
const NAME_CHARACTERS_MAX: usize = 200;
/// Where tar says what it is.
const TAR_MAGIC: (usize, &[u8]) = (257, b"ustar");

/// What may be unpacked, of one file with all archives in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Members of all archives.
    pub members_max: usize,
    /// Bytes of all members, unpacked.
    pub bytes_max: u64,
    /// Bytes unpacked for each byte packed, beyond the first MiB.
    pub ratio_max: u64,
    /// Archives within archives.
    pub depth_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { members_max: 10_000, bytes_max: 256 << 20, ratio_max: 200, depth_max: 2 }
    }
}

/// How an archive is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Members beside each other, each packed.
    Zip,
    /// Members one after the other, not packed.
    Tar,
    /// One content, packed.
    Gzip,
    /// One content, packed.
    Zstandard,
}

/// A member of an archive; of gzip and Zstandard, the content, without a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// For people: without control characters, and not too long.
    pub name: String,
    /// Unpacked.
    pub bytes: Vec<u8>,
}

/// Why an archive is not read.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// A bomb, or too much for one file.
    #[error("it has more than {0} members")]
    TooManyMembers(usize),
    /// A bomb, or too much for one file.
    #[error("unpacked it has more than {0} bytes")]
    TooLong(u64),
    /// A bomb.
    #[error("it unpacks to more than {0} times its length")]
    TooDense(u64),
    /// Archives in archives, without end.
    #[error("archives stand more than {0} deep in each other")]
    TooDeep(usize),
    /// Encrypted, cut short, or of a kind that is not read.
    #[error("member `{name}` cannot be unpacked")]
    Member {
        /// Which.
        name: String,
        /// Why.
        #[source]
        source: Error,
    },
    /// Cut short, or damaged.
    #[error("it is damaged, or cut short")]
    Damaged(#[source] Error),
}

/// What is left of [`Limits`].
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    limits: Limits,
    members: usize,
    bytes: u64,
}

impl Budget {
    /// All of it.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits, members: limits.members_max, bytes: limits.bytes_max }
    }

    /// Archives within archives that are allowed.
    #[must_use]
    pub fn depth_max(&self) -> usize {
        self.limits.depth_max
    }

    /// Takes a member of so many bytes, which are in memory already.
    ///
    /// # Errors
    /// [`ArchiveError`] when that is more than is left.
    pub(crate) fn take(&mut self, bytes: usize) -> Result<(), ArchiveError> {
        self.member()?;
        self.bytes = self.bytes.checked_sub(bytes as u64).ok_or(ArchiveError::TooLong(self.limits.bytes_max))?;
        Ok(())
    }

    fn member(&mut self) -> Result<(), ArchiveError> {
        self.members = self.members.checked_sub(1).ok_or(ArchiveError::TooManyMembers(self.limits.members_max))?;
        Ok(())
    }
}

/// The form of the archive that `bytes` are, if they are one.
#[must_use]
pub fn form(bytes: &[u8]) -> Option<Form> {
    let (at, magic) = TAR_MAGIC;
    let is_tar = bytes.get(at..).is_some_and(|rest| rest.starts_with(magic));
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    match () {
        () if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") => Some(Form::Zip),
        () if starts(b"\x1f\x8b") => Some(Form::Gzip),
        () if starts(b"\x28\xb5\x2f\xfd") => Some(Form::Zstandard),
        () if is_tar => Some(Form::Tar),
        () => None,
    }
}

/// The members of the archive `bytes`, in its order.
///
/// # Errors
/// [`ArchiveError`] when it is damaged, or would take more than is left of `budget`.
pub fn members(bytes: &[u8], form: Form, budget: &mut Budget) -> Result<Vec<Member>, ArchiveError> {
    let mut unpacking = Unpacking { packed: bytes.len() as u64, unpacked: 0, budget };
    match form {
        Form::Zip => zip(bytes, &mut unpacking),
        Form::Tar => tar(bytes, &mut unpacking),
        Form::Gzip => unpacking.only(flate2::read::MultiGzDecoder::new(bytes)),
        Form::Zstandard => unpacking.only(zstd::stream::read::Decoder::new(bytes).map_err(ArchiveError::Damaged)?),
    }
}

struct Unpacking<'b> {
    packed: u64,
    unpacked: u64,
    budget: &'b mut Budget,
}

impl Unpacking<'_> {
    fn only(&mut self, content: impl Read) -> Result<Vec<Member>, ArchiveError> {
        self.budget.member()?;
        let bytes = self.all(content)?.map_err(ArchiveError::Damaged)?;
        Ok(vec![Member { name: String::new(), bytes }])
    }

    fn member(&mut self, name: String, content: impl Read) -> Result<Member, ArchiveError> {
        self.budget.member()?;
        match self.all(content)? {
            Ok(bytes) => Ok(Member { name, bytes }),
            Err(source) => Err(ArchiveError::Member { name, source }),
        }
    }

    /// All of `content`, or the error in it. Reads no byte beyond the bounds.
    fn all(&mut self, content: impl Read) -> Result<Result<Vec<u8>, Error>, ArchiveError> {
        let Limits { ratio_max, .. } = self.budget.limits;
        let dense = self.packed.saturating_mul(ratio_max).max(RATIO_FREE_BYTES).saturating_sub(self.unpacked);
        let mut bytes = Vec::new();
        let most = dense.min(self.budget.bytes);
        if let Err(error) = content.take(most.saturating_add(1)).read_to_end(&mut bytes) {
            return Ok(Err(error));
        }
        let length = bytes.len() as u64;
        if length > self.budget.bytes {
            return Err(ArchiveError::TooLong(self.budget.limits.bytes_max));
        }
        if length > dense {
            return Err(ArchiveError::TooDense(ratio_max));
        }
        self.unpacked += length;
        self.budget.bytes -= length;
        Ok(Ok(bytes))
    }
}

fn zip(bytes: &[u8], unpacking: &mut Unpacking<'_>) -> Result<Vec<Member>, ArchiveError> {
    let damaged = |error: rawzip::Error| ArchiveError::Damaged(Error::other(error));
    let archive = rawzip::ZipArchive::from_slice(bytes).map_err(damaged)?;
    let mut entries = archive.entries();
    let mut members = Vec::new();
    while let Some(entry) = entries.next_entry().map_err(damaged)? {
        let name = shown(entry.file_path().as_bytes());
        if entry.is_dir() || entry.mode().is_symlink() || is_hidden(&name) {
            continue;
        }
        let not_read = |why: &'static str| ArchiveError::Member { name: name.clone(), source: Error::other(why) };
        if entry.flags().is_encrypted() {
            return Err(not_read("it is encrypted"));
        }
        let method = entry.compression_method();
        let packed = archive.get_entry(entry.wayfinder()).map_err(damaged)?;
        let data = packed.data();
        let content: Box<dyn Read> = match method {
            CompressionMethod::STORE => Box::new(data),
            CompressionMethod::DEFLATE => Box::new(flate2::read::DeflateDecoder::new(data)),
            CompressionMethod::ZSTD => Box::new(zstd::stream::read::Decoder::new(data).map_err(ArchiveError::Damaged)?),
            _ => return Err(not_read("it is packed in a way that is not read")),
        };
        members.push(unpacking.member(name, packed.verifying_reader(content))?);
    }
    Ok(members)
}

fn tar(bytes: &[u8], unpacking: &mut Unpacking<'_>) -> Result<Vec<Member>, ArchiveError> {
    let mut archive = tar::Archive::new(bytes);
    let mut members = Vec::new();
    for entry in archive.entries().map_err(ArchiveError::Damaged)? {
        let entry = entry.map_err(ArchiveError::Damaged)?;
        let name = shown(&entry.path_bytes());
        if entry.header().entry_type().is_file() && !is_hidden(&name) {
            members.push(unpacking.member(name, entry)?);
        }
    }
    Ok(members)
}

/// A name in whatever encoding, fit to be shown.
pub(crate) fn shown(name: &[u8]) -> String {
    let name = Raw::new(name.to_vec()).decode();
    let visible = name.text().chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c });
    visible.take(NAME_CHARACTERS_MAX).collect()
}

/// Whether a part of the name says that it is not for people, as archivers of some systems add.
fn is_hidden(name: &str) -> bool {
    name.split(['/', '\\']).any(|part| part == "__MACOSX" || part.starts_with('.') && !matches!(part, "." | ".."))
}

#[cfg(test)]
pub(crate) mod tests;
