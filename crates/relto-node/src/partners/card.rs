//! The card that a node hands to its partners: who it says it is, where it listens, and the keys that it is known by.
//!
//! A card is JSON, signed by every key that it names: whoever made it holds them. Nothing else in it is proved. What it claims is shown to
//! the operator and never used; the phrase of its first key is what two people compare by another way. A server that is no Relto
//! node has a card too, which the operator writes: where it is and how to sign in.

use relto_model::json;
use relto_policy::dsse::{Envelope, PinnedKeys, PublicKey, SigningKey};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};

use crate::admin::{NameOf, ORGANISATION, check_name};

/// The payload type of its signatures.
const PAYLOAD_TYPE: &str = "application/vnd.relto.node-card+json";
/// The longest card, in bytes.
pub(super) const CARD_BYTES_MAX: usize = 64 << 10;
/// A card names at most so many keys: the one in use, and those before and after it.
pub(super) const KEYS_MAX: usize = 4;
/// Words of a phrase; each stands for 11 bits.
const PHRASE_WORDS: usize = 8;
/// Begins what a phrase is a hash of.
const PHRASE_DOMAIN: &[u8] = b"relto node fingerprint 1\n";
/// Names of partners are names of accounts and of organisations.
const NAME: NameOf = ORGANISATION;

/// A card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "form")]
pub enum Card {
    /// Of a Relto node.
    #[serde(rename = "relto-node-card")]
    Node(NodeCard),
    /// Of any other TAXII 2.1 server.
    #[serde(rename = "taxii-server-card")]
    Server(ServerCard),
}

/// The card of a Relto node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NodeCard {
    /// The organisation that runs it, as it says.
    pub name: String,
    /// Its nation, as it says.
    pub nation: String,
    /// The phrase of its first key, for people to compare.
    pub fingerprint: String,
    /// Where it listens.
    pub address: String,
    /// Ed25519 public keys in hexadecimal, the one in use first.
    pub keys: Vec<String>,
    /// The policies whose labels it understands.
    pub policies: Vec<String>,
    /// When it was made.
    pub issued: String,
}

/// The card of a TAXII 2.1 server that is no Relto node, as the operator writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerCard {
    /// The organisation that runs it.
    pub name: String,
    /// The phrase of what this card says.
    pub fingerprint: String,
    /// The URL of the API root (TAXII 2.1, section 4.2).
    pub address: String,
    /// The certificate that its own must be or follow from, in PEM; for `https`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// For HTTP Basic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// For HTTP Basic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

/// Why something is no card.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    /// Not the JSON of one; begins with a JSON pointer.
    #[error("this is no card of a node: {0}")]
    Form(String),
    /// Its signatures do not prove that whoever made it holds its keys.
    #[error("the card is not signed by the keys that it names: {0}")]
    Unsigned(String),
    /// The phrase in it is not that of its key.
    #[error("the phrase in the card is not that of its key")]
    Phrase,
}

impl Card {
    /// The name in it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Node(card) => &card.name,
            Self::Server(card) => &card.name,
        }
    }

    /// Where the partner listens.
    #[must_use]
    pub fn address(&self) -> &str {
        match self {
            Self::Node(card) => &card.address,
            Self::Server(card) => &card.address,
        }
    }

    /// The phrase in it.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        match self {
            Self::Node(card) => &card.fingerprint,
            Self::Server(card) => &card.fingerprint,
        }
    }

    /// Reads a card and checks its signatures.
    ///
    /// # Errors
    /// [`CardError`].
    pub fn read(text: &str) -> Result<Self, CardError> {
        if text.len() > CARD_BYTES_MAX {
            return Err(CardError::Form(format!("/: more than {CARD_BYTES_MAX} bytes")));
        }
        let value =
            json::read(text.trim().as_bytes()).map_err(|error| CardError::Form(format!("{}/: {}", error.pointer, error.message)))?;
        let Json::Object(mut members) = value else { return Err(CardError::Form("/: must be a JSON object".to_owned())) };
        let signatures = members.remove("signatures");
        let card: Self = serde_json::from_value(Json::Object(members.clone())).map_err(|error| CardError::Form(format!("/: {error}")))?;
        check_name(NAME, card.name()).map_err(|error| CardError::Form(format!("/name: {error}")))?;
        match &card {
            Self::Node(node) => node.check(members, signatures)?,
            Self::Server(server) => {
                if server.fingerprint != server.phrase() {
                    return Err(CardError::Phrase);
                }
            }
        }
        Ok(card)
    }
}

