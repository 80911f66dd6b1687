//! Both sides of the handshake over real sockets: who gets through, as whom, and who does not.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::Request as Received;
use axum::routing::any;
use hyper_util::server::graceful::GracefulShutdown;
use rustls::client::ResolvesClientCert;
use rustls::crypto::ring;
use rustls::pki_types::{PrivateKeyDer, ServerName};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ClientConfig, SignatureScheme};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;
use tokio_rustls::client::TlsStream;
use tokio_rustls::{TlsAcceptor, TlsConnector};

use super::client::{Connection, Remote, Request, Trust};
use super::{LINK_PROTOCOL, LinkError, LinkIdentity, LinkKey, OneOf};
use crate::serve::{self, TlsFiles};
use crate::tls::Tls;

pub(crate) fn identity(seed: u8) -> LinkIdentity {
    LinkIdentity::from_seed(&[seed; 32]).unwrap()
}

/// A server with an ordinary certificate for its address.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) certificate: Vec<u8>,
    pub(crate) connections: Arc<AtomicUsize>,
}

impl Server {
    /// One that takes links as `link`, if it takes any, and says to every request whose it is.
    pub(crate) async fn start(link: Option<&LinkIdentity>) -> Self {
        let rcgen::CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
        let files = TlsFiles { certificate_pem: cert.pem().into_bytes(), key_pem: signing_key.serialize_pem().into_bytes(), clients: None };
        let tls = Arc::new(Tls::new(&files, link).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, connections) = (listener.local_addr().unwrap(), Arc::<AtomicUsize>::default());
        let counted = connections.clone();
        tokio::spawn(async move {
            let (graceful, service) = (GracefulShutdown::new(), Router::new().route("/who", any(who)));
            while let Ok((stream, peer)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                let (tls, service, watcher) = (Some(tls.clone()), service.clone(), graceful.watcher());
                tokio::spawn(serve::Connection { stream, peer, tls, service, watcher }.run());
            }
        });
        Self { address, certificate: files.certificate_pem, connections }
    }

    pub(crate) fn remote(&self, trust: Trust) -> Remote {
        Remote::new(&format!("https://{}/", self.address), trust).unwrap()
    }

    /// As whom it answers somebody who connects with `trust`.
    async fn who(&self, trust: Trust) -> Result<String, LinkError> {
        let mut connection = Connection::open(&self.remote(trust)).await?;
        let answer = connection.send(Request::get("/who")?).await?.success()?;
        Ok(String::from_utf8(answer.body.to_vec()).unwrap())
    }
}

async fn who(request: Received<Body>) -> String {
    format!("{:?}", request.extensions().get::<LinkKey>())
}

pub(crate) fn link(own: &LinkIdentity, keys: &[&LinkIdentity]) -> Trust {
    Trust::Link { identity: Arc::new(own.clone()), keys: keys.iter().map(|identity| identity.public_key()).collect() }
}

/// A client that is not ours: it believes `server`, offers `protocols`, and shows `certificate`.
fn foreign(server: &LinkIdentity, protocols: &[&[u8]], certificate: Option<Arc<dyn ResolvesClientCert>>) -> ClientConfig {
    let provider = Arc::new(ring::default_provider());
    let verifier = OneOf { keys: vec![server.public_key()], algorithms: provider.signature_verification_algorithms };
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
    let mut config = match certificate {
        Some(certificate) => builder.with_client_cert_resolver(certificate),
        None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    config
}

async fn connect(config: ClientConfig, address: SocketAddr) -> std::io::Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(address).await.unwrap();
    TlsConnector::from(Arc::new(config)).connect(ServerName::try_from("127.0.0.1").unwrap(), stream).await
}

