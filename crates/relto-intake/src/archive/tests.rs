//! Archives and bombs, made here.

use super::*;
use std::io::Write;

pub(crate) fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = rawzip::ZipArchiveWriter::new(Vec::new());
    for (name, bytes) in members {
        // As hostile writers do, past the checks of the library.
        let path = rawzip::path::EntryPath::verbatim(name.as_bytes());
        let (mut entry, config) = writer.new_file(path).compression_method(CompressionMethod::DEFLATE).start().unwrap();
        let mut packed = config.wrap(flate2::write::DeflateEncoder::new(&mut entry, flate2::Compression::best()));
        packed.write_all(bytes).unwrap();
        let (encoder, descriptor) = packed.finish().unwrap();
        encoder.finish().unwrap();
        entry.finish(descriptor).unwrap();
    }
    writer.finish().unwrap()
}

fn tarred(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        // As hostile writers do, past the checks of the library.
        header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        builder.append(&header, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn open(bytes: &[u8], limits: Limits) -> Result<Vec<(String, usize)>, String> {
    let form = form(bytes).ok_or("no archive")?;
    let members = members(bytes, form, &mut Budget::new(limits)).map_err(|error| error.to_string())?;
    Ok(members.into_iter().map(|member| (member.name, member.bytes.len())).collect())
}

#[test]
fn members_are_found_in_every_form() {
    let files: [(&str, &[u8]); 4] = [("a/one.txt", b"one"), (".hidden", b"x"), ("__MACOSX/a", b"x"), ("../../etc/passwd", b"two!")];
    let expected = Ok(vec![("a/one.txt".to_owned(), 3), ("../../etc/passwd".to_owned(), 4)]);
    assert_eq!(open(&zipped(&files), Limits::default()), expected);
    assert_eq!(open(&tarred(&files), Limits::default()), expected);
    let zstd = zstd::encode_all(&b"content"[..], 3).unwrap();
    for packed in [gzipped(b"content"), zstd] {
        assert_eq!(open(&packed, Limits::default()), Ok(vec![(String::new(), 7)]));
    }
    assert_eq!(open(b"plain text", Limits::default()), Err("no archive".to_owned()));
}

#[test]
fn bombs_are_refused() {
    let zeros = vec![0_u8; 64 << 20];
    let dense = Err("it unpacks to more than 200 times its length".to_owned());
    assert_eq!(open(&zipped(&[("a", &zeros)]), Limits::default()), dense);
    assert_eq!(open(&gzipped(&zeros), Limits::default()), dense);
    assert_eq!(open(&zstd::encode_all(&zeros[..], 3).unwrap(), Limits::default()), dense);
    // Each for itself is small enough; all of them are not.
    let part = &zeros[..1 << 20];
    let many: Vec<(String, &[u8])> = (0..9).map(|index| (format!("{index}"), part)).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    assert_eq!(open(&zipped(&many), Limits::default()), dense);
    let limits = Limits { bytes_max: 4 << 20, ratio_max: 10_000, ..Limits::default() };
    assert_eq!(open(&zipped(&many), limits), Err("unpacked it has more than 4194304 bytes".to_owned()));
    assert_eq!(open(&tarred(&many), limits), Err("unpacked it has more than 4194304 bytes".to_owned()));
    let limits = Limits { members_max: 8, ..Limits::default() };
    let small: Vec<(&str, &[u8])> = many.iter().map(|(name, _)| (*name, &b"x"[..])).collect();
    assert_eq!(open(&zipped(&small), limits), Err("it has more than 8 members".to_owned()));
    assert_eq!(open(&tarred(&small), limits), Err("it has more than 8 members".to_owned()));
}

#[test]
fn damage_is_an_error_and_never_a_panic() {
    let files: [(&str, &[u8]); 2] = [("one.txt", b"one and more of it"), ("two.txt", b"two")];
    for archive in [zipped(&files), tarred(&files), gzipped(b"a text that is packed"), zstd::encode_all(&b"a text"[..], 3).unwrap()] {
        for at in 0..archive.len() {
            let mut damaged = archive.clone();
            damaged[at] ^= 0x41;
            let _ = open(&damaged, Limits::default());
            let _ = open(&archive[..at], Limits::default());
        }
    }
    let cut = gzipped(b"a text that is packed");
    assert_eq!(open(&cut[..cut.len() - 9], Limits::default()), Err("it is damaged, or cut short".to_owned()));
}

#[test]
fn names_are_fit_to_be_shown() {
    assert_eq!(shown(b"a\x1b[31m\nb"), "a\u{fffd}[31m\u{fffd}b");
    assert_eq!(shown(&encoding_rs::GBK.encode("港口管理局报告.txt").0), "港口管理局报告.txt");
    assert_eq!(shown("长".repeat(900).as_bytes()).chars().count(), NAME_CHARACTERS_MAX);
}
