//! What only a real connection shows: keep-alive, slow and silent clients, TLS, shutdown, limits, the other listeners.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use relto_http::link::client::{Connection, Remote, Request, Trust};
use relto_http::link::{LinkError, LinkIdentity};
use relto_http::{Limits, ServeConfig, ServeError, TlsFiles, serve_within};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::changes::{large_page, withdraw};
use crate::harness::{HookedStore, OBJECTS, TestNode, envelope, identity};

/// A listening node.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    metrics: SocketAddr,
    shutdown: oneshot::Sender<()>,
    pub(crate) ended: JoinHandle<Result<(), ServeError>>,
}

/// Serves `node`; call it on the node's runtime.
pub(crate) fn start(node: &TestNode, tls: Option<TlsFiles>, limits: Limits) -> Server {
    start_with(node, tls, None, limits)
}

fn start_with(node: &TestNode, tls: Option<TlsFiles>, link: Option<LinkIdentity>, limits: Limits) -> Server {
    let listen = || TcpListener::bind("127.0.0.1:0").unwrap();
    let (listener, metrics) = (listen(), listen());
    let addresses = (listener.local_addr().unwrap(), metrics.local_addr().unwrap());
    let (shutdown, until) = oneshot::channel::<()>();
    let config = ServeConfig { listener, tls, link, metrics: Some(metrics) };
    let served = serve_within(limits, node.application.clone(), config, async move {
        let _ = until.await;
    });
    Server { address: addresses.0, metrics: addresses.1, shutdown, ended: tokio::spawn(served) }
}

fn serve(node: &TestNode) -> Server {
    start(node, None, Limits::default())
}

fn head(node: &TestNode, method: &str, path: &str, more: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n{more}\r\n", node.token("anna"))
}

/// Reads one response with a content length: its status and body.
async fn response(stream: &mut (impl AsyncRead + Unpin)) -> (u16, String) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap().to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    (head[9..12].parse().unwrap(), String::from_utf8(body).unwrap())
}

/// Reads until the other side is done. Returns how much came, and whether it ended in order.
async fn drain(stream: &mut (impl AsyncRead + Unpin)) -> (usize, bool) {
    let (mut buffer, mut total) = (vec![0; 1 << 16], 0);
    loop {
        match stream.read(&mut buffer).await {
            Ok(0) => return (total, true),
            Ok(read) => total += read,
            Err(_) => return (total, false),
        }
    }
}

async fn ask(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), request: &str) -> (u16, String) {
    stream.write_all(request.as_bytes()).await.unwrap();
    response(stream).await
}

