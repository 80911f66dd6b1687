//! The rule by example, and against a second evaluator on random labels and clearances.

use super::super::label::tests::{clearance, label};
use super::super::label::{ConfidentialityLabel, LabelCategory};
use super::super::valid::tests::{now, shipped};
use super::super::valid::validate;
use super::*;

fn decided(spif: &Spif, label_text: &str, clearance_text: &str) -> (Verdict, String) {
    let label = label(label_text);
    let validity = validate(spif, &label, now());
    let decision = decide(&validity.resolved.unwrap_or_else(|| panic!("{:?}", validity.breaches)), &clearance(clearance_text));
    (decision.verdict, decision.reasons.join("\n"))
}

#[test]
fn every_rule_by_example() {
    let nato = shipped("nato-style.xml");
    let full = "NATO; UNCLASSIFIED, RESTRICTED, CONFIDENTIAL, SECRET; Context={NATO}; Releasable To={NATO, FRA}; Only={NATO, FRA}; Additional Sensitivity={ATOMAL}";
    for (label, clearance, verdict, words) in [
        (
            "NATO; SECRET; Context={NATO}",
            full,
            Verdict::Permit,
            "met: Context is for NATO, and the clearance has NATO (ADatP-4774.1 3.11.4 rule 3)",
        ),
        ("NATO; TOP SECRET; Context={NATO}", full, Verdict::Deny, "not TOP SECRET (ADatP-4774.1 3.11.4 rule 2)"),
        ("NATO; RESTRICTED; Context={NATO}", "NATO; SECRET; Context={NATO}", Verdict::Deny, "rule 2"),
        ("NATO; SECRET; Context={NATO}", "NATO; SECRET", Verdict::Deny, "the clearance has none of its values"),
        (
            "NATO; SECRET; Context={NATO}",
            "PUBLIC; SECRET; Context={NATO}",
            Verdict::Deny,
            "not met: the label is of policy NATO, the clearance of PUBLIC",
        ),
        ("NATO; SECRET; Context={KFOR}; Only={IRL, SWE}", full, Verdict::Deny, "not met: Only is for"),
        (
            "NATO; SECRET; Context={NATO}; Additional Sensitivity={ATOMAL}",
            full,
            Verdict::Permit,
            "met: Additional Sensitivity asks for ATOMAL",
        ),
        (
            "NATO; SECRET; Context={NATO}; Additional Sensitivity={ATOMAL, CRYPTO}",
            full,
            Verdict::Deny,
            "lacks CRYPTO (ADatP-4774.1 3.11.4 rule 4)",
        ),
        ("NATO; UNCLASSIFIED; Context={NATO}; Administrative={STAFF}", full, Verdict::Permit, "ignored: Administrative is informative"),
        // A clearance that calls a tag what it is not holds nothing of it.
        ("NATO; SECRET; Context={NATO}", "NATO; SECRET; Context:RESTRICTIVE={NATO}", Verdict::Deny, "grants nothing"),
    ] {
        let (found, reasons) = decided(&nato, label, clearance);
        assert_eq!(found, verdict, "{label} / {clearance}\n{reasons}");
        assert!(reasons.contains(words), "{reasons}\nlacks {words}");
    }
}

/// A label without any category is still judged by its classification.
#[test]
fn no_category_is_not_no_rule() {
    let tlp = shipped("tlp.xml");
    assert_eq!(decided(&tlp, "TLP; RED", "TLP; CLEAR, GREEN").0, Verdict::Deny);
    assert_eq!(decided(&tlp, "TLP; GREEN", "TLP; CLEAR, GREEN").0, Verdict::Permit);
}

/// ADatP-4774, table 18: released to Sweden, and Sweden does not get it.
#[test]
fn table_18_is_not_for_sweden() {
    let nato = shipped("nato-style.xml");
    let label = "NATO; SECRET; Context={NATO, Releasable}; Only={BEL, CAN, DNK}; Releasable To={NATO, SWE}";
    let sweden = "NATO; SECRET; Context={Releasable}; Only={SWE}; Releasable To={SWE}";
    assert_eq!(decided(&nato, label, sweden).0, Verdict::Deny);
    assert_eq!(decided(&nato, &label.replace("DNK", "DNK, SWE"), sweden).0, Verdict::Permit);
}

