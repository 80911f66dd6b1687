//! Where a query fits in an object: pieces of its text, with what fits marked.
//!
//! Made of the object that its reader was cleared for and of the query, of nothing else.

use std::collections::HashMap;

use relto_intake::chinese::script::Script;
use relto_store::Excerpt;

use crate::content::{Content, Property};
use crate::query::{Atom, Phrase, Query};
use crate::words::{Token, tokens};

/// Characters before the first mark.
const CHARS_BEFORE: usize = 60;
/// Characters of a piece.
const CHARS_MAX: usize = 240;
/// Stands where text was left out.
const LEFT_OUT: char = '…';

/// The pieces of the object in `body` in which `query` fits best; at most `most`.
pub(crate) fn mark(query: &Query, body: &[u8], most: usize, script: &Script) -> Vec<Excerpt> {
    let object: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let Some(content) = Content::of(&object) else { return Vec::new() };
    let texts = query.texts();
    let mut found: Vec<(usize, Excerpt)> = Vec::new();
    for property in &content.properties {
        let terms = tokens(&property.text, script);
        let (mut marks, mut fitting) = (Vec::new(), 0);
        for text in &texts {
            let is_meant = text.property.as_ref().map_or(!property.is_value, |name| name == property.name);
            let here = if is_meant { places(&text.phrase, &terms) } else { Vec::new() };
            fitting += usize::from(!here.is_empty());
            marks.extend(here);
        }
        if fitting > 0 {
            found.push((fitting, excerpt(property, merged(marks))));
        }
    }
    // More of the query first; then as the object has them.
    found.sort_by_key(|(fitting, _)| std::cmp::Reverse(*fitting));
    found.truncate(most);
    found.into_iter().map(|(_, excerpt)| excerpt).collect()
}

/// Where `phrase` stands among `terms`, as bytes.
fn places(phrase: &Phrase, terms: &[Token]) -> Vec<(usize, usize)> {
    let by_position: HashMap<usize, &Token> = terms.iter().map(|token| (token.position, token)).collect();
    let mut places = Vec::new();
    let Some((first, rest)) = phrase.0.split_first() else { return places };
    for token in terms.iter().filter(|token| fits(&first.1, token)) {
        let at = |offset: usize| by_position.get(&(token.position + offset - first.0)).copied();
        let others: Option<Vec<&Token>> = rest.iter().map(|(offset, atom)| at(*offset).filter(|token| fits(atom, token))).collect();
        if let Some(others) = others {
            // What begins a pair of characters is the first of them alone.
            let end = |atom: &Atom, token: &Token| match atom {
                Atom::Begins(begin) if is_one(begin) => token.from + begin.len(),
                _ => token.to,
            };
            let ends = others.iter().zip(rest).map(|(token, (_, atom))| end(atom, token));
            places.push((token.from, ends.fold(end(&first.1, token), usize::max).min(terms.last().map_or(0, |last| last.to))));
        }
    }
    places
}

fn is_one(begin: &str) -> bool {
    begin.chars().count() == 1 && begin.len() > 2
}

fn fits(atom: &Atom, token: &Token) -> bool {
    match atom {
        Atom::Is(term) => *term == token.term,
        Atom::Begins(begin) => token.term.starts_with(begin),
    }
}

fn merged(mut marks: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    marks.sort_unstable();
    let mut all: Vec<(usize, usize)> = Vec::new();
    for (from, to) in marks {
        match all.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => all.push((from, to)),
        }
    }
    all
}

/// The piece of `property` around the first of `marks`.
fn excerpt(property: &Property<'_>, marks: Vec<(usize, usize)>) -> Excerpt {
    let text = property.text.as_ref();
    let first = marks.first().map_or(0, |(from, _)| *from);
    let before: Vec<usize> = text.char_indices().map(|(at, _)| at).take_while(|at| *at <= first).collect();
    let from = before.iter().rev().nth(CHARS_BEFORE).copied().unwrap_or(0);
    let to = text.get(from..).and_then(|rest| rest.char_indices().nth(CHARS_MAX)).map_or(text.len(), |(at, _)| from + at);
    let mut piece = String::new();
    if from > 0 {
        piece.push(LEFT_OUT);
    }
    let shift = piece.len();
    piece.push_str(text.get(from..to).unwrap_or_default());
    if to < text.len() {
        piece.push(LEFT_OUT);
    }
    let within = marks.into_iter().filter(|(mark, end)| *mark >= from && *mark < to && *end > from);
    let is_border = |at: &usize| text.is_char_boundary(*at);
    let marks =
        within.filter(|(mark, end)| is_border(mark) && is_border(end)).map(|(mark, end)| (mark - from + shift, end.min(to) - from + shift));
    Excerpt { property: property.name.to_owned(), marks: marks.collect(), text: piece }
}

#[cfg(test)]
mod tests {
    use relto_intake::chinese;
    use serde_json::json;

    use super::*;
    use crate::query::{Reading, parse};
    use crate::words::Segmenter;

    fn check(query: &str, description: &str, expected: &str) {
        let (script, segmenter) = (chinese::script(), Segmenter::builtin().unwrap());
        let query = parse(query, &Reading { script: &script, segmenter }).unwrap();
        let id = "note--00000000-0000-4000-8000-000000000001";
        let body = json!({"id": id, "name": "unsaid", "description": description, "confidence": 85}).to_string();
        let shown: Vec<String> = mark(&query, body.as_bytes(), 2, &script)
            .into_iter()
            .map(|excerpt| {
                let mut text = excerpt.text.clone();
                for (from, to) in excerpt.marks.iter().rev() {
                    text.insert(*to, ']');
                    text.insert(*from, '[');
                }
                format!("{}: {text}", excerpt.property)
            })
            .collect();
        assert_eq!(shown.join(" | "), expected, "{query:?}");
    }

    #[test]
    fn what_fits_is_marked() {
        check("bear", "A Bear, a béar.", "description: A [Bear], a [béar].");
        check("\"fancy bear\"", "fancy: bear bear fancy", "description: [fancy: bear] bear fancy");
        check("hack* bear", "hackers and bears", "description: [hackers] and bears");
        check("人工智能", "發展人工智能技術", "description: 發展[人工智能]技術");
        check("军事", "軍事合作", "description: [軍事]合作");
        check("美", "中美关系，美", "description: 中[美]关系，[美]");
        check("-bear eagle", "a bear, an eagle", "description: a bear, an [eagle]");
        check("confidence:85", "85", "confidence: [85]");
        check("absent OR unsaid", "nothing", "name: [unsaid]");
        check("kind:note", "nothing", "");
    }

    #[test]
    fn long_texts_are_cut_around_what_fits() {
        let long = format!("{} bear {}", "前".repeat(200), "é".repeat(400));
        check("bear", &long, &format!("description: …{} [bear] {}…", "前".repeat(59), "é".repeat(175)));
    }
}
