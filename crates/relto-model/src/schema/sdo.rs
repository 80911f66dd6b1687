//! The tables of domain objects, relationship objects and meta objects (STIX 2.1, sections 4, 5 and 7).

use serde_json::{Map, Value};

use super::Class::{Meta, Sdo, Sro};
use super::Rule::{After, Needs, NotBefore, NotBoth, Special};
use super::Type::{Boolean, Dictionary, Form, Integer, List, Number, OneOf, Open, Reference, Text, Timestamp};
use super::common::{ANYTHINGS, KILL_CHAIN, OBSERVABLES, SOFTWARE, TEXTS};
use super::vocabulary as v;
use super::{Fault, Kind, May, Must, Property as P, Record, Rule, Target, Type};
use crate::rules;

const ATTRIBUTABLE: Target = Target::Not(&["relationship", "sighting", "bundle", "marking-definition", "language-content"]);
const LIFETIME: Rule = NotBefore("last_seen", "first_seen");
const COUNTED: i64 = 999_999_999;
const CONTENTS: Type = Dictionary(&Dictionary(&Type::Any));

const fn kind(class: super::Class, name: &'static str, section: &'static str, properties: &'static [P], rules: &'static [Rule]) -> Kind {
    Kind { class, record: Record { name, section, properties, rules } }
}