#[test]
fn a_tag_without_values_admits_nobody() {
    let spif = small();
    assert_eq!(decided(&spif, "P; LOW; G={}", "P; LOW; G={A, B, C}").0, Verdict::Deny);
    assert_eq!(decided(&spif, "P; LOW; G:RESTRICTIVE={}", "P; LOW").0, Verdict::Permit);
}

/// Three sets: one with two permissive tags and a restrictive one, one permissive, one with all types.
fn small() -> Spif {
    let tag = |kind: &str, name: &str, values: &str, first: usize| {
        let values: String =
            values.chars().enumerate().map(|(at, value)| format!("<tagCategory name='{value}' lacv='{}'/>", at + first)).collect();
        format!("<securityCategoryTag name='{name}' tagType='{kind}'>{values}</securityCategoryTag>")
    };
    let set = |name: &str, id: usize, tags: String| {
        format!("<securityCategoryTagSet name='{name}' id='1.2.{id}'>{tags}</securityCategoryTagSet>")
    };
    let sets = [
        set("G", 1, tag("permissive", "g1", "AB", 1) + &tag("permissive", "g2", "CD", 5) + &tag("restrictive", "g3", "AX", 1)),
        set("H", 2, tag("permissive", "h1", "ABC", 1)),
        set("I", 3, tag("restrictive", "i1", "RS", 1) + &tag("permissive", "i2", "RS", 1) + &tag("tagType7", "i3", "RS", 1)),
    ];
    let classes: String = ["LOW", "MID", "HIGH"]
        .iter()
        .enumerate()
        .map(|(at, name)| format!("<securityClassification name='{name}' lacv='{at}' hierarchy='{at}'/>"))
        .collect();
    Spif::parse(&format!(
        "<SPIF xmlns='http://www.xmlspif.org/spif' schemaVersion='2.1'><securityPolicyId name='P' id='1.2'/>\
         <securityClassifications>{classes}</securityClassifications><securityCategoryTagSets>{}</securityCategoryTagSets></SPIF>",
        sets.concat()
    ))
    .unwrap()
}

/// The rule as a clerk would apply it: names only, one tag of the policy after the other.
fn clerk(spif: &Spif, label: &ConfidentialityLabel, clearance: &ConfidentialityClearance) -> bool {
    let written = &label.information;
    let is_class = |name: &str| spif.classifications.iter().any(|class| class.name == name);
    let mut admitted = written.policy.name == "P" && clearance.policy.name == "P" && is_class(&written.classification);
    admitted = admitted && clearance.classifications.contains(&written.classification);
    // Every word of the label must be one of the policy's.
    for category in &written.categories {
        let set = spif.tag_sets.iter().find(|set| set.name == category.tag_name);
        let tags: Vec<&Tag> = set.map(|set| set.tags.iter().filter(|tag| tag.kind == category.kind).collect()).unwrap_or_default();
        let known = |value: &String| tags.iter().any(|tag| tag.categories.iter().any(|own| own.name == *value));
        admitted = admitted && !tags.is_empty() && category.values.iter().all(known);
    }
    for set in &spif.tag_sets {
        for tag in &set.tags {
            let values_of = |categories: &[LabelCategory]| -> Option<Vec<String>> {
                let category = categories.iter().find(|category| category.tag_name == set.name && category.kind == tag.kind)?;
                let of_tag = category.values.iter().filter(|value| tag.categories.iter().any(|own| own.name == **value));
                let of_tag: Vec<String> = of_tag.cloned().collect();
                (category.values.is_empty() || !of_tag.is_empty()).then_some(of_tag)
            };
            let Some(wanted) = values_of(&written.categories) else { continue };
            let held = values_of(&clearance.categories).unwrap_or_default();
            admitted = admitted
                && match tag.kind {
                    TagType::Permissive => wanted.iter().any(|value| held.contains(value)),
                    TagType::Restrictive => wanted.iter().all(|value| held.contains(value)),
                    TagType::Informative => true,
                };
        }
    }
    admitted
}

