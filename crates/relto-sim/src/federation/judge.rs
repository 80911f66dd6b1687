//! The judge: who may have what, by the slow evaluator over raw rows and the facts of a node at one instant. And what is remembered of a world.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::LazyLock;

use bytes::Bytes;
use relto_gate::{Arrival, LabelId, Sealed};
use relto_model::{Label, Stamp};
use relto_node::{CollectionRecord, PartnerRecord};
use relto_policy::{Profile, Rules, Verdict, WrittenTerms, explain};
use relto_store::{Backend as _, CollectionKey, Held, each_held};
use serde_json::Value as Json;

use super::operate::version_of;
use super::site::Site;
use crate::node::raw;
use crate::terms;

/// An object, as it left a node for another.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub(super) body: Bytes,
    /// The rows of the sender that it can have been.
    pub(super) rows: BTreeSet<Arrival>,
    /// Under which labels it may have been released.
    pub(super) labels: BTreeSet<Label>,
    /// Whether it is an object of the page, or stands beside it.
    pub(super) id: String,
}

/// What is remembered of a world.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// What each node ever wrote: id, version, content.
    pub(super) written: BTreeMap<usize, BTreeSet<(String, String, Bytes)>>,
    /// How many objects were loaded, counting again what was loaded again.
    pub(super) loaded: usize,
    /// What a node has said that it holds: node, collection, id, version.
    pub(super) acknowledged: BTreeSet<(usize, &'static str, String, String)>,
    /// Loads that were refused, as they are said.
    pub(super) refused: BTreeSet<String>,
    /// What left a node for another.
    pub(super) sent: BTreeMap<(usize, usize), Vec<Sent>>,
    /// Which labels a node told another of, by the object's id.
    pub(super) said: BTreeMap<(usize, usize), Vec<(String, Label)>>,
    /// Who recalled what, and to whom it had been sent until then.
    pub(super) recalled: Vec<(usize, String, BTreeSet<usize>)>,
}

impl Ledger {
    /// `node` is about to write `object`.
    pub(super) fn wrote(&mut self, node: usize, object: &Json) {
        let (id, body) = (object["id"].as_str().unwrap_or_default().to_owned(), Bytes::from(object.to_string()));
        self.loaded += 1;
        self.written.entry(node).or_default().insert((id, version_of(object), body));
    }

    pub(super) fn has_written(&self, node: usize, id: &str, version: &str, body: &Bytes) -> bool {
        let what = (id.to_owned(), version.to_owned(), body.clone());
        self.written.get(&node).is_some_and(|all| all.contains(&what))
    }
}

/// A row, and under which id and collection it stands.
#[derive(Debug, Clone)]
pub(super) struct Raw {
    pub(super) id: String,
    pub(super) collection: String,
    pub(super) version: String,
    pub(super) owner: String,
    pub(super) body: Bytes,
    pub(super) arrival: Arrival,
    pub(super) added: Stamp,
    pub(super) label: Label,
}

/// Every row of a node.
pub(super) fn rows(site: &Site) -> Vec<Raw> {
    let snapshot = site.memory.read().expect("a snapshot");
    let labels: BTreeMap<LabelId, Label> = snapshot.labels().expect("labels").into_iter().map(|stored| (stored.id, stored.label)).collect();
    let numbers: Vec<LabelId> = labels.keys().copied().collect();
    let mut all = Vec::new();
    for (record, _) in site.node.collections() {
        let mut visit = |row: Sealed<Held>| {
            let row = raw(row);
            let object: Json = serde_json::from_slice(&row.body).expect("an object");
            all.push(Raw {
                id: object["id"].as_str().expect("an id").to_owned(),
                collection: record.name.clone(),
                version: row.version,
                owner: row.owner,
                body: row.body,
                arrival: row.arrival,
                added: row.added,
                label: labels[&row.label].clone(),
            });
            ControlFlow::Continue(())
        };
        each_held(snapshot.as_ref(), CollectionKey(record.key), &numbers, &mut visit).expect("rows");
    }
    all
}

/// The facts of one node at one instant.
pub(super) struct Judge {
    pub(super) rules: Rules,
    pub(super) now: Stamp,
    collections: Vec<CollectionRecord>,
    labels: BTreeMap<LabelId, Label>,
    partners: Vec<PartnerRecord>,
}

