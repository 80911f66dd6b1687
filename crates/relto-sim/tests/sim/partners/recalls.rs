//! Recalls and new labels: who may, how far they go, and what comes back of it.

use relto_node::{Come, Delivery, LoadRequest, Onward, RecallError, Source};
use relto_sim::partner::Partner;
use serde_json::json;

use super::{DEU, FRA, GBR, Net, OBJECT, USA, bytes, id, indicator};

/// An object of the first node that went to the second, and from there to the third.
fn relayed(label: &str) -> Net {
    let net = Net::new();
    net.load(FRA, label, &indicator("2026-01-01"));
    assert_eq!((net.send(FRA, DEU).added, net.send(DEU, USA).added), (1, 1));
    net
}

#[test]
fn deleting_is_here_and_recalling_is_everywhere() {
    let net = relayed("TLP:GREEN");
    net.person(FRA, "anna", "FRA", FRA);
    let token = net.at(FRA).node.rotate_token("anna").unwrap();
    let path = format!("/taxii2/main/collections/intel/objects/{OBJECT}/");
    assert_eq!(net.at(FRA).send("DELETE", &path, &token, None).status.as_u16(), 200);
    assert_eq!((net.held(FRA, OBJECT).len(), net.held(DEU, OBJECT).len(), net.tell(FRA, DEU).len()), (0, 1, 0));
    // What is gone here can still be called back from those who have it.
    net.at(FRA).node.recall(&id(), "a mistake").unwrap();
    assert_eq!(net.tell(FRA, DEU)[0].versions, 1);
    assert_eq!(net.held(DEU, OBJECT), []);
}

#[test]
fn a_recall_goes_on_hop_by_hop_and_its_receipts_come_back() {
    let net = relayed("TLP:GREEN");
    let recalled = net.at(FRA).node.recall(&id(), "a mistake").unwrap();
    assert_eq!((recalled.destroyed, recalled.partners.len(), recalled.partners[0].confirmed), (1, 1, false));
    let first = net.tell(FRA, DEU).remove(0);
    assert_eq!((first.done, first.versions, first.onward), (true, 1, Onward::Pending));
    assert_eq!((net.held(DEU, OBJECT), net.held(USA, OBJECT).len()), (Vec::new(), 1));
    assert_eq!(net.tell(DEU, USA)[0].onward, Onward::None);
    assert_eq!(net.held(USA, OBJECT), []);
    // The notice stays open until those behind have confirmed.
    let last = net.tell(FRA, DEU).remove(0);
    assert_eq!((last.done, last.onward), (true, Onward::Complete));
    assert_eq!(net.tell(FRA, DEU), []);
    let standing = net.at(FRA).node.recall(&id(), "again").unwrap();
    assert!(standing.partners.iter().all(|at| at.confirmed && at.onward == Onward::Complete), "{standing:?}");
    // Of those behind, no more is said than that.
    assert!(!serde_json::to_string(&last).unwrap().contains(USA));
}

#[test]
fn what_was_recalled_comes_in_by_no_other_way() {
    let net = relayed("TLP:GREEN");
    let still_there = net.offered(USA, DEU).unwrap();
    net.at(FRA).node.recall(&id(), "a mistake").unwrap();
    net.tell(FRA, DEU);
    let taken = net.deliver(USA, DEU, still_there).unwrap();
    assert_eq!((taken.added, taken.quarantined), (0, 1));
    assert!(net.waiting(DEU)[0].contains("was recalled by FRA Node"), "{:?}", net.waiting(DEU));
    assert_eq!(net.held(DEU, OBJECT), []);
}

