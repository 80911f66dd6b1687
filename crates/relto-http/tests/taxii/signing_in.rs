//! Signing in: both schemes, slowed failures, accounts that end. Time stands still here, so that delays can be read off it.

use std::net::IpAddr;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use relto_http::Source;
use relto_http::authorization::{
    AUTHORIZATION_BYTES_MAX, FAILURE_DELAY_FIRST, FAILURE_DELAY_MAX, FAILURE_FORGOTTEN_AFTER, FAILURES_WAITING_MAX, SESSIONS_MAX, SignIn,
};
use tokio::time::Instant;

use crate::harness::{Answer, TestNode, send};

const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
const ELSEWHERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

fn basic(name: &str, token: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{name}:{token}")))
}

fn request(source: IpAddr, authorization: Option<&str>) -> Request<Body> {
    let mut request = Request::builder().uri("/taxii2/").extension(Source(source));
    if let Some(authorization) = authorization {
        request = request.header("authorization", authorization);
    }
    request.body(Body::empty()).unwrap()
}

/// The answer, and how long it took.
fn ask(node: &TestNode, source: IpAddr, authorization: Option<&str>) -> (Answer, Duration) {
    node.block_on(async {
        let begun = Instant::now();
        let answer = send(node.router(), request(source, authorization)).await;
        (answer, begun.elapsed())
    })
}

fn status(node: &TestNode, authorization: &str) -> StatusCode {
    ask(node, HERE, Some(authorization)).0.status
}

/// About `expected`: timers count in milliseconds.
fn about(took: Duration, expected: Duration) -> bool {
    took >= expected && took < expected + Duration::from_millis(20)
}

/// More ways to write one token than sessions are remembered, and more than once: each gets in, and an account still ends at once.
#[test]
fn more_headers_than_sessions() {
    let node = TestNode::out_of_time();
    let (sign_in, token) = (SignIn::default(), node.token("anna"));
    let header = |number: usize| format!("Bearer {}{token}{}", " ".repeat(number / 500), " ".repeat(number % 500)).into_bytes();
    for number in (0..=SESSIONS_MAX).chain(0..10) {
        assert!(sign_in.session(&node.node, &header(number)).is_some(), "{number}");
    }
    node.node.disable_user("anna", true).unwrap();
    assert!((0..=SESSIONS_MAX).all(|number| sign_in.session(&node.node, &header(number)).is_none()));
}

#[test]
fn bearer_and_basic() {
    let node = TestNode::out_of_time();
    let token = node.token("anna");
    for good in
        [format!("Bearer {token}"), format!("bearer {token}"), basic("anna", &token), basic("anna", &token).replace("Basic", "BASIC")]
    {
        assert_eq!(status(&node, &good), StatusCode::OK, "{good}");
    }
    let long = format!("Bearer {token}{}", " ".repeat(AUTHORIZATION_BYTES_MAX));
    for bad in
        [&basic("berta", &token), &basic("", &token), &format!("Digest {token}"), &format!("Bearer {token}x"), "Bearer", &long, &token]
    {
        assert_eq!(status(&node, bad), StatusCode::UNAUTHORIZED, "{bad}");
    }
}

/// A name that exists and one that does not: the same answer, after the same time.
#[test]
fn names_cannot_be_guessed() {
    let node = TestNode::out_of_time();
    let token = node.token("anna");
    let attempts = [
        basic("anna", "relto_wrong"),
        basic("nobody", "relto_wrong"),
        basic("berta", &token),
        "Bearer relto_wrong".to_owned(),
        "Basic !".to_owned(),
    ];
    let answers: Vec<_> = (1..).zip(&attempts).map(|(host, attempt)| ask(&node, [198, 51, 100, host].into(), Some(attempt))).collect();
    for (answer, took) in &answers {
        assert_eq!(answer, &answers[0].0);
        assert!(about(*took, FAILURE_DELAY_FIRST), "{took:?}");
    }
}

#[test]
fn failures_slow_their_source_more_and_more() {
    let node = TestNode::out_of_time();
    let wrong = basic("anna", "wrong");
    let mut expected = FAILURE_DELAY_FIRST;
    for _ in 0..10 {
        let took = ask(&node, HERE, Some(&wrong)).1;
        assert!(about(took, expected), "{took:?}, not {expected:?}");
        expected = (expected * 2).min(FAILURE_DELAY_MAX);
    }
    assert!(about(ask(&node, ELSEWHERE, Some(&wrong)).1, FAILURE_DELAY_FIRST));
    node.block_on(tokio::time::advance(FAILURE_FORGOTTEN_AFTER));
    assert!(about(ask(&node, HERE, Some(&wrong)).1, FAILURE_DELAY_FIRST));
}

