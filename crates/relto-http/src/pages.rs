//! Pages for people: each request as a use case of the node, each answer as HTML that `relto-pages` made of it.
//!
//! The account that signed in reads exactly as over TAXII. Whoever has no session is sent to sign in, whatever was asked for; what is absent and what is
//! hidden is one page. Nothing changes by a GET; what changes something takes a form of our own: its origin, and the session's token in it.

mod form;
mod looking;
mod reading;
mod releasing;
mod reply;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use relto_node::Session;
use relto_pages::assets::{self, ASSETS_PATH};
use relto_pages::{Language, SignInPage, SignInTrouble, Trouble, Visitor, sign_in, trouble};
use relto_taxii::Problem;

use self::form::{DRAFT_FORM_BYTES_MAX, Form, FormError, next_of};
use self::reply::{Page, redirect, with_cookie};
use crate::routes::{Application, Endpoint};
use crate::serve::Source;
use crate::session::{SignedIn, cookie, id_in, is_same};
use crate::tls::ClientCertificate;

/// The route of style sheet, script and icon.
pub(crate) const ASSET: &str = "/assets/{name}";
/// Where people sign in.
const SIGN_IN: &str = "/sign-in/";
/// Where they begin.
const START: &str = "/objects/";

/// One request for a page.
pub(crate) struct Asked {
    pub endpoint: Endpoint,
    pub language: Language,
    /// The values in the path, in order.
    pub path: Vec<String>,
    pub query: String,
}

/// What went wrong, as a page says it.
#[derive(Debug)]
pub(crate) enum Refused {
    /// Something that a page of its own says.
    Trouble(Trouble),
    /// Nobody is signed in any more.
    SignedOut,
}

impl From<Trouble> for Refused {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

/// The answer, and whose it is.
pub(crate) async fn answer(
    application: &Arc<Application>,
    endpoint: Result<Endpoint, &'static str>,
    path: Vec<String>,
    request: Request,
) -> (Response, Option<String>) {
    let language = language_of(request.headers());
    let signed_in = signed_in(application, &request);
    let name = signed_in.as_ref().map(|signed_in| signed_in.session.name().to_owned());
    let visitor = signed_in.as_ref().map(visitor);
    let endpoint = match endpoint {
        Ok(endpoint) => endpoint,
        Err(allowed) => return (not_allowed(language, visitor, allowed), name),
    };
    let query = request.uri().query().unwrap_or("").to_owned();
    let asked = Asked { endpoint, language, path, query };
    if matches!(endpoint, Endpoint::SignInPage | Endpoint::SignIn | Endpoint::SignInCertificate) {
        return sign_somebody_in(application, &asked, signed_in.as_ref(), request).await;
    }
    let Some(signed_in) = signed_in else { return (nobody(&asked, &request), None) };
    let outcome = match endpoint {
        Endpoint::Start => Ok(redirect(START)),
        Endpoint::SignOut | Endpoint::NewToken | Endpoint::NewDraft | Endpoint::ChangeDraft | Endpoint::DecideProposal => {
            change(application, &asked, &signed_in, request).await
        }
        Endpoint::ReleaseDesk | Endpoint::DraftPage | Endpoint::ProposalPage | Endpoint::ReleasePage => {
            releasing::read(application, asked, signed_in.clone()).await
        }
        _ => reading::read(application, asked, signed_in.clone()).await,
    };
    let refused = |refused| match refused {
        Refused::Trouble(kind) => {
            Page::new(status(kind), language, trouble(language, Some(self::visitor(&signed_in)), kind)).into_response()
        }
        Refused::SignedOut => with_cookie(redirect(SIGN_IN), &cookie(None)),
    };
    (outcome.unwrap_or_else(refused), name)
}

/// Whoever the cookie stands for; who signed in by a certificate, over a connection that has proved it again.
fn signed_in(application: &Application, request: &Request) -> Option<SignedIn> {
    let signed_in = application.sessions().find(application.node(), id_of(request.headers())?)?;
    let proved = request.extensions().get::<ClientCertificate>();
    let is_theirs = |key: &[u8; 32]| proved.is_some_and(|ClientCertificate(proved)| proved == key);
    signed_in.session.certificate().is_none_or(is_theirs).then_some(signed_in)
}

fn id_of(headers: &HeaderMap) -> Option<&str> {
    let mut cookies = headers.get_all(header::COOKIE).iter();
    let only = cookies.next()?;
    cookies.next().is_none().then(|| only.to_str().ok().and_then(id_in)).flatten()
}

pub(crate) fn visitor(signed_in: &SignedIn) -> Visitor<'_> {
    Visitor { name: signed_in.session.name(), csrf: &signed_in.csrf, writes: signed_in.writes, is_officer: signed_in.is_officer }
}

