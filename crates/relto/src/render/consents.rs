//! Consents for people, and what is decided with or without them.

use std::io::{self, Write};

use anstyle::Style;
use relto_node::{ConsentGiven, Consented, Decision, RequestView};

use super::{GOOD, WARNING, WRONG, names, show_table, table};

/// A decision in words, before the name of whom it is about.
pub(super) fn in_words(decision: Decision) -> (Style, &'static str) {
    match decision {
        Decision::Released => (GOOD, "released to"),
        Decision::Redacted => (WRONG, "withheld, but for a tearline, from"),
        Decision::Pending => (WARNING, "withheld, pending consent, from"),
        Decision::Withheld => (WRONG, "withheld from"),
    }
}

/// Writes what a consent changed.
///
/// # Errors
/// When `out` fails.
pub(super) fn show_consented(consented: &Consented, out: &mut dyn Write) -> io::Result<()> {
    let Consented { versions, gained, lost } = consented;
    writeln!(out, "the consents to {versions} version(s) have changed")?;
    writeln!(out, "gained by: {}", names(gained))?;
    writeln!(out, "lost by:   {}", names(lost))
}

/// Writes consents as a table.
///
/// # Errors
/// When `out` fails.
pub(super) fn show_consents(given: &[ConsentGiven], out: &mut dyn Write) -> io::Result<()> {
    let mut shown = table(["object", "consent of", "to", "for", "from", "until", "by", "reference"]);
    for ConsentGiven { object, in_force, consent, .. } in given {
        let until = consent.until.map_or_else(|| "no end".to_owned(), |until| until.to_string());
        shown.add_row([
            object.as_str(),
            &consent.subject.to_string(),
            &consent.recipient.to_string(),
            consent.purpose.as_deref().unwrap_or("any purpose"),
            &consent.from.to_string(),
            &if *in_force { until } else { format!("{until} (ended)") },
            &consent.by,
            &consent.reference,
        ]);
    }
    show_table(&shown, "no consents: `relto consent add` enters one", out)
}

/// Writes that something was asked for.
///
/// # Errors
/// When `out` fails.
pub(super) fn show_requested(request: &RequestView, out: &mut dyn Write) -> io::Result<()> {
    let RequestView { id, partner, object, recipient, .. } = request;
    writeln!(out, "{partner} is asked whether `{object}` may go to {recipient}; `relto consent requests` shows the answer")?;
    writeln!(out, "it goes over the link, whoever of the two fetches, or with the next `relto partner export`")?;
    writeln!(out, "{id}")
}

/// Writes requests as a table, those that wait first.
///
/// # Errors
/// When `out` fails.
pub(super) fn show_requests(requests: &[RequestView], out: &mut dyn Write) -> io::Result<()> {
    let mut shown = table(["request", "asked by", "asked of", "object", "to", "for", "until", "why", "answer"]);
    for request in requests {
        let RequestView { id, partner, incoming, object, about, recipient, purpose, until, reason, granted, answer, .. } = request;
        let (by, of) = if *incoming { (partner.as_str(), "this node") } else { ("this node", partner.as_str()) };
        let object = match about {
            Some(about) if about != object => format!("{about}, by {object}"),
            None if *incoming => format!("{object} (never announced or released to it)"),
            _ => object.clone(),
        };
        let answered = match granted {
            None => "waits".to_owned(),
            Some(true) => format!("granted {answer}"),
            Some(false) => format!("refused: {answer}"),
        };
        shown.add_row([
            id.as_str(),
            by,
            of,
            &object,
            recipient,
            purpose.as_deref().unwrap_or("any purpose"),
            until.as_deref().unwrap_or("no end"),
            reason,
            answered.trim_end(),
        ]);
    }
    show_table(&shown, "nobody has asked for a consent: `relto consent request` asks for one", out)
}
