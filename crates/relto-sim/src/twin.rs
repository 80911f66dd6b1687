//! The censored twin (DESIGN.md): two nodes live through one world, one of them without what the witness may not see.
//!
//! After every act, the *judge* lists what the witness may see of the full node: raw rows, decided by the slow evaluator. The twin is
//! given exactly the difference, under the same date. Then the witness asks both, and both must answer alike: status, headers and
//! bodies. Cursors are opaque and each node follows its own.

mod asking;
mod censor;
mod change;
mod commands;
mod desk;
mod documents;
mod lived;
mod pages;
mod partners;
mod report;
mod requests;
mod rest;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;
use relto_gate::Arrival;
use relto_model::{Label, ObjectId, Stamp};
use relto_node::{
    Accepted, CollectionChange, ConsentOf, LoadRequest, NewCollection, NewConsent, NewFile, Review, TearlineRequest, UserChange,
};
use relto_policy::law::{Consent, Subject};
use relto_store::Backend;
use serde_json::Value as Json;

pub use self::asking::{next, without_cursor};
pub use self::change::put_under;
use self::partners::Exchange;
use self::rest::Rest;
use crate::node::WorldNode;
use crate::site::Caveat;
use crate::world::{Act, Cast, Consenting, NODE, USERS, world_for};

/// How the stores of a world are made.
pub type NewStore<'s> = &'s dyn Fn() -> Arc<dyn Backend>;

pub use lived::Lived;

/// Whoever asks both nodes.
pub const WITNESS: &str = USERS[0];

/// How long after a whole second acts come that write. The dates of labels and accounts are whole seconds, and a node on which something
/// changes with that very second holds a write for a moment, the other not (docs/leaks.md, "A write that waits").
const WRITE_AFTER_MICROS: i64 = 1_000;

/// Lives through the world of `seed`, in which the witness is a person, with `length` random acts; see [`live_as`].
#[must_use]
pub fn live(seed: u64, length: usize, new_store: NewStore<'_>, runtime: &Arc<tokio::runtime::Runtime>) -> Lived {
    live_as(Cast::Person, seed, length, new_store, runtime)
}

/// Lives through the world of `seed` with `length` random acts, on stores made by `new_store`: first the full node's, then the twin's.
///
/// # Panics
/// When the twin answers otherwise: the message has the seed, the act and both answers.
#[must_use]
pub fn live_as(cast: Cast, seed: u64, length: usize, new_store: NewStore<'_>, runtime: &Arc<tokio::runtime::Runtime>) -> Lived {
    let begin = Stamp::parse("2026-06-01").expect("a date");
    let node = || WorldNode::new(new_store(), NODE, begin, runtime.clone());
    let mut pair = Pair {
        cast,
        full: node(),
        twin: node(),
        tokens: BTreeMap::new(),
        statuses: BTreeMap::new(),
        compared: 0,
        tearlines: BTreeSet::new(),
        requests: Vec::new(),
        answers: BTreeSet::new(),
        consents: 0,
        caveats: BTreeMap::new(),
        withheld: BTreeSet::new(),
        outside: BTreeSet::new(),
        gaps: BTreeSet::new(),
        hits: 0,
        paths: 0,
        facts: 0,
        contradictions: 0,
        documents: 0,
        instead: 0,
        versions: 0,
        reasons: 0,
        exchange: Exchange::default(),
        driven: BTreeSet::new(),
        now: begin,
        said: String::new(),
    };
    // Both have one key, as one node and its twin must: what it signs is equal to the byte.
    pair.turn(Stamp(begin.0 + 2), seed);
    assert_eq!(pair.full.node.identity().expect("a key"), pair.twin.node.identity().expect("a key"));
    for (number, act) in world_for(cast, seed, length).into_iter().enumerate() {
        pair.said = format!("seed {seed}, act {number}: {act:?}");
        let second = Stamp(begin.0 + (number as i64 + 1) * 1_000_000);
        pair.turn(second, seed ^ number as u64);
        pair.sync(second);
        let now = if act.is_read() && cast == Cast::Person { second } else { Stamp(second.0 + WRITE_AFTER_MICROS) };
        pair.turn(now, seed ^ number as u64);
        pair.act(&act);
        if act.is_write_of_the_witness() {
            // What it is shown of what it wrote, before the twin is put right.
            pair.show();
        }
        pair.sync(now);
    }
    // What is left of a world is what most can be found in.
    pair.search();
    pair.find_paths();
    pair.know();
    pair.see_documents();
    pair.look_at_pages(true);
    pair.lived()
}

