//! The compiled floor: the mandatory rule of ADatP-4774.1, 3.11.4, over bit sets.
//!
//! What labels ask for comes down to few distinct demands: a level of a policy, an audience, a value to hold. Each is a bit. A label is
//! compiled to the bits that it needs, a profile to the bits that it meets, and [`decide`] compares the two. Everything is compiled for
//! one instant, so that time, group membership and equivalences are no longer questions when it runs. Whoever keeps compiled values must
//! drop them at the next change of any fact; `relto-gate` does.

mod consented;
mod demand;
mod reader;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use relto_model::{Facet, Label, PolicyId, Stamp};

use self::demand::{Compiled, Demand};
use self::reader::Reader;
use crate::Verdict;
use crate::profile::Profile;
use crate::rules::Rules;

/// All demands of the labels of one instant, each with the number of its bit.
#[derive(Debug, Clone)]
pub struct Floor {
    rules: Arc<Rules>,
    now: Stamp,
    numbers: HashMap<Arc<Demand>, u32>,
    compiled: Vec<Arc<Compiled>>,
}

/// A label, ready to be decided at one instant: the bits that it needs, each word once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CompiledLabel(Box<[(u32, u64)]>);

/// A profile, ready to be decided at one instant: a bit for each demand that it meets.
///
/// It knows the demands that the floor had when it was made, and meets no other.
#[derive(Debug, Clone, Default)]
pub struct CompiledProfile {
    met: Vec<u64>,
    /// Demands that somebody's consent would meet.
    pending: Vec<u64>,
    /// Demands that are met by what is left once the parts they are about are removed.
    redacting: Vec<u64>,
    known: usize,
}

impl Floor {
    /// A floor without demands, for `rules` as they read at `now`.
    #[must_use]
    pub fn new(rules: Arc<Rules>, now: Stamp) -> Self {
        let mut floor = Self { rules, now, numbers: HashMap::new(), compiled: Vec::new() };
        floor.number(Demand::Nobody);
        floor
    }

    /// Compiles `label` as it reads at the floor's instant, and takes up what it demands.
    pub fn label(&mut self, label: &Label) -> CompiledLabel {
        let facets = label.facets_at(self.now);
        let mut numbers = self.facets(facets);
        if facets.is_empty() {
            numbers.push(NOBODY);
        }
        CompiledLabel::new(&numbers)
    }

    /// Compiles `profile` as it stands at the floor's instant.
    #[must_use]
    pub fn profile(&self, profile: &Profile) -> CompiledProfile {
        let mut compiled = CompiledProfile::default();
        self.extend(profile, &mut compiled);
        compiled
    }

    /// Lets `compiled`, made of `profile` by this floor when it had fewer demands, know the rest.
    pub fn extend(&self, profile: &Profile, compiled: &mut CompiledProfile) {
        let reader = Reader::new(profile, &self.rules, self.now);
        for (number, demand) in (0u32..).zip(&self.compiled).skip(compiled.known) {
            let verdict = match demand.as_ref() {
                Compiled::One(one) => reader.meets(one),
                Compiled::Either(ways) => ways.iter().map(|way| decide(compiled, way)).min().unwrap_or(Verdict::Deny),
            };
            compiled.put(number, verdict);
        }
        compiled.known = self.compiled.len();
    }

    fn facets(&mut self, facets: &BTreeMap<PolicyId, Facet>) -> Vec<u32> {
        facets.iter().map(|(policy, facet)| self.facet(policy, facet)).collect::<Vec<_>>().concat()
    }

    fn facet(&mut self, policy: &PolicyId, facet: &Facet) -> Vec<u32> {
        if facet.alternatives.is_empty() {
            return demand::of_facet(policy, facet, &self.rules).into_iter().map(|demand| self.number(demand)).collect();
        }
        let demand = Demand::Either(policy.clone(), facet.clone());
        if let Some(known) = self.numbers.get(&demand) {
            return vec![*known];
        }
        let main = Facet { alternatives: BTreeMap::new(), ..facet.clone() };
        let ways = std::iter::once((policy, &main)).chain(&facet.alternatives);
        let ways = ways.map(|(policy, facet)| CompiledLabel::new(&self.facet(policy, facet))).collect();
        vec![self.enter(demand, Compiled::Either(ways))]
    }

    fn number(&mut self, demand: Demand) -> u32 {
        match self.numbers.get(&demand) {
            Some(known) => *known,
            None => {
                let compiled = Compiled::One(demand.compile(&self.rules, self.now));
                self.enter(demand, compiled)
            }
        }
    }

    fn enter(&mut self, demand: Demand, compiled: Compiled) -> u32 {
        let number = u32::try_from(self.compiled.len()).unwrap_or(NOBODY);
        self.compiled.push(Arc::new(compiled));
        self.numbers.insert(Arc::new(demand), number);
        number
    }
}

/// The number of [`Demand::Nobody`], which a floor takes up first.
const NOBODY: u32 = 0;

impl CompiledLabel {
    fn new(numbers: &[u32]) -> Self {
        let mut words: BTreeMap<u32, u64> = BTreeMap::new();
        for number in numbers {
            *words.entry(number / 64).or_default() |= 1 << (number % 64);
        }
        Self(words.into_iter().collect())
    }
}

impl CompiledProfile {
    fn put(&mut self, number: u32, verdict: Verdict) {
        let words = match verdict {
            Verdict::Permit => &mut self.met,
            Verdict::Redact => &mut self.redacting,
            Verdict::Pend => &mut self.pending,
            Verdict::Deny => return,
        };
        let at = number as usize / 64;
        if words.len() <= at {
            words.resize(at + 1, 0);
        }
        if let Some(word) = words.get_mut(at) {
            *word |= 1 << (number % 64);
        }
    }

    /// The verdict on those demands of word `at` in `needs` that are not met.
    #[cold]
    fn lacking(&self, at: u32, lacking: u64) -> Verdict {
        let word = |words: &[u64]| words.get(at as usize).copied().unwrap_or(0);
        let hard = lacking & !word(&self.pending) & !word(&self.redacting);
        match (hard, lacking & word(&self.pending)) {
            (0, 0) => Verdict::Redact,
            (0, _) => Verdict::Pend,
            _ => Verdict::Deny,
        }
    }
}

/// Whether `profile` may read what carries `label`. Both must be compiled by the same floor. The worst of all demands decides.
#[must_use]
pub fn decide(profile: &CompiledProfile, label: &CompiledLabel) -> Verdict {
    // A label without demands is one that nobody compiled.
    let mut verdict = if label.0.is_empty() { Verdict::Deny } else { Verdict::Permit };
    for (at, needs) in &label.0 {
        let lacking = needs & !profile.met.get(*at as usize).copied().unwrap_or(0);
        if lacking != 0 {
            verdict = verdict.max(profile.lacking(*at, lacking));
        }
    }
    verdict
}
