//! The keys that this node is known by, and its card.

use relto_policy::dsse::SigningKey;
use relto_store::RecordKind;
use serde::{Deserialize, Serialize};

use super::card::{CardError, NodeCard, fingerprint_of};
use crate::error::StoreError;
use crate::facts::node_record;
use crate::node::{Node, Writing};
use crate::records::{NODE_KEY, NodeRecord};

impl NodeRecord {
    /// The node's keys, the one in use first.
    pub(crate) fn signing_keys(&self) -> Vec<SigningKey> {
        self.seeds().iter().map(SigningKey::from_seed).collect()
    }

    /// The public halves of its keys in hexadecimal, as cards, recalls and seals name them.
    pub(crate) fn public_keys(&self) -> Vec<String> {
        self.signing_keys().iter().map(|key| hex::encode(key.public().to_bytes())).collect()
    }

    fn seeds(&self) -> Vec<[u8; 32]> {
        let read = |text: &String| {
            let mut seed = [0; 32];
            hex::decode_to_slice(text, &mut seed).ok().map(|()| seed)
        };
        self.identity_keys.iter().filter_map(read).collect()
    }
}

impl Node {
    /// The seeds of the keys that this node is known by, the one in use first; made when there are none yet.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub fn identity(&self) -> Result<Vec<[u8; 32]>, StoreError> {
        let known = self.facts().directory.node.seeds();
        if !known.is_empty() {
            return Ok(known);
        }
        self.write(|writing| with_identity(writing).map(|node| node.seeds()))
    }

    /// This node's card, as a file, for a node that listens at `address`.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails; within, [`CardError`].
    pub fn card(&self, address: &str) -> Result<Result<String, CardError>, StoreError> {
        self.identity()?;
        let facts = self.facts();
        let node = &facts.directory.node;
        let keys = node.signing_keys();
        let card = NodeCard {
            name: node.organisation.clone(),
            nation: node.nation.clone(),
            fingerprint: keys.first().map(|key| fingerprint_of(&key.public().to_bytes())).unwrap_or_default(),
            address: address.to_owned(),
            keys: node.public_keys(),
            policies: facts.gate.rules().policies.iter().map(|policy| policy.name.clone()).collect(),
            issued: self.now().to_string(),
        };
        Ok(card.sign(&keys.iter().collect::<Vec<_>>()))
    }
}

/// A step by which a node comes to be known by another key. Partners add its card after the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyStep {
    /// A next key is made, and the card names it.
    Make,
    /// The next key is used from now on; the old one stays on the card.
    Use,
    /// Only the key in use is left.
    Forget,
}

/// Why no other key.
#[derive(Debug, thiserror::Error)]
pub enum KeyStepError {
    /// There is a next one already.
    #[error("there is a next key already")]
    Made,
    /// There is none.
    #[error("there is no other key")]
    None,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Node {
    /// Takes one step towards another key. Returns the phrases of all keys, that of the one in use first.
    ///
    /// # Errors
    /// [`KeyStepError`]; then nothing has changed.
    pub fn step_key(&self, step: KeyStep) -> Result<Vec<String>, KeyStepError> {
        self.write(|writing| {
            let mut node = with_identity(writing)?;
            let has_other = node.identity_keys.len() > 1;
            match step {
                KeyStep::Make if has_other => return Err(KeyStepError::Made),
                KeyStep::Make => node.identity_keys.push(hex::encode(writing.node.random::<32>())),
                _ if !has_other => return Err(KeyStepError::None),
                KeyStep::Use => node.identity_keys.rotate_left(1),
                KeyStep::Forget => node.identity_keys.truncate(1),
            }
            writing.put(RecordKind::Node, NODE_KEY, &node)?;
            writing.facts_changed();
            let phrases: Vec<String> = node.signing_keys().iter().map(|key| fingerprint_of(&key.public().to_bytes())).collect();
            writing.journal(&serde_json::json!({"act": "partner key", "step": step, "fingerprints": phrases}))?;
            Ok(phrases)
        })
    }
}

/// The record of the node, with a key.
fn with_identity(writing: &mut Writing<'_>) -> Result<NodeRecord, StoreError> {
    let mut node = node_record(&*writing.transaction)?;
    if node.identity_keys.is_empty() {
        node.identity_keys.push(hex::encode(writing.node.random::<32>()));
        writing.put(RecordKind::Node, NODE_KEY, &node)?;
        // The directory that everybody reads holds it.
        writing.facts_changed();
        writing.journal(&serde_json::json!({"act": "identity", "key": node.signing_keys().first().map(|key| key.public().id())}))?;
    }
    Ok(node)
}
