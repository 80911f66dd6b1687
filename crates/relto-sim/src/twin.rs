//! The censored twin (DESIGN.md): two nodes live through one world, one of them without what the witness may not see.
//!
//! After every act, the *judge* lists what the witness may see of the full node: raw rows, decided by the slow evaluator. The twin is
//! given exactly the difference, under the same date. Then the witness asks both, and both must answer alike: status, headers and
//! bodies. Cursors are opaque and each node follows its own.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use relto_gate::{Arrival, LabelId};
use relto_gate::custody::{self, Purpose};
use relto_model::{Label, ObjectId, Stamp};
use relto_node::{LoadRequest, NewCollection, Source, UserChange};
use relto_policy::{Profile, Rules, Verdict, explain};
use relto_store::{Backend, Batch, Bodies, CollectionKey, Held, NewRow, RecordKind, StoredLabel, held};
use serde_json::Value as Json;

use crate::node::{Answer, WorldNode};
use crate::world::{Act, NO_STATUS, Read, USERS, world};

/// How the stores of a world are made.
pub type NewStore<'s> = &'s dyn Fn() -> Arc<dyn Backend>;

/// Whoever asks both nodes.
pub const WITNESS: &str = USERS[0];

/// What is left of a world that was lived through.
#[derive(Debug)]
pub struct Lived {
    /// How many answers were compared.
    pub compared: usize,
    /// The token of each account.
    pub tokens: BTreeMap<&'static str, String>,
    /// The id of each collection, by name.
    pub collections: BTreeMap<String, String>,
}

/// Lives through the world of `seed` with `length` random acts, on stores made by `new_store`: first the full node's, then the twin's.
///
/// # Panics
/// When the twin answers otherwise: the message has the seed, the act and both answers.
#[must_use]
pub fn live(seed: u64, length: usize, new_store: NewStore<'_>, runtime: &Arc<tokio::runtime::Runtime>) -> Lived {
    let begin = Stamp::parse("2026-06-01").expect("a date");
    let node = || WorldNode::new(new_store(), "Node Org", begin, runtime.clone());
    let mut pair = Pair { full: node(), twin: node(), tokens: BTreeMap::new(), statuses: BTreeMap::new(), compared: 0, now: begin, said: String::new() };
    for (number, act) in world(seed, length).into_iter().enumerate() {
        pair.said = format!("seed {seed}, act {number}: {act:?}");
        let now = Stamp(begin.0 + (number as i64 + 1) * 1_000_000);
        pair.full.begin(now, seed ^ number as u64);
        pair.twin.begin(now, seed ^ number as u64);
        pair.now = now;
        pair.sync(now);
        pair.act(&act);
        pair.sync(now);
    }
    let collections = pair.full.node.collections().into_iter().map(|(record, _)| (record.name, record.id)).collect();
    Lived { compared: pair.compared, tokens: pair.tokens, collections }
}

struct Pair {
    full: WorldNode,
    twin: WorldNode,
    tokens: BTreeMap<&'static str, String>,
    statuses: BTreeMap<usize, String>,
    compared: usize,
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
}

impl Pair {
    fn act(&mut self, act: &Act) {
        match act {
            Act::AddCollection { name, label, can_read, can_write, recipients } => {
                let new = NewCollection {
                    name: (*name).to_owned(),
                    title: None,
                    label: label.map(str::to_owned),
                    can_read: *can_read,
                    can_write: *can_write,
                    recipients: recipients.clone(),
                };
                // A name that is taken is refused; the custodian sees everything, so only the full node is asked.
                let _ = self.full.node.add_collection(&new);
            }
            Act::SetCollection { name, label, recipients } => {
                // Some are not there; the custodian sees everything, so only the full node is asked.
                let _ = self.full.node.set_collection(name, None, *label, recipients.as_deref());
            }
            Act::SetUser { name, nations, organisation, members, clearances, role } => {
                let change = UserChange {
                    nations: Some(nations.clone()),
                    organisation: Some(organisation.clone()),
                    members: Some(members.clone()),
                    clearances: Some(clearances.clone()),
                    accesses: None,
                    role: Some(role.clone()),
                };
                self.set_user(name, &change);
            }
            Act::Load { collection, label, date, objects } => self.load(collection, *label, *date, objects),
            Act::Relabel { id, label } => {
                let id = ObjectId::parse(id).expect("an id");
                let _ = self.full.node.relabel(&id, label, "a world's reason");
            }
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
            Act::Export { collection } => self.export(*collection),
        }
    }

