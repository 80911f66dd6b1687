//! Whether a policy allows a label: every rule of XML SPIF 2.1, at an instant, each breach in words.
//!
//! What is not known is a breach: a tag, a value, a classification, an element of another namespace. A label that is not valid admits
//! nobody; who decides on one is told so by [`Validity::resolved`] being empty.

mod reach;

use std::collections::BTreeMap;

use relto_model::Stamp;

use super::label::{ConfidentialityLabel, LabelCategory};
use super::model::{Category, Classification, Operation, RequiredCategories, Spif, Tag, TagSet, same};
use super::resolve::{Resolved, TagValues, is_one, tags, value};
use super::time;
use super::xml::short;

/// What a policy says of a label.
#[derive(Debug, Clone)]
pub struct Validity<'s> {
    /// The label in the policy's terms; only when there is no breach.
    pub resolved: Option<Resolved<'s>>,
    /// Every rule that the label breaks.
    pub breaches: Vec<String>,
    /// What its author may not have meant.
    pub warnings: Vec<String>,
}

/// Holds `label` against `spif` at `at`. The label's own dates are not looked at: give the one that is
/// [`in_force`](ConfidentialityLabel::in_force).
#[must_use]
pub fn validate<'s>(spif: &'s Spif, label: &ConfidentialityLabel, at: Stamp) -> Validity<'s> {
    let mut judge = Judge { spif, label, at, breaches: Vec::new(), warnings: Vec::new() };
    let Some(resolved) = judge.resolve() else {
        return Validity { resolved: None, breaches: judge.breaches, warnings: judge.warnings };
    };
    judge.rules(&resolved);
    judge.warnings.extend(reach::unreachable(&resolved, at));
    let valid = judge.breaches.is_empty();
    Validity { resolved: valid.then_some(resolved), breaches: judge.breaches, warnings: judge.warnings }
}

struct Judge<'s, 'l> {
    spif: &'s Spif,
    label: &'l ConfidentialityLabel,
    at: Stamp,
    breaches: Vec<String>,
    warnings: Vec<String>,
}

