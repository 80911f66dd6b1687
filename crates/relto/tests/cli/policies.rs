//! Policies as files and labels in XML, as a custodian checks them: no node, no data directory.

use serde_json::{Value as Json, json};

use super::support::{Node, Said};

const LABEL: &str = "urn:nato:stanag:4774:confidentialitymetadatalabel:1:0";
const CLEARANCE: &str = "urn:nato:stanag:4774:confidentialityclearance:1:0";

/// A folder with the policies that ship and no node.
fn folder() -> Node {
    let node = Node::none();
    for (name, text) in relto_policy::spif::shipped::SHIPPED {
        node.file(name, text);
    }
    node.file(
        "label.xml",
        label("NATO", "SECRET", "<Category TagName='Context' Type='PERMISSIVE'><GenericValue>NATO</GenericValue></Category>"),
    );
    node.file("cleared.xml", clearance("NATO", "SECRET", "Context"));
    node.file("partner.xml", clearance("EU", "SECRET", "Releasable To"));
    node
}

fn label(policy: &str, class: &str, categories: &str) -> String {
    format!(
        "<originatorConfidentialityLabel xmlns='{LABEL}' ReviewDateTime='2030-01-01T00:00:00Z'>\n<ConfidentialityInformation>\
         <PolicyIdentifier>{policy}</PolicyIdentifier><Classification>{class}</Classification>{categories}</ConfidentialityInformation>\
         <CreationDateTime>2026-01-01T00:00:00Z</CreationDateTime></originatorConfidentialityLabel>"
    )
}

fn clearance(policy: &str, class: &str, tag: &str) -> String {
    format!(
        "<ConfidentialityClearance xmlns='{CLEARANCE}' xmlns:s='{LABEL}'><s:PolicyIdentifier>{policy}</s:PolicyIdentifier>\
         <ClassificationList><s:Classification>{class}</s:Classification></ClassificationList>\
         <s:Category TagName='{tag}' Type='PERMISSIVE'><s:GenericValue>NATO</s:GenericValue></s:Category></ConfidentialityClearance>"
    )
}

fn says(said: &Said, words: &str) {
    let reasons = said.json()["reasons"].as_array().cloned().unwrap();
    assert!(reasons.iter().filter_map(Json::as_str).any(|reason| reason.contains(words)), "{reasons:#?}\nlacks {words}");
}

#[test]
fn every_policy_that_ships_makes_sense() {
    let node = folder();
    for (name, _) in relto_policy::spif::shipped::SHIPPED {
        let answer = node.ok(&format!("relto policy check $F/{name} --json")).json();
        assert_eq!((&answer["valid"], &answer["findings"]), (&json!(true), &json!([])), "{name}");
        assert!(node.ok(&format!("relto policy check $F/{name}")).out.contains("makes sense"));
    }
}

#[test]
fn what_is_wrong_in_a_policy_is_said_with_its_place() {
    let node = folder();
    let tlp = relto_policy::spif::shipped::SHIPPED.iter().find(|(name, _)| *name == "tlp.xml").unwrap().1;
    node.file("cut.xml", &tlp[..tlp.len() / 2]);
    node.file("twice.xml", tlp.replace("GREEN", "CLEAR"));
    node.file("three.xml", tlp.replace("schemaVersion=\"2.1\"", "schemaVersion=\"3.0\""));
    node.file("latin.xml", [&b"<SPIF a='"[..], &[0xe9], b"'/>"].concat());
    for (name, words) in [
        ("cut.xml", "ends too early"),
        ("twice.xml", "the name of classification `CLEAR`"),
        ("three.xml", "export the policy as XML SPIF 2.1"),
    ] {
        let said = node.run(&format!("relto policy check $F/{name}"));
        assert!(said.code == Some(1) && said.out.contains(words) && said.out.contains(&format!("{name}: ")), "{said:?}");
        let said = node.run(&format!("relto policy check $F/{name} --json"));
        assert!(said.code == Some(1) && said.json()["findings"][0].as_str().unwrap().contains(words), "{said:?}");
        node.refused(&format!("relto label check --spif $F/{name} --label $F/label.xml --json"), 1, &["relto policy check"]);
    }
    node.refused("relto policy check $F/latin.xml", 1, &["not UTF-8 after 9 bytes"]);
    node.refused("relto policy check $F/none.xml", 3, &["none.xml: cannot be read"]);
    node.refused("relto label check --spif $F/tlp.xml $F/tlp.xml --label $F/label.xml", 1, &["a second file of policy TLP"]);
}

