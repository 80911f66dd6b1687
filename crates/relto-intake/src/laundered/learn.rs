//! A lexicon learnt from data: pairs of texts that tell one story, of which one was rewritten word by word.
//!
//! The two are put side by side by the words that both have; where between two such words each has up to three of its own,
//! these are counted as written for meant. What a word stands for is kept with how often that was seen, against how often the
//! word was left alone; several meanings are kept, the likeliest first. The result is a table in the form of `data/lexicon.tsv`,
//! which a site reads over, corrects and adds ([`crate::Additions`]); nothing is learnt while a document is read.
//!
//! A word that trades places with what it stands for (优势, 劣势) is remarked as `inverted`: whether such a pair turns a claim
//! around cannot be told from counts, so it is taken to. A learnt lexicon is made of its texts and carries their labels.

mod pairing;

use super::words::{Word, joined, words};
use crate::chinese::Chinese;
use crate::chinese::script::is_han;
use pairing::{Step, pairing};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// So often a word must be seen to stand for another.
const TIMES_MIN: u32 = 2;
/// In hundredths: so sure must it be that a word stands for any other, and so much of that a meaning must have.
const CONFIDENCE_MIN: u32 = 40;
const MEANING_MIN: u32 = 10;
/// Words of one text that stand for words of the other.
const REPLACED_WORDS_MAX: usize = super::level::PHRASE_WORDS_MAX;

/// What was counted so far; pairs in any order give the same.
#[derive(Clone, Debug, Default)]
pub struct Lessons {
    /// Written, meant, how often.
    counts: BTreeMap<String, BTreeMap<String, u32>>,
    /// How often a word was left alone.
    kept: BTreeMap<String, u32>,
    /// Words of the texts that were not rewritten.
    authors: BTreeSet<String>,
}

/// A word with what it was seen to stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// As it stands in rewritten texts.
    pub written: String,
    /// What it stands for, the likeliest first, and how often each was seen.
    pub meant: Vec<(String, u32)>,
    /// How sure it is that the word stands for one of these where it is met, in hundredths.
    pub confidence: u32,
    /// Whether it trades places with one of these.
    pub inverted: bool,
    /// Whether it is no word of a list, and no author was seen to write it.
    pub telling: bool,
}

impl Lessons {
    /// Counts where `rewritten` has other words than `original`; gives the number of such places.
    pub fn take(&mut self, original: &str, rewritten: &str, chinese: &Chinese) -> usize {
        let (meant, written) = (words(original, chinese), words(rewritten, chinese));
        self.authors.extend(meant.iter().map(|word| word.text.clone()));
        let mut places = 0;
        for step in pairing(&meant, &written) {
            match step {
                Step::Same(at) => {
                    let Some(word) = written.get(at) else { continue };
                    *self.kept.entry(word.text.clone()).or_default() += 1;
                }
                Step::Other(ours, theirs) => {
                    let (Some(meant), Some(written)) = (meant.get(ours), written.get(theirs)) else { continue };
                    places += usize::from(self.replaced(meant, written));
                }
            }
        }
        places
    }

    /// Counts `written` for `meant`: word for word where there are as many of both, else one phrase for another.
    fn replaced(&mut self, meant: &[Word], written: &[Word]) -> bool {
        if meant.len().max(written.len()) > REPLACED_WORDS_MAX {
            return false;
        }
        if meant.len() == written.len() {
            for (meant, written) in meant.iter().zip(written) {
                self.count(std::slice::from_ref(meant), std::slice::from_ref(written));
            }
        } else {
            self.count(meant, written);
        }
        true
    }

    fn count(&mut self, meant: &[Word], written: &[Word]) {
        // Figures are facts, not words: one that differs is news or a mistake.
        let is_word = |words: &[Word]| words.iter().all(|word| !word.text.chars().any(char::is_numeric));
        let (meaning, writing) = (joined(meant), joined(written));
        if is_word(meant) && is_word(written) && meaning != writing {
            *self.counts.entry(writing).or_default().entry(meaning).or_default() += 1;
        }
    }

    /// What is sure enough to be used, in the order of the words.
    #[must_use]
    pub fn lessons(&self, chinese: &Chinese) -> Vec<Lesson> {
        self.counts.iter().filter_map(|(written, meant)| self.lesson(written, meant, chinese)).collect()
    }

    fn lesson(&self, written: &str, counts: &BTreeMap<String, u32>, chinese: &Chinese) -> Option<Lesson> {
        let seen: u32 = counts.values().sum();
        let kept = self.kept.get(written).copied().unwrap_or(0);
        let confidence = 100 * seen / (seen + kept + 1);
        let mut meant: Vec<(String, u32)> = counts.iter().map(|(meant, times)| (meant.clone(), *times)).collect();
        meant.retain(|(_, times)| *times >= TIMES_MIN && 100 * times >= MEANING_MIN * seen);
        meant.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        if meant.is_empty() || confidence < CONFIDENCE_MIN {
            return None;
        }
        let trades = |(meant, _): &(String, u32)| {
            self.counts.get(meant).is_some_and(|back| back.get(written).is_some_and(|times| *times >= TIMES_MIN))
        };
        let telling = written.chars().all(is_han) && !chinese.words.has(written) && !self.authors.contains(written);
        Some(Lesson { written: written.to_owned(), inverted: meant.iter().any(trades), telling, meant, confidence })
    }

