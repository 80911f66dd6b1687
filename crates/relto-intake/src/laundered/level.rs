//! Words that may stand for each other made one word, in both texts that are compared: what remains is what a rewriting left.
//!
//! Which of them was meant does not matter here, and nothing is asserted on the result. A word and its likeliest candidate are
//! levelled, and so are those of that candidate in turn; where words trade places (优势, 劣势) both become one.

use super::Lexicon;
use super::words::{Word, joined, words};
use crate::chinese::Chinese;
use crate::edit::{Confidence, Rule};
use crate::reading::Change;
use crate::span::TextSpan;
use rustc_hash::FxHashMap as HashMap;

/// The rule that levels words.
pub const RULE: Rule = Rule("lexicon-level");
/// Words of the longest phrase that is looked up.
pub(super) const PHRASE_WORDS_MAX: usize = 3;

/// Every word of a lexicon with the one that stands for all it may be exchanged with.
#[derive(Clone, Debug, Default)]
pub struct Level {
    one_for: HashMap<String, String>,
}

impl Level {
    /// Levels the words of `lexicon` and their likeliest candidates.
    #[must_use]
    pub fn of(lexicon: &Lexicon) -> Self {
        let mut next: HashMap<String, String> = HashMap::default();
        let words: Vec<&str> = lexicon.words().into_iter().collect();
        for word in &words {
            let candidate = lexicon.entry(word).and_then(|entry| entry.candidates.first());
            let (Some(one), Some(other)) = (root(&next, word), candidate.and_then(|candidate| root(&next, candidate))) else { continue };
            let (least, greatest) = if one <= other { (one, other) } else { (other, one) };
            if least != greatest {
                next.insert(greatest, least);
            }
        }
        let all: Vec<String> = next.keys().cloned().collect();
        let one_for = all.into_iter().filter_map(|word| Some((word.clone(), root(&next, &word)?))).collect();
        Self { one_for }
    }

    /// The changes that level `text`, which is the text of a reading; in order and apart.
    #[must_use]
    pub fn changes(&self, text: &str, chinese: &Chinese) -> Vec<Change> {
        if self.one_for.is_empty() {
            return Vec::new();
        }
        let words = words(text, chinese);
        let mut changes = Vec::new();
        let mut at = 0;
        while let Some(rest) = words.get(at..).filter(|rest| !rest.is_empty()) {
            let found = (1..=PHRASE_WORDS_MAX.min(rest.len())).rev().find_map(|count| self.change(rest.get(..count)?));
            at += found.as_ref().map_or(1, |(count, _)| *count);
            changes.extend(found.map(|(_, change)| change));
        }
        changes
    }

    fn change(&self, phrase: &[Word]) -> Option<(usize, Change)> {
        let (first, last) = (phrase.first()?, phrase.last()?);
        let to = match phrase {
            [word] => self.one_for.get(&word.text)?,
            _ => self.one_for.get(&joined(phrase))?,
        };
        let span = TextSpan::new(first.span.from, last.span.to);
        Some((phrase.len(), Change { span, to: to.clone(), rule: RULE, confidence: Confidence::hundredths(0) }))
    }
}

/// Where the way from `word` ends.
fn root(next: &HashMap<String, String>, word: &str) -> Option<String> {
    let mut word = word.to_owned();
    for _ in 0..=next.len() {
        match next.get(&word) {
            Some(further) => word.clone_from(further),
            None => return Some(word),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::Raw;

    fn levelled(text: &str, lexicon: &str) -> String {
        let lexicon = Lexicon::parse(lexicon);
        let mut chinese = Chinese::builtin().unwrap();
        lexicon.words().into_iter().for_each(|word| chinese.words.add(word));
        let reading = Raw::new(text.as_bytes().to_vec()).decode();
        reading.apply(Level::of(&lexicon).changes(text, &chinese)).unwrap().text().to_owned()
    }

    #[test]
    fn words_that_stand_for_each_other_become_one() {
        let lexicon = "合做\t合作\n合作\t竞争\n优势\t劣势\n劣势\t优势\nput off\tdelayed";
        assert_eq!(levelled("合做与竞争", lexicon), levelled("合作與合作", lexicon).replace('與', "与"));
        assert_eq!(levelled("优势", lexicon), levelled("劣势", lexicon));
        assert_eq!(levelled("It was put off.", lexicon), levelled("It was delayed.", lexicon));
        assert_eq!(levelled("They put it off", lexicon), "They put it off");
        assert_eq!(levelled("合做", ""), "合做");
    }
}
