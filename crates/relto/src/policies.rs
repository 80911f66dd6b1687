//! `relto policy` and `relto label check --spif`: policies as files and labels in XML, for people and for machines; checks need no node.
//! Site policies in Cedar are checked in `policies/site.rs`.
//!
//! Nothing is decided here; `relto_policy::spif` does. A policy that contradicts itself is not used: what it means is for its author to say.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use relto_model::Stamp;
use relto_node::{Clock as _, NewFile};
use relto_policy::Verdict;
use relto_policy::spif::label::{CLEARANCE_BYTES_MAX, LABEL_BYTES_MAX, Mode, Reading};
use relto_policy::spif::read::SPIF_BYTES_MAX;
use relto_policy::spif::{Assessment, ConfidentialityClearance, ConfidentialityLabel, Question, Spif, XmlError, assess, check};
use serde::Serialize;
use serde_json::Value as Json;

use crate::ambient::SystemClock;
use crate::cli::{LabelCheck, PolicyCheck, PolicyFile};
use crate::failure::Failure;
use crate::files::read_text as read;
use crate::render::{GOOD, STRONG, WRONG, table};

mod site;

/// What is said of a policy file.
#[derive(Serialize)]
struct PolicyAnswer {
    valid: bool,
    policy: Option<String>,
    id: Option<String>,
    schema: Option<String>,
    classifications: usize,
    tag_sets: usize,
    values: usize,
    findings: Vec<String>,
}

/// What is said of a label: this form is fixed.
#[derive(Serialize)]
struct LabelAnswer {
    valid: bool,
    marking: Option<String>,
    decision: Option<&'static str>,
    translated: Option<Json>,
    reasons: Vec<String>,
}

/// The file that `form` names, read.
///
/// # Errors
/// [`Failure`] when there is no such file.
pub(crate) fn new_file(form: PolicyFile) -> Result<NewFile, Failure> {
    let name = form.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(NewFile { name, text: read(&form.path, SPIF_BYTES_MAX)?, table: form.table, open_up_to: form.open_up_to })
}

/// The texts of labels in XML.
///
/// # Errors
/// [`Failure`] when there is no such file.
pub(crate) fn read_labels(files: &[std::path::PathBuf]) -> Result<Vec<String>, Failure> {
    files.iter().map(|file| read(file, LABEL_BYTES_MAX)).collect()
}

/// Says whether the policy file that `form` names can be read and makes sense.
///
/// # Errors
/// [`Failure`] when there is no such file. What is wrong in it is none: it makes the exit code 1.
pub(crate) fn check_policy(form: &PolicyCheck) -> Result<ExitCode, Failure> {
    let text = read(&form.file, SPIF_BYTES_MAX.max(relto_site::TEXT_BYTES_MAX))?;
    if site::is_site_policy(&form.file, &text) {
        return site::check(form, &text);
    }
    let answer = match Spif::parse(&text) {
        Ok(spif) => found_in(&spif, check(&spif).iter().map(|finding| at(&form.file, finding)).collect()),
        Err(error) => PolicyAnswer {
            valid: false,
            policy: None,
            id: None,
            schema: None,
            classifications: 0,
            tag_sets: 0,
            values: 0,
            findings: vec![at(&form.file, &error)],
        },
    };
    let mut out = anstream::stdout().lock();
    crate::told(if form.json { machine(&answer, &mut out) } else { show_policy(&answer, &mut out) })?;
    Ok(code(answer.valid))
}

fn found_in(spif: &Spif, findings: Vec<String>) -> PolicyAnswer {
    let tags = spif.tag_sets.iter().flat_map(|set| &set.tags);
    PolicyAnswer {
        valid: findings.is_empty(),
        policy: Some(spif.policy.name.clone()),
        id: Some(spif.policy.id.clone()),
        schema: Some(spif.schema.clone()),
        classifications: spif.classifications.len(),
        tag_sets: spif.tag_sets.len(),
        values: tags.map(|tag| tag.categories.len()).sum(),
        findings,
    }
}

/// Says what the policies say of the label that `form` names.
///
/// # Errors
/// [`Failure`] when a file is missing, or a policy cannot be used. What is wrong with the label is none: it makes the exit code 1.
pub(crate) fn check_label(form: &LabelCheck) -> Result<ExitCode, Failure> {
    let spifs = policies(form)?;
    let at = moment(form)?;
    let mut reasons = Vec::new();
    let mode = if form.legacy { Mode::Legacy } else { Mode::Strict };
    let mut labels = Vec::new();
    for file in &form.labels {
        let text = read(file, LABEL_BYTES_MAX)?;
        labels.extend(noted(file, ConfidentialityLabel::parse(&text, mode), &mut reasons));
    }
    let clearance = match &form.clearance {
        Some(file) => Some(noted(file, ConfidentialityClearance::parse(&read(file, CLEARANCE_BYTES_MAX)?, mode), &mut reasons)),
        None => None,
    };
    // Of an object with a label that cannot be read, nothing is known.
    let whole = labels.len() == form.labels.len();
    let known = clearance.as_ref().and_then(Option::as_ref);
    let question = Question { spifs: &spifs, labels: &labels, clearance: known, language: form.lang.as_deref(), at };
    let assessment = whole.then(|| assess(&question));
    let answer = answer(assessment, clearance.is_some(), reasons);
    let mut out = anstream::stdout().lock();
    crate::told(if form.json { machine(&answer, &mut out) } else { show_label(&answer, &mut out) })?;
    Ok(code(answer.valid))
}

