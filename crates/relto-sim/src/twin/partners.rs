//! Partners of a pair: what is agreed is agreed on both nodes, and what a partner that is the witness gets beside objects is compared.
//!
//! The twin is given the statements that came with what the witness may see, and the notices about what was released to it: whatever else
//! the full node remembers of its partners, its answers must not show.

use std::collections::{BTreeMap, BTreeSet};

use relto_model::ObjectId;
use relto_model::object::content_digest;
use relto_node::{NewPartner, PartnerRecord};
use relto_store::{Held, RecordKind};
use serde_json::{Value as Json, json};

use super::change::{Change, rows};
use super::pages::without_place;
use super::{Pair, Shown, WITNESS};
use crate::node::{Answer, WorldNode};
use crate::partner::partner_called;
use crate::world::{ALLY, Act, Cast, NODE, Telling, WRITERS, said};

/// What the pair knows of partners.
#[derive(Default)]
pub(super) struct Exchange {
    /// As they are agreed with on both nodes.
    pub records: BTreeMap<String, PartnerRecord>,
    /// What was asked for when they were last agreed with.
    agreed: BTreeMap<String, NewPartner>,
    /// Ids of what the witness got as a partner.
    pub released: BTreeSet<String>,
    /// Where each node's stream of notifications was left.
    told: [Option<String>; 2],
    /// The ids of the notices that the witness last got.
    last: Vec<String>,
    /// How many notices it got.
    pub notices: usize,
    /// How many label statements it got.
    pub statements: usize,
    /// How many consent statements it got.
    pub consents: usize,
}

impl Pair {
    pub(super) fn has_witness(&self) -> bool {
        self.tokens.contains_key(WITNESS) || self.exchange.records.contains_key(WITNESS)
    }

    /// A label as this world says it: a partner stands where an organisation of persons does.
    pub(super) fn words(&self, text: &str) -> String {
        if self.cast == Cast::Partner { text.replace("Org A", WITNESS) } else { text.to_owned() }
    }

    /// What was agreed with the witness, if it is a partner, as it was asked for.
    pub(super) fn agreed(&self) -> Option<NewPartner> {
        self.exchange.agreed.get(WITNESS).cloned()
    }

    /// The organisations of whom nothing goes on to the witness.
    pub(super) fn stay(&self) -> BTreeSet<String> {
        let is_partner = self.exchange.records.contains_key(WITNESS);
        let others = self.exchange.records.values().filter(|record| is_partner && record.name() != WITNESS);
        others.filter(|record| record.agreement.no_onward).map(|record| record.name().to_owned()).collect()
    }

    pub(super) fn exchange(&mut self, act: &Act) {
        match act {
            Act::Partner { name, new } => self.partner(name, new),
            Act::Suspend { name, suspended } => {
                let phrase = (!suspended).then(|| partner_called(name).phrase.clone());
                let run = |node: &WorldNode| node.node.suspend_partner(name, *suspended, phrase.as_deref()).is_ok();
                assert_eq!(run(&self.full), run(&self.twin), "{}", self.said);
                self.read_records();
            }
            Act::Leave { name } => {
                let run = |node: &WorldNode| node.node.remove_partner(name).is_ok();
                assert_eq!(run(&self.full), run(&self.twin), "{}", self.said);
                self.read_records();
            }
            Act::Recall { id } => {
                // The twin knows nothing of it where the witness did not.
                let id = ObjectId::parse(id).expect("an id");
                if self.full.node.recall(&id, "a world's reason").is_ok() {
                    let _ = self.twin.node.recall(&id, "a world's reason");
                }
            }
            Act::Tell { user, id, told } => self.tell(*user, id, *told),
            Act::Notices => {
                let answer = self.ask("GET", "/relto/notices/", None);
                let told: Json = serde_json::from_slice(&answer.body).unwrap_or_default();
                let ids = told["notices"].as_array().into_iter().flatten().filter_map(|notice| notice["id"].as_str());
                self.exchange.last = ids.map(str::to_owned).collect();
                self.exchange.notices += self.exchange.last.len();
            }
            Act::Receipts { done, onward } => {
                let receipt = |id: &String| json!({"id": id, "done": done, "versions": 1, "onward": onward});
                let receipts: Vec<Json> = self.exchange.last.iter().map(receipt).collect();
                let _ = self.ask("POST", "/relto/receipts/", Some(&json!({ "receipts": receipts }).to_string()));
            }
            _ => unreachable!("{act:?} is no act of partners"),
        }
    }

