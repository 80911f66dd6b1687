//! Documents beside the rows of their reports: whoever may see a row may see its document, and what goes takes its bytes along.

use std::sync::Arc;

use bytes::Bytes;
use relto_model::{ObjectId, Stamp};
use relto_node::{DocumentError, DocumentsRequest, LoadRequest, NewCollection, NewDocument, NewInput, ReadDocument, Reread, UserChange};
use relto_sim::node::WorldNode;
use relto_store::RecordKind;
use relto_store::memory::Memory;
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

const REPORTS: [&str; 2] = ["report--bbbbbbbb-0000-4000-8000-000000000001", "report--bbbbbbbb-0000-4000-8000-000000000002"];
const NOTE: &str = "note--bbbbbbbb-0000-4000-8000-000000000001";
const CONTENT: &[u8] = b"what was read";

/// A node with anna of its own organisation, who may remove what it wrote, and gita of another.
struct Scene {
    node: WorldNode,
    now: Stamp,
    collection: String,
    anna: String,
}

impl Scene {
    fn new() -> Self {
        let runtime = Arc::new(tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap());
        let now = Stamp::parse("2026-06-01").unwrap();
        let node = WorldNode::new(Arc::new(Memory::default()), "Node Org", now, runtime);
        let mut scene = Self { node, now, collection: String::new(), anna: String::new() };
        scene.turn();
        let collection =
            NewCollection { name: "intel".to_owned(), title: None, label: None, can_read: true, can_write: true, recipients: Vec::new() };
        scene.collection = scene.node.node.add_collection(&collection).unwrap();
        for (name, nation, organisation) in [("anna", "FRA", "Node Org"), ("gita", "DEU", "Org G")] {
            scene.turn();
            let change = UserChange {
                nations: Some(vec![nation.to_owned()]),
                organisation: Some(organisation.to_owned()),
                role: Some("release-officer".to_owned()),
                ..UserChange::default()
            };
            let token = scene.node.node.add_user(name, &change).unwrap();
            if name == "anna" {
                scene.anna = token;
            }
        }
        scene.turn();
        scene
    }

    /// A second passes.
    fn turn(&mut self) {
        self.now = Stamp(self.now.0 + 1_000_000);
        self.node.begin(self.now, self.now.0.unsigned_abs());
    }

    fn take(&mut self, report: &str) {
        self.turn();
        let load = LoadRequest { collection: "intel".to_owned(), label: Some("TLP:GREEN".to_owned()), ..LoadRequest::default() };
        let request = DocumentsRequest { load, ..DocumentsRequest::default() };
        self.node.node.take_documents(&request, &[], &[document(report)], &[Bytes::from_static(CONTENT)], &|_, _| {}).unwrap();
    }

    /// The reports of the documents that `user` may see.
    fn seen(&self, user: &str) -> Vec<String> {
        let seen = self.node.node.reading_as(user).unwrap().documents("words").unwrap();
        assert!(seen.documents.iter().all(|document| document.content == CONTENT));
        seen.documents.into_iter().map(|document| document.report).collect()
    }

    fn contents(&self) -> usize {
        let contents = self.node.backend.read().unwrap().records(RecordKind::Content).unwrap();
        contents.iter().filter(|(key, _)| key.starts_with("raw ")).count()
    }

    fn remove(&mut self, report: &str) {
        self.turn();
        let uri = format!("/taxii2/main/collections/{}/objects/{report}/?match[version]=all", self.collection);
        assert_eq!(self.node.send("DELETE", &uri, &self.anna, None).status.as_u16(), 200);
    }
}

