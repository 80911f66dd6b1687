//! Whether a policy file makes sense: every name and number it points at exists, once, and every limit can be met.
//!
//! A file that was read can still contradict itself. Nothing is repaired here; whoever wrote the policy has to say what was meant.

use std::collections::BTreeMap;
use std::fmt;

use super::model::{Category, CategoryRef, Classification, RequiredCategories, Spif, Tag, TagSet, TagType, same};
use super::xml::{Place, short};

/// Something in a policy file that cannot be meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Inconsistency {
    /// Where it stands.
    pub place: Place,
    /// What is wrong, and what to do.
    pub text: String,
}

impl fmt::Display for Inconsistency {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.place, self.text)
    }
}

/// Everything in `spif` that cannot be meant, in the order of the file.
#[must_use]
pub fn check(spif: &Spif) -> Vec<Inconsistency> {
    let mut checker = Checker { spif, found: Vec::new() };
    checker.classifications();
    checker.policies();
    checker.tag_sets();
    checker.found.sort();
    checker.found
}

struct Checker<'s> {
    spif: &'s Spif,
    found: Vec<Inconsistency>,
}

impl<'s> Checker<'s> {
    fn say(&mut self, place: Place, text: String) {
        self.found.push(Inconsistency { place, text });
    }

    /// Says every item whose key an earlier one has.
    fn distinct(&mut self, what: &str, keys: impl Iterator<Item = (String, Place)>) {
        let mut seen: BTreeMap<String, Place> = BTreeMap::new();
        for (key, place) in keys {
            match seen.get(&key) {
                Some(first) => {
                    let text = format!("{what} `{}` is that of {first} too; give each its own", short(&key));
                    self.say(place, text);
                }
                None => {
                    seen.insert(key, place);
                }
            }
        }
    }

    fn classifications(&mut self) {
        let all = &self.spif.classifications;
        self.distinct("the name of classification", all.iter().map(|class| (class.name.to_ascii_uppercase(), class.place)));
        self.distinct("the lacv of classification", all.iter().map(|class| (class.lacv.to_string(), class.place)));
        for class in all {
            self.classification(class);
        }
    }

    fn classification(&mut self, class: &'s Classification) {
        class.required.iter().for_each(|required| self.required(required));
        for equivalent in &class.equivalents {
            self.policy_reference(&equivalent.policy, equivalent.place);
        }
    }

    fn policies(&mut self) {
        let others = &self.spif.equivalent_policies;
        let all = || others.iter().chain([&self.spif.policy]);
        self.distinct("the name of policy", all().map(|policy| (policy.name.to_ascii_uppercase(), policy.place)));
        self.distinct("the id of policy", all().map(|policy| (policy.id.clone(), policy.place)));
    }

    fn policy_reference(&mut self, name: &str, place: Place) {
        if !self.spif.equivalent_policies.iter().any(|policy| same(&policy.name, name)) {
            self.say(place, format!("there is no equivalent policy `{}`; add it to `equivalentPolicies`, or mend the name", short(name)));
        }
    }

    fn tag_sets(&mut self) {
        let sets = &self.spif.tag_sets;
        self.distinct("the name of tag set", sets.iter().map(|set| (set.name.to_ascii_uppercase(), set.place)));
        self.distinct("the id of tag set", sets.iter().map(|set| (set.id.clone(), set.place)));
        for set in sets {
            self.distinct("the name of tag", set.tags.iter().map(|tag| (tag.name.to_ascii_uppercase(), tag.place)));
            for kind in [TagType::Restrictive, TagType::Permissive, TagType::Informative] {
                self.values(set, kind);
            }
            set.tags.iter().for_each(|tag| self.tag(set, tag));
        }
    }

    /// A label names a tag set, a type and values: what these three say must be one value.
    fn values(&mut self, set: &'s TagSet, kind: TagType) {
        let values = || set.tags_of(kind).flat_map(|tag| &tag.categories);
        self.distinct("the name of value", values().map(|value| (value.name.to_ascii_uppercase(), value.place)));
        self.distinct("the lacv of value", values().map(|value| (value.lacv.to_string(), value.place)));
    }

    fn tag(&mut self, set: &'s TagSet, tag: &'s Tag) {
        self.limits(tag);
        for value in &tag.categories {
            self.classes_of(value);
            self.dates_of(value);
            value.required.iter().for_each(|required| self.required(required));
            value.excluded.iter().for_each(|excluded| self.reference(excluded));
            for equivalent in &value.equivalents {
                self.policy_reference(&equivalent.policy, equivalent.place);
            }
            if value.user_input.is_some() && tag.kind != TagType::Informative {
                let text = format!(
                    "`{}` of `{}` is what its author writes, and cannot decide access; use tagType7",
                    short(&value.name),
                    short(&set.name)
                );
                self.say(value.place, text);
            }
        }
    }

    fn limits(&mut self, tag: &Tag) {
        let available = u64::try_from(tag.categories.iter().filter(|value| !value.obsolete).count()).unwrap_or(u64::MAX);
        let (least, most) = (tag.limits.min, tag.limits.most());
        let name = short(&tag.name);
        if tag.categories.is_empty() {
            self.say(tag.place, format!("tag `{name}` has no values; add some, or remove it"));
        } else if least > available {
            self.say(tag.place, format!("tag `{name}` asks for {least} values and has {available} in use; lower minSelection"));
        }
        if least > most {
            self.say(tag.place, format!("tag `{name}` asks for at least {least} values and at most {most}; mend its limits"));
        } else if most == 0 {
            self.say(tag.place, format!("tag `{name}` allows no value; raise maxSelection, or remove the tag"));
        }
    }

    fn classes_of(&mut self, value: &'s Category) {
        let names = || value.excluded_classes.iter().chain(&value.required_class);
        for name in names().filter(|name| self.spif.classification(name).is_none()).cloned().collect::<Vec<_>>() {
            self.say(value.place, format!("`{}` speaks of classification `{}`, which there is not", short(&value.name), short(&name)));
        }
        let excluded = |class: &str| value.excluded_classes.iter().any(|name| same(name, class));
        let usable =
            |class: &&Classification| value.required_class.as_ref().is_none_or(|only| same(only, &class.name)) && !excluded(&class.name);
        if !self.spif.classifications.iter().any(|class| usable(&class)) {
            self.say(value.place, format!("`{}` goes with no classification; mend its excluded and required classes", short(&value.name)));
        }
    }

    fn dates_of(&mut self, value: &Category) {
        if let (Some(first), Some(last)) = (value.not_before, value.not_after)
            && first > last
        {
            self.say(value.place, format!("`{}` ends before it begins; mend notBefore and notAfter", short(&value.name)));
        }
    }

    fn required(&mut self, required: &'s RequiredCategories) {
        required.groups.iter().for_each(|group| self.reference(group));
    }

    fn reference(&mut self, to: &CategoryRef) {
        let Some(set) = self.spif.tag_set(&to.tag_set) else {
            return self.say(to.place, format!("there is no tag set `{}`; mend tagSetRef", short(&to.tag_set)));
        };
        let mut values = set.tags_of(to.kind).flat_map(|tag| &tag.categories).peekable();
        let found = match to.lacv {
            None => values.peek().is_some(),
            Some(lacv) => values.any(|value| value.lacv == lacv),
        };
        if !found {
            let which = to.lacv.map_or_else(|| "no value".to_owned(), |lacv| format!("no value with lacv {lacv}"));
            let text = format!("tag set `{}` has {which} of type {}; mend the reference", short(&to.tag_set), to.kind.word());
            self.say(to.place, text);
        }
    }
}

#[cfg(test)]
mod tests;
