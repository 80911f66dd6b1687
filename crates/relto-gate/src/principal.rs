//! Who reads: a person, a partner node or an agent, for the length of one request.

use std::fmt;
use std::sync::Arc;

use relto_policy::Profile;

use crate::epoch::Epoch;
use crate::release::ReleaseSet;

/// Somebody who reads, with what they may see as of one epoch. Not `Clone`: it lives as long as the request.
pub struct Principal {
    name: Arc<str>,
    profile: Arc<Profile>,
    release: ReleaseSet,
    epoch: Arc<Epoch>,
}

impl Principal {
    pub(crate) fn new(name: Arc<str>, profile: Arc<Profile>, release: ReleaseSet, epoch: Arc<Epoch>) -> Self {
        Self { name, profile, release, epoch }
    }

    /// The account's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The attributes that were decided on.
    #[must_use]
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// What may be seen.
    #[must_use]
    pub fn release(&self) -> &ReleaseSet {
        &self.release
    }

    /// Whether the facts behind the release set have been replaced and the time for older replies is over: send nothing more.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.epoch.is_cut()
    }
}

impl fmt::Debug for Principal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Principal({})", self.name)
    }
}
