//! `relto intake`: documents of open sources, read, or taken in as objects.

use std::path::PathBuf;

use clap::Args;

use super::files::Labelling;

/// `relto intake`.
#[derive(Debug, Args)]
pub(crate) struct Intake {
    /// The node's data directory; without it nothing is stored
    #[arg(long, value_name = "DIR", requires = "collection")]
    pub data: Option<PathBuf>,
    /// Name or id of the collection that the objects go to
    #[arg(long, value_name = "NAME", requires = "data")]
    pub collection: Option<String>,
    #[command(flatten)]
    pub labelling: Labelling,
    /// When the documents were published [default: as each says, or else when its file was last changed]
    #[arg(long, value_name = "TIME", requires = "data")]
    pub published: Option<String>,
    /// Names of your own: a CSV file with the columns name, type and aliases, which are parted by `|`
    #[arg(long, value_name = "FILE")]
    pub names: Vec<String>,
    /// Ask this model what each document says beside what the rules read; see `relto model`
    #[arg(long, value_name = "NAME", requires = "data")]
    pub model: Option<String>,
    /// Answer in JSON: without `--data` what was read of one document
    #[arg(long)]
    pub json: bool,
    /// Texts, web pages, feeds, PDFs, archives of them (zip, tar, gzip, zstd) and folders; `-` is standard input
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<String>,
}
