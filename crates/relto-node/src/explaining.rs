//! Why somebody does or does not get an object, rule by rule: for the custodian, who sees everything.

use std::collections::BTreeSet;
use std::sync::Arc;

use relto_gate::{Gate, LabelId, LabelTable};
use relto_model::object::Object;
use relto_model::{Label, ObjectId, Stamp};
use relto_policy::law::Consent;
use relto_policy::smallest::{Labelled, Step, smallest_changes_of_all};
use relto_policy::{Finding, Profile, Rules, Verdict, WrittenTerms, explain_with};
use relto_store::{Bodies, CollectionKey, Held, Snapshot, held};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::facts::{Account, Facts};
use crate::ingest::Eyes;
use crate::labels::{reading_of, shown};
use crate::node::Node;
use crate::records::{CollectionRecord, PartsRecord};

/// What the rule is called by which an agreement withholds.
pub(crate) const AGREEMENT: &str = "agreement";

/// Why there is nothing to explain.
#[derive(Debug, thiserror::Error)]
pub enum ExplainError {
    /// There is no such object on this node.
    #[error("there is no object `{0}` on this node")]
    NoObject(ObjectId),
    /// There is no such account.
    #[error("there is no user `{0}`: `relto user list` shows all")]
    NoUser(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What follows for the account; the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// It gets the object.
    Released,
    /// It could get what is left once the parts that a rule is about are removed: by a tearline.
    Redacted,
    /// It waits for somebody's consent, and does not get the object; nothing tells the account.
    Pending,
    /// It does not get the object.
    Withheld,
}

impl From<Verdict> for Decision {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Permit => Self::Released,
            Verdict::Redact => Self::Redacted,
            Verdict::Pend => Self::Pending,
            Verdict::Deny => Self::Withheld,
        }
    }
}

/// One rule, applied to one version for one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Whether it lets the account in.
    pub met: bool,
    /// What follows from it: released when it is met.
    pub verdict: Decision,
    /// The rule.
    pub rule: String,
    /// Why it is met or not.
    pub because: String,
    /// What would have to change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub would_change: Option<String>,
    /// Where the rule stands; `None` for the node's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub citation: Option<String>,
}

/// The decision on one stored version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explained {
    /// The collection's name.
    pub collection: String,
    /// The version.
    pub version: String,
    /// When it arrived.
    pub added: String,
    /// The organisation that wrote it.
    pub owner: String,
    /// The effective label in words.
    pub label: String,
    /// Whether the account gets it.
    pub released: bool,
    /// The worst of what follows from its rules: released, pending somebody's consent, redacted or withheld.
    pub verdict: Decision,
    /// When it was added, as the account sees it, if it gets it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visible_since: Option<String>,
    /// Every rule.
    pub rules: Vec<Rule>,
    /// The smallest changes after which the account would get it, or would no more if it does: the smallest first, each with all its steps in
    /// words. None when nothing that could be proposed would do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub smallest_changes: Vec<Vec<String>>,
    /// What is to be known of its markings: what could not be read and therefore withholds, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Node {
    /// Explains every stored version of `id` for the account `name`.
    ///
    /// # Errors
    /// [`ExplainError`] when there is no such object or account.
    pub fn explain(&self, id: &ObjectId, name: &str) -> Result<Vec<Explained>, ExplainError> {
        let (facts, snapshot) = self.settled()?;
        let account = facts.directory.accounts.get(name).cloned().ok_or_else(|| ExplainError::NoUser(name.to_owned()))?;
        let rows = Eyes::open_as_custodian(held(&*snapshot, id, None, Bodies::With).map_err(StoreError::from)?);
        if rows.is_empty() {
            return Err(ExplainError::NoObject(id.clone()));
        }
        let explain = |row: &Held| {
            let mut notes = self.notes(&facts, &*snapshot, row)?;
            let explained = explained(&facts, &account, row, self.now());
            if !explained.released {
                notes.extend(on_a_display(&facts, &*snapshot, &account, row)?);
            }
            Ok(Explained { notes, ..explained })
        };
        rows.iter().map(explain).collect()
    }

    /// What the markings of `row` leave to be said.
    fn notes(&self, facts: &Facts, snapshot: &dyn Snapshot, row: &Held) -> Result<Vec<String>, StoreError> {
        let Ok(object) = Object::parse(row.body.clone(), self.kinds()) else {
            return Ok(vec!["the stored bytes are no longer an object: `relto doctor` says more".to_owned()]);
        };
        Ok(reading_of(&object, row, facts, snapshot)?.notes)
    }
}