struct Pair {
    cast: Cast,
    full: WorldNode,
    twin: WorldNode,
    tokens: BTreeMap<&'static str, String>,
    statuses: BTreeMap<usize, String>,
    compared: usize,
    /// How many consents opened something to the witness.
    consents: usize,
    /// The caveats in force, by file.
    caveats: BTreeMap<&'static str, Caveat>,
    /// Rows of the full node that nothing but a caveat withheld from the witness.
    withheld: BTreeSet<Arrival>,
    /// Rows of the full node that nothing but the terms of its agreement withheld from the witness.
    outside: BTreeSet<Arrival>,
    /// What was shown to the witness with gaps: objects, and where their gaps are.
    gaps: BTreeSet<(ObjectId, Vec<String>)>,
    /// How many objects were found, over all queries.
    hits: usize,
    /// How many paths were found.
    paths: usize,
    /// How many facts of entities were shown.
    facts: usize,
    /// In how many things sources were shown to differ.
    contradictions: usize,
    /// How many documents were shown.
    documents: usize,
    /// How often other words were proposed.
    instead: usize,
    /// How many versions were shown on pages of objects.
    versions: usize,
    /// How often the witness was told why somebody else gets an object or does not.
    reasons: usize,
    /// Every tearline that was published.
    tearlines: BTreeSet<ObjectId>,
    /// Every question and answer, in order.
    requests: Vec<ObjectId>,
    /// The answers that the witness was shown.
    answers: BTreeSet<String>,
    exchange: Exchange,
    driven: BTreeSet<(&'static str, &'static str)>,
    now: Stamp,
    said: String,
}

/// A row as the witness may see it: what it is, apart from where it stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Shown {
    collection: String,
    id: String,
    version: String,
    body: Bytes,
    owner: String,
    label: Label,
    /// What was consented to for it, or for what it goes along with, as far as the witness is or could become the recipient; `None` where nothing ever was.
    consents: Option<(ObjectId, Vec<Consent>)>,
    /// When the witness may see a part of it only: what the twin's body then does not hold.
    rest: Option<Rest>,
}

impl Pair {
    /// What is left.
    fn lived(self) -> Lived {
        let collections = self.full.node.collections().into_iter().map(|(record, _)| (record.name, record.id)).collect();
        Lived {
            compared: self.compared,
            tearlines: self.tearlines.len(),
            consents: self.consents,
            withheld: self.withheld.len(),
            outside: self.outside.len(),
            gaps: self.gaps.len(),
            hits: self.hits,
            paths: self.paths,
            facts: self.facts,
            contradictions: self.contradictions,
            documents: self.documents,
            instead: self.instead,
            versions: self.versions,
            reasons: self.reasons,
            addressed: self.addressed(),
            released: self.exchange.released.len(),
            notices: self.exchange.notices,
            statements: self.exchange.statements,
            consents_said: self.exchange.consents,
            answers: self.answers.len(),
            tokens: self.tokens,
            collections,
            driven: self.driven,
        }
    }

    /// Turns the clocks of both nodes, and seeds what they draw.
    fn turn(&mut self, now: Stamp, seed: u64) {
        self.full.begin(now, seed);
        self.twin.begin(now, seed);
        self.now = now;
    }

