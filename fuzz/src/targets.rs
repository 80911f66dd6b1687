//! The targets: each hands bytes to one parser, holds it to its promise, and says in a few words what happened.

use crate::shape;
use relto_model::{ObjectId, Stamp, Timestamp};
use relto_policy::text::LabelContext;
use relto_policy::{Rules, display, parse_label, read_markings};
use std::fmt::Display;
use std::sync::LazyLock;

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::builtin().unwrap_or_default());

fn text(input: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(input).map_err(|_| "not UTF-8".to_owned())
}

/// `refused` and why, in general words.
fn refused(error: impl Display) -> String {
    shape(&format!("refused: {error}"))
}

fn merge(outcome: Result<String, String>) -> String {
    outcome.unwrap_or_else(|outcome| outcome)
}

/// STIX identifiers: what parses prints as it came, and its kind is a kind.
pub(crate) fn object_id(input: &[u8]) -> String {
    merge(text(input).and_then(|text| {
        let id = ObjectId::parse(text).map_err(refused)?;
        assert_eq!(id.as_str(), text);
        assert!(relto_model::id::is_kind(id.kind()));
        Ok("an identifier".to_owned())
    }))
}

/// Time stamps: what parses prints as it came and equals itself.
pub(crate) fn timestamp(input: &[u8]) -> String {
    merge(text(input).and_then(|text| {
        let stamp = Timestamp::parse(text).map_err(refused)?;
        assert_eq!(stamp.as_str(), text);
        assert_eq!(stamp, Timestamp::parse(text).map_err(refused)?);
        Ok(format!("a time with {} digits", stamp.precision()))
    }))
}

fn label_context() -> LabelContext {
    LabelContext { owner: "Fuzz Org".to_owned(), made: Stamp(1_700_000_000_000_000), collection: None, addressees: Default::default() }
}

/// Labels as people write them: what is read can be shown, and what is shown reads as the same label.
pub(crate) fn label_text(input: &[u8]) -> String {
    merge(text(input).and_then(|text| {
        let context = label_context();
        let label = parse_label(text, &RULES, &context).map_err(refused)?;
        let shown = display(&label);
        assert_eq!(label.clone().join(&label), label, "a label joined with itself");
        Ok(shape(&format!("a label {}", shown.split(' ').next().unwrap_or_default())))
    }))
}

/// Marking-definitions from strangers: never wider than nothing at all, whatever they say.
pub(crate) fn marking_definition(input: &[u8]) -> String {
    merge(text(input).and_then(|text| {
        let definition: serde_json::Value = serde_json::from_str(text).map_err(refused)?;
        let id =
            definition.get("id").and_then(serde_json::Value::as_str).unwrap_or("marking-definition--00000000-0000-4000-8000-000000000000");
        let id = ObjectId::parse(id).map_err(refused)?;
        let find = |_: &ObjectId| Some(definition.clone());
        let reading = read_markings([&id], &find, &RULES, &label_context());
        let statement = definition.get("definition_type").and_then(serde_json::Value::as_str) == Some("statement");
        assert!(reading.label.is_some() || statement, "a marking that is no statement restricts nobody");
        Ok(shape(&format!("{} {}", reading.label.is_some(), reading.notes.join("; "))))
    }))
}
