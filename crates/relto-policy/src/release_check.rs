//! A look at what a label does not cover: text inside an object that says more than its label does.
//!
//! Portion marks and classification words above the label a site's own words ([`WordList`]), and personal data in free
//! text. It finds, it does not decide: no reader is let in or kept out here, and text can tell too much in words that no table knows.
//! So a person looks at the findings, and at the text. Nothing here is shown to anybody but the custodian.

mod marks;
mod numbers;
mod personal;
mod places;
mod words;

use relto_model::Label;
use relto_model::object::Object;
use serde::{Deserialize, Serialize};

pub use words::{WORD_BYTES_MAX, WORDS_MAX, WordList, WordListError};

use crate::policy::Policies;
use crate::rules::Rules;
use crate::text::LabelContext;

/// How many findings one object may have; the last one says that there are more.
pub const FINDINGS_MAX: usize = 200;
/// How much of the text around a finding is shown, in characters.
const SNIPPET_CHARS_MAX: usize = 80;

/// What a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// A portion mark, banner or classification word that the label does not cover.
    Mark,
    /// A word of a list.
    Word,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// An international bank account number.
    Iban,
    /// The number of a payment card.
    Card,
    /// The number of a person or a travel document.
    Identity,
    /// An internet address.
    Address,
    /// There are more findings than are listed.
    More,
}

impl What {
    /// In words for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mark => "marking",
            Self::Word => "listed word",
            Self::Email => "e-mail address",
            Self::Phone => "telephone number",
            Self::Iban => "bank account",
            Self::Card => "payment card",
            Self::Identity => "personal number",
            Self::Address => "internet address",
            Self::More => "more",
        }
    }
}

/// Something in an object's text that its label does not cover.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// The text, as a JSON pointer into the object.
    pub pointer: String,
    /// Where it begins in that text, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What it is.
    pub what: What,
    /// The text itself, cut at 80 characters: for the custodian alone.
    pub snippet: String,
    /// Why it is listed.
    pub why: String,
    /// Where the rule stands.
    pub citation: String,
}

/// What to look for.
#[derive(Debug, Clone, Copy)]
pub struct Check<'c> {
    /// The label under which the object goes out.
    pub label: &'c Label,
    /// The facts that markings in text are read with.
    pub rules: &'c Rules,
    /// What the words of a marking in the text mean here.
    pub context: &'c LabelContext,
    /// The site's words.
    pub words: &'c [&'c WordList],
}

/// Whether whoever may read what carries `label` may also read what carries `other`, as far as the labels alone say.
#[must_use]
pub fn covers(label: &Label, other: &Label, policies: &Policies) -> bool {
    policies.is_for_everybody(other) || label.clone().join(other) == *label
}

/// Everything in the texts of `object` that `check` finds, in the order of the text: at most [`FINDINGS_MAX`].
#[must_use]
pub fn check(object: &Object, check: &Check<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    places::each_text(object, &mut |place| {
        if findings.len() <= FINDINGS_MAX {
            // A marking-definition names its marking.
            let is_marking = object.kind() == "marking-definition";
            let mut found = if is_marking { Vec::new() } else { marks::find(place.text, check) };
            found.extend(check.words.iter().flat_map(|words| words.find(place.text)));
            if place.is_prose {
                found.extend(personal::find(place.text, object));
            }
            found.sort();
            found.dedup();
            findings.extend(found.into_iter().map(|hit| hit.at(&place)));
        }
    });
    findings.sort();
    if findings.len() > FINDINGS_MAX {
        findings.truncate(FINDINGS_MAX - 1);
        findings.push(more());
    }
    findings
}

/// The markings in `text` that `check` finds: at most [`FINDINGS_MAX`].
#[must_use]
pub fn stated_markings(text: &str, check: &Check<'_>) -> Vec<Finding> {
    let place = places::Place { pointer: String::new(), text, is_prose: true };
    let mut found = marks::find(text, check);
    found.sort();
    found.into_iter().take(FINDINGS_MAX).map(|hit| hit.at(&place)).collect()
}

/// A finding within one text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Hit {
    start: usize,
    end: usize,
    what: What,
    why: String,
    citation: String,
}

impl Hit {
    fn new(span: std::ops::Range<usize>, what: What, why: impl Into<String>, citation: impl Into<String>) -> Self {
        Self { start: span.start, end: span.end, what, why: why.into(), citation: citation.into() }
    }

    fn at(self, place: &places::Place<'_>) -> Finding {
        let text = place.text.get(self.start..self.end).unwrap_or_default();
        let mut snippet: String = text.chars().take(SNIPPET_CHARS_MAX).collect();
        if snippet.len() < text.len() {
            snippet.push('…');
        }
        let Self { start, end, what, why, citation } = self;
        Finding { pointer: place.pointer.clone(), start, end, what, snippet, why, citation }
    }
}

fn more() -> Finding {
    let why = format!("there are more than {} findings: this object is not for release as it is", FINDINGS_MAX - 1);
    let (pointer, snippet) = (String::new(), String::new());
    Finding { pointer, start: 0, end: 0, what: What::More, snippet, why, citation: "the node's own rule".to_owned() }
}

#[cfg(test)]
mod tests;
