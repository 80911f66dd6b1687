//! Taking documents in: their objects as any load, and beside them their bytes and what is kept of them, in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use relto_gate::{Arrival, LabelId};
use relto_model::{Label, ObjectId};
use relto_store::{Bodies, Held, RecordKind, Snapshot, held};
use sha2::{Digest as _, Sha256};

use super::inputs::{Audience, live, unmarked};
use super::marked;
use super::{DocumentError, DocumentRecord, DocumentsRequest, InputUse, NewDocument, ReadDocument, documents, kept_key, key, raw_key};
use crate::error::StoreError;
use crate::ingest::{Eyes, Labelling};
use crate::load::{LoadError, LoadReport, Loading, Source, for_nobody, labelling};
use crate::node::{Node, Writing};
use crate::pieces;
use crate::records::CollectionRecord;

/// What the report says of documents that are here already and would be read otherwise now.
const STAYS: &str = "documents are here already and stay as they are: `relto intake again` reads them anew";

impl Node {
    /// Takes in `documents`, which were read with `inputs`, with their bytes `contents`. `progress` hears how many objects are done, of how many.
    ///
    /// # Errors
    /// [`DocumentError`]; then nothing has changed.
    pub fn take_documents(
        &self,
        request: &DocumentsRequest,
        inputs: &[InputUse],
        documents: &[NewDocument],
        contents: &[Bytes],
        progress: &dyn Fn(u64, u64),
    ) -> Result<LoadReport, DocumentError> {
        self.write(|writing| {
            let found = writing.before.directory.collection(&request.load.collection).cloned();
            let collection = found.ok_or_else(|| LoadError::NoCollection(request.load.collection.clone()))?;
            let mut labelling = labelling(writing, &request.load, &collection)?;
            narrow(writing, request, inputs, &collection, &mut labelling)?;
            let (new, stay) = new_ones(writing, documents, &collection)?;
            let (new, checked) = marked::covered(writing, request, &collection, &labelling, new)?;
            let bundles: Vec<Source> = new.iter().map(|document| bundle(&document.name, &document.bundle)).collect();
            let mut report = load(writing, &collection, &labelling, &bundles, progress)?;
            if report.refused > 0 && !request.load.keep_going {
                return Err(LoadError::Refused { refused: report.refused, named: report.refusals }.into());
            }
            report.refused += checked.refused;
            report.refusals.extend(checked.refusals);
            report.marked = checked.marked;
            keep_contents(writing, contents, &new)?;
            for (name, read) in new.iter().filter_map(|document| Some((document.name.as_str(), document.read.as_ref()?))) {
                keep(writing, name, read, &collection, inputs)?;
            }
            if stay > 0 {
                *report.notes.entry(STAYS.to_owned()).or_default() += stay;
            }
            let act = serde_json::json!({"act": "intake", "collection": collection.name, "label": request.load.label,
                "addressees": request.load.addressees, "added": report.added, "inputs": inputs, "marked": report.marked.len(),
                "sources": documents.iter().map(|document| &document.name).collect::<Vec<_>>()});
            writing.journal(&act)?;
            Ok(report)
        })
    }
}

/// Adds the labels of inputs that are for fewer than the documents, if they may be used.
fn narrow(
    writing: &mut Writing<'_>,
    request: &DocumentsRequest,
    inputs: &[InputUse],
    collection: &CollectionRecord,
    labelling: &mut Labelling,
) -> Result<(), DocumentError> {
    let made = labelling.made.unwrap_or(writing.stamp);
    let text = request.load.label.as_deref();
    let label = unmarked(&writing.before, &*writing.transaction, text, made, Some(collection.id.clone()))?.since(writing.stamp);
    for used in inputs {
        let record = unchanged(&*writing.transaction, used)?;
        let audience = Audience { label: &label, report: None };
        if audience.may_all_see(&record, writing.labels(), &writing.before.gate.rules().policies) {
            continue;
        }
        if !request.with.contains(&used.name) {
            return Err(DocumentError::Narrower(used.name.clone()));
        }
        let joined = labelling.given.take().unwrap_or_else(|| label.clone());
        labelling.given = Some(joined.join(writing.label(record.label)?.as_ref()));
    }
    Ok(())
}

/// The record of what documents were read with, if it is as it was then.
pub(super) fn unchanged(snapshot: &dyn Snapshot, used: &InputUse) -> Result<super::InputRecord, DocumentError> {
    let record = live(snapshot, &used.name)?.filter(|record| record.sha256 == used.sha256);
    record.ok_or_else(|| DocumentError::InputChanged(used.name.clone()))
}

/// Those of `all` that are not in `collection` yet, or in which the rules read the same; and how many are there otherwise.
fn new_ones<'d>(
    writing: &Writing<'_>,
    all: &'d [NewDocument],
    collection: &CollectionRecord,
) -> Result<(Vec<&'d NewDocument>, u64), DocumentError> {
    let known = documents(&*writing.transaction)?;
    let live = known.iter().filter(|(_, record)| !record.superseded && record.collection == collection.key);
    let known: BTreeMap<&str, &str> = live.map(|(_, record)| (record.report.as_str(), record.by_rules.as_str())).collect();
    let (mut new, mut stay) = (Vec::new(), 0);
    for document in all {
        let here = document.read.as_ref().and_then(|read| Some((read, *known.get(read.report.as_str())?)));
        if here.is_none_or(|(read, by_rules)| read.by_rules == by_rules) {
            new.push(document);
        } else {
            stay += 1;
        }
    }
    Ok((new, stay))
}

