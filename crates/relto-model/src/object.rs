//! A STIX 2.1 object: judged once, then kept as the bytes that arrived.
//!
//! [`Object::parse`] is the only way to one. It reads the JSON once (`json`), holds it to the standard's tables (`validate`, `schema`)
//! and keeps what callers ask for most. An object is what the standard calls valid; what it merely recommends is in
//! [`Object::warnings`].

use std::fmt;

use bytes::Bytes;
use serde_json::Value;
use sha2::{Digest, Sha256};

pub use crate::schema::Class;

use crate::kinds::Kinds;
use crate::validate::{self, Findings};
use crate::{ObjectId, Timestamp, json};

/// A reference from an object to another: where it stands, and to what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// A JSON pointer (RFC 6901) to the identifier.
    pub pointer: String,
    /// What it refers to.
    pub id: ObjectId,
}

/// A marking of parts of an object (STIX 2.1, section 7.2.3): either a marking or a language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GranularMarking {
    /// What it covers, such as `labels.[0]`; each resolves.
    pub selectors: Vec<String>,
    /// The marking.
    pub marking_ref: Option<ObjectId>,
    /// The language.
    pub lang: Option<String>,
}

/// Why bytes are no STIX 2.1 object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectError {
    /// A JSON pointer to the place at fault; empty for the object itself.
    pub pointer: String,
    /// What is wrong there.
    pub message: String,
    /// The section of the standard that asks for it.
    pub section: &'static str,
}

impl ObjectError {
    pub(crate) fn new(pointer: String, message: String, section: &'static str) -> Self {
        Self { pointer, message, section }
    }
}

impl fmt::Display for ObjectError {
    /// `/valid_until: must be after …`. A caller puts the object's own place before it.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {} (STIX 2.1, section {})", self.pointer, self.message, self.section)
    }
}

impl std::error::Error for ObjectError {}

/// A valid STIX 2.1 object.
// INVARIANT: `bytes` are the JSON of `value`, and `value` is valid under the kinds it was parsed with.
#[derive(Debug, Clone)]
pub struct Object {
    findings: Box<Kept>,
    value: Value,
    bytes: Bytes,
}

#[derive(Debug, Clone)]
struct Kept {
    id: ObjectId,
    class: Class,
    created: Option<Timestamp>,
    modified: Option<Timestamp>,
    markings: Vec<ObjectId>,
    granular: Vec<GranularMarking>,
    inner_markings: Vec<ObjectId>,
    references: Vec<Reference>,
    warnings: Vec<&'static str>,
}

impl Object {
    /// Reads and judges one object.
    ///
    /// # Errors
    /// [`ObjectError`] for the first thing that the standard forbids: where it is, what it is, and which section says so.
    pub fn parse(bytes: Bytes, kinds: &Kinds) -> Result<Self, ObjectError> {
        let value = json::read(&bytes).map_err(|wrong| ObjectError::new(wrong.pointer, wrong.message, "1.6.5"))?;
        let Findings { id, class, references, object_markings, granular_markings, inner_markings, warnings } =
            validate::object(&value, kinds)?;
        let time = |key: &str| value.get(key).and_then(Value::as_str).and_then(|text| Timestamp::parse(text).ok());
        let (created, modified) = if class == Class::Sco { (None, None) } else { (time("created"), time("modified")) };
        let (markings, granular) = (object_markings, granular_markings);
        let findings = Box::new(Kept { id, class, created, modified, markings, granular, inner_markings, references, warnings });
        Ok(Self { findings, value, bytes })
    }

    /// Its identifier.
    #[must_use]
    pub fn id(&self) -> &ObjectId {
        &self.findings.id
    }

    /// Its type: `indicator`.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.findings.id.kind()
    }

    /// The family of its type.
    #[must_use]
    pub fn class(&self) -> Class {
        self.findings.class
    }

    /// When it was created; cyber-observables have no such time.
    #[must_use]
    pub fn created(&self) -> Option<&Timestamp> {
        self.findings.created.as_ref()
    }

    /// When this version was made; cyber-observables and marking-definitions have no versions.
    #[must_use]
    pub fn modified(&self) -> Option<&Timestamp> {
        self.findings.modified.as_ref()
    }

    /// What TAXII 2.1 (section 3.4.1) calls its version: `modified`, else `created`.
    #[must_use]
    pub fn version(&self) -> Option<&Timestamp> {
        self.modified().or(self.created())
    }

    /// Whether its creator has withdrawn it.
    #[must_use]
    pub fn revoked(&self) -> bool {
        self.value.get("revoked") == Some(&Value::Bool(true))
    }

    /// The markings of the whole object, as listed.
    #[must_use]
    pub fn object_markings(&self) -> &[ObjectId] {
        &self.findings.markings
    }

    /// The markings of its parts.
    #[must_use]
    pub fn granular_markings(&self) -> &[GranularMarking] {
        &self.findings.granular
    }

    /// The markings that structures inside it carry for themselves: the observables of an observed-data with the deprecated `objects`.
    #[must_use]
    pub fn inner_markings(&self) -> &[ObjectId] {
        &self.findings.inner_markings
    }

    /// Every reference, at any depth, to another object; markings are not among them.
    #[must_use]
    pub fn references(&self) -> &[Reference] {
        &self.findings.references
    }

    /// Which recommendations of the standard it departs from, each once.
    #[must_use]
    pub fn warnings(&self) -> &[&'static str] {
        &self.findings.warnings
    }

    /// The bytes that arrived.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The same as JSON.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// SHA-256 of the canonical form (RFC 8785): equal for equal content, however it is written. Computed at each call.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        // Canonical form exists for every value that `json` lets in: it refuses what RFC 8785 cannot write.
        Sha256::digest(serde_json_canonicalizer::to_vec(&self.value).unwrap_or_default()).into()
    }
}

/// SHA-256 of the canonical form (RFC 8785) of the JSON in `bytes`; of the bytes themselves when they are none.
#[must_use]
pub fn content_digest(bytes: &[u8]) -> [u8; 32] {
    let canonical = serde_json::from_slice::<Value>(bytes).ok().and_then(|value| serde_json_canonicalizer::to_vec(&value).ok());
    Sha256::digest(canonical.as_deref().unwrap_or(bytes)).into()
}

#[cfg(test)]
mod tests;
