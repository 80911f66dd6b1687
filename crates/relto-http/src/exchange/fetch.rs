//! Fetching from a partner: everything that is new, whenever it says that there is something, or by asking again and again.

use std::time::Duration;

use relto_node::Onward;

use super::link::{ExchangeError, Link, PAUSE_FIRST, PAUSE_MAX};
use super::notices::{self, Notices, Receipts};
use super::notifications::ALIVE_EVERY;
use super::pull::{Answer, Pull, PullError, ReadAnswer, Step};
use crate::link::LinkError;
use crate::link::client::{Connection, EventStream, Remote, Request};

/// How long a stream of notifications may be silent.
const SILENCE_MAX: Duration = ALIVE_EVERY.saturating_mul(3);
/// How soon the partner hears again how far those have come to whom an object was sent on.
const ONWARD_EVERY: Duration = Duration::from_secs(2);
/// Where a Relto node tells that there is something new, under its address.
const NOTIFICATIONS: &str = "relto/notifications/";
/// Where it says what is to be done with what it released.
pub(super) const NOTICES: &str = "relto/notices/";
/// Where it is told that it was done.
const RECEIPTS: &str = "relto/receipts/";
/// Bytes of notices that are taken at once.
const NOTICES_BYTES_MAX: usize = 16 << 20;

/// What is under way on a connection.
struct Fetching {
    remote: Remote,
    connection: Connection,
    /// One for each collection; away while a thread works on it.
    pulls: Vec<Option<Pull>>,
}

impl Link {
    /// Fetches for as long as the task lives.
    pub(super) async fn keep_fetching(self) {
        let mut pause = PAUSE_FIRST;
        loop {
            match self.fetch(&mut pause).await {
                Err(ExchangeError::Pull(error)) if error.is_out_of_date() => {}
                Err(error) => self.pause_after(&error, &mut pause).await,
                Ok(()) => {}
            }
        }
    }

    /// Fetches everything, then whenever there is something new, for as long as the connection lasts.
    async fn fetch(&self, pause: &mut Duration) -> Result<(), ExchangeError> {
        let remote = self.remote()?;
        let connection = Connection::open(&remote).await?;
        let mut pulls = Vec::new();
        let agreement = &self.partner.agreement;
        for collection in agreement.collections.keys().filter(|collection| agreement.accepts_into(collection)) {
            pulls.push(Some(Pull::new(self.node.clone(), &self.partner, collection)?));
        }
        let mut fetching = Fetching { remote, connection, pulls };
        if !self.is_relto() {
            return self.poll(&mut fetching, pause).await;
        }
        let target = format!("{}{NOTIFICATIONS}", fetching.remote.path());
        // Listened to before anything is fetched, so that nothing falls between the two. One that has let this node go no longer
        // tells it of objects, and still of what it is to destroy.
        let events = Connection::open(&fetching.remote).await?.events(&target, None, SILENCE_MAX).await;
        let mut events = match events {
            Err(refused @ LinkError::Refused { .. }) => {
                self.take_notices(&mut fetching).await?;
                return Err(refused.into());
            }
            events => events?,
        };
        loop {
            let is_pending = self.take_notices(&mut fetching).await?;
            self.fetch_all(&mut fetching).await?;
            *pause = PAUSE_FIRST;
            await_news(&mut events, is_pending).await?;
        }
    }

    /// Asks again and again, seldom while there is nothing new.
    async fn poll(&self, fetching: &mut Fetching, pause: &mut Duration) -> Result<(), ExchangeError> {
        loop {
            let brought = self.fetch_all(fetching).await?;
            *pause = if brought > 0 { PAUSE_FIRST } else { (*pause * 2).min(PAUSE_MAX) };
            tokio::time::sleep(*pause).await;
        }
    }

