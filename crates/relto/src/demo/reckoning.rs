//! What each of the people must get, by plain sets: who reads which label is written down in `demo/expected.json`, and an object that
//! refers to others is for those who read all of them.
//!
//! Nothing of the gate, the policy tables or the store is used here; that is the point.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value as Json;

use crate::demo::data::{Data, Load};
use crate::failure::Failure;

const SHIPPED: &str = include_str!("../../../../demo/expected.json");

/// Names of people.
pub(super) type Readers = BTreeSet<String>;

/// `demo/expected.json`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expected {
    #[serde(rename = "about")]
    _about: String,
    /// Who reads a label.
    pub readers: BTreeMap<String, Readers>,
    /// Who reads objects whose own markings say more than the label that they are loaded with.
    pub marked: BTreeMap<String, Readers>,
    /// Who reads a label once the equivalence stands, where that differs.
    pub readers_after_equivalence: BTreeMap<String, Readers>,
    /// How many objects of each collection each of the people gets.
    pub counts: BTreeMap<String, BTreeMap<String, usize>>,
    /// The same, once the equivalence stands.
    pub counts_after_equivalence: BTreeMap<String, BTreeMap<String, usize>>,
}

/// For each collection, each object's readers.
pub(super) type Reckoning = BTreeMap<String, BTreeMap<String, Readers>>;

impl Expected {
    /// The figures that are shipped.
    ///
    /// # Errors
    /// [`Failure`] when the file is damaged.
    pub(super) fn shipped() -> Result<Self, Failure> {
        serde_json::from_str(SHIPPED).map_err(|error| Failure::of("demo/expected.json cannot be read", &error))
    }

    /// Who reads which object, before the equivalence stands or after.
    ///
    /// # Errors
    /// [`Failure`] when a label is not in the table.
    pub(super) fn reckon(&self, data: &Data, after_equivalence: bool) -> Result<Reckoning, Failure> {
        let mut own: BTreeMap<&str, Readers> = BTreeMap::new();
        for load in &data.loads {
            for object in &load.objects {
                own.insert(id(object), self.own(load, object, after_equivalence)?);
            }
        }
        let mut reckoning = Reckoning::new();
        for load in &data.loads {
            let collection = reckoning.entry(load.collection.to_owned()).or_default();
            for object in &load.objects {
                let mut readers = own.get(id(object)).cloned().unwrap_or_default();
                for readers_of_other in references(object).iter().filter_map(|other| own.get(other)) {
                    readers.retain(|name| readers_of_other.contains(name));
                }
                collection.insert(id(object).to_owned(), readers);
            }
        }
        Ok(reckoning)
    }

    fn own(&self, load: &Load, object: &Json, after_equivalence: bool) -> Result<Readers, Failure> {
        if let Some(readers) = self.marked.get(id(object)) {
            return Ok(readers.clone());
        }
        let later = self.readers_after_equivalence.get(&load.label).filter(|_| after_equivalence);
        let readers = later.or_else(|| self.readers.get(&load.label));
        readers.cloned().ok_or_else(|| Failure::new(format!("demo/expected.json does not say who reads `{}`", load.label)))
    }

    /// The counts that must come out, before the equivalence stands or after.
    pub(super) fn counts(&self, after_equivalence: bool) -> &BTreeMap<String, BTreeMap<String, usize>> {
        if after_equivalence { &self.counts_after_equivalence } else { &self.counts }
    }
}

/// How many objects of `collection` `name` gets.
pub(super) fn count(reckoning: &Reckoning, collection: &str, name: &str) -> usize {
    ids(reckoning, collection, name).len()
}

/// The ids of what `name` gets of `collection`.
pub(super) fn ids(reckoning: &Reckoning, collection: &str, name: &str) -> BTreeSet<String> {
    let objects = reckoning.get(collection).into_iter().flatten();
    objects.filter(|(_, readers)| readers.contains(name)).map(|(id, _)| id.clone()).collect()
}

/// An object's id.
pub(super) fn id(object: &Json) -> &str {
    object.get("id").and_then(Json::as_str).unwrap_or_default()
}

/// The ids in properties that end in `_ref` or `_refs`, at any depth, except those of markings.
fn references(object: &Json) -> Vec<&str> {
    fn walk<'j>(name: &str, value: &'j Json, found: &mut Vec<&'j str>) {
        match value {
            Json::Object(fields) => {
                fields.iter().filter(|(name, _)| *name != "object_marking_refs").for_each(|(name, value)| walk(name, value, found))
            }
            Json::Array(items) => items.iter().for_each(|item| walk(name, item, found)),
            Json::String(text) if name.ends_with("_ref") || name.ends_with("_refs") => found.push(text),
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk("", object, &mut found);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::policy::Policy;

    fn counts(expected: &Expected, after_equivalence: bool) -> BTreeMap<String, BTreeMap<String, usize>> {
        let policy = Policy::shipped().unwrap();
        let data = Data::shipped(&policy).unwrap();
        let reckoning = expected.reckon(&data, after_equivalence).unwrap();
        let of =
            |collection: &str| policy.users.iter().map(|user| (user.name.clone(), count(&reckoning, collection, &user.name))).collect();
        policy.collections.iter().map(|collection| (collection.name.clone(), of(&collection.name))).collect()
    }

    /// Two ways to one table: the figures as they are written down, and reckoned from data, policy and who reads what.
    #[test]
    fn the_figures_follow_from_the_data() {
        let expected = Expected::shipped().unwrap();
        assert_eq!(counts(&expected, false), expected.counts);
        assert_eq!(counts(&expected, true), expected.counts_after_equivalence);
    }

    #[test]
    fn the_explained_object_divides_the_people() {
        let policy = Policy::shipped().unwrap();
        let reckoning = Expected::shipped().unwrap().reckon(&Data::shipped(&policy).unwrap(), false).unwrap();
        assert_eq!(reckoning["atlas"][&policy.explained], ["amelie", "ben"].map(str::to_owned).into());
    }
}
