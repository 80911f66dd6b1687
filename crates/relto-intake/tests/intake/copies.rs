//! Copies on texts that are shipped, edited as newsrooms do: floors that must not fall. Figures on real pages are printed by
//! `examples/copies`.

use crate::KNOWLEDGE;
use crate::clean;
use crate::newsroom::{self, Paragraphs, Rewriter};
use relto_intake::copies::{Document, Index, Pair};
use relto_intake::laundered::learn::Lessons;
use relto_intake::raw::Raw;
use relto_intake::{Additions, Knowledge};
use relto_model::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Two documents that share so much are to be found, in hundredths of the shorter one.
const SHARED_MIN: usize = 50;

/// The training part of the gold set, by language, and sentences of ours.
fn texts() -> BTreeMap<String, Vec<Paragraphs>> {
    let gold = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gold/train");
    let mut files: Vec<_> = std::fs::read_dir(gold).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut texts: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    for path in files.iter().filter(|path| path.extension().is_some_and(|end| end == "txt")) {
        let text = std::fs::read_to_string(path).unwrap();
        let paragraphs = text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect();
        let language = path.file_name().unwrap().to_string_lossy()[..2].to_owned();
        texts.entry(language).or_default().push(paragraphs);
    }
    let ours: Vec<Vec<String>> =
        clean::SENTENCES.chunks(11).map(|some| some.chunks(2).map(|sentences| sentences.concat()).collect()).collect();
    texts.insert("ours".to_owned(), ours);
    let mut next = 0;
    texts.into_iter().map(|(language, texts)| (language, newsroom::numbered(texts, &mut next))).collect()
}

/// All pairs among `texts`, each named by its place.
fn pairs(texts: &[String], knowledge: &Knowledge) -> Vec<(usize, usize, Pair)> {
    let published = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
    let mut index = Index::default();
    for (number, text) in texts.iter().enumerate() {
        let raw = Raw::new(text.as_bytes().to_vec());
        index.add(Document::new(&raw, &raw.decode(), &number.to_string(), published.clone(), knowledge).unwrap());
    }
    let place = |pair: &Pair| (pair.first.name.parse::<usize>().unwrap(), pair.second.name.parse::<usize>().unwrap());
    let told = index.pairs().into_iter().map(|pair| {
        let (one, other) = place(&pair);
        (one.min(other), one.max(other), pair)
    });
    told.collect()
}

#[test]
fn edits_of_newsrooms_are_found() {
    let mut made: Vec<(String, Paragraphs)> = Vec::new();
    for (language, texts) in texts() {
        let words = texts.iter().flatten().flat_map(|paragraph| newsroom::pieces(&paragraph.text));
        let vocabulary: Vec<String> = words.map(str::to_owned).collect();
        for (at, text) in texts.iter().enumerate() {
            made.push((format!("{language} {at} as it was"), text.clone()));
            let edits = newsroom::edits(text, &texts[(at + 1) % texts.len()], &vocabulary, (made.len()) as u64);
            made.extend(edits.into_iter().map(|(edit, paragraphs)| (format!("{language} {at} {edit}"), paragraphs)));
        }
    }
    let all = (0..made.len()).flat_map(|one| (one + 1..made.len()).map(move |other| (one, other)));
    let shared: BTreeMap<(usize, usize), usize> =
        all.map(|pair| (pair, newsroom::shared_percent(&made[pair.0].1, &made[pair.1].1))).filter(|(_, percent)| *percent > 0).collect();
    let wanted: BTreeSet<(usize, usize)> = shared.iter().filter(|(_, percent)| **percent >= SHARED_MIN).map(|(pair, _)| *pair).collect();
    let documents: Vec<String> = made.iter().map(|(_, paragraphs)| newsroom::whole(paragraphs)).collect();
    let found: BTreeSet<(usize, usize)> = pairs(&documents, &KNOWLEDGE).into_iter().map(|(one, other, _)| (one, other)).collect();
    let told = |pairs: BTreeSet<&(usize, usize)>| {
        pairs.iter().map(|(one, other)| format!("{} / {}\n", made[*one].0, made[*other].0)).collect::<String>()
    };
    let (missed, wrong) = (
        wanted.difference(&found).collect::<BTreeSet<_>>(),
        found.iter().filter(|pair| !shared.contains_key(pair)).collect::<BTreeSet<_>>(),
    );
    assert!(missed.len() * 1_000 <= wanted.len() * 30, "recall: {} of {} missed\n{}", missed.len(), wanted.len(), told(missed));
    assert!(wrong.len() * 1_000 <= found.len() * 5, "precision: {} of {} wrong\n{}", wrong.len(), found.len(), told(wrong));
}

#[test]
fn the_bytes_of_a_match_say_the_same() {
    let letters = |bytes: &str| bytes.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    for texts in texts().values() {
        let text = &texts[0];
        let edited = newsroom::edits(text, &texts[1], &["word ".to_owned()], 5);
        let made: Vec<String> =
            std::iter::once(newsroom::whole(text)).chain(edited.iter().map(|(_, edit)| newsroom::whole(edit))).collect();
        for (_, _, pair) in pairs(&made, &KNOWLEDGE).iter().filter(|(_, _, pair)| pair.found.kind != relto_intake::copies::Kind::Laundered)
        {
            let text = |name: &str| made[name.parse::<usize>().unwrap()].as_str();
            let (one, other) = (text(&pair.first.name), text(&pair.second.name));
            for (ours, theirs) in &pair.found.stretches {
                assert_eq!(letters(&one[ours.from..ours.to]), letters(&other[theirs.from..theirs.to]));
            }
            let own: usize = pair.found.first_own.iter().map(|span| span.to - span.from).sum();
            assert!(own <= one.len(), "more of its own than there is");
        }
    }
}

/// One half of the documents teaches the other half and the other way round; each is rewritten three times, as a campaign would.
#[test]
fn laundered_copies_are_found_with_a_lexicon_of_other_documents() {
    let texts = texts().into_iter().filter(|(name, _)| name == "ours" || name == "zh").flat_map(|(_, texts)| texts);
    let chinese: Vec<String> = texts.map(|text| newsroom::whole(&text)).collect();
    let rewriter = Rewriter::new(true);
    let mut right = 0;
    for half in 0..2 {
        let mut lessons = Lessons::default();
        for (at, text) in chinese.iter().enumerate().filter(|(at, _)| at % 2 != half) {
            (0..3).for_each(|turn| {
                lessons.take(text, &rewriter.rewrite(text, 100, (at + 100 * turn) as u64), KNOWLEDGE.chinese());
            });
        }
        let additions = Additions { lexicon: lessons.table(KNOWLEDGE.chinese()), ..Additions::default() };
        let knowledge = Knowledge::with(&additions).unwrap();
        let tested = chinese.iter().enumerate().filter(|(at, _)| at % 2 == half);
        let documents: Vec<String> = tested.flat_map(|(at, text)| [text.clone(), rewriter.rewrite(text, 100, at as u64)]).collect();
        let found = pairs(&documents, &knowledge);
        assert!(found.iter().all(|(one, other, _)| one / 2 == other / 2), "two texts of different authors are told as copies");
        right += found.len();
    }
    assert!(right * 10 >= chinese.len() * 8, "{right} of {}", chinese.len());
}
