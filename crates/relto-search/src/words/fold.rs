//! Characters in the form in which they are compared.

use relto_intake::chinese::script::Script;
use unicode_normalization::char::{compose, decompose_compatible, is_combining_mark};

/// Whether `c` belongs to the letter before it.
pub(super) fn joins(c: char) -> bool {
    is_combining_mark(c)
}

/// Adds `c` as it is compared to `word`.
pub(super) fn fold(c: char, word: &mut String) {
    for lower in c.to_lowercase() {
        // Letters of their own, not letters with a sign.
        if matches!(lower, 'й' | 'ї' | 'ў') {
            word.push(lower);
            continue;
        }
        match plain(lower) {
            Some(plain) => word.push_str(plain),
            None => decompose_compatible(lower, |part| {
                if !is_sign(part) {
                    word.extend(part.to_lowercase());
                }
            }),
        }
    }
}

/// `c`, of a script without spaces, as it is compared: simplified, and in its full width.
pub(super) fn dense(c: char, script: &Script) -> char {
    if matches!(c, '\u{ff65}'..='\u{ff9f}') {
        let mut full = None;
        decompose_compatible(c, |part| full = Some(full.map_or(part, |first| compose(first, part).unwrap_or(first))));
        return full.unwrap_or(c);
    }
    script.simplify(c)
}

/// A sign above, below or through a letter that leaves it the same letter; vowels that are written so (in Indic scripts) are letters.
fn is_sign(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{fe20}'..='\u{fe2f}')
}

/// What stands for letters that Unicode does not take apart.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        'ς' => "σ",
        _ => return None,
    })
}