#[rustfmt::skip]
pub(crate) const KINDS: &[Kind] = &[
    kind(Sdo, "attack-pattern", "4.1", &[
        P("name", Must, Text),
        P("description", May, Text),
        P("aliases", May, TEXTS),
        P("kill_chain_phases", May, KILL_CHAIN),
    ], &[]),
    kind(Sdo, "campaign", "4.2", &[
        P("name", Must, Text),
        P("description", May, Text),
        P("aliases", May, TEXTS),
        P("first_seen", May, Timestamp),
        P("last_seen", May, Timestamp),
        P("objective", May, Text),
    ], &[LIFETIME]),
    kind(Sdo, "course-of-action", "4.3", &[
        P("name", Must, Text),
        P("description", May, Text),
    ], &[]),
    kind(Sdo, "grouping", "4.4", &[
        P("name", May, Text),
        P("description", May, Text),
        P("context", Must, Open(&v::GROUPING_CONTEXT)),
        P("object_refs", Must, ANYTHINGS),
    ], &[]),
    kind(Sdo, "identity", "4.5", &[
        P("name", Must, Text),
        P("description", May, Text),
        P("roles", May, TEXTS),
        P("identity_class", May, Open(&v::IDENTITY_CLASS)),
        P("sectors", May, List(&Open(&v::INDUSTRY_SECTOR))),
        P("contact_information", May, Text),
    ], &[]),
    kind(Sdo, "incident", "4.6", &[
        P("name", Must, Text),
        P("description", May, Text),
    ], &[]),
    kind(Sdo, "indicator", "4.7", &[
        P("name", May, Text),
        P("description", May, Text),
        P("indicator_types", May, List(&Open(&v::INDICATOR_TYPE))),
        P("pattern", Must, Text),
        P("pattern_type", Must, Open(&v::PATTERN_TYPE)),
        P("pattern_version", May, Text),
        P("valid_from", Must, Timestamp),
        P("valid_until", May, Timestamp),
        P("kill_chain_phases", May, KILL_CHAIN),
    ], &[After("valid_until", "valid_from"), Special(stix_pattern)]),
    kind(Sdo, "infrastructure", "4.8", &[
        P("name", Must, Text),
        P("description", May, Text),
        P("infrastructure_types", May, List(&Open(&v::INFRASTRUCTURE_TYPE))),
        P("aliases", May, TEXTS),
        P("kill_chain_phases", May, KILL_CHAIN),
        P("first_seen", May, Timestamp),
        P("last_seen", May, Timestamp),
    ], &[LIFETIME]),
    kind(Sdo, "intrusion-set", "4.9", &[
        P("name", Must, Text),
        P("description", May, Text),
        P("aliases", May, TEXTS),
        P("first_seen", May, Timestamp),
        P("last_seen", May, Timestamp),
        P("goals", May, TEXTS),
        P("resource_level", May, Open(&v::ATTACK_RESOURCE_LEVEL)),
        P("primary_motivation", May, Open(&v::ATTACK_MOTIVATION)),
        P("secondary_motivations", May, List(&Open(&v::ATTACK_MOTIVATION))),
    ], &[LIFETIME]),
    kind(Sdo, "location", "4.10", &[
        P("name", May, Text),
        P("description", May, Text),
        P("latitude", May, Number(-90.0, 90.0)),
        P("longitude", May, Number(-180.0, 180.0)),
        P("precision", May, Number(f64::MIN, f64::MAX)),
        P("region", May, Open(&v::REGION)),
        P("country", May, Text),
        P("administrative_area", May, Text),
        P("city", May, Text),
        P("street_address", May, Text),
        P("postal_code", May, Text),
    ], &[
        Rule::AnyOf(&["region", "country", "latitude"]),
        Needs("latitude", &["longitude"]),
        Needs("longitude", &["latitude"]),
        Needs("precision", &["latitude", "longitude"]),
    ]),
    kind(Sdo, "malware", "4.11", &[
        P("name", May, Text),
        P("description", May, Text),
        P("malware_types", May, List(&Open(&v::MALWARE_TYPE))),
        P("is_family", Must, Boolean),
        P("aliases", May, TEXTS),
        P("kill_chain_phases", May, KILL_CHAIN),
        P("first_seen", May, Timestamp),
        P("last_seen", May, Timestamp),
        P("operating_system_refs", May, List(&SOFTWARE)),
        P("architecture_execution_envs", May, List(&Open(&v::PROCESSOR_ARCHITECTURE))),
        P("implementation_languages", May, List(&Open(&v::IMPLEMENTATION_LANGUAGE))),
        P("capabilities", May, List(&Open(&v::MALWARE_CAPABILITIES))),
        P("sample_refs", May, List(&Reference(Target::Only(&["artifact", "file"])))),
    ], &[LIFETIME, Special(family_name)]),
    kind(Sdo, "malware-analysis", "4.12", &[
        P("product", Must, Text),
        P("version", May, Text),
        P("host_vm_ref", May, SOFTWARE),
        P("operating_system_ref", May, SOFTWARE),
        P("installed_software_refs", May, List(&SOFTWARE)),
        P("configuration_version", May, Text),
        P("modules", May, TEXTS),
        P("analysis_engine_version", May, Text),
        P("analysis_definition_version", May, Text),
        P("submitted", May, Timestamp),
        P("analysis_started", May, Timestamp),
        P("analysis_ended", May, Timestamp),
        P("result_name", May, Text),
        P("result", May, Open(&v::MALWARE_RESULT)),
        P("analysis_sco_refs", May, List(&Reference(Target::Observable))),
        P("sample_ref", May, Reference(Target::Only(&["artifact", "file", "network-traffic"]))),
    ], &[Rule::AnyOf(&["result", "analysis_sco_refs"])]),
    kind(Sdo, "note", "4.13", &[
        P("abstract", May, Text),
        P("content", Must, Text),
        P("authors", May, TEXTS),
        P("object_refs", Must, ANYTHINGS),
    ], &[]),
    kind(Sdo, "observed-data", "4.14", &[
        P("first_observed", Must, Timestamp),
        P("last_observed", Must, Timestamp),
        P("number_observed", Must, Integer(1, COUNTED)),
        P("objects", May, OBSERVABLES),
        P("object_refs", May, List(&Reference(Target::Observed))),
    ], &[NotBefore("last_observed", "first_observed"), Rule::AnyOf(&["objects", "object_refs"]), NotBoth("objects", "object_refs")]),
    kind(Sdo, "opinion", "4.15", &[
        P("explanation", May, Text),
        P("authors", May, TEXTS),
        P("opinion", Must, OneOf(&["strongly-disagree", "disagree", "neutral", "agree", "strongly-agree"])),
        P("object_refs", Must, ANYTHINGS),
    ], &[]),
    kind(Sdo, "report", "4.16", &[
        P("name", Must, Text),
        P("description", May, Text),
        P("report_types", May, List(&Open(&v::REPORT_TYPE))),
        P("published", Must, Timestamp),
        P("object_refs", Must, ANYTHINGS),
    ], &[]),
    kind(Sdo, "threat-actor", "4.17", &[
        P("name", Must, Text),
        P("description", May, Text),
        P("threat_actor_types", May, List(&Open(&v::THREAT_ACTOR_TYPE))),
        P("aliases", May, TEXTS),
        P("first_seen", May, Timestamp),
        P("last_seen", May, Timestamp),
        P("roles", May, List(&Open(&v::THREAT_ACTOR_ROLE))),
        P("goals", May, TEXTS),
        P("sophistication", May, Open(&v::THREAT_ACTOR_SOPHISTICATION)),
        P("resource_level", May, Open(&v::ATTACK_RESOURCE_LEVEL)),
        P("primary_motivation", May, Open(&v::ATTACK_MOTIVATION)),
        P("secondary_motivations", May, List(&Open(&v::ATTACK_MOTIVATION))),
        P("personal_motivations", May, List(&Open(&v::ATTACK_MOTIVATION))),
    ], &[LIFETIME]),
    kind(Sdo, "tool", "4.18", &[
        P("name", Must, Text),
        P("description", May, Text),
        P("tool_types", May, List(&Open(&v::TOOL_TYPE))),
        P("aliases", May, TEXTS),
        P("kill_chain_phases", May, KILL_CHAIN),
        P("tool_version", May, Text),
    ], &[]),
    kind(Sdo, "vulnerability", "4.19", &[
        P("name", Must, Text),
        P("description", May, Text),
    ], &[]),
    kind(Sro, "relationship", "5.1", &[
        P("relationship_type", Must, Form(is_relationship_type, "a-z, 0-9 and hyphens", "5.1")),
        P("description", May, Text),
        P("source_ref", Must, Reference(ATTRIBUTABLE)),
        P("target_ref", Must, Reference(ATTRIBUTABLE)),
        P("start_time", May, Timestamp),
        P("stop_time", May, Timestamp),
    ], &[After("stop_time", "start_time")]),
    kind(Sro, "sighting", "5.2", &[
        P("description", May, Text),
        P("first_seen", May, Timestamp),
        P("last_seen", May, Timestamp),
        P("count", May, Integer(0, COUNTED)),
        P("sighting_of_ref", Must, Reference(ATTRIBUTABLE)),
        P("observed_data_refs", May, List(&Reference(Target::Only(&["observed-data"])))),
        P("where_sighted_refs", May, List(&Reference(Target::Only(&["identity", "location"])))),
        P("summary", May, Boolean),
    ], &[LIFETIME]),
    kind(Meta, "language-content", "7.1", &[
        P("object_ref", Must, Reference(Target::Not(&["bundle", "language-content"]))),
        P("object_modified", May, Timestamp),
        P("contents", Must, CONTENTS),
    ], &[Special(languages)]),
    kind(Meta, "marking-definition", "7.2.1", &[
        P("name", May, Text),
        P("definition_type", May, Text),
        P("definition", May, Dictionary(&Type::Any)),
    ], &[Needs("definition_type", &["definition"]), Needs("definition", &["definition_type"]), Special(marking)]),
    kind(Meta, "extension-definition", "7.3", &[
        P("name", Must, Text),
        P("description", May, Text),
        P("schema", Must, Text),
        P("version", Must, Text),
        P("extension_types", Must, List(&OneOf(super::extension::EXTENSION_TYPES))),
        P("extension_properties", May, List(&Form(rules::is_property_name, "a property name", "3.1"))),
    ], &[Special(extension_properties)]),
];

