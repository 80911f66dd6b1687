//! Consents across borders: what an originator or a third party consents to goes along with the object, signed.
//!
//! A consent statement is an object beside what it is about (kind `consent-statement`): a DSSE envelope that binds one consent to the content of
//! one version. It goes to whom it names, and to whom it was granted, hop by hop. It is believed when the organisation that consents has
//! signed it, and then stands beside the object as if the operator had entered it (decision 0016). A withdrawal is a statement too: it follows.

mod taking;

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use bytes::Bytes;
use relto_gate::LabelId;
use relto_model::kinds::Kinds;
use relto_model::object::Object;
use relto_model::{ObjectId, Stamp};
use relto_policy::dsse::PinnedKeys;
use relto_policy::law::{Consent, ConsentedTo};
use relto_store::{RecordKind, Row, Snapshot};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::record::PartnerRecord;
use super::{request, signed};
use crate::consents::{record_beside, same};
use crate::error::StoreError;
use crate::facts::decode;
use crate::records::{ConsentRecord, NodeRecord};

pub(crate) use taking::tell;
pub(super) use taking::{Fresh, end_with_label, keep, settle};

/// The kind of a statement.
pub(super) const KIND: &str = "consent-statement";
/// Its extension definition.
const EXTENSION: &str = "extension-definition--3c8f6a52-9d07-4e1b-b6a4-52f0d97c1e83";
/// The payload type of what is signed.
const PAYLOAD_TYPE: &str = "application/vnd.relto.consent+json";
/// Ids of statements follow from what they say (RFC 9562, section 5.5).
const NAMESPACE: Uuid = Uuid::from_u128(0x5be1_7c04_86d2_4a39_9f10_c3a7_2e6d_b845);
/// The longest text of a partner in a consent or a request, in characters.
pub(super) const TEXT_CHARS_MAX: usize = 1_000;
/// The longest statement, in bytes: it is kept, and goes on to others.
const STATEMENT_BYTES_MAX: usize = 16 << 10;

/// What is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    /// The object.
    object: ObjectId,
    /// SHA-256 of the canonical form (RFC 8785) of the version that it is about, in hexadecimal.
    sha256: String,
    /// The consent.
    consent: Consent,
    /// Whether it holds no more.
    withdrawn: bool,
    /// When it was said: of several on one consent the last one counts.
    issued: Stamp,
}

impl Said {
    /// Under which key it is kept: one consent to one content has one place.
    fn key(&self) -> String {
        let Consent { subject, recipient, purpose, .. } = &self.consent;
        let which = json!([subject, recipient, purpose]).to_string();
        format!("{}\n{}", self.sha256, hex::encode(Sha256::digest(which)))
    }

    /// Enters or withdraws it.
    fn put(&self, consents: &mut Vec<Consent>) {
        let at = consents.iter().position(|known| same(known, &self.consent));
        match (at.and_then(|at| consents.get_mut(at)), self.withdrawn) {
            (Some(known), false) => *known = self.consent.clone(),
            (None, false) => consents.push(self.consent.clone()),
            (_, true) => consents.retain(|known| !same(known, &self.consent)),
        }
    }

    /// Its statement, as `node` signs it.
    fn statement(&self, node: &NodeRecord) -> Result<Json, StoreError> {
        let envelope = signed::sign(node, PAYLOAD_TYPE, self)?;
        let id = Uuid::new_v5(&NAMESPACE, envelope.to_string().as_bytes()).hyphenated().to_string();
        let issued = self.issued.to_string();
        Ok(json!({
            "type": KIND, "spec_version": "2.1", "id": format!("{KIND}--{id}"), "created": issued, "modified": issued,
            "object_ref": self.object.as_str(), "originator": node.organisation, "envelope": envelope,
            "extensions": { EXTENSION: {"extension_type": "new-sdo"} },
        }))
    }
}

/// A statement as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct KeptStatement {
    said: Said,
    /// As it came; absent when something here has ended it: it is not passed on.
    statement: Option<Json>,
    /// Consents that begin up to then are not taken: the operator of this node has taken one away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refused: Option<Stamp>,
}

/// What is kept of the content whose SHA-256 is `sha256`.
fn kept_on(snapshot: &dyn Snapshot, sha256: &str) -> Result<Vec<KeptStatement>, StoreError> {
    let all = snapshot.records_under(RecordKind::ConsentStatement, &format!("{sha256}\n"))?;
    all.iter().map(|(key, value)| decode("consent statement", key, value)).collect()
}

/// A statement as it came: what it claims, until its signature is verified.
pub(super) struct Claim {
    envelope: Json,
    statement: Json,
}

impl Claim {
    /// Reads an object of kind [`KIND`].
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn read(object: &Object) -> Result<Self, String> {
        if object.bytes().len() > STATEMENT_BYTES_MAX {
            return Err(format!("/: more than {STATEMENT_BYTES_MAX} bytes"));
        }
        let statement = object.value().clone();
        let envelope = statement.get("envelope").cloned().ok_or("/envelope: is missing")?;
        Ok(Self { envelope, statement })
    }

