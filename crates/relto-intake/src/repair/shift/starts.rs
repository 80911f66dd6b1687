//! How a byte shift can begin at a `?`: what was lost there, and which byte is waiting for its partner.

use super::search::{Pending, Search, State, Trust};
use crate::chinese::script::is_han;

/// Signs that the tool made ASCII, each with the second byte of its full-width form; the first is 0xA3 for all.
const FULL_WIDTH: [(char, u8); 8] =
    [(',', 0xAC), ('?', 0xBF), (';', 0xBB), (':', 0xBA), ('!', 0xA1), ('(', 0xA8), (')', 0xA9), ('.', 0xAE)];
const FULL_WIDTH_LEAD: u8 = 0xA3;
/// How unlikely it is that the tool noted a character that the document nowhere shows with this note.
const STRANGER_COST: f64 = -5.0;

/// Every way to begin, with the loss at `index` made good.
pub(super) fn starts(search: &Search<'_>, index: usize) -> Vec<State> {
    match search.note_at(index + 1) {
        Some((syllable, after)) => after_note(search, index, &syllable, after),
        None => after_sign(search, index),
    }
}

/// The note's character is the previous character's second byte and the lost one: one that the document notes so, or, since a
/// short document does not show all that the tool knows, any other that fits.
fn after_note(search: &Search<'_>, index: usize, syllable: &str, after: usize) -> Vec<State> {
    let Some([_, before]) = search.codes.code(search.text.before(index, 1)) else { return Vec::new() };
    let fits = |c: &char| search.codes.code(*c).filter(|[lead, _]| *lead == before).map(|[_, lost]| lost);
    let known: Vec<u8> = search.table.characters(syllable).iter().filter_map(fits).collect();
    let start = |byte: u8| State::starting(search, index, after, Pending::Byte(byte));
    let strangers = unknown(search, before, after).into_iter().filter(|byte| !known.contains(byte)).map(|byte| {
        let start = start(byte);
        State { trust: Trust::Stranger, score: start.score + STRANGER_COST, ..start }
    });
    let known: Vec<State> = known.iter().map(|byte| start(*byte)).collect();
    known.into_iter().chain(strangers).collect()
}

/// Any lost byte that makes a noted Han character with the byte before, and a character with the byte after.
fn unknown(search: &Search<'_>, before: u8, after: usize) -> Vec<u8> {
    let next = search.text.at(after).and_then(|c| search.codes.code(c).map(|[lead, _]| lead).or_else(|| u8::try_from(c).ok()));
    let noted = |byte: u8| search.codes.character(before, byte).is_some_and(is_han);
    let pairs = |byte: u8| next.is_some_and(|next| search.codes.character(byte, next).is_some());
    (0x81..=0xFE).filter(|byte| noted(*byte) && pairs(*byte)).collect()
}

/// The sign's first byte was the second of the character before, whose first is lost.
fn after_sign(search: &Search<'_>, index: usize) -> Vec<State> {
    let sign = search.text.at(index + 1);
    let Some((_, second)) = FULL_WIDTH.iter().find(|(ascii, _)| Some(*ascii) == sign) else { return Vec::new() };
    let start = State::starting(search, index, index + 2, Pending::Byte(*second));
    search.likeliest(&start, (0x81..=0xFE).filter_map(|lead| search.codes.character(lead, FULL_WIDTH_LEAD)), |_| 0.0)
}
