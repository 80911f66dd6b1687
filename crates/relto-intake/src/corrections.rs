//! What people decide of the names in one document: which thing a name means, that something is no name, what it is called, and
//! which two things are one.
//!
//! A decision on a place holds for the document in which it stands; of an ambiguous name, for all of its places there. A name that was
//! given is an entry of the gazetteer as well, and so are two things that are one: other documents are read with it. Places are
//! spans of raw bytes, so that a decision outlives new rules; one that points to nothing any more does nothing.

use crate::entities::{Found, Meaning};
use crate::gazetteer::Named;
use crate::span::{RawSpan, TextSpan};
use serde::{Deserialize, Serialize};

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "lowercase")]
pub enum Correction {
    /// The ambiguous name there means this one of its candidates.
    Accept {
        /// Where.
        at: RawSpan,
        /// What it means.
        means: Named,
    },
    /// What stands there is no name.
    Reject {
        /// Where.
        at: RawSpan,
    },
    /// What stands there names this.
    Name {
        /// Where.
        at: RawSpan,
        /// What it names.
        means: Named,
        /// What stands there, as repaired.
        alias: String,
    },
    /// Two things are one.
    Merge {
        /// What is no thing of its own.
        from: Named,
        /// What it is.
        into: Named,
    },
}

/// The decisions on one document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corrections {
    /// The id of its report.
    pub report: String,
    /// The decisions, in the order in which they were taken.
    pub corrections: Vec<Correction>,
}

impl Correction {
    /// The place that it is about.
    fn place(&self) -> Option<RawSpan> {
        match self {
            Self::Accept { at, .. } | Self::Reject { at } | Self::Name { at, .. } => Some(*at),
            Self::Merge { .. } => None,
        }
    }

    /// Whether it takes the place of `other`.
    fn replaces(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Merge { from, into }, Self::Merge { from: earlier, into: earlier_into }) => {
                from == earlier || (from == earlier_into && into == earlier)
            }
            _ => self.place().is_some() && self.place() == other.place(),
        }
    }
}

impl Corrections {
    /// Adds a decision, in the place of an earlier one on the same.
    pub fn add(&mut self, correction: Correction) {
        self.corrections.retain(|earlier| !correction.replaces(earlier));
        self.corrections.push(correction);
    }
}

/// `found`, the names of a document in order, as `local` decides; `place` says where raw bytes stand in the text of `found`.
pub(crate) fn decided(mut found: Vec<Found>, local: &[Correction], place: &dyn Fn(RawSpan) -> TextSpan) -> Vec<Found> {
    for correction in local {
        match correction {
            Correction::Accept { at, means } => accept(&mut found, place(*at), means),
            Correction::Reject { at } => {
                let at = place(*at);
                found.retain(|name| !name.span.overlaps(at));
            }
            Correction::Name { at, means, .. } => {
                let span = place(*at);
                if !span.is_empty() {
                    found.retain(|name| !name.span.overlaps(span));
                    found.push(Found { span, meaning: Meaning::One(means.clone()) });
                    found.sort_by_key(|name| name.span);
                }
            }
            Correction::Merge { .. } => {}
        }
    }
    found
}

/// Decides every place of the ambiguous name at `at`.
fn accept(found: &mut [Found], at: TextSpan, means: &Named) {
    let is_meant = |meaning: &Meaning| matches!(meaning, Meaning::Ambiguous(_, candidates) if candidates.contains(means));
    let here = found.iter().find(|name| name.span.overlaps(at) && is_meant(&name.meaning));
    let Some(meaning) = here.map(|name| name.meaning.clone()) else { return };
    found.iter_mut().filter(|name| name.meaning == meaning).for_each(|name| name.meaning = Meaning::One(means.clone()));
}

/// `found` with each thing that is another one, by `merges`, in its place.
pub(crate) fn merged(mut found: Vec<Found>, merges: &[(Named, Named)]) -> Vec<Found> {
    if !merges.is_empty() {
        found.iter_mut().for_each(|name| name.meaning = one_of(&name.meaning, merges));
    }
    found
}

fn one_of(meaning: &Meaning, merges: &[(Named, Named)]) -> Meaning {
    match meaning {
        Meaning::One(named) => Meaning::One(last_of(named, merges)),
        Meaning::Ambiguous(name, candidates) => {
            let mut left: Vec<Named> = candidates.iter().map(|named| last_of(named, merges)).collect();
            left.sort();
            left.dedup();
            match left.as_slice() {
                [one] => Meaning::One(one.clone()),
                _ => Meaning::Ambiguous(name.clone(), left),
            }
        }
    }
}

/// What `named` is in the end. A circle of merges, which two documents may bring, is left after as many steps as there are merges.
fn last_of(named: &Named, merges: &[(Named, Named)]) -> Named {
    let mut last = named;
    for _ in merges {
        match merges.iter().find(|(from, _)| from == last) {
            Some((_, into)) => last = into,
            None => break,
        }
    }
    last.clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gazetteer::EntityType;

    fn named(name: &str) -> Named {
        Named { name: name.to_owned(), kind: EntityType::Organisation }
    }

    fn merge(from: &str, into: &str) -> Correction {
        Correction::Merge { from: named(from), into: named(into) }
    }

    #[test]
    fn a_later_decision_takes_the_place_of_an_earlier_one() {
        let at = RawSpan::new(1, 4);
        let mut corrections = Corrections::default();
        corrections.add(Correction::Reject { at });
        corrections.add(Correction::Name { at, means: named("A"), alias: "a a".to_owned() });
        corrections.add(merge("A", "B"));
        corrections.add(merge("B", "A"));
        let left = [Correction::Name { at, means: named("A"), alias: "a a".to_owned() }, merge("B", "A")];
        assert_eq!(corrections.corrections, left);
    }

    #[test]
    fn merges_follow_each_other_and_circles_end() {
        let merges = [(named("A"), named("B")), (named("B"), named("C"))];
        assert_eq!(last_of(&named("A"), &merges), named("C"));
        let both = Meaning::Ambiguous("ab".to_owned(), vec![named("A"), named("B")]);
        assert_eq!(one_of(&both, &merges), Meaning::One(named("C")));
        let circle = [(named("A"), named("B")), (named("B"), named("A"))];
        assert_eq!(last_of(&named("A"), &circle), named("A"));
    }
}
