//! The keys that this node is known by, and its card.

use relto_policy::dsse::SigningKey;

use super::card::{CardError, NodeCard, fingerprint_of};
use crate::error::StoreError;
use crate::facts::node_record;
use crate::node::{Node, Writing};
use crate::records::{NODE_KEY, NodeRecord};
use relto_store::RecordKind;

impl NodeRecord {
    /// The node's keys, the one in use first.
    pub(crate) fn signing_keys(&self) -> Vec<SigningKey> {
        self.seeds().iter().map(SigningKey::from_seed).collect()
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
        let keys: Vec<SigningKey> = self.identity()?.iter().map(SigningKey::from_seed).collect();
        let facts = self.facts();
        let node = &facts.directory.node;
        let public = || keys.iter().map(|key| key.public().to_bytes());
        let card = NodeCard {
            name: node.organisation.clone(),
            nation: node.nation.clone(),
            fingerprint: public().next().map(|key| fingerprint_of(&key)).unwrap_or_default(),
            address: address.to_owned(),
            keys: public().map(hex::encode).collect(),
            policies: facts.gate.rules().policies.iter().map(|policy| policy.name.clone()).collect(),
            issued: self.now().to_string(),
        };
        Ok(card.sign(&keys.iter().collect::<Vec<_>>()))
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
