//! Labels as the node reads them: as people write them, or by the id of a marking-definition that it holds.

use relto_gate::Gate;
use relto_model::{Label, ObjectId};
use relto_policy::{LabelContext, LabelError, display, parse_label, read_markings};
use relto_store::{Bodies, held};

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
