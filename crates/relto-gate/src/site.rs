//! What a site withholds beyond the release rules, decided once per profile and label and remembered for as long as nothing changes.
//!
//! Every policy must permit. An evaluation costs a thousand times what the floor does, so that answers outlive the gate they were made for:
//! the node hands them on to the next gate when rules, policies and time still say the same, and evaluates a new set before it is in force.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use relto_model::{Label, Stamp};
use relto_policy::{Profile, Rules};

use crate::narrowing::{Narrowed, Narrowing, Prepared};

/// Whether what carries a label may be read, by the label's digest.
type Answers = HashMap<[u8; 32], bool>;

/// The site policies in force at one instant, and what they have answered.
#[derive(Default)]
pub struct SiteRules {
    policies: Vec<Arc<dyn Narrowing>>,
    rules: Arc<Rules>,
    now: Stamp,
    answers: Mutex<HashMap<Profile, Arc<Answers>>>,
    labels: Mutex<HashMap<[u8; 32], Arc<[Prepared]>>>,
}

impl SiteRules {
    /// `policies`, none of which has answered yet, for `rules` as they read at `now`.
    #[must_use]
    pub fn new(policies: Vec<Arc<dyn Narrowing>>, rules: Arc<Rules>, now: Stamp) -> Self {
        Self { policies, rules, now, ..Self::default() }
    }

    /// The same policies at the later `now`, with those of their answers that no date of theirs, or of whom they are about, has made old. That
    /// rules and labels read as before is for the caller to know. A profile may have belonged to nobody while its date passed.
    #[must_use]
    pub fn at(&self, now: Stamp) -> Self {
        let lies_ahead = |change: Option<Stamp>| change.is_none_or(|change| now < change);
        let are_as_before = lies_ahead(self.next_change(self.now));
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner).clone();
        answers.retain(|profile, _| are_as_before && lies_ahead(profile.next_change(self.now)));
        let (policies, rules) = (self.policies.clone(), self.rules.clone());
        Self { policies, rules, now, answers: Mutex::new(answers), labels: Mutex::default() }
    }

    /// Whether there is no policy.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.policies.is_empty()
    }

    /// Whether these are the very policies of `digests`, in their order.
    #[must_use]
    pub fn are(&self, digests: &[[u8; 32]]) -> bool {
        self.policies.iter().map(|policy| policy.digest()).eq(digests.iter().copied())
    }

    /// The rules that they were asked under.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The instant for which they answer.
    #[must_use]
    pub fn now(&self) -> Stamp {
        self.now
    }

    /// The next instant after `now` when an answer may change.
    #[must_use]
    pub fn next_change(&self, now: Stamp) -> Option<Stamp> {
        self.policies.iter().filter_map(|policy| policy.next_change(now)).min()
    }

    /// For each of `labels`, whether every policy lets `profile` read what carries it. Answers that are known are not asked for again.
    #[must_use]
    pub fn permit_all<'l>(&self, profile: &Profile, labels: impl IntoIterator<Item = &'l Label>) -> Vec<bool> {
        let mut known = self.answers.lock().unwrap_or_else(PoisonError::into_inner).get(profile).cloned().unwrap_or_default();
        let before = known.len();
        let mut asking: Option<Vec<Prepared>> = None;
        let mut permit = |label: &Label| {
            let digest = label.digest();
            if let Some(answer) = known.get(&digest) {
                return *answer;
            }
            let asking = asking.get_or_insert_with(|| self.policies.iter().map(|policy| self.reader(policy.as_ref(), profile)).collect());
            let label = self.label(&digest, label);
            let mut asked = self.policies.iter().zip(asking.iter()).zip(label.iter());
            let permits = asked.all(|((policy, reader), label)| policy.permits(reader, label));
            Arc::make_mut(&mut known).insert(digest, permits);
            permits
        };
        let permitted = labels.into_iter().map(&mut permit).collect();
        if known.len() > before {
            let mut all = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::make_mut(all.entry(profile.clone()).or_default()).extend(known.iter());
        }
        permitted
    }

    /// The policies that keep `profile` from what carries `label`.
    #[must_use]
    pub fn withheld_by(&self, profile: &Profile, label: &Label) -> Vec<Narrowed> {
        self.policies.iter().flat_map(|policy| policy.withheld_by(profile, label, &self.rules, self.now)).collect()
    }

    fn reader(&self, policy: &dyn Narrowing, profile: &Profile) -> Prepared {
        policy.prepare_profile(profile, &self.rules, self.now)
    }

    /// `label`, prepared for each policy.
    fn label(&self, digest: &[u8; 32], label: &Label) -> Arc<[Prepared]> {
        let known = self.labels.lock().unwrap_or_else(PoisonError::into_inner).get(digest).cloned();
        known.unwrap_or_else(|| {
            let prepared: Arc<[Prepared]> = self.policies.iter().map(|policy| policy.prepare_label(label, &self.rules, self.now)).collect();
            self.labels.lock().unwrap_or_else(PoisonError::into_inner).insert(*digest, prepared.clone());
            prepared
        })
    }
}

/// Says nothing: what is withheld from whom is nobody's log line.
impl std::fmt::Debug for SiteRules {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("SiteRules")
    }
}

/// Reads site policies; the one language that they are written in is not the gate's business.
pub trait SiteEngine: Send + Sync {
    /// The policies that `text`, of a file called `name`, says.
    ///
    /// # Errors
    /// Everything that is wrong, place by place.
    fn read(&self, name: &str, text: &str) -> Result<Arc<dyn Narrowing>, Vec<String>>;
}
