//! Notices: what a partner is to be told of objects that were released to it, until it has confirmed that it did so.
//!
//! A recall goes along as its originator signed it ([`recall`](super::recall)); of a new label only the object is noted, and the statement is made
//! when the partner asks, so that it gets the label that holds then. A notice on an object names only what was released to its partner. The partner's
//! receipt says of those to whom it had sent the object on no more than whether they have confirmed. Requests for a consent and the answers to them go
//! the same way.

use relto_gate::Arrival;
use relto_model::text::is_hidden;
use relto_model::{ObjectId, Stamp};
use relto_store::{Bodies, Held, RecordKind, Snapshot, VersionFilter};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::recall::{Recall, sign};
use super::record::PartnerRecord;
use super::release;
use super::request::{ConsentRequest, RequestAnswer};
use super::statement::Statements;
use crate::error::StoreError;
use crate::facts::decode;
use crate::ingest::Eyes;
use crate::node::{Node, Writing};
use crate::reading::ReadError;
use crate::records::NodeRecord;
use crate::session::Session;

/// About how many bytes of notices are in one answer.
const NOTICES_BYTES_MAX: usize = 4 << 20;
/// Notices in one answer at most.
pub const NOTICES_MAX: usize = 1_000;

/// What a partner is told, on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The notice's number among those for its partner.
    pub id: String,
    /// A recall: the DSSE envelope that its originator signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recall: Option<Json>,
    /// New labels and consents: statements, those on labels one for each version.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Json>,
    /// A request for a consent. Read by itself: one that cannot be read keeps no recall back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Json>,
    /// The answer to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Json>,
}

/// How far those have come to whom an object was sent on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Onward {
    /// Nobody got it from there.
    None,
    /// Not all have confirmed.
    Pending,
    /// All have confirmed.
    Complete,
    /// It was sent on, and this recall is not for those who have it from there: each object is recalled by itself.
    Kept,
}

/// What became of a notice, on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The notice's number.
    pub id: String,
    /// Whether it was done.
    pub done: bool,
    /// Versions that were destroyed or relabelled.
    #[serde(default)]
    pub versions: u64,
    /// Those to whom the object was sent on.
    pub onward: Onward,
    /// Why it was not done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Receipt {
    /// Whether there is nothing more to come.
    #[must_use]
    pub fn is_final(&self) -> bool {
        self.done && self.onward != Onward::Pending
    }
}

/// A notice as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NoticeRecord {
    pub at: Stamp,
    /// Its place in the order of events, which the partner is not told: it would count what happens here.
    pub event: u64,
    /// The object; absent when everything is recalled, and when somebody asks or answers.
    pub object: Option<ObjectId>,
    /// What is said.
    #[serde(flatten)]
    pub told: What,
    /// What the partner last answered.
    pub receipt: Option<Receipt>,
}

impl NoticeRecord {
    fn is_open(&self) -> bool {
        !self.receipt.as_ref().is_some_and(Receipt::is_final)
    }
}

/// The notices for `partner`, by their numbers.
pub(crate) fn of(snapshot: &dyn Snapshot, partner: &str) -> Result<Vec<(String, NoticeRecord)>, StoreError> {
    let prefix = format!("{partner}\n");
    let of_partner = snapshot.records_under(RecordKind::Notice, &prefix)?;
    let read =
        |(key, value): (String, Vec<u8>)| Ok((key.get(prefix.len()..).unwrap_or_default().to_owned(), decode("notice", &key, &value)?));
    of_partner.into_iter().map(read).collect()
}

/// What a partner is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum What {
    /// A recall, as it was signed.
    Recall(Json),
    /// The label that one of this node's own objects has when the partner asks, with the consents beside it.
    Label,
    /// The same, under which the partner may see it no more: it is to be destroyed, unless something else lets the partner see it when it asks.
    Withdrawal,
    /// A label of somebody else's object, or a consent to it, as it was signed.
    Labels(Vec<Json>),
    /// A request for a consent.
    Request(ConsentRequest),
    /// The answer to one.
    Answer(RequestAnswer),
}

/// Has `partner` told of `object`, or of everything.
pub(crate) fn put(writing: &mut Writing<'_>, partner: &str, object: Option<&ObjectId>, told: What) -> Result<(), StoreError> {
    // Notices are never thrown away, so that every number is used once.
    let number = of(&*writing.transaction, partner)?.len() + 1;
    let event = writing.draw().0;
    let record = NoticeRecord { at: writing.stamp, event, object: object.cloned(), told, receipt: None };
    writing.put(RecordKind::Notice, &format!("{partner}\n{number:020}"), &record)
}

