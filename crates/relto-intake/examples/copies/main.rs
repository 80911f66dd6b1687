//! How well copies are found: edits of a newsroom on real pages, laundered texts with a lexicon learnt from other documents, time.
//!
//! `RELTO_TEST_DATA=DIR cargo run -p relto-intake --profile ci --example copies [-- DUMP]`; with DUMP every text and what it shares with
//! others are written to that folder, for `compare_datasketch.py` beside this file. No page and no text made of one is shipped.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "development only"
)]

#[allow(dead_code, reason = "shared with tests that use all of it")]
#[path = "../../tests/intake/clean.rs"]
mod clean;
#[path = "../../tests/intake/newsroom.rs"]
mod newsroom;
mod pages;

use newsroom::{Paragraphs, Rewriter};
use relto_intake::copies::{Document, Index, Kind};
use relto_intake::laundered::learn::Lessons;
use relto_intake::raw::Raw;
use relto_intake::{Additions, Knowledge};
use relto_model::Timestamp;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::time::{Duration, Instant};

/// A document as an edit made it.
struct Made {
    text: String,
    edit: &'static str,
    paragraphs: Paragraphs,
}

/// Two documents that share so much are to be found, in hundredths of the shorter one; those that share less are not judged.
const SHARED_MIN: usize = 50;

/// Which documents were found to be copies, of what kind and with what score in thousandths.
type Pairs = BTreeMap<(usize, usize), (Kind, u32)>;

fn main() {
    let data = std::env::var_os("RELTO_TEST_DATA").expect("RELTO_TEST_DATA names the folder of pages");
    let knowledge = Knowledge::builtin().expect("the shipped lists are sound");
    let sources = pages::sources(data.as_ref(), &knowledge);
    for source in &sources {
        println!(
            "{:24} {:4} texts {:8} bytes",
            source.name,
            source.texts.len(),
            source.texts.iter().flatten().map(|paragraph| paragraph.text.len()).sum::<usize>()
        );
    }
    let made = newsroom_documents(&sources);
    let dumped = std::env::args().nth(1);
    if let Some(folder) = &dumped {
        dump(folder.as_ref(), &made);
    }
    let pairs = newsroom_figures(&made, &knowledge);
    if let Some(folder) = &dumped {
        let found: String = pairs.iter().map(|((one, other), (kind, score))| format!("{one}\t{other}\t{kind:?}\t{score}\n")).collect();
        std::fs::write(Path::new(folder).join("found.tsv"), found).expect("a file");
    }
    for is_chinese in [true, false] {
        for percent in [60, 100] {
            laundered_figures(&sources, is_chinese, percent, &knowledge);
        }
    }
}

fn newsroom_documents(sources: &[pages::Source]) -> Vec<Made> {
    let mut made = Vec::new();
    for source in sources {
        let words = source.texts.iter().flatten().flat_map(|paragraph| newsroom::pieces(&paragraph.text));
        let vocabulary: Vec<String> = words.map(str::to_owned).collect();
        for (at, text) in source.texts.iter().enumerate() {
            let seed = made.len() as u64;
            let mut add = |edit, paragraphs: Paragraphs| made.push(Made { text: newsroom::whole(&paragraphs), edit, paragraphs });
            add("as it was", text.clone());
            for (edit, paragraphs) in newsroom::edits(text, &source.texts[(at + 1) % source.texts.len()], &vocabulary, seed) {
                add(edit, paragraphs);
            }
        }
    }
    made
}

/// Documents in an index, and which of them were found to be copies.
fn found(texts: &[&str], knowledge: &Knowledge) -> (Pairs, Duration, Duration) {
    let published = Timestamp::parse("2026-01-01T00:00:00Z").expect("a time");
    let started = Instant::now();
    let documents: Vec<Document> = texts
        .iter()
        .enumerate()
        .map(|(number, text)| {
            let raw = Raw::new(text.as_bytes().to_vec());
            Document::new(&raw, &raw.decode(), &number.to_string(), published.clone(), knowledge).expect("levels")
        })
        .collect();
    let printed = started.elapsed();
    let mut index = Index::default();
    let mut pairs = BTreeMap::new();
    for document in documents {
        index.add(document);
    }
    for pair in index.pairs() {
        let (one, other): (usize, usize) = (pair.first.name.parse().expect("a number"), pair.second.name.parse().expect("a number"));
        pairs.insert((one.min(other), one.max(other)), (pair.found.kind, pair.found.score_per_mille()));
    }
    (pairs, printed, started.elapsed() - printed)
}

