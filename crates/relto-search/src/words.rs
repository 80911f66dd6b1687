//! The words of a text in any script, as the index holds them and as queries ask for them.
//!
//! Letters and figures in a row are a word, folded: lower case, without diacritics, in their plain forms. Scripts that are written without
//! spaces (Chinese, Japanese, Korean, Thai and its neighbours) are held as *pairs* of neighbouring characters, so that whatever stands in a
//! text can be found, also what no list of words has; Chinese is compared in simplified characters. Only queries are cut into words, by
//! the list of `relto-intake`: what a query means is its reader's to say, what a text holds is not.

mod dense;
mod fold;

use relto_intake::chinese::script::Script;

pub(crate) use dense::Segmenter;
use dense::is_dense;
use fold::{fold, joins};

/// Longer words are cut, in characters; in queries as well.
const WORD_CHARS_MAX: usize = 64;

/// A word, or a pair of characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// As the index holds it.
    pub term: String,
    /// Its first byte in the text.
    pub from: usize,
    /// One past its last byte.
    pub to: usize,
    /// Counts words, and characters where there are no spaces.
    pub position: usize,
}

/// Characters that belong together: a word, or a row without spaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Run {
    /// A word, folded.
    Word {
        /// As the index holds it.
        term: String,
        /// Its first byte.
        from: usize,
        /// One past its last byte.
        to: usize,
    },
    /// A row of characters, each folded, with its first byte and one past its last.
    Dense(Vec<(char, usize, usize)>),
}

/// The runs of `text`, in order.
pub(crate) fn runs(text: &str, script: &Script) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut is_open = false;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if is_dense(c) {
            let folded = (fold::dense(c, script), at, end);
            match runs.last_mut() {
                Some(Run::Dense(row)) if is_open => row.push(folded),
                _ => runs.push(Run::Dense(vec![folded])),
            }
            is_open = true;
        } else if c.is_alphanumeric() {
            match runs.last_mut() {
                Some(Run::Word { term, to, .. }) if is_open => {
                    fold(c, term);
                    *to = end;
                }
                _ => {
                    let mut term = String::new();
                    fold(c, &mut term);
                    runs.push(Run::Word { term, from: at, to: end });
                }
            }
            is_open = true;
        } else if joins(c) && is_open {
            // A mark on the letter before it.
            if let Some(Run::Word { term, to, .. }) = runs.last_mut() {
                fold(c, term);
                *to = end;
            }
        } else {
            is_open = false;
        }
    }
    for run in &mut runs {
        if let Run::Word { term, .. } = run
            && let Some((cut, _)) = term.char_indices().nth(WORD_CHARS_MAX)
        {
            term.truncate(cut);
        }
    }
    runs
}

/// The tokens of `text`, in order of their positions.
pub(crate) fn tokens(text: &str, script: &Script) -> Vec<Token> {
    let (mut all, mut position) = (Vec::new(), 0);
    for run in runs(text, script) {
        match run {
            Run::Word { term, from, to } => {
                all.push(Token { term, from, to, position });
                position += 1;
            }
            Run::Dense(row) => {
                for (number, (c, from, to)) in row.iter().enumerate() {
                    let next = row.get(number + 1);
                    // The last stands alone, so that it can be found as others are: by what begins with it.
                    let term = next.map_or_else(|| c.to_string(), |(after, ..)| format!("{c}{after}"));
                    all.push(Token { term, from: *from, to: next.map_or(*to, |(.., end)| *end), position });
                    position += 1;
                }
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use relto_intake::chinese;

    use super::*;

    fn check(text: &str, expected: &str) {
        let script = chinese::script();
        let all = tokens(text, &script);
        for token in &all {
            assert!(text.get(token.from..token.to).is_some(), "{token:?} is not in {text:?}");
        }
        assert!(all.windows(2).all(|pair| pair[0].position < pair[1].position), "{all:?}");
        let terms: Vec<String> = all.into_iter().map(|token| token.term).collect();
        assert_eq!(terms.join(" "), expected, "{text:?}");
    }

    #[test]
    fn every_script_has_its_words() {
        let cases = [
            ("Fancy Bear, again", "fancy bear again"),
            ("Müller & Œuvre Łódź straße", "muller oeuvre lodz strasse"),
            ("ΑΘΉΝΑ Ёлка їжак", "αθηνα елка їжак"),
            ("evil.example.com T1059.001", "evil example com t1059 001"),
            ("e\u{301}tude ﬁne Ｗｉｄｅ", "etude fine wide"),
            ("人工智能", "人工 工智 智能 能"),
            ("軍事 AI合作", "军事 事 ai 合作 作"),
            ("防衛力ｶﾝ", "防卫 卫力 力カ カン ン"),
            ("한국은", "한국 국은 은"),
            ("हिन्दी पाठ", "हिन्दी पाठ"),
            ("كِتَاب", "كتاب"),
            ("", ""),
            ("—… !", ""),
        ];
        for (text, expected) in cases {
            check(text, expected);
        }
    }

    #[test]
    fn a_word_without_end_is_cut() {
        let long = "a".repeat(1_000);
        check(&long, &"a".repeat(WORD_CHARS_MAX));
    }
}
