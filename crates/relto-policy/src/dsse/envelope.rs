//! The envelope as JSON, in and out: bounded, without unknown or repeated members.
//!
//! Reading one verifies nothing. The payload is handed out only by [`Envelope::verify`].

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use relto_model::json;
use serde_json::{Map, Value, json};

use super::{ENVELOPE_BYTES_MAX, KEY_ID_BYTES_MAX, PAYLOAD_BYTES_MAX, PAYLOAD_TYPE_BYTES_MAX, SIGNATURES_MAX, SigningKey, pae, short_line};
use crate::spif::xml::short;

/// A signature and the name of the key that it claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// `keyid`: a hint, empty when there was none.
    pub key_id: String,
    /// The signature.
    pub bytes: Vec<u8>,
}

/// A DSSE v1 envelope. What it holds is a claim until [`Envelope::verify`] has answered.
// INVARIANT: the bounds of `super` hold, and there is at least one signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    payload_type: String,
    payload: Vec<u8>,
    signatures: Vec<Signature>,
}

/// Why there is no envelope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// Beyond a bound.
    #[error("{what}: {found}, but at most {most} are allowed")]
    TooMuch {
        /// Of what.
        what: &'static str,
        /// How much there is.
        found: usize,
        /// How much there may be.
        most: usize,
    },
    /// Not the JSON of an envelope.
    #[error("{place}: {why}")]
    Form {
        /// A JSON pointer, `/` for the envelope itself.
        place: String,
        /// What is wrong there.
        why: String,
    },
    /// Nobody signed.
    #[error("/signatures: is empty, and what nobody signed proves nothing")]
    Unsigned,
}

impl Envelope {
    /// Signs `payload` as `payload_type` with `keys`.
    ///
    /// # Errors
    /// [`EnvelopeError`] when a bound is passed or there is no key.
    pub fn sign(payload_type: &str, payload: Vec<u8>, keys: &[&SigningKey]) -> Result<Self, EnvelopeError> {
        let message = pae(payload_type, &payload);
        let signatures = keys.iter().map(|key| key.sign(&message)).collect();
        Self { payload_type: payload_type.to_owned(), payload, signatures }.bounded()
    }

    /// Reads an envelope.
    ///
    /// # Errors
    /// [`EnvelopeError`] with a JSON pointer.
    pub fn parse(text: &[u8]) -> Result<Self, EnvelopeError> {
        at_most("bytes of an envelope", text.len(), ENVELOPE_BYTES_MAX)?;
        let value = json::read(text).map_err(|error| wrong(&error.pointer, error.message))?;
        let members = object(&value, "", &["payloadType", "payload", "signatures"])?;
        let Some(Value::Array(signatures)) = members.get("signatures") else {
            return Err(wrong("/signatures", "must be a list of signatures"));
        };
        at_most("signatures", signatures.len(), SIGNATURES_MAX)?;
        let signatures = signatures.iter().enumerate().map(|(at, value)| signature(value, &format!("/signatures/{at}")));
        let payload_type = text_of(members, "", "payloadType")?.to_owned();
        let payload = decoded(members, "", "payload")?;
        Self { payload_type, payload, signatures: signatures.collect::<Result<_, _>>()? }.bounded()
    }

    fn bounded(self) -> Result<Self, EnvelopeError> {
        at_most("bytes of a payload", self.payload.len(), PAYLOAD_BYTES_MAX)?;
        at_most("bytes of a payload type", self.payload_type.len(), PAYLOAD_TYPE_BYTES_MAX)?;
        at_most("signatures", self.signatures.len(), SIGNATURES_MAX)?;
        if self.payload_type.is_empty() {
            return Err(wrong("/payloadType", "is empty"));
        }
        if self.signatures.is_empty() {
            return Err(EnvelopeError::Unsigned);
        }
        Ok(self)
    }

    /// The envelope as JSON on one line; reading gives the same envelope again.
    #[must_use]
    pub fn to_json(&self) -> String {
        let signature = |signature: &Signature| json!({"keyid": signature.key_id, "sig": STANDARD.encode(&signature.bytes)});
        let signatures: Vec<Value> = self.signatures.iter().map(signature).collect();
        json!({"payloadType": self.payload_type, "payload": STANDARD.encode(&self.payload), "signatures": signatures}).to_string()
    }

    /// What the payload says that it is.
    #[must_use]
    pub fn payload_type(&self) -> &str {
        &self.payload_type
    }

    /// The signatures, as claimed.
    #[must_use]
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// The payload before anybody verified it.
    pub(super) fn claimed_payload(&self) -> &[u8] {
        &self.payload
    }
}

fn signature(value: &Value, place: &str) -> Result<Signature, EnvelopeError> {
    let members = object(value, place, &["keyid", "sig"])?;
    let key_id = if members.contains_key("keyid") { text_of(members, place, "keyid")? } else { "" };
    at_most("bytes of a key id", key_id.len(), KEY_ID_BYTES_MAX)?;
    Ok(Signature { key_id: key_id.to_owned(), bytes: decoded(members, place, "sig")? })
}

fn object<'v>(value: &'v Value, place: &str, known: &[&str]) -> Result<&'v Map<String, Value>, EnvelopeError> {
    let members = value.as_object().ok_or_else(|| wrong(place, "must be a JSON object"))?;
    match members.keys().find(|key| !known.contains(&key.as_str())) {
        Some(_) => Err(wrong(place, format!("has a member that is not known; known are {}", known.join(", ")))),
        None => Ok(members),
    }
}

fn text_of<'v>(members: &'v Map<String, Value>, place: &str, key: &str) -> Result<&'v str, EnvelopeError> {
    members.get(key).and_then(Value::as_str).ok_or_else(|| wrong(&format!("{place}/{key}"), "must be a text"))
}

/// Base64 in either alphabet, as DSSE allows, padded and without spaces.
fn decoded(members: &Map<String, Value>, place: &str, key: &str) -> Result<Vec<u8>, EnvelopeError> {
    let text = text_of(members, place, key)?;
    let bytes = STANDARD.decode(text).or_else(|_| URL_SAFE.decode(text));
    bytes.map_err(|_| wrong(&format!("{place}/{key}"), "is not base64 with its padding"))
}

fn at_most(what: &'static str, found: usize, most: usize) -> Result<(), EnvelopeError> {
    if found > most { Err(EnvelopeError::TooMuch { what, found, most }) } else { Ok(()) }
}

fn wrong(place: &str, why: impl Into<String>) -> EnvelopeError {
    EnvelopeError::Form { place: if place.is_empty() { "/".to_owned() } else { short(place) }, why: short_line(&why.into()) }
}
