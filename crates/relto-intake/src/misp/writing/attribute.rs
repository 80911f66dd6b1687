//! Attributes, each as what it means; what has no form is a note in its own words.

use serde_json::{Value, json};

use super::keeping::{members, said};
use super::{Part, Writing, shortened};
use crate::misp::attributes::{self, Meaning};
use crate::misp::derived;
use crate::misp::items::{self, Item};
use crate::misp::patterns::Seen;

impl Writing<'_> {
    pub(super) fn attribute(&mut self, item: &Item, part: &Part) {
        if items::is_true(item, "deleted") {
            return;
        }
        let (Some(kind), Some(value)) = (items::text(item, "type"), items::text(item, "value")) else {
            return self.not_told(part.pointer.clone(), "an attribute without a type or value");
        };
        self.attached(item, part);
        let uuid = items::uuid(item).unwrap_or_else(|| derived(&[&self.uuid, "attribute", kind, value]).to_string());
        let written = self.meant(attributes::meaning(kind, value), &uuid, item, part, value);
        let id = match written {
            Ok(id) => id,
            Err(why) => {
                self.not_told(part.pointer.clone(), &format!("its `{kind}` is no value of STIX, and is told as a note: {why}"));
                self.note(&uuid, item, part, value)
            }
        };
        if let Some(id) = id {
            self.by_uuid.insert(uuid, (id.clone(), part.markings.clone()));
            self.galaxies(item, part, Some(&id));
        }
    }

    /// Writes what an attribute or object means, and says its id.
    pub(super) fn meant(&mut self, meaning: Meaning, uuid: &str, item: &Item, part: &Part, value: &str) -> Result<Option<String>, String> {
        let to_ids = items::is_true(item, "to_ids");
        match meaning {
            Meaning::Seen(seen) if to_ids => self.indicator(uuid, item, part, ("stix", &seen.pattern())).map(Some),
            Meaning::Seen(seen) if !seen.observables.is_empty() => self.observed(uuid, item, part, seen).map(Some),
            Meaning::Rule(language) => self.indicator(uuid, item, part, (language, value)).map(Some),
            Meaning::Named(kind) => self.named(kind, uuid, item, part, value).map(Some),
            Meaning::Seen(_) | Meaning::Said => Ok(self.note(uuid, item, part, value)),
        }
    }

    pub(super) fn indicator(&mut self, uuid: &str, item: &Item, part: &Part, (language, pattern): (&str, &str)) -> Result<String, String> {
        let mut own = self.about(item);
        let from = items::instant(item, "first_seen").unwrap_or(part.changed);
        own.extend(members(json!({ "pattern": pattern, "pattern_type": language, "valid_from": from.to_string() })));
        if language == "stix" {
            own.insert("pattern_version".to_owned(), json!("2.1"));
        }
        if let Some(until) = items::instant(item, "last_seen").filter(|until| *until > from) {
            own.insert("valid_until".to_owned(), json!(until.to_string()));
        }
        if let Some(category) = items::text(item, "category") {
            own.insert("kill_chain_phases".to_owned(), json!([{ "kill_chain_name": "misp-category", "phase_name": category }]));
        }
        self.add_part(format!("indicator--{uuid}"), own, part)
    }

    pub(super) fn observed(&mut self, uuid: &str, item: &Item, part: &Part, seen: Seen) -> Result<String, String> {
        let observables = self.of_their_own(uuid, seen.observables).into_iter().map(|observable| self.marked(observable, part));
        let observables: Vec<Value> = observables.collect();
        // All of them or none.
        observables.iter().try_for_each(|observable| self.check(observable))?;
        let ids: Vec<&str> = observables.iter().filter_map(|observable| said(observable, "id")).collect();
        let first = items::instant(item, "first_seen").unwrap_or(part.changed);
        let last = items::instant(item, "last_seen").unwrap_or(first).max(first);
        let mut own = self.about(item);
        own.extend(members(
            json!({ "first_observed": first.to_string(), "last_observed": last.to_string(), "number_observed": 1, "object_refs": ids }),
        ));
        let id = self.add_part(format!("observed-data--{uuid}"), own, part)?;
        observables.into_iter().for_each(|observable| self.keep(observable, &part.markings));
        Ok(id)
    }

    /// The same with ids of their own: under an id that follows from the value alone, what is for fewer readers would narrow what others said of it.
    pub(super) fn of_their_own(&self, uuid: &str, observables: Vec<Value>) -> Vec<Value> {
        let mut text = json!(observables).to_string();
        for (at, observable) in observables.iter().enumerate() {
            let (Some(kind), Some(id)) = (said(observable, "type"), said(observable, "id")) else { continue };
            let own = if at == 0 { uuid.to_owned() } else { derived(&[uuid, kind, &at.to_string()]).to_string() };
            text = text.replace(&format!("\"{id}\""), &format!("\"{kind}--{own}\""));
        }
        serde_json::from_str(&text).unwrap_or(observables)
    }

    pub(super) fn named(&mut self, kind: &str, uuid: &str, item: &Item, part: &Part, value: &str) -> Result<String, String> {
        let mut own = self.about(item);
        own.insert("name".to_owned(), json!(shortened(value)));
        if kind == "vulnerability" && value.to_ascii_uppercase().starts_with("CVE-") {
            own.insert("external_references".to_owned(), json!([{ "source_name": "cve", "external_id": value.to_ascii_uppercase() }]));
        }
        self.add_part(format!("{kind}--{uuid}"), own, part)
    }

    /// What has no other form: in the words that it came in.
    pub(super) fn note(&mut self, uuid: &str, item: &Item, part: &Part, value: &str) -> Option<String> {
        let mut own = self.about(item);
        own.remove("description");
        let comment = items::text(item, "comment").map(|comment| format!("\n\n{comment}")).unwrap_or_default();
        let words = [items::text(item, "category"), items::text(item, "type").or_else(|| items::text(item, "name"))];
        let about = words.into_iter().flatten().collect::<Vec<_>>().join(": ");
        own.insert("abstract".to_owned(), json!(shortened(if about.is_empty() { "MISP" } else { &about })));
        own.extend(members(json!({ "content": format!("{value}{comment}"), "object_refs": [self.id_of_event()] })));
        match self.add_part(format!("note--{uuid}"), own, part) {
            Ok(id) => Some(id),
            Err(why) => {
                self.not_told(part.pointer.clone(), &why);
                None
            }
        }
    }

    pub(super) fn report(&mut self, item: &Item, part: &Part) {
        if items::is_true(item, "deleted") {
            return;
        }
        match items::text(item, "content") {
            Some(content) => {
                let uuid = items::uuid(item).unwrap_or_else(|| derived(&[&self.uuid, "report", content]).to_string());
                self.note(&uuid, item, part, content);
            }
            None => self.not_told(part.pointer.clone(), "a report without content"),
        }
    }

    pub(super) fn attached(&mut self, item: &Item, part: &Part) {
        if items::text(item, "data").is_some() {
            self.not_told(format!("{}/data", part.pointer), "an attached file");
        }
        if !items::list(item, "Sighting").is_empty() {
            self.not_told(format!("{}/Sighting", part.pointer), "sightings");
        }
    }
}
