//! STIX 2.0 into 2.1: what the two standards call the same thing, under its new name. Nothing is dropped in silence: what 2.1 has no place
//! for is kept under an `x_` name, and every rule that was applied is named. Ids, times and markings stay.
//!
//! The cyber-observables inside observed-data, which become objects of their own, are in [`observed`]. The rules are those of the
//! OASIS documents on what changed between the versions (STIX 2.1, section 1.7 and appendix C).

mod observed;

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::json;
use crate::kinds::Kinds;
use crate::object::{Object, ObjectError};

/// What became of one STIX 2.0 object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted {
    /// STIX 2.1 objects: the object itself first, then the cyber-observables that it held.
    pub objects: Vec<Bytes>,
    /// The rules that were applied, each once an object.
    pub changes: Vec<&'static str>,
}

/// What [`read`] found: valid STIX 2.1 objects, and how they were made so.
#[derive(Debug)]
pub struct Reading {
    /// One object; several when an observed-data of STIX 2.0 was taken apart.
    pub objects: Vec<Object>,
    /// The rules of conversion that were applied; none for STIX 2.1.
    pub changes: Vec<&'static str>,
}

/// Whether `value` is an object of STIX 2.0: versioned or a marking, and without the `spec_version` that 2.1 puts on each object.
#[must_use]
pub fn is_stix20(value: &Value) -> bool {
    let is_object = value.get("type").is_some_and(Value::is_string) && value.get("id").is_some_and(Value::is_string);
    match value.get("spec_version").map(Value::as_str) {
        None => is_object && value.get("created").is_some(),
        Some(version) => is_object && version == Some("2.0"),
    }
}

/// Reads one object of either version.
///
/// # Errors
/// [`ObjectError`] when it is valid in neither; then it speaks of the object as STIX 2.1 would have it.
pub fn read(bytes: Bytes, kinds: &Kinds) -> Result<Reading, ObjectError> {
    let fault = match Object::parse(bytes.clone(), kinds) {
        Ok(object) => return Ok(Reading { objects: vec![object], changes: Vec::new() }),
        Err(fault) => fault,
    };
    let Some(Converted { objects, changes }) = convert(&bytes) else { return Err(fault) };
    let objects = objects.into_iter().map(|bytes| Object::parse(bytes, kinds)).collect::<Result<Vec<_>, _>>()?;
    Ok(Reading { objects, changes })
}

/// The STIX 2.1 form of a STIX 2.0 object; `None` when `bytes` are no STIX 2.0 object. Whether the result is valid, [`Object::parse`] says.
#[must_use]
pub fn convert(bytes: &[u8]) -> Option<Converted> {
    let Value::Object(mut object) = json::read(bytes).ok().filter(is_stix20)? else { return None };
    let mut changes = Changes::default();
    object.insert("spec_version".to_owned(), json!("2.1"));
    changes.note("spec_version set to 2.1");
    general(&mut object, &mut changes);
    let kind = object.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    let observables = match kind.as_str() {
        "observed-data" => observed::take_apart(&mut object, &mut changes),
        _ => {
            one_kind(&kind, &mut object, &mut changes);
            Vec::new()
        }
    };
    let all = std::iter::once(object).chain(observables);
    let objects = all.map(|object| serde_json::to_vec(&object).map(Bytes::from)).collect::<Result<Vec<_>, _>>().ok()?;
    Some(Converted { objects, changes: changes.0 })
}

