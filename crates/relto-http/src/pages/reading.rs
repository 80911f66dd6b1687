//! What pages show: the use cases behind them, each on a thread that may wait.

use std::sync::Arc;

use axum::response::Response;
use relto_gate::Arrival;
use relto_model::{ObjectId, Stamp};
use relto_node::{
    BrowsePlace, BrowseRequest, Choices, LabelDeskError, LabelRequest, Node, Position, ReadError, SearchError, SearchRequest, TextError,
};
use relto_pages::{LabelPage, Language, MePage, ObjectsPage, SearchFailed, Shown, Trouble};
use relto_taxii::cursor::{self, CursorPosition};

use super::form::Form;
use super::reply::Page;
use super::{Asked, Refused, looking, visitor};
use crate::routes::{Application, Endpoint};
use crate::session::SignedIn;

/// Objects of a page, unless fewer are asked for.
const PAGE_ROWS: usize = 100;

/// The page that was asked for.
pub(super) async fn read(application: &Arc<Application>, asked: Asked, signed_in: SignedIn) -> Result<Response, Refused> {
    let node = application.node().clone();
    let page = move || match asked.endpoint {
        Endpoint::ObjectPage => looking::object(&node, &asked, &signed_in),
        Endpoint::ObjectBytes => looking::bytes(&node, &asked, &signed_in),
        Endpoint::WhyPage => looking::why(&node, &asked, &signed_in),
        Endpoint::EntityPage => looking::entity(&node, &asked, &signed_in),
        Endpoint::GraphPage => looking::graph(&node, &asked, &signed_in),
        Endpoint::LabelPage => label(&node, &asked, &signed_in),
        Endpoint::MePage => me(&node, asked.language, &signed_in, None),
        _ => objects(&node, &asked, &signed_in),
    };
    blocking(page).await.map(Page::into_response)
}

/// Makes a new token, and shows it this once.
pub(super) async fn new_token(application: &Arc<Application>, language: Language, signed_in: SignedIn) -> Result<Response, Refused> {
    let node = application.node().clone();
    let page = move || {
        let token = node.rotate_token(signed_in.session.name()).map_err(|error| unavailable(&error))?;
        me(&node, language, &signed_in, Some(&token))
    };
    blocking(page).await.map(Page::into_response)
}

/// What a panic says can hold what it stumbled over: it is not logged.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Refused> + Send + 'static) -> Result<T, Refused> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| {
        tracing::error!("a request ended in a panic");
        Err(Trouble::Unavailable.into())
    })
}

fn me(node: &Node, language: Language, signed_in: &SignedIn, token: Option<&str>) -> Result<Page, Refused> {
    let reading = node.reading(&signed_in.session).map_err(|error| unreadable(&error))?;
    let account = reading.own_account();
    let html = relto_pages::me(&MePage { language, visitor: visitor(signed_in), account: &account, token });
    Ok(Page::cleared(language, html, reading.into_principal()))
}

fn label(node: &Node, asked: &Asked, signed_in: &SignedIn) -> Result<Page, Refused> {
    let form = Form::parse(asked.query.as_bytes());
    // What is no id is no object's.
    let object = form.given("object").map(ObjectId::parse).transpose().map_err(|_| Trouble::NotFound)?;
    let (policy, level) = (form.get("policy").to_owned(), form.get("level").to_owned());
    let choices = Choices { policy, level, values: form.all("value").into_iter().collect() };
    let review = form.given("review").map(Stamp::parse).transpose().map_err(|_| Trouble::Unreadable)?;
    let request = LabelRequest { choices, text: form.get("text").to_owned(), review, object };
    let (desk, reader) = node.label_desk(&signed_in.session, &request).map_err(|error| match error {
        LabelDeskError::Absent => Trouble::NotFound.into(),
        LabelDeskError::Read(error) => unreadable(&error),
        LabelDeskError::Store(error) => unavailable(&error),
    })?;
    let html = relto_pages::label(&LabelPage { language: asked.language, visitor: visitor(signed_in), request: &request, desk: &desk });
    Ok(Page::cleared(asked.language, html, reader))
}

