//! What partners do, and what is done with them.

use relto_node::{NewPartner, UserChange};
use relto_policy::law::Subject;
use serde_json::{Value as Json, json};

use super::objects::{no_marking, object_id, objects};
use super::{Act, COLLECTIONS, CONTROLLED, Cast, Consenting, ENDS, LABELS, NODE, Read, USERS, WRITERS, attributes, known_id};
use crate::draw::Draw;
use crate::partner::partner_called;
use crate::terms;

/// A partner that is not the witness.
pub const ALLY: &str = "ally";

/// Of what a partner tells.
#[derive(Debug, Clone, Copy)]
pub enum Telling {
    /// That it recalls the object, for good or only from here.
    Recall {
        /// Whether the object may never come in again.
        is_final: bool,
    },
    /// That its object has another label: which of [`SAID`], and when it was said.
    Label(usize, &'static str),
    /// A recall in a name that is not its own.
    Usurped,
    /// That it consents, as its object's originator, that it goes to an organisation, or no more; and when that was said.
    Consent {
        /// To whom.
        to: &'static str,
        /// When.
        issued: &'static str,
        /// Whether it holds no more.
        withdrawn: bool,
    },
    /// It asks that an object goes to an organisation.
    Request {
        /// To whom.
        to: &'static str,
    },
}

/// When an agreement begins, and when it ends.
const DATES: [(Option<&str>, Option<&str>); 8] = [
    (None, None),
    (None, None),
    (None, None),
    (None, None),
    (None, None),
    (Some("2026-06-01T00:00:14Z"), None),
    (None, Some("2026-06-01T00:00:29Z")),
    (Some("2026-06-01T00:00:12Z"), Some("2026-06-01T00:00:35Z")),
];

/// Labels under which a partner may well get something.
const OPENING: [&str; 4] = ["TLP:CLEAR", "NATO UNCLASSIFIED", "TLP:AMBER", "TLP:CLEAR AND HANDLING:ORCON Org A"];

/// When statements say that they were issued.
const ISSUED: [&str; 3] = ["2026-06-01T00:00:01Z", "2026-06-01T00:00:02Z", "2026-06-01T00:00:03Z"];

/// The labels that partners say, as their policies stand in a marking.
#[must_use]
pub fn said(number: usize) -> Json {
    let released = |nations: &[&str]| json!([{"tag": "Releasable To", "values": nations}]);
    match number {
        0 => json!([{"policy": "TLP", "classification": "GREEN"}]),
        1 => json!([{"policy": "NATO", "classification": "SECRET", "permissive": released(&["NATO"])}]),
        2 => json!([{"policy": "NATO", "classification": "UNCLASSIFIED", "permissive": released(&["NATO"])}]),
        _ => json!([{"policy": "Unheard Of", "classification": "OPEN"}]),
    }
}

/// Something between this node and its partners; what the witness got and what then becomes of it belong together.
pub(super) fn exchange(draw: &mut Draw, cast: Cast, before: &[Act]) -> Vec<Act> {
    if cast == Cast::Partner && draw.chance(20) {
        return follow_up(draw, before);
    }
    vec![one(draw, cast)]
}

/// The witness fetches something, its custodian changes it, and the witness is told.
fn follow_up(draw: &mut Draw, before: &[Act]) -> Vec<Act> {
    let objects = objects(draw);
    let brought = objects[0]["id"].as_str().map(str::to_owned);
    let id = brought.filter(|_| draw.chance(70)).or_else(|| known_id(draw, before)).unwrap_or_else(|| no_marking(draw));
    let change = match draw.below(5) {
        0 => Act::Recall { id: id.clone() },
        1 => tell(draw, ALLY),
        _ => Act::Relabel { id: id.clone(), label: draw.one(&LABELS), addressees: Vec::new() },
    };
    let collection = draw.one(&["alpha", "alpha", "alpha", "bravo"]);
    let load = Act::Load { collection, label: Some(draw.one(&OPENING)), date: None, addressees: Vec::new(), objects };
    let fetch = Act::Read { path: Read::Objects(collection), query: "match[version]=all".to_owned() };
    let (onward, done) = (draw.one(&["none", "pending", "complete"]), draw.chance(80));
    if draw.chance(30) {
        return consented(draw, id, load, fetch);
    }
    let mut acts = vec![load, fetch, change, Act::Listen { anew: false }, Act::Notices];
    if draw.chance(50) {
        acts.push(Act::Receipts { done, onward });
    }
    acts
}

/// The first agreement is about what is there.
pub(super) fn agree(act: &mut Act) {
    match act {
        Act::Partner { new, .. } => {
            new.collections = COLLECTIONS[..2].iter().map(|name| (*name).to_owned()).collect();
            (new.sends.collections, new.accepts.collections) = (None, None);
        }
        Act::AddCollection { name, label, can_read, .. } if *name == COLLECTIONS[0] => (*label, *can_read) = (None, true),
        _ => {}
    }
}

fn one(draw: &mut Draw, cast: Cast) -> Act {
    let is_partner = cast == Cast::Partner;
    let name = if is_partner && draw.chance(70) { WRITERS[0] } else { ALLY };
    match draw.below(if is_partner { 100 } else { 50 }) {
        0..8 => {
            let grants = attributes(draw);
            partner(draw, name, grants)
        }
        8..12 => Act::Suspend { name, suspended: draw.chance(30) },
        12..13 if draw.chance(40) => Act::Leave { name },
        13..20 => Act::Recall { id: no_marking(draw) },
        20..36 => delivery(draw, name),
        36..42 => tell(draw, name),
        42..58 => Act::Listen { anew: draw.chance(30) },
        58..72 => Act::Notices,
        72..84 => Act::Receipts { done: draw.chance(80), onward: draw.one(&["none", "pending", "complete"]) },
        _ => Act::Walk { collection: draw.one(&COLLECTIONS[..2]), manifest: false, query: "match[version]=all".to_owned() },
    }
}

/// A partner is agreed with.
pub(super) fn partner(draw: &mut Draw, name: &'static str, grants: UserChange) -> Act {
    let known = &partner_called(name).card;
    let mut collections: Vec<String> =
        COLLECTIONS[..3].iter().filter(|_| draw.chance(if name == ALLY { 90 } else { 75 })).map(|name| (*name).to_owned()).collect();
    if draw.chance(60) {
        // The third is not there yet in many worlds.
        collections.retain(|name| name != COLLECTIONS[2]);
    }
    let facts = grants.facts.as_ref().and_then(|facts| serde_json::from_value(facts.clone()).ok()).unwrap_or_default();
    let (sends, accepts) = (terms::drawn(draw, &collections, Some(&facts)), terms::drawn(draw, &collections, None));
    let (from, until) = draw.one(&DATES);
    let phrase = draw.chance(95).then(|| partner_called(name).phrase.clone());
    let new = NewPartner {
        card: known.clone(),
        grants,
        collections,
        phrase,
        from: from.map(str::to_owned),
        until: until.map(str::to_owned),
        no_onward: name == WRITERS[0] && draw.chance(30),
        sends,
        accepts,
        ..NewPartner::default()
    };
    Act::Partner { name, new }
}

/// A partner sends objects, with its statements on some.
fn delivery(draw: &mut Draw, name: &'static str) -> Act {
    let mut objects = objects(draw);
    let mut statements = Vec::new();
    for object in &objects {
        if draw.chance(60) {
            let known = if draw.chance(10) { 4 } else { 3 };
            let label = said(draw.below(known));
            statements.push(partner_called(name).statement(object, &label, draw.one(&ISSUED)));
        }
    }
    objects.extend(statements);
    Act::Post { user: writer(name), collection: draw.one(&COLLECTIONS[..2]), objects }
}

/// The node's organisation consents that the witness gets it, and takes that back or gives it another label.
fn consented(draw: &mut Draw, id: String, load: Act, fetch: Act) -> Vec<Act> {
    let Act::Load { collection, date, addressees, objects, .. } = load else { return vec![load] };
    let load = Act::Load { collection, label: Some(draw.one(&CONTROLLED)), date, addressees, objects };
    let by = Consenting { subject: Subject::Originator(NODE.to_owned()), to: "Org A" };
    let consent = |until| Act::Consent { id: id.clone(), by: by.clone(), until };
    let end = match draw.below(4) {
        0 => consent(Some(draw.one(&ENDS))),
        1 => Act::Relabel { id: id.clone(), label: draw.one(&CONTROLLED), addressees: Vec::new() },
        _ => Act::Withdraw { id: id.clone(), by: by.clone() },
    };
    vec![load, consent(None), fetch.clone(), end, Act::Notices, fetch]
}

fn tell(draw: &mut Draw, name: &'static str) -> Act {
    let told = match draw.below(14) {
        0..4 => Telling::Recall { is_final: draw.chance(50) },
        4..9 => Telling::Label(draw.below(4), draw.one(&ISSUED)),
        9..12 => Telling::Consent { to: draw.one(&["Org B", USERS[0], NODE]), issued: draw.one(&ISSUED), withdrawn: draw.chance(40) },
        12 => Telling::Request { to: draw.one(&["Org B", USERS[0], NODE]) },
        _ => Telling::Usurped,
    };
    Act::Tell { user: writer(name), id: object_id(draw), told }
}

fn writer(name: &str) -> usize {
    WRITERS.iter().position(|writer| *writer == name).unwrap_or_default()
}
