//! Requests for a consent: asked of whoever has to consent, about an object that was released to whoever asks or about a release notice, and answered.
//!
//! A *release notice* is an object of its own, which says that there is something for which a consent can be asked; what it is about only the
//! node knows that published it. A request goes to one partner, and nobody but that partner's operator sees it. The answer to a request about
//! what does not exist, or was never released to whoever asks, is the same as to any other: it was received.

mod acts;

use relto_gate::Arrival;
use relto_model::text::is_hidden;
use relto_model::{ObjectId, Stamp};
use relto_policy::law::{ConsentedTo, Subject};
use relto_policy::pending::subjects;
use relto_store::{Bodies, Held, RecordKind, Snapshot, held};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::consent::{TEXT_CHARS_MAX, is_printable, is_recipient};
use super::release;
use crate::error::StoreError;
use crate::facts::decode;
use crate::ingest::Eyes;
use crate::node::Writing;

pub use acts::{Grant, NewReleaseNotice, NewRequest, RequestError};

/// Requests of one partner that wait for an answer at most.
const WAITING_MAX: usize = 1_000;

/// A request, on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentRequest {
    /// Its number, which whoever asks has drawn.
    pub id: String,
    /// The object, or the release notice.
    pub object: ObjectId,
    /// To whom the object is to go.
    pub recipient: ConsentedTo,
    /// What for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Why.
    pub reason: String,
}

/// The answer, on the wire. The consent itself is a statement beside the object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestAnswer {
    /// The number of the request.
    pub request: String,
    /// Whether it was granted.
    pub granted: bool,
    /// Why it was not, or until when it was.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// A request as it is kept, under the partner's name, the way and its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct RequestRecord {
    at: Stamp,
    request: ConsentRequest,
    /// What it is about: of one that came in about a release notice the object behind it; nothing, when it is about nothing that was released.
    about: Option<ObjectId>,
    answer: Option<RequestAnswer>,
}

/// A request, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestView {
    /// Its number.
    pub id: String,
    /// The partner that asks or is asked.
    pub partner: String,
    /// Whether it came in; else it was sent.
    pub incoming: bool,
    /// When.
    pub at: String,
    /// The object or the release notice that it names.
    pub object: String,
    /// The object that it is about, when that was announced or released to whoever asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// To whom the object is to go.
    pub recipient: String,
    /// What for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Why.
    pub reason: String,
    /// Whether it was granted; absent while it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub granted: Option<bool>,
    /// What was said with the answer.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub answer: String,
}

/// Which way a request went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    In,
    Out,
}

impl Direction {
    fn prefix(self, partner: &str) -> String {
        let way = match self {
            Self::In => "in",
            Self::Out => "out",
        };
        format!("{partner}\n{way}\n")
    }
}

fn of(snapshot: &dyn Snapshot, partner: &str, direction: Direction) -> Result<Vec<RequestRecord>, StoreError> {
    let all = snapshot.records_under(RecordKind::Request, &direction.prefix(partner))?;
    all.iter().map(|(key, value)| decode("request", key, value)).collect()
}

fn put(writing: &mut Writing<'_>, partner: &str, direction: Direction, record: &RequestRecord) -> Result<(), StoreError> {
    writing.put(RecordKind::Request, &format!("{}{}", direction.prefix(partner), record.request.id), record)
}

/// What was granted to `partner`, and for whom: it is told of those consents, whoever they name.
pub(super) fn granted_to(snapshot: &dyn Snapshot, partner: &str) -> Result<Vec<(ObjectId, ConsentedTo)>, StoreError> {
    let is_granted = |record: &RequestRecord| record.answer.as_ref().is_some_and(|answer| answer.granted);
    let all = of(snapshot, partner, Direction::In)?.into_iter().filter(is_granted);
    Ok(all.filter_map(|record| Some((record.about?, record.request.recipient))).collect())
}

