//! Labels as the node reads them: as people write them, or by the id of a marking-definition that it holds.

use std::collections::{BTreeSet, HashMap};

use relto_gate::Gate;
use relto_model::object::Object;
use relto_model::{Label, ObjectId};
use relto_policy::text::{organisation_label, received_by};
use relto_policy::{LabelContext, LabelError, MarkingReading, display, parse_label, read_markings};
use relto_store::{Bodies, Held, Snapshot, held};
use serde_json::Value as Json;

use crate::error::StoreError;
use crate::facts::Facts;
use crate::ingest::Eyes;

/// Reads `text`. An id of a marking-definition must be one that the node can read: a label that is set on purpose is never a guess.
///
/// # Errors
/// [`StoreError`] when the store fails; within, [`LabelError`] when the text is not a label.
pub(crate) fn read_label(
    facts: &Facts,
    snapshot: &dyn Snapshot,
    text: &str,
    context: &LabelContext,
) -> Result<Result<Label, LabelError>, StoreError> {
    let rules = facts.gate.rules();
    let Some(id) = ObjectId::parse(text.trim()).ok().filter(|id| id.kind() == "marking-definition") else {
        return Ok(parse_label(text, rules, context));
    };
    let definition = stored_definition(snapshot, &id, &[&facts.directory.node.organisation])?;
    let reading = read_markings([&id], &|_| definition.clone(), rules, context);
    let label = reading.label.filter(|_| !reading.withheld);
    Ok(label.ok_or_else(|| LabelError::Unmapped { part: id.to_string(), label: text.to_owned() }))
}

/// The label of what comes with none into the node itself: the one that was set, or else that of its own organisation.
pub(crate) fn default_label(facts: &Facts, snapshot: &dyn Snapshot, context: &LabelContext) -> Result<Label, StoreError> {
    let node = &facts.directory.node;
    // A default that can no longer be read must not widen anything: the narrow one stands in.
    let set = match node.default_label.as_deref() {
        Some(text) => read_label(facts, snapshot, text, context)?.ok(),
        None => None,
    };
    Ok(set.unwrap_or_else(|| organisation_label([node.organisation.as_str(), context.owner.as_str()])))
}

/// A label number in words.
pub(crate) fn shown(gate: &Gate, id: relto_gate::LabelId) -> String {
    gate.labels().get(id).map_or_else(|| "a label that is not in the store".to_owned(), |label| display(label, &gate.rules().policies))
}

/// The markings of a stored row, read again for its custodian.
pub(crate) fn reading_of(object: &Object, row: &Held, facts: &Facts, snapshot: &dyn Snapshot) -> Result<MarkingReading, StoreError> {
    let context = LabelContext {
        made: row.added,
        owner: row.owner.clone(),
        collection: facts.directory.collection_of(row.collection).map(|record| record.id.clone()),
    };
    let mut reading = meaning_of(&marking_ids(object), facts, snapshot, &context)?;
    if facts.directory.partners().any(|partner| partner.account.organisation == row.owner) {
        reading.label = reading.label.map(|label| received_by(label, &facts.directory.node.organisation));
    }
    Ok(reading)
}

/// What the markings `ids` of an object mean whose owner and collection `context` names, as its custodian reads them.
pub(crate) fn meaning_of(
    ids: &BTreeSet<ObjectId>,
    facts: &Facts,
    snapshot: &dyn Snapshot,
    context: &LabelContext,
) -> Result<MarkingReading, StoreError> {
    let mut definitions = HashMap::new();
    for id in ids {
        let owners = [context.owner.as_str(), facts.directory.node.organisation.as_str()];
        definitions.insert(id.clone(), stored_definition(snapshot, id, &owners)?);
    }
    Ok(read_markings(ids, &|id| definitions.get(id).cloned().flatten(), facts.gate.rules(), context))
}

/// Every marking of `object`, of its parts and of what stands inside it, each once.
pub(crate) fn marking_ids(object: &Object) -> BTreeSet<ObjectId> {
    let granular = object.granular_markings().iter().filter_map(|marking| marking.marking_ref.clone());
    object.object_markings().iter().cloned().chain(granular).chain(object.inner_markings().iter().cloned()).collect()
}

/// The marking-definition `id` as it is stored; of several that differ the one of the first of `owners` that has one, else none.
fn stored_definition(snapshot: &dyn Snapshot, id: &ObjectId, owners: &[&str]) -> Result<Option<Json>, StoreError> {
    Ok(one_content(Eyes::open_as_custodian(held(snapshot, id, None, Bodies::With)?), owners))
}

/// Those of `rows` that the first of `owners` wrote that has any; else all. So a marking cannot be made unreadable for its owner by somebody
/// who writes something else under its id.
pub(crate) fn of_first_owner(mut rows: Vec<Held>, owners: &[&str]) -> Vec<Held> {
    if let Some(owner) = owners.iter().find(|owner| rows.iter().any(|row| row.owner == **owner)) {
        rows.retain(|row| row.owner == *owner);
    }
    rows
}

/// What those of `rows` say that count ([`of_first_owner`]): `None` when there are none, or when they differ.
pub(crate) fn one_content(rows: Vec<Held>, owners: &[&str]) -> Option<Json> {
    let rows = of_first_owner(rows, owners);
    let mut contents = rows.iter().map(|row| serde_json::from_slice::<Json>(&row.body).ok());
    let first = contents.next().flatten();
    if contents.all(|other| other == first) { first } else { None }
}
