//! Requests for information: what others ask and answer reaches the twin as an object; what the witness does, both nodes do alike.

use relto_model::ObjectId;
use relto_node::{InformationRequestView, InformationWritten, NewInformationRequest, NewInformationResponse};

use super::{Pair, WITNESS};
use crate::node::WorldNode;
use crate::world::{Requesting, USERS};

/// What somebody is told.
#[derive(Debug, PartialEq)]
enum Told {
    Written(InformationWritten),
    Listed(Vec<InformationRequestView>),
}

impl Pair {
    pub(super) fn request(&mut self, user: usize, what: &Requesting) {
        let name = USERS[user];
        if name != WITNESS {
            if let Ok(told) = self.requesting(&self.full, name, what) {
                self.note_written(&told);
            }
            return;
        }
        let (full, twin) = (self.requesting(&self.full, name, what), self.requesting(&self.twin, name, what));
        self.compared += 1;
        assert!(full == twin, "the twin says otherwise\n{}\n--- full\n{full:?}\n--- twin\n{twin:?}\n{}", self.said, self.rows_of_both());
        if let Ok(told) = full {
            self.driven.insert(("cli", surface(what)));
            if let Told::Listed(requests) = &told {
                self.answers.extend(requests.iter().flat_map(|request| &request.answers).map(|answer| answer.id.clone()));
            }
            self.note_written(&told);
        }
    }

    fn note_written(&mut self, told: &Told) {
        if let Told::Written(written) = told {
            self.requests.push(ObjectId::parse(&written.id).expect("an id"));
        }
    }

    /// What `user` is told by `node`.
    fn requesting(&self, node: &WorldNode, user: &str, what: &Requesting) -> Result<Told, String> {
        let which = |number: usize| {
            let none = || ObjectId::parse("information-request--bbbbbbbb-0000-4000-8000-000000000001").expect("an id");
            self.requests.iter().rev().nth(number).cloned().unwrap_or_else(none)
        };
        let words = |label: &Option<&str>| label.map(|label| self.words(label));
        let written = match what {
            Requesting::Ask { collection, label, to, due, description } => {
                let new = NewInformationRequest {
                    collection: (*collection).to_owned(),
                    label: words(label),
                    to: to.clone(),
                    due: due.map(str::to_owned),
                    question: "who was it?".to_owned(),
                    description: description.clone(),
                };
                node.node.ask(user, &new)
            }
            Requesting::Answer { which: number, objects, note, outcome, label } => {
                let objects = objects.iter().map(|id| ObjectId::parse(id).expect("an id")).collect();
                let new = NewInformationResponse { objects, note: note.clone(), outcome: *outcome, label: words(label) };
                node.node.answer(user, &which(*number), &new)
            }
            Requesting::Close { which: number, reason } => node.node.close_request(user, &which(*number), reason.as_deref()),
            Requesting::List { all } => {
                return node.node.requests(user, *all).map(Told::Listed).map_err(|error| format!("{error:?}"));
            }
        };
        written.map(Told::Written).map_err(|error| format!("{error:?}"))
    }
}

fn surface(what: &Requesting) -> &'static str {
    match what {
        Requesting::Ask { .. } => "request-ask",
        Requesting::List { .. } => "request-list",
        Requesting::Answer { .. } => "request-answer",
        Requesting::Close { .. } => "request-close",
    }
}
