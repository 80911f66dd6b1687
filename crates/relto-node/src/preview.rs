//! What a load would do, before anything is stored: every object with its effective label, and for each label who would get it and why not.
//!
//! It is the load itself, carried out in a transaction that is then dropped, so that the two cannot differ. For the custodian.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use relto_gate::LabelId;
use relto_model::object::Object;
use relto_model::{Label, ObjectId};
use relto_policy::law::Consent;
use relto_policy::policy::tlp;
use relto_policy::release_check::{Check, Finding, WordList, check};
use relto_policy::text::tlp_label;
use relto_policy::{LabelContext, display};
use relto_store::{Bodies, CollectionKey, held};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::explaining::{AGREEMENT, Placed, explain_label, explain_site, not_agreed};
use crate::facts::Account;
use crate::ingest::{Eyes, Labelling};
use crate::load::{LoadError, LoadReport, LoadRequest, Loading, Source, labelling};
use crate::node::{Node, Writing};
use crate::pieces;
use crate::records::CollectionRecord;

/// What a load would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// Every object, by id.
    pub objects: Vec<PreviewedObject>,
    /// Every label that an object would have, and who would get it.
    pub labels: Vec<PreviewedLabel>,
    /// What the load would say of itself.
    pub report: LoadReport,
}

/// An object and the label that it would have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PreviewedObject {
    /// Its id.
    pub id: String,
    /// Its effective label in words, as in [`PreviewedLabel::label`].
    pub label: String,
    /// What the label does not cover in its text.
    #[serde(default)]
    pub findings: Vec<Finding>,
}

/// A label and who would get what carries it, for addressees if it asks for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewedLabel {
    /// The label in words.
    pub label: String,
    /// How many objects would have it.
    pub objects: usize,
    /// The accounts that would get them.
    pub recipients: Vec<String>,
    /// The accounts that would not, and why.
    pub withheld: Vec<Withheld>,
}

/// An account that would not get an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    /// The account.
    pub user: String,
    /// Every rule that is not met, and why.
    pub because: Vec<String>,
}

impl Node {
    /// What [`Node::load`] would do with the same request, and what the labels do not cover in the texts of the objects, `words` included.
    /// Without a collection, as if there were one that every account may see.
    ///
    /// # Errors
    /// [`LoadError`] when the load would fail whole; objects that would be refused are in the report.
    pub fn preview(
        &self,
        request: &LoadRequest,
        sources: &[Source],
        words: Option<&WordList>,
        progress: &dyn Fn(u64, u64),
    ) -> Result<Preview, LoadError> {
        let pieces = pieces::split(sources)?;
        self.rehearse(|writing| {
            let collection = collection(writing, &request.collection)?;
            let labelling = labelling(writing, request, &collection)?;
            let mut loading = Loading::new(self, progress, pieces.len() as u64);
            let mut labelled = BTreeSet::new();
            loading.run(writing, &collection, &labelling, &pieces, &mut |id, label| {
                labelled.insert((id.clone(), label));
            })?;
            let mut objects = Vec::with_capacity(labelled.len());
            for (id, label) in &labelled {
                let findings = findings(writing, &collection, &labelling, words, id, *label)?;
                objects.push(PreviewedObject { id: id.to_string(), label: words_of(writing, *label), findings });
            }
            Ok(previewed(writing, &collection, objects, &labelled, loading.into_report()))
        })
    }
}

/// The collection that is named, or one that stands for any that everybody sees.
fn collection(writing: &mut Writing<'_>, name: &str) -> Result<CollectionRecord, LoadError> {
    if !name.is_empty() {
        let found = writing.before.directory.collection(name);
        return found.map(|record| record.as_ref().clone()).ok_or_else(|| LoadError::NoCollection(name.to_owned()));
    }
    let node = &writing.before.directory.node;
    let (owner, key) = (node.organisation.clone(), node.next_collection);
    let context = LabelContext { made: writing.stamp, owner, collection: None };
    let label = writing.intern(&tlp_label(tlp::GREEN, &context))?;
    let (id, name, title) = Default::default();
    Ok(CollectionRecord { key, id, name, title, label, can_read: true, can_write: true, recipients: BTreeMap::new() })
}

