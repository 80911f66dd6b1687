//! Terms of an agreement for each direction: what is outside them does not go, is not taken in, and is said to nobody but the operators.

use relto_node::{LoadRequest, Source};
use relto_policy::WrittenTerms;
use serde_json::{Value as Json, json};

use super::labels::record_key;
use super::{DEU, FRA, Net, OBJECT, USA, bytes, id, indicator};

const PURPOSE: &str = "marking-definition--aaaaaaaa-0000-4000-8000-000000000001";
const CONTRACT: &str = "marking-definition--aaaaaaaa-0000-4000-8000-000000000002";

fn words(all: &[&str]) -> Option<Vec<String>> {
    Some(all.iter().map(|one| (*one).to_owned()).collect())
}

/// What the law knows of partners here.
fn facts() -> Option<Json> {
    Some(json!({"purpose": "cyber defence", "instruments": [{"id": "C-1"}, {"id": "C-2"}]}))
}

/// An indicator with a marking inside, and the marking.
fn marked(marking: &str) -> (Json, Json) {
    let (law, value) = if marking == PURPOSE { ("PURPOSE", "CYBER DEFENCE, SALES") } else { ("PROP", "UNDER C-1") };
    let mut object = indicator("2026-01-01");
    object["object_marking_refs"] = json!([marking]);
    let definition = json!({"type": "marking-definition", "spec_version": "2.1", "id": marking, "created": "2026-01-01T00:00:00.000Z",
        "extensions": {relto_policy::marking::LABEL_EXTENSION: {"extension_type": "property-extension",
            "policies": [{"policy": "LAW", "classification": "LAW", "restrictive": [{"tag": law, "values": [value]}]}]}}});
    (object, definition)
}

fn load(net: &Net, at: &str, objects: &[&Json]) {
    let request = LoadRequest { collection: "intel".to_owned(), label: Some("TLP:GREEN".to_owned()), ..LoadRequest::default() };
    let source = Source { name: "net".to_owned(), content: json!({ "objects": objects }).to_string().into() };
    assert_eq!(net.at(at).node.load(&request, &[source], &|_, _| {}).unwrap().added, objects.len() as u64);
}

/// How many objects go from the French to the German node when that is what they agreed on.
fn goes(net: &Net, sends: WrittenTerms) -> usize {
    net.agree(FRA, DEU, |new| (new.grants.facts, new.sends) = (facts(), sends));
    let all = net.offered(FRA, DEU).unwrap();
    all.iter().filter(|object| String::from_utf8_lossy(object).contains("\"indicator\"")).count()
}

/// Why the object does not go, as far as it is the agreement.
fn because(net: &Net) -> Vec<String> {
    let rules = net.at(FRA).node.explain(&id(), DEU).unwrap().remove(0).rules;
    rules.into_iter().filter(|rule| rule.rule == "agreement").map(|rule| rule.because).collect()
}

#[test]
fn what_goes_is_for_the_purposes_and_on_the_grounds_that_were_agreed() {
    let none = WrittenTerms::default;
    for (marking, narrow, said) in [
        (PURPOSE, WrittenTerms { purposes: words(&["none"]), ..none() }, "it is about the purpose none, and not CYBER DEFENCE, SALES"),
        (CONTRACT, WrittenTerms { grounds: words(&["C-2"]), ..none() }, "it is about the ground C-2, and not C-1"),
        (CONTRACT, WrittenTerms { laws: words(&["purpose"]), ..none() }, "it is about tags of PURPOSE, and not PROP"),
    ] {
        let net = Net::apart();
        let (object, definition) = marked(marking);
        load(&net, FRA, &[&object, &definition]);
        let wide =
            WrittenTerms { laws: words(&["PURPOSE", "PROP"]), purposes: words(&["Cyber Defence"]), grounds: words(&["c-1"]), ..none() };
        assert_eq!((goes(&net, none()), goes(&net, wide), because(&net)), (1, 1, vec![]), "{marking}");
        assert_eq!(goes(&net, narrow.clone()), 0, "{narrow:?}");
        assert!(because(&net).iter().any(|why| why == said), "{:?}", because(&net));
        let changes = net.at(FRA).node.explain(&id(), DEU).unwrap().remove(0).smallest_changes;
        assert_eq!(changes, [["another agreement, by `relto partner add`"]]);
        // What is agreed again appears as new.
        assert_eq!(goes(&net, none()), 1);
        let since = relto_model::Stamp(net.now.get() - 2_000_000).to_string();
        let path = format!("/taxii2/main/collections/intel/objects/?added_after={since}");
        let key = record_key(&net, DEU);
        let page = net.at(FRA).send_by("GET", &path, relto_sim::node::By::Link(key), None);
        assert!(String::from_utf8_lossy(&page.body).contains(OBJECT), "{page:?}");
    }
}