fn objects(node: &Node, asked: &Asked, signed_in: &SignedIn) -> Result<Page, Refused> {
    let form = Form::parse(asked.query.as_bytes());
    let rows = form.get("rows").parse().ok().filter(|rows| (1..=PAGE_ROWS).contains(rows));
    let page = |shown: Shown<'_>| {
        relto_pages::objects(&ObjectsPage {
            language: asked.language,
            visitor: visitor(signed_in),
            kinds: node.kinds(),
            query: form.get("q").trim(),
            kind: form.given("kind"),
            collection: form.given("collection"),
            rows,
            shown,
        })
    };
    if !form.get("q").trim().is_empty() {
        return found(node, asked, signed_in, &form, &page);
    }
    let reading = node.reading(&signed_in.session).map_err(|error| unreadable(&error))?;
    let binding = binding(signed_in, &form, form.get("in"));
    let request = BrowseRequest {
        collection: form.given("collection").map(str::to_owned),
        kind: form.given("kind").map(str::to_owned),
        after: place(node, &form, &binding)?,
        rows_max: rows.unwrap_or(PAGE_ROWS),
    };
    let browsed = reading.browse(&request).map_err(|error| unavailable(&error))?;
    let sealed = browsed.next.as_ref().and_then(|place| {
        let position = CursorPosition { visible: place.position.visible.0, row: place.position.row.0 };
        cursor::seal(node.cursor_keys().first()?, &self::binding(signed_in, &form, &place.collection), position)
    });
    let html = page(Shown::List(&browsed, sealed.as_deref()));
    Ok(Page::cleared(asked.language, html, reading.into_principal()))
}

fn found(
    node: &Node,
    asked: &Asked,
    signed_in: &SignedIn,
    form: &Form,
    page: &dyn Fn(Shown<'_>) -> relto_pages::Html,
) -> Result<Page, Refused> {
    let kinds = form.given("kind").map(str::to_owned).into_iter().collect();
    let request = SearchRequest { query: form.get("q").trim().to_owned(), kinds, limit: PAGE_ROWS };
    let failed = |failed| Ok(Page::new(axum::http::StatusCode::OK, asked.language, page(Shown::Failed(failed))));
    match node.search_shown(&signed_in.session, &request) {
        Ok((found, reader)) => Ok(Page::cleared(asked.language, page(Shown::Found(&found)), reader)),
        Err(SearchError::Text(TextError::Query { reason, .. })) => failed(SearchFailed::Query(&reason)),
        Err(SearchError::NoIndex | SearchError::Text(TextError::Busy)) => failed(SearchFailed::Unavailable),
        Err(SearchError::Read(error)) => Err(unreadable(&error)),
        Err(error) => Err(unavailable(&error)),
    }
}

/// What the place of a page is good for: who, and which objects.
fn binding(signed_in: &SignedIn, form: &Form, collection: &str) -> [u8; 32] {
    cursor::binding(&["objects-page", signed_in.session.name(), collection, form.get("kind"), form.get("collection")])
}

/// The place that the query names, if it names one.
fn place(node: &Node, form: &Form, binding: &[u8; 32]) -> Result<Option<BrowsePlace>, Trouble> {
    let Some(sealed) = form.given("at") else { return Ok(None) };
    let added = Stamp::parse(form.get("after")).map_err(|_| Trouble::Unreadable)?;
    let CursorPosition { visible, row } = cursor::open(&node.cursor_keys(), binding, sealed).map_err(|_| Trouble::Unreadable)?;
    let position = Position { visible: Arrival(visible), row: Arrival(row) };
    Ok(Some(BrowsePlace { added, collection: form.get("in").to_owned(), position }))
}

pub(super) fn unreadable(error: &ReadError) -> Refused {
    match error {
        ReadError::SignedOut | ReadError::NoUser(_) | ReadError::Disabled(_) => Refused::SignedOut,
        ReadError::Store(error) => unavailable(error),
    }
}

/// The operator reads why; whoever asked does not.
pub(super) fn unavailable(error: &(dyn std::error::Error + 'static)) -> Refused {
    tracing::error!(error, "a page cannot be shown");
    Trouble::Unavailable.into()
}
