//! Personal data in prose (GDPR, article 4(1)): addresses, telephone numbers, accounts, cards, numbers of persons and documents.
//!
//! Only what proves itself by its form, check digits or the word before it: what a name is, no table knows.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use relto_model::object::Object;

use super::{Hit, What, numbers};

const GDPR: &str = "Regulation (EU) 2016/679 (GDPR), Art. 4(1)";
/// Words after which a number is one to call, in lower case.
const CALL_WORDS: &[&str] = &[
    "tel",
    "tel.",
    "tel:",
    "tel.:",
    "phone",
    "phone:",
    "telephone",
    "telephone:",
    "mobile",
    "mobile:",
    "cell:",
    "fax",
    "fax:",
    "fax.:",
    "whatsapp",
    "whatsapp:",
    "telefon",
    "telefon:",
    "téléphone",
    "téléphone:",
    "portable:",
    "handy:",
    "teléfono",
    "teléfono:",
    "телефон",
    "телефон:",
    "тел.",
    "тел.:",
    "電話",
    "电话",
];
/// Words after which four numbers with dots are a version, in lower case.
const VERSION_WORDS: &[&str] = &["version", "versions", "ver", "ver.", "v", "release", "build", "firmware", "update"];

/// Personal data in `text`, which stands in `object`.
pub(super) fn find(text: &str, object: &Object) -> Vec<Hit> {
    let mut hits = Vec::new();
    for word in tokens(text) {
        let token = text.get(word.clone()).unwrap_or_default();
        if token.contains("://") || token.contains("[:]//") {
            continue;
        }
        email(token, word.start, object, &mut hits);
        address(text, word.clone(), object, &mut hits);
        document(token, word.start, &mut hits);
    }
    digit_runs(text, &mut hits);
    accounts(text, &mut hits);
    hits
}

