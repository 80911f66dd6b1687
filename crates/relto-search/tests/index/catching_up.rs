//! The index is a copy: it keeps up with the store, and is made anew when it cannot be used.

use std::fs;

use relto_gate::Arrival;
use relto_search::Index;
use relto_store::{IndexProgress, TextIndex as _};
use serde_json::{Value as Json, json};

use super::support::{Row, World, object_id};

fn note(number: usize, content: &str) -> Json {
    json!({"type": "note", "id": object_id("note", number).as_str(), "modified": "2026-01-01T00:00:00Z", "content": content})
}

fn in_folder(folder: &std::path::Path) -> World {
    World::new(Index::in_folder(folder), [0, 1, 2, 3])
}

#[test]
fn it_keeps_up_and_says_how_far_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = in_folder(&folder.path().join("search"));
    assert_eq!(world.index.progress().unwrap(), None);
    let first = world.add_open(&[note(0, "bear"), note(1, "bear")]);
    assert_eq!(world.places("bear").len(), 2);
    assert_eq!(world.index.progress().unwrap(), Some(IndexProgress { through: Arrival(world.last), rows: 2 }));
    world.remove(0, first[0]);
    let second = world.add_open(&[note(2, "bear")]);
    assert_eq!(world.index.progress().unwrap().map(|progress| progress.rows), Some(2), "nobody has asked yet");
    assert_eq!(world.places("bear").len(), 2);
    assert!(!world.places("bear").contains(&first[0]));
    world.relabel(0, second[0], 2);
    assert_eq!(world.places("bear"), [first[1]]);
    // Two that change places: what is counted under each label stays the same.
    let other = world.add(&[Row { collection: 0, audience: 2, owner: "A", object: note(3, "bear") }]);
    assert_eq!(world.places("bear"), [first[1]]);
    world.relabel(0, first[1], 2);
    world.relabel(0, other[0], 0);
    assert_eq!(world.places("bear"), other);
}

#[test]
fn another_process_finds_what_one_has_written() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("search");
    let mut world = in_folder(&place);
    let first = world.add_open(&[note(0, "bear")]);
    assert_eq!(world.places("bear"), first);
    let other = World { index: Index::in_folder(&place), ..world };
    assert_eq!(other.index.progress().unwrap(), Some(IndexProgress { through: Arrival(other.last), rows: 1 }));
    assert_eq!(other.places("bear"), first);
}

#[test]
fn what_cannot_be_used_is_made_anew() {
    let damage: [&dyn Fn(&std::path::Path); 5] = [
        &|folder| fs::write(folder.join("meta.json"), "{").unwrap(),
        &|folder| fs::remove_file(folder.join("meta.json")).unwrap(),
        &|folder| {
            let meta = fs::read_to_string(folder.join("meta.json")).unwrap();
            assert!(meta.contains("\\\"format\\\":1"), "{meta}");
            fs::write(folder.join("meta.json"), meta.replace("\\\"format\\\":1", "\\\"format\\\":0")).unwrap();
        },
        &|folder| fs::remove_dir_all(folder).unwrap(),
        &|folder| {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_some_and(|extension| extension == "idx" || extension == "fast") {
                    fs::write(path, "short").unwrap();
                }
            }
        },
    ];
    for (number, damage) in damage.iter().enumerate() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("search");
        let mut world = in_folder(&place);
        let places = world.add_open(&[note(0, "bear")]);
        assert_eq!(world.places("bear"), places);
        damage(&place);
        let world = World { index: Index::in_folder(&place), ..world };
        assert_eq!(world.places("bear"), places, "damage {number}");
    }
}

#[test]
fn an_index_that_is_past_a_state_does_not_answer_for_it() {
    use relto_model::Stamp;
    use relto_store::{Backend as _, CollectionKey, Telling};
    let mut world = World::in_memory();
    world.add_open(&[note(0, "bear")]);
    let earlier = relto_store::memory::Memory::default();
    assert_eq!(world.places("bear").len(), 1);
    let snapshot = earlier.read().unwrap();
    let telling = Telling { snapshot: &*snapshot, collections: &[CollectionKey(0)], facts: Stamp(1), progress: &|_, _| {} };
    assert!(world.index.as_of(&telling).unwrap().is_none());
}
