//! Labels in words: what people would write, where they could have, and a plain statement of what a join is where nobody could.

use std::collections::BTreeSet;

use relto_model::label::Clause;
use relto_model::{Facet, Label, PolicyId, Stamp, Value};

use super::AND;
use crate::policy::{self, ORG, TLP};
use crate::rules::Rules;

/// The label in words, policy by policy.
#[must_use]
pub fn display(label: &Label) -> String {
    label.facets().map(|(policy, facet)| display_facet(policy, facet)).collect::<Vec<_>>().join(AND)
}

fn display_facet(id: &PolicyId, facet: &Facet) -> String {
    let level = policy::of(id).and_then(|policy| policy.level_of_rank(facet.level));
    let level = level.map_or_else(|| format!("LEVEL {}", facet.level), |level| level.name.to_owned());
    let restrictive = facet.restrictive.iter().map(|restriction| restriction.value.as_str()).collect::<Vec<_>>();
    match id.as_str() {
        "USA" => {
            let controls = if restrictive.is_empty() { String::new() } else { format!("//{}", restrictive.join("/")) };
            format!("{level}{controls}{}{}", american_audience(facet), without_clause(id, facet))
        }
        TLP => format!("TLP:{level}{}", each_clause(facet, " for ", " and")),
        ORG => each_clause(facet, "ORG:", AND),
        name => {
            let sensitivities: String = restrictive.iter().map(|value| format!(" {value}")).collect();
            format!("{name} {level}{sensitivities}{}{}", alliance_audience(name, facet), without_clause(id, facet))
        }
    }
}

/// A facet that names nobody is for everybody, which must not read like the label that people write for an alliance alone.
fn without_clause(id: &PolicyId, facet: &Facet) -> &'static str {
    match policy::of(id) {
        _ if !facet.permissive.is_empty() => "",
        Some(policy) if facet.level > policy.clearance_above => " for everybody cleared",
        _ => " for everybody",
    }
}

fn american_audience(facet: &Facet) -> String {
    let one = |clause: &Clause| {
        let usa = Value::Nation("USA".to_owned());
        if clause.values.len() == 1 && clause.values.contains(&usa) {
            return "//NOFORN".to_owned();
        }
        if clause.values.is_empty() {
            return " for nobody".to_owned();
        }
        // CAPCO: USA first, then nations, then groups; the order of the set gives the rest.
        let others = clause.values.iter().filter(|value| **value != usa).map(display_value);
        let first = clause.values.contains(&usa).then(|| "USA".to_owned());
        format!("//REL TO {}", first.into_iter().chain(others).collect::<Vec<_>>().join(", "))
    };
    facet.permissive.iter().map(one).collect()
}

fn alliance_audience(alliance: &str, facet: &Facet) -> String {
    let is_alliance = |value: &Value| matches!(value, Value::Group { name, .. } if name == alliance);
    let one = |clause: &Clause| {
        let others = clause.values.iter().filter(|value| !is_alliance(value)).map(display_value).collect::<Vec<_>>().join(", ");
        match (clause.values.iter().any(is_alliance), others.is_empty()) {
            (true, true) => String::new(),
            (true, false) => format!(" REL TO {others}"),
            (false, true) => " for nobody".to_owned(),
            (false, false) => format!(" only {others}"),
        }
    };
    facet.permissive.iter().map(one).collect()
}

fn each_clause(facet: &Facet, before: &str, between: &str) -> String {
    let one = |clause: &Clause| {
        let names = clause.values.iter().map(display_value).collect::<Vec<_>>().join("; ");
        format!("{before}{}", if names.is_empty() { "nobody" } else { &names })
    };
    facet.permissive.iter().map(one).collect::<Vec<_>>().join(between)
}

/// What a reader must meet to get what carries `label`, rule by rule; every one must be met. Groups of nations come with those of their members
/// who were in it when the label was made and are at `now`.
#[must_use]
pub fn rules_in_words(label: &Label, rules: &Rules, now: Stamp) -> Vec<String> {
    label.facets().flat_map(|(id, facet)| facet_in_words(id, facet, rules, now)).collect()
}

fn facet_in_words(id: &PolicyId, facet: &Facet, rules: &Rules, now: Stamp) -> Vec<String> {
    let Some((policy, level)) = policy::of(id).and_then(|policy| Some((policy, policy.level_of_rank(facet.level)?))) else {
        return vec![format!("{id}: a policy or level that this node does not know, which admits nobody")];
    };
    let mut words = Vec::new();
    if facet.level > policy.clearance_above {
        words.push(format!("a clearance `{id}:{}`, or for a level above", level.name));
    }
    words.extend(facet.permissive.iter().map(|clause| audience_in_words(clause, rules, now)));
    words.extend(facet.restrictive.iter().map(|restriction| format!("the access `{}`", restriction.value)));
    if words.is_empty() {
        words.push(format!("{id} {}: everybody who may sign in", level.name));
    }
    words
}

fn audience_in_words(clause: &Clause, rules: &Rules, now: Stamp) -> String {
    let one = |value: &Value| match value {
        Value::Group { name, as_of } if rules.memberships.knows(name) => {
            let members = rules.memberships.members(name, *as_of).filter(|nation| rules.memberships.is_member(nation, name, now));
            format!("{name} ({})", members.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(" "))
        }
        value => display_value(value),
    };
    let names = clause.values.iter().map(one).collect::<Vec<_>>().join(", ");
    format!("{}: {}", clause.tag, if names.is_empty() { "nobody" } else { &names })
}

/// One audience entry in words.
#[must_use]
pub fn display_value(value: &Value) -> String {
    match value {
        Value::Nation(code) => code.clone(),
        Value::Group { name, .. } => name.clone(),
        Value::Organisation(name) | Value::Person(name) | Value::Category(name) => name.clone(),
        Value::RecipientsOf(_) => "recipients of the collection".to_owned(),
        Value::ClientsOf(_) => "their clients".to_owned(),
    }
}
