//! Requests for information between nodes: who is reached, what an answer may tell, and who may end it.

use relto_model::ObjectId;
use relto_node::{
    InformationRequestError, InformationRequestView, InformationWritten, NewCollection, NewInformationRequest, NewInformationResponse,
    ResponseOutcome, TearlineRequest, UserChange,
};

use super::{DEU, FRA, NODES, NODES_FEW, Net, OBJECT, USA, id, indicator};

/// A question of FRA to DEU.
fn question() -> NewInformationRequest {
    let (collection, question) = ("intel".to_owned(), "who operates it?".to_owned());
    NewInformationRequest { collection, question, to: vec![DEU.to_owned()], ..NewInformationRequest::default() }
}

fn with(objects: &[ObjectId]) -> NewInformationResponse {
    NewInformationResponse { objects: objects.to_vec(), ..NewInformationResponse::default() }
}

fn note(note: &str) -> NewInformationResponse {
    NewInformationResponse { note: Some(note.to_owned()), ..NewInformationResponse::default() }
}

fn id_of(written: &InformationWritten) -> ObjectId {
    ObjectId::parse(&written.id).unwrap()
}

impl Net {
    /// With a person on each node, who is cleared for NATO SECRET.
    fn with_people() -> Self {
        let net = Self::new();
        for (node, nation) in &NODES[..NODES_FEW] {
            net.person(node, "anna", nation, node);
            let change = UserChange { clearances: Some(vec!["NATO:SECRET".to_owned()]), ..UserChange::default() };
            net.at(node).node.set_user("anna", &change).unwrap();
        }
        net
    }

    fn lists(&self, at: &str, all: bool) -> Vec<InformationRequestView> {
        self.at(at).node.requests("anna", all).unwrap()
    }

    /// FRA asks DEU, and the question goes wherever it may.
    fn asked(&self) -> ObjectId {
        let written = self.at(FRA).node.ask("anna", &question()).unwrap();
        assert_eq!((&written.labels["intel"], &written.warnings), (&format!("ORG:{DEU}; {FRA}"), &Vec::new()));
        self.send(FRA, DEU);
        self.send(FRA, USA);
        id_of(&written)
    }
}

#[test]
fn a_question_is_asked_answered_and_closed() {
    let net = Net::with_people();
    let request = net.asked();
    assert!(net.lists(USA, true).is_empty(), "it is no business of a third");
    let listed = &net.lists(DEU, false)[0];
    assert_eq!((listed.id.as_str(), listed.asked_by.as_str(), &listed.asked_of), (request.as_str(), FRA, &vec![DEU.to_owned()]));
    net.load(DEU, "TLP:GREEN", &indicator("2026-01-01"));
    let answered = net.at(DEU).node.answer("anna", &request, &with(&[id()])).unwrap();
    assert_eq!(answered.labels["intel"], format!("ORG:{DEU}; {FRA} AND TLP:GREEN"));
    assert!(answered.warnings.is_empty(), "{answered:?}");
    net.send(DEU, FRA);
    net.send(DEU, USA);
    let answers = &net.lists(FRA, false)[0].answers;
    assert_eq!((answers[0].answered_by.as_str(), answers[0].objects[0].as_str()), (DEU, OBJECT));
    assert_eq!((net.sees(FRA, "anna"), net.sees(USA, "anna")), (3, 1), "the object alone is for others too");
    // Who was asked does not close it, and nobody answers what is closed.
    let refused = net.at(DEU).node.close_request("anna", &request, None);
    assert!(matches!(refused, Err(InformationRequestError::NotTheAsker { .. })), "{refused:?}");
    net.at(FRA).node.close_request("anna", &request, Some("known now")).unwrap();
    net.send(FRA, DEU);
    for node in [FRA, DEU] {
        assert!(net.lists(node, false).is_empty());
        let closed = &net.lists(node, true)[0];
        assert_eq!((closed.state.as_str(), closed.close_reason.as_deref(), closed.answers.len()), ("closed", Some("known now"), 1));
        let refused = net.at(node).node.answer("anna", &request, &note("late"));
        assert!(matches!(refused, Err(InformationRequestError::Closed(_))), "{refused:?}");
    }
    assert!(matches!(net.at(FRA).node.close_request("anna", &request, None), Err(InformationRequestError::Closed(_))));
    assert_eq!(net.held(DEU, request.as_str()).len(), 2);
    assert!(net.held(DEU, request.as_str()).iter().all(|(owner, label)| owner == FRA && label == &format!("ORG:{DEU}; {FRA}")));
}

