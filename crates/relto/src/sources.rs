//! Reading what `load` is given: plain files, `.gz`, `.zst`, and `-` for standard input; told apart by their first bytes, not their names.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;

use bytes::Bytes;
use indicatif::ProgressBar;
use relto_http::ClientCertificate;
use relto_node::Source;

use crate::failure::{Exit, Failure};

/// Most bytes of one load, after decompression: it is one transaction, and held in memory whole.
pub(crate) const LOAD_BYTES_MAX: u64 = 4 << 30;
const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Reads all of `files`, by the names they were given, telling `bar` how many bytes were taken from disk.
///
/// # Errors
/// [`Failure`] when one is missing, damaged, or all of them are too large.
pub(crate) fn read_all(files: &[String], bar: &ProgressBar) -> Result<Vec<Source>, Failure> {
    if files.iter().filter(|file| *file == "-").count() > 1 {
        return Err(Failure::new("standard input can be read once").exit(Exit::Usage).help("give `-` once"));
    }
    let mut left = LOAD_BYTES_MAX;
    let mut sources = Vec::with_capacity(files.len());
    for file in files {
        let bytes = read(file, left, bar)?;
        left = left.saturating_sub(bytes.len() as u64);
        sources.push(Source { name: shown(file), content: bytes });
    }
    Ok(sources)
}

/// Reads a word list; `-` is standard input.
///
/// # Errors
/// [`Failure`] when it is missing, damaged, too large, or no text in UTF-8.
pub(crate) fn read_words(file: &str) -> Result<String, Failure> {
    read_list(file, "save it as UTF-8: a word list has one entry a line")
}

/// Reads a list in CSV; `-` is standard input.
///
/// # Errors
/// As [`read_words`].
pub(crate) fn read_table(file: &str) -> Result<String, Failure> {
    read_list(file, "save it as CSV in UTF-8")
}

fn read_list(file: &str, help: &str) -> Result<String, Failure> {
    /// Every entry as long as may be, and as many comments.
    const WORD_LIST_BYTES_MAX: u64 = 8 << 20;
    let bytes = read(file, WORD_LIST_BYTES_MAX, &ProgressBar::hidden())?;
    let text = String::from_utf8(bytes.to_vec());
    text.map_err(|_| Failure::new(format!("{}: not a text in UTF-8", shown(file))).help(help))
}

/// Reads a certificate in PEM or DER, of several the first. Returns the SHA-256 of its public key.
///
/// # Errors
/// [`Failure`] when it is missing or too long, or is no certificate.
pub(crate) fn read_certificate(file: &str) -> Result<[u8; 32], Failure> {
    /// Longer than any chain.
    const CERTIFICATE_BYTES_MAX: u64 = 256 << 10;
    let ClientCertificate(key) = ClientCertificate::of_file(&read_as_it_is(file, CERTIFICATE_BYTES_MAX)?)
        .ok_or_else(|| Failure::new(format!("{}: not a certificate", shown(file))).help("give an X.509 certificate in PEM or DER"))?;
    Ok(key)
}

/// Reads one file of at most `bytes_max` bytes as it is: what is packed stays so.
///
/// # Errors
/// [`Failure`] when it is missing, damaged or too long.
pub(crate) fn read_as_it_is(file: &str, bytes_max: u64) -> Result<Bytes, Failure> {
    let (input, length) = input(file)?;
    as_it_is(input, length, &shown(file), bytes_max)
}

/// Reads the file at `path`, which is called `name`, as [`read_as_it_is`] does: not every path can be written down.
///
/// # Errors
/// As [`read_as_it_is`].
pub(crate) fn read_path(path: &Path, name: &str, bytes_max: u64) -> Result<Bytes, Failure> {
    let open = open(path, name)?;
    let length = open.metadata().map_or(0, |found| found.len());
    as_it_is(open, length, name, bytes_max)
}

fn as_it_is(input: impl Read, length: u64, name: &str, bytes_max: u64) -> Result<Bytes, Failure> {
    let room = usize::try_from(length.min(bytes_max)).unwrap_or(0);
    let bytes = all_of(input, room, bytes_max);
    let bytes = bytes.map_err(|error| Failure::of(&format!("{name}: cannot be read"), &error).help("look whether its disk is well"))?;
    let too_long = || Failure::new(format!("{name}: has more than the {bytes_max} bytes that may be read")).lasting();
    bytes.map(Bytes::from).ok_or_else(|| too_long().help("give it in parts"))
}

/// How many bytes `files` hold on disk, as far as that is known.
pub(crate) fn length_on_disk(files: &[String]) -> u64 {
    files.iter().filter_map(|file| Path::new(file).metadata().ok()).map(|found| found.len()).sum()
}

