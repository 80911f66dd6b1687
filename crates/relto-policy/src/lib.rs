//! The rules: which nation is in which group and when, what a clearance covers, what markings as people and STIX write them
//! mean, and [`decide`]: may this profile read what carries this label, now?
//!
//! Pure and without state. Interning, release sets and the sealing of content are `relto-gate`'s. Two evaluators stand here
//! on purpose: [`floor`] is compiled and fast, [`explain`] is slow, obvious and says why; tests hold them to the same answer.

pub mod binding;
pub mod dated;
pub mod dsse;
pub mod explain;
pub mod floor;
pub mod handling;
pub mod law;
pub mod legal;
pub mod marking;
pub mod membership;
pub mod nation;
pub mod pending;
pub mod policy;
pub mod profile;
pub mod release_check;
pub mod rules;
pub mod smallest;
pub mod spif;
pub mod terms;
pub mod text;
pub mod worlds;

pub use explain::{Finding, explain, explain_with};
pub use floor::{CompiledLabel, CompiledProfile, Floor, decide};
pub use marking::{MarkingReading, read_markings};
pub use membership::{Membership, Memberships};
pub use policy::{Policies, Policy};
pub use profile::{Ceilings, Clearance, GroupMembership, Profile};
pub use rules::{Equivalence, Rules, ShippedError};
pub use terms::{Terms, TermsError, WrittenTerms};
pub use text::{BannerPart, LabelContext, LabelError, banner, banner_parts, display, parse_label};

/// The answer of the gate, the best first. Of several answers the worst holds; on exchange surfaces anything but [`Verdict::Permit`]
/// withholds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The profile may read what carries the label.
    Permit,
    /// It may read what is left once the parts that the rule is about are removed.
    Redact,
    /// It may not unless somebody consents, whom the rule names.
    Pend,
    /// It may not.
    Deny,
}
