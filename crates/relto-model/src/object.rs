//! Scaffold until the validator lands: reads the common properties only.
use bytes::Bytes;
use serde_json::Value;
use sha2::{Digest, Sha256};
use crate::kinds::Kinds;
use crate::{ObjectId, Timestamp};

/// Class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Class { Sdo, Sro, Sco, Meta, Custom }
/// Reference.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Reference { pub pointer: String, pub id: ObjectId }
/// Granular marking.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct GranularMarking { pub selectors: Vec<String>, pub marking_ref: Option<ObjectId>, pub lang: Option<String> }
/// Object.
#[derive(Debug, Clone)]
pub struct Object { id: ObjectId, created: Option<Timestamp>, modified: Option<Timestamp>, markings: Vec<ObjectId>, granular: Vec<GranularMarking>, references: Vec<Reference>, value: Value, bytes: Bytes }
/// Error.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ObjectError(pub String);
#[allow(missing_docs)]
impl Object {
    pub fn parse(bytes: Bytes, _kinds: &Kinds) -> Result<Self, ObjectError> {
        let value: Value = serde_json::from_slice(&bytes).map_err(|e| ObjectError(e.to_string()))?;
        let text = |key: &str| value.get(key).and_then(Value::as_str);
        let id = ObjectId::parse(text("id").ok_or_else(|| ObjectError("no id".into()))?).map_err(|e| ObjectError(e.to_string()))?;
        let time = |key: &str| text(key).map(Timestamp::parse).transpose().map_err(|e| ObjectError(e.to_string()));
        let (created, modified) = (time("created")?, time("modified")?);
        let ids = |v: &Value| v.as_array().map(|a| a.iter().filter_map(|i| ObjectId::parse(i.as_str()?).ok()).collect::<Vec<_>>()).unwrap_or_default();
        let markings = value.get("object_marking_refs").map(ids).unwrap_or_default();
        let mut references = Vec::new();
        if let Some(map) = value.as_object() {
            for (key, v) in map {
                if key == "object_marking_refs" { continue }
                if key.ends_with("_ref") { if let Some(i) = v.as_str().and_then(|i| ObjectId::parse(i).ok()) { references.push(Reference { pointer: format!("/{key}"), id: i }) } }
                if key.ends_with("_refs") { for i in ids(v) { references.push(Reference { pointer: format!("/{key}"), id: i }) } }
            }
        }
        Ok(Self { id, created, modified, markings, granular: Vec::new(), references, value, bytes })
    }
    pub fn id(&self) -> &ObjectId { &self.id }
    pub fn kind(&self) -> &str { self.id.kind() }
    pub fn class(&self) -> Class { if self.modified.is_none() && self.kind() != "marking-definition" { Class::Sco } else { Class::Sdo } }
    pub fn created(&self) -> Option<&Timestamp> { self.created.as_ref() }
    pub fn modified(&self) -> Option<&Timestamp> { self.modified.as_ref() }
    pub fn version(&self) -> Option<&Timestamp> { self.modified.as_ref().or(self.created.as_ref()) }
    pub fn revoked(&self) -> bool { self.value.get("revoked").and_then(Value::as_bool).unwrap_or(false) }
    pub fn object_markings(&self) -> &[ObjectId] { &self.markings }
    pub fn granular_markings(&self) -> &[GranularMarking] { &self.granular }
    pub fn references(&self) -> &[Reference] { &self.references }
    pub fn bytes(&self) -> &Bytes { &self.bytes }
    pub fn value(&self) -> &Value { &self.value }
    pub fn digest(&self) -> [u8; 32] { Sha256::digest(serde_json_canonicalizer::to_vec(&self.value).unwrap_or_default()).into() }
}
