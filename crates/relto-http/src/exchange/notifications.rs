//! Notifications: a stream of server-sent events that says in which collections there is something new, and nothing else.
//!
//! An event names a collection and has a cursor as its id; it is sent only when whoever listens may see something that became visible to them
//! after the cursor before. What that is, they fetch. Whoever connects again says after which event (`Last-Event-ID`, or `after`). With
//! `until=now` the stream ends once it has caught up. Nothing is held between two looks: each is a reading of its own, under the facts of
//! its moment, and the first that finds the account gone ends the stream.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use bytes::Bytes;
use http_body::Frame;
use relto_node::{Bodies, Node, Position, Query, ReadError, Session, Statements, VersionFilter};
use relto_taxii::Problem;
use relto_taxii::cursor::{self, CursorPosition};
use relto_taxii::filter::decode;
use tokio::sync::{mpsc, watch};

use crate::routes::{Application, Call};

/// The media type of the stream (WHATWG HTML, section 9.2).
const MEDIA_TYPE: &str = "text/event-stream";
/// The header with the cursor after which to go on (section 9.2.4).
const LAST_EVENT_ID: &str = "last-event-id";
/// How often a stream without news says that it is alive, and looks whether the clock has brought something.
pub(crate) const ALIVE_EVERY: Duration = Duration::from_secs(15);
/// Chunks that wait for a reader at most; then its stream waits, too.
const WAITING_MAX: usize = 16;

/// One listener.
struct Listening {
    node: Arc<Node>,
    session: Session,
    /// Everything up to here has been told.
    told: u64,
}

/// Answers with the stream.
pub(crate) fn listen(application: &Application, call: &Call, request: &Request) -> Result<Response, Problem> {
    if application.node().role(&call.session).is_none() {
        return Err(Problem::Unauthorized);
    }
    let parameters = parameters(&call.query)?;
    let last = request.headers().get(LAST_EVENT_ID).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let node = application.node().clone();
    let told = match last.or(parameters.after) {
        Some(cursor) => {
            let binding = binding(&call.session);
            let bad = |error: cursor::CursorError| Problem::BadRequest(format!("parameter `after`: {error}"));
            cursor::open(&node.cursor_keys(), &binding, &cursor).map_err(bad)?.visible
        }
        None => 0,
    };
    let listening = Listening { node, session: call.session.clone(), told };
    let (send, receive) = mpsc::channel(WAITING_MAX);
    let (changes, closing) = (application.changes(), application.closing().subscribe());
    tokio::spawn(listening.tell(send, changes, closing, parameters.until_now));
    let mut response = Response::new(Body::new(Told(receive)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(response)
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Parameters {
    after: Option<String>,
    until_now: bool,
}

fn parameters(query: &str) -> Result<Parameters, Problem> {
    let mut read = Parameters::default();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match (name, decode(value)) {
            ("after", Some(value)) if read.after.is_none() => read.after = Some(value),
            ("until", Some(value)) if value == "now" => read.until_now = true,
            _ => return Err(Problem::BadRequest("there are the parameters `after=CURSOR` and `until=now`".to_owned())),
        }
    }
    Ok(read)
}

fn binding(session: &Session) -> [u8; 32] {
    cursor::binding(&["notifications", session.name()])
}

/// Returns when the server ends.
async fn closed(closing: &mut watch::Receiver<bool>) {
    // Without a sender, there is no server any more.
    let _ = closing.wait_for(|is_closing| *is_closing).await;
}

impl Listening {
    /// Tells until whoever listens, the account or the server is gone.
    async fn tell(mut self, send: mpsc::Sender<Bytes>, mut changes: watch::Receiver<u64>, mut closing: watch::Receiver<bool>, once: bool) {
        loop {
            changes.mark_unchanged();
            let Some((listening, events)) = self.look().await else { return };
            self = listening;
            for event in events {
                if send.send(event).await.is_err() {
                    return;
                }
            }
            if once {
                return;
            }
            tokio::select! {
                changed = changes.changed() => if changed.is_err() { return },
                () = closed(&mut closing) => return,
                () = send.closed() => return,
                () = tokio::time::sleep(ALIVE_EVERY) => if send.send(Bytes::from_static(b":\n\n")).await.is_err() { return },
            }
        }
    }

    /// What is new since the last look. `None` when there is nobody to tell any more, or the store cannot be used.
    async fn look(mut self) -> Option<(Self, Vec<Bytes>)> {
        tokio::task::spawn_blocking(move || match self.events() {
            Ok(events) => Some((self, events)),
            Err(ReadError::Store(error)) => {
                tracing::error!(error = &error as &dyn std::error::Error, "the store cannot be used");
                None
            }
            Err(ReadError::SignedOut | ReadError::NoUser(_) | ReadError::Disabled(_)) => None,
        })
        .await
        .ok()
        .flatten()
    }

    fn events(&mut self) -> Result<Vec<Bytes>, ReadError> {
        let reading = self.node.reading(&self.session)?;
        let after = Position { visible: relto_gate::Arrival(self.told), row: relto_gate::Arrival(u64::MAX) };
        let horizon = reading.horizon().0;
        let mut events = Vec::new();
        for view in reading.collections().into_iter().filter(|view| view.can_read) {
            let after = (self.told > 0).then_some(after);
            let query = Query { after, rows_max: 1, bodies: Bodies::Without, ..view.query(VersionFilter::all()) };
            if reading.sayable(&self.node, &view, query, Statements::Needed)?.cleared.rows.is_empty() {
                continue;
            }
            events.push(format!("event: objects\ndata: {{\"collection\":\"{}\"}}\n", view.id));
        }
        if self.node.has_notices_after(&self.session, relto_gate::Arrival(self.told))? {
            events.push("event: notices\ndata: {}\n".to_owned());
        }
        self.told = horizon;
        // Whoever goes on after the cursor has been told everything before it: it stands with the last event.
        let keys = self.node.cursor_keys();
        let position = CursorPosition { visible: horizon, row: 0 };
        let cursor = keys.first().and_then(|key| cursor::seal(key, &binding(&self.session), position));
        if let (Some(last), Some(cursor)) = (events.last_mut(), cursor) {
            last.push_str(&format!("id: {cursor}\n"));
        }
        Ok(events.into_iter().map(|event| Bytes::from(event + "\n")).collect())
    }
}

/// The events as a body.
struct Told(mpsc::Receiver<Bytes>);

impl http_body::Body for Told {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(context).map(|event| event.map(|event| Ok(Frame::data(event))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read() {
        assert_eq!(parameters("").unwrap(), Parameters::default());
        assert_eq!(parameters("until=now&after=abc").unwrap(), Parameters { after: Some("abc".to_owned()), until_now: true });
        for bad in ["until=then", "after=a&after=b", "next=a", "until"] {
            assert!(parameters(bad).is_err(), "{bad}");
        }
    }
}
