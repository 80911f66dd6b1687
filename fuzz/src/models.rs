//! What endpoints answer about documents.

use std::sync::LazyLock;

use relto_intake::proposals::{Answer, Claim, PROPOSALS_MAX, Refusal, content_of, judge};
use relto_intake::span::TextSpan;
use relto_intake::{Analysis, Knowledge, analyse};

use crate::targets::{merge, refused, text};

/// What every answer is taken to be about; some of it was repaired, some stands twice.
const TEXT: &str = "On 17 May 2023 France signed the Chips Declaration with Germany. Zentrix ships 40 Falke drones to Poland each year. \
    Zentrix does not cooperate with Borealis. Germany pays. Germany pays. 長(zhǎng)期以來,北约與法國合作。";

static READ: LazyLock<Option<(Knowledge, Analysis)>> = LazyLock::new(|| {
    let knowledge = Knowledge::builtin().ok()?;
    let analysis = analyse(TEXT.as_bytes().to_vec(), &knowledge).ok()?;
    Some((knowledge, analysis))
});

/// Answers of endpoints, with their envelope or without: bounded, each proposal taken or refused, and what is taken stands in the text.
pub(crate) fn model_answer(input: &[u8]) -> String {
    let content = content_of(input).or_else(|error| text(input).map(str::to_owned).map_err(|_| refused(error)));
    merge(content.and_then(|content| {
        let answer = Answer::read(&content).map_err(refused)?;
        let (knowledge, analysis) = READ.as_ref().ok_or("no knowledge")?;
        let repaired = analysis.repaired.text();
        let judged = judge(analysis, knowledge, TextSpan::new(0, repaired.len()), &answer);
        let refused: usize = judged.refused.values().sum();
        assert!(judged.accepted.len() + refused <= PROPOSALS_MAX, "more than is taken");
        for proposed in &judged.accepted {
            let quote = analysis.repaired.quote(proposed.span);
            let words = match &proposed.what {
                Claim::Entity { name, .. } => name,
                Claim::DatedFact { words, .. } | Claim::Figure { words, .. } => words,
                // Its ends go by the names that the rules have for them.
                Claim::Relation { .. } => quote,
            };
            assert!(repaired.contains(quote) && content_holds(&content, quote) && quote.contains(words), "taken, and not in the text");
        }
        let reasons: Vec<&str> = judged.refused.keys().map(|reason: &Refusal| reason.in_words()).collect();
        Ok(format!("{} taken; {}", judged.accepted.len().min(2), reasons.join(", ")))
    }))
}

/// Whether the answer gives `quote`, however it is escaped.
fn content_holds(content: &str, quote: &str) -> bool {
    let value: serde_json::Value = serde_json::from_str(content).unwrap_or_default();
    let parts = value.get("proposals").and_then(serde_json::Value::as_array).cloned().unwrap_or_default();
    parts.iter().any(|part| part.get("quote").and_then(serde_json::Value::as_str) == Some(quote))
}