#[test]
fn an_answer_tells_nothing_of_what_the_asker_may_not_see() {
    let net = Net::with_people();
    let request = net.asked();
    net.load(DEU, "NATO SECRET", &indicator("2026-01-01"));
    let answered = net.at(DEU).node.answer("anna", &request, &with(&[id()])).unwrap();
    assert!(answered.warnings[0].contains("does not get this answer: clearance for NATO SECRET"), "{answered:?}");
    net.send(DEU, FRA);
    assert!(net.lists(FRA, false)[0].answers.is_empty());
    assert_eq!(net.lists(DEU, false)[0].answers.len(), 1);
    for outcome in [ResponseOutcome::NothingHeld, ResponseOutcome::Declined] {
        net.at(DEU).node.answer("anna", &request, &NewInformationResponse { outcome, ..NewInformationResponse::default() }).unwrap();
    }
    net.send(DEU, FRA);
    let outcomes: Vec<_> = net.lists(FRA, false)[0].answers.iter().map(|answer| answer.outcome).collect();
    assert_eq!(outcomes, [ResponseOutcome::NothingHeld, ResponseOutcome::Declined]);
}

/// What the agreement keeps here is named to whoever answers with it.
#[test]
fn objects_that_stay_are_named_to_who_answers() {
    let net = Net::with_people();
    let request = net.asked();
    net.agree(DEU, USA, |new| new.no_onward = true);
    net.load(USA, "TLP:GREEN", &indicator("2026-01-01"));
    net.send(USA, DEU);
    let answered = net.at(DEU).node.answer("anna", &request, &with(&[id()])).unwrap();
    assert!(answered.warnings[0].contains("stays here") && answered.warnings[0].contains(OBJECT), "{answered:?}");
}

#[test]
fn what_one_may_not_see_is_absent() {
    let net = Net::with_people();
    let request = net.asked();
    net.person(DEU, "ben", "DEU", DEU);
    net.person(DEU, "carl", "DEU", "Other Org");
    net.load(DEU, "NATO SECRET", &indicator("2026-01-01"));
    let error = |user: &str, request: &ObjectId, objects: &[ObjectId]| {
        net.at(DEU).node.answer(user, request, &with(objects)).unwrap_err().to_string()
    };
    let absent = ObjectId::parse("indicator--bbbbbbbb-0000-4000-8000-000000000009").unwrap();
    let said = |id: &ObjectId| format!("there is no object `{id}` for this user");
    assert_eq!(error("ben", &request, &[id()]), said(&id()));
    assert_eq!(error("ben", &request, std::slice::from_ref(&absent)), said(&absent));
    let other = ObjectId::parse("information-request--bbbbbbbb-0000-4000-8000-000000000009").unwrap();
    assert_eq!(error("carl", &request, &[]), said(&request));
    assert_eq!(error("carl", &other, &[]), said(&other));
    assert_eq!(error("anna", &id(), &[]), format!("`{OBJECT}` is no information request"));
    assert!(net.at(DEU).node.requests("carl", true).unwrap().is_empty());
    // A marking that the account may not see is no label, as one that is not there.
    let labelled =
        NewInformationResponse { label: Some("marking-definition--aaaaaaaa-0000-4000-8000-000000000001".to_owned()), ..note("held") };
    assert!(matches!(net.at(DEU).node.answer("anna", &request, &labelled), Err(InformationRequestError::Label(_))));
}

#[test]
fn a_question_that_would_not_reach_who_is_asked_is_not_asked() {
    let net = Net::with_people();
    let refused = |new: &NewInformationRequest| net.at(FRA).node.ask("anna", new).unwrap_err();
    let secret = NewInformationRequest { label: Some("NATO SECRET".to_owned()), ..question() };
    let InformationRequestError::Withheld { kept, .. } = refused(&secret) else { panic!("it was asked") };
    assert_eq!((kept[0].user.as_str(), kept[0].because.len()), (DEU, 1));
    net.at(FRA).node.suspend_partner(DEU, true, None).unwrap();
    assert!(matches!(refused(&question()), InformationRequestError::Withheld { .. }));
    let other = NewInformationRequest { collection: "other".to_owned(), ..question() };
    assert!(matches!(refused(&other), InformationRequestError::NotAgreed { .. }));
    let nobody = NewInformationRequest { to: vec!["anna".to_owned()], ..question() };
    assert!(matches!(refused(&nobody), InformationRequestError::NoPartner(_)));
    let late = NewInformationRequest { due: Some("2026-05-31".to_owned()), ..question() };
    assert!(matches!(refused(&late), InformationRequestError::Past(_)));
    assert!(matches!(refused(&NewInformationRequest { due: Some("soon".to_owned()), ..question() }), InformationRequestError::Date { .. }));
    assert!(matches!(
        refused(&NewInformationRequest { question: String::new(), to: Vec::new(), ..question() }),
        InformationRequestError::Invalid(_)
    ));
    assert!(net.lists(FRA, true).is_empty());
}

