//! Bad input: each gets an error that names place and cure, an exit code that scripts can rely on, and changes nothing.

use std::os::unix::fs::PermissionsExt as _;

use crate::support::{Node, Server, bundle, indicator, indicator_id, indicator_with};

/// Loads `content` as a file, which must be refused with `words`.
fn refused(content: impl AsRef<[u8]>, words: &[&str]) {
    let node = Node::new();
    node.file("bad.json", content);
    node.refused("relto load --data $D --collection intel $F/bad.json", 1, &[&["bad.json"], words].concat());
}

#[test]
fn what_is_not_json_is_named_by_line_and_column() {
    refused("{\"type\":\"bundle\",\n\"objects\":[{]}", &["line 2, column 13"]);
    refused(format!("{}\n{{\"a\":}}\n", indicator(1)), &["line 2, column 6"]);
    refused("", &["the body is empty"]);
    refused(b"{\"type\":\"\xff\"}", &["byte 9", "not UTF-8"]);
    refused(bundle(&[indicator(1)]).replace("[{", "{").replace("}]", "}"), &["must be a list of objects"]);
}

#[test]
fn a_bad_object_is_named_by_pointer_and_section() {
    let good = indicator(1);
    for (bad, pointer) in [
        (good.replace("\"2026-01-01T00:00:00.000Z\",\"modified\"", "\"yesterday\",\"modified\""), "/objects/1/created"),
        (good.replace("\"created\":\"2026", "\"created\":\"2027"), "/objects/1/modified"),
        (good.replace("\"pattern_type\":\"stix\"", "\"pattern_type\":7"), "/objects/1/pattern_type"),
        (good.replace("indicator--", "malware--"), "/objects/1/id"),
        (good.replace("\"pattern_type\":\"stix\",", ""), "/objects/1"),
        (
            indicator_with(
                1,
                r#","granular_markings":[{"selectors":["nothing"],"marking_ref":"marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"}]"#,
            ),
            "/objects/1/granular_markings/0/selectors/0",
        ),
        (indicator_with(1, r#","name":"one","name":"two""#), "/objects/1"),
        (indicator_with(1, &format!(r#","x_deep":{}1{}"#, "[".repeat(500), "]".repeat(500))), "/objects/1"),
    ] {
        refused(bundle(&[indicator(2), bad.clone()]), &[pointer, "STIX 2.1"]);
    }
}

#[test]
fn a_place_is_a_pointer_also_without_a_bundle() {
    let bad = indicator(1).replace("\"pattern_type\":\"stix\"", "\"pattern_type\":7");
    refused(&bad, &["bad.json: /pattern_type: "]);
    refused(format!("{}\n{bad}\n", indicator(2)), &["bad.json: line 2: /pattern_type: "]);
    refused(format!("[{bad}]"), &["bad.json: /0/pattern_type: "]);
}

#[test]
fn one_bad_object_holds_back_the_load_unless_one_says_otherwise() {
    let node = Node::new();
    node.user("amelie --nation FRA --org 'French Node'");
    node.file("mixed.json", bundle(&[indicator(1), indicator(2).replace("indicator--", "malware--")]));
    node.refused("relto load --data $D --collection intel $F/mixed.json", 1, &["nothing was loaded: 1 object(s) refused", "--keep-going"]);
    assert!(node.ids("amelie").is_empty());
    let report = node.ok("relto load --data $D --collection intel --keep-going --json $F/mixed.json").json();
    assert_eq!((report["added"].as_u64(), report["refused"].as_u64()), (Some(1), Some(1)), "{report}");
    assert_eq!(node.ids("amelie"), [indicator_id(1)].into());
}

#[test]
fn an_unknown_kind_is_kept_and_exchanged() {
    let node = Node::new();
    node.user("amelie --nation FRA --org 'French Node'");
    let id = "x-weather--00000000-0000-4000-8000-000000000001";
    node.file("odd.json", format!(r#"{{"type":"x-weather","spec_version":"2.1","id":"{id}","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z","x_wind":3}}"#));
    node.ok("relto load --data $D --collection intel $F/odd.json");
    assert_eq!(node.ids("amelie"), [id.to_owned()].into());
}

#[test]
fn labels_that_no_policy_allows_are_refused() {
    let node = Node::new();
    node.file("object.json", indicator(1));
    for (label, words) in [
        ("SECRET", "say for whom"),
        ("NATO PURPLE", "it has UNCLASSIFIED, RESTRICTED"),
        ("SECRET//REL TO USA, FAR", "did you mean `FRA`?"),
        ("NATO SECRET REL TO NIPPON", "unknown nation or group `NIPPON`"),
        ("SECRET//REL TO FRA, DEU", "begins with USA"),
        ("NATO RESTRICTED ATOMAL", "not a label that the policy allows"),
        ("for your eyes only", "cannot read label"),
        ("marking-definition--11111111-2222-4333-8444-555555555555", "marking-definition--11111111"),
    ] {
        node.refused(&format!("relto load --data $D --collection intel --label '{label}' $F/object.json"), 1, &[words]);
        node.refused(&format!("relto collection add --data $D new --label '{label}'"), 1, &[words]);
    }
    node.refused(
        "relto load --data $D --collection intel --label TLP:RED --addressee nobody $F/object.json",
        3,
        &["there is no user `nobody`"],
    );
    node.refused("relto load --data $D --collection intel --label-date 2999-01-01 $F/object.json", 1, &["2999-01-01", "2026-01-31"]);
    node.refused("relto load --data $D --collection intel --label-date tomorrow $F/object.json", 1, &["tomorrow"]);
}

#[test]
fn people_who_cannot_be_are_refused() {
    let node = Node::new();
    node.user("amelie --nation FRA --org 'French Node'");
    for (words, why) in [
        ("ben --nation FRE --org X", "FRE"),
        ("ben --nation france --org X", "france"),
        ("ben --nation USA --org X --clearance NATO:PURPLE", "PURPLE"),
        ("ben --nation USA --org X --clearance SECRET", "SECRET"),
        ("ben --nation USA --org X --clearance MOON:SECRET", "MOON"),
        ("ben --nation JPN --org X --member NATO", "NATO"),
        ("ben --nation FRA --org X --member NATO@2030-01-01", "NATO"),
        ("ben --nation FRA --org X --member TF7@2027-01-01..2026-01-01", "TF7"),
        ("ben --nation FRA --org X --access PURPLE", "PURPLE"),
        ("ben --nation FRA --org X --role king", "king"),
        ("amelie --nation FRA --org X", "there is a user `amelie` already"),
        ("a:b --nation FRA --org X", "a:b"),
        ("' ' --nation FRA --org X", "is no name of a user"),
        ("'a:b' --nation FRA --org X", "and no `:`"),
        ("new --nation FRA --org 'A; B'", "is no name of an organisation"),
        ("new --nation FRA --org 'Army AND Navy'", "nor ` AND `"),
        ("new --nation FRA --org 'AND NATO SECRET'", "nor ` AND `"),
        ("new --nation FRA --org 'Army AND'", "nor ` AND `"),
        ("new --nation FRA --org 'A=B'", "nor `=`"),
    ] {
        node.refused(&format!("relto user add --data $D {words}"), 1, &[why]);
    }
    node.refused("relto equivalence add --data $D NATO:SECRET 'NATO:TOP SECRET'", 1, &["of one policy"]);
    node.refused("relto user set --data $D amelie --org 'A; B'", 1, &["is no name of an organisation"]);
    node.refused("relto collection add --data $D other --recipient 'A=B=C'", 1, &["`B=C` is no name of an organisation"]);
    node.refused("relto collection set --data $D intel --recipient 'A; B'", 1, &["is no name of an organisation"]);
    node.refused("relto user set --data $D nobody --nation FRA", 3, &["there is no user `nobody`", "relto user list"]);
    node.refused("relto collection add --data $D intel", 1, &["there is a collection `intel` already"]);
}

#[test]
fn what_is_not_there_is_exit_code_3() {
    let node = Node::new();
    node.user("amelie --nation FRA --org 'French Node'");
    node.file("object.json", indicator(1));
    for (line, words) in [
        ("relto load --data $D --collection intel $F/none.json", "none.json: there is no such file"),
        ("relto load --data $D --collection none $F/object.json", "there is no collection `none`"),
        ("relto export --data $D --as nobody", "there is no user `nobody`"),
        ("relto export --data $D --as amelie --collection none", "there is no collection `none`"),
        ("relto explain --data $D indicator--00000000-0000-4000-8000-000000000077 --as amelie", "there is no object"),
        ("relto label set --data $D indicator--00000000-0000-4000-8000-000000000077 TLP:CLEAR", "there is no object"),
        ("relto user rotate-token --data $D nobody", "there is no user `nobody`"),
        ("relto equivalence remove --data $D NATO:SECRET USA:SECRET", "there is no equivalence"),
        ("relto user list --data $F/none", "there is no directory"),
    ] {
        node.refused(line, 3, &[words]);
    }
    node.refused("relto explain --data $D nonsense --as amelie", 1, &["`nonsense` is not an object id"]);
    node.refused("relto load --data $D --collection intel $F", 1, &["is a directory"]);
    node.refused("relto load --data $D --collection intel - -", 2, &["standard input can be read once"]);
}

#[test]
fn a_directory_that_is_not_relto_s_is_left_alone() {
    let node = Node::none();
    std::fs::create_dir(node.data()).unwrap();
    std::fs::write(node.data().join("letter.txt"), "dear").unwrap();
    for line in ["relto user list --data $D", "relto serve --data $D", "relto doctor --data $D"] {
        node.refused(line, 3, &["is not the data directory of a node", "nothing was touched"]);
    }
    node.refused("relto init $D --org X --nation FRA", 1, &["is not empty"]);
    assert_eq!(std::fs::read_dir(node.data()).unwrap().count(), 1);
    std::fs::write(node.data().join("relto.json"), r#"{"relto":"else"}"#).unwrap();
    let said = node.run("relto user list --data $D");
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.err.contains("is not Relto's"), "{said:?}");
    std::fs::write(node.data().join("relto.json"), r#"{"relto":"data directory","format":99,"made_by":"9.9"}"#).unwrap();
    let said = node.run("relto user list --data $D");
    assert!(said.err.contains("has format 99") && said.err.contains("9.9"), "{said:?}");
    assert!(!node.data().join("lock").exists() && !node.data().join("node.sqlite").exists());
}

#[test]
fn init_refuses_what_makes_no_node() {
    let node = Node::new();
    node.refused("relto init $D --org X --nation FRA", 1, &["is the data directory of a node already"]);
    let node = Node::none();
    node.refused("relto init $D --org X --nation FRE", 1, &["FRE"]);
    node.refused("relto init $D --org '' --nation FRA", 1, &["is no name of an organisation"]);
    node.refused("relto init $D --org X --nation FRA --host 'not a host'", 1, &["--host"]);
    assert!(!node.data().exists());
}

#[test]
fn a_store_that_is_damaged_is_named() {
    let node = Node::new();
    let store = node.data().join("node.sqlite");
    let whole = std::fs::read(&store).unwrap();
    std::fs::write(
        &store,
        b"not a database, but long enough to look at: 0123456789012345678901234567890123456789012345678901234567890123456789",
    )
    .unwrap();
    let _ = std::fs::remove_file(node.data().join("node.sqlite-wal"));
    let said = node.run("relto user list --data $D");
    assert!(said.code == Some(1) && said.err.contains("help: "), "{said:?}");
    let doctor = node.run("relto doctor --data $D");
    assert!(doctor.code == Some(1) && doctor.out.contains("wrong"), "{doctor:?}");
    std::fs::remove_file(&store).unwrap();
    let said = node.run("relto user list --data $D");
    assert!(said.code == Some(1) && said.err.contains("node.sqlite is missing"), "{said:?}");
    std::fs::write(&store, whole).unwrap();
}

/// A store or a log that others may read is as good as a copy of everything.
#[test]
fn doctor_finds_files_that_others_may_read() {
    let node = Node::new();
    let _server = Server::start(&node);
    for file in ["node.sqlite", "node.sqlite-wal", "tls/key.pem"] {
        let path = node.data().join(file);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        let doctor = node.run("relto doctor --data $D");
        assert!(doctor.code == Some(1) && doctor.out.contains(file) && doctor.out.contains("chmod"), "{doctor:?}");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
}
