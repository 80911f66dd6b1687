//! Sentences written to mislead (`tests/doubt/sentences.tsv`): what is denied, doubted, asked, planned or reported is never stated.
//!
//! A third of them is held out: it is scored, and its failures are never shown. Differences of the rest are printed by
//! `RELTO_DOUBT_SHOW=1 cargo test -p relto-intake doubt -- --nocapture`.

#![expect(clippy::print_stdout, reason = "the table is what people run this for")]

use crate::KNOWLEDGE;
use relto_intake::analysis::Relation;
use relto_intake::relations::Status;
use relto_intake::text::SENTENCE_BYTES_MAX;
use relto_intake::{Analysis, analyse};
use serde_json::json;
use std::collections::BTreeMap;

/// Which set, how many sentences may be misread as stating something, and the least share that is read as a careful reader does.
const BOUNDS: [(&str, usize, f64); 2] = [("tune", 0, 0.99), ("held", 0, 0.95)];

/// A line of the file.
struct Sentence {
    language: &'static str,
    statuses: Vec<&'static str>,
    relation: [&'static str; 3],
    text: &'static str,
}

/// Of a set: how many sentences, how many are read exactly, and how many state what they should not.
#[derive(Clone, Copy, Default)]
struct Score {
    all: usize,
    exact: usize,
    misread: usize,
}

#[test]
fn what_is_in_doubt_is_not_stated() {
    for (set, misread_max, exact_min) in BOUNDS {
        let shows = set == "tune" && std::env::var_os("RELTO_DOUBT_SHOW").is_some();
        let mut by_language: BTreeMap<&str, Score> = BTreeMap::new();
        for sentence in sentences(set) {
            sentence.score(shows, by_language.entry(sentence.language).or_default());
        }
        let total = |of: fn(&Score) -> usize| by_language.values().map(of).sum::<usize>();
        let (all, exact, misread) = (total(|score| score.all), total(|score| score.exact), total(|score| score.misread));
        println!("{set}: {exact} of {all} read as a careful reader does, {misread} state what they should not");
        for (language, score) in &by_language {
            println!("  {language}: {} of {}, {}", score.exact, score.all, score.misread);
        }
        assert!(all >= 60, "sentences of {set}");
        assert!(misread <= misread_max, "{set}: {misread} sentences state what they should not");
        assert!(exact as f64 >= all as f64 * exact_min, "{set}: only {exact} of {all} are read as a careful reader does");
    }
}

fn sentences(set: &str) -> Vec<Sentence> {
    let lines = include_str!("../doubt/sentences.tsv").lines().filter(|line| !line.starts_with('#'));
    let fields = lines.map(|line| <[&str; 5]>::try_from(line.split('\t').collect::<Vec<_>>()).expect("five fields"));
    fields
        .filter(|[_, of, ..]| *of == set)
        .map(|[language, _, statuses, relation, text]| Sentence {
            language,
            statuses: statuses.split('/').collect(),
            relation: <[&str; 3]>::try_from(relation.split('|').collect::<Vec<_>>()).expect("subject, predicate, object"),
            text,
        })
        .collect()
}

impl Sentence {
    fn score(&self, shows: bool, score: &mut Score) {
        let relations = analyse(self.text.as_bytes().to_vec(), &KNOWLEDGE).unwrap().relations;
        let told: Vec<String> = relations.iter().filter(|read| self.is_meant(read)).map(status).collect();
        let misread = relations.iter().any(|read| status(read) == "stated" && !(self.is_meant(read) && self.statuses.contains(&"stated")));
        let right = told.iter().any(|told| self.statuses.contains(&told.as_str())) || self.statuses == ["none"];
        if shows && (misread || !right) {
            let all: Vec<String> = relations.iter().map(|r| format!("{} {} {}: {}", r.subject, r.predicate, r.object, status(r))).collect();
            println!("{} {}\n    wanted {}, read {all:?}", if misread { "MISREAD" } else { "other  " }, self.text, self.statuses.join("/"));
        }
        score.all += 1;
        score.exact += usize::from(right && !misread);
        score.misread += usize::from(misread);
    }

