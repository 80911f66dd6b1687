//! What the twin is given: the judge lists what the witness may see of the full node, and the difference goes to the twin behind its back.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use bytes::Bytes;
use relto_gate::Arrival;
use relto_model::{Label, ObjectId, Stamp};
use relto_node::{CollectionRecord, NewPartner, PartnerState};
use relto_policy::law::{Consent, ConsentedTo};
use relto_policy::{Profile, Rules, Terms, Verdict, WrittenTerms, explain_with};
use relto_store::{Held, RecordKind};

use super::change::{Change, consents, labels, rows};
use super::rest::{record_of, rest_of};
use super::{Pair, Shown, WITNESS};
use crate::node::WorldNode;
use crate::site::{Caveat, What, Whom};
use crate::terms;

impl Pair {
    /// Gives the twin what the witness may see of the full node, and takes from it what it may not see any more.
    pub(super) fn sync(&mut self, now: Stamp) {
        if !self.has_witness() {
            return;
        }
        self.sync_rows(now);
        self.sync_documents(&self.judge(now));
    }

    fn sync_rows(&mut self, now: Stamp) {
        let judge = self.judge(now);
        self.sync_collections(&judge);
        let (full, twin) = (self.shown(&self.full, &judge), self.shown(&self.twin, &judge));
        self.sync_statements(&full);
        self.sync_consents(&full);
        self.sync_notices();
        self.outside.extend(self.withheld_by_terms(now, &full));
        self.withheld.extend(self.withheld_by_caveats(judge, &full));
        let wanted: BTreeSet<&Shown> = full.iter().map(|(shown, _)| shown).collect();
        let has: BTreeSet<&Shown> = twin.iter().map(|(shown, _)| shown).collect();
        let surplus: Vec<&(Shown, Held)> = twin.iter().filter(|(shown, _)| !wanted.contains(shown)).collect();
        let mut missing: Vec<&(Shown, Held)> = full.iter().filter(|(shown, _)| !has.contains(shown)).collect();
        let visible: BTreeSet<Arrival> = twin.iter().map(|(_, held)| held.arrival).collect();
        let hidden: Vec<Held> =
            self.ids().iter().flat_map(|id| rows(&self.twin, id)).filter(|row| !visible.contains(&row.arrival)).collect();
        if surplus.is_empty() && missing.is_empty() && hidden.is_empty() {
            return;
        }
        missing.sort_by_key(|(_, held)| held.arrival);
        // A write that had to wait for the clock is stamped a little later than the act began.
        let stamp = self.full.backend.read().expect("a snapshot").last_stamp().expect("a stamp").map_or(now, |last| last.max(now));
        let mut change = Change::begin(&self.twin, stamp);
        let mut moved = BTreeSet::new();
        let released = self.released_to_the_witness();
        hidden.iter().for_each(|held| change.remove(held));
        for (shown, held) in &surplus {
            // The same row under another label or with other consents was relabelled, and the witness saw both: it stays where it is. To a
            // partner that never got it, it is new: perhaps nobody could say its label before.
            let same = |other: &&&(Shown, Held)| {
                Shown { label: shown.label.clone(), consents: shown.consents.clone(), ..other.0.clone() } == *shown
                    && shown.rest.is_none()
                    && !moved.contains(&other.1.arrival)
                    && (other.0.label == shown.label
                        || other.0.owner == WITNESS
                        || released.as_ref().is_none_or(|released| released.contains(&other.1.arrival)))
            };
            match missing.iter().find(same) {
                Some((relabelled, new)) => {
                    moved.insert(new.arrival);
                    change.relabel(held, relabelled);
                }
                None => change.remove(held),
            }
        }
        for (shown, held) in missing.into_iter().filter(|(_, held)| !moved.contains(&held.arrival)) {
            change.insert(shown, held);
        }
        change.commit();
    }

    /// The rows that were released to the witness, if it is a partner now.
    fn released_to_the_witness(&self) -> Option<BTreeSet<Arrival>> {
        let is_partner = self.exchange.records.get(WITNESS).is_some_and(|record| record.state != PartnerState::Left);
        is_partner.then(|| self.full.node.released_to(WITNESS).expect("records").into_keys().collect())
    }

