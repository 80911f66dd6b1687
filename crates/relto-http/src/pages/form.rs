//! Forms: read within bounds, and from our own pages alone.

use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use multer::Multipart;
use relto_node::DRAFT_BYTES_MAX;

/// Most bytes of a form.
const FORM_BYTES_MAX: usize = 16 << 10;
/// How long a form may take to come: nobody writes while it is sent.
const FORM_TIME_MAX: Duration = Duration::from_secs(30);
/// Most bytes of a form with a draft in it: the draft as a file, and the rest.
pub(super) const DRAFT_FORM_BYTES_MAX: usize = DRAFT_BYTES_MAX + FORM_BYTES_MAX;
/// How long that may take.
const DRAFT_FORM_TIME_MAX: Duration = Duration::from_secs(120);
/// Of what is too large so much is read and forgotten, so that a browser that is still sending reads the answer.
const FORGOTTEN_BYTES_MAX: usize = 64 << 20;
/// Parts of a form with a file at most.
const PARTS_MAX: usize = 16;
/// Longest name of a file; a longer one is cut.
const FILE_NAME_CHARACTERS_MAX: usize = 120;
/// Longest address that somebody is led back to.
const NEXT_BYTES_MAX: usize = 2_000;
/// Where somebody may be led once signed in.
const LED_TO: [&str; 7] = ["/objects/", "/label/", "/me/", "/release/", "/why/", "/entity/", "/graph/"];
/// The media type of forms.
const FORM: &str = "application/x-www-form-urlencoded";

/// Why a form is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FormError {
    /// It came from elsewhere.
    Forged,
    /// It is no form.
    Unreadable,
    /// It is too long.
    TooLarge,
}

/// The fields of a form, or of a query.
pub(super) struct Form {
    fields: Vec<(String, String)>,
    /// What a file that came along is called, and what is in it.
    file: Option<(String, Bytes)>,
}

impl Form {
    pub(super) fn parse(bytes: &[u8]) -> Self {
        Self { fields: form_urlencoded::parse(bytes).into_owned().collect(), file: None }
    }

    /// The form in the body of `request`, if one of our own pages sent it.
    pub(super) async fn read(request: Request) -> Result<Self, FormError> {
        Self::read_within(request, FORM_BYTES_MAX).await
    }

    /// The same of at most `bytes_max` bytes, with a file in it if one was chosen.
    pub(super) async fn read_within(request: Request, bytes_max: usize) -> Result<Self, FormError> {
        if !is_from_here(request.headers()) {
            return Err(FormError::Forged);
        }
        let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("").to_owned();
        let boundary = multer::parse_boundary(&content_type).ok();
        if boundary.is_none() && !content_type.split(';').next().unwrap_or("").trim().eq_ignore_ascii_case(FORM) {
            return Err(FormError::Unreadable);
        }
        let time_max = if bytes_max > FORM_BYTES_MAX { DRAFT_FORM_TIME_MAX } else { FORM_TIME_MAX };
        let body = tokio::time::timeout(time_max, read_body(request.into_body(), bytes_max)).await.map_err(|_| FormError::Unreadable)??;
        let Some(boundary) = boundary else { return Ok(Self::parse(&body)) };
        Self::in_parts(body, boundary).await
    }

    /// A form with a file, in parts (RFC 7578).
    async fn in_parts(body: Bytes, boundary: String) -> Result<Self, FormError> {
        let unreadable = |_| FormError::Unreadable;
        let mut form = Self { fields: Vec::new(), file: None };
        let mut parts = Multipart::new(Body::from(body).into_data_stream(), boundary);
        for _ in 0..PARTS_MAX {
            let Some(part) = parts.next_field().await.map_err(unreadable)? else { return Ok(form) };
            let (name, file) = (part.name().map(str::to_owned).ok_or(FormError::Unreadable)?, part.file_name().map(file_name));
            let content = part.bytes().await.map_err(unreadable)?;
            match file {
                // Without a choice, browsers send a file without name and content.
                Some(name) if !(name.is_empty() && content.is_empty()) => form.file = Some((name, content)),
                Some(_) => {}
                None => form.fields.push((name, String::from_utf8_lossy(&content).into_owned())),
            }
        }
        Err(FormError::Unreadable)
    }

