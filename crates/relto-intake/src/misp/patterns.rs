//! Observables and patterns from values of MISP: one comparison for each value, and the observable that it would be seen as.
//!
//! Observables refer to each other by the ids that follow from their values; whoever writes them gives them others.

use std::net::IpAddr;

use relto_model::observable_id;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// Hashes: the word in MISP, and the name in STIX.
const HASHES: [(&str, &str); 10] = [
    ("md5", "MD5"),
    ("sha1", "SHA-1"),
    ("sha224", "SHA-224"),
    ("sha256", "SHA-256"),
    ("sha384", "SHA-384"),
    ("sha512", "SHA-512"),
    ("sha3-256", "SHA3-256"),
    ("sha3-512", "SHA3-512"),
    ("ssdeep", "SSDEEP"),
    ("tlsh", "TLSH"),
];

/// What something is detected by, and what it is seen as.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Seen {
    /// Comparisons, all of which must hold.
    pub(super) comparisons: Vec<String>,
    /// Observables; none where only a pattern can say it.
    pub(super) observables: Vec<Value>,
}

impl Seen {
    /// The pattern.
    pub(super) fn pattern(&self) -> String {
        format!("[{}]", self.comparisons.join(" AND "))
    }
}

/// The name of a hash in STIX.
pub(super) fn hash_name(misp: &str) -> Option<&'static str> {
    HASHES.iter().find(|(word, _)| *word == misp).map(|(_, name)| *name)
}

/// `path = 'value'`, with the value quoted.
pub(super) fn equals(path: &str, value: &str) -> String {
    format!("{path} = '{}'", value.replace('\\', r"\\").replace('\'', r"\'"))
}

/// An observable of `kind`, with the id that follows from it.
pub(super) fn observable(kind: &str, properties: Value) -> Value {
    let mut object = Map::new();
    object.insert("type".to_owned(), json!(kind));
    object.insert("spec_version".to_owned(), json!("2.1"));
    if let Value::Object(properties) = properties {
        object.extend(properties);
    }
    let id = observable_id::of(kind, &object).map(|id| id.as_str().to_owned());
    let id = id.unwrap_or_else(|| format!("{kind}--{}", Uuid::new_v5(&observable_id::NAMESPACE, json!(object).to_string().as_bytes())));
    object.insert("id".to_owned(), json!(id));
    Value::Object(object)
}

/// Observables of `kind` that are a `value` and nothing else.
pub(super) fn of_value(kind: &str, value: &str) -> Seen {
    Seen { comparisons: vec![equals(&format!("{kind}:value"), value)], observables: vec![observable(kind, json!({ "value": value }))] }
}

/// The kind of the address or range `value`; `None` when it is none.
pub(super) fn address_kind(value: &str) -> Option<&'static str> {
    let (address, bits) = value.split_once('/').map_or((value, None), |(address, bits)| (address, Some(bits)));
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let fits = bits.is_none_or(|bits| bits.parse::<u8>().is_ok_and(|bits| bits <= most));
    fits.then_some(if address.is_ipv4() { "ipv4-addr" } else { "ipv6-addr" })
}

/// An address at the end of traffic that is `src` or `dst`, with its port where there is one.
pub(super) fn at_end(end: &str, address: &str, port: Option<&str>) -> Option<Seen> {
    let kind = address_kind(address)?;
    let mut comparisons =
        vec![equals(&format!("network-traffic:{end}_ref.type"), kind), equals(&format!("network-traffic:{end}_ref.value"), address)];
    let seen = observable(kind, json!({ "value": address }));
    let Some(port) = port else { return Some(Seen { comparisons, observables: vec![seen] }) };
    let port: u16 = port.parse().ok()?;
    comparisons.push(format!("network-traffic:{end}_port = {port}"));
    let traffic = observable("network-traffic", traffic(end, &seen, kind, port));
    Some(Seen { comparisons, observables: vec![traffic, seen] })
}

/// Traffic must name a protocol, and of none more is known than the address.
fn traffic(end: &str, address: &Value, kind: &str, port: u16) -> Value {
    let protocol = kind.trim_end_matches("-addr");
    json!({ format!("{end}_ref"): address.get("id"), format!("{end}_port"): port, "protocols": [protocol] })
}

