//! The listening socket: TLS, HTTP/1.1, bounded connections, and a shutdown that finishes what it has begun.
//!
//! No HTTP/2: no TAXII client needs it, its queues between stream and socket would make "this reply has ended" a guess, and telling the
//! two protocols apart means waiting, without bound, for the first bytes of whoever connects.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr, TcpListener as StdListener};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioTimer;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::ServiceExt as _;

use crate::authorization::network;
use crate::crowd::Crowd;
use crate::exchange::run::run;
use crate::link::LinkIdentity;
use crate::metrics;
use crate::routes::{Application, router};
use crate::tls::{Proved, Tls};
use crate::traffic::{Reader, Socket, TrackedBody, TrackedStream, Traffic};

/// Connections open at once by default.
pub(crate) const CONNECTIONS_MAX: usize = 4_096;
/// Connections that one source has open at once by default.
pub(crate) const CONNECTIONS_OF_SOURCE_MAX: usize = 256;
/// How long a TLS handshake may take.
pub(crate) const HANDSHAKE_MAX: Duration = Duration::from_secs(10);
/// How long the head of a request may take, from the end of the reply before it.
pub(crate) const REQUEST_HEAD_MAX: Duration = Duration::from_secs(30);
/// How long running requests may take to end once the node shuts down.
pub(crate) const SHUTDOWN_GRACE: Duration = Duration::from_secs(30);

/// The address that a request came from.
#[derive(Debug, Clone, Copy)]
pub struct Source(pub IpAddr);

/// A certificate chain and its key, in PEM.
pub struct TlsFiles {
    /// The chain, leaf first.
    pub certificate_pem: Vec<u8>,
    /// The private key.
    pub key_pem: Vec<u8>,
    /// Whose certificates people may sign in with; without them, clients are asked for none.
    pub clients: Option<ClientAuthorities>,
}

impl TlsFiles {
    /// Whether they can be used, asked before anybody is told that the node listens.
    ///
    /// # Errors
    /// [`ServeError`] when the certificate, its key, or the authorities of clients are no good.
    pub fn check(&self) -> Result<(), ServeError> {
        Tls::new(self, None).map(drop)
    }
}

/// The authorities that issue certificates to people, in PEM.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientAuthorities {
    /// Their certificates.
    pub certificates_pem: Vec<u8>,
    /// Lists of revoked certificates (RFC 5280, section 5). Where there is any, whatever no list covers is refused.
    pub revoked_pem: Vec<u8>,
}

/// What to listen on.
pub struct ServeConfig {
    /// The listening socket.
    pub listener: StdListener,
    /// TLS; plain HTTP without it.
    pub tls: Option<TlsFiles>,
    /// The key with which links of partners are taken; without it, or without TLS, none are.
    pub link: Option<LinkIdentity>,
    /// The listening socket for metrics, if they are wanted.
    pub metrics: Option<StdListener>,
}

/// How much is served at once.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections open at once; further ones wait to be accepted.
    pub connections: usize,
    /// Connections that one source (an IPv4 address, the /64 of an IPv6 address) has open at once; further ones are closed as they come.
    pub connections_of_source: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connections: CONNECTIONS_MAX, connections_of_source: CONNECTIONS_OF_SOURCE_MAX }
    }
}

/// Why the node does not listen.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The certificate or its key is no good.
    #[error("the certificate or its key cannot be used: {0}")]
    Certificate(String),
    /// The authorities of clients, or what they revoked, cannot be read.
    #[error("the authorities of clients cannot be used: {0}")]
    Authorities(String),
    /// The socket failed.
    #[error("the listening socket failed")]
    Socket(#[from] std::io::Error),
}

/// Serves `application` until `shutdown`, then finishes what is running.
///
/// # Errors
/// [`ServeError`] when the certificate or a socket is no good.
pub async fn serve(application: Arc<Application>, config: ServeConfig, shutdown: impl Future<Output = ()>) -> Result<(), ServeError> {
    serve_within(Limits::default(), application, config, shutdown).await
}