/// A ground that no tag names counts only if it was agreed on.
#[test]
fn a_fact_that_was_not_agreed_on_counts_for_nothing() {
    let net = Net::apart();
    let mut definition = marked(PURPOSE).1;
    let restrictive = json!([{"tag": "GDPR", "values": ["PERSONAL"]}]);
    definition["extensions"][relto_policy::marking::LABEL_EXTENSION]["policies"][0]["restrictive"] = restrictive;
    load(&net, FRA, &[&marked(PURPOSE).0, &definition]);
    let facts = json!({"country": "USA", "headquarters": "USA", "kind": "private", "residence": [], "frameworks": [{"id": "DPF"}]});
    let goes = |grounds: Option<Vec<String>>| {
        net.agree(FRA, USA, |new| {
            (new.grants.facts, new.sends) = (Some(facts.clone()), WrittenTerms { grounds, ..WrittenTerms::default() });
        });
        net.offered(FRA, USA).unwrap().iter().any(|object| String::from_utf8_lossy(object).contains("\"indicator\""))
    };
    assert_eq!((goes(None), goes(words(&["DPF"])), goes(words(&["none"]))), (true, true, false));
    let rules = net.at(FRA).node.explain(&id(), USA).unwrap().remove(0).rules;
    let said = "the partner gets what the law lets it have only on the grounds none";
    assert!(rules.iter().any(|rule| rule.rule == "agreement" && rule.because == said), "{rules:?}");
}

#[test]
fn what_is_previewed_is_what_goes() {
    let net = Net::apart();
    let (object, definition) = marked(PURPOSE);
    load(&net, FRA, &[&object, &definition]);
    let card = net.at(DEU).node.card("https://node.example/").unwrap().unwrap();
    let new = |purposes: Option<Vec<String>>| relto_node::NewPartner {
        card: card.clone(),
        grants: relto_node::UserChange { nations: words(&["DEU"]), facts: facts(), ..relto_node::UserChange::default() },
        collections: vec!["intel".to_owned()],
        sends: WrittenTerms { purposes, ..WrittenTerms::default() },
        ..relto_node::NewPartner::default()
    };
    let preview = |purposes| {
        let effect = net.at(FRA).node.preview_partner(&new(purposes)).unwrap();
        // A marking goes once, however many labels it stands under.
        [effect.released, effect.withheld].map(|all| -> u64 {
            let labels = all.values().flatten().filter(|(label, _)| label.contains("PURPOSE"));
            labels.map(|(_, count)| count).sum()
        })
    };
    let ([released, withheld], without) = (preview(None), preview(words(&["none"])));
    assert!(released > 0 && without == [0, released + withheld], "{released} {withheld} {without:?}");
    // What is here of it, and would not be taken in then.
    net.agree(FRA, DEU, |_| {});
    let mut theirs = indicator("2026-01-01");
    theirs["id"] = json!("indicator--bbbbbbbb-0000-4000-8000-000000000007");
    net.deliver(DEU, FRA, bytes(&[&theirs])).unwrap();
    let refused = |accepts: WrittenTerms| {
        let new = relto_node::NewPartner { accepts, ..new(None) };
        net.at(FRA).node.preview_partner(&new).unwrap().refused.values().flat_map(|labels| labels.values()).sum::<u64>()
    };
    let nothing = WrittenTerms { collections: words(&["none"]), ..WrittenTerms::default() };
    assert_eq!((refused(WrittenTerms::default()), refused(nothing)), (0, 1));
    let error = net.at(FRA).node.preview_partner(&new(words(&["sales"]))).unwrap_err();
    assert_eq!(error.to_string(), "`sales` is no purpose of the recipient: its facts have cyber defence");
}

#[test]
fn what_was_not_agreed_on_is_not_taken_in_nor_kept() {
    let (object, definition) = marked(CONTRACT);
    let accepts = |terms: WrittenTerms| {
        let net = Net::apart();
        net.agree(FRA, DEU, |new| new.grants.facts = facts());
        net.agree(DEU, FRA, |new| new.accepts = terms);
        load(&net, FRA, &[&object, &definition]);
        net.send(FRA, DEU);
        let waiting = net.at(DEU).node.quarantined(None).unwrap();
        let said = waiting
            .iter()
            .find(|one| one.id == OBJECT)
            .map(|one| (one.reason.clone(), serde_json::to_value(one).unwrap()["kept"].as_array().unwrap().len()));
        (net.at(DEU).node.explain(&id(), FRA).is_ok(), said)
    };
    let none = WrittenTerms::default;
    assert_eq!(accepts(none()), (true, None));
    assert_eq!(accepts(WrittenTerms { laws: words(&["PROP"]), grounds: words(&["C-1"]), ..none() }), (true, None));
    let said = |why: &str| (false, Some((format!("its label is outside what is taken in: {why}"), 0)));
    assert_eq!(accepts(WrittenTerms { grounds: words(&["none"]), ..none() }), said("the ground none, and not C-1"));
    assert_eq!(accepts(WrittenTerms { laws: words(&["GDPR"]), ..none() }), said("tags of GDPR, and not PROP"));
    assert_eq!(
        accepts(WrittenTerms { collections: words(&["none"]), ..none() }),
        (false, Some(("nothing is taken in into `intel`".to_owned(), 0)))
    );
}

