//! What is asked of a node about documents: with what they are read, and what became of them. Reading them is not the node's.

use relto_node::{DocumentsRequest, InputUse, NewInput, StoryRequest};
use serde::{Deserialize, Serialize};

/// What is done about documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Intaking {
    /// Add a list, or the decisions on a document.
    AddInput(NewInput),
    /// The lists and decisions in use.
    Inputs,
    /// One of them, written as a line.
    Input { name: String },
    /// Take one out of use.
    RemoveInput { name: String },
    /// What documents are read with that are taken in so, written as lines.
    InputsFor(DocumentsRequest),
    /// Take documents in: the first source has one a line, each other one the bytes of one.
    Take { request: DocumentsRequest, inputs: Vec<InputUse> },
    /// What is kept of one document, or of all, written as lines.
    Kept { report: Option<String> },
    /// The bytes of documents, written as lines.
    Contents { places: Vec<u64> },
    /// Take in what documents say now: the source has one a line.
    TakeAgain,
    /// What an account may see of documents, written as lines.
    Seen { user: String },
    /// Publish a story: the source is its bundle.
    Publish(StoryRequest),
}

impl Intaking {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::AddInput(_) => "intake list add",
            Self::Inputs | Self::Input { .. } | Self::InputsFor(_) => "intake list ls",
            Self::RemoveInput { .. } => "intake list remove",
            Self::Take { .. } => "intake",
            Self::Kept { .. } | Self::Contents { .. } => "intake open",
            Self::TakeAgain => "intake again",
            Self::Seen { .. } => "intake stories",
            Self::Publish(_) => "intake stories publish",
        }
    }
}

/// A line of what is written about documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Line {
    /// The node's time.
    Now(#[serde(with = "relto_model::time::as_text")] relto_model::Stamp),
    /// Something that documents are read with.
    Input(relto_node::InputText),
    /// A list that is for fewer than the documents.
    Narrower(String),
    /// What is kept of a document.
    Kept(Box<relto_node::KeptDocument>),
    /// The bytes of the document at a place, in base64.
    Content(u64, String),
    /// A document that somebody sees: its report, where it came from, and its bytes in base64.
    Seen { report: String, source: String, content: String },
}
