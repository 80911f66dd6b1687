//! Undoes byte-shift damage: a tool replaced bytes of GBK text without minding where characters begin.
//!
//! ```text
//! clean           向      烏      克      蘭          the tool knows 驗 = F2 9E as `yàn`
//! GBK           CF F2   9E F5   BF CB   CC 6D
//! after it      CF F2   9E (y à n ) F5   BF CB   CC 6D
//! decoded        向     ?  y à n )  蹩  颂   m        9E with `(` is no character; the rest is shifted by one byte
//! ```
//!
//! Two kinds of start, each told by what stands after the `?` ([`starts`]): a note whose character supplies the lost byte, and
//! a full-width sign that was made ASCII across two characters. From there bytes are paired anew until an ASCII letter that
//! is in truth a trail byte, or a second `?`, brings pairs and characters together again ([`search`]). Where bytes are truly
//! gone, a model of the document and of the language ranks what could stand there ([`evidence`]); unless one candidate is far
//! ahead, the place stays a gap with [`MISSING`] in the text. A `?` that explains itself as a question is left alone.

mod evidence;
mod search;
mod starts;

use crate::chinese::Chinese;
use crate::edit::{Confidence, Rule};
use crate::reading::{Change, Reading};
use crate::repair::gap::TextGap;
use crate::repair::notes::NoteTable;
use crate::span::TextSpan;
use evidence::Evidence;
use search::{Ending, Search, Trust};

/// The rule's name.
pub const RULE: Rule = Rule("gbk-shift");
/// Stands where a character is known to be missing: the printer's sign for a sort that is not to hand.
pub const MISSING: char = '〓';

/// By how much, in natural logarithms, a repair must be likelier than the text as it stands.
const GAIN_MIN: f64 = 8.0;
/// By how much the best candidate must be likelier than the next to be put into the text.
const LEAD_MIN: f64 = 2.5;
/// Places that are looked at in one document; beyond them `?` stay as they are, which is no repair and so no wrong one.
const SITES_MAX: usize = 1_024;
/// Characters after the last ending that all candidates are compared over.
const LOOKAHEAD: usize = 3;

/// What a repair makes of a text: changes, and the places that stay open.
#[derive(Debug, Default)]
pub struct Repaired {
    /// Changes to apply.
    pub changes: Vec<Change>,
    /// Places that are damaged and not, or not wholly, repaired.
    pub gaps: Vec<TextGap>,
}

/// A text as characters with their places in bytes.
struct Characters {
    chars: Vec<char>,
    places: Vec<usize>,
}

impl Characters {
    fn new(text: &str) -> Self {
        let (mut places, chars): (Vec<usize>, Vec<char>) = text.char_indices().unzip();
        places.push(text.len());
        Self { chars, places }
    }

    fn at(&self, index: usize) -> Option<char> {
        self.chars.get(index).copied()
    }

    fn before(&self, index: usize, back: usize) -> char {
        index.checked_sub(back).and_then(|at| self.at(at)).unwrap_or('。')
    }

    fn span(&self, from: usize, to: usize) -> TextSpan {
        let place = |index: usize| self.places.get(index).or(self.places.last()).copied().unwrap_or(0);
        TextSpan::new(place(from), place(to))
    }
}

/// Finds and undoes byte-shift damage in `reading`, from which notes explained by `table` are already gone.
#[must_use]
pub fn repair(reading: &Reading, table: &NoteTable, chinese: &Chinese) -> Repaired {
    let mut repaired = Repaired::default();
    if !reading.text().contains('?') {
        return repaired;
    }
    let text = Characters::new(reading.text());
    let evidence = Evidence::learn(&text, table, chinese);
    let search = Search { text: &text, table, codes: &chinese.codes, evidence: &evidence };
    let mut next = 0;
    let marks = text.chars.iter().enumerate().filter(|(_, c)| **c == '?').map(|(index, _)| index);
    for index in marks.take(SITES_MAX) {
        if index >= next {
            next = site(&search, index, &mut repaired);
        }
    }
    repaired
}

/// Looks at the `?` at `index`; returns where to go on.
fn site(search: &Search<'_>, index: usize, repaired: &mut Repaired) -> usize {
    let endings = search.endings(index, starts::starts(search, index));
    let Some(judged) = judge(search, index, endings) else { return unexplained(search, index, repaired) };
    let span = search.text.span(index, judged.end);
    if let Some(inferred) = judged.inferred {
        repaired.gaps.push(TextGap { span, inferred: Some(inferred) });
    }
    if let Some(to) = judged.to {
        repaired.changes.push(Change { span, to, rule: RULE, confidence: judged.confidence });
    }
    judged.end
}

/// A note without its opening bracket is damage all the same: the place is shown as open.
fn unexplained(search: &Search<'_>, index: usize, repaired: &mut Repaired) -> usize {
    let Some((_, after)) = search.note_at(index + 1) else { return index + 1 };
    repaired.gaps.push(TextGap { span: search.text.span(index, after), inferred: None });
    after
}

/// What becomes of a damaged place.
struct Judged {
    end: usize,
    /// Nothing where the candidates have too little in common: then the text stays as it is, and the place is a gap.
    to: Option<String>,
    confidence: Confidence,
    /// The likeliest, where it is not asserted.
    inferred: Option<String>,
}

/// Ranks endings over the same stretch of text and decides how much of the best may be asserted.
fn judge(search: &Search<'_>, index: usize, endings: Vec<Ending>) -> Option<Judged> {
    let horizon = endings.iter().map(|ending| ending.index).max()? + LOOKAHEAD;
    let mut ranked: Vec<(f64, Ending)> = endings.into_iter().map(|ending| (search.score_to(&ending, index, horizon), ending)).collect();
    ranked.sort_by(|(a, first), (b, second)| b.total_cmp(a).then_with(|| first.out.cmp(&second.out)));
    let unrepaired = Ending { index, out: Vec::new(), score: 0.0, trust: Trust::Bytes };
    let (best_score, best) = ranked.first()?;
    if best_score - search.score_to(&unrepaired, index, horizon) < GAIN_MIN {
        return None;
    }
    let rivals: Vec<&(f64, Ending)> = ranked.iter().filter(|(_, ending)| (&ending.out, ending.index) != (&best.out, best.index)).collect();
    let lead = rivals.first().map_or(f64::INFINITY, |(score, _)| best_score - score);
    let close: Vec<&Ending> = rivals.iter().filter(|(score, _)| best_score - score < LEAD_MIN).map(|(_, ending)| ending).collect();
    let to = shared(best, &close);
    let whole: String = best.out.iter().collect();
    let inferred = (!close.is_empty()).then_some(whole);
    Some(Judged { end: best.index, to, confidence: confidence(best, lead), inferred })
}

/// What the best and all close rivals agree on, with [`MISSING`] elsewhere; nothing if they differ in length or end.
fn shared(best: &Ending, close: &[&Ending]) -> Option<String> {
    if close.iter().any(|rival| rival.out.len() != best.out.len() || rival.index != best.index) {
        return None;
    }
    let agreed = |(at, c): (usize, &char)| if close.iter().all(|rival| rival.out.get(at) == Some(c)) { *c } else { MISSING };
    Some(best.out.iter().enumerate().map(agreed).collect())
}

fn confidence(best: &Ending, lead: f64) -> Confidence {
    Confidence::hundredths(match best.trust {
        _ if lead < LEAD_MIN => 50,
        Trust::Bytes => 98,
        Trust::Guess if lead < 2.0 * LEAD_MIN => 85,
        Trust::Guess => 95,
        Trust::Stranger => 60,
    })
}
