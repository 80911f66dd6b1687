//! What is found and what is not, text by text; then how much is found in the objects of the test data.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use relto_model::kinds::Kinds;
use relto_model::{Stamp, stix20};
use serde_json::json;

use super::*;
use crate::spif::data;
use crate::text::parse_label;

fn context() -> LabelContext {
    LabelContext { made: Stamp::parse("2026-01-01").unwrap(), owner: "ORG-A".to_owned(), collection: None }
}

fn findings(label: &str, object: &Object, words: &str) -> Vec<Finding> {
    let (rules, context) = (Rules::builtin().unwrap(), context());
    let label = parse_label(label, &rules, &context).unwrap();
    let words = WordList::parse(words).unwrap();
    check(object, &Check { label: &label, rules: &rules, context: &context, words: &[&words] })
}

fn note(text: &str) -> Object {
    let value = json!({"type": "note", "spec_version": "2.1", "id": "note--00000000-0000-4000-8000-00000000000a", "content": text,
        "created": "2026-01-02T03:04:05.678Z", "modified": "2026-01-02T03:04:05.678Z", "object_refs": ["note--00000000-0000-4000-8000-00000000000b"]});
    Object::parse(value.to_string().into(), &Kinds::builtin()).unwrap()
}

/// What is found in `text`, as `what: snippet`.
fn found(label: &str, text: &str, words: &str) -> Vec<String> {
    let findings = findings(label, &note(text), words);
    findings.iter().for_each(|finding| assert_eq!(text.get(finding.start..finding.end), Some(finding.snippet.as_str())));
    findings.into_iter().map(|finding| format!("{}: {}", finding.what.name(), finding.snippet)).collect()
}

#[test]
fn markings() {
    for (label, text, expected) in [
        ("NATO RESTRICTED", "This is NATO SECRET today", "NATO SECRET"),
        ("NATO SECRET", "This is NATO SECRET today", ""),
        ("NATO SECRET", "This is NATO RESTRICTED", ""),
        ("NATO SECRET REL TO JPN", "NATO RESTRICTED", "NATO RESTRICTED"),
        ("NATO SECRET", "COSMIC TOP SECRET BOHEMIA.", "COSMIC TOP SECRET BOHEMIA"),
        ("NATO SECRET", "NATO SECRET ATOMAL", "NATO SECRET ATOMAL"),
        ("SECRET//REL TO USA, FRA", "(S//NF) The source said", "(S//NF)"),
        ("SECRET//NOFORN", "(S//NF) The source said", ""),
        ("SECRET//REL TO USA, FRA", "(S//REL TO USA, FRA) The source said", ""),
        ("SECRET//REL TO USA, FRA", "(TS//SI//REL TO USA, FRA) x", "(TS//SI//REL TO USA, FRA)"),
        ("SECRET//REL TO USA, FRA", "(S//SI) x", "(S//SI)"),
        ("SECRET//REL TO USA, FRA", "(S) x\n2. (TS) y", "(TS)"),
        ("SECRET//REL TO USA, FRA", "(U) x (U//FOUO) y", "(U//FOUO)"),
        ("NATO RESTRICTED", "(NR) x\n(NS) y (NC) z", "(NS)"),
        ("NATO RESTRICTED", "x (//NS) z", "(//NS)"),
        ("TLP:GREEN", "marked TLP:RED, TLP: Amber+Strict and TLP:GREEN", "TLP:RED|TLP: Amber+Strict"),
        ("TLP:AMBER", "marked TLP:AMBER+STRICT", "TLP:AMBER+STRICT"),
        ("TLP:GREEN", "TLP WHITE, XTLP:RED, TLP:REDDISH, TLP predecessor", ""),
        ("NATO SECRET", "VS-NfD und GEHEIMNIS", "VS-NfD"),
        ("NATO SECRET", "ЦІЛКОМ ТАЄМНО", "ЦІЛКОМ ТАЄМНО"),
        ("NATO SECRET", "SECRET//NOFORN//ORCON Then", "SECRET//NOFORN//ORCON"),
        ("SECRET//NOFORN", "SECRET//NOFORN The end", ""),
        ("SECRET//REL TO USA, FRA", "all NOFORN", "NOFORN"),
        ("NATO CONFIDENTIAL", "x\n SECRET \ny SECRET z", "SECRET"),
        ("NATO RESTRICTED", "the secret (C) 2024 of indicator(S), a Secret, PAP:CLEAR and NATO secretary", ""),
    ] {
        let expected: Vec<String> = expected.split('|').filter(|text| !text.is_empty()).map(|text| format!("marking: {text}")).collect();
        assert_eq!(found(label, text, ""), expected, "{label}: {text}");
    }
}

