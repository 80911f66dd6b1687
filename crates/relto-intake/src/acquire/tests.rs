//! Files as they come: told by what is in them, archives taken apart, PDFs by a renderer that is handed in.

use super::*;
use crate::archive::tests::zipped;
use std::io::Write;

fn documents(bytes: Vec<u8>) -> Result<Vec<Document>, String> {
    let mut render = |pdf: &[u8]| match pdf.ends_with(b"bad") {
        true => Err("it is damaged".to_owned()),
        false => Ok(Rendered { text: "Text of a PDF.".to_owned(), by: "test 1".to_owned(), about: About::default() }),
    };
    let members = open(bytes, Limits::default()).map_err(|error| error.to_string())?;
    let mut documents = Vec::new();
    for member in members {
        documents.extend(read(member, &mut render).map_err(|error| error.to_string())?);
    }
    Ok(documents)
}

#[test]
fn what_bytes_are_is_told_by_what_is_in_them() {
    let rss = "<rss><channel><item><title>One</title></item><item><title>Two</title></item></channel></rss>";
    for (bytes, media_type, texts) in [
        ("Plain text.", "text/plain", vec!["Plain text."]),
        ("", "text/plain", vec![""]),
        ("<!DOCTYPE html><p>A page.", "text/html", vec!["A page."]),
        (rss, "application/xml", vec!["One", "Two"]),
        ("%PDF-1.7 and more", "application/pdf", vec!["Text of a PDF."]),
    ] {
        let documents = documents(bytes.as_bytes().to_vec()).unwrap();
        let found: Vec<&str> = documents.iter().map(|document| document.reading.text()).collect();
        assert_eq!(found, texts);
        assert!(documents.iter().all(|document| document.origin.media_type == media_type), "{documents:?}");
    }
    let utf_16: Vec<u8> = "A text.\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(documents(utf_16).unwrap()[0].reading.text(), "A text.\n");
}

#[test]
fn what_is_no_document_is_named() {
    for (bytes, what) in [
        (&b"\x89PNG\r\n"[..], "is a picture, which is not read"),
        (b"a\0b", "is no text, or one in UTF-16 that does not show it, which is not read"),
        (b"%PDF-1.7 bad", "is a PDF that cannot be read: it is damaged"),
        (b"PK\x03\x04 and no more", "it is damaged, or cut short"),
    ] {
        assert_eq!(documents(bytes.to_vec()).map(|_| ()), Err(what.to_owned()));
    }
    assert_eq!(
        documents(zipped(&[("[Content_Types].xml", b"<Types/>")])).map(|_| ()),
        Err("is an office document, which is not read".to_owned())
    );
    let long = documents("a ".repeat(3 << 20).into_bytes()).map(|_| ());
    assert_eq!(long, Err("has more than the 4194304 bytes that a document of its kind may have".to_owned()));
}

#[test]
fn members_know_the_archive_they_were_in() {
    let inner = zipped(&[("b.html", b"<html><p>Inner page.</p></html>")]);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(b"Packed alone.").unwrap();
    let outer = zipped(&[("a.txt", b"Outer text."), ("in/inner.zip", &inner), ("c.txt.gz", &gzip.finish().unwrap())]);
    let sha256 = Raw::new(outer.clone()).sha256_hex();
    let documents = documents(outer).unwrap();
    let found: Vec<(String, Vec<String>)> = documents
        .iter()
        .map(|document| {
            let within = document.origin.archive.clone().unwrap();
            assert_eq!(within.sha256, sha256);
            (document.reading.text().to_owned(), within.names)
        })
        .collect();
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let expected = [
        ("Outer text.".to_owned(), names(&["a.txt"])),
        ("Inner page.".to_owned(), names(&["in/inner.zip", "b.html"])),
        ("Packed alone.".to_owned(), names(&["c.txt.gz"])),
    ];
    assert_eq!(found, expected);
    assert_eq!(documents[0].origin.sha256, Raw::new(b"Outer text.".to_vec()).sha256_hex(), "the hash is of the member");
    let deep = (0..4).fold(b"x".to_vec(), |inner, _| zipped(&[("a.zip", &inner)]));
    let refused = super::open(deep, Limits::default()).map(|_| ()).unwrap_err().to_string();
    assert_eq!(refused, "archives stand more than 2 deep in each other");
}

#[test]
fn spans_of_a_pdf_are_in_its_rendition() {
    let document = documents(b"%PDF-1.7".to_vec()).unwrap().remove(0);
    let rendition = document.origin.rendition.clone().unwrap();
    assert_eq!((document.origin.spans, rendition.by.as_str()), (Spans::Rendition, "test 1"));
    assert_eq!(rendition.sha256, document.raw.sha256_hex());
    assert_eq!(document.origin.sha256, Raw::new(b"%PDF-1.7".to_vec()).sha256_hex());
    assert_eq!(document.raw.bytes(), b"Text of a PDF.");
}
