//! What was found, for people: each object under its label, with the pieces of it that fit; and paths, step by step.

use std::io::{self, Write};

use relto_node::{Excerpt, PATH_STEPS_MAX, PathAnswer, PathEnd, SEARCH_COUNT_MAX, SearchAnswer};

use super::shown::plain;
use super::{STRONG, WARNING};

/// Writes the objects of `answer`, best first.
///
/// # Errors
/// When `out` fails.
pub(super) fn show_found(answer: &SearchAnswer, out: &mut dyn Write) -> io::Result<()> {
    for hit in &answer.hits {
        let title = hit.title.as_deref().map_or_else(String::new, |title| format!("  {}", one_line(title)));
        let revoked = if hit.revoked { format!("  {WARNING}taken back{WARNING:#}") } else { String::new() };
        writeln!(out, "{STRONG}{}{STRONG:#}{title}{revoked}", hit.id)?;
        writeln!(out, "  [{}] version {} in collection `{}`", one_line(&hit.label), hit.version, hit.collection)?;
        hit.excerpts.iter().try_for_each(|excerpt| show_excerpt(excerpt, out))?;
    }
    match (answer.found, answer.more) {
        (0, _) => writeln!(out, "nothing found")?,
        (_, true) => writeln!(out, "more than {SEARCH_COUNT_MAX} objects; of these {}", counts(&answer.kinds))?,
        (1, _) => writeln!(out, "1 object: {}", counts(&answer.kinds))?,
        (found, _) => writeln!(out, "{found} objects: {}", counts(&answer.kinds))?,
    }
    answer.instead.iter().try_for_each(|query| writeln!(out, "did you mean: {}", one_line(query)))
}

/// Writes the paths of `answer`, one step a line.
///
/// # Errors
/// When `out` fails.
pub(super) fn show_paths(answer: &PathAnswer, out: &mut dyn Write) -> io::Result<()> {
    for path in &answer.paths {
        writeln!(out, "{STRONG}{}{STRONG:#}", end(&path.from))?;
        for step in &path.steps {
            let arrow = if step.is_forward { format!("--{}-->", step.kind) } else { format!("<--{}--", step.kind) };
            writeln!(out, "  {} {}  ({})", one_line(&arrow), end(&step.to), step.relationship)?;
        }
    }
    match (answer.paths.len(), answer.is_cut) {
        (0, false) => writeln!(out, "no path"),
        (0, true) => writeln!(out, "no path of up to {PATH_STEPS_MAX} relationships was found, and not everything was looked at"),
        (paths, _) => writeln!(out, "{paths} shortest path(s){}", if answer.more { ", and there are more" } else { "" }),
    }
}

fn end(end: &PathEnd) -> String {
    one_line(&end.title.as_ref().map_or_else(|| end.id.clone(), |title| format!("{title} ({})", end.id)))
}

/// A piece of text, what fits in bold where there is colour.
fn show_excerpt(excerpt: &Excerpt, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "  {}: ", one_line(&excerpt.property))?;
    let mut at = 0;
    for (from, to) in &excerpt.marks {
        let part = |from: usize, to: usize| one_line(excerpt.text.get(from..to).unwrap_or_default());
        write!(out, "{}{WARNING}{}{WARNING:#}", part(at, *from), part(*from, *to))?;
        at = *to;
    }
    writeln!(out, "{}", one_line(excerpt.text.get(at..).unwrap_or_default()))
}

fn counts(counts: &[(String, usize)]) -> String {
    counts.iter().map(|(name, count)| format!("{count} {name}")).collect::<Vec<_>>().join(", ")
}

pub(super) fn one_line(text: &str) -> String {
    plain(text).replace('\n', " ")
}
