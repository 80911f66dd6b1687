//! What a site's authority may do to the shipped table: renew, tighten, add; and what it may not.

use serde_json::{Value, json};

use super::cases::{at, tag};
use crate::law::{Kind, LawRules, LawTables, ObligationSet, Outcome, RecipientFacts, Sources, assess};
use crate::membership::Memberships;

/// The shipped rule `id`, changed by `edit`, as a site's file.
fn edited(id: &str, edit: impl Fn(&mut Value)) -> String {
    let rules: Vec<Value> = serde_json::from_str(include_str!("../../../data/law/rules.json")).unwrap();
    let mut rule = rules.into_iter().find(|rule| rule["id"] == id).unwrap();
    edit(&mut rule);
    json!([rule]).to_string()
}

fn site(text: &str) -> Result<LawRules, String> {
    LawRules::builtin().unwrap().with_site(text).map_err(|error| error.to_string())
}

#[test]
fn renewed_and_tightened() {
    let later = at("2029-01-01");
    let who = RecipientFacts::organisation("ANSSI", "FRA", Kind::PublicAuthority);
    let is_met = |rules: &LawRules, now| {
        let outcome = assess(&tag("GDPR NONE"), &who, &LawTables::builtin().unwrap(), rules, now, ObligationSet::all()).outcome;
        matches!(outcome, Outcome::Met(_))
    };
    let renewed = site(&edited("gdpr-none", |rule| rule["review"] = json!("2030-01-01"))).unwrap();
    assert!(is_met(&renewed, later) && !is_met(&LawRules::builtin().unwrap(), later));
    assert_eq!(renewed.rows().len(), LawRules::builtin().unwrap().rows().len());
    let tightened = site(&edited("gdpr-none", |rule| rule["requires"] = json!([{"in-group": "NATO"}, {"is": ["military"]}]))).unwrap();
    assert!(!is_met(&tightened, at("2026-11-25")));
    for edit in [
        |rule: &mut Value| drop(rule["grounds"].as_array_mut().unwrap().pop()),
        |rule: &mut Value| rule["otherwise"] = json!("deny"),
        |rule: &mut Value| rule["otherwise"] = json!("pend"),
        |rule: &mut Value| rule["obligations"].as_array_mut().unwrap().push(json!("no-onward")),
        |rule: &mut Value| rule["grounds"][1]["when"].as_array_mut().unwrap().push(json!("party-to-contract")),
        |rule: &mut Value| rule["citation"] = json!("as amended"),
    ] {
        site(&edited("gdpr-personal", edit)).unwrap();
    }
}

#[test]
fn nothing_is_loosened() {
    for edit in [
        |rule: &mut Value| rule["grounds"].as_array_mut().unwrap().push(json!({"says": "why not", "when": ["always"]})),
        |rule: &mut Value| rule["grounds"][0]["when"] = json!([]),
        |rule: &mut Value| rule["obligations"] = json!(["log"]),
        |rule: &mut Value| rule["otherwise"] = json!("pend"),
        |rule: &mut Value| rule["requires"] = json!(["mandated"]),
        |rule: &mut Value| rule["values"] = json!(["SPECIAL ..."]),
        |rule: &mut Value| rule["except"] = json!(["SPECIAL"]),
        |rule: &mut Value| rule["until"] = json!("2027-01-01"),
        |rule: &mut Value| rule["law"] = json!("LED"),
    ] {
        let error = site(&edited("gdpr-special", edit)).unwrap_err();
        assert!(error.starts_with("legal rule 1: `gdpr-special` may be renewed and tightened"), "{error}");
    }
}

