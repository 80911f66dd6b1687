//! Names: what an object is called, which objects are called something, and which of them are one entity.

use std::collections::BTreeMap;

use relto_model::ObjectId;
use relto_store::TextError;
use serde_json::Value as Json;
use unicode_normalization::UnicodeNormalization as _;

use super::gather::{Gathering, Piece};
use super::{EntityChoice, EntityError, EntityRequest, Labels};
use crate::searching::{SearchError, title_of};

/// Properties that hold a name; `aliases` holds several.
pub(super) const NAMES: [&str; 5] = ["name", "title", "short_title", "value", "subject"];
/// Objects that are looked at for their names.
const NAMESAKES_MAX: usize = 1_000;
/// Types whose objects say something of things: such an object is meant by a name only where no thing is so called.
const SAYING: [&str; 11] = [
    "relationship",
    "sighting",
    "note",
    "opinion",
    "report",
    "grouping",
    "indicator",
    "observed-data",
    "marking-definition",
    "extension-definition",
    "language-content",
];

/// `text` as names are compared: in its plain forms, of one case and width, with single spaces.
pub(crate) fn fold(text: &str) -> String {
    let lower: String = text.nfkc().flat_map(char::to_lowercase).nfkc().collect();
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Every name of `object`, the first the one that it is shown by.
pub(super) fn names_of(object: &Json) -> Vec<String> {
    let named = NAMES.iter().filter_map(|name| object.get(*name)?.as_str());
    let aliases = object.get("aliases").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
    let mut names: Vec<String> = title_of(object).into_iter().collect();
    for name in named.chain(aliases) {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// Whether a name of `object` is `words`, which are folded.
pub(crate) fn is_called(object: &Json, words: &str) -> bool {
    names_of(object).iter().any(|name| fold(name) == words)
}

/// The query for objects with `words` in a name, those that have little else in it first.
fn query_for(words: &str) -> String {
    let words = words.replace('"', " ");
    let fields: Vec<String> = NAMES.iter().chain(&["aliases"]).map(|name| format!("{name}:\"{words}\"")).collect();
    format!("\"{words}\" ({})", fields.join(" OR "))
}

/// The records of the one entity that `request` means, in order.
///
/// An id means its object and all others of its kind that bear its name; words mean all of one kind that bear them as name or alias. Nothing else makes two records one
/// here: what is said to be a duplicate is added where relationships are read.
pub(super) fn resolve(gathering: &mut Gathering<'_>, request: &EntityRequest) -> Result<Vec<Piece>, EntityError> {
    let what = request.what.trim();
    if ObjectId::parse(what).is_ok() {
        let own = gathering.look(&format!("id:{what}"), NAMESAKES_MAX)?;
        let first = own.first().ok_or_else(|| EntityError::Absent(request.what.clone()))?;
        let (kind, name) = (Kind::of(first), title_of(&first.object).filter(|_| !request.alone && is_thing(&first.kind)));
        let others = name.map(|name| namesakes(gathering, &name)).transpose()?.unwrap_or_default();
        let others = others.into_iter().filter(|piece| piece.id != what && Kind::of(piece) == kind).collect::<Vec<_>>();
        return Ok(own.into_iter().chain(others).collect());
    }
    let mut called = namesakes(gathering, what)?;
    called.retain(|piece| request.kinds.is_empty() || request.kinds.contains(&piece.kind));
    if called.iter().any(|piece| is_thing(&piece.kind)) {
        called.retain(|piece| is_thing(&piece.kind));
    }
    let mut groups: BTreeMap<(Kind, &str), Vec<&Piece>> = BTreeMap::new();
    for piece in &called {
        let id = if request.alone { piece.id.as_str() } else { "" };
        groups.entry((Kind::of(piece), id)).or_default().push(piece);
    }
    match groups.len() {
        0 => Err(EntityError::Absent(request.what.clone())),
        1 => Ok(called),
        _ => Err(EntityError::Several { what: request.what.clone(), choices: groups.values().filter_map(|group| choice(group)).collect() }),
    }
}

/// Every object of that name.
fn namesakes(gathering: &mut Gathering<'_>, name: &str) -> Result<Vec<Piece>, EntityError> {
    // A name in which there is nothing to look for is nobody's.
    let mut found = match gathering.look(&query_for(name), NAMESAKES_MAX) {
        Err(SearchError::Text(TextError::Query { .. })) => Vec::new(),
        found => found?,
    };
    let words = fold(name);
    found.retain(|piece| is_called(&piece.object, &words));
    Ok(found)
}

fn choice(group: &[&Piece]) -> Option<EntityChoice> {
    let first = group.first()?;
    let name = title_of(&first.object).unwrap_or_default();
    let labels = Labels(group.iter().map(|piece| piece.label).collect());
    Some(EntityChoice { id: first.id.clone(), name, records: group.len(), labels })
}

fn is_thing(kind: &str) -> bool {
    !SAYING.contains(&kind)
}

/// What must be alike for two records of one name to be of one entity: their type, and whether they are about a person.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    of: String,
    is_person: bool,
}

impl Kind {
    fn of(piece: &Piece) -> Self {
        let class = piece.object.get("identity_class").and_then(Json::as_str);
        Self { of: piece.kind.clone(), is_person: class == Some("individual") }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_are_compared_in_any_case_width_and_script() {
        for (one, other, expected) in [
            ("Fancy Bear", "  FANCY   bear ", true),
            ("ＡＰＴ２８", "apt28", true),
            ("Москва", "МОСКВА", true),
            ("e\u{301}tude", "Étude", true),
            ("ｶﾝ", "カン", true),
            ("人工智能", "人工智能", true),
            ("Fancy Bear", "FancyBear", false),
            ("Bär", "Bar", false),
        ] {
            assert_eq!(fold(one) == fold(other), expected, "{one:?} and {other:?}");
        }
    }

    #[test]
    fn an_object_has_its_names_once_and_in_order() {
        let object = json!({"title": "The Act", "short_title": "Act", "aliases": ["Act", "Law 7", 7]});
        assert_eq!(names_of(&object), ["The Act", "Act", "Law 7"]);
        assert!(is_called(&object, "law 7") && !is_called(&object, "the"));
    }
}
