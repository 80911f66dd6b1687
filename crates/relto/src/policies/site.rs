//! `relto policy check FILE.cedar`: site policies, held to the schema. What they mean is `relto_site`'s; nothing is activated here.

use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use relto_site::{Finding, SitePolicies};
use serde::Serialize;

use super::{code, machine};
use crate::cli::PolicyCheck;
use crate::failure::Failure;
use crate::render::{GOOD, STRONG, WRONG};

/// What is said of a file: this form is fixed.
#[derive(Serialize)]
struct SiteAnswer<'a> {
    valid: bool,
    policies: Vec<PolicyLine<'a>>,
    errors: Vec<Place<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<Place<'a>>,
}

#[derive(Serialize)]
struct PolicyLine<'a> {
    id: &'a str,
    effect: &'static str,
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct Place<'a> {
    line: usize,
    column: usize,
    policy: Option<&'a str>,
    message: &'a str,
    help: &'a str,
}

/// Whether `file` holds site policies: by its name, and otherwise by being no XML.
pub(super) fn is_site_policy(file: &Path, text: &str) -> bool {
    let is_named = |extension: &str| file.extension().and_then(OsStr::to_str).is_some_and(|own| own.eq_ignore_ascii_case(extension));
    is_named("cedar") || !(is_named("xml") || text.trim_start().starts_with('<'))
}

/// Says whether the site policies in `text`, of the file that `form` names, are valid.
///
/// # Errors
/// [`Failure`] when the answer cannot be written. What is wrong in the file makes the exit code 1.
pub(super) fn check(form: &PolicyCheck, text: &str) -> Result<ExitCode, Failure> {
    let name = form.file.display().to_string();
    let parsed = SitePolicies::parse(&name, text);
    let answer = match &parsed {
        Ok(site) => SiteAnswer {
            valid: true,
            policies: site.summaries().map(|policy| PolicyLine { id: policy.id, effect: "forbid", reason: policy.reason }).collect(),
            errors: Vec::new(),
            warnings: places(site.warnings()),
        },
        Err(error) => SiteAnswer { valid: false, policies: Vec::new(), errors: places(&error.findings), warnings: Vec::new() },
    };
    let mut out = anstream::stdout().lock();
    crate::told(if form.json { machine(&answer, &mut out) } else { show(&name, &answer, &mut out) })?;
    Ok(code(answer.valid))
}

fn places(findings: &[Finding]) -> Vec<Place<'_>> {
    findings.iter().map(place).collect()
}

fn place(finding: &Finding) -> Place<'_> {
    let Finding { line, column, policy, message, help } = finding;
    Place { line: *line, column: *column, policy: policy.as_deref(), message, help }
}

fn show(name: &str, answer: &SiteAnswer<'_>, out: &mut dyn Write) -> io::Result<()> {
    let errors = answer.errors.iter().map(|place| ("wrong", WRONG, place));
    for (word, style, place) in errors.chain(answer.warnings.iter().map(|place| ("look again", STRONG, place))) {
        let policy = place.policy.map_or_else(String::new, |id| format!("policy `{id}`: "));
        writeln!(out, "{style}{word}:{style:#} {name}:{}:{}: {policy}{}", place.line, place.column, place.message)?;
        writeln!(out, "  help: {}", place.help)?;
    }
    for policy in &answer.policies {
        writeln!(out, "{STRONG}{}{STRONG:#}  {}", policy.id, policy.reason.unwrap_or("-"))?;
    }
    if answer.valid {
        writeln!(out, "{name}: {} site policies, {GOOD}valid{GOOD:#}: they withhold, and permit nothing", answer.policies.len())?;
    }
    out.flush()
}
