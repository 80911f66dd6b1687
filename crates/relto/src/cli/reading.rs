//! What somebody may see: found, shown, explained, exported.

use std::path::PathBuf;

use clap::Args;
use relto_node::{ENTITY_LIMIT_MAX, EntityRequest, SEARCH_LIMIT_MAX, SearchRequest};

use super::Place;
use crate::command::Command;

/// `relto explain`.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    #[command(flatten)]
    pub place: Place,
    /// The object
    #[arg(value_name = "OBJECT-ID")]
    pub object: String,
    /// For whom
    #[arg(long = "as", value_name = "NAME")]
    pub user: String,
}

/// `relto show`.
#[derive(Debug, Args)]
pub(crate) struct Show {
    #[command(flatten)]
    pub place: Place,
    /// The object
    #[arg(value_name = "OBJECT-ID")]
    pub object: String,
    /// For whom
    #[arg(long = "as", value_name = "NAME")]
    pub user: String,
}

/// `relto export`.
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The node's data directory
    #[arg(long, value_name = "DIR", env = "RELTO_DATA")]
    pub data: PathBuf,
    /// For whom
    #[arg(long = "as", value_name = "NAME")]
    pub user: String,
    /// Only this collection
    #[arg(long, value_name = "NAME")]
    pub collection: Option<String>,
}

/// `relto search`.
#[derive(Debug, Args)]
pub(crate) struct Search {
    #[command(flatten)]
    pub place: Place,
    /// For whom
    #[arg(long = "as", value_name = "NAME")]
    pub user: String,
    /// Only objects of this type
    #[arg(long, value_name = "TYPE")]
    pub kind: Vec<String>,
    /// At most so many objects
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=SEARCH_LIMIT_MAX as u64))]
    pub limit: u64,
    /// What is looked for; several words are one query. One that begins with a `-` stands after `--`
    #[arg(value_name = "QUERY", required = true)]
    pub query: Vec<String>,
}

/// `relto path`.
#[derive(Debug, Args)]
pub(crate) struct Path {
    #[command(flatten)]
    pub place: Place,
    /// For whom
    #[arg(long = "as", value_name = "NAME")]
    pub user: String,
    /// Where it begins: an id, or the whole name of one object or several
    #[arg(value_name = "FROM")]
    pub from: String,
    /// Where it ends
    #[arg(value_name = "TO")]
    pub to: String,
}

/// `relto entity`.
#[derive(Debug, Args)]
pub(crate) struct Entity {
    #[command(flatten)]
    pub place: Place,
    /// For whom
    #[arg(long = "as", value_name = "NAME")]
    pub user: String,
    /// Only things of this type are meant by a name
    #[arg(long, value_name = "TYPE")]
    pub kind: Vec<String>,
    /// One object alone, without others of its name
    #[arg(long)]
    pub alone: bool,
    /// At most so many entries of each part
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=ENTITY_LIMIT_MAX as u64))]
    pub limit: u64,
    /// An id, or a name; several words are one name. One that begins with a `-` stands after `--`
    #[arg(value_name = "WHAT", required = true)]
    pub what: Vec<String>,
}

impl Entity {
    /// Where, and what to do there.
    pub(crate) fn command(self) -> (Place, Command) {
        let limit = usize::try_from(self.limit).unwrap_or(ENTITY_LIMIT_MAX);
        let request = EntityRequest { what: self.what.join(" "), kinds: self.kind, alone: self.alone, limit };
        (self.place, Command::Entity { user: self.user, request })
    }
}

impl Search {
    /// Where, and what to do there.
    pub(crate) fn command(self) -> (Place, Command) {
        let limit = usize::try_from(self.limit).unwrap_or(SEARCH_LIMIT_MAX);
        let request = SearchRequest { query: self.query.join(" "), kinds: self.kind, limit };
        (self.place, Command::Search { user: self.user, request })
    }
}
