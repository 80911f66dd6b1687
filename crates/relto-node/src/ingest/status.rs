//! Posts over TAXII: every object gets its receipt, and the poster can ask for it again.

use relto_model::Stamp;
use relto_model::object::Object;
use relto_store::RecordKind;
use uuid::{Builder, Uuid};

use super::{Author, Eyes, Labelling, Receipt, StatusRecord, Told, definitions, take_in, writable};
use crate::error::StoreError;
use crate::facts::Account;
use crate::node::{Node, Writing};
use crate::partners::take_posted;
use crate::reading::CollectionView;
use crate::session::Session;

/// One object of a post: read, or refused before the store was asked.
pub enum Attempt {
    /// A valid object.
    Object(Box<Object>),
    /// Not one; the id and version as far as they could be read.
    Failed {
        /// The id it claims.
        id: String,
        /// The version it claims.
        version: String,
        /// What is wrong and where.
        message: String,
    },
}

/// Why a post was not carried out at all.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// The account sees no such collection any more.
    #[error("there is no such collection")]
    Absent,
    /// The account may read here, but not write.
    #[error("this account may not write to this collection")]
    NotWritable,
    /// Too much of what the partner delivered waits for somebody to look at it.
    #[error("too much of this partner waits in quarantine")]
    Full,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What became of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// The id of the status resource.
    pub status_id: Uuid,
    /// When it was carried out.
    pub at: Stamp,
    /// What became of each valid object, in order.
    pub receipts: Vec<Receipt>,
    /// What was no valid object: id, version and why.
    pub failed: Vec<(String, String, String)>,
}

impl Node {
    /// Stores what `session`'s account posts to the collection, in one transaction with its status; `describe` gives the status' body.
    ///
    /// # Errors
    /// [`PostError`]; then nothing was stored.
    pub fn post(
        &self,
        session: &Session,
        view: &CollectionView,
        attempts: Vec<Attempt>,
        describe: impl FnOnce(&Posted) -> String,
    ) -> Result<String, PostError> {
        let status_id = Builder::from_random_bytes(self.random()).into_uuid();
        let mut objects = Vec::new();
        let mut failed = Vec::new();
        for attempt in attempts {
            match attempt {
                Attempt::Object(object) => objects.push(*object),
                Attempt::Failed { id, version, message } => failed.push((id, version, message)),
            }
        }
        self.write(|writing| {
            let (collection, account) = writable(writing, session, view)?;
            if let Some(partner) = &account.partner {
                let receipts = take_posted(writing, partner, collection.into(), objects)?;
                return finish(writing, &account, Posted { status_id, at: writing.stamp, receipts, failed }, describe);
            }
            let mut eyes = Eyes::of(account.clone());
            let author = Author { organisation: account.record.organisation.clone(), eyes: &mut eyes };
            let known = definitions(objects.iter());
            let mut receipts = Vec::with_capacity(objects.len());
            let objects = &mut objects.into_iter();
            let told = Told { receipt: &mut |receipt| receipts.push(receipt), label: &mut |_, _| {} };
            take_in(writing, author, &collection, &Labelling::default(), &known, objects, told)?;
            finish(writing, &account, Posted { status_id, at: writing.stamp, receipts, failed }, describe)
        })
    }
}

/// Keeps the status of what was posted. Returns its body.
fn finish(
    writing: &mut Writing<'_>,
    account: &Account,
    posted: Posted,
    describe: impl FnOnce(&Posted) -> String,
) -> Result<String, PostError> {
    let body = describe(&posted);
    let record = StatusRecord { account: account.record.name.clone(), at: writing.stamp, body: body.clone() };
    writing.put(RecordKind::Status, &posted.status_id.hyphenated().to_string(), &record)?;
    Ok(body)
}
