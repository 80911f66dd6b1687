//! Sentences and clauses of a text in any of the languages we read, as places in it.

use crate::span::TextSpan;

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

/// The sentences of `text`, with their closing signs, without the space between them.
#[must_use]
pub fn sentences(text: &str) -> Vec<TextSpan> {
    split(text, ends_sentence)
}

/// The clauses of `text`: sentences, cut at semicolons and, in Chinese, at commas.
#[must_use]
pub fn clauses(text: &str) -> Vec<TextSpan> {
    split(text, |before, c, after| ends_sentence(before, c, after) || matches!(c, '；' | ';' | '，'))
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
        if ends(text.get(from..at).unwrap_or_default(), c, after) {
            spans.extend(trimmed(text, from, at + c.len_utf8()));
            from = at + c.len_utf8();
        }
    }
    spans.extend(trimmed(text, from, text.len()));
    spans
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
