//! Documents that are read anew: what is kept of them is handed out, and what became of it taken back, each under the label that it has by now.

use std::collections::{BTreeMap, BTreeSet};

use relto_gate::{Arrival, LabelId};
use relto_model::ObjectId;
use relto_store::{RecordKind, Snapshot};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::inputs::{Audience, forget_unused, records};
use super::taking::{bundle, joined, last_own_row, load, put, row_of, rows_of, unchanged};
use super::{DocumentError, DocumentRecord, InputRecord, InputText, InputUse, documents, kept_key, key, raw_key};
use crate::addressees;
use crate::facts::Facts;
use crate::ingest::Labelling;
use crate::labels::shown;
use crate::load::{LoadError, LoadReport};
use crate::node::{Node, Writing};
use crate::records::CollectionRecord;

/// A document with what it was read with and what it is to be read with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptDocument {
    /// What it stands beside.
    pub place: u64,
    /// The id of its report.
    pub report: String,
    /// Its label now, in words.
    pub label: String,
    /// What was kept.
    pub kept: String,
    /// What it was read with.
    pub before: Vec<InputUse>,
    /// What everybody may see by now who may see it.
    pub now: Vec<InputUse>,
}

/// A document that was read anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reread {
    /// What it stands beside.
    pub place: u64,
    /// SHA-256 of what was kept of it when it was read, in hexadecimal.
    pub base: String,
    /// What is to be kept of it; `None` leaves what there is.
    pub kept: Option<String>,
    /// What it was read with.
    pub inputs: Vec<InputUse>,
    /// The bundle of what changed; `None` when nothing did.
    pub changes: Option<String>,
}

/// What became of documents that were read anew.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AgainReport {
    /// How many documents there are.
    pub documents: usize,
    /// How many of them a change touches.
    pub touched: usize,
    /// How many say something else now.
    pub changed: usize,
    /// How many objects are new.
    pub added: usize,
    /// How many have a later version.
    pub revised: usize,
    /// How many were revoked.
    pub revoked: usize,
    /// What the owner should know: how often.
    pub notes: BTreeMap<String, u64>,
}

impl Node {
    /// Hands every document to `each`, in the order in which they were taken in, and before that every input that one of them was or is to be
    /// read with to `input`.
    ///
    /// # Errors
    /// What `each` and `input` fail with, or [`DocumentError`].
    pub fn kept_documents<E: From<DocumentError>>(
        &self,
        input: &mut dyn FnMut(InputText) -> Result<(), E>,
        each: &mut dyn FnMut(KeptDocument) -> Result<(), E>,
    ) -> Result<(), E> {
        let (facts, snapshot) = self.settled().map_err(DocumentError::from)?;
        let inputs = records(&*snapshot).map_err(DocumentError::from)?;
        inputs.iter().try_for_each(|record| input(record.text()))?;
        for (arrival, record) in documents(&*snapshot).map_err(DocumentError::from)? {
            if record.superseded {
                continue;
            }
            if let Some(kept) = kept(&facts, &*snapshot, arrival, record, &inputs)? {
                each(kept)?;
            }
        }
        Ok(())
    }

    /// The bytes from which the document at `place` is read.
    ///
    /// # Errors
    /// [`DocumentError`] when there are none.
    pub fn document_content(&self, place: u64) -> Result<Vec<u8>, DocumentError> {
        let (_, snapshot) = self.settled()?;
        let record = live_document(&*snapshot, Arrival(place))?;
        let content = snapshot.record(RecordKind::Content, &raw_key(&record.raw))?;
        content.ok_or(DocumentError::NoContent(record.report))
    }

    /// Takes in what `reread` documents say now. Each keeps the label that it has by now, joined with those of its objects that change.
    ///
    /// # Errors
    /// [`DocumentError`]; then nothing has changed.
    pub fn take_reread(&self, reread: &[Reread], progress: &dyn Fn(u64, u64)) -> Result<LoadReport, DocumentError> {
        self.write(|writing| {
            let mut whole = LoadReport::default();
            for (number, document) in reread.iter().enumerate() {
                let report = one_again(writing, document)?;
                whole.added += report.added;
                report.notes.into_iter().for_each(|(note, count)| *whole.notes.entry(note).or_default() += count);
                progress(number as u64 + 1, reread.len() as u64);
            }
            forget_unused(writing)?;
            let act = serde_json::json!({"act": "intake again", "documents": reread.len(), "added": whole.added});
            writing.journal(&act)?;
            Ok(whole)
        })
    }
}

