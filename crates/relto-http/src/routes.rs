//! What there is: one table of routes, and the way every request takes through them.

mod table;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use relto_node::{Node, Session, Statements};
use relto_taxii::Problem;
use relto_taxii::filter::decode;
use relto_taxii::media;
use tokio::sync::watch;
use tokio::time::Instant;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::decompression::RequestDecompressionLayer;

use crate::authorization::SignIn;
use crate::exchange::{notices, notifications};
use crate::intake::{HELD_BYTES_MAX, Intake};
use crate::link::LinkKey;
use crate::metrics::Metrics;
use crate::serve::Source;
use crate::session::Sessions;
use crate::{pages, reply, taxii};

pub use table::{Endpoint, ROUTES};

/// The one API root.
pub const API_ROOT: &str = "/taxii2/main/";
/// With which header a node asks for a label statement on every object ([`STATEMENTS_ALL`]), since it sends them on.
pub const STATEMENTS: &str = "relto-statements";
/// Its value.
pub const STATEMENTS_ALL: &str = "all";
/// Where whoever keeps the node alive asks.
pub const HEALTH: &str = "/healthz";

/// What all requests share.
pub struct Application {
    node: Arc<Node>,
    sign_in: SignIn,
    sessions: Sessions,
    intake: Intake,
    metrics: Arc<Metrics>,
    changes: watch::Sender<u64>,
    closing: watch::Sender<bool>,
}

impl Application {
    /// The application for `node`.
    #[must_use]
    pub fn new(node: Arc<Node>) -> Arc<Self> {
        let changes = watch::Sender::new(0_u64);
        let told = changes.clone();
        node.on_change(move || told.send_modify(|number| *number = number.wrapping_add(1)));
        let (sign_in, sessions, intake, metrics) = (SignIn::default(), Sessions::default(), Intake::new(HELD_BYTES_MAX), Arc::default());
        Arc::new(Self { node, sign_in, sessions, intake, metrics, changes, closing: watch::Sender::new(false) })
    }

    pub(crate) fn node(&self) -> &Arc<Node> {
        &self.node
    }

    pub(crate) fn sign_in(&self) -> &SignIn {
        &self.sign_in
    }

    /// Who is signed in to the pages.
    pub(crate) fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    /// Counts the changes of the node.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Becomes true when the server ends: what would go on for ever ends with it.
    pub(crate) fn closing(&self) -> &watch::Sender<bool> {
        &self.closing
    }

    pub(crate) fn intake(&self) -> &Intake {
        &self.intake
    }

    pub(crate) fn metrics(&self) -> &Arc<Metrics> {
        &self.metrics
    }
}

/// One request for an endpoint, by somebody who has signed in.
pub(crate) struct Call {
    pub endpoint: Endpoint,
    pub session: Session,
    /// Whether it came over a link, from the node of a partner.
    pub is_link: bool,
    /// Which objects a partner wants statements on.
    pub statements: Statements,
    /// The values in the path, in order.
    pub path: Vec<String>,
    pub query: String,
}

/// The router of everything in [`ROUTES`], with or without the closing slash, and of the health check.
pub fn router(application: Arc<Application>) -> Router {
    let mut router = Router::new();
    let mut paths: Vec<&'static str> = ROUTES.iter().map(|(_, path, _)| *path).collect();
    paths.dedup();
    for path in paths {
        let handler = any(move |State(application): State<Arc<Application>>, request: Request| answer(application, path, request));
        router = router.route(path, handler.clone());
        if let Some(path) = path.strip_suffix('/').filter(|path| !path.is_empty()) {
            router = router.route(path, handler);
        }
    }
    router
        .route(HEALTH, get(health))
        .route(pages::ASSET, get(pages::asset))
        .fallback(pages::not_found)
        .with_state(application)
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        // What it does not understand is refused further in, as TAXII refuses things.
        .layer(RequestDecompressionLayer::new().pass_through_unaccepted(true))
}

/// Says whether the node can answer, and nothing else.
async fn health(State(application): State<Arc<Application>>) -> Response {
    let node = application.node().clone();
    match tokio::task::spawn_blocking(move || node.is_healthy()).await {
        Ok(true) => "ok\n".into_response(),
        Ok(false) | Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "not ok\n").into_response(),
    }
}

