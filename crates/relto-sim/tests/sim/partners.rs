//! Exchange between nodes in memory: what one hands to the other, and what becomes of it there. No socket: pages are carried by hand.

mod consents;
mod fetching;
mod labels;
mod leaving;
mod recalls;
mod requests;
mod routes;
mod statements;
mod terms;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use relto_model::{ObjectId, Stamp};
use relto_node::{
    Delivery, DeliveryError, LoadRequest, NewCollection, NewPartner, NoticeReceipt, ReadError, Release, SayablePage, Source, Statements,
    Taken, UserChange, VersionFilter,
};
use relto_sim::node::WorldNode;
use relto_store::memory::Memory;
use serde_json::{Value as Json, json};

/// What is exchanged, unless a test makes something else.
const OBJECT: &str = "indicator--bbbbbbbb-0000-4000-8000-000000000000";
/// Nodes, each of an organisation of that name, with the nation that the others grant it.
const NODES: [(&str, &str); 4] = [(FRA, "FRA"), (DEU, "DEU"), (USA, "USA"), (GBR, "GBR")];
/// How many of them there are, unless a test wants more.
const NODES_FEW: usize = 3;
const FRA: &str = "FRA Node";
const DEU: &str = "DEU Node";
const USA: &str = "USA Node";
const GBR: &str = "GBR Node";

/// Three nodes, of which each two are partners for the collection `intel`.
struct Net {
    nodes: BTreeMap<&'static str, WorldNode>,
    now: Cell<i64>,
}

impl Net {
    fn new() -> Self {
        Self::of(NODES_FEW)
    }

    /// The first of the nodes, of which each two are partners.
    fn of(count: usize) -> Self {
        let net = Self::apart_of(count);
        for (at, _) in &NODES[..count] {
            for (with, _) in NODES[..count].iter().filter(|(with, _)| with != at) {
                net.agree(at, with, |_| {});
            }
        }
        net
    }

    /// The same nodes, before anything is agreed.
    fn apart() -> Self {
        Self::apart_of(NODES_FEW)
    }

    fn apart_of(count: usize) -> Self {
        let nodes = &NODES[..count];
        let runtime = Arc::new(tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap());
        let begin = Stamp::parse("2026-06-01").unwrap();
        let node = |name| WorldNode::new(Arc::new(Memory::default()), name, begin, runtime.clone());
        let net = Self { nodes: nodes.iter().map(|(name, _)| (*name, node(name))).collect(), now: Cell::new(begin.0) };
        for (name, _) in nodes {
            let node = net.at(name);
            for name in ["intel", "other"] {
                let (name, recipients) = (name.to_owned(), Vec::new());
                let new = NewCollection { name, title: None, label: None, can_read: true, can_write: true, recipients };
                node.node.add_collection(&new).unwrap();
            }
            node.node.identity().unwrap();
        }
        net
    }

    /// The node, a second later.
    fn at(&self, name: &str) -> &WorldNode {
        self.now.set(self.now.get() + 1_000_000);
        let node = &self.nodes[name];
        let number = self.now.get() as u64 ^ u64::from(name.as_bytes()[0]) << 50;
        node.begin(Stamp(self.now.get()), number);
        node
    }

    /// `at` agrees with `with`, as `change` says.
    fn agree(&self, at: &str, with: &str, change: impl FnOnce(&mut NewPartner)) {
        let card = self.at(with).node.card("https://node.example/").unwrap().unwrap();
        let phrase = serde_json::from_str::<Json>(&card).unwrap()["fingerprint"].as_str().map(str::to_owned);
        let nation = NODES.iter().find(|(name, _)| *name == with).unwrap().1.to_owned();
        let grants =
            UserChange { nations: Some(vec![nation]), clearances: Some(vec!["NATO:RESTRICTED".to_owned()]), ..UserChange::default() };
        let mut new = NewPartner { card, phrase, grants, collections: vec!["intel".to_owned()], ..NewPartner::default() };
        change(&mut new);
        self.at(at).node.add_partner(&new).unwrap();
    }

    fn load(&self, at: &str, label: &str, object: &Json) {
        self.load_into(at, "intel", label, object);
    }

