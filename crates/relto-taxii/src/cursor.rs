//! Cursors: where the next page begins, sealed so that a client can read nothing from it and take it nowhere else.
//!
//! Stateless: the position is inside, encrypted and authenticated (XChaCha20-Poly1305) under the node's key, and bound to the principal, the
//! endpoint and the filters. All cursors have one length. The nonce follows from key, binding and position, so that a repeated
//! page is repeated to the byte; two positions never share a nonce, and one position under one binding is one ciphertext.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};

const NONCE_BYTES: usize = 24;
const POSITION_BYTES: usize = 16;
const TAG_BYTES: usize = 16;

/// A key of cursors.
pub type CursorKey = [u8; 32];

/// A text that is no cursor of this node, principal, endpoint and filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a cursor that this server gave for this request: begin again without `next`")]
pub struct CursorError;

/// Two numbers that say where a principal stands in a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CursorPosition {
    /// The greater order.
    pub visible: u64,
    /// The order within it.
    pub row: u64,
}

/// What a cursor is good for: the parts are hashed one by one with their lengths, so that no two requests share a binding.
#[must_use]
pub fn binding(parts: &[&str]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// The cursor for `position`.
#[must_use]
pub fn seal(key: &CursorKey, binding: &[u8; 32], position: CursorPosition) -> Option<String> {
    let mut plain = [0; POSITION_BYTES];
    let (visible, row) = plain.split_at_mut(POSITION_BYTES / 2);
    visible.copy_from_slice(&position.visible.to_be_bytes());
    row.copy_from_slice(&position.row.to_be_bytes());
    let nonce = nonce(key, binding, &plain);
    let sealed = XChaCha20Poly1305::new(key.into()).encrypt(XNonce::from_slice(&nonce), Payload { msg: &plain, aad: binding }).ok()?;
    let mut whole = nonce.to_vec();
    whole.extend(sealed);
    Some(URL_SAFE_NO_PAD.encode(whole))
}

/// The position in `cursor`, if one of `keys` sealed it for `binding`.
///
/// # Errors
/// [`CursorError`] for everything else; it does not say what is wrong.
pub fn open(keys: &[CursorKey], binding: &[u8; 32], cursor: &str) -> Result<CursorPosition, CursorError> {
    let whole = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| CursorError)?;
    if whole.len() != NONCE_BYTES + POSITION_BYTES + TAG_BYTES {
        return Err(CursorError);
    }
    let (nonce, sealed) = whole.split_at(NONCE_BYTES);
    let open =
        |key: &CursorKey| XChaCha20Poly1305::new(key.into()).decrypt(XNonce::from_slice(nonce), Payload { msg: sealed, aad: binding }).ok();
    let plain = keys.iter().find_map(open).ok_or(CursorError)?;
    let (visible, row) = plain.split_at_checked(POSITION_BYTES / 2).ok_or(CursorError)?;
    let number = |bytes: &[u8]| bytes.try_into().map(u64::from_be_bytes).map_err(|_| CursorError);
    Ok(CursorPosition { visible: number(visible)?, row: number(row)? })
}

fn nonce(key: &CursorKey, binding: &[u8; 32], plain: &[u8; POSITION_BYTES]) -> [u8; NONCE_BYTES] {
    let hash = Sha256::new().chain_update(b"relto cursor nonce").chain_update(key).chain_update(binding).chain_update(plain).finalize();
    let mut nonce = [0; NONCE_BYTES];
    nonce.iter_mut().zip(hash).for_each(|(byte, hashed)| *byte = hashed);
    nonce
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KEY: CursorKey = [7; 32];

    #[test]
    fn bound_to_everything_and_of_one_length() {
        let here = binding(&["anna", "collection", "filters"]);
        let cursor = seal(&KEY, &here, CursorPosition { visible: 1, row: u64::MAX }).unwrap();
        assert_eq!(cursor.len(), seal(&KEY, &here, CursorPosition { visible: u64::MAX, row: 0 }).unwrap().len());
        assert_eq!(open(&[[1; 32], KEY], &here, &cursor), Ok(CursorPosition { visible: 1, row: u64::MAX }));
        assert_eq!(open(&[KEY], &binding(&["annac", "ollection", "filters"]), &cursor), Err(CursorError));
        assert_eq!(open(&[[1; 32]], &here, &cursor), Err(CursorError));
    }

    proptest! {
        #[test]
        fn nothing_else_opens(text in ".{0,200}") {
            prop_assert_eq!(open(&[KEY], &binding(&["a"]), &text), Err(CursorError));
        }

        #[test]
        fn a_changed_cursor_does_not_open(visible: u64, row: u64, at in 0usize..75, to in "[A-Za-z0-9_-]") {
            let here = binding(&["a"]);
            let position = CursorPosition { visible, row };
            let cursor = seal(&KEY, &here, position).unwrap();
            prop_assert_eq!(open(&[KEY], &here, &cursor), Ok(position));
            let mut changed = cursor.clone();
            changed.replace_range(at..=at, &to);
            prop_assert!(changed == cursor || open(&[KEY], &here, &changed) == Err(CursorError));
        }
    }
}
