//! The founding article, where the data folder is at hand.

use crate::KNOWLEDGE;
use relto_intake::raw::Raw;
use relto_intake::{Analysis, analyse};
use std::path::Path;

/// The article's bytes; nothing where the folder is not set up.
fn article() -> Option<Vec<u8>> {
    let folder = std::env::var_os("RELTO_TEST_DATA")?;
    std::fs::read(Path::new(&folder).join("founding-article/article.txt")).ok()
}

fn shifts(analysis: &Analysis) -> Vec<&str> {
    analysis.edits.iter().filter(|edit| edit.rule.0 == "gbk-shift").map(|edit| edit.to.as_str()).collect()
}

#[test]
fn the_article_is_repaired() {
    let Some(bytes) = article() else { return };
    let analysis = analyse(bytes, &KNOWLEDGE).unwrap();
    assert_eq!((analysis.copies, analysis.boilerplate.len()), (2, 2));
    assert_eq!(analysis.edits.iter().filter(|edit| edit.rule.0 == "pronunciation-note").count(), 2_136);
    let sites = shifts(&analysis);
    assert_eq!(sites.len(), 30);
    assert_eq!(sites.iter().filter(|to| !to.contains('〓')).count(), 28);
    assert!(!analysis.repaired.text().contains('?'));
    let repairs = analysis.gaps.iter().filter(|gap| gap.inferred.as_deref().is_some_and(|inferred| inferred.starts_with('傳')));
    assert_eq!(repairs.count(), 2, "the two sites that lost a byte for good are shown");
}

/// Each copy alone, without what the other shows: less is certain, and still nothing is wrong. The copies were damaged in five
/// places unlike each other, so that one bears out the other.
#[test]
fn each_copy_alone_says_the_same_or_less() {
    let Some(bytes) = article() else { return };
    let whole = Raw::new(bytes).decode();
    let head: String = whole.text().chars().take(15).collect();
    let start = whole.text().rfind(&head).unwrap();
    let alone = |part: &str| analyse(part.as_bytes().to_vec(), &KNOWLEDGE).unwrap();
    let (first, second) = (alone(&whole.text()[..start]), alone(&whole.text()[start..]));
    assert_eq!(first.copies, 1);
    let open = |analysis: &Analysis| shifts(analysis).iter().filter(|to| to.contains('〓')).count();
    assert_eq!((open(&first), open(&second)), (2, 1), "27 of 30 sites are whole");
    let differs = |(a, b): (char, char)| a != b && a != '〓' && b != '〓';
    assert!(!first.repaired.text().chars().zip(second.repaired.text().chars()).any(differs));
}

#[test]
fn inverted_words_are_flagged_and_censored_ones_stay_open() {
    let Some(bytes) = article() else { return };
    let analysis = analyse(bytes, &KNOWLEDGE).unwrap();
    let flagged = |word: &str| analysis.polarity_flags.iter().filter(|flag| flag.word.starts_with(word)).count();
    assert_eq!((flagged("合作"), flagged("劣勢")), (31, 11));
    assert!(analysis.gaps.iter().any(|gap| gap.inferred.as_deref() == Some("军转")), "a known name lacks characters");
    assert!(analysis.gaps.len() >= 8);
    assert!(analysis.lexicon_reading.is_some());
}
