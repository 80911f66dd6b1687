//! The extension read, refused, decided, mapped and written.

use relto_model::label::Restriction;
use relto_model::{Facet, PolicyId, Value};
use serde_json::json;

use super::super::draw::Draw;
use super::super::ism::{Classification, DISSEMINATION_CONTROLS, USA};
use super::super::tests::{dominates, with_owner, with_site};
use super::tables::{ACTIONS, COMMUNITIES, Demand, ENTITIES, SHAREABILITIES, SHARING, WORDS};
use super::*;
use crate::policy::{ACS, LAW, ORGANISATIONS, RELEASABLE_TO};
use crate::worlds::tests::display;

const OWNER: &str = "USA.DOJ.FBI";

fn extension(access: &str, share: &str, more: Json) -> Json {
    let mut extension = json!({
        "extension_type": "property-extension",
        "identifier": "isa:guide.19001.ACS3-1",
        "create_date_time": "2026-01-01T00:00:00Z",
        "responsible_entity_custodian": "USA.DHS.US-CERT",
        "policy_reference": format!("urn:isa:policy:acs:ns:v3.0?privdefault={access}&sharedefault={share}"),
        "control_set": {"classification": "U"},
    });
    let members = extension.as_object_mut().unwrap();
    members.extend(more.as_object().unwrap().clone());
    extension
}

fn says(extension: &Json) -> String {
    with_owner(OWNER, |site| match read(extension, site) {
        Ok(reading) => format!("{}{}", display(&reading.label), reading.notes.iter().map(|note| format!(" [{note}]")).collect::<String>()),
        Err(refused) => format!("refused: {refused}"),
    })
}

fn issue() -> Issue {
    Issue { identifier: "isa:guide.1.ACS3-2".to_owned(), created: "2026-11-23T00:00:00Z".to_owned(), custodian: "USA.DHS".to_owned() }
}

/// The published examples, which are also a corpus of the fuzz target.
#[test]
fn published_examples_are_read() {
    let one = include_str!("../../../../../fuzz/corpus/acs-extension/oasis-use-case-1");
    let two = include_str!("../../../../../fuzz/corpus/acs-extension/oasis-use-case-2");
    let five = include_str!("../../../../../fuzz/corpus/acs-extension/oasis-use-case-5");
    for (text, shown) in [(one, "for nobody"), (two, "UNCLASSIFIED//FOUO"), (five, "LES")] {
        let said = says(&serde_json::from_str(text).unwrap());
        assert!(!said.starts_with("refused") && said.contains(shown), "{said}");
    }
    let Some(folder) = crate::spif::data::folder("labels/stix") else { return };
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("acs-")) {
            let whole: Json = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            let definition = whole.get("objects").and_then(|objects| objects.get(0)).unwrap_or(&whole);
            AccessControl::parse(&definition["extensions"][ACS_EXTENSION]).unwrap();
        }
    }
}

#[test]
fn every_word_goes_both_ways() {
    for word in WORDS {
        let field = match word.field {
            tables::Field::FormalDetermination => "formal_determination",
            tables::Field::Caveat => "caveat",
            tables::Field::Sensitivity => "sensitivity",
        };
        let extension = extension("permit", "permit", json!({"control_set": {"classification": "U", field: [word.name]}}));
        with_owner(OWNER, |site| {
            let label = read(&extension, site).unwrap().label;
            let held = |policy: &str, tag: &str, value: &str| {
                let restriction = Restriction { tag: tag.to_owned(), value: value.to_owned() };
                label.facets().any(|(own, facet)| own.as_str() == policy && facet.restrictive.contains(&restriction))
            };
            match word.demand {
                Demand::Hold(policy, tag, value) => assert!(held(policy, tag, value), "{}", word.name),
                Demand::Home => assert_eq!(display(&label), "UNCLASSIFIED//NOFORN"),
                Demand::Nothing => assert_eq!(label, Label::new(PolicyId::new(USA), Facet::at_level(1))),
            }
            let back = read(&write(&label, &issue(), site).unwrap(), site).unwrap().label;
            assert!(dominates(&back, &label), "{}", word.name);
        });
    }
    for (field, words) in [("shareability", &SHAREABILITIES[..]), ("entity", &ENTITIES[..]), ("permitted_organizations", &COMMUNITIES[..])]
    {
        for word in words {
            let extension = extension("permit", "permit", json!({"control_set": {"classification": "S", field: [word]}}));
            with_owner(OWNER, |site| {
                let label = read(&extension, site).unwrap().label;
                let named = |clause: &relto_model::Clause| clause.values.contains(&Value::Category((*word).to_owned()));
                assert!(label.facets().any(|(own, facet)| own.as_str() == ACS && facet.permissive.iter().any(named)), "{word}");
                let back = read(&write(&label, &issue(), site).unwrap(), site).unwrap().label;
                assert!(dominates(&back, &label), "{word}");
            });
        }
    }
}

