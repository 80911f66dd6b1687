//! The second judge: the same rule written out slowly, from the label itself, with a reason for every step.
//!
//! It shares no code with [`floor`](crate::floor) beyond the tables, so that tests can hold the two against each other; and it is
//! what `relto explain` prints, so that what is tested is what a release officer reads.

mod consents;

use relto_model::label::{Clause, Restriction};
use relto_model::{Facet, Label, PolicyId, Stamp, Value};

use crate::Verdict;
use crate::law::{Consent, LawFinding, Subject};
use crate::policy::{self, Policy};
use crate::profile::Profile;
use crate::rules::Rules;
use crate::text::display_value;
use crate::worlds::ism::CONCEALED_SOURCE;
use crate::{handling, legal};

/// What a rule asks about. It names no reader, and of a label no more than that it asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asks {
    /// Nothing: the level is open, or not known.
    Level,
    /// A clearance.
    Clearance,
    /// That the reader belongs to an audience.
    Audience,
    /// An access.
    Access,
    /// Somebody's consent.
    Consent,
    /// What the law says.
    Law,
}

/// One rule, applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What the rule asks about.
    pub asks: Asks,
    /// Whether the rule lets the profile in, and if not, what follows.
    pub verdict: Verdict,
    /// The rule, in the words of the policy.
    pub rule: String,
    /// Why it is met or not.
    pub because: String,
    /// What would have to change for it to be met; `None` when it is.
    pub would_change: Option<String>,
    /// Where the rule stands; `None` for the node's own.
    pub citation: Option<String>,
}

impl Finding {
    fn met(rule: String, because: String) -> Self {
        Self { asks: Asks::Level, verdict: Verdict::Permit, rule, because, would_change: None, citation: None }
    }

    fn unmet(rule: String, because: String, would_change: String) -> Self {
        Self { asks: Asks::Level, verdict: Verdict::Deny, rule, because, would_change: Some(would_change), citation: None }
    }

    fn asking(self, asks: Asks) -> Self {
        Self { asks, ..self }
    }

    /// Whether the rule lets the profile in.
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.verdict == Verdict::Permit
    }

    /// `rule` is that of ADatP-4774.1; the Traffic Light Protocol has its own text for all of them.
    fn cited(mut self, policy: &PolicyId, rule: &'static str) -> Self {
        self.citation = match policy.as_str() {
            policy::ORG => None,
            policy::TLP => Some("FIRST TLP 2.0".to_owned()),
            _ => Some(rule.to_owned()),
        };
        self
    }
}

/// Applies every rule of `label` to `profile` at `now`. The worst answer holds; a label without rules admits nobody.
#[must_use]
pub fn explain(profile: &Profile, label: &Label, rules: &Rules, now: Stamp) -> (Verdict, Vec<Finding>) {
    explain_with(profile, label, &[], rules, now)
}

/// As [`explain`], for an object to whose release `consents` were given.
#[must_use]
pub fn explain_with(profile: &Profile, label: &Label, consents: &[Consent], rules: &Rules, now: Stamp) -> (Verdict, Vec<Finding>) {
    let asked = Asked { profile, consents, rules, now };
    let findings: Vec<Finding> = label.facets_at(now).iter().flat_map(|(policy, facet)| asked.facet_or_other(policy, facet)).collect();
    let worst = findings.iter().map(|finding| finding.verdict).max().unwrap_or(Verdict::Deny);
    (worst, findings)
}

/// For whom the rules are applied, and when.
#[derive(Clone, Copy)]
struct Asked<'a> {
    profile: &'a Profile,
    consents: &'a [Consent],
    rules: &'a Rules,
    now: Stamp,
}

