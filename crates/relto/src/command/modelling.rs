//! What can be done with models that propose.

use relto_node::{LoadRequest, ModelAnswered, ModelAsked, NewModel};
use serde::{Deserialize, Serialize};

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Modelling {
    /// Add or replace a model.
    Set(Box<NewModel>),
    /// All models.
    List,
    /// Remove a model.
    Remove { name: String },
    /// Whether a model may be asked about the sources that follow.
    Ask { asked: ModelAsked, request: LoadRequest },
    /// Put on record what came of asking.
    Answered(ModelAnswered),
}

impl Modelling {
    /// Its name in logs.
    #[must_use]
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Set(_) => "model set",
            Self::List => "model list",
            Self::Remove { .. } => "model remove",
            Self::Ask { .. } => "model ask",
            Self::Answered(_) => "model answered",
        }
    }
}
