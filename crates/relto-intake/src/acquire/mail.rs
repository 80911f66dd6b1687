//! Mail, one letter or a mailbox of them: its text and its attachments as members, each by its own bytes.
//!
//! A letter is told by its headers. Of what it says in several forms the plain text is read, and a page only where there is none. The bytes of a text
//! are those of its decoded part in UTF-8, those of an attachment as they were before they were coded for mail. What a header says is told and never
//! believed: anybody can write any sender.

use std::io::Error;

use mail_parser::mailbox::mbox::MessageIterator;
use mail_parser::{Address, Message, MessageParser, MessagePart, MimeHeaders as _, PartType};
use serde::{Deserialize, Serialize};

use crate::archive::{ArchiveError, shown};
use crate::raw::Raw;

/// Bytes of a letter in which its headers end.
const HEAD_BYTES_MAX: usize = 256 << 10;
/// What every letter says, and what no other text begins with beside it.
const SENDER: &str = "from";
const OTHERS: [&str; 6] = ["date", "message-id", "received", "mime-version", "return-path", "delivered-to"];
/// Characters of a header that are told.
const HEADER_CHARACTERS_MAX: usize = 500;

/// The letter that something is, or was part of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// SHA-256 of the letter as it arrived, in hexadecimal.
    pub sha256: String,
    /// Which part it is.
    pub part: Part,
    /// Who it says that it is from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Its subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// When it says that it was written, as ISO has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// What tells it apart from all others, if its sender did as is usual.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
}

/// What part of a letter something is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// What it says.
    #[default]
    Text,
    /// What it says, as a page.
    Page,
    /// What came along with it.
    Attachment,
}

/// A part with its name and bytes.
pub(super) struct Piece {
    /// For people; empty for what the letter says.
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    pub(super) letter: Letter,
    /// Another letter in full, or a part that may be an archive.
    pub(super) may_hold_more: bool,
}

impl Letter {
    /// What tells its parts apart from those of other letters.
    pub(crate) fn key(&self) -> &str {
        self.message_id.as_deref().unwrap_or(&self.sha256)
    }
}

/// The letters in `bytes`, if they are mail: one, or those of a mailbox.
pub(super) fn letters(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    if is_letter(bytes) {
        return Some(vec![bytes.to_vec()]);
    }
    let after_first_line = bytes.starts_with(b"From ").then(|| bytes.splitn(2, |byte| *byte == b'\n').nth(1)).flatten()?;
    if !is_letter(after_first_line) {
        return None;
    }
    // A reader of bytes in memory does not fail.
    Some(MessageIterator::new(bytes).filter_map(Result::ok).map(|message| message.unwrap_contents()).collect())
}

/// Whether `bytes` begin with the headers of a letter, and nothing else.
fn is_letter(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(HEAD_BYTES_MAX)).unwrap_or_default();
    let mut names: Vec<String> = Vec::new();
    for line in head.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            return names.iter().any(|name| name == SENDER) && names.iter().any(|name| OTHERS.contains(&name.as_str()));
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        let Some(at) = line.iter().position(|byte| *byte == b':') else { return false };
        let name = line.get(..at).unwrap_or_default();
        if name.is_empty() || !name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-') {
            return false;
        }
        names.push(String::from_utf8_lossy(name).to_ascii_lowercase());
    }
    false
}

/// The parts of the letter that `bytes` are.
///
/// # Errors
/// [`ArchiveError`] when it is none that can be taken apart.
pub(super) fn pieces(bytes: &[u8]) -> Result<Vec<Piece>, ArchiveError> {
    let message = MessageParser::default().parse(bytes).ok_or_else(|| ArchiveError::Damaged(Error::other("it has no headers")))?;
    let letter = headers(&message, bytes);
    let mut pieces = Vec::new();
    let bodies: Vec<&MessagePart<'_>> = message.text_bodies().filter(|part| matches!(part.body, PartType::Text(_))).collect();
    let bodies = if bodies.is_empty() { message.html_bodies().collect() } else { bodies };
    for body in bodies {
        let (part, bytes) = match &body.body {
            PartType::Text(text) => (Part::Text, text.as_bytes().to_vec()),
            PartType::Html(page) => (Part::Page, page.as_bytes().to_vec()),
            _ => continue,
        };
        pieces.push(Piece { name: String::new(), bytes, letter: Letter { part, ..letter.clone() }, may_hold_more: false });
    }
    for (number, attached) in message.attachments().enumerate() {
        let bytes = match &attached.body {
            PartType::Text(text) | PartType::Html(text) => text.as_bytes().to_vec(),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => bytes.to_vec(),
            PartType::Message(inner) => inner.raw_message().to_vec(),
            PartType::Multipart(_) => continue,
        };
        let name = attached.attachment_name().map(|name| shown(name.as_bytes())).filter(|name| !name.trim().is_empty());
        let name = name.unwrap_or_else(|| format!("attachment {}", number + 1));
        pieces.push(Piece { name, bytes, letter: Letter { part: Part::Attachment, ..letter.clone() }, may_hold_more: true });
    }
    Ok(pieces)
}

