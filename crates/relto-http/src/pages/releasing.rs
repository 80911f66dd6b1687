//! The release desk: drafts of the session, what waits for a second person, what was published.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use relto_model::ObjectId;
use relto_node::{DRAFT_BYTES_MAX, DeskError, DeskMatrix, Draft};
use relto_pages::{DESK_PATH, DRAFTS_PATH, DeskPage, DeskTrouble, MatrixOf, MatrixPage, OpenDraft, PROPOSALS_PATH, RELEASES_PATH, Trouble};

use super::form::Form;
use super::reading::{blocking, unavailable, unreadable};
use super::reply::{Page, redirect};
use super::{Asked, Refused, visitor};
use crate::routes::{Application, Endpoint};
use crate::session::SignedIn;

/// Longest label and reason that somebody may write.
const WRITTEN_CHARACTERS_MAX: usize = 500;
/// What a text is called that came without a file.
const UNNAMED: &str = "objects.json";

/// Somebody at the desk.
#[derive(Clone)]
struct AtDesk {
    application: Arc<Application>,
    asked: Arc<Asked>,
    signed_in: SignedIn,
}

/// The page that was asked for.
pub(super) async fn read(application: &Arc<Application>, asked: Asked, signed_in: SignedIn) -> Result<Response, Refused> {
    let at = AtDesk { application: application.clone(), asked: Arc::new(asked), signed_in };
    let page = move || match at.asked.endpoint {
        Endpoint::DraftPage => at.draft_page(StatusCode::OK, None),
        Endpoint::ProposalPage => at.proposal_page(StatusCode::OK, None),
        Endpoint::ReleasePage => at.release_page(),
        _ => at.desk_page(StatusCode::OK, None, &Draft::default()),
    };
    blocking(move || page().map(Page::into_response)).await
}

/// What a form of ours does here.
pub(super) async fn change(application: &Arc<Application>, asked: &Asked, signed_in: SignedIn, form: Form) -> Result<Response, Refused> {
    let asked = Asked { endpoint: asked.endpoint, language: asked.language, path: asked.path.clone(), query: String::new() };
    let at = AtDesk { application: application.clone(), asked: Arc::new(asked), signed_in };
    let act = move || match at.asked.endpoint {
        Endpoint::NewDraft => at.new_draft(&form),
        Endpoint::ChangeDraft => at.change_draft(&form),
        _ => at.decide(&form),
    };
    blocking(act).await
}

impl AtDesk {
    fn id(&self) -> &str {
        self.asked.path.first().map_or("", String::as_str)
    }

    fn draft(&self) -> Result<Arc<Draft>, Refused> {
        Ok(self.application.sessions().draft(&self.signed_in, self.id()).ok_or(Trouble::NotFound)?)
    }

    fn desk_page(&self, status: StatusCode, trouble: Option<&DeskTrouble>, before: &Draft) -> Result<Page, Refused> {
        let (desk, reader) = self.application.node().desk(&self.signed_in.session).map_err(|error| refused(&error))?;
        let open = |(id, draft): &(String, Arc<Draft>)| OpenDraft {
            id: id.clone(),
            name: draft.name.clone(),
            collection: draft.collection.clone(),
        };
        let drafts: Vec<OpenDraft> = self.application.sessions().drafts(&self.signed_in).iter().map(open).collect();
        let html = relto_pages::desk(&DeskPage {
            language: self.asked.language,
            visitor: visitor(&self.signed_in),
            desk: &desk,
            drafts: &drafts,
            trouble,
            collection: &before.collection,
            label: before.label.as_deref().unwrap_or_default(),
        });
        Ok(Page::cleared(self.asked.language, html, reader).with_status(status))
    }

    /// The draft that the path names, with what publishing it would come to.
    fn draft_page(&self, status: StatusCode, trouble: Option<&DeskTrouble>) -> Result<Page, Refused> {
        let draft = self.draft()?;
        let of = MatrixOf::Draft(self.id(), &draft);
        match self.application.node().desk_preview(&self.signed_in.session, &draft) {
            Ok((matrix, reader)) => {
                Ok(Page::cleared(self.asked.language, self.matrix(of, Some(&matrix), trouble), reader).with_status(status))
            }
            // Which the page lets one write anew.
            Err(DeskError::Label(error)) => {
                let trouble = DeskTrouble::Label(error.to_string());
                Ok(Page::new(status, self.asked.language, self.matrix(of, None, Some(&trouble))))
            }
            Err(error) => Err(refused(&error)),
        }
    }

