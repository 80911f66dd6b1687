//! Words that the reader's rows have instead of one that none of them has.

use std::collections::{BTreeMap, BTreeSet};

use tantivy::query::FuzzyTermQuery;
use tantivy::{TantivyError, Term};

use super::Sight;
use super::leaf::{Rows, rows_of};
use super::plan::Plan;
use crate::query::{Atom, Phrase, Query, Text};

/// Other queries that are proposed at most.
const INSTEAD_MAX: usize = 3;
/// Words with fewer characters have no near ones: almost every word is near them.
const CHARS_MIN: usize = 3;
/// From so many characters on, two of them may be wrong.
const CHARS_OF_TWO: usize = 6;

/// `written` with other words for those that no row of the reader has; best first.
///
/// # Errors
/// When the index cannot be read.
pub(crate) fn instead(written: &str, query: &Query, plan: &Plan, sight: &Sight<'_>) -> tantivy::Result<Vec<String>> {
    let texts = query.texts();
    let mut missing: Vec<((usize, usize), Vec<String>)> = Vec::new();
    for leaf in plan.leaves.iter().filter(|leaf| leaf.is_scored && leaf.text.iter().all(Vec::is_empty)) {
        let text = leaf.of_text.and_then(|number| texts.get(number));
        if let Some(Text { property: None, phrase, written: Some(place) }) = text
            && let Some(word) = phrase.as_word()
        {
            let near = near(word, sight)?;
            if !near.is_empty() {
                missing.push((*place, near));
            }
        }
    }
    let ways = missing.iter().map(|(_, near)| near.len()).max().unwrap_or(0).min(INSTEAD_MAX);
    let proposals: Vec<String> = (0..ways).map(|way| replaced(written, &missing, way)).collect();
    Ok(proposals)
}

/// `written` with the `way`-th near word, or the last, in each place.
fn replaced(written: &str, missing: &[((usize, usize), Vec<String>)], way: usize) -> String {
    let mut text = written.to_owned();
    for ((from, to), near) in missing.iter().rev() {
        if let Some(word) = near.get(way).or(near.last())
            && text.is_char_boundary(*from)
            && text.is_char_boundary(*to)
        {
            text.replace_range(*from..*to, word);
        }
    }
    text
}

/// The words near `word` that the reader's rows have: nearest first, then by how many objects have them.
fn near(word: &str, sight: &Sight<'_>) -> tantivy::Result<Vec<String>> {
    let length = word.chars().count();
    if length < CHARS_MIN {
        return Ok(Vec::new());
    }
    let most = if length < CHARS_OF_TWO { 1 } else { 2 };
    let mut by_distance: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for term in terms_near(word, most, sight)? {
        by_distance.entry(distance(word, &term)).or_default().insert(term);
    }
    for terms in by_distance.into_values() {
        // Whether a word is among the reader's own decides, and how many others there are does not.
        let mut found = Vec::new();
        for term in terms {
            let contents = contents_having(&term, sight)?;
            found.extend((contents > 0).then_some((contents, term)));
        }
        found.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
        if !found.is_empty() {
            return Ok(found.into_iter().take(INSTEAD_MAX).map(|(_, term)| term).collect());
        }
    }
    Ok(Vec::new())
}

/// Every term of the index that is near `word`, whoever may see it.
fn terms_near(word: &str, most: u8, sight: &Sight<'_>) -> tantivy::Result<BTreeSet<String>> {
    let field = sight.means.fields.text;
    let mut terms = BTreeSet::new();
    for segment in &sight.generation.segments {
        let inverted = segment.reader.inverted_index(field)?;
        let automaton = FuzzyTermQuery::new(Term::from_field_text(field, word), most, true).automaton()?;
        let mut stream = inverted.terms().search(automaton).into_stream()?;
        while stream.advance() {
            let term = std::str::from_utf8(stream.key()).map_err(|_| TantivyError::InternalError("a term is no text".to_owned()))?;
            terms.insert(term.to_owned());
        }
    }
    Ok(terms)
}

fn contents_having(term: &str, sight: &Sight<'_>) -> tantivy::Result<u64> {
    let phrase = Phrase(vec![(0, Atom::Is(term.to_owned()))]);
    let of = |segment| rows_of(sight, segment, sight.means.fields.text, "", &phrase);
    let rows: Vec<Rows> = (0..sight.generation.segments.len()).map(of).collect::<tantivy::Result<_>>()?;
    Ok(sight.contents_in(&rows))
}

/// How many characters must be put in, left out, changed, or change places with the next, to make one of the other.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let (mut before, mut last): (Vec<usize>, Vec<usize>) = (Vec::new(), (0..=other.len()).collect());
    for (row, c) in one.iter().enumerate() {
        let mut next = vec![row + 1];
        for (column, d) in other.iter().enumerate() {
            let at = |line: &[usize], column: usize| line.get(column).copied().unwrap_or(usize::MAX / 2);
            let mut least = (at(&last, column) + usize::from(c != d)).min(at(&last, column + 1) + 1).min(at(&next, column) + 1);
            let swaps = row > 0 && column > 0 && one.get(row - 1) == Some(d) && other.get(column - 1) == Some(c);
            if swaps {
                least = least.min(at(&before, column - 1) + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut last, next);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (one, other, expected) in [
            ("bear", "bear", 0),
            ("bear", "baer", 1),
            ("bear", "ear", 1),
            ("bear", "bears", 1),
            ("", "ab", 2),
            ("медведь", "медветь", 1),
            ("ab", "cd", 2),
        ] {
            assert_eq!(distance(one, other), expected, "{one} {other}");
            assert_eq!(distance(other, one), expected, "{other} {one}");
        }
    }

    #[test]
    fn each_word_is_replaced_where_it_stands() {
        let missing = vec![((0, 4), vec!["bear".to_owned(), "beer".to_owned()]), ((9, 12), vec!["nest".to_owned()])];
        assert_eq!(replaced("baer the nst", &missing, 0), "bear the nest");
        assert_eq!(replaced("baer the nst", &missing, 1), "beer the nest");
    }
}
