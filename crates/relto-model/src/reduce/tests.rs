//! Reduced objects: case by case, then over one object of every kind and the objects of the test data, with parts drawn by proptest.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{data, stix20};

const SAMPLES: &str = include_str!("../../testing/samples.jsonl");
const FRESH: &str = "2026-05-06T07:08:09.123456Z";
const MARKING: &str = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421";

fn parse(value: &Value) -> Object {
    Object::parse(value.to_string().into(), &Kinds::builtin()).unwrap()
}

fn reduced(object: &Object, parts: &[Part]) -> Result<Object, ReduceError> {
    let id = ObjectId::parse(&format!("{}--11111111-2222-4333-8444-555555555555", object.kind())).unwrap();
    let made = Timestamp::parse(FRESH).unwrap();
    reduce(object, parts, &Fresh { id: &id, created: &made, modified: &made }, &Kinds::builtin())
}

fn without(value: &Value, selectors: &[&str]) -> Result<Object, ReduceError> {
    let parts: Vec<Part> = selectors.iter().map(|text| Part::selected(value, text).unwrap()).collect();
    reduced(&parse(value), &parts)
}

fn report(more: Value) -> Value {
    let mut report = json!({"type": "report", "spec_version": "2.1", "id": "report--00000000-0000-4000-8000-00000000000a",
        "created": "2026-01-02T03:04:05.678Z", "modified": "2026-01-02T03:04:05.678Z", "name": "n", "published": "2026-01-02T03:04:05Z",
        "object_refs": ["malware--00000000-0000-4000-8000-00000000000a", "malware--00000000-0000-4000-8000-00000000000b"]});
    report.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    report
}

#[test]
fn properties_and_entries_go_and_selectors_follow() {
    let marked = |selectors: &[&str]| json!({"marking_ref": MARKING, "selectors": selectors});
    let value = report(json!({"description": "secret", "labels": ["a", "b", "c", "d"], "granular_markings": [
        marked(&["description", "labels.[0]"]), marked(&["labels.[1]", "labels.[2]"]), {"lang": "en", "selectors": ["name", "labels.[3]"]}]}));
    let object = without(&value, &["description", "labels.[0]", "labels.[2]"]).unwrap();
    let expected = report(json!({"id": "report--11111111-2222-4333-8444-555555555555", "created": FRESH, "modified": FRESH,
        "labels": ["b", "d"], "granular_markings": [marked(&["labels.[0]"]), {"lang": "en", "selectors": ["name", "labels.[1]"]}]}));
    assert_eq!(object.value(), &expected);
}

#[test]
fn what_becomes_empty_goes_too() {
    let value = report(json!({"labels": ["a"], "external_references": [{"source_name": "s", "url": "https://a.example"}],
        "granular_markings": [{"marking_ref": MARKING, "selectors": ["labels.[0]", "external_references.[0].url"]}]}));
    let parts = ["labels.[0]", "external_references.[0].url", "external_references.[0].source_name"];
    let object = without(&value, &parts).unwrap();
    for gone in ["labels", "external_references", "granular_markings"] {
        assert!(object.value().get(gone).is_none(), "{gone}");
    }
}

#[test]
fn refusals() {
    let value = report(
        json!({"labels": ["a"], "object_marking_refs": [MARKING], "description": "see report--00000000-0000-4000-8000-00000000000a",
        "external_references": [{"source_name": "s", "url": "https://a.example"}],
        "granular_markings": [{"lang": "en", "selectors": ["name"]}]}),
    );
    for (selectors, words) in [
        (&["type"][..], "every `report` must have `type`"),
        (&["id"], "must have `id`"),
        (&["created"], "must have `created`"),
        (&["name"], "must have `name`"),
        (&["object_refs"], "must have `object_refs`"),
        (&["object_refs.[0]", "object_refs.[1]"], "`/object_refs/0` cannot be left out"),
        (&["object_marking_refs.[0]"], "is a marking"),
        (&["granular_markings"], "is a marking"),
        (&["external_references.[0].url"], "/external_references/0: needs `description`"),
        (&["labels"], "`/description` names the object itself"),
    ] {
        let error = without(&value, selectors).unwrap_err().to_string();
        assert!(error.contains(words), "{selectors:?}: {error}");
    }
    assert!(without(&value, &["description"]).is_ok());
}

