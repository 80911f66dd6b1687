//! What operators do about consents between nodes: ask, grant, refuse, announce.

use std::collections::BTreeSet;
use std::sync::Arc;

use relto_model::object::Object;
use relto_model::{ObjectId, Stamp, TimeError, Timestamp};
use relto_policy::law::ConsentedTo;
use relto_policy::law::consent::UnknownRecipient;
use relto_policy::{LabelContext, LabelError};
use relto_store::RecordKind;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Builder;

use super::{ConsentRequest, Direction, RequestAnswer, RequestRecord, RequestView, asked_of, is_printable, of, put, rows_of, view};
use crate::consents::{ConsentError, ConsentOf, Consented, NewConsent, enter};
use crate::error::StoreError;
use crate::ingest::{Author, Definitions, Eyes, Labelling, Outcome, Told, latest, take_in};
use crate::node::{Node, Writing};
use crate::partners::card::Card;
use crate::partners::notice::{self, What};
use crate::partners::record::PartnerRecord;

/// The kind of a release notice.
const NOTICE_KIND: &str = "release-notice";
/// Its extension definition.
const NOTICE_EXTENSION: &str = "extension-definition--b1d0c7e4-5a3f-4c68-8e29-7f6a90d2b415";

/// A request to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewRequest {
    /// Whose consent, if not that of whoever wrote the object.
    pub of: Option<String>,
    /// `ORGANISATION` or `nation:FRA`; without it, this node's organisation.
    pub to: Option<String>,
    /// A day or a time until which it is asked for.
    pub until: Option<String>,
    /// What for.
    pub purpose: Option<String>,
    /// Why.
    pub reason: String,
}

/// A release notice to publish.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewReleaseNotice {
    /// What there is, as those may read it who may not have it yet.
    pub name: String,
    /// More of it.
    pub description: Option<String>,
    /// The notice's label.
    pub label: String,
}

/// What a request is granted with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// A day or a time from which the consent no longer holds; without it, as it was asked for.
    pub until: Option<String>,
    /// Who gave it.
    pub by: String,
    /// Where it is recorded.
    pub reference: String,
}

