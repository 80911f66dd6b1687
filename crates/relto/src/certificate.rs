//! The self-signed certificate of `init`: making it, its fingerprint for people to compare, and until when it is good.

use relto_model::Stamp;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;

use crate::failure::Failure;

/// How long a certificate of `init` is good, in days.
pub(crate) const VALID_DAYS: i64 = 825;
const DAY_MICROS: i64 = 86_400_000_000;

/// A certificate with its key.
pub(crate) struct Certificate {
    /// The certificate in PEM.
    pub certificate_pem: String,
    /// The key in PEM.
    pub key_pem: String,
    /// SHA-256 of the certificate, as people compare it.
    pub fingerprint: String,
}

/// Makes a certificate for `hosts` that is good from `now` on.
///
/// # Errors
/// [`Failure`] when a host is none.
pub(crate) fn make(organisation: &str, hosts: &[String], now: Stamp) -> Result<Certificate, Failure> {
    let failed = |error: rcgen::Error| Failure::of("no certificate can be made", &error).help("give host names or addresses with `--host`");
    if let Some(host) = hosts.iter().find(|host| ServerName::try_from(host.strip_prefix("*.").unwrap_or(host)).is_err()) {
        return Err(Failure::new(format!("`{host}` is not a host name or an address"))
            .help("give `--host` names such as relto.example.org, or addresses"));
    }
    let key = rcgen::KeyPair::generate().map_err(failed)?;
    let mut parameters = rcgen::CertificateParams::new(hosts.to_vec()).map_err(failed)?;
    parameters.distinguished_name = rcgen::DistinguishedName::new();
    parameters.distinguished_name.push(rcgen::DnType::OrganizationName, organisation);
    parameters.distinguished_name.push(rcgen::DnType::CommonName, hosts.first().map_or("localhost", String::as_str));
    parameters.not_before = instant(Stamp(now.0.saturating_sub(DAY_MICROS)));
    parameters.not_after = instant(Stamp(now.0.saturating_add(VALID_DAYS.saturating_mul(DAY_MICROS))));
    parameters.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
    let certificate = parameters.self_signed(&key).map_err(failed)?;
    let fingerprint = fingerprint(certificate.der());
    Ok(Certificate { certificate_pem: certificate.pem(), key_pem: key.serialize_pem(), fingerprint })
}

fn instant(stamp: Stamp) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(stamp.0.div_euclid(1_000_000)).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// SHA-256 of a certificate in DER: upper-case pairs with colons between.
#[must_use]
pub(crate) fn fingerprint(der: &[u8]) -> String {
    let pairs: Vec<String> = Sha256::digest(der).iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(":")
}

/// The first certificate of a PEM file.
#[must_use]
pub(crate) fn first(pem: &[u8]) -> Option<CertificateDer<'static>> {
    CertificateDer::pem_slice_iter(pem).next()?.ok()
}

/// Until when a certificate is good; `None` when it is not in the form of RFC 5280.
#[must_use]
pub(crate) fn good_until(der: &[u8]) -> Option<Stamp> {
    let (certificate, _) = element(der, SEQUENCE)?;
    let (mut rest, _) = element(certificate, SEQUENCE)?;
    if let Some((_, after)) = element(rest, VERSION) {
        rest = after;
    }
    // Serial number, signature algorithm, issuer: three elements before the validity (RFC 5280, section 4.1).
    for tag in [INTEGER, SEQUENCE, SEQUENCE] {
        rest = element(rest, tag)?.1;
    }
    let (validity, _) = element(rest, SEQUENCE)?;
    let (_, _, after) = any(validity)?;
    let (tag, until, _) = any(after)?;
    let text = std::str::from_utf8(until).ok()?;
    let digits = match tag {
        // Two digits of the year: 50 and above are of the last century (RFC 5280, section 4.1.2.5.1).
        UTC_TIME if text.get(..2)? >= "50" => format!("19{text}"),
        UTC_TIME => format!("20{text}"),
        GENERALIZED_TIME => text.to_owned(),
        _ => return None,
    };
    let part = |from: usize, to: usize| digits.get(from..to);
    let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
    let (hour, minute, second) = (part(8, 10)?, part(10, 12)?, part(12, 14)?);
    Stamp::parse(&format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z")).ok()
}

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// The content of the DER element of `tag` that `bytes` begin with, and what follows it.
fn element(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, content, rest) = any(bytes)?;
    (found == tag).then_some((content, rest))
}

/// The tag and content of the DER element that `bytes` begin with, and what follows it.
fn any(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, mut rest) = rest.split_first()?;
    let mut length = usize::from(first);
    if first >= 0x80 {
        let (digits, after) = rest.split_at_checked(usize::from(first & 0x7f)).filter(|(digits, _)| (1..=4).contains(&digits.len()))?;
        length = digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit));
        rest = after;
    }
    let (content, after) = rest.split_at_checked(length)?;
    Some((tag, content, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_says_until_when_it_is_good() {
        let now = Stamp::parse("2026-01-02T03:04:05Z").unwrap();
        let made = make("Example", &["localhost".to_owned(), "127.0.0.1".to_owned()], now).unwrap();
        let der = first(made.certificate_pem.as_bytes()).unwrap();
        assert_eq!(good_until(&der), Some(Stamp(now.0 + VALID_DAYS * DAY_MICROS)));
        assert_eq!(fingerprint(&der), made.fingerprint);
        assert_eq!(made.fingerprint.len(), 32 * 3 - 1);
    }

    #[test]
    fn a_century_later_too() {
        let now = Stamp::parse("2051-06-01").unwrap();
        let made = make("Example", &["localhost".to_owned()], now).unwrap();
        assert_eq!(good_until(&first(made.certificate_pem.as_bytes()).unwrap()), Some(Stamp(now.0 + VALID_DAYS * DAY_MICROS)));
    }

    #[test]
    fn what_is_cut_short_is_no_certificate() {
        let now = Stamp::parse("2026-01-02").unwrap();
        let made = make("Example", &["localhost".to_owned()], now).unwrap();
        let der = first(made.certificate_pem.as_bytes()).unwrap();
        for length in 0..der.len() {
            assert_eq!(good_until(&der[..length]), None);
        }
    }
}
