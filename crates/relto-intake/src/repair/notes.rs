//! Pronunciation notes that a tool put after characters, such as `長(zhǎng)`.
//!
//! Which characters and which notes is learnt from the document itself: a note is the tool's when it follows its character
//! wherever that stands. A teacher's note that stands once among many plain uses is left alone.

use crate::chinese::script::is_han;
use crate::chinese::syllable::{SYLLABLE_CHARACTERS_MAX, is_letter, is_syllable};
use crate::edit::{Confidence, Rule};
use crate::reading::{Change, Reading};
use crate::repair::gap::TextGap;
use crate::span::TextSpan;
use rustc_hash::FxHashMap as HashMap;

/// The rule's name.
pub const RULE: Rule = Rule("pronunciation-note");
/// A document with fewer notes than this was not treated by such a tool, unless one character alone has three.
const NOTES_MIN: usize = 8;
const REPEATS_MIN: usize = 3;
/// From so many notes on, one use without a note is damage of another kind.
const NOTES_MANY: usize = 40;
/// In how many of a hundred places the note must follow its character.
const CLOSED_PERCENT: usize = 80;

/// Which character a tool noted how.
#[derive(Debug, Default)]
pub struct NoteTable {
    notes: HashMap<char, (String, usize)>,
    characters: HashMap<String, Vec<char>>,
}

/// A note in a text: the character before it, and where its brackets stand.
struct Note<'t> {
    character: char,
    syllable: &'t str,
    span: TextSpan,
}

impl NoteTable {
    /// What `text` teaches.
    #[must_use]
    pub fn learn(text: &str) -> Self {
        let mut counts: HashMap<char, HashMap<&str, usize>> = HashMap::default();
        let mut total = 0;
        let mut noted = None::<TextSpan>;
        for note in notes(text) {
            noted = Some(noted.map_or(note.span, |noted| TextSpan::new(noted.from, note.span.to)));
            *counts.entry(note.character).or_default().entry(note.syllable).or_default() += 1;
            total += 1;
        }
        // A sound text before or behind the damaged one says nothing of the tool.
        let uses = uses(noted.and_then(|noted| text.get(before(text, noted.from)..noted.to)).unwrap_or_default(), &counts);
        let mut table = Self::default();
        for (character, syllables) in counts {
            let Some((syllable, count)) = syllables.into_iter().max_by_key(|(syllable, count)| (*count, std::cmp::Reverse(*syllable)))
            else {
                continue;
            };
            let uses = uses.get(&character).copied().unwrap_or(0);
            let closed = count * 100 >= uses * CLOSED_PERCENT || (total >= NOTES_MANY && uses <= count + 1);
            if closed && (total >= NOTES_MIN || count >= REPEATS_MIN) {
                table.insert(character, syllable, count);
            }
        }
        table.characters.values_mut().for_each(|characters| characters.sort_unstable());
        table
    }

    fn insert(&mut self, character: char, syllable: &str, count: usize) {
        self.notes.insert(character, (syllable.to_owned(), count));
        self.characters.entry(syllable.to_owned()).or_default().push(character);
    }

    /// The characters noted with `syllable`, in code point order.
    #[must_use]
    pub fn characters(&self, syllable: &str) -> &[char] {
        self.characters.get(syllable).map_or(&[], Vec::as_slice)
    }

    /// The note of `character`.
    #[must_use]
    pub fn syllable(&self, character: char) -> Option<&str> {
        self.notes.get(&character).map(|(syllable, _)| syllable.as_str())
    }

    /// How many characters are noted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.notes.len()
    }

    /// Whether no character is noted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.notes.is_empty()
    }

    /// Takes out every note that the table explains.
    #[must_use]
    pub fn changes(&self, reading: &Reading) -> Vec<Change> {
        let confidence = |note: &Note<'_>| {
            let (syllable, count) = self.notes.get(&note.character)?;
            (syllable == note.syllable).then(|| Confidence::hundredths(if *count >= REPEATS_MIN { 99 } else { 95 }))
        };
        let change = |note: Note<'_>| Some(Change { span: note.span, to: String::new(), rule: RULE, confidence: confidence(&note)? });
        notes(reading.text()).filter_map(change).collect()
    }

    /// Notes that the table does not explain, in a text that such a tool has treated: the place is damaged in some other way.
    #[must_use]
    pub fn unexplained(&self, text: &str) -> Vec<TextGap> {
        if self.is_empty() {
            return Vec::new();
        }
        let stranger = |note: &Note<'_>| self.syllable(note.character) != Some(note.syllable);
        notes(text).filter(stranger).map(|note| TextGap { span: note.span, inferred: None }).collect()
    }
}

/// Where the character before `at` begins.
fn before(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.char_indices().next_back()).map_or(at, |(from, _)| from)
}

fn uses(text: &str, of: &HashMap<char, HashMap<&str, usize>>) -> HashMap<char, usize> {
    let mut uses = HashMap::default();
    for c in text.chars().filter(|c| of.contains_key(c)) {
        *uses.entry(c).or_default() += 1;
    }
    uses
}

/// Every Han character that a syllable in brackets follows.
fn notes(text: &str) -> impl Iterator<Item = Note<'_>> {
    text.match_indices('(').filter_map(|(at, _)| {
        let character = text.get(..at)?.chars().next_back().filter(|c| is_han(*c))?;
        let syllable = syllable_before_bracket(text.get(at + 1..)?)?;
        Some(Note { character, syllable, span: TextSpan::new(at, at + syllable.len() + 2) })
    })
}

/// The syllable that `text` starts with, if a closing bracket follows it.
pub(super) fn syllable_before_bracket(text: &str) -> Option<&str> {
    let end = text.char_indices().take(SYLLABLE_CHARACTERS_MAX + 1).find(|(_, c)| !is_letter(*c)).filter(|(_, c)| *c == ')')?.0;
    text.get(..end).filter(|syllable| is_syllable(syllable))
}