impl Judge {
    pub(super) fn of(site: &Site) -> Self {
        static SHIPPED: LazyLock<Rules> = LazyLock::new(|| Rules::builtin().expect("the shipped tables"));
        let labels = site.memory.read().expect("a snapshot").labels().expect("labels");
        Self {
            rules: Rules { policies: site.node.policies(), ..SHIPPED.clone() },
            now: site.now(),
            collections: site.node.collections().into_iter().map(|(record, _)| record).collect(),
            labels: labels.into_iter().map(|stored| (stored.id, stored.label)).collect(),
            partners: site.node.partner_records(),
        }
    }

    /// The profile of somebody of `organisation` with these attributes, as the node's collections list it.
    pub(super) fn profile(&self, organisation: &str, like: &Profile) -> Profile {
        let of = |test: &dyn Fn(&CollectionRecord) -> bool| -> BTreeSet<String> {
            self.collections.iter().filter(|record| test(record)).map(|record| record.id.clone()).collect()
        };
        Profile {
            organisation: organisation.to_owned(),
            recipient_of: of(&|record| record.recipients.contains_key(organisation)),
            client_of: of(&|record| record.recipients.values().any(|clients| clients.contains(organisation))),
            ..like.clone()
        }
    }

    pub(super) fn permits(&self, profile: &Profile, label: &Label) -> bool {
        explain(profile, label, &self.rules, self.now).0 == Verdict::Permit
    }

    pub(super) fn partner(&self, name: &str) -> Option<&PartnerRecord> {
        self.partners.iter().find(|record| record.name() == name)
    }

    /// The attributes that the operator granted the partner, as far as they count under the agreement.
    pub(super) fn partner_profile(&self, partner: &PartnerRecord) -> Profile {
        self.profile_under(partner, &self.sends(partner))
    }

    fn profile_under(&self, partner: &PartnerRecord, sends: &WrittenTerms) -> Profile {
        let account = &partner.account;
        let granted = Profile {
            groups: account.groups.clone(),
            clearances: account.clearances.clone(),
            accesses: account.accesses.clone(),
            facts: terms::left(sends, &account.facts),
            ..Profile::new(&account.organisation, account.nations.clone())
        };
        self.profile(&account.organisation, &granted)
    }

    /// On which terms objects go to the partner, as they are written.
    fn sends(&self, partner: &PartnerRecord) -> WrittenTerms {
        partner.agreement.sends.written(&self.rules.policies)
    }

    /// Whether the node takes in anything into `collection` from the partner.
    pub(super) fn may_take_into(&self, partner: &PartnerRecord, collection: &str) -> bool {
        let accepts = partner.agreement.accepts.written(&self.rules.policies);
        self.collections.iter().any(|record| record.name == collection && terms::include(&accepts, record))
    }

    /// Whether the terms on which the node takes in from the partner are about what is in `collection` under `label`.
    pub(super) fn may_take(&self, partner: &PartnerRecord, collection: &str, label: &Label) -> bool {
        let accepts = partner.agreement.accepts.written(&self.rules.policies);
        self.may_take_into(partner, collection) && terms::admit(&accepts, label, &self.rules.policies, self.now)
    }

    /// Whether the node may give the partner `row`, now that everything flows.
    pub(super) fn may_send(&self, partner: &PartnerRecord, profile: &Profile, row: &Raw) -> bool {
        self.may_send_under(partner, profile, &self.sends(partner), row)
    }

    /// From how many partners nothing but the terms of their agreements keeps `row`.
    pub(super) fn kept_by_terms(&self, row: &Raw) -> usize {
        let open = WrittenTerms::default();
        let is_kept = |partner: &&PartnerRecord| {
            self.may_send_under(partner, &self.profile_under(partner, &open), &open, row)
                && !self.may_send(partner, &self.partner_profile(partner), row)
        };
        self.partners.iter().filter(is_kept).count()
    }

    fn may_send_under(&self, partner: &PartnerRecord, profile: &Profile, sends: &WrittenTerms, row: &Raw) -> bool {
        let collection = self.collections.iter().find(|record| record.name == row.collection);
        let stays = self.partners.iter().filter(|other| other.agreement.no_onward).any(|other| other.account.organisation == row.owner);
        let is_open = |label: &Label| self.permits(profile, label) && terms::admit(sends, label, &self.rules.policies, self.now);
        let is_given = |record: &CollectionRecord| record.can_read && terms::include(sends, record) && is_open(&self.labels[&record.label]);
        let is_reached = partner.agreement.collections.contains_key(&row.collection) && collection.is_some_and(is_given);
        is_reached && !stays && row.owner != partner.account.organisation && is_open(&row.label)
    }
}
