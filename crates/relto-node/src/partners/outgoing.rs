//! What goes to a partner without its asking: pages of what it may see, for pushing and for media.

use bytes::Bytes;
use relto_gate::Arrival;
use relto_store::{Position, Query, RecordKind, VersionFilter};

use super::admin::progress_key;
use super::record::Progress;
use super::release::{OVERTAKEN_MAX, Release};
use super::statement::Statements;
use crate::error::StoreError;
use crate::facts::decode;
use crate::node::Node;
use crate::reading::ReadError;

/// By which way something goes to a partner; each keeps its own place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Sent over the network.
    Push,
    /// Written to media.
    Media,
}

/// A page for a partner. That it is released is on record.
#[derive(Debug, Clone, Default)]
pub struct Outgoing {
    /// The objects, with what goes beside them.
    pub objects: Vec<Bytes>,
    /// Where it began.
    pub before: Option<(u64, u64)>,
    /// Where the next page begins.
    pub after: Option<(u64, u64)>,
    /// Whether there is more.
    pub more: bool,
}

impl Node {
    /// The page of `collection` for the partner that begins after `after`, a place that an earlier page ended at; the first one without.
    ///
    /// # Errors
    /// [`ReadError`] when nothing flows to it, or the store fails.
    pub fn outgoing(
        &self,
        partner: &str,
        collection: &str,
        after: Option<(u64, u64)>,
        rows_max: usize,
        bytes_max: usize,
    ) -> Result<Outgoing, ReadError> {
        for _ in 0..OVERTAKEN_MAX {
            if let Some(outgoing) = self.outgoing_once(partner, collection, after, (rows_max, bytes_max))? {
                return Ok(outgoing);
            }
        }
        Err(StoreError::Unsettled.into())
    }

    /// The same, unless some of it is withdrawn while it is read.
    fn outgoing_once(
        &self,
        partner: &str,
        collection: &str,
        after: Option<(u64, u64)>,
        (rows_max, bytes_max): (usize, usize),
    ) -> Result<Option<Outgoing>, ReadError> {
        let reading = self.reading_as(partner)?;
        let record = reading.partner().filter(|record| self.flows(record)).ok_or_else(|| ReadError::Disabled(partner.to_owned()))?;
        let agreed = record.agreement.sends_from(collection);
        let Some(view) = reading.collection(collection).filter(|view| agreed && view.can_read) else {
            return Ok(Some(Outgoing::default()));
        };
        let from = after.map(|(visible, row)| Position { visible: Arrival(visible), row: Arrival(row) });
        let query = Query { after: from, rows_max, bytes_max, ..view.query(VersionFilter::all()) };
        let mut page = reading.sayable(self, &view, query, Statements::All)?;
        reading.with_definitions(&view, &mut page)?;
        // What is beside an object comes before it: a server that is no Relto node can give the two on different pages.
        let bodies = page.cleared.rows.iter().map(|row| Bytes::copy_from_slice(row.get().body()));
        let objects = std::mem::take(&mut page.beside).into_iter().chain(bodies).collect();
        let reached = page.last.map(|(last, _)| (last.visible.0, last.row.0));
        let outgoing = Outgoing { objects, before: after, after: reached.or(after), more: page.cleared.next.is_some() };
        let release = self.record_release(&reading, &view, &page.cleared.rows)?;
        Ok((release == Release::Recorded).then_some(outgoing))
    }

    /// Up to where the partner was sent `collection` by `way`.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub fn sent(&self, partner: &str, collection: &str, way: Way) -> Result<Option<(u64, u64)>, StoreError> {
        let (_, snapshot) = self.settled()?;
        let key = sent_key(partner, collection, way);
        let stored = snapshot.record(RecordKind::Progress, &key)?;
        let stored: Option<Progress> = stored.map(|bytes| decode("progress", &key, &bytes)).transpose()?;
        Ok(stored.and_then(|progress| progress.sent))
    }

    /// Notes that the partner has been sent `collection` by `way` up to `after`.
    ///
    /// # Errors
    /// [`StoreError`]; then it is sent again.
    pub fn note_sent(&self, partner: &str, collection: &str, way: Way, after: Option<(u64, u64)>) -> Result<(), StoreError> {
        self.write(|writing| {
            let progress = Progress { sent: after, at: Some(writing.stamp), ..Progress::default() };
            writing.put(RecordKind::Progress, &sent_key(partner, collection, way), &progress)
        })
    }
}

/// Under which key it stands how far sending has come.
pub(crate) fn sent_key(partner: &str, collection: &str, way: Way) -> String {
    let way = match way {
        Way::Push => "push",
        Way::Media => "media",
    };
    progress_key(partner, &format!("{collection}\n{way}"))
}
