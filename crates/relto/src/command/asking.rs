//! What is asked of partners and by them: for information, and for consents.

use relto_node::{Grant, NewInformationRequest, NewInformationResponse, NewReleaseNotice, NewRequest};
use serde::{Deserialize, Serialize};

/// What is done about requests for information.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RequestAct {
    /// Ask a question.
    Ask(NewInformationRequest),
    /// The questions that are open, or all.
    List { all: bool },
    /// Answer a question with these objects.
    Answer { request: String, objects: Vec<String>, new: NewInformationResponse },
    /// Close a question.
    Close { request: String, reason: Option<String> },
}

impl RequestAct {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Ask(_) => "request ask",
            Self::List { .. } => "request list",
            Self::Answer { .. } => "request answer",
            Self::Close { .. } => "request close",
        }
    }
}

/// What is done about consents between nodes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Consenting {
    /// Ask a partner for a consent.
    Request { object: String, request: NewRequest },
    /// What was asked for.
    Requests,
    /// Consent to what a partner asks for.
    Grant { request: String, grant: Grant },
    /// Refuse what a partner asks for.
    Refuse { request: String, reason: String },
    /// Publish a release notice.
    Announce { object: String, notice: NewReleaseNotice },
}

impl Consenting {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Request { .. } => "consent request",
            Self::Requests => "consent requests",
            Self::Grant { .. } => "consent grant",
            Self::Refuse { .. } => "consent refuse",
            Self::Announce { .. } => "consent announce",
        }
    }
}
