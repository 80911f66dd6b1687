//! Bundles of whole documents: valid one by one, closed in themselves, the same for the same, and never saying more than the text.

use crate::{KNOWLEDGE, clean, damage};
use bytes::Bytes;
use encoding_rs::{GBK, WINDOWS_1251};
use relto_intake::raw::Raw;
use relto_intake::span::RawSpan;
use relto_intake::stix::{EXTENSION, Source, WriteError, bundle};
use relto_intake::{Analysis, Knowledge, analyse};
use relto_model::kinds::Kinds;
use relto_model::object::Object;
use relto_model::{ObjectId, Timestamp};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// What the standard advises against and we do: its list of report types has none for open sources.
const ADVICE: &str = "a value outside `report-type-ov` (STIX 2.1, section 10)";

/// Laundered: three words that no author writes, and a word for cooperation where competition was meant.
const LAUNDERED: &str = "欧盟从权与法国从导的从义之争。法国与德国合作。2023年5月17日，法国与德国合作，投资三亿欧元。";

fn source() -> Source {
    Source {
        name: "story.txt".to_owned(),
        media_type: Some("text/plain".to_owned()),
        published: Timestamp::parse("2026-11-27T08:00:00.000Z").unwrap(),
        address: Some("https://example.org/story".to_owned()),
        markings: Vec::new(),
        relations: relto_intake::stix::Relations::Asserted,
        title: None,
        item: None,
        part_of: None,
        original_sha256: None,
    }
}

fn read(bytes: Vec<u8>) -> Analysis {
    analyse(bytes, &KNOWLEDGE).unwrap()
}

fn objects(text: &str) -> Vec<Value> {
    let bundle: Value = serde_json::from_str(text).unwrap();
    assert_eq!(bundle["type"], "bundle");
    ObjectId::parse(bundle["id"].as_str().unwrap()).unwrap();
    bundle["objects"].as_array().unwrap().clone()
}

fn written(text: &str) -> Vec<Value> {
    objects(&bundle(&read(text.as_bytes().to_vec()), &source()).unwrap())
}

fn of_kind<'o>(objects: &'o [Value], kind: &'o str) -> impl Iterator<Item = &'o Value> {
    objects.iter().filter(move |object| object["type"] == kind)
}

/// The gold set's texts (their structure alone is judged here), damage, other encodings, laundered words, and next to nothing.
fn documents() -> Vec<Vec<u8>> {
    let gold = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gold/train");
    let files = std::fs::read_dir(gold).unwrap().map(|entry| entry.unwrap().path());
    let mut texts: Vec<_> = files.filter(|path| path.extension().is_some_and(|ending| ending == "txt")).collect();
    texts.sort();
    let mut documents: Vec<Vec<u8>> = texts.iter().map(|path| std::fs::read(path).unwrap()).collect();
    for seed in 0..4 {
        let clean = format!("{}2023年5月17日，英國的工業產出下降了7.5%。北約與歐盟合作。{}", clean::text(seed), clean::text(seed + 9));
        documents.push(damage::damaged(&clean, &damage::notes_for(&clean)).into_bytes());
    }
    documents.push(GBK.encode("2023年5月17日，北约在法国举行会议，投资三亿欧元。").0.into_owned());
    documents.push(WINDOWS_1251.encode("Подписано 17 мая 2023 года. НАТО сотрудничает с Европейским союзом.").0.into_owned());
    documents.extend([LAUNDERED.as_bytes().to_vec(), Vec::new(), vec![0xFF, 0, 7], "\u{feff}“NATO”\u{0}".as_bytes().to_vec()]);
    documents.extend(
        std::env::var_os("RELTO_TEST_DATA").and_then(|data| std::fs::read(Path::new(&data).join("founding-article/article.txt")).ok()),
    );
    documents
}

#[test]
fn every_object_is_valid() {
    let kinds = Kinds::builtin();
    let mut seen = BTreeSet::new();
    for bytes in documents() {
        for object in objects(&bundle(&read(bytes), &source()).unwrap()) {
            let parsed = Object::parse(Bytes::from(object.to_string()), &kinds).unwrap_or_else(|error| panic!("{error}\n{object}"));
            assert!(parsed.warnings().iter().all(|warning| *warning == ADVICE), "{:?}\n{object}", parsed.warnings());
            seen.insert(parsed.kind().to_owned());
        }
    }
    let wanted = ["capability", "document", "event", "identity", "instrument", "location", "note", "programme", "relationship", "report"];
    assert_eq!(seen.iter().map(String::as_str).collect::<Vec<_>>(), wanted);
}

