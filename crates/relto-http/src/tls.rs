//! TLS on the listening socket: ordinary clients and links of partners on one port, told apart by what the first message offers.
//!
//! Ordinary clients see the certificate of this server and are asked for none, so that no browser prompts for one. Whoever offers
//! [`LINK_PROTOCOL`] is shown the node's own key and must prove to hold one. Who that is, is decided further in.

use std::io;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{Acceptor, NoServerSessionStorage};
use rustls::sign::SingleCertAndKey;
use tokio::net::TcpStream;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;

use crate::link::{LINK_PROTOCOL, LinkIdentity, LinkKey, key_of};
use crate::serve::{ServeError, TlsFiles};

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

    /// The stream on which requests come, and the key of whoever sends them if it is a link. Bounding the time is up to the caller.
    pub(crate) async fn accept(&self, stream: TcpStream) -> io::Result<(TlsStream<TcpStream>, Option<LinkKey>)> {
        let start = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
        let is_link = start.client_hello().alpn().is_some_and(|mut offers| offers.any(|offer| offer == LINK_PROTOCOL));
        match &self.links {
            Some(links) if is_link => {
                let stream = start.into_stream(links.clone()).await?;
                let shown = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
                let key = shown.and_then(key_of).ok_or(io::ErrorKind::InvalidData)?;
                Ok((stream, Some(LinkKey(key))))
            }
            // Whoever offers nothing but a link finds no common protocol.
            _ => Ok((start.into_stream(self.clients.clone()).await?, None)),
        }
    }
}

fn client_config(files: &TlsFiles) -> Result<ServerConfig, ServeError> {
    let broken = |error: &dyn std::fmt::Display| ServeError::Certificate(error.to_string());
    let chain: Vec<CertificateDer<'static>> =
        CertificateDer::pem_slice_iter(&files.certificate_pem).collect::<Result<_, _>>().map_err(|error| broken(&error))?;
    let key = PrivateKeyDer::from_pem_slice(&files.key_pem).map_err(|error| broken(&error))?;
    let builder = ServerConfig::builder_with_provider(provider()).with_safe_default_protocol_versions().map_err(|error| broken(&error))?;
    let mut config = builder.with_no_client_auth().with_single_cert(chain, key).map_err(|error| broken(&error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
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
