//! Applies the rules of a law to one tag and one recipient, at one instant, with a reason for every step.
//!
//! Called once per profile and distinct tag, so it is written to be read. Consents are not consulted here: they are about one object
//! ([`consent`](super::consent)). Combining the tags of a label is [`combine`](super::combine).

use relto_model::Stamp;
use relto_model::label::Restriction;

use super::condition::{Case, Condition, date};
use super::facts::RecipientFacts;
use super::obligation::ObligationSet;
use super::rules::{Ground, LawRules, LegalRule, Refusal};
use super::tables::LawTables;
use super::value::Reading;

/// What the law says about one tag and one recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It may be released, if these are seen to.
    Met(ObligationSet),
    /// It may not, or not so.
    Unmet(Refusal),
}

/// One rule or ground, applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LawFinding {
    /// Whether it lets the recipient in.
    pub met: bool,
    /// The rule, in words.
    pub rule: String,
    /// Why it is met or not.
    pub because: String,
    /// What would have to change for it to be met; `None` when it is.
    pub would_change: Option<String>,
    /// Where it stands.
    pub citation: String,
}

/// The outcome, and how it came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// What the law says.
    pub outcome: Outcome,
    /// Every rule that was applied.
    pub findings: Vec<LawFinding>,
}

/// What the rules say about an object with `tag` (tag: the law, value: what the object is under it) going to `recipient` at `now` by a way
/// that `fulfils` these obligations. Every rule that speaks for the value must be met; a value that none speaks for is denied.
#[must_use]
pub fn assess(
    tag: &Restriction,
    recipient: &RecipientFacts,
    tables: &LawTables,
    rules: &LawRules,
    now: Stamp,
    fulfils: ObligationSet,
) -> Assessment {
    let mut parts = Vec::new();
    for row in rules.rows().iter().filter(|row| row.dated.is_valid(now) && row.dated.is_known(now)) {
        if let Some(reading) = row.fact.read(tag) {
            let rule = Applied { rule: &row.fact, tag, case: Case { reading: &reading, recipient, tables, now }, fulfils };
            parts.push(if row.counts_now(now) { rule.assess() } else { rule.expired(row.dated.review) });
        }
    }
    if parts.is_empty() {
        return unknown(tag);
    }
    Assessment {
        outcome: combine(parts.iter().map(|part| part.outcome)),
        findings: parts.into_iter().flat_map(|part| part.findings).collect(),
    }
}

/// Deny before Pend before Redact before release; obligations add up. Of nothing: release without obligations.
pub fn combine(outcomes: impl IntoIterator<Item = Outcome>) -> Outcome {
    outcomes.into_iter().fold(Outcome::Met(ObligationSet::default()), |all, one| match (all, one) {
        (Outcome::Met(all), Outcome::Met(one)) => Outcome::Met(all.union(one)),
        (Outcome::Unmet(all), Outcome::Unmet(one)) => Outcome::Unmet(all.max(one)),
        (unmet @ Outcome::Unmet(_), Outcome::Met(_)) | (Outcome::Met(_), unmet @ Outcome::Unmet(_)) => unmet,
    })
}

/// The next instant after `now` when the assessment of `tag` for `recipient` may change.
#[must_use]
pub fn next_change(tag: &Restriction, recipient: &RecipientFacts, tables: &LawTables, rules: &LawRules, now: Stamp) -> Option<Stamp> {
    let in_tag = rules.rows().iter().filter_map(|row| row.fact.read(tag)).filter_map(|reading| date(&reading));
    let facts = [recipient.next_change(now), tables.next_change(now), rules.next_change(now)];
    in_tag.filter(|date| *date > now).chain(facts.into_iter().flatten()).min()
}

/// Whether `rule` asks for a date in the tag and the tag gives none.
pub(super) fn gives_no_date(rule: &LegalRule, reading: &Reading) -> bool {
    let mut conditions = rule.requires.iter().chain(rule.grounds.iter().flat_map(|ground| &ground.when));
    conditions.any(|condition| *condition == Condition::Before) && date(reading).is_none()
}

