//! The questions: may this profile read what carries this label, as far as the site is concerned, and if not, which policies say so.
//!
//! A profile and a label are prepared once for an instant; a decision puts the two together. Whatever errs withholds.

use std::sync::Arc;

use cedar_policy::{Authorizer, Context, Decision, Entities, PolicySet, Request, Response};
use relto_gate::Narrowed;
use relto_model::{Label, Stamp};
use relto_policy::{Profile, Rules};

use crate::parse::{SitePolicies, SitePolicy};
use crate::schema::{Frame, frame};
use crate::{SiteEvaluationError, facts, guard};

/// A profile in the terms of the schema, as it stands at one instant.
#[derive(Debug)]
pub struct PreparedProfile {
    now: Stamp,
    entities: Entities,
    context: Context,
}

/// A label in the terms of the schema, as it reads at one instant, with the policies that can concern it.
#[derive(Debug)]
pub struct PreparedLabel {
    now: Stamp,
    digest: [u8; 32],
    entities: Entities,
    /// `None` when no policy can concern the label.
    policies: Option<Arc<PolicySet>>,
}

impl PreparedProfile {
    /// Prepares `profile` as it stands at `now`.
    ///
    /// # Errors
    /// [`SiteEvaluationError::Facts`] when it is not of the schema's form.
    pub fn new(profile: &Profile, rules: &Rules, now: Stamp) -> Result<Self, SiteEvaluationError> {
        let frame = framed()?;
        let entities = facts::of_profile(profile, rules, now).entities(&frame.profile, frame)?;
        Ok(Self { now, entities, context: facts::context(now)? })
    }
}

impl SitePolicies {
    /// Whether no policy forbids `profile` to read what carries `label` at `now`.
    ///
    /// # Errors
    /// [`SiteEvaluationError`] when that cannot be said, which withholds.
    pub fn permits(&self, profile: &Profile, label: &Label, rules: &Rules, now: Stamp) -> Result<bool, SiteEvaluationError> {
        let profile = PreparedProfile::new(profile, rules, now)?;
        self.permits_prepared(&profile, &self.prepare_label(label, rules, now)?)
    }

    /// Prepares `label` as it reads at `now`, for any number of profiles.
    ///
    /// # Errors
    /// [`SiteEvaluationError::Facts`] when it is not of the schema's form.
    pub fn prepare_label(&self, label: &Label, rules: &Rules, now: Stamp) -> Result<PreparedLabel, SiteEvaluationError> {
        let frame = framed()?;
        let facts = facts::of_label(label, rules, now);
        let concerned: Vec<usize> =
            (0..).zip(self.policies()).filter(|(_, policy)| guard::all_met(&policy.guards, &facts)).map(|(at, _)| at).collect();
        let policies = self.slice(concerned, frame)?;
        Ok(PreparedLabel { now, digest: self.digest(), entities: facts.entities(&frame.label, frame)?, policies })
    }

    /// [`permits`](Self::permits), of what was prepared for the same instant.
    ///
    /// # Errors
    /// [`SiteEvaluationError`] when a policy errs, or the two do not belong together; both withhold.
    pub fn permits_prepared(&self, profile: &PreparedProfile, label: &PreparedLabel) -> Result<bool, SiteEvaluationError> {
        let Some(response) = self.respond(profile, label)? else { return Ok(true) };
        match response.diagnostics().errors().next() {
            Some(cedar_policy::AuthorizationError::PolicyEvaluationError(error)) => {
                Err(SiteEvaluationError::Policy { policy: error.policy_id().to_string(), message: error.inner().to_string() })
            }
            None => Ok(response.decision() == Decision::Allow),
        }
    }

    /// The policies that withhold, in the order of their file, and first those that err; none when the answer is yes.
    #[must_use]
    pub fn withheld_by(&self, profile: &Profile, label: &Label, rules: &Rules, now: Stamp) -> Vec<Narrowed> {
        let prepared = PreparedProfile::new(profile, rules, now).and_then(|profile| Ok((profile, self.prepare_label(label, rules, now)?)));
        match prepared.and_then(|(profile, label)| self.respond(&profile, &label)) {
            Ok(response) => response.map_or_else(Vec::new, |response| self.named(&response)),
            Err(error) => vec![Narrowed { id: self.name().to_owned(), reason: Some(error.to_string()), citation: None }],
        }
    }

    fn named(&self, response: &Response) -> Vec<Narrowed> {
        let errors = response.diagnostics().errors().map(|cedar_policy::AuthorizationError::PolicyEvaluationError(error)| Narrowed {
            id: error.policy_id().to_string(),
            reason: Some(format!("cannot be evaluated, which withholds: {}", error.inner())),
            citation: None,
        });
        let decided: Vec<&str> = response.diagnostics().reason().map(AsRef::as_ref).collect();
        let forbids = self.policies().iter().filter(|policy| decided.contains(&policy.id.as_str())).map(SitePolicy::narrowed);
        let is_withheld = response.decision() == Decision::Deny;
        errors.chain(forbids.filter(|_| is_withheld)).collect()
    }

    /// `None` when there is nothing to ask.
    fn respond(&self, profile: &PreparedProfile, label: &PreparedLabel) -> Result<Option<Response>, SiteEvaluationError> {
        if profile.now != label.now || label.digest != self.digest() {
            return Err(SiteEvaluationError::Foreign);
        }
        let Some(policies) = &label.policies else { return Ok(None) };
        let frame = framed()?;
        let entities = joined(&profile.entities, &label.entities, frame)?;
        let (who, action, what) = (frame.profile.clone(), frame.read.clone(), frame.label.clone());
        let request = Request::new(who, action, what, profile.context.clone(), None);
        let request = request.map_err(|error| SiteEvaluationError::Facts(error.to_string()))?;
        Ok(Some(Authorizer::new().is_authorized(&request, policies, &entities)))
    }
}

fn joined(profile: &Entities, label: &Entities, frame: &Frame) -> Result<Entities, SiteEvaluationError> {
    let label = label.get(&frame.label).cloned();
    profile.clone().add_entities(label, None).map_err(|error| SiteEvaluationError::Facts(error.to_string()))
}

fn framed() -> Result<&'static Frame, SiteEvaluationError> {
    frame().ok_or_else(|| SiteEvaluationError::Facts("the schema cannot be read".to_owned()))
}
