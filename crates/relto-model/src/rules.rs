//! The forms of single values: property names, hashes, hexadecimal, Base64, languages, addresses. One function a form, no state.

/// Whether `name` may be a property name (STIX 2.1, sections 3.1 and 11.1).
pub(crate) fn is_property_name(name: &str) -> bool {
    let form = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
    name == "id" || ((3..=250).contains(&name.len()) && name.bytes().all(form))
}

/// Whether `key` may be a key of a dictionary (STIX 2.1, section 2.3).
pub(crate) fn is_dictionary_key(key: &str) -> bool {
    let form = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=250).contains(&key.len()) && key.bytes().all(form)
}

/// Whether `text` is Base64 with padding (RFC 4648, section 4), and not empty.
pub(crate) fn is_base64(text: &str) -> bool {
    let bytes = text.as_bytes();
    let padding = bytes.iter().rev().take_while(|byte| **byte == b'=').count();
    let alphabet = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    !bytes.is_empty() && bytes.len().is_multiple_of(4) && padding <= 2 && bytes.iter().take(bytes.len() - padding).all(alphabet)
}

/// Whether `text` is whole bytes in hexadecimal (STIX 2.1, section 2.8).
pub(crate) fn is_hex(text: &str) -> bool {
    !text.is_empty() && text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What a hash of `algorithm` looks like, when `text` does not look so (STIX 2.1, section 10.6). Other algorithms have any form.
pub(crate) fn hash_fault(algorithm: &str, text: &str) -> Option<String> {
    let digits = match algorithm {
        "MD5" => 32,
        "SHA-1" => 40,
        "SHA-256" | "SHA3-256" => 64,
        "SHA-512" | "SHA3-512" => 128,
        "SSDEEP" => {
            let form = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'+' | b':' | b'.');
            let fits = (1..=128).contains(&text.len()) && text.bytes().all(form);
            return (!fits).then(|| "must be an SSDEEP hash".to_owned());
        }
        "TLSH" => {
            let fits = text.len() == 70 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
            return (!fits).then(|| "must be a TLSH hash of 70 characters".to_owned());
        }
        _ => return None,
    };
    let fits = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    (!fits).then(|| format!("must be {digits} hexadecimal digits"))
}

/// Whether `text` has the form of a language tag (RFC 5646): `en`, `pt-BR`, `zh-Hans-CN`.
pub(crate) fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    let primary = (2..=8).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_alphabetic());
    let private = matches!(first, "x" | "i") && text.len() > 2;
    text.len() <= 100
        && (primary || private)
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Whether `text` is a URI with a scheme (RFC 3986): ASCII, no blanks, no brackets out of place.
pub(crate) fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let scheme_form = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    let allowed = |character: char| !character.is_whitespace() && !character.is_control() && !matches!(character, '<' | '>' | '"');
    scheme_form && rest.chars().all(allowed)
}

/// Whether `text` is a media type of a registered top level (STIX 2.1, section 6.1).
pub(crate) fn is_media_type(text: &str) -> bool {
    const TOP: [&str; 11] =
        ["application", "audio", "font", "image", "message", "model", "multipart", "text", "video", "chemical", "haptics"];
    let form = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'_' | b'-');
    text.split_once('/').is_some_and(|(top, sub)| TOP.contains(&top) && !sub.is_empty() && sub.bytes().all(form))
}

/// A domain name, internationalised or not, by its lengths alone (RFC 1034, section 3.1): what registries allow changes.
pub(crate) fn is_domain_name(text: &str) -> bool {
    let labels = text.strip_suffix('.').unwrap_or(text).split('.');
    text.len() <= 255 && labels.into_iter().all(|label| (1..=63).contains(&label.chars().count()) && !label.contains(char::is_whitespace))
}

/// Whether `text` can name a character set of the IANA registry.
pub(crate) fn is_character_set(text: &str) -> bool {
    let form = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'+' | b'_' | b':' | b'-' | b'(' | b')');
    (2..=250).contains(&text.len()) && text.bytes().all(form)
}

/// `text` without the CIDR suffix `/0` to `/bits_max`, or `None` when what follows the slash is none.
fn without_prefix_length(text: &str, bits_max: u8) -> Option<&str> {
    let Some((address, bits)) = text.split_once('/') else { return Some(text) };
    let plain = bits == "0" || !bits.starts_with('0');
    bits.parse::<u8>().is_ok_and(|bits| bits <= bits_max).then_some(address).filter(|_| plain && !bits.starts_with('+'))
}

