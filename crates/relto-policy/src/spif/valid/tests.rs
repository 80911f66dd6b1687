//! Labels under the policies that ship, and rule by rule under a small one.

use super::super::label::tests::label;
use super::super::label::{LabelKind, Mode};
use super::super::shipped::SHIPPED;
use super::*;

pub(crate) fn shipped(name: &str) -> Spif {
    let text = SHIPPED.iter().find(|(file, _)| *file == name).unwrap().1;
    Spif::parse(text).unwrap()
}

pub(crate) fn now() -> Stamp {
    Stamp::parse("2026-11-25T12:00:00Z").unwrap()
}

fn outcome(spif: &Spif, text: &str) -> Validity<'static> {
    let spif: &'static Spif = Box::leak(Box::new(spif.clone()));
    validate(spif, &label(text), now())
}

fn is_valid(file: &str, text: &str) {
    let validity = outcome(&shipped(file), text);
    assert_eq!(validity.breaches, Vec::<String>::new(), "{text}");
    assert!(validity.resolved.is_some());
}

fn breaks(spif: &Spif, text: &str, words: &str) {
    let validity = outcome(spif, text);
    assert!(validity.breaches.iter().any(|breach| breach.contains(words)), "{text}: {:?}\nlacks {words}", validity.breaches);
    assert!(validity.resolved.is_none(), "{text}");
}

/// The worked values of labels-policy §1.2.
#[test]
fn worked_values_are_valid() {
    for text in [
        "NATO; UNCLASSIFIED; Context={NATO}",
        "NATO; UNCLASSIFIED; Context={NATO, Releasable}; Releasable To={NATO, ISAF, KFOR, RESOLUTE SUPPORT}",
        "NATO; RESTRICTED; Context={NATO, Releasable}; Releasable To={NATO, JPN, CHE, UKR}",
        "NATO; CONFIDENTIAL; Context={KFOR}; Only={NATO, IRL, SWE, UKR}",
        "NATO; TOP SECRET; Context={NATO}; Additional Sensitivity={ATOMAL}",
        "nato; top secret; context={nato}; Additional Sensitivity={atomal}",
    ] {
        is_valid("nato-style.xml", text);
    }
    is_valid("public.xml", "PUBLIC; UNMARKED");
    is_valid("public.xml", "PUBLIC; UNMARKED; In Confidence={MEDICAL}");
    is_valid("us-style.xml", "USA; SECRET; Releasable To={USA, FRA}");
    is_valid("tlp.xml", "TLP; AMBER+STRICT");
    is_valid("eu-style.xml", "EU; RESTRICTED");
    is_valid("commercial.xml", "COMMERCIAL; INTERNAL; Retention={Archive}; Retention Date={2030-01-31}");
}

#[test]
fn a_type_that_is_not_the_policys_rejects_the_label() {
    let nato = shipped("nato-style.xml");
    breaks(
        &nato,
        "NATO; SECRET; Context={NATO}; Additional Sensitivity:INFORMATIVE={ATOMAL}",
        "calls `Additional Sensitivity` INFORMATIVE and the policy calls it RESTRICTIVE",
    );
    breaks(&nato, "NATO; SECRET; Context:RESTRICTIVE={NATO}", "the policy's type wins");
}

#[test]
fn what_is_unknown_rejects_the_label() {
    let nato = shipped("nato-style.xml");
    for (text, words) in [
        ("NATO; SECRET; Context={NATO}; Caveat={X}", "no tag set `Caveat`"),
        ("NATO; SECRET; Context={MOON}", "no value `MOON`"),
        ("NATO; SECRET; Context={ATOMAL}", "no value `ATOMAL`"),
        ("NATO; PURPLE; Context={NATO}", "no classification `PURPLE`: it has UNCLASSIFIED, RESTRICTED"),
        ("MOON; SECRET; Context={NATO}", "the label is of policy MOON, not of NATO"),
        ("NATO; SECRET; Context={NATO}; Additional Sensitivity={SIOP ESI}", "SIOP ESI of Additional Sensitivity is obsolete"),
    ] {
        breaks(&nato, text, words);
    }
    let mut lying = label("NATO; SECRET; Context={NATO}");
    lying.information.policy.id = Some("1.2.3".to_owned());
    assert!(validate(&nato, &lying, now()).breaches[0].contains("policy NATO (1.2.3)"));
    let mut tag = label("NATO; SECRET; Context={NATO}");
    tag.information.categories[0].id = Some("1.3.26.1.4.9".to_owned());
    assert!(validate(&nato, &tag, now()).breaches[0].contains("has the id 1.3.26.1.4.9"));
    let mut foreign = label("NATO; SECRET; Context={NATO}");
    foreign.information.foreign.push("caveat".to_owned());
    assert!(validate(&nato, &foreign, now()).breaches[0].contains("could restrict"));
    let mut marked = label("NATO; SECRET; Context={NATO}");
    marked.information.privacy_mark = Some("CLEAR".to_owned());
    assert_eq!(validate(&nato, &marked, now()).breaches, Vec::<String>::new());
    marked.information.privacy_mark = Some("OPEN".to_owned());
    assert!(validate(&nato, &marked, now()).breaches[0].contains("no privacy mark `OPEN`"));
}

#[test]
fn an_old_label_may_be_obsolete() {
    let nato = shipped("nato-style.xml");
    let text = "NATO; SECRET; Context={NATO}; Additional Sensitivity={SIOP ESI}";
    let dated = |day: Option<&str>| {
        let mut label = label(text);
        label.created = day.map(|day| super::super::label::Moment { text: day.to_owned(), stamp: Stamp::parse(day).unwrap() });
        validate(&nato, &label, now()).resolved.is_some()
    };
    assert_eq!([dated(Some("2010-01-01")), dated(Some("2017-12-20")), dated(None)], [true, false, false]);
}

