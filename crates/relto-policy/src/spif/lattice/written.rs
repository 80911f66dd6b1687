//! Labels of a policy from a file as people write them: `CLASSIFICATION; TAG=VALUE, VALUE; TAG=VALUE`, in the names of the file.

use std::collections::BTreeMap;

use relto_model::label::Clause;
use relto_model::{Facet, Stamp};

use super::{allowed, audience_of, facet_of, label_of};
use crate::policy::Policy;
use crate::rules::Rules;
use crate::spif::label::{Information, LabelCategory, PolicyIdentifier};
use crate::spif::model::{Spif, TagType, same};
use crate::spif::valid::validate;

/// Reads a label of `policy` that is made at `made`. A permissive tag that stands twice is two audiences, both of which must be met.
///
/// # Errors
/// In words: what is not so in the policy, or every rule that the label breaks.
pub fn parse(policy: &Policy, text: &str, rules: &Rules, made: Stamp) -> Result<Facet, String> {
    let spif = policy.file.as_ref().ok_or("the policy is not from a file")?;
    let mut parts = text.split(';').map(str::trim);
    let classification = parts.next().unwrap_or("").to_owned();
    let categories = parts.map(|part| category(spif, part)).collect::<Result<Vec<_>, _>>()?;
    let audiences = of_one_tag(&categories);
    let policy = PolicyIdentifier { name: spif.policy.name.clone(), id: Some(spif.policy.id.clone()) };
    let information = Information { policy, classification, privacy_mark: None, categories, foreign: Vec::new() };
    let label = label_of(information, made);
    let mut facet = facet_of(&allowed(validate(spif, &label, made))?, rules, made)?;
    // The label as a whole would make one audience of two.
    for (tag, lists) in audiences.into_iter().filter(|(_, lists)| lists.len() > 1) {
        facet.permissive.retain(|clause| clause.tag != tag);
        for values in lists {
            facet = facet.only(Clause::new(&tag, values.iter().map(|value| audience_of(value, rules, made))));
        }
    }
    Ok(facet)
}

/// The audiences by the name of their tag set.
fn of_one_tag(categories: &[LabelCategory]) -> BTreeMap<String, Vec<Vec<String>>> {
    let mut audiences: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    for category in categories.iter().filter(|category| category.kind == TagType::Permissive) {
        audiences.entry(category.tag_name.clone()).or_default().push(category.values.clone());
    }
    audiences
}

/// Reads `TAG=VALUE, VALUE`, all values being of one type.
fn category(spif: &Spif, part: &str) -> Result<LabelCategory, String> {
    let (tag, values) = part.split_once('=').ok_or_else(|| format!("`{part}` is not of the form TAG=VALUE, VALUE"))?;
    let set = spif.tag_set(tag.trim()).ok_or_else(|| format!("policy {} has no tag set `{}`", spif.policy.name, tag.trim()))?;
    let of_kind = |kind: TagType| {
        let known = |name: &str| set.tags_of(kind).flat_map(|tag| &tag.categories).find(|own| same(&own.name, name.trim()));
        values.split(',').map(|name| known(name).map(|own| own.name.clone())).collect::<Option<Vec<_>>>()
    };
    let kinds = [TagType::Permissive, TagType::Restrictive, TagType::Informative];
    let found = kinds.into_iter().find_map(|kind| of_kind(kind).map(|values| (kind, values)));
    let (kind, values) = found.ok_or_else(|| format!("not all of `{}` are values of {}", values.trim(), set.name))?;
    Ok(LabelCategory { kind, tag_name: set.name.clone(), id: Some(set.id.clone()), values })
}