/// Whether `text` is an IPv4 address or a CIDR block (STIX 2.1, section 6.8).
pub(crate) fn is_ipv4(text: &str) -> bool {
    without_prefix_length(text, 32).is_some_and(|address| address.parse::<std::net::Ipv4Addr>().is_ok())
}

/// Whether `text` is an IPv6 address, with a zone or without, or a CIDR block (STIX 2.1, section 6.9).
pub(crate) fn is_ipv6(text: &str) -> bool {
    let address = without_prefix_length(text, 128).map(|address| address.split_once('%').map_or(address, |(address, _)| address));
    address.is_some_and(|address| address.parse::<std::net::Ipv6Addr>().is_ok())
}

/// Whether `text` is a MAC-48 address in lower case with colons (STIX 2.1, section 6.10).
pub(crate) fn is_mac(text: &str) -> bool {
    let part = |part: &str| part.len() == 2 && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    text.split(':').count() == 6 && text.split(':').all(part)
}

/// Whether `text` begins as a CPE 2.3 name does, with its eleven parts (NISTIR 7695).
pub(crate) fn is_cpe(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("cpe:2.3:") else { return false };
    let (mut parts, mut escaped) = (1, false);
    for character in rest.chars() {
        escaped = match character {
            _ if escaped => false,
            '\\' => true,
            ':' => {
                parts += 1;
                false
            }
            _ if character.is_ascii_graphic() => false,
            _ => return false,
        };
    }
    parts == 11 && matches!(rest.split(':').next(), Some("a" | "o" | "h" | "*" | "-"))
}

/// Whether `text` could be an e-mail address: something, an at sign, something, no blanks (RFC 5322 allows far more than looks like one).
pub(crate) fn is_email(text: &str) -> bool {
    text.rsplit_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let check = |form: fn(&str) -> bool, good: &[&str], bad: &[&str]| {
            good.iter().for_each(|text| assert!(form(text), "{text}"));
            bad.iter().for_each(|text| assert!(!form(text), "{text}"));
        };
        check(is_property_name, &["id", "abc", "x_1"], &["", "ab", "Abc", "a-bc", "é12"]);
        check(is_base64, &["dGVzdA==", "dGVz"], &["", "dGVzdA", "dG=z", "d==="]);
        check(is_hex, &["00fF"], &["", "0", "0g"]);
        check(is_language, &["en", "pt-BR", "zh-Hans-CN", "x-klingon", "i-enochian"], &["", "e", "english language", "en_US", "en-"]);
        check(is_uri, &["http://a.b/c?d#e", "urn:x", "mailto:a@b"], &["", "a.b", "http://a b", "1http://a", "://"]);
        check(is_ipv4, &["1.2.3.4", "1.2.3.4/32"], &["1.2.3", "1.2.3.4/33", "1.2.3.4/08", "01.2.3.4", "1.2.3.4/+8", "x"]);
        check(is_ipv6, &["::1", "2001:db8::/32", "fe80::1%eth0"], &["1.2.3.4", "::1/129", ":::"]);
        check(is_mac, &["d2:fb:49:24:37:18"], &["D2:fb:49:24:37:18", "d2-fb-49-24-37-18", "d2:fb:49:24:37"]);
        check(is_cpe, &["cpe:2.3:a:microsoft:word:2000:*:*:*:*:*:*:*"], &["cpe:/a:microsoft:word:2000", "cpe:2.3:a:x"]);
        check(is_media_type, &["application/zip", "image/svg+xml"], &["zip", "foo/bar", "text/"]);
    }

    #[test]
    fn hashes() {
        assert_eq!(hash_fault("MD5", &"a".repeat(32)), None);
        assert_eq!(hash_fault("MD5", "a").as_deref(), Some("must be 32 hexadecimal digits"));
        assert_eq!(hash_fault("SSDEEP", "3:AXGBicFlgVNhBGcL6wCrFQEv:AXGHsNhxLsr2C"), None);
        assert_eq!(hash_fault("MY-HASH", "anything"), None);
    }
}
