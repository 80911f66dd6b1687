//! The reading pages: versions and their differences, the bytes of an object, who gets it and why, and what stays one page for whom.

use axum::http::StatusCode;
use serde_json::{Value as Json, json};

use crate::harness::{TestNode, id, identity, indicator};
use crate::people::{HOSTILE, Visitor, is_tame, text};

/// Version `day` of identity `number` with this name.
fn named(number: u64, day: u32, name: &str) -> Json {
    let mut object = identity(number, day);
    object["name"] = json!(name);
    object
}

fn version(day: u32) -> String {
    format!("2026-01-{day:02}T00:00:00.000Z")
}

fn query(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// What is between the tags of the page, beginning with its heading.
fn words(page: &str) -> String {
    let body = page.split_once("<main").unwrap().1.split_once("</main>").unwrap().0;
    body.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect::<Vec<_>>().join(" ")
}

#[test]
fn two_versions_differ_property_by_property() {
    let node = TestNode::new();
    node.load("open", "TLP:CLEAR", &[named(1, 1, "One")]);
    node.load("open", "TLP:CLEAR", &[named(1, 2, "Two & <b>more</b>")]);
    let mut last = named(1, 3, "Two & <b>more</b>");
    last["sectors"] = json!(["energy"]);
    node.load("open", "TLP:CLEAR", &[last]);
    let anna = Visitor::new(&node, "anna");
    let path = format!("/objects/{}/", id(1));
    let page = text(&anna.get(&path));
    assert_eq!(page.matches("#changes\"").count(), 2, "each version but the oldest has one before it: {page}");
    assert!(page.contains("<form class=\"compare\"") && !page.contains("<table class=\"changes\""));
    let second = text(&anna.get(&format!("{path}?{}", query(&[("in", "open"), ("version", &version(2))]))));
    is_tame(&second);
    assert!(second.contains("<code>/name</code>") && second.contains("<del><bdi class=\"text\">One</bdi></del>"), "{second}");
    assert!(second.contains("<ins><bdi class=\"text\">Two &#38; &#60;b&#62;more&#60;/b&#62;</bdi></ins>"), "{second}");
    assert!(second.contains("This is an older version.") && !second.contains("energy"), "its own content is shown");
    let third = text(&anna.get(&format!("{path}?{}", query(&[("version", &version(3)), ("against", &version(1))]))));
    for pointer in ["/modified", "/name", "/sectors"] {
        assert!(third.contains(&format!("<code>{pointer}</code>")), "{pointer}: {third}");
    }
    assert!(!third.contains("This is an older version.") && words(&third).contains("added"), "{third}");
    let same = text(&anna.get(&format!("{path}?{}", query(&[("version", &version(2)), ("against", &version(2))]))));
    assert!(words(&same).contains("The two versions say the same."), "{same}");
}

#[test]
fn a_version_that_is_hidden_is_one_that_is_not_there() {
    let node = TestNode::new();
    node.load("open", "TLP:CLEAR", &[named(1, 1, "One")]);
    node.load("open", "NATO SECRET", &[named(1, 2, "the hidden name")]);
    node.load("open", "TLP:CLEAR", &[named(1, 3, "Three")]);
    let (anna, carl) = (Visitor::new(&node, "anna"), Visitor::new(&node, "carl"));
    let path = format!("/objects/{}/", id(1));
    let shown = text(&anna.get(&path));
    assert!(shown.contains(&version(2)) && shown.contains("NATO SECRET"), "a version's label counts for the banner: {shown}");
    let page = text(&carl.get(&path));
    assert!(page.contains(&version(1)) && page.contains(&version(3)) && !page.contains(&version(2)) && !page.contains("NATO"), "{page}");
    let latest = text(&carl.get(&format!("{path}?{}", query(&[("version", &version(3))]))));
    assert!(
        latest.contains("<del><bdi class=\"text\">One</bdi></del>") && !latest.contains("the hidden name"),
        "from what one sees to what one sees: {latest}"
    );
    let absent = carl.get(&format!("/objects/{}/", id(2)));
    for query in [
        query(&[("version", &version(2))]),
        query(&[("version", &version(7))]),
        query(&[("version", &version(3)), ("against", &version(2))]),
        query(&[("version", &version(3)), ("in", "hidden")]),
        query(&[("version", &version(3)), ("in", "no such collection")]),
        query(&[("version", HOSTILE)]),
    ] {
        for path in [format!("{path}?{query}"), format!("/objects/{}/bytes/?{query}", id(1))] {
            let answer = carl.get(&path);
            // Of bytes there is nothing to compare.
            if !(path.contains("bytes") && path.contains("against")) {
                assert_eq!((answer.status, text(&answer)), (StatusCode::NOT_FOUND, text(&absent)), "{path}");
            }
        }
    }
}

#[test]
fn bytes_are_those_that_came() {
    let node = TestNode::new();
    let posted = identity(1, 1).to_string().replacen(',', " ,\n  ", 1);
    node.post("anna", "/taxii2/main/collections/open/objects/", format!("{{\"objects\": [{posted}]}}"));
    node.load("open", "NATO SECRET", &[identity(2, 1)]);
    let (anna, carl) = (Visitor::new(&node, "anna"), Visitor::new(&node, "carl"));
    let page = text(&anna.get(&format!("/objects/{}/", id(1))));
    let href = page.split_once(" download>").unwrap().0.rsplit_once("href=\"").unwrap().1.trim_end_matches('"').replace("&#38;", "&");
    let answer = anna.get(&href);
    assert_eq!((answer.status, text(&answer)), (StatusCode::OK, posted));
    assert_eq!(answer.header("content-type"), Some("application/stix+json;version=2.1"));
    assert_eq!(answer.header("content-disposition"), Some(&*format!("attachment; filename=\"{}.json\"", id(1))));
    assert_eq!((answer.header("x-content-type-options"), answer.header("cache-control")), (Some("nosniff"), Some("private, no-store")));
    assert_eq!(anna.get(&format!("/objects/{}/bytes/", id(2))).status, StatusCode::OK);
    let (hidden, absent) = (carl.get(&format!("/objects/{}/bytes/", id(2))), carl.get(&format!("/objects/{}/bytes/", id(9))));
    assert_eq!((hidden.status, text(&hidden)), (absent.status, text(&absent)));
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
}

#[test]
fn patterns_are_told_apart_piece_by_piece() {
    let node = TestNode::new();
    let mut hostile = indicator(2);
    hostile["pattern"] = json!("[file:name = '</span><script>alert(1)</script>' AND file:size > 7]");
    node.load("open", "TLP:CLEAR", &[hostile]);
    let page = text(&Visitor::new(&node, "anna").get(&format!("/objects/{}/", indicator(2)["id"].as_str().unwrap())));
    is_tame(&page);
    for piece in [
        "<span class=\"path\">file</span>",
        "<span class=\"word\">AND</span>",
        "<span class=\"constant\">7</span>",
        "<span class=\"quoted\">&#39;&#60;/span&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#39;</span>",
    ] {
        assert!(page.contains(piece), "{piece}: {page}");
    }
}

#[test]
fn who_may_see_it_is_told_to_the_officer_of_its_writer() {
    let node = TestNode::new();
    node.load("open", "NATO SECRET REL TO FRA", &[identity(1, 1)]);
    node.add("anna", &[identity(3, 1)]);
    let (anna, olga, otto) = (Visitor::new(&node, "anna"), Visitor::new(&node, "olga"), Visitor::new(&node, "otto"));
    let path = format!("/objects/{}/", id(1));
    let page = text(&olga.get(&path));
    is_tame(&page);
    let told = words(&page);
    assert!(told.contains("Who may see this") && told.contains("NATO SECRET REL TO FRA"), "{told}");
    let who: Vec<&str> = page.split("<tr><td><bdi>").skip(1).map(|row| row.split_once('<').unwrap().0).collect();
    assert_eq!(who, ["anna", "berta", "carl", "olga", "otto"]);
    assert!(told.contains("2 accounts and partners get it."), "{told}");
    // Who reads it is no officer of its writer, or reads what somebody else wrote.
    for page in [text(&anna.get(&path)), text(&olga.get(&format!("/objects/{}/", id(3))))] {
        let told = words(&page);
        assert!(!told.contains("Who may see this") && !told.contains("REL TO") && !told.contains("berta"), "{told}");
    }
    let why = |visitor: &Visitor<'_>, number, who| visitor.get(&format!("/why/?{}", query(&[("object", &id(number)), ("who", who)])));
    let absent = text(&olga.get("/no/such/page"));
    for (number, who) in [(3, "anna"), (2, "anna"), (1, "nobody"), (1, HOSTILE), (7, "nobody")] {
        let answer = why(&olga, number, who);
        assert_eq!((answer.status, text(&answer)), (StatusCode::NOT_FOUND, absent.clone()), "{number} {who}");
    }
    for visitor in [&anna, &otto] {
        let absent = text(&visitor.get("/no/such/page"));
        for who in ["carl", "berta", "olga", "nobody"] {
            let answer = why(visitor, 1, who);
            assert_eq!((answer.status, text(&answer)), (StatusCode::NOT_FOUND, absent.clone()), "{who}");
        }
    }
}

#[test]
fn reasons_are_told_of_ones_own_organisation() {
    let node = TestNode::new();
    node.load("open", "NATO SECRET REL TO FRA", &[identity(1, 1)]);
    let olga = Visitor::new(&node, "olga");
    let why = |who: &str| {
        let page = text(&olga.get(&format!("/why/?{}", query(&[("object", &id(1)), ("who", who)]))));
        is_tame(&page);
        words(&page)
    };
    let otto = why("otto");
    assert!(otto.contains("Withheld") && otto.contains("no clearance in this policy") && otto.contains("The smallest changes"), "{otto}");
    assert!(otto.contains("ADatP-4774.1") && otto.contains("Not met.") && otto.contains("Met."), "{otto}");
    // Of others the decision and the rules, which the label says; and nothing of their attributes.
    let carl = why("carl");
    assert!(carl.contains("Withheld") && carl.contains("clearance for NATO SECRET") && carl.contains("Not met."), "{carl}");
    assert!(!carl.contains("JPN") && !carl.contains("no clearance in this policy") && !carl.contains("The smallest changes"), "{carl}");
    let anna = why("anna");
    assert!(anna.contains("Released") && !anna.contains("cleared NATO:SECRET") && !anna.contains("Not met."), "{anna}");
    let own = why("olga");
    assert!(own.contains("cleared NATO:SECRET") && own.contains("no longer be released"), "{own}");
}

#[test]
fn everybody_is_told_why_they_see_something_and_no_audience() {
    let node = TestNode::new();
    node.load("open", "NATO SECRET REL TO FRA, DEU", &[identity(1, 1)]);
    let (anna, carl) = (Visitor::new(&node, "anna"), Visitor::new(&node, "carl"));
    let path = format!("/why/?{}", query(&[("object", &id(1))]));
    let page = text(&anna.get(&path));
    is_tame(&page);
    let told = words(&page);
    assert!(told.contains("You hold the clearance") && told.contains("You belong to its audience."), "{told}");
    assert!(!told.contains("REL TO") && !told.contains("DEU") && !told.contains("FRA"), "{told}");
    assert_eq!(text(&anna.get(&format!("{path}&who=anna"))), page);
    let absent = carl.get("/no/such/page");
    for path in
        [path.clone(), format!("{path}&who=carl"), "/why/".to_owned(), "/why/?object=x".to_owned(), format!("/why/?object={}", id(9))]
    {
        let answer = carl.get(&path);
        assert_eq!((answer.status, text(&answer)), (absent.status, text(&absent)), "{path}");
    }
}

#[test]
fn pages_about_several_things_are_fenced_too() {
    let node = TestNode::new();
    let anna = Visitor::new(&node, "anna");
    let absent = text(&anna.get("/no/such/page"));
    for path in ["/graph/", "/graph/?of=", &*format!("/graph/?{}", query(&[("of", HOSTILE), ("hide", HOSTILE)])), "/why/"] {
        let answer = anna.get(path);
        assert_eq!((answer.status, text(&answer)), (StatusCode::NOT_FOUND, absent.clone()), "{path}");
    }
    let asked = anna.get("/entity/");
    assert_eq!(asked.status, StatusCode::OK);
    is_tame(&text(&asked));
    for path in [format!("/graph/?of={}", id(1)), format!("/entity/?{}", query(&[("name", HOSTILE)]))] {
        // This node has no index.
        let answer = anna.get(&path);
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        is_tame(&text(&answer));
    }
    for path in ["/graph/?of=a", "/entity/?name=a", "/why/?object=a", "/objects/a/bytes/"] {
        let answer = node.send(axum::http::Request::builder().uri(path).body(axum::body::Body::empty()).unwrap());
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(answer.header("location").unwrap().starts_with("/sign-in/"), "{path}");
    }
}