/// As [`serve`], within `limits`.
///
/// # Errors
/// As [`serve`].
pub async fn serve_within(
    limits: Limits,
    application: Arc<Application>,
    config: ServeConfig,
    shutdown: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let identity = config.link.map(Arc::new);
    let tls = config.tls.map(|files| Tls::new(&files, identity.as_deref())).transpose()?.map(Arc::new);
    let listener = listener(config.listener)?;
    let metrics_task = match config.metrics {
        Some(socket) => {
            let socket = self::listener(socket)?;
            let router = metrics::router(application.metrics().clone());
            Some(tokio::spawn(async move { axum::serve(socket, router).await }))
        }
        None => None,
    };
    let exchange = tokio::spawn(run(application.clone(), identity));
    let closing = application.closing().clone();
    let service = router(application);
    let graceful = GracefulShutdown::new();
    let (permits, crowd) = (Arc::new(Semaphore::new(limits.connections)), Crowd::default());
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
        // Letting it wait would take a place from everybody else.
        let Some(place) = crowd.enter(network(peer.ip()), limits.connections_of_source) else {
            tracing::warn!("a connection was closed: its source has as many open as one may have");
            continue;
        };
        let connection = Connection { stream, peer, tls: tls.clone(), service: service.clone(), watcher: graceful.watcher() };
        tokio::spawn(async move {
            connection.run().await;
            drop((permit, place));
        });
    }
    drop(listener);
    exchange.abort();
    closing.send_replace(true);
    if tokio::time::timeout(SHUTDOWN_GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not end in time");
    }
    if let Some(task) = metrics_task {
        task.abort();
    }
    Ok(())
}

/// One connection that was accepted, and what it needs to be served.
pub(crate) struct Connection {
    pub(crate) stream: TcpStream,
    pub(crate) peer: SocketAddr,
    pub(crate) tls: Option<Arc<Tls>>,
    pub(crate) service: Router,
    pub(crate) watcher: Watcher,
}

impl Connection {
    /// Serves it until either side has had enough.
    pub(crate) async fn run(self) {
        // Small replies must not wait for more to send.
        let _ = self.stream.set_nodelay(true);
        let source = Source(self.peer.ip().to_canonical());
        match self.tls {
            Some(tls) => {
                if let Ok(Ok((stream, proved))) = tokio::time::timeout(HANDSHAKE_MAX, tls.accept(self.stream)).await {
                    converse(stream, Peer { source, proved }, self.service, self.watcher).await;
                }
            }
            None => converse(self.stream, Peer { source, proved: Proved::default() }, self.service, self.watcher).await,
        }
    }
}

/// Who sends the requests of a connection, as far as the connection tells.
#[derive(Clone, Copy)]
struct Peer {
    source: Source,
    proved: Proved,
}

/// Answers the requests on `stream` one after the other, until either side has had enough.
async fn converse<S>(stream: S, peer: Peer, service: Router, watcher: Watcher)
where
    S: Socket + AsyncRead + AsyncWrite + Unpin + 'static,
{
    let traffic = Arc::<Traffic>::default();
    let answer = service_fn(|mut request: hyper::Request<hyper::body::Incoming>| {
        let running = traffic.begin();
        request.extensions_mut().insert(peer.source);
        if let Some(key) = peer.proved.link {
            request.extensions_mut().insert(key);
        }
        if let Some(certificate) = peer.proved.certificate {
            request.extensions_mut().insert(certificate);
        }
        let answered = service.clone().oneshot(request.map(Body::new));
        async move {
            let mut response = answered.await?;
            let reader = response.extensions_mut().remove::<Reader>();
            Ok::<_, Infallible>(response.map(|body| TrackedBody::new(body, running.reply(reader))))
        }
    });
    let stream = TrackedStream::new(stream, traffic.clone());
    let connection = http1::Builder::new().timer(TokioTimer::new()).header_read_timeout(REQUEST_HEAD_MAX).serve_connection(stream, answer);
    tokio::select! {
        ended = watcher.watch(connection) => if let Err(error) = ended {
            tracing::debug!(%error, "a connection ended early");
        },
        verdict = traffic.watch() => tracing::info!(?verdict, "a connection was dropped"),
    }
}

fn listener(socket: StdListener) -> Result<TcpListener, std::io::Error> {
    socket.set_nonblocking(true)?;
    TcpListener::from_std(socket)
}
