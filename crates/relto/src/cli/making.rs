//! `relto init` and `relto demo`: the forms that make a node.

use std::path::PathBuf;

use clap::Args;

/// `relto init`.
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The directory to make
    #[arg(value_name = "DIR")]
    pub path: PathBuf,
    /// The organisation that runs the node
    #[arg(long, value_name = "ORG")]
    pub org: String,
    /// Its nation, ISO 3166-1 alpha-3
    #[arg(long, value_name = "NATION")]
    pub nation: String,
    /// Names and addresses that the certificate is for
    #[arg(long, value_name = "HOST", default_values = ["localhost", "127.0.0.1", "::1"])]
    pub host: Vec<String>,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

/// `relto demo`.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Run the very commands, compare every answer with what it must be, and end
    #[arg(long)]
    pub check: bool,
}
