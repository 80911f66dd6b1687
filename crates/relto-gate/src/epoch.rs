//! A gate: all facts as they stand for one span of time, and the decisions made on them.
//!
//! Facts never change inside a gate. When one does, the node builds another gate and retires this one; replies that began under
//! the old one are given time to end and are then cut.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use relto_model::{Label, Stamp, Value};
use relto_policy::law::{Consent, ConsentedTo};
use relto_policy::legal;
use relto_policy::{CompiledLabel, CompiledProfile, Floor, Profile, Rules, Verdict, decide};

use crate::labels::{LabelId, LabelTable};
use crate::principal::Principal;
use crate::release::{Gained, ReleaseSet};
use crate::site::SiteRules;

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

/// What was decided for one profile: on so many labels, and the labels that are permitted as bits.
#[derive(Debug, Default)]
struct Decided {
    profile: CompiledProfile,
    labels: usize,
    permitted: Arc<[u64]>,
}

/// All facts for one span of time.
pub struct Gate {
    rules: Arc<Rules>,
    labels: Arc<LabelTable>,
    now: Stamp,
    valid_until: Option<Stamp>,
    floor: Floor,
    site: Arc<SiteRules>,
    /// By number; `None` for a number that is not in use.
    compiled: Vec<Option<Arc<CompiledLabel>>>,
    /// Accounts that some label names; everybody else can share a profile with their equals.
    named: Arc<BTreeSet<String>>,
    decided: Mutex<HashMap<Profile, Arc<Decided>>>,
    epoch: Arc<Epoch>,
}

impl Gate {
    /// The gate for `rules` and `labels` as they read at `now`. `next_change` is the next instant when some profile's own facts change.
    #[must_use]
    pub fn new(rules: Arc<Rules>, labels: Arc<LabelTable>, now: Stamp, next_change: Option<Stamp>) -> Self {
        let valid_until = [next_change, rules.memberships.next_change(now)].into_iter().flatten().min();
        let (floor, named) = (Floor::new(rules.clone(), now), Arc::default());
        let (site, compiled, decided, epoch) = (Arc::default(), Vec::new(), Mutex::default(), Arc::default());
        Self { rules, labels: Arc::default(), now, valid_until, floor, site, compiled, named, decided, epoch }.with_labels(labels)
    }

    /// The same facts, and what `site` withholds beyond them at the gate's instant.
    #[must_use]
    pub fn narrowed(self, site: Arc<SiteRules>) -> Self {
        let site = if site.is_empty() || site.now() == self.now { site } else { Arc::new(site.at(self.now)) };
        let valid_until = [self.valid_until, site.next_change(self.now)].into_iter().flatten().min();
        Self { site, valid_until, decided: Mutex::default(), ..self }
    }

    /// The same facts with more labels. Earlier decisions stand, and so do the replies made under them.
    #[must_use]
    pub fn with_labels(&self, labels: Arc<LabelTable>) -> Self {
        let (mut floor, mut compiled, mut valid_until) = (self.floor.clone(), self.compiled.clone(), self.valid_until);
        compiled.resize(labels.next_id().0 as usize, None);
        let mut persons_named = Vec::new();
        // A label never changes under its number: what is compiled stays so.
        for (id, label) in labels.iter() {
            if let Some(slot) = compiled.get_mut(id.0 as usize).filter(|slot| slot.is_none()) {
                *slot = Some(Arc::new(floor.label(label)));
                let consents = labels.consents(id).unwrap_or_default();
                persons_named.extend(persons(label).into_iter().chain(persons_consented_to(consents)));
                let next = label.changes().find(|change| *change > self.now);
                let by_law = self.rules.law.next_change(legal::tags(label), self.now);
                let by_consent = consents.iter().filter_map(|consent| consent.next_change(self.now)).min();
                valid_until = [valid_until, next, by_law, by_consent].into_iter().flatten().min();
            }
        }
        let named = if persons_named.iter().all(|name| self.named.contains(name)) {
            self.named.clone()
        } else {
            Arc::new(self.named.iter().cloned().chain(persons_named).collect())
        };
        let (rules, site, now, epoch) = (self.rules.clone(), self.site.clone(), self.now, self.epoch.clone());
        // Who has become named is decided anew, under a profile of its own.
        let decided = Mutex::new(self.decided.lock().unwrap_or_else(PoisonError::into_inner).clone());
        Self { rules, labels, now, valid_until, floor, site, compiled, named, decided, epoch }
    }

