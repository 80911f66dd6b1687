//! Signed envelopes: DSSE v1, Ed25519, and the statement that binds a label to an object or a document.
//!
//! An [`Envelope`] is read and bounded in `envelope`, keys and who they are pinned for are in `keys`, [`verify`](Envelope::verify) and its
//! rule for several signatures in `verify`, and what Relto signs in [`statement`]. A key never comes from a message: the caller says
//! which key is whose. Pure: a seed is handed in, and where keys are kept is the binary's matter.
//!
//! Not XML signatures: decision 0011 says why.

mod envelope;
mod keys;
pub mod statement;
mod verify;

pub use envelope::{Envelope, EnvelopeError, Signature};
pub use keys::{KeyError, PinnedKeys, PublicKey, SigningKey};
pub use verify::{NotVerified, Verified};

/// The longest envelope, in bytes of JSON.
pub const ENVELOPE_BYTES_MAX: usize = 512 << 10;
/// The longest payload, in bytes.
pub const PAYLOAD_BYTES_MAX: usize = 256 << 10;
/// The longest payload type, in bytes.
pub const PAYLOAD_TYPE_BYTES_MAX: usize = 255;
/// An envelope with more signatures is refused before one is verified.
pub const SIGNATURES_MAX: usize = 16;
/// The longest key id, in bytes: a hint of whoever signed, which is compared and never trusted.
pub const KEY_ID_BYTES_MAX: usize = 255;

/// What is signed: the pre-authentication encoding of DSSE v1, which leaves no doubt where the type ends and the payload begins.
///
/// `DSSEv1 LEN(type) type LEN(payload) payload`, lengths in bytes as ASCII decimals, one space between.
#[must_use]
pub fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let mut encoded = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len()).into_bytes();
    encoded.extend_from_slice(payload);
    encoded
}

/// An explanation that may quote somebody else's text, as one line of bounded length.
fn short_line(text: &str) -> String {
    text.chars().take(200).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests;