    fn set_user(&mut self, name: &'static str, change: &UserChange) {
        if self.tokens.contains_key(name) {
            self.full.node.set_user(name, change).expect("the account changes");
            self.twin.node.set_user(name, change).expect("the account changes");
        } else {
            let token = self.full.node.add_user(name, change).expect("an account");
            assert_eq!(token, self.twin.node.add_user(name, change).expect("an account"));
            self.tokens.insert(name, token);
        }
    }

    fn load(&self, collection: &str, label: Option<&str>, date: Option<&str>, objects: &[Json]) {
        let request = LoadRequest {
            collection: collection.to_owned(),
            label: label.map(str::to_owned),
            label_date: date.map(str::to_owned),
            addressees: Vec::new(),
            keep_going: true,
        };
        let content = Bytes::from(serde_json::json!({ "objects": objects }).to_string());
        // Some loads are refused whole (no such collection, no such group); that is the custodian's to read.
        let _ = self.full.node.load(&request, &[Source { name: "world".to_owned(), content }], &|_, _| {});
    }

    fn post(&mut self, user: usize, collection: &str, objects: &[Json]) {
        let path = format!("{}objects/", self.collection_path(collection));
        let body = serde_json::json!({ "objects": objects }).to_string();
        if let Some(answer) = self.write(user, "POST", &path, Some(&body))
            && let Ok(status) = serde_json::from_slice::<Json>(&answer.body)
            && let Some(id) = status.get("id").and_then(Json::as_str)
        {
            self.statuses.insert(user, id.to_owned());
        }
    }

    /// The witness writes on both nodes and gets one answer; what others write reaches the twin as far as the witness may see it.
    fn write(&mut self, user: usize, method: &str, path: &str, body: Option<&str>) -> Option<Answer> {
        if user == 0 {
            return Some(self.ask(method, path, body));
        }
        Some(self.full.send(method, path, self.token(USERS[user]), body))
    }

    fn token(&self, user: &str) -> &str {
        self.tokens.get(user).map_or("", String::as_str)
    }

    /// Sends one request of the witness to both nodes. Returns the full node's answer, which the twin's equals.
    fn ask(&mut self, method: &str, uri: &str, body: Option<&str>) -> Answer {
        let token = self.token(WITNESS).to_owned();
        let full = self.full.send(method, uri, &token, body);
        let twin = self.twin.send(method, uri, &token, body);
        self.compare(uri, &full, &twin);
        full
    }

    fn compare(&mut self, what: &str, full: &Answer, twin: &Answer) {
        self.compared += 1;
        let shown = |answer: &Answer| {
            let mut headers: Vec<String> = answer.headers.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
            headers.sort();
            format!("{} {}\n{}", answer.status, headers.join("\n"), without_cursor(&answer.body))
        };
        let (full, twin) = (shown(full), shown(twin));
        assert!(full == twin, "the twin answers otherwise\n{}\n{what}\n--- full\n{full}\n--- twin\n{twin}\n{}", self.said, self.rows_of_both());
    }

    /// What both nodes hold that the witness may see, for whoever looks for the difference.
    fn rows_of_both(&self) -> String {
        let list = |node: &WorldNode| {
            let mut rows = self.shown(node, self.now);
            rows.sort_by_key(|(_, held)| held.arrival);
            let line = |(shown, held): &(Shown, Held)| {
                let label = relto_policy::display(&shown.label);
                format!("{} {} {} {} {} label {} {label}\n", held.arrival.0, held.added, shown.collection, shown.id, shown.version, held.label.0)
            };
            rows.iter().map(line).collect::<String>()
        };
        let gains = |node: &WorldNode| {
            let record = node.backend.read().expect("a snapshot").record(RecordKind::Gain, WITNESS).expect("a record");
            String::from_utf8_lossy(&record.unwrap_or_default()).into_owned()
        };
        format!("--- full rows\n{}{}\n--- twin rows\n{}{}", list(&self.full), gains(&self.full), list(&self.twin), gains(&self.twin))
    }

