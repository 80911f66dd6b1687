//! What a world holds: few objects that refer to each other, in several versions, with markings on all of them and on their parts.

use serde_json::{Value as Json, json};

use crate::draw::Draw;

/// Markings: fixed ones, four that worlds define, and TLP:RED.
const MARKINGS: [&str; 8] = [
    "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9",
    "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82",
    "marking-definition--aaaaaaaa-0000-4000-8000-000000000001",
    "marking-definition--aaaaaaaa-0000-4000-8000-000000000002",
    "marking-definition--aaaaaaaa-0000-4000-8000-000000000003",
    "marking-definition--aaaaaaaa-0000-4000-8000-000000000004",
    "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
];

/// The extension by which notes of documents are told.
const PROVENANCE: &str = "extension-definition--4b8c0ff8-f0ff-438c-a5ae-11151e1b5e6b";

/// The ids of a world are few, so that acts meet.
pub(super) fn object_id(draw: &mut Draw) -> String {
    if draw.chance(10) { (draw.one(&MARKINGS)).to_owned() } else { no_marking(draw) }
}

/// The id of something that carries markings and is none.
pub(super) fn no_marking(draw: &mut Draw) -> String {
    let number = draw.below(4);
    match draw.below(9) {
        0..3 => id("indicator", number),
        3..5 => id("identity", number),
        5..8 => id("relationship", number),
        _ => id("ipv4-addr", number),
    }
}

fn id(kind: &str, number: usize) -> String {
    format!("{kind}--bbbbbbbb-0000-4000-8000-00000000000{number}")
}

pub(super) fn objects(draw: &mut Draw) -> Vec<Json> {
    let mut objects: Vec<Json> = (0..1 + draw.below(4)).map(|_| object(draw)).collect();
    let said: Vec<Json> = objects.iter().filter_map(said_of).collect();
    objects.extend(said);
    objects
}

/// What is said of some of what was drawn, under its markings: of relationships that a document denies them, or that somebody disagrees, and of identities that a
/// report is about them. It follows from the object, so that worlds have the acts that they had without it.
fn said_of(object: &Json) -> Option<Json> {
    let own = object["id"].as_str()?;
    let (kind, number) = (object["type"].as_str()?, own.chars().next_back()?.to_digit(10)? as usize);
    let refs = json!([own, object.get("target_ref").unwrap_or(&object["id"])]);
    let mut said = match (kind, number) {
        ("relationship", 0 | 2) => {
            let claim = format!("{} related-to name {}", object["source_ref"].as_str()?, number / 2);
            json!({"type": "note", "id": id("note", number), "object_refs": refs,
                "content": format!("The document says that it is not so: {claim}\nThe document: “not so”"),
                "extensions": {PROVENANCE: {"extension_type": "property-extension", "raw_sha256": format!("{number}"), "status": "stated"}}})
        }
        ("relationship", _) => json!({"type": "opinion", "id": id("opinion", number), "opinion": "disagree", "object_refs": refs}),
        ("identity", 0 | 1) => json!({"type": "report", "id": id("report", number), "name": "name 2", "published": "2026-01-01T00:00:00Z",
            "object_refs": [own, id("note", number * 2), id("identity", 3)]}),
        _ => return None,
    };
    for name in ["spec_version", "created", "modified", "created_by_ref", "object_marking_refs"] {
        if let Some(value) = object.get(name) {
            said[name] = value.clone();
        }
    }
    Some(said)
}

fn object(draw: &mut Draw) -> Json {
    let number = draw.below(4);
    let modified =
        draw.one(&["2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z", "2026-01-02T00:00:00.0000Z", "2026-01-03T00:00:00.000Z"]);
    let mut object = match draw.below(10) {
        0..4 => json!({"type": "indicator", "id": id("indicator", number), "pattern_type": "stix",
            "pattern": format!("[ipv4-addr:value = '192.0.2.{}']", draw.below(3)), "valid_from": "2026-01-01T00:00:00Z"}),
        4..6 => json!({"type": "identity", "id": id("identity", number), "name": format!("name {}", draw.below(2))}),
        6..8 => json!({"type": "relationship", "id": id("relationship", number), "relationship_type": "related-to",
            "source_ref": id("indicator", draw.below(4)), "target_ref": id("identity", draw.below(4))}),
        8 => json!({"type": "ipv4-addr", "id": id("ipv4-addr", number), "value": format!("192.0.2.{number}"),
            "defanged": draw.chance(50)}),
        _ => return marking(draw),
    };
    object["spec_version"] = json!("2.1");
    if object["type"] != "ipv4-addr" {
        object["created"] = json!("2026-01-01T00:00:00.000Z");
        object["modified"] = json!(modified);
        if draw.chance(20) {
            object["created_by_ref"] = json!(id("identity", draw.below(4)));
        }
        if draw.chance(4) {
            object["revoked"] = json!(true);
        }
        if draw.chance(40) {
            object["labels"] = json!(["open", format!("closed {}", draw.below(2)), "last"]);
            let part = draw.one(&["labels.[1]", "labels.[1]", "labels"]);
            let mut parts = vec![json!({"marking_ref": draw.one(&MARKINGS), "selectors": [part]})];
            if draw.chance(30) {
                parts.push(json!({"marking_ref": draw.one(&MARKINGS), "selectors": ["labels.[0]", "labels.[1]"]}));
            }
            parts.push(json!({"lang": "en", "selectors": ["labels.[2]"]}));
            object["granular_markings"] = json!(parts);
            if draw.chance(60) {
                // With no object markings: those of its parts count for all of it.
                return object;
            }
        }
    } else if draw.chance(30) {
        object["granular_markings"] = json!([{"marking_ref": draw.one(&MARKINGS), "selectors": ["defanged"]}]);
    }
    let markings: Vec<&str> = (0..draw.below(3)).map(|_| draw.one(&MARKINGS)).collect();
    if !markings.is_empty() && draw.chance(60) {
        object["object_marking_refs"] = json!(markings);
    }
    object
}

/// The markings that worlds define: a statement, two labels of ours, and one that nobody can read.
fn marking(draw: &mut Draw) -> Json {
    let number = draw.below(4);
    let mut marking = json!({"type": "marking-definition", "spec_version": "2.1", "id": MARKINGS[3 + number],
        "created": "2026-01-01T00:00:00.000Z"});
    match number {
        0 => {
            marking["definition_type"] = json!("statement");
            marking["definition"] = json!({"statement": format!("statement {}", draw.below(2))});
        }
        1 => {
            marking["extensions"] = json!({relto_policy::marking::LABEL_EXTENSION: {"extension_type": "property-extension",
                "policies": [{"policy": "NATO", "classification": "SECRET", "permissive": [{"tag": "Releasable To", "values": ["NATO"]}]}]}});
        }
        2 => {
            marking["extensions"] = json!({relto_policy::marking::LABEL_EXTENSION: {"extension_type": "property-extension",
                "policies": [{"policy": "LAW", "classification": "LAW", "restrictive": [{"tag": "GDPR", "values": ["PERSONAL"]}]}]}});
        }
        _ => {
            marking["extensions"] = json!({"extension-definition--cccccccc-0000-4000-8000-000000000001": {
                "extension_type": "property-extension", "secret": "yes"}});
        }
    }
    marking
}
