//! ACS 3.0, CISA's Access Control Specification, as the STIX extension carries it.
//!
//! [`AccessControl::parse`] reads the whole extension and holds it to its schema, the items of `further_sharing` included, which the
//! published schema does not. [`decide`](AccessControl::decide) and [`may_share`](AccessControl::may_share) are its own rule, slow and
//! obvious; [`read`] maps it to a label that never admits whom the rule shuts out, [`write`](write()) a label to an extension. A node
//! exercises `DSPLY` when it serves an object, and shares onward when the reader is of another organisation than the one that has it.

mod decide;
mod form;
mod lattice;
mod tables;

use std::collections::BTreeSet;

use relto_model::Label;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

pub use decide::Requester;
pub use lattice::Issue;
pub use tables::{communities, held, rows};

use super::{Reading, Refused, Site};

/// The id of the extension definition.
pub const ACS_EXTENSION: &str = "extension-definition--3a65884d-005a-4290-8335-cb2d778a83ce";

/// Permit or deny.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// What matches may.
    Permit,
    /// What matches may not.
    Deny,
}

/// The extension, valid. Lists of words are those of the tables in `tables`; of nations, GENC trigraphs.
// INVARIANT: made by `parse` or by `write`, so that every word is in its table and no list is empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessControl {
    extension_type: String,
    identifier: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    create_date_time: String,
    responsible_entity_custodian: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    responsible_entity_originator: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authority_reference: Option<Vec<String>>,
    policy_reference: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    original_classification: Option<OriginalClassification>,
    #[serde(skip_serializing_if = "Option::is_none")]
    derivative_classification: Option<DerivativeClassification>,
    #[serde(skip_serializing_if = "Option::is_none")]
    declassification: Option<Declassification>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_disposition: Option<Disposition>,
    #[serde(skip_serializing_if = "Option::is_none")]
    public_release: Option<PublicRelease>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_privilege: Option<Vec<Privilege>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    further_sharing: Option<Vec<Sharing>>,
    control_set: ControlSet,
}

/// `control_set`: what must be met before any rule is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ControlSet {
    classification: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    sci_controls: Option<BTreeSet<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logical_authority_category: Option<BTreeSet<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    formal_determination: Option<BTreeSet<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caveat: Option<BTreeSet<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sensitivity: Option<BTreeSet<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shareability: Option<BTreeSet<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    entity: Option<BTreeSet<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    permitted_nationalities: Option<BTreeSet<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    permitted_organizations: Option<BTreeSet<String>>,
}

/// One item of `access_privilege`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Privilege {
    privilege_action: String,
    privilege_scope: Scope,
    rule_effect: Effect,
}

/// `privilege_scope`: a requester is in it who matches every list that is there. `ALL` stands alone and matches everybody.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scope {
    #[serde(skip_serializing_if = "Option::is_none")]
    permitted_nationalities: Option<BTreeSet<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    permitted_organizations: Option<BTreeSet<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shareability: Option<BTreeSet<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    entity: Option<BTreeSet<String>>,
}

/// One item of `further_sharing`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sharing {
    sharing_scope: BTreeSet<String>,
    rule_effect: Effect,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OriginalClassification {
    classified_by: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    classified_on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    classification_reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    compilation_reason: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DerivativeClassification {
    classified_by: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    classified_on: Option<String>,
    derived_from: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Declassification {
    #[serde(skip_serializing_if = "Option::is_none")]
    declass_exemption: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    declass_period: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    declass_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    declass_event: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Disposition {
    disposition_date: String,
    disposition_process: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PublicRelease {
    released_by: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    released_on: Option<String>,
}

/// Reads the extension of a marking-definition as a label.
///
/// # Errors
/// [`Refused`] when it is not valid, or a rule cannot be said in the lattice, not even stricter.
pub fn read(extension: &Json, site: &Site<'_>) -> Result<Reading, Refused> {
    AccessControl::parse(extension)?.label(site)
}

/// Writes `label` as an extension: displayed by those whom the label admits, and shared no further.
///
/// # Errors
/// [`Refused`] when the extension cannot restrict as much as the label.
pub fn write(label: &Label, issue: &Issue, site: &Site<'_>) -> Result<Json, Refused> {
    let written = AccessControl::of_label(label, issue, site)?;
    serde_json::to_value(&written).map_err(|error| Refused::new("ACS", error.to_string()))
}

#[cfg(test)]
mod tests;
