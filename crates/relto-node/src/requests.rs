//! Requests for information: a labelled question to some partners, answers to it with objects, and its end.
//!
//! All of it are objects like any other (kinds `information-request` and `information-response`). Their labels say who gets them, and the
//! pages of the exchange take them there; nothing here decides who sees what. Whoever acts does so with an account's eyes: what that may
//! not see is absent. What an answer refers to is content of it, so that it tells nobody of an object that is withheld from them. Those who
//! act on requests are in [`acting`], what an account sees of them in [`listing`].

mod acting;
mod listing;

use std::collections::BTreeMap;

use relto_model::object::ObjectError;
use relto_model::time::sort_key;
use relto_model::{ObjectId, Stamp, TimeError};
use relto_policy::LabelError;
use relto_policy::text::organisation_label;
use serde::{Deserialize, Serialize};
use serde_json::json;

use self::acting::{Acting, Asked, Place};
use crate::error::StoreError;
use crate::node::Node;
use crate::preview::Withheld;
use crate::reading::ReadError;

pub use listing::{InformationRequestView, InformationResponseView};

/// The kind of a question.
const REQUEST: &str = "information-request";
/// The kind of an answer.
const RESPONSE: &str = "information-response";

/// A question to ask.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct NewInformationRequest {
    /// Name or id of the collection that it stands in.
    pub collection: String,
    /// Its label, joined with the audience of those who ask and are asked.
    pub label: Option<String>,
    /// The partners that are asked, by name; with none, whoever its label admits.
    pub to: Vec<String>,
    /// When an answer is of use no more.
    pub due: Option<String>,
    /// The question.
    pub question: String,
    /// What is behind it.
    pub description: Option<String>,
}

/// How a question was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResponseOutcome {
    /// By objects or a note.
    #[default]
    Answered,
    /// Nothing is held that would answer it.
    NothingHeld,
    /// It is not answered, whatever is held.
    Declined,
}

/// An answer to give.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct NewInformationResponse {
    /// The objects that answer.
    pub objects: Vec<ObjectId>,
    /// What is said beside them.
    pub note: Option<String>,
    /// How it is answered.
    pub outcome: ResponseOutcome,
    /// Joined with the labels of the question and of the objects.
    pub label: Option<String>,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InformationWritten {
    /// Its id.
    pub id: String,
    /// Its label in words, by the collections that it stands in.
    pub labels: BTreeMap<String, String>,
    /// Who does not get what they would need, and why.
    pub warnings: Vec<String>,
}

