//! A gate: all facts as they stand for one span of time, and the decisions made on them.
//!
//! Facts never change inside a gate. When one does, the node builds another gate and retires this one; replies that began under
//! the old one are given time to end and are then cut.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use relto_model::{Label, Stamp, Value};
use relto_policy::{CompiledLabel, CompiledProfile, Profile, Rules, Verdict, decide};

use crate::labels::{LabelId, LabelTable};
use crate::principal::Principal;
use crate::release::{Gained, ReleaseSet};

/// The span of time for which a set of facts stands; shared by everybody who reads under it.
#[derive(Debug, Default)]
pub(crate) struct Epoch {
    cut: AtomicBool,
}

impl Epoch {
    pub(crate) fn is_cut(&self) -> bool {
        self.cut.load(Ordering::Acquire)
    }
}

/// All facts for one span of time.
pub struct Gate {
    rules: Arc<Rules>,
    labels: Arc<LabelTable>,
    now: Stamp,
    valid_until: Option<Stamp>,
    compiled: Vec<Option<Arc<CompiledLabel>>>,
    /// Accounts that some label names; everybody else can share a profile with their equals.
    named: Arc<BTreeSet<String>>,
    decided: Mutex<HashMap<Profile, Arc<[u64]>>>,
    epoch: Arc<Epoch>,
}

impl Gate {
    /// The gate for `rules` and `labels` as they read at `now`. `next_change` is the next instant when some profile's own facts change.
    #[must_use]
    pub fn new(rules: Arc<Rules>, labels: Arc<LabelTable>, now: Stamp, next_change: Option<Stamp>) -> Self {
        let valid_until = [next_change, rules.memberships.next_change(now)].into_iter().flatten().min();
        let (compiled, named, epoch) = (Vec::new(), Arc::default(), Arc::default());
        Self { rules, labels: Arc::default(), now, valid_until, compiled, named, decided: Mutex::default(), epoch }.with_labels(labels)
    }

    /// The same facts with more labels. Earlier decisions stand, and so do the replies made under them.
    #[must_use]
    pub fn with_labels(&self, labels: Arc<LabelTable>) -> Self {
        let mut compiled = self.compiled.clone();
        compiled.resize(labels.next_id().0 as usize, None);
        let mut persons_named = Vec::new();
        // A label never changes under its number: what is compiled stays so.
        for (id, label) in labels.iter() {
            if let Some(slot) = compiled.get_mut(id.0 as usize).filter(|slot| slot.is_none()) {
                *slot = Some(Arc::new(CompiledLabel::new(label, &self.rules, self.now)));
                persons_named.extend(persons(label));
            }
        }
        let named = if persons_named.iter().all(|name| self.named.contains(name)) {
            self.named.clone()
        } else {
            Arc::new(self.named.iter().cloned().chain(persons_named).collect())
        };
        let (rules, now, valid_until, epoch) = (self.rules.clone(), self.now, self.valid_until, self.epoch.clone());
        Self { rules, labels, now, valid_until, compiled, named, decided: Mutex::default(), epoch }
    }

    /// The rules.
    #[must_use]
    pub fn rules(&self) -> &Arc<Rules> {
        &self.rules
    }

    /// The labels.
    #[must_use]
    pub fn labels(&self) -> &Arc<LabelTable> {
        &self.labels
    }

    /// The instant for which the gate was built.
    #[must_use]
    pub fn now(&self) -> Stamp {
        self.now
    }

    /// The first instant at which some fact no longer stands, if there is one.
    #[must_use]
    pub fn valid_until(&self) -> Option<Stamp> {
        self.valid_until
    }

    /// Whether every fact still stands at `now`.
    #[must_use]
    pub fn is_current(&self, now: Stamp) -> bool {
        self.now <= now && self.valid_until.is_none_or(|until| now < until)
    }

    /// A reader for one request.
    #[must_use]
    pub fn principal(&self, name: Arc<str>, profile: Arc<Profile>, gained: Arc<BTreeMap<LabelId, Gained>>) -> Principal {
        let release = ReleaseSet::new(self.permitted(&name, &profile), gained);
        Principal::new(name, profile, release, self.epoch.clone())
    }

    /// What the account `name` with `profile` may see, without regard to when it first could.
    #[must_use]
    pub fn release(&self, name: &str, profile: &Profile) -> ReleaseSet {
        ReleaseSet::new(self.permitted(name, profile), Arc::default())
    }

    /// Replies under this gate that have not ended, give or take those that end meanwhile.
    #[must_use]
    pub fn open_replies(&self) -> usize {
        Arc::strong_count(&self.epoch).saturating_sub(1)
    }

    /// Ends every reply that still runs under this gate at its next chunk.
    pub fn cut(&self) {
        self.epoch.cut.store(true, Ordering::Release);
    }

    fn permitted(&self, name: &str, profile: &Profile) -> Arc<[u64]> {
        let person = self.named.contains(name).then(|| name.to_owned());
        let profile = Profile { person, ..profile.clone() };
        let mut decided = self.decided.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = decided.get(&profile) {
            return known.clone();
        }
        let words: Arc<[u64]> = self.decide_all(&profile).into();
        decided.insert(profile, words.clone());
        words
    }

    fn decide_all(&self, profile: &Profile) -> Vec<u64> {
        let compiled = CompiledProfile::new(profile, &self.rules, self.now);
        let mut words = vec![0u64; self.compiled.len().div_ceil(64)];
        for (at, label) in self.compiled.iter().enumerate() {
            let permitted = label.as_ref().is_some_and(|label| decide(&compiled, label) == Verdict::Permit);
            debug_assert!(self.second_judge_agrees(profile, at, permitted), "the two judges disagree on label {at}");
            if permitted && let Some(word) = words.get_mut(at / 64) {
                *word |= 1 << (at % 64);
            }
        }
        words
    }

    /// The slow evaluator, asked wherever assertions are on.
    fn second_judge_agrees(&self, profile: &Profile, at: usize, permitted: bool) -> bool {
        let label = u32::try_from(at).ok().and_then(|id| self.labels.get(LabelId(id)));
        let verdict = label.map(|label| relto_policy::explain(profile, label, &self.rules, self.now).0);
        (verdict == Some(Verdict::Permit)) == permitted
    }
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Gate({})", self.now)
    }
}

fn persons(label: &Label) -> Vec<String> {
    let clauses = label.facets().flat_map(|(_, facet)| &facet.permissive);
    clauses
        .flat_map(|clause| &clause.values)
        .filter_map(|value| match value {
            Value::Person(name) => Some(name.clone()),
            _ => None,
        })
        .collect()
}