/// The stretches without blanks.
fn tokens(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    text.split(char::is_whitespace).filter_map(move |token| {
        let start = at;
        at += token.len() + text.get(start + token.len()..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        (!token.is_empty()).then_some(start..start + token.len())
    })
}

/// An e-mail address around each `@` or `[@]` of the token, unless the object is about it.
fn email(token: &str, offset: usize, object: &Object, hits: &mut Vec<Hit>) {
    for (at, _) in token.match_indices('@') {
        let (before, after) = token.split_at(at);
        let before = before.strip_suffix('[').unwrap_or(before);
        let after = after.strip_prefix("@]").or(after.strip_prefix('@')).unwrap_or_default();
        let local = before.rfind(|c: char| !(c.is_alphanumeric() || "._%+-".contains(c))).map_or(0, |at| at + last_char(before, at));
        let domain_end = after.find(|c: char| !(c.is_alphanumeric() || ".-[]".contains(c))).unwrap_or(after.len());
        let domain = after.get(..domain_end).unwrap_or_default().trim_end_matches(['.', '-', '[', ']']);
        let labels: Vec<&str> = domain.split('.').map(|label| label.trim_matches(['[', ']'])).collect();
        let top = labels.last().copied().unwrap_or_default();
        let is_domain = labels.len() > 1
            && labels.iter().all(|label| !label.is_empty())
            && top.chars().count() > 1
            && top.chars().all(char::is_alphabetic);
        if local < before.len() && is_domain {
            let end = token.len() - after.len() + domain.len();
            let written = token.get(local..end).unwrap_or_default();
            if !is_subject(object, written) {
                hits.push(Hit::new(offset + local..offset + end, What::Email, "an e-mail address in free text", GDPR));
            }
        }
    }
}

fn last_char(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
}

/// An internet address of a public network, unless the object is about it.
fn address(text: &str, word: Range<usize>, object: &Object, hits: &mut Vec<Hit>) {
    let token = text.get(word.clone()).unwrap_or_default();
    let inner = token.trim_matches(|c: char| !(c.is_ascii_hexdigit() || c == ':'));
    let bare = inner.trim_end_matches(':').replace("[.]", ".");
    let without_port = bare.rsplit_once(':').filter(|(host, _)| !host.contains(':')).map_or(bare.as_str(), |(host, _)| host);
    let is_public = match (without_port.parse::<Ipv4Addr>(), bare.parse::<Ipv6Addr>()) {
        (Ok(four), _) => is_public_v4(four) && !follows(text, word.start, VERSION_WORDS),
        (_, Ok(six)) => bare.matches(':').count() > 2 && !six.is_loopback() && !six.is_unspecified() && !six.is_multicast(),
        _ => false,
    };
    if is_public && !is_subject(object, without_port) {
        let start = word.start + token.find(inner).unwrap_or_default();
        let citation = format!("{GDPR} and recital 30");
        hits.push(Hit::new(start..start + inner.len(), What::Address, "an internet address in free text", citation));
    }
}

/// Whether the pattern of the object, an indicator, is about `text`.
fn is_subject(object: &Object, text: &str) -> bool {
    object.value().get("pattern").and_then(serde_json::Value::as_str).is_some_and(|pattern| pattern.contains(text))
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let special =
        address.is_private() || address.is_loopback() || address.is_link_local() || address.is_multicast() || address.is_broadcast();
    let [first, .., last] = address.octets();
    // A small first number, or a last of 0, is far more often a version or a network than a host.
    !special && !address.is_documentation() && first > 20 && last != 0
}

/// Whether the word before the byte `at` is one of `words`.
fn follows(text: &str, at: usize, words: &[&str]) -> bool {
    let before = text.get(..at).unwrap_or_default().split_whitespace().next_back().unwrap_or_default();
    let before = before.trim_start_matches(['(', '"', '\'', '[']).to_lowercase();
    words.contains(&before.as_str())
}

/// Lines of passports, and tax codes.
fn document(token: &str, offset: usize, hits: &mut Vec<Hit>) {
    let bare = token.trim_matches(|c: char| !(c.is_ascii_alphanumeric() || c == '<'));
    let start = offset + token.find(bare).unwrap_or_default();
    let mut found = |why: &str, citation: &str| hits.push(Hit::new(start..start + bare.len(), What::Identity, why, citation));
    if numbers::is_passport_line(bare) {
        found("the machine-readable line of a passport, with its check digits", "ICAO Doc 9303-4; GDPR, Art. 87");
    } else if numbers::is_italian_person(bare) {
        found("an Italian tax code, with its check letter", "GDPR, Art. 87; D.M. 23 December 1976");
    }
}

/// Telephone numbers, cards and numbers of persons: runs of digits with blanks and dashes between them.
fn digit_runs(text: &str, hits: &mut Vec<Hit>) {
    let mut from = 0;
    while let Some(start) = text.get(from..).and_then(|rest| rest.find(|c: char| c.is_ascii_digit() || c == '+')).map(|at| from + at) {
        let run = text.get(start..).unwrap_or_default();
        let end = start + run_length(run);
        let before = text.get(..start).and_then(|text| text.chars().next_back());
        let after = text.get(end..).and_then(|text| text.chars().next());
        let joins = |c: char| c.is_alphanumeric() || "_.-/+=&?#%:@\\$€£".contains(c);
        let stands_alone = !before.is_some_and(joins) && !after.is_some_and(|c| c.is_alphanumeric() || "_/=%@\\".contains(c));
        if stands_alone {
            number(text, start..end, hits);
        }
        from = end.max(start + 1);
    }
}

/// How many bytes of `text` belong to one number as people write it.
fn run_length(text: &str) -> usize {
    let mut end = 0;
    let mut gap = 0;
    for (at, character) in text.char_indices() {
        match character {
            '+' if at == 0 => end = 1,
            '0'..='9' => (end, gap) = (at + 1, 0),
            ' ' | '-' | '.' | '(' | ')' | '\u{a0}' if gap < 2 => gap += 1,
            _ => break,
        }
    }
    end
}

fn number(text: &str, span: Range<usize>, hits: &mut Vec<Hit>) {
    let written = text.get(span.clone()).unwrap_or_default();
    let digits: Vec<u8> = written.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect();
    let plain = written.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b' ' | b'-'));
    if plain && numbers::is_card(&digits) {
        hits.push(Hit::new(span, What::Card, "the number of a payment card, with its check digit", format!("{GDPR}; ISO/IEC 7812-1")));
    } else if plain && numbers::is_french_person(&digits) {
        hits.push(Hit::new(span, What::Identity, "a French personal number (NIR), with its key", "GDPR, Art. 87"));
    } else if is_phone(text, written, span.start, &digits) {
        hits.push(Hit::new(span, What::Phone, "a telephone number in free text", format!("{GDPR}; ITU-T E.164")));
    }
}

/// International form, or any number of that size after a word such as `tel.`.
fn is_phone(text: &str, written: &str, start: usize, digits: &[u8]) -> bool {
    let international = written.starts_with('+') && (9..=15).contains(&digits.len()) && digits.first() != Some(&0);
    let called = (7..=15).contains(&digits.len()) && follows(text, start, CALL_WORDS);
    (international || called) && digits.iter().any(|digit| Some(digit) != digits.first())
}

/// Bank accounts, with blanks between groups or without.
fn accounts(text: &str, hits: &mut Vec<Hit>) {
    for (start, _) in text.match_indices(|c: char| c.is_ascii_uppercase()) {
        let before = text.get(..start).and_then(|text| text.chars().next_back());
        let rest = text.get(start..).unwrap_or_default();
        let Some(length) = numbers::iban_length(rest).filter(|_| !before.is_some_and(char::is_alphanumeric)) else { continue };
        let (mut compact, mut end) = (String::new(), 0);
        for (at, character) in rest.char_indices() {
            match character {
                'A'..='Z' | '0'..='9' if compact.len() < length => {
                    compact.push(character);
                    end = at + 1;
                }
                ' ' if compact.len() < length && compact.len().is_multiple_of(4) => {}
                _ => break,
            }
        }
        let after = rest.get(end..).and_then(|text| text.chars().next());
        if numbers::is_iban(&compact) && !after.is_some_and(char::is_alphanumeric) {
            hits.push(Hit::new(start..start + end, What::Iban, "a bank account, with its check digits", format!("{GDPR}; ISO 13616-1")));
        }
    }
}
