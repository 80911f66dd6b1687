//! What can go wrong on a link, as its caller must tell it apart.
//!
//! Little of it is in the words of the other side, and what is has been cut and cleaned: it may be shown to an operator, and is not logged.

use std::error::Error;
use std::io;

use relto_model::text::is_hidden;

/// Characters of the other side's words that an error shows.
const SHOWN_CHARS_MAX: usize = 200;

/// Why something did not go over a link.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// What this side was given for the link is no good: an address, a certificate, a header.
    #[error("the link cannot be used: {0}")]
    Unusable(&'static str),
    /// There is no connection, or it has ended. Another may succeed later.
    #[error("the other side cannot be reached")]
    Unreachable(#[source] io::Error),
    /// The two sides did not come to terms on a secure connection.
    ///
    /// A side that refuses the other's certificate says so after its own part of the handshake, which a request may find out first.
    #[error("no secure connection came about: {0}")]
    Handshake(String),
    /// Whoever answers holds none of the keys that this link is for.
    #[error("whoever answers holds no key of the partner")]
    NotThePartner,
    /// The other side answered that it will not.
    #[error("{}", refused(*status, title))]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The title of its problem, if it gave one.
        title: String,
    },
    /// More was sent than is taken.
    #[error("the other side sent more than is taken")]
    TooLarge,
    /// Nothing was sent, or taken, for too long.
    #[error("the other side has stopped answering")]
    Stalled,
    /// What was sent is not what it should be.
    #[error("the other side sent what cannot be read: {0}")]
    Malformed(&'static str),
}

impl LinkError {
    /// Of a socket, with TLS on it or not.
    pub(crate) fn of_socket(error: io::Error) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            Some(error) => Self::of_tls(error),
            None => Self::Unreachable(error),
        }
    }

    fn of_tls(error: &rustls::Error) -> Self {
        match error {
            rustls::Error::InvalidCertificate(rustls::CertificateError::ApplicationVerificationFailure) => Self::NotThePartner,
            other => Self::Handshake(shown(&other.to_string())),
        }
    }

    /// Of an HTTP connection.
    pub(crate) fn of_http(error: &hyper::Error) -> Self {
        if error.is_parse_too_large() {
            return Self::TooLarge;
        }
        let io = causes(error).find_map(|cause| cause.downcast_ref::<io::Error>());
        let tls = causes(error).find_map(|cause| cause.downcast_ref::<rustls::Error>());
        let inner = io.and_then(io::Error::get_ref).and_then(|inner| inner.downcast_ref::<rustls::Error>());
        match (inner.or(tls), io.map(io::Error::kind)) {
            (Some(error), _) => Self::of_tls(error),
            (None, Some(io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData)) => Self::Malformed("a body that is not coded as HTTP"),
            (None, Some(kind)) => Self::Unreachable(kind.into()),
            (None, None) if error.is_parse() => Self::Malformed("an answer that is not HTTP/1.1"),
            (None, None) => Self::Unreachable(io::ErrorKind::ConnectionAborted.into()),
        }
    }
}

fn refused(status: u16, title: &str) -> String {
    match status {
        401 => "the other side does not let this node in (status 401): it has suspended it, let it go, or does not know it by this card"
            .to_owned(),
        _ => format!("the other side refused with status {status}: `{title}`"),
    }
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

/// Words of the other side as they may be shown: not many, and none that act on a terminal or turn the line around.
pub(crate) fn shown(words: &str) -> String {
    let clean = |char: char| if is_hidden(char) { '\u{fffd}' } else { char };
    words.chars().take(SHOWN_CHARS_MAX).map(clean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_and_cleaned() {
        assert_eq!(shown("not found"), "not found");
        assert_eq!(shown("a\x1b[2Jb\r\nc\u{202e}d\u{85}é"), "a\u{fffd}[2Jb\u{fffd}\u{fffd}c\u{fffd}d\u{fffd}é");
        assert_eq!(shown(&"é".repeat(1000)).chars().count(), 200);
    }
}
