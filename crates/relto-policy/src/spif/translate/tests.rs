//! Labels from one policy into another, by the policies that ship and by small ones that must be refused.

use super::super::display::display;
use super::super::label::tests::label;
use super::super::valid::tests::{now, shipped};
use super::*;

fn translated(from: &Spif, to: &Spif, text: &str) -> Result<String, String> {
    let label = label(text);
    let validity = validate(from, &label, now());
    let resolved = validity.resolved.unwrap_or_else(|| panic!("{text}: {:?}", validity.breaches));
    let written = translate(&label, &resolved, to, now())?;
    assert_eq!(written.kind, LabelKind::Alternative);
    let resolved = validate(to, &written, now()).resolved.unwrap();
    Ok(display(&resolved, None))
}

#[test]
fn between_the_policies_that_ship() {
    for (from, to, text, expected) in [
        ("nato-style.xml", "eu-style.xml", "NATO; SECRET; Context={NATO}", Ok("SECRET UE/EU SECRET RELEASABLE TO NATO")),
        ("eu-style.xml", "nato-style.xml", "EU; SECRET; Releasable To={NATO}", Ok("NATO SECRET")),
        ("nato-style.xml", "us-style.xml", "NATO; SECRET; Context={NATO}", Ok("SECRET//REL TO USA, NATO")),
        ("us-style.xml", "nato-style.xml", "USA; SECRET; Releasable To={USA, NATO}", Ok("NATO SECRET")),
        ("public.xml", "nato-style.xml", "PUBLIC; UNMARKED", Ok("NATO UNCLASSIFIED")),
        ("commercial.xml", "tlp.xml", "COMMERCIAL; INTERNAL", Ok("TLP:AMBER+STRICT")),
        ("tlp.xml", "commercial.xml", "TLP; CLEAR", Ok("PUBLIC")),
        ("nato-style.xml", "us-style.xml", "NATO; RESTRICTED; Context={NATO}", Err("RESTRICTED has no equivalent in USA")),
        ("eu-style.xml", "nato-style.xml", "EU; SECRET", Err("tag Context needs at least 1")),
        ("nato-style.xml", "public.xml", "NATO; UNCLASSIFIED; Context={NATO}", Err("has no equivalent in PUBLIC")),
        (
            "nato-style.xml",
            "eu-style.xml",
            "NATO; SECRET; Context={NATO}; Additional Sensitivity={ATOMAL}",
            Err("ATOMAL of Additional Sensitivity has no equivalent"),
        ),
        ("nato-style.xml", "eu-style.xml", "NATO; SECRET; Context={KFOR}", Err("KFOR of Context has no equivalent")),
        ("us-style.xml", "nato-style.xml", "USA; SECRET; Dissemination={NOFORN}", Err("NOFORN of Dissemination has no equivalent")),
        ("tlp.xml", "commercial.xml", "TLP; RED", Err("RED has no equivalent")),
        (
            "commercial.xml",
            "tlp.xml",
            "COMMERCIAL; INTERNAL; Retention={Archive}; Retention Date={2030-01-01}",
            Err("Retention Date has no equivalent"),
        ),
    ] {
        match (translated(&shipped(from), &shipped(to), text), expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{text}"),
            (Err(found), Err(words)) => assert!(found.contains(words), "{text}: {found}"),
            (found, expected) => panic!("{text}: {found:?}, not {expected:?}"),
        }
    }
}

/// A policy `name` with these classes and tag sets that knows the other as its equivalent.
fn policy(name: &str, other: &str, classes: &str, tag_sets: &str) -> Spif {
    let id = |name: &str| if name == "P" { "1.1" } else { "1.2" };
    Spif::parse(&format!(
        "<SPIF xmlns='http://www.xmlspif.org/spif' schemaVersion='2.1'><securityPolicyId name='{name}' id='{}'/>\
         <equivalentPolicies><equivalentPolicy name='{other}' id='{}'/></equivalentPolicies>\
         <securityClassifications>{classes}</securityClassifications><securityCategoryTagSets>{tag_sets}</securityCategoryTagSets></SPIF>",
        id(name),
        id(other)
    ))
    .unwrap()
}

fn class(name: &str, lacv: u8, other: &str, theirs: u8, applied: &str) -> String {
    format!(
        "<securityClassification name='{name}' lacv='{lacv}' hierarchy='{lacv}'><equivalentClassification policyRef='{other}' lacv='{theirs}' applied='{applied}'/></securityClassification>"
    )
}

fn set(name: &str, id: &str, kind: &str, values: &[(&str, u8, &str)]) -> String {
    let values: String =
        values.iter().map(|(value, lacv, inside)| format!("<tagCategory name='{value}' lacv='{lacv}'>{inside}</tagCategory>")).collect();
    format!(
        "<securityCategoryTagSet name='{name}' id='{id}'><securityCategoryTag tagType='{kind}'>{values}</securityCategoryTag></securityCategoryTagSet>"
    )
}

