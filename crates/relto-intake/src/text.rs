//! Sentences and clauses of a text in any of the languages we read, as places in it.

use crate::span::TextSpan;

/// A sentence or clause is no longer than this: what goes on for longer is cut, at a comma or space where there is one, so that nothing that
/// looks around in its sentence takes a time that grows with the square of the text.
pub const SENTENCE_BYTES_MAX: usize = 4_000;
/// How far back from there a sign to cut at is looked for.
const CUT_BYTES: usize = 400;

/// The languages with spaces between words that rules tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English, and whatever shows none of the others' words.
    English,
    /// French.
    French,
    /// German.
    German,
    /// Russian or Ukrainian, which the rules treat alike.
    EastSlavic,
}

/// The language of `text` by its commonest small words.
#[must_use]
pub fn language(text: &str) -> Language {
    const WORDS: [(Language, &[&str]); 4] = [
        (Language::English, &["the", "of", "and", "to", "in", "is", "has"]),
        (Language::French, &["le", "la", "les", "et", "des", "du", "est", "une"]),
        (Language::German, &["der", "die", "und", "das", "den", "von", "ist", "eine"]),
        (Language::EastSlavic, &["в", "и", "на", "у", "та", "і", "не", "с", "з", "что", "що"]),
    ];
    let mut counts = [0_usize; 4];
    for word in text.split_whitespace() {
        for (count, (_, words)) in counts.iter_mut().zip(&WORDS) {
            *count += usize::from(words.contains(&word));
        }
    }
    let most = WORDS.iter().zip(counts).rev().max_by_key(|(_, count)| *count);
    most.map_or(Language::English, |((language, _), _)| *language)
}

/// The sentences of `text`, with their closing signs, without the space between them; none longer than [`SENTENCE_BYTES_MAX`].
#[must_use]
pub fn sentences(text: &str) -> Vec<TextSpan> {
    split(text, ends_sentence)
}

/// The clauses of `text`: sentences, cut at semicolons and, in Chinese, at commas.
#[must_use]
pub fn clauses(text: &str) -> Vec<TextSpan> {
    split(text, |before, c, after| ends_sentence(before, c, after) || matches!(c, '；' | ';' | '，'))
}

/// The end of `text`, at most so many bytes of it: what is looked at backwards.
#[must_use]
pub fn tail(text: &str, bytes_max: usize) -> &str {
    let from = text.len().saturating_sub(bytes_max);
    let from = (from..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    text.get(from..).unwrap_or_default()
}

/// The span among `spans` (in order, apart) that holds `place`.
#[must_use]
pub fn holding(spans: &[TextSpan], place: TextSpan) -> Option<TextSpan> {
    spans.get(spans.partition_point(|span| span.to <= place.from)).copied().filter(|span| span.from <= place.from)
}

fn split(text: &str, ends: impl Fn(&str, char, Option<char>) -> bool) -> Vec<TextSpan> {
    let mut spans = Vec::new();
    let mut from = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let after = chars.peek().map(|(_, c)| *c);
        if at + c.len_utf8() - from > SENTENCE_BYTES_MAX {
            let cut = cut(text, from, at);
            spans.extend(trimmed(text, from, cut));
            from = cut;
        }
        if ends(text.get(from..at).unwrap_or_default(), c, after) {
            spans.extend(trimmed(text, from, at + c.len_utf8()));
            from = at + c.len_utf8();
        }
    }
    spans.extend(trimmed(text, from, text.len()));
    spans
}

/// Where in `from..to` a text without an end is cut: behind the last comma or space near `to`, or there.
fn cut(text: &str, from: usize, to: usize) -> usize {
    let tail = tail(text.get(from..to).unwrap_or_default(), CUT_BYTES);
    let sign = tail.char_indices().rev().find(|(_, c)| matches!(c, ',' | '，' | '、' | ';' | '；') || c.is_whitespace());
    sign.map_or(to, |(at, c)| to - tail.len() + at + c.len_utf8())
}

fn ends_sentence(before: &str, c: char, after: Option<char>) -> bool {
    match c {
        '。' | '！' | '？' | '\n' => true,
        '!' | '?' => after.is_none_or(char::is_whitespace),
        '.' => after.is_none_or(char::is_whitespace) && !is_abbreviated(before),
        _ => false,
    }
}

/// A point after one letter, a number or a known short form ends no sentence.
fn is_abbreviated(before: &str) -> bool {
    const SHORT: [&str; 26] = [
        "mr", "mrs", "ms", "dr", "prof", "gen", "no", "art", "st", "vs", "etc", "approx", "mio", "mrd", "bzw", "ca", "nr", "г", "р", "им",
        "ул", "млн", "млрд", "тыс", "тис", "m",
    ];
    let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let one_letter = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
    let day = word.len() <= 2 && !word.is_empty() && word.chars().all(|c| c.is_ascii_digit());
    one_letter || day || SHORT.contains(&word.to_lowercase().as_str())
}

fn trimmed(text: &str, from: usize, to: usize) -> Option<TextSpan> {
    let slice = text.get(from..to)?;
    let start = from + (slice.len() - slice.trim_start().len());
    let end = start + slice.trim().len();
    (start < end).then_some(TextSpan::new(start, end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Sentences and clauses are in order, apart and bounded, and leave out nothing but space, however a text runs on.
        #[test]
        fn sentences_are_bounded_and_lose_nothing(unit in "[汉字，a ,.]{1,12}", times in 1_usize..2_000) {
            let text = unit.repeat(times);
            for spans in [sentences(&text), clauses(&text)] {
                let mut at = 0;
                for span in &spans {
                    prop_assert!(span.from >= at && !span.is_empty() && span.to - span.from <= SENTENCE_BYTES_MAX);
                    prop_assert!(text[at..span.from].trim().is_empty());
                    at = span.to;
                }
                prop_assert!(text[at..].trim().is_empty());
            }
        }

        #[test]
        fn a_tail_is_the_end_and_bounded(text in ".{0,40}", bytes in 0_usize..60) {
            let end = tail(&text, bytes);
            prop_assert!(text.ends_with(end) && end.len() <= bytes);
            prop_assert!(end.len() + 4 > bytes.min(text.len()));
        }
    }
}