/// Whoever has obeyed takes it in no more: so the custodian is told when a file that is loaded again holds it.
#[test]
fn what_was_recalled_is_not_loaded_again() {
    let net = relayed("TLP:GREEN");
    net.at(FRA).node.recall(&id(), "a mistake").unwrap();
    let again = |object: &serde_json::Value| {
        let request = LoadRequest { collection: "intel".to_owned(), keep_going: true, ..LoadRequest::default() };
        let source = Source { name: "again".to_owned(), content: serde_json::json!({"objects": [object]}).to_string().into() };
        net.at(FRA).node.load(&request, &[source], &|_, _| {}).unwrap()
    };
    let loaded = again(&indicator("2026-02-01"));
    assert_eq!(loaded.added, 0);
    let told = serde_json::to_string(&loaded).unwrap();
    assert!(told.contains("it was recalled by FRA Node on ") && told.contains("give it another id"), "{told}");
    let other =
        json!({"type": "ipv4-addr", "spec_version": "2.1", "value": "192.0.2.7", "id": "ipv4-addr--bbbbbbbb-0000-4000-8000-000000000007"});
    assert_eq!(again(&other).added, 1);
}

#[test]
fn nobody_recalls_what_somebody_else_wrote() {
    let net = relayed("TLP:GREEN");
    assert!(matches!(net.at(DEU).node.recall(&id(), "not mine"), Err(RecallError::NotOwn { .. })));
    // A relay, in its own name and in that of the originator.
    let seed = net.at(DEU).node.identity().unwrap()[0];
    let relay = Partner::with_key(DEU, seed);
    for originator in [DEU, FRA] {
        let notice = serde_json::from_value(json!({"id": "1", "recall": relay.recall(originator, Some(OBJECT), true)})).unwrap();
        let receipt = net.at(USA).node.obey(DEU, &[notice]).unwrap().remove(0);
        assert_eq!((receipt.done && originator == FRA, receipt.versions), (false, 0), "{receipt:?}");
        assert_eq!(net.held(USA, OBJECT).len(), 1, "{originator}");
    }
}

#[test]
fn a_recall_of_somebody_elses_object_blocks_nothing_of_its_originator() {
    let net = Net::new();
    let seed = net.at(DEU).node.identity().unwrap()[0];
    // The partner recalls under an id that it never wrote anything under.
    let recall = Partner::with_key(DEU, seed).recall(DEU, Some(OBJECT), true);
    net.at(USA).node.obey(DEU, &[serde_json::from_value(json!({"id": "1", "recall": recall})).unwrap()]).unwrap();
    net.load(FRA, "TLP:GREEN", &indicator("2026-01-01"));
    assert_eq!(net.send(FRA, USA).added, 1, "{:?}", net.waiting(USA));
}

#[test]
fn labels_go_up_and_down_with_their_objects() {
    let net = relayed("TLP:GREEN");
    let told = |label: &str| {
        net.at(FRA).node.relabel(&id(), label, "a new look").unwrap();
        let first = net.tell(FRA, DEU);
        let second = net.tell(DEU, USA);
        (first.iter().all(|receipt| receipt.done), second.iter().all(|receipt| receipt.done))
    };
    assert_eq!(told("NATO RESTRICTED"), (true, true));
    assert_eq!((&*net.held(DEU, OBJECT)[0].1, &*net.held(USA, OBJECT)[0].1), ("NATO RESTRICTED", "NATO RESTRICTED"));
    assert_eq!(told("TLP:CLEAR"), (true, true));
    assert_eq!((&*net.held(DEU, OBJECT)[0].1, &*net.held(USA, OBJECT)[0].1), ("TLP:CLEAR", "TLP:CLEAR"));
}

