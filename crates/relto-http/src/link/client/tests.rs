//! The calling side against servers that answer well, badly, too much, too slowly, or not at all. Time stands still, and leaps when nothing
//! else can happen.

use std::io::Write as _;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::http::StatusCode;
use axum::http::header;
use bytes::Bytes;
use expect_test::expect;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::{Connection, Event, Remote, Request, Response, Trust};
use crate::link::LinkError;
use crate::link::tests::{Server, identity, link};

/// What a server does once it has said what it had to say.
#[derive(Clone, Copy)]
enum Then {
    Closes,
    IsSilent,
    Repeats(&'static [u8]),
}

/// Bytes on their way at once, in memory. (A kernel moves them when it likes, which stands badly with time that leaps.)
const PIPE_BYTES: usize = 64 << 10;

/// A connection, and the other end of it.
async fn pair() -> (Connection, DuplexStream) {
    let (near, far) = tokio::io::duplex(PIPE_BYTES);
    let remote = Remote::new("http://node.example:8080/", Trust::None).unwrap();
    (Connection::on(near, &remote).await.unwrap(), far)
}

/// A connection to a server that reads the head of a request, sends `answer`, and goes on as `then` says. It returns the head.
async fn canned(answer: impl Into<Vec<u8>>, then: Then) -> (Connection, JoinHandle<String>) {
    let ((connection, mut stream), answer) = (pair().await, answer.into());
    let served = tokio::spawn(async move {
        let head = head(&mut stream).await;
        let _ = stream.write_all(&answer).await;
        match then {
            Then::Closes => {}
            Then::IsSilent => std::future::pending().await,
            Then::Repeats(bytes) => while stream.write_all(bytes).await.is_ok() {},
        }
        head
    });
    (connection, served)
}

async fn head(stream: &mut DuplexStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
}

const BYTES_MAX: usize = 1 << 20;

async fn ask(answer: impl Into<Vec<u8>>, then: Then) -> Result<Response, LinkError> {
    let (mut connection, _served) = canned(answer, then).await;
    connection.send(Request::get("/").unwrap().body_bytes_max(BYTES_MAX)).await
}

#[tokio::test(start_paused = true)]
async fn what_is_sent() {
    let (mut connection, served) = canned("HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\nX-A: b\r\n\r\n{}", Then::Closes).await;
    let request = Request::post("/taxii2/?a=b", "application/taxii+json;version=2.1", Bytes::from("{}")).unwrap();
    let request = request.header(header::ACCEPT, "application/taxii+json;version=2.1").unwrap().basic("a", "b").unwrap();
    let answer = connection.send(request).await.unwrap().success().unwrap();
    assert_eq!((answer.status, answer.header("x-A"), &answer.body[..]), (StatusCode::ACCEPTED, Some("b"), b"{}".as_slice()));
    expect![[r#"
        POST /taxii2/?a=b HTTP/1.1
        content-type: application/taxii+json;version=2.1
        accept: application/taxii+json;version=2.1
        authorization: Basic YTpi
        host: node.example:8080
        accept-encoding: zstd, gzip
        user-agent: relto
        content-length: 2

    "#]]
    .assert_eq(&served.await.unwrap().replace('\r', ""));
}

/// Whoever calls may do so on any runtime.
#[tokio::test(start_paused = true)]
async fn calls_can_move_between_threads() {
    fn moves<T: Send>(call: T) -> T {
        call
    }
    let (mut connection, served) = canned("HTTP/1.1 204 No Content\r\n\r\n", Then::Closes).await;
    assert_eq!(moves(connection.send(Request::get("/").unwrap())).await.unwrap().body, "");
    served.await.unwrap();
    let (connection, _served) = canned(EVENTS, Then::Closes).await;
    let mut events = moves(connection.events("/", None, STALL_MAX)).await.unwrap();
    assert_eq!(moves(events.next()).await.unwrap(), None);
    let remote = Remote::new("http://127.0.0.1:0/", Trust::None).unwrap();
    assert!(moves(Connection::open(&remote)).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn one_connection_for_several_requests() {
    let (here, there) = (identity(1), identity(2));
    let server = Server::start(Some(&there)).await;
    let mut connection = Connection::open(&server.remote(link(&here, &[&there]))).await.unwrap();
    for _ in 0..5 {
        assert_eq!(connection.send(Request::get("/who").unwrap()).await.unwrap().status, StatusCode::OK);
        assert_eq!(connection.send(Request::get("/else").unwrap()).await.unwrap().status, StatusCode::NOT_FOUND);
        assert!(connection.is_open());
    }
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
    // The server closes what is not used for thirty seconds.
    tokio::time::sleep(Duration::from_secs(40)).await;
    assert!(!connection.is_open());
    assert!(matches!(connection.send(Request::get("/who").unwrap()).await, Err(LinkError::Unreachable(_))));
}

#[tokio::test(start_paused = true)]
async fn endless_answers_are_cut() {
    for (head, more) in [
        ("HTTP/1.1 200 OK\r\n\r\n", b"0123456789".as_slice()),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"5\r\n01234\r\n"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n", b"0123456789"),
        ("HTTP/1.1 200 OK\r\n", b"a: b\r\n"),
        ("HTTP/1.1 200 OK\r\na: ", b"bbbbbbbbbb"),
        ("", b"HHHHHHHHHH"),
        // An empty block without end.
        ("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\u{8b}", b"\x00\x00\x00\xff\xff"),
    ] {
        let coded: Vec<u8> = head.chars().map(|char| char as u8).collect();
        let start = if head.contains("gzip") { [coded.as_slice(), b"\x08\0\0\0\0\0\0\xff"].concat() } else { coded };
        let answer = ask(start, Then::Repeats(more)).await;
        let is_cut = matches!(answer, Err(LinkError::TooLarge)) || (head.is_empty() && matches!(answer, Err(LinkError::Malformed(_))));
        assert!(is_cut, "{head:?}: {answer:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn silence_is_given_up() {
    for (said, seconds) in [
        ("", 60),
        ("HTTP/1.1 200 OK\r\nA: b", 60),
        ("HTTP/1.1 100 Continue\r\n\r\n", 60),
        ("HTTP/1.1 200 OK\r\n\r\n", 60),
        ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345", 60),
    ] {
        let begun = Instant::now();
        let answer = ask(said, Then::IsSilent).await;
        assert!(matches!(answer, Err(LinkError::Stalled)), "{said:?}: {answer:?}");
        assert_eq!(begun.elapsed().as_secs(), seconds, "{said:?}");
    }
    let begun = Instant::now();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let remote = Remote::new(&format!("https://{}/", listener.local_addr().unwrap()), link(&identity(1), &[&identity(2)])).unwrap();
    let opened = Connection::open(&remote).await;
    assert!(matches!(opened, Err(LinkError::Stalled)), "{opened:?}");
    assert_eq!(begun.elapsed().as_secs(), 10);
}

/// A request that takes long to send is not given up as long as it is taken.
#[tokio::test(start_paused = true)]
async fn a_large_request_may_take_long() {
    const BODY_BYTES: usize = 4 << 20;
    let (mut connection, mut stream) = pair().await;
    tokio::spawn(async move {
        head(&mut stream).await;
        for _ in 0..4 {
            tokio::time::sleep(Duration::from_secs(25)).await;
            stream.read_exact(&mut vec![0; BODY_BYTES / 4]).await.unwrap();
        }
        stream.write_all(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n").await.unwrap();
    });
    let begun = Instant::now();
    let request = Request::post("/", "application/json", vec![b' '; BODY_BYTES].into()).unwrap();
    let answer = connection.send(request).await.unwrap();
    assert_eq!((answer.status, begun.elapsed().as_secs()), (StatusCode::ACCEPTED, 100));
}

#[tokio::test(start_paused = true)]
async fn answers_that_are_none() {
    for said in ["SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "HTTP/1.1 999999 OK\r\n\r\n"] {
        let answer = ask(said, Then::IsSilent).await;
        assert!(matches!(answer, Err(LinkError::Malformed(_))), "{said:?}: {answer:?}");
    }
    let answer = ask("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno number\r\n", Then::IsSilent).await;
    assert!(matches!(answer, Err(LinkError::Malformed(_))), "{answer:?}");
    for said in ["", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345"] {
        let answer = ask(said, Then::Closes).await;
        assert!(matches!(answer, Err(LinkError::Unreachable(_))), "{said:?}: {answer:?}");
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let remote = Remote::new(&format!("http://{}/", listener.local_addr().unwrap()), Trust::None).unwrap();
    drop(listener);
    assert!(matches!(Connection::open(&remote).await, Err(LinkError::Unreachable(_))));
}

/// Even where the other side would go on.
#[tokio::test(start_paused = true)]
async fn an_error_ends_the_connection() {
    let (mut connection, _served) = canned("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345", Then::IsSilent).await;
    assert!(matches!(connection.send(Request::get("/").unwrap().body_bytes_max(4)).await, Err(LinkError::TooLarge)));
    assert!(!connection.is_open());
    assert!(matches!(connection.send(Request::get("/").unwrap()).await, Err(LinkError::Unreachable(_))));
}

#[tokio::test(start_paused = true)]
async fn redirects_are_not_followed() {
    let answer = ask("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", Then::IsSilent).await.unwrap();
    assert_eq!((answer.status, answer.header("location")), (StatusCode::FOUND, Some("http://127.0.0.1:1/")));
    assert!(matches!(answer.success(), Err(LinkError::Refused { status: 302, .. })));
}

fn coded(coding: &str, body: &[u8]) -> Vec<u8> {
    let body = match coding {
        "zstd" => zstd::stream::encode_all(body, 1).unwrap(),
        _ => {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(body).unwrap();
            encoder.finish().unwrap()
        }
    };
    let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.into_bytes(), body].concat()
}

#[tokio::test(start_paused = true)]
async fn answers_are_decoded_and_bombs_cut() {
    let zeros = vec![0; 64 << 20];
    for coding in ["gzip", "zstd"] {
        assert_eq!(ask(coded(coding, b"some text"), Then::IsSilent).await.unwrap().body, "some text");
        assert_eq!(ask(coded(coding, &zeros[..BYTES_MAX]), Then::IsSilent).await.unwrap().body.len(), BYTES_MAX);
        let bomb = ask(coded(coding, &zeros), Then::IsSilent).await;
        assert!(matches!(bomb, Err(LinkError::TooLarge)), "{coding}: {bomb:?}");
    }
}

const EVENTS: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
const STALL_MAX: Duration = Duration::from_secs(45);

#[tokio::test(start_paused = true)]
async fn events_come_as_they_are_sent() {
    let (connection, mut stream) = pair().await;
    let served = tokio::spawn(async move {
        let asked = head(&mut stream).await;
        stream.write_all(EVENTS.as_bytes()).await.unwrap();
        for part in ["event: added\nid: 7\nda", "ta: 1\n\ndata: 2\n\n", ":\n\n", ":\n\n", ":\n\n", ":\n\n", "data: 3\n\nda"] {
            stream.write_all(part.as_bytes()).await.unwrap();
            tokio::time::sleep(Duration::from_secs(15)).await;
        }
        std::future::pending::<()>().await;
        asked
    });
    let mut events = connection.events("/events?x", Some("6"), STALL_MAX).await.unwrap();
    let event = |name: &str, data: &str| Some(Event { name: name.to_owned(), data: data.to_owned(), id: "7".to_owned() });
    assert_eq!(events.next().await.unwrap(), event("added", "1"));
    // A wait that is given up loses nothing.
    assert_eq!(events.next().await.unwrap(), event("message", "2"));
    assert!(tokio::time::timeout(Duration::from_secs(1), events.next()).await.is_err());
    let begun = Instant::now();
    assert_eq!(events.next().await.unwrap(), event("message", "3"));
    assert_eq!(begun.elapsed().as_secs(), 74);
    assert!(matches!(events.next().await, Err(LinkError::Stalled)));
    assert_eq!(begun.elapsed().as_secs(), 74 + 45);
    assert_eq!(events.next().await.unwrap(), None, "nothing after an error");
    served.abort();
}

#[tokio::test(start_paused = true)]
async fn streams_that_end_overflow_or_are_none() {
    let open = async |answer: &str, then: Then| {
        let (connection, _served) = canned(answer, then).await;
        connection.events("/", None, STALL_MAX).await
    };
    let mut ended = open(&format!("{EVENTS}data: 1\n\ndata: 2"), Then::Closes).await.unwrap();
    assert_eq!(ended.next().await.unwrap().unwrap().data, "1");
    assert_eq!(ended.next().await.unwrap(), None);
    let mut endless = open(EVENTS, Then::Repeats(b"xxxxxxxx")).await.unwrap();
    assert!(matches!(endless.next().await, Err(LinkError::TooLarge)));
    let refused = open("HTTP/1.1 503 No\r\nContent-Length: 15\r\n\r\n{\"title\":\"not\"}", Then::IsSilent).await;
    assert!(matches!(refused.err(), Some(LinkError::Refused { status: 503, title }) if title == "not"));
    let refused = open("HTTP/1.1 401 No\r\nContent-Length: 999999\r\n\r\n", Then::Repeats(b"<html>")).await;
    assert!(matches!(refused.err(), Some(LinkError::Refused { status: 401, title }) if title.is_empty()));
    for no_stream in [
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
        &EVENTS.replace("\r\n\r\n", "\r\nContent-Encoding: gzip\r\n\r\n"),
    ] {
        assert!(matches!(open(no_stream, Then::IsSilent).await.err(), Some(LinkError::Malformed(_))), "{no_stream:?}");
    }
}
