//! There and back, and what is refused.

use super::*;
use crate::policy::{Policies, RELEASABLE_TO};
use crate::spif::shipped::SHIPPED;
use crate::text::{LabelContext, display, parse_label};

fn spif(name: &str) -> Arc<Spif> {
    let text = SHIPPED.iter().find(|(file, _)| *file == name).unwrap().1;
    Arc::new(Spif::parse(text).unwrap())
}

/// The rules of a node that has activated every policy that ships and that may be.
fn rules() -> Rules {
    let mut rules = Rules::builtin().unwrap();
    for (file, open) in [("nato-style.xml", "UNCLASSIFIED"), ("eu-style.xml", "UNCLASSIFIED"), ("us-style.xml", "UNCLASSIFIED")] {
        rules.policies.insert(policy_of(&spif(file), Some(open)).unwrap());
    }
    rules.policies.insert(policy_of(&spif("commercial.xml"), Some("PUBLIC")).unwrap());
    rules
}

fn context() -> LabelContext {
    LabelContext { made: Stamp::parse("2026-11-25").unwrap(), owner: "A".to_owned(), collection: None }
}

/// What a file says of levels and restrictive values is what the built-in table says.
#[test]
fn shipped_files_have_the_ranks_of_the_table() {
    let built_in = Policies::default();
    for policy in rules().policies.iter().filter(|policy| ["NATO", "EU", "USA"].contains(&policy.name.as_str())) {
        let table = built_in.find(&policy.name).unwrap();
        assert_eq!((&policy.levels, policy.open_up_to), (&table.levels, table.open_up_to));
        let all_of = |one: &[TagValue], other: &[TagValue]| one.iter().all(|value| other.contains(value));
        // The file of NATO has what is obsolete as well, the table of the United States what no file of ours has.
        let agree = all_of(&policy.restrictive, &table.restrictive) || all_of(&table.restrictive, &policy.restrictive);
        assert!(agree, "{}", policy.name);
    }
}

#[test]
fn labels_in_words_are_those_of_the_file_and_back() {
    let rules = rules();
    for (text, xml_values) in [
        ("NATO SECRET", "Context=NATO"),
        ("NATO SECRET REL TO JPN", "Context=NATO,Releasable Releasable To=JPN,NATO"),
        ("NATO TOP SECRET ATOMAL", "Context=NATO Additional Sensitivity=ATOMAL"),
        ("SECRET//NOFORN", "Dissemination=NOFORN"),
        ("SECRET//SI//REL TO USA, FRA", "Releasable To=FRA,USA SCI Controls=SI"),
        ("EU RESTRICTED REL TO CHE", "Releasable To=CHE,EU"),
        ("COMMERCIAL CONFIDENTIAL; Project=AURORA, BOREAS", "Project=AURORA,BOREAS"),
        ("COMMERCIAL INTERNAL; Legal=PERSONAL DATA", "Legal=PERSONAL DATA"),
        ("COMMERCIAL STRICTLY CONFIDENTIAL", ""),
        ("COMMERCIAL PUBLIC", ""),
    ] {
        let label = parse_label(text, &rules, &context()).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(display(&label, &rules.policies), text);
        let (id, facet) = label.facets().next().unwrap();
        let file = rules.policies.of(id).unwrap().file.clone().unwrap();
        let information = information_of(&file, facet).unwrap();
        let shown = information.categories.iter().map(|category| format!("{}={}", category.tag_name, category.values.join(",")));
        assert_eq!(shown.collect::<Vec<_>>().join(" "), xml_values, "{text}");
        let written = label_of(information, context().made);
        let resolved = validate(&file, &written, context().made).resolved.unwrap();
        assert_eq!(facet_of(&resolved, &rules, context().made).unwrap(), *facet, "{text}");
    }
}

#[test]
fn two_audiences_stay_two_and_no_label_of_the_policy_says_so() {
    let rules = rules();
    let text = "COMMERCIAL CONFIDENTIAL; Project=AURORA, BOREAS; Project=BOREAS, CORVUS";
    let label = parse_label(text, &rules, &context()).unwrap();
    assert_eq!(display(&label, &rules.policies), text);
    let (_, facet) = label.facets().next().unwrap();
    assert!(information_of(&spif("commercial.xml"), facet).unwrap_err().contains("two audiences"));
    let nobody = Facet::at_level(4).only(Clause::new(RELEASABLE_TO, []));
    assert!(information_of(&spif("nato-style.xml"), &nobody).unwrap_err().contains("nobody"));
    let named = Facet::at_level(4).only(Clause::new(RELEASABLE_TO, [Value::Organisation("A".to_owned())]));
    assert!(information_of(&spif("nato-style.xml"), &named).is_err());
}

#[test]
fn what_the_file_does_not_allow_is_refused_in_its_words() {
    let rules = rules();
    for (text, part) in [
        ("COMMERCIAL PUBLIC; Project=AURORA", "excludedClass"),
        ("COMMERCIAL CONFIDENTIAL; Project=ZEPHYR", "not all of `ZEPHYR`"),
        ("COMMERCIAL CONFIDENTIAL; Colour=RED", "no tag set `Colour`"),
        ("COMMERCIAL CONFIDENTIAL; AURORA", "TAG=VALUE"),
        ("COMMERCIAL PURPLE", "no classification `PURPLE`"),
        ("CONFIDENTIAL//TK//NOFORN", "excludedClass"),
    ] {
        let error = parse_label(text, &rules, &context()).unwrap_err().to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
}

#[test]
fn a_file_without_ranks_is_no_policy() {
    let mut twin = spif("commercial.xml").as_ref().clone();
    twin.classifications[0].hierarchy = 2;
    assert!(policy_of(&Arc::new(twin.clone()), None).unwrap_err().contains("one hierarchy"));
    twin.classifications[0].hierarchy = 256;
    assert!(policy_of(&Arc::new(twin), None).unwrap_err().contains("above 255"));
    assert!(policy_of(&spif("commercial.xml"), Some("PURPLE")).is_err());
    assert!(policy_of(&spif("commercial.xml"), None).unwrap().needs_clearance(1));
}
