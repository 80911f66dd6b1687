//! Is a text one syllable of pinyin, as tools write pronunciation notes? Spelling only; no table of characters.

const INITIALS: [&str; 24] =
    ["zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z", "c", "s", "y", "w", ""];
const FINALS: [&str; 38] = [
    "a", "o", "e", "i", "u", "v", "ai", "ei", "ui", "ao", "ou", "iu", "ie", "ue", "ve", "er", "an", "en", "in", "un", "vn", "ang", "eng",
    "ing", "ong", "ia", "ua", "uo", "iao", "uai", "ian", "uan", "iang", "uang", "iong", "ueng", "ê", "ng",
];

/// Longest note that is looked at, in characters.
pub const SYLLABLE_CHARACTERS_MAX: usize = 6;

/// Whether `text` is one syllable, in lower case, with at most one tone mark.
#[must_use]
pub fn is_syllable(text: &str) -> bool {
    let mut plain = String::new();
    let mut tones = 0;
    for c in text.chars().take(SYLLABLE_CHARACTERS_MAX + 1) {
        let Some((letter, toned)) = letter(c) else { return false };
        plain.push(letter);
        tones += usize::from(toned);
    }
    tones <= 1 && text.chars().count() <= SYLLABLE_CHARACTERS_MAX && is_spelled(&plain)
}

/// Whether `c` can stand in a syllable.
#[must_use]
pub fn is_letter(c: char) -> bool {
    letter(c).is_some()
}

/// A letter without its tone mark, and whether it had one.
fn letter(c: char) -> Option<(char, bool)> {
    const TONED: [(&str, char); 6] = [("āáǎàă", 'a'), ("ēéěèĕ", 'e'), ("īíǐìĭ", 'i'), ("ōóǒòŏ", 'o'), ("ūúǔùŭ", 'u'), ("ǖǘǚǜ", 'v')];
    match c {
        'a'..='z' | 'ê' => Some((c, false)),
        'ü' => Some(('v', false)),
        _ => TONED.iter().find(|(marks, _)| marks.contains(c)).map(|(_, plain)| (*plain, true)),
    }
}

fn is_spelled(plain: &str) -> bool {
    INITIALS.iter().any(|initial| plain.strip_prefix(initial).is_some_and(|rest| FINALS.contains(&rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_and_other_words() {
        for good in ["zhǎng", "guó", "lǜ", "ér", "de", "xiàn", "yī", "jué", "yuán", "nüè"] {
            assert!(is_syllable(good), "{good}");
        }
        for bad in ["", "NATO", "nato", "b", "zhǎnǧ", "zhuangx", "abc", "sipri", "2", "xián gé", "shíshí"] {
            assert!(!is_syllable(bad), "{bad}");
        }
    }
}
