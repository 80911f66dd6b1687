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
    /// Go on until it is stopped: take in what comes into the folders, and ask the addresses again
    #[arg(long, requires = "data")]
    pub watch: bool,
    /// How often addresses are asked again: `30s`, `15m`, `2h`, `1d` [default: 15m]
    #[arg(long, value_name = "TIME", requires = "watch")]
    pub every: Option<String>,
    /// Ask addresses of this machine and of private networks as well
    #[arg(long)]
    pub allow_private: bool,
    /// Answer in JSON: without `--data` what was read, of several documents a list; with `--watch` one object a line
    #[arg(long)]
    pub json: bool,
    /// Texts, web pages, feeds, PDFs, mail, MISP events, archives of them (zip, tar, gzip, zstd), folders, and `https://` addresses; `-` is
    /// standard input
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<String>,
}
