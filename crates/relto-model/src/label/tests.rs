//! Joins, steps in time, alternatives, and the stored form.

use super::*;

fn nations(codes: &[&str]) -> Clause {
    Clause::new("Releasable To", codes.iter().map(|code| Value::Nation((*code).to_owned())))
}

fn label(policy: &str, level: u8, clauses: &[Clause]) -> Label {
    let facet = clauses.iter().cloned().fold(Facet::at_level(level), Facet::only);
    Label::new(PolicyId::new(policy), facet)
}

#[test]
fn join_keeps_both_audiences_and_drops_implied_ones() {
    let wide = label("NATO", 2, &[nations(&["FRA", "JPN"])]);
    let narrow = label("NATO", 4, &[nations(&["FRA"])]);
    assert_eq!(wide.clone().join(&narrow), narrow);
    let apart = wide.clone().join(&label("NATO", 1, &[nations(&["USA"])]));
    let (_, facet) = apart.facets().next().unwrap();
    assert_eq!((facet.level, facet.permissive.len()), (2, 2));
    assert_eq!(wide.clone().join(&label("USA", 4, &[])).facets().count(), 2);
}

#[test]
fn nobody_stays_nobody() {
    let nobody = label("TLP", 5, &[Clause::new("Addressees", [])]);
    let join = nobody.join(&label("TLP", 1, &[]));
    assert!(join.facets().next().unwrap().1.permissive.iter().any(|clause| clause.values.is_empty()));
}

#[test]
fn stored_form_round_trips() {
    let label = label("NATO", 4, &[nations(&["FRA"])]).join(&super::Label::new(PolicyId::new("tlp"), Facet::at_level(2)));
    let read: Label = serde_json::from_str(&label.to_json()).unwrap();
    assert_eq!(read.digest(), label.digest());
    assert!(serde_json::from_str::<Label>("{}").is_err());
    assert!(serde_json::from_str::<Label>(r#"{"NATO":{"level":1},"later":{"5":{}}}"#).is_err());
    let dated = label.clone().then(Stamp(5), &super::Label::new(PolicyId::new("nato"), Facet::at_level(1)));
    assert_eq!(serde_json::from_str::<Label>(&dated.to_json()).unwrap(), dated);
    assert_ne!(dated.digest(), label.digest());
}

#[test]
fn steps_join_instant_by_instant() {
    let secret_until = |at: i64| label("NATO", 4, &[]).then(Stamp(at), &label("NATO", 1, &[]));
    let (five, nine) = (secret_until(5), secret_until(9));
    let level = |label: &Label, at: i64| label.facets_at(Stamp(at)).values().map(|facet| facet.level).max();
    let join = five.clone().join(&nine);
    assert_eq!([4, 5, 8, 9, 10].map(|at| level(&join, at)), [Some(4), Some(4), Some(4), Some(1), Some(1)]);
    assert_eq!((join.clone(), join.join(&five)), (nine.clone(), nine.clone()), "a step that changes nothing is none");
    assert_eq!(five.clone().then(Stamp(5), &five), five);
}

#[test]
fn an_alternative_stays_only_where_both_have_it() {
    let nato = || Facet::at_level(4).or(PolicyId::new("EU"), Facet::at_level(3));
    let both = Label::new(PolicyId::new("NATO"), nato()).join(&Label::new(PolicyId::new("NATO"), nato()));
    assert_eq!(both, Label::new(PolicyId::new("NATO"), nato()));
    let one = both.clone().join(&label("NATO", 4, &[]));
    assert_eq!(one, label("NATO", 4, &[]));
    assert_eq!(both.facets_ever().count(), 2);
}
