//! One row by its place, for whoever found it otherwise than by walking.

use relto_gate::{Arrival, LabelId, ReleaseSet, Sealed};

use super::{Audience, Collector, Query};
use crate::backend::{BackendError, Snapshot};
use crate::row::Row;

/// The row at `arrival` under `label`, when `query` would show it on some page: when `release` admits it, it is for `audience`, and of a version that
/// is asked for. Ids, places and bounds of `query` do not count.
///
/// # Errors
/// [`BackendError`] when the store fails.
pub fn row_at(
    snapshot: &dyn Snapshot,
    release: &ReleaseSet,
    audience: &Audience,
    query: &Query,
    (arrival, label): (Arrival, LabelId),
) -> Result<Option<Sealed<Row>>, BackendError> {
    let mut collector = Collector::new(snapshot, release, audience, query);
    collector.scan(&[label], Arrival(arrival.0.saturating_sub(1)), Arrival(arrival.0.saturating_add(1)))?;
    Ok(collector.rows.pop().map(|(label, row)| Sealed::new(label, row)))
}
