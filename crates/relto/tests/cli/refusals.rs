//! What is wrong with documents, files and addresses: each is named, the rest is taken in where that is wanted, and what may pass is tried again.

use std::ffi::OsStr;
use std::net::TcpListener;
use std::os::unix::ffi::OsStrExt as _;
use std::time::{Duration, Instant};

use super::acquire::Watch;
use super::intake::STORY;
use super::support::Node;

/// Longer than a watch may go on once it is told to stop, and much shorter than an address is waited for.
const STOPPED_IN: Duration = Duration::from_secs(30);

fn folder(node: &Node, name: &str) -> std::path::PathBuf {
    let folder = node.data().with_file_name(name);
    std::fs::create_dir(&folder).unwrap();
    folder
}

#[test]
fn every_bad_file_is_named_and_the_rest_is_taken_in_where_that_is_wanted() {
    let node = Node::new();
    folder(&node, "in");
    node.file("in/a.txt", STORY);
    node.file("in/b.html", format!("<html>{}", "<div>".repeat(1_000)));
    node.file("in/c.gz", b"\x1f\x8b\x08 and no more");
    let line = "relto intake --data $D --collection intel $F/in";
    node.refused(line, 1, &["2 of 3 files cannot be read", "b.html: is a web page", "c.gz: ", "--keep-going"]);
    node.refused("relto intake --json $F/in", 1, &["b.html: is a web page", "c.gz: "]);
    let taken = node.ok(&line.replace("intake", "intake --json --keep-going")).json();
    assert!(taken["added"].as_u64().unwrap() > 3 && taken["refused"] == 2, "{taken}");
    assert!(taken["refusals"].to_string().contains("b.html") && taken["refusals"].to_string().contains("c.gz"), "{taken}");
    let shown = node.ok("relto intake --keep-going $F/in");
    assert!(shown.out.contains("a.txt") && shown.err.contains("b.html") && shown.err.contains("c.gz"), "{shown:?}");
}

#[test]
fn a_document_that_states_more_than_its_label_is_refused_or_told() {
    let node = Node::new();
    node.file("secret.txt", format!("\nNATO SECRET\n\n{STORY}"));
    node.file("plain.txt", STORY);
    let line = "relto intake --data $D --collection intel --label TLP:GREEN $F/plain.txt $F/secret.txt";
    node.refused(line, 1, &["secret.txt: line 2: `NATO SECRET`", "which the label does not cover", "--despite-markings"]);
    let rest = node.ok(&line.replace("intake", "intake --json --keep-going")).json();
    assert!(rest["added"].as_u64().unwrap() > 3 && rest["refused"] == 1, "{rest}");
    let told = node.ok(&line.replace("intake", "intake --json --despite-markings"));
    assert!(told.err.contains("secret.txt: line 2: `NATO SECRET`"), "{told:?}");
    assert!(told.json()["marked"][0].as_str().unwrap().contains("secret.txt: line 2"), "{told:?}");
    let covered = node.ok("relto intake --json --data $D --collection intel --label 'NATO SECRET' $F/secret.txt");
    assert!(covered.json()["marked"].is_null(), "{covered:?}");
}

#[test]
fn a_file_is_taken_in_whatever_its_name_is_and_forges_no_line() {
    let node = Node::new();
    let place = folder(&node, "odd");
    let names: [&[u8]; 2] = [b"caf\xe9.txt", b"a\ntaken in     forged.txt"];
    for (at, name) in names.iter().enumerate() {
        std::fs::write(place.join(OsStr::from_bytes(name)), format!("{STORY}\nThis is number {at}.\n")).unwrap();
    }
    node.run("mkfifo $F/odd/pipe");
    let shown = node.ok("relto intake $F/odd");
    assert!(shown.out.contains("caf\u{fffd}.txt") && shown.out.contains("a\\ntaken in"), "{shown:?}");
    assert!(!shown.out.lines().any(|line| line.starts_with("taken in")), "{shown:?}");
    assert!(shown.err.contains("odd/pipe: it is no file"), "{shown:?}");
    let mut watch = Watch::start(&node, &[], &[place.to_str().unwrap()]);
    let lines = [watch.next(), watch.next()];
    assert!(lines.iter().all(|line| line["added"].as_u64().unwrap_or(0) > 0), "{lines:?}");
    assert_eq!(watch.stop(), Some(0));
}

#[test]
fn what_fails_for_a_reason_that_passes_is_tried_again() {
    let node = Node::new();
    let place = folder(&node, "in");
    let (key, away) = (node.data().join("relto.json"), node.data().join("relto.json.away"));
    node.file("in/first.txt", STORY);
    let mut watch = Watch::start(&node, &[], &[place.to_str().unwrap()]);
    assert!(watch.next()["added"].as_u64().unwrap() > 3);
    std::fs::rename(&key, &away).unwrap();
    node.file("in/a.txt", format!("{STORY}\nThis is another one.\n"));
    let failed = watch.next();
    assert!(failed["error"].is_string() && failed["again"] == true, "{failed}");
    std::fs::rename(&away, &key).unwrap();
    let taken = watch.next();
    assert!(taken["added"].as_u64().unwrap() > 0, "{taken}");
    node.file("in/b.pdf", "%PDF-1.7 and more");
    let damaged = watch.next();
    assert!(damaged["error"].is_string() && damaged["again"] == false, "{damaged}");
    assert_eq!(watch.stop(), Some(0));
}

#[test]
fn a_watch_ends_when_it_is_told_to_though_something_is_being_read() {
    let node = Node::new();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/feed.xml", silent.local_addr().unwrap());
    let watch = Watch::start(&node, &["--allow-private"], &[&address]);
    let _asked = silent.accept().unwrap();
    let told = Instant::now();
    assert_eq!(watch.stop(), Some(0));
    assert!(told.elapsed() < STOPPED_IN, "{:?}", told.elapsed());
}

#[test]
fn help_says_what_is_wrong_here() {
    let node = Node::new();
    node.file("names.csv", b"name,type,aliases\nCaf\xe9,programme,\n");
    node.file("story.txt", STORY);
    node.refused("relto intake ftp://a.example/x", 2, &["begin with `ftp:` are not fetched", "https://"]);
    node.refused("relto intake file:///etc/hosts", 2, &["begin with `file:` are not fetched"]);
    node.refused("relto intake --names $F/names.csv $F/story.txt", 1, &["names.csv: not a text in UTF-8", "CSV in UTF-8"]);
    let said = node.run("relto intake https://anna:secret@a.example/x");
    assert!(said.code == Some(1) && !said.err.contains("secret") && said.err.contains("a.example/x: cannot be fetched"), "{said:?}");
    node.file("cut.gz", b"\x1f\x8b\x08 and no more");
    let said = node.run("relto intake $F/cut.gz");
    assert!(said.err.contains("unpack it") && !said.err.contains("stored"), "{said:?}");
}

#[test]
fn people_see_how_a_date_and_a_figure_are_said() {
    let node = Node::new();
    node.file("plan.txt", "Germany will sign the treaty on 3 May 2031. France did not pay 5 million euros.\n");
    let shown = node.ok("relto intake $F/plan.txt").out;
    let row = |of: &str| shown.lines().find(|line| line.contains(of)).unwrap_or_default().to_owned();
    assert!(row("2031-05-03").contains("planned"), "{shown}");
    assert!(row("5000000").contains("denied"), "{shown}");
}
