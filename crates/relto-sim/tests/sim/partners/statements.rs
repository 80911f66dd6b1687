//! Label statements that do not hold: forged, missing, about something else, moved, old.

use serde_json::{Value as Json, json};

use super::{DEU, FRA, Net, OBJECT, USA, bytes, id, indicator};
use relto_node::{NewPartner, UserChange};
use relto_sim::partner::Partner;

const GREEN: &str = "TLP:GREEN";

/// A node with a partner whose key the test holds.
fn scene() -> (Net, Partner) {
    let (net, partner) = (Net::new(), Partner::new("ally"));
    let grants = UserChange { nations: Some(vec!["GBR".to_owned()]), ..UserChange::default() };
    let (card, phrase) = (partner.card.clone(), Some(partner.phrase.clone()));
    let new = NewPartner { card, phrase, grants, collections: vec!["intel".to_owned()], ..NewPartner::default() };
    net.at(FRA).node.add_partner(&new).unwrap();
    (net, partner)
}

fn tlp(level: &str) -> Json {
    json!([{"policy": "TLP", "classification": level}])
}

/// What the node does with an object and statements beside it: what it holds then, and why the rest waits.
fn taken(net: &Net, objects: &[&Json]) -> (Vec<(String, String)>, Vec<String>) {
    net.deliver("ally", FRA, bytes(objects)).unwrap();
    (net.held(FRA, OBJECT), net.waiting(FRA))
}

#[test]
fn a_statement_that_holds_labels_what_it_is_about() {
    let (net, ally) = scene();
    let object = indicator("2026-01-01");
    let statement = ally.statement(&object, &tlp("GREEN"), "2026-06-01");
    let (held, waiting) = taken(&net, &[&object, &statement]);
    assert_eq!((held, waiting.len()), (vec![("ally".to_owned(), GREEN.to_owned())], 0));
}

#[test]
fn without_one_an_object_is_for_the_two_organisations() {
    let (net, _) = scene();
    net.person(FRA, "anna", "FRA", "Third Org");
    let (held, waiting) = taken(&net, &[&indicator("2026-01-01")]);
    assert_eq!((held.len(), waiting.len(), net.sees(FRA, "anna")), (1, 0, 0), "{held:?}");
    assert_eq!(net.offered(FRA, DEU).unwrap().len(), 0);
}

#[test]
fn a_forged_one_is_refused() {
    let (net, ally) = scene();
    let object = indicator("2026-01-01");
    // Another key in the ally's name, and the ally in another's name.
    let forged = Partner::new("stranger").statement_for("ally", &object, &tlp("GREEN"), "2026-06-01");
    let usurped = ally.statement_for(DEU, &object, &tlp("GREEN"), "2026-06-01");
    for statement in [forged, usurped] {
        let (held, waiting) = taken(&net, &[&object, &statement]);
        assert_eq!(held, []);
        assert!(waiting.iter().all(|why| why.contains("does not hold")), "{waiting:?}");
    }
    assert_eq!(net.waiting(FRA).len(), 2);
}

#[test]
fn one_with_another_label_content_or_object_is_refused() {
    let (net, ally) = scene();
    let object = indicator("2026-01-01");
    let mut relabelled = ally.statement(&object, &tlp("AMBER"), "2026-06-01");
    relabelled["marking"] = ally.statement(&object, &tlp("CLEAR"), "2026-06-01")["marking"].clone();
    let mut changed = object.clone();
    changed["pattern"] = json!("[ipv4-addr:value = '192.0.2.9']");
    let of_other_content = ally.statement(&changed, &tlp("GREEN"), "2026-06-01");
    let mut other = object.clone();
    other["id"] = json!("indicator--bbbbbbbb-0000-4000-8000-000000000001");
    let mut moved = ally.statement(&other, &tlp("GREEN"), "2026-06-01");
    moved["object_ref"] = object["id"].clone();
    for statement in [relabelled, of_other_content, moved] {
        assert_eq!(taken(&net, &[&object, &statement]).0, []);
    }
    assert_eq!(net.waiting(FRA).len(), 3);
}

#[test]
fn an_old_one_that_comes_again_changes_nothing() {
    let (net, ally) = scene();
    let object = indicator("2026-01-01");
    let old = ally.statement(&object, &tlp("CLEAR"), "2026-06-01");
    let new = ally.statement(&object, &tlp("GREEN"), "2026-06-02");
    taken(&net, &[&object, &old]);
    let told = |statement: &Json| {
        let notice = serde_json::from_value(json!({"id": "1", "labels": [statement]})).unwrap();
        net.at(FRA).node.obey("ally", &[notice]).unwrap().remove(0)
    };
    assert_eq!((told(&new).done, net.held(FRA, OBJECT)[0].1.as_str()), (true, GREEN));
    assert_eq!((told(&old).versions, net.held(FRA, OBJECT)[0].1.as_str()), (0, GREEN));
    // With the object itself it comes as well.
    taken(&net, &[&object, &old]);
    assert_eq!(net.held(FRA, OBJECT)[0].1, GREEN);
    assert_eq!(told(&old).versions, 0);
    assert_eq!(net.held(FRA, OBJECT)[0].1, GREEN);
}

