//! Labels and clearances as text, in and out.

use proptest::prelude::*;

use super::*;

use super::super::data;

/// A strict label of `root` with `information` (policy, classification, categories) and `rest` after it.
pub(crate) fn label_text(root: &str, information: &str, rest: &str) -> String {
    format!(
        "<{root} xmlns='{LABEL_NAMESPACE}' ReviewDateTime='2030-01-01T00:00:00Z'>\n<ConfidentialityInformation>{information}</ConfidentialityInformation>\
         <CreationDateTime>2026-01-01T00:00:00Z</CreationDateTime>{rest}</{root}>"
    )
}

/// `NATO; SECRET; Context={NATO}` and so on, as the worked values of labels-policy §1.2 are written. The type follows from the tag set.
pub(crate) fn information(text: &str) -> String {
    let mut parts = text.split(';').map(str::trim);
    let policy = parts.next().unwrap();
    let class = parts.next().unwrap();
    let categories: String = parts.map(category).collect();
    format!("<PolicyIdentifier>{policy}</PolicyIdentifier><Classification>{class}</Classification>{categories}")
}

pub(crate) fn category(text: &str) -> String {
    let (name, values) = text.split_once("={").unwrap();
    let (name, kind) = name.split_once(':').unwrap_or((name, type_of(name)));
    let values = values.trim_end_matches('}').split(',').map(str::trim).filter(|value| !value.is_empty());
    let values: String = values.map(|value| format!("<GenericValue>{value}</GenericValue>")).collect();
    format!("<Category TagName='{name}' Type='{kind}'>{values}</Category>")
}

fn type_of(tag_set: &str) -> &'static str {
    match tag_set {
        "Additional Sensitivity" | "SCI Controls" | "Legal" => "RESTRICTIVE",
        "Administrative" | "In Confidence" | "Retention" | "Retention Date" => "INFORMATIVE",
        _ => "PERMISSIVE",
    }
}

pub(crate) fn label(text: &str) -> ConfidentialityLabel {
    let text = label_text("originatorConfidentialityLabel", &information(text), "");
    ConfidentialityLabel::parse(&text, Mode::Strict).unwrap().value
}

pub(crate) fn clearance_text(text: &str) -> String {
    let mut parts = text.split(';').map(str::trim);
    let policy = parts.next().unwrap();
    let classes: String =
        parts.next().unwrap().split(',').map(|class| format!("<s:Classification>{}</s:Classification>", class.trim())).collect();
    let categories = parts.map(category).collect::<String>().replace("<Category", "<s:Category").replace("</Category", "</s:Category");
    let categories = categories.replace("<GenericValue", "<s:GenericValue").replace("</GenericValue", "</s:GenericValue");
    format!(
        "<ConfidentialityClearance xmlns='{CLEARANCE_NAMESPACE}' xmlns:s='{LABEL_NAMESPACE}'><s:PolicyIdentifier>{policy}</s:PolicyIdentifier>\
         <ClassificationList>{classes}</ClassificationList>{categories}</ConfidentialityClearance>"
    )
}

pub(crate) fn clearance(text: &str) -> ConfidentialityClearance {
    ConfidentialityClearance::parse(&clearance_text(text), Mode::Strict).unwrap().value
}

const SECRET: &str = "NATO; SECRET; Context={NATO}; Additional Sensitivity={ATOMAL, CRYPTO}";

#[test]
fn kinds_are_kept_apart() {
    for kind in [LabelKind::Originator, LabelKind::Alternative, LabelKind::Metadata] {
        let read = ConfidentialityLabel::parse(&label_text(kind.element(), &information(SECRET), ""), Mode::Strict).unwrap();
        assert_eq!((read.value.kind, read.notes.len()), (kind, 0));
        let again = ConfidentialityLabel::parse(&read.value.to_xml().unwrap(), Mode::Strict).unwrap();
        assert_eq!(again.value, read.value);
    }
}

/// What only the legacy option reads: the text replaced, by what, and the note.
const VARIANTS: &[(&str, &str, &str)] = &[
    ("originatorConfidentialityLabel", "ConfidentialityLabel", "the root is `ConfidentialityLabel`"),
    ("originatorConfidentialityLabel", "OriginatorConfidentialityLabel", "the root is"),
    (" ReviewDateTime='2030-01-01T00:00:00Z'", "", "no review date"),
    ("<CreationDateTime>2026-01-01T00:00:00Z</CreationDateTime>", "", "no creation date"),
    ("CreationDateTime", "CreationDataTime", "`CreationDataTime` stands for `CreationDateTime`"),
    (" Type='PERMISSIVE'", " type='PERMISSIVE'", "`type` stands for `Type`"),
    ("TagName=", "tagName=", "`tagName` stands for `TagName`"),
    ("'PERMISSIVE'", "'Permissive'", "not in upper case"),
    ("<PolicyIdentifier>", "<PolicyIdentifier URL='urn:oid:1.3.26.1.3.1'>", "`URL` stands for `URI`"),
    ("<Classification>", "<Classification URI='urn:oid:1.2'>", "the classification has a URI"),
    ("'PERMISSIVE'", "\u{201d}PERMISSIVE\u{201d}", "curly quotes"),
];

