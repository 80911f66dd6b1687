//! The types of attributes: which observable, which pattern, which object of its own, and for all others none.

use serde_json::json;

use super::patterns::{Seen, at_end, certificate, domain, equals, file, hash_name, mail, observable, of_value, registry};

/// What an attribute is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Meaning {
    /// Something that can be seen.
    Seen(Seen),
    /// A rule in the language of a tool: the language.
    Rule(&'static str),
    /// An object of this type that the value names.
    Named(&'static str),
    /// Nothing that STIX has a form for.
    Said,
}

/// Languages of rules that STIX knows by these words.
const RULES: [&str; 4] = ["yara", "sigma", "snort", "suricata"];
/// Attributes that name an object.
const NAMED: [(&str, &str); 3] = [("vulnerability", "vulnerability"), ("campaign-name", "campaign"), ("threat-actor", "threat-actor")];

/// What an attribute of `kind` with `value` is.
pub(super) fn meaning(kind: &str, value: &str) -> Meaning {
    if let Some(language) = RULES.iter().find(|language| **language == kind) {
        return Meaning::Rule(language);
    }
    if let Some((_, object)) = NAMED.iter().find(|(word, _)| *word == kind) {
        return Meaning::Named(object);
    }
    let seen = match kind.split_once('|') {
        Some((first, second)) => composite(first, second, value),
        None => single(kind, value),
    };
    seen.map_or(Meaning::Said, Meaning::Seen)
}

fn single(kind: &str, value: &str) -> Option<Seen> {
    if let Some(algorithm) = hash_name(kind) {
        return Some(file(None, &[(algorithm, value)], None));
    }
    if let Some(algorithm) = kind.strip_prefix("x509-fingerprint-").and_then(hash_name) {
        return Some(certificate(algorithm, value));
    }
    Some(match kind {
        "ip-src" => at_end("src", value, None)?,
        "ip-dst" => at_end("dst", value, None)?,
        "domain" | "hostname" => domain(value, &[])?,
        "url" | "uri" => of_value("url", value),
        // Without `to_ids` a link is where something was read.
        "link" => Seen { observables: Vec::new(), ..of_value("url", value) },
        "email" => of_value("email-addr", value),
        "email-src" => address_of_mail("from_ref", value),
        "email-dst" => address_of_mail("to_refs[*]", value),
        "email-subject" => mail("subject", value, Some(json!({ "is_multipart": false, "subject": value }))),
        "email-message-id" => mail("message_id", value, Some(json!({ "is_multipart": false, "message_id": value }))),
        "email-attachment" => mail("body_multipart[*].body_raw_ref.name", value, None),
        "filename" | "attachment" => file(Some(value), &[], None),
        "malware-sample" => composite("filename", "md5", value)?,
        "mac-address" => of_value("mac-addr", &value.to_ascii_lowercase()),
        "mutex" => {
            Seen { comparisons: vec![equals("mutex:name", value)], observables: vec![observable("mutex", json!({ "name": value }))] }
        }
        "regkey" => registry(value, None),
        "AS" => autonomous_system(value)?,
        "port" => Seen { comparisons: vec![format!("network-traffic:dst_port = {}", value.parse::<u16>().ok()?)], observables: Vec::new() },
        "user-agent" => Seen {
            comparisons: vec![equals("network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'", value)],
            observables: Vec::new(),
        },
        _ => return None,
    })
}

/// Two values in one attribute, parted by the first line that can be.
fn composite(first: &str, second: &str, value: &str) -> Option<Seen> {
    let (one, other) = match first {
        // Only a hash can be told at the end of a name that holds anything.
        "filename" => value.rsplit_once('|')?,
        _ => value.split_once('|')?,
    };
    Some(match (first, second) {
        ("filename", algorithm) => file(Some(one), &[(hash_name(algorithm)?, other)], None),
        ("domain", "ip") => domain(one, &[other])?,
        ("ip-src", "port") => at_end("src", one, Some(other))?,
        ("ip-dst", "port") => at_end("dst", one, Some(other))?,
        ("hostname" | "domain", "port") => {
            let mut seen = domain(one, &[])?;
            let port: u16 = other.parse().ok()?;
            seen.comparisons = vec![equals("network-traffic:dst_ref.value", one), format!("network-traffic:dst_port = {port}")];
            seen
        }
        ("regkey", "value") => registry(one, Some(("", other))),
        _ => return None,
    })
}

/// An address that mail comes from or goes to: the observable is the address, for more is not known of the mail.
fn address_of_mail(end: &str, value: &str) -> Seen {
    Seen {
        comparisons: vec![equals(&format!("email-message:{end}.value"), value)],
        observables: vec![observable("email-addr", json!({ "value": value }))],
    }
}

/// `AS64496`, or the number alone.
pub(super) fn autonomous_system(value: &str) -> Option<Seen> {
    let digits = value.trim().trim_start_matches(['A', 'S', 'a', 's']).trim();
    let number: u32 = digits.parse().ok()?;
    Some(Seen {
        comparisons: vec![format!("autonomous-system:number = {number}")],
        observables: vec![observable("autonomous-system", json!({ "number": number }))],
    })
}
