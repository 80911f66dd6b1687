//! The calling side of a link, and of a foreign TAXII server: one HTTP/1.1 connection, on which one thing is asked after the other.
//!
//! Everything that the other side sends has a bound, and every wait an end. Redirects are answers like any other: a link goes where its
//! address says and nowhere else. What is asked, when again, and what becomes of the answers is up to whoever calls. [`Remote`] says where
//! to and whom to believe; [`EventStream`] is what a connection becomes that only listens.

mod events;
mod inflate;
mod message;
mod outgoing;
mod remote;
mod sse;

#[cfg(test)]
mod tests;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::error::Elapsed;
use tokio::time::{sleep, timeout};

use super::LinkError;
use crate::serve::HANDSHAKE_MAX;
use inflate::Inflate;
use outgoing::Outgoing;

pub use events::EventStream;
pub use message::{Request, Response};
pub use remote::{Remote, Trust};
pub use sse::Event;

/// How long a connection may take to come about, its name looked up included.
pub(crate) const CONNECT_MAX: Duration = Duration::from_secs(10);
/// How long the head of an answer may take, from the last of the request that was taken.
pub(crate) const HEAD_MAX: Duration = Duration::from_secs(60);
/// How long a body may pause.
pub(crate) const BODY_STALL_MAX: Duration = Duration::from_secs(60);
/// Bytes of an answer's head at most, and of what is read ahead.
pub(crate) const HEAD_BYTES_MAX: usize = 64 << 10;
/// Bytes of a refusal that are read for its title.
const REFUSAL_BYTES_MAX: usize = 64 << 10;
/// Bytes that a coded body may have beyond those that it decodes to: of small ones it makes more.
const CODING_BYTES_MAX: usize = 64 << 10;
/// The codings that answers may have.
const CODINGS: HeaderValue = HeaderValue::from_static("zstd, gzip");

/// An open connection. Dropping it closes it.
///
/// After an error, and once the other side has closed it, every further request fails: open another.
#[derive(Debug)]
pub struct Connection {
    sender: SendRequest<Outgoing>,
    host: HeaderValue,
    /// Gone after an error: what would come next is not known.
    driver: Option<Driver>,
}

/// The task that moves a connection's bytes; ends with it.
#[derive(Debug)]
struct Driver(JoinHandle<()>);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Connection {
    /// Connects to `remote`, and has it prove that it is who `remote` says.
    ///
    /// # Errors
    /// [`LinkError::Unreachable`]; [`LinkError::Handshake`], [`LinkError::NotThePartner`] and [`LinkError::Stalled`] from TLS.
    pub async fn open(remote: &Remote) -> Result<Self, LinkError> {
        let connected = timeout(CONNECT_MAX, TcpStream::connect((remote.host(), remote.port()))).await;
        Self::secure(connected, remote).await
    }

    /// The same at `place`, to which the name of `remote` was found to lead.
    ///
    /// # Errors
    /// As [`Connection::open`].
    pub(crate) async fn open_at(remote: &Remote, place: SocketAddr) -> Result<Self, LinkError> {
        Self::secure(timeout(CONNECT_MAX, TcpStream::connect(place)).await, remote).await
    }

    async fn secure(connected: Result<io::Result<TcpStream>, Elapsed>, remote: &Remote) -> Result<Self, LinkError> {
        let stream = connected.map_err(|_| LinkError::Unreachable(std::io::ErrorKind::TimedOut.into()))?.map_err(LinkError::Unreachable)?;
        // Small requests must not wait for more to send.
        let _ = stream.set_nodelay(true);
        match remote.tls() {
            Some(tls) => {
                let secured = timeout(HANDSHAKE_MAX, tls.secure(stream)).await.map_err(|_| LinkError::Stalled)?;
                Self::on(secured?, remote).await
            }
            None => Self::on(stream, remote).await,
        }
    }

    async fn on(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, remote: &Remote) -> Result<Self, LinkError> {
        let mut builder = http1::Builder::new();
        builder.max_buf_size(HEAD_BYTES_MAX).max_header_size(HEAD_BYTES_MAX);
        let (sender, connection) = builder.handshake(TokioIo::new(stream)).await.map_err(|error| LinkError::of_http(&error))?;
        let driver = Driver(tokio::spawn(async move {
            // Whoever waits for an answer hears of it.
            let _ = connection.await;
        }));
        Ok(Self { sender, host: remote.authority(), driver: Some(driver) })
    }

