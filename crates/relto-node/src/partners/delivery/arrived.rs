//! An object of a delivery that has been handed on to be taken in: what becomes of it still has to be noted.

use bytes::Bytes;
use relto_model::ObjectId;
use relto_model::object::Object;

use crate::ingest::version_of;

/// What is still known of an object that has been handed on.
pub(super) struct Arrived {
    pub(super) id: ObjectId,
    pub(super) version: String,
    pub(super) bytes: Bytes,
    /// The statement on it, with the digest of what that is on.
    pub(super) statement: Option<([u8; 32], Bytes)>,
}

impl Arrived {
    pub(super) fn of((object, statement): (Object, Option<Bytes>)) -> (Self, Object) {
        let statement = statement.map(|statement| (object.digest(), statement));
        (Self { id: object.id().clone(), version: version_of(&object).to_owned(), bytes: object.bytes().clone(), statement }, object)
    }

    pub(super) fn claimed(&self) -> (String, String) {
        (self.id.as_str().to_owned(), self.version.clone())
    }
}
