//! The TAXII endpoints: each request as a use case of the node, each answer as bytes.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::extract::Request;
use axum::http::{StatusCode, header};
use bytes::Bytes;
use relto_model::object::Object;
use relto_model::{ObjectId, Stamp};
use relto_node::{
    Attempt, Bodies, CollectionView, Filter, Node, OVERTAKEN_MAX, Outcome, Position, PostError, Posted, Query, ReadError, Reading, Release,
    RemoveError, Row, SayablePage, StoreError, TIMELESS_VERSION, VersionFilter,
};
use relto_taxii::cursor::{self, CursorPosition};
use relto_taxii::envelope::{self, EnvelopeError};
use relto_taxii::filter::{self, Accepts, TaxiiQuery, Versions};
use relto_taxii::page::{WireRow, WireRows};
use relto_taxii::resource::{ApiRoot, Collection, Collections, Discovery, Status, StatusDetail, to_json};
use relto_taxii::{Problem, media};

use crate::intake::CONTENT_BYTES_MAX;
use crate::reply::Reply;
use crate::routes::{API_ROOT, Application, Call, Endpoint};

/// Objects of a page when the client names no limit.
pub(crate) const PAGE_ROWS_DEFAULT: u32 = 1_000;
/// Objects of a page at most.
pub(crate) const PAGE_ROWS_MAX: u32 = 10_000;
/// About how many bytes of objects a page holds at most.
pub(crate) const PAGE_BYTES_MAX: usize = 8 << 20;
/// What every collection holds.
const MEDIA_TYPES: &[&str] = &[media::STIX];

/// Carries out everything that has no body: what is short at once, the rest on a thread that may wait.
pub(crate) async fn ask(application: &Application, call: Call) -> Result<Reply, Problem> {
    if is_short(&call)
        && let Some(reply) = at_once(application.node(), &call)?
    {
        return Ok(reply);
    }
    let node = application.node().clone();
    blocking(move || if call.endpoint == Endpoint::DeleteObject { delete(&node, &call) } else { read(&node, &call) }).await
}

/// Whether an answer takes no longer than the way to another thread and back is worth: no more than the usual page, and without a filter
/// under which a walk can pass by most of a collection.
fn is_short(call: &Call) -> bool {
    let is_usual =
        |asked: TaxiiQuery| asked.limit.is_none_or(|rows| rows <= PAGE_ROWS_DEFAULT) && asked.types.is_none() && asked.versions.is_none();
    call.endpoint != Endpoint::DeleteObject && !call.is_link && filter::parse(&call.query, accepts(call.endpoint)).is_ok_and(is_usual)
}

/// The answer, unless something has to be waited for.
fn at_once(node: &Node, call: &Call) -> Result<Option<Reply>, Problem> {
    let answered = std::panic::catch_unwind(AssertUnwindSafe(|| match node.reading_at_once(&call.session).map_err(unreadable)? {
        Some(reading) => answer(node, reading, call),
        None => Ok(None),
    }));
    answered.unwrap_or_else(|_| Err(panicked()))
}

fn read(node: &Node, call: &Call) -> Result<Reply, Problem> {
    for _ in 0..OVERTAKEN_MAX {
        if let Some(reply) = answer(node, node.reading(&call.session).map_err(unreadable)?, call)? {
            return Ok(reply);
        }
    }
    Err(Problem::Unavailable)
}

/// The answer; none when what was read for a partner was withdrawn before that could be written down.
fn answer(node: &Node, reading: Reading<'_>, call: &Call) -> Result<Option<Reply>, Problem> {
    let first = call.path.first().map_or("", String::as_str);
    match call.endpoint {
        Endpoint::Discovery => Ok(Some(discovery(node))),
        Endpoint::ApiRoot => Ok(Some(api_root())),
        Endpoint::Status => status(reading, first).map(Some),
        Endpoint::Collections => Ok(Some(collections(reading))),
        Endpoint::Collection => collection(reading, first).map(Some),
        _ => page(node, reading, call),
    }
}

fn discovery(node: &Node) -> Reply {
    let organisation = node.organisation();
    let body = to_json(&Discovery {
        title: &organisation,
        description: "Relto: everything that you may see, and nothing else",
        default: API_ROOT,
        api_roots: &[API_ROOT],
    });
    Reply::plain(StatusCode::OK, body)
}

fn api_root() -> Reply {
    let root = ApiRoot {
        title: "Collections of this node",
        description: "Objects that are released to whoever asks",
        versions: &[media::TAXII],
        max_content_length: CONTENT_BYTES_MAX,
    };
    Reply::plain(StatusCode::OK, to_json(&root))
}

