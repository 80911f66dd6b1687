//! Kinds of copies on texts of our own, common text, and what must hold for any documents in any order.

use super::*;
use crate::knowledge::Knowledge;
use crate::raw::Raw;
use proptest::prelude::*;
use relto_model::Timestamp;
use std::sync::LazyLock;

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| Knowledge::builtin().unwrap());

const HARBOUR: &str = "The harbour office closed the northern quay on Monday after divers had found cracks in two of its pillars. \
    Ferries to the islands will leave from the old fish market until the engineers have finished their report in the spring.";
const HOSPITAL: &str = "Nurses at the district hospital have asked for smaller wards since the beginning of the year. The ministry \
    answered that money for a new building can be found only if the county sells the former barracks beside the railway.";
const FOOTER: &str = " This page is kept by the joint press service of the nine northern districts. Whoever wants to print one of its \
    texts asks the service beforehand, names it beside the text and sends two copies of the issue to its archive in the town hall.";

fn document(text: &str, name: &str, hour: u8) -> Document {
    let raw = Raw::new(text.as_bytes().to_vec());
    let published = Timestamp::parse(&format!("2026-03-01T{hour:02}:00:00Z")).unwrap();
    Document::new(&raw, &raw.decode(), name, published, &KNOWLEDGE).unwrap()
}

/// The kind of copy that two texts are, with all of `others` in the index.
fn kind_among(one: &str, other: &str, others: &[String]) -> Option<Kind> {
    let mut index = Index::default();
    for (number, text) in others.iter().enumerate() {
        index.add(document(text, &format!("other {number}"), 1));
    }
    index.add(document(one, "one", 2));
    let found = index.add(document(other, "other", 3));
    let pair = found.into_iter().find(|pair| pair.first.name == "one")?;
    Some(pair.found.kind)
}

fn kind(one: &str, other: &str) -> Option<Kind> {
    kind_among(one, other, &[])
}

#[test]
fn kinds_of_copies() {
    let edited = HARBOUR.replace("on Monday", "early on Monday morning").replace("engineers", "builders");
    let digest = format!("{HOSPITAL} {FOOTER} {HARBOUR} {}", "Rain is expected in all districts until the end of the week. ".repeat(9));
    let cases = [
        (HARBOUR.to_owned(), HARBOUR.to_uppercase().replace(' ', " \n"), Some(Kind::Exact)),
        (HARBOUR.to_owned(), edited, Some(Kind::Near)),
        (HARBOUR.to_owned(), HARBOUR.chars().take(120).collect(), Some(Kind::Near)),
        (HARBOUR.to_owned(), digest, Some(Kind::Contained)),
        (HARBOUR.to_owned(), HOSPITAL.to_owned(), None),
        ("港口管理局在去年夏天完成了三座碼頭的擴建".to_owned(), "港口管理局在去年夏天完成了三座码头的扩建。".to_owned(), Some(Kind::Exact)),
        ("港口管理局".to_owned(), "港口管理局说".to_owned(), None),
        (String::new(), String::new(), None),
    ];
    for (one, other, wanted) in cases {
        assert_eq!(kind(&one, &other), wanted, "{one}\n{other}");
    }
}

#[test]
fn laundered_words_are_levelled() {
    let author = "双方在技术领域的竞争推动了战略重点的发展，但是各国的优势并不稳定。报告指出，关键情报的共享与安全标准的建立，是增强国防能力的条件。";
    let laundered =
        "双方在手艺范畴的合作鞭策了计谋沉点的成长，可是列国的劣势并不变。演讲指出，环节谍报的共享与平安尺度的成立，是加强国防能力的前提。";
    assert_eq!(kind(author, laundered), Some(Kind::Laundered));
}

