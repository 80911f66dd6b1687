//! Consents that travel: with the object, to whom they name and to whoever asked; withdrawn, forged, requested, refused.

use relto_model::ObjectId;
use relto_node::{ConsentOf, Grant, NewConsent, NewPartner, NewReleaseNotice, NewRequest, RequestError, UserChange};
use relto_policy::law::Subject;
use relto_sim::partner::Partner;
use serde_json::{Value as Json, json};

use super::{DEU, FRA, Net, OBJECT, USA, bytes, id, indicator};

const ORCON: &str = "TLP:GREEN AND HANDLING:ORCON FRA Node";

/// France has an object under originator control, and at each node there is a person of its organisation.
fn scene() -> Net {
    let net = Net::new();
    for (at, nation) in [(DEU, "DEU"), (USA, "USA")] {
        net.person(at, "analyst", nation, at);
    }
    net.load(FRA, ORCON, &indicator("2026-01-01"));
    net
}

fn of(to: &str) -> ConsentOf {
    ConsentOf { subject: Subject::Originator(FRA.to_owned()), to: to.to_owned() }
}

fn consent(net: &Net, to: &str, until: Option<&str>) {
    let (by, reference) = ("Anna Martin".to_owned(), "2026/117".to_owned());
    let new = NewConsent { of: of(to), until: until.map(str::to_owned), purpose: None, by, reference };
    net.at(FRA).node.add_consent(&id(), &new).unwrap();
}

fn withdraw(net: &Net, to: &str) {
    net.at(FRA).node.remove_consent(&id(), &of(to), "changed our mind").unwrap();
}

fn request(net: &Net, at: &str, object: &ObjectId, to: Option<&str>) -> Result<String, RequestError> {
    let new = NewRequest { of: None, to: to.map(str::to_owned), until: None, purpose: None, reason: "a joint operation".to_owned() };
    net.at(at).node.request_consent(object, &new).map(|view| view.id)
}

fn grant(net: &Net, number: &str) -> Result<usize, RequestError> {
    let grant = Grant { until: None, by: "Anna Martin".to_owned(), reference: "2026/118".to_owned() };
    net.at(FRA).node.grant_request(number, &grant).map(|consented| consented.versions)
}

