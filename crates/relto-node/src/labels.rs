//! Labels as the node reads them: as people write them, or by the id of a marking-definition that it holds.

use std::collections::{BTreeSet, HashMap};

use relto_gate::Gate;
use relto_model::object::Object;
use relto_model::{Label, ObjectId};
use relto_policy::{LabelContext, LabelError, MarkingReading, display, parse_label, read_markings};
use relto_store::{Bodies, Held, Snapshot, held};
use serde_json::Value as Json;

use crate::error::StoreError;
use crate::facts::Facts;
use crate::ingest::Eyes;
use crate::node::Writing;

/// Reads `text`. An id of a marking-definition must be one that the node can read: a label that is set on purpose is never a guess.
pub(crate) fn read_label(writing: &mut Writing<'_>, text: &str, context: &LabelContext) -> Result<Label, LabelError> {
    let rules = writing.before.gate.rules().clone();
    let Some(id) = ObjectId::parse(text.trim()).ok().filter(|id| id.kind() == "marking-definition") else {
        return parse_label(text, &rules, context);
    };
    let rows = held(&*writing.transaction, &id, None, Bodies::With).unwrap_or_default();
    let row = Eyes::Custodian.open(writing, rows).into_iter().next();
    let definition = row.and_then(|row| serde_json::from_slice(&row.body).ok());
    let reading = read_markings([&id], &|_| definition.clone(), &rules, context);
    reading.label.filter(|_| !reading.withheld).ok_or_else(|| LabelError::Unmapped { part: id.to_string(), label: text.to_owned() })
}

/// A label number in words.
pub(crate) fn shown(gate: &Gate, id: relto_gate::LabelId) -> String {
    gate.labels().get(id).map_or_else(|| "a label that is not in the store".to_owned(), |label| display(label))
}

/// The markings of a stored row, read again for its custodian.
pub(crate) fn reading_of(object: &Object, row: &Held, facts: &Facts, snapshot: &dyn Snapshot) -> Result<MarkingReading, StoreError> {
    let ids = marking_ids(object);
    let mut definitions = HashMap::new();
    for id in &ids {
        definitions.insert(id.clone(), stored_definition(snapshot, id)?);
    }
    let context = LabelContext {
        made: row.added,
        owner: row.owner.clone(),
        collection: facts.directory.collection_of(row.collection).map(|record| record.id.clone()),
        addressees: BTreeSet::new(),
    };
    Ok(read_markings(&ids, &|id| definitions.get(id).cloned().flatten(), facts.gate.rules(), &context))
}

/// Every marking of `object`, whole and granular, each once.
pub(crate) fn marking_ids(object: &Object) -> BTreeSet<ObjectId> {
    let granular = object.granular_markings().iter().filter_map(|marking| marking.marking_ref.clone());
    object.object_markings().iter().cloned().chain(granular).collect()
}

/// The marking-definition `id` as it is stored; of several that differ, none.
fn stored_definition(snapshot: &dyn Snapshot, id: &ObjectId) -> Result<Option<Json>, StoreError> {
    let rows = Eyes::open_as_custodian(held(snapshot, id, None, Bodies::With)?);
    let mut contents = rows.iter().map(|row| serde_json::from_slice::<Json>(&row.body).ok());
    let first = contents.next().flatten();
    Ok(if contents.all(|other| other == first) { first } else { None })
}
