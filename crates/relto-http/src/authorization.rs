//! Who calls: Bearer and Basic credentials, checked once and remembered, and wrong ones slowed per source.
//!
//! A right token always gets in at once: slowing is for the answer to a wrong one, so that nobody can lock out somebody else.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use parking_lot::{Mutex, RwLock};
use relto_node::{Node, Session};
use tokio::time::Instant;

/// Longest `Authorization` header that is looked at, in bytes.
pub const AUTHORIZATION_BYTES_MAX: usize = 1024;
/// Sessions remembered at most; beyond, all are forgotten and checked again.
pub const SESSIONS_MAX: usize = 10_000;
/// Sources with failed sign-ins that are remembered at most.
pub const SOURCES_MAX: usize = 10_000;
/// The first delay of a failed sign-in; each further failure of the source doubles it.
pub const FAILURE_DELAY_FIRST: Duration = Duration::from_millis(100);
/// The longest delay of a failed sign-in.
pub const FAILURE_DELAY_MAX: Duration = Duration::from_secs(5);
/// After so long without failure a source begins anew.
pub const FAILURE_FORGOTTEN_AFTER: Duration = Duration::from_secs(600);
/// Failed sign-ins that may be waiting at once; further ones are refused without delay.
pub const FAILURES_WAITING_MAX: usize = 1_000;

/// Credentials as a client sends them.
#[derive(Debug, PartialEq, Eq)]
pub struct Credentials {
    /// The account's name; absent with Bearer.
    pub name: Option<String>,
    /// The token.
    pub token: String,
}

/// Reads an `Authorization` header (RFC 7617, RFC 6750). `None` for anything else.
#[must_use]
pub fn parse(header: &[u8]) -> Option<Credentials> {
    let header = std::str::from_utf8(header).ok().filter(|header| header.len() <= AUTHORIZATION_BYTES_MAX)?;
    let (scheme, value) = header.trim().split_once(' ')?;
    let value = value.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        Some(Credentials { name: None, token: value.to_owned() })
    } else if scheme.eq_ignore_ascii_case("basic") {
        let decoded = String::from_utf8(STANDARD.decode(value).ok()?).ok()?;
        let (name, token) = decoded.split_once(':')?;
        Some(Credentials { name: Some(name.to_owned()), token: token.to_owned() })
    } else {
        None
    }
}

struct Failures {
    count: u32,
    last: Instant,
}

/// A place among those who wait. Given back also when whoever waits hangs up.
struct Place<'w> {
    waiting: &'w AtomicUsize,
    number: usize,
}

impl<'w> Place<'w> {
    fn take(waiting: &'w AtomicUsize) -> Self {
        Self { waiting, number: waiting.fetch_add(1, Ordering::AcqRel) }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.waiting.fetch_sub(1, Ordering::AcqRel);
    }
}

/// What counts as one source: an IPv4 address, or the /64 of an IPv6 address, since whoever has one address of it has them all.
pub(crate) fn network(source: IpAddr) -> IpAddr {
    match source.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
        address => address,
    }
}

/// Remembers good headers and bad sources.
#[derive(Default)]
pub struct SignIn {
    sessions: RwLock<HashMap<Box<[u8]>, Session>>,
    failures: Mutex<HashMap<IpAddr, Failures>>,
    waiting: AtomicUsize,
}

impl SignIn {
    /// The session of `header`, when its token is good. The token is hashed the first time only.
    pub fn session(&self, node: &Node, header: &[u8]) -> Option<Session> {
        let known = self.sessions.read().get(header).cloned();
        if let Some(session) = known {
            if node.role(&session).is_some() {
                return Some(session);
            }
            self.sessions.write().remove(header);
            return None;
        }
        let credentials = parse(header)?;
        let session = node.sign_in(credentials.name.as_deref(), &credentials.token)?;
        remember(&mut self.sessions.write(), header, session.clone());
        Some(session)
    }

    /// Waits as long as the source's failures ask for. Call it before answering a wrong credential.
    pub async fn slow_down(&self, source: IpAddr) {
        let delay = self.fail(network(source), Instant::now());
        let place = Place::take(&self.waiting);
        if place.number < FAILURES_WAITING_MAX {
            tokio::time::sleep(delay).await;
        }
    }