    /// What is agreed is the same on both nodes; of the collections that it names the twin may not know all.
    fn partner(&mut self, name: &str, new: &NewPartner) {
        let added = self.full.node.add_partner(new);
        if added.is_err() {
            return;
        }
        self.read_records();
        self.exchange.agreed.insert(name.to_owned(), new.clone());
        let record = &self.exchange.records[name];
        let mut change = Change::begin(&self.twin, self.now);
        change.put(RecordKind::Partner, name, &serde_json::to_vec(record).expect("JSON"));
        let snapshot = self.full.backend.read().expect("a snapshot");
        for membership in &record.account.groups {
            // A group that a partner is granted is one that everybody can name.
            let declared = snapshot.record(RecordKind::Group, &membership.group).expect("a record");
            declared.iter().for_each(|declared| change.put(RecordKind::Group, &membership.group, declared));
        }
        change.commit();
    }

    fn read_records(&mut self) {
        let records = self.full.node.partner_records();
        self.exchange.records = records.into_iter().map(|record| (record.name().to_owned(), record)).collect();
    }

    /// Both nodes are told; only the witness' answers are compared.
    fn tell(&mut self, user: usize, id: &str, told: Telling) {
        let name = WRITERS[user];
        if !self.exchange.records.contains_key(name) && name == ALLY {
            return;
        }
        let partner = partner_called(name);
        let organisation = |to: &str| json!({"organisation": to});
        let notice = match told {
            Telling::Consent { to, issued, withdrawn: false } => {
                json!({"id": "consent", "labels": [partner.consent(name, &self.object_of(id, name), &organisation(to), issued)]})
            }
            Telling::Consent { to, issued, withdrawn: true } => {
                json!({"id": "consent", "labels": [partner.consent_withdrawn(name, &self.object_of(id, name), &organisation(to), issued)]})
            }
            Telling::Request { to } => {
                let request =
                    json!({"id": format!("{to} {id}"), "object": id, "recipient": organisation(to), "reason": "a world's reason"});
                json!({"id": "request", "request": request})
            }
            Telling::Recall { is_final } => json!({"id": "recall", "recall": partner.recall(name, Some(id), is_final)}),
            Telling::Usurped => json!({"id": "recall", "recall": partner.recall("Org B", Some(id), true)}),
            Telling::Label(label, issued) => {
                let object = self.object_of(id, name);
                json!({"id": "label", "labels": [partner.statement(&object, &said(label), issued)]})
            }
        };
        let body = json!({ "notices": [notice] }).to_string();
        if user == 0 {
            let _ = self.ask("POST", "/relto/notices/", Some(&body));
        } else {
            let run = |node: &WorldNode| drop(node.send_by("POST", "/relto/notices/", self.by(name), Some(&body)));
            run(&self.full);
            run(&self.twin);
        }
    }

    /// An object of that id: one that the partner wrote if there is one, else what it may have guessed.
    fn object_of(&self, id: &str, partner: &str) -> Json {
        let mut there = rows(&self.full, &ObjectId::parse(id).expect("an id"));
        there.sort_by_key(|row| row.owner != partner);
        let guessed = json!({"type": "identity", "spec_version": "2.1", "id": "identity--bbbbbbbb-0000-4000-8000-000000000009",
            "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z", "name": "guessed"});
        there.first().map_or(guessed, |row| serde_json::from_slice(&row.body).expect("JSON"))
    }

