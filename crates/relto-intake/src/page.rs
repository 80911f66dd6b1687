//! A web page as a reading: its main text, with every character where it stands in the page, and what the page says of itself.
//!
//! ```text
//!  decoded page --> outline: text nodes, lines, cells ------------+--> lines that hold it --> reading
//!                     |                                           |
//!                     +--> the page without scripts --> trafilatura: its text, aligned in order
//! ```
//!
//! Which part of a page is its text is chosen by the crate `trafilatura`; its words are then found again in the page, in order
//! ([`choose`]), and the lines that hold them are read from the page itself. So no character of a reading comes from anywhere but the
//! page, and what was chosen but is not found there is left out. Scripts, styles and comments are never read. Where nothing can be
//! chosen, all that is shown is read, but menus and footers.
//!
//! Blocks, list items and table rows become lines, cells are parted by tabs, runs of white space become one space; entities
//! are decoded. A hostile page is refused by the limits of [`PageError`], and nothing here takes more than about linear time.

mod about;
mod align;
mod choose;
mod entity;
mod outline;
mod write;

pub use about::About;
pub(crate) use about::{day, some};
pub(crate) use entity::text as entity_text;

use crate::reading::Reading;

/// Elements of a page.
const ELEMENTS_MAX: usize = 250_000;
/// How deep elements stand in each other; browsers stop there too.
const DEPTH_MAX: usize = 512;

/// How the text of a page was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Choice {
    /// The main text.
    Main,
    /// All that is shown, but menus and footers: no main text was found, or the document is nothing else.
    Shown,
}

/// A page, read.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its text, with the map to the bytes of the page.
    pub reading: Reading,
    /// What it says of itself.
    pub about: About,
    /// How its text was chosen.
    pub choice: Choice,
}

/// Why a page is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// Elements within elements, without end.
    #[error("elements stand more than {DEPTH_MAX} deep in each other at byte {0} of the text")]
    TooDeep(usize),
    /// More than any page to be read has.
    #[error("there are more than {ELEMENTS_MAX} elements up to byte {0} of the text")]
    TooMany(usize),
}

/// Reads the main text of the page that `decoded` is.
///
/// # Errors
/// [`PageError`] when it is nested too deep or has too many elements.
pub fn read(decoded: &Reading) -> Result<Page, PageError> {
    let outline = outline::Outline::of(decoded.text())?;
    let found = choose::main_text(&outline);
    let mut about = About::of(&outline);
    about.complete(found.as_ref());
    let main = found.as_ref().and_then(|found| choose::lines(decoded.text(), &outline, &found.content_text));
    let choice = if main.is_some() { Choice::Main } else { Choice::Shown };
    let reading = write::reading(decoded, &outline, &main.unwrap_or_else(|| outline.shown_lines()));
    Ok(Page { reading, about, choice })
}

/// Reads all that is shown of the piece of a page that `decoded` is, as feeds carry it.
///
/// # Errors
/// As [`read`].
pub fn read_fragment(decoded: &Reading) -> Result<Page, PageError> {
    let outline = outline::Outline::of(decoded.text())?;
    let reading = write::reading(decoded, &outline, &outline.shown_lines());
    Ok(Page { reading, about: About::of(&outline), choice: Choice::Shown })
}

/// Whether `text` begins as a page does.
#[must_use]
pub fn is_page(text: &str) -> bool {
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    while let Some((prologue, end)) = [("<!--", "-->"), ("<?xml", "?>")].iter().find(|(prologue, _)| rest.starts_with(prologue)) {
        let Some((_, after)) = rest.get(prologue.len()..).and_then(|inside| inside.split_once(end)) else { return false };
        rest = after.trim_start();
    }
    let head: String = rest.chars().take(16).flat_map(char::to_lowercase).collect();
    ["<!doctype html", "<html", "<head", "<body", "<meta", "<title"]
        .iter()
        .any(|tag| head.strip_prefix(tag).is_some_and(|after| !after.starts_with(|c: char| c.is_alphanumeric() || c == '-')))
}

#[cfg(test)]
mod tests;
