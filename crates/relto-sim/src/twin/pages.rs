//! The witness looks at the pages of both nodes, signed in as a person is.

use relto_model::{ObjectId, Stamp};

use super::{Pair, WITNESS};
use crate::node::Visit;
use crate::world::{COLLECTIONS, Cast, USERS};

/// The witness's password, and what is stored of it: Argon2id at its least cost, since worlds are many.
pub(super) const PASSWORD: &str = "a password of worlds";
pub(super) const HASHED: &str = "$argon2id$v=19$m=8,t=1,p=1$cmVsdG86IHdvcmxkcy4uLg$ZdROawFhsz8VCegv83M94ueQzyVnd34G3NJ5SlXnu8o";
/// The SHA-256 of the key of the witness's certificate, and where it signs in with it.
pub(super) const CARD: [u8; 32] = [7; 32];
const BY_CERTIFICATE: &str = "/sign-in/certificate/";
/// What is drawn at signing in is the same on both nodes, however much was drawn before.
const SEED: u64 = 0x5e55;
/// The lists and searches that it asks for.
const LISTS: [&str; 10] = [
    "/objects/",
    "/objects/?rows=2",
    "/objects/?rows=1&kind=indicator",
    "/objects/?collection=alpha&rows=3",
    "/objects/?collection=delta",
    "/objects/?kind=no-such-kind",
    "/objects/?q=open",
    "/objects/?q=name+OR+closed&kind=identity",
    "/objects/?q=nema+1",
    "/objects/?q=%28",
];
/// Pages of one list at most.
const PAGES_MAX: usize = 80;
/// What it asks of the page on which labels are made, where there is one for it.
const LABELS: [&str; 3] = ["", "?policy=NATO&level=SECRET&value=Releasable+To%3DJPN", "?text=ORG%3AOrg+A"];
/// An object that nobody has.
const NOBODYS: &str = "/objects/indicator--00000000-0000-4000-8000-00000000dead/";
/// Names of entities, one of nobody, and none.
const ENTITIES: [&str; 5] =
    ["/entity/", "/entity/?name=Org+A", "/entity/?name=name+1", "/entity/?name=nobody+has+it", "/entity/?name=open&alone=1"];

impl Pair {
    /// Lists, searches and the page about itself; with `all`, every object, and a new token at the end.
    pub(super) fn look_at_pages(&mut self, all: bool) {
        if self.cast == Cast::Partner || !self.tokens.contains_key(WITNESS) {
            return;
        }
        self.turn(self.now, SEED);
        let _ = self.visit("GET", "/sign-in/", None, None);
        let _ = self.visit("GET", "/objects/", None, None);
        let _ = self.visit("POST", BY_CERTIFICATE, None, Some("next=%2Fobjects%2F"));
        let form = format!("name={WITNESS}&password={}&next=%2Fobjects%2F", PASSWORD.replace(' ', "+"));
        let signed_in = self.visit("POST", "/sign-in/", None, Some(&form));
        let cookie = signed_in.headers.get("set-cookie").and_then(|cookie| cookie.to_str().ok());
        let cookie = cookie.and_then(|cookie| cookie.split(';').next()).expect("a session").to_owned();
        let _ = self.visit("GET", "/", Some(&cookie), None);
        for list in
            LISTS.into_iter().map(str::to_owned).chain(COLLECTIONS.map(|name| format!("/objects/?collection={name}&kind=indicator")))
        {
            self.leaf_through(&list, &cookie);
        }
        let _ = self.visit("GET", NOBODYS, Some(&cookie), None);
        let ids = if all { self.ids() } else { self.ids().into_iter().take(2).collect() };
        for entity in ENTITIES {
            let _ = self.visit("GET", entity, Some(&cookie), None);
        }
        for id in &ids {
            self.look_at(id, all, &cookie);
        }
        // All of them at once.
        let of: String = ids.iter().map(|id| format!("of={id}&more={id}&")).collect();
        let _ = self.visit("GET", &format!("/graph/?{of}zoom=whole"), Some(&cookie), None);
        for asked in LABELS {
            let _ = self.visit("GET", &format!("/label/{asked}"), Some(&cookie), None);
        }
        for id in ids.iter().take(if all { usize::MAX } else { 1 }) {
            let _ = self.visit("GET", &format!("/label/?object={id}&text=TLP%3AGREEN"), Some(&cookie), None);
        }
        let me = self.visit("GET", "/me/", Some(&cookie), None);
        let csrf = between(&me.text(), "name=\"csrf\" value=\"", "\"").expect("a token of the session").to_owned();
        let form = format!("csrf={csrf}");
        if all {
            // What writes comes a little after the whole second.
            assert!(self.now.0 % 1_000_000 != 0 || self.now == Stamp(0), "{}", self.said);
            let made = self.visit("POST", "/me/token/", Some(&cookie), Some(&form));
            let token = between(&made.text(), "<code class=\"secret\">", "<").expect("a token").to_owned();
            self.tokens.insert(WITNESS, token);
            self.use_the_desk(&cookie, &csrf);
        }
        let _ = self.visit("POST", "/sign-out/", Some(&cookie), Some(&form));
        assert_eq!(self.visit("GET", "/me/", Some(&cookie), None).status.as_u16(), 303, "{}: the session is over", self.said);
    }

