//! Who is signed in to the pages: sessions, in memory, found by the hash of a random id that the browser keeps in a cookie.
//!
//! A session ends when it is idle or old, when the password or the account behind it changes, at signing out, and with the process. Every request
//! asks. The cookie is for this host alone, over TLS alone, for no script, and for requests from our own pages alone.

use std::collections::HashMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use parking_lot::Mutex;
use relto_model::Stamp;
use relto_node::{Draft, Node, Role, Session};
use sha2::{Digest as _, Sha256};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::drafts::{DRAFT_BYTES_OF_ACCOUNT_MAX, DRAFT_BYTES_OF_ALL_MAX, Drafts, TooManyDrafts};

/// Sessions at once; beyond, the one that was idle longest ends.
pub(crate) const SESSIONS_MAX: usize = 10_000;
/// Sessions of one account at once, likewise.
pub(crate) const SESSIONS_OF_ACCOUNT_MAX: usize = 20;
/// After so long without a request a session ends, in microseconds.
pub(crate) const IDLE_MICROS: i64 = 60 * 60 * 1_000_000;
/// A session ends so long after it began, in microseconds.
pub(crate) const AGE_MICROS: i64 = 12 * 60 * 60 * 1_000_000;
/// Passwords that are hashed at once: each takes some 20 MiB and a core.
const HASHING_MAX: usize = 2;
/// Passwords that may wait for that; further ones are refused.
const WAITING_MAX: usize = 32;
/// The name of the cookie; by the prefix browsers hold it to what is said above.
const COOKIE: &str = "__Host-relto";

/// Everybody who is signed in.
pub(crate) struct Sessions {
    entries: Mutex<HashMap<[u8; 32], Entry>>,
    waiting: Semaphore,
    hashing: Semaphore,
}

impl Default for Sessions {
    fn default() -> Self {
        let (waiting, hashing) = (Semaphore::new(HASHING_MAX + WAITING_MAX), Semaphore::new(HASHING_MAX));
        Self { entries: Mutex::default(), waiting, hashing }
    }
}

struct Entry {
    session: Session,
    csrf: String,
    began: Stamp,
    used: Stamp,
    drafts: Drafts,
}

impl Entry {
    fn is_over(&self, now: Stamp) -> bool {
        let since = |then: Stamp| now.0.saturating_sub(then.0);
        since(self.used) >= IDLE_MICROS || since(self.began) >= AGE_MICROS
    }
}

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub(crate) struct SignedIn {
    pub session: Session,
    /// What every form must send back.
    pub csrf: String,
    /// Whether the account writes.
    pub writes: bool,
    /// Whether it answers for labels.
    pub is_officer: bool,
    /// By what the session is found.
    key: [u8; 32],
}

/// A turn at hashing a password.
pub(crate) struct Turn<'s> {
    _hashing: SemaphorePermit<'s>,
    _waiting: SemaphorePermit<'s>,
}

