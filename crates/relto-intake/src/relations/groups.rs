//! The names of a sentence as the ends of what it says: names that stand together are one.

use super::ends::Group;
use crate::entities::{Found, Meaning};
use crate::gazetteer::EntityType;
use crate::span::TextSpan;

/// The names of a sentence, those that stand together as one.
pub(super) fn groups(text: &str, span: TextSpan, names: &[Found]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut inside = crate::analysis::within(names, span).iter().filter(|name| span.contains(name.span)).peekable();
    while let Some(name) = inside.next() {
        let (label, kind) = end(&name.meaning);
        // Two places with a comma between and no list behind them are a town and its country.
        let goes_on = inside.peek().and_then(|next| text.get(name.span.to..next.span.from)).is_some_and(is_joined);
        let between = groups.last().and_then(|last| text.get(last.span.to..name.span.from)).unwrap_or("—");
        match groups.last_mut() {
            Some(last) if is_explained(between) && text.get(name.span.to..).is_some_and(|rest| rest.starts_with([')', '）'])) => {
                last.span.to = name.span.to;
            }
            Some(last) if kind == EntityType::Place && last.members.len() == 1 && between.trim() == "," && !goes_on => {
                groups.push(Group { span: name.span, members: vec![(label, kind)], is_oblique: is_oblique(text, name.span) });
            }
            Some(last) if is_joined(between) && last.members.iter().all(|(_, other)| *other == kind) => {
                last.span.to = name.span.to;
                last.members.push((label, kind));
            }
            _ => groups.push(Group { span: name.span, members: vec![(label, kind)], is_oblique: is_oblique(text, name.span) }),
        }
    }
    groups
}

/// Whether the first word of a Slavic name ends as in no nominative.
fn is_oblique(text: &str, span: TextSpan) -> bool {
    const ENDINGS: [&str; 14] = ["ии", "ії", "е", "у", "ю", "ой", "ей", "ою", "єю", "ею", "ом", "ем", "ям", "ах"];
    let name = text.get(span.range()).unwrap_or_default();
    let word = name.split([' ', '-']).next().unwrap_or_default();
    let is_cyrillic = word.chars().all(|c| matches!(c, '\u{400}'..='\u{4ff}')) && word.chars().any(char::is_lowercase);
    is_cyrillic && !word.ends_with("ое") && !word.ends_with("ство") && ENDINGS.iter().any(|ending| word.ends_with(ending))
}

fn end(meaning: &Meaning) -> (String, EntityType) {
    match meaning {
        Meaning::One(named) => (named.name.clone(), named.kind),
        Meaning::Ambiguous(name, candidates) => (name.clone(), candidates.first().map_or(EntityType::Organisation, |first| first.kind)),
    }
}

fn is_explained(between: &str) -> bool {
    matches!(between.trim(), "(" | "（" | "”(" | "》(")
}

/// What stands between two names, without the marks that close one and open the other.
pub(super) fn bare(between: &str) -> String {
    between.replace(['»', '«', '”', '“', '„', '"', '「', '」', '》', '《'], "")
}

/// Only a comma, a word for "and" or "or", and articles between two names.
fn is_joined(between: &str) -> bool {
    // 中美.
    if between.is_empty() {
        return true;
    }
    const JOINS: &str = ", 、 and und et и і й та 和 与 及 以及 or oder ou nor ni ни ні noch или або";
    const ARTICLES: &str = "the la le les l' l’ die der das den dem) )";
    let spaced = bare(between).replace(',', " , ").replace(')', " ) ").replace("l'", " l' ").replace("l’", " l’ ");
    let mut parts = spaced.split_whitespace().peekable();
    let is_join = |part: &str| JOINS.split(' ').any(|join| join == part);
    let has_join = spaced.split_whitespace().any(is_join);
    has_join && parts.all(|part| is_join(part) || ARTICLES.split(' ').any(|article| article == part))
}