    /// One object: its page, each of its versions as the witness is shown them, its bytes, its surroundings, and why the witness and others get it.
    fn look_at(&mut self, id: &ObjectId, all: bool, cookie: &str) {
        let page = self.visit("GET", &format!("/objects/{id}/"), Some(cookie), None).text();
        let mut versions: Vec<String> =
            page.split(&format!("href=\"/objects/{id}/?")).skip(1).filter_map(|rest| between(rest, "", "\"")).map(str::to_owned).collect();
        versions.retain(|query| !query.contains("#changes"));
        self.versions += versions.len();
        for query in versions {
            let query = query.replace("&#38;", "&");
            let _ = self.visit("GET", &format!("/objects/{id}/?{query}"), Some(cookie), None);
            let _ = self.visit("GET", &format!("/objects/{id}/bytes/?{query}"), Some(cookie), None);
        }
        let _ = self.visit("GET", &format!("/objects/{id}/bytes/"), Some(cookie), None);
        let _ = self.visit("GET", &format!("/graph/?of={id}&hide=identity"), Some(cookie), None);
        let _ = self.visit("GET", &format!("/entity/?name={id}"), Some(cookie), None);
        for who in ["".to_owned()]
            .into_iter()
            .chain(USERS.iter().filter(|_| all).map(|name| format!("&who={name}")))
            .chain(["&who=nobody".to_owned()])
        {
            let why = self.visit("GET", &format!("/why/?object={id}{who}"), Some(cookie), None);
            self.reasons += usize::from(!who.is_empty() && why.status.as_u16() == 200);
        }
    }

    /// From page to page, each node by its own places.
    fn leaf_through(&mut self, list: &str, cookie: &str) {
        let (mut full_next, mut twin_next) = (Some(list.to_owned()), Some(list.to_owned()));
        for _ in 0..PAGES_MAX {
            let (Some(full_uri), Some(twin_uri)) = (&full_next, &twin_next) else { break };
            let visit = |uri| Visit { method: "GET", uri, cookie: Some(cookie), form: None, certificate: None };
            let (full, twin) = (self.full.visit(&visit(full_uri)), self.twin.visit(&visit(twin_uri)));
            self.compare("GET", list, &full, &twin);
            let next = |text: &str| between(text, "rel=\"next\" href=\"", "\"").map(|next| next.replace("&#38;", "&"));
            (full_next, twin_next) = (next(&full.text()), next(&twin.text()));
        }
        assert!(full_next.is_none() && twin_next.is_none(), "{}: {list} does not end", self.said);
    }

    /// One request to both nodes. Returns the full node's answer, which the twin's equals.
    pub(super) fn visit(&mut self, method: &'static str, uri: &str, cookie: Option<&str>, form: Option<&str>) -> crate::node::Answer {
        let certificate = (uri == BY_CERTIFICATE).then_some(CARD);
        let visit = Visit { method, uri, cookie, form, certificate };
        let (full, twin) = (self.full.visit(&visit), self.twin.visit(&visit));
        self.compare(method, uri, &full, &twin);
        full
    }
}

/// What stands first between `before` and `after`.
pub(super) fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    text.split_once(before)?.1.split_once(after).map(|(found, _)| found)
}

/// The page with the place of the next one masked; its length stays.
pub(super) fn without_place(page: &str) -> String {
    let mut parts = page.split("at=");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| {
        let end = part.find('"').unwrap_or(part.len());
        format!("{all}at={}{}", "*".repeat(end), &part[end..])
    })
}
