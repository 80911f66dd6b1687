//! Documents as one account sees them: those whose reports stand on its pages. What of them is a story is found elsewhere, and published here.

use std::collections::BTreeSet;

use relto_gate::LabelId;
use relto_model::ObjectId;
use relto_store::{Bodies, RecordKind, VersionFilter, held};
use serde::{Deserialize, Serialize};

use super::inputs::records;
use super::taking::{bundle, joined, load, unchanged};
use super::{DocumentError, InputText, InputUse, documents, raw_key};
use crate::addressees;
use crate::error::StoreError;
use crate::ingest::Eyes;
use crate::load::{LoadError, LoadReport, LoadRequest, labelling};
use crate::node::{Node, Writing};
use crate::reading::Reading;

/// A document that an account may see.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SeenDocument {
    /// The id of its report.
    pub report: String,
    /// Where it came from, as it was handed in.
    pub source: String,
    /// The bytes that it is read from.
    pub content: Vec<u8>,
}

/// The documents that an account may see.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SeenDocuments {
    /// In an order that does not tell when each came.
    pub documents: Vec<SeenDocument>,
    /// The lists of the kind that was asked for and that the account may see, by name.
    pub inputs: Vec<InputText>,
}

/// A story to publish.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct StoryRequest {
    /// Who sees it so.
    pub user: String,
    /// Where it goes, and its label beside those of its documents.
    pub load: LoadRequest,
    /// The reports of its documents.
    pub reports: Vec<String>,
    /// The lists that it was found with.
    pub inputs: Vec<InputUse>,
}

impl Reading<'_> {
    /// The documents that the principal may see, and the lists of `kind` that it may see.
    ///
    /// # Errors
    /// [`DocumentError::Partner`] for a partner, or when the store fails.
    pub fn documents(&self, kind: &str) -> Result<SeenDocuments, DocumentError> {
        if self.partner().is_some() {
            return Err(DocumentError::Partner(self.principal().name().to_owned()));
        }
        let mut seen = BTreeSet::new();
        let views: Vec<_> = self.collections().into_iter().filter(|view| view.can_read).collect();
        for (arrival, record) in documents(self.snapshot())? {
            let Some(view) = views.iter().find(|view| view.access().key.0 == record.collection) else { continue };
            let Ok(id) = ObjectId::parse(&record.report) else { continue };
            let page = self.page(&view.query_of(&id, VersionFilter::last()))?;
            if !page.rows.iter().any(|row| row.get().arrival() == arrival) {
                continue;
            }
            if let Some(content) = self.snapshot().record(RecordKind::Content, &raw_key(&record.raw))? {
                seen.insert(SeenDocument { report: record.report, source: record.source, content });
            }
        }
        let release = self.principal().release();
        let lists = records(self.snapshot())?.into_iter();
        let lists = lists.filter(|record| record.kind == kind && record.retired.is_none() && release.permits(record.label));
        Ok(SeenDocuments { documents: seen.into_iter().collect(), inputs: lists.map(|record| record.text()).collect() })
    }
}

impl Node {
    /// Stores `story`, a bundle, under the join of the labels of its documents and lists with the one that `request` gives. Its documents are those
    /// that the account sees now.
    ///
    /// # Errors
    /// [`DocumentError`]; then nothing has changed.
    pub fn publish_story(&self, request: &StoryRequest, story: &str) -> Result<LoadReport, DocumentError> {
        self.write(|writing| {
            let found = writing.before.directory.collection(&request.load.collection).cloned();
            let collection = found.ok_or_else(|| LoadError::NoCollection(request.load.collection.clone()))?;
            let mut labelling = labelling(writing, &request.load, &collection)?;
            let mut labels = labels_of_reports(writing, request)?;
            for used in &request.inputs {
                labels.insert(unchanged(&*writing.transaction, used)?.label);
            }
            let mut all = labels.iter();
            let first = all.next().copied().ok_or_else(|| DocumentError::Cut(request.user.clone()))?;
            let mut addressees =
                labelling.given.as_ref().filter(|label| addressees::asks(label)).map(|_| labelling.addressees.as_slice().into());
            for label in &labels {
                addressees = addressees::in_common(&addressees, &addressees::of_number(writing.labels(), *label, writing.stamp));
            }
            let whole = joined(writing, &labels, writing.label(first)?.as_ref().clone())?;
            labelling.given = Some(labelling.given.take().map_or_else(|| whole.clone(), |given| given.join(&whole)));
            labelling.addressees = addressees.map(|all| all.to_vec()).unwrap_or_default();
            let report = load(writing, &collection, &labelling, &[bundle("the story", story)], &|_, _| {})?;
            if report.refused > 0 {
                return Err(LoadError::Refused { refused: report.refused, named: report.refusals }.into());
            }
            let act = serde_json::json!({"act": "intake story", "as": request.user, "collection": collection.name,
                "label": request.load.label, "documents": request.reports.len(), "added": report.added});
            writing.journal(&act)?;
            Ok(report)
        })
    }
}

/// The labels of the reports as the account sees them; each must still be there for it.
fn labels_of_reports(writing: &Writing<'_>, request: &StoryRequest) -> Result<BTreeSet<LabelId>, DocumentError> {
    let cut = || DocumentError::Cut(request.user.clone());
    let account = writing.before.directory.accounts.get(&request.user).filter(|account| !account.record.disabled).ok_or_else(cut)?;
    let mut eyes = Eyes::of(account.clone());
    let mut labels = BTreeSet::new();
    for report in &request.reports {
        let id = ObjectId::parse(report).map_err(|_| cut())?;
        let rows = held(&*writing.transaction, &id, None, Bodies::Without).map_err(StoreError::from)?;
        let visible = eyes.open(writing, rows);
        if visible.is_empty() {
            return Err(cut());
        }
        labels.extend(visible.iter().map(|row| row.label));
    }
    Ok(labels)
}
