//! Policies that narrow: what a site withholds beyond the release rules.
//!
//! A gate asks a [`Narrowing`] once per (profile, label), and ANDs the answer with its own. Profiles and labels are prepared once for the
//! gate's instant. This file has no policy language in it; `relto-site` has Cedar.

use std::any::Any;

use relto_model::{Label, Stamp};
use relto_policy::{Profile, Rules};

/// A profile or a label as one [`Narrowing`] prepared it; only that one can read it.
pub struct Prepared(Box<dyn Any + Send + Sync>);

impl Prepared {
    /// Wraps what a narrowing keeps.
    #[must_use]
    pub fn new<T: Any + Send + Sync>(kept: T) -> Self {
        Self(Box::new(kept))
    }

    /// What was wrapped; `None` when it was something else.
    #[must_use]
    pub fn get<T: Any>(&self) -> Option<&T> {
        self.0.downcast_ref()
    }
}

impl std::fmt::Debug for Prepared {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Prepared")
    }
}

/// A policy that withholds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Narrowed {
    /// Its id.
    pub id: String,
    /// Why, in the words of its author; or that it erred.
    pub reason: Option<String>,
    /// Where the rule stands.
    pub citation: Option<String>,
}

/// Whatever can withhold more than the release rules. It never permits what they do not: its answers are ANDed with theirs.
pub trait Narrowing: Send + Sync {
    /// `profile` as it stands at `now`. What cannot be prepared is prepared as withheld.
    fn prepare_profile(&self, profile: &Profile, rules: &Rules, now: Stamp) -> Prepared;

    /// `label` as it reads at `now`. What cannot be prepared is prepared as withheld.
    fn prepare_label(&self, label: &Label, rules: &Rules, now: Stamp) -> Prepared;

    /// Whether `profile` may read what carries `label`, both prepared by this narrowing for the same instant; anything else is no. An error is
    /// no.
    fn permits(&self, profile: &Prepared, label: &Prepared) -> bool;

    /// The policies that withhold; at least one when [`permits`](Self::permits) says no.
    fn withheld_by(&self, profile: &Profile, label: &Label, rules: &Rules, now: Stamp) -> Vec<Narrowed>;

    /// The next instant after `now` when an answer may change though no profile, label or rule does; `None` when there is none.
    fn next_change(&self, now: Stamp) -> Option<Stamp>;

    /// Which policies these are: equal digests, equal answers.
    fn digest(&self) -> [u8; 32];
}
