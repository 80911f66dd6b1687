//! Asking a language model: one chat completion, as OpenAI-compatible endpoints take it, over a connection of its own.
//!
//! Who may be asked about what, and what becomes of an answer, is decided elsewhere; here it goes where its address says and nowhere
//! else, in plain text only on this machine unless somebody said otherwise, and no longer than was said.

use std::time::Duration;

use bytes::Bytes;
use tokio::time::timeout;

use crate::link::LinkError;
use crate::link::client::{Connection, Remote, Request, Trust};

/// An endpoint that can be asked.
#[derive(Debug)]
pub struct Chat {
    remote: Remote,
    target: String,
    answer_max: Duration,
}

/// Whether text may go over a network unencrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlainText {
    /// To this machine alone.
    OnThisMachine,
    /// Anywhere: somebody has said so.
    Anywhere,
}

impl Chat {
    /// The endpoint whose API is at `url`, over TLS believed because of `certificate` (PEM). An answer may take `answer_max` in all.
    ///
    /// # Errors
    /// [`LinkError::Unusable`] when the address is none, or text would go unencrypted where `plain` does not let it.
    pub fn new(url: &str, certificate: Option<&str>, plain: PlainText, answer_max: Duration) -> Result<Self, LinkError> {
        let is_secured = url.starts_with("https://");
        let trust = match certificate {
            Some(pem) => Trust::Certificate(pem.as_bytes().to_vec()),
            None if is_secured => return Err(LinkError::Unusable("`https` takes a certificate to believe")),
            None => Trust::None,
        };
        let remote = Remote::new(url, trust)?;
        if !is_secured && plain == PlainText::OnThisMachine && !remote.is_loopback() {
            return Err(LinkError::Unusable("without TLS everybody on the way reads along, and its address is not on this machine"));
        }
        let target = format!("{}/chat/completions", remote.path().trim_end_matches('/'));
        Ok(Self { remote, target, answer_max })
    }

    /// Asks what `body` asks, with `key` if the endpoint wants one. Returns what is answered, at most `bytes_max` of it.
    ///
    /// # Errors
    /// [`LinkError`]; then it may have been asked all the same.
    pub async fn complete(&self, body: Vec<u8>, key: Option<&str>, bytes_max: usize) -> Result<Bytes, LinkError> {
        let request = Request::post(&self.target, "application/json", Bytes::from(body))?;
        let request = request.body_bytes_max(bytes_max).head_max(self.answer_max);
        let request = match key {
            Some(key) => request.bearer(key)?,
            None => request,
        };
        let asked = async { Connection::open(&self.remote).await?.send(request).await?.success() };
        let answer = timeout(self.answer_max, asked).await.map_err(|_| LinkError::Stalled)??;
        Ok(answer.body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_goes_unencrypted_only_where_somebody_lets_it() {
        let certificate = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap().cert.pem();
        for (url, certificate, plain, is_good) in [
            ("http://127.0.0.1:8080/v1", None, PlainText::OnThisMachine, true),
            ("http://[::1]:8080/v1", None, PlainText::OnThisMachine, true),
            ("http://localhost:8080/v1/", None, PlainText::OnThisMachine, true),
            ("http://models.example/v1", None, PlainText::OnThisMachine, false),
            ("http://192.0.2.7/v1", None, PlainText::OnThisMachine, false),
            ("http://127.0.0.1.example/v1", None, PlainText::OnThisMachine, false),
            ("http://localhost@models.example/v1", None, PlainText::OnThisMachine, false),
            ("http://models.example/v1", None, PlainText::Anywhere, true),
            ("https://models.example/v1", None, PlainText::Anywhere, false),
            ("https://models.example/v1", Some(certificate.as_str()), PlainText::OnThisMachine, true),
            ("http://127.0.0.1/v1", Some(certificate.as_str()), PlainText::OnThisMachine, false),
            ("https://models.example/v1", Some("no certificate"), PlainText::OnThisMachine, false),
            ("file:///etc/passwd", None, PlainText::Anywhere, false),
            ("models.example", None, PlainText::Anywhere, false),
        ] {
            assert_eq!(Chat::new(url, certificate, plain, Duration::from_secs(1)).is_ok(), is_good, "{url}");
        }
    }

    #[test]
    fn the_path_of_the_api_is_kept() {
        for (url, target) in [
            ("http://127.0.0.1", "/chat/completions"),
            ("http://127.0.0.1/v1", "/v1/chat/completions"),
            ("http://127.0.0.1/api/v1/", "/api/v1/chat/completions"),
        ] {
            assert_eq!(Chat::new(url, None, PlainText::OnThisMachine, Duration::from_secs(1)).unwrap().target, target);
        }
    }
}
