//! The release desk: whose drafts are whose, who publishes, and what comes with a file.

use axum::body::Body;
use axum::http::StatusCode;
use relto_node::{DRAFT_BYTES_MAX, UserChange};
use serde_json::{Value as Json, json};

use crate::harness::{Answer, OBJECTS, TestNode, id, identity, indicator, unmarked};
use crate::people::{HOSTILE, Visitor, encoded, form, is_tame, text};

const PASSWORD: &str = "correct horse battery";

impl Visitor<'_> {
    /// Brings objects to the desk. Returns the path of the draft.
    fn bring(&self, label: &str, objects: &[Json]) -> String {
        let content = json!(objects).to_string();
        let answer = self.post("/release/", &[("csrf", &self.csrf()), ("collection", "open"), ("label", label), ("text", &content)]);
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.shown());
        answer.header("location").unwrap().to_owned()
    }

    /// Does something with what stands at `path`, as its page has it now.
    fn act(&self, path: &str, act: &str, more: &[(&str, &str)]) -> Answer {
        let (csrf, digest) = (self.csrf(), digest(&text(&self.get(path))));
        let fields: Vec<(&str, &str)> =
            [("csrf", csrf.as_str()), ("act", act), ("digest", digest.as_str())].into_iter().chain(more.iter().copied()).collect();
        self.post(path, &fields)
    }

    /// Sends a file as a browser does.
    fn send_file(&self, name: &str, content: &[u8]) -> Answer {
        let field = |name: &str, value: &str| format!("--XyZ\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        let mut body =
            [field("csrf", &self.csrf()), field("collection", "open"), field("label", ""), field("text", "")].concat().into_bytes();
        body.extend(
            format!(
                "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/json\r\n\r\n"
            )
            .bytes(),
        );
        body.extend(content);
        body.extend(b"\r\n--XyZ--\r\n");
        let request = form("/release/").header("cookie", &self.cookie);
        let mut request = request.body(Body::from(body)).unwrap();
        request.headers_mut().insert("content-type", "multipart/form-data; boundary=XyZ".parse().unwrap());
        self.node.send(request)
    }
}

fn digest(page: &str) -> String {
    page.split_once("name=\"digest\" value=\"").map_or("", |(_, rest)| rest.split('"').next().unwrap()).to_owned()
}

/// A release officer of the organisation of anna, who is a contributor.
fn officer(node: &TestNode, name: &str) {
    let change = UserChange {
        nations: Some(vec!["FRA".to_owned()]),
        organisation: Some("Org A".to_owned()),
        role: Some("release-officer".to_owned()),
        clearances: Some(vec!["NATO:SECRET".to_owned()]),
        ..UserChange::default()
    };
    node.node.add_user(name, &change).unwrap();
}

/// How many objects anybody could find in `open`.
fn open(node: &TestNode) -> usize {
    node.get("anna", OBJECTS).ids().len()
}

#[test]
fn who_does_not_write_has_no_desk() {
    let node = TestNode::new();
    let nobodys = text(&Visitor::new(&node, "carl").get("/objects/identity--00000000-0000-4000-8000-00000000dead/"));
    let anna = Visitor::new(&node, "anna");
    let draft = anna.bring("TLP:CLEAR", &[identity(1, 1)]);
    for name in ["carl", "otto"] {
        let visitor = Visitor::new(&node, name);
        for path in ["/release/", &draft, "/release/proposals/x/", "/release/releases/x/"] {
            let answer = visitor.get(path);
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{name} {path}");
            assert!(!text(&answer).contains("/release/"), "{name} is not led there");
        }
        let content = json!([identity(1, 1)]).to_string();
        for (path, fields) in [
            ("/release/", vec![("collection", "open"), ("text", content.as_str())]),
            ("/release/", vec![("collection", "open"), ("text", "no JSON")]),
            ("/release/", vec![]),
            (draft.as_str(), vec![("act", "publish")]),
            ("/release/proposals/x/", vec![("act", "approve")]),
        ] {
            let csrf = visitor.csrf();
            let fields: Vec<(&str, &str)> = fields.into_iter().chain([("csrf", csrf.as_str())]).collect();
            assert_eq!(visitor.post(path, &fields).status, StatusCode::NOT_FOUND, "{name} {path}");
        }
    }
    assert!(nobodys.contains("Not here"));
}

