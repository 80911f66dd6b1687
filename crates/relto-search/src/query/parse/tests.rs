//! Queries as they are understood, and what is said of those that are not.

use std::sync::LazyLock;

use proptest::prelude::*;
use relto_intake::chinese::{self, script::Script};

use super::super::pieces::Atom;
use super::*;
use crate::words::Segmenter;

static SCRIPT: LazyLock<Script> = LazyLock::new(chinese::script);

fn read(query: &str) -> Result<Query, ParseError> {
    parse(query, &Reading { script: &SCRIPT, segmenter: Segmenter::builtin().unwrap() })
}

/// The query as it was understood, with parentheses around everything.
fn shown(query: &Query) -> String {
    let all = |parts: &[Query], sign: &str| format!("({})", parts.iter().map(shown).collect::<Vec<_>>().join(sign));
    match query {
        Query::All(parts) => all(parts, " "),
        Query::Any(parts) => all(parts, " OR "),
        Query::Not(part) => format!("-{}", shown(part)),
        Query::Text(Text { property, phrase, written }) => {
            let atoms = phrase.0.iter().map(|(at, atom)| match atom {
                Atom::Is(term) => format!("{at}{term}"),
                Atom::Begins(term) => format!("{at}{term}*"),
            });
            let property = property.as_ref().map(|name| format!("{name}:")).unwrap_or_default();
            format!("{property}<{}>{}", atoms.collect::<Vec<_>>().join(" "), if written.is_some() { "'" } else { "" })
        }
        Query::Id { itself, references, .. } => format!("id({itself},{references})"),
        Query::Kind(kind) => format!("kind:{kind}"),
        Query::Collection(name) => format!("collection:{name}"),
        Query::Label(words) => format!("label:{words}"),
        Query::After(at) => format!("after:{}", Stamp(*at)),
        Query::Before(at) => format!("before:{}", Stamp(*at)),
    }
}

#[test]
fn queries_are_understood() {
    let id = "indicator--00000000-0000-4000-8000-000000000001";
    for (query, expected) in [
        ("bear", "<0bear>'"),
        ("Fancy  BEAR", "(<0fancy>' <0bear>')"),
        ("\"fancy bear\" nest", "(<0fancy 1bear> <0nest>')"),
        ("bear OR eagle nest", "(<0bear>' OR (<0eagle>' <0nest>'))"),
        ("(bear OR eagle) nest", "((<0bear>' OR <0eagle>') <0nest>')"),
        ("bear -\"white eagle\" -(a OR b)", "(<0bear>' -<0white 1eagle> -(<0a>' OR <0b>'))"),
        ("hack*", "<0hack*>"),
        ("evil.example.com", "<0evil 1example 2com>"),
        ("https://example.com/x", "<0https 1example 2com 3x>"),
        ("人工智能合作", "(<0人工 1工智 2智能> <0合作>)"),
        ("\"人工智能合作\"", "<0人工 1工智 2智能 3能合 4合作>"),
        ("\"AI 軍事 plan\"", "<0ai 1军事 3plan>"),
        ("美", "<0美*>"),
        ("name:bear", "name:<0bear>"),
        ("name:\"fancy bear\"", "name:<0fancy 1bear>"),
        ("-kind:report bear", "(-kind:report <0bear>')"),
        ("type:Report", "kind:report"),
        ("label:\"NATO SECRET\"", "label:NATO SECRET"),
        ("after:2026 before:2026-05", "(after:2026-01-01T00:00:00.000000Z before:2026-05-01T00:00:00.000000Z)"),
        ("after:2026-05-31", "after:2026-05-31T00:00:00.000000Z"),
        (id, "id(true,true)"),
        (&format!("ref:{id}"), "id(false,true)"),
        ("bear & — eagle", "(<0bear>' <0eagle>')"),
    ] {
        assert_eq!(shown(&read(query).unwrap()), expected, "{query:?}");
    }
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    for (query, at, reason) in [
        ("", 1, "nothing to look for"),
        ("  … ", 1, "nothing to look for"),
        ("é \"b", 3, "quotation mark is not closed"),
        ("(a", 1, "not closed"),
        ("a)", 2, "closes nothing"),
        ("a name:", 3, "`name:` does not say"),
        ("-a", 1, "only what is to be absent"),
        ("a OR -b", 1, "only what is to be absent"),
        ("OR a", 1, "nothing before this OR"),
        ("a OR", 4, "nothing after this OR"),
        ("after:soon", 1, "`soon` is not a date"),
        ("id:bear", 1, "not an object id"),
        (&"(".repeat(DEPTH_MAX + 1), DEPTH_MAX + 1, "16 deep"),
        (&"a ".repeat(PARTS_MAX + 1), PARTS_MAX * 2 + 1, "64 things"),
        (&"a".repeat(CHARS_MAX + 1), CHARS_MAX, "2000 characters"),
    ] {
        let error = read(query).unwrap_err();
        assert!(error.at == at && error.reason.contains(reason), "{query:?}: {error:?}");
    }
}

proptest! {
    #[test]
    fn no_query_panics(query in "\\PC{0,60}|[ab( )\"OR:*-]{0,60}") {
        if let Err(error) = read(&query) {
            prop_assert!(error.at >= 1 && error.at <= query.chars().count() + 1);
        }
    }
}
