//! Files in force: a policy of a company's own comes into force, changes, and goes, and everybody sees what follows.

use serde_json::json;

use super::support::{Node, indicator, indicator_id};

fn company() -> &'static str {
    relto_policy::spif::shipped::SHIPPED.iter().find(|(name, _)| *name == "commercial.xml").unwrap().1
}

/// A node with the company's policy in force, an object under it, and three people.
fn node() -> Node {
    let node = Node::new();
    node.file("company.xml", company());
    node.file("one.json", indicator(1));
    node.ok("relto policy activate --data $D $F/company.xml --open-up-to PUBLIC --reason 'board decision 7'");
    for (name, more) in [
        ("anna", "--clearance COMMERCIAL:CONFIDENTIAL --access COMMERCIAL:AURORA"),
        ("ben", "--clearance COMMERCIAL:CONFIDENTIAL"),
        ("carl", "--access AURORA"),
    ] {
        node.user(&format!("{name} --nation FRA --org ACME {more}"));
    }
    node.ok("relto load --data $D --collection intel --label 'COMMERCIAL CONFIDENTIAL; Project=AURORA, BOREAS' $F/one.json");
    node
}

fn seen_by(node: &Node) -> Vec<bool> {
    ["anna", "ben", "carl"].iter().map(|name| node.ids(name).contains(&indicator_id(1))).collect()
}

#[test]
fn a_policy_from_a_file_decides() {
    let node = node();
    assert_eq!(seen_by(&node), [true, false, false]);
    let files = node.ok("relto policy list --data $D --json").json();
    assert_eq!((&files[0]["name"], &files[0]["kind"], &files[0]["open_up_to"]), (&json!("COMMERCIAL"), &json!("policy"), &json!("PUBLIC")));
    assert!(node.ok("relto log --data $D").out.contains("board decision 7"));
    let label = node.ok("relto label check --data $D 'commercial confidential; project=aurora' --json").json();
    assert_eq!(label["means"], "COMMERCIAL CONFIDENTIAL; Project=AURORA");
    node.refused(
        "relto label check --data $D 'COMMERCIAL PUBLIC; Project=AURORA' --json",
        1,
        &["AURORA of Project does not go with PUBLIC", "excludedClass"],
    );
    node.refused("relto user set --data $D ben --access COMMERCIAL:ZEPHYR", 1, &["COMMERCIAL:AURORA"]);
}

#[test]
fn impact_says_beforehand_what_activation_does() {
    let node = node();
    node.file("strict.xml", company().replace(r#"hierarchy="3""#, r#"hierarchy="9""#));
    let before = node.ok("relto log --data $D --json").json();
    let impact = node.ok("relto impact --data $D $F/strict.xml --json").json();
    let change = &impact["changes"][0];
    assert_eq!((&change["objects"], &change["named"]), (&json!(1), &json!([indicator_id(1)])));
    assert_eq!((&change["released"], &change["withheld"]), (&json!([]), &json!(["anna"])));
    assert!(node.ok("relto impact --data $D $F/strict.xml").out.contains("newly withheld from anna"));
    assert!(node.ok("relto impact --data $D $F/company.xml").out.contains("nobody would see anything more or less"));
    assert_eq!(node.ok("relto log --data $D --json").json(), before, "an impact changes nothing");
    assert_eq!(seen_by(&node), [true, false, false]);
    node.ok("relto policy activate --data $D $F/strict.xml");
    assert_eq!(seen_by(&node), [false, false, false]);
}

#[test]
fn what_goes_out_of_force_withholds_and_its_ranks_are_remembered() {
    let node = node();
    node.ok("relto policy deactivate --data $D commercial --reason 'sold'");
    assert_eq!(seen_by(&node), [false, false, false]);
    node.refused("relto policy deactivate --data $D commercial", 3, &["in force"]);
    // Under the rank of CONFIDENTIAL, in which an object is stored, the file has something that is open.
    let swapped = company().replace(r#"hierarchy="1""#, r#"hierarchy="8""#).replace(r#"hierarchy="3""#, r#"hierarchy="1""#);
    node.file("swapped.xml", swapped.replace(r#"hierarchy="8""#, r#"hierarchy="3""#));
    node.refused("relto policy activate --data $D $F/swapped.xml --open-up-to PUBLIC", 1, &["CONFIDENTIAL", "hierarchy"]);
    node.ok("relto policy activate --data $D $F/company.xml");
    assert_eq!(seen_by(&node), [true, false, false]);
}

#[test]
fn what_cannot_be_used_is_refused_with_its_place() {
    let node = Node::new();
    node.file("cut.xml", &company()[..700]);
    node.file("text", "a policy");
    node.file("tlp.xml", relto_policy::spif::shipped::SHIPPED.iter().find(|(name, _)| *name == "tlp.xml").unwrap().1);
    node.file("table.json", r#"[{"group": "NATO", "member": "XXX"}]"#);
    for (file, words) in [
        ("cut.xml", "13:39"),
        ("text", "neither a policy"),
        ("tlp.xml", "built in"),
        ("table.json", "row 1"),
        ("company.xml", "cannot be read"),
    ] {
        for command in ["policy activate", "impact"] {
            let code = if file == "company.xml" { 3 } else { 1 };
            node.refused(&format!("relto {command} --data $D $F/{file}"), code, &[words]);
        }
    }
    node.refused("relto policy activate --data $D $F/tlp.xml --json", 1, &["built in"]);
    node.file("company.xml", company());
    node.refused("relto policy activate --data $D $F/company.xml --open-up-to PURPLE", 1, &["PURPLE"]);
}
