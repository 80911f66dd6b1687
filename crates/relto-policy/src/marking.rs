//! STIX markings (STIX 2.1, section 7.2) as labels: TLP 1 and 2 by their fixed ids, Relto's own extension, ACS 3.0, what MISP says, statements.
//!
//! A marking that cannot be understood never widens: it withholds from all but the owner, with a note that says why. Statements are
//! informative: an object with nothing else is unmarked, and its label is the node's business.

pub mod stanag4774;
pub mod structured;

use std::collections::BTreeSet;

use relto_model::{Label, ObjectId};
use serde_json::Value as Json;

use crate::policy::tlp;
use crate::rules::Rules;
use crate::text::{LabelContext, organisation_label, tlp_label};
use crate::worlds::Site;
use crate::worlds::acs::{self, ACS_EXTENSION};
use crate::worlds::misp::{self, MISP_EXTENSION};

/// The id of Relto's extension definition for labels in marking-definitions.
pub const LABEL_EXTENSION: &str = "extension-definition--6c1f3fc4-6d7f-5c5b-9d3a-52d2a1b0c7e1";
/// The id of OASIS's extension definition for TLP 2.0.
pub const TLP2_EXTENSION: &str = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";

/// The nine well-known TLP marking-definitions (STIX 2.1, section 7.2.1.4, and the OASIS objects for TLP 2.0).
const TLP_IDS: [(&str, u8, &[&str]); 9] = [
    ("marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", tlp::CLEAR, &["clear"]),
    ("marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb", tlp::GREEN, &["green"]),
    ("marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", tlp::AMBER, &["amber"]),
    ("marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003", tlp::AMBER_STRICT, &["amber+strict"]),
    ("marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1", tlp::RED, &["red"]),
    ("marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9", tlp::CLEAR, &["white", "clear"]),
    ("marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da", tlp::GREEN, &["green"]),
    ("marking-definition--f88d31f6-486f-44da-b317-01333bde0b82", tlp::AMBER, &["amber"]),
    ("marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed", tlp::RED, &["red"]),
];

/// What an object's markings mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkingReading {
    /// The join of everything that restricts; `None` when the object counts as unmarked.
    pub label: Option<Label>,
    /// What the owner should know: synonyms, and why something withholds.
    pub notes: Vec<String>,
    /// Whether some marking could not be understood, so that the owner alone may read.
    pub withheld: bool,
}

/// Reads the markings `ids` of one object. `find` gives the marking-definition of an id as far as the object's writer may see it.
pub fn read_markings<'i>(
    ids: impl IntoIterator<Item = &'i ObjectId>,
    find: &dyn Fn(&ObjectId) -> Option<Json>,
    rules: &Rules,
    context: &LabelContext,
) -> MarkingReading {
    let mut reading = MarkingReading { label: None, notes: Vec::new(), withheld: false };
    for id in ids.into_iter().collect::<BTreeSet<_>>() {
        let label = match read_one(id, find(id).as_ref(), rules, context) {
            Ok(Meaning { label, note }) => {
                reading.notes.extend(note.map(|note| format!("{id}: {note}")));
                label
            }
            Err(why) => {
                reading.withheld = true;
                reading.notes.push(format!("{id}: {why}; withheld from all but {}", context.owner));
                Some(organisation_label([context.owner.as_str()]))
            }
        };
        reading.label = match (reading.label.take(), label) {
            (Some(own), Some(other)) => Some(own.join(&other)),
            (own, other) => own.or(other),
        };
    }
    reading
}

/// Whether `id` is one of the fixed TLP ids, whose definitions need not travel.
#[must_use]
pub fn is_predefined(id: &ObjectId) -> bool {
    TLP_IDS.iter().any(|(known, _, _)| *known == id.as_str())
}

struct Meaning {
    label: Option<Label>,
    note: Option<String>,
}

fn read_one(id: &ObjectId, definition: Option<&Json>, rules: &Rules, context: &LabelContext) -> Result<Meaning, String> {
    let predefined = TLP_IDS.iter().find(|(known, _, _)| *known == id.as_str());
    if let Some((_, level, words)) = predefined {
        let agreed = |definition| says_nothing_else(definition, TLP2_EXTENSION).and_then(|()| agrees(definition, words));
        let note = definition.map_or(Ok(None), agreed)?;
        return Ok(Meaning { label: Some(tlp_label(*level, context)), note });
    }
    let definition = definition.ok_or("an unknown marking")?;
    if let Some(extension) = extension(definition, LABEL_EXTENSION) {
        says_nothing_else(definition, LABEL_EXTENSION)?;
        if definition.get("definition_type").or(definition.get("definition")).is_some() {
            return Err("a `definition` beside Relto's extension, of which it cannot be said which holds".to_owned());
        }
        let (label, note) = structured::read(extension, definition, rules, context)?;
        return Ok(Meaning { label: Some(label), note });
    }
    if let Some(extension) = extension(definition, ACS_EXTENSION) {
        return read_acs(extension, definition, rules, context);
    }
    if let Some(extension) = extension(definition, MISP_EXTENSION) {
        return read_misp(extension, definition, rules, context);
    }
    if tlp_word(definition).is_some() {
        return Err("a TLP marking that does not have the fixed id of its colour".to_owned());
    }
    match definition.get("definition_type").and_then(Json::as_str) {
        Some("statement") if definition.get("extensions").is_none() => Ok(Meaning { label: None, note: None }),
        Some(kind) => Err(format!("a marking of type `{}`, which this node cannot read", kind.chars().take(40).collect::<String>())),
        None => Err("a marking by an extension that this node cannot read".to_owned()),
    }
}

