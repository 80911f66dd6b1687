//! Labels across the wire: who gets what, and what a label is on the other side.

use relto_model::ObjectId;
use relto_node::{Decision, PartnerError, Release, Role, Statements, UserChange, VersionFilter};
use relto_sim::partner::Partner;
use relto_sim::twin::company_policy;
use serde_json::{Value as Json, json};

use super::{DEU, FRA, GBR, Net, OBJECT, USA, bytes, id, indicator};

/// How many of the objects themselves, without what stands beside them, `from` has for `to`.
fn offered(net: &Net, from: &str, to: &str) -> usize {
    let is_object = |bytes: &bytes::Bytes| serde_json::from_slice::<Json>(bytes).unwrap()["id"] == OBJECT;
    net.offered(from, to).unwrap().iter().filter(|bytes| is_object(bytes)).count()
}

fn granted(change: UserChange) -> impl FnOnce(&mut relto_node::NewPartner) {
    move |new| new.grants = UserChange { nations: new.grants.nations.take(), ..change }
}

#[test]
fn a_partner_is_its_key_and_no_setting() {
    let net = Net::apart();
    let grants = UserChange { organisation: Some(FRA.to_owned()), role: Some("release-officer".to_owned()), ..UserChange::default() };
    net.agree(FRA, DEU, granted(grants));
    net.load(FRA, "ORG:FRA Node", &indicator("2026-01-01"));
    assert_eq!(offered(&net, FRA, DEU), 0);
    let record = net.at(FRA).node.partner_records().remove(0);
    assert_eq!((record.account.organisation.as_str(), record.account.role), (DEU, Role::Contributor));
    assert!(net.at(FRA).node.set_user(DEU, &UserChange { organisation: Some(FRA.to_owned()), ..UserChange::default() }).is_err());
    // Another key does not become it, whatever its card says.
    let stranger = Partner::new(DEU);
    let (card, collections) = (stranger.card.clone(), vec!["intel".to_owned()]);
    let grants = UserChange { nations: Some(vec!["DEU".to_owned()]), ..UserChange::default() };
    let new = relto_node::NewPartner { card, phrase: Some(stranger.phrase.clone()), grants, collections, ..Default::default() };
    assert!(matches!(net.at(FRA).node.add_partner(&new), Err(PartnerError::OtherKey(_))));
    assert!(net.at(FRA).node.sign_in_link(&stranger.public_key()).is_none());
}

#[test]
fn an_empty_audience_is_nobody_across_the_wire() {
    let net = Net::new();
    let ally = Partner::new("ally");
    let grants = UserChange { nations: Some(vec!["GBR".to_owned()]), ..UserChange::default() };
    let (card, phrase, collections) = (ally.card.clone(), Some(ally.phrase.clone()), vec!["intel".to_owned()]);
    let new = relto_node::NewPartner { card, phrase, grants, collections, ..Default::default() };
    net.at(FRA).node.add_partner(&new).unwrap();
    net.person(FRA, "anna", "FRA", FRA);
    let empty = json!([{"policy": "NATO", "classification": "UNCLASSIFIED", "permissive": [{"tag": "Releasable To", "values": []}]}]);
    let object = indicator("2026-01-01");
    net.deliver("ally", FRA, bytes(&[&object, &ally.statement(&object, &empty, "2026-06-01")])).unwrap();
    assert_eq!((net.sees(FRA, "anna"), offered(&net, FRA, DEU), offered(&net, FRA, USA)), (0, 0, 0));
}

#[test]
fn groups_are_the_same_on_both_sides() {
    let net = Net::new();
    let member = |group: &str| {
        let (nations, members) = (Some(vec!["JPN".to_owned()]), Some(vec![group.to_owned()]));
        move |new: &mut relto_node::NewPartner| new.grants = UserChange { nations, members, ..UserChange::default() }
    };
    // Whatever groups the other node has, and in what order.
    net.at(DEU).node.add_group("JTF-8").unwrap();
    net.at(DEU).node.add_group("JTF-7").unwrap();
    net.agree(FRA, DEU, member("JTF-7"));
    net.agree(FRA, USA, member("JTF-8"));
    net.load(FRA, "NATO UNCLASSIFIED REL TO JTF-7", &indicator("2026-01-01"));
    assert_eq!((offered(&net, FRA, USA), net.send(FRA, DEU).added), (0, 1));
    assert_eq!(net.held(DEU, OBJECT)[0].1, "NATO UNCLASSIFIED REL TO JTF-7");
}

