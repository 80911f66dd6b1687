//! Where a document came from and what its spans refer to, as it is told beside what was read.

use super::{Kind, Letter, Within};
use crate::page::Choice;
use crate::raw::Raw;
use serde::Serialize;

/// Where a document came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// SHA-256 of the bytes that arrived (of a member of an archive, the member's), in hexadecimal.
    pub sha256: String,
    /// What they are.
    pub media_type: &'static str,
    /// Their encoding, of what is text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<&'static str>,
    /// What the spans are places in.
    pub spans: Spans,
    /// The text that spans are places in, where those of the bytes say nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rendition: Option<Rendition>,
    /// Which item of the feed it is, or of which letter a part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// The archive it was in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archive: Option<Within>,
    /// The letter that it is a part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part_of: Option<Letter>,
    /// Of a page: whether its main text was found.
    #[serde(rename = "text", skip_serializing_if = "Option::is_none")]
    pub choice: Option<Choice>,
}

/// What spans are places in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Spans {
    /// The bytes that arrived, whose hash is `sha256`.
    Bytes,
    /// The text whose hash stands in `rendition`.
    Rendition,
}

/// A text that was made of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rendition {
    /// SHA-256 of the text in UTF-8, in hexadecimal.
    pub sha256: String,
    /// Name and version of what made it.
    pub by: String,
    /// The text itself, so that a place in it can be looked up.
    pub text: String,
}

impl Origin {
    pub(super) fn of(raw: &Raw, kind: Kind, archive: Option<Within>) -> Self {
        Self {
            sha256: raw.sha256_hex(),
            media_type: kind.media_type(),
            encoding: (kind != Kind::Pdf).then(|| raw.encoding_name()),
            spans: Spans::Bytes,
            rendition: None,
            item: None,
            archive,
            part_of: None,
            choice: None,
        }
    }

    pub(super) fn item(self, key: String) -> Self {
        // Of a feed that came by mail, both.
        let item = self.item.map_or(key.clone(), |letter| format!("{letter}: {key}"));
        Self { item: Some(item), ..self }
    }

    /// Parts of a letter may hold the same bytes as those of another.
    pub(super) fn part_of(self, letter: Option<Letter>) -> Self {
        let item = letter.as_ref().map(|letter| letter.key().to_owned());
        Self { part_of: letter, item, ..self }
    }

    pub(super) fn chosen(self, choice: Choice) -> Self {
        Self { choice: Some(choice), ..self }
    }

    pub(super) fn rendered(self, rendition: Rendition) -> Self {
        Self { spans: Spans::Rendition, rendition: Some(rendition), ..self }
    }
}
