//! Federations in simulation: several nodes exchange over links that lose, delay and repeat, on stores that fail, beside a hostile partner.
//!
//! A world follows from its seed. Messages are values: what one node asks goes through the other's real router, and what comes back is handed
//! to the same [`Pull`] that the real tasks drive (`relto-http/src/exchange/run.rs`). Whatever leaves a node is judged as it leaves, and what
//! everybody holds is judged once the world has come to rest: by the slow evaluator over raw rows, never by the gate that is under test.
//! Start at [`live`]; what can happen is in [`plan`], what must hold in [`judge`] and [`rest`].

mod answer;
mod carry;
mod exchange;
mod hostile;
mod judge;
mod objects;
mod operate;
mod plan;
mod rest;
mod site;
mod tell;
mod twin;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;
use relto_http::exchange::pull::{Answer, Pull};
use relto_model::Stamp;
use relto_node::{NewCollection, NewPartner, Notice, NoticeReceipt, PartnerRecord, UserChange};

use self::hostile::Hostile;
use self::judge::Ledger;
use self::plan::{Act, COLLECTIONS, Plan, Terms};
use self::site::Site;
use crate::draw::Draw;
use crate::terms::are_same;

/// When every world begins.
const BEGIN: &str = "2026-06-01";
/// How long after one act the next one comes.
const ACT_MICROS: i64 = 10_000_000;

/// What is left of a world that was lived through.
#[derive(Debug, Clone, Copy, Default)]
pub struct Lived {
    /// Nodes, a hostile one among them.
    pub nodes: usize,
    /// Objects that left a node, counting again what left again.
    pub sent: usize,
    /// Rows that came from other nodes, at rest.
    pub held: usize,
    /// Objects in quarantine, at rest.
    pub quarantined: usize,
    /// Of those, what was outside the terms on which it would have been taken in.
    pub refused: usize,
    /// Rows that nothing but the terms of an agreement keeps from a partner, at rest.
    pub kept: usize,
    /// Notices that were told, counting again what was told again.
    pub told: usize,
    /// Versions that were destroyed where they had been released to.
    pub destroyed: usize,
    /// Files that were read.
    pub files: usize,
    /// Nodes that ended in the middle of something.
    pub crashes: usize,
    /// Answers of hostile partners.
    pub attacks: usize,
    /// Rows of which the twin's receiver had to hold the same.
    pub compared: usize,
    /// Objects that the twin never had.
    pub censored: usize,
}

impl std::ops::AddAssign for Lived {
    fn add_assign(&mut self, other: Self) {
        self.nodes += other.nodes;
        self.sent += other.sent;
        self.held += other.held;
        self.quarantined += other.quarantined;
        self.refused += other.refused;
        self.kept += other.kept;
        self.told += other.told;
        self.destroyed += other.destroyed;
        self.files += other.files;
        self.crashes += other.crashes;
        self.attacks += other.attacks;
        self.compared += other.compared;
        self.censored += other.censored;
    }
}

/// What is agreed in the world of `seed` and what happens in it, a line each, for whoever looks for the reason of a failure.
#[must_use]
pub fn told(seed: u64) -> Vec<String> {
    let plan = Plan::draw(seed);
    let terms = plan.terms.iter().enumerate().map(|(number, terms)| format!("terms {number}: {terms:?}"));
    let acts = plan.acts.iter().enumerate().map(|(number, act)| format!("act {number}: {act:?}"));
    terms.chain(acts).collect()
}

/// Lives through the world of `seed`, and checks what must hold.
///
/// # Panics
/// When something does not: the message has the seed and the act.
#[must_use]
pub fn live(seed: u64, runtime: &Arc<tokio::runtime::Runtime>) -> Lived {
    let plan = Plan::draw(seed);
    let witness = twin::witness(&plan);
    let mut world = World::new(&plan, seed, runtime, witness);
    world.live();
    world.check();
    let mut lived = world.lived;
    if let Some(witness) = witness {
        twin::compare(&plan, seed, runtime, &world, witness, &mut lived);
    }
    lived
}