fn unknown(tag: &Restriction) -> Assessment {
    let finding = LawFinding {
        met: false,
        rule: format!("{} {}", tag.tag, tag.value),
        because: "no rule in force speaks for this value, and what is not known is denied".to_owned(),
        would_change: Some("a tag in a form that the table knows, or a rule for it from the site's authority".to_owned()),
        citation: "the node's own rule".to_owned(),
    };
    Assessment { outcome: Outcome::Unmet(Refusal::Deny), findings: vec![finding] }
}

/// A rule that speaks for a tag.
struct Applied<'a> {
    rule: &'a LegalRule,
    tag: &'a Restriction,
    case: Case<'a>,
    fulfils: ObligationSet,
}

impl Applied<'_> {
    fn assess(&self) -> Assessment {
        let unmet = self.unmet(&self.rule.requires);
        if !unmet.is_empty() {
            let finding = self.finding(false, format!("not so: {}", unmet.join("; ")), Some(unmet.join("; ")));
            return Assessment { outcome: Outcome::Unmet(self.rule.otherwise), findings: vec![finding] };
        }
        let met: Vec<(&Ground, ObligationSet)> = self.met_grounds().collect();
        if let Some((ground, obligations)) = met.iter().find(|(_, obligations)| obligations.is_subset(self.fulfils)) {
            let because = format!("{}; to be seen to: {obligations}", ground.says);
            return Assessment { outcome: Outcome::Met(*obligations), findings: vec![self.finding(true, because, None)] };
        }
        if met.is_empty() {
            let findings = self.rule.grounds.iter().map(|ground| self.no_ground(ground)).collect();
            return Assessment { outcome: Outcome::Unmet(self.rule.otherwise), findings };
        }
        let findings = met.into_iter().map(|(ground, obligations)| self.no_way(ground, obligations)).collect();
        Assessment { outcome: Outcome::Unmet(Refusal::Deny), findings }
    }

    /// Grounds that hold, each with all that must then be seen to.
    fn met_grounds(&self) -> impl Iterator<Item = (&Ground, ObligationSet)> {
        let common = ObligationSet::of(&self.rule.obligations);
        let met = self.rule.grounds.iter().filter(|ground| ground.when.iter().all(|condition| condition.is_met(&self.case)));
        met.map(move |ground| (ground, common.union(ObligationSet::of(&ground.obligations))))
    }

    fn unmet(&self, conditions: &[Condition]) -> Vec<String> {
        conditions.iter().filter(|condition| !condition.is_met(&self.case)).map(Condition::words).collect()
    }

    fn no_ground(&self, ground: &Ground) -> LawFinding {
        let unmet = self.unmet(&ground.when).join("; ");
        self.finding(false, format!("{}: not so: {unmet}", ground.says), Some(unmet))
    }

    fn no_way(&self, ground: &Ground, obligations: ObligationSet) -> LawFinding {
        let lacking = obligations.minus(self.fulfils);
        let would_change = format!("a way out that can see to: {lacking}");
        self.finding(false, format!("{}, but this way out cannot see to: {lacking}", ground.says), Some(would_change))
    }

    fn expired(&self, review: Stamp) -> Assessment {
        let because = format!("the rule was to be read again by {review}, and an unread rule denies");
        let would_change = "the site's authority reads the rule again and renews its review date".to_owned();
        Assessment { outcome: Outcome::Unmet(Refusal::Deny), findings: vec![self.finding(false, because, Some(would_change))] }
    }

    fn finding(&self, met: bool, because: String, would_change: Option<String>) -> LawFinding {
        let rule = format!("{} {}: {}", self.tag.tag, self.tag.value, self.rule.says);
        LawFinding { met, rule, because, would_change, citation: self.rule.citation.clone() }
    }
}