    /// What the site withholds beyond the rules.
    #[must_use]
    pub fn site(&self) -> &Arc<SiteRules> {
        &self.site
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

    /// `profile` as it is decided on for the account `name`: with its name where some label names it.
    #[must_use]
    pub fn as_named(&self, name: &str, profile: &Profile) -> Profile {
        let person = self.named.contains(name).then(|| name.to_owned());
        Profile { person, ..profile.clone() }
    }

    fn permitted(&self, name: &str, profile: &Profile) -> Arc<[u64]> {
        let profile = self.as_named(name, profile);
        let mut all = self.decided.lock().unwrap_or_else(PoisonError::into_inner);
        match all.get(&profile) {
            Some(known) if known.labels == self.compiled.len() => known.permitted.clone(),
            known => {
                let decided = self.decide_rest(&profile, known.map_or(&Decided::default(), Arc::as_ref));
                let permitted = decided.permitted.clone();
                all.insert(profile, Arc::new(decided));
                permitted
            }
        }
    }

    /// What is decided for `profile` on all labels, `known` being what was decided when there were fewer.
    fn decide_rest(&self, profile: &Profile, known: &Decided) -> Decided {
        let mut compiled = known.profile.clone();
        self.floor.extend(profile, &mut compiled);
        let mut words = known.permitted.to_vec();
        words.resize(self.compiled.len().div_ceil(64), 0);
        // A number that was not in use may be by now.
        let mut by_rules = Vec::new();
        for (at, label) in self.compiled.iter().enumerate() {
            let permitted = label.as_ref().is_some_and(|label| self.permits(profile, &compiled, at, label));
            debug_assert!(at < known.labels || self.second_judge_agrees(profile, at, permitted), "the two judges disagree on label {at}");
            by_rules.extend(permitted.then_some(at));
        }
        for at in self.narrow(profile, by_rules) {
            if let Some(word) = words.get_mut(at / 64) {
                *word |= 1 << (at % 64);
            }
        }
        Decided { profile: compiled, labels: self.compiled.len(), permitted: words.into() }
    }

    /// Those of the labels numbered `permitted` that what was agreed and the site permit as well.
    fn narrow(&self, profile: &Profile, permitted: Vec<usize>) -> Vec<usize> {
        if self.site.is_empty() && profile.terms.is_open() {
            return permitted;
        }
        let label = |at: usize| Some((at, self.labels.get(LabelId(u32::try_from(at).ok()?))?));
        let agreed = |(_, label): &(usize, &Arc<Label>)| profile.terms.outside(label, &self.rules, self.now).is_none();
        let labels: Vec<(usize, &Arc<Label>)> = permitted.into_iter().filter_map(label).filter(agreed).collect();
        if self.site.is_empty() {
            return labels.into_iter().map(|(at, _)| at).collect();
        }
        let answers = self.site.permit_all(profile, labels.iter().map(|(_, label)| label.as_ref()));
        labels.into_iter().zip(answers).filter_map(|((at, _), permits)| permits.then_some(at)).collect()
    }

    /// What the label decides and, where that pends, what was consented to for the object whose number it is.
    fn permits(&self, profile: &Profile, compiled: &CompiledProfile, at: usize, label: &CompiledLabel) -> bool {
        match decide(compiled, label) {
            Verdict::Permit => true,
            Verdict::Pend => {
                let consents = self.consents(at);
                !consents.is_empty() && self.floor.is_consented(profile, compiled, label, consents)
            }
            Verdict::Redact | Verdict::Deny => false,
        }
    }

    fn consents(&self, at: usize) -> &[Consent] {
        let id = u32::try_from(at).ok().map(LabelId);
        id.and_then(|id| self.labels.consents(id)).unwrap_or_default()
    }

    /// The slow evaluator, asked wherever assertions are on.
    fn second_judge_agrees(&self, profile: &Profile, at: usize, permitted: bool) -> bool {
        let label = u32::try_from(at).ok().and_then(|id| self.labels.get(LabelId(id)));
        let verdict = label.map(|label| relto_policy::explain_with(profile, label, self.consents(at), &self.rules, self.now).0);
        (verdict == Some(Verdict::Permit)) == permitted
    }
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Gate({})", self.now)
    }
}

fn persons_consented_to(consents: &[Consent]) -> impl Iterator<Item = String> {
    consents.iter().filter_map(|consent| match &consent.recipient {
        ConsentedTo::Person(name) => Some(name.clone()),
        ConsentedTo::Organisation(_) | ConsentedTo::Nation(_) => None,
    })
}

fn persons(label: &Label) -> Vec<String> {
    let clauses = label.facets_ever().flat_map(|(_, facet)| &facet.permissive);
    clauses
        .flat_map(|clause| &clause.values)
        .filter_map(|value| match value {
            Value::Person(name) => Some(name.clone()),
            _ => None,
        })
        .collect()
}
