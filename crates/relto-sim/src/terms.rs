//! Terms of agreements, as worlds draw them and as judges read them: by the words of labels, without the code that is under test.

use std::collections::BTreeSet;

use relto_model::{Label, Stamp};
use relto_node::CollectionRecord;
use relto_policy::law::{Held, RecipientFacts};
use relto_policy::policy::{LAW, LAW_BESIDE};
use relto_policy::{Policies, WrittenTerms};

use crate::draw::Draw;

/// What stands for the empty list.
const NOTHING: &str = "none";
/// The highest levels that are agreed on.
const LEVELS: [&[&str]; 4] = [&["NATO:UNCLASSIFIED"], &["NATO:RESTRICTED"], &["NATO:RESTRICTED", "EU:RESTRICTED"], &["USA:SECRET"]];
/// The laws whose tags worlds have, and one whose they have not.
const LAWS: [&str; 5] = ["GDPR", "PURPOSE", "PROP", "RETAIN", "ITAR"];
/// Purposes, one of which tags name.
pub(crate) const PURPOSES: [&str; 2] = ["cyber defence", "sales"];
/// Grounds, some of which tags name.
pub(crate) const GROUNDS: [&str; 3] = ["C-1", "C-2", "DPF"];
/// Of how many agreements in a hundred each list says something.
const NARROWED_PERCENT: usize = 12;

/// Terms about some of `collections`; of purposes and grounds those that `facts` have, if they are terms of what goes to somebody.
pub(crate) fn drawn(draw: &mut Draw, collections: &[String], facts: Option<&RecipientFacts>) -> WrittenTerms {
    let has_purpose = |name: &&str| facts.is_none_or(|facts| facts.purpose.as_deref() == Some(*name));
    let has_ground = |name: &&str| facts.is_none_or(|facts| held(facts).any(|held| held.id == *name));
    let own: Vec<&str> = collections.iter().map(String::as_str).collect();
    let levels = if draw.chance(NARROWED_PERCENT) { draw.one(&LEVELS) } else { &[] };
    WrittenTerms {
        levels: levels.iter().map(|level| (*level).to_owned()).collect(),
        collections: list(draw, &own, 80),
        laws: list(draw, &LAWS, 70),
        purposes: list(draw, &PURPOSES.iter().copied().filter(has_purpose).collect::<Vec<_>>(), 60),
        grounds: list(draw, &GROUNDS.iter().copied().filter(has_ground).collect::<Vec<_>>(), 60),
    }
}

fn list(draw: &mut Draw, of: &[&str], each_percent: usize) -> Option<Vec<String>> {
    if !draw.chance(NARROWED_PERCENT) {
        return None;
    }
    let mut names: Vec<String> = of.iter().filter(|_| draw.chance(each_percent)).map(|name| (*name).to_owned()).collect();
    if names.is_empty() {
        names.push(NOTHING.to_owned());
    }
    Some(names)
}

fn held(facts: &RecipientFacts) -> impl Iterator<Item = &Held> {
    let held = [&facts.instruments, &facts.frameworks, &facts.mandates].into_iter().flatten();
    held.chain(facts.authorisations.iter().map(|authorisation| &authorisation.held))
}

/// What was drawn is what a node says that was agreed, in whatever order.
pub(crate) fn are_same(one: &WrittenTerms, other: &WrittenTerms) -> bool {
    let sorted = |terms: &WrittenTerms| {
        let set = |list: &Vec<String>| list.iter().cloned().collect::<BTreeSet<_>>();
        let of = [&terms.collections, &terms.laws, &terms.purposes, &terms.grounds].map(|list| list.as_ref().map(set));
        (set(&terms.levels), of)
    };
    sorted(one) == sorted(other)
}

/// Whether terms are about the collection.
pub(crate) fn include(terms: &WrittenTerms, collection: &CollectionRecord) -> bool {
    names(&terms.collections, &collection.name)
}

/// The facts of a recipient that count under the terms.
pub(crate) fn left(terms: &WrittenTerms, facts: &RecipientFacts) -> RecipientFacts {
    let mut left = facts.clone();
    let counts = |held: &Held| names(&terms.grounds, &held.id);
    for all in [&mut left.instruments, &mut left.frameworks, &mut left.mandates] {
        all.retain(counts);
    }
    left.authorisations.retain(|authorisation| counts(&authorisation.held));
    left.purpose = left.purpose.filter(|own| names(&terms.purposes, own));
    left
}

/// Whether terms are about `label`, by what its tags say in words.
pub(crate) fn admit(terms: &WrittenTerms, label: &Label, policies: &Policies, now: Stamp) -> bool {
    let is_low = |level: &String| {
        let (policy, level) = level.split_once(':').expect("POLICY:LEVEL");
        let levels = &policies.find(policy).expect("a policy").levels;
        let most = levels.iter().find(|known| known.name == level).expect("a level").rank;
        label.facets_at(now).iter().all(|(id, facet)| id.as_str() != policy || facet.level <= most)
    };
    let laws = label.facets_at(now).iter().filter(|(id, _)| [LAW, LAW_BESIDE].contains(&id.as_str()));
    terms.levels.iter().all(is_low)
        && laws.flat_map(|(_, facet)| &facet.restrictive).all(|tag| {
            let under = tag.value.strip_prefix("UNDER ").filter(|_| tag.tag == "PROP");
            let is_for_one = || tag.value.split(',').any(|purpose| names(&terms.purposes, purpose));
            names(&terms.laws, &tag.tag)
                && (tag.tag != "PURPOSE" || is_for_one())
                && under.is_none_or(|ground| names(&terms.grounds, ground))
        })
}

/// Whether a list names something, or is not there.
fn names(list: &Option<Vec<String>>, name: &str) -> bool {
    list.as_ref().is_none_or(|list| list.iter().any(|one| one.eq_ignore_ascii_case(name.trim()) && one != NOTHING))
}
