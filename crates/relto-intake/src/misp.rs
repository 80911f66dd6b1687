//! MISP events as STIX 2.1, as misp-stix maps them at its core: what an event says is data already, and nothing is read out of sentences.
//!
//! | MISP | written |
//! |---|---|
//! | an event | `report` if it was published, else `grouping`; its organisation (`Orgc`) an `identity` |
//! | an attribute to detect by (`to_ids`) | `indicator` with a pattern |
//! | another attribute of a type that is known | `observed-data` and the observables in it |
//! | a vulnerability, campaign or threat actor | the object of that name |
//! | any other attribute, a report of the event | `note` |
//! | an object of a template that is known | one indicator, or observed data, of all its attributes |
//! | any other object | its attributes, each by itself, and a `grouping` of them |
//! | a galaxy | the object that it stands for, with a `relationship` where an attribute has it |
//!
//! Who may read is said in marking-definitions: the colours of TLP by their fixed ids, and what else MISP says (distribution, tags that
//! restrict) in an extension with MISP's words, which `relto-policy` reads ([`layers`]). Parts for fewer readers than the event are not among
//! the references of its report, which all readers of the event may follow, but in a grouping of their own.
//!
//! Ids are MISP's UUIDs where one object stands for one thing of MISP, and else follow from them; an event is the same bundle in whatever file it
//! came. What has no place in it is told in [`Written::untold`]. Sightings, proposals, correlations and attached files are not taken.

mod attributes;
mod galaxies;
mod items;
pub mod layers;
mod objects;
mod patterns;
mod writing;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::stix::NAMESPACE;
use uuid::Uuid;

/// The longest file of events, in bytes.
pub const EVENTS_BYTES_MAX: usize = 64 << 20;
/// The keys that make an object a MISP event, and no other document in JSON that we know.
const EVENT_KEYS: [&str; 2] = ["uuid", "info"];
/// What the files of MISP begin with that hold events.
const ENVELOPES: [&str; 2] = ["Event", "response"];
/// What an event without its envelope may begin with.
const EVENT_FIRST: [&str; 8] = ["id", "uuid", "info", "date", "analysis", "orgc_id", "threat_level_id", "Attribute"];
/// Entries of a feed's manifest.
const MANIFEST_ENTRIES_MAX: usize = 100_000;

/// An event, as MISP has it.
#[derive(Clone, Debug)]
pub struct Event {
    event: Map<String, Value>,
    pointer: String,
}

/// Something of an event that is not in its bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Untold {
    /// Where it stands, as a JSON pointer.
    pub pointer: String,
    /// Why.
    pub why: String,
}

/// An event as STIX.
#[derive(Clone, Debug)]
pub struct Written {
    /// A STIX 2.1 bundle in JSON, on one line; the report or grouping of the event comes first.
    pub bundle: String,
    /// How many objects there are of each type, by type.
    pub counts: std::collections::BTreeMap<String, usize>,
    /// What is not in it.
    pub untold: Vec<Untold>,
}

/// Why a text is no events that can be written.
#[derive(Debug, thiserror::Error)]
pub enum MispError {
    /// Damaged, or cut short.
    #[error("it is no sound JSON")]
    Json(#[from] serde_json::Error),
    /// It lacks what every event has.
    #[error("{pointer}: {why}")]
    Event {
        /// Where, as a JSON pointer.
        pointer: String,
        /// What is wrong.
        why: String,
    },
    /// Longer than may be.
    #[error("it has more than the {EVENTS_BYTES_MAX} bytes that a file of events may have")]
    TooLong,
}

/// The events in `text`: one event, what a search of MISP answers, or a list; `None` when it is nothing of MISP.
///
/// # Errors
/// [`MispError`] when it says that it is of MISP, and cannot be read.
pub fn events(text: &str) -> Option<Result<Vec<Event>, MispError>> {
    let says_so = begins_with(text, &ENVELOPES);
    if !says_so && !begins_with(text, &EVENT_FIRST) {
        return None;
    }
    if text.len() > EVENTS_BYTES_MAX {
        return says_so.then_some(Err(MispError::TooLong));
    }
    match serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}')) {
        Ok(value) => found(value),
        // What only might have been an event is some other text.
        Err(error) => says_so.then(|| Err(error.into())),
    }
}

