//! Statements of partners as they are kept: one for each owner, content and collection here, to go on with the object; and beside it when the last one
//! was issued that was believed. An older one changes nothing, into whichever collection it comes.

use bytes::Bytes;
use relto_model::Stamp;
use relto_model::object::Object;
use relto_policy::dsse::statement::Statement;
use relto_store::{Held, RecordKind, Snapshot};

use crate::error::StoreError;
use crate::facts::decode;
use crate::node::Writing;

/// A statement that was believed.
#[derive(Debug, Clone)]
pub(crate) struct Believed {
    /// Of the content that it is on.
    pub digest: [u8; 32],
    /// What was signed.
    pub statement: Statement,
    /// As it came, to go along.
    pub bytes: Bytes,
}

/// Under which key the statement of `owner` on an object of `digest` in the collection of the id `collection` stands. Somebody else's on the same
/// content is another one; so is the owner's own on the same content elsewhere, which may have another label there.
pub(crate) fn statement_key(owner: &str, digest: &[u8; 32], collection: &str) -> String {
    format!("{owner}\n{}\n{collection}", hex::encode(digest))
}

/// Under which key it stands when the last one was issued that is on the same place of the originator's.
fn issue_key(owner: &str, digest: &[u8; 32], place: Option<[u8; 32]>) -> String {
    format!("{owner}\n{}\nissued\n{}", hex::encode(digest), place.map(hex::encode).unwrap_or_default())
}

/// The statement of `owner` on an object of `digest` in the collection of the id `collection`.
pub(crate) fn statement_on(snapshot: &dyn Snapshot, owner: &str, digest: &[u8; 32], collection: &str) -> Result<Option<Bytes>, StoreError> {
    let kept = match snapshot.record(RecordKind::Statement, &statement_key(owner, digest, collection))? {
        // Older stores keep one for all collections.
        None => snapshot.record(RecordKind::Statement, &format!("{owner}\n{}", hex::encode(digest)))?,
        kept => kept,
    };
    Ok(kept.map(Bytes::from))
}

/// Whether the owner of `row` has signed what is on it there. What cannot be read has been signed, to be on the safe side.
pub(crate) fn has_statement(writing: &Writing<'_>, row: &Held) -> Result<bool, StoreError> {
    let Ok(object) = Object::parse(row.body.clone(), writing.node.kinds()) else { return Ok(true) };
    let Some(collection) = writing.before.directory.collection_of(row.collection) else { return Ok(true) };
    Ok(statement_on(&*writing.transaction, &row.owner, &object.digest(), &collection.id)?.is_some())
}

/// When the last one was issued that says of an object of `digest` what `statement` says anew.
pub(crate) fn last_issue(snapshot: &dyn Snapshot, statement: &Statement, digest: &[u8; 32]) -> Result<Option<Stamp>, StoreError> {
    let key = issue_key(&statement.originator, digest, statement.place);
    snapshot.record(RecordKind::Statement, &key)?.map(|stored| decode("statement", &key, &stored)).transpose()
}

/// Notes when `statement` on an object of `digest` was issued.
pub(crate) fn note_issue(writing: &mut Writing<'_>, statement: &Statement, digest: &[u8; 32]) -> Result<(), StoreError> {
    writing.put(RecordKind::Statement, &issue_key(&statement.originator, digest, statement.place), &statement.issued)
}

/// Keeps a statement for what stands in the collection of the id `collection`.
pub(crate) fn keep(writing: &mut Writing<'_>, believed: &Believed, collection: &str) -> Result<(), StoreError> {
    let Believed { digest, statement, bytes } = believed;
    writing.transaction.put(RecordKind::Statement, &statement_key(&statement.originator, digest, collection), bytes)?;
    note_issue(writing, statement, digest)
}
