//! Situations and what is said of them: one table from a problem to status, headers and error message (TAXII 2.1, section 3.6.1).
//!
//! Hidden and absent are one situation here, so that they cannot be told apart.

use serde::Serialize;

/// Everything that can be answered instead of what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The request cannot be understood; says where.
    BadRequest(String),
    /// No valid credentials.
    Unauthorized,
    /// Seen, but not allowed.
    Forbidden(&'static str),
    /// Absent, or hidden from whoever asks.
    NotFound,
    /// The path exists, the method does not.
    MethodNotAllowed(&'static str),
    /// Another media type or version is wanted.
    NotAcceptable,
    /// The body has another media type or version.
    UnsupportedMediaType,
    /// The body is in a content coding that this server does not have.
    UnsupportedCoding,
    /// The body stopped coming.
    Timeout,
    /// The body is larger than the API root says.
    ContentTooLarge(u64),
    /// The body is JSON, but no envelope of objects; says where.
    Unprocessable(String),
    /// The store cannot be used now.
    Unavailable,
}

/// The content codings that request bodies may have.
const CODINGS: &str = "gzip, zstd";

/// A TAXII error message.
#[derive(Debug, Serialize)]
struct ErrorMessage<'e> {
    title: &'static str,
    description: &'e str,
    http_status: String,
}

/// A header of a reply.
pub type Header = (&'static str, String);

impl Problem {
    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::BadRequest(_) => 400,
            Self::Unauthorized => 401,
            Self::Forbidden(_) => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed(_) => 405,
            Self::NotAcceptable => 406,
            Self::Timeout => 408,
            Self::ContentTooLarge(_) => 413,
            Self::UnsupportedMediaType | Self::UnsupportedCoding => 415,
            Self::Unprocessable(_) => 422,
            Self::Unavailable => 503,
        }
    }

    /// What to call it, and what to say.
    fn words(&self) -> (&'static str, String) {
        match self {
            Self::BadRequest(why) => ("Bad request", why.clone()),
            Self::Unauthorized => {
                ("Sign in", "send a token: `Authorization: Bearer TOKEN`, or Basic with your name and the token".to_owned())
            }
            Self::Forbidden(why) => ("Not allowed", (*why).to_owned()),
            Self::NotFound => ("Not found", "there is nothing here that you may see".to_owned()),
            Self::MethodNotAllowed(allowed) => ("Method not allowed", format!("this resource understands {allowed}")),
            Self::NotAcceptable => ("Not acceptable", format!("this server answers in {}", crate::media::TAXII)),
            Self::ContentTooLarge(most) => ("Content too large", format!("at most {most} bytes in one request")),
            Self::UnsupportedMediaType => ("Unsupported media type", format!("send {}", crate::media::TAXII)),
            Self::UnsupportedCoding => ("Unsupported content coding", format!("this server reads {CODINGS}, or no coding at all")),
            Self::Timeout => ("Request timeout", "the body stopped coming: send it again".to_owned()),
            Self::Unprocessable(why) => ("Cannot be processed", why.clone()),
            Self::Unavailable => ("Not available", "the node cannot answer now: try again".to_owned()),
        }
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> Vec<u8> {
        let (title, description) = self.words();
        let message = ErrorMessage { title, description: &description, http_status: self.status().to_string() };
        serde_json::to_vec(&message).unwrap_or_default()
    }

    /// Headers beside the content type.
    #[must_use]
    pub fn headers(&self) -> Vec<Header> {
        match self {
            Self::Unauthorized => vec![
                ("www-authenticate", "Bearer realm=\"relto\"".to_owned()),
                ("www-authenticate", "Basic realm=\"relto\", charset=\"UTF-8\"".to_owned()),
            ],
            Self::MethodNotAllowed(allowed) => vec![("allow", (*allowed).to_owned())],
            Self::UnsupportedCoding => vec![("accept-encoding", CODINGS.to_owned())],
            Self::Unavailable => vec![("retry-after", "1".to_owned())],
            _ => Vec::new(),
        }
    }
}
