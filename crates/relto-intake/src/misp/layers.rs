//! What MISP says of readers, as marking-definitions: of an event, an object, an attribute.
//!
//! Nothing is decided here. Of the tags, the colours of TLP have marking-definitions of their own, which every consumer knows; what else restricts,
//! and the distribution, go in MISP's words into [`EXTENSION`], whose meaning `relto-policy` gives. Whoever does not know that extension withholds.
//!
//! A sharing group is named by nothing: the list of its members is not for everybody who gets the object, and which organisation a member
//! is, no other node can know.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::derived;
use super::items::{self, Item};

/// The extension of marking-definitions that says what MISP says: `distribution`, a digit as a text, and `tags`, those that restrict.
pub const EXTENSION: &str = "extension-definition--a3f9a6f5-3c0b-5d0e-9c6f-2f3b7c1a54d8";
/// Marking-definitions have no versions, and what follows from its words is made once.
const CREATED: &str = "2026-11-28T00:00:00.000Z";
/// The colours, and the marking-definitions of TLP 2.0 that say them.
const COLOURS: [(&str, &str); 6] = [
    ("tlp:clear", "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"),
    ("tlp:white", "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"),
    ("tlp:green", "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"),
    ("tlp:amber", "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"),
    ("tlp:amber+strict", "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"),
    ("tlp:red", "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"),
];
/// Distributions in which a lower one is for fewer.
const ORDERED: [&str; 4] = ["0", "1", "2", "3"];
/// As what it stands in.
const INHERIT: &str = "5";
/// What stands for a distribution that is none: no reader of the extension maps it.
const UNKNOWN: &str = "unknown";

/// The markings of something: ids of marking-definitions.
pub(super) type Markings = BTreeSet<String>;

/// Who may read something, by MISP.
#[derive(Clone, Debug, Default)]
pub(super) struct Layer {
    /// Its marking-definitions.
    pub(super) markings: Markings,
    /// That of MISP's words, where there is one.
    pub(super) definition: Option<Value>,
    /// As it is written; none for what is as it stands in.
    distribution: Option<String>,
}

impl Layer {
    /// Of an event.
    pub(super) fn of_event(event: &Item, restricts: &dyn Fn(&str) -> bool) -> Self {
        // An event that inherits has nothing to inherit from.
        let distribution = distribution(event).map(|said| if said == INHERIT { UNKNOWN.to_owned() } else { said });
        Self::new(distribution, items::tags(event), restricts)
    }

    /// Of a part of what `outer` is of: only what it adds.
    pub(super) fn of_part(part: &Item, outer: &Self, restricts: &dyn Fn(&str) -> bool) -> Self {
        let said = distribution(part).filter(|said| said != INHERIT);
        let adds = said.filter(|said| !outer.is_within(said));
        let mut layer = Self::new(adds, items::tags(part), restricts);
        layer.markings.retain(|marking| !outer.markings.contains(marking));
        layer.distribution = layer.distribution.or_else(|| outer.distribution.clone());
        layer
    }

    /// Whether `distribution` shuts out nobody whom this layer lets in.
    fn is_within(&self, distribution: &str) -> bool {
        let rank = |said: &str| ORDERED.iter().position(|known| *known == said);
        match (self.distribution.as_deref().and_then(rank), rank(distribution)) {
            (Some(own), Some(other)) => other >= own,
            _ => false,
        }
    }

    fn new(distribution: Option<String>, tags: Option<Vec<&str>>, restricts: &dyn Fn(&str) -> bool) -> Self {
        // Tags that cannot be read may restrict, and stand for what admits nobody.
        let distribution = if tags.is_some() { distribution } else { Some(UNKNOWN.to_owned()) };
        let mut markings = Markings::new();
        let mut others = BTreeSet::new();
        for tag in tags.unwrap_or_default() {
            let tag = tag.to_lowercase();
            match COLOURS.iter().find(|(colour, _)| *colour == tag) {
                Some((_, id)) => drop(markings.insert((*id).to_owned())),
                None if restricts(&tag) => drop(others.insert(tag)),
                None => {}
            }
        }
        let says_more = distribution.is_some() || !others.is_empty();
        let definition = says_more.then(|| definition(distribution.as_deref(), &others));
        markings.extend(definition.as_ref().and_then(|definition| definition.get("id")?.as_str()).map(str::to_owned));
        Self { markings, definition, distribution }
    }
}

/// What is said, if anything is: not what cannot be understood, but that there is something.
fn distribution(item: &Item) -> Option<String> {
    let said = item.get("distribution").filter(|value| !value.is_null())?;
    let digit = said.as_u64().map(|number| number.to_string()).or_else(|| said.as_str().map(|text| text.trim().to_owned()));
    Some(digit.filter(|digit| digit.len() == 1 && digit.bytes().all(|byte| byte.is_ascii_digit())).unwrap_or_else(|| UNKNOWN.to_owned()))
}

fn definition(distribution: Option<&str>, tags: &BTreeSet<String>) -> Value {
    let mut said = json!({ "extension_type": "property-extension" });
    if let Some(members) = said.as_object_mut() {
        members.extend(distribution.map(|said| ("distribution".to_owned(), json!(said))));
        if !tags.is_empty() {
            members.insert("tags".to_owned(), json!(tags));
        }
    }
    let named: Vec<&str> = distribution.into_iter().chain(tags.iter().map(String::as_str)).collect();
    let of_distribution = distribution.map(|said| format!("distribution {said}"));
    let name: Vec<String> = of_distribution.into_iter().chain(tags.iter().cloned()).collect();
    json!({
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": format!("marking-definition--{}", derived(&[&["marking"], named.as_slice()].concat())),
        "created": CREATED,
        "name": format!("MISP {}", name.join(", ")),
        "extensions": { EXTENSION: said },
    })
}