#[test]
fn several_requests_on_one_connection() {
    let node = TestNode::out_of_time();
    node.block_on(async {
        let server = serve(&node);
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        assert_eq!(ask(&mut stream, &head(&node, "GET", "/taxii2/", "")).await.0, 200);
        let objects = envelope(&[identity(1, 1)]);
        let more = format!("content-type: application/taxii+json;version=2.1\r\ncontent-length: {}\r\n", objects.len());
        assert_eq!(ask(&mut stream, &(head(&node, "POST", OBJECTS, &more) + &objects)).await.0, 202);
        let (status, body) = ask(&mut stream, &head(&node, "GET", OBJECTS, "")).await;
        assert_eq!((status, body), (200, objects));
        assert_eq!(ask(&mut stream, "GET /taxii2/ HTTP/1.1\r\nhost: x\r\n\r\n").await.0, 401);
        assert_eq!(ask(&mut stream, "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await, (200, "ok\n".to_owned()));
    });
}

/// Silent from the start, in the middle of a head, or after a reply: the connection is closed after the same time.
#[test]
fn a_head_that_does_not_come_ends_the_connection() {
    let node = TestNode::out_of_time();
    let whole = head(&node, "GET", "/taxii2/", "");
    for sent in ["", "P", "GET /taxii2/ HTTP/1.1\r\nhost: x\r\n", &whole] {
        node.block_on(async {
            let server = serve(&node);
            let mut stream = TcpStream::connect(server.address).await.unwrap();
            let begun = Instant::now();
            stream.write_all(sent.as_bytes()).await.unwrap();
            drain(&mut stream).await;
            let took = begun.elapsed();
            assert!(took >= Duration::from_secs(29) && took < Duration::from_secs(31), "{sent:?}: {took:?}");
        });
    }
}

/// A body may take long, as long as it keeps coming.
#[test]
fn a_body_that_stops_coming_is_given_up() {
    let node = TestNode::out_of_time();
    node.block_on(async {
        let server = serve(&node);
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let more = "content-type: application/taxii+json;version=2.1\r\ncontent-length: 100\r\n";
        stream.write_all(head(&node, "POST", OBJECTS, more).as_bytes()).await.unwrap();
        for _ in 0..5 {
            stream.write_all(b"{").await.unwrap();
            tokio::time::sleep(Duration::from_secs(50)).await;
        }
        let (status, body) = response(&mut stream).await;
        assert_eq!(status, 408, "{body}");
    });
}

fn certificate() -> (TlsFiles, rustls::ClientConfig) {
    let rcgen::CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let files = TlsFiles { certificate_pem: cert.pem().into_bytes(), key_pem: signing_key.serialize_pem().into_bytes(), clients: None };
    let mut roots = rustls::RootCertStore::empty();
    roots.add(cert.der().clone()).unwrap();
    let builder = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    (files, builder.with_safe_default_protocol_versions().unwrap().with_root_certificates(roots).with_no_client_auth())
}

#[test]
fn tls() {
    let node = TestNode::out_of_time();
    let (files, client) = certificate();
    node.block_on(async {
        let server = start(&node, Some(files), Limits::default());
        let stream = TcpStream::connect(server.address).await.unwrap();
        let connector = tokio_rustls::TlsConnector::from(Arc::new(client));
        let mut stream = connector.connect(ServerName::try_from("localhost").unwrap(), stream).await.unwrap();
        assert_eq!(ask(&mut stream, &head(&node, "GET", "/taxii2/", "")).await.0, 200);
        assert_eq!(ask(&mut stream, &head(&node, "GET", OBJECTS, "")).await.0, 200);
        // Plain HTTP on the same port is no handshake, and a handshake that does not come is given up.
        let mut plain = TcpStream::connect(server.address).await.unwrap();
        plain.write_all(head(&node, "GET", "/taxii2/", "").as_bytes()).await.unwrap();
        drain(&mut plain).await;
        let begun = Instant::now();
        drain(&mut TcpStream::connect(server.address).await.unwrap()).await;
        assert_eq!(begun.elapsed().as_secs(), 10);
    });
}

/// A link and ordinary clients share the port. A link's key alone opens nothing.
#[test]
fn links() {
    let node = TestNode::out_of_time();
    let (files, client) = certificate();
    let (here, there) = (LinkIdentity::from_seed(&[1; 32]).unwrap(), LinkIdentity::from_seed(&[2; 32]).unwrap());
    node.block_on(async {
        let trust = Trust::Link { identity: Arc::new(here), keys: vec![there.public_key()] };
        let server = start_with(&node, Some(files), Some(there), Limits::default());
        let remote = Remote::new(&format!("https://{}/", server.address), trust).unwrap();
        let mut connection = Connection::open(&remote).await.unwrap();
        assert_eq!(connection.send(Request::get("/healthz").unwrap()).await.unwrap().body, "ok\n");
        let refused = connection.send(Request::get("/taxii2/").unwrap()).await.unwrap().success();
        assert!(matches!(&refused, Err(LinkError::Refused { status: 401, title }) if !title.is_empty()), "{refused:?}");
        let stream = TcpStream::connect(server.address).await.unwrap();
        let connector = tokio_rustls::TlsConnector::from(Arc::new(client));
        let mut stream = connector.connect(ServerName::try_from("localhost").unwrap(), stream).await.unwrap();
        assert_eq!(ask(&mut stream, &head(&node, "GET", "/taxii2/", "")).await.0, 200);
    });
}

#[test]
fn a_certificate_that_is_none_is_refused() {
    let node = TestNode::out_of_time();
    node.block_on(async {
        let files = TlsFiles { certificate_pem: b"nonsense".to_vec(), key_pem: b"nonsense".to_vec(), clients: None };
        assert!(matches!(start(&node, Some(files), Limits::default()).ended.await.unwrap(), Err(ServeError::Certificate(_))));
    });
}

/// A reader who stops reading has its connection dropped when the facts behind the reply change, with whatever waits in buffers.
#[test]
fn a_slow_reader_is_cut() {
    for coding in ["identity", "gzip"] {
        let node = large_page(110);
        let whole = node.get("anna", OBJECTS).body.len();
        node.block_on(async {
            let server = serve(&node);
            let socket = TcpSocket::new_v4().unwrap();
            socket.set_recv_buffer_size(4096).unwrap();
            let mut stream = socket.connect(server.address).await.unwrap();
            let request = head(&node, "GET", OBJECTS, &format!("accept-encoding: {coding}\r\n"));
            stream.write_all(request.replace(&node.token("anna"), &node.token("berta")).as_bytes()).await.unwrap();
            stream.read_exact(&mut [0; 1000]).await.unwrap();
            let changing = node.node.clone();
            tokio::task::spawn_blocking(move || withdraw(&changing)).await.unwrap();
            // Time passes for the connection to be looked at.
            tokio::time::sleep(Duration::from_secs(1)).await;
            let (read, in_order) = drain(&mut stream).await;
            assert!(!in_order, "{coding}: the connection ended in order");
            assert!(read < whole / 4, "{coding}: {read} of {whole} bytes came after the cut");
        });
    }
}

/// A reader who stops reading for good does not hold its connection for ever.
#[test]
fn a_reader_who_has_stopped_is_dropped() {
    let node = large_page(110);
    node.block_on(async {
        let server = serve(&node);
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4096).unwrap();
        let mut stream = socket.connect(server.address).await.unwrap();
        stream.write_all(head(&node, "GET", OBJECTS, "").as_bytes()).await.unwrap();
        stream.read_exact(&mut [0; 1000]).await.unwrap();
        tokio::time::sleep(Duration::from_secs(600)).await;
        assert!(!drain(&mut stream).await.1, "the reply was still running");
    });
}

/// What has begun is answered in full, and nothing new is taken.
#[test]
fn shutdown_finishes_what_has_begun() {
    let store = Arc::<HookedStore>::default();
    let node = TestNode::on(store.clone());
    let (begun, has_begun) = oneshot::channel();
    let (go_on, may_go_on) = std::sync::mpsc::channel::<()>();
    node.block_on(async {
        let Server { address, shutdown, ended, .. } = serve(&node);
        let mut idle = TcpStream::connect(address).await.unwrap();
        assert_eq!(ask(&mut idle, &head(&node, "GET", "/taxii2/", "")).await.0, 200);
        let mut begun = Some(begun);
        store.on_read(move || {
            if let Some(begun) = begun.take() {
                begun.send(()).unwrap();
                may_go_on.recv().unwrap();
            }
            Ok(())
        });
        let mut stream = TcpStream::connect(address).await.unwrap();
        let objects = envelope(&[identity(1, 1)]);
        let more = format!("content-type: application/taxii+json;version=2.1\r\ncontent-length: {}\r\n", objects.len());
        stream.write_all((head(&node, "POST", OBJECTS, &more) + &objects).as_bytes()).await.unwrap();
        has_begun.await.unwrap();
        shutdown.send(()).unwrap();
        assert_eq!(drain(&mut idle).await, (0, true));
        assert!(TcpStream::connect(address).await.is_err(), "a new connection was taken");
        assert!(!ended.is_finished());
        go_on.send(()).unwrap();
        assert_eq!(response(&mut stream).await.0, 202);
        assert_eq!(drain(&mut stream).await, (0, true));
        ended.await.unwrap().unwrap();
    });
    store.unhook();
    assert_eq!(node.get("anna", OBJECTS).ids().len(), 1);
}

/// Beyond the limit, connections wait for their turn; none is refused.
#[test]
fn connections_beyond_the_limit_wait() {
    let node = TestNode::out_of_time();
    node.block_on(async {
        let server = start(&node, None, Limits { connections: 2, ..Limits::default() });
        let mut first = TcpStream::connect(server.address).await.unwrap();
        let mut second = TcpStream::connect(server.address).await.unwrap();
        let request = head(&node, "GET", "/taxii2/", "");
        assert_eq!((ask(&mut first, &request).await.0, ask(&mut second, &request).await.0), (200, 200));
        let mut third = TcpStream::connect(server.address).await.unwrap();
        third.write_all(request.as_bytes()).await.unwrap();
        assert!(tokio::time::timeout(Duration::from_secs(5), third.readable()).await.is_err(), "the third was answered");
        drop(first);
        assert_eq!(response(&mut third).await.0, 200);
    });
}

/// A source with as many connections as one may have gets no more until one of its own ends; others do not notice.
#[test]
fn one_source_does_not_take_every_connection() {
    let node = TestNode::out_of_time();
    node.block_on(async {
        let server = start(&node, None, Limits { connections: 10, connections_of_source: 2 });
        let request = head(&node, "GET", "/taxii2/", "");
        let mut first = TcpStream::connect(server.address).await.unwrap();
        let mut second = TcpStream::connect(server.address).await.unwrap();
        assert_eq!((ask(&mut first, &request).await.0, ask(&mut second, &request).await.0), (200, 200));
        for _ in 0..20 {
            assert_eq!(drain(&mut TcpStream::connect(server.address).await.unwrap()).await.0, 0, "a third was answered");
        }
        let elsewhere = TcpSocket::new_v4().unwrap();
        elsewhere.bind("127.0.0.2:0".parse().unwrap()).unwrap();
        assert_eq!(ask(&mut elsewhere.connect(server.address).await.unwrap(), &request).await.0, 200);
        drop(first);
        // The end of a connection is noticed a little later than it happens.
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(ask(&mut TcpStream::connect(server.address).await.unwrap(), &request).await.0, 200);
        assert_eq!(ask(&mut second, &request).await.0, 200);
    });
}

/// Metrics are on their own listener, and name endpoints, never what was asked for; the main one has none.
#[test]
fn metrics_are_apart() {
    let node = TestNode::out_of_time();
    node.block_on(async {
        let server = serve(&node);
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        ask(&mut stream, &head(&node, "GET", &format!("{OBJECTS}identity--5ec4e700-0000-4000-8000-000000000000/"), "")).await;
        assert_eq!(ask(&mut stream, &head(&node, "GET", "/metrics", "")).await.0, 404);
        let mut metrics = TcpStream::connect(server.metrics).await.unwrap();
        let (status, text) = ask(&mut metrics, "GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n").await;
        assert_eq!(status, 200);
        assert!(text.contains("relto_requests_total{endpoint=\"object\",status=\"404\"} 1"), "{text}");
        assert!(!text.contains("5ec4e7") && !text.contains("anna"), "{text}");
    });
}

/// Only ok or not, to anybody; not ok when the store fails, and TAXII says 503 then.
#[test]
fn health() {
    let store = Arc::<HookedStore>::default();
    let node = TestNode::on(store.clone());
    let ask = || {
        let request = axum::http::Request::builder().uri("/healthz").body(axum::body::Body::empty()).unwrap();
        let answer = node.send(request);
        (answer.status, String::from_utf8(answer.body.to_vec()).unwrap())
    };
    assert_eq!(ask(), (StatusCode::OK, "ok\n".to_owned()));
    let fails = || relto_store::BackendError::Failed { doing: "reading", source: "disk SECRET gone".into() };
    store.on_read(move || Err(fails()));
    assert_eq!(ask(), (StatusCode::SERVICE_UNAVAILABLE, "not ok\n".to_owned()));
    let answer = node.get("anna", OBJECTS);
    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, Some("1")));
    assert!(!answer.shown().contains("SECRET") && !answer.shown().contains("disk"), "{}", answer.shown());
    store.unhook();
    assert_eq!(ask(), (StatusCode::OK, "ok\n".to_owned()));
}
