//! Everything that policies say of labels, in one answer: valid, marking, decision, counterpart, and why.
//!
//! Which label is decided on (ADatP-4774.1, 3.11.4 rule 1): the originator's when the clearance is of its policy; else the alternative label
//! of the clearance's policy; else what the equivalences make of the originator's; else nobody is admitted. A label that any given policy
//! calls invalid admits nobody either.

use relto_model::Stamp;
use serde::Serialize;

use super::decide::decide;
use super::display::display;
use super::label::{ConfidentialityClearance, ConfidentialityLabel, LabelKind};
use super::model::Spif;
use super::resolve::Resolved;
use super::translate::translate;
use super::valid::validate;
use super::xml::short;
use crate::Verdict;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Question<'q> {
    /// The policies.
    pub spifs: &'q [Spif],
    /// The labels of one object: one of the originator, any number of alternatives.
    pub labels: &'q [ConfidentialityLabel],
    /// For whom.
    pub clearance: Option<&'q ConfidentialityClearance>,
    /// The language of the marking.
    pub language: Option<&'q str>,
    /// When.
    pub at: Stamp,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// Whether the policies allow the labels.
    pub valid: bool,
    /// The marking of the label that the policies know; `None` when it is not valid, empty when its policy shows nothing.
    pub marking: Option<String>,
    /// The verdict on the clearance, when one was given.
    pub decision: Option<Verdict>,
    /// The label in another of the policies.
    pub translated: Option<Translated>,
    /// Every breach, warning and step, in words.
    pub reasons: Vec<String>,
}

/// A label in another policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Translated {
    /// The policy by name.
    pub policy: String,
    /// Its object identifier.
    pub policy_id: String,
    /// The classification.
    pub classification: String,
    /// Tag sets with their values.
    pub categories: Vec<TranslatedCategory>,
    /// The marking there.
    pub marking: String,
}

/// A tag set of a translated label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TranslatedCategory {
    /// The tag set by name.
    pub tag: String,
    /// RESTRICTIVE, PERMISSIVE or INFORMATIVE.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The values.
    pub values: Vec<String>,
}

/// Answers `question`.
#[must_use]
pub fn assess(question: &Question<'_>) -> Assessment {
    let mut reasons = Vec::new();
    let mut judged: Vec<Judged<'_>> = Vec::new();
    let mut sound = ambiguity(question.labels).map(|text| reasons.push(text)).is_none();
    for label in question.labels {
        match judge(question, label, &mut reasons) {
            Judgement::Valid(valid) => judged.push(valid),
            Judgement::Invalid => sound = false,
            Judgement::UnknownPolicy => {}
        }
    }
    judged.sort_by_key(|judged| rank(judged.kind));
    let primary = judged.first().filter(|_| sound);
    let marking = primary.map(|judged| display(&judged.resolved, question.language));
    let translated = primary.and_then(|primary| translation(question, primary, &judged, &mut reasons));
    let decision = question.clearance.map(|clearance| match primary {
        Some(primary) => decision(question, clearance, primary, &judged, translated.as_ref(), &mut reasons),
        None => {
            reasons.push("denied: no label is valid under the policies given".to_owned());
            Verdict::Deny
        }
    });
    let shown = translated.as_ref().and_then(|label| describe(question, label));
    Assessment { valid: primary.is_some(), marking, decision, translated: shown, reasons }
}

/// A label that its policy allows.
struct Judged<'q> {
    kind: LabelKind,
    label: &'q ConfidentialityLabel,
    resolved: Resolved<'q>,
}

enum Judgement<'q> {
    Valid(Judged<'q>),
    Invalid,
    UnknownPolicy,
}

/// The originator's label is looked at first, and what labels metadata only where there is nothing else.
fn rank(kind: LabelKind) -> u8 {
    match kind {
        LabelKind::Originator | LabelKind::Unspecified | LabelKind::Successor => 0,
        LabelKind::Alternative => 1,
        LabelKind::Metadata => 2,
    }
}

/// Labels of which it cannot be said which holds.
pub(crate) fn ambiguity(labels: &[ConfidentialityLabel]) -> Option<String> {
    let count = |wanted: u8| labels.iter().filter(|label| rank(label.kind) == wanted).count();
    let policy = |label: &ConfidentialityLabel| label.information.policy.name.to_ascii_uppercase();
    let mut alternatives: Vec<String> = labels.iter().filter(|label| label.kind == LabelKind::Alternative).map(policy).collect();
    alternatives.sort();
    if count(0) > 1 {
        Some("there are several originator's labels, and one object has one".to_owned())
    } else if count(2) > 0 && count(2) < labels.len() {
        Some("a label of metadata stands beside labels of the data; ask about each by itself".to_owned())
    } else {
        let twice = alternatives.windows(2).any(|pair| pair.first() == pair.last());
        twice.then(|| "two alternative labels are of one policy, and it cannot be said which holds".to_owned())
    }
}