fn to(policy: &str, id: &str, kind: &str, lacv: u8) -> String {
    format!("<equivalentSecCategoryTag policyRef='{policy}' tagSetId='{id}' tagType='{kind}' lacv='{lacv}'/>")
}

#[test]
fn nothing_is_lowered() {
    let q_classes = class("LOW", 1, "P", 1, "encrypt") + &class("HIGH", 2, "P", 2, "encrypt");
    let q = policy("Q", "P", &q_classes, "");
    let high = |p_classes: &str| translated(&policy("P", "Q", p_classes, ""), &q, "P; HIGH");
    assert_eq!(high(&(class("LOW", 1, "Q", 1, "both") + &class("HIGH", 2, "Q", 2, "both"))), Ok("Q HIGH".to_owned()));
    assert!(
        high(&(class("LOW", 1, "Q", 1, "both") + &class("HIGH", 2, "Q", 1, "encrypt")))
            .unwrap_err()
            .contains("HIGH would come back as LOW")
    );
    let lonely = policy("Q", "P", "<securityClassification name='LOW' lacv='1' hierarchy='1'/>", "");
    let one_way = policy("P", "Q", &(class("LOW", 1, "Q", 1, "encrypt") + &class("HIGH", 2, "Q", 1, "encrypt")), "");
    assert!(translated(&one_way, &lonely, "P; HIGH").unwrap_err().contains("there is no way back"));
    assert_eq!(translated(&one_way, &lonely, "P; LOW"), Ok("Q LOW".to_owned()));
    let decrypt_only = policy("P", "Q", &class("LOW", 1, "Q", 1, "decrypt"), "");
    assert!(translated(&decrypt_only, &lonely, "P; LOW").unwrap_err().contains("has no equivalent"));
}

#[test]
fn categories_keep_their_sense() {
    let classes = |other: &str| class("LOW", 1, other, 1, "both");
    let outcome = |p_sets: &str, q_sets: &str, text: &str| {
        translated(&policy("P", "Q", &classes("Q"), p_sets), &policy("Q", "P", &classes("P"), q_sets), text)
    };
    let discard = "<equivalentSecCategoryTag policyRef='Q' action='discard'/>";
    let q = set("R", "1.2.1", "permissive", &[("X", 1, &to("P", "1.1.1", "permissive", 1)), ("Y", 2, &to("P", "1.1.2", "permissive", 1))]);
    let two = set("A", "1.1.1", "permissive", &[("X", 1, &to("Q", "1.2.1", "permissive", 1))])
        + &set("B", "1.1.2", "permissive", &[("Y", 1, &to("Q", "1.2.1", "permissive", 2))]);
    assert_eq!(outcome(&two, &q, "P; LOW; A={X}"), Ok("Q LOW X".to_owned()));
    assert!(outcome(&two, &q, "P; LOW; A={X}; B={Y}").unwrap_err().contains("would become one"));
    let strict = set("A", "1.1.1", "restrictive", &[("X", 1, &to("Q", "1.2.1", "permissive", 1))]);
    assert!(outcome(&strict, &q, "P; LOW; A:RESTRICTIVE={X}").unwrap_err().contains("is RESTRICTIVE and would become PERMISSIVE"));
    let dropped = |kind: &str| {
        outcome(
            &set("A", "1.1.1", kind, &[("X", 1, discard)]),
            "",
            &format!(
                "P; LOW; A:{}={{X}}",
                match kind {
                    "tagType7" => "INFORMATIVE",
                    "restrictive" => "RESTRICTIVE",
                    _ => "PERMISSIVE",
                }
            ),
        )
    };
    assert_eq!(dropped("tagType7"), Ok("Q LOW".to_owned()));
    assert!(dropped("restrictive").unwrap_err().contains("A would not come back"));
    assert!(dropped("permissive").unwrap_err().contains("A would not come back"));
    let part = set("A", "1.1.1", "permissive", &[("X", 1, &to("Q", "1.2.1", "permissive", 1)), ("Z", 2, discard)]);
    assert_eq!(outcome(&part, &q, "P; LOW; A={X, Z}"), Ok("Q LOW X".to_owned()), "an audience may become smaller");
    let wider = set("R", "1.2.1", "permissive", &[("X", 1, &(to("P", "1.1.1", "permissive", 1) + &to("P", "1.1.1", "permissive", 2)))]);
    assert!(outcome(&part.replace(discard, ""), &wider, "P; LOW; A={X}").unwrap_err().contains("A would not come back"));
}