fn digest(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn object(id: &str, modified: &str, own: &Json) -> Json {
    let mut object = json!({"id": id, "type": id.split("--").next(), "spec_version": "2.1", "created": "2026-01-01T00:00:00.000Z", "modified": modified});
    object.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
    object
}

fn bundle(report: &str, modified: &str, says: &str) -> String {
    let refs = json!({"name": "a report", "published": "2026-01-01T00:00:00.000Z", "object_refs": [NOTE]});
    let note = json!({"content": says, "object_refs": [report]});
    json!({"objects": [object(report, modified, &refs), object(NOTE, modified, &note)]}).to_string()
}

fn document(report: &str) -> NewDocument {
    let (report_id, source, kept) = (report.to_owned(), "a source".to_owned(), "kept".to_owned());
    let read = ReadDocument {
        report: report_id,
        raw: digest(CONTENT),
        original: None,
        source,
        kept,
        by_rules: "rules".to_owned(),
        has_proposals: false,
    };
    NewDocument { name: "a document".to_owned(), bundle: bundle(report, "2026-01-01T00:00:00.000Z", "this"), text: None, read: Some(read) }
}

#[test]
fn bytes_go_with_the_last_row_that_has_them() {
    let mut scene = Scene::new();
    scene.take(REPORTS[0]);
    let mut other = document(REPORTS[1]);
    other.bundle = other.bundle.replace(NOTE, &NOTE.replace("0001", "0002"));
    scene.turn();
    let load = LoadRequest { collection: "intel".to_owned(), label: Some("TLP:GREEN".to_owned()), ..LoadRequest::default() };
    let request = DocumentsRequest { load, ..DocumentsRequest::default() };
    scene.node.node.take_documents(&request, &[], &[other.clone()], &[], &|_, _| {}).unwrap();
    assert_eq!((scene.seen("gita"), scene.contents()), (REPORTS.map(str::to_owned).to_vec(), 1));
    scene.remove(REPORTS[0]);
    assert_eq!((scene.seen("gita"), scene.contents()), (vec![REPORTS[1].to_owned()], 1));
    scene.remove(REPORTS[1]);
    assert_eq!((scene.seen("gita"), scene.contents()), (Vec::new(), 0));
    // Without its bytes, no document is taken in.
    scene.turn();
    let refused = scene.node.node.take_documents(&request, &[], &[other], &[], &|_, _| {});
    assert!(matches!(refused, Err(DocumentError::NoContent(_))), "{refused:?}");
}

#[test]
fn an_earlier_row_keeps_the_document_for_whoever_sees_that_alone() {
    let mut scene = Scene::new();
    scene.take(REPORTS[0]);
    scene.turn();
    // The note is narrowed by itself. What is read again of it is for no more, and so is the report that has it.
    scene.node.node.relabel_for(&ObjectId::parse(NOTE).unwrap(), "ORG:Node Org", "a reason", &[]).unwrap();
    scene.turn();
    let place = places(&scene)[0];
    let reread = Reread {
        place,
        base: digest(b"kept"),
        kept: Some("kept anew".to_owned()),
        inputs: Vec::new(),
        changes: Some(bundle(REPORTS[0], "2026-01-02T00:00:00.000Z", "that")),
    };
    assert_eq!(scene.node.node.take_reread(std::slice::from_ref(&reread), &|_, _| {}).unwrap().added, 2);
    assert_eq!((scene.seen("anna"), scene.seen("gita")), (vec![REPORTS[0].to_owned()], vec![REPORTS[0].to_owned()]));
    let uri = format!("/taxii2/main/collections/{}/objects/?match[version]=all", scene.collection);
    let seen: Json = serde_json::from_slice(&scene.node.send("GET", &uri, &scene.anna, None).body).unwrap();
    assert_eq!(seen["objects"].as_array().unwrap().len(), 4, "{seen}");
    // It is read again from where it stands now, once.
    scene.turn();
    let refused = scene.node.node.take_reread(&[reread], &|_, _| {});
    assert!(matches!(refused, Err(DocumentError::DocumentChanged(_))), "{refused:?}");
    assert_eq!(places(&scene).len(), 1);
    assert_ne!(places(&scene)[0], place);
}

fn places(scene: &Scene) -> Vec<u64> {
    let mut places = Vec::new();
    let kept = scene.node.node.kept_documents::<DocumentError>(&mut |_| Ok(()), &mut |kept| {
        places.push(kept.place);
        Ok(())
    });
    kept.unwrap();
    places
}

#[test]
fn a_document_is_read_again_with_what_its_readers_may_see_alone() {
    let mut scene = Scene::new();
    scene.take(REPORTS[0]);
    for (name, label) in [("open", "TLP:CLEAR"), ("same", "TLP:GREEN"), ("closed", "ORG:Node Org")] {
        scene.turn();
        let new = NewInput {
            name: name.to_owned(),
            kind: "names".to_owned(),
            text: name.to_owned(),
            label: Some(label.to_owned()),
            report: None,
        };
        scene.node.node.add_input(&new).unwrap();
    }
    let mut now = Vec::new();
    let kept = scene.node.node.kept_documents::<DocumentError>(&mut |_| Ok(()), &mut |kept| {
        now.extend(kept.now);
        Ok(())
    });
    kept.unwrap();
    assert_eq!(now.iter().map(|used| used.name.as_str()).collect::<Vec<_>>(), ["open", "same"]);
    // Whoever reads it says with what, and is not believed.
    let closed = relto_node::InputUse { name: "closed".to_owned(), sha256: digest(b"closed") };
    scene.turn();
    let place = places(&scene)[0];
    let reread = |used| Reread { place, base: digest(b"kept"), kept: None, inputs: vec![used], changes: None };
    let refused = scene.node.node.take_reread(&[reread(closed.clone())], &|_, _| {});
    assert!(matches!(refused, Err(DocumentError::Narrower(_))), "{refused:?}");
    let other = relto_node::InputUse { sha256: digest(b"other"), ..closed };
    let refused = scene.node.node.take_reread(&[reread(other)], &|_, _| {});
    assert!(matches!(refused, Err(DocumentError::InputChanged(_))), "{refused:?}");
    // A list is kept while a document is read with it.
    scene.node.node.take_reread(&[reread(now[0].clone())], &|_, _| {}).unwrap();
    scene.turn();
    scene.node.node.remove_input("open").unwrap();
    let inputs = |scene: &Scene| scene.node.backend.read().unwrap().records(RecordKind::Input).unwrap().len();
    assert_eq!(inputs(&scene), 3);
    scene.turn();
    scene.node.node.take_reread(&[reread(now[1].clone())], &|_, _| {}).unwrap();
    assert_eq!(inputs(&scene), 2);
}
