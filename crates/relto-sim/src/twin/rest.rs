//! The rest of an object of which the witness may not see some parts. The twin is given the object with something else in their place.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use relto_gate::LabelId;
use relto_model::kinds::Kinds;
use relto_model::object::{GranularMarking, Object};
use relto_model::reduce::{Part, conceal};
use relto_model::{Label, ObjectId};
use relto_node::PartsRecord;
use relto_store::{Held, RecordKind, part_key};
use serde_json::{Value as Json, json};

use super::censor::Judge;
use crate::node::WorldNode;

/// What stands in the twin where the full node has what the witness may not see, and the marking of that.
const SOMETHING_ELSE: &str = "something else";
const OTHER_MARKING: &str = "marking-definition--aaaaaaaa-0000-4000-8000-00000000000f";

/// The ways to show an object: the label of each, and the markings whose parts are left out.
pub(super) type Rest = Vec<(Label, BTreeSet<ObjectId>)>;

/// How `row` can be shown in part, if what is recorded of that is still about it.
pub(super) fn record_of(node: &WorldNode, row: &Held) -> Option<PartsRecord> {
    let stored = node.backend.read().expect("a snapshot").record(RecordKind::Part, &part_key(row.arrival)).expect("a record")?;
    let record: PartsRecord = serde_json::from_slice(&stored).expect("a record");
    (record.whole == row.label).then_some(record)
}

/// How `row` is shown in part, and the bytes that the twin gets: with something else in every part that the witness may not see, under
/// another marking. `None` when the witness may see nothing of it.
pub(super) fn rest_of(row: &Held, record: &PartsRecord, labels: &BTreeMap<LabelId, Label>, judge: &Judge) -> Option<(Rest, Bytes)> {
    let other_marking = ObjectId::parse(OTHER_MARKING).expect("an id");
    let hidden = &record.ways.iter().find(|way| judge.admits(&labels[&way.label]))?.hidden;
    let renamed = |id: &ObjectId| if hidden.contains(id) { other_marking.clone() } else { id.clone() };
    let rest = record.ways.iter().map(|way| (labels[&way.label].clone(), way.hidden.iter().map(renamed).collect())).collect();
    let object = Object::parse(row.body.clone(), &Kinds::builtin()).expect("an object");
    let is_hidden = |marking: &&GranularMarking| marking.marking_ref.as_ref().is_some_and(|id| hidden.contains(id));
    let selectors = object.granular_markings().iter().filter(is_hidden).flat_map(|marking| &marking.selectors);
    let parts: Vec<Part> = selectors.map(|selector| Part::selected(object.value(), selector).expect("a part")).collect();
    let (_, gaps) = conceal(&object, &parts)?;
    let mut other = object.value().clone();
    for gap in gaps {
        let part = other.pointer_mut(&gap.pointer()).expect("a part");
        *part = match part.as_array() {
            Some(list) => vec![json!(SOMETHING_ELSE); list.len()].into(),
            None => json!(SOMETHING_ELSE),
        };
    }
    for marking in other["granular_markings"].as_array_mut().expect("markings") {
        let id = marking.get("marking_ref").and_then(Json::as_str).and_then(|id| ObjectId::parse(id).ok());
        if let Some(id) = id {
            marking["marking_ref"] = json!(renamed(&id).as_str());
        }
    }
    Some((rest, Bytes::from(other.to_string())))
}