#[test]
fn variants_are_read_only_when_asked_for() {
    let strict = label_text("originatorConfidentialityLabel", &information(SECRET), "");
    let read = ConfidentialityLabel::parse(&strict, Mode::Legacy).unwrap();
    assert_eq!(read.notes, Vec::<String>::new());
    for (right, variant, note) in VARIANTS {
        let text = strict.replace(right, variant);
        assert_ne!(text, strict, "{variant}");
        assert!(ConfidentialityLabel::parse(&text, Mode::Strict).is_err(), "{variant}");
        let legacy = ConfidentialityLabel::parse(&text, Mode::Legacy).unwrap_or_else(|error| panic!("{variant}: {error}"));
        assert!(legacy.notes.len() == 1 && legacy.notes[0].contains(note), "{:?}", legacy.notes);
        assert_eq!(legacy.value.information.categories, read.value.information.categories, "{variant}");
    }
}

#[test]
fn what_neither_option_reads() {
    let strict = label_text("originatorConfidentialityLabel", &information(SECRET), "");
    for (right, wrong, words) in [
        ("originatorConfidentialityLabel", "label", "is no label"),
        ("confidentialitymetadatalabel:1:0", "confidentialitymetadatalabel:2:0", "is no label"),
        ("<PolicyIdentifier>NATO</PolicyIdentifier>", "", "stands where `PolicyIdentifier` must stand"),
        ("<Classification>SECRET</Classification>", "", "stands where `Classification` must stand"),
        (">SECRET<", "><", "`Classification`: is empty"),
        ("<PolicyIdentifier>", "<PolicyIdentifier URI='1.3.26'>", "attribute `URI`: `1.3.26` is no object identifier"),
        (" Type='PERMISSIVE'", "", "attribute `Type`: is missing"),
        ("'PERMISSIVE'", "'FREE'", "`FREE` is not a type"),
        (" TagName='Context'", "", "attribute `TagName`: is missing"),
        (" Type='PERMISSIVE'", " Type='PERMISSIVE' Level='1'", "attribute `Level`: is not known"),
        ("GenericValue", "IntegerValue", "`IntegerValue`: is not known here"),
        (
            "<Category TagName='Additional",
            "<Category TagName='Context' Type='PERMISSIVE'/><Category TagName='Additional",
            "an earlier one has",
        ),
        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00", "is not a time with zone"),
        ("2030-01-01T00:00:00Z", "soon", "attribute `ReviewDateTime`: `soon`"),
        ("<CreationDateTime>", "<OriginatorID IDType='nickname'>x</OriginatorID><CreationDateTime>", "`nickname` is not a type of name"),
        ("</CreationDateTime>", "</CreationDateTime><Category TagName='Only' Type='PERMISSIVE'/>", "`Category`: is not known here"),
        ("<ConfidentialityInformation>", "<ConfidentialityInformation>text", "holds text"),
    ] {
        let text = strict.replace(right, wrong);
        assert_ne!(text, strict, "{wrong}");
        for mode in [Mode::Strict, Mode::Legacy] {
            let error =
                ConfidentialityLabel::parse(&text, mode).map(|read| format!("read: {read:?}")).unwrap_or_else(|error| error.to_string());
            assert!(error.contains(words) && !error.contains('\n'), "{error}\nlacks {words}");
        }
    }
}

#[test]
fn successors_follow_when_their_dates_have_passed() {
    let inner = label_text("SuccessorConfidentialityLabel", &information("NATO; RESTRICTED; Context={NATO}"), "");
    let handling = format!("<SuccessionHandling><SuccessionDateTime>2028-01-01T00:00:00Z</SuccessionDateTime>{inner}</SuccessionHandling>");
    let text = label_text("originatorConfidentialityLabel", &information(SECRET), &handling);
    let at = |label: &ConfidentialityLabel, day: &str| label.in_force(Stamp::parse(day).unwrap()).information.classification.clone();
    let both = ConfidentialityLabel::parse(&text, Mode::Strict).unwrap().value;
    assert_eq!([at(&both, "2027-12-31"), at(&both, "2029-01-01"), at(&both, "2030-01-01")], ["SECRET", "SECRET", "RESTRICTED"]);
    let one = text.replacen(" ReviewDateTime='2030-01-01T00:00:00Z'", "", 1);
    let one = ConfidentialityLabel::parse(&one, Mode::Strict).unwrap().value;
    assert_eq!([at(&one, "2027-12-31"), at(&one, "2028-01-01")], ["SECRET", "RESTRICTED"]);
    assert_eq!(at(&label(SECRET), "2099-01-01"), "SECRET", "a review date alone ends nothing");
    let mut nested = inner;
    for _ in 0..=SUCCESSORS_MAX {
        let handling =
            format!("<SuccessionHandling><SuccessionDateTime>2028-01-01T00:00:00Z</SuccessionDateTime>{nested}</SuccessionHandling>");
        nested = label_text("SuccessorConfidentialityLabel", &information(SECRET), &handling);
    }
    let error = ConfidentialityLabel::parse(&nested.replace("SuccessorConf", "originatorConf"), Mode::Strict);
    assert!(error.is_err(), "{error:?}");
}

