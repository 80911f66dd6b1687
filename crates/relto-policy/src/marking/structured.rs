//! Relto's extension of marking-definitions: a label of the lattice, with the exact XML of the STANAG 4774 labels that it was made from.
//!
//! `{"extension_type": "property-extension", "policies": [FACET], "later": [{"from", "policies": [FACET]}], "confidentiality_labels":
//! [XML]}`, a facet being `{"policy", "classification", "permissive": [{"tag", "values"}], "restrictive": [{"tag", "values"}],
//! "alternatives": [FACET]}`. Without `permissive` a facet is for everybody who is cleared; with an empty `values`, for nobody. Where XML
//! came along, both bind: one that says less than the other opens nothing.

use relto_model::label::{Clause, Restriction};
use relto_model::{Facet, Label, PolicyId, Stamp, Timestamp, Value};
use serde_json::{Value as Json, json};

use super::stanag4774;
use crate::policy::{self, ORG, Policies, Policy};
use crate::rules::Rules;
use crate::spif::lattice;
use crate::text::{LabelContext, audience_value, tlp_label};
use crate::worlds::pap;
use crate::{handling, law};

/// So many later dates, alternatives of a facet or labels in XML may stand in one definition.
pub const PARTS_MAX: usize = 16;

/// Reads the extension of `definition`: its label, and what is to be noted of it.
///
/// # Errors
/// In words: what cannot be read.
pub fn read(extension: &Json, definition: &Json, rules: &Rules, context: &LabelContext) -> Result<(Label, Option<String>), String> {
    only_keys(extension, &["extension_type", "policies", "later", "confidentiality_labels"])?;
    let made = definition.get("created").and_then(Json::as_str).and_then(|text| Timestamp::parse(text).ok());
    let made = made.ok_or("a marking-definition without a `created` that can be read")?.stamp().min(context.made);
    let mut label = read_facets(extension, rules, made, context)?;
    let mut before = made;
    for step in parts(extension, "later")? {
        only_keys(step, &["from", "policies"])?;
        let from = step.get("from").and_then(Json::as_str).and_then(|text| Stamp::parse(text).ok());
        let from = from.filter(|from| *from > before).ok_or("a `later` whose `from` is no date after the one before")?;
        label = label.then(from, &read_facets(step, rules, made, context)?);
        before = from;
    }
    let labels = parts(extension, "confidentiality_labels")?.iter().map(Json::as_str).collect::<Option<Vec<_>>>();
    let labels = labels.ok_or("`confidentiality_labels` in Relto's extension is not a list of texts")?;
    if labels.is_empty() {
        return Ok((label, None));
    }
    let exact = stanag4774::read(&labels, rules, context.made)?;
    let both = label.clone().join(&exact.label);
    let differ = (both.clone().since(context.made) != exact.label.clone().since(context.made))
        .then(|| "its structured label says more than its STANAG 4774 label; both hold".to_owned());
    let notes: Vec<String> = differ.into_iter().chain(exact.notes).collect();
    Ok((both, (!notes.is_empty()).then(|| notes.join("; "))))
}

fn parts<'j>(extension: &'j Json, key: &str) -> Result<&'j [Json], String> {
    let Some(parts) = extension.get(key) else { return Ok(&[]) };
    let parts = parts.as_array().filter(|parts| (1..=PARTS_MAX).contains(&parts.len()));
    parts.map(Vec::as_slice).ok_or_else(|| format!("`{key}` in Relto's extension is not a list of 1 to {PARTS_MAX}"))
}

fn read_facets(extension: &Json, rules: &Rules, made: Stamp, context: &LabelContext) -> Result<Label, String> {
    let policies = extension.get("policies").and_then(Json::as_array).ok_or("no list `policies` in Relto's extension")?;
    let facets = policies.iter().map(|policy| read_facet(policy, rules, made, context));
    let joined = facets.reduce(|one, other| Ok(one?.join(&other?)));
    joined.unwrap_or_else(|| Err("an empty list `policies` in Relto's extension".to_owned()))
}

