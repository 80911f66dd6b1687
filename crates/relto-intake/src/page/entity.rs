//! Characters of a page as they are read: entities decoded, each with the place it stands at.

use crate::span::TextSpan;
use html5gum::{Token, Tokenizer};

/// The longest reference that HTML names, `&CounterClockwiseContourIntegral;`, has 33 bytes.
const REFERENCE_BYTES_MAX: usize = 40;

/// The characters of the text node at `span` of `html`. A reference that stands for several gives each the same place.
pub(super) fn characters(html: &str, span: TextSpan) -> Vec<(char, TextSpan)> {
    let slice = html.get(span.range()).unwrap_or_default();
    let mut characters = Vec::with_capacity(slice.len());
    let mut at = 0;
    while let Some(c) = slice.get(at..).and_then(|rest| rest.chars().next()) {
        let reference = if c == '&' { slice.get(at..).and_then(decoded) } else { None };
        let (bytes, stands_for) = reference.unwrap_or((c.len_utf8(), String::new()));
        let place = TextSpan::new(span.from + at, span.from + at + bytes);
        if stands_for.is_empty() {
            characters.push((c, place));
        } else {
            characters.extend(stands_for.chars().map(|c| (c, place)));
        }
        at += bytes;
    }
    characters
}

/// `text` with its references decoded, as in an attribute or title.
pub(crate) fn text(html: &str, span: TextSpan) -> String {
    characters(html, span).into_iter().map(|(c, _)| c).collect()
}

/// What the reference at the start of `rest` stands for, and how many bytes it takes.
fn decoded(rest: &str) -> Option<(usize, String)> {
    let name = rest.bytes().skip(1).take(REFERENCE_BYTES_MAX).take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#').count();
    let end = 1 + name + usize::from(rest.as_bytes().get(1 + name) == Some(&b';'));
    let reference = rest.get(..end).filter(|_| name > 0)?;
    let known = match reference {
        "&amp;" => Some("&"),
        "&lt;" => Some("<"),
        "&gt;" => Some(">"),
        "&quot;" => Some("\""),
        "&nbsp;" => Some("\u{a0}"),
        _ => None,
    };
    if let Some(known) = known {
        return Some((end, known.to_owned()));
    }
    let stands_for: String = Tokenizer::new(reference)
        .filter_map(|token| match token {
            Ok(Token::String(text)) => Some(String::from_utf8_lossy(&text).into_owned()),
            _ => None,
        })
        .collect();
    if stands_for == reference || stands_for.is_empty() {
        return None;
    }
    // Letters behind a reference without its `;` are text again: `&ampx`.
    let behind = reference.chars().rev().zip(stands_for.chars().skip(1).collect::<Vec<_>>().into_iter().rev());
    let behind = behind.take_while(|(one, other)| one == other).count();
    let kept = stands_for.get(..stands_for.len() - behind)?.to_owned();
    Some((end - behind, kept))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_decoded_where_they_stand() {
        for (html, expected, places) in [
            ("a&amp;b", "a&b", vec![(0, 1), (1, 6), (6, 7)]),
            ("&eacute;t&#233;", "été", vec![(0, 8), (8, 9), (9, 15)]),
            ("&#x4E2D;", "中", vec![(0, 8)]),
            ("&ampx", "&x", vec![(0, 4), (4, 5)]),
            ("&semi;&#65x", ";Ax", vec![(0, 6), (6, 10), (10, 11)]),
            ("& &; &zzz;", "& &; &zzz;", Vec::new()),
            ("&#150;", "–", vec![(0, 6)]),
            ("&NotEqualTilde;", "\u{2242}\u{338}", vec![(0, 15), (0, 15)]),
        ] {
            let found = characters(html, TextSpan::new(0, html.len()));
            assert_eq!(found.iter().map(|(c, _)| *c).collect::<String>(), expected, "{html}");
            let spans: Vec<(usize, usize)> = found.iter().map(|(_, span)| (span.from, span.to)).collect();
            assert!(places.is_empty() || spans == places, "{html}: {spans:?}");
        }
    }
}