fn language_of(headers: &HeaderMap) -> Language {
    relto_pages::language(headers.get(header::ACCEPT_LANGUAGE).and_then(|accepted| accepted.to_str().ok()).unwrap_or(""))
}

fn status(trouble: Trouble) -> StatusCode {
    match trouble {
        Trouble::NotFound => StatusCode::NOT_FOUND,
        Trouble::Forged => StatusCode::FORBIDDEN,
        Trouble::Unreadable => StatusCode::BAD_REQUEST,
        Trouble::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Trouble::Method => StatusCode::METHOD_NOT_ALLOWED,
        Trouble::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn not_allowed(language: Language, visitor: Option<Visitor<'_>>, allowed: &'static str) -> Response {
    let mut response = Page::new(StatusCode::METHOD_NOT_ALLOWED, language, trouble(language, visitor, Trouble::Method)).into_response();
    response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static(allowed));
    response
}

/// Who is not signed in may read nothing, and is told nothing of what there is.
fn nobody(asked: &Asked, request: &Request) -> Response {
    if !matches!(*request.method(), axum::http::Method::GET | axum::http::Method::HEAD) {
        return Page::new(StatusCode::FORBIDDEN, asked.language, trouble(asked.language, None, Trouble::Forged)).into_response();
    }
    let wanted = request.uri().path_and_query().map_or("", |wanted| wanted.as_str());
    match next_of(wanted) {
        Some(next) => {
            redirect(&format!("{SIGN_IN}?{}", form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish()))
        }
        None => redirect(SIGN_IN),
    }
}

async fn sign_somebody_in(
    application: &Arc<Application>,
    asked: &Asked,
    before: Option<&SignedIn>,
    request: Request,
) -> (Response, Option<String>) {
    let organisation = application.node().organisation();
    let certificate = request.extensions().get::<ClientCertificate>().copied();
    let page = |status, next: &str, name: &str, trouble| {
        let has_certificate = certificate.is_some();
        let page = SignInPage { language: asked.language, organisation: &organisation, next, name, has_certificate, trouble };
        Page::new(status, asked.language, sign_in(&page)).into_response()
    };
    if asked.endpoint == Endpoint::SignInPage {
        let wanted = Form::parse(asked.query.as_bytes());
        let next = next_of(wanted.get("next")).unwrap_or(START);
        let shown = if before.is_some() { redirect(next) } else { page(StatusCode::OK, next, "", None) };
        return (shown, before.map(|before| before.session.name().to_owned()));
    }
    let source = request.extensions().get::<Source>().copied();
    let old = id_of(request.headers()).map(str::to_owned);
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(FormError::Forged | FormError::Unreadable | FormError::TooLarge) => {
            return (page(StatusCode::BAD_REQUEST, START, "", Some(SignInTrouble::Unreadable)), None);
        }
    };
    let next = next_of(form.get("next")).unwrap_or(START);
    let proved = match asked.endpoint {
        Endpoint::SignInCertificate => Ok(certificate.and_then(|ClientCertificate(key)| application.node().sign_in_certificate(&key))),
        _ => by_password(application, &form).await,
    };
    let session = match proved {
        Ok(Some(session)) => session,
        Err(trouble) => return (page(StatusCode::SERVICE_UNAVAILABLE, next, form.get("name"), Some(trouble)), None),
        Ok(None) => {
            if let Some(Source(source)) = source {
                application.sign_in().slow_down(source).await;
            }
            let is_card = asked.endpoint == Endpoint::SignInCertificate;
            let trouble = if is_card { SignInTrouble::Certificate } else { SignInTrouble::Wrong };
            return (page(StatusCode::FORBIDDEN, next, form.get("name"), Some(trouble)), None);
        }
    };
    if let Some(old) = old {
        application.sessions().close(&old);
    }
    let name = session.name().to_owned();
    let id = application.sessions().open(application.node(), session);
    (with_cookie(redirect(next), &cookie(Some(&id))), Some(name))
}