    /// Each node by its own cursor.
    pub(super) fn listen(&mut self, anew: bool) {
        if anew {
            self.exchange.told = [None, None];
        }
        let uri = |told: &Option<String>| {
            let after = told.as_ref().map(|cursor| format!("&after={cursor}")).unwrap_or_default();
            format!("/relto/notifications/?until=now{after}")
        };
        let [full, twin] =
            [(&self.full, 0), (&self.twin, 1)].map(|(node, at)| node.send_by("GET", &uri(&self.exchange.told[at]), self.by(WITNESS), None));
        self.compare("GET", "/relto/notifications/?until=now", &full, &twin);
        for (told, answer) in self.exchange.told.iter_mut().zip([full, twin]) {
            let body = String::from_utf8_lossy(&answer.body).into_owned();
            *told = last_event(&body).map(str::to_owned).or(told.take());
        }
    }

    /// Whether the object is one that the full node lets not come in again, and the twin knows nothing of: there the two part.
    pub(super) fn is_blocked(&self, user: usize, object: &Json) -> bool {
        if self.cast != Cast::Partner || user != 0 {
            return false;
        }
        let id = object["id"].as_str().unwrap_or_default();
        let key = format!("{id}\n{NODE}");
        let recall = |node: &WorldNode| node.backend.read().expect("a snapshot").record(RecordKind::Recall, &key).expect("a record");
        let is_recalled = |node: &WorldNode| recall(node).is_some();
        is_recalled(&self.full) != is_recalled(&self.twin)
    }

    pub(super) fn note_released(&mut self, surface: &str, answer: &Answer) {
        if self.cast == Cast::Person || !answer.status.is_success() || !(surface.ends_with("/objects/") || surface.ends_with("{object}/")) {
            return;
        }
        let page: Json = serde_json::from_slice(&answer.body).unwrap_or_default();
        for object in page["objects"].as_array().into_iter().flatten() {
            self.exchange.released.extend(object["id"].as_str().map(str::to_owned));
            self.exchange.statements += usize::from(object["type"] == "label-statement");
            self.exchange.consents += usize::from(object["type"] == "consent-statement");
        }
    }

    /// Gives the twin the statements of partners that came with what is shown.
    pub(super) fn sync_statements(&self, shown: &[(Shown, Held)]) {
        let is_partners = |owner: &String| self.exchange.records.contains_key(owner);
        let ids: BTreeMap<String, String> = self.full.node.collections().into_iter().map(|(record, _)| (record.name, record.id)).collect();
        // Statements of worlds name no place.
        let keys = |(shown, held): &(Shown, Held)| {
            let of_content = format!("{}\n{}", shown.owner, hex_of(&content_digest(&held.body)));
            [format!("{of_content}\n{}", ids[&shown.collection]), format!("{of_content}\nissued\n")]
        };
        let keys = shown.iter().filter(|(shown, _)| is_partners(&shown.owner)).flat_map(keys);
        let keys: BTreeSet<String> = keys.collect();
        if keys.is_empty() {
            return;
        }
        let statement =
            |node: &WorldNode, key: &str| node.backend.read().expect("a snapshot").record(RecordKind::Statement, key).expect("a record");
        let missing: Vec<(String, Vec<u8>)> = keys
            .into_iter()
            .filter(|key| statement(&self.full, key) != statement(&self.twin, key))
            .filter_map(|key| statement(&self.full, &key).map(|kept| (key, kept)))
            .collect();
        if missing.is_empty() {
            return;
        }
        let mut change = Change::begin(&self.twin, self.now);
        missing.iter().for_each(|(key, kept)| change.put(RecordKind::Statement, key, kept));
        change.commit();
    }

