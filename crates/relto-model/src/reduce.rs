//! An object without some of its parts, under an id of its own: the mechanics of a tearline.
//!
//! Pure: which parts go is the caller's decision, made from labels; here they go without a trace, and what is left must be valid
//! STIX 2.1 or nothing comes of it. Whether the text that stays tells too much is `relto_policy::release_check`'s question.

mod conceal;
mod part;
mod remove;

use serde_json::{Map, Value};

pub use conceal::conceal;
pub use part::Part;

use crate::json::{self, Step};
use crate::kinds::Kinds;
use crate::object::{Class, Object, ObjectError};
use crate::schema::{self, Need};
use crate::{ObjectId, Timestamp};

/// What the reduced object gets in place of the original's.
#[derive(Debug, Clone)]
pub struct Fresh<'f> {
    /// Its id: of the original's type, and another than the original's (STIX 2.1, section 3.6: no object has two contents).
    pub id: &'f ObjectId,
    /// When it was made, where its type says so.
    pub created: &'f Timestamp,
    /// When this version of it was made, where its type has versions.
    pub modified: &'f Timestamp,
}

/// Why an object cannot be had without a part.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReduceError {
    /// The part is, or holds, what every object of the type must have.
    #[error("`{pointer}` cannot be left out: every `{kind}` must have `{property}`")]
    Required {
        /// The part, as a JSON pointer.
        pointer: String,
        /// The type of the object.
        kind: String,
        /// The property.
        property: String,
    },
    /// The part is a marking: without it, what it marks would be open to more readers.
    #[error("`{pointer}` is a marking, and markings are not taken off by leaving them out: relabel the object")]
    Marking {
        /// The part.
        pointer: String,
    },
    /// Others take the object's meaning by its very id.
    #[error("an object of type `{0}` is known by its id, and a reduced one would mean nothing")]
    Definition(String),
    /// The new id is not one that the reduced object may have.
    #[error("`{0}` cannot be the id of the reduced object: it is the original's, or of another type")]
    Id(ObjectId),
    /// What is left still names the original.
    #[error("`{0}` names the object itself, which would tell of it")]
    NamesItself(String),
    /// What is left is not valid.
    #[error("what is left is not valid: {0}")]
    Invalid(#[from] ObjectError),
}

/// `object` without `parts`, as `fresh`.
///
/// Lists close up, and selectors of the markings that stay follow; a list or dictionary that becomes empty goes too, and so does a
/// granular marking whose selectors are all gone. Nothing is added: neither a note nor a reference to the original; whoever must not
/// be told who made it names `created_by_ref` among the parts. With no parts it is the same content under a new id.
///
/// # Errors
/// [`ReduceError`] for the first reason why there is no such object.
pub fn reduce(object: &Object, parts: &[Part], fresh: &Fresh<'_>, kinds: &Kinds) -> Result<Object, ReduceError> {
    if matches!(object.kind(), "marking-definition" | "extension-definition") {
        return Err(ReduceError::Definition(object.kind().to_owned()));
    }
    if fresh.id == object.id() || fresh.id.kind() != object.kind() {
        return Err(ReduceError::Id(fresh.id.clone()));
    }
    parts.iter().try_for_each(|part| allowed(object, part))?;
    let mut map = object.value().as_object().cloned().unwrap_or_default();
    let markings = map.remove("granular_markings");
    let gone = remove::parts(&mut map, parts);
    if let Some(part) = parts.iter().find(|part| part.first().is_some_and(|name| is_required(object, name) && !map.contains_key(name))) {
        return Err(required(object, part));
    }
    if let Some(markings) = markings
        && let Some(left) = remove::follow(object.value(), markings, &gone)?
    {
        map.insert("granular_markings".to_owned(), left);
    }
    renew(&mut map, object.class(), fresh);
    let reduced = Object::parse(Value::Object(map).to_string().into(), kinds)?;
    match named(reduced.value(), object.id().as_str(), &mut Vec::new()) {
        Some(pointer) => Err(ReduceError::NamesItself(pointer)),
        None => Ok(reduced),
    }
}

/// Refuses what may not be left out whatever else is done.
fn allowed(object: &Object, part: &Part) -> Result<(), ReduceError> {
    match part.first() {
        Some("granular_markings" | "object_marking_refs") => Err(ReduceError::Marking { pointer: part.pointer() }),
        Some("type" | "id" | "spec_version" | "created" | "modified") | None => Err(required(object, part)),
        Some(name) if part.is_whole_property() && is_required(object, name) => Err(required(object, part)),
        Some(_) => Ok(()),
    }
}

fn required(object: &Object, part: &Part) -> ReduceError {
    let property = part.first().unwrap_or("id").to_owned();
    ReduceError::Required { pointer: part.pointer(), kind: object.kind().to_owned(), property }
}

/// Whether the standard demands the property `name`; what kinds of others demand, their schemas say afterwards.
fn is_required(object: &Object, name: &str) -> bool {
    let own = schema::kind(object.kind()).map_or(&[][..], |kind| kind.record.properties);
    let mut properties = schema::common(object.class(), object.kind()).iter().chain(own);
    properties.any(|property| property.0 == name && property.1 == Need::Must)
}

fn renew(map: &mut Map<String, Value>, class: Class, fresh: &Fresh<'_>) {
    map.insert("id".to_owned(), fresh.id.as_str().into());
    if class != Class::Sco {
        map.insert("created".to_owned(), fresh.created.as_str().into());
        map.insert("modified".to_owned(), fresh.modified.as_str().into());
    }
}

/// Where in `value` the text or key `id` stands, if anywhere, as a JSON pointer.
fn named<'v>(value: &'v Value, id: &str, path: &mut Vec<Step<'v>>) -> Option<String> {
    let children: Vec<(Step<'v>, &'v Value)> = match value {
        Value::String(text) if text.contains(id) => return Some(json::pointer(path.iter().copied())),
        Value::Array(list) => list.iter().enumerate().map(|(index, entry)| (Step::Index(index), entry)).collect(),
        Value::Object(map) => map.iter().map(|(key, entry)| (Step::Key(key.as_str()), entry)).collect(),
        _ => return None,
    };
    children.into_iter().find_map(|(step, entry)| {
        path.push(step);
        let is_key = matches!(step, Step::Key(key) if key.contains(id));
        let found = if is_key { Some(json::pointer(path.iter().copied())) } else { named(entry, id, path) };
        path.pop();
        found
    })
}

#[cfg(test)]
mod tests;
