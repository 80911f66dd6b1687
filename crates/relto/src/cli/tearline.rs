//! `relto tearline`: proposing a reduced object, and publishing it.

use std::collections::BTreeSet;

use clap::Args;
use relto_node::{Accepted, Review, TearlineRequest};

use super::Place;
use crate::command::Command;
use crate::failure::Failure;
use crate::sources;

/// `relto tearline`.
#[derive(Debug, Args)]
pub(crate) struct Tearline {
    #[command(flatten)]
    pub place: Place,
    /// The object of which some may not see all
    #[arg(value_name = "OBJECT-ID")]
    pub object: String,
    /// The label of the tearline, whose readers it is for
    #[arg(long = "for", value_name = "LABEL")]
    pub label: String,
    /// Name or id of the collection that holds the object, when several do
    #[arg(long, value_name = "NAME")]
    pub collection: Option<String>,
    /// Words that must not leave in a text: one entry a line, `#` comments, `*` for any ending
    #[arg(long, value_name = "FILE")]
    pub words: Option<String>,
    /// Publish what is proposed
    #[arg(long, requires_all = ["reviewed_by", "reason"])]
    pub publish: bool,
    /// Who looked at it
    #[arg(long, value_name = "NAME", requires = "publish")]
    pub reviewed_by: Option<String>,
    /// Why it is published; kept in the log
    #[arg(long, value_name = "TEXT", requires = "publish")]
    pub reason: Option<String>,
    /// Only if this is still what would be published: the content that the proposal names
    #[arg(long, value_name = "HEX", requires = "publish")]
    pub content: Option<String>,
    /// A finding that may stand, by its number
    #[arg(long, value_name = "N", value_delimiter = ',', requires = "publish")]
    pub accept: Vec<usize>,
    /// All findings may stand; the reason says why
    #[arg(long, requires = "publish", conflicts_with = "accept")]
    pub accept_findings: bool,
}

impl Tearline {
    /// Where, and what to do there.
    ///
    /// # Errors
    /// [`Failure`] when the word list cannot be read.
    pub(crate) fn command(self) -> Result<(Place, Command), Failure> {
        let words = self.words.as_deref().map(sources::read_words).transpose()?;
        let request = TearlineRequest { label: self.label, collection: self.collection, words };
        let accepted =
            if self.accept_findings { Accepted::All } else { Accepted::Numbers(self.accept.into_iter().collect::<BTreeSet<_>>()) };
        let review = Review {
            reviewed_by: self.reviewed_by.unwrap_or_default(),
            reason: self.reason.unwrap_or_default(),
            content: self.content,
            accepted,
        };
        let object = self.object;
        let command =
            if self.publish { Command::TearlinePublish { object, request, review } } else { Command::Tearline { object, request } };
        Ok((self.place, command))
    }
}
