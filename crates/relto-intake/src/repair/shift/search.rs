//! Pairs the bytes after a shift anew, keeping the likeliest few ways, until pairs and characters agree again.

use super::Characters;
use super::evidence::Evidence;
use crate::chinese::gbk::{Codes, user_defined_trails};
use crate::chinese::script::is_han;
use crate::chinese::syllable::SYLLABLE_CHARACTERS_MAX;
use crate::repair::notes::{NoteTable, syllable_before_bracket};
use std::ops::RangeInclusive;

/// Longest damaged stretch that is looked at, in characters as they stand.
const STRETCH_MAX: usize = 48;
/// Ways kept after each character.
const WAYS_MAX: usize = 16;
/// Of these, how many may go on with a dropped pair.
const DROPPING_WAYS_MAX: usize = 6;
/// A pair that fell into a user-defined zone and was dropped: how unlikely, and how unlikely its first character may be.
const DROP_COST: f64 = -2.0;
const DROP_CHARACTER_MIN: f64 = -12.0;
const DROPS_MAX: usize = 3;
/// Candidates kept for a character of which a byte is lost.
const CANDIDATES_KEPT: usize = 6;
/// A note right behind the stretch names its last character, or another.
const NOTE_AGREES: f64 = 5.0;
const NOTE_DIFFERS: f64 = -8.0;
/// A character as it stands in a text taken to be sound costs no more than this.
const FLOOR: f64 = -16.0;

/// What the search works with.
pub(super) struct Search<'s> {
    pub(super) text: &'s Characters,
    pub(super) table: &'s NoteTable,
    pub(super) codes: &'s Codes,
    pub(super) evidence: &'s Evidence<'s>,
}

/// The byte that waits for its partner.
#[derive(Clone, Debug)]
pub(super) enum Pending {
    Byte(u8),
    /// Lost with a dropped pair: any of these.
    Lost(RangeInclusive<u8>),
}

impl Pending {
    fn may_be(&self, byte: u8) -> bool {
        match self {
            Self::Byte(known) => *known == byte,
            Self::Lost(range) => range.contains(&byte),
        }
    }
}

/// What a way rests on; the weakest part counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Trust {
    /// Bytes that are there, or that a known note names.
    Bytes,
    /// A byte that only the model of the language fills in.
    Guess,
    /// A note that the document nowhere else shows.
    Stranger,
}

/// A way through the stretch so far.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) index: usize,
    pub(super) pending: Pending,
    pub(super) out: Vec<char>,
    pub(super) score: f64,
    pub(super) trust: Trust,
    pub(super) before: (char, char),
    pub(super) drops: usize,
}

/// A way that ended: characters from `index` on are sound again.
#[derive(Clone, Debug)]
pub(super) struct Ending {
    pub(super) index: usize,
    pub(super) out: Vec<char>,
    pub(super) score: f64,
    pub(super) trust: Trust,
}

impl State {
    pub(super) fn starting(search: &Search<'_>, site: usize, index: usize, pending: Pending) -> Self {
        let before = (search.text.before(site, 2), search.text.before(site, 1));
        Self { index, pending, out: Vec::new(), score: 0.0, trust: Trust::Bytes, before, drops: 0 }
    }

    fn ended(self, index: usize) -> Ending {
        Ending { index, out: self.out, score: self.score, trust: self.trust }
    }
}

