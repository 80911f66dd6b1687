//! Removing objects here (TAXII 2.1, section 5.7): what the account may see, of what its organisation wrote.

use relto_gate::Arrival;
use relto_model::time::sort_key;
use relto_model::{ObjectId, Stamp};
use relto_store::{Bodies, CollectionKey, Held, RecordKind, Snapshot, VersionFilter, held, part_key};

use crate::documents::forget_document;
use crate::error::StoreError;
use crate::facts::decode;
use crate::ingest::Eyes;
use crate::node::{Node, Writing};
use crate::reading::CollectionView;
use crate::records::{Role, UserRecord};
use crate::session::{Session, account_of};

/// Why nothing was removed.
#[derive(Debug, thiserror::Error)]
pub enum RemoveError {
    /// The account sees no such object or version here.
    #[error("there is no such object")]
    Absent,
    /// The account may not write here, or another organisation wrote it.
    #[error("this account may not remove this object")]
    Forbidden,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Node {
    /// Removes the versions of `id` that `versions` asks for from the collection. What the account may not see stays, and counts for nothing.
    ///
    /// # Errors
    /// [`RemoveError`]; then nothing was removed.
    pub fn remove(&self, session: &Session, view: &CollectionView, id: &ObjectId, versions: &VersionFilter) -> Result<(), RemoveError> {
        self.write(|writing| {
            let account = account_of(&writing.before, session).ok_or(RemoveError::Forbidden)?;
            let node = writing.before.directory.node.organisation.clone();
            let rows = held(&*writing.transaction, id, Some(view.access().key), Bodies::Without).map_err(StoreError::from)?;
            let visible = Eyes::of(account.clone()).open(writing, rows);
            // What others hold under the same id stays, as observables that several sources share.
            let own: Vec<&Held> = visible.iter().filter(|row| may_remove(&account.record, row, &node)).collect();
            // A partner learns of what others wrote from pages alone, where all of it goes that can be said to it.
            if visible.is_empty() || (own.is_empty() && account.partner.is_some()) {
                return Err(RemoveError::Absent);
            }
            if !view.can_write || own.is_empty() {
                return Err(RemoveError::Forbidden);
            }
            let chosen = chosen(&own, versions);
            if chosen.is_empty() {
                return Err(RemoveError::Absent);
            }
            for row in &chosen {
                remove_row(writing, id, (row.collection, row.arrival), &row.owner)?;
            }
            let act = serde_json::json!({"act": "remove", "by": account.record.name, "object": id.as_str(), "collection": view.id, "rows": chosen.len()});
            Ok(writing.journal(&act)?)
        })
    }
}

/// Removes the row of `id` that `owner` wrote from its place. Whom it was released to can be told all the same.
pub(crate) fn remove_row(writing: &mut Writing<'_>, id: &ObjectId, place: (CollectionKey, Arrival), owner: &str) -> Result<(), StoreError> {
    let (collection, row) = place;
    if writing.before.directory.partners().next().is_some() {
        writing.put(RecordKind::Removed, &removed_key(id, row), &owner)?;
        let stamp = writing.stamp;
        writing.put(RecordKind::Removed, &last_key(collection), &stamp)?;
    }
    writing.transaction.remove(collection, row)?;
    forget_document(writing, row)?;
    Ok(writing.transaction.forget(RecordKind::Part, &part_key(row))?)
}

/// When something was last removed from `collection`, since this node has had a partner.
pub(crate) fn last_removal(snapshot: &dyn Snapshot, collection: CollectionKey) -> Result<Option<Stamp>, StoreError> {
    let key = last_key(collection);
    snapshot.record(RecordKind::Removed, &key)?.map(|stored| decode("removal", &key, &stored)).transpose()
}

/// Under which key that stands. It is no object's id.
fn last_key(collection: CollectionKey) -> String {
    format!("last\n{}", collection.0)
}

/// Under which key it stands that a row of `id` was removed.
fn removed_key(id: &ObjectId, arrival: Arrival) -> String {
    format!("{id}\n{}", arrival.0)
}

/// The places of the rows of `id` that were removed, of those organisations that `is_meant` names.
pub(crate) fn removed_rows(snapshot: &dyn Snapshot, id: &ObjectId, is_meant: &dyn Fn(&str) -> bool) -> Result<Vec<Arrival>, StoreError> {
    let mut rows = Vec::new();
    for (key, value) in snapshot.records_under(RecordKind::Removed, &format!("{id}\n"))? {
        let owner: String = decode("removed", &key, &value)?;
        rows.extend(key.rsplit('\n').next().and_then(|row| row.parse().ok()).map(Arrival).filter(|_| is_meant(&owner)));
    }
    Ok(rows)
}

fn may_remove(account: &UserRecord, row: &Held, node: &str) -> bool {
    let own = row.owner == account.organisation;
    match account.role {
        Role::Contributor => own,
        Role::ReleaseOfficer => own || row.owner == node,
        Role::Reader | Role::Operator => false,
    }
}

fn chosen<'r>(rows: &[&'r Held], filter: &VersionFilter) -> Vec<&'r Held> {
    let keys = || rows.iter().map(|row| sort_key(&row.version));
    let (first, last) = (keys().min(), keys().max());
    let wanted = |row: &&&Held| {
        let key = sort_key(&row.version);
        filter.all
            || (filter.first && Some(key) == first)
            || (filter.last && Some(key) == last)
            || filter.specific.iter().any(|version| version.sort_key() == key)
    };
    rows.iter().filter(wanted).copied().collect()
}