    /// Gives the twin the signed consents to what is shown that name the witness.
    pub(super) fn sync_consents(&self, shown: &[(Shown, Held)]) {
        if self.cast == Cast::Person {
            return;
        }
        let under = |node: &WorldNode, held: &Held| {
            let prefix = format!("{}\n", hex_of(&content_digest(&held.body)));
            let snapshot = node.backend.read().expect("a snapshot");
            snapshot.records_under(RecordKind::ConsentStatement, &prefix).expect("records")
        };
        let with_consents = shown.iter().filter(|(shown, _)| shown.consents.is_some());
        let missing: BTreeMap<String, Vec<u8>> = with_consents
            .flat_map(|(_, held)| {
                let known = under(&self.twin, held);
                under(&self.full, held).into_iter().filter(move |kept| !known.contains(kept))
            })
            .filter(|(_, kept)| self.concerns_the_witness(&serde_json::from_slice(kept).expect("JSON")))
            .collect();
        if missing.is_empty() {
            return;
        }
        let mut change = Change::begin(&self.twin, self.now);
        missing.iter().for_each(|(key, kept)| change.put(RecordKind::ConsentStatement, key, kept));
        change.commit();
    }

    /// Whether a signed consent names the witness; nothing that the witness asks for is granted in a world.
    fn concerns_the_witness(&self, kept: &Json) -> bool {
        let recipient = &kept["said"]["consent"]["recipient"];
        let record = &self.exchange.records[WITNESS].account;
        recipient["organisation"] == record.organisation.as_str()
            || record.nations.iter().any(|nation| recipient["nation"] == nation.as_str())
    }

    /// Gives the twin the notices for the witness, which name nothing but what was released to it.
    pub(super) fn sync_notices(&self) {
        if self.cast == Cast::Person {
            return;
        }
        let (full, twin) = (notices(&self.full), notices(&self.twin));
        // When it was said, and its place in the order of events, is each node's own.
        let said = |notice: &Json| {
            let mut said = notice.clone();
            ["at", "event"].into_iter().for_each(|own| said[own] = Json::Null);
            said
        };
        for (key, notice) in &twin {
            let same = full.get(key).is_some_and(|other| said(other) == said(notice));
            assert!(same, "the twin has another notice\n{}\n{notice}\n{:?}", self.said, full.get(key));
        }
        let missing: Vec<(&String, &Json)> = full.iter().filter(|(key, _)| !twin.contains_key(*key)).collect();
        if missing.is_empty() {
            return;
        }
        let mut change = Change::begin(&self.twin, self.now);
        for (key, notice) in missing {
            if let Some(object) = notice["object"].as_str() {
                assert!(self.exchange.released.contains(object), "a notice names what was not released\n{}\n{notice}", self.said);
            }
            let mut notice = notice.clone();
            notice["event"] = json!(change.draw().0);
            change.put(RecordKind::Notice, key, notice.to_string().as_bytes());
        }
        change.commit();
    }

    /// An answer without what is each node's own: cursors, and what a receipt says of those to whom an object was sent on
    /// (docs/leaks.md, "Receipts").
    pub(super) fn masked(&self, surface: &(&str, &str), body: &[u8]) -> String {
        let text = super::without_cursor(body);
        if surface.1 == "/objects/" {
            return without_place(&text);
        }
        if surface.1 == "/relto/notifications/" {
            return last_event(&text).map_or(text.clone(), |cursor| text.replace(cursor, &"*".repeat(cursor.len())));
        }
        if *surface != ("POST", "/relto/notices/") {
            return text;
        }
        let Ok(mut told) = serde_json::from_str::<Json>(&text) else { return text };
        for receipt in told["receipts"].as_array_mut().into_iter().flatten() {
            receipt["onward"] = json!("*");
            if receipt["id"] == "recall" || receipt["id"] == "label" {
                receipt["versions"] = json!("*");
            }
        }
        told.to_string()
    }
}

/// The notices for the witness, by key.
fn notices(node: &WorldNode) -> BTreeMap<String, Json> {
    let all = node.backend.read().expect("a snapshot").records(RecordKind::Notice).expect("records");
    let own = all.into_iter().filter(|(key, _)| key.starts_with(&format!("{WITNESS}\n")));
    own.map(|(key, value)| (key, serde_json::from_slice(&value).expect("JSON"))).collect()
}

/// The cursor of the last event of a stream.
fn last_event(stream: &str) -> Option<&str> {
    stream.lines().rev().find_map(|line| line.strip_prefix("id: "))
}

fn hex_of(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
