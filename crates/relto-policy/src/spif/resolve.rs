//! Names of labels and clearances looked up in a policy: which tag, which value.
//!
//! The policy says what a name is; the label's own word for the type of a tag only has to agree with it (labels-policy §1.3). Nothing is
//! taken for something like it.

use super::label::LabelCategory;
use super::model::{Category, CategoryRef, Classification, Spif, Tag, TagSet, TagType, same};
use super::xml::short;

/// A label or a clearance in the terms of a policy.
#[derive(Debug, Clone)]
pub struct Resolved<'s> {
    /// The policy.
    pub spif: &'s Spif,
    /// The label's classification.
    pub class: &'s Classification,
    /// The tags that it has, in the order of the policy, also those without a value.
    pub tags: Vec<TagValues<'s>>,
}

/// A tag with the values that a label has of it.
#[derive(Debug, Clone)]
pub struct TagValues<'s> {
    /// The set that the tag is in.
    pub set: &'s TagSet,
    /// The tag.
    pub tag: &'s Tag,
    /// The values, each once, in the order of the policy.
    pub values: Vec<&'s Category>,
    /// What the author wrote, where the policy asks for it.
    pub inputs: Vec<String>,
}

impl TagValues<'_> {
    /// How many values the author chose or wrote.
    #[must_use]
    pub fn count(&self) -> u64 {
        u64::try_from(self.values.len().saturating_add(self.inputs.len())).unwrap_or(u64::MAX)
    }
}

/// The tags that `category` speaks of.
///
/// `TagName` is the name of a tag set or, where none has it, of the one tag that has it.
pub(crate) fn tags<'s>(spif: &'s Spif, category: &LabelCategory) -> Result<Vec<(&'s TagSet, &'s Tag)>, String> {
    let name = &category.tag_name;
    let (set, tags) = named(spif, name).ok_or_else(|| format!("policy {} has no tag set `{}`", spif.policy.name, short(name)))?;
    if let Some(id) = category.id.as_ref().filter(|id| **id != set.id) {
        return Err(format!("the label says that `{}` has the id {}, and the policy says {}", short(name), short(id), set.id));
    }
    let of_kind: Vec<_> = tags.iter().copied().filter(|tag| tag.kind == category.kind).map(|tag| (set, tag)).collect();
    match tags.first() {
        Some(tag) if of_kind.is_empty() => Err(format!(
            "the label calls `{}` {} and the policy calls it {}; the policy's type wins, so the label is rejected (ADatP-4774.1 3.11.4)",
            short(name),
            category.kind.word(),
            tag.kind.word()
        )),
        _ => Ok(of_kind),
    }
}

fn named<'s>(spif: &'s Spif, name: &str) -> Option<(&'s TagSet, Vec<&'s Tag>)> {
    if let Some(set) = spif.tag_set(name) {
        return Some((set, set.tags.iter().collect()));
    }
    let mut found =
        spif.tag_sets.iter().flat_map(|set| set.tags.iter().map(move |tag| (set, tag))).filter(|(_, tag)| same(&tag.name, name));
    match (found.next(), found.next()) {
        (Some((set, tag)), None) => Some((set, vec![tag])),
        _ => None,
    }
}

/// The value called `name` of one of `tags`; one whose text its author writes has no name of its own.
pub(crate) fn value<'s>(tags: &[(&'s TagSet, &'s Tag)], name: &str) -> Option<(&'s Tag, &'s Category)> {
    tags.iter().find_map(|(_, tag)| {
        let found = tag.categories.iter().find(|value| value.user_input.is_none() && same(&value.name, name));
        found.map(|value| (*tag, value))
    })
}

impl<'s> Resolved<'s> {
    /// The values of the label that `reference` points at, each with its tag.
    pub fn matching<'r>(&'r self, reference: &'r CategoryRef) -> impl Iterator<Item = &'s Category> + 'r {
        let tags = self.tags.iter().filter(|own| same(&own.set.name, &reference.tag_set) && own.tag.kind == reference.kind);
        tags.flat_map(|own| own.values.iter().copied()).filter(|value| reference.lacv.is_none_or(|lacv| value.lacv == lacv))
    }

    /// Whether the label has a value, written ones included, that `reference` points at.
    #[must_use]
    pub fn has(&self, reference: &CategoryRef) -> bool {
        let written = |own: &TagValues<'_>| {
            let asked = own.tag.categories.iter().filter(|value| value.user_input.is_some());
            !own.inputs.is_empty() && asked.map(|value| value.lacv).any(|lacv| reference.lacv.is_none_or(|wanted| wanted == lacv))
        };
        let tags = || self.tags.iter().filter(|own| same(&own.set.name, &reference.tag_set) && own.tag.kind == reference.kind);
        self.matching(reference).next().is_some() || tags().any(written)
    }

    /// The tags of the label that decide access in one way.
    pub fn of_kind(&self, kind: TagType) -> impl Iterator<Item = &TagValues<'s>> {
        self.tags.iter().filter(move |own| own.tag.kind == kind)
    }
}

/// Whether two references to parts of a policy are to the same part.
pub(crate) fn is_one<T>(one: &T, other: &T) -> bool {
    std::ptr::eq(one, other)
}
