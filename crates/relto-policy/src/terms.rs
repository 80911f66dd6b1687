//! What an agreement says of one direction: which collections and labels it is about, which purposes and legal grounds count in it.
//!
//! Terms take away and never give. Whoever reads under them has the facts that they name and no other ([`Terms::narrow`]), so that the law decides
//! on less; and what carries a label outside them is withheld, whatever the law says ([`Terms::outside`]).

use std::collections::BTreeSet;

use relto_model::label::Restriction;
use relto_model::{Label, Stamp};
use serde::{Deserialize, Serialize};

use crate::law::condition::Named;
use crate::law::facts::same;
use crate::law::{Held, RecipientFacts};
use crate::legal;
use crate::policy::Policies;
use crate::profile::{AttributeError, Ceilings, Profile};
use crate::rules::Rules;

/// What stands alone in place of a list that has nothing.
pub const NOTHING: &str = "none";

/// The terms of one direction. A list that is absent narrows nothing; one that is empty leaves nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "Stored")]
pub struct Terms {
    /// The highest level of each policy.
    pub levels: Ceilings,
    /// The collections, by their names here; absent, all of the agreement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collections: Option<BTreeSet<String>>,
    /// The laws that labels may have tags of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub laws: Option<BTreeSet<String>>,
    /// The purposes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purposes: Option<BTreeSet<String>>,
    /// The legal grounds, by name: contracts and agreements, certificates, mandates by their basis, authorisations by their number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grounds: Option<BTreeSet<String>>,
}

/// Terms as they are stored; older nodes stored the levels alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum Stored {
    Lists {
        levels: Ceilings,
        #[serde(default)]
        collections: Option<BTreeSet<String>>,
        #[serde(default)]
        laws: Option<BTreeSet<String>>,
        #[serde(default)]
        purposes: Option<BTreeSet<String>>,
        #[serde(default)]
        grounds: Option<BTreeSet<String>>,
    },
    Levels(Ceilings),
}

impl From<Stored> for Terms {
    fn from(stored: Stored) -> Self {
        match stored {
            Stored::Lists { levels, collections, laws, purposes, grounds } => Self { levels, collections, laws, purposes, grounds },
            Stored::Levels(levels) => Self { levels, ..Self::default() },
        }
    }
}

/// Terms as people write them. [`NOTHING`], alone in a list, leaves nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WrittenTerms {
    /// `POLICY:LEVEL`: nothing above.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<String>,
    /// Only these collections.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collections: Option<Vec<String>>,
    /// Only tags of these laws.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub laws: Option<Vec<String>>,
    /// Only for these purposes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purposes: Option<Vec<String>>,
    /// Only on these grounds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grounds: Option<Vec<String>>,
}

/// Why terms, as written on a command line, are refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TermsError {
    /// A level is none.
    #[error(transparent)]
    Level(#[from] AttributeError),
    /// No legal rule is of that law.
    #[error("no legal rule is of `{given}`: there are rules of {known}")]
    Law {
        /// What was written.
        given: String,
        /// The laws there are.
        known: String,
    },
    /// The agreement is not about that collection.
    #[error("the agreement is not about a collection `{given}`: it is about {known}")]
    Collection {
        /// What was written.
        given: String,
        /// The collections of the agreement.
        known: String,
    },
    /// The recipient does not ask for that purpose, so that naming it would leave none.
    #[error("`{given}` is no purpose of the recipient: its facts have {known}")]
    Purpose {
        /// What was written.
        given: String,
        /// The purpose there is.
        known: String,
    },
    /// The recipient holds nothing of that name.
    #[error("`{given}` is no ground that the recipient has: its facts have {known}")]
    Ground {
        /// What was written.
        given: String,
        /// What it holds.
        known: String,
    },
    /// A list names something and nothing, or has an empty name.
    #[error("`{0}` is no name: write each by itself, or `none` alone for none")]
    Name(String),
}

impl Terms {
    /// Whether they narrow nothing.
    #[must_use]
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// Whether they are about the collection, by its name here.
    #[must_use]
    pub fn include(&self, collection: &str) -> bool {
        self.collections.as_ref().is_none_or(|all| all.contains(collection))
    }

    /// Of `facts` about a recipient those that count: the purpose and what it holds, where they are named. Dates stay as they are.
    #[must_use]
    pub fn narrow(&self, facts: RecipientFacts) -> RecipientFacts {
        let RecipientFacts { purpose, mut instruments, mut frameworks, mut mandates, mut authorisations, .. } = facts;
        if let Some(grounds) = &self.grounds {
            for held in [&mut instruments, &mut frameworks, &mut mandates] {
                held.retain(|held| lists(grounds, &held.id));
            }
            authorisations.retain(|authorisation| lists(grounds, &authorisation.held.id));
        }
        let purpose = purpose.filter(|own| self.purposes.as_ref().is_none_or(|all| lists(all, own)));
        RecipientFacts { purpose, instruments, frameworks, mandates, authorisations, ..facts }
    }

    /// What they are about, in words, where `label`, as it reads at `now`, is outside them; `None` where it is within.
    #[must_use]
    pub fn outside(&self, label: &Label, rules: &Rules, now: Stamp) -> Option<String> {
        if !self.levels.admit(label, now) {
            return Some(self.levels.in_words(&rules.policies));
        }
        let law = label.facets_at(now).iter().filter(|(policy, _)| legal::is_law(policy));
        law.flat_map(|(_, facet)| &facet.restrictive).find_map(|tag| self.tag_outside(tag, rules, now))
    }

