//! Loading files: bundles, envelopes, lists, single objects, JSON lines; STIX 2.0 is converted on the way.
//!
//! All of a load or nothing: a file with one bad object changes nothing, unless the custodian asked to keep going.

use std::borrow::Cow;
use std::collections::BTreeMap;

use bytes::Bytes;
use relto_gate::LabelId;
use relto_model::object::Object;
use relto_model::stix20::{self, Reading};
use relto_model::{ObjectId, Stamp};
use relto_policy::{LabelContext, LabelError};
use serde::{Deserialize, Serialize};

use crate::addressees::named;
use crate::error::StoreError;
use crate::ingest::{Author, Definitions, Eyes, Labelling, Outcome, Receipt, Told, take_in};
use crate::node::{Node, Writing};
use crate::pieces::{self, Piece, Read};
use crate::records::CollectionRecord;

/// How many refused objects are named one by one.
const REFUSALS_NAMED_MAX: usize = 20;

/// What to load, and how.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LoadRequest {
    /// Name or id of the collection.
    pub collection: String,
    /// Joined with each object's own markings.
    pub label: Option<String>,
    /// When the label was made.
    pub label_date: Option<String>,
    /// The accounts that TLP:RED goes to.
    pub addressees: Vec<String>,
    /// Whether to load the rest when some objects are refused.
    pub keep_going: bool,
}

/// What a load did.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LoadReport {
    /// Objects stored.
    pub added: u64,
    /// Objects that were there already, word for word.
    pub present: u64,
    /// Objects refused, counting those that are not named.
    pub refused: u64,
    /// The first refusals: where, and why.
    pub refusals: Vec<String>,
    /// Of documents, the markings in their texts that their label does not cover: where, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marked: Vec<String>,
    /// What was changed to make STIX 2.1 of STIX 2.0: how often, by rule.
    pub converted: BTreeMap<String, u64>,
    /// Departures from what the standard recommends: how often, by rule.
    pub warnings: BTreeMap<String, u64>,
    /// What the owner should know of the markings: how often.
    pub notes: BTreeMap<String, u64>,
}

