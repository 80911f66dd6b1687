//! A connection that only listens: server-sent events, one after the other.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use tokio::time::timeout;

use super::Connection;
use super::sse::{Event, Parser};
use crate::link::LinkError;

/// Events as they come. Dropping it closes the connection.
pub struct EventStream {
    /// What is still to come; nothing after an error.
    body: Option<Incoming>,
    /// What has come and is not parsed yet.
    rest: Bytes,
    parser: Parser,
    stall_max: Duration,
    _connection: Connection,
}

impl EventStream {
    pub(super) fn new(body: Incoming, stall_max: Duration, connection: Connection) -> Self {
        Self { body: Some(body), rest: Bytes::new(), parser: Parser::default(), stall_max, _connection: connection }
    }

    /// The next event; `None` once the other side has ended the stream, and after an error.
    ///
    /// Nothing is lost when this is dropped before it is done, as in a `select!`.
    ///
    /// # Errors
    /// [`LinkError::Stalled`] when nothing came for as long as the stream may be silent, [`LinkError::TooLarge`] for a line beyond 16 KiB or
    /// data beyond 256 KiB, [`LinkError::Unreachable`] when the connection broke.
    pub async fn next(&mut self) -> Result<Option<Event>, LinkError> {
        let next = self.read().await;
        if next.is_err() {
            (self.body, self.rest) = (None, Bytes::new());
        }
        next
    }

    async fn read(&mut self) -> Result<Option<Event>, LinkError> {
        loop {
            if let Some(event) = self.parser.next(&mut self.rest).map_err(|_| LinkError::TooLarge)? {
                return Ok(Some(event));
            }
            let Some(body) = &mut self.body else { return Ok(None) };
            let frame = timeout(self.stall_max, body.frame()).await.map_err(|_| LinkError::Stalled)?;
            let Some(frame) = frame else { return Ok(None) };
            if let Ok(data) = frame.map_err(|error| LinkError::of_http(&error))?.into_data() {
                self.rest = data;
            }
        }
    }
}