#[test]
fn a_label_of_an_unknown_policy_waits_until_the_policy_is_there() {
    let net = Net::new();
    net.at(FRA).node.activate(&company_policy("INTERNAL"), "for the test").unwrap();
    net.load(FRA, "COMMERCIAL INTERNAL", &indicator("2026-01-01"));
    assert_eq!(net.send(FRA, DEU).quarantined, 1);
    assert!(net.waiting(DEU)[0].contains("no equivalent here"), "{:?}", net.waiting(DEU));
    assert_eq!((net.held(DEU, OBJECT), net.at(DEU).node.retry_quarantined(FRA, None).unwrap().added), (Vec::new(), 0));
    net.at(DEU).node.activate(&company_policy("INTERNAL"), "for the test").unwrap();
    assert_eq!(net.at(DEU).node.retry_quarantined(FRA, Some(OBJECT)).unwrap().added, 1);
    assert_eq!(net.waiting(DEU), Vec::<String>::new());
    assert_eq!(net.held(DEU, OBJECT), [(FRA.to_owned(), "COMMERCIAL INTERNAL".to_owned())]);
}

#[test]
fn what_a_new_clearance_opens_appears_as_new() {
    let net = Net::new();
    net.load(FRA, "NATO SECRET REL TO DEU", &indicator("2026-01-01"));
    net.agree(FRA, DEU, granted(UserChange { clearances: Some(vec!["NATO:RESTRICTED".to_owned()]), ..UserChange::default() }));
    assert_eq!(offered(&net, FRA, DEU), 0);
    // The owner reads why; the partner gets nothing that says so.
    let explained = net.at(FRA).node.explain(&id(), DEU).unwrap().remove(0);
    assert_ne!(explained.verdict, Decision::Released);
    assert!(format!("{explained:?}").contains("SECRET"), "{explained:?}");
    let before = net.at(FRA).node.reading_as(DEU).unwrap().horizon();
    net.agree(FRA, DEU, granted(UserChange { clearances: Some(vec!["NATO:SECRET".to_owned()]), ..UserChange::default() }));
    let link = record_key(&net, DEU);
    let page = net.at(FRA).send_by("GET", "/taxii2/main/collections/intel/manifest/", relto_sim::node::By::Link(link), None);
    let added = serde_json::from_slice::<Json>(&page.body).unwrap()["objects"][0]["date_added"].as_str().unwrap().to_owned();
    let now = relto_model::Stamp(net.now.get() - 3_000_000).to_string();
    assert!(added > now && net.at(FRA).node.reading_as(DEU).unwrap().horizon() > before, "{added} is before {now}");
}

pub(super) fn record_key(net: &Net, name: &str) -> [u8; 32] {
    relto_policy_key(net.at(name).node.identity().unwrap()[0])
}

fn relto_policy_key(seed: [u8; 32]) -> [u8; 32] {
    relto_policy::dsse::SigningKey::from_seed(&seed).public().to_bytes()
}

#[test]
fn a_collection_that_is_agreed_on_later_appears_as_new() {
    let net = Net::apart();
    net.agree(FRA, DEU, |new| new.collections = vec!["other".to_owned()]);
    net.load(FRA, "TLP:GREEN", &indicator("2026-01-01"));
    net.agree(FRA, DEU, |new| new.collections = vec!["other".to_owned(), "intel".to_owned()]);
    let since = relto_model::Stamp(net.now.get() - 1_000_000).to_string();
    let path = format!("/taxii2/main/collections/intel/objects/?added_after={since}");
    let link = record_key(&net, DEU);
    let page = net.at(FRA).send_by("GET", &path, relto_sim::node::By::Link(link), None);
    assert!(String::from_utf8_lossy(&page.body).contains(OBJECT), "{page:?}");
}

