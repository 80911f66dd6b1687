//! The targets for XML: policy files, and labels and clearances, through everything that is done with them.

use crate::targets::{merge, refused, text};
use relto_model::Stamp;
use relto_policy::Verdict;
use relto_policy::spif::label::{EmitError, Mode};
use relto_policy::spif::shipped::SHIPPED;
use relto_policy::spif::{ConfidentialityClearance, ConfidentialityLabel, Spif, check, decide, display, translate, validate};
use std::sync::LazyLock;

/// The policies that ship and can be read: all of them, as a test of their crate holds.
static POLICIES: LazyLock<Vec<Spif>> = LazyLock::new(|| SHIPPED.iter().filter_map(|(_, text)| Spif::parse(text).ok()).collect());

/// Policy files: read alike twice; what is wrong is said in one line.
pub(crate) fn policy_file(input: &[u8]) -> String {
    merge(text(input).and_then(|text| {
        let spif = Spif::parse(text).inspect_err(|error| one_line(error)).map_err(refused)?;
        assert_eq!(Spif::parse(text).as_ref(), Ok(&spif));
        assert!(!spif.classifications.is_empty() && !spif.policy.id.is_empty());
        let findings = check(&spif);
        findings.iter().for_each(|finding| one_line(finding));
        let first = findings.first().map_or("makes sense".to_owned(), |finding| crate::shape(&finding.text));
        Ok(format!("a policy: {first}"))
    }))
}

pub(crate) fn one_line(message: &dyn std::fmt::Display) {
    let message = message.to_string();
    assert!(!message.contains(['\n', '\r']) && message.chars().count() < 1_000, "{message}");
}

/// Labels and clearances: what the strict reader takes the legacy reader takes alike, what is written reads as it was, and nobody whose
/// clearance lists no classification is ever admitted, whatever the label says.
pub(crate) fn label_xml(input: &[u8]) -> String {
    merge(text(input).and_then(|text| {
        if text.contains("ConfidentialityClearance") {
            return clearance(text);
        }
        let legacy = ConfidentialityLabel::parse(text, Mode::Legacy).inspect_err(|error| one_line(error));
        let Ok(strict) = ConfidentialityLabel::parse(text, Mode::Strict) else {
            return legacy.map(|read| format!("legacy, {} notes", read.notes.len().min(3))).map_err(refused);
        };
        assert_eq!(legacy.as_ref(), Ok(&strict), "strict and legacy differ");
        match strict.value.to_xml() {
            Ok(written) => assert_eq!(ConfidentialityLabel::parse(&written, Mode::Strict).as_ref(), Ok(&strict), "{written}"),
            Err(EmitError::Foreign(_)) => {}
            Err(error) => panic!("read and not written: {error}"),
        }
        let outcomes: Vec<String> = POLICIES.iter().map(|spif| under(spif, &strict.value)).collect();
        Ok(outcomes.concat())
    }))
}

fn under(spif: &Spif, label: &ConfidentialityLabel) -> String {
    let at = Stamp(1_800_000_000_000_000);
    let label = label.in_force(at);
    let validity = validate(spif, label, at);
    validity.breaches.iter().chain(&validity.warnings).for_each(|breach| one_line(breach));
    let Some(resolved) = validity.resolved else {
        return validity.breaches.first().map_or(String::new(), |breach| crate::shape(breach));
    };
    let shown = display(&resolved, Some("fr"));
    assert!(shown.chars().count() < 100_000);
    let nobody = ConfidentialityClearance {
        policy: label.information.policy.clone(),
        classifications: Vec::new(),
        categories: label.information.categories.clone(),
    };
    assert_eq!(decide(&resolved, &nobody).verdict, Verdict::Deny);
    let translated =
        POLICIES.iter().filter(|other| other.policy.id != spif.policy.id && translate(label, &resolved, other, at).is_ok()).count();
    format!("valid, {} tags, {translated} translations, {}", resolved.tags.len(), validity.warnings.len().min(2))
}

fn clearance(text: &str) -> Result<String, String> {
    let read = ConfidentialityClearance::parse(text, Mode::Strict).inspect_err(|error| one_line(error)).map_err(refused)?;
    let written = read.value.to_xml().unwrap_or_else(|error| panic!("read and not written: {error}"));
    assert_eq!(ConfidentialityClearance::parse(&written, Mode::Strict).as_ref(), Ok(&read));
    Ok(format!("a clearance of {} classifications", read.value.classifications.len().min(3)))
}