/// Has every partner to which one of `rows` of `id` was released, and which `is_meant`, told of the label that the object has when it asks: by the
/// label itself, or by a recall where the partner may not see it any more.
pub(crate) fn tell_of_label(
    writing: &mut Writing<'_>,
    id: &ObjectId,
    rows: &[Held],
    is_meant: &dyn Fn(&PartnerRecord) -> bool,
) -> Result<(), StoreError> {
    // Of what a partner wrote the label is that partner's to say.
    let is_own = |row: &&Held| !writing.before.directory.is_partners(&row.owner);
    let arrivals: Vec<Arrival> = rows.iter().filter(is_own).map(|row| row.arrival).collect();
    let mut partners = Vec::new();
    for partner in writing.before.directory.partners().filter(|partner| is_meant(partner)) {
        if release::any_of(&*writing.transaction, partner.name(), &arrivals)? {
            partners.push(partner.name().to_owned());
        }
    }
    if partners.is_empty() {
        return Ok(());
    }
    let then = writing.facts_then()?;
    let now = Eyes::open_as_custodian(relto_store::held(&*writing.transaction, id, None, Bodies::Without)?);
    for partner in partners {
        let Some(account) = then.directory.accounts.get(&partner) else { continue };
        let sees = then.gate.release(&account.name, &account.profile);
        let told = if now.iter().any(|row| sees.permits(row.label)) { What::Label } else { What::Withdrawal };
        put(writing, &partner, Some(id), told)?;
    }
    Ok(())
}

/// What has `partner`, and nobody else, destroy what it holds of `id`.
fn withdrawal(node: &NodeRecord, partner: &PartnerRecord, id: &ObjectId, at: Stamp) -> Result<Json, StoreError> {
    let reason = "no longer released".to_owned();
    let (originator, to) = (node.organisation.clone(), partner.keys.first().cloned());
    sign(node, &Recall { object: Some(id.clone()), originator, reason, at, is_final: false, to })
}

/// Has every partner to which one of `rows` of `id` was released told of the label that its originator has given it, by `statement`.
pub(crate) fn pass_label(writing: &mut Writing<'_>, id: &ObjectId, rows: &[Held], statement: &Json) -> Result<(), StoreError> {
    let partners: Vec<String> = writing.before.directory.partners().map(|partner| partner.name().to_owned()).collect();
    let arrivals: Vec<Arrival> = rows.iter().map(|row| row.arrival).collect();
    for partner in partners {
        if release::any_of(&*writing.transaction, &partner, &arrivals)? {
            put(writing, &partner, Some(id), What::Labels(vec![statement.clone()]))?;
        }
    }
    Ok(())
}

impl Node {
    /// The partner of `session` as far as notices go: also one that has left.
    fn notified(&self, session: &Session) -> Option<String> {
        let facts = self.facts();
        let partner = facts.directory.partner(session.name())?;
        partner.is_told().then(|| partner.name().to_owned())
    }

    /// Whether `session` is that of a partner whom this node tells of notices, and from whom it takes them.
    #[must_use]
    pub fn is_notified(&self, session: &Session) -> bool {
        self.notified(session).is_some()
    }

    /// What the partner of `session` is to be told and has not confirmed.
    ///
    /// # Errors
    /// [`ReadError::SignedOut`] when it is no partner, or nothing flows; or the store failed.
    pub fn notices(&self, session: &Session) -> Result<Vec<Notice>, ReadError> {
        let name = self.notified(session).ok_or(ReadError::SignedOut)?;
        self.notices_for(&name)
    }

