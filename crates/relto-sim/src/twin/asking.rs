//! The witness asks both nodes, and what they answer is compared.

use serde_json::Value as Json;

use super::{Pair, WITNESS};
use crate::node::{Answer, By};
use crate::partner::partner_called;
use crate::surfaces::surface_of;
use crate::world::{ALLY, Cast, NO_STATUS, Read, WRITERS};

impl Pair {
    /// The witness writes on both nodes and gets one answer; what others write reaches the twin as far as the witness may see it.
    pub(super) fn write(&mut self, user: usize, method: &str, path: &str, body: Option<&str>) -> Option<Answer> {
        if user == 0 {
            return Some(self.ask(method, path, body));
        }
        let who = WRITERS[user];
        if who == ALLY && !self.exchange.records.contains_key(who) {
            return None;
        }
        Some(self.full.send_by(method, path, self.by(who), body))
    }

    /// By what `user` signs in.
    pub(super) fn by(&self, user: &str) -> By<'_> {
        if user == ALLY || (user == WITNESS && self.cast == Cast::Partner) {
            return By::Link(partner_called(user).public_key());
        }
        By::Token(self.token(user))
    }

    pub(super) fn token(&self, user: &str) -> &str {
        self.tokens.get(user).map_or("", String::as_str)
    }

    /// Sends one request of the witness to both nodes. Returns the full node's answer, which the twin's equals.
    pub(super) fn ask(&mut self, method: &str, uri: &str, body: Option<&str>) -> Answer {
        let full = self.full.send_by(method, uri, self.by(WITNESS), body);
        let twin = self.twin.send_by(method, uri, self.by(WITNESS), body);
        self.compare(method, uri, &full, &twin);
        full
    }

    pub(super) fn compare(&mut self, method: &str, what: &str, full: &Answer, twin: &Answer) {
        self.compared += 1;
        let surface = surface_of(method, what).unwrap_or_else(|| panic!("{method} {what} is no surface of the table"));
        self.driven.extend((full.status.is_success() || full.status.is_redirection()).then_some(*surface));
        self.note_released(surface.1, full);
        let shown = |answer: &Answer| {
            let mut headers: Vec<String> = answer.headers.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
            headers.sort();
            format!("{} {}\n{}", answer.status, headers.join("\n"), self.masked(surface, &answer.body))
        };
        let (full, twin) = (shown(full), shown(twin));
        assert!(
            full == twin,
            "the twin answers otherwise\n{}\n{what}\n--- full\n{full}\n--- twin\n{twin}\n{}",
            self.said,
            self.rows_of_both()
        );
    }

    /// From page to page, each node by its own cursor.
    pub(super) fn walk(&mut self, collection: &str, manifest: bool, query: &str) {
        let base = format!("{}{}/?{query}", self.collection_path(collection), if manifest { "manifest" } else { "objects" });
        let (mut full_next, mut twin_next) = (None, None);
        for _ in 0..60 {
            let uri = |next: &Option<String>| next.as_ref().map_or_else(|| base.clone(), |next| format!("{base}&next={next}"));
            let full = self.full.send_by("GET", &uri(&full_next), self.by(WITNESS), None);
            let twin = self.twin.send_by("GET", &uri(&twin_next), self.by(WITNESS), None);
            self.compare("GET", &base, &full, &twin);
            (full_next, twin_next) = (next(&full.body), next(&twin.body));
            if full_next.is_none() {
                return;
            }
        }
        panic!("a walk does not end: {}", self.said);
    }

    pub(super) fn collection_path(&self, name: &str) -> String {
        let id = self.full.node.collections().into_iter().find(|(record, _)| record.name == name).map(|(record, _)| record.id);
        // Aliases work like ids; a name that is no collection is asked for all the same.
        let id = id.filter(|id| id.as_bytes()[0] % 2 == 0).unwrap_or_else(|| name.to_owned());
        format!("/taxii2/main/collections/{id}/")
    }

    pub(super) fn read_path(&self, read: &Read, query: &str) -> String {
        let status = |user: usize| self.statuses.get(&user).cloned().unwrap_or_else(|| NO_STATUS.to_owned());
        read.path(query, &|name| self.collection_path(name), &status)
    }
}

/// The body with its cursor masked; its length stays.
#[must_use]
pub fn without_cursor(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body).into_owned();
    match next(body) {
        Some(next) => text.replace(&next, &"*".repeat(next.len())),
        None => text,
    }
}

/// The cursor in a body.
#[must_use]
pub fn next(body: &[u8]) -> Option<String> {
    let value: Json = serde_json::from_slice(body).ok()?;
    value.get("next")?.as_str().map(str::to_owned)
}