#[test]
fn an_agreement_may_be_for_one_direction() {
    let net = Net::apart();
    net.load(FRA, "TLP:CLEAR", &indicator("2026-01-01"));
    let one_way = |sends: Option<Vec<String>>, accepts: Option<Vec<String>>| {
        net.agree(FRA, DEU, |new| (new.sends.collections, new.accepts.collections) = (sends, accepts));
        let key = record_key(&net, DEU);
        let status = |method: &str, body: Option<&str>| {
            let path = "/taxii2/main/collections/intel/objects/";
            net.at(FRA).send_by(method, path, relto_sim::node::By::Link(key), body).status.as_u16()
        };
        let post = json!({"objects": [{"type": "ipv4-addr", "spec_version": "2.1", "value": "192.0.2.9",
            "id": "ipv4-addr--bbbbbbbb-0000-4000-8000-000000000009"}]});
        let statuses = (status("GET", None), status("POST", Some(&post.to_string())));
        let offered: Vec<String> =
            net.offered(FRA, DEU).into_iter().flatten().map(|object| String::from_utf8_lossy(&object).into_owned()).collect();
        assert!(!offered.iter().any(|object| object.contains("192.0.2.9")), "what it wrote does not go to it: {offered:?}");
        let is_object = |object: &&String| serde_json::from_str::<Json>(object).unwrap()["id"] == OBJECT;
        (statuses, offered.iter().filter(is_object).count())
    };
    assert_eq!(one_way(words(&["none"]), None), ((403, 202), 0));
    assert_eq!(one_way(None, words(&["none"])), ((200, 403), 1));
    assert_eq!(one_way(words(&["none"]), words(&["none"])), ((404, 404), 0));
    assert_eq!(one_way(None, None), ((200, 202), 1));
    // A file says nothing of what does not go.
    net.agree(DEU, FRA, |_| {});
    net.agree(FRA, DEU, |new| new.sends.collections = words(&["none"]));
    let mut file = Vec::new();
    net.at(FRA).node.write_media(DEU, true, &mut file).unwrap();
    assert!(!String::from_utf8_lossy(&file).contains("intel"), "{}", String::from_utf8_lossy(&file));
}

#[test]
fn an_agreement_that_an_older_node_stored_keeps_its_meaning() {
    let read = |text: &str| serde_json::from_str::<relto_node::Agreement>(text).unwrap();
    let old = read(r#"{"collections": {"intel": "shared"}, "sends": {"NATO": 2}, "accepts": {"NATO": 3}}"#);
    let rules = relto_policy::Rules::builtin().unwrap();
    let levels = |terms: &relto_policy::Terms| terms.written(&rules.policies).levels;
    assert_eq!((levels(&old.sends), levels(&old.accepts)), (vec!["NATO:RESTRICTED".to_owned()], vec!["NATO:CONFIDENTIAL".to_owned()]));
    assert!(old.sends_from("intel") && old.accepts_into("intel") && !old.sends_from("shared"));
    assert_eq!(read(&serde_json::to_string(&old).unwrap()), old);
    assert!(read(r#"{"collections": {}}"#).sends.is_open());
}

/// What is loaded and shown beforehand knows of the terms.
#[test]
fn levels_hold_on_previews_of_what_is_loaded() {
    let net = Net::apart();
    net.agree(FRA, DEU, |new| new.sends.levels = vec!["NATO:UNCLASSIFIED".to_owned()]);
    let request = LoadRequest { collection: "intel".to_owned(), label: Some("NATO RESTRICTED".to_owned()), ..LoadRequest::default() };
    let source = Source { name: "net".to_owned(), content: bytes(&[&indicator("2026-01-01")])[0].clone() };
    let preview = net.at(FRA).node.preview(&request, &[source], None, &|_, _| {}).unwrap();
    let withheld = &preview.labels[0].withheld;
    assert!(preview.labels[0].recipients.is_empty(), "{preview:?}");
    assert!(withheld[0].because.contains(&"agreement: it is about NATO up to UNCLASSIFIED".to_owned()), "{withheld:?}");
}
