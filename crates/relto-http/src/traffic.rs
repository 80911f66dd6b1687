//! What is under way on one connection: a request, for whom replies are running, and when the last byte of each has left.
//!
//! A reply has ended when the kernel has taken its last byte, not when the HTTP library has: until then it stands on the facts that it
//! began with. A reader who has stopped reading never lets a body be asked for more, so that cutting a reply means dropping the connection,
//! together with what still waits in the kernel's buffer.

use std::io::IoSlice;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body as AxumBody;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use parking_lot::Mutex;
use relto_gate::Principal;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio_rustls::server::TlsStream;

/// How often running replies are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How long a reply may run without the reader taking a byte.
pub(crate) const REPLY_STALL_MAX: Duration = Duration::from_secs(300);

/// For whom a response was cleared; travels from the use case to the connection that sends it, and no further.
#[derive(Clone)]
pub(crate) struct Reader(pub Arc<Principal>);

/// What is under way on one connection: one request at a time, and replies whose last bytes still wait for the kernel.
#[derive(Default)]
struct State {
    /// A request is being answered.
    is_busy: bool,
    /// For whom its reply is, once there is one.
    sending: Option<Arc<Principal>>,
    /// For whom the last bytes wait to be taken by the kernel.
    unflushed: Vec<Arc<Principal>>,
}

impl State {
    fn readers(&self) -> impl Iterator<Item = &Arc<Principal>> {
        self.sending.iter().chain(&self.unflushed)
    }
}

/// What one connection's request, body, stream and watch tell each other.
#[derive(Default)]
pub(crate) struct Traffic {
    state: Mutex<State>,
    bytes_written: AtomicU64,
    is_watched: AtomicBool,
    begun: Notify,
    is_ended: AtomicBool,
}

/// Why a connection is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The facts behind a reply have changed and its time is over.
    Cut,
    /// The reader has stopped reading.
    Stalled,
}

impl Traffic {
    /// Notes that a request has begun.
    pub(crate) fn begin(self: &Arc<Self>) -> Running {
        self.state.lock().is_busy = true;
        if !self.is_watched.swap(true, Ordering::AcqRel) {
            self.begun.notify_one();
        }
        Running(self.clone())
    }

    /// Watches until there is a reason to drop the connection.
    pub(crate) async fn watch(&self) -> Verdict {
        loop {
            self.is_watched.store(false, Ordering::Release);
            if self.is_quiet() {
                self.begun.notified().await;
            }
            self.is_watched.store(true, Ordering::Release);
            if let Some(verdict) = self.watch_replies().await {
                self.is_ended.store(true, Ordering::Release);
                return verdict;
            }
        }
    }

    /// Watches until every reply has ended, or there is a reason not to wait for that.
    async fn watch_replies(&self) -> Option<Verdict> {
        let (mut seen, mut still) = (self.bytes_written.load(Ordering::Relaxed), Duration::ZERO);
        while !self.is_quiet() {
            tokio::time::sleep(LOOK_EVERY).await;
            if self.is_cut() {
                return Some(Verdict::Cut);
            }
            let bytes = self.bytes_written.load(Ordering::Relaxed);
            let waits = self.state.lock().readers().next().is_some();
            still = if waits && bytes == seen { still + LOOK_EVERY } else { Duration::ZERO };
            seen = bytes;
            if still >= REPLY_STALL_MAX {
                return Some(Verdict::Stalled);
            }
        }
        None
    }

    fn is_cut(&self) -> bool {
        self.state.lock().readers().any(|reader| reader.is_cut())
    }

    fn is_quiet(&self) -> bool {
        let state = self.state.lock();
        !state.is_busy && state.unflushed.is_empty()
    }
}

/// One request, until its response body is out of the HTTP library's hands.
pub(crate) struct Running(Arc<Traffic>);

impl Running {
    /// Notes for whom the response is.
    pub(crate) fn reply(self, reader: Option<Reader>) -> Self {
        self.0.state.lock().sending = reader.map(|Reader(reader)| reader);
        self
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut state = self.0.state.lock();
        state.is_busy = false;
        if let Some(reader) = state.sending.take() {
            state.unflushed.push(reader);
        }
    }
}

/// A response body that says when it is done.
pub(crate) struct TrackedBody {
    body: AxumBody,
    _running: Running,
}

impl TrackedBody {
    pub(crate) fn new(body: AxumBody, running: Running) -> Self {
        Self { body, _running: running }
    }
}

impl Body for TrackedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The TCP socket under a stream.
pub(crate) trait Socket {
    fn tcp(&self) -> &TcpStream;
}

impl Socket for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }
}

impl Socket for TlsStream<TcpStream> {
    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }
}

/// A stream that tells its connection's traffic what moves on it.
pub(crate) struct TrackedStream<S: Socket> {
    stream: TokioIo<S>,
    traffic: Arc<Traffic>,
}

impl<S: Socket> TrackedStream<S> {
    pub(crate) fn new(stream: S, traffic: Arc<Traffic>) -> Self {
        Self { stream: TokioIo::new(stream), traffic }
    }

    fn moved(&self, written: Poll<std::io::Result<usize>>) -> Poll<std::io::Result<usize>> {
        if let Poll::Ready(Ok(bytes)) = &written {
            self.traffic.bytes_written.fetch_add(*bytes as u64, Ordering::Relaxed);
        }
        written
    }
}

impl<S: Socket> Drop for TrackedStream<S> {
    fn drop(&mut self) {
        // What the kernel still holds for a reader who was cut is not sent either.
        if self.traffic.is_ended.load(Ordering::Acquire) || self.traffic.is_cut() {
            let _ = self.stream.inner().tcp().set_zero_linger();
        }
    }
}

impl<S: Socket + Unpin> Read for TrackedStream<S>
where
    TokioIo<S>: Read,
{
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: ReadBufCursor<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: Socket + Unpin> Write for TrackedStream<S>
where
    TokioIo<S>: Write,
{
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.moved(written)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[IoSlice<'_>]) -> Poll<std::io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.moved(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        if matches!(flushed, Poll::Ready(Ok(()))) {
            self.traffic.state.lock().unflushed.clear();
        }
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
