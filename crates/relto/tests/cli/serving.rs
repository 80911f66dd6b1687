//! The server as its operator meets it: one a directory, commands beside it, an ordinary end, TLS with the certificate of `init`.

use std::process::{Command, Stdio};

use crate::support::{BINARY, Node, Server, bundle, indicator, indicator_id};

#[test]
fn a_second_server_is_refused_and_the_first_goes_on() {
    let node = Node::new();
    let token = node.user("amelie --nation FRA --org 'French Node'");
    let server = Server::start(&node);
    node.refused("relto serve --data $D --listen 127.0.0.1:0", 4, &["a server runs on"]);
    assert_eq!(server.objects(&token, "intel").0, 200);
    assert_eq!(server.stop(), Some(0));
    assert_eq!(Server::start(&node).stop(), Some(0));
}

#[test]
fn a_killed_server_leaves_a_directory_that_works() {
    let node = Node::new();
    Server::start(&node).kill();
    assert!(node.data().join("control.sock").exists(), "a dead server's socket is in the way");
    let token = node.user("amelie --nation FRA --org 'French Node'");
    let server = Server::start(&node);
    assert_eq!(server.objects(&token, "intel").0, 200);
}

#[test]
fn a_load_through_the_server_is_seen_at_once() {
    let node = Node::new();
    let token = node.user("amelie --nation FRA --org 'French Node'");
    let server = Server::start(&node);
    node.file("many.json", bundle(&(1..=900).map(indicator).collect::<Vec<_>>()));
    node.ok("relto load --data $D --collection intel $F/many.json");
    assert_eq!(server.objects(&token, "intel"), (200, (1..=900).map(indicator_id).collect()));
    assert_eq!(server.get(&token, "/taxii2/").0, 200);
    assert_eq!(server.get("nonsense", "/taxii2/").0, 401);
    assert_eq!(server.get("", "/healthz").0, 200);
}

#[test]
fn tls_is_on_unless_one_says_otherwise() {
    let node = Node::none();
    let init = node.ok("relto init $D --org 'French Node' --nation FRA --json").json();
    let pem = std::fs::read(node.data().join("tls/certificate.pem")).unwrap();
    assert!(pem.starts_with(b"-----BEGIN CERTIFICATE-----"));
    let doctor = node.ok("relto doctor --data $D").out;
    assert!(doctor.contains(init["certificate_sha256"].as_str().unwrap()), "the fingerprint can be read again: {doctor}");
    let mut command = Command::new(BINARY);
    command.args(["serve", "--listen", "127.0.0.1:0", "--metrics", "off", "--data"]).arg(node.data());
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(line.starts_with("listening on https://127.0.0.1:"), "{line}");
}

#[test]
fn only_the_owner_may_enter() {
    use std::os::unix::fs::PermissionsExt as _;
    let node = Node::new();
    let server = Server::start(&node);
    for (path, mode) in [("", 0o700), ("tls", 0o700), ("tls/key.pem", 0o600), ("control.sock", 0o600)] {
        assert_eq!(node.data().join(path).metadata().unwrap().permissions().mode() & 0o777, mode, "{path}");
    }
    drop(server);
}

#[test]
fn a_port_that_is_taken_is_named() {
    let (node, other) = (Node::new(), Node::new());
    let server = Server::start(&other);
    node.refused(&format!("relto serve --data $D --listen {} --insecure-http", server.address), 1, &["cannot listen on", "--listen"]);
    node.refused("relto serve --data $D --tls-cert $F/none.pem --tls-key $F/none.pem", 3, &["none.pem", "cannot be read"]);
}