#[test]
fn what_is_not_valid_is_refused() {
    let with = |more: Json| extension("permit", "permit", more);
    let controls = |set: Json| with(json!({"control_set": set}));
    let rule =
        |scope: Json| with(json!({"access_privilege": [{"privilege_action": "DSPLY", "privilege_scope": scope, "rule_effect": "permit"}]}));
    let sharing = |item: Json| with(json!({"further_sharing": [item]}));
    for (extension, part) in [
        (json!({}), "missing field"),
        (json!([1]), "ACS"),
        (with(json!({"extension_type": "new-sdo"})), "property-extension"),
        (with(json!({"surprise": 1})), "unknown field"),
        (with(json!({"create_date_time": "yesterday"})), "time stamp"),
        (with(json!({"responsible_entity_custodian": "the FBI"})), "organisation"),
        (with(json!({"responsible_entity_originator": "fbi"})), "organisation"),
        (with(json!({"authority_reference": ["urn:other"]})), "urn:isa:authority"),
        (with(json!({"policy_reference": "urn:isa:policy:acs:ns:v3.0?privdefault=permit"})), "both defaults"),
        (with(json!({"policy_reference": "urn:isa:policy:acs:ns:v3.0?privdefault=permit&sharedefault=maybe"})), "both defaults"),
        (controls(json!({"classification": "R"})), "not U, C, S or TS"),
        (controls(json!({"classification": "U", "caveat": ["NEW"]})), "not a value"),
        (controls(json!({"classification": "U", "caveat": []})), "empty"),
        (controls(json!({"classification": "U", "entity": ["ALL"]})), "not a value"),
        (controls(json!({"classification": "U", "permitted_nationalities": ["XKX"]})), "not a value"),
        (controls(json!({"classification": "S", "sci_controls": ["ZZ"]})), "no row"),
        (controls(json!({"classification": "U", "formal_determination": ["PUBREL", "NF"]})), "kept from it"),
        (controls(json!({"classification": "U", "formal_determination": ["NO-PII-PRESENT"], "sensitivity": ["PII"]})), "and some"),
        (rule(json!({})), "names nothing"),
        (rule(json!({"entity": ["ALL", "GOV"]})), "not a value"),
        (rule(json!({"permitted_organizations": ["SECTOR"]})), "not a value"),
        (with(json!({"access_privilege": []})), "empty"),
        (sharing(json!({"sharing_scope": ["SECTOR"]})), "missing field"),
        (sharing(json!({"sharing_scope": ["EVERYBODY"], "rule_effect": "permit"})), "not a value"),
        (sharing(json!({"sharing_scope": [], "rule_effect": "permit"})), "empty"),
        (sharing(json!({"sharing_scope": ["SECTOR"], "rule_effect": "perhaps"})), "unknown variant"),
        (sharing(json!({"sharing_scope": ["SECTOR"], "rule_effect": "permit", "until": "2030"})), "unknown field"),
    ] {
        let said = says(&extension);
        assert!(said.starts_with("refused") && said.contains(part), "{extension}: {said}");
    }
    let by_entity =
        json!({"access_privilege": [{"privilege_action": "ALL", "privilege_scope": {"entity": ["CTR"]}, "rule_effect": "deny"}]});
    assert!(
        says(&with(by_entity)).contains("cannot say")
            || says(&extension(
                "permit",
                "permit",
                json!({"access_privilege": [{"privilege_action": "ALL", "privilege_scope": {"entity": ["CTR"]}, "rule_effect": "deny"}]})
            ))
            .contains("contrary")
    );
}