fn read_facet(facet: &Json, rules: &Rules, made: Stamp, context: &LabelContext) -> Result<Label, String> {
    let (policy, mut read) = read_plain(facet, &["alternatives"], rules, made)?;
    for other in parts(facet, "alternatives")? {
        let (of, other) = read_plain(other, &[], rules, made)?;
        // What TLP or a list of organisations means depends on the object; a counterpart must stand by itself.
        if [policy::TLP, ORG].contains(&of.name.as_str()) {
            return Err(format!("{} is no alternative of another policy", of.name));
        }
        read = read.or(PolicyId::new(&of.name), other);
    }
    let has_audience = facet.get("permissive").is_some();
    let label = Label::new(PolicyId::new(&policy.name), read.clone());
    match policy.name.as_str() {
        // What a colour means for whom is TLP's to say, not the author's.
        policy::TLP => Ok(label.join(&tlp_label(read.level, context))),
        ORG if !has_audience => Err("an ORG label names organisations".to_owned()),
        _ => Ok(label),
    }
}

fn read_plain<'r>(facet: &Json, more: &[&str], rules: &'r Rules, made: Stamp) -> Result<(&'r Policy, Facet), String> {
    only_keys(facet, &[&["policy", "classification", "permissive", "restrictive"], more].concat())?;
    let word = |key: &str| facet.get(key).and_then(Json::as_str).ok_or_else(|| format!("no `{key}` in Relto's extension"));
    let name = word("policy")?;
    let policy = rules.policies.find(name).ok_or_else(|| format!("unknown policy `{}`", short(name)))?;
    let level = if policy.name == ORG { 0 } else { policy.level(word("classification")?).ok_or("an unknown classification")?.rank };
    let mut read = Facet::at_level(level);
    for (tag, values) in tag_sets(facet, "permissive")? {
        let values = values.into_iter().map(|value| audience_entry(policy, tag, value, rules, made)).collect::<Result<Vec<_>, _>>()?;
        read = read.only(Clause::new(tag, values));
    }
    for (tag, values) in tag_sets(facet, "restrictive")? {
        for value in values {
            read.restrictive.insert(held_entry(policy, tag, value, rules)?);
        }
    }
    if policy.name == policy::PAP {
        // What a colour asks for is PAP's to say, not the author's.
        read.restrictive.extend(pap::facet(level).restrictive);
    }
    lattice::check(policy, &read, made)?;
    Ok((policy, read))
}

fn only_keys(value: &Json, known: &[&str]) -> Result<(), String> {
    match value.as_object().and_then(|members| members.keys().find(|key| !known.contains(&key.as_str()))) {
        Some(other) => Err(format!("`{}` in Relto's extension", short(other))),
        None => Ok(()),
    }
}

type TagSets<'j> = Vec<(&'j str, Vec<&'j str>)>;

fn tag_sets<'j>(facet: &'j Json, key: &str) -> Result<TagSets<'j>, String> {
    let Some(sets) = facet.get(key) else { return Ok(Vec::new()) };
    let form = || format!("`{key}` in Relto's extension is not a list of one or more tags with values");
    let read = |set: &'j Json| {
        let tag = set.get("tag").and_then(Json::as_str)?;
        let values = set.get("values").and_then(Json::as_array)?;
        only_keys(set, &["tag", "values"]).ok()?;
        Some((tag, values.iter().map(Json::as_str).collect::<Option<Vec<_>>>()?))
    };
    // A list without tags would read as no restriction, and whoever wrote it may have meant nobody.
    sets.as_array().filter(|sets| !sets.is_empty()).and_then(|sets| sets.iter().map(read).collect::<Option<Vec<_>>>()).ok_or_else(form)
}

fn audience_entry(policy: &Policy, tag: &str, value: &str, rules: &Rules, made: Stamp) -> Result<Value, String> {
    match tag {
        _ if policy.permissive.iter().any(|known| known.tag == tag && known.name.eq_ignore_ascii_case(value)) => {
            Ok(lattice::audience_of(value, rules, made))
        }
        policy::RELEASABLE_TO => {
            audience_value(&value.to_ascii_uppercase(), rules, made).map_err(|_| format!("unknown nation or group `{value}`"))
        }
        policy::ORGANISATIONS => Ok(Value::Organisation(value.to_owned())),
        policy::ADDRESSEES => Ok(Value::Person(value.to_owned())),
        other => Err(format!("unknown tag set `{}`", short(other))),
    }
}