#[test]
fn what_a_partner_may_no_longer_have_is_taken_back() {
    let net = relayed("TLP:GREEN");
    let through = |at: &str| net.at(at).node.trace(&id()).unwrap().held[0].through.clone();
    assert_eq!((through(DEU), through(USA)), (Vec::new(), vec![DEU.to_owned()]));
    net.at(FRA).node.relabel(&id(), "ORG:FRA Node", "a mistake").unwrap();
    let told = net.tell(FRA, DEU);
    assert_eq!((told[0].versions, told[0].onward), (1, Onward::Pending));
    assert_eq!(net.held(DEU, OBJECT), []);
    // Whoever has it from there alone has it no more.
    let behind = net.tell(DEU, USA);
    assert_eq!((behind[0].versions, behind[0].onward), (1, Onward::None));
    assert_eq!((net.held(FRA, OBJECT).len(), net.held(USA, OBJECT)), (1, Vec::new()));
    assert_eq!(net.tell(FRA, DEU)[0].onward, Onward::Complete);
    let receipt = net.at(FRA).node.trace(&id()).unwrap().receipts.remove(0);
    assert_eq!((receipt.told.as_str(), receipt.versions, receipt.onward), ("label", 1, Onward::Complete));
    assert!(net.tell(FRA, DEU).is_empty() && net.tell(DEU, USA).is_empty());
    // It was not for good: released again, it comes again.
    net.at(FRA).node.relabel(&id(), "TLP:GREEN", "after all").unwrap();
    assert_eq!((net.send(FRA, DEU).added, net.send(DEU, USA).added), (1, 1));
}

#[test]
fn what_came_by_its_originator_as_well_stays() {
    for is_first in [false, true] {
        let net = Net::new();
        net.load(FRA, "TLP:GREEN", &indicator("2026-01-01"));
        net.send(FRA, DEU);
        let ways = if is_first { [FRA, DEU] } else { [DEU, FRA] };
        for from in ways {
            net.send(from, USA);
        }
        net.at(FRA).node.relabel(&id(), "ORG:FRA Node; USA Node", "a mistake").unwrap();
        net.tell(FRA, DEU);
        assert!(net.tell(DEU, USA).iter().all(|receipt| receipt.done && receipt.versions == 0));
        assert_eq!((net.held(DEU, OBJECT).len(), net.held(USA, OBJECT).len()), (0, 1));
    }
}

#[test]
fn what_is_taken_back_by_one_who_did_not_bring_it_stays() {
    let net = relayed("TLP:GREEN");
    net.at(FRA).node.relabel(&id(), "ORG:FRA Node", "a mistake").unwrap();
    let notices = net.at(FRA).node.notices_for(DEU).unwrap();
    // Germany's is for what came by Germany: brought by somebody else it takes nothing away.
    net.at(FRA).node.relabel(&id(), "TLP:GREEN", "after all").unwrap();
    let receipts = net.at(USA).node.obey(FRA, &notices).unwrap();
    assert_eq!((receipts[0].versions, net.held(USA, OBJECT).len()), (0, 1));
}

#[test]
fn somebody_elses_object_under_the_id_stops_no_recall() {
    let net = Net::new();
    net.load(FRA, "ORG:FRA Node; DEU Node", &indicator("2026-01-01"));
    net.send(FRA, DEU);
    // Hidden from the third node, which writes something of its own under the id: it stands beside.
    net.load(USA, "TLP:GREEN", &indicator("2026-01-03"));
    assert_eq!(net.send(USA, FRA).added, 1);
    let recalled = net.at(FRA).node.recall(&id(), "a mistake").unwrap();
    assert_eq!((recalled.destroyed, net.tell(FRA, DEU)[0].versions), (1, 1));
    assert_eq!(net.held(FRA, OBJECT), [(USA.to_owned(), "TLP:GREEN".to_owned())]);
}

#[test]
fn what_was_taken_back_does_not_come_again_by_what_was_said_before() {
    let net = Net::new();
    net.load(FRA, "TLP:GREEN", &indicator("2026-01-01"));
    let old = net.offered(FRA, DEU).unwrap();
    net.deliver(FRA, DEU, old.clone()).unwrap();
    net.at(FRA).node.relabel(&id(), "ORG:FRA Node", "a mistake").unwrap();
    net.tell(FRA, DEU);
    // A medium that is read again.
    assert_eq!((net.deliver(FRA, DEU, old.clone()).unwrap().added, net.held(DEU, OBJECT)), (0, Vec::new()));
    net.at(FRA).node.relabel(&id(), "TLP:GREEN", "after all").unwrap();
    assert_eq!(net.send(FRA, DEU).added, 1);
    assert_eq!(net.deliver(FRA, DEU, old).unwrap().added, 0);
}

