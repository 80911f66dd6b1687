//! The policies that a node knows: their levels, in order, and the values that a person may hold.
//!
//! Some are built in; a policy file that is activated adds one, or takes the place of a built-in one (decision 0009). Ranks are those of ADatP-4774 for NATO, and the same ladder for the others, so that a rank reads alike everywhere. A rank of one
//! policy still says nothing in another: only an [`Equivalence`](crate::rules::Equivalence) does.

use std::collections::BTreeMap;
use std::sync::Arc;

use relto_model::{Label, PolicyId};

use crate::spif::Spif;
use crate::worlds::{acs, ism, pap};

/// Tag set of nations and groups that may read.
pub const RELEASABLE_TO: &str = "Releasable To";
/// Tag set of organisations that may read.
pub const ORGANISATIONS: &str = "Organisations";
/// Tag set of the persons that TLP:RED is for. A label leaves them to be named for the one object; those of older stores name some.
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
/// Legal tags as of [`LAW`] that stand beside the object, in a label it was given, and so do not go where it goes.
pub const LAW_BESIDE: &str = "LAW BESIDE";
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// Higher is more sensitive.
    pub rank: u8,
    /// As it is written.
    pub name: String,
}

/// A value that somebody may hold, and the tag set it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagValue {
    /// The tag set.
    pub tag: String,
    /// The value.
    pub name: String,
}

/// One policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its name, as in clearances.
    pub name: String,
    /// Its levels, least first.
    pub levels: Vec<Level>,
    /// At or below this rank the audience decides alone; above it, and everywhere without it, a level needs a clearance.
    pub open_up_to: Option<u8>,
    /// What it may demand beside a level.
    pub restrictive: Vec<TagValue>,
    /// What its audiences may name beside nations, groups, organisations and persons.
    pub permissive: Vec<TagValue>,
    /// The file that it is from; `None` when it is built in.
    pub file: Option<Arc<Spif>>,
}

fn levels(named: &[(u8, &str)]) -> Vec<Level> {
    named.iter().map(|(rank, name)| Level { rank: *rank, name: (*name).to_owned() }).collect()
}

fn values(tag: &str, names: &[&str]) -> Vec<TagValue> {
    names.iter().map(|name| TagValue { tag: tag.to_owned(), name: (*name).to_owned() }).collect()
}

fn named(values: impl Iterator<Item = (&'static str, &'static str)>) -> Vec<TagValue> {
    values.map(|(tag, name)| TagValue { tag: tag.to_owned(), name: name.to_owned() }).collect()
}

fn built_in(name: &str, levels: Vec<Level>, open_up_to: u8, restrictive: Vec<TagValue>) -> Arc<Policy> {
    Arc::new(Policy { name: name.to_owned(), levels, open_up_to: Some(open_up_to), restrictive, permissive: Vec::new(), file: None })
}

/// Every policy by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policies(BTreeMap<PolicyId, Arc<Policy>>);

impl Default for Policies {
    /// The policies that are built in.
    fn default() -> Self {
        let full = [(1, "UNCLASSIFIED"), (2, "RESTRICTED"), (3, "CONFIDENTIAL"), (4, "SECRET"), (5, "TOP SECRET")];
        let without_restricted = full.iter().copied().filter(|(rank, _)| *rank != 2).collect::<Vec<_>>();
        let sensitivities = values(ADDITIONAL_SENSITIVITY, &["ATOMAL", "CRYPTO", "SIOP", "BOHEMIA"]);
        let colours =
            [(tlp::CLEAR, "CLEAR"), (tlp::GREEN, "GREEN"), (tlp::AMBER, "AMBER"), (tlp::AMBER_STRICT, "AMBER+STRICT"), (tlp::RED, "RED")];
        let all = [
            built_in("NATO", levels(&full), 1, sensitivities),
            built_in("EU", levels(&full), 1, Vec::new()),
            built_in("USA", levels(&without_restricted), 1, named(ism::held())),
            built_in(TLP, levels(&colours), u8::MAX, Vec::new()),
            built_in(ORG, levels(&[(0, "ORGANISATIONS")]), u8::MAX, Vec::new()),
            built_in(HANDLING, levels(&[(0, HANDLING)]), u8::MAX, Vec::new()),
            built_in(LAW, levels(&[(0, LAW)]), u8::MAX, Vec::new()),
            built_in(LAW_BESIDE, levels(&[(0, LAW_BESIDE)]), u8::MAX, Vec::new()),
            built_in(PAP, levels(&pap::LEVELS), u8::MAX, values(pap::PERMISSIBLE_ACTIONS, &[pap::RED])),
            Arc::new(Policy {
                name: ACS.to_owned(),
                levels: levels(&[(0, ACS)]),
                open_up_to: Some(0),
                restrictive: named(acs::held()),
                permissive: named(acs::communities()),
                file: None,
            }),
        ];
        Self(all.into_iter().map(|policy| (PolicyId::new(&policy.name), policy)).collect())
    }
}

