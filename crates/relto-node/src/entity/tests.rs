//! What is said of entities, over objects as they stand in a store: each case is a few objects and what comes of them.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use super::gather::Known;
use super::sources::Sources;
use super::*;

fn id(kind: &str, number: u32) -> String {
    format!("{kind}--00000000-0000-4000-8000-{number:012}")
}

/// An object with `more` properties, made at the begin of 2026.
fn object(kind: &str, number: u32, more: Json) -> Json {
    let mut object = json!({"type": kind, "id": id(kind, number), "created": "2026-01-01T00:00:00Z", "modified": "2026-01-01T00:00:00Z"});
    object.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    object
}

fn relation(number: u32, more: Json) -> Json {
    let mut own = json!({"relationship_type": "leads", "source_ref": id("identity", 1), "target_ref": id("identity", 9)});
    own.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    object("relationship", number, own)
}

/// A note as intake writes one of the document `document`.
fn note(number: u32, document: &str, line: &str) -> Json {
    object(
        "note",
        number,
        json!({"content": format!("{line}\nThe document: “{line}, it says”"), "object_refs": [id("identity", 1)],
            "extensions": {said::PROVENANCE: {"raw_sha256": document, "status": "repaired"}}}),
    )
}

fn by(maker: u32, mut object: Json) -> Json {
    object["created_by_ref"] = json!(id("identity", maker));
    object
}

/// Identity 1 is `One`, identity 9 is `Nine`; makers have no name.
fn known(records: Vec<Json>, about: Vec<Json>) -> Known {
    Known::of(records, about, vec![object("identity", 9, json!({"name": "Nine"}))])
}

fn one() -> Vec<Json> {
    vec![object("identity", 1, json!({"name": "One"}))]
}

