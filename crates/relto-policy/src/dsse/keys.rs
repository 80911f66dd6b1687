//! Ed25519 keys (RFC 8032): one to sign with, those that somebody verifies with, and for whom each of these is pinned.
//!
//! Files, passwords and tokens are the binary's matter.

use std::collections::BTreeMap;
use std::fmt;

use ed25519_dalek::Signer as _;
use sha2::{Digest, Sha256};

use super::Signature;

/// A private key. It cannot be printed or copied, and is wiped when dropped.
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// The key of a seed: 32 bytes from a source that nobody can guess.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// The half that others verify with.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// Signs `message`, under the id of its public key.
    pub(super) fn sign(&self, message: &[u8]) -> Signature {
        Signature { key_id: self.public().id(), bytes: self.0.sign(message).to_bytes().to_vec() }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "SigningKey({})", self.public().id())
    }
}

/// A public key that is a point of the curve and not one under which anybody could sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(ed25519_dalek::VerifyingKey);

/// Why a key is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// No point of the curve.
    #[error("these 32 bytes are no Ed25519 public key")]
    NotAKey,
    /// A point of small order: signatures under it can be made without a private key.
    #[error("this Ed25519 public key is weak: anybody can sign under it")]
    Weak,
    /// A name that is empty.
    #[error("a key is pinned for somebody, and the name is empty")]
    NoName,
    /// Who signs could not be told.
    #[error("the key `{key_id}` is pinned for `{holder}` already; a key has one holder")]
    Shared {
        /// The key.
        key_id: String,
        /// For whom.
        holder: String,
    },
}

impl PublicKey {
    /// The key of its 32 bytes.
    ///
    /// # Errors
    /// [`KeyError`] when they are none, or a weak one.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::NotAKey)?;
        if key.is_weak() { Err(KeyError::Weak) } else { Ok(Self(key)) }
    }

    /// Its 32 bytes.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// What signatures name it by: the SHA-256 of its 32 bytes, in hexadecimal.
    #[must_use]
    pub fn id(&self) -> String {
        hex::encode(Sha256::digest(self.0.as_bytes()))
    }

    /// Whether `signature` is of `message` under this key; `verify_strict`, so that one message has one signature that counts.
    pub(super) fn has_signed(&self, message: &[u8], signature: &Signature) -> bool {
        let signature = ed25519_dalek::Signature::from_slice(&signature.bytes);
        signature.is_ok_and(|signature| self.0.verify_strict(message, &signature).is_ok())
    }
}

/// Public keys with the one for whom each is pinned. Somebody may have several, as when a key is replaced.
#[derive(Debug, Clone, Default)]
pub struct PinnedKeys(BTreeMap<String, (String, PublicKey)>);

impl PinnedKeys {
    /// Pins `key` for `holder`.
    ///
    /// # Errors
    /// [`KeyError`] when the name is empty, or the key is somebody else's; then nothing is pinned.
    pub fn pin(&mut self, holder: &str, key: PublicKey) -> Result<(), KeyError> {
        let key_id = key.id();
        if holder.trim().is_empty() {
            return Err(KeyError::NoName);
        }
        if let Some((other, _)) = self.0.get(&key_id).filter(|(other, _)| other != holder) {
            return Err(KeyError::Shared { key_id, holder: other.clone() });
        }
        self.0.insert(key_id, (holder.to_owned(), key));
        Ok(())
    }

    /// The key that is called `key_id`, and whose it is.
    pub(super) fn get(&self, key_id: &str) -> Option<(&str, &PublicKey)> {
        self.0.get(key_id).map(|(holder, key)| (holder.as_str(), key))
    }
}
