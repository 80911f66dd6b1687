//! The tasks that fetch from partners: one for each partner to fetch from, begun and ended as partners come, change and go.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderName, header};
use relto_node::{Card, Node, PartnerRecord};
use relto_taxii::media;
use tokio::task::JoinHandle;

use super::notices::{self, Notices, Receipts};
use super::notifications::ALIVE_EVERY;
use super::pull::{Answer, Pull, PullError, Step};
use crate::link::client::{Connection, Remote, Request, Trust};
use crate::link::{LinkError, LinkIdentity};
use crate::routes::{Application, STATEMENTS, STATEMENTS_ALL};

/// The first pause after a failure, or after a server without notifications had nothing new; each further one doubles it.
const PAUSE_FIRST: Duration = Duration::from_secs(1);
/// The longest pause.
const PAUSE_MAX: Duration = Duration::from_secs(60);
/// How often what the clock brings about is looked at: agreements that begin and end.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How long a stream of notifications may be silent.
const SILENCE_MAX: Duration = ALIVE_EVERY.saturating_mul(3);
/// Where a Relto node tells that there is something new, under its address.
const NOTIFICATIONS: &str = "relto/notifications/";

/// Where it says what is to be done with what it released.
const NOTICES: &str = "relto/notices/";
/// Where it is told that it was done.
const RECEIPTS: &str = "relto/receipts/";
/// Bytes of notices that are taken at once.
const NOTICES_BYTES_MAX: usize = 16 << 20;

/// Why a link is idle.
#[derive(Debug, thiserror::Error)]
enum ExchangeError {
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error(transparent)]
    Pull(#[from] PullError),
    #[error("this node has no key to make itself known by")]
    NoIdentity,
    #[error("the exchange ended unexpectedly")]
    Panicked,
}