    /// Reads `statement`, which is one by its type.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn parse(statement: &Json, kinds: &Kinds) -> Result<Self, String> {
        Self::read(&Object::parse(statement.to_string().into(), kinds).map_err(|error| error.to_string())?)
    }

    /// What it says, if the organisation that consents says so.
    fn verified(&self, pinned: &PinnedKeys) -> Result<Said, String> {
        let (said, signers) = signed::open::<Said>(&self.envelope, PAYLOAD_TYPE, pinned).map_err(|why| format!("a consent: {why}"))?;
        if !said.consent.subject.organisation().is_some_and(|giver| signers.contains(giver)) {
            return Err("whoever signed the consent does not speak for whoever gives it".to_owned());
        }
        if !is_recipient(&said.consent.recipient) {
            return Err("a consent from elsewhere is for an organisation or a nation".to_owned());
        }
        let texts = [Some(&said.consent.by), Some(&said.consent.reference), said.consent.purpose.as_ref()];
        if texts.into_iter().flatten().any(|text| !is_printable(text)) {
            return Err("a text of the consent is too long, or not printable".to_owned());
        }
        Ok(said)
    }
}

/// Which consents concern a partner.
struct Concerned {
    organisation: String,
    nations: BTreeSet<String>,
    granted: Vec<(ObjectId, ConsentedTo)>,
}

impl Concerned {
    fn of(snapshot: &dyn Snapshot, partner: &PartnerRecord) -> Result<Self, StoreError> {
        let (organisation, nations) = (partner.account.organisation.clone(), partner.account.nations.clone());
        Ok(Self { organisation, nations, granted: request::granted_to(snapshot, partner.name())? })
    }

    /// Whether `consent` to the release of `id` is said to it.
    fn by(&self, id: &ObjectId, consent: &Consent) -> bool {
        let is_named = match &consent.recipient {
            ConsentedTo::Organisation(name) => *name == self.organisation,
            ConsentedTo::Nation(code) => self.nations.contains(code),
            ConsentedTo::Person(_) => return false,
        };
        is_named || self.granted.iter().any(|(object, recipient)| object == id && *recipient == consent.recipient)
    }
}

/// What is said of consents beside the rows that one partner reads.
pub(super) struct Saying<'p> {
    partner: &'p PartnerRecord,
    /// Read once something stands beside a row: of most nothing does.
    concerned: Option<Concerned>,
    now: Stamp,
    beside: HashMap<LabelId, Option<ConsentRecord>>,
}

impl<'p> Saying<'p> {
    /// For `partner`, at `now`.
    pub(super) fn new(partner: &'p PartnerRecord, now: Stamp) -> Self {
        Self { partner, concerned: None, now, beside: HashMap::new() }
    }

    /// The statements beside `row`, which is `object`.
    pub(super) fn say(&mut self, snapshot: &dyn Snapshot, node: &NodeRecord, row: &Row, object: &Object) -> Result<Vec<Bytes>, StoreError> {
        let beside = match self.beside.entry(row.label()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(record_beside(snapshot, row.label())?),
        };
        let record = beside.as_ref().filter(|record| record.object == *object.id());
        let Some(record) = record else { return Ok(Vec::new()) };
        let concerned = match &mut self.concerned {
            Some(known) => known,
            unread => unread.insert(Concerned::of(snapshot, self.partner)?),
        };
        let sha256 = hex::encode(object.digest());
        let concerns = |consent: &Consent| concerned.by(object.id(), consent) && consent.until.is_none_or(|until| until > self.now);
        let mut statements: Vec<Json> = Vec::new();
        let of_node = |consent: &&Consent| consent.subject.organisation() == Some(node.organisation.as_str());
        for consent in record.consents.iter().filter(of_node).filter(|consent| concerns(consent)) {
            let consent = public(consent, &node.organisation);
            // As with labels, it is said that it holds now: what was said before, and has ended since, does not hold again.
            let said = Said { object: object.id().clone(), sha256: sha256.clone(), consent, withdrawn: false, issued: self.now };
            statements.push(said.statement(node)?);
        }
        let kept = kept_on(snapshot, &sha256)?;
        statements.extend(kept.into_iter().filter(|kept| concerns(&kept.said.consent)).filter_map(|kept| kept.statement));
        Ok(statements.into_iter().map(|statement| statement.to_string().into()).collect())
    }
}

/// Whether a consent between nodes can be for `recipient`, and its name reads as just that. Accounts are each node's own: who `user:NAME` is
/// elsewhere, nobody here has said.
pub(super) fn is_recipient(recipient: &ConsentedTo) -> bool {
    let text = recipient.to_string();
    !matches!(recipient, ConsentedTo::Person(_)) && is_printable(&text) && text.parse().is_ok_and(|read: ConsentedTo| read == *recipient)
}

/// Whether a text of a partner is fit to be shown.
pub(super) fn is_printable(text: &str) -> bool {
    text.chars().count() <= TEXT_CHARS_MAX && !text.chars().any(relto_model::text::is_hidden)
}

/// `consent` as it leaves: which person gave it, and where that is recorded, stays here.
fn public(consent: &Consent, organisation: &str) -> Consent {
    Consent { by: organisation.to_owned(), reference: "signed".to_owned(), ..consent.clone() }
}