/// Why a load changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// There is no such collection.
    #[error("there is no collection `{0}`: `relto collection list` shows all")]
    NoCollection(String),
    /// A file is not JSON of any form that is known.
    #[error("{place}: {message}")]
    Form {
        /// File, and line or JSON pointer.
        place: String,
        /// What is wrong.
        message: String,
    },
    /// Some objects were refused.
    #[error("nothing was loaded: {refused} object(s) refused\n{}", .named.join("\n"))]
    Refused {
        /// How many.
        refused: u64,
        /// The first of them.
        named: Vec<String>,
    },
    /// The label cannot be read.
    #[error(transparent)]
    Label(#[from] LabelError),
    /// The label's date is none, or lies ahead.
    #[error("`--label-date {0}` is not a date up to now")]
    Date(String),
    /// An addressee is no account.
    #[error("there is no user `{0}` to address: `relto user list` shows all")]
    Addressee(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A file to load.
#[derive(Debug, Clone)]
pub struct Source {
    /// How errors call it.
    pub name: String,
    /// Its content, decompressed.
    pub content: Bytes,
}

impl Node {
    /// Loads `sources` as one: all of it or, unless the request says otherwise, nothing. `progress` hears how many objects are done, of how many.
    ///
    /// # Errors
    /// [`LoadError`]; then nothing has changed.
    pub fn load(&self, request: &LoadRequest, sources: &[Source], progress: &dyn Fn(u64, u64)) -> Result<LoadReport, LoadError> {
        let pieces = pieces::split(sources)?;
        self.write(|writing| {
            let found = writing.before.directory.collection(&request.collection).cloned();
            let collection = found.ok_or_else(|| LoadError::NoCollection(request.collection.clone()))?;
            let labelling = labelling(writing, request, &collection)?;
            let mut load = Loading::new(self, progress, pieces.len() as u64);
            let mut labels: BTreeMap<LabelId, u64> = BTreeMap::new();
            load.run(writing, &collection, &labelling, &pieces, &mut |_, label| *labels.entry(label).or_default() += 1)?;
            let mut report = load.into_report();
            report.notes.extend(for_nobody(writing, &labels));
            if report.refused > 0 && !request.keep_going {
                return Err(LoadError::Refused { refused: report.refused, named: report.refusals });
            }
            let act = serde_json::json!({"act": "load", "collection": collection.name, "label": request.label,
                "addressees": request.addressees, "added": report.added,
                "sources": sources.iter().map(|source| &source.name).collect::<Vec<_>>()});
            writing.journal(&act)?;
            Ok(report)
        })
    }
}

/// Labels that no account meets, with how many objects have them: a slip of the pen withholds as well as a wish.
pub(crate) fn for_nobody(writing: &Writing<'_>, labels: &BTreeMap<LabelId, u64>) -> BTreeMap<String, u64> {
    let gate = writing.acting_gate();
    let accounts = writing.before.directory.accounts.iter();
    let sees: Vec<_> = accounts.map(|(name, account)| gate.release(name, &account.profile)).collect();
    let unseen = labels.iter().filter(|(label, _)| !sees.is_empty() && !sees.iter().any(|release| release.permits(**label)));
    let mut notes = BTreeMap::new();
    for (label, count) in unseen {
        *notes.entry(format!("no user may read what is labelled {}", crate::labels::shown(&gate, *label))).or_default() += count;
    }
    notes
}

pub(crate) fn labelling(writing: &mut Writing<'_>, request: &LoadRequest, collection: &CollectionRecord) -> Result<Labelling, LoadError> {
    let made = match &request.label_date {
        Some(text) => Some(Stamp::parse(text).ok().filter(|made| *made <= writing.stamp).ok_or_else(|| LoadError::Date(text.clone()))?),
        None => None,
    };
    if let Some(unknown) = request.addressees.iter().find(|name| !writing.before.directory.accounts.contains_key(*name)) {
        return Err(LoadError::Addressee(unknown.clone()));
    }
    let context = LabelContext {
        made: made.unwrap_or(writing.stamp),
        owner: writing.before.directory.node.organisation.clone(),
        collection: Some(collection.id.clone()),
    };
    let given = match request.label.as_deref() {
        Some(text) => Some(writing.read_label(text, &context)??),
        None => None,
    };
    let addressees = named(&request.addressees, &context.owner, "relto load", writing.before.directory.node.evaluated);
    Ok(Labelling { given, made, addressees, ..Labelling::default() })
}

/// A load under way.
pub(crate) struct Loading<'l> {
    node: &'l Node,
    report: LoadReport,
    progress: &'l dyn Fn(u64, u64),
    total: u64,
}

impl<'l> Loading<'l> {
    /// One of `total` objects on its way into `node`.
    pub(crate) fn new(node: &'l Node, progress: &'l dyn Fn(u64, u64), total: u64) -> Self {
        Self { node, report: LoadReport::default(), progress, total }
    }

    /// What came of it.
    pub(crate) fn into_report(self) -> LoadReport {
        self.report
    }

    /// Reads and stores everything, and tells the label of each object that is there then.
    pub(crate) fn run(
        &mut self,
        writing: &mut Writing<'_>,
        collection: &CollectionRecord,
        labelling: &Labelling,
        pieces: &[Piece<'_>],
        label: &mut dyn FnMut(&ObjectId, LabelId),
    ) -> Result<(), StoreError> {
        let definitions = self.definitions(pieces);
        let mut receipts: Vec<Receipt> = Vec::new();
        let mut eyes = Eyes::Custodian;
        let author = Author { organisation: writing.before.directory.node.organisation.clone(), eyes: &mut eyes };
        let (progress, total, mut done) = (self.progress, self.total, 0u64);
        // Which piece each object is of: some pieces hold none, some several.
        let mut origins: Vec<u32> = Vec::new();
        let kinds = self.node.kinds();
        pieces::in_order(pieces, kinds, |read| {
            let mut objects = read.flat_map(|(piece, read)| {
                done += 1;
                if done % 1_000 == 0 || done == total {
                    progress(done, total);
                }
                let objects = self.objects(piece, read);
                origins.extend(objects.iter().map(|_| u32::try_from(done - 1).unwrap_or(u32::MAX)));
                objects
            });
            let told = Told { receipt: &mut |receipt| receipts.push(receipt), label };
            take_in(writing, author, collection, labelling, &definitions, &mut objects, told)
        })?;
        for (receipt, origin) in receipts.into_iter().zip(origins) {
            self.count(receipt, pieces.get(origin as usize));
        }
        Ok(())
    }

    /// The objects of one piece; the report says how they were made, or why there are none.
    fn objects(&mut self, piece: &Piece<'_>, read: Read) -> Vec<Object> {
        match read {
            Ok(Reading { objects, changes }) => {
                changes.into_iter().for_each(|rule| count(&mut self.report.converted, rule));
                objects.iter().flat_map(Object::warnings).for_each(|rule| count(&mut self.report.warnings, rule));
                objects
            }
            Err(error) => {
                self.refuse(piece.fault(&error));
                Vec::new()
            }
        }
    }

    /// The marking-definitions of the load, wherever they stand in it. Nearly every object names some, so that only those which are some
    /// are read here.
    fn definitions(&self, pieces: &[Piece<'_>]) -> Definitions {
        let candidates = pieces.iter().filter(|piece| is_definition(&piece.bytes));
        let readings = candidates.filter_map(|piece| stix20::read(piece.bytes.clone(), self.node.kinds()).ok());
        let objects: Vec<Object> = readings.flat_map(|reading| reading.objects).collect();
        crate::ingest::definitions(objects.iter())
    }

    fn refuse(&mut self, why: String) {
        self.report.refused += 1;
        if self.report.refusals.len() < REFUSALS_NAMED_MAX {
            self.report.refusals.push(why);
        }
    }

    fn count(&mut self, receipt: Receipt, piece: Option<&Piece<'_>>) {
        match receipt.outcome {
            Outcome::Added => self.report.added += 1,
            Outcome::Present => self.report.present += 1,
            Outcome::Refused(why) | Outcome::NotAgreed(why) => {
                let place = piece.map_or_else(String::new, |piece| format!("{}: {}: ", piece.source, piece.place_of("")));
                self.refuse(format!("{place}{}: {why}", receipt.id));
            }
        }
        for note in receipt.notes {
            *self.report.notes.entry(note).or_default() += 1;
        }
    }
}

fn count(counts: &mut BTreeMap<String, u64>, rule: &str) {
    match counts.get_mut(rule) {
        Some(count) => *count += 1,
        None => drop(counts.insert(rule.to_owned(), 1)),
    }
}

/// Whether the object says that it is a marking-definition. What says so twice, or badly, is refused later anyway.
fn is_definition(bytes: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Kind<'k> {
        #[serde(borrow, rename = "type")]
        kind: Cow<'k, str>,
    }
    serde_json::from_slice::<Kind<'_>>(bytes).is_ok_and(|object| object.kind == "marking-definition")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definition_is_told_by_its_type_alone() {
        let is = |text: &str| is_definition(text.as_bytes());
        assert!(is(r#"{"id":"x","type":"marking-definition"}"#));
        assert!(is(r#"{"type":"marking\u002ddefinition"}"#));
        assert!(!is(r#"{"type":"indicator","object_marking_refs":["marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9"]}"#));
        assert!(!is(r#"{"type":"indicator","name":"marking-definition"}"#));
        assert!(!is(r#"{"type":"marking-definition","type":"marking-definition"}"#));
        assert!(!is(r#"{"type":7}"#) && !is("[]") && !is(""));
    }
}
