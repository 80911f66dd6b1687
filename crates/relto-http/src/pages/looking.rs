//! Pages about one object, or about what hangs together with it: each names what it is about in its address, and what is not there for its reader, is
//! hidden, or is no id at all is one page.

use relto_model::ObjectId;
use relto_node::{EntityError, EntityFound, EntityRequest, GRAPH_CHOSEN_MAX, GRAPH_EXPANDED_MAX, GraphRequest, Node, VersionWanted};
use relto_node::{SearchError, ShowError, ViewError};
use relto_pages::{EntityShown, GraphPage, GraphSize, Trouble};

use super::form::Form;
use super::reading::{unavailable, unreadable};
use super::reply::Page;
use super::{Asked, Refused, visitor};
use crate::session::SignedIn;

/// Entries of each part of what is known of an entity.
const ENTITY_ROWS: usize = 50;
/// Types that a graph leaves out, at most.
const HIDDEN_MAX: usize = 100;

pub(super) fn object(node: &Node, asked: &Asked, signed_in: &SignedIn) -> Result<Page, Refused> {
    let id = id(asked.path.first().map(String::as_str))?;
    let (viewed, reader) = node.view(&signed_in.session, &id, &wanted(asked)).map_err(refused)?;
    let html = relto_pages::object(asked.language, visitor(signed_in), node.kinds(), id.as_str(), &viewed);
    Ok(Page::cleared(asked.language, html, reader))
}

/// The bytes of a version, as they came.
pub(super) fn bytes(node: &Node, asked: &Asked, signed_in: &SignedIn) -> Result<Page, Refused> {
    let id = id(asked.path.first().map(String::as_str))?;
    let (bytes, reader) = node.object_bytes(&signed_in.session, &id, &wanted(asked)).map_err(refused)?;
    Ok(Page::object(id, bytes, reader))
}

pub(super) fn why(node: &Node, asked: &Asked, signed_in: &SignedIn) -> Result<Page, Refused> {
    let form = Form::parse(asked.query.as_bytes());
    let id = id(form.given("object"))?;
    let (why, reader) = node.why(&signed_in.session, &id, form.given("who")).map_err(refused)?;
    let html = relto_pages::why(asked.language, visitor(signed_in), id.as_str(), &why);
    Ok(Page::cleared(asked.language, html, reader))
}

pub(super) fn entity(node: &Node, asked: &Asked, signed_in: &SignedIn) -> Result<Page, Refused> {
    let form = Form::parse(asked.query.as_bytes());
    let name = form.get("name").trim();
    let page = |shown: EntityShown<'_>| relto_pages::entity(asked.language, visitor(signed_in), node.kinds(), name, shown);
    if name.is_empty() {
        let html = page(EntityShown::Nothing);
        return Ok(Page::new(axum::http::StatusCode::OK, asked.language, html));
    }
    let kinds = form.given("kind").map(str::to_owned).into_iter().collect();
    let request = EntityRequest { what: name.to_owned(), kinds, alone: form.get("alone") == "1", limit: ENTITY_ROWS };
    let (found, banner, reader) = node.entity_shown(&signed_in.session, &request).map_err(|error| match error {
        EntityError::Absent(_) | EntityError::Several { .. } => Trouble::NotFound.into(),
        EntityError::Search(SearchError::Read(error)) => unreadable(&error),
        error => unavailable(&error),
    })?;
    let html = match &found {
        EntityFound::Known(answer) => page(EntityShown::Known(answer, &banner)),
        EntityFound::Several(choices) => page(EntityShown::Several(choices, &banner)),
    };
    Ok(Page::cleared(asked.language, html, reader))
}

pub(super) fn graph(node: &Node, asked: &Asked, signed_in: &SignedIn) -> Result<Page, Refused> {
    let form = Form::parse(asked.query.as_bytes());
    let ids =
        |name: &str, most: usize| -> Vec<ObjectId> { form.all(name).iter().filter_map(|id| ObjectId::parse(id).ok()).take(most).collect() };
    let (of, more) = (ids("of", GRAPH_CHOSEN_MAX), ids("more", GRAPH_EXPANDED_MAX));
    if of.is_empty() {
        return Err(Trouble::NotFound.into());
    }
    let hidden: Vec<String> = form.all("hide").into_iter().take(HIDDEN_MAX).collect();
    let request = GraphRequest { of, more, hidden: hidden.iter().cloned().collect() };
    let (graph, reader) = node.graph(&signed_in.session, &request).map_err(refused)?;
    let texts = |ids: &[ObjectId]| ids.iter().map(ObjectId::to_string).collect::<Vec<_>>();
    let html = relto_pages::graph(&GraphPage {
        language: asked.language,
        visitor: visitor(signed_in),
        kinds: node.kinds(),
        of: &texts(&request.of),
        more: &texts(&request.more),
        hidden: &hidden,
        size: size(form.get("zoom")),
        graph: &graph,
    });
    Ok(Page::cleared(asked.language, html, reader))
}

fn size(zoom: &str) -> GraphSize {
    match zoom {
        "whole" => GraphSize::Whole,
        steps => steps.parse().map_or(GraphSize::Legible, GraphSize::Steps),
    }
}

/// What is no id is no object's.
fn id(text: Option<&str>) -> Result<ObjectId, Trouble> {
    text.and_then(|id| ObjectId::parse(id).ok()).ok_or(Trouble::NotFound)
}

fn wanted(asked: &Asked) -> VersionWanted {
    let form = Form::parse(asked.query.as_bytes());
    let given = |name: &str| form.given(name).map(str::to_owned);
    VersionWanted { version: given("version"), against: given("against"), collection: given("in") }
}

fn refused(error: ViewError) -> Refused {
    match error {
        ViewError::Show(ShowError::Absent(_)) => Trouble::NotFound.into(),
        ViewError::Read(error) | ViewError::Search(SearchError::Read(error)) => unreadable(&error),
        error => unavailable(&error),
    }
}
