//! A page as an HTTP response: headers that let a browser do with it what it is for, and nothing else.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use relto_gate::Principal;
use relto_model::ObjectId;
use relto_pages::{Html, Language};

use crate::body::ClearedBody;
use crate::traffic::Reader;

/// Nothing from elsewhere, nothing inline, no frame around it, no form that goes elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What every page, and every redirect between pages, is sent with. The referrer stays on this host; without any, browsers would not say either where
/// a form comes from.
const HEADERS: [(HeaderName, &str); 8] = [
    (header::CACHE_CONTROL, "private, no-store"),
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
];

/// The media type of one STIX object (STIX 2.1, section 12.1).
const STIX: HeaderValue = HeaderValue::from_static("application/stix+json;version=2.1");

/// A page on its way out, or an object to be kept.
pub(super) struct Page {
    status: StatusCode,
    content: Content,
    reader: Option<Principal>,
}

enum Content {
    Page(Language, Html),
    /// The bytes of the object of this id.
    Object(ObjectId, Vec<u8>),
}

impl Page {
    /// A page that holds nothing of the store.
    pub(super) fn new(status: StatusCode, language: Language, html: Html) -> Self {
        Self { status, content: Content::Page(language, html), reader: None }
    }

    /// A page of what was cleared for `reader`.
    pub(super) fn cleared(language: Language, html: Html, reader: Principal) -> Self {
        Self { status: StatusCode::OK, content: Content::Page(language, html), reader: Some(reader) }
    }

    /// The bytes of an object that was cleared for `reader`: to be kept, and never shown as a page of ours.
    pub(super) fn object(id: ObjectId, bytes: Vec<u8>, reader: Principal) -> Self {
        Self { status: StatusCode::OK, content: Content::Object(id, bytes), reader: Some(reader) }
    }

    /// The same with another status.
    pub(super) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    pub(super) fn into_response(self) -> Response {
        let (bytes, headers) = self.content.into_parts();
        let reader = self.reader.map(Arc::new);
        let body = match &reader {
            Some(reader) => Body::new(ClearedBody::new(vec![bytes], reader.clone())),
            None => Body::from(bytes),
        };
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        if let Some(reader) = reader {
            // For the connection, which knows when the reply has really left.
            response.extensions_mut().insert(Reader(reader));
        }
        response.headers_mut().extend(headers);
        response.headers_mut().extend(HEADERS.map(|(name, value)| (name, HeaderValue::from_static(value))));
        response
    }
}

impl Content {
    fn into_parts(self) -> (Bytes, Vec<(HeaderName, HeaderValue)>) {
        match self {
            Self::Page(language, html) => {
                let headers = vec![
                    (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
                    (header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag())),
                    (header::VARY, HeaderValue::from_static("accept-language")),
                ];
                (html.0.into(), headers)
            }
            Self::Object(id, bytes) => {
                // An id has no letters that a header could not have.
                let name = HeaderValue::from_str(&format!("attachment; filename=\"{id}.json\"")).ok();
                let name = name.map(|name| (header::CONTENT_DISPOSITION, name));
                (bytes.into(), [(header::CONTENT_TYPE, STIX)].into_iter().chain(name).collect())
            }
        }
    }
}

/// Leads to another page of this host.
pub(super) fn redirect(path: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let headers = response.headers_mut();
    headers.extend(HEADERS.map(|(name, value)| (name, HeaderValue::from_static(value))));
    // What is no header leads nowhere.
    headers.extend(HeaderValue::from_str(path).ok().map(|path| (header::LOCATION, path)));
    response
}

/// `response` with a cookie.
pub(super) fn with_cookie(mut response: Response, cookie: &str) -> Response {
    response.headers_mut().extend(HeaderValue::from_str(cookie).ok().map(|cookie| (header::SET_COOKIE, cookie)));
    response
}
