//! Terms of an agreement, on the command line and between two processes.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use super::{Nation, comes_true, numbers};
use crate::support::{bundle, indicator, indicator_id};

const FACTS: &str = r#"{"purpose": "cyber defence", "instruments": [{"id": "C-1"}, {"id": "C-2"}]}"#;
/// The markings of what is loaded: the one is for two purposes, the other under a contract.
const MARKINGS: [(&str, &str); 2] = [("PURPOSE", "CYBER DEFENCE, CRISIS RESPONSE"), ("PROP", "UNDER C-1")];

fn marking_id(number: usize) -> String {
    format!("marking-definition--aaaaaaaa-0000-4000-8000-00000000000{number}")
}

impl Nation {
    /// Loads the indicators 1 and 2, each with one of the markings, and 3 with none.
    fn loads_marked(&self) {
        let marked = |number: u32| {
            let mut object: Json = serde_json::from_str(&indicator(number)).unwrap();
            object["object_marking_refs"] = json!([marking_id(number as usize - 1)]);
            object.to_string()
        };
        let definition = |(number, (law, value)): (usize, &(&str, &str))| {
            json!({"type": "marking-definition", "spec_version": "2.1", "id": marking_id(number), "created": "2026-01-01T00:00:00.000Z",
                "extensions": {(relto_policy::marking::LABEL_EXTENSION): {"extension_type": "property-extension",
                    "policies": [{"policy": "LAW", "classification": "LAW", "restrictive": [{"tag": law, "values": [value]}]}]}}})
            .to_string()
        };
        let objects: Vec<_> = [marked(1), marked(2), indicator(3)].into_iter().chain(MARKINGS.iter().enumerate().map(definition)).collect();
        self.node.file("load.json", bundle(&objects));
        self.node.ok("relto load --data $D --collection intel --label 'NATO RESTRICTED' $F/load.json");
    }

    fn sees_indicators(&self) -> BTreeSet<String> {
        self.sees().into_iter().filter(|id| id.starts_with("indicator--")).collect()
    }

    fn knows_facts(&self) {
        self.node.file("facts.json", FACTS);
        self.node.ok("relto user set --data $D reader --facts $F/facts.json");
    }
}

#[test]
fn what_goes_and_what_is_taken_in_is_what_was_agreed() {
    let (america, france) = (Nation::new("American Node", "USA"), Nation::new("French Node", "FRA"));
    america.knows_facts();
    france.knows_facts();
    america.loads_marked();
    // What it would release is shown beforehand, label by label.
    america.node.file("card.json", france.card().to_string());
    let add = "relto partner add --data $D $F/card.json --nation FRA --clearance NATO:SECRET --collection intel --facts $F/facts.json";
    let effect = |terms: &str| america.node.ok(&format!("{add} {terms} --what-if --json")).json();
    let wide = effect("");
    let of = |effect: &Json, side: &str, label: &str| -> u64 {
        let labels = effect[side]["intel"].as_object().into_iter().flatten();
        labels.filter(|(known, _)| known.contains(label)).map(|(_, count)| count.as_u64().unwrap()).sum()
    };
    let (by_contract, for_purpose) = ("PROP UNDER C-1", "PURPOSE CYBER DEFENCE");
    assert_eq!((of(&wide, "released", by_contract), of(&wide, "released", for_purpose)), (1, 1), "{wide}");
    let narrow = effect("--send-law PURPOSE --send-purpose 'cyber defence' --send-ground none");
    assert_eq!((of(&narrow, "released", by_contract), of(&narrow, "released", for_purpose)), (0, 1), "{narrow}");
    assert_eq!(of(&narrow, "withheld", by_contract), of(&wide, "withheld", by_contract) + 1, "{narrow}");
    // Without that contract, and only for the purpose that it has.
    america.meets(&france, "--facts $F/facts.json --send-ground C-2 --send-purpose 'cyber defence'");
    france.meets(&america, "--pull");
    comes_true(|| france.sees_indicators() == numbers([1, 3]), || france.links());
    let explained = america.node.ok(&format!("relto explain --data $D {} --as 'French Node'", indicator_id(2))).out;
    assert!(explained.contains("agreement: it is about the ground C-2, and not C-1"), "{explained}");
    let sends = america.partner("French Node")["sends"].clone();
    assert_eq!(sends, json!({"purposes": ["cyber defence"], "grounds": ["C-2"]}));
    let listed = america.node.ok("relto partner list --data $D").out;
    assert!(listed.contains("what goes to French Node: only for cyber defence; only on the grounds C-2"), "{listed}");
    // The receiver's own terms: what is outside is named in quarantine and not kept.
    france.meets(&america, "--pull --accept-law PURPOSE --accept-up-to NATO:RESTRICTED");
    america.meets(&france, "--facts $F/facts.json");
    let waits = || france.node.ok("relto quarantine list --data $D --json").json();
    comes_true(|| waits().as_array().is_some_and(|all| all.iter().any(|one| one["id"] == indicator_id(2))), || france.links());
    let all = waits();
    let one = all.as_array().unwrap().iter().find(|one| one["id"] == indicator_id(2)).unwrap();
    assert_eq!(one["reason"], "its label is outside what is taken in: tags of PURPOSE, and not PROP");
    assert_eq!(one["kept"], json!([]));
    assert_eq!(france.sees_indicators(), numbers([1, 3]));
}

/// A partner that gives one of two collections, and takes the other alone, keeps nothing of the first from coming.
#[test]
fn a_collection_that_is_not_given_keeps_no_other_from_coming() {
    let (america, france) = (Nation::new("American Node", "USA"), Nation::new("French Node", "FRA"));
    [&america, &france].iter().for_each(|nation| drop(nation.node.ok("relto collection add --data $D alpha")));
    america.load([1], "NATO SECRET");
    america.meets(&france, "--collection alpha --send-collection intel --accept-collection alpha");
    france.meets(&america, "--collection alpha --pull");
    france.comes_to_see(&numbers([1]));
    comes_true(|| france.partner("American Node")["link"]["error"].as_str().is_some_and(|error| error.contains("403")), || france.links());
}

#[test]
fn what_is_no_law_purpose_ground_or_collection_is_refused_with_what_there_is() {
    let (america, france) = (Nation::new("American Node", "USA"), Nation::new("French Node", "FRA"));
    america.node.file("card.json", france.card().to_string());
    america.node.file("facts.json", FACTS);
    let add = "relto partner add --data $D $F/card.json --nation FRA --collection intel --facts $F/facts.json";
    for (terms, words) in [
        ("--send-law GDRP", ["no legal rule is of `GDRP`", "GDPR, LED"]),
        ("--accept-law GDPR --accept-law none", ["`none` is no name", "alone"]),
        ("--send-purpose sales", ["`sales` is no purpose of the recipient", "cyber defence"]),
        ("--send-ground C-3", ["`C-3` is no ground", "C-1, C-2"]),
        ("--accept-collection secret", ["not about a collection `secret`", "it is about intel"]),
        ("--send-up-to NATO:HIGH", ["no level `HIGH`", "RESTRICTED"]),
    ] {
        america.node.refused(&format!("{add} {terms}"), 1, &words);
    }
    assert!(america.node.ok("relto partner list --data $D").out.contains("no partners yet"));
}
