//! Reduced objects for those who may not see all of one, and the check of texts before release.

use serde_json::Value as Json;

use crate::support::{Node, Server, bundle, indicator, indicator_id, indicator_with};

const SECRET: &str = "marking-definition--aaaaaaaa-0000-4000-8000-000000000001";
const WORDS: &str = "# the site's words\nRoter Falke\nzeph* # any ending\n";

/// A node with a reader for RESTRICTED, and an indicator whose description is SECRET.
fn node() -> Node {
    let node = Node::new();
    node.user("amelie --nation FRA --org 'French Node' --clearance NATO:SECRET");
    node.user("rene --nation FRA --org 'Org R' --clearance NATO:RESTRICTED");
    let definition = format!(
        r#"{{"type":"marking-definition","spec_version":"2.1","id":"{SECRET}","created":"2026-01-01T00:00:00.000Z","extensions":{{"{}":{{"extension_type":"property-extension","policies":[{{"policy":"NATO","classification":"SECRET","permissive":[{{"tag":"Releasable To","values":["NATO"]}}]}}]}}}}}}"#,
        relto_policy::marking::LABEL_EXTENSION
    );
    let marked = |number: u32, name: &str| {
        let parts = format!(r#""granular_markings":[{{"marking_ref":"{SECRET}","selectors":["description"]}}]"#);
        indicator_with(number, &format!(r#","name":"{name}","description":"told by a source","labels":["zephyr"],{parts}"#))
    };
    node.file("marked.json", bundle(&[definition, marked(1, "plain"), marked(2, "(S//NF) mail to jane@mod.eu, TOLD BY A SOURCE")]));
    node.file("words.txt", WORDS);
    node.ok("relto load --data $D --collection intel $F/marked.json");
    node
}

fn published_and_read(node: &Node) {
    let object = indicator_id(1);
    assert!(node.ids("rene").is_empty());
    let proposal = node.ok(&format!("relto tearline --data $D --json {object} --for 'NATO RESTRICTED'")).json();
    assert_eq!(proposal["removed"][0]["pointer"], "/description");
    assert!(proposal["removed"][0]["because"].as_str().unwrap().contains("NATO SECRET"), "{proposal}");
    assert!(proposal["object"]["description"].is_null() && proposal["object"]["granular_markings"].is_null(), "{proposal}");
    assert!(node.ids("rene").is_empty(), "a proposal stores nothing");
    let shown = node.ok(&format!("relto tearline --data $D {object} --for 'NATO RESTRICTED'")).out;
    assert!(shown.contains("/description") && shown.contains("nothing was stored") && !shown.contains("told by"), "{shown}");
    let publish = format!("relto tearline --data $D {object} --for 'NATO RESTRICTED' --publish --reviewed-by 'Cpt. Durand' --reason asked");
    node.refused(&format!("{publish} --content 00"), 1, &["is not what was looked at"]);
    let content = proposal["content"].as_str().unwrap();
    let tearline = node.ok(&format!("{publish} --content {content}")).last().to_owned();
    assert_ne!(tearline, object);
    let bundle = node.ok("relto export --data $D --as rene");
    assert_eq!(node.ids("rene"), [tearline.clone()].into());
    assert!(!bundle.out.contains(&object) && !bundle.out.contains("told by") && bundle.out.contains("\"plain\""), "{bundle:?}");
    assert!(node.ids("amelie").contains(&object) && node.ids("amelie").contains(&tearline));
    node.refused(&publish, 1, &["published already", &tearline]);
    assert!(node.ok(&format!("relto tearline --data $D {object} --for 'NATO RESTRICTED'")).out.contains("published already"));
    let log = node.ok("relto log --data $D --last 1").out;
    assert!(log.contains("tearline publish") && log.contains("Cpt. Durand") && log.contains(&tearline) && log.contains(&object), "{log}");
}

#[test]
fn a_tearline_is_published_without_a_server_and_through_one() {
    published_and_read(&node());
    let node = node();
    let server = Server::start(&node);
    published_and_read(&node);
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn every_finding_is_accepted_by_somebody() {
    let node = node();
    let form = format!("relto tearline --data $D {} --for 'NATO RESTRICTED' --words $F/words.txt", indicator_id(2));
    let proposal = node.ok(&format!("{form} --json")).json();
    let findings: Vec<(&str, &str, &str)> = proposal["findings"].as_array().unwrap().iter().map(finding).collect();
    let expected = [
        ("/labels/0", "word", "zeph"),
        ("/name", "mark", "(S//NF)"),
        ("/name", "email", "jane@mod.eu"),
        ("/name", "word", "TOLD BY A SOURCE"),
    ];
    assert_eq!(findings, expected);
    let publish = format!("{form} --publish --reviewed-by me --reason why");
    node.refused(&publish, 1, &["findings that nobody has accepted: 1, 2, 3, 4", "--accept-findings"]);
    node.refused(&format!("{publish} --accept 1,3"), 1, &["accepted: 2, 4"]);
    node.ok(&format!("{publish} --accept 1,2 --accept 3,4"));
    let node = self::node();
    node.ok(&format!("{publish} --accept-findings"));
}

fn finding(finding: &Json) -> (&str, &str, &str) {
    let text = |key: &str| finding[key].as_str().unwrap();
    (text("pointer"), text("what"), text("snippet"))
}

#[test]
fn a_preview_says_what_labels_do_not_cover() {
    let node = node();
    node.file("one.json", bundle(&[indicator(7), indicator_with(8, r#","description":"der ROTER Falke, TLP:RED""#)]));
    let form = "relto preview --data $D --label 'NATO SECRET' --words $F/words.txt $F/one.json";
    let preview = node.ok(&format!("{form} --json")).json();
    assert_eq!(preview["objects"][0]["findings"], serde_json::json!([]));
    let findings: Vec<_> = preview["objects"][1]["findings"].as_array().unwrap().iter().map(finding).collect();
    assert_eq!(findings, [("/description", "word", "ROTER Falke"), ("/description", "mark", "TLP:RED")]);
    let shown = node.ok(form).out;
    assert!(shown.contains("2 finding(s)") && shown.contains("ROTER Falke"), "{shown}");
    assert!(!node.ok("relto preview --data $D --label TLP:RED $F/one.json").out.contains("finding(s)"), "covered, and no words");
}

#[test]
fn what_cannot_be_is_refused_with_a_next_step() {
    let node = node();
    let object = indicator_id(1);
    let publish = "--publish --reviewed-by me --reason why";
    node.refused(&format!("relto tearline --data $D {} --for TLP:GREEN", indicator_id(9)), 3, &["there is no object"]);
    node.refused(&format!("relto tearline --data $D {object} --for 'NATO SECRETS' --json"), 1, &["no level"]);
    node.refused(&format!("relto tearline --data $D {object} --for TLP:GREEN --collection none"), 3, &["no collection"]);
    node.refused(&format!("relto tearline --data $D {object} --for 'NATO SECRET' {publish}"), 1, &["may read the object itself"]);
    node.refused(&format!("relto tearline --data $D {object} --for TLP:GREEN --words $F/none.txt"), 3, &["none.txt"]);
    node.file("bad.txt", "a\n*\n");
    node.refused(&format!("relto tearline --data $D {object} --for TLP:GREEN --words $F/bad.txt"), 1, &["line 2"]);
    node.refused(
        &format!("relto tearline --data $D {object} --for TLP:GREEN --publish --reviewed-by ' ' --reason why"),
        1,
        &["by a person"],
    );
    let refused = node.run(&format!("relto tearline --data $D {object} --for 'NATO SECRET'"));
    assert!(refused.code == Some(1) && refused.out.contains("no tearline"), "{refused:?}");
    for usage in ["--publish", "--publish --reason why", "--accept 1", "--reviewed-by me"] {
        assert_eq!(node.run(&format!("relto tearline --data $D {object} --for TLP:GREEN {usage}")).code, Some(2), "{usage}");
    }
}