    /// The lessons in the form of `data/lexicon.tsv`, with the confidence and the counts in a fourth column, which is for people.
    #[must_use]
    pub fn table(&self, chinese: &Chinese) -> String {
        let mut table =
            String::from("# Learnt: word, tab, candidates apart by |, tab, remarks, tab, confidence in hundredths and counts.\n");
        for Lesson { written, meant, confidence, inverted, telling } in self.lessons(chinese) {
            let candidates: Vec<&str> = meant.iter().map(|(word, _)| word.as_str()).collect();
            let counts: Vec<String> = meant.iter().map(|(_, times)| times.to_string()).collect();
            let remarks: Vec<&str> =
                [(inverted, "inverted"), (telling, "telling")].iter().filter(|(is, _)| *is).map(|(_, name)| *name).collect();
            let row = (candidates.join("|"), remarks.join(" "), counts.join("|"));
            // Writing to a string cannot fail.
            let _ = writeln!(table, "{written}\t{}\t{}\t{confidence} {}", row.0, row.1, row.2);
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::super::Lexicon;
    use super::*;
    use std::sync::LazyLock;

    const ORIGINAL: &str = "双方的竞争越来越激烈，因为技术发展很快。港口的竞争没有结束，技术还要发展。报告说情报很重要，竞争会继续。";
    const REWRITTEN: &str = "双方的合作越来越激烈，因为手艺成长很快。港口的合作没有结束，手艺还要成长。报告说情报很重要，合作会继续。";

    static CHINESE: LazyLock<Chinese> = LazyLock::new(|| Chinese::builtin().unwrap());

    fn taught(pairs: &[(&str, &str)]) -> Lessons {
        let mut lessons = Lessons::default();
        for (original, rewritten) in pairs {
            lessons.take(original, rewritten, &CHINESE);
        }
        lessons
    }

    #[test]
    fn words_are_learnt_where_texts_differ() {
        let lessons = taught(&[(ORIGINAL, REWRITTEN)]);
        let learnt: Vec<(String, String)> =
            lessons.lessons(&CHINESE).into_iter().map(|lesson| (lesson.written, lesson.meant[0].0.clone())).collect();
        let wanted = [("合作", "竞争"), ("成长", "发展"), ("手艺", "技术")].map(|(written, meant)| (written.to_owned(), meant.to_owned()));
        assert_eq!(learnt, wanted);
        let lexicon = Lexicon::parse(&lessons.table(&CHINESE));
        assert_eq!(lexicon.entry("手艺").map(|entry| entry.candidates.clone()), Some(vec!["技术".to_owned()]));
    }

    #[test]
    fn what_is_left_alone_as_often_is_no_lesson() {
        let kept = (REWRITTEN, REWRITTEN);
        let lessons = taught(&[(ORIGINAL, REWRITTEN), kept, kept]);
        assert!(lessons.lessons(&CHINESE).is_empty(), "{}", lessons.table(&CHINESE));
    }

    #[test]
    fn meanings_are_kept_apart_and_trades_remarked() {
        let text = |word: &str| format!("The council said that it {word} the plan on the eve of its spring session in the old town hall.");
        let pairs = [
            ("ended", "closed"),
            ("ended", "closed"),
            ("ended", "closed"),
            ("stopped", "closed"),
            ("stopped", "closed"),
            ("closed", "ended"),
            ("closed", "ended"),
        ];
        let texts: Vec<(String, String)> = pairs.iter().map(|(meant, written)| (text(meant), text(written))).collect();
        let lessons = taught(&texts.iter().map(|(one, other)| (one.as_str(), other.as_str())).collect::<Vec<_>>());
        let lesson = lessons.lessons(&CHINESE).into_iter().find(|lesson| lesson.written == "closed").unwrap();
        assert_eq!(lesson.meant, [("ended".to_owned(), 3), ("stopped".to_owned(), 2)]);
        assert!(lesson.inverted && !lesson.telling && lesson.confidence > 80);
    }

    #[test]
    fn the_order_of_pairs_does_not_matter_and_figures_are_no_words() {
        let other = ("It cost 20 million euros in the end, said the office.", "It cost 30 million euros in the end, said the office.");
        let one = taught(&[(ORIGINAL, REWRITTEN), other, other]);
        let two = taught(&[other, other, (ORIGINAL, REWRITTEN)]);
        assert_eq!(one.table(&CHINESE), two.table(&CHINESE));
        assert!(!one.table(&CHINESE).contains("20"));
    }
}