#[test]
fn what_cannot_be_written_is_refused() {
    let label = |policy: &str, facet: Facet| Label::new(PolicyId::new(policy), facet);
    let american = || label(USA, Facet::at_level(4));
    let clause = |tag: &str, values: Vec<Value>| Facet::at_level(0).only(relto_model::Clause::new(tag, values));
    for (label, part) in [
        (label("NATO", Facet::at_level(4)), "no other level"),
        (label(LAW, Facet::at_level(0)), "asks for the classification"),
        (
            american().join(&label(
                "HANDLING",
                Facet { restrictive: [Restriction { tag: "Originator Control".into(), value: "X".into() }].into(), ..Facet::at_level(0) },
            )),
            "does not say",
        ),
        (american().join(&label(ACS, clause(ORGANISATIONS, vec![Value::Organisation("Plain Name".into())]))), "nobody of this audience"),
        (american().join(&label(ACS, clause(ORGANISATIONS, vec![]))), "nobody of this audience"),
        (american().join(&label("ORG", clause(ORGANISATIONS, vec![Value::Organisation("USA.DHS".into())]))), "nobody of this audience"),
        (label(USA, Facet::at_level(2)), "no classification has"),
    ] {
        let refused = with_site(|site| write(&label, &issue(), site)).unwrap_err().to_string();
        assert!(refused.contains(part), "{}: {refused}", display(&label));
    }
}

const NATIONS: [&str; 4] = ["USA", "GBR", "FRA", "XKS"];
const ORGS: [&str; 6] = [OWNER, "USA.DHS", "USA.DHS.US-CERT", "GBR.NCSC", "FIN", "USA.USG"];

fn words(draw: &mut Draw, of: &[&str]) -> Vec<String> {
    let mut some = draw.some(of, 3);
    some.insert(draw.one(of));
    some.into_iter().map(str::to_owned).collect()
}

fn random_scope(draw: &mut Draw) -> Json {
    let mut scope = serde_json::Map::new();
    let lists = [
        ("permitted_nationalities", &NATIONS[..]),
        ("permitted_organizations", &ORGS),
        ("shareability", &SHAREABILITIES),
        ("entity", &ENTITIES[..3]),
    ];
    for (name, of) in lists {
        match draw.below(10) {
            0..4 => drop(scope.insert(name.to_owned(), json!(["ALL"]))),
            4..6 => drop(scope.insert(name.to_owned(), json!(words(draw, of)))),
            _ => {}
        }
    }
    if scope.is_empty() {
        scope.insert("entity".to_owned(), json!(["ALL"]));
    }
    Json::Object(scope)
}

