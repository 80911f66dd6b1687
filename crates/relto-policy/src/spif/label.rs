//! STANAG 4774 labels and clearances as values, in the structure of their XML (ADatP-4774, labels-policy §1.2 and §1.3).
//!
//! Reading is in `read`, writing in `emit`. A label here is what its author wrote; whether a policy allows it is
//! [`valid`](super::valid)'s question.

mod emit;
mod parts;
mod read;

use relto_model::Stamp;

use super::model::TagType;

pub use emit::EmitError;
pub use read::{CLEARANCE_BYTES_MAX, LABEL_BYTES_MAX, Mode, Reading, SUCCESSORS_MAX};

/// The namespace of labels, usual prefix `slab`.
pub const LABEL_NAMESPACE: &str = "urn:nato:stanag:4774:confidentialitymetadatalabel:1:0";
/// The namespace of clearances, usual prefix `sclr`.
pub const CLEARANCE_NAMESPACE: &str = "urn:nato:stanag:4774:confidentialityclearance:1:0";

/// What a label is for. They are never mixed up: an alternative does not overrule its originator's, and what labels metadata says nothing
/// of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LabelKind {
    /// `originatorConfidentialityLabel`.
    Originator,
    /// `alternativeConfidentialityLabel`: the same in another policy.
    Alternative,
    /// `metadataConfidentialityLabel`: of the metadata, not of the data.
    Metadata,
    /// `ConfidentialityLabel`: legacy only, read as the originator's.
    Unspecified,
    /// `SuccessorConfidentialityLabel`, inside another.
    Successor,
}

impl LabelKind {
    /// The element's name.
    #[must_use]
    pub fn element(self) -> &'static str {
        match self {
            Self::Originator => "originatorConfidentialityLabel",
            Self::Alternative => "alternativeConfidentialityLabel",
            Self::Metadata => "metadataConfidentialityLabel",
            Self::Unspecified => "ConfidentialityLabel",
            Self::Successor => "SuccessorConfidentialityLabel",
        }
    }
}

/// A time as it was written, and the instant that it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// As written.
    pub text: String,
    /// The instant.
    pub stamp: Stamp,
}

/// A label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfidentialityLabel {
    /// What it is for.
    pub kind: LabelKind,
    /// `Id`.
    pub id: Option<String>,
    /// `ReviewDateTime`.
    pub review: Option<Moment>,
    /// What it says.
    pub information: Information,
    /// Who made it.
    pub originator: Option<Originator>,
    /// When; `None` only in a legacy reading.
    pub created: Option<Moment>,
    /// What follows it.
    pub succession: Option<Box<Succession>>,
    /// Names of elements of other namespaces at its end.
    pub foreign: Vec<String>,
}

/// `ConfidentialityInformation`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Information {
    /// The policy.
    pub policy: PolicyIdentifier,
    /// The classification by name.
    pub classification: String,
    /// Never used for access.
    pub privacy_mark: Option<String>,
    /// Tag sets with their values.
    pub categories: Vec<LabelCategory>,
    /// Names of elements of other namespaces: what they mean is not known, so that no policy can call the label valid.
    pub foreign: Vec<String>,
}

/// A policy as a label names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyIdentifier {
    /// The name.
    pub name: String,
    /// The object identifier, dotted; written as `urn:oid:`.
    pub id: Option<String>,
}

/// One `Category`: a tag set, a type and values. No values means nobody when permissive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelCategory {
    /// The type that the label claims; the policy's wins.
    pub kind: TagType,
    /// The tag set by name.
    pub tag_name: String,
    /// The tag set's object identifier, dotted.
    pub id: Option<String>,
    /// Values by name.
    pub values: Vec<String>,
}

/// `OriginatorID`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Originator {
    /// `IDType`, one of the eight of the standard.
    pub kind: String,
    /// The name.
    pub name: String,
}

/// `SuccessionHandling`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Succession {
    /// From when.
    pub at: Moment,
    /// The label from then on.
    pub label: ConfidentialityLabel,
}

impl ConfidentialityLabel {
    /// The label that holds at `at`: this one, or its successor, or that one's.
    ///
    /// ADatP-4774.1, 4.3, names the review date when there is one, and else the succession date. Where a label gives both, both must have
    /// passed: a label that contradicts itself is not opened early. A review date alone ends nothing.
    #[must_use]
    pub fn in_force(&self, at: Stamp) -> &Self {
        let mut label = self;
        while let Some(next) = &label.succession {
            let reviewed = label.review.as_ref().is_none_or(|review| review.stamp <= at);
            if !reviewed || next.at.stamp > at {
                break;
            }
            label = &next.label;
        }
        label
    }
}

/// What somebody is cleared for in one policy: classifications as a list, which is no maximum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfidentialityClearance {
    /// The policy.
    pub policy: PolicyIdentifier,
    /// Every classification by name.
    pub classifications: Vec<String>,
    /// Tag sets with the values held.
    pub categories: Vec<LabelCategory>,
}

#[cfg(test)]
pub(crate) mod tests;
