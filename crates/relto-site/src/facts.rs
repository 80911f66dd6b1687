//! A profile and a label in the words of the schema: sets of strings and ranks, as they stand at one instant.

use std::collections::{BTreeMap, BTreeSet};

use cedar_policy::{Context, Entities, Entity, EntityUid, RestrictedExpression};
use relto_model::label::{Clause, Restriction};
use relto_model::{Facet, Label, PolicyId, Stamp, Value};
use relto_policy::{Profile, Rules};

use crate::SiteEvaluationError;
use crate::schema::Frame;

/// The attributes of one entity, all of them sets of strings but one, and its ranks by policy.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    sets: BTreeMap<&'static str, BTreeSet<String>>,
    words: BTreeMap<&'static str, String>,
    ranks: BTreeMap<String, u8>,
}

impl Facts {
    /// Whether `value` is in the set `name`.
    pub(crate) fn has(&self, name: &str, value: &str) -> bool {
        self.sets.get(name).is_some_and(|set| set.contains(value))
    }

    fn with_sets(names: &[&'static str]) -> Self {
        Self { sets: names.iter().map(|name| (*name, BTreeSet::new())).collect(), ..Self::default() }
    }

    fn add(&mut self, name: &'static str, value: impl Into<String>) {
        self.sets.entry(name).or_default().insert(value.into());
    }

    fn rank(&mut self, policy: &PolicyId, rank: u8) {
        let highest = self.ranks.entry(policy.as_str().to_owned()).or_default();
        *highest = rank.max(*highest);
    }

    /// The entity `uid` with these facts, and with it the action.
    ///
    /// # Errors
    /// [`SiteEvaluationError::Facts`] when they are not of the schema's form.
    pub(crate) fn entities(self, uid: &EntityUid, frame: &Frame) -> Result<Entities, SiteEvaluationError> {
        let text = |value: String| RestrictedExpression::new_string(value);
        let sets = self.sets.into_iter().map(|(name, set)| (name.to_owned(), RestrictedExpression::new_set(set.into_iter().map(text))));
        let words = self.words.into_iter().map(|(name, word)| (name.to_owned(), text(word)));
        let ranks = self.ranks.into_iter().map(|(policy, rank)| (policy, RestrictedExpression::new_long(rank.into())));
        let entity = Entity::new_with_tags(uid.clone(), sets.chain(words), [], ranks).map_err(unfit)?;
        Entities::from_entities([entity], Some(frame.schema())).map_err(unfit)
    }
}

fn unfit(error: impl std::fmt::Display) -> SiteEvaluationError {
    SiteEvaluationError::Facts(error.to_string())
}

/// `profile` at `now`.
pub(crate) fn of_profile(profile: &Profile, rules: &Rules, now: Stamp) -> Facts {
    let mut facts = Facts::with_sets(&["nations", "groups", "groups_of_some", "accesses"]);
    facts.words.insert("organisation", profile.organisation.clone());
    profile.nations.iter().for_each(|nation| facts.add("nations", nation));
    profile.accesses.iter().for_each(|(policy, value)| facts.add("accesses", path(policy, value)));
    // What the table of nations says of a group nobody else does.
    let own = profile.groups.iter().filter(|spell| spell.covers(now) && !rules.memberships.knows(&spell.group));
    own.for_each(|spell| facts.add("groups", &spell.group));
    for group in rules.memberships.groups() {
        let is_member = |nation: &String| rules.memberships.is_member(nation, group, now);
        if profile.nations.iter().any(is_member) {
            facts.add("groups_of_some", group);
            if profile.nations.iter().all(is_member) {
                facts.add("groups", group);
            }
        }
    }
    let held: Vec<_> = profile.clearances.iter().filter(|clearance| clearance.until.is_none_or(|until| now < until)).collect();
    held.iter().for_each(|clearance| facts.rank(&clearance.policy, clearance.level));
    for rule in &rules.equivalences {
        if held.iter().any(|clearance| clearance.policy == rule.held.0 && clearance.level >= rule.held.1) {
            facts.rank(&rule.counts_as.0, rule.counts_as.1);
        }
    }
    facts
}

/// `label` as it reads at `now`.
pub(crate) fn of_label(label: &Label, rules: &Rules, now: Stamp) -> Facts {
    let sets = ["policies", "tag_sets", "restrictive", "categories", "legal", "nations", "groups", "organisations", "releasable_to"];
    let mut facts = Facts::with_sets(&sets);
    for (policy, facet) in label.facets_at(now) {
        facts.add("policies", policy.as_str());
        facts.rank(policy, facet.level);
        add_restrictions(&mut facts, policy, facet);
        add_audiences(&mut facts, policy, facet);
    }
    releasable_to(label, rules, now).into_iter().for_each(|nation| facts.add("releasable_to", nation));
    facts
}

fn add_restrictions(facts: &mut Facts, policy: &PolicyId, facet: &Facet) {
    for restriction in &facet.restrictive {
        facts.add("tag_sets", tag_path(policy, &restriction.tag));
        facts.add("restrictive", path(policy, restriction));
        if relto_policy::legal::is_law(policy) {
            facts.add("legal", format!("{}/{}", plain(&restriction.tag), restriction.value));
        }
    }
}

fn add_audiences(facts: &mut Facts, policy: &PolicyId, facet: &Facet) {
    for clause in &facet.permissive {
        facts.add("tag_sets", tag_path(policy, &clause.tag));
        for value in &clause.values {
            match value {
                Value::Nation(code) => facts.add("nations", code),
                Value::Group { name, .. } => facts.add("groups", name),
                Value::Organisation(name) => facts.add("organisations", name),
                Value::Category(name) => facts.add("categories", format!("{}/{name}", tag_path(policy, &clause.tag))),
                // Persons and collections are the release rules' alone: to a site policy equal attributes are one profile.
                Value::Person(_) | Value::RecipientsOf(_) | Value::ClientsOf(_) => {}
            }
        }
    }
}

/// Nations that every clause which names nations, or groups of nations, admits.
fn releasable_to<'l>(label: &'l Label, rules: &'l Rules, now: Stamp) -> BTreeSet<&'l str> {
    let clauses = label.facets_at(now).values().flat_map(|facet| &facet.permissive);
    let admitted = clauses.filter_map(|clause| nations_of(clause, rules, now));
    admitted.reduce(|both, next| both.intersection(&next).copied().collect()).unwrap_or_default()
}

fn nations_of<'l>(clause: &'l Clause, rules: &'l Rules, now: Stamp) -> Option<BTreeSet<&'l str>> {
    let mut nations: Option<BTreeSet<&str>> = None;
    for value in &clause.values {
        match value {
            Value::Nation(code) => nations.get_or_insert_default().extend([code.as_str()]),
            Value::Group { name, as_of } if rules.memberships.knows(name) => {
                let then = rules.memberships.members(name, *as_of);
                nations.get_or_insert_default().extend(then.filter(|nation| rules.memberships.is_member(nation, name, now)));
            }
            _ => {}
        }
    }
    nations
}

/// `POLICY/TAG/VALUE`: no two restrictions have the same.
fn path(policy: &PolicyId, restriction: &Restriction) -> String {
    format!("{}/{}", tag_path(policy, &restriction.tag), restriction.value)
}

fn tag_path(policy: &PolicyId, tag: &str) -> String {
    format!("{}/{}", plain(policy.as_str()), plain(tag))
}

fn plain(part: &str) -> String {
    part.replace('%', "%25").replace('/', "%2F")
}

/// The context of a request at `now`.
///
/// # Errors
/// [`SiteEvaluationError::Facts`] for an instant that has no such day.
pub(crate) fn context(now: Stamp) -> Result<Context, SiteEvaluationError> {
    let written = now.to_string();
    let day = written.split('T').next().unwrap_or_default();
    let is_the_day = Stamp::parse(day) == Ok(now.day());
    let date = day.replace('-', "").parse::<i64>().ok().filter(|_| is_the_day);
    let date = date.ok_or_else(|| unfit(format!("`{day}` is no day")))?;
    Context::from_pairs([("date".to_owned(), RestrictedExpression::new_long(date))]).map_err(unfit)
}
