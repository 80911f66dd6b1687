//! Who gets what: labels as they are written, markings that nobody knows, changes of label, clearance and account, and why.

use serde_json::json;

use crate::support::{Node, Server, bundle, indicator, indicator_id, indicator_with};

/// A node with a person of each of three nations.
fn three() -> (Node, [String; 3]) {
    let node = Node::new();
    let tokens = [
        node.user("amelie --nation FRA --org 'French Node' --clearance NATO:SECRET"),
        node.user("ben --nation USA --org 'US Node' --clearance USA:SECRET"),
        node.user("kenji --nation JPN --org 'Japan Node' --clearance NATO:RESTRICTED"),
    ];
    (node, tokens)
}

fn load(node: &Node, number: u32, arguments: &str) {
    node.file("object.json", indicator(number));
    node.ok(&format!("relto load --data $D --collection intel {arguments} $F/object.json"));
}

fn readers(node: &Node, id: &str) -> Vec<&'static str> {
    ["amelie", "ben", "kenji"].into_iter().filter(|name| node.ids(name).contains(id)).collect()
}

#[test]
fn labels_as_people_write_them() {
    let (node, _) = three();
    node.ok("relto collection set --data $D intel --recipient 'US Node=Japan Node'");
    let cases: [(&str, &[&str]); 11] = [
        ("--label 'SECRET//REL TO USA, FRA'", &["ben"]),
        ("--label 'SECRET//NOFORN'", &["ben"]),
        ("--label 'NATO SECRET'", &["amelie"]),
        ("--label 'NATO RESTRICTED REL TO JPN'", &["amelie", "kenji"]),
        ("--label 'NATO UNCLASSIFIED'", &["amelie", "ben"]),
        ("--label TLP:CLEAR", &["amelie", "ben", "kenji"]),
        ("--label TLP:AMBER", &["amelie", "ben", "kenji"]),
        ("--label TLP:AMBER+STRICT", &["amelie", "ben"]),
        ("--label TLP:RED", &[]),
        ("--label TLP:RED --addressee kenji", &["kenji"]),
        ("", &["amelie"]),
    ];
    for (number, (arguments, must)) in (1..).zip(cases) {
        let previewed = previewed(&node, number, arguments);
        load(&node, number, arguments);
        assert_eq!(readers(&node, &indicator_id(number)), must, "{arguments}");
        assert_eq!(previewed, must, "a preview of {arguments}");
    }
}

#[test]
fn a_consent_opens_one_object_to_whom_it_names() {
    let (node, _) = three();
    for number in [1, 2] {
        load(&node, number, "--label 'TLP:GREEN AND HANDLING:ORCON French Node'");
    }
    let id = indicator_id(1);
    let verdict = || node.ok(&format!("relto explain --json --data $D {id} --as kenji")).json()["versions"][0]["verdict"].clone();
    assert_eq!((readers(&node, &id), verdict()), (vec!["amelie"], json!("pending")));
    let which = format!("--data $D {id} --of 'French Node' --to 'Japan Node'");
    node.ok(&format!("relto consent add {which} --by anna --reference 2026/7"));
    assert_eq!((readers(&node, &id), verdict()), (vec!["amelie", "kenji"], json!("released")));
    assert_eq!(readers(&node, &indicator_id(2)), ["amelie"]);
    assert_eq!(node.ok("relto consent list --json --data $D").json()[0]["consent"]["reference"], json!("2026/7"));
    node.ok(&format!("relto consent remove {which} --reason withdrawn"));
    assert_eq!(readers(&node, &id), ["amelie"]);
}

#[test]
fn an_addressee_is_named_for_one_object() {
    let (node, _) = three();
    load(&node, 1, "--label TLP:RED --addressee ben");
    load(&node, 2, "--label TLP:RED");
    let id = indicator_id(1);
    let explain = |name: &str| node.ok(&format!("relto explain --data $D {id} --as {name}")).out;
    let kenji = explain("kenji");
    assert!(kenji.contains("pending consent") && kenji.contains("relto consent add OBJECT-ID --addressee kenji"), "{kenji}");
    assert!(explain("ben").contains("named as an addressee by French Node (relto load)"), "{}", explain("ben"));
    let said = node.ok(&format!("relto consent add --data $D {id} --addressee kenji --by anna --reference 2026/7"));
    assert!(said.out.contains("gained by: kenji"), "{said:?}");
    assert_eq!((readers(&node, &id), readers(&node, &indicator_id(2))), (vec!["ben", "kenji"], vec![]));
    let listed = node.ok("relto consent list --data $D").out;
    assert!(["user:ben", "user:kenji", "2026/7"].into_iter().all(|word| listed.contains(word)), "{listed}");
    assert_eq!(node.ok("relto consent list --json --data $D").json()[1]["consent"]["subject"], json!("addressees"));
    node.ok(&format!("relto consent remove --data $D {id} --addressee ben --reason 'changed desk'"));
    assert_eq!(readers(&node, &id), ["kenji"]);
    node.ok(&format!("relto label set --data $D {id} TLP:RED --addressee amelie"));
    assert_eq!(readers(&node, &id), ["amelie"]);
    let add = format!("relto consent add --data $D {id} --by anna --reference 7");
    node.refused(&format!("{add} --addressee nobody"), 3, &["there is no user `nobody`"]);
    for wrong in ["", "--of A", "--to B", "--addressee kenji --of A --to B", "--addressee kenji --third-party"] {
        assert_eq!(node.run(&format!("{add} {wrong}")).code, Some(2), "{wrong}");
    }
}