impl<'s> Judge<'s, '_> {
    fn breach(&mut self, text: String) {
        self.breaches.push(text);
    }

    fn resolve(&mut self) -> Option<Resolved<'s>> {
        let information = &self.label.information;
        let policy = &self.spif.policy;
        if !policy.is(&information.policy.name, information.policy.id.as_deref()) {
            let id = information.policy.id.as_ref().map(|id| format!(" ({})", short(id))).unwrap_or_default();
            let named = short(&information.policy.name);
            self.breach(format!("the label is of policy {named}{id}, not of {} ({})", policy.name, policy.id));
            return None;
        }
        self.unknown_parts();
        let class = self.spif.classification(&information.classification);
        if class.is_none() {
            let known = self.spif.classifications.iter().map(|class| class.name.as_str()).collect::<Vec<_>>().join(", ");
            self.breach(format!("policy {} has no classification `{}`: it has {known}", policy.name, short(&information.classification)));
        }
        let tags = self.tags();
        Some(Resolved { spif: self.spif, class: class?, tags })
    }

    fn unknown_parts(&mut self) {
        for name in &self.label.information.foreign {
            let text = format!("the element `{}` of another namespace is not known, and could restrict", short(name));
            self.breaches.push(text);
        }
        let Some(mark) = &self.label.information.privacy_mark else { return };
        if self.spif.privacy_marks.is_empty() {
            self.warnings.push(format!("the policy says nothing of privacy marks; `{}` decides nothing", short(mark)));
        } else if !self.spif.privacy_marks.iter().any(|known| same(known, mark)) {
            self.breach(format!("policy {} has no privacy mark `{}`", self.spif.policy.name, short(mark)));
        }
    }

    fn tags(&mut self) -> Vec<TagValues<'s>> {
        let mut found: BTreeMap<(usize, usize), TagValues<'s>> = BTreeMap::new();
        for category in &self.label.information.categories {
            if let Err(text) = self.category(category, &mut found) {
                self.breach(text);
            }
        }
        for own in found.values_mut() {
            own.values.sort_by_key(|value| own.tag.categories.iter().position(|known| is_one(known, *value)));
            own.values.dedup_by(|one, other| is_one(*one, *other));
        }
        found.into_values().collect()
    }

    /// Adds what `category` says, also when that is no value: then a permissive tag admits nobody.
    fn category(&mut self, category: &LabelCategory, found: &mut BTreeMap<(usize, usize), TagValues<'s>>) -> Result<(), String> {
        let candidates = tags(self.spif, category)?;
        if category.values.is_empty() {
            for (set, tag) in &candidates {
                self.entry(found, set, tag);
            }
        }
        for name in &category.values {
            if let Some((tag, value)) = value(&candidates, name) {
                let set = candidates.iter().find(|(_, own)| is_one(*own, tag)).map(|(set, _)| *set);
                let entry = set.map(|set| self.entry(found, set, tag));
                entry.into_iter().for_each(|own| own.values.push(value));
            } else if let Some((set, tag, kind)) = written(&candidates) {
                if kind == "date" && time::first(name).is_none() {
                    return Err(format!("`{}` of `{}` is not a date such as 2026-01-31", short(name), short(&category.tag_name)));
                }
                self.entry(found, set, tag).inputs.push(name.clone());
            } else {
                return Err(format!(
                    "tag set `{}` of policy {} has no value `{}`",
                    short(&category.tag_name),
                    self.spif.policy.name,
                    short(name)
                ));
            }
        }
        Ok(())
    }

    fn entry<'f>(&self, found: &'f mut BTreeMap<(usize, usize), TagValues<'s>>, set: &'s TagSet, tag: &'s Tag) -> &'f mut TagValues<'s> {
        let at_set = self.spif.tag_sets.iter().position(|known| is_one(known, set)).unwrap_or(usize::MAX);
        let at_tag = set.tags.iter().position(|known| is_one(known, tag)).unwrap_or(usize::MAX);
        found.entry((at_set, at_tag)).or_insert_with(|| TagValues { set, tag, values: Vec::new(), inputs: Vec::new() })
    }

    fn rules(&mut self, label: &Resolved<'s>) {
        let class = label.class;
        if class.obsolete && self.is_new() {
            self.breach(self.obsolete(&format!("classification {}", class.name)));
        }
        class.required.iter().for_each(|required| self.required(label, required, &format!("classification {}", class.name)));
        for own in &label.tags {
            for value in &own.values {
                self.value(label, own, value);
            }
        }
        for tag in self.spif.tag_sets.iter().flat_map(|set| &set.tags) {
            self.limits(label, tag);
        }
    }

    fn value(&mut self, label: &Resolved<'s>, own: &TagValues<'s>, value: &Category) {
        let name = format!("{} of {}", value.name, own.set.name);
        if value.obsolete && self.is_new() {
            self.breach(self.obsolete(&name));
        }
        self.dates(value, &name);
        self.classes(label.class, value, &name);
        value.required.iter().for_each(|required| self.required(label, required, &name));
        for excluded in &value.excluded {
            if let Some(other) = label.matching(excluded).find(|other| !is_one(*other, value)) {
                self.breach(format!("{name} does not go with {} of {} (XML SPIF 2.1, excludedCategory)", other.name, excluded.tag_set));
            }
        }
    }

    /// A label made since the policy's date is new: it could have known what is obsolete. Without dates it counts as new.
    fn is_new(&self) -> bool {
        match (&self.label.created, self.spif.created) {
            (Some(made), Some(policy)) => made.stamp >= policy,
            _ => true,
        }
    }

    fn obsolete(&self, name: &str) -> String {
        let made = self.label.created.as_ref().map_or_else(|| "without a date".to_owned(), |made| format!("of {}", short(&made.text)));
        format!("{name} is obsolete, and a label {made} is not older than the policy (XML SPIF 2.1, obsolete)")
    }

    fn dates(&mut self, value: &Category, name: &str) {
        if let Some(first) = value.not_before.filter(|first| self.at < *first) {
            self.breach(format!("{name} may not be used before {first} (XML SPIF 2.1, notBefore)"));
        }
        if let Some(last) = value.not_after.filter(|last| self.at > *last) {
            self.breach(format!("{name} may not be used after {last} (XML SPIF 2.1, notAfter)"));
        }
    }

    fn classes(&mut self, class: &Classification, value: &Category, name: &str) {
        if let Some(only) = value.required_class.as_ref().filter(|only| !same(only, &class.name)) {
            self.breach(format!("{name} goes with {only} only, not with {} (XML SPIF 2.1, requiredClass)", class.name));
        }
        if value.excluded_classes.iter().any(|excluded| same(excluded, &class.name)) {
            self.breach(format!("{name} does not go with {} (XML SPIF 2.1, excludedClass)", class.name));
        }
    }

    fn required(&mut self, label: &Resolved<'s>, required: &RequiredCategories, name: &str) {
        let mut values: Vec<&Category> = required.groups.iter().flat_map(|group| label.matching(group)).collect();
        values.sort_by_key(|value| value.place);
        values.dedup_by(|one, other| is_one(*one, *other));
        let some = required.groups.iter().any(|group| label.has(group));
        let met = match required.operation {
            Operation::All => required.groups.iter().all(|group| label.has(group)),
            Operation::OneOrMore => some,
            Operation::OnlyOne => some && values.len() <= 1,
        };
        if !met {
            let how = match required.operation {
                Operation::All => "all",
                Operation::OneOrMore => "one or more",
                Operation::OnlyOne => "only one",
            };
            let groups = required.groups.iter().map(|group| self.group(group)).collect::<Vec<_>>().join(", ");
            self.breach(format!("{name} needs {how} of: {groups} (XML SPIF 2.1, requiredCategory)"));
        }
    }

    fn group(&self, group: &super::model::CategoryRef) -> String {
        let values = self.spif.tag_set(&group.tag_set).into_iter().flat_map(|set| set.tags_of(group.kind)).flat_map(|tag| &tag.categories);
        let named = values.into_iter().find(|value| Some(value.lacv) == group.lacv).map(|value| value.name.as_str());
        format!("{} of {}", named.unwrap_or("any value"), group.tag_set)
    }

    fn limits(&mut self, label: &Resolved<'s>, tag: &Tag) {
        let own = label.tags.iter().find(|own| is_one(own.tag, tag));
        let count = own.map_or(0, TagValues::count);
        let (least, most) = (tag.limits.min, tag.limits.most());
        if count < least {
            self.breach(format!("tag {} needs at least {least} value(s) and has {count} (XML SPIF 2.1, minSelection)", tag.name));
        }
        if count > most {
            self.breach(format!("tag {} allows at most {most} value(s) and has {count} (XML SPIF 2.1, maxSelection)", tag.name));
        }
    }
}

/// The tag among `candidates` that takes what an author writes, and the kind of that.
fn written<'s>(candidates: &[(&'s TagSet, &'s Tag)]) -> Option<(&'s TagSet, &'s Tag, &'s str)> {
    candidates.iter().find_map(|(set, tag)| {
        let kind = tag.categories.iter().find_map(|value| value.user_input.as_deref())?;
        (tag.kind == super::model::TagType::Informative).then_some((*set, *tag, kind))
    })
}

#[cfg(test)]
pub(super) mod tests;
