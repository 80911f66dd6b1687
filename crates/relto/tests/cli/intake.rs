//! Documents of open sources: what is read from them, and what a node makes of it.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::support::Node;

const STORY: &str = "BRUSSELS, 17 May 2023. France has signed the Chips Declaration with Germany. The subsidies rose by 12 % to 4.5 billion euros.\n\
    Japan has not signed it. NATO (North Atlantic Treaty Organization) plans to lead a joint exercise in June 2024.\n";

/// The form that others rely on.
const MEMBERS: [&str; 9] = ["boilerplate", "copies", "dated_facts", "edits", "entities", "figures", "gaps", "polarity_flags", "relations"];

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
    node.file("page.txt", "<!DOCTYPE html><html><body>Text</body></html>");
    node.file("story.txt", STORY);
    node.file("names.csv", "name,kind\nA,B\n");
    node.refused("relto intake $F/a.pdf", 1, &["a.pdf: is a PDF"]);
    node.refused("relto intake --data $D --collection intel $F/story.txt $F/page.txt", 1, &["page.txt: is a web page"]);
    node.refused("relto intake --json $F/absent.txt", 3, &["absent.txt"]);
    node.refused("relto intake --json $F/story.txt $F/story.txt", 1, &["one document"]);
    node.refused("relto intake --label TLP:GREEN $F/story.txt", 2, &["a label is of what is stored"]);
    node.file("long.txt", "a ".repeat(3 << 20));
    node.refused("gzip -c $F/long.txt > $F/long.gz; relto intake $F/long.gz", 1, &["long.gz: unpacked it has more than the 4194304 bytes"]);
    node.refused("relto intake --names $F/names.csv $F/story.txt", 1, &["lists of names"]);
    node.refused("relto intake --data $D --collection nowhere $F/story.txt", 3, &["nowhere"]);
    node.refused("relto intake --data $D --collection intel --published yesterday $F/story.txt", 1, &["`yesterday` is no time"]);
    node.refused("relto intake --data $D --collection intel - < $F/story.txt", 1, &["--published"]);
    assert_eq!(node.run("relto intake --data $D $F/story.txt").code, Some(2));
}
