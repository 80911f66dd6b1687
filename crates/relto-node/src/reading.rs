//! Reading: one principal, one set of facts, one snapshot of the store. Everything that goes out to somebody comes through here.

use std::sync::Arc;

use relto_gate::{Arrival, Cleared, Principal, clear};
use relto_model::ObjectId;
use relto_store::{
    Audience, Bodies, CollectionAccess, CollectionKey, Filter, Position, Query, RecordKind, Row, Snapshot, VersionFilter, exists, page,
};

use crate::error::StoreError;
use crate::facts::{Account, Facts};
use crate::node::Node;
use crate::partners::{PartnerRecord, Statements};
use crate::records::{CollectionRecord, Role, UserRecord};
use crate::session::{Session, account_of};

/// Why nothing is read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The session's token is no longer good.
    #[error("the token is no longer good")]
    SignedOut,
    /// There is no such account.
    #[error("there is no user `{0}`: `relto user list` shows all")]
    NoUser(String),
    /// The account is disabled: it sees nothing.
    #[error("user `{0}` is disabled")]
    Disabled(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A collection as a principal sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectionView {
    /// TAXII id.
    pub id: String,
    /// TAXII alias.
    pub alias: String,
    /// Title.
    pub title: String,
    /// Whether this principal may read objects.
    pub can_read: bool,
    /// Whether this principal may write objects.
    pub can_write: bool,
    pub(crate) access: CollectionAccess,
}

impl CollectionView {
    /// The collection as this principal stands to it.
    #[must_use]
    pub fn access(&self) -> CollectionAccess {
        self.access
    }

    /// A query for all of the collection, with bodies, on one page.
    #[must_use]
    pub fn query(&self, versions: VersionFilter) -> Query {
        Query {
            collection: self.access,
            filter: Filter { ids: None, kinds: Vec::new(), versions },
            after: None,
            added_after: None,
            rows_max: usize::MAX,
            bytes_max: usize::MAX,
            bodies: Bodies::With,
        }
    }

    /// A query for these versions of one object.
    #[must_use]
    pub fn query_of(&self, id: &ObjectId, versions: VersionFilter) -> Query {
        let mut query = self.query(versions);
        query.filter.ids = Some(vec![id.clone()]);
        query
    }
}

/// A page of what one principal may see.
pub struct ClearedPage<'r> {
    /// The rows in the principal's order.
    pub rows: Vec<Cleared<'r, Row>>,
    /// Where the next page begins, if there is more.
    pub next: Option<Position>,
}

/// One principal reading under one set of facts.
pub struct Reading<'n> {
    facts: Arc<Facts>,
    snapshot: Box<dyn Snapshot + 'n>,
    account: Arc<Account>,
    audience: Audience,
    principal: Principal,
}

impl Node {
    /// Begins to read for the account of `session`.
    ///
    /// # Errors
    /// [`ReadError::SignedOut`] when the token is no longer good.
    pub fn reading(&self, session: &Session) -> Result<Reading<'_>, ReadError> {
        let (facts, snapshot) = self.settled()?;
        let account = account_of(&facts, session).ok_or(ReadError::SignedOut)?;
        Ok(Reading::new(facts, snapshot, account))
    }

    /// The same as long as nothing has to be waited for, neither what the clock changes nor somebody's commit; otherwise `None`.
    ///
    /// # Errors
    /// As [`Node::reading`].
    pub fn reading_at_once(&self, session: &Session) -> Result<Option<Reading<'_>>, ReadError> {
        let Some((facts, snapshot)) = self.settled_at_once()? else { return Ok(None) };
        let account = account_of(&facts, session).ok_or(ReadError::SignedOut)?;
        Ok(Some(Reading::new(facts, snapshot, account)))
    }

    /// Begins to read as the account `name`, for a custodian who asks what that account sees.
    ///
    /// # Errors
    /// [`ReadError::NoUser`] when there is none, [`ReadError::Disabled`] when it may not sign in.
    pub fn reading_as(&self, name: &str) -> Result<Reading<'_>, ReadError> {
        let (facts, snapshot) = self.settled()?;
        let account = facts.directory.accounts.get(name).cloned().ok_or_else(|| ReadError::NoUser(name.to_owned()))?;
        if account.record.disabled {
            return Err(ReadError::Disabled(name.to_owned()));
        }
        Ok(Reading::new(facts, snapshot, account))
    }
}