#[test]
fn who_may_not_write_does_not_ask() {
    let net = Net::with_people();
    let node = &net.at(FRA).node;
    let collection = |name: &str, label: Option<&str>, can_write| {
        let (title, label, recipients) = (None, label.map(str::to_owned), Vec::new());
        node.add_collection(&NewCollection { name: name.to_owned(), title, label, can_read: true, can_write, recipients }).unwrap();
    };
    collection("hidden", Some("COSMIC TOP SECRET"), true);
    net.at(FRA);
    collection("fixed", None, false);
    let ask = |user: &str, name: &str| {
        net.at(FRA).node.ask(user, &NewInformationRequest { collection: name.to_owned(), to: Vec::new(), ..question() }).unwrap_err()
    };
    assert_eq!(ask("anna", "hidden").to_string(), "there is no collection `hidden` for this user");
    assert_eq!(ask("anna", "fixed").to_string(), "user `anna` may not write to collection `fixed`");
    assert!(matches!(ask(DEU, "intel"), InformationRequestError::Partner(_)));
    assert!(matches!(net.at(FRA).node.requests(DEU, true), Err(InformationRequestError::Partner(_))));
    let reader = UserChange { role: Some("reader".to_owned()), ..UserChange::default() };
    net.at(FRA).node.set_user("anna", &reader).unwrap();
    assert!(matches!(ask("anna", "intel"), InformationRequestError::MayNotWrite { .. }));
    net.at(FRA).node.disable_user("anna", true).unwrap();
    assert!(matches!(ask("anna", "intel"), InformationRequestError::Account(_)));
}

/// A tearline leaves out the object; what was said beside it was given the same label, and stays.
#[test]
fn a_label_that_an_answer_was_given_holds_without_its_objects() {
    let net = Net::with_people();
    let request = net.asked();
    net.load(DEU, "NATO SECRET", &indicator("2026-01-01"));
    let new = NewInformationResponse { note: Some("a secret".to_owned()), label: Some("NATO SECRET".to_owned()), ..with(&[id()]) };
    let answer = id_of(&net.at(DEU).node.answer("anna", &request, &new).unwrap());
    let tearline = TearlineRequest { label: format!("ORG:{DEU}; {FRA}"), ..TearlineRequest::default() };
    let refused = net.at(DEU).node.propose_tearline(&answer, &tearline).unwrap().refused.unwrap();
    assert!(refused.contains("it was given the label"), "{refused}");
}

#[test]
fn a_question_for_nobody_says_so() {
    let net = Net::with_people();
    let red = NewInformationRequest { label: Some("TLP:RED".to_owned()), to: Vec::new(), ..question() };
    let written = net.at(FRA).node.ask("anna", &red).unwrap();
    assert!(written.warnings[0].contains("no user may read"), "{written:?}");
}

#[test]
fn what_is_most_urgent_stands_first() {
    let net = Net::with_people();
    let ask = |due: Option<&str>, question: &str| {
        let (due, question) = (due.map(str::to_owned), question.to_owned());
        let new = NewInformationRequest { due, to: Vec::new(), question, ..self::question() };
        net.at(FRA).node.ask("anna", &new).unwrap();
    };
    ask(None, "whenever");
    ask(Some("2026-06-03"), "later");
    ask(Some("2026-06-02"), "soon");
    let questions = || net.lists(FRA, false).into_iter().map(|view| (view.question, view.overdue)).collect::<Vec<_>>();
    assert_eq!(questions(), [("soon", false), ("later", false), ("whenever", false)].map(|(asked, late)| (asked.to_owned(), late)));
    net.now.set(net.now.get() + 86_400_000_000);
    assert_eq!(questions()[0], ("soon".to_owned(), true));
}
