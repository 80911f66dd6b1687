//! The recommended identifiers of cyber-observables (STIX 2.1, sections 2.9, 3.4 and 6): a UUIDv5 of what identifies them, so that
//! two producers give one value one id.

use serde_json::{Map, Value};
use uuid::{Uuid, uuid};

use crate::ObjectId;

/// The standard's namespace for cyber-observable ids.
pub const NAMESPACE: Uuid = uuid!("00abedb4-aa42-466c-9c01-fed23315a9b7");

/// The properties that identify an object of `kind`, in the standard's words its ID contributing properties; `None` when `kind` is no
/// cyber-observable of the standard.
#[must_use]
pub fn contributing(kind: &str) -> Option<&'static [&'static str]> {
    Some(match kind {
        "artifact" => &["hashes", "payload_bin"],
        "autonomous-system" => &["number"],
        "directory" => &["path"],
        "domain-name" | "email-addr" | "ipv4-addr" | "ipv6-addr" | "mac-addr" | "url" => &["value"],
        "email-message" => &["from_ref", "subject", "body"],
        "file" => &["hashes", "name", "parent_directory_ref", "extensions"],
        "mutex" => &["name"],
        "network-traffic" => &["start", "end", "src_ref", "dst_ref", "src_port", "dst_port", "protocols", "extensions"],
        "process" => &[],
        "software" => &["name", "cpe", "swid", "vendor", "version"],
        "user-account" => &["account_type", "user_id", "account_login"],
        "windows-registry-key" => &["key", "values"],
        "x509-certificate" => &["hashes", "serial_number"],
        _ => return None,
    })
}

/// The identifier that follows from `object`; `None` when nothing in it identifies it.
#[must_use]
pub fn of(kind: &str, object: &Map<String, Value>) -> Option<ObjectId> {
    let names = contributing(kind)?;
    let part =
        |name: &&str| object.get(*name).map(|value| ((*name).to_owned(), if *name == "hashes" { one_hash(value) } else { value.clone() }));
    let parts: Map<String, Value> = names.iter().filter_map(part).collect();
    if parts.is_empty() {
        return None;
    }
    let canonical = serde_json_canonicalizer::to_vec(&parts).ok()?;
    ObjectId::new(kind, Uuid::new_v5(&NAMESPACE, &canonical))
}

/// One hash stands for all, in this order of preference; another algorithm only when none of these is there.
fn one_hash(hashes: &Value) -> Value {
    let Some(map) = hashes.as_object() else { return hashes.clone() };
    let preferred = ["MD5", "SHA-1", "SHA-256", "SHA-512"].iter().find_map(|name| map.get_key_value(*name));
    preferred
        .or_else(|| map.iter().next())
        .map_or(Value::Null, |(name, hash)| Value::Object(Map::from_iter([(name.clone(), hash.clone())])))
}
