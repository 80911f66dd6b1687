//! Partners of worlds and scenes: nodes of their own, as far as this node gets to see them: a card, a key, and what the key signs.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use relto_model::Stamp;
use relto_model::kinds::Kinds;
use relto_model::object::{Object, content_digest};
use relto_node::Node;
use relto_policy::dsse::statement::{LabelDigest, Statement, Subject, bind};
use relto_policy::dsse::{Envelope, SigningKey};
use relto_policy::marking::LABEL_EXTENSION;
use relto_store::memory::Memory;
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use crate::node::{WorldClock, WorldEntropy};
use crate::world::{ALLY, USERS};

/// The extension of label statements.
const STATEMENT_EXTENSION: &str = "extension-definition--5b0f2f4e-7d1c-4a86-9a53-0e6c1f9d3b27";
/// The extension of consent statements.
const CONSENT_EXTENSION: &str = "extension-definition--3c8f6a52-9d07-4e1b-b6a4-52f0d97c1e83";
/// The payload type of consents.
const CONSENT: &str = "application/vnd.relto.consent+json";
/// The payload type of recalls.
const RECALL: &str = "application/vnd.relto.recall+json";

static KINDS: LazyLock<Kinds> = LazyLock::new(Kinds::builtin);

/// A partner's node, from outside.
#[derive(Debug, Clone)]
pub struct Partner {
    /// Its organisation.
    pub name: String,
    /// Its card.
    pub card: String,
    /// The phrase of its key.
    pub phrase: String,
    seed: [u8; 32],
}

/// The partners of worlds: one for each name.
///
/// # Panics
/// When worlds have no partner of that name.
#[must_use]
pub fn partner_called(name: &str) -> &'static Partner {
    static KNOWN: LazyLock<BTreeMap<&str, Partner>> = LazyLock::new(|| [USERS[0], ALLY].map(|name| (name, Partner::new(name))).into());
    KNOWN.get(name).expect("a partner of worlds")
}