/// What `label` does not cover in the texts of the object that now stands under `id` and it.
fn findings(
    writing: &Writing<'_>,
    collection: &CollectionRecord,
    labelling: &Labelling,
    words: Option<&WordList>,
    id: &ObjectId,
    label: LabelId,
) -> Result<Vec<Finding>, StoreError> {
    let Some(known) = writing.labels().get(label) else { return Ok(Vec::new()) };
    let context = LabelContext {
        made: labelling.made.unwrap_or(writing.stamp),
        owner: writing.before.directory.node.organisation.clone(),
        collection: Some(collection.id.clone()),
    };
    let words: Vec<&WordList> = words.into_iter().collect();
    let looked_for = Check { label: known, rules: writing.before.gate.rules(), context: &context, words: &words };
    let rows = held(&*writing.transaction, id, Some(CollectionKey(collection.key)), Bodies::With)?;
    let rows = Eyes::open_as_custodian(rows).into_iter().filter(|row| row.label == label);
    let objects = rows.filter_map(|row| Object::parse(row.body, writing.node.kinds()).ok());
    let mut found: Vec<Finding> = objects.flat_map(|object| check(&object, &looked_for)).collect();
    found.sort();
    found.dedup();
    Ok(found)
}

fn words_of(writing: &Writing<'_>, label: LabelId) -> String {
    writing.labels().get(label).map_or_else(String::new, |label| display(label, &writing.before.gate.rules().policies))
}

/// A label, and what was consented to beside it.
type ForWhom<'l> = (Option<&'l Arc<Label>>, &'l [Consent]);

fn previewed(
    writing: &Writing<'_>,
    collection: &CollectionRecord,
    objects: Vec<PreviewedObject>,
    labelled: &BTreeSet<(ObjectId, LabelId)>,
    report: LoadReport,
) -> Preview {
    let mut counts: BTreeMap<LabelId, usize> = BTreeMap::new();
    labelled.iter().for_each(|(_, label)| *counts.entry(*label).or_default() += 1);
    // Objects for addressees have a number each; those under one label for the same addressees go to the same people.
    let mut alike: BTreeMap<ForWhom<'_>, (LabelId, usize)> = BTreeMap::new();
    for (label, count) in counts {
        let for_whom = (writing.labels().get(label), writing.labels().consents(label).unwrap_or_default());
        alike.entry(for_whom).or_insert((label, 0)).1 += count;
    }
    let mut alike: Vec<(LabelId, usize)> = alike.into_values().collect();
    alike.sort();
    let labels = alike.into_iter().map(|(label, objects)| {
        let (recipients, withheld) = audience(writing, collection, label);
        PreviewedLabel { label: words_of(writing, label), objects, recipients, withheld }
    });
    Preview { objects, labels: labels.collect(), report }
}

/// The accounts that would get what carries `label` in `collection`, and those that would not.
fn audience(writing: &Writing<'_>, collection: &CollectionRecord, label: LabelId) -> (Vec<String>, Vec<Withheld>) {
    let (mut recipients, mut withheld) = (Vec::new(), Vec::new());
    for (name, account) in &writing.before.directory.accounts {
        let mut because = unmet(writing, account, label, "");
        because.extend(unmet(writing, account, collection.label, "collection: "));
        let label_of = writing.labels().get(label).map(|of| (of.as_ref(), writing.labels().consents(label).unwrap_or_default()));
        let placed = Placed { collection: Some(collection), label: label_of, owner: &writing.before.directory.node.organisation };
        because.extend(not_agreed(&writing.before, account, &placed, writing.stamp).iter().map(|why| format!("{AGREEMENT}: {why}")));
        because.extend((!collection.can_read).then(|| "the collection is write-only".to_owned()));
        because.extend(account.record.disabled.then(|| "the account is disabled".to_owned()));
        if because.is_empty() {
            recipients.push(name.clone());
        } else {
            withheld.push(Withheld { user: name.clone(), because });
        }
    }
    (recipients, withheld)
}

/// The rules of `label` that `account` does not meet, in words.
pub(crate) fn unmet(writing: &Writing<'_>, account: &Account, label: LabelId, before: &str) -> Vec<String> {
    let rules = explain_label(writing.labels(), writing.before.gate.rules(), account, label, writing.stamp, before);
    let by_site = explain_site(&writing.before.gate, writing.labels(), account, label, before);
    rules.into_iter().chain(by_site).filter(|rule| !rule.met).map(|rule| format!("{}: {}", rule.rule, rule.because)).collect()
}
