//! One valid object of every kind of the standard, and what happens when one thing in it changes.

use super::*;
use serde_json::json;

const A: &str = "00000000-0000-4000-8000-00000000000a";

/// Every property of the standard occurs in these at least once. The tests against OASIS's validator start from them, too.
const SAMPLES: &str = include_str!("../../testing/samples.jsonl");

/// The common part of a versioned object.
fn versioned(kind: &str) -> Value {
    json!({"type": kind, "spec_version": "2.1", "id": format!("{kind}--{A}"),
        "created": "2026-01-02T03:04:05.678Z", "modified": "2026-01-02T03:04:05.678Z"})
}

fn id(kind: &str) -> String {
    format!("{kind}--{A}")
}

fn samples() -> Vec<Value> {
    SAMPLES.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn sample(kind: &str) -> Value {
    samples().into_iter().find(|object| object["type"] == kind).unwrap()
}

fn parse(value: &Value) -> Result<Object, ObjectError> {
    Object::parse(value.to_string().into(), &Kinds::builtin())
}

/// `object` with the value at `pointer` replaced, or added when only its parent is there; `null` removes it.
fn changed(mut object: Value, pointer: &str, value: Value) -> Value {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = object.pointer_mut(parent).unwrap();
    match parent {
        Value::Object(map) if value == json!("REMOVED") => drop(map.remove(key).unwrap()),
        Value::Object(map) => drop(map.insert(key.to_owned(), value)),
        Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
        _ => panic!("{pointer} leads nowhere"),
    }
    object
}

#[test]
fn every_kind_of_the_standard() {
    let samples = samples();
    let kinds = crate::schema::sdo::KINDS.iter().chain(crate::schema::sco::KINDS);
    assert_eq!(kinds.clone().count(), samples.len());
    for kind in kinds {
        let value = sample(kind.record.name);
        let object = parse(&value).unwrap_or_else(|error| panic!("{}: {error}", kind.record.name));
        assert_eq!((object.kind(), object.class()), (kind.record.name, kind.class));
        assert_eq!(object.value(), &value);
        let versioned = !matches!(object.class(), Class::Sco);
        assert_eq!(object.version().is_some(), versioned);
        let advice: Vec<_> = object.warnings().iter().filter(|warning| !warning.contains("section 3.4")).collect();
        assert_eq!(advice, [] as [&&str; 0], "{}", kind.record.name);
        for reference in object.references() {
            assert_eq!(value.pointer(&reference.pointer).unwrap(), reference.id.as_str());
        }
        let mut refs = 0;
        count_references(&value, "", &mut refs);
        assert_eq!(object.references().len(), refs, "{}", kind.record.name);
    }
}

fn count_references(value: &Value, key: &str, count: &mut usize) {
    match value {
        Value::String(_) => *count += usize::from(key.ends_with("_ref") || key.ends_with("_refs")),
        Value::Array(list) => list.iter().for_each(|entry| count_references(entry, key, count)),
        Value::Object(map) => map.iter().for_each(|(key, entry)| count_references(entry, key, count)),
        _ => {}
    }
}

/// Every required property of every kind, taken away.
#[test]
fn required_properties() {
    for value in samples() {
        let kind = crate::schema::kind(value["type"].as_str().unwrap()).unwrap();
        let common = crate::schema::common(kind.class, kind.record.name);
        for property in common.iter().chain(kind.record.properties).filter(|property| property.1 == crate::schema::Must) {
            let error = parse(&changed(value.clone(), &format!("/{}", property.0), json!("REMOVED"))).unwrap_err();
            assert!(
                error.pointer.is_empty() && error.message.starts_with(&format!("needs `{}`", property.0)),
                "{}: {error}",
                kind.record.name
            );
        }
    }
}

/// Every property of every kind as a JSON type it is not, as null, and as an empty list.
#[test]
fn property_types() {
    for value in samples() {
        for (name, old) in value.as_object().unwrap() {
            let other = if old.is_boolean() { json!("true") } else { json!(true) };
            for wrong in [other, Value::Null, json!([]), json!([[]])] {
                let error = parse(&changed(value.clone(), &format!("/{name}"), wrong.clone())).unwrap_err();
                assert!(error.pointer.starts_with(&format!("/{name}")), "{} {name} {wrong}: {error}", value["type"]);
            }
        }
    }
}

#[test]
fn rules_of_the_standard() {
    let tlp = json!({"type": "marking-definition", "spec_version": "2.1", "id": id("marking-definition"), "created": "2017-01-20T00:00:00.000Z",
        "name": "TLP:RED", "definition_type": "tlp", "definition": {"tlp": "red"}});
    let white = changed(tlp.clone(), "/id", json!("marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9"));
    let marked = |granular: Value| changed(changed(sample("tool"), "/granular_markings", granular), "/labels", json!(["a", "b"]));
    let marking = id("marking-definition");
    let extended = |name: &str, extension: Value| changed(sample("tool"), "/extensions", json!({name: extension}));
    let definition = "extension-definition--00000000-0000-4000-8000-00000000000b";
    let in_definition = format!("/extensions/{definition}");
    let edit = |kind: &str, pointer: &str, value: Value| changed(sample(kind), pointer, value);
    let gone = || json!("REMOVED");
    for (value, pointer, section) in [
        (json!([]), "", "3.2"),
        (edit("tool", "/type", json!("bundle")), "/type", "3.1"),
        (edit("tool", "/type", json!("Tool")), "/type", "3.1"),
        (edit("tool", "/id", json!("tool-1")), "/id", "2.9"),
        (edit("tool", "/id", json!(id("malware"))), "/id", "2.9"),
        (edit("tool", "/spec_version", json!("2.0")), "/spec_version", "3.2"),
        (edit("tool", "/created", json!("2026-01-02T03:04:05Z")), "/created", "3.2"),
        (edit("tool", "/created", json!("2026-13-02T03:04:05.000Z")), "/created", "2.16"),
        (edit("tool", "/modified", json!("2026-01-02T03:04:05.677999Z")), "/modified", "3.2"),
        (edit("tool", "/confidence", json!(101)), "/confidence", "2.10"),
        (edit("tool", "/confidence", json!(1.5)), "/confidence", "2.10"),
        (edit("tool", "/lang", json!("english language")), "/lang", "3.2"),
        (edit("tool", "/created_by_ref", json!(id("malware"))), "/created_by_ref", "3.3"),
        (edit("tool", "/object_marking_refs", json!([id("identity")])), "/object_marking_refs/0", "3.3"),
        (edit("tool", "/Custom", json!(1)), "/Custom", "3.1"),
        (edit("tool", "/x_a", json!(null)), "/x_a", "2.12"),
        (edit("tool", "/severity", json!(1)), "/severity", "3.8"),
        (edit("tool", "/external_references", json!([{"source_name": "a"}])), "/external_references/0", "2.5"),
        (
            edit("tool", "/external_references", json!([{"source_name": "cve", "external_id": "CVE-26-1"}])),
            "/external_references/0/external_id",
            "2.5",
        ),
        (
            edit("tool", "/external_references", json!([{"source_name": "a", "url": "https://b.example/", "hashes": {"MD5": "0"}}])),
            "/external_references/0/hashes/MD5",
            "2.7",
        ),
        (edit("tool", "/kill_chain_phases/0/phase_name", gone()), "/kill_chain_phases/0", "2.11"),
        (edit("indicator", "/valid_until", json!("2026-01-01T00:00:00.000Z")), "/valid_until", "4.7"),
        (edit("indicator", "/pattern", json!("[file:size = ]")), "/pattern", "4.7"),
        (edit("campaign", "/last_seen", json!("2025-12-31T00:00:00Z")), "/last_seen", "4.2"),
        (edit("relationship", "/stop_time", json!("2026-01-01T00:00:00Z")), "/stop_time", "5.1"),
        (edit("relationship", "/relationship_type", json!("Uses")), "/relationship_type", "5.1"),
        (edit("relationship", "/source_ref", json!(id("sighting"))), "/source_ref", "3.3"),
        (edit("sighting", "/count", json!(1_000_000_000)), "/count", "2.10"),
        (edit("sighting", "/observed_data_refs/0", json!(id("tool"))), "/observed_data_refs/0", "3.3"),
        (edit("location", "/longitude", gone()), "", "4.10"),
        (edit("location", "/latitude", json!(91)), "/latitude", "2.6"),
        (edit("malware", "/name", gone()), "", "4.11"),
        (edit("malware-analysis", "/sample_ref", json!(id("tool"))), "/sample_ref", "3.3"),
        (edit("malware-analysis", "/analysis_sco_refs/0", json!(id("tool"))), "/analysis_sco_refs/0", "3.3"),
        (edit("observed-data", "/object_refs", gone()), "", "4.14"),
        (edit("observed-data", "/object_refs/0", json!(id("tool"))), "/object_refs/0", "3.3"),
        (edit("observed-data", "/number_observed", json!(0)), "/number_observed", "2.10"),
        (edit("opinion", "/opinion", json!("maybe")), "/opinion", "2.4"),
        (edit("language-content", "/contents", json!({"de-": {"name": "a"}})), "/contents", "7.1"),
        (edit("language-content", "/contents/de", json!({"a-b": "a"})), "/contents", "7.1"),
        (edit("extension-definition", "/extension_types", json!(["new-sdo"])), "/extension_properties", "7.3"),
        (edit("marking-definition", "/definition", json!({"x": 1})), "/definition", "7.2.1"),
        (edit("marking-definition", "/definition_type", gone()), "", "7.2.1"),
        (edit("marking-definition", "/object_marking_refs", json!([marking])), "/object_marking_refs", "7.2.1"),
        (tlp, "/definition", "7.2.1"),
        (changed(white, "/definition/tlp", json!("red")), "/definition", "7.2.1"),
        (marked(json!([{"selectors": ["labels.[2]"], "marking_ref": marking}])), "/granular_markings/0/selectors/0", "7.2.3"),
        (marked(json!([{"selectors": ["labels", "nothing"], "marking_ref": marking}])), "/granular_markings/0/selectors/1", "7.2.3"),
        (marked(json!([{"selectors": ["labels"], "marking_ref": marking, "lang": "en"}])), "/granular_markings/0", "7.2.3"),
        (marked(json!([{"selectors": ["labels"]}])), "/granular_markings/0", "7.2.3"),
        (marked(json!([{"selectors": [], "lang": "en"}])), "/granular_markings/0/selectors", "2.12"),
        (extended("oddity", json!({"a": 1})), "/extensions/oddity", "7.3"),
        (extended(definition, json!({})), &in_definition, "7.3"),
        (extended(definition, json!({"abc": 1})), &in_definition, "7.3"),
        (extended(definition, json!({"extension_type": "new"})), &format!("{in_definition}/extension_type"), "7.3"),
        (extended("extension-definition--1", json!({"extension_type": "new-sdo"})), "/extensions/extension-definition--1", "2.9"),
        (edit("file", "/hashes/SHA-256", json!("0")), "/hashes/SHA-256", "2.7"),
        (edit("file", "/hashes", json!({})), "/hashes", "2.7"),
        (edit("file", "/size", json!(-1)), "/size", "2.10"),
        (edit("file", "/extensions/pdf-ext", json!({})), "/extensions/pdf-ext", "6.7.4"),
        (edit("file", "/extensions/archive-ext/contains_refs/0", json!(id("url"))), "/extensions/archive-ext/contains_refs/0", "3.3"),
        (edit("file", "/extensions/windows-pebinary-ext/sections/0/name", gone()), "/extensions/windows-pebinary-ext/sections/0", "6.7.6"),
        (edit("artifact", "/url", json!("https://a.example")), "", "6.1"),
        (edit("artifact", "/payload_bin", json!("***")), "/payload_bin", "2.1"),
        (edit("artifact", "/encryption_algorithm", gone()), "", "6.1"),
        (edit("domain-name", "/resolves_to_refs/0", json!(id("url"))), "/resolves_to_refs/0", "3.3"),
        (edit("email-message", "/is_multipart", json!(false)), "/body_multipart", "6.6"),
        (edit("email-message", "/body_multipart/0", json!({"content_type": "c"})), "/body_multipart/0", "6.6.2"),
        (edit("ipv4-addr", "/value", json!("198.51.100.0/33")), "/value", "6.8"),
        (edit("ipv6-addr", "/value", json!("198.51.100.0")), "/value", "6.9"),
        (edit("mac-addr", "/value", json!("D2-FB-49-24-37-18")), "/value", "6.10"),
        (edit("network-traffic", "/is_active", json!(true)), "/end", "6.12"),
        (edit("network-traffic", "/src_port", json!(65536)), "/src_port", "2.10"),
        (edit("network-traffic", "/ipfix", json!({"a b": 1})), "/ipfix/a b", "2.3"),
        (edit("url", "/value", json!("not a url")), "/value", "1.5"),
        (edit("windows-registry-key", "/key", json!("HKLM\\a")), "/key", "6.17"),
        (json!({"type": "mutex", "id": id("mutex")}), "", "6.11"),
        (json!({"type": "user-account", "id": "user-account--00000000-0000-5000-8000-00000000000a", "display_name": "n"}), "/id", "2.9"),
        (json!({"type": "process", "id": "process--00000000-0000-5000-8000-00000000000a", "pid": 1}), "/id", "2.9"),
    ] {
        let error = parse(&value).err().unwrap_or_else(|| panic!("accepted: {value}"));
        assert_eq!((error.pointer.as_str(), error.section), (pointer, section), "{error}\n{value}");
        assert!(error.to_string().ends_with(&format!("(STIX 2.1, section {section})")));
    }
}

#[test]
fn accepted_with_a_word() {
    let edit = |kind: &str, pointer: &str, value: Value| changed(sample(kind), pointer, value);
    let custom = |kind: &str| changed(versioned(kind), "/anything", json!({"deep_ref": id("tool"), "list_refs": [id("tool")]}));
    for (value, warning) in [
        (edit("malware", "/malware_types/0", json!("new-sort")), Some("malware-type-ov")),
        (edit("file", "/hashes/OWN-HASH", json!("x")), Some("hash-algorithm-ov")),
        (edit("tool", "/undeclared", json!(1)), Some("without `x_`")),
        (edit("tool", "/x_mitre_platforms", json!(["Windows"])), None),
        (edit("tool", "/extensions", json!({"x-acme-ext": {"abc": 1}})), Some("without an extension-definition")),
        (edit("mutex", "/x_a", json!(1)), Some("section 3.4")),
        (custom("x-mitre-tactic"), None),
        (custom("thing"), Some("without `x-`")),
        (edit("indicator", "/pattern_type", json!("yara")), None),
        (edit("indicator", "/pattern_type", json!("own")), Some("pattern-type-ov")),
        (edit("tool", "/granular_markings", json!([{"selectors": ["name", "kill_chain_phases.[0].phase_name"], "lang": "de"}])), None),
        (edit("tool", "/confidence", json!(50.0)), None),
    ] {
        let object = parse(&value).unwrap_or_else(|error| panic!("{error}\n{value}"));
        match warning {
            None => assert_eq!(object.warnings(), [] as [&str; 0], "{value}"),
            Some(words) => assert!(object.warnings().iter().any(|text| text.contains(words)), "{:?}\n{value}", object.warnings()),
        }
    }
}

#[test]
fn references_at_any_depth() {
    let tool = id("tool");
    let object = json!({"type": "x-thing", "spec_version": "2.1", "id": id("x-thing"), "created": "2026-01-01T00:00:00.000Z",
        "modified": "2026-01-01T00:00:00.000Z", "created_by_ref": id("identity"), "object_marking_refs": [id("marking-definition")],
        "granular_markings": [{"selectors": ["labels"], "marking_ref": id("marking-definition")}], "labels": ["a"],
        "x_nested": [{"a/b": {"deep_refs": [tool, "not an id"]}}], "x_label": tool,
        "extensions": {"extension-definition--00000000-0000-4000-8000-00000000000b": {"extension_type": "property-extension", "about_ref": tool}}});
    let object = parse(&object).unwrap();
    let mut found: Vec<&str> = object.references().iter().map(|reference| reference.pointer.as_str()).collect();
    found.sort_unstable();
    assert_eq!(
        found,
        [
            "/created_by_ref",
            "/extensions/extension-definition--00000000-0000-4000-8000-00000000000b/about_ref",
            "/x_nested/0/a~1b/deep_refs/0"
        ]
    );
    assert_eq!((object.object_markings().len(), object.granular_markings().len()), (1, 1));
    assert_eq!(object.class(), Class::Custom);
}

#[test]
fn markings_of_what_stands_inside() {
    let mark = |number: u8| format!("marking-definition--00000000-0000-4000-8000-00000000000{number}");
    let observed = json!({"type": "observed-data", "spec_version": "2.1", "id": id("observed-data"), "created": "2026-01-01T00:00:00.000Z",
        "modified": "2026-01-01T00:00:00.000Z", "first_observed": "2026-01-01T00:00:00Z", "last_observed": "2026-01-01T00:00:00Z",
        "number_observed": 1, "object_marking_refs": [mark(1)],
        "objects": {"0": {"type": "ipv4-addr", "id": id("ipv4-addr"), "value": "192.0.2.1", "object_marking_refs": [mark(2)],
            "granular_markings": [{"selectors": ["value"], "marking_ref": mark(3)}]}},
        "x_more": [{"object_marking_refs": [mark(4)]}]});
    let object = parse(&observed).unwrap();
    assert_eq!(object.object_markings(), [ObjectId::parse(&mark(1)).unwrap()]);
    let mut inner: Vec<&str> = object.inner_markings().iter().map(ObjectId::as_str).collect();
    inner.sort_unstable();
    assert_eq!(inner, [mark(2), mark(3), mark(4)]);
    assert!(object.references().is_empty(), "{:?}", object.references());
}

#[test]
fn classes_of_unknown_kinds() {
    let declared = |kind: &str| json!({"extension-definition--00000000-0000-4000-8000-00000000000b": {"extension_type": kind}});
    let bare = json!({"type": "x-thing", "id": id("x-thing")});
    assert_eq!(parse(&bare).unwrap().class(), Class::Sco);
    for (kind, class) in [("new-sdo", Class::Sdo), ("new-sro", Class::Sro), ("property-extension", Class::Custom)] {
        assert_eq!(parse(&changed(versioned("x-thing"), "/extensions", declared(kind))).unwrap().class(), class);
    }
    assert_eq!(parse(&changed(bare.clone(), "/extensions", declared("new-sco"))).unwrap().class(), Class::Sco);
    assert!(parse(&changed(bare, "/extensions", declared("new-sdo"))).unwrap_err().message.starts_with("needs"));
}

#[test]
fn bytes_and_digest() {
    let tight = parse(&sample("tool")).unwrap();
    let loose = Object::parse(serde_json::to_vec_pretty(&sample("tool")).unwrap().into(), &Kinds::builtin()).unwrap();
    assert_ne!(tight.bytes(), loose.bytes());
    assert_eq!(tight.digest(), loose.digest());
    assert_ne!(tight.digest(), parse(&changed(sample("tool"), "/name", json!("m"))).unwrap().digest());
    assert!(parse(&changed(sample("tool"), "/revoked", json!(true))).unwrap().revoked());
}

/// Ids from the standard's own algorithm, computed by the OASIS library `stix2` 3.0.2.
#[test]
fn recommended_ids() {
    for (value, uuid) in include!("recommended_ids.in") {
        let value: Value = serde_json::from_str(value).unwrap();
        let kind = value["type"].as_str().unwrap();
        assert_eq!(crate::observable_id::of(kind, value.as_object().unwrap()).unwrap().uuid(), uuid, "{kind}");
    }
}
