//! The bytes that arrived: kept, hashed, and decoded with a map back to every byte.
//!
//! Order of trust: a byte order mark, the shape of UTF-16 and UTF-32, UTF-8 that holds nearly throughout, then what the document
//! declares (`<meta charset>`, `<?xml encoding?>`), then a guess. Bytes that no character explains become U+FFFD and still map to
//! themselves. What a page, feed or archive holds is taken out of it elsewhere ([`crate::acquire`]).

mod encoding;

use crate::map::SpanMap;
use crate::reading::Reading;
use crate::span::RawSpan;
use encoding::{ByteOrder, Coding};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// How the encoding became known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EncodingEvidence {
    /// The first bytes say it.
    ByteOrderMark,
    /// Bytes stand as only this encoding puts them: UTF-16 and UTF-32 without a mark, ISO-2022-JP.
    Shape,
    /// All bytes are well-formed UTF-8.
    Utf8Throughout,
    /// Nearly all bytes are well-formed UTF-8; the others are damage.
    Utf8Mostly,
    /// The document says it, as HTML and XML do.
    Declared,
    /// The likeliest by the frequency of bytes; may be wrong for short texts.
    Guessed,
}

/// A document as it arrived; copies share the bytes.
#[derive(Clone, Debug)]
pub struct Raw {
    bytes: Arc<Vec<u8>>,
    sha256: [u8; 32],
    coding: Coding,
    evidence: EncodingEvidence,
    mark_bytes: usize,
}

impl Raw {
    /// Hashes `bytes` and finds out their encoding.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        let sha256 = Sha256::digest(&bytes).into();
        let (coding, evidence, mark_bytes) = encoding::of(&bytes);
        Self { bytes: Arc::new(bytes), sha256, coding, evidence, mark_bytes }
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
        self.coding.name()
    }

    /// Whether the bytes can be a text: one holds no NUL, but in UTF-16 and UTF-32.
    #[must_use]
    pub fn is_text(&self) -> bool {
        let is_wide = !matches!(self.coding, Coding::Web(encoding) if encoding != UTF_16LE && encoding != UTF_16BE);
        is_wide || !self.bytes.contains(&0)
    }

    /// How the encoding became known.
    #[must_use]
    pub fn evidence(&self) -> EncodingEvidence {
        self.evidence
    }

    /// The first reading: the bytes as text, without a byte order mark.
    #[must_use]
    pub fn decode(&self) -> Reading {
        match self.coding {
            Coding::Web(encoding) if encoding == UTF_8 => decode_utf8(&self.bytes, self.mark_bytes),
            Coding::Web(encoding) => decode_other(&self.bytes, self.mark_bytes, encoding),
            Coding::Utf32(order) => decode_utf32(&self.bytes, self.mark_bytes, order),
        }
    }
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

fn decode_utf32(bytes: &[u8], mark: usize, order: ByteOrder) -> Reading {
    let mut text = String::with_capacity(bytes.len() / 2);
    let mut map = SpanMap::starting_at(mark);
    for (index, unit) in bytes.get(mark..).unwrap_or_default().chunks(4).enumerate() {
        let at = mark + index * 4;
        let whole: Option<[u8; 4]> = unit.try_into().ok();
        let c = whole.and_then(|unit| char::from_u32(order.utf_32(unit))).unwrap_or(char::REPLACEMENT_CHARACTER);
        text.push(c);
        map.push_whole(RawSpan::new(at, at + unit.len()), c.len_utf8());
    }
    Reading::decoded(text, map)
}
