//! The two-byte codes of GBK, both ways, without its user-defined zones.
//!
//! Tables are made once from encoding_rs; damage to GBK bytes is undone by pairing bytes anew (see [`crate::repair::shift`]).

use encoding_rs::GBK;
use rustc_hash::FxHashMap as HashMap;

/// Lead bytes.
const LEADS: std::ops::RangeInclusive<u8> = 0x81..=0xFE;
/// Trail bytes; 0x7F is none.
const TRAILS: std::ops::RangeInclusive<u8> = 0x40..=0xFE;

/// Code to character and back.
#[derive(Debug)]
pub struct Codes {
    characters: Vec<Option<char>>,
    codes: HashMap<char, [u8; 2]>,
}

impl Codes {
    /// Decodes every pair once.
    #[must_use]
    pub fn new() -> Self {
        let mut characters = vec![None; 0x1_0000];
        let mut codes = HashMap::default();
        for lead in LEADS {
            for trail in TRAILS {
                let Some(c) = decode(lead, trail) else { continue };
                if let Some(slot) = characters.get_mut(usize::from(u16::from_be_bytes([lead, trail]))) {
                    *slot = Some(c);
                }
                codes.entry(c).or_insert([lead, trail]);
            }
        }
        Self { characters, codes }
    }

    /// The character of a pair of bytes.
    #[must_use]
    pub fn character(&self, lead: u8, trail: u8) -> Option<char> {
        self.characters.get(usize::from(u16::from_be_bytes([lead, trail]))).copied().flatten()
    }

    /// The two bytes of `c`; none for ASCII and for what GBK does not have.
    #[must_use]
    pub fn code(&self, c: char) -> Option<[u8; 2]> {
        self.codes.get(&c).copied()
    }
}

impl Default for Codes {
    fn default() -> Self {
        Self::new()
    }
}

/// Bytes that a decoder for users' own characters drops or maps to nothing: lead and trail of the three zones.
#[must_use]
pub fn user_defined_trails(lead: u8) -> Option<std::ops::RangeInclusive<u8>> {
    match lead {
        0xAA..=0xAF | 0xF8..=0xFE => Some(0xA1..=0xFE),
        0xA1..=0xA7 => Some(0x40..=0xA0),
        _ => None,
    }
}

fn decode(lead: u8, trail: u8) -> Option<char> {
    if trail == 0x7F || user_defined_trails(lead).is_some_and(|zone| zone.contains(&trail)) {
        return None;
    }
    let pair = [lead, trail];
    let (text, malformed) = GBK.decode_without_bom_handling(&pair);
    let mut chars = text.chars();
    let c = chars.next().filter(|c| !malformed && !matches!(*c, '\u{e000}'..='\u{f8ff}'))?;
    chars.next().is_none().then_some(c)
}
