//! What comes in beside files: events of MISP, mail, folders that are watched, addresses that are asked.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::{Value as Json, json};

use super::intake::{FEED, STORY, spans_of_mentions};
use super::support::{BINARY, Node};

const EVENT: &str = "5b1e4f0a-1111-4000-8000-000000000001";

fn attribute(number: u32, kind: &str, value: &str, distribution: &str) -> Json {
    json!({ "uuid": format!("5b1e4f0a-2222-4000-8000-{number:012}"), "type": kind, "category": "Network activity", "value": value,
        "to_ids": true, "timestamp": "1684300000", "distribution": distribution })
}

fn event(distribution: &str, attributes: &[Json]) -> Json {
    json!({ "Event": { "uuid": EVENT, "info": "A campaign", "date": "2023-05-17", "timestamp": "1684400000", "published": true,
        "distribution": distribution, "Orgc": { "uuid": "5b1e4f0a-3333-4000-8000-000000000001", "name": "CERT" },
        "Tag": [{ "name": "tlp:green" }], "Attribute": attributes } })
}

#[test]
fn an_event_of_misp_goes_to_whom_misp_lets_have_it() {
    let node = Node::new();
    node.user("anna --nation FRA --org 'French Node'");
    node.user("nina --nation JPN --org 'Org N'");
    let attributes =
        [attribute(1, "domain", "open.example", "5"), attribute(2, "domain", "closed.example", "0"), attribute(3, "md5", "no hash", "5")];
    node.file("event.json", event("3", &attributes).to_string());
    let read = node.ok("relto intake --json $F/event.json").json();
    node.file("bundle.json", read["bundle"].to_string());
    node.ok("relto validate $F/bundle.json");
    assert_eq!(read["untold"][0]["pointer"], "/Event/Attribute/2");
    let said = node.ok("relto intake $F/event.json").out;
    assert!(said.contains("A campaign") && said.contains("indicator") && said.contains("not taken"), "{said}");
    let line = "relto intake --json --data $D --collection intel $F/event.json";
    let taken = node.ok(line);
    assert!(taken.json()["added"].as_u64().unwrap() > 5 && taken.err.contains("/Event/Attribute/2"), "{taken:?}");
    assert_eq!(node.ok(line).json()["added"], 0, "the same bytes are the same objects");
    let (anna, nina) = (node.ids("anna"), node.ids("nina"));
    let (open, closed) = ("indicator--5b1e4f0a-2222-4000-8000-000000000001", "indicator--5b1e4f0a-2222-4000-8000-000000000002");
    assert!(anna.contains(open) && anna.contains(closed), "{anna:?}");
    assert!(nina.contains(open) && nina.contains(&format!("report--{EVENT}")), "{nina:?}");
    assert!(!nina.contains(closed));
    assert!(!node.ok("relto export --data $D --as nina").out.contains("000000000002"), "nobody is told of what is for others");
}

#[test]
fn a_distribution_that_cannot_be_mapped_withholds() {
    for distribution in ["0", "1", "2", "4", "9"] {
        let node = Node::new();
        node.user("anna --nation FRA --org 'French Node'");
        node.user("nina --nation JPN --org 'Org N'");
        node.file("event.json", event(distribution, &[attribute(1, "domain", "a.example", "5")]).to_string());
        node.ok("relto intake --data $D --collection intel $F/event.json");
        assert!(node.ids("anna").contains(&format!("report--{EVENT}")), "{distribution}");
        assert_eq!(node.ids("nina"), BTreeSet::new(), "{distribution}");
    }
}

