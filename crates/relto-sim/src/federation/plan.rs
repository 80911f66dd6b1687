//! What happens in a world, drawn before anything happens: nodes, agreements, and acts, none of which depends on what another brought about.

use relto_policy::WrittenTerms;
use relto_policy::law::{Held, RecipientFacts};
use relto_store::fault::Fault;
use serde_json::Value as Json;

use super::objects::{LABELS, any_id, objects, recallable_id, standalone_id};
use crate::draw::Draw;
use crate::terms;

/// The collections of every node.
pub(super) const COLLECTIONS: [&str; 2] = ["intel", "supply"];
const CLEARANCES: [&str; 5] = ["NATO:SECRET", "NATO:RESTRICTED", "USA:SECRET", "EU:RESTRICTED", "NATO:UNCLASSIFIED"];
const NATIONS: [&str; 6] = ["FRA", "DEU", "USA", "SWE", "JPN", "CHE"];
/// Most clocks of coalition partners are right to the second; some are not.
const SKEW_MICROS: i64 = 3_000_000;

/// An organisation with a node.
#[derive(Debug, Clone)]
pub(super) struct Org {
    pub(super) name: String,
    pub(super) nation: String,
    pub(super) skew: (i64, i64),
}

/// What the node `here` has agreed with the partner `there`, and grants it.
#[derive(Debug, Clone)]
pub(super) struct Terms {
    pub(super) here: usize,
    pub(super) there: usize,
    pub(super) clearances: Vec<String>,
    /// What the law may know of the partner.
    pub(super) facts: RecipientFacts,
    pub(super) collections: Vec<String>,
    pub(super) sends: WrittenTerms,
    pub(super) accepts: WrittenTerms,
    pub(super) pull: bool,
    pub(super) no_onward: bool,
    /// After how many seconds of the world the agreement ends.
    pub(super) until: Option<i64>,
}

/// What becomes of an answer on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Arrives,
    Lost,
    /// It arrives whenever [`Act::Arrive`] draws it.
    Delayed,
    /// It arrives at once, and again later.
    Twice,
}

/// Something that happens.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "a world has some hundred of them")]
pub(super) enum Act {
    Load {
        node: usize,
        collection: &'static str,
        label: Option<&'static str>,
        objects: Vec<Json>,
    },
    Relabel {
        node: usize,
        id: String,
        label: &'static str,
    },
    Remove {
        node: usize,
        collection: &'static str,
        id: String,
    },
    /// Of this node's own object, from everybody who has it.
    Recall {
        node: usize,
        id: String,
    },
    Suspend {
        terms: usize,
        suspended: bool,
    },
    /// `terms.here` lets `terms.there` go.
    Leave {
        terms: usize,
    },
    Change {
        terms: usize,
        clearances: Vec<String>,
        collections: Vec<String>,
        sends: WrittenTerms,
        accepts: WrittenTerms,
    },
    /// `terms.here` asks `terms.there`, page after page of so many rows, until so many pages came or nothing is left.
    Pull {
        terms: usize,
        collection: &'static str,
        halvings: u32,
        pages: usize,
        fate: Fate,
    },
    /// `terms.here` is told what `terms.there` has to tell it, and answers.
    Tell {
        terms: usize,
        fate: Fate,
    },
    /// `terms.there` writes a file for `terms.here`, which reads it.
    Carry {
        terms: usize,
        from_start: bool,
        fate: Fate,
    },
    Arrive {
        which: u64,
    },
    /// Nodes of one side reach none of the other.
    Part {
        sides: u64,
    },
    Meet,
    Crash {
        node: usize,
    },
    /// The `nth` call of the store fails, and the node with it or not.
    Fail {
        node: usize,
        nth: u64,
        fault: Fault,
        crashes: bool,
    },
    FillDisk {
        node: usize,
        is_full: bool,
    },
    /// The hostile partner asks a node what it can.
    Pry {
        terms: usize,
        query: &'static str,
    },
}

/// A world.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) orgs: Vec<Org>,
    /// The last one, where there is one.
    pub(super) hostile: Option<usize>,
    pub(super) terms: Vec<Terms>,
    pub(super) acts: Vec<Act>,
    /// Whether stores fail; otherwise what happens does not depend on what is stored, and the censored twin lives the same life.
    pub(super) has_faults: bool,
}

impl Plan {
    pub(super) fn draw(seed: u64) -> Self {
        let mut draw = Draw::new(seed);
        let nodes = match seed % 100 {
            7 => 32,
            17 | 57 => 12 + draw.below(8),
            rest if rest % 10 == 3 => 6 + draw.below(6),
            _ => 3 + draw.below(4),
        };
        let org = |draw: &mut Draw, number: usize| Org {
            name: format!("Org {number}"),
            nation: draw.one(&NATIONS).to_owned(),
            skew: (draw.below(2 * SKEW_MICROS as usize) as i64 - SKEW_MICROS, draw.below(400) as i64 - 200),
        };
        let orgs: Vec<Org> = (0..nodes).map(|number| org(&mut draw, number)).collect();
        let hostile = draw.chance(60).then_some(nodes - 1);
        let terms = all_terms(&mut draw, nodes);
        let has_faults = seed.is_multiple_of(2);
        let mut plan = Self { orgs, hostile, terms, acts: Vec::new(), has_faults };
        plan.acts = (0..50 + 8 * nodes).map(|_| plan.act(&mut draw)).collect();
        plan
    }