    /// From page to page, each node by its own cursor.
    fn walk(&mut self, collection: &str, manifest: bool, query: &str) {
        let base = format!("{}{}/?{query}", self.collection_path(collection), if manifest { "manifest" } else { "objects" });
        let token = self.token(WITNESS).to_owned();
        let (mut full_next, mut twin_next) = (None, None);
        for _ in 0..60 {
            let uri = |next: &Option<String>| next.as_ref().map_or_else(|| base.clone(), |next| format!("{base}&next={next}"));
            let full = self.full.send("GET", &uri(&full_next), &token, None);
            let twin = self.twin.send("GET", &uri(&twin_next), &token, None);
            self.compare(&base, &full, &twin);
            (full_next, twin_next) = (next(&full.body), next(&twin.body));
            if full_next.is_none() {
                return;
            }
        }
        panic!("a walk does not end: {}", self.said);
    }

    fn export(&mut self, collection: Option<&str>) {
        let run = |node: &WorldNode| {
            let mut bundle = Vec::new();
            let result = node.node.reading_as(WITNESS).expect("the witness").export(collection, &mut bundle);
            format!("{:?}\n{}", result.map_err(|error| error.to_string()), String::from_utf8_lossy(&bundle))
        };
        let (full, twin) = (run(&self.full), run(&self.twin));
        self.compared += 1;
        assert!(full == twin, "the twin exports otherwise\n{}\n--- full\n{full}\n--- twin\n{twin}", self.said);
    }

    fn collection_path(&self, name: &str) -> String {
        let id = self.full.node.collections().into_iter().find(|(record, _)| record.name == name).map(|(record, _)| record.id);
        // Aliases work like ids; a name that is no collection is asked for all the same.
        let id = id.filter(|id| id.as_bytes()[0] % 2 == 0).unwrap_or_else(|| name.to_owned());
        format!("/taxii2/root/collections/{id}/")
    }

    fn read_path(&self, read: &Read, query: &str) -> String {
        let status = |user: usize| self.statuses.get(&user).cloned().unwrap_or_else(|| NO_STATUS.to_owned());
        read.path(query, &|name| self.collection_path(name), &status)
    }
}

/// The body with its cursor masked; its length stays.
#[must_use]
pub fn without_cursor(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body).into_owned();
    match next(body) {
        Some(next) => text.replace(&next, &"*".repeat(next.len())),
        None => text,
    }
}

/// The cursor in a body.
#[must_use]
pub fn next(body: &[u8]) -> Option<String> {
    let value: Json = serde_json::from_slice(body).ok()?;
    value.get("next")?.as_str().map(str::to_owned)
}

// ---- the judge, and what the twin is given

impl Pair {
    /// Gives the twin what the witness may see of the full node, and takes from it what it may not see any more.
    fn sync(&self, now: Stamp) {
        if !self.tokens.contains_key(WITNESS) {
            return;
        }
        self.sync_collections(now);
        let (full, twin) = (self.shown(&self.full, now), self.shown(&self.twin, now));
        let wanted: BTreeSet<&Shown> = full.iter().map(|(shown, _)| shown).collect();
        let has: BTreeSet<&Shown> = twin.iter().map(|(shown, _)| shown).collect();
        let surplus: Vec<&(Shown, Held)> = twin.iter().filter(|(shown, _)| !wanted.contains(shown)).collect();
        let mut missing: Vec<&(Shown, Held)> = full.iter().filter(|(shown, _)| !has.contains(shown)).collect();
        let visible: BTreeSet<Arrival> = twin.iter().map(|(_, held)| held.arrival).collect();
        let hidden: Vec<Held> = ids().iter().flat_map(|id| rows(&self.twin, id)).filter(|row| !visible.contains(&row.arrival)).collect();
        if surplus.is_empty() && missing.is_empty() && hidden.is_empty() {
            return;
        }
        missing.sort_by_key(|(_, held)| held.arrival);
        // A write that had to wait for the clock is stamped a little later than the act began.
        let stamp = self.full.backend.read().expect("a snapshot").last_stamp().expect("a stamp").map_or(now, |last| last.max(now));
        let mut change = Change::begin(&self.twin, stamp);
        let mut moved = BTreeSet::new();
        hidden.iter().for_each(|held| change.remove(held));
        for (shown, held) in &surplus {
            // The same row under another label was relabelled, and the witness saw both: it stays where it is.
            let same = |other: &&&(Shown, Held)| Shown { label: shown.label.clone(), ..other.0.clone() } == *shown && !moved.contains(&other.1.arrival);
            match missing.iter().find(same) {
                Some((relabelled, new)) => {
                    moved.insert(new.arrival);
                    change.relabel(held, &relabelled.label);
                }
                None => change.remove(held),
            }
        }
        for (shown, held) in missing.into_iter().filter(|(_, held)| !moved.contains(&held.arrival)) {
            change.insert(shown, held);
        }
        change.commit();
    }

