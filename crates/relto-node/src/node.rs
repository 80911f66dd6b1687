//! The node: one store, one clock, one set of facts at a time, and the procedures by which they change.

use std::collections::BTreeMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use relto_gate::{Arrival, Gained, Gate, LabelId, LabelTable, ReleaseSet};
use relto_model::kinds::Kinds;
use relto_model::{Label, Stamp};
use relto_policy::{LabelContext, LabelError, Rules};
use relto_store::{Backend, Batch, CollectionKey, Journal, RecordKind, Snapshot, StoredLabel, Transaction};

use crate::clock::{Clock, Entropy};
use crate::error::StoreError;
use crate::facts::{Account, Facts, encode};
use crate::labels::read_label;
use crate::records::{GainRecord, NODE_KEY, NodeRecord};

/// How long a write waits for the clock to pass the last stamp, in microseconds, before it is refused.
pub const CLOCK_HOLD_MICROS: u64 = 2_000_000;
/// How long replies begun under older facts may go on once the facts have changed, in microseconds; then they are cut.
pub const REPLY_GRACE_MICROS: u64 = 5_000_000;
/// How long a cut reply may take to notice, in microseconds: connections that send nothing look up several times in that span.
pub const CUT_NOTICED_MICROS: u64 = 500_000;
/// How often a reader looks again while the store is ahead of the facts.
const SETTLE_ATTEMPTS: usize = 1_000;

/// Facts and a snapshot of the store that belong together.
pub(crate) type Settled<'n> = (Arc<Facts>, Box<dyn Snapshot + 'n>);

/// A node.
pub struct Node {
    backend: Arc<dyn Backend>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    shipped: Rules,
    kinds: Kinds,
    facts: ArcSwap<Facts>,
    writer: Mutex<()>,
}

