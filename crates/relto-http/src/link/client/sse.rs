//! Server-sent events, parsed as the WHATWG's HTML standard has it (section 9.2.6, "Interpreting an event stream").
//!
//! Pure: bytes in, events out. Reading them off a connection is `events.rs`. One difference: `retry` is ignored with the unknown fields,
//! since when to come back is for whoever calls to say.

use axum::http::HeaderName;
use bytes::{Buf as _, Bytes};

/// What a stream of events says that it is.
pub(crate) const MEDIA_TYPE: &str = "text/event-stream";
/// The header that says after which event to go on.
pub(crate) const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// Bytes of one line at most, its end apart.
pub(crate) const LINE_BYTES_MAX: usize = 16 << 10;
/// Bytes of the data of one event at most.
pub(crate) const EVENT_BYTES_MAX: usize = 256 << 10;
/// What an event is called that has no name.
const UNNAMED: &str = "message";
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its name, `message` unless the stream says otherwise.
    pub name: String,
    /// Its data; lines are separated by `\n`.
    pub data: String,
    /// The last id that the stream had said by then, empty if none.
    pub id: String,
}

/// Whether `content_type` is that of a stream of events.
pub(crate) fn is_media_type(content_type: &str) -> bool {
    content_type.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case(MEDIA_TYPE))
}

/// A line, or the data of an event, is longer than is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a line or an event is too long")]
pub(crate) struct TooLong;

/// A stream as far as it has come.
#[derive(Debug, Default)]
pub(crate) struct Parser {
    /// The line that has begun.
    line: Vec<u8>,
    /// The last line ended in CR: an LF belongs to that.
    is_after_cr: bool,
    has_line: bool,
    name: String,
    data: String,
    id: String,
}

impl Parser {
    /// The next event that is whole, with what led to it taken off `input`; `None` once that is empty.
    pub(crate) fn next(&mut self, input: &mut Bytes) -> Result<Option<Event>, TooLong> {
        while let Some(&first) = input.first() {
            if std::mem::take(&mut self.is_after_cr) && first == b'\n' {
                input.advance(1);
                continue;
            }
            let end = input.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
            let part = input.split_to(end.unwrap_or(input.len()));
            if self.line.len() + part.len() > LINE_BYTES_MAX {
                return Err(TooLong);
            }
            self.line.extend_from_slice(&part);
            if end.is_none() {
                break;
            }
            self.is_after_cr = input.get_u8() == b'\r';
            let line = std::mem::take(&mut self.line);
            if let Some(event) = self.take_line(&line)? {
                return Ok(Some(event));
            }
        }
        Ok(None)
    }

    fn take_line(&mut self, line: &[u8]) -> Result<Option<Event>, TooLong> {
        let is_first = !std::mem::replace(&mut self.has_line, true);
        let line = if is_first { line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line) } else { line };
        if line.is_empty() {
            return Ok(self.dispatch());
        }
        let line = String::from_utf8_lossy(line);
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.name),
            "data" if self.data.len() + value.len() >= EVENT_BYTES_MAX => return Err(TooLong),
            "data" => self.data.extend([value, "\n"]),
            "id" if !value.contains('\0') => value.clone_into(&mut self.id),
            // A comment has an empty field.
            _ => {}
        }
        Ok(None)
    }

    fn dispatch(&mut self) -> Option<Event> {
        let (name, mut data) = (std::mem::take(&mut self.name), std::mem::take(&mut self.data));
        data.pop()?;
        let name = if name.is_empty() { UNNAMED.to_owned() } else { name };
        Some(Event { name, data, id: self.id.clone() })
    }
}

#[cfg(test)]
mod tests;
