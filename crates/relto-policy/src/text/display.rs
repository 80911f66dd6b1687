//! Labels in words: what people would write, where they could have, and a plain statement of what a join is where nobody could.

use std::collections::{BTreeMap, BTreeSet};

use relto_model::label::{Clause, Restriction};
use relto_model::{Facet, Label, PolicyId, Stamp, Value};

use super::{AND, WRITTEN};
use crate::policy::{ACS, ADDRESSEES, HANDLING, LAW, LAW_BESIDE, ORG, PAP, Policies, TLP, tlp};
use crate::rules::Rules;
use crate::worlds::pap;
use crate::{handling, law, pending};

/// The label in words, policy by policy, and what it becomes later.
#[must_use]
pub fn display(label: &Label, policies: &Policies) -> String {
    let facets = |facets: &BTreeMap<PolicyId, Facet>| {
        facets.iter().map(|(policy, facet)| display_with_others(policy, facet, policies)).collect::<Vec<_>>().join(AND)
    };
    let now = facets(label.facets_at(Stamp(i64::MIN)));
    let later = label.later().map(|(at, later)| format!(", from {at} {}", facets(later)));
    std::iter::once(now).chain(later).collect()
}

fn display_with_others(id: &PolicyId, facet: &Facet, policies: &Policies) -> String {
    let others = facet.alternatives.iter().map(|(policy, other)| format!(" or {}", display_facet(policy, other, policies)));
    std::iter::once(display_facet(id, facet, policies)).chain(others).collect()
}

fn display_facet(id: &PolicyId, facet: &Facet, policies: &Policies) -> String {
    let level = policies.level_name(id, facet.level);
    let level = level.map_or_else(|| format!("LEVEL {}", facet.level), str::to_owned);
    if policies.of(id).is_some_and(|policy| policy.file.is_some() && !WRITTEN.contains(&policy.name.as_str())) {
        return generic(id, &level, facet);
    }
    let restrictive = facet.restrictive.iter().map(|restriction| restriction.value.as_str()).collect::<Vec<_>>();
    match id.as_str() {
        "USA" => {
            let controls = if restrictive.is_empty() { String::new() } else { format!("//{}", restrictive.join("/")) };
            format!("{level}{controls}{}{}", american_audience(facet), without_clause(id, facet, policies))
        }
        HANDLING => handling::display(facet),
        ACS => format!("{ACS}{}", tags(facet)),
        PAP => pap::write_facet(facet).unwrap_or_else(|_| generic(id, &level, facet)),
        LAW => law::text::display(facet).unwrap_or_else(|| format!("{LAW}:")),
        LAW_BESIDE => format!("{} beside", law::text::display(facet).unwrap_or_else(|| format!("{LAW}:"))),
        TLP => format!("TLP:{level}{}", colour_audience(facet)),
        ORG => each_clause(facet, "ORG:", AND),
        name => {
            let sensitivities: String = restrictive.iter().map(|value| format!(" {value}")).collect();
            format!("{name} {level}{sensitivities}{}{}", alliance_audience(name, facet), without_clause(id, facet, policies))
        }
    }
}

