//! Makes the damage of the founding article on clean text, byte by byte as the tool must have done it.
//!
//! The text becomes GBK. Wherever two bytes are those of a noted character, on a character or across two, a note goes in
//! behind them; full-width commas, semicolons and question marks become ASCII, across two characters as well. What then
//! decodes to nothing becomes `?`, and what decodes to a user's own character is dropped.

use encoding_rs::GBK;
use relto_intake::chinese::gbk::user_defined_trails;
use std::collections::BTreeMap;

/// Syllables to hand out; the repair knows none of them beforehand.
const SYLLABLES: [&str; 40] = [
    "guó", "fā", "duì", "huì", "gè", "zhè", "wéi", "shí", "shuō", "lái", "zhǎng", "guān", "kāi", "dòng", "jīng", "yè", "chǎn", "xiàn",
    "guò", "jìn", "hòu", "cóng", "dōng", "chē", "yàn", "shù", "jìng", "xiàng", "qū", "zhèng", "lì", "bào", "xué", "diàn", "tǐ", "qì",
    "nóng", "mǎ", "yú", "bīn",
];

/// Which characters the tool notes, and how.
pub(crate) type Notes = BTreeMap<char, &'static str>;

/// Notes for every traditional character of `text`, as the tool's dictionary might have them.
pub(crate) fn notes_for(text: &str) -> Notes {
    let script = &crate::KNOWLEDGE.chinese().script;
    let mut characters: Vec<char> = text.chars().filter(|c| script.is_traditional(*c)).collect();
    characters.sort_unstable();
    characters.dedup();
    characters.into_iter().enumerate().map(|(at, c)| (c, SYLLABLES[at * 7 % SYLLABLES.len()])).collect()
}

/// The same, and notes for some hundred traditional characters that the text need not have.
pub(crate) fn notes_beyond(text: &str, seed: u64) -> Notes {
    let script = &crate::KNOWLEDGE.chinese().script;
    let mut notes = notes_for(text);
    let mut state = seed;
    for c in ('\u{4e00}'..='\u{9fa5}').filter(|c| script.is_traditional(*c)) {
        state = crate::clean::next(state);
        if state >> 61 == 0 {
            notes.entry(c).or_insert(SYLLABLES[usize::try_from(state >> 40).unwrap() % SYLLABLES.len()]);
        }
    }
    notes
}

/// `text` after the tool.
pub(crate) fn damaged(text: &str, notes: &Notes) -> String {
    let (bytes, _, unmappable) = GBK.encode(text);
    assert!(!unmappable, "the clean text is GBK");
    decoded(&replaced(&bytes, notes))
}

/// Replaces without minding where characters begin.
fn replaced(bytes: &[u8], notes: &Notes) -> Vec<u8> {
    let codes: BTreeMap<[u8; 2], &str> = notes.iter().map(|(c, note)| (code(*c), *note)).collect();
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let pair = [bytes[at], bytes.get(at + 1).copied().unwrap_or(0)];
        if let Some(note) = codes.get(&pair) {
            out.extend(pair);
            out.push(b'(');
            out.extend(GBK.encode(note).0.iter());
            out.push(b')');
            at += 2;
        } else if let Some(sign) = ascii(pair) {
            out.push(sign);
            at += 2;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    out
}

fn code(c: char) -> [u8; 2] {
    let text = c.to_string();
    let (bytes, _, _) = GBK.encode(&text);
    [bytes[0], bytes[1]]
}

fn ascii(pair: [u8; 2]) -> Option<u8> {
    match pair {
        [0xA3, 0xAC] => Some(b','),
        [0xA3, 0xBB] => Some(b';'),
        [0xA3, 0xBF] => Some(b'?'),
        _ => None,
    }
}

/// Decodes as a forgiving reader does.
fn decoded(bytes: &[u8]) -> String {
    let mut out = String::new();
    let mut at = 0;
    while at < bytes.len() {
        let (lead, trail) = (bytes[at], bytes.get(at + 1).copied().unwrap_or(0));
        if lead < 0x80 {
            out.push(char::from(lead));
            at += 1;
        } else if trail < 0x40 {
            // A lone lead byte; a bracket goes with it, other signs stay.
            out.push('?');
            at += if trail == b'(' { 2 } else { 1 };
        } else if user_defined_trails(lead).is_some_and(|zone| zone.contains(&trail)) {
            at += 2;
        } else {
            let (text, malformed) = GBK.decode_without_bom_handling(&bytes[at..at + 2]);
            out.push_str(if malformed { "?" } else { &text });
            at += 2;
        }
    }
    out
}
