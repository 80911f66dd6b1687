//! Policies and labels of this world in the lattice of `relto_model::label`, and back (decision 0009).
//!
//! A classification becomes the rank of its hierarchy, a permissive tag a clause, a restrictive value a restriction; informative tags
//! stay behind, since they decide nothing. What a policy allows is asked before and after: nothing is mapped that is not valid.
//!
//! Names of permissive values that are nations (ISO 3166-1 alpha-3) or groups that the node knows mean those, with the date of the label;
//! others are values of the policy's own, which people are given. Where a policy says one audience by several tags, [`dialect`] knows.

mod dialect;
mod written;

use std::sync::Arc;

use relto_model::label::{Clause, Restriction};
use relto_model::{Facet, Stamp, Value};

use super::label::{ConfidentialityLabel, Information, LabelCategory, LabelKind, Moment, PolicyIdentifier};
use super::model::{Spif, TagType, same};
use super::resolve::Resolved;
use super::valid::{Validity, validate};
use crate::nation;
use crate::policy::{Level, Policy, TagValue};
use crate::rules::Rules;
use crate::text::{audience_value, display_value};

pub use written::parse;

/// The policy that `spif` describes, as the gate knows policies. Levels up to the classification `open_up_to` need no clearance; without
/// it, every one does.
///
/// # Errors
/// In words, when a hierarchy is above 255 or stands twice, or there is no such classification.
pub fn policy_of(spif: &Arc<Spif>, open_up_to: Option<&str>) -> Result<Policy, String> {
    let mut levels = Vec::new();
    for class in &spif.classifications {
        let rank = u8::try_from(class.hierarchy).map_err(|_| format!("{}: a hierarchy above 255 has no rank here", class.name))?;
        levels.push(Level { rank, name: class.name.to_uppercase() });
    }
    levels.sort_by_key(|level| level.rank);
    let twice = levels.windows(2).find(|pair| pair.first().map(|level| level.rank) == pair.last().map(|level| level.rank));
    if let Some([one, other]) = twice {
        return Err(format!("{} and {} have one hierarchy, so that neither is above the other", one.name, other.name));
    }
    let open = open_up_to.map(|name| {
        let class = spif.classification(name).ok_or_else(|| format!("policy {} has no classification `{name}`", spif.policy.name))?;
        u8::try_from(class.hierarchy).map_err(|_| format!("{name}: a hierarchy above 255 has no rank here"))
    });
    let values = |kind: TagType| {
        let tags = spif.tag_sets.iter().flat_map(move |set| set.tags_of(kind).map(move |tag| (set, tag)));
        let named = tags.flat_map(|(set, tag)| tag.categories.iter().map(move |value| (set, value)));
        named.map(|(set, value)| TagValue { tag: set.name.clone(), name: value.name.clone() })
    };
    Ok(Policy {
        name: spif.policy.name.to_uppercase(),
        levels,
        open_up_to: open.transpose()?,
        restrictive: values(TagType::Restrictive).collect(),
        // A nation's people meet its name by what they are.
        permissive: values(TagType::Permissive).filter(|value| nation::index(&value.name.to_uppercase()).is_none()).collect(),
        file: Some(spif.clone()),
    })
}

/// The facet of a valid label that was made at `made`.
///
/// # Errors
/// In words, when a tag holds something that nobody could meet or that has no rank here.
pub fn facet_of(label: &Resolved<'_>, rules: &Rules, made: Stamp) -> Result<Facet, String> {
    let rank = u8::try_from(label.class.hierarchy).map_err(|_| format!("{}: a hierarchy above 255 has no rank here", label.class.name))?;
    let mut facet = Facet::at_level(rank);
    let mut clauses = Vec::new();
    for own in &label.tags {
        match own.tag.kind {
            TagType::Informative => {}
            TagType::Restrictive => {
                let values = own.values.iter().map(|value| Restriction { tag: own.set.name.clone(), value: value.name.clone() });
                facet.restrictive.extend(values);
            }
            TagType::Permissive if !own.inputs.is_empty() => {
                return Err(format!("{} holds what its author wrote, which nobody can hold", own.set.name));
            }
            TagType::Permissive => {
                let values = own.values.iter().map(|value| audience_of(&value.name, rules, made));
                clauses.push(Clause::new(&own.set.name, values));
            }
        }
    }
    dialect::one_audience(label.spif, &mut clauses);
    Ok(clauses.into_iter().fold(facet, Facet::only))
}

