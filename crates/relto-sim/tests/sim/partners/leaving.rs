//! When nothing flows: before and after an agreement, while it is suspended, and once a partner has left.

use relto_model::Stamp;
use relto_node::{DeliveryError, NewPartner};
use relto_sim::node::By;

use super::{DEU, FRA, Net, OBJECT, bytes, indicator};

fn status(net: &Net, path: &str) -> u16 {
    let seed = net.at(DEU).node.identity().unwrap()[0];
    let key = relto_policy::dsse::SigningKey::from_seed(&seed).public().to_bytes();
    net.at(FRA).send_by("GET", path, By::Link(key), None).status.as_u16()
}

const OBJECTS: &str = "/taxii2/main/collections/intel/objects/";

#[test]
fn nothing_flows_before_and_after_an_agreement() {
    let net = Net::new();
    let after = |seconds: i64| Some(Stamp(net.now.get() + seconds * 1_000_000).to_string());
    let dates = |from: Option<String>, until: Option<String>| move |new: &mut NewPartner| (new.from, new.until) = (from, until);
    net.load(FRA, "TLP:CLEAR", &indicator("2026-01-01"));
    net.agree(FRA, DEU, dates(after(10), after(20)));
    assert_eq!(status(&net, OBJECTS), 401);
    let refused = net.deliver(DEU, FRA, bytes(&[&indicator("2026-01-02")]));
    assert!(matches!(refused, Err(DeliveryError::NotFlowing(_))), "{refused:?}");
    net.now.set(net.now.get() + 8_000_000);
    assert_eq!(status(&net, OBJECTS), 200);
    net.now.set(net.now.get() + 10_000_000);
    assert_eq!(status(&net, OBJECTS), 401);
    // What was released under it can be recalled all the same.
    assert_eq!(status(&net, "/relto/notices/"), 200);
}

#[test]
fn a_suspended_partner_gets_nothing_and_sends_nothing() {
    let net = Net::new();
    net.load(FRA, "TLP:CLEAR", &indicator("2026-01-01"));
    net.at(FRA).node.suspend_partner(DEU, true, None).unwrap();
    assert_eq!((status(&net, OBJECTS), net.offered(FRA, DEU).is_err()), (401, true));
    assert!(net.deliver(DEU, FRA, Vec::new()).is_err());
    net.at(FRA).node.suspend_partner(DEU, false, None).unwrap();
    assert_eq!(status(&net, OBJECTS), 200);
}

#[test]
fn one_that_left_is_told_to_destroy_and_nothing_else() {
    let net = Net::new();
    net.load(FRA, "TLP:CLEAR", &indicator("2026-01-01"));
    net.send(FRA, DEU);
    let holdings = net.at(FRA).node.remove_partner(DEU).unwrap();
    assert_eq!(holdings.there.get("intel"), Some(&1));
    assert_eq!((status(&net, OBJECTS), status(&net, "/relto/notices/")), (401, 200));
    assert!(net.deliver(DEU, FRA, Vec::new()).is_err() && net.offered(FRA, DEU).is_err());
    let receipts = net.tell(FRA, DEU);
    assert_eq!((receipts.len(), receipts[0].versions, net.held(DEU, OBJECT).len()), (1, 1, 0));
    // It is told of nothing that happens afterwards.
    net.at(FRA).node.relabel(&super::id(), "TLP:GREEN", "later").unwrap();
    assert!(net.tell(FRA, DEU).iter().all(|receipt| receipt.versions == 0));
}

#[test]
fn one_that_was_away_and_let_go_still_hears_what_was_recalled_when_it_comes_back() {
    let net = Net::new();
    net.load(FRA, "TLP:CLEAR", &indicator("2026-01-01"));
    net.send(FRA, DEU);
    net.at(FRA).node.recall(&super::id(), "a mistake").unwrap();
    net.at(FRA).node.remove_partner(DEU).unwrap();
    net.agree(FRA, DEU, |_| ());
    net.tell(FRA, DEU);
    assert_eq!(net.held(DEU, OBJECT), []);
    let trace = net.at(FRA).node.trace(&super::id()).unwrap();
    assert!(!trace.receipts.is_empty() && trace.receipts.iter().all(|receipt| receipt.confirmed), "{trace:?}");
    // And it comes in by nobody else.
    assert_eq!(net.deliver(FRA, DEU, bytes(&[&indicator("2026-01-01")])).unwrap().added, 0);
}

#[test]
fn what_an_agreement_is_not_about_is_absent() {
    let net = Net::new();
    assert_eq!(status(&net, "/taxii2/main/collections/other/objects/"), status(&net, "/taxii2/main/collections/nowhere/objects/"));
    let taken = net.deliver_into("other", DEU, FRA, bytes(&[&indicator("2026-01-01")]));
    assert!(matches!(taken, Err(DeliveryError::NotAgreed { .. })));
}

#[test]
fn of_labels_it_is_told_while_something_flows() {
    let net = Net::new();
    net.load(FRA, "TLP:CLEAR", &indicator("2026-01-01"));
    net.send(FRA, DEU);
    let until = Some(Stamp(net.now.get() + 10_000_000).to_string());
    net.agree(FRA, DEU, |new| new.until = until);
    net.now.set(net.now.get() + 20_000_000);
    net.at(FRA).node.relabel(&super::id(), "TLP:GREEN", "later").unwrap();
    assert_eq!(net.tell(FRA, DEU), []);
    net.agree(FRA, DEU, |_| ());
    assert_eq!((net.tell(FRA, DEU)[0].versions, net.held(DEU, OBJECT)[0].1.as_str()), (1, "TLP:GREEN"));
    // Where nothing can be said of the new label, the object does not stay under the old one.
    net.agree(FRA, DEU, |new| new.collections = vec!["other".to_owned()]);
    net.at(FRA).node.relabel(&super::id(), "TLP:CLEAR", "later").unwrap();
    assert_eq!((net.tell(FRA, DEU)[0].versions, net.held(DEU, OBJECT)), (1, Vec::new()));
}
