//! What a node does about models that may propose.

use relto_node::{Node, Source};

use super::done;
use crate::command::{Modelling, Outcome};
use crate::failure::Failure;

pub(super) fn model(node: &Node, modelling: Modelling, sources: &[Source]) -> Result<Outcome, Failure> {
    match modelling {
        Modelling::Set(new) => {
            let sent = format!("model `{}` is sent documents up to `{}`", new.name, new.cleared);
            done(node.set_model(&new), format!("{sent}, where the gate lets it have them and `intake --model` asks it"))
        }
        Modelling::List => Ok(Outcome::Models(node.models()?)),
        Modelling::Remove { name } => done(node.remove_model(&name), format!("model `{name}` and all that it answered are forgotten")),
        Modelling::Ask { asked, request } => Ok(Outcome::ModelDecided(node.ask_model(&asked, &request, sources)?)),
        Modelling::Answered(answered) => done(node.model_answered(&answered), "it is on record".to_owned()),
    }
}
