//! An object on a display, with gaps where parts of it stood: the object itself, under its own id, for somebody who may know that there
//! is something.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Part;
use super::part::Place;
use crate::object::{Class, Object};

/// Where the version stands in the text of a UUID (RFC 9562, section 4).
const VERSION_AT: usize = 14;

/// What stays, or nothing is shown: `objects` are the observables of an observed-data.
const FIXED: [&str; 8] = ["type", "id", "spec_version", "created", "modified", "object_marking_refs", "granular_markings", "objects"];

/// `object` with null in the place of each of `parts`, and where these gaps are, none within another; markings of what is gone are gone
/// too. Lists keep their length, so that every pointer names what it named.
///
/// `None` when the object cannot be shown without them. What says which object, version or marking it is, is no gap. An id can follow from
/// values (STIX 2.1, section 2.9), so that whoever guesses one could tell: that of an observable, of one inside an observed-data, and every
/// id of UUID version 5.
#[must_use]
pub fn conceal(object: &Object, parts: &[Part]) -> Option<(Value, BTreeSet<Part>)> {
    if parts.is_empty() {
        return Some((object.value().clone(), BTreeSet::new()));
    }
    let is_fixed = |part: &Part| part.first().is_none_or(|name| FIXED.contains(&name));
    let is_by_value = object.class() == Class::Sco || object.id().uuid().as_bytes().get(VERSION_AT) == Some(&b'5');
    if is_by_value || parts.iter().any(is_fixed) {
        return None;
    }
    let is_outermost = |part: &&Part| !parts.iter().any(|other| other != *part && other.covers(part));
    let gaps: BTreeSet<Part> = parts.iter().filter(is_outermost).cloned().collect();
    let mut shown = object.value().clone();
    for gap in &gaps {
        *place(&mut shown, gap)? = Value::Null;
    }
    let markings = shown.get_mut("granular_markings").and_then(Value::as_array_mut);
    if let Some(markings) = markings {
        markings.retain_mut(|marking| keeps_selectors(object.value(), marking, &gaps));
        if markings.is_empty() {
            shown.as_object_mut()?.remove("granular_markings");
        }
    }
    Some((shown, gaps))
}

fn place<'v>(object: &'v mut Value, part: &Part) -> Option<&'v mut Value> {
    part.places().iter().try_fold(object, |here, place| match place {
        Place::Key(key) => here.get_mut(key),
        Place::Index(index) => here.get_mut(index),
    })
}

/// Takes from `marking` the selectors of what is gone. Returns whether any are left.
fn keeps_selectors(object: &Value, marking: &mut Value, gaps: &BTreeSet<Part>) -> bool {
    let Some(selectors) = marking.get_mut("selectors").and_then(Value::as_array_mut) else { return false };
    selectors.retain(|selector| {
        let part = selector.as_str().and_then(|text| Part::selected(object, text));
        part.is_some_and(|part| !gaps.iter().any(|gap| gap.covers(&part)))
    });
    !selectors.is_empty()
}

#[cfg(test)]
mod tests;
