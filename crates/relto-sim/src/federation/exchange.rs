//! Who asks whom, and what becomes of the answers on their way.

use std::collections::BTreeSet;

use relto_gate::Arrival;
use relto_http::exchange::pull::{Answer, Pull, PullError, Step};
use relto_node::Taken;

use super::judge::{Judge, Raw, rows};
use super::plan::Fate;
use super::site::Site;
use super::{Carried, Fetching, Message, Terms, World};
use crate::draw::Draw;

/// Pages of one fetching at most: nothing honest has more, and what has no end has none here either.
const PAGES_MAX: usize = 400;
/// Of how many of a hundred links something arrives, when something does.
const ARRIVES_PERCENT: usize = 25;
/// In how many rounds a hostile partner still answers while the world comes to rest.
const HOSTILE_ROUNDS: usize = 3;
/// Pages that a hostile partner is asked for at once.
const HOSTILE_PAGES_MAX: usize = 5;

impl World<'_> {
    /// Whether messages pass between two nodes.
    pub(super) fn reaches(&self, one: usize, other: usize) -> bool {
        self.sides.is_none_or(|sides| (sides >> one & 1) == (sides >> other & 1))
    }

    /// The fetching of `collection` under `terms`, as the tasks of a real node keep it: begun anew when the partner has changed.
    fn fetching(&mut self, terms: usize, collection: &'static str, halvings: u32) -> Option<&mut Fetching> {
        let Terms { here, there, .. } = self.terms[terms];
        let partner = self.partner_at(here, there)?;
        let node = self.site(here).node.clone();
        let key = (terms, collection);
        if !(partner.pull && node.flows(&partner)) || self.pulls.get(&key).is_some_and(|fetching| fetching.partner != partner) {
            self.pulls.remove(&key);
        }
        if !self.pulls.contains_key(&key) && partner.pull && node.flows(&partner) {
            let mut pull = Pull::new(node, &partner, collection).ok()?;
            for _ in 0..halvings {
                pull.ask_for_less();
            }
            self.pulls.insert(key, Fetching { partner, pull });
        }
        self.pulls.get_mut(&key)
    }

    pub(super) fn fetch(&mut self, terms: usize, collection: &'static str, halvings: u32, most: (usize, Fate), draw: &mut Draw) {
        let (pages, fate) = most;
        let Terms { here, there, .. } = self.terms[terms];
        if !self.reaches(here, there) {
            return;
        }
        if self.plan.hostile == Some(here) {
            let target = format!("taxii2/main/collections/{collection}/objects/?match%5Bversion%5D=all");
            let answer = self.answer(there, here, collection, &target, draw.chance(50));
            self.hostile.learn(answer);
            return;
        }
        let most = if self.plan.hostile == Some(there) { HOSTILE_PAGES_MAX } else { PAGES_MAX };
        for _ in 0..pages.min(most) {
            let asking = |fetching: &mut Fetching| {
                let pull = &fetching.pull;
                (pull.target(), pull.wants_all_statements(), (Box::new(fetching.partner.clone()), Box::new(pull.clone())))
            };
            let Some((target, all, (partner, pull))) = self.fetching(terms, collection, halvings).map(asking) else { return };
            let answer = self.reply(there, here, collection, &target, all, draw);
            let message = |answer: &Answer| Message {
                terms,
                what: Carried::Answer { collection, partner: partner.clone(), pull: pull.clone(), answer: answer.clone() },
            };
            match fate {
                Fate::Arrives => {}
                Fate::Lost => return,
                Fate::Delayed => return self.inbox.push(message(&answer)),
                Fate::Twice => self.inbox.push(message(&answer)),
            }
            if !matches!(self.take(terms, collection, answer), Some(Ok((Step::More, _)))) {
                return;
            }
        }
    }

    /// What `there` answers `here`: the node itself, or whatever a hostile one makes up.
    pub(super) fn reply(
        &mut self,
        there: usize,
        here: usize,
        collection: &'static str,
        target: &str,
        all: bool,
        draw: &mut Draw,
    ) -> Answer {
        let asked = self.sites[here].as_ref().map(Site::now).unwrap_or_default();
        let answer = if self.plan.hostile == Some(there) {
            self.lived.attacks += 1;
            self.hostile.answer(here, self.now, draw)
        } else {
            self.answer(there, here, collection, target, all)
        };
        Answer { asked, ..answer }
    }

    /// Hands an answer to whoever asked, if it still waits for one.
    pub(super) fn take(&mut self, terms: usize, collection: &'static str, answer: Answer) -> Option<Result<(Step, Taken), PullError>> {
        let here = self.terms[terms].here;
        let answer = answer.read(&self.site(here).node);
        let before = self.arrived(here);
        let taken = self.fetching(terms, collection, 0)?.pull.take(answer);
        self.judge_taken(terms, &before);
        if taken.is_err() {
            // As the tasks do: what failed begins anew from what is stored.
            self.pulls.remove(&(terms, collection));
        }
        self.feel_faults(here);
        Some(taken)
    }

    /// Which rows a node holds.
    pub(super) fn arrived(&self, node: usize) -> BTreeSet<Arrival> {
        rows(self.site(node)).into_iter().map(|row| row.arrival).collect()
    }

    /// Nothing came in under `terms` that they are not about, beside what was there `before`. What refers to something has its label as well, which
    /// nobody agreed on.
    pub(super) fn judge_taken(&self, terms: usize, before: &BTreeSet<Arrival>) {
        let Terms { here, there, .. } = self.terms[terms];
        let judge = Judge::of(self.site(here));
        let Some(partner) = judge.partner(self.name(there)) else { return };
        let refers = |row: &Raw| row.id.starts_with("relationship--") || row.id.starts_with("marking-definition--");
        for row in rows(self.site(here)).iter().filter(|row| !before.contains(&row.arrival) && !refers(row)) {
            let label = self.site(here).node.label_in_words(&row.label);
            let is_agreed = judge.may_take(partner, &row.collection, &row.label);
            assert!(is_agreed, "{} under {label} was taken in from {} by {}: {}", row.id, partner.name(), self.name(here), self.said);
        }
    }

    /// Lets some of what is on its way arrive: of each two nodes one, or nothing. How much is on its way between others does not matter, so
    /// that the twin's witness is brought the same at the same time.
    pub(super) fn arrive(&mut self, which: u64) {
        for terms in 0..self.terms.len() {
            if Draw::new(which ^ terms as u64).chance(ARRIVES_PERCENT) {
                self.arrive_at(terms, which);
            }
        }
    }

    /// Lets one arrive of what is on its way under `terms`, in no order. Whether there was any.
    fn arrive_at(&mut self, terms: usize, which: u64) -> bool {
        let on_its_way: Vec<usize> = (0..self.inbox.len()).filter(|at| self.inbox[*at].terms == terms).collect();
        if on_its_way.is_empty() {
            return false;
        }
        let at = on_its_way[Draw::new(which).below(on_its_way.len())];
        match self.inbox.remove(at).what {
            Carried::Answer { collection, partner, mut pull, answer } => {
                if self.fetching(terms, collection, 0).is_some_and(|fetching| fetching.partner == *partner) {
                    let _ = self.take(terms, collection, answer);
                } else {
                    // The partner has changed since: a task that was ended may still store what it had.
                    let here = self.terms[terms].here;
                    let before = self.arrived(here);
                    let _ = pull.take(answer.read(&self.site(here).node));
                    self.judge_taken(terms, &before);
                    self.feel_faults(here);
                }
            }
            Carried::Notices(notices) => drop(self.obey(terms, &notices)),
            Carried::File(file) => self.read_file(terms, &file),
        }
        true
    }

    /// The hostile partner asks whatever it can. What it gets is judged like everything that leaves.
    pub(super) fn pry(&mut self, terms: usize, query: &str) {
        let Terms { here, there, .. } = self.terms[terms];
        if self.plan.hostile == Some(here) {
            for collection in super::COLLECTIONS {
                let answer = self.answer(there, here, collection, &format!("taxii2/main/collections/{collection}/{query}"), true);
                self.hostile.learn(answer);
            }
        }
    }

    /// Partitions end, stores work again, and everybody fetches until nothing is new.
    pub(super) fn come_to_rest(&mut self) {
        self.sides = None;
        self.armed.clear();
        for (_, site) in self.honest() {
            site.heal();
            site.fill_disk(false);
        }
        for terms in 0..self.terms.len() {
            self.pass(1_000_000, terms as u64);
            while self.arrive_at(terms, terms as u64) {}
        }
        let mut draw = Draw::new(self.seed ^ 77);
        for round in 0..8 * self.plan.orgs.len() {
            let before = std::mem::take(&mut self.brought);
            self.said = format!("seed {}, coming to rest, round {round}, after {before:?}", self.seed);
            if !self.fetch_everything(&mut draw, round < HOSTILE_ROUNDS) {
                return;
            }
        }
        panic!("the exchange does not come to rest: {}", self.said);
    }

    /// Fetches all there is over every link. Whether anything new came.
    fn fetch_everything(&mut self, draw: &mut Draw, with_hostile: bool) -> bool {
        let mut brought = 0;
        for terms in 0..self.terms.len() {
            let Terms { here, there, .. } = self.terms[terms];
            if self.plan.hostile == Some(here) || !with_hostile && self.plan.hostile == Some(there) {
                continue;
            }
            self.pass(1_000_000, draw.bits());
            self.follow();
            if self.tell(terms, Fate::Arrives, draw) && self.plan.hostile != Some(there) {
                self.brought.push((there, here, "notices", 1));
                brought += 1;
            }
            for collection in super::COLLECTIONS {
                self.pass(1_000_000, draw.bits());
                self.follow();
                let added = self.fetch_all(terms, collection, draw);
                if added > 0 && self.plan.hostile != Some(there) {
                    self.brought.push((there, here, collection, added));
                    brought += added;
                }
            }
        }
        self.watch();
        brought > 0
    }

    fn fetch_all(&mut self, terms: usize, collection: &'static str, draw: &mut Draw) -> u64 {
        let Terms { here, there, .. } = self.terms[terms];
        let is_hostile = self.plan.hostile == Some(there);
        let most = if is_hostile { 2 } else { PAGES_MAX };
        let mut added = 0;
        for _ in 0..most {
            let Some((target, all)) =
                self.fetching(terms, collection, 9).map(|fetching| (fetching.pull.target(), fetching.pull.wants_all_statements()))
            else {
                return added;
            };
            let answer = self.reply(there, here, collection, &target, all, draw);
            let status = answer.status;
            match self.take(terms, collection, answer) {
                Some(Ok((step, taken))) => {
                    added += taken.added;
                    if step == Step::Done {
                        return added;
                    }
                }
                Some(Err(error)) if error.is_out_of_date() => {}
                Some(Err(error)) if !is_hostile && !self.is_shut(there, here, collection, status) => {
                    panic!("an honest link fails: {error}: {} asks {} for {collection}: {}", self.name(here), self.name(there), self.said)
                }
                _ => return added,
            }
        }
        assert!(is_hostile, "an honest partner's pages do not end: {}", self.said);
        added
    }

    /// Whether `there` has reason to refuse `here` with this status.
    fn is_shut(&self, there: usize, here: usize, collection: &str, status: u16) -> bool {
        let Some(record) = self.partner_at(there, here) else { return false };
        let flows = self.site(there).node.flows(&record);
        let names = |list: &Option<BTreeSet<String>>| list.as_ref().is_none_or(|all| all.contains(collection));
        let (is_given, is_taken) = (names(&record.agreement.sends.collections), names(&record.agreement.accepts.collections));
        match status {
            401 => !flows,
            404 => !record.agreement.collections.contains_key(collection) || !is_given && !is_taken,
            403 => !is_given && is_taken,
            _ => false,
        }
    }
}