fn headers(message: &Message<'_>, bytes: &[u8]) -> Letter {
    let told = |text: &str| {
        let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(HEADER_CHARACTERS_MAX).collect();
        Some(clean.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let date = message.date().filter(|date| date.is_valid()).map(mail_parser::DateTime::to_rfc3339);
    Letter {
        sha256: Raw::new(bytes.to_vec()).sha256_hex(),
        part: Part::Text,
        from: message.from().and_then(sender).as_deref().and_then(told),
        subject: message.subject().and_then(told),
        date: date.as_deref().and_then(crate::feed::time),
        message_id: message.message_id().and_then(told),
    }
}

fn sender(from: &Address<'_>) -> Option<String> {
    let first = from.first()?;
    match (first.name(), first.address()) {
        (Some(name), Some(address)) => Some(format!("{name} <{address}>")),
        (name, address) => name.or(address).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LETTER: &str = "Received: from a.example\r\nFrom: =?utf-8?q?Ada_Lindqvist?= <ada@example.org>\r\nSubject: Chips\r\n Declaration\r\n\
        Date: Wed, 17 May 2023 11:30:00 +0200\r\nMessage-ID: <one@example.org>\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: multipart/alternative; boundary=\"c\"\r\n\r\n\
        --c\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nFrance and =C9ire agreed.\r\n\
        --c\r\nContent-Type: text/html\r\n\r\n<p>France and Eire agreed.</p>\r\n--c--\r\n\
        --b\r\nContent-Type: text/plain; name=\"note.txt\"\r\nContent-Disposition: attachment; filename=\"note.txt\"\r\n\
        Content-Transfer-Encoding: base64\r\n\r\nSmFwYW4gaGFzIG5vdC4=\r\n--b--\r\n";

    #[test]
    fn a_letter_is_its_text_and_what_came_along() {
        let letters = letters(LETTER.as_bytes()).unwrap();
        let pieces = pieces(&letters[0]).unwrap();
        let found: Vec<(&str, &str, Part)> = pieces
            .iter()
            .map(|piece| (piece.name.as_str(), std::str::from_utf8(&piece.bytes).unwrap().trim(), piece.letter.part))
            .collect();
        assert_eq!(found, [("", "France and Éire agreed.", Part::Text), ("note.txt", "Japan has not.", Part::Attachment)]);
        let letter = &pieces[0].letter;
        assert_eq!(letter.from.as_deref(), Some("Ada Lindqvist <ada@example.org>"));
        assert_eq!((letter.subject.as_deref(), letter.date.as_deref()), (Some("Chips Declaration"), Some("2023-05-17T09:30:00Z")));
        assert_eq!((letter.message_id.as_deref(), letter.key()), (Some("one@example.org"), "one@example.org"));
        assert_eq!(letter.sha256, Raw::new(LETTER.as_bytes().to_vec()).sha256_hex());
    }

    #[test]
    fn where_there_is_no_plain_text_the_page_is_read() {
        let letter = b"From: a@example.org\nDate: Wed, 17 May 2023 11:30:00 +0200\nContent-Type: text/html\n\n<p>One.</p>\n";
        let pieces = pieces(letter).unwrap();
        assert_eq!((pieces.len(), pieces[0].letter.part), (1, Part::Page));
        assert_eq!(pieces[0].letter.key(), pieces[0].letter.sha256);
    }

    #[test]
    fn mailboxes_are_their_letters_and_other_texts_are_none() {
        let one = "From: a@example.org\nDate: Wed, 17 May 2023 11:30:00 +0200\n\nOne.\n>From here on.\n\n";
        let mailbox = format!("From a@example.org Wed May 17 11:30:00 2023\n{one}From b@example.org Wed May 17 11:31:00 2023\n{one}");
        let letters = letters(mailbox.as_bytes()).unwrap();
        assert_eq!(letters.len(), 2);
        assert!(std::str::from_utf8(&letters[0]).unwrap().contains("\nFrom here on."));
        for text in [
            "",
            "From: Paris\n\nA story.",
            "From here on\nall is well: yes.",
            "Date: today\nSubject: x\n\ny",
            "From: a\nDate: b",
            "<p>From: a",
        ] {
            assert!(super::letters(text.as_bytes()).is_none(), "{text}");
        }
    }
}