fn judge<'q>(question: &Question<'q>, label: &'q ConfidentialityLabel, reasons: &mut Vec<String>) -> Judgement<'q> {
    let own = label.in_force(question.at);
    let name = label.kind.element();
    if own.kind != label.kind {
        reasons.push(format!("the successor of the {name} is in force (ADatP-4774.1 4.3)"));
    }
    let written = &own.information.policy;
    // By either, so that a label that names a known policy by a wrong id is held against that policy, and breaks it.
    let concerns = |spif: &&Spif| spif.policy.is(&written.name, None) || written.id.as_ref().is_some_and(|id| *id == spif.policy.id);
    let Some(spif) = question.spifs.iter().find(concerns) else {
        reasons.push(format!("the {name} is of policy {}, of which no file was given", short(&written.name)));
        return Judgement::UnknownPolicy;
    };
    let validity = validate(spif, own, question.at);
    reasons.extend(validity.breaches.iter().map(|breach| format!("not valid: {breach}")));
    reasons.extend(validity.warnings.iter().map(|warning| format!("warning: {warning}")));
    match validity.resolved {
        Some(resolved) => Judgement::Valid(Judged { kind: label.kind, label: own, resolved }),
        None => Judgement::Invalid,
    }
}

/// The counterpart in the clearance's policy, or else in the first other policy that has one.
fn translation(
    question: &Question<'_>,
    primary: &Judged<'_>,
    judged: &[Judged<'_>],
    reasons: &mut Vec<String>,
) -> Option<ConfidentialityLabel> {
    let is_other = |spif: &&Spif| spif.policy.id != primary.resolved.spif.policy.id;
    let is_asked = |spif: &&Spif| question.clearance.is_some_and(|clearance| is_of(spif, clearance));
    let has_own = |spif: &&Spif| judged.iter().any(|judged| judged.resolved.spif.policy.id == spif.policy.id);
    let mut targets: Vec<&Spif> = question.spifs.iter().filter(is_other).filter(|spif| !has_own(spif)).collect();
    if targets.iter().any(is_asked) {
        targets.retain(is_asked);
    }
    for target in targets {
        match translate(primary.label, &primary.resolved, target, question.at) {
            Ok(label) => return Some(label),
            Err(why) => reasons.push(why),
        }
    }
    None
}

fn is_of(spif: &Spif, clearance: &ConfidentialityClearance) -> bool {
    spif.policy.is(&clearance.policy.name, clearance.policy.id.as_deref())
}

fn decision(
    question: &Question<'_>,
    clearance: &ConfidentialityClearance,
    primary: &Judged<'_>,
    judged: &[Judged<'_>],
    translated: Option<&ConfidentialityLabel>,
    reasons: &mut Vec<String>,
) -> Verdict {
    let mut on = |label: &Resolved<'_>, which: &str| {
        if !which.is_empty() {
            reasons.push(format!("decided on {which}, since the clearance is of policy {}", label.spif.policy.name));
        }
        let decision = decide(label, clearance);
        reasons.extend(decision.reasons);
        decision.verdict
    };
    let direct = is_of(primary.resolved.spif, clearance);
    if direct {
        return on(&primary.resolved, "");
    }
    let alternative = |judged: &&Judged<'_>| judged.kind == LabelKind::Alternative && is_of(judged.resolved.spif, clearance);
    if let Some(alternative) = judged.iter().find(alternative) {
        return on(&alternative.resolved, "the alternative label");
    }
    let governing = question.spifs.iter().find(|spif| is_of(spif, clearance));
    let counterpart = governing.zip(translated).and_then(|(spif, label)| validate(spif, label, question.at).resolved);
    match counterpart {
        Some(label) => on(&label, "what the equivalences make of the label"),
        None => on(&primary.resolved, ""),
    }
}

fn describe(question: &Question<'_>, label: &ConfidentialityLabel) -> Option<Translated> {
    let written = &label.information.policy;
    let spif = question.spifs.iter().find(|spif| spif.policy.is(&written.name, written.id.as_deref()))?;
    let resolved = validate(spif, label, question.at).resolved?;
    let categories = label.information.categories.iter().map(|category| TranslatedCategory {
        tag: category.tag_name.clone(),
        kind: category.kind.word(),
        values: category.values.clone(),
    });
    Some(Translated {
        policy: spif.policy.name.clone(),
        policy_id: spif.policy.id.clone(),
        classification: label.information.classification.clone(),
        categories: categories.collect(),
        marking: display(&resolved, question.language),
    })
}

#[cfg(test)]
mod tests;
