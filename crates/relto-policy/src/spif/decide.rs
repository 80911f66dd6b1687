//! The decision rule of ADatP-4774.1, 3.11.4, for a valid label and a clearance of its policy, each step in words.
//!
//! The published generator asks for a tag before it looks at the classification, so that a label without categories matches nothing;
//! here rules 1 and 2 always hold, and every tag is AND-ed. Where label and clearance are of different policies,
//! [`assess`](mod@super::assess) finds the label to decide on. Tests hold this to a second evaluator that works on the names alone.

use super::label::ConfidentialityClearance;
use super::model::{Category, Spif, Tag, TagType, same};
use super::resolve::{Resolved, TagValues, is_one, tags, value};
use super::xml::short;
use crate::Verdict;

/// A verdict and the steps that led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The verdict.
    pub verdict: Verdict,
    /// Every rule, applied, in words and with its citation.
    pub reasons: Vec<String>,
}

/// Whether `clearance` admits to what carries `label`.
#[must_use]
pub fn decide(label: &Resolved<'_>, clearance: &ConfidentialityClearance) -> Decision {
    let mut steps = Steps { permitted: true, reasons: Vec::new() };
    let policy = &label.spif.policy;
    let is_of_policy = policy.is(&clearance.policy.name, clearance.policy.id.as_deref());
    let text = format!("the label is of policy {}, the clearance of {}", policy.name, short(&clearance.policy.name));
    steps.rule(1, is_of_policy, text);
    classification(label, clearance, &mut steps);
    let held = held(label.spif, clearance, &mut steps);
    label.of_kind(TagType::Permissive).for_each(|own| permissive(own, &held, &mut steps));
    label.of_kind(TagType::Restrictive).for_each(|own| restrictive(own, &held, &mut steps));
    for own in label.of_kind(TagType::Informative) {
        steps.reasons.push(format!("ignored: {} is informative (ADatP-4774.1 3.11.4 rule 5)", own.set.name));
    }
    Decision { verdict: if steps.permitted { Verdict::Permit } else { Verdict::Deny }, reasons: steps.reasons }
}

struct Steps {
    permitted: bool,
    reasons: Vec<String>,
}

impl Steps {
    fn rule(&mut self, number: u8, met: bool, text: String) {
        self.permitted &= met;
        let mark = if met { "met" } else { "not met" };
        self.reasons.push(format!("{mark}: {text} (ADatP-4774.1 3.11.4 rule {number})"));
    }
}

/// Rule 2: the clearance lists classifications, and none is implied by a higher one.
fn classification(label: &Resolved<'_>, clearance: &ConfidentialityClearance, steps: &mut Steps) {
    let class = &label.class.name;
    let listed = clearance.classifications.iter().any(|own| same(own, class));
    let list = clearance.classifications.iter().map(|own| short(own)).collect::<Vec<_>>().join(", ");
    let text = if listed { format!("the clearance lists {class}") } else { format!("the clearance lists {list}, not {class}") };
    steps.rule(2, listed, text);
}

type Held<'s> = Vec<(&'s Tag, &'s Category)>;

/// What the clearance holds in the policy's terms. What the policy does not know, or calls otherwise, grants nothing.
fn held<'s>(spif: &'s Spif, clearance: &ConfidentialityClearance, steps: &mut Steps) -> Held<'s> {
    let mut held = Vec::new();
    for category in &clearance.categories {
        let Ok(candidates) = tags(spif, category) else {
            let (kind, name) = (category.kind.word(), short(&category.tag_name));
            steps.reasons.push(format!("the clearance's {kind} `{name}` is not so in policy {}, and grants nothing", spif.policy.name));
            continue;
        };
        held.extend(category.values.iter().filter_map(|name| value(&candidates, name)));
    }
    held
}

fn holds(held: &Held<'_>, tag: &Tag, value: &Category) -> bool {
    held.iter().any(|(own_tag, own)| is_one(*own_tag, tag) && is_one(*own, value))
}

/// Rule 3: one of the values. A tag without values admits nobody.
fn permissive(own: &TagValues<'_>, held: &Held<'_>, steps: &mut Steps) {
    let shared = names(own.values.iter().copied().filter(|value| holds(held, own.tag, value)));
    let all = names(own.values.iter().copied());
    let text = if shared.is_empty() {
        let has = names(held.iter().filter(|(tag, _)| is_one(*tag, own.tag)).map(|(_, value)| *value));
        format!("{} is for {}, and the clearance has {}", own.set.name, or(&all, "nobody"), or(&has, "none of its values"))
    } else {
        format!("{} is for {all}, and the clearance has {shared}", own.set.name)
    };
    steps.rule(3, !shared.is_empty(), text);
}

/// Rule 4: every value.
fn restrictive(own: &TagValues<'_>, held: &Held<'_>, steps: &mut Steps) {
    let lacking = names(own.values.iter().copied().filter(|value| !holds(held, own.tag, value)));
    let all = names(own.values.iter().copied());
    let text = if lacking.is_empty() {
        format!("{} asks for {}, and the clearance has it", own.set.name, or(&all, "nothing"))
    } else {
        format!("{} asks for {all}, and the clearance lacks {lacking}", own.set.name)
    };
    steps.rule(4, lacking.is_empty(), text);
}

fn names<'c>(values: impl Iterator<Item = &'c Category>) -> String {
    values.map(|value| value.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn or<'t>(text: &'t str, otherwise: &'t str) -> &'t str {
    if text.is_empty() { otherwise } else { text }
}

#[cfg(test)]
mod tests;