#[test]
fn nobody_relabels_what_somebody_else_wrote() {
    let (net, ally) = scene();
    net.load(DEU, GREEN, &indicator("2026-01-01"));
    net.send(DEU, FRA);
    let before = net.held(FRA, OBJECT);
    assert_eq!(before.len(), 1);
    let told = |statement: Json| {
        let notice = serde_json::from_value(json!({"id": "1", "labels": [statement]})).unwrap();
        net.at(FRA).node.obey("ally", &[notice]).unwrap().remove(0)
    };
    let object = indicator("2026-01-01");
    let own = told(ally.statement(&object, &tlp("CLEAR"), "2026-07-01"));
    let usurped = told(ally.statement_for(DEU, &object, &tlp("CLEAR"), "2026-07-01"));
    let mut unknown = object;
    unknown["id"] = json!("indicator--bbbbbbbb-0000-4000-8000-000000000001");
    let absent = told(ally.statement(&unknown, &tlp("CLEAR"), "2026-07-01"));
    // What is here and somebody else's is answered as what is not here; in a name that is not its own, nothing is believed.
    assert_eq!((&own, own.versions, usurped.done), (&absent, 0, false));
    assert_eq!(net.held(FRA, OBJECT), before);
}

#[test]
fn a_relay_overwrites_nothing() {
    let net = Net::new();
    net.load(FRA, GREEN, &indicator("2026-01-01"));
    let object = indicator("2026-01-02");
    // A later version of it by somebody who may see it, and one by somebody who writes under the id that is not its own.
    let taken = net.deliver(DEU, FRA, bytes(&[&object])).unwrap();
    assert_eq!((taken.added, taken.quarantined), (0, 1));
    assert!(net.waiting(FRA)[0].contains("belongs to another organisation"), "{:?}", net.waiting(FRA));
    assert_eq!(net.held(FRA, OBJECT), [(FRA.to_owned(), GREEN.to_owned())]);
    // What was sent out comes back, and is known as one's own.
    net.send(FRA, DEU);
    net.send(DEU, USA);
    assert_eq!(net.held(USA, OBJECT), [(FRA.to_owned(), GREEN.to_owned())]);
    let back = net.send(USA, FRA);
    assert_eq!((back.added, back.quarantined), (0, 0), "{back:?}");
    assert_eq!(net.at(FRA).node.trace(&id()).unwrap().held.len(), 1);
}

/// Two organisations hold one observable, under labels of their own: each goes on under its own.
#[test]
fn each_copy_keeps_its_own_statement() {
    let net = Net::new();
    let observable = "ipv4-addr--bbbbbbbb-0000-4000-8000-000000000007";
    let object = json!({"type": "ipv4-addr", "spec_version": "2.1", "id": observable, "value": "192.0.2.7"});
    net.load(FRA, GREEN, &object);
    net.load(USA, "TLP:CLEAR", &object);
    let both = |names: [&str; 2]| names.map(|name| (name.to_owned(), if name == USA { "TLP:CLEAR" } else { GREEN }.to_owned())).to_vec();
    assert_eq!((net.send(USA, FRA).added, net.held(FRA, observable)), (1, both([FRA, USA])));
    assert_eq!((net.send(FRA, DEU).added, net.held(DEU, observable).len()), (2, 2));
    // A relay gives each of the two what the other wrote, as that was signed.
    for (to, own, other) in [(USA, USA, FRA), (FRA, FRA, USA)] {
        let taken = net.send(DEU, to);
        assert_eq!((taken.own, taken.quarantined, net.held(to, observable)), (0, 0, both([own, other])), "{to}");
    }
}

/// One content stands in two collections, under a label in each: it goes on under both, whichever came last, and with the one that was said of it there.
#[test]
fn one_content_has_a_statement_in_each_collection() {
    let (net, both) = (Net::apart(), ["intel", "other"]);
    for (at, with) in [(FRA, DEU), (DEU, FRA), (DEU, USA), (USA, DEU), (USA, FRA)] {
        net.agree(at, with, |new| new.collections = both.map(str::to_owned).to_vec());
    }
    let object = indicator("2026-01-01");
    let labels = [GREEN, "TLP:CLEAR"];
    for (collection, label) in both.into_iter().zip(labels) {
        net.load_into(FRA, collection, label, &object);
    }
    // The one that was signed last comes first.
    let offered = both.map(|collection| (collection, net.offered_of(collection, FRA, DEU).unwrap()));
    for (collection, objects) in offered.into_iter().rev() {
        assert_eq!(net.deliver_into(collection, FRA, DEU, objects).unwrap().added, 1, "{collection}");
    }
    for collection in both {
        let taken = net.deliver_into(collection, DEU, USA, net.offered_of(collection, DEU, USA).unwrap()).unwrap();
        assert_eq!((taken.added, taken.quarantined), (1, 0), "{collection}");
    }
    let mut held = net.held(USA, OBJECT);
    held.sort_by_key(|(_, label)| label != GREEN);
    assert_eq!(held, labels.map(|label| (FRA.to_owned(), label.to_owned())));
}