/// Whoever the name and the password of `form` are of.
async fn by_password(application: &Arc<Application>, form: &Form) -> Result<Option<Session>, SignInTrouble> {
    let turn = application.sessions().turn().await.ok_or(SignInTrouble::Busy)?;
    let (node, name, password) = (application.node().clone(), form.get("name").to_owned(), form.get("password").to_owned());
    let session = tokio::task::spawn_blocking(move || node.sign_in_password(&name, &password)).await.ok().flatten();
    drop(turn);
    Ok(session)
}

/// What a form of ours changes.
async fn change(application: &Arc<Application>, asked: &Asked, signed_in: &SignedIn, request: Request) -> Result<Response, Refused> {
    let id = id_of(request.headers()).map(str::to_owned);
    let is_draft = asked.endpoint == Endpoint::NewDraft && signed_in.writes;
    let form = if is_draft { Form::read_within(request, DRAFT_FORM_BYTES_MAX).await } else { Form::read(request).await };
    let form = form.map_err(|error| match error {
        FormError::Forged => Trouble::Forged,
        FormError::Unreadable => Trouble::Unreadable,
        FormError::TooLarge => Trouble::TooLarge,
    })?;
    if !is_same(form.get("csrf"), &signed_in.csrf) {
        return Err(Trouble::Forged.into());
    }
    match asked.endpoint {
        Endpoint::NewToken => return reading::new_token(application, asked.language, signed_in.clone()).await,
        Endpoint::NewDraft | Endpoint::ChangeDraft | Endpoint::DecideProposal => {
            return releasing::change(application, asked, signed_in.clone(), form).await;
        }
        _ => {}
    }
    id.iter().for_each(|id| application.sessions().close(id));
    Ok(with_cookie(redirect(SIGN_IN), &cookie(None)))
}

/// What is at no route: for a browser the page that also stands for what is hidden.
pub(crate) async fn not_found(State(application): State<Arc<Application>>, request: Request) -> Response {
    let wants_page =
        request.headers().get(header::ACCEPT).is_some_and(|accepted| accepted.to_str().is_ok_and(|it| it.contains("text/html")));
    if !wants_page {
        return crate::reply::problem(&Problem::NotFound);
    }
    let language = language_of(request.headers());
    let signed_in = signed_in(&application, &request);
    Page::new(StatusCode::NOT_FOUND, language, trouble(language, signed_in.as_ref().map(visitor), Trouble::NotFound)).into_response()
}

/// Style sheet, script, icon: the same for everybody, and for ever under their name.
pub(crate) async fn asset(request: Request) -> Response {
    let path = request.uri().path();
    debug_assert!(path.starts_with(ASSETS_PATH));
    let Some(asset) = assets::all().iter().find(|asset| asset.path == path) else { return crate::reply::problem(&Problem::NotFound) };
    let headers = [
        (header::CONTENT_TYPE, asset.media_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, asset.content).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_cookie_counts() {
        let mut headers = HeaderMap::new();
        assert_eq!(id_of(&headers), None);
        headers.append(header::COOKIE, "other=1; __Host-relto=abc; more=2".parse().unwrap());
        assert_eq!(id_of(&headers), Some("abc"));
        headers.append(header::COOKIE, "__Host-relto=planted".parse().unwrap());
        assert_eq!(id_of(&headers), None);
        assert_eq!(id_in("__Host-relto=a; __Host-relto=b"), None);
    }
}
