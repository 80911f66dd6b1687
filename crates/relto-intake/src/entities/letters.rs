//! What capitals, endings and signs say of a run of letters: acronyms, code names, speech, headings, persons.

use super::heads::kind_by_words;
use crate::span::TextSpan;

/// A word of a name that is longer has a capital.
pub(super) const SMALL_LETTERS_MAX: usize = 3;
/// A name that is looked for elsewhere has so many letters.
pub(super) const AGAIN_LETTERS_MIN: usize = 4;
/// Ends of Slavic surnames.
const SURNAME_ENDINGS: [&str; 18] =
    ["ов", "ев", "ин", "ський", "ский", "цький", "цкий", "енко", "чук", "юк", "ук", "ова", "ева", "ська", "ская", "ич", "ук", "ко"];
/// Letters of a code name in capitals (`BORÉAL`).
const CODE_LETTERS_MIN: usize = 5;
/// So many words in small letters are speech.
const SPEECH_WORDS_MIN: usize = 2;
/// So far a line is looked at for small letters.
const LINE_CHARACTERS_MAX: usize = 200;

/// Whether no letter or digit touches `span`, Han characters aside.
pub(super) fn is_whole_in_script(text: &str, span: TextSpan) -> bool {
    let letter = |c: Option<char>| c.is_some_and(|c| (c.is_alphanumeric() || c == '_') && !crate::chinese::script::is_han(c));
    let before = text.get(..span.from).and_then(|before| before.chars().next_back());
    !letter(before) && !letter(text.get(span.to..).and_then(|after| after.chars().next()))
}

pub(super) fn is_whole_word(text: &str, span: TextSpan) -> bool {
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let before = text.get(..span.from).and_then(|before| before.chars().next_back());
    let after = text.get(span.to..).and_then(|after| after.chars().next());
    !letter(before) && !letter(after)
}

/// Whether what is quoted is what somebody says: several words in small letters, and no noun of a name.
pub(super) fn is_speech(quoted: &str) -> bool {
    let small = quoted.split(' ').filter(|word| word.starts_with(char::is_lowercase) && word.chars().count() > SMALL_LETTERS_MAX).count();
    small >= SPEECH_WORDS_MIN && kind_by_words(quoted).is_none()
}

/// `Нур-2`: a name with the number of its model.
pub(super) fn is_model(name: &str) -> bool {
    name.rsplit_once('-').is_some_and(|(_, number)| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()))
}

pub(super) fn is_code_name(name: &str) -> bool {
    const VOWELS: &str = "AEIOUYÄÖÜÉÈÊÀÂÎÔÛАЕЁИОУЫЭЮЯІЇЄ";
    let vowels = name.chars().filter(|c| VOWELS.contains(*c)).count();
    is_acronym(name) && name.chars().count() >= CODE_LETTERS_MIN && vowels >= 2
}

pub(super) fn is_acronym(word: &str) -> bool {
    word.chars().count() > 1 && word.chars().all(|c| c.is_uppercase() || c.is_ascii_digit() || c == '-')
}

/// Whether a German word may be a name by its end: nouns that are made of others have the ends of their kind.
pub(super) fn is_german_name(word: &str) -> bool {
    const ENDS: [&str; 16] =
        ["ung", "heit", "keit", "schaft", "ion", "tät", "nis", "en", "er", "e", "ern", "eln", "ment", "ling", "tum", "ei"];
    word.chars().count() >= AGAIN_LETTERS_MIN && !ENDS.iter().any(|end| word.ends_with(end))
}

/// Whether the capitals of an acronym say nothing: in a line of capitals, before a colon that opens a line, in a Roman number.
pub(super) fn is_heading(text: &str, short: TextSpan) -> bool {
    let numbers =
        text.get(short.to..).is_some_and(|behind| behind.starts_with(' ') && behind.trim_start().starts_with(|c: char| c.is_ascii_digit()));
    let numbered = numbers && !before(text, short).any(char::is_alphabetic);
    let labels = text.get(short.to..).is_some_and(|behind| behind.starts_with(':')) && !before(text, short).any(char::is_alphabetic);
    let roman = text.get(short.range()).is_some_and(|word| word.chars().all(|c| matches!(c, 'I' | 'V' | 'X')));
    in_capitals(text, short) || labels || numbered || roman
}

/// Whether the whole line is in capitals.
pub(super) fn in_capitals(text: &str, span: TextSpan) -> bool {
    let rest = text.get(span.from..).unwrap_or_default().chars().take_while(|c| *c != '\n').take(LINE_CHARACTERS_MAX);
    before(text, span).chain(rest).all(|c| !c.is_alphabetic() || c.is_uppercase())
}

/// The line before `span`, backwards.
pub(super) fn before(text: &str, span: TextSpan) -> impl Iterator<Item = char> {
    text.get(..span.from).unwrap_or_default().chars().rev().take_while(|c| *c != '\n').take(LINE_CHARACTERS_MAX)
}

/// Two words of which the second ends like a surname.
pub(super) fn is_slavic_person(name: &str) -> bool {
    let Some((first, last)) = name.split_once(' ').filter(|(_, last)| !last.contains(' ')) else { return false };
    let cyrillic = |word: &str| word.chars().all(|c| matches!(c, '\u{400}'..='\u{4ff}' | '-' | '\'' | '’'));
    cyrillic(first) && cyrillic(last) && last.starts_with(char::is_uppercase) && SURNAME_ENDINGS.iter().any(|ending| last.ends_with(ending))
}

/// Whether a German run begins with an adjective, which is capital only because it begins its sentence.
pub(super) fn is_bent(name: &str) -> bool {
    const ENDINGS: [&str; 5] = ["e", "er", "es", "en", "em"];
    let first = name.split(' ').next().unwrap_or_default();
    ENDINGS.iter().any(|ending| first.ends_with(ending))
}

/// English words of nations: capital, and no names.
pub(super) fn is_adjective(word: &str) -> bool {
    const ENDINGS: [&str; 9] = ["ish", "ese", "ian", "ean", "can", "ch", "ic", "man", "lander"];
    ENDINGS.iter().any(|ending| word.ends_with(ending))
}
