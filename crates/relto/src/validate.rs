//! `relto validate`: files held to the standard, for people and for machines, without a node.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::process::ExitCode;

use relto_model::kinds::Kinds;
use relto_node::Verdict;

use crate::cli::Validate;
use crate::failure::Failure;
use crate::render::{GOOD, WARNING, WRONG};
use crate::run::Bar;
use crate::sources;

/// Validates the files that `form` names, one after the other.
///
/// # Errors
/// [`Failure`] when a file cannot be read. An invalid object is none: it makes the exit code 1.
pub(crate) fn validate(form: &Validate) -> Result<ExitCode, Failure> {
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    let mut tally = Tally::default();
    let kinds = Kinds::builtin();
    let bar = Bar::of_bytes(sources::length_on_disk(&form.files));
    for file in &form.files {
        let source = sources::read_all(std::slice::from_ref(file), bar.bar())?;
        let mut written = Ok(());
        relto_node::validate(&source, &kinds, &mut |verdict| {
            if written.is_ok() {
                written = if form.json { machine(&verdict, &mut out) } else { human(&verdict, &mut out) };
            }
            tally.count(verdict);
        });
        crate::told(written)?;
    }
    let sum = if form.json { Ok(()) } else { tally.show(&mut out) };
    crate::told(sum.and_then(|()| out.flush()))?;
    Ok(if tally.invalid > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn machine(verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, verdict)?;
    writeln!(out)
}

fn human(verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
    let Some(error) = &verdict.error else { return Ok(()) };
    write!(out, "{WRONG}invalid:{WRONG:#} {}", error.text)?;
    verdict.id.as_ref().map_or(Ok(()), |id| write!(out, " [{id}]"))?;
    writeln!(out)
}

/// What was found, in numbers.
#[derive(Default)]
struct Tally {
    objects: u64,
    invalid: u64,
    warnings: BTreeMap<String, u64>,
    converted: BTreeMap<String, u64>,
}

impl Tally {
    fn count(&mut self, verdict: Verdict) {
        self.objects += 1;
        self.invalid += u64::from(verdict.error.is_some());
        verdict.warnings.into_iter().for_each(|rule| *self.warnings.entry(rule).or_default() += 1);
        verdict.converted.into_iter().for_each(|rule| *self.converted.entry(rule).or_default() += 1);
    }

    fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        for (rule, count) in &self.warnings {
            writeln!(out, "{WARNING}warning:{WARNING:#} {count} object(s) with {rule}")?;
        }
        for (rule, count) in &self.converted {
            writeln!(out, "converted from STIX 2.0: {count} object(s): {rule}")?;
        }
        let style = if self.invalid > 0 { WRONG } else { GOOD };
        writeln!(out, "{style}{} of {} object(s) valid{style:#}", self.objects - self.invalid, self.objects)
    }
}