impl Node {
    /// Makes a node in an empty store.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub fn create(
        backend: &dyn Backend,
        organisation: &str,
        nation: &str,
        clock: &dyn Clock,
        entropy: &dyn Entropy,
    ) -> Result<(), StoreError> {
        let mut key = [0; 32];
        entropy.fill(&mut key);
        let stamp = clock.now();
        let node = NodeRecord {
            organisation: organisation.to_owned(),
            nation: nation.to_owned(),
            default_label: None,
            cursor_keys: vec![hex::encode(key)],
            evaluated: stamp,
            next_collection: 1,
        };
        let mut transaction = backend.write()?;
        transaction.put(RecordKind::Node, NODE_KEY, &encode("node", NODE_KEY, &node)?)?;
        let act = serde_json::json!({"act": "init", "organisation": organisation, "nation": nation}).to_string();
        transaction.append(&Journal { at: stamp, act })?;
        Ok(transaction.commit(Batch { stamp, last: Arrival(1) })?)
    }

    /// Opens the node in `backend`, and works out what changed for whom while it was closed.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails or holds no node.
    pub fn open(backend: Arc<dyn Backend>, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>, kinds: Kinds) -> Result<Self, StoreError> {
        let shipped = Rules::builtin()?;
        let facts = Facts::load(&*backend.read()?, &shipped, None)?;
        let node = Self { backend, clock, entropy, shipped, kinds, facts: ArcSwap::from_pointee(facts), writer: Mutex::new(()) };
        Ok(node)
    }

    /// The organisation that runs the node.
    #[must_use]
    pub fn organisation(&self) -> String {
        self.facts.load().directory.node.organisation.clone()
    }

    /// The keys of cursors, newest first.
    #[must_use]
    pub fn cursor_keys(&self) -> Vec<[u8; 32]> {
        let facts = self.facts.load();
        let keys = facts.directory.node.cursor_keys.iter();
        keys.filter_map(|key| {
            let mut bytes = [0; 32];
            hex::decode_to_slice(key, &mut bytes).ok().map(|()| bytes)
        })
        .collect()
    }

    /// The kinds of objects that the node knows.
    #[must_use]
    pub fn kinds(&self) -> &Kinds {
        &self.kinds
    }

    /// Whether the node can answer: the store reads, and the clock is not behind it.
    #[must_use]
    pub fn is_healthy(&self) -> bool {
        self.settled().is_ok()
    }

    pub(crate) fn now(&self) -> Stamp {
        self.clock.now()
    }

    pub(crate) fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.entropy.fill(&mut bytes);
        bytes
    }

    /// The facts as published; for answering only together with a snapshot, see [`Node::settled`].
    pub(crate) fn facts(&self) -> Arc<Facts> {
        self.facts.load_full()
    }

    /// Facts and a snapshot of the store that belong together, as of now.
    ///
    /// A commit becomes visible in the store a moment before its facts are published. A reader who took that store with the older facts
    /// would step over objects whose labels those facts do not know yet, and lose them; so readers wait until both agree.
    pub(crate) fn settled(&self) -> Result<Settled<'_>, StoreError> {
        for _ in 0..SETTLE_ATTEMPTS {
            if let Some(settled) = self.settled_at_once()? {
                return Ok(settled);
            }
            if !self.facts().is_current(self.now()) {
                self.catch_up()?;
                continue;
            }
            // Whoever commits holds the lock until the facts are out. If they still differ, another process wrote.
            let _publishing = self.writer.lock();
            let snapshot = self.backend.read()?;
            if snapshot.arrival()? != self.facts().horizon {
                self.facts.store(Arc::new(Facts::load(&*snapshot, &self.shipped, Some(self.now()))?));
            }
        }
        Err(StoreError::Unsettled)
    }

    /// The same as long as nothing has to be waited for; otherwise `None`.
    pub(crate) fn settled_at_once(&self) -> Result<Option<Settled<'_>>, StoreError> {
        let facts = self.facts();
        if !facts.is_current(self.now()) {
            return Ok(None);
        }
        let snapshot = self.backend.read()?;
        Ok(if snapshot.arrival()? == facts.horizon { Some((facts, snapshot)) } else { None })
    }

    /// Runs `act` in a transaction and publishes what follows from it. When it returns, every request sees the change; replies begun
    /// under older facts have ended or been cut.
    ///
    /// # Errors
    /// Whatever `act` returns, then nothing has happened; or [`StoreError`].
    pub(crate) fn write<R, E: From<StoreError>>(&self, act: impl FnOnce(&mut Writing<'_>) -> Result<R, E>) -> Result<R, E> {
        let publishing = self.writer.lock();
        let mut retired = Vec::new();
        let mut writing = self.begin(&mut retired)?;
        let result = act(&mut writing);
        let result = match result {
            Ok(result) => self.publish(writing, &mut retired).map(|()| result).map_err(E::from),
            Err(refused) => Err(refused),
        };
        drop(publishing);
        self.drain(&retired);
        result
    }

    /// Lets the passing of time take effect: memberships and clearances begin and end by the clock.
    fn catch_up(&self) -> Result<(), StoreError> {
        let publishing = self.writer.lock();
        let mut retired = Vec::new();
        let caught_up = self.begin(&mut retired).map(drop);
        drop(publishing);
        self.drain(&retired);
        caught_up
    }

    /// Begins a transaction on facts that stand at its stamp. What time alone has changed is a change of its own and comes before it, so
    /// that what somebody gains by it is on record when the transaction looks. It is dated when it happened: the moment of the first request
    /// after that would tell of a request. Facts that were replaced are added to `retired`.
    fn begin(&self, retired: &mut Vec<Arc<Facts>>) -> Result<Writing<'_>, StoreError> {
        loop {
            let mut writing = Writing::begin(self)?;
            if writing.before.is_current(writing.stamp) {
                return Ok(writing);
            }
            writing.go_back_to_the_change();
            writing.facts_changed();
            self.publish(writing, retired)?;
        }
    }

    fn publish(&self, writing: Writing<'_>, retired: &mut Vec<Arc<Facts>>) -> Result<(), StoreError> {
        let changed = writing.facts_changed;
        let facts = writing.finish()?;
        let before = self.facts.swap(Arc::new(facts));
        if changed {
            retired.push(before);
        }
        Ok(())
    }

    /// Waits for replies under the `retired` facts to end, cuts those that do not, and waits until whoever sends them has noticed.
    fn drain(&self, retired: &[Arc<Facts>]) {
        const STEP_MICROS: u64 = 1_000;
        // Whoever has taken the old facts and has no principal yet is about to reply on them, and counts too.
        let is_held = |old: &Arc<Facts>| Arc::strong_count(old) > 1 || Arc::strong_count(&old.gate) > 1 || old.gate.open_replies() > 0;
        let wait = |most: u64| {
            let mut waited = 0;
            while retired.iter().any(is_held) && waited < most {
                self.clock.pause(STEP_MICROS);
                waited += STEP_MICROS;
            }
        };
        wait(REPLY_GRACE_MICROS);
        retired.iter().for_each(|old| old.gate.cut());
        wait(CUT_NOTICED_MICROS);
    }

    /// A stamp later than every earlier one. A clock that stands still or went back holds the write; stamps are never invented, since
    /// they would tell of writes that the reader may not see.
    fn stamp_after(&self, last: Option<Stamp>) -> Result<Stamp, StoreError> {
        const STEP_MICROS: u64 = 50;
        let mut held = 0;
        loop {
            let now = self.now();
            let Some(last) = last.filter(|last| now <= *last) else { return Ok(now) };
            let behind = u64::try_from(last.0.saturating_sub(now.0)).unwrap_or(u64::MAX);
            if held.max(behind) >= CLOCK_HOLD_MICROS {
                return Err(StoreError::ClockBehind { now, last });
            }
            self.clock.pause(STEP_MICROS.max(behind));
            held += STEP_MICROS.max(behind);
        }
    }
}

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
}