fn status(reading: Reading<'_>, id: &str) -> Result<Reply, Problem> {
    let body = reading.status(id).map_err(unavailable)?.ok_or(Problem::NotFound)?;
    Ok(Reply::cleared(vec![body.into()], Vec::new(), reading.into_principal()))
}

fn collections(reading: Reading<'_>) -> Reply {
    let views = reading.collections();
    let body = to_json(&Collections { collections: views.iter().map(wire_collection).collect() });
    Reply::cleared(vec![body.into()], Vec::new(), reading.into_principal())
}

fn collection(reading: Reading<'_>, id: &str) -> Result<Reply, Problem> {
    let view = reading.collection(id).ok_or(Problem::NotFound)?;
    let body = to_json(&wire_collection(&view));
    Ok(Reply::cleared(vec![body.into()], Vec::new(), reading.into_principal()))
}

fn wire_collection(view: &CollectionView) -> Collection<'_> {
    Collection {
        id: &view.id,
        title: &view.title,
        alias: &view.alias,
        can_read: view.can_read,
        can_write: view.can_write,
        media_types: MEDIA_TYPES,
    }
}

/// Objects, manifest, one object, its versions: all are pages.
fn page(node: &Node, reading: Reading<'_>, call: &Call) -> Result<Option<Reply>, Problem> {
    let view = reading.collection(call.path.first().map_or("", String::as_str)).ok_or(Problem::NotFound)?;
    if !view.can_read {
        return Err(Problem::Forbidden("this collection may not be read"));
    }
    let object = object_id(call)?;
    let asked = filter::parse(&call.query, accepts(call.endpoint)).map_err(|error| Problem::BadRequest(error.to_string()))?;
    let keys = node.cursor_keys();
    let binding = binding(call, reading.principal().name(), &view.id, &asked);
    let after = match &asked.next {
        Some(next) => {
            Some(position(cursor::open(&keys, &binding, next).map_err(|error| Problem::BadRequest(format!("parameter `next`: {error}")))?))
        }
        None => None,
    };
    if let Some(id) = &object
        && !reading.has_object(node, &view, id).map_err(unavailable)?
    {
        return Err(Problem::NotFound);
    }
    let query = store_query(call.endpoint, &view, object, asked, after);
    let mut page = reading.sayable(node, &view, query, call.statements).map_err(unavailable)?;
    if reading.partner().is_some() && matches!(call.endpoint, Endpoint::Objects | Endpoint::Object) {
        reading.with_definitions(&view, &mut page).map_err(unavailable)?;
        if node.record_release(&reading, &view, &page.cleared.rows).map_err(unavailable)? == Release::Overtaken {
            return Ok(None);
        }
    }
    let SayablePage { cleared, beside, last, .. } = page;
    let key = keys.first().ok_or(Problem::Unavailable)?;
    let next = cleared.next.and_then(|next| cursor::seal(key, &binding, CursorPosition { visible: next.visible.0, row: next.row.0 }));
    let rows = WireRows::new(&cleared.rows, reading.principal(), wire_row).map_err(|error| {
        tracing::error!(%error, "nothing was sent");
        Problem::Unavailable
    })?;
    let chunks = match call.endpoint {
        Endpoint::Manifest => rows.manifest(next.as_deref()),
        Endpoint::Versions => rows.versions(next.as_deref()),
        _ => rows.envelope(next.as_deref(), &beside),
    };
    let mut headers = rows.date_added_headers();
    // A page of which nothing is left says how far it goes all the same: whoever asks next begins there.
    if headers.is_empty() {
        headers.extend(last.map(|(_, added)| ("x-taxii-date-added-last", added.to_string())));
    }
    drop(cleared);
    Ok(Some(Reply::cleared(chunks, headers, reading.into_principal())))
}

fn wire_row(row: &Row) -> WireRow<'_> {
    WireRow { id: row.id(), version: row.version(), added: row.added, body: row.body() }
}

fn accepts(endpoint: Endpoint) -> Accepts {
    match endpoint {
        Endpoint::Objects | Endpoint::Manifest => Accepts::Everything,
        Endpoint::Object => Accepts::ObjectFilters,
        Endpoint::Versions => Accepts::SpecVersions,
        Endpoint::DeleteObject => Accepts::Deletion,
        _ => Accepts::Nothing,
    }
}

/// The object in the path, for endpoints that have one. What is no id is no object's.
fn object_id(call: &Call) -> Result<Option<ObjectId>, Problem> {
    match call.path.get(1) {
        Some(id) => ObjectId::parse(id).map(Some).map_err(|_| Problem::NotFound),
        None => Ok(None),
    }
}