/// An older statement of the same place is older in every collection: a relay cannot bring a label back by another one.
#[test]
fn an_old_one_is_old_in_another_collection_as_well() {
    let (net, both) = (Net::apart(), ["intel", "other"]);
    for (at, with) in [(FRA, DEU), (DEU, FRA), (FRA, USA), (USA, FRA), (USA, DEU), (DEU, USA)] {
        net.agree(at, with, |new| new.collections = both.map(str::to_owned).to_vec());
    }
    net.load(FRA, "TLP:CLEAR", &indicator("2026-01-01"));
    let old = net.offered(FRA, DEU).unwrap();
    net.deliver(FRA, DEU, old.clone()).unwrap();
    net.at(FRA).node.relabel(&id(), GREEN, "a test's reason").unwrap();
    net.tell(FRA, DEU);
    assert_eq!(net.held(DEU, OBJECT), [(FRA.to_owned(), GREEN.to_owned())]);
    let taken = net.deliver_into("other", USA, DEU, old).unwrap();
    assert_eq!((taken.added, taken.present, net.held(DEU, OBJECT).len()), (0, 1, 1));
}

/// Who brings somebody's object without its statement owns that copy and may take it away again: what its originator signed stands beside it, and stays.
#[test]
fn a_copy_that_nobody_signed_stands_for_nothing_that_is_signed() {
    let (net, ally) = scene();
    let mut object = indicator("2026-01-01");
    object["object_marking_refs"] = json!(["marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"]);
    net.deliver(DEU, FRA, bytes(&[&object])).unwrap();
    let statement = ally.statement(&object, &tlp("GREEN"), "2026-06-01");
    let (held, waiting) = taken(&net, &[&object, &statement]);
    let owners: Vec<&str> = held.iter().map(|(owner, _)| owner.as_str()).collect();
    assert_eq!((owners, waiting.len()), (vec![DEU, "ally"], 0), "{held:?}");
    // Another version is another matter: the id is whose it was first, until the operator has decided.
    let mut later = indicator("2026-01-02");
    later["object_marking_refs"] = object["object_marking_refs"].clone();
    let statement = ally.statement(&later, &tlp("GREEN"), "2026-06-02");
    let (held, waiting) = taken(&net, &[&later, &statement]);
    assert_eq!((held.len(), waiting.len()), (2, 1), "{waiting:?}");
}

/// What somebody wrote here or has signed gets no wider label by a copy that somebody else signs.
#[test]
fn a_copy_that_is_signed_widens_nothing() {
    let object = indicator("2026-01-01");
    for is_relayed in [false, true] {
        let (net, ally) = scene();
        if is_relayed {
            net.load(DEU, GREEN, &object);
            net.send(DEU, FRA);
        } else {
            net.load(FRA, GREEN, &object);
        }
        let before = net.held(FRA, OBJECT);
        assert_eq!(before.len(), 1);
        let statement = ally.statement(&object, &tlp("CLEAR"), "2026-06-01");
        let (held, _) = taken(&net, &[&object, &statement]);
        assert_eq!(held, before, "relayed: {is_relayed}");
    }
}

/// A marking that is here because something carries it is here under the label that is said of it too, whichever of the two came first.
#[test]
fn a_marking_is_here_under_the_label_that_is_said_of_it() {
    let id = "marking-definition--aaaaaaaa-0000-4000-8000-000000000001";
    let policies =
        json!([{"policy": "NATO", "classification": "RESTRICTED", "permissive": [{"tag": "Releasable To", "values": ["NATO"]}]}]);
    let says = json!({"extension_type": "property-extension", "policies": policies});
    let marking = json!({"type": "marking-definition", "spec_version": "2.1", "id": id, "created": "2026-01-01T00:00:00.000Z",
        "extensions": {"extension-definition--6c1f3fc4-6d7f-5c5b-9d3a-52d2a1b0c7e1": says}});
    let mut object = indicator("2026-01-01");
    object["object_marking_refs"] = json!([id]);
    for is_last in [false, true] {
        let (net, ally) = scene();
        let statement = ally.statement(&marking, &tlp("CLEAR"), "2026-06-01");
        let deliveries: [&[&Json]; 2] = [&[&marking, &object], &[&marking, &statement]];
        (0..2).for_each(|at| drop(taken(&net, deliveries[if is_last { at } else { 1 - at }])));
        let mut labels: Vec<String> = net.held(FRA, id).into_iter().map(|(_, label)| label).collect();
        labels.sort();
        assert_eq!((labels.len(), labels.last().map(String::as_str)), (2, Some("TLP:CLEAR")), "{labels:?}");
        assert_eq!(taken(&net, deliveries[1]).1.len(), 0);
        assert_eq!(net.held(FRA, id).len(), 2, "once is enough");
    }
}