#[test]
fn nobody_is_told_who_else_gets_it() {
    let net = Net::new();
    let recipients = ["DEU Node", "Third Org"].map(str::to_owned);
    net.at(FRA).node.set_collection("intel", None, None, Some(&recipients)).unwrap();
    net.load(FRA, "TLP:AMBER", &indicator("2026-01-01"));
    let all = net.offered(FRA, DEU).unwrap();
    assert_eq!(all.len(), 2);
    let decoded = |bytes: &bytes::Bytes| serde_json::from_slice::<Json>(bytes).unwrap().to_string();
    assert!(all.iter().all(|bytes| !decoded(bytes).contains("Third Org")), "{all:?}");
}

#[test]
fn amber_reaches_the_organisation_and_nobody_beyond() {
    let net = Net::new();
    net.at(FRA).node.set_collection("intel", None, None, Some(&[DEU.to_owned()])).unwrap();
    net.at(DEU).node.set_collection("intel", None, None, Some(&[USA.to_owned()])).unwrap();
    net.person(DEU, "berta", "DEU", DEU);
    net.person(DEU, "clara", "DEU", "Third Org");
    net.load(FRA, "TLP:AMBER", &indicator("2026-01-01"));
    assert_eq!(net.send(FRA, DEU).added, 1);
    assert_eq!((net.sees(DEU, "berta"), net.sees(DEU, "clara")), (1, 0));
    assert_eq!(offered(&net, DEU, USA), 0);
}

#[test]
fn what_is_for_addressees_or_its_originator_alone_stays() {
    for label in ["TLP:RED", "TLP:GREEN AND HANDLING:ORCON FRA Node", "TLP:GREEN AND HANDLING:THIRD PARTY USA Node"] {
        let net = Net::new();
        net.load(FRA, label, &indicator("2026-01-01"));
        assert_eq!(offered(&net, FRA, DEU), 0, "{label}");
    }
}

#[test]
fn what_stays_here_by_agreement_is_absent_for_others() {
    let net = Net::new();
    net.agree(DEU, FRA, |new| new.no_onward = true);
    net.load(FRA, "TLP:CLEAR", &indicator("2026-01-01"));
    assert_eq!(net.send(FRA, DEU).added, 1);
    assert_eq!(offered(&net, DEU, USA), 0);
    let link = relto_sim::node::By::Link(record_key(&net, USA));
    let path = |id: &str| format!("/taxii2/main/collections/intel/objects/{id}/");
    for (method, ending) in [("GET", ""), ("GET", "versions/"), ("DELETE", "")] {
        let ask = |id: &str| {
            let answer = net.at(DEU).send_by(method, &format!("{}{ending}", path(id)), link, None);
            (answer.status, answer.body)
        };
        assert_eq!(ask(OBJECT), ask("indicator--bbbbbbbb-0000-4000-8000-000000000009"), "{method} {ending}");
    }
    assert_eq!(net.sees(DEU, USA), 0);
    // Whoever gets it without such an agreement may send it on.
    assert_eq!((net.send(FRA, USA).added, offered(&net, USA, DEU)), (1, 1));
}

/// What it refers to came before it, and goes to fewer.
#[test]
fn a_signed_label_holds_whatever_came_before() {
    let net = Net::new();
    let identity = "identity--bbbbbbbb-0000-4000-8000-000000000001";
    let mut object = indicator("2026-01-01");
    object["created_by_ref"] = json!(identity);
    net.load(FRA, "TLP:CLEAR", &object);
    let named = json!({"type": "identity", "spec_version": "2.1", "id": identity, "created": "2026-01-01T00:00:00.000Z",
        "modified": "2026-01-01T00:00:00.000Z", "name": "A source"});
    net.load(FRA, "NATO UNCLASSIFIED REL TO DEU", &named);
    let mut all = net.offered(FRA, DEU).unwrap();
    all.reverse();
    assert_eq!(net.deliver(FRA, DEU, all).unwrap().added, 2);
    assert_eq!(net.held(DEU, OBJECT), [(FRA.to_owned(), "TLP:CLEAR".to_owned())]);
    assert_eq!(offered(&net, DEU, USA), 1);
}