#[test]
fn definitions_and_unfit_ids() {
    for line in SAMPLES.lines() {
        let object = Object::parse(line.to_owned().into(), &Kinds::builtin()).unwrap();
        let made = Timestamp::parse(FRESH).unwrap();
        let own = reduce(&object, &[], &Fresh { id: object.id(), created: &made, modified: &made }, &Kinds::builtin()).unwrap_err();
        if object.kind().ends_with("-definition") {
            assert_eq!(own, ReduceError::Definition(object.kind().to_owned()));
        } else {
            assert_eq!(own, ReduceError::Id(object.id().clone()));
            let other = ObjectId::parse("x-other--11111111-2222-4333-8444-555555555555").unwrap();
            let other = reduce(&object, &[], &Fresh { id: &other, created: &made, modified: &made }, &Kinds::builtin());
            assert!(matches!(other, Err(ReduceError::Id(_))), "{}", object.kind());
        }
    }
}

#[test]
fn parts_are_read_as_selectors_and_as_pointers() {
    let value = report(json!({"external_references": [{"source_name": "s", "url": "https://a.example"}], "x_a": {"b/c": {"d~e": 1}}}));
    let part = Part::selected(&value, "external_references.[0].url").unwrap();
    assert_eq!(Some(&part), Part::at(&value, "/external_references/0/url").as_ref());
    assert_eq!((part.pointer(), part.selector()), ("/external_references/0/url".to_owned(), "external_references.[0].url".to_owned()));
    assert_eq!(Part::at(&value, "/x_a/b~1c/d~0e").unwrap().of(&value), Some(&json!(1)));
    for absent in ["", "nothing", "name.x", "external_references.0", "external_references.[1]", "external_references.[+0]"] {
        assert_eq!(Part::selected(&value, absent), None, "{absent}");
    }
    for absent in ["", "name", "/nothing", "/external_references/[0]", "/external_references/-1"] {
        assert_eq!(Part::at(&value, absent), None, "{absent}");
    }
    let covers = |one, other| Part::selected(&value, one).unwrap().covers(&Part::selected(&value, other).unwrap());
    assert!(covers("external_references", "external_references.[0].url") && covers("name", "name"));
    assert!(!covers("external_references.[0].url", "external_references"));
}

/// Every part of `value`, in order, with the number of the value in a mirror where each leaf that is text is one of a kind.
fn all_parts(value: &Value, path: &str, found: &mut Vec<Part>, root: &Value) {
    let mut below = |key: &str, entry: &Value| {
        let pointer = format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"));
        found.extend(Part::at(root, &pointer));
        all_parts(entry, &pointer, found, root);
    };
    match value {
        Value::Array(list) => list.iter().enumerate().for_each(|(index, entry)| below(&index.to_string(), entry)),
        Value::Object(map) => map.iter().for_each(|(key, entry)| below(key, entry)),
        _ => {}
    }
}

/// Leaves by pointer.
fn leaves(value: &Value) -> Vec<(String, Value)> {
    let mut parts = Vec::new();
    all_parts(value, "", &mut parts, value);
    let leaf = |part: &Part| part.of(value).filter(|value| !value.is_array() && !value.is_object()).cloned();
    parts.iter().filter_map(|part| Some((part.pointer(), leaf(part)?))).collect()
}

/// The properties that every reduction of `object` without `parts` has. Returns whether there is one.
fn holds(object: &Object, parts: &[Part]) -> bool {
    let Ok(reduced_once) = reduced(object, parts) else { return false };
    let again = |parts: &[Part]| {
        let made = Timestamp::parse(FRESH).unwrap();
        let id = ObjectId::parse(&format!("{}--99999999-2222-4333-8444-555555555555", object.kind())).unwrap();
        let other = reduce(&reduced_once, parts, &Fresh { id: &id, created: &made, modified: &made }, &Kinds::builtin()).unwrap();
        let back = Fresh { id: reduced_once.id(), created: &made, modified: &made };
        reduce(&other, &[], &back, &Kinds::builtin()).unwrap()
    };
    assert_eq!(again(&[]).bytes(), reduced_once.bytes(), "a second reduction changes nothing");
    // Nothing but the id and the times is new, and everything that is neither named nor within what is named is still there, in order.
    let renewed = |pointer: &str| matches!(pointer, "/id" | "/created" | "/modified") || pointer.starts_with("/granular_markings");
    let text = |value: &Value, gone: &[Part]| -> Vec<Value> {
        let kept = |pointer: &str| !gone.iter().any(|part| format!("{pointer}/").starts_with(&format!("{}/", part.pointer())));
        leaves(value).into_iter().filter(|(pointer, _)| !renewed(pointer) && kept(pointer)).map(|(_, value)| value).collect()
    };
    assert_eq!(text(object.value(), parts), text(reduced_once.value(), &[]));
    for name in object.value().as_object().unwrap().keys().filter(|name| !renewed(&format!("/{name}"))) {
        if !parts.iter().any(|part| part.first() == Some(name)) {
            assert_eq!(object.value().get(name), reduced_once.value().get(name), "{name}");
        }
    }
    // The selectors that are left select the same values as before.
    let selected = |object: &Object| -> Vec<(Option<ObjectId>, Option<String>, Value)> {
        let markings = object.granular_markings().iter();
        let stays = |selector: &&String| !matches!(selector.as_str(), "id" | "created" | "modified");
        let each = |selector: &String| Part::selected(object.value(), selector).unwrap().of(object.value()).unwrap().clone();
        markings
            .flat_map(|m| m.selectors.iter().filter(stays).map(|s| (m.marking_ref.clone(), m.lang.clone(), each(s))).collect::<Vec<_>>())
            .collect()
    };
    let before = selected(object);
    assert!(selected(&reduced_once).iter().filter(|(.., value)| value.is_string()).all(|after| before.contains(after)));
    let bytes = std::str::from_utf8(reduced_once.bytes()).unwrap();
    assert!(!bytes.contains(object.id().as_str()));
    true
}