    fn act(&self, draw: &mut Draw) -> Act {
        let honest = self.orgs.len() - usize::from(self.hostile.is_some());
        let (node, terms) = (draw.below(honest), draw.below(self.terms.len()));
        let fate = |draw: &mut Draw| match draw.below(10) {
            0 => Fate::Lost,
            1 if self.has_faults => Fate::Delayed,
            2 => Fate::Twice,
            _ => Fate::Arrives,
        };
        match draw.below(if self.has_faults { 128 } else { 116 }) {
            0..22 => {
                let label = draw.chance(75).then(|| draw.one(&LABELS));
                Act::Load { node, collection: draw.one(&COLLECTIONS), label, objects: objects(draw, node, self.orgs.len()) }
            }
            22..28 => Act::Relabel { node, id: standalone_id(draw, node), label: draw.one(&LABELS) },
            28..30 => Act::Remove { node, collection: draw.one(&COLLECTIONS), id: any_id(draw, node) },
            30..33 => Act::Suspend { terms, suspended: draw.chance(40) },
            33..37 => {
                let (clearances, collections) = (clearances(draw), collections(draw));
                let (sends, accepts) = both_ways(draw, &collections, &self.terms[terms].facts);
                Act::Change { terms, clearances, collections, sends, accepts }
            }
            37..82 => {
                let fate = fate(draw);
                let pages = if self.has_faults { 1 + draw.below(4) } else { usize::MAX };
                Act::Pull { terms, collection: draw.one(&COLLECTIONS), halvings: draw.one(&[0, 7, 8, 9, 9]), pages, fate }
            }
            82..90 => Act::Arrive { which: draw.bits() },
            90..92 => Act::Part { sides: draw.bits() },
            92..95 => Act::Meet,
            95..100 => {
                Act::Pry { terms, query: draw.one(&["objects/", "objects/?limit=2", "objects/?match%5Bversion%5D=all", "manifest/"]) }
            }
            100..103 => Act::Recall { node, id: recallable_id(draw, node) },
            103 => Act::Leave { terms },
            104..112 => Act::Tell { terms, fate: fate(draw) },
            112..116 => Act::Carry { terms, from_start: draw.chance(20), fate: fate(draw) },
            116..119 => Act::Crash { node },
            119..126 => {
                let fault = if draw.chance(50) { Fault::Undone } else { Fault::Done };
                Act::Fail { node, nth: 1 + draw.below(60) as u64, fault, crashes: draw.chance(60) }
            }
            _ => Act::FillDisk { node, is_full: draw.chance(50) },
        }
    }
}

fn clearances(draw: &mut Draw) -> Vec<String> {
    CLEARANCES.iter().filter(|_| draw.chance(50)).map(|text| (*text).to_owned()).collect()
}

fn collections(draw: &mut Draw) -> Vec<String> {
    let all = || COLLECTIONS.iter().map(|name| (*name).to_owned());
    if draw.chance(60) { all().collect() } else { vec![draw.one(&COLLECTIONS).to_owned()] }
}

fn both_ways(draw: &mut Draw, collections: &[String], facts: &RecipientFacts) -> (WrittenTerms, WrittenTerms) {
    (terms::drawn(draw, collections, Some(facts)), terms::drawn(draw, collections, None))
}

/// What the law knows of an organisation, in three of four agreements something.
fn facts(draw: &mut Draw) -> RecipientFacts {
    let instruments = terms::GROUNDS[..2].iter().filter(|_| draw.chance(60)).map(|ground| Held::new(ground)).collect();
    let purpose = draw.chance(75).then(|| draw.one(&terms::PURPOSES).to_owned());
    RecipientFacts { purpose, instruments, ..RecipientFacts::default() }
}

/// A line of neighbours, and further agreements between nodes that have fewer than four partners.
fn all_terms(draw: &mut Draw, nodes: usize) -> Vec<Terms> {
    let mut pairs: Vec<(usize, usize)> = (1..nodes).map(|node| (node - 1, node)).collect();
    for _ in 0..nodes {
        let (one, other) = (draw.below(nodes), draw.below(nodes));
        let partners = |node| pairs.iter().filter(|(one, other)| *one == node || *other == node).count();
        let (one, other) = (one.min(other), one.max(other));
        if one != other && !pairs.contains(&(one, other)) && partners(one) < 4 && partners(other) < 4 {
            pairs.push((one, other));
        }
    }
    let both = |(one, other): (usize, usize)| [(one, other), (other, one)];
    let terms = |(here, there)| {
        let (clearances, collections, facts) = (clearances(draw), collections(draw), facts(draw));
        let (sends, accepts) = both_ways(draw, &collections, &facts);
        let (pull, no_onward) = (draw.chance(90), draw.chance(15));
        let until = draw.chance(8).then(|| 300 + draw.below(300) as i64);
        Terms { here, there, clearances, facts, collections, sends, accepts, pull, no_onward, until }
    };
    pairs.into_iter().flat_map(both).map(terms).collect()
}
