//! Documents and what they are read with: every load of the world brings one, beside the first of its objects. The twin is given those of the rows that
//! it has, and the lists whose label lets the witness in.

use bytes::Bytes;
use relto_gate::LabelId;
use relto_model::{Label, ObjectId};
use relto_node::{DocumentsRequest, LoadRequest, NewDocument, NewInput, ReadDocument};
use relto_store::{RecordKind, part_key};
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use super::censor::Judge;
use super::change::{Change, labels, rows};
use super::{Pair, WITNESS};
use crate::node::WorldNode;

/// The kind of lists that stories are found with.
const KIND: &str = "words";

impl Pair {
    /// The custodian takes a document in; only the full node is asked.
    pub(super) fn take_document(&self, request: LoadRequest, objects: &[Json]) {
        if let Some(label) = &request.label {
            let new = NewInput {
                name: request.collection.clone(),
                kind: KIND.to_owned(),
                text: format!("words for {label}"),
                label: Some(label.clone()),
                report: None,
            };
            // Some labels ask for consents, which no list has.
            let _ = self.full.node.add_input(&new);
        }
        let report = objects.first().and_then(|object| object["id"].as_str()).unwrap_or_default().to_owned();
        let content = Bytes::from(format!("what {report} was read from under {:?}", request.label));
        let source = format!("{:?}", request.label);
        let read = ReadDocument {
            report,
            raw: hex(&content),
            original: None,
            source,
            kept: "kept".to_owned(),
            by_rules: String::new(),
            has_proposals: false,
        };
        let document =
            NewDocument { name: "world".to_owned(), bundle: json!({ "objects": objects }).to_string(), text: None, read: Some(read) };
        let request = DocumentsRequest { load: request, ..DocumentsRequest::default() };
        // Some loads are refused whole (no such collection, no such group); that is the custodian's to read.
        let _ = self.full.node.take_documents(&request, &[], &[document], &[content], &|_, _| {});
    }

    /// Gives the twin the documents of its rows, and the lists that the witness may see.
    pub(super) fn sync_documents(&self, judge: &Judge) {
        let full = self.full.backend.read().expect("a snapshot");
        let (full_labels, twin_labels) = (labels(&self.full), labels(&self.twin));
        let stamp = full.last_stamp().expect("a stamp").map_or(judge.now, |last| last.max(judge.now));
        let mut wanted: Vec<(RecordKind, String, Vec<u8>)> = Vec::new();
        for (key, value) in full.records(RecordKind::Document).expect("records") {
            let record: Json = serde_json::from_slice(&value).expect("a record");
            let Ok(id) = ObjectId::parse(record["report"].as_str().expect("an id")) else { continue };
            let Some(row) = rows(&self.full, &id).into_iter().find(|row| part_key(row.arrival) == key) else { continue };
            let raw = format!("raw {}", record["raw"].as_str().expect("a digest"));
            let content = full.record(RecordKind::Content, &raw).expect("a record").expect("the bytes");
            let same = |other: &relto_store::Held| {
                let label = twin_labels.get(&other.label) == full_labels.get(&row.label);
                label && other.version == row.version && other.owner == row.owner && other.body == row.body
            };
            for twin in rows(&self.twin, &id).into_iter().filter(same) {
                let mut record = record.clone();
                record["collection"] = json!(twin.collection.0);
                wanted.push((RecordKind::Document, part_key(twin.arrival), serde_json::to_vec(&record).expect("JSON")));
                wanted.push((RecordKind::Content, raw.clone(), content.clone()));
            }
        }
        let twin = self.twin.backend.read().expect("a snapshot");
        wanted.retain(|(kind, key, value)| twin.record(*kind, key).expect("a record").as_ref() != Some(value));
        let (lists, has) = (lists(&self.full, &|label| judge.admits(label)), lists(&self.twin, &|_| true));
        let said =
            |all: &[List]| all.iter().map(|(key, record, label)| (key.clone(), record["text"].clone(), label.clone())).collect::<Vec<_>>();
        let are_lists_as_wanted = said(&lists) == said(&has);
        drop((full, twin));
        if wanted.is_empty() && are_lists_as_wanted {
            return;
        }
        let mut change = Change::begin(&self.twin, stamp);
        has.iter().for_each(|(key, ..)| change.forget(RecordKind::Input, key));
        for (key, mut record, label) in lists {
            let label = change.label(&label);
            record["label"] = json!(label.0);
            change.put(RecordKind::Input, &key, &serde_json::to_vec(&record).expect("JSON"));
        }
        wanted.iter().for_each(|(kind, key, value)| change.put(*kind, key, value));
        change.commit();
    }

    /// What the witness sees of documents, from which alone its stories follow.
    pub(super) fn see_documents(&mut self) {
        let run = |node: &WorldNode| match node.node.reading_as(WITNESS) {
            Ok(reading) => reading.documents(KIND).map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        let (full, twin) = (run(&self.full), run(&self.twin));
        self.compared += 1;
        if let Ok(seen) = full.as_ref().map(|seen| seen.documents.len()) {
            self.driven.insert(("cli", "intake-stories"));
            self.documents += seen;
        }
        assert!(
            full == twin,
            "the twin sees other documents\n{}\n--- full\n{full:#?}\n--- twin\n{twin:#?}\n{}",
            self.said,
            self.rows_of_both()
        );
    }
}

/// A list by its key, with its label.
type List = (String, Json, Label);

/// The lists of `node` whose label is admitted.
fn lists(node: &WorldNode, admits: &dyn Fn(&Label) -> bool) -> Vec<List> {
    let (snapshot, labels) = (node.backend.read().expect("a snapshot"), labels(node));
    let read = |(key, value): (String, Vec<u8>)| {
        let record: Json = serde_json::from_slice(&value).expect("a record");
        let label = labels[&LabelId(u32::try_from(record["label"].as_u64().expect("a number")).expect("a number"))].clone();
        admits(&label).then_some((key, record, label))
    };
    snapshot.records(RecordKind::Input).expect("records").into_iter().filter_map(read).collect()
}

fn hex(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}
