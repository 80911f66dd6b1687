//! Terms as people write them, as they are stored, and what is outside them.

use super::*;
use crate::law::Authorisation;
use crate::text::{LabelContext, parse_label};

fn rules() -> Rules {
    Rules::builtin().unwrap()
}

fn words(all: &[&str]) -> Option<Vec<String>> {
    Some(all.iter().map(|one| (*one).to_owned()).collect())
}

fn parsed(written: &WrittenTerms) -> Result<Terms, String> {
    Terms::parse(written, ["intel", "supply"], &rules()).map_err(|error| error.to_string())
}

#[test]
fn what_older_nodes_stored_is_read_as_levels() {
    let read = |text: &str| serde_json::from_str::<Terms>(text).unwrap();
    let levels = Ceilings::parse(["NATO:RESTRICTED"], &rules().policies).unwrap();
    let old = serde_json::to_string(&levels).unwrap();
    assert_eq!(read(&old), Terms { levels: levels.clone(), ..Terms::default() });
    assert!(read("{}").is_open());
    let terms = Terms { levels, laws: Some(BTreeSet::new()), purposes: Some(["cyber defence".to_owned()].into()), ..Terms::default() };
    assert_eq!(read(&serde_json::to_string(&terms).unwrap()), terms);
    // A policy may be called as a list is.
    assert_eq!(read(r#"{"levels": 2}"#).levels.written(&rules().policies), ["levels:?"]);
}

#[test]
fn they_are_read_as_written_and_written_as_read() {
    let written = WrittenTerms {
        levels: vec!["NATO:RESTRICTED".to_owned()],
        collections: words(&["intel"]),
        laws: words(&["PROP", "PURPOSE"]),
        purposes: words(&[NOTHING]),
        grounds: words(&["C-1"]),
    };
    let terms = parsed(&written).unwrap();
    assert_eq!(terms.purposes, Some(BTreeSet::new()));
    assert!(terms.include("intel") && !terms.include("supply"));
    assert_eq!(terms.written(&rules().policies), written);
    let lower = WrittenTerms { laws: words(&["purpose", "prop"]), ..written.clone() };
    assert_eq!(parsed(&lower).unwrap(), terms);
    assert_eq!(
        written.in_words(),
        ["up to NATO:RESTRICTED", "only collections intel", "only tags of PROP, PURPOSE", "only for none", "only on the grounds C-1"]
    );
}

#[test]
fn what_is_not_known_is_refused_with_what_there_is() {
    let none = WrittenTerms::default;
    for (written, said) in [
        (WrittenTerms { laws: words(&["GDRP"]), ..none() }, "no legal rule is of `GDRP`: there are rules of GDPR, LED"),
        (WrittenTerms { collections: words(&["secret"]), ..none() }, "not about a collection `secret`: it is about intel, supply"),
        (WrittenTerms { levels: vec!["NATO:HIGH".to_owned()], ..none() }, "no level `HIGH`"),
        (WrittenTerms { laws: words(&["GDPR", "none"]), ..none() }, "`none` is no name"),
        (WrittenTerms { grounds: words(&[" "]), ..none() }, "` ` is no name"),
    ] {
        let error = parsed(&written).unwrap_err();
        assert!(error.contains(said), "{error}");
    }
    let facts = RecipientFacts::default().asking_for("cyber defence").party_to(Held::new("C-1"));
    let check = |purpose: &[&str], ground: &[&str]| {
        let terms = parsed(&WrittenTerms { purposes: words(purpose), grounds: words(ground), ..none() }).unwrap();
        terms.check(&facts).map_err(|error| error.to_string())
    };
    assert_eq!(check(&["Cyber Defence"], &["c-1"]), Ok(()));
    assert!(check(&["sales"], &["C-1"]).unwrap_err().contains("its facts have cyber defence"));
    assert!(check(&["cyber defence"], &["C-2"]).unwrap_err().contains("`C-2` is no ground that the recipient has: its facts have C-1"));
}

#[test]
fn facts_are_struck_out_and_dates_stay() {
    let until = Stamp::parse("2027-01-01").unwrap();
    let facts = RecipientFacts::organisation("BSI", "DEU", crate::law::Kind::PublicAuthority)
        .asking_for("cyber defence")
        .party_to(Held::new("C-1").until(until))
        .party_to(Held::new("C-2"))
        .authorised("ITAR", &["VIII"], Held::new("TA-1"));
    let terms = |purposes: Option<&[&str]>, grounds: Option<&[&str]>| {
        let list = |all: Option<&[&str]>| all.map(|all| all.iter().map(|one| (*one).to_owned()).collect());
        Terms { purposes: list(purposes), grounds: list(grounds), ..Terms::default() }
    };
    assert_eq!(Terms::default().narrow(facts.clone()), facts);
    let left = terms(Some(&["Cyber Defence"]), Some(&["c-1"])).narrow(facts.clone());
    assert_eq!(
        left,
        RecipientFacts { instruments: [Held::new("C-1").until(until)].into(), authorisations: BTreeSet::new(), ..facts.clone() }
    );
    let left = terms(Some(&[]), Some(&["TA-1"])).narrow(facts.clone());
    let authorisations: Vec<&Authorisation> = left.authorisations.iter().collect();
    assert_eq!((left.purpose, authorisations.len(), left.instruments.len()), (None, 1, 0));
    assert_eq!((&left.country, &left.nations, left.kind), (&facts.country, &facts.nations, facts.kind));
}

#[test]
fn what_is_outside_them_is_said_with_what_they_are_about() {
    let rules = rules();
    let now = Stamp::parse("2026-11-23").unwrap();
    let context = LabelContext { made: now, owner: "A".to_owned(), collection: None };
    let outside = |written: WrittenTerms, label: &str| {
        parsed(&written).unwrap().outside(&parse_label(label, &rules, &context).unwrap(), &rules, now).unwrap_or_default()
    };
    let none = WrittenTerms::default;
    let levels = || WrittenTerms { levels: vec!["NATO:RESTRICTED".to_owned()], ..none() };
    let laws = |all: &[&str]| WrittenTerms { laws: words(all), ..none() };
    let purposes = |all: &[&str]| WrittenTerms { purposes: words(all), ..none() };
    let grounds = |all: &[&str]| WrittenTerms { grounds: words(all), ..none() };
    for (terms, label, said) in [
        (levels(), "NATO RESTRICTED", ""),
        (levels(), "NATO SECRET", "NATO up to RESTRICTED"),
        (laws(&["GDPR"]), "TLP:GREEN AND LAW:GDPR PERSONAL", ""),
        (laws(&["GDPR"]), "TLP:GREEN AND LAW:PROP UNDER C-1", "tags of GDPR, and not PROP"),
        (laws(&["none"]), "TLP:GREEN AND LAW:GDPR NONE", "tags of none, and not GDPR"),
        (laws(&["none"]), "TLP:GREEN", ""),
        (purposes(&["Sales", "Cyber Defence"]), "TLP:GREEN AND LAW:PURPOSE CRISIS RESPONSE, CYBER DEFENCE", ""),
        (purposes(&["sales"]), "TLP:GREEN AND LAW:PURPOSE CYBER DEFENCE", "the purpose sales, and not CYBER DEFENCE"),
        (grounds(&["c-1"]), "TLP:GREEN AND LAW:PROP UNDER C-1", ""),
        (grounds(&["none"]), "TLP:GREEN AND LAW:NDA UNDER C-1", "the ground none, and not C-1"),
        (grounds(&["none"]), "TLP:GREEN AND LAW:GDPR PERSONAL BASIS 6(1)(F)", ""),
    ] {
        assert_eq!(outside(terms, label), said, "{label}");
    }
}