/// A file with this name and these hashes, each by its name in STIX.
pub(super) fn file(name: Option<&str>, hashes: &[(&str, &str)], size: Option<u64>) -> Seen {
    let mut seen = Seen::default();
    let mut properties = Map::new();
    if !hashes.is_empty() {
        let hashes: Map<String, Value> = hashes.iter().map(|(algorithm, hash)| ((*algorithm).to_owned(), json!(hash))).collect();
        properties.insert("hashes".to_owned(), Value::Object(hashes));
    }
    if let Some(name) = name {
        properties.insert("name".to_owned(), json!(name));
        seen.comparisons.push(equals("file:name", name));
    }
    seen.comparisons.extend(hashes.iter().map(|(algorithm, hash)| equals(&format!("file:hashes.{}", quoted(algorithm)), hash)));
    if let Some(size) = size {
        properties.insert("size".to_owned(), json!(size));
        seen.comparisons.push(format!("file:size = {size}"));
    }
    seen.observables.push(observable("file", Value::Object(properties)));
    seen
}

/// A step of a path: what is more than letters and digits is quoted.
fn quoted(step: &str) -> String {
    if step.bytes().all(|byte| byte.is_ascii_alphanumeric()) { step.to_owned() } else { format!("'{step}'") }
}

/// A name of a host that resolves to these addresses.
pub(super) fn domain(name: &str, addresses: &[&str]) -> Option<Seen> {
    let mut comparisons = vec![equals("domain-name:value", name)];
    let mut observables = Vec::new();
    for address in addresses {
        observables.push(observable(address_kind(address)?, json!({ "value": address })));
        comparisons.push(equals("domain-name:resolves_to_refs[*].value", address));
    }
    let refs: Vec<&Value> = observables.iter().filter_map(|address| address.get("id")).collect();
    let properties = if refs.is_empty() { json!({ "value": name }) } else { json!({ "value": name, "resolves_to_refs": refs }) };
    observables.insert(0, observable("domain-name", properties));
    Some(Seen { comparisons, observables })
}

/// Hives of the registry as people write them, and in full, as STIX wants them.
const HIVES: [(&str, &str); 5] = [
    ("HKLM", "HKEY_LOCAL_MACHINE"),
    ("HKCU", "HKEY_CURRENT_USER"),
    ("HKCR", "HKEY_CLASSES_ROOT"),
    ("HKU", "HKEY_USERS"),
    ("HKCC", "HKEY_CURRENT_CONFIG"),
];

/// A key of the registry, and what one of its values holds.
pub(super) fn registry(key: &str, value: Option<(&str, &str)>) -> Seen {
    let (hive, path) = key.split_once('\\').unwrap_or((key, ""));
    let full = HIVES.iter().find(|(short, _)| hive.eq_ignore_ascii_case(short)).map(|(_, full)| format!(r"{full}\{path}"));
    let key = full.as_deref().map_or(key, |full| full.trim_end_matches('\\'));
    let mut seen = Seen { comparisons: vec![equals("windows-registry-key:key", key)], observables: Vec::new() };
    let mut properties = json!({ "key": key });
    if let Some((name, data)) = value {
        let mut held = Map::new();
        for (property, text) in [("name", name), ("data", data)].into_iter().filter(|(_, text)| !text.is_empty()) {
            held.insert(property.to_owned(), json!(text));
            seen.comparisons.push(equals(&format!("windows-registry-key:values[*].{property}"), text));
        }
        if let Some(properties) = properties.as_object_mut().filter(|_| !held.is_empty()) {
            properties.insert("values".to_owned(), json!([held]));
        }
    }
    seen.observables.push(observable("windows-registry-key", properties));
    seen
}

/// A certificate with this fingerprint.
pub(super) fn certificate(algorithm: &str, hash: &str) -> Seen {
    Seen {
        comparisons: vec![equals(&format!("x509-certificate:hashes.{}", quoted(algorithm)), hash)],
        observables: vec![observable("x509-certificate", json!({ "hashes": { algorithm: hash } }))],
    }
}

/// A mail, of which only this is known.
pub(super) fn mail(path: &str, value: &str, properties: Option<Value>) -> Seen {
    let observables = properties.into_iter().map(|properties| observable("email-message", properties)).collect();
    Seen { comparisons: vec![equals(&format!("email-message:{path}"), value)], observables }
}
