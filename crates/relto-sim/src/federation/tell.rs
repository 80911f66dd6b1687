//! What nodes tell each other of objects that they released: recalls, new labels. And what is answered.

use relto_model::{Label, ObjectId, Stamp};
use relto_node::{CollectionRecord, Notice, NoticeReceipt};
use relto_policy::{LabelContext, read_markings};
use serde_json::Value as Json;

use super::judge::Judge;
use super::plan::Fate;
use super::{Carried, Message, Terms, World};
use crate::draw::Draw;

impl World<'_> {
    /// Whether `here` has `there` as a partner with whom notices pass, whether objects flow or not.
    fn hears(&self, here: usize, there: usize) -> bool {
        self.partner_at(here, there).is_some_and(|record| record.is_told())
    }

    /// `terms.here` is told what `terms.there` has to tell it. Whether it had another answer to that than before.
    pub(super) fn tell(&mut self, terms: usize, fate: Fate, draw: &mut Draw) -> bool {
        let Terms { here, there, .. } = self.terms[terms];
        if !self.reaches(here, there) {
            return false;
        }
        let notices = if self.plan.hostile == Some(there) {
            self.lived.attacks += 1;
            self.hostile.notices(self.keys[here], self.now, draw)
        } else {
            self.notices(there, here)
        };
        if self.plan.hostile == Some(here) {
            self.hostile.learn_notices(&notices);
            return false;
        }
        match fate {
            Fate::Arrives => {}
            Fate::Lost => return false,
            Fate::Delayed => {
                self.inbox.push(Message { terms, what: Carried::Notices(notices) });
                return false;
            }
            Fate::Twice => self.inbox.push(Message { terms, what: Carried::Notices(notices.clone()) }),
        }
        let receipts = self.obey(terms, &notices);
        // The answer is lost as easily as what is answered.
        if self.plan.hostile != Some(there) && !draw.chance(10) {
            let name = self.name(here).to_owned();
            let _ = self.site(there).node.take_receipts_of(&name, &receipts);
            self.feel_faults(there);
        }
        self.answered.insert(terms, receipts.clone()) != Some(receipts)
    }

    /// `terms.here` does as it is told.
    pub(super) fn obey(&mut self, terms: usize, notices: &[Notice]) -> Vec<NoticeReceipt> {
        let Terms { here, there, .. } = self.terms[terms];
        if !self.hears(here, there) {
            return Vec::new();
        }
        let name = self.name(there).to_owned();
        let receipts = self.site(here).node.obey(&name, notices).unwrap_or_default();
        self.feel_faults(here);
        self.lived.told += notices.len();
        let destroyed = notices.iter().zip(&receipts).filter(|(notice, _)| notice.recall.is_some()).map(|(_, receipt)| receipt.versions);
        self.lived.destroyed += usize::try_from(destroyed.sum::<u64>()).unwrap_or_default();
        receipts
    }

    /// What `there` has to tell `here`, judged as it leaves.
    fn notices(&mut self, there: usize, here: usize) -> Vec<Notice> {
        if !self.hears(there, here) {
            return Vec::new();
        }
        let name = self.name(here).to_owned();
        let notices = self.site(there).node.notices_for(&name).unwrap_or_default();
        self.feel_faults(there);
        self.judge_notices(there, here, &notices);
        notices
    }

    /// Notices name only what was released to whom they are for. What is on record and failed to leave counts as released, where stores fail.
    pub(super) fn judge_notices(&mut self, there: usize, here: usize, notices: &[Notice]) {
        let named = |statement: &Json| statement["object_ref"].as_str().unwrap_or_default().to_owned();
        for notice in notices {
            let recalled = notice.recall.as_ref().and_then(payload).and_then(|recall| recall["object"].as_str().map(str::to_owned));
            for id in recalled.into_iter().chain(notice.labels.iter().map(named)) {
                let was_sent = self.ledger.sent.get(&(there, here)).is_some_and(|sent| sent.iter().any(|sent| sent.id == id));
                let is_fine = was_sent || self.plan.has_faults;
                assert!(is_fine, "{} is told of {id} by {}, and never got it: {}", self.name(here), self.name(there), self.said);
            }
            for statement in &notice.labels {
                let label = self.label_in(there, here, statement);
                self.ledger.said.entry((there, here)).or_default().extend(label.map(|label| (named(statement), label)));
            }
        }
    }

    /// The label that a statement says, as the node `there` reads it that tells `here` of it: of what it wrote itself, in the collection from which
    /// `here` may have it.
    fn label_in(&self, there: usize, here: usize, statement: &Json) -> Option<Label> {
        let marking = &statement["marking"];
        let id = ObjectId::parse(marking["id"].as_str()?).ok()?;
        let made = Stamp::parse(statement["created"].as_str()?).ok()?;
        let owner = statement["originator"].as_str()?.to_owned();
        let object = statement["object_ref"].as_str()?;
        let of_collection = |record: &CollectionRecord| self.open_to(there, here, &record.name).iter().any(|row| row.id == object);
        let is_own = owner == self.name(there);
        let collections = self.site(there).node.collections().into_iter().filter(|_| is_own).map(|(record, _)| record);
        let collection = collections.into_iter().find(of_collection).map(|record| record.id);
        let context = LabelContext { made, owner, collection };
        let rules = Judge::of(self.site(there)).rules;
        read_markings([&id], &|_| Some(marking.clone()), &rules, &context).label
    }
}

/// What is signed in an envelope.
pub(super) fn payload(envelope: &Json) -> Option<Json> {
    use base64::Engine as _;
    let payload = base64::engine::general_purpose::STANDARD.decode(envelope["payload"].as_str()?).ok()?;
    serde_json::from_slice(&payload).ok()
}