/// `value` with every free text replaced by one that occurs nowhere else, so that what stays behind can be told.
fn distinct(value: &mut Value, count: &mut usize) {
    match value {
        Value::String(text) if text.contains(' ') || text.len() == 1 => {
            *count += 1;
            *text = format!("only{count}here");
        }
        Value::Array(list) => list.iter_mut().for_each(|entry| distinct(entry, count)),
        Value::Object(map) => map.iter_mut().for_each(|(_, entry)| distinct(entry, count)),
        _ => {}
    }
}

fn chosen(object: &Object, choice: &[prop::sample::Index]) -> Vec<Part> {
    let mut parts = Vec::new();
    all_parts(object.value(), "", &mut parts, object.value());
    choice.iter().map(|index| index.get(&parts).clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn over_every_kind(which in any::<prop::sample::Index>(), choice in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        marked in prop::collection::vec(any::<prop::sample::Index>(), 0..4)) {
        let lines: Vec<&str> = SAMPLES.lines().collect();
        let mut value: Value = serde_json::from_str(lines[which.index(lines.len())]).unwrap();
        distinct(&mut value, &mut 0);
        let Ok(plain) = Object::parse(value.to_string().into(), &Kinds::builtin()) else { return Ok(()) };
        let selectors: Vec<String> = chosen(&plain, &marked).iter().map(Part::selector).collect();
        if !selectors.is_empty() {
            value["granular_markings"] = json!([{"marking_ref": MARKING, "selectors": selectors}]);
        }
        let Ok(object) = Object::parse(value.to_string().into(), &Kinds::builtin()) else { return Ok(()) };
        let parts = chosen(&object, &choice);
        if holds(&object, &parts) {
            let bytes = reduced(&object, &parts).unwrap().bytes().clone();
            let bytes = std::str::from_utf8(&bytes).unwrap();
            for (_, text) in parts.iter().flat_map(|part| leaves(&json!([part.of(object.value()).unwrap()]))) {
                let text = text.as_str().unwrap_or_default();
                prop_assert!(!text.ends_with("here") || !bytes.contains(text), "{text} is left of {:?}", parts);
            }
        }
    }
}

/// The objects of a bundle in the test data.
fn of_file(path: &Path) -> Vec<Object> {
    let bytes = std::fs::read(path).unwrap();
    let bytes = if path.extension().is_some_and(|end| end == "zst") { zstd::decode_all(&bytes[..]).unwrap() } else { bytes };
    let Ok(bundle) = serde_json::from_slice::<Value>(&bytes) else { return Vec::new() };
    let objects = bundle.get("objects").and_then(Value::as_array).cloned().unwrap_or_default();
    let readings = objects.iter().filter_map(|value| stix20::read(value.to_string().into(), &Kinds::builtin()).ok());
    readings.flat_map(|reading| reading.objects).collect()
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

#[test]
fn over_real_objects() {
    let folders = ["stix-oasis", "stix-unit42", "stix-atlas"].map(data::folder);
    let mut files: Vec<PathBuf> = folders.into_iter().flatten().flat_map(|folder| files_below(&folder)).collect();
    files.sort();
    let (mut seen, mut reduced) = (0_usize, 0_usize);
    for object in files.iter().flat_map(|path| of_file(path)).step_by(5) {
        let mut parts = Vec::new();
        all_parts(object.value(), "", &mut parts, object.value());
        parts.retain(|part| allowed(&object, part).is_ok());
        seen += 1;
        // One part, each time another, and every third of them at once.
        let one: Vec<Part> = parts.iter().cycle().nth(seen).cloned().into_iter().collect();
        reduced += usize::from(holds(&object, &one));
        holds(&object, &parts.into_iter().skip(seen % 3).step_by(3).collect::<Vec<_>>());
    }
    if std::env::var_os("RELTO_TEST_DATA").is_some() {
        assert!(seen > 500 && reduced * 4 > seen, "{reduced} of {seen}");
    }
}