fn viewed<R>(known: &Known, act: impl FnOnce(&View<'_>) -> R) -> R {
    act(&View { known, sources: &Sources::of(known), kinds: &Kinds::builtin() })
}

fn check_contradictions(records: Vec<Json>, about: Vec<Json>, expected: &str) {
    let known = known(records, about);
    let mut said = String::new();
    for contradiction in viewed(&known, |view| view.contradictions()) {
        let sides: Vec<String> =
            contradiction.sides.iter().map(|side| format!("{} ({}, +{})", side.value, side.status, side.others)).collect();
        writeln!(said, "{}: {}", contradiction.about, sides.join(" | ")).unwrap();
    }
    assert_eq!(said.trim_end(), expected);
}

#[test]
fn one_states_what_another_denies() {
    let denied = "The document says that it is not so: One leads Nine";
    check_contradictions(
        one(),
        vec![by(5, relation(1, json!({}))), note(1, "aa", denied)],
        "One leads Nine: One leads Nine (stated, +0) | One leads Nine (denied, +0)",
    );
    // How they are written does not matter, and each source counts once.
    let stated = "The document says: ONE  leads nine";
    check_contradictions(
        one(),
        vec![note(1, "aa", denied), note(2, "bb", stated), note(3, "bb", stated), note(4, "cc", stated)],
        "ONE  leads nine: ONE  leads nine (stated, +1) | One leads Nine (denied, +0)",
    );
}

#[test]
fn what_is_not_said_so_contradicts_nothing() {
    let denied = || note(1, "aa", "The document says that it is not so: One leads Nine");
    for other in [
        note(2, "aa", "The document says: One leads Nine"),
        note(2, "bb", "The document says that it is planned: One leads Nine"),
        note(2, "bb", "The document leaves open whether: One leads Nine"),
        note(2, "bb", "The document asks, or tells of a request: One leads Nine"),
        note(2, "bb", "The document says: Nine leads One"),
        note(2, "bb", "The document says that it is not so: One leads Nine"),
        by(5, relation(2, json!({"revoked": true}))),
    ] {
        check_contradictions(one(), vec![denied(), other], "");
    }
}

#[test]
fn figures_of_one_meaning_and_unit_differ() {
    let figures = |second: &str| vec![note(1, "aa", "Figure 100 tanks (delivered tanks)"), note(2, "bb", second)];
    check_contradictions(
        one(),
        figures("Figure 90 tanks (Delivered tanks)"),
        "delivered tanks: 100 tanks (stated, +0) | 90 tanks (stated, +0)",
    );
    check_contradictions(
        one(),
        figures("Figure 100 tanks (delivered tanks), denied"),
        "delivered tanks: 100 tanks (stated, +0) | 100 tanks (denied, +0)",
    );
    for same in [
        "Figure 100 tanks (delivered tanks)",
        "Figure 90 tanks (lost tanks)",
        "Figure 90 % (delivered tanks)",
        "Figure 90 tanks",
        "Figure 90 tanks (delivered tanks), planned",
    ] {
        check_contradictions(one(), figures(same), "");
    }
}

#[test]
fn one_relationship_begins_at_one_time() {
    let begun = |number, start: &str| by(number, relation(number, json!({"start_time": start})));
    check_contradictions(
        one(),
        vec![begun(5, "2020-01-01T00:00:00Z"), begun(6, "2021-01-01T00:00:00Z"), begun(7, "2021-01-01T00:00:00.000Z")],
        "One leads Nine: start_time: 2020-01-01T00:00:00Z (stated, +0) | 2021-01-01T00:00:00Z (stated, +1)",
    );
    check_contradictions(one(), vec![begun(5, "2020-01-01T00:00:00Z"), begun(6, "2020-01-01T00:00:00.00Z")], "");
}

#[test]
fn properties_of_records_differ() {
    let place = |number, country: &str| {
        by(number, object("location", number, json!({"name": "Georgia", "country": country, "description": country})))
    };
    check_contradictions(vec![place(1, "GE"), place(2, "US"), place(3, "ge")], vec![], "country: GE (stated, +1) | US (stated, +0)");
    // Versions of one id that stand side by side may have other names.
    let named = |maker, name: &str| by(maker, object("identity", 1, json!({"name": name, "aliases": ["X"]})));
    check_contradictions(vec![named(5, "One"), named(6, "Two")], vec![], "name: One (stated, +0) | Two (stated, +0)");
    check_contradictions(vec![named(5, "One"), named(5, "Two")], vec![], "");
    let alias = |number, name: &str| by(number, object("identity", number, json!({"name": name, "aliases": ["X"]})));
    check_contradictions(vec![alias(1, "One"), alias(2, "Two")], vec![], "");
}

#[test]
fn opinions_disagree_with_what_others_say() {
    let opinion = |maker, says: &str| by(maker, object("opinion", 1, json!({"opinion": says, "object_refs": [id("relationship", 5)]})));
    let related = || by(5, relation(5, json!({})));
    check_contradictions(
        one(),
        vec![related(), opinion(6, "strongly-disagree")],
        "One leads Nine: One leads Nine (stated, +0) | opinion: strongly-disagree (stated, +0)",
    );
    check_contradictions(one(), vec![related(), opinion(6, "agree")], "");
    check_contradictions(one(), vec![related(), opinion(5, "disagree")], "");
}

#[test]
fn facts_stand_in_the_order_of_their_begin() {
    let about = vec![
        relation(1, json!({"start_time": "2022-05-01T00:00:00Z", "stop_time": "2022-06-01T00:00:00Z"})),
        note(1, "aa", "Dated 2022, planned"),
        note(2, "aa", "Dated 2022-05/.."),
        note(3, "aa", "Dated ../2021"),
        object(
            "event",
            1,
            json!({"name": "Talks", "event_status": "planned", "start_time": "2027-01-01T00:00:00Z", "host_ref": id("identity", 1)}),
        ),
        by(1, object("report", 1, json!({"name": "made by it", "published": "2025-01-01T00:00:00Z"}))),
    ];
    let facts = viewed(&known(one(), about), |view| view.timeline());
    let said: Vec<String> = facts
        .iter()
        .map(|fact| {
            let ends = [&fact.from, &fact.until].map(|end| end.as_deref().unwrap_or("?").chars().take(10).collect::<String>());
            format!("{} {} {} {}", ends.join(" "), fact.what, fact.status, fact.reading.as_deref().unwrap_or("-"))
        })
        .collect();
    assert_eq!(
        said,
        [
            "? 2021 Dated ../2021, it says stated repaired",
            "2022 ? Dated 2022, planned, it says planned repaired",
            "2022-05 ? Dated 2022-05/.., it says stated repaired",
            "2022-05-01 2022-06-01 One leads Nine stated -",
            "2026-01-01 ? identity “One”: created stated -",
            "2027-01-01 ? event “Talks” planned -",
        ]
    );
}

#[test]
fn a_source_is_the_document_of_the_maker_or_who_says_it() {
    let report =
        |number, maker| by(maker, object("report", number, json!({"name": format!("Report {number}"), "object_refs": [id("note", 1)]})));
    let said = |more: Json| {
        let mut note = object("note", 1, json!({"object_refs": [id("identity", 1)]}));
        note.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        note
    };
    let hash = json!({said::PROVENANCE: {"raw_sha256": "0123456789abcdef"}});
    let maker = json!({"created_by_ref": id("identity", 9)});
    for (note, reports, expected) in [
        (said(json!({"created_by_ref": id("identity", 9)})), vec![report(1, 5), report(2, 9)], "Report 2"),
        (said(maker.clone()), vec![report(1, 5)], "Nine"),
        (said(json!({"extensions": hash})), vec![report(1, 5)], "document with SHA-256 0123456789ab…"),
        (said(json!({"authors": ["A", "B"]})), vec![report(1, 5)], "Report 1"),
        (said(json!({"authors": ["A", "B"]})), vec![], "A, B"),
        (said(json!({"external_references": [{"source_name": "a feed"}]})), vec![], "a feed"),
        (said(json!({})), vec![], "collection `intel`, source not named"),
    ] {
        let known = known(one(), reports.into_iter().chain([note]).collect());
        let remarks = viewed(&known, |view| view.remarks());
        assert_eq!(remarks[0].source.name, expected);
    }
}
