//! Policy files in, values or errors with their places out.

use super::super::model::TagType;
use super::super::shipped::SHIPPED;
use super::*;

use super::super::data;

/// A small policy with `inside` among its tag sets.
pub(crate) fn policy(attributes: &str, tag_sets: &str) -> String {
    format!(
        "<SPIF xmlns=\"http://www.xmlspif.org/spif\" schemaVersion=\"2.1\" {attributes}>\n<securityPolicyId name=\"P\" id=\"1.2\"/>\n\
         <securityClassifications><securityClassification name=\"LOW\" lacv=\"1\" hierarchy=\"1\"/></securityClassifications>\n\
         <securityCategoryTagSets>\n<securityCategoryTagSet name=\"T\" id=\"1.2.3\">\n{tag_sets}\n</securityCategoryTagSet></securityCategoryTagSets></SPIF>"
    )
}

fn refused(text: &str, words: &[&str]) {
    let error = Spif::parse(text).expect_err(text).to_string();
    assert!(words.iter().all(|word| error.contains(word)), "{error}\nlacks one of {words:?}");
    assert!(!error.contains('\n') && error.chars().next().is_some_and(|c| c.is_lowercase() || c.is_ascii_digit()), "{error}");
}

#[test]
fn every_type_of_tag_maps_or_is_refused() {
    for (kind, expected) in [
        ("tagType='restrictive'", TagType::Restrictive),
        ("tagType='enumerated' enumType='restrictive'", TagType::Restrictive),
        ("tagType='permissive'", TagType::Permissive),
        ("tagType='enumerated' enumType='permissive'", TagType::Permissive),
        ("tagType='tagType7' tag7Encoding='bitSetAttributes'", TagType::Informative),
    ] {
        let spif =
            Spif::parse(&policy("", &format!("<securityCategoryTag {kind}><tagCategory name='A' lacv='004'/></securityCategoryTag>")))
                .unwrap();
        let tag = &spif.tag_sets[0].tags[0];
        assert_eq!((tag.kind, tag.name.as_str(), tag.categories[0].lacv), (expected, "T", 4), "{kind}");
    }
    for kind in ["tagType='tagType6'", "tagType='enumerated'", "tagType='enumerated' enumType='tagType7'", "", "tagType='PERMISSIVE'"] {
        refused(&policy("", &format!("<securityCategoryTag {kind}/>")), &["6:1: `securityCategoryTag` attribute `"]);
    }
}

#[test]
fn errors_name_place_element_attribute_and_cure() {
    let in_tag = |inside: &str| policy("", &format!("<securityCategoryTag tagType='permissive'>\n {inside}</securityCategoryTag>"));
    for (inside, words) in [
        ("<tagCategory lacv='1'/>", ["7:2: `tagCategory` attribute `name`: is missing; add it", ""]),
        ("<tagCategory name='A' lacv='x'/>", ["`lacv`: `x` is not a number", "write digits only"]),
        ("<tagCategory name='A' lacv='99999999999999999999'/>", ["`lacv`", "write digits only"]),
        ("<tagCategory name='A' lacv='1' secret='yes'/>", ["`secret`: is not known", "known are name, lacv"]),
        ("<tagCategory name='A' lacv='1' obsolete='maybe'/>", ["`obsolete`", "write true or false"]),
        ("<tagCategory name='A' lacv='1' notBefore='soon'/>", ["`notBefore`: `soon`", "write 2026-01-31"]),
        ("<tagCategory name='A' lacv='1'>text</tagCategory>", ["holds text", "remove the text"]),
        ("<tagCategory name='A' lacv='1'><excludedClass/></tagCategory>", ["`excludedClass`: is empty", ""]),
        ("<tagCategory name='A' lacv='1'><rule/></tagCategory>", ["`rule`: is not known inside `tagCategory`", ""]),
        ("<x:rule xmlns:x='urn:x'/>", ["`rule`: is of another namespace", "extensions"]),
        (
            "<tagCategory name='A' lacv='1'><requiredCategory><categoryGroup tagSetRef='T' tagType='permissive'/></requiredCategory></tagCategory>",
            ["`requiredCategory` attribute `operation`: is missing", ""],
        ),
        ("<tagCategory name='A' lacv='1'><requiredCategory operation='some'/></tagCategory>", ["`some` is not known", "oneOrMore"]),
        ("<tagCategory name='A' lacv='1'><requiredCategory operation='all'/></tagCategory>", ["requires nothing", ""]),
        (
            "<tagCategory name='A' lacv='1'><excludedCategory tagSetRef='T' tagType='permissive' lacv='1' all='true'/></tagCategory>",
            ["beside `lacv`", ""],
        ),
        (
            "<tagCategory name='A' lacv='1'><equivalentSecCategoryTag policyRef='Q' tagSetId='x' tagType='permissive' lacv='1'/></tagCategory>",
            ["not an object identifier", ""],
        ),
        (
            "<tagCategory name='A' lacv='1'><equivalentSecCategoryTag policyRef='Q' action='keep'/></tagCategory>",
            ["`keep` is not known", "discard"],
        ),
        (
            "<tagCategory name='A' lacv='1'><markingData phrase='x'><code>onTheMoon</code></markingData></tagCategory>",
            ["`onTheMoon` is not a marking code", ""],
        ),
        (
            "<markingQualifier><qualifier markingQualifier='/' qualifierCode='infix'/></markingQualifier>",
            ["`infix`", "prefix, separator or suffix"],
        ),
    ] {
        refused(&in_tag(inside), &words);
    }
}