#[test]
fn clearances_list_their_classifications() {
    let read = clearance("NATO; SECRET, UNCLASSIFIED; Context={NATO}");
    assert_eq!(read.classifications, ["SECRET", "UNCLASSIFIED"]);
    assert_eq!(ConfidentialityClearance::parse(&read.to_xml().unwrap(), Mode::Strict).unwrap().value, read);
    let text = clearance_text("NATO; SECRET; Context={NATO}");
    for (right, wrong, words) in [
        ("<s:Classification>SECRET</s:Classification>", "", "`ClassificationList`: is empty"),
        ("ConfidentialityClearance", "Clearance", "is no clearance"),
        ("<ClassificationList><s:Classification>SECRET</s:Classification></ClassificationList>", "", "must stand"),
    ] {
        let error = ConfidentialityClearance::parse(&text.replace(right, wrong), Mode::Strict).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn samples_of_others_need_the_legacy_option() {
    let Some(folder) = data::folder("labels/spiffing") else { return };
    let text = std::fs::read_to_string(folder.join("nato-4774-17-1.nato")).unwrap();
    assert!(ConfidentialityLabel::parse(&text, Mode::Strict).is_err());
    let read = ConfidentialityLabel::parse(&text, Mode::Legacy).unwrap();
    assert_eq!(read.notes.len(), 3, "{:?}", read.notes);
    assert_eq!(read.value.information.policy.id.as_deref(), Some("1.3.26.1.3.1"));
    assert!(matches!(read.value.to_xml(), Err(EmitError::Lacks(_))));
}

prop_compose! {
    fn any_category()(kind in 0..3_usize, name in "[A-Za-z<&'\"é]{1,8}", id in proptest::option::of("[0-9]{1,3}(\\.[0-9]{1,3}){0,3}"),
        values in proptest::collection::vec("[A-Z<>&]{1,6}( [a-z]{1,3})?", 0..4)) -> LabelCategory {
        let kind = [TagType::Restrictive, TagType::Permissive, TagType::Informative][kind];
        LabelCategory { kind, tag_name: name, id, values }
    }
}

prop_compose! {
    fn any_label()(kind in 0..3_usize, policy in "[A-Za-z&]{1,9}", class in "[A-Z]{1,5}( [A-Z]{1,5})?", mark in proptest::option::of("[A-Z]{1,5}"),
        categories in proptest::collection::btree_map("[a-z]{1,5}", any_category(), 0..4), id in proptest::option::of("[a-z]{1,5}"),
        who in proptest::option::of("[a-z@\\\\]{1,9}"), followed in any::<bool>()) -> ConfidentialityLabel {
        let kind = [LabelKind::Originator, LabelKind::Alternative, LabelKind::Metadata][kind];
        let moment = |text: &str| Moment { text: text.to_owned(), stamp: super::super::time::instant(text).unwrap() };
        let categories = categories.into_iter().map(|(name, category)| LabelCategory { tag_name: format!("{name}{}", category.tag_name), ..category }).collect::<Vec<_>>();
        let mut seen = std::collections::BTreeSet::new();
        let categories = categories.into_iter().filter(|category| seen.insert((category.kind, category.tag_name.to_ascii_lowercase()))).collect();
        let information = Information { policy: PolicyIdentifier { name: policy, id: None }, classification: class, privacy_mark: mark, categories, foreign: vec![] };
        let originator = who.map(|name| Originator { kind: "jID".to_owned(), name });
        let plain = ConfidentialityLabel { kind, id, review: Some(moment("2030-01-01T01:00:00+01:00")), information, originator,
            created: Some(moment("2026-02-28T23:59:59.125Z")), succession: None, foreign: vec![] };
        let next = Succession { at: moment("2029-01-01T00:00:00Z"), label: ConfidentialityLabel { kind: LabelKind::Successor, ..plain.clone() } };
        ConfidentialityLabel { succession: followed.then(|| Box::new(next)), ..plain }
    }
}

proptest! {
    #[test]
    fn labels_round_trip(label in any_label()) {
        let text = label.to_xml().unwrap();
        for mode in [Mode::Strict, Mode::Legacy] {
            let read = ConfidentialityLabel::parse(&text, mode).unwrap();
            prop_assert_eq!(&read.value, &label);
            prop_assert!(read.notes.is_empty());
        }
    }

    #[test]
    fn clearances_round_trip(label in any_label(), classes in proptest::collection::vec("[A-Z]{1,6}", 1..4)) {
        let clearance = ConfidentialityClearance { policy: label.information.policy, classifications: classes, categories: label.information.categories };
        prop_assert_eq!(ConfidentialityClearance::parse(&clearance.to_xml().unwrap(), Mode::Strict).unwrap().value, clearance);
    }
}
