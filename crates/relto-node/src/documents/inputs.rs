//! Lists and decisions: adding, showing and removing them, and which of them a document is read with.

use relto_gate::LabelTable;
use relto_model::{Label, ObjectId, Stamp};
use relto_policy::legal::beside;
use relto_policy::pending::subjects;
use relto_policy::{LabelContext, Policies};
use relto_store::{RecordKind, Snapshot};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{DocumentError, DocumentsRequest, InputRecord, InputUse, documents, taking};
use crate::admin::{AdminError, LIST, check_name};
use crate::error::StoreError;
use crate::facts::{Facts, decode};
use crate::labels::{default_label, read_label, shown};
use crate::load::LoadError;
use crate::node::{Node, Writing};

/// A list or the decisions on a document, on its way in. Its text was checked by whoever hands it in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewInput {
    /// Its name, which one that it replaces has too.
    pub name: String,
    /// What it is, in a word.
    pub kind: String,
    /// Its text.
    pub text: String,
    /// Its label; without it, that of the list that it replaces, or of what comes with none, or, for decisions, that of the document.
    pub label: Option<String>,
    /// For decisions: the id of the report of the document that they are on.
    pub report: Option<String>,
}

/// A list in use, without its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputInForce {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: String,
    /// Its label, in words.
    pub label: String,
    /// Since when.
    #[serde(with = "relto_model::time::as_text")]
    pub since: Stamp,
    /// SHA-256 of its text, in hexadecimal.
    pub sha256: String,
    /// How many documents were read with it.
    pub documents: usize,
}

/// A list with its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputText {
    /// Its name and digest.
    #[serde(flatten)]
    pub name: InputUse,
    /// Its text.
    pub text: String,
}

/// What documents of one label are read with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct InputsFor {
    /// The lists that are used, by name.
    pub inputs: Vec<InputText>,
    /// The names of those that are not, since they are for fewer.
    pub narrower: Vec<String>,
}

impl InputRecord {
    pub(super) fn use_of(&self) -> InputUse {
        InputUse { name: self.name.clone(), sha256: self.sha256.clone() }
    }

    pub(super) fn text(&self) -> InputText {
        InputText { name: self.use_of(), text: self.text.clone() }
    }
}

impl Node {
    /// Adds what documents are read with, in the place of what has its name.
    ///
    /// # Errors
    /// [`DocumentError`]; then nothing has changed.
    pub fn add_input(&self, new: &NewInput) -> Result<InputInForce, DocumentError> {
        check_name(LIST, &new.name)?;
        // Decisions go by the report that they are on.
        if new.report.as_ref().is_none_or(|report| *report != new.name) && ObjectId::parse(&new.name).is_ok() {
            return Err(AdminError::Name { given: new.name.clone(), of: LIST }.into());
        }
        self.write(|writing| {
            let before = live(&*writing.transaction, &new.name)?;
            let label = match (&new.label, &new.report, &before) {
                (None, Some(report), _) => document_label(writing, report)?,
                (None, None, Some(before)) => writing.label(before.label)?.as_ref().clone(),
                (label, ..) => unmarked(&writing.before, &*writing.transaction, label.as_deref(), writing.stamp, None)?,
            };
            // Decisions on a document are used for that document alone where somebody must consent.
            if new.report.is_none() && subjects(&label).next().is_some() {
                return Err(DocumentError::Consents);
            }
            retire(writing, &new.name)?;
            let record = InputRecord {
                name: new.name.clone(),
                kind: new.kind.clone(),
                report: new.report.clone(),
                label: writing.intern(&label)?,
                since: writing.stamp,
                sha256: hex::encode(Sha256::digest(&new.text)),
                retired: None,
                text: new.text.clone(),
            };
            writing.put(RecordKind::Input, &record.name, &record)?;
            let shown = in_force(&record, &writing.acting_gate(), 0);
            let act = serde_json::json!({"act": "intake input", "name": shown.name, "kind": shown.kind, "label": shown.label, "sha256": shown.sha256});
            writing.journal(&act)?;
            Ok(shown)
        })
    }

    /// The lists and decisions in use, by name.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub fn inputs(&self) -> Result<Vec<InputInForce>, StoreError> {
        let (facts, snapshot) = self.settled()?;
        let all = documents(&*snapshot)?;
        let live = records(&*snapshot)?.into_iter().filter(|record| record.retired.is_none());
        let count = |record: &InputRecord| {
            let used = record.use_of();
            all.iter().filter(|(_, document)| !document.superseded && document.inputs.contains(&used)).count()
        };
        Ok(live.map(|record| in_force(&record, &facts.gate, count(&record))).collect())
    }

    /// The list or the decisions called `name`, with the text; `None` when there are none.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub fn input(&self, name: &str) -> Result<Option<InputText>, StoreError> {
        let (_, snapshot) = self.settled()?;
        Ok(live(&*snapshot, name)?.map(|record| record.text()))
    }

    /// Takes the list called `name` out of use. Documents that were read with it stay as they are until they are read anew.
    ///
    /// # Errors
    /// [`DocumentError`]; then nothing has changed.
    pub fn remove_input(&self, name: &str) -> Result<(), DocumentError> {
        self.write(|writing| {
            if !retire(writing, name)? {
                return Err(DocumentError::NoInput(name.to_owned()));
            }
            Ok(writing.journal(&serde_json::json!({"act": "intake input remove", "name": name}))?)
        })
    }

    /// What documents are read with that are taken in as `request` says.
    ///
    /// # Errors
    /// [`DocumentError`] when the collection, the label or a list is none.
    pub fn inputs_for(&self, request: &DocumentsRequest) -> Result<InputsFor, DocumentError> {
        let (facts, snapshot) = self.settled()?;
        let collection = facts.directory.collection(&request.load.collection);
        let collection = collection.ok_or_else(|| LoadError::NoCollection(request.load.collection.clone()))?;
        let made = request.load.label_date.as_deref().and_then(|text| Stamp::parse(text).ok()).unwrap_or_else(|| self.now());
        let label = unmarked(&facts, &*snapshot, request.load.label.as_deref(), made, Some(collection.id.clone()))?;
        chosen(&label.since(self.now()), &request.with, &*snapshot, &facts)
    }
}