/// Whether this node has asked that `object` goes to `recipient`.
pub(super) fn has_asked(writing: &Writing<'_>, object: &ObjectId, recipient: &ConsentedTo) -> Result<bool, StoreError> {
    for partner in writing.before.directory.partners() {
        let mut sent = of(&*writing.transaction, partner.name(), Direction::Out)?.into_iter();
        if sent.any(|sent| sent.request.object == *object && sent.request.recipient == *recipient) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Takes in what `partner` asks. Whether there is such an object, the answer does not tell.
pub(super) fn take(writing: &mut Writing<'_>, partner: &str, request: &ConsentRequest) -> Result<Result<(), String>, StoreError> {
    let known = of(&*writing.transaction, partner, Direction::In)?;
    if known.iter().any(|known| known.request.id == request.id) {
        return Ok(Ok(()));
    }
    if known.iter().filter(|known| known.answer.is_none()).count() >= WAITING_MAX {
        return Ok(Err("too many requests wait for an answer".to_owned()));
    }
    let texts = [Some(&request.id), Some(&request.reason), request.purpose.as_ref(), request.until.as_ref()];
    if texts.into_iter().flatten().any(|text| !is_printable(text)) || !is_recipient(&request.recipient) {
        return Ok(Err("a text is too long or not printable, or the recipient is none".to_owned()));
    }
    let about = about(writing, partner, &request.object)?;
    let record = RequestRecord { at: writing.stamp, request: request.clone(), about, answer: None };
    put(writing, partner, Direction::In, &record)?;
    writing.journal(&json!({"act": "consent requested", "by": partner, "request": request.id, "object": request.object.as_str(),
        "to": request.recipient.to_string(), "reason": request.reason}))?;
    Ok(Ok(()))
}

/// Takes in how `partner` has answered. What nobody asked is passed over.
pub(super) fn take_answer(writing: &mut Writing<'_>, partner: &str, answer: &RequestAnswer) -> Result<(), StoreError> {
    let asked = of(&*writing.transaction, partner, Direction::Out)?.into_iter().find(|asked| asked.request.id == answer.request);
    let Some(asked) = asked.filter(|asked| asked.answer.is_none()) else { return Ok(()) };
    let reason = answer.reason.chars().filter(|letter| !is_hidden(*letter)).take(TEXT_CHARS_MAX).collect();
    let answer = RequestAnswer { reason, ..answer.clone() };
    let act =
        json!({"act": "consent answered", "by": partner, "request": answer.request, "granted": answer.granted, "reason": answer.reason});
    put(writing, partner, Direction::Out, &RequestRecord { answer: Some(answer), ..asked })?;
    writing.journal(&act)
}

/// The object that the release notice `notice` of this node is about.
fn announced(snapshot: &dyn Snapshot, notice: &ObjectId) -> Result<Option<ObjectId>, StoreError> {
    let stored = snapshot.record(RecordKind::Announcement, notice.as_str())?;
    stored.map(|stored| decode("announcement", notice.as_str(), &stored)).transpose()
}

/// What a request of `partner` that names `object` is about: the object behind a notice, or the object, if that was released to it. Of somebody else's
/// object, of which this node's organisation has a part, it has it from elsewhere.
fn about(writing: &Writing<'_>, partner: &str, object: &ObjectId) -> Result<Option<ObjectId>, StoreError> {
    if is_released(writing, partner, object)? {
        return Ok(Some(announced(&*writing.transaction, object)?.unwrap_or_else(|| object.clone())));
    }
    let own = &writing.before.directory.node.organisation;
    let mut theirs = rows_of(writing, object)?;
    theirs.retain(|row| row.owner != *own);
    Ok((!asked_of(writing, &theirs, own).is_empty()).then(|| object.clone()))
}

fn is_released(writing: &Writing<'_>, partner: &str, id: &ObjectId) -> Result<bool, StoreError> {
    let arrivals: Vec<Arrival> = rows_of(writing, id)?.iter().map(|row| row.arrival).collect();
    release::any_of(&*writing.transaction, partner, &arrivals)
}

fn rows_of(writing: &Writing<'_>, id: &ObjectId) -> Result<Vec<Held>, StoreError> {
    Ok(Eyes::open_as_custodian(held(&*writing.transaction, id, None, Bodies::Without)?))
}

/// What the labels of `rows` ask of `organisation`.
fn asked_of(writing: &Writing<'_>, rows: &[Held], organisation: &str) -> Vec<Subject> {
    let labels = rows.iter().filter_map(|row| writing.labels().get(row.label));
    let mut asked: Vec<Subject> =
        labels.flat_map(|label| subjects(label)).filter(|subject| subject.organisation() == Some(organisation)).collect();
    asked.sort();
    asked.dedup();
    asked
}

fn view(partner: &str, direction: Direction, record: RequestRecord) -> RequestView {
    let RequestRecord { at, request, about, answer } = record;
    let (granted, answer) = answer.map_or((None, String::new()), |answer| (Some(answer.granted), answer.reason));
    RequestView {
        id: request.id,
        partner: partner.to_owned(),
        incoming: direction == Direction::In,
        at: at.to_string(),
        object: request.object.to_string(),
        about: about.map(|about| about.to_string()),
        recipient: request.recipient.to_string(),
        purpose: request.purpose,
        until: request.until,
        reason: request.reason,
        granted,
        answer,
    }
}
