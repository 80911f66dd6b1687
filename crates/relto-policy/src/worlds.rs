//! Markings of other worlds as labels of the lattice, and back: US banners and ISM, ACS 3.0, PAP, MISP.
//!
//! Each world is a table with its source (`docs/markings.md` prints them all) and two functions: one reads a foreign marking, one writes a
//! label in it. What no row maps is [`Refused`] with the part and the reason, and what the lattice or the other world cannot say exactly
//! comes out stricter: there and back never lowers. Whether a reader meets what was read is not decided here but in [`floor`](crate::floor).

pub mod acs;
#[cfg(test)]
mod draw;
pub mod ism;
pub mod misp;
pub mod pap;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use relto_model::label::{Clause, Restriction};
use relto_model::{Facet, Label, PolicyId, Value};

use crate::nation;
use crate::rules::Rules;
use crate::text::{LabelContext, audience_value};

/// The longest marking in one line, in bytes.
pub const LINE_BYTES_MAX: usize = 1_000;

/// A marking that is not mapped, or a label that the other world cannot say.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{part}` is refused: {why}")]
pub struct Refused {
    /// The part, as it stands, cut to one short line.
    pub part: String,
    /// Why, and where it helps what would be taken.
    pub why: String,
}

impl Refused {
    pub(crate) fn new(part: &str, why: impl Into<String>) -> Self {
        Self { part: part.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect(), why: why.into() }
    }
}

/// What a foreign marking means here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The label, never wider than the marking.
    pub label: Label,
    /// What came out stricter than it was written, or was written otherwise than its standard says.
    pub notes: Vec<String>,
}

/// What a marking means beside its words.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// Nations, groups and their dates.
    pub rules: &'a Rules,
    /// Whose object, which collection, when.
    pub context: &'a LabelContext,
    /// The organisation that made the object, whose consent ORCON asks for; without one such a marking is refused.
    pub originator: Option<&'a str>,
}

/// One row of a mapping, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// As it is written there.
    pub there: String,
    /// What it is here.
    pub here: String,
    /// Where the row is from.
    pub source: &'static str,
}

impl Row {
    pub(crate) fn new(there: impl Into<String>, here: impl Into<String>, source: &'static str) -> Self {
        Self { there: there.into(), here: here.into(), source }
    }
}

/// Kosovo, for which ISO 3166-1 has no code: the user-assigned one here, and the one of GENC.
const KOSOVO: (&str, &str) = ("XKX", "XKS");

/// The nation or group that GENC or a tetragraph calls `code`.
fn from_code(code: &str, site: &Site<'_>) -> Result<Value, Refused> {
    let own = if code == KOSOVO.1 { KOSOVO.0 } else { code };
    audience_value(own, site.rules, site.context.made).map_err(|_| Refused::new(code, "neither a nation nor a group that this node knows"))
}

/// The code of a nation, or of a group that reads as the same group at the same date.
fn to_code(value: &Value, site: &Site<'_>) -> Result<String, Refused> {
    match value {
        Value::Nation(code) if code == KOSOVO.0 => Ok(KOSOVO.1.to_owned()),
        Value::Nation(code) if nation::index(code).is_some() => Ok(code.clone()),
        Value::Group { name, as_of } => {
            let is_code = name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) && (2..=16).contains(&name.len());
            if !is_code || nation::index(name).is_some() || !site.rules.knows_group(name) {
                return Err(Refused::new(name, "a group that has no code there"));
            }
            if *as_of != site.rules.as_of(name, site.context.made) {
                return Err(Refused::new(name, "the label means the members of another date, which the marking cannot say"));
            }
            Ok(name.clone())
        }
        other => Err(Refused::new(&crate::text::display_value(other), "the marking names nations and groups only")),
    }
}

/// A facet under construction: what a marking asks for, collected before it becomes a label.
#[derive(Debug, Default)]
struct Facets(BTreeMap<PolicyId, Facet>);

impl Facets {
    fn level(&mut self, policy: &str, level: u8) {
        let facet = self.0.entry(PolicyId::new(policy)).or_insert_with(|| Facet::at_level(level));
        facet.level = facet.level.max(level);
    }

    fn hold(&mut self, policy: &str, tag: &str, value: &str) {
        let facet = self.0.entry(PolicyId::new(policy)).or_insert_with(|| Facet::at_level(0));
        facet.restrictive.insert(Restriction { tag: tag.to_owned(), value: value.to_owned() });
    }

    fn only(&mut self, policy: &str, tag: &str, values: impl IntoIterator<Item = Value>) {
        let facet = self.0.entry(PolicyId::new(policy)).or_insert_with(|| Facet::at_level(0));
        facet.permissive.insert(Clause::new(tag, values));
    }

    /// The clauses of `tag` so far.
    fn clauses(&self, policy: &str, tag: &str) -> Vec<&Clause> {
        let facet = self.0.get(&PolicyId::new(policy));
        facet.into_iter().flat_map(|facet| &facet.permissive).filter(|clause| clause.tag == tag).collect()
    }

    fn label(self, marking: &str) -> Result<Label, Refused> {
        Label::try_from(self.0).map_err(|_| Refused::new(marking, "it says nothing that restricts, and nothing is public by omission"))
    }
}
