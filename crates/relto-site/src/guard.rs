//! Slicing: which labels a `forbid` can concern at all, read from its JSON form.
//!
//! Cedar evaluates every policy for every request, some two microseconds each, whatever its conditions say. A `forbid` that asks
//! for something of the label, such as `resource.restrictive.contains("…")`, need not be evaluated for labels without it. A guard is believed
//! only where nothing that could err is evaluated before it: a policy that errs withholds, and must not be skipped. Of a policy that was
//! strictly validated, on entities of the schema's form, only arithmetic and functions of Cedar's extensions can err.
//! `tests/slicing.rs` holds sliced and unsliced to the same answers.

use serde_json::Value as Json;

use crate::facts::Facts;

/// The attributes of a label that are sets of strings: asking one for a string cannot err.
const SETS: &[&str] =
    &["policies", "tag_sets", "restrictive", "categories", "legal", "nations", "groups", "organisations", "releasable_to"];

/// One condition that a label must meet for the policy to apply: some set of it has some value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Guard(Vec<(&'static str, String)>);

impl Guard {
    fn one(set: &'static str, value: &str) -> Self {
        Self(vec![(set, value.to_owned())])
    }

    fn is_met(&self, label: &Facts) -> bool {
        self.0.iter().any(|(set, value)| label.has(set, value))
    }
}

/// Whether a policy with these guards can apply to `label`.
pub(crate) fn all_met(guards: &[Guard], label: &Facts) -> bool {
    guards.iter().all(|guard| guard.is_met(label))
}

/// The guards of a policy in its JSON form; none when there is nothing to believe.
pub(crate) fn of_policy(policy: &Json) -> Vec<Guard> {
    let mut guards = Vec::new();
    // Conditions are evaluated in their order, and the scope, which cannot err, before them.
    for condition in policy.get("conditions").and_then(Json::as_array).into_iter().flatten() {
        let Some(body) = condition.get("body") else { break };
        let is_when = condition.get("kind").and_then(Json::as_str) == Some("when");
        let goes_on = if is_when { gather(body, &mut guards) } else { cannot_err(body) };
        if !goes_on {
            break;
        }
    }
    guards
}

/// Gathers the guards in `body` up to what could err; false when there is such a thing.
fn gather(body: &Json, guards: &mut Vec<Guard>) -> bool {
    if let Some((left, right)) = sides(body, "&&") {
        return gather(left, guards) && gather(right, guards);
    }
    match guards_of(body) {
        Some(found) => {
            guards.extend(found);
            true
        }
        None => cannot_err(body),
    }
}

/// Whether `body`, once validated, has a value whatever the request. What is not known here could err.
fn cannot_err(body: &Json) -> bool {
    const WITH_OPERANDS: &[&str] = &[
        ".",
        "has",
        "==",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "in",
        "is",
        "&&",
        "||",
        "!",
        "if-then-else",
        "contains",
        "containsAll",
        "containsAny",
        "isEmpty",
        "hasTag",
        "getTag",
        "like",
    ];
    let operator = body.as_object().filter(|object| object.len() == 1).and_then(|object| object.iter().next());
    match operator.map(|(name, operands)| (name.as_str(), operands)) {
        Some(("Var" | "Value", _)) => true,
        Some(("Set", Json::Array(values))) => values.iter().all(cannot_err),
        Some(("Record", Json::Object(values))) => values.values().all(cannot_err),
        Some((name, Json::Object(operands))) if WITH_OPERANDS.contains(&name) => operands.iter().all(|(key, operand)| match key.as_str() {
            "left" | "right" | "arg" | "if" | "then" | "else" | "in" => cannot_err(operand),
            // Names and patterns, which are not evaluated.
            "attr" | "entity_type" | "pattern" => true,
            _ => false,
        }),
        _ => false,
    }
}

/// What an expression that is nothing but a guard asks for.
fn guards_of(body: &Json) -> Option<Vec<Guard>> {
    if let Some((left, right)) = sides(body, "||") {
        let (left, right) = (either(left)?, either(right)?);
        return Some(vec![Guard(left.0.into_iter().chain(right.0).collect())]);
    }
    if let Some((left, right)) = sides(body, "hasTag") {
        return (variable(left) == Some("resource")).then_some(vec![Guard::one("policies", text(right)?)]);
    }
    if let Some((left, right)) = sides(body, "contains") {
        return Some(vec![Guard::one(set_of_label(left)?, text(right)?)]);
    }
    if let Some((left, right)) = sides(body, "containsAny") {
        let set = set_of_label(left)?;
        return Some(vec![Guard(texts(right)?.into_iter().map(|value| (set, value)).collect())]);
    }
    let (left, right) = sides(body, "containsAll")?;
    let set = set_of_label(left)?;
    Some(texts(right)?.iter().map(|value| Guard::one(set, value)).collect())
}

/// A side of an `||`, as one guard.
fn either(body: &Json) -> Option<Guard> {
    let mut guards = guards_of(body)?.into_iter();
    let first = guards.next()?;
    guards.next().is_none().then_some(first)
}

/// Both operands, when `operator` is all there is.
fn sides<'j>(body: &'j Json, operator: &str) -> Option<(&'j Json, &'j Json)> {
    let operands = body.as_object().filter(|object| object.len() == 1)?.get(operator)?;
    Some((operands.get("left")?, operands.get("right")?))
}

fn set_of_label(body: &Json) -> Option<&'static str> {
    let access = body.get(".")?;
    let attribute = access.get("attr")?.as_str()?;
    let set = SETS.iter().find(|set| **set == attribute)?;
    (variable(access.get("left")?)? == "resource").then_some(*set)
}

fn variable(body: &Json) -> Option<&str> {
    body.get("Var")?.as_str()
}

fn text(body: &Json) -> Option<&str> {
    body.get("Value")?.as_str()
}

fn texts(body: &Json) -> Option<Vec<String>> {
    body.get("Set")?.as_array()?.iter().map(|value| text(value).map(str::to_owned)).collect()
}
