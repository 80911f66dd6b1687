//! A document as the index takes it: who published which bytes and when, and the prints of its text.

use super::letters::Letters;
use super::print::Print;
use crate::analysis::Analysis;
use crate::knowledge::Knowledge;
use crate::raw::Raw;
use crate::reading::{ApplyError, Reading};
use relto_model::Timestamp;
use serde::Serialize;

/// What tells documents apart, in their order of appearance: earlier first, then by the hash of the bytes, the item, and the name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Key {
    /// When it was published.
    pub published: Timestamp,
    /// SHA-256 of the bytes that arrived, in hexadecimal.
    pub sha256: String,
    /// Which item of a feed it is: the items share their bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// Under which name: a site, a channel, an agency.
    pub name: String,
}

/// A document with all that is needed to find and check its copies; the text itself is not kept.
#[derive(Clone, Debug)]
pub struct Document {
    key: Key,
    encoding: &'static str,
    print: Print,
    /// The print of the text with its words levelled, where that makes a difference.
    levelled: Option<Print>,
}

impl Document {
    /// The document of an analysis, published under `name`.
    ///
    /// # Errors
    /// [`ApplyError`] if levelled words overlap: a fault of ours, not of the document.
    pub fn of(analysis: &Analysis, name: &str, published: Timestamp, knowledge: &Knowledge) -> Result<Self, ApplyError> {
        Self::new(&analysis.raw, &analysis.repaired, name, published, knowledge)
    }

    /// The document of which `raw` are the bytes and `reading` is the text to be compared.
    ///
    /// # Errors
    /// [`ApplyError`] as for [`Self::of`].
    pub fn new(raw: &Raw, reading: &Reading, name: &str, published: Timestamp, knowledge: &Knowledge) -> Result<Self, ApplyError> {
        let script = &knowledge.chinese().script;
        let changes = knowledge.level().changes(reading.text(), knowledge.chinese());
        let levelled = if changes.is_empty() { None } else { Some(Print::new(Letters::of(&reading.apply(changes)?, script))) };
        Ok(Self {
            key: Key { published, sha256: raw.sha256_hex(), item: None, name: name.to_owned() },
            encoding: raw.encoding_name(),
            print: Print::new(Letters::of(reading, script)),
            levelled,
        })
    }

    /// The same, as the `item` of a feed.
    #[must_use]
    pub fn of_item(mut self, item: Option<String>) -> Self {
        self.key.item = item;
        self
    }

    /// What tells it apart.
    #[must_use]
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// Name of the encoding of its bytes, as the web names it.
    #[must_use]
    pub fn encoding_name(&self) -> &'static str {
        self.encoding
    }

    pub(super) fn print(&self) -> &Print {
        &self.print
    }

    pub(super) fn is_levelled(&self) -> bool {
        self.levelled.is_some()
    }

    /// The print with words levelled; the plain one where levelling changes nothing.
    pub(super) fn level_print(&self) -> &Print {
        self.levelled.as_ref().unwrap_or(&self.print)
    }
}
