//! Which lines of a page are its main text: `trafilatura` says what the text is, and its words are found again in the page.

use super::align;
use super::entity;
use super::outline::{Break, Outline};
use rustc_hash::FxHasher;
use std::hash::Hasher;
use std::panic::{AssertUnwindSafe, catch_unwind};
use trafilatura::{ExtractResult, HtmlDateMode, Options};

/// A line is part of the text if so many hundredths of its words are.
const LINE_HUNDREDTHS_MIN: usize = 50;
/// So many hundredths of what a page shows, and nobody else is asked for its main text.
const SHOWN_HUNDREDTHS_MIN: usize = 25;
/// So many hundredths of the chosen words must be found again, or what was chosen is no part of the page.
const FOUND_HUNDREDTHS_MIN: usize = 50;

/// What `trafilatura` makes of the page; `None` where it finds no text.
///
/// Its second opinions (other algorithms over the same page) take as long as everything else together and change nothing where its own answer
/// is most of what the page shows: they are asked for the rest.
pub(super) fn main_text(outline: &Outline) -> Option<ExtractResult> {
    match extracted(&outline.bare, false) {
        Some(found) if found.content_text.len() * 100 >= outline.shown_bytes() * SHOWN_HUNDREDTHS_MIN => Some(found),
        first => extracted(&outline.bare, true).or(first),
    }
}

fn extracted(page: &str, with_fallback: bool) -> Option<ExtractResult> {
    // Dates are read by us: there they depend on the year in which they are read.
    let options = Options::default().with_fallback(with_fallback).with_exclude_comments(true).with_html_date_mode(HtmlDateMode::Disabled);
    // A page that another's code gives up on is read whole, and those beside it are read as well.
    let found = catch_unwind(AssertUnwindSafe(|| trafilatura::extract(page, &options)));
    found.ok()?.ok().filter(|found| !found.content_text.trim().is_empty())
}

/// For each line of the page, whether it is part of `text`; `None` if most of that is not found in the page.
pub(super) fn lines(html: &str, outline: &Outline, text: &str) -> Option<Vec<bool>> {
    let page = page_words(html, outline);
    let hashes: Vec<u64> = page.iter().map(|word| word.hash).collect();
    let text = text_words(text);
    let matched = align::matched(&hashes, &text);
    let found = matched.iter().filter(|found| **found).count();
    if found == 0 || found * 100 < text.len() * FOUND_HUNDREDTHS_MIN {
        return None;
    }
    let mut counts = vec![(0_usize, 0_usize); outline.nodes.last().map_or(0, |node| node.line + 1)];
    for (word, is_found) in page.iter().zip(matched) {
        if let Some((all, found)) = counts.get_mut(word.line) {
            *all += 1;
            *found += usize::from(is_found);
        }
    }
    Some(counts.iter().map(|(all, found)| *found > 0 && found * 100 >= all * LINE_HUNDREDTHS_MIN).collect())
}

struct Word {
    hash: u64,
    line: usize,
}

/// The words of all nodes; one may go on over inline tags.
fn page_words(html: &str, outline: &Outline) -> Vec<Word> {
    let mut words = Words::default();
    let mut found = Vec::new();
    let mut line = 0;
    for node in &outline.nodes {
        if node.after != Break::None {
            found.extend(words.end().map(|hash| Word { hash, line }));
        }
        line = node.line;
        for (c, _) in entity::characters(html, node.span) {
            words.take(c, |hash| found.push(Word { hash, line }));
        }
    }
    found.extend(words.end().map(|hash| Word { hash, line }));
    found
}

fn text_words(text: &str) -> Vec<u64> {
    let mut words = Words::default();
    let mut found = Vec::new();
    text.chars().for_each(|c| words.take(c, |hash| found.push(hash)));
    found.extend(words.end());
    found
}

/// Cuts characters into words: letters and digits together, and each character of a script without spaces alone.
#[derive(Default)]
struct Words {
    hasher: FxHasher,
    is_open: bool,
}

impl Words {
    fn take(&mut self, c: char, mut word: impl FnMut(u64)) {
        let is_alone = matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}');
        if is_alone || !c.is_alphanumeric() {
            // Marks within words are not shown; what the chooser leaves of them differs.
            if !matches!(c, '\u{ad}' | '\u{200b}' | '\u{feff}') {
                self.end().into_iter().for_each(&mut word);
            }
        }
        if is_alone && c.is_alphanumeric() {
            word(u64::from(u32::from(c)));
        } else if c.is_alphanumeric() {
            self.is_open = true;
            c.to_lowercase().for_each(|c| self.hasher.write_u32(u32::from(c)));
        }
    }

    fn end(&mut self) -> Option<u64> {
        std::mem::take(&mut self.is_open).then(|| std::mem::take(&mut self.hasher).finish())
    }
}
