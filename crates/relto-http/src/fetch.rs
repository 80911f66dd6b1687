//! Fetching what stands at an address of the open web: one GET, with bounds on size, time and redirects, and no way into this network.
//!
//! Unlike a link it goes to a stranger, and follows where that sends it. So each address is looked up once, checked, and connected to as it was
//! checked: what is not of the public internet is refused unless the caller allows it, and where a redirect leads is refused more often (`fetch/places.rs`).
//! What was fetched before costs a small request. There are no cookies, no credentials and no proxies, and what comes is bytes and nothing else.

mod places;

use std::net::SocketAddr;
use std::time::Duration;

use axum::http::header;
use bytes::Bytes;
use tokio::time::timeout;
use url::Url;

use self::places::{Way, is_public, refusal};
use crate::link::LinkError;
use crate::link::client::{Connection, Remote, Request, Response, Trust};

/// Redirects that are followed.
const REDIRECTS_MAX: usize = 5;
/// How long all of it may take.
const TIME_MAX: Duration = Duration::from_secs(120);
/// Bytes of an address.
const ADDRESS_BYTES_MAX: usize = 2_000;
/// What is asked for.
const ACCEPTED: &str = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, application/json;q=0.9, text/html;q=0.8, */*;q=0.5";

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Where, `https://` or `http://`.
    pub address: &'a str,
    /// What the server called the version that was fetched last: its `ETag`.
    pub etag: Option<&'a str>,
    /// When the server said that this was changed: its `Last-Modified`.
    pub last_modified: Option<&'a str>,
    /// Bytes that the answer may have, decompressed.
    pub bytes_max: usize,
    /// Whether addresses of this machine and of private networks are allowed.
    pub is_private_allowed: bool,
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// It is as it was when it was fetched last.
    NothingNew,
    /// This.
    New {
        /// The bytes, decompressed.
        bytes: Bytes,
        /// What the server calls this version.
        etag: Option<String>,
        /// When the server says that it was changed, as HTTP writes times.
        last_modified: Option<String>,
    },
}

/// Why nothing was fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Not an address of the web.
    #[error("`{0}` is no address of the web")]
    NoAddress(String),
    /// It leads to this machine or into a private network.
    #[error("`{0}` is not on the public internet")]
    NotPublic(String),
    /// It leads to this link alone, to a machine's own metadata, to many at once or to nobody.
    #[error("`{0}` is a place of this link alone, or none, which is not asked")]
    NeverAsked(String),
    /// A server of the public internet sent on into a private network.
    #[error("it was sent on from the public internet to `{0}`, which is not on it")]
    Inwards(String),
    /// A server sent on to a place without TLS.
    #[error("it was sent on from `https` to `{0}`")]
    Downgraded(String),
    /// Round in a circle, or nearly.
    #[error("it was sent on more than {REDIRECTS_MAX} times")]
    TooManyRedirects,
    /// Sent on without saying where.
    #[error("it was sent on to no address")]
    LostRedirect,
    /// The server's answer was something else than what is there.
    #[error("the server answered with status {0}")]
    Status(u16),
    /// Too slow in all.
    #[error("it took longer than {} s", TIME_MAX.as_secs())]
    TooSlow,
    /// The connection, its security, or its bounds.
    #[error(transparent)]
    Link(#[from] LinkError),
}

/// Fetches what `asked` names.
///
/// # Errors
/// [`FetchError`].
pub async fn fetch(asked: Asked<'_>) -> Result<Fetched, FetchError> {
    timeout(TIME_MAX, follow(asked)).await.map_err(|_| FetchError::TooSlow)?
}

async fn follow(asked: Asked<'_>) -> Result<Fetched, FetchError> {
    let mut asked = asked;
    let mut address = parse(asked.address)?;
    let mut way = Way::Given;
    for _ in 0..=REDIRECTS_MAX {
        let (answer, place) = ask(&address, &asked, way).await?;
        match answer.status.as_u16() {
            200 => return Ok(new(answer)),
            304 if asked.etag.is_some() || asked.last_modified.is_some() => return Ok(Fetched::NothingNew),
            301 | 302 | 303 | 307 | 308 => {
                let next = answer.header("location").and_then(|to| address.join(to).ok()).ok_or(FetchError::LostRedirect)?;
                let next = parse(next.as_str())?;
                if address.scheme() == "https" && next.scheme() != "https" {
                    return Err(FetchError::Downgraded(shown(&next)));
                }
                if next.origin() != address.origin() {
                    // What one server said of its answer is not another one's.
                    (asked.etag, asked.last_modified) = (None, None);
                }
                // What was written as a number is where it was.
                let is_same = next.origin() == address.origin() && address.domain().is_none();
                if !is_same {
                    way = if way == Way::SentByPublic || is_public(place.ip()) { Way::SentByPublic } else { Way::SentByPrivate };
                }
                address = next;
            }
            status => return Err(FetchError::Status(status)),
        }
    }
    Err(FetchError::TooManyRedirects)
}

fn new(answer: Response) -> Fetched {
    let said = |name: &str| answer.header(name).map(str::to_owned);
    let (etag, last_modified) = (said("etag"), said("last-modified"));
    Fetched::New { bytes: answer.body, etag, last_modified }
}

fn parse(address: &str) -> Result<Url, FetchError> {
    let wrong = || FetchError::NoAddress(shown_address(address).chars().take(200).filter(|c| !c.is_control()).collect());
    let mut url = Url::parse(address).map_err(|_| wrong())?;
    url.set_fragment(None);
    let is_web = ["https", "http"].contains(&url.scheme()) && url.host_str().is_some_and(|host| !host.is_empty());
    if !is_web || !url.username().is_empty() || url.password().is_some() || url.as_str().len() > ADDRESS_BYTES_MAX {
        return Err(wrong());
    }
    Ok(url)
}

/// Asks what stands at `address`, and says where it was asked.
async fn ask(address: &Url, asked: &Asked<'_>, way: Way) -> Result<(Response, SocketAddr), FetchError> {
    let trust = if address.scheme() == "https" { Trust::Authorities } else { Trust::None };
    let remote = Remote::new(address.as_str(), trust)?;
    let place = place_of(&remote, address, asked.is_private_allowed, way).await?;
    let query = address.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut request =
        Request::get(&format!("{}{query}", address.path()))?.header(header::ACCEPT, ACCEPTED)?.body_bytes_max(asked.bytes_max);
    for (name, value) in [(header::IF_NONE_MATCH, asked.etag), (header::IF_MODIFIED_SINCE, asked.last_modified)] {
        if let Some(value) = value {
            request = request.header(name, value)?;
        }
    }
    Ok((Connection::open_at(&remote, place).await?.send(request).await?, place))
}

/// The first place of `remote`, which `address` names, that may be asked.
async fn place_of(remote: &Remote, address: &Url, is_private_allowed: bool, way: Way) -> Result<SocketAddr, FetchError> {
    let is_literal = address.domain().is_none();
    let found = tokio::net::lookup_host((remote.host(), remote.port())).await.map_err(LinkError::Unreachable)?;
    let mut why = None;
    for place in found {
        match refusal(place.ip(), is_literal, is_private_allowed, way) {
            None => return Ok(place),
            Some(refusal) => why = why.or(Some(refusal)),
        }
    }
    Err(why.unwrap_or(FetchError::NotPublic as fn(String) -> FetchError)(shown(address)))
}

/// `address` as people may be shown it: without name and password.
#[must_use]
pub fn shown_address(address: &str) -> String {
    // `user:password@host`, where somebody left out the scheme, is an address of the scheme `user`.
    let is_plain = Url::parse(address).is_ok_and(|url| url.has_host() && url.username().is_empty() && url.password().is_none());
    match address.rsplit_once('@') {
        Some((before, behind)) if !is_plain => match before.split_once("://") {
            Some((scheme, _)) if scheme.chars().all(|c| c.is_ascii_alphanumeric()) => format!("{scheme}://{behind}"),
            _ => behind.to_owned(),
        },
        _ => address.to_owned(),
    }
}

/// Without what may be a secret in it.
fn shown(address: &Url) -> String {
    format!("{}://{}", address.scheme(), address.host_str().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::Router;
    use axum::extract::Request as Received;
    use axum::http::StatusCode;
    use axum::response::{IntoResponse as _, Response as Reply};
    use axum::routing::get;

    use super::*;

    #[test]
    fn no_password_is_shown() {
        for (address, expected) in [
            ("https://a:b@a.example/x", "https://a.example/x"),
            ("https://a:p/w@a.example/", "https://a.example/"),
            ("https:\\\\a:b@a.example", "a.example"),
            ("https://a.example/@user", "https://a.example/@user"),
            ("a:b@c", "c"),
            ("feed.xml", "feed.xml"),
        ] {
            assert_eq!(shown_address(address), expected, "{address}");
        }
    }

    async fn server() -> (String, Arc<AtomicUsize>) {
        let counted = Arc::<AtomicUsize>::default();
        let inner = counted.clone();
        let feed = move |request: Received| {
            let counted = inner.clone();
            async move {
                if request.headers().get("if-none-match").is_some_and(|value| value == "\"1\"") {
                    return Reply::from((StatusCode::NOT_MODIFIED, "").into_response());
                }
                counted.fetch_add(1, Ordering::SeqCst);
                (
                    [("etag", "\"1\""), ("last-modified", "Wed, 17 May 2023 09:30:00 GMT")],
                    format!("body {}", request.uri().query().unwrap_or_default()),
                )
                    .into_response()
            }
        };
        let to = |place: &'static str| get(move || async move { (StatusCode::FOUND, [("location", place)]) });
        let router = Router::new()
            .route("/feed", get(feed))
            .route("/moved", to("feed?a=b"))
            .route("/round", to("/round"))
            .route("/lost", get(|| async { StatusCode::FOUND }))
            .route("/away", to("ftp://a.example/"))
            .route("/metadata", to("http://169.254.169.254/latest/meta-data/"))
            .route("/long", get(|| async { "x".repeat(1_000) }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (address, counted)
    }

    fn asked(address: &str) -> Asked<'_> {
        Asked { address, etag: None, last_modified: None, bytes_max: 100, is_private_allowed: true }
    }

    #[tokio::test]
    async fn redirects_are_followed_within_bounds_and_nothing_new_is_small() {
        let (server, counted) = server().await;
        let moved = format!("{server}/moved#part");
        let Fetched::New { bytes, etag, last_modified } = fetch(asked(&moved)).await.unwrap() else { panic!("nothing new") };
        assert_eq!((&bytes[..], etag.as_deref()), (&b"body a=b"[..], Some("\"1\"")));
        assert_eq!(last_modified.as_deref(), Some("Wed, 17 May 2023 09:30:00 GMT"));
        assert_eq!(fetch(Asked { etag: etag.as_deref(), ..asked(&moved) }).await.unwrap(), Fetched::NothingNew);
        assert_eq!(counted.load(Ordering::SeqCst), 1);
        for (path, words) in [
            ("/round", "more than 5 times"),
            ("/lost", "to no address"),
            ("/away", "no address of the web"),
            ("/metadata", "which is not asked"),
            ("/long", "more than is taken"),
            ("/absent", "status 404"),
        ] {
            let error = fetch(asked(&format!("{server}{path}"))).await.unwrap_err().to_string();
            assert!(error.contains(words), "{path}: {error}");
        }
    }

    #[tokio::test]
    async fn what_is_private_is_not_asked_unless_it_is_allowed() {
        let (server, counted) = server().await;
        for address in [format!("{server}/feed"), server.replace("127.0.0.1", "localhost"), "http://[::1]:1/".to_owned()] {
            let error = fetch(Asked { is_private_allowed: false, ..asked(&address) }).await.unwrap_err();
            assert!(matches!(error, FetchError::NotPublic(_)), "{address}: {error}");
        }
        assert_eq!(counted.load(Ordering::SeqCst), 0);
        for address in ["", "feed.xml", "file:///etc/passwd", "https://a:b@a.example/"] {
            assert!(matches!(fetch(asked(address)).await.unwrap_err(), FetchError::NoAddress(_)), "{address}");
        }
    }
}
