//! A transaction on the node: what it draws, interns and grants, and the facts that follow from it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use relto_gate::{Arrival, Gained, Gate, LabelId, LabelTable, ReleaseSet};
use relto_model::{Label, Stamp};
use relto_policy::{LabelContext, LabelError, display, legal};
use relto_store::{BackendError, Batch, CollectionKey, Journal, RecordKind, StoredLabel, Transaction};

use crate::error::StoreError;
use crate::facts::{Account, Answered, Facts, encode};
use crate::labels::read_label;
use crate::node::Node;
use crate::records::{CollectionRecord, ConsentRecord, GainRecord, NODE_KEY, NodeRecord};

/// A transaction with the facts it began under.
pub(crate) struct Writing<'n> {
    pub node: &'n Node,
    pub transaction: Box<dyn Transaction + 'n>,
    /// The facts before.
    pub before: Facts,
    /// The stamp of everything in this transaction.
    pub stamp: Stamp,
    /// The stamp of the transaction before.
    last_stamp: Option<Stamp>,
    arrival: Arrival,
    labels: Option<LabelTable>,
    facts_changed: bool,
    /// What accounts gain beyond what follows from the facts: relabelled objects.
    granted: BTreeMap<String, BTreeMap<LabelId, Gained>>,
    /// Site policies that have answered beforehand, for the facts that follow.
    pub site: Option<Answered>,
}

impl<'n> Writing<'n> {
    pub(super) fn begin(node: &'n Node) -> Result<Self, StoreError> {
        let transaction = node.backend.write()?;
        let mut before = node.facts().as_ref().clone();
        let arrival = transaction.arrival()?;
        if arrival != before.horizon {
            before = Facts::load(&*transaction, &node.means(&before.gate, None), None)?;
        }
        let last_stamp = transaction.last_stamp()?;
        let stamp = node.stamp_after(last_stamp)?;
        Ok(Self {
            node,
            transaction,
            before,
            stamp,
            last_stamp,
            arrival,
            labels: None,
            facts_changed: false,
            granted: BTreeMap::new(),
            site: None,
        })
    }

    /// Dates a transaction that only lets time take effect back to the moment at which the facts changed, if that is later than all there is.
    pub(super) fn go_back_to_the_change(&mut self) {
        let change = self.before.gate.valid_until().filter(|change| *change <= self.stamp && Some(*change) > self.last_stamp);
        self.stamp = change.unwrap_or(self.stamp);
    }

    /// The gate as of this transaction's stamp.
    pub(crate) fn acting_gate(&self) -> Arc<Gate> {
        Arc::new(self.before.gate.with_labels(Arc::new(self.labels().clone())))
    }

    /// The next place in the order of events.
    pub(crate) fn draw(&mut self) -> Arrival {
        self.arrival = Arrival(self.arrival.0 + 1);
        self.arrival
    }

    /// All labels, those of this transaction included.
    pub(crate) fn labels(&self) -> &LabelTable {
        self.labels.as_ref().unwrap_or_else(|| self.before.gate.labels())
    }

    /// The label of `id`, under which something stands.
    pub(crate) fn label(&self, id: LabelId) -> Result<Arc<Label>, StoreError> {
        let damaged = || BackendError::Damaged("a row has a label that is not in the store".to_owned());
        Ok(self.labels().get(id).cloned().ok_or_else(damaged)?)
    }

    /// The number that arriving objects of `label` share.
    pub(crate) fn intern(&mut self, label: &Label) -> Result<LabelId, StoreError> {
        // What a label was before is nobody's concern, and must not look like something that was gained since.
        let label = label.clone().since(self.stamp);
        match self.labels().shared_id(&label) {
            Some(known) => Ok(known),
            None => self.add_label(&label, true),
        }
    }

    /// Enters `label` under a number of its own.
    pub(crate) fn add_label(&mut self, label: &Label, shared: bool) -> Result<LabelId, StoreError> {
        let id = self.labels().next_id();
        self.transaction.add_label(&StoredLabel { id, label: label.clone(), shared })?;
        let labels = self.labels.get_or_insert_with(|| self.before.gate.labels().as_ref().clone());
        labels.insert(id, Arc::new(label.clone()), shared);
        Ok(id)
    }

    /// Enters `label` under a number that is one object's alone, with what was consented to for it.
    pub(crate) fn add_label_of(&mut self, label: &Label, record: &ConsentRecord) -> Result<LabelId, StoreError> {
        let id = self.add_label(label, false)?;
        self.put(RecordKind::Consent, &id.0.to_string(), record)?;
        self.labels.iter_mut().for_each(|labels| labels.set_consents(id, record.consents.clone().into()));
        Ok(id)
    }

    /// Reads a label as people write it, or by the id of a marking-definition.
    pub(crate) fn read_label(&self, text: &str, context: &LabelContext) -> Result<Result<Label, LabelError>, StoreError> {
        read_label(&self.before, &*self.transaction, text, context)
    }

    /// Notes that what somebody may see can have changed.
    pub(crate) fn facts_changed(&mut self) {
        self.facts_changed = true;
    }

    pub(super) fn have_facts_changed(&self) -> bool {
        self.facts_changed
    }

    /// The facts as they would be if the transaction ended here.
    pub(crate) fn facts_then(&self) -> Result<Facts, StoreError> {
        Facts::load(&*self.transaction, &self.node.means(&self.before.gate, self.site.as_ref()), Some(self.stamp))
    }

    /// Notes that `account` stands to `label` as `gained` says, whatever follows from the facts.
    pub(crate) fn grant(&mut self, account: &str, label: LabelId, gained: Gained) {
        self.granted.entry(account.to_owned()).or_default().insert(label, gained);
    }