    /// The file that came along: what it is called, and what is in it.
    pub(super) fn file(&self) -> Option<&(String, Bytes)> {
        self.file.as_ref()
    }

    /// The first value of a field; empty when there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The same, if there is anything.
    pub(super) fn given(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }

    /// Every value of a field, in order.
    pub(super) fn all(&self, name: &str) -> Vec<String> {
        self.fields.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect()
    }
}

/// The body, if it has at most `bytes_max` bytes.
async fn read_body(mut body: Body, bytes_max: usize) -> Result<Bytes, FormError> {
    let (mut kept, mut read) = (BytesMut::new(), 0_usize);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| FormError::Unreadable)?.into_data() else { continue };
        read += data.len();
        if read > FORGOTTEN_BYTES_MAX {
            break;
        }
        if read <= bytes_max {
            kept.extend_from_slice(&data);
        } else {
            kept.clear();
        }
    }
    if read <= bytes_max { Ok(kept.freeze()) } else { Err(FormError::TooLarge) }
}

/// What a file is called for people: the last step of a path, without what no name has.
fn file_name(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or("");
    last.chars().filter(|character| !character.is_control()).take(FILE_NAME_CHARACTERS_MAX).collect()
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
    let is_ours = LED_TO.iter().any(|page| path.starts_with(page))
        && !path.contains("//")
        && !path.contains('%')
        && !path.split('/').any(|step| step == "..");
    (is_plain && is_ours).then_some(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_elsewhere() {
        for ours in [
            "/objects/",
            "/objects/?q=a%20b",
            "/objects/tool--1/",
            "/me/",
            "/release/drafts/x/",
            "/why/?object=tool--1",
            "/graph/?of=tool--1",
        ] {
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
            "/objects/%2e%2e/sign-out/",
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

    /// The fields, and the file with its name.
    type Parts = (Vec<(String, String)>, Option<(String, Bytes)>);

    fn in_parts(body: &str) -> Option<Parts> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let form = runtime.block_on(Form::in_parts(Bytes::from(body.to_owned()), "XyZ".to_owned()));
        form.ok().map(|form| (form.fields, form.file))
    }

    fn field(name: &str, value: &str) -> String {
        format!("--XyZ\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    }

    #[test]
    fn fields_and_files_come_apart() {
        let file = "--XyZ\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a; name=b.json\"\r\nContent-Type: text/plain\r\n\r\n{\r\n--Xy\r\n}\r\n";
        let read = in_parts(&format!("{}{file}{}--XyZ--\r\n", field("csrf", "token"), field("empty", ""))).unwrap();
        assert_eq!(read.0, [("csrf".to_owned(), "token".to_owned()), ("empty".to_owned(), String::new())]);
        assert_eq!(read.1, Some(("a; name=b.json".to_owned(), Bytes::from_static(b"{\r\n--Xy\r\n}"))));
    }

    #[test]
    fn what_is_no_form_is_none() {
        let sound = format!("{}--XyZ--\r\n", field("a", "b"));
        assert!(in_parts(&sound).is_some());
        for broken in [
            String::new(),
            field("a", "b"),
            format!("{}--XyZ--\r\n", field("a", "b").repeat(PARTS_MAX + 1)),
            sound.replace("name=\"a\"", ""),
        ] {
            assert_eq!(in_parts(&broken), None, "{broken:?}");
        }
    }

    #[test]
    fn files_are_called_by_their_last_step() {
        for (sent, shown) in
            [("a.json", "a.json"), ("C:\\fakepath\\b c.json", "b c.json"), ("../../etc/x", "x"), ("a\r\nb\0", "ab"), ("/", "")]
        {
            assert_eq!(file_name(sent), shown);
        }
        assert_eq!(file_name(&"é".repeat(500)).chars().count(), FILE_NAME_CHARACTERS_MAX);
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
