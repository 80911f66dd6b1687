//! Sending to a partner that does not fetch, or a TAXII server that accepts writes: page after page of what it may see, and notices.

use std::time::Duration;

use bytes::{BufMut, Bytes, BytesMut};
use relto_node::{Outgoing, Way};
use relto_taxii::media;
use serde::Deserialize;
use tokio::sync::watch;

use super::fetch::NOTICES;
use super::link::{ExchangeError, Link, PAUSE_FIRST};
use super::notices::{self, Notices, Receipts};
use super::pull::{API_ROOT, encoded};
use crate::link::client::{Connection, Remote, Request};
use crate::link::{LinkError, shown};

/// Objects sent at once.
const PAGE_ROWS: usize = 500;
/// About how many bytes of objects are sent at once.
const PAGE_BYTES: usize = 4 << 20;
/// How often what the clock has brought about is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(15);

/// The status of what was sent (TAXII 2.1, section 4.3.1), as far as it matters.
#[derive(Deserialize)]
struct Status {
    #[serde(default)]
    failures: Vec<Failure>,
}

#[derive(Deserialize)]
struct Failure {
    id: String,
    #[serde(default)]
    message: String,
}

impl Link {
    /// Sends for as long as the task lives.
    pub(super) async fn keep_sending(self, mut changes: watch::Receiver<u64>) {
        let mut pause = PAUSE_FIRST;
        loop {
            if let Err(error) = self.send(&mut changes, &mut pause).await {
                self.pause_after(&error, &mut pause).await;
            }
        }
    }

    /// Sends everything, then whenever there is something new, for as long as the connection lasts.
    async fn send(&self, changes: &mut watch::Receiver<u64>, pause: &mut Duration) -> Result<(), ExchangeError> {
        let remote = self.remote()?;
        let mut connection = Connection::open(&remote).await?;
        let mut refused = Vec::new();
        loop {
            changes.mark_unchanged();
            if self.is_relto() {
                self.tell(&remote, &mut connection).await?;
            }
            if self.node.flows(&self.partner) && self.partner.push {
                self.send_all(&remote, &mut connection, &mut refused).await?;
            }
            // Refused objects are not sent again: that they were refused stays to be seen for as long as the link lasts.
            let outcome = match refused.first() {
                Some(first) => Err(ExchangeError::ObjectsRefused { refused: refused.len(), first: first.clone() }.to_string()),
                None => Ok(()),
            };
            self.node.note_link(self.partner.name(), outcome);
            *pause = PAUSE_FIRST;
            tokio::select! {
                changed = changes.changed() => if changed.is_err() { return Ok(()) },
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Sends what is new in every collection. Adds to `refused` which objects were, and why.
    async fn send_all(&self, remote: &Remote, connection: &mut Connection, refused: &mut Vec<String>) -> Result<(), ExchangeError> {
        let agreement = &self.partner.agreement;
        for (collection, theirs) in agreement.collections.iter().filter(|(collection, _)| agreement.sends_from(collection)) {
            let root = if self.is_relto() { API_ROOT } else { "" };
            let target = format!("{}{root}collections/{}/objects/", remote.path(), encoded(theirs));
            loop {
                let page = self.next_page(collection).await?;
                if !page.objects.is_empty() {
                    self.reopen(remote, connection).await?;
                    let request = Request::post(&target, media::TAXII, envelope(&page.objects))?;
                    let answer = connection.send(self.taxii(request, false)?).await?.success()?;
                    let malformed = |_| LinkError::Malformed("a status that is none");
                    let Status { failures } = serde_json::from_slice(&answer.body).map_err(malformed)?;
                    refused.extend(failures.iter().map(|failure| shown(&format!("{}: {}", failure.id, failure.message))));
                }
                let (node, name, sent) = (self.node.clone(), self.partner.name().to_owned(), collection.clone());
                let after = page.after;
                if page.after != page.before {
                    let noted = tokio::task::spawn_blocking(move || node.note_sent(&name, &sent, Way::Push, after));
                    noted.await.map_err(|_| ExchangeError::Panicked)??;
                }
                if !page.more {
                    break;
                }
            }
        }
        Ok(())
    }

    async fn next_page(&self, collection: &str) -> Result<Outgoing, ExchangeError> {
        let (node, name, collection) = (self.node.clone(), self.partner.name().to_owned(), collection.to_owned());
        let page = tokio::task::spawn_blocking(move || {
            let after = node.sent(&name, &collection, Way::Push)?;
            Ok::<_, ExchangeError>(node.outgoing(&name, &collection, after, PAGE_ROWS, PAGE_BYTES)?)
        });
        page.await.map_err(|_| ExchangeError::Panicked)?
    }

    /// Tells the partner its notices, and takes the receipts that it answers with.
    async fn tell(&self, remote: &Remote, connection: &mut Connection) -> Result<(), ExchangeError> {
        let (node, name) = (self.node.clone(), self.partner.name().to_owned());
        let open = tokio::task::spawn_blocking(move || node.notices_for(&name)).await.map_err(|_| ExchangeError::Panicked)??;
        if open.is_empty() {
            return Ok(());
        }
        self.reopen(remote, connection).await?;
        let body = serde_json::to_vec(&Notices { notices: open }).unwrap_or_default();
        let request = Request::post(&format!("{}{NOTICES}", remote.path()), notices::JSON, body.into())?;
        let answer = connection.send(request).await?.success()?;
        let malformed = |_| LinkError::Malformed("receipts that are none");
        let Receipts { receipts } = serde_json::from_slice(&answer.body).map_err(malformed)?;
        let (node, name) = (self.node.clone(), self.partner.name().to_owned());
        let taken = tokio::task::spawn_blocking(move || node.take_receipts_of(&name, &receipts));
        Ok(taken.await.map_err(|_| ExchangeError::Panicked)??)
    }
}

/// An envelope (TAXII 2.1, section 3.7) of `objects`, word for word.
fn envelope(objects: &[Bytes]) -> Bytes {
    let mut body = BytesMut::new();
    for (at, object) in objects.iter().enumerate() {
        body.put_slice(if at == 0 { b"{\"objects\":[" } else { b"," });
        body.put_slice(object);
    }
    body.put_slice(b"]}");
    body.freeze()
}
