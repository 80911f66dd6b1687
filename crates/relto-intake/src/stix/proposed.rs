//! What a model proposes, as notes: each says who proposes it, and ends in the quote that it rests on.
//!
//! They stand beside what the rules read. Each refers to the report and to whom its quote names; nothing refers to them, so that a document
//! is the same objects whether a model was asked or not.

use super::form;
use super::says::{self, Says};
use crate::proposals::{Claim, Proposed, Proposer};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// How sure a proposal is at most (STIX 2.1, appendix A: low).
const PROPOSED: u8 = 15;
/// How sure one is whose sentence the rules do not read as stated.
const DOUBTED: u8 = 5;
/// What the provenance calls it.
const RULE: &str = "model-proposal";

/// Whether `object` is a note of what a model proposed.
pub(super) fn is_proposal(object: &Value) -> bool {
    let rules = object.get("extensions").and_then(|all| all.get(form::EXTENSION)).and_then(|provenance| provenance.get("rules"));
    rules.and_then(Value::as_array).is_some_and(|rules| rules.iter().any(|rule| rule == RULE))
}

/// A note for each of `proposals`.
pub(super) fn notes(says: &Says<'_>, proposer: &Proposer, proposals: &[Proposed]) -> Vec<Value> {
    let mut known = BTreeSet::new();
    let notes = proposals.iter().map(|proposed| note(says, proposer, proposed));
    notes.filter(|note| known.insert(note.get("id").and_then(Value::as_str).map(str::to_owned))).collect()
}

fn note(says: &Says<'_>, proposer: &Proposer, proposed: &Proposed) -> Value {
    let Proposer { name, model } = proposer;
    let ground = says.grounds.at(proposed.span).proposed_by(RULE, if proposed.doubts.is_empty() { PROPOSED } else { DOUBTED });
    let claim = in_words(&proposed.what);
    let read = proposed.doubts.iter().map(|status| says::remark(*status)).collect::<String>();
    let read = if read.is_empty() { String::new() } else { format!("The rules do not read these words as stated{read}.\n") };
    let about: BTreeSet<&str> = says.things.named_in(proposed.span).into_iter().collect();
    let about: Vec<&str> = std::iter::once(says.report_id).chain(about).collect();
    let (doubts, quote) = (says::doubts(&ground), says.quoted("The document", proposed.span));
    let own = json!({
        "abstract": form::shortened(&format!("Proposed by a model: {claim}"), says::WORDS_CHARACTERS_MAX),
        "content": format!("Proposed by the model `{model}`, and by no rule: {claim}\n{read}{doubts}{quote}"),
        "authors": [format!("model {model} ({name})")],
        "object_refs": about,
    });
    let key = format!("proposed\n{name}\n{model}\n{claim}\n{} {}", proposed.span.from, proposed.span.to);
    says.form.part("note", &key, own, &ground)
}

fn in_words(claim: &Claim) -> String {
    match claim {
        Claim::Entity { name, kind } => format!("{name} is named, of type {}", kind.name()),
        Claim::Relation { subject, predicate, object } => format!("{subject} {predicate} {object}"),
        Claim::DatedFact { date, words } => format!("dated {date} ({words})"),
        Claim::Figure { value, unit, words, meaning } if meaning.is_empty() => format!("figure {value} {unit} ({words})"),
        Claim::Figure { value, unit, words, meaning } => format!("figure {value} {unit} ({words}: {meaning})"),
    }
}