    fn tag_outside(&self, tag: &Restriction, rules: &Rules, now: Stamp) -> Option<String> {
        if let Some(laws) = self.laws.as_ref().filter(|all| !lists(all, &tag.tag)) {
            return Some(only("tags of", laws, &tag.tag));
        }
        rules.law.rules.named(tag, now).into_iter().find_map(|named| match named {
            Named::Purposes(asked) => {
                let purposes = self.purposes.as_ref().filter(|all| !asked.iter().any(|one| lists(all, one)))?;
                Some(only("the purpose", purposes, &asked.join(", ")))
            }
            Named::Ground(name) => {
                let grounds = self.grounds.as_ref().filter(|all| !lists(all, &name))?;
                Some(only("the ground", grounds, &name))
            }
        })
    }

    /// Reads terms of an agreement about `collections`.
    ///
    /// # Errors
    /// [`TermsError`] names what is not known, and what there is.
    pub fn parse<'c>(written: &WrittenTerms, collections: impl IntoIterator<Item = &'c str>, rules: &Rules) -> Result<Self, TermsError> {
        let collections: Vec<&str> = collections.into_iter().collect();
        let laws = rules.law.rules.laws();
        Ok(Self {
            levels: Ceilings::parse(written.levels.iter().map(String::as_str), &rules.policies)?,
            collections: list(&written.collections, &|given| {
                among(given, &collections, str::eq)
                    .ok_or_else(|| TermsError::Collection { given: given.to_owned(), known: collections.join(", ") })
            })?,
            laws: list(&written.laws, &|given| {
                among(given, &laws, same).ok_or_else(|| TermsError::Law { given: given.to_owned(), known: laws.join(", ") })
            })?,
            purposes: list(&written.purposes, &|given| Ok(given.to_owned()))?,
            grounds: list(&written.grounds, &|given| Ok(given.to_owned()))?,
        })
    }

    /// Whether whoever has `facts` has what they name: what it has not, they would only seem to grant.
    ///
    /// # Errors
    /// [`TermsError`] names what it has not, and what it has.
    pub fn check(&self, facts: &RecipientFacts) -> Result<(), TermsError> {
        let named = |known: Vec<&str>| if known.is_empty() { NOTHING.to_owned() } else { known.join(", ") };
        let purposes: Vec<&str> = facts.purpose.as_deref().into_iter().collect();
        let held = [&facts.instruments, &facts.frameworks, &facts.mandates].into_iter().flatten();
        let held = held.chain(facts.authorisations.iter().map(|authorisation| &authorisation.held));
        let grounds: Vec<&str> = held.map(|Held { id, .. }| id.as_str()).collect();
        if let Some(given) = self.purposes.iter().flatten().find(|given| among(given, &purposes, same).is_none()) {
            return Err(TermsError::Purpose { given: given.clone(), known: named(purposes) });
        }
        match self.grounds.iter().flatten().find(|given| among(given, &grounds, same).is_none()) {
            Some(given) => Err(TermsError::Ground { given: given.clone(), known: named(grounds) }),
            None => Ok(()),
        }
    }

    /// As people write them.
    #[must_use]
    pub fn written(&self, policies: &Policies) -> WrittenTerms {
        let list = |all: &BTreeSet<String>| if all.is_empty() { vec![NOTHING.to_owned()] } else { all.iter().cloned().collect() };
        let of = |all: &Option<BTreeSet<String>>| all.as_ref().map(list);
        WrittenTerms {
            levels: self.levels.written(policies),
            collections: of(&self.collections),
            laws: of(&self.laws),
            purposes: of(&self.purposes),
            grounds: of(&self.grounds),
        }
    }
}

impl WrittenTerms {
    /// Each list with what it is about, in words; those that are absent are left out.
    #[must_use]
    pub fn in_words(&self) -> Vec<String> {
        let lists = [
            ("only collections", &self.collections),
            ("only tags of", &self.laws),
            ("only for", &self.purposes),
            ("only on the grounds", &self.grounds),
        ];
        let levels = (!self.levels.is_empty()).then(|| format!("up to {}", self.levels.join(", ")));
        let lists = lists.into_iter().filter_map(|(words, list)| Some(format!("{words} {}", list.as_ref()?.join(", "))));
        levels.into_iter().chain(lists).collect()
    }
}

impl Profile {
    /// The same under `terms`: with the facts that they leave, and nothing outside them.
    #[must_use]
    pub fn under(self, terms: &Terms) -> Self {
        Self { facts: terms.narrow(self.facts), terms: terms.clone(), ..self }
    }
}

/// Names of what the law asks about compare without regard to case.
fn lists(all: &BTreeSet<String>, name: &str) -> bool {
    all.iter().any(|one| same(one, name))
}

/// The one of `known` that is meant by `given`.
fn among(given: &str, known: &[&str], is: impl Fn(&str, &str) -> bool) -> Option<String> {
    known.iter().find(|known| is(known, given)).map(|known| (*known).to_owned())
}

/// A list of which `read` reads each name.
fn list(written: &Option<Vec<String>>, read: &dyn Fn(&str) -> Result<String, TermsError>) -> Result<Option<BTreeSet<String>>, TermsError> {
    let Some(written) = written else { return Ok(None) };
    if let [only] = written.as_slice()
        && only == NOTHING
    {
        return Ok(Some(BTreeSet::new()));
    }
    let one = |given: &String| match given.trim() {
        "" | NOTHING => Err(TermsError::Name(given.clone())),
        name => read(name),
    };
    written.iter().map(one).collect::<Result<_, _>>().map(Some)
}

/// `what` is meant of `all` and nothing else, such as `other`.
fn only(what: &str, all: &BTreeSet<String>, other: &str) -> String {
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    format!("{what} {}, and not {other}", if all.is_empty() { NOTHING.to_owned() } else { all.join(", ") })
}

#[cfg(test)]
mod tests;
