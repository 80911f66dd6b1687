//! What the nodes of a federation write: few objects that refer to each other across nodes, in several versions, with markings inside.
//!
//! The content of an id and version is the same in every world and whoever loads it, so that a world without some of them differs in
//! nothing else.

use serde_json::{Value as Json, json};

use crate::draw::Draw;

/// Labels as operators give them.
pub(super) const LABELS: [&str; 15] = [
    "TLP:CLEAR",
    "TLP:CLEAR",
    "TLP:GREEN",
    "TLP:AMBER",
    "TLP:AMBER+STRICT",
    "TLP:RED",
    "NATO UNCLASSIFIED",
    "NATO RESTRICTED",
    "NATO SECRET",
    "NATO RESTRICTED REL TO JPN",
    "EU RESTRICTED",
    "SECRET//REL TO USA, FRA, DEU",
    "ORG:Org 0; Org 1; Org 2",
    "ORG:Org 1; Org 3",
    "TLP:CLEAR AND HANDLING:ORCON Org 0",
];
/// Markings inside objects: TLP as everybody knows it, and four of this world.
const MARKINGS: [&str; 8] = [
    "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
    "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82",
    "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
    "marking-definition--aaaaaaaa-0000-4000-8000-000000000001",
    "marking-definition--aaaaaaaa-0000-4000-8000-000000000002",
    "marking-definition--aaaaaaaa-0000-4000-8000-000000000003",
    "marking-definition--aaaaaaaa-0000-4000-8000-000000000004",
];
/// Objects of each kind that one organisation writes.
const NUMBERS: usize = 3;

/// The id of an object that `org` writes.
pub(super) fn id(kind: &str, org: usize, number: usize) -> String {
    format!("{kind}--bbbbbbbb-0000-4000-8{org:03x}-00000000000{number}")
}

/// The id of one that is no marking.
pub(super) fn any_id(draw: &mut Draw, org: usize) -> String {
    id(draw.one(&["indicator", "identity", "relationship"]), org, draw.below(NUMBERS))
}

/// The id of one that refers to nothing: the new label of one that does holds those of what it refers to, which the twin may lack.
pub(super) fn standalone_id(draw: &mut Draw, org: usize) -> String {
    id(draw.one(&["indicator", "identity"]), org, draw.below(NUMBERS))
}

/// The id of one that `org` can recall: an observable as well, which others have written too.
pub(super) fn recallable_id(draw: &mut Draw, org: usize) -> String {
    let which = draw.below(NUMBERS);
    if draw.chance(25) { observable_id(which) } else { any_id(draw, org) }
}

fn observable_id(which: usize) -> String {
    format!("ipv4-addr--bbbbbbbb-0000-4000-8000-00000000000{which}")
}

/// A few objects of `org`, which may refer to those of `others`.
pub(super) fn objects(draw: &mut Draw, org: usize, others: usize) -> Vec<Json> {
    let mut objects: Vec<Json> = (0..1 + draw.below(4)).map(|_| object(draw.below(36), org, others)).collect();
    let named = |objects: &[Json], id: &str| {
        objects.iter().any(|object| object["object_marking_refs"].as_array().is_some_and(|all| all.contains(&json!(id))))
    };
    for number in 0..4 {
        if named(&objects, MARKINGS[4 + number]) {
            objects.push(marking(number));
        }
    }
    objects.dedup();
    objects
}

/// The object of `org` that has this `number`: content follows from both.
fn object(number: usize, org: usize, others: usize) -> Json {
    let mut draw = Draw::new((number + 100 * org) as u64);
    let (kind, which, version) = (number % 4, number / 4 % NUMBERS, number / 12);
    let mut object = match kind {
        0 => json!({"type": "indicator", "id": id("indicator", org, which), "pattern_type": "stix",
            "pattern": format!("[ipv4-addr:value = '192.0.2.{version}']"), "valid_from": "2026-01-01T00:00:00Z"}),
        1 => json!({"type": "identity", "id": id("identity", org, which), "name": format!("name {version}")}),
        2 => json!({"type": "relationship", "id": id("relationship", org, which), "relationship_type": "related-to",
            "source_ref": id("indicator", org, draw.below(NUMBERS)), "target_ref": id("identity", draw.below(others), draw.below(NUMBERS))}),
        _ => {
            return json!({"type": "ipv4-addr", "spec_version": "2.1", "id": observable_id(which), "value": format!("192.0.2.{which}")});
        }
    };
    object["spec_version"] = json!("2.1");
    object["created"] = json!("2026-01-01T00:00:00.000Z");
    object["modified"] = json!(format!("2026-01-0{}T00:00:00.000Z", version + 1));
    if draw.chance(50) {
        object["object_marking_refs"] = json!([draw.one(&MARKINGS)]);
    }
    object
}

fn marking(number: usize) -> Json {
    let facet = [
        json!({"policy": "NATO", "classification": "RESTRICTED", "permissive": [{"tag": "Releasable To", "values": ["NATO"]}]}),
        json!({"policy": "EU", "classification": "RESTRICTED", "permissive": [{"tag": "Releasable To", "values": ["EU", "USA"]}]}),
        json!({"policy": "LAW", "classification": "LAW", "restrictive": [{"tag": "PURPOSE", "values": ["CYBER DEFENCE"]}]}),
        json!({"policy": "LAW", "classification": "LAW", "restrictive": [{"tag": "PROP", "values": ["UNDER C-1"]}]}),
    ];
    json!({"type": "marking-definition", "spec_version": "2.1", "id": MARKINGS[4 + number], "created": "2026-01-01T00:00:00.000Z",
        "extensions": {relto_policy::marking::LABEL_EXTENSION: {"extension_type": "property-extension", "policies": [facet[number]]}}})
}
