//! The tables of cyber-observable objects (STIX 2.1, section 6).

use serde_json::{Map, Value};

use super::Class::Sco;
use super::Rule::{Needs, NotBefore, NotBoth, Special};
use super::Type::{Boolean, Dictionary, Form, Hashes, Integer, List, OneOf, Open, Reference, Text, Timestamp};
use super::common::{BINARY, CHARACTER_SET, COUNT, DICTIONARY, HEX, LANGUAGE, TEXTS, URL, WHOLE};
use super::vocabulary as v;
use super::{Fault, Kind, May, Must, Property as P, Record, Rule, Target, Type};
use crate::rules;

const fn kind(name: &'static str, section: &'static str, properties: &'static [P], rules: &'static [Rule]) -> Kind {
    Kind { class: Sco, record: Record { name, section, properties, rules } }
}
const fn to(kinds: &'static [&'static str]) -> Type {
    Reference(Target::Only(kinds))
}

const ADDRESS: Type = to(&["email-addr"]);
const ARTIFACT: Type = to(&["artifact"]);
const ENDPOINT: Type = to(&["ipv4-addr", "ipv6-addr", "mac-addr", "domain-name"]);
const TRAFFIC: Type = to(&["network-traffic"]);
const USER: Type = to(&["user-account"]);
const SYSTEM: Type = to(&["autonomous-system"]);
const MAC: Type = to(&["mac-addr"]);
const PORT: Type = Integer(0, 65_535);

