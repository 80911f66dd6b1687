//! Numbers that carry their own proof: check digits of cards, bank accounts, travel documents and persons.

/// Whether the digits pass Luhn's check (ISO/IEC 7812-1, annex B).
pub(super) fn luhn(digits: &[u8]) -> bool {
    let doubled = |(place, digit): (usize, &u8)| match (place % 2, u32::from(*digit)) {
        (0, digit) => digit,
        (_, digit) if digit > 4 => digit * 2 - 9,
        (_, digit) => digit * 2,
    };
    digits.iter().rev().enumerate().map(doubled).sum::<u32>().is_multiple_of(10)
}

/// Whether `digits` are the number of a payment card of one of the large schemes: issuer's prefix, length, Luhn.
pub(super) fn is_card(digits: &[u8]) -> bool {
    let prefix = digits.iter().take(4).fold(0_u32, |number, digit| number * 10 + u32::from(*digit));
    let scheme = match digits.len() {
        15 => matches!(prefix / 100, 34 | 37),
        16 => matches!(prefix, 4000..=4999 | 5100..=5599 | 2221..=2720 | 6011 | 6500..=6599 | 3528..=3589),
        _ => false,
    };
    scheme && luhn(digits)
}

/// Length of the account number by country (ISO 13616-1; registry of SWIFT).
const IBAN_LENGTHS: &str = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 \
    FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 \
    MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SD18 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 \
    VG24 XK20";

/// How long the account numbers of the country are that `text` begins with.
pub(super) fn iban_length(text: &str) -> Option<usize> {
    let country = text.get(..2)?;
    IBAN_LENGTHS.split_whitespace().find_map(|entry| entry.strip_prefix(country)?.parse().ok())
}

/// Whether `text`, capitals and digits without blanks, is an IBAN (ISO 13616-1): its length and its remainder by 97.
pub(super) fn is_iban(text: &str) -> bool {
    let (Some(head), Some(tail)) = (text.get(..4), text.get(4..)) else { return false };
    let remainder = |rest: u32, character: char| match character.to_digit(36) {
        Some(value) if value > 9 => (rest * 100 + value) % 97,
        Some(value) => (rest * 10 + value) % 97,
        None => 0,
    };
    iban_length(text) == Some(text.len()) && tail.chars().chain(head.chars()).fold(0, remainder) == 1
}

/// Whether `line` is the second line of a passport's machine-readable zone (ICAO 9303-4, 4.2.2) with its check digits.
pub(super) fn is_passport_line(line: &str) -> bool {
    let checks = |range: std::ops::Range<usize>, at: usize| {
        let digit = line.get(at..=at).and_then(|digit| digit.parse::<u32>().ok());
        line.get(range).and_then(mrz_check) == digit && digit.is_some()
    };
    line.len() == 44 && checks(0..9, 9) && checks(13..19, 19) && checks(21..27, 27)
}

/// The check digit of ICAO 9303-3, 4.9.
fn mrz_check(text: &str) -> Option<u32> {
    let weights = [7, 3, 1].into_iter().cycle();
    let value = |character: char| if character == '<' { Some(0) } else { character.to_digit(36) };
    let values = text.chars().map(value).collect::<Option<Vec<u32>>>()?;
    Some(values.iter().zip(weights).map(|(value, weight)| value * weight).sum::<u32>() % 10)
}

/// Whether `digits` are the number of a person in the French register: sex, month, and the key of two digits (97 less the remainder).
pub(super) fn is_french_person(digits: &[u8]) -> bool {
    let number = |range: std::ops::Range<usize>| {
        digits.get(range).map_or(0, |digits| digits.iter().fold(0_u64, |number, digit| number * 10 + u64::from(*digit)))
    };
    digits.len() == 15 && matches!(number(0..1), 1 | 2) && matches!(number(3..5), 1..=12) && 97 - number(0..13) % 97 == number(13..15)
}

/// Whether `text` is an Italian tax code: its pattern, a month's letter, and its check letter (D.M. 23 December 1976).
pub(super) fn is_italian_person(text: &str) -> bool {
    const ODD: [u32; 26] = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    let bytes = text.as_bytes();
    let form = b"AAAAAA99A99A999A";
    let fits = |(byte, form): (&u8, &u8)| if *form == b'A' { byte.is_ascii_uppercase() } else { byte.is_ascii_digit() };
    let value = |byte: u8| usize::from(if byte.is_ascii_digit() { byte - b'0' } else { byte.wrapping_sub(b'A') });
    let weigh = |(place, byte): (usize, &u8)| match place % 2 {
        0 => ODD.get(value(*byte)).copied().unwrap_or_default(),
        _ => u32::try_from(value(*byte)).unwrap_or_default(),
    };
    let sum: u32 = bytes.iter().take(15).enumerate().map(weigh).sum();
    let month = bytes.get(8).is_some_and(|byte| b"ABCDEHLMPRST".contains(byte));
    bytes.len() == form.len()
        && bytes.iter().zip(form).all(fits)
        && month
        && bytes.last().is_some_and(|last| value(*last) as u32 == sum % 26)
}
