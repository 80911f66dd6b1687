//! What an examination finds of consents: what opens nothing, what ends, and what opens more than what it refers to.

use relto_model::Stamp;
use relto_node::{ConsentExamination, ConsentOf, ConsentRecord, Examination};
use relto_policy::law::{ConsentedTo, Subject};
use relto_store::{Batch, RecordKind};
use serde_json::json;

use crate::addressees::{RED, id, naming, object, referring, scene};
use crate::time::Scene;

impl Scene {
    fn examined(&self, seconds: i64) -> Examination {
        self.turn(seconds).node.node.examine().unwrap()
    }

    fn consents(&self, seconds: i64) -> ConsentExamination {
        self.examined(seconds).consents
    }

    /// Changes the records of consents behind the node's back: key and content.
    fn damage(&self, seconds: i64, change: impl Fn(&str, Vec<u8>) -> Vec<u8>) {
        self.damage_of(RecordKind::Consent, seconds, change);
    }

    fn damage_of(&self, kind: RecordKind, seconds: i64, change: impl Fn(&str, Vec<u8>) -> Vec<u8>) {
        let mut transaction = self.node.backend.write().unwrap();
        let records = transaction.records(kind).unwrap();
        assert!(!records.is_empty());
        for (key, value) in records {
            let changed = change(&key, value);
            transaction.put(kind, &key, &changed).unwrap();
        }
        let last = relto_gate::Arrival(transaction.arrival().unwrap().0 + 1);
        transaction.commit(Batch { stamp: Stamp(self.begin.0 + seconds * 1_000_000), last }).unwrap();
    }
}

#[test]
fn consents_that_are_as_they_should_be() {
    let (scene, _) = scene();
    scene.load_for(10, RED, &["witness", "quinn"], &[object(1), object(2)]);
    assert_eq!(scene.consents(11), ConsentExamination { held: 4, ..ConsentExamination::default() });
}

#[test]
fn a_record_that_cannot_be_read_opens_nothing_and_is_named() {
    let (scene, _) = scene();
    scene.load_for(10, RED, &["witness"], &[object(1)]);
    scene.damage(11, |_, _| b"{".to_vec());
    assert!(scene.turn(12).readers(1).is_empty());
    assert_eq!(scene.consents(13).unreadable.named, [id(1).as_str()]);
    // Another label does without it.
    scene.turn(14).node.node.relabel(&id(1), RED, "test").unwrap();
    scene.name(15, 1, &naming("user:quinn", None)).unwrap();
    assert_eq!(scene.readers(1), ["quinn"]);
    assert_eq!(scene.consents(16), ConsentExamination { held: 1, ..ConsentExamination::default() });
}

#[test]
fn a_consent_for_what_is_gone() {
    let (scene, [quinn, _]) = scene();
    scene.load_for(10, RED, &["quinn"], &[object(1)]);
    let collection = "/taxii2/main/collections/intel/objects/";
    let posted = json!({"objects": [referring(2, 1)]}).to_string();
    assert_eq!(scene.turn(11).node.send("POST", collection, &quinn, Some(&posted)).status, 202);
    assert_eq!(scene.readers(2), ["quinn"]);
    assert_eq!(scene.turn(12).node.send("DELETE", &format!("{collection}{}/", id(2)), &quinn, None).status, 200);
    let found = scene.consents(13);
    assert_eq!((found.gone.named.as_slice(), found.held), ([id(2).to_string()].as_slice(), 1));
    let of = ConsentOf { subject: Subject::Addressees, to: "user:quinn".to_owned() };
    assert_eq!(scene.turn(14).node.node.remove_consent(&id(2), &of, "gone").unwrap().versions, 0);
    assert_eq!(scene.consents(15), ConsentExamination { held: 1, ..ConsentExamination::default() });
}

#[test]
fn a_consent_that_no_label_asks_for() {
    let (scene, _) = scene();
    scene.load_for(10, RED, &["witness"], &[object(1)]);
    scene.damage(11, |_, value| {
        let mut record: ConsentRecord = serde_json::from_slice(&value).unwrap();
        record.consents[0].subject = Subject::Originator("Org A".to_owned());
        serde_json::to_vec(&record).unwrap()
    });
    assert!(scene.turn(12).readers(1).is_empty());
    assert_eq!(scene.consents(13).unasked.named, [id(1).as_str()]);
}

#[test]
fn a_consent_that_has_ended_or_will_soon() {
    let (scene, _) = scene();
    for (name, until) in [("witness", "2026-08-29"), ("quinn", "2026-08-31"), ("rene", "2026-06-01T00:00:20Z")] {
        scene.name(10, 0, &naming(&format!("user:{name}"), Some(until))).unwrap();
    }
    let ending = scene.consents(25).ending;
    let shown: Vec<_> =
        ending.iter().map(|one| (one.object.clone(), one.recipient.clone(), one.until <= Stamp(scene.begin.0 + 25_000_000))).collect();
    let person = |name: &str| ConsentedTo::Person(name.to_owned());
    assert_eq!(shown, [(id(0), person("rene"), true), (id(0), person("witness"), false)]);
    assert!(ending.iter().all(|one| one.subject == Subject::Addressees));
}

#[test]
fn what_goes_to_more_than_what_it_refers_to() {
    let (scene, _) = scene();
    scene.load_for(10, RED, &["witness"], &[object(1), referring(2, 1)]);
    assert_eq!(scene.examined(11).references_above.count, 0);
    scene.name(12, 2, &naming("user:quinn", None)).unwrap();
    assert_eq!(scene.examined(13).references_above.named, [id(2).as_str()]);
    scene.name(14, 1, &naming("user:quinn", None)).unwrap();
    assert_eq!(scene.examined(15).references_above.count, 0);
}

/// What is recorded of parts opens something or nothing; damaged, it opens nothing and tells nobody that there is something.
#[test]
fn a_record_of_parts_that_cannot_be_read_shows_nothing_and_is_named() {
    let (scene, _) = scene();
    let mut marked = object(1);
    marked["description"] = json!("secret");
    marked["granular_markings"] =
        json!([{"marking_ref": "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1", "selectors": ["description"]}]);
    scene.load_for(10, "TLP:CLEAR", &[], &[marked]);
    let shown = |seconds: i64| {
        let node = &scene.turn(seconds).node.node;
        let shown = node.reading_as("witness").unwrap().show(node, &id(1));
        shown.map(|shown| shown.into_iter().map(|shown| shown.gaps).collect::<Vec<_>>()).map_err(|error| error.to_string())
    };
    assert_eq!(shown(11), Ok(vec![vec!["/description".to_owned()]]));
    assert_eq!(scene.examined(12).unreadable_parts.count, 0);
    scene.damage_of(RecordKind::Part, 13, |_, _| b"{".to_vec());
    assert_eq!(shown(14), Err(format!("there is no object `{}` for this user", id(1))));
    assert_eq!(scene.examined(15).unreadable_parts.named, [id(1).as_str()]);
}
