//! What is asked on a connection, and what is answered, as values.

use std::sync::Arc;
use std::time::Duration;

use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::Deserialize;
use tokio::sync::Notify;

use super::HEAD_MAX;
use super::outgoing::Outgoing;
use crate::link::LinkError;
use crate::link::error::shown;

/// Bytes of an answer's body at most unless a request says otherwise, after decompression.
pub(crate) const BODY_BYTES_MAX: usize = 100 << 20;
/// Who asks, for servers that insist on knowing.
const USER_AGENT: HeaderValue = HeaderValue::from_static("relto");

/// One request.
///
/// ```
/// # use relto_http::link::client::Request;
/// # use axum::http::header::ACCEPT;
/// let request = Request::get("/taxii2/main/collections/?limit=2")?.header(ACCEPT, "application/taxii+json;version=2.1")?;
/// # Ok::<(), relto_http::link::LinkError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Request {
    method: Method,
    target: PathAndQuery,
    headers: HeaderMap,
    body: Bytes,
    pub(super) body_bytes_max: usize,
    pub(super) head_max: Duration,
}

impl Request {
    /// A request of `method` for `target`: path and query, as they go over the wire.
    ///
    /// # Errors
    /// [`LinkError::Unusable`] when `target` does not begin with `/` or has what a request line cannot.
    pub fn new(method: Method, target: &str) -> Result<Self, LinkError> {
        let wrong = LinkError::Unusable("what is asked for is no path with an optional query");
        match PathAndQuery::try_from(target) {
            Ok(parsed) if target.starts_with('/') => {
                let (headers, body) = (HeaderMap::new(), Bytes::new());
                Ok(Self { method, target: parsed, headers, body, body_bytes_max: BODY_BYTES_MAX, head_max: HEAD_MAX })
            }
            _ => Err(wrong),
        }
    }

    /// A GET for `target`.
    ///
    /// # Errors
    /// As [`Request::new`].
    pub fn get(target: &str) -> Result<Self, LinkError> {
        Self::new(Method::GET, target)
    }

    /// A POST of `body` to `target`.
    ///
    /// # Errors
    /// As [`Request::new`].
    pub fn post(target: &str, content_type: &'static str, body: Bytes) -> Result<Self, LinkError> {
        let mut request = Self::new(Method::POST, target)?;
        request.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        request.body = body;
        Ok(request)
    }

    /// The same with this header, instead of any of its name.
    ///
    /// # Errors
    /// [`LinkError::Unusable`] when `value` is none that a header can have.
    pub fn header(mut self, name: HeaderName, value: &str) -> Result<Self, LinkError> {
        let value = HeaderValue::from_str(value).map_err(|_| LinkError::Unusable("a header has characters that it cannot have"))?;
        self.headers.insert(name, value);
        Ok(self)
    }

    /// The same with the credentials of an account on a foreign server (RFC 7617).
    ///
    /// # Errors
    /// [`LinkError::Unusable`] when `user` has a colon.
    pub fn basic(self, user: &str, password: &str) -> Result<Self, LinkError> {
        if user.contains(':') {
            return Err(LinkError::Unusable("the name of an account cannot have a colon"));
        }
        self.authorization(&format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))))
    }

    /// The same with a token (RFC 6750).
    ///
    /// # Errors
    /// [`LinkError::Unusable`] when `token` is none that a header can have.
    pub fn bearer(self, token: &str) -> Result<Self, LinkError> {
        self.authorization(&format!("Bearer {token}"))
    }

    fn authorization(self, value: &str) -> Result<Self, LinkError> {
        let mut this = self.header(header::AUTHORIZATION, value)?;
        if let Some(value) = this.headers.get_mut(header::AUTHORIZATION) {
            value.set_sensitive(true);
        }
        Ok(this)
    }

    /// The same, with an answer of at most `bytes` after decompression; 100 MiB unless said.
    #[must_use]
    pub fn body_bytes_max(mut self, bytes: usize) -> Self {
        self.body_bytes_max = bytes;
        self
    }

    /// The same, where the head of the answer may take `wait` from the last of the request that was taken; a minute unless said.
    #[must_use]
    pub fn head_max(mut self, wait: Duration) -> Self {
        self.head_max = wait;
        self
    }

    /// As it goes out; `moved` is told whenever some of the body has.
    pub(super) fn into_http(self, host: HeaderValue, codings: HeaderValue, moved: Arc<Notify>) -> hyper::Request<Outgoing> {
        let mut request = hyper::Request::new(Outgoing::new(self.body, moved));
        *request.method_mut() = self.method;
        *request.uri_mut() = Uri::from(self.target);
        *request.headers_mut() = self.headers;
        request.headers_mut().insert(header::HOST, host);
        request.headers_mut().insert(header::ACCEPT_ENCODING, codings);
        request.headers_mut().insert(header::USER_AGENT, USER_AGENT);
        request
    }
}

