//! `relto policy` and `relto label check`: the forms about policies as files and labels in XML.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Place;
use super::help::{IMPACTS, POLICIES_IN_FORCE, POLICY_CHECKS};

/// `relto policy`.
#[derive(Debug, Subcommand)]
pub(crate) enum PolicyForm {
    /// Say whether a policy file can be read and makes sense
    #[command(after_help = POLICY_CHECKS)]
    Check(PolicyCheck),
    /// Put a policy or a table in force, in the place of one of its name; `relto impact` shows beforehand what that changes
    #[command(after_help = POLICIES_IN_FORCE)]
    Activate(PolicyActivate),
    /// Take a file out of force; what is built in holds again, if anything is
    Deactivate {
        #[command(flatten)]
        place: Place,
        /// What it describes, as `relto policy list` shows it
        name: String,
        /// Why; kept in the log
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
    },
    /// Show the files in force
    List(Place),
}

/// `relto policy activate`.
#[derive(Debug, Args)]
pub(crate) struct PolicyActivate {
    #[command(flatten)]
    pub place: Place,
    #[command(flatten)]
    pub file: PolicyFile,
    /// Why; kept in the log
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub reason: String,
}

/// A file that is in force, or may come to be.
#[derive(Debug, Args)]
pub(crate) struct PolicyFile {
    /// A policy (XML SPIF), a site policy (Cedar) or a table (JSON)
    #[arg(value_name = "FILE")]
    pub path: PathBuf,
    /// Which table the file is: memberships, law-rules, adequacy, lists, embargoes, entities or instruments
    #[arg(long, value_name = "NAME", value_parser = relto_node::TABLES.map(|(name, _)| name))]
    pub table: Option<String>,
    /// The highest classification of the policy that needs no clearance [default: as it is; none for a new policy]
    #[arg(long, value_name = "CLASSIFICATION")]
    pub open_up_to: Option<String>,
}

/// `relto impact`.
#[derive(Debug, Args)]
#[command(after_help = IMPACTS)]
pub(crate) struct Impact {
    #[command(flatten)]
    pub place: Place,
    #[command(flatten)]
    pub file: PolicyFile,
}

/// `relto policy check`.
#[derive(Debug, Args)]
pub(crate) struct PolicyCheck {
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
    /// The policy: XML SPIF 2.1 or 2.0, or site policies in Cedar
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// `relto label write`.
#[derive(Debug, Args)]
pub(crate) struct LabelWrite {
    #[command(flatten)]
    pub place: Place,
    /// The label as people write it
    #[arg(value_name = "LABEL", required_unless_present = "xml", conflicts_with = "xml")]
    pub text: Option<String>,
    /// Labels in XML (STANAG 4774) instead: the originator's, and alternatives; a marking-definition keeps them as they are
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub xml: Vec<PathBuf>,
    /// stix: a marking-definition; stanag4774: XML, one label a line
    #[arg(long, value_name = "FORM", default_value = "stix", value_parser = ["stix", "stanag4774"])]
    pub form: String,
    /// When the label is to be reviewed, for stanag4774: a day or a time
    #[arg(long, value_name = "TIME")]
    pub review: Option<String>,
}

/// `relto label check`.
#[derive(Debug, Args)]
pub(crate) struct LabelCheck {
    /// The node's data directory
    #[arg(long, value_name = "DIR", env = "RELTO_DATA", required_unless_present = "spif")]
    pub data: Option<PathBuf>,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
    /// The label as people write it
    #[arg(value_name = "LABEL", required_unless_present = "spif", conflicts_with = "spif")]
    pub text: Option<String>,
    /// Policies: XML SPIF 2.1 or 2.0
    #[arg(long, value_name = "FILE", num_args = 1.., requires = "labels")]
    pub spif: Vec<PathBuf>,
    /// The label in XML (STANAG 4774); several when an object has alternative labels
    #[arg(id = "labels", long = "label", value_name = "FILE", num_args = 1.., requires = "spif")]
    pub labels: Vec<PathBuf>,
    /// A clearance in XML (STANAG 4774): does it admit to the label?
    #[arg(long, value_name = "FILE", requires = "spif")]
    pub clearance: Option<PathBuf>,
    /// The language of the marking, such as fr [default: the policy's]
    #[arg(long, value_name = "LANG", requires = "spif")]
    pub lang: Option<String>,
    /// Also read known variants of labels that the standard does not allow; each is named
    #[arg(long, requires = "spif")]
    pub legacy: bool,
    /// When: a day or a time [default: now]
    #[arg(long, value_name = "TIME", requires = "spif")]
    pub at: Option<String>,
}
