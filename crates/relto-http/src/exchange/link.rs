//! The link to one partner: where it goes, whom it trusts, and when it is tried again.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderName, header};
use relto_node::{Card, Node, PartnerRecord, ReadError, StoreError};
use relto_taxii::media;

use super::pull::PullError;
use crate::link::client::{Connection, Remote, Request, Trust};
use crate::link::{LinkError, LinkIdentity};
use crate::routes::{STATEMENTS, STATEMENTS_ALL};

/// The first pause after a failure, or after a server without notifications had nothing new; each further one doubles it.
pub(super) const PAUSE_FIRST: Duration = Duration::from_secs(1);
/// The longest pause.
pub(super) const PAUSE_MAX: Duration = Duration::from_secs(60);

/// Why a link is idle.
#[derive(Debug, thiserror::Error)]
pub(super) enum ExchangeError {
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error(transparent)]
    Pull(#[from] PullError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("nothing flows to it now")]
    NotFlowing,
    #[error("{refused} of the objects sent were refused, the first: {first}")]
    ObjectsRefused {
        /// How many.
        refused: usize,
        /// Id and reason of the first, cut and cleaned.
        first: String,
    },
    #[error("this node has no key to make itself known by")]
    NoIdentity,
    #[error("the exchange ended unexpectedly")]
    Panicked,
}

impl From<ReadError> for ExchangeError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Store(error) => Self::Store(error),
            ReadError::SignedOut | ReadError::NoUser(_) | ReadError::Disabled(_) => Self::NotFlowing,
        }
    }
}

/// The link to one partner.
pub(super) struct Link {
    pub(super) node: Arc<Node>,
    pub(super) partner: PartnerRecord,
    pub(super) identity: Option<Arc<LinkIdentity>>,
}

impl Link {
    /// Whether the partner is a Relto node.
    pub(super) fn is_relto(&self) -> bool {
        matches!(self.partner.card, Card::Node(_))
    }

    /// Notes a failure for the operator, and waits before the next attempt.
    pub(super) async fn pause_after(&self, error: &ExchangeError, pause: &mut Duration) {
        // What went wrong can hold words of the other side: it is for the operator, and for no log.
        tracing::warn!(partner = self.partner.name(), "the link to a partner failed; `relto partner list` says why");
        self.node.note_link(self.partner.name(), Err(super::chain(error)));
        tokio::time::sleep(*pause).await;
        *pause = (*pause * 2).min(PAUSE_MAX);
    }

    /// Opens `connection` again if it has been closed.
    pub(super) async fn reopen(&self, remote: &Remote, connection: &mut Connection) -> Result<(), LinkError> {
        if !connection.is_open() {
            *connection = Connection::open(remote).await?;
        }
        Ok(())
    }

    /// Where the partner is, and whom to believe that it is the partner.
    pub(super) fn remote(&self) -> Result<Remote, ExchangeError> {
        let trust = match &self.partner.card {
            Card::Node(_) => {
                let identity = self.identity.clone().ok_or(ExchangeError::NoIdentity)?;
                Trust::Link { identity, keys: self.partner.public_keys() }
            }
            Card::Server(card) => card.certificate.clone().map_or(Trust::None, |pem| Trust::Certificate(pem.into_bytes())),
        };
        Ok(Remote::new(self.partner.card.address(), trust)?)
    }

    /// `request` for TAXII, with what the partner knows this node by.
    pub(super) fn taxii(&self, request: Request, all_statements: bool) -> Result<Request, LinkError> {
        let request = request.header(header::ACCEPT, media::TAXII)?;
        match &self.partner.card {
            Card::Node(_) if all_statements => request.header(HeaderName::from_static(STATEMENTS), STATEMENTS_ALL),
            Card::Node(_) => Ok(request),
            Card::Server(card) => match (&card.username, &card.password) {
                (Some(name), Some(password)) => request.basic(name, password),
                _ => Ok(request),
            },
        }
    }
}