/// Something on its way.
struct Message {
    terms: usize,
    what: Carried,
}

/// What is on its way.
enum Carried {
    /// With the fetching as it was when it was asked: whatever became of that, the answer is its.
    Answer {
        collection: &'static str,
        partner: Box<PartnerRecord>,
        pull: Box<Pull>,
        answer: Answer,
    },
    Notices(Vec<Notice>),
    File(Bytes),
}

/// A store that is about to fail: at which call, and whether the node ends with it.
struct Armed {
    at: u64,
    crashes: bool,
}

/// The fetching of one collection, for as long as the partner stays as it was.
struct Fetching {
    partner: PartnerRecord,
    pull: Pull,
}

/// A world.
struct World<'p> {
    plan: &'p Plan,
    seed: u64,
    /// What was agreed by now.
    terms: Vec<Terms>,
    /// By number; none of the hostile one.
    sites: Vec<Option<Site>>,
    keys: Vec<[u8; 32]>,
    cards: Vec<String>,
    officers: Vec<String>,
    hostile: Hostile,
    pulls: BTreeMap<(usize, &'static str), Fetching>,
    inbox: Vec<Message>,
    armed: BTreeMap<usize, Armed>,
    /// Which nodes reach each other, by side.
    sides: Option<u64>,
    ledger: Ledger,
    /// Of whom it is noted what was ever open to it, and what that is.
    witness: Option<usize>,
    open: BTreeSet<(String, String, String)>,
    /// The labels that everything ever had, where there is a witness.
    labels: BTreeMap<twin::Standing, BTreeSet<relto_model::Label>>,
    /// What alone is loaded by others than the witness, of a twin: collection, id, version.
    only: Option<BTreeSet<(String, String, String)>>,
    /// Loads that are left out, of a twin.
    refused: Option<BTreeSet<String>>,
    now: Stamp,
    said: String,
    /// Where the object was last that is followed.
    followed: String,
    /// What came in the last round of coming to rest: from whom, to whom, where, how many.
    brought: Vec<(usize, usize, &'static str, u64)>,
    /// What was last answered to what was told, by terms.
    answered: BTreeMap<usize, Vec<NoticeReceipt>>,
    lived: Lived,
}

impl<'p> World<'p> {
    fn new(plan: &'p Plan, seed: u64, runtime: &Arc<tokio::runtime::Runtime>, witness: Option<usize>) -> Self {
        let now = Stamp::parse(BEGIN).expect("a date");
        let last = plan.orgs.last().expect("an organisation");
        let hostile = Hostile::new(seed, plan, &Site::new(last, seed ^ 0xbad, now, runtime.clone()).node);
        let site = |number: usize| {
            let org = &plan.orgs[number];
            (plan.hostile != Some(number)).then(|| Site::new(org, seed ^ (number as u64) << 32, now, runtime.clone()))
        };
        let mut world = Self {
            plan,
            seed,
            terms: plan.terms.clone(),
            sites: (0..plan.orgs.len()).map(site).collect(),
            keys: Vec::new(),
            cards: Vec::new(),
            officers: Vec::new(),
            hostile,
            pulls: BTreeMap::new(),
            inbox: Vec::new(),
            armed: BTreeMap::new(),
            sides: None,
            ledger: Ledger::default(),
            witness,
            open: BTreeSet::new(),
            labels: BTreeMap::new(),
            only: None,
            refused: None,
            now,
            said: String::new(),
            followed: String::new(),
            brought: Vec::new(),
            answered: BTreeMap::new(),
            lived: Lived { nodes: plan.orgs.len(), ..Lived::default() },
        };
        world.pass(ACT_MICROS, 1);
        world.set_up();
        world
    }

    fn set_up(&mut self) {
        for number in 0..self.sites.len() {
            let partners = self.plan.terms.iter().filter(|terms| terms.here == number).map(|terms| terms.there);
            let recipients: Vec<String> = partners
                .filter(|there| !(self.seed + *there as u64).is_multiple_of(3))
                .map(|there| self.plan.orgs[there].name.clone())
                .collect();
            let Some(site) = &self.sites[number] else {
                self.keys.push(self.hostile.public_key());
                self.cards.push(self.hostile.card.clone());
                self.officers.push(String::new());
                continue;
            };
            for name in COLLECTIONS {
                let new = NewCollection {
                    name: name.to_owned(),
                    title: None,
                    label: None,
                    can_read: true,
                    can_write: true,
                    recipients: recipients.clone(),
                };
                site.node.add_collection(&new).expect("a collection");
            }
            let words = |all: &[&str]| Some(all.iter().map(|text| (*text).to_owned()).collect());
            let officer = UserChange {
                nations: words(&[self.plan.orgs[number].nation.as_str()]),
                organisation: Some(site.name.clone()),
                clearances: words(&["NATO:SECRET", "EU:RESTRICTED", "USA:SECRET"]),
                role: Some("release-officer".to_owned()),
                ..UserChange::default()
            };
            self.officers.push(site.node.add_user("officer", &officer).expect("an account"));
            self.keys.push(site.key());
            self.cards.push(site.node.card(&format!("https://node-{number}.example/")).expect("a store").expect("a card"));
        }
        self.pass(ACT_MICROS, 2);
        for terms in self.plan.terms.clone() {
            self.agree(&terms);
        }
    }

    /// Lets a node have a partner, or changes what was agreed. Whether it could be.
    fn agree(&self, terms: &Terms) -> bool {
        let Some(site) = &self.sites[terms.here] else { return true };
        let there = &self.plan.orgs[terms.there];
        let card = self.cards[terms.there].clone();
        let phrase = serde_json::from_str::<serde_json::Value>(&card).ok().and_then(|card| Some(card["fingerprint"].as_str()?.to_owned()));
        let until = terms.until.map(|seconds| Stamp(Stamp::parse(BEGIN).expect("a date").0 + seconds * 1_000_000).to_string());
        let facts = serde_json::to_value(&terms.facts).ok();
        let grants = UserChange {
            nations: Some(vec![there.nation.clone()]),
            clearances: Some(terms.clearances.clone()),
            facts,
            ..UserChange::default()
        };
        let (collections, pull, no_onward) = (terms.collections.clone(), terms.pull, terms.no_onward);
        let (sends, accepts) = (terms.sends.clone(), terms.accepts.clone());
        let new = NewPartner { card, grants, collections, pull, phrase, until, no_onward, sends, accepts, ..NewPartner::default() };
        let Ok(agreed) = site.node.add_partner(&new) else { return false };
        let is_as_asked = are_same(&agreed.sends, &terms.sends) && are_same(&agreed.accepts, &terms.accepts);
        assert!(is_as_asked, "{:?} and {:?} was agreed, not {terms:?}: {}", agreed.sends, agreed.accepts, self.said);
        true
    }

    /// Lives through everything that was drawn, and comes to rest.
    fn live(&mut self) {
        for (number, act) in self.plan.acts.iter().enumerate() {
            self.said = format!("seed {}, act {number}: {act:?}", self.seed);
            self.pass(ACT_MICROS, self.seed ^ (number as u64) << 16);
            self.act(act, &mut Draw::new(self.seed.wrapping_mul(31) ^ number as u64));
            self.watch();
            self.follow();
        }
        self.come_to_rest();
    }

    /// Lets time pass everywhere.
    fn pass(&mut self, micros: i64, seed: u64) {
        self.now = Stamp(self.now.0 + micros);
        let begin = Stamp::parse(BEGIN).expect("a date").0;
        for (number, site) in self.sites.iter().enumerate() {
            if let Some(site) = site {
                site.turn(self.now, self.now.0 - begin, seed ^ (number as u64) << 40);
            }
        }
    }

    fn act(&mut self, act: &Act, draw: &mut Draw) {
        match act {
            Act::Load { node, collection, label, objects } => self.load(*node, collection, *label, objects),
            Act::Relabel { node, id, label } => self.relabel(*node, id, label),
            Act::Remove { node, collection, id } => self.remove(*node, collection, id),
            Act::Recall { node, id } => self.recall(*node, id),
            Act::Leave { terms } => self.leave(*terms),
            Act::Tell { terms, fate } => {
                self.tell(*terms, *fate, draw);
            }
            Act::Carry { terms, from_start, fate } => self.carry(*terms, *from_start, *fate),
            Act::Suspend { terms, suspended } => self.suspend(*terms, *suspended),
            Act::Change { terms, clearances, collections, sends, accepts } => {
                let (clearances, collections) = (clearances.clone(), collections.clone());
                let (sends, accepts) = (sends.clone(), accepts.clone());
                self.change(*terms, Terms { clearances, collections, sends, accepts, ..self.terms[*terms].clone() });
            }
            Act::Pull { terms, collection, halvings, pages, fate } => self.fetch(*terms, collection, *halvings, (*pages, *fate), draw),
            Act::Arrive { which } => self.arrive(*which),
            Act::Part { sides } => self.sides = Some(*sides),
            Act::Meet => self.sides = None,
            Act::Crash { node } => self.crash(*node),
            Act::Fail { node, nth, fault, crashes } => self.arm(*node, *nth, *fault, *crashes),
            Act::FillDisk { node, is_full } => self.site(*node).fill_disk(*is_full),
            Act::Pry { terms, query } => self.pry(*terms, query),
        }
    }

    /// Says where the object is that `RELTO_FOLLOW` names, whenever that has changed: to find out what happened in one world.
    fn follow(&mut self) {
        let Ok(id) = std::env::var("RELTO_FOLLOW") else { return };
        let mut there = String::new();
        for (number, site) in self.honest() {
            let held = judge::rows(site).into_iter().filter(|row| row.id == id);
            for row in held {
                let (label, arrival) = (site.node.label_in_words(&row.label), row.arrival.0);
                there += &format!("\n  {number} {} {} of {} at {arrival}: {label}", row.collection, row.version, row.owner);
            }
            // Asked for while a store is about to fail, it would fail at another call.
            let waiting = if self.armed.is_empty() { site.node.quarantined(None).unwrap_or_default() } else { Vec::new() };
            let waiting = waiting.into_iter().filter(|waiting| waiting.id == id);
            waiting.for_each(|waiting| {
                there += &format!("\n  {number} {} waits by {}: {}", waiting.collection, waiting.partner, waiting.reason)
            });
        }
        if there != self.followed {
            println!("{}{there}", self.said.chars().take(200).collect::<String>());
            self.followed = there;
        }
    }

    fn site(&self, number: usize) -> &Site {
        self.sites[number].as_ref().expect("an honest node")
    }

    /// The honest nodes, by number.
    fn honest(&self) -> impl Iterator<Item = (usize, &Site)> {
        self.sites.iter().enumerate().filter_map(|(number, site)| Some((number, site.as_ref()?)))
    }

    fn name(&self, number: usize) -> &str {
        &self.plan.orgs[number].name
    }

    /// What `there` has agreed with `here`, if it is honest.
    fn partner_at(&self, there: usize, here: usize) -> Option<PartnerRecord> {
        let records = self.sites[there].as_ref()?.node.partner_records();
        records.into_iter().find(|record| record.name() == self.name(here))
    }
}

/// The raw objects of a page, whatever else is in it.
fn objects_of(body: &Bytes) -> Vec<Bytes> {
    relto_taxii::envelope::page(body).map(|page| page.objects).unwrap_or_default()
}
