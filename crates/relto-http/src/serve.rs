//! The listening socket: TLS, HTTP/1.1 and HTTP/2, bounded connections, and a shutdown that finishes what it has begun.

use std::net::{IpAddr, SocketAddr, TcpListener as StdListener};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use crate::metrics;
use crate::routes::{Application, router};

/// Connections open at once; further ones wait to be accepted.
pub const CONNECTIONS_MAX: usize = 4_096;
/// How long a TLS handshake may take.
pub const HANDSHAKE_MAX: Duration = Duration::from_secs(10);
/// How long the head of a request may take.
pub const REQUEST_HEAD_MAX: Duration = Duration::from_secs(30);
/// How long running requests may take to end once the node shuts down.
pub const SHUTDOWN_GRACE: Duration = Duration::from_secs(30);

/// The address that a request came from.
#[derive(Debug, Clone, Copy)]
pub struct Source(pub IpAddr);

/// A certificate chain and its key, in PEM.
pub struct TlsFiles {
    /// The chain, leaf first.
    pub certificate_pem: Vec<u8>,
    /// The private key.
    pub key_pem: Vec<u8>,
}

/// What to listen on.
pub struct ServeConfig {
    /// The listening socket.
    pub listener: StdListener,
    /// TLS; plain HTTP without it.
    pub tls: Option<TlsFiles>,
    /// The listening socket for metrics, if they are wanted.
    pub metrics: Option<StdListener>,
}

/// Why the node does not listen.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The certificate or its key is no good.
    #[error("the certificate or its key cannot be used: {0}")]
    Certificate(String),
    /// The socket failed.
    #[error("the listening socket failed")]
    Socket(#[from] std::io::Error),
}

/// Serves `application` until `shutdown`, then finishes what is running.
///
/// # Errors
/// [`ServeError`] when the certificate or a socket is no good.
pub async fn serve(application: Arc<Application>, config: ServeConfig, shutdown: impl Future<Output = ()>) -> Result<(), ServeError> {
    let acceptor = config.tls.map(|files| acceptor(&files)).transpose()?;
    let listener = listener(config.listener)?;
    let metrics_task = match config.metrics {
        Some(socket) => {
            let socket = self::listener(socket)?;
            let router = metrics::router(application.metrics().clone());
            Some(tokio::spawn(async move { axum::serve(socket, router).await }))
        }
        None => None,
    };
    let service = router(application);
    let graceful = GracefulShutdown::new();
    let permits = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    tokio::pin!(shutdown);
    loop {
        let permit = tokio::select! {
            permit = permits.clone().acquire_owned() => permit,
            () = &mut shutdown => break,
        };
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                // Out of descriptors or a peer that is gone already: neither ends the node.
                Err(error) => { tracing::warn!(%error, "a connection was not accepted"); tokio::time::sleep(Duration::from_millis(50)).await; continue }
            },
            () = &mut shutdown => break,
        };
        let connection = Connection { stream, peer, acceptor: acceptor.clone(), service: service.clone(), watcher: graceful.watcher() };
        tokio::spawn(async move {
            connection.run().await;
            drop(permit);
        });
    }
    drop(listener);
    if tokio::time::timeout(SHUTDOWN_GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not end in time");
    }
    if let Some(task) = metrics_task {
        task.abort();
    }
    Ok(())
}

struct Connection {
    stream: TcpStream,
    peer: SocketAddr,
    acceptor: Option<TlsAcceptor>,
    service: Router,
    watcher: hyper_util::server::graceful::Watcher,
}

impl Connection {
    async fn run(self) {
        let Self { stream, peer, acceptor, service, watcher } = self;
        // Small replies must not wait for more to send.
        let _ = stream.set_nodelay(true);
        let source = Source(peer.ip());
        let service = service.map_request(move |mut request: hyper::Request<hyper::body::Incoming>| {
            request.extensions_mut().insert(source);
            request.map(axum::body::Body::new)
        });
        let service = TowerToHyperService::new(service);
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder.http1().timer(TokioTimer::new()).header_read_timeout(REQUEST_HEAD_MAX);
        builder.http2().timer(TokioTimer::new()).max_concurrent_streams(64);
        let ended = match acceptor {
            Some(acceptor) => match tokio::time::timeout(HANDSHAKE_MAX, acceptor.accept(stream)).await {
                Ok(Ok(stream)) => watcher.watch(builder.serve_connection(TokioIo::new(stream), service).into_owned()).await,
                Ok(Err(_)) | Err(_) => return,
            },
            None => watcher.watch(builder.serve_connection(TokioIo::new(stream), service).into_owned()).await,
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection ended early");
        }
    }
}

fn listener(socket: StdListener) -> Result<TcpListener, std::io::Error> {
    socket.set_nonblocking(true)?;
    TcpListener::from_std(socket)
}

fn acceptor(files: &TlsFiles) -> Result<TlsAcceptor, ServeError> {
    let broken = |error: &dyn std::fmt::Display| ServeError::Certificate(error.to_string());
    let chain: Vec<CertificateDer<'static>> =
        CertificateDer::pem_slice_iter(&files.certificate_pem).collect::<Result<_, _>>().map_err(|error| broken(&error))?;
    let key = PrivateKeyDer::from_pem_slice(&files.key_pem).map_err(|error| broken(&error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(|error| broken(&error))?;
    let mut config = builder.with_no_client_auth().with_single_cert(chain, key).map_err(|error| broken(&error))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
