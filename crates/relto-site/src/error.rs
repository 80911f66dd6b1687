//! What is said when a site policy file is refused, or when a policy cannot be evaluated.

use std::fmt;

/// One thing that is wrong in a file, with its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The `@id` of the policy; `None` outside any policy, and for one without an id.
    pub policy: Option<String>,
    /// What is wrong, in one line.
    pub message: String,
    /// What to do, in one line.
    pub help: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "line {}, column {}: ", self.line, self.column)?;
        self.policy.iter().try_for_each(|id| write!(out, "policy `{id}`: "))?;
        write!(out, "{} (help: {})", self.message, self.help)
    }
}

/// Why a site policy file is refused as a whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {}{}", first(.findings), more(.findings))]
pub struct SiteError {
    /// What the file is called.
    pub name: String,
    /// What is wrong, in the order of the text; at least one.
    pub findings: Vec<Finding>,
}

fn first(findings: &[Finding]) -> String {
    findings.first().map_or_else(String::new, ToString::to_string)
}

fn more(findings: &[Finding]) -> String {
    if findings.len() > 1 { format!("; and {} more", findings.len() - 1) } else { String::new() }
}

/// Why there is no answer. It withholds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SiteEvaluationError {
    /// A policy erred, such as by a sum that no number holds.
    #[error("site policy `{policy}` errs: {message}")]
    Policy {
        /// The `@id` of the first policy that erred.
        policy: String,
        /// What Cedar says.
        message: String,
    },
    /// The profile, the label or the instant cannot be put in terms of the schema.
    #[error("not in terms of the schema of site policies: {0}")]
    Facts(String),
    /// What was prepared for another instant, or by other policies.
    #[error("prepared for another instant or other policies")]
    Foreign,
}