fn kept(
    facts: &Facts,
    snapshot: &dyn Snapshot,
    arrival: Arrival,
    record: DocumentRecord,
    inputs: &[InputRecord],
) -> Result<Option<KeptDocument>, DocumentError> {
    let Ok(id) = ObjectId::parse(&record.report) else { return Ok(None) };
    let (Some(row), Some(kept)) = (row_of(snapshot, &id, arrival)?, snapshot.record(RecordKind::Content, &kept_key(arrival))?) else {
        return Ok(None);
    };
    let Some(label) = facts.gate.labels().get(row.label) else { return Ok(None) };
    let audience = Audience { label, report: Some(&record.report) };
    let policies = &facts.gate.rules().policies;
    let live = inputs.iter().filter(|input| input.retired.is_none());
    let now = live.filter(|input| audience.may_all_see(input, facts.gate.labels(), policies)).map(InputRecord::use_of).collect();
    let kept = String::from_utf8_lossy(&kept).into_owned();
    Ok(Some(KeptDocument {
        place: arrival.0,
        label: shown(&facts.gate, row.label),
        kept,
        before: record.inputs,
        now,
        report: record.report,
    }))
}

fn live_document(snapshot: &dyn Snapshot, arrival: Arrival) -> Result<DocumentRecord, DocumentError> {
    let none = || DocumentError::NoDocument(arrival.0.to_string());
    let stored = snapshot.record(RecordKind::Document, &key(arrival))?.ok_or_else(none)?;
    let record: DocumentRecord = crate::facts::decode("document", &key(arrival), &stored)?;
    if record.superseded { Err(DocumentError::DocumentChanged(record.report)) } else { Ok(record) }
}

fn one_again(writing: &mut Writing<'_>, reread: &Reread) -> Result<LoadReport, DocumentError> {
    let arrival = Arrival(reread.place);
    let record = live_document(&*writing.transaction, arrival)?;
    let changed = || DocumentError::DocumentChanged(record.report.clone());
    let before = writing.transaction.record(RecordKind::Content, &kept_key(arrival))?.ok_or_else(changed)?;
    let id = ObjectId::parse(&record.report).map_err(|_| changed())?;
    let row = row_of(&*writing.transaction, &id, arrival)?.ok_or_else(changed)?;
    if hex::encode(Sha256::digest(&before)) != reread.base {
        return Err(changed());
    }
    check_inputs(writing, row.label, &record.report, &reread.inputs)?;
    let next = DocumentRecord { inputs: reread.inputs.clone(), ..record.clone() };
    let kept = reread.kept.clone().unwrap_or_else(|| String::from_utf8_lossy(&before).into_owned());
    let Some(changes) = &reread.changes else {
        put(writing, arrival, &next, &kept)?;
        return Ok(LoadReport::default());
    };
    let collection = writing.before.directory.collection_of(row.collection).map(|found| found.as_ref().clone()).ok_or_else(changed)?;
    let labelling = labelling_of(writing, row.label, changes, &collection)?;
    let report = load(writing, &collection, &labelling, &[bundle(&record.report, changes)], &|_, _| {})?;
    if report.refused > 0 {
        return Err(LoadError::Refused { refused: report.refused, named: report.refusals }.into());
    }
    let last = last_own_row(writing, &id, &collection)?.ok_or_else(changed)?;
    if last.arrival != arrival {
        // Whoever may see the earlier row alone still has the document by it.
        writing.put(RecordKind::Document, &key(arrival), &DocumentRecord { superseded: true, inputs: Vec::new(), ..record })?;
        writing.transaction.forget(RecordKind::Content, &kept_key(arrival))?;
    }
    put(writing, last.arrival, &DocumentRecord { by_rules: String::new(), ..next }, &kept)?;
    Ok(report)
}

/// Checks that everybody may see all of `inputs` who may see the document.
fn check_inputs(writing: &Writing<'_>, label: LabelId, report: &str, inputs: &[InputUse]) -> Result<(), DocumentError> {
    let label = writing.label(label)?;
    let audience = Audience { label: &label, report: Some(report) };
    for used in inputs {
        let record = unchanged(&*writing.transaction, used)?;
        if !audience.may_all_see(&record, writing.labels(), &writing.before.gate.rules().policies) {
            return Err(DocumentError::Narrower(used.name.clone()));
        }
    }
    Ok(())
}

/// The label of what changed: that of the document, and those which the earlier versions have by now, since one may have been narrowed by itself.
fn labelling_of(
    writing: &Writing<'_>,
    document: LabelId,
    changes: &str,
    collection: &CollectionRecord,
) -> Result<Labelling, DocumentError> {
    let bundle: serde_json::Value = serde_json::from_str(changes).unwrap_or_default();
    let objects = bundle.get("objects").and_then(serde_json::Value::as_array).into_iter().flatten();
    let ids = objects.filter_map(|object| ObjectId::parse(object.get("id")?.as_str()?).ok());
    let mut labels: BTreeSet<LabelId> = BTreeSet::new();
    for id in ids {
        labels
            .extend(rows_of(&*writing.transaction, &id)?.into_iter().filter(|row| row.collection.0 == collection.key).map(|row| row.label));
    }
    let first = writing.label(document)?.as_ref().clone();
    let mut addressees = addressees::of_number(writing.labels(), document, writing.stamp);
    for label in &labels {
        addressees = addressees::in_common(&addressees, &addressees::of_number(writing.labels(), *label, writing.stamp));
    }
    let given = Some(joined(writing, &labels, first)?);
    Ok(Labelling { given, addressees: addressees.map(|all| all.to_vec()).unwrap_or_default(), ..Labelling::default() })
}