    /// Whether a relation is the one that the sentence is about; of `cooperates-with`, either way round.
    fn is_meant(&self, read: &Relation) -> bool {
        let [subject, predicate, object] = self.relation;
        let ends = [read.subject.as_str(), read.object.as_str()];
        let is_mutual = predicate == "cooperates-with" && ends == [object, subject];
        read.predicate == predicate && (ends == [subject, object] || is_mutual)
    }
}

fn status(read: &Relation) -> String {
    json!(read.status).as_str().map(str::to_owned).unwrap()
}

fn read(text: &str) -> Analysis {
    analyse(text.as_bytes().to_vec(), &KNOWLEDGE).unwrap()
}

/// `not before` is no `before`, in whatever part of its clause the negation stands.
#[test]
fn bounds_turn_with_a_negation() {
    for (text, wanted) in [
        ("The plant opens before 2025.", "../2025"),
        ("The plant opens not before 2025.", "2025/.."),
        ("The plant will not open before 2025.", "2025/.."),
        ("The plant didn’t open until March 2025.", "2025-03/.."),
        ("The plant opens no later than 2025.", "../2025"),
        ("The plant will not open by 2025.", "2025"),
        ("The plant never stops, and opens before 2025; it isn't old.", "../2025"),
        ("Das Werk öffnet nicht vor 2025.", "2025/.."),
        ("Das Werk öffnet vor 2025.", "../2025"),
        ("Das Werk öffnet frühestens 2025.", "2025/.."),
        ("Das Werk öffnet spätestens 2025.", "../2025"),
        ("L'usine n’ouvrira pas avant 2025.", "2025/.."),
        ("L'usine ouvrira avant 2025.", "../2025"),
        ("Завод откроется не ранее 2025 года.", "2025/.."),
        ("Завод откроется до 2025 года.", "../2025"),
        ("Завод відкриють не раніше 2025 року.", "2025/.."),
        ("Завод відкриють не пізніше 2025 року.", "../2025"),
        ("工厂不早于2025年开工。", "2025/.."),
        ("工厂不迟于2025年开工。", "../2025"),
    ] {
        let dates: Vec<String> = read(text).dated_facts.into_iter().map(|fact| fact.date).collect();
        assert_eq!(dates, [wanted], "{text}");
    }
}

#[test]
fn figures_and_dates_say_when_they_are_not_stated() {
    for (text, figure, date) in [
        ("Poland bought 48 tanks in 2023.", Some(Status::Stated), Some(Status::Stated)),
        ("Poland did not buy 48 tanks in 2023.", Some(Status::Denied), Some(Status::Denied)),
        ("Poland may have bought 48 tanks.", Some(Status::Hedged), None),
        ("Did Poland buy 48 tanks?", Some(Status::Asked), None),
        ("Poland will buy 48 tanks in 2027.", Some(Status::Planned), Some(Status::Planned)),
        ("If the law passes, Poland buys 48 tanks.", Some(Status::Conditional), None),
        ("Poland bought no fewer than 48 tanks in May 2023.", Some(Status::Stated), Some(Status::Stated)),
        ("Polen hat keine 48 Panzer gekauft.", Some(Status::Denied), None),
        ("La Pologne n’a pas acheté 48 chars.", Some(Status::Denied), None),
        ("Польша не купила 48 танков.", Some(Status::Denied), None),
        ("Польща не купила 48 танків.", Some(Status::Denied), None),
        ("波兰没有购买48辆坦克。", Some(Status::Denied), None),
        ("Das Werk öffnet nicht vor 2025.", None, Some(Status::Stated)),
    ] {
        let analysis = read(text);
        assert_eq!(analysis.figures.first().map(|figure| figure.status), figure, "{text}");
        assert_eq!(analysis.dated_facts.first().map(|fact| fact.status), date, "{text}");
    }
}

#[test]
fn a_later_denial_stands_beside_what_it_denies() {
    let said = |text: &str| read(text).relations.into_iter().map(|read| read.status).collect::<Vec<_>>();
    assert_eq!(said("France signed the AI Act. Later it emerged: France did not sign the AI Act."), [Status::Stated, Status::Denied]);
    assert_eq!(said("France signed the AI Act. France signed the AI Act."), [Status::Stated], "what is said twice is there once");
}

#[test]
fn numbers_of_articles_are_no_figures() {
    for text in [
        "Article 5 applies, and article 6 does not.",
        "Artikel 5 gilt, § 3 Absatz 2 auch.",
        "L’article 5 s’applique.",
        "Статья 5 действует.",
        "Стаття 5 діє.",
        "第五条适用。",
    ] {
        assert!(read(text).figures.is_empty(), "{text}: {:?}", read(text).figures);
    }
}

/// What is quoted around dates and what is read of one endless line grows with the line, not with its square.
#[test]
fn what_is_read_grows_with_the_text() {
    let quoted = |times: usize| {
        let text = "2023年5月北约和法国在柏林讨论了3份《北大西洋公约》，".repeat(times);
        let analysis = read(&format!("{text}终"));
        let (facts, bytes) = (analysis.dated_facts.len(), analysis.dated_facts.iter().map(|fact| fact.what.len()).sum::<usize>());
        assert!(facts > 0 && bytes <= facts * SENTENCE_BYTES_MAX);
        bytes
    };
    assert!(quoted(600) <= quoted(300) * 5 / 2);
}
