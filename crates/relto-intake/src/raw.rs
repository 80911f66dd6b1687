//! The bytes that arrived: kept, hashed, and decoded with a map back to every byte.
//!
//! Order of trust: a byte order mark, then UTF-8 that holds throughout, then what the document declares, then a guess.
//! Bytes that no character explains become U+FFFD and still map to themselves. Containers (HTML, PDF, archives) are opened
//! before this, elsewhere; only the declarations of HTML and XML are read here.

use crate::map::SpanMap;
use crate::reading::Reading;
use crate::span::RawSpan;
use encoding_rs::{Encoding, UTF_8};
use sha2::{Digest, Sha256};

/// A declaration of the encoding stands in the first so many bytes (as HTML asks).
const DECLARATION_BYTES_MAX: usize = 1024;

/// How the encoding became known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EncodingEvidence {
    /// The first bytes say it.
    ByteOrderMark,
    /// All bytes are well-formed UTF-8.
    Utf8Throughout,
    /// The document says it, as HTML and XML do.
    Declared,
    /// The likeliest by the frequency of bytes; may be wrong for short texts.
    Guessed,
}

/// A document as it arrived.
#[derive(Clone, Debug)]
pub struct Raw {
    bytes: Vec<u8>,
    sha256: [u8; 32],
    encoding: &'static Encoding,
    evidence: EncodingEvidence,
}

impl Raw {
    /// Hashes `bytes` and finds out their encoding.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        let sha256 = Sha256::digest(&bytes).into();
        let (encoding, evidence) = encoding_of(&bytes);
        Self { bytes, sha256, encoding, evidence }
    }

    /// The bytes that arrived.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// SHA-256 of the bytes, in hexadecimal.
    #[must_use]
    pub fn sha256_hex(&self) -> String {
        hex::encode(self.sha256)
    }

    /// Name of the encoding, as the web names it.
    #[must_use]
    pub fn encoding_name(&self) -> &'static str {
        self.encoding.name()
    }

    /// How the encoding became known.
    #[must_use]
    pub fn evidence(&self) -> EncodingEvidence {
        self.evidence
    }

    /// The first reading: the bytes as text, without a byte order mark.
    #[must_use]
    pub fn decode(&self) -> Reading {
        let mark = Encoding::for_bom(&self.bytes).map_or(0, |(_, bytes)| bytes);
        if self.encoding == UTF_8 { decode_utf8(&self.bytes, mark) } else { decode_other(&self.bytes, mark, self.encoding) }
    }

    /// The characters that `span` holds, decoded alone: the quote that a fact's raw span reproduces.
    #[must_use]
    pub fn quote(&self, span: RawSpan) -> String {
        let bytes = self.bytes.get(span.from..span.to).unwrap_or_default();
        self.encoding.decode_without_bom_handling(bytes).0.into_owned()
    }
}

fn encoding_of(bytes: &[u8]) -> (&'static Encoding, EncodingEvidence) {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return (encoding, EncodingEvidence::ByteOrderMark);
    }
    if std::str::from_utf8(bytes).is_ok() {
        return (UTF_8, EncodingEvidence::Utf8Throughout);
    }
    if let Some(encoding) = declared(bytes) {
        return (encoding, EncodingEvidence::Declared);
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    (detector.guess(None, chardetng::Utf8Detection::Allow), EncodingEvidence::Guessed)
}

/// The label after `charset=` or `encoding=`, with or without quotes.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(bytes.get(..DECLARATION_BYTES_MAX).unwrap_or(bytes)).to_ascii_lowercase();
    let label = |key: &str| {
        let after = head.get(head.find(key)? + key.len()..)?;
        let label = after.trim_start_matches(['"', '\'', ' ']);
        Encoding::for_label(label.split(['"', '\'', ' ', ';', '>', '/', '?']).next()?.as_bytes())
    };
    label("charset=").or_else(|| label("encoding="))
}

fn decode_utf8(bytes: &[u8], mark: usize) -> Reading {
    let mut text = String::with_capacity(bytes.len());
    let mut map = SpanMap::starting_at(mark);
    let mut at = mark;
    for chunk in bytes.get(mark..).unwrap_or_default().utf8_chunks() {
        text.push_str(chunk.valid());
        map.push_exact(at, chunk.valid().len());
        at += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
            map.push_whole(RawSpan::new(at, at + chunk.invalid().len()), char::REPLACEMENT_CHARACTER.len_utf8());
            at += chunk.invalid().len();
        }
    }
    Reading::decoded(text, map)
}

/// One byte at a time, so that each character is mapped to the bytes that completed it.
fn decode_other(bytes: &[u8], mark: usize, encoding: &'static Encoding) -> Reading {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(bytes.len() * 2);
    let mut map = SpanMap::starting_at(mark);
    let mut started = mark;
    for (at, byte) in bytes.iter().enumerate().skip(mark) {
        let before = text.len();
        text.reserve(32);
        let last = at + 1 == bytes.len();
        let _ = decoder.decode_to_string(std::slice::from_ref(byte), &mut text, last);
        let made = text.len() - before;
        if made == 1 && byte.is_ascii() && started == at && text.as_bytes().last() == Some(byte) {
            map.push_exact(at, 1);
        } else {
            map.push_whole(RawSpan::new(started, at + 1), made);
        }
        if made > 0 {
            started = at + 1;
        }
    }
    Reading::decoded(text, map)
}