#[test]
fn common_text_joins_nothing_and_popular_text_does() {
    let page = |number: usize| format!("{} {FOOTER}", notice(number));
    let pages: Vec<String> = (0..12).map(page).collect();
    assert_eq!(kind(&page(20), &page(21)), Some(Kind::Near), "two pages alone: nothing says that the footer is one");
    assert_eq!(kind_among(&page(20), &page(21), &pages), None);
    // A cut with something else beside it: what it lacks is in the other copies, so the text is popular and no footer.
    let fuller: Vec<String> = (0..12).map(|number| format!("{HARBOUR} {} {HOSPITAL}", number * 7)).collect();
    assert_eq!(kind_among(&format!("{HARBOUR} {}", notice(99)), &format!("{HARBOUR} {HOSPITAL}"), &fuller), Some(Kind::Near));
    let copies: Vec<String> = (0..12).map(|number| HARBOUR.replace("Monday", &format!("day {number}"))).collect();
    assert_eq!(kind_among(HARBOUR, &HARBOUR.replace("spring", "autumn"), &copies), Some(Kind::Near));
}

/// A notice of its own for each number: words that no other has, in a long stretch.
fn notice(number: usize) -> String {
    (0..18).map(|word| format!("w{}q{} ", number * 977 + word * 31, word * number)).collect()
}

#[test]
fn spans_are_raw_bytes() {
    let other = format!("\u{feff}Update: {}", HARBOUR.replace("on Monday", "last week"));
    let mut index = Index::default();
    index.add(document(HARBOUR, "one", 1));
    let pair = index.add(document(&other, "two", 2)).remove(0);
    let quotes: Vec<(&str, &str)> =
        pair.found.stretches.iter().map(|(ours, theirs)| (&HARBOUR[ours.from..ours.to], &other[theirs.from..theirs.to])).collect();
    assert_eq!(quotes.len(), 2);
    assert!(quotes.iter().all(|(ours, theirs)| ours == theirs), "{quotes:?}");
    assert_eq!(pair.found.first_own.iter().map(|span| &HARBOUR[span.from..span.to]).collect::<Vec<_>>(), ["on Monday"]);
    assert_eq!(pair.found.second_own.iter().map(|span| &other[span.from..span.to]).collect::<Vec<_>>(), ["last week"]);
}

/// Documents that share sentences as `choices` say.
fn documents(choices: &[Vec<usize>]) -> Vec<Document> {
    let sentences: Vec<&str> = HARBOUR.split(". ").chain(HOSPITAL.split(". ")).chain(FOOTER.split(". ")).collect();
    let text = |choice: &Vec<usize>| choice.iter().map(|at| format!("{}. ", sentences[at % sentences.len()])).collect::<String>();
    choices.iter().enumerate().map(|(number, choice)| document(&text(choice), &format!("site {number}"), 1 + (number % 20) as u8)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn order_and_removed_documents_leave_no_trace(
        choices in proptest::collection::vec(proptest::collection::vec(0_usize..8, 1..5), 2..14),
        strangers in proptest::collection::vec(proptest::collection::vec(0_usize..8, 1..5), 0..12),
        turn in 0_usize..14,
    ) {
        let wanted = documents(&choices);
        let mut index = Index::default();
        wanted.iter().for_each(|document| { index.add(document.clone()); });
        let pairs = serde_json::to_string(&index.pairs()).unwrap();

        let mut other = Index::default();
        let strangers: Vec<Document> = strangers.iter().enumerate().map(|(number, choice)| {
            let text = documents(std::slice::from_ref(choice)).remove(0).key().sha256.clone();
            document(&format!("{FOOTER} {HARBOUR} {text}"), &format!("hidden {number}"), 0)
        }).collect();
        strangers.iter().for_each(|document| { other.add(document.clone()); });
        let (late, early) = wanted.split_at(turn.min(wanted.len()));
        early.iter().chain(late).rev().for_each(|document| { other.add(document.clone()); });
        strangers.iter().for_each(|document| { assert!(other.remove(document.key())); });
        prop_assert_eq!(&serde_json::to_string(&other.pairs()).unwrap(), &pairs);

        // What an addition answers is what all pairs say of it.
        let last = wanted.last().unwrap();
        let answered = index.copies_of(last.key());
        let told = index.pairs().into_iter().filter(|pair| pair.first == *last.key() || pair.second == *last.key());
        prop_assert_eq!(answered, told.collect::<Vec<_>>());
    }
}
