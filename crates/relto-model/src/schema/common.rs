//! The common properties (STIX 2.1, section 3.2) and the structures that many kinds share (section 2).

use serde_json::{Map, Value};

use super::Type::{
    Any, Boolean, Container, Dictionary, Extensions, Form, Hashes, Integer, List, OneOf, Reference, Text, Timestamp, Version,
};
use super::{Fault, May, Must, Property as P, Record, Rule, Target, Type};
use crate::rules;

pub(crate) const TEXTS: Type = List(&Text);
pub(crate) const COUNT: Type = Integer(0, i64::MAX);
pub(crate) const WHOLE: Type = Integer(i64::MIN, i64::MAX);
pub(crate) const HEX: Type = Form(rules::is_hex, "whole bytes in hexadecimal", "2.8");
pub(crate) const BINARY: Type = Form(rules::is_base64, "Base64", "2.1");
pub(crate) const URL: Type = Form(rules::is_uri, "a URL (RFC 3986)", "1.5");
pub(crate) const LANGUAGE: Type = Form(rules::is_language, "a language tag (RFC 5646)", "3.2");
pub(crate) const CHARACTER_SET: Type = Form(rules::is_character_set, "a character set of the IANA registry", "6.3");
pub(crate) const DICTIONARY: Type = Dictionary(&Any);
pub(crate) const KILL_CHAIN: Type = List(&Type::Record(&KILL_CHAIN_PHASE));
pub(crate) const MARKING: Type = Reference(Target::Only(&["marking-definition"]));
pub(crate) const ANYTHING: Type = Reference(Target::Anything);
pub(crate) const ANYTHINGS: Type = List(&ANYTHING);
pub(crate) const IDENTITY: Type = Reference(Target::Only(&["identity"]));
pub(crate) const SOFTWARE: Type = Reference(Target::Only(&["software"]));
pub(crate) const OBSERVABLES: Type = Container;

const SPEC_VERSION: Type = OneOf(&["2.1"]);
const EXTERNAL: Type = List(&Type::Record(&EXTERNAL_REFERENCE));
const GRANULAR: Type = List(&Type::Record(&GRANULAR_MARKING));

// `type` and `id` are judged before anything else, and every table names them so that they are not taken for custom properties.

/// Of domain objects, relationship objects, language-content and unknown kinds that have versions.
pub(crate) const VERSIONED: &[P] = &[
    P("type", Must, Text),
    P("spec_version", Must, SPEC_VERSION),
    P("id", Must, Text),
    P("created_by_ref", May, IDENTITY),
    P("created", Must, Version),
    P("modified", Must, Version),
    P("revoked", May, Boolean),
    P("labels", May, TEXTS),
    P("confidence", May, Integer(0, 100)),
    P("lang", May, LANGUAGE),
    P("external_references", May, EXTERNAL),
    P("object_marking_refs", May, List(&MARKING)),
    P("granular_markings", May, GRANULAR),
    P("extensions", May, Extensions),
];

/// Of cyber-observables.
pub(crate) const SCO: &[P] = &[
    P("type", Must, Text),
    P("spec_version", May, SPEC_VERSION),
    P("id", Must, Text),
    P("object_marking_refs", May, List(&MARKING)),
    P("granular_markings", May, GRANULAR),
    P("defanged", May, Boolean),
    P("extensions", May, Extensions),
];

/// Of marking-definitions, which have no versions.
pub(crate) const MARKING_DEFINITION: &[P] = &[
    P("type", Must, Text),
    P("spec_version", Must, SPEC_VERSION),
    P("id", Must, Text),
    P("created_by_ref", May, IDENTITY),
    P("created", Must, Timestamp),
    P("external_references", May, EXTERNAL),
    P("object_marking_refs", May, List(&MARKING)),
    P("granular_markings", May, GRANULAR),
    P("extensions", May, Extensions),
];

/// Of extension-definitions.
pub(crate) const EXTENSION_DEFINITION: &[P] = &[
    P("type", Must, Text),
    P("spec_version", Must, SPEC_VERSION),
    P("id", Must, Text),
    P("created_by_ref", Must, IDENTITY),
    P("created", Must, Version),
    P("modified", Must, Version),
    P("revoked", May, Boolean),
    P("labels", May, TEXTS),
    P("external_references", May, EXTERNAL),
    P("object_marking_refs", May, List(&MARKING)),
    P("granular_markings", May, GRANULAR),
];

pub(crate) const EXTERNAL_REFERENCE: Record = Record {
    name: "external-reference",
    section: "2.5",
    properties: &[
        P("source_name", Must, Text),
        P("description", May, Text),
        P("url", May, URL),
        P("hashes", May, Hashes),
        P("external_id", May, Text),
    ],
    rules: &[Rule::AnyOf(&["description", "url", "external_id"]), Rule::Special(well_known_source)],
};

pub(crate) const KILL_CHAIN_PHASE: Record = Record {
    name: "kill-chain-phase",
    section: "2.11",
    properties: &[P("kill_chain_name", Must, Text), P("phase_name", Must, Text)],
    rules: &[],
};

pub(crate) const GRANULAR_MARKING: Record = Record {
    name: "granular-marking",
    section: "7.2.3",
    properties: &[P("lang", May, LANGUAGE), P("marking_ref", May, MARKING), P("selectors", Must, TEXTS)],
    rules: &[Rule::AnyOf(&["lang", "marking_ref"]), Rule::NotBoth("lang", "marking_ref")],
};

/// `cve` and `capec` have ids of a fixed form.
fn well_known_source(reference: &Map<String, Value>) -> Fault {
    let id = reference.get("external_id").and_then(Value::as_str);
    let digits = |text: &str, least: usize| text.len() >= least && text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = match reference.get("source_name").and_then(Value::as_str)? {
        "cve" => id
            .and_then(|id| id.strip_prefix("CVE-")?.split_once('-'))
            .is_some_and(|(year, number)| year.len() == 4 && digits(year, 4) && digits(number, 4)),
        "capec" => id.and_then(|id| id.strip_prefix("CAPEC-")).is_some_and(|number| digits(number, 1)),
        _ => true,
    };
    (!fits).then(|| ("external_id", "must be `CVE-YYYY-NNNN` for the source `cve`, `CAPEC-N` for `capec`".to_owned()))
}
