//! TLS on the listening socket.

use std::io;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::serve::{ServeError, TlsFiles};

/// How connections are secured.
pub(crate) struct Tls {
    clients: Arc<ServerConfig>,
}

impl Tls {
    /// TLS with the certificate in `files`.
    pub(crate) fn new(files: &TlsFiles) -> Result<Self, ServeError> {
        Ok(Self { clients: Arc::new(client_config(files)?) })
    }

    /// The stream on which requests come. Bounding the time is up to the caller.
    pub(crate) async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        TlsAcceptor::from(self.clients.clone()).accept(stream).await
    }
}

fn client_config(files: &TlsFiles) -> Result<ServerConfig, ServeError> {
    let broken = |error: &dyn std::fmt::Display| ServeError::Certificate(error.to_string());
    let chain: Vec<CertificateDer<'static>> =
        CertificateDer::pem_slice_iter(&files.certificate_pem).collect::<Result<_, _>>().map_err(|error| broken(&error))?;
    let key = PrivateKeyDer::from_pem_slice(&files.key_pem).map_err(|error| broken(&error))?;
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| broken(&error))?;
    let mut config = builder.with_no_client_auth().with_single_cert(chain, key).map_err(|error| broken(&error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}
