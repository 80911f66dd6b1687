//! What an originator or a third party has consented to for one object: acts of the custodian, in the journal.
//!
//! Consents stand beside the number of the object's label, which is then its alone (decision 0016): release sets, scans and cursors know
//! nothing of them. They are about the versions that are here when they are given: a later version has not been consented to, and neither
//! has what refers to the object or is derived from it. What opens by a consent is new to whoever gains it.

mod changing;

use std::collections::BTreeMap;

use relto_gate::LabelId;
use relto_model::text::is_hidden;
use relto_model::{ObjectId, Stamp, TimeError};
use relto_policy::law::consent::UnknownRecipient;
use relto_policy::law::{Consent, ConsentedTo, Subject};
use relto_policy::pending::subjects;
use relto_store::{Bodies, Held, RecordKind, Snapshot, held};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::facts::decode;
use crate::ingest::Eyes;
use crate::labels::shown;
use crate::node::{Node, Writing};
use crate::partners::tell_of_consents;
use crate::records::ConsentRecord;
use crate::relabel::Moves;

pub(crate) use changing::Changing;
use changing::own_number;

/// Whose consent, and to whom the object may go by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentOf {
    /// Who consents, as the label asks for it.
    pub subject: Subject,
    /// `ORGANISATION`, `user:NAME` or `nation:FRA`.
    pub to: String,
}

/// A consent to enter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewConsent {
    /// Whose, and to whom.
    pub of: ConsentOf,
    /// A day or a time from which it no longer holds; without it, until it is withdrawn.
    pub until: Option<String>,
    /// What for; without it, for any purpose.
    pub purpose: Option<String>,
    /// Who gave it.
    pub by: String,
    /// Where it is recorded.
    pub reference: String,
}

/// What giving or withdrawing a consent changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consented {
    /// Versions that it is about.
    pub versions: usize,
    /// Accounts that see one now and did not before.
    pub gained: Vec<String>,
    /// Accounts that saw one before and do not now.
    pub lost: Vec<String>,
}

/// A consent as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentGiven {
    /// The object.
    pub object: String,
    /// Its label in words.
    pub label: String,
    /// Whether it holds now.
    pub in_force: bool,
    /// The consent.
    pub consent: Consent,
}