impl Partner {
    /// A partner that runs a node of its own. Its key follows from its name.
    ///
    /// # Panics
    /// When the node cannot be made; worlds are tests.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let (store, clock) = (Arc::new(Memory::default()), Arc::new(WorldClock::default()));
        let drawn = Sha256::digest(name).iter().fold(0_u64, |drawn, byte| drawn.rotate_left(9) ^ u64::from(*byte));
        let entropy = Arc::new(WorldEntropy::new(drawn));
        clock.set(Stamp::parse("2026-05-01").expect("a date"));
        Node::create(store.as_ref(), name, "DEU", clock.as_ref(), entropy.as_ref()).expect("a node in an empty store");
        clock.set(Stamp::parse("2026-05-02").expect("a date"));
        let node = Node::open(store, clock, entropy, KINDS.clone()).expect("the node opens");
        let card = node.card("https://partner.example/").expect("a key").expect("a card");
        let phrase = serde_json::from_str::<Json>(&card).expect("JSON")["fingerprint"].as_str().expect("a phrase").to_owned();
        let seed = node.identity().expect("a key")[0];
        Self { name: name.to_owned(), card, phrase, seed }
    }

    /// What the holder of `seed` can sign in the name of `name`: it has no card.
    #[must_use]
    pub fn with_key(name: &str, seed: [u8; 32]) -> Self {
        Self { name: name.to_owned(), card: String::new(), phrase: String::new(), seed }
    }

    /// Its key.
    #[must_use]
    pub fn signing_key(&self) -> SigningKey {
        SigningKey::from_seed(&self.seed)
    }

    /// What a link proves.
    #[must_use]
    pub fn public_key(&self) -> [u8; 32] {
        self.signing_key().public().to_bytes()
    }

    /// Its statement that `object` has the label of `policies`.
    ///
    /// # Panics
    /// When `object` is none.
    #[must_use]
    pub fn statement(&self, object: &Json, policies: &Json, issued: &str) -> Json {
        self.statement_for(&self.name, object, policies, issued)
    }

    /// The same in the name of `originator`, who may be somebody else.
    ///
    /// # Panics
    /// When `object` is none.
    #[must_use]
    pub fn statement_for(&self, originator: &str, object: &Json, policies: &Json, issued: &str) -> Json {
        let at = Stamp::parse(issued).expect("a date");
        let issued = at.to_string();
        let marking = json!({"type": "marking-definition", "spec_version": "2.1", "id": id_of("marking-definition", policies),
            "created": issued, "extensions": {LABEL_EXTENSION: {"extension_type": "property-extension", "policies": policies}}});
        let parsed = Object::parse(Bytes::from(object.to_string()), &KINDS).expect("an object");
        let digest = LabelDigest::Marking(content_digest(marking.to_string().as_bytes()));
        let (subject, originator_of) = (Subject::object(&parsed), originator.to_owned());
        let said = Statement { subject, label: digest, originator: originator_of, issued: at, place: None };
        let envelope = bind(&said, &self.signing_key()).expect("a statement");
        let envelope: Json = serde_json::from_str(&envelope.to_json()).expect("JSON");
        json!({"type": "label-statement", "spec_version": "2.1", "id": id_of("label-statement", &envelope), "created": issued,
            "modified": issued, "object_ref": object["id"], "originator": originator, "marking": marking, "envelope": envelope,
            "extensions": {STATEMENT_EXTENSION: {"extension_type": "new-sdo"}}})
    }

    /// Its statement that `giver`, who may be somebody else, consents as originator that `object` goes to `recipient`.
    ///
    /// # Panics
    /// When `object` is none.
    #[must_use]
    pub fn consent(&self, giver: &str, object: &Json, recipient: &Json, issued: &str) -> Json {
        self.consent_said(&json!({"originator": giver}), object, recipient, issued, false)
    }

    /// Its statement that it consents as the owner of a part.
    ///
    /// # Panics
    /// When `object` is none.
    #[must_use]
    pub fn consent_of_part(&self, object: &Json, recipient: &Json, issued: &str, withdrawn: bool) -> Json {
        self.consent_said(&json!({"third-party": self.name}), object, recipient, issued, withdrawn)
    }

    /// Its statement that such a consent holds no more.
    ///
    /// # Panics
    /// When `object` is none.
    #[must_use]
    pub fn consent_withdrawn(&self, giver: &str, object: &Json, recipient: &Json, issued: &str) -> Json {
        self.consent_said(&json!({"originator": giver}), object, recipient, issued, true)
    }

    fn consent_said(&self, subject: &Json, object: &Json, recipient: &Json, issued: &str, withdrawn: bool) -> Json {
        let at = Stamp::parse(issued).expect("a date");
        let digest = Object::parse(Bytes::from(object.to_string()), &KINDS).expect("an object").digest();
        let sha256: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let said = json!({"object": object["id"], "sha256": sha256, "withdrawn": withdrawn, "issued": at, "consent": {
            "subject": subject, "recipient": recipient, "from": at.to_string(), "by": self.name, "reference": "signed"}});
        let envelope = Envelope::sign(CONSENT, said.to_string().into_bytes(), &[&self.signing_key()]).expect("a signature");
        let envelope: Json = serde_json::from_str(&envelope.to_json()).expect("JSON");
        json!({"type": "consent-statement", "spec_version": "2.1", "id": id_of("consent-statement", &envelope), "created": at.to_string(),
            "modified": at.to_string(), "object_ref": object["id"], "originator": self.name, "envelope": envelope,
            "extensions": {CONSENT_EXTENSION: {"extension_type": "new-sdo"}}})
    }

    /// Its recall of `object`, or of everything.
    ///
    /// # Panics
    /// When it cannot be signed.
    #[must_use]
    pub fn recall(&self, originator: &str, object: Option<&str>, is_final: bool) -> Json {
        let recall = json!({"object": object, "originator": originator, "reason": "a partner's reason",
            "at": Stamp::parse("2026-06-01").expect("a date"), "is_final": is_final});
        let envelope = Envelope::sign(RECALL, recall.to_string().into_bytes(), &[&self.signing_key()]).expect("a signature");
        serde_json::from_str(&envelope.to_json()).expect("JSON")
    }
}

/// An id that follows from what it is of.
fn id_of(kind: &str, content: &Json) -> String {
    let hash: String = Sha256::digest(content.to_string()).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{kind}--{}-{}-4{}-8{}-{}", &hash[..8], &hash[8..12], &hash[12..15], &hash[15..18], &hash[18..30])
}