    fn matrix(&self, of: MatrixOf<'_>, matrix: Option<&DeskMatrix>, trouble: Option<&DeskTrouble>) -> relto_pages::Html {
        let page = Form::parse(self.asked.query.as_bytes()).get("page").parse().unwrap_or(1);
        relto_pages::matrix(&MatrixPage {
            language: self.asked.language,
            visitor: visitor(&self.signed_in),
            kinds: self.application.node().kinds(),
            of,
            matrix,
            page,
            trouble,
        })
    }

    fn proposal_page(&self, status: StatusCode, trouble: Option<&DeskTrouble>) -> Result<Page, Refused> {
        let found = self.application.node().desk_proposal(&self.signed_in.session, self.id());
        let (entry, matrix, reader) = found.map_err(|error| refused(&error))?;
        let html = self.matrix(MatrixOf::Proposal(&entry), matrix.as_ref(), trouble);
        Ok(Page::cleared(self.asked.language, html, reader).with_status(status))
    }

    fn release_page(&self) -> Result<Page, Refused> {
        let node = self.application.node();
        let (release, reader) = node.desk_release(&self.signed_in.session, self.id()).map_err(|error| refused(&error))?;
        let html = relto_pages::release(self.asked.language, visitor(&self.signed_in), node.kinds(), &release);
        Ok(Page::cleared(self.asked.language, html, reader))
    }

    /// Keeps what was sent as a draft of the session, if it can be read at all.
    fn new_draft(&self, form: &Form) -> Result<Response, Refused> {
        let node = self.application.node();
        let (name, content) = match form.file() {
            Some((name, content)) => (name.clone(), content.clone()),
            None => (UNNAMED.to_owned(), Bytes::from(form.get("text").trim().to_owned())),
        };
        let name = if name.trim().is_empty() { UNNAMED.to_owned() } else { name };
        // A copy of its own: a slice would keep the whole form.
        let content = Bytes::copy_from_slice(&content);
        let draft = Draft { name, content, collection: form.get("collection").to_owned(), label: written(form), ..Draft::default() };
        if draft.content.len() > DRAFT_BYTES_MAX {
            return Err(Trouble::TooLarge.into());
        }
        let again = |status, trouble: &DeskTrouble| self.desk_page(status, Some(trouble), &draft).map(Page::into_response);
        if draft.content.is_empty() {
            // Whoever has no desk is not told that there is one.
            return again(StatusCode::UNPROCESSABLE_ENTITY, &DeskTrouble::Nothing);
        }
        if let Err(error) = node.check_draft(&self.signed_in.session, &draft) {
            let trouble = told(&error).filter(|_| self.signed_in.writes).ok_or_else(|| refused(&error))?;
            return again(StatusCode::UNPROCESSABLE_ENTITY, &trouble);
        }
        let id = URL_SAFE_NO_PAD.encode(node.random::<16>());
        match self.application.sessions().keep_draft(&self.signed_in, &id, draft.clone()) {
            Ok(()) => Ok(redirect(&format!("{DRAFTS_PATH}{id}/"))),
            Err(_) => again(StatusCode::INSUFFICIENT_STORAGE, &DeskTrouble::Drafts),
        }
    }