impl NodeCard {
    /// The card as a file, signed by `keys`, whose public halves it names.
    ///
    /// # Errors
    /// [`CardError::Form`] when it passes a bound.
    pub fn sign(&self, keys: &[&SigningKey]) -> Result<String, CardError> {
        let form = |error: &dyn std::fmt::Display| CardError::Form(error.to_string());
        let Json::Object(mut members) = serde_json::to_value(Card::Node(self.clone())).map_err(|error| form(&error))? else {
            return Err(CardError::Form("/: must be a JSON object".to_owned()));
        };
        let envelope = Envelope::sign(PAYLOAD_TYPE, canonical(&members), keys).map_err(|error| form(&error))?;
        let envelope: Json = serde_json::from_str(&envelope.to_json()).map_err(|error| form(&error))?;
        members.insert("signatures".to_owned(), envelope.get("signatures").cloned().unwrap_or_default());
        serde_json::to_string_pretty(&members).map(|text| text + "\n").map_err(|error| form(&error))
    }

    /// Its keys, the one in use first.
    ///
    /// # Errors
    /// [`CardError::Form`] when one is none.
    pub fn public_keys(&self) -> Result<Vec<PublicKey>, CardError> {
        let read = |(at, text): (usize, &String)| {
            let mut bytes = [0; 32];
            hex::decode_to_slice(text, &mut bytes).map_err(|error| CardError::Form(format!("/keys/{at}: {error}")))?;
            PublicKey::from_bytes(&bytes).map_err(|error| CardError::Form(format!("/keys/{at}: {error}")))
        };
        self.keys.iter().enumerate().map(read).collect()
    }

    fn check(&self, members: Map<String, Json>, signatures: Option<Json>) -> Result<(), CardError> {
        let keys = self.public_keys()?;
        let first = keys.first().filter(|_| keys.len() <= KEYS_MAX);
        let first = first.ok_or_else(|| CardError::Form(format!("/keys: must be 1 to {KEYS_MAX} keys")))?;
        if self.fingerprint != fingerprint_of(&first.to_bytes()) {
            return Err(CardError::Phrase);
        }
        let unsigned = |error: &dyn std::fmt::Display| CardError::Unsigned(error.to_string());
        let payload = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, canonical(&members));
        let envelope = serde_json::json!({"payloadType": PAYLOAD_TYPE, "payload": payload, "signatures": signatures});
        let envelope = Envelope::parse(envelope.to_string().as_bytes()).map_err(|error| unsigned(&error))?;
        // Every key by itself: the card is as good as the weakest of them.
        for key in keys {
            let mut pinned = PinnedKeys::default();
            pinned.pin(&self.name, key).map_err(|error| unsigned(&error))?;
            envelope.verify(PAYLOAD_TYPE, &pinned).map_err(|error| unsigned(&error))?;
        }
        Ok(())
    }
}

impl ServerCard {
    /// The card with its phrase.
    #[must_use]
    pub fn new(name: &str, address: &str, certificate: Option<String>, username: Option<String>, password: Option<String>) -> Self {
        let card = Self { name: name.to_owned(), fingerprint: String::new(), address: address.to_owned(), certificate, username, password };
        Self { fingerprint: card.phrase(), ..card }
    }

    /// The card as a file.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(&Card::Server(self.clone())).unwrap_or_default() + "\n"
    }

    fn phrase(&self) -> String {
        let said = serde_json::json!([self.name, self.address, self.certificate]).to_string();
        phrase(Sha256::digest(said).as_slice())
    }
}

/// RFC 8785; texts and lists of texts always have that form.
fn canonical(members: &Map<String, Json>) -> Vec<u8> {
    serde_json_canonicalizer::to_vec(members).unwrap_or_default()
}

/// The phrase of a public key: words that two people read to each other. 88 bits of its hash.
#[must_use]
pub(super) fn fingerprint_of(key: &[u8; 32]) -> String {
    phrase(key)
}