    /// Fetches what is new in every collection. Returns how many objects came.
    async fn fetch_all(&self, fetching: &mut Fetching) -> Result<u64, ExchangeError> {
        let Fetching { remote, connection, pulls } = fetching;
        let (mut brought, mut refused) = (0, None);
        for slot in pulls {
            let Some(mut pull) = slot.take() else { return Err(ExchangeError::Panicked) };
            let mut ahead = None;
            loop {
                let all = pull.wants_all_statements();
                let asked = match ahead.take() {
                    Some(answered) => answered,
                    None => self.ask(remote, connection, &pull.target(), all).await,
                };
                let answer = match asked {
                    Err(ExchangeError::Link(LinkError::TooLarge)) if pull.ask_for_less() => continue,
                    answered => answered?,
                };
                let beyond = pull.target_beyond(&answer);
                let taking = tokio::task::spawn_blocking(move || {
                    let taken = pull.take(answer);
                    (pull, taken)
                });
                // The next page comes and is read while this one is stored: two of them are held at most.
                let asking = async {
                    match &beyond {
                        Some(target) => Some(self.ask(remote, connection, target, all).await),
                        None => None,
                    }
                };
                let (taken, answered) = tokio::join!(taking, asking);
                let (given_back, taken) = taken.map_err(|_| ExchangeError::Panicked)?;
                (pull, ahead) = (given_back, answered);
                match taken {
                    // The others are fetched all the same.
                    Err(error) if error.is_of_collection() => {
                        refused.get_or_insert(error);
                        break;
                    }
                    Err(error) => return Err(error.into()),
                    Ok((step, taken)) => {
                        brought += taken.added;
                        if step == Step::Done {
                            break;
                        }
                    }
                }
            }
            *slot = Some(pull);
        }
        if let Some(refused) = refused {
            return Err(refused.into());
        }
        self.node.note_link(self.partner.name(), Ok(()));
        Ok(brought)
    }

    /// What the partner answers at `target`, read.
    async fn ask(
        &self,
        remote: &Remote,
        connection: &mut Connection,
        target: &str,
        all_statements: bool,
    ) -> Result<ReadAnswer, ExchangeError> {
        self.reopen(remote, connection).await?;
        let asked = self.node.now();
        let request = self.taxii(Request::get(&format!("{}{target}", remote.path()))?, all_statements)?;
        let answer = connection.send(request).await?;
        let added_last = answer.header("x-taxii-date-added-last").map(str::to_owned);
        let answer = Answer { status: answer.status.as_u16(), added_last, body: answer.body, asked };
        let node = self.node.clone();
        tokio::task::spawn_blocking(move || answer.read(&node)).await.map_err(|_| ExchangeError::Panicked)
    }

    /// Does as the partner's notices say, and tells it so. Whether some of those have not confirmed to whom an object was sent on.
    async fn take_notices(&self, fetching: &mut Fetching) -> Result<bool, ExchangeError> {
        let Fetching { remote, connection, .. } = fetching;
        self.reopen(remote, connection).await?;
        let request = Request::get(&format!("{}{NOTICES}", remote.path()))?.body_bytes_max(NOTICES_BYTES_MAX);
        let answer = connection.send(request).await?.success()?;
        let malformed = |_| LinkError::Malformed("notices that are none");
        let Notices { notices } = serde_json::from_slice(&answer.body).map_err(malformed)?;
        if notices.is_empty() {
            return Ok(false);
        }
        let (node, name) = (self.node.clone(), self.partner.name().to_owned());
        let obeyed = tokio::task::spawn_blocking(move || node.obey(&name, &notices)).await.map_err(|_| ExchangeError::Panicked)?;
        let receipts = Receipts { receipts: obeyed.map_err(PullError::Store)? };
        let is_pending = receipts.receipts.iter().any(|receipt| receipt.onward == Onward::Pending);
        let body = serde_json::to_vec(&receipts).unwrap_or_default();
        let request = Request::post(&format!("{}{RECEIPTS}", remote.path()), notices::JSON, body.into())?;
        connection.send(request).await?.success()?;
        Ok(is_pending)
    }
}

/// Returns once the partner says that there is something new; while something `is_pending`, soon.
async fn await_news(events: &mut EventStream, is_pending: bool) -> Result<(), LinkError> {
    let ended = || LinkError::Unreachable(std::io::ErrorKind::ConnectionAborted.into());
    if !is_pending {
        return events.next().await?.map(drop).ok_or_else(ended);
    }
    tokio::select! {
        event = events.next() => event?.map(drop).ok_or_else(ended),
        () = tokio::time::sleep(ONWARD_EVERY) => Ok(()),
    }
}
