//! `relto load`, `relto preview` and `relto validate`: the forms that read files.

use clap::Args;

use super::Place;

/// How what is loaded is labelled.
#[derive(Debug, Args)]
pub(crate) struct Labelling {
    /// Joined with each object's own markings; never loosens them
    #[arg(long, value_name = "LABEL")]
    pub label: Option<String>,
    /// When the label was made: groups count as they were then [default: now]
    #[arg(long, value_name = "DATE")]
    pub label_date: Option<String>,
    /// A user that TLP:RED goes to
    #[arg(long, value_name = "NAME")]
    pub addressee: Vec<String>,
}

/// `relto load`.
#[derive(Debug, Args)]
pub(crate) struct Load {
    #[command(flatten)]
    pub place: Place,
    /// Name or id of the collection
    #[arg(long, value_name = "NAME")]
    pub collection: String,
    #[command(flatten)]
    pub labelling: Labelling,
    /// Load the rest when some objects are refused
    #[arg(long)]
    pub keep_going: bool,
    /// Bundles, lists, objects or JSON lines, also packed (.gz, .zst); `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<String>,
}

/// `relto preview`.
#[derive(Debug, Args)]
pub(crate) struct Preview {
    #[command(flatten)]
    pub place: Place,
    /// Name or id of the collection [default: as in one that every account sees]
    #[arg(long, value_name = "NAME")]
    pub collection: Option<String>,
    #[command(flatten)]
    pub labelling: Labelling,
    /// Words that must not leave in a text: one entry a line, `#` comments, `*` for any ending
    #[arg(long, value_name = "FILE")]
    pub words: Option<String>,
    /// Bundles, lists, objects or JSON lines, also packed (.gz, .zst); `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<String>,
}

/// `relto validate`.
#[derive(Debug, Args)]
pub(crate) struct Validate {
    /// One JSON object a line: file, place, id, error, warnings, converted
    #[arg(long)]
    pub json: bool,
    /// Bundles, lists, objects or JSON lines, also packed (.gz, .zst); `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<String>,
}
