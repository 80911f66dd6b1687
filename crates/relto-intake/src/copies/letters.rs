//! What of a text is compared: its letters and digits, in lower case and simplified characters, each with its raw bytes.
//!
//! Spaces, signs and the script are what changes first on the way from one page to another, so they say nothing here.

use crate::chinese::script::{Script, is_han};
use crate::reading::Reading;
use crate::span::{RawSpan, TextSpan};

/// So many letters of a document are compared; what comes after them is not looked at. Bounds the memory of one document.
pub const LETTERS_MAX: usize = 1 << 20;

/// Letters with their places.
#[derive(Clone, Debug, Default)]
pub(super) struct Letters {
    pub(super) chars: Vec<char>,
    /// First and one past the last raw byte of each.
    pub(super) places: Vec<(u32, u32)>,
}

impl Letters {
    /// The letters of `reading`.
    pub(super) fn of(reading: &Reading, script: &Script) -> Self {
        let mut letters = Self::default();
        for (at, c) in reading.text().char_indices() {
            if !c.is_alphanumeric() {
                continue;
            }
            let place = reading.raw(TextSpan::new(at, at + c.len_utf8()));
            let (Ok(from), Ok(to)) = (u32::try_from(place.from), u32::try_from(place.to)) else { break };
            for small in narrow(script.simplify(c)).to_lowercase().filter(|small| small.is_alphanumeric()) {
                letters.chars.push(small);
                letters.places.push((from, to));
            }
            if letters.chars.len() >= LETTERS_MAX {
                break;
            }
        }
        letters
    }
}

/// How much a letter says: a Han character about as much as two letters of an alphabet.
pub(super) fn weight(c: char) -> u32 {
    if is_han(c) { 2 } else { 1 }
}

/// The raw bytes from the first to the last of `places`.
pub(super) fn raw(places: &[(u32, u32)]) -> Option<RawSpan> {
    let (first, last) = (places.first()?, places.last()?);
    Some(RawSpan::new(first.0 as usize, last.1 as usize))
}

/// Letters and digits of full width in their usual form.
fn narrow(c: char) -> char {
    match c {
        '\u{ff10}'..='\u{ff5a}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::Raw;

    #[test]
    fn only_letters_count_and_know_their_bytes() {
        let reading = Raw::new("Ａ-Ｂ 7，國際".as_bytes().to_vec()).decode();
        let letters = Letters::of(&reading, &Script::parse("國国\n際际"));
        assert_eq!(letters.chars.iter().collect::<String>(), "ab7国际");
        assert_eq!(letters.places, [(0, 3), (4, 7), (8, 9), (12, 15), (15, 18)]);
        assert_eq!(raw(&letters.places), Some(RawSpan::new(0, 18)));
    }
}