#[test]
fn words() {
    let list = "# names\nRoter Falke\nstraße\nΟΔΥΣΣΕΎΣ\noper* # any\n機密\n";
    for (text, expected) in [
        ("ROTER  falke flog", "ROTER  falke"),
        ("Roter Falken, roter-falke", ""),
        ("die STRASSE und die Straße", "STRASSE|Straße"),
        ("ο Οδυσσεύς", "Οδυσσεύς"),
        ("Operations, cooperation, Oper", "Oper|Oper"),
        ("これは機密です", "機密"),
    ] {
        let expected: Vec<String> =
            expected.split('|').filter(|text| !text.is_empty()).map(|text| format!("listed word: {text}")).collect();
        assert_eq!(found("TLP:GREEN", text, list), expected, "{text}");
    }
    for (text, line) in [("a\n*", "line 2"), ("a*b", "line 1"), (&"x".repeat(201), "line 1")] {
        assert!(WordList::parse(text).unwrap_err().to_string().contains(line), "{text}");
    }
    assert_eq!(WordList::parse(&"a\n".repeat(WORDS_MAX + 1)).unwrap_err(), WordListError::TooMany);
    assert!(WordList::parse("# nothing\n").unwrap().is_empty());
}

#[test]
fn personal_data() {
    for (text, expected) in [
        ("write to Zoë.müller@example.org, or x@y", "e-mail address: Zoë.müller@example.org"),
        ("evil[@]mail[.]example[.]ru.", "e-mail address: evil[@]mail[.]example[.]ru"),
        ("https://a.example/@user.name see 3@4.5", ""),
        ("call +33 1 23 45 67 89 now", "telephone number: +33 1 23 45 67 89"),
        ("tel. 030 1234567, order 030 1234567, UTC+0100, +1", "telephone number: 030 1234567"),
        (
            "pay DE89 3704 0044 0532 0130 00 or GB82WEST12345698765432, not DE88 3704 0044 0532 0130 00",
            "bank account: DE89 3704 0044 0532 0130 00|bank account: GB82WEST12345698765432",
        ),
        ("card 4111 1111 1111 1111, not 4111 1111 1111 1112", "payment card: 4111 1111 1111 1111"),
        ("L898902C36UTO7408122F1204159ZE184226B<<<<<10", "personal number: L898902C36UTO7408122F1204159ZE184226B<<<<<10"),
        ("L898902C37UTO7408122F1204159ZE184226B<<<<<10", ""),
        ("RSSMRA85T10A562S and RSSMRA85T10A562T", "personal number: RSSMRA85T10A562S"),
        ("NIR 2 55 08 14 168 025 38", "personal number: 2 55 08 14 168 025 38"),
        (
            "from 185.220.101.4:443 and 185[.]220[.]101[.]5, version 185.1.2.3, 10.0.0.1, 4.8.1.2",
            "internet address: 185.220.101.4:443|internet address: 185[.]220[.]101[.]5",
        ),
        ("at 2a02:26f0:6d00::5435, time 12:30:45, ::1", "internet address: 2a02:26f0:6d00::5435"),
    ] {
        let expected: Vec<&str> = expected.split('|').filter(|text| !text.is_empty()).collect();
        assert_eq!(found("TLP:GREEN", text, ""), expected, "{text}");
    }
}

#[test]
fn what_an_object_is_about_is_no_finding() {
    let parse = |value: serde_json::Value| Object::parse(value.to_string().into(), &Kinds::builtin()).unwrap();
    let address = parse(
        json!({"type": "ipv4-addr", "spec_version": "2.1", "id": "ipv4-addr--00000000-0000-4000-8000-00000000000a", "value": "185.220.101.4"}),
    );
    assert_eq!(findings("TLP:GREEN", &address, ""), []);
    let indicator = |description: &str| {
        let times = "2026-01-02T03:04:05.678Z";
        let value = json!({"type": "indicator", "spec_version": "2.1", "id": "indicator--00000000-0000-4000-8000-00000000000a", "created": times, "modified": times,
            "pattern": "[ipv4-addr:value = '185.220.101.4' OR email-addr:value = 'a@b.example']", "pattern_type": "stix", "valid_from": times, "description": description});
        findings("TLP:GREEN", &parse(value), "")
    };
    assert_eq!(indicator("seen at 185.220.101.4"), []);
    assert_eq!(indicator("seen at 185.220.101.5").len(), 1);
}

