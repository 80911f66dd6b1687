//! One small valid object of every type that the model knows.

use relto_model::kinds::{Kinds, standard};
use serde_json::{Value as Json, json};

/// Every object type: the standard's, those that folders define, and one that nobody declared.
pub(crate) fn names() -> Vec<String> {
    let kinds = Kinds::builtin();
    let defined = kinds.iter().filter(|kind| kind.class.is_some()).map(|kind| kind.name.clone());
    standard().map(str::to_owned).chain(defined).chain(["x-example".to_owned()]).collect()
}

/// An object of `kind`, without markings, under `id`.
pub(crate) fn example(kind: &str, id: &str) -> Json {
    let mut object = match Kinds::builtin().get(kind) {
        Some(defined) => serde_json::from_slice(&defined.example).unwrap(),
        None => own(kind).unwrap_or_else(|| panic!("no example of type `{kind}`: add one here, and read the table anew")),
    };
    object["type"] = json!(kind);
    object["id"] = json!(id);
    object["spec_version"] = json!("2.1");
    if !is_observable(kind) {
        object["created"] = json!("2026-01-01T00:00:00.000Z");
    }
    if !is_observable(kind) && kind != "marking-definition" {
        object["modified"] = json!("2026-01-01T00:00:00.000Z");
    }
    object
}

fn is_observable(kind: &str) -> bool {
    OBSERVABLES.iter().any(|(name, _)| *name == kind)
}

/// The observables and what each must have.
const OBSERVABLES: [(&str, &str); 18] = [
    ("artifact", r#"{"payload_bin": "cmVsdG8="}"#),
    ("autonomous-system", r#"{"number": 64496}"#),
    ("directory", r#"{"path": "/srv"}"#),
    ("domain-name", r#"{"value": "example.org"}"#),
    ("email-addr", r#"{"value": "anna@example.org"}"#),
    ("email-message", r#"{"is_multipart": false, "subject": "minutes"}"#),
    ("file", r#"{"name": "minutes.txt"}"#),
    ("ipv4-addr", r#"{"value": "192.0.2.1"}"#),
    ("ipv6-addr", r#"{"value": "2001:db8::1"}"#),
    ("mac-addr", r#"{"value": "00:00:5e:00:53:01"}"#),
    ("mutex", r#"{"name": "lock"}"#),
    ("network-traffic", r#"{"protocols": ["tcp"], "src_ref": "ipv4-addr--ff26c055-6336-5bc5-b98d-13d6226742dd"}"#),
    ("process", r#"{"pid": 1}"#),
    ("software", r#"{"name": "relay"}"#),
    ("url", r#"{"value": "https://example.org/"}"#),
    ("user-account", r#"{"user_id": "anna"}"#),
    ("windows-registry-key", r#"{"key": "HKEY_LOCAL_MACHINE\\Software\\Example"}"#),
    ("x509-certificate", r#"{"serial_number": "36:f7:d4:32:f4:ab:70:ea"}"#),
];

const ABSENT: &str = "identity--00000000-0000-4000-8000-000000000000";

fn own(kind: &str) -> Option<Json> {
    if let Some((_, text)) = OBSERVABLES.iter().find(|(name, _)| *name == kind) {
        return serde_json::from_str(text).ok();
    }
    let object = match kind {
        "attack-pattern" | "campaign" | "course-of-action" | "identity" | "incident" | "infrastructure" | "intrusion-set"
        | "threat-actor" | "tool" | "vulnerability" | "x-example" => json!({"name": "example"}),
        "grouping" => json!({"context": "suspicious-activity", "object_refs": [ABSENT]}),
        "indicator" => json!({"pattern": "[ipv4-addr:value = '192.0.2.1']", "pattern_type": "stix", "valid_from": "2026-01-01T00:00:00Z"}),
        "location" => json!({"country": "FR"}),
        "malware" => json!({"name": "example", "is_family": true}),
        "malware-analysis" => json!({"product": "example", "result": "benign"}),
        "note" => json!({"content": "example", "object_refs": [ABSENT]}),
        "observed-data" => json!({"first_observed": "2026-01-01T00:00:00Z", "last_observed": "2026-01-01T00:00:00Z",
            "number_observed": 1, "object_refs": ["url--00000000-0000-4000-8000-000000000000"]}),
        "opinion" => json!({"opinion": "agree", "object_refs": [ABSENT]}),
        "report" => json!({"name": "example", "published": "2026-01-01T00:00:00Z", "object_refs": [ABSENT]}),
        "relationship" => json!({"relationship_type": "related-to", "source_ref": ABSENT, "target_ref": ABSENT}),
        "sighting" => json!({"sighting_of_ref": "indicator--00000000-0000-4000-8000-000000000000"}),
        "language-content" => json!({"object_ref": ABSENT, "contents": {"fr": {"name": "exemple"}}}),
        "marking-definition" => json!({"definition_type": "statement", "definition": {"statement": "example"}}),
        "extension-definition" => json!({"name": "example", "schema": "https://example.org/schema.json", "version": "1.0.0",
            "extension_types": ["property-extension"], "created_by_ref": ABSENT}),
        _ => return None,
    };
    Some(object)
}
