//! Whether two documents are copies, of which kind, and by which bytes: decided on the texts, never on an estimate.
//!
//! | kind | both texts | the lighter text stands in the other |
//! |---|---|---|
//! | exact | the same letters | whole |
//! | near | three tenths of each stand in the other | |
//! | contained | the heavier one has much else | half of it |
//! | laundered | neither, as they are | one of the above, once words that may stand for each other are levelled |
//!
//! What many documents share is no copy where both have long stretches of their own beside it, which few others have: that is how
//! pages with one footer, banner or clause look. The many copies of one text do not: their differences are scattered, and what one of
//! them lacks stands in others.

use super::compare::{self, Stretch, merged, stretches};
use super::document::Document;
use super::print::Print;
use super::sketch::Sketches;
use crate::span::RawSpan;
use serde::Serialize;
use std::ops::Range;

/// In thousandths: what must stand in the other text.
const NEAR_MIN: u32 = 300;
const CONTAINED_MIN: u32 = 500;
/// What two texts share weighs at least so much: forty Han characters, or a long sentence.
const SHARED_WEIGHT_MIN: u32 = 80;
/// A stretch that is in one text alone and weighs so much is its author's, not an edit.
const OWN_WEIGHT_MIN: u32 = 120;
/// In thousandths: from here on a text has something of its own.
const OWN_MIN: u32 = 200;
/// What two texts share is common when so many documents have half of it.
const COMMON_DOCUMENTS_MIN: usize = 8;
/// What so many times fewer documents have is rare beside it.
const RARER: usize = 2;
/// What was added or left out is told from this weight on: a word or two.
const TOLD_WEIGHT_MIN: u32 = 8;
/// In thousandths: a text that levelling brings so much closer was rewritten with those words.
const LAUNDERED_GAIN_MIN: u32 = 150;

/// How two documents are copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The same letters, whatever the spaces, signs and script.
    Exact,
    /// Much of each stands in the other.
    Near,
    /// One stands in the other, which has much else.
    Contained,
    /// The same text with words for words.
    Laundered,
}

/// What two documents have in common; the first is the one of the lesser key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Match {
    /// How.
    pub kind: Kind,
    /// How much of the first stands in the second, in thousandths of its letters' weight.
    pub first_per_mille: u32,
    /// How much of the second stands in the first, likewise.
    pub second_per_mille: u32,
    /// Raw bytes of the first and of the second that are the same text, in the order of the shorter one; for laundered
    /// documents the same once words are levelled.
    pub stretches: Vec<(RawSpan, RawSpan)>,
    /// Raw bytes of the first that the second does not have.
    pub first_own: Vec<RawSpan>,
    /// Raw bytes of the second that the first does not have.
    pub second_own: Vec<RawSpan>,
}

impl Match {
    /// How much of the one that is more of a copy stands in the other, in thousandths.
    #[must_use]
    pub fn score_per_mille(&self) -> u32 {
        self.first_per_mille.max(self.second_per_mille)
    }
}

/// What `first` and `second` have in common, if they are copies.
pub(super) fn judge(first: &Document, second: &Document, plain: &Sketches, levelled: &Sketches) -> Option<Match> {
    let raw = Overlap::of(first.print(), second.print());
    if first.print().digest().is_some() && first.print().digest() == second.print().digest() {
        return Some(raw.told(Kind::Exact));
    }
    let kind = raw.kind().filter(|_| !raw.is_common(plain));
    if !first.is_levelled() && !second.is_levelled() {
        return kind.map(|kind| raw.told(kind));
    }
    let level = Overlap::of(first.level_print(), second.level_print());
    let gained = level.score() >= raw.score() + LAUNDERED_GAIN_MIN;
    match (kind, level.kind().filter(|_| !level.is_common(levelled))) {
        (None, Some(_)) => Some(level.told(Kind::Laundered)),
        (Some(_), Some(_)) if gained => Some(level.told(Kind::Laundered)),
        (kind, _) => kind.map(|kind| raw.told(kind)),
    }
}

