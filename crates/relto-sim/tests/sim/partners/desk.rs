//! The release desk: what a draft would come to, who decides on it, and how far it has come.

use std::collections::BTreeMap;

use relto_model::ObjectId;
use relto_node::{
    CollectionChange, Decision, DeskError, DeskMatrix, DeskStage, Draft, FetchState, LoadRequest, Session, Source, UserChange,
};
use serde_json::{Value as Json, json};

use super::{DEU, FRA, Net, OBJECT, USA, id, indicator};

/// An account at the French node, signed in.
fn account(net: &Net, name: &str, role: &str, clearances: &[&str]) -> Session {
    let change = UserChange {
        nations: Some(vec!["FRA".to_owned()]),
        organisation: Some(FRA.to_owned()),
        role: Some(role.to_owned()),
        clearances: Some(clearances.iter().map(|&clearance| clearance.to_owned()).collect()),
        ..UserChange::default()
    };
    let token = net.at(FRA).node.add_user(name, &change).unwrap();
    net.at(FRA).node.sign_in(None, &token).unwrap()
}

fn officer(net: &Net, name: &str) -> Session {
    account(net, name, "release-officer", &["NATO:SECRET"])
}

fn contributor(net: &Net, name: &str) -> Session {
    account(net, name, "contributor", &["NATO:SECRET"])
}

fn draft(label: &str, objects: &[Json]) -> Draft {
    Draft {
        name: "a file.json".to_owned(),
        content: json!(objects).to_string().into(),
        collection: "intel".to_owned(),
        label: Some(label.to_owned()).filter(|label| !label.is_empty()),
        labels: BTreeMap::new(),
    }
}

fn preview(net: &Net, session: &Session, draft: &Draft) -> DeskMatrix {
    net.at(FRA).node.desk_preview(session, draft).unwrap().0
}

/// What follows for `name` from the label of the first object, and the rules that say so.
fn cell(matrix: &DeskMatrix, name: &str) -> (Decision, String) {
    let at = matrix.recipients.iter().position(|recipient| recipient.name == name).unwrap_or_else(|| panic!("{name} has no column"));
    let cell = &matrix.labels[matrix.objects[0].label].cells[at];
    (cell.decision, cell.because.iter().map(|(rule, because)| format!("{rule}: {because}")).collect::<Vec<_>>().join("; "))
}

