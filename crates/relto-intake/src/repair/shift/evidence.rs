//! What the sound part of the document, and the language, say for a character in its place.

use super::Characters;
use crate::chinese::Chinese;
use crate::chinese::model::DocumentModel;
use crate::chinese::script::{Script, is_han};
use crate::repair::notes::NoteTable;
use rustc_hash::FxHashSet as HashSet;

/// Characters left out before and after each `?`, since they may be damaged.
const DAMAGE_BEFORE: usize = 2;
const DAMAGE_AFTER: usize = 24;

/// Costs, in natural logarithms, of a form that the document does not use.
const WRONG_SCRIPT: f64 = -8.0;
const UNSEEN_FORM: f64 = -0.3;
/// Cost of a letter of another script, such as Greek or Cyrillic, inside Chinese.
const OTHER_SCRIPT: f64 = -8.0;

/// A model of one document.
pub(super) struct Evidence<'k> {
    model: DocumentModel<'k>,
    script: &'k Script,
    forms: HashSet<char>,
    traditional: bool,
}

impl<'k> Evidence<'k> {
    /// Learns from everything that stands clear of damage, over how clauses are joined in any text.
    pub(super) fn learn(text: &Characters, table: &NoteTable, chinese: &'k Chinese) -> Self {
        let mut evidence =
            Self { model: DocumentModel::new(&chinese.model), script: &chinese.script, forms: HashSet::default(), traditional: false };
        for phrase in &chinese.connectives {
            evidence.model.learn(phrase);
        }
        let mut scripts = (table.len(), 0);
        for stretch in sound_stretches(&text.chars) {
            let simple: Vec<char> = stretch.iter().map(|c| evidence.plain(*c)).collect();
            evidence.model.learn(&simple);
            evidence.forms.extend(stretch.iter().copied());
            scripts.0 += stretch.iter().filter(|c| chinese.script.is_traditional(**c)).count();
            scripts.1 += stretch.iter().filter(|c| chinese.script.is_simplified(**c)).count();
        }
        evidence.traditional = scripts.0 > scripts.1;
        evidence
    }

    /// Natural logarithm of how well `c` stands after `a` and `b`.
    pub(super) fn log_after(&self, a: char, b: char, c: char) -> f64 {
        self.model.log_after(self.plain(a), self.plain(b), self.plain(c)) + self.form(c)
    }

    fn form(&self, c: char) -> f64 {
        if !is_han(c) {
            return if c.is_alphabetic() && !c.is_ascii() { OTHER_SCRIPT } else { 0.0 };
        }
        if self.forms.contains(&c) {
            return 0.0;
        }
        let wrong = if self.traditional { self.script.is_simplified(c) } else { self.script.is_traditional(c) };
        if wrong { WRONG_SCRIPT } else { UNSEEN_FORM }
    }

    /// Simplified, and with the full-width sign for an ASCII one: the form that the model counts.
    fn plain(&self, c: char) -> char {
        match c {
            ',' => '，',
            ';' => '；',
            ':' => '：',
            '!' => '！',
            '?' => '？',
            _ => self.script.simplify(c),
        }
    }
}

fn sound_stretches(chars: &[char]) -> Vec<&[char]> {
    let mut stretches = Vec::new();
    let mut from = 0;
    for (at, _) in chars.iter().enumerate().filter(|(_, c)| **c == '?') {
        let to = at.saturating_sub(DAMAGE_BEFORE);
        if from < to {
            stretches.extend(chars.get(from..to));
        }
        from = from.max(at + DAMAGE_AFTER);
    }
    stretches.extend(chars.get(from..));
    stretches
}