impl Search<'_> {
    /// Every way from `states` to an end, the likeliest kept at each step.
    pub(super) fn endings(&self, site: usize, mut states: Vec<State>) -> Vec<Ending> {
        let mut endings = Vec::new();
        while states.first().is_some_and(|state| state.index < site + STRETCH_MAX) {
            let mut next = Vec::new();
            for state in &states {
                self.step(state, &mut next, &mut endings);
            }
            for state in states.iter().take(DROPPING_WAYS_MAX) {
                for dropped in self.dropped(state) {
                    self.step(&dropped, &mut next, &mut endings);
                }
            }
            next.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.out.cmp(&b.out)));
            next.truncate(WAYS_MAX);
            states = next;
        }
        endings
    }

    /// Takes one character as it stands.
    fn step(&self, state: &State, next: &mut Vec<State>, endings: &mut Vec<Ending>) {
        let Some(c) = self.text.at(state.index) else { return };
        if c == '?' {
            self.lost_trail(state, endings);
        } else if let Some([lead, trail]) = self.codes.code(c) {
            next.extend(self.completed(state, lead).into_iter().map(|pushed| State {
                index: state.index + 1,
                pending: Pending::Byte(trail),
                ..pushed
            }));
        } else if let Some(trail) = u8::try_from(c).ok().filter(|byte| (0x40..0x7F).contains(byte)) {
            endings.extend(self.completed(state, trail).into_iter().map(|pushed| self.named(pushed, state.index + 1)));
        }
    }

    /// The waiting byte with `trail`, in the likeliest ways that make a character.
    fn completed(&self, state: &State, trail: u8) -> Vec<State> {
        let leads = match &state.pending {
            Pending::Byte(byte) => *byte..=*byte,
            Pending::Lost(range) => range.clone(),
        };
        self.likeliest(state, leads.filter_map(|lead| self.codes.character(lead, trail)), |_| 0.0)
    }

    /// `state` with each of `candidates` found, the likeliest of them, `ahead` counting only for the choice.
    pub(super) fn likeliest(&self, state: &State, candidates: impl Iterator<Item = char>, ahead: impl Fn(char) -> f64) -> Vec<State> {
        let (a, b) = state.before;
        let mut scored: Vec<(f64, char)> = candidates.map(|c| (self.evidence.log_after(a, b, c) + ahead(c), c)).collect();
        scored.sort_by(|(a, first), (b, second)| b.total_cmp(a).then(first.cmp(second)));
        scored.into_iter().take(CANDIDATES_KEPT).map(|(_, c)| self.pushed(state, c)).collect()
    }

    /// The same way with `c` found.
    fn pushed(&self, state: &State, c: char) -> State {
        let score = state.score + self.evidence.log_after(state.before.0, state.before.1, c);
        let mut out = state.out.clone();
        out.push(c);
        State { out, score, before: (state.before.1, c), ..state.clone() }
    }

    /// Ways in which a pair was dropped right here: its first byte completes a character, its second is lost.
    fn dropped(&self, state: &State) -> Vec<State> {
        let Pending::Byte(byte) = state.pending else { return Vec::new() };
        if state.drops >= DROPS_MAX {
            return Vec::new();
        }
        let drop = |first: u8| {
            let zone = user_defined_trails(first)?;
            let c = self.codes.character(byte, first)?;
            let plausible = self.evidence.log_after(state.before.0, state.before.1, c) > DROP_CHARACTER_MIN;
            plausible.then(|| {
                let pushed = self.pushed(state, c);
                State {
                    score: pushed.score + DROP_COST,
                    pending: Pending::Lost(zone),
                    trust: pushed.trust.max(Trust::Guess),
                    drops: state.drops + 1,
                    ..pushed
                }
            })
        };
        (0xA1..=0xFE).filter_map(drop).collect()
    }

    /// A second `?`: the waiting byte lost its partner, and what follows is sound. A note behind it names the character.
    fn lost_trail(&self, state: &State, endings: &mut Vec<Ending>) {
        if let Some((syllable, after)) = self.note_at(state.index + 1) {
            let fits = |c: &&char| self.codes.code(**c).is_some_and(|[lead, _]| state.pending.may_be(lead));
            endings.extend(self.table.characters(&syllable).iter().filter(fits).map(|c| self.pushed(state, *c).ended(after)));
            return;
        }
        let Pending::Byte(byte) = state.pending else { return };
        let sign = self.text.at(state.index + 1);
        let ahead = |c: char| sign.map_or(0.0, |sign| self.evidence.log_after(state.before.1, c, sign));
        let lost = self.likeliest(state, (0x40..=0xFE).filter_map(|trail| self.codes.character(byte, trail)), ahead);
        endings.extend(lost.into_iter().map(|way| State { trust: way.trust.max(Trust::Guess), ..way }.ended(state.index + 1)));
    }

    /// An end at `index`, checked against the note that may follow.
    fn named(&self, state: State, index: usize) -> Ending {
        let note = self.text.at(index).filter(|c| *c == '(').and_then(|_| self.syllable_at(index + 1));
        let known = state.out.last().and_then(|c| self.table.syllable(*c));
        let bonus = match (&note, known) {
            (Some((noted, _)), Some(known)) if noted == known => NOTE_AGREES,
            (Some(_), Some(_)) => NOTE_DIFFERS,
            _ => 0.0,
        };
        let ending = state.ended(index);
        Ending { score: ending.score + bonus, ..ending }
    }

    /// The syllable and closing bracket at `index`, where the opening one was lost; with the index behind it.
    pub(super) fn note_at(&self, index: usize) -> Option<(String, usize)> {
        self.syllable_at(index)
    }

    fn syllable_at(&self, index: usize) -> Option<(String, usize)> {
        let ahead: String = self.text.chars.iter().skip(index).take(SYLLABLE_CHARACTERS_MAX + 1).collect();
        let syllable = syllable_before_bracket(&ahead)?;
        Some((syllable.to_owned(), index + syllable.chars().count() + 1))
    }

    /// Score of an ending with the text behind it, as it stands, up to `horizon`.
    pub(super) fn score_to(&self, ending: &Ending, site: usize, horizon: usize) -> f64 {
        let mut before = (self.text.before(site, 2), self.text.before(site, 1));
        for c in &ending.out {
            before = (before.1, *c);
        }
        let mut score = ending.score;
        let mut index = ending.index;
        while let Some(c) = self.text.at(index).filter(|_| index < horizon) {
            let noted = (c == '(' && is_han(before.1)).then(|| self.syllable_at(index + 1)).flatten();
            if let Some((_, after)) = noted {
                index = after;
                continue;
            }
            score += self.evidence.log_after(before.0, before.1, c).max(FLOOR);
            before = (before.1, c);
            index += 1;
        }
        score
    }
}