fn note(number: u32, about: &str) -> Json {
    json!({"type": "note", "spec_version": "2.1", "id": format!("note--bbbbbbbb-0000-4000-8000-{number:012}"),
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z", "content": "a note", "object_refs": [about]})
}

fn asks_for_second_person(net: &Net, second_person: bool) {
    let change = CollectionChange { second_person: Some(second_person), ..CollectionChange::default() };
    net.at(FRA).node.set_collection("intel", &change).unwrap();
}

/// How many objects stand in the store under these ids.
fn stored(net: &Net) -> usize {
    net.held(FRA, OBJECT).len()
}

#[test]
fn a_matrix_says_who_would_get_what_and_nothing_is_stored() {
    let net = Net::new();
    let olga = officer(&net, "olga");
    let matrix = preview(&net, &olga, &draft("NATO SECRET", &[indicator("2026-01-01")]));
    let columns: Vec<&str> = matrix.recipients.iter().map(|recipient| recipient.name.as_str()).collect();
    assert_eq!(columns, [DEU, USA, "olga"], "partners first");
    let (decision, because) = cell(&matrix, DEU);
    assert_eq!(decision, Decision::Withheld);
    assert!(because.contains("clearance for NATO SECRET") && because.contains("NATO:RESTRICTED"), "{because}");
    assert_eq!(cell(&matrix, "olga"), (Decision::Released, String::new()));
    assert_eq!(matrix.labels[0].words.as_deref(), Some("NATO SECRET"));
    assert!(matrix.may_publish && matrix.refused.is_empty());
    let open = preview(&net, &olga, &draft("NATO RESTRICTED", &[indicator("2026-01-01")]));
    assert_eq!((cell(&open, DEU).0, cell(&open, USA).0), (Decision::Released, Decision::Released));
    // What was agreed counts beside the label.
    let mut elsewhere = draft("NATO RESTRICTED", &[indicator("2026-01-01")]);
    elsewhere.collection = "other".to_owned();
    let elsewhere = preview(&net, &olga, &elsewhere);
    assert!(cell(&elsewhere, DEU).1.contains("it is not about this collection"));
    assert_eq!(stored(&net), 0);
    assert!(net.at(FRA).node.trace(&id()).unwrap().is_empty());
}

#[test]
fn who_else_would_get_it_is_told_to_release_officers_of_the_node_alone() {
    let net = Net::new();
    let nadia = contributor(&net, "nadia");
    let change = UserChange {
        nations: Some(vec!["DEU".to_owned()]),
        organisation: Some("Org B".to_owned()),
        role: Some("release-officer".to_owned()),
        ..UserChange::default()
    };
    let token = net.at(FRA).node.add_user("berta", &change).unwrap();
    let berta = net.at(FRA).node.sign_in(None, &token).unwrap();
    for (session, name) in [(&nadia, "nadia"), (&berta, "berta")] {
        let matrix = preview(&net, session, &draft("TLP:CLEAR", &[indicator("2026-01-01")]));
        let columns: Vec<&str> = matrix.recipients.iter().map(|recipient| recipient.name.as_str()).collect();
        assert_eq!((columns.as_slice(), matrix.further, matrix.labels[0].words.clone()), ([name].as_slice(), 0, None));
    }
}

#[test]
fn addressees_of_others_are_not_in_a_matrix() {
    let net = Net::new();
    let olga = officer(&net, "olga");
    contributor(&net, "nadia");
    let request = LoadRequest {
        collection: "intel".to_owned(),
        label: Some("TLP:RED".to_owned()),
        addressees: vec!["olga".to_owned(), "nadia".to_owned()],
        ..LoadRequest::default()
    };
    let source = Source { name: "red".to_owned(), content: indicator("2026-01-01").to_string().into() };
    net.at(FRA).node.load(&request, &[source], &|_, _| {}).unwrap();
    // Olga sees the object and may write about it; who else is an addressee she is not told.
    let matrix = preview(&net, &olga, &draft("TLP:CLEAR", &[note(1, OBJECT)]));
    assert_eq!((cell(&matrix, "nadia").0, cell(&matrix, "olga").0), (Decision::Pending, Decision::Pending));
}

#[test]
fn what_is_published_is_what_was_looked_at() {
    let net = Net::new();
    let olga = officer(&net, "olga");
    let draft = draft("NATO RESTRICTED", &[indicator("2026-01-01")]);
    let looked = preview(&net, &olga, &draft);
    // Somebody who would get it has come since.
    account(&net, "late", "reader", &["NATO:RESTRICTED"]);
    let publish = |digest: &str| net.at(FRA).node.desk_publish(&olga, &draft, digest);
    assert!(matches!(publish(&looked.digest), Err(DeskError::Changed)));
    assert!(matches!(publish(""), Err(DeskError::Changed)));
    assert_eq!(stored(&net), 0);
    let looked = preview(&net, &olga, &draft);
    publish(&looked.digest).unwrap();
    assert_eq!(net.held(FRA, OBJECT), [(FRA.to_owned(), looked.labels[0].words.clone().unwrap())]);
}

#[test]
fn nothing_is_published_as_long_as_something_would_be_refused() {
    let net = Net::new();
    let olga = officer(&net, "olga");
    let mut broken = indicator("2026-01-01");
    broken["id"] = json!("indicator--bbbbbbbb-0000-4000-8000-000000000009");
    broken["pattern"] = json!("[not a pattern");
    let draft = draft("TLP:CLEAR", &[indicator("2026-01-01"), broken]);
    let matrix = preview(&net, &olga, &draft);
    assert_eq!((matrix.objects.len(), matrix.refused.len()), (1, 1));
    assert_eq!(matrix.refused[0].place, "/1/pattern");
    assert!(matches!(net.at(FRA).node.desk_publish(&olga, &draft, &matrix.digest), Err(DeskError::Refused)));
    assert_eq!(stored(&net), 0);
}

#[test]
fn one_object_can_have_a_label_of_its_own() {
    let net = Net::new();
    let olga = officer(&net, "olga");
    let mut draft =
        draft("TLP:CLEAR", &[indicator("2026-01-01"), note(1, OBJECT), note(2, "identity--bbbbbbbb-0000-4000-8000-000000000001")]);
    draft.labels.insert(id(), "NATO SECRET".to_owned());
    let matrix = preview(&net, &olga, &draft);
    let words = |id: &str| {
        let object = matrix.objects.iter().find(|object| object.id.as_str() == id).unwrap();
        matrix.labels[object.label].words.clone().unwrap()
    };
    assert_eq!(words(OBJECT), "NATO SECRET");
    // What refers to it is for nobody for whom it is not.
    assert_eq!(words("note--bbbbbbbb-0000-4000-8000-000000000001"), "NATO SECRET AND TLP:CLEAR");
    assert_eq!(words("note--bbbbbbbb-0000-4000-8000-000000000002"), "TLP:CLEAR");
    assert!(matches!(
        net.at(FRA).node.desk_preview(&olga, &Draft { label: Some("NO SUCH".to_owned()), ..draft.clone() }),
        Err(DeskError::Label(_))
    ));
    net.at(FRA).node.desk_publish(&olga, &draft, &matrix.digest).unwrap();
    assert_eq!(net.held(FRA, OBJECT), [(FRA.to_owned(), "NATO SECRET".to_owned())]);
}

#[test]
fn a_second_person_decides_on_what_a_contributor_brings() {
    let net = Net::new();
    let (nadia, olga) = (contributor(&net, "nadia"), officer(&net, "olga"));
    let uncleared = account(&net, "otto", "release-officer", &[]);
    let mut draft = draft("NATO RESTRICTED", &[indicator("2026-01-01"), note(1, OBJECT)]);
    draft.labels.insert(id(), "NATO SECRET".to_owned());
    let node = || &net.at(FRA).node;
    let looked = preview(&net, &nadia, &draft);
    assert!(!looked.may_publish);
    assert!(matches!(node().desk_publish(&nadia, &draft, &looked.digest), Err(DeskError::SecondPerson)));
    let id = node().desk_propose(&nadia, &draft, &looked.digest).unwrap();
    assert_eq!(stored(&net), 0);
    // Whoever proposed it does not decide, and whoever may not see all of it has nothing to decide on.
    let own = node().desk_proposal(&nadia, &id).unwrap();
    assert!(own.0.is_own && !own.0.may_decide);
    assert!(matches!(node().desk_approve(&nadia, &id, &own.1.unwrap().digest), Err(DeskError::SecondPerson)));
    assert!(node().desk(&uncleared).unwrap().0.waiting.is_empty());
    assert!(matches!(node().desk_proposal(&uncleared, &id), Err(DeskError::Absent)));
    assert!(matches!(node().desk_approve(&uncleared, &id, ""), Err(DeskError::Absent)));
    assert!(matches!(node().desk_decline(&uncleared, &id, ""), Err(DeskError::Absent)));
    let waiting = node().desk(&olga).unwrap().0.waiting;
    assert!(waiting.len() == 1 && waiting[0].may_decide && waiting[0].by == "nadia");
    let (_, matrix, _) = node().desk_proposal(&olga, &id).unwrap();
    let matrix = matrix.unwrap();
    assert!(matches!(node().desk_approve(&olga, &id, "another"), Err(DeskError::Changed)));
    node().desk_approve(&olga, &id, &matrix.digest).unwrap();
    // Under the labels that were proposed and looked at, to the word.
    assert_eq!(net.held(FRA, OBJECT), [(FRA.to_owned(), "NATO SECRET".to_owned())]);
    assert_eq!(net.held(FRA, "note--bbbbbbbb-0000-4000-8000-000000000001"), [(FRA.to_owned(), "NATO SECRET".to_owned())]);
    let acts: Vec<String> = node().journal(2).unwrap().into_iter().map(|(_, act)| act).collect();
    assert!(acts[0].contains("\"propose release\"") && acts[1].contains("\"publish release\""), "{acts:?}");
    assert!(acts[1].contains("\"by\":\"olga\"") && acts[1].contains("\"proposed_by\":\"nadia\""), "{acts:?}");
    // Decided on once.
    assert!(matches!(node().desk_approve(&olga, &id, &matrix.digest), Err(DeskError::Absent)));
    let decided = node().desk(&nadia).unwrap().0.decided;
    assert!(matches!(&decided[0].stage, DeskStage::Published { by, .. } if by == "olga"));
}

#[test]
fn what_is_declined_or_taken_back_is_over() {
    let net = Net::new();
    let (nadia, olga, other) = (contributor(&net, "nadia"), officer(&net, "olga"), contributor(&net, "other"));
    let node = || &net.at(FRA).node;
    let draft = draft("TLP:CLEAR", &[indicator("2026-01-01")]);
    let propose = || {
        let looked = preview(&net, &nadia, &draft);
        node().desk_propose(&nadia, &draft, &looked.digest).unwrap()
    };
    let (first, second) = (propose(), propose());
    assert!(matches!(node().desk_decline(&other, &first, ""), Err(DeskError::SecondPerson)));
    node().desk_decline(&olga, &first, "not yet").unwrap();
    node().desk_decline(&nadia, &second, "").unwrap();
    let desk = node().desk(&nadia).unwrap().0;
    assert!(desk.waiting.is_empty() && desk.decided.len() == 2);
    assert!(
        desk.decided
            .iter()
            .any(|entry| matches!(&entry.stage, DeskStage::Declined { by, reason, .. } if by == "olga" && reason == "not yet"))
    );
    assert!(matches!(node().desk_approve(&olga, &first, ""), Err(DeskError::Absent)));
    assert_eq!(stored(&net), 0);
}

#[test]
fn what_nobody_could_decide_on_does_not_wait() {
    let net = Net::new();
    let nadia = contributor(&net, "nadia");
    account(&net, "otto", "release-officer", &[]);
    let propose = |label: &str| {
        let draft = draft(label, &[indicator("2026-01-01")]);
        let looked = preview(&net, &nadia, &draft);
        net.at(FRA).node.desk_propose(&nadia, &draft, &looked.digest)
    };
    assert!(matches!(propose("NATO SECRET"), Err(DeskError::NobodyDecides)));
    assert!(propose("TLP:CLEAR").is_ok());
    for _ in 1..relto_node::PROPOSALS_MAX {
        propose("TLP:CLEAR").unwrap();
    }
    assert!(matches!(propose("TLP:CLEAR"), Err(DeskError::Full)));
}

#[test]
fn where_a_second_person_is_asked_for_nobody_publishes_alone() {
    let net = Net::new();
    let (olga, oskar) = (officer(&net, "olga"), officer(&net, "oskar"));
    let node = || &net.at(FRA).node;
    asks_for_second_person(&net, true);
    let draft = draft("TLP:CLEAR", &[indicator("2026-01-01")]);
    let looked = preview(&net, &olga, &draft);
    assert!(!looked.may_publish);
    assert!(matches!(node().desk_publish(&olga, &draft, &looked.digest), Err(DeskError::SecondPerson)));
    let id = node().desk_propose(&olga, &draft, &looked.digest).unwrap();
    let digest = |session: &Session| net.at(FRA).node.desk_proposal(session, &id).unwrap().1.unwrap().digest;
    let (own, theirs) = (digest(&olga), digest(&oskar));
    assert!(matches!(node().desk_approve(&olga, &id, &own), Err(DeskError::SecondPerson)));
    // Nor over TAXII, while partners deliver what somebody released already.
    assert!(!node().reading(&olga).unwrap().collection("intel").unwrap().can_write);
    assert!(node().reading_as(DEU).unwrap().collection("intel").unwrap().can_write);
    node().desk_approve(&oskar, &id, &theirs).unwrap();
    assert_eq!(stored(&net), 1);
    asks_for_second_person(&net, false);
    assert!(node().reading(&olga).unwrap().collection("intel").unwrap().can_write);
}

#[test]
fn a_release_says_how_far_it_has_come() {
    let net = Net::new();
    let olga = officer(&net, "olga");
    let mut draft = draft("NATO RESTRICTED", &[indicator("2026-01-01")]);
    draft.labels.insert(ObjectId::parse(OBJECT).unwrap(), "NATO RESTRICTED".to_owned());
    let looked = preview(&net, &olga, &draft);
    let id = net.at(FRA).node.desk_publish(&olga, &draft, &looked.digest).unwrap();
    let states = || {
        let (release, _) = net.at(FRA).node.desk_release(&olga, &id).unwrap();
        release.partners.into_iter().map(|partner| (partner.state, partner.fetched, partner.released)).collect::<Vec<_>>()
    };
    assert_eq!(states(), [(FetchState::Waiting, 0, 1), (FetchState::Waiting, 0, 1)]);
    net.send(FRA, DEU);
    assert_eq!(states(), [(FetchState::Fetched, 1, 1), (FetchState::Waiting, 0, 1)]);
    // Whoever does not look after the node's releases is shown what was published, and no partner.
    let nadia = contributor(&net, "nadia");
    let (release, _) = net.at(FRA).node.desk_release(&nadia, &id).unwrap();
    assert!(release.partners.is_empty() && release.objects.len() == 1);
    let uncleared = account(&net, "otto", "release-officer", &[]);
    assert!(matches!(net.at(FRA).node.desk_release(&uncleared, &id), Err(DeskError::Absent)));
}