/// One answer.
#[derive(Debug, Clone)]
pub struct Response {
    /// Its status.
    pub status: StatusCode,
    headers: HeaderMap,
    /// Its body, decoded.
    pub body: Bytes,
}

/// What is read of a problem: TAXII 2.1, section 3.6.1, and RFC 9457 have a title in common.
#[derive(Deserialize)]
struct Problem {
    title: String,
}

impl Response {
    pub(super) fn new(status: StatusCode, headers: HeaderMap, body: Bytes) -> Self {
        Self { status, headers, body }
    }

    /// The value of the header `name`, in whatever case, if it is there and is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The answer, if its status is one of success (2xx).
    ///
    /// # Errors
    /// [`LinkError::Refused`] with any other status, redirects included.
    pub fn success(self) -> Result<Self, LinkError> {
        if self.status.is_success() { Ok(self) } else { Err(self.refusal()) }
    }

    pub(super) fn refusal(&self) -> LinkError {
        let title = match serde_json::from_slice::<Problem>(&self.body) {
            Ok(problem) if self.body.len() <= super::REFUSAL_BYTES_MAX => shown(&problem.title),
            _ => String::new(),
        };
        LinkError::Refused { status: self.status.as_u16(), title }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets() {
        for (target, is_good) in [
            ("/", true),
            ("/taxii2/main/collections/?limit=2&next=a%20b", true),
            ("", false),
            ("taxii2/", false),
            ("?limit=2", false),
            ("*", false),
            ("https://elsewhere.example/", false),
            ("/a b", false),
            ("/ HTTP/1.1\r\nx: y", false),
        ] {
            assert_eq!(Request::get(target).is_ok(), is_good, "{target:?}");
        }
    }

    #[test]
    fn headers() {
        let get = || Request::get("/").unwrap();
        assert!(get().header(header::ACCEPT, "a\r\nb: c").is_err());
        assert!(get().basic("a:b", "c").is_err());
        let request = get().basic("Aladdin", "open sesame").unwrap();
        assert_eq!(request.headers[header::AUTHORIZATION], "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert!(!format!("{request:?}").contains("QWxh"));
        let request = get().bearer("a-key").unwrap();
        assert_eq!(request.headers[header::AUTHORIZATION], "Bearer a-key");
        assert!(!format!("{request:?}").contains("a-key") && get().bearer("a\nb").is_err());
    }

    #[test]
    fn a_refusal_has_a_bounded_title() {
        let refused = |status: u16, body: &str| {
            let status = StatusCode::from_u16(status).unwrap();
            Response::new(status, HeaderMap::new(), Bytes::copy_from_slice(body.as_bytes())).success().map(|_| ()).unwrap_err().to_string()
        };
        assert_eq!(
            refused(404, r#"{"title": "gone\u001b[2J", "http_status": "404"}"#),
            "the other side refused with status 404: `gone\u{fffd}[2J`"
        );
        assert_eq!(refused(302, "<html>"), "the other side refused with status 302: ``");
        assert!(refused(500, &format!(r#"{{"title": "{}"}}"#, "x".repeat(5_000))).len() < 300);
        assert_eq!(refused(500, &format!(r#"{{"title": "{}"}}"#, "x".repeat(100_000))), "the other side refused with status 500: ``");
    }
}
