//! Texts that people read.

/// Whether `letter` makes a text look other than it is, or is obeyed by a terminal: control characters, ends of lines and tabs among them, marks of
/// direction, what has no width. The two joiners of letters are not: languages are spelt with them.
#[must_use]
pub fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The first `characters` of `text`, the last of them `…` where something was cut.
#[must_use]
pub fn shortened(text: &str, characters: usize) -> String {
    if text.chars().count() <= characters {
        return text.to_owned();
    }
    text.chars().take(characters.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_told_apart() {
        let hidden = "\u{1b}\n\t\u{85}\u{200e}\u{202e}\u{2066}\u{feff}";
        assert!(hidden.chars().all(is_hidden));
        assert!(!"Straße, Київ, 北京, العربية, می\u{200c}خواهم, e\u{301}".chars().any(is_hidden));
    }
}
