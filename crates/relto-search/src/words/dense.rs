//! Scripts that are written without spaces, and the words of a query in them.

use std::sync::OnceLock;

use relto_intake::chinese::script::is_han;
use relto_intake::chinese::words::{Words, WordsError};

/// Whether `c` is of a script that is written without spaces, or, as Korean, with endings on its words.
pub(super) fn is_dense(c: char) -> bool {
    is_han(c)
        || matches!(c,
            '\u{3005}' | '\u{3007}' // 々 and 〇
            | '\u{3041}'..='\u{3096}' | '\u{309d}'..='\u{309e}' // Hiragana
            | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30fe}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9f}' // Katakana
            | '\u{ac00}'..='\u{d7a3}' // Hangul
            | '\u{e01}'..='\u{e3a}' | '\u{e40}'..='\u{e4e}' | '\u{e81}'..='\u{ece}' // Thai, Lao
            | '\u{1000}'..='\u{103f}' | '\u{1780}'..='\u{17d3}') // Burmese, Khmer
}

/// Cuts queries into words.
#[derive(Debug)]
pub(crate) struct Segmenter(Words);

impl Segmenter {
    /// With the list that `relto-intake` ships; made when it is first asked for, and the same for all.
    ///
    /// # Errors
    /// [`WordsError`] when that list is not what it should be, which a test of that crate excludes.
    pub(crate) fn builtin() -> Result<&'static Self, WordsError> {
        static BUILTIN: OnceLock<Segmenter> = OnceLock::new();
        if let Some(known) = BUILTIN.get() {
            return Ok(known);
        }
        let made = Self(relto_intake::chinese::words()?);
        Ok(BUILTIN.get_or_init(|| made))
    }

    /// The words of `row`, folded characters in a row. What the list does not know stays in one piece: it is then looked for as it stands.
    pub(crate) fn words(&self, row: &[char]) -> Vec<Vec<char>> {
        row.chunk_by(|one, other| family(*one) == family(*other)).flat_map(|part| self.of_one_script(part)).collect()
    }

    fn of_one_script(&self, part: &[char]) -> Vec<Vec<char>> {
        if !part.iter().all(|c| is_han(*c)) {
            return vec![part.to_vec()];
        }
        let text: String = part.iter().collect();
        let mut words: Vec<Vec<char>> = Vec::new();
        let mut is_open = false;
        for segment in self.0.segments(&text) {
            let chars: Vec<char> = segment.word.chars().collect();
            let is_single = chars.len() == 1;
            match words.last_mut() {
                Some(last) if is_single && is_open => last.extend(chars),
                _ => words.push(chars),
            }
            is_open = is_single;
        }
        words
    }
}

/// Han with its repetition mark, Hiragana, Katakana, and all others.
fn family(c: char) -> u8 {
    match c {
        c if is_han(c) || matches!(c, '\u{3005}' | '\u{3007}') => 0,
        '\u{3041}'..='\u{309e}' => 1,
        '\u{30a1}'..='\u{30fe}' | '\u{31f0}'..='\u{31ff}' => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_cut_into_words() {
        let segmenter = Segmenter::builtin().unwrap();
        for (row, expected) in [
            ("人工智能", "人工智能"),
            ("中美军事合作", "中美 军事 合作"),
            ("防卫协力について", "防卫 协力 について"),
            ("ミサイル开发", "ミサイル 开发"),
            ("한국은", "한국은"),
        ] {
            let row: Vec<char> = row.chars().collect();
            let words: Vec<String> = segmenter.words(&row).into_iter().map(|word| word.into_iter().collect()).collect();
            assert_eq!(words.join(" "), expected);
        }
    }
}