/// As whom the server answers on `stream`.
async fn asked(mut stream: TlsStream<TcpStream>) -> std::io::Result<String> {
    stream.write_all(b"GET /who HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer.rsplit("\r\n").next().unwrap().to_owned())
}

fn shown(key: &LinkIdentity) -> String {
    format!("{:?}", Some(LinkKey(key.public_key())))
}

fn ed25519(certificate_of: &LinkIdentity, key_of: &LinkIdentity) -> CertifiedKey {
    CertifiedKey::new(certificate_of.certified().cert.clone(), key_of.certified().key.clone())
}

#[tokio::test]
async fn both_sides_prove_their_keys() {
    let (here, there, other) = (identity(1), identity(2), identity(3));
    let server = Server::start(Some(&there)).await;
    assert_eq!(server.who(link(&here, &[&there])).await.unwrap(), shown(&here));
    assert_eq!(server.who(link(&other, &[&here, &there])).await.unwrap(), shown(&other), "whichever of the partner's keys");
    assert_eq!(server.who(link(&there, &[&there])).await.unwrap(), shown(&there), "a node can link to itself");
}

#[tokio::test]
async fn another_key_is_not_the_partner() {
    let (here, there, other) = (identity(1), identity(2), identity(3));
    let server = Server::start(Some(&there)).await;
    for keys in [&[][..], &[&other], &[&here, &other]] {
        assert!(matches!(server.who(link(&here, keys)).await, Err(LinkError::NotThePartner)), "{keys:?}");
    }
}

/// The partner's certificate is for anybody to show; it takes the key to sign with it.
#[tokio::test]
async fn a_certificate_is_not_its_key() {
    let (here, there, thief) = (identity(1), identity(2), identity(3));
    let stolen = Arc::new(SingleCertAndKey::from(ed25519(&there, &thief)));
    let builder = rustls::ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let mut config = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth().with_cert_resolver(stolen);
    config.alpn_protocols = vec![LINK_PROTOCOL.to_vec()];
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let remote = Remote::new(&format!("https://{}/", listener.local_addr().unwrap()), link(&here, &[&there])).unwrap();
    tokio::spawn(async move { TlsAcceptor::from(Arc::new(config)).accept(listener.accept().await.unwrap().0).await });
    assert!(matches!(Connection::open(&remote).await, Err(LinkError::Handshake(_))));

    let server = Server::start(Some(&there)).await;
    let stolen = Arc::new(SingleCertAndKey::from(ed25519(&here, &thief)));
    refused(foreign(&there, &[LINK_PROTOCOL], Some(stolen)), &server).await;
}

/// Without writing anything, so that the refusal cannot get lost behind a reset.
async fn refused(config: ClientConfig, server: &Server) {
    let error = match connect(config, server.address).await {
        Ok(mut stream) => stream.read_u8().await.unwrap_err(),
        Err(error) => error,
    };
    let error = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    assert!(matches!(error, Some(rustls::Error::AlertReceived(_))), "{error:?}");
}

#[tokio::test]
async fn clients_that_prove_no_key_are_refused() {
    let there = identity(2);
    let server = Server::start(Some(&there)).await;
    refused(foreign(&there, &[LINK_PROTOCOL], None), &server).await;
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::default().self_signed(&key).unwrap().der().clone();
    let ecdsa = CertifiedKey::from_der(vec![certificate.clone()], PrivateKeyDer::from(key), &ring::default_provider()).unwrap();
    refused(foreign(&there, &[LINK_PROTOCOL], Some(Arc::new(SingleCertAndKey::from(ecdsa)))), &server).await;
    let signed_by_other = CertifiedKey::new(vec![certificate], identity(1).certified().key.clone());
    refused(foreign(&there, &[LINK_PROTOCOL], Some(Arc::new(SingleCertAndKey::from(signed_by_other)))), &server).await;
    let mut chain = identity(1).certified().cert.clone();
    chain.extend(there.certified().cert.clone());
    let chain = CertifiedKey::new(chain, identity(1).certified().key.clone());
    refused(foreign(&there, &[LINK_PROTOCOL], Some(Arc::new(SingleCertAndKey::from(chain)))), &server).await;
    let mut older = foreign(&there, &[LINK_PROTOCOL], Some(Arc::new(SingleCertAndKey::from(identity(1).certified()))));
    assert_eq!(asked(connect(older.clone(), server.address).await.unwrap()).await.unwrap(), shown(&identity(1)), "nothing else is amiss");
    older = with_version(older, &there);
    refused(older, &server).await;
}

/// Whoever asks for a link and then says no more is given up as soon as any other.
#[tokio::test(start_paused = true)]
async fn a_handshake_that_stops_is_given_up() {
    let there = identity(2);
    let server = Server::start(Some(&there)).await;
    let config = foreign(&there, &[LINK_PROTOCOL], None);
    let mut client = rustls::ClientConnection::new(Arc::new(config), ServerName::try_from("127.0.0.1").unwrap()).unwrap();
    let mut hello = Vec::new();
    client.write_tls(&mut hello).unwrap();
    for sent in [&hello[..], &hello[..20]] {
        let begun = Instant::now();
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(sent).await.unwrap();
        let _ = stream.read_to_end(&mut Vec::new()).await;
        assert_eq!(begun.elapsed().as_secs(), 10);
    }
}

/// The same, with TLS 1.2 alone.
fn with_version(config: ClientConfig, server: &LinkIdentity) -> ClientConfig {
    let provider = Arc::new(ring::default_provider());
    let verifier = OneOf { keys: vec![server.public_key()], algorithms: provider.signature_verification_algorithms };
    let builder = ClientConfig::builder_with_provider(provider).with_protocol_versions(&[&rustls::version::TLS12]).unwrap();
    let mut older = builder
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_client_cert_resolver(config.client_auth_cert_resolver);
    older.alpn_protocols = config.alpn_protocols;
    older
}

/// Has a certificate, and counts how often it is asked for one.
#[derive(Debug)]
struct Asked(Arc<AtomicUsize>);

impl ResolvesClientCert for Asked {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Some(identity(1).certified())
    }

    fn has_certs(&self) -> bool {
        true
    }
}

