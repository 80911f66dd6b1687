//! Replies: what a use case gave, or a problem, as an HTTP response.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use relto_gate::Principal;
use relto_taxii::media;
use relto_taxii::problem::{Header, Problem};

use crate::body::ClearedBody;
use crate::traffic::Reader;

/// What answers a request.
pub(crate) struct Reply {
    pub status: StatusCode,
    pub headers: Vec<Header>,
    pub chunks: Vec<Bytes>,
    /// For whom the chunks were cleared; `None` when they hold nothing of the store.
    pub reader: Option<Principal>,
}

impl Reply {
    /// `chunks` that were cleared for `reader`.
    pub(crate) fn cleared(chunks: Vec<Bytes>, headers: Vec<Header>, reader: Principal) -> Self {
        Self { status: StatusCode::OK, headers, chunks, reader: Some(reader) }
    }

    /// A body that holds nothing of the store.
    pub(crate) fn plain(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self { status, headers: Vec::new(), chunks: vec![body.into()], reader: None }
    }

    pub(crate) fn into_response(self) -> Response {
        let Some(reader) = self.reader.map(Arc::new) else {
            return finish(self.status, self.headers, Body::from(self.chunks.concat()));
        };
        let body = Body::new(ClearedBody::new(self.chunks, reader.clone()));
        let mut response = finish(self.status, self.headers, body);
        // For the connection, which knows when the reply has really left.
        response.extensions_mut().insert(Reader(reader));
        response
    }
}

/// The response for `problem`.
pub(crate) fn problem(problem: &Problem) -> Response {
    let status = StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    finish(status, problem.headers(), Body::from(problem.body()))
}

fn finish(status: StatusCode, extra: Vec<Header>, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media::TAXII));
    // What one may see is for nobody's cache, and no browser is to guess what it is.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    for (name, value) in extra {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.append(HeaderName::from_static(name), value);
        }
    }
    response
}