    /// Notes a failure of `source` at `now`. Returns how long its answer is to wait.
    fn fail(&self, source: IpAddr, now: Instant) -> Duration {
        let mut failures = self.failures.lock();
        if !failures.contains_key(&source) {
            make_room(&mut failures, now);
        }
        let failed = failures.entry(source).or_insert(Failures { count: 0, last: now });
        if now.duration_since(failed.last) >= FAILURE_FORGOTTEN_AFTER {
            failed.count = 0;
        }
        let delay = FAILURE_DELAY_FIRST.saturating_mul(1u32.checked_shl(failed.count).unwrap_or(u32::MAX)).min(FAILURE_DELAY_MAX);
        failed.count = failed.count.saturating_add(1).min(30);
        failed.last = now;
        delay
    }
}

/// Remembers the session of `header`, and forgets all others when they are too many: one token has a header for every way to write it.
fn remember<S>(sessions: &mut HashMap<Box<[u8]>, S>, header: &[u8], session: S) {
    if sessions.len() >= SESSIONS_MAX {
        sessions.clear();
    }
    sessions.insert(header.into(), session);
}

/// Forgets what is old enough, and everything when that is not enough: memory is bounded first, slowing second.
fn make_room(failures: &mut HashMap<IpAddr, Failures>, now: Instant) {
    if failures.len() >= SOURCES_MAX {
        failures.retain(|_, failed| now.duration_since(failed.last) < FAILURE_FORGOTTEN_AFTER);
    }
    if failures.len() >= SOURCES_MAX {
        failures.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_schemes_are_read() {
        let basic = parse(b"Basic YW5uYTpyZWx0b194OnM=").unwrap();
        assert_eq!(basic, Credentials { name: Some("anna".to_owned()), token: "relto_x:s".to_owned() });
        assert_eq!(parse(b"bearer  relto_x ").unwrap().token, "relto_x");
        for bad in [&b""[..], b"Basic", b"Basic !!!!", b"Basic YW5uYQ==", b"Digest x", b"\xff\xfe a"] {
            assert_eq!(parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn sessions_are_bounded() {
        let mut sessions = HashMap::new();
        let header = |number: usize| format!("Bearer {number}").into_bytes();
        (0..SESSIONS_MAX).for_each(|number| remember(&mut sessions, &header(number), number));
        assert_eq!(sessions.len(), SESSIONS_MAX);
        remember(&mut sessions, &header(SESSIONS_MAX), SESSIONS_MAX);
        assert_eq!(sessions.into_iter().collect::<Vec<_>>(), [(header(SESSIONS_MAX).into(), SESSIONS_MAX)], "the one that came last");
    }

    #[test]
    fn failures_slow_their_source_only_and_are_forgotten() {
        let sign_in = SignIn::default();
        let (bad, other) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        let start = Instant::now();
        let delays: Vec<_> = (0..8).map(|_| sign_in.fail(bad, start).as_millis()).collect();
        assert_eq!(delays, [100, 200, 400, 800, 1600, 3200, 5000, 5000]);
        assert_eq!(sign_in.fail(other, start), FAILURE_DELAY_FIRST);
        assert_eq!(sign_in.fail(bad, start + FAILURE_FORGOTTEN_AFTER), FAILURE_DELAY_FIRST);
    }

    #[test]
    fn sources_are_bounded_and_only_forgotten_ones_go_first() {
        let sign_in = SignIn::default();
        let start = Instant::now();
        let source = |number: usize| IpAddr::from(u32::try_from(number).unwrap().to_be_bytes());
        sign_in.fail(source(0), start);
        let later = start + FAILURE_FORGOTTEN_AFTER / 2;
        for number in 1..SOURCES_MAX {
            sign_in.fail(source(number), later);
        }
        let last = start + FAILURE_FORGOTTEN_AFTER;
        sign_in.fail(source(SOURCES_MAX), last);
        assert_eq!(sign_in.fail(source(1), last), 2 * FAILURE_DELAY_FIRST, "what is remembered still counts");
        for number in 0..3 * SOURCES_MAX {
            sign_in.fail(source(number), last);
        }
        assert!(sign_in.failures.lock().len() <= SOURCES_MAX);
    }
}