#[test]
fn what_is_shown_beforehand_is_what_goes() {
    let net = Net::new();
    net.load(FRA, "TLP:CLEAR", &indicator("2026-01-01"));
    let mut theirs = indicator("2026-01-02");
    theirs["id"] = json!("indicator--bbbbbbbb-0000-4000-8000-000000000001");
    net.load(USA, "TLP:CLEAR", &theirs);
    net.deliver(USA, FRA, net.offered(USA, FRA).unwrap()).unwrap();
    let preview = |name: &str| {
        let card = net.at(name).node.card("https://node.example/").unwrap().unwrap();
        let grants = UserChange { nations: Some(vec![name[..3].to_owned()]), ..UserChange::default() };
        let new = relto_node::NewPartner { card, grants, collections: vec!["intel".to_owned()], ..Default::default() };
        let effect = net.at(FRA).node.preview_partner(&new).unwrap();
        let count = |of: &std::collections::BTreeMap<String, std::collections::BTreeMap<String, u64>>| {
            of.values().flat_map(|all| all.values()).sum::<u64>()
        };
        (count(&effect.released), count(&effect.withheld))
    };
    // What a partner wrote does not go back to it.
    assert_eq!((preview(USA), preview(DEU)), ((1, 1), (2, 0)));
    let indicators = |to: &str| {
        let all = net.offered(FRA, to).unwrap();
        all.iter().filter(|bytes| serde_json::from_slice::<Json>(bytes).unwrap()["type"] == "indicator").count()
    };
    assert_eq!((indicators(USA), indicators(DEU)), (1, 2));
}

#[test]
fn what_a_partner_wrote_can_only_be_narrowed_here() {
    let net = Net::new();
    net.load(FRA, "ORG:FRA Node; DEU Node", &indicator("2026-01-01"));
    net.send(FRA, DEU);
    net.person(DEU, "analyst", "DEU", DEU);
    net.person(DEU, "guest", "DEU", "Third Org");
    let sees = || (net.sees(DEU, "analyst"), net.sees(DEU, "guest"));
    let relabel = |label: &str| net.at(DEU).node.relabel(&super::id(), label, "here").unwrap();
    assert_eq!(sees(), (1, 0));
    relabel("TLP:CLEAR");
    assert_eq!(sees(), (1, 0));
    relabel("NATO SECRET");
    assert_eq!(sees(), (0, 0));
    // It can be let go again, as far as its writer lets it.
    relabel("TLP:CLEAR");
    assert_eq!(sees(), (1, 0));
}

/// Nobody would tell the partner of a withdrawal that comes between reading a page and writing down that it is released.
#[test]
fn what_is_withdrawn_while_it_is_read_does_not_leave() {
    let net = Net::new();
    net.load(FRA, "TLP:GREEN", &indicator("2026-01-01"));
    net.load(FRA, "TLP:GREEN", &indicator("2026-01-02"));
    let observable = ObjectId::parse("ipv4-addr--bbbbbbbb-0000-4000-8000-000000000007").unwrap();
    let other = json!({"type": "ipv4-addr", "spec_version": "2.1", "id": observable.as_str(), "value": "192.0.2.7"});
    let node = &net.at(FRA).node;
    let released = |meanwhile: &dyn Fn()| {
        let reading = node.reading_as(DEU).unwrap();
        let view = reading.collection("intel").unwrap();
        let page = reading.sayable(node, &view, view.query(VersionFilter::all()), Statements::All).unwrap();
        assert!(!page.cleared.rows.is_empty());
        meanwhile();
        // Whoever withdrew something has waited for this reply to end.
        net.now.set(net.now.get() + 60_000_000);
        node.record_release(&reading, &view, &page.cleared.rows).unwrap()
    };
    assert_eq!(released(&|| {}), Release::Recorded);
    assert_eq!(released(&|| net.load(FRA, "TLP:GREEN", &other)), Release::Recorded);
    assert_eq!(released(&|| drop(net.at(FRA).node.relabel(&id(), "TLP:RED", "a test's reason").unwrap())), Release::Overtaken);
    assert_eq!(released(&|| drop(net.at(FRA).node.recall(&observable, "a test's reason").unwrap())), Release::Overtaken);
}