/// To whom the consent statements among `objects` say that the object may go.
fn named(objects: &[bytes::Bytes]) -> Vec<String> {
    use base64::Engine as _;
    let of_kind = objects.iter().map(|object| serde_json::from_slice::<Json>(object).unwrap());
    let payload = |statement: Json| {
        let text = statement["envelope"]["payload"].as_str().unwrap().to_owned();
        serde_json::from_slice::<Json>(&base64::engine::general_purpose::STANDARD.decode(text).unwrap()).unwrap()
    };
    let said = of_kind.filter(|object| object["type"] == "consent-statement").map(payload);
    said.map(|said| said["consent"]["recipient"]["organisation"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn it_goes_with_the_object_to_whom_it_names_and_to_nobody_else() {
    let net = scene();
    assert_eq!(net.offered(FRA, DEU).unwrap().len(), 0);
    consent(&net, DEU, None);
    consent(&net, USA, None);
    for to in [DEU, USA] {
        let offered = net.offered(FRA, to).unwrap();
        assert_eq!(named(&offered), [to]);
        assert!(!offered.iter().any(|object| String::from_utf8_lossy(object).contains("Anna Martin")));
    }
    assert_eq!((net.send(FRA, DEU).added, net.sees(DEU, "analyst")), (1, 1));
    // A person of another organisation at the same node is not meant.
    net.person(DEU, "guest", "FRA", "Third Org");
    assert_eq!(net.sees(DEU, "guest"), 0);
    // Whom Germany would send it on to, France has not said to Germany.
    assert_eq!(net.offered(DEU, USA).unwrap().len(), 0);
}

#[test]
fn without_one_the_receiver_holds_and_shows_nothing() {
    let net = scene();
    consent(&net, DEU, None);
    let mut offered = net.offered(FRA, DEU).unwrap();
    offered.retain(|object| !String::from_utf8_lossy(object).contains("\"consent-statement\""));
    let consents = net.offered(FRA, DEU).unwrap();
    assert_eq!((net.deliver(FRA, DEU, offered).unwrap().added, net.sees(DEU, "analyst")), (1, 0));
    // It can come later, by itself.
    let alone = consents.into_iter().filter(|object| String::from_utf8_lossy(object).contains("\"consent-statement\"")).collect();
    assert_eq!((net.deliver(FRA, DEU, alone).unwrap().quarantined, net.sees(DEU, "analyst")), (0, 1));
}

#[test]
fn it_ends_at_its_date_at_every_hop() {
    let net = scene();
    let end = relto_model::Stamp(net.now.get() + 60_000_000);
    consent(&net, DEU, Some(&end.to_string()));
    net.send(FRA, DEU);
    assert_eq!(net.sees(DEU, "analyst"), 1);
    net.now.set(end.0);
    assert_eq!((net.sees(DEU, "analyst"), net.offered(FRA, DEU).unwrap().len()), (0, 0));
}

#[test]
fn one_that_is_withdrawn_has_the_object_destroyed() {
    let net = scene();
    consent(&net, DEU, None);
    net.send(FRA, DEU);
    withdraw(&net, DEU);
    let receipts = net.tell(FRA, DEU);
    assert_eq!((receipts.len(), net.held(DEU, OBJECT).len()), (1, 0));
    // Given again, it comes again.
    consent(&net, DEU, None);
    assert_eq!((net.send(FRA, DEU).added, net.sees(DEU, "analyst")), (1, 1));
}

#[test]
fn it_is_requested_granted_and_opens_the_next_hop() {
    let net = scene();
    consent(&net, DEU, None);
    net.send(FRA, DEU);
    let number = request(&net, DEU, &id(), Some(USA)).unwrap();
    assert!(net.tell(DEU, FRA).iter().all(|receipt| receipt.done));
    let waiting = net.at(FRA).node.consent_requests().unwrap();
    assert_eq!((waiting.len(), waiting[0].incoming, waiting[0].about.as_deref()), (1, true, Some(OBJECT)));
    assert_eq!(grant(&net, &number).unwrap(), 1);
    assert!(matches!(grant(&net, &number), Err(RequestError::NotWaiting(_))));
    assert!(net.tell(FRA, DEU).iter().all(|receipt| receipt.done));
    assert_eq!(net.at(DEU).node.consent_requests().unwrap()[0].granted, Some(true));
    let offered = net.offered(DEU, USA).unwrap();
    assert_eq!(named(&offered), [USA]);
    assert_eq!((net.deliver(DEU, USA, offered).unwrap().added, net.sees(USA, "analyst")), (1, 1));
    assert_eq!(net.held(USA, OBJECT)[0].0, FRA);

    // Withdrawn, it closes there too: Germany is told since it asked, and tells whom it has sent the object to.
    withdraw(&net, USA);
    net.tell(FRA, DEU);
    assert_eq!((net.offered(DEU, USA).unwrap().len(), net.sees(DEU, "analyst")), (0, 1));
    net.tell(DEU, USA);
    assert_eq!(net.sees(USA, "analyst"), 0);
}

#[test]
fn a_refusal_is_an_answer_and_changes_nothing() {
    let net = scene();
    consent(&net, DEU, None);
    net.send(FRA, DEU);
    let number = request(&net, DEU, &id(), Some(USA)).unwrap();
    net.tell(DEU, FRA);
    net.at(FRA).node.refuse_request(&number, "not for them").unwrap();
    net.tell(FRA, DEU);
    let asked = net.at(DEU).node.consent_requests().unwrap();
    assert_eq!((asked[0].granted, asked[0].answer.as_str()), (Some(false), "not for them"));
    assert_eq!(net.offered(DEU, USA).unwrap().len(), 0);
}

#[test]
fn a_release_notice_lets_those_ask_who_see_nothing_else() {
    let net = scene();
    let new = NewReleaseNotice { name: "An indicator of the Channel case".to_owned(), description: None, label: "TLP:GREEN".to_owned() };
    let notice = net.at(FRA).node.announce(&id(), &new).unwrap();
    net.send(FRA, DEU);
    assert_eq!((net.held(DEU, notice.as_str()).len(), net.held(DEU, OBJECT).len()), (1, 0));
    let number = request(&net, DEU, &notice, None).unwrap();
    net.tell(DEU, FRA);
    assert_eq!(grant(&net, &number).unwrap(), 1);
    net.tell(FRA, DEU);
    net.send(FRA, DEU);
    assert_eq!((net.held(DEU, OBJECT).len(), net.sees(DEU, "analyst")), (1, 2));
    assert!(matches!(net.at(DEU).node.announce(&notice, &new), Err(RequestError::NotOwn(_))));
}

#[test]
fn whoever_asks_of_what_is_hidden_learns_nothing() {
    let net = scene();
    let (hidden, absent) = (OBJECT, "indicator--bbbbbbbb-0000-4000-8000-00000000dead");
    let asked = |number: &str, object: &str| {
        let request = json!({"id": number, "object": object, "recipient": {"organisation": DEU}, "reason": "a guess"});
        let notice = serde_json::from_value(json!({"id": "1", "request": request})).unwrap();
        serde_json::to_value(net.at(FRA).node.obey(DEU, &[notice]).unwrap()).unwrap()
    };
    assert_eq!(asked("a", hidden), asked("b", absent));
    for view in net.at(FRA).node.consent_requests().unwrap() {
        assert_eq!(view.about, None);
        assert!(matches!(grant(&net, &view.id), Err(RequestError::NotReleased(_))));
    }
    assert!(matches!(request(&net, DEU, &id(), None), Err(RequestError::Absent(_))));
}

#[test]
fn one_that_nobody_signed_who_may_opens_nothing() {
    let net = scene();
    let ally = Partner::new("ally");
    let grants = UserChange { nations: Some(vec!["GBR".to_owned()]), ..UserChange::default() };
    let (card, phrase) = (ally.card.clone(), Some(ally.phrase.clone()));
    let new = NewPartner { card, phrase, grants, collections: vec!["intel".to_owned()], ..NewPartner::default() };
    net.at(DEU).node.add_partner(&new).unwrap();
    consent(&net, DEU, None);
    let mut offered = net.offered(FRA, DEU).unwrap();
    offered.retain(|object| !String::from_utf8_lossy(object).contains("\"consent-statement\""));
    net.deliver(FRA, DEU, offered).unwrap();
    // In France's name by somebody else, for a person, and of what was signed another recipient.
    let object = indicator("2026-01-01");
    let to = |kind: &str, name: &str| json!({kind: name});
    let usurped = ally.consent(FRA, &object, &to("organisation", DEU), "2026-06-01");
    let stranger = Partner::new("stranger").consent(FRA, &object, &to("organisation", DEU), "2026-06-01");
    let own = Partner::with_key(FRA, net.at(FRA).node.identity().unwrap()[0]);
    let person = own.consent(FRA, &object, &to("person", "analyst"), "2026-06-01");
    let mut changed = own.consent(FRA, &object, &to("organisation", USA), "2026-06-01");
    changed["envelope"]["payload"] = own.consent(FRA, &object, &to("organisation", DEU), "2026-06-01")["envelope"]["payload"].clone();
    for (number, statement) in [usurped, stranger, person, changed].iter().enumerate() {
        net.deliver("ally", DEU, bytes(&[statement])).unwrap();
        assert_eq!((net.sees(DEU, "analyst"), net.waiting(DEU).len()), (0, number + 1), "{:?}", net.waiting(DEU));
    }
    // What France has signed holds, whoever brings it, and an older withdrawal does not undo it.
    net.deliver("ally", DEU, bytes(&[&own.consent(FRA, &object, &to("organisation", DEU), "2026-06-01")])).unwrap();
    assert_eq!(net.sees(DEU, "analyst"), 1);
    let withdrawn = |issued: &str| own.consent_withdrawn(FRA, &object, &to("organisation", DEU), issued);
    net.deliver("ally", DEU, bytes(&[&withdrawn("2026-05-01")])).unwrap();
    assert_eq!(net.sees(DEU, "analyst"), 1);
    net.deliver("ally", DEU, bytes(&[&withdrawn("2026-06-02")])).unwrap();
    assert_eq!(net.sees(DEU, "analyst"), 0);
}

#[test]
fn who_else_was_consented_to_is_told_to_whom_it_was_granted() {
    let net = scene();
    consent(&net, DEU, None);
    net.send(FRA, DEU);
    let refused = request(&net, DEU, &id(), Some(USA)).unwrap();
    // The same is asked once, until it is answered.
    assert!(matches!(request(&net, DEU, &id(), Some(USA)), Err(RequestError::Asked { number, .. }) if number == refused));
    net.tell(DEU, FRA);
    net.at(FRA).node.refuse_request(&refused, "not for them").unwrap();
    net.tell(FRA, DEU);
    let waiting = request(&net, DEU, &id(), Some(USA)).unwrap();
    net.tell(DEU, FRA);
    consent(&net, USA, None);
    net.tell(FRA, DEU);
    // Asked and refused, or asked and not answered: neither tells that there is one.
    assert_eq!(named(&net.offered(FRA, DEU).unwrap()), [DEU]);
    grant(&net, &waiting).unwrap();
    assert_eq!(named(&net.offered(FRA, DEU).unwrap()), [DEU, USA]);
}

#[test]
fn one_that_has_ended_is_not_believed_from_whoever_kept_it() {
    let net = scene();
    consent(&net, DEU, None);
    consent(&net, USA, None);
    net.send(FRA, DEU);
    let kept: Vec<_> =
        net.offered(FRA, USA).unwrap().into_iter().filter(|object| !named(std::slice::from_ref(object)).is_empty()).collect();
    withdraw(&net, USA);
    // Germany has not asked, and so has not been told of the end.
    assert_eq!(net.deliver(USA, DEU, kept).unwrap().quarantined, 1);
    assert!(net.waiting(DEU)[0].contains("names nobody here"), "{:?}", net.waiting(DEU));
    assert_eq!(net.offered(DEU, USA).unwrap().len(), 0);
}

#[test]
fn each_version_is_consented_to_by_itself() {
    let net = Net::new();
    let ally = Partner::new("ally");
    let grants = UserChange { nations: Some(vec!["GBR".to_owned()]), ..UserChange::default() };
    let (card, phrase) = (ally.card.clone(), Some(ally.phrase.clone()));
    let new = NewPartner { card, phrase, grants, collections: vec!["intel".to_owned()], ..NewPartner::default() };
    net.at(FRA).node.add_partner(&new).unwrap();
    let (first, second) = (indicator("2026-01-01"), indicator("2026-01-02"));
    for version in [&first, &second] {
        net.load(FRA, "TLP:GREEN AND HANDLING:ORCON FRA Node; THIRD PARTY ally", version);
    }
    consent(&net, DEU, None);
    let versions = || {
        let all = net.offered(FRA, DEU).unwrap().into_iter().map(|object| serde_json::from_slice::<Json>(&object).unwrap());
        let all = all.filter(|object| object["type"] == "indicator").map(|object| object["modified"].as_str().unwrap()[..10].to_owned());
        all.collect::<Vec<_>>()
    };
    let to = json!({"organisation": DEU});
    let says = |version: &Json, issued: &str, withdrawn: bool| {
        net.deliver("ally", FRA, bytes(&[&ally.consent_of_part(version, &to, issued, withdrawn)])).unwrap();
    };
    assert_eq!(versions().len(), 0);
    says(&first, "2026-06-01", false);
    assert_eq!(versions(), ["2026-01-01"]);
    says(&second, "2026-06-01", false);
    assert_eq!(versions(), ["2026-01-01", "2026-01-02"]);
    net.send(FRA, DEU);
    says(&first, "2026-06-01T00:00:01Z", true);
    assert_eq!(versions(), ["2026-01-02"]);
    says(&second, "2026-06-01T00:00:01Z", true);
    assert_eq!(versions().len(), 0);
    // Whoever has it is told, though it was the third party that withdrew.
    net.tell(FRA, DEU);
    assert_eq!(net.held(DEU, OBJECT), []);
}

#[test]
fn a_new_label_takes_it_away_and_a_new_one_counts() {
    for is_told_first in [true, false] {
        let net = scene();
        consent(&net, DEU, None);
        net.send(FRA, DEU);
        net.at(FRA).node.relabel(&id(), "TLP:CLEAR AND HANDLING:ORCON FRA Node", "less").unwrap();
        if is_told_first {
            net.tell(FRA, DEU);
            assert_eq!((net.sees(DEU, "analyst"), net.held(DEU, OBJECT).len()), (0, 0));
        }
        consent(&net, DEU, None);
        net.send(FRA, DEU);
        net.tell(FRA, DEU);
        assert!(net.held(DEU, OBJECT)[0].1.contains("TLP:CLEAR"));
        assert_eq!(net.sees(DEU, "analyst"), 1, "told first: {is_told_first}");
    }
}

#[test]
fn what_an_operator_takes_away_stays_away() {
    let net = scene();
    consent(&net, DEU, None);
    net.send(FRA, DEU);
    net.at(DEU).node.remove_consent(&id(), &of(DEU), "not here").unwrap();
    net.send(FRA, DEU);
    assert_eq!(net.sees(DEU, "analyst"), 0);
    // Given anew by France, it is another one.
    consent(&net, DEU, Some("2027-01-01"));
    net.tell(FRA, DEU);
    assert_eq!(net.sees(DEU, "analyst"), 1);
}

#[test]
fn one_that_is_not_believed_keeps_no_label_back() {
    let net = Net::new();
    net.load(FRA, "TLP:GREEN", &indicator("2026-01-01"));
    net.send(FRA, DEU);
    net.at(FRA).node.relabel(&id(), "TLP:CLEAR", "less").unwrap();
    let mut notices = net.at(FRA).node.notices_for(DEU).unwrap();
    let forged = Partner::new("stranger").consent(FRA, &indicator("2026-01-01"), &json!({"organisation": DEU}), "2026-06-01");
    notices[0].labels.insert(0, forged);
    assert!(net.at(DEU).node.obey(FRA, &notices).unwrap()[0].done);
    assert_eq!(net.held(DEU, OBJECT)[0].1, "TLP:CLEAR");
}

#[test]
fn while_nothing_flows_nothing_is_asked_or_consented_to() {
    let net = scene();
    consent(&net, DEU, None);
    net.send(FRA, DEU);
    net.at(FRA).node.remove_partner(DEU).unwrap();
    request(&net, DEU, &id(), Some(USA)).unwrap();
    let receipts = net.tell(DEU, FRA);
    assert!(receipts.iter().all(|receipt| !receipt.done) && net.at(FRA).node.consent_requests().unwrap().is_empty(), "{receipts:?}");
    let hostile = json!({"id": "1", "request": {"id": "a", "object": OBJECT, "recipient": {"organisation": "x\u{1b}[2K"}, "reason": "b"}});
    let told = |notice: Json| net.at(USA).node.obey(DEU, &[serde_json::from_value(notice).unwrap()]).unwrap().remove(0);
    assert!(!told(hostile).done);
    assert!(!told(json!({"id": "1", "request": {"id": 17}})).done);
    assert!(net.at(USA).node.consent_requests().unwrap().is_empty());
}
