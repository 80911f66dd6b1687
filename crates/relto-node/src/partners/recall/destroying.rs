//! What a recall destroys here, and whether it had gone on.

use relto_gate::Arrival;
use relto_model::ObjectId;
use relto_store::{BackendError, Bodies, CollectionKey, Held, held, rows_of_owner};

use crate::error::StoreError;
use crate::ingest::Eyes;
use crate::node::Writing;
use crate::partners::quarantine::{self, Quarantined};
use crate::partners::{relay, release};
use crate::remove::{remove_row, removed_rows};

/// The places of what `owner` wrote of `id`, or what of it came `by` that partner: also of what was dropped here before, which may have gone on all
/// the same.
pub(super) fn rows_meant(writing: &Writing<'_>, id: &ObjectId, owner: &str, by: Option<&str>) -> Result<Vec<Arrival>, StoreError> {
    let rows = Eyes::open_as_custodian(held(&*writing.transaction, id, None, Bodies::Without)?);
    let mut meant: Vec<Arrival> = rows.iter().filter(|row| row.owner == owner).map(|row| row.arrival).collect();
    meant.extend(removed_rows(&*writing.transaction, id, &|of| of == owner)?);
    let Some(partner) = by else { return Ok(meant) };
    let mut brought = Vec::new();
    for row in meant {
        if relay::of(&*writing.transaction, row)?.iter().any(|relay| relay == partner) {
            brought.push(row);
        }
    }
    Ok(brought)
}

/// Removes what `owner` wrote of `id`, or what of it came `by` that partner and by nobody else, and what waits of it. Of this node's own objects it
/// is all but partners'.
pub(super) fn destroy(
    writing: &mut Writing<'_>,
    id: &ObjectId,
    owner: &str,
    by: Option<&str>,
    with_waiting: bool,
) -> Result<u64, StoreError> {
    let is_own = owner == writing.before.directory.node.organisation;
    let rows = Eyes::open_as_custodian(held(&*writing.transaction, id, None, Bodies::Without)?);
    let mut destroyed = 0;
    let is_meant = |row: &&Held| row.owner == owner || (is_own && !writing.before.directory.is_partners(&row.owner));
    let rows: Vec<&Held> = rows.iter().filter(is_meant).collect();
    for row in rows {
        if let Some(partner) = by {
            let is_its = relay::of(&*writing.transaction, row.arrival)?.iter().any(|relay| relay == partner);
            if !is_its || !relay::end(writing, row.arrival, partner)? {
                continue;
            }
        }
        // The statement on it stays: an older one that comes again must be known to be old.
        remove_row(writing, id, (row.collection, row.arrival), &row.owner)?;
        destroyed += 1;
    }
    if with_waiting {
        // What waits was nobody's yet: that somebody else delivered it under this id is for the operator to look at.
        let is_theirs = |waiting: &Quarantined| waiting.id == id.as_str() && (is_own || waiting.partner == owner);
        let waiting: Vec<_> = quarantine::all(&*writing.transaction)?.into_iter().filter(is_theirs).collect();
        quarantine::release(writing, &waiting)?;
    }
    Ok(destroyed)
}

/// Removes everything that `owner` wrote, and says where it stood.
pub(super) fn destroy_all(writing: &mut Writing<'_>, owner: &str) -> Result<(u64, Vec<Arrival>), StoreError> {
    let labels: Vec<_> = writing.labels().iter().map(|(id, _)| id).collect();
    let collections: Vec<u32> = writing.before.directory.collections.values().map(|record| record.key).collect();
    let mut all = Vec::new();
    for collection in collections {
        let rows = rows_of_owner(&*writing.transaction, CollectionKey(collection), &labels, owner)?;
        for (row, id) in rows {
            let id = ObjectId::parse(&id).map_err(|error| StoreError::Backend(BackendError::Damaged(error.to_string())))?;
            remove_row(writing, &id, (CollectionKey(collection), row), owner)?;
            all.push(row);
        }
    }
    Ok((all.len() as u64, all))
}

/// Whether one of `rows` was released to another partner than `from`.
pub(super) fn has_gone_on(writing: &Writing<'_>, from: &str, rows: &[Arrival]) -> Result<bool, StoreError> {
    for partner in writing.before.directory.partners().filter(|partner| partner.name() != from) {
        if release::any_of(&*writing.transaction, partner.name(), rows)? {
            return Ok(true);
        }
    }
    Ok(false)
}
