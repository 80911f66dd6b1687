//! Searching as somebody: what is found is what is exported, by its words, and nothing else shows.

use serde_json::Value as Json;

use super::support::{Node, Server, bundle, indicator_id, indicator_with};

/// amelie may have all, nina nothing of NATO.
fn node() -> Node {
    let node = Node::new();
    node.user("amelie --nation FRA --org 'French Node' --clearance NATO:SECRET");
    node.user("nina --nation JPN --org 'Org N'");
    let object =
        |number, name: &str, description: &str| indicator_with(number, &format!(r#","name":"{name}","description":"{description}""#));
    node.file("open.json", bundle(&[object(1, "Fancy Bear", "a group"), object(2, "nest", "of the bear, in 人工智能")]));
    node.file("secret.json", bundle(&[object(3, "Bear", "zephyr bear bear bear"), object(4, "bears", "zephyr")]));
    node.ok("relto load --data $D --collection intel --label TLP:CLEAR $F/open.json");
    node.ok("relto load --data $D --collection intel --label 'NATO SECRET' $F/secret.json");
    node
}

fn found(node: &Node, name: &str, query: &str) -> Json {
    node.ok(&format!("relto search --json --data $D --as {name} {query}")).json()
}

fn hits(node: &Node, name: &str, query: &str) -> Vec<String> {
    found(node, name, query)["hits"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
}

fn ids(numbers: &[u32]) -> Vec<String> {
    numbers.iter().map(|number| indicator_id(*number)).collect()
}

fn each_finds_what_it_may(node: &Node) {
    assert_eq!(hits(node, "nina", "bear"), ids(&[1, 2]));
    assert_eq!(hits(node, "amelie", "bear"), ids(&[3, 1, 2]));
    assert_eq!(hits(node, "nina", "'\"fancy bear\" -nest'"), ids(&[1]));
    assert_eq!(hits(node, "nina", "--kind report bear"), ids(&[]));
    assert_eq!(hits(node, "nina", "人工智能"), ids(&[2]));
    assert_eq!(hits(node, "amelie", "--limit 1 zephyr").len(), 1);
    let answer = found(node, "amelie", "zephyr --limit 1");
    assert_eq!((&answer["found"], &answer["labels"]), (&Json::from(2), &serde_json::json!([["NATO SECRET", 2]])));
    // A word that is hidden is no word.
    let (hidden, absent) = (found(node, "nina", "zephyr"), found(node, "nina", "absent"));
    assert_eq!(hidden, absent);
    assert_eq!(found(node, "nina", "zephir")["instead"], serde_json::json!([]));
    assert_eq!(found(node, "amelie", "zephir")["instead"], serde_json::json!(["zephyr"]));
    assert_eq!(hits(node, "nina", "label:NATO"), ids(&[]));
    let said = node.ok("relto search --data $D --as nina fancy bear").out;
    assert!(said.contains("Fancy Bear") && said.contains("[TLP:CLEAR]") && said.contains("1 object: 1 indicator"), "{said}");
}

#[test]
fn each_finds_what_it_may_without_a_server_and_through_one() {
    let node = node();
    each_finds_what_it_may(&node);
    let server = Server::start(&node);
    each_finds_what_it_may(&node);
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn what_is_found_follows_labels_and_removals() {
    let node = node();
    let doctor = |words: &str| assert!(node.ok("relto doctor --data $D").out.contains(words), "{words}");
    doctor("none yet");
    assert_eq!(hits(&node, "nina", "bear"), ids(&[1, 2]));
    doctor("4 versions, up to the last change");
    node.ok(&format!("relto label set --data $D {} 'NATO SECRET' --reason reviewed", indicator_id(1)));
    doctor("behind");
    assert_eq!(hits(&node, "nina", "bear"), ids(&[2]));
    node.ok(&format!("relto label set --data $D {} TLP:CLEAR --reason reviewed", indicator_id(4)));
    assert_eq!(hits(&node, "nina", "zephyr"), ids(&[4]));
    node.ok(&format!("relto recall --data $D {} --reason wrong", indicator_id(4)));
    assert_eq!(hits(&node, "nina", "zephyr"), ids(&[]));
}

#[test]
fn a_newer_version_stands_for_an_older_one() {
    let node = node();
    let newer = indicator_with(2, r#","name":"empty""#).replace(r#""modified":"2026-01-01"#, r#""modified":"2026-02-02"#);
    node.file("newer.json", bundle(&[newer]));
    node.ok("relto load --data $D --collection intel --label TLP:CLEAR $F/newer.json");
    assert_eq!(hits(&node, "nina", "bear"), ids(&[1]));
    assert_eq!(found(&node, "nina", "empty")["found"], 1);
}

#[test]
fn an_index_that_is_gone_or_broken_is_made_anew() {
    let node = node();
    assert_eq!(hits(&node, "nina", "bear"), ids(&[1, 2]));
    let folder = node.data().join("search");
    std::fs::write(folder.join("meta.json"), "no index").unwrap();
    assert_eq!(hits(&node, "nina", "bear"), ids(&[1, 2]));
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(hits(&node, "nina", "bear"), ids(&[1, 2]));
}

#[test]
fn what_cannot_be_searched_says_why() {
    let node = node();
    for (query, code, words) in [
        ("'\"bear'", 1, "at character 1: this quotation mark is not closed"),
        ("'bear after:soon'", 1, "at character 6: `soon` is not a date"),
        ("-- '-bear'", 1, "only what is to be absent"),
        ("'…'", 1, "nothing to look for"),
    ] {
        node.refused(&format!("relto search --data $D --as nina {query}"), code, &[words]);
        node.refused(&format!("relto search --json --data $D --as nina {query}"), code, &[]);
    }
    node.refused("relto search --data $D --as nobody bear", 3, &["no user `nobody`"]);
}

#[test]
fn paths_go_over_what_somebody_may_see() {
    let node = Node::new();
    node.user("amelie --nation FRA --org 'French Node' --clearance NATO:SECRET");
    node.user("nina --nation JPN --org 'Org N'");
    let identity = |number: u32, name: &str| {
        let dates = r#""created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z""#;
        format!(
            r#"{{"type":"identity","spec_version":"2.1","id":"identity--00000000-0000-4000-8000-{number:012}",{dates},"name":"{name}"}}"#
        )
    };
    let relationship = |number: u32, from: u32, to: u32| {
        let dates = r#""created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z""#;
        let end = |number: u32| format!("identity--00000000-0000-4000-8000-{number:012}");
        format!(
            r#"{{"type":"relationship","spec_version":"2.1","id":"relationship--00000000-0000-4000-8000-{number:012}",{dates},"relationship_type":"knows","source_ref":"{}","target_ref":"{}"}}"#,
            end(from),
            end(to)
        )
    };
    let open = [identity(1, "One"), identity(2, "Two"), identity(3, "Three"), relationship(1, 1, 2), relationship(2, 3, 2)];
    node.file("open.json", bundle(&open));
    node.file("secret.json", bundle(&[relationship(3, 1, 3)]));
    node.ok("relto load --data $D --collection intel --label TLP:CLEAR $F/open.json");
    node.ok("relto load --data $D --collection intel --label 'NATO SECRET' $F/secret.json");
    let said = node.ok("relto path --data $D --as nina one Three").out;
    assert!(said.contains("--knows--> Two") && said.contains("<--knows-- Three") && said.contains("1 shortest path(s)"), "{said}");
    let steps = |name: &str| node.ok(&format!("relto path --json --data $D --as {name} One Three")).json()["paths"][0]["steps"].clone();
    assert_eq!((steps("nina").as_array().map(Vec::len), steps("amelie").as_array().map(Vec::len)), (Some(2), Some(1)));
    node.refused("relto path --data $D --as nina One Four", 3, &["there is no object `Four` for this user"]);
    node.refused("relto path --data $D --as nina '…' One", 3, &["there is no object `…` for this user"]);
}