    /// The twin holds the collections that the witness may see. Of every other it holds what is a fact about the witness itself, which
    /// organisations receive TLP:AMBER: under the same id, since labels elsewhere name it, but another name, for nobody to see.
    fn sync_collections(&self, now: Stamp) {
        let (labels, twin_labels) = (labels(&self.full), labels(&self.twin));
        let judge = self.judge(now);
        for (number, (record, _)) in (0u32..).zip(self.full.node.collections()) {
            let label = labels.get(&record.label).expect("a stored label");
            let carrier = relto_node::CollectionRecord { name: format!("carrier {number}"), title: String::new(), can_read: false, ..record.clone() };
            let nobody = relto_policy::text::organisation_label([]);
            let (key, wanted, label, other) = if judge.admits(label) {
                (100 + number, record.clone(), label, carrier.name)
            } else {
                (200 + number, carrier, &nobody, record.name.clone())
            };
            let there: BTreeMap<String, relto_node::CollectionRecord> =
                self.twin.node.collections().into_iter().map(|(record, _)| (record.name.clone(), record)).collect();
            let as_wanted = |twin: &relto_node::CollectionRecord| {
                twin.recipients == wanted.recipients && twin_labels.get(&twin.label) == Some(label)
            };
            if there.get(&wanted.name).is_some_and(as_wanted) {
                continue;
            }
            let mut change = Change::begin(&self.twin, now);
            let twin = relto_node::CollectionRecord { key, label: change.label(label), ..wanted };
            change.put(RecordKind::Collection, &twin.name, &serde_json::to_vec(&twin).expect("JSON"));
            if there.contains_key(&other) {
                change.forget(RecordKind::Collection, &other);
            }
            change.commit();
        }
    }

    /// Every row that the witness may see, with its identity.
    fn shown(&self, node: &WorldNode, now: Stamp) -> Vec<(Shown, Held)> {
        let labels = labels(node);
        let judge = self.judge(now);
        let readable: BTreeMap<u32, String> = (node.node.collections().into_iter())
            .filter(|(record, _)| record.can_read && judge.admits(&labels[&record.label]))
            .map(|(record, _)| (record.key, record.name))
            .collect();
        let mut all = Vec::new();
        for id in ids() {
            for row in rows(node, &id) {
                let Some(collection) = readable.get(&row.collection.0) else { continue };
                let label = labels[&row.label].clone();
                if judge.admits(&label) {
                    let shown = Shown {
                        collection: collection.clone(),
                        id: id.to_string(),
                        version: row.version.clone(),
                        body: row.body.clone(),
                        owner: row.owner.clone(),
                        label,
                    };
                    all.push((shown, row));
                }
            }
        }
        all
    }

    /// The witness' attributes, from its record and the collections of the full node.
    fn profile(&self) -> Profile {
        let user = self.full.node.users().into_iter().find(|user| user.name == WITNESS).expect("the witness");
        let collections = self.full.node.collections();
        let of = |test: &dyn Fn(&relto_node::CollectionRecord) -> bool| -> BTreeSet<String> {
            collections.iter().filter(|(record, _)| test(record)).map(|(record, _)| record.id.clone()).collect()
        };
        Profile {
            nations: user.nations,
            organisation: user.organisation.clone(),
            person: Some(user.name),
            groups: user.groups,
            clearances: user.clearances,
            accesses: user.accesses,
            recipient_of: of(&|record| record.recipients.contains_key(&user.organisation)),
            client_of: of(&|record| record.recipients.values().any(|clients| clients.contains(&user.organisation))),
        }
    }

    /// The judge: the slow evaluator over the facts of the full node at one instant.
    fn judge(&self, now: Stamp) -> Judge {
        static SHIPPED: LazyLock<Rules> = LazyLock::new(|| Rules::builtin().expect("the shipped tables"));
        let mut rules = SHIPPED.clone();
        rules.groups.extend(self.full.node.groups().into_iter().map(|(name, _)| name));
        for (held, counts_as) in self.full.node.equivalences().expect("equivalences") {
            rules.equivalences.insert(relto_policy::Equivalence::parse(&held, &counts_as).expect("an equivalence"));
        }
        Judge { profile: self.profile(), rules, now }
    }
}

struct Judge {
    profile: Profile,
    rules: Rules,
    now: Stamp,
}

