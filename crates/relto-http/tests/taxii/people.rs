//! Pages for people: who is let in, what a form may do, and what hostile content cannot.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value as Json, json};

use crate::harness::{Answer, TestNode, id, identity, indicator};

const HOST: &str = "relto.example:6100";
const ORIGIN: &str = "https://relto.example:6100";
const PASSWORD: &str = "correct horse battery";
/// What would run, were it not escaped.
pub(crate) const HOSTILE: &str = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}${7*7}&#60;/title>";

pub(crate) fn request(method: &str, path: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path).header("host", HOST).header("accept", "text/html")
}

pub(crate) fn form(path: &str) -> axum::http::request::Builder {
    request("POST", path).header("origin", ORIGIN).header("content-type", "application/x-www-form-urlencoded")
}

pub(crate) fn encoded(fields: &[(&str, &str)]) -> Body {
    Body::from(form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish())
}

/// Somebody with a browser.
pub(crate) struct Visitor<'n> {
    pub(crate) node: &'n TestNode,
    pub(crate) cookie: String,
}

impl<'n> Visitor<'n> {
    pub(crate) fn new(node: &'n TestNode, name: &str) -> Self {
        node.node.set_password(name, PASSWORD).unwrap();
        Self::again(node, name)
    }

    /// Another session of an account that has its password already.
    pub(crate) fn again(node: &'n TestNode, name: &str) -> Self {
        let answer = sign_in(node, &[("name", name), ("password", PASSWORD)]);
        Self { node, cookie: cookie_of(&answer).unwrap_or_else(|| panic!("{}", answer.shown())) }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.node.send(request("GET", path).header("cookie", &self.cookie).body(Body::empty()).unwrap())
    }

    pub(crate) fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.node.send(form(path).header("cookie", &self.cookie).body(encoded(fields)).unwrap())
    }

    pub(crate) fn csrf(&self) -> String {
        let page = text(&self.get("/me/"));
        page.split_once("name=\"csrf\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned()
    }
}

fn sign_in(node: &TestNode, fields: &[(&str, &str)]) -> Answer {
    node.send(form("/sign-in/").body(encoded(fields)).unwrap())
}

fn cookie_of(answer: &Answer) -> Option<String> {
    answer.header("set-cookie").map(|cookie| cookie.split(';').next().unwrap().to_owned())
}

pub(crate) fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.to_vec()).unwrap()
}

/// Whether nothing in the page could run or load anything: only the frame's own script, no handler, no inline style, no address elsewhere.
#[track_caller]
pub(crate) fn is_tame(page: &str) {
    assert_eq!(page.matches("<script").count(), 1, "{page}");
    assert!(!page.contains("<img src=x") && !page.contains(" style=") && !page.contains("javascript:\""), "{page}");
    for tag in page.split('<').filter_map(|rest| rest.split_once('>').map(|(tag, _)| tag)) {
        let without_values: String = tag.split('"').step_by(2).collect();
        assert!(!without_values.contains(" on"), "a handler in <{tag}>");
        for address in ["href=\"", "src=\"", "action=\""].iter().filter_map(|name| tag.split_once(name)).map(|(_, rest)| rest) {
            assert!(address.starts_with('/') && !address.starts_with("//") || address.starts_with('#'), "<{tag}>");
        }
    }
}

#[test]
fn nobody_reads_without_a_session() {
    let node = TestNode::new();
    node.load("open", "TLP:CLEAR", &[identity(1, 1)]);
    for (path, next) in [
        ("/", None),
        ("/objects/", Some("%2Fobjects%2F")),
        (&*format!("/objects/{}/", id(1)), Some(&*format!("%2Fobjects%2F{}%2F", id(1)))),
        (&*format!("/objects/{}/", id(2)), Some(&*format!("%2Fobjects%2F{}%2F", id(2)))),
        ("/me/", Some("%2Fme%2F")),
    ] {
        let answer = node.send(request("GET", path).body(Body::empty()).unwrap());
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        let expected = next.map_or("/sign-in/".to_owned(), |next| format!("/sign-in/?next={next}"));
        assert_eq!(answer.header("location"), Some(&*expected));
        assert!(answer.body.is_empty());
    }
    // A token is for programs: pages do not know it, so that no browser sends it by itself.
    let token = node.token("anna");
    let answer = node.send(request("GET", "/me/").header("authorization", format!("Bearer {token}")).body(Body::empty()).unwrap());
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(node.send(request("POST", "/me/token/").body(Body::empty()).unwrap()).status, StatusCode::FORBIDDEN);
}

