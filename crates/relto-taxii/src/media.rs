//! Content negotiation (TAXII 2.1, sections 1.6.8 and 3.1; RFC 9110, section 12.5.1).
//!
//! A client that names no version takes what the server has; one that insists on another version gets 406 or 415.

/// What every reply with a TAXII body is.
pub const TAXII: &str = "application/taxii+json;version=2.1";
/// What every object in a collection is.
pub const STIX: &str = "application/stix+json;version=2.1";
/// The version that this server speaks.
const VERSION: &str = "2.1";
/// Longest header that is looked at, in bytes.
pub const HEADER_BYTES_MAX: usize = 4096;

/// Whether a client that sends these `Accept` values takes TAXII 2.1. Without any, it takes anything.
///
/// The most specific range that fits decides, as the RFC asks: `application/taxii+json;version=2.1;q=0, */*` refuses.
#[must_use]
pub fn is_acceptable<'h>(accept: impl IntoIterator<Item = &'h str>) -> bool {
    let mut best: Option<(u8, bool)> = None;
    let mut any = false;
    for range in accept.into_iter().take(16).filter(|header| header.len() <= HEADER_BYTES_MAX).flat_map(split_list) {
        any = true;
        let Some(range) = MediaRange::parse(range) else { continue };
        if let Some(specificity) = range.specificity()
            && best.is_none_or(|(known, accepted)| specificity > known || (specificity == known && !accepted))
        {
            best = Some((specificity, range.wanted));
        }
    }
    best.map_or(!any, |(_, accepted)| accepted)
}

/// Whether a request body of this `Content-Type` is TAXII 2.1. Without one it is not: the standard demands it.
#[must_use]
pub fn is_taxii_content(content_type: Option<&str>) -> bool {
    let range = content_type.filter(|header| header.len() <= HEADER_BYTES_MAX).and_then(MediaRange::parse);
    range.is_some_and(|range| range.specificity().is_some_and(|specificity| specificity >= 2))
}

struct MediaRange {
    kind: String,
    version: Option<String>,
    wanted: bool,
}

impl MediaRange {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = split_unquoted(text, ';');
        let kind = parts.next()?.trim().to_ascii_lowercase();
        let mut range = Self { kind, version: None, wanted: true };
        for part in parts.map(str::trim).filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=')?;
            let value = value.trim().trim_matches('"');
            match name.trim().to_ascii_lowercase().as_str() {
                "version" => range.version = Some(value.to_owned()),
                "q" => range.wanted = value.parse::<f32>().ok().filter(|quality| (0.0..=1.0).contains(quality))? > 0.0,
                _ => {}
            }
        }
        Some(range)
    }

    /// How closely the range names what this server has; `None` when it does not.
    fn specificity(&self) -> Option<u8> {
        match (self.kind.as_str(), self.version.as_deref()) {
            ("application/taxii+json", Some(VERSION)) => Some(3),
            ("application/taxii+json", None) => Some(2),
            ("application/*", _) => Some(1),
            ("*/*", _) => Some(0),
            _ => None,
        }
    }
}

fn split_list(header: &str) -> impl Iterator<Item = &str> {
    split_unquoted(header, ',').map(str::trim).filter(|range| !range.is_empty())
}

fn split_unquoted(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |letter| {
        quoted ^= letter == '"';
        letter == separator && !quoted
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept() {
        for (headers, expected) in [
            (&[][..], true),
            (&["application/taxii+json;version=2.1"][..], true),
            (&["application/taxii+json; version=2.1"], true),
            (&["application/taxii+json ; Version=\"2.1\""], true),
            (&["APPLICATION/TAXII+JSON"], true),
            (&["application/taxii+json"], true),
            (&["*/*"], true),
            (&["application/*;q=0.1"], true),
            (&["text/html, application/xhtml+xml, */*;q=0.8"], true),
            (&["application/taxii+json;version=2.0"], false),
            (&["application/taxii+json;version=2.0, application/taxii+json;version=2.1;q=0.5"], true),
            (&["application/taxii+json;version=2.0", "application/taxii+json"], true),
            (&["application/taxii+json;version=2.1;q=0"], false),
            (&["application/taxii+json;version=2.1;q=0, */*"], false),
            (&["application/vnd.oasis.taxii+json;version=2.0"], false),
            (&["application/json"], false),
            (&["text/html"], false),
            (&["application/taxii+json;version"], false),
            (&["application/taxii+json;q=2"], false),
            (&[""], true),
        ] {
            assert_eq!(is_acceptable(headers.iter().copied()), expected, "{headers:?}");
        }
    }

    #[test]
    fn content() {
        for (header, expected) in [
            (Some("application/taxii+json;version=2.1"), true),
            (Some("application/taxii+json; version=2.1; charset=utf-8"), true),
            (Some("application/taxii+json"), true),
            (Some("Application/TAXII+json ;version = \"2.1\""), true),
            (Some("application/taxii+json;version=2.0"), false),
            (Some("application/json"), false),
            (Some("*/*"), false),
            (Some("application/*"), false),
            (Some(""), false),
            (None, false),
        ] {
            assert_eq!(is_taxii_content(header), expected, "{header:?}");
        }
    }
}