impl Judge {
    fn admits(&self, label: &Label) -> bool {
        explain(&self.profile, label, &self.rules, self.now).0 == Verdict::Permit
    }
}

/// Every id that a world can hold.
fn ids() -> Vec<ObjectId> {
    let objects = ["indicator", "identity", "relationship", "ipv4-addr"].into_iter().flat_map(|kind| {
        (0..4).map(move |number| format!("{kind}--bbbbbbbb-0000-4000-8000-00000000000{number}"))
    });
    let markings = (1..4).map(|number| format!("marking-definition--aaaaaaaa-0000-4000-8000-00000000000{number}"));
    objects.chain(markings).map(|id| ObjectId::parse(&id).expect("an id")).collect()
}

fn labels(node: &WorldNode) -> BTreeMap<LabelId, Label> {
    let stored = node.backend.read().expect("a snapshot").labels().expect("labels");
    stored.into_iter().map(|label| (label.id, label.label)).collect()
}

#[expect(clippy::disallowed_methods, reason = "the judge looks at raw rows, beside the gate that it judges")]
fn rows(node: &WorldNode, id: &ObjectId) -> Vec<Held> {
    let snapshot = node.backend.read().expect("a snapshot");
    let sealed = held(snapshot.as_ref(), id, None, Bodies::With).expect("rows");
    sealed.into_iter().map(|row| custody::open(row, Purpose::Custodian)).collect()
}

/// One change to the twin, behind its back.
struct Change<'n> {
    node: &'n WorldNode,
    transaction: Box<dyn relto_store::Transaction + 'n>,
    arrival: Arrival,
    now: Stamp,
}

impl<'n> Change<'n> {
    fn begin(node: &'n WorldNode, now: Stamp) -> Self {
        let transaction = node.backend.write().expect("a transaction");
        let arrival = transaction.arrival().expect("an arrival");
        Self { node, transaction, arrival, now }
    }

    /// A number of its own for `label`: the witness has not gained it late.
    fn label(&mut self, label: &Label) -> LabelId {
        let id = LabelId(self.transaction.labels().expect("labels").len() as u32);
        self.transaction.add_label(&StoredLabel { id, label: label.clone(), shared: false }).expect("a label");
        id
    }

    fn key(&self, collection: &str) -> CollectionKey {
        let record = self.transaction.record(RecordKind::Collection, collection).expect("a record").expect("the collection is there");
        let record: relto_node::CollectionRecord = serde_json::from_slice(&record).expect("a record");
        CollectionKey(record.key)
    }

    fn insert(&mut self, shown: &Shown, _: &Held) {
        self.arrival = Arrival(self.arrival.0 + 1);
        let (label, key) = (self.label(&shown.label), self.key(&shown.collection));
        let id = ObjectId::parse(&shown.id).expect("an id");
        let there: Vec<Held> = rows_in(self.transaction.as_ref(), &id, key);
        for row in &there {
            self.transaction.mark_siblings(key, row.arrival).expect("a mark");
        }
        let row = NewRow {
            arrival: self.arrival,
            collection: key,
            added: self.now,
            label,
            id: &id,
            version: &shown.version,
            siblings: !there.is_empty(),
            owner: &shown.owner,
            body: &shown.body,
        };
        self.transaction.insert(&row).expect("a row");
    }

    fn relabel(&mut self, held: &Held, label: &Label) {
        let label = self.label(label);
        self.transaction.relabel(held.collection, held.arrival, label).expect("a label");
    }

    fn remove(&mut self, held: &Held) {
        self.transaction.remove(held.collection, held.arrival).expect("a row");
    }

    fn put(&mut self, kind: RecordKind, key: &str, value: &[u8]) {
        self.transaction.put(kind, key, value).expect("a record");
    }

    fn forget(&mut self, kind: RecordKind, key: &str) {
        self.transaction.forget(kind, key).expect("a record");
    }

    fn commit(self) {
        let last = Arrival(self.arrival.0 + 1);
        self.transaction.commit(Batch { stamp: self.now, last }).expect("a commit");
        assert!(self.node.node.is_healthy());
    }
}

#[expect(clippy::disallowed_methods, reason = "the judge looks at raw rows, beside the gate that it judges")]
fn rows_in(transaction: &dyn relto_store::Transaction, id: &ObjectId, key: CollectionKey) -> Vec<Held> {
    let sealed = held(transaction, id, Some(key), Bodies::Without).expect("rows");
    sealed.into_iter().map(|row| custody::open(row, Purpose::Custodian)).collect()
}