/// Numbers that repeat for a seed (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }

    /// Mostly right: set and type fit nearly always, values mostly, and one in eight tags is left empty.
    fn categories(&mut self, fullness: u64) -> Vec<LabelCategory> {
        use TagType::{Informative, Permissive, Restrictive};
        let mut all = Vec::new();
        for (name, kind, values) in [
            ("G", Permissive, "ABCD"),
            ("G", Restrictive, "AX"),
            ("H", Permissive, "ABC"),
            ("I", Restrictive, "RS"),
            ("I", Permissive, "RS"),
            ("I", Informative, "RS"),
        ] {
            if self.below(3) == 0 {
                continue;
            }
            let kind =
                if self.below(60) == 0 { [Informative, Permissive, Restrictive][usize::try_from(self.below(3)).unwrap()] } else { kind };
            let name = if self.below(80) == 0 { self.pick(&["G", "H", "I", "J"]) } else { name };
            if all.iter().any(|other: &LabelCategory| other.tag_name == name && other.kind == kind) {
                continue;
            }
            let mut chosen: Vec<String> = values.chars().filter(|_| self.below(8) < fullness).map(String::from).collect();
            if self.below(60) == 0 {
                chosen.push(self.pick(&["A", "R", "Z"]).to_owned());
            }
            all.push(LabelCategory { kind, tag_name: name.to_owned(), id: None, values: chosen });
        }
        all
    }
}

#[test]
fn a_second_evaluator_agrees() {
    const CASES: usize = 60_000;
    let spif = small();
    let (mut random, mut permitted, mut valid) = (Random(4774), 0, 0);
    for case in 0..CASES {
        let mut label = label("P; LOW");
        label.information.classification = random.pick(&["LOW", "LOW", "MID", "HIGH"]).to_owned();
        label.information.categories = random.categories(3);
        let mut clearance = clearance("P; LOW, MID");
        if random.below(40) == 0 {
            clearance.policy.name = "Q".to_owned();
        }
        clearance.categories = random.categories(7);
        let resolved = validate(&spif, &label, now()).resolved;
        valid += usize::from(resolved.is_some());
        let admitted = resolved.is_some_and(|label| decide(&label, &clearance).verdict == Verdict::Permit);
        assert_eq!(admitted, clerk(&spif, &label, &clearance), "case {case}: {label:?}\n{clearance:?}");
        permitted += usize::from(admitted);
    }
    assert!(valid > CASES / 2 && permitted > CASES / 20 && permitted < CASES / 2, "{valid} valid, {permitted} permitted of {CASES}");
}

/// Whoever restricts a label further, or takes from a clearance, shows nobody more.
#[test]
fn less_is_never_more() {
    let spif = small();
    let mut random = Random(3);
    for _ in 0..20_000 {
        let mut label = label("P; LOW");
        label.information.categories = random.categories(4);
        let mut clearance = clearance("P; LOW, MID");
        clearance.categories = random.categories(6);
        let admits = |label: &ConfidentialityLabel, clearance: &ConfidentialityClearance| {
            validate(&spif, label, now()).resolved.is_some_and(|label| decide(&label, clearance).verdict == Verdict::Permit)
        };
        let before = admits(&label, &clearance);
        let mut poorer = clearance.clone();
        if let Some(category) = poorer.categories.last_mut() {
            category.values.pop();
        }
        assert!(before || !admits(&label, &poorer));
        if !label.information.categories.iter().any(|category| category.tag_name == "I" && category.kind == TagType::Restrictive) {
            let more = LabelCategory { kind: TagType::Restrictive, tag_name: "I".to_owned(), id: None, values: vec!["R".to_owned()] };
            label.information.categories.push(more);
            assert!(before || !admits(&label, &clearance));
        }
    }
}
