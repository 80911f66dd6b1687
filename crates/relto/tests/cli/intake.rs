//! Documents of open sources: what is read from them, and what a node makes of it.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::support::Node;

pub(crate) const STORY: &str = "BRUSSELS, 17 May 2023. France has signed the Chips Declaration with Germany. The subsidies rose by 12 % to 4.5 billion euros.\n\
    Japan has not signed it. NATO (North Atlantic Treaty Organization) plans to lead a joint exercise in June 2024.\n";

/// The form that others rely on.
const MEMBERS: [&str; 10] =
    ["boilerplate", "copies", "dated_facts", "edits", "entities", "figures", "gaps", "polarity_flags", "relations", "source"];

const PAGE: &str = "<!DOCTYPE html><html lang='en'><head><title>Chips Declaration</title><meta name='date' content='2023-05-18'>\
    <script>var x = 'Bulgaria';</script></head><body><article><h1>Chips Declaration</h1><p>On 17&nbsp;May 2023 France has signed the Chips \
    Declaration with <b>Ger</b>many &amp; Italy. The subsidies rose by 12&nbsp;% to 4.5 billion euros, the ministry said.</p><p>Japan has not signed it, although talks \
    went on for several months in the spring of last year, as several diplomats told reporters.</p></article></body></html>";

pub(crate) const FEED: &str = "<?xml version='1.0'?><rss version='2.0'><channel><title>F</title>\
    <item><title>Summit of France</title><guid>one</guid><pubDate>Wed, 17 May 2023 09:30:00 GMT</pubDate><description>&lt;p&gt;Germany agreed &amp;amp; Spain.&lt;/p&gt;</description></item>\
    <item><title>Summit of Poland</title><guid>two</guid><pubDate>Thu, 18 May 2023 09:30:00 GMT</pubDate></item></channel></rss>";