    /// The twin holds the collections that the witness may see. Of every other it holds what is a fact about the witness itself, which
    /// organisations receive TLP:AMBER: under the same id, since labels elsewhere name it, but another name, for nobody to see.
    fn sync_collections(&self, judge: &Judge) {
        let (labels, twin_labels) = (labels(&self.full), labels(&self.twin));
        for (number, (record, _)) in (0u32..).zip(self.full.node.collections()) {
            let label = labels.get(&record.label).expect("a stored label");
            let carrier =
                relto_node::CollectionRecord { name: format!("carrier {number}"), title: String::new(), can_read: false, ..record.clone() };
            let nobody = relto_policy::text::organisation_label([]);
            let (key, wanted, label, other) = if judge.admits(label) && judge.reaches(&record) {
                (100 + number, record.clone(), label, carrier.name)
            } else {
                (200 + number, carrier, &nobody, record.name.clone())
            };
            let there: BTreeMap<String, relto_node::CollectionRecord> =
                self.twin.node.collections().into_iter().map(|(record, _)| (record.name.clone(), record)).collect();
            let as_wanted =
                |twin: &relto_node::CollectionRecord| twin.recipients == wanted.recipients && twin_labels.get(&twin.label) == Some(label);
            if there.get(&wanted.name).is_some_and(as_wanted) {
                continue;
            }
            let mut change = Change::begin(&self.twin, judge.now);
            let twin = relto_node::CollectionRecord { key, label: change.label(label), ..wanted };
            change.put(RecordKind::Collection, &twin.name, &serde_json::to_vec(&twin).expect("JSON"));
            if there.contains_key(&other) {
                change.forget(RecordKind::Collection, &other);
            }
            change.commit();
        }
    }

    /// The rows of the full node that the witness would see, beside what is `shown`, without the caveats of the site.
    fn withheld_by_caveats(&self, judge: Judge, shown: &[(Shown, Held)]) -> Vec<Arrival> {
        if judge.caveats.is_empty() {
            return Vec::new();
        }
        let sees: BTreeSet<Arrival> = shown.iter().map(|(_, held)| held.arrival).collect();
        let by_rules = self.shown(&self.full, &Judge { caveats: Vec::new(), ..judge });
        by_rules.into_iter().map(|(_, held)| held.arrival).filter(|arrival| !sees.contains(arrival)).collect()
    }

    /// The rows of the full node that the witness would see, beside what is `shown`, had its agreement no terms.
    fn withheld_by_terms(&self, now: Stamp, shown: &[(Shown, Held)]) -> Vec<Arrival> {
        let Some(agreed) = self.agreed().filter(|agreed| agreed.sends != WrittenTerms::default()) else { return Vec::new() };
        let sees: BTreeSet<Arrival> = shown.iter().map(|(_, held)| held.arrival).collect();
        let judge = self.judge_under(now, Some(NewPartner { sends: WrittenTerms::default(), ..agreed }));
        let without = self.shown(&self.full, &judge);
        without.into_iter().map(|(_, held)| held.arrival).filter(|arrival| !sees.contains(arrival)).collect()
    }

    /// Every row that the witness may see as `judge` says, with its identity.
    pub(super) fn shown(&self, node: &WorldNode, judge: &Judge) -> Vec<(Shown, Held)> {
        let (labels, consents) = (labels(node), consents(node));
        let readable: BTreeMap<u32, String> = (node.node.collections().into_iter())
            .filter(|(record, _)| record.can_read && judge.admits(&labels[&record.label]) && judge.reads(record))
            .map(|(record, _)| (record.key, record.name))
            .collect();
        let mut all = Vec::new();
        for id in self.ids() {
            for row in rows(node, &id) {
                let Some(collection) = readable.get(&row.collection.0).filter(|_| !judge.stay.contains(&row.owner)) else { continue };
                let label = labels[&row.label].clone();
                let consents = consents.get(&row.label);
                let rest = if judge.admits_with(&label, consents.map_or(&[], |record| record.consents.as_slice())) {
                    None
                } else {
                    let rest = record_of(node, &row).and_then(|record| rest_of(&row, &record, &labels, judge));
                    if rest.is_none() {
                        continue;
                    }
                    rest
                };
                // Of the twin it is asked what it holds: a row that was whole before must have become another.
                let holds = |body: Bytes| if std::ptr::eq(node, &self.twin) { row.body.clone() } else { body };
                let (rest, body) = rest.map_or_else(|| (None, row.body.clone()), |(rest, body)| (Some(rest), holds(body)));
                let shown = Shown {
                    collection: collection.clone(),
                    id: id.to_string(),
                    version: row.version.clone(),
                    body,
                    owner: row.owner.clone(),
                    label,
                    consents: consents.map(|record| {
                        let concerning = record.consents.iter().filter(|consent| may_concern_the_witness(consent));
                        (record.object.clone(), concerning.cloned().collect())
                    }),
                    rest,
                };
                all.push((shown, row));
            }
        }
        all
    }

    /// Every id that the world can hold.
    pub(super) fn ids(&self) -> Vec<ObjectId> {
        let objects = ["indicator", "identity", "relationship", "ipv4-addr", "note", "opinion", "report"]
            .into_iter()
            .flat_map(|kind| (0..4).map(move |number| format!("{kind}--bbbbbbbb-0000-4000-8000-00000000000{number}")));
        let markings = (1..5).map(|number| format!("marking-definition--aaaaaaaa-0000-4000-8000-00000000000{number}"));
        let known = objects.chain(markings).map(|id| ObjectId::parse(&id).expect("an id"));
        known.chain(self.tearlines.iter().cloned()).chain(self.requests.iter().cloned()).collect()
    }

