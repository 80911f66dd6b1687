//! What nodes sign beside label statements: canonical JSON in a DSSE envelope.

use std::collections::BTreeSet;

use relto_model::json;
use relto_policy::dsse::{Envelope, PinnedKeys};
use relto_store::BackendError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::error::StoreError;
use crate::records::NodeRecord;

/// `said` in an envelope that `node` signs.
///
/// # Errors
/// [`StoreError`] when the node has no key.
pub(super) fn sign(node: &NodeRecord, payload_type: &str, said: &impl Serialize) -> Result<Json, StoreError> {
    let unsigned = || StoreError::Backend(BackendError::Damaged("this node has no key to sign with".to_owned()));
    let payload = serde_json_canonicalizer::to_vec(said).map_err(|_| unsigned())?;
    let keys = node.signing_keys();
    let envelope = Envelope::sign(payload_type, payload, &keys.iter().take(1).collect::<Vec<_>>()).map_err(|_| unsigned())?;
    serde_json::from_str(&envelope.to_json()).map_err(|_| unsigned())
}

/// What `envelope` says, and who of those in `pinned` has signed it.
///
/// # Errors
/// Why it is not believed.
pub(super) fn open<T: DeserializeOwned>(envelope: &Json, payload_type: &str, pinned: &PinnedKeys) -> Result<(T, BTreeSet<String>), String> {
    let envelope = Envelope::parse(envelope.to_string().as_bytes()).map_err(|error| error.to_string())?;
    let verified = envelope.verify(payload_type, pinned).map_err(|error| error.to_string())?;
    let value = json::read(verified.payload).map_err(|error| error.message)?;
    Ok((serde_json::from_value(value).map_err(|error| error.to_string())?, verified.signers))
}
