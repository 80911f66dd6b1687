//! Gathers what is wrong in a file, each with its place, in words for the person who wrote it.

use cedar_policy::{ParseErrors, ValidationError, ValidationResult, ValidationWarning};
use miette::Diagnostic;

use crate::source::{Excess, NESTING_MAX, OPERATORS_MAX, POLICIES_MAX, TEXT_BYTES_MAX, place};
use crate::{Finding, SiteError};
use relto_model::text::is_hidden;

/// The most findings of one file that are told.
const FINDINGS_MAX: usize = 50;
/// The longest message in characters; Cedar repeats what it read.
const MESSAGE_CHARS_MAX: usize = 400;

pub(super) struct Report<'t> {
    name: &'t str,
    text: &'t str,
    findings: Vec<Finding>,
    pub(super) warnings: Vec<Finding>,
}

impl<'t> Report<'t> {
    pub(super) fn new(name: &'t str, text: &'t str) -> Self {
        Self { name, text, findings: Vec::new(), warnings: Vec::new() }
    }

    /// Adds that `message` is wrong at `offset`, in `policy`.
    pub(super) fn add(&mut self, offset: usize, policy: Option<&str>, message: &str, help: &str) {
        let finding = self.finding(offset, policy, message, help);
        self.findings.push(finding);
    }

    fn finding(&self, offset: usize, policy: Option<&str>, message: &str, help: &str) -> Finding {
        let place = place(self.text, offset);
        Finding { line: place.line, column: place.column, policy: policy.map(str::to_owned), message: line(message), help: line(help) }
    }

    /// All findings so far as one error, if there are any.
    pub(super) fn checked(&mut self) -> Result<(), SiteError> {
        if self.findings.is_empty() { Ok(()) } else { Err(self.error()) }
    }

    fn error(&mut self) -> SiteError {
        let mut findings = std::mem::take(&mut self.findings);
        findings.sort();
        findings.dedup();
        findings.truncate(FINDINGS_MAX);
        SiteError { name: self.name.to_owned(), findings }
    }

    /// Something is wrong with the file as a whole.
    pub(super) fn whole(&mut self, message: &dyn std::fmt::Display, help: &str) -> SiteError {
        self.add(0, None, &message.to_string(), help);
        self.error()
    }

    pub(super) fn fault(&mut self) -> SiteError {
        self.whole(&"the schema of site policies cannot be read", "this is a fault of Relto: report it, with the version")
    }

    pub(super) fn excess(&mut self, excess: Excess) -> SiteError {
        let split = "split the policy into several: each forbids for itself";
        let (offset, message, help) = match excess {
            Excess::Bytes => (0, format!("more than {TEXT_BYTES_MAX} bytes"), "drop what is not needed"),
            Excess::Policies { offset } => (offset, format!("more than {POLICIES_MAX} policies"), "drop what is not needed"),
            Excess::Nesting { offset } => (offset, format!("brackets or `if`s more than {NESTING_MAX} deep"), split),
            Excess::Operators { offset } => (offset, format!("more than {OPERATORS_MAX} characters of operators in one policy"), split),
        };
        self.add(offset, None, &message, help);
        self.error()
    }

    /// Whatever would make the text look other than it is.
    pub(super) fn invisible(&mut self) {
        let hidden: Vec<(usize, char)> =
            self.text.char_indices().filter(|(_, letter)| is_hidden(*letter) && !"\n\r\t".contains(*letter)).collect();
        for (offset, letter) in hidden {
            self.add(
                offset,
                None,
                &format!("the invisible character U+{:04X}", u32::from(letter)),
                "delete it: what is read must be what is seen",
            );
        }
    }

    pub(super) fn unreadable(&mut self, errors: &ParseErrors) -> SiteError {
        for error in errors.iter() {
            let help = "write policies in Cedar, such as `@id(\"…\") forbid (principal, action, resource) when { … };`";
            self.add(offset(error).unwrap_or(0), None, &error.to_string(), &advice(error, help));
        }
        self.error()
    }

    pub(super) fn validated(&mut self, result: &ValidationResult) {
        let help = "`relto-site/schema.cedarschema` says what a policy may ask, and of which type it is";
        for error in result.validation_errors() {
            let id = error.policy_id().to_string();
            let help = match error {
                // Cedar's own guess among them differs from run to run.
                ValidationError::UnrecognizedEntityType(_) => "the types are `Profile` and `Label`".to_owned(),
                _ => without_id(&advice(error, help), &id),
            };
            let message = without_id(&error.to_string(), &id);
            self.add(offset(error).unwrap_or(0), Some(&id), &message, &help);
        }
        for warning in result.validation_warnings() {
            let id = warning.policy_id().to_string();
            let (message, at) = (without_id(&warning.to_string(), &id), offset(warning).unwrap_or(0));
            match warning {
                // Names of organisations may well be written in several scripts.
                ValidationWarning::MixedScriptString(_) => {
                    let help = advice(warning, "check that each letter is the one you mean");
                    let warning = self.finding(at, Some(&id), &message, &help);
                    self.warnings.push(warning);
                }
                _ => {
                    self.add(at, Some(&id), &message, &advice(warning, "write what the policy is for; one that does nothing is a mistake"))
                }
            }
        }
    }
}

fn offset(error: &dyn Diagnostic) -> Option<usize> {
    error.labels()?.next().map(|label| label.offset())
}

fn advice(error: &dyn Diagnostic, otherwise: &str) -> String {
    error.help().map_or_else(|| otherwise.to_owned(), |help| help.to_string())
}

fn without_id(message: &str, id: &str) -> String {
    message.strip_prefix(&format!("for policy `{id}`, ")).unwrap_or(message).to_owned()
}

/// One line of bounded length, without anything that a terminal would obey.
fn line(message: &str) -> String {
    let spaced = message.chars().map(|letter| if is_hidden(letter) { ' ' } else { letter });
    spaced.take(MESSAGE_CHARS_MAX).collect()
}
