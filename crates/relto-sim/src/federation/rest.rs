//! What must hold of a world that has come to rest.

use std::collections::{BTreeMap, BTreeSet};

use relto_model::{Label, Value};
use relto_node::{QUARANTINE_MAX, Quarantined};
use relto_policy::marking::{LABEL_EXTENSION, structured};
use relto_policy::text::received_by;
use relto_policy::{Clearance, LabelContext, Profile, read_markings};
use serde_json::json;

use super::World;
use super::judge::{Judge, Raw, rows};

impl World<'_> {
    /// Checks everything.
    pub(super) fn check(&mut self) {
        let held: BTreeMap<usize, Vec<Raw>> = self.honest().map(|(number, site)| (number, rows(site))).collect();
        self.check_releases();
        self.check_origins(&held);
        self.check_acknowledged(&held);
        self.check_recalls(&held);
        let (mut quarantined, mut refused, mut kept) = (0, 0, 0);
        for (number, site) in self.honest() {
            let waiting = site.node.quarantined(None).expect("quarantine");
            self.check_quarantine(number, &waiting);
            self.check_convergence(number, &held[&number], &waiting);
            self.check_labels(number, &held[&number]);
            quarantined += waiting.len();
            refused += waiting.iter().filter(|one| one.reason.contains(" taken in")).count();
            let judge = Judge::of(site);
            kept += held[&number].iter().map(|row| judge.kept_by_terms(row)).sum::<usize>();
        }
        (self.lived.quarantined, self.lived.refused, self.lived.kept) = (quarantined, refused, kept);
        let from_others = |(number, rows): (&usize, &Vec<Raw>)| rows.iter().filter(|row| row.owner != self.name(*number)).count();
        self.lived.held = held.iter().map(from_others).sum();
    }

    /// Everything that left is on record where it left from.
    fn check_releases(&self) {
        for ((from, to), all) in &self.ledger.sent {
            let released = self.site(*from).node.released_to(self.name(*to)).expect("records");
            for sent in all {
                let is_recorded = sent.rows.iter().any(|row| released.contains_key(row));
                assert!(is_recorded, "{} left {} for {} and is not on record: {}", sent.id, self.name(*from), self.name(*to), self.said);
            }
        }
    }

    /// Everything is whose it says, as its owner wrote it, and came from somebody who sent it.
    fn check_origins(&self, held: &BTreeMap<usize, Vec<Raw>>) {
        for (number, rows) in held {
            for row in rows {
                let what = || format!("{} of {} at {}: {}", row.id, row.owner, self.name(*number), self.said);
                let owner = self.plan.orgs.iter().position(|org| org.name == row.owner).unwrap_or_else(|| panic!("nobody's: {}", what()));
                let is_hostile = self.plan.hostile == Some(owner);
                let is_marking = row.id.starts_with("marking-definition--");
                let has_written = |node: usize| self.ledger.has_written(node, &row.id, &row.version, &row.body);
                let wrote = is_hostile || has_written(owner) || is_marking && (0..self.sites.len()).any(has_written);
                assert!(wrote, "its owner never wrote {}", what());
                let came = || {
                    let of_honest = self.ledger.sent.iter().filter(|((_, to), _)| to == number);
                    let is_it = |sent: &super::judge::Sent| sent.body == row.body;
                    of_honest.flat_map(|(_, all)| all).any(is_it) || self.hostile.gave.contains(&(*number, row.body.clone()))
                };
                assert!(owner == *number || came(), "nobody sent {}", what());
            }
        }
    }

    /// What was acknowledged is there.
    fn check_acknowledged(&self, held: &BTreeMap<usize, Vec<Raw>>) {
        for (node, collection, id, version) in &self.ledger.acknowledged {
            let is_it = |row: &Raw| row.collection == *collection && row.id == *id && row.version == *version;
            assert!(held[node].iter().any(is_it), "{} has lost {id} {version} ({collection}): {}", self.name(*node), self.said);
        }
    }

    /// What was recalled is gone wherever the recall could come, and nothing else was recalled.
    fn check_recalls(&self, held: &BTreeMap<usize, Vec<Raw>>) {
        for (owner, id, receivers) in &self.ledger.recalled {
            for node in self.reached_by_recall(*owner, id, receivers) {
                let is_it = |row: &&Raw| row.id == *id && row.owner == self.name(*owner);
                let left = held[&node].iter().find(is_it);
                assert!(left.is_none(), "{} still holds {id}, which {} recalled: {}", self.name(node), self.name(*owner), self.said);
            }
        }
        let known = self.ledger.recalled.iter().map(|(_, id, _)| id.as_str()).collect::<BTreeSet<_>>();
        let all = held.values().flatten().map(|row| row.id.as_str()).chain(known).collect::<BTreeSet<_>>();
        for (number, site) in self.honest() {
            for id in &all {
                let trace = site.node.trace(&relto_model::ObjectId::parse(id).expect("an id")).expect("a trace");
                let Some(said) = trace.recalled else { continue };
                let is_by = |node: usize| said.starts_with(&format!("it was recalled by {} on ", self.name(node)));
                let is_true =
                    self.ledger.recalled.iter().any(|(owner, of, _)| of == id && is_by(*owner)) || self.plan.hostile.is_some_and(is_by);
                assert!(is_true, "at {} {id} counts as recalled: {said}: {}", self.name(number), self.said);
            }
        }
    }

    /// The honest nodes that must have heard of a recall, hop by hop, from those that sent the object on.
    fn reached_by_recall(&self, owner: usize, id: &str, receivers: &BTreeSet<usize>) -> BTreeSet<usize> {
        let tells = |from: usize, to: usize| {
            let is_told = |at: usize, of: usize| self.partner_at(at, of).is_some_and(|record| record.is_told());
            self.sites[to].is_some() && is_told(from, to) && is_told(to, from)
        };
        let mut reached = BTreeSet::new();
        let mut next: Vec<usize> = receivers.iter().copied().filter(|to| tells(owner, *to)).collect();
        while let Some(node) = next.pop() {
            if !reached.insert(node) {
                continue;
            }
            let is_it = |sent: &super::judge::Sent| sent.id == id && self.wrote(owner, &sent.body);
            let onward = self.ledger.sent.iter().filter(|((from, _), sent)| *from == node && sent.iter().any(is_it));
            next.extend(onward.map(|((_, to), _)| *to).filter(|to| *to != owner && tells(node, *to)));
        }
        reached
    }

    fn wrote(&self, node: usize, body: &bytes::Bytes) -> bool {
        self.ledger.written.get(&node).is_some_and(|all| all.iter().any(|(_, _, written)| written == body))
    }

    fn check_quarantine(&self, number: usize, waiting: &[Quarantined]) {
        for partner in self.plan.orgs.iter() {
            let of_it = waiting.iter().filter(|one| one.partner == partner.name).count();
            assert!(of_it <= QUARANTINE_MAX, "the quarantine of {} is too full: {}", self.name(number), self.said);
        }
        assert!(waiting.iter().all(|one| !one.reason.is_empty()), "something waits without a reason: {}", self.said);
    }

    /// What each partner may give the node `to` now, it has, or knows why not.
    fn check_convergence(&self, to: usize, held: &[Raw], waiting: &[Quarantined]) {
        for terms in self.terms.iter().filter(|terms| terms.here == to) {
            let Some(record) = self.partner_at(to, terms.there) else { continue };
            if self.plan.hostile == Some(terms.there) || !record.pull || !self.site(to).node.flows(&record) {
                continue;
            }
            let judge = Judge::of(self.site(terms.there));
            let here = Judge::of(self.site(to));
            for collection in record.agreement.collections.keys().filter(|name| here.may_take_into(&record, name)) {
                let open = self.open_to(terms.there, to, collection);
                for row in open.iter().filter(|row| self.can_be_said(terms.there, row, &judge)) {
                    let has = held.iter().any(|own| own.collection == *collection && own.body == row.body);
                    let waits =
                        || waiting.iter().any(|one| one.partner == record.name() && one.collection == *collection && one.id == row.id);
                    assert!(
                        has || waits(),
                        "{} {} of {} ({collection}, {}) never came from {} to {}: {}\n{:?}\n{:?}\n{:?}",
                        row.id,
                        row.version,
                        row.owner,
                        self.site(terms.there).node.label_in_words(&row.label),
                        self.name(terms.there),
                        self.name(to),
                        self.said,
                        self.trace(terms.there, &row.id),
                        self.trace(to, &row.id),
                        self.site(to).node.progress(record.name(), collection),
                    );
                }
            }
        }
    }

    /// The way of an object, as the custodian of a node reads it.
    fn trace(&self, node: usize, id: &str) -> relto_node::Trace {
        let id = relto_model::ObjectId::parse(id).expect("an id");
        self.site(node).node.trace(&id).expect("a trace")
    }

    /// Whether the label of the node's own `row` can be written down and reads back as it is. What others wrote goes on only with their word.
    fn can_be_said(&self, node: usize, row: &Raw, judge: &Judge) -> bool {
        if row.owner != self.name(node) {
            return false;
        }
        let collection = self.site(node).node.collections().into_iter().find(|(record, _)| record.name == row.collection);
        let context = LabelContext { made: row.added, owner: row.owner.clone(), collection: collection.map(|(record, _)| record.id) };
        let groups = row.label.facets_ever().flat_map(|(_, facet)| &facet.permissive).flat_map(|clause| &clause.values);
        let dates = groups.filter_map(|value| if let Value::Group { as_of, .. } = value { Some(*as_of) } else { None });
        dates.max().into_iter().chain([row.added]).any(|made| {
            let Ok(extension) = structured::write(&row.label, &[], &judge.rules, made) else { return false };
            let id = relto_model::ObjectId::parse("marking-definition--dddddddd-0000-4000-8000-000000000001").expect("an id");
            let marking = json!({"type": "marking-definition", "spec_version": "2.1", "id": id.as_str(), "created": made.to_string(),
                "extensions": {LABEL_EXTENSION: extension}});
            let reading = read_markings([&id], &|_| Some(marking.clone()), &judge.rules, &context);
            !reading.withheld && reading.label.as_ref() == Some(&row.label)
        })
    }

    /// Whoever may read at `to` what came from others could have read it where it came from.
    fn check_labels(&self, to: usize, held: &[Raw]) {
        let here = Judge::of(self.site(to));
        let mut known: BTreeSet<(&Label, usize, &Label)> = BTreeSet::new();
        // A marking-definition goes along with everything that carries it, under its label: with what is the node's own, with what somebody else than its
        // owner wrote, and with what has got another label. The label of what carries it is looked at there.
        let was_told = self.ledger.said.keys().any(|(_, receiver)| *receiver == to);
        let carries = |other: &Raw, row: &Raw| {
            let is_beside = other.id != row.id && other.collection == row.collection && other.label == row.label;
            is_beside && String::from_utf8_lossy(&other.body).contains(&row.id)
        };
        let is_carried = |row: &Raw| {
            let is_marking = row.id.starts_with("marking-definition--");
            let goes_along = || was_told || held.iter().any(|other| carries(other, row));
            self.ledger.has_written(to, &row.id, &row.version, &row.body) || is_marking && goes_along()
        };
        for row in held.iter().filter(|row| row.owner != self.name(to) && !is_carried(row)) {
            let sent = self.ledger.sent.iter().filter(|((_, receiver), _)| *receiver == to);
            let of_row = sent.flat_map(|((from, _), all)| {
                all.iter().filter(|sent| sent.body == row.body).flat_map(|sent| sent.labels.iter().map(|label| (*from, label)))
            });
            let said = self.ledger.said.iter().filter(|((_, receiver), _)| *receiver == to);
            let said = said.flat_map(|((from, _), all)| all.iter().filter(|(id, _)| *id == row.id).map(|(_, label)| (*from, label)));
            let of_row: BTreeSet<(usize, &Label)> = of_row.chain(said).collect();
            if of_row.is_empty() || self.hostile.gave.contains(&(to, row.body.clone())) {
                continue;
            }
            if of_row.iter().any(|(from, label)| known.contains(&(&row.label, *from, *label))) {
                continue;
            }
            let looser: Vec<String> = of_row.iter().filter_map(|(from, label)| self.looser(to, &here, &row.label, *from, label)).collect();
            assert!(
                looser.len() < of_row.len(),
                "{} of {} is looser at {} than where it came from: {looser:?}: {}",
                row.id,
                row.owner,
                self.name(to),
                self.said
            );
            known.extend(
                of_row
                    .iter()
                    .filter(|(from, label)| self.looser(to, &here, &row.label, *from, label).is_none())
                    .map(|(from, label)| (&row.label, *from, *label)),
            );
        }
    }

    /// Somebody who may read `received` at `to`, and not `sent` at `from`; in words.
    fn looser(&self, to: usize, here: &Judge, received: &Label, from: usize, sent: &Label) -> Option<String> {
        let there = Judge::of(self.site(from));
        let for_receiver = received_by(sent.clone(), self.name(to));
        if *received == for_receiver {
            return None;
        }
        for organisation in self.plan.orgs.iter().map(|org| org.name.as_str()).chain(["Somebody else"]) {
            for like in probes(&here.rules.policies) {
                let (at_here, at_there) = (here.profile(organisation, &like), there.profile(organisation, &like));
                if here.permits(&at_here, received) && !there.permits(&at_there, &for_receiver) {
                    let words = |label| self.site(to).node.label_in_words(label);
                    return Some(format!(
                        "{organisation} of {:?}: {} here, {} at {}",
                        like.nations,
                        words(received),
                        words(sent),
                        self.name(from)
                    ));
                }
            }
        }
        None
    }
}

/// Attributes of people who may read or not.
fn probes(policies: &relto_policy::Policies) -> Vec<Profile> {
    let cleared = |texts: &[&str]| -> BTreeSet<Clearance> {
        texts.iter().map(|text| relto_policy::profile::parse_clearance(text, policies).expect("a clearance")).collect()
    };
    let clearances = [
        cleared(&[]),
        cleared(&["NATO:SECRET"]),
        cleared(&["EU:RESTRICTED", "USA:SECRET"]),
        cleared(&["NATO:RESTRICTED", "EU:RESTRICTED", "USA:SECRET"]),
    ];
    let of = |nation: &str, clearances: &BTreeSet<Clearance>| Profile {
        clearances: clearances.clone(),
        ..Profile::new("", BTreeSet::from([nation.to_owned()]))
    };
    ["FRA", "USA", "JPN", "CHE"].iter().flat_map(|nation| clearances.iter().map(move |all| of(nation, all))).collect()
}