/// The rules applied to one object so far.
#[derive(Default)]
struct Changes(Vec<&'static str>);

impl Changes {
    fn note(&mut self, rule: &'static str) {
        if !self.0.contains(&rule) {
            self.0.push(rule);
        }
    }

    /// Renames a property; what stands under the new name already wins.
    fn rename(&mut self, object: &mut Map<String, Value>, from: &str, to: &str, rule: &'static str) {
        if !object.contains_key(to)
            && let Some(value) = object.remove(from)
        {
            object.insert(to.to_owned(), value);
            self.note(rule);
        }
    }
}

/// What holds for every kind.
fn general(object: &mut Map<String, Value>, changes: &mut Changes) {
    for name in ["created", "modified"] {
        if let Some(Value::String(text)) = object.get_mut(name)
            && let Some(precise) = with_milliseconds(text)
        {
            *text = precise;
            changes.note("created and modified given milliseconds");
        }
    }
    let before = object.len();
    object.retain(|_, value| value.as_array().is_none_or(|list| !list.is_empty()));
    if object.len() < before {
        changes.note("empty lists left out");
    }
    for reference in object.get_mut("external_references").and_then(Value::as_array_mut).into_iter().flatten() {
        reference.get_mut("hashes").and_then(Value::as_object_mut).into_iter().for_each(|hashes| hash_names(hashes, changes));
    }
}

/// `text` with three fractional digits, when it has fewer. 2.0 asked for exactly three; not every producer listened.
fn with_milliseconds(text: &str) -> Option<String> {
    let precision = crate::Timestamp::parse(text).ok()?.precision();
    let plain = text.trim_end_matches('Z');
    match precision {
        0 => Some(format!("{plain}.000Z")),
        1 | 2 => Some(format!("{plain}{}Z", "0".repeat(3 - precision))),
        _ => None,
    }
}

/// 2.0 wrote `ssdeep`; 2.1 writes `SSDEEP`.
fn hash_names(hashes: &mut Map<String, Value>, changes: &mut Changes) {
    changes.rename(hashes, "ssdeep", "SSDEEP", "the hash ssdeep renamed to SSDEEP");
}

fn one_kind(kind: &str, object: &mut Map<String, Value>, changes: &mut Changes) {
    match kind {
        "identity" => {
            changes.rename(object, "labels", "roles", "identity: labels moved to roles");
            identity_class(object, changes);
        }
        "indicator" => indicator(object, changes),
        "malware" => {
            changes.rename(object, "labels", "malware_types", "malware: labels moved to malware_types");
            if !object.contains_key("is_family") {
                // In 2.0 a malware always has a name, as a family must have and an instance need not.
                object.insert("is_family".to_owned(), json!(true));
                changes.note("malware: is_family set to true");
            }
        }
        "report" => changes.rename(object, "labels", "report_types", "report: labels moved to report_types"),
        "threat-actor" => changes.rename(object, "labels", "threat_actor_types", "threat-actor: labels moved to threat_actor_types"),
        "tool" => changes.rename(object, "labels", "tool_types", "tool: labels moved to tool_types"),
        "marking-definition" => tlp_name(object, changes),
        _ => {}
    }
}

/// A list of one is what some producers write where the standard has one text.
fn identity_class(object: &mut Map<String, Value>, changes: &mut Changes) {
    if let Some(class) = object.get_mut("identity_class")
        && let Some([Value::String(only)]) = class.as_array().map(Vec::as_slice)
    {
        *class = json!(only);
        changes.note("identity: identity_class, a list of one, made a text");
    }
}

fn indicator(object: &mut Map<String, Value>, changes: &mut Changes) {
    changes.rename(object, "labels", "indicator_types", "indicator: labels moved to indicator_types");
    if !object.contains_key("pattern_type") {
        object.insert("pattern_type".to_owned(), json!("stix"));
        changes.note("indicator: pattern_type set to stix");
    }
    if let Some(created) = object.get("created").filter(|_| !object.contains_key("valid_from")).cloned() {
        object.insert("valid_from".to_owned(), created);
        changes.note("indicator: valid_from set to created");
    }
    let Some(pattern) = object.get("pattern").and_then(Value::as_str).filter(|pattern| crate::pattern::check(pattern).is_err()) else {
        return;
    };
    let typed = typed_timestamps(pattern);
    if crate::pattern::check(&typed).is_ok() {
        object.insert("pattern".to_owned(), json!(typed));
        changes.note("indicator: START and STOP given time stamps");
    }
}

/// 2.0 allowed `START '2016-…' STOP '2016-…'`; 2.1 wants `t'2016-…'`.
fn typed_timestamps(pattern: &str) -> String {
    pattern.replace("START '", "START t'").replace("STOP '", "STOP t'")
}

/// In 2.1 the four predefined markings have a name.
fn tlp_name(object: &mut Map<String, Value>, changes: &mut Changes) {
    let colour = object.get("definition").and_then(|definition| definition.get("tlp")).and_then(Value::as_str);
    if let Some(colour) = colour.map(str::to_ascii_uppercase).filter(|_| !object.contains_key("name")) {
        object.insert("name".to_owned(), json!(format!("TLP:{colour}")));
        changes.note("TLP marking given its name");
    }
}

#[cfg(test)]
mod tests;
