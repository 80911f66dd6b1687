//! Rules one by one, then every STIX 2.0 object of the test data.

use std::collections::BTreeMap;
use std::io::Read as _;

use super::*;
use crate::data;

fn old(kind: &str, more: Value) -> Value {
    let mut object = json!({"type": kind, "id": format!("{kind}--00000000-0000-4000-8000-00000000000a"),
        "created": "2017-01-01T00:00:00.000Z", "modified": "2017-01-01T00:00:00.000Z"});
    object.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    object
}

/// The objects that became of one, valid, and the rules.
fn converted(value: &Value) -> (Vec<Value>, Vec<&'static str>) {
    let reading = read(value.to_string().into(), &Kinds::builtin()).unwrap_or_else(|error| panic!("{error}\n{value}"));
    (reading.objects.iter().map(|object| object.value().clone()).collect(), reading.changes)
}

#[test]
fn which_is_which() {
    assert!(is_stix20(&old("tool", json!({"name": "n", "labels": ["l"]}))));
    assert!(is_stix20(&json!({"type": "marking-definition", "id": "i", "created": "2017-01-01T00:00:00.000Z"})));
    assert!(!is_stix20(&json!({"type": "url", "id": "url--1", "value": "https://a.example"})));
    assert!(!is_stix20(&old("tool", json!({"spec_version": "2.1"}))));
    assert!(!is_stix20(&json!(["tool"])));
    assert_eq!(convert(b"{\"type\":\"tool\""), None);
    let new = json!({"type": "mutex", "id": "mutex--00000000-0000-4000-8000-00000000000a", "name": "n"});
    assert_eq!(converted(&new), (vec![new], vec![]));
}

#[test]
fn properties() {
    for (kind, more, gone, pointer, value) in [
        ("tool", json!({"name": "n", "labels": ["unknown"]}), "labels", "/tool_types/0", json!("unknown")),
        ("identity", json!({"name": "n", "labels": ["r"], "identity_class": "group"}), "labels", "/roles/0", json!("r")),
        ("threat-actor", json!({"name": "n", "labels": ["spy"]}), "labels", "/threat_actor_types/0", json!("spy")),
        ("malware", json!({"name": "n", "labels": ["worm"]}), "labels", "/is_family", json!(true)),
        ("malware", json!({"name": "n", "labels": ["worm"], "is_family": false}), "labels", "/is_family", json!(false)),
        (
            "report",
            json!({"name": "n", "labels": ["tool"], "published": "2017-01-01T00:00:00Z",
            "object_refs": ["tool--00000000-0000-4000-8000-00000000000a"]}),
            "labels",
            "/report_types/0",
            json!("tool"),
        ),
        (
            "indicator",
            json!({"labels": ["benign"], "pattern": "[file:size = 1]", "valid_from": "2017-01-01T00:00:00Z"}),
            "labels",
            "/pattern_type",
            json!("stix"),
        ),
        (
            "indicator",
            json!({"pattern": "[file:size = 1] START '2017-01-01T00:00:00Z' STOP '2017-01-02T00:00:00Z'"}),
            "labels",
            "/pattern",
            json!("[file:size = 1] START t'2017-01-01T00:00:00Z' STOP t'2017-01-02T00:00:00Z'"),
        ),
        ("campaign", json!({"name": "n", "aliases": [], "x_own": 1}), "aliases", "/x_own", json!(1)),
        (
            "tool",
            json!({"name": "n", "created": "2017-01-01T00:00:00Z", "modified": "2017-01-01T00:00:00.5Z"}),
            "labels",
            "/modified",
            json!("2017-01-01T00:00:00.500Z"),
        ),
        ("campaign", json!({"name": "n", "labels": ["kept"]}), "aliases", "/labels/0", json!("kept")),
    ] {
        let (objects, changes) = converted(&old(kind, more));
        assert_eq!(objects[0].pointer(pointer), Some(&value), "{kind}");
        assert!(objects[0].get(gone).is_none() && objects[0]["spec_version"] == "2.1" && !changes.is_empty());
        assert_eq!(objects[0]["id"], format!("{kind}--00000000-0000-4000-8000-00000000000a"));
    }
    let white = json!({"type": "marking-definition", "id": "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9",
        "created": "2017-01-20T00:00:00.000Z", "definition_type": "tlp", "definition": {"tlp": "white"}});
    assert_eq!(converted(&white).0[0]["name"], "TLP:WHITE");
}