/// Every address of one /64 is one source, and an IPv4 address is the same in either notation.
#[test]
fn a_source_is_a_network() {
    let node = TestNode::out_of_time();
    let took = |source: &str| ask(&node, source.parse().unwrap(), Some("Bearer wrong")).1;
    assert!(about(took("2001:db8:1:2::1"), FAILURE_DELAY_FIRST));
    assert!(about(took("2001:db8:1:2:ffff::2"), 2 * FAILURE_DELAY_FIRST));
    assert!(about(took("2001:db8:1:3::1"), FAILURE_DELAY_FIRST));
    assert!(about(took("192.0.2.9"), FAILURE_DELAY_FIRST));
    assert!(about(took("::ffff:192.0.2.9"), 2 * FAILURE_DELAY_FIRST));
}

/// A right token gets in at once, from the very source whose failures are being slowed: nobody can lock out somebody else.
#[test]
fn a_right_token_gets_in_at_once() {
    let node = TestNode::out_of_time();
    let right = format!("Bearer {}", node.token("anna"));
    for _ in 0..10 {
        ask(&node, HERE, Some(&basic("anna", "wrong")));
    }
    node.block_on(async {
        let wrong = tokio::spawn(send(node.router(), request(HERE, Some("Bearer wrong"))));
        tokio::task::yield_now().await;
        let begun = Instant::now();
        let answer = send(node.router(), request(HERE, Some(&right))).await;
        assert_eq!((answer.status, begun.elapsed(), wrong.is_finished()), (StatusCode::OK, Duration::ZERO, false));
        assert_eq!(wrong.await.unwrap().status, StatusCode::UNAUTHORIZED);
    });
}

/// No credential at all is how clients ask which scheme there is: it is answered at once, and counts for nothing.
#[test]
fn a_missing_credential_is_not_slowed() {
    let node = TestNode::out_of_time();
    for _ in 0..20 {
        let (answer, took) = ask(&node, HERE, None);
        assert_eq!((answer.status, took), (StatusCode::UNAUTHORIZED, Duration::ZERO));
    }
    assert!(about(ask(&node, HERE, Some("Bearer wrong")).1, FAILURE_DELAY_FIRST));
}

/// Whoever hangs up while waiting gives the place back: slowing cannot be used up.
#[test]
fn hanging_up_does_not_use_up_the_places() {
    let node = TestNode::out_of_time();
    node.block_on(async {
        let hung_up: Vec<_> =
            (0..FAILURES_WAITING_MAX).map(|_| tokio::spawn(send(node.router(), request(ELSEWHERE, Some("Bearer wrong"))))).collect();
        for _ in 0..FAILURES_WAITING_MAX {
            tokio::task::yield_now().await;
        }
        let begun = Instant::now();
        send(node.router(), request(HERE, Some("Bearer wrong"))).await;
        assert_eq!(begun.elapsed(), Duration::ZERO, "more than the places there are wait");
        for task in hung_up {
            task.abort();
            assert!(task.await.unwrap_err().is_cancelled());
        }
    });
    assert!(about(ask(&node, HERE, Some("Bearer wrong")).1, 2 * FAILURE_DELAY_FIRST));
}

/// Disabled, enabled again, replaced: each is in force for the next request, however often the token was good before.
#[test]
fn an_account_ends_at_once() {
    let node = TestNode::out_of_time();
    let token = node.token("anna");
    let (bearer, with_name) = (format!("Bearer {token}"), basic("anna", &token));
    let both = |node: &TestNode| [status(node, &bearer), status(node, &with_name)];
    assert_eq!(both(&node), [StatusCode::OK; 2]);
    node.node.disable_user("anna", true).unwrap();
    assert_eq!(both(&node), [StatusCode::UNAUTHORIZED; 2]);
    node.node.disable_user("anna", false).unwrap();
    assert_eq!(both(&node), [StatusCode::OK; 2]);
    let fresh = node.node.rotate_token("anna").unwrap();
    assert_eq!(both(&node), [StatusCode::UNAUTHORIZED; 2]);
    assert_eq!(status(&node, &basic("anna", &fresh)), StatusCode::OK);
}

/// A role or a clearance that is taken away is gone for the next request of the same session.
#[test]
fn attributes_change_at_once() {
    let node = TestNode::out_of_time();
    let hidden = "/taxii2/main/collections/hidden/";
    assert_eq!(node.get("anna", hidden).json()["can_write"], serde_json::json!(true));
    let change = relto_node::UserChange { role: Some("reader".to_owned()), ..relto_node::UserChange::default() };
    node.node.set_user("anna", &change).unwrap();
    assert_eq!(node.get("anna", hidden).json()["can_write"], serde_json::json!(false));
    let change = relto_node::UserChange { clearances: Some(vec![]), ..relto_node::UserChange::default() };
    node.node.set_user("anna", &change).unwrap();
    assert_eq!(node.get("anna", hidden).status, StatusCode::NOT_FOUND);
}
