//! The same order of objects from its end: pages whose first row became visible last.

use std::collections::BTreeSet;

use relto_gate::{Arrival, LabelId, ReleaseSet, Sealed};

use super::{Audience, Collector, Page, Position, Query};
use crate::backend::{BackendError, Order, Snapshot};

/// After every place that there is.
const END: Position = Position { visible: Arrival(u64::MAX), row: Arrival(u64::MAX) };

/// As [`page`](super::page), newest first: rows that stand before `before`, exclusive, or all, from the last one back. Ids and lower bounds of `query` do
/// not count, and a page ends where it is full. [`Page::next`] is what the next one goes on before.
///
/// # Errors
/// [`BackendError`] when the store fails.
pub fn page_back(
    snapshot: &dyn Snapshot,
    release: &ReleaseSet,
    audience: &Audience,
    query: &Query,
    before: Option<Position>,
) -> Result<Page, BackendError> {
    let mut collector = Collector { order: Order::NewestFirst, ..Collector::new(snapshot, release, audience, query) };
    collector.walk_back(before.unwrap_or(END))?;
    let mut next = None;
    if collector.full {
        collector.rows.pop();
        next = collector.rows.last().map(|(_, row)| row.position);
    }
    Ok(Page { rows: collector.rows.into_iter().map(|(label, row)| Sealed::new(label, row)).collect(), next })
}

impl Collector<'_> {
    /// Segment by segment back from `end` until the page is full or nothing is left.
    fn walk_back(&mut self, end: Position) -> Result<(), BackendError> {
        let mut gains: Vec<(Arrival, LabelId)> = Vec::new();
        // Labels whose rows stand at their own arrival from here back.
        let mut standing: BTreeSet<LabelId> = BTreeSet::new();
        for label in self.release.labels() {
            match self.gained(label) {
                Some(gained) if gained.arrival > end.visible => {}
                Some(gained) => gains.push((gained.arrival, label)),
                None => drop(standing.insert(label)),
            }
        }
        gains.sort_unstable();
        standing.extend(gains.iter().map(|(_, label)| *label));
        let mut upper = end.visible;
        for together in gains.chunk_by(|(one, _), (other, _)| one == other).rev() {
            let Some((event, _)) = together.first().copied() else { continue };
            self.scan(&standing.iter().copied().collect::<Vec<_>>(), event, upper)?;
            let within = if event == end.visible { end.row.min(event) } else { event };
            let gained: Vec<LabelId> = together.iter().map(|(_, label)| *label).collect();
            self.scan(&gained, Arrival(0), within)?;
            if self.full {
                return Ok(());
            }
            standing.retain(|label| !gained.contains(label));
            upper = event;
        }
        self.scan(&standing.into_iter().collect::<Vec<_>>(), Arrival(0), upper)
    }
}
