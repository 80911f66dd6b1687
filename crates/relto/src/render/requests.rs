//! Questions and answers for people.

use std::io::{self, Write};

use relto_node::{InformationRequestView, InformationResponseView, InformationWritten, ResponseOutcome};

use super::shown::plain;
use super::{STRONG, WARNING, show_table, table};

/// Writes what was written, its id last.
///
/// # Errors
/// When `out` fails.
pub(super) fn show_written(written: &InformationWritten, out: &mut dyn Write) -> io::Result<()> {
    for (collection, label) in &written.labels {
        writeln!(out, "it stands in collection `{collection}` with the label {STRONG}{label}{STRONG:#}")?;
    }
    written.warnings.iter().try_for_each(|warning| writeln!(out, "{WARNING}note:{WARNING:#} {warning}"))?;
    writeln!(out, "{}", written.id)
}

/// Writes questions as a table.
///
/// # Errors
/// When `out` fails.
pub(super) fn show_requests(requests: &[InformationRequestView], out: &mut dyn Write) -> io::Result<()> {
    let mut shown = table(["request", "asked by", "asked of", "due", "state", "answers"]);
    for request in requests {
        let due = request.due.as_deref().unwrap_or("no date");
        let reason = request.close_reason.iter().map(|reason| format!("{}: {reason}", request.state)).next();
        shown.add_row([
            plain(&format!("{}\n{}", request.question, request.id)),
            request.asked_by.clone(),
            plain(&request.asked_of.join("\n")),
            if request.overdue { format!("{due}\noverdue") } else { due.to_owned() },
            plain(reason.as_ref().unwrap_or(&request.state)),
            plain(&request.answers.iter().map(answer).collect::<Vec<_>>().join("\n")),
        ]);
    }
    show_table(&shown, "nothing is asked that this user may see", out)
}

fn answer(answer: &InformationResponseView) -> String {
    let outcome = match answer.outcome {
        ResponseOutcome::Answered => "answered",
        ResponseOutcome::NothingHeld => "nothing held",
        ResponseOutcome::Declined => "declined",
    };
    let note = answer.note.iter().map(|note| format!(": {note}"));
    let objects = answer.objects.iter().map(|id| format!("\n  {id}"));
    std::iter::once(format!("{}: {outcome}", answer.answered_by)).chain(note).chain(objects).collect()
}