fn shown(file: &str) -> String {
    if file == "-" { "standard input".to_owned() } else { file.to_owned() }
}

/// The file, or standard input, and its length as far as that is known.
fn input(file: &str) -> Result<(Box<dyn Read>, u64), Failure> {
    if file == "-" {
        return Ok((Box::new(io::stdin().lock()), 0));
    }
    let open = open(Path::new(file), file)?;
    let length = open.metadata().map_or(0, |found| found.len());
    Ok((Box::new(open), length))
}

fn read(file: &str, bytes_max: u64, bar: &ProgressBar) -> Result<Bytes, Failure> {
    let (input, length) = input(file)?;
    let damaged =
        |error: io::Error| Failure::of(&format!("{}: cannot be read", shown(file)), &error).help("the file may be damaged or cut short");
    let bytes = unpacked(bar.wrap_read(input), length, bytes_max).map_err(damaged)?;
    bytes.ok_or_else(|| {
        Failure::new(format!("{}: unpacked it has more than the {bytes_max} bytes that may still be read", shown(file)))
            .help("give it in parts, or the files one after the other")
    })
}

fn open(path: &Path, file: &str) -> Result<File, Failure> {
    const NEXT: &str = "name a file that is there and that you may read";
    let open = File::open(path).and_then(|open| open.metadata().map(|found| (open, found)));
    match open {
        Ok((_, found)) if found.is_dir() => {
            Err(Failure::new(format!("{file}: is a directory")).help("name the files in it, for instance with `*.json`"))
        }
        Ok((open, _)) => Ok(open),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(Failure::not_found(format!("{file}: there is no such file")).help(NEXT))
        }
        Err(error) => Err(Failure::of(&format!("{file}: cannot be opened"), &error).help(NEXT)),
    }
}

/// The content of `input`, unpacked if it is packed; `None` when it is longer than `bytes_max`. `length` is what is on disk, as far as
/// that is known: room for a plain file is made once.
fn unpacked(mut input: impl Read, length: u64, bytes_max: u64) -> io::Result<Option<Bytes>> {
    let mut head = Vec::with_capacity(ZSTD.len());
    input.by_ref().take(ZSTD.len() as u64).read_to_end(&mut head)?;
    let (gzip, zstd) = (head.starts_with(&GZIP), head == ZSTD);
    let whole = Cursor::new(head).chain(input);
    let plain: Box<dyn Read + '_> = match (gzip, zstd) {
        (true, _) => Box::new(flate2::read::MultiGzDecoder::new(whole)),
        (_, true) => Box::new(zstd::stream::read::Decoder::new(whole)?),
        (false, false) => Box::new(whole),
    };
    let room = if gzip || zstd { 0 } else { usize::try_from(length.min(bytes_max)).unwrap_or(0) };
    Ok(all_of(plain, room, bytes_max)?.map(Bytes::from))
}

/// All of `input`, with room for `room` bytes made at once; `None` when it is longer than `bytes_max`. Room is never made for more than that: a
/// packed file can say little and unpack without end.
fn all_of(mut input: impl Read, room: usize, bytes_max: u64) -> io::Result<Option<Vec<u8>>> {
    const STEP_BYTES: u64 = 64 << 10;
    let mut bytes = Vec::with_capacity(room);
    loop {
        let left = bytes_max - bytes.len() as u64;
        let step = (bytes.len() as u64).clamp(STEP_BYTES, 64 << 20).min(left);
        bytes.reserve_exact(usize::try_from(step).unwrap_or(0));
        if input.by_ref().take(step).read_to_end(&mut bytes)? as u64 == step {
            if step < left {
                continue;
            }
            return Ok((input.read(&mut [0])? == 0).then_some(bytes));
        }
        return Ok(Some(bytes));
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn packed_and_plain_are_the_same() {
        let text = b"{\"type\":\"bundle\"}";
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(text).unwrap();
        let zstd = zstd::encode_all(&text[..], 3).unwrap();
        for packed in [text.to_vec(), gzip.finish().unwrap(), zstd] {
            assert_eq!(unpacked(packed.as_slice(), packed.len() as u64, 100).unwrap().unwrap(), text.as_slice());
            assert_eq!(unpacked(packed.as_slice(), 0, 3).unwrap(), None);
        }
        assert_eq!(unpacked(&b""[..], 0, 100).unwrap().unwrap(), b"".as_slice());
    }

    #[test]
    fn a_file_cut_short_is_an_error() {
        let zstd = zstd::encode_all(&[7_u8; 1000][..], 3).unwrap();
        assert!(unpacked(&zstd[..zstd.len() - 4], 0, 10_000).is_err());
    }
}
