//! Consents across borders: what an originator or a third party consents to goes along with the object, signed.
//!
//! A consent statement is an object beside what it is about (kind `consent-statement`): a DSSE envelope that binds one consent to the content of
//! one version. It goes to whom it names, and to whoever asked for it, hop by hop. It is believed when the organisation that consents has
//! signed it, and then stands beside the object as if the operator had entered it (decision 0016). A withdrawal is a statement too: it follows.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use bytes::Bytes;
use relto_gate::LabelId;
use relto_model::kinds::Kinds;
use relto_model::object::Object;
use relto_model::{ObjectId, Stamp};
use relto_policy::dsse::PinnedKeys;
use relto_policy::law::{Consent, ConsentedTo, Subject};
use relto_policy::pending::subjects;
use relto_store::{Bodies, Held, RecordKind, Row, Snapshot, held};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::notice::{self, What};
use super::record::PartnerRecord;
use super::{release, request, signed};
use crate::consents::{Changing, record_beside, same};
use crate::error::StoreError;
use crate::facts::decode;
use crate::ingest::Eyes;
use crate::node::Writing;
use crate::records::{ConsentRecord, NodeRecord};

/// The kind of a statement.
pub(super) const KIND: &str = "consent-statement";
/// Its extension definition.
const EXTENSION: &str = "extension-definition--3c8f6a52-9d07-4e1b-b6a4-52f0d97c1e83";
/// The payload type of what is signed.
const PAYLOAD_TYPE: &str = "application/vnd.relto.consent+json";
/// Ids of statements follow from what they say (RFC 9562, section 5.5).
const NAMESPACE: Uuid = Uuid::from_u128(0x5be1_7c04_86d2_4a39_9f10_c3a7_2e6d_b845);
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
struct Kept {
    said: Said,
    /// As it came; absent when it ended with a label.
    statement: Option<Json>,
}

/// What is kept of the content whose SHA-256 is `sha256`.
fn kept_on(snapshot: &dyn Snapshot, sha256: &str) -> Result<Vec<Kept>, StoreError> {
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
        // Accounts are each node's own: who `user:NAME` is elsewhere, nobody here has said.
        if matches!(said.consent.recipient, ConsentedTo::Person(_)) {
            return Err("a consent from elsewhere is for an organisation or a nation, not for an account".to_owned());
        }
        Ok(said)
    }
}

/// Keeps what `claim` says, which `from` brought, and has those told whom it concerns; or says why it is not believed. What is older than what is
/// known, or this node's own, changes nothing. It holds once [`settle`] has been called for the object, whose id is returned.
pub(super) fn keep(
    writing: &mut Writing<'_>,
    from: &str,
    claim: &Claim,
    pinned: &PinnedKeys,
) -> Result<Result<ObjectId, String>, StoreError> {
    let said = match claim.verified(pinned) {
        Ok(said) => said,
        Err(why) => return Ok(Err(why)),
    };
    let (object, key) = (said.object.clone(), said.key());
    let is_own = said.consent.subject.organisation() == Some(writing.before.directory.node.organisation.as_str());
    let known: Option<Kept> =
        writing.transaction.record(RecordKind::ConsentStatement, &key)?.map(|kept| decode("consent statement", &key, &kept)).transpose()?;
    if is_own || known.is_some_and(|known| known.said.issued >= said.issued) {
        return Ok(Ok(object));
    }
    let kept = Kept { said, statement: Some(claim.statement.clone()) };
    writing.put(RecordKind::ConsentStatement, &key, &kept)?;
    let Said { consent, withdrawn, sha256, .. } = &kept.said;
    let rows = rows_with(writing, &object, sha256)?;
    if rows.is_empty() {
        return Ok(Ok(object));
    }
    for partner in told_of(writing, &object, consent, &rows)?.into_iter().filter(|partner| partner != from) {
        notice::put(writing, &partner, Some(&object), What::Labels(vec![claim.statement.clone()]))?;
    }
    writing.journal(&json!({"act": "consent taken", "through": from, "object": object.as_str(), "of": consent.subject.to_string(),
        "to": consent.recipient.to_string(), "until": consent.until.map(|until| until.to_string()), "withdrawn": withdrawn}))?;
    Ok(Ok(object))
}