/// What of `row` the account is shown on a display all the same.
fn on_a_display(facts: &Facts, snapshot: &dyn Snapshot, account: &Account, row: &Held) -> Result<Option<String>, StoreError> {
    let around = facts.directory.collection_of(row.collection).filter(|record| record.can_read && !account.record.disabled);
    let Some(collection) = around else { return Ok(None) };
    let Some(record) = PartsRecord::of(snapshot, row)? else { return Ok(None) };
    let sees = facts.gate.release(&account.record.name, &account.profile);
    let way = record.ways.iter().find(|way| sees.permits(way.label)).filter(|_| sees.permits(collection.label));
    Ok(way.map(|way| {
        let hidden: Vec<&str> = way.hidden.iter().map(ObjectId::as_str).collect();
        format!("`relto show` shows it without the parts under {}; `relto tearline` would release the rest", hidden.join(", "))
    }))
}

fn explained(facts: &Facts, account: &Account, row: &Held, now: Stamp) -> Explained {
    let collection = facts.directory.collection_of(row.collection);
    // The collection's own label stands before everything in it.
    let labels: Vec<(LabelId, &str)> =
        std::iter::once((row.label, "")).chain(collection.map(|record| (record.label, "collection: "))).collect();
    let mut rules: Vec<Rule> = Vec::new();
    let mut site: Vec<Rule> = Vec::new();
    for (label, before) in &labels {
        rules.extend(explain_label(facts.gate.labels(), facts.gate.rules(), account, *label, now, before));
        site.extend(explain_site(&facts.gate, facts.gate.labels(), account, *label, before));
    }
    let unreadable = collection.filter(|record| !record.can_read).map(|_| unreadable());
    let label =
        facts.gate.labels().get(row.label).map(|label| (label.as_ref(), facts.gate.labels().consents(row.label).unwrap_or_default()));
    let agreed = not_agreed(facts, account, &Placed { collection: collection.map(Arc::as_ref), label, owner: &row.owner }, now);
    // Once something else is agreed, all that was granted counts.
    let profile = if agreed.is_empty() { named(account) } else { as_granted(account) };
    let around: Vec<Rule> = unreadable.into_iter().chain(agreed.into_iter().map(agreement)).chain(disabled(account)).collect();
    let smallest_changes = smallest_changes(facts, &profile, &labels, [&site, &around], now);
    rules.extend(site.into_iter().chain(around));
    let verdict = rules.iter().map(|rule| rule.verdict).max().unwrap_or(Decision::Withheld);
    let released = verdict == Decision::Released;
    let gained = [account.gained.get(&row.label), account.gained_collections.get(&row.collection.0)].into_iter().flatten();
    let since =
        gained.filter(|gained| gained.arrival > row.arrival).max_by_key(|gained| gained.arrival).map_or(row.added, |gained| gained.since);
    Explained {
        collection: collection.map_or_else(|| collection_number(row.collection), |record| record.name.clone()),
        version: row.version.clone(),
        added: row.added.to_string(),
        owner: row.owner.clone(),
        label: shown(&facts.gate, row.label),
        released,
        verdict,
        visible_since: released.then(|| since.to_string()),
        rules,
        smallest_changes,
        notes: Vec::new(),
    }
}

