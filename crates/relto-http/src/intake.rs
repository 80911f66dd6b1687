//! Reading request bodies: bounded one by one and all together, and never for longer than they keep coming.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use relto_taxii::Problem;

/// Bytes of one request at most, after decompression.
pub(crate) const CONTENT_BYTES_MAX: u64 = 100 << 20;
/// Bytes of all request bodies that are held at once, by default; a body for which nothing is left is refused with 503.
pub(crate) const HELD_BYTES_MAX: u64 = 1 << 30;
/// How long a request's body may pause.
pub(crate) const BODY_STALL_MAX: Duration = Duration::from_secs(60);

/// The memory that request bodies may take together.
#[derive(Debug)]
pub(crate) struct Intake {
    held: Arc<AtomicU64>,
    held_max: u64,
}

/// A body in memory. Its share is given back when it is dropped.
///
/// INVARIANT: the bytes cannot be had without their share. A closure that is given a field takes that field alone along: a thread would go on
/// with bytes whose share was given back when whoever sent them hung up.
#[derive(Debug)]
pub(crate) struct Content {
    bytes: Bytes,
    _share: Share,
}

impl Content {
    pub(crate) fn bytes(&self) -> &Bytes {
        &self.bytes
    }
}

#[derive(Debug)]
struct Share {
    held: Arc<AtomicU64>,
    bytes: u64,
}

impl Drop for Share {
    fn drop(&mut self) {
        self.held.fetch_sub(self.bytes, Ordering::AcqRel);
    }
}

impl Intake {
    pub(crate) fn new(held_max: u64) -> Self {
        Self { held: Arc::default(), held_max }
    }

    /// The whole of `body`.
    pub(crate) async fn collect(&self, mut body: Body) -> Result<Content, Problem> {
        let too_large = || Problem::ContentTooLarge(CONTENT_BYTES_MAX);
        if http_body::Body::size_hint(&body).lower() > CONTENT_BYTES_MAX {
            return Err(too_large());
        }
        let mut share = Share { held: self.held.clone(), bytes: 0 };
        let mut content = BytesMut::new();
        loop {
            let frame = tokio::time::timeout(BODY_STALL_MAX, body.frame()).await.map_err(|_| Problem::Timeout)?;
            let Some(frame) = frame else { return Ok(Content { bytes: content.freeze(), _share: share }) };
            let frame = frame.map_err(|_| Problem::BadRequest("the body ended early or is not coded as its headers say".to_owned()))?;
            let Ok(data) = frame.into_data() else { continue };
            let more = data.len() as u64;
            if share.bytes + more > CONTENT_BYTES_MAX {
                return Err(too_large());
            }
            share.bytes += more;
            if self.held.fetch_add(more, Ordering::AcqRel) + more > self.held_max {
                return Err(Problem::Unavailable);
            }
            content.extend_from_slice(&data);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn all_bodies_together_are_bounded_and_give_their_share_back() {
        let intake = Intake::new(10);
        let first = intake.collect(Body::from("123456")).await.unwrap();
        assert_eq!(first.bytes(), "123456");
        assert_eq!(intake.collect(Body::from("12345")).await.unwrap_err(), Problem::Unavailable);
        let second = intake.collect(Body::from("1234")).await.unwrap();
        drop((first, second));
        assert_eq!(intake.collect(Body::from("1234567890")).await.unwrap().bytes().len(), 10);
        assert_eq!(intake.held.load(Ordering::Acquire), 0);
    }

    /// As when whoever sent the body hangs up: nobody waits for the thread that works on it any more.
    #[tokio::test]
    async fn a_share_lives_as_long_as_a_thread_has_the_bytes() {
        let intake = Intake::new(10);
        let (go, stop) = std::sync::mpsc::channel::<()>();
        let content = intake.collect(Body::from("123456")).await.unwrap();
        let thread = tokio::task::spawn_blocking(move || {
            stop.recv().unwrap();
            content.bytes().len()
        });
        assert_eq!(intake.collect(Body::from("12345")).await.unwrap_err(), Problem::Unavailable);
        go.send(()).unwrap();
        assert_eq!(thread.await.unwrap(), 6);
        assert_eq!(intake.held.load(Ordering::Acquire), 0);
    }
}
