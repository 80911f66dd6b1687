//! The body of a reply: chunks that were cleared for one principal, and the principal, until the last chunk is out.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use relto_gate::Principal;

/// The reply was ended because the facts it rested on have changed.
#[derive(Debug, thiserror::Error)]
#[error("the reply was cut: what it rested on has changed")]
pub(crate) struct Cut;

/// Chunks on their way to one principal. Holds the principal's epoch open, and ends at once when that is cut.
pub(crate) struct ClearedBody {
    chunks: VecDeque<Bytes>,
    reader: Option<Arc<Principal>>,
}

impl ClearedBody {
    /// `chunks` that were encoded from what was cleared for `reader`.
    #[must_use]
    pub(crate) fn new(chunks: Vec<Bytes>, reader: Arc<Principal>) -> Self {
        Self { chunks: chunks.into(), reader: Some(reader) }
    }
}

impl Body for ClearedBody {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        if self.reader.as_ref().is_some_and(|reader| reader.is_cut()) {
            self.chunks.clear();
            self.reader = None;
            return Poll::Ready(Some(Err(Cut)));
        }
        let chunk = self.chunks.pop_front();
        if self.chunks.is_empty() {
            self.reader = None;
        }
        Poll::Ready(chunk.map(|chunk| Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        self.chunks.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.chunks.iter().map(|chunk| chunk.len() as u64).sum())
    }
}