    fn load_into(&self, at: &str, collection: &str, label: &str, object: &Json) {
        let request = LoadRequest { collection: collection.to_owned(), label: Some(label.to_owned()), ..LoadRequest::default() };
        let source = Source { name: "net".to_owned(), content: Bytes::from(object.to_string()) };
        let report = self.at(at).node.load(&request, &[source], &|_, _| {}).unwrap();
        assert_eq!(report.added, 1, "{:?}", report.refusals);
    }

    /// What `from` has for `to`, with what goes beside it. That it is released is on record.
    fn offered(&self, from: &str, to: &str) -> Result<Vec<Bytes>, ReadError> {
        self.offered_of("intel", from, to)
    }

    fn offered_of(&self, collection: &str, from: &str, to: &str) -> Result<Vec<Bytes>, ReadError> {
        let node = &self.at(from).node;
        let reading = node.reading_as(to)?;
        let Some(view) = reading.collection(collection).filter(|view| view.can_read) else { return Ok(Vec::new()) };
        let mut page = reading.sayable(node, &view, view.query(VersionFilter::all()), Statements::All)?;
        reading.with_definitions(&view, &mut page)?;
        let SayablePage { cleared, beside, .. } = page;
        let mut objects: Vec<Bytes> = cleared.rows.iter().map(|row| Bytes::copy_from_slice(row.get().body())).collect();
        assert_eq!(node.record_release(&reading, &view, &cleared.rows)?, Release::Recorded);
        objects.extend(beside);
        Ok(objects)
    }

    fn deliver(&self, from: &str, to: &str, objects: Vec<Bytes>) -> Result<Taken, DeliveryError> {
        self.deliver_into("intel", from, to, objects)
    }

    fn deliver_into(&self, collection: &str, from: &str, to: &str, objects: Vec<Bytes>) -> Result<Taken, DeliveryError> {
        let node = &self.at(to).node;
        let objects = node.read_delivered(&objects);
        node.take_delivery(Delivery { partner: from.to_owned(), collection: collection.to_owned(), objects, progress: None })
    }

    /// Everything that `from` has for `to` goes there.
    fn send(&self, from: &str, to: &str) -> Taken {
        self.deliver(from, to, self.offered(from, to).unwrap()).unwrap()
    }

    /// `from` tells `to` what it has to; the receipts go back.
    fn tell(&self, from: &str, to: &str) -> Vec<NoticeReceipt> {
        let notices = self.at(from).node.notices_for(to).unwrap();
        let receipts = self.at(to).node.obey(from, &notices).unwrap();
        self.at(from).node.take_receipts_of(to, &receipts).unwrap();
        receipts
    }

    /// The labels, in words, under which `at` holds versions of `id`, with whoever wrote them.
    fn held(&self, at: &str, id: &str) -> Vec<(String, String)> {
        let trace = self.at(at).node.trace(&ObjectId::parse(id).unwrap()).unwrap();
        trace.held.into_iter().map(|held| (held.owner, held.label)).collect()
    }

    /// Why what waits at `at` does so.
    fn waiting(&self, at: &str) -> Vec<String> {
        self.at(at).node.quarantined(None).unwrap().into_iter().map(|waiting| waiting.reason).collect()
    }

    /// A person at `at` of that nation and organisation, and how many objects it sees.
    fn person(&self, at: &str, name: &str, nation: &str, organisation: &str) {
        let (nations, organisation) = (Some(vec![nation.to_owned()]), Some(organisation.to_owned()));
        let change = UserChange { nations, organisation, role: Some("contributor".to_owned()), ..UserChange::default() };
        self.at(at).node.add_user(name, &change).unwrap();
    }

    fn sees(&self, at: &str, name: &str) -> usize {
        let mut bundle = Vec::new();
        self.at(at).node.reading_as(name).unwrap().export(Some("intel"), &mut bundle).unwrap()
    }
}

/// An indicator of that version.
fn indicator(modified: &str) -> Json {
    json!({"type": "indicator", "spec_version": "2.1", "id": OBJECT, "created": "2026-01-01T00:00:00.000Z",
        "modified": format!("{modified}T00:00:00.000Z"), "pattern_type": "stix", "pattern": "[ipv4-addr:value = '192.0.2.1']",
        "valid_from": "2026-01-01T00:00:00Z"})
}

fn id() -> ObjectId {
    ObjectId::parse(OBJECT).unwrap()
}

fn bytes(objects: &[&Json]) -> Vec<Bytes> {
    objects.iter().map(|object| Bytes::from(object.to_string())).collect()
}
