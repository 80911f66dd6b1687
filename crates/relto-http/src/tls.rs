//! TLS on the listening socket: ordinary clients and links of partners on one port, told apart by what the first message offers.
//!
//! Ordinary clients see the certificate of this server and are asked for none, so that no browser prompts for one, unless there are authorities whose
//! certificates people sign in with. Whoever offers [`LINK_PROTOCOL`] is shown the node's own key and must prove to hold one. Who that is, is decided
//! further in.

use std::io;
use std::sync::Arc;

use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer};
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{Acceptor, NoServerSessionStorage, ParsedCertificate, WebPkiClientVerifier};
use rustls::sign::SingleCertAndKey;
use rustls::{RootCertStore, ServerConfig};
use sha2::{Digest as _, Sha256};
use tokio::net::TcpStream;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;

use crate::link::{LINK_PROTOCOL, LinkIdentity, LinkKey, key_of};
use crate::serve::{ClientAuthorities, ServeError, TlsFiles};

/// The SHA-256 of the public key (SubjectPublicKeyInfo) of the certificate that an ordinary client has proved to hold; with every request on its
/// connection. One of the authorities has issued it, it is in date, and on no list of revoked ones.
///
/// It says who asks, and nothing about what they may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientCertificate(pub [u8; 32]);

impl ClientCertificate {
    /// That of the first certificate in `file`, PEM or DER; `None` when there is none.
    #[must_use]
    pub fn of_file(file: &[u8]) -> Option<Self> {
        let first = CertificateDer::pem_slice_iter(file).next();
        Self::of(&first.and_then(Result::ok).unwrap_or_else(|| CertificateDer::from(file)))
    }

    fn of(certificate: &CertificateDer<'_>) -> Option<Self> {
        let parsed = ParsedCertificate::try_from(certificate).ok()?;
        Some(Self(Sha256::digest(parsed.subject_public_key_info()).into()))
    }
}

/// Who is at the other side of a connection, as far as the handshake has proved it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Proved {
    /// The key of a partner's node.
    pub(crate) link: Option<LinkKey>,
    /// The certificate of a person.
    pub(crate) certificate: Option<ClientCertificate>,
}

/// How connections are secured.
pub(crate) struct Tls {
    clients: Arc<ServerConfig>,
    links: Option<Arc<ServerConfig>>,
}

impl Tls {
    /// TLS with the certificate in `files`, and for links with `link`.
    pub(crate) fn new(files: &TlsFiles, link: Option<&LinkIdentity>) -> Result<Self, ServeError> {
        let broken = |error: rustls::Error| ServeError::Certificate(error.to_string());
        let links = link.map(link_config).transpose().map_err(broken)?;
        Ok(Self { clients: Arc::new(client_config(files)?), links: links.map(Arc::new) })
    }

    /// The stream on which requests come, and what whoever sends them has proved. Bounding the time is up to the caller.
    pub(crate) async fn accept(&self, stream: TcpStream) -> io::Result<(TlsStream<TcpStream>, Proved)> {
        let start = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
        let is_link = start.client_hello().alpn().is_some_and(|mut offers| offers.any(|offer| offer == LINK_PROTOCOL));
        match &self.links {
            Some(links) if is_link => {
                let stream = start.into_stream(links.clone()).await?;
                let shown = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
                let key = shown.and_then(key_of).ok_or(io::ErrorKind::InvalidData)?;
                Ok((stream, Proved { link: Some(LinkKey(key)), certificate: None }))
            }
            // Whoever offers nothing but a link finds no common protocol.
            _ => {
                let stream = start.into_stream(self.clients.clone()).await?;
                let shown = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
                let certificate = shown.and_then(ClientCertificate::of);
                Ok((stream, Proved { link: None, certificate }))
            }
        }
    }
}

fn client_config(files: &TlsFiles) -> Result<ServerConfig, ServeError> {
    let broken = |error: &dyn std::fmt::Display| ServeError::Certificate(error.to_string());
    let chain: Vec<CertificateDer<'static>> =
        CertificateDer::pem_slice_iter(&files.certificate_pem).collect::<Result<_, _>>().map_err(|error| broken(&error))?;
    let key = PrivateKeyDer::from_pem_slice(&files.key_pem).map_err(|error| broken(&error))?;
    let builder = ServerConfig::builder_with_provider(provider()).with_safe_default_protocol_versions().map_err(|error| broken(&error))?;
    let builder = match &files.clients {
        Some(authorities) => builder.with_client_cert_verifier(client_verifier(authorities)?),
        None => builder.with_no_client_auth(),
    };
    let mut config = builder.with_single_cert(chain, key).map_err(|error| broken(&error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    if files.clients.is_some() {
        // Each connection proves the certificate anew: what is resumed would rest on the dates and lists of before.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
    }
    Ok(config)
}

/// Asks for a certificate of one of the authorities and goes on without one; one that is not theirs, out of date or revoked ends the handshake.
fn client_verifier(authorities: &ClientAuthorities) -> Result<Arc<dyn ClientCertVerifier>, ServeError> {
    let broken = |error: &dyn std::fmt::Display| ServeError::Authorities(error.to_string());
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&authorities.certificates_pem) {
        roots.add(certificate.map_err(|error| broken(&error))?).map_err(|error| broken(&error))?;
    }
    let lists = CertificateRevocationListDer::pem_slice_iter(&authorities.revoked_pem);
    let lists: Vec<_> = lists.collect::<Result<_, _>>().map_err(|error| broken(&error))?;
    let builder = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider()).allow_unauthenticated();
    builder.with_crls(lists).build().map_err(|error| broken(&error))
}

/// Nothing is resumed on a link: each connection proves both keys anew.
fn link_config(identity: &LinkIdentity) -> Result<ServerConfig, rustls::Error> {
    let provider = provider();
    let verifier = crate::link::AnyKey { algorithms: provider.signature_verification_algorithms };
    let builder = ServerConfig::builder_with_provider(provider).with_protocol_versions(&[&rustls::version::TLS13])?;
    let mut config =
        builder.with_client_cert_verifier(Arc::new(verifier)).with_cert_resolver(Arc::new(SingleCertAndKey::from(identity.certified())));
    config.alpn_protocols = vec![LINK_PROTOCOL.to_vec()];
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(config)
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}