impl Policies {
    /// The policy called `name`, in any case.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Policy> {
        self.of(&PolicyId::new(name))
    }

    /// The policy of `id`.
    #[must_use]
    pub fn of(&self, id: &PolicyId) -> Option<&Policy> {
        self.0.get(id).map(Arc::as_ref)
    }

    /// Every policy, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &Policy> {
        self.0.values().map(Arc::as_ref)
    }

    /// The policies in which people hold clearances or values.
    pub fn with_clearances(&self) -> impl Iterator<Item = &Policy> {
        self.iter().filter(|policy| policy.has_clearances())
    }

    /// Puts `policy` in the place of the one of its name.
    pub fn insert(&mut self, policy: Policy) {
        self.0.insert(PolicyId::new(&policy.name), Arc::new(policy));
    }

    /// The name of the level that `rank` is in the policy `id`, if there is one.
    #[must_use]
    pub fn level_name(&self, id: &PolicyId, rank: u8) -> Option<&str> {
        Some(self.of(id)?.level_of_rank(rank)?.name.as_str())
    }

    /// Whether `label` never shuts anybody out: no level that needs a clearance, no audience, nothing to hold.
    #[must_use]
    pub fn is_for_everybody(&self, label: &Label) -> bool {
        label.facets_ever().all(|(id, facet)| {
            let needs_no_clearance = self.of(id).is_some_and(|policy| !policy.needs_clearance(facet.level));
            needs_no_clearance && facet.permissive.is_empty() && facet.restrictive.is_empty()
        })
    }
}

impl Policy {
    /// The level written `name`, in any case.
    #[must_use]
    pub fn level(&self, name: &str) -> Option<&Level> {
        // NATO's own name for it (ADatP-4774: TOP SECRET renders the policy as COSMIC).
        let name = if self.name == "NATO" && name.eq_ignore_ascii_case("COSMIC TOP SECRET") { "TOP SECRET" } else { name };
        self.levels.iter().find(|level| level.name.eq_ignore_ascii_case(name))
    }

    /// The level of `rank`.
    #[must_use]
    pub fn level_of_rank(&self, rank: u8) -> Option<&Level> {
        self.levels.iter().find(|level| level.rank == rank)
    }

    /// Whether a reader needs a clearance for `rank`.
    #[must_use]
    pub fn needs_clearance(&self, rank: u8) -> bool {
        self.open_up_to.is_none_or(|open| rank > open)
    }

    /// Whether people can hold a clearance or a value of it.
    #[must_use]
    pub fn has_clearances(&self) -> bool {
        self.levels.iter().any(|level| self.needs_clearance(level.rank)) || self.values().next().is_some()
    }

    /// The restrictive value written `name`, in any case.
    #[must_use]
    pub fn restrictive(&self, name: &str) -> Option<&TagValue> {
        self.restrictive.iter().find(|value| value.name.eq_ignore_ascii_case(name))
    }

    /// Every value that somebody may hold.
    pub fn values(&self) -> impl Iterator<Item = &TagValue> {
        self.restrictive.iter().chain(&self.permissive)
    }
}
