//! Stories on texts of our own: their order, what each added, stitched documents, haste, and that arrival leaves no trace.

use super::*;
use crate::copies::Document;
use crate::knowledge::Knowledge;
use crate::raw::Raw;
use proptest::prelude::*;
use relto_model::Timestamp;
use std::sync::LazyLock;

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| Knowledge::builtin().unwrap());

const HARBOUR: &str = "The harbour office closed the northern quay on Monday after divers had found cracks in two of its pillars. \
    Ferries to the islands will leave from the old fish market until the engineers have finished their report in the spring. ";
const HOSPITAL: &str = "Nurses at the district hospital have asked for smaller wards since the beginning of the year. The ministry \
    answered that money for a new building can be found only if the county sells the former barracks beside the railway. ";

fn document(text: &str, name: &str, hour: usize) -> Document {
    let raw = Raw::new(text.as_bytes().to_vec());
    let published = Timestamp::parse(&format!("2026-03-{:02}T{:02}:00:00Z", 1 + hour / 24, hour % 24)).unwrap();
    Document::new(&raw, &raw.decode(), name, published, &KNOWLEDGE).unwrap()
}

fn told(documents: &[(&str, &str, usize)]) -> Vec<Story> {
    let mut index = Index::default();
    documents.iter().for_each(|(text, name, hour)| {
        index.add(document(text, name, *hour));
    });
    stories(&index)
}

fn names(story: &Story) -> Vec<&str> {
    story.members.iter().map(|member| member.key.name.as_str()).collect()
}

#[test]
fn members_stand_in_order_with_what_they_added_and_left_out() {
    let later = format!("Exclusive! {}", HARBOUR.replace("to the islands ", "of every size ").replace(" in the spring", ""));
    let stories = told(&[(&later, "later", 9), (HOSPITAL, "another", 3), (HARBOUR, "first", 2)]);
    assert_eq!(stories.iter().map(names).collect::<Vec<_>>(), [["first", "later"]]);
    let origin = stories[0].members[1].origin.as_ref().unwrap();
    assert_eq!((origin.key.name.as_str(), origin.kind), ("first", Kind::Near));
    assert_eq!(origin.added.iter().map(|span| &later[span.from..span.to]).collect::<Vec<_>>(), ["Exclusive", "of every size"]);
    let left_out: Vec<&str> = origin.left_out.iter().map(|span| &HARBOUR[span.from..span.to]).collect();
    assert_eq!(left_out, ["to the islands", "in the spring"]);
    assert!(stories[0].members[0].origin.is_none() && stories[0].coordination.is_none());
}

#[test]
fn a_stitched_document_is_of_both_stories_and_makes_them_no_one() {
    let both = format!("{HARBOUR}{HOSPITAL}");
    let found = told(&[(HARBOUR, "harbour", 1), (HOSPITAL, "hospital", 2), (&both, "both", 3)]);
    assert_eq!(found.iter().map(names).collect::<Vec<_>>(), [["harbour", "both"], ["hospital", "both"]]);
    assert!(found.iter().all(|story| story.members[1].is_stitched && !story.members[0].is_stitched));
    // Cuts of one text that came after it are its copies, though they share nothing.
    let (front, back) = both.split_at(HARBOUR.len());
    let found = told(&[(&both, "whole", 1), (front, "front", 2), (back, "back", 3)]);
    assert_eq!(found.iter().map(names).collect::<Vec<_>>(), [["whole", "front", "back"]]);
}

#[test]
fn two_stories_that_a_document_shows_to_be_one_are_one() {
    // The first and the third share too little to be copies; the fourth has most of each, in the same stretches.
    let words: Vec<&str> = HARBOUR.split(' ').collect();
    let without = |keep: fn(usize) -> bool| {
        words.iter().enumerate().map(|(at, word)| if keep(at) { *word } else { "somehow" }).collect::<Vec<_>>().join(" ")
    };
    let (front, back) = (without(|at| at < 24), without(|at| at > 14));
    let found = told(&[(&front, "front", 1), (&back, "back", 2), (HARBOUR, "whole", 3)]);
    let all: BTreeSet<&str> = found.iter().flat_map(names).collect();
    assert_eq!((found.len(), all.len()), (1, 3), "{:?}", found.iter().map(names).collect::<Vec<_>>());
}

#[test]
fn haste_under_many_names_looks_coordinated() {
    let within = |hours: [usize; 3], names: [&'static str; 3]| {
        let found = told(&[(HARBOUR, names[0], hours[0]), (HARBOUR, names[1], hours[1]), (HARBOUR, names[2], hours[2])]);
        found.first().and_then(|story| story.coordination.clone()).map(|coordination| coordination.names.len())
    };
    assert_eq!(within([1, 2, 6], ["a", "b", "c"]), Some(3));
    assert_eq!(within([1, 2, 30], ["a", "b", "c"]), None);
    assert_eq!(within([1, 2, 6], ["a", "b", "b"]), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn arrival_and_hidden_documents_leave_no_trace(
        choices in proptest::collection::vec((proptest::collection::vec(0_usize..6, 1..6), 0_usize..40), 2..12),
        order in proptest::collection::vec(0_usize..1_000, 12),
        hidden in proptest::collection::vec(proptest::collection::vec(0_usize..6, 1..6), 0..10),
    ) {
        let sentences: Vec<&str> = HARBOUR.split_inclusive(". ").chain(HOSPITAL.split_inclusive(". ")).chain([" Rain is expected in all districts until the end of the week. ", " None of the offices that were asked wanted to say anything. "]).collect();
        let text = |choice: &[usize]| choice.iter().map(|at| sentences[*at]).collect::<String>();
        let documents: Vec<Document> = choices.iter().enumerate().map(|(number, (choice, hour))| document(&text(choice), &format!("site {}", number % 5), *hour)).collect();
        let mut index = Index::default();
        documents.iter().for_each(|document| { index.add(document.clone()); });
        let wanted = serde_json::to_string(&stories(&index)).unwrap();

        let mut other = Index::default();
        let hidden: Vec<Document> = hidden.iter().enumerate().map(|(number, choice)| document(&text(choice), &format!("hidden {number}"), number)).collect();
        hidden.iter().for_each(|document| { other.add(document.clone()); });
        let mut shuffled: Vec<(usize, &Document)> = order.iter().copied().zip(&documents).collect();
        shuffled.sort_by_key(|(place, _)| *place);
        shuffled.into_iter().for_each(|(_, document)| { other.add(document.clone()); });
        hidden.iter().for_each(|document| { other.remove(document.key()); });
        prop_assert_eq!(serde_json::to_string(&stories(&other)).unwrap(), wanted);
    }
}