#[test]
fn observed_data() {
    let red = "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed";
    let green = "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da";
    let observed = old(
        "observed-data",
        json!({"first_observed": "2017-01-01T00:00:00Z", "last_observed": "2017-01-01T00:00:00Z",
        "number_observed": 2, "object_marking_refs": [green],
        "granular_markings": [{"selectors": ["objects.1.value", "number_observed"], "marking_ref": red}, {"selectors": ["objects.4"], "marking_ref": red}],
        "objects": {
            "0": {"type": "ipv4-addr", "value": "198.51.100.3"},
            "1": {"type": "domain-name", "value": "example.com", "resolves_to_refs": ["0"]},
            "2": {"type": "network-traffic", "src_ref": "0", "protocols": ["tcp"], "extensions": {
                "http-request-ext": {"request_method": "get", "request_value": "/", "request_header": {"Accept": "x"}}}},
            "3": {"type": "process", "pid": 1, "name": "n", "arguments": ["a"], "binary_ref": "4", "created": "2017-01-01T00:00:00Z"},
            "4": {"type": "file", "name": "f", "hashes": {"ssdeep": "3:a:b"}, "is_encrypted": true, "created": "2017-01-01T00:00:00Z",
                "parent_directory_ref": "5", "extensions": {"x-own": {"abc": 1}}},
            "5": {"type": "directory", "path": "/", "contains_refs": ["4"]},
            "6": {"type": "ipv4-addr", "value": "198.51.100.3"}}}),
    );
    let (objects, changes) = converted(&observed);
    let of = |kind: &str| objects.iter().find(|object| object["type"] == kind).unwrap();
    let id = |kind: &str| of(kind)["id"].as_str().unwrap();
    assert_eq!(objects.len(), 7, "two of one value are one");
    assert_eq!(id("ipv4-addr"), "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4");
    assert_eq!(objects[0]["object_refs"].as_array().unwrap().len(), 6);
    assert!(objects[0].get("objects").is_none());
    assert_eq!(of("domain-name")["resolves_to_refs"][0], id("ipv4-addr"));
    assert_eq!(of("network-traffic")["src_ref"], id("ipv4-addr"));
    assert_eq!(of("network-traffic")["extensions"]["http-request-ext"]["request_header"]["Accept"], json!(["x"]));
    assert_eq!(of("process")["image_ref"], id("file"));
    assert_eq!(of("process")["x_arguments"], json!(["a"]));
    assert_eq!(of("directory")["contains_refs"][0], id("file"));
    assert_eq!(of("file")["parent_directory_ref"], id("directory"));
    assert_eq!((&of("file")["hashes"]["SSDEEP"], &of("file")["extensions"]["x-own-ext"]["abc"]), (&json!("3:a:b"), &json!(1)));
    assert_eq!(of("ipv4-addr")["object_marking_refs"], json!([green]));
    assert_eq!(of("domain-name")["object_marking_refs"], json!([green, red]));
    assert_eq!(of("file")["object_marking_refs"], json!([green, red]));
    assert_eq!(objects[0]["granular_markings"], json!([{"selectors": ["number_observed"], "marking_ref": red}]));
    assert!(changes.len() > 8, "{changes:?}");
    assert_eq!(converted(&observed), (objects, changes), "the same again");
}