/// Who a preview says would get the object; for everybody else it must say why not.
fn previewed(node: &Node, number: u32, arguments: &str) -> Vec<String> {
    node.file("object.json", indicator(number));
    let preview = node.ok(&format!("relto preview --json --data $D --collection intel {arguments} $F/object.json")).json();
    assert_eq!(preview["objects"][0]["id"], json!(indicator_id(number)));
    let label = &preview["labels"][0];
    let withheld = label["withheld"].as_array().unwrap();
    assert!(withheld.iter().all(|one| !one["because"][0].as_str().unwrap().is_empty()), "{withheld:?}");
    let recipients: Vec<String> = serde_json::from_value(label["recipients"].clone()).unwrap();
    assert_eq!(recipients.len() + withheld.len(), 3, "{label}");
    recipients
}

/// A preview is the load undone: nothing is stored, no label entered, nothing in the log; and it names what would be refused.
#[test]
fn a_preview_changes_nothing() {
    let (node, _) = three();
    // A node gets the key that partners know it by when it first serves.
    drop(Server::start(&node));
    let state = || ["doctor", "log", "collection list"].map(|verb| node.run(&format!("relto {verb} --json --data $D")).json());
    let without_clock = |mut state: [serde_json::Value; 3]| {
        state[0].as_array_mut().unwrap().retain(|check| check["check"] != "clock");
        state
    };
    let before = without_clock(state());
    node.file("good.json", bundle(&[indicator(1), indicator(2)]));
    let shown = node.ok("relto preview --data $D --label 'EU SECRET' $F/good.json").out;
    assert!(shown.contains("EU SECRET: 2 object(s)") && shown.contains("withheld from kenji"), "{shown}");
    node.file("bad.json", bundle(&[indicator(1), indicator(2).replace("2.1", "3.0")]));
    let refused = node.run("relto preview --data $D --collection intel $F/bad.json");
    assert!(refused.code == Some(1) && refused.out.contains("spec_version"), "{refused:?}");
    assert_eq!(without_clock(state()), before);
    let server = Server::start(&node);
    assert_eq!(node.ok("relto preview --data $D --label 'EU SECRET' $F/good.json").out, shown, "through a server as without");
    drop(server);
    assert_eq!(without_clock(state()), before);
}

#[test]
fn a_label_joins_and_never_loosens() {
    let (node, _) = three();
    let amber = r#","object_marking_refs":["marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"]"#;
    node.file("object.json", indicator_with(1, amber));
    node.ok("relto load --data $D --collection intel --label TLP:CLEAR $F/object.json");
    assert_eq!(readers(&node, &indicator_id(1)), ["amelie"]);
}