#[rustfmt::skip]
pub(crate) const KINDS: &[Kind] = &[
    kind("artifact", "6.1", &[
        P("mime_type", May, Form(rules::is_media_type, "a media type of the IANA registry", "6.1")),
        P("payload_bin", May, BINARY),
        P("url", May, URL),
        P("hashes", May, Hashes),
        P("encryption_algorithm", May, OneOf(&["AES-256-GCM", "ChaCha20-Poly1305", "mime-type-indicated"])),
        P("decryption_key", May, Text),
    ], &[
        Rule::AnyOf(&["payload_bin", "url"]),
        NotBoth("payload_bin", "url"),
        Needs("url", &["hashes"]),
        Needs("decryption_key", &["encryption_algorithm"]),
    ]),
    kind("autonomous-system", "6.2", &[
        P("number", Must, WHOLE),
        P("name", May, Text),
        P("rir", May, Text),
    ], &[]),
    kind("directory", "6.3", &[
        P("path", Must, Text),
        P("path_enc", May, CHARACTER_SET),
        P("ctime", May, Timestamp),
        P("mtime", May, Timestamp),
        P("atime", May, Timestamp),
        P("contains_refs", May, List(&to(&["file", "directory"]))),
    ], &[]),
    kind("domain-name", "6.4", &[
        P("value", Must, Form(rules::is_domain_name, "a domain name (RFC 1034, RFC 5890)", "6.4")),
        P("resolves_to_refs", May, List(&to(&["ipv4-addr", "ipv6-addr", "domain-name"]))),
    ], &[]),
    kind("email-addr", "6.5", &[
        P("value", Must, Form(rules::is_email, "an e-mail address (RFC 5322)", "6.5")),
        P("display_name", May, Text),
        P("belongs_to_ref", May, USER),
    ], &[]),
    kind("email-message", "6.6", &[
        P("is_multipart", Must, Boolean),
        P("date", May, Timestamp),
        P("content_type", May, Text),
        P("from_ref", May, ADDRESS),
        P("sender_ref", May, ADDRESS),
        P("to_refs", May, List(&ADDRESS)),
        P("cc_refs", May, List(&ADDRESS)),
        P("bcc_refs", May, List(&ADDRESS)),
        P("message_id", May, Text),
        P("subject", May, Text),
        P("received_lines", May, TEXTS),
        P("additional_header_fields", May, DICTIONARY),
        P("body", May, Text),
        P("body_multipart", May, List(&Type::Record(&MIME_PART))),
        P("raw_email_ref", May, ARTIFACT),
    ], &[Special(multipart)]),
    kind("file", "6.7", &[
        P("hashes", May, Hashes),
        P("size", May, COUNT),
        P("name", May, Text),
        P("name_enc", May, CHARACTER_SET),
        P("magic_number_hex", May, HEX),
        P("mime_type", May, Text),
        P("ctime", May, Timestamp),
        P("mtime", May, Timestamp),
        P("atime", May, Timestamp),
        P("parent_directory_ref", May, to(&["directory"])),
        P("contains_refs", May, List(&Reference(Target::Observable))),
        P("content_ref", May, ARTIFACT),
    ], &[Rule::AnyOf(&["hashes", "name"])]),
    kind("ipv4-addr", "6.8", &[
        P("value", Must, Form(rules::is_ipv4, "an IPv4 address or CIDR block", "6.8")),
        P("resolves_to_refs", May, List(&MAC)),
        P("belongs_to_refs", May, List(&SYSTEM)),
    ], &[]),
    kind("ipv6-addr", "6.9", &[
        P("value", Must, Form(rules::is_ipv6, "an IPv6 address or CIDR block", "6.9")),
        P("resolves_to_refs", May, List(&MAC)),
        P("belongs_to_refs", May, List(&SYSTEM)),
    ], &[]),
    kind("mac-addr", "6.10", &[P("value", Must, Form(rules::is_mac, "a MAC address such as `d2:fb:49:24:37:18`", "6.10"))], &[]),
    kind("mutex", "6.11", &[P("name", Must, Text)], &[]),
    kind("network-traffic", "6.12", &[
        P("start", May, Timestamp),
        P("end", May, Timestamp),
        P("is_active", May, Boolean),
        P("src_ref", May, ENDPOINT),
        P("dst_ref", May, ENDPOINT),
        P("src_port", May, PORT),
        P("dst_port", May, PORT),
        P("protocols", Must, TEXTS),
        P("src_byte_count", May, COUNT),
        P("dst_byte_count", May, COUNT),
        P("src_packets", May, COUNT),
        P("dst_packets", May, COUNT),
        P("ipfix", May, Dictionary(&Type::Any)),
        P("src_payload_ref", May, ARTIFACT),
        P("dst_payload_ref", May, ARTIFACT),
        P("encapsulates_refs", May, List(&TRAFFIC)),
        P("encapsulated_by_ref", May, TRAFFIC),
    ], &[Rule::AnyOf(&["src_ref", "dst_ref"]), NotBefore("end", "start"), Special(active)]),
    kind("process", "6.13", &[
        P("is_hidden", May, Boolean),
        P("pid", May, WHOLE),
        P("created_time", May, Timestamp),
        P("cwd", May, Text),
        P("command_line", May, Text),
        P("environment_variables", May, Dictionary(&Text)),
        P("opened_connection_refs", May, List(&TRAFFIC)),
        P("creator_user_ref", May, USER),
        P("image_ref", May, to(&["file"])),
        P("parent_ref", May, to(&["process"])),
        P("child_refs", May, List(&to(&["process"]))),
    ], &[Rule::AnyOf(&[
        "extensions", "is_hidden", "pid", "created_time", "cwd", "command_line", "environment_variables", "opened_connection_refs",
        "creator_user_ref", "image_ref", "parent_ref", "child_refs",
    ])]),
    kind("software", "6.14", &[
        P("name", Must, Text),
        P("cpe", May, Form(rules::is_cpe, "a CPE 2.3 name", "6.14")),
        P("swid", May, Text),
        P("languages", May, List(&LANGUAGE)),
        P("vendor", May, Text),
        P("version", May, Text),
    ], &[]),
    kind("url", "6.15", &[P("value", Must, URL)], &[]),
    kind("user-account", "6.16", &[
        P("user_id", May, Text),
        P("credential", May, Text),
        P("account_login", May, Text),
        P("account_type", May, Open(&v::ACCOUNT_TYPE)),
        P("display_name", May, Text),
        P("is_service_account", May, Boolean),
        P("is_privileged", May, Boolean),
        P("can_escalate_privs", May, Boolean),
        P("is_disabled", May, Boolean),
        P("account_created", May, Timestamp),
        P("account_expires", May, Timestamp),
        P("credential_last_changed", May, Timestamp),
        P("account_first_login", May, Timestamp),
        P("account_last_login", May, Timestamp),
    ], &[Rule::AnyOf(&[
        "extensions", "user_id", "credential", "account_login", "account_type", "display_name", "is_service_account", "is_privileged",
        "can_escalate_privs", "is_disabled", "account_created", "account_expires", "credential_last_changed", "account_first_login",
        "account_last_login",
    ])]),
    kind("windows-registry-key", "6.17", &[
        P("key", May, Form(is_full_key, "a key whose hive is not abbreviated", "6.17")),
        P("values", May, List(&Type::Record(&REGISTRY_VALUE))),
        P("modified_time", May, Timestamp),
        P("creator_user_ref", May, USER),
        P("number_of_subkeys", May, WHOLE),
    ], &[Rule::AnyOf(&["key", "values", "modified_time", "creator_user_ref", "number_of_subkeys"])]),
    kind("x509-certificate", "6.18", &[
        P("is_self_signed", May, Boolean),
        P("hashes", May, Hashes),
        P("version", May, Text),
        P("serial_number", May, Text),
        P("signature_algorithm", May, Text),
        P("issuer", May, Text),
        P("validity_not_before", May, Timestamp),
        P("validity_not_after", May, Timestamp),
        P("subject", May, Text),
        P("subject_public_key_algorithm", May, Text),
        P("subject_public_key_modulus", May, Text),
        P("subject_public_key_exponent", May, WHOLE),
        P("x509_v3_extensions", May, Type::Record(&X509_V3)),
    ], &[Rule::AnyOf(&[
        "is_self_signed", "hashes", "version", "serial_number", "signature_algorithm", "issuer", "validity_not_before",
        "validity_not_after", "subject", "subject_public_key_algorithm", "subject_public_key_modulus", "subject_public_key_exponent",
        "x509_v3_extensions",
    ])]),
];

