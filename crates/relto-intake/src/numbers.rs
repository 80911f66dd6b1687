//! Numbers as texts write them: digits with signs between them, words of six languages, Chinese numerals.
//!
//! Value only; which number means what is [`crate::figures`]' business. "One" is left out: it is an article more often.

mod words;

pub use words::{all_words, of_words};

/// How the writer groups digits, which only his language tells where both readings are possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// `1,234.5`: English and Chinese.
    Comma,
    /// `1.234,5` or `1 234,5`: French, German, Russian, Ukrainian.
    Point,
}

/// A whole number of digits or Chinese numerals.
#[must_use]
pub fn integer(text: &str) -> Option<u64> {
    text.parse().ok().or_else(|| chinese(text))
}

/// A number of digits, with whatever stands between them.
#[must_use]
pub fn decimal(text: &str, grouping: Grouping) -> Option<f64> {
    let text: String = text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’')).collect();
    let (group, point) = match grouping {
        Grouping::Comma => (',', '.'),
        Grouping::Point => ('.', ','),
    };
    let plain = if is_grouped(&text, group, point) {
        text.replace(group, "").replace(point, ".")
    } else {
        // One sign of the other kind: a decimal point all the same, as in `12,5` in English or `12.5` in German.
        text.replace([group, point], ".")
    };
    plain.parse().ok()
}

/// Whether every `group` sign stands before three digits, and none behind `point`.
fn is_grouped(text: &str, group: char, point: char) -> bool {
    let whole = text.split(point).next().unwrap_or_default();
    let mut parts = whole.split(group);
    let first = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    let sound = rest.iter().all(|part| part.len() == 3) && (rest.is_empty() || (first.len() <= 3 && first != "0"));
    sound && text.matches(point).count() <= 1 && !text.split(point).nth(1).is_some_and(|fraction| fraction.contains(group))
}

/// A Chinese numeral without a fraction, of digits in a row (二〇二四) or with powers (三百二十).
#[must_use]
pub fn chinese(text: &str) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    if text.chars().count() > 1 && text.chars().all(|c| digit(c).is_some()) {
        return text.chars().try_fold(0_u64, |value, c| value.checked_mul(10)?.checked_add(digit(c)?));
    }
    let (mut total, mut section, mut current) = (0_u64, 0_u64, None::<u64>);
    for c in text.chars() {
        if let Some(value) = digit(c) {
            current = Some(value);
        } else {
            let power = power(c)?;
            if power >= 10_000 {
                total = total.checked_add(section + current.unwrap_or(0))?.checked_mul(power)?;
                section = 0;
            } else {
                section = section.checked_add(current.unwrap_or(1).checked_mul(power)?)?;
            }
            current = None;
        }
    }
    total.checked_add(section)?.checked_add(current.unwrap_or(0))
}

/// A Chinese numeral that may have a fraction (十二点五).
#[must_use]
pub fn chinese_decimal(text: &str) -> Option<f64> {
    let (whole, fraction) = text.split_once('点').unwrap_or((text, ""));
    let digits: Option<String> = fraction.chars().map(|c| digit(c).map(|value| value.to_string())).collect();
    format!("{}.{}", integer(whole)?, digits.filter(|digits| !digits.is_empty()).unwrap_or_else(|| "0".to_owned())).parse().ok()
}

fn digit(c: char) -> Option<u64> {
    const DIGITS: &str = "〇一二三四五六七八九";
    match c {
        '零' | '○' => Some(0),
        '两' => Some(2),
        _ => DIGITS.chars().position(|known| known == c).and_then(|at| u64::try_from(at).ok()),
    }
}

fn power(c: char) -> Option<u64> {
    match c {
        '十' => Some(10),
        '百' => Some(100),
        '千' => Some(1_000),
        '万' => Some(10_000),
        '亿' => Some(100_000_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_by_language() {
        for (text, grouping, value) in [
            ("1,284", Grouping::Comma, 1284.0),
            ("1.284", Grouping::Point, 1284.0),
            ("1.284", Grouping::Comma, 1.284),
            ("14,8", Grouping::Point, 14.8),
            ("6.250.000", Grouping::Point, 6_250_000.0),
            ("41 250", Grouping::Point, 41_250.0),
            ("0,25", Grouping::Point, 0.25),
            ("3.5", Grouping::Point, 3.5),
            ("9,600", Grouping::Comma, 9600.0),
        ] {
            assert_eq!(decimal(text, grouping), Some(value), "{text}");
        }
    }

    #[test]
    fn chinese_numerals() {
        for (text, value) in
            [("十六", 16), ("二〇二四", 2024), ("三百二十", 320), ("两", 2), ("一万二千", 12_000), ("三亿", 300_000_000), ("二十", 20)]
        {
            assert_eq!(chinese(text), Some(value), "{text}");
        }
        assert_eq!(chinese_decimal("十二点五"), Some(12.5));
        assert_eq!(chinese("国"), None);
    }
}
