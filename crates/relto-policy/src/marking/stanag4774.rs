//! STANAG 4774 labels of one object, in XML, as a label of the lattice: the originator's, its alternatives, and what follows them in time.
//!
//! Each must be valid under a policy that is in force on the node, or nobody is admitted. An alternative admits those whom it admits beside
//! those of the originator's label: in this the lattice is wider than ADatP-4774.1, 3.11.4 rule 1, which asks the alternative only about a
//! clearance of its own policy; but so nobody sees more by lacking a clearance. An alternative in a policy that is not in force is left
//! out, which only withholds.

mod write;

use std::collections::BTreeSet;

use relto_model::{Facet, Label, PolicyId, Stamp};

use crate::policy::Policy;
use crate::rules::Rules;
use crate::spif::label::{ConfidentialityLabel, LabelKind, Mode};
use crate::spif::lattice::facet_of;
use crate::spif::valid::validate;

pub use write::write;

/// What labels in XML say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exact {
    /// The label of the lattice.
    pub label: Label,
    /// What is to be noted.
    pub notes: Vec<String>,
}

/// Reads the labels of one object, as they hold from `now` on.
///
/// # Errors
/// In words: what cannot be read, which rule of its policy a label breaks, or which policy is not in force.
pub fn read(labels: &[&str], rules: &Rules, now: Stamp) -> Result<Exact, String> {
    let mut read = Vec::new();
    for xml in labels {
        let label = ConfidentialityLabel::parse(xml, Mode::Strict).map_err(|error| format!("a STANAG 4774 label: {error}"))?;
        read.push(label.value);
    }
    if let Some(why) = crate::spif::assess::ambiguity(&read) {
        return Err(format!("STANAG 4774 labels: {why}"));
    }
    let of_kind = |kind: LabelKind| read.iter().filter(move |label| label.kind == kind);
    let original = of_kind(LabelKind::Originator).next().ok_or("STANAG 4774 labels without one of the originator")?;
    let mut notes = Vec::new();
    let mut others = Vec::new();
    for other in of_kind(LabelKind::Alternative) {
        match policy_of(other, rules) {
            Ok(_) => others.push(other),
            Err(why) => notes.push(format!("an alternative label is left out: {why}")),
        }
    }
    let all = || std::iter::once(original).chain(others.iter().copied());
    let changes: BTreeSet<Stamp> = all().flat_map(changes).filter(|change| *change > now).collect();
    let mut label = at(original, &others, rules, now, now)?;
    for change in changes {
        label = label.then(change, &at(original, &others, rules, now, change)?);
    }
    Ok(Exact { label, notes })
}

/// The dates at which a label may become another: at each, [`ConfidentialityLabel::in_force`] says which holds.
fn changes(label: &ConfidentialityLabel) -> Vec<Stamp> {
    let mut changes = Vec::new();
    let mut next = Some(label);
    while let Some(label) = next {
        changes.extend(label.review.as_ref().map(|review| review.stamp));
        changes.extend(label.succession.as_ref().map(|succession| succession.at.stamp));
        next = label.succession.as_ref().map(|succession| &succession.label);
    }
    changes
}

/// What holds at `when` of labels that are taken in at `now`.
fn at(original: &ConfidentialityLabel, others: &[&ConfidentialityLabel], rules: &Rules, now: Stamp, when: Stamp) -> Result<Label, String> {
    let (policy, mut facet) = facet_in_force(original, rules, now, when)?;
    for other in others {
        let (policy, other) = facet_in_force(other, rules, now, when)?;
        facet = facet.or(policy, other);
    }
    Ok(Label::new(policy, facet))
}

fn facet_in_force(label: &ConfidentialityLabel, rules: &Rules, now: Stamp, when: Stamp) -> Result<(PolicyId, Facet), String> {
    let label = label.in_force(when);
    let policy = policy_of(label, rules)?;
    let spif = policy.file.as_ref().ok_or_else(|| not_in_force(label))?;
    let validity = validate(spif, label, when);
    let resolved = validity.resolved.ok_or_else(|| format!("a STANAG 4774 label is not valid: {}", validity.breaches.join("; ")))?;
    // What somebody dates into the future is as of today.
    let made = label.created.as_ref().map_or(now, |created| created.stamp.min(now));
    Ok((PolicyId::new(&policy.name), facet_of(&resolved, rules, made)?))
}

fn policy_of<'r>(label: &ConfidentialityLabel, rules: &'r Rules) -> Result<&'r Policy, String> {
    let named = &label.information.policy;
    let policy = rules.policies.find(&named.name).filter(|policy| {
        let of_file = |spif: &std::sync::Arc<crate::spif::Spif>| spif.policy.is(&named.name, named.id.as_deref());
        policy.file.as_ref().is_some_and(of_file)
    });
    policy.ok_or_else(|| not_in_force(label))
}

fn not_in_force(label: &ConfidentialityLabel) -> String {
    let named = &label.information.policy;
    let id = named.id.as_ref().map(|id| format!(" ({id})")).unwrap_or_default();
    let name: String = format!("{}{id}", named.name).chars().take(80).collect();
    format!("policy {name} of a STANAG 4774 label is not in force here: `relto policy activate` puts its file in force")
}

#[cfg(test)]
mod tests;
