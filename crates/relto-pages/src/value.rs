//! The properties of an object for people: references by name, patterns in a code face, dates as dates, gaps as gaps.

use std::collections::BTreeMap;

use askama::Template;
use relto_model::Timestamp;
use relto_model::pattern::{PieceKind, pieces};
use serde_json::Value as Json;

use crate::text::Language;

/// Deeper parts of an object are shown as JSON.
const DEPTH_MAX: usize = 8;

/// A value as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "value.html")]
pub(crate) enum Value {
    /// Words.
    Text(String),
    /// What a machine reads.
    Code(String),
    /// A STIX pattern, piece by piece, each with the class that colours it.
    Pattern(Vec<(&'static str, String)>),
    /// An instant.
    Time(String),
    /// An object that the reader may see: its id, and what it is called.
    Object(String, String),
    /// Several.
    List(Vec<Value>),
    /// Properties inside.
    Members(Vec<Member>),
    /// What the reader may not have; the words that say so.
    Gap(String),
}

impl askama::filters::HtmlSafe for Value {}

/// A property with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    pub name: String,
    pub value: Value,
}

/// Properties whose values are for machines.
const CODES: [&str; 5] = ["id", "path", "command_line", "payload_bin", "definition"];

/// How one object is shown.
pub(crate) struct Showing<'s> {
    pub say: Language,
    /// What references are called, where the reader may see that.
    pub names: &'s BTreeMap<String, String>,
    /// JSON pointers to what is withheld.
    pub gaps: &'s [String],
}

impl Showing<'_> {
    /// The properties of `object` in `order`, then the rest but `without`.
    pub(crate) fn members(&self, object: &Json, order: &[String], without: &[&str]) -> Vec<Member> {
        let Some(members) = object.as_object() else { return Vec::new() };
        let named = |name: &String| members.get_key_value(name);
        let first = order.iter().filter_map(named);
        let rest = members.iter().filter(|(name, _)| !order.contains(name));
        let shown = first.chain(rest).filter(|(name, _)| !without.contains(&name.as_str()));
        shown.map(|(name, value)| self.member(name, value, &format!("/{}", escaped(name)), DEPTH_MAX)).collect()
    }

    fn member(&self, name: &str, value: &Json, pointer: &str, depth: usize) -> Member {
        Member { name: name.replace('_', " "), value: self.value(name, value, pointer, depth) }
    }

    fn value(&self, name: &str, value: &Json, pointer: &str, depth: usize) -> Value {
        match value {
            Json::Null if self.gaps.iter().any(|gap| gap == pointer) => Value::Gap(self.say.say("object-gap").into_owned()),
            Json::String(text) if name.ends_with("_ref") || name.ends_with("_refs") => self.reference(text),
            Json::String(text) if name == "pattern" => pattern(text),
            Json::String(text) if CODES.contains(&name) || name == "hashes" => Value::Code(text.clone()),
            Json::String(text) if Timestamp::parse(text).is_ok() => Value::Time(text.clone()),
            Json::String(text) => Value::Text(text.clone()),
            Json::Array(all) if depth > 0 => {
                let one = |(at, value)| self.value(name, value, &format!("{pointer}/{at}"), depth - 1);
                Value::List(all.iter().enumerate().map(one).collect())
            }
            Json::Object(members) if depth > 0 => {
                let inside = |(key, value): (&String, &Json)| {
                    let pointer = format!("{pointer}/{}", escaped(key));
                    let within = if name == "hashes" { name } else { key };
                    Member { name: key.replace('_', " "), value: self.value(within, value, &pointer, depth - 1) }
                };
                Value::Members(members.iter().map(inside).collect())
            }
            other => Value::Code(other.to_string()),
        }
    }

    /// The value at `pointer` of an object, by itself.
    pub(crate) fn at(&self, pointer: &str, value: &Json) -> Value {
        let name = pointer.rsplit('/').find(|step| step.parse::<usize>().is_err()).unwrap_or_default();
        let is_hash = pointer.rsplit('/').any(|step| step == "hashes");
        self.value(if is_hash { "hashes" } else { name }, value, pointer, DEPTH_MAX)
    }

    /// A link where there is something to see behind it; otherwise the id, which is part of this object.
    pub(crate) fn reference(&self, id: &str) -> Value {
        self.names.get(id).map_or_else(|| Value::Code(id.to_owned()), |name| Value::Object(id.to_owned(), name.clone()))
    }
}

/// A STIX pattern with its pieces told apart; any other is code.
fn pattern(text: &str) -> Value {
    let class = |kind| match kind {
        PieceKind::Word => "word",
        PieceKind::Sign => "operator",
        PieceKind::Path => "path",
        PieceKind::Text => "quoted",
        PieceKind::Constant => "constant",
        PieceKind::Blank => "blank",
    };
    let coloured = pieces(text).map(|pieces| pieces.into_iter().map(|(kind, text)| (class(kind), text.to_owned())).collect());
    coloured.map_or_else(|| Value::Code(text.to_owned()), Value::Pattern)
}

/// A property name as a JSON pointer has it (RFC 6901).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
