//! A row of a page, and the memory that the rows of one page share.
//!
//! A page has a thousand rows of some hundred bytes. Three allocations for each cost more than copying them all, so the rows of a page are
//! slices of a few blocks, which live as long as the last of them: no longer than the request.

use bytes::{Bytes, BytesMut};
use relto_gate::{Arrival, LabelId};
use relto_model::Stamp;

use crate::entry::EntryFields;
use crate::page::Position;

/// Bytes of one block; a larger row gets one of its own.
const BLOCK_BYTES: usize = 64 * 1024;

/// One row of a page.
// INVARIANT: `text` is id, version, owner and body one after the other, and the first three are as long as the fields say.
#[derive(Debug)]
pub struct Row {
    /// When it was added, as the principal sees it.
    pub added: Stamp,
    pub(crate) position: Position,
    label: LabelId,
    text: Bytes,
    id_bytes: usize,
    version_bytes: usize,
    owner_bytes: usize,
}

impl Row {
    /// STIX id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.part(0, self.id_bytes)
    }

    /// The version as the object writes it.
    #[must_use]
    pub fn version(&self) -> &str {
        self.part(self.id_bytes, self.version_bytes)
    }

    /// The organisation that wrote it.
    #[must_use]
    pub fn owner(&self) -> &str {
        self.part(self.id_bytes + self.version_bytes, self.owner_bytes)
    }

    /// Its effective label.
    #[must_use]
    pub fn label(&self) -> LabelId {
        self.label
    }

    /// Its place in the order of arrival.
    #[must_use]
    pub fn arrival(&self) -> Arrival {
        self.position.row
    }

    /// Where it stands for its principal.
    #[must_use]
    pub fn position(&self) -> Position {
        self.position
    }

    /// The object's bytes as they arrived; empty without bodies.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        self.text.get(self.id_bytes + self.version_bytes + self.owner_bytes..).unwrap_or_default()
    }

    fn part(&self, from: usize, bytes: usize) -> &str {
        let part = self.text.get(from..from + bytes).and_then(|part| std::str::from_utf8(part).ok());
        debug_assert!(part.is_some(), "a row's text is not what was copied into it");
        part.unwrap_or_default()
    }
}

/// The memory of one page's rows.
#[derive(Debug, Default)]
pub(crate) struct Arena {
    block: BytesMut,
    is_begun: bool,
}

impl Arena {
    /// A row with the texts of `fields`.
    pub(crate) fn row(&mut self, fields: &EntryFields<'_>, added: Stamp, position: Position) -> Row {
        let parts = [fields.id.as_bytes(), fields.version.as_bytes(), fields.owner.as_bytes(), fields.body];
        let bytes = parts.iter().map(|part| part.len()).sum();
        if self.block.capacity() < bytes {
            // One row alone, as when it was asked for by its id, gets no more than it needs.
            self.block = BytesMut::with_capacity(if self.is_begun { BLOCK_BYTES.max(bytes) } else { bytes });
            self.is_begun = true;
        }
        parts.iter().for_each(|part| self.block.extend_from_slice(part));
        Row {
            added,
            position,
            label: fields.label,
            text: self.block.split().freeze(),
            id_bytes: fields.id.len(),
            version_bytes: fields.version.len(),
            owner_bytes: fields.owner.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::CollectionKey;

    #[test]
    fn rows_share_memory_and_keep_their_texts() {
        let mut arena = Arena::default();
        let bodies: Vec<Vec<u8>> = (0..40u8).map(|number| vec![number; usize::from(number) * 500]).collect();
        let row = |body: &Vec<u8>| {
            let version = format!("v{}", body.len());
            let fields = EntryFields {
                arrival: Arrival(1),
                collection: CollectionKey(1),
                added: Stamp(1),
                label: LabelId(1),
                id: "identity--1",
                version: &version,
                siblings: false,
                owner: "o",
                body,
            };
            arena.row(&fields, Stamp(2), Position::default())
        };
        let rows: Vec<Row> = bodies.iter().map(row).collect();
        for (row, body) in rows.iter().zip(&bodies) {
            assert_eq!((row.id(), row.version(), row.body()), ("identity--1", format!("v{}", body.len()).as_str(), body.as_slice()));
        }
    }
}
