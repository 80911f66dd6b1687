//! STIX identifiers (STIX 2.1, section 2.9): `object-type--UUID`.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Longest object type the standard allows (section 11.2: 3 to 250 characters).
pub const KIND_LENGTH_MAX: usize = 250;

/// A UUID's 32 digits and four hyphens.
const UUID_LENGTH: usize = 36;

/// A well-formed STIX identifier. Cheap to clone.
// INVARIANT: the text is `kind--uuid`, kind of [a-z0-9-], uuid an RFC 4122 id with hyphens, in the letters that it came in.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ObjectId(Arc<str>);

/// Why a text is not a STIX identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// The text lacks the `--` between type and UUID.
    #[error("`{0}` is not a STIX identifier: write `object-type--UUID` (STIX 2.1, section 2.9)")]
    NoSeparator(String),
    /// The type part has characters or a length that the standard forbids.
    #[error("the type of `{0}` must be 3 to 250 characters of a-z, 0-9 and hyphen (STIX 2.1, section 2.9)")]
    Kind(String),
    /// The part after `--` is not an RFC 4122 UUID.
    #[error("`{0}` does not end in an RFC 4122 UUID (STIX 2.1, section 2.9)")]
    Uuid(String),
}

impl IdError {
    /// What is wrong, without the section of the standard, for errors that name it themselves.
    #[must_use]
    pub fn reason(&self) -> String {
        without_section(&self.to_string())
    }
}

/// `message` without the section of the standard that it ends in.
pub(crate) fn without_section(message: &str) -> String {
    message.split(" (STIX 2.1, section").next().unwrap_or(message).to_owned()
}

impl ObjectId {
    /// Parses `text`.
    ///
    /// # Errors
    /// [`IdError`] names what the standard's form lacks.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let (kind, uuid) = text.split_once("--").ok_or_else(|| IdError::NoSeparator(shortened(text)))?;
        if !is_kind(kind) {
            return Err(IdError::Kind(shortened(text)));
        }
        if !is_uuid(uuid) {
            return Err(IdError::Uuid(shortened(text)));
        }
        Ok(Self(text.into()))
    }

    /// The identifier of `kind` with `uuid`; `None` when `kind` is not an object type.
    #[must_use]
    pub fn new(kind: &str, uuid: Uuid) -> Option<Self> {
        is_kind(kind).then(|| Self(format!("{kind}--{}", uuid.hyphenated()).into()))
    }

    /// The whole identifier.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The UUID, the part after `--`.
    #[must_use]
    pub fn uuid(&self) -> &str {
        self.0.get(self.0.len().saturating_sub(UUID_LENGTH)..).unwrap_or_default()
    }

    /// The object type, the part before `--`.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.0.get(..self.0.len().saturating_sub(UUID_LENGTH + 2)).unwrap_or_default()
    }
}

/// Whether `text` may name an object type.
#[must_use]
pub fn is_kind(text: &str) -> bool {
    (3..=KIND_LENGTH_MAX).contains(&text.len())
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
        && !text.starts_with('-')
        && !text.ends_with('-')
        && !text.contains("--")
}

/// RFC 4122 with hyphens; any version and either case, so that content of every age can be read. Ids compare as texts: two spellings are
/// two objects, and neither is rewritten.
fn is_uuid(text: &str) -> bool {
    text.len() == UUID_LENGTH
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Error texts quote at most this much of a stranger's input.
fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}

impl fmt::Display for ObjectId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl TryFrom<String> for ObjectId {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        Self::parse(&text)
    }
}

impl From<ObjectId> for String {
    fn from(id: ObjectId) -> Self {
        id.0.as_ref().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let id = "x-mitre-tactic--613f2e26-407d-48c7-9eca-b8e91df99dc9";
        assert_eq!(ObjectId::parse(id).unwrap().kind(), "x-mitre-tactic");
        let mixed = "relationship--81f12913-1372-4c96-85ec-E9034ac98aba";
        assert_eq!(ObjectId::parse(mixed).unwrap().as_str(), mixed);
        for bad in [
            "",
            "indicator",
            "indicator--",
            "--613f2e26-407d-48c7-9eca-b8e91df99dc9",
            "Indicator--613f2e26-407d-48c7-9eca-b8e91df99dc9",
            "indicator--613f2e26407d48c79ecab8e91df99dc9",
            "indicator--613f2e26-407d-48c7-9eca-b8e91df99dc9 ",
        ] {
            assert!(ObjectId::parse(bad).is_err(), "{bad}");
        }
    }
}
