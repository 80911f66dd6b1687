//! Files that read and contradict themselves.

use super::*;

fn findings(classes: &str, tag_sets: &str) -> Vec<String> {
    let text = format!(
        "<SPIF xmlns='http://www.xmlspif.org/spif' schemaVersion='2.1'><securityPolicyId name='P' id='1.2'/>\
         <equivalentPolicies><equivalentPolicy name='Q' id='1.3'/></equivalentPolicies>\
         <securityClassifications><securityClassification name='LOW' lacv='1' hierarchy='1'/>{classes}</securityClassifications>\
         <securityCategoryTagSets>{tag_sets}</securityCategoryTagSets></SPIF>"
    );
    check(&Spif::parse(&text).unwrap()).iter().map(ToString::to_string).collect()
}

fn says(classes: &str, tag_sets: &str, words: &str) {
    let found = findings(classes, tag_sets);
    assert!(found.len() == 1 && found[0].contains(words), "{found:?}\nis not just: {words}");
}

fn tag(attributes: &str, inside: &str) -> String {
    format!(
        "<securityCategoryTagSet name='T' id='1.2.1'><securityCategoryTag tagType='permissive' {attributes}>{inside}</securityCategoryTag></securityCategoryTagSet>"
    )
}

const A: &str = "<tagCategory name='A' lacv='1'/>";

#[test]
fn names_and_numbers_are_given_once() {
    says("<securityClassification name='low' lacv='2' hierarchy='2'/>", "", "the name of classification `LOW` is that of 1:");
    says("<securityClassification name='HIGH' lacv='1' hierarchy='2'/>", "", "the lacv of classification `1`");
    says("", &tag("", "<tagCategory name='A' lacv='1'/><tagCategory name='a' lacv='2'/>"), "the name of value `A`");
    says("", &tag("", "<tagCategory name='A' lacv='1'/><tagCategory name='B' lacv='01'/>"), "the lacv of value `1`");
    let two = format!("{}{}", tag("", A), tag("", A).replace("1.2.1", "1.2.2"));
    says("", &two, "the name of tag set `T`");
    says("", &two.replacen("'T'", "'S'", 1).replace("1.2.2", "1.2.1"), "the id of tag set `1.2.1`");
}

#[test]
fn what_is_pointed_at_is_there() {
    let value = |inside: &str| tag("", &format!("<tagCategory name='A' lacv='1'>{inside}</tagCategory>"));
    says("", &value("<excludedClass>HIGH</excludedClass>"), "classification `HIGH`, which there is not");
    says("", &value("<excludedClass>LOW</excludedClass>"), "goes with no classification");
    says("", &value("<excludedCategory tagSetRef='S' tagType='permissive'/>"), "there is no tag set `S`");
    says("", &value("<excludedCategory tagSetRef='T' tagType='restrictive'/>"), "has no value of type RESTRICTIVE");
    says(
        "",
        &value("<requiredCategory operation='all'><categoryGroup tagSetRef='T' tagType='permissive' lacv='7'/></requiredCategory>"),
        "no value with lacv 7",
    );
    says("", &value("<equivalentSecCategoryTag policyRef='R' action='discard'/>"), "no equivalent policy `R`");
    says(
        "<securityClassification name='HIGH' lacv='2' hierarchy='2'><equivalentClassification policyRef='R' lacv='1' applied='both'/></securityClassification>",
        "",
        "no equivalent policy `R`",
    );
}

#[test]
fn limits_can_be_met() {
    says("", &tag("minSelection='2'", A), "asks for 2 values and has 1 in use");
    says("", &tag("minSelection='1'", "<tagCategory name='A' lacv='1' obsolete='true'/>"), "asks for 1 values and has 0 in use");
    says(
        "",
        &tag("singleSelection='true' minSelection='2'", &format!("{A}<tagCategory name='B' lacv='2'/>")),
        "at least 2 values and at most 1",
    );
    says("", &tag("maxSelection='0'", A), "allows no value");
    says("", &tag("", ""), "has no values");
    says("", &tag("", "<tagCategory name='A' lacv='1' notBefore='2027-01-01' notAfter='2026-01-01'/>"), "ends before it begins");
    says("", &tag("", "<tagCategory name='A' lacv='1' userInput='date'/>"), "cannot decide access");
    assert_eq!(findings("", &tag("minSelection='1' maxSelection='1'", A)), Vec::<String>::new());
}