/// The inputs for documents of `label`, and those of `with`.
fn chosen(label: &Label, with: &[String], snapshot: &dyn Snapshot, facts: &Facts) -> Result<InputsFor, DocumentError> {
    let live: Vec<InputRecord> = records(snapshot)?.into_iter().filter(|record| record.retired.is_none()).collect();
    if let Some(unknown) = with.iter().find(|name| !live.iter().any(|record| record.name == **name)) {
        return Err(DocumentError::NoInput(unknown.clone()));
    }
    let audience = Audience { label, report: None };
    let (labels, policies) = (facts.gate.labels(), &facts.gate.rules().policies);
    let (used, narrower): (Vec<_>, Vec<_>) =
        live.into_iter().partition(|record| with.contains(&record.name) || audience.may_all_see(record, labels, policies));
    Ok(InputsFor {
        inputs: used.iter().map(InputRecord::text).collect(),
        narrower: narrower.into_iter().map(|record| record.name).collect(),
    })
}

/// Whoever may see a document.
pub(super) struct Audience<'a> {
    /// Its label.
    pub label: &'a Label,
    /// Its report, if it was taken in already.
    pub report: Option<&'a str>,
}

impl Audience<'_> {
    /// Whether all of them may see `input`, as far as the labels alone say.
    pub(super) fn may_all_see(&self, input: &InputRecord, labels: &LabelTable, policies: &Policies) -> bool {
        let Some(of_input) = labels.get(input.label) else { return false };
        // A consent is to one object: no label says whether those who may see this one may see that.
        let is_settled = subjects(of_input).next().is_none() || (input.report.is_some() && input.report.as_deref() == self.report);
        is_settled && (policies.is_for_everybody(of_input) || self.label.clone().join(of_input) == *self.label)
    }
}

/// The label of what comes with `text` for a label and no marking.
pub(super) fn unmarked(
    facts: &Facts,
    snapshot: &dyn Snapshot,
    text: Option<&str>,
    made: Stamp,
    collection: Option<String>,
) -> Result<Label, DocumentError> {
    let context = LabelContext { made, owner: facts.directory.node.organisation.clone(), collection };
    let given = match text {
        Some(text) => read_label(facts, snapshot, text, &context)??,
        None => default_label(facts, snapshot, &context)?,
    };
    Ok(beside(&given, None))
}

/// The label of the document of `report`, as it is now.
fn document_label(writing: &Writing<'_>, report: &str) -> Result<Label, DocumentError> {
    let absent = || DocumentError::NoDocument(report.to_owned());
    let id = ObjectId::parse(report).map_err(|_| absent())?;
    let all = documents(&*writing.transaction)?;
    let (arrival, _) = all.iter().find(|(_, document)| document.report == report && !document.superseded).ok_or_else(absent)?;
    let row = taking::row_of(&*writing.transaction, &id, *arrival)?.ok_or_else(absent)?;
    Ok(writing.label(row.label)?.as_ref().clone())
}

/// Takes what is called `name` out of use; says whether there was anything.
fn retire(writing: &mut Writing<'_>, name: &str) -> Result<bool, StoreError> {
    let Some(record) = live(&*writing.transaction, name)? else { return Ok(false) };
    writing.transaction.forget(RecordKind::Input, name)?;
    let retired = InputRecord { retired: Some(writing.stamp), ..record };
    writing.put(RecordKind::Input, &format!("{name}\n{}", retired.sha256), &retired)?;
    forget_unused(writing)?;
    Ok(true)
}

/// Forgets what is out of use and with which no document is read any more.
pub(super) fn forget_unused(writing: &mut Writing<'_>) -> Result<(), StoreError> {
    let retired: Vec<InputRecord> = records(&*writing.transaction)?.into_iter().filter(|record| record.retired.is_some()).collect();
    if retired.is_empty() {
        return Ok(());
    }
    let all = documents(&*writing.transaction)?;
    for record in retired {
        let used = record.use_of();
        if !all.iter().any(|(_, document)| !document.superseded && document.inputs.contains(&used)) {
            writing.transaction.forget(RecordKind::Input, &format!("{}\n{}", record.name, record.sha256))?;
        }
    }
    Ok(())
}

/// What is called `name`, if it is in use.
pub(super) fn live(snapshot: &dyn Snapshot, name: &str) -> Result<Option<InputRecord>, StoreError> {
    snapshot.record(RecordKind::Input, name)?.map(|stored| decode("input", name, &stored)).transpose()
}

/// Everything that documents are or were read with, by name.
pub(crate) fn records(snapshot: &dyn Snapshot) -> Result<Vec<InputRecord>, StoreError> {
    snapshot.records(RecordKind::Input)?.into_iter().map(|(key, value)| decode("input", &key, &value)).collect()
}

fn in_force(record: &InputRecord, gate: &relto_gate::Gate, documents: usize) -> InputInForce {
    InputInForce {
        name: record.name.clone(),
        kind: record.kind.clone(),
        label: shown(gate, record.label),
        since: record.since,
        sha256: record.sha256.clone(),
        documents,
    }
}