fn random_extension(draw: &mut Draw) -> Json {
    let mut controls = json!({"classification": draw.one(&["U", "U", "C", "S", "TS"])});
    let set = controls.as_object_mut().unwrap();
    let of = |field: tables::Field| WORDS.iter().filter(|word| word.field == field).map(|word| word.name).collect::<Vec<_>>();
    let lists = [
        ("formal_determination", of(tables::Field::FormalDetermination), 20),
        ("caveat", of(tables::Field::Caveat), 10),
        ("sensitivity", of(tables::Field::Sensitivity), 10),
        ("shareability", SHAREABILITIES.to_vec(), 10),
        ("entity", ENTITIES[..3].to_vec(), 20),
        ("permitted_nationalities", NATIONS.to_vec(), 20),
        ("permitted_organizations", ORGS.to_vec(), 30),
        ("sci_controls", vec!["SI", "SI-G", "TK"], 10),
        ("logical_authority_category", vec!["ANALYSIS"], 5),
    ];
    for (name, of, chance) in lists {
        if draw.chance(chance) {
            set.insert(name.to_owned(), json!(words(draw, &of)));
        }
    }
    let mut more = json!({"control_set": controls});
    let effects = ["permit", "permit", "deny"];
    let rules = |draw: &mut Draw| {
        (0..1 + draw.below(3))
            .map(|_| json!({"privilege_action": draw.one(&["DSPLY", "ALL", "INTEL"]), "privilege_scope": random_scope(draw), "rule_effect": draw.one(&effects)}))
            .collect::<Vec<_>>()
    };
    if draw.chance(70) {
        more["access_privilege"] = json!(rules(draw));
    }
    if draw.chance(50) {
        let scopes: Vec<&str> = ORGS.iter().chain(&SHARING).copied().collect();
        let items = (0..1 + draw.below(2)).map(|_| json!({"sharing_scope": words(draw, &scopes), "rule_effect": draw.one(&effects)}));
        more["further_sharing"] = json!(items.collect::<Vec<_>>());
    }
    extension(draw.one(&["permit", "deny"]), draw.one(&["permit", "deny"]), more)
}

fn random_requester(draw: &mut Draw) -> Requester {
    let strings = |set: std::collections::BTreeSet<&str>| set.into_iter().map(str::to_owned).collect();
    let mut held: Vec<&str> = WORDS.iter().map(|word| word.name).collect();
    held.extend(["SI", "SI-G", "TK", "ANALYSIS"]);
    let communities: Vec<&str> = ["FIN", "USA.USG"].iter().chain(&SHARING).copied().collect();
    let mut nations = draw.some(&NATIONS, 1);
    nations.insert(draw.one(&NATIONS));
    Requester {
        nations: strings(nations),
        organisation: draw.one(&ORGS[..4]).to_owned(),
        communities: strings(draw.some(&communities, 2)),
        shareability: strings(draw.some(&SHAREABILITIES, 2)),
        entity: strings(draw.some(&ENTITIES[..3], 2)),
        clearance: draw.one(&[Classification::Unclassified, Classification::Secret, Classification::TopSecret, Classification::TopSecret]),
        accesses: if draw.chance(70) { strings(held.into_iter().collect()) } else { strings(draw.some(&held, 4)) },
    }
}

/// The floor's rule for a requester, spelled out for the policies that ACS maps to.
fn admits(label: &Label, requester: &Requester) -> bool {
    let own_code = |code: &String| if code == "XKX" { "XKS".to_owned() } else { code.clone() };
    label.facets().all(|(policy, facet)| {
        let cleared = policy.as_str() != USA || facet.level == 1 || requester.clearance.rank() >= facet.level;
        let clauses = facet.permissive.iter().all(|clause| {
            let nations: BTreeSet<String> = clause
                .values
                .iter()
                .filter_map(|value| if let Value::Nation(code) = value { Some(own_code(code)) } else { None })
                .collect();
            let named = clause.values.iter().any(|value| match value {
                Value::Organisation(name) => *name == requester.organisation,
                Value::Category(name) if clause.tag == ORGANISATIONS => requester.communities.contains(name),
                Value::Category(name) => requester.shareability.contains(name) || requester.entity.contains(name),
                _ => false,
            });
            let by_nation = clause.tag == RELEASABLE_TO && requester.nations.is_subset(&nations);
            named || by_nation
        });
        cleared && clauses && facet.restrictive.iter().all(|restriction| requester.accesses.contains(&restriction.value))
    })
}

