//! A document that was read anew: which of its objects are new, which are other ones now, and which are no longer said.
//!
//! What is said word for word as before keeps its version. What changed is a later version of the same object, and what is no longer
//! said is revoked. Since that is final (STIX 2.1, section 3.2), what is said again after it was revoked has another id, which follows
//! from the first.

use super::form::{NAMESPACE, milliseconds};
use super::proposed;
use relto_model::{Stamp, Timestamp};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The least time between two versions, in microseconds: STIX tells them apart by milliseconds.
const VERSION_MICROS: i64 = 1_000;

/// What became of a document's objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// The bundle of everything that the document says now, each object in the version that holds.
    pub bundle: String,
    /// The bundle of what is to be stored for that: new objects, later versions, revocations; `None` where nothing changed.
    pub changes: Option<String>,
    /// The ids of everything that was ever revoked.
    pub revoked: BTreeSet<String>,
    /// How many objects are new.
    pub added: usize,
    /// How many are other ones.
    pub changed: usize,
    /// How many are no longer said.
    pub withdrawn: usize,
}

/// What becomes of `before`, the bundle that holds, by `after`, the one that was read now; `revoked` are the ids that were revoked
/// already. Later versions are of `at`, or a little later where that is not later.
///
/// # Errors
/// When one of the two is no bundle.
pub fn revised(before: &str, revoked: &BTreeSet<String>, after: &str, at: Stamp) -> Result<Revision, serde_json::Error> {
    let (earlier, mut after): (Value, Value) = (serde_json::from_str(before)?, serde_json::from_str(after)?);
    let names = said_again(&after, revoked);
    rename(&mut after, &names);
    let earlier: BTreeMap<&str, &Value> = objects(&earlier).iter().filter_map(|object| Some((id(object)?, object))).collect();
    let mut revision = Drawn { at, added: 0, changed: 0, stored: Vec::new() };
    let said: Vec<Value> = objects(&after).iter().map(|object| revision.say(object, &earlier)).collect();
    let still: BTreeSet<&str> = said.iter().filter_map(id).collect();
    let gone: Vec<&Value> = earlier.iter().filter(|(id, _)| !still.contains(*id)).map(|(_, object)| *object).collect();
    // Observables have no versions, and say nothing by themselves.
    let withdrawn: Vec<Value> =
        gone.into_iter().filter(|object| object.get("modified").is_some()).map(|object| revision.revoke(object)).collect();
    let bundle_id = after.get("id").cloned().unwrap_or_default();
    let bundle = |objects: Vec<Value>| serde_json::to_string(&json!({ "type": "bundle", "id": bundle_id.clone(), "objects": objects }));
    let revoked = revoked.iter().cloned().chain(withdrawn.iter().filter_map(id).map(str::to_owned)).collect();
    let Drawn { added, changed, mut stored, .. } = revision;
    let withdrawn_count = withdrawn.len();
    stored.extend(withdrawn);
    let changes = if stored.is_empty() { None } else { Some(bundle(stored)?) };
    Ok(Revision { bundle: bundle(said)?, changes, revoked, added, changed, withdrawn: withdrawn_count })
}

/// `after` with what a model proposed in `before`: a model is not asked again, and its proposals rest on the bytes alone. What one was about and is
/// named no more, it is about no more.
///
/// # Errors
/// When one of the two is no bundle.
pub fn with_proposals(before: &str, after: &str) -> Result<String, serde_json::Error> {
    let (earlier, mut after): (Value, Value) = (serde_json::from_str(before)?, serde_json::from_str(after)?);
    let there: BTreeSet<String> = objects(&after).iter().filter_map(id).map(str::to_owned).collect();
    let proposals = objects(&earlier).iter().filter(|object| proposed::is_proposal(object)).cloned().map(|mut note| {
        let about = note.get_mut("object_refs").and_then(Value::as_array_mut);
        about.into_iter().for_each(|about| about.retain(|of| of.as_str().is_some_and(|of| there.contains(of))));
        note
    });
    let proposals: Vec<Value> = proposals.collect();
    if let Some(all) = after.get_mut("objects").and_then(Value::as_array_mut) {
        all.extend(proposals);
    }
    serde_json::to_string(&after)
}

/// What is to be stored, as it is found.
struct Drawn {
    at: Stamp,
    added: usize,
    changed: usize,
    stored: Vec<Value>,
}

impl Drawn {
    /// The version of `object` that holds.
    fn say(&mut self, object: &Value, earlier: &BTreeMap<&str, &Value>) -> Value {
        let Some(before) = id(object).and_then(|id| earlier.get(id)) else {
            self.added += 1;
            self.stored.push(object.clone());
            return object.clone();
        };
        let as_before = with(object, "modified", before.get("modified").cloned());
        if as_before == **before {
            return as_before;
        }
        self.changed += 1;
        let later = with(object, "modified", Some(self.later(before)));
        self.stored.push(later.clone());
        later
    }

    fn revoke(&self, object: &Value) -> Value {
        with(&with(object, "modified", Some(self.later(object))), "revoked", Some(json!(true)))
    }

    /// When a version is made that follows on `before`.
    fn later(&self, before: &Value) -> Value {
        let modified = before.get("modified").and_then(Value::as_str).and_then(|text| Timestamp::parse(text).ok());
        let least = modified.map_or(self.at, |modified| Stamp(modified.stamp().0.saturating_add(VERSION_MICROS)));
        json!(milliseconds(self.at.max(least)))
    }
}

