//! An object of a delivery that has been handed on to be taken in: what becomes of it still has to be noted.

use bytes::Bytes;
use relto_model::ObjectId;
use relto_model::object::Object;

use crate::ingest::version_of;
use crate::partners::statement::keeping::Believed;

/// What is still known of an object that has been handed on.
pub(super) struct Arrived {
    pub(super) id: ObjectId,
    pub(super) version: String,
    pub(super) bytes: Bytes,
    /// The statement on it.
    pub(super) believed: Option<Box<Believed>>,
}

impl Arrived {
    pub(super) fn of((object, believed): (Object, Option<Box<Believed>>)) -> (Self, Object) {
        (Self { id: object.id().clone(), version: version_of(&object).to_owned(), bytes: object.bytes().clone(), believed }, object)
    }

    pub(super) fn claimed(&self) -> (String, String) {
        (self.id.as_str().to_owned(), self.version.clone())
    }
}