    /// The same for the partner `name`.
    ///
    /// # Errors
    /// [`ReadError`] when the store fails.
    pub fn notices_for(&self, name: &str) -> Result<Vec<Notice>, ReadError> {
        let (facts, snapshot) = self.settled()?;
        let Some(partner) = facts.directory.partner(name) else { return Ok(Vec::new()) };
        let mut open: Vec<(String, NoticeRecord)> = of(&*snapshot, name)?.into_iter().filter(|(_, notice)| notice.is_open()).collect();
        // What nobody has answered yet goes first: what is pending must not keep it back.
        open.sort_by_key(|(_, notice)| notice.receipt.is_some());
        let (flows, mut notices, mut bytes) = (self.flows(partner), Vec::new(), 0);
        for (id, record) in open.into_iter().take(NOTICES_MAX) {
            let mut notice = Notice { id, recall: None, labels: Vec::new(), request: None, answer: None };
            match (record.told, &record.object) {
                // While nothing flows nothing is asked, answered or consented to.
                (What::Request(_) | What::Answer(_), _) if !flows => continue,
                (What::Recall(recall), _) => notice.recall = Some(recall),
                (What::Labels(statements), _) => notice.labels = statements,
                (What::Request(request), _) => notice.request = serde_json::to_value(request).ok(),
                (What::Answer(answer), _) => notice.answer = serde_json::to_value(answer).ok(),
                (What::Label | What::Withdrawal, None) => continue,
                // What is said of labels is said of all that it may see: nothing, while nothing flows.
                (What::Label, Some(_)) if !flows => continue,
                (What::Label | What::Withdrawal, Some(object)) => {
                    if flows {
                        notice.labels = self.statements_on(name, object)?;
                    }
                    if notice.labels.is_empty() {
                        // It can be told of no label, or may see none: under its old one the object must not stay there.
                        notice.recall = Some(withdrawal(&facts.directory.node, partner, object, record.at)?);
                    }
                }
            }
            bytes += serde_json::to_vec(&notice).map_or(0, |text| text.len());
            if bytes > NOTICES_BYTES_MAX && !notices.is_empty() {
                break;
            }
            notices.push(notice);
        }
        Ok(notices)
    }

    /// Statements on every version of `object` that the partner may see now.
    fn statements_on(&self, partner: &str, object: &ObjectId) -> Result<Vec<Json>, ReadError> {
        let reading = self.reading_as(partner)?;
        let mut statements = Vec::new();
        for view in reading.collections().into_iter().filter(|view| view.can_read) {
            let page = reading.sayable(self, &view, view.query_of(object, VersionFilter::all()), Statements::All)?;
            statements.extend(page.beside.iter().filter_map(|bytes| serde_json::from_slice(bytes).ok()));
        }
        Ok(statements)
    }

    /// Whether the partner of `session` has notices that came after `told`.
    pub fn has_notices_after(&self, session: &Session, told: Arrival) -> Result<bool, ReadError> {
        let Some(name) = self.notified(session) else { return Ok(false) };
        let (_, snapshot) = self.settled()?;
        Ok(of(&*snapshot, &name)?.iter().any(|(_, notice)| notice.is_open() && notice.event > told.0))
    }

    /// Takes the receipts of the partner of `session`.
    ///
    /// # Errors
    /// [`ReadError::SignedOut`] when it is no partner, or nothing flows; or the store failed.
    pub fn take_receipts(&self, session: &Session, receipts: &[Receipt]) -> Result<(), ReadError> {
        let name = self.notified(session).ok_or(ReadError::SignedOut)?;
        Ok(self.take_receipts_of(&name, receipts)?)
    }

    /// The same of the partner `name`. What is no notice of it is passed over.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub fn take_receipts_of(&self, name: &str, receipts: &[Receipt]) -> Result<(), StoreError> {
        if receipts.is_empty() {
            return Ok(());
        }
        let (_, snapshot) = self.settled()?;
        // The same answer again changes nothing, and wakes nobody.
        if changed_by(of(&*snapshot, name)?, receipts).is_empty() {
            return Ok(());
        }
        drop(snapshot);
        self.write(|writing| {
            for (id, record) in changed_by(of(&*writing.transaction, name)?, receipts) {
                writing.put(RecordKind::Notice, &format!("{name}\n{id}"), &record)?;
            }
            Ok(())
        })
    }
}

/// Those of `notices` of which `receipts` say something new.
fn changed_by(notices: Vec<(String, NoticeRecord)>, receipts: &[Receipt]) -> Vec<(String, NoticeRecord)> {
    let mut changed = Vec::new();
    for (id, mut record) in notices.into_iter().filter(|(_, record)| record.is_open()) {
        let Some(receipt) = receipts.iter().find(|receipt| receipt.id == id) else { continue };
        let mut receipt = receipt.clone();
        receipt.reason = receipt.reason.map(|why| why.chars().filter(|letter| !is_hidden(*letter)).take(200).collect());
        if record.receipt.as_ref() != Some(&receipt) {
            record.receipt = Some(receipt);
            changed.push((id, record));
        }
    }
    changed
}