fn newsroom_figures(made: &[Made], knowledge: &Knowledge) -> Pairs {
    let texts: Vec<&str> = made.iter().map(|made| made.text.as_str()).collect();
    let bytes: usize = texts.iter().map(|text| text.len()).sum();
    let (pairs, printed, compared) = found(&texts, knowledge);
    let mut by_edit: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
    let (mut wanted, mut right, mut wrong) = (0, 0, 0);
    for one in 0..made.len() {
        for other in one + 1..made.len() {
            let shared = newsroom::shared_percent(&made[one].paragraphs, &made[other].paragraphs);
            let is_wanted = shared >= SHARED_MIN;
            let is_found = pairs.contains_key(&(one, other));
            wanted += usize::from(is_wanted);
            right += usize::from(is_wanted && is_found);
            if is_wanted {
                let edits = if made[one].edit <= made[other].edit {
                    (made[one].edit, made[other].edit)
                } else {
                    (made[other].edit, made[one].edit)
                };
                let count = by_edit.entry(edits).or_default();
                count.0 += usize::from(is_found);
                count.1 += 1;
            } else if is_found && shared == 0 {
                wrong += 1;
                if wrong <= 12 {
                    println!("  nothing shared: {} / {} {:?}", made[one].edit, made[other].edit, pairs[&(one, other)]);
                    println!("    {}\n    {}", head(texts[one]), head(texts[other]));
                }
            }
        }
    }
    for (edits, (found, wanted)) in by_edit.iter().filter(|(_, (found, wanted))| found < wanted) {
        println!("  {} / {}: {found} of {wanted}", edits.0, edits.1);
    }
    println!("newsroom: {} documents, {bytes} bytes, {wanted} pairs", made.len());
    println!("newsroom: precision {:.4}, recall {:.4}", ratio(right, right + wrong), ratio(right, wanted));
    println!("newsroom: prints {:.1} MB/s, index and all pairs {compared:?}", bytes as f64 / 1e6 / printed.as_secs_f64());
    pairs
}

fn head(text: &str) -> String {
    text.chars().take(150).map(|c| if c == '\n' { ' ' } else { c }).collect()
}

/// Every other text teaches, the ones between are tested: no text is in both.
fn laundered_figures(sources: &[pages::Source], is_chinese: bool, percent: usize, knowledge: &Knowledge) {
    let texts: Vec<String> = sources
        .iter()
        .filter(|source| source.is_chinese == is_chinese)
        .flat_map(|source| &source.texts)
        .map(|text| newsroom::whole(text))
        .collect();
    let rewriter = Rewriter::new(is_chinese);
    let rewritten: Vec<String> = texts.iter().enumerate().map(|(at, text)| rewriter.rewrite(text, percent, at as u64)).collect();
    let mut lessons = Lessons::default();
    for at in (0..texts.len()).step_by(2) {
        lessons.take(&texts[at], &rewritten[at], knowledge.chinese());
    }
    let learnt = lessons.lessons(knowledge.chinese()).len();
    let table = lessons.table(knowledge.chinese());
    let tested: Vec<usize> = (1..texts.len()).step_by(2).collect();
    let documents: Vec<&str> = tested.iter().flat_map(|at| [texts[*at].as_str(), rewritten[*at].as_str()]).collect();
    let name = if is_chinese { "Chinese" } else { "English" };
    println!(
        "laundered, {name}, {percent} % of the known words: {} texts teach {learnt} words, {} are tested",
        texts.len().div_ceil(2),
        tested.len()
    );
    let with = Knowledge::with(&Additions { lexicon: table, ..Additions::default() }).expect("what was learnt is a table");
    for (how, knowledge) in [("shipped lexicon", knowledge), ("with what was learnt", &with)] {
        let (pairs, ..) = found(&documents, knowledge);
        let right = (0..tested.len()).filter(|at| pairs.contains_key(&(2 * at, 2 * at + 1))).count();
        let wrong = pairs.keys().filter(|(one, other)| one / 2 != other / 2).count();
        let scores: u32 = (0..tested.len()).filter_map(|at| pairs.get(&(2 * at, 2 * at + 1))).map(|(_, score)| score).sum();
        let laundered = pairs.values().filter(|(kind, _)| *kind == Kind::Laundered).count();
        println!(
            "  {how}: precision {:.4}, recall {:.4}, mean score {}, {laundered} told as laundered",
            ratio(right, right + wrong),
            ratio(right, tested.len()),
            scores as usize / right.max(1)
        );
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { f64::NAN } else { part as f64 / whole as f64 }
}

/// Every text, and every two that share anything, with how much.
fn dump(folder: &Path, made: &[Made]) {
    std::fs::create_dir_all(folder).expect("a folder");
    let mut pairs = String::new();
    for one in 0..made.len() {
        std::fs::write(folder.join(format!("{one}.txt")), &made[one].text).expect("a file");
        for other in one + 1..made.len() {
            let shared = newsroom::shared_percent(&made[one].paragraphs, &made[other].paragraphs);
            if shared > 0 {
                writeln!(pairs, "{one}\t{other}\t{shared}").expect("a string");
            }
        }
    }
    std::fs::write(folder.join("pairs.tsv"), pairs).expect("a file");
}
