//! `relto bind` and `relto key`: the forms about labels bound to documents, and the keys that sign them.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::help::KEYS;

/// How a label is bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BindingForm {
    /// One file that holds the label and the document
    Encapsulating,
    /// A file beside the document, which refers to it with --uri
    Detached,
    /// The header line of an HTTP message whose body is the document
    Rest,
}

/// `relto bind`.
#[derive(Debug, Args)]
pub(crate) struct Bind {
    /// The document
    #[arg(value_name = "FILE", required_unless_present = "check", conflicts_with = "check")]
    pub file: Option<PathBuf>,
    /// The originator's label in XML (STANAG 4774)
    #[arg(long, value_name = "FILE", required_unless_present = "check", conflicts_with = "check")]
    pub label: Option<PathBuf>,
    /// How the label is bound
    #[arg(long, value_enum, default_value_t = BindingForm::Encapsulating, conflicts_with = "check")]
    pub form: BindingForm,
    /// Where receivers find the document, such as report.pdf beside the binding; only with --form detached
    #[arg(long, value_name = "URI", required_if_eq("form", "detached"), conflicts_with = "check")]
    pub uri: Option<String>,
    /// What the document is, such as application/pdf [default when encapsulating: application/octet-stream]
    #[arg(long, value_name = "TYPE", conflicts_with = "check")]
    pub content_type: Option<String>,
    /// Also sign a statement that this label is on this document, with a key that `relto key make` made
    #[arg(long, value_name = "KEYFILE", requires = "originator", conflicts_with = "check")]
    pub key: Option<PathBuf>,
    /// For whom the statement speaks
    #[arg(long, value_name = "NAME", requires = "key", conflicts_with = "check")]
    pub originator: Option<String>,
    /// Where the binding goes [default: standard output]
    #[arg(long, value_name = "FILE", conflicts_with = "check")]
    pub output: Option<PathBuf>,
    /// Where the signed statement goes [default: FILE.dsse.json], or with --check the one to verify
    #[arg(long, value_name = "FILE")]
    pub statement: Option<PathBuf>,
    /// Say what a binding binds, and whether it verifies, instead of making one
    #[arg(long, value_name = "BINDING")]
    pub check: Option<PathBuf>,
    /// With --check: the document
    #[arg(long, value_name = "FILE", requires = "check")]
    pub data: Option<PathBuf>,
    /// With --check: whose public key it is; statements of others count for nothing
    #[arg(long, value_name = "NAME=PUBKEYFILE", requires_all = ["check", "statement"])]
    pub trust: Vec<String>,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

/// `relto key`.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyForm {
    /// Make an Ed25519 key pair; its id is the last line
    #[command(after_help = KEYS)]
    Make(KeyMake),
}

/// `relto key make`.
#[derive(Debug, Args)]
pub(crate) struct KeyMake {
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
    /// The private key's file; the public key goes to PATH.pub
    #[arg(value_name = "PATH")]
    pub path: PathBuf,
}
