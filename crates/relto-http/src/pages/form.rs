//! Forms: read within bounds, and from our own pages alone.

use axum::extract::Request;
use axum::http::{HeaderMap, header};
use http_body_util::{BodyExt as _, Limited};

/// Most bytes of a form.
const FORM_BYTES_MAX: usize = 16 << 10;
/// Longest address that somebody is led back to.
const NEXT_BYTES_MAX: usize = 2_000;
/// Where somebody may be led once signed in.
const LED_TO: [&str; 5] = ["/objects/", "/me/", "/why/", "/entity/", "/graph/"];
/// The media type of forms.
const FORM: &str = "application/x-www-form-urlencoded";

/// Why a form is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FormError {
    /// It came from elsewhere.
    Forged,
    /// It is too long, or no form.
    Unreadable,
}

/// The fields of a form, or of a query.
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    pub(super) fn parse(bytes: &[u8]) -> Self {
        Self(form_urlencoded::parse(bytes).into_owned().collect())
    }

    /// The form in the body of `request`, if one of our own pages sent it.
    pub(super) async fn read(request: Request) -> Result<Self, FormError> {
        if !is_from_here(request.headers()) {
            return Err(FormError::Forged);
        }
        let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        if !content_type.split(';').next().unwrap_or("").trim().eq_ignore_ascii_case(FORM) {
            return Err(FormError::Unreadable);
        }
        let body = Limited::new(request.into_body(), FORM_BYTES_MAX).collect().await.map_err(|_| FormError::Unreadable)?;
        Ok(Self::parse(&body.to_bytes()))
    }

    /// The first value of a field; empty when there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The same, if there is anything.
    pub(super) fn given(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }

    /// Every value of a field, in order.
    pub(super) fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect()
    }
}

/// Whether a browser says that one of our own pages sent the request: by `Origin`, which every browser sends with a form, or by `Sec-Fetch-Site`. Silence
/// is no.
pub(super) fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let site = text("sec-fetch-site");
    match text("origin") {
        Some(origin) => {
            let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
            let host = text("host").filter(|host| !host.is_empty());
            authority.is_some_and(|authority| host.is_some_and(|host| host.eq_ignore_ascii_case(authority)))
                && site.is_none_or(|site| site == "same-origin")
        }
        None => site == Some("same-origin"),
    }
}

/// `wanted` if it is one of our own pages; no other address is ever led to.
pub(super) fn next_of(wanted: &str) -> Option<&str> {
    let is_plain = wanted.len() <= NEXT_BYTES_MAX && wanted.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let path = wanted.split(['?', '#']).next().unwrap_or("");
    let is_ours = LED_TO.iter().any(|page| path.starts_with(page)) && !path.contains("//") && !path.split('/').any(|step| step == "..");
    (is_plain && is_ours).then_some(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_elsewhere() {
        for ours in ["/objects/", "/objects/?q=a%20b", "/objects/tool--1/", "/me/", "/why/?object=tool--1", "/graph/?of=tool--1"] {
            assert_eq!(next_of(ours), Some(ours));
        }
        for other in [
            "",
            "/",
            "//evil.example/objects/",
            "https://evil.example/objects/",
            "/\\evil.example/objects/",
            "/objects/\\..\\x",
            "/objects/../sign-out/",
            "/objects//evil.example",
            "/sign-out/",
            "/me/ x",
            "/objects/\r\nSet-Cookie: a=b",
            "javascript:alert(1)//objects/",
            "/taxii2/",
        ] {
            assert_eq!(next_of(other), None, "{other}");
        }
        assert_eq!(next_of(&format!("/objects/?q={}", "a".repeat(NEXT_BYTES_MAX))), None);
    }

    #[test]
    fn forms_come_from_our_own_pages() {
        let is_here = |all: &[(&'static str, &str)]| {
            let mut headers = HeaderMap::new();
            all.iter().for_each(|(name, value)| drop(headers.insert(*name, value.parse().unwrap())));
            is_from_here(&headers)
        };
        let host = ("host", "relto.example:6100");
        assert!(is_here(&[host, ("origin", "https://relto.example:6100")]));
        assert!(is_here(&[host, ("origin", "https://relto.example:6100"), ("sec-fetch-site", "same-origin")]));
        assert!(is_here(&[host, ("sec-fetch-site", "same-origin")]));
        for forged in [
            &[host][..],
            &[host, ("origin", "null")],
            &[host, ("origin", "https://evil.example")],
            &[host, ("origin", "https://relto.example")],
            &[host, ("origin", "https://relto.example:6100.evil.example")],
            &[host, ("origin", "https://relto.example:6100"), ("sec-fetch-site", "cross-site")],
            &[host, ("sec-fetch-site", "same-site")],
            &[("origin", "https://relto.example:6100")],
            &[("host", ""), ("origin", "https://")],
        ] {
            assert!(!is_here(forged), "{forged:?}");
        }
    }
}