/// What a cursor is good for: who, where, and which objects. Not how many, nor since when: clients change both on the way.
fn binding(call: &Call, name: &str, collection: &str, asked: &TaxiiQuery) -> [u8; 32] {
    let filters = format!("{:?} {:?} {:?} {:?}", asked.ids, asked.types, asked.versions, asked.spec_versions);
    let object = call.path.get(1).map_or("", String::as_str);
    cursor::binding(&[call.endpoint.name(), name, collection, object, &filters])
}

fn position(cursor: CursorPosition) -> Position {
    Position { visible: relto_gate::Arrival(cursor.visible), row: relto_gate::Arrival(cursor.row) }
}

fn store_query(endpoint: Endpoint, view: &CollectionView, object: Option<ObjectId>, asked: TaxiiQuery, after: Option<Position>) -> Query {
    // Everything stored is STIX 2.1: other versions of the standard match nothing.
    let no_version_of_stix = asked.spec_versions.is_some_and(|versions| !versions.iter().any(|version| version == "2.1"));
    let ids = if no_version_of_stix { Some(Vec::new()) } else { object.map(|id| vec![id]).or(asked.ids) };
    let versions =
        if endpoint == Endpoint::Versions { VersionFilter::all() } else { version_filter(asked.versions, VersionFilter::last()) };
    // Some clients move `added_after` to the last date they saw while they follow `next`. The cursor may stand in the middle of that very
    // date: beside `next`, the date counts as inclusive, so that the rest of it is not stepped over.
    let added_after = asked.added_after.map(|stamp| if after.is_some() { Stamp(stamp.0.saturating_sub(1)) } else { stamp });
    Query {
        collection: view.access(),
        filter: Filter { ids, kinds: asked.types.unwrap_or_default(), versions },
        after,
        added_after,
        rows_max: asked.limit.unwrap_or(PAGE_ROWS_DEFAULT).min(PAGE_ROWS_MAX) as usize,
        bytes_max: PAGE_BYTES_MAX,
        bodies: if matches!(endpoint, Endpoint::Manifest | Endpoint::Versions) { Bodies::Without } else { Bodies::With },
    }
}

fn version_filter(asked: Option<Versions>, default: VersionFilter) -> VersionFilter {
    let read = |asked: Versions| VersionFilter { last: asked.last, first: asked.first, all: asked.all, specific: asked.specific };
    asked.map_or(default, read)
}

fn delete(node: &Node, call: &Call) -> Result<Reply, Problem> {
    let reading = node.reading(&call.session).map_err(unreadable)?;
    let view = reading.collection(call.path.first().map_or("", String::as_str)).ok_or(Problem::NotFound)?;
    drop(reading);
    let id = object_id(call)?.ok_or(Problem::NotFound)?;
    let asked = filter::parse(&call.query, Accepts::Deletion).map_err(|error| Problem::BadRequest(error.to_string()))?;
    if !view.can_read && !view.can_write {
        return Err(Problem::NotFound);
    }
    if !view.can_read || !view.can_write {
        return Err(Problem::Forbidden("deleting takes the right to read and to write this collection"));
    }
    let mut versions = version_filter(asked.versions, VersionFilter::all());
    if asked.spec_versions.is_some_and(|wanted| !wanted.iter().any(|version| version == "2.1")) {
        versions = VersionFilter { last: false, first: false, all: false, specific: Vec::new() };
    }
    match node.remove(&call.session, &view, &id, &versions) {
        Ok(()) => Ok(Reply::plain(StatusCode::OK, Bytes::from_static(b"{}"))),
        Err(RemoveError::Absent) => Err(Problem::NotFound),
        Err(RemoveError::Forbidden) => Err(Problem::Forbidden("another organisation wrote this object")),
        Err(RemoveError::Store(error)) => Err(unavailable(error)),
    }
}

/// Takes objects in (section 5.5).
pub(crate) async fn add(application: &Application, call: Call, request: Request) -> Result<Reply, Problem> {
    let node = application.node().clone();
    let content_type = request.headers().get(header::CONTENT_TYPE).map(|value| value.to_str().unwrap_or("?").to_owned());
    // A coding that was understood is gone by now.
    let is_coded =
        request.headers().get_all(header::CONTENT_ENCODING).iter().any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"));
    let session = call.session.clone();
    let collection = call.path.first().cloned().unwrap_or_default();
    let reading_node = node.clone();
    let view = blocking(move || writable(&reading_node, &session, &collection)).await?;
    if !media::is_taxii_content(content_type.as_deref()) {
        return Err(Problem::UnsupportedMediaType);
    }
    if is_coded {
        return Err(Problem::UnsupportedCoding);
    }
    let content = application.intake().collect(request.into_body()).await?;
    blocking(move || store(&node, &call, &view, content.bytes())).await
}

pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Problem> + Send + 'static) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(panicked()))
}

/// What a panic says can hold what it stumbled over: it is not logged.
fn panicked() -> Problem {
    tracing::error!("a request ended in a panic");
    Problem::Unavailable
}

/// The collection, if whoever asks may write to it. Asked before the body is read: nobody else's body is worth the memory.
fn writable(node: &Arc<Node>, session: &relto_node::Session, collection: &str) -> Result<CollectionView, Problem> {
    let reading = node.reading(session).map_err(unreadable)?;
    let view = reading.collection(collection).ok_or(Problem::NotFound)?;
    if view.can_write { Ok(view) } else { Err(Problem::Forbidden("you may not write to this collection")) }
}

fn store(node: &Node, call: &Call, view: &CollectionView, body: &Bytes) -> Result<Reply, Problem> {
    let objects = envelope::split(body).map_err(|error| match error {
        EnvelopeError::Json(why) => Problem::BadRequest(why),
        EnvelopeError::Form(_) | EnvelopeError::Empty(_) => Problem::Unprocessable(error.to_string()),
    })?;
    let attempts = objects.into_iter().enumerate().map(|(at, bytes)| attempt(node, at, bytes)).collect::<Result<Vec<_>, _>>()?;
    match node.post(&call.session, view, attempts, describe) {
        Ok(body) => Ok(Reply::plain(StatusCode::ACCEPTED, body)),
        Err(PostError::Absent) => Err(Problem::NotFound),
        Err(PostError::NotWritable) => Err(Problem::Forbidden("you may not write to this collection")),
        Err(PostError::Full) => Err(Problem::Unavailable),
        Err(PostError::Store(error)) => Err(unavailable(error)),
    }
}

/// One posted object. An object without an id cannot be named in a status, so that it spoils the whole envelope.
fn attempt(node: &Node, at: usize, bytes: Bytes) -> Result<Attempt, Problem> {
    match Object::parse(bytes.clone(), node.kinds()) {
        Ok(object) => Ok(Attempt::Object(Box::new(object))),
        Err(error) => {
            let (id, version) = claimed(&bytes);
            let message = format!("/objects/{at}{error}");
            let id = id.ok_or_else(|| Problem::Unprocessable(message.clone()))?;
            Ok(Attempt::Failed { id, version: version.unwrap_or_else(|| TIMELESS_VERSION.to_owned()), message })
        }
    }
}

/// The id and version that something claims which is no valid object.
fn claimed(bytes: &Bytes) -> (Option<String>, Option<String>) {
    let value: Option<serde_json::Value> = serde_json::from_slice(bytes).ok();
    let text = |key: &str| {
        let text = value.as_ref()?.get(key)?.as_str()?;
        (text.len() <= 300).then(|| text.to_owned())
    };
    (text("id"), text("modified").or_else(|| text("created")))
}

fn describe(posted: &Posted) -> String {
    let id = posted.status_id.hyphenated().to_string();
    let notes: Vec<String> = posted.receipts.iter().map(|receipt| receipt.notes.join("; ")).collect();
    let mut status = Status { id: &id, at: posted.at, successes: Vec::new(), failures: Vec::new() };
    for (receipt, notes) in posted.receipts.iter().zip(&notes) {
        let detail = |message| StatusDetail { id: receipt.id.as_str(), version: &receipt.version, message };
        match &receipt.outcome {
            Outcome::Added | Outcome::Present => status.successes.push(detail(notes)),
            Outcome::Refused(why) | Outcome::NotAgreed(why) => status.failures.push(detail(why)),
        }
    }
    status.failures.extend(posted.failed.iter().map(|(id, version, message)| StatusDetail { id, version, message }));
    status.to_json()
}

pub(crate) fn unreadable(error: ReadError) -> Problem {
    match error {
        ReadError::SignedOut | ReadError::NoUser(_) | ReadError::Disabled(_) => Problem::Unauthorized,
        ReadError::Store(error) => unavailable(error),
    }
}

/// The operator reads why; whoever asked does not.
pub(crate) fn unavailable(error: StoreError) -> Problem {
    tracing::error!(error = &error as &dyn std::error::Error, "the store cannot be used");
    Problem::Unavailable
}