/// Has every kept statement on what is here of `ids` hold.
pub(super) fn settle(writing: &mut Writing<'_>, ids: &BTreeSet<ObjectId>) -> Result<(), StoreError> {
    let mut changing = None;
    for id in ids {
        let mut alike: BTreeMap<(LabelId, String), Vec<Held>> = BTreeMap::new();
        for row in Eyes::open_as_custodian(held(&*writing.transaction, id, None, Bodies::With)?) {
            if let Some(sha256) = sha256_of(writing, &row) {
                alike.entry((row.label, sha256)).or_default().push(row);
            }
        }
        for ((label, sha256), rows) in alike {
            let asked: BTreeSet<Subject> = writing.labels().get(label).into_iter().flat_map(|label| subjects(label)).collect();
            let mut kept = kept_on(&*writing.transaction, &sha256)?;
            kept.retain(|kept| asked.contains(&kept.said.consent.subject));
            let put = |consents: &mut Vec<Consent>| kept.iter().for_each(|kept| kept.said.put(consents));
            let before = record_beside(&*writing.transaction, label)?.filter(|record| record.object == *id);
            let before = before.map(|record| record.consents).unwrap_or_default();
            let mut after = before.clone();
            put(&mut after);
            if after != before {
                let begun = changing.get_or_insert_with(|| Changing::begin(writing));
                begun.change(writing, id, &rows, &put)?;
            }
        }
    }
    changing.map_or(Ok(()), |changing| changing.finish(writing).map(drop))
}

/// The content whose SHA-256 is `digest` has another label as of `issued`, which takes away what was consented to before (decision 0016).
pub(super) fn end_with_label(writing: &mut Writing<'_>, digest: &[u8; 32], issued: Stamp) -> Result<(), StoreError> {
    for Kept { said, .. } in kept_on(&*writing.transaction, &hex::encode(digest))? {
        let ended = Kept { said: Said { withdrawn: true, issued: issued.max(said.issued), ..said }, statement: None };
        writing.put(RecordKind::ConsentStatement, &ended.said.key(), &ended)?;
    }
    Ok(())
}

/// What this node's organisation has itself consented to for `rows` of `id` from now on goes to those whom it concerns; `withdrawn` is what
/// it consents to no more.
pub(crate) fn tell(
    writing: &mut Writing<'_>,
    id: &ObjectId,
    rows: &[Held],
    given: &[Consent],
    withdrawn: &[Consent],
) -> Result<(), StoreError> {
    let node = writing.before.directory.node.clone();
    let (issued, is_own) = (writing.stamp, |consent: &&Consent| consent.subject.organisation() == Some(node.organisation.as_str()));
    for sha256 in rows.iter().filter_map(|row| sha256_of(writing, row)).collect::<BTreeSet<_>>() {
        let said = |consent: &Consent, withdrawn| Said {
            object: id.clone(),
            sha256: sha256.clone(),
            consent: public(consent, &node.organisation),
            withdrawn,
            issued,
        };
        for consent in given.iter().filter(is_own) {
            writing.transaction.forget(RecordKind::ConsentStatement, &said(consent, false).key())?;
        }
        // Without a key nothing was ever said to anybody.
        for consent in withdrawn.iter().filter(is_own).filter(|_| !node.signing_keys().is_empty()) {
            let said = said(consent, true);
            let kept = Kept { statement: Some(said.statement(&node)?), said };
            writing.put(RecordKind::ConsentStatement, &kept.said.key(), &kept)?;
        }
    }
    let mut partners = BTreeSet::new();
    for consent in given.iter().chain(withdrawn) {
        partners.extend(told_of(writing, id, consent, rows)?);
    }
    notice::tell_of_label(writing, id, rows, &|partner| partners.contains(partner.name()))
}