/// Why nothing was written, or nothing can be said.
#[derive(Debug, thiserror::Error)]
pub enum InformationRequestError {
    /// The account is not there, or may not sign in.
    #[error(transparent)]
    Account(#[from] ReadError),
    /// It is a partner's.
    #[error("`{0}` is a partner: it asks and answers on its own node")]
    Partner(String),
    /// The account sees no such collection.
    #[error("there is no collection `{0}` for this user")]
    NoCollection(String),
    /// The account may not write there.
    #[error("user `{user}` may not write to collection `{collection}`")]
    MayNotWrite {
        /// The account.
        user: String,
        /// The collection.
        collection: String,
    },
    /// There is no such partner.
    #[error("there is no partner `{0}`")]
    NoPartner(String),
    /// The agreement is not about the collection.
    #[error("the agreement with `{partner}` is not about collection `{collection}`")]
    NotAgreed {
        /// The partner.
        partner: String,
        /// The collection.
        collection: String,
    },
    /// Not all who are asked would get the question.
    #[error("nothing was asked: with the label `{label}` it would not reach {}", .kept.iter().map(|one| format!("`{}`", one.user)).collect::<Vec<_>>().join(", "))]
    Withheld {
        /// The label that it would have, in words.
        label: String,
        /// From whom it would be withheld, and why.
        kept: Vec<Withheld>,
    },
    /// The date is none.
    #[error("`--due {given}` is no date")]
    Date {
        /// What was written.
        given: String,
        /// Why.
        source: TimeError,
    },
    /// The date has passed.
    #[error("`--due {0}` has passed")]
    Past(String),
    /// The label cannot be read.
    #[error(transparent)]
    Label(#[from] LabelError),
    /// There is nothing under that id that the account may see.
    #[error("there is no object `{0}` for this user")]
    Absent(ObjectId),
    /// It is something else than a question.
    #[error("`{0}` is no information request")]
    NotARequest(ObjectId),
    /// Somebody else asks.
    #[error("only `{asker}` may close `{id}`, which it asks")]
    NotTheAsker {
        /// The question.
        id: ObjectId,
        /// The organisation that asks.
        asker: String,
    },
    /// It is closed.
    #[error("`{0}` is closed")]
    Closed(ObjectId),
    /// No version can follow the one that there is.
    #[error("`{id}` has a version of {version}, which lies ahead")]
    Ahead {
        /// The question.
        id: ObjectId,
        /// Its version.
        version: String,
    },
    /// What would be written is no object of its kind.
    #[error("this cannot be written: {0}")]
    Invalid(#[from] ObjectError),
    /// It was not taken in.
    #[error("this was not taken in: {0}")]
    Refused(String),
    /// What the account may see changed meanwhile.
    #[error("what this user may see has changed meanwhile: ask again")]
    Cut,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Node {
    /// Asks a question as the account `user`: for whoever its label admits, or for just the partners that are named, each of which must get it.
    ///
    /// # Errors
    /// [`InformationRequestError`]; then nothing was written.
    pub fn ask(&self, user: &str, new: &NewInformationRequest) -> Result<InformationWritten, InformationRequestError> {
        let written = self.write(|writing| {
            let mut acting = Acting::begin(writing, user)?;
            let collection = acting.collection(&new.collection)?;
            let partners = new.to.iter().map(|name| acting.partner(name, &collection)).collect::<Result<Vec<_>, _>>()?;
            let audience = (!new.to.is_empty()).then(|| {
                let of_partners = partners.iter().map(|partner| partner.record.organisation.as_str());
                organisation_label(acting.own_organisations().into_iter().chain(of_partners))
            });
            let given = acting.label(new.label.as_deref(), &collection)?;
            let label = audience.into_iter().chain(given).reduce(|one, other| one.join(&other));
            let due = new.due.as_deref().map(|given| due(given, acting.now())).transpose()?;
            let properties = json!({
                "question": new.question, "description": new.description, "asked_by": acting.organisation(), "asked_of": named(&new.to),
                "due": due.map(|due| due.to_string()), "state": "open",
            });
            let object = acting.object(REQUEST, properties)?;
            let written = acting.publish("request ask", &[Place { collection, label }], &object, &json!({"to": new.to}))?;
            let mut kept = Vec::new();
            for partner in &partners {
                let because = acting.kept_from(partner, object.id())?;
                kept.extend((!because.is_empty()).then(|| Withheld { user: partner.record.name.clone(), because }));
            }
            if kept.is_empty() {
                return Ok(written);
            }
            let label = written.labels.into_values().next().unwrap_or_default();
            Err(InformationRequestError::Withheld { label, kept })
        })?;
        Ok(self.with_unsaid(written, &new.to))
    }

    /// Answers the question `request` as the account `user`, under the label of the question joined with those of the objects.
    ///
    /// # Errors
    /// [`InformationRequestError`]; then nothing was written.
    pub fn answer(
        &self,
        user: &str,
        request: &ObjectId,
        new: &NewInformationResponse,
    ) -> Result<InformationWritten, InformationRequestError> {
        let (written, asker) = self.write(|writing| {
            let mut acting = Acting::begin(writing, user)?;
            let Asked { owner, mut places, .. } = acting.asked_and_open(request)?;
            let answering = new.objects.iter().map(|id| acting.visible(id)).collect::<Result<Vec<_>, _>>()?;
            for place in &mut places {
                let further = acting.label(new.label.as_deref(), &place.collection)?;
                place.label = place.label.take().into_iter().chain(further).reduce(|one, other| one.join(&other));
            }
            let properties = json!({
                "request_ref": request.as_str(), "object_refs": named(&new.objects), "note": new.note, "answered_by": acting.organisation(),
                "outcome": new.outcome,
            });
            let object = acting.object(RESPONSE, properties)?;
            let about = json!({"request": request.as_str(), "objects": new.objects});
            let mut written = acting.publish("request answer", &places, &object, &about)?;
            let Some(asker) = acting.partner_of(&owner) else { return Ok::<_, InformationRequestError>((written, None)) };
            let name = asker.record.name.clone();
            let because = acting.kept_from(&asker, object.id())?;
            if !because.is_empty() {
                written.warnings.push(format!("`{name}`, which asks, does not get this answer: {}", because.join("; ")));
                return Ok((written, None));
            }
            for (id, rows) in new.objects.iter().zip(&answering) {
                let because = acting.kept_from_rows(&asker, rows);
                let kept = because.map(|because| format!("`{name}` gets this answer, but not `{id}`: {}", because.join("; ")));
                written.warnings.extend(kept);
            }
            Ok((written, Some(name)))
        })?;
        Ok(self.with_unsaid(written, asker.as_slice()))
    }

    /// Closes the question `request` as the account `user`, whose organisation asks it: a new version, under the label of the one before.
    ///
    /// # Errors
    /// [`InformationRequestError`]; then nothing was written.
    pub fn close_request(
        &self,
        user: &str,
        request: &ObjectId,
        reason: Option<&str>,
    ) -> Result<InformationWritten, InformationRequestError> {
        self.write(|writing| {
            let mut acting = Acting::begin(writing, user)?;
            let Asked { owner, places, object, version } = acting.asked_and_open(request)?;
            if owner != acting.organisation() {
                return Err(InformationRequestError::NotTheAsker { id: request.clone(), asker: owner });
            }
            let modified = acting.now().to_string();
            if sort_key(&modified) <= sort_key(&version) {
                return Err(InformationRequestError::Ahead { id: request.clone(), version });
            }
            let closed = acting.changed(&object, json!({"state": "closed", "close_reason": reason, "modified": modified}))?;
            acting.publish("request close", &places, &closed, &json!({"reason": reason}))
        })
    }

    /// `written`, with which of `partners` it does not reach although the gate lets it: a label that cannot be said to a partner keeps an
    /// object here, and only the very pages that the partner fetches know.
    fn with_unsaid(&self, mut written: InformationWritten, partners: &[String]) -> InformationWritten {
        for name in partners {
            match self.reaches(&written, name) {
                Ok(true) => {}
                Ok(false) => {
                    written.warnings.push(format!("`{name}` does not get it: its label cannot be said so that it means the same there"));
                }
                Err(error) => written.warnings.push(format!("whether `{name}` gets it is not known: {error}")),
            }
        }
        written
    }

    /// Whether the pages for `partner` hold what was written.
    fn reaches(&self, written: &InformationWritten, partner: &str) -> Result<bool, ReadError> {
        let reading = self.reading_as(partner)?;
        let Ok(id) = ObjectId::parse(&written.id) else { return Ok(false) };
        for view in written.labels.keys().filter_map(|collection| reading.collection(collection)).filter(|view| view.can_read) {
            if reading.has_object(self, &view, &id)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The date `given`, which must lie after `now`.
fn due(given: &str, now: Stamp) -> Result<Stamp, InformationRequestError> {
    let due = Stamp::parse(given).map_err(|source| InformationRequestError::Date { given: given.to_owned(), source })?;
    if due > now { Ok(due) } else { Err(InformationRequestError::Past(given.to_owned())) }
}

/// A list as STIX has it: none rather than an empty one.
fn named<T: Serialize>(all: &[T]) -> Option<&[T]> {
    (!all.is_empty()).then_some(all)
}
