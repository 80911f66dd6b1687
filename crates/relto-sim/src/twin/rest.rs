//! The rest of an object of which the witness may not see some parts. The twin is given the object with something else in their place.

use std::collections::BTreeMap;

use bytes::Bytes;
use relto_gate::LabelId;
use relto_model::Label;
use relto_model::kinds::Kinds;
use relto_model::object::Object;
use relto_model::reduce::{Part, conceal};
use relto_node::PartsRecord;
use relto_store::{Held, RecordKind, part_key};
use serde_json::{Value as Json, json};

use super::censor::Judge;
use crate::node::WorldNode;

/// What stands in the twin where the full node has what the witness may not see.
const SOMETHING_ELSE: &str = "something else";

/// The labels of the rest and of the parts, each part with what it selects.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rest {
    pub(super) rest: Label,
    pub(super) parts: Vec<(Vec<String>, Label)>,
}

/// What is recorded of the parts of `row`, if that is still about it.
pub(super) fn record_of(node: &WorldNode, row: &Held) -> Option<PartsRecord> {
    let stored = node.backend.read().expect("a snapshot").record(RecordKind::Part, &part_key(row.arrival)).expect("a record")?;
    let record: PartsRecord = serde_json::from_slice(&stored).expect("a record");
    (record.whole == row.label).then_some(record)
}

/// The rest of `row` for the witness, and the bytes that the twin gets: with something else in every part that is withheld. `None` when the
/// witness may see nothing of it.
pub(super) fn rest_of(row: &Held, record: &PartsRecord, labels: &BTreeMap<LabelId, Label>, judge: &Judge) -> Option<(Rest, Bytes)> {
    let rest = labels[&record.rest].clone();
    let parts: Vec<(Vec<String>, Label)> = record.parts.iter().map(|part| (part.selectors.clone(), labels[&part.label].clone())).collect();
    let hidden = || parts.iter().filter(|(_, label)| !judge.admits(label)).flat_map(|(selectors, _)| selectors);
    if !judge.admits(&rest) || hidden().next().is_none() {
        return None;
    }
    let object = Object::parse(row.body.clone(), &Kinds::builtin()).expect("an object");
    let parts_of_it: Vec<Part> = hidden().map(|selector| Part::selected(object.value(), selector).expect("a part")).collect();
    let (_, gaps) = conceal(&object, &parts_of_it)?;
    let mut other = object.value().clone();
    for gap in gaps {
        *other.pointer_mut(&gap.pointer()).expect("a part") = json!(SOMETHING_ELSE);
    }
    Some((Rest { rest, parts }, Bytes::from(Json::to_string(&other))))
}
