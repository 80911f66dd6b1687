//! Questions and their answers as an account may see them: read from the same pages as everything that it gets.

use std::collections::{BTreeMap, BTreeSet};

use relto_model::Stamp;
use relto_model::time::sort_key;
use relto_store::{Row, VersionFilter};
use serde::{Deserialize, Serialize};

use super::{InformationRequestError, REQUEST, RESPONSE, ResponseOutcome};
use crate::error::StoreError;
use crate::node::Node;
use crate::reading::Reading;

/// A question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InformationRequestView {
    /// Its id.
    pub id: String,
    /// The question.
    pub question: String,
    /// What is behind it.
    pub description: Option<String>,
    /// The organisation that asks: the one that wrote it, whatever it calls itself.
    pub asked_by: String,
    /// The organisations that are asked.
    pub asked_of: Vec<String>,
    /// When it was asked.
    pub created: String,
    /// When an answer is of use no more.
    pub due: Option<String>,
    /// Whether it is open beyond that.
    pub overdue: bool,
    /// `open` or `closed`.
    pub state: String,
    /// Why it was closed.
    pub close_reason: Option<String>,
    /// The collections that it stands in.
    pub collections: BTreeSet<String>,
    /// Its answers, as far as the account may see them.
    pub answers: Vec<InformationResponseView>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InformationResponseView {
    /// Its id.
    pub id: String,
    /// The organisation that answers: the one that wrote it.
    pub answered_by: String,
    /// When.
    pub created: String,
    /// How.
    pub outcome: ResponseOutcome,
    /// The objects that answer.
    pub objects: Vec<String>,
    /// What is said beside them.
    pub note: Option<String>,
}

/// A question as it is written.
#[derive(Deserialize)]
struct Question {
    created: String,
    question: String,
    description: Option<String>,
    #[serde(default)]
    asked_of: Vec<String>,
    due: Option<String>,
    state: String,
    close_reason: Option<String>,
    #[serde(default)]
    revoked: bool,
}

/// An answer as it is written.
#[derive(Deserialize)]
struct Answer {
    created: String,
    request_ref: String,
    outcome: ResponseOutcome,
    #[serde(default)]
    object_refs: Vec<String>,
    note: Option<String>,
    #[serde(default)]
    revoked: bool,
}

/// The latest version of something, and where it stands.
#[derive(Default)]
struct Latest {
    version: String,
    collections: BTreeSet<String>,
    body: Vec<u8>,
}

impl Node {
    /// The questions that the account `user` may see, the most urgent first: those that are open, or all.
    ///
    /// # Errors
    /// [`InformationRequestError`] when there is no such account, or the store fails.
    pub fn requests(&self, user: &str, all: bool) -> Result<Vec<InformationRequestView>, InformationRequestError> {
        let reading = self.reading_as(user)?;
        if reading.partner().is_some() {
            return Err(InformationRequestError::Partner(user.to_owned()));
        }
        let mut answers = answers(&reading)?;
        let questions = latest(&reading, REQUEST)?.into_iter();
        let views = questions.filter_map(|((id, owner), latest)| {
            let answers = answers.get_mut(&id).cloned().unwrap_or_default();
            view(id, owner, latest, answers, self.now()).filter(|view| all || view.state == "open")
        });
        let mut views: Vec<InformationRequestView> = views.collect();
        let urgency = |view: &InformationRequestView| (view.due.is_none(), view.due.clone(), view.created.clone());
        views.sort_by_cached_key(urgency);
        if reading.principal().is_cut() { Err(InformationRequestError::Cut) } else { Ok(views) }
    }
}

/// The answers that may be seen, by the question that they answer.
fn answers(reading: &Reading<'_>) -> Result<BTreeMap<String, Vec<InformationResponseView>>, StoreError> {
    let mut answers: BTreeMap<String, Vec<InformationResponseView>> = BTreeMap::new();
    for ((id, answered_by), Latest { body, .. }) in latest(reading, RESPONSE)? {
        let read = serde_json::from_slice(&body).ok().filter(|answer: &Answer| !answer.revoked);
        let Some(Answer { created, request_ref, outcome, object_refs: objects, note, .. }) = read else { continue };
        answers.entry(request_ref).or_default().push(InformationResponseView { id, answered_by, created, outcome, objects, note });
    }
    answers.values_mut().for_each(|all| all.sort_by(|one, other| one.created.cmp(&other.created)));
    Ok(answers)
}

/// `None` when it was withdrawn, or is what somebody else calls by the same word.
fn view(id: String, asked_by: String, latest: Latest, answers: Vec<InformationResponseView>, now: Stamp) -> Option<InformationRequestView> {
    let read: Question = serde_json::from_slice(&latest.body).ok()?;
    let Question { created, question, description, asked_of, due, state, close_reason, revoked } = read;
    let is_past = due.as_ref().is_some_and(|due| Stamp::parse(due).is_ok_and(|due| due <= now));
    let overdue = is_past && state == "open";
    let collections = latest.collections;
    (!revoked).then_some(InformationRequestView {
        id,
        question,
        description,
        asked_by,
        asked_of,
        created,
        due,
        overdue,
        state,
        close_reason,
        collections,
        answers,
    })
}

/// The latest version of every object of `kind` by id and whoever wrote it: what somebody else wrote under the same id stands beside it and
/// never in its place (decision 0008).
fn latest(reading: &Reading<'_>, kind: &str) -> Result<BTreeMap<(String, String), Latest>, StoreError> {
    let mut all: BTreeMap<(String, String), Latest> = BTreeMap::new();
    for view in reading.collections().into_iter().filter(|view| view.can_read) {
        let mut query = view.query(VersionFilter::all());
        query.filter.kinds = vec![kind.to_owned()];
        for row in reading.page(&query)?.rows.iter().map(|row| row.get()) {
            let known = all.entry((row.id().to_owned(), row.owner().to_owned())).or_default();
            note(known, row, &view.alias);
        }
    }
    Ok(all)
}

fn note(known: &mut Latest, row: &Row, collection: &str) {
    let (version, before) = (sort_key(row.version()), sort_key(&known.version));
    if version > before {
        *known = Latest { version: row.version().to_owned(), collections: BTreeSet::new(), body: row.body().to_vec() };
    }
    if version >= sort_key(&known.version) {
        known.collections.insert(collection.to_owned());
    }
}