#[rustfmt::skip]
const MIME_PART: Record = Record {
    name: "mime-part",
    section: "6.6.2",
    properties: &[
        P("body", May, Text),
        P("body_raw_ref", May, to(&["artifact", "file"])),
        P("content_type", May, Text),
        P("content_disposition", May, Text),
    ],
    rules: &[Rule::AnyOf(&["body", "body_raw_ref"]), NotBoth("body", "body_raw_ref")],
};

#[rustfmt::skip]
const REGISTRY_VALUE: Record = Record {
    name: "windows-registry-value",
    section: "6.17.2",
    properties: &[
        P("name", May, Text),
        P("data", May, Text),
        P("data_type", May, OneOf(&[
            "REG_NONE", "REG_SZ", "REG_EXPAND_SZ", "REG_BINARY", "REG_DWORD", "REG_DWORD_BIG_ENDIAN", "REG_DWORD_LITTLE_ENDIAN",
            "REG_LINK", "REG_MULTI_SZ", "REG_RESOURCE_LIST", "REG_FULL_RESOURCE_DESCRIPTION", "REG_RESOURCE_REQUIREMENTS_LIST",
            "REG_QWORD", "REG_INVALID_TYPE",
        ])),
    ],
    rules: &[Rule::AnyOf(&["name", "data", "data_type"])],
};

#[rustfmt::skip]
const X509_NAMES: &[&str] = &[
    "basic_constraints", "name_constraints", "policy_constraints", "key_usage", "extended_key_usage", "subject_key_identifier",
    "authority_key_identifier", "subject_alternative_name", "issuer_alternative_name", "subject_directory_attributes",
    "crl_distribution_points", "inhibit_any_policy", "private_key_usage_period_not_before", "private_key_usage_period_not_after",
    "certificate_policies", "policy_mappings",
];

const X509_V3: Record = Record {
    name: "x509-v3-extensions",
    section: "6.18.2",
    properties: &[
        P("basic_constraints", May, Text),
        P("name_constraints", May, Text),
        P("policy_constraints", May, Text),
        P("key_usage", May, Text),
        P("extended_key_usage", May, Text),
        P("subject_key_identifier", May, Text),
        P("authority_key_identifier", May, Text),
        P("subject_alternative_name", May, Text),
        P("issuer_alternative_name", May, Text),
        P("subject_directory_attributes", May, Text),
        P("crl_distribution_points", May, Text),
        P("inhibit_any_policy", May, Text),
        P("private_key_usage_period_not_before", May, Timestamp),
        P("private_key_usage_period_not_after", May, Timestamp),
        P("certificate_policies", May, Text),
        P("policy_mappings", May, Text),
    ],
    rules: &[Rule::AnyOf(X509_NAMES)],
};

fn multipart(object: &Map<String, Value>) -> Fault {
    let (absent, other) = match object.get("is_multipart").and_then(Value::as_bool)? {
        true => ("body", "true"),
        false => ("body_multipart", "false"),
    };
    object.contains_key(absent).then(|| (absent, format!("must be absent when `is_multipart` is {other}")))
}

fn active(object: &Map<String, Value>) -> Fault {
    let active = object.get("is_active") == Some(&Value::Bool(true)) && object.contains_key("end");
    active.then(|| ("end", "must be absent while `is_active` is true".to_owned()))
}

fn is_full_key(key: &str) -> bool {
    let hive = key.split('\\').next().unwrap_or_default().to_ascii_uppercase();
    !matches!(hive.as_str(), "HKLM" | "HKCC" | "HKCR" | "HKCU" | "HKU")
}