/// A clearance that cannot be read admits to nothing.
fn answer(assessment: Option<Assessment>, is_asked: bool, mut reasons: Vec<String>) -> LabelAnswer {
    let verdict = assessment.as_ref().and_then(|assessment| assessment.decision);
    let word = if verdict == Some(Verdict::Permit) { "permit" } else { "deny" };
    let mut answer = LabelAnswer { valid: false, marking: None, decision: is_asked.then_some(word), translated: None, reasons: Vec::new() };
    if let Some(assessment) = assessment {
        answer.valid = assessment.valid;
        answer.marking = assessment.marking;
        answer.translated = assessment.translated.and_then(|translated| serde_json::to_value(translated).ok());
        reasons.extend(assessment.reasons);
    }
    answer.reasons = reasons;
    answer
}

fn policies(form: &LabelCheck) -> Result<Vec<Spif>, Failure> {
    let mut all: Vec<Spif> = Vec::new();
    for file in &form.spif {
        let cure = "`relto policy check FILE` shows everything that is wrong in a policy file";
        let spif = Spif::parse(&read(file, SPIF_BYTES_MAX)?).map_err(|error| Failure::new(at(file, &error)).help(cure))?;
        let findings = check(&spif);
        if !findings.is_empty() {
            let details = findings.iter().map(|finding| at(file, finding)).collect();
            let failure = Failure::new(format!("{}: the policy contradicts itself, and is not used", file.display())).help(cure);
            return Err(Failure { details, ..failure });
        }
        if all.iter().any(|other| other.policy.id == spif.policy.id || other.policy.is(&spif.policy.name, None)) {
            let what = format!("{}: a second file of policy {}", file.display(), spif.policy.name);
            return Err(Failure::new(what).help("give one file a policy"));
        }
        all.push(spif);
    }
    Ok(all)
}

fn moment(form: &LabelCheck) -> Result<Stamp, Failure> {
    let Some(text) = &form.at else { return Ok(SystemClock.now()) };
    Stamp::parse(text).map_err(|error| Failure::of("--at", &error).help("write a day such as 2026-01-31, or 2026-01-31T12:00:00Z"))
}

/// What was read, its variants as reasons; or why nothing was, as a reason.
fn noted<T>(file: &Path, reading: Result<Reading<T>, XmlError>, reasons: &mut Vec<String>) -> Option<T> {
    match reading {
        Ok(reading) => {
            reasons.extend(reading.notes.iter().map(|note| format!("legacy: {}: {note}", file.display())));
            Some(reading.value)
        }
        Err(error) => {
            reasons.push(format!("not valid: {}", at(file, &error)));
            None
        }
    }
}

fn at(file: &Path, what: &dyn std::fmt::Display) -> String {
    format!("{}: {what}", file.display())
}

fn code(is_valid: bool) -> ExitCode {
    if is_valid { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn machine(answer: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, answer)?;
    writeln!(out)?;
    out.flush()
}

fn show_policy(answer: &PolicyAnswer, out: &mut dyn Write) -> io::Result<()> {
    for finding in &answer.findings {
        writeln!(out, "{WRONG}wrong:{WRONG:#} {finding}")?;
    }
    let Some((policy, id)) = answer.policy.as_ref().zip(answer.id.as_ref()) else { return out.flush() };
    let style = if answer.valid { GOOD } else { WRONG };
    let counts = format!("{} classifications, {} tag sets, {} values", answer.classifications, answer.tag_sets, answer.values);
    let verdict = if answer.valid { "makes sense".to_owned() } else { format!("contradicts itself in {} place(s)", answer.findings.len()) };
    writeln!(out, "policy {STRONG}{policy}{STRONG:#} ({id}): {counts}; {style}{verdict}{style:#}")?;
    out.flush()
}

fn show_label(answer: &LabelAnswer, out: &mut dyn Write) -> io::Result<()> {
    let mut shown = table(["question", "answer"]);
    shown.add_row(["valid", if answer.valid { "yes" } else { "no" }]);
    let marking = answer.marking.as_deref().map(|marking| if marking.is_empty() { "(none is shown)" } else { marking });
    shown.add_row(["marking", marking.unwrap_or("-")]);
    shown.add_row(["decision", answer.decision.unwrap_or("-")]);
    let word = |key: &str| answer.translated.as_ref().and_then(|label| label.get(key)).and_then(Json::as_str);
    let translated = word("policy").zip(word("marking")).map(|(policy, marking)| format!("{policy}: {marking}"));
    shown.add_row(["translated", translated.as_deref().unwrap_or("-")]);
    writeln!(out, "{shown}")?;
    for reason in &answer.reasons {
        writeln!(out, "  {reason}")?;
    }
    out.flush()
}
