//! The words of a text in any language, in the form in which a lexicon has them: Han characters cut into words and simplified,
//! other letters and digits between signs and spaces, in lower case.

use crate::chinese::Chinese;
use crate::chinese::script::is_han;
use crate::span::TextSpan;

/// A word with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) span: TextSpan,
    pub(super) is_han: bool,
}

/// The words of `text`, in order.
pub(super) fn words(text: &str, chinese: &Chinese) -> Vec<Word> {
    let normal = chinese.script.normal_form(text);
    let mut words = Vec::new();
    for (from, run, kind) in runs(normal.text()) {
        match kind {
            Run::Han => words.extend(chinese.words.segments(run).into_iter().map(|segment| Word {
                text: segment.word.to_owned(),
                span: normal.original_span(from + segment.from, from + segment.to),
                is_han: true,
            })),
            Run::Letters => {
                words.push(Word { text: run.to_lowercase(), span: normal.original_span(from, from + run.len()), is_han: false });
            }
            Run::Between => {}
        }
    }
    words
}

/// `words` as one entry of a lexicon: Han words touch, others stand apart.
pub(super) fn joined(words: &[Word]) -> String {
    let mut text = String::new();
    let mut was_han = true;
    for word in words {
        if !(text.is_empty() || word.is_han && was_han) {
            text.push(' ');
        }
        text.push_str(&word.text);
        was_han = word.is_han;
    }
    text
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Run {
    Han,
    Letters,
    Between,
}

/// Stretches of one kind of character, with the byte they start at.
fn runs(text: &str) -> Vec<(usize, &str, Run)> {
    let kind = |c: char| match c {
        c if is_han(c) => Run::Han,
        c if c.is_alphanumeric() => Run::Letters,
        _ => Run::Between,
    };
    let mut runs: Vec<(usize, usize, Run)> = Vec::new();
    for (at, c) in text.char_indices() {
        match runs.last_mut() {
            Some((_, to, last)) if *last == kind(c) => *to = at + c.len_utf8(),
            _ => runs.push((at, at + c.len_utf8(), kind(c))),
        }
    }
    runs.into_iter().filter_map(|(from, to, kind)| Some((from, text.get(from..to)?, kind))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_any_script_keep_their_places() {
        let text = "Die NATO-Staaten：軍事合作 и мир 2030";
        let found = words(text, &Chinese::builtin().unwrap());
        let told: Vec<(&str, &str)> = found.iter().map(|word| (word.text.as_str(), &text[word.span.range()])).collect();
        let wanted = [
            ("die", "Die"),
            ("nato", "NATO"),
            ("staaten", "Staaten"),
            ("军事", "軍事"),
            ("合作", "合作"),
            ("и", "и"),
            ("мир", "мир"),
            ("2030", "2030"),
        ];
        assert_eq!(told, wanted);
        assert_eq!((joined(&found[3..5]).as_str(), joined(&found[..2]).as_str()), ("军事合作", "die nato"));
    }
}