/// A PDF of one page that says each of `lines`, made by hand.
fn pdf(lines: &[&str]) -> Vec<u8> {
    let shown: String = lines.iter().map(|line| format!("({line}) Tj 0 -20 Td ")).collect();
    let content = format!("BT /F1 12 Tf 72 700 Td {shown}ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        "<< /Title (A report) /Author (Ada Lindqvist) /CreationDate (D:20230517093000Z) >>".to_owned(),
    ];
    let mut file = "%PDF-1.7\n".to_owned();
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(file.len());
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", index + 1));
    }
    let table = file.len();
    file.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    places.iter().for_each(|place| file.push_str(&format!("{place:010} 00000 n \n")));
    file.push_str(&format!("trailer\n<< /Size {} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1));
    file.into_bytes()
}

/// The parts of `text` that the spans of all mentions hold.
pub(crate) fn spans_of_mentions(read: &Json, text: &str) -> Vec<(String, String)> {
    let mentions = read["entities"].as_array().unwrap().iter().flat_map(|entity| entity["mentions"].as_array().unwrap());
    let at = |mention: &Json, end: usize| usize::try_from(mention["span"][end].as_u64().unwrap()).unwrap();
    mentions.map(|mention| (mention["text"].as_str().unwrap().to_owned(), text[at(mention, 0)..at(mention, 1)].to_owned())).collect()
}

#[test]
fn without_a_node_it_says_what_was_read() {
    let node = Node::none();
    node.file("story.txt", STORY);
    let read = node.ok("relto intake --json $F/story.txt").json();
    let members: Vec<&str> = read.as_object().unwrap().keys().map(String::as_str).collect::<BTreeSet<_>>().into_iter().collect();
    assert_eq!((members, &read["copies"]), (MEMBERS.to_vec(), &Json::from(1)));
    let span = |fact: &Json| {
        let at = |end: usize| usize::try_from(fact["span"][end].as_u64().unwrap()).unwrap();
        &STORY[at(0)..at(1)]
    };
    let mentions = read["entities"].as_array().unwrap().iter().flat_map(|entity| entity["mentions"].as_array().unwrap());
    assert!(mentions.clone().count() > 3 && mentions.clone().all(|mention| span(mention) == mention["text"]), "{read}");
    assert!(read["dated_facts"].as_array().unwrap().iter().any(|fact| fact["date"] == "2023-05-17"), "{read}");
    assert!(read["figures"].as_array().unwrap().iter().any(|figure| figure["unit"] == "%" && figure["value"] == 12.0), "{read}");
    assert_eq!(node.ok("relto intake --json - < $F/story.txt").json(), read);
    let said = node.ok("relto intake $F/story.txt").out;
    assert!(said.contains("France") && said.contains("2023-05-17") && said.contains("the text is as it came"), "{said}");
}

#[test]
fn a_document_becomes_a_report_that_is_labelled_as_any_object() {
    let node = Node::new();
    node.user("anna --nation FRA --org 'French Node'");
    node.user("nina --nation JPN --org 'Org N'");
    std::fs::create_dir(node.data().with_file_name("stories")).unwrap();
    node.file("stories/one.txt", STORY);
    node.file("stories/two.txt", "2023年5月17日,北大西洋公约组织(NATO)与法国签署了协议。");
    let line = "relto intake --json --data $D --collection intel --label 'ORG:French Node' $F/stories";
    let added = node.ok(line).json()["added"].as_u64().unwrap();
    assert!(added > 8, "{added}");
    // The same files again are the same objects.
    assert_eq!(node.ok(line).json()["added"], 0);
    let seen = node.ok("relto export --data $D --as anna").json();
    let objects = seen["objects"].as_array().unwrap();
    let of_kind = |kind: &str| objects.iter().filter(|object| object["type"] == kind).collect::<Vec<_>>();
    assert_eq!((of_kind("report").len(), objects.len() as u64), (2, added));
    assert!(of_kind("note").len() > 2 && !of_kind("identity").is_empty() && !of_kind("location").is_empty(), "{seen}");
    let denied = |object: &&Json| object["type"] == "relationship" && object.to_string().contains("Japan");
    assert_eq!(objects.iter().filter(denied).count(), 0, "what a document denies is no relation");
    assert!(!seen.to_string().contains(node.data().to_str().unwrap()), "no path of this machine is told");
    assert_eq!(node.ok("relto export --data $D --as nina").json()["objects"], Json::Null);
}

#[test]
fn pages_are_read_where_their_text_stands() {
    let node = Node::none();
    // Told by what is in it.
    node.file("page.txt", PAGE);
    let read = node.ok("relto intake --json $F/page.txt").json();
    let spans = spans_of_mentions(&read, PAGE);
    for (text, raw) in [("France", "France"), ("Germany", "Ger</b>many"), ("Italy", "Italy"), ("Japan", "Japan")] {
        assert!(spans.contains(&(text.to_owned(), raw.to_owned())), "{text} is not in {spans:?}");
    }
    assert!(!read.to_string().contains("Bulgaria"), "a script is no text");
    assert!(read["dated_facts"].as_array().unwrap().iter().any(|fact| fact["date"] == "2023-05-17"), "{read}");
    assert!(read["figures"].as_array().unwrap().iter().any(|figure| figure["unit"] == "%" && figure["value"] == 12.0), "{read}");
    let source = &read["source"];
    assert_eq!((&source["media_type"], &source["spans"], &source["text"]), (&"text/html".into(), &"bytes".into(), &"main".into()));
    assert_eq!(
        (&source["title"], &source["published"], &source["language"]),
        (&"Chips Declaration".into(), &"2023-05-18".into(), &"en".into())
    );
    assert_eq!(node.ok("gzip -c $F/page.txt | relto intake --json -").json()["entities"], read["entities"]);
    let said = node.ok("relto intake $F/page.txt").out;
    assert!(said.contains("it says of itself: Chips Declaration; 2023-05-18; en") && said.contains("Germany"), "{said}");
}

#[test]
fn a_pdf_is_read_in_a_process_of_its_own_and_its_spans_are_in_its_text() {
    let node = Node::new();
    node.file("a.pdf", pdf(&["On 17 May 2023 France signed the Chips Declaration with Germany.", "The subsidies rose by 12 %."]));
    let read = node.ok("relto intake --json $F/a.pdf").json();
    let source = &read["source"];
    let text = source["rendition"]["text"].as_str().unwrap();
    assert!(text.contains("On 17 May 2023 France signed"), "{text}");
    let spans = spans_of_mentions(&read, text);
    assert!(spans.iter().any(|(text, _)| text == "France") && spans.iter().all(|(text, raw)| text == raw), "{spans:?}");
    assert_eq!((&source["spans"], &source["media_type"]), (&"rendition".into(), &"application/pdf".into()));
    assert_eq!(
        (&source["title"], &source["author"], &source["published"]),
        (&"A report".into(), &"Ada Lindqvist".into(), &"2023-05-17T09:30:00Z".into())
    );
    assert_ne!(source["sha256"], source["rendition"]["sha256"]);
    // The text is kept beside what was read, so that spans can be looked up.
    node.user("anna --nation FRA --org 'French Node'");
    node.ok("relto intake --json --data $D --collection intel --label 'ORG:French Node' $F/a.pdf");
    let seen = node.ok("relto export --data $D --as anna").json();
    let objects = seen["objects"].as_array().unwrap();
    let of_kind = |kind: &str| objects.iter().find(|object| object["type"] == kind).unwrap();
    let (report, artifact) = (of_kind("report"), of_kind("artifact"));
    assert_eq!(artifact["hashes"]["SHA-256"], source["rendition"]["sha256"]);
    assert_eq!((&report["name"], &report["external_references"][0]["hashes"]["SHA-256"]), (&"A report".into(), &source["sha256"]));
    assert!(report["object_refs"].as_array().unwrap().contains(&artifact["id"]));
}

#[test]
fn the_reader_of_pdfs_is_bounded() {
    let node = Node::none();
    let limits = node
        .ok("mkfifo $F/pipe; relto render-pdf < $F/pipe & PID=$!; exec 9> $F/pipe; \
        until grep -q 'Max open files  *3 ' /proc/$PID/limits; do :; done; cat /proc/$PID/limits; exec 9>&-; wait $PID || true")
        .out;
    for (limit, most) in [("Max address space", "2147483648"), ("Max cpu time", "30"), ("Max file size", "0"), ("Max core file size", "0")]
    {
        let line = limits.lines().find(|line| line.starts_with(limit)).unwrap_or_else(|| panic!("{limit} is not in {limits}"));
        let words: Vec<&str> = line[limit.len()..].split_whitespace().collect();
        assert_eq!(words[..2], [most, most], "{line}");
    }
}

#[test]
fn items_of_feeds_and_members_of_archives_become_reports_of_their_own() {
    let node = Node::new();
    node.user("anna --nation FRA --org 'French Node'");
    std::fs::create_dir(node.data().with_file_name("in")).unwrap();
    node.file("in/feed", FEED);
    node.file("in/page", PAGE);
    node.file("in/picture", b"\x89PNG and more");
    let line = "tar -C $F -cz in | relto intake --json --data $D --collection intel --label 'ORG:French Node' --published 2023-05-19 -";
    let taken = node.ok(line);
    assert!(taken.err.contains("passed by") && taken.err.contains("picture"), "{}", taken.err);
    assert_eq!(node.ok(line).json()["added"], 0, "the same bytes are the same objects");
    let seen = node.ok("relto export --data $D --as anna").json();
    let reports: Vec<&Json> = seen["objects"].as_array().unwrap().iter().filter(|object| object["type"] == "report").collect();
    let names: BTreeSet<&str> = reports.iter().map(|report| report["name"].as_str().unwrap()).collect();
    assert_eq!(names, BTreeSet::from(["Chips Declaration", "Summit of France", "Summit of Poland"]));
    assert!(reports.iter().all(|report| !report["object_refs"].as_array().unwrap().is_empty()));
    let said = node.ok("relto intake $F/in").out;
    assert!(said.contains("feed: one") && said.contains("feed: two") && said.contains("Spain"), "{said}");
}

#[test]
fn several_documents_are_one_json_and_each_has_its_form_and_name() {
    let node = Node::none();
    node.file("feed.xml", FEED);
    node.file("story.txt", STORY);
    let alone = node.ok("relto intake --json $F/story.txt").json();
    let read = node.ok("relto intake --json $F/feed.xml $F/story.txt").json();
    let members: Vec<&String> = read.as_object().unwrap().keys().collect();
    assert_eq!(members, ["documents"]);
    let documents = read["documents"].as_array().unwrap();
    let names: Vec<&str> = documents.iter().map(|document| document["name"].as_str().unwrap().rsplit('/').next().unwrap()).collect();
    assert_eq!(names, ["feed.xml: one", "feed.xml: two", "story.txt"]);
    let mut last = documents[2].clone();
    last.as_object_mut().unwrap().remove("name");
    assert_eq!(last, alone, "beside its name, the form of one document");
}

#[test]
fn names_of_ones_own_are_found() {
    let node = Node::none();
    node.file("names.csv", "name,type,aliases\nProject Nightjar,programme,Nightjar|夜鷹計劃\n");
    node.file("story.txt", "Funding of Nightjar ended in 2024. 夜鷹計劃。");
    let names = |line: &str| {
        let read = node.ok(line).json();
        let found: Vec<String> =
            read["entities"].as_array().unwrap().iter().map(|entity| entity["name"].as_str().unwrap().to_owned()).collect();
        found
    };
    assert!(!names("relto intake --json $F/story.txt").contains(&"Project Nightjar".to_owned()));
    assert!(names("relto intake --json --names $F/names.csv $F/story.txt").contains(&"Project Nightjar".to_owned()));
}

#[test]
fn what_cannot_be_read_changes_nothing() {
    let node = Node::new();
    node.file("a.pdf", "%PDF-1.7 and more");
    node.file("picture.txt", b"\x89PNG and more");
    node.file("story.txt", STORY);
    node.file("names.csv", "name,kind\nA,B\n");
    node.refused("relto intake $F/a.pdf", 1, &["a.pdf: is a PDF that cannot be read"]);
    node.refused("relto intake --data $D --collection intel $F/story.txt $F/picture.txt", 1, &["picture.txt: is a picture"]);
    node.refused("relto intake --json $F/absent.txt", 3, &["absent.txt"]);
    node.refused("relto intake --label TLP:GREEN $F/story.txt", 2, &["a label is of what is stored"]);
    node.file("long.txt", "a ".repeat(3 << 20));
    node.refused(
        "gzip -c $F/long.txt > $F/long.gz; relto intake $F/long.gz",
        1,
        &["long.gz: it unpacks to more than 200 times its length"],
    );
    node.refused("relto intake $F/long.txt", 1, &["long.txt: has more than the 4194304 bytes"]);
    node.file("deep.html", format!("<html>{}", "<div>".repeat(100_000)));
    node.refused("relto intake $F/deep.html", 1, &["deep.html: is a web page that cannot be read", "512 deep"]);
    node.file("cut.xml", &FEED[..FEED.len() - 60]);
    node.refused("relto intake $F/cut.xml", 1, &["cut.xml: is a feed that cannot be read"]);
    node.file("empty.xml", "<rss version='2.0'><channel></channel></rss>");
    node.refused("relto intake --json $F/empty.xml", 1, &["empty.xml: there is no document in it"]);
    node.refused(
        "head -c 99 /dev/urandom | gzip | head -c 50 > $F/cut.gz; relto intake $F/cut.gz",
        1,
        &["cut.gz: it is damaged, or cut short"],
    );
    node.refused("relto intake --names $F/names.csv $F/story.txt", 1, &["lists of names"]);
    node.refused("relto intake --data $D --collection nowhere $F/story.txt", 3, &["nowhere"]);
    node.refused("relto intake --data $D --collection intel --published yesterday $F/story.txt", 1, &["`yesterday` is no time"]);
    node.refused("relto intake --data $D --collection intel - < $F/story.txt", 1, &["--published"]);
    assert_eq!(node.run("relto intake --data $D $F/story.txt").code, Some(2));
}