async fn answer(application: Arc<Application>, path: &'static str, request: Request) -> Response {
    let started = Instant::now();
    let endpoint = endpoint(path, request.method());
    if ROUTES.iter().any(|(_, known, endpoint)| *known == path && endpoint.is_page()) {
        let (response, user) = pages::answer(&application, endpoint, values(path, request.uri().path()), request).await;
        return finish(&application, endpoint, user.as_deref(), started, Ok(response));
    }
    let source = request.extensions().get::<Source>().copied();
    let authorization = request.headers().get(header::AUTHORIZATION).map(|value| value.as_bytes().to_vec());
    let key = request.extensions().get::<LinkKey>().copied();
    let session = match authenticate(&application, key, authorization, source).await {
        Ok(session) => session,
        Err(problem) => return finish(&application, endpoint, None, started, Err(problem)),
    };
    let name = session.name().to_owned();
    let result = match endpoint {
        Ok(endpoint) => {
            let path = values(path, request.uri().path());
            let query = request.uri().query().unwrap_or("").to_owned();
            let statements = statements(&request);
            let call = Call { endpoint, session, is_link: key.is_some(), statements, path, query };
            if endpoint == Endpoint::Notifications {
                notifications::listen(&application, &call, &request)
            } else {
                carry_out(&application, call, request).await.map(reply::Reply::into_response)
            }
        }
        Err(allowed) => Err(Problem::MethodNotAllowed(allowed)),
    };
    finish(&application, endpoint, Some(&name), started, result)
}

async fn carry_out(application: &Application, call: Call, request: Request) -> Result<reply::Reply, Problem> {
    let accepts = request.headers().get_all(header::ACCEPT).iter().map(|value| value.to_str().unwrap_or("?"));
    let is_taxii = !matches!(call.endpoint, Endpoint::Notices | Endpoint::Receipts | Endpoint::TellNotices);
    if is_taxii && !media::is_acceptable(accepts) {
        return Err(Problem::NotAcceptable);
    }
    match call.endpoint {
        Endpoint::AddObjects => taxii::add(application, call, request).await,
        Endpoint::Notices | Endpoint::Receipts | Endpoint::TellNotices => notices::answer(application, call, request).await,
        _ => taxii::ask(application, call).await,
    }
}

/// The endpoint of `path` for `method`, or the methods that it has.
fn endpoint(path: &str, method: &Method) -> Result<Endpoint, &'static str> {
    let method = if method == Method::HEAD { "GET" } else { method.as_str() };
    let of_path = || ROUTES.iter().filter(|(_, known, _)| *known == path);
    let found = of_path().find(|(known, _, _)| *known == method).map(|(_, _, endpoint)| *endpoint);
    found.ok_or_else(|| match of_path().next_back().map(|(method, _, _)| *method) {
        Some("POST") if of_path().count() == 1 => "POST",
        Some("POST") => "GET, HEAD, POST",
        Some("DELETE") => "GET, HEAD, DELETE",
        _ => "GET, HEAD",
    })
}

/// The values that `path` has where the route's pattern has names.
fn values(pattern: &str, path: &str) -> Vec<String> {
    let pairs = pattern.split('/').zip(path.split('/'));
    pairs.filter(|(name, _)| name.starts_with('{')).map(|(_, value)| decode(value).unwrap_or_default()).collect()
}

/// What the asking node says that it needs; see [`STATEMENTS`].
fn statements(request: &Request) -> Statements {
    let all = request.headers().get(STATEMENTS).is_some_and(|value| value.as_bytes() == STATEMENTS_ALL.as_bytes());
    if all { Statements::All } else { Statements::Needed }
}

/// Who asks: over a link the partner whose key it was proved to hold, whatever else is said; otherwise whoever holds the token.
async fn authenticate(
    application: &Application,
    key: Option<LinkKey>,
    authorization: Option<Vec<u8>>,
    source: Option<Source>,
) -> Result<Session, Problem> {
    if let Some(LinkKey(key)) = key {
        return application.node().sign_in_link(&key).ok_or(Problem::Unauthorized);
    }
    let header = authorization.ok_or(Problem::Unauthorized)?;
    if let Some(session) = application.sign_in.session(application.node(), &header) {
        return Ok(session);
    }
    if let Some(source) = source {
        application.sign_in.slow_down(source.0).await;
    }
    Err(Problem::Unauthorized)
}

/// Counts and logs the outcome. Neither holds anything of what was asked for or given.
fn finish(
    application: &Application,
    endpoint: Result<Endpoint, &'static str>,
    user: Option<&str>,
    started: Instant,
    result: Result<Response, Problem>,
) -> Response {
    let name = endpoint.map_or("unknown", Endpoint::name);
    let response = match result {
        Ok(response) => response,
        Err(problem) => reply::problem(&problem),
    };
    let seconds = started.elapsed().as_secs_f64();
    application.metrics().answered(name, response.status(), seconds);
    tracing::info!(endpoint = name, status = response.status().as_u16(), user, micros = (seconds * 1e6) as u64, "answered");
    response
}