#[test]
fn rows_are_added_and_bad_ones_refused() {
    let rule = |edit: &dyn Fn(&mut Value)| {
        edited("gdpr-none", |rule| {
            rule["id"] = json!("local");
            edit(rule);
        })
    };
    let added = site(&rule(&|rule| rule["law"] = json!("BDSG"))).unwrap();
    let (tables, who) = (LawTables::builtin().unwrap(), RecipientFacts::default());
    let of = |rules: &LawRules| assess(&tag("BDSG NONE"), &who, &tables, rules, at("2026-11-25"), ObligationSet::all()).outcome;
    assert!(matches!(of(&added), Outcome::Met(_)) && matches!(of(&LawRules::builtin().unwrap()), Outcome::Unmet(_)));
    assert!(added.laws().contains(&"BDSG"));
    // A second rule for a known value is one more to be met.
    let stricter = site(&rule(&|rule| rule["grounds"] = json!([{"says": "none", "when": ["never"]}]))).unwrap();
    let none = assess(&tag("GDPR NONE"), &who, &tables, &stricter, at("2026-11-25"), ObligationSet::all());
    assert!(matches!(none.outcome, Outcome::Unmet(_)) && none.findings.len() == 2);
    for (edit, part) in [
        (&(|rule: &mut Value| rule["grounds"] = json!([])) as &dyn Fn(&mut Value), "legal rule 1: a rule has"),
        (&|rule: &mut Value| rule["values"] = json!(["...", " "]), "row 1: `` is not a form"),
        (&|rule: &mut Value| rule["requires"] = json!(["wishes"]), "row 1: unknown variant `wishes`"),
        (&|rule: &mut Value| rule["obligations"] = json!(["pray"]), "row 1: unknown variant `pray`"),
        (&|rule: &mut Value| rule["colour"] = json!("red"), "row 1: unknown field `colour`"),
        (&|rule: &mut Value| rule["authority"] = json!(""), "row 1: `authority`"),
    ] {
        let error = site(&rule(edit)).unwrap_err();
        assert!(error.contains(part), "{error}");
    }
    let twice = rule(&|_| ()).replace("[{", "[{\"x\":0},{");
    assert!(site(&twice).unwrap_err().contains("row 1"));
}

/// The shipped rules ask for lists and groups that exist: what is misspelt would deny for ever.
#[test]
fn every_list_that_is_asked_for_exists() {
    let tables = LawTables::builtin().unwrap();
    let rules: Value = serde_json::from_str(include_str!("../../../data/law/rules.json")).unwrap();
    let mut asked = Vec::new();
    collect(&rules, &mut asked);
    assert!(asked.len() > 30);
    for (question, name) in asked {
        let exists = match question.as_str() {
            "on" => tables.lists.rows().iter().any(|row| row.fact.list == name),
            "not-on" => tables.embargoes.rows().iter().any(|row| row.fact.list == name),
            "not-denied" => tables.entities.rows().iter().any(|row| row.fact.list == name),
            "in-group" => tables.memberships.knows(&name),
            "adequate" => tables.adequacy.rows().iter().any(|row| row.fact.law == name),
            _ => continue,
        };
        assert!(exists, "{question} {name}");
    }
}

fn collect(value: &Value, asked: &mut Vec<(String, String)>) {
    match value {
        Value::Array(all) => all.iter().for_each(|one| collect(one, asked)),
        Value::Object(fields) => {
            for (question, argument) in fields {
                let name = argument.as_str().or_else(|| argument.get("list").and_then(Value::as_str));
                asked.extend(name.map(|name| (question.clone(), name.to_owned())));
                collect(argument, asked);
            }
        }
        _ => {}
    }
}

#[test]
fn bad_tables_are_refused_by_row() {
    let dates = r#""authority":"A","source":"S","review":"2028-01-01""#;
    let memberships = || Memberships::builtin().unwrap();
    let adequacy = |row: &str| {
        let text = format!("[{{\"law\":\"GDPR\",\"kinds\":[],{row}{dates}}}]");
        LawTables::parse(Sources { adequacy: &text, ..Sources::SHIPPED }, memberships()).unwrap_err().to_string()
    };
    assert_eq!(adequacy(r#""country":"FRX","#), "table of adequacy, row 1: `FRX` is not an ISO 3166-1 alpha-3 code");
    assert!(adequacy("").contains("row 1: a row has either"));
    assert!(adequacy(r#""country":"FRA","organisation":"X","#).contains("row 1: a row has either"));
    assert!(adequacy(r#""nation":"FRA","#).contains("row 1: unknown field `nation`"));
    let embargoes = format!(r#"[{{"list":"E:1","countries":["IRN","IRX"],{dates}}}]"#);
    let error = LawTables::parse(Sources { embargoes: &embargoes, ..Sources::SHIPPED }, memberships()).unwrap_err().to_string();
    assert_eq!(error, "table of embargoes, row 1: `IRX` is not an ISO 3166-1 alpha-3 code");
}
