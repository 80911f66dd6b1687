//! What would alter a decision: what `relto explain` proposes for a withheld object is done as it reads, and releases it.

use serde_json::{Value as Json, json};

use super::support::{Node, indicator, indicator_id};

/// A node with an object under `label`, and kenji of Japan.
fn with(label: &str) -> Node {
    let node = Node::new();
    node.user("kenji --nation JPN --org 'Japan Node' --clearance NATO:RESTRICTED");
    node.file("object.json", indicator(1));
    node.ok(&format!("relto load --data $D --collection intel --label '{label}' $F/object.json"));
    node
}

fn explained(node: &Node) -> Json {
    node.ok(&format!("relto explain --json --data $D {} --as kenji", indicator_id(1))).json()["versions"][0].clone()
}

fn changes(node: &Node) -> Vec<Vec<String>> {
    serde_json::from_value(explained(node)["smallest_changes"].clone()).unwrap_or_default()
}

#[test]
fn what_is_proposed_releases() {
    let object = indicator_id(1);
    let grant = "relto user set --data $D kenji --clearance NATO:SECRET";
    let lower = format!("relto label set --data $D {object} 'NATO RESTRICTED REL TO JPN' --reason reviewed");
    let consent = format!("relto consent add --data $D {object} --of 'French Node' --to 'Japan Node' --by anna --reference 7");
    let cases = [
        ("NATO SECRET REL TO JPN", "grant the clearance `NATO:SECRET`", grant),
        ("NATO SECRET REL TO JPN", "lower NATO to RESTRICTED", &lower),
        ("NATO RESTRICTED", "name JPN in NATO Releasable To", &lower),
        ("TLP:GREEN AND HANDLING:ORCON French Node", "obtain the consent of French Node, the originator", &consent),
        ("TLP:AMBER+STRICT", "make the reader's organisation a recipient", "relto collection set --data $D intel --recipient 'Japan Node'"),
    ];
    for (label, words, command) in cases {
        let node = with(label);
        let proposed = changes(&node);
        assert!(proposed.iter().any(|steps| matches!(steps.as_slice(), [step] if step.contains(words))), "{label}: {proposed:?}");
        let said = node.ok(&format!("relto explain --data $D {object} --as kenji")).out;
        assert!(said.contains("any one of these would release it:") && said.contains(&format!("- {words}")), "{said}");
        node.ok(command);
        let withheld = changes(&node);
        assert_eq!(explained(&node)["released"], json!(true), "{label}: {command}");
        assert!(withheld.iter().all(|steps| steps.len() == 1) && !withheld.is_empty(), "{label}: {withheld:?}");
    }
}

/// The collection's label stands before the object's, and what is no label at all is a step like any other.
#[test]
fn what_stands_around_the_object_is_part_of_each_change() {
    let node = with("NATO RESTRICTED REL TO JPN");
    node.ok("relto collection set --data $D intel --label 'NATO SECRET REL TO JPN'");
    let grant = vec!["grant the clearance `NATO:SECRET`".to_owned()];
    assert_eq!(changes(&node), [grant.clone(), vec!["collection: lower NATO to RESTRICTED".to_owned()]]);
    node.ok("relto user disable --data $D kenji");
    let enable = "`relto user enable`".to_owned();
    assert_eq!(changes(&node)[0], [grant[0].clone(), enable.clone()]);
    node.ok("relto user set --data $D kenji --clearance NATO:SECRET");
    assert_eq!(changes(&node), [vec![enable]]);
}