impl<'n> Reading<'n> {
    /// `account` reads `snapshot` under `facts`.
    pub(crate) fn new(facts: Arc<Facts>, snapshot: Box<dyn Snapshot + 'n>, account: Arc<Account>) -> Self {
        let principal = facts.gate.principal(account.name.clone(), account.profile.clone(), account.gained.clone());
        let audience = facts.directory.audience(&account);
        Self { facts, snapshot, account, audience, principal }
    }

    /// Who reads.
    #[must_use]
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// The partner that reads, if it is one.
    #[must_use]
    pub fn partner(&self) -> Option<&PartnerRecord> {
        self.account.partner.as_deref()
    }

    /// The last event of the store that this reading knows of.
    #[must_use]
    pub fn horizon(&self) -> Arrival {
        self.facts.horizon
    }

    pub(crate) fn audience(&self) -> &Audience {
        &self.audience
    }

    pub(crate) fn facts(&self) -> &Facts {
        &self.facts
    }

    pub(crate) fn snapshot(&self) -> &dyn Snapshot {
        &*self.snapshot
    }

    /// Ends the reading; what is left is whoever the reply is for, to be kept until it has been sent.
    #[must_use]
    pub fn into_principal(self) -> Principal {
        self.principal
    }

    /// The record of the account.
    pub(crate) fn record(&self) -> &UserRecord {
        &self.account.record
    }

    /// What the account may do.
    #[must_use]
    pub fn role(&self) -> Role {
        self.account.record.role
    }

    /// The collections that the principal may see, by name: an order that does not tell when each was made.
    #[must_use]
    pub fn collections(&self) -> Vec<CollectionView> {
        self.facts.directory.collections.values().filter_map(|record| self.view(record)).collect()
    }

    /// The collection of this id or alias. A hidden one is absent.
    #[must_use]
    pub fn collection(&self, id: &str) -> Option<CollectionView> {
        self.facts.directory.collection(id).and_then(|record| self.view(record))
    }

    fn view(&self, record: &CollectionRecord) -> Option<CollectionView> {
        let (reads, brings) = (self.account.reads(record), self.account.brings_into(record));
        let is_there = self.principal.release().permits(record.label) && (reads || brings);
        is_there.then(|| CollectionView {
            id: record.id.clone(),
            alias: record.name.clone(),
            title: record.title.clone(),
            can_read: record.can_read && reads,
            can_write: record.can_write && brings && self.role().writes(),
            access: CollectionAccess { key: CollectionKey(record.key), gained: self.account.gained_collections.get(&record.key).copied() },
        })
    }

    /// The page that `query` asks for.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub fn page(&self, query: &Query) -> Result<ClearedPage<'_>, StoreError> {
        let page = page(&*self.snapshot, self.principal.release(), &self.audience, query)?;
        let rows = page.rows.into_iter().filter_map(|row| clear(row, &self.principal)).collect();
        Ok(ClearedPage { rows, next: page.next })
    }

    /// Whether what `owner` wrote stays here for the principal, which is a partner.
    pub(crate) fn stays(&self, owner: &str) -> bool {
        self.facts.directory.stays(&self.account, owner)
    }

    /// Whether the principal gets any version of `id` in the collection.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub fn has_object(&self, node: &Node, view: &CollectionView, id: &ObjectId) -> Result<bool, StoreError> {
        if self.partner().is_none() {
            return Ok(exists(&*self.snapshot, self.principal.release(), view.access.key, id)?);
        }
        let query = Query { rows_max: 1, ..view.query_of(id, VersionFilter::all()) };
        Ok(!self.sayable(node, view, query, Statements::Needed)?.cleared.rows.is_empty())
    }

    /// The outcome of an earlier post of this very account, as it was stored. Anybody else's is absent.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub fn status(&self, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let stored = self.snapshot.record(RecordKind::Status, id)?;
        let Some(stored) = stored else { return Ok(None) };
        let status: crate::ingest::StatusRecord = crate::facts::decode("status", id, &stored)?;
        Ok((status.account == self.principal.name()).then(|| status.body.into_bytes()))
    }
}