#[tokio::test]
async fn ordinary_clients_are_asked_for_nothing() {
    for own in [None, Some(identity(2))] {
        let server = Server::start(own.as_ref()).await;
        assert_eq!(server.who(Trust::Certificate(server.certificate.clone())).await.unwrap(), "None");
        for protocols in [&[][..], &[b"http/1.1".as_slice()], &[b"h2", b"http/1.1"]] {
            let count = Arc::<AtomicUsize>::default();
            let config = ordinary(&server, protocols, Arc::new(Asked(count.clone())));
            assert_eq!(asked(connect(config, server.address).await.unwrap()).await.unwrap(), "None");
            assert_eq!(count.load(Ordering::SeqCst), 0);
        }
    }
}

fn ordinary(server: &Server, protocols: &[&[u8]], certificate: Arc<dyn ResolvesClientCert>) -> ClientConfig {
    use rustls::pki_types::pem::PemObject as _;
    let mut roots = rustls::RootCertStore::empty();
    roots.add(rustls::pki_types::CertificateDer::from_pem_slice(&server.certificate).unwrap()).unwrap();
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider())).with_safe_default_protocol_versions().unwrap();
    let mut config = builder.with_root_certificates(roots).with_client_cert_resolver(certificate);
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    config
}

#[tokio::test]
async fn a_server_without_a_key_takes_no_links() {
    let (here, there) = (identity(1), identity(2));
    let server = Server::start(None).await;
    let refused = server.who(link(&here, &[&there])).await;
    assert!(matches!(&refused, Err(LinkError::Handshake(why)) if why.contains("NoApplicationProtocol")), "{refused:?}");
    let config = ordinary(&server, &[LINK_PROTOCOL, b"http/1.1"], Arc::new(Asked(Arc::default())));
    let stream = connect(config, server.address).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"http/1.1".as_slice()));
    assert_eq!(asked(stream).await.unwrap(), "None");
}

#[tokio::test]
async fn an_offer_of_a_link_among_others_is_taken() {
    let there = identity(2);
    let server = Server::start(Some(&there)).await;
    let own = Arc::new(SingleCertAndKey::from(identity(1).certified()));
    let stream = connect(foreign(&there, &[b"http/1.1", LINK_PROTOCOL], Some(own)), server.address).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(LINK_PROTOCOL));
    assert_eq!(asked(stream).await.unwrap(), shown(&identity(1)));
}

#[tokio::test]
async fn foreign_servers_are_believed_by_certificate_name_and_date() {
    let server = Server::start(Some(&identity(2))).await;
    let other = Server::start(None).await;
    let refused = server.who(Trust::Certificate(other.certificate.clone())).await;
    assert!(matches!(&refused, Err(LinkError::Handshake(why)) if why.contains("invalid peer certificate")), "{refused:?}");
    let both = [other.certificate, server.certificate.clone()].concat();
    assert_eq!(server.who(Trust::Certificate(both)).await.unwrap(), "None");
    let elsewhere = Remote::new(&format!("https://127.0.0.2:{}/", server.address.port()), Trust::Certificate(server.certificate)).unwrap();
    let listener = TcpListener::bind(("127.0.0.2", server.address.port())).await.unwrap();
    let relayed = tokio::spawn(async move {
        let (mut near, _) = listener.accept().await.unwrap();
        let mut far = TcpStream::connect(server.address).await.unwrap();
        let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
    });
    let refused = Connection::open(&elsewhere).await;
    assert!(matches!(&refused, Err(LinkError::Handshake(why)) if why.contains("127.0.0.1")), "{refused:?}");
    relayed.await.unwrap();
}