/// Why `account` does not get `row`, rule by rule in words; empty when it does.
pub(crate) fn kept_by(facts: &Facts, account: &Account, row: &Held, now: Stamp) -> Vec<String> {
    let rules = explained(facts, account, row, now).rules.into_iter();
    rules.filter(|rule| !rule.met).map(|rule| format!("{}: {}", rule.rule, rule.because)).collect()
}

/// What would alter the decision on what stands under all of `labels`, each with how it is called: a change of the labels or of the account, after
/// which the policies of the site admit it as well. Where nothing is of that kind, another policy of the site is part of it. For what is withheld,
/// all that the rules `around` it ask for is.
fn smallest_changes(
    facts: &Facts,
    profile: &Profile,
    labels: &[(LabelId, &str)],
    [site, around]: [&[Rule]; 2],
    now: Stamp,
) -> Vec<Vec<String>> {
    let (table, rules) = (facts.gate.labels(), facts.gate.rules());
    let labelled =
        |(id, _): &(LabelId, &str)| table.get(*id).map(|label| Labelled { label, consents: table.consents(*id).unwrap_or_default() });
    let Some(labelled) = labels.iter().map(labelled).collect::<Option<Vec<_>>>() else { return Vec::new() };
    let is_met = |labelled: &Labelled<'_>| explain_with(profile, labelled.label, labelled.consents, rules, now).0 == Verdict::Permit;
    let is_met = labelled.iter().all(is_met);
    let would_change = |rules: &[Rule]| -> Vec<String> {
        let steps: BTreeSet<String> = rules.iter().filter_map(|rule| rule.would_change.clone()).collect();
        steps.into_iter().collect()
    };
    let around = would_change(around);
    if is_met && site.is_empty() && !around.is_empty() {
        return vec![around];
    }
    let in_words = |step: &Step| {
        let called = step.place().and_then(|place| labels.get(place.label)).map_or("", |(_, called)| *called);
        format!("{called}{}", step.in_words(&rules.policies))
    };
    let proposed = |narrowing: &dyn Fn(&Profile, &Label) -> bool, also: &[String]| -> Vec<Vec<String>> {
        let changes = smallest_changes_of_all(profile, &labelled, rules, now, narrowing);
        changes.iter().map(|change| change.0.iter().map(in_words).chain(also.iter().chain(&around).cloned()).collect()).collect()
    };
    let changes = proposed(&|profile, label| facts.gate.site().withheld_by(profile, label).is_empty(), &[]);
    if !changes.is_empty() || site.is_empty() {
        return changes;
    }
    let site = would_change(site);
    if is_met { vec![[site, around].concat()] } else { proposed(&|_, _| true, &site) }
}

fn unreadable() -> Rule {
    Rule {
        met: false,
        verdict: Decision::Withheld,
        rule: "collection: readable".to_owned(),
        because: "the collection is write-only".to_owned(),
        would_change: Some("load it into a collection that may be read".to_owned()),
        citation: None,
    }
}

/// Where something is, as far as an agreement is about that.
pub(crate) struct Placed<'p> {
    pub collection: Option<&'p CollectionRecord>,
    /// With the consents beside it.
    pub label: Option<(&'p Label, &'p [Consent])>,
    pub owner: &'p str,
}