#[test]
fn signing_in_tells_nothing_of_accounts() {
    let node = TestNode::new();
    node.node.set_password("anna", PASSWORD).unwrap();
    node.node.set_password("berta", PASSWORD).unwrap();
    node.node.disable_user("berta", true).unwrap();
    let shown = |name: &str, password: &str| {
        let answer = sign_in(&node, &[("name", name), ("password", password)]);
        assert_eq!((answer.status, cookie_of(&answer)), (StatusCode::FORBIDDEN, None), "{name}");
        text(&answer).replace(name, "NAME")
    };
    let wrong = shown("anna", "not the password");
    // Without a password, disabled, and not there at all.
    for name in ["carl", "berta", "nobody", "quentin"] {
        assert_eq!(shown(name, PASSWORD), wrong, "{name}");
    }
    let token = node.token("anna");
    assert_eq!(shown("anna", &token), wrong, "a token is no password");
}

#[test]
fn a_session_has_a_new_id_and_ends() {
    let node = TestNode::new();
    let anna = Visitor::new(&node, "anna");
    let (planted, fields) = ("__Host-relto=planted", [("name", "anna"), ("password", PASSWORD)]);
    let answer = node.send(form("/sign-in/").header("cookie", planted).body(encoded(&fields)).unwrap());
    let fresh = cookie_of(&answer).unwrap();
    assert!(fresh != planted && fresh != anna.cookie, "an id from outside is never taken");
    let again = node.send(form("/sign-in/").header("cookie", &anna.cookie).body(encoded(&fields)).unwrap());
    assert_ne!(cookie_of(&again).unwrap(), anna.cookie);
    assert_eq!(anna.get("/me/").status, StatusCode::SEE_OTHER, "the session before has ended");
    let header = answer.header("set-cookie").unwrap();
    assert!(header.ends_with("; Path=/; Secure; HttpOnly; SameSite=Strict"), "{header}");
    let anna = Visitor { node: &node, cookie: fresh };
    assert_eq!(anna.get("/me/").status, StatusCode::OK);
    let out = anna.post("/sign-out/", &[("csrf", &anna.csrf())]);
    assert_eq!((out.status, out.header("location")), (StatusCode::SEE_OTHER, Some("/sign-in/")));
    assert!(out.header("set-cookie").unwrap().contains("Max-Age=0"));
    assert_eq!(anna.get("/me/").status, StatusCode::SEE_OTHER);
    let other = Visitor::new(&node, "berta");
    node.node.set_password("berta", "another long password").unwrap();
    assert_eq!(other.get("/objects/").status, StatusCode::SEE_OTHER, "a new password ends sessions");
}