    /// When `account` gained `label` late, as far as that is settled: before this transaction, or granted in it.
    pub(crate) fn gained(&self, account: &str, label: LabelId) -> Option<Gained> {
        let granted = self.granted.get(account).and_then(|granted| granted.get(&label));
        granted.or_else(|| self.before.directory.accounts.get(account)?.gained.get(&label)).copied()
    }

    /// Writes down an administrative act.
    pub(crate) fn journal(&mut self, act: &serde_json::Value) -> Result<(), StoreError> {
        Ok(self.transaction.append(&Journal { at: self.stamp, act: act.to_string() })?)
    }

    /// Writes a record.
    pub(crate) fn put<T: serde::Serialize>(&mut self, kind: RecordKind, key: &str, value: &T) -> Result<(), StoreError> {
        let bytes = encode(kind.name(), key, value)?;
        Ok(self.transaction.put(kind, key, &bytes)?)
    }

    /// Commits. Returns the facts from now on.
    pub(super) fn finish(mut self) -> Result<Facts, StoreError> {
        let event = self.draw();
        let facts = if self.facts_changed {
            self.reevaluate(event)?
        } else if let Some(labels) = self.labels.take() {
            let gate = self.before.gate.with_labels(Arc::new(labels));
            Facts { gate: Arc::new(gate), horizon: event, ..self.before.clone() }
        } else {
            Facts { horizon: event, ..self.before.clone() }
        };
        self.record_legal_releases(&facts)?;
        let batch = Batch { stamp: self.stamp, last: event };
        // Whoever reads between the commit and the facts waits: what the act alone needed is freed before.
        self.into_transaction().commit(batch)?;
        Ok(facts)
    }

    fn into_transaction(self) -> Box<dyn Transaction + 'n> {
        self.transaction
    }

    /// Writes down who may get what under which legal tags from now on, and on what facts: what GDPR, Art. 30(1)(d), and other laws ask to be
    /// recorded of a release.
    fn record_legal_releases(&mut self, after: &Facts) -> Result<(), StoreError> {
        let labels = after.gate.labels().iter().filter(|(_, label)| legal::tags(label).next().is_some());
        let legal: Vec<(LabelId, &Arc<Label>)> = labels.collect();
        if legal.is_empty() || Arc::ptr_eq(&after.gate, &self.before.gate) {
            return Ok(());
        }
        for (name, account) in after.directory.accounts.iter().filter(|(_, account)| !account.record.disabled) {
            let sees = after.gate.release(name, &account.profile);
            let earlier = self.before.directory.accounts.get(name).filter(|earlier| !earlier.record.disabled);
            let saw = earlier.map(|earlier| self.before.gate.release(name, &earlier.profile));
            let is_new = |label: &LabelId| sees.permits(*label) && !saw.as_ref().is_some_and(|saw| saw.permits(*label));
            let newly: BTreeSet<&Arc<Label>> = legal.iter().filter(|(id, _)| is_new(id)).map(|(_, label)| *label).collect();
            if !newly.is_empty() {
                let labels: Vec<String> = newly.iter().map(|label| display(label, &after.gate.rules().policies)).collect();
                let act =
                    serde_json::json!({"act": "legal release", "to": name, "labels": labels, "facts": legal::recipient(&account.profile)});
                self.journal(&act)?;
            }
        }
        Ok(())
    }

    /// The facts after this transaction, with what each account gained or lost by them.
    fn reevaluate(&mut self, event: Arrival) -> Result<Facts, StoreError> {
        let node = NodeRecord { evaluated: self.stamp, ..crate::facts::node_record(&*self.transaction)? };
        self.put(RecordKind::Node, NODE_KEY, &node)?;
        let after = self.facts_then()?;
        let now = Gained { arrival: event, since: self.stamp };
        for (name, account) in &after.directory.accounts {
            let gains = self.gains(name, account, &after, now);
            if gains.labels != *account.gained || gains.collections != account.gained_collections {
                self.put(RecordKind::Gain, name, &gains)?;
            }
        }
        Ok(Facts { horizon: event, ..self.facts_then()? })
    }

    /// What `account` gained late, after this transaction: what it keeps, what it newly sees, without what it lost.
    fn gains(&self, name: &str, account: &Account, after: &Facts, now: Gained) -> GainRecord {
        let now_sees = after.gate.release(name, &account.profile);
        let mut gains = GainRecord { labels: account.gained.as_ref().clone(), collections: account.gained_collections.clone() };
        // A new account sees objects as they arrived: nothing was withheld from it before it was there.
        if let Some(earlier) = self.before.directory.accounts.get(name) {
            let saw: ReleaseSet = self.before.gate.release(name, &earlier.profile);
            let existed = |label: &LabelId| self.before.gate.labels().get(*label).is_some();
            let newly = now_sees.labels().filter(|label| !saw.permits(*label)).filter(existed);
            gains.labels.extend(newly.map(|label| (label, now)));
            // What an agreement was not about was as absent as what a label hid.
            let reached = |record: &CollectionRecord| saw.permits(record.label) && earlier.reads(record);
            let hidden = self.before.directory.collections.values().filter(|record| !reached(record));
            gains.collections.extend(hidden.map(|record| (record.key, now)));
        }
        gains.labels.extend(self.granted.get(name).into_iter().flatten().map(|(label, gained)| (*label, *gained)));
        gains.labels.retain(|label, _| now_sees.permits(*label));
        let reaches = |record: &CollectionRecord| now_sees.permits(record.label) && account.reads(record);
        let visible = |key: &u32| after.directory.collection_of(CollectionKey(*key)).is_some_and(|record| reaches(record));
        gains.collections.retain(|key, _| visible(key));
        gains
    }
}
