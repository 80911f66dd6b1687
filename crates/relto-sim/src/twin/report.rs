//! What is told of a world: for whoever counts, and for whoever looks for a difference.

use relto_policy::law::{Consent, Subject};
use relto_store::{Held, RecordKind};

use super::{Pair, Shown, WITNESS};
use crate::node::WorldNode;

impl Pair {
    /// How many objects the witness sees as an addressee.
    pub(super) fn addressed(&self) -> usize {
        if !self.has_witness() {
            return 0;
        }
        let is_addressee = |consent: &Consent| consent.subject == Subject::Addressees;
        self.shown(&self.full, &self.judge(self.now))
            .iter()
            .filter(|(shown, _)| shown.consents.iter().flat_map(|(_, all)| all).any(is_addressee))
            .count()
    }

    /// What both nodes hold that the witness may see, for whoever looks for the difference.
    pub(super) fn rows_of_both(&self) -> String {
        if !self.has_witness() {
            return String::new();
        }
        let list = |node: &WorldNode| {
            let mut rows = self.shown(node, &self.judge(self.now));
            rows.sort_by_key(|(_, held)| held.arrival);
            let line = |(shown, held): &(Shown, Held)| {
                let label = node.node.label_in_words(&shown.label);
                format!(
                    "{} {} {} {} {} label {} {label}\n",
                    held.arrival.0, held.added, shown.collection, shown.id, shown.version, held.label.0
                )
            };
            rows.iter().map(line).collect::<String>()
        };
        let gains = |node: &WorldNode| {
            let record = node.backend.read().expect("a snapshot").record(RecordKind::Gain, WITNESS).expect("a record");
            String::from_utf8_lossy(&record.unwrap_or_default()).into_owned()
        };
        format!("--- full rows\n{}{}\n--- twin rows\n{}{}", list(&self.full), gains(&self.full), list(&self.twin), gains(&self.twin))
    }
}
