//! `relto intake`: documents of open sources, read, or taken in as objects; what they are read with; and reading them again.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Place;
use super::files::Labelling;
use super::help::{CORRECTIONS, INTAKE_LISTS, STORIES};

/// `relto intake`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Intake {
    #[command(subcommand)]
    pub form: Option<IntakeForm>,
    /// The node's data directory; without it nothing is stored
    #[arg(long, value_name = "DIR", requires = "collection")]
    pub data: Option<PathBuf>,
    /// Name or id of the collection that the objects go to
    #[arg(long, value_name = "NAME", requires = "data")]
    pub collection: Option<String>,
    #[command(flatten)]
    pub labelling: Labelling,
    /// Take in or show the rest when some documents are refused
    #[arg(long)]
    pub keep_going: bool,
    /// Take in what states a marking in its text that the label does not cover, and name it; without this such a document is refused
    #[arg(long, requires = "data")]
    pub despite_markings: bool,
    /// Use this list of the node though it is for fewer than the documents: all that is read carries the labels of both
    #[arg(long, value_name = "LIST", requires = "data")]
    pub with: Vec<String>,
    /// When the documents were published [default: as each says, or else when its file was last changed]
    #[arg(long, value_name = "TIME", requires = "data")]
    pub published: Option<String>,
    /// Names of your own: a CSV file with the columns name, type and aliases, which are parted by `|`; for what is stored, `relto intake list add`
    #[arg(long, value_name = "FILE", conflicts_with = "data")]
    pub names: Vec<String>,
    /// Ask this model what each document says beside what the rules read; see `relto model`
    #[arg(long, value_name = "NAME", requires = "data", conflicts_with = "with")]
    pub model: Option<String>,
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

/// What is done about documents that are here.
#[derive(Debug, Subcommand)]
pub(crate) enum IntakeForm {
    /// Lists of names and of laundered words that documents are read with
    #[command(subcommand, alias = "lists")]
    List(InputForm),
    /// Show the names that may mean several things, for somebody to decide
    Open(Place),
    /// Decide what names in one document mean
    #[command(after_help = CORRECTIONS)]
    Correct(Correct),
    /// Read those documents anew that a change of lists or decisions touches
    Again {
        #[command(flatten)]
        place: Place,
        /// Say what would change, and change nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Show which documents that somebody may see are copies of each other, or publish such a story
    #[command(after_help = STORIES)]
    Stories(IntakeStories),
}

/// `relto intake list`.
#[derive(Debug, Subcommand)]
pub(crate) enum InputForm {
    /// Add a list, in the place of one of its name
    #[command(after_help = INTAKE_LISTS)]
    Add {
        #[command(flatten)]
        place: Place,
        /// Its name
        name: String,
        /// The list: CSV with the header `name,type,aliases` or `word,candidates,remarks`; `-` is standard input
        #[arg(value_name = "FILE.csv")]
        file: String,
        /// For whom it is: a document is read with it when all may see it who may see the document [default: the label of the list that it replaces, or of what comes with none]
        #[arg(long, value_name = "LABEL")]
        label: Option<String>,
    },
    /// Show the lists and the decisions in use
    #[command(alias = "list")]
    Ls(Place),
    /// Take a list, or the decisions on a document, out of use
    Remove {
        #[command(flatten)]
        place: Place,
        /// Its name, or the id of the report
        name: String,
    },
}

/// `relto intake correct`.
#[derive(Debug, Args)]
pub(crate) struct Correct {
    #[command(flatten)]
    pub place: Place,
    /// The id of the document's report
    #[arg(value_name = "REPORT")]
    pub report: String,
    /// The ambiguous name there means this one of its candidates
    #[arg(long, value_name = "FROM-TO=NAME[:TYPE]")]
    pub accept: Vec<String>,
    /// What stands there is no name
    #[arg(long, value_name = "FROM-TO")]
    pub reject: Vec<String>,
    /// What stands there names this, here and in every document
    #[arg(long, value_name = "FROM-TO=NAME:TYPE")]
    pub name: Vec<String>,
    /// The first, by its id in this document or its name, is the second
    #[arg(long, value_name = "ID=ID")]
    pub merge: Vec<String>,
    /// The same from CSV with the header `act,what,name`: `accept,120-123,European Defence Agency`; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub file: Vec<String>,
}

/// `relto intake stories`.
#[derive(Debug, Args)]
pub(crate) struct IntakeStories {
    #[command(flatten)]
    pub place: Place,
    /// Whose eyes: the documents that this user may see, and no others
    #[arg(long = "as", value_name = "NAME")]
    pub user: String,
    /// Store this story as a campaign, by the id that it is shown with
    #[arg(long, value_name = "STORY", requires = "collection")]
    pub publish: Option<String>,
    /// Name or id of the collection that it goes to
    #[arg(long, value_name = "NAME", requires = "publish")]
    pub collection: Option<String>,
    /// Joined with the labels of the documents and of the lists
    #[arg(long, value_name = "LABEL", requires = "publish")]
    pub label: Option<String>,
}
