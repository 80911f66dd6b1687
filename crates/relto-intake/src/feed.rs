//! Feeds as documents: each item with its own address, title, day and author, its text standing where it stands in the feed.
//!
//! RSS (0.9 to 2.0, and 1.0 with RDF), Atom, and JSON Feed. The well-kept readers of feeds do not tell where in the bytes a text
//! stands, so the pieces are taken from the events of the XML reader, and from the slices of the JSON reader; what is HTML in
//! them goes through [`crate::page`]. An item's text is its title and its content, or its summary if it has no content.

mod json;
mod xml;

use crate::page::{About, PageError};
use crate::reading::Reading;

/// Items of one feed.
const ITEMS_MAX: usize = 10_000;
/// What a feed is, stands in the first so many characters.
const HEAD_CHARACTERS_MAX: usize = 2048;

/// The form of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// RSS, with RDF or without, and Atom.
    Xml,
    /// JSON Feed.
    Json,
}

/// An entry of a feed.
#[derive(Clone, Debug)]
pub struct Item {
    /// Title and content, with the map to the bytes of the feed.
    pub reading: Reading,
    /// What the feed says of it.
    pub about: About,
    /// What tells it apart within the feed: as the feed names it, or else its place, counted from 1.
    pub key: String,
}

/// Why a feed is not read.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// Damaged, or cut short.
    #[error("it is no sound XML at byte {at} of the text")]
    Xml {
        /// Where, in bytes of the decoded text.
        at: usize,
        /// What is wrong there.
        #[source]
        source: quick_xml::Error,
    },
    /// It ends within an item.
    #[error("it ends within an item")]
    CutShort,
    /// Damaged, or not of the form.
    #[error("it is no sound JSON feed")]
    Json(#[from] serde_json::Error),
    /// More than anybody publishes at once.
    #[error("it has more than {ITEMS_MAX} items")]
    TooMany,
    /// An item's content is hostile.
    #[error("the content of item {item} cannot be read")]
    Content {
        /// Counted from 1.
        item: usize,
        /// Why.
        #[source]
        source: PageError,
    },
}

/// The form of the feed that `text` is, if it is one.
#[must_use]
pub fn form(text: &str) -> Option<Form> {
    let head: String = text.trim_start_matches('\u{feff}').trim_start().chars().take(HEAD_CHARACTERS_MAX).collect();
    if head.starts_with('{') {
        return head.contains("jsonfeed.org/version").then_some(Form::Json);
    }
    let root = xml::root(&head)?;
    matches!(root.as_str(), "rss" | "feed" | "RDF").then_some(Form::Xml)
}

/// The items of the feed that `decoded` is, in its order. Items without any text are left out.
///
/// # Errors
/// [`FeedError`] when it is damaged or hostile.
pub fn items(decoded: &Reading, form: Form) -> Result<Vec<Item>, FeedError> {
    let items = match form {
        Form::Xml => xml::items(decoded)?,
        Form::Json => json::items(decoded)?,
    };
    Ok(items.into_iter().filter(|item| !item.reading.text().trim().is_empty()).collect())
}

/// The text of an item from its parts, in the order in which they stand in the feed.
fn joined(parts: Vec<Reading>) -> Option<Reading> {
    let mut parts: Vec<Reading> = parts.into_iter().filter(|part| !part.text().trim().is_empty()).collect();
    parts.sort_by_key(|part| part.raw(crate::span::TextSpan::new(0, part.text().len())));
    parts.into_iter().reduce(|before, after| before.followed_by("\n", &after))
}

/// The time that `text` says, in UTC, or its day: as in mail (RSS) or as ISO has it (Atom, JSON).
pub(crate) fn time(text: &str) -> Option<String> {
    use time::OffsetDateTime;
    use time::format_description::well_known::{Rfc2822, Rfc3339};
    let text = text.trim();
    let instant = OffsetDateTime::parse(text, &Rfc3339).or_else(|_| OffsetDateTime::parse(text, &Rfc2822)).ok();
    let seconds = instant.map(|instant| instant.to_offset(time::UtcOffset::UTC).replace_nanosecond(0));
    match seconds {
        Some(Ok(instant)) => instant.format(&Rfc3339).ok(),
        _ => crate::page::day(text),
    }
}

#[cfg(test)]
mod tests;
