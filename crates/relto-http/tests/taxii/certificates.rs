//! Signing in with a certificate, as on a smart card: over real connections, with authorities, dates and revocations.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertificateRevocationListParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod,
    KeyPair, KeyUsagePurpose, RevokedCertParams, SerialNumber, date_time_ymd,
};
use relto_http::{ClientAuthorities, ClientCertificate, Limits, TlsFiles};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::connection::{Server, start};
use crate::harness::TestNode;

/// Whoever issues certificates.
struct Authority {
    certificate: Certificate,
    issuer: Issuer<'static, KeyPair>,
}

/// A certificate and its key.
struct Card {
    certificate: Certificate,
    key: KeyPair,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self { certificate, issuer: Issuer::new(params, key) }
    }

    fn issue(&self, serial: u64, last_year: i32) -> Card {
        self.issue_for(KeyPair::generate().unwrap(), serial, last_year)
    }

    fn issue_for(&self, key: KeyPair, serial: u64, last_year: i32) -> Card {
        let mut params = CertificateParams::default();
        params.serial_number = Some(SerialNumber::from(serial));
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        params.not_before = date_time_ymd(2000, 1, 1);
        params.not_after = date_time_ymd(last_year, 1, 1);
        Card { certificate: params.signed_by(&key, &self.issuer).unwrap(), key }
    }

    /// A list on which `serials` stand.
    fn revoke(&self, serials: &[u64]) -> Vec<u8> {
        let one = |serial: &u64| RevokedCertParams {
            serial_number: SerialNumber::from(*serial),
            revocation_time: date_time_ymd(2020, 1, 1),
            reason_code: None,
            invalidity_date: None,
        };
        let params = CertificateRevocationListParams {
            this_update: date_time_ymd(2020, 1, 1),
            next_update: date_time_ymd(2999, 1, 1),
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: serials.iter().map(one).collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        params.signed_by(&self.issuer).unwrap().pem().unwrap().into_bytes()
    }

    fn clients(&self, revoked: &[u64]) -> ClientAuthorities {
        let revoked_pem = if revoked.is_empty() { Vec::new() } else { self.revoke(revoked) };
        ClientAuthorities { certificates_pem: self.certificate.pem().into_bytes(), revoked_pem }
    }
}

impl Card {
    fn pinned(&self) -> [u8; 32] {
        let ClientCertificate(key) = ClientCertificate::of_file(self.certificate.pem().as_bytes()).unwrap();
        assert_eq!(ClientCertificate::of_file(self.certificate.der()), Some(ClientCertificate(key)), "PEM and DER are one");
        key
    }
}

/// A server that asks for certificates of `clients`, and whom to trust to reach it.
fn serve(node: &TestNode, clients: ClientAuthorities) -> (Server, rustls::RootCertStore) {
    let rcgen::CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(cert.der().clone()).unwrap();
    let (certificate_pem, key_pem) = (cert.pem().into_bytes(), signing_key.serialize_pem().into_bytes());
    (start(node, Some(TlsFiles { certificate_pem, key_pem, clients: Some(clients) }), Limits::default()), roots)
}

/// One request on a connection of its own, with `card` where there is one: the whole answer, or none when the handshake failed.
async fn ask(server: &Server, roots: &rustls::RootCertStore, card: Option<&Card>, request: &str) -> Option<String> {
    let builder = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().unwrap().with_root_certificates(roots.clone());
    let config = match card {
        Some(card) => {
            let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(card.key.serialize_der()));
            builder.with_client_auth_cert(vec![card.certificate.der().clone()], key).unwrap()
        }
        None => builder.with_no_client_auth(),
    };
    let stream = TcpStream::connect(server.address).await.unwrap();
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    let mut stream = connector.connect(ServerName::try_from("localhost").unwrap(), stream).await.ok()?;
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = Vec::new();
    // A refusal is an error here, after nothing was read; how an answer ends is not asked.
    let _ = stream.read_to_end(&mut answer).await;
    Some(String::from_utf8_lossy(&answer).into_owned()).filter(|answer| !answer.is_empty())
}

fn get(path: &str, cookie: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n")
}

fn sign_in(origin: &str) -> String {
    let body = "next=%2Fme%2F";
    format!(
        "POST /sign-in/certificate/ HTTP/1.1\r\nhost: localhost\r\norigin: {origin}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn cookie_of(answer: &str) -> Option<String> {
    answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).map(|cookie| cookie.split(';').next().unwrap().to_owned())
}

fn status(answer: Option<&str>) -> u16 {
    answer.map_or(0, |answer| answer[9..12].parse().unwrap())
}

const HERE: &str = "https://localhost";