/// The partners to which one of `rows` of `id` was released and whom `consent` concerns.
fn told_of(writing: &Writing<'_>, id: &ObjectId, consent: &Consent, rows: &[Held]) -> Result<Vec<String>, StoreError> {
    let arrivals: Vec<_> = rows.iter().map(|row| row.arrival).collect();
    let mut told = Vec::new();
    for partner in writing.before.directory.partners() {
        let concerned = Concerned::of(&*writing.transaction, partner)?;
        if concerned.by(id, consent) && release::any_of(&*writing.transaction, partner.name(), &arrivals)? {
            told.push(partner.name().to_owned());
        }
    }
    Ok(told)
}

/// Which consents concern a partner.
struct Concerned {
    organisation: String,
    nations: BTreeSet<String>,
    asked: Vec<(ObjectId, ConsentedTo)>,
}

impl Concerned {
    fn of(snapshot: &dyn Snapshot, partner: &PartnerRecord) -> Result<Self, StoreError> {
        let (organisation, nations) = (partner.account.organisation.clone(), partner.account.nations.clone());
        Ok(Self { organisation, nations, asked: request::asked_by(snapshot, partner.name())? })
    }

    fn by(&self, id: &ObjectId, consent: &Consent) -> bool {
        let is_named = match &consent.recipient {
            ConsentedTo::Organisation(name) => *name == self.organisation,
            ConsentedTo::Nation(code) => self.nations.contains(code),
            ConsentedTo::Person(_) => return false,
        };
        is_named || self.asked.iter().any(|(object, recipient)| object == id && *recipient == consent.recipient)
    }
}

/// What is said of consents beside the rows that one partner reads.
pub(super) struct Saying {
    concerned: Concerned,
    now: Stamp,
    beside: HashMap<LabelId, Option<ConsentRecord>>,
}

impl Saying {
    /// For `partner`, at `now`.
    pub(super) fn new(snapshot: &dyn Snapshot, partner: &PartnerRecord, now: Stamp) -> Result<Self, StoreError> {
        Ok(Self { concerned: Concerned::of(snapshot, partner)?, now, beside: HashMap::new() })
    }

    /// The statements beside `row`, which is `object`.
    pub(super) fn say(&mut self, snapshot: &dyn Snapshot, node: &NodeRecord, row: &Row, object: &Object) -> Result<Vec<Bytes>, StoreError> {
        let beside = match self.beside.entry(row.label()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(record_beside(snapshot, row.label())?),
        };
        let record = beside.as_ref().filter(|record| record.object == *object.id());
        let Some(record) = record else { return Ok(Vec::new()) };
        let sha256 = hex::encode(object.digest());
        let concerns = |consent: &Consent| self.concerned.by(object.id(), consent) && consent.until.is_none_or(|until| until > self.now);
        let mut statements: Vec<Json> = Vec::new();
        let of_node = |consent: &&Consent| consent.subject.organisation() == Some(node.organisation.as_str());
        for consent in record.consents.iter().filter(of_node).filter(|consent| concerns(consent)) {
            let (consent, issued) = (public(consent, &node.organisation), consent.from);
            let said = Said { object: object.id().clone(), sha256: sha256.clone(), consent, withdrawn: false, issued };
            statements.push(said.statement(node)?);
        }
        let kept = kept_on(snapshot, &sha256)?;
        statements.extend(kept.into_iter().filter(|kept| concerns(&kept.said.consent)).filter_map(|kept| kept.statement));
        Ok(statements.into_iter().map(|statement| statement.to_string().into()).collect())
    }
}

/// `consent` as it leaves: which person gave it, and where that is recorded, stays here.
fn public(consent: &Consent, organisation: &str) -> Consent {
    Consent { by: organisation.to_owned(), reference: "signed".to_owned(), ..consent.clone() }
}

/// SHA-256 of the canonical form of what `row` holds, in hexadecimal.
fn sha256_of(writing: &Writing<'_>, row: &Held) -> Option<String> {
    Some(hex::encode(Object::parse(row.body.clone(), writing.node.kinds()).ok()?.digest()))
}

fn rows_with(writing: &Writing<'_>, id: &ObjectId, sha256: &str) -> Result<Vec<Held>, StoreError> {
    let mut rows = Eyes::open_as_custodian(held(&*writing.transaction, id, None, Bodies::With)?);
    rows.retain(|row| sha256_of(writing, row).as_deref() == Some(sha256));
    Ok(rows)
}