#[test]
fn other_formats_are_refused_by_name() {
    refused("<a/>", &["1:1: `a`: of namespace `` is no policy file", "the root of one is `SPIF`"]);
    refused(
        "<SPIF xmlns='http://www.xmlspif.org/spif' schemaVersion='3.0'/>",
        &["`schemaVersion`: `3.0` is another format", "export the policy as XML SPIF 2.1"],
    );
    refused("<SPIF xmlns='http://www.xmlspif.org/spif/3.0' schemaVersion='3.0'/>", &["`3.0` is another format"]);
    refused("<SPIF xmlns='http://www.xmlspif.org/spif'/>", &["`schemaVersion`: is missing"]);
    refused("<SPIF xmlns='http://www.xmlspif.org/spif' schemaVersion='1.0'/>", &["`1.0` is not a schema that is known"]);
    refused("<SPIF xmlns='http://www.xmlspif.org/spif' schemaVersion='2.1'/>", &["no `securityPolicyId`"]);
    refused(
        "<SPIF xmlns='http://www.xmlspif.org/spif' schemaVersion='2.1'><securityPolicyId name='P' id='1.2'/></SPIF>",
        &["no classification"],
    );
    refused(&policy("created='today'", ""), &["`created`: is not known"]);
    refused(&policy("", "").replace("id=\"1.2\"", "id=\"one\""), &["`one` is not an object identifier"]);
    refused(&" ".repeat(SPIF_BYTES_MAX + 1), &["1048577 bytes", "at most 1048576"]);
}

#[test]
fn memberships_are_names() {
    let text = policy("", "").replace(
        "</SPIF>",
        "<extensions><m:memberships xmlns:m='urn:nato:stanag:4774:spif:extensions:1:0' xmlns:spif='http://www.xmlspif.org/spif'>\
         <m:membership spif:name='KFOR' spif:lacv='1501'><m:member spif:name='SWE' spif:lacv='752'/></m:membership></m:memberships></extensions></SPIF>",
    );
    let spif = Spif::parse(&text).unwrap();
    assert_eq!(spif.memberships, [Membership { name: "KFOR".to_owned(), members: vec!["SWE".to_owned()] }]);
}

#[test]
fn what_ships_reads_and_makes_sense() {
    for (name, text) in SHIPPED {
        let spif = Spif::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(super::super::check(&spif), [], "{name}");
        assert!(spif.created.is_some(), "{name}");
    }
}

#[test]
fn files_of_others_read() {
    let Some(folder) = data::folder("labels/spiffing") else { return };
    for (name, schema, sets) in [("nato-4774-policy.xml", "2.1", 5), ("tlp.xml", "2.0", 1)] {
        let spif = Spif::parse(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap();
        assert_eq!((spif.schema.as_str(), spif.tag_sets.len()), (schema, sets), "{name}");
        assert_eq!(super::super::check(&spif), [], "{name}");
    }
    let cut = std::fs::read_to_string(folder.join("bsi-commercial.xml")).unwrap();
    refused(&cut, &["not well-formed XML: the root node was opened but never closed; the file ends too early"]);
}