/// Two prints with what stands in both.
struct Overlap<'p> {
    first: Side<'p>,
    second: Side<'p>,
    stretches: Vec<Stretch>,
}

struct Side<'p> {
    print: &'p Print,
    covered: Vec<Range<usize>>,
}

impl Side<'_> {
    /// How much of the text stands in the other, in thousandths.
    fn share(&self) -> u32 {
        per_mille(compare::weight(self.print, &self.covered), self.print.weight())
    }

    /// Whether it has long stretches that `other` does not have, and far fewer documents than `common`.
    fn has_own_text(&self, other: &Print, common: usize, sketches: &Sketches) -> bool {
        let own = compare::own(self.print, &self.covered, OWN_WEIGHT_MIN);
        let own = u64::from(per_mille(compare::weight(self.print, &own), self.print.weight()));
        let (mut rare, mut all) = (0_u64, 0_u64);
        for value in self.print.sample().iter().filter(|value| other.sample().binary_search(value).is_err()) {
            all += 1;
            rare += u64::from(sketches.documents_with(*value) * RARER < common);
        }
        own * rare >= u64::from(OWN_MIN) * all.max(1)
    }

    fn own(&self) -> Vec<RawSpan> {
        compare::raw(self.print, &compare::own(self.print, &self.covered, TOLD_WEIGHT_MIN))
    }
}

impl<'p> Overlap<'p> {
    fn of(first: &'p Print, second: &'p Print) -> Self {
        let turned = second.weight() < first.weight();
        let mut stretches = if turned { stretches(second, first) } else { stretches(first, second) };
        if turned {
            stretches.iter_mut().for_each(|stretch| std::mem::swap(&mut stretch.first, &mut stretch.second));
        }
        let covered = |side: fn(&Stretch) -> &Range<usize>| merged(stretches.iter().map(|stretch| side(stretch).clone()).collect());
        let (ours, theirs) = (covered(|stretch| &stretch.first), covered(|stretch| &stretch.second));
        Self { first: Side { print: first, covered: ours }, second: Side { print: second, covered: theirs }, stretches }
    }

    fn score(&self) -> u32 {
        self.first.share().max(self.second.share())
    }

    /// What kind of copies they would be, if what they share is not common.
    fn kind(&self) -> Option<Kind> {
        let shared = compare::weight(self.first.print, &self.first.covered).max(compare::weight(self.second.print, &self.second.covered));
        let least = self.first.share().min(self.second.share());
        match () {
            () if shared < SHARED_WEIGHT_MIN => None,
            () if least >= NEAR_MIN => Some(Kind::Near),
            () if self.score() >= CONTAINED_MIN => Some(Kind::Contained),
            () => None,
        }
    }

    /// Whether many documents have what these two share, and both have text of their own beside it.
    fn is_common(&self, sketches: &Sketches) -> bool {
        let (first, second) = (self.first.print, self.second.print);
        let mut documents: Vec<usize> = Sketches::shared(first, second).iter().map(|value| sketches.documents_with(*value)).collect();
        documents.sort_unstable();
        let common = documents.get(documents.len() / 2).copied().unwrap_or(0);
        common >= COMMON_DOCUMENTS_MIN
            && self.first.has_own_text(second, common, sketches)
            && self.second.has_own_text(first, common, sketches)
    }

    fn told(&self, kind: Kind) -> Match {
        let raw = |stretch: &Stretch| Some((self.first.print.raw(&stretch.first)?, self.second.print.raw(&stretch.second)?));
        Match {
            kind,
            first_per_mille: self.first.share(),
            second_per_mille: self.second.share(),
            stretches: self.stretches.iter().filter_map(raw).collect(),
            first_own: self.first.own(),
            second_own: self.second.own(),
        }
    }
}

fn per_mille(part: u32, whole: u32) -> u32 {
    u64::from(part).saturating_mul(1_000).checked_div(u64::from(whole)).and_then(|share| u32::try_from(share).ok()).unwrap_or(0)
}