#[test]
fn a_draft_is_its_own_sessions() {
    let node = TestNode::new();
    let anna = Visitor::new(&node, "anna");
    let draft = anna.bring("TLP:CLEAR", &[identity(1, 1)]);
    assert_eq!(anna.get(&draft).status, StatusCode::OK);
    // Neither another session of the same account nor anybody else can name it, and nothing of it is stored.
    for other in [Visitor::again(&node, "anna"), Visitor::new(&node, "olga")] {
        let nobodys = other.get("/release/drafts/AAAAAAAAAAAAAAAAAAAAAA/");
        let theirs = other.get(&draft);
        assert_eq!((theirs.status, &theirs.body), (StatusCode::NOT_FOUND, &nobodys.body));
        assert_eq!(other.act(&draft, "discard", &[]).status, StatusCode::NOT_FOUND);
        assert!(!text(&other.get("/release/")).contains(&draft));
    }
    assert_eq!(anna.get(&draft).status, StatusCode::OK);
    assert_eq!(open(&node), 0);
    // It ends with the session.
    assert_eq!(anna.post("/sign-out/", &[("csrf", &anna.csrf())]).status, StatusCode::SEE_OTHER);
    let again = Visitor::new(&node, "anna");
    assert_eq!(again.get(&draft).status, StatusCode::NOT_FOUND);
}

#[test]
fn forms_of_others_publish_nothing() {
    let node = TestNode::new();
    let olga = Visitor::new(&node, "olga");
    let draft = olga.bring("TLP:CLEAR", &[identity(1, 1)]);
    let (csrf, digest) = (olga.csrf(), digest(&text(&olga.get(&draft))));
    let fields = [("act", "publish"), ("digest", digest.as_str()), ("csrf", csrf.as_str())];
    let send = |fields: &[(&str, &str)], origin: Option<&str>| {
        let mut request = form(&draft).header("cookie", &olga.cookie).body(encoded(fields)).unwrap();
        match origin {
            Some(origin) => drop(request.headers_mut().insert("origin", origin.parse().unwrap())),
            None => drop(request.headers_mut().remove("origin")),
        }
        node.send(request).status
    };
    assert_eq!(send(&fields, Some("https://evil.example")), StatusCode::FORBIDDEN);
    assert_eq!(send(&fields, None), StatusCode::FORBIDDEN);
    assert_eq!(send(&fields[..2], Some("https://relto.example:6100")), StatusCode::FORBIDDEN);
    assert_eq!(send(&[fields[0], fields[1], ("csrf", "another")], Some("https://relto.example:6100")), StatusCode::FORBIDDEN);
    assert_eq!(open(&node), 0);
    assert_eq!(send(&fields, Some("https://relto.example:6100")), StatusCode::SEE_OTHER);
    assert_eq!(open(&node), 1);
}

#[test]
fn what_comes_with_a_file_is_text() {
    let node = TestNode::new();
    let olga = Visitor::new(&node, "olga");
    let mut hostile = identity(1, 1);
    hostile["name"] = json!(HOSTILE);
    hostile["description"] = json!("(S//NF) a text above its label");
    let mut broken = identity(2, 1);
    broken[HOSTILE] = json!("x");
    broken.as_object_mut().unwrap().remove("name");
    let content = json!([hostile, broken]).to_string();
    // As browsers write names: a quote as `%22`.
    let answer = olga.send_file(&format!("../../{}.json", HOSTILE.replace('"', "%22").replace('/', "")), content.as_bytes());
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.shown());
    let draft = answer.header("location").unwrap();
    let relabelled = olga.act(draft, "label", &[("label", HOSTILE)]);
    assert_eq!(relabelled.status, StatusCode::SEE_OTHER);
    for page in [olga.get(draft), olga.get("/release/")] {
        assert_eq!(page.status, StatusCode::OK);
        is_tame(&text(&page));
    }
    assert!(text(&olga.get(draft)).contains("role=\"alert\""), "a label that cannot be read");
    assert_eq!(olga.act(draft, "label", &[("label", "TLP:GREEN")]).status, StatusCode::SEE_OTHER);
    let page = text(&olga.get(draft));
    is_tame(&page);
    assert!(page.contains("<code>/1"), "where it is wrong: {page}");
    assert!(page.contains("/description"), "what the label does not cover");
    assert!(!page.contains("value=\"publish\""), "nothing can be published as long as something would be refused");
    let declined = olga.send_file("x.json", b"{ no JSON");
    assert_eq!(declined.status, StatusCode::UNPROCESSABLE_ENTITY);
    is_tame(&text(&declined));
}

#[test]
fn what_is_too_large_is_said_so() {
    let node = TestNode::new();
    let anna = Visitor::new(&node, "anna");
    let answer = anna.send_file("large.json", &vec![b' '; DRAFT_BYTES_MAX + (20 << 10)]);
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(text(&answer).contains("Too large"));
    assert!(!text(&anna.get("/release/")).contains("/release/drafts/"));
    // Of many objects as of many bytes.
    let many: Vec<Json> = (0..=u64::try_from(relto_node::DRAFT_OBJECTS_MAX).unwrap()).map(|number| json!({"id": number})).collect();
    assert_eq!(anna.send_file("many.json", json!(many).to_string().as_bytes()).status, StatusCode::UNPROCESSABLE_ENTITY);
    // And of many drafts.
    for _ in 0..8 {
        anna.bring("TLP:CLEAR", &[identity(1, 1)]);
    }
    let content = json!([identity(1, 1)]).to_string();
    let ninth = anna.post("/release/", &[("csrf", &anna.csrf()), ("collection", "open"), ("text", &content)]);
    assert_eq!(ninth.status, StatusCode::INSUFFICIENT_STORAGE);
}