    fn act(&mut self, act: &Act) {
        match act {
            Act::AddCollection { name, label, can_read, can_write, recipients } => {
                let new = NewCollection {
                    name: (*name).to_owned(),
                    title: None,
                    label: label.map(|label| self.words(label)),
                    can_read: *can_read,
                    can_write: *can_write,
                    recipients: recipients.iter().map(|text| self.words(text)).collect(),
                };
                // A name that is taken is refused; the custodian sees everything, so only the full node is asked.
                let _ = self.full.node.add_collection(&new);
            }
            Act::SetCollection { name, label, recipients } => {
                // Some are not there; the custodian sees everything, so only the full node is asked.
                let (label, recipients) = (label.map(|label| self.words(label)), recipients.clone());
                let change = CollectionChange { label, recipients, ..CollectionChange::default() };
                let _ = self.full.node.set_collection(name, &change);
            }
            Act::SetUser { name, change } => self.set_user(name, change),
            Act::Activate { open_up_to } => {
                for node in [&self.full, &self.twin] {
                    node.node.activate(&company_policy(open_up_to), "a world's reason").expect("the policy comes into force");
                }
            }
            Act::Forbid { file, caveat } => self.forbid(file, *caveat),
            Act::Lift { file } => self.lift(file),
            Act::Load { collection, label, date, addressees, objects } => self.load(collection, *label, *date, addressees, objects),
            Act::Relabel { id, label, addressees } => {
                let id = ObjectId::parse(id).expect("an id");
                let _ = self.full.node.relabel_for(&id, &self.words(label), "a world's reason", addressees);
            }
            Act::Consent { id, by, until } => self.consent(id, by, *until),
            Act::Withdraw { id, by } => {
                let _ = self.full.node.remove_consent(&ObjectId::parse(id).expect("an id"), &self.consent_of(by), "a world's reason");
            }
            Act::Tearline { id, label } => self.tearline(id, label),
            Act::Equate => {
                for node in [&self.full, &self.twin] {
                    node.node.add_equivalence("USA:SECRET", "NATO:SECRET").expect("an equivalence");
                }
            }
            Act::Post { user, collection, objects } => self.post(*user, collection, objects),
            Act::Delete { user, collection, id, query } => {
                let path = format!("{}objects/{id}/?{query}", self.collection_path(collection));
                self.write(*user, "DELETE", &path, None);
            }
            Act::Read { path, query } => {
                let uri = self.read_path(path, query);
                let _ = self.ask("GET", &uri, None);
            }
            Act::Walk { collection, manifest, query } => self.walk(collection, *manifest, query),
            Act::Export { collection } => self.look(*collection),
            Act::Listen { anew } => self.listen(*anew),
            Act::Request { user, what } => self.request(*user, what),
            _ => self.exchange(act),
        }
    }

    /// Everything that a custodian has the node show to the witness.
    fn look(&mut self, collection: Option<&str>) {
        self.export(collection);
        self.show();
        self.search();
        self.find_paths();
        self.know();
        self.see_documents();
        self.look_at_pages(false);
    }

    fn consent_of(&self, by: &Consenting) -> ConsentOf {
        let subject = match &by.subject {
            Subject::Originator(name) => Subject::Originator(self.words(name)),
            Subject::ThirdParty(name) => Subject::ThirdParty(self.words(name)),
            Subject::Addressees => Subject::Addressees,
        };
        ConsentOf { subject, to: self.words(by.to) }
    }

    /// The custodian sees everything, so only the full node is asked.
    fn consent(&mut self, id: &str, by: &Consenting, until: Option<&str>) {
        let (giver, reference) = ("somebody".to_owned(), "a world's reason".to_owned());
        let new = NewConsent { of: self.consent_of(by), until: until.map(str::to_owned), purpose: None, by: giver, reference };
        let given = self.full.node.add_consent(&ObjectId::parse(id).expect("an id"), &new);
        self.consents += usize::from(given.is_ok_and(|given| given.gained.iter().any(|name| name == WITNESS)));
    }

