//! Site policies in Cedar, as a custodian checks them: no node, no data directory.

use serde_json::{Value as Json, json};

use super::support::Node;

const CAVEAT: &str = "@id(\"caveat\") @reason(\"stays here\")\nforbid (principal, action, resource)\nwhen { resource.restrictive.contains(\"NATO/Additional Sensitivity/ATOMAL\") };\n";

/// The form of the answer is fixed, to the letter.
#[test]
fn valid_policies_are_listed() {
    let node = Node::none();
    for name in ["caveat.cedar", "caveat.CEDAR", "caveat.txt", "caveat"] {
        node.file(name, CAVEAT);
        let said = node.ok(&format!("relto policy check $F/{name} --json"));
        let expected = r#"{"valid":true,"policies":[{"id":"caveat","effect":"forbid","reason":"stays here"}],"errors":[]}"#;
        assert_eq!(said.out.trim_end(), expected, "{name}");
        let shown = node.ok(&format!("relto policy check $F/{name}")).out;
        assert!(shown.contains("caveat  stays here") && shown.contains("1 site policies, valid"), "{shown}");
    }
}

#[test]
fn what_is_wrong_is_said_with_its_place_and_a_cure() {
    let node = Node::none();
    let cases = [
        ("unknown.cedar", CAVEAT.replace("restrictive", "restriction"), 3, Some("caveat"), "attribute `restriction`"),
        ("permit.cedar", CAVEAT.replace("forbid", "permit"), 1, Some("caveat"), "`permit` permits nothing here"),
        ("nameless.cedar", CAVEAT.replace("@id(\"caveat\")", ""), 1, None, "a policy without an id"),
        ("cut.cedar", CAVEAT[..60].to_owned(), 2, None, "unexpected"),
        ("xml.cedar", "<SPIF/>".to_owned(), 1, None, "unexpected token `<`"),
        ("empty.cedar", String::new(), 1, None, "no policy"),
    ];
    for (name, text, line, policy, words) in cases {
        node.file(name, text);
        let said = node.run(&format!("relto policy check $F/{name} --json"));
        let answer = said.json();
        assert!(said.code == Some(1) && answer["valid"] == json!(false) && answer["policies"] == json!([]), "{said:?}");
        let error = &answer["errors"][0];
        assert_eq!((&error["line"], &error["policy"]), (&json!(line), &json!(policy)), "{error}");
        assert!(error["column"].is_u64() && error["message"].as_str().unwrap().contains(words), "{error}");
        assert!(error["help"].as_str().is_some_and(|help| !help.is_empty()), "{error}");
        let keys: Vec<&String> = error.as_object().map(serde_json::Map::keys).into_iter().flatten().collect();
        assert_eq!(keys.len(), 5, "{keys:?}");
        let shown = node.run(&format!("relto policy check $F/{name}"));
        assert!(shown.code == Some(1) && shown.out.contains(words) && shown.out.contains("  help: "), "{shown:?}");
        assert!(shown.out.contains(&format!("{name}:{line}:")), "{shown:?}");
    }
    node.refused("relto policy check $F/none.cedar", 3, &["none.cedar: cannot be read"]);
}

#[test]
fn what_deserves_a_second_look_is_a_warning() {
    let node = Node::none();
    node.file("scripts.cedar", "@id(\"a\") forbid (principal, action, resource) when { principal.organisation == \"Відділ CERT\" };");
    let answer = node.ok("relto policy check $F/scripts.cedar --json").json();
    assert_eq!(answer["warnings"].as_array().map(Vec::len), Some(1), "{answer}");
    assert_eq!(answer["policies"][0]["reason"], Json::Null);
    assert!(node.ok("relto policy check $F/scripts.cedar").out.contains("look again:"));
}
