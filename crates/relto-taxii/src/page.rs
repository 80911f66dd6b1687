//! Pages on the wire: objects, manifests and versions, made of nothing but what was cleared for the one who asked.

use std::collections::HashSet;
use std::rc::Rc;

use bytes::{BufMut, Bytes, BytesMut};
use relto_gate::{Cleared, Principal};
use relto_model::Stamp;

use crate::media::STIX;
use crate::problem::Header;
use crate::resource::{Manifest, ManifestRecord, Versions, to_json};

/// About how large one chunk of a reply is, in bytes.
pub const CHUNK_BYTES: usize = 64 * 1024;

/// What goes on the wire of a cleared row.
#[derive(Debug, Clone, Copy)]
pub struct WireRow<'r> {
    /// STIX id.
    pub id: &'r str,
    /// The version as the object writes it.
    pub version: &'r str,
    /// When it was added, as the principal sees it.
    pub added: Stamp,
    /// The object's bytes as they arrived.
    pub body: &'r [u8],
}

/// Rows cleared for one principal, and how to put one on the wire.
pub struct WireRows<'w, 'p, T> {
    rows: &'w [Cleared<'p, T>],
    view: fn(&T) -> WireRow<'_>,
}

/// A row was about to be sent to somebody for whom it was not cleared. Nothing is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a row in this reply was cleared for somebody else")]
pub struct ForeignRow;

impl<'w, 'p, T> WireRows<'w, 'p, T> {
    /// `rows`, for `reader` and nobody else.
    ///
    /// # Errors
    /// [`ForeignRow`] when a row was not cleared for `reader`.
    pub fn new(rows: &'w [Cleared<'p, T>], reader: &Principal, view: fn(&T) -> WireRow<'_>) -> Result<Self, ForeignRow> {
        if rows.iter().all(|row| row.is_for(reader)) { Ok(Self { rows, view }) } else { Err(ForeignRow) }
    }

    fn iter(&self) -> impl Iterator<Item = WireRow<'w>> {
        self.rows.iter().map(|row| (self.view)(row.get()))
    }

    /// An envelope of objects (section 3.7), in chunks: the objects' own bytes, word for word, and after them what goes `beside` them, which the
    /// caller has made of nothing but these rows and others that were cleared for the same reader.
    #[must_use]
    pub fn envelope(&self, next: Option<&str>, beside: &[Bytes]) -> Vec<Bytes> {
        let is_empty = self.rows.is_empty() && beside.is_empty();
        let mut chunks = Vec::new();
        let mut chunk = BytesMut::with_capacity(CHUNK_BYTES + 1024);
        chunk.put_slice(b"{");
        if let Some(next) = next {
            chunk.put_slice(b"\"more\":true,\"next\":\"");
            chunk.put_slice(next.as_bytes());
            chunk.put_slice(if is_empty { b"\"" } else { b"\"," });
        }
        let bodies = self.iter().map(|row| row.body).chain(beside.iter().map(AsRef::as_ref));
        for (at, body) in bodies.enumerate() {
            chunk.put_slice(if at == 0 { b"\"objects\":[" } else { b"," });
            chunk.put_slice(body);
            if chunk.len() >= CHUNK_BYTES {
                chunks.push(chunk.split().freeze());
                chunk.reserve(CHUNK_BYTES + 1024);
            }
        }
        chunk.put_slice(if is_empty { b"}" } else { b"]}" });
        chunks.push(chunk.freeze());
        chunks
    }

    /// A manifest (section 5.3.1).
    #[must_use]
    pub fn manifest(&self, next: Option<&str>) -> Vec<Bytes> {
        // The rows of a batch share their date: it is written out once.
        let mut date: (Option<Stamp>, Rc<str>) = (None, "".into());
        let record = |row: WireRow<'w>| {
            if date.0 != Some(row.added) {
                date = (Some(row.added), row.added.to_string().into());
            }
            ManifestRecord { id: row.id, date_added: date.1.clone(), version: row.version, media_type: STIX }
        };
        vec![to_json(&Manifest { more: next.is_some(), next, objects: self.iter().map(record).collect() }).into()]
    }

    /// The versions of one object (section 5.8.1), each once, whoever wrote it.
    #[must_use]
    pub fn versions(&self, next: Option<&str>) -> Vec<Bytes> {
        let mut told = HashSet::new();
        let versions = self.iter().map(|row| row.version).filter(|version| told.insert(*version)).collect();
        vec![to_json(&Versions { more: next.is_some(), next, versions }).into()]
    }

    /// The date-added headers (section 3.2), from the first and the last row.
    #[must_use]
    pub fn date_added_headers(&self) -> Vec<Header> {
        let header = |name, row: Option<&Cleared<'p, T>>| row.map(|row| (name, (self.view)(row.get()).added.to_string()));
        let first = header("x-taxii-date-added-first", self.rows.first());
        first.into_iter().chain(header("x-taxii-date-added-last", self.rows.last())).collect()
    }
}
