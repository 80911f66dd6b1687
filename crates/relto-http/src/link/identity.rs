//! This node as partners meet it: an Ed25519 key, and a certificate that carries it because TLS wants one.

use std::fmt;
use std::sync::Arc;

use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;

use super::{LinkError, key_of};

/// PKCS #8 (RFC 8410) before the 32 bytes of the seed; the same for every Ed25519 key.
const PRIVATE_HEAD: &[u8] = &[0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
/// The subject of every such certificate. Nobody reads it.
const SUBJECT: &str = "relto-link";

/// The key with which this node takes part in links, and its certificate.
///
/// One seed makes the same certificate every time. Copies share the key.
#[derive(Clone)]
pub struct LinkIdentity {
    certified: Arc<CertifiedKey>,
    public_key: [u8; 32],
}

impl LinkIdentity {
    /// The identity of an Ed25519 seed (the private key of RFC 8032).
    ///
    /// # Errors
    /// [`LinkError::Unusable`] when the cryptography library will not have it, which no seed is known to bring about.
    pub fn from_seed(seed: &[u8; 32]) -> Result<Self, LinkError> {
        let private = PrivatePkcs8KeyDer::from([PRIVATE_HEAD, seed].concat());
        let certificate = certificate(&private).map_err(|_| LinkError::Unusable("no certificate can be made of its key"))?;
        let public_key = key_of(&certificate).ok_or(LinkError::Unusable("its certificate does not carry its key"))?;
        let provider = rustls::crypto::ring::default_provider();
        let certified = CertifiedKey::from_der(vec![certificate], PrivateKeyDer::from(private), &provider)
            .map_err(|_| LinkError::Unusable("TLS does not take its key"))?;
        Ok(Self { certified: Arc::new(certified), public_key })
    }

    /// The public key: what partners know this node by.
    #[must_use]
    pub fn public_key(&self) -> [u8; 32] {
        self.public_key
    }

    pub(crate) fn certified(&self) -> Arc<CertifiedKey> {
        self.certified.clone()
    }
}

impl fmt::Debug for LinkIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkIdentity").field("public_key", &self.public_key).finish_non_exhaustive()
    }
}

fn certificate(private: &PrivatePkcs8KeyDer<'_>) -> Result<rustls::pki_types::CertificateDer<'static>, rcgen::Error> {
    let key = rcgen::KeyPair::from_pkcs8_der_and_sign_algo(private, &rcgen::PKCS_ED25519)?;
    let mut parameters = rcgen::CertificateParams::default();
    parameters.distinguished_name = rcgen::DistinguishedName::new();
    parameters.distinguished_name.push(rcgen::DnType::CommonName, SUBJECT);
    Ok(parameters.self_signed(&key)?.der().clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8032, section 7.1, the first example.
    const SEED: [u8; 32] = [
        0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32,
        0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
    ];
    const PUBLIC: [u8; 32] = [
        0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6,
        0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
    ];

    #[test]
    fn a_seed_is_one_identity() {
        let (first, second) = (LinkIdentity::from_seed(&SEED).unwrap(), LinkIdentity::from_seed(&SEED).unwrap());
        assert_eq!(first.public_key(), PUBLIC);
        assert_eq!(first.certified.cert, second.certified.cert);
        assert_eq!(format!("{first:?}"), format!("LinkIdentity {{ public_key: {PUBLIC:?}, .. }}"));
        for seed in [[0; 32], [0xff; 32]] {
            assert_ne!(LinkIdentity::from_seed(&seed).unwrap().public_key(), PUBLIC);
        }
    }
}