/// Whether the first key in `text`, or in the first object of a list, is one of `keys`: what is no MISP is not to be read as JSON first.
fn begins_with(text: &str, keys: &[&str]) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let inner = text.strip_prefix('[').map_or(text, str::trim_start);
    let key = inner.strip_prefix('{').map(str::trim_start).and_then(|rest| rest.strip_prefix('"'));
    key.is_some_and(|key| keys.iter().any(|known| key.strip_prefix(known).is_some_and(|rest| rest.starts_with('"'))))
}

fn found(value: Value) -> Option<Result<Vec<Event>, MispError>> {
    let (pointer, value) = match value {
        Value::Object(mut object) if object.contains_key("response") => {
            let inner = object.remove("response")?;
            ("/response".to_owned(), inner)
        }
        value => (String::new(), value),
    };
    let listed = match value {
        Value::Array(list) => list.into_iter().enumerate().map(|(at, value)| (format!("{pointer}/{at}"), value)).collect(),
        value => vec![(pointer, value)],
    };
    let mut events = Vec::new();
    for (pointer, value) in listed {
        events.push(event(pointer, value)?);
    }
    events.into_iter().collect::<Result<Vec<_>, _>>().map(Some).transpose()
}

/// The event at `pointer`; `None` when it is none.
fn event(pointer: String, value: Value) -> Option<Result<Event, MispError>> {
    let Value::Object(mut object) = value else { return None };
    let (pointer, event) = match object.remove("Event") {
        Some(Value::Object(event)) => (format!("{pointer}/Event"), event),
        Some(_) => return Some(Err(MispError::Event { pointer: format!("{pointer}/Event"), why: "is no object".to_owned() })),
        None => (pointer, object),
    };
    let is_event = EVENT_KEYS.iter().all(|key| event.contains_key(*key));
    if !is_event && pointer.ends_with("/Event") {
        return Some(Err(MispError::Event { pointer, why: "an event without `uuid` and `info`".to_owned() }));
    }
    is_event.then_some(Ok(Event { event, pointer }))
}

/// The UUIDs of the events that `text` lists, if it is the manifest of a MISP feed.
#[must_use]
pub fn manifest(text: &str) -> Option<Vec<String>> {
    let text = text.trim_start_matches('\u{feff}');
    if !text.trim_start().starts_with('{') || text.len() > EVENTS_BYTES_MAX {
        return None;
    }
    let entries: Map<String, Value> = serde_json::from_str(text).ok()?;
    let is_entry = |(uuid, entry): (&String, &Value)| items::is_uuid(uuid) && entry.get("info").is_some();
    let is_manifest = !entries.is_empty() && entries.len() <= MANIFEST_ENTRIES_MAX && entries.iter().all(is_entry);
    is_manifest.then(|| entries.keys().cloned().collect())
}

impl Event {
    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        let said = items::text(&self.event, "info").unwrap_or_default();
        if said.is_empty() { "an event of MISP" } else { said }
    }

    /// The event as it came, in JSON on one line.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(&self.event).unwrap_or_default()
    }

    /// The event as STIX. `restricts` says of a tag whether it says who may read.
    ///
    /// # Errors
    /// [`MispError`] when it has no UUID or time.
    pub fn write(&self, restricts: &dyn Fn(&str) -> bool) -> Result<Written, MispError> {
        writing::write(self, restricts)
    }
}

/// The UUID that follows from `parts`.
fn derived(parts: &[&str]) -> Uuid {
    Uuid::new_v5(&NAMESPACE, ["misp"].iter().chain(parts).copied().collect::<Vec<_>>().join("\n").as_bytes())
}

#[cfg(test)]
mod tests;
