//! What the site of a world withholds beyond the rules: caveats, one to a file, and the engine that reads such files.
//!
//! The engine stands where Cedar stands on a real node: what is under test is how the gate and the node ask a site's policies, not the
//! language that those are written in. Whether it is right is for the twin's own judge to say, who knows the caveat and not its text.

use std::sync::Arc;

use relto_gate::{Narrowed, Narrowing, Prepared, SiteEngine};
use relto_model::{Label, PolicyId, Stamp};
use relto_policy::{Profile, Rules};
use sha2::{Digest as _, Sha256};

/// Keeps somebody from something for a time.
#[derive(Debug, Clone, Copy)]
pub struct Caveat {
    /// Whom.
    pub whom: Whom,
    /// From what.
    pub what: What,
    /// From when.
    pub from: &'static str,
    /// Until when.
    pub until: &'static str,
}

/// Whom a caveat is about.
#[derive(Debug, Clone, Copy)]
pub enum Whom {
    /// Whoever is of an organisation.
    Of(&'static str),
    /// Whoever has a nationality, others beside it or not.
    National(&'static str),
    /// Whoever is in a group no longer, or not yet.
    Outside(&'static str),
}

/// What a caveat is about, by the label.
#[derive(Debug, Clone, Copy)]
pub enum What {
    /// A level of a policy or one above it.
    AtLeast(&'static str, &'static str),
    /// A restrictive tag of a policy, whatever its value.
    Tagged(&'static str, &'static str),
}

impl Caveat {
    /// The text of its file.
    #[must_use]
    pub fn text(&self) -> String {
        let (who, name) = match self.whom {
            Whom::Of(organisation) => ("whoever is of", organisation),
            Whom::National(nation) => ("nationals of", nation),
            Whom::Outside(group) => ("whoever is outside", group),
        };
        let (what, policy, word) = match self.what {
            What::AtLeast(policy, level) => ("at least", policy, level),
            What::Tagged(policy, tag) => ("tagged", policy, tag),
        };
        format!("forbid {who} `{name}` what is {what} `{policy}` `{word}` from `{}` until `{}`", self.from, self.until)
    }
}

/// Reads caveats.
#[derive(Debug, Clone, Copy, Default)]
pub struct CaveatEngine;

impl SiteEngine for CaveatEngine {
    fn read(&self, name: &str, text: &str) -> Result<Arc<dyn Narrowing>, Vec<String>> {
        let words: Vec<&str> = text.split('`').collect();
        let read = match words[..] {
            [who, name, what, policy, " ", word, " from ", from, " until ", until, ""] => {
                read(text, [who, name], [what, policy, word], [from, until])
            }
            _ => None,
        };
        let narrowing = read.map(|caveat| Arc::new(caveat) as Arc<dyn Narrowing>);
        narrowing.ok_or_else(|| vec![format!("{name}: `{text}` is no caveat")])
    }
}

fn read(text: &str, [who, name]: [&str; 2], [what, policy, word]: [&str; 3], [from, until]: [&str; 2]) -> Option<Read> {
    let asks = match who {
        "forbid whoever is of " => Asks::Organisation,
        "forbid nationals of " => Asks::Nation,
        "forbid whoever is outside " => Asks::Group,
        _ => return None,
    };
    let is_level = match what {
        " what is at least " => true,
        " what is tagged " => false,
        _ => return None,
    };
    let dates = Stamp::parse(from).ok()?..Stamp::parse(until).ok()?;
    let (text, name, word) = (text.to_owned(), name.to_owned(), word.to_owned());
    Some(Read { text, asks, name, is_level, policy: PolicyId::new(policy), word, dates })
}

/// A caveat as it was read.
struct Read {
    text: String,
    asks: Asks,
    name: String,
    is_level: bool,
    policy: PolicyId,
    word: String,
    dates: std::ops::Range<Stamp>,
}

/// What is asked of who reads.
enum Asks {
    Organisation,
    Nation,
    Group,
}

/// Whether the caveat is about a profile, or about a label, at one instant.
struct Concerned {
    is_so: bool,
    now: Stamp,
}

impl Read {
    fn carries(&self, label: &Label, rules: &Rules, now: Stamp) -> bool {
        let Some(facet) = label.facets_at(now).get(&self.policy) else { return false };
        if self.is_level {
            let level = rules.policies.of(&self.policy).and_then(|policy| policy.level(&self.word));
            return level.is_none_or(|level| level.rank <= facet.level);
        }
        facet.restrictive.iter().any(|value| value.tag == self.word)
    }
}

impl Narrowing for Read {
    fn prepare_profile(&self, profile: &Profile, _: &Rules, now: Stamp) -> Prepared {
        let is_so = match self.asks {
            Asks::Organisation => profile.organisation == self.name,
            Asks::Nation => profile.nations.contains(&self.name),
            Asks::Group => profile.groups.iter().all(|spell| spell.group != self.name || !spell.covers(now)),
        };
        Prepared::new(Concerned { is_so, now })
    }

    fn prepare_label(&self, label: &Label, rules: &Rules, now: Stamp) -> Prepared {
        Prepared::new(Concerned { is_so: self.dates.contains(&now) && self.carries(label, rules, now), now })
    }

    fn permits(&self, profile: &Prepared, label: &Prepared) -> bool {
        let both = profile.get::<Concerned>().zip(label.get::<Concerned>()).filter(|(profile, label)| profile.now == label.now);
        both.is_some_and(|(profile, label)| !(profile.is_so && label.is_so))
    }

    fn withheld_by(&self, profile: &Profile, label: &Label, rules: &Rules, now: Stamp) -> Vec<Narrowed> {
        let permits = self.permits(&self.prepare_profile(profile, rules, now), &self.prepare_label(label, rules, now));
        let narrowed = || Narrowed { id: self.text.clone(), reason: None, citation: None };
        (!permits).then(narrowed).into_iter().collect()
    }

    fn next_change(&self, now: Stamp) -> Option<Stamp> {
        [self.dates.start, self.dates.end].into_iter().filter(|change| *change > now).min()
    }

    fn digest(&self) -> [u8; 32] {
        Sha256::digest(&self.text).into()
    }
}
