//! Requests for information: who asks, answers and closes, and what the witness is shown of it.

use relto_node::ResponseOutcome;

use super::objects::no_marking;
use super::partners::ALLY;
use super::{Act, LABELS, USERS, known_id};
use crate::draw::Draw;

/// What somebody does with the requests of a world. Which one is meant is a number, 0 for the latest that
/// was written: ids are drawn by the nodes.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the fields say what the command line says")]
pub enum Requesting {
    /// A question.
    Ask { collection: &'static str, label: Option<&'static str>, to: Vec<String>, due: Option<&'static str>, description: Option<String> },
    /// The questions that are open, or all.
    List { all: bool },
    /// An answer.
    Answer { which: usize, objects: Vec<String>, note: Option<String>, outcome: ResponseOutcome, label: Option<&'static str> },
    /// An end.
    Close { which: usize, reason: Option<String> },
}

/// Until when answers are of use.
const DUE: [&str; 3] = ["2026-06-01", "2026-06-01T00:00:23Z", "2026-06-01T00:00:34Z"];
/// Labels under which a question may well be seen.
const OPENING: [&str; 4] = ["TLP:CLEAR", "TLP:GREEN", "NATO UNCLASSIFIED", "ORG:Org A; Org B; Node Org"];
const OUTCOMES: [ResponseOutcome; 4] =
    [ResponseOutcome::Answered, ResponseOutcome::Answered, ResponseOutcome::NothingHeld, ResponseOutcome::Declined];

/// Somebody asks and others answer, or something happens to what was asked before; then the witness lists.
pub(super) fn requests(draw: &mut Draw, before: &[Act]) -> Vec<Act> {
    let mut all = Vec::new();
    if draw.chance(70) {
        all.push(ask(draw));
        all.extend((0..1 + draw.below(2)).map(|answers| answer(draw, answers, before)));
    } else {
        let which = draw.below(6);
        all.push(if draw.chance(60) { close(draw, which) } else { answer(draw, which, before) });
    }
    let list = Requesting::List { all: draw.chance(60) };
    all.push(Act::Request { user: 0, what: list });
    all
}

fn user(draw: &mut Draw) -> usize {
    draw.below(USERS.len())
}

fn ask(draw: &mut Draw) -> Act {
    let what = Requesting::Ask {
        collection: draw.one(&["alpha", "alpha", "bravo", "charlie"]),
        label: draw.chance(85).then(|| if draw.chance(75) { draw.one(&OPENING) } else { draw.one(&LABELS) }),
        to: [ALLY, USERS[0]].into_iter().filter(|_| draw.chance(10)).map(str::to_owned).collect(),
        due: draw.chance(20).then(|| draw.one(&DUE)),
        description: draw.chance(20).then(|| "asked in a world".to_owned()),
    };
    Act::Request { user: user(draw), what }
}

fn answer(draw: &mut Draw, which: usize, before: &[Act]) -> Act {
    let object = |draw: &mut Draw| known_id(draw, before).unwrap_or_else(|| no_marking(draw));
    let objects: Vec<String> = if draw.chance(40) { vec![object(draw)] } else { Vec::new() };
    let what = Requesting::Answer {
        which,
        objects,
        note: draw.chance(90).then(|| format!("note {}", draw.below(2))),
        outcome: draw.one(&OUTCOMES),
        label: draw.chance(15).then(|| draw.one(&LABELS)),
    };
    Act::Request { user: user(draw), what }
}

fn close(draw: &mut Draw, which: usize) -> Act {
    let what = Requesting::Close { which, reason: draw.chance(50).then(|| "a world's reason".to_owned()) };
    Act::Request { user: user(draw), what }
}