#[test]
fn forms_of_others_do_nothing() {
    let node = TestNode::new();
    let (anna, berta) = (Visitor::new(&node, "anna"), Visitor::new(&node, "berta"));
    let (good, token) = (anna.csrf(), node.token("anna"));
    let berta_token = berta.csrf();
    let forged = |builder: axum::http::request::Builder, csrf: &str| {
        let request = builder.header("cookie", &anna.cookie).body(encoded(&[("csrf", csrf)])).unwrap();
        let answer = node.send(request);
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        is_tame(&text(&answer));
    };
    let plain =
        |origin: &str| request("POST", "/me/token/").header("origin", origin).header("content-type", "application/x-www-form-urlencoded");
    forged(form("/me/token/"), "");
    forged(form("/me/token/"), &berta_token);
    forged(form("/sign-out/"), "guessed");
    for origin in ["https://evil.example", "null", "https://relto.example", "https://relto.example:6100.evil.example"] {
        forged(plain(origin), &good);
    }
    forged(request("POST", "/me/token/").header("content-type", "application/x-www-form-urlencoded"), &good);
    let as_text =
        request("POST", "/me/token/").header("origin", ORIGIN).header("content-type", "text/plain").header("cookie", &anna.cookie);
    assert_eq!(node.send(as_text.body(encoded(&[("csrf", &good)])).unwrap()).status, StatusCode::BAD_REQUEST);
    let login =
        request("POST", "/sign-in/").header("origin", "https://evil.example").header("content-type", "application/x-www-form-urlencoded");
    let login = node.send(login.body(encoded(&[("name", "anna"), ("password", PASSWORD)])).unwrap());
    assert_eq!((login.status, cookie_of(&login)), (StatusCode::BAD_REQUEST, None), "nobody is signed in by another site");
    assert_eq!(node.get("anna", "/taxii2/").status, StatusCode::OK, "the token is as it was");
    let made = text(&anna.post("/me/token/", &[("csrf", &good)]));
    let fresh = made.split_once("<code class=\"secret\">").unwrap().1.split_once('<').unwrap().0;
    assert_ne!(fresh, token);
    assert_eq!(node.get("anna", "/taxii2/").status, StatusCode::UNAUTHORIZED, "the old token is void");
    assert!(node.node.sign_in(Some("anna"), fresh).is_some());
    let long = "a".repeat(20_000);
    assert_eq!(anna.post("/me/token/", &[("csrf", &long)]).status, StatusCode::PAYLOAD_TOO_LARGE);
    for path in ["/me/token/", "/sign-out/"] {
        let answer = anna.get(path);
        assert_eq!(
            (answer.status, answer.header("allow")),
            (StatusCode::METHOD_NOT_ALLOWED, Some("POST")),
            "{path}: nothing changes by looking"
        );
    }
}

#[test]
fn nobody_is_led_to_another_host() {
    let node = TestNode::new();
    let anna = Visitor::new(&node, "anna");
    for next in [
        "https://evil.example/",
        "//evil.example/objects/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/objects/\r\nX: y",
        "/objects//evil.example",
    ] {
        let answer = sign_in(&node, &[("name", "anna"), ("password", PASSWORD), ("next", next)]);
        assert_eq!(answer.header("location"), Some("/objects/"), "{next}");
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
        let page = node.send(request("GET", &format!("/sign-in/?{query}")).body(Body::empty()).unwrap());
        is_tame(&text(&page));
        assert!(text(&page).contains("name=\"next\" value=\"/objects/\""), "{next}");
        assert_eq!(anna.get(&format!("/sign-in/?{query}")).header("location"), Some("/objects/"), "{next}");
    }
    let led = sign_in(&node, &[("name", "anna"), ("password", PASSWORD), ("next", "/objects/?q=a")]);
    assert_eq!(led.header("location"), Some("/objects/?q=a"));
}

