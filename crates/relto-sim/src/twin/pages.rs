//! The witness looks at the pages of both nodes, signed in as a person is.

use relto_model::Stamp;

use super::{Pair, WITNESS};
use crate::node::Visit;
use crate::world::{COLLECTIONS, Cast};

/// The witness's password, and what is stored of it: Argon2id at its least cost, since worlds are many.
pub(super) const PASSWORD: &str = "a password of worlds";
pub(super) const HASHED: &str = "$argon2id$v=19$m=8,t=1,p=1$cmVsdG86IHdvcmxkcy4uLg$ZdROawFhsz8VCegv83M94ueQzyVnd34G3NJ5SlXnu8o";
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

impl Pair {
    /// Lists, searches and the page about itself; with `all`, every object, and a new token at the end.
    pub(super) fn look_at_pages(&mut self, all: bool) {
        if self.cast == Cast::Partner || !self.tokens.contains_key(WITNESS) {
            return;
        }
        self.turn(self.now, SEED);
        let _ = self.visit("GET", "/sign-in/", None, None);
        let _ = self.visit("GET", "/objects/", None, None);
        let _ = self.visit("POST", "/sign-in/certificate/", None, Some("next=%2Fobjects%2F"));
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
        for id in ids {
            let _ = self.visit("GET", &format!("/objects/{id}/"), Some(&cookie), None);
        }
        for asked in LABELS {
            let _ = self.visit("GET", &format!("/label/{asked}"), Some(&cookie), None);
        }
        for id in self.ids().into_iter().take(if all { usize::MAX } else { 1 }) {
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

    /// From page to page, each node by its own places.
    fn leaf_through(&mut self, list: &str, cookie: &str) {
        let (mut full_next, mut twin_next) = (Some(list.to_owned()), Some(list.to_owned()));
        for _ in 0..PAGES_MAX {
            let (Some(full_uri), Some(twin_uri)) = (&full_next, &twin_next) else { break };
            let visit = |uri| Visit { method: "GET", uri, cookie: Some(cookie), form: None };
            let (full, twin) = (self.full.visit(&visit(full_uri)), self.twin.visit(&visit(twin_uri)));
            self.compare("GET", list, &full, &twin);
            let next = |text: &str| between(text, "rel=\"next\" href=\"", "\"").map(|next| next.replace("&#38;", "&"));
            (full_next, twin_next) = (next(&full.text()), next(&twin.text()));
        }
        assert!(full_next.is_none() && twin_next.is_none(), "{}: {list} does not end", self.said);
    }

    /// One request to both nodes. Returns the full node's answer, which the twin's equals.
    pub(super) fn visit(&mut self, method: &'static str, uri: &str, cookie: Option<&str>, form: Option<&str>) -> crate::node::Answer {
        let visit = Visit { method, uri, cookie, form };
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
