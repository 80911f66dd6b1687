//! Labels in XML as the gate reads them.

use std::sync::Arc;

use super::*;
use crate::spif::Spif;
use crate::spif::lattice::policy_of as from_file;
use crate::spif::shipped::SHIPPED;
use crate::text::display;

const NAMESPACE: &str = "urn:nato:stanag:4774:confidentialitymetadatalabel:1:0";

fn rules() -> Rules {
    let mut rules = Rules::builtin().unwrap();
    for (file, open) in [("nato-style.xml", "UNCLASSIFIED"), ("eu-style.xml", "UNCLASSIFIED"), ("public.xml", "UNMARKED")] {
        let text = SHIPPED.iter().find(|(name, _)| *name == file).unwrap().1;
        rules.policies.insert(from_file(&Arc::new(Spif::parse(text).unwrap()), Some(open)).unwrap());
    }
    rules
}

fn information(policy: &str, class: &str, tag: &str, values: &[&str]) -> String {
    let values: String = values.iter().map(|value| format!("<GenericValue>{value}</GenericValue>")).collect();
    let category = if tag.is_empty() { String::new() } else { format!("<Category TagName='{tag}' Type='PERMISSIVE'>{values}</Category>") };
    format!(
        "<ConfidentialityInformation><PolicyIdentifier>{policy}</PolicyIdentifier><Classification>{class}</Classification>{category}\
         </ConfidentialityInformation>"
    )
}

fn xml(element: &str, attributes: &str, information: &str, after: &str) -> String {
    format!(
        "<{element} xmlns='{NAMESPACE}' {attributes}>{information}<CreationDateTime>2024-01-01T00:00:00Z</CreationDateTime>{after}</{element}>"
    )
}

const REVIEWED: &str = "ReviewDateTime='2025-01-01T00:00:00Z'";

fn secret() -> String {
    xml("originatorConfidentialityLabel", REVIEWED, &information("NATO", "SECRET", "Context", &["NATO"]), "")
}

fn alternative() -> String {
    xml("alternativeConfidentialityLabel", REVIEWED, &information("EU", "SECRET", "Releasable To", &["EU"]), "")
}

fn shown(labels: &[&str]) -> Result<(String, usize), String> {
    let rules = rules();
    let exact = read(labels, &rules, Stamp::parse("2026-11-25").unwrap())?;
    Ok((display(&exact.label, &rules.policies), exact.notes.len()))
}

#[test]
fn one_label_or_its_counterpart() {
    assert_eq!(shown(&[&secret()]), Ok(("NATO SECRET".to_owned(), 0)));
    assert_eq!(shown(&[&secret(), &alternative()]), Ok(("NATO SECRET or EU SECRET".to_owned(), 0)));
    let unknown = alternative().replace(">EU<", ">MOON<");
    assert_eq!(shown(&[&secret(), &unknown]), Ok(("NATO SECRET".to_owned(), 1)));
}

#[test]
fn a_successor_holds_from_its_date() {
    let successor = format!(
        "<SuccessionHandling><SuccessionDateTime>2030-01-01T00:00:00Z</SuccessionDateTime><SuccessorConfidentialityLabel {REVIEWED}>{}\
         <CreationDateTime>2024-01-01T00:00:00Z</CreationDateTime></SuccessorConfidentialityLabel></SuccessionHandling>",
        information("PUBLIC", "UNMARKED", "", &[])
    );
    let dated = xml("originatorConfidentialityLabel", "", &information("NATO", "SECRET", "Context", &["NATO"]), &successor);
    assert_eq!(shown(&[&dated]), Ok(("NATO SECRET, from 2030-01-01T00:00:00.000000Z PUBLIC UNMARKED".to_owned(), 0)));
    let both = shown(&[&dated, &alternative()]).unwrap().0;
    assert_eq!(both, "NATO SECRET or EU SECRET, from 2030-01-01T00:00:00.000000Z PUBLIC UNMARKED or EU SECRET");
    let passed = dated.replace("2030-01-01", "2026-01-01");
    assert_eq!(shown(&[&passed]), Ok(("PUBLIC UNMARKED".to_owned(), 0)));
}

/// SWE was no member when the label was made: the group is as of the label's own date.
#[test]
fn groups_are_as_of_the_label() {
    let exact = read(&[&secret()], &rules(), Stamp::parse("2026-11-25").unwrap()).unwrap();
    let words = crate::text::rules_in_words(&exact.label, &rules(), Stamp::parse("2026-11-25").unwrap()).join(" ");
    assert!(words.contains("FIN") && !words.contains("SWE"), "{words}");
}

#[test]
fn what_is_not_sound_admits_nobody() {
    let wrong_type = secret().replace("PERMISSIVE", "INFORMATIVE");
    let metadata = secret().replace("originatorConfidentialityLabel", "metadataConfidentialityLabel");
    let unknown = secret().replace(">NATO</Policy", ">MOON</Policy");
    let wrong_id = secret().replace("<PolicyIdentifier>", "<PolicyIdentifier URI='urn:oid:1.2.3'>");
    let invalid_other = alternative().replace("SECRET", "PURPLE");
    for (labels, part) in [
        (vec![wrong_type.as_str()], "policy's type wins"),
        (vec![&metadata], "without one of the originator"),
        (vec![&unknown], "policy MOON of a STANAG 4774 label is not in force"),
        (vec![&wrong_id], "not in force"),
        (vec![&secret(), &secret()], "several originator's labels"),
        (vec![&secret(), &invalid_other], "no classification `PURPLE`"),
        (vec![&alternative()], "without one of the originator"),
        (vec!["<a/>"], "1:1"),
        (vec![], "without one of the originator"),
    ] {
        let why = shown(&labels).unwrap_err();
        assert!(why.contains(part), "{labels:?}: {why}");
    }
}

#[test]
fn what_is_written_reads_as_the_same_label() {
    let (rules, now) = (rules(), Stamp::parse("2026-11-25").unwrap());
    let context = crate::text::LabelContext { made: now, owner: "A".to_owned(), collection: None };
    let review = Stamp::parse("2031-01-01").ok();
    let label = |text: &str| crate::text::parse_label(text, &rules, &context).unwrap();
    for text in [
        "NATO SECRET REL TO JPN, CHE",
        "NATO TOP SECRET ATOMAL",
        "PUBLIC UNMARKED",
        "NATO SECRET, from 2028-01-01 NATO RESTRICTED REL TO UKR, from 2030-06-01 PUBLIC UNMARKED",
    ] {
        let written = write(&label(text), review, &rules, now).unwrap();
        let labels: Vec<&str> = written.iter().map(String::as_str).collect();
        assert_eq!(read(&labels, &rules, now).unwrap().label, label(text), "{written:?}");
    }
    let with_other = read(&[&secret(), &alternative()], &rules, now).unwrap().label;
    let written = write(&with_other, review, &rules, Stamp::parse("2024-01-01").unwrap()).unwrap();
    assert_eq!(read(&written.iter().map(String::as_str).collect::<Vec<_>>(), &rules, now).unwrap().label, with_other);
    for (text, review, part) in
        [("NATO SECRET AND EU SECRET", review, "several"), ("TLP:GREEN", review, "not from a file"), ("NATO SECRET", None, "reviewed")]
    {
        assert!(write(&label(text), review, &rules, now).unwrap_err().contains(part), "{text}");
    }
}
