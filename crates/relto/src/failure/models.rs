//! What goes wrong with models.

use relto_node::ModelError;

use super::{Failure, absent, chain};

impl From<ModelError> for Failure {
    fn from(error: ModelError) -> Self {
        let said = Self::new(chain(&error));
        match error {
            ModelError::Absent(name) => absent("model", &name),
            ModelError::Unseen { .. } => {
                said.help("give it what the label asks for (`--nation`, `--org`, `--member`, `--clearance`), or clear it for less; nothing was changed")
            }
            ModelError::TooLong(_) => said.help("ask a model that answers more briefly"),
            ModelError::Admin(error) => error.into(),
            ModelError::Load(error) => error.into(),
            ModelError::Store(error) => error.into(),
        }
    }
}
