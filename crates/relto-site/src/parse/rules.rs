//! Our rules for a file of site policies, beyond those of Cedar.

use std::collections::BTreeSet;

use cedar_policy::{Effect, Policy, PolicyId, PolicySet};
use serde_json::Value as Json;

use super::report::Report;
use crate::schema::Frame;
use relto_model::text::is_hidden;

/// The annotations that a policy may have.
const ANNOTATIONS: &[&str] = &["id", "reason", "citation"];
const ID_CHARS_MAX: usize = 64;
const ANNOTATION_CHARS_MAX: usize = 300;

/// The policies of `set` in the order of the text, each under its own `@id`. `begins` is where they begin.
pub(super) fn named(set: &PolicySet, begins: &[usize], frame: &Frame, report: &mut Report) -> Vec<Policy> {
    if begins.is_empty() {
        report.add(0, None, "no policy", "write at least one `forbid`; to have none, withdraw the file");
    }
    if begins.len() != set.num_of_policies() + set.num_of_templates() {
        report.add(0, None, "the policies cannot be told apart", "end each policy with one semicolon");
        return Vec::new();
    }
    let mut seen = BTreeSet::new();
    let mut policies = Vec::new();
    for (number, begin) in begins.iter().enumerate() {
        // Cedar numbers what it reads.
        let Some(policy) = set.policy(&PolicyId::new(format!("policy{number}"))) else {
            report.add(*begin, None, "a template, which nobody fills in", "write `principal` and `resource` without a slot");
            continue;
        };
        if let Some(id) = id(policy, *begin, &mut seen, report) {
            check(policy, &id, *begin, frame, report);
            policies.push(policy.new_id(PolicyId::new(id)));
        }
    }
    policies
}

fn id(policy: &Policy, begin: usize, seen: &mut BTreeSet<String>, report: &mut Report) -> Option<String> {
    let form = "begin it with `@id(\"…\")`: up to 64 of a-z, 0-9, `-`, `_` and `.`, beginning with a letter";
    let Some(id) = policy.annotation("id") else {
        report.add(begin, None, "a policy without an id", form);
        return None;
    };
    let is_plain = id.len() <= ID_CHARS_MAX
        && id.starts_with(|letter: char| letter.is_ascii_lowercase())
        && id.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-_.".contains(letter));
    if !is_plain {
        report.add(begin, None, &format!("`{id}` is no id for a policy"), form);
        return None;
    }
    if !seen.insert(id.to_owned()) {
        report.add(begin, Some(id), "the id of another policy as well", "give each policy an id of its own");
        return None;
    }
    Some(id.to_owned())
}

fn check(policy: &Policy, id: &str, begin: usize, frame: &Frame, report: &mut Report) {
    if policy.effect() != Effect::Forbid {
        let message = "`permit` permits nothing here: the release rules do, and a site policy narrows them";
        report.add(begin, Some(id), message, "write what is withheld: `forbid`, with `unless` for whom it does not concern");
    }
    for (key, value) in policy.annotations() {
        if !ANNOTATIONS.contains(&key) {
            let help = format!("annotations are {}", ANNOTATIONS.join(", "));
            report.add(begin, Some(id), &format!("unknown annotation `@{key}`"), &help);
        }
        if value.chars().count() > ANNOTATION_CHARS_MAX || value.chars().any(is_hidden) {
            let help = "an annotation is one line of at most 300 characters";
            report.add(begin, Some(id), &format!("`@{key}` is too long, or not plain text in one line"), help);
        }
    }
    if let Some(named) = policy.entity_literals().iter().find(|named| **named != frame.read) {
        let is_action = named.type_name() == frame.read.type_name();
        let help = if is_action {
            "the one action is `Action::\"read\"`"
        } else {
            "ask for attributes, such as `principal.organisation`: equal attributes are one profile, and no profile has a name"
        };
        report.add(begin, Some(id), &format!("names the entity `{named}`"), help);
    }
}

/// Whether a policy in its JSON form asks for the context, which is the date.
pub(super) fn asks_date(policy: &Json) -> bool {
    match policy {
        Json::Object(object) => object.get("Var").and_then(Json::as_str) == Some("context") || object.values().any(asks_date),
        Json::Array(values) => values.iter().any(asks_date),
        _ => false,
    }
}