/// Fetches from every partner that is to be fetched from, until it is dropped.
pub(crate) async fn run(application: Arc<Application>, identity: Option<Arc<LinkIdentity>>) {
    let node = application.node().clone();
    let mut changes = application.changes();
    let mut tasks: HashMap<String, Task> = HashMap::new();
    loop {
        changes.mark_unchanged();
        let wanted: Vec<PartnerRecord> = node.partner_records().into_iter().filter(|partner| partner.pull && node.flows(partner)).collect();
        // A task goes on for as long as its partner stays as it is: dropped, it ends where it stands.
        tasks.retain(|_, task| wanted.contains(&task.partner) && !task.running.is_finished());
        for partner in wanted {
            let link = Link { node: node.clone(), partner: partner.clone(), identity: identity.clone() };
            tasks.entry(partner.name().to_owned()).or_insert_with(|| Task { partner, running: tokio::spawn(link.keep()) });
        }
        tokio::select! {
            changed = changes.changed() => if changed.is_err() { return },
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

struct Task {
    partner: PartnerRecord,
    running: JoinHandle<()>,
}

impl Drop for Task {
    fn drop(&mut self) {
        self.running.abort();
    }
}

/// The link to one partner.
struct Link {
    node: Arc<Node>,
    partner: PartnerRecord,
    identity: Option<Arc<LinkIdentity>>,
}

impl Link {
    /// Keeps the link up.
    async fn keep(self) {
        let mut pause = PAUSE_FIRST;
        loop {
            let error = match self.exchange(&mut pause).await {
                Ok(()) => continue,
                Err(error) => error,
            };
            // What went wrong can hold words of the other side: it is for the operator, and for no log.
            tracing::warn!(partner = self.partner.name(), "the link to a partner failed; `relto partner list` says why");
            self.node.note_link(self.partner.name(), Err(crate::exchange::chain(&error)));
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSE_MAX);
        }
    }

    /// Fetches everything, then whenever there is something new, for as long as the connection lasts.
    async fn exchange(&self, pause: &mut Duration) -> Result<(), ExchangeError> {
        let remote = self.remote()?;
        let mut connection = Connection::open(&remote).await?;
        let mut pulls = Vec::new();
        for collection in self.partner.agreement.collections.keys() {
            pulls.push(Some(Pull::new(self.node.clone(), &self.partner, collection)?));
        }
        if matches!(self.partner.card, Card::Server(_)) {
            return self.poll(&remote, connection, pulls, pause).await;
        }
        let target = format!("{}{NOTIFICATIONS}", remote.path());
        let mut events = Connection::open(&remote).await?.events(&target, None, SILENCE_MAX).await?;
        loop {
            self.fetch_all(&remote, &mut connection, &mut pulls).await?;
            *pause = PAUSE_FIRST;
            if events.next().await?.is_none() {
                return Err(LinkError::Unreachable(std::io::ErrorKind::ConnectionAborted.into()).into());
            }
        }
    }

    /// Asks again and again, seldom while there is nothing new.
    async fn poll(
        &self,
        remote: &Remote,
        mut connection: Connection,
        mut pulls: Vec<Option<Pull>>,
        pause: &mut Duration,
    ) -> Result<(), ExchangeError> {
        loop {
            let brought = self.fetch_all(remote, &mut connection, &mut pulls).await?;
            *pause = if brought > 0 { PAUSE_FIRST } else { (*pause * 2).min(PAUSE_MAX) };
            tokio::time::sleep(*pause).await;
        }
    }

    /// Fetches what is new in every collection. Returns how many objects came.
    async fn fetch_all(&self, remote: &Remote, connection: &mut Connection, pulls: &mut [Option<Pull>]) -> Result<u64, ExchangeError> {
        let mut brought = 0;
        if matches!(self.partner.card, Card::Node(_)) {
            self.take_notices(remote, connection).await?;
        }
        for slot in pulls {
            let Some(mut pull) = slot.take() else { return Err(ExchangeError::Panicked) };
            loop {
                if !connection.is_open() {
                    *connection = Connection::open(remote).await?;
                }
                let answer = match connection.send(self.request(remote, &pull)?).await {
                    Err(LinkError::TooLarge) if pull.ask_for_less() => continue,
                    answered => answered?,
                };
                let added_last = answer.header("x-taxii-date-added-last").map(str::to_owned);
                let answer = Answer { status: answer.status.as_u16(), added_last, body: answer.body };
                let taking = tokio::task::spawn_blocking(move || {
                    let taken = pull.take(answer);
                    (pull, taken)
                });
                let (given_back, taken) = taking.await.map_err(|_| ExchangeError::Panicked)?;
                pull = given_back;
                let (step, taken) = taken?;
                brought += taken.added;
                if step == Step::Done {
                    break;
                }
            }
            *slot = Some(pull);
        }
        self.node.note_link(self.partner.name(), Ok(()));
        Ok(brought)
    }

    /// Does as the partner's notices say, and tells it so.
    async fn take_notices(&self, remote: &Remote, connection: &mut Connection) -> Result<(), ExchangeError> {
        if !connection.is_open() {
            *connection = Connection::open(remote).await?;
        }
        let request = Request::get(&format!("{}{NOTICES}", remote.path()))?.body_bytes_max(NOTICES_BYTES_MAX);
        let answer = connection.send(request).await?.success()?;
        let malformed = |_| LinkError::Malformed("notices that are none");
        let Notices { notices } = serde_json::from_slice(&answer.body).map_err(malformed)?;
        if notices.is_empty() {
            return Ok(());
        }
        let (node, name) = (self.node.clone(), self.partner.name().to_owned());
        let obeyed = tokio::task::spawn_blocking(move || node.obey(&name, &notices)).await.map_err(|_| ExchangeError::Panicked)?;
        let receipts = Receipts { receipts: obeyed.map_err(PullError::Store)? };
        let body = serde_json::to_vec(&receipts).unwrap_or_default();
        let request = Request::post(&format!("{}{RECEIPTS}", remote.path()), notices::JSON, body.into())?;
        connection.send(request).await?.success()?;
        Ok(())
    }

    fn request(&self, remote: &Remote, pull: &Pull) -> Result<Request, LinkError> {
        let request = Request::get(&format!("{}{}", remote.path(), pull.target()))?.header(header::ACCEPT, media::TAXII)?;
        match &self.partner.card {
            Card::Node(_) if pull.wants_all_statements() => request.header(HeaderName::from_static(STATEMENTS), STATEMENTS_ALL),
            Card::Server(card) => match (&card.username, &card.password) {
                (Some(name), Some(password)) => request.basic(name, password),
                _ => Ok(request),
            },
            Card::Node(_) => Ok(request),
        }
    }

    fn remote(&self) -> Result<Remote, ExchangeError> {
        let trust = match &self.partner.card {
            Card::Node(_) => {
                let identity = self.identity.clone().ok_or(ExchangeError::NoIdentity)?;
                Trust::Link { identity, keys: self.partner.public_keys() }
            }
            Card::Server(card) => card.certificate.clone().map_or(Trust::None, |pem| Trust::Certificate(pem.into_bytes())),
        };
        Ok(Remote::new(self.partner.card.address(), trust)?)
    }
}
