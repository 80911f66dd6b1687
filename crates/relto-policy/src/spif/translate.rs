//! A label in the terms of another policy, by the equivalences that the two files declare; refused wherever it could say less.
//!
//! What is mapped there is mapped back, and what comes back must dominate what went (labels-policy §1.6). That alone is not enough: two
//! permissive tags that become one turn AND into OR, and a restrictive value that becomes permissive turns ALL into ANY, though both come
//! back unharmed. So a tag keeps its type, and no two permissive tags become one. Only the least label of a policy needs no way back.

use super::label::{ConfidentialityLabel, Information, LabelCategory, LabelKind, PolicyIdentifier};
use super::model::{Applied, Category, Classification, Operation, RequiredCategories, Spif, Tag, TagSet, TagType, same};
use super::resolve::{Resolved, is_one};
use super::valid::validate;
use relto_model::Stamp;

/// The counterpart of `label` in `target`, as an alternative label with the dates of `original`.
///
/// # Errors
/// In words: what has no counterpart, or what the counterpart would say less of.
pub fn translate(original: &ConfidentialityLabel, label: &Resolved<'_>, target: &Spif, at: Stamp) -> Result<ConfidentialityLabel, String> {
    let names = format!("{} to {}", label.spif.policy.name, target.policy.name);
    let there = map(label, target).map_err(|why| format!("no translation of {names}: {why}"))?;
    let written = ConfidentialityLabel {
        kind: LabelKind::Alternative,
        id: None,
        review: original.review.clone(),
        information: there,
        originator: original.originator.clone(),
        created: original.created.clone(),
        succession: None,
        foreign: Vec::new(),
    };
    let validity = validate(target, &written, at);
    let Some(image) = validity.resolved else {
        return Err(format!("no translation of {names}: what it would be is not valid: {}", validity.breaches.join("; ")));
    };
    if !is_least(label) {
        let back = map_all_back(&image, label.spif).map_err(|why| format!("no translation of {names}: there is no way back: {why}"))?;
        dominates(&back, label).map_err(|why| format!("no translation of {names}: it would lower the label: {why}"))?;
    }
    Ok(written)
}

/// Nothing is below the lowest classification of a policy without any value that decides access.
fn is_least(label: &Resolved<'_>) -> bool {
    let lowest = label.spif.classifications.iter().all(|class| class.hierarchy >= label.class.hierarchy);
    lowest && label.tags.iter().all(|own| own.tag.kind == TagType::Informative)
}

/// A declared counterpart of a classification.
fn classes<'t>(from: &Spif, class: &'t Classification, to: &'t Spif) -> Vec<(&'t Classification, &'t [RequiredCategories])> {
    let outward = class.equivalents.iter().filter(|other| other.applied.outward && names(from, &other.policy, to));
    let outward = outward.filter_map(|other| Some((to.classification_of(other.lacv)?, other.required.as_slice())));
    let inward = to.classifications.iter().filter(|own| {
        own.equivalents.iter().any(|other| other.applied.inward && names(to, &other.policy, from) && other.lacv == class.lacv)
    });
    let mut all: Vec<_> = outward.collect();
    for own in inward.filter(|own| !all.iter().any(|(known, _)| is_one(*known, *own))).collect::<Vec<_>>() {
        all.push((own, &[]));
    }
    all
}

/// Whether `policy`, as `from` calls it, is `to`, by its object identifier.
fn names(from: &Spif, policy: &str, to: &Spif) -> bool {
    from.equivalent_policies.iter().any(|known| same(&known.name, policy) && known.id == to.policy.id)
}

/// What a value is in another policy.
struct Counterparts<'t> {
    values: Vec<(&'t TagSet, &'t Tag, &'t Category)>,
    discarded: bool,
}

fn counterparts<'t>(from: &Spif, place: (&TagSet, &Tag, &Category), to: &'t Spif) -> Counterparts<'t> {
    let (set, tag, value) = place;
    let mut found = Counterparts { values: Vec::new(), discarded: false };
    let is_outward = |applied: Applied| applied.outward;
    for other in value.equivalents.iter().filter(|other| is_outward(other.applied) && names(from, &other.policy, to)) {
        match &other.target {
            None => found.discarded = true,
            Some(target) => found.values.extend(
                all_values(to)
                    .filter(|(set, tag, value)| set.id == target.tag_set_id && tag.kind == target.kind && value.lacv == target.lacv),
            ),
        }
    }
    let inward = all_values(to).filter(|(_, _, own)| {
        own.equivalents.iter().any(|other| {
            let is_here = other
                .target
                .as_ref()
                .is_some_and(|target| target.tag_set_id == set.id && target.kind == tag.kind && target.lacv == value.lacv);
            other.applied.inward && names(to, &other.policy, from) && is_here
        })
    });
    for own in inward {
        if !found.values.iter().any(|(_, _, known)| is_one(*known, own.2)) {
            found.values.push(own);
        }
    }
    found
}

fn all_values(spif: &Spif) -> impl Iterator<Item = (&TagSet, &Tag, &Category)> {
    spif.tag_sets.iter().flat_map(|set| set.tags.iter().flat_map(move |tag| tag.categories.iter().map(move |value| (set, tag, value))))
}

/// A label of another policy while it is put together.
struct Draft<'t> {
    values: Vec<(&'t TagSet, &'t Tag, &'t Category)>,
}

