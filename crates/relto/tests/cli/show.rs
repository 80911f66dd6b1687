//! An object on a display: whole, without what its reader may not have, or not at all.

use serde_json::{Value as Json, json};

use super::support::{Node, Server, bundle, indicator, indicator_id, indicator_with};

const SECRET: &str = "marking-definition--aaaaaaaa-0000-4000-8000-000000000001";
const LAW: &str = "marking-definition--aaaaaaaa-0000-4000-8000-000000000002";

/// amelie may have all, rene no more than RESTRICTED, nina nothing of NATO.
fn node() -> Node {
    let node = Node::new();
    node.user("amelie --nation FRA --org 'French Node' --clearance NATO:SECRET");
    node.user("rene --nation FRA --org 'Org R' --clearance NATO:RESTRICTED");
    node.user("nina --nation JPN --org 'Org N'");
    node
}

fn marking(id: &str, policies: &Json) -> String {
    let label = json!({"extension_type": "property-extension", "policies": policies});
    json!({"type": "marking-definition", "spec_version": "2.1", "id": id, "created": "2026-01-01T00:00:00.000Z",
        "extensions": {relto_policy::marking::LABEL_EXTENSION: label}})
    .to_string()
}

/// Under RESTRICTED as a whole, with a SECRET description and a SECRET one of its labels.
fn load(node: &Node) {
    let nato = json!([{"policy": "NATO", "classification": "SECRET", "permissive": [{"tag": "Releasable To", "values": ["NATO"]}]}]);
    let parts = format!(r#""granular_markings":[{{"marking_ref":"{SECRET}","selectors":["description","labels.[1]"]}}]"#);
    let more = format!(r#","name":"plain","description":"told by a source","labels":["open","zephyr"],{parts}"#);
    node.file("marked.json", bundle(&[marking(SECRET, &nato), indicator_with(1, &more)]));
    node.ok("relto load --data $D --collection intel --label 'NATO RESTRICTED' $F/marked.json");
}

fn shown(node: &Node, name: &str) -> Json {
    node.ok(&format!("relto show --json --data $D {} --as {name}", indicator_id(1))).json()["versions"].clone()
}

fn each_sees_what_it_may(node: &Node) {
    assert_eq!((node.ids("amelie").contains(&indicator_id(1)), node.ids("rene").contains(&indicator_id(1))), (true, false));
    let whole = shown(node, "amelie");
    assert_eq!((&whole[0]["gaps"], &whole[0]["object"]["description"]), (&json!([]), &json!("told by a source")));
    let rest = shown(node, "rene");
    assert_eq!(rest.as_array().map(Vec::len), Some(1));
    assert_eq!(rest[0]["gaps"], json!(["/description", "/labels/1"]));
    let object = &rest[0]["object"];
    assert_eq!((&object["name"], &object["description"], &object["labels"]), (&json!("plain"), &Json::Null, &json!(["open", null])));
    assert!(object.get("granular_markings").is_none() && !rest.to_string().contains(SECRET), "{rest}");
    let said = node.ok(&format!("relto show --data $D {} --as rene", indicator_id(1))).out;
    assert!(said.contains("[withheld]") && said.contains("withheld from this user: /description, /labels/1"), "{said}");
    assert!(!said.contains("told by") && !said.contains("zephyr"), "{said}");
    let said = node.ok(&format!("relto show --data $D {} --as amelie", indicator_id(1))).out;
    assert!(said.contains("told by a source") && !said.contains("withheld"), "{said}");
    for id in [indicator_id(1), indicator_id(7)] {
        node.refused(&format!("relto show --data $D {id} --as nina"), 3, &[&format!("there is no object `{id}` for this user")]);
    }
}

#[test]
fn gaps_are_shown_without_a_server_and_through_one() {
    let node = node();
    load(&node);
    each_sees_what_it_may(&node);
    let server = Server::start(&node);
    each_sees_what_it_may(&node);
    assert_eq!(server.stop(), Some(0));
}

/// Who labels it, labels all of it; and a label that came later is not explained by its parts.
#[test]
fn what_is_relabelled_is_whole_or_withheld() {
    let node = node();
    load(&node);
    node.ok(&format!("relto label set --data $D {} 'NATO SECRET' --reason reviewed", indicator_id(1)));
    node.refused(&format!("relto show --data $D {} --as rene", indicator_id(1)), 3, &["there is no object"]);
    assert_eq!(shown(&node, "amelie")[0]["gaps"], json!([]));
    node.ok(&format!("relto label set --data $D {} 'NATO RESTRICTED' --reason 'reviewed again'", indicator_id(1)));
    assert_eq!(shown(&node, "rene")[0]["gaps"], json!([]));
}

/// What an object refers to is content of all of it.
#[test]
fn what_a_reference_raises_is_withheld_whole() {
    let node = node();
    node.file("target.json", indicator(2));
    node.ok("relto load --data $D --collection intel --label 'NATO SECRET' $F/target.json");
    let open = json!([{"policy": "NATO", "classification": "RESTRICTED", "permissive": [{"tag": "Releasable To", "values": ["NATO"]}]}]);
    let secret = json!([{"policy": "NATO", "classification": "SECRET", "permissive": [{"tag": "Releasable To", "values": ["NATO"]}]}]);
    let note = |number: u32, target: u32| {
        json!({"type": "note", "spec_version": "2.1", "id": format!("note--00000000-0000-4000-8000-{number:012}"), "content": "c", "abstract": "a",
            "created": "2026-01-02T03:04:05.678Z", "modified": "2026-01-02T03:04:05.678Z", "object_refs": [indicator_id(target)],
            "object_marking_refs": [LAW], "granular_markings": [{"marking_ref": SECRET, "selectors": ["abstract"]}]})
        .to_string()
    };
    node.file("notes.json", bundle(&[marking(LAW, &open), marking(SECRET, &secret), note(1, 2), note(2, 9)]));
    node.ok("relto load --data $D --collection intel $F/notes.json");
    let show = |number: u32| format!("relto show --json --data $D note--00000000-0000-4000-8000-{number:012} --as rene");
    node.refused(&show(1), 3, &["there is no object"]);
    assert_eq!(node.ok(&show(2)).json()["versions"][0]["gaps"], json!(["/abstract"]));
}

/// Personal data in one part of an object: the law redacts, and a display shows the rest.
#[test]
fn what_the_law_redacts_is_a_gap() {
    let node = node();
    let law = json!([{"policy": "LAW", "classification": "LAW", "restrictive": [{"tag": "GDPR", "values": ["PERSONAL"]}]}]);
    let parts = format!(r#","description":"Jane","granular_markings":[{{"marking_ref":"{LAW}","selectors":["description"]}}]"#);
    node.file("marked.json", bundle(&[marking(LAW, &law), indicator_with(1, &parts)]));
    node.ok("relto load --data $D --collection intel --label TLP:GREEN $F/marked.json");
    assert_eq!((shown(&node, "rene")[0]["gaps"].clone(), node.ids("rene").contains(&indicator_id(1))), (json!(["/description"]), false));
}

/// What somebody consents to for one recipient changes nothing for the others, who go on seeing what is left.
#[test]
fn a_consent_for_somebody_else_changes_nothing() {
    let node = node();
    let nato = json!([{"policy": "NATO", "classification": "RESTRICTED", "permissive": [{"tag": "Releasable To", "values": ["NATO"]}]},
        {"policy": "HANDLING", "classification": "HANDLING", "restrictive": [{"tag": "Originator Control", "values": ["French Node"]}]}]);
    let parts = format!(r#","description":"told","granular_markings":[{{"marking_ref":"{SECRET}","selectors":["description"]}}]"#);
    node.file("marked.json", bundle(&[marking(SECRET, &nato), indicator_with(1, &parts)]));
    node.ok("relto load --data $D --collection intel --label TLP:CLEAR $F/marked.json");
    let before = ["amelie", "rene", "nina"].map(|name| shown(&node, name)[0]["gaps"].clone());
    assert_eq!(before, [json!([]), json!(["/description"]), json!(["/description"])]);
    node.ok(&format!("relto consent add --data $D {} --of 'French Node' --to 'Org R' --by anna --reference 7", indicator_id(1)));
    let after = ["amelie", "rene", "nina"].map(|name| shown(&node, name)[0]["gaps"].clone());
    assert_eq!(after, [json!([]), json!([]), json!(["/description"])]);
}

/// Each part by its own marking, as long as there are few; what is shown together must be met together.
#[test]
fn of_several_markings_each_is_left_out_by_itself() {
    let node = node();
    node.user("sara --nation FRA --org 'Org S' --clearance NATO:SECRET");
    let level =
        |name: &str| json!([{"policy": "NATO", "classification": name, "permissive": [{"tag": "Releasable To", "values": ["NATO"]}]}]);
    let parts = format!(
        r#","name":"n","description":"d","granular_markings":[{{"marking_ref":"{SECRET}","selectors":["description"]}},{{"marking_ref":"{LAW}","selectors":["name"]}}]"#
    );
    node.file(
        "marked.json",
        bundle(&[marking(SECRET, &level("SECRET")), marking(LAW, &level("COSMIC TOP SECRET")), indicator_with(1, &parts)]),
    );
    node.ok("relto load --data $D --collection intel --label 'NATO RESTRICTED' $F/marked.json");
    let gaps = ["rene", "sara", "amelie"].map(|name| shown(&node, name)[0]["gaps"].clone());
    assert_eq!(gaps, [json!(["/description", "/name"]), json!(["/name"]), json!(["/name"])]);
}

/// Whoever writes under an id that is hidden from them stands beside its owner, on a display as everywhere, and never in its place.
#[test]
fn a_stranger_stands_beside_the_owner() {
    let node = node();
    load(&node);
    let token = node.user("eve --nation JPN --org 'Org E' --role contributor");
    let server = Server::start(&node);
    let mut other: Json = serde_json::from_str(&indicator_with(1, r#","name":"impostor","revoked":true"#)).unwrap();
    other["modified"] = json!("2026-05-01T00:00:00.000Z");
    other["object_marking_refs"] = json!(["marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"]);
    let posted = bundle(&[other.to_string()]);
    let (head, _) = server.ask("POST", &token, "/taxii2/main/collections/intel/objects/", Some(&posted));
    assert!(head.contains(" 202 "), "{head}");
    for reader in ["amelie", "rene"] {
        let versions = shown(&node, reader);
        let seen: Vec<&Json> = versions.as_array().unwrap().iter().map(|one| &one["object"]["name"]).collect();
        assert!(seen.len() == 2 && seen.contains(&&json!("impostor")) && seen.contains(&&json!("plain")), "{reader}: {versions}");
    }
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn explain_says_what_a_display_shows() {
    let node = node();
    load(&node);
    let explained = |name: &str| node.ok(&format!("relto explain --data $D {} --as {name}", indicator_id(1))).out;
    assert!(explained("rene").contains(&format!("`relto show` shows it without the parts under {SECRET}")), "{}", explained("rene"));
    assert!(!explained("nina").contains("relto show") && !explained("amelie").contains("relto show"));
}
