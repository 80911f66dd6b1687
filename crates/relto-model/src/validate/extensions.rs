//! The `extensions` of an object (STIX 2.1, sections 6, 7.3 and 11.3): predefined ones by their tables, others by the general rules.

use serde_json::{Map, Value};

use super::{Checked, Walk};
use crate::json::Step;
use crate::schema::extension::{EXTENSION_TYPES, EXTENSIONS};
use crate::schema::{self, Class};

/// The class that the object's own extension declares its unknown type to be.
pub(super) fn declared_class(map: &Map<String, Value>) -> Option<Class> {
    let extensions = map.get("extensions").and_then(Value::as_object)?;
    extensions.values().find_map(|extension| match extension.get("extension_type")?.as_str()? {
        "new-sdo" => Some(Class::Sdo),
        "new-sro" => Some(Class::Sro),
        "new-sco" => Some(Class::Sco),
        _ => None,
    })
}

pub(super) fn check<'v>(walk: &mut Walk<'v>, map: &'v Map<String, Value>) -> Checked {
    if map.is_empty() {
        return Err(walk.fault("7.3", "must not be empty: leave the property out"));
    }
    map.iter().try_for_each(|(name, extension)| walk.at(Step::Key(name), |walk| one(walk, name, extension)))
}

fn one<'v>(walk: &mut Walk<'v>, name: &'v str, extension: &'v Value) -> Checked {
    if let Some((_, record)) = EXTENSIONS.iter().find(|(_, record)| record.name == name) {
        return walk.record(extension, record);
    }
    let defined = name.starts_with("extension-definition--");
    if defined {
        walk.identifier(name)?;
    } else if !name.ends_with("-ext") || !crate::id::is_kind(name) {
        return Err(walk.fault("7.3", "an extension is named by its extension-definition's id, or by a name that ends in `-ext`"));
    }
    let Some(map) = extension.as_object().filter(|map| !map.is_empty()) else {
        return Err(walk.fault("7.3", "must be a JSON object, and not empty"));
    };
    if defined {
        extension_type(walk, map)?;
    } else {
        walk.warn("a custom extension without an extension-definition (STIX 2.1, section 11.3)");
    }
    map.iter().try_for_each(|(name, value)| walk.at(Step::Key(name), |walk| walk.undeclared(name, value)))
}

fn extension_type(walk: &mut Walk<'_>, map: &Map<String, Value>) -> Checked {
    match map.get("extension_type").map(Value::as_str) {
        Some(Some(kind)) if EXTENSION_TYPES.contains(&kind) => Ok(()),
        Some(_) => {
            walk.at(Step::Key("extension_type"), |walk| Err(walk.fault("7.3", format!("must be {}", schema::listed(EXTENSION_TYPES)))))
        }
        None => Err(walk.fault("7.3", "needs `extension_type`")),
    }
}
