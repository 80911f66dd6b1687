//! The object that a tearline is made of: which of its stored rows is meant, and what label it was given as a whole.

use std::sync::Arc;

use relto_model::ObjectId;
use relto_model::object::Object;
use relto_store::{Bodies, Held, held};
use serde_json::Value as Json;

use super::TearlineError;
use crate::error::StoreError;
use crate::ingest::{Eyes, latest};
use crate::node::Writing;
use crate::records::CollectionRecord;

/// The original.
pub(super) struct Original {
    pub(super) object: Object,
    /// The row that is meant.
    pub(super) row: Held,
    /// Rows of the same version, collection and owner under other labels, and the row itself.
    pub(super) rows: Vec<Held>,
    pub(super) collection: Arc<CollectionRecord>,
}

/// What the object was labelled as a whole, beside its own markings.
pub(super) enum Given {
    /// Nothing.
    Nothing,
    /// The label of its row: set by the custodian.
    Set,
    /// By the load that brought it, as it was written.
    Loaded(String),
}

impl Original {
    /// The latest version of `id`, of the node's own organisation if that holds it; in one collection.
    pub(super) fn find(writing: &mut Writing<'_>, id: &ObjectId, collection: Option<&str>) -> Result<Self, TearlineError> {
        let wanted = match collection {
            Some(name) => {
                let found = writing.before.directory.collection(name);
                Some(found.ok_or_else(|| TearlineError::NoCollection(name.to_owned()))?.key)
            }
            None => None,
        };
        let rows = held(&*writing.transaction, id, None, Bodies::With).map_err(StoreError::from)?;
        let mut rows = Eyes::Custodian.open(writing, rows);
        rows.retain(|row| wanted.is_none_or(|key| row.collection.0 == key));
        let own = &writing.before.directory.node.organisation;
        if rows.iter().any(|row| row.owner == *own) {
            rows.retain(|row| row.owner == *own);
        }
        let rows: Vec<Held> = latest(rows.iter().collect()).into_iter().cloned().collect();
        let Some(row) = rows.first().cloned() else { return Err(TearlineError::Absent(id.clone())) };
        let is_same = |other: &Held| other.collection == row.collection && other.owner == row.owner && other.body == row.body;
        if !rows.iter().all(is_same) {
            return Err(TearlineError::Ambiguous(id.clone()));
        }
        let collection = writing.before.directory.collection_of(row.collection).cloned();
        let collection = collection.ok_or_else(|| TearlineError::Absent(id.clone()))?;
        let object = Object::parse(row.body.clone(), writing.node.kinds()).map_err(|_| TearlineError::Damaged(id.clone()))?;
        Ok(Self { object, row, rows, collection })
    }

    /// What the journal says of the label that the object was given: the effective label alone does not tell it from its parts'.
    pub(super) fn given(&self, writing: &Writing<'_>) -> Result<Given, StoreError> {
        let mut given = Given::Nothing;
        for entry in writing.transaction.journal(JOURNAL_MAX)? {
            let act: Json = serde_json::from_str(&entry.act).unwrap_or_default();
            let text = |key: &str| act.get(key).and_then(Json::as_str);
            match text("act") {
                Some("label set") if text("object") == Some(self.object.id().as_str()) => return Ok(Given::Set),
                Some("load" | "tearline publish" | "request ask" | "request answer" | "request close")
                    if self.rows.iter().any(|row| row.added == entry.at) =>
                {
                    given = text("label").map_or(Given::Nothing, |label| Given::Loaded(label.to_owned()));
                }
                _ => {}
            }
        }
        Ok(given)
    }
}

/// All of the journal.
const JOURNAL_MAX: usize = u32::MAX as usize;