pub(super) fn bundle(name: &str, text: &str) -> Source {
    Source { name: name.to_owned(), content: Bytes::from(text.to_owned()) }
}

/// Loads `bundles` as one.
pub(super) fn load(
    writing: &mut Writing<'_>,
    collection: &CollectionRecord,
    labelling: &Labelling,
    bundles: &[Source],
    progress: &dyn Fn(u64, u64),
) -> Result<LoadReport, DocumentError> {
    let pieces = pieces::split(bundles)?;
    let node = writing.node;
    let mut load = Loading::new(node, progress, pieces.len() as u64);
    let mut labels: BTreeMap<LabelId, u64> = BTreeMap::new();
    load.run(writing, collection, labelling, &pieces, &mut |_, label| *labels.entry(label).or_default() += 1)?;
    let mut report = load.into_report();
    report.notes.extend(for_nobody(writing, &labels));
    Ok(report)
}

/// Keeps the bytes of `new` documents, each once.
fn keep_contents(writing: &mut Writing<'_>, contents: &[Bytes], new: &[&NewDocument]) -> Result<(), DocumentError> {
    let read = new.iter().filter_map(|document| document.read.as_ref());
    let wanted: BTreeSet<&str> = read.flat_map(|read| std::iter::once(&read.raw).chain(&read.original)).map(String::as_str).collect();
    for content in contents {
        let sha256 = hex::encode(Sha256::digest(content));
        let key = raw_key(&sha256);
        if wanted.contains(sha256.as_str()) && writing.transaction.record(RecordKind::Content, &key)?.is_none() {
            writing.transaction.put(RecordKind::Content, &key, content)?;
        }
    }
    Ok(())
}

/// Records what was `read` from the document `name` beside the last row of its report.
fn keep(
    writing: &mut Writing<'_>,
    name: &str,
    read: &ReadDocument,
    collection: &CollectionRecord,
    inputs: &[InputUse],
) -> Result<(), DocumentError> {
    for sha256 in std::iter::once(&read.raw).chain(&read.original) {
        if writing.transaction.record(RecordKind::Content, &raw_key(sha256))?.is_none() {
            return Err(DocumentError::NoContent(name.to_owned()));
        }
    }
    let id = ObjectId::parse(&read.report).map_err(|_| DocumentError::NoDocument(read.report.clone()))?;
    // Some were refused, where the rest is loaded all the same.
    let Some(row) = last_own_row(writing, &id, collection)? else { return Ok(()) };
    // What was proposed once stays when it is taken in again without that.
    if !read.has_proposals && writing.transaction.record(RecordKind::Document, &key(row.arrival))?.is_some() {
        return Ok(());
    }
    let record = DocumentRecord {
        report: read.report.clone(),
        collection: collection.key,
        raw: read.raw.clone(),
        original: read.original.clone(),
        source: read.source.clone(),
        by_rules: read.by_rules.clone(),
        inputs: inputs.to_vec(),
        superseded: false,
    };
    put(writing, row.arrival, &record, &read.kept)
}

/// Writes `record` down beside the row at `arrival`, and what is kept.
pub(super) fn put(writing: &mut Writing<'_>, arrival: Arrival, record: &DocumentRecord, kept: &str) -> Result<(), DocumentError> {
    writing.put(RecordKind::Document, &key(arrival), record)?;
    Ok(writing.transaction.put(RecordKind::Content, &kept_key(arrival), kept.as_bytes())?)
}

/// The last row of `id` in `collection` that this node's organisation wrote.
pub(super) fn last_own_row(writing: &Writing<'_>, id: &ObjectId, collection: &CollectionRecord) -> Result<Option<Held>, StoreError> {
    let own = &writing.before.directory.node.organisation;
    let rows = rows_of(&*writing.transaction, id)?.into_iter();
    Ok(rows.filter(|row| row.owner == *own && row.collection.0 == collection.key).max_by_key(|row| row.arrival))
}

/// The row of `id` at `arrival`, for its custodian.
pub(super) fn row_of(snapshot: &dyn Snapshot, id: &ObjectId, arrival: Arrival) -> Result<Option<Held>, StoreError> {
    Ok(rows_of(snapshot, id)?.into_iter().find(|row| row.arrival == arrival))
}

pub(super) fn rows_of(snapshot: &dyn Snapshot, id: &ObjectId) -> Result<Vec<Held>, StoreError> {
    Ok(Eyes::open_as_custodian(held(snapshot, id, None, Bodies::Without)?))
}

/// The join of the labels of all that `rows` are.
pub(super) fn joined(writing: &Writing<'_>, labels: &BTreeSet<LabelId>, first: Label) -> Result<Label, StoreError> {
    labels.iter().try_fold(first, |joined, label| Ok(joined.join(writing.label(*label)?.as_ref())))
}
