//! Signs that a tool swapped between their ASCII and full-width forms, where the neighbours leave no doubt.

use crate::chinese::script::is_han;
use crate::edit::{Confidence, Rule};
use crate::reading::{Change, Reading};
use crate::span::TextSpan;

/// An ASCII sign inside Chinese.
pub const FULL_WIDTH: Rule = Rule("full-width-sign");
/// A full stop inside a number.
pub const DECIMAL_POINT: Rule = Rule("decimal-point");
/// Full stops inside an abbreviation of capital letters.
pub const ABBREVIATION: Rule = Rule("abbreviation-point");

/// Every swap in `reading`.
#[must_use]
pub fn changes(reading: &Reading) -> Vec<Change> {
    let chars: Vec<(usize, char)> = reading.text().char_indices().collect();
    let at = |index: Option<usize>| index.and_then(|index| chars.get(index)).map(|(_, c)| *c);
    let around = |index: usize| Around {
        before: [at(index.checked_sub(1)), at(index.checked_sub(2)), at(index.checked_sub(3))],
        after: [at(Some(index + 1)), at(Some(index + 2))],
    };
    let swap = |(index, (place, c)): (usize, &(usize, char))| {
        let (to, rule, hundredths) = swapped(*c, &around(index))?;
        let span = TextSpan::new(*place, place + c.len_utf8());
        Some(Change { span, to: to.to_owned(), rule, confidence: Confidence::hundredths(hundredths) })
    };
    chars.iter().enumerate().filter_map(swap).collect()
}

/// The nearest characters, the nearest first.
struct Around {
    before: [Option<char>; 3],
    after: [Option<char>; 2],
}

fn swapped(c: char, around: &Around) -> Option<(&'static str, Rule, u8)> {
    match c {
        ',' => inside_chinese(around).map(|hundredths| ("，", FULL_WIDTH, hundredths)),
        ';' => inside_chinese(around).map(|hundredths| ("；", FULL_WIDTH, hundredths)),
        ':' => inside_chinese(around).map(|hundredths| ("：", FULL_WIDTH, hundredths)),
        '。' if is_decimal(around) => Some((".", DECIMAL_POINT, 97)),
        '。' if is_abbreviation(around) => Some((".", ABBREVIATION, 95)),
        _ => None,
    }
}

/// Chinese on both sides, or behind and a bracket, digit or letter in front.
fn inside_chinese(around: &Around) -> Option<u8> {
    let (before, after) = (around.before[0]?, around.after[0]?);
    let chinese_after = is_han(after) || matches!(after, '《' | '“' | '〓' | '「');
    let chinese_before = is_han(before) || matches!(before, '》' | '”' | '〓' | '」' | '）' | '%' | '％');
    match (chinese_before, chinese_after) {
        (true, true) => Some(99),
        (false, true) if before == ')' || before.is_ascii_alphanumeric() => Some(95),
        (true, false) if is_han(before) && after.is_ascii_alphanumeric() => Some(95),
        _ => None,
    }
}

fn is_decimal(around: &Around) -> bool {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    digit(around.before[0]) && digit(around.after[0])
}

/// A single capital in front, and Latin letters or the same pattern around it.
fn is_abbreviation(around: &Around) -> bool {
    let capital = |c: Option<char>| c.is_some_and(|c| c.is_ascii_uppercase());
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    let [one, two, three] = around.before;
    let followed = letter(around.after[0]) || (around.after[0] == Some(' ') && letter(around.after[1]));
    let continued = matches!(two, Some('。' | '.')) && capital(three);
    capital(one) && !letter(two) && (followed || continued)
}