impl<'n> Writing<'n> {
    fn begin(node: &'n Node) -> Result<Self, StoreError> {
        let transaction = node.backend.write()?;
        let mut before = node.facts().as_ref().clone();
        let arrival = transaction.arrival()?;
        if arrival != before.horizon {
            before = Facts::load(&*transaction, &node.shipped, None)?;
        }
        let last_stamp = transaction.last_stamp()?;
        let stamp = node.stamp_after(last_stamp)?;
        Ok(Self { node, transaction, before, stamp, last_stamp, arrival, labels: None, facts_changed: false, granted: BTreeMap::new() })
    }

    /// Dates a transaction that only lets time take effect back to the moment at which the facts changed, if that is later than all there is.
    fn go_back_to_the_change(&mut self) {
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

    /// The number that arriving objects of `label` share.
    pub(crate) fn intern(&mut self, label: &Label) -> Result<LabelId, StoreError> {
        match self.labels().shared_id(label) {
            Some(known) => Ok(known),
            None => self.add_label(label, true),
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

    /// Reads a label as people write it, or by the id of a marking-definition.
    pub(crate) fn read_label(&self, text: &str, context: &LabelContext) -> Result<Result<Label, LabelError>, StoreError> {
        read_label(&self.before, &*self.transaction, text, context)
    }

    /// Notes that what somebody may see can have changed.
    pub(crate) fn facts_changed(&mut self) {
        self.facts_changed = true;
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
    fn finish(mut self) -> Result<Facts, StoreError> {
        let event = self.draw();
        let facts = if self.facts_changed {
            self.reevaluate(event)?
        } else if let Some(labels) = self.labels.take() {
            let gate = self.before.gate.with_labels(Arc::new(labels));
            Facts { gate: Arc::new(gate), horizon: event, ..self.before.clone() }
        } else {
            Facts { horizon: event, ..self.before.clone() }
        };
        self.transaction.commit(Batch { stamp: self.stamp, last: event })?;
        Ok(facts)
    }

    /// The facts after this transaction, with what each account gained or lost by them.
    fn reevaluate(&mut self, event: Arrival) -> Result<Facts, StoreError> {
        let node = NodeRecord { evaluated: self.stamp, ..crate::facts::node_record(&*self.transaction)? };
        self.put(RecordKind::Node, NODE_KEY, &node)?;
        let after = Facts::load(&*self.transaction, &self.node.shipped, Some(self.stamp))?;
        let now = Gained { arrival: event, since: self.stamp };
        for (name, account) in &after.directory.accounts {
            let gains = self.gains(name, account, &after, now);
            if gains.labels != *account.gained || gains.collections != account.gained_collections {
                self.put(RecordKind::Gain, name, &gains)?;
            }
        }
        let facts = Facts::load(&*self.transaction, &self.node.shipped, Some(self.stamp))?;
        Ok(Facts { horizon: event, ..facts })
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
            let hidden = self.before.directory.collections.values().filter(|record| !saw.permits(record.label));
            gains.collections.extend(hidden.map(|record| (record.key, now)));
        }
        gains.labels.extend(self.granted.get(name).into_iter().flatten().map(|(label, gained)| (*label, *gained)));
        gains.labels.retain(|label, _| now_sees.permits(*label));
        let visible = |key: &u32| after.directory.collection_of(CollectionKey(*key)).is_some_and(|record| now_sees.permits(record.label));
        gains.collections.retain(|key, _| visible(key));
        gains
    }
}
