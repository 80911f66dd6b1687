//! The policies that this release knows: their levels, in order, and the restrictive values that a person must hold.
//!
//! Ranks are those of ADatP-4774 for NATO, and the same ladder for the others, so that a rank reads alike everywhere. A rank of one
//! policy still says nothing in another: only an [`Equivalence`](crate::rules::Equivalence) does.

use relto_model::{Label, PolicyId};

/// Tag set of nations and groups that may read.
pub const RELEASABLE_TO: &str = "Releasable To";
/// Tag set of organisations that may read.
pub const ORGANISATIONS: &str = "Organisations";
/// Tag set of the persons named for TLP:RED.
pub const ADDRESSEES: &str = "Addressees";
/// Tag set of restrictive values in NATO labels.
pub const ADDITIONAL_SENSITIVITY: &str = "Additional Sensitivity";
/// Tag set of restrictive values in US labels.
pub const SCI_CONTROLS: &str = "SCI Controls";

/// The policy of node default labels and of what could not be understood: organisations only.
pub const ORG: &str = "ORG";
/// The Traffic Light Protocol.
pub const TLP: &str = "TLP";

/// What holds for an object whatever its classification: originator control, third parties, how it may be handled. Restrictive values only.
pub const HANDLING: &str = "HANDLING";
/// Restrictive values name organisations that must consent before anybody else reads: whoever made the object (ORCON).
pub const ORIGINATOR_CONTROL: &str = "Originator Control";
/// Restrictive values name organisations that own part of the content and must consent as well.
pub const THIRD_PARTY: &str = "Third Party";
/// Restrictive values name what whoever passes the object on must be able to see to, such as [`DISPLAY_ONLY`].
pub const OBLIGATIONS: &str = "Obligations";
/// Of [`OBLIGATIONS`]: shown on a screen and not handed over.
pub const DISPLAY_ONLY: &str = "DISPLAY ONLY";

/// Legal tags. Restrictive tag sets are laws, values what the object is under that law.
pub const LAW: &str = "LAW";
/// The Permissible Actions Protocol.
pub const PAP: &str = "PAP";
/// CISA's Access Control Specification.
pub const ACS: &str = "ACS";

/// Levels of the Traffic Light Protocol, least first.
pub mod tlp {
    /// Anyone.
    pub const CLEAR: u8 = 1;
    /// All accounts and partners.
    pub const GREEN: u8 = 2;
    /// Recipient organisations and their clients.
    pub const AMBER: u8 = 3;
    /// Recipient organisations.
    pub const AMBER_STRICT: u8 = 4;
    /// Named persons.
    pub const RED: u8 = 5;
}

/// A classification of one policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// Higher is more sensitive.
    pub rank: u8,
    /// As it is written.
    pub name: &'static str,
}

/// A restrictive value and the tag set it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RestrictiveValue {
    /// The tag set.
    pub tag: &'static str,
    /// The value.
    pub name: &'static str,
}

/// One policy.
#[derive(Debug)]
pub struct Policy {
    /// Its name, as in clearances.
    pub name: &'static str,
    /// Its levels, least first.
    pub levels: &'static [Level],
    /// A level above this rank needs a clearance; at or below it the audience decides alone.
    pub clearance_above: u8,
    /// What it may demand beside a level.
    pub restrictive: &'static [RestrictiveValue],
}

const fn level(rank: u8, name: &'static str) -> Level {
    Level { rank, name }
}
const fn sensitivity(name: &'static str) -> RestrictiveValue {
    RestrictiveValue { tag: ADDITIONAL_SENSITIVITY, name }
}
const fn compartment(name: &'static str) -> RestrictiveValue {
    RestrictiveValue { tag: SCI_CONTROLS, name }
}

static POLICIES: &[Policy] = &[
    Policy {
        name: "NATO",
        levels: &[level(1, "UNCLASSIFIED"), level(2, "RESTRICTED"), level(3, "CONFIDENTIAL"), level(4, "SECRET"), level(5, "TOP SECRET")],
        clearance_above: 1,
        restrictive: &[sensitivity("ATOMAL"), sensitivity("CRYPTO"), sensitivity("SIOP"), sensitivity("BOHEMIA")],
    },
    Policy {
        name: "EU",
        levels: &[level(1, "UNCLASSIFIED"), level(2, "RESTRICTED"), level(3, "CONFIDENTIAL"), level(4, "SECRET"), level(5, "TOP SECRET")],
        clearance_above: 1,
        restrictive: &[],
    },
    Policy {
        name: "USA",
        levels: &[level(1, "UNCLASSIFIED"), level(3, "CONFIDENTIAL"), level(4, "SECRET"), level(5, "TOP SECRET")],
        clearance_above: 1,
        restrictive: &[compartment("HCS"), compartment("SI"), compartment("TK")],
    },
    Policy {
        name: TLP,
        levels: &[
            level(tlp::CLEAR, "CLEAR"),
            level(tlp::GREEN, "GREEN"),
            level(tlp::AMBER, "AMBER"),
            level(tlp::AMBER_STRICT, "AMBER+STRICT"),
            level(tlp::RED, "RED"),
        ],
        clearance_above: u8::MAX,
        restrictive: &[],
    },
    Policy { name: ORG, levels: &[level(0, "ORGANISATIONS")], clearance_above: u8::MAX, restrictive: &[] },
];

/// The policy called `name` (upper case).
#[must_use]
pub fn find(name: &str) -> Option<&'static Policy> {
    POLICIES.iter().find(|policy| policy.name == name)
}

/// The policy of `id`.
#[must_use]
pub fn of(id: &PolicyId) -> Option<&'static Policy> {
    find(id.as_str())
}

/// The policies in which people hold clearances.
pub fn with_clearances() -> impl Iterator<Item = &'static Policy> {
    POLICIES.iter().filter(|policy| policy.clearance_above < u8::MAX)
}

/// Whether `label` shuts nobody out: no level that needs a clearance, no audience, nothing to hold.
#[must_use]
pub fn is_for_everybody(label: &Label) -> bool {
    label.facets().all(|(id, facet)| {
        let needs_no_clearance = of(id).is_some_and(|policy| facet.level <= policy.clearance_above);
        needs_no_clearance && facet.permissive.is_empty() && facet.restrictive.is_empty()
    })
}

impl Policy {
    /// The level written `name`, in any case.
    #[must_use]
    pub fn level(&self, name: &str) -> Option<Level> {
        // NATO's own name for it (ADatP-4774: TOP SECRET renders the policy as COSMIC).
        let name = if self.name == "NATO" && name.eq_ignore_ascii_case("COSMIC TOP SECRET") { "TOP SECRET" } else { name };
        self.levels.iter().find(|level| level.name.eq_ignore_ascii_case(name)).copied()
    }

    /// The level of `rank`.
    #[must_use]
    pub fn level_of_rank(&self, rank: u8) -> Option<Level> {
        self.levels.iter().find(|level| level.rank == rank).copied()
    }

    /// The restrictive value written `name`, in any case.
    #[must_use]
    pub fn restrictive(&self, name: &str) -> Option<RestrictiveValue> {
        self.restrictive.iter().find(|value| value.name.eq_ignore_ascii_case(name)).copied()
    }
}
