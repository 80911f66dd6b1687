//! From files to documents: what bytes are is told by what stands in them, never by a name.
//!
//! ```text
//!  bytes --> members of archives and mail --> text, page, feed, PDF --> documents: raw bytes, reading, what it says of itself
//! ```
//!
//! [`open`] takes archives and mail apart, [`read`] makes documents of what was in them: a text, a page and a PDF one, a feed one for
//! each item. Spans are in the bytes that arrived (of a member: in the member, of an item: in the feed). A PDF says nothing of the order
//! of its bytes, so there spans are in a *rendition*, its text in UTF-8, which [`Origin`] names with its hash. The rendition is
//! made by the caller, in a process of its own: this crate starts none.

mod mail;
mod origin;

pub use mail::{Letter, Part};
pub use origin::{Origin, Rendition, Spans};

use crate::archive::{self, ArchiveError, Budget, Limits};
use crate::feed::{self, FeedError};
use crate::page::{self, About, PageError};
use crate::raw::Raw;
use crate::reading::Reading;

/// The longest document, in bytes.
pub const DOCUMENT_BYTES_MAX: usize = 4 << 20;
/// The longest PDF, in bytes: most of one is pictures and fonts.
pub const PDF_BYTES_MAX: usize = 64 << 20;
/// The longest feed, in bytes.
pub const FEED_BYTES_MAX: usize = 32 << 20;

/// A file, or what was in one, before it is read.
#[derive(Clone, Debug)]
pub struct Member {
    /// The bytes, unpacked.
    pub bytes: Vec<u8>,
    /// SHA-256 of the archive in hexadecimal, and the names of the members that lead to it there; no names for a plain file.
    pub within: Option<Within>,
    /// The letter that it is a part of.
    pub letter: Option<Letter>,
}

/// Where in an archive something was.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Within {
    /// SHA-256 of the outermost archive as it arrived, in hexadecimal.
    pub sha256: String,
    /// Names of members, the outermost archive's first. They are never used as paths.
    pub names: Vec<String>,
}

/// What bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text without markup.
    Text,
    /// A web page.
    Page,
    /// A feed of many documents.
    Feed(feed::Form),
    /// Pages for print.
    Pdf,
}

/// What is to be read, with its bytes.
#[derive(Clone, Debug)]
pub struct Document {
    /// The bytes in which its spans are.
    pub raw: Raw,
    /// Its text, with the map to the bytes.
    pub reading: Reading,
    /// What it says of itself.
    pub about: About,
    /// Where it came from, and what its spans refer to.
    pub origin: Origin,
}