#[test]
fn the_label_admits_nobody_whom_the_rule_shuts_out() {
    let mut draw = Draw(11);
    let (mut admitted, mut exact) = (0, 0);
    with_owner(OWNER, |site| {
        for _ in 0..20_000 {
            let extension = random_extension(&mut draw);
            let Ok(control) = AccessControl::parse(&extension) else { continue };
            let Ok(reading) = control.label(site) else { continue };
            for _ in 0..8 {
                let requester = random_requester(&mut draw);
                let may_see = control.decide(&requester, "DSPLY") == Effect::Permit;
                let may_have = requester.organisation == OWNER || control.may_share(&requester) == Effect::Permit;
                let by_label = admits(&reading.label, &requester);
                assert!(!by_label || (may_see && may_have), "{extension} as {} for {requester:?}", display(&reading.label));
                admitted += usize::from(by_label);
                // A mapping that is said to be exact shuts nobody out either, but for a system that a compartment asks for.
                let has_compartment = requester.accesses.contains("SI-G") && !requester.accesses.contains("SI");
                if reading.notes.is_empty() && !has_compartment {
                    assert_eq!(by_label, may_see && may_have, "{extension} as {} for {requester:?}", display(&reading.label));
                    exact += 1;
                }
            }
        }
    });
    assert!(admitted > 2_000 && exact > 20_000, "{admitted} {exact}");
}

#[test]
fn there_and_back_never_lowers() {
    let mut draw = Draw(12);
    let mut written = 0;
    with_owner(OWNER, |site| {
        for _ in 0..20_000 {
            let extension = random_extension(&mut draw);
            let Ok(reading) = read(&extension, site) else { continue };
            let parsed = AccessControl::parse(&extension).unwrap();
            assert_eq!(AccessControl::parse(&serde_json::to_value(&parsed).unwrap()).as_ref(), Ok(&parsed));
            let Ok(out) = write(&reading.label, &issue(), site) else { continue };
            written += 1;
            let back = read(&out, site).unwrap().label;
            assert!(dominates(&back, &reading.label), "{extension} became {out}");
        }
    });
    assert!(written > 2_000, "{written}");
}

#[test]
fn random_labels_come_back_no_lower() {
    let mut draw = Draw(13);
    let mut written = 0;
    with_owner(OWNER, |site| {
        for _ in 0..20_000 {
            let mut facet = Facet::at_level(draw.one(&[1, 3, 4, 5, 2]));
            if draw.chance(40) {
                let nations = draw.some(&["USA", "FRA", "XKX"], 3).into_iter().map(|code| Value::Nation(code.to_owned()));
                facet = facet.only(relto_model::Clause::new(RELEASABLE_TO, nations));
            }
            if draw.chance(30) {
                let value = draw.one(&["FOUO", "FISA", "LES", "PR"]);
                facet.restrictive.insert(Restriction { tag: DISSEMINATION_CONTROLS.to_owned(), value: value.to_owned() });
            }
            let mut other = Facet::at_level(0);
            for _ in 0..draw.below(3) {
                let (tag, of) = draw.one(&[
                    (ORGANISATIONS, &ORGS[..]),
                    ("Entity", &ENTITIES),
                    ("Shareability", &SHAREABILITIES),
                    (ORGANISATIONS, &ACTIONS),
                ]);
                let as_value =
                    |word: &str| if word.contains('.') { Value::Organisation(word.to_owned()) } else { Value::Category(word.to_owned()) };
                let values: Vec<Value> = draw.some(of, 3).into_iter().map(as_value).collect();
                other = other.only(relto_model::Clause::new(tag, values));
            }
            let label = Label::new(PolicyId::new(USA), facet).join(&Label::new(PolicyId::new(ACS), other));
            let Ok(out) = write(&label, &issue(), site) else { continue };
            written += 1;
            let back = read(&out, site).unwrap().label;
            assert!(dominates(&back, &label), "{} became {out}", display(&label));
        }
    });
    assert!(written > 4_000, "{written}");
}