impl<'t> Draft<'t> {
    fn add(&mut self, place: (&'t TagSet, &'t Tag, &'t Category)) {
        if !self.values.iter().any(|(_, _, known)| is_one(*known, place.2)) {
            self.values.push(place);
        }
    }

    fn has(&self, tag: &Tag) -> bool {
        self.values.iter().any(|(_, own, _)| is_one(*own, tag))
    }

    /// Adds what an equivalence asks for, where that is one thing and narrows: never a further value to a permissive tag that has some.
    fn complete(&mut self, required: &[RequiredCategories], to: &'t Spif) {
        for required in required {
            let all = required.operation == Operation::All || required.groups.len() == 1;
            for group in required.groups.iter().filter(|group| all && group.lacv.is_some()) {
                let wanted = |(set, tag, value): &(&TagSet, &Tag, &Category)| {
                    same(&set.name, &group.tag_set) && tag.kind == group.kind && Some(value.lacv) == group.lacv
                };
                let found = all_values(to).find(wanted);
                if let Some(place) = found.filter(|(_, tag, _)| tag.kind != TagType::Permissive || !self.has(tag)) {
                    self.add(place);
                }
            }
        }
    }

    fn categories(&self) -> Vec<LabelCategory> {
        let mut all: Vec<LabelCategory> = Vec::new();
        for (set, tag, value) in &self.values {
            match all.iter_mut().find(|category| category.tag_name == set.name && category.kind == tag.kind) {
                Some(category) => category.values.push(value.name.clone()),
                None => all.push(LabelCategory {
                    kind: tag.kind,
                    tag_name: set.name.clone(),
                    id: Some(set.id.clone()),
                    values: vec![value.name.clone()],
                }),
            }
        }
        all
    }
}

/// `label` in the terms of `to`. Of several classifications the highest is taken.
fn map(label: &Resolved<'_>, to: &Spif) -> Result<Information, String> {
    let policy = &to.policy;
    let candidates = classes(label.spif, label.class, to);
    let Some((class, required)) = candidates.into_iter().max_by_key(|(class, _)| class.hierarchy) else {
        return Err(format!("{} {} has no equivalent in {}", label.spif.policy.name, label.class.name, policy.name));
    };
    let mut draft = Draft { values: Vec::new() };
    let mut taken: Vec<(&Tag, &Tag)> = Vec::new();
    for own in &label.tags {
        if !own.inputs.is_empty() || (own.tag.kind == TagType::Permissive && own.values.is_empty()) {
            return Err(format!("{} has no equivalent in {}: it holds no value of a list", own.set.name, policy.name));
        }
        for value in &own.values {
            let found = counterparts(label.spif, (own.set, own.tag, value), to);
            if found.values.is_empty() && !found.discarded {
                return Err(format!("{} of {} has no equivalent in {}", value.name, own.set.name, policy.name));
            }
            for place in found.values {
                keeps_its_sense(own.tag, place.1, &mut taken)?;
                draft.add(place);
            }
        }
    }
    draft.complete(required, to);
    Ok(Information {
        policy: PolicyIdentifier { name: policy.name.clone(), id: Some(policy.id.clone()) },
        classification: class.name.clone(),
        privacy_mark: None,
        categories: draft.categories(),
        foreign: Vec::new(),
    })
}

/// A tag keeps its type, and no two permissive tags become one.
fn keeps_its_sense<'s, 't>(from: &'s Tag, to: &'t Tag, taken: &mut Vec<(&'s Tag, &'t Tag)>) -> Result<(), String> {
    if from.kind != to.kind {
        return Err(format!("{} is {} and would become {}", from.name, from.kind.word(), to.kind.word()));
    }
    if from.kind == TagType::Permissive && taken.iter().any(|(other, same_tag)| is_one(*same_tag, to) && !is_one(*other, from)) {
        return Err(format!("{} and another permissive tag would become one, and either would do", from.name));
    }
    taken.push((from, to));
    Ok(())
}

/// What comes back: the lowest classification of all ways, and the values of all ways.
struct Back<'s> {
    class: &'s Classification,
    values: Vec<(&'s TagSet, &'s Tag, &'s Category)>,
}

fn map_all_back<'s>(image: &Resolved<'s>, home: &'s Spif) -> Result<Back<'s>, String> {
    let ways = classes(image.spif, image.class, home);
    let lowest = ways.iter().map(|(class, _)| *class).min_by_key(|class| class.hierarchy);
    let class =
        lowest.ok_or_else(|| format!("{} {} has no equivalent in {}", image.spif.policy.name, image.class.name, home.policy.name))?;
    let mut draft = Draft { values: Vec::new() };
    for own in &image.tags {
        for value in &own.values {
            counterparts(image.spif, (own.set, own.tag, value), home).values.into_iter().for_each(|place| draft.add(place));
        }
    }
    Ok(Back { class, values: draft.values })
}

/// Whether `back` restricts at least as much as `label`: ADatP-4774.1, 4.4, as a lattice.
fn dominates(back: &Back<'_>, label: &Resolved<'_>) -> Result<(), String> {
    if back.class.hierarchy < label.class.hierarchy {
        return Err(format!("{} would come back as {}", label.class.name, back.class.name));
    }
    for own in &label.tags {
        let returned: Vec<&Category> = back.values.iter().filter(|(_, tag, _)| is_one(*tag, own.tag)).map(|(_, _, value)| *value).collect();
        let has = |values: &[&Category], value: &Category| values.iter().any(|known| is_one(*known, value));
        let kept = match own.tag.kind {
            TagType::Informative => true,
            TagType::Restrictive => own.values.iter().all(|value| has(&returned, value)),
            TagType::Permissive => !returned.is_empty() && returned.iter().all(|value| has(&own.values, value)),
        };
        if !kept {
            return Err(format!("{} would not come back as it is", own.set.name));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