/// Why bytes are no document.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A picture, a film, an office document, or nothing known.
    #[error("is {0}, which is not read")]
    NoDocument(&'static str),
    /// Longer than may be.
    #[error("has more than the {0} bytes that a document of its kind may have")]
    TooLong(usize),
    /// A hostile page.
    #[error("is a web page that cannot be read")]
    Page(#[from] PageError),
    /// A damaged or hostile feed.
    #[error("is a feed that cannot be read")]
    Feed(#[from] FeedError),
    /// A damaged or hostile PDF.
    #[error("is a PDF that cannot be read: {0}")]
    Pdf(String),
}

/// Makes a text of a PDF. The error is one line for people.
pub type Render<'r> = &'r mut dyn FnMut(&[u8]) -> Result<Rendered, String>;

/// The text of a PDF.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// Page by page.
    pub text: String,
    /// Name and version of what made it: another version may make another text.
    pub by: String,
    /// What the PDF says of itself.
    pub about: About,
}

/// Takes archives and mail apart, and those in them; anything else is one member.
///
/// # Errors
/// [`ArchiveError`] when an archive is damaged, or `limits` are passed.
pub fn open(bytes: Vec<u8>, limits: Limits) -> Result<Vec<Member>, ArchiveError> {
    let mut members = Vec::new();
    let mut budget = Budget::new(limits);
    unpack(Member { bytes, within: None, letter: None }, 0, &mut budget, &mut members)?;
    Ok(members)
}

fn unpack(member: Member, depth: usize, budget: &mut Budget, into: &mut Vec<Member>) -> Result<(), ArchiveError> {
    let Some(form) = archive::form(&member.bytes).filter(|_| no_document(&member.bytes).is_none()) else {
        return match mail::letters(&member.bytes) {
            Some(letters) => unpack_mail(&member, &letters, depth, budget, into),
            None => {
                into.push(member);
                Ok(())
            }
        };
    };
    if depth >= budget.depth_max() {
        return Err(ArchiveError::TooDeep(budget.depth_max()));
    }
    let sha256 = outermost(&member);
    let letter = member.letter.clone();
    let names = member.within.map(|within| within.names).unwrap_or_default();
    for inner in archive::members(&member.bytes, form, budget)? {
        // What is only packed has no name of its own.
        let names = names.iter().cloned().chain((!inner.name.is_empty()).then_some(inner.name)).collect();
        let within = Within { sha256: sha256.clone(), names };
        // A packed tar is one archive, not one in another.
        let is_packed_only =
            matches!(form, archive::Form::Gzip | archive::Form::Zstandard) && archive::form(&inner.bytes) == Some(archive::Form::Tar);
        let depth = if is_packed_only { depth } else { depth + 1 };
        unpack(Member { bytes: inner.bytes, within: Some(within), letter: letter.clone() }, depth, budget, into)?;
    }
    Ok(())
}

/// SHA-256 of the file that `member` is, or was in.
fn outermost(member: &Member) -> String {
    member.within.as_ref().map_or_else(|| Raw::new(member.bytes.clone()).sha256_hex(), |within| within.sha256.clone())
}

fn unpack_mail(
    member: &Member,
    letters: &[Vec<u8>],
    depth: usize,
    budget: &mut Budget,
    into: &mut Vec<Member>,
) -> Result<(), ArchiveError> {
    // A letter in a letter is deeper; one by itself, or in an archive, is no more than its parts.
    let depth = if member.letter.is_some() { depth + 1 } else { depth };
    if depth > budget.depth_max() {
        return Err(ArchiveError::TooDeep(budget.depth_max()));
    }
    let sha256 = outermost(member);
    let around = member.within.as_ref().map(|within| within.names.as_slice()).unwrap_or_default();
    for (at, letter) in letters.iter().enumerate() {
        let of_mailbox = (letters.len() > 1).then(|| format!("letter {}", at + 1));
        for piece in mail::pieces(letter)? {
            budget.take(piece.bytes.len())?;
            let own = of_mailbox.iter().cloned().chain((!piece.name.is_empty()).then_some(piece.name));
            let within = Within { sha256: sha256.clone(), names: around.iter().cloned().chain(own).collect() };
            let inner = Member { bytes: piece.bytes, within: Some(within), letter: Some(piece.letter) };
            // What a letter says may look like anything, and is its text.
            if piece.may_hold_more { unpack(inner, depth, budget, into)? } else { into.push(inner) }
        }
    }
    Ok(())
}

/// The documents in `member`: none in an empty feed, else at least one.
///
/// # Errors
/// [`ReadError`] when it is none, damaged, too long or hostile.
pub fn read(member: Member, render: Render<'_>) -> Result<Vec<Document>, ReadError> {
    if let Some(what) = no_document(&member.bytes) {
        return Err(ReadError::NoDocument(what));
    }
    if member.bytes.starts_with(b"%PDF-") {
        return bounded(&member.bytes, PDF_BYTES_MAX).and_then(|()| pdf(&member, render));
    }
    bounded(&member.bytes, FEED_BYTES_MAX)?;
    let Member { bytes, within, letter } = member;
    let is_said = letter.as_ref().is_some_and(|letter| letter.part != Part::Attachment);
    let raw = Raw::new(bytes);
    if !raw.is_text() {
        return Err(ReadError::NoDocument("no text, or one in UTF-16 that does not show it"));
    }
    let decoded = raw.decode();
    if let Some(form) = feed::form(decoded.text()).filter(|_| !is_said) {
        let items = feed::items(&decoded, form)?;
        let document = |item: feed::Item| Document {
            origin: Origin::of(&raw, Kind::Feed(form), within.clone()).part_of(letter.clone()).item(item.key),
            raw: raw.clone(),
            reading: item.reading,
            about: item.about,
        };
        return Ok(items.into_iter().map(document).collect());
    }
    bounded(raw.bytes(), DOCUMENT_BYTES_MAX)?;
    let is_page = match &letter {
        Some(letter) if is_said => letter.part == Part::Page,
        _ => page::is_page(decoded.text()),
    };
    let document = if is_page {
        // A letter is all main text.
        let page = if is_said { page::read_fragment(&decoded)? } else { page::read(&decoded)? };
        let origin = Origin::of(&raw, Kind::Page, within).part_of(letter.clone()).chosen(page.choice);
        Document { origin, raw, reading: page.reading, about: page.about }
    } else {
        Document { origin: Origin::of(&raw, Kind::Text, within).part_of(letter.clone()), raw, reading: decoded, about: About::default() }
    };
    Ok(vec![Document { about: about_letter(document.about, letter.as_ref()), ..document }])
}

/// What a letter says of itself is said of its text, and of what came along its date, where that says none.
fn about_letter(own: About, letter: Option<&Letter>) -> About {
    let Some(letter) = letter else { return own };
    let published = own.published.or_else(|| letter.date.clone());
    match letter.part {
        Part::Attachment => About { published, ..own },
        Part::Text | Part::Page => About { title: letter.subject.clone(), author: letter.from.clone(), published, ..own },
    }
}

fn pdf(member: &Member, render: Render<'_>) -> Result<Vec<Document>, ReadError> {
    let rendered = render(&member.bytes).map_err(ReadError::Pdf)?;
    let original = Raw::new(member.bytes.clone());
    let raw = Raw::new(rendered.text.clone().into_bytes());
    bounded(raw.bytes(), DOCUMENT_BYTES_MAX)?;
    let rendition = Rendition { sha256: raw.sha256_hex(), by: rendered.by, text: rendered.text };
    let origin = Origin::of(&original, Kind::Pdf, member.within.clone()).part_of(member.letter.clone()).rendered(rendition);
    Ok(vec![Document { reading: raw.decode(), raw, about: about_letter(rendered.about, member.letter.as_ref()), origin }])
}

fn bounded(bytes: &[u8], most: usize) -> Result<(), ReadError> {
    if bytes.len() > most { Err(ReadError::TooLong(most)) } else { Ok(()) }
}

/// What `bytes` are that is no document for us, by their first.
fn no_document(bytes: &[u8]) -> Option<&'static str> {
    const OTHERS: [(&[u8], &str); 10] = [
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"GIF8", "a picture"),
        (b"RIFF", "a picture, a sound or a film"),
        (b"\0\0\0\x18ftyp", "a film"),
        (b"\0\0\0\x20ftyp", "a film"),
        (b"\xd0\xcf\x11\xe0", "an office document"),
        (b"{\\rtf", "an office document"),
        (b"\x7fELF", "a program"),
        (b"7z\xbc\xaf\x27\x1c", "an archive of a kind that is not read"),
    ];
    // Documents of office programs are zip archives, and say what they are by their first member.
    let first_member = bytes.get(30..).filter(|_| bytes.starts_with(b"PK\x03\x04"));
    let is_office =
        first_member.is_some_and(|name| name.starts_with(b"[Content_Types].xml") || name.starts_with(b"mimetypeapplication/vnd.oasis"));
    let office = is_office.then_some("an office document");
    office.or_else(|| OTHERS.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, what)| *what))
}

impl Kind {
    /// The media type of such bytes.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain",
            Self::Page => "text/html",
            Self::Feed(feed::Form::Xml) => "application/xml",
            Self::Feed(feed::Form::Json) => "application/feed+json",
            Self::Pdf => "application/pdf",
        }
    }
}

#[cfg(test)]
mod tests;