/// The form of the answer is fixed, to the letter.
#[test]
fn the_answer_about_a_label() {
    let node = folder();
    let said = node.ok("relto label check --spif $F/nato-style.xml --label $F/label.xml --json");
    assert_eq!(said.out, "{\"valid\":true,\"marking\":\"NATO SECRET\",\"decision\":null,\"translated\":null,\"reasons\":[]}\n");
    let said = node.ok("relto label check --spif $F/nato-style.xml --label $F/label.xml --clearance $F/cleared.xml --lang fr --json");
    assert_eq!((&said.json()["decision"], &said.json()["marking"]), (&json!("permit"), &json!("NATO SECRET")));
    says(&said, "ADatP-4774.1 3.11.4 rule 2");
    let said =
        node.ok("relto label check --spif $F/nato-style.xml --spif $F/eu-style.xml --label $F/label.xml --clearance $F/partner.xml --json");
    let translated = &said.json()["translated"];
    assert_eq!(said.json()["decision"], "permit");
    assert_eq!((&translated["policy"], &translated["classification"]), (&json!("EU"), &json!("SECRET")));
    assert_eq!(translated["categories"], json!([{"tag": "Releasable To", "type": "PERMISSIVE", "values": ["NATO"]}]));
    let said = node.ok("relto label check --spif $F/nato-style.xml --label $F/label.xml --clearance $F/partner.xml --json");
    assert_eq!(said.json()["decision"], "deny");
    says(&said, "the clearance of EU (ADatP-4774.1 3.11.4 rule 1)");
    let table = node.ok("relto label check --spif $F/nato-style.xml --label $F/label.xml").out;
    assert!(table.contains("NATO SECRET") && table.contains("│ valid"), "{table}");
}

#[test]
fn a_label_that_is_not_valid_is_an_answer_too() {
    let node = folder();
    node.file(
        "forged.xml",
        label("NATO", "SECRET", "<Category TagName='Context' Type='INFORMATIVE'><GenericValue>NATO</GenericValue></Category>"),
    );
    node.file("undated.xml", label("TLP", "GREEN", "").replace(" ReviewDateTime='2030-01-01T00:00:00Z'", ""));
    node.file("none.xml", "<a/>");
    let said = node.run("relto label check --spif $F/nato-style.xml --label $F/forged.xml --clearance $F/cleared.xml --json");
    assert_eq!(said.code, Some(1));
    assert_eq!(said.json()["decision"], "deny");
    assert_eq!((&said.json()["valid"], &said.json()["marking"]), (&json!(false), &json!(null)));
    says(&said, "the policy's type wins");
    let strict = node.run("relto label check --spif $F/tlp.xml --label $F/undated.xml --json");
    assert_eq!((strict.code, &strict.json()["valid"]), (Some(1), &json!(false)));
    says(&strict, "undated.xml: 1:1: `originatorConfidentialityLabel`: has neither `ReviewDateTime` nor `SuccessionHandling`");
    let legacy = node.ok("relto label check --spif $F/tlp.xml --label $F/undated.xml --legacy --json");
    assert_eq!(legacy.json()["marking"], "TLP:GREEN");
    says(&legacy, "no review date");
    let unread = node.run("relto label check --spif $F/nato-style.xml --label $F/label.xml --clearance $F/none.xml --json");
    assert_eq!((unread.code, &unread.json()["decision"]), (Some(0), &json!("deny")));
    node.refused("relto label check --spif $F/tlp.xml --label $F/label.xml --at soon", 1, &["soon"]);
    node.refused("relto label check --spif $F/tlp.xml --label $F/gone.xml", 3, &["gone.xml"]);
}
