//! The censored twin: an index over everything answers a reader as one over the reader's own rows alone, to the last bit.

use proptest::collection::vec;
use proptest::prelude::*;
use relto_search::Index;
use relto_store::Found;
use serde_json::{Value as Json, json};

use super::support::{AUDIENCES, Row, World, object_id};

/// Words that everybody has, words that are near each other, and words without spaces between them.
const WORDS: [&str; 14] = [
    "bear",
    "bears",
    "beard",
    "eagle",
    "nest",
    "secret",
    "Secreto",
    "2026",
    "evil.example.com",
    "人工智能",
    "合作",
    "防衛協力",
    "ведмідь",
    "été",
];
const QUERIES: [&str; 26] = [
    "bear",
    "bear eagle",
    "bear OR nest OR eagle",
    "\"bear eagle\"",
    "bear -nest",
    "be*",
    "name:bear",
    "人工",
    "人工智能合作",
    "协",
    "ведмідь OR ete",
    "kind:note bear",
    "kind:report",
    "label:A",
    "label:B bear",
    "collection:open",
    "collection:closed",
    "after:2026-01-03 bear",
    "before:2026-01-03",
    "baer",
    "beart nst",
    "secretx",
    "sekret OR eagel",
    "absent",
    "note--00000000-0000-4000-8000-000000000001",
    "ref:note--00000000-0000-4000-8000-000000000002",
];

#[derive(Debug, Clone)]
enum Act {
    Add(Vec<Row>),
    Remove(prop::sample::Index),
    Relabel(prop::sample::Index, usize),
    /// The same once more, under a label.
    Copy(prop::sample::Index, usize),
    /// Somebody asks, so that the index catches up.
    Ask,
}

fn rows() -> impl Strategy<Value = Row> {
    let words = vec(prop::sample::select(&WORDS[..]), 0..8);
    let owner = prop::sample::select(&["A", "B", "D"][..]);
    (0..3usize, 0..AUDIENCES.len(), owner, 0..6usize, 1..8usize, words, any::<bool>()).prop_map(
        |(collection, audience, owner, number, day, words, is_report)| {
            let kind = if is_report { "report" } else { "note" };
            let split = words.len() / 3;
            let mut object = json!({"type": kind, "id": object_id(kind, number).as_str(), "modified": format!("2026-01-0{day}T00:00:00Z"),
                "name": words[..split].join(" "), "content": words[split..].join(" ")});
            if is_report {
                object["object_refs"] = json!([object_id("note", number).as_str()]);
            }
            Row { collection, audience, owner, object }
        },
    )
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        4 => vec(rows(), 1..8).prop_map(Act::Add),
        1 => any::<prop::sample::Index>().prop_map(Act::Remove),
        1 => (any::<prop::sample::Index>(), 0..AUDIENCES.len()).prop_map(|(row, audience)| Act::Relabel(row, audience)),
        1 => (any::<prop::sample::Index>(), 0..AUDIENCES.len()).prop_map(|(row, audience)| Act::Copy(row, audience)),
        1 => Just(Act::Ask),
    ];
    vec(act, 1..14)
}

/// Whether the reader may see the row: it is for A, in a collection that is open to the reader, and not by D, of whom nothing goes on.
fn is_visible(row: &Row) -> bool {
    AUDIENCES[row.audience].contains(&"A") && row.collection < 2 && row.owner != "D"
}

/// The answer without what only a store can know, and all of its scores to the bit.
fn shown(world: &World, found: &Found) -> Json {
    let mut candidates: Vec<Json> = found
        .candidates
        .iter()
        .map(|one| json!([one.collection.0, &*one.kind, one.content, one.score.to_bits(), world.words(one.label)]))
        .collect();
    candidates.dedup();
    json!({"candidates": candidates, "instead": found.instead})
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn hidden_rows_change_nothing(acts in acts(), order in any::<u64>()) {
        let mut full = World::in_memory();
        let mut held: Vec<(u64, Row)> = Vec::new();
        for act in acts {
            match act {
                Act::Add(rows) => held.extend(full.add(&rows).into_iter().zip(rows)),
                Act::Remove(row) if !held.is_empty() => {
                    let (place, row) = held.swap_remove(row.index(held.len()));
                    full.remove(row.collection, place);
                }
                Act::Relabel(row, audience) if !held.is_empty() => {
                    let at = row.index(held.len());
                    full.relabel(held[at].1.collection, held[at].0, audience);
                    held[at].1.audience = audience;
                }
                Act::Copy(row, audience) if !held.is_empty() => {
                    let copy = Row { audience, ..held[row.index(held.len())].1.clone() };
                    held.extend(full.add(std::slice::from_ref(&copy)).into_iter().zip([copy]));
                }
                Act::Ask => drop(full.find("bear")),
                Act::Remove(_) | Act::Relabel(..) | Act::Copy(..) => {}
            }
        }
        let mut own: Vec<Row> = held.into_iter().map(|(_, row)| row).filter(is_visible).collect();
        // What is there twice is there once: that it came again is nothing that the reader may know.
        own.sort_by_key(|row| format!("{row:?}"));
        own.dedup_by_key(|row| format!("{row:?}"));
        // Another order, other numbers of labels, other batches.
        own.sort_by_key(|row| (u64::from(row.object.to_string().len() as u32) ^ order).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut twin = World::new(Index::in_memory(), [7, 3, 12, 5]);
        for batch in own.chunks(3) {
            twin.add(batch);
            if batch.len() % 2 == 1 {
                twin.find("eagle");
            }
        }
        for query in QUERIES {
            let (of_full, of_twin) = (shown(&full, &full.find(query)), shown(&twin, &twin.find(query)));
            prop_assert_eq!(of_full, of_twin, "{}", query);
        }
    }
}