#[test]
fn every_page_is_fenced() {
    let node = TestNode::new();
    node.load("open", "TLP:CLEAR", &[identity(1, 1)]);
    let anna = Visitor::new(&node, "anna");
    for path in [
        "/objects/",
        &format!("/objects/{}/", id(1)),
        "/objects/x/",
        "/me/",
        "/no/such/page",
        "/sign-out/",
        "/",
        "/objects/?q=a",
        "/objects/?at=x",
    ] {
        let answer = anna.get(path);
        let policy = answer.header("content-security-policy").unwrap_or_else(|| panic!("{path}"));
        for word in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"] {
            assert!(policy.contains(word), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
        assert_eq!(answer.header("x-frame-options"), Some("DENY"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("cache-control"), Some("private, no-store"));
        if !answer.body.is_empty() {
            is_tame(&text(&answer));
        }
    }
}

/// `value` with hostile text for every text in it that the standard leaves free.
pub(crate) fn poisoned(mut object: Json) -> Json {
    for name in ["name", "description", "contact_information"] {
        object[name] = json!(format!("{name} {HOSTILE}"));
    }
    object["roles"] = json!([HOSTILE]);
    object["sectors"] = json!([HOSTILE]);
    object["labels"] = json!([HOSTILE]);
    object["external_references"] =
        json!([{"source_name": HOSTILE, "description": HOSTILE, "url": "javascript:alert(3)", "external_id": HOSTILE}]);
    object["x_hostile"] = json!({HOSTILE: [HOSTILE, {"inner_ref": HOSTILE, "when": "2026-01-01T00:00:00Z\"><script>"}]});
    object["x_hostile_ref"] = json!(HOSTILE);
    object["x_hostile_refs"] = json!([HOSTILE, "../../me/", "identity--x\"onmouseover=\"alert(4)"]);
    object
}

#[test]
fn hostile_content_stays_text() {
    let node = TestNode::new();
    let mut hostile = indicator(2);
    hostile["name"] = json!(HOSTILE);
    hostile["description"] = json!(HOSTILE);
    hostile["pattern"] = json!("[file:name = '\"><script>alert(5)</script>']");
    node.load("open", "TLP:CLEAR", &[poisoned(identity(1, 1)), hostile]);
    let anna = Visitor::new(&node, "anna");
    let query: String = form_urlencoded::Serializer::new(String::new()).append_pair("q", HOSTILE).append_pair("kind", HOSTILE).finish();
    let filter: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("kind", HOSTILE)
        .append_pair("collection", HOSTILE)
        .append_pair("rows", HOSTILE)
        .finish();
    let indicator_path = format!("/objects/{}/", indicator(2)["id"].as_str().unwrap());
    for path in [
        "/objects/",
        &format!("/objects/{}/", id(1)),
        &indicator_path,
        &format!("/objects/?{query}"),
        &format!("/objects/?{filter}"),
        "/objects/?q=%22%3E%3Cscript%3E",
    ] {
        let answer = anna.get(path);
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        is_tame(&text(&answer));
    }
    let shown = text(&anna.get(&format!("/objects/{}/", id(1))));
    assert!(shown.contains("&#60;script&#62;alert(1)") && shown.contains("javascript:alert(3)"), "it is shown as what it is");
}

#[test]
fn what_is_hidden_and_what_is_absent_are_one_page() {
    let node = TestNode::new();
    node.load("open", "NATO SECRET", &[identity(1, 1)]);
    node.load("open", "TLP:CLEAR", &[identity(3, 1)]);
    let (anna, carl) = (Visitor::new(&node, "anna"), Visitor::new(&node, "carl"));
    assert_eq!(anna.get(&format!("/objects/{}/", id(1))).status, StatusCode::OK);
    let hidden = carl.get(&format!("/objects/{}/", id(1)));
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
    for path in [&*format!("/objects/{}/", id(2)), "/objects/no-id/", "/objects/..%2F..%2Fme/", "/objects/%00/", "/no/such/page"] {
        let absent = carl.get(path);
        assert_eq!((absent.status, text(&absent)), (hidden.status, text(&hidden)), "{path}");
    }
    let list = text(&carl.get("/objects/"));
    assert!(list.contains("identity 3") && !list.contains("identity 1"), "{list}");
    assert!(!list.contains("NATO") && !list.contains(">hidden<"), "neither the label nor the collection of what is hidden");
    assert!(text(&anna.get("/objects/")).contains("NATO SECRET"), "the banner");
}

#[test]
fn a_page_shows_the_reader_alone() {
    let node = TestNode::new();
    let (anna, berta) = (Visitor::new(&node, "anna"), Visitor::new(&node, "berta"));
    let page = text(&anna.get("/me/"));
    assert!(page.contains("Org A") && page.contains("NATO:SECRET") && page.contains("FRA") && !page.contains("Org B"), "{page}");
    // No address names an account: another one's cannot be asked for.
    assert_eq!(text(&anna.get("/me/?name=berta")), page);
    for path in ["/me/berta/", "/me/..%2Fberta", "/users/berta/"] {
        assert_eq!(anna.get(path).status, StatusCode::NOT_FOUND, "{path}");
    }
    node.load("open", "TLP:CLEAR", &(1..4).map(|number| identity(number, 1)).collect::<Vec<_>>());
    let next =
        text(&anna.get("/objects/?rows=1")).split_once("rel=\"next\" href=\"").unwrap().1.split_once('"').unwrap().0.replace("&#38;", "&");
    assert_eq!(anna.get(&next).status, StatusCode::OK);
    assert_eq!(berta.get(&next).status, StatusCode::BAD_REQUEST, "a place in somebody else's list");
    assert_eq!(anna.get(&next.replace("rows=1", "rows=1&kind=identity")).status, StatusCode::BAD_REQUEST, "or in another list");
}

#[test]
fn the_list_is_newest_first_and_whole() {
    let node = TestNode::new();
    for number in 1..8 {
        node.load(if number % 2 == 0 { "open" } else { "archive" }, "TLP:CLEAR", &[identity(number, 1)]);
    }
    node.load("open", "TLP:CLEAR", &[identity(2, 2), identity(8, 1), identity(9, 1)]);
    let anna = Visitor::new(&node, "anna");
    let numbers = |page: &str| -> Vec<String> {
        page.split("<bdi>identity ").skip(1).map(|rest| rest.split_once('<').unwrap().0.to_owned()).collect()
    };
    let whole = numbers(&text(&anna.get("/objects/")));
    assert_eq!(whole, ["9", "8", "2", "7", "6", "5", "4", "3", "1"]);
    for rows in 1..5 {
        let (mut paged, mut path) = (Vec::new(), Some(format!("/objects/?rows={rows}")));
        while let Some(here) = path {
            let page = text(&anna.get(&here));
            let found = numbers(&page);
            assert!(!found.is_empty() && found.len() <= rows);
            paged.extend(found);
            path = page.split_once("rel=\"next\" href=\"").map(|(_, rest)| rest.split_once('"').unwrap().0.replace("&#38;", "&"));
        }
        assert_eq!(paged, whole, "pages of {rows}");
    }
    let page = text(&anna.get("/objects/?collection=archive"));
    assert_eq!(numbers(&page), ["7", "5", "3", "1"]);
    assert!(page.contains("<bdi>Identity</bdi> <span class=\"count\">4</span>"), "{page}");
    assert!(page.contains("<bdi>open</bdi> <span class=\"count\">5</span>"), "{page}");
}

#[test]
fn pages_speak_the_readers_language() {
    let node = TestNode::new();
    let french =
        |path: &str| node.send(request("GET", path).header("accept-language", "fr-FR,fr;q=0.9,en;q=0.5").body(Body::empty()).unwrap());
    let page = french("/sign-in/");
    assert_eq!(page.header("content-language"), Some("fr"));
    assert!(text(&page).contains("<html lang=\"fr\">") && text(&page).contains("Mot de passe"));
    assert!(text(&node.send(request("GET", "/sign-in/").body(Body::empty()).unwrap())).contains("Password"));
}

#[test]
fn assets_are_kept_for_ever() {
    let node = TestNode::new();
    let page = text(&node.send(request("GET", "/sign-in/").body(Body::empty()).unwrap()));
    let paths: Vec<&str> = page.split("\"/assets/").skip(1).map(|rest| rest.split_once('"').unwrap().0).collect();
    assert!(paths.len() >= 3);
    for path in paths {
        let answer = node.send(request("GET", &format!("/assets/{path}")).body(Body::empty()).unwrap());
        assert_eq!(
            (answer.status, answer.header("cache-control")),
            (StatusCode::OK, Some("public, max-age=31536000, immutable")),
            "{path}"
        );
    }
    for path in ["/assets/relto.css", "/assets/..%2F..%2Fetc%2Fpasswd", "/assets/../Cargo.toml"] {
        assert_eq!(node.send(request("GET", path).body(Body::empty()).unwrap()).status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[test]
fn a_label_stands_on_the_colours_of_its_policy() {
    let node = TestNode::new();
    node.load("open", "NATO SECRET", &[identity(1, 1)]);
    let page = text(&Visitor::new(&node, "anna").get(&format!("/objects/{}/", id(1))));
    for shown in ["fill=\"#c8102e\"", "NATO SECRET", "fill=\"#33ff00\"", "TLP:GREEN"] {
        assert!(page.matches(shown).count() >= 3, "{shown}: at the top, at the bottom, and beside the object");
    }
}
