//! Files in force: a policy of a company's own comes into force, changes, and goes, and everybody sees what follows.

use serde_json::json;

use super::support::{Node, bundle, indicator, indicator_id, indicator_with};

fn company() -> &'static str {
    shipped("commercial.xml")
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

fn shipped(name: &str) -> &'static str {
    relto_policy::spif::shipped::SHIPPED.iter().find(|(file, _)| *file == name).unwrap().1
}

/// A STANAG 4774 label goes out as XML, comes back in a marking-definition with that very XML, and decides.
#[test]
fn labels_in_xml_travel_in_marking_definitions() {
    let node = Node::new();
    node.file("nato.xml", shipped("nato-style.xml"));
    node.ok("relto policy activate --data $D $F/nato.xml");
    for (name, nation) in [("japan", "JPN"), ("france", "FRA"), ("korea", "KOR")] {
        node.user(&format!("{name} --nation {nation} --org ACME --clearance NATO:SECRET"));
    }
    node.refused("relto label write --data $D 'NATO SECRET' --form stanag4774", 1, &["reviewed"]);
    node.refused("relto label write --data $D 'TLP:GREEN' --form stanag4774 --review 2031-01-01", 1, &["not from a file"]);
    let xml = node.ok("relto label write --data $D 'NATO SECRET REL TO JPN' --form stanag4774 --review 2031-01-01").out;
    node.file("label.xml", xml.trim());
    assert_eq!(node.ok("relto label check --spif $F/nato.xml --label $F/label.xml --json").json()["valid"], true);
    let marking = node.ok("relto label write --data $D --xml $F/label.xml").json();
    let extension = &marking["extensions"][relto_policy::marking::LABEL_EXTENSION];
    assert_eq!(extension["confidentiality_labels"], json!([xml.trim()]));
    let marked = format!(r#","object_marking_refs":["{}"]"#, marking["id"].as_str().unwrap());
    node.file("marked.json", bundle(&[marking.to_string(), indicator_with(1, &marked)]));
    node.ok("relto load --data $D --collection intel $F/marked.json");
    let seen = ["japan", "france", "korea"].map(|name| node.ids(name).contains(&indicator_id(1)));
    assert_eq!(seen, [true, true, false]);
    // The XML binds as well: a structured label that says less opens nothing.
    let mut wider = marking.clone();
    wider["id"] = json!("marking-definition--bbbbbbbb-0000-4000-8000-000000000007");
    wider["extensions"][relto_policy::marking::LABEL_EXTENSION]["policies"][0]["classification"] = json!("UNCLASSIFIED");
    let marked = format!(r#","object_marking_refs":[{}]"#, wider["id"]);
    node.file("wider.json", bundle(&[wider.to_string(), indicator_with(2, &marked)]));
    node.ok("relto load --data $D --collection intel $F/wider.json");
    assert!(!node.ids("korea").contains(&indicator_id(2)) && node.ids("japan").contains(&indicator_id(2)));
}

const CAVEAT: &str = r#"
@id("aurora-fra") @reason("AURORA is for the French") @citation("contract 12")
forbid (principal, action, resource)
when { resource.policies.contains("COMMERCIAL") }
unless { principal.nations == ["FRA"] };
"#;

/// A site's own policy withholds beyond the rules, says why, and gives back what it withheld when it goes.
#[test]
fn a_site_policy_narrows() {
    let node = node();
    node.user("dora --nation GBR --org ACME --clearance COMMERCIAL:CONFIDENTIAL --access COMMERCIAL:AURORA");
    let dora = |node: &Node| node.ids("dora").contains(&indicator_id(1));
    assert!(dora(&node));
    node.file("caveat.cedar", CAVEAT);
    let impact = node.ok("relto impact --data $D $F/caveat.cedar --json").json();
    assert_eq!(impact["changes"][0]["withheld"], json!(["dora"]));
    assert!(dora(&node), "an impact changes nothing");
    node.ok("relto policy activate --data $D $F/caveat.cedar");
    assert!(!dora(&node));
    assert_eq!(seen_by(&node), [true, false, false]);
    let explained = node.ok(&format!("relto explain --data $D {} --as dora", indicator_id(1))).out;
    assert!(explained.contains("site policy `aurora-fra`") && explained.contains("contract 12"), "{explained}");
    // What arrives under a label that nobody has been asked about yet is narrowed as well.
    node.file("two.json", indicator(2));
    node.ok("relto load --data $D --collection intel --label 'COMMERCIAL INTERNAL; Project=AURORA' $F/two.json");
    assert!(!node.ids("dora").contains(&indicator_id(2)) && node.ids("anna").contains(&indicator_id(2)));
    node.file("wide.cedar", "@id(\"all\")\npermit (principal, action, resource);");
    node.refused("relto policy activate --data $D $F/wide.cedar", 1, &["wide.cedar:", "permit"]);
    node.ok("relto policy deactivate --data $D caveat.cedar");
    assert!(dora(&node));
}

/// A site's table takes the place of the one that ships; what it no longer says opens nothing.
#[test]
fn a_table_decides_and_lapses() {
    let node = Node::new();
    node.file("one.json", indicator(1));
    node.file("facts.json", r#"{"country": "JPN", "headquarters": "JPN", "kind": "private", "residence": []}"#);
    node.user("emi --nation JPN --org CERT --facts $F/facts.json");
    node.user("finn --nation FIN --org CERT");
    // A tag beside the object does not go along with it, and this law asks that it does.
    node.ok("relto load --data $D --collection intel --label 'TLP:GREEN AND LAW:GDPR PERSONAL' $F/one.json");
    assert!(!node.ids("emi").contains(&indicator_id(1)));
    let explained = node.ok(&format!("relto explain --data $D {} --as emi", indicator_id(1))).out;
    assert!(explained.contains("LAW:GDPR PERSONAL beside") && explained.contains("carry-tags"), "{explained}");
    let marking = node.ok("relto label write --data $D 'TLP:GREEN AND LAW:GDPR PERSONAL'").json();
    let marked = format!(r#","object_marking_refs":[{}]"#, marking["id"]);
    node.file("marked.json", bundle(&[marking.to_string(), indicator_with(2, &marked)]));
    node.ok("relto load --data $D --collection intel $F/marked.json");
    let log = node.ok("relto log --data $D --json").out;
    assert!(log.contains("legal release") && log.contains(r#""to":"emi""#) && !log.contains(r#""to":"finn""#), "{log}");
    assert!(node.ids("emi").contains(&indicator_id(2)) && !node.ids("finn").contains(&indicator_id(2)));
    let explained = node.ok(&format!("relto explain --data $D {} --as finn", indicator_id(2))).out;
    assert!(explained.contains("2016/679"), "{explained}");
    let past = r#"[{"law": "GDPR", "country": "JPN", "kinds": ["private"], "authority": "a", "source": "s", "review": "2026-01-01"}]"#;
    node.file("past.json", past);
    node.ok("relto policy activate --data $D $F/past.json --table adequacy");
    assert!(!node.ids("emi").contains(&indicator_id(2)), "past its review a row opens nothing");
    assert!(node.ok("relto doctor --data $D").out.contains("1 of which count no more"));
    node.file("renewed.json", past.replace("2026-01-01", "2099-01-01"));
    let impact = node.ok("relto impact --data $D $F/renewed.json --table adequacy --json").json();
    assert_eq!(impact["changes"][0]["released"], json!(["emi"]));
    node.ok("relto policy activate --data $D $F/renewed.json --table adequacy");
    assert!(node.ids("emi").contains(&indicator_id(2)));
    assert!(node.ok("relto doctor --data $D").out.contains("no row of law or memberships"));
    node.refused("relto policy activate --data $D $F/past.json", 1, &["--table"]);
    node.refused("relto policy activate --data $D $F/past.json --table memberships", 1, &["row 1"]);
}

#[test]
fn what_cannot_be_used_is_refused_with_its_place() {
    let node = Node::new();
    node.file("cut.xml", &company()[..700]);
    node.file("text", "a policy");
    node.file("tlp.xml", shipped("tlp.xml"));
    node.file("table.json", r#"[{"group": "NATO", "member": "QQQ"}]"#);
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