#[test]
fn a_card_signs_in_and_its_session_needs_it() {
    let node = TestNode::new();
    let authority = Authority::new("Cards");
    let (card, other) = (authority.issue(1, 2999), authority.issue(2, 2999));
    node.node.set_certificate("anna", Some(&card.pinned())).unwrap();
    node.block_on(async {
        let (server, roots) = serve(&node, authority.clients(&[]));
        let page = ask(&server, &roots, Some(&card), &get("/sign-in/", "")).await.unwrap();
        assert!(page.contains("action=\"/sign-in/certificate/\""), "{page}");
        let page = ask(&server, &roots, None, &get("/sign-in/", "")).await.unwrap();
        assert!(!page.contains("certificate"), "nothing is offered without one: {page}");
        assert_eq!(status(ask(&server, &roots, None, &sign_in(HERE)).await.as_deref()), 403);
        let refused = ask(&server, &roots, Some(&other), &sign_in(HERE)).await.unwrap();
        assert!(refused.contains("of no account here") && cookie_of(&refused).is_none(), "{refused}");
        assert_eq!(status(ask(&server, &roots, Some(&card), &sign_in("https://evil.example")).await.as_deref()), 400, "no form of others");
        let entered = ask(&server, &roots, Some(&card), &sign_in(HERE)).await.unwrap();
        assert_eq!(status(Some(&entered)), 303, "{entered}");
        let cookie = cookie_of(&entered).unwrap();
        let me = ask(&server, &roots, Some(&card), &get("/me/", &cookie)).await.unwrap();
        assert!(me.contains("<bdi>anna</bdi>") && me.contains("<bdi>Org A</bdi>"), "{me}");
        // The cookie alone, or with somebody else's card, is nobody's.
        assert_eq!(status(ask(&server, &roots, None, &get("/me/", &cookie)).await.as_deref()), 303);
        assert_eq!(status(ask(&server, &roots, Some(&other), &get("/me/", &cookie)).await.as_deref()), 303);
        // A new certificate of the same key is the same; the account that has another is not.
        let renewed = authority.issue_for(KeyPair::from_pem(&card.key.serialize_pem()).unwrap(), 3, 2999);
        assert_eq!(status(ask(&server, &roots, Some(&renewed), &get("/me/", &cookie)).await.as_deref()), 200);
        let node = node.node.clone();
        tokio::task::spawn_blocking(move || node.set_certificate("anna", None).unwrap()).await.unwrap();
        assert_eq!(status(ask(&server, &roots, Some(&card), &get("/me/", &cookie)).await.as_deref()), 303, "the session has ended");
    });
}

#[test]
fn what_no_authority_stands_behind_is_refused_in_the_handshake() {
    let node = TestNode::new();
    let (authority, stranger) = (Authority::new("Cards"), Authority::new("Strangers"));
    let (good, revoked, late) = (authority.issue(1, 2999), authority.issue(2, 2999), authority.issue(3, 2001));
    let (foreign, own) = (stranger.issue(1, 2999), rcgen::generate_simple_self_signed(vec!["anna".to_owned()]).unwrap());
    let own = Card { certificate: own.cert, key: own.signing_key };
    for (name, card) in [("anna", &good), ("berta", &revoked), ("carl", &late), ("olga", &foreign), ("otto", &own)] {
        node.node.set_certificate(name, Some(&card.pinned())).unwrap();
    }
    node.block_on(async {
        let (server, roots) = serve(&node, authority.clients(&[2]));
        assert_eq!(status(ask(&server, &roots, Some(&good), &sign_in(HERE)).await.as_deref()), 303);
        for (name, card) in [("revoked", &revoked), ("out of date", &late), ("of another", &foreign), ("its own", &own)] {
            assert_eq!(ask(&server, &roots, Some(card), &sign_in(HERE)).await, None, "{name}");
        }
        // Without a certificate everything goes on as ever.
        assert_eq!(
            status(ask(&server, &roots, None, "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.as_deref()),
            200
        );
    });
}

#[test]
fn a_certificate_is_of_one_account_that_may_sign_in() {
    let node = TestNode::new();
    let card = Authority::new("Cards").issue(1, 2999);
    let key = card.pinned();
    node.node.set_certificate("anna", Some(&key)).unwrap();
    let taken = node.node.set_certificate("berta", Some(&key)).unwrap_err().to_string();
    assert!(taken.contains("already") && !taken.contains("anna"), "{taken}");
    let session = node.node.sign_in_certificate(&key).unwrap();
    assert_eq!((session.name(), session.certificate()), ("anna", Some(&key)));
    node.node.disable_user("anna", true).unwrap();
    assert!(node.node.role(&session).is_none() && node.node.sign_in_certificate(&key).is_none());
    assert!(node.node.sign_in_certificate(&[0; 32]).is_none());
    assert!(node.node.set_certificate("nobody", Some(&key)).is_err());
}

#[test]
fn authorities_that_are_none_are_refused() {
    let node = TestNode::new();
    for (certificates, revoked) in [(&b""[..], &b""[..]), (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", b"")] {
        node.block_on(async {
            let clients = ClientAuthorities { certificates_pem: certificates.to_vec(), revoked_pem: revoked.to_vec() };
            let (server, _) = serve(&node, clients);
            assert!(matches!(server.ended.await.unwrap(), Err(relto_http::ServeError::Authorities(_))));
        });
    }
    assert_eq!(ClientCertificate::of_file(b"nonsense"), None);
}
