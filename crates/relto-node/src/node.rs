//! The node: one store, one clock, one set of facts at a time, and the procedures by which they change.

mod writing;

use std::collections::BTreeMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use relto_gate::{Arrival, Gate, SiteEngine};
use relto_model::Stamp;
use relto_model::kinds::Kinds;
use relto_policy::Rules;
use relto_store::{Backend, Batch, Journal, RecordKind, Snapshot, TextIndex};

use crate::clock::{Clock, Entropy};
use crate::error::StoreError;
use crate::facts::{Answered, Facts, Means, encode};
use crate::partners::LinkStatus;
use crate::records::{NODE_KEY, NodeRecord};

pub(crate) use writing::Writing;

/// How long a write waits for the clock to pass the last stamp, in microseconds, before it is refused.
pub const CLOCK_HOLD_MICROS: u64 = 2_000_000;
/// How long replies begun under older facts may go on once the facts have changed, in microseconds; then they are cut.
pub const REPLY_GRACE_MICROS: u64 = 5_000_000;
/// How long a cut reply may take to notice, in microseconds: connections that send nothing look up several times in that span.
pub const CUT_NOTICED_MICROS: u64 = 500_000;
/// How often a reader looks again while the store is ahead of the facts.
const SETTLE_ATTEMPTS: usize = 1_000;

/// Called after every change.
type Listener = Box<dyn Fn() + Send + Sync>;

/// Facts and a snapshot of the store that belong together.
pub(crate) type Settled<'n> = (Arc<Facts>, Box<dyn Snapshot + 'n>);

/// A node.
pub struct Node {
    backend: Arc<dyn Backend>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    shipped: Rules,
    kinds: Kinds,
    engine: Option<Arc<dyn SiteEngine>>,
    text: Option<Arc<dyn TextIndex>>,
    facts: ArcSwap<Facts>,
    writer: Mutex<()>,
    listeners: Mutex<Vec<Listener>>,
    links: Mutex<BTreeMap<String, LinkStatus>>,
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
            identity_keys: Vec::new(),
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
        Self::open_with(backend, clock, entropy, kinds, None)
    }

    /// As [`Node::open`], with what reads site policies.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails, holds no node, or site policies in force that cannot be read.
    pub fn open_with(
        backend: Arc<dyn Backend>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        kinds: Kinds,
        engine: Option<Arc<dyn SiteEngine>>,
    ) -> Result<Self, StoreError> {
        let shipped = Rules::builtin()?;
        let means = Means { shipped: &shipped, engine: engine.as_ref(), known: Vec::new() };
        let facts = Facts::load(&*backend.read()?, &means, None)?;
        let facts = ArcSwap::from_pointee(facts);
        let (writer, listeners, links) = (Mutex::new(()), Mutex::default(), Mutex::default());
        Ok(Self { backend, clock, entropy, shipped, kinds, engine, text: None, facts, writer, listeners, links })
    }

    /// The same node, searched by `index`.
    #[must_use]
    pub fn searched_by(self, index: Arc<dyn TextIndex>) -> Self {
        Self { text: Some(index), ..self }
    }

    /// What it is searched by.
    pub(crate) fn text_index(&self) -> Option<&dyn TextIndex> {
        self.text.as_deref()
    }

    /// What reads site policies.
    pub(crate) fn engine(&self) -> Option<&Arc<dyn SiteEngine>> {
        self.engine.as_ref()
    }

    /// What facts that follow on those of `before` are made of.
    pub(crate) fn means(&self, before: &Gate, beforehand: Option<&Answered>) -> Means<'_> {
        let known = beforehand.cloned().into_iter().chain([(before.site().clone(), before.valid_until())]).collect();
        Means { shipped: &self.shipped, engine: self.engine(), known }
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

    /// Has `listener` called after every change of the node, on the thread that made it: it must not wait, nor ask the node.
    pub fn on_change(&self, listener: impl Fn() + Send + Sync + 'static) {
        self.listeners.lock().push(Box::new(listener));
    }

    /// How the links to partners are doing, as whoever runs them tells: gone with the process.
    pub(crate) fn links(&self) -> &Mutex<BTreeMap<String, LinkStatus>> {
        &self.links
    }

    /// This node's clock.
    #[must_use]
    pub fn now(&self) -> Stamp {
        self.clock.now()
    }

    /// Randomness for a secret or an id.
    #[must_use]
    pub fn random<const N: usize>(&self) -> [u8; N] {
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
                self.facts.store(Arc::new(Facts::load(&*snapshot, &self.means(&self.facts().gate, None), Some(self.now()))?));
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

    /// Runs `act` in a transaction that is dropped: what it would do is seen, and nothing has happened.
    ///
    /// # Errors
    /// Whatever `act` returns; or [`StoreError`].
    pub(crate) fn rehearse<R, E: From<StoreError>>(&self, act: impl FnOnce(&mut Writing<'_>) -> Result<R, E>) -> Result<R, E> {
        let publishing = self.writer.lock();
        let mut retired = Vec::new();
        let result = self.begin(&mut retired).map_err(E::from).and_then(|mut writing| act(&mut writing));
        drop(publishing);
        self.drain(&retired);
        result
    }

    /// Lets the passing of time take effect: memberships and clearances begin and end by the clock.
    fn catch_up(&self) -> Result<(), StoreError> {
        let publishing = self.writer.lock();
        let mut retired = Vec::new();
        let caught_up = self.begin(&mut retired).map(|writing| {
            // What is stored has come further than what is published: a commit was done that failed to say so.
            if writing.before.horizon != self.facts().horizon {
                retired.push(self.facts.swap(Arc::new(writing.before.clone())));
                self.listeners.lock().iter().for_each(|listener| listener());
            }
        });
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
        let changed = writing.have_facts_changed();
        let facts = writing.finish()?;
        let before = self.facts.swap(Arc::new(facts));
        if changed {
            retired.push(before);
        }
        self.listeners.lock().iter().for_each(|listener| listener());
        Ok(())
    }

    /// Waits for replies under the `retired` facts to end, cuts those that do not, and waits until whoever sends them has noticed.
    fn drain(&self, retired: &[Arc<Facts>]) {
        const STEP_MICROS: u64 = 1_000;
        // Whoever has taken the old facts and has no principal yet is about to reply on them, and counts too.
        let is_held = |old: &Arc<Facts>| Arc::strong_count(old) > 1 || Arc::strong_count(&old.gate) > 1 || old.gate.open_replies() > 0;
        let wait = |most: u64| {
            let (began, mut waited) = (self.now(), 0);
            // A pause takes somewhat longer than it was asked to, and a clock that is set back must not hold this up.
            let passed = |waited: u64| u64::try_from(self.now().0.saturating_sub(began.0)).unwrap_or(0).max(waited);
            while retired.iter().any(is_held) && passed(waited) < most {
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