/// Nothing that withholds is dropped on the way: what has no place in the parts is refused as the standard refuses it.
#[test]
fn observed_data_that_would_lose_something() {
    let red = "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed";
    let green = "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da";
    let observed = |more: Value| {
        let mut value = old(
            "observed-data",
            json!({"first_observed": "2017-01-01T00:00:00Z", "last_observed": "2017-01-01T00:00:00Z",
            "number_observed": 1, "objects": {"0": {"type": "ipv4-addr", "value": "198.51.100.3"}}}),
        );
        value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        value
    };
    let reading = |value: &Value| read(serde_json::to_vec(value).unwrap().into(), &Kinds::builtin());
    assert!(reading(&observed(json!({}))).is_ok());
    for (lost, place) in [
        (json!({"granular_markings": {"selectors": ["objects.0"], "marking_ref": red}}), "/granular_markings"),
        (json!({"granular_markings": [{"selectors": "objects.0", "marking_ref": red}]}), "/granular_markings/0/selectors"),
        (json!({"granular_markings": [{"selectors": ["objects.0"]}]}), "/granular_markings/0"),
        (json!({"granular_markings": [{"selectors": ["objects.9"], "marking_ref": red}]}), "/granular_markings/0/selectors/0"),
        (json!({"granular_markings": [{"selectors": ["objects_too"], "marking_ref": red}]}), "/granular_markings/0/selectors/0"),
        (json!({"objects": {"0": {"value": "198.51.100.3"}}}), "/objects/0"),
        (json!({"objects": {"0": 7}}), "/objects/0"),
    ] {
        let error = reading(&observed(lost.clone())).expect_err("what would be lost");
        assert!(error.pointer.starts_with(place), "{lost}: {error}");
    }
    let marked = observed(json!({"object_marking_refs": [green], "objects": {
        "0": {"type": "ipv4-addr", "value": "198.51.100.3", "object_marking_refs": [red]},
        "1": {"type": "ipv4-addr", "value": "198.51.100.3", "x_seen": 2}}}));
    let (objects, _) = converted(&marked);
    assert_eq!(objects[1]["object_marking_refs"], json!([red, green]));
    assert_eq!((objects.len(), &objects[2]["x_seen"]), (3, &json!(2)), "one value, two contents");
}

fn unpacked(path: &std::path::Path) -> Bytes {
    let mut text = Vec::new();
    zstd::Decoder::new(std::fs::File::open(path).unwrap()).unwrap().read_to_end(&mut text).unwrap();
    text.into()
}

/// Reads every object of `files`; the rules applied, how often.
fn read_all(files: impl Iterator<Item = std::path::PathBuf>) -> (usize, usize, BTreeMap<&'static str, u64>) {
    let (mut count, mut refused, mut rules) = (0, 0, BTreeMap::new());
    for path in files {
        for raw in crate::bundle::split(&unpacked(&path)).unwrap() {
            count += 1;
            match read(raw.bytes, &Kinds::builtin()) {
                Ok(reading) => reading.changes.into_iter().for_each(|rule| *rules.entry(rule).or_default() += 1),
                Err(error) => {
                    refused += 1;
                    eprintln!("{}: {}{error}", path.display(), raw.place);
                }
            }
        }
    }
    (count, refused, rules)
}

fn compressed(folder: &std::path::Path, part: &str) -> Vec<std::path::PathBuf> {
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.filter(|path| path.to_str().is_some_and(|name| name.ends_with(".zst") && name.contains(part))).collect()
}

#[test]
fn unit42_converts() {
    let Some(folder) = data::folder("stix-unit42") else { return };
    let files = compressed(&folder, "");
    assert_eq!(files.len(), 72);
    let (count, refused, rules) = read_all(files.into_iter());
    assert_eq!((count, refused), (44_507, 0), "{rules:#?}");
    assert_eq!(rules["spec_version set to 2.1"], 44_507);
    assert_eq!(rules["indicator: pattern_type set to stix"], 4_242);
}

#[test]
fn attack_enterprise_converts() {
    let Some(folder) = data::folder("stix-attack") else { return };
    let (count, refused, rules) = read_all(compressed(&folder, "stix20").into_iter());
    assert_eq!((count, refused), (24_771, 0), "{rules:#?}");
}
