//! A part of an object: a property, or something within one, named as granular markings (STIX 2.1, section 7.2.3) or as JSON pointers
//! (RFC 6901) name it. Both are read against the object, so that a part that is not there cannot be had.

use serde_json::Value;

use crate::json::{self, Step};

/// A part of one object.
// INVARIANT: never empty, and it resolved in the object that it was read against.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part(Vec<Place>);

/// One step on the way to a part.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Key(String),
    Index(usize),
}

impl Part {
    /// The part of `object` that the selector `text` names, such as `external_references.[0].url`; `None` when there is none.
    #[must_use]
    pub fn selected(object: &Value, text: &str) -> Option<Self> {
        let index = |step: &str| number(step.strip_prefix('[')?.strip_suffix(']')?);
        Self::read(object, text.split('.').map(str::to_owned), index)
    }

    /// The part of `object` at the JSON pointer `text`, such as `/object_refs/3`; `None` when there is none.
    #[must_use]
    pub fn at(object: &Value, text: &str) -> Option<Self> {
        let steps = text.strip_prefix('/')?.split('/').map(|step| step.replace("~1", "/").replace("~0", "~"));
        Self::read(object, steps, number)
    }

    fn read(object: &Value, steps: impl Iterator<Item = String>, index: impl Fn(&str) -> Option<usize>) -> Option<Self> {
        let (mut here, mut places) = (object, Vec::new());
        for step in steps {
            let place;
            (here, place) = match here {
                Value::Object(map) => (map.get(&step)?, Place::Key(step)),
                Value::Array(list) => index(&step).and_then(|at| Some((list.get(at)?, Place::Index(at))))?,
                _ => return None,
            };
            places.push(place);
        }
        (!places.is_empty()).then_some(Self(places))
    }

    /// The part as a JSON pointer.
    #[must_use]
    pub fn pointer(&self) -> String {
        json::pointer(self.0.iter().map(|place| match place {
            Place::Key(key) => Step::Key(key),
            Place::Index(index) => Step::Index(*index),
        }))
    }

    /// What stands there in `object`, if it still does.
    #[must_use]
    pub fn of<'v>(&self, object: &'v Value) -> Option<&'v Value> {
        self.0.iter().try_fold(object, |here, place| match place {
            Place::Key(key) => here.get(key),
            Place::Index(index) => here.get(index),
        })
    }

    /// Whether `other` is this part or stands within it.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }

    /// The part as a selector.
    pub(super) fn selector(&self) -> String {
        let step = |place: &Place| match place {
            Place::Key(key) => key.clone(),
            Place::Index(index) => format!("[{index}]"),
        };
        self.0.iter().map(step).collect::<Vec<_>>().join(".")
    }

    /// The property that it is, or is in.
    pub(super) fn first(&self) -> Option<&str> {
        match self.0.first() {
            Some(Place::Key(key)) => Some(key),
            _ => None,
        }
    }

    pub(super) fn is_whole_property(&self) -> bool {
        self.0.len() == 1
    }

    pub(super) fn places(&self) -> &[Place] {
        &self.0
    }

    /// The part of `places`, which must not be empty.
    pub(super) fn from_places(places: Vec<Place>) -> Self {
        Self(places)
    }
}

fn number(text: &str) -> Option<usize> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}
