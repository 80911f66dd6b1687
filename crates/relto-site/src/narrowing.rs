//! Site policies as the gate asks them.

use std::sync::Arc;

use relto_gate::{Narrowed, Narrowing, Prepared, SiteEngine};
use relto_model::{Label, Stamp};
use relto_policy::{Profile, Rules};

use crate::{PreparedLabel, PreparedProfile, SiteEvaluationError, SitePolicies};

/// Reads site policies in Cedar.
#[derive(Debug, Clone, Copy, Default)]
pub struct CedarEngine;

impl SiteEngine for CedarEngine {
    fn read(&self, name: &str, text: &str) -> Result<Arc<dyn Narrowing>, Vec<String>> {
        let place = |finding: &crate::Finding| {
            let policy = finding.policy.as_ref().map(|policy| format!(" `{policy}`")).unwrap_or_default();
            format!("{name}:{}:{}{policy}: {}; {}", finding.line, finding.column, finding.message, finding.help)
        };
        match SitePolicies::parse(name, text) {
            Ok(policies) => Ok(Arc::new(policies)),
            Err(error) => Err(error.findings.iter().map(place).collect()),
        }
    }
}

const DAY_MICROS: i64 = 24 * 60 * 60 * 1_000_000;

impl Narrowing for SitePolicies {
    fn prepare_profile(&self, profile: &Profile, rules: &Rules, now: Stamp) -> Prepared {
        Prepared::new(PreparedProfile::new(profile, rules, now))
    }

    fn prepare_label(&self, label: &Label, rules: &Rules, now: Stamp) -> Prepared {
        Prepared::new(SitePolicies::prepare_label(self, label, rules, now))
    }

    fn permits(&self, profile: &Prepared, label: &Prepared) -> bool {
        let profile = profile.get::<Result<PreparedProfile, SiteEvaluationError>>().and_then(|profile| profile.as_ref().ok());
        let label = label.get::<Result<PreparedLabel, SiteEvaluationError>>().and_then(|label| label.as_ref().ok());
        profile.zip(label).is_some_and(|(profile, label)| self.permits_prepared(profile, label) == Ok(true))
    }

    fn withheld_by(&self, profile: &Profile, label: &Label, rules: &Rules, now: Stamp) -> Vec<Narrowed> {
        SitePolicies::withheld_by(self, profile, label, rules, now)
    }

    /// The next midnight in UTC, when a policy asks for the date.
    fn next_change(&self, now: Stamp) -> Option<Stamp> {
        self.asks_date().then(|| Stamp(now.day().0.saturating_add(DAY_MICROS)))
    }

    fn digest(&self) -> [u8; 32] {
        SitePolicies::digest(self)
    }
}
