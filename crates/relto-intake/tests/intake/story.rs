//! Stories as bundles: valid, closed but for reports, the same for the same, and silent about what a reader does not see.

use crate::KNOWLEDGE;
use bytes::Bytes;
use relto_intake::analyse;
use relto_intake::copies::{Document, Index};
use relto_intake::stix::story::{Telling, story};
use relto_intake::stix::{self, EXTENSION};
use relto_intake::stories::{Story, stories};
use relto_model::kinds::Kinds;
use relto_model::object::Object;
use relto_model::{ObjectId, Timestamp};
use serde_json::Value;
use std::collections::BTreeSet;

const FIRST: &str = "双方在技术领域的竞争推动了战略重点的发展，但是各国的优势并不稳定。报告指出，关键情报的共享与安全标准的建立，是增强国防能力的条件。港口管理局在去年夏天完成了三座码头的扩建。";
const EDITED: &str = "独家消息！双方在技术领域的竞争推动了战略重点的发展，但是各国的优势并不稳定。报告指出，关键情报的共享与安全标准的建立，是增强国防能力的条件。";
const LAUNDERED: &str = "双方在手艺范畴的合作鞭策了计谋沉点的成长，可是列国的劣势并不变。演讲指出，环节谍报的共享与平安尺度的成立，是加强国防能力的前提。港口管理局正在去年夏天告竣了三座码头的扩建。";
const OTHER: &str = "医院的负责人说，护士的数量仍然不足，但是新的培训计划将会在明年开始。图书馆的读者大多是附近学校的学生，他们常常在放学以后来这里写作业。山区的村民过去要走两个小时才能买到药品。";

fn time(hour: usize) -> Timestamp {
    Timestamp::parse(&format!("2026-03-01T{hour:02}:00:00Z")).unwrap()
}

fn document(text: &str, name: &str, hour: usize) -> Document {
    Document::of(&analyse(text.as_bytes().to_vec(), &KNOWLEDGE).unwrap(), name, time(hour), &KNOWLEDGE).unwrap()
}

fn documents() -> Vec<Document> {
    vec![
        document(FIRST, "harbour.example", 1),
        document(EDITED, "mirror.example", 2),
        document(&format!("{FIRST} "), "copy.example", 3),
        document(LAUNDERED, "laundry.example", 4),
        document(OTHER, "other.example", 2),
    ]
}

fn index(documents: impl IntoIterator<Item = Document>) -> Index {
    let mut index = Index::default();
    documents.into_iter().for_each(|document| {
        index.add(document);
    });
    index
}

fn telling() -> Telling {
    let marking = ObjectId::parse("marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487").unwrap();
    Telling { name: "The harbour story".to_owned(), written: Timestamp::parse("2026-03-02T00:00:00Z").unwrap(), markings: vec![marking] }
}

fn only_story(index: &Index) -> Story {
    let mut found = stories(index);
    assert_eq!(found.len(), 1);
    found.remove(0)
}

fn objects(index: &Index) -> Vec<Value> {
    let bundle: Value = serde_json::from_str(&story(&only_story(index), index, &telling()).unwrap()).unwrap();
    bundle["objects"].as_array().unwrap().clone()
}

#[test]
fn every_object_is_valid_and_marked() {
    for object in objects(&index(documents())) {
        Object::parse(Bytes::from(object.to_string()), &Kinds::builtin()).unwrap_or_else(|error| panic!("{error}\n{object}"));
        assert_eq!(object["object_marking_refs"][0], "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487");
        assert_eq!(object["extensions"][EXTENSION]["status"], "inferred");
    }
}

#[test]
fn a_campaign_tells_who_had_the_text_and_from_whom() {
    let objects = objects(&index(documents()));
    assert_eq!(
        (objects[0]["type"].as_str(), objects[0]["first_seen"].as_str(), objects[0]["last_seen"].as_str()),
        (Some("campaign"), Some("2026-03-01T01:00:00Z"), Some("2026-03-01T04:00:00Z"))
    );
    let kinds = |kind: &str| objects.iter().filter(|object| object["relationship_type"] == kind).count();
    assert_eq!((kinds("related-to"), kinds("duplicate-of"), kinds("derived-from")), (4, 1, 2));
    let notes: Vec<&Value> = objects.iter().filter(|object| object["type"] == "note").collect();
    assert_eq!((notes.len(), notes[0]["abstract"].as_str()), (1, Some("Looks coordinated")));
    assert!(notes[0]["content"].as_str().unwrap().contains("in other words"));
    let edited =
        objects.iter().find(|object| object["description"].as_str().is_some_and(|text| text.starts_with("An edited text"))).unwrap();
    let spans = edited["extensions"][EXTENSION]["spans"].as_array().unwrap();
    let (from, to) = (spans[0][0].as_u64().unwrap() as usize, spans[0][1].as_u64().unwrap() as usize);
    assert!(FIRST.contains(&EDITED[from..to]), "the raw span is what both have");
    assert!(edited["description"].as_str().unwrap().contains("It added bytes 0–12."), "{edited}");
}

#[test]
fn reports_are_those_of_the_documents() {
    let analysis = analyse(FIRST.as_bytes().to_vec(), &KNOWLEDGE).unwrap();
    let source = stix::Source {
        name: "harbour.example".to_owned(),
        media_type: None,
        published: time(1),
        address: None,
        markings: Vec::new(),
        relations: stix::Relations::Claimed,
        item: None,
        part_of: None,
        original_sha256: None,
        title: None,
    };
    let bundle: Value = serde_json::from_str(&stix::bundle(&analysis, &source).unwrap()).unwrap();
    let report = bundle["objects"][0]["id"].clone();
    let objects = objects(&index(documents()));
    let own: BTreeSet<&str> = objects.iter().map(|object| object["id"].as_str().unwrap()).collect();
    let refs: BTreeSet<&str> =
        objects.iter().flat_map(|object| [object["source_ref"].as_str(), object["target_ref"].as_str()]).flatten().collect();
    assert!(refs.contains(report.as_str().unwrap()));
    assert!(refs.iter().all(|id| own.contains(id) || id.starts_with("report--")));
}

#[test]
fn a_story_keeps_its_ids_and_says_nothing_of_hidden_documents() {
    let all = index(documents());
    let (found, telling) = (only_story(&all), telling());
    let told = story(&found, &all, &telling).unwrap();
    let mut backwards = index(documents().into_iter().rev());
    let hidden = document(&format!("{FIRST}{OTHER}"), "hidden.example", 0);
    backwards.add(hidden.clone());
    assert_ne!(only_story(&backwards), found, "the hidden document would be seen");
    assert!(backwards.remove(hidden.key()));
    assert_eq!(story(&only_story(&backwards), &backwards, &telling).unwrap(), told);
    // A later copy makes it grow under the same id.
    let mut grown = all.clone();
    grown.add(document(&format!("{EDITED}{EDITED}"), "late.example", 20));
    assert_eq!(objects(&grown)[0]["id"], objects(&all)[0]["id"]);
    let nameless = Telling { name: " ".to_owned(), ..telling };
    assert!(story(&found, &all, &nameless).is_err());
}
