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

/// A label, ready to be decided at one instant: the bits that it needs, each word once. The first two, which most labels do with, stand in the
/// label itself: a decision then reads nothing else of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompiledLabel {
    head: [Needs; 2],
    rest: Box<[Needs]>,
}

/// The number of a word, and the bits of it that are needed.
type Needs = (u32, u64);

/// A profile, ready to be decided at one instant: a bit for each demand that it meets.
///
/// It knows the demands that the floor had when it was made, and meets no other.
#[derive(Debug, Clone, Default)]
pub struct CompiledProfile {
    words: Vec<Word>,
    known: usize,
}

/// How a profile stands to 64 demands.
#[derive(Debug, Clone, Copy, Default)]
struct Word {
    met: u64,
    /// Demands that somebody's consent would meet.
    pending: u64,
    /// Demands that are met by what is left once the parts they are about are removed.
    redacting: u64,
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
        CompiledLabel::new(&self.facets(facets))
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
    /// The label that needs the bits of these numbers; of none, nobody meets it.
    fn new(numbers: &[u32]) -> Self {
        let mut words: BTreeMap<u32, u64> = BTreeMap::new();
        for number in numbers.iter().chain(numbers.is_empty().then_some(&NOBODY)) {
            *words.entry(number / 64).or_default() |= 1 << (number % 64);
        }
        let mut words = words.into_iter();
        let mut next = || words.next().unwrap_or_default();
        Self { head: [next(), next()], rest: words.collect() }
    }

    fn needs(&self) -> impl Iterator<Item = &Needs> {
        self.head.iter().chain(&self.rest)
    }
}

impl Default for CompiledLabel {
    /// A label that nobody meets.
    fn default() -> Self {
        Self::new(&[])
    }
}

impl CompiledProfile {
    fn put(&mut self, number: u32, verdict: Verdict) {
        let at = number as usize / 64;
        if self.words.len() <= at {
            self.words.resize(at + 1, Word::default());
        }
        let Some(word) = self.words.get_mut(at) else { return };
        let bits = match verdict {
            Verdict::Permit => &mut word.met,
            Verdict::Redact => &mut word.redacting,
            Verdict::Pend => &mut word.pending,
            Verdict::Deny => return,
        };
        *bits |= 1 << (number % 64);
    }

    /// The demands of `needs` that are not met, and how the profile stands to the rest of their word.
    fn lacking(&self, (at, needs): &Needs) -> (u64, Word) {
        let word = self.words.get(*at as usize).copied().unwrap_or_default();
        (needs & !word.met, word)
    }

    fn verdict(&self, needs: &Needs) -> Verdict {
        let (lacking, word) = self.lacking(needs);
        if lacking == 0 {
            Verdict::Permit
        } else if lacking & !(word.pending | word.redacting) != 0 {
            Verdict::Deny
        } else if lacking & word.pending != 0 {
            Verdict::Pend
        } else {
            Verdict::Redact
        }
    }
}

/// Whether `profile` may read what carries `label`. Both must be compiled by the same floor. The worst of all demands decides.
#[must_use]
pub fn decide(profile: &CompiledProfile, label: &CompiledLabel) -> Verdict {
    let [first, second] = &label.head;
    let worst = profile.verdict(first).max(profile.verdict(second));
    if worst == Verdict::Deny {
        return worst;
    }
    label.rest.iter().fold(worst, |worst, needs| worst.max(profile.verdict(needs)))
}
