//! Clusters of galaxies as the objects that they stand for.

use serde_json::{Map, Value, json};

use super::items::{self, Item};

/// The object of each galaxy by its type, and what begins the types of those by MITRE.
const GALAXIES: [(&str, &[&str]); 9] = [
    ("attack-pattern", &["attack-pattern"]),
    ("campaign", &["campaign"]),
    ("course-of-action", &["course-of-action"]),
    ("intrusion-set", &["intrusion-set"]),
    ("malware", &["android", "backdoor", "banker", "botnet", "cryptominers", "malpedia", "malware", "ransomware", "stealer"]),
    ("threat-actor", &["threat-actor", "microsoft-activity-group"]),
    ("tool", &["tool", "rat", "exploit-kit", "tds"]),
    ("vulnerability", &["branded-vulnerability"]),
    ("identity", &["sector"]),
];

/// The type of the object that a cluster of the galaxy `kind` is.
pub(super) fn object_kind(kind: &str) -> Option<&'static str> {
    let by_mitre = ["mitre-enterprise-attack-", "mitre-mobile-attack-", "mitre-pre-attack-", "mitre-ics-attack-", "mitre-"];
    let own = by_mitre.iter().find_map(|prefix| kind.strip_prefix(prefix)).unwrap_or(kind);
    GALAXIES.iter().find(|(_, kinds)| kinds.contains(&own)).map(|(object, _)| *object)
}

/// The properties of the object of type `object` that `cluster` is; `None` when it has no name.
pub(super) fn properties(object: &str, cluster: &Item) -> Option<Value> {
    let value = items::text(cluster, "value")?;
    let mut own = Map::new();
    own.insert("name".to_owned(), json!(value));
    own.extend(items::text(cluster, "description").map(|text| ("description".to_owned(), json!(text))));
    let meta = cluster.get("meta").and_then(Value::as_object);
    let texts = |key: &str| -> Vec<&str> {
        let said = meta.and_then(|meta| meta.get(key));
        let list = said.and_then(Value::as_array).map(Vec::as_slice).or_else(|| said.map(std::slice::from_ref));
        list.into_iter().flatten().filter_map(Value::as_str).filter(|text| !text.trim().is_empty()).collect()
    };
    let aliases: Vec<&str> = texts("synonyms").into_iter().filter(|alias| *alias != value).collect();
    let has_aliases = ["attack-pattern", "campaign", "intrusion-set", "malware", "threat-actor", "tool"].contains(&object);
    if has_aliases && !aliases.is_empty() {
        own.insert("aliases".to_owned(), json!(aliases));
    }
    match object {
        "malware" => drop(own.insert("is_family".to_owned(), json!(true))),
        "identity" => drop(own.insert("identity_class".to_owned(), json!("class"))),
        _ => {}
    }
    let mut references = Vec::new();
    if let Some(uuid) = items::uuid(cluster) {
        references.push(json!({ "source_name": "misp-galaxy", "external_id": uuid }));
    }
    let of_mitre = |id: &&str| id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    references.extend(texts("external_id").into_iter().filter(of_mitre).map(|id| {
        let source = if id.starts_with("CAPEC-") { "capec" } else { "mitre-attack" };
        json!({ "source_name": source, "external_id": id })
    }));
    if !references.is_empty() {
        own.insert("external_references".to_owned(), json!(references));
    }
    Some(Value::Object(own))
}
