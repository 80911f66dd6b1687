//! `relto policy` and `relto label check`: the forms about policies as files and labels in XML.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::help::POLICY_CHECKS;

/// `relto policy`.
#[derive(Debug, Subcommand)]
pub(crate) enum PolicyForm {
    /// Say whether a policy file can be read and makes sense
    #[command(after_help = POLICY_CHECKS)]
    Check(PolicyCheck),
}

/// `relto policy check`.
#[derive(Debug, Args)]
pub(crate) struct PolicyCheck {
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
    /// The policy: XML SPIF 2.1 or 2.0
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
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
