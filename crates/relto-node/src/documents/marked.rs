//! Markings that a document states in its own text: where its label does not cover one, it is for fewer than it would go to.
//!
//! Such a document is refused unless somebody says that the text only speaks of the marking. A label never follows from a text: words are no
//! marking to share by, and a text that speaks of one is not marked with it.

use relto_model::Label;
use relto_policy::LabelContext;
use relto_policy::release_check::{Check, Finding, stated_markings};

use super::inputs::unmarked;
use super::{DocumentError, DocumentsRequest, NewDocument};
use crate::ingest::Labelling;
use crate::load::LoadReport;
use crate::node::Writing;
use crate::records::CollectionRecord;

/// So many markings of one document are named.
const NAMED_MAX: usize = 5;

/// Those of `documents` that are taken in; `report` is told of every marking that is not covered, and of the documents that are refused for it.
///
/// # Errors
/// [`DocumentError::Marked`] when one is refused, and the rest is not wanted without it.
pub(super) fn covered<'d>(
    writing: &Writing<'_>,
    request: &DocumentsRequest,
    collection: &CollectionRecord,
    labelling: &Labelling,
    documents: Vec<&'d NewDocument>,
) -> Result<(Vec<&'d NewDocument>, LoadReport), DocumentError> {
    let context = LabelContext {
        made: labelling.made.unwrap_or(writing.stamp),
        owner: writing.before.directory.node.organisation.clone(),
        collection: Some(collection.id.clone()),
    };
    let label = label(writing, request, &context, labelling)?;
    let check = Check { label: &label, rules: writing.before.gate.rules(), context: &context, words: &[] };
    let (mut taken, mut report) = (Vec::new(), LoadReport::default());
    for document in documents {
        let text = document.text.as_deref().unwrap_or_default();
        let found = stated_markings(text, &check);
        report.marked.extend(found.iter().take(NAMED_MAX).map(|finding| in_words(&document.name, text, finding)));
        if found.is_empty() || request.despite_markings {
            taken.push(document);
        } else {
            report.refused += 1;
            report.refusals.extend(found.first().map(|finding| in_words(&document.name, text, finding)));
        }
    }
    if report.refused > 0 && !request.load.keep_going {
        let documents = usize::try_from(report.refused).unwrap_or(usize::MAX);
        return Err(DocumentError::Marked { documents, found: report.marked });
    }
    Ok((taken, report))
}

/// What a document has for a label by the request alone: it says nothing of itself.
fn label(writing: &Writing<'_>, request: &DocumentsRequest, context: &LabelContext, labelling: &Labelling) -> Result<Label, DocumentError> {
    let text = request.load.label.as_deref();
    let label = unmarked(&writing.before, &*writing.transaction, text, context.made, context.collection.clone())?.since(writing.stamp);
    Ok(labelling.given.iter().fold(label, |label, given| label.join(given)))
}

fn in_words(name: &str, text: &str, finding: &Finding) -> String {
    let line = text.get(..finding.start).unwrap_or_default().matches('\n').count() + 1;
    let snippet: String = finding.snippet.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("{name}: line {line}: `{snippet}`: {}", finding.why)
}