impl Sessions {
    /// Waits for a turn at hashing a password; `None` when too many wait.
    pub(crate) async fn turn(&self) -> Option<Turn<'_>> {
        let waiting = self.waiting.try_acquire().ok()?;
        let hashing = self.hashing.acquire().await.ok()?;
        Some(Turn { _hashing: hashing, _waiting: waiting })
    }

    /// Begins a session under a new id, never one that came from outside. Returns the id.
    pub(crate) fn open(&self, node: &Node, session: Session) -> String {
        let (id, csrf) = (URL_SAFE_NO_PAD.encode(node.random::<32>()), URL_SAFE_NO_PAD.encode(node.random::<32>()));
        let now = node.now();
        let mut entries = self.entries.lock();
        make_room(&mut entries, session.name(), now);
        entries.insert(hash(&id), Entry { session, csrf, began: now, used: now, drafts: Drafts::default() });
        id
    }

    /// Whoever `id` stands for, if the session and what it rests on still hold.
    pub(crate) fn find(&self, node: &Node, id: &str) -> Option<SignedIn> {
        let now = node.now();
        let (key, mut entries) = (hash(id), self.entries.lock());
        let entry = entries.get_mut(&key)?;
        let Some(role) = node.role(&entry.session).filter(|_: &Role| !entry.is_over(now)) else {
            entries.remove(&key);
            return None;
        };
        entry.used = now;
        let (session, csrf) = (entry.session.clone(), entry.csrf.clone());
        let is_officer = node.answers_for_labels(&session);
        Some(SignedIn { session, csrf, writes: role.writes(), is_officer, key })
    }

    /// Keeps `draft` with the session under `id`, in place of what it had there. Refused when the session, its account or all of them have too much.
    pub(crate) fn keep_draft(&self, of: &SignedIn, id: &str, draft: Draft) -> Result<(), TooManyDrafts> {
        let mut entries = self.entries.lock();
        let bytes = |is_meant: &dyn Fn(&Entry) -> bool| -> usize {
            entries.values().filter(|entry| is_meant(entry)).map(|entry| entry.drafts.bytes_without(id)).sum::<usize>()
                + draft.content.len()
        };
        let of_account = bytes(&|entry: &Entry| entry.session.name() == of.session.name());
        if of_account > DRAFT_BYTES_OF_ACCOUNT_MAX || bytes(&|_| true) > DRAFT_BYTES_OF_ALL_MAX {
            return Err(TooManyDrafts);
        }
        entries.get_mut(&of.key).ok_or(TooManyDrafts)?.drafts.keep(id, draft)
    }

    /// The session's draft `id`.
    pub(crate) fn draft(&self, of: &SignedIn, id: &str) -> Option<Arc<Draft>> {
        self.entries.lock().get(&of.key)?.drafts.get(id)
    }

    /// Every draft of the session, in the order in which they came.
    pub(crate) fn drafts(&self, of: &SignedIn) -> Vec<(String, Arc<Draft>)> {
        self.entries.lock().get(&of.key).map(|entry| entry.drafts.all().to_vec()).unwrap_or_default()
    }

    /// Forgets the session's draft `id`.
    pub(crate) fn discard_draft(&self, of: &SignedIn, id: &str) {
        self.entries.lock().get_mut(&of.key).into_iter().for_each(|entry| entry.drafts.discard(id));
    }

    /// Ends the session of `id`.
    pub(crate) fn close(&self, id: &str) {
        self.entries.lock().remove(&hash(id));
    }
}

/// Forgets what is over, and of an account or of all that have too many the one idle longest.
fn make_room(entries: &mut HashMap<[u8; 32], Entry>, name: &str, now: Stamp) {
    let is_own = |entry: &Entry| entry.session.name() == name;
    if entries.len() >= SESSIONS_MAX {
        entries.retain(|_, entry| !entry.is_over(now));
    }
    let longest_idle = |entries: &HashMap<[u8; 32], Entry>, of: &dyn Fn(&Entry) -> bool| {
        entries.iter().filter(|(_, entry)| of(entry)).min_by_key(|(_, entry)| entry.used).map(|(id, _)| *id)
    };
    if entries.values().filter(|entry| is_own(entry)).count() >= SESSIONS_OF_ACCOUNT_MAX
        && let Some(id) = longest_idle(entries, &is_own)
    {
        entries.remove(&id);
    }
    if entries.len() >= SESSIONS_MAX
        && let Some(id) = longest_idle(entries, &|_| true)
    {
        entries.remove(&id);
    }
}

fn hash(id: &str) -> [u8; 32] {
    Sha256::digest(id).into()
}

/// Whether what a form sent back is what the session has. Hashes are compared, so that the time tells nothing of either.
pub(crate) fn is_same(sent: &str, kept: &str) -> bool {
    hash(sent) == hash(kept)
}

/// The id in a `Cookie` header. Of several, as when somebody plants one beside ours, none counts.
pub(crate) fn id_in(header: &str) -> Option<&str> {
    let mut ids = header.split(';').filter_map(|cookie| cookie.trim().split_once('=')).filter(|(name, _)| *name == COOKIE);
    let (_, id) = ids.next()?;
    ids.next().is_none().then_some(id)
}

/// The `Set-Cookie` header that keeps `id` in the browser until it is closed; without one, that takes it away.
pub(crate) fn cookie(id: Option<&str>) -> String {
    let (id, age) = id.map_or(("", "; Max-Age=0"), |id| (id, ""));
    format!("{COOKIE}={id}; Path=/; Secure; HttpOnly; SameSite=Strict{age}")
}

#[cfg(test)]
mod tests;
