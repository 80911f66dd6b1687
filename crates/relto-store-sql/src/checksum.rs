//! Checksums of rows. They find what a failing disk or a stray write did, so that a row is never read under another label; they do not
//! stop somebody who may write to the file.

use crc32fast::Hasher;

/// The checksum of one row, gathered column by column. Every column counts with its length, so that neighbours cannot trade bytes.
pub(crate) struct Checksum(Hasher);

impl Checksum {
    /// Begins a row of `table`.
    pub(crate) fn of(table: u8) -> Self {
        let mut hasher = Hasher::new();
        hasher.update(&[table]);
        Self(hasher)
    }

    /// Adds a number.
    pub(crate) fn number(mut self, number: i64) -> Self {
        self.0.update(&number.to_le_bytes());
        self
    }

    /// Adds a text or a blob.
    pub(crate) fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    /// As stored.
    pub(crate) fn value(self) -> i64 {
        i64::from(self.0.finalize())
    }
}

/// The checksum of a label.
pub(crate) fn of_label(id: i64, shared: bool, body: &str) -> i64 {
    Checksum::of(b'l').number(id).number(i64::from(shared)).bytes(body.as_bytes()).value()
}

/// The checksum of a numbered name in `table`.
pub(crate) fn of_name(table: u8, id: i64, name: &str) -> i64 {
    Checksum::of(table).number(id).bytes(name.as_bytes()).value()
}

/// The checksum of a partition.
pub(crate) fn of_partition(id: i64, collection: i64, label: i64, kind: i64) -> i64 {
    Checksum::of(b'p').number(id).number(collection).number(label).number(kind).value()
}

/// The checksum of a body.
pub(crate) fn of_body(arrival: i64, body: &[u8]) -> i64 {
    Checksum::of(b'b').number(arrival).bytes(body).value()
}

/// The checksum of a record.
pub(crate) fn of_record(kind: &str, key: &str, value: &[u8]) -> i64 {
    Checksum::of(b'r').bytes(kind.as_bytes()).bytes(key.as_bytes()).bytes(value).value()
}

/// The checksum of an administrative act.
pub(crate) fn of_act(id: i64, at: i64, act: &str) -> i64 {
    Checksum::of(b'j').number(id).number(at).bytes(act.as_bytes()).value()
}

/// The checksum of a batch.
pub(crate) fn of_batch(last: i64, stamp: i64) -> i64 {
    Checksum::of(b't').number(last).number(stamp).value()
}