fn phrase(of: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(PHRASE_DOMAIN);
    hash.update(of);
    let digest = hash.finalize();
    let bit = |at: usize| digest.get(at / 8).is_some_and(|byte| byte >> (7 - at % 8) & 1 == 1);
    let number = |word: usize| (0..11).fold(0_usize, |number, at| number << 1 | usize::from(bit(word * 11 + at)));
    let list = bip39::Language::English.word_list();
    let words: Vec<&str> = (0..PHRASE_WORDS).filter_map(|word| list.get(number(word)).copied()).collect();
    words.join(" ")
}

/// Whether `said` is the phrase `phrase`, as people type it.
pub(crate) fn is_phrase(said: &str, phrase: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
    };
    let phrase = words(phrase);
    !phrase.is_empty() && words(said) == phrase
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(key: &SigningKey) -> NodeCard {
        NodeCard {
            name: "French Node".to_owned(),
            nation: "FRA".to_owned(),
            fingerprint: fingerprint_of(&key.public().to_bytes()),
            address: "https://127.0.0.1:6100/".to_owned(),
            keys: vec![hex::encode(key.public().to_bytes())],
            policies: vec!["NATO".to_owned()],
            issued: "2026-11-27T00:00:00.000000Z".to_owned(),
        }
    }

    #[test]
    fn a_card_comes_back_and_nothing_in_it_can_be_changed() {
        let key = SigningKey::from_seed(&[7; 32]);
        let text = card(&key).sign(&[&key]).unwrap();
        assert_eq!(Card::read(&text).unwrap(), Card::Node(card(&key)));
        for (from, to) in [("French Node", "Germany"), ("FRA", "DEU"), ("6100", "6101"), ("NATO", "EU")] {
            assert!(matches!(Card::read(&text.replace(from, to)), Err(CardError::Unsigned(_))), "{from}");
        }
        let other = SigningKey::from_seed(&[8; 32]);
        let forged = card(&key).sign(&[&other]).unwrap();
        assert!(matches!(Card::read(&forged), Err(CardError::Unsigned(_))));
        let phrase = text.replace(&card(&key).fingerprint, &fingerprint_of(&other.public().to_bytes()));
        assert_eq!(Card::read(&phrase), Err(CardError::Phrase));
    }

    #[test]
    fn every_key_of_a_card_has_signed_it() {
        let (one, next) = (SigningKey::from_seed(&[7; 32]), SigningKey::from_seed(&[9; 32]));
        let keys = vec![hex::encode(one.public().to_bytes()), hex::encode(next.public().to_bytes())];
        let both = NodeCard { keys, ..card(&one) };
        assert!(Card::read(&both.sign(&[&one, &next]).unwrap()).is_ok());
        assert!(matches!(Card::read(&both.sign(&[&one]).unwrap()), Err(CardError::Unsigned(_))));
    }

    #[test]
    fn what_is_no_card_says_where() {
        for (text, place) in [
            ("", "/"),
            ("[]", "/: must be"),
            ("{}", "form"),
            (r#"{"form":"relto-node-card","name":"A"}"#, "nation"),
            (r#"{"form":"taxii-server-card","name":"","fingerprint":"","address":""}"#, "/name"),
        ] {
            let error = Card::read(text).unwrap_err().to_string();
            assert!(error.contains(place), "{text}: {error}");
        }
        let server = ServerCard::new("MITRE", "https://taxii.example/api1/", None, None, None);
        assert_eq!(Card::read(&server.to_json()), Ok(Card::Server(server.clone())));
        assert_eq!(Card::read(&server.to_json().replace("api1", "api2")), Err(CardError::Phrase));
    }

    #[test]
    fn phrases_are_compared_as_people_type_them() {
        let phrase = fingerprint_of(&[1; 32]);
        assert_eq!(phrase.split(' ').count(), PHRASE_WORDS);
        assert!(is_phrase(&phrase.to_uppercase().replace(' ', "-"), &phrase) && is_phrase(&format!("  {phrase}\n"), &phrase));
        let other = fingerprint_of(&[2; 32]);
        assert!(!is_phrase(&other, &phrase) && !is_phrase("", &phrase) && !is_phrase("", ""));
    }
}