/// Why a consent was neither entered nor withdrawn; nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum ConsentError {
    /// There is no such object on this node.
    #[error("there is no object `{0}` on this node")]
    Absent(ObjectId),
    /// It goes along with what carries it.
    #[error("`{0}` is a marking-definition: it goes to whoever gets something that carries it")]
    Marking(ObjectId),
    /// No label of the object asks for it.
    #[error("no label of `{object}` asks for the consent of {subject}")]
    NotAsked {
        /// The object.
        object: ObjectId,
        /// Who would consent.
        subject: Subject,
    },
    /// There is none to withdraw.
    #[error("{subject} has not consented that `{object}` goes to {recipient}")]
    NotGiven {
        /// The object.
        object: ObjectId,
        /// Who would have consented.
        subject: Subject,
        /// To whom.
        recipient: ConsentedTo,
    },
    /// Nobody is named, or no place where it is recorded.
    #[error("a consent is given by a person, and recorded somewhere")]
    Unvouched,
    /// The recipient cannot be read.
    #[error(transparent)]
    Recipient(#[from] UnknownRecipient),
    /// An addressee is a person.
    #[error("`{0}` is no addressee: they are persons")]
    NotAPerson(ConsentedTo),
    /// The recipient is no account.
    #[error("there is no user `{0}`: `relto user list` shows all")]
    NoUser(String),
    /// A text is not what it looks like.
    #[error("a text holds characters that cannot be seen: ends of lines, control characters, or marks of direction")]
    Hidden,
    /// The end cannot be read.
    #[error("the end of the consent cannot be read")]
    Until(#[from] TimeError),
    /// The end has passed.
    #[error("the consent would have ended at {0}")]
    Ended(Stamp),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl NewConsent {
    fn at(&self, now: Stamp) -> Result<Consent, ConsentError> {
        let (by, reference) = (self.by.trim(), self.reference.trim());
        if by.is_empty() || reference.is_empty() {
            return Err(ConsentError::Unvouched);
        }
        if [by, reference].into_iter().chain(self.purpose.as_deref()).any(|text| text.chars().any(is_hidden)) {
            return Err(ConsentError::Hidden);
        }
        let until = self.until.as_deref().map(Stamp::parse).transpose()?;
        if let Some(ended) = until.filter(|until| *until <= now) {
            return Err(ConsentError::Ended(ended));
        }
        let (subject, recipient) = (self.of.subject.clone(), self.of.to.parse()?);
        if subject == Subject::Addressees && !matches!(recipient, ConsentedTo::Person(_)) {
            return Err(ConsentError::NotAPerson(recipient));
        }
        let (by, reference) = (by.to_owned(), reference.to_owned());
        Ok(Consent { subject, recipient, purpose: self.purpose.clone(), from: now, until, by, reference })
    }
}

impl Node {
    /// Enters a consent to the release of the versions of `id` that are here and whose label asks for it. One of the same organisation, to
    /// the same recipient and for the same purpose, is replaced.
    ///
    /// # Errors
    /// [`ConsentError`]; then nothing has changed.
    pub fn add_consent(&self, id: &ObjectId, new: &NewConsent) -> Result<Consented, ConsentError> {
        self.write(|writing| enter(writing, id, new))
    }

    /// Withdraws every consent of one organisation that `id` goes to one recipient; `reason` goes into the journal.
    ///
    /// # Errors
    /// [`ConsentError`]; then nothing has changed.
    pub fn remove_consent(&self, id: &ObjectId, of: &ConsentOf, reason: &str) -> Result<Consented, ConsentError> {
        let (subject, recipient): (Subject, ConsentedTo) = (of.subject.clone(), of.to.parse()?);
        self.write(|writing| {
            let is_it = |consent: &Consent| consent.subject == subject && consent.recipient == recipient;
            let mut numbers = records(&*writing.transaction)?;
            numbers.retain(|_, record| record.object == *id && record.consents.iter().any(is_it));
            let withdrawn: Vec<Consent> =
                numbers.values().flat_map(|record| record.consents.iter().filter(|one| is_it(one)).cloned()).collect();
            if numbers.is_empty() {
                rows_of(&*writing.transaction, id)?;
                let (subject, recipient) = (subject.clone(), recipient.clone());
                return Err(ConsentError::NotGiven { object: id.clone(), subject, recipient });
            }
            let mut rows = Eyes::open_as_custodian(held(&*writing.transaction, id, None, Bodies::With).map_err(StoreError::from)?);
            rows.retain(|row| numbers.contains_key(&row.label));
            let withdraw = |consents: &mut Vec<Consent>| consents.retain(|consent| !is_it(consent));
            // Of what was removed the record is left, and is to say no more either.
            for label in numbers.into_keys().filter(|label| rows.iter().all(|row| row.label != *label)) {
                own_number(writing, id, label, &withdraw)?;
            }
            let consented = change(writing, id, &rows, &withdraw)?;
            let act = serde_json::json!({"act": "consent remove", "object": id.as_str(), "of": subject.to_string(),
                "to": recipient.to_string(), "reason": reason});
            writing.journal(&act)?;
            tell_of_consents(writing, id, &rows, &[], &withdrawn)?;
            Ok(consented)
        })
    }

    /// The consents to the release of `object`, or of every object, in the order of the objects' labels.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub fn consents(&self, object: Option<&ObjectId>) -> Result<Vec<ConsentGiven>, StoreError> {
        let (facts, snapshot) = self.settled()?;
        let now = self.now();
        let mut given = Vec::new();
        for (label, record) in records(&*snapshot)? {
            // Of what was removed nothing is left to consent to.
            let is_here = || Ok::<_, StoreError>(Eyes::open_as_custodian(held(&*snapshot, &record.object, None, Bodies::Without)?));
            if object.is_some_and(|object| *object != record.object) || !is_here()?.iter().any(|row| row.label == label) {
                continue;
            }
            given.extend(record.consents.into_iter().map(|consent| ConsentGiven {
                object: record.object.to_string(),
                label: shown(&facts.gate, label),
                in_force: consent.holds(now),
                consent,
            }));
        }
        Ok(given)
    }
}

/// Enters `new`, as [`Node::add_consent`] does.
pub(crate) fn enter(writing: &mut Writing<'_>, id: &ObjectId, new: &NewConsent) -> Result<Consented, ConsentError> {
    if id.kind() == "marking-definition" {
        return Err(ConsentError::Marking(id.clone()));
    }
    let consent = new.at(writing.stamp)?;
    if let ConsentedTo::Person(name) = &consent.recipient
        && (!writing.before.directory.accounts.contains_key(name) || writing.before.directory.partner(name).is_some())
    {
        return Err(ConsentError::NoUser(name.clone()));
    }
    let mut rows = rows_of(&*writing.transaction, id)?;
    let asks = |row: &Held| writing.labels().get(row.label).is_some_and(|label| subjects(label).any(|one| one == consent.subject));
    rows.retain(asks);
    if rows.is_empty() {
        return Err(ConsentError::NotAsked { object: id.clone(), subject: consent.subject });
    }
    let consented = change(writing, id, &rows, &|consents| {
        consents.retain(|known| !same(known, &consent));
        consents.push(consent.clone());
    })?;
    let act = serde_json::json!({"act": "consent add", "object": id.as_str(), "of": consent.subject.to_string(),
        "to": consent.recipient.to_string(), "until": consent.until.map(|until| until.to_string()), "purpose": consent.purpose,
        "by": consent.by, "reference": consent.reference});
    writing.journal(&act)?;
    tell_of_consents(writing, id, &rows, &[consent], &[])?;
    Ok(consented)
}

/// Whether both are one consent, of which the later one counts.
pub(crate) fn same(one: &Consent, other: &Consent) -> bool {
    (&one.subject, &one.recipient, &one.purpose) == (&other.subject, &other.recipient, &other.purpose)
}

fn rows_of(snapshot: &dyn Snapshot, id: &ObjectId) -> Result<Vec<Held>, ConsentError> {
    let rows = Eyes::open_as_custodian(held(snapshot, id, None, Bodies::With).map_err(StoreError::from)?);
    if rows.is_empty() { Err(ConsentError::Absent(id.clone())) } else { Ok(rows) }
}

/// Changes the consents beside `rows`, which are all of `id`.
fn change(writing: &mut Writing<'_>, id: &ObjectId, rows: &[Held], put: &dyn Fn(&mut Vec<Consent>)) -> Result<Consented, StoreError> {
    let mut changing = Changing::begin(writing);
    changing.change(writing, id, rows, put)?;
    let Moves { gained, lost } = changing.finish(writing)?;
    Ok(Consented { versions: rows.len(), gained, lost })
}

/// Forgets what stands beside those of `labels` that none of the rows of `id` has any more, unless it is another object's, along with which a
/// marking-definition went. The facts must be read anew.
pub(crate) fn forget_left(writing: &mut Writing<'_>, id: &ObjectId, labels: impl Iterator<Item = LabelId>) -> Result<(), StoreError> {
    let rows = Eyes::open_as_custodian(held(&*writing.transaction, id, None, Bodies::Without)?);
    for label in labels.filter(|label| rows.iter().all(|row| row.label != *label)) {
        let key = key(label);
        let is_of_another = |stored: Vec<u8>| serde_json::from_slice(&stored).is_ok_and(|record: ConsentRecord| record.object != *id);
        if !writing.transaction.record(RecordKind::Consent, &key)?.is_some_and(is_of_another) {
            writing.transaction.forget(RecordKind::Consent, &key)?;
        }
    }
    Ok(())
}

/// A record as it is found.
pub(crate) enum Kept {
    /// What stands beside the number.
    Record(LabelId, ConsentRecord),
    /// Something that cannot be read, beside a number if its key is one. It opens nothing.
    Unreadable {
        /// Its key.
        key: String,
        /// The number.
        label: Option<LabelId>,
    },
}

/// Every record, readable or not.
pub(crate) fn kept(snapshot: &dyn Snapshot) -> Result<Vec<Kept>, StoreError> {
    let one = |(key, value): (String, Vec<u8>)| {
        let label = key.parse().ok().map(LabelId);
        match label.zip(serde_json::from_slice(&value).ok()) {
            Some((label, record)) => Kept::Record(label, record),
            None => Kept::Unreadable { key, label },
        }
    };
    Ok(snapshot.records(RecordKind::Consent)?.into_iter().map(one).collect())
}

/// Every record that can be read, by the number of the label that it stands beside.
fn records(snapshot: &dyn Snapshot) -> Result<BTreeMap<LabelId, ConsentRecord>, StoreError> {
    let readable = |kept| if let Kept::Record(label, record) = kept { Some((label, record)) } else { None };
    Ok(kept(snapshot)?.into_iter().filter_map(readable).collect())
}

pub(crate) fn record_beside(snapshot: &dyn Snapshot, label: LabelId) -> Result<Option<ConsentRecord>, StoreError> {
    let key = key(label);
    snapshot.record(RecordKind::Consent, &key)?.map(|stored| decode("consent", &key, &stored)).transpose()
}

fn key(label: LabelId) -> String {
    label.0.to_string()
}