/// Why nothing was asked, answered or announced; nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// There is no such object on this node.
    #[error("there is no object `{0}` on this node")]
    Absent(ObjectId),
    /// This node's own organisation is the one to consent.
    #[error("`{0}` is of this node's own organisation, which asks nobody")]
    Own(ObjectId),
    /// Another organisation's object.
    #[error("`{0}` is not of this node's own organisation: only its originator announces it")]
    NotOwn(ObjectId),
    /// Whoever has to consent is no partner to which a request can go.
    #[error("`{0}` is no confirmed partner with a node: nobody can be asked")]
    NoPartner(String),
    /// No label of the object asks for it.
    #[error("no label of `{object}` asks for the consent of {giver}")]
    NotAsked {
        /// The object.
        object: ObjectId,
        /// Who would be asked.
        giver: String,
    },
    /// A request would tell of it.
    #[error("`{giver}` may not see `{object}` here, and a request would tell of it")]
    NotShown {
        /// The object.
        object: ObjectId,
        /// Who would be asked.
        giver: String,
    },
    /// Consents between nodes are for organisations and nations.
    #[error("`{0}` is an account of this node, which nobody else knows: ask for its organisation")]
    Person(String),
    /// There is no request of that number.
    #[error("there is no request `{0}`")]
    NoRequest(String),
    /// It has its answer, or several partners have drawn that number.
    #[error("request `{0}` waits for no answer")]
    NotWaiting(String),
    /// The same is asked already.
    #[error("the same is asked of `{partner}` already, and not answered: request `{number}`")]
    Asked {
        /// Who was asked.
        partner: String,
        /// The request's number.
        number: String,
    },
    /// It is about nothing that whoever asks was told of.
    #[error("`{0}` was neither announced nor released to whoever asks")]
    NotReleased(ObjectId),
    /// A text is missing or too long.
    #[error("{0}")]
    Text(&'static str),
    /// A time cannot be read.
    #[error("the time until which it is asked for cannot be read")]
    Until(#[from] TimeError),
    /// The recipient cannot be read.
    #[error(transparent)]
    Recipient(#[from] UnknownRecipient),
    /// The consent cannot be entered.
    #[error(transparent)]
    Consent(#[from] ConsentError),
    /// The notice's label cannot be read.
    #[error(transparent)]
    Label(#[from] LabelError),
    /// The notice is not taken in.
    #[error("the notice is refused: {0}")]
    Refused(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn checked(text: &str, missing: &'static str) -> Result<String, RequestError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(RequestError::Text(missing));
    }
    if !is_printable(text) {
        return Err(RequestError::Text("a text is too long, or not printable"));
    }
    Ok(text.to_owned())
}

impl Node {
    /// Asks the partner that wrote `id`, or has to consent as well, that the object may go to somebody.
    ///
    /// # Errors
    /// [`RequestError`]; then nothing has changed.
    pub fn request_consent(&self, id: &ObjectId, new: &NewRequest) -> Result<RequestView, RequestError> {
        let until = new.until.as_deref().map(Stamp::parse).transpose()?;
        let reason = checked(&new.reason, "say why the consent is asked for")?;
        self.write(|writing| {
            if until.is_some_and(|until| until <= writing.stamp) {
                return Err(RequestError::Text("the time until which it is asked for has passed"));
            }
            let own = writing.before.directory.node.organisation.clone();
            let recipient: ConsentedTo = new.to.as_deref().unwrap_or(&own).parse()?;
            if let ConsentedTo::Person(name) = recipient {
                return Err(RequestError::Person(name));
            }
            let rows = rows_of(writing, id)?;
            let first = rows.first().ok_or_else(|| RequestError::Absent(id.clone()))?.owner.clone();
            let of_partner = rows.iter().find(|row| writing.before.directory.is_partners(&row.owner)).map(|row| row.owner.clone());
            let writer = of_partner.unwrap_or(first);
            let giver = new.of.clone().unwrap_or_else(|| writer.clone());
            if giver == own {
                return Err(RequestError::Own(id.clone()));
            }
            let is_node = |partner: &&Arc<PartnerRecord>| matches!(partner.card, Card::Node(_)) && partner.flows_at(writing.stamp);
            let asked = writing.before.directory.partners().find(|partner| partner.account.organisation == giver).filter(is_node);
            let partner = asked.map(|partner| partner.name().to_owned()).ok_or_else(|| RequestError::NoPartner(giver.clone()))?;
            // A request names the object: to nobody who may not see it here.
            let sees =
                writing.before.directory.accounts.get(&partner).map(|account| writing.before.gate.release(&account.name, &account.profile));
            if giver != writer && !rows.iter().any(|row| sees.as_ref().is_some_and(|sees| sees.permits(row.label))) {
                return Err(RequestError::NotShown { object: id.clone(), giver });
            }
            if id.kind() != NOTICE_KIND && asked_of(writing, &rows, &giver).is_empty() {
                return Err(RequestError::NotAsked { object: id.clone(), giver });
            }
            let open = of(&*writing.transaction, &partner, Direction::Out)?.into_iter().find(|sent| {
                sent.answer.is_none()
                    && sent.request.object == *id
                    && sent.request.recipient == recipient
                    && sent.request.purpose == new.purpose
            });
            if let Some(RequestRecord { request: ConsentRequest { id: number, .. }, .. }) = open {
                return Err(RequestError::Asked { partner, number });
            }
            let number = Builder::from_random_bytes(writing.node.random()).into_uuid().hyphenated().to_string();
            let purpose = new.purpose.as_deref().map(|purpose| checked(purpose, "the purpose is empty")).transpose()?;
            let request =
                ConsentRequest { id: number, object: id.clone(), recipient, purpose, until: until.map(|until| until.to_string()), reason };
            let record = RequestRecord { at: writing.stamp, request: request.clone(), about: None, answer: None };
            put(writing, &partner, Direction::Out, &record)?;
            writing.journal(&json!({"act": "consent request", "of": partner, "request": request.id, "object": id.as_str(),
                "to": request.recipient.to_string(), "reason": request.reason}))?;
            notice::put(writing, &partner, None, What::Request(request))?;
            Ok(view(&partner, Direction::Out, record))
        })
    }

    /// Every request, those that wait first.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub fn consent_requests(&self) -> Result<Vec<RequestView>, StoreError> {
        let (facts, snapshot) = self.settled()?;
        let mut all = Vec::new();
        for partner in facts.directory.partners() {
            for direction in [Direction::In, Direction::Out] {
                let of_partner = of(&*snapshot, partner.name(), direction)?.into_iter();
                all.extend(of_partner.map(|record| view(partner.name(), direction, record)));
            }
        }
        all.sort_by(|one, other| (one.granted.is_some(), &one.at).cmp(&(other.granted.is_some(), &other.at)));
        Ok(all)
    }

    /// Consents to what request `number` asks for, and tells whoever asked.
    ///
    /// # Errors
    /// [`RequestError`]; then nothing has changed.
    pub fn grant_request(&self, number: &str, grant: &Grant) -> Result<Consented, RequestError> {
        self.write(|writing| {
            let (partner, record) = waiting(writing, number)?;
            let id = record.about.clone().ok_or_else(|| RequestError::NotReleased(record.request.object.clone()))?;
            let rows = rows_of(writing, &id)?;
            if rows.is_empty() {
                return Err(RequestError::Absent(id));
            }
            let giver = writing.before.directory.node.organisation.clone();
            let mut consented = Consented { versions: 0, gained: Vec::new(), lost: Vec::new() };
            let asked = asked_of(writing, &rows, &giver);
            if asked.is_empty() {
                return Err(RequestError::NotAsked { object: id, giver });
            }
            let until = grant.until.clone().or_else(|| record.request.until.clone());
            let said = until.as_ref().map(|until| format!("until {until}")).unwrap_or_default();
            let request = record.request.clone();
            // Answered first: whoever was granted it is told of it.
            answer(writing, &partner, record, true, said)?;
            let mut gained = BTreeSet::new();
            for subject in asked {
                let new = NewConsent {
                    of: ConsentOf { subject, to: request.recipient.to_string() },
                    until: until.clone(),
                    purpose: request.purpose.clone(),
                    by: grant.by.clone(),
                    reference: grant.reference.clone(),
                };
                let entered = enter(writing, &id, &new)?;
                consented.versions = consented.versions.max(entered.versions);
                gained.extend(entered.gained);
            }
            consented.gained = gained.into_iter().collect();
            Ok(consented)
        })
    }

    /// Refuses what request `number` asks for, and tells whoever asked.
    ///
    /// # Errors
    /// [`RequestError`]; then nothing has changed.
    pub fn refuse_request(&self, number: &str, reason: &str) -> Result<(), RequestError> {
        let reason = checked(reason, "say why it is refused")?;
        self.write(|writing| {
            let (partner, record) = waiting(writing, number)?;
            Ok(answer(writing, &partner, record, false, reason)?)
        })
    }

    /// Publishes a release notice on `id` beside it: an object under a label of its own, about which others may ask for a consent. Returns its id.
    ///
    /// # Errors
    /// [`RequestError`]; then nothing has changed.
    pub fn announce(&self, id: &ObjectId, new: &NewReleaseNotice) -> Result<ObjectId, RequestError> {
        let name = checked(&new.name, "a release notice says what there is: give it a name")?;
        self.write(|writing| {
            let own = writing.before.directory.node.organisation.clone();
            let rows = rows_of(writing, id)?;
            let newest = latest(rows.iter().filter(|row| row.owner == own).collect()).first().map(|row| row.collection);
            let collection = newest.and_then(|key| writing.before.directory.collection_of(key)).cloned();
            let Some(collection) = collection else {
                return Err(if rows.is_empty() { RequestError::Absent(id.clone()) } else { RequestError::NotOwn(id.clone()) });
            };
            let context = LabelContext { made: writing.stamp, owner: own.clone(), collection: Some(collection.id.clone()) };
            let label = writing.read_label(&new.label, &context)??;
            let object = release_notice(writing, &name, new.description.as_deref(), &own)?;
            let (mut receipts, mut eyes) = (Vec::new(), Eyes::Custodian);
            let author = Author { organisation: own, eyes: &mut eyes };
            let labelling = Labelling { given: Some(label), made: Some(writing.stamp), ..Labelling::default() };
            let told = Told { receipt: &mut |receipt| receipts.push(receipt), label: &mut |_, _| {} };
            take_in(writing, author, &collection, &labelling, &Definitions::new(), &mut std::iter::once(object.clone()), told)?;
            match receipts.into_iter().next().map(|receipt| receipt.outcome) {
                Some(Outcome::Added) => {}
                Some(Outcome::Refused(why)) => return Err(RequestError::Refused(why)),
                _ => return Err(RequestError::Refused("it was not taken in".to_owned())),
            }
            writing.put(RecordKind::Announcement, object.id().as_str(), id)?;
            writing
                .journal(&json!({"act": "consent announce", "object": id.as_str(), "notice": object.id().as_str(), "label": new.label}))?;
            Ok(object.id().clone())
        })
    }
}

/// The request `number` of a partner, which waits for an answer. One number that several have drawn is none.
fn waiting(writing: &Writing<'_>, number: &str) -> Result<(String, RequestRecord), RequestError> {
    let mut found = Vec::new();
    for partner in writing.before.directory.partners() {
        let of_partner = of(&*writing.transaction, partner.name(), Direction::In)?.into_iter();
        let meant = of_partner.filter(|record| record.request.id == number);
        found.extend(meant.map(|record| (partner.name().to_owned(), record)));
    }
    match (found.pop(), found.is_empty()) {
        (Some(found), true) if found.1.answer.is_none() => Ok(found),
        (None, _) => Err(RequestError::NoRequest(number.to_owned())),
        _ => Err(RequestError::NotWaiting(number.to_owned())),
    }
}

fn answer(writing: &mut Writing<'_>, partner: &str, record: RequestRecord, granted: bool, reason: String) -> Result<(), StoreError> {
    let answer = RequestAnswer { request: record.request.id.clone(), granted, reason };
    writing.journal(&json!({"act": if granted { "consent grant" } else { "consent refuse" }, "request": answer.request,
        "of": partner, "reason": answer.reason}))?;
    put(writing, partner, Direction::In, &RequestRecord { answer: Some(answer.clone()), ..record })?;
    notice::put(writing, partner, None, What::Answer(answer))
}

fn release_notice(writing: &Writing<'_>, name: &str, description: Option<&str>, originator: &str) -> Result<Object, RequestError> {
    let refused = |why: String| RequestError::Refused(why);
    let now = Timestamp::parse(&writing.stamp.to_string()).map_err(|error| refused(error.to_string()))?;
    let uuid = Builder::from_random_bytes(writing.node.random()).into_uuid().hyphenated().to_string();
    let mut notice = json!({
        "type": NOTICE_KIND, "spec_version": "2.1", "id": format!("{NOTICE_KIND}--{uuid}"), "created": now.as_str(), "modified": now.as_str(),
        "name": name, "originator": originator, "extensions": { NOTICE_EXTENSION: {"extension_type": "new-sdo"} },
    });
    if let (Some(members), Some(description)) = (notice.as_object_mut(), description) {
        members.insert("description".to_owned(), description.into());
    }
    Object::parse(notice.to_string().into(), writing.node.kinds()).map_err(|error| refused(error.to_string()))
}