/// TLP:AMBER goes no further than to whom its originator gives it: who has the object through a relay is not among them.
#[test]
fn amber_closes_what_came_through_a_relay() {
    let net = Net::new();
    net.person(DEU, "dora", "DEU", DEU);
    net.person(USA, "uma", "USA", USA);
    net.load(FRA, "TLP:GREEN", &indicator("2026-01-01"));
    net.send(FRA, DEU);
    net.send(DEU, USA);
    assert_eq!((net.sees(DEU, "dora"), net.sees(USA, "uma")), (1, 1));
    net.at(FRA).node.relabel(&id(), &format!("TLP:AMBER AND ORG:{FRA}; {DEU}; {USA}"), "a test's reason").unwrap();
    for (from, to) in [(FRA, DEU), (DEU, USA)] {
        net.tell(from, to);
    }
    assert_eq!(net.sees(USA, "uma"), 0);
}

/// The recipients of a collection of the receiver's are nobody whom the originator named, whichever way the new label comes.
#[test]
fn amber_through_a_relay_is_not_for_the_recipients_of_the_receivers_collection() {
    let net = Net::new();
    net.person(USA, "gwen", "GBR", GBR);
    net.at(USA).node.set_collection("intel", None, None, Some(&[GBR.to_owned()])).unwrap();
    net.load(FRA, "TLP:GREEN", &indicator("2026-01-01"));
    net.send(FRA, DEU);
    net.send(DEU, USA);
    assert_eq!(net.sees(USA, "gwen"), 1);
    let to: Vec<String> = [DEU, USA].map(str::to_owned).into();
    net.at(FRA).node.set_collection("intel", None, None, Some(&to)).unwrap();
    net.at(FRA).node.relabel(&id(), "TLP:AMBER", "a test's reason").unwrap();
    for (from, to) in [(FRA, DEU), (DEU, USA)] {
        net.tell(from, to);
    }
    assert_eq!(net.sees(USA, "gwen"), 0);
}

/// What could not be said to a partner was passed by. Once it can be, it is new.
#[test]
fn what_can_be_said_from_now_on_appears_as_new() {
    let net = Net::new();
    net.load(FRA, "TLP:CLEAR", &indicator("2026-01-01"));
    net.send(FRA, DEU);
    net.at(DEU).node.relabel(&id(), "TLP:GREEN", "a test's reason").unwrap();
    let after = |after| net.at(DEU).node.outgoing(USA, "intel", after, 100, 1 << 20).unwrap();
    let first = after(None);
    assert_eq!(first.objects.len(), 0, "its originator has not signed what it is labelled here");
    net.load(
        DEU,
        "TLP:CLEAR",
        &json!({"type": "ipv4-addr", "spec_version": "2.1", "value": "192.0.2.7",
        "id": "ipv4-addr--bbbbbbbb-0000-4000-8000-000000000007"}),
    );
    let second = after(first.after);
    assert_eq!(second.objects.len(), 2);
    net.at(DEU).node.relabel(&id(), "TLP:CLEAR", "a test's reason").unwrap();
    let third = after(second.after);
    assert_eq!(third.objects.len(), 2);
    // What it got stays where it was.
    net.at(DEU).node.relabel(&id(), "TLP:GREEN", "a test's reason").unwrap();
    net.at(DEU).node.relabel(&id(), "TLP:CLEAR", "a test's reason").unwrap();
    assert_eq!(after(third.after).objects.len(), 0);
}