    fn forbid(&mut self, file: &'static str, caveat: Caveat) {
        let new = NewFile { name: file.to_owned(), text: caveat.text(), table: None, open_up_to: None };
        for node in [&self.full, &self.twin] {
            node.node.activate(&new, "a world's reason").expect("the caveat comes into force");
        }
        self.caveats.insert(file, caveat);
    }

    fn lift(&mut self, file: &str) {
        let was_there = self.caveats.remove(file).is_some();
        for node in [&self.full, &self.twin] {
            assert_eq!(node.node.deactivate(file, "a world's reason").is_ok(), was_there, "{}", self.said);
        }
    }

    /// The custodian sees everything, so only the full node is asked; the twin is given what the witness sees of it, if anything.
    fn tearline(&mut self, id: &str, label: &str) {
        let id = ObjectId::parse(id).expect("an id");
        let request = TearlineRequest { label: self.words(label), ..TearlineRequest::default() };
        let (reviewed_by, reason) = ("somebody".to_owned(), "a world's reason".to_owned());
        let review = Review { reviewed_by, reason, content: None, accepted: Accepted::All };
        let proposed = self.full.node.propose_tearline(&id, &request);
        let published = self.full.node.publish_tearline(&id, &request, &review);
        let may_be = proposed.is_ok_and(|proposal| proposal.refused.is_none() && proposal.exists.is_none());
        assert_eq!(published.is_ok(), may_be, "{}: what is proposed is published, and nothing else: {published:?}", self.said);
        let tearline = published.ok().and_then(|published| ObjectId::parse(&published.tearline).ok());
        self.tearlines.extend(tearline);
    }

    fn set_user(&mut self, name: &'static str, change: &UserChange) {
        if self.tokens.contains_key(name) {
            self.full.node.set_user(name, change).expect("the account changes");
            self.twin.node.set_user(name, change).expect("the account changes");
        } else {
            let token = self.full.node.add_user(name, change).expect("an account");
            assert_eq!(token, self.twin.node.add_user(name, change).expect("an account"));
            if name == WITNESS {
                for node in [&self.full, &self.twin] {
                    node.node.set_hashed_password(name, pages::HASHED.to_owned()).expect("a password");
                    node.node.set_certificate(name, Some(&pages::CARD)).expect("a certificate");
                }
            }
            self.tokens.insert(name, token);
        }
    }

    fn load(&self, collection: &str, label: Option<&str>, date: Option<&str>, addressees: &[String], objects: &[Json]) {
        let request = LoadRequest {
            collection: collection.to_owned(),
            label: label.map(|label| self.words(label)),
            label_date: date.map(str::to_owned),
            addressees: addressees.to_vec(),
            keep_going: true,
        };
        self.take_document(request, objects);
    }

    fn post(&mut self, user: usize, collection: &str, objects: &[Json]) {
        let path = format!("{}objects/", self.collection_path(collection));
        let objects: Vec<&Json> = objects.iter().filter(|object| !self.is_blocked(user, object)).collect();
        if objects.is_empty() {
            return;
        }
        let body = serde_json::json!({ "objects": objects }).to_string();
        if let Some(answer) = self.write(user, "POST", &path, Some(&body))
            && let Ok(status) = serde_json::from_slice::<Json>(&answer.body)
            && let Some(id) = status.get("id").and_then(Json::as_str)
        {
            self.statuses.insert(user, id.to_owned());
        }
    }
}

/// The policy of a company, as it ships.
#[must_use]
pub fn company_policy(open_up_to: &str) -> NewFile {
    let shipped = relto_policy::spif::shipped::SHIPPED.iter().find(|(file, _)| *file == "commercial.xml").expect("a shipped policy");
    NewFile { name: shipped.0.to_owned(), text: shipped.1.to_owned(), table: None, open_up_to: Some(open_up_to.to_owned()) }
}
