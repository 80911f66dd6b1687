//! What a display shows of an object without some of its parts.

use serde_json::json;

use super::*;
use crate::kinds::Kinds;

const MARKING: &str = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421";

fn report(more: &Value) -> Value {
    let mut report = json!({"type": "report", "spec_version": "2.1", "id": "report--00000000-0000-4000-8000-00000000000a",
        "created": "2026-01-02T03:04:05.678Z", "modified": "2026-01-02T03:04:05.678Z", "name": "n", "published": "2026-01-02T03:04:05Z",
        "object_refs": ["malware--00000000-0000-4000-8000-00000000000a", "malware--00000000-0000-4000-8000-00000000000b"]});
    report.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    report
}

/// What is shown, and the pointers of its gaps.
fn concealed(value: &Value, selectors: &[&str]) -> Option<(Value, Vec<String>)> {
    let object = Object::parse(value.to_string().into(), &Kinds::builtin()).unwrap();
    let parts: Vec<Part> = selectors.iter().map(|text| Part::selected(value, text).unwrap()).collect();
    conceal(&object, &parts).map(|(shown, gaps)| (shown, gaps.iter().map(Part::pointer).collect()))
}

#[test]
fn gaps_stay_in_place_and_their_markings_go() {
    let marked = |selectors: &[&str]| json!({"marking_ref": MARKING, "selectors": selectors});
    let value = report(&json!({"description": "secret", "labels": ["a", "b", "c"],
        "external_references": [{"source_name": "s", "url": "https://a.example"}], "granular_markings": [
        marked(&["description"]), marked(&["labels.[1]", "labels.[2]", "external_references.[0].url"]), {"lang": "en", "selectors": ["name"]}]}));
    let (shown, gaps) =
        concealed(&value, &["description", "labels.[1]", "external_references.[0].url", "external_references.[0]"]).unwrap();
    assert_eq!(gaps, ["/description", "/external_references/0", "/labels/1"]);
    let expected = report(&json!({"description": null, "labels": ["a", null, "c"], "external_references": [null],
        "granular_markings": [marked(&["labels.[2]"]), {"lang": "en", "selectors": ["name"]}]}));
    assert_eq!(shown, expected);
}

#[test]
fn without_gaps_it_is_the_object() {
    let value = report(&json!({"granular_markings": [{"marking_ref": MARKING, "selectors": ["name"]}]}));
    assert_eq!(concealed(&value, &[]), Some((value.clone(), Vec::new())));
    let (shown, _) = concealed(&value, &["name"]).unwrap();
    assert!(shown.get("granular_markings").is_none() && shown["name"].is_null());
}

#[test]
fn what_names_the_object_is_no_gap() {
    let value = report(&json!({"object_marking_refs": [MARKING], "granular_markings": [{"lang": "en", "selectors": ["name"]}]}));
    for fixed in ["id", "type", "spec_version", "created", "modified", "object_marking_refs", "granular_markings.[0]"] {
        assert_eq!(concealed(&value, &["name", fixed]), None, "{fixed}");
    }
    let by_name = report(&json!({"id": "report--ff26c055-6336-5bc5-b98d-13d6226742dd"}));
    assert_eq!(concealed(&by_name, &["name"]), None, "an id of version 5 follows from values");
    // Its id follows from its value, which could be guessed.
    let address = json!({"type": "ipv4-addr", "spec_version": "2.1", "id": "ipv4-addr--ff26c055-6336-5bc5-b98d-13d6226742dd", "value": "198.51.100.3"});
    assert_eq!(concealed(&address, &["value"]), None);
    assert!(concealed(&address, &[]).is_some());
}
