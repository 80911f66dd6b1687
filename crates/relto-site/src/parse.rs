//! A file of site policies: parsed, held to our rules for such files, and strictly validated against the schema.
//!
//! Beyond Cedar's own rules: `forbid` only, an `@id` of its own for each, no templates, no named entities, no annotation that we do not
//! know, nothing that a reader cannot see, and no policy that can never apply. A file is taken whole or not at all.

use std::collections::HashMap;
use std::str::FromStr as _;
use std::sync::{Arc, Mutex, PoisonError};

use cedar_policy::{Policy, PolicySet};
use relto_gate::Narrowed;
use sha2::{Digest as _, Sha256};

use crate::guard::{self, Guard};
use crate::schema::{Frame, SCHEMA, frame};
use crate::source::statements;
use crate::{SiteError, SiteEvaluationError};

mod report;
mod rules;

use report::Report;

/// The most slices that are kept; past them a label is asked of every policy, with the same answer.
const SLICES_MAX: usize = 4_096;

/// The policies of one file.
// INVARIANT: every policy is a `forbid`, valid against the schema, with an id of its own: together they can only withhold.
pub struct SitePolicies {
    name: String,
    policies: Vec<SitePolicy>,
    warnings: Vec<crate::Finding>,
    digest: [u8; 32],
    asks_date: bool,
    slices: Mutex<HashMap<Vec<usize>, Arc<PolicySet>>>,
}

pub(crate) struct SitePolicy {
    pub id: String,
    pub guards: Vec<Guard>,
    reason: Option<String>,
    citation: Option<String>,
    policy: Policy,
}

/// What a person may want to know of one policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PolicySummary<'p> {
    /// Its `@id`.
    pub id: &'p str,
    /// Its `@reason`.
    pub reason: Option<&'p str>,
    /// Its `@citation`.
    pub citation: Option<&'p str>,
    /// Whether it is evaluated only for labels that carry what it begins by asking for.
    pub is_guarded: bool,
}

impl SitePolicy {
    fn new(policy: Policy) -> Self {
        let json = policy.to_json().unwrap_or_default();
        let annotation = |key: &str| policy.annotation(key).map(str::to_owned);
        let (reason, citation) = (annotation("reason"), annotation("citation"));
        Self { id: policy.id().to_string(), guards: guard::of_policy(&json), reason, citation, policy }
    }

    pub(crate) fn narrowed(&self) -> Narrowed {
        Narrowed { id: self.id.clone(), reason: self.reason.clone(), citation: self.citation.clone() }
    }
}

impl SitePolicies {
    /// Reads the policies in `text`, which is called `name` in errors.
    ///
    /// # Errors
    /// [`SiteError`] with everything that is wrong, each with its place and what to do.
    pub fn parse(name: &str, text: &str) -> Result<Self, SiteError> {
        let mut report = Report::new(name, text);
        let Some(frame) = frame() else { return Err(report.fault()) };
        let begins = match statements(text) {
            Ok(begins) => begins,
            Err(excess) => return Err(report.excess(excess)),
        };
        report.invisible();
        let set = PolicySet::from_str(text).map_err(|errors| report.unreadable(&errors))?;
        let policies = rules::named(&set, &begins, frame, &mut report);
        report.checked()?;
        let named = PolicySet::from_policies(policies.iter().cloned());
        let named = named.map_err(|error| report.whole(&error, "give each policy an id of its own"))?;
        report.validated(&frame.validator.validate(&named, cedar_policy::ValidationMode::Strict));
        report.checked()?;
        Ok(Self::new(name, text, policies, report.warnings))
    }

    fn new(name: &str, text: &str, policies: Vec<Policy>, warnings: Vec<crate::Finding>) -> Self {
        let asks_date = policies.iter().any(|policy| policy.to_json().map_or(true, |json| rules::asks_date(&json)));
        let policies = policies.into_iter().map(SitePolicy::new).collect();
        let digest = Sha256::new().chain_update(SCHEMA).chain_update([0]).chain_update(text).finalize().into();
        Self { name: name.to_owned(), policies, warnings, digest, asks_date, slices: Mutex::default() }
    }

    /// What the file is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// SHA-256 over the schema and the text: equal digests, equal answers.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// Whether some policy asks for the date, so that answers change at midnight in UTC.
    #[must_use]
    pub fn asks_date(&self) -> bool {
        self.asks_date
    }

    /// What is worth a second look and no reason to refuse.
    #[must_use]
    pub fn warnings(&self) -> &[crate::Finding] {
        &self.warnings
    }

    /// Every policy, in the order of the file.
    pub fn summaries(&self) -> impl Iterator<Item = PolicySummary<'_>> {
        self.policies.iter().map(|policy| PolicySummary {
            id: &policy.id,
            reason: policy.reason.as_deref(),
            citation: policy.citation.as_deref(),
            is_guarded: !policy.guards.is_empty(),
        })
    }

    pub(crate) fn policies(&self) -> &[SitePolicy] {
        &self.policies
    }

    /// The policies at `concerned` and our permit, as Cedar takes them; `None` when there are none.
    pub(crate) fn slice(&self, mut concerned: Vec<usize>, frame: &Frame) -> Result<Option<Arc<PolicySet>>, SiteEvaluationError> {
        if concerned.is_empty() {
            return Ok(None);
        }
        let mut slices = self.slices.lock().unwrap_or_else(PoisonError::into_inner);
        if slices.len() >= SLICES_MAX && !slices.contains_key(&concerned) {
            concerned = (0..self.policies.len()).collect();
        }
        if let Some(known) = slices.get(&concerned) {
            return Ok(Some(known.clone()));
        }
        let policies = concerned.iter().filter_map(|at| self.policies.get(*at)).map(|policy| policy.policy.clone());
        let set = PolicySet::from_policies(policies.chain([frame.permit.clone()]));
        let set = Arc::new(set.map_err(|error| SiteEvaluationError::Facts(error.to_string()))?);
        slices.insert(concerned, set.clone());
        Ok(Some(set))
    }

    /// The same policies without slicing, for tests that hold the two to the same answers.
    #[cfg(test)]
    pub(crate) fn unsliced(mut self) -> Self {
        self.policies.iter_mut().for_each(|policy| policy.guards.clear());
        self
    }
}

impl std::fmt::Debug for SitePolicies {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "SitePolicies({}, {} policies)", self.name, self.policies.len())
    }
}
