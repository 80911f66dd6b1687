//! How long a search takes over many objects, for a reader of one in a hundred and for a reader of all: run with
//! `cargo bench -p relto-search -- OBJECTS`.
//!
//! Texts are drawn from words of which few are frequent, as in languages (Zipf). Each query is asked many times with other words; what is printed is
//! the median and the 99th in a hundred, in milliseconds.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a measurement: it prints, and ends where something fails"
)]

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use relto_gate::{Arrival, Gate, LabelId, LabelTable, ReleaseSet};
use relto_model::{ObjectId, Stamp};
use relto_policy::text::organisation_label;
use relto_policy::{Profile, Rules};
use relto_search::Index;
use relto_store::memory::Memory;
use relto_store::{Audience, Backend as _, Batch, CollectionKey, Finder, NewRow, Scope, StoredLabel, Telling, TextIndex as _};
use serde_json::json;

const OBJECTS: u64 = 100_000;
const BATCH: u64 = 100_000;
const VOCABULARY: u64 = 50_000;
const WORDS: u64 = 60;
const ASKED: u64 = 200;
const COLLECTION: CollectionKey = CollectionKey(1);

/// Numbers that look drawn and are the same each time (SplitMix64).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A word; the n-th is about n times rarer than the first.
    fn word(&mut self) -> String {
        let bits = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        let number = (VOCABULARY as f64).powf(bits) as u64;
        format!("w{number:x}")
    }
}

fn main() {
    let objects = std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(OBJECTS);
    let store = filled(objects);
    let folder = tempfile::tempdir().unwrap();
    let index = Index::in_folder(&folder.path().join("search"));
    let snapshot = store.read().unwrap();
    let telling = Telling { snapshot: &*snapshot, collections: &[COLLECTION], facts: Stamp(1), progress: &|_, _| {} };
    let begun = Instant::now();
    let finder = index.as_of(&telling).unwrap().unwrap();
    let taken = begun.elapsed();
    println!("{objects} objects of about {WORDS} words: indexed in {:.1} s", taken.as_secs_f64());
    drop(finder);
    let opened = Index::in_folder(&folder.path().join("search"));
    let begun = Instant::now();
    let finder = opened.as_of(&telling).unwrap().unwrap();
    println!("opened in {:.1} ms", begun.elapsed().as_secs_f64() * 1e3);
    for (name, organisation) in [("one in a hundred", "few"), ("all", "all")] {
        measure(name, finder.as_ref(), &release(organisation));
    }
}

fn filled(objects: u64) -> Memory {
    let (store, mut draw, mut arrival) = (Memory::default(), Draw(1), 0);
    let mut transaction = store.write().unwrap();
    for (id, organisations) in [(0, vec!["all"]), (1, vec!["all", "few"])] {
        transaction.add_label(&StoredLabel { id: LabelId(id), label: organisation_label(organisations), shared: true }).unwrap();
    }
    transaction.commit(Batch { stamp: Stamp(1), last: Arrival(1) }).unwrap();
    arrival += 1;
    for first in (0..objects).step_by(BATCH as usize) {
        let mut transaction = store.write().unwrap();
        for number in first..(first + BATCH).min(objects) {
            arrival += 1;
            let id = ObjectId::parse(&format!("note--00000000-0000-4000-8000-{number:012}")).unwrap();
            let text: Vec<String> = (0..WORDS).map(|_| draw.word()).collect();
            let body = json!({"type": "note", "id": id.as_str(), "modified": "2026-01-01T00:00:00Z", "abstract": text[..4].join(" "), "content": text[4..].join(" ")});
            let label = LabelId(u32::from(draw.next().is_multiple_of(100)));
            let body = body.to_string();
            let row = NewRow {
                arrival: Arrival(arrival),
                collection: COLLECTION,
                added: Stamp(1),
                label,
                id: &id,
                version: "2026-01-01T00:00:00Z",
                siblings: false,
                owner: "all",
                body: body.as_bytes(),
            };
            transaction.insert(&row).unwrap();
        }
        arrival += 1;
        transaction.commit(Batch { stamp: Stamp(i64::try_from(arrival).unwrap()), last: Arrival(arrival) }).unwrap();
    }
    store
}

fn release(organisation: &str) -> ReleaseSet {
    let mut labels = LabelTable::default();
    labels.insert(LabelId(0), Arc::new(organisation_label(["all"])), true);
    labels.insert(LabelId(1), Arc::new(organisation_label(["all", "few"])), true);
    let gate = Gate::new(Arc::new(Rules::builtin().unwrap()), Arc::new(labels), Stamp(1), None);
    gate.release("reader", &Profile::new(organisation, BTreeSet::new()))
}

fn measure(name: &str, finder: &dyn Finder, release: &ReleaseSet) {
    let collections = [(COLLECTION, "intel".to_owned())];
    let scope = Scope { release, audience: &Audience::Own, collections: &collections, kinds: &[], label_words: &|_| String::new() };
    type Form = fn(&mut Draw) -> String;
    let forms: [(&str, Form); 6] = [
        ("one word", Draw::word),
        ("two words", |draw| format!("{} {}", draw.word(), draw.word())),
        ("any of three", |draw| format!("{} OR {} OR {}", draw.word(), draw.word(), draw.word())),
        ("a phrase", |draw| format!("\"{} {}\"", draw.word(), draw.word())),
        ("the most frequent", |_| "w1".to_owned()),
        ("a word that is none", |draw| format!("w{:x}q", draw.next() % VOCABULARY)),
    ];
    for (form, query) in forms {
        let (mut draw, mut times, mut found) = (Draw(7), Vec::new(), 0);
        for _ in 0..ASKED {
            let query = query(&mut draw);
            let begun = Instant::now();
            found += finder.find(&query, &scope).unwrap().candidates.len();
            times.push(begun.elapsed());
        }
        times.sort_unstable();
        let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize];
        let millis = |time: Duration| time.as_secs_f64() * 1e3;
        println!("reader of {name}, {form}: {:.2} ms, {:.2} ms ({} rows each)", millis(at(0.5)), millis(at(0.99)), found / ASKED as usize);
    }
}