#[test]
fn a_bundle_is_closed_in_itself() {
    for bytes in documents() {
        let objects = objects(&bundle(&read(bytes), &source()).unwrap());
        let ids: Vec<&str> = objects.iter().map(|object| object["id"].as_str().unwrap()).collect();
        let known: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(known.len(), ids.len(), "an id stands twice");
        let refs = |object: &Value| {
            let many = object["object_refs"].as_array().cloned().unwrap_or_default();
            [many, vec![object["source_ref"].clone(), object["target_ref"].clone()]].concat()
        };
        let refs: Vec<Value> = objects.iter().flat_map(refs).filter(|id| !id.is_null()).collect();
        assert!(refs.iter().all(|id| known.contains(id.as_str().unwrap())), "a reference leads nowhere");
        let told: BTreeSet<&str> = objects[0]["object_refs"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
        assert_eq!((objects[0]["type"].as_str(), told), (Some("report"), ids[1..].iter().copied().collect()));
    }
}

#[test]
fn the_same_gives_the_same_bytes() {
    let again = Knowledge::builtin().unwrap();
    for bytes in documents() {
        let first = bundle(&read(bytes.clone()), &source()).unwrap();
        assert_eq!(first, bundle(&analyse(bytes, &again).unwrap(), &source()).unwrap());
    }
    let ids = |text: &str| written(text).iter().map(|object| object["id"].to_string()).collect::<BTreeSet<_>>();
    assert!(ids("NATO meets.").is_disjoint(&ids("NATO meets!")), "other bytes, other ids");
}

#[test]
fn quotes_are_the_raw_bytes_of_their_spans() {
    let mut quotes = 0;
    for bytes in documents() {
        let raw = Raw::new(bytes.clone());
        let decoded = raw.decode();
        for object in objects(&bundle(&read(bytes), &source()).unwrap()) {
            let provenance = &object["extensions"][EXTENSION];
            assert_eq!(provenance["raw_sha256"], raw.sha256_hex());
            let said = if object["type"] == "note" { &object["content"] } else { &object["description"] };
            let is_claim = object["type"] == "relationship" || (object["type"] == "note" && object["abstract"] != "Nothing was read");
            if is_claim {
                let span = |at: usize| usize::try_from(provenance["spans"][0][at].as_u64().unwrap()).unwrap();
                let quote = decoded.quote(RawSpan::new(span(0), span(1)));
                assert!(!quote.is_empty() && said.as_str().unwrap().ends_with(&format!("“{quote}”")), "{object}");
                quotes += 1;
            }
        }
    }
    assert!(quotes > 500, "{quotes}");
}

#[test]
fn no_relationship_comes_from_a_doubtful_sentence() {
    for bytes in documents() {
        let analysis = read(bytes);
        let doubtful: Vec<RawSpan> =
            analysis.polarity_flags.iter().map(|flag| flag.span).chain(analysis.gaps.iter().map(|gap| gap.span)).collect();
        let touched = |sentence: RawSpan| doubtful.iter().any(|span| span.from <= sentence.to && sentence.from <= span.to);
        let sound = analysis.relations.iter().filter(|relation| !touched(relation.sentence)).count();
        let objects = objects(&bundle(&analysis, &source()).unwrap());
        assert!(of_kind(&objects, "relationship").count() <= sound);
        for relationship in of_kind(&objects, "relationship") {
            let span = &relationship["extensions"][EXTENSION]["spans"][0];
            let at = |end: usize| usize::try_from(span[end].as_u64().unwrap()).unwrap();
            assert!(!touched(RawSpan::new(at(0), at(1))), "{relationship}");
        }
    }
}

#[test]
fn inverted_words_are_told_and_not_asserted() {
    let objects = written(LAUNDERED);
    assert_eq!(of_kind(&objects, "relationship").count(), 0);
    let notes: Vec<&str> = of_kind(&objects, "note").map(|note| note["content"].as_str().unwrap()).collect();
    assert!(notes.iter().any(|note| note.starts_with("Not asserted: France cooperates-with Germany.")), "{notes:#?}");
    let dated = of_kind(&objects, "note").find(|note| note["abstract"] == "Dated 2023-05-17").unwrap();
    assert_eq!((dated["confidence"].as_u64(), &dated["extensions"][EXTENSION]["status"]), (Some(30), &Value::from("lexicon-read")));
    let beside = format!("{LAUNDERED}法国加入北约，各方合作。");
    let analysis = read(beside.clone().into_bytes());
    assert!(analysis.relations.iter().any(|relation| relation.predicate == "member-of"), "{:?}", analysis.relations);
    assert_eq!(of_kind(&written(&beside), "relationship").count(), 0, "a sound word beside an inverted one");
    let honest = written("法国与德国合作。");
    assert_eq!(of_kind(&honest, "relationship").count(), 1, "the same words in a document that nobody laundered");
}

#[test]
fn only_what_is_stated_becomes_a_relationship() {
    let said = |text: &str| {
        let objects = written(text);
        let note = of_kind(&objects, "note").map(|note| note["content"].as_str().unwrap().to_owned()).next();
        (of_kind(&objects, "relationship").count(), note.unwrap_or_default())
    };
    assert_eq!(said("France cooperates with Germany.").0, 1);
    let (count, note) = said("France does not cooperate with Germany.");
    assert_eq!((count, note.starts_with("The document says that it is not so: France")), (0, true), "{note}");
    let (count, note) = said("France will cooperate with Germany.");
    assert_eq!((count, note.starts_with("The document says that it is planned: France")), (0, true), "{note}");
}

#[test]
fn the_form_of_a_small_bundle() {
    let objects = written("France and NATO\nOn 17 May 2023, France cooperates with Germany for 4 weeks.");
    let report = &objects[0];
    assert_eq!((&report["name"], &report["published"]), (&"France and NATO".into(), &"2026-11-27T08:00:00.000Z".into()));
    let origin = &report["external_references"][0];
    assert_eq!((&origin["source_name"], &origin["url"]), (&"story.txt".into(), &"https://example.org/story".into()));
    assert_eq!(origin["hashes"]["SHA-256"], report["extensions"][EXTENSION]["raw_sha256"]);
    let open = written("Since March 2024 France cooperates with Germany.");
    let open = of_kind(&open, "note").next().unwrap();
    let quote = "The document: “Since March 2024 France cooperates with Germany.”";
    assert_eq!((&open["abstract"], &open["content"]), (&"Dated 2024-03/..".into(), &format!("Dated 2024-03/..\n{quote}").into()));
    let france = of_kind(&objects, "location").find(|place| place["name"] == "France").unwrap();
    assert_eq!((&france["country"], &france["confidence"]), (&"FR".into(), &75.into()));
    let dated = of_kind(&objects, "note").find(|note| note["abstract"] == "Dated 2023-05-17").unwrap();
    assert_eq!(dated["object_refs"].as_array().unwrap().len(), 2, "France and Germany");
    assert!(objects.iter().all(|object| object["created"] == object["modified"] && object["created"] == report["published"]));
}

#[test]
fn repaired_sentences_are_quoted_both_ways() {
    let clean = format!("{}2023年5月17日，英國的工業產出下降了7.5%。{}", clean::text(1), clean::text(10));
    let objects = written(&damage::damaged(&clean, &damage::notes_for(&clean)));
    let dated = of_kind(&objects, "note").find(|note| note["abstract"] == "Dated 2023-05-17").unwrap();
    let content = dated["content"].as_str().unwrap();
    assert!(content.contains("Read as: “2023年5月17日，英國的工業產出下降了7.5%。"), "{content}");
    assert_eq!(dated["extensions"][EXTENSION]["reading"], "repaired");
}

#[test]
fn what_was_read_is_found_again_by_its_raw_span() {
    for bytes in documents() {
        let reading = read(bytes).repaired;
        for sentence in relto_intake::text::sentences(reading.text()) {
            let found = reading.map().text(reading.raw(sentence));
            assert!(found.contains(sentence), "{found:?} {sentence:?}");
            assert!(reading.text().get(found.range()).is_some(), "{found:?} cuts a character");
        }
    }
}

#[test]
fn a_document_of_dates_alone_does_not_grow_without_end() {
    let text = "17 May 2023, ".repeat(6_000);
    let objects = written(&text);
    assert_eq!(objects.len(), 5_001);
    assert!(objects[0]["description"].as_str().unwrap().ends_with("1000 more objects were left out."));
}

#[test]
fn markings_stand_on_every_object() {
    let marking = ObjectId::parse("marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9").unwrap();
    let marked = Source { markings: vec![marking.clone()], ..source() };
    let objects = objects(&bundle(&read(b"NATO met in Berlin on 17 May 2023.".to_vec()), &marked).unwrap());
    assert!(objects.iter().all(|object| object["object_marking_refs"][0] == marking.as_str()));
}

#[test]
fn a_source_needs_a_name() {
    let nameless = Source { name: " ".to_owned(), ..source() };
    assert!(matches!(bundle(&read(Vec::new()), &nameless), Err(WriteError::NoName)));
}
