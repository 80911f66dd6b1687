//! The words of a sentence, for reading how it is built: names and dates are one word each, whatever stands in them (`May` is no verb).
//!
//! Lower case, one kind of apostrophe. What is elided is a word of its own (`n'`, `l'`), and so is an English `not` (`does` `n't`). Han characters are taken
//! as the segmentation gives them.

use crate::chinese::script::is_han;
use crate::chinese::words::Segment;
use crate::span::TextSpan;

/// What stands at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    /// A number, or a date.
    Number,
    Name,
    /// A sign, by itself.
    Sign(char),
}

#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) span: TextSpan,
    /// In lower case; empty for names.
    pub(super) text: String,
    pub(super) kind: Kind,
    /// Whether it begins with a capital.
    pub(super) is_capital: bool,
    /// Whether it is a name that holds the mark behind a quotation whose first mark stands before it.
    pub(super) is_closing: bool,
}

impl Word {
    pub(super) fn is_sign(&self, signs: &[char]) -> bool {
        matches!(self.kind, Kind::Sign(sign) if signs.contains(&sign))
    }

    /// Whether it is a word of Han characters.
    pub(super) fn is_han(&self) -> bool {
        self.kind == Kind::Word && self.text.starts_with(is_han)
    }
}

/// How many of `words` make up `known`, a row of Han characters, however they were segmented.
pub(super) fn han_run(known: &str, words: &[Word]) -> Option<usize> {
    if !known.starts_with(is_han) {
        return None;
    }
    let mut rest = known;
    for (at, word) in words.iter().enumerate() {
        rest = rest.strip_prefix(word.text.as_str()).filter(|_| word.is_han())?;
        if rest.is_empty() {
            return Some(at + 1);
        }
    }
    None
}

/// The words of `text` between the ends of `sentence`; `known` are names and dates, in order and apart.
pub(super) fn words(text: &str, sentence: TextSpan, known: impl Iterator<Item = (TextSpan, Kind)>, segments: &[Segment<'_>]) -> Vec<Word> {
    let mut words = Vec::new();
    let mut at = sentence.from;
    for (span, kind) in known.chain(std::iter::once((TextSpan::new(sentence.to, sentence.to), Kind::Number))) {
        plain(text, TextSpan::new(at, span.from.min(sentence.to)), segments, &mut words);
        if !span.is_empty() {
            let name = text.get(span.range()).unwrap_or_default();
            let (opened, closed) = (name.matches(['“', '«', '「', '„']).count(), name.matches(['”', '»', '」']).count());
            let is_capital = name.starts_with(char::is_uppercase);
            words.push(Word { span, text: String::new(), kind, is_capital, is_closing: closed > opened });
        }
        at = span.to.max(at);
    }
    words
}

/// Words outside of names.
fn plain(text: &str, span: TextSpan, segments: &[Segment<'_>], words: &mut Vec<Word>) {
    let mut at = span.from;
    while let Some(rest) = text.get(at..span.to).filter(|rest| !rest.is_empty()) {
        let Some(c) = rest.chars().next() else { return };
        let length = match c {
            c if is_han(c) => han_bytes(rest, at, segments),
            c if c.is_numeric() => rest.find(|c: char| !(c.is_numeric() || matches!(c, '.' | ','))).unwrap_or(rest.len()),
            c if c.is_alphabetic() => spaced_bytes(rest),
            c => c.len_utf8(),
        };
        if !c.is_whitespace() {
            push(rest.get(..length).unwrap_or_default(), TextSpan::new(at, at + length), words);
        }
        at += length;
    }
}

fn push(word: &str, span: TextSpan, words: &mut Vec<Word>) {
    let Some(first) = word.chars().next() else { return };
    let text = word.to_lowercase().replace(['’', 'ʼ', '‘'], "'");
    let is_capital = first.is_uppercase();
    let kind = match first {
        c if c.is_numeric() => Kind::Number,
        c if c.is_alphabetic() => Kind::Word,
        c => Kind::Sign(c),
    };
    let negated = text.strip_suffix("n't").filter(|_| kind == Kind::Word).map(str::to_owned);
    match negated {
        Some(verb) => {
            let middle = span.to - word.len() + verb.len();
            words.push(Word { span: TextSpan::new(span.from, middle), text: verb, kind, is_capital, is_closing: false });
            words.push(Word { span: TextSpan::new(middle, span.to), text: "n't".to_owned(), kind, is_capital: false, is_closing: false });
        }
        None => words.push(Word { span, text, kind, is_capital, is_closing: false }),
    }
}

/// The segment that begins at `at`, or what is left of one that a name cut, as far as it is Han.
fn han_bytes(rest: &str, at: usize, segments: &[Segment<'_>]) -> usize {
    let here = segments.partition_point(|segment| segment.to <= at);
    let to = segments.get(here).map_or(at, |segment| segment.to);
    let own = rest.find(|c| !is_han(c)).unwrap_or(rest.len());
    let first = rest.chars().next().map_or(1, char::len_utf8);
    to.saturating_sub(at).clamp(first, own.max(first))
}

/// A word up to its end, or up to the apostrophe behind what is elided.
fn spaced_bytes(rest: &str) -> usize {
    let is_apostrophe = |c: char| matches!(c, '\'' | '’' | 'ʼ' | '‘');
    let mut before = 0;
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, c)| *c);
        let goes_on = c.is_alphanumeric() && !is_han(c) || (c == '-' && next.is_some_and(char::is_alphabetic));
        if is_apostrophe(c) {
            let inner = next.is_some_and(char::is_alphabetic);
            let is_slavic = rest.starts_with(|c| matches!(c, '\u{400}'..='\u{4ff}'));
            let behind = rest.get(at + c.len_utf8()..).unwrap_or_default();
            let is_english = behind.starts_with(['t', 's']) && !behind.chars().nth(1).is_some_and(char::is_alphabetic) && before > 1;
            if !inner || is_english && behind.starts_with('s') {
                return at;
            }
            if !is_slavic && !is_english {
                return at + c.len_utf8();
            }
        } else if !goes_on {
            return at;
        }
        before += 1;
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_spaced_scripts() {
        for (text, wanted) in [
            ("It doesn’t, can't won't.", "it does n't , ca n't wo n't ."),
            ("L'Espagne n’a qu'à s’il", "l' espagne n' a qu' à s' il"),
            ("France's allies’ п'ять 7,5 %", "france ' s allies ' п'ять 7,5 %"),
            ("a-t-elle signé ?", "a-t-elle signé ?"),
        ] {
            let got: Vec<String> =
                words(text, TextSpan::new(0, text.len()), std::iter::empty(), &[]).into_iter().map(|word| word.text).collect();
            assert_eq!(got.join(" "), wanted, "{text}");
        }
    }

    proptest::proptest! {
        /// Words are in order, apart, inside the sentence, and leave out nothing but spaces.
        #[test]
        fn words_cover_a_sentence(text in ".{0,60}") {
            let got = words(&text, TextSpan::new(0, text.len()), std::iter::empty(), &[]);
            let mut at = 0;
            for word in &got {
                proptest::prop_assert!(word.span.from >= at && word.span.to > word.span.from);
                proptest::prop_assert!(text[at..word.span.from].trim().is_empty());
                at = word.span.to;
            }
            proptest::prop_assert!(text[at..].trim().is_empty());
        }
    }
}