/// New ids for what was revoked and is said again.
fn said_again(after: &Value, revoked: &BTreeSet<String>) -> BTreeMap<String, String> {
    let again = objects(after).iter().filter_map(id).filter(|id| revoked.contains(*id));
    let next = |id: &str| (1_u32..).map(|time| id_again(id, time)).find(|next| !revoked.contains(next));
    again.filter_map(|id| Some((id.to_owned(), next(id)?))).collect()
}

fn id_again(id: &str, time: u32) -> String {
    let kind = id.split("--").next().unwrap_or_default();
    format!("{kind}--{}", Uuid::new_v5(&NAMESPACE, format!("{id}\nagain {time}").as_bytes()).hyphenated())
}

/// Puts the new ids wherever the old ones stand alone.
fn rename(value: &mut Value, names: &BTreeMap<String, String>) {
    match value {
        _ if names.is_empty() => {}
        Value::String(text) => {
            if let Some(name) = names.get(text) {
                text.clone_from(name);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, names)),
        Value::Object(members) => members.values_mut().for_each(|member| rename(member, names)),
        _ => {}
    }
}

/// `object` with the property `name`, or without it.
fn with(object: &Value, name: &str, value: Option<Value>) -> Value {
    let mut members: Map<String, Value> = object.as_object().cloned().unwrap_or_default();
    match value {
        Some(value) => drop(members.insert(name.to_owned(), value)),
        None => drop(members.remove(name)),
    }
    Value::Object(members)
}

fn objects(bundle: &Value) -> &[Value] {
    bundle.get("objects").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn id(object: &Value) -> Option<&str> {
    object.get("id").and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: &str = "2026-11-28T04:00:00Z";

    fn bundle(objects: &[(&str, &str)]) -> String {
        let object = |(number, says): &(&str, &str)| json!({ "type": "note", "id": note(number), "modified": "2023-05-17T00:00:00.000Z", "content": says, "object_refs": [note("9")] });
        json!({ "type": "bundle", "id": "bundle--1", "objects": objects.iter().map(object).collect::<Vec<_>>() }).to_string()
    }

    fn note(number: &str) -> String {
        format!("note--{number}0000000-0000-4000-8000-000000000000")
    }

    fn at() -> Stamp {
        Stamp::parse(AT).unwrap()
    }

    #[test]
    fn what_is_said_as_before_keeps_its_version() {
        let before = bundle(&[("1", "a"), ("2", "b"), ("3", "c")]);
        assert_eq!(revised(&before, &BTreeSet::new(), &before, at()).unwrap().changes, None);
        let revision = revised(&before, &BTreeSet::new(), &bundle(&[("1", "a"), ("2", "other"), ("4", "d")]), at()).unwrap();
        assert_eq!((revision.added, revision.changed, revision.withdrawn), (1, 1, 1));
        let stored: Value = serde_json::from_str(revision.changes.as_deref().unwrap()).unwrap();
        let told: Vec<(&str, &str, bool)> = objects(&stored)
            .iter()
            .map(|object| (id(object).unwrap(), object["modified"].as_str().unwrap(), object.get("revoked").is_some()))
            .collect();
        let later = "2026-11-28T04:00:00.000Z";
        let wanted = [(note("2"), later, false), (note("4"), "2023-05-17T00:00:00.000Z", false), (note("3"), later, true)];
        assert_eq!(told, wanted.iter().map(|(id, at, gone)| (id.as_str(), *at, *gone)).collect::<Vec<_>>());
        // Once more in the same moment is later all the same.
        let once_more = revised(&revision.bundle, &revision.revoked, &bundle(&[("1", "a"), ("2", "third"), ("4", "d")]), at()).unwrap();
        assert!(once_more.changes.unwrap().contains("2026-11-28T04:00:00.001Z"));
    }

    #[test]
    fn what_was_revoked_comes_again_under_another_id() {
        let (with, without) = (bundle(&[("1", "a"), ("9", "b")]), bundle(&[("1", "a")]));
        let mut holds = with.clone();
        let mut revoked = BTreeSet::new();
        let mut seen = BTreeSet::new();
        for _ in 0..3 {
            let gone = revised(&holds, &revoked, &without, at()).unwrap();
            let again = revised(&gone.bundle, &gone.revoked, &with, at()).unwrap();
            assert_eq!((gone.withdrawn, again.added), (1, 1));
            let bundle: Value = serde_json::from_str(&again.bundle).unwrap();
            let last = objects(&bundle).last().unwrap();
            assert!(!again.revoked.contains(id(last).unwrap()) && seen.insert(id(last).unwrap().to_owned()));
            assert_eq!(objects(&bundle)[0]["object_refs"][0], last["id"], "references follow");
            (holds, revoked) = (again.bundle, again.revoked);
        }
    }

    #[test]
    fn proposals_stay_and_are_about_what_is_still_named() {
        let note = json!({ "id": "note--1", "object_refs": ["report--1", "identity--1"],
            "extensions": { crate::stix::EXTENSION: { "rules": ["model-proposal"] } } });
        let other = json!({ "id": "note--2", "object_refs": ["report--1"] });
        let bundle = |objects: &[&Value]| json!({ "type": "bundle", "id": "bundle--1", "objects": objects }).to_string();
        let (report, identity) = (json!({ "id": "report--1" }), json!({ "id": "identity--1" }));
        let before = bundle(&[&report, &identity, &other, &note]);
        let kept = |after: &[&Value]| serde_json::from_str::<Value>(&with_proposals(&before, &bundle(after)).unwrap()).unwrap();
        assert_eq!(kept(&[&report, &identity])["objects"], json!([report, identity, note]));
        let mut alone = note.clone();
        alone["object_refs"] = json!(["report--1"]);
        assert_eq!(kept(&[&report])["objects"], json!([report, alone]));
    }
}
