//! Words and phrases of a query, as the index can be asked for them.

use crate::words::{Run, runs};

use super::Reading;

/// A term, or many.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Atom {
    /// This term.
    Is(String),
    /// Every term that begins so.
    Begins(String),
}

/// Terms at distances from each other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Phrase(pub Vec<(usize, Atom)>);

impl Phrase {
    /// The one whole word that it is, if it is no more.
    pub(crate) fn as_word(&self) -> Option<&str> {
        match self.0.as_slice() {
            [(_, Atom::Is(word))] => Some(word),
            _ => None,
        }
    }
}

/// What `text` means between quotation marks: all of it, in this order. `None` when there is nothing in it to look for.
pub(crate) fn quoted(text: &str, reading: &Reading<'_>) -> Option<Phrase> {
    let (mut atoms, mut position) = (Vec::new(), 0);
    for run in runs(text, reading.script) {
        match run {
            Run::Word { term, .. } => {
                atoms.push((position, Atom::Is(term)));
                position += 1;
            }
            Run::Dense(row) => {
                let row: Vec<char> = row.into_iter().map(|(c, ..)| c).collect();
                pairs(&row, position, &mut atoms);
                position += row.len();
            }
        }
    }
    (!atoms.is_empty()).then_some(Phrase(atoms))
}

/// What `text`, written without quotation marks or spaces, means: what punctuation parts belongs together, and words of scripts without spaces do not.
/// With `begins`, the last word is the beginning of one.
pub(crate) fn plain(text: &str, begins: bool, reading: &Reading<'_>) -> Vec<Phrase> {
    let (mut phrases, mut open): (Vec<Phrase>, Vec<(usize, Atom)>) = (Vec::new(), Vec::new());
    let runs = runs(text, reading.script);
    let last = runs.len().saturating_sub(1);
    for (number, run) in runs.into_iter().enumerate() {
        match run {
            Run::Word { term, .. } => {
                let atom = if begins && number == last { Atom::Begins(term) } else { Atom::Is(term) };
                open.push((open.len(), atom));
            }
            Run::Dense(row) => {
                if !open.is_empty() {
                    phrases.push(Phrase(std::mem::take(&mut open)));
                }
                let row: Vec<char> = row.into_iter().map(|(c, ..)| c).collect();
                for word in reading.segmenter.words(&row) {
                    let mut atoms = Vec::new();
                    pairs(&word, 0, &mut atoms);
                    phrases.push(Phrase(atoms));
                }
            }
        }
    }
    if !open.is_empty() {
        phrases.push(Phrase(open));
    }
    phrases
}

/// A row of characters as the pairs in it; a single one begins a pair, or stands alone at the end of a row.
fn pairs(row: &[char], position: usize, atoms: &mut Vec<(usize, Atom)>) {
    if let [alone] = row {
        atoms.push((position, Atom::Begins(alone.to_string())));
    }
    atoms.extend(row.windows(2).enumerate().map(|(number, pair)| (position + number, Atom::Is(pair.iter().collect()))));
}