fn held_entry(policy: &Policy, tag: &str, value: &str, rules: &Rules) -> Result<Restriction, String> {
    let unknown = || format!("unknown `{}` of `{}`", short(value), short(tag));
    let as_written = Restriction { tag: tag.to_owned(), value: value.to_owned() };
    match policy.name.as_str() {
        policy::HANDLING => Some(as_written).filter(handling::is_known).ok_or_else(unknown),
        policy::LAW_BESIDE => Err("what stands beside an object stands in no marking".to_owned()),
        policy::LAW => law::text::parse_tag(&format!("{tag} {value}"), &rules.law.rules).map_err(|error| error.to_string()),
        _ => {
            let known = policy.restrictive.iter().find(|known| known.tag == tag && known.name.eq_ignore_ascii_case(value));
            let known = known.ok_or_else(unknown)?;
            Ok(Restriction { tag: known.tag.clone(), value: known.name.clone() })
        }
    }
}

/// The extension that says `label`, which is made at `made`, with the XML that it came from.
///
/// # Errors
/// In words: what an extension cannot say, such as a group as it was at another time than `made`.
pub fn write(label: &Label, labels: &[&str], rules: &Rules, made: Stamp) -> Result<Json, String> {
    let facets = |facets: &std::collections::BTreeMap<PolicyId, Facet>| {
        facets.iter().map(|(policy, facet)| write_facet(policy, facet, rules, made)).collect::<Result<Vec<_>, _>>()
    };
    let mut extension = json!({"extension_type": "property-extension", "policies": facets(label.facets_at(Stamp(i64::MIN)))?});
    let later = label.later().map(|(from, later)| Ok(json!({"from": from.to_string(), "policies": facets(later)?})));
    let later = later.collect::<Result<Vec<Json>, String>>()?;
    if let Some(members) = extension.as_object_mut() {
        if !later.is_empty() {
            members.insert("later".to_owned(), later.into());
        }
        if !labels.is_empty() {
            members.insert("confidentiality_labels".to_owned(), json!(labels));
        }
    }
    Ok(extension)
}

fn write_facet(id: &PolicyId, facet: &Facet, rules: &Rules, made: Stamp) -> Result<Json, String> {
    let level = level_name(&rules.policies, id, facet.level)?;
    let mut written = json!({"policy": id.as_str()});
    let members = written.as_object_mut().ok_or("no object")?;
    if id.as_str() != ORG {
        members.insert("classification".to_owned(), level.into());
    }
    let audiences = facet.permissive.iter().filter(|_| id.as_str() != policy::TLP).map(|clause| {
        let values = clause.values.iter().map(|value| entry_of(value, rules, made)).collect::<Result<Vec<_>, _>>()?;
        Ok(json!({"tag": clause.tag, "values": values}))
    });
    let held = facet.restrictive.iter().map(|value| json!({"tag": value.tag, "values": [value.value]}));
    let others = facet.alternatives.iter().map(|(policy, other)| write_facet(policy, other, rules, made));
    let lists = [
        ("permissive", audiences.collect::<Result<Vec<Json>, String>>()?),
        ("restrictive", held.collect()),
        ("alternatives", others.collect::<Result<Vec<Json>, String>>()?),
    ];
    for (key, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        members.insert(key.to_owned(), list.into());
    }
    Ok(written)
}

fn level_name(policies: &Policies, id: &PolicyId, rank: u8) -> Result<String, String> {
    policies.level_name(id, rank).map(str::to_owned).ok_or_else(|| format!("policy {id} has no classification of rank {rank}"))
}

fn entry_of(value: &Value, rules: &Rules, made: Stamp) -> Result<String, String> {
    match value {
        Value::Group { name, as_of } if rules.as_of(name, made) != *as_of => {
            Err(format!("{name} as of {as_of} is not {name} as of {made}"))
        }
        Value::Nation(name) | Value::Group { name, .. } | Value::Organisation(name) | Value::Person(name) | Value::Category(name) => {
            Ok(name.clone())
        }
        Value::RecipientsOf(_) | Value::ClientsOf(_) => Err("the recipients of a collection stand in no marking".to_owned()),
    }
}

/// What is quoted of what somebody else wrote.
fn short(text: &str) -> String {
    text.chars().take(40).collect()
}