/// Why the agreement with the partner whose account it is keeps something from it, in words.
pub(crate) fn not_agreed(facts: &Facts, account: &Account, placed: &Placed<'_>, now: Stamp) -> Vec<String> {
    let Some(partner) = &account.partner else { return Vec::new() };
    let (agreement, rules) = (&partner.agreement, facts.gate.rules());
    let mut because = Vec::new();
    if placed.collection.is_none_or(|collection| !account.reads(collection)) {
        because.push("it is not about this collection".to_owned());
    }
    if !agreement.holds_at(now) {
        because.push("it does not hold now".to_owned());
    }
    if let Some((label, consents)) = placed.label {
        because.extend(agreement.sends.outside(label, rules, now).map(|about| format!("it is about {about}")));
        let permits = |profile: &Profile| explain_with(profile, label, consents, rules, now).0 == Verdict::Permit;
        if !permits(&named(account)) && permits(&as_granted(account)) {
            let WrittenTerms { purposes, grounds, .. } = agreement.sends.written(&rules.policies);
            let counted = WrittenTerms { purposes, grounds, ..WrittenTerms::default() }.in_words();
            because.push(format!("the partner gets what the law lets it have {}", counted.join(" and ")));
        }
    }
    if placed.owner == account.record.organisation {
        because.push("the partner wrote it".to_owned());
    } else if facts.directory.stays(account, placed.owner) {
        because.push(format!("what {} wrote stays here", placed.owner));
    }
    because
}

fn agreement(because: String) -> Rule {
    Rule {
        met: false,
        verdict: Decision::Withheld,
        rule: AGREEMENT.to_owned(),
        because,
        would_change: Some("another agreement, by `relto partner add`".to_owned()),
        citation: None,
    }
}

fn disabled(account: &Account) -> Option<Rule> {
    account.record.disabled.then(|| Rule {
        met: false,
        verdict: Decision::Withheld,
        rule: "account in use".to_owned(),
        because: "the account is disabled".to_owned(),
        would_change: Some(if account.partner.is_some() { "`relto partner resume`" } else { "`relto user enable`" }.to_owned()),
        citation: None,
    })
}

/// The site's own policies that keep `account` from a label, each with `before` in front.
pub(crate) fn explain_site(gate: &Gate, labels: &LabelTable, account: &Account, label: LabelId, before: &str) -> Vec<Rule> {
    let Some(label) = labels.get(label) else { return Vec::new() };
    let profile = gate.as_named(&account.record.name, &account.profile);
    let withheld = gate.site().withheld_by(&profile, label).into_iter().map(|policy| Rule {
        verdict: Decision::Withheld,
        met: false,
        rule: format!("{before}site policy `{}`", policy.id),
        because: policy.reason.unwrap_or_else(|| "the site's own policy withholds".to_owned()),
        would_change: Some("another site policy, which `relto policy activate` puts in force".to_owned()),
        citation: policy.citation,
    });
    withheld.collect()
}

/// What the account is, by its name too: addressees are named by it.
fn named(account: &Account) -> Profile {
    Profile { person: Some(account.record.name.clone()), ..account.profile.as_ref().clone() }
}

/// The same with all that the operator granted, whatever was agreed.
fn as_granted(account: &Account) -> Profile {
    Profile { facts: account.record.facts.clone(), ..named(account) }
}

/// Every rule of a label for `account`, each with `before` in front.
pub(crate) fn explain_label(labels: &LabelTable, rules: &Rules, account: &Account, label: LabelId, now: Stamp, before: &str) -> Vec<Rule> {
    let consents = labels.consents(label).unwrap_or_default();
    let Some(label) = labels.get(label) else {
        return vec![Rule {
            met: false,
            verdict: Decision::Withheld,
            rule: format!("{before}a known label"),
            because: "the label is not in the store".to_owned(),
            would_change: Some("`relto label set`".to_owned()),
            citation: None,
        }];
    };
    let profile = named(account);
    let (verdict, findings) = explain_with(&profile, label, consents, rules, now);
    debug_assert_eq!(verdict == Verdict::Permit, findings.iter().all(Finding::is_met));
    findings
        .into_iter()
        .map(|finding| Rule {
            met: finding.is_met(),
            verdict: finding.verdict.into(),
            rule: format!("{before}{}", finding.rule),
            because: finding.because,
            would_change: finding.would_change,
            citation: finding.citation,
        })
        .collect()
}

fn collection_number(key: CollectionKey) -> String {
    format!("collection {}", key.0)
}
