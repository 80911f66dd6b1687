//! What each side of a link asks of the other's certificate: an Ed25519 key, one of those expected, and a handshake signed with it.
//!
//! Nothing else in a certificate is looked at, and that it is signed by itself is not checked: the handshake's signature proves more.

use relto_policy::dsse::PublicKey;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, Error, SignatureScheme};

/// SubjectPublicKeyInfo (RFC 8410) before the 32 bytes of the key; the same for every Ed25519 key, and for no other.
const PUBLIC_HEAD: &[u8] = &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// The Ed25519 key that `certificate` carries, if it is well-formed and carries one. A weak key is none: anybody can sign under it.
pub(crate) fn key_of(certificate: &CertificateDer<'_>) -> Option<[u8; 32]> {
    let parsed = ParsedCertificate::try_from(certificate).ok()?;
    let key = parsed.subject_public_key_info().as_ref().strip_prefix(PUBLIC_HEAD)?.try_into().ok()?;
    PublicKey::from_bytes(&key).is_ok().then_some(key)
}

/// The key of a side that shows `certificate` and, as links do, no others.
fn only_key(certificate: &CertificateDer<'_>, others: &[CertificateDer<'_>]) -> Result<[u8; 32], Error> {
    let key = if others.is_empty() { key_of(certificate) } else { None };
    key.ok_or(Error::InvalidCertificate(CertificateError::BadEncoding))
}

/// Of a server: one of these keys.
#[derive(Debug)]
pub(crate) struct OneOf {
    pub(crate) keys: Vec<[u8; 32]>,
    pub(crate) algorithms: WebPkiSupportedAlgorithms,
}

/// Of a client: any key. Whose it is, is asked with each request.
#[derive(Debug)]
pub(crate) struct AnyKey {
    pub(crate) algorithms: WebPkiSupportedAlgorithms,
}

impl ServerCertVerifier for OneOf {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        match only_key(certificate, others) {
            Ok(key) if self.keys.contains(&key) => Ok(ServerCertVerified::assertion()),
            Ok(_) | Err(_) => Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure)),
        }
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(older())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }
}

impl ClientCertVerifier for AnyKey {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        certificate: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        only_key(certificate, others).map(|_| ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(older())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }
}

/// Links are TLS 1.3; their configurations leave nothing older to come to this.
fn older() -> Error {
    Error::General("a link is TLS 1.3".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate(algorithm: &'static rcgen::SignatureAlgorithm) -> CertificateDer<'static> {
        let key = rcgen::KeyPair::generate_for(algorithm).unwrap();
        rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap().self_signed(&key).unwrap().der().clone()
    }

    #[test]
    fn only_ed25519_has_a_key() {
        assert!(key_of(&certificate(&rcgen::PKCS_ED25519)).is_some());
        assert_eq!(key_of(&certificate(&rcgen::PKCS_ECDSA_P256_SHA256)), None);
        assert_eq!(key_of(&certificate(&rcgen::PKCS_ECDSA_P384_SHA384)), None);
        let whole = certificate(&rcgen::PKCS_ED25519);
        for end in [0, 1, 40, whole.len() - 1] {
            assert_eq!(key_of(&CertificateDer::from(&whole[..end])), None, "{end}");
        }
    }

    /// Nobody has to hold a key for these: signatures under them are for anybody to make.
    #[test]
    fn weak_keys_are_none() {
        let (mut identity, mut order_two) = ([0; 32], [0xff; 32]);
        identity[0] = 1;
        (order_two[0], order_two[31]) = (0xec, 0x7f);
        let whole = certificate(&rcgen::PKCS_ED25519);
        let key = key_of(&whole).unwrap();
        let at = whole.windows(32).position(|bytes| bytes == key).unwrap();
        for weak in [identity, order_two, [0; 32]] {
            let mut patched = whole.to_vec();
            patched[at..at + 32].copy_from_slice(&weak);
            assert!(ParsedCertificate::try_from(&CertificateDer::from(patched.as_slice())).is_ok());
            assert_eq!(key_of(&CertificateDer::from(patched)), None);
        }
    }

    #[test]
    fn a_chain_is_no_identity() {
        let (one, other) = (certificate(&rcgen::PKCS_ED25519), certificate(&rcgen::PKCS_ED25519));
        assert!(only_key(&one, &[]).is_ok());
        assert!(only_key(&one, &[other]).is_err());
    }
}