impl Asked<'_> {
    /// The facet's own rules or, where they do not let the profile in and an alternative's do, those.
    fn facet_or_other(self, id: &PolicyId, facet: &Facet) -> Vec<Finding> {
        let own = self.facet(id, facet);
        let worst = |findings: &[Finding]| findings.iter().map(|finding| finding.verdict).max().unwrap_or(Verdict::Deny);
        let others = facet.alternatives.iter().map(|(policy, other)| {
            let mut findings = self.facet(policy, other);
            findings.iter_mut().for_each(|finding| finding.rule = format!("instead of {id}, {}", finding.rule));
            findings
        });
        let best = others.min_by_key(|findings| worst(findings)).filter(|findings| worst(findings) < worst(&own));
        best.unwrap_or(own)
    }

    fn facet(self, id: &PolicyId, facet: &Facet) -> Vec<Finding> {
        let known = self.rules.policies.of(id).and_then(|policy| Some((policy, policy.level_of_rank(facet.level)?)));
        let Some((policy, level)) = known else {
            let because = "this node does not know the policy or the level, and what is unknown admits nobody".to_owned();
            let would_change = "set a label of a policy that this node knows".to_owned();
            let finding = Finding::unmet(format!("policy {id}, level {}", facet.level), because, would_change);
            return vec![finding.cited(id, "ADatP-4774.1, 3.11.4 rule 1")];
        };
        let mut findings = Vec::new();
        findings.extend(self.level(policy, id, facet, &level.name).map(|finding| finding.cited(id, "ADatP-4774.1, 3.11.4 rule 2")));
        let audiences = facet.permissive.iter().map(|clause| self.audience(id, clause).asking(Asks::Audience));
        findings.extend(audiences.map(|finding| finding.cited(id, "ADatP-4774.1, 3.11.4 rule 3")));
        for restriction in &facet.restrictive {
            match id.as_str() {
                policy::HANDLING => findings.push(self.handling(restriction).asking(Asks::Consent)),
                _ if legal::is_law(id) => findings.extend(self.law(id, restriction)),
                _ => findings.push(self.value(id, restriction).asking(Asks::Access).cited(id, "ADatP-4774.1, 3.11.4 rule 4")),
            }
        }
        findings
    }

    /// What the level asks; nothing is said of one that is the policy's only one and open, beside an audience.
    fn level(self, policy: &Policy, id: &PolicyId, facet: &Facet, name: &str) -> Option<Finding> {
        if policy.needs_clearance(facet.level) {
            return Some(self.clearance(id, facet.level, name).asking(Asks::Clearance));
        }
        let says_something = policy.levels.len() > 1 || (facet.permissive.is_empty() && facet.restrictive.is_empty());
        says_something.then(|| Finding::met(format!("{id} {name}"), "this level needs no clearance, only the audience".to_owned()))
    }

    fn clearance(self, policy: &PolicyId, level: u8, name: &str) -> Finding {
        let words = |own: &crate::Clearance| own.in_words(&self.rules.policies);
        let rule = format!("clearance for {policy} {name}");
        let all = &self.profile.clearances;
        let valid: Vec<_> = all.iter().filter(|own| own.until.is_none_or(|until| until > self.now)).collect();
        let direct = valid.iter().find(|own| own.policy == *policy && own.level >= level);
        if let Some(own) = direct {
            return Finding::met(rule, format!("cleared {}", words(own)));
        }
        for own in &valid {
            let covering = self.rules.equivalences.iter().find(|equivalence| {
                equivalence.held.0 == own.policy
                    && equivalence.held.1 <= own.level
                    && equivalence.counts_as.0 == *policy
                    && equivalence.counts_as.1 >= level
            });
            if covering.is_some() {
                return Finding::met(rule, format!("cleared {}, which counts by equivalence", words(own)));
            }
        }
        let lapsed = all.iter().find(|own| own.policy == *policy && own.level >= level);
        let because = match (lapsed, valid.iter().find(|own| own.policy == *policy)) {
            (Some(own), _) => format!("the clearance {} has run out", words(own)),
            (None, Some(own)) => format!("the highest clearance in this policy is {}", words(own)),
            (None, None) => "no clearance in this policy, and none that counts as one".to_owned(),
        };
        Finding::unmet(rule, because, format!("a clearance `{policy}:{name}`, or a label at a lower level"))
    }

    fn audience(self, policy: &PolicyId, clause: &Clause) -> Finding {
        let finding = self.named_in(policy, clause);
        let are_addressees = policy.as_str() == policy::TLP && clause.tag == policy::ADDRESSEES;
        if finding.is_met() || !are_addressees { finding } else { self.addressee(clause) }
    }

    /// Whether the reader was named for this object, which its label leaves to others.
    fn addressee(self, clause: &Clause) -> Finding {
        let named = clause.values.iter().map(display_value).map(|name| format!("{name}, ")).collect::<String>();
        let rule = format!("TLP {}: {named}those named for this object", clause.tag);
        match consents::answering(self.consents, &Subject::Addressees, self.profile, self.now) {
            Some(consent) => Finding::met(rule, format!("named as an addressee by {} ({})", consent.by, consent.reference)),
            None => {
                let name = self.profile.person.as_deref().unwrap_or("NAME");
                let would_change =
                    format!("name {name} as an addressee: `relto consent add OBJECT-ID --addressee {name} --by NAME --reference TEXT`");
                let unmet = Finding::unmet(rule, "the account is not named as an addressee".to_owned(), would_change);
                Finding { verdict: Verdict::Pend, ..unmet }
            }
        }
    }

    fn named_in(self, policy: &PolicyId, clause: &Clause) -> Finding {
        let Self { profile, rules, now, .. } = self;
        let names = clause.values.iter().map(display_value).collect::<Vec<_>>().join(", ");
        let rule = format!("{policy} {}: {}", clause.tag, if names.is_empty() { "nobody" } else { &names });
        let is_held = |value: &Value| match value {
            Value::Category(name) => {
                profile.accesses.iter().any(|(own, held)| own == policy && held.tag == clause.tag && held.value == *name)
            }
            _ => false,
        };
        let by_name = clause.values.iter().find(|value| is_named(profile, value, rules, now) || is_held(value));
        if let Some(value) = by_name {
            return Finding::met(rule, format!("named as {}", display_value(value)));
        }
        let speaks_of_nations = |value: &Value| match value {
            Value::Nation(_) => true,
            Value::Group { name, .. } => rules.memberships.knows(name),
            Value::Organisation(_) | Value::Person(_) | Value::RecipientsOf(_) | Value::ClientsOf(_) | Value::Category(_) => false,
        };
        if !clause.values.is_empty() && !clause.values.iter().any(speaks_of_nations) {
            let because = format!("neither {} nor the account is named", profile.organisation);
            return Finding::unmet(rule, because, "a label whose audience names the reader's organisation, or the account".to_owned());
        }
        let mut outside = Vec::new();
        let mut inside = Vec::new();
        for nation in &profile.nations {
            match clause.values.iter().find(|value| admits_nation(nation, value, rules, now)) {
                Some(value) => inside.push(format!("{nation} through {}", display_value(value))),
                None => outside.push(nation_outside(nation, clause, rules, now)),
            }
        }
        if outside.is_empty() && !inside.is_empty() {
            return Finding::met(rule, inside.join(", "));
        }
        let because = if outside.is_empty() { "the audience is empty".to_owned() } else { outside.join("; ") };
        let would_change = "a label whose audience names the reader's nation (each one, if several), group or organisation".to_owned();
        Finding::unmet(rule, because, would_change)
    }

    fn handling(self, restriction: &Restriction) -> Finding {
        let Restriction { tag, value } = restriction;
        let rule = format!("{tag}: {value}");
        let finding = match handling::subject(restriction) {
            Some(_) if *value == self.profile.organisation => Finding::met(rule, format!("{value} is the reader's own organisation")),
            Some(_) if *value == CONCEALED_SOURCE => {
                let because = "the source is concealed, so that nobody can be asked".to_owned();
                Finding {
                    verdict: Verdict::Pend,
                    ..Finding::unmet(rule, because, "a label that names the source, or another label".to_owned())
                }
            }
            Some(subject) => match consents::answering(self.consents, &subject, self.profile, self.now) {
                Some(consent) => Finding::met(rule, format!("{value} has consented, by {} ({})", consent.by, consent.reference)),
                None => {
                    let because = format!("{value} has not consented to this reader");
                    let unmet = Finding::unmet(rule, because, format!("the consent of {value} to the release of this object"));
                    Finding { verdict: Verdict::Pend, ..unmet }
                }
            },
            None => {
                let because = "whoever hands the object over cannot see to it".to_owned();
                Finding::unmet(rule, because, "a display that hands nothing over".to_owned())
            }
        };
        Finding { citation: handling::citation(restriction).map(str::to_owned), ..finding }
    }

    /// What the law says, rule by rule; whatever is not met weighs what the tag as a whole does.
    fn law(self, policy: &PolicyId, tag: &Restriction) -> Vec<Finding> {
        let (verdict, findings) = legal::assess(self.profile, policy, tag, self.rules, self.now);
        // Where every step is met and the whole is not, each says what the whole does: no finding is better than the answer.
        let is_told_apart = findings.iter().any(|finding| !finding.met);
        let finding = |finding: LawFinding| Finding {
            asks: Asks::Law,
            verdict: if finding.met && is_told_apart { Verdict::Permit } else { verdict },
            rule: finding.rule,
            because: finding.because,
            would_change: finding.would_change,
            citation: Some(finding.citation),
        };
        findings.into_iter().map(finding).collect()
    }

    fn value(self, policy: &PolicyId, restriction: &Restriction) -> Finding {
        let met = self.profile.accesses.contains(&(policy.clone(), restriction.clone()));
        let value = &restriction.value;
        let rule = format!("{policy} {}: {value}", restriction.tag);
        if met {
            Finding::met(rule, format!("access {value} is held"))
        } else {
            Finding::unmet(rule, format!("access {value} is not held"), format!("an access `{value}`, or a label without it"))
        }
    }
}

