//! What was released to whom: written down before it leaves, row by row.
//!
//! One record holds the rows of one page as their numbers in the order of arrival, each as its distance from the one before: about a
//! byte a row. A row's number says which object, version and collection it is, also once it is gone from there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use relto_gate::{Arrival, Cleared};
use relto_model::{ObjectId, Stamp};
use relto_store::{Bodies, Held, RecordKind, Row, Snapshot, held};
use serde::{Deserialize, Serialize};

use super::record::{PartnerRecord, PartnerState};
use crate::error::StoreError;
use crate::facts::decode;
use crate::ingest::Eyes;
use crate::node::{Node, Writing};
use crate::reading::{CollectionView, Reading};
use crate::remove::last_removal;

/// The rows of one page that were released to one partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct ReleaseRecord {
    at: Stamp,
    /// By its name here.
    collection: String,
    /// Distances between row numbers, as LEB128 in base64.
    rows: String,
}

/// How often a page is read anew, when some of it is withdrawn while it is read.
pub const OVERTAKEN_MAX: usize = 8;

/// Whether a release is on record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Release {
    /// What was read may leave.
    Recorded,
    /// Some of it was withdrawn since it was read, and nobody would tell the partner of that: it must be read again.
    Overtaken,
}

impl Node {
    /// Writes down that `rows`, read by `reading` for a partner, are released to it. They may leave once this has returned that they are on record.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing may leave.
    pub fn record_release(&self, reading: &Reading<'_>, view: &CollectionView, rows: &[Cleared<'_, Row>]) -> Result<Release, StoreError> {
        if rows.is_empty() {
            return Ok(Release::Recorded);
        }
        // Whoever waits for replies on facts that stand no more waits for this one as well.
        if !reading.facts().is_current(self.now()) {
            return Ok(Release::Overtaken);
        }
        let (partner, arrivals) = (reading.principal().name(), rows.iter().map(|row| row.get().arrival()).collect::<Vec<_>>());
        let recorded = self.write(|writing| {
            if is_overtaken(writing, reading, view, rows)? {
                return Err(NotRecorded::Overtaken);
            }
            let event = writing.draw();
            let record = ReleaseRecord { at: writing.stamp, collection: view.alias.clone(), rows: pack(&arrivals) };
            Ok(writing.put(RecordKind::Release, &format!("{partner}\n{:020}", event.0), &record)?)
        });
        match recorded {
            Ok(()) => Ok(Release::Recorded),
            Err(NotRecorded::Overtaken) => Ok(Release::Overtaken),
            Err(NotRecorded::Store(error)) => Err(error),
        }
    }

    /// The rows that were released to `partner` by their place in the order of arrival, with the moment at which each first was.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub fn released_to(&self, partner: &str) -> Result<BTreeMap<Arrival, Stamp>, StoreError> {
        let (_, snapshot) = self.settled()?;
        rows(&*snapshot, partner)
    }
}