/// A facet that names nobody is for everybody, which must not read like the label that people write for an alliance alone.
fn without_clause(id: &PolicyId, facet: &Facet, policies: &Policies) -> &'static str {
    match policies.of(id) {
        _ if !facet.permissive.is_empty() => "",
        Some(policy) if policy.needs_clearance(facet.level) => " for everybody cleared",
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

/// That RED is for its addressees goes without saying.
fn colour_audience(facet: &Facet) -> String {
    let of_addressees = |clause: &Clause| clause.tag == ADDRESSEES && clause.values.is_empty();
    if facet.level == tlp::RED && !facet.permissive.is_empty() && facet.permissive.iter().all(of_addressees) {
        return String::new();
    }
    let one = |clause: &Clause| if of_addressees(clause) { " for addressees".to_owned() } else { format!(" for {}", names(clause)) };
    facet.permissive.iter().map(one).collect::<Vec<_>>().join(" and")
}

fn each_clause(facet: &Facet, before: &str, between: &str) -> String {
    let one = |clause: &Clause| format!("{before}{}", names(clause));
    facet.permissive.iter().map(one).collect::<Vec<_>>().join(between)
}

fn names(clause: &Clause) -> String {
    let names = clause.values.iter().map(display_value).collect::<Vec<_>>().join("; ");
    if names.is_empty() { "nobody".to_owned() } else { names }
}

/// A label of a policy from a file: `NAME CLASSIFICATION; TAG=VALUE, VALUE; TAG=VALUE`. A tag stands once for each clause and for all of its
/// restrictive values.
fn generic(id: &PolicyId, level: &str, facet: &Facet) -> String {
    format!("{id} {level}{}", tags(facet))
}

/// `; TAG=VALUE, VALUE`, audiences first.
fn tags(facet: &Facet) -> String {
    let mut tags: Vec<String> = Vec::new();
    for clause in &facet.permissive {
        let values = clause.values.iter().map(display_value).collect::<Vec<_>>().join(", ");
        tags.push(format!("; {}={values}", clause.tag));
    }
    let mut held: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for value in &facet.restrictive {
        held.entry(&value.tag).or_default().push(&value.value);
    }
    tags.extend(held.into_iter().map(|(tag, values)| format!("; {tag}={}", values.join(", "))));
    tags.concat()
}

/// What a reader must meet at `now` to get what carries `label`, rule by rule; every one must be met. Groups of nations come with those of
/// their members who were in it when the label was made and are at `now`. Later dates of the label are said last.
#[must_use]
pub fn rules_in_words(label: &Label, rules: &Rules, now: Stamp) -> Vec<String> {
    let facets = |facets: &BTreeMap<PolicyId, Facet>| -> Vec<String> {
        facets.iter().flat_map(|(id, facet)| facet_or_other_in_words(id, facet, rules, now)).collect()
    };
    let later = label.later().filter(|(at, _)| *at > now).map(|(at, later)| format!("from {at} on: {}", facets(later).join("; ")));
    facets(label.facets_at(now)).into_iter().chain(later).collect()
}

fn facet_or_other_in_words(id: &PolicyId, facet: &Facet, rules: &Rules, now: Stamp) -> Vec<String> {
    let own = facet_in_words(id, facet, rules, now);
    if facet.alternatives.is_empty() {
        return own;
    }
    let others = facet.alternatives.iter().map(|(id, other)| facet_in_words(id, other, rules, now).join(" and "));
    vec![std::iter::once(own.join(" and ")).chain(others).collect::<Vec<_>>().join("; or instead ")]
}

fn facet_in_words(id: &PolicyId, facet: &Facet, rules: &Rules, now: Stamp) -> Vec<String> {
    let policy = rules.policies.of(id);
    let Some((policy, level)) = policy.and_then(|policy| Some((policy, policy.level_of_rank(facet.level)?))) else {
        return vec![format!("{id}: a policy or level that this node does not know, which admits nobody")];
    };
    let mut words = Vec::new();
    if policy.needs_clearance(facet.level) {
        words.push(format!("a clearance `{id}:{}`, or for a level above", level.name));
    }
    words.extend(facet.permissive.iter().map(|clause| audience_in_words(id, clause, rules, now)));
    words.extend(facet.restrictive.iter().map(|restriction| value_in_words(id, restriction)));
    if words.is_empty() {
        words.push(format!("{id} {}: everybody who may sign in", level.name));
    }
    words
}

fn value_in_words(id: &PolicyId, restriction: &Restriction) -> String {
    let Restriction { tag, value } = restriction;
    match id.as_str() {
        HANDLING if handling::subject(restriction).is_some() => format!("{tag}: of {value}, or with its consent"),
        HANDLING => format!("{value}: nobody to whom bytes are handed over"),
        LAW => format!("{tag} {value}: whom the rules of that law admit (docs/law.md)"),
        LAW_BESIDE => format!("{tag} {value}: the same, if no rule asks that the tag go with the object, beside which it stands"),
        _ => format!("the access `{value}`"),
    }
}

fn audience_in_words(id: &PolicyId, clause: &Clause, rules: &Rules, now: Stamp) -> String {
    let one = |value: &Value| match value {
        Value::Group { name, as_of } if rules.memberships.knows(name) => {
            let members = rules.memberships.counting(name, *as_of, now);
            format!("{name} ({})", members.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(" "))
        }
        value => display_value(value),
    };
    let others = pending::of_audience(id, clause).map(|_| "those named for the object".to_owned());
    let names = clause.values.iter().map(one).chain(others).collect::<Vec<_>>().join(", ");
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
