//! The body of a request, which says when some of it has been taken: a large one may take longer than an answer to a small one.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::sync::Notify;

/// Bytes that are handed out at once at most.
const CHUNK_BYTES_MAX: usize = 64 << 10;

/// A body in memory, on its way out.
pub(crate) struct Outgoing {
    rest: Bytes,
    moved: Arc<Notify>,
}

impl Outgoing {
    pub(crate) fn new(body: Bytes, moved: Arc<Notify>) -> Self {
        Self { rest: body, moved }
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.moved.notify_one();
        let bytes = self.rest.len().min(CHUNK_BYTES_MAX);
        let chunk = self.rest.split_to(bytes);
        Poll::Ready((!chunk.is_empty()).then(|| Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}