/// Whether one of `rows` is gone, or somebody may see other things, than when it was read. With a label that changes, so does what somebody may see.
fn is_overtaken(
    writing: &Writing<'_>,
    reading: &Reading<'_>,
    view: &CollectionView,
    rows: &[Cleared<'_, Row>],
) -> Result<bool, StoreError> {
    if !Arc::ptr_eq(&writing.before.directory, &reading.facts().directory) {
        return Ok(true);
    }
    let key = view.access.key;
    let (removed, read) = (last_removal(&*writing.transaction, key)?, reading.snapshot().last_stamp()?);
    if removed <= read {
        return Ok(false);
    }
    for row in rows.iter().map(Cleared::get) {
        let Ok(id) = ObjectId::parse(row.id()) else { return Ok(true) };
        let now = Eyes::open_as_custodian(held(&*writing.transaction, &id, Some(key), Bodies::Without)?);
        if !now.iter().any(|held| held.arrival == row.arrival()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Why a release is not on record.
enum NotRecorded {
    Overtaken,
    Store(StoreError),
}

impl From<StoreError> for NotRecorded {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// How many rows were released to `partner`, each counted once however often it was sent.
pub(crate) fn count(snapshot: &dyn Snapshot, partner: &str) -> Result<u64, StoreError> {
    let mut rows: Vec<Arrival> = of(snapshot, partner)?.iter().flat_map(|record| unpack(&record.rows)).collect();
    rows.sort_unstable();
    rows.dedup();
    Ok(rows.len() as u64)
}

/// The rows that were released to `partner`, with the moment at which each first was.
pub(crate) fn rows(snapshot: &dyn Snapshot, partner: &str) -> Result<BTreeMap<Arrival, Stamp>, StoreError> {
    let mut rows = BTreeMap::new();
    for record in of(snapshot, partner)? {
        for row in unpack(&record.rows) {
            rows.entry(row).or_insert(record.at);
        }
    }
    Ok(rows)
}

/// Whether one of `rows` was released to `partner`.
pub(crate) fn any_of(snapshot: &dyn Snapshot, partner: &str, rows: &[Arrival]) -> Result<bool, StoreError> {
    let released = self::rows(snapshot, partner)?;
    Ok(rows.iter().any(|row| released.contains_key(row)))
}

/// To which partners each of `there` was never released, of those that its place, its owner and what was agreed let have it; rows that went to all
/// of them are left out.
pub(crate) fn not_released(writing: &Writing<'_>, there: &[Held]) -> Result<BTreeMap<Arrival, BTreeSet<String>>, StoreError> {
    let mut missing: BTreeMap<Arrival, BTreeSet<String>> = BTreeMap::new();
    for partner in writing.before.directory.partners() {
        let mut never: BTreeSet<Arrival> = there.iter().filter(|row| may_go(writing, partner, row)).map(|row| row.arrival).collect();
        if never.is_empty() {
            continue;
        }
        for record in of(&*writing.transaction, partner.name())? {
            for row in unpack(&record.rows) {
                never.remove(&row);
            }
        }
        for row in never {
            missing.entry(row).or_default().insert(partner.name().to_owned());
        }
    }
    Ok(missing)
}

/// Whether the row can go to the partner at all, whatever its label: whoever left is given everything again when it comes back.
fn may_go(writing: &Writing<'_>, partner: &PartnerRecord, row: &Held) -> bool {
    let directory = &writing.before.directory;
    let Some(account) = directory.accounts.get(partner.name()).filter(|_| partner.state != PartnerState::Left) else { return false };
    let is_agreed = directory.collection_of(row.collection).is_some_and(|collection| account.reads(collection));
    is_agreed && row.owner != account.record.organisation && !directory.stays(account, &row.owner)
}

/// When one of `rows` was last released to `partner`.
pub(crate) fn last(snapshot: &dyn Snapshot, partner: &str, rows: &BTreeSet<Arrival>) -> Result<Option<Stamp>, StoreError> {
    let of_rows = of(snapshot, partner)?.into_iter().filter(|record| unpack(&record.rows).iter().any(|row| rows.contains(row)));
    Ok(of_rows.map(|record| record.at).max())
}

/// How many rows of each collection were released to `partner`, each counted once.
pub(crate) fn by_collection(snapshot: &dyn Snapshot, partner: &str) -> Result<BTreeMap<String, u64>, StoreError> {
    let mut rows: BTreeMap<String, BTreeSet<Arrival>> = BTreeMap::new();
    for record in of(snapshot, partner)? {
        rows.entry(record.collection.clone()).or_default().extend(unpack(&record.rows));
    }
    Ok(rows.into_iter().map(|(collection, rows)| (collection, rows.len() as u64)).collect())
}

fn of(snapshot: &dyn Snapshot, partner: &str) -> Result<Vec<ReleaseRecord>, StoreError> {
    let of_partner = snapshot.records_under(RecordKind::Release, &format!("{partner}\n"))?;
    of_partner.iter().map(|(key, value)| decode("release", key, value)).collect()
}

fn pack(rows: &[Arrival]) -> String {
    let mut sorted: Vec<u64> = rows.iter().map(|row| row.0).collect();
    sorted.sort_unstable();
    let (mut bytes, mut before) = (Vec::with_capacity(sorted.len() * 2), 0);
    for row in sorted {
        let mut distance = row - before;
        before = row;
        while distance >= 0x80 {
            bytes.push(u8::try_from(distance & 0x7f).unwrap_or_default() | 0x80);
            distance >>= 7;
        }
        bytes.push(u8::try_from(distance).unwrap_or_default());
    }
    STANDARD_NO_PAD.encode(bytes)
}

fn unpack(text: &str) -> Vec<Arrival> {
    let (mut rows, mut row, mut distance, mut shift) = (Vec::new(), 0_u64, 0_u64, 0_u32);
    for byte in STANDARD_NO_PAD.decode(text).unwrap_or_default() {
        distance |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or_default();
        shift += 7;
        if byte & 0x80 == 0 {
            row += distance;
            rows.push(Arrival(row));
            (distance, shift) = (0, 0);
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn rows_come_back(rows in proptest::collection::btree_set(0..u64::MAX / 2, 0..50)) {
            let rows: Vec<Arrival> = rows.into_iter().map(Arrival).collect();
            prop_assert_eq!(unpack(&pack(&rows)), rows);
        }
    }

    #[test]
    fn a_page_takes_about_a_byte_a_row() {
        let rows: Vec<Arrival> = (1_000_000..1_001_000).map(Arrival).collect();
        assert!(pack(&rows).len() < 1_400);
    }
}
