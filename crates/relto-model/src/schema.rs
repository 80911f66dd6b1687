//! What the tables of STIX's kinds are made of. The tables, in [`sdo`], [`sco`], [`extension`] and [`common`], are meant to be held
//! beside the standard and read line by line; the code that applies them is in `validate`.

pub(crate) mod common;
pub(crate) mod extension;
pub(crate) mod sco;
pub(crate) mod sdo;
pub(crate) mod vocabulary;

use serde_json::{Map, Value};

use vocabulary::Vocabulary;

/// What family a kind belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// A domain object (STIX 2.1, section 4).
    Sdo,
    /// A relationship object (section 5).
    Sro,
    /// A cyber-observable object (section 6): no versions, shared by its value.
    Sco,
    /// A marking-definition, language-content or extension-definition (section 7).
    Meta,
    /// A versioned object of a kind that neither the standard nor a known extension defines.
    Custom,
}

/// The type of a property (STIX 2.1, section 2).
#[derive(Debug, Clone, Copy)]
pub(crate) enum Type {
    /// Any JSON that is not null and no empty list.
    Any,
    Text,
    Boolean,
    /// A whole number between the two, ends included.
    Integer(i64, i64),
    /// Any number between the two, ends included.
    Number(f64, f64),
    Timestamp,
    /// A time stamp with at least milliseconds (section 3.2).
    Version,
    /// A text of the form that the function knows; the words end "must be …".
    Form(fn(&str) -> bool, &'static str, &'static str),
    /// A closed enumeration.
    OneOf(&'static [&'static str]),
    /// An open vocabulary: another value is a warning.
    Open(&'static Vocabulary),
    /// An identifier of an object of these kinds.
    Reference(Target),
    /// A list that is not empty.
    List(&'static Type),
    /// A dictionary (section 2.3) of values of a type.
    Dictionary(&'static Type),
    Hashes,
    Record(&'static Record),
    /// The `extensions` of an object.
    Extensions,
    /// The deprecated container of observables in observed-data: judged, object by object, without its own ids.
    Container,
}

/// What an identifier may point at.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Target {
    Anything,
    Only(&'static [&'static str]),
    Not(&'static [&'static str]),
    /// A cyber-observable, or an object of a kind unknown here.
    Observable,
    /// What observed-data may hold: cyber-observables and relationships.
    Observed,
}

/// Properties that belong together, and the rules between them: a kind, an extension, or a structure inside one.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) name: &'static str,
    pub(crate) section: &'static str,
    pub(crate) properties: &'static [Property],
    pub(crate) rules: &'static [Rule],
}

/// A property: its name, whether it must be there, its type.
#[derive(Debug)]
pub(crate) struct Property(pub(crate) &'static str, pub(crate) Need, pub(crate) Type);

/// Whether a property must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    Must,
    May,
}
pub(crate) use Need::{May, Must};

/// A rule between properties.
#[derive(Debug)]
pub(crate) enum Rule {
    /// At least one of these.
    AnyOf(&'static [&'static str]),
    /// Not both.
    NotBoth(&'static str, &'static str),
    /// The first only together with the others.
    Needs(&'static str, &'static [&'static str]),
    /// The first time stamp is not before the second.
    NotBefore(&'static str, &'static str),
    /// The first time stamp is after the second.
    After(&'static str, &'static str),
    /// Anything else.
    Special(fn(&Map<String, Value>) -> Fault),
}

/// What a special rule finds: the property at fault, empty for the whole, and what is wrong.
pub(crate) type Fault = Option<(&'static str, String)>;

/// A kind of object.
#[derive(Debug)]
pub(crate) struct Kind {
    pub(crate) class: Class,
    pub(crate) record: Record,
}

/// Every kind of the standard by name.
pub(crate) fn kind(name: &str) -> Option<&'static Kind> {
    all().find(|kind| kind.record.name == name)
}

/// Every kind of the standard.
pub(crate) fn all() -> impl Iterator<Item = &'static Kind> {
    sco::KINDS.iter().chain(sdo::KINDS)
}

impl Record {
    pub(crate) fn property(&self, name: &str) -> Option<&'static Property> {
        self.properties.iter().find(|property| property.0 == name)
    }
}

/// The common properties (STIX 2.1, section 3.2) of a class.
pub(crate) fn common(class: Class, kind: &str) -> &'static [Property] {
    match (class, kind) {
        (Class::Sco, _) => common::SCO,
        (_, "marking-definition") => common::MARKING_DEFINITION,
        (_, "extension-definition") => common::EXTENSION_DEFINITION,
        _ => common::VERSIONED,
    }
}

/// Words for a list of names in an error: `a`, `b` or `c`.
pub(crate) fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => format!("`{one}`"),
        [first @ .., last] => format!("{} or `{last}`", first.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")),
    }
}