#[test]
fn two_people_publish_what_a_contributor_brings() {
    let node = TestNode::new();
    officer(&node, "oskar");
    node.node.set_password("oskar", PASSWORD).unwrap();
    let (anna, oskar) = (Visitor::new(&node, "anna"), Visitor::new(&node, "oskar"));
    let draft = anna.bring("TLP:GREEN", &[identity(1, 1)]);
    assert!(!text(&anna.get(&draft)).contains("value=\"publish\""));
    // Whatever is sent by hand.
    assert_eq!(anna.act(&draft, "publish", &[]).status, StatusCode::CONFLICT);
    let proposed = anna.act(&draft, "propose", &[]);
    let path = proposed.header("location").unwrap().to_owned();
    assert!(path.starts_with("/release/proposals/"), "{}", proposed.shown());
    assert_eq!(anna.get(&draft).status, StatusCode::NOT_FOUND, "what is proposed is no draft any more");
    assert!(!text(&anna.get(&path)).contains("value=\"approve\""));
    let digest_of_officer = digest(&text(&oskar.get(&path)));
    assert_eq!(
        anna.post(&path, &[("csrf", &anna.csrf()), ("act", "approve"), ("digest", &digest_of_officer)]).status,
        StatusCode::CONFLICT
    );
    assert_eq!(open(&node), 0);
    // Another organisation's officer has nothing there.
    assert_eq!(Visitor::new(&node, "olga").get(&path).status, StatusCode::NOT_FOUND);
    assert_eq!(Visitor::new(&node, "berta").get(&path).status, StatusCode::NOT_FOUND);
    node.clock.turn(1_000_000);
    let approved = oskar.act(&path, "approve", &[]);
    let release = approved.header("location").unwrap_or_else(|| panic!("{}", approved.shown())).to_owned();
    assert!(release.starts_with("/release/releases/"));
    assert_eq!(open(&node), 1);
    for visitor in [&anna, &oskar] {
        let page = text(&visitor.get(&release));
        assert!(page.contains("identity 1") && page.contains("published by oskar"), "{page}");
    }
}

#[test]
fn what_changed_since_somebody_looked_is_looked_at_again() {
    let node = TestNode::new();
    let olga = Visitor::new(&node, "olga");
    let draft = olga.bring("TLP:GREEN", &[identity(1, 1)]);
    let looked = digest(&text(&olga.get(&draft)));
    officer(&node, "late");
    let answer = olga.post(&draft, &[("csrf", &olga.csrf()), ("act", "publish"), ("digest", &looked)]);
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(text(&answer).contains("no longer what you looked at") && text(&answer).contains("late"), "and it is shown");
    assert_eq!(open(&node), 0);
}

#[test]
fn a_matrix_tells_nothing_of_what_is_hidden() {
    let node = TestNode::new();
    // One id is hidden from berta, the other there is not.
    node.load("open", "NATO SECRET", &[unmarked(1, 1)]);
    let shown = |number: u64| {
        let berta = Visitor::new(&node, "berta");
        let mut about = indicator(7);
        about["created_by_ref"] = json!(id(number));
        let mut other = identity(number, 1);
        other["name"] = json!("of berta");
        let draft = berta.bring("TLP:GREEN", &[other, about]);
        let page = text(&berta.get(&draft));
        let csrf = berta.csrf();
        page.replace(&draft, "DRAFT").replace(&csrf, "CSRF").replace(&id(number), "ID").replace(&digest(&page), "DIGEST")
    };
    assert_eq!(shown(1), shown(2));
}

#[test]
fn a_thousand_objects_are_read_by_the_hundred() {
    let node = TestNode::new();
    let olga = Visitor::new(&node, "olga");
    let objects: Vec<Json> = (1..=1_000).map(|number| identity(number, 1)).collect();
    let draft = olga.bring("TLP:GREEN", &objects);
    let page = text(&olga.get(&draft));
    assert_eq!(page.matches("id=\"object-").count(), 100);
    assert!(page.contains("1000 objects") && page.contains("?page=10\""));
    assert!(page.len() < 1 << 20, "{} bytes", page.len());
    let last = text(&olga.get(&format!("{draft}?page=10")));
    assert!(last.contains("id=\"object-1000\"") && !last.contains("id=\"object-900\""));
    assert!(text(&olga.get(&format!("{draft}?page=99999999999999999999"))).contains("id=\"object-1\""));
    assert_eq!(olga.act(&draft, "publish", &[]).status, StatusCode::SEE_OTHER);
}