#[test]
fn the_rules_of_the_shipped_policies() {
    let nato = shipped("nato-style.xml");
    for (text, words) in [
        ("NATO; SECRET", "tag Context needs at least 1"),
        ("NATO; SECRET; Context={}", "tag Context needs at least 1"),
        ("NATO; RESTRICTED; Context={NATO}; Additional Sensitivity={ATOMAL}", "does not go with RESTRICTED (XML SPIF 2.1, excludedClass)"),
        ("NATO; SECRET; Context={NATO}; Administrative={STAFF}", "goes with UNCLASSIFIED only"),
        ("NATO; SECRET; Context={NATO}; Releasable To={NATO, SWE}", "SWE of Releasable To needs all of: Releasable of Context"),
        ("NATO; SECRET; Context={NATO, Releasable}", "Releasable of Context needs one or more of: any value of Releasable To"),
    ] {
        breaks(&nato, text, words);
    }
    let usa = shipped("us-style.xml");
    breaks(&usa, "USA; SECRET", "classification SECRET needs one or more of");
    breaks(&usa, "USA; SECRET; Dissemination={NOFORN}; Releasable To={USA}", "NOFORN of Dissemination does not go with USA");
    breaks(&usa, "USA; SECRET; Releasable To={FRA}", "FRA of Releasable To needs all of: USA of Releasable To");
    let company = shipped("commercial.xml");
    breaks(&company, "COMMERCIAL; INTERNAL; Retention={Archive}", "needs all of: any value of Retention Date");
    breaks(&company, "COMMERCIAL; INTERNAL; Retention Date={soon}", "is not a date");
    breaks(&company, "COMMERCIAL; INTERNAL; Retention Date={2026-01-01, 2027-01-01}", "allows at most 1");
}

#[test]
fn dates_and_one_of_a_group() {
    let small = |value: &str| {
        let text = format!(
            "<SPIF xmlns='http://www.xmlspif.org/spif' schemaVersion='2.1'><securityPolicyId name='P' id='1.2'/>\
             <securityClassifications><securityClassification name='LOW' lacv='1' hierarchy='1'/></securityClassifications>\
             <securityCategoryTagSets><securityCategoryTagSet name='T' id='1.2.1'><securityCategoryTag tagType='permissive'>{value}\
             <tagCategory name='B' lacv='2'/><tagCategory name='C' lacv='3'/></securityCategoryTag></securityCategoryTagSet></securityCategoryTagSets></SPIF>"
        );
        Spif::parse(&text).unwrap()
    };
    let ends = |date: &str| small(&format!("<tagCategory name='A' lacv='1' notAfter='{date}'/>"));
    breaks(&ends("2026-11-24"), "P; LOW; T={A}", "may not be used after 2026-11-24T23:59:59.999999Z");
    assert!(outcome(&ends("2026-11-25"), "P; LOW; T={A}").resolved.is_some());
    breaks(&small("<tagCategory name='A' lacv='1' notBefore='2026-11-26'/>"), "P; LOW; T={A}", "may not be used before");
    let group = "<categoryGroup tagSetRef='T' tagType='permissive' lacv='2'/><categoryGroup tagSetRef='T' tagType='permissive' lacv='3'/>";
    for (operation, allowed) in [("onlyOne", "010"), ("oneOrMore", "011"), ("all", "001")] {
        let spif = small(&format!(
            "<tagCategory name='A' lacv='1'><requiredCategory operation='{operation}'>{group}</requiredCategory></tagCategory>"
        ));
        let valid = ["A", "A, B", "A, B, C"]
            .map(|values| if outcome(&spif, &format!("P; LOW; T={{{values}}}")).resolved.is_some() { '1' } else { '0' });
        assert_eq!(valid.iter().collect::<String>(), allowed, "{operation}");
    }
}

#[test]
fn releases_in_vain_are_said() {
    let nato = shipped("nato-style.xml");
    let warnings = |text: &str| outcome(&nato, text).warnings;
    let table_18 =
        "NATO; SECRET; Context={NATO, Releasable}; Only={BEL, CAN, DNK, FRA, DEU, ITA, NLD, GBR, USA}; Releasable To={NATO, SWE}";
    let said = warnings(&table_18.replace("SWE", "JPN"));
    assert!(said.len() == 1 && said[0].starts_with("JPN is in Releasable To") && said[0].contains("rule 3"), "{said:?}");
    assert_eq!(warnings(&table_18.replace("USA}", "USA, SWE}")), Vec::<String>::new());
    assert_eq!(warnings(table_18).len(), 1);
    let unopened = "NATO; SECRET; Context={NATO}; Releasable To={SWE}";
    assert!(warnings(unopened).iter().any(|text| text.contains("Context lacks Releasable")));
    assert_eq!(warnings("NATO; SECRET; Context={KFOR}; Only={NATO, IRL}"), Vec::<String>::new());
}

#[test]
fn samples_of_others() {
    let Some(folder) = super::super::data::folder("labels/spiffing") else { return };
    let spif = Spif::parse(&std::fs::read_to_string(folder.join("nato-4774-policy.xml")).unwrap()).unwrap();
    let text = std::fs::read_to_string(folder.join("nato-4774-17-1.nato")).unwrap();
    let read = super::super::ConfidentialityLabel::parse(&text, Mode::Legacy).unwrap().value;
    assert_eq!(read.kind, LabelKind::Originator);
    assert_eq!(validate(&spif, &read, now()).breaches, Vec::<String>::new());
}
