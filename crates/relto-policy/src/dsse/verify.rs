//! Whether an envelope is signed by somebody whose key is pinned.
//!
//! One rule for any number of signatures: a pinned key has signed, and none that names a pinned key fails. What names no pinned key
//! counts neither way, so that partners who do not know each other's keys can sign beside one another.

use std::collections::BTreeSet;

use super::{Envelope, PinnedKeys, pae};
use crate::spif::xml::short;

/// Why an envelope counts as unsigned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotVerified {
    /// It is of another type.
    #[error("the envelope holds `{found}`, not `{wanted}`")]
    WrongType {
        /// What was asked for.
        wanted: String,
        /// What it says that it is.
        found: String,
    },
    /// No key that is named is pinned.
    #[error("no signature names a key that is pinned here; {}", named(.0))]
    UnknownKey(Vec<String>),
    /// A pinned key is named, and the signature is not its.
    #[error("the signature under the key `{key_id}` of `{holder}` is false: the content was changed, or the key is not theirs")]
    BadSignature {
        /// The key.
        key_id: String,
        /// For whom it is pinned.
        holder: String,
    },
}

/// How many key ids a message names.
const NAMED_MAX: usize = 3;

fn named(key_ids: &[String]) -> String {
    let shown: Vec<String> = key_ids.iter().take(NAMED_MAX).map(|key_id| format!("`{}`", short(key_id))).collect();
    let more = if key_ids.len() > NAMED_MAX { " and others" } else { "" };
    format!("named are {}{more}", shown.join(", "))
}

/// A payload that somebody known has signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified<'e> {
    /// The payload.
    pub payload: &'e [u8],
    /// Everybody whose pinned key has signed it.
    pub signers: BTreeSet<String>,
}

impl Envelope {
    /// The payload, if it is a `payload_type` and a pinned key has signed it.
    ///
    /// # Errors
    /// [`NotVerified`] when the type is another, no pinned key is named, or a signature that names one is false.
    pub fn verify(&self, payload_type: &str, pinned: &PinnedKeys) -> Result<Verified<'_>, NotVerified> {
        if self.payload_type() != payload_type {
            return Err(NotVerified::WrongType { wanted: payload_type.to_owned(), found: short(self.payload_type()) });
        }
        let message = pae(payload_type, self.claimed_payload());
        let mut signers = BTreeSet::new();
        for signature in self.signatures() {
            let Some((holder, key)) = pinned.get(&signature.key_id) else { continue };
            if !key.has_signed(&message, signature) {
                return Err(NotVerified::BadSignature { key_id: signature.key_id.clone(), holder: holder.to_owned() });
            }
            signers.insert(holder.to_owned());
        }
        if signers.is_empty() {
            return Err(NotVerified::UnknownKey(self.signatures().iter().map(|signature| signature.key_id.clone()).collect()));
        }
        Ok(Verified { payload: self.claimed_payload(), signers })
    }
}