#[test]
fn an_unknown_marking_withholds_and_says_why() {
    let (node, _) = three();
    let marking = "marking-definition--11111111-2222-4333-8444-555555555555";
    node.file("object.json", indicator_with(1, &format!(r#","object_marking_refs":["{marking}"]"#)));
    let said = node.ok("relto load --data $D --collection intel --label TLP:CLEAR $F/object.json");
    assert!(said.out.contains("an unknown marking") && said.out.contains("withheld from all but French Node"), "{said:?}");
    assert_eq!(readers(&node, &indicator_id(1)), ["amelie"]);
    let doctor = node.ok("relto doctor --data $D --json").json();
    assert!(doctor.as_array().unwrap().iter().any(|check| check["check"] == "markings" && check["state"] == "warning"), "{doctor}");
}

#[test]
fn a_relationship_is_for_those_who_may_see_both_ends() {
    let (node, _) = three();
    load(&node, 1, "--label 'NATO SECRET'");
    load(&node, 2, "--label TLP:CLEAR");
    let relationship = json!({"type": "relationship", "spec_version": "2.1", "id": "relationship--00000000-0000-4000-8000-000000000009",
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z", "relationship_type": "related-to",
        "source_ref": indicator_id(2), "target_ref": indicator_id(1)});
    node.file("relation.json", relationship.to_string());
    node.ok("relto load --data $D --collection intel --label TLP:CLEAR $F/relation.json");
    assert_eq!(readers(&node, relationship["id"].as_str().unwrap()), ["amelie"]);
}

#[test]
fn relabelling_takes_and_gives_at_once() {
    let (node, [_, ben, _]) = three();
    load(&node, 1, "--label TLP:GREEN");
    let server = Server::start(&node);
    assert!(server.objects(&ben, "intel").1.contains(&indicator_id(1)));
    let said = node.ok(&format!("relto label set --data $D {} 'NATO SECRET' --reason test", indicator_id(1)));
    assert!(said.out.contains("lost by:   ben, kenji"), "{said:?}");
    assert!(server.objects(&ben, "intel").1.is_empty());
    let said = node.ok(&format!("relto label set --data $D {} TLP:GREEN", indicator_id(1)));
    assert!(said.out.contains("gained by: ben, kenji"), "{said:?}");
    assert!(server.objects(&ben, "intel").1.contains(&indicator_id(1)));
}

#[test]
fn attributes_count_from_when_the_command_returns() {
    let (node, [_, ben, _]) = three();
    load(&node, 1, "--label 'NATO SECRET'");
    let server = Server::start(&node);
    let count = |token: &str| server.objects(token, "intel").1.len();
    assert_eq!(count(&ben), 0);
    node.ok("relto user set --data $D ben --clearance NATO:SECRET");
    assert_eq!(count(&ben), 1);
    node.ok("relto user set --data $D ben --clearance NATO:SECRET@2020-01-01");
    assert_eq!(count(&ben), 0);
    node.ok("relto user set --data $D ben --clearance USA:SECRET");
    node.ok("relto equivalence add --data $D USA:SECRET NATO:SECRET");
    assert_eq!(count(&ben), 1);
    node.ok("relto user set --data $D ben --nation USA --nation JPN");
    assert_eq!(count(&ben), 0, "with several nationalities all must be allowed");
    node.ok("relto user disable --data $D ben");
    assert_eq!(server.objects(&ben, "intel").0, 401);
    node.refused("relto export --data $D --as ben", 1, &["`ben` is disabled"]);
    node.ok("relto user enable --data $D ben");
    let fresh = node.ok("relto user rotate-token --data $D ben").last().to_owned();
    assert_eq!((server.objects(&ben, "intel").0, server.objects(&fresh, "intel").0), (401, 200));
}

#[test]
fn a_group_counts_when_the_label_was_made_and_now() {
    let node = Node::new();
    node.user("swede --nation SWE --org SE --clearance NATO:SECRET");
    node.file("object.json", indicator(1));
    node.ok("relto load --data $D --collection intel --label 'NATO SECRET' --label-date 2020-01-01 $F/object.json");
    assert!(node.ids("swede").is_empty(), "Sweden joined later");
    node.file("object.json", indicator(2));
    node.ok("relto load --data $D --collection intel --label 'NATO SECRET' $F/object.json");
    assert_eq!(node.ids("swede"), [indicator_id(2)].into());
    let said = node.ok(&format!("relto explain --data $D {} --as swede", indicator_id(1)));
    assert!(said.out.contains("SWE joined NATO after the label was made"), "{said:?}");
}

#[test]
fn an_export_is_what_the_client_sees() {
    let (node, tokens) = three();
    for (number, label) in (1..).zip(["TLP:CLEAR", "NATO SECRET", "SECRET//NOFORN", "NATO RESTRICTED REL TO JPN"]) {
        load(&node, number, &format!("--label '{label}'"));
    }
    let without = ["amelie", "ben", "kenji"].map(|name| node.ids(name));
    let server = Server::start(&node);
    for ((name, token), without) in ["amelie", "ben", "kenji"].into_iter().zip(&tokens).zip(without) {
        let (status, seen) = server.objects(token, "intel");
        assert_eq!((status, &seen), (200, &without), "{name}");
        assert_eq!(node.ids(name), without, "{name}, through the server");
    }
    node.ok("relto collection add --data $D secret --label 'SECRET//NOFORN'");
    node.refused("relto export --data $D --as kenji --collection secret", 3, &["there is no collection `secret` for this user"]);
    assert_eq!(server.objects(&tokens[2], "secret").0, 404);
}

#[test]
fn explain_names_each_rule_and_what_would_change_it() {
    let (node, _) = three();
    load(&node, 1, "--label 'SECRET//SI//REL TO USA, FRA'");
    let explain = |name: &str| node.ok(&format!("relto explain --data $D {} --as {name}", indicator_id(1))).out;
    let kenji = explain("kenji");
    for words in
        ["withheld from kenji", "clearance for USA SECRET", "JPN is not in the audience", "access SI is not held", "would change it: "]
    {
        assert!(kenji.contains(words), "{words}: {kenji}");
    }
    for rule in 2..=4 {
        assert!(kenji.contains(&format!("(ADatP-4774.1, 3.11.4 rule {rule})")), "{rule}: {kenji}");
    }
    let ben = explain("ben");
    assert!(ben.contains("cleared USA:SECRET") && ben.contains("access SI is not held"), "{ben}");
    node.ok("relto user set --data $D ben --access SI");
    assert!(explain("ben").contains("released to ben"));
    let machine = node.ok(&format!("relto explain --json --data $D {} --as kenji", indicator_id(1))).json();
    assert_eq!((&machine["versions"][0]["released"], &machine["user"]), (&json!(false), &json!("kenji")));
}

#[test]
fn a_load_keeps_the_bytes_and_takes_every_form() {
    let node = Node::new();
    node.user("amelie --nation FRA --org 'French Node'");
    node.file("list.json", format!("[{}]", indicator(1)));
    node.file("lines.jsonl", format!("{}\n\n{}\n", indicator(2), indicator(3)));
    node.file("plain.json", bundle(&[indicator(4)]));
    node.ok("gzip -c $F/plain.json > $F/packed.json.gz");
    node.file("other.json", bundle(&[indicator(5)]));
    std::fs::write(node.file("packed.zst", ""), zstd::encode_all(bundle(&[indicator(6)]).as_bytes(), 3).unwrap()).unwrap();
    node.ok("relto load --data $D --collection intel $F/list.json $F/lines.jsonl $F/packed.json.gz $F/packed.zst");
    node.ok("cat $F/other.json | relto load --data $D --collection intel -");
    assert_eq!(node.ids("amelie"), (1..=6).map(indicator_id).collect());
    let report = node.ok("relto load --data $D --collection intel --json $F/list.json").json();
    assert_eq!((&report["added"], &report["present"]), (&json!(0), &json!(1)));
    assert!(node.ok("relto export --data $D --as amelie").out.contains(&indicator(3)), "an object is kept as the bytes that arrived");
}

#[test]
fn a_password_is_read_from_standard_input_and_shown_nowhere() {
    let (node, _) = three();
    let password = |words: &str, name: &str| format!("printf '{words}\\n' | relto user password --data $D {name}");
    let said = node.ok(&password("correct horse battery", "amelie"));
    assert!(said.out.contains("`amelie` has a new password"), "{said:?}");
    for list in ["relto user list --json --data $D", "relto log --json --data $D", "relto log --data $D"] {
        let said = node.ok(list);
        assert!(!said.out.contains("argon2") && !said.out.contains("correct horse"), "{list}: {}", said.out);
    }
    assert!(node.ok("relto log --data $D").out.contains("user password"));
    node.refused(&password("too short", "amelie"), 1, &["at least 12 characters"]);
    node.refused("relto user password --json --data $D amelie", 1, &["at least 12 characters"]);
    node.refused(&password("correct horse battery", "nobody"), 3, &["nobody"]);
    node.refused(&password("correct horse battery", "amelie").replace("$D", "$F/none"), 3, &["none"]);
}

#[test]
fn a_certificate_is_given_to_one_account() {
    let (node, _) = three();
    let certificate = "$D/tls/certificate.pem";
    let said = node.ok(&format!("relto user certificate --data $D amelie {certificate}"));
    assert!(said.out.contains("`amelie` signs in with the certificate whose public key has the SHA-256 "), "{said:?}");
    assert!(node.ok("relto log --data $D").out.contains("user certificate"));
    node.refused(&format!("relto user certificate --data $D ben {certificate}"), 1, &["already"]);
    node.refused("relto user certificate --data $D ben $D/tls/key.pem", 1, &["not a certificate", "PEM or DER"]);
    node.refused("relto user certificate --data $D ben $F/none.pem", 3, &["none.pem"]);
    assert!(node.ok("relto user certificate --data $D amelie --none").out.contains("no certificate any more"));
    node.ok(&format!("relto user certificate --data $D ben {certificate}"));
    node.refused("relto serve --data $D --listen 127.0.0.1:0 --client-ca $F/none.pem", 3, &["--client-ca"]);
    node.refused("relto serve --data $D --listen 127.0.0.1:0 --client-ca $D/tls/key.pem", 1, &["authorities of clients"]);
}