/// What the value called `name` means in a label that was made at `made`.
#[must_use]
pub fn audience_of(name: &str, rules: &Rules, made: Stamp) -> Value {
    audience_value(&name.to_uppercase(), rules, made).unwrap_or_else(|_| Value::Category(name.to_owned()))
}

/// What a label of `facet` says in the policy of `spif`.
///
/// # Errors
/// In words, when the facet says what no label of the policy can (ADatP-4774.1, 4.4 rule 9: then a person decides): several audiences under
/// one tag, nobody, an organisation or a person.
pub fn information_of(spif: &Spif, facet: &Facet) -> Result<Information, String> {
    let class = spif.classifications.iter().find(|class| class.hierarchy == u64::from(facet.level));
    let class = class.ok_or_else(|| format!("policy {} has no classification of hierarchy {}", spif.policy.name, facet.level))?;
    let mut categories: Vec<LabelCategory> = Vec::new();
    for clause in &facet.permissive {
        if clause.values.is_empty() {
            return Err(format!("{} admits nobody, which no label of the policy says", clause.tag));
        }
        if categories.iter().any(|category| same(&category.tag_name, &clause.tag)) {
            return Err(format!("{} has two audiences, and a label of the policy has one", clause.tag));
        }
        let values = clause.values.iter().map(name_of).collect::<Result<Vec<_>, _>>()?;
        categories.push(LabelCategory { kind: TagType::Permissive, tag_name: clause.tag.clone(), id: None, values });
    }
    for value in &facet.restrictive {
        let is_of = |category: &&mut LabelCategory| category.kind == TagType::Restrictive && same(&category.tag_name, &value.tag);
        match categories.iter_mut().find(is_of) {
            Some(category) => category.values.push(value.value.clone()),
            None => categories.push(LabelCategory {
                kind: TagType::Restrictive,
                tag_name: value.tag.clone(),
                id: None,
                values: vec![value.value.clone()],
            }),
        }
    }
    dialect::as_written(spif, &mut categories);
    categories.iter_mut().for_each(|category| category.id = spif.tag_set(&category.tag_name).map(|set| set.id.clone()));
    let policy = PolicyIdentifier { name: spif.policy.name.clone(), id: Some(spif.policy.id.clone()) };
    Ok(Information { policy, classification: class.name.clone(), privacy_mark: None, categories, foreign: Vec::new() })
}

fn name_of(value: &Value) -> Result<String, String> {
    match value {
        Value::Nation(name) | Value::Group { name, .. } | Value::Category(name) => Ok(name.clone()),
        Value::Organisation(_) | Value::Person(_) | Value::RecipientsOf(_) | Value::ClientsOf(_) => {
            Err(format!("{} is no value of a tag", display_value(value)))
        }
    }
}

/// A label of `information` that was made at `made`; it is reviewed when somebody asks for it.
#[must_use]
pub fn label_of(information: Information, made: Stamp) -> ConfidentialityLabel {
    let moment = || Some(Moment { text: made.to_string(), stamp: made });
    ConfidentialityLabel {
        kind: LabelKind::Originator,
        id: None,
        review: moment(),
        information,
        originator: None,
        created: moment(),
        succession: None,
        foreign: Vec::new(),
    }
}

/// Whether the policy's file, if it is from one, allows a label of `facet` that is made at `made`.
///
/// # Errors
/// In words: every rule that it breaks.
pub fn check(policy: &Policy, facet: &Facet, made: Stamp) -> Result<(), String> {
    let Some(spif) = &policy.file else { return Ok(()) };
    let validity = validate(spif, &label_of(information_of(spif, facet)?, made), made);
    allowed(validity).map(drop)
}

fn allowed(validity: Validity<'_>) -> Result<Resolved<'_>, String> {
    validity.resolved.ok_or_else(|| validity.breaches.join("; "))
}

#[cfg(test)]
mod tests;
