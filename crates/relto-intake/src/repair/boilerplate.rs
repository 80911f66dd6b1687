//! Sentences that a platform puts around a text: disclaimers, notes of rights, invitations.
//!
//! Told by cues that users own (`data/boilerplate.tsv`: cue, tab, weight); one cue alone may be part of what the author says.

use crate::chinese::script::Script;
use crate::edit::{Confidence, Rule};
use crate::reading::{Change, Reading};
use crate::span::TextSpan;
use crate::text::sentences;

/// The rule's name.
pub const RULE: Rule = Rule("boilerplate");
/// Weight from which a sentence is boilerplate.
const WEIGHT_MIN: u32 = 2;

/// Cues with their weights, in lower case and simplified characters.
#[derive(Clone, Debug, Default)]
pub struct Cues {
    cues: Vec<(String, u32)>,
}

impl Cues {
    /// Reads cues, one a line; lines that start with `#` say something about the file.
    #[must_use]
    pub fn parse(table: &str, script: &Script) -> Self {
        let cue = |line: &str| {
            let (cue, weight) = line.split_once('\t')?;
            Some((plain(cue, script), weight.trim().parse().ok()?))
        };
        Self { cues: table.lines().filter(|line| !line.starts_with('#')).filter_map(cue).collect() }
    }

    /// The boilerplate of `text`, in order.
    #[must_use]
    pub fn find(&self, text: &str, script: &Script) -> Vec<TextSpan> {
        let is_boilerplate = |span: &TextSpan| self.weight(&plain(text.get(span.range()).unwrap_or_default(), script)) >= WEIGHT_MIN;
        sentences(text).into_iter().filter(is_boilerplate).collect()
    }

    fn weight(&self, sentence: &str) -> u32 {
        self.cues.iter().filter(|(cue, _)| sentence.contains(cue.as_str())).map(|(_, weight)| weight).sum()
    }
}

/// Takes `spans` out of `reading`.
#[must_use]
pub fn removal(spans: &[TextSpan]) -> Vec<Change> {
    let removal = |span: &TextSpan| Change { span: *span, to: String::new(), rule: RULE, confidence: Confidence::hundredths(95) };
    spans.iter().map(removal).collect()
}

/// The boilerplate as the document gives it and where.
#[must_use]
pub fn found(reading: &Reading, spans: &[TextSpan]) -> Vec<(String, crate::span::RawSpan)> {
    spans.iter().map(|span| (reading.slice(*span).to_owned(), reading.raw(*span))).collect()
}

fn plain(text: &str, script: &Script) -> String {
    text.to_lowercase().chars().map(|c| script.simplify(c)).collect()
}