#[test]
fn the_folder_of_a_feed_of_misp_is_its_events() {
    let node = Node::new();
    std::fs::create_dir(node.data().with_file_name("feed")).unwrap();
    node.file(&format!("feed/{EVENT}.json"), event("3", &[attribute(1, "domain", "a.example", "5")]).to_string());
    node.file("feed/hashes.csv", "d41d8cd98f00b204e9800998ecf8427e,x\n");
    let absent = "5b1e4f0a-1111-4000-8000-000000000002";
    node.file("feed/manifest.json", json!({ EVENT: { "info": "A campaign" }, absent: { "info": "Another" } }).to_string());
    let taken = node.ok("relto intake --json --data $D --collection intel $F/feed");
    assert!(taken.json()["added"].as_u64().unwrap() > 3 && taken.err.contains(absent), "{taken:?}");
    node.refused("relto intake $F/feed/manifest.json", 1, &["lists the events of a feed", "name the folder"]);
    node.file("cut.json", &event("3", &[]).to_string()[..40]);
    node.refused("relto intake --data $D --collection intel $F/cut.json", 1, &["cut.json", "no sound JSON"]);
    node.file("bare.json", r#"{"Event":{"info":"x"}}"#);
    node.refused("relto intake --data $D --collection intel $F/bare.json", 1, &["bare.json: /Event"]);
}

const LETTER: &str = "From: =?utf-8?q?Ada_Lindqvist?= <ada@example.org>\r\nSubject: Chips Declaration\r\nDate: Wed, 17 May 2023 11:30:00 +0200\r\n\
    Message-ID: <one@example.org>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n\
    --b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
    On 17 May 2023 Fra=\r\nnce signed the Chips Declaration with Germany.\r\n\
    --b\r\nContent-Type: text/plain; name=\"note.txt\"\r\nContent-Disposition: attachment; filename=\"note.txt\"\r\n\
    Content-Transfer-Encoding: base64\r\n\r\nSmFwYW4gaGFzIG5vdCBzaWduZWQgaXQu\r\n\
    --b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=\"p.png\"\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--b--\r\n";

#[test]
fn mail_is_its_text_and_what_came_along() {
    let node = Node::new();
    node.user("anna --nation FRA --org 'French Node'");
    node.file("a.eml", LETTER);
    let said = node.ok("relto intake --json $F/a.eml");
    assert!(said.err.contains("passed by") && said.err.contains("p.png"), "{}", said.err);
    let read = said.json();
    let [text, attached] = read["documents"].as_array().unwrap().as_slice() else { panic!("{read}") };
    let source = &text["source"];
    assert_eq!(
        (&source["title"], &source["author"], &source["published"]),
        (&"Chips Declaration".into(), &"Ada Lindqvist <ada@example.org>".into(), &"2023-05-17T09:30:00Z".into())
    );
    // Places are in the decoded part.
    let decoded = "On 17 May 2023 France signed the Chips Declaration with Germany.";
    let spans = spans_of_mentions(text, decoded);
    assert!(spans.iter().any(|(text, _)| text == "France") && spans.iter().all(|(text, raw)| text == raw), "{spans:?}");
    let part_of = &attached["source"]["part_of"];
    assert_eq!((&part_of["message_id"], &part_of["part"]), (&"one@example.org".into(), &"attachment".into()));
    assert_eq!(attached["source"]["archive"]["names"], json!(["note.txt"]));
    assert_eq!(part_of["sha256"], attached["source"]["archive"]["sha256"]);
    let line = "relto intake --json --data $D --collection intel --label 'ORG:French Node' $F/a.eml";
    assert!(node.ok(line).json()["added"].as_u64().unwrap() > 4);
    let seen = node.ok("relto export --data $D --as anna").json();
    let reports: Vec<&Json> = seen["objects"].as_array().unwrap().iter().filter(|object| object["type"] == "report").collect();
    assert_eq!(reports.len(), 2);
    assert!(reports.iter().all(|report| report["external_references"][1]["external_id"] == "one@example.org"), "{reports:?}");
    let from = "From ada@example.org Wed May 17 11:30:00 2023\n";
    let other = LETTER.replace("one@example.org", "two@example.org");
    node.file("mbox", format!("{from}{LETTER}\n{from}{other}"));
    assert_eq!(node.ok("relto intake --json $F/mbox").json()["documents"].as_array().unwrap().len(), 4);
}

/// A watch under way; killed when dropped.
pub(crate) struct Watch {
    child: Child,
    lines: BufReader<std::process::ChildStdout>,
}

impl Watch {
    pub(crate) fn start(node: &Node, options: &[&str], paths: &[&str]) -> Self {
        let mut command = Command::new(BINARY);
        command.args(["intake", "--json", "--watch", "--collection", "intel", "--label", "ORG:French Node", "--data"]).arg(node.data());
        let mut child = command.args(options).args(paths).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines }
    }

    /// What it says next.
    pub(crate) fn next(&mut self) -> Json {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"))
    }

    /// Ends it as Ctrl-C does, and returns its exit code.
    pub(crate) fn stop(mut self) -> Option<i32> {
        Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().unwrap();
        self.child.wait().unwrap().code()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn what_comes_into_a_folder_is_taken_in_once() {
    let node = Node::new();
    let folder = node.data().with_file_name("in");
    std::fs::create_dir(&folder).unwrap();
    let paths = [folder.to_str().unwrap()];
    let mut watch = Watch::start(&node, &[], &paths);
    node.file("in/a.txt", STORY);
    let first = watch.next();
    assert!(first["name"].as_str().unwrap().ends_with("a.txt") && first["added"].as_u64().unwrap() > 3, "{first}");
    node.file("in/b.pdf", "%PDF-1.7 and more");
    let second = watch.next();
    assert!(second["name"].as_str().unwrap().ends_with("b.pdf") && second["error"].is_string() && second["help"].is_string(), "{second}");
    // The same words under another name, and younger.
    node.file("in/c.txt", STORY);
    let third = watch.next();
    assert!(third["name"].as_str().unwrap().ends_with("c.txt") && third["added"] == 0, "{third}");
    assert_eq!(watch.stop(), Some(0));
    // A new one knows what is in.
    let mut watch = Watch::start(&node, &[], &paths);
    let again = [watch.next(), watch.next(), watch.next()];
    assert!(again.iter().all(|line| line["added"] == 0 || line["error"].is_string()), "{again:?}");
    assert_eq!(watch.stop(), Some(0));
    node.refused("relto intake --watch --data $D --collection intel $F/absent", 3, &["absent: is not there"]);
    node.refused("relto intake --watch --every soon --data $D --collection intel $F/in", 2, &["`soon` is no time to wait"]);
    assert_eq!(node.run("relto intake --watch $F/in").code, Some(2));
}

/// A server of what is in the map, by path; counts what it sent in full.
struct Site {
    address: String,
    pages: Arc<Mutex<Vec<(String, String)>>>,
    sent: Arc<Mutex<Vec<String>>>,
}

impl Site {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (pages, sent) = (Arc::<Mutex<Vec<(String, String)>>>::default(), Arc::<Mutex<Vec<String>>>::default());
        let (own_pages, own_sent) = (pages.clone(), sent.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    let mut byte = [0];
                    if stream.read(&mut byte).unwrap_or(0) == 0 {
                        break;
                    }
                    head.push(byte[0]);
                }
                let head = String::from_utf8(head).unwrap();
                let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                let page = own_pages.lock().unwrap().iter().find(|(own, _)| *own == path).map(|(_, page)| page.clone());
                let answer = match page {
                    None => "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned(),
                    Some(page) => {
                        let tag = format!("\"{}\"", page.len());
                        if head.contains(&format!("if-none-match: {tag}")) {
                            "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n".to_owned()
                        } else {
                            own_sent.lock().unwrap().push(path);
                            format!("HTTP/1.1 200 OK\r\nETag: {tag}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{page}", page.len())
                        }
                    }
                };
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        Self { address, pages, sent }
    }

    fn put(&self, path: &str, page: &str) {
        let mut pages = self.pages.lock().unwrap();
        pages.retain(|(own, _)| own != path);
        pages.push((path.to_owned(), page.to_owned()));
    }

    fn sent(&self) -> Vec<String> {
        std::mem::take(&mut *self.sent.lock().unwrap())
    }
}

#[test]
fn an_address_is_fetched_once_and_again_when_it_is_new() {
    let node = Node::new();
    node.user("anna --nation FRA --org 'French Node'");
    let site = Site::start();
    site.put("/feed.xml", FEED);
    let line =
        format!("relto intake --json --data $D --collection intel --label 'ORG:French Node' --allow-private {}/feed.xml", site.address);
    let added = node.ok(&line).json()["added"].as_u64().unwrap();
    assert!(added > 3);
    assert_eq!((node.ok(&line).json()["added"].as_u64(), site.sent().len()), (Some(0), 1), "nothing new is one small request");
    // A feed with one item more is that item.
    let reports = || node.ids("anna").iter().filter(|id| id.starts_with("report--")).count();
    assert_eq!(reports(), 2);
    let item = "<item><title>Summit of Norway</title><guid>three</guid><pubDate>Fri, 19 May 2023 09:30:00 GMT</pubDate></item><item>";
    site.put("/feed.xml", &FEED.replacen("<item>", item, 1));
    assert!(node.ok(&line).json()["added"].as_u64().unwrap() > 0);
    assert_eq!(reports(), 3);
    let read = node.ok(&format!("relto intake --json --allow-private {}/feed.xml", site.address)).json();
    assert_eq!(read["documents"].as_array().unwrap().len(), 3);
    node.refused(&line.replace("--allow-private", ""), 1, &["is not on the public internet", "--allow-private"]);
    node.refused(&line.replace("feed.xml", "absent.xml"), 1, &["absent.xml: cannot be fetched", "404"]);
    node.refused(&line.replace("http://", "http://a:b@"), 1, &["is no address of the web"]);
}

#[test]
fn a_feed_of_misp_is_followed_to_its_events() {
    let node = Node::new();
    let site = Site::start();
    let manifest = |stamp: &str| json!({ EVENT: { "info": "A campaign", "timestamp": stamp } }).to_string();
    site.put("/feed/manifest.json", &manifest("1684400000"));
    site.put(&format!("/feed/{EVENT}.json"), &event("3", &[attribute(1, "domain", "a.example", "5")]).to_string());
    let line = format!("relto intake --json --data $D --collection intel --allow-private {}/feed/manifest.json", site.address);
    // An event that does not come now is asked for again, though the manifest stays as it is.
    let page = event("3", &[attribute(1, "domain", "a.example", "5")]).to_string();
    site.pages.lock().unwrap().retain(|(path, _)| path.ends_with("manifest.json"));
    assert!(node.ok(&line).err.contains("404"));
    site.put(&format!("/feed/{EVENT}.json"), &page);
    site.sent();
    assert!(node.ok(&line).json()["added"].as_u64().unwrap() > 3);
    assert_eq!(site.sent().len(), 2);
    site.put("/feed/manifest.json", &(manifest("1684400000") + " "));
    assert_eq!((node.ok(&line).json()["added"].as_u64(), site.sent()), (Some(0), vec!["/feed/manifest.json".to_owned()]));
}

#[test]
fn what_an_address_asks_with_is_kept_from_readers() {
    let node = Node::new();
    node.user("anna --nation FRA --org 'French Node'");
    let site = Site::start();
    site.put("/page.txt?token=geheim", "On 17 May 2023 France signed a declaration with Germany.\n");
    let line = "relto intake --data $D --collection intel --label 'ORG:French Node' --published 2023-05-18 --allow-private";
    node.ok(&format!("{line} '{}/page.txt?token=geheim'", site.address));
    let (seen, log) = (node.ok("relto export --data $D --as anna").out, node.ok("relto log --json --data $D").out);
    assert!(seen.contains("/page.txt") && !seen.contains("geheim") && !log.contains("geheim"));
}

#[test]
fn an_address_is_asked_again_while_it_is_watched() {
    let node = Node::new();
    let site = Site::start();
    site.put("/feed.xml", FEED);
    let address = format!("{}/feed.xml", site.address);
    let mut watch = Watch::start(&node, &["--allow-private", "--every", "1s"], &[&address]);
    assert!(watch.next()["added"].as_u64().unwrap() > 3);
    assert_eq!(watch.next()["added"], 0);
    site.put("/feed.xml", &FEED[..FEED.len() - 60]);
    loop {
        let line = watch.next();
        if line["added"] != 0 {
            assert!(line["error"].as_str().unwrap().contains("feed that cannot be read"), "{line}");
            break;
        }
    }
    assert_eq!(watch.stop(), Some(0));
}
