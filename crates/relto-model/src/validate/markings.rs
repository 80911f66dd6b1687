//! Markings (STIX 2.1, section 7.2): what an object carries, and whether each selector points at something.

use serde_json::{Map, Value};

use super::{Checked, Walk};
use crate::ObjectId;
use crate::json::Step;
use crate::object::{GranularMarking, ObjectError};

/// The `object_marking_refs`, already judged.
pub(super) fn of_object(map: &Map<String, Value>) -> Vec<ObjectId> {
    let ids = map.get("object_marking_refs").and_then(Value::as_array);
    ids.map(|ids| ids.iter().filter_map(|id| ObjectId::parse(id.as_str()?).ok()).collect()).unwrap_or_default()
}

/// The `granular_markings`, whose form is already judged; here their selectors are.
pub(super) fn granular<'v>(walk: &mut Walk<'v>, map: &'v Map<String, Value>) -> Result<Vec<GranularMarking>, ObjectError> {
    let Some(list) = map.get("granular_markings").and_then(Value::as_array) else { return Ok(Vec::new()) };
    walk.at(Step::Key("granular_markings"), |walk| {
        list.iter().enumerate().map(|(index, marking)| walk.at(Step::Index(index), |walk| one(walk, map, marking))).collect()
    })
}

fn one<'v>(walk: &mut Walk<'v>, map: &'v Map<String, Value>, marking: &'v Value) -> Result<GranularMarking, ObjectError> {
    let text = |key: &str| marking.get(key).and_then(Value::as_str);
    let marking_ref = text("marking_ref").and_then(|id| ObjectId::parse(id).ok());
    if marking_ref.as_ref().is_some_and(|id| map.get("id").and_then(Value::as_str) == Some(id.as_str())) {
        return walk.at(Step::Key("marking_ref"), |walk| Err(walk.fault("7.2.3", "must not name the marking itself")));
    }
    let selectors = marking.get("selectors").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    walk.at(Step::Key("selectors"), |walk| {
        selectors.iter().enumerate().try_for_each(|(index, selector)| walk.at(Step::Index(index), |walk| resolves(walk, map, selector)))
    })?;
    let selectors = selectors.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    Ok(GranularMarking { selectors, marking_ref, lang: text("lang").map(str::to_owned) })
}

fn resolves(walk: &mut Walk<'_>, map: &Map<String, Value>, selector: &Value) -> Checked {
    let text = selector.as_str().unwrap_or_default();
    let mut parts = text.split('.');
    let first = parts.next().and_then(|name| map.get(name));
    let found = parts.try_fold(first, |place, part| place.map(|place| step(place, part)));
    match found.flatten() {
        Some(_) => Ok(()),
        None => Err(walk.fault("7.2.3", "selects nothing in this object")),
    }
}

/// One step of a selector: `name` into an object, `[3]` into a list.
fn step<'v>(place: &'v Value, part: &str) -> Option<&'v Value> {
    match place {
        Value::Object(map) => map.get(part),
        Value::Array(list) => {
            let index = part.strip_prefix('[')?.strip_suffix(']')?;
            list.get(index.parse::<usize>().ok().filter(|_| index.bytes().all(|byte| byte.is_ascii_digit()))?)
        }
        _ => None,
    }
}
