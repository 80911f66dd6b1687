//! Files of many objects, read in order on all cores: what loading and validating share.
//!
//! A file is split without being read (`relto_model::bundle`); its pieces go in chunks to the cores in turn, so that one chunk a core is
//! ahead of whoever takes them, and no more.

use std::sync::mpsc::{Receiver, sync_channel};

use bytes::Bytes;
use relto_model::bundle::{self, BundleError};
use relto_model::kinds::Kinds;
use relto_model::object::ObjectError;
use relto_model::stix20::{self, Reading};

use crate::load::{LoadError, Source};

/// Most pieces of one chunk.
const CHUNK_PIECES_MAX: usize = 256;
/// A chunk ends with the piece that brings it to this many bytes.
const CHUNK_BYTES: usize = 1 << 20;
/// Most cores that read.
const CORES_MAX: usize = 16;

/// A raw object and where it is from.
pub(crate) struct Piece<'s> {
    /// The file.
    pub source: &'s str,
    /// Where in it: `/objects/3`, `line 7`, or `/` when the file is the object.
    pub place: String,
    /// The object.
    pub bytes: Bytes,
}

impl Piece<'_> {
    /// Where `pointer` into this object is in its file; the file itself is not named.
    pub(crate) fn place_of(&self, pointer: &str) -> String {
        match (self.place.strip_prefix('/'), pointer) {
            (Some(""), "") => "/".to_owned(),
            (Some(""), pointer) => pointer.to_owned(),
            (Some(_), pointer) => format!("{}{pointer}", self.place),
            (None, "") => self.place.clone(),
            (None, pointer) => format!("{}: {pointer}", self.place),
        }
    }

    /// What is wrong where: file, place of the object in it, and pointer into the object.
    pub(crate) fn fault(&self, error: &ObjectError) -> String {
        format!("{}: {}: {} (STIX 2.1, section {})", self.source, self.place_of(&error.pointer), error.message, error.section)
    }
}

/// The pieces of `sources`, in order.
///
/// # Errors
/// [`LoadError::Form`] when a file is not JSON of any form that is known.
pub(crate) fn split(sources: &[Source]) -> Result<Vec<Piece<'_>>, LoadError> {
    let mut pieces = Vec::new();
    for source in sources {
        let more = split_one(source)
            .map_err(|error| LoadError::Form { place: format!("{}: {}", source.name, error.place), message: error.message })?;
        pieces.extend(more);
    }
    Ok(pieces)
}

/// The pieces of one file.
///
/// # Errors
/// [`BundleError`] when it is not JSON of any form that is known.
pub(crate) fn split_one(source: &Source) -> Result<Vec<Piece<'_>>, BundleError> {
    let objects = bundle::split(&source.content)?;
    Ok(objects.into_iter().map(|object| Piece { source: &source.name, place: object.place, bytes: object.bytes }).collect())
}

/// What became of a piece.
pub(crate) type Read = Result<Reading, ObjectError>;

/// Hands `take` every piece with what was read of it, in order, while the cores read ahead.
pub(crate) fn in_order<'p, T>(
    pieces: &'p [Piece<'p>],
    kinds: &Kinds,
    take: impl FnOnce(&mut dyn Iterator<Item = (&'p Piece<'p>, Read)>) -> T,
) -> T {
    let chunks = chunks(pieces);
    let cores = std::thread::available_parallelism().map_or(1, usize::from).clamp(1, CORES_MAX);
    if chunks.len() < 2 || cores < 2 {
        return take(&mut pieces.iter().map(|piece| (piece, stix20::read(piece.bytes.clone(), kinds))));
    }
    std::thread::scope(|scope| {
        let lines: Vec<Receiver<Vec<Read>>> = (0..cores.min(chunks.len()))
            .map(|core| {
                // Nobody listens any more when whoever takes them has given up; then there is nothing left to do.
                let (tell, hear) = sync_channel(1);
                let own: Vec<&[Piece<'_>]> = chunks.iter().skip(core).step_by(cores).copied().collect();
                scope.spawn(move || own.into_iter().map(|chunk| read(chunk, kinds)).try_for_each(|read| tell.send(read)).is_ok());
                hear
            })
            .collect();
        let read = lines.iter().cycle().map_while(|line| line.recv().ok()).flatten();
        take(&mut pieces.iter().zip(read))
    })
}

fn read(chunk: &[Piece<'_>], kinds: &Kinds) -> Vec<Read> {
    chunk.iter().map(|piece| stix20::read(piece.bytes.clone(), kinds)).collect()
}

fn chunks<'p, 's>(pieces: &'p [Piece<'s>]) -> Vec<&'p [Piece<'s>]> {
    let mut chunks = Vec::new();
    let mut rest = pieces;
    while !rest.is_empty() {
        let mut bytes = 0;
        let full = |piece: &Piece<'_>| {
            bytes += piece.bytes.len();
            bytes >= CHUNK_BYTES
        };
        let length = rest.iter().take(CHUNK_PIECES_MAX).position(full).map_or(rest.len().min(CHUNK_PIECES_MAX), |last| last + 1);
        let (chunk, after) = rest.split_at(length);
        chunks.push(chunk);
        rest = after;
    }
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(count: usize, length: usize) -> Vec<Piece<'static>> {
        let one = |at: usize| {
            let id = format!("x-thing--00000000-0000-4000-8000-{at:012x}");
            let bytes = format!(r#"{{"type":"x-thing","id":"{id}","x_text":"{}"}}"#, "a".repeat(length));
            let bytes = if at % 7 == 3 { bytes.replace("x-thing\"", "Thing\"") } else { bytes };
            Piece { source: "file", place: format!("line {at}"), bytes: bytes.into() }
        };
        (0..count).map(one).collect()
    }

    #[test]
    fn order_is_kept() {
        for (count, length) in [(0, 1), (1, 1), (3 * CHUNK_PIECES_MAX + 5, 1), (9, CHUNK_BYTES / 2)] {
            let pieces = pieces(count, length);
            let seen = in_order(&pieces, &Kinds::builtin(), |read| {
                read.map(|(piece, read)| (piece.place.clone(), read.map(|read| read.objects.len()).map_err(|error| error.pointer)))
                    .collect::<Vec<_>>()
            });
            assert_eq!(seen.len(), count);
            for (at, (place, read)) in seen.into_iter().enumerate() {
                assert_eq!(place, format!("line {at}"));
                assert_eq!(read, if at % 7 == 3 { Err("/type".to_owned()) } else { Ok(1) });
            }
        }
    }

    #[test]
    fn giving_up_early_ends_the_cores() {
        let pieces = pieces(40 * CHUNK_PIECES_MAX, 1);
        assert!(in_order(&pieces, &Kinds::builtin(), |read| read.next().is_some()));
    }

    #[test]
    fn places() {
        let place = |place: &str, pointer: &str| Piece { source: "f", place: place.to_owned(), bytes: Bytes::new() }.place_of(pointer);
        assert_eq!(place("/", "/pattern"), "/pattern");
        assert_eq!(place("/", ""), "/");
        assert_eq!(place("/objects/3", "/pattern"), "/objects/3/pattern");
        assert_eq!(place("/objects/3", ""), "/objects/3");
        assert_eq!(place("line 7", "/pattern"), "line 7: /pattern");
        assert_eq!(place("line 7", ""), "line 7");
    }
}