/// The predefined TLP 1 markings; no other may be of type `tlp` (STIX 2.1, section 7.2.1.4).
const TLP: [(&str, &str); 4] = [
    ("white", "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9"),
    ("green", "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"),
    ("amber", "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"),
    ("red", "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"),
];

fn text<'o>(object: &'o Map<String, Value>, name: &str) -> Option<&'o str> {
    object.get(name).and_then(Value::as_str)
}

fn is_relationship_type(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

fn stix_pattern(object: &Map<String, Value>) -> Fault {
    let is_stix = text(object, "pattern_type") == Some("stix") && text(object, "pattern_version").is_none_or(|version| version != "2.0");
    text(object, "pattern").filter(|_| is_stix).and_then(|pattern| crate::pattern::check(pattern).err()).map(|why| ("pattern", why))
}

fn family_name(object: &Map<String, Value>) -> Fault {
    let nameless = object.get("is_family") == Some(&Value::Bool(true)) && !object.contains_key("name");
    nameless.then(|| ("", "needs `name`, since it is a family".to_owned()))
}

fn languages(object: &Map<String, Value>) -> Fault {
    let contents = object.get("contents").and_then(Value::as_object)?;
    let wrong = contents.keys().find(|key| !rules::is_language(key));
    let nested = contents.values().filter_map(Value::as_object).flat_map(Map::keys).find(|key| !rules::is_property_name(key));
    if wrong.is_some() {
        return Some(("contents", "must have language tags (RFC 5646) as keys".to_owned()));
    }
    nested.map(|_| ("contents", "must have property names as keys below the languages".to_owned()))
}

fn marking(object: &Map<String, Value>) -> Fault {
    let definition = object.get("definition").and_then(Value::as_object);
    let statement = definition.and_then(|definition| definition.get("statement")).is_some_and(Value::is_string);
    let id = text(object, "id").unwrap_or_default();
    let colour = definition.and_then(|definition| definition.get("tlp")).and_then(Value::as_str);
    let circular = object.get("object_marking_refs").and_then(Value::as_array).is_some_and(|ids| ids.iter().any(|marking| marking == id));
    match text(object, "definition_type") {
        _ if circular => Some(("object_marking_refs", "must not name the marking itself".to_owned())),
        None if !object.contains_key("extensions") => Some(("", "needs `definition_type` and `definition`, or `extensions`".to_owned())),
        Some("statement") if !statement => Some(("definition", "needs `statement`, a text".to_owned())),
        Some("tlp") if !TLP.iter().any(|(known, fixed)| colour == Some(known) && id == *fixed) => {
            Some(("definition", "must be one of the four predefined TLP markings under its own id".to_owned()))
        }
        _ => None,
    }
}

fn extension_properties(object: &Map<String, Value>) -> Fault {
    let types = object.get("extension_types").and_then(Value::as_array);
    let toplevel = types.is_some_and(|types| types.iter().any(|kind| kind == "toplevel-property-extension"));
    (object.contains_key("extension_properties") && !toplevel)
        .then(|| ("extension_properties", "only for a `toplevel-property-extension`".to_owned()))
}