#[test]
fn who_recalled_it_stays_who_recalled_it_and_how_many_it_were() {
    let net = relayed("TLP:GREEN");
    net.at(FRA).node.recall(&id(), "a mistake").unwrap();
    for _ in 0..2 {
        assert_eq!(net.tell(FRA, DEU)[0].versions, 1);
    }
    net.tell(DEU, USA);
    assert_eq!((net.tell(FRA, DEU)[0].versions, net.tell(FRA, DEU).len()), (1, 0));
    // Whoever is to destroy it does not call it back in its own name.
    for at in [DEU, USA] {
        assert!(net.at(at).node.recall(&id(), "receipts").is_err());
        assert!(net.at(at).node.trace(&id()).unwrap().recalled.unwrap().contains(FRA));
    }
}

/// What a relay may have no more goes from those behind it once the last of the ways has ended by which it came, each by the same words.
#[test]
fn what_came_by_two_relays_goes_when_neither_may_have_it() {
    let net = Net::of(4);
    net.load(FRA, "TLP:CLEAR", &indicator("2026-01-01"));
    for (from, to) in [(FRA, DEU), (DEU, USA), (DEU, GBR), (USA, GBR)] {
        net.send(from, to);
    }
    net.at(FRA).node.relabel(&id(), "ORG:USA Node; GBR Node", "a test's reason").unwrap();
    net.tell(FRA, DEU);
    assert_eq!(net.held(DEU, OBJECT), []);
    net.tell(DEU, GBR);
    assert_eq!(net.held(GBR, OBJECT).len(), 1, "it has it from another as well");
    net.tell(DEU, USA);
    assert_eq!(net.held(USA, OBJECT), []);
    net.tell(USA, GBR);
    assert_eq!(net.held(GBR, OBJECT), []);
    // It may have it all the same, from its originator.
    assert_eq!((net.send(FRA, GBR).added, net.held(GBR, OBJECT).len()), (1, 1));
    // What is told again takes that back no more.
    net.tell(DEU, GBR);
    assert_eq!(net.held(GBR, OBJECT).len(), 1);
}

/// A page that was asked for before its partner took something of it back does not bring that; the rest of it comes.
#[test]
fn what_is_taken_back_while_it_is_on_its_way_does_not_stay() {
    let net = Net::new();
    let green = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb";
    let mut object = indicator("2026-01-01");
    object["object_marking_refs"] = json!([green]);
    let other = json!({"type": "ipv4-addr", "spec_version": "2.1", "id": "ipv4-addr--bbbbbbbb-0000-4000-8000-000000000007", "value": "192.0.2.7",
        "object_marking_refs": [green]});
    let asked = net.at(DEU).node.now();
    net.load(FRA, "TLP:CLEAR", &object);
    net.load(FRA, "TLP:CLEAR", &other);
    net.offered(FRA, DEU).unwrap();
    // Without statements: the label stands inside.
    let on_its_way = bytes(&[&object, &other]);
    net.at(FRA).node.relabel(&id(), "TLP:RED", "a test's reason").unwrap();
    assert!(net.tell(FRA, DEU).iter().all(|receipt| receipt.done));
    let node = &net.at(DEU).node;
    let record = node.partner_records().into_iter().find(|record| record.name() == FRA).unwrap();
    let progress = Some(Come { added_after: None, next: None, begun: record.begun, asked });
    let objects = node.read_delivered(&on_its_way);
    let taken = node.take_delivery(Delivery { partner: FRA.to_owned(), collection: "intel".to_owned(), objects, progress }).unwrap();
    assert_eq!((taken.added, net.held(DEU, OBJECT)), (1, Vec::new()));
}