    /// The witness' attributes, from its record and the collections of the full node.
    fn profile(&self, sends: &WrittenTerms) -> Profile {
        let partner = self.exchange.records.get(WITNESS).map(|record| record.account.clone());
        let user = partner.or_else(|| self.full.node.users().into_iter().find(|user| user.name == WITNESS)).expect("the witness");
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
            facts: terms::left(sends, &user.facts),
            terms: Terms::default(),
            recipient_of: of(&|record| record.recipients.contains_key(&user.organisation)),
            client_of: of(&|record| record.recipients.values().any(|clients| clients.contains(&user.organisation))),
        }
    }

    /// The judge: the slow evaluator over the facts of the full node at one instant, and the caveats as the world drew them.
    pub(super) fn judge(&self, now: Stamp) -> Judge {
        self.judge_under(now, self.agreed())
    }

    /// The same, had this been agreed with the witness.
    fn judge_under(&self, now: Stamp, agreed: Option<NewPartner>) -> Judge {
        static SHIPPED: LazyLock<Rules> = LazyLock::new(|| Rules::builtin().expect("the shipped tables"));
        let mut rules = Rules { policies: self.full.node.policies(), ..SHIPPED.clone() };
        rules.groups.extend(self.full.node.groups().into_iter().map(|(name, _)| name));
        for (held, counts_as) in self.full.node.equivalences().expect("equivalences") {
            rules.equivalences.insert(relto_policy::Equivalence::parse(&held, &counts_as, &rules.policies).expect("an equivalence"));
        }
        let caveats = self.caveats.values().copied().collect();
        let sends = agreed.as_ref().map(|agreed| agreed.sends.clone()).unwrap_or_default();
        Judge { profile: self.profile(&sends), agreed, stay: self.stay(), caveats, rules, now }
    }
}

pub(super) struct Judge {
    profile: Profile,
    /// What was agreed with the witness, if it is a partner.
    agreed: Option<NewPartner>,
    /// Those of whom nothing goes on to a partner.
    stay: BTreeSet<String>,
    caveats: Vec<Caveat>,
    rules: Rules,
    pub(super) now: Stamp,
}

impl Judge {
    /// Whether the witness is told of the collection at all.
    fn reaches(&self, collection: &CollectionRecord) -> bool {
        self.is_agreed(collection, |agreed| terms::include(&agreed.sends, collection) || terms::include(&agreed.accepts, collection))
    }

    /// Whether it gets what the collection holds.
    fn reads(&self, collection: &CollectionRecord) -> bool {
        self.is_agreed(collection, |agreed| terms::include(&agreed.sends, collection))
    }

    fn is_agreed(&self, collection: &CollectionRecord, is_meant: impl Fn(&NewPartner) -> bool) -> bool {
        self.agreed.as_ref().is_none_or(|agreed| agreed.collections.contains(&collection.name) && is_meant(agreed))
    }

    pub(super) fn admits(&self, label: &Label) -> bool {
        self.admits_with(label, &[])
    }

    fn admits_with(&self, label: &Label, consents: &[Consent]) -> bool {
        let by_rules = explain_with(&self.profile, label, consents, &self.rules, self.now).0;
        let is_within = |agreed: &NewPartner| terms::admit(&agreed.sends, label, &self.rules.policies, self.now);
        by_rules == Verdict::Permit
            && self.agreed.as_ref().is_none_or(is_within)
            && !self.caveats.iter().any(|caveat| self.is_kept_by(caveat, label))
    }

    /// Whether `caveat` keeps the witness from what carries `label`.
    fn is_kept_by(&self, caveat: &Caveat, label: &Label) -> bool {
        let [from, until] = [caveat.from, caveat.until].map(|date| Stamp::parse(date).expect("a date"));
        let is_meant = match caveat.whom {
            Whom::Of(organisation) => self.profile.organisation == organisation,
            Whom::National(nation) => self.profile.nations.iter().any(|own| own == nation),
            Whom::Outside(group) => !self.profile.groups.iter().any(|spell| spell.group == group && spell.covers(self.now)),
        };
        let facet = |policy: &str| label.facets_at(self.now).iter().find(|(id, _)| id.as_str() == policy).map(|(_, facet)| facet);
        let is_carried = match caveat.what {
            What::AtLeast(policy, level) => facet(policy).is_some_and(|facet| facet.level >= self.rank(policy, level)),
            What::Tagged(policy, tag) => facet(policy).is_some_and(|facet| facet.restrictive.iter().any(|value| value.tag == tag)),
        };
        from <= self.now && self.now < until && is_meant && is_carried
    }

    fn rank(&self, policy: &str, level: &str) -> u8 {
        let levels = &self.rules.policies.find(policy).expect("a policy").levels;
        levels.iter().find(|known| known.name == level).expect("a level").rank
    }
}

/// A consent to another person is nothing that the witness may ever see anything of; organisations and nations, an account can change.
fn may_concern_the_witness(consent: &Consent) -> bool {
    match &consent.recipient {
        ConsentedTo::Person(name) => name == WITNESS,
        ConsentedTo::Organisation(_) | ConsentedTo::Nation(_) => true,
    }
}