#[test]
fn no_more_than_so_many_and_always_the_same() {
    let text = "a@b.example ".repeat(2_000);
    let all = findings("TLP:GREEN", &note(&text), "");
    assert_eq!((all.len(), all.last().unwrap().what), (FINDINGS_MAX, What::More));
    assert_eq!(all, findings("TLP:GREEN", &note(&text), ""));
    let removed = WordList::of_removed(["the hidden source", "abc"]).unwrap();
    assert_eq!((removed.len(), removed.find("told by The Hidden Source, abc").len()), (1, 1));
}

proptest::proptest! {
    #[test]
    fn any_text_has_findings_that_stand_in_it(parts in proptest::collection::vec(0..16_usize, 0..12), more in "\\PC{0,12}") {
        const PARTS: [&str; 16] = ["(S//", "NF)", "TLP:", "AMBER", " ", "\n", "NATO SECRET", "ß", "É@", "a.eu", "+49", "4111", "DE89", "1.2.", "::", "("];
        let text: String = parts.iter().map(|part| PARTS[*part]).chain([more.as_str()]).collect();
        found("TLP:GREEN", &text, "ss\n49*\nnato secret");
        let found = found("TLP:GREEN", &format!("{text}\nNATO SECRET\n"), "");
        proptest::prop_assert!(found.iter().any(|found| found.ends_with("NATO SECRET")), "{text}");
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

fn objects_of(path: &Path) -> Vec<Object> {
    let bytes = std::fs::read(path).unwrap();
    let bytes = if path.extension().is_some_and(|end| end == "zst") { zstd::decode_all(&bytes[..]).unwrap() } else { bytes };
    let Ok(bundle) = serde_json::from_slice::<serde_json::Value>(&bytes) else { return Vec::new() };
    let objects = bundle.get("objects").and_then(serde_json::Value::as_array).cloned().unwrap_or_default();
    let readings = objects.iter().filter_map(|value| stix20::read(value.to_string().into(), &Kinds::builtin()).ok());
    readings.flat_map(|reading| reading.objects).collect()
}

/// By hand: all are what they say; the example addresses of CAPEC's texts and the telephone number, which is a handle, concern nobody.
const REAL: &str = "stix-atlas objects 615
stix-attack objects 3477
stix-capec e-mail address 6
stix-capec internet address 3
stix-capec objects 2681
stix-oasis e-mail address 10
stix-oasis internet address 3
stix-oasis objects 311
stix-unit42 e-mail address 7
stix-unit42 internet address 443
stix-unit42 objects 44507
stix-unit42 telephone number 1";

/// Public reports: hardly anything in them is a marking above public, and what is found is what it says. The numbers are written down so
/// that a change of the recognisers shows.
#[test]
fn real_objects() {
    let folders = ["stix-unit42", "stix-attack", "stix-atlas", "stix-capec", "stix-oasis"];
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for folder in folders {
        let Some(path) = data::folder(folder) else { return };
        for object in files_below(&path).iter().flat_map(|path| objects_of(path)) {
            *counts.entry((folder, "objects")).or_default() += 1;
            for finding in findings("TLP:GREEN", &object, "") {
                *counts.entry((folder, finding.what.name())).or_default() += 1;
                if std::env::var_os("RELTO_SHOW_FINDINGS").is_some() {
                    println!("{folder} {} {} {}: {}", finding.what.name(), object.id(), finding.pointer, finding.snippet);
                }
            }
        }
    }
    let counts: Vec<String> = counts.into_iter().map(|((folder, what), count)| format!("{folder} {what} {count}")).collect();
    assert_eq!(counts.join("\n"), REAL);
}

#[test]
fn markings_of_a_long_text_are_found_in_one_pass() {
    // Whoever looks at all of the text for each of its brackets or marks does not end in minutes.
    let (rules, context) = (Rules::builtin().unwrap(), context());
    let label = parse_label("TLP:GREEN", &rules, &context).unwrap();
    let looked_for = Check { label: &label, rules: &rules, context: &context, words: &[] };
    for unit in ["(", "(A", "(A) ", "1 (S) ", " (", "TLP:", "NATO ", "SECRET\n"] {
        let text = format!("{}\nNATO SECRET\n", unit.repeat((1 << 20) / unit.len()));
        let found = stated_markings(&text, &looked_for);
        assert!((1..=FINDINGS_MAX).contains(&found.len()), "{unit}: {}", found.len());
    }
}
