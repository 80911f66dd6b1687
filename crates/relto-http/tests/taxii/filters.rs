//! Filters with one and with several values (TAXII 2.1, sections 3.4 and 3.5).

use axum::http::StatusCode;
use serde_json::json;

use crate::harness::{Answer, MANIFEST, OBJECTS, TestNode, address, id, identity, indicator};

/// Identities 1 (three versions) and 2, an indicator, an address.
fn furnished() -> TestNode {
    let node = TestNode::new();
    for objects in [vec![identity(1, 2), identity(2, 1)], vec![identity(1, 1)], vec![identity(1, 3), indicator(1)], vec![address(1)]] {
        node.add("anna", &objects);
    }
    node
}

fn versions(answer: &Answer) -> Vec<String> {
    let json = answer.json();
    let of = |object: &serde_json::Value| object["modified"].as_str().or(object["version"].as_str()).unwrap_or("-").to_owned();
    json["objects"].as_array().cloned().unwrap_or_default().iter().map(of).collect()
}

fn day(day: u32) -> String {
    format!("2026-01-{day:02}T00:00:00.000Z")
}

#[track_caller]
fn found(node: &TestNode, query: &str, expected: &[&str]) {
    for path in [OBJECTS, MANIFEST] {
        let answer = node.get("berta", &format!("{path}?{query}"));
        assert_eq!((answer.status, answer.ids()), (StatusCode::OK, expected.iter().map(|&id| id.to_owned()).collect()), "{path} {query}");
    }
}

#[test]
fn match_id_with_several_values() {
    let node = furnished();
    found(&node, &format!("match[id]={}", id(1)), &[&id(1)]);
    found(&node, &format!("match[id]={},{}", id(1), id(2)), &[&id(2), &id(1)]);
    found(&node, &format!("match[id]={},nonsense,{}", id(2), id(9)), &[&id(2)]);
    found(&node, "match[id]=nonsense", &[]);
    found(&node, &format!("match%5Bid%5D={}", id(1).replace('-', "%2D")), &[&id(1)]);
}

#[test]
fn match_type_with_several_values() {
    let node = furnished();
    let (indicator, address) = (indicator(1)["id"].as_str().unwrap().to_owned(), address(1)["id"].as_str().unwrap().to_owned());
    found(&node, "match[type]=indicator", &[&indicator]);
    found(&node, "match[type]=indicator,ipv4-addr", &[&indicator, &address]);
    found(&node, "match[type]=malware", &[]);
    found(&node, &format!("match[type]=indicator&match[id]={}", id(1)), &[]);
    found(&node, &format!("match[type]=identity,indicator&match[id]={},{indicator}", id(2)), &[&id(2), &indicator]);
}

/// The default is the last version.
#[test]
fn match_version_with_several_values() {
    let node = furnished();
    for (query, expected) in [
        ("", vec![day(3)]),
        ("match[version]=last", vec![day(3)]),
        ("match[version]=first", vec![day(1)]),
        ("match[version]=first,last", vec![day(1), day(3)]),
        ("match[version]=all", vec![day(2), day(1), day(3)]),
        ("match[version]=2026-01-02T00:00:00Z", vec![day(2)]),
        ("match[version]=2026-01-02T00:00:00.000000Z,first", vec![day(2), day(1)]),
        ("match[version]=2026-01-02T00:00:00.001Z", vec![]),
    ] {
        for path in [OBJECTS, MANIFEST] {
            let answer = node.get("berta", &format!("{path}?match[id]={}&{query}", id(1)));
            assert_eq!(versions(&answer), expected, "{path} {query}");
        }
        let by_id = node.get("berta", &format!("{OBJECTS}{}/?{query}", id(1)));
        assert_eq!((by_id.status, versions(&by_id)), (StatusCode::OK, expected), "{query}");
    }
}

/// What has no version of its own is its only version, whichever is asked for.
#[test]
fn match_version_of_what_has_none() {
    let node = furnished();
    let path = format!("{OBJECTS}{}/", address(1)["id"].as_str().unwrap());
    for query in ["", "match[version]=last", "match[version]=first", "match[version]=all"] {
        assert_eq!(node.get("berta", &format!("{path}?{query}")).ids().len(), 1, "{query}");
    }
    assert_eq!(node.get("berta", &format!("{path}versions/")).json(), json!({"versions": ["1970-01-01T00:00:00.000Z"]}));
}

#[test]
fn match_spec_version_with_several_values() {
    let node = furnished();
    let all = node.get("berta", OBJECTS).ids();
    assert_eq!(all.len(), 4);
    for (query, expected) in [("2.1", &all[..]), ("2.0", &[]), ("2.0,2.1", &all[..]), ("3.0", &[])] {
        assert_eq!(node.get("berta", &format!("{OBJECTS}?match[spec_version]={query}")).ids(), expected, "{query}");
        let versions = node.get("berta", &format!("{OBJECTS}{}/versions/?match[spec_version]={query}", id(2)));
        assert_eq!(versions.json().get("versions").is_some(), !expected.is_empty(), "{query}");
    }
}

/// What was added at the very stamp is not returned again.
#[test]
fn added_after_is_exclusive() {
    let node = furnished();
    let first = node.get("berta", &format!("{OBJECTS}?match[id]={}", id(2)));
    let stamp = first.header("x-taxii-date-added-last").unwrap().to_owned();
    let later = node.get("berta", &format!("{OBJECTS}?added_after={stamp}&match[version]=all"));
    assert_eq!(later.ids(), [id(1), id(1), indicator(1)["id"].as_str().unwrap().to_owned(), address(1)["id"].as_str().unwrap().to_owned()]);
    let last = later.header("x-taxii-date-added-last").unwrap();
    let none = node.get("berta", &format!("{OBJECTS}?added_after={last}"));
    assert_eq!((none.status, none.json()), (StatusCode::OK, json!({})));
}

/// A microsecond earlier, and the batch is there; digits beyond the server's precision exclude nothing.
#[test]
fn added_after_a_moment_earlier_includes() {
    let node = TestNode::new();
    node.add("anna", &[identity(1, 1)]);
    let stamp = node.get("berta", OBJECTS).header("x-taxii-date-added-first").unwrap().to_owned();
    let micros: u32 = stamp[20..26].parse().unwrap();
    assert!(micros > 0, "{stamp}");
    let earlier = format!("{}{:06}", &stamp[..20], micros - 1);
    for after in [format!("{earlier}Z"), format!("{earlier}999Z")] {
        assert_eq!(node.get("berta", &format!("{OBJECTS}?added_after={after}")).ids().len(), 1, "{after}");
    }
}

/// Filters work together with pages: nothing else comes, and everything comes once.
#[test]
fn filters_hold_from_page_to_page() {
    let node = TestNode::new();
    for number in 0..6 {
        node.add("anna", &[identity(number, 1), indicator(number)]);
    }
    let query = "limit=2&match[type]=indicator";
    let mut seen = node.get("berta", &format!("{OBJECTS}?{query}"));
    let mut ids = seen.ids();
    while let Some(next) = seen.next() {
        seen = node.get("berta", &format!("{OBJECTS}?{query}&next={next}"));
        ids.extend(seen.ids());
    }
    let expected: Vec<_> = (0..6).map(|number| indicator(number)["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids, expected);
}

/// Unknown parameters are ignored, as the standard lets servers do.
#[test]
fn unknown_parameters_are_ignored() {
    let node = furnished();
    assert_eq!(node.get("berta", &format!("{OBJECTS}?colour=red&x")), node.get("berta", OBJECTS));
}