/// ACS 3.0, when the definition says nothing else.
fn read_acs(extension: &Json, definition: &Json, rules: &Rules, context: &LabelContext) -> Result<Meaning, String> {
    says_nothing_else(definition, ACS_EXTENSION)?;
    if definition.get("definition_type").or(definition.get("definition")).is_some() {
        return Err("a `definition` beside the ACS extension, of which it cannot be said which holds".to_owned());
    }
    let site = Site { rules, context, originator: None };
    let reading = acs::read(extension, &site).map_err(|refused| format!("in the ACS extension {refused}"))?;
    let note = (!reading.notes.is_empty()).then(|| reading.notes.join("; "));
    Ok(Meaning { label: Some(reading.label), note })
}

/// What MISP says of readers, when the definition says nothing else.
fn read_misp(extension: &Json, definition: &Json, rules: &Rules, context: &LabelContext) -> Result<Meaning, String> {
    says_nothing_else(definition, MISP_EXTENSION)?;
    if definition.get("definition_type").or(definition.get("definition")).is_some() {
        return Err("a `definition` beside what MISP says, of which it cannot be said which holds".to_owned());
    }
    // A marking travels on with what it marks, and whom it would let in besides its owner is never those of the place where it was read.
    let context = LabelContext { collection: None, ..context.clone() };
    let label = misp::read_marking(extension, &Site { rules, context: &context, originator: None });
    Ok(Meaning { label: label.map_err(|refused| format!("in what MISP says {refused}"))?, note: None })
}

/// A second marking in one definition could say more than the one that is read: both would have to be met, and only one is known.
fn says_nothing_else(definition: &Json, known: &str) -> Result<(), String> {
    let extensions = definition.get("extensions").and_then(Json::as_object);
    match extensions.and_then(|extensions| extensions.keys().find(|id| *id != known)) {
        Some(other) => Err(format!("another extension, `{}`, which this node cannot read", other.chars().take(64).collect::<String>())),
        None => Ok(()),
    }
}

/// Whether the definition that came along says what its fixed id says.
fn agrees(definition: &Json, words: &[&str]) -> Result<Option<String>, String> {
    let Some(word) = tlp_word(definition) else {
        return Err("the definition under this TLP id says nothing of TLP".to_owned());
    };
    // Where the colour is in the wrong place, as some producers write it, it must not contradict the one in the right place.
    if let Some(other) = colour_of_type(definition).filter(|colour| !colour.is_empty() && *colour != word) {
        return Err(format!("the definition under this TLP id says `{}` as well", other.chars().take(40).collect::<String>()));
    }
    let name_agrees = definition.get("name").and_then(Json::as_str).is_none_or(|name| {
        let name = name.to_ascii_lowercase();
        name.strip_prefix("tlp:").is_none_or(|colour| words.contains(&colour) || (words.contains(&"clear") && colour == "white"))
    });
    if words.contains(&word.as_str()) && name_agrees {
        Ok(None)
    } else if words.contains(&"clear") && matches!(word.as_str(), "white" | "clear") && name_agrees {
        Ok(Some(format!("written `{word}`, read as TLP:CLEAR")))
    } else {
        Err(format!("the definition under this TLP id says `{}`", word.chars().take(40).collect::<String>()))
    }
}

/// The colour that a definition claims, in lower case, from the TLP 1 form or the TLP 2.0 extension.
fn tlp_word(definition: &Json) -> Option<String> {
    let second = extension(definition, TLP2_EXTENSION).map(|extension| extension.get("tlp_2_0"));
    let first = definition.get("definition").and_then(|inner| inner.get("tlp"));
    let claimed = match (second, first) {
        (Some(value), None) => Some(value.and_then(Json::as_str).unwrap_or("nothing").to_owned()),
        (None, Some(value)) => Some(value.as_str().unwrap_or("nothing").to_owned()),
        // Both generations in one object: only if they agree is it clear what is meant.
        (Some(two), Some(one)) if two == Some(one) => one.as_str().map(str::to_owned),
        (Some(_), Some(_)) => Some("two things".to_owned()),
        (None, None) => colour_of_type(definition),
    };
    claimed.map(|word| word.to_ascii_lowercase())
}

/// What a `definition_type` of TLP has after its name, in lower case: nothing, as it should be, or a colour.
fn colour_of_type(definition: &Json) -> Option<String> {
    let kind = definition.get("definition_type").and_then(Json::as_str)?.to_ascii_lowercase();
    kind.strip_prefix("tlp").map(|colour| colour.trim_start_matches(':').to_owned())
}

fn extension<'j>(definition: &'j Json, id: &str) -> Option<&'j Json> {
    definition.get("extensions")?.get(id)
}

#[cfg(test)]
mod tests;
