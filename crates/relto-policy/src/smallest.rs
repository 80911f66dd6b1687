//! What would alter a decision: the smallest changes to the recipient or to the labels after which a withheld object would be released, or a
//! released one withheld.
//!
//! [`options`] lists, need by need, what could meet it, [`withdrawals`] what could end; here they are combined and every combination is put to
//! [`explain`](crate::explain()) again, so that nothing is proposed that does not work and nothing is in a proposal that it does not need.
//! It proposes, and changes nothing: whether a clearance is deserved or a label too high is for people to say. What a reader is (its
//! nations, its organisation) is never proposed.

mod facts;
mod options;
mod step;
mod withdrawals;

use std::collections::BTreeSet;

use relto_model::{Label, Stamp};

pub use self::facts::Fact;
pub use self::step::{Place, Step};
use crate::Verdict;
use crate::explain::explain_with;
use crate::law::Consent;
use crate::profile::Profile;
use crate::rules::Rules;

/// So many changes are proposed at most.
pub const CHANGES_MAX: usize = 12;
/// So many combinations are kept while they are put together, the smallest.
const COMBINATIONS_MAX: usize = 64;

/// Steps that alter the decision together, and of which none can be left out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change(pub BTreeSet<Step>);

impl Change {
    /// Fewer steps first, then those that leave the labels alone, and last those that take from them what the law or an owner asks for.
    fn size(&self) -> (usize, usize, usize) {
        let count = |of: fn(&&Step) -> bool| self.0.iter().filter(of).count();
        (count(|step| step.drops_a_demand()), self.0.len(), count(|step| step.place().is_some()))
    }
}

/// The smallest changes after which `profile` may read what carries `label` at `now`, or may no more if it may: fewest steps first, then those
/// on the recipient's side; at most [`CHANGES_MAX`]. None when nothing that could be proposed would do; for what is released, nothing of more than
/// two steps is.
///
/// Each was tried: with all of its steps [`explain`](crate::explain()) answers otherwise, with any fewer it does not. A label that becomes
/// another one later is looked at as it is now.
#[must_use]
pub fn smallest_changes(profile: &Profile, label: &Label, rules: &Rules, now: Stamp) -> Vec<Change> {
    smallest_changes_of_all(profile, &[Labelled { label, consents: &[] }], rules, now, &|_, _| true)
}

/// A label that must be met, and the consents that were given beside it.
#[derive(Debug, Clone, Copy)]
pub struct Labelled<'a> {
    /// The label.
    pub label: &'a Label,
    /// The consents.
    pub consents: &'a [Consent],
}

/// As [`smallest_changes`], for what must be met label by label: an object's own, and that of the collection it is in.
/// [`Place::label`] says in which one a step is. What `narrowing` does not admit, which is asked of each label by itself, is not released.
#[must_use]
pub fn smallest_changes_of_all(
    profile: &Profile,
    labels: &[Labelled<'_>],
    rules: &Rules,
    now: Stamp,
    narrowing: &dyn Fn(&Profile, &Label) -> bool,
) -> Vec<Change> {
    let asked = Asked { profile, labels, rules, now, narrowing };
    if asked.releases(&BTreeSet::new()) {
        return asked.smallest_withdrawals();
    }
    let mut found: BTreeSet<Change> = BTreeSet::new();
    for candidate in asked.candidates() {
        if asked.releases(&candidate.0) {
            found.insert(asked.without_idle_steps(candidate));
        }
    }
    let mut changes = sorted(found.into_iter().collect());
    changes.truncate(CHANGES_MAX);
    changes
}

fn sorted(mut changes: Vec<Change>) -> Vec<Change> {
    changes.sort_by(|one, other| one.size().cmp(&other.size()).then_with(|| one.cmp(other)));
    changes
}

/// The change that changes nothing: what a need that is met asks for.
fn nothing() -> Vec<Change> {
    vec![Change(BTreeSet::new())]
}

/// One step or several from each of `needs`, in every combination; the smallest of them when there are many.
fn all_of(needs: impl IntoIterator<Item = Vec<Change>>) -> Vec<Change> {
    needs.into_iter().fold(nothing(), |combined, options| {
        let joined = combined.iter().flat_map(|one| options.iter().map(|other| Change(&one.0 | &other.0)));
        let mut joined = sorted(joined.collect());
        joined.dedup();
        joined.truncate(COMBINATIONS_MAX);
        joined
    })
}

/// Who asks for what, and when.
#[derive(Clone, Copy)]
struct Asked<'a> {
    profile: &'a Profile,
    labels: &'a [Labelled<'a>],
    rules: &'a Rules,
    now: Stamp,
    narrowing: &'a dyn Fn(&Profile, &Label) -> bool,
}

impl Asked<'_> {
    /// Whether the reader may read under every label once `steps` are taken.
    fn releases(self, steps: &BTreeSet<Step>) -> bool {
        let profile = step::changed_profile(self.profile, steps);
        (0..).zip(self.labels).all(|(number, labelled)| {
            let changed = step::changed_label(labelled.label, number, steps, self.now);
            changed.is_some_and(|label| self.permits(&profile, &label, number, steps) && (self.narrowing)(&profile, &label))
        })
    }

    /// Whether `label`, in the place of label `number` and with the consents of that which `steps` do not withdraw, lets `profile` in.
    fn permits(self, profile: &Profile, label: &Label, number: usize, steps: &BTreeSet<Step>) -> bool {
        let given = self.labels.get(number).map_or(&[][..], |labelled| labelled.consents);
        let stays = |consent: &&Consent| !steps.contains(&Step::Withdraw(number, (*consent).clone()));
        let consents: Vec<Consent> = given.iter().filter(stays).cloned().collect();
        explain_with(profile, label, &consents, self.rules, self.now).0 == Verdict::Permit
    }

    /// `change` without the steps that it does not need. Steps only ever let in more, so that trying one after the other is enough.
    fn without_idle_steps(self, mut change: Change) -> Change {
        for step in change.0.clone() {
            change.0.remove(&step);
            if !self.releases(&change.0) {
                change.0.insert(step);
            }
        }
        change
    }
}

#[cfg(test)]
mod tests;