    fn change_draft(&self, form: &Form) -> Result<Response, Refused> {
        let (node, sessions, draft) = (self.application.node(), self.application.sessions(), self.draft()?);
        let (session, digest) = (&self.signed_in.session, form.get("digest"));
        let done = match form.get("act") {
            "label" => return self.relabel(form, &draft),
            "discard" => {
                sessions.discard_draft(&self.signed_in, self.id());
                return Ok(redirect(DESK_PATH));
            }
            "publish" => node.desk_publish(session, &draft, digest).map(|id| format!("{RELEASES_PATH}{id}/")),
            "propose" => node.desk_propose(session, &draft, digest).map(|id| format!("{PROPOSALS_PATH}{id}/")),
            _ => return Err(Trouble::Unreadable.into()),
        };
        match done {
            Ok(path) => {
                sessions.discard_draft(&self.signed_in, self.id());
                // What one may bring and not see is not shown afterwards.
                Ok(redirect(if self.is_shown(&path) { &path } else { DESK_PATH }))
            }
            Err(error) => {
                let trouble = told(&error).ok_or_else(|| refused(&error))?;
                self.draft_page(StatusCode::CONFLICT, Some(&trouble)).map(Page::into_response)
            }
        }
    }

    /// Whether whoever acts may see the page that the act leads to.
    fn is_shown(&self, path: &str) -> bool {
        let id = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let (node, session) = (self.application.node(), &self.signed_in.session);
        if path.starts_with(RELEASES_PATH) { node.desk_release(session, id).is_ok() } else { node.desk_proposal(session, id).is_ok() }
    }

    /// Gives the draft, or one object of it, another label.
    fn relabel(&self, form: &Form, draft: &Draft) -> Result<Response, Refused> {
        let mut draft = draft.clone();
        match form.given("object").map(ObjectId::parse) {
            None => draft.label = written(form),
            Some(Err(_)) => {
                return self.draft_page(StatusCode::UNPROCESSABLE_ENTITY, Some(&DeskTrouble::NoObject)).map(Page::into_response);
            }
            Some(Ok(id)) => {
                draft.labels.remove(&id);
                draft.labels.extend(written(form).map(|label| (id, label)));
            }
        }
        match self.application.sessions().keep_draft(&self.signed_in, self.id(), draft) {
            Ok(()) => Ok(redirect(&format!("{DRAFTS_PATH}{}/", self.id()))),
            Err(_) => Err(Trouble::NotFound.into()),
        }
    }

    fn decide(&self, form: &Form) -> Result<Response, Refused> {
        let (node, session, id) = (self.application.node(), &self.signed_in.session, self.id());
        let done = match form.get("act") {
            "approve" => node.desk_approve(session, id, form.get("digest")).map(|()| format!("{RELEASES_PATH}{id}/")),
            "decline" => {
                let reason: String = form.get("reason").trim().chars().take(WRITTEN_CHARACTERS_MAX).collect();
                node.desk_decline(session, id, &reason).map(|()| DESK_PATH.to_owned())
            }
            _ => return Err(Trouble::Unreadable.into()),
        };
        match done {
            Ok(path) => Ok(redirect(if path == DESK_PATH || self.is_shown(&path) { &path } else { DESK_PATH })),
            Err(error) => {
                let trouble = told(&error).ok_or_else(|| refused(&error))?;
                self.proposal_page(StatusCode::CONFLICT, Some(&trouble)).map(Page::into_response)
            }
        }
    }
}

/// The label that was written, if one was.
fn written(form: &Form) -> Option<String> {
    let label: String = form.get("label").trim().chars().take(WRITTEN_CHARACTERS_MAX).collect();
    Some(label).filter(|label| !label.is_empty())
}

/// What whoever acted is told; nothing of what is absent or broken.
fn told(error: &DeskError) -> Option<DeskTrouble> {
    Some(match error {
        DeskError::Form(why) => DeskTrouble::Form(why.clone()),
        DeskError::TooMany(count) => DeskTrouble::TooMany(*count),
        DeskError::Label(error) => DeskTrouble::Label(error.to_string()),
        DeskError::Refused => DeskTrouble::Refused,
        DeskError::Changed => DeskTrouble::Changed,
        DeskError::SecondPerson => DeskTrouble::SecondPerson,
        DeskError::NobodyDecides => DeskTrouble::NobodyDecides,
        DeskError::Full => DeskTrouble::Full,
        DeskError::Absent | DeskError::Read(_) | DeskError::Store(_) => return None,
    })
}

/// What is absent, for this account, is nowhere.
fn refused(error: &DeskError) -> Refused {
    match error {
        DeskError::Read(error) => unreadable(error),
        DeskError::Store(error) => unavailable(error),
        _ => Trouble::NotFound.into(),
    }
}
