//! What queries find, in any script.

use serde_json::{Value as Json, json};

use super::support::{World, object_id};

fn note(number: usize, name: &str, content: &str) -> Json {
    json!({"type": "note", "id": object_id("note", number).as_str(), "modified": format!("2026-01-{:02}T00:00:00Z", number + 1), "name": name,
        "content": content})
}

fn world() -> (World, Vec<u64>) {
    let mut world = World::in_memory();
    let report = json!({"type": "report", "id": object_id("report", 9).as_str(), "modified": "2026-03-01T00:00:00Z", "published": "2024-05-05T00:00:00Z",
        "name": "Rapport d’été", "object_refs": [object_id("note", 0).as_str()], "confidence": 85});
    let places = world.add_open(&[
        note(0, "Fancy Bear", "a group that hacks"),
        note(1, "nest", "the bear was fancy; hackers like evil.example.com"),
        note(2, "軍事合作", "中美兩國在人工智能方面的競爭"),
        note(3, "ミサイル防衛", "防衛協力について"),
        note(4, "Ведмідь і Ёж", "європейська безпека"),
        report,
    ]);
    (world, places)
}

#[test]
fn each_query_finds_what_it_says() {
    let (world, places) = world();
    for (query, expected) in [
        ("bear", vec![0, 1]),
        ("fancy BEAR", vec![0, 1]),
        ("\"fancy bear\"", vec![0]),
        ("bear -nest", vec![0]),
        ("hack*", vec![0, 1]),
        ("evil.example.com", vec![1]),
        ("example.evil", vec![]),
        ("rapport ete", vec![5]),
        ("人工智能", vec![2]),
        ("军事", vec![2]),
        ("人工智能军事", vec![2]),
        ("\"人工智能军事\"", vec![]),
        ("美", vec![2]),
        ("国", vec![2]),
        ("防衛協力", vec![3]),
        ("ミサイル", vec![3]),
        ("サイ", vec![3]),
        ("ведмідь", vec![4]),
        ("еж", vec![4]),
        ("name:nest", vec![1]),
        ("content:nest", vec![]),
        ("content:\"bear was fancy\"", vec![1]),
        ("confidence:85", vec![5]),
        ("85", vec![]),
        ("kind:report", vec![5]),
        ("-kind:note rapport", vec![5]),
        ("label:A kind:report", vec![5]),
        ("label:B", vec![]),
        ("collection:open", vec![]),
        ("collection:intel after:2026-01-05", vec![4]),
        ("before:2025", vec![5]),
        ("published:2024-05", vec![5]),
        ("(ведмідь OR rapport) -ёж", vec![5]),
    ] {
        let expected: Vec<u64> = expected.into_iter().map(|number: usize| places[number]).collect();
        assert_eq!(world.places(query), expected, "{query:?}");
    }
    let id = object_id("note", 0);
    assert_eq!(world.places(id.as_str()), [places[0], places[5]], "itself before what refers to it");
    assert_eq!(world.places(&format!("ref:{id}")), [places[5]]);
    assert_eq!(world.places(&format!("id:{id}")), [places[0]]);
    let of_kind = world.try_find("bear", &["report".to_owned()]).unwrap();
    assert_eq!(of_kind.candidates, []);
}

#[test]
fn names_and_rare_words_come_first() {
    let mut world = World::in_memory();
    let places = world.add_open(&[
        note(0, "x", "bear bear and much else that makes the text long and longer still, without any more of them"),
        note(1, "x", "bear eagle"),
        note(2, "bear", "x"),
        note(3, "x", "bear"),
    ]);
    assert_eq!(world.places("bear OR eagle"), [places[1], places[2], places[3], places[0]]);
    assert_eq!(world.places("bear").first(), Some(&places[2]));
    assert_eq!(world.places("kind:note"), [places[3], places[2], places[1], places[0]], "what fits alike: the newest first");
}

#[test]
fn other_words_are_proposed_for_those_that_nothing_has() {
    let mut world = World::in_memory();
    world.add_open(&[note(0, "x", "bear bears"), note(1, "x", "bears"), note(2, "x", "strategic")]);
    for (query, expected) in [
        ("baer", vec!["bear"]),
        ("beats", vec!["bears"]),
        ("stratgeic plan", vec!["strategic plan"]),
        ("stratejik  beer", vec!["strategic  bear"]),
        ("bear", vec![]),
        ("-baer bear", vec![]),
        ("be", vec![]),
    ] {
        let instead = world.find(query).instead;
        assert_eq!(instead.iter().take(expected.len()).collect::<Vec<_>>(), expected.iter().collect::<Vec<_>>(), "{query:?}: {instead:?}");
        assert_eq!(instead.is_empty(), expected.is_empty(), "{query:?}: {instead:?}");
    }
}

#[test]
fn what_fits_is_marked_in_the_object_itself() {
    let (world, _) = world();
    let marked = world.mark("fancy -x", &note(0, "Fancy", "so fancy"));
    let shown: Vec<&str> = marked.iter().flat_map(|piece| piece.marks.iter().map(|(from, to)| &piece.text[*from..*to])).collect();
    assert_eq!(shown, ["Fancy", "fancy"]);
}
