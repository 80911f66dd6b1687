//! Taking parts out: lists close up, what becomes empty goes too, and the selectors that stay name what they named before.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::part::Place;
use super::{Part, ReduceError};

/// Takes `parts` out of `map`. Returns what is gone in the end, no part within another, in order.
pub(super) fn parts(map: &mut Map<String, Value>, parts: &[Part]) -> BTreeSet<Part> {
    let wanted: BTreeSet<&Part> = parts.iter().collect();
    let wanted: Vec<&Part> = wanted.into_iter().collect();
    let mut pruning = Pruning { path: Vec::new(), gone: Vec::new() };
    let mut value = Value::Object(std::mem::take(map));
    pruning.within(&mut value, &wanted);
    if let Value::Object(left) = value {
        *map = left;
    }
    pruning.gone.into_iter().collect()
}

struct Pruning {
    path: Vec<Place>,
    gone: Vec<Part>,
}

impl Pruning {
    /// Prunes what `parts`, in order and all within `value`, name. Returns whether `value` is empty now.
    fn within(&mut self, value: &mut Value, parts: &[&Part]) -> bool {
        let depth = self.path.len();
        let place = |part: &&Part| part.places().get(depth).cloned();
        let before = self.gone.len();
        let mut emptied: Vec<Place> = Vec::new();
        for group in parts.chunk_by(|one, other| place(one) == place(other)) {
            let Some(step) = group.first().and_then(place) else { continue };
            let child = match &step {
                Place::Key(key) => value.get_mut(key),
                Place::Index(index) => value.get_mut(index),
            };
            let Some(child) = child else { continue };
            self.path.push(step.clone());
            let is_named = group.first().is_some_and(|part| part.places().len() == depth + 1);
            if is_named || self.within(child, group) {
                self.gone.push(Part::from_places(self.path.clone()));
                emptied.push(step);
            }
            self.path.pop();
        }
        if take(value, &emptied) {
            self.gone.truncate(before);
            return true;
        }
        false
    }
}

/// Takes the entries at `places` out of `value`. Returns whether nothing is left.
fn take(value: &mut Value, places: &[Place]) -> bool {
    match value {
        Value::Object(map) => {
            map.retain(|key, _| !places.iter().any(|place| matches!(place, Place::Key(taken) if taken == key)));
            map.is_empty()
        }
        Value::Array(list) => {
            let mut index = 0;
            list.retain(|_| {
                let stays = places.binary_search(&Place::Index(index)).is_err();
                index += 1;
                stays
            });
            list.is_empty()
        }
        _ => false,
    }
}

/// The granular `markings` of `object` once `gone` is: selectors of what is gone are dropped, the others name the same as before.
///
/// # Errors
/// [`ReduceError::Marking`] when a selector names something within the markings themselves, which would not stay where it is.
pub(super) fn follow(object: &Value, markings: Value, gone: &BTreeSet<Part>) -> Result<Option<Value>, ReduceError> {
    let Value::Array(list) = markings else { return Ok(None) };
    let mut left = Vec::new();
    for mut marking in list {
        let selectors = marking.get("selectors").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let mut followed = Vec::new();
        for selector in selectors.iter().filter_map(Value::as_str) {
            followed.extend(after(object, selector, gone)?);
        }
        if let (Some(map), false) = (marking.as_object_mut(), followed.is_empty()) {
            map.insert("selectors".to_owned(), followed.into());
            left.push(marking);
        }
    }
    Ok((!left.is_empty()).then_some(Value::Array(left)))
}

/// What names afterwards what `selector` named before; `None` when that is gone.
fn after(object: &Value, selector: &str, gone: &BTreeSet<Part>) -> Result<Option<String>, ReduceError> {
    let unfit = |pointer: String| ReduceError::Marking { pointer };
    let part = Part::selected(object, selector).ok_or_else(|| unfit(selector.to_owned()))?;
    if part.first() == Some("granular_markings") && !part.is_whole_property() {
        return Err(unfit(part.pointer()));
    }
    if gone.iter().any(|gone| gone.covers(&part)) {
        return Ok(None);
    }
    let moved = part.places().iter().enumerate().map(|(depth, place)| match place {
        Place::Key(_) => place.clone(),
        Place::Index(index) => {
            let list = part.places().get(..depth).unwrap_or_default();
            let is_before = |gone: &&Part| match gone.places().split_last() {
                Some((Place::Index(taken), around)) => around == list && taken < index,
                _ => false,
            };
            Place::Index(index - gone.iter().filter(is_before).count())
        }
    });
    Ok(Some(Part::from_places(moved.collect()).selector()))
}