    /// Whether another request can be sent, as far as is known: the other side may just have closed it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.sender.is_closed() && self.driver.as_ref().is_some_and(|driver| !driver.0.is_finished())
    }

    /// Sends `request`, and waits for the whole of the answer, whatever its status. See [`Response::success`].
    ///
    /// # Errors
    /// [`LinkError`]; the request may have been carried out all the same.
    pub async fn send(&mut self, request: Request) -> Result<Response, LinkError> {
        let answer = self.ask(request).await;
        if answer.is_err() {
            self.driver = None;
        }
        answer
    }

    async fn ask(&mut self, request: Request) -> Result<Response, LinkError> {
        let bytes_max = request.body_bytes_max;
        let (head, body) = self.exchange(request, CODINGS).await?.into_parts();
        let body = collect(body, Inflate::of(&head.headers, bytes_max)?, bytes_max).await?;
        Ok(Response::new(head.status, head.headers, body))
    }

    /// Asks for the server-sent events at `target` (path and query), and turns this connection into the stream of them.
    ///
    /// `last_event_id` says after which event to go on. The stream may be silent for `stall_max`; comments count as a sign of life.
    ///
    /// # Errors
    /// [`LinkError::Refused`] when the answer is not 200; others as with [`Connection::send`].
    pub async fn events(mut self, target: &str, last_event_id: Option<&str>, stall_max: Duration) -> Result<EventStream, LinkError> {
        let mut request = Request::get(target)?.header(header::ACCEPT, sse::MEDIA_TYPE)?.header(header::CACHE_CONTROL, "no-store")?;
        if let Some(id) = last_event_id {
            request = request.header(sse::LAST_EVENT_ID, id)?;
        }
        let (head, body) = self.exchange(request, HeaderValue::from_static("identity")).await?.into_parts();
        if head.status != StatusCode::OK {
            // It is a refusal, whether its title can be read or not.
            let body = match Inflate::of(&head.headers, REFUSAL_BYTES_MAX) {
                Ok(inflate) => collect(body, inflate, REFUSAL_BYTES_MAX).await.unwrap_or_default(),
                Err(_) => Bytes::new(),
            };
            return Err(Response::new(head.status, head.headers, body).refusal());
        }
        let kind = head.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if !kind.is_some_and(sse::is_media_type) || head.headers.contains_key(header::CONTENT_ENCODING) {
            return Err(LinkError::Malformed("an answer that is no stream of events"));
        }
        Ok(EventStream::new(body, stall_max, self))
    }

    /// Sends `request`, and waits for the head of the answer.
    async fn exchange(&mut self, request: Request, codings: HeaderValue) -> Result<hyper::Response<Incoming>, LinkError> {
        let (moved, head_max) = (Arc::<Notify>::default(), request.head_max);
        let request = request.into_http(self.host.clone(), codings, moved.clone());
        let answered = async {
            self.sender.ready().await?;
            self.sender.send_request(request).await
        };
        tokio::pin!(answered);
        loop {
            tokio::select! {
                biased;
                answer = &mut answered => return answer.map_err(|error| LinkError::of_http(&error)),
                () = moved.notified() => {}
                () = sleep(head_max) => return Err(LinkError::Stalled),
            }
        }
    }
}

/// The whole of `body`, decoded, and never more of it than `bytes_max`.
async fn collect(mut body: Incoming, mut inflate: Inflate, bytes_max: usize) -> Result<Bytes, LinkError> {
    let mut left = bytes_max.saturating_add(CODING_BYTES_MAX);
    loop {
        let frame = timeout(BODY_STALL_MAX, body.frame()).await.map_err(|_| LinkError::Stalled)?;
        let Some(frame) = frame else { return inflate.finish() };
        // Trailers say nothing that is asked.
        let Ok(data) = frame.map_err(|error| LinkError::of_http(&error))?.into_data() else { continue };
        left = left.checked_sub(data.len()).ok_or(LinkError::TooLarge)?;
        inflate.push(&data)?;
    }
}