/// Why `nation` is not in the audience; a change of membership is said, since it surprises people most.
fn nation_outside(nation: &str, clause: &Clause, rules: &Rules, now: Stamp) -> String {
    let changed = clause.values.iter().find_map(|value| match value {
        Value::Group { name, as_of } if rules.memberships.knows(name) => {
            let then = rules.memberships.is_member(nation, name, *as_of);
            let today = rules.memberships.is_member(nation, name, now);
            let lapsed = || format!("the table's word that {nation} is in {name} is past its review date, and counts no more");
            (then && today).then(lapsed).or_else(|| {
                (then != today).then(|| {
                    if today {
                        format!("{nation} joined {name} after the label was made")
                    } else {
                        format!("{nation} has left {name} since the label was made")
                    }
                })
            })
        }
        _ => None,
    });
    changed.unwrap_or_else(|| format!("{nation} is not in the audience"))
}

fn admits_nation(nation: &str, value: &Value, rules: &Rules, now: Stamp) -> bool {
    match value {
        Value::Nation(code) => code == nation,
        Value::Group { name, as_of } => rules.memberships.counts(nation, name, *as_of, now),
        Value::Organisation(_) | Value::Person(_) | Value::RecipientsOf(_) | Value::ClientsOf(_) | Value::Category(_) => false,
    }
}

fn is_named(profile: &Profile, value: &Value, rules: &Rules, now: Stamp) -> bool {
    match value {
        Value::Nation(_) => false,
        // A group of nations comes from the table alone.
        Value::Group { name, .. } if rules.memberships.knows(name) => false,
        Value::Group { name, as_of } => {
            profile.groups.iter().any(|membership| membership.group == *name && membership.covers(*as_of) && membership.covers(now))
        }
        Value::Organisation(name) => profile.organisation == *name,
        Value::Person(name) => profile.person.as_deref() == Some(name),
        Value::RecipientsOf(collection) => profile.recipient_of.contains(collection),
        Value::ClientsOf(collection) => profile.client_of.contains(collection),
        Value::Category(_) => false,
    }
}
